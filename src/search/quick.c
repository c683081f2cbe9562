/* The fast answer: for every set of pigments its best shares, then the whole drops near them.
 *
 * Idea. A list of ten needs no proof that the other million sets are worse; it needs each set's best continuous shares,
 * which tell what its whole drops can be at best. So every set takes a few Gauss-Newton steps, sixteen sets at a time
 * (lane_descent.h), most are left because even their best is no better than the list's last, and only of the rest
 * whole drops are looked for (near.h). What comes out is tried in double like everything else.
 *
 * Method. Lanes are pairs of pigments, the one or two pigments before them are shared, so a block of sixteen sets
 * reads K and S of a table that is made once. The first two steps see bands merged by three; what may still be of use then
 * waits until sixteen have come together, whatever their pigments, and is finished with all bands. Sizes of sets go up: small
 * sets are few and leave a limit. Blocks come in a fixed mixed order in batches, each twice the one before, and the limit
 * that a batch is measured by is that from before it: so the answer does not depend on how many threads there are.
 * Best shares often lie in a valley of nearly the same colour; it is cut into cells (near.h), which are lanes again.
 *
 * Worked example. 60 pigments, up to 4 of them, 24 drops, diluent 1 to 200: 522,955 sets, 1.05e12 recipes. 33 thousand
 * blocks take two early steps, a quarter of the sets four full ones, some thousands have a valley that is cut into
 * cells, some ten thousand recipes are tried.
 *
 * What it may miss: a set whose steps end in the wrong valley, which happens at the edge of what the pigments reach. On
 * targets in reach its list is the proven one (tests/unit/test_quick.c); the proof replaces it where it is not.
 *
 * Tried and worse: a linear start at the target's spectrum (it has none where a Lab is wanted, and saves one of two
 * early steps); steps in XYZ instead of its cube roots (two steps more); leaving the sum of shares to be scaled back
 * (descents stop short of a full cup); one linear model for a whole valley (a third of the lists lost recipes);
 * beginning anew from the middle where a descent ended on a bound (no recipe more, a third more time). */
#include "search/quick.h"

#include "search/near.h"
#include "search/prove.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	EARLY_STEPS = 2, /* with merged bands … */
	MERGE_EARLY = 3,
	LATE_STEPS = 3, /* … and with all */
	CELL_STEPS = 2,
	UNITS_FEW = 32, /* for less threads would wait for each other longer than they work */
};

/* Sets whose least length, as an early step foresees it, is above the limit by more than this, are left: sets of up to
 * three pigments, which are few, and of more. Chosen on 21 made-up targets: with the second row for all sizes 2 of their 210
 * recipes were missed. */
static const double slack[2][EARLY_STEPS] = {{8.0, 3.0}, {4.0, 0.8}};
enum { PIGMENTS_FEW = 3 };

/* Of each set recipes are tried whose colour is within this dE00 of that of its best shares; where the list is not full
 * after that, or the grid is a coarse one, within more. */
static const double reaches[] = {0.3, 1.0, 4.0, 20.0};
enum { REACHES = sizeof reaches / sizeof *reaches };

/* Of a recipe's length in the linear model, over the limit: what that model may be off by. */
#define LATTICE_SLACK 0.02

/* A valley in which the share that changes most does so by no more than this part needs no cells; others have up to
 * sixteen, each over this ratio or more of the share. */
#define VALLEY_SHORT 0.25
#define CELL_RATIO 1.3
#define CELLS_REACH 50.0

/* At J = 1 the forms are by a quarter longer than CIEDE2000, at 3 twice (measured in 100 directions around dark
 * browns); 3 and more is not told apart. */
#define LENGTHENING 0.3
#define LENGTHENING_MOST 3.0

/* Out of reach by so much valleys do not count. */
#define FAR_LENGTH 1.0

/* --- tables ----------------------------------------------------------------------------------------- */

/* Two of a set's pigments, as indices among the open ones. */
struct pair {
	unsigned char first, second;
};

