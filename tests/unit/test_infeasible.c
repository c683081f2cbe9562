/* Why nothing fits: the lines, and that what they say would do does, by an enumeration written here. */
#include "support.h"

#include "search/infeasible.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void assert_says(const char *words)
{
	struct search_problem *problem = &stage.scene.problem;
	struct error err;

	assert_false(limits_leave_something(&problem->limits, problem->line));
	assert_int_equal(infeasible_explain(problem, &err), STATUS_NO_ANSWER);
	assert_string_equal(err.message, words);
}

/* The example line: eight pigments and water, 20 drops in a millilitre, but for what a test changes. */
static struct search_limits *usual(void)
{
	struct search_limits *limits = &stage.scene.problem.limits;

	stage.scene.problem.line = &stage.line;
	for (int p = 0; p < stage.line.count; p++)
		stage.line.pigment[p].bottle.drops_per_ml = 20.0;
	search_limits_usual(limits);
	return limits;
}

static int of(const char *id)
{
	int index = pigment_line_find(&stage.line, id);

	assert_true(index >= 0);
	return index;
}

static void
infeasible__a_cup_too_small_is_told_with_the_cup_and_the_diluent_that_would_do(void **state)
{
	struct search_limits *limits = usual();

	(void)state;
	limits->diluent_min = limits->diluent_max = 200;
	limits->cup_ml = 1.0;
	/* 0.05 + 10 ml; and 0.95 ml are 19 drops */
	assert_says("no recipe: the least pigment (1 drop) and the least diluent (200 drops) are "
		    "10.05 ml "
		    "and the cup holds 1 ml; a cup of 10.05 ml would do, or at most 19 drops of "
		    "diluent");
}

static void infeasible__pigment_too_little_for_a_drop_is_told(void **state)
{
	struct search_limits *limits = usual();

	(void)state;
	limits->pigment_ml_max = 0.03;
	stage.line.pigment[of("red")].bottle.drops_per_ml =
		30.0; /* the smallest drops: 0.0333 ml */
	assert_says("no recipe: the least pigment (1 drop) is 0.05 ml and at most 0.03 ml of it "
		    "are allowed; "
		    "allowing 0.04 ml of pigment would do");
}

static void infeasible__barred_and_forced_pigments_are_named(void **state)
{
	struct search_limits *limits = usual();

	(void)state;
	for (int p = 0; p < stage.line.count; p++)
		limits->most[p] = 0;
	assert_says("no recipe: every pigment of the line is barred or not in stock; allowing 1 "
		    "drop of one "
		    "of carbon-black, raw-umber, burnt-umber, red, yellow-oxide, ochre, white, "
		    "ready-brown "
		    "would do");
	limits = usual();
	limits->forced[of("red")] = true;
	limits->most[of("red")] = 0;
	assert_says("no recipe: red is both forced and barred (or not in stock); allowing 1 drop "
		    "of red would "
		    "do, or not forcing red");
	limits->least[of("red")] = 5;
	limits->most[of("red")] = 3;
	assert_says("no recipe: red is forced with 5 drops, no more than 3 allowed or in stock; "
		    "allowing 5 "
		    "drops of red would do, or asking for 3 drops of red, or not forcing red");
	limits = usual();
	limits->pigment_step = 5;
	for (int p = 0; p < stage.line.count; p++)
		limits->most[p] = p == of("red") ? 3 : 0;
	assert_says("no recipe: red needs 5 drops, no more than 3 allowed or in stock; steps of 3 "
		    "drops would do, or "
		    "allowing 5 drops of one of carbon-black, raw-umber, burnt-umber, red, "
		    "yellow-oxide, ochre, "
		    "white, ready-brown");
}

static void infeasible__too_many_forced_pigments_are_counted(void **state)
{
	struct search_limits *limits = usual();

	(void)state;
	for (int p = 0; p < 4; p++)
		limits->forced[p] = true;
	assert_says("no recipe: 4 pigments are forced and at most 3 allowed; allowing 4 pigments "
		    "would do, or "
		    "not forcing one of carbon-black, raw-umber, burnt-umber, red");
	limits->forced[4] = true;
	assert_says("no recipe: 5 pigments are forced and at most 3 allowed (recipes of at most 4 "
		    "are searched for); "
		    "more than one "
		    "limit has to go");
	limits = usual();
	limits->drops_max = 6;
	limits->forced[0] = limits->forced[1] = true;
	limits->least[0] = 5;
	limits->least[1] = 2;
	assert_says("no recipe: the forced pigments need at least 7 drops and at most 6 are "
		    "allowed; allowing 7 "
		    "drops would do, or asking for 4 drops of carbon-black, or asking for 1 drop "
		    "of raw-umber");
}

