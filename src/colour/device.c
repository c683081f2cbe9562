#include "colour/device.h"

#include "base/text.h"
#include "colour/cms.h"

#include <lcms2.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const rendering_intent_names[INTENTS] = {"perceptual", "relative", "saturation",
						     "absolute"};

/* Lab, and the device's values as LittleCMS wants them: 0..1, or 0..100 of ink. */
struct device {
	cmsContext context;
	cmsHPROFILE profile, lab, xyz;
	cmsHTRANSFORM look, show;           /* by the intent that was asked for */
	cmsHTRANSFORM nearest, looks_again; /* colorimetric, there and back */
	cmsHTRANSFORM pixels;               /* from XYZ, in floats; of RGB only */
	const struct space *space;
	bool matrix;
	void *bytes; /* a copy of the profile; NULL for sRGB */
	size_t length;
	char name[96];
	struct error heard; /* the last that LittleCMS complained of */
};

static const struct space {
	cmsColorSpaceSignature signature;
	const char *name;
	cmsUInt32Number type;
	int channels;
	double scale;
} spaces[] = {
	{cmsSigRgbData, "RGB", TYPE_RGB_DBL, 3, 1.0},
	{cmsSigGrayData, "grey", TYPE_GRAY_DBL, 1, 1.0},
	{cmsSigCmykData, "CMYK", TYPE_CMYK_DBL, 4, 100.0},
};

static void hear(cmsContext context, cmsUInt32Number code, const char *text)
{
	struct device *device = cmsGetContextUserData(context);

	(void)code;
	error_set(&device->heard, STATUS_REFUSED, "%s", text);
}

/* ICC.1 §7.2: the size in bytes 0 to 3, "acsp" in 36 to 39. LittleCMS would say less clearly what is
 * wrong. */
static enum status check_header(const unsigned char *profile, size_t length, const char *path,
				struct error *err)
{
	size_t size;

	if (length < 128 || memcmp(profile + 36, "acsp", 4))
		return error_set(err, STATUS_REFUSED, "%s: this is no ICC profile", path);
	size = (size_t)profile[0] << 24 | (size_t)profile[1] << 16 | (size_t)profile[2] << 8 |
	       profile[3];
	if (size > length)
		return error_set(err, STATUS_REFUSED,
				 "%s: an ICC profile that is cut short: its header says %zu bytes, "
				 "there are %zu",
				 path, size, length);
	return STATUS_OK;
}

static enum status check_class(const struct device *device, const char *path, struct error *err)
{
	switch ((cmsUInt32Number)cmsGetDeviceClass(device->profile)) {
	case cmsSigInputClass:
	case cmsSigDisplayClass:
	case cmsSigOutputClass:
	case cmsSigColorSpaceClass:
		return STATUS_OK;
	case cmsSigLinkClass:
		return error_set(err, STATUS_REFUSED,
				 "%s: a device link; the profile of one camera, scanner, display "
				 "or printer is needed",
				 path);
	default:
		return error_set(err, STATUS_REFUSED,
				 "%s: a profile of abstract or named colours; that of a camera, "
				 "scanner, display or printer is needed",
				 path);
	}
}

static enum status find_space(struct device *device, const char *path, struct error *err)
{
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
		if (cmsGetColorSpace(device->profile) == spaces[i].signature)
			device->space = &spaces[i];
	if (device->space)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED,
			 "%s: a profile of a colour space that is not RGB, grey or CMYK", path);
}

