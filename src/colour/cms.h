/* What LittleCMS does for us: CIEDE2000, chromatic adaptation to the ICC PCS, and sRGB.
 *
 * The only file that includes lcms2.h. LittleCMS reports through a callback; the line it gave comes
 * back in `struct error`.
 */
#ifndef COLOUR_CMS_H
#define COLOUR_CMS_H

#include "base/error.h"
#include "colour/lab.h"

#include <stdbool.h>

/* CIEDE2000 with kL = kC = kH = 1 (ISO/CIE 11664-6, cmsCIE2000DeltaE). */
double delta_e_2000(const struct lab *a, const struct lab *b);

/* ICC PCS Lab: `xyz` seen under a light of white `white`, adapted to D50 by the Bradford transform
 * of ICC.1 annex E. Both by the 2 degree observer, Y of white = 1. */
enum status pcs_lab_from_xyz(struct lab *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err);

/* sRGB (IEC 61966-2-1) of PCS Lab colours, 0..1 each, relative colorimetric. `clipped[i]` is set
 * where the colour lies outside the sRGB gamut by more than 1/255 in a channel and was brought to
 * its edge. */
struct srgb {
	double r, g, b;
	bool clipped;
};
enum status srgb_from_pcs_lab(struct srgb *srgb, const struct lab *pcs, int count,
			      struct error *err);

#endif
