/* The surface between air and matter, by Saunderson (1942).
 *
 * An instrument sees Rm = k1 + (1 - k1)(1 - k2) R / (1 - k2 R) where the matter itself reflects R.
 * k1 is the outer (Fresnel) reflection that reaches the detector: 0 for 45:0 and for specular
 * excluded, the Fresnel value for specular included. k2 is the inner one, 0.4 to 0.6.
 */
#ifndef PIGMENT_SURFACE_H
#define PIGMENT_SURFACE_H

#include "colour/reading.h"

struct surface {
	double k1, k2;
};

/* Refractive indices. Skin: 1.37 to 1.45 in Jacques, Phys. Med. Biol. 58 (2013) R37. Hair: 1.55,
 * Bhushan, "Biophysics of Human Hair" (2010). Dried paint media: about 1.5. */
#define SURFACE_INDEX_SKIN 1.40
#define SURFACE_INDEX_HAIR 1.55
#define SURFACE_INDEX_PAINT 1.50

/* k1 = ((n - 1) / (n + 1))^2 where the specular part is included, 0 where it is excluded or not
 * stated. */
struct surface surface_of(double refractive_index, enum specular specular, double k2);

double surface_apply(const struct surface *surface, double reflectance);

/* The inverse: d / ((1 - k1)(1 - k2) + k2 d) with d = Rm - k1. Below 0 where Rm < k1. */
double surface_remove(const struct surface *surface, double measured);

#endif
