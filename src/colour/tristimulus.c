/* ASTM E2022-11: W_i = k sum over nm of L_i(nm) S(nm) xbar(nm), k such that sum of W_y is 1. Of a grid
 * that ends inside 360–780 nm the weights are made on its continuation over that range, and those of
 * the wavelengths that were not measured are added to the first and last (ASTM E308 §7.3.2.2): the
 * spectrum is taken to go on as it ends. */
#include "colour/tristimulus.h"

#include <math.h>

/* The range of the E308 tables. */
#define TABLE_START_NM 360.0
#define TABLE_END_NM 780.0

/* `grid` continued by whole steps over the tables' range; *before is how many samples it gained in
 * front. */
static struct grid continue_grid(int *before, const struct grid *grid)
{
	double front = ceil((grid->start_nm - TABLE_START_NM) / grid->step_nm - 1e-9);
	double behind = ceil((TABLE_END_NM - grid_end_nm(grid)) / grid->step_nm - 1e-9);

	*before = (int)fmax(front, 0.0);
	return (struct grid){grid->start_nm - *before * grid->step_nm, grid->step_nm,
			     grid->count + *before + (int)fmax(behind, 0.0)};
}

static int clamp(int index, int count)
{
	return index < 0 ? 0 : index >= count ? count - 1 : index;
}

enum status weights_build(struct weights *out, const struct grid *grid,
			  const struct illuminant *illuminant, const struct observer *observer,
			  struct error *err)
{
	int before;
	struct grid whole = continue_grid(&before, grid);
	double sum = 0.0;

	*out = (struct weights){.grid = *grid};
	for (int i = 0; i < LIGHT_GRID.count; i++) {
		double power = illuminant->power.value[i], coefficient[4];
		int first;
		int count = grid_lagrange(coefficient, &first, &whole,
					  grid_wavelength_nm(&LIGHT_GRID, i));

		for (int j = 0; j < count; j++) {
			int at = clamp(first + j - before, grid->count);

			out->x[at] += coefficient[j] * power * observer->x.value[i];
			out->y[at] += coefficient[j] * power * observer->y.value[i];
			out->z[at] += coefficient[j] * power * observer->z.value[i];
		}
		sum += power * observer->y.value[i];
	}
	if (!(sum > 0.0))
		return error_set(err, STATUS_REFUSED,
				 "%s: no power that the eye can see, 360–830 nm", illuminant->name);
	for (int i = 0; i < grid->count; i++) {
		out->x[i] /= sum;
		out->y[i] /= sum;
		out->z[i] /= sum;
		out->white.x += out->x[i];
		out->white.y += out->y[i];
		out->white.z += out->z[i];
	}
	return STATUS_OK;
}

struct xyz weights_xyz(const struct weights *weights, const double *reflectance)
{
	struct xyz xyz = {0};

	for (int i = 0; i < weights->grid.count; i++) {
		xyz.x += weights->x[i] * reflectance[i];
		xyz.y += weights->y[i] * reflectance[i];
		xyz.z += weights->z[i] * reflectance[i];
	}
	return xyz;
}

struct lab weights_lab(const struct weights *weights, const double *reflectance)
{
	struct xyz xyz = weights_xyz(weights, reflectance);

	return lab_from_xyz(&xyz, &weights->white);
}
