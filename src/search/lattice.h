/* The grid of measurable recipes: whole drops of pigment and steps of diluent within the limits of a problem.
 *
 *	struct lattice lattice;
 *	lattice_build(&lattice, &problem);
 *	if (lattice_holds(&lattice, &recipe) && !lattice_repeats(&lattice, &recipe)) ...
 */
#ifndef SEARCH_LATTICE_H
#define SEARCH_LATTICE_H

#include "search/search.h"

struct lattice {
	const struct search_problem *problem;
	int open[LINE_PIGMENTS_MAX],
		open_count;           /* pigments that may be used, in the line's order */
	int least[LINE_PIGMENTS_MAX]; /* drops where used, a multiple of the step, 1 or more */
	int most[LINE_PIGMENTS_MAX];  /* 0: barred, or no multiple of the step fits */
	double ml[LINE_PIGMENTS_MAX]; /* of a drop */
	double diluent_ml;
	int diluent_steps; /* amounts of diluent, 0 to diluent_steps - 1 */
};

void lattice_build(struct lattice *lattice, const struct search_problem *problem);

/* True where the set holds every forced pigment. */
bool lattice_allows(const struct lattice *lattice, const int *pigment, int count);

int lattice_diluent(const struct lattice *lattice, int step);

/* Steps of the diluent that the cup has room for beside so much pigment: 0 to this one; below 0 where none. */
int lattice_last_step(const struct lattice *lattice, double pigment_ml);

/* ml of pigment; below 0 where the drops break a limit: of each, of all, of ml, of ratios. */
double lattice_pigment_ml(const struct lattice *lattice, const struct search_recipe *recipe);

int common_divisor(int a, int b); /* the greatest */

/* True where the same ratio stands on the grid with fewer drops: it counts once, as that. */
bool lattice_repeats(const struct lattice *lattice, const struct search_recipe *recipe);

/* How many recipes a set has within all limits, repeats of a ratio counted too. */
unsigned long long lattice_count(const struct lattice *lattice, const int *pigment, int count);

#endif
