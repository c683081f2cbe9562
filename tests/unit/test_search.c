/* The search against an enumeration written here from the pigments' K and S alone. */
#include "support.h"

#include "colour/cms.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/reading_file.h"
#include "formats/technique_file.h"
#include "match/reach.h"
#include "match/recipe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct haemoglobin haemoglobin;
static struct scene_lights lights;
static struct pigment_line line;
static struct scene scene;
static struct brief brief;
static struct notes notes;
static struct error err;

static int find_profiles(void **state)
{
	(void)state;
	return haemoglobin_find(&haemoglobin, &err) ||
	       illuminant_find(&lights.illuminant[0], "D65", &err) ||
	       illuminant_find(&lights.illuminant[1], "A", &err) ||
	       illuminant_find(&lights.illuminant[2], "LED-B3", &err) ||
	       observer_find(&lights.observer, "10", &err) ||
	       observer_find(&lights.observer_2, "2", &err);
}

static int set_up(void **state)
{
	(void)state;
	brief = (struct brief){.observer = "10",
			       .light = {{"D65", 1}, {"A", 0.3}, {"LED-B3", 0.3}},
			       .light_count = 3};
	return technique_read(&brief.technique, "standard", &err) ||
	       pigment_line_read(&line, "example", &err);
}

static int tear_down(void **state)
{
	(void)state;
	pigment_line_clear(&line);
	notes_clear(&notes);
	return 0;
}

static void read_as(enum reading_role role, const char *path)
{
	struct reading_list list = {0};

	assert_ok(readings_read(&list, NULL, path, &notes, &err), &err);
	brief.reading[role] = (struct repeats){.mean = *reading_at(&list, 0), .count = 1};
	brief.given[role] = true;
	reading_list_clear(&list);
}

static void build(void)
{
	assert_ok(scene_build(&scene, &brief, &line, &lights, &haemoglobin, &notes, &err), &err);
}

/* --- the enumeration -------------------------------------------------------------------------- */

