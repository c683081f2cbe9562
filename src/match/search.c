/* Plain enumeration, to be replaced by branch and bound behind the same function.
 *
 * Outer loop: subsets of 1..m pigments, shared among threads. For each: every vector of drops, for
 * each every step of diluent. Along the diluent only the shares change, so K and S of the pigments
 * are summed once per vector. The colour under the main light comes first; when its part of the
 * objective is already worse than the last of the list, the other lights are left out, which
 * cannot change the list because they only add.
 *
 * Cost: the usual limits and 8 pigments make about 14,000 drop vectors times 41 diluents = 550,000 recipes, each 36 bands of one square root and two exponentials. */
#include "match/search.h"

#include "base/clock.h"
#include "colour/difference.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

void search_limits_usual(struct search_limits *limits)
{
	*limits = (struct search_limits){
		.pigments_max = RECIPE_PIGMENTS_MAX,
		.drops_max = 12,
		.diluent_max = 200,
		.diluent_step = 5,
		.cup_ml = 15.0,
	};
	for (int i = 0; i < LINE_PIGMENTS_MAX; i++)
		limits->most[i] = SEARCH_DROPS_MAX;
}

/* --- one recipe ------------------------------------------------------------------------------- */

/* Pigment part of a mix: sums over its doses of volume times K, S, and the volume itself. */
struct pigment_sum {
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	double ml;
};

static void sum_pigments(struct pigment_sum *sum, const struct search_recipe *recipe,
			 const struct pigment_line *line)
{
	sum->ml = 0.0;
	for (int b = 0; b < line->grid.count; b++)
		sum->k[b] = sum->s[b] = 0.0;
	for (int i = 0; i < recipe->dose_count; i++) {
		const struct pigment *pigment = &line->pigment[recipe->dose[i].pigment];
		double ml = recipe->dose[i].drops / pigment->bottle.drops_per_ml;

		sum->ml += ml;
		for (int b = 0; b < line->grid.count; b++) {
			sum->k[b] += ml * pigment->k_per_mm[b];
			sum->s[b] += ml * pigment->s_per_mm[b];
		}
	}
}

static void compute_reflectance(struct search_recipe *recipe, const struct pigment_sum *sum,
				const struct search_problem *problem)
{
	const struct pigment *diluent = &problem->line->diluent;
	double ml = recipe->diluent_drops / diluent->bottle.drops_per_ml, total = sum->ml + ml;

	for (int b = 0; b < problem->line->grid.count; b++) {
		double k = (sum->k[b] + ml * diluent->k_per_mm[b]) / total;
		double s = (sum->s[b] + ml * diluent->s_per_mm[b]) / total;

		recipe->reflectance[b] = medium_reflectance(problem->medium, b, k, s);
	}
}

/* Everything but the other lights' part of the objective. */
static void compute_main_light(struct search_recipe *recipe, const struct search_problem *problem)
{
	const struct search_light *main_light = &problem->light[0];

	recipe->lab = weights_lab(&main_light->weights, recipe->reflectance);
	recipe->de00 = ciede2000(&main_light->required, &recipe->lab);
	recipe->darker = main_light->required.l - recipe->lab.l;
	recipe->objective = main_light->weight * recipe->de00 +
			    problem->lighter * fmax(0.0, recipe->darker) +
			    SEARCH_COST_PER_PIGMENT * (recipe->dose_count - 1);
}

static void add_worst_light(struct search_recipe *recipe, const struct search_problem *problem)
{
	double worst = 0.0;

	for (int i = 1; i < problem->light_count; i++) {
		struct lab lab = weights_lab(&problem->light[i].weights, recipe->reflectance);
		double de = ciede2000(&problem->light[i].required, &lab);

		worst = fmax(worst, problem->light[i].weight * de);
	}
	recipe->objective += worst;
}

static void add_metamerism(struct search_recipe *recipe, const struct search_problem *problem)
{
	for (int i = 1; i < problem->light_count; i++)
		recipe->metamerism[i] =
			metamerism_index(&problem->light[0].weights, &problem->light[i].weights,
					 problem->required, recipe->reflectance);
}

