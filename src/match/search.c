/* Branch and bound over the diluent, eight recipes at a time; every set of pigments and every vector of their
 * drops is walked, which the fast answer for large lines is to spare.
 *
 * Idea. Along the diluent a mix goes one way, from strong to weak, and so do its K and S. Between two amounts of
 * diluent R lies between its two ends (forward.h), so L*, a* and b* lie in ranges and the objective is at least
 * some figure. Where that is worse than the last of the list, all recipes between are excluded at once; else
 * the interval is split, down to a few recipes, which are tried.
 *
 * Method. Work is shared among threads by pairs of pigments: each pair, and every set that begins with it, small
 * sets first, because they are few and leave a limit for the others. For each vector of drops the diluent
 * is cut into intervals over which the volume grows by half, put on a stack, and bounded from its
 * end, eight together. What is left goes through the vector model, eight together; what may be among the
 * best there, its error counted in, is computed anew in double, and only that decides. So a list is the same
 * to the bit for any number of threads and any vector width.
 *
 * Worked example. 6 raw umber and 3 ready brown in the example's skin with 0 to 200 drops of water, the list's last at
 * J = 0.2: eight intervals, bounded by 0.58, 0.05, 0.28, 1.2, 2.5, 4.1, 5.9 and 8.2. Only the second, 5 to
 * 12 drops, may hold better; its four parts are bounded by 0.44, 0.25, 0.07 and 0.13, and the last two, four
 * recipes, are tried. Twelve bounds and four recipes for 201.
 *
 * Measured on two cores with AVX2, 8 pigments, in skin, three lights: 585 thousand recipes (up to 3 pigments, 12
 * drops, every fifth drop of diluent) 0.03 s, by plain enumeration 0.55 s; 174 million (up to 4, 24 drops,
 * every drop of diluent) 1.0 s; 1.14 thousand million (12 pigments, as before) 5.8 s, opaque 4.5 s. Per lane a bound takes 0.3 us in skin and 0.2 us opaque, an objective 0.2
 * and 0.15 us.
 *
 * Tried and worse: corners of K and S where R's own ends do in skin (forward.c, is_monotone; a quarter slower), sixteen
 * lanes (gcc takes comparisons of 64 bytes apart where there is no AVX-512: twice to six times the time), one
 * loop over bands for all steps of the model (a quarter slower). */
#include "match/search.h"

#include "base/clock.h"
#include "colour/difference.h"
#include "match/best.h"
#include "match/forward.h"
#include "match/infeasible.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

