/* ICC devices and pictures. Pictures and the printer are made here, by gdk-pixbuf and LittleCMS. */
#include "support.h"

#include "app/app.h"
#include "base/file.h"
#include "colour/cms.h"
#include "colour/device.h"
#include "formats/picture.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <lcms2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct error err;

static void assert_says(const char *words)
{
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
}

static struct device *open_device(const void *bytes, size_t length, enum device_use use)
{
	struct device *device;

	assert_ok(device_open(&device, bytes, length, "x.icc", use, INTENT_RELATIVE, &err), &err);
	return device;
}

static void assert_open_refused(const void *bytes, size_t length, enum device_use use,
				const char *words)
{
	struct device *device;

	assert_int_equal(device_open(&device, bytes, length, "x.icc", use, INTENT_RELATIVE, &err),
			 STATUS_REFUSED);
	assert_null(device);
	assert_says(words);
}

/* A profile of LittleCMS's as bytes. */
static void print_profile(struct text *out, cmsHPROFILE profile)
{
	cmsUInt32Number length = 0;
	char *bytes;

	assert_true(cmsSaveProfileToMem(profile, NULL, &length));
	bytes = malloc(length);
	assert_non_null(bytes);
	assert_true(cmsSaveProfileToMem(profile, bytes, &length));
	cmsCloseProfile(profile);
	*out = (struct text){0};
	text_add(out, bytes, length);
	free(bytes);
}

/* --- devices -------------------------------------------------------------------------------- */

/* sRGB's primaries adapted to D50 by Bradford (the sRGB profile's own tags, IEC 61966-2-1 Amd. 1):
 * red XYZ 0.4361 0.2225 0.0139, which is L* 54.29, a* 80.81, b* 69.89 in PCS Lab. */
static void srgb__looks_as_its_primaries_say(void **state)
{
	struct device *device = open_device(NULL, 0, DEVICE_LOOKED_AT);
	struct lab pcs;

	(void)state;
	device_look(&pcs, device, (const double[]){1, 0, 0});
	assert_close(pcs.l, 54.29, 0.02);
	assert_close(pcs.a, 80.81, 0.05);
	assert_close(pcs.b, 69.89, 0.05);
	device_look(&pcs, device, (const double[]){1, 1, 1});
	assert_close(pcs.l, 100, 0.01);
	assert_close(pcs.a, 0, 0.01);
	assert_string_equal(device_space(device), "RGB");
	device_close(device);
}

static void showing_and_looking__are_inverse_inside_the_gamut(void **state)
{
	struct device *shows = open_device(NULL, 0, DEVICE_SHOWING);
	struct device *looks = open_device(NULL, 0, DEVICE_LOOKED_AT);
	unsigned long long seed = 5;

	(void)state;
	for (int i = 0; i < 200; i++) {
		const double rgb[3] = {random_share(&seed), random_share(&seed),
				       random_share(&seed)};
		struct shown_colour shown;
		struct lab pcs;

		device_look(&pcs, looks, rgb);
		device_show(&shown, shows, &pcs);
		for (int c = 0; c < 3; c++)
			assert_close(shown.value[c], rgb[c], 2e-3);
		assert_false(shown.out_of_gamut);
	}
	device_close(shows);
	device_close(looks);
}

