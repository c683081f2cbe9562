/* Dilutions of a pigment in a skin: the trade's even steps, and steps that look equal. */
#include "support.h"

#include "colour/cms.h"
#include "match/dilution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct dilution_limits usual = {15.0, 12};
static struct dilution dilution;

static int compute(const char *pigment, struct dilution_limits limits)
{
	return (int)dilution_compute(&dilution, &stage.scene,
				     pigment_line_find(&stage.line, pigment), &limits, &stage.err);
}

static void compute_example(const char *pigment)
{
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_build();
	assert_ok(compute(pigment, usual), &stage.err);
}

/* The dot of a share of one pigment, by the mixing of shares that recipes are mixed with. */
static struct lab dot_of(const char *pigment, double part)
{
	double share[LINE_PIGMENTS_MAX] = {0}, k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	double dot[SPECTRUM_SAMPLES_MAX];

	share[pigment_line_find(&stage.line, pigment)] = part;
	pigment_line_mix(k, s, &stage.line, share, 1.0 - part);
	for (int b = 0; b < stage.scene.grid.count; b++)
		dot[b] = medium_reflectance(&stage.scene.medium, b, k[b], s[b]);
	return weights_lab(&stage.scene.problem.light[0].weights, dot);
}

/* --- even steps --------------------------------------------------------------------------------- */

/* Carbon black and water are dropped alike, 20 to the ml: n drops to one. */
static void even_steps__are_n_ml_to_one_of_pigment(void **state)
{
	(void)state;
	compute_example("carbon-black");
	assert_int_equal(dilution.waters, 31);
	for (int n = 0; n < dilution.waters; n++) {
		assert_close(dilution.water[n].parts, n, 1e-12);
		assert_int_equal(dilution.water[n].diluent_drops,
				 n * dilution.water[n].pigment_drops);
	}
}

/* White has 18 drops to the ml, water 20: 9 drops of the one are 0.5 ml, 10 of the other too. */
static void even_steps__count_drops_of_other_sizes(void **state)
{
	(void)state;
	compute_example("white");
	assert_int_equal(dilution.water[1].pigment_drops, 9);
	assert_int_equal(dilution.water[1].diluent_drops, 10);
	for (int n = 0; n < dilution.waters; n++)
		assert_close(dilution.water[n].parts, n, 0.05 * n);
}

static void even_steps__of_a_black_get_lighter_and_nearer_to_the_skin(void **state)
{
	(void)state;
	compute_example("carbon-black");
	for (int n = 1; n < dilution.waters; n++) {
		const struct dilution_step *step = &dilution.water[n];

		assert_true(step->dot.lab.l > step[-1].dot.lab.l);
		assert_true(step->de00_skin < step[-1].de00_skin);
		assert_true(step->along_de00 > step[-1].along_de00);
		assert_close(step->de00_before, delta_e_2000(&step[-1].dot.lab, &step->dot.lab),
			     1e-12);
	}
}

/* Those of a brown are not even: the first is ten times the last. */
static void even_steps__are_uneven(void **state)
{
	(void)state;
	compute_example("raw-umber");
	assert_true(dilution.water[1].de00_before > 10.0 * dilution.water[30].de00_before);
}

/* --- equal steps -------------------------------------------------------------------------------- */

static void equal_steps__are_equal_for_every_pigment(void **state)
{
	(void)state;
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_build();
	for (int i = 0; i < stage.line.count; i++) {
		double part;

		assert_ok(compute(stage.line.pigment[i].bottle.id, usual), &stage.err);
		part = dilution.way_de00 / DILUTION_EQUALS;
		assert_true(dilution.equals >= 9);
		for (int k = 1; k < dilution.equals; k++) {
			const struct dilution_step *step = &dilution.equal[k];

			assert_true(step->along_de00 > step[-1].along_de00);
			/* each end within a twentieth of its place, and the way between is nearly straight */
			assert_close(step->de00_before, part, 0.12 * part);
		}
	}
}

/* Walked along in small steps of my own, the way is as long, and no whole drops in the cup lie nearer to a step's place by more than
 * the twentieth of a step for which fewer drops are taken. */
static void equal_steps__are_the_nearest_whole_drops(void **state)
{
	enum { STEPS = 20000 };
	double *along = calloc(STEPS + 1, sizeof *along), part;
	struct lab before, seen;

	(void)state;
	compute_example("raw-umber");
	before = dot_of("raw-umber", 1.0);
	for (int i = 1; i <= STEPS; i++) { /* even in the logarithm of 1 + n, n to 10,000 */
		seen = dot_of("raw-umber", pow(1e-4, (double)i / STEPS));
		along[i] = along[i - 1] + delta_e_2000(&before, &seen);
		before = seen;
	}
	assert_close(along[STEPS] + delta_e_2000(&before, &dilution.skin.lab), dilution.way_de00,
		     2e-3 * dilution.way_de00);
	part = dilution.way_de00 / DILUTION_EQUALS;
	for (int k = 0; k < dilution.equals; k++) {
		double best = INFINITY, off = fabs(dilution.equal[k].along_de00 - k * part);

		for (int p = 1; p <= usual.pigment_drops_max; p++)
			for (int d = 0; p + d <= 300; d++) { /* 15 ml of 20 drops */
				int i = (int)lround(log(p / (double)(p + d)) / log(1e-4) * STEPS);

				best = fmin(best, fabs(along[i] - k * part));
			}
		assert_true(off <= best + 0.05 * part + 2e-3);
	}
	free(along);
}

