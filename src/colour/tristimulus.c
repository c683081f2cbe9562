/* ASTM E2022-11: W_i = k sum over nm of L_i(nm) S(nm) xbar(nm), k such that sum of W_y is 1. */
#include "colour/tristimulus.h"

enum status weights_build(struct weights *out, const struct grid *grid,
			  const struct illuminant *illuminant, const struct observer *observer,
			  struct error *err)
{
	double sum = 0.0;

	*out = (struct weights){.grid = *grid};
	for (int i = 0; i < LIGHT_GRID.count; i++) {
		double power = illuminant->power.value[i], coefficient[4];
		int first;
		int count = grid_lagrange(coefficient, &first, grid,
					  grid_wavelength_nm(&LIGHT_GRID, i));

		for (int j = 0; j < count; j++) {
			out->x[first + j] += coefficient[j] * power * observer->x.value[i];
			out->y[first + j] += coefficient[j] * power * observer->y.value[i];
			out->z[first + j] += coefficient[j] * power * observer->z.value[i];
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