void search_evaluate(struct search_recipe *recipe, const struct search_problem *problem)
{
	struct pigment_sum sum;

	sum_pigments(&sum, recipe, problem->line);
	compute_reflectance(recipe, &sum, problem);
	compute_main_light(recipe, problem);
	add_worst_light(recipe, problem);
	if (problem->required)
		add_metamerism(recipe, problem);
}

double search_darkest(const struct search_problem *problem)
{
	double darkest = INFINITY;

	for (int i = 0; i < problem->line->count; i++) {
		struct search_recipe recipe = {.dose_count = 1, .dose = {{i, 1}}};

		if (problem->limits.most[i] == 0)
			continue;
		search_evaluate(&recipe, problem);
		darkest = fmin(darkest, recipe.lab.l);
	}
	return darkest;
}

/* --- the list --------------------------------------------------------------------------------- */

static int total_drops(const struct search_recipe *recipe)
{
	int drops = 0;

	for (int i = 0; i < recipe->dose_count; i++)
		drops += recipe->dose[i].drops;
	return drops;
}

/* Below 0 where `a` comes first. */
static int compare(const struct search_recipe *a, const struct search_recipe *b)
{
	if (a->objective != b->objective)
		return a->objective < b->objective ? -1 : 1;
	if (total_drops(a) != total_drops(b))
		return total_drops(a) - total_drops(b);
	if (a->diluent_drops != b->diluent_drops)
		return a->diluent_drops - b->diluent_drops;
	if (a->dose_count != b->dose_count)
		return a->dose_count - b->dose_count;
	return memcmp(a->dose, b->dose, (size_t)a->dose_count * sizeof a->dose[0]);
}

struct best {
	struct search_recipe *recipe;
	int count, room;
};

static bool is_full_and_beats(const struct best *best, double objective)
{
	return best->count == best->room && objective > best->recipe[best->count - 1].objective;
}

static void best_insert(struct best *best, const struct search_recipe *recipe)
{
	int place = best->count;

	if (best->count == best->room && compare(recipe, &best->recipe[best->count - 1]) >= 0)
		return;
	while (place > 0 && compare(recipe, &best->recipe[place - 1]) < 0)
		place--;
	if (best->count < best->room)
		best->count++;
	memmove(best->recipe + place + 1, best->recipe + place,
		(size_t)(best->count - 1 - place) * sizeof *recipe);
	best->recipe[place] = *recipe;
}

/* --- the grid --------------------------------------------------------------------------------- */

static int greatest_common_divisor(int a, int b)
{
	return b ? greatest_common_divisor(b, a % b) : a;
}

/* True where the recipe times `times` / `common` stands on the grid. */
static bool is_on_grid(const struct search_recipe *recipe, int times, int common,
		       const struct search_limits *limits)
{
	int diluent = recipe->diluent_drops / common * times;

	if (diluent < limits->diluent_min ||
	    (diluent - limits->diluent_min) % limits->diluent_step != 0)
		return false;
	for (int i = 0; i < recipe->dose_count; i++)
		if (recipe->dose[i].drops / common * times < limits->least[recipe->dose[i].pigment])
			return false;
	return true;
}

/* True where the same ratio stands on the grid with fewer drops. */
static bool is_multiple(const struct search_recipe *recipe, const struct search_limits *limits)
{
	int common = recipe->diluent_drops;

	for (int i = 0; i < recipe->dose_count; i++)
		common = greatest_common_divisor(common, recipe->dose[i].drops);
	for (int times = 1; times < common; times++)
		if (is_on_grid(recipe, times, common, limits))
			return true;
	return false;
}

struct walk {
	const struct search_problem *problem;
	struct search_recipe recipe;
	struct best best;
	unsigned long long evaluated;
	double deadline;
	bool stopped;
};

static bool out_of_time(struct walk *walk)
{
	if (walk->deadline > 0.0 && clock_monotonic_seconds() > walk->deadline)
		walk->stopped = true;
	return walk->stopped;
}

