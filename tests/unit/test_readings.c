/* Reading files: what is taken, what is refused and in which words. LittleCMS's own reader is the
 * independent check on files that it can face. */
#include "support.h"

#include "base/file.h"
#include "formats/reading_file.h"

#include <lcms2.h>
#include <stdio.h>
#include <string.h>

static struct reading_list list;
static struct notes notes;
static struct error err;
static char path[48];

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	snprintf(path, sizeof path, "%s/reading", scratch);
	return 0;
}

static int tear_down(void **state)
{
	reading_list_clear(&list);
	notes_clear(&notes);
	return scratch_remove(state);
}

static enum status read_bytes(const char *bytes, size_t length)
{
	reading_list_clear(&list);
	notes_clear(&notes);
	assert_ok(file_write(path, bytes, length, &err), &err);
	return readings_read(&list, NULL, path, &notes, &err);
}

static enum status read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void assert_refused(const char *text, const char *words)
{
	assert_int_equal(read_text(text), STATUS_REFUSED);
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
	assert_null(strchr(err.message, '\n'));
	assert_int_equal(list.count, 0);
}

/* 400 to 700 nm by 20: 16 bands. */
#define NM "400,420,440,460,480,500,520,540,560,580,600,620,640,660,680,700"
#define BANDS                                                                                      \
	" SPECTRAL_NM_400 SPECTRAL_NM_420 SPECTRAL_NM_440 SPECTRAL_NM_460 SPECTRAL_NM_480 "        \
	"SPECTRAL_NM_500 SPECTRAL_NM_520 SPECTRAL_NM_540 SPECTRAL_NM_560 SPECTRAL_NM_580 "         \
	"SPECTRAL_NM_600 SPECTRAL_NM_620 SPECTRAL_NM_640 SPECTRAL_NM_660 SPECTRAL_NM_680 "         \
	"SPECTRAL_NM_700\n"
#define ROW15 ".01,.02,.03,.04,.05,.06,.07,.08,.09,.10,.11,.12,.13,.14,.15,"
#define SET15 " .01 .02 .03 .04 .05 .06 .07 .08 .09 .10 .11 .12 .13 .14 .15 "
#define HEAD "CGATS.17\nNUMBER_OF_FIELDS 17\nBEGIN_DATA_FORMAT\nSAMPLE_ID" BANDS "END_DATA_FORMAT\n"

static void csv__wavelengths_in_the_header_row(void **state)
{
	(void)state;
	assert_ok(read_text("name," NM "\nfirst," ROW15 ".16\n\"sec,ond\"," ROW15 "1.0\n"), &err);
	assert_int_equal(list.count, 2);
	assert_string_equal(reading_at(&list, 1)->name, "sec,ond");
	assert_close(reading_at(&list, 0)->reflectance.grid.start_nm, 400, 0);
	assert_close(reading_at(&list, 0)->reflectance.grid.step_nm, 20, 0);
	assert_int_equal(reading_at(&list, 0)->reflectance.grid.count, 16);
	assert_close(reading_at(&list, 0)->reflectance.value[2], 0.03, 0);
	assert_close(reading_at(&list, 1)->reflectance.value[15], 1, 0);
}

static void csv__wavelengths_in_the_first_column(void **state)
{
	struct text text = {0};

	(void)state;
	text_adds(&text,
		  "# instrument: none\n# geometry: d:8\n# specular: included\n# aperture_mm: 8\n"
		  "# unit: reflectance percent\nnm;a;b\n");
	for (int nm = 400; nm <= 700; nm += 10)
		text_addf(&text, "%d;%d;50\r\n", nm, nm / 10);
	assert_ok(read_text(text.data), &err);
	text_clear(&text);
	assert_int_equal(list.count, 2);
	assert_close(reading_at(&list, 0)->reflectance.value[30], 0.7, 1e-15);
	assert_close(reading_at(&list, 1)->reflectance.value[0], 0.5, 1e-15);
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_INCLUDED);
	assert_close(reading_at(&list, 0)->conditions.aperture_mm, 8, 0);
	assert_string_equal(reading_at(&list, 0)->conditions.geometry, "d:8");
	assert_int_equal(notes.count, 0); /* percent was declared, nothing was assumed */
}

static void csv__spellings_of_a_wavelength(void **state)
{
	const char *const good[] = {"400",    "400nm",           "400 nm",       "nm400",
				    "R400",   "SPECTRAL_NM_400", "SPECTRAL_400", "SPEC_400",
				    "NM_400", "r_400.0"};
	const char *const bad[] = {"1", "24", "LAB_L", "400x", "nm", "", "4e2", "XYZ_X", "2000"};
	double nm;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!wavelength_read(&nm, good[i]) || nm != 400)
			fail_msg("“%s” is no wavelength", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (wavelength_read(&nm, bad[i]))
			fail_msg("“%s” is a wavelength", bad[i]);
}

