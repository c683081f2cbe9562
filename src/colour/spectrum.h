/* A spectrum on a regular grid of wavelengths.
 *
 * A value type: it holds its samples, is assigned and never freed. A measured spectrum keeps the
 * grid it was measured on. Where two must meet on one grid, spectrum_resample is called by name
 * and the caller says so to the user.
 */
#ifndef COLOUR_SPECTRUM_H
#define COLOUR_SPECTRUM_H

#include <stdbool.h>

enum {
	SPECTRUM_SAMPLES_MAX = 536, /* 300–830 nm at 1 nm, the widest CIE table */
};

/* K/S is infinite at R = 0, and black does read 0 on some instruments. 0.1 % is less than any of
 * them can tell from zero. */
#define REFLECTANCE_FLOOR 0.001

/* Fluorescent films read up to about 1.5; more is a file in percent or damaged. */
#define REFLECTANCE_MAX 1.5

struct grid {
	double start_nm;
	double step_nm;
	int count;
};

struct spectrum {
	struct grid grid;
	double value[SPECTRUM_SAMPLES_MAX];
};

double grid_wavelength_nm(const struct grid *grid, int index);
double grid_end_nm(const struct grid *grid);
bool grid_same(const struct grid *a, const struct grid *b);

/* The part of `grid` that lies inside `within`, on the same wavelengths. Count 0 where there is
 * none. */
struct grid grid_clip(const struct grid *grid, const struct grid *within);

/* Lagrange coefficients at `nm` for a table on `grid`, as ASTM E2022 has them: cubic over the four
 * samples around it, quadratic over three in the first and last interval, the end sample held
 * outside. Writes `*first`, the index of the first sample used, and returns how many (1, 3 or
 * 4). */
int grid_lagrange(double coefficient[4], int *first, const struct grid *grid, double nm);

/* `source` carried to `grid` by grid_lagrange. Exact where the wavelengths are already there. */
void spectrum_resample(struct spectrum *out, const struct spectrum *source,
		       const struct grid *grid);

#endif
