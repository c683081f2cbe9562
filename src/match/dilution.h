/* The dilutions of one pigment in one skin: the trade's even steps of water, and steps that look equal.
 *
 * The trade dilutes 1 ml of pigment with 1, 2, 3 … ml of water ("shade N"). Seen in skin these steps are uneven: of a brown the first
 * is ten times the last, and of a strong black all thirty of them are less than half of the way to bare skin. So the whole way from the
 * undiluted pigment to bare skin is walked along, dE00 by dE00, and cut into equal parts; for each the whole drops are taken that come
 * nearest, as few of them as do.
 *
 * Colours are those of dots, in the state and light of the scene, and of the patch with so many of them. Every mix is of whole drops,
 * fits the cup and is seen as `predict` sees the same drops.
 *
 *	dilution_compute(&dilution, &scene, pigment, &limits, &err);     (of a scene in skin, in the state that is wanted)
 */
#ifndef MATCH_DILUTION_H
#define MATCH_DILUTION_H

#include "match/scene.h"

enum {
	DILUTION_WATERS = 31, /* the undiluted pigment, 1:1 … 1:30 */
	DILUTION_EQUALS = 10, /* parts of the way */
};

struct dilution_limits {
	double cup_ml;
	int pigment_drops_max;
};

struct dilution_look {
	struct lab lab, pcs_lab; /* under the main light; for screens and printers */
};

struct dilution_step {
	int pigment_drops, diluent_drops;
	double pigment_ml, diluent_ml;
	double parts; /* ml of diluent to one of pigment */
	struct dilution_look dot, field;
	double along_de00;  /* of the dot, along the way from the undiluted pigment */
	double de00_before; /* to the dot of the step before it; 0 of the first */
	double de00_skin;   /* to bare skin */
};

/* Both lists begin with the undiluted pigment and end where the cup does not hold what comes next. */
struct dilution {
	struct bottle pigment, diluent;
	struct dilution_look skin;
	double way_de00; /* from the undiluted pigment to bare skin */
	struct dilution_step water[DILUTION_WATERS];
	int waters;
	struct dilution_step
		equal[DILUTION_EQUALS]; /* the i-th after i / DILUTION_EQUALS of the way */
	int equals;
};

/* What a page says beside the dilutions: `count` of them, in the order of the line. */
struct dilution_chart {
	char line[PIGMENT_TEXT_SIZE], notice[256], made[CLOCK_TEXT_SIZE];
	bool synthetic;
	char skin[READING_NAME_SIZE], skin_file[READING_FILE_SIZE];
	char light[LIGHT_NAME_SIZE], observer[LIGHT_NAME_SIZE];
	struct technique technique;
	enum healing_state state;
	struct dilution_limits limits;
	int count;
	struct dilution *dilution;
};

/* Of one pigment of the scene's line. Refuses a cup that holds no drop of each. */
enum status dilution_compute(struct dilution *out, const struct scene *scene, int pigment,
			     const struct dilution_limits *limits, struct error *err);

#endif
