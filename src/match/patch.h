/* A piece of skin with dots and hairs on it, seen from near: coverage pixel by pixel, and the light that spreads
 * between them.
 *
 * Where the field (pigment/field.h) has one reflectance for all of it, R = (mean of T)^n with T = R^(1/n) of what
 * lies there, a pixel has
 *
 *	R(x) = T(x) ((T * h)(x))^(n - 1),
 *
 * h the spread of light under the skin: light enters anywhere around and leaves under x, n = 1 without spread, n = 2
 * with as many passages there as here. As h is wide against the spacing of dots, T * h is nearly the mean of T, and the
 * mean of R is the field.
 *
 * Each layer covers a part of each pixel: exact areas, so nothing has steps. A layer lies over those before it. What of
 * it is seen in all is made what the model says (random overlap, Demichel) by a small factor, since places keep
 * away from each other and the model's do not.
 */
#ifndef MATCH_PATCH_H
#define MATCH_PATCH_H

#include "colour/tristimulus.h"
#include "match/placement.h"
#include "match/plan.h"

/* Dots of each session and the hairs. */
enum { PATCH_LAYERS_MAX = PLAN_SESSIONS_MAX + 1, PATCH_LIGHTS_MAX = 2 };

/* Standard deviation of h, which is three running means each way, nearly a Gaussian. Assumed: some spacings of dots
 * (0.6 mm), as n = 2 implies. Diffusion in skin reaches 1 / sqrt(3 mu_a (mu_a + mu_s')); in the example's skin, as
 * pigment/skin.h fits it, 0.4 mm at 460 nm, 0.7 at 540, 1.8 at 620, 3.1 at 700. */
#define PATCH_SPREAD_MM 1.5

struct patch_layer {
	double per_cm2, diameter_mm;
	double length_mm; /* of stubble; 0 of dots */
	double reflectance[SPECTRUM_SAMPLES_MAX];
	const struct place *place; /* where they stand; borrowed */
	int count;
};

struct patch {
	struct grid grid;
	double n; /* Yule–Nielsen */
	double bare[SPECTRUM_SAMPLES_MAX];
	struct patch_layer layer[PATCH_LAYERS_MAX]; /* the lowest first */
	int layers;
};

/* The reflectance of all of it by the model: `out` has patch->grid.count samples. */
void patch_field(double *out, const struct patch *patch);

/* A torus of pixels; its size is that of the layers' places. */
struct raster {
	int width, height;
	double mm_per_pixel;
};

/* How many of a layer stand on it: the whole number that is nearest. */
int raster_count(const struct raster *raster, double per_cm2);

/* X, Y and Z of each pixel under each of `lights` lights: 3 * lights planes of width * height values, one after the other.
 * *adjusted is the largest share by which what is seen of a layer had to be changed to be the model's. The
 * spread is taken to first order in e = (T * h) / mean - 1, which is exact for n = 1 and 2; e is some thousandths, and
 * what is left out between them, e^2 / 8 of R at the most, below 1e-5. */
enum status patch_render(float *out, double *adjusted, const struct patch *patch,
			 const struct raster *raster, const struct weights *weights, int lights,
			 struct error *err);

#endif
