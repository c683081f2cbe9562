/* What LittleCMS does for us without any profile: CIEDE2000 and chromatic adaptation to the ICC PCS.
 * What it does with profiles stands in colour/device.h.
 */
#ifndef COLOUR_CMS_H
#define COLOUR_CMS_H

#include "base/error.h"
#include "colour/lab.h"

/* CIEDE2000 with kL = kC = kH = 1 (ISO/CIE 11664-6, cmsCIE2000DeltaE). */
double delta_e_2000(const struct lab *a, const struct lab *b);

/* ICC PCS Lab: `xyz` seen under a light of white `white`, adapted to D50 by the Bradford transform
 * of ICC.1 annex E. Both by the 2 degree observer, Y of white = 1. */
enum status pcs_lab_from_xyz(struct lab *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err);

/* The same as XYZ under D50. It is linear in `xyz`. */
enum status pcs_xyz_from_xyz(struct xyz *pcs, const struct xyz *xyz, const struct xyz *white,
			     struct error *err);

/* And back: as it would be seen under the light of white `white`. */
enum status xyz_from_pcs_lab(struct xyz *xyz, const struct lab *pcs, const struct xyz *white,
			     struct error *err);

/* XYZ under D50 itself, of PCS Lab and back, to average colours by their light. */
struct xyz pcs_xyz_from_lab(const struct lab *pcs);
struct lab pcs_lab_from_pcs_xyz(const struct xyz *xyz);

#endif
