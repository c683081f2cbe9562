/* Technique: how deep, how dense and how lasting a practitioner's dots are.
 *
 * None of these can be read off a bottle; a preset states each with where it is from or the word
 * "assumed". technique_parameters[] is the one list of them: the reader, the recipe and the card
 * walk it.
 */
#ifndef PIGMENT_TECHNIQUE_H
#define PIGMENT_TECHNIQUE_H

enum technique_key {
	TECHNIQUE_DEPTH_MM,       /* z: clean dermis above the pigment */
	TECHNIQUE_LAYER_MM,       /* t: thickness of the pigmented sub-layer */
	TECHNIQUE_DOSE_SHARE,     /* phi: ml of mix per ml of dermis in it, all sessions together */
	TECHNIQUE_KEPT_SHARE,     /* rho: share of the dose that is left when healed */
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
	TECHNIQUE_KEYS,
};

struct technique_parameter {
	const char *name;  /* as it stands in files: "depth_mm" */
	const char *words; /* as a person reads it */
	double least, most;
};
extern const struct technique_parameter technique_parameters[TECHNIQUE_KEYS];

enum { TECHNIQUE_NAME_SIZE = 64, TECHNIQUE_SOURCE_SIZE = 160 };

struct technique {
	char name[TECHNIQUE_NAME_SIZE];
	double value[TECHNIQUE_KEYS];
	char source[TECHNIQUE_KEYS][TECHNIQUE_SOURCE_SIZE];
};

#endif
