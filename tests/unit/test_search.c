/* The search against an enumeration written here from the pigments' K and S alone. */
#include "support.h"

#include "colour/cms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the enumeration -------------------------------------------------------------------------- */

/* Layers as they are described in pigment/, in the textbook hyperbolic form, not rearranged. */
static double model_reflectance(int b, const int drops[8], int water)
{
	const struct skin *skin = &stage.scene.skin;
	const double *technique = stage.brief.technique.value;
	double k = water / 20.0 * stage.line.diluent.k_per_mm[b],
	       s = water / 20.0 * stage.line.diluent.s_per_mm[b];
	double volume = water / 20.0, r, a, c, x;

	for (int i = 0; i < 8; i++) {
		double ml = drops[i] / stage.line.pigment[i].bottle.drops_per_ml;

		volume += ml;
		k += ml * stage.line.pigment[i].k_per_mm[b];
		s += ml * stage.line.pigment[i].s_per_mm[b];
	}
	k /= volume;
	s /= volume;
	if (!stage.brief.given[ROLE_SKIN]) {
		double q = k / s;

		r = 1 + q - sqrt(q * q + 2 * q);
		return 0.04 + 0.96 * 0.5 * r / (1 - 0.5 * r); /* specular included, index 1.5 */
	}
	k = skin->k_per_mm[b] +
	    technique[TECHNIQUE_DOSE_SHARE] * technique[TECHNIQUE_KEPT_SHARE] * k;
	s = skin->s_per_mm[b] +
	    technique[TECHNIQUE_DOSE_SHARE] * technique[TECHNIQUE_KEPT_SHARE] * s;
	r = 1 + skin->k_per_mm[b] / skin->s_per_mm[b];
	r = r - sqrt(r * r - 1);
	a = 1 + k / s;
	c = sqrt(a * a - 1);
	x = c / tanh(c * s * technique[TECHNIQUE_LAYER_MM]);
	r = (1 - r * (a - x)) / (a - r + x);
	a = 1 + skin->k_per_mm[b] / skin->s_per_mm[b];
	c = sqrt(a * a - 1);
	x = c / tanh(c * skin->s_per_mm[b] * technique[TECHNIQUE_DEPTH_MM]);
	r = (1 - r * (a - x)) / (a - r + x);
	r *= skin->epidermis_transmittance[b] * skin->epidermis_transmittance[b];
	return skin->surface.k1 + (1 - skin->surface.k1) * 0.5 * r / (1 - 0.5 * r);
}

static double model_objective(const int drops[8], int water)
{
	double dot[SPECTRUM_SAMPLES_MAX], worst = 0, de[3];
	int pigments = 0;

	for (int b = 0; b < stage.scene.grid.count; b++)
		dot[b] = model_reflectance(b, drops, water);
	for (int l = 0; l < 3; l++) {
		struct lab lab = weights_lab(&stage.scene.problem.light[l].weights, dot);

		de[l] = delta_e_2000(&stage.scene.problem.light[l].required, &lab);
		if (l)
			worst = fmax(worst, 0.3 * de[l]);
	}
	for (int i = 0; i < 8; i++)
		pigments += drops[i] > 0;
	return de[0] + worst + 0.05 * (pigments - 1);
}

enum { TOP = 10 };

struct entry {
	int drops[8], water;
	double objective;
};

static int divisor(const struct entry *entry)
{
	int common = entry->water;

	for (int i = 0; i < 8; i++)
		for (int a = entry->drops[i], t; a; t = common % a, common = a, a = t)
			;
	return common;
}