void search_limits_usual(struct search_limits *limits)
{
	*limits = (struct search_limits){
		.pigments_max = SEARCH_PIGMENTS_USUAL,
		.drops_max = 12,
		.pigment_step = 1,
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

/* What a recipe costs beside its colour and its number of pigments: the same for any amount of diluent. */
static double cost_of(const struct search_recipe *recipe, const struct search_problem *problem)
{
	double price = 0.0, coarsest = 0.0;

	for (int i = 0; i < recipe->dose_count; i++) {
		const struct pigment *pigment = &problem->line->pigment[recipe->dose[i].pigment];
		int drops = recipe->dose[i].drops;

		price += pigment->price * drops / pigment->bottle.drops_per_ml;
		coarsest = fmax(coarsest, 0.5 / drops);
	}
	return problem->price_weight * price + problem->coarse_weight * coarsest;
}

/* Everything but the other lights' part of the objective. */
static void compute_main_light(struct search_recipe *recipe, const struct search_problem *problem)
{
	const struct search_light *main_light = &problem->light[0];

	recipe->lab = weights_lab(&main_light->weights, recipe->reflectance);
	recipe->de00 = ciede2000(&main_light->required, &recipe->lab);
	recipe->darker = main_light->required.l - recipe->lab.l;
	recipe->objective =
		main_light->weight * recipe->de00 + problem->lighter * fmax(0.0, recipe->darker) +
		SEARCH_COST_PER_PIGMENT * (recipe->dose_count - 1) + cost_of(recipe, problem);
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
	for (int i = 0; i < recipe->dose_count; i++) {
		int drops = recipe->dose[i].drops / common * times;

		if (drops < limits->least[recipe->dose[i].pigment] ||
		    drops % limits->pigment_step != 0)
			return false;
	}
	return true;
}

/* True where the same ratio stands on the grid with fewer drops. `common` divides all pigments' drops. */
static bool is_multiple(const struct search_recipe *recipe, int common,
			const struct search_limits *limits)
{
	common = greatest_common_divisor(recipe->diluent_drops, common);
	for (int times = 1; times < common; times++)
		if (is_on_grid(recipe, times, common, limits))
			return true;
	return false;
}

/* Recipes of the same drops of pigment with the diluent's steps from `first` to `last`. */
struct interval {
	int drops[RECIPE_PIGMENTS_MAX];
	double cost; /* beside colour and number of pigments */
	int first, last;
};

/* An interval of no more recipes than these is tried one by one, a longer one is split by four. */
enum { INTERVAL_LEAST = 4, INTERVAL_PARTS = 4, INTERVALS_MOST = 1024 };

/* The first intervals of a vector of drops reach from a volume to this many times as much. */
#define INTERVAL_GROWTH 1.5

/* Of a bound, over what forward_bound() allows for itself. */
#define BOUND_MARGIN 1e-3

/* One thread's way through its share of the grid. */
struct walk {
	const struct search_problem *problem;
	const struct forward *forward;
	double *limit;               /* of all threads: what is worse is not in the list */
	struct search_recipe recipe; /* the set of pigments */
	struct best best;
	unsigned long long evaluated;
	double deadline;
	bool stopped;
	/* of that set, intervals to be bounded … */
	struct interval interval[INTERVALS_MOST];
	int intervals;
	/* … and recipes that wait for the vector model: */
	struct forward_batch batch;
	struct interval waiting[LANES]; /* of one recipe each */
	int waiting_count;
};

static bool out_of_time(struct walk *walk)
{
	if (walk->deadline > 0.0 && clock_monotonic_seconds() > walk->deadline)
		walk->stopped = true;
	return walk->stopped;
}

/* True where the list has no place for such an objective. */
static bool is_beaten(const struct walk *walk, double objective)
{
	double limit;

	__atomic_load(walk->limit, &limit, __ATOMIC_RELAXED);
	return objective > limit || best_has_no_place(&walk->best, objective);
}

/* The worst of a full list is a limit for every thread. Two that write at once may leave the larger: that
 * costs time only. */
static void share_limit(struct walk *walk)
{
	double limit, own;

	if (walk->best.count < walk->best.room)
		return;
	own = walk->best.recipe[walk->best.count - 1].objective;
	__atomic_load(walk->limit, &limit, __ATOMIC_RELAXED);
	if (own < limit)
		__atomic_store(walk->limit, &own, __ATOMIC_RELAXED);
}

static int diluent_drops(const struct walk *walk, int step)
{
	return walk->problem->limits.diluent_min + step * walk->problem->limits.diluent_step;
}

/* Computes one that waited in double, and keeps it where it is among the best. */
static void try_recipe(struct walk *walk, int lane)
{
	struct search_recipe recipe = walk->recipe;
	struct pigment_sum sum;

	for (int i = 0; i < recipe.dose_count; i++)
		recipe.dose[i].drops = walk->waiting[lane].drops[i];
	recipe.diluent_drops = diluent_drops(walk, walk->waiting[lane].first);
	sum_pigments(&sum, &recipe, walk->problem->line);
	compute_reflectance(&recipe, &sum, walk->problem);
	compute_main_light(&recipe, walk->problem);
	if (is_beaten(walk, recipe.objective))
		return;
	add_worst_light(&recipe, walk->problem);
	best_insert(&walk->best, &recipe);
	share_limit(walk);
}

/* Shares of the mix with that step of the diluent. */
static void set_shares(struct forward_batch *batch, int lane, const struct walk *walk,
		       const struct interval *interval, int step)
{
	const struct pigment_line *line = walk->problem->line;
	double total = diluent_drops(walk, step) / line->diluent.bottle.drops_per_ml;
	double ml[RECIPE_PIGMENTS_MAX];

	for (int i = 0; i < walk->recipe.dose_count; i++) {
		const struct pigment *pigment = &line->pigment[walk->recipe.dose[i].pigment];

		ml[i] = interval->drops[i] / pigment->bottle.drops_per_ml;
		total += ml[i];
	}
	for (int i = 0; i < walk->recipe.dose_count; i++)
		batch->share[i][lane] = (float)(ml[i] / total);
}

/* Lanes that hold nothing repeat the first. */
static void fill_up(struct forward_batch *batch, int used, int pigments)
{
	for (int i = 0; i < pigments; i++)
		for (int lane = used; lane < LANES; lane++)
			batch->share[i][lane] = batch->share[i][0];
}

static void flush_waiting(struct walk *walk)
{
	float objective[LANES] __attribute__((aligned(64)));

	if (walk->waiting_count == 0)
		return;
	fill_up(&walk->batch, walk->waiting_count, walk->recipe.dose_count);
	forward_objective(objective, walk->forward, &walk->batch, walk->recipe.dose_count);
	for (int lane = 0; lane < walk->waiting_count; lane++)
		if (!is_beaten(walk, walk->waiting[lane].cost + objective[lane] -
					     forward_margin(walk->problem, objective[lane])))
			try_recipe(walk, lane);
	walk->waiting_count = 0;
}

static void wait_for_batch(struct walk *walk, const struct interval *interval, int step)
{
	struct search_recipe recipe = {.dose_count = walk->recipe.dose_count,
				       .diluent_drops = diluent_drops(walk, step)};
	int common = 0;

	for (int i = 0; i < recipe.dose_count; i++) {
		recipe.dose[i] =
			(struct search_dose){walk->recipe.dose[i].pigment, interval->drops[i]};
		common = greatest_common_divisor(interval->drops[i], common);
	}
	if (is_multiple(&recipe, common, &walk->problem->limits))
		return;
	set_shares(&walk->batch, walk->waiting_count, walk, interval, step);
	walk->waiting[walk->waiting_count] = *interval;
	walk->waiting[walk->waiting_count].first = step;
	if (++walk->waiting_count == LANES)
		flush_waiting(walk);
}

static void open_interval(struct walk *walk, const struct interval *interval)
{
	int count = interval->last - interval->first + 1;

	if (count <= INTERVAL_LEAST) {
		for (int step = interval->first; step <= interval->last; step++)
			wait_for_batch(walk, interval, step);
		return;
	}
	for (int part = 0; part < INTERVAL_PARTS; part++) {
		struct interval *piece = &walk->interval[walk->intervals++];

		*piece = *interval;
		piece->first = interval->first + count * part / INTERVAL_PARTS;
		piece->last = interval->first + count * (part + 1) / INTERVAL_PARTS - 1;
	}
}

/* Bounds the last ones, which are the smallest, and opens what is not excluded. */
static void bound_intervals(struct walk *walk)
{
	struct forward_batch strong = {0}, weak = {0};
	struct interval now[LANES];
	float bound[LANES] __attribute__((aligned(64)));
	int used = walk->intervals < LANES ? walk->intervals : LANES;

	walk->intervals -= used;
	memcpy(now, walk->interval + walk->intervals, (size_t)used * sizeof now[0]);
	memcpy(strong.pigment, walk->batch.pigment, sizeof strong.pigment);
	memcpy(weak.pigment, walk->batch.pigment, sizeof weak.pigment);
	for (int lane = 0; lane < used; lane++) {
		set_shares(&strong, lane, walk, &now[lane], now[lane].first);
		set_shares(&weak, lane, walk, &now[lane], now[lane].last);
	}
	fill_up(&strong, used, walk->recipe.dose_count);
	fill_up(&weak, used, walk->recipe.dose_count);
	forward_bound(bound, walk->forward, &strong, &weak, walk->recipe.dose_count);
	for (int lane = 0; lane < used; lane++)
		if (!is_beaten(walk, now[lane].cost + bound[lane] - BOUND_MARGIN))
			open_interval(walk, &now[lane]);
}

static void push_interval(struct walk *walk, const struct interval *interval)
{
	walk->interval[walk->intervals++] = *interval;
	while (walk->intervals >= LANES)
		bound_intervals(walk);
}

/* The last step of the diluent that the cup has room for; below 0 where it has none. */
static int last_step(const struct search_limits *limits, double all_ml, double drops_per_ml)
{
	int last = (limits->diluent_max - limits->diluent_min) / limits->diluent_step;

	while (limits->cup_ml > 0.0 && last >= 0 &&
	       all_ml + (limits->diluent_min + last * limits->diluent_step) / drops_per_ml >
		       limits->cup_ml + 1e-9)
		last--;
	return last;
}

/* True where pairs with a fixed ratio have it, or neither is there. */
static bool keeps_ratios(const struct search_recipe *recipe, const struct search_limits *limits)
{
	for (int r = 0; r < limits->ratios; r++) {
		const struct search_ratio *ratio = &limits->ratio[r];
		int drops[2] = {0, 0};

		for (int i = 0; i < recipe->dose_count; i++)
			for (int side = 0; side < 2; side++)
				if (recipe->dose[i].pigment == ratio->pigment[side])
					drops[side] = recipe->dose[i].drops;
		if (drops[0] * ratio->parts[1] != drops[1] * ratio->parts[0])
			return false;
	}
	return true;
}

/* Splits all diluents of a vector of drops into intervals of about the same growth of volume. */
static void walk_diluent(struct walk *walk)
{
	const struct search_limits *limits = &walk->problem->limits;
	const struct pigment_line *line = walk->problem->line;
	double all_ml = 0.0, per_ml = line->diluent.bottle.drops_per_ml;
	struct interval interval;
	int last;

	if (out_of_time(walk))
		return;
	for (int i = 0; i < walk->recipe.dose_count; i++) {
		const struct search_dose *dose = &walk->recipe.dose[i];

		interval.drops[i] = dose->drops;
		all_ml += dose->drops / line->pigment[dose->pigment].bottle.drops_per_ml;
	}
	if ((limits->pigment_ml_max > 0.0 && all_ml > limits->pigment_ml_max + 1e-9) ||
	    !keeps_ratios(&walk->recipe, limits))
		return;
	interval.cost = cost_of(&walk->recipe, walk->problem);
	last = last_step(limits, all_ml, per_ml);
	walk->evaluated += (unsigned)(last + 1);
	for (interval.first = 0; interval.first <= last; interval.first = interval.last + 1) {
		double ml = all_ml + diluent_drops(walk, interval.first) / per_ml;
		double grown = (INTERVAL_GROWTH - 1.0) * ml * per_ml / limits->diluent_step;

		interval.last = interval.first + (int)fmin(grown, last - interval.first);
		push_interval(walk, &interval);
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
	least = (least + limits->pigment_step - 1) / limits->pigment_step * limits->pigment_step;
	most = limits->most[dose->pigment] < left ? limits->most[dose->pigment] : left;
	for (int n = least; n <= most; n += limits->pigment_step) {
		dose->drops = n;
		walk_drops(walk, which + 1, left - n);
	}
}

static bool holds_forced(const struct search_recipe *recipe, const struct search_problem *problem)
{
	for (int p = 0; p < problem->line->count; p++) {
		bool held = !problem->limits.forced[p];

		for (int i = 0; i < recipe->dose_count; i++)
			held |= recipe->dose[i].pigment == p;
		if (!held)
			return false;
	}
	return true;
}

/* The set as it is. */
static void walk_set(struct walk *walk)
{
	if (!holds_forced(&walk->recipe, walk->problem))
		return;
	for (int i = 0; i < walk->recipe.dose_count; i++)
		walk->batch.pigment[i] = walk->recipe.dose[i].pigment;
	walk_drops(walk, 0, walk->problem->limits.drops_max);
	while (walk->intervals > 0)
		bound_intervals(walk);
	flush_waiting(walk);
}

/* Every set of `size` pigments that begins with this one. */
static void walk_sets(struct walk *walk, int size)
{
	const struct search_problem *problem = walk->problem;
	struct search_recipe *recipe = &walk->recipe;
	int count = recipe->dose_count;

	if (count == size) {
		walk_set(walk);
		return;
	}
	for (int p = recipe->dose[count - 1].pigment + 1; p < problem->line->count; p++) {
		if (problem->limits.most[p] == 0)
			continue;
		recipe->dose_count = count + 1;
		recipe->dose[count].pigment = p;
		walk_sets(walk, size);
	}
	recipe->dose_count = count;
}

/* A share of the work: all sets of `size` that begin with the two; of one pigment they are the same. */
static void walk_pair(struct walk *walk, int size, int first, int second)
{
	const struct search_limits *limits = &walk->problem->limits;

	if ((size == 1) != (first == second) || second < first || limits->most[first] == 0 ||
	    limits->most[second] == 0)
		return;
	walk->recipe.dose_count = size == 1 ? 1 : 2;
	walk->recipe.dose[0].pigment = first;
	walk->recipe.dose[1].pigment = second;
	walk_sets(walk, size);
}

/* One thread's shares, then its list into the common one. Small sets first: they are few and leave a limit
 * for the large ones. False without memory. */
static bool walk_shares(struct best *best, struct search_proof *proof,
			const struct search_problem *problem, const struct forward *forward,
			double *limit, double deadline)
{
	struct walk *walk = calloc(1, sizeof *walk);
	struct search_recipe *room = malloc((size_t)problem->top * sizeof *room);
	int pigments = problem->line->count;
	bool memory = walk && room;

	if (memory)
		*walk = (struct walk){.problem = problem,
				      .forward = forward,
				      .limit = limit,
				      .best = {room, 0, problem->top, problem->vary},
				      .deadline = deadline};
	for (int size = 1; size <= problem->limits.pigments_max; size++) {
#pragma omp for schedule(dynamic)
		for (int share = 0; share < pigments * pigments; share++)
			if (memory)
				walk_pair(walk, size, share / pigments, share % pigments);
	}
#pragma omp critical
	if (memory) {
		proof->complete = proof->complete && !walk->stopped;
		proof->evaluated += walk->evaluated;
		for (int i = 0; i < walk->best.count; i++)
			best_insert(best, &walk->best.recipe[i]);
	}
	free(room);
	free(walk);
	return memory;
}

static enum status finish(struct search_result *result, const struct search_problem *problem,
			  struct error *err)
{
	if (result->count == 0)
		return result->proof.complete ? infeasible_explain(problem, err)
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
	int threads = problem->threads > 0 ? problem->threads : omp_get_max_threads();
	struct forward *forward = forward_new(problem);
	struct best best = {.room = problem->top, .vary = problem->vary};
	double limit = INFINITY;
	bool memory;

	*result = (struct search_result){.proof.complete = true};
	best.recipe = malloc((size_t)problem->top * sizeof *best.recipe);
	memory = forward && best.recipe;
	if (memory) {
#pragma omp parallel num_threads(threads) reduction(&& : memory)
		memory = walk_shares(&best, &result->proof, problem, forward, &limit, deadline);
	}
	forward_free(forward);
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