/* Sixteen sets: heads, and a block of pairs behind them. */
struct unit {
	unsigned char head[2];
	unsigned short block;
};

/* What all threads look at. */
struct tables {
	const struct run *run;
	struct forward *coarse;
	struct forward_forms forms, coarse_forms;
	double alone
		[LINE_PIGMENTS_MAX]; /* share with which an open pigment is as light as required by itself */
	bool undiluted;
	double reach;
	double least; /* length of any set's best shares so far */
	/* all pairs, ordered by the first one from the last to the first, so that those after a pigment stand at the front;
	 * in blocks of LANES: */
	struct pair *pair;
	int pairs, blocks;
	int before[LINE_PIGMENTS_MAX + 1]; /* how many have their first one at or after that */
	float (*value)[LANES];             /* of the coarse model, forward_take() */
	struct unit *unit;                 /* of one size of sets */
	int units;
};

static void tables_free(struct tables *tables)
{
	if (!tables)
		return;
	forward_free(tables->coarse);
	free(tables->pair);
	free(tables->value);
	free(tables->unit);
	free(tables);
}

/* Of a pigment's share in the diluent, Y. */
static double luminance_of(const struct search_problem *problem, const struct pigment *one,
			   double share)
{
	const struct pigment *base = &problem->line->diluent;
	const struct weights *weights = &problem->light[0].weights;
	double y = 0.0;

	for (int b = 0; b < problem->line->grid.count; b++)
		y += weights->y[b] *
		     medium_reflectance(
			     problem->medium, b,
			     share * one->k_per_mm[b] + (1.0 - share) * base->k_per_mm[b],
			     share * one->s_per_mm[b] + (1.0 - share) * base->s_per_mm[b]);
	return y;
}

/* By halving its logarithm, between a five-hundredth and half. */
static double share_alone(const struct search_problem *problem, const struct pigment *one)
{
	double root = (problem->light[0].required.l + 16.0) / 116.0;
	double wanted = root * root * root, low = log(0.002), high = log(0.5);

	for (int i = 0; i < 7; i++) {
		double middle = (low + high) / 2.0;

		if (luminance_of(problem, one, exp(middle)) > wanted)
			low = middle;
		else
			high = middle;
	}
	return exp((low + high) / 2.0);
}

static void fill_pairs(struct tables *tables)
{
	const struct lattice *lattice = &tables->run->lattice;
	int place = 0, block_values = 4 * forward_bands(tables->coarse);

	for (int first = lattice->open_count - 1; first >= 0; first--) {
		tables->before[first + 1] = place;
		for (int second = first + 1; second < lattice->open_count; second++)
			tables->pair[place++] =
				(struct pair){(unsigned char)first, (unsigned char)second};
	}
	tables->before[0] = place;
	for (int i = 0; place > 0 && i < tables->blocks * LANES; i++) {
		const struct pair *pair = &tables->pair[i < place ? i : place - 1];
		float(*value)[LANES] = tables->value + i / LANES * block_values;

		forward_take(value, tables->coarse, 2, 0, i % LANES, lattice->open[pair->first]);
		forward_take(value, tables->coarse, 2, 1, i % LANES, lattice->open[pair->second]);
	}
}

static struct tables *tables_new(const struct run *run)
{
	const struct search_problem *problem = run->problem;
	struct tables *tables = calloc(1, sizeof *tables);
	int open = run->lattice.open_count;

	if (!tables)
		return NULL;
	tables->run = run;
	tables->least = INFINITY;
	tables->coarse = forward_new(problem, MERGE_EARLY);
	tables->pairs = open * (open - 1) / 2;
	tables->blocks = (tables->pairs + LANES - 1) / LANES;
	tables->pair = calloc((size_t)tables->pairs + 1, sizeof *tables->pair);
	tables->undiluted = problem->limits.diluent_max == 0;
	if (tables->coarse)
		tables->value = forward_room(
			(size_t)(tables->blocks * 4 * forward_bands(tables->coarse)) + 1,
			sizeof *tables->value);
	if (!tables->pair || !tables->value) {
		tables_free(tables);
		return NULL;
	}
	forward_forms_build(&tables->forms, problem, 1);
	forward_forms_build(&tables->coarse_forms, problem, MERGE_EARLY);
	fill_pairs(tables);
	for (int i = 0; i < open; i++)
		tables->alone[i] =
			share_alone(problem, &problem->line->pigment[run->lattice.open[i]]);
	return tables;
}

