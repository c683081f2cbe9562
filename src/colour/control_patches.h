/* A row of patches that tells how a printer prints: what colour each is to have, and how far from it was measured.
 *
 * They run along what this trade prints: skin from light to dark, a shaved field, a dot, and two greys, which show a cast. All are round
 * values; the skins have typology angles (Chardon et al. 1991) of 51, 27, -6 and -47 degrees: light, tan, brown and dark.
 */
#ifndef COLOUR_CONTROL_PATCHES_H
#define COLOUR_CONTROL_PATCHES_H

#include "base/error.h"
#include "colour/lab.h"

enum { CONTROL_PATCHES = 8 };
extern const struct lab
	control_patches[CONTROL_PATCHES]; /* D50, 2 degree, as instruments for print have it */

struct patch_check {
	struct lab measured[CONTROL_PATCHES]; /* in their order */
	double de00[CONTROL_PATCHES];
	double mean_de00, worst_de00;
	int worst;
	struct lab shift; /* the mean of measured minus stated */
};

/* Fills in what follows from `measured`. */
void patch_check_judge(struct patch_check *check);

#endif
