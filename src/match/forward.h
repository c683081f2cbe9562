/* The forward model for eight recipes at once: shares of pigments -> objective.
 *
 * It is the same model as medium_reflectance(), weights_lab() and ciede2000(), in single precision. Below
 * dE00 10 it agrees with them within FORWARD_DE00_ERROR (tests/unit/test_forward.c: 1e6 random recipes),
 * and the search takes that much away before it excludes anything, then computes what is left anew in
 * double. So neither the vector width nor the rounding of single precision can change a list.
 *
 *	struct forward *forward = forward_new(&problem);
 *	forward_objective(objective, forward, &batch, 3);
 *	forward_free(forward);
 */
#ifndef MATCH_FORWARD_H
#define MATCH_FORWARD_H

#include "match/search.h"

/* Of one dE00 below 10; and above it, for each 10 of it. */
#define FORWARD_DE00_ERROR 5e-4
#define FORWARD_FAR_ERROR 2e-3

enum { LANES = 8 };

struct forward;

/* For the problem's line, medium and lights as they are now. NULL without memory. */
struct forward *forward_new(const struct search_problem *problem);
void forward_free(struct forward *forward); /* accepts NULL */

/* Recipes of the same pigments, which are indices in the line. */
struct forward_batch {
	int pigment[RECIPE_PIGMENTS_MAX];
	/* by volume, of the whole mix; the diluent is the rest */
	float share[RECIPE_PIGMENTS_MAX][LANES] __attribute__((aligned(64)));
};

/* Objectives of a batch of recipes with `pigments` pigments each. */
void forward_objective(float objective[LANES], const struct forward *forward,
		       const struct forward_batch *batch, int pigments);

/* What no recipe between two others can be better than: of the same drops of pigment, with any amount of diluent
 * from what gives the shares of `strong` to what gives those of `weak`. Each band's R lies between what the
 * two ends' K and S allow (R falls with K and rises with S, in every medium), so Y and the two opponent
 * sums lie in ranges, so L*, a* and b* do, and CIEDE2000 is at least the distance of those ranges under its
 * largest weights. Only the main light counts. Rounding is allowed for. */
void forward_bound(float bound[LANES], const struct forward *forward,
		   const struct forward_batch *strong, const struct forward_batch *weak,
		   int pigments);

/* CIEDE2000 under each light, of which there are `lights`; for tests. */
void forward_de00(float de00[][LANES], const struct forward *forward,
		  const struct forward_batch *batch, int pigments);

/* The most by which the true objective may be below or above a computed one. */
double forward_margin(const struct search_problem *problem, double objective);

#endif