/* The blocks of pairs behind a head, or behind none. */
static int add_units(struct unit *unit, const struct tables *tables, struct pair head, int after)
{
	int blocks = (tables->before[after] + LANES - 1) / LANES;

	for (int block = 0; unit && block < blocks; block++)
		unit[block] = (struct unit){{head.first, head.second}, (unsigned short)block};
	return blocks;
}

/* All units of a size, or with NULL how many they are. */
static int fill_units(struct unit *unit, const struct tables *tables, int size)
{
	int count = 0, heads = size == 2   ? 1
			       : size == 3 ? tables->run->lattice.open_count
					   : tables->pairs;

	for (int i = 0; i < heads; i++) {
		struct pair head = size == 4 ? tables->pair[i]
					     : (struct pair){(unsigned char)i, (unsigned char)i};
		int after = size == 2 ? 0 : head.second + 1;

		count += add_units(unit ? unit + count : NULL, tables, head, after);
	}
	return count;
}

static bool set_units(struct tables *tables, int size)
{
	free(tables->unit);
	tables->units = fill_units(NULL, tables, size);
	tables->unit = calloc((size_t)tables->units + 1, sizeof *tables->unit);
	if (tables->unit)
		fill_units(tables->unit, tables, size);
	return tables->unit;
}

/* --- finishing a set ---------------------------------------------------------------------------------- */

/* A set on its way: its pigments, in the order of its shares. */
struct candidate {
	int pigment[SEARCH_PIGMENTS_MAX];
};

/* One thread's work. */
struct quick {
	struct run *run;
	const struct tables *tables;
	struct trials trials;
	struct forward_descent early, late, cells;
	float (*value)[LANES]; /* of the sets that wait */
	struct candidate waiting[LANES];
	int waiting_count;
	int size;
	double limit; /* of the length, as it was when the batch began */
	double least; /* length of any set's best shares */
	struct search_work work;
};

static void take_model(struct near_model *model, const struct forward_descent *at, int lane)
{
	for (int i = 0; i < model->count; i++)
		model->share[i] = at->share[i][lane];
	for (int i = 0, place = 0; i < 5; i++)
		for (int j = i; j < 5; j++, place++)
			model->product[i][j] = model->product[j][i] = at->product[place][lane];
}

/* So many steps. `last` has the last shares with the length and products there; `at` is a step further. */
static void descend_on(struct forward_descent *last, struct forward_descent *at,
		       struct quick *quick, const struct forward_set *set, int steps)
{
	for (int step = 0; step < steps; step++) {
		memcpy(last->share, at->share, sizeof last->share);
		forward_descend(at, quick->run->forward, &quick->tables->forms, set);
		quick->work.steps += LANES;
	}
	memcpy(last->length, at->length, sizeof last->length);
	memcpy(last->product, at->product, sizeof last->product);
}

/* A valley cut into ranges of one share, each the same ratio. */
struct valley {
	int along, cells;
	double low, ratio;
	double change[SEARCH_PIGMENTS_MAX]; /* of each share with that one */
	double least[SEARCH_PIGMENTS_MAX];
};

static void cut_valley(struct valley *valley, double share, double half)
{
	double low =
		fmax(share * (1.0 - half), fmax(share / CELLS_REACH, valley->least[valley->along]));
	double high = fmin(share * (1.0 + half), fmin(share * CELLS_REACH, 0.999));
	double whole = log(fmax(high / low, 1.01));

	valley->cells = (int)ceil(whole / log(CELL_RATIO) - 1e-6);
	valley->cells = valley->cells > LANES ? LANES : valley->cells < 1 ? 1 : valley->cells;
	valley->low = low;
	valley->ratio = exp(whole / valley->cells);
}

