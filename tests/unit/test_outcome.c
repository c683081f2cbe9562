/* What a trial tells of a mix, and what healed patches tell of a technique, where the truth is known. */
#include "support.h"

#include "colour/cms.h"
#include "formats/pigment_file.h"
#include "formats/technique_file.h"
#include "match/correction.h"
#include "match/learning.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long chance = 11;
static struct pigment_line truth; /* the line as the bottles really are */
static struct recipe recipe;

static double between(double least, double most)
{
	return least + (most - least) * random_share(&chance);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *value, int count)
{
	qsort(value, (size_t)count, sizeof *value, compare);
	return value[count / 2];
}

/* --- correct ------------------------------------------------------------------------------------ */

/* Bottles up to 30 % stronger or weaker than their line. */
static void draw_truth(void)
{
	assert_ok(pigment_line_read(&truth, "example", &stage.err), &stage.err);
	pigment_line_clip(&truth, &stage.scene.grid);
	for (int i = 0; i < truth.count; i++)
		pigment_strengthen(&truth.pigment[i], &truth.grid, exp(between(-0.3, 0.3)));
}

/* What the recipe really looks like; *de00 from what is required. */
static void look_at(struct search_recipe *found, const struct pigment_line *line)
{
	struct search_problem problem = stage.scene.problem;

	problem.line = line;
	search_evaluate(found, &problem);
}

static void search_best(struct search_recipe *best)
{
	struct search_result result;

	stage.scene.problem.top = 1;
	assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
	*best = result.recipe[0];
	search_result_clear(&result);
}

/* The best recipe of the line as it is thought to be. */
static void plan_recipe(struct search_recipe *planned)
{
	struct search_limits *limits = &stage.scene.problem.limits;

	limits->drops_max = 5;
	limits->diluent_max = brief_in_skin(&stage.brief) ? 100 : 0;
	limits->diluent_step = 10;
	search_best(planned);
	recipe = (struct recipe){.brief = stage.brief};
	recipe_take_doses(&recipe, planned, &stage.line);
	assert_ok(recipe_predict(&recipe, &stage.scene, &stage.line, &stage.err), &stage.err);
}

static double ml_of(const struct search_recipe *mix)
{
	double ml = mix->diluent_drops / stage.line.diluent.bottle.drops_per_ml;

	for (int i = 0; i < mix->dose_count; i++)
		ml += mix->dose[i].drops /
		      stage.line.pigment[mix->dose[i].pigment].bottle.drops_per_ml;
	return ml;
}

/* One correction of that recipe. The line is as the trial told when this returns. */
static void correct(struct correction *out, struct search_recipe *corrected,
		    const struct search_recipe *tried)
{
	double trial[SPECTRUM_SAMPLES_MAX];
	const double cup_ml = 15.0;

	memcpy(trial, tried->reflectance, sizeof trial);
	if (brief_in_skin(&stage.brief))
		scene_field(trial, &stage.scene, &stage.scene.field, trial);
	assert_ok(correction_fit(out, &recipe, &stage.scene, trial, 0.05, &stage.err), &stage.err);
	for (int i = 0; i < recipe.dose_count; i++)
		pigment_strengthen(&stage.line.pigment[pigment_line_find(&stage.line,
									 recipe.dose[i].bottle.id)],
				   &stage.line.grid, out->strength[i]);
	search_limits_usual(&stage.scene.problem.limits);
	correction_limits(&stage.scene.problem.limits, &recipe, &stage.line, cup_ml);
	search_best(corrected);
	assert_true(ml_of(corrected) <= fmax(cup_ml, recipe_total_ml(&recipe)) + 1e-9);
}

static void assert_nothing_taken_out(const struct search_recipe *after)
{
	assert_true(after->diluent_drops >= recipe.diluent.drops);
	for (int i = 0; i < recipe.dose_count; i++) {
		int index = pigment_line_find(&stage.line, recipe.dose[i].bottle.id), kept = 0;

		for (int j = 0; j < after->dose_count; j++)
			if (after->dose[j].pigment == index)
				kept = after->dose[j].drops;
		assert_true(kept >= recipe.dose[i].drops);
	}
	assert_true(after->dose_count <= recipe.dose_count + 1);
}

enum { TRIALS = 24 };

