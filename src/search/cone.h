/* Recipes of a set of pigments in a cone: whole drops z = (D, n_1, ...), D of diluent, with |A z| <= e (weight . z).
 *
 * A linear model of the colour near some shares, times a recipe's volume, is such a cone (near.c). A is given by A'A.
 *
 *	cone_walk(&cone, lattice, keep, data);     keep() is told every recipe in it, within the limits of drops
 */
#ifndef SEARCH_CONE_H
#define SEARCH_CONE_H

#include "search/forward.h"
#include "search/lattice.h"

enum { CONE_COLUMNS = SEARCH_PIGMENTS_MAX + 1 };

struct cone {
	int count, pigment[SEARCH_PIGMENTS_MAX];
	double gram[CONE_COLUMNS][CONE_COLUMNS]; /* A'A, the diluent first */
	double weight[CONE_COLUMNS];
	double e;
	/* for every recipe in question: weight . z <= most D + more */
	double most, more;
	int first, last; /* steps of diluent in question */
	int steps; /* of the walk, at most; a cone whose axis is far outside of what can be mixed has many */
};

typedef void cone_keeper(void *data, const int *drops, int step);

/* Every recipe of the lattice's drops in the cone; sums, ml and ratios are not looked at. `forward` does the work for all
 * diluents at once. */
void cone_walk(const struct cone *cone, const struct lattice *lattice,
	       const struct forward *forward, cone_keeper *keep, void *data);

#endif
