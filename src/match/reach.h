/* Reach: whether a required dot can be made at all, and if not, what would do.
 *
 * A dot is in reach where it is no darker than the darkest that the line gives in this medium, and
 * no band asks for less light than none. What can bring it in reach: more coverage (denser or wider
 * dots ask for lighter ones), a shallower dot (less skin above it), a stronger black.
 */
#ifndef MATCH_REACH_H
#define MATCH_REACH_H

#include "match/scene.h"

/* Each figure is 0 where that alone does not do. */
struct reach {
	bool within;
	double required_l, darkest_l; /* L* under the main light */
	double no_light_nm;           /* where less than no light is asked for; 0: nowhere */
	double coverage_share;        /* of dots; with it */
	double dots_per_cm2, dot_mm;  /* either of them gives that coverage */
	double depth_mm;              /* the deepest that does */
	bool shallower;               /* depth_mm holds; it may be 0 */
	double black_l;               /* the darkest dot of a perfect black there */
	bool blacker;                 /* and that would do */
};

/* In skin only. */
void reach_compute(struct reach *reach, const struct scene *scene, const struct brief *brief);

/* Says it in `notes`: nothing where the dot is within reach or no dot is wanted. */
void reach_note(const struct scene *scene, const struct brief *brief, struct notes *notes);

#endif
