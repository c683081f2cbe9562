/* The scene and what is read off it: fields, reach, explanation, error band, sessions. */
#include "support.h"

#include "colour/cms.h"
#include "formats/reading_file.h"
#include "match/explanation.h"
#include "match/plan.h"
#include "match/reach.h"

#include <math.h>
#include <string.h>

/* --- the scene -------------------------------------------------------------------------------- */

/* Dots with the required colour make the natural field, exactly, hairs left or not. */
static void scene__required_dots_make_the_natural_field(void **state)
{
	double patch[SPECTRUM_SAMPLES_MAX];

	(void)state;
	stage.brief.technique.value[TECHNIQUE_HAIRS_LEFT_CM2] = 60;
	stage_build_example();
	scene_field(patch, &stage.scene, &stage.scene.field, stage.scene.required);
	for (int b = 0; b < stage.scene.grid.count; b++)
		assert_close(patch[b], stage.scene.natural[b], 1e-12);
	assert_close(scene_field_de00(&stage.scene, &stage.scene.field, stage.scene.required), 0,
		     1e-6);
}

static void scene__says_what_would_bring_the_dot_in_reach(void **state)
{
	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 120;
	stage_build_example();
	reach_note(&stage.scene, &stage.brief, &stage.notes);
	assert_non_null(strstr(stage.notes.line[stage.notes.count - 1], "out of reach"));
	assert_non_null(strstr(stage.notes.line[stage.notes.count - 1], "dots per cm²"));
}

static bool does(enum technique_key key, double value)
{
	struct reach reach;
	double usual = stage.brief.technique.value[key];

	stage.brief.technique.value[key] = value;
	stage_build();
	reach_compute(&reach, &stage.scene, &stage.brief);
	stage.brief.technique.value[key] = usual;
	return reach.within;
}

/* Each lever that is named does it by itself, and a little less of it does not. */
static void reach__each_lever_does_what_it_says(void **state)
{
	struct reach reach;

	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 120;
	stage_build_example();
	reach_compute(&reach, &stage.scene, &stage.brief);
	assert_false(reach.within);
	assert_true(reach.shallower && reach.dots_per_cm2 > 120 && reach.dot_mm > 0.15);
	assert_true(does(TECHNIQUE_DOTS_PER_CM2, reach.dots_per_cm2 * 1.001));
	assert_false(does(TECHNIQUE_DOTS_PER_CM2, reach.dots_per_cm2 * 0.999));
	assert_true(does(TECHNIQUE_DOT_HEALED_MM, reach.dot_mm * 1.001));
	assert_false(does(TECHNIQUE_DOT_HEALED_MM, reach.dot_mm * 0.999));
	assert_true(does(TECHNIQUE_DEPTH_MM, reach.depth_mm - 0.001));
	assert_false(does(TECHNIQUE_DEPTH_MM, reach.depth_mm + 0.001));
	assert_true(reach.black_l <= reach.darkest_l);
}

/* The darkest dot there is gets lighter with depth. */
static void reach__deeper_is_lighter(void **state)
{
	double last = 0.0;

	(void)state;
	stage_build_example();
	for (double depth = 0.0; depth < 1.0; depth += 0.1) {
		struct reach reach;

		stage.brief.technique.value[TECHNIQUE_DEPTH_MM] = depth;
		stage_build();
		reach_compute(&reach, &stage.scene, &stage.brief);
		assert_true(reach.darkest_l > last);
		last = reach.darkest_l;
	}
}

/* --- hair that may come back ------------------------------------------------------------------- */

/* With equal weight the patch is as far off now as it is when the hair is back; the more the
 * regrowth counts, the lighter the dots. */
static void regrowth__is_balanced(void **state)
{
	const double *required = stage.scene.required;
	double last = 0.0;

	(void)state;
	for (double share = 0.0; share < 0.95; share += 0.25) {
		double now, then;

		stage.brief.technique.value[TECHNIQUE_REGROWTH_SHARE] = share;
		stage_build_example();
		now = scene_field_de00(&stage.scene, &stage.scene.field, required);
		then = scene_field_de00(&stage.scene, &stage.scene.regrown, required);
		if (share > 0.0)
			assert_close((1.0 - share) * now, share * then, 1e-4);
		else
			assert_close(now, 0.0, 1e-6);
		assert_true(stage.scene.problem.light[0].required.l > last);
		last = stage.scene.problem.light[0].required.l;
	}
	stage.brief.given[ROLE_HAIR] = false;
	stage.brief.given[ROLE_FIELD] = true;
	stage.brief.reading[ROLE_FIELD] = stage.brief.reading[ROLE_SKIN];
	assert_int_equal(scene_build(&stage.scene, &stage.brief, &stage.line, &stage.lights,
				     &stage.haemoglobin, &stage.notes, &stage.err),
			 STATUS_REFUSED);
	assert_non_null(strstr(stage.err.message, "a hair reading is needed"));
}