/* Each cell a lane: the best shares with one of them held in its middle. */
static void begin_cells(struct forward_descent *at, const struct valley *valley,
			const struct near_model *model)
{
	int along = valley->along;

	for (int lane = 0; lane < LANES; lane++) {
		int n = lane < valley->cells ? lane : valley->cells - 1;
		double held = valley->low * pow(valley->ratio, n + 0.5);

		for (int i = 0; i < model->count; i++) {
			double moved =
				model->share[i] + valley->change[i] * (held - model->share[along]);

			at->share[i][lane] = (float)fmax(moved, valley->least[i]);
			at->least[i][lane] = (float)valley->least[i];
			at->most[i][lane] = 1.0f;
		}
		at->share[along][lane] = at->least[along][lane] = at->most[along][lane] =
			(float)held;
	}
}

static void try_cells(struct quick *quick, const struct valley *valley,
		      const struct near_model *model, double e)
{
	struct forward_set set = {.heads = model->count, .undiluted = quick->tables->undiluted};
	struct forward_descent last;
	struct near_model cell = *model;

	memcpy(set.head, model->pigment, sizeof set.head);
	begin_cells(&quick->cells, valley, model);
	descend_on(&last, &quick->cells, quick, &set, CELL_STEPS);
	for (int n = 0; n < valley->cells; n++) {
		if (last.length[n] > e)
			continue;
		take_model(&cell, &last, n);
		cell.along = valley->along;
		cell.low = valley->low * pow(valley->ratio, n);
		cell.high = cell.low * valley->ratio;
		if (n == 0)
			cell.low /= valley->ratio;
		if (n == valley->cells - 1)
			cell.high *= valley->ratio;
		near_try(&quick->trials, &cell, e);
	}
}

/* Whole drops near a lane's best shares. */
static void finish_lane(struct quick *quick, const struct forward_descent *at,
			const struct forward_descent *last, int lane)
{
	struct near_model model = {.count = quick->size, .along = -1};
	struct valley valley = {0};
	double half, e;

	memcpy(model.pigment, quick->waiting[lane].pigment, sizeof model.pigment);
	if (last->length[lane] > quick->limit ||
	    !lattice_allows(&quick->run->lattice, model.pigment, model.count))
		return;
	quick->least = fmin(quick->least, last->length[lane]);
	e = fmin(quick->limit, hypot(last->length[lane], quick->tables->reach)) + LATTICE_SLACK;
	take_model(&model, last, lane);
	trials_begin(&quick->trials, model.pigment, model.count);
	half = near_valley(&valley.along, valley.change, &model, e);
	if (half <= VALLEY_SHORT || model.product[0][0] > FAR_LENGTH * FAR_LENGTH) {
		near_try(&quick->trials, &model, e);
	} else {
		for (int i = 0; i < model.count; i++)
			valley.least[i] = at->least[i][lane];
		cut_valley(&valley, model.share[valley.along], half);
		try_cells(quick, &valley, &model, e);
	}
	trials_finish(&quick->trials);
}

/* The last steps of the sets that wait. Lanes that are empty repeat the first. */
static void finish_waiting(struct quick *quick)
{
	struct forward_set set = {.own = quick->size,
				  .value = (const float(*)[LANES])quick->value,
				  .undiluted = quick->tables->undiluted};
	int values = 2 * quick->size * forward_bands(quick->run->forward);
	struct forward_descent *at = &quick->late, last;

	if (quick->waiting_count == 0)
		return;
	for (int lane = quick->waiting_count; lane < LANES; lane++) {
		for (int i = 0; i < values; i++)
			quick->value[i][lane] = quick->value[i][0];
		for (int i = 0; i < quick->size; i++) {
			at->share[i][lane] = at->share[i][0];
			at->least[i][lane] = at->least[i][0];
			at->most[i][lane] = at->most[i][0];
		}
	}
	descend_on(&last, at, quick, &set, LATE_STEPS);
	for (int lane = 0; lane < quick->waiting_count; lane++)
		finish_lane(quick, at, &last, lane);
	quick->waiting_count = 0;
}

