/* Technique: how deep, how dense and how lasting a practitioner's dots are.
 *
 * None of these can be read off a bottle; a preset states each with where it is from or the word
 * "assumed", and where it is not sure, the range in which 95 % of practice lies. A source is empty
 * only where an optional parameter was left out. technique_parameters[] is the one list of them: the
 * reader, the recipe and the card walk it.
 */
#ifndef PIGMENT_TECHNIQUE_H
#define PIGMENT_TECHNIQUE_H

#include <stdbool.h>

enum healing_state { STATE_HEALED, STATE_FRESH, STATE_DAY7, STATES };
extern const char *const healing_state_names[STATES]; /* in files and JSON: "day7" */
extern const char *const healing_state_words[STATES]; /* "at 7 days" */
bool healing_state_read(enum healing_state *state, const char *name);

enum technique_key {
	TECHNIQUE_DEPTH_MM,       /* z: clean dermis above the pigment */
	TECHNIQUE_LAYER_MM,       /* t: thickness of the pigmented sub-layer */
	TECHNIQUE_DOSE_SHARE,     /* phi: ml of mix per ml of dermis in it, all sessions together */
	TECHNIQUE_KEPT_SHARE,     /* rho: share of the dose that is left when healed */
	TECHNIQUE_DAY7_SHARE,     /* and at 7 days; optional: half of what fades is gone */
	TECHNIQUE_DOT_HEALED_MM,  /* diameter of a healed dot */
	TECHNIQUE_DOT_FRESH_MM,   /* and of a fresh one */
	TECHNIQUE_DOTS_PER_CM2,   /* dots placed, all sessions together */
	TECHNIQUE_HAIRS_PER_CM2,  /* natural density around the patch */
	TECHNIQUE_HAIRS_LEFT_CM2, /* hairs still in the patch */
	TECHNIQUE_HAIR_SHAFT_MM,  /* hair diameter */
	TECHNIQUE_STUBBLE_MM,     /* visible length after shaving */
	TECHNIQUE_HAIR_DEPTH_MM,  /* z_h: clean skin through which a follicle is seen */
	TECHNIQUE_YULE_NIELSEN_N, /* light spread between dots: 1 none, 2 full */
	TECHNIQUE_SURFACE_K2,     /* Saunderson's inner reflection */
	TECHNIQUE_REGROWTH_SHARE, /* weight of how it looks when the hair is back; optional: 0 */
	TECHNIQUE_KEYS,
};

struct technique_parameter {
	const char *name;  /* as it stands in files: "depth_mm" */
	const char *words; /* as a person reads it */
	double least, most;
	bool optional;
};
extern const struct technique_parameter technique_parameters[TECHNIQUE_KEYS];

enum { TECHNIQUE_NAME_SIZE = 64, TECHNIQUE_SOURCE_SIZE = 160, TECHNIQUE_NEEDLE_SIZE = 64 };

struct technique {
	char name[TECHNIQUE_NAME_SIZE];
	double value[TECHNIQUE_KEYS];
	double least[TECHNIQUE_KEYS], most[TECHNIQUE_KEYS]; /* the value where no range is stated */
	char source[TECHNIQUE_KEYS][TECHNIQUE_SOURCE_SIZE];
	char needle
		[TECHNIQUE_NEEDLE_SIZE]; /* in words; nothing is computed from it; may be empty */
	char needle_source[TECHNIQUE_SOURCE_SIZE];
};

/* One value without a range. */
void technique_set(struct technique *technique, enum technique_key key, double value,
		   const char *source);

/* Share of the dose that is left in that state: at 7 days no less than when healed. */
double technique_kept_share(const struct technique *technique, enum healing_state state);

/* Diameter of a dot in that state; at 7 days it is as wide as a fresh one. */
double technique_dot_mm(const struct technique *technique, enum healing_state state);

#endif