static void csv__decimal_commas_behind_semicolons(void **state)
{
	struct text text = {0};

	(void)state;
	text_adds(&text, "# unit: reflectance 0..1\nnm;a;b\n");
	for (int nm = 400; nm <= 700; nm += 10)
		text_addf(&text, "%d;0,%d;1\n", nm, nm);
	assert_ok(read_text(text.data), &err);
	assert_close(reading_at(&list, 0)->reflectance.value[0], 0.4, 0);
	assert_close(reading_at(&list, 1)->reflectance.value[30], 1, 0);
	/* one point among commas: nothing is guessed */
	memcpy(strstr(text.data, "0,420"), "0.420", 5);
	assert_int_equal(read_text(text.data), STATUS_REFUSED);
	assert_non_null(strstr(err.message, ":3: “0,400” where a reflectance"));
	text_clear(&text);
}

static void csv__percent_is_said_when_assumed(void **state)
{
	(void)state;
	assert_ok(read_text("name," NM "\na,10,20,30,40,50,60,50,40,30,20,10,20,30,40,50,60\n"),
		  &err);
	assert_close(reading_at(&list, 0)->reflectance.value[0], 0.1, 1e-15);
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.line[0], "percent"));
}

static void csv__refusals_name_file_and_line(void **state)
{
	(void)state;
	assert_refused("name," NM "\na," ROW15 ".16\nb," ROW15 "41.5\n",
		       ":3: reflectance 41.5 is outside 0..1.5 (percent?)");
	assert_refused("name," NM "\na," ROW15 "nan\n",
		       ":2: “nan” where a reflectance is expected");
	assert_refused("name," NM "\na," ROW15 "-0.1\n", ":2: reflectance -0.1 is outside");
	assert_refused("name," NM "\na," ROW15 "\n", ":2: “” where a reflectance is expected");
	assert_refused("name," NM "\na," ROW15 "\"0,5\"\n", ":2: “0,5” where");
	assert_refused("name," NM "\na," ROW15 "0,5\n", ":2: 18 cells, the first row has 17");
	assert_refused("name," NM "\na," ROW15 "\"0.5\n", "a quoted cell is never closed");
	assert_refused("name," NM "\n", "no readings");
	assert_refused("name,x,y\na,1,2\n", "no spectra");
	assert_refused("# unit: reflectance 0..1\nname," NM
		       "\na,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,41.5,"
		       "41.5,41.5\n",
		       ":3: reflectance 41.5 is outside 0..1.5 (percent?)");
}

static void csv__refuses_wavelengths_that_are_not_a_grid(void **state)
{
	(void)state;
	assert_refused("n,400,420,420,440\na,.1,.1,.1,.1\n", ":1: wavelength “420” is repeated");
	assert_refused("n,400,440,420,460\na,.1,.1,.1,.1\n", "rising order is needed");
	assert_refused("n,400,420,450,470\na,.1,.1,.1,.1\n", "an even step of 20 nm is needed");
	assert_refused("n,400,420,440,460\na,.1,.1,.1,.1\n", "at least 400 to 700 is needed");
	assert_refused("n,400,450,500,550,600,650,700\na,.1,.1,.1,.1,.1,.1,.1\n",
		       "1 to 20 nm is allowed");
}

static void cgats__plain_file(void **state)
{
	(void)state;
	assert_ok(read_text("CGATS.17\nINSTRUMENTATION \"i1 # Pro\"\n# a comment\n"
			    "MEASUREMENT_GEOMETRY \"d:8 SCI\"\nBEGIN_DATA_FORMAT\nSAMPLE_ID" BANDS
			    "END_DATA_FORMAT\nNUMBER_OF_SETS 2\nBEGIN_DATA\n\"a b\"" SET15
			    ".16 # end\n"
			    "2" SET15 "0.5\nEND_DATA\n"),
		  &err);
	assert_int_equal(list.count, 2);
	assert_string_equal(reading_at(&list, 0)->name, "a b");
	assert_string_equal(reading_at(&list, 0)->conditions.instrument, "i1 # Pro");
	assert_int_equal(reading_at(&list, 0)->conditions.specular, SPECULAR_INCLUDED);
	assert_close(reading_at(&list, 1)->reflectance.value[15], 0.5, 0);
}