static void walk_diluent(struct walk *walk)
{
	const struct search_problem *problem = walk->problem;
	const struct search_limits *limits = &problem->limits;
	struct search_recipe *recipe = &walk->recipe;
	struct pigment_sum sum;

	if (out_of_time(walk))
		return;
	sum_pigments(&sum, recipe, problem->line);
	if (limits->pigment_ml_max > 0.0 && sum.ml > limits->pigment_ml_max + 1e-9)
		return;
	for (int d = limits->diluent_min; d <= limits->diluent_max; d += limits->diluent_step) {
		double ml = sum.ml + d / problem->line->diluent.bottle.drops_per_ml;

		recipe->diluent_drops = d;
		if (limits->cup_ml > 0.0 && ml > limits->cup_ml + 1e-9)
			break;
		if (is_multiple(recipe, limits))
			continue;
		compute_reflectance(recipe, &sum, problem);
		compute_main_light(recipe, problem);
		walk->evaluated++;
		if (is_full_and_beats(&walk->best, recipe->objective))
			continue;
		add_worst_light(recipe, problem);
		best_insert(&walk->best, recipe);
	}
}

/* Drops of dose `which` and those after it, `left` drops in all. */
static void walk_drops(struct walk *walk, int which, int left)
{
	const struct search_limits *limits = &walk->problem->limits;
	struct search_dose *dose = &walk->recipe.dose[which];
	int least, most;

	if (which == walk->recipe.dose_count) {
		walk_diluent(walk);
		return;
	}
	least = limits->least[dose->pigment] > 1 ? limits->least[dose->pigment] : 1;
	most = limits->most[dose->pigment] < left ? limits->most[dose->pigment] : left;
	for (int n = least; n <= most; n++) {
		dose->drops = n;
		walk_drops(walk, which + 1, left - n);
	}
}

struct subset {
	int count;
	int pigment[RECIPE_PIGMENTS_MAX];
};

static bool holds_forced(const struct subset *subset, const struct search_problem *problem)
{
	for (int p = 0; p < problem->line->count; p++) {
		bool held = !problem->limits.forced[p];

		for (int i = 0; i < subset->count; i++)
			held |= subset->pigment[i] == p;
		if (!held)
			return false;
	}
	return true;
}

/* All subsets in lexicographic order; NULL without memory. With RECIPE_PIGMENTS_MAX = 3 there are
 * at most 128 + 8,128 + 341,376. */
static struct subset *list_subsets(int *count, const struct search_problem *problem)
{
	int pigments = problem->line->count, room = 1024;
	struct subset *list = malloc((size_t)room * sizeof *list), now = {0};

	*count = 0;
	now.pigment[0] = -1;
	now.count = 1;
	while (list && now.count > 0) {
		int *last = &now.pigment[now.count - 1];

		do
			++*last;
		while (*last < pigments && problem->limits.most[*last] == 0);
		if (*last >= pigments) {
			now.count--;
			continue;
		}
		if (holds_forced(&now, problem)) {
			if (*count == room) {
				struct subset *grown;

				room *= 2;
				grown = realloc(list, (size_t)room * sizeof *list);
				if (!grown) {
					free(list);
					return NULL;
				}
				list = grown;
			}
			list[(*count)++] = now;
		}
		if (now.count < problem->limits.pigments_max) {
			now.pigment[now.count] = *last;
			now.count++;
		}
	}
	return list;
}

/* Why nothing fits: the first limit that alone forbids everything. */
static enum status explain_nothing(const struct search_problem *problem, struct error *err)
{
	const struct search_limits *limits = &problem->limits;
	const struct pigment_line *line = problem->line;
	double diluent_ml = limits->diluent_min / line->diluent.bottle.drops_per_ml;
	int forced = 0, open = 0, least = 0;