/* All vectors of 0 to `most` drops over eight pigments, at most three of them and `most` in all. */
static int enumerate(struct entry best[TOP], int most, int water_step, int water_most)
{
	struct entry now = {{0}, 0, 0};
	int count = 0;

	for (;;) {
		int pigments = 0, total = 0, i = 0;

		for (int p = 0; p < 8; p++) {
			pigments += now.drops[p] > 0;
			total += now.drops[p];
		}
		for (now.water = 0;
		     pigments >= 1 && pigments <= 3 && total <= most && now.water <= water_most;
		     now.water += water_step) {
			int place = count;

			if (divisor(&now) % water_step == 0 ? divisor(&now) / water_step > 1
							    : divisor(&now) > 1) {
				int d = divisor(&now), multiple = 0;

				for (int q = 2; q <= d; q++)
					multiple |= d % q == 0 && now.water / q % water_step == 0;
				if (multiple)
					continue;
			}
			now.objective = model_objective(now.drops, now.water);
			while (place > 0 && best[place - 1].objective > now.objective)
				place--;
			if (place == TOP)
				continue;
			count += count < TOP;
			memmove(best + place + 1, best + place,
				(size_t)(count - 1 - place) * sizeof *best);
			best[place] = now;
		}
		while (i < 8 && (now.drops[i] == most || total == most)) {
			total -= now.drops[i];
			now.drops[i++] = 0;
		}
		if (i == 8)
			return count;
		now.drops[i]++;
	}
}

static void assert_same_list(const struct search_result *result, const struct entry best[TOP])
{
	assert_int_equal(result->count, TOP);
	for (int i = 0; i < TOP; i++) {
		const struct search_recipe *recipe = &result->recipe[i];

		assert_close(recipe->objective, best[i].objective, 1e-9);
		assert_int_equal(recipe->diluent_drops, best[i].water);
		for (int d = 0; d < recipe->dose_count; d++)
			assert_int_equal(recipe->dose[d].drops,
					 best[i].drops[recipe->dose[d].pigment]);
	}
	assert_true(result->proof.complete);
	assert_close(result->proof.bound, best[TOP - 1].objective, 1e-9);
}

static void search_and_compare(void)
{
	struct search_result result;
	struct entry best[TOP];

	stage.scene.problem.top = TOP;
	stage.scene.problem.limits.drops_max = 5;
	stage.scene.problem.limits.diluent_step = 20;
	stage.scene.problem.limits.diluent_max = 100;
	stage.scene.problem.limits.cup_ml = 0;
	assert_int_equal(enumerate(best, 5, 20, 100), TOP);
	assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
	assert_same_list(&result, best);
	search_result_clear(&result);
}

static void search__equals_an_enumeration_from_k_and_s_in_skin(void **state)
{
	(void)state;
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_read(ROLE_HAIR, "recipes/example/hair.txt");
	stage_build();
	search_and_compare();
}

static void search__equals_an_enumeration_from_k_and_s_as_drawdown(void **state)
{
	(void)state;
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage_build();
	search_and_compare();
}

/* --- limits ----------------------------------------------------------------------------------- */

static void build_example(void)
{
	stage_build_example();
	stage.scene.problem.top = 100;
	stage.scene.problem.limits.drops_max = 6;
	stage.scene.problem.limits.diluent_step = 20;
}

static void search__keeps_every_limit(void **state)
{
	struct search_limits *limits = &stage.scene.problem.limits;
	struct search_result result;

	(void)state;
	build_example();
	limits->forced[2] = true; /* burnt umber */
	limits->most[0] = 0;      /* no black */
	limits->least[4] = 2;     /* yellow oxide: 2 to 3 drops where used */
	limits->most[4] = 3;
	limits->diluent_min = 20;
	limits->diluent_max = 100;
	limits->cup_ml = 4;
	limits->pigment_ml_max = 0.2;
	assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
	assert_true(result.count > 10);
	for (int i = 0; i < result.count; i++) {
		const struct search_recipe *r = &result.recipe[i];
		double ml = 0;
		bool umber = false;

		for (int d = 0; d < r->dose_count; d++) {
			int p = r->dose[d].pigment, n = r->dose[d].drops;

			ml += n / stage.line.pigment[p].bottle.drops_per_ml;
			umber |= p == 2;
			assert_int_not_equal(p, 0);
			assert_true(p != 4 || (n >= 2 && n <= 3));
		}
		assert_true(umber);
		assert_true(ml <= 0.2 + 1e-9 && ml + r->diluent_drops / 20.0 <= 4 + 1e-9);
		assert_true(r->diluent_drops >= 20 && r->diluent_drops <= 100);
		assert_true(i == 0 || r->objective >= result.recipe[i - 1].objective);
	}
	search_result_clear(&result);
}

