/* A quadratic form in XYZ that is nowhere above CIEDE2000 near a colour: what bounds are made with.
 *
 * CIEDE2000 is no metric: its weights depend on both colours. But within `reach` of one colour they stay in
 * ranges, and with the largest of them it is at least the length of a linear function of XYZ. With the reach going
 * to 0 that is CIEDE2000's own quadratic form there.
 */
#ifndef COLOUR_METRIC_H
#define COLOUR_METRIC_H

#include "colour/lab.h"

#include <stdbool.h>

struct metric {
	double row
		[3]
		[3]; /* times (X, Y, Z) - those of the centre, each relative to the white's: dE00 */
};

/* For every colour with ciede2000(centre, colour) <= reach: |row (xyz - xyz of the centre)| <= ciede2000. False
 * where there is no such form of use: at a reach of about 10 and more, or below L* 8.5, where CIELAB's cube root
 * ends. */
bool metric_below(struct metric *out, const struct lab *centre, double reach);

#endif
