/* A recipe (n, D) has the shares c_i = v_i n_i / s, of volume s = sum v n + v_d D, so s times its residual r* + G (c - c*) is
 * B n + b D, linear in n and D, and |residual| <= e is a cone. For each D, the n in it are the points of a lattice
 * in an ellipsoid: B'B = R'R with R upper triangular, so the last of n lies in a narrow interval, then the one
 * before it … (Fincke and Pohst, Math. Comp. 44 (1985) 463). The last is the one that is known best whatever the
 * others are, so most D end there; all D are looked at for it at once (forward_hits()). */
#include "match/near.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = RECIPE_PIGMENTS_MAX + 1 };

/* Below this share of diluent its drops say nothing of the volume. */
#define DILUENT_LEAST 0.02

struct cone {
	const struct near_model *model;
	struct trials *trials;
	const struct lattice *lattice;
	int step;
	double gram[COLUMNS][COLUMNS];  /* of (b, B), in the model's order */
	int order[RECIPE_PIGMENTS_MAX]; /* which pigment each row of R is of */
	double r[RECIPE_PIGMENTS_MAX][RECIPE_PIGMENTS_MAX];
	double inverse[RECIPE_PIGMENTS_MAX]; /* of R's diagonal */
	double offset[RECIPE_PIGMENTS_MAX];  /* R^-T B'b */
	double rest;                         /* |b|^2 - |offset|^2 */
	double e;
	int drops[RECIPE_PIGMENTS_MAX], diluent_drops;
};

/* Column i of B is v_i (r* - sum c_j G_j) + v_i G_i, b is v_d times the first part. */
static void fill_gram(struct cone *cone, double product[COLUMNS][COLUMNS])
{
	const struct near_model *model = cone->model;
	double first[COLUMNS] = {1.0}, along[COLUMNS], whole = 0.0;
	int n = model->count;

	for (int i = 0; i < n; i++)
		first[i + 1] = -model->share[i];
	for (int i = 0; i <= n; i++) { /* products of the first part with residual and slopes */
		along[i] = 0.0;
		for (int j = 0; j <= n; j++)
			along[i] += first[j] * product[i][j];
	}
	for (int i = 0; i <= n; i++)
		whole += first[i] * along[i];
	for (int i = 0; i <= n; i++)
		for (int j = i; j <= n; j++) {
			double ml_i = i ? cone->lattice->ml[model->pigment[i - 1]]
					: cone->lattice->diluent_ml;
			double ml_j = j ? cone->lattice->ml[model->pigment[j - 1]]
					: cone->lattice->diluent_ml;
			double value = whole + (i ? along[i] : 0.0) + (j ? along[j] : 0.0) +
				       (i && j ? product[i][j] : 0.0);

			cone->gram[i][j] = cone->gram[j][i] = ml_i * ml_j * value;
		}
}

/* R of the order, and the rest. */
static void factor(struct cone *cone)
{
	int n = cone->model->count;

	cone->rest = cone->gram[0][0];
	for (int i = 0; i < n; i++) {
		const double *row = cone->gram[cone->order[i] + 1];
		double offset = row[0];

		for (int j = i; j < n; j++) {
			double value = row[cone->order[j] + 1];

			for (int k = 0; k < i; k++)
				value -= cone->r[k][i] * cone->r[k][j];
			if (i == j) {
				cone->r[i][i] = sqrt(fmax(value, 1e-10));
				cone->inverse[i] = 1.0 / cone->r[i][i];
			} else {
				cone->r[i][j] = value * cone->inverse[i];
			}
		}
		for (int k = 0; k < i; k++)
			offset -= cone->r[k][i] * cone->offset[k];
		cone->offset[i] = offset * cone->inverse[i];
		cone->rest -= cone->offset[i] * cone->offset[i];
	}
	cone->rest = fmax(cone->rest, 0.0);
}

