/* Learning: a clinic's own dose, kept share, depth and light spread from what its treated patches
 * looked like.
 *
 * Four parameters of the technique are fitted to all readings at once: phi (dose_share), rho
 * (kept_share), z (depth_mm) and n (yule_nielsen_n). The preset that the recipes were made with and
 * its ranges are what is believed before; how far the readings scatter about the fit says how much
 * they weigh. A parameter is learned where that leaves less than half of the doubt there was; the
 * others stay. Healed readings alone tell phi times rho only: then phi stays.
 *
 *	observation_take(&observation[i], &recipe, &scene, reading, state);   for each reading
 *	learning_fit(&learning, &technique, observation, count, &err);
 */
#ifndef MATCH_LEARNING_H
#define MATCH_LEARNING_H

#include "match/recipe.h"

/* Fewer healed readings than these say nothing. */
enum { LEARNING_READINGS_LEAST = 3 };

/* One reading of a treated patch, and all that its prediction needs. */
struct observation {
	enum healing_state state;
	int bands;
	struct skin skin;
	struct field field;
	double layer_mm;
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX]; /* of the mix */
	double ground[SPECTRUM_SAMPLES_MAX], follicle[SPECTRUM_SAMPLES_MAX];
	double measured[SPECTRUM_SAMPLES_MAX];
	struct weights weights; /* of the recipe's main light */
};

/* `scene` is that of the recipe in the reading's state, with the line as strong as the recipe says;
 * `measured` is as scene_carry() gives it. */
enum status observation_take(struct observation *out, const struct recipe *recipe,
			     const struct scene *scene, const double *measured,
			     enum healing_state state, struct error *err);

enum { LEARNED_DOSE, LEARNED_KEPT, LEARNED_DEPTH, LEARNED_SPREAD, LEARNED };

struct learning {
	int readings, healed;
	struct learned {
		enum technique_key key;
		bool told; /* by the readings */
		double before, value;
		double least, most; /* 95 % interval */
	} parameter[LEARNED];
	double de00_before, de00_after; /* mean of predicted and measured patches */
	struct technique technique;     /* with what was learned */
};

/* Refuses fewer than three healed readings, and readings that tell none of the four. */
enum status learning_fit(struct learning *out, const struct technique *technique,
			 const struct observation *observation, int count, struct error *err);

#endif