	for (int i = 0; i < line->count; i++) {
		forced += limits->forced[i];
		open += limits->most[i] > 0;
		least += limits->forced[i] ? (limits->least[i] > 1 ? limits->least[i] : 1) : 0;
		if (limits->forced[i] && limits->most[i] == 0)
			return error_set(err, STATUS_NO_ANSWER,
					 "no recipe: %s is both forced and barred",
					 line->pigment[i].bottle.id);
	}
	if (open == 0)
		return error_set(err, STATUS_NO_ANSWER,
				 "no recipe: every pigment of the line is barred");
	if (forced > limits->pigments_max)
		return error_set(err, STATUS_NO_ANSWER,
				 "no recipe: %d pigments are forced and at most %d allowed", forced,
				 limits->pigments_max);
	if (least > limits->drops_max)
		return error_set(
			err, STATUS_NO_ANSWER,
			"no recipe: the forced pigments need %d drops and at most %d are allowed",
			least, limits->drops_max);
	return error_set(err, STATUS_NO_ANSWER,
			 "no recipe: the least pigment in the least diluent (%d drops, %.2f ml) is "
			 "more than "
			 "the cup (%.2f ml) or the pigment limit (%.2f ml, 0: none) allows",
			 limits->diluent_min, diluent_ml, limits->cup_ml, limits->pigment_ml_max);
}

/* One thread's share of the subsets, then its list into the common one. False without memory. */
static bool walk_share(struct best *best, struct search_proof *proof,
		       const struct search_problem *problem, const struct subset *subset,
		       int subsets, double deadline)
{
	struct walk walk = {
		.problem = problem, .best = {.room = problem->top}, .deadline = deadline};
	bool memory;

	walk.best.recipe = malloc((size_t)problem->top * sizeof *walk.best.recipe);
	memory = walk.best.recipe != NULL;
#pragma omp for schedule(dynamic) nowait
	for (int i = 0; i < subsets; i++) {
		walk.recipe.dose_count = subset[i].count;
		for (int j = 0; j < subset[i].count; j++)
			walk.recipe.dose[j].pigment = subset[i].pigment[j];
		if (memory)
			walk_drops(&walk, 0, problem->limits.drops_max);
	}
#pragma omp critical
	{
		proof->complete = proof->complete && !walk.stopped;
		proof->evaluated += walk.evaluated;
		for (int i = 0; i < walk.best.count; i++)
			best_insert(best, &walk.best.recipe[i]);
	}
	free(walk.best.recipe);
	return memory;
}

static enum status finish(struct search_result *result, const struct search_problem *problem,
			  struct error *err)
{
	if (result->count == 0)
		return result->proof.complete ? explain_nothing(problem, err)
					      : error_set(err, STATUS_NO_ANSWER,
							  "no recipe was reached within %g s",
							  problem->time_limit_s);
	if (result->proof.complete)
		result->proof.bound = result->recipe[result->count - 1].objective;
	for (int i = 0; problem->required && i < result->count; i++)
		add_metamerism(&result->recipe[i], problem);
	return STATUS_OK;
}

enum status search_recipes(struct search_result *result, const struct search_problem *problem,
			   struct error *err)
{
	double start = clock_monotonic_seconds();
	double deadline = problem->time_limit_s > 0.0 ? start + problem->time_limit_s : 0.0;
	int subsets, threads = problem->threads > 0 ? problem->threads : omp_get_max_threads();
	struct subset *subset = list_subsets(&subsets, problem);
	struct best best = {.room = problem->top};
	bool memory;

	*result = (struct search_result){.proof.complete = true};
	best.recipe = malloc((size_t)problem->top * sizeof *best.recipe);
	memory = subset && best.recipe;
	if (memory) {
#pragma omp parallel num_threads(threads) reduction(&& : memory)
		memory = walk_share(&best, &result->proof, problem, subset, subsets, deadline);
	}
	free(subset);
	result->recipe = best.recipe;
	result->count = best.count;
	result->proof.seconds = clock_monotonic_seconds() - start;
	if (!memory)
		error_memory(err);
	if (!memory || finish(result, problem, err)) {
		search_result_clear(result);
		return err->status;
	}
	return STATUS_OK;
}

void search_result_clear(struct search_result *result)
{
	free(result->recipe);
	*result = (struct search_result){0};
}