static void infeasible__ratios_and_steps_are_counted(void **state)
{
	struct search_limits *limits = usual();
	const int umber = of("raw-umber"), black = of("carbon-black");

	(void)state;
	limits->drops_max = 4;
	limits->forced[umber] = true;
	limits->ratio[0] = (struct search_ratio){{umber, black}, {3, 2}};
	limits->ratios = 1;
	assert_says("no recipe: raw-umber:carbon-black 3:2 needs at least 5 drops and at most 4 "
		    "are allowed; "
		    "allowing 5 drops would do, or leaving out the ratio raw-umber:carbon-black, "
		    "or not "
		    "forcing raw-umber");
	limits->ratio[limits->ratios++] = (struct search_ratio){{black, umber}, {1, 1}};
	limits->drops_max = 12;
	assert_says("no recipe: the ratios of carbon-black, raw-umber contradict each other; "
		    "leaving out one of "
		    "the ratios raw-umber:carbon-black, carbon-black:raw-umber would do, or not "
		    "forcing "
		    "raw-umber");
	limits = usual();
	limits->pigment_step = 5;
	limits->drops_max = 4;
	assert_says("no recipe: a recipe needs at least 5 drops in steps of 5 and at most 4 are "
		    "allowed; "
		    "allowing 5 drops would do, or steps of 4 drops");
}

static void infeasible__two_limits_that_must_go_together_are_both_named(void **state)
{
	struct search_limits *limits = usual();

	(void)state;
	limits->drops_max = 2;
	limits->cup_ml = 0.1;
	limits->pigment_step = 3;
	limits->diluent_min = 10;
	/* 3 drops, 13 with the water: 0.65 ml; a cup of 0.1 ml takes no 10 drops however few the others are */
	assert_says("no recipe: a recipe needs at least 3 drops in steps of 3 and at most 2 are "
		    "allowed, and the "
		    "least pigment (3 drops) and the least diluent (10 drops) are 0.65 ml and the "
		    "cup holds "
		    "0.1 ml; allowing 3 drops and a cup of 0.65 ml would do together");
}

/* --- an enumeration --------------------------------------------------------------------------- */

struct trial {
	const struct search_limits *limits;
	int drops[LINE_PIGMENTS_MAX];
};

static bool fits(const struct trial *trial)
{
	const struct search_limits *limits = trial->limits;
	double ml = 0.0, all;
	int pigments = 0;

	for (int p = 0; p < stage.line.count; p++) {
		ml += trial->drops[p] / stage.line.pigment[p].bottle.drops_per_ml;
		pigments += trial->drops[p] > 0;
		if (limits->forced[p] && trial->drops[p] == 0)
			return false;
	}
	for (int r = 0; r < limits->ratios; r++) {
		const struct search_ratio *ratio = &limits->ratio[r];

		if (trial->drops[ratio->pigment[0]] * ratio->parts[1] !=
		    trial->drops[ratio->pigment[1]] * ratio->parts[0])
			return false;
	}
	all = ml + limits->diluent_min / stage.line.diluent.bottle.drops_per_ml;
	return pigments > 0 &&
	       (limits->pigment_ml_max == 0.0 || ml <= limits->pigment_ml_max + 1e-9) &&
	       (limits->cup_ml == 0.0 || all <= limits->cup_ml + 1e-9);
}

/* Drops of pigment p and those after it, for `places` further pigments and `left` drops. */
static bool anything(struct trial *trial, int p, int places, int left)
{
	if (p == stage.line.count)
		return fits(trial);
	trial->drops[p] = 0;
	if (anything(trial, p + 1, places, left))
		return true;
	for (int n = trial->limits->pigment_step;
	     places > 0 && n <= left && n <= trial->limits->most[p];
	     n += trial->limits->pigment_step) {
		trial->drops[p] = n;
		if (n >= trial->limits->least[p] && anything(trial, p + 1, places - 1, left - n))
			return true;
	}
	trial->drops[p] = 0;
	return false;
}

static bool enumerated(const struct search_limits *limits)
{
	struct trial trial = {.limits = limits};

	return anything(&trial, 0, limits->pigments_max, limits->drops_max);
}

static unsigned long long seed = 20261125;

static int upto(int least, int most)
{
	return least + (int)(random_share(&seed) * (most - least + 1));
}