/* --- all sets ----------------------------------------------------------------------------------------- */

/* The open pigments of a lane's set, heads first. */
static void set_of(int open[SEARCH_PIGMENTS_MAX], const struct quick *quick,
		   const struct unit *unit, int lane)
{
	const struct pair *pair = &quick->tables->pair[unit->block * LANES + lane];

	open[0] = unit->head[0];
	open[1] = unit->head[1];
	open[quick->size - 2] = pair->first;
	open[quick->size - 1] = pair->second;
}

static void wait_lane(struct quick *quick, const struct unit *unit, int lane)
{
	const struct forward_descent *at = &quick->early;
	int place = quick->waiting_count++, open[SEARCH_PIGMENTS_MAX];

	set_of(open, quick, unit, lane);
	for (int i = 0; i < quick->size; i++) {
		int pigment = quick->run->lattice.open[open[i]];

		quick->waiting[place].pigment[i] = pigment;
		forward_take(quick->value, quick->run->forward, quick->size, i, place, pigment);
		quick->late.share[i][place] = at->share[i][lane];
		quick->late.least[i][place] = at->least[i][lane];
		quick->late.most[i][place] = at->most[i][lane];
	}
	if (quick->waiting_count == LANES)
		finish_waiting(quick);
}

/* Each pigment with a part of the share that would do alone; no less than a drop in all that a cup may hold. */
static void begin_unit(struct quick *quick, const struct unit *unit, int used)
{
	const struct lattice *lattice = &quick->run->lattice;
	const struct tables *tables = quick->tables;
	struct forward_descent *at = &quick->early;
	double most_ml = lattice_diluent(lattice, lattice->diluent_steps - 1) * lattice->diluent_ml;
	int drops_max = quick->run->problem->limits.drops_max;

	for (int lane = 0; lane < LANES; lane++) {
		int open[SEARCH_PIGMENTS_MAX];
		double whole = quick->size;

		set_of(open, quick, unit, lane < used ? lane : used - 1);
		for (int i = 0; i < quick->size && tables->undiluted; i++)
			whole += tables->alone[open[i]] - 1.0;
		for (int i = 0; i < quick->size; i++) {
			int p = lattice->open[open[i]];
			double ml = lattice->ml[p];

			at->share[i][lane] = (float)(tables->alone[open[i]] / whole);
			at->most[i][lane] = 1.0f;
			at->least[i][lane] =
				(float)(lattice->least[p] * ml / (most_ml + drops_max * ml));
		}
	}
}

/* A few steps; what may still be of use waits. */
static void try_unit(struct quick *quick, const struct unit *unit)
{
	const struct tables *tables = quick->tables;
	struct forward_set set = {
		.heads = quick->size - 2, .own = 2, .undiluted = tables->undiluted};
	int open_count = tables->before[quick->size == 2 ? 0 : unit->head[quick->size - 3] + 1];
	int used = open_count - unit->block * LANES;
	const double *allowed = slack[quick->size > PIGMENTS_FEW];
	bool live = true;

	used = used < LANES ? used : LANES;
	set.value = (const float(*)[LANES])(tables->value +
					    unit->block * 4 * forward_bands(tables->coarse));
	for (int i = 0; i < set.heads; i++)
		set.head[i] = quick->run->lattice.open[unit->head[i]];
	begin_unit(quick, unit, used);
	for (int step = 0; step < EARLY_STEPS && live; step++) {
		forward_descend(&quick->early, tables->coarse, &tables->coarse_forms, &set);
		quick->work.coarse_steps += LANES;
		live = false;
		for (int lane = 0; lane < used; lane++)
			live |= quick->early.predicted[lane] <= quick->limit + allowed[step];
	}
	for (int lane = 0; lane < used && live; lane++)
		if (quick->early.predicted[lane] <= quick->limit + allowed[EARLY_STEPS - 1])
			wait_lane(quick, unit, lane);
}

static void quick_free(struct quick *quick)
{
	if (quick)
		free(quick->value);
	free(quick);
}

