/* The set-up in double precision, and which code runs: that for the widest registers of the machine. */
#include "search/forward_model.h"

#include "colour/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- set-up ------------------------------------------------------------------------------------- */

static void set_bound_weights(struct forward_band *band, const float kappa[2])
{
	const float weight[3] = {band->y[0], band->x[0] - kappa[0] * band->y[0],
				 band->z[0] - kappa[1] * band->y[0]};

	for (int i = 0; i < 3; i++) {
		band->above[i] = fmaxf(weight[i], 0.0f);
		band->below[i] = fminf(weight[i], 0.0f);
	}
}

/* Any figures above 0 are right; these make the opponent sums of what is required vanish. */
static void set_kappa(struct forward *forward, const struct lab *required)
{
	double y = fmax((required->l + 16.0) / 116.0, 0.05);
	double x = fmax(y + required->a / 500.0, 0.05), z = fmax(y - required->b / 200.0, 0.05);

	forward->kappa[0] = (float)(x * x * x / (y * y * y));
	forward->kappa[1] = (float)(z * z * z / (y * y * y));
}

/* Merged band `at` is made of bands first to last and has the K and S of the middle one. */
struct merged {
	int first, middle, last;
};

static struct merged merged_band(int at, int merge, int bands)
{
	int first = at * merge, last = first + merge < bands ? first + merge - 1 : bands - 1;

	return (struct merged){first, (first + last) / 2, last};
}

static int merged_count(int bands, int merge)
{
	return (bands + merge - 1) / merge;
}

static double merged_sum(const double *weight, struct merged merged)
{
	double sum = 0.0;

	for (int b = merged.first; b <= merged.last; b++)
		sum += weight[b];
	return sum;
}

static void set_band(struct forward *forward, const struct search_problem *problem, int at,
		     struct merged merged)
{
	int b = merged.middle;
	const struct pigment_line *line = problem->line;
	const struct medium *medium = problem->medium;
	struct forward_band *band = &forward->band[at];
	double dose = medium->layered ? medium->dose_share : 1.0;
	double k0 = line->diluent.k_per_mm[b], s0 = line->diluent.s_per_mm[b];

	band->k0 = (float)(dose * k0);
	band->s0 = (float)(dose * s0);
	if (medium->layered) {
		double t = medium->above[b].transmittance;

		band->k0 = (float)(dose * k0 + medium->k_dermis[b]);
		band->s0 = (float)(dose * s0 + medium->s_dermis[b]);
		band->ground = (float)medium->ground[b];
		band->k_below = (float)medium->k_dermis[b];
		band->s_below = (float)medium->s_dermis[b];
		band->above_r = (float)medium->above[b].reflectance;
		band->above_t2 = (float)(t * t);
		band->twice = (float)medium->epidermis_twice[b];
	}
	for (int i = 0; i < problem->light_count; i++) {
		const struct weights *weights = &problem->light[i].weights;

		band->x[i] = (float)(merged_sum(weights->x, merged) / weights->white.x);
		band->y[i] = (float)(merged_sum(weights->y, merged) / weights->white.y);
		band->z[i] = (float)(merged_sum(weights->z, merged) / weights->white.z);
	}
	set_bound_weights(band, forward->kappa);
	for (int p = 0; p < line->count; p++) {
		float *difference = forward->difference[p * forward->bands + at];

		difference[0] = (float)(dose * (line->pigment[p].k_per_mm[b] - k0));
		difference[1] = (float)(dose * (line->pigment[p].s_per_mm[b] - s0));
	}
}

/* Of an opaque medium only, the diluent's last. */
static void set_amounts(struct forward *forward, const struct pigment_line *line, int merge)
{
	for (int p = 0; p <= line->count; p++) {
		const struct pigment *pigment =
			p < line->count ? &line->pigment[p] : &line->diluent;
		double sum = 0.0;

		for (int at = 0; at < forward->bands; at++) {
			float *amount = forward->amount[p * forward->bands + at];
			int b = merged_band(at, merge, line->grid.count).middle;

			amount[0] = (float)pigment->k_per_mm[b];
			amount[1] = (float)pigment->s_per_mm[b];
			sum += pigment->s_per_mm[b];
		}
		forward->scattering[p] = (float)(sum / forward->bands);
	}
}

