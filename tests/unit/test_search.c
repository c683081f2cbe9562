/* The search against an enumeration written here from the pigments' K and S alone. */
#include "large.h"

#include "colour/cms.h"
#include "formats/pigment_file.h"

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
	assert_no_answer("and the cup holds 1 ml");
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

/* --- random problems ----------------------------------------------------------------------------- */

static unsigned long long chance = 23;

static int upto(int least, int most)
{
	return least + (int)((most - least + 1) * random_share(&chance));
}

/* A line of a few pigments, stronger or weaker than the example's. */
static void draw_line(void)
{
	pigment_line_clear(&stage.line);
	assert_ok(pigment_line_read(&stage.line, "example", &stage.err), &stage.err);
	for (int i = stage.line.count; i > 1; i--) { /* in any order */
		int other = upto(0, i - 1);
		struct pigment swapped = stage.line.pigment[i - 1];

		stage.line.pigment[i - 1] = stage.line.pigment[other];
		stage.line.pigment[other] = swapped;
	}
	stage.line.count = upto(1, 6);
	for (int i = 0; i < stage.line.count; i++) {
		pigment_strengthen(&stage.line.pigment[i], &stage.line.grid,
				   exp(4 * random_share(&chance) - 3));
		stage.line.pigment[i].price = upto(0, 40);
	}
}

/* In skin, as a drawdown or as a film; lights and their weights; what is asked of it. */
static void draw_problem(void)
{
	int kind = upto(0, 2);

	stage.brief.given[ROLE_SKIN] = stage.brief.given[ROLE_HAIR] = false;
	stage.brief.given[ROLE_TARGET] = stage.brief.given[ROLE_GROUND] = false;
	stage.brief.light_count = upto(1, 3);
	stage.brief.lighter = upto(0, 1);
	stage.brief.price_weight = upto(0, 1) * 0.02;
	stage.brief.coarse_weight = upto(0, 1) * random_share(&chance);
	stage.brief.state = upto(0, 1) ? STATE_FRESH : STATE_HEALED;
	stage.brief.technique.value[TECHNIQUE_DOTS_PER_CM2] = upto(200, 500);
	for (int i = 1; i < 3; i++)
		stage.brief.light[i].weight = random_share(&chance);
	if (kind == 0) {
		stage_build_example();
		return;
	}
	stage_read(ROLE_TARGET,
		   upto(0, 1) ? "recipes/example/hair.txt" : "recipes/example/skin.csv");
	stage.brief.thickness_mm = 0.05;
	if (kind == 2)
		stage_read(ROLE_GROUND, "recipes/example/patch.csv");
	stage_build();
}

static void draw_limits(struct search_limits *limits)
{
	*limits = (struct search_limits){
		.pigments_max = upto(1, 4),
		.drops_max = upto(2, 10),
		.pigment_step = upto(0, 2) ? 1 : 2,
		.diluent_min = upto(0, 3),
		.diluent_step = upto(1, 7),
		.cup_ml = upto(0, 2) ? 0.0 : 0.4 + random_share(&chance),
		.pigment_ml_max = upto(0, 2) ? 0.0 : 0.1 + 0.3 * random_share(&chance),
	};
	limits->diluent_max = limits->diluent_min + upto(0, 60);
	limits->ratios = stage.line.count > 1 && upto(0, 4) == 0;
	limits->ratio[0] = (struct search_ratio){{0, 1}, {upto(1, 3), upto(1, 2)}};
	for (int i = 0; i < stage.line.count; i++) {
		limits->least[i] = upto(0, 3) ? 0 : upto(1, 3);
		limits->most[i] = upto(0, 5) ? upto(1, 10) : 0;
		limits->forced[i] = limits->most[i] >= limits->least[i] && upto(0, 9) == 0;
	}
}

/* The plainest enumeration: every vector of drops of all pigments, every diluent, by the scalar model. */
struct plain {
	struct search_recipe list[TOP];
	int count;
};

