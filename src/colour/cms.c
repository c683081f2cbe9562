#include "colour/cms.h"

#include <lcms2.h>

static cmsCIELab lcms_lab(const struct lab *lab)
{
	return (cmsCIELab){lab->l, lab->a, lab->b};
}

double delta_e_2000(const struct lab *a, const struct lab *b)
{
	cmsCIELab one = lcms_lab(a), two = lcms_lab(b);

	return cmsCIE2000DeltaE(&one, &two, 1.0, 1.0, 1.0);
}

enum status pcs_xyz_from_xyz(struct xyz *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err)
{
	cmsCIEXYZ source = {xyz->x, xyz->y, xyz->z}, source_white = {white->x, white->y, white->z};
	cmsCIEXYZ adapted;

	if (!cmsAdaptToIlluminant(&adapted, &source_white, cmsD50_XYZ(), &source))
		return error_set(err, STATUS_REFUSED,
				 "a light of XYZ %.4f %.4f %.4f cannot be adapted to D50", white->x,
				 white->y, white->z);
	*pcs = (struct xyz){adapted.X, adapted.Y, adapted.Z};
	return STATUS_OK;
}

enum status pcs_lab_from_xyz(struct lab *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err)
{
	struct xyz adapted;

	if (pcs_xyz_from_xyz(&adapted, xyz, white, err))
		return err->status;
	*pcs = pcs_lab_from_pcs_xyz(&adapted);
	return STATUS_OK;
}

enum status xyz_from_pcs_lab(struct xyz *xyz, const struct lab *pcs, const struct xyz *white,
			     struct error *err)
{
	cmsCIEXYZ light = {white->x, white->y, white->z}, under_d50, adapted;
	cmsCIELab lab = lcms_lab(pcs);

	cmsLab2XYZ(cmsD50_XYZ(), &under_d50, &lab);
	if (!cmsAdaptToIlluminant(&adapted, cmsD50_XYZ(), &light, &under_d50))
		return error_set(err, STATUS_REFUSED,
				 "D50 cannot be adapted to a light of XYZ %.4f %.4f %.4f", white->x,
				 white->y, white->z);
	*xyz = (struct xyz){adapted.X, adapted.Y, adapted.Z};
	return STATUS_OK;
}

struct xyz pcs_xyz_from_lab(const struct lab *pcs)
{
	cmsCIELab lab = lcms_lab(pcs);
	cmsCIEXYZ xyz;

	cmsLab2XYZ(cmsD50_XYZ(), &xyz, &lab);
	return (struct xyz){xyz.X, xyz.Y, xyz.Z};
}

struct lab pcs_lab_from_pcs_xyz(const struct xyz *xyz)
{
	cmsCIEXYZ under_d50 = {xyz->x, xyz->y, xyz->z};
	cmsCIELab lab;

	cmsXYZ2Lab(cmsD50_XYZ(), &lab, &under_d50);
	return (struct lab){lab.L, lab.a, lab.b};
}
