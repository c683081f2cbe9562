/* The plan: the way from the patch as it is to the wanted field, in sessions.
 *
 * Waypoints stand on the straight line between the two in the powers in which coverage adds, at equal
 * dE00 from each other: a client sees equal steps, where even steps of dilution are not (1:1 to 1:2 takes
 * a third of the pigment out, 1:20 to 1:21 a twentieth). Each session adds dots of its own beside those
 * that are there; hairs and earlier dots are overlapped at random. The first sessions' dots are lighter
 * and more, the last ones' darker and fewer: their contrast rises evenly by PLAN_RISE about what all dots
 * alike would need, or by less where the last would be out of reach. Where even that is, the plan goes
 * only as far as this line can at this depth and density.
 *
 *	plan_split(&plan, &scene, &brief, 3);
 *	for each session k: plan_brief(&one, &plan, k, &scene, &brief, patch), build a scene of it and search
 *	in it; `patch` is then scene_field() of what was found.
 *
 * So every session is a match of its own against its waypoint, and takes up what the one before it missed.
 */
#ifndef MATCH_PLAN_H
#define MATCH_PLAN_H

#include "match/recipe.h"

/* The first session's dots have this much less of the even contrast, the last one's this much more. */
#define PLAN_RISE 0.2

struct plan {
	int sessions;
	double rise;      /* what it came to */
	double share;     /* of the way that is planned; mostly 1 */
	double step_de00; /* of each */
	struct plan_step {
		int dots_per_cm2;
		double waypoint[SPECTRUM_SAMPLES_MAX];
	} step[PLAN_SESSIONS_MAX];
};

/* `scene` is that of the whole brief; in skin. */
void plan_split(struct plan *plan, const struct scene *scene, const struct brief *brief,
		int sessions);

/* The brief of session k (0 is the first), on a patch that looks like `patch` when healed. */
void plan_brief(struct brief *out, const struct plan *plan, int k, const struct scene *scene,
		const struct brief *brief, const double *patch);

/* --- answers about a case ----------------------------------------------------------------------- */

/* A zone matched: recipes to be freed. */
struct zone_match {
	char name[RECIPE_NAME_SIZE], preset[TECHNIQUE_NAME_SIZE];
	struct match_answer answer;
};

struct planned_session {
	int dots_per_cm2;
	int dots;             /* in the zone; 0 where its area is not stated */
	struct lab lab_after; /* of the healed patch */
	double step_de00;     /* from the patch before it */
};

/* A zone planned: `recipe` one a session, to be freed. */
struct zone_plan {
	char name[RECIPE_NAME_SIZE], preset[TECHNIQUE_NAME_SIZE];
	struct brief brief; /* of the whole zone */
	struct lab before, natural;
	double de00_before, de00_after; /* between the patch and the natural field */
	int sessions;
	struct planned_session session[PLAN_SESSIONS_MAX];
	struct recipe *recipe;
};

#endif
