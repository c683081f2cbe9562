/* The difference between two samples: under one light, and how it changes with the light.
 *
 * Special metamerism index for a change of illuminant (ISO 18314-4): two samples that look alike
 * under the reference light may part under another. The index is their CIEDE2000 under the test
 * light after what they already differ under the reference light has been taken out by the
 * multiplicative correction: sample XYZ under the test light times reference XYZ / sample XYZ,
 * both under the reference light, channel by channel.
 */
#ifndef COLOUR_DIFFERENCE_H
#define COLOUR_DIFFERENCE_H

#include "colour/tristimulus.h"

/* Both reflectances are on the grid of both weights. */
double metamerism_index(const struct weights *reference_light, const struct weights *test_light,
			const double *reference, const double *sample);

enum { DIFFERENCE_LIGHTS = 8 };

/* Sample minus reference. */
struct difference {
	double de00, de76;
	struct delta_lch parts; /* CIEDE2000's dL', dC', dH' */
	int light_count;        /* 0 where only Lab values were compared */
	struct {
		char name[LIGHT_NAME_SIZE];
		double index;
	} metamerism[DIFFERENCE_LIGHTS];
};

/* Of two Lab values, without metamerism. */
struct difference difference_of_labs(const struct lab *reference, const struct lab *sample);

#endif
