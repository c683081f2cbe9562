#include "match/quick.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sets whose least length, as the last step foresees it, is above the limit by more than this, are left. */
static const double slack[] = {1.0, 0.4, 0.15};
enum { EARLY_STEPS = 2, ALL_STEPS = 6 };

/* Of a recipe's length in the linear model at the best shares, over the limit: what that model may be off by. */
#define LATTICE_SLACK 0.03

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
	float (*value)[4][LANES]; /* [block * bands + band] */
	int before[LINE_PIGMENTS_MAX + 1]; /* how many have their first one at or after that */
};

/* One thread's work. */
struct quick {
	struct run *run;
	const struct forward_rows *rows;
	const struct pairs *pairs;
	const double *alone; /* share of each open pigment with which it is as light as required by itself */
	struct trials trials;
	struct forward_descent descent, kept;
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

static bool pairs_build(struct pairs *pairs, const struct run *run)
{
	const struct lattice *lattice = &run->lattice;
	int open = lattice->open_count, most = open * (open - 1) / 2, place = 0;

	*pairs = (struct pairs){.count = most, .blocks = (most + LANES - 1) / LANES,
				.bands = forward_bands(run->forward)};
	pairs->pair = calloc((size_t)pairs->blocks * LANES + 1, sizeof *pairs->pair);
	pairs->value = forward_room((size_t)pairs->blocks * (size_t)pairs->bands + 1,
				    sizeof *pairs->value);
	if (!pairs->pair || !pairs->value)
		return false;
	for (int first = open - 1; first >= 0; first--) {
		pairs->before[first + 1] = place;
		for (int second = first + 1; second < open; second++, place++)
			pairs->pair[place] = (struct pair){(unsigned char)first, (unsigned char)second};
	}
	pairs->before[0] = place;
	for (int i = 0; i < pairs->blocks * LANES && most > 0; i++) {
		const struct pair *pair = &pairs->pair[i < most ? i : most - 1];

		forward_pair(pairs->value + i / LANES * pairs->bands, run->forward, i % LANES,
			     lattice->open[pair->first], lattice->open[pair->second]);
	}
	return true;
}

/* --- where to begin ----------------------------------------------------------------------------------- */

static double lightness_of(const struct run *run, int pigment, double share)
{
	const struct search_problem *problem = run->problem;
	const struct pigment *one = &problem->line->pigment[pigment], *base = &problem->line->diluent;
	const struct weights *weights = &problem->light[0].weights;
	double y = 0.0;

	for (int b = 0; b < problem->line->grid.count; b++)
		y += weights->y[b] *
		     medium_reflectance(problem->medium, b,
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

/* --- whole drops near the best shares -------------------------------------------------------------------- */

/* A set at its best shares: residual and slopes there, as their products. */
struct best_shares {
	int count, pigment[RECIPE_PIGMENTS_MAX];
	double share[RECIPE_PIGMENTS_MAX], product[5][5];
};

/* Recipes (n, D) with |residual| <= e: of volume s = sum v n + v_d D their linear model's residual times s is B n + D b,
 * linear in n and D. B'B = R'R, R upper triangular, so the last of n lies in a narrow interval, then the one before
 * it … (Fincke and Pohst). */
struct cone {
	const struct best_shares *best;
	struct quick *quick;
	int order[RECIPE_PIGMENTS_MAX]; /* which pigment each of n is */
	double r[RECIPE_PIGMENTS_MAX][RECIPE_PIGMENTS_MAX];
	double offset[RECIPE_PIGMENTS_MAX]; /* R^-T B'b */
	double rest;                        /* |b|^2 - |offset|^2 */
	double gram[5][5];                  /* of (b, B) in the pigments' order */
	double e;
	int drops[RECIPE_PIGMENTS_MAX], diluent;
};

/* Products of b and the columns of B: column i is v_i (residual - sum c_j slope_j) + v_i slope_i, b is v_d times the
 * first part. */
static void cone_gram(struct cone *cone, const struct lattice *lattice)
{
	const struct best_shares *best = cone->best;
	double combination[5][5] = {{0}}; /* of residual and slopes */
	int n = best->count;

	for (int column = 0; column <= n; column++) {
		double ml = column ? lattice->ml[best->pigment[column - 1]] : lattice->diluent_ml;

		combination[column][0] = ml;
		for (int j = 0; j < n; j++)
			combination[column][j + 1] = -ml * best->share[j];
		if (column)
			combination[column][column] += ml;
	}
	for (int i = 0; i <= n; i++)
		for (int j = i; j <= n; j++) {
			double sum = 0.0;

			for (int k = 0; k <= n; k++)
				for (int l = 0; l <= n; l++)
					sum += combination[i][k] * combination[j][l] *
					       best->product[k][l];
			cone->gram[i][j] = cone->gram[j][i] = sum;
		}
}

/* The pigment whose drops are known best, all others free, is walked first, so it is last: that of the largest
 * pivot. False where nothing is known. */
static bool cone_factor(struct cone *cone)
{
	int n = cone->best->count;
	double sum;

	for (int i = 0; i < n; i++) {
		int p = cone->order[i] + 1;

		for (int j = i; j < n; j++) {
			double value = cone->gram[p][cone->order[j] + 1];

			for (int k = 0; k < i; k++)
				value -= cone->r[k][i] * cone->r[k][j];
			if (i == j && value < 1e-12)
				value = 1e-12;
			cone->r[i][j] = i == j ? sqrt(value) : value / cone->r[i][i];
		}
		sum = cone->gram[p][0];
		for (int k = 0; k < i; k++)
			sum -= cone->r[k][i] * cone->offset[k];
		cone->offset[i] = sum / cone->r[i][i];
	}
	cone->rest = cone->gram[0][0];
	for (int i = 0; i < n; i++)
		cone->rest -= cone->offset[i] * cone->offset[i];
	cone->rest = fmax(cone->rest, 0.0);
	return true;
}

/* The true test at a recipe: with its own volume. */
static void try_point(struct cone *cone)
{
	const struct best_shares *best = cone->best;
	const struct lattice *lattice = &cone->quick->run->lattice;
	double z[5] = {cone->diluent}, volume = cone->diluent * lattice->diluent_ml, square = 0.0, ml;
	struct search_recipe *recipe = &cone->quick->trials.recipe;

	for (int i = 0; i < best->count; i++) {
		z[i + 1] = recipe->dose[i].drops = cone->drops[i];
		volume += cone->drops[i] * lattice->ml[best->pigment[i]];
	}
	for (int i = 0; i <= best->count; i++)
		for (int j = 0; j <= best->count; j++)
			square += z[i] * z[j] * cone->gram[i][j];
	if (square > cone->e * cone->e * volume * volume)
		return;
	ml = lattice_pigment_ml(lattice, recipe);
	if (ml < 0.0 || lattice_diluent(lattice, lattice_last_step(lattice, ml)) < cone->diluent)
		return;
	trials_add(&cone->quick->trials, cone->drops, cone->diluent);
}

static void walk_cone(struct cone *cone, int level, double left, int room)
{
	const struct lattice *lattice = &cone->quick->run->lattice;
	int step = cone->quick->run->problem->limits.pigment_step, pigment, first, last;
	double centre = -cone->offset[level] * cone->diluent, half, r = cone->r[level][level];

	for (int j = level + 1; j < cone->best->count; j++)
		centre -= cone->r[level][j] * cone->drops[cone->order[j]];
	half = sqrt(left);
	pigment = cone->best->pigment[cone->order[level]];
	first = (int)fmax(ceil((centre - half) / r / step), 0.0) * step;
	last = (int)fmin((centre + half) / r, room);
	if (first < lattice->least[pigment])
		first = lattice->least[pigment];
	if (last > lattice->most[pigment])
		last = lattice->most[pigment];
	for (int n = first; n <= last; n += step) {
		double off = r * n - centre;

		cone->drops[cone->order[level]] = n;
		if (level == 0)
			try_point(cone);
		else if (left - off * off >= 0.0)
			walk_cone(cone, level - 1, left - off * off, room - n);
	}
}

/* The last place for the pigment of the largest pivot: its column's length across all others, which is one over the
 * inverse's diagonal. By trying each in the last place. */
static void cone_order(struct cone *cone)
{
	int n = cone->best->count, best = n - 1;
	double largest = 0.0;

	for (int last = 0; last < n; last++) {
		for (int i = 0; i < n; i++)
			cone->order[i] = i < last ? i : i + 1;
		cone->order[n - 1] = last;
		cone_factor(cone);
		/* in drops of what is there: a large dose is known less well */
		if (cone->r[n - 1][n - 1] > largest) {
			largest = cone->r[n - 1][n - 1];
			best = last;
		}
	}
	for (int i = 0; i < n; i++)
		cone->order[i] = i < best ? i : i + 1;
	cone->order[n - 1] = best;
	cone_factor(cone);
}

/* Tries the recipes near the best shares of a set, those whose linear model's residual is at most e. */
static void try_near(struct quick *quick, const struct best_shares *best, double e)
{
	const struct lattice *lattice = &quick->run->lattice;
	const struct search_limits *limits = &quick->run->problem->limits;
	struct cone cone = {.best = best, .quick = quick, .e = e};
	double diluent = 1.0, ml = 0.0, most_ml;

	for (int i = 0; i < best->count; i++) {
		diluent -= best->share[i];
		ml += lattice->ml[best->pigment[i]] / best->count;
	}
	diluent = fmax(diluent, 0.0);
	most_ml = limits->drops_max * ml;
	cone_gram(&cone, lattice);
	cone_order(&cone);
	for (int step = 0; step < lattice->diluent_steps; step++) {
		double volume, left;

		cone.diluent = lattice_diluent(lattice, step);
		volume = cone.diluent * lattice->diluent_ml;
		/* about the volume that it belongs to; where there is hardly diluent, any */
		if (diluent > 0.02 && volume * (1.0 - diluent) > 1.4 * most_ml * diluent + lattice->diluent_ml)
			break;
		volume = diluent > 0.02 ? fmin(volume / diluent * 1.2 + ml, volume + most_ml)
					: volume + most_ml;
		left = e * e * volume * volume - cone.rest * cone.diluent * cone.diluent;
		if (left >= 0.0)
			walk_cone(&cone, best->count - 1, left, limits->drops_max);
	}
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

static void finish_lane(struct quick *quick, const struct forward_descent *at, int lane,
			const struct pair *pair)
{
	struct best_shares best = {.count = quick->size};
	double length = at->length[lane], e;

	set_of(best.pigment, quick, pair);
	e = run_limit(quick->run) - penalty_of(quick);
	if (length > e || !lattice_allows(&quick->run->lattice, best.pigment, best.count))
		return;
	for (int i = 0; i < best.count; i++)
		best.share[i] = at->share[i][lane];
	for (int i = 0, place = 0; i < 5; i++)
		for (int j = i; j < 5; j++, place++)
			best.product[i][j] = best.product[j][i] = at->product[place][lane];
	trials_begin(&quick->trials, best.pigment, best.count);
	try_near(quick, &best, fmin(e, 20.0) + LATTICE_SLACK);
	trials_finish(&quick->trials);
}

/* The last steps of the sets that wait, then whole drops. */
static void finish_waiting(struct quick *quick)
{
	struct forward_descent *at = &quick->kept;
	struct forward_set set = {quick->size - 2, {0}, (const float(*)[4][LANES])quick->own, false};
	const int *open = quick->run->lattice.open;
	int bands = quick->pairs->bands;
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
		}
	}
	for (int step = EARLY_STEPS; step < ALL_STEPS; step++) {
		last = *at;
		forward_descend(at, quick->run->forward, quick->rows, &set);
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
		const struct pair *pair = &quick->pairs->pair[block * LANES + lane];
		int open[RECIPE_PIGMENTS_MAX] = {quick->head[0], quick->head[1]};

		open[quick->size - 2] = pair->first;
		open[quick->size - 1] = pair->second;
		for (int i = 0; i < quick->size; i++) {
			int p = lattice->open[open[i]];
			double ml = lattice->ml[p];

			at->share[i][lane] = (float)(quick->alone[open[i]] / quick->size);
			at->least[i][lane] =
				(float)(lattice->least[p] * ml /
					(most_ml + limits->drops_max * ml));
		}
	}
}

/* A block of pairs behind the heads: a few steps, then what may still be of use waits. */
static void try_block(struct quick *quick, int block, int used)
{
	struct forward_set set = {quick->size - 2, {0}, NULL, false};
	struct forward_descent *at = &quick->descent;
	double limit = run_limit(quick->run) - penalty_of(quick);
	bool live = true;

	set.pair = (const float(*)[4][LANES])(quick->pairs->value + block * quick->pairs->bands);
	for (int i = 0; i < set.heads; i++)
		set.head[i] = quick->run->lattice.open[quick->head[i]];
	begin_lanes(quick, block);
	for (int step = 0; step < EARLY_STEPS && live; step++) {
		forward_descend(at, quick->run->forward, quick->rows, &set);
		live = false;
		for (int lane = 0; lane < used; lane++)
			live |= at->predicted[lane] <= limit + slack[step];
	}
	for (int lane = 0; lane < used && live; lane++)
		if (at->predicted[lane] <= limit + slack[EARLY_STEPS - 1])
			wait_lane(quick, at, lane, &quick->pairs->pair[block * LANES + lane]);
}

/* All sets of the heads and two after them. */
static void try_heads(struct quick *quick)
{
	int after = quick->size > 2 ? quick->head[quick->size - 3] + 1 : 0;
	int count = quick->pairs->before[after];

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

static struct quick *quick_new(struct run *run, const struct forward_rows *rows,
			       const struct pairs *pairs, const double *alone)
{
	struct quick *quick = forward_room(1, sizeof *quick);

	if (!quick)
		return NULL;
	quick->run = quick->trials.run = run;
	quick->rows = rows;
	quick->pairs = pairs;
	quick->alone = alone;
	quick->own = forward_room((size_t)pairs->bands, sizeof *quick->own);
	if (quick->own)
		return quick;
	quick_free(quick);
	return NULL;
}

/* Small sets first: they are few and leave a limit for the large ones. */
static bool try_sizes(struct run *run, const struct forward_rows *rows, const struct pairs *pairs,
		      const double *alone)
{
	struct quick *quick = quick_new(run, rows, pairs, alone);
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

bool quick_answer(struct run *run)
{
	struct forward_rows *rows = calloc(1, sizeof *rows);
	struct pairs pairs = {0};
	double alone[LINE_PIGMENTS_MAX];
	bool memory = rows && pairs_build(&pairs, run);

	if (memory) {
		forward_rows_local(rows, run->problem);
#pragma omp parallel for num_threads(run->threads)
		for (int i = 0; i < run->lattice.open_count; i++)
			alone[i] = share_alone(run, run->lattice.open[i]);
#pragma omp parallel num_threads(run->threads) reduction(&& : memory)
		memory = try_sizes(run, rows, &pairs, alone);
	}
	pairs_free(&pairs);
	free(rows);
	return memory;
}