/* Puts last the pigment of the largest last pivot. */
static void choose_order(struct cone *cone)
{
	int n = cone->model->count, best = 0;
	double largest = -1.0;

	for (int last = 0; last < n; last++) {
		for (int i = 0; i < n - 1; i++)
			cone->order[i] = i < last ? i : i + 1;
		cone->order[n - 1] = last;
		factor(cone);
		if (cone->r[n - 1][n - 1] > largest) {
			largest = cone->r[n - 1][n - 1];
			best = last;
		}
	}
	if (best == n - 1)
		return; /* it is there */
	for (int i = 0; i < n - 1; i++)
		cone->order[i] = i < best ? i : i + 1;
	cone->order[n - 1] = best;
	factor(cone);
}

/* At a recipe: with its own volume, and within every limit. */
static void try_point(struct cone *cone)
{
	const struct near_model *model = cone->model;
	const struct lattice *lattice = cone->lattice;
	struct search_recipe *recipe = &cone->trials->recipe;
	double z[COLUMNS] = {cone->diluent_drops}, square = 0.0, ml;
	double volume = cone->diluent_drops * lattice->diluent_ml;

	for (int i = 0; i < model->count; i++) {
		z[i + 1] = recipe->dose[i].drops = cone->drops[i];
		volume += cone->drops[i] * lattice->ml[model->pigment[i]];
	}
	for (int i = 0; i <= model->count; i++)
		for (int j = 0; j <= model->count; j++)
			square += z[i] * z[j] * cone->gram[i][j];
	if (square > cone->e * cone->e * volume * volume)
		return;
	if (model->along >= 0) {
		double share = cone->drops[model->along] *
			       lattice->ml[model->pigment[model->along]] / volume;

		if (share < model->low || share >= model->high)
			return;
	}
	ml = lattice_pigment_ml(lattice, recipe);
	if (ml >= 0.0 &&
	    lattice_diluent(lattice, lattice_last_step(lattice, ml)) >= cone->diluent_drops)
		trials_add(cone->trials, cone->drops, cone->diluent_drops);
}

static void walk(struct cone *cone, int level, double left, int room);

/* With n drops of the level's pigment; false where that is too far from the centre. */
static bool walk_on(struct cone *cone, int level, int n, double centre, double left, int room)
{
	double off = cone->r[level][level] * n - centre, rest = left - off * off;

	if (rest < 0.0)
		return false;
	cone->drops[cone->order[level]] = n;
	if (level == 0)
		try_point(cone);
	else
		walk(cone, level - 1, rest, room - n);
	return true;
}

/* From the whole number that is nearest to the centre, up and down. */
static void walk(struct cone *cone, int level, double left, int room)
{
	int pigment = cone->model->pigment[cone->order[level]], step = cone->step;
	int least = cone->lattice->least[pigment], most = cone->lattice->most[pigment], near;
	double centre = -cone->offset[level] * cone->diluent_drops, at;

	for (int j = level + 1; j < cone->model->count; j++)
		centre -= cone->r[level][j] * cone->drops[cone->order[j]];
	if (most > room)
		most = room / step * step;
	if (most < least)
		return;
	at = centre * cone->inverse[level];
	near = at <= least ? least : at >= most ? most : ((int)(at + 0.5 * step)) / step * step;
	if (!walk_on(cone, level, near, centre, left, room))
		return;
	for (int n = near + step; n <= most; n += step)
		if (!walk_on(cone, level, n, centre, left, room))
			break;
	for (int n = near - step; n >= least; n -= step)
		if (!walk_on(cone, level, n, centre, left, room))
			break;
}

/* For which diluents the last one's drops can be met. Their volume is about what the model's share of diluent
 * says, at most what all pigment drops add. */
