/* Tristimulus weights for any regular grid, by ASTM E2022.
 *
 * The 1 nm product of illuminant and observer is spread over the grid's samples by the Lagrange
 * coefficients with which a 1 nm reflectance would have been interpolated from them; what lies
 * outside the grid is added to its end samples (ASTM E308 §7.3.2.2). XYZ is then one dot product each, and the sum of
 * the weights is exactly the white. On 360–780 nm by 10 nm the result is the ASTM E308 table.
 *
 *	struct weights w;
 *	weights_build(&w, &reading.spectrum.grid, &illuminant, &observer, &err);
 *	struct xyz xyz = weights_xyz(&w, reading.spectrum.value);
 */
#ifndef COLOUR_TRISTIMULUS_H
#define COLOUR_TRISTIMULUS_H

#include "base/error.h"
#include "colour/lab.h"
#include "colour/light.h"

struct weights {
	struct grid grid;
	struct xyz white; /* of the perfect diffuser; y is 1 */
	double x[SPECTRUM_SAMPLES_MAX];
	double y[SPECTRUM_SAMPLES_MAX];
	double z[SPECTRUM_SAMPLES_MAX];
};

/* Refuses a light that the observer cannot see (all power outside 360–830 nm). */
enum status weights_build(struct weights *out, const struct grid *grid,
			  const struct illuminant *illuminant, const struct observer *observer,
			  struct error *err);

/* `reflectance` has weights->grid.count samples, 0..1. */
struct xyz weights_xyz(const struct weights *weights, const double *reflectance);
struct lab weights_lab(const struct weights *weights, const double *reflectance);

#endif