static void cgats__line_ends_and_encodings(void **state)
{
	static const char plain[] = HEAD "BEGIN_DATA\n1" SET15 ".16\nEND_DATA\n";
	char changed[2 * sizeof plain + 4];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof plain - 1; i++)
		changed[i] = plain[i] == '\n' ? '\r' : plain[i];
	assert_ok(read_bytes(changed, sizeof plain - 1), &err);
	memcpy(changed, "\xef\xbb\xbf", 3);
	memcpy(changed + 3, plain, sizeof plain - 1);
	assert_ok(read_bytes(changed, sizeof plain + 2), &err);
	changed[n++] = (char)0xff;
	changed[n++] = (char)0xfe;
	for (size_t i = 0; i < sizeof plain - 1; i++) {
		changed[n++] = plain[i];
		changed[n++] = 0;
	}
	assert_ok(read_bytes(changed, n), &err);
	assert_close(reading_at(&list, 0)->reflectance.value[15], 0.16, 0);
}

static void cgats__latin_1_is_understood(void **state)
{
	(void)state;
	assert_ok(read_text("CGATS.17\nORIGINATOR \"10\xb0\"\n" HEAD "BEGIN_DATA\n1" SET15
			    ".16\nEND_DATA\n"),
		  &err);
	assert_string_equal(reading_at(&list, 0)->conditions.origin, "10°");
}

static void cgats__spectral_norm_declares_percent(void **state)
{
	(void)state;
	assert_ok(read_text("CGATS.17\nSPECTRAL_NORM \"100.0\"\n" HEAD "BEGIN_DATA\n1" SET15
			    ".16\nEND_DATA\n"),
		  &err);
	assert_close(reading_at(&list, 0)->reflectance.value[15], 0.0016, 1e-15);
	assert_int_equal(notes.count, 0);
}

static void cgats__refusals_name_file_and_line(void **state)
{
	(void)state;
	assert_refused(HEAD "BEGIN_DATA\n1" SET15 "\nEND_DATA\n",
		       ":7: 16 cells, the data format names 17");
	assert_refused(HEAD "BEGIN_DATA\n1" SET15 ".16 .17\nEND_DATA\n", ":7: 18 cells");
	assert_refused(HEAD "BEGIN_DATA\n1" SET15 "0,5\nEND_DATA\n",
		       ":7: “0,5” where a reflectance");
	assert_refused(HEAD "BEGIN_DATA\n1" SET15 "inf\nEND_DATA\n",
		       ":7: “inf” where a reflectance");
	assert_refused(HEAD "NUMBER_OF_SETS 2\nBEGIN_DATA\n1" SET15 ".16\nEND_DATA\n",
		       "1 sets, NUMBER_OF_SETS says 2");
	assert_refused(HEAD "BEGIN_DATA\n1" SET15 ".16\n", "ends before END_DATA");
	assert_refused("CGATS.17\nNUMBER_OF_FIELDS 9\nBEGIN_DATA_FORMAT\nSAMPLE_ID" BANDS
		       "END_DATA_FORMAT\nBEGIN_DATA\nEND_DATA\n",
		       "17 fields are named, NUMBER_OF_FIELDS says 9");
	assert_refused("CGATS.17\nBEGIN_DATA\n1 2\nEND_DATA\n", "without a data format");
	assert_refused(HEAD "BEGIN_DATA\nEND_DATA\n", "no readings");
}

static void strangers__binary_and_unknown_files(void **state)
{
	(void)state;
	assert_int_equal(read_bytes("PK\3\4\0\0\0", 7), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "binary"));
	assert_refused("hello\n", "no reading file that is known");
	assert_refused("CGATS.17\nORIGINATOR \"a\x1b[2J\"\n" HEAD "BEGIN_DATA\n1" SET15
		       ".16\nEND_DATA\n",
		       ":2: control characters");
}

static void readings_read__takes_one_by_name(void **state)
{
	char named[64];

	(void)state;
	assert_ok(read_text("name," NM "\na," ROW15 ".16\nb," ROW15 ".5\n"), &err);
	reading_list_clear(&list);
	snprintf(named, sizeof named, "%s#b", path);
	assert_ok(readings_read(&list, NULL, named, &notes, &err), &err);
	assert_int_equal(list.count, 1);
	assert_close(reading_at(&list, 0)->reflectance.value[15], 0.5, 0);
	snprintf(named, sizeof named, "%s#c", path);
	assert_int_equal(readings_read(&list, NULL, named, &notes, &err), STATUS_REFUSED);
	assert_int_equal(list.count, 1);
}

/* --- measured files --------------------------------------------------------------------------- */

