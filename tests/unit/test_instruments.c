/* Instrument files as instruments write them: what the file states of its colours is what we compute
 * from its spectra, and what cannot be read is refused with the true reason. */
#include "support.h"

#include "colour/cms.h"
#include "formats/profile.h"
#include "formats/reading_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct reading_list list;
static struct notes notes;
static struct error err;

static int tear_down(void **state)
{
	(void)state;
	reading_list_clear(&list);
	notes_clear(&notes);
	return 0;
}

static void read_file(const char *name, size_t count)
{
	char path[128];

	snprintf(path, sizeof path, "instruments/%s", name);
	assert_ok(readings_read(&list, NULL, data_path(path), &notes, &err), &err);
	assert_int_equal(list.count, count);
}

static void assert_file_refused(const char *name, const char *words)
{
	char path[128];

	snprintf(path, sizeof path, "instruments/%s", name);
	assert_int_equal(readings_read(&list, NULL, data_path(path), &notes, &err), STATUS_REFUSED);
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
	assert_int_equal(list.count, 0);
}

static struct xyz compute(const struct reading *reading, struct xyz *white, const char *light,
			  const char *eye)
{
	struct illuminant illuminant;
	struct observer observer;
	struct weights weights;

	assert_ok(illuminant_find(&illuminant, light, &err), &err);
	assert_ok(observer_find(&observer, eye, &err), &err);
	assert_ok(weights_build(&weights, &reading->reflectance.grid, &illuminant, &observer, &err),
		  &err);
	*white = weights.white;
	return weights_xyz(&weights, reading->reflectance.value);
}

/* Largest CIEDE2000 between the stated Lab and ours. */
static double worst_lab(const char *light, const char *eye)
{
	double worst = 0;

	for (size_t i = 0; i < list.count; i++) {
		const struct reading *reading = reading_at(&list, i);
		struct xyz white, xyz = compute(reading, &white, light, eye);
		struct lab lab = lab_from_xyz(&xyz, &white);

		assert_true(reading->stated.has_lab);
		worst = fmax(worst, delta_e_2000(&reading->stated.lab, &lab));
	}
	print_message("worst dE00 %.4f\n", worst);
	return worst;
}

/* Largest difference of XYZ, Y of white = 100, from `first` on. */
static double worst_xyz(size_t first, const char *light, const char *eye)
{
	double worst = 0;

	for (size_t i = first; i < list.count; i++) {
		const struct reading *reading = reading_at(&list, i);
		struct xyz white, xyz = compute(reading, &white, light, eye);

		assert_true(reading->stated.has_xyz);
		worst = fmax(worst, 100 * fabs(xyz.x - reading->stated.xyz.x));
		worst = fmax(worst, 100 * fabs(xyz.y - reading->stated.xyz.y));
		worst = fmax(worst, 100 * fabs(xyz.z - reading->stated.xyz.z));
	}
	print_message("worst XYZ %.5f\n", worst);
	return worst;
}

static void nix__its_lab_is_ours(void **state)
{
	(void)state;
	read_file("nix_spectro2_export_first12.csv", 12);
	assert_true(worst_lab("D65", "10") <= 0.01);
	assert_true(worst_xyz(0, "D65", "10") < 0.005); /* it uses the E308 table itself */
	assert_string_equal(reading_at(&list, 0)->name, "T22H");
	assert_string_equal(reading_at(&list, 0)->conditions.instrument, "Nix Spectro 2");
	assert_string_equal(reading_at(&list, 0)->conditions.mode, "M2");
	assert_string_equal(reading_at(&list, 0)->conditions.illuminant, "D65");
	assert_string_equal(reading_at(&list, 0)->conditions.observer, "10");
	assert_non_null(strstr(notes.line[0], "more than 1")); /* fluorescent films */
}

static void konica__its_lab_is_ours_and_specular_is_known(void **state)
{
	(void)state;
	read_file("konica_minolta_cm26dg_sci_sce.csv", 4);
	assert_true(worst_lab("D65", "10") <= 0.03);
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_INCLUDED);
	assert_int_equal(reading_at(&list, 1)->conditions.specular, SPECULAR_EXCLUDED);
	assert_close(reading_at(&list, 0)->conditions.aperture_mm, 3, 0);
	assert_string_equal(reading_at(&list, 0)->conditions.geometry, "di:8.de:8");
	assert_string_equal(reading_at(&list, 0)->conditions.instrument, "CM-26dG");
}

static void barbieri__its_lab_is_ours(void **state)
{
	(void)state;
	read_file("barbieri_spectropad_M1_first40.txt", 40);
	assert_true(worst_lab("D50", "10") <= 0.04);
	assert_string_equal(reading_at(&list, 0)->conditions.illuminant, "D50");
	assert_string_equal(reading_at(&list, 0)->conditions.observer, "10");
	assert_string_equal(reading_at(&list, 0)->conditions.mode, "M1");
	assert_close(reading_at(&list, 0)->conditions.aperture_mm, 6, 0);
}