/* Few drops of five pigments, so that limits are in the way more often than not, and all can be tried. */
static void draw_limits(struct search_limits *limits)
{
	search_limits_usual(limits);
	stage.line.count = 5;
	limits->pigments_max = upto(1, 4);
	limits->drops_max = upto(1, 9);
	limits->pigment_step = upto(0, 2) ? 1 : upto(2, 4);
	limits->diluent_min = upto(0, 1) ? 0 : upto(1, 30);
	limits->diluent_max = limits->diluent_min + upto(0, 10);
	limits->diluent_step = upto(1, 5);
	limits->cup_ml = upto(0, 1) ? 0.0 : upto(1, 40) / 20.0;
	limits->pigment_ml_max = upto(0, 2) ? 0.0 : upto(1, 20) / 50.0;
	for (int p = 0; p < stage.line.count; p++) {
		stage.line.pigment[p].bottle.drops_per_ml = upto(15, 30);
		limits->most[p] = upto(0, 2) ? upto(0, 9) : 0;
		limits->forced[p] = upto(0, 4) == 0;
		limits->least[p] = limits->forced[p] ? upto(0, 5) : 0;
	}
	for (limits->ratios = 0; limits->ratios < 3 && upto(0, 3) == 0; limits->ratios++) {
		int one = upto(0, 4), two = (one + upto(1, 4)) % 5;

		limits->ratio[limits->ratios] =
			(struct search_ratio){{one, two}, {upto(1, 3), upto(1, 3)}};
	}
}

/* One less than what would do does not. */
static void assert_nearest(const struct search_limits *limits, struct remedy remedy)
{
	static const double back[LIMITS] = {
		[LIMIT_PIGMENTS] = -1.0, [LIMIT_DROPS] = -1.0,  [LIMIT_PIGMENT_ML] = -0.01,
		[LIMIT_CUP] = -0.01,     [LIMIT_DILUENT] = 1.0, [LIMIT_STEP] = 1.0,
		[LIMIT_MOST] = -1.0,     [LIMIT_LEAST] = 1.0,
	};
	struct search_limits changed = *limits;

	remedy.value += back[remedy.limit];
	if (back[remedy.limit] == 0.0 || remedy.value < 0.005)
		return;
	remedy_apply(&changed, &remedy);
	assert_false(enumerated(&changed));
}

/* The search itself finds a recipe, or none and says why. */
static void assert_search_agrees(const struct search_limits *limits, bool feasible)
{
	struct search_problem *problem = &stage.scene.problem;
	struct search_result result;

	problem->limits = *limits;
	problem->top = 1;
	if (!feasible) {
		assert_int_equal(search_recipes(&result, problem, &stage.err), STATUS_NO_ANSWER);
		assert_true(strncmp(stage.err.message, "no recipe: ", 11) == 0);
		return;
	}
	assert_ok(search_recipes(&result, problem, &stage.err), &stage.err);
	search_result_clear(&result);
}

static void check_remedies(const struct search_limits *limits, int said[LIMITS + 1], bool by_search)
{
	struct infeasible found;
	struct search_limits all = *limits;

	infeasible_find(&found, limits, &stage.line);
	for (int i = 0; i < found.remedies; i++) {
		struct search_limits changed = *limits;

		remedy_apply(found.together ? &all : &changed, &found.remedy[i]);
		if (found.together)
			continue;
		said[found.remedy[i].limit]++;
		assert_true(enumerated(&changed));
		assert_nearest(limits, found.remedy[i]);
		if (by_search && i == 0)
			assert_search_agrees(&changed, true);
	}
	if (found.together) {
		said[LIMITS]++;
		assert_true(found.remedies > 1);
		assert_true(enumerated(&all));
	}
}

static void infeasible__what_is_said_would_do_does_on_2000_random_limits(void **state)
{
	int said[LIMITS + 1] = {0}, nothing = 0, pigments = stage.line.count;

	(void)state;
	stage_build_example();
	for (int n = 0; n < 2000; n++) {
		struct search_limits limits;
		bool feasible;

		draw_limits(&limits);
		feasible = enumerated(&limits);
		assert_int_equal(limits_leave_something(&limits, &stage.line), feasible);
		if (n % 20 == 0)
			assert_search_agrees(&limits, feasible);
		if (feasible)
			continue;
		nothing++;
		check_remedies(&limits, said, n % 20 == 0);
	}
	stage.line.count = pigments;
	print_message("%d of 2000 leave nothing; what would do:", nothing);
	for (int i = 0; i <= LIMITS; i++)
		print_message(" %d", said[i]);
	print_message("\n");
	assert_true(nothing > 1000);
	for (int i = 0; i <= LIMITS; i++) /* every kind, and several together */
		assert_true(said[i] > 10);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(infeasible__a_cup_too_small_is_told_with_the_cup_and_the_diluent_that_would_do),
		CASE(infeasible__pigment_too_little_for_a_drop_is_told),
		CASE(infeasible__barred_and_forced_pigments_are_named),
		CASE(infeasible__too_many_forced_pigments_are_counted),
		CASE(infeasible__ratios_and_steps_are_counted),
		CASE(infeasible__two_limits_that_must_go_together_are_both_named),
		CASE(infeasible__what_is_said_would_do_does_on_2000_random_limits),
	};

	return cmocka_run_group_tests_name("infeasible", tests, stage_find_profiles, NULL);
}
