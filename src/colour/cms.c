#include "colour/cms.h"

#include <lcms2.h>

#include <math.h>

static cmsCIELab lcms_lab(const struct lab *lab)
{
	return (cmsCIELab){lab->l, lab->a, lab->b};
}

double delta_e_2000(const struct lab *a, const struct lab *b)
{
	cmsCIELab one = lcms_lab(a), two = lcms_lab(b);

	return cmsCIE2000DeltaE(&one, &two, 1.0, 1.0, 1.0);
}

enum status pcs_lab_from_xyz(struct lab *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err)
{
	cmsCIEXYZ source = {xyz->x, xyz->y, xyz->z}, source_white = {white->x, white->y, white->z};
	cmsCIEXYZ adapted;
	cmsCIELab lab;

	if (!cmsAdaptToIlluminant(&adapted, &source_white, cmsD50_XYZ(), &source))
		return error_set(err, STATUS_REFUSED,
				 "a light of XYZ %.4f %.4f %.4f cannot be adapted to D50", white->x,
				 white->y, white->z);
	cmsXYZ2Lab(cmsD50_XYZ(), &lab, &adapted);
	*pcs = (struct lab){lab.L, lab.a, lab.b};
	return STATUS_OK;
}

static void hear(cmsContext context, cmsUInt32Number code, const char *text)
{
	(void)code;
	error_set(cmsGetContextUserData(context), STATUS_ENVIRONMENT, "LittleCMS: %s", text);
}

static double clip(double channel, bool *clipped)
{
	*clipped |= channel < -1.0 / 255 || channel > 1 + 1.0 / 255;
	return fmin(fmax(channel, 0.0), 1.0);
}

enum status srgb_from_pcs_lab(struct srgb *srgb, const struct lab *pcs, int count,
			      struct error *err)
{
	struct error heard = {STATUS_ENVIRONMENT, "LittleCMS: no sRGB transform"};
	cmsContext context = cmsCreateContext(NULL, &heard);
	cmsHPROFILE lab_profile, rgb_profile;
	cmsHTRANSFORM transform = NULL;

	if (!context)
		return error_memory(err);
	cmsSetLogErrorHandlerTHR(context, hear);
	lab_profile = cmsCreateLab4ProfileTHR(context, NULL);
	rgb_profile = cmsCreate_sRGBProfileTHR(context);
	if (lab_profile && rgb_profile)
		transform = cmsCreateTransformTHR(context, lab_profile, TYPE_Lab_DBL, rgb_profile,
						  TYPE_RGB_DBL, INTENT_RELATIVE_COLORIMETRIC,
						  cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
	if (!transform)
		*err = heard;
	for (int i = 0; transform && i < count; i++) {
		cmsCIELab lab = lcms_lab(&pcs[i]);
		double rgb[3];

		cmsDoTransform(transform, &lab, rgb, 1);
		srgb[i].clipped = false;
		srgb[i].r = clip(rgb[0], &srgb[i].clipped);
		srgb[i].g = clip(rgb[1], &srgb[i].clipped);
		srgb[i].b = clip(rgb[2], &srgb[i].clipped);
	}
	if (lab_profile)
		cmsCloseProfile(lab_profile);
	if (rgb_profile)
		cmsCloseProfile(rgb_profile);
	if (transform)
		cmsDeleteTransform(transform);
	cmsDeleteContext(context);
	return transform ? STATUS_OK : err->status;
}
