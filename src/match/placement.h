/* Where dots and hairs stand on a piece of skin: at random, but none near another, as follicles do and as dots are
 * placed between them ("blue noise").
 *
 * The piece is a torus, so that it goes on at its edges. The same seed gives the same places.
 *
 *	placement_open(&placement, 20.0, 15.0, seed);
 *	placement_add(&placement, hairs, &err);
 *	placement_add(&placement, dots, &err);        (between those that are there)
 *	placement_clear(&placement);
 */
#ifndef MATCH_PLACEMENT_H
#define MATCH_PLACEMENT_H

#include "base/error.h"

/* No place is nearer to another than this share of the mean spacing, 1 / sqrt(places per area), of all there
 * are so far. Places at random with all the room that they leave free jam at a share of 0.83 (random sequential
 * adsorption of discs covers 0.547; Feder, J. Theor. Biol. 87 (1980) 237), so this many always find one; where only
 * a few stand on the whole piece it may be less. */
#define PLACEMENT_SHARE 0.7

struct place {
	double x_mm, y_mm; /* 0 to the piece's size */
	double turn;       /* 0..1, at random: for what has a direction */
};

struct placement {
	double width_mm, height_mm;
	unsigned long long state; /* of the random numbers */
	struct place *place;
	int count;
};

void placement_open(struct placement *placement, double width_mm, double height_mm,
		    unsigned long long seed);
enum status placement_add(struct placement *placement, int count, struct error *err);
void placement_clear(struct placement *placement);

#endif
