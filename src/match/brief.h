/* The brief: what a client case asks for, before any recipe is known.
 *
 * It holds readings as they were taken (each on its own grid), the technique, and the lights by
 * name. Everything that is computed from it stands in `struct scene`. A recipe carries its brief,
 * so that it can be predicted again anywhere.
 */
#ifndef MATCH_BRIEF_H
#define MATCH_BRIEF_H

#include "colour/reading.h"
#include "pigment/technique.h"
#include "search/search.h"

/* The origin of a reading that nobody took: what a plan puts in the place of one. */
#define READING_COMPUTED "computed"

enum reading_role {
	ROLE_SKIN,
	ROLE_HAIR,
	ROLE_FIELD,
	ROLE_PATCH,  /* the patch as earlier sessions left it, to which dots are added */
	ROLE_GROUND, /* what a film lies on */
	ROLE_TARGET,
	ROLES
};
extern const char *const reading_role_names[ROLES];

struct brief_light {
	char name[LIGHT_NAME_SIZE];
	double weight;
	bool own;              /* a light of the user's own, so its power is kept here */
	struct spectrum power; /* on LIGHT_GRID */
};

struct brief {
	bool given[ROLES];
	struct repeats reading[ROLES];
	bool has_target_lab; /* a bare Lab is wanted: no spectrum, no metamerism */
	struct lab target_lab;
	enum healing_state state;
	struct technique technique;                  /* of a drawdown only its surface_k2 */
	double thickness_mm;                         /* of a film over `ground` */
	char observer[LIGHT_NAME_SIZE];              /* "2" or "10" */
	struct brief_light light[SEARCH_LIGHTS_MAX]; /* [0] is the main light */
	int light_count;
	double lighter, price_weight, coarse_weight; /* of the objective, search.h */
};

/* True where a dot in skin is wanted, false for a drawdown. */
bool brief_in_skin(const struct brief *brief);

#endif