/* Dots are added to those that are there: half of them on bare skin and the other half on that patch make
 * the patch with all, but for where they overlap. */
static void patch__dots_add_up(void **state)
{
	double half[SPECTRUM_SAMPLES_MAX], all[SPECTRUM_SAMPLES_MAX], dot[SPECTRUM_SAMPLES_MAX];
	double share;

	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 200;
	stage_build_example();
	memcpy(dot, stage.scene.required, sizeof dot);
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 100;
	stage_build();
	share = stage.scene.field.dot_share;
	scene_field(half, &stage.scene, &stage.scene.field, dot);
	stage.brief.given[ROLE_PATCH] = true;
	stage.brief.reading[ROLE_PATCH] = stage.brief.reading[ROLE_SKIN];
	stage.brief.reading[ROLE_PATCH].mean.reflectance.grid = stage.scene.grid;
	memcpy(stage.brief.reading[ROLE_PATCH].mean.reflectance.value, half, sizeof half);
	stage_build();
	scene_field(all, &stage.scene, &stage.scene.field, dot);
	for (int b = 0; b < stage.scene.grid.count; b++) {
		struct field both = {.dot_share = 1.0 - (1.0 - share) * (1.0 - share), .n = 2.0};

		assert_close(all[b], field_reflectance(&both, stage.scene.bare[b], dot[b], 0.0),
			     1e-12);
	}
}

/* --- pigments that heal otherwise ---------------------------------------------------------------- */

static struct lab dot_in(enum healing_state state)
{
	struct search_recipe dot = {.dose_count = 1, .dose = {{1, 3}}, .diluent_drops = 0};

	stage.brief.state = state;
	stage_build_example();
	search_evaluate(&dot, &stage.scene.problem);
	return dot.lab;
}

/* Half of it left where 0.6 of the others is, is a technique that keeps 0.3; fresh it is all there; and a line
 * that was used in one state is as it was in another. */
static void kept_factor__is_the_pigments_own_kept_share(void **state)
{
	struct technique *technique = &stage.brief.technique;
	struct lab fresh = dot_in(STATE_FRESH), healed, day7, again;

	(void)state;
	technique_set(technique, TECHNIQUE_KEPT_SHARE, 0.3, "test");
	technique_set(technique, TECHNIQUE_DAY7_SHARE, 0.65, "test"); /* half of what fades */
	healed = dot_in(STATE_HEALED);
	day7 = dot_in(STATE_DAY7);
	technique_set(technique, TECHNIQUE_KEPT_SHARE, 0.6, "test");
	technique_set(technique, TECHNIQUE_DAY7_SHARE, 0.8, "test");
	stage.line.pigment[1].kept_factor = 0.5;
	again = dot_in(STATE_HEALED);
	assert_true(delta_e_2000(&healed, &fresh) > 1.0);
	/* the diluent stays with the technique's share: water, K and S 0.001 */
	assert_close(delta_e_2000(&again, &healed), 0.0, 1e-6);
	again = dot_in(STATE_DAY7);
	assert_close(delta_e_2000(&again, &day7), 0.0, 1e-6);
	again = dot_in(STATE_FRESH);
	assert_close(delta_e_2000(&again, &fresh), 0.0, 1e-6);
}

/* A scene of one state says how its dots look in another: as a scene of that state does, and it is as it was. */
static void scene_dot__is_the_dot_of_a_scene_of_that_state(void **state)
{
	const double amount[LINE_PIGMENTS_MAX] = {0, 3};
	double dot[SPECTRUM_SAMPLES_MAX];
	struct lab own, other;

	(void)state;
	stage.line.pigment[1].kept_factor = 0.5;
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++) {
			other = dot_in(to);
			own = dot_in(from);
			assert_ok(scene_dot(dot, &stage.scene, &stage.brief, amount, 0.0, to,
					    &stage.err),
				  &stage.err);
			assert_close(weights_lab(&stage.scene.problem.light[0].weights, dot).l,
				     other.l, 1e-9);
			assert_true(from == to || fabs(own.l - other.l) > 0.1);
		}
}