static void measured_profiles__are_what_they_say(void **state)
{
	static const char *const srgbs[] = {"icc/sRGB-v2-nano.icc", "icc/sRGB-v4.icc"};
	const double skin[3] = {0.7, 0.58, 0.47};
	struct device *own = open_device(NULL, 0, DEVICE_LOOKED_AT), *other;
	struct lab expected, pcs;
	struct text bytes;

	(void)state;
	device_look(&expected, own, skin);
	device_close(own);
	for (int i = 0; i < 2; i++) {
		assert_ok(file_read(&bytes, data_path(srgbs[i]), 1 << 20, &err), &err);
		other = open_device(bytes.data, bytes.length, DEVICE_LOOKED_AT);
		device_look(&pcs, other, skin);
		assert_close(delta_e_2000(&pcs, &expected), 0,
			     0.3); /* nano: a curve of few points */
		device_close(other);
		text_clear(&bytes);
	}
	assert_ok(file_read(&bytes, data_path("icc/DisplayP3-v4.icc"), 1 << 20, &err), &err);
	other = open_device(bytes.data, bytes.length, DEVICE_SHOWING);
	device_close(other);
	/* every cut of it is refused, not half used */
	for (size_t length = 0; length < bytes.length; length += 7)
		assert_open_refused(bytes.data, length, DEVICE_LOOKED_AT,
				    length < 128 ? "this is no ICC profile" : "cut short");
	text_clear(&bytes);
	assert_ok(file_read(&bytes, data_path("icc/CGATS001Compat-v2-micro.icc"), 1 << 20, &err),
		  &err);
	assert_open_refused(bytes.data, bytes.length, DEVICE_SHOWING,
			    "works only from device to colour");
	other = open_device(bytes.data, bytes.length, DEVICE_LOOKED_AT);
	assert_string_equal(device_space(other), "CMYK");
	device_look(&pcs, other, (const double[]){0, 0, 0, 1});
	assert_true(pcs.l < 40); /* black ink */
	device_close(other);
	text_clear(&bytes);
}

/* A printer without black ink whose inks filter as a screen's channels do, over the gamut of sRGB. */
static cmsInt32Number ink_to_lab(const cmsUInt16Number in[], cmsUInt16Number out[], void *cargo)
{
	cmsUInt16Number rgb[3];

	for (int i = 0; i < 3; i++)
		rgb[i] = (cmsUInt16Number)((65535u - in[i]) * (65535u - in[3]) / 65535u);
	cmsDoTransform(cargo, rgb, out, 1);
	return TRUE;
}

static cmsInt32Number lab_to_ink(const cmsUInt16Number in[], cmsUInt16Number out[], void *cargo)
{
	cmsUInt16Number rgb[3];

	cmsDoTransform(cargo, in, rgb, 1);
	for (int i = 0; i < 3; i++)
		out[i] = (cmsUInt16Number)(65535u - rgb[i]);
	out[3] = 0;
	return TRUE;
}

static void write_table(cmsHPROFILE profile, cmsTagSignature tag, int in, int out, int points,
			cmsSAMPLER16 sampler, cmsHTRANSFORM cargo)
{
	cmsPipeline *pipeline = cmsPipelineAlloc(NULL, (cmsUInt32Number)in, (cmsUInt32Number)out);
	cmsStage *clut = cmsStageAllocCLut16bit(NULL, (cmsUInt32Number)points, (cmsUInt32Number)in,
						(cmsUInt32Number)out, NULL);

	assert_true(cmsStageSampleCLut16bit(clut, sampler, cargo, 0));
	assert_true(cmsPipelineInsertStage(pipeline, cmsAT_END, clut));
	assert_true(cmsWriteTag(profile, tag, pipeline));
	cmsPipelineFree(pipeline);
}

static void make_printer(struct text *out)
{
	cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL), srgb = cmsCreate_sRGBProfile(),
		    lab = cmsCreateLab2Profile(NULL);
	cmsHTRANSFORM to_lab =
		cmsCreateTransform(srgb, TYPE_RGB_16, lab, TYPE_LabV2_16,
				   INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
	cmsHTRANSFORM to_rgb =
		cmsCreateTransform(lab, TYPE_LabV2_16, srgb, TYPE_RGB_16,
				   INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);

	cmsSetProfileVersion(profile, 2.1);
	cmsSetDeviceClass(profile, cmsSigOutputClass);
	cmsSetColorSpace(profile, cmsSigCmykData);
	cmsSetPCS(profile, cmsSigLabData);
	write_table(profile, cmsSigAToB0Tag, 4, 3, 9, ink_to_lab, to_lab);
	write_table(profile, cmsSigBToA0Tag, 3, 4, 13, lab_to_ink, to_rgb);
	cmsDeleteTransform(to_lab);
	cmsDeleteTransform(to_rgb);
	cmsCloseProfile(srgb);
	cmsCloseProfile(lab);
	print_profile(out, profile);
}