static void wolf_faust__its_lab_is_ours(void **state)
{
	(void)state;
	read_file("wolf_faust_it8_E131102.txt", 288);
	assert_true(worst_lab("D50", "2") <= 0.02);
	assert_string_equal(reading_at(&list, 287)->name, "GS23");
}

static void spectrolino__its_conditions_are_known(void **state)
{
	(void)state;
	read_file("spectrolino_measuretool_D65_10.txt", 10);
	assert_string_equal(reading_at(&list, 0)->conditions.illuminant, "D65");
	assert_string_equal(reading_at(&list, 0)->conditions.observer, "10");
}

static void qtx__their_xyz_are_ours(void **state)
{
	(void)state;
	read_file("datacolor_CTMAIL.QTX", 8);
	/* 0.002 with Y of white = 1. The file's own software is 0.012 (Y = 100) from the printed E308
	 * table, in the Z of a light blue; we are 0.013 from it. */
	assert_true(worst_xyz(0, "D65", "10") <= 0.02);
	assert_string_equal(reading_at(&list, 1)->name, "NEXT_DarkgreenNXCW/cott/intl/LD/8494C");
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_INCLUDED);
	assert_string_equal(reading_at(&list, 0)->conditions.date, "2002-08-11T20:36:02Z");
	reading_list_clear(&list);
	read_file("datacolor_CARTER1.qtx", 2);
	assert_close(reading_at(&list, 0)->reflectance.grid.start_nm, 360, 0);
	assert_close(reading_at(&list, 1)->reflectance.grid.start_nm, 400, 0);
	reading_list_clear(&list);
	read_file("datacolor_file1.qtx", 1);
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_EXCLUDED);
	reading_list_clear(&list);
	read_file("datacolor_file3.qtx", 1);
	reading_list_clear(&list);
	read_file("datacolor_batches.qtx", 3);
	assert_string_equal(reading_at(&list, 2)->name, "Yellow Tricot-R 32112");
}

static void mif__both_geometries_are_readings(void **state)
{
	(void)state;
	read_file("xrite_colormaster_gold.mif", 2);
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_INCLUDED);
	assert_int_equal(reading_at(&list, 1)->conditions.specular, SPECULAR_EXCLUDED);
	assert_string_equal(reading_at(&list, 0)->name, "Golden Yellow");
	assert_non_null(strstr(notes.line[0], "does not state its wavelengths"));
	reading_list_clear(&list);
	read_file("xrite_colormaster_G7_P3w08.mif", 8);
	assert_string_equal(reading_at(&list, 0)->conditions.geometry, "45:0");
}

static void lab_only_files__say_no_spectra(void **state)
{
	(void)state;
	read_file("argyll_qpcard_202.cie", 35);
	assert_int_equal(reading_at(&list, 0)->reflectance.grid.count, 0);
	assert_true(reading_at(&list, 0)->stated.has_lab);
	assert_close(reading_at(&list, 0)->stated.xyz.y, 0.69512840, 1e-12);
	assert_non_null(strstr(notes.line[0], "no spectra"));
}

static void cxf__unicode_names_and_stated_colours(void **state)
{
	(void)state;
	read_file("cxf3_unicode_special_characters.cxf", 12);
	assert_string_equal(reading_at(&list, 0)->name, "Color™ • 漢字 & Ñoño");
	assert_int_equal(reading_at(&list, 0)->reflectance.grid.count, 0);
}

static void what_cannot_be_read__is_refused_with_the_true_reason(void **state)
{
	(void)state;
	assert_file_refused("colorburst_linearisation.txt", "without a data format");
	assert_file_refused("argyll_F8.sp", "does not say it is a reflectance");
	assert_file_refused("argyll_example.sp", "does not say it is a reflectance");
	assert_file_refused("cxf3_custom_spectrum_irregular.cxf", "uneven wavelengths");
	assert_file_refused("cxf3_spectral_data_boundaries.cxf", "at least 400 to 700");
	assert_file_refused("cxf3_multiple_objects.cxf", "none of its 10 objects");
}

#define CASE(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nix__its_lab_is_ours),
		CASE(konica__its_lab_is_ours_and_specular_is_known),
		CASE(barbieri__its_lab_is_ours),
		CASE(wolf_faust__its_lab_is_ours),
		CASE(spectrolino__its_conditions_are_known),
		CASE(qtx__their_xyz_are_ours),
		CASE(mif__both_geometries_are_readings),
		CASE(lab_only_files__say_no_spectra),
		CASE(cxf__unicode_names_and_stated_colours),
		CASE(what_cannot_be_read__is_refused_with_the_true_reason),
	};

	return cmocka_run_group_tests_name("instruments", tests, NULL, NULL);
}