/* --- where a colour comes from ------------------------------------------------------------------- */

/* A black at 0.2 mm is off towards blue-green from as light a dot at the top; at 0 it is not off. */
static void explanation__depth_turns_a_black_blue_green(void **state)
{
	const double black[LINE_PIGMENTS_MAX] = {1};
	struct explanation found;

	(void)state;
	stage_build_example();
	assert_ok(explain_dot(&found, &stage.scene, &stage.brief, black, 30, &stage.err),
		  &stage.err);
	assert_true(found.shift_da < -1.0 && found.shift_de00 > 2.0);
	assert_true(found.shift_hue_degrees > 150.0 && found.shift_hue_degrees < 250.0);
	assert_string_equal(found.in_line.id, "red");
	assert_true(found.in_line.da > 0.0);
	assert_string_equal(found.in_mix.id, "");
	stage.brief.technique.value[TECHNIQUE_DEPTH_MM] = 0.0;
	stage_build();
	assert_ok(explain_dot(&found, &stage.scene, &stage.brief, black, 30, &stage.err),
		  &stage.err);
	assert_close(found.shift_de00, 0.0, 1e-4);
}

/* The uppermost layer is the dot that the search predicts. */
static void explanation__ends_at_the_dot(void **state)
{
	const double mix[LINE_PIGMENTS_MAX] = {2, 0, 0, 1};
	struct search_recipe dot = {.dose_count = 2, .dose = {{0, 2}, {3, 1}}, .diluent_drops = 40};
	struct explanation found;

	(void)state;
	stage_build_example();
	search_evaluate(&dot, &stage.scene.problem);
	assert_ok(explain_dot(&found, &stage.scene, &stage.brief, mix, 40, &stage.err), &stage.err);
	assert_close(found.layer[LAYER_SURFACE].l, dot.lab.l, 1e-9);
	assert_close(found.layer[LAYER_SURFACE].a, dot.lab.a, 1e-9);
	assert_close(found.layer[LAYER_SURFACE].b, dot.lab.b, 1e-9);
}

/* --- how sure it is ------------------------------------------------------------------------------ */

/* Nothing is in doubt but what the test puts in doubt. */
static void be_sure(void)
{
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		technique_set(&stage.brief.technique, key, stage.brief.technique.value[key],
			      "test");
	for (int i = 0; i < stage.line.count; i++)
		stage.line.pigment[i].origin.steps = 3;
	stage_build_example();
	stage.brief.reading[ROLE_SKIN].count = 2;
}

static struct error_band band_of(double drops, double water)
{
	const double amount[LINE_PIGMENTS_MAX] = {[1] = drops};
	struct error_band band;

	assert_ok(error_band(&band, &stage.scene, &stage.brief, amount, water, &stage.err),
		  &stage.err);
	return band;
}

static void band__is_what_is_in_doubt(void **state)
{
	struct error_band few, many, again;

	(void)state;
	be_sure();
	many = band_of(30000, 90000);
	assert_close(many.de00, 0.0, 0.01); /* half a drop of 30,000 */
	few = band_of(1, 3);
	assert_true(few.de00 > 0.3);
	assert_true(few.de00_field < few.de00);
	again = band_of(1, 3);
	assert_memory_equal(&few, &again, sizeof few);
	stage.brief.reading[ROLE_SKIN].spread_de00 = 1.0;
	assert_true(band_of(30000, 90000).de00 > 0.3);
}

/* Of one parameter alone: nearly all draws lie in its range, so the band is about the dE00 at the farther
 * end of it. */
