/* Where a mix is seen: as an opaque drawdown, as a film over a ground, or as a dot in a client's skin.
 *
 * A medium is everything of the forward model that does not depend on the recipe, computed once.
 * The recipe enters as the K and S of its mix (sum of c_i K_i, sum of c_i S_i, per mm of mix):
 *
 *	struct medium medium;
 *	medium_in_skin(&medium, &skin, depth_mm, layer_mm, dose_share);
 *	r = medium_reflectance(&medium, band, k_mix, s_mix);
 */
#ifndef PIGMENT_MEDIUM_H
#define PIGMENT_MEDIUM_H

#include "pigment/kubelka_munk.h"
#include "pigment/skin.h"

struct medium {
	struct grid grid;
	struct surface surface;
	bool layered;
	/* of a film and in skin, per band; of a film nothing is above it and there is no dermis: */
	double layer_mm;   /* of the film or the pigmented sub-layer */
	double dose_share; /* ml of mix per ml of dermis in it, what is left of it; 1 of a film */
	double k_dermis[SPECTRUM_SAMPLES_MAX], s_dermis[SPECTRUM_SAMPLES_MAX];
	double ground[SPECTRUM_SAMPLES_MAX]; /* R_inf of the clean dermis below, or the card */
	struct km_layer above[SPECTRUM_SAMPLES_MAX];  /* clean dermis over the pigment */
	double epidermis_twice[SPECTRUM_SAMPLES_MAX]; /* T_e^2 */
};

void medium_opaque(struct medium *medium, const struct grid *grid, const struct surface *surface);

/* A film of a thickness over a ground that is read as `ground`, with the same surface. */
void medium_film(struct medium *medium, const struct grid *grid, const struct surface *surface,
		 double thickness_mm, const double *ground);

/* R_inf of clean dermis, over it the pigmented sub-layer, over that clean dermis of depth_mm, then
 * the epidermis and the surface. */
void medium_in_skin(struct medium *medium, const struct skin *skin, double depth_mm,
		    double layer_mm, double dose_share);

double medium_reflectance(const struct medium *medium, int band, double k_mix, double s_mix);

/* A hair of internal reflectance `inner` under clean skin of thickness depth_mm. */
double skin_over_hair(const struct skin *skin, int band, double depth_mm, double inner);

#endif
