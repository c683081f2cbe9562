/* XYZ, CIELAB and what is read off them. Y of the perfect white is 1.
 *
 * Sources: CIE 15:2004 §8.2.1 (CIELAB); Chardon et al. 1991 (ITA).
 */
#ifndef COLOUR_LAB_H
#define COLOUR_LAB_H

struct xyz {
	double x, y, z;
};

struct lab {
	double l, a, b;
};

struct lch {
	double l, c, h; /* h in degrees, 0 <= h < 360 */
};

/* CIELAB of `xyz` under a light whose perfect white is `white`. */
struct lab lab_from_xyz(const struct xyz *xyz, const struct xyz *white);

struct lch lch_from_lab(const struct lab *lab);

/* Individual typology angle of skin in degrees: atan2(L* - 50, b*) 180/pi. */
double lab_ita_degrees(const struct lab *lab);

/* Euclidean distance in CIELAB, CIE 1976. */
double delta_e_76(const struct lab *a, const struct lab *b);

/* CIEDE2000 with kL = kC = kH = 1 (ISO/CIE 11664-6), for the search: the equations of Sharma, Wu &
 * Dalal, Color Res. Appl. 30 (2005) 21. Everything else asks LittleCMS (delta_e_2000(), colour/cms.h),
 * with which the tests compare it to 1e-9. */
double ciede2000(const struct lab *reference, const struct lab *sample);

/* CIEDE2000's signed parts, sample minus reference, before the weighting functions: lightness,
 * chroma with the adjusted a', hue as 2 sqrt(C1' C2') sin(dh'/2) (ISO/CIE 11664-6). */
struct delta_lch {
	double dl, dc, dh;
};
struct delta_lch delta_lch_2000(const struct lab *reference, const struct lab *sample);

#endif