static struct quick *quick_new(struct run *run, const struct tables *tables)
{
	struct quick *quick = forward_room(1, sizeof *quick);

	if (!quick)
		return NULL;
	quick->run = quick->trials.run = run;
	quick->tables = tables;
	quick->least = INFINITY;
	quick->value = forward_room((size_t)(2 * SEARCH_PIGMENTS_MAX * forward_bands(run->forward)),
				    sizeof *quick->value);
	if (quick->value)
		return quick;
	quick_free(quick);
	return NULL;
}

/* How far a unit stands from the one that comes before it: about 0.38 of all, and without a common divisor. */
static int stride_of(int units)
{
	int stride = (int)(units * 0.381966) + 1;

	while (common_divisor(stride, units) != 1)
		stride++;
	return stride;
}

/* How long the forms may be where the objective's colour part is no more than this. They are CIEDE2000 in the limit; farther
 * off CIEDE2000 is the shorter one. */
static double length_most(double colour)
{
	return colour * (1.0 + LENGTHENING * fmin(fmax(colour, 0.0), LENGTHENING_MOST));
}

/* All units of a size. Every thread comes here. */
static void try_units(struct quick *quick, struct run *run, int size)
{
	const struct tables *tables = quick->tables;
	int stride = stride_of(tables->units);

	for (int first = 0, last = 1 + tables->units / 16; first < tables->units;
	     first = last, last = 2 * last < tables->units ? 2 * last : tables->units) {
#pragma omp barrier /* the batch before is done, by all */
		quick->size = size;
		quick->limit = length_most(run_limit(run) - SEARCH_COST_PER_PIGMENT * (size - 1));
#pragma omp barrier /* nobody changes the limit before all have read it */
#pragma omp for schedule(dynamic, 4) nowait
		for (int at = first; at < last; at++)
			if (!run_is_over(run))
				try_unit(quick,
					 &tables->unit[(long long)at * stride % tables->units]);
		finish_waiting(quick);
	}
}

/* Every set within the tables' reach, small ones first. False without memory. */
static bool try_sizes(struct run *run, struct tables *tables)
{
	struct quick *quick[RUN_THREADS_MAX] = {NULL};
	bool memory = true;

	for (int i = 0; i < run->threads; i++)
		memory = (quick[i] = quick_new(run, tables)) && memory;
	for (int size = 2; memory && size <= run->problem->limits.pigments_max; size++) {
		int next = 0;

		memory = set_units(tables, size);
		if (!memory || tables->units == 0)
			continue;
#pragma omp parallel num_threads(tables->units < UNITS_FEW ? 1 : run->threads)
		try_units(quick[__atomic_fetch_add(&next, 1, __ATOMIC_RELAXED)], run, size);
	}
	for (int i = 0; i < run->threads; i++) {
		if (quick[i]) {
			tables->least = fmin(tables->least, quick[i]->least);
			quick[i]->work.objectives = quick[i]->trials.objectives;
			run_count(run, &quick[i]->work);
		}
		quick_free(quick[i]);
	}
	return memory;
}

/* True where the list is not full or is spread wider than recipes were looked for, or its first is farther than that from
 * what shares could do: the grid is a coarse one. */
static bool is_sparse(const struct run *run, const struct tables *tables)
{
	const struct search_recipe *first = run->best.recipe;

	if (run->best.count < run->best.room || run_limit(run) - first->objective > tables->reach)
		return true;
	return tables->least < FAR_LENGTH &&
	       first->objective - SEARCH_COST_PER_PIGMENT * (first->dose_count - 1) -
			       tables->least >
		       tables->reach;
}

bool quick_answer(struct run *run)
{
	struct tables *tables = tables_new(run);
	bool memory = tables && prove_size(run, 1);

	for (int i = 0; memory && (i == 0 || (i < REACHES && is_sparse(run, tables))); i++) {
		tables->reach = reaches[i];
		memory = try_sizes(run, tables);
	}
	tables_free(tables);
	return memory;
}
