/* A recipe (n, D) has the shares c_i = v_i n_i / s, of volume s = sum v n + v_d D, so s times its residual r* + G (c - c*) is
 * linear in n and D: a cone (cone.h). */
#include "search/near.h"

#include "search/cone.h"

#include <math.h>
#include <string.h>

/* Below this share of diluent its drops say nothing of the volume. */
#define DILUENT_LEAST 0.02

/* Out of reach by so much; there nearly equal recipes are many. */
#define FAR_LENGTH 1.0

/* Of the walk through a cone; in reach they are some hundreds. */
enum { STEPS_MOST = 2000, STEPS_FAR = 150 };

/* Column i of A is v_i (r* - sum c_j G_j) + v_i G_i, that of the diluent v_d times the first part. */
static void fill_gram(struct cone *cone, const struct near_model *model,
		      double product[CONE_COLUMNS][CONE_COLUMNS])
{
	double first[CONE_COLUMNS] = {1.0}, along[CONE_COLUMNS], whole = 0.0;
	int n = model->count;

	for (int i = 0; i < n; i++)
		first[i + 1] = -model->share[i];
	for (int i = 0; i <= n; i++) { /* products of the first part with residual and slopes */
		along[i] = 0.0;
		for (int j = 0; j <= n; j++)
			along[i] += first[j] * product[i][j];
		whole += first[i] * along[i];
	}
	for (int i = 0; i <= n; i++)
		for (int j = i; j <= n; j++) {
			double value = whole + (i ? along[i] : 0.0) + (j ? along[j] : 0.0) +
				       (i && j ? product[i][j] : 0.0);

			cone->gram[i][j] = cone->gram[j][i] =
				cone->weight[i] * cone->weight[j] * value;
		}
}

/* Volumes of recipes with that many drops of diluent: about what the model's share of diluent says, at most what all
 * pigment drops add. */
static void set_volumes(struct cone *cone, const struct near_model *model,
			const struct lattice *lattice)
{
	const struct search_limits *limits = &lattice->problem->limits;
	double diluent = 1.0, ml = 0.0, end;

	cone->last = lattice->diluent_steps - 1;
	for (int i = 0; i < model->count; i++) {
		diluent -= model->share[i];
		ml = fmax(ml, cone->weight[i + 1]);
	}
	cone->most = cone->weight[0];
	cone->more = limits->drops_max * ml;
	if (diluent <= DILUENT_LEAST)
		return;
	end = (1.4 * cone->more * diluent / (1.0 - diluent) + ml) / cone->weight[0];
	end = (end - limits->diluent_min) / limits->diluent_step;
	if (end < cone->last)
		cone->last = end < 0.0 ? 0 : (int)end;
	cone->most = cone->weight[0] / diluent * 1.2;
	cone->more = ml;
}

struct near {
	struct trials *trials;
	const struct near_model *model;
};

/* Within the cell and all limits. */
static void keep(void *data, const int *drops, int step)
{
	const struct near *near = data;
	const struct near_model *model = near->model;
	const struct lattice *lattice = &near->trials->run->lattice;
	struct search_recipe *recipe = &near->trials->recipe;
	double volume = lattice_diluent(lattice, step) * lattice->diluent_ml, ml;

	for (int i = 0; i < model->count; i++) {
		recipe->dose[i].drops = drops[i];
		volume += drops[i] * lattice->ml[model->pigment[i]];
	}
	if (model->along >= 0) {
		double share =
			drops[model->along] * lattice->ml[model->pigment[model->along]] / volume;

		if (share < model->low || share >= model->high)
			return;
	}
	ml = lattice_pigment_ml(lattice, recipe);
	if (ml >= 0.0 && lattice_last_step(lattice, ml) >= step)
		trials_add(near->trials, drops, lattice_diluent(lattice, step));
}

void near_try(struct trials *trials, const struct near_model *model, double e)
{
	const struct lattice *lattice = &trials->run->lattice;
	struct near near = {trials, model};
	struct cone cone = {.count = model->count,
			    .e = e,
			    .weight = {lattice->diluent_ml},
			    .steps = model->product[0][0] < FAR_LENGTH * FAR_LENGTH ? STEPS_MOST
										    : STEPS_FAR};
	double product[CONE_COLUMNS][CONE_COLUMNS];

	for (int i = 0; i < model->count; i++) {
		cone.pigment[i] = model->pigment[i];
		cone.weight[i + 1] = lattice->ml[model->pigment[i]];
	}
	memcpy(product, model->product, sizeof product);
	if (model->along >= 0) { /* beyond the cell's ends its model counts for less and less */
		double half = fmax(model->high - model->share[model->along],
				   model->share[model->along] - model->low);

		product[model->along + 1][model->along + 1] += e * e / (half * half);
		cone.e = e * sqrt(2.0);
	}
	fill_gram(&cone, model, product);
	set_volumes(&cone, model, lattice);
	cone_walk(&cone, lattice, trials->run->forward, keep, &near);
}

/* --- valleys ---------------------------------------------------------------------------------------- */

/* The inverse of the slopes' products, by Gauss and Jordan; a little is added to what is nothing. */
static void invert(double inverse[SEARCH_PIGMENTS_MAX][SEARCH_PIGMENTS_MAX],
		   const struct near_model *model)
{
	double a[SEARCH_PIGMENTS_MAX][SEARCH_PIGMENTS_MAX];
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

double near_valley(int *along, double change[SEARCH_PIGMENTS_MAX], const struct near_model *model,
		   double e)
{
	double inverse[SEARCH_PIGMENTS_MAX][SEARCH_PIGMENTS_MAX], longest = -1.0;
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
