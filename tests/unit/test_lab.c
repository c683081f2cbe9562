#include "support.h"

#include "colour/cms.h"
#include "colour/colours.h"
#include "colour/device.h"
#include "colour/difference.h"
#include "colour/lab.h"
#include "formats/profile.h"
#include "formats/reading_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lab cells_lab(const struct table *table, size_t row, size_t column)
{
	return (struct lab){cell_number(table, row, column), cell_number(table, row, column + 1),
			    cell_number(table, row, column + 2)};
}

/* Sharma, Wu & Dalal, Color Res. Appl. 30 (2005) 21, table 1: four decimals. */
static void delta_e_2000__all_34_sharma_pairs_match_the_table(void **state)
{
	struct table table;

	(void)state;
	data_table(&table, "colordiff/ciede2000_sharma_34.csv");
	assert_int_equal(table_rows(&table), 35);
	for (size_t r = 1; r < table_rows(&table); r++) {
		struct lab a = cells_lab(&table, r, 1), b = cells_lab(&table, r, 4);

		assert_close(delta_e_2000(&a, &b), cell_number(&table, r, 7), 5.1e-5);
		assert_close(delta_e_2000(&b, &a), cell_number(&table, r, 7), 5.1e-5);
		assert_close(ciede2000(&a, &b), cell_number(&table, r, 7), 5.1e-5);
	}
	table_clear(&table);
}

/* Pair 1 of that table, published with it, so that the formula is checked where there is no
 * data. */
static void delta_e_2000__sharma_pair_1_matches_the_table(void **state)
{
	struct lab a = {50, 2.6772, -79.7751}, b = {50, 0, -82.7485};

	(void)state;
	assert_close(delta_e_2000(&a, &b), 2.0425, 5e-5);
}

/* The search's own CIEDE2000 against LittleCMS's, near and far, grey and at the seams of hue. */
static void ciede2000__is_what_lcms_computes(void **state)
{
	unsigned long long seed = 7;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		double near = i % 2 ? 2.0 : 100.0;
		struct lab a = {100 * random_share(&seed), 160 * random_share(&seed) - 80,
				160 * random_share(&seed) - 80};
		struct lab b = {a.l + near * (random_share(&seed) - 0.5),
				a.a + near * (random_share(&seed) - 0.5),
				a.b + near * (random_share(&seed) - 0.5)};

		if (i % 50 == 0)
			a.a = a.b = 0;
		if (i % 50 == 1)
			b.b = -a.b;
		assert_close(ciede2000(&a, &b), delta_e_2000(&a, &b), 1e-9);
	}
}

/* For equal lightness and chroma near grey, where S_L = S_C = S_H = 1 and the stretch of a* is
 * 1.5. */
static void delta_lch_2000__is_signed_sample_minus_reference(void **state)
{
	struct lab a = {50, 0, 0}, lighter = {53, 0, 0}, redder = {50, 0.1, 0};

	(void)state;
	assert_close(delta_lch_2000(&a, &lighter).dl, 3, 1e-12);
	assert_close(delta_lch_2000(&lighter, &a).dl, -3, 1e-12);
	assert_close(delta_lch_2000(&a, &redder).dc, 0.15, 1e-6);
}

static void delta_lch_2000__turns_the_short_way_round(void **state)
{
	struct lab just_below = {50, 20, -0.1}, just_above = {50, 20, 0.1};

	(void)state;
	assert_true(delta_lch_2000(&just_below, &just_above).dh > 0);
	assert_true(delta_lch_2000(&just_above, &just_below).dh < 0);
	assert_true(fabs(delta_lch_2000(&just_below, &just_above).dh) < 0.3);
}

/* By hand: L* = 50 is Y = ((50 + 16) / 116)^3 = 0.184187; Y = 0.001 is under the knee: 903.296
 * Y. */
