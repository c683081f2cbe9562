/* Branch and bound over every set of pigments, in boxes of ratios and then along the diluent of single drops.
 *
 * Boxes. Of an opaque medium only ratios of pigment to diluent count. All recipes of a set lie in one box of them; sixteen
 * boxes at a time are bounded (forward_bound_boxes()), what is not excluded is cut in two, and a box that is
 * expected to hold a recipe or two is looked through: for all diluents at once whether every pigment has a whole number
 * of drops in it, then exactly. Boxes are half open and their ends the same double for both neighbours, so every
 * recipe is in one of them.
 *
 * Lines. Elsewhere each vector of drops is walked: its diluents are cut into intervals over which the volume grows by half,
 * put on a stack, and bounded from its end (forward_bound()). Along the diluent a mix goes one way, from strong to weak, so
 * R lies between its two ends, so L*, a* and b* lie in ranges. An interval that is not excluded is split by four,
 * down to a few recipes, which are tried.
 *
 * Threads share the work by pairs of pigments: each pair with every set that begins with it, small sets first.
 *
 * Worked example of a line: 6 raw umber and 3 ready brown in the example's skin with 0 to 200 drops of water, the list's
 * last at J = 0.2: eight intervals, bounded by 0.58, 0.05, 0.28, 1.2, 2.5, 4.1, 5.9 and 8.2. Only the second, 5 to 12
 * drops, may hold better; its four parts are bounded by 0.44, 0.25, 0.07 and 0.13, and the last two, four recipes, are
 * tried. Twelve bounds and four recipes for 201.
 *
 * Measured: a box takes 0.17 us, of which the bound 0.12; a line's interval 0.1 us opaque, 0.15 us in skin. */
#include "search/prove.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Recipes of the same drops of pigment with the diluent's steps from `first` to `last`. */
struct interval {
	int drops[SEARCH_PIGMENTS_MAX];
	double cost; /* beside colour and number of pigments */
	int first, last;
};

/* Recipes of a set whose ratios lie in low <= x < high: drops of pigment for one of diluent, by volume. */
struct box {
	double low[SEARCH_PIGMENTS_MAX], high[SEARCH_PIGMENTS_MAX];
};

/* An interval of no more recipes than these is tried one by one, a longer one is split by four. */
enum { INTERVAL_LEAST = 4, INTERVAL_PARTS = 4, INTERVALS_MOST = 1024 };

/* The first intervals of a vector of drops reach from a volume to this many times as much. */
#define INTERVAL_GROWTH 1.5

/* Of a bound, over what the bounds allow for themselves; times the weights of lights and lightness, if they are more. */
#define BOUND_MARGIN 1e-3

/* A box that is expected to hold no more recipes than these is not split; they are tried. */
#define BOX_RECIPES 2.0
enum { BOXES_MOST = 4096 };

/* With a limit above this boxes are of no use. */
#define REACH_MOST 20.0

/* What boxes of a set are measured by: of each pigment, in its steps. */
struct set_scale {
	double inverse[SEARCH_PIGMENTS_MAX]; /* drops for a ratio of 1, over their step */
	double low[SEARCH_PIGMENTS_MAX],
		high[SEARCH_PIGMENTS_MAX]; /* ratio of fewest and most to 1 of diluent */
	double drops_max, most, diluent_min, diluent_step, per_step;
	int first, last; /* steps of diluent */
};

/* One thread's way through its share of the sets. */
struct walk {
	struct run *run;
	const struct forward_rows *rows; /* by number of pigments, from 1; lights 0: no boxes */
	double margin;                   /* of bounds */
	struct search_recipe set;        /* its pigments, and drops as they are walked */
	struct trials trials;
	struct forward_batch strong, weak;
	struct forward_boxes boxes;
	struct interval interval[INTERVALS_MOST];
	int intervals;
	struct set_scale scale;
	struct box box[BOXES_MOST];
	int box_count;
	unsigned long long evaluated, sets, bounded;
};

/* --- lines: one vector of drops, all diluents ------------------------------------------------------ */

static void set_shares(struct forward_batch *batch, int lane, const struct walk *walk,
		       const struct interval *interval, int step)
{
	const struct lattice *lattice = &walk->run->lattice;
	const struct search_recipe *recipe = &walk->set;
	double total = lattice_diluent(lattice, step) * lattice->diluent_ml;
	double ml[SEARCH_PIGMENTS_MAX];

	for (int i = 0; i < recipe->dose_count; i++) {
		ml[i] = interval->drops[i] * lattice->ml[recipe->dose[i].pigment];
		total += ml[i];
	}
	for (int i = 0; i < recipe->dose_count; i++)
		batch->share[i][lane] = (float)(ml[i] / total);
}