static void set_light(struct forward_light *light, const struct search_light *from)
{
	*light = (struct forward_light){
		.weight = (float)from->weight,
		.l = (float)from->required.l,
		.a = (float)from->required.a,
		.b = (float)from->required.b,
		.chroma = (float)hypot(from->required.a, from->required.b),
	};
}

static const struct forward_code *find_code(int lanes)
{
/* clang before 16, with which the fuzz targets are built, does not know these words */
#if defined(__x86_64__) && (!defined(__clang__) || __clang_major__ >= 16)
	if ((lanes == 0 || lanes >= 16) && __builtin_cpu_supports("x86-64-v4"))
		return &forward_code_16;
	if ((lanes == 0 || lanes >= 8) && __builtin_cpu_supports("x86-64-v3"))
		return &forward_code_8;
#endif
	(void)lanes;
	return &forward_code_4;
}

struct forward *forward_new(const struct search_problem *problem, int merge)
{
	struct forward *forward = calloc(1, sizeof *forward);
	size_t bands = (size_t)merged_count(problem->line->grid.count, merge),
	       pigments = (size_t)problem->line->count;

	if (!forward)
		return NULL;
	forward->band = calloc(bands, sizeof *forward->band);
	forward->difference = calloc(bands * pigments, sizeof *forward->difference);
	forward->amount = calloc(bands * (pigments + 1), sizeof *forward->amount);
	forward->scattering = calloc(pigments + 1, sizeof *forward->scattering);
	if (!forward->band || !forward->difference || !forward->amount || !forward->scattering) {
		forward_free(forward);
		return NULL;
	}
	forward->code = find_code(problem->lanes);
	forward->bands = (int)bands;
	forward->pigments = (int)pigments;
	forward->lights = problem->light_count;
	forward->layered = problem->medium->layered;
	forward->thickness = (float)problem->medium->layer_mm;
	forward->k1 = (float)problem->medium->surface.k1;
	forward->k2 = (float)problem->medium->surface.k2;
	forward->lighter = (float)problem->lighter;
	forward->cost_per_pigment = (float)SEARCH_COST_PER_PIGMENT;
	set_kappa(forward, &problem->light[0].required);
	for (int b = 0; b < forward->bands; b++)
		set_band(forward, problem, b, merged_band(b, merge, problem->line->grid.count));
	set_amounts(forward, problem->line, merge);
	for (int i = 0; i < forward->lights; i++)
		set_light(&forward->light[i], &problem->light[i]);
	return forward;
}

void forward_free(struct forward *forward)
{
	if (!forward)
		return;
	free(forward->band);
	free(forward->difference);
	free(forward->amount);
	free(forward->scattering);
	free(forward);
}

void *forward_room(size_t count, size_t size)
{
	size_t all = (count * size + 63) / 64 * 64;
	void *room = aligned_alloc(64, all);

	if (room)
		memset(room, 0, all);
	return room;
}

int forward_bands(const struct forward *forward)
{
	return forward->bands;
}

void forward_take(float (*value)[LANES], const struct forward *forward, int own, int which,
		  int lane, int pigment)
{
	const float(*difference)[2] =
		(const float(*)[2])(forward->difference + pigment * forward->bands);

	for (int b = 0; b < forward->bands; b++) {
		value[2 * (b * own + which)][lane] = difference[b][0];
		value[2 * (b * own + which) + 1][lane] = difference[b][1];
	}
}

/* CIELAB's f backwards. */
static double response_inverse(double f)
{
	const double knee = 6.0 / 29.0;

	return f > knee ? f * f * f : 3.0 * knee * knee * (f - 4.0 / 29.0);
}

