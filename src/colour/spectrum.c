/* ASTM E2022-11 §8 interpolates with third-order Lagrange polynomials, second-order in the end
 * intervals. The same coefficients serve twice: to build tristimulus weights (tristimulus.c), and
 * to carry a reading to another grid where two readings must meet. */
#include "colour/spectrum.h"

#include <math.h>

double grid_wavelength_nm(const struct grid *grid, int index)
{
	return grid->start_nm + grid->step_nm * index;
}

double grid_end_nm(const struct grid *grid)
{
	return grid_wavelength_nm(grid, grid->count - 1);
}

bool grid_same(const struct grid *a, const struct grid *b)
{
	return a->count == b->count && fabs(a->start_nm - b->start_nm) < 1e-6 &&
	       fabs(a->step_nm - b->step_nm) < 1e-6;
}

struct grid grid_clip(const struct grid *grid, const struct grid *within)
{
	int first = 0, last = grid->count - 1;

	while (first < grid->count && grid_wavelength_nm(grid, first) < within->start_nm - 1e-6)
		first++;
	while (last >= first && grid_wavelength_nm(grid, last) > grid_end_nm(within) + 1e-6)
		last--;
	return (struct grid){grid_wavelength_nm(grid, first), grid->step_nm, last - first + 1};
}

int grid_lagrange(double coefficient[4], int *first, const struct grid *grid, double nm)
{
	double position = (nm - grid->start_nm) / grid->step_nm;
	int interval = (int)floor(position + 1e-9), count;

	if (fabs(position - round(position)) < 1e-9 || position <= 0 ||
	    position >= grid->count - 1) {
		*first = (int)fmin(fmax(round(position), 0), grid->count - 1);
		coefficient[0] = 1.0;
		return 1;
	}
	if (interval == 0 || interval == grid->count - 2) {
		count = 3;
		*first = interval == 0 ? 0 : interval - 1;
	} else {
		count = 4;
		*first = interval - 1;
	}
	for (int i = 0; i < count; i++) {
		coefficient[i] = 1.0;
		for (int j = 0; j < count; j++)
			if (j != i)
				coefficient[i] *= (position - *first - j) / (i - j);
	}
	return count;
}

void spectrum_resample(struct spectrum *out, const struct spectrum *source, const struct grid *grid)
{
	struct spectrum result = {.grid = *grid};

	for (int i = 0; i < grid->count; i++) {
		double coefficient[4];
		int first;
		int count = grid_lagrange(coefficient, &first, &source->grid,
					  grid_wavelength_nm(grid, i));

		for (int j = 0; j < count; j++)
			result.value[i] += coefficient[j] * source->value[first + j];
	}
	*out = result;
}