/* Every cell that LittleCMS reads as a number is the number that we read. */
static void compare_with_lcms(const char *name, const char *first_field, size_t readings)
{
	const char *file = data_path(name);
	cmsHANDLE it8 = cmsIT8LoadFromFile(NULL, file);

	assert_non_null(it8);
	assert_ok(readings_read(&list, NULL, file, &notes, &err), &err);
	assert_int_equal(list.count, readings);
	for (size_t i = 0; i < list.count; i++) {
		const struct spectrum *s = &reading_at(&list, i)->reflectance;
		int first = cmsIT8FindDataFormat(it8, first_field);

		assert_true(first >= 0);
		for (int b = 0; b < s->grid.count; b++)
			assert_close(s->value[b], cmsIT8GetDataRowColDbl(it8, (int)i, first + b),
				     1e-9);
	}
	cmsIT8Free(it8);
}

static void spectrolino_file__as_lcms_reads_it(void **state)
{
	(void)state;
	compare_with_lcms("instruments/spectrolino_measuretool_D65_10.txt", "nm380", 10);
	assert_string_equal(reading_at(&list, 0)->conditions.instrument, "Spectrolino");
}

/* BabelColor's file has blanks in tab-separated names, which LittleCMS refuses: its white is
 * checked by hand. */
static void babelcolor_file__by_hand(void **state)
{
	(void)state;
	assert_ok(readings_read(&list, NULL, data_path("instruments/babelcolor_cc_avg30_cgats.txt"),
				&notes, &err),
		  &err);
	assert_int_equal(list.count, 24);
	assert_string_equal(reading_at(&list, 0)->name, "dark skin");
	assert_close(reading_at(&list, 0)->reflectance.value[0], 0.05475, 0);
}

static void ohta_file__wavelengths_in_rows(void **state)
{
	(void)state;
	assert_ok(readings_read(&list, NULL, data_path("instruments/colorchecker_n_ohta.csv"),
				&notes, &err),
		  &err);
	assert_int_equal(list.count, 24);
	assert_string_equal(reading_at(&list, 23)->name, "24");
	assert_close(reading_at(&list, 1)->reflectance.value[1], 0.12, 0);
	assert_close(reading_at(&list, 0)->reflectance.grid.step_nm, 5, 0);
}

/* A mean in reflectance; for two repeats both are as far from it. */
static void repeats__are_averaged_and_their_spread_is_kept(void **state)
{
	struct illuminant illuminant = {.name = "equal"};
	struct observer observer = {.name = "flat"};
	struct repeats repeats;

	(void)state;
	for (int i = 0; i < LIGHT_GRID.count; i++) {
		illuminant.power.value[i] = observer.x.value[i] = 1;
		observer.y.value[i] = observer.z.value[i] = 1;
	}
	assert_ok(read_text("name," NM "\na,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2,.2\n"
			    "b,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3,.3\n"),
		  &err);
	assert_ok(reading_list_mean(&repeats, &list, &illuminant, &observer, &err), &err);
	assert_int_equal(repeats.count, 2);
	assert_close(repeats.mean.reflectance.value[7], 0.25, 1e-15);
	/* greys of L* 51.837 and 61.654 around one of 57.075; CIEDE2000 of greys is dL' / S_L, with
	 * S_L = 1 + 0.015 d^2 / sqrt(20 + d^2), d = mean L' - 50: 5.238 / 1.0471 = 5.002 and
	 * 4.579 / 1.1268 = 4.064; their mean */
	assert_close(repeats.spread_de00, 4.533, 0.005);
	reading_list_cut(&list, 1);
	assert_ok(reading_list_mean(&repeats, &list, &illuminant, &observer, &err), &err);
	assert_close(repeats.spread_de00, 0, 0);
	reading_list_cut(&list, 0);
	assert_int_equal(reading_list_mean(&repeats, &list, &illuminant, &observer, &err),
			 STATUS_REFUSED);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(csv__wavelengths_in_the_header_row),
		CASE(csv__wavelengths_in_the_first_column),
		CASE(csv__spellings_of_a_wavelength),
		CASE(csv__decimal_commas_behind_semicolons),
		CASE(csv__percent_is_said_when_assumed),
		CASE(csv__refusals_name_file_and_line),
		CASE(csv__refuses_wavelengths_that_are_not_a_grid),
		CASE(cgats__plain_file),
		CASE(cgats__line_ends_and_encodings),
		CASE(cgats__latin_1_is_understood),
		CASE(cgats__spectral_norm_declares_percent),
		CASE(cgats__refusals_name_file_and_line),
		CASE(strangers__binary_and_unknown_files),
		CASE(readings_read__takes_one_by_name),
		CASE(spectrolino_file__as_lcms_reads_it),
		CASE(babelcolor_file__by_hand),
		CASE(ohta_file__wavelengths_in_rows),
		CASE(repeats__are_averaged_and_their_spread_is_kept),
	};

	return cmocka_run_group_tests_name("readings", tests, NULL, NULL);
}
