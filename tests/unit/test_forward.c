/* The vector forward model against the scalar one, over random recipes. */
#include "large.h"

#include "colour/difference.h"
#include "search/forward.h"

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
		double part[SEARCH_PIGMENTS_MAX], sum = 0,
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
		float de00[SEARCH_LIGHTS_MAX][LANES] LANE_ARRAY, objective[LANES] LANE_ARRAY;
		int pigments = 1 + n % SEARCH_PIGMENTS_MAX;

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
		float least[LANES] LANE_ARRAY;
		int pigments = 1 + n % SEARCH_PIGMENTS_MAX;

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

/* A recipe's colour becomes what is required. */
static void require_recipe(const struct forward_batch *batch, int pigments, int lane)
{
	struct search_problem *problem = &stage.scene.problem;
	double share[LINE_PIGMENTS_MAX] = {0}, rest = 1, k[SPECTRUM_SAMPLES_MAX],
	       s[SPECTRUM_SAMPLES_MAX], r[SPECTRUM_SAMPLES_MAX];

	for (int i = 0; i < pigments; i++) {
		share[batch->pigment[i]] += batch->share[i][lane];
		rest -= batch->share[i][lane];
	}
	pigment_line_mix(k, s, problem->line, share, rest);
	for (int b = 0; b < problem->line->grid.count; b++)
		r[b] = medium_reflectance(problem->medium, b, k[b], s[b]);
	for (int i = 0; i < problem->light_count; i++)
		problem->light[i].required = weights_lab(&problem->light[i].weights, r);
}

/* As splitting leaves them: from the amount or a little less of it, to a little more, or of one pigment to all that
 * there can be. The recipe that is required is in them. */
static void draw_split(struct forward_boxes *boxes, const struct forward_batch *batch, int pigments)
{
	double rest = 1.0;

	for (int i = 0; i < pigments; i++)
		rest -= batch->share[i][0];
	for (int l = 0; l < LANES; l++)
		for (int i = 0; i < pigments; i++) {
			double x = batch->share[i][0] / fmax(rest, 1e-3);
			double low = x * (1.0 - 0.2 * random_share(&chance) * (l % 3));
			double high = i == l % pigments ? fmax(24.0, 2.0 * x)
							: x * (1.0 + 0.2 * random_share(&chance));

			boxes->centre[i][l] = (float)((low + high) / 2.0);
			boxes->half[i][l] = (float)((high - low) / 2.0 * (1.0 + 1e-6));
		}
}

/* Boxes around recipes whose first is required, up to half of its amounts wide and as far off; or with `wide` above 1 from
 * that part of an amount to that many times it. */
static void draw_boxes(struct forward_boxes *boxes, const struct forward_batch *batch, int pigments,
		       double wide)
{
	for (int l = 0; l < LANES; l++) {
		double rest = 1.0;

		for (int i = 0; i < pigments; i++)
			rest -= batch->share[i][0];
		for (int i = 0; i < pigments; i++) {
			double x = batch->share[i][0] / fmax(rest, 1e-3);

			if (wide > 1.0) {
				double low = x * pow(wide, -random_share(&chance));
				double high = x * pow(wide, random_share(&chance));

				boxes->centre[i][l] = (float)((low + high) / 2.0);
				boxes->half[i][l] = (float)((high - low) / 2.0);
				continue;
			}
			boxes->half[i][l] = (float)(0.5 * wide * random_share(&chance) * x);
			boxes->centre[i][l] =
				(float)(x * (1.0 + wide * (random_share(&chance) - 0.5)));
		}
	}
}

/* Shares at a corner of each lane's box (part < 16) or anywhere in it. */
static void draw_inside(struct forward_batch *inside, const struct forward_boxes *boxes,
			int pigments, int part)
{
	for (int l = 0; l < LANES; l++) {
		double sum = 1.0, x[SEARCH_PIGMENTS_MAX];

		for (int i = 0; i < pigments; i++) {
			double at = part < 16 ? (part >> i & 1 ? 1.0 : -1.0)
					      : 2.0 * random_share(&chance) - 1.0;

			x[i] = boxes->centre[i][l] + at * boxes->half[i][l];
			sum += x[i];
		}
		for (int i = 0; i < pigments; i++)
			inside->share[i][l] = (float)(x[i] / sum);
	}
}

/* True where the first recipe of a batch lies in a lane's box. */
static bool is_inside(const struct forward_batch *batch, const struct forward_boxes *boxes,
		      int pigments, int lane)
{
	double rest = 1.0;
	bool inside = true;

	for (int i = 0; i < pigments; i++)
		rest -= batch->share[i][0];
	for (int i = 0; i < pigments; i++)
		inside = inside && fabs(batch->share[i][0] / rest - boxes->centre[i][lane]) <=
					   boxes->half[i][lane];
	return inside && rest > 1e-3;
}

