#include "match/quick.h"

#include "match/near.h"
#include "match/prove.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sets whose least length, as the last step foresees it, is above the limit by more than this, are left. */
static const double slack[] = {4.0, 0.4};
enum { EARLY_STEPS = 2, ALL_STEPS = 5, MERGE_EARLY = 3 };

/* Of a recipe's length in the linear model at the best shares, over the limit: what that model may be off by. */
#define LATTICE_SLACK 0.02
#define LENGTH_MOST 20.0

/* A valley in which the share that changes most does so by no more than this part needs no cells; others have up to
 * sixteen, each over this ratio or more of the share. */
#define VALLEY_SHORT 0.25
#define CELL_RATIO 1.5
#define CELLS_REACH 12.0
enum { CELL_STEPS = 2 };

/* Two of a set's pigments, as indices among the open ones. */
struct pair {
	unsigned char first, second;
};

/* Blocks of LANES pairs, ordered by the first one from the last to the first: those after a pigment stand at the
 * front. */
struct pairs {
	struct pair *pair;
	int count, blocks;
	int bands;
	float (*value)[4][LANES];          /* [block * bands + band] */
	int before[LINE_PIGMENTS_MAX + 1]; /* how many have their first one at or after that */
};

/* What all threads look at. */
struct tables {
	struct forward *coarse; /* bands merged, for the early steps */
	struct forward_forms forms, coarse_forms;
	struct pairs pairs; /* of the coarse model */
	/* share with which each open pigment is as light as required by itself */
	double alone[LINE_PIGMENTS_MAX];
	bool undiluted;
};

/* One thread's work. */
struct quick {
	struct run *run;
	const struct tables *tables;
	struct trials trials;
	struct forward_descent descent, kept, cells;
	double kept_least[RECIPE_PIGMENTS_MAX];
	float (*own)[4][LANES]; /* pairs that are packed anew */
	struct pair waiting[LANES];
	int waiting_count;
	int size;
	int head[2];
};

/* --- pairs ------------------------------------------------------------------------------------------ */

static void pairs_free(struct pairs *pairs)
{
	free(pairs->pair);
	free(pairs->value);
}

static bool pairs_build(struct pairs *pairs, const struct run *run, const struct forward *coarse)
{
	const struct lattice *lattice = &run->lattice;
	int open = lattice->open_count, most = open * (open - 1) / 2, place = 0;

	*pairs = (struct pairs){.count = most,
				.blocks = (most + LANES - 1) / LANES,
				.bands = forward_bands(coarse)};
	pairs->pair = calloc((size_t)pairs->blocks * LANES + 1, sizeof *pairs->pair);
	pairs->value = forward_room((size_t)pairs->blocks * (size_t)pairs->bands + 1,
				    sizeof *pairs->value);
	if (!pairs->pair || !pairs->value)
		return false;
	for (int first = open - 1; first >= 0; first--) {
		pairs->before[first + 1] = place;
		for (int second = first + 1; second < open; second++, place++)
			pairs->pair[place] =
				(struct pair){(unsigned char)first, (unsigned char)second};
	}
	pairs->before[0] = place;
	for (int i = 0; i < pairs->blocks * LANES && most > 0; i++) {
		const struct pair *pair = &pairs->pair[i < most ? i : most - 1];

		forward_pair(pairs->value + i / LANES * pairs->bands, coarse, i % LANES,
			     lattice->open[pair->first], lattice->open[pair->second]);
	}
	return true;
}

/* --- where to begin ----------------------------------------------------------------------------------- */

