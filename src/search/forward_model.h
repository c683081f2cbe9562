/* What the vector code works on: the problem in single precision, and the table of functions that is compiled once for
 * each width of vectors. For forward.c and vector.c only.
 *
 * Per band the diluent's K and S and each pigment's difference from it, so that a mix is the diluent plus its
 * shares of differences; weights of all lights. Each step of the model is a loop over bands, the lanes are recipes:
 * no lane ever needs another's result.
 */
#ifndef SEARCH_FORWARD_MODEL_H
#define SEARCH_FORWARD_MODEL_H

#include "search/forward.h"

struct forward_code {
	void (*objective)(float objective[LANES], const struct forward *forward,
			  const struct forward_batch *batch, int pigments);
	void (*de00)(float de00[][LANES], const struct forward *forward,
		     const struct forward_batch *batch, int pigments);
	void (*bound)(float bound[LANES], const struct forward *forward,
		      const struct forward_batch *strong, const struct forward_batch *weak,
		      int pigments);
	void (*descend)(struct forward_descent *descent, const struct forward *forward,
			const struct forward_forms *forms, const struct forward_set *set);
	void (*hits)(unsigned char *hit, const struct forward_hits *of, int count);
	void (*ranges)(unsigned char *hit, const struct forward_ranges *of, int count);
	void (*boxes)(struct forward_boxes *boxes, const struct forward *forward,
		      const struct forward_rows *rows, const int *pigment, int pigments,
		      float limit);
};
extern const struct forward_code forward_code_4, forward_code_8, forward_code_16;

struct forward_band {
	float k0, s0;                           /* of the diluent; in skin with the dermis */
	float ground, above_r, above_t2, twice; /* layered: what lies below and above */
	float k_below, s_below;                 /* in skin, of the dermis that is the ground */
	float x[SEARCH_LIGHTS_MAX], y[SEARCH_LIGHTS_MAX], z[SEARCH_LIGHTS_MAX];
	/* under the main light, for bounds: weights of Y, of X - kappa_x Y and of Z - kappa_z Y, where they
	 * are above 0 and where they are below */
	float above[3], below[3];
};

struct forward_light {
	float weight, l, a, b, chroma;
};

struct forward {
	const struct forward_code *code;
	int bands, pigments, lights;
	bool layered;
	float thickness, k1, k2, lighter, cost_per_pigment;
	float kappa[2]; /* X / Y and Z / Y of what is required under the main light */
	struct forward_light light[SEARCH_LIGHTS_MAX];
	struct forward_band *band;
	float (*difference)
		[2]; /* from the diluent, K and S of pigment p in band b: [p * bands + b] */
	/* of an opaque medium, per ml of the pigment, the diluent's last: */
	float (*amount)[2];
	float *scattering; /* their mean S over the bands */
};

#endif