/* With what one correction leaves of the median error; `set` builds a scene for each trial. */
static double ratio_left(void (*set)(void))
{
	double before[TRIALS], after[TRIALS];

	for (int t = 0; t < TRIALS; t++) {
		struct search_recipe planned, corrected;
		static struct correction correction;

		set();
		draw_truth();
		plan_recipe(&planned);
		look_at(&planned, &truth);
		before[t] = planned.de00;
		correct(&correction, &corrected, &planned);
		assert_nothing_taken_out(&corrected);
		look_at(&corrected, &truth);
		after[t] = corrected.de00;
		pigment_line_clear(&truth);
		pigment_line_clear(&stage.line);
		assert_ok(pigment_line_read(&stage.line, "example", &stage.err), &stage.err);
	}
	print_message("median dE00 before %.2f, after %.2f\n", median(before, TRIALS),
		      median(after, TRIALS));
	return median(after, TRIALS) / median(before, TRIALS);
}

/* A drawdown of three pigments of the line. */
static void set_drawdown(void)
{
	struct search_recipe hidden = {.dose_count = 3};
	struct spectrum *target = &stage.brief.reading[ROLE_TARGET].mean.reflectance;
	int first = (int)between(0.0, 6.0);

	for (int i = 0; i < 3; i++)
		hidden.dose[i] = (struct search_dose){first + i, (int)between(2.0, 7.0)};
	stage.brief.has_target_lab = true;
	stage.brief.given[ROLE_TARGET] = false;
	stage_build();
	search_evaluate(&hidden, &stage.scene.problem);
	target->grid = stage.scene.grid;
	memcpy(target->value, hidden.reflectance, sizeof hidden.reflectance);
	stage.brief.reading[ROLE_TARGET].mean.conditions.specular = SPECULAR_EXCLUDED;
	stage.brief.reading[ROLE_TARGET].count = 1;
	stage.brief.has_target_lab = false;
	stage.brief.given[ROLE_TARGET] = true;
	stage_build();
}

static void correct__a_drawdown_to_below_a_third(void **state)
{
	(void)state;
	assert_true(ratio_left(set_drawdown) < 1.0 / 3.0);
}

static void set_patch(void)
{
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = between(250.0, 500.0);
	stage_build_example();
}

static void correct__a_patch_to_below_a_third(void **state)
{
	(void)state;
	assert_true(ratio_left(set_patch) < 1.0 / 3.0);
}

/* A trial that is as predicted tells nothing; the error that is stated for it holds strengths back. */
static void correct__changes_no_more_than_it_must(void **state)
{
	struct search_recipe planned;
	static struct correction sure, unsure;
	double trial[SPECTRUM_SAMPLES_MAX];

	(void)state;
	set_drawdown();
	plan_recipe(&planned);
	assert_ok(
		correction_fit(&sure, &recipe, &stage.scene, planned.reflectance, 0.05, &stage.err),
		&stage.err);
	assert_close(sure.off_de00, 0.0, 1e-6);
	for (int i = 0; i < recipe.dose_count; i++)
		assert_close(sure.strength[i], 1.0, 1e-6);
	for (int b = 0; b < stage.scene.grid.count; b++)
		trial[b] = 1.05 * planned.reflectance[b];
	assert_ok(correction_fit(&sure, &recipe, &stage.scene, trial, 0.05, &stage.err),
		  &stage.err);
	assert_ok(correction_fit(&unsure, &recipe, &stage.scene, trial, 50.0, &stage.err),
		  &stage.err);
	for (int i = 0; i < recipe.dose_count; i++)
		assert_true(fabs(log(unsure.strength[i])) <= fabs(log(sure.strength[i])) + 1e-9);
	assert_true(unsure.residual_de00 > sure.residual_de00);
}

/* A cup that is full gets nothing more. */
static void correct__leaves_a_full_cup_alone(void **state)
{
	struct search_recipe planned, corrected;

	(void)state;
	set_patch();
	plan_recipe(&planned);
	search_limits_usual(&stage.scene.problem.limits);
	correction_limits(&stage.scene.problem.limits, &recipe, &stage.line, 0.5);
	search_best(&corrected);
	assert_int_equal(corrected.diluent_drops, planned.diluent_drops);
	assert_int_equal(corrected.dose_count, planned.dose_count);
	assert_memory_equal(corrected.dose, planned.dose,
			    (size_t)planned.dose_count * sizeof planned.dose[0]);
}

/* --- learn -------------------------------------------------------------------------------------- */

enum { PATCHES = 8 };

static struct observation observation[PATCHES];