/* --- rows ----------------------------------------------------------------------------------------- */

/* Adds a light's rows, times `part`. */
static void add_rows(struct forward_rows *rows, int which, const struct search_light *light,
		     const struct metric *metric, double part)
{
	const struct weights *weights = &light->weights;
	const struct xyz *white = &weights->white;
	double y = (light->required.l + 16.0) / 116.0;
	const double aim[3] = {response_inverse(y + light->required.a / 500.0), response_inverse(y),
			       response_inverse(y - light->required.b / 200.0)};

	for (int i = 0; i < 3; i++) {
		const double *row = metric->row[i];

		rows->aim[which][i] +=
			(float)(part * (row[0] * aim[0] + row[1] * aim[1] + row[2] * aim[2]));
		for (int b = 0; b < weights->grid.count; b++)
			rows->row[which][i][b] +=
				(float)(part * (row[0] * weights->x[b] / white->x +
						row[1] * weights->y[b] / white->y +
						row[2] * weights->z[b] / white->z));
	}
}

/* The main light and the heaviest of the others, by index; how many. */
static int choose_lights(int chosen[FORWARD_LIGHTS], const struct search_problem *problem)
{
	int count = 1;

	chosen[0] = 0;
	for (int i = 1; i < problem->light_count; i++) {
		int place = count < FORWARD_LIGHTS ? count++ : FORWARD_LIGHTS;

		if (problem->light[i].weight <= 0.0) {
			count -= place < FORWARD_LIGHTS;
			continue;
		}
		for (; place > 1 &&
		       problem->light[chosen[place - 1]].weight < problem->light[i].weight;
		     place--)
			if (place < FORWARD_LIGHTS)
				chosen[place] = chosen[place - 1];
		if (place < FORWARD_LIGHTS)
			chosen[place] = i;
	}
	return count;
}

bool forward_rows_build(struct forward_rows *rows, const struct search_problem *problem,
			double reach)
{
	struct metric metric[SEARCH_LIGHTS_MAX] = {0};
	bool used[SEARCH_LIGHTS_MAX] = {false};
	int others = 0;

	for (int i = 0; i < problem->light_count; i++) {
		const struct search_light *light = &problem->light[i];

		used[i] = light->weight > 0.0 &&
			  metric_below(&metric[i], &light->required, reach / light->weight);
		others += i > 0 && used[i];
	}
	if (!used[0])
		return false;
	*rows = (struct forward_rows){
		.lights = others ? 2 : 1,
		.weight = {(float)problem->light[0].weight, 1.0f},
	};
	add_rows(rows, 0, &problem->light[0], &metric[0], 1.0);
	for (int i = 1; i < problem->light_count; i++)
		if (used[i])
			add_rows(rows, 1, &problem->light[i], &metric[i],
				 problem->light[i].weight / others);
	return true;
}

/* The darkest neutral that a form covers. */
#define DARKEST_CENTRE ((struct lab){10.0, 0.0, 0.0})
#define SMALL_REACH 1e-4

/* What is required as the merged bands see it, where its spectrum is known, so that a mix which has it is still met. */
static void find_roots(double root[3], const struct search_problem *problem,
		       const struct search_light *light, int merge)
{
	const struct weights *weights = &light->weights;
	const double *row[3] = {weights->x, weights->y, weights->z};
	const double white[3] = {weights->white.x, weights->white.y, weights->white.z};
	double y = (light->required.l + 16.0) / 116.0;
	const double true_root[3] = {y + light->required.a / 500.0, y,
				     y - light->required.b / 200.0};

	for (int i = 0; i < 3; i++) {
		double sum = 0.0, merged_value = 0.0;

		root[i] = true_root[i];
		for (int b = 0; b < weights->grid.count && problem->required && merge > 1; b++) {
			int middle = merged_band(b / merge, merge, weights->grid.count).middle;

			sum += row[i][b] / white[i] * problem->required[b];
			merged_value += row[i][b] / white[i] * problem->required[middle];
		}
		if (sum > 0.0)
			root[i] *= cbrt(merged_value / sum);
	}
}