static void lab_from_xyz__by_hand(void **state)
{
	struct xyz white = {0.9505, 1, 1.089},
		   grey = {0.9505 * 0.18418652, 0.18418652, 1.089 * 0.18418652};
	struct xyz black = {0, 0.001, 0};
	struct lab lab = lab_from_xyz(&grey, &white);

	(void)state;
	assert_close(lab.l, 50, 1e-5);
	assert_close(lab.a, 0, 1e-9);
	assert_close(lab.b, 0, 1e-9);
	assert_close(lab_from_xyz(&black, &white).l, 0.9032963, 1e-6);
	assert_close(lab_from_xyz(&white, &white).l, 100, 1e-12);
}

/* tan 45 = 1: L* 15 above 50 with b* 15 is 45 degrees, with b* 0 it is 90. */
static void ita__by_hand(void **state)
{
	struct lab fair = {65, 0, 15}, grey = {60, 0, 0}, dark = {35, 0, 15};

	(void)state;
	assert_close(lab_ita_degrees(&fair), 45, 1e-9);
	assert_close(lab_ita_degrees(&grey), 90, 1e-9);
	assert_close(lab_ita_degrees(&dark), -45, 1e-9);
}

static void lch__covers_the_whole_circle(void **state)
{
	struct lab blue = {50, 0, -10};
	struct lch lch = lch_from_lab(&blue);

	(void)state;
	assert_close(lch.c, 10, 1e-12);
	assert_close(lch.h, 270, 1e-9);
}

/* White stays white, whatever the light; sRGB's own numbers come back (IEC 61966-2-1: red is 1 0
 * 0, its D50-adapted XYZ by Bradford is 0.4360 0.2225 0.0139). */
static void pcs__adapts_white_to_white_and_srgb_red_to_red(void **state)
{
	struct xyz white = {1.0985, 1, 0.3558}, red = {0.4360747, 0.2225045, 0.0139322};
	struct xyz d50 = {0.9642, 1, 0.8249};
	struct lab pcs[2];
	struct shown_colour srgb[2];
	struct device *screen;
	struct error err;

	(void)state;
	assert_ok(pcs_lab_from_xyz(&pcs[0], &white, &white, &err), &err);
	assert_close(pcs[0].l, 100, 1e-3);
	assert_close(pcs[0].a, 0, 1e-2);
	assert_close(pcs[0].b, 0, 1e-2);
	assert_ok(pcs_lab_from_xyz(&pcs[1], &red, &d50, &err), &err);
	assert_ok(device_open(&screen, NULL, 0, "sRGB", DEVICE_SHOWING, INTENT_RELATIVE, &err),
		  &err);
	for (int i = 0; i < 2; i++)
		device_show(&srgb[i], screen, &pcs[i]);
	device_close(screen);
	assert_close(srgb[0].value[1], 1, 2e-3);
	assert_close(srgb[1].value[0], 1, 2e-3);
	assert_close(srgb[1].value[1], 0, 1e-2);
	assert_close(srgb[1].value[2], 0, 1e-2);
	assert_false(srgb[1].out_of_gamut);
}

static void srgb__marks_what_it_cannot_show(void **state)
{
	struct lab green = {80, -120, 80};
	struct shown_colour srgb;
	struct device *screen;
	struct error err;

	(void)state;
	assert_ok(device_open(&screen, NULL, 0, "sRGB", DEVICE_SHOWING, INTENT_RELATIVE, &err),
		  &err);
	device_show(&srgb, screen, &green);
	device_close(screen);
	assert_true(srgb.out_of_gamut);
	assert_true(srgb.value[0] >= 0 && srgb.value[0] <= 1);
}