static void band__of_a_range_is_the_distance_of_its_end(void **state)
{
	struct technique *technique = &stage.brief.technique;
	struct search_recipe dot = {.dose_count = 1, .dose = {{1, 300}}, .diluent_drops = 900};
	struct lab middle;
	double farther = 0.0, band;

	(void)state;
	be_sure();
	search_evaluate(&dot, &stage.scene.problem);
	middle = dot.lab;
	technique->least[TECHNIQUE_DEPTH_MM] = 0.15;
	technique->most[TECHNIQUE_DEPTH_MM] = 0.25;
	band = band_of(30000, 90000).de00;
	for (double depth = 0.15; depth < 0.3; depth += 0.1) {
		technique->value[TECHNIQUE_DEPTH_MM] = depth;
		stage_build();
		search_evaluate(&dot, &stage.scene.problem);
		farther = fmax(farther, delta_e_2000(&middle, &dot.lab));
	}
	assert_close(band / farther, 1.0, 0.15);
}

/* A pigment that is off by dE00 1 in its drawdown is off by about as much here, not by ten times. */
static void band__follows_the_calibration(void **state)
{
	double before;

	(void)state;
	be_sure();
	stage.line.pigment[1].origin.residual_de00 = 0.5;
	before = band_of(30000, 90000).de00;
	assert_true(before > 0.05 && before < 1.5);
	stage.line.pigment[1].origin.residual_de00 = 1.0;
	assert_close(band_of(30000, 90000).de00 / before, 2.0, 0.2);
}

/* --- sessions ------------------------------------------------------------------------------------ */

static void plan__steps_are_equal_and_lighter_first(void **state)
{
	const struct weights *weights = &stage.scene.problem.light[0].weights;
	struct plan plan;

	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 300;
	stage_build_example();
	for (int sessions = 1; sessions <= PLAN_SESSIONS_MAX; sessions++) {
		struct lab before = weights_lab(weights, stage.scene.bare);
		int dots = 0;

		plan_split(&plan, &stage.scene, &stage.brief, sessions);
		assert_close(plan.share, 1.0, 0.0);
		for (int k = 0; k < sessions; k++) {
			struct lab after = weights_lab(weights, plan.step[k].waypoint);

			assert_close(delta_e_2000(&before, &after), plan.step_de00, 1e-4);
			assert_true(k == 0 ||
				    plan.step[k].dots_per_cm2 <=
					    plan.step[k - 1].dots_per_cm2 + 1); /* rounded */
			dots += plan.step[k].dots_per_cm2;
			before = after;
		}
		assert_int_equal(dots, 300);
		for (int b = 0; b < stage.scene.grid.count; b++)
			assert_close(plan.step[sessions - 1].waypoint[b], stage.scene.wanted[b],
				     1e-12);
	}
}

static double step_of(const struct search_recipe *mix, const double *before)
{
	const struct weights *weights = &stage.scene.problem.light[0].weights;
	double patch[SPECTRUM_SAMPLES_MAX];
	struct lab from = weights_lab(weights, before), to;

	scene_field(patch, &stage.scene, &stage.scene.field, mix->reflectance);
	to = weights_lab(weights, patch);
	return delta_e_2000(&from, &to);
}

/* Each session's mix is darker than the last one's, and its step is the planned one to within what one drop
 * more of its largest dose does. */
static void plan__steps_are_met_within_one_drop(void **state)
{
	struct brief whole;
	struct plan plan;
	double patch[SPECTRUM_SAMPLES_MAX], last = INFINITY;

	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 300;
	stage_build_example();
	whole = stage.brief;
	memcpy(patch, stage.scene.bare, sizeof patch);
	plan_split(&plan, &stage.scene, &whole, 3);
	for (int k = 0; k < 3; k++) {
		struct search_result result;
		struct search_recipe mix, more;
		int largest = 0;

		plan_brief(&stage.brief, &plan, k, &stage.scene, &whole, patch);
		stage_build();
		stage.scene.problem.limits.drops_max = 8;
		assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
		mix = more = result.recipe[0];
		search_result_clear(&result);
		for (int i = 1; i < mix.dose_count; i++)
			if (mix.dose[i].drops > mix.dose[largest].drops)
				largest = i;
		more.dose[largest].drops++;
		search_evaluate(&more, &stage.scene.problem);
		assert_close(step_of(&mix, patch), plan.step_de00,
			     fabs(step_of(&more, patch) - step_of(&mix, patch)) + 1e-3);
		assert_true(mix.lab.l < last);
		last = mix.lab.l;
		scene_field(patch, &stage.scene, &stage.scene.field, mix.reflectance);
	}
}

