/* The explanation: where the colour of a dot in skin comes from, layer by layer.
 *
 * Each layer's colour is that of all that lies at or below it, under the main light: the mix by itself,
 * the pigmented dermis, clean dermis over it, the epidermis, and the surface as an instrument reads
 * it. The shift is what the depth does to the hue: from a dot of the same mix at depth 0, with as much
 * less of it as gives the same L*, to the dot where it is. Clean dermis over a black sends blue and green
 * light back before it gets there, so the black turns blue-green.
 */
#ifndef MATCH_EXPLANATION_H
#define MATCH_EXPLANATION_H

#include "match/scene.h"

enum {
	LAYER_MIX,
	LAYER_PIGMENTED,
	LAYER_DERMIS,
	LAYER_EPIDERMIS,
	LAYER_SURFACE,
	LAYERS,
};
extern const char *const layer_names[LAYERS]; /* in JSON */
extern const char *const layer_words[LAYERS];

/* A pigment that turns a shift back: what a tenth more pigment, all of this kind, does to the hue of the
 * dot, diluted until it is as light as before. */
struct counter {
	char id[PIGMENT_ID_SIZE]; /* empty: none does */
	double da, db;
	double against; /* of it, along the shift and against it */
};

struct explanation {
	struct lab layer[LAYERS];
	double depth_mm;
	double shift_de00, shift_da, shift_db;
	double shift_hue_degrees; /* of (da, db): 180 is green, 225 blue-green, 270 blue */
	struct counter in_mix, in_line;
};

/* Of the mix of these amounts, as error_band() takes them. In skin only. */
enum status explain_dot(struct explanation *out, const struct scene *scene,
			const struct brief *brief, const double *amount, double diluent_drops,
			struct error *err);

#endif