/* Patches of several densities as they are by another technique, read to within `noise` of themselves. */
static void see_patches(const struct technique *real, int count, double noise)
{
	for (int i = 0; i < count; i++) {
		enum healing_state state = i % 2 ? STATE_FRESH : STATE_HEALED;
		struct search_recipe mix = {
			.dose_count = 1, .dose = {{i % 4, 2}}, .diluent_drops = 10 * (i % 3)};
		double patch[SPECTRUM_SAMPLES_MAX];
		struct technique thought = stage.brief.technique;

		stage.brief.state = state;
		stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 300 + 40 * i;
		stage_build_example();
		recipe = (struct recipe){.brief = stage.brief};
		recipe_take_doses(&recipe, &mix, &stage.line);
		for (int key = 0; key < TECHNIQUE_KEYS; key++)
			if (key != TECHNIQUE_DOTS_PER_CM2)
				stage.brief.technique.value[key] = real->value[key];
		stage_build();
		search_evaluate(&mix, &stage.scene.problem);
		scene_field(patch, &stage.scene, &stage.scene.field, mix.reflectance);
		stage.brief.technique = thought;
		for (int b = 0; b < stage.scene.grid.count; b++)
			patch[b] *= 1.0 + noise * (i % 3 - 1);
		assert_ok(observation_take(&observation[i], &recipe, &stage.scene, patch, state,
					   &stage.err),
			  &stage.err);
	}
}

static struct technique real_technique(void)
{
	struct technique real = stage.brief.technique;

	real.value[TECHNIQUE_DOSE_SHARE] = 0.08;
	real.value[TECHNIQUE_KEPT_SHARE] = 0.47;
	real.value[TECHNIQUE_DEPTH_MM] = 0.27;
	return real;
}

static void learn__finds_the_technique(void **state)
{
	const struct technique thought = stage.brief.technique, real = real_technique();
	struct learning found;

	(void)state;
	see_patches(&real, PATCHES, 0.0);
	assert_ok(learning_fit(&found, &thought, observation, PATCHES, &stage.err), &stage.err);
	assert_int_equal(found.readings, PATCHES);
	assert_int_equal(found.healed, PATCHES / 2);
	for (int i = LEARNED_DOSE; i <= LEARNED_DEPTH; i++) {
		const struct learned *learned = &found.parameter[i];

		assert_true(learned->told);
		assert_close(learned->value / real.value[learned->key], 1.0, 0.03);
		assert_true(learned->least <= learned->value && learned->value <= learned->most);
		assert_close(found.technique.value[learned->key], learned->value, 0.0);
		assert_non_null(strstr(found.technique.source[learned->key],
				       "learned from 8 readings, 4 of them healed"));
	}
	assert_true(found.de00_after < 0.2 * found.de00_before);
	assert_close(found.technique.value[TECHNIQUE_LAYER_MM], thought.value[TECHNIQUE_LAYER_MM],
		     0.0);
}

static void learn__refuses_what_says_nothing(void **state)
{
	const struct technique thought = stage.brief.technique, real = real_technique();
	struct learning found;

	(void)state;
	see_patches(&real, 4, 0.0);
	assert_int_equal(learning_fit(&found, &thought, observation, 4, &stage.err),
			 STATUS_NO_ANSWER);
	assert_non_null(strstr(stage.err.message, "2 healed readings"));
	see_patches(&real, PATCHES, 0.05); /* up to dE00 1.3 off, more than the dots do */
	assert_int_equal(learning_fit(&found, &thought, observation, PATCHES, &stage.err),
			 STATUS_NO_ANSWER);
	assert_non_null(strstr(stage.err.message, "do not tell"));
}

/* Healed readings tell the product of dose and kept share only. */
static void learn__keeps_the_dose_without_fresh_readings(void **state)
{
	const struct technique thought = stage.brief.technique, real = real_technique();
	struct learning found;
	int healed = 0;

	(void)state;
	see_patches(&real, PATCHES, 0.0);
	for (int i = 0; i < PATCHES; i++)
		if (observation[i].state == STATE_HEALED)
			observation[healed++] = observation[i];
	assert_ok(learning_fit(&found, &thought, observation, healed, &stage.err), &stage.err);
	assert_false(found.parameter[LEARNED_DOSE].told);
	assert_close(found.parameter[LEARNED_KEPT].value * thought.value[TECHNIQUE_DOSE_SHARE],
		     0.47 * 0.08, 0.003);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(correct__a_drawdown_to_below_a_third),
		CASE(correct__a_patch_to_below_a_third),
		CASE(correct__changes_no_more_than_it_must),
		CASE(correct__leaves_a_full_cup_alone),
		CASE(learn__finds_the_technique),
		CASE(learn__refuses_what_says_nothing),
		CASE(learn__keeps_the_dose_without_fresh_readings),
	};

	return cmocka_run_group_tests_name("outcome", tests, stage_find_profiles, NULL);
}