static double lightness_of(const struct run *run, int pigment, double share)
{
	const struct search_problem *problem = run->problem;
	const struct pigment *one = &problem->line->pigment[pigment],
			     *base = &problem->line->diluent;
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

/* By halving its logarithm, between a two-hundredth and half. */
static double share_alone(const struct run *run, int pigment)
{
	double l = (run->problem->light[0].required.l + 16.0) / 116.0, wanted = l * l * l;
	double low = log(0.002), high = log(0.5);

	for (int i = 0; i < 7; i++) {
		double middle = (low + high) / 2.0;

		if (lightness_of(run, pigment, exp(middle)) > wanted)
			low = middle;
		else
			high = middle;
	}
	return exp((low + high) / 2.0);
}

/* --- sets ----------------------------------------------------------------------------------------------- */

static double penalty_of(const struct quick *quick)
{
	return SEARCH_COST_PER_PIGMENT * (quick->size - 1);
}

/* The set of a lane, heads first, in the order of the shares. */
static void set_of(int pigment[RECIPE_PIGMENTS_MAX], const struct quick *quick,
		   const struct pair *pair)
{
	const int *open = quick->run->lattice.open;
	int heads = quick->size - 2;

	for (int i = 0; i < heads; i++)
		pigment[i] = open[quick->head[i]];
	pigment[heads] = open[pair->first];
	pigment[heads + 1] = open[pair->second];
}

static void take_model(struct near_model *model, const struct forward_descent *at, int lane)
{
	for (int i = 0; i < model->count; i++)
		model->share[i] = at->share[i][lane];
	for (int i = 0, place = 0; i < 5; i++)
		for (int j = i; j < 5; j++, place++)
			model->product[i][j] = model->product[j][i] = at->product[place][lane];
}

/* Cells along a valley, each a lane: the best shares with one of them held. */
static void try_cells(struct quick *quick, const struct near_model *model, int along,
		      const double change[RECIPE_PIGMENTS_MAX], double half, double e)
{
	struct forward_set set = {model->count, {0}, NULL, quick->tables->undiluted};
	struct forward_descent *at = &quick->cells, last;
	double share = model->share[along], least = quick->kept_least[along];
	double low = fmax(share * (1.0 - half), fmax(share / CELLS_REACH, least));
	double high = fmin(share * (1.0 + half), fmin(share * CELLS_REACH, 0.999));
	double ratio = fmax(pow(high / low, 1.0 / LANES), CELL_RATIO);
	int cells = (int)ceil(log(high / low) / log(ratio) - 1e-6);
	struct near_model cell = *model;

	cells = cells < 1 ? 1 : cells > LANES ? LANES : cells;
	ratio = pow(high / low, 1.0 / cells);
	for (int lane = 0; lane < LANES; lane++) {
		int n = lane < cells ? lane : cells - 1;
		double held = low * pow(ratio, n + 0.5), moved = held - share;

		for (int i = 0; i < model->count; i++) {
			set.head[i] = model->pigment[i];
			at->share[i][lane] = (float)fmax(model->share[i] + change[i] * moved,
							 quick->kept_least[i]);
			at->least[i][lane] = (float)quick->kept_least[i];
			at->most[i][lane] = 1.0f;
		}
		at->share[along][lane] = at->least[along][lane] = at->most[along][lane] =
			(float)held;
	}
	for (int step = 0; step < CELL_STEPS; step++) {
		last = *at;
		forward_descend(at, quick->run->forward, &quick->tables->forms, &set);
	}
	memcpy(last.length, at->length, sizeof last.length);
	memcpy(last.product, at->product, sizeof last.product);
	for (int n = 0; n < cells; n++) {
		if (last.length[n] > e)
			continue;
		take_model(&cell, &last, n);
		cell.along = along;
		cell.low = n ? low * pow(ratio, n) : 0.0;
		cell.high = n < cells - 1 ? low * pow(ratio, n + 1) : 2.0;
		cell.low = fmax(cell.low, cell.share[along] / ratio);
		cell.high = fmin(cell.high, cell.share[along] * ratio);
		near_try(&quick->trials, &cell, e);
	}
}

static void finish_lane(struct quick *quick, const struct forward_descent *at, int lane,
			const struct pair *pair)
{
	struct near_model model = {.count = quick->size, .along = -1};
	double change[RECIPE_PIGMENTS_MAX], half, e;
	int along;

	set_of(model.pigment, quick, pair);
	e = run_limit(quick->run) - penalty_of(quick);
	if (at->length[lane] > e ||
	    !lattice_allows(&quick->run->lattice, model.pigment, model.count))
		return;
	e = fmin(e, LENGTH_MOST) + LATTICE_SLACK;
	take_model(&model, at, lane);
	for (int i = 0; i < model.count; i++)
		quick->kept_least[i] = at->least[i][lane];
	half = near_valley(&along, change, &model, e);
	trials_begin(&quick->trials, model.pigment, model.count);
	if (half <= VALLEY_SHORT)
		near_try(&quick->trials, &model, e);
	else
		try_cells(quick, &model, along, change, half, e);
	trials_finish(&quick->trials);
}

/* The last steps of the sets that wait, then whole drops. */
static void finish_waiting(struct quick *quick)
{
	struct forward_descent *at = &quick->kept;
	struct forward_set set = {quick->size - 2,
				  {0},
				  (const float(*)[4][LANES])quick->own,
				  quick->tables->undiluted};
	const int *open = quick->run->lattice.open;
	int bands = forward_bands(quick->run->forward);
	struct forward_descent last;

	if (quick->waiting_count == 0)
		return;
	for (int i = 0; i < set.heads; i++)
		set.head[i] = open[quick->head[i]];
	for (int lane = quick->waiting_count; lane < LANES; lane++) {
		for (int b = 0; b < bands; b++)
			for (int i = 0; i < 4; i++)
				quick->own[b][i][lane] = quick->own[b][i][0];
		for (int i = 0; i < quick->size; i++) {
			at->share[i][lane] = at->share[i][0];
			at->least[i][lane] = at->least[i][0];
			at->most[i][lane] = at->most[i][0];
		}
	}
	for (int step = EARLY_STEPS; step < ALL_STEPS; step++) {
		last = *at;
		forward_descend(at, quick->run->forward, &quick->tables->forms, &set);
	}
	memcpy(last.length, at->length, sizeof last.length);
	memcpy(last.product, at->product, sizeof last.product);
	for (int lane = 0; lane < quick->waiting_count; lane++)
		finish_lane(quick, &last, lane, &quick->waiting[lane]);
	quick->waiting_count = 0;
}

static void wait_lane(struct quick *quick, const struct forward_descent *at, int lane,
		      const struct pair *pair)
{
	const int *open = quick->run->lattice.open;
	int place = quick->waiting_count++;

	forward_pair(quick->own, quick->run->forward, place, open[pair->first], open[pair->second]);
	for (int i = 0; i < quick->size; i++) {
		quick->kept.share[i][place] = at->share[i][lane];
		quick->kept.least[i][place] = at->least[i][lane];
		quick->kept.most[i][place] = at->most[i][lane];
	}
	quick->waiting[place] = *pair;
	if (quick->waiting_count == LANES)
		finish_waiting(quick);
}

static void begin_lanes(struct quick *quick, int block)
{
	const struct lattice *lattice = &quick->run->lattice;
	const struct search_limits *limits = &quick->run->problem->limits;
	struct forward_descent *at = &quick->descent;
	double most_ml = lattice_diluent(lattice, lattice->diluent_steps - 1) * lattice->diluent_ml;

	for (int lane = 0; lane < LANES; lane++) {
		const struct pair *pair = &quick->tables->pairs.pair[block * LANES + lane];
		int open[RECIPE_PIGMENTS_MAX] = {quick->head[0], quick->head[1]};
		double whole = 0.0;

		open[quick->size - 2] = pair->first;
		open[quick->size - 1] = pair->second;
		for (int i = 0; i < quick->size && quick->tables->undiluted; i++)
			whole += quick->tables->alone[open[i]];
		if (!quick->tables->undiluted)
			whole = quick->size;
		for (int i = 0; i < quick->size; i++) {
			int p = lattice->open[open[i]];
			double ml = lattice->ml[p];

			at->share[i][lane] = (float)(quick->tables->alone[open[i]] / whole);
			at->most[i][lane] = 1.0f;
			at->least[i][lane] = (float)(lattice->least[p] * ml /
						     (most_ml + limits->drops_max * ml));
		}
	}
}

/* A block of pairs behind the heads: a few steps, then what may still be of use waits. */
static void try_block(struct quick *quick, int block, int used)
{
	struct forward_set set = {quick->size - 2, {0}, NULL, quick->tables->undiluted};
	struct forward_descent *at = &quick->descent;
	double limit = run_limit(quick->run) - penalty_of(quick);
	bool live = true;

	set.pair = (const float(*)[4][LANES])(quick->tables->pairs.value +
					      block * quick->tables->pairs.bands);
	for (int i = 0; i < set.heads; i++)
		set.head[i] = quick->run->lattice.open[quick->head[i]];
	begin_lanes(quick, block);
	for (int step = 0; step < EARLY_STEPS && live; step++) {
		forward_descend(at, quick->tables->coarse, &quick->tables->coarse_forms, &set);
		live = false;
		for (int lane = 0; lane < used; lane++)
			live |= at->predicted[lane] <= limit + slack[step];
	}
	for (int lane = 0; lane < used && live; lane++)
		if (at->predicted[lane] <= limit + slack[EARLY_STEPS - 1])
			wait_lane(quick, at, lane,
				  &quick->tables->pairs.pair[block * LANES + lane]);
}

/* All sets of the heads and two after them. */
static void try_heads(struct quick *quick)
{
	int after = quick->size > 2 ? quick->head[quick->size - 3] + 1 : 0;
	int count = quick->tables->pairs.before[after];

	for (int block = 0; block * LANES < count; block++) {
		int used = count - block * LANES < LANES ? count - block * LANES : LANES;

		if (run_is_over(quick->run))
			return;
		try_block(quick, block, used);
	}
	finish_waiting(quick);
}

static void quick_free(struct quick *quick)
{
	if (quick)
		free(quick->own);
	free(quick);
}

static struct quick *quick_new(struct run *run, const struct tables *tables)
{
	struct quick *quick = forward_room(1, sizeof *quick);

	if (!quick)
		return NULL;
	quick->run = quick->trials.run = run;
	quick->tables = tables;
	quick->own = forward_room((size_t)forward_bands(run->forward), sizeof *quick->own);
	if (quick->own)
		return quick;
	quick_free(quick);
	return NULL;
}

/* Small sets first: they are few and leave a limit for the large ones. */
static bool try_sizes(struct run *run, const struct tables *tables)
{
	struct quick *quick = quick_new(run, tables);
	int open = run->lattice.open_count;

	for (int size = 2; size <= run->problem->limits.pigments_max; size++) {
		int shares = size == 2 ? 1 : size == 3 ? open : open * open;

		if (quick)
			quick->size = size;
#pragma omp for schedule(dynamic)
		for (int share = 0; share < shares; share++) {
			if (!quick || (size == 4 && share % open <= share / open))
				continue;
			quick->head[0] = size == 4 ? share / open : share;
			quick->head[1] = size == 4 ? share % open : 0;
			try_heads(quick);
		}
	}
	quick_free(quick);
	return quick;
}

static bool tables_build(struct tables *tables, const struct run *run)
{
	tables->coarse = forward_new(run->problem, MERGE_EARLY);
	if (!tables->coarse || !pairs_build(&tables->pairs, run, tables->coarse))
		return false;
	forward_forms_build(&tables->forms, run->problem, 1);
	forward_forms_build(&tables->coarse_forms, run->problem, MERGE_EARLY);
	tables->undiluted = run->problem->limits.diluent_max == 0;
#pragma omp parallel for num_threads(run->threads)
	for (int i = 0; i < run->lattice.open_count; i++)
		tables->alone[i] = share_alone(run, run->lattice.open[i]);
	return true;
}

bool quick_answer(struct run *run)
{
	struct tables *tables = calloc(1, sizeof *tables);
	bool memory = tables && tables_build(tables, run) && prove_size(run, 1);

	if (memory) {
#pragma omp parallel num_threads(run->threads) reduction(&& : memory)
		memory = try_sizes(run, tables);
	}
	if (tables) {
		pairs_free(&tables->pairs);
		forward_free(tables->coarse);
	}
	free(tables);
	return memory;
}
