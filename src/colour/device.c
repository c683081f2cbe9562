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

/* A step of a linear value: so fine that a line between two points of a curve is off by no hundredth of 1/255. */
enum { CURVE_STEPS = 4096 };

/* Lab, and the device's values as LittleCMS wants them: 0..1, or 0..100 of ink. */
struct device {
	cmsContext context;
	cmsHPROFILE profile, lab;
	cmsHTRANSFORM look, show;           /* by the intent that was asked for */
	cmsHTRANSFORM nearest, looks_again; /* colorimetric, there and back */
	struct pixels *pixels;              /* of RGB by a matrix only */
	const struct space *space;
	bool matrix;
	void *bytes; /* a copy of the profile */
	bool built_in;
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

static enum status check_printer(const struct device *device, const char *path, struct error *err)
{
	const char *of = cmsGetDeviceClass(device->profile) == cmsSigDisplayClass ? "a display"
			 : cmsGetDeviceClass(device->profile) == cmsSigInputClass
				 ? "a camera or scanner"
				 : "a colour space";

	if (cmsGetDeviceClass(device->profile) == cmsSigOutputClass)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED,
			 "%s: the profile of %s; that of a printer with its paper is needed", path,
			 of);
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

/* What a matrix profile holds, for pictures: a transform a pixel would be most of their cost. */
struct pixels {
	float linear[3][3];              /* from XYZ under D50 to the device's linear values */
	float curve[3][CURVE_STEPS + 1]; /* and from these to its own, in even steps of 0..1 */
};

static double minor(double m[3][3], int row, int column)
{
	int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;

	return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
}

/* ICC.1 annex F: XYZ = the colorants times what the curves make of the values. False where a tag is missing. */
static bool read_matrix(struct pixels *out, cmsHPROFILE profile)
{
	static const cmsTagSignature colorant[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
						   cmsSigBlueColorantTag};
	static const cmsTagSignature curve[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag,
						cmsSigBlueTRCTag};
	double m[3][3], determinant = 0.0;

	for (int c = 0; c < 3; c++) {
		const cmsCIEXYZ *xyz = cmsReadTag(profile, colorant[c]);
		const cmsToneCurve *there = cmsReadTag(profile, curve[c]);
		cmsToneCurve *back = xyz && there ? cmsReverseToneCurve(there) : NULL;

		if (!back)
			return false;
		m[0][c] = xyz->X;
		m[1][c] = xyz->Y;
		m[2][c] = xyz->Z;
		for (int i = 0; i <= CURVE_STEPS; i++)
			out->curve[c][i] = cmsEvalToneCurveFloat(back, (float)i / CURVE_STEPS);
		cmsFreeToneCurve(back);
	}
	for (int c = 0; c < 3; c++)
		determinant += m[0][c] * minor(m, 0, c);
	for (int row = 0; row < 3; row++)
		for (int c = 0; c < 3; c++)
			out->linear[row][c] = (float)(minor(m, c, row) / determinant);
	return determinant != 0.0;
}

static void create_pixels(struct device *device)
{
	if (cmsGetColorSpace(device->profile) != cmsSigRgbData ||
	    !cmsIsMatrixShaper(device->profile))
		return;
	device->pixels = malloc(sizeof *device->pixels);
	if (device->pixels && !read_matrix(device->pixels, device->profile)) {
		free(device->pixels);
		device->pixels = NULL;
	}
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
	const enum rendering_intent colorimetric =
		intent == INTENT_ABSOLUTE ? INTENT_ABSOLUTE : INTENT_RELATIVE;

	if (!works(device, LCMS_USED_AS_INPUT) ||
	    (use != DEVICE_LOOKED_AT && !works(device, LCMS_USED_AS_OUTPUT)))
		return error_set(err, STATUS_REFUSED,
				 use != DEVICE_LOOKED_AT
					 ? "%s: works only from device to colour, as a camera's; "
					   "that of a display or printer is needed"
					 : "%s: does not say what its device's values look like",
				 path);
	device->lab = cmsCreateLab4ProfileTHR(device->context, NULL);
	if (device->lab && use == DEVICE_LOOKED_AT)
		device->look = create(device, true, intent);
	if (device->lab && use != DEVICE_LOOKED_AT) {
		device->show = create(device, false, intent);
		device->nearest = create(device, false, colorimetric);
		device->looks_again = create(device, true, colorimetric);
		create_pixels(device);
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

static bool keep_bytes(struct device *device, const void *profile, size_t length)
{
	device->bytes = malloc(length);
	device->length = length;
	if (device->bytes)
		memcpy(device->bytes, profile, length);
	return device->bytes != NULL;
}

/* LittleCMS writes the present time into a profile that it makes, so that no two would be the same. */
static bool keep_srgb(struct device *device)
{
	static const unsigned char day[] = {0x07, 0xcf, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0};
	const size_t place = 24; /* ICC.1 §7.2.8; the day is that of IEC 61966-2-1:1999 */
	cmsUInt32Number length = 0;

	if (!cmsSaveProfileToMem(device->profile, NULL, &length) || length < 128)
		return false;
	device->bytes = malloc(length);
	device->length = length;
	if (!device->bytes || !cmsSaveProfileToMem(device->profile, device->bytes, &length))
		return false;
	memcpy((char *)device->bytes + place, day, sizeof day);
	return true;
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
	if (!status && use == DEVICE_PRINTING)
		status = check_printer(device, path, err);
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
	device->built_in = !profile;
	if (profile ? !keep_bytes(device, profile, length) : !keep_srgb(device)) {
		device_close(device);
		return error_memory(err);
	}
	take_name(device);
	*out = device;
	return STATUS_OK;
}

void device_close(struct device *device)
{
	cmsHTRANSFORM transforms[] = {device ? device->look : NULL, device ? device->show : NULL,
				      device ? device->nearest : NULL,
				      device ? device->looks_again : NULL};

	if (!device)
		return;
	for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++)
		if (transforms[i])
			cmsDeleteTransform(transforms[i]);
	if (device->lab)
		cmsCloseProfile(device->lab);
	if (device->profile)
		cmsCloseProfile(device->profile);
	cmsDeleteContext(device->context);
	free(device->pixels);
	free(device->bytes);
	free(device);
}

const void *device_profile(const struct device *device, size_t *length)
{
	*length = device->built_in ? 0 : device->length;
	return device->built_in ? NULL : device->bytes;
}

const void *device_picture_profile(const struct device *device, size_t *length)
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

	*out = (struct shown_colour){.missed_de00 = 0.0};
	show(out->value, device, device->show, pcs);
	show(nearest, device, device->nearest, pcs);
	look(&out->nearest, device, device->looks_again, nearest);
	out->missed_de00 = delta_e_2000(pcs, &out->nearest);
	out->out_of_gamut =
		out->missed_de00 > (device->matrix ? DEVICE_MISS_MATRIX : DEVICE_MISS_TABLE);
}

/* A linear value that is so far beyond 0..1 is rounding: of sRGB half a step of 8 bits near 0. */
#define ROUNDING 1.5e-4f

/* From where on a pixel rounds up, 0..1: interleaved gradient noise (Jimenez, SIGGRAPH 2014 courses), in which any 3 by 3
 * pixels hold nearly all values. */
static float threshold(int x, int y)
{
	double sum = 0.06711056 * x + 0.00583715 * y, noise = 52.9829189 * (sum - (int)sum);

	return (float)(noise - (int)noise);
}

static unsigned char round_at(const float *curve, float linear, float from)
{
	float at = (linear > 0.0f ? linear < 1.0f ? linear : 1.0f : 0.0f) * CURVE_STEPS;
	int below = at < CURVE_STEPS ? (int)at : CURVE_STEPS - 1;
	float level =
		255.0f * (curve[below] + (at - (float)below) * (curve[below + 1] - curve[below]));
	int step = (int)level;

	return (unsigned char)(step + (level - (float)step > from));
}

size_t device_show_picture(unsigned char *rgb, const struct device *device, const float *xyz,
			   int width, int height)
{
	const struct pixels *pixels = device->pixels;
	size_t clipped = 0;

	assert(pixels);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++, rgb += 3, xyz += 3) {
			float from = threshold(x, y);
			bool out = false;

			for (int c = 0; c < 3; c++) {
				const float *row = pixels->linear[c];
				float v = row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2];

				out |= v < -ROUNDING || v > 1.0f + ROUNDING;
				rgb[c] = round_at(pixels->curve[c], v, from);
			}
			clipped += out;
		}
	return clipped;
}
