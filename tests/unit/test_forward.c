/* The vector forward model against the scalar one, over random recipes. */
#include "support.h"

#include "colour/difference.h"
#include "match/forward.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long chance = 17;

/* Shares of a few pigments from nearly all water to none of it. */
static void draw(struct forward_batch *batch, int pigments)
{
	for (int i = 0; i < pigments; i++)
		batch->pigment[i] = (int)(8 * random_share(&chance));
	for (int l = 0; l < LANES; l++) {
		double part[RECIPE_PIGMENTS_MAX], sum = 0,
						  whole = pow(10, -3 * random_share(&chance));

		for (int i = 0; i < pigments; i++)
			sum += part[i] = random_share(&chance) + 1e-3;
		for (int i = 0; i < pigments; i++)
			batch->share[i][l] = (float)(whole * part[i] / sum);
	}
}

/* As the library has it, from pigment_line_mix() on. */
static void scalar(double de00[], double *objective, const struct forward_batch *batch,
		   int pigments, int lane)
{
	const struct search_problem *problem = &stage.scene.problem;
	double share[LINE_PIGMENTS_MAX] = {0}, rest = 1, k[SPECTRUM_SAMPLES_MAX],
	       s[SPECTRUM_SAMPLES_MAX], r[SPECTRUM_SAMPLES_MAX], worst = 0;

	for (int i = 0; i < pigments; i++) {
		share[batch->pigment[i]] += batch->share[i][lane];
		rest -= batch->share[i][lane];
	}
	pigment_line_mix(k, s, problem->line, share, rest);
	for (int b = 0; b < problem->line->grid.count; b++)
		r[b] = medium_reflectance(problem->medium, b, k[b], s[b]);
	for (int i = 0; i < problem->light_count; i++) {
		struct lab lab = weights_lab(&problem->light[i].weights, r);

		de00[i] = ciede2000(&problem->light[i].required, &lab);
		if (i == 0)
			*objective =
				de00[0] +
				problem->lighter * fmax(problem->light[0].required.l - lab.l, 0) +
				SEARCH_COST_PER_PIGMENT * (pigments - 1);
		else
			worst = fmax(worst, problem->light[i].weight * de00[i]);
	}
	*objective += worst;
}

static void compare(int batches)
{
	struct forward *forward = forward_new(&stage.scene.problem, 1);
	double worst = 0, worst_far = 0, worst_objective = 0;

	assert_non_null(forward);
	for (int n = 0; n < batches; n++) {
		struct forward_batch batch;
		float de00[SEARCH_LIGHTS_MAX][LANES], objective[LANES];
		int pigments = 1 + n % RECIPE_PIGMENTS_MAX;

		draw(&batch, pigments);
		forward_de00(de00, forward, &batch, pigments);
		forward_objective(objective, forward, &batch, pigments);
		for (int l = 0; l < LANES; l++) {
			double exact[SEARCH_LIGHTS_MAX], exact_objective;

			scalar(exact, &exact_objective, &batch, pigments, l);
			for (int i = 0; i < stage.scene.problem.light_count; i++) {
				double off = fabs(exact[i] - de00[i][l]);

				if (exact[i] < 10)
					worst = fmax(worst, off);
				else
					worst_far = fmax(worst_far, off * 10 / exact[i]);
			}
			worst_objective =
				fmax(worst_objective,
				     fabs(exact_objective - objective[l]) /
					     forward_margin(&stage.scene.problem, exact_objective));
		}
	}
	forward_free(forward);
	print_message(
		"%d recipes: dE00 below 10 off by %.1e, above by %.1e of each 10, objective by "
		"%.2f of its margin\n",
		batches * LANES, worst, worst_far, worst_objective);
	assert_true(worst < FORWARD_DE00_ERROR);
	assert_true(worst_far < FORWARD_FAR_ERROR);
	assert_true(worst_objective < 1);
}

/* No recipe between two is better than their bound; and the bound of one with itself is near what it is. */
static void bound(int batches)
{
	struct forward *forward = forward_new(&stage.scene.problem, 1);
	double broken = -HUGE_VAL, closest = HUGE_VAL;

	assert_non_null(forward);
	for (int n = 0; n < batches; n++) {
		struct forward_batch strong, between;
		struct forward_batch weak;
		float least[LANES];
		int pigments = 1 + n % RECIPE_PIGMENTS_MAX;

		draw(&strong, pigments);
		weak = between = strong;
		for (int l = 0; l < LANES; l++) {
			double water = pow(0.1, random_share(&chance) * (n % 3));

			for (int i = 0; i < pigments; i++)
				weak.share[i][l] = (float)(water * strong.share[i][l]);
		}
		forward_bound(least, forward, &strong, &weak, pigments);
		for (int part = 0; part <= 4; part++)
			for (int l = 0; l < LANES; l++) {
				double de00[SEARCH_LIGHTS_MAX], objective;

				for (int i = 0; i < pigments; i++)
					between.share[i][l] = (float)(weak.share[i][l] +
								      part / 4.0 *
									      (strong.share[i][l] -
									       weak.share[i][l]));
				scalar(de00, &objective, &between, pigments, l);
				broken = fmax(broken, least[l] - objective);
				if (n % 3 == 0 && de00[0] > 1 && de00[0] < 10)
					closest = fmin(closest, least[l] / de00[0]);
			}
	}
	forward_free(forward);
	print_message(
		"%d intervals: bounds at most %.1e above, of a single recipe at least %.2f of "
		"its dE00\n",
		batches * LANES, broken, closest);
	assert_true(broken < 1e-3); /* what the search allows for (BOUND_MARGIN) */
	assert_true(closest > 0.3);
}

static void forward__bounds_hold_in_skin(void **state)
{
	(void)state;
	stage_build_example();
	bound(6000);
}

static void forward__bounds_hold_of_a_drawdown(void **state)
{
	(void)state;
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage_build();
	bound(6000);
}

static void forward__bounds_hold_of_a_film(void **state)
{
	(void)state;
	stage_read(ROLE_GROUND, "recipes/example/skin.csv");
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage.brief.thickness_mm = 0.05;
	stage_build();
	bound(6000);
}

enum { BATCHES = 42000 }; /* times 8 lanes, times 3 media: a million recipes */

static void forward__is_the_scalar_model_in_skin(void **state)
{
	(void)state;
	stage_build_example();
	stage.scene.problem.lighter = 0.5;
	compare(BATCHES);
}

static void forward__is_the_scalar_model_of_a_drawdown(void **state)
{
	(void)state;
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage_build();
	compare(BATCHES);
}

static void forward__is_the_scalar_model_of_a_film(void **state)
{
	(void)state;
	stage_read(ROLE_GROUND, "recipes/example/skin.csv");
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage.brief.thickness_mm = 0.05;
	stage_build();
	compare(BATCHES);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(forward__is_the_scalar_model_in_skin),
		CASE(forward__is_the_scalar_model_of_a_drawdown),
		CASE(forward__is_the_scalar_model_of_a_film),
		CASE(forward__bounds_hold_in_skin),
		CASE(forward__bounds_hold_of_a_drawdown),
		CASE(forward__bounds_hold_of_a_film),
	};

	return cmocka_run_group_tests_name("forward", tests, stage_find_profiles, NULL);
}
