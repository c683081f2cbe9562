/* Whole drops near the best shares of a set of pigments, by a model that is linear there. For quick.c.
 *
 * Where the best shares lie in a long valley, along which the colour hardly changes, a linear model holds for a part of
 * it only: then the valley is looked at cell by cell, each a range of one pigment's share, with a model of its own.
 */
#ifndef SEARCH_NEAR_H
#define SEARCH_NEAR_H

#include "search/run.h"

/* Shares, and of the weighed residual of the forms there and of its slopes along the shares all products: [0][0] is the
 * length squared. */
struct near_model {
	int count, pigment[SEARCH_PIGMENTS_MAX];
	double share[SEARCH_PIGMENTS_MAX], product[5][5];
	int along;        /* the share that a cell is a range of; below 0: no cell */
	double low, high; /* of that share */
};

/* How far the length stays within `e` along the valley: the pigment whose share changes most, as a part of its
 * share, and by how much the shares change with its share. */
double near_valley(int *along, double change[SEARCH_PIGMENTS_MAX], const struct near_model *model,
		   double e);

/* Tries all recipes of the set whose length in the model is at most `e`. */
void near_try(struct trials *trials, const struct near_model *model, double e);

#endif