static int find_hits(unsigned char hit[SEARCH_DILUENT_MAX + 1], struct forward_hits *hits,
		     const struct cone *cone, const struct run *run)
{
	const struct near_model *model = cone->model;
	const struct lattice *lattice = cone->lattice;
	int n = model->count, last = model->pigment[cone->order[n - 1]], steps;
	double diluent = 1.0, ml = 0.0, most;

	for (int i = 0; i < n; i++) {
		diluent -= model->share[i];
		ml = fmax(ml, lattice->ml[model->pigment[i]]);
	}
	most = run->problem->limits.drops_max * ml;
	*hits = (struct forward_hits){
		.first = (float)lattice_diluent(lattice, 0),
		.step = (float)run->problem->limits.diluent_step,
		.centre = (float)(-cone->offset[n - 1] / cone->r[n - 1][n - 1]),
		.rest = (float)(cone->rest / (cone->r[n - 1][n - 1] * cone->r[n - 1][n - 1])),
		.radius = (float)(cone->e / cone->r[n - 1][n - 1]),
		.volume = (float)lattice->diluent_ml,
		.volume_more = (float)most,
		.least = (float)lattice->least[last],
		.most = (float)lattice->most[last],
		.drop_step = (float)cone->step,
	};
	steps = lattice->diluent_steps;
	if (diluent > DILUENT_LEAST) {
		double end = (1.4 * most * diluent / (1.0 - diluent) + ml) / lattice->diluent_ml;

		hits->volume = (float)(lattice->diluent_ml / diluent * 1.2);
		hits->volume_more = (float)ml;
		end = (end - hits->first) / hits->step;
		if (end < steps - 1)
			steps = end < 0.0 ? 1 : (int)end + 1;
	}
	forward_hits(hit, run->forward, hits, steps);
	return steps;
}

void near_try(struct trials *trials, const struct near_model *model, double e)
{
	struct run *run = trials->run;
	struct cone cone = {
		.model = model,
		.trials = trials,
		.lattice = &run->lattice,
		.step = run->problem->limits.pigment_step,
		.e = e,
	};
	unsigned char hit[SEARCH_DILUENT_MAX + 1];
	double product[COLUMNS][COLUMNS];
	struct forward_hits hits;
	int steps;

	memcpy(product, model->product, sizeof product);
	if (model->along >= 0) { /* beyond the cell's ends its model counts for less and less */
		double half = fmax(model->high - model->share[model->along],
				   model->share[model->along] - model->low);

		product[model->along + 1][model->along + 1] += e * e / (half * half);
		cone.e = e * sqrt(2.0);
	}
	fill_gram(&cone, product);
	choose_order(&cone);
	steps = find_hits(hit, &hits, &cone, run);
	for (int i = 0; i < steps; i++) {
		double volume;

		if (!hit[i])
			continue;
		cone.diluent_drops = lattice_diluent(&run->lattice, i);
		volume = cone.e * (cone.diluent_drops * hits.volume + hits.volume_more);
		walk(&cone, model->count - 1,
		     volume * volume - cone.rest * cone.diluent_drops * cone.diluent_drops,
		     run->problem->limits.drops_max);
	}
}

/* --- valleys ---------------------------------------------------------------------------------------- */

/* The inverse of the slopes' products, by Gauss and Jordan; a little is added to what is nothing. */
static void invert(double inverse[RECIPE_PIGMENTS_MAX][RECIPE_PIGMENTS_MAX],
		   const struct near_model *model)
{
	double a[RECIPE_PIGMENTS_MAX][RECIPE_PIGMENTS_MAX];
	int n = model->count;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			a[i][j] = model->product[i + 1][j + 1] * (i == j ? 1.0 + 1e-6 : 1.0);
			inverse[i][j] = i == j;
		}
	for (int i = 0; i < n; i++) {
		double pivot = 1.0 / fmax(a[i][i], 1e-12);

		for (int j = 0; j < n; j++) {
			a[i][j] *= pivot;
			inverse[i][j] *= pivot;
		}
		for (int k = 0; k < n; k++) {
			double factor = a[k][i];

			if (k == i)
				continue;
			for (int j = 0; j < n; j++) {
				a[k][j] -= factor * a[i][j];
				inverse[k][j] -= factor * inverse[i][j];
			}
		}
	}
}

double near_valley(int *along, double change[RECIPE_PIGMENTS_MAX], const struct near_model *model,
		   double e)
{
	double inverse[RECIPE_PIGMENTS_MAX][RECIPE_PIGMENTS_MAX], longest = -1.0;
	double room = sqrt(fmax(e * e - model->product[0][0], 0.0));

	invert(inverse, model);
	*along = 0;
	for (int i = 0; i < model->count; i++) {
		double half = room * sqrt(fmax(inverse[i][i], 0.0)) / (model->share[i] + 0.002);

		if (half > longest) {
			longest = half;
			*along = i;
		}
	}
	for (int i = 0; i < model->count; i++)
		change[i] = inverse[i][*along] / fmax(inverse[*along][*along], 1e-30);
	return longest;
}