static void printer__shows_skin_and_marks_what_it_cannot(void **state)
{
	const struct lab skin = {63.6, 9.4, 19.8}, green = {70, -100, 60}, white = {100, 0, 0};
	struct shown_colour shown;
	struct device *printer;
	struct text bytes;

	(void)state;
	make_printer(&bytes);
	printer = open_device(bytes.data, bytes.length, DEVICE_SHOWING);
	assert_int_equal(device_channels(printer), 4);
	device_show(&shown, printer, &skin);
	assert_false(shown.out_of_gamut);
	assert_true(shown.value[0] < shown.value[1] && shown.value[1] < shown.value[2]);
	device_show(&shown, printer, &white);
	for (int c = 0; c < 4; c++)
		assert_close(shown.value[c], 0, 0.02); /* bare paper, in the profile's own scale */
	device_show(&shown, printer, &green);
	assert_true(shown.out_of_gamut && shown.missed_de00 > DEVICE_MISS_TABLE);
	device_close(printer);
	text_clear(&bytes);
}

static void wrong_profiles__are_refused_with_the_reason(void **state)
{
	struct text bytes;

	(void)state;
	assert_open_refused("no profile at all", 17, DEVICE_LOOKED_AT, "this is no ICC profile");
	print_profile(&bytes, cmsCreateInkLimitingDeviceLink(cmsSigCmykData, 250));
	assert_open_refused(bytes.data, bytes.length, DEVICE_LOOKED_AT, "a device link");
	text_clear(&bytes);
	print_profile(&bytes, cmsCreateBCHSWabstractProfile(9, 10, 0, 0, 0, 5000, 5000));
	assert_open_refused(bytes.data, bytes.length, DEVICE_LOOKED_AT, "abstract or named");
	text_clear(&bytes);
	print_profile(&bytes, cmsCreateLab4Profile(NULL));
	assert_open_refused(bytes.data, bytes.length, DEVICE_LOOKED_AT, "abstract or named");
	text_clear(&bytes);
	make_printer(&bytes);
	for (size_t i = 132; i < bytes.length && i < 200; i++) /* the table of tags */
		bytes.data[i] = (char)0xee;
	assert_open_refused(bytes.data, bytes.length, DEVICE_SHOWING, "x.icc: ");
	text_clear(&bytes);
}

/* --- pictures ------------------------------------------------------------------------------- */

static char path[64];

/* Left half skin, right half black and white by turns, one pixel each. */
static GdkPixbuf *paint(bool alpha)
{
	GdkPixbuf *pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, alpha, 8, 40, 20);
	guint8 *pixels = gdk_pixbuf_get_pixels(pixbuf);
	int channels = alpha ? 4 : 3;

	for (int y = 0; y < 20; y++)
		for (int x = 0; x < 40; x++) {
			guint8 *pixel =
				pixels + y * gdk_pixbuf_get_rowstride(pixbuf) + x * channels;
			guint8 checker = (x + y) % 2 ? 255 : 0;

			pixel[0] = x < 20 ? 180 : checker;
			pixel[1] = x < 20 ? 148 : checker;
			pixel[2] = x < 20 ? 119 : checker;
			if (alpha)
				pixel[3] = x == 3 && y == 4 ? 0 : 255;
		}
	return pixbuf;
}