static bool is_allowed(const struct search_recipe *recipe, const struct search_limits *limits)
{
	double ml = 0.0;
	int drops = 0, pair[2] = {0, 0};

	for (int i = 0; i < recipe->dose_count; i++) {
		int p = recipe->dose[i].pigment, n = recipe->dose[i].drops;

		if (n < limits->least[p] || n > limits->most[p] || n % limits->pigment_step)
			return false;
		if (p < 2)
			pair[p] = n;
		ml += n / stage.line.pigment[p].bottle.drops_per_ml;
		drops += n;
	}
	for (int p = 0; p < stage.line.count; p++) {
		bool used = false;

		for (int i = 0; i < recipe->dose_count; i++)
			used |= recipe->dose[i].pigment == p;
		if (limits->forced[p] && !used)
			return false;
	}
	if (limits->ratios &&
	    pair[0] * limits->ratio[0].parts[1] != pair[1] * limits->ratio[0].parts[0])
		return false;
	if (recipe->dose_count == 0 || recipe->dose_count > limits->pigments_max ||
	    drops > limits->drops_max ||
	    (limits->pigment_ml_max > 0.0 && ml > limits->pigment_ml_max + 1e-9))
		return false;
	ml += recipe->diluent_drops / stage.line.diluent.bottle.drops_per_ml;
	return (limits->cup_ml <= 0.0 || ml <= limits->cup_ml + 1e-9) &&
	       recipe->diluent_drops >= limits->diluent_min &&
	       recipe->diluent_drops <= limits->diluent_max &&
	       (recipe->diluent_drops - limits->diluent_min) % limits->diluent_step == 0;
}

/* True where the same ratio is allowed with fewer drops. */
static bool stands_smaller(const struct search_recipe *recipe, const struct search_limits *limits)
{
	for (int parts = 2; parts <= 10; parts++) {
		struct search_recipe smaller = *recipe;
		bool whole = recipe->diluent_drops % parts == 0;

		for (int i = 0; i < recipe->dose_count; i++)
			whole &= recipe->dose[i].drops % parts == 0;
		for (int times = 1; whole && times < parts; times++) {
			for (int i = 0; i < recipe->dose_count; i++)
				smaller.dose[i].drops = recipe->dose[i].drops / parts * times;
			smaller.diluent_drops = recipe->diluent_drops / parts * times;
			if (is_allowed(&smaller, limits))
				return true;
		}
	}
	return false;
}

static int drops_of(const struct search_recipe *recipe)
{
	int drops = 0;

	for (int i = 0; i < recipe->dose_count; i++)
		drops += recipe->dose[i].drops;
	return drops;
}

static bool comes_first(const struct search_recipe *a, const struct search_recipe *b)
{
	if (a->objective != b->objective)
		return a->objective < b->objective;
	if (drops_of(a) != drops_of(b))
		return drops_of(a) < drops_of(b);
	return a->diluent_drops < b->diluent_drops;
}

static bool has_same_set(const struct search_recipe *a, const struct search_recipe *b)
{
	for (int i = 0; i < a->dose_count && a->dose_count == b->dose_count; i++)
		if (a->dose[i].pigment != b->dose[i].pigment)
			return false;
	return a->dose_count == b->dose_count;
}

/* Keeps all there is, in order; of each set of pigments the first only where the list is to vary. */
static void put(struct plain *plain, const struct search_recipe *recipe)
{
	int place;

	for (int i = 0; stage.scene.problem.vary && i < plain->count; i++) {
		if (!has_same_set(recipe, &plain->list[i]))
			continue;
		if (!comes_first(recipe, &plain->list[i]))
			return;
		memmove(plain->list + i, plain->list + i + 1,
			(size_t)(--plain->count - i) * sizeof *recipe);
	}
	place = plain->count;

	while (place > 0 && comes_first(recipe, &plain->list[place - 1]))
		place--;
	if (place == TOP)
		return;
	plain->count += plain->count < TOP;
	memmove(plain->list + place + 1, plain->list + place,
		(size_t)(plain->count - 1 - place) * sizeof *recipe);
	plain->list[place] = *recipe;
}

static void enumerate_plainly(struct plain *plain, struct search_recipe *recipe, int pigment)
{
	const struct search_limits *limits = &stage.scene.problem.limits;

	if (pigment < stage.line.count) {
		int count = recipe->dose_count, left = limits->drops_max - drops_of(recipe);

		enumerate_plainly(plain, recipe, pigment + 1);
		for (int n = 1; count < limits->pigments_max && n <= left; n++) {
			recipe->dose_count = count + 1;
			recipe->dose[count] = (struct search_dose){pigment, n};
			enumerate_plainly(plain, recipe, pigment + 1);
		}
		recipe->dose_count = count;
		return;
	}
	for (int d = limits->diluent_min; d <= limits->diluent_max; d += limits->diluent_step) {
		recipe->diluent_drops = d;
		if (!is_allowed(recipe, limits) || stands_smaller(recipe, limits))
			continue;
		search_evaluate(recipe, &stage.scene.problem);
		put(plain, recipe);
	}
}

