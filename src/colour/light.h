/* Light and eye at 1 nm: illuminants, daylight of any colour temperature, standard observers.
 *
 * Both are kept on LIGHT_GRID, 360–830 nm by 1 nm, the range of the CIE 1 nm observers. Tables on
 * a coarser grid are carried to it by ASTM E2022's Lagrange interpolation; outside a table's range
 * the power is zero, since nobody measured it.
 */
#ifndef COLOUR_LIGHT_H
#define COLOUR_LIGHT_H

#include "base/error.h"
#include "colour/spectrum.h"

enum { LIGHT_NAME_SIZE = 48, LIGHT_SOURCE_SIZE = 256, LIGHT_SAMPLES = 471 };
extern const struct grid LIGHT_GRID;

struct illuminant {
	char name[LIGHT_NAME_SIZE];     /* "D65", "4000K", a file's name */
	char source[LIGHT_SOURCE_SIZE]; /* of its figures, as their file says; may be empty */
	bool own;              /* the user's, not one that is built in: others do not have it */
	struct spectrum power; /* relative, on LIGHT_GRID, any scale */
};

struct observer {
	char name[LIGHT_NAME_SIZE]; /* "2" (CIE 1931) or "10" (CIE 1964) */
	char source[LIGHT_SOURCE_SIZE];
	struct spectrum x, y, z; /* colour matching functions on LIGHT_GRID */
};

/* The CIE daylight components (CIE 15, table of S0, S1, S2), on one grid. */
struct daylight_components {
	struct spectrum s0, s1, s2;
};

/* Carries a table to LIGHT_GRID. */
void light_spectrum(struct spectrum *out, const struct spectrum *table);

/* Daylight of correlated colour temperature `cct_kelvin` on today's scale (c2 = 0.014388 m K),
 * 4000 to 25000 K, by the equations of CIE 15 §3.1 with M1 and M2 rounded to three decimals as CIE
 * does for its tables. Mind that D65 names 6504 K: the D series was fixed on the older scale. */
enum status illuminant_daylight(struct illuminant *out,
				const struct daylight_components *components, double cct_kelvin,
				struct error *err);

#endif