static void put_32(unsigned char *to, guint32 value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* Of ISO/IEC 15948 annex D. */
static guint32 check_sum(const unsigned char *bytes, size_t length)
{
	guint32 crc = 0xffffffff;

	for (size_t i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int b = 0; b < 8; b++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

/* Puts a profile into the PNG at `path`, behind its header, as one stored block (RFC 1950, 1951):
 * gdk-pixbuf reads profiles in PNG and fails to write them. */
static void put_profile_into_png(const struct text *profile)
{
	unsigned char chunk[4096] = "\0\0\0\0iCCPx\0\0\x78\x01\x01", *c = chunk + 14;
	guint32 a = 1, b = 0;
	struct text png, out = {0};

	assert_true(profile->length < 4000);
	*c++ = (unsigned char)(profile->length & 0xff);
	*c++ = (unsigned char)(profile->length >> 8);
	*c++ = (unsigned char)~(profile->length & 0xff);
	*c++ = (unsigned char)~(profile->length >> 8);
	for (size_t i = 0; i < profile->length; i++) {
		*c++ = (unsigned char)profile->data[i];
		a = (a + (unsigned char)profile->data[i]) % 65521;
		b = (b + a) % 65521;
	}
	put_32(c, b << 16 | a);
	c += 4;
	put_32(chunk, (guint32)(c - chunk - 8));
	put_32(c, check_sum(chunk + 4, (size_t)(c - chunk - 4)));
	assert_ok(file_read(&png, path, 1 << 20, &err), &err);
	text_add(&out, png.data, 33);
	text_add(&out, (const char *)chunk, (size_t)(c + 4 - chunk));
	text_add(&out, png.data + 33, png.length - 33);
	assert_ok(file_write(path, out.data, out.length, &err), &err);
	text_clear(&png);
	text_clear(&out);
}

/* Saves with the given profile, NULL for none. */
static void save(const char *type, GdkPixbuf *pixbuf, const struct text *profile)
{
	bool png = strcmp(type, "png") == 0;
	char *encoded = profile && !png
				? g_base64_encode((const guchar *)profile->data, profile->length)
				: NULL;

	snprintf(path, sizeof path, "%s/picture", scratch);
	assert_true(gdk_pixbuf_save(pixbuf, path, type, NULL, encoded ? "icc-profile" : NULL,
				    encoded, NULL));
	g_free(encoded);
	g_object_unref(pixbuf);
	if (profile && png)
		put_profile_into_png(profile);
}

static enum status measure(struct colours *colours, const char *region, const char *icc)
{
	const char *file = path;
	struct app_lab_request request = {
		.file = &file,
		.file_count = 1,
		.source = {.icc = icc, .region = region, .intent = INTENT_RELATIVE},
		.light = {"D50", "2"},
	};
	struct notes notes = {0};
	enum status status = app_lab(colours, &request, &notes, &err);

	notes_clear(&notes);
	return status;
}

static void assert_skin(const char *region, const char *icc, double within)
{
	struct device *screen = open_device(NULL, 0, DEVICE_LOOKED_AT);
	struct colours colours;
	struct lab expected;

	device_look(&expected, screen, (const double[]){180 / 255.0, 148 / 255.0, 119 / 255.0});
	device_close(screen);
	assert_ok(measure(&colours, region, icc), &err);
	assert_int_equal(colours.readings.count, 1);
	assert_true(colours.light[0].item[0].estimated);
	assert_close(delta_e_2000(&colours.light[0].item[0].pcs_lab, &expected), 0, within);
	/* under D50 and the 2 degree observer nothing has to be adapted */
	assert_close(delta_e_2000(&colours.light[0].item[0].lab, &expected), 0, within + 0.05);
	colours_clear(&colours);
}

static void pictures__are_read_by_their_embedded_profile(void **state)
{
	static const char *const types[] = {"png", "tiff", "jpeg"};
	struct text srgb, printer;

	(void)state;
	print_profile(&srgb, cmsCreate_sRGBProfile());
	for (int i = 0; i < 3; i++) {
		save(types[i], paint(false), &srgb);
		assert_skin("2,2,12,12", NULL, i == 2 ? 1.0 : 0.01); /* JPEG is lossy */
	}
	make_printer(&printer);
	save("jpeg", paint(false), &printer);
	assert_int_equal(measure(&(struct colours){.light_count = 0}, NULL, NULL), STATUS_REFUSED);
	assert_says("a CMYK profile");
	assert_skin("2,2,12,12", "sRGB", 1.0); /* the user's goes first */
	text_clear(&srgb);
	text_clear(&printer);
}

/* A camera that is held upright says in EXIF (CIPA DC-008, tag 274) how the picture is to be turned; 8: what is left
 * goes to the bottom. */
static void pictures__are_turned_as_they_say(void **state)
{
	static const char exif[] = "\xff\xe1\0\x22"
				   "Exif\0\0"
				   "II*\0\x8\0\0\0\x1\0"
				   "\x12\x1\x3\0\x1\0\0\0\x8\0\0\0\0\0\0";
	struct text profile, bytes, turned = {0};

	(void)state;
	print_profile(&profile, cmsCreate_sRGBProfile());
	save("jpeg", paint(false), &profile);
	text_clear(&profile);
	assert_ok(file_read(&bytes, path, 1 << 20, &err), &err);
	text_add(&turned, bytes.data, 2); /* start of image */
	text_add(&turned, exif, sizeof exif);
	text_add(&turned, bytes.data + 2, bytes.length - 2);
	assert_ok(file_write(path, turned.data, turned.length, &err), &err);
	text_clear(&bytes);
	text_clear(&turned);
	assert_skin("4,24,12,12", NULL, 1.0);
}

/* Half of the light is Y = 0.5, L* 76.07 (CIE 15), whatever the mean of the values is. */
static void pictures__are_averaged_by_light(void **state)
{
	struct colours colours;

	(void)state;
	save("png", paint(false), NULL);
	assert_ok(measure(&colours, "20,0,20,20", "sRGB"), &err);
	assert_close(colours.light[0].item[0].lab.l, 76.07, 0.05);
	colours_clear(&colours);
}

static void pictures__are_refused_with_the_reason(void **state)
{
	struct colours colours;
	struct text bytes;

	(void)state;
	save("png", paint(false), NULL);
	assert_int_equal(measure(&colours, NULL, NULL), STATUS_REFUSED);
	assert_says("no profile is embedded");
	assert_int_equal(measure(&colours, "30,0,11,5", "sRGB"), STATUS_REFUSED);
	assert_says("not inside the picture of 40 by 20");
	assert_int_equal(measure(&colours, "0,0,2147483647,5", "sRGB"), STATUS_REFUSED);
	assert_int_equal(measure(&colours, "0,0,0,5", "sRGB"), STATUS_REFUSED);
	assert_says("X,Y,W,H in pixels is needed");
	assert_int_equal(measure(&colours, "-1,0,2,5", "sRGB"), STATUS_REFUSED);
	assert_ok(file_read(&bytes, path, 1 << 20, &err), &err);
	for (size_t length = 40; length < bytes.length; length += 11) {
		assert_ok(file_write(path, bytes.data, length, &err), &err);
		assert_int_equal(measure(&colours, NULL, "sRGB"), STATUS_REFUSED);
		assert_says("a damaged picture");
	}
	/* 60,000 by 60,000 pixels in a few bytes: the header of a PNG with its check sum */
	memcpy(bytes.data + 16, "\0\0\xea\x60\0\0\xea\x60", 8);
	put_32((unsigned char *)bytes.data + 29, check_sum((unsigned char *)bytes.data + 12, 17));
	assert_ok(file_write(path, bytes.data, bytes.length, &err), &err);
	text_clear(&bytes);
	assert_int_equal(measure(&colours, NULL, "sRGB"), STATUS_REFUSED);
	assert_says("too many for its");
	save("jpeg", paint(false), NULL);
	assert_ok(file_read(&bytes, path, 1 << 20, &err), &err);
	assert_ok(file_write(path, bytes.data, bytes.length - 2, &err), &err);
	text_clear(&bytes);
	assert_int_equal(measure(&colours, NULL, "sRGB"), STATUS_REFUSED);
	assert_says("cut short");
	save("png", paint(true), NULL);
	assert_int_equal(measure(&colours, NULL, "sRGB"), STATUS_REFUSED);
	assert_says("the pixel at 3,4 is transparent");
	assert_skin("5,5,10,10", "sRGB", 0.01);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(srgb__looks_as_its_primaries_say),
		cmocka_unit_test(showing_and_looking__are_inverse_inside_the_gamut),
		cmocka_unit_test(measured_profiles__are_what_they_say),
		cmocka_unit_test(printer__shows_skin_and_marks_what_it_cannot),
		cmocka_unit_test(wrong_profiles__are_refused_with_the_reason),
		cmocka_unit_test(pictures__are_read_by_their_embedded_profile),
		cmocka_unit_test(pictures__are_turned_as_they_say),
		cmocka_unit_test(pictures__are_averaged_by_light),
		cmocka_unit_test(pictures__are_refused_with_the_reason),
	};

	return cmocka_run_group_tests_name("device", tests, scratch_make, scratch_remove);
}