/* ArgyllCMS spec2cie on the same file. Its C comes from a coarser table, hence the wider limit. */
static void lab_of_a_colorchecker__agrees_with_argyll(void **state)
{
	struct reading_list list = {0};
	struct notes notes = {0};
	struct table table;
	struct error err;
	int compared = 0;

	(void)state;
	data_table(&table, "reference_values/argyll_spec2cie_colorchecker24.csv");
	assert_ok(readings_read(&list, NULL, data_path("instruments/babelcolor_cc_avg30_cgats.txt"),
				&notes, &err),
		  &err);
	assert_int_equal(list.count, 24);
	for (size_t r = 1; r < table_rows(&table); r++) {
		const char *light = table_cell(&table, r, 1);
		struct illuminant illuminant;
		struct observer observer, two;
		struct colorimeter meter = {
			.illuminant = &illuminant, .observer = &observer, .pcs_observer = &two};
		struct reading_colour colour;
		double within = strcmp(light, "C") ? 0.02 : 0.06;
		size_t i = 0;

		if (strcmp(light, "F8") == 0) /* 5 nm lines: ArgyllCMS interpolates them linearly */
			continue;
		assert_ok(illuminant_find(&illuminant, light, &err), &err);
		assert_ok(observer_find(&observer,
					strstr(table_cell(&table, r, 2), "1964") ? "10" : "2",
					&err),
			  &err);
		assert_ok(observer_find(&two, "2", &err), &err);
		while (i < list.count &&
		       !text_same(reading_at(&list, i)->name, table_cell(&table, r, 0)))
			i++;
		assert_true(i < list.count);
		assert_ok(colorimeter_measure(&colour, &meter, reading_at(&list, i), &err), &err);
		assert_close(100 * colour.xyz.x, cell_number(&table, r, 3), within);
		assert_close(100 * colour.xyz.y, cell_number(&table, r, 4), within);
		assert_close(100 * colour.xyz.z, cell_number(&table, r, 5), within);
		compared++;
	}
	assert_int_equal(compared, 24 * 2 * 4);
	reading_list_clear(&list);
	table_clear(&table);
	notes_clear(&notes);
}

/* A sample against itself has no index; one that differs by a factor in every band only has none
 * either, since the multiplicative correction takes a common factor out. */
static void metamerism_index__is_zero_for_a_common_factor(void **state)
{
	const struct grid grid = {400, 10, 31};
	struct illuminant d65, a;
	struct observer observer;
	struct weights main_light, test_light;
	double one[31], two[31];
	struct error err;

	(void)state;
	assert_ok(illuminant_find(&d65, "D65", &err), &err);
	assert_ok(illuminant_find(&a, "A", &err), &err);
	assert_ok(observer_find(&observer, "10", &err), &err);
	assert_ok(weights_build(&main_light, &grid, &d65, &observer, &err), &err);
	assert_ok(weights_build(&test_light, &grid, &a, &observer, &err), &err);
	for (int i = 0; i < 31; i++) {
		one[i] = 0.2 + 0.01 * i;
		two[i] = 0.9 * one[i];
	}
	assert_close(metamerism_index(&main_light, &test_light, one, two), 0, 1e-6);
	for (int i = 0; i < 31; i++)
		two[i] = 0.35;
	assert_true(metamerism_index(&main_light, &test_light, one, two) > 0.1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delta_e_2000__all_34_sharma_pairs_match_the_table),
		cmocka_unit_test(delta_e_2000__sharma_pair_1_matches_the_table),
		cmocka_unit_test(ciede2000__is_what_lcms_computes),
		cmocka_unit_test(delta_lch_2000__is_signed_sample_minus_reference),
		cmocka_unit_test(delta_lch_2000__turns_the_short_way_round),
		cmocka_unit_test(lab_from_xyz__by_hand),
		cmocka_unit_test(ita__by_hand),
		cmocka_unit_test(lch__covers_the_whole_circle),
		cmocka_unit_test(pcs__adapts_white_to_white_and_srgb_red_to_red),
		cmocka_unit_test(srgb__marks_what_it_cannot_show),
		cmocka_unit_test(lab_of_a_colorchecker__agrees_with_argyll),
		cmocka_unit_test(metamerism_index__is_zero_for_a_common_factor),
	};

	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