static cmsHTRANSFORM create(const struct device *device, bool to_lab, enum rendering_intent intent)
{
	cmsHPROFILE from = to_lab ? device->profile : device->lab;
	cmsHPROFILE to = to_lab ? device->lab : device->profile;

	return cmsCreateTransformTHR(
		device->context, from, to_lab ? device->space->type : TYPE_Lab_DBL, to,
		to_lab ? TYPE_Lab_DBL : device->space->type, (cmsUInt32Number)intent,
		cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
}

static void create_pixels(struct device *device, enum rendering_intent intent)
{
	device->xyz = cmsCreateXYZProfileTHR(device->context);
	if (device->xyz && cmsGetColorSpace(device->profile) == cmsSigRgbData)
		device->pixels = cmsCreateTransformTHR(
			device->context, device->xyz, TYPE_XYZ_FLT, device->profile, TYPE_RGB_FLT,
			(cmsUInt32Number)intent, cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
}

static bool works(const struct device *device, cmsUInt32Number direction)
{
	return cmsIsMatrixShaper(device->profile) ||
	       cmsGetColorSpace(device->profile) == cmsSigGrayData ||
	       cmsIsCLUT(device->profile, INTENT_PERCEPTUAL, direction) ||
	       cmsIsCLUT(device->profile, INTENT_RELATIVE, direction);
}

static enum status create_transforms(struct device *device, enum device_use use,
				     enum rendering_intent intent, const char *path,
				     struct error *err)
{
	if (!works(device, LCMS_USED_AS_INPUT) ||
	    (use == DEVICE_SHOWING && !works(device, LCMS_USED_AS_OUTPUT)))
		return error_set(err, STATUS_REFUSED,
				 use == DEVICE_SHOWING
					 ? "%s: works only from device to colour, as a camera's; "
					   "that of a display or printer is needed"
					 : "%s: does not say what its device's values look like",
				 path);
	device->lab = cmsCreateLab4ProfileTHR(device->context, NULL);
	if (device->lab && use == DEVICE_LOOKED_AT)
		device->look = create(device, true, intent);
	if (device->lab && use == DEVICE_SHOWING) {
		device->show = create(device, false, intent);
		device->nearest = create(device, false, INTENT_RELATIVE);
		device->looks_again = create(device, true, INTENT_RELATIVE);
		create_pixels(device, intent);
	}
	if (device->look || (device->show && device->nearest && device->looks_again))
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "%s: a damaged ICC profile (%s)", path,
			 device->heard.status ? device->heard.message : "no transform");
}

static void take_name(struct device *device)
{
	char name[256] = "";

	cmsGetProfileInfoASCII(device->profile, cmsInfoDescription, "en", "US", name, sizeof name);
	text_copy(device->name, sizeof device->name, name);
	text_make_printable(device->name);
}

enum status device_open(struct device **out, const void *profile, size_t length, const char *path,
			enum device_use use, enum rendering_intent intent, struct error *err)
{
	struct device *device = calloc(1, sizeof *device);
	enum status status = STATUS_OK;

	*out = NULL;
	if (device)
		device->context = cmsCreateContext(NULL, device);
	if (!device || !device->context) {
		free(device);
		return error_memory(err);
	}
	cmsSetLogErrorHandlerTHR(device->context, hear);
	if (profile)
		status = check_header(profile, length, path, err);
	if (!status)
		device->profile = profile ? cmsOpenProfileFromMemTHR(device->context, profile,
								     (cmsUInt32Number)length)
					  : cmsCreate_sRGBProfileTHR(device->context);
	if (!status && !device->profile)
		status = error_set(err, STATUS_REFUSED, "%s: a damaged ICC profile (%s)", path,
				   device->heard.status ? device->heard.message : "unknown");
	if (!status)
		status = check_class(device, path, err);
	if (!status)
		status = find_space(device, path, err);
	if (!status) {
		device->matrix = cmsIsMatrixShaper(device->profile) ||
				 cmsGetColorSpace(device->profile) == cmsSigGrayData;
		status = create_transforms(device, use, intent, path, err);
	}
	if (status) {
		device_close(device);
		return status;
	}
	if (profile && !status) {
		device->bytes = malloc(length);
		if (!device->bytes) {
			device_close(device);
			return error_memory(err);
		}
		memcpy(device->bytes, profile, length);
		device->length = length;
	}
	take_name(device);
	*out = device;
	return STATUS_OK;
}

void device_close(struct device *device)
{
	cmsHTRANSFORM transforms[] = {device ? device->look : NULL, device ? device->show : NULL,
				      device ? device->nearest : NULL,
				      device ? device->looks_again : NULL,
				      device ? device->pixels : NULL};

	if (!device)
		return;
	for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++)
		if (transforms[i])
			cmsDeleteTransform(transforms[i]);
	if (device->lab)
		cmsCloseProfile(device->lab);
	if (device->xyz)
		cmsCloseProfile(device->xyz);
	if (device->profile)
		cmsCloseProfile(device->profile);
	cmsDeleteContext(device->context);
	free(device->bytes);
	free(device);
}