static void set_form(struct forward_forms *forms, int which, const struct search_problem *problem,
		     const struct search_light *light, const struct metric *metric,
		     const struct lab *centre, int merge)
{
	const struct weights *weights = &light->weights;
	const double *row[3] = {weights->x, weights->y, weights->z};
	const double white[3] = {weights->white.x, weights->white.y, weights->white.z};
	double y_centre = (centre->l + 16.0) / 116.0, root[3];
	const double there[3] = {y_centre + centre->a / 500.0, y_centre,
				 y_centre - centre->b / 200.0};
	int bands = weights->grid.count;

	find_roots(root, problem, light, merge);
	for (int i = 0; i < 3; i++) {
		forms->root[which][i] = (float)root[i];
		for (int j = 0; j < 3; j++) /* the roots' slope is 1 / 3 f^2 */
			forms->form[which][i][j] =
				(float)(metric->row[i][j] * 3.0 * there[j] * there[j]);
		for (int b = 0; b < merged_count(bands, merge); b++)
			forms->row[which][i][b] =
				(float)(merged_sum(row[i], merged_band(b, merge, bands)) /
					white[i]);
	}
	forms->weight[which] = (float)light->weight;
}

void forward_forms_build(struct forward_forms *forms, const struct search_problem *problem,
			 int merge)
{
	int chosen[FORWARD_LIGHTS];

	forms->lights = choose_lights(chosen, problem);
	for (int i = 0; i < forms->lights; i++) {
		const struct search_light *light = &problem->light[chosen[i]];
		struct lab centre = light->required;
		struct metric metric;

		if (!metric_below(&metric, &centre, SMALL_REACH)) {
			centre = DARKEST_CENTRE;
			metric_below(&metric, &centre, SMALL_REACH);
		}
		set_form(forms, i, problem, light, &metric, &centre, merge);
	}
}

/* --- the code of this machine --------------------------------------------------------------------- */

void forward_objective(float objective[LANES], const struct forward *forward,
		       const struct forward_batch *batch, int pigments)
{
	forward->code->objective(objective, forward, batch, pigments);
}

void forward_de00(float de00[][LANES], const struct forward *forward,
		  const struct forward_batch *batch, int pigments)
{
	forward->code->de00(de00, forward, batch, pigments);
}

void forward_bound(float bound[LANES], const struct forward *forward,
		   const struct forward_batch *strong, const struct forward_batch *weak,
		   int pigments)
{
	forward->code->bound(bound, forward, strong, weak, pigments);
}

void forward_descend(struct forward_descent *descent, const struct forward *forward,
		     const struct forward_forms *forms, const struct forward_set *set)
{
	forward->code->descend(descent, forward, forms, set);
}

void forward_hits(unsigned char *hit, const struct forward *forward, const struct forward_hits *of,
		  int count)
{
	forward->code->hits(hit, of, count);
}

void forward_find_ranges(unsigned char *hit, const struct forward *forward,
			 const struct forward_ranges *of, int count)
{
	forward->code->ranges(hit, of, count);
}

void forward_bound_boxes(struct forward_boxes *boxes, const struct forward *forward,
			 const struct forward_rows *rows, const int *pigment, int pigments,
			 float limit)
{
	forward->code->boxes(boxes, forward, rows, pigment, pigments, limit);
}

double forward_margin(const struct search_problem *problem, double objective)
{
	double weight = problem->light[0].weight + problem->lighter, others = 0.0;

	for (int i = 1; i < problem->light_count; i++)
		others = fmax(others, problem->light[i].weight);
	/* two weighted dE00, each no more than the objective */
	return FORWARD_DE00_ERROR * (weight + others) + FORWARD_FAR_ERROR * 2.0 * objective / 10.0;
}