static void search__equals_enumeration_on_200_random_problems(void **state)
{
	static struct plain plain;
	int answered = 0, kinds[3] = {0};

	(void)state;
	for (int n = 0; n < 200; n++) {
		struct search_recipe recipe = {0};
		struct search_result result;
		enum status status;

		draw_line();
		draw_problem();
		draw_limits(&stage.scene.problem.limits);
		stage.scene.problem.top = TOP;
		stage.scene.problem.threads = upto(1, 3);
		stage.scene.problem.vary = upto(0, 2) == 0;
		plain.count = 0;
		enumerate_plainly(&plain, &recipe, 0);
		status = search_recipes(&result, &stage.scene.problem, &stage.err);
		if (plain.count == 0) {
			assert_int_equal(status, STATUS_NO_ANSWER);
			continue;
		}
		assert_ok(status, &stage.err);
		assert_true(result.proof.complete);
		assert_int_equal(result.count, plain.count);
		for (int i = 0; i < result.count; i++) {
			assert_close(result.recipe[i].objective, plain.list[i].objective, 0);
			assert_int_equal(result.recipe[i].diluent_drops,
					 plain.list[i].diluent_drops);
			assert_memory_equal(result.recipe[i].dose, plain.list[i].dose,
					    (size_t)plain.list[i].dose_count *
						    sizeof plain.list[i].dose[0]);
		}
		search_result_clear(&result);
		notes_clear(&stage.notes);
		answered++;
		kinds[stage.brief.given[ROLE_SKIN] ? 0 : stage.brief.given[ROLE_GROUND] ? 1 : 2]++;
	}
	print_message("%d problems with an answer: %d in skin, %d films, %d drawdowns\n", answered,
		      kinds[0], kinds[1], kinds[2]);
	assert_true(answered > 120 && kinds[0] > 25 && kinds[1] > 25 && kinds[2] > 25);
}

/* Where boxes decide: opaque in a base that scatters, with targets that are in reach. Small grids are proven without the
 * fast answer, so boxes meet the enumeration by themselves. */
static void search__equals_enumeration_where_boxes_decide(void **state)
{
	static struct plain plain;
	int with_boxes = 0;

	(void)state;
	for (int n = 0; n < 60; n++) {
		struct search_limits *limits = &stage.scene.problem.limits;
		struct search_recipe recipe = {0};
		struct search_result result;

		large_stage(upto(3, 5), false);
		large_target(n % LARGE_TARGETS);
		limits->pigments_max = upto(2, 4);
		limits->drops_max = upto(5, 8);
		limits->diluent_min = upto(0, 1);
		limits->diluent_max = upto(10, 40);
		limits->least[upto(0, 2)] = upto(0, 2);
		limits->forced[upto(0, 2)] = upto(0, 3) == 0;
		limits->pigment_step = upto(0, 4) ? 1 : 2;
		limits->cup_ml = upto(0, 1) ? 0.0 : 1.5;
		stage.line.pigment[1].bottle.drops_per_ml = upto(15, 25);
		stage.scene.problem.top = TOP;
		plain.count = 0;
		enumerate_plainly(&plain, &recipe, 0);
		assert_true(plain.count > 0);
		assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
		assert_true(result.proof.complete);
		assert_int_equal(result.count, plain.count);
		for (int i = 0; i < result.count; i++)
			assert_close(result.recipe[i].objective, plain.list[i].objective, 0);
		with_boxes += result.work.boxes > 0;
		search_result_clear(&result);
		notes_clear(&stage.notes);
	}
	print_message("%d of 60 problems with boxes\n", with_boxes);
	assert_true(with_boxes > 15);
}

/* Bottles that were emptied: as many drops as a correction may ask for. */
static void search__takes_more_drops_than_can_be_asked_for(void **state)
{
	struct search_limits *limits = &stage.scene.problem.limits;
	struct search_result result;

	(void)state;
	large_stage(4, false);
	large_target(1);
	limits->forced[0] = true;
	limits->least[0] = 90;
	limits->most[0] = limits->drops_max = 114;
	limits->diluent_min = limits->diluent_max = 100;
	stage.scene.problem.top = TOP;
	assert_ok(search_recipes(&result, &stage.scene.problem, &stage.err), &stage.err);
	assert_true(result.proof.complete && result.recipe[0].dose[0].drops >= 90);
	search_result_clear(&result);
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
		CASE(search__equals_enumeration_on_200_random_problems),
		CASE(search__equals_enumeration_where_boxes_decide),
		CASE(search__takes_more_drops_than_can_be_asked_for),
	};

	return cmocka_run_group_tests_name("search", tests, stage_find_profiles, NULL);
}
