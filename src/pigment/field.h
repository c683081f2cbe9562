/* Dots and hairs on skin, seen as one field.
 *
 * Coverage is the share of the area that dots or hairs take. Light that enters between dots and
 * leaves under one makes a field darker than the average of its areas; Yule & Nielsen (1951)
 * describe it by an exponent: R_field^(1/n) = (1 - a) R_skin^(1/n) + a R_dot^(1/n). n = 1 is
 * Murray–Davies. Two populations at random overlap as in Demichel's equations: hairs lie over
 * dots, dots over skin.
 */
#ifndef PIGMENT_FIELD_H
#define PIGMENT_FIELD_H

/* pi d^2 / 4 + d l for each hair: the cut shaft and the visible stubble. `per_cm2` hairs of
 * diameter and stubble in mm. Dots have no stubble. */
double coverage_share(double per_cm2, double diameter_mm, double stubble_mm);

/* Relative noise of one field reading from the count of hairs that the aperture happens to see:
 * 1 / sqrt(n) for n hairs (Poisson). 223 hairs per cm² and 3 mm: 16 hairs, 25 %. */
double field_sampling_noise(double hairs_per_cm2, double aperture_mm);

struct field {
	double dot_share;  /* coverage by dots, 0..1 */
	double hair_share; /* coverage by hairs that are left, 0..1 */
	double n;          /* Yule–Nielsen */
};

double field_reflectance(const struct field *field, double skin, double dot, double hair);

/* The dot that makes field_reflectance() equal `wanted`: its exact inverse. Negative where no dot
 * is dark enough; dot_share must be above 0 and hair_share below 1. */
double field_required_dot(const struct field *field, double wanted, double skin, double hair);

#endif