static void fill_up(struct forward_batch *batch, int used, int pigments)
{
	for (int i = 0; i < pigments; i++)
		for (int lane = used; lane < LANES; lane++)
			batch->share[i][lane] = batch->share[i][0];
}

/* Tries its recipes, or puts its parts back to be bounded. */
static void open_interval(struct walk *walk, const struct interval *interval)
{
	int count = interval->last - interval->first + 1;

	if (count <= INTERVAL_LEAST) {
		for (int step = interval->first; step <= interval->last; step++)
			trials_add(&walk->trials, interval->drops,
				   lattice_diluent(&walk->run->lattice, step));
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
	int pigments = walk->set.dose_count;
	struct interval now[LANES];
	float bound[LANES] LANE_ARRAY;
	int used = walk->intervals < LANES ? walk->intervals : LANES;

	walk->intervals -= used;
	memcpy(now, walk->interval + walk->intervals, (size_t)used * sizeof now[0]);
	for (int lane = 0; lane < used; lane++) {
		set_shares(&walk->strong, lane, walk, &now[lane], now[lane].first);
		set_shares(&walk->weak, lane, walk, &now[lane], now[lane].last);
	}
	fill_up(&walk->strong, used, pigments);
	fill_up(&walk->weak, used, pigments);
	forward_bound(bound, walk->run->forward, &walk->strong, &walk->weak, pigments);
	for (int lane = 0; lane < used; lane++)
		if (now[lane].cost + bound[lane] - walk->margin <= run_limit(walk->run))
			open_interval(walk, &now[lane]);
}

static void push_interval(struct walk *walk, const struct interval *interval)
{
	walk->interval[walk->intervals++] = *interval;
	while (walk->intervals >= LANES)
		bound_intervals(walk);
}

/* Splits the diluents of a vector of drops, up to a step, into intervals of about the same growth of volume. */
static void walk_diluent(struct walk *walk, int last)
{
	const struct lattice *lattice = &walk->run->lattice;
	const struct search_recipe *recipe = &walk->set;
	double all_ml = lattice_pigment_ml(lattice, recipe);
	struct interval interval = {.cost = search_cost(recipe, walk->run->problem)};
	int room;

	if (all_ml < 0.0)
		return;
	room = lattice_last_step(lattice, all_ml);
	last = last < room ? last : room;
	for (int i = 0; i < recipe->dose_count; i++)
		interval.drops[i] = recipe->dose[i].drops;
	for (interval.first = 0; interval.first <= last; interval.first = interval.last + 1) {
		double ml = all_ml + lattice_diluent(lattice, interval.first) * lattice->diluent_ml;
		double grown = (INTERVAL_GROWTH - 1.0) * ml / lattice->diluent_ml /
			       walk->run->problem->limits.diluent_step;

		interval.last = interval.first + (int)fmin(grown, last - interval.first);
		push_interval(walk, &interval);
	}
}

/* Drops of dose `which` and those after it, `left` drops in all; diluents up to a step. */
static void walk_drops(struct walk *walk, int which, int left, int last)
{
	const struct lattice *lattice = &walk->run->lattice;
	struct search_dose *dose = &walk->set.dose[which];
	int most;

	if (which == walk->set.dose_count) {
		if (!run_is_over(walk->run))
			walk_diluent(walk, last);
		return;
	}
	most = lattice->most[dose->pigment] < left ? lattice->most[dose->pigment] : left;
	for (int n = lattice->least[dose->pigment]; n <= most;
	     n += walk->run->problem->limits.pigment_step) {
		dose->drops = n;
		walk_drops(walk, which + 1, left - n, last);
	}
}

static void walk_lines(struct walk *walk, int last)
{
	walk_drops(walk, 0, walk->run->problem->limits.drops_max, last);
	while (walk->intervals > 0)
		bound_intervals(walk);
}

/* --- boxes: all drops and diluents of a set, from one drop of diluent on ----------------------------- */

/* The first step with diluent in it. */
static int first_diluted(const struct lattice *lattice)
{
	return lattice_diluent(lattice, 0) > 0 ? 0 : 1;
}

static double ratio_of(const struct lattice *lattice, int pigment, int drops, int diluent)
{
	return drops * lattice->ml[pigment] / (diluent * lattice->diluent_ml);
}

/* A box's recipes: the steps of diluent that they may have, and about how many they are. */
struct extent {
	int first, last;
	double recipes;
};

/* The diluents are those with which each pigment's drops and all together stay within their limits; the recipes the
 * integral over them of the product of the ranges of drops. No steps where the box holds none for certain. */
static struct extent extent_of(const struct walk *walk, const struct box *box)
{
	const struct set_scale *scale = &walk->scale;
	struct extent extent = {scale->first, scale->last, 0.0};
	double most = scale->most, least = 0.0, drops = 0.0, width = 1.0, high, low;
	int count = walk->set.dose_count;

	for (int i = 0; i < count; i++) {
		drops += box->low[i] * scale->inverse[i];
		width *= (box->high[i] - box->low[i]) * scale->inverse[i];
		if (scale->low[i] > least * box->high[i])
			least = scale->low[i] / box->high[i];
		if (scale->high[i] < most * box->low[i])
			most = scale->high[i] / box->low[i];
	}
	if (scale->drops_max < most * drops)
		most = scale->drops_max / drops;
	least = (least * (1.0 - 1e-9) - scale->diluent_min) * scale->per_step;
	most = (most * (1.0 + 1e-9) - scale->diluent_min) * scale->per_step;
	if (least > extent.first)
		extent.first = (int)ceil(least);
	if (most < extent.last)
		extent.last = most < 0.0 ? -1 : (int)most;
	high = scale->diluent_min + extent.last * scale->diluent_step;
	low = scale->diluent_min + extent.first * scale->diluent_step;
	extent.recipes = extent.last - extent.first + 1;
	/* between the trapezium and the integral, which does to tell few from many */
	high = width * (count > 1 ? high * high : high) * (count > 2 ? high : 1.0) *
	       (count > 3 ? high : 1.0);
	low = width * (count > 1 ? low * low : low) * (count > 2 ? low : 1.0) *
	      (count > 3 ? low : 1.0);
	extent.recipes *= (high + low * count) / (count + 1);
	return extent;
}

/* Drops of the pigment at `which` and those after it at that diluent. */
static void try_drops(struct walk *walk, const struct box *box, int drops[], int which, int step)
{
	const struct lattice *lattice = &walk->run->lattice;
	struct search_recipe *set = &walk->set;
	int diluent = lattice_diluent(lattice, step), pigment, first, last;
	int drop_step = walk->run->problem->limits.pigment_step;
	double per_drop;

	if (which == set->dose_count) {
		double ml;

		for (int i = 0; i < set->dose_count; i++)
			set->dose[i].drops = drops[i];
		ml = lattice_pigment_ml(lattice, set);
		if (ml >= 0.0 && lattice_last_step(lattice, ml) >= step)
			trials_add(&walk->trials, drops, diluent);
		return;
	}
	pigment = set->dose[which].pigment;
	per_drop = ratio_of(lattice, pigment, 1, diluent);
	first = (int)(box->low[which] / per_drop - 0.01) / drop_step * drop_step;
	last = (int)(box->high[which] / per_drop + 0.01);
	if (first < lattice->least[pigment])
		first = lattice->least[pigment];
	if (last > lattice->most[pigment])
		last = lattice->most[pigment];
	for (int n = first; n <= last; n += drop_step) {
		double x = ratio_of(lattice, pigment, n, diluent);

		if (x < box->low[which] || x >= box->high[which])
			continue;
		drops[which] = n;
		try_drops(walk, box, drops, which + 1, step);
	}
}

/* Tries every recipe of a box, at the diluents with which each pigment has whole drops in it. */
static void try_box(struct walk *walk, const struct box *box, const struct extent *extent)
{
	const struct lattice *lattice = &walk->run->lattice;
	int drops[SEARCH_PIGMENTS_MAX], count = walk->set.dose_count;
	int drop_step = walk->run->problem->limits.pigment_step;
	struct forward_ranges ranges = {
		.count = count,
		.first = (float)lattice_diluent(lattice, extent->first),
		.step = (float)walk->run->problem->limits.diluent_step,
	};
	unsigned char hit[SEARCH_DILUENT_MAX + 1];

	for (int i = 0; i < count; i++) {
		double per_drop = ratio_of(lattice, walk->set.dose[i].pigment, drop_step, 1);

		ranges.low[i] = (float)(box->low[i] / per_drop);
		ranges.high[i] = (float)(box->high[i] / per_drop);
	}
	forward_find_ranges(hit, walk->run->forward, &ranges, extent->last - extent->first + 1);
	for (int step = extent->first; step <= extent->last; step++)
		if (hit[step - extent->first])
			try_drops(walk, box, drops, 0, step);
}

static void push_box(struct walk *walk, const struct box *box)
{
	struct extent extent = extent_of(walk, box);

	if (extent.last < extent.first)
		return;
	if (extent.recipes <= BOX_RECIPES || walk->box_count == BOXES_MOST)
		try_box(walk, box, &extent);
	else
		walk->box[walk->box_count++] = *box;
}

/* In two along one ratio, in the geometric middle where that is far from the other one. */
static void split_box(struct walk *walk, const struct box *box, int along)
{
	double low = box->low[along], high = box->high[along];
	double middle = high > 3.0 * low ? sqrt(low * high) : (low + high) / 2.0;
	struct box part = *box;

	part.high[along] = middle;
	push_box(walk, &part);
	part = *box;
	part.low[along] = middle;
	push_box(walk, &part);
}

static void bound_boxes(struct walk *walk)
{
	const struct search_recipe *set = &walk->set;
	struct forward_boxes *boxes = &walk->boxes;
	int count = set->dose_count, used = walk->box_count < LANES ? walk->box_count : LANES;
	double limit = run_limit(walk->run) - SEARCH_COST_PER_PIGMENT * (count - 1);
	struct box now[LANES];

	walk->box_count -= used;
	memcpy(now, walk->box + walk->box_count, (size_t)used * sizeof now[0]);
	for (int lane = 0; lane < LANES; lane++)
		for (int i = 0; i < count; i++) {
			const struct box *box = &now[lane < used ? lane : 0];
			float centre = (float)((box->low[i] + box->high[i]) / 2.0);

			/* holds the box, as it is rounded */
			boxes->centre[i][lane] = centre;
			boxes->half[i][lane] =
				(float)((box->high[i] - box->low[i]) / 2.0) + centre * 2e-7f;
		}
	walk->bounded += LANES;
	forward_bound_boxes(boxes, walk->run->forward, &walk->rows[count],
			    walk->trials.batch.pigment, count, (float)limit);
	for (int lane = 0; lane < used; lane++) {
		int along = 0;

		if (boxes->bound[lane] - walk->margin > limit)
			continue;
		for (int i = 1; i < count; i++)
			if (boxes->spread[i][lane] > boxes->spread[along][lane])
				along = i;
		split_box(walk, &now[lane], along);
	}
}

static void set_scale(struct walk *walk)
{
	const struct lattice *lattice = &walk->run->lattice;
	const struct search_limits *limits = &walk->run->problem->limits;
	struct set_scale *scale = &walk->scale;

	*scale = (struct set_scale){
		.drops_max = (double)limits->drops_max / limits->pigment_step,
		.first = first_diluted(lattice),
		.last = lattice->diluent_steps - 1,
		.most = lattice_diluent(lattice, lattice->diluent_steps - 1),
		.diluent_min = limits->diluent_min,
		.diluent_step = limits->diluent_step,
		.per_step = 1.0 / limits->diluent_step,
	};
	for (int i = 0; i < walk->set.dose_count; i++) {
		int p = walk->set.dose[i].pigment;
		double per_drop = lattice->ml[p] / lattice->diluent_ml;

		scale->inverse[i] = 1.0 / (per_drop * limits->pigment_step);
		scale->low[i] = lattice->least[p] * per_drop;
		scale->high[i] = lattice->most[p] * per_drop;
	}
}

static void walk_boxes(struct walk *walk)
{
	const struct lattice *lattice = &walk->run->lattice;
	const struct search_recipe *set = &walk->set;
	struct box root;

	if (first_diluted(lattice) >= lattice->diluent_steps)
		return;
	set_scale(walk);
	for (int i = 0; i < set->dose_count; i++) {
		int p = set->dose[i].pigment;

		root.low[i] = ratio_of(lattice, p, lattice->least[p],
				       lattice_diluent(lattice, lattice->diluent_steps - 1));
		root.high[i] = ratio_of(lattice, p, lattice->most[p],
					lattice_diluent(lattice, first_diluted(lattice))) *
			       (1.0 + 1e-9);
	}
	push_box(walk, &root);
	while (walk->box_count > 0 && !run_is_over(walk->run))
		bound_boxes(walk);
	walk->box_count = 0;
}

/* --- sets ------------------------------------------------------------------------------------------- */

static void walk_set(struct walk *walk, const int *pigment, int count)
{
	struct run *run = walk->run;
	int all = run->lattice.diluent_steps - 1;

	if (!lattice_allows(&run->lattice, pigment, count) || run_is_over(run))
		return;
	if (SEARCH_COST_PER_PIGMENT * (count - 1) > run_limit(run)) {
		walk->evaluated += lattice_count(&run->lattice, pigment, count);
		return;
	}
	trials_begin(&walk->trials, pigment, count);
	walk->set.dose_count = count;
	for (int i = 0; i < count; i++)
		walk->set.dose[i].pigment = pigment[i];
	memcpy(walk->strong.pigment, pigment, (size_t)count * sizeof *pigment);
	memcpy(walk->weak.pigment, pigment, (size_t)count * sizeof *pigment);
	if (walk->rows[count].lights) {
		if (first_diluted(&run->lattice))
			walk_lines(walk, 0);
		walk_boxes(walk);
	} else {
		walk_lines(walk, all);
	}
	trials_finish(&walk->trials);
	if (!run_is_over(run))
		walk->evaluated += lattice_count(&run->lattice, pigment, count);
}

/* Every set of `size` pigments that begins with the `count` that are there. */
static void walk_sets(struct walk *walk, int *pigment, int at, int count, int size)
{
	const struct lattice *lattice = &walk->run->lattice;

	if (count == size) {
		walk_set(walk, pigment, count);
		walk->sets++;
		return;
	}
	for (; at < lattice->open_count; at++) {
		pigment[count] = lattice->open[at];
		walk_sets(walk, pigment, at + 1, count + 1, size);
	}
}

/* A share of the work: all sets of `size` that begin with the two; of one pigment they are the same. */
static void walk_pair(struct walk *walk, int size, int first, int second)
{
	const struct lattice *lattice = &walk->run->lattice;
	int pigment[SEARCH_PIGMENTS_MAX] = {lattice->open[first], lattice->open[second]};

	if ((size == 1) != (first == second) || second < first)
		return;
	walk->sets = 0;
	walk_sets(walk, pigment, second + 1, size == 1 ? 1 : 2, size);
	__atomic_fetch_add(&walk->run->sets_done, walk->sets, __ATOMIC_RELAXED);
}

static double bound_margin(const struct search_problem *problem)
{
	double weight = problem->light[0].weight + problem->lighter, others = 0.0;

	for (int i = 1; i < problem->light_count; i++)
		others = fmax(others, problem->light[i].weight);
	return BOUND_MARGIN * fmax(1.0, weight + others);
}

static bool walk_shares(struct run *run, const struct forward_rows *rows, int size)
{
	struct walk *walk = forward_room(1, sizeof *walk);
	int open = run->lattice.open_count;

	if (walk) {
		walk->run = walk->trials.run = run;
		walk->rows = rows;
		walk->margin = bound_margin(run->problem);
	}
#pragma omp for schedule(dynamic) nowait
	for (int share = 0; share < open * open; share++)
		if (walk)
			walk_pair(walk, size, share / open, share % open);
	if (walk) {
		__atomic_fetch_add(&run->evaluated, walk->evaluated, __ATOMIC_RELAXED);
		run_count(run, &(struct search_work){.objectives = walk->trials.objectives,
						     .boxes = walk->bounded});
		free(walk);
		return true;
	}
	return false;
}

bool prove_size(struct run *run, int size)
{
	const struct search_problem *problem = run->problem;
	struct forward_rows *rows = calloc(SEARCH_PIGMENTS_MAX + 1, sizeof *rows);
	double reach = run_limit(run) - SEARCH_COST_PER_PIGMENT * (size - 1);
	bool memory = rows;

	if (memory) {
		if (problem->medium->layered || size == 1 || reach <= 0.0 || reach > REACH_MOST ||
		    !forward_rows_build(&rows[size], problem, reach))
			rows[size].lights = 0;
#pragma omp parallel num_threads(run->threads) reduction(&& : memory)
		memory = walk_shares(run, rows, size);
	}
	free(rows);
	return memory;
}
