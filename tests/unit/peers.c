/* The minimisers work on the logarithms of the ratios, from the least squares solution. SLSQP gets the exact gradient.
 * Tolerances are the loosest that did not cost quality, over the seven targets with 30 pigments: SLSQP's best whole-drop
 * recipes were 0.009 worse on the mean at ten times the tolerance, the same at a tenth of it. Tried and slower:
 * the ratios themselves, the sum of squared differences first, which is smooth where a match is perfect. COBYLA's
 * at a third of it cost twice the time and won 0.002. */
#include "peers.h"

#include "base/clock.h"
#include "support.h"

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>

/* --- sets of pigments ----------------------------------------------------------------------------- */

static double choose(int n, int k)
{
	double ways = 1.0;

	for (int i = 0; i < k; i++)
		ways = ways * (n - i) / (i + 1);
	return ways;
}

double peer_grid_size(const struct search_problem *problem)
{
	const struct search_limits *limits = &problem->limits;
	double sum = 0.0;

	for (int m = 1; m <= limits->pigments_max; m++)
		sum += choose(problem->line->count, m) * choose(limits->drops_max, m);
	return sum * (limits->diluent_max - limits->diluent_min + 1);
}

/* The next set of as many pigments; false after the last. */
static bool next_set(struct peer_point *point, int pigments)
{
	int i = point->count - 1;

	while (i >= 0 && point->pigment[i] == pigments - point->count + i)
		i--;
	if (i < 0)
		return false;
	point->pigment[i]++;
	for (i++; i < point->count; i++)
		point->pigment[i] = point->pigment[i - 1] + 1;
	return true;
}

struct peer_sets peer_sets_draw(const struct search_problem *problem, double share)
{
	struct peer_sets sets = {0};
	unsigned long long chance = 271828;
	int pigments = problem->line->count;

	for (int m = 1; m <= problem->limits.pigments_max; m++)
		sets.all += choose(pigments, m);
	sets.point = calloc((size_t)(sets.all * share * 1.2) + 1000 + SEARCH_TOP_MAX,
			    sizeof *sets.point);
	for (int m = 1; sets.point && m <= problem->limits.pigments_max; m++) {
		struct peer_point point = {.count = m, .pigment = {0, 1, 2, 3}};

		do {
			if (share >= 1.0 || random_share(&chance) < share)
				sets.point[sets.count++] = point;
		} while (next_set(&point, pigments));
	}
	sets.drawn = sets.count;
	return sets;
}

void peer_sets_add(struct peer_sets *sets, const struct search_result *result)
{
	for (int r = 0; r < result->count; r++) {
		struct peer_point *point = &sets->point[sets->count++];

		point->count = result->recipe[r].dose_count;
		for (int i = 0; i < point->count; i++)
			point->pigment[i] = result->recipe[r].dose[i].pigment;
	}
}

void peer_sets_clear(struct peer_sets *sets)
{
	free(sets->point);
	*sets = (struct peer_sets){0};
}

/* --- minimising over ratios ------------------------------------------------------------------------- */

/* A drop at most concentrated and most dilute. */
#define RATIO_LEAST (1.0 / 200.0)
#define RATIO_MOST 24.0

struct minimum {
	const struct peer_model *model;
	const struct search_problem *problem;
	struct peer_point *point;
};

const char *const peer_method_names[PEER_METHODS] = {
	"NLopt SLSQP, differences, all sets",
	"NLopt SLSQP, tuned, all sets",
	"NLopt COBYLA, tuned, all sets",
};

/* The search's own model in double, of ratios that need not be whole. */
static double scalar_objective(const struct search_problem *problem, const struct peer_point *point)
{
	double share[LINE_PIGMENTS_MAX] = {0}, whole = 1.0, worst = 0.0, main_light = 0.0;
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX], r[SPECTRUM_SAMPLES_MAX];

	for (int i = 0; i < point->count; i++)
		whole += point->ratio[i];
	for (int i = 0; i < point->count; i++)
		share[point->pigment[i]] = point->ratio[i] / whole;
	for (int b = 0; b < problem->line->grid.count; b++) {
		k[b] = problem->line->diluent.k_per_mm[b] / whole;
		s[b] = problem->line->diluent.s_per_mm[b] / whole;
		for (int i = 0; i < point->count; i++) {
			int p = point->pigment[i];

			k[b] += share[p] * problem->line->pigment[p].k_per_mm[b];
			s[b] += share[p] * problem->line->pigment[p].s_per_mm[b];
		}
		r[b] = medium_reflectance(problem->medium, b, k[b], s[b]);
	}
	for (int i = 0; i < problem->light_count; i++) {
		struct lab lab = weights_lab(&problem->light[i].weights, r);
		double de = problem->light[i].weight * ciede2000(&problem->light[i].required, &lab);

		if (i == 0)
			main_light = de;
		else
			worst = fmax(worst, de);
	}
	return main_light + worst + SEARCH_COST_PER_PIGMENT * (point->count - 1);
}