/* Layers as they are described in pigment/, in the textbook hyperbolic form, not rearranged. */
static double model_reflectance(int b, const int drops[8], int water)
{
	const struct skin *skin = &scene.skin;
	const double *technique = brief.technique.value;
	double k = water / 20.0 * line.diluent.k_per_mm[b],
	       s = water / 20.0 * line.diluent.s_per_mm[b];
	double volume = water / 20.0, r, a, c, x;

	for (int i = 0; i < 8; i++) {
		double ml = drops[i] / line.pigment[i].bottle.drops_per_ml;

		volume += ml;
		k += ml * line.pigment[i].k_per_mm[b];
		s += ml * line.pigment[i].s_per_mm[b];
	}
	k /= volume;
	s /= volume;
	if (!brief.given[ROLE_SKIN]) {
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

	for (int b = 0; b < scene.grid.count; b++)
		dot[b] = model_reflectance(b, drops, water);
	for (int l = 0; l < 3; l++) {
		struct lab lab = weights_lab(&scene.problem.light[l].weights, dot);

		de[l] = delta_e_2000(&scene.problem.light[l].required, &lab);
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

	scene.problem.top = TOP;
	scene.problem.limits.drops_max = 5;
	scene.problem.limits.diluent_step = 20;
	scene.problem.limits.diluent_max = 100;
	scene.problem.limits.cup_ml = 0;
	assert_int_equal(enumerate(best, 5, 20, 100), TOP);
	assert_ok(search_recipes(&result, &scene.problem, &err), &err);
	assert_same_list(&result, best);
	search_result_clear(&result);
}

static void search__equals_an_enumeration_from_k_and_s_in_skin(void **state)
{
	(void)state;
	read_as(ROLE_SKIN, "recipes/example/skin.csv");
	read_as(ROLE_HAIR, "recipes/example/hair.txt");
	build();
	search_and_compare();
}

static void search__equals_an_enumeration_from_k_and_s_as_drawdown(void **state)
{
	(void)state;
	read_as(ROLE_TARGET, "recipes/example/hair.txt");
	build();
	search_and_compare();
}

/* --- limits ----------------------------------------------------------------------------------- */

static void build_example(void)
{
	read_as(ROLE_SKIN, "recipes/example/skin.csv");
	read_as(ROLE_HAIR, "recipes/example/hair.txt");
	build();
	scene.problem.top = 100;
	scene.problem.limits.drops_max = 6;
	scene.problem.limits.diluent_step = 20;
}

static void search__keeps_every_limit(void **state)
{
	struct search_limits *limits = &scene.problem.limits;
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
	assert_ok(search_recipes(&result, &scene.problem, &err), &err);
	assert_true(result.count > 10);
	for (int i = 0; i < result.count; i++) {
		const struct search_recipe *r = &result.recipe[i];
		double ml = 0;
		bool umber = false;

		for (int d = 0; d < r->dose_count; d++) {
			int p = r->dose[d].pigment, n = r->dose[d].drops;

			ml += n / line.pigment[p].bottle.drops_per_ml;
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

	assert_int_equal(search_recipes(&result, &scene.problem, &err), STATUS_NO_ANSWER);
	assert_non_null(strstr(err.message, words));
}

static void search__says_which_limit_forbids_everything(void **state)
{
	struct search_limits *limits = &scene.problem.limits;

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
	scene.problem.threads = 1;
	assert_ok(search_recipes(&one, &scene.problem, &err), &err);
	scene.problem.threads = 4;
	assert_ok(search_recipes(&four, &scene.problem, &err), &err);
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
	search_evaluate(&light, &scene.problem);
	search_evaluate(&dark, &scene.problem);
	assert_true(light.darker < 0 && dark.darker > 0);
	plain_light = light.objective;
	plain_dark = dark.objective;
	scene.problem.lighter = 2;
	search_evaluate(&light, &scene.problem);
	search_evaluate(&dark, &scene.problem);
	assert_close(light.objective, plain_light, 0);
	assert_close(dark.objective, plain_dark + 2 * dark.darker, 1e-12);
}

/* --- the scene -------------------------------------------------------------------------------- */

/* Dots with the required colour make the natural field, exactly, hairs left or not. */
static void scene__required_dots_make_the_natural_field(void **state)
{
	double patch[SPECTRUM_SAMPLES_MAX];

	(void)state;
	brief.technique.value[TECHNIQUE_HAIRS_LEFT_CM2] = 60;
	build_example();
	scene_field(patch, &scene, &scene.field, scene.required);
	for (int b = 0; b < scene.grid.count; b++)
		assert_close(patch[b], scene.natural[b], 1e-12);
	assert_close(scene_field_de00(&scene, &scene.field, scene.required), 0, 1e-6);
}

static void scene__says_what_would_bring_the_dot_in_reach(void **state)
{
	(void)state;
	brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = 120;
	build_example();
	reach_note(&scene, &brief, &notes);
	assert_non_null(strstr(notes.line[notes.count - 1], "out of reach"));
	assert_non_null(strstr(notes.line[notes.count - 1], "dots per cm²"));
}

static void scene__refuses_readings_that_miss_the_visible(void **state)
{
	(void)state;
	read_as(ROLE_SKIN, "recipes/example/skin.csv");
	read_as(ROLE_HAIR, "recipes/example/hair.txt");
	brief.reading[ROLE_HAIR].mean.reflectance.grid.count = 20; /* ends at 570 nm */
	assert_int_equal(scene_build(&scene, &brief, &line, &lights, &haemoglobin, &notes, &err),
			 STATUS_REFUSED);
	assert_non_null(strstr(err.message, "share no 400–700 nm"));
}

/* The whole job on measured skin and measured hair, every pair: the model reproduces the skin, the
 * required dots make the field, and the best recipe of a small grid beats bare skin. */
static void every_pair_of_measured_skin_and_hair__is_matched(void **state)
{
	struct reading_list skins = {0}, hairs = {0};
	double worst = 0;
	int pairs = 0;

	(void)state;
	assert_ok(readings_read(&skins, NULL, data_path("skin/nist_skin_dev67.csv"), &notes, &err),
		  &err);
	assert_ok(readings_read(&hairs, NULL, data_path("hair/vrhel_hair4.csv"), &notes, &err),
		  &err);
	for (size_t s = 0; s < skins.count; s++)
		for (size_t h = 0; h < hairs.count; h++) {
			struct search_result result;
			double bare;

			brief.given[ROLE_SKIN] = brief.given[ROLE_HAIR] = true;
			brief.reading[ROLE_SKIN] =
				(struct repeats){.mean = *reading_at(&skins, s), .count = 1};
			brief.reading[ROLE_HAIR] =
				(struct repeats){.mean = *reading_at(&hairs, h), .count = 1};
			build();
			scene.problem.limits.drops_max = 4;
			scene.problem.limits.diluent_step = 10;
			scene.problem.limits.diluent_max = 60;
			assert_ok(search_recipes(&result, &scene.problem, &err), &err);
			bare = scene_field_de00(&scene, &scene.field, scene.bare);
			assert_true(scene_field_de00(&scene, &scene.field,
						     result.recipe[0].reflectance) < bare);
			assert_true(isfinite(result.recipe[0].objective));
			worst = fmax(worst, scene_field_de00(&scene, &scene.field,
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(search__equals_an_enumeration_from_k_and_s_in_skin),
		CASE(search__equals_an_enumeration_from_k_and_s_as_drawdown),
		CASE(search__keeps_every_limit),
		CASE(search__says_which_limit_forbids_everything),
		CASE(search__gives_the_same_list_for_any_number_of_threads),
		CASE(search__lighter_weighs_darkness),
		CASE(scene__required_dots_make_the_natural_field),
		CASE(scene__says_what_would_bring_the_dot_in_reach),
		CASE(scene__refuses_readings_that_miss_the_visible),
		CASE(every_pair_of_measured_skin_and_hair__is_matched),
	};

	return cmocka_run_group_tests_name("search", tests, find_profiles, NULL);
}