/* No recipe in a box is better than its bound. */
static void box(int calls, double limit)
{
	const struct search_problem *problem = &stage.scene.problem;
	struct forward *forward = forward_new(problem, 1);
	struct forward_rows *rows = forward_room(1, sizeof *rows);
	double broken = -HUGE_VAL, closest = 0;
	int near = 0, excluded = 0, used = 0, lost = 0;

	assert_non_null(forward);
	assert_non_null(rows);
	for (int n = 0; n < calls; n++) {
		struct forward_boxes boxes = {0};
		struct forward_batch batch, required;
		int pigments = 1 + n / 8 % SEARCH_PIGMENTS_MAX;

		draw(&batch, pigments);
		require_recipe(&batch, pigments, 0);
		if (!forward_rows_build(rows, problem, limit))
			continue;
		used++;
		if (n % 8 == 7)
			draw_split(&boxes, &batch, pigments);
		else
			draw_boxes(&boxes, &batch, pigments,
				   n % 8 < 5 ? pow(10, -3 * random_share(&chance))
					     : pow(10, 1 + n % 8 - 5));
		required = batch;
		forward_bound_boxes(&boxes, forward, rows, batch.pigment, pigments, (float)limit);
		for (int l = 0; l < LANES; l++) /* of a box with what is required */
			lost += is_inside(&required, &boxes, pigments, l) && boxes.bound[l] > 1e-3;
		for (int part = 0; part < 20; part++) {
			draw_inside(&batch, &boxes, pigments, part);
			for (int l = 0; l < LANES; l++) {
				double de00[SEARCH_LIGHTS_MAX], objective;

				scalar(de00, &objective, &batch, pigments, l);
				objective -= SEARCH_COST_PER_PIGMENT * (pigments - 1);
				excluded += boxes.bound[l] > limit;
				if (objective >= limit) /* the bound may say anything that is too */
					continue;
				near++;
				broken = fmax(broken, boxes.bound[l] - objective);
				closest = fmax(closest, boxes.bound[l] / fmax(objective, 0.01));
			}
		}
	}
	forward_free(forward);
	free(rows);
	print_message(
		"%d boxes below %g: bounds at most %.1e above, up to %.2f of the objective of %d "
		"recipes; %d excluded\n",
		used * LANES, limit, broken, closest, near, excluded);
	assert_true(broken < 1e-3); /* what the search allows for (BOUND_MARGIN) */
	assert_true(near > 20 * calls && excluded > calls && closest > 0.7);
}

static void forward__boxes_hold_of_a_drawdown(void **state)
{
	(void)state;
	stage_read(ROLE_TARGET, "recipes/example/hair.txt");
	stage_build();
	box(3000, 0.1);
	box(3000, 0.5);
}

/* With a base that scatters, so that dilution counts. */
static void forward__boxes_hold_of_a_drawdown_in_a_base(void **state)
{
	(void)state;
	large_stage(8, false);
	box(6000, 0.05);
	box(6000, 0.3);
	box(6000, 1.0);
}

/* A base that is hardly there: between much and little of a pigment lie boxes in which K and S grow a hundredfold. */
static void forward__boxes_hold_of_a_drawdown_in_next_to_nothing(void **state)
{
	(void)state;
	large_stage(8, false);
	for (int b = 0; b < stage.line.grid.count; b++)
		stage.line.diluent.k_per_mm[b] = stage.line.diluent.s_per_mm[b] = 0.001;
	box(6000, 0.1);
	box(6000, 0.5);
}

/* The same for each width of registers. */
static void forward__is_the_scalar_model_at_every_width(void **state)
{
	(void)state;
	stage_build_example();
	for (int lanes = 4; lanes <= 16; lanes *= 2) {
		stage.scene.problem.lanes = lanes;
		compare(2000);
	}
}

/* A step towards the best shares is one: what it foresees is not above where it was, and a few steps find the shares
 * of a recipe that is the target. */
static void forward__descents_find_the_target(void **state)
{
	struct search_problem *problem = &stage.scene.problem;
	struct search_recipe aim = {
		.dose_count = 3, .dose = {{1, 4}, {4, 6}, {6, 3}}, .diluent_drops = 87};
	struct forward_set set = {.heads = 3, .head = {1, 4, 6}};
	struct forward_descent descent = {0};
	struct forward_forms *forms = forward_room(1, sizeof *forms);
	struct forward *forward;

	(void)state;
	large_stage(8, false);
	large_target(1);
	search_evaluate(&aim, problem);
	for (int i = 0; i < problem->light_count; i++)
		problem->light[i].required =
			weights_lab(&problem->light[i].weights, aim.reflectance);
	forward = forward_new(problem, 1);
	assert_non_null(forward);
	assert_non_null(forms);
	forward_forms_build(forms, problem, 1);
	for (int l = 0; l < LANES; l++)
		for (int i = 0; i < 3; i++) {
			descent.share[i][l] = (float)(0.02 + 0.2 * random_share(&chance));
			descent.least[i][l] = 0.001f;
			descent.most[i][l] = 1.0f;
		}
	for (int step = 0; step < 12; step++) {
		forward_descend(&descent, forward, forms, &set);
		for (int l = 0; l < LANES; l++)
			assert_true(descent.predicted[l] <= descent.length[l] * 1.001f + 1e-3f);
	}
	for (int l = 0; l < LANES; l++)
		for (int i = 0; i < 3; i++)
			assert_close(descent.share[i][l], aim.dose[i].drops / 100.0, 2e-4);
	forward_free(forward);
	free(forms);
}

enum { BATCHES = 21000 }; /* times 16 lanes, times 3 media: a million recipes */

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
		CASE(forward__boxes_hold_of_a_drawdown),
		CASE(forward__boxes_hold_of_a_drawdown_in_a_base),
		CASE(forward__boxes_hold_of_a_drawdown_in_next_to_nothing),
		CASE(forward__is_the_scalar_model_at_every_width),
		CASE(forward__descents_find_the_target),
	};

	return cmocka_run_group_tests_name("forward", tests, stage_find_profiles, NULL);
}