static void equal_steps__begin_undiluted_and_end_near_the_skin(void **state)
{
	struct lab undiluted;

	(void)state;
	compute_example("carbon-black");
	undiluted = dot_of("carbon-black", 1.0);
	assert_int_equal(dilution.equal[0].diluent_drops, 0);
	assert_close(delta_e_2000(&dilution.equal[0].dot.lab, &undiluted), 0.0, 1e-9);
	assert_int_equal(dilution.equals, DILUTION_EQUALS);
	assert_close(dilution.equal[9].de00_skin, dilution.way_de00 / 10,
		     0.05 * dilution.way_de00 / 10);
}

/* --- all steps ---------------------------------------------------------------------------------- */

static void check_fits(const struct dilution_step *step, int count, struct dilution_limits limits)
{
	for (int i = 0; i < count; i++) {
		assert_true(step[i].pigment_drops >= 1 && step[i].diluent_drops >= 0);
		assert_true(step[i].pigment_drops <= limits.pigment_drops_max);
		assert_true(step[i].pigment_ml + step[i].diluent_ml <= limits.cup_ml + 1e-9);
	}
}

static void steps__fit_the_cup_and_end_where_it_does(void **state)
{
	const struct dilution_limits small = {1.0, 3};

	(void)state;
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_build();
	assert_ok(compute("carbon-black", small), &stage.err);
	check_fits(dilution.water, dilution.waters, small);
	check_fits(dilution.equal, dilution.equals, small);
	/* 20 drops: one of pigment and 19 of water */
	assert_int_equal(dilution.waters, 20);
	assert_int_equal(dilution.water[19].diluent_drops, 19);
	assert_true(dilution.equals > 1 && dilution.equals < DILUTION_EQUALS);
	assert_ok(compute("white", usual), &stage.err);
	check_fits(dilution.water, dilution.waters, usual);
	check_fits(dilution.equal, dilution.equals, usual);
}

static void steps__of_a_cup_for_less_than_two_drops_are_refused(void **state)
{
	(void)state;
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_build();
	assert_int_equal(compute("carbon-black", (struct dilution_limits){0.09, 12}),
			 STATUS_REFUSED);
	assert_non_null(strstr(stage.err.message, "a cup of 0.09 ml"));
}

/* The search mixes and sees by code of its own. */
static void steps__are_seen_as_recipes_of_the_same_drops(void **state)
{
	const int index = pigment_line_find(&stage.line, "ochre");

	(void)state;
	compute_example("ochre");
	for (int i = 0; i < dilution.waters; i++) {
		const struct dilution_step *step = &dilution.water[i];
		struct search_recipe recipe = {.diluent_drops = step->diluent_drops,
					       .dose = {{index, step->pigment_drops}},
					       .dose_count = 1};
		double patch[SPECTRUM_SAMPLES_MAX];
		struct lab seen;

		search_evaluate(&recipe, &stage.scene.problem);
		seen = weights_lab(&stage.scene.problem.light[0].weights, recipe.reflectance);
		assert_close(delta_e_76(&seen, &step->dot.lab), 0.0, 1e-9);
		scene_field(patch, &stage.scene, &stage.scene.field, recipe.reflectance);
		seen = weights_lab(&stage.scene.problem.light[0].weights, patch);
		assert_close(delta_e_76(&seen, &step->field.lab), 0.0, 1e-9);
	}
}

/* Whatever stands beside it in the line. */
static void steps__do_not_depend_on_the_lines_order(void **state)
{
	static struct dilution first;

	(void)state;
	compute_example("ochre");
	first = dilution;
	for (int i = 0, j = stage.line.count - 1; i < j; i++, j--) {
		struct pigment swapped = stage.line.pigment[i];

		stage.line.pigment[i] = stage.line.pigment[j];
		stage.line.pigment[j] = swapped;
	}
	assert_ok(compute("ochre", usual), &stage.err);
	assert_memory_equal(&first, &dilution, sizeof first);
}

/* A pigment that is water changes nothing: all its steps are the first. */
static void steps__of_water_in_water_are_none(void **state)
{
	struct pigment *pigment = &stage.line.pigment[0];

	(void)state;
	memcpy(pigment->k_per_mm, stage.line.diluent.k_per_mm, sizeof pigment->k_per_mm);
	memcpy(pigment->s_per_mm, stage.line.diluent.s_per_mm, sizeof pigment->s_per_mm);
	compute_example(pigment->bottle.id);
	assert_true(dilution.way_de00 < 0.01);
	for (int n = 0; n < dilution.waters; n++)
		assert_close(dilution.water[n].de00_before, 0.0, 1e-6);
	assert_true(dilution.equals >= 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(even_steps__are_n_ml_to_one_of_pigment),
		CASE(even_steps__count_drops_of_other_sizes),
		CASE(even_steps__of_a_black_get_lighter_and_nearer_to_the_skin),
		CASE(even_steps__are_uneven),
		CASE(equal_steps__are_equal_for_every_pigment),
		CASE(equal_steps__are_the_nearest_whole_drops),
		CASE(equal_steps__begin_undiluted_and_end_near_the_skin),
		CASE(steps__fit_the_cup_and_end_where_it_does),
		CASE(steps__of_a_cup_for_less_than_two_drops_are_refused),
		CASE(steps__are_seen_as_recipes_of_the_same_drops),
		CASE(steps__do_not_depend_on_the_lines_order),
		CASE(steps__of_water_in_water_are_none),
	};

	return cmocka_run_group_tests_name("dilution", tests, stage_find_profiles, NULL);
}