/* Where the field is out of reach the plan ends where the line does. */
static void plan__goes_as_far_as_it_can(void **state)
{
	struct plan plan;

	(void)state;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 100;
	stage_build_example();
	plan_split(&plan, &stage.scene, &stage.brief, 3);
	assert_true(plan.share > 0.1 && plan.share < 0.9);
	assert_true(plan.rise > 0.0);
}

static void scene__refuses_readings_that_miss_the_visible(void **state)
{
	(void)state;
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_read(ROLE_HAIR, "recipes/example/hair.txt");
	stage.brief.reading[ROLE_HAIR].mean.reflectance.grid.count = 20; /* ends at 570 nm */
	assert_int_equal(scene_build(&stage.scene, &stage.brief, &stage.line, &stage.lights,
				     &stage.haemoglobin, &stage.notes, &stage.err),
			 STATUS_REFUSED);
	assert_non_null(strstr(stage.err.message, "share no 400–700 nm"));
}

/* The whole job on measured skin and measured hair, every pair: the model reproduces the skin, the
 * required dots make the field, and the best recipe of a small grid beats bare skin. */
static void every_pair_of_measured_skin_and_hair__is_matched(void **state)
{
	struct reading_list skins = {0}, hairs = {0};
	double worst = 0;
	int pairs = 0;

	(void)state;
	assert_ok(readings_read(&skins, NULL, data_path("skin/nist_skin_dev67.csv"), &stage.notes,
				&stage.err),
		  &stage.err);
	assert_ok(readings_read(&hairs, NULL, data_path("hair/vrhel_hair4.csv"), &stage.notes,
				&stage.err),
		  &stage.err);
	for (size_t s = 0; s < skins.count; s++)
		for (size_t h = 0; h < hairs.count; h++) {
			struct search_result result;
			double bare;

			stage.brief.given[ROLE_SKIN] = stage.brief.given[ROLE_HAIR] = true;
			stage.brief.reading[ROLE_SKIN] =
				(struct repeats){.mean = *reading_at(&skins, s), .count = 1};
			stage.brief.reading[ROLE_HAIR] =
				(struct repeats){.mean = *reading_at(&hairs, h), .count = 1};
			stage_build();
			stage.scene.problem.limits.drops_max = 4;
			stage.scene.problem.limits.diluent_step = 10;
			stage.scene.problem.limits.diluent_max = 60;
			assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err),
				  &stage.err);
			bare = scene_field_de00(&stage.scene, &stage.scene.field, stage.scene.bare);
			assert_true(scene_field_de00(&stage.scene, &stage.scene.field,
						     result.recipe[0].reflectance) < bare);
			assert_true(isfinite(result.recipe[0].objective));
			worst = fmax(worst, scene_field_de00(&stage.scene, &stage.scene.field,
							     result.recipe[0].reflectance));
			search_result_clear(&result);
			pairs++;
		}
	print_message("%d pairs, worst dE00 of fields %.3f\n", pairs, worst);
	assert_int_equal(pairs, 67 * 4);
	assert_true(worst < 1.0); /* the trade's default tolerance */
	reading_list_clear(&skins);
	reading_list_clear(&hairs);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(scene__required_dots_make_the_natural_field),
		CASE(scene__says_what_would_bring_the_dot_in_reach),
		CASE(reach__each_lever_does_what_it_says),
		CASE(reach__deeper_is_lighter),
		CASE(regrowth__is_balanced),
		CASE(patch__dots_add_up),
		CASE(kept_factor__is_the_pigments_own_kept_share),
		CASE(scene_dot__is_the_dot_of_a_scene_of_that_state),
		CASE(explanation__depth_turns_a_black_blue_green),
		CASE(explanation__ends_at_the_dot),
		CASE(band__is_what_is_in_doubt),
		CASE(band__of_a_range_is_the_distance_of_its_end),
		CASE(band__follows_the_calibration),
		CASE(plan__steps_are_equal_and_lighter_first),
		CASE(plan__steps_are_met_within_one_drop),
		CASE(plan__goes_as_far_as_it_can),
		CASE(scene__refuses_readings_that_miss_the_visible),
		CASE(every_pair_of_measured_skin_and_hair__is_matched),
	};

	return cmocka_run_group_tests_name("scene", tests, stage_find_profiles, NULL);
}