static void assert_no_answer(const char *words)
{
	struct search_result result;

	assert_int_equal(search_recipes(&result, &stage.scene.problem, &stage.err),
			 STATUS_NO_ANSWER);
	assert_non_null(strstr(stage.err.message, words));
}

static void search__says_which_limit_forbids_everything(void **state)
{
	struct search_limits *limits = &stage.scene.problem.limits;

	(void)state;
	build_example();
	limits->forced[1] = true;
	limits->most[1] = 0;
	assert_no_answer("raw-umber is both forced and barred");
	search_limits_usual(limits);
	for (int i = 0; i < 8; i++)
		limits->most[i] = 0;
	assert_no_answer("every pigment of the line is barred");
	search_limits_usual(limits);
	limits->forced[1] = limits->forced[2] = true;
	limits->pigments_max = 1;
	assert_no_answer("2 pigments are forced and at most 1 allowed");
	search_limits_usual(limits);
	limits->diluent_min = limits->diluent_max = 200;
	limits->cup_ml = 1;
	assert_no_answer("more than the cup");
}

static void search__gives_the_same_list_for_any_number_of_threads(void **state)
{
	struct search_result one, four;

	(void)state;
	build_example();
	stage.scene.problem.threads = 1;
	assert_ok(search_recipes(&one, &stage.scene.problem, &stage.err), &stage.err);
	stage.scene.problem.threads = 4;
	assert_ok(search_recipes(&four, &stage.scene.problem, &stage.err), &stage.err);
	assert_int_equal(one.count, four.count);
	for (int i = 0; i < one.count; i++) {
		assert_memory_equal(&one.recipe[i].dose, &four.recipe[i].dose,
				    (size_t)one.recipe[i].dose_count * sizeof(struct search_dose));
		assert_memory_equal(&one.recipe[i].objective, &four.recipe[i].objective,
				    sizeof(double));
	}
	search_result_clear(&one);
	search_result_clear(&four);
}

/* The weight counts recipes that are darker than wanted, and those only. */
static void search__lighter_weighs_darkness(void **state)
{
	struct search_recipe light = {.dose_count = 1, .dose = {{6, 1}}};
	struct search_recipe dark = {.dose_count = 1, .dose = {{0, 1}}};
	double plain_light, plain_dark;

	(void)state;
	build_example();
	search_evaluate(&light, &stage.scene.problem);
	search_evaluate(&dark, &stage.scene.problem);
	assert_true(light.darker < 0 && dark.darker > 0);
	plain_light = light.objective;
	plain_dark = dark.objective;
	stage.scene.problem.lighter = 2;
	search_evaluate(&light, &stage.scene.problem);
	search_evaluate(&dark, &stage.scene.problem);
	assert_close(light.objective, plain_light, 0);
	assert_close(dark.objective, plain_dark + 2 * dark.darker, 1e-12);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(search__equals_an_enumeration_from_k_and_s_in_skin),
		CASE(search__equals_an_enumeration_from_k_and_s_as_drawdown),
		CASE(search__keeps_every_limit),
		CASE(search__says_which_limit_forbids_everything),
		CASE(search__gives_the_same_list_for_any_number_of_threads),
		CASE(search__lighter_weighs_darkness),
	};

	return cmocka_run_group_tests_name("search", tests, stage_find_profiles, NULL);
}