static double plain_objective(unsigned count, const double *log_ratio, double *gradient, void *data)
{
	const double step = 1e-6;
	struct minimum *minimum = data;
	struct peer_point point = *minimum->point;
	double objective;

	for (unsigned i = 0; i < count; i++)
		point.ratio[i] = exp(log_ratio[i]);
	objective = scalar_objective(minimum->problem, &point);
	for (unsigned i = 0; gradient && i < count; i++) {
		double ratio = point.ratio[i];

		point.ratio[i] = exp(log_ratio[i] + step);
		gradient[i] = (scalar_objective(minimum->problem, &point) - objective) / step;
		point.ratio[i] = ratio;
	}
	return objective;
}

/* By the logarithms of the ratios. */
static double objective_of_logs(unsigned count, const double *log_ratio, double *gradient,
				void *data)
{
	struct minimum *minimum = data;
	struct peer_point *point = minimum->point;
	double objective;

	for (unsigned i = 0; i < count; i++)
		point->ratio[i] = exp(log_ratio[i]);
	objective = peer_objective(gradient, minimum->model, point);
	for (unsigned i = 0; gradient && i < count; i++)
		gradient[i] *= point->ratio[i];
	return objective;
}

static nlopt_opt create(enum peer_method method, struct minimum *minimum)
{
	bool tight = method != PEER_COBYLA;
	nlopt_opt search = nlopt_create(tight ? NLOPT_LD_SLSQP : NLOPT_LN_COBYLA,
					(unsigned)minimum->point->count);

	nlopt_set_min_objective(
		search, method == PEER_SLSQP_PLAIN ? plain_objective : objective_of_logs, minimum);
	nlopt_set_lower_bounds1(search, log(RATIO_LEAST));
	nlopt_set_upper_bounds1(search, log(RATIO_MOST));
	nlopt_set_initial_step1(search, 0.3);
	nlopt_set_ftol_abs(search, tight ? 1e-4 : 1e-3);
	nlopt_set_xtol_abs1(search, tight ? 1e-3 : 3e-3);
	nlopt_set_maxeval(search, tight ? 100 : 200);
	return search;
}

static void minimise(struct peer_point *point, const struct peer_model *model,
		     const struct search_problem *problem, enum peer_method method)
{
	struct minimum minimum = {model, problem, point};
	nlopt_opt search = create(method, &minimum);
	double x[SEARCH_PIGMENTS_MAX];

	if (method != PEER_SLSQP_PLAIN)
		peer_start(point, model, RATIO_LEAST, RATIO_MOST);
	for (int i = 0; i < point->count; i++)
		x[i] = method == PEER_SLSQP_PLAIN ? log(RATIO_LEAST * RATIO_MOST) / 2.0
						  : log(point->ratio[i]);
	nlopt_optimize(search, x, &point->objective);
	for (int i = 0; i < point->count; i++)
		point->ratio[i] = exp(x[i]);
	point->objective = peer_objective(NULL, model, point);
	nlopt_destroy(search);
}