const void *device_profile(const struct device *device, size_t *length)
{
	*length = device->length;
	return device->bytes;
}

const char *device_space(const struct device *device)
{
	return device->space->name;
}

int device_channels(const struct device *device)
{
	return device->space->channels;
}

const char *device_name(const struct device *device)
{
	return device->name;
}

static void look(struct lab *pcs, const struct device *device, cmsHTRANSFORM transform,
		 const double *value)
{
	double scaled[DEVICE_CHANNELS_MAX];
	cmsCIELab lab;

	for (int i = 0; i < device->space->channels; i++)
		scaled[i] = value[i] * device->space->scale;
	cmsDoTransform(transform, scaled, &lab, 1);
	*pcs = (struct lab){lab.L, lab.a, lab.b};
}

static void show(double *value, const struct device *device, cmsHTRANSFORM transform,
		 const struct lab *pcs)
{
	cmsCIELab lab = {pcs->l, pcs->a, pcs->b};

	cmsDoTransform(transform, &lab, value, 1);
	for (int i = 0; i < device->space->channels; i++)
		value[i] = fmin(fmax(value[i] / device->space->scale, 0.0), 1.0);
}

void device_look(struct lab *pcs, const struct device *device, const double *value)
{
	look(pcs, device, device->look, value);
}

void device_show(struct shown_colour *out, const struct device *device, const struct lab *pcs)
{
	double nearest[DEVICE_CHANNELS_MAX];
	struct lab again;

	*out = (struct shown_colour){.missed_de00 = 0.0};
	show(out->value, device, device->show, pcs);
	show(nearest, device, device->nearest, pcs);
	look(&again, device, device->looks_again, nearest);
	out->missed_de00 = delta_e_2000(pcs, &again);
	out->out_of_gamut =
		out->missed_de00 > (device->matrix ? DEVICE_MISS_MATRIX : DEVICE_MISS_TABLE);
}

/* Beyond the device's range by less than half a step of 8 bits is rounding. */
#define HALF_A_STEP (0.5f / 255.0f)

/* From where on a pixel rounds up, 0..1: interleaved gradient noise (Jimenez, SIGGRAPH 2014 courses), in which any 3 by 3
 * pixels hold nearly all values. */
static float threshold(int x, int y)
{
	double sum = 0.06711056 * x + 0.00583715 * y, noise = 52.9829189 * (sum - floor(sum));

	return (float)(noise - floor(noise));
}

static unsigned char round_at(float value, float from)
{
	float level = 255.0f * value;
	int below = (int)level;

	return (unsigned char)(below + (level - (float)below > from));
}

size_t device_show_picture(unsigned char *rgb, const struct device *device, const float *xyz,
			   int width, int height)
{
	enum { AT_ONCE = 256 };
	float value[3 * AT_ONCE];
	size_t clipped = 0, count = (size_t)width * (size_t)height;

	assert(device->pixels);
	for (size_t first = 0; first < count; first += AT_ONCE) {
		size_t pixels = count - first < AT_ONCE ? count - first : AT_ONCE;

		cmsDoTransform(device->pixels, xyz + 3 * first, value, (cmsUInt32Number)pixels);
		for (size_t i = 0; i < pixels; i++) {
			size_t at = first + i;
			float from =
				threshold((int)(at % (size_t)width), (int)(at / (size_t)width));
			bool out = false;

			for (size_t c = 3 * i; c < 3 * i + 3; c++) {
				float v = value[c];

				out |= v < -HALF_A_STEP || v > 1.0f + HALF_A_STEP;
				v = v > 0.0f ? v < 1.0f ? v : 1.0f : 0.0f;
				rgb[3 * first + c] = round_at(v, from);
			}
			clipped += out;
		}
	}
	return clipped;
}