static double minimise_all(struct peer_point *point, int count, const struct peer_model *model,
			   const struct search_problem *problem, enum peer_method method,
			   int threads)
{
	double start = clock_monotonic_seconds();

#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
	for (int i = 0; i < count; i++)
		minimise(&point[i], model, problem, method);
	return clock_monotonic_seconds() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void peer_minimise(struct peer_answer *answer, struct peer_sets *sets, enum peer_method method,
		   const struct peer_model *model, const struct search_problem *problem,
		   int threads)
{
	enum { TIMES = 3 };
	double seconds[TIMES], whole = 0.0;
	int times = 0;

	*answer = (struct peer_answer){0};
	do {
		seconds[times] =
			minimise_all(sets->point, sets->drawn, model, problem, method, threads);
		whole += seconds[times++];
	} while (times < TIMES && whole < 1.0);
	qsort(seconds, (size_t)times, sizeof *seconds, by_size);
	answer->times = times;
	answer->seconds = seconds[(times - 1) / 2] * sets->all / sets->drawn;
	minimise_all(sets->point + sets->drawn, sets->count - sets->drawn, model, problem, method,
		     threads);
	peer_round(answer, sets->point, sets->count, model, problem, threads);
}

/* --- whole drops ---------------------------------------------------------------------------------- */

/* Where descents begin: at so many amounts of diluent of a set, and at the best of all these. */
enum { STARTS_PER_SET = 3, DESCENTS = 300 };

/* Drops of each pigment of a set, then of the diluent. */
struct drops {
	double objective;
	const struct peer_point *set;
	int drops[SEARCH_PIGMENTS_MAX + 1];
};

static void evaluate(struct drops *drops, const struct peer_model *model,
		     const struct search_limits *limits)
{
	const struct peer_point *set = drops->set;
	struct peer_point point = *set;
	int sum = 0, diluent = drops->drops[set->count];

	drops->objective = INFINITY;
	if (diluent < limits->diluent_min || diluent > limits->diluent_max)
		return;
	for (int i = 0; i < set->count; i++) {
		if (drops->drops[i] < 1)
			return;
		sum += drops->drops[i];
		point.ratio[i] = (double)drops->drops[i] / diluent;
	}
	if (sum <= limits->drops_max)
		drops->objective = peer_objective(NULL, model, &point);
}

/* The best of all neighbours, of which every amount differs by a drop at most. */
static struct drops best_neighbour(const struct drops *of, const struct peer_model *model,
				   const struct search_limits *limits)
{
	const struct peer_point *set = of->set;
	struct drops best = *of;
	int ways = 3;

	for (int i = 0; i < set->count; i++)
		ways *= 3;
	for (int way = 0; way < ways; way++) {
		struct drops near = {.set = set};

		for (int i = 0, rest = way; i <= set->count; i++, rest /= 3)
			near.drops[i] = of->drops[i] + rest % 3 - 1;
		evaluate(&near, model, limits);
		if (near.objective < best.objective)
			best = near;
	}
	return best;
}

static void descend(struct drops *at, const struct peer_model *model,
		    const struct search_limits *limits)
{
	for (;;) {
		struct drops next = best_neighbour(at, model, limits);

		if (!(next.objective < at->objective))
			return;
		*at = next;
	}
}

/* The best few of all amounts of diluent. */
static void round_one(struct drops start[STARTS_PER_SET], const struct peer_point *set,
		      const struct peer_model *model, const struct search_limits *limits)
{
	for (int i = 0; i < STARTS_PER_SET; i++)
		start[i] = (struct drops){.objective = INFINITY};
	for (int diluent = limits->diluent_min; diluent <= limits->diluent_max; diluent++) {
		struct drops drops = {.set = set};
		int at = STARTS_PER_SET - 1;

		drops.drops[set->count] = diluent;
		for (int i = 0; i < set->count; i++)
			drops.drops[i] = (int)fmax(1.0, round(set->ratio[i] * diluent));
		evaluate(&drops, model, limits);
		if (!(drops.objective < start[at].objective))
			continue;
		for (; at > 0 && drops.objective < start[at - 1].objective; at--)
			start[at] = start[at - 1];
		start[at] = drops;
	}
}

static int by_objective(const void *a, const void *b)
{
	return by_size(&((const struct peer_point *)a)->objective,
		       &((const struct peer_point *)b)->objective);
}

static int by_drops_objective(const void *a, const void *b)
{
	return by_size(&((const struct drops *)a)->objective,
		       &((const struct drops *)b)->objective);
}

static void keep_better(struct peer_answer *answer, const struct drops *drops,
			const struct search_problem *problem)
{
	const struct peer_point *set = drops->set;
	struct search_recipe recipe = {.dose_count = set->count,
				       .diluent_drops = drops->drops[set->count]};

	for (int i = 0; i < set->count; i++)
		recipe.dose[i] = (struct search_dose){set->pigment[i], drops->drops[i]};
	search_evaluate(&recipe, problem);
	if (!answer->found || recipe.objective < answer->recipe.objective)
		answer->recipe = recipe;
	answer->found = true;
}

void peer_round(struct peer_answer *answer, struct peer_point *point, int count,
		const struct peer_model *model, const struct search_problem *problem, int threads)
{
	double start = clock_monotonic_seconds();
	struct drops found[PEER_ROUNDED * STARTS_PER_SET];
	int starts;

	qsort(point, (size_t)count, sizeof *point, by_objective);
	count = count < PEER_ROUNDED ? count : PEER_ROUNDED;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
	for (int i = 0; i < count; i++)
		round_one(found + i * STARTS_PER_SET, &point[i], model, &problem->limits);
	starts = count * STARTS_PER_SET;
	qsort(found, (size_t)starts, sizeof *found, by_drops_objective);
	starts = starts < DESCENTS ? starts : DESCENTS;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
	for (int i = 0; i < starts; i++)
		if (found[i].objective < INFINITY)
			descend(&found[i], model, &problem->limits);
	qsort(found, (size_t)starts, sizeof *found, by_drops_objective);
	if (starts > 0 && found[0].objective < INFINITY)
		keep_better(answer, &found[0], problem);
	answer->rounding_seconds += clock_monotonic_seconds() - start;
}

/* --- without sets: evolution ------------------------------------------------------------------------- */

enum { GENES = 2 * SEARCH_PIGMENTS_MAX + 1 };

struct evolution {
	const struct peer_model *model;
	const struct search_problem *problem;
	struct drops best;
	struct peer_point set;
};

/* A pigment's number, or none, and its drops, of each place; then the diluent. A pigment that comes twice is left out
 * the second time. */
static void read_genes(struct peer_point *set, struct drops *drops, const double *gene,
		       int pigments)
{
	set->count = 0;
	for (int i = 0; i < SEARCH_PIGMENTS_MAX; i++) {
		int pigment = (int)floor(gene[2 * i]), seen = 0;

		while (seen < set->count && set->pigment[seen] != pigment)
			seen++;
		if (pigment < 0 || pigment >= pigments || seen < set->count)
			continue;
		drops->drops[set->count] = (int)gene[2 * i + 1];
		set->pigment[set->count++] = pigment;
	}
	drops->drops[set->count] = (int)gene[GENES - 1];
}

static double objective_of_genes(unsigned count, const double *gene, double *gradient, void *data)
{
	struct evolution *evolution = data;
	struct peer_point set;
	struct drops drops;

	(void)count;
	(void)gradient;
	read_genes(&set, &drops, gene, evolution->problem->line->count);
	if (set.count == 0)
		return 200.0;
	drops.set = &set;
	evaluate(&drops, evolution->model, &evolution->problem->limits);
	if (drops.objective < evolution->best.objective) {
		evolution->best = drops;
		evolution->set = set;
	}
	return drops.objective < INFINITY ? drops.objective : 150.0;
}

void peer_evolve(struct peer_answer *answer, const struct peer_model *model,
		 const struct search_problem *problem, int evaluations)
{
	struct evolution evolution = {model, problem, {.objective = INFINITY}, {0}};
	nlopt_opt search = nlopt_create(NLOPT_GN_ISRES, GENES);
	double least[GENES], most[GENES], x[GENES], found, start = clock_monotonic_seconds();

	for (int i = 0; i < GENES; i++) {
		bool is_pigment = i % 2 == 0 && i < GENES - 1;

		least[i] = is_pigment ? -1.0 : 1.0; /* below 0: none */
		most[i] = is_pigment ? problem->line->count - 1e-6 : 20.999;
		x[i] = (least[i] + most[i]) / 2;
	}
	most[GENES - 1] = problem->limits.diluent_max + 0.999;
	nlopt_srand(314159);
	nlopt_set_min_objective(search, objective_of_genes, &evolution);
	nlopt_set_lower_bounds(search, least);
	nlopt_set_upper_bounds(search, most);
	nlopt_set_maxeval(search, evaluations);
	nlopt_optimize(search, x, &found);
	nlopt_destroy(search);
	*answer = (struct peer_answer){.seconds = clock_monotonic_seconds() - start, .times = 1};
	if (evolution.best.objective < INFINITY) {
		for (int i = 0; i < evolution.set.count; i++)
			evolution.set.ratio[i] = (double)evolution.best.drops[i] /
						 evolution.best.drops[evolution.set.count];
		peer_round(answer, &evolution.set, 1, model, problem, 1);
	}
}

/* --- one by one ------------------------------------------------------------------------------------ */

double peer_enumeration_seconds(const struct peer_model *model,
				const struct search_problem *problem, int threads)
{
	enum { SAMPLE = 200000 };
	double start = clock_monotonic_seconds(), sum = 0.0;

#pragma omp parallel for num_threads(threads) reduction(+ : sum)
	for (int i = 0; i < SAMPLE; i++) {
		struct peer_point point = {.count = 4, .pigment = {0, 1, 2, 3 + i % 8}};

		for (int j = 0; j < 4; j++)
			point.ratio[j] = (1.0 + (i >> j) % 6) / (1 + i % 200);
		sum += peer_objective(NULL, model, &point);
	}
	return sum > 0.0 ? (clock_monotonic_seconds() - start) / SAMPLE * peer_grid_size(problem)
			 : INFINITY;
}
