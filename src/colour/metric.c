/* Notation of Sharma, Wu & Dalal 2005. All quantities of the region dE00 <= reach are kept as the ends of ranges.
 *
 * 1. dC'^2 + dH'^2 = |d|^2 with d = (da', db), so dE00^2 >= (dL / S_L)^2 + turned |d|^2 / max(S_C, S_H)^2, where the
 *    rotation term, R_T x y >= -|R_T| (x^2 + y^2) / 2, is in turned = 1 - |R_T| / 2. That bounds |dL| and |d|,
 *    which narrows the weights' ranges; a few rounds of it settle.
 * 2. S_C and S_H differ: dC'^2 / S_C^2 + dH'^2 / S_H^2 = |d|^2 / S_C^2 + dH'^2 (1 / S_H^2 - 1 / S_C^2), and dH' is at least
 *    gamma times d's part across the mean hue, gamma the ratio of the chromas' geometric to their arithmetic
 *    mean; where S_H is the larger, likewise with dC', at least d's part along the mean hue. The mean hue is
 *    within eta of the centre's: (p cos - q sin)^2 >= p^2 cos^2 (1 - e) - q^2 sin^2 (1/e - 1) for any e in (0, 1).
 * 3. a' = (1 + G) a, G in a small range: half of it, as a part of |d|, is taken off.
 * 4. f(X) = cbrt X: the linear (X - X_0) f'(X_0) is delta + delta^2 / g + delta^3 / 3 g^2, delta = f(X) - f(X_0), g =
 *    f(X_0). What the second and third term can add to the length, they are divided by.
 *
 * Over all colours the form is on average 0.97 of CIEDE2000 at a reach of 0.1, 0.93 at 0.3 and 0.83 at 1
 * (tests/unit/test_metric.c). */
#include "colour/metric.h"

#include <math.h>

static const double RADIANS = 0.017453292519943295; /* pi / 180 */

struct range {
	double least, most;
};

static struct range around(double middle, double half)
{
	return (struct range){fmax(middle - half, 0.0), middle + half};
}

static double seventh(double c)
{
	double c7 = pow(c, 7);

	return sqrt(c7 / (c7 + 6103515625.0));
}

/* The largest weights of the region, and what of it they depend on. */
struct region {
	double dl, d;         /* |dL| and |d| are at most */
	struct range stretch; /* 1 + G */
	struct range chroma;  /* C' of the centre */
	double hue, eta;      /* of the centre, and how far off the mean hue may be; radians */
	double s_l, s_c, s_h, turned;
};

static double lightness_weight(double l, double dl)
{
	double far = fabs(l - 50.0) + dl / 2.0, q = far * far;

	return 1.0 + 0.015 * q / sqrt(20.0 + q);
}

/* T of the hue term: its slope is at most 2.41 and it lies in 0.07..1.93. */
static double hue_term_most(double hue, double eta)
{
	double degrees = hue / RADIANS;
	double t = 1.0 - 0.17 * cos((degrees - 30) * RADIANS) + 0.24 * cos(2 * hue) +
		   0.32 * cos((3 * degrees + 6) * RADIANS) -
		   0.20 * cos((4 * degrees - 63) * RADIANS);

	return fmin(t + 2.41 * eta, 1.93);
}

static double rotation_most(double hue, double eta, double chroma)
{
	double off = fabs(remainder(hue - 275.0 * RADIANS, 360.0 * RADIANS)) - eta;
	double steps = fmax(off, 0.0) / RADIANS / 25.0;

	return 2.0 * seventh(chroma) * sin(60.0 * exp(-steps * steps) * RADIANS);
}

/* One round: ranges from dL and d, then dL and d from the ranges. */
static void narrow(struct region *region, const struct lab *centre, double reach)
{
	struct range mean = around(hypot(centre->a, centre->b), region->d / 2.0);
	double hue_least, hue_most, c_most;

	region->stretch =
		(struct range){1.5 - 0.5 * seventh(mean.most), 1.5 - 0.5 * seventh(mean.least)};
	region->chroma = (struct range){hypot(centre->a * region->stretch.least, centre->b),
					hypot(centre->a * region->stretch.most, centre->b)};
	hue_least = atan2(centre->b, centre->a * region->stretch.least);
	hue_most = atan2(centre->b, centre->a * region->stretch.most);
	region->hue = (hue_least + hue_most) / 2.0;
	region->eta = region->d < region->chroma.least
			      ? asin(region->d / region->chroma.least) / 2.0 +
					fabs(hue_most - hue_least) / 2.0
			      : 180.0 * RADIANS;
	c_most = region->chroma.most + region->d / 2.0;
	region->s_l = lightness_weight(centre->l, region->dl);
	region->s_c = 1.0 + 0.045 * c_most;
	region->s_h = 1.0 + 0.015 * c_most * hue_term_most(region->hue, region->eta);
	region->turned = 1.0 - rotation_most(region->hue, region->eta, c_most) / 2.0;
	region->dl = fmin(region->dl, reach * region->s_l);
	region->d = fmin(region->d, reach * fmax(region->s_c, region->s_h) / sqrt(region->turned));
}

/* The first d: under the largest rotation there is, S_C and S_H at most 1 + 0.045 C', C' at most 1.5 C* + d / 2. */
static bool enclose(struct region *region, const struct lab *centre, double reach)
{
	double turned = sqrt(1.0 - sin(60.0 * RADIANS)), rest = turned - 0.0225 * reach;

	if (rest < 0.05)
		return false;
	region->dl = 1.75 * reach;
	region->d = reach * (1.0 + 0.0675 * hypot(centre->a, centre->b)) / rest;
	for (int i = 0; i < 8; i++)
		narrow(region, centre, reach);
	return true;
}

/* Weights of |d|'s parts along and across the centre's hue, squared. */
static void weigh_chroma(double *along, double *across, const struct region *region)
{
	double wide = 1.0 / (region->s_c * region->s_c), hue = 1.0 / (region->s_h * region->s_h);
	double base = fmin(wide, hue), more = fabs(hue - wide), sine, e;

	*along = *across = base;
	if (region->eta < 0.5) {
		double ratio = (region->chroma.least - region->d) / region->chroma.least;
		double gamma = hue > wide ? 2.0 * sqrt(ratio) / (1.0 + ratio) : 1.0;
		double *stronger = hue > wide ? across : along;
		double *weaker = hue > wide ? along : across;

		more *= gamma * gamma;
		sine = sin(region->eta);
		e = fmax(sine, 1e-9);
		*stronger += more * (1.0 - e) * (1.0 - sine * sine);
		*weaker = fmax(base - more * (1.0 / e - 1.0) * sine * sine, 0.25 * base);
		if (*weaker == 0.25 * base) /* of no use */
			*stronger = *weaker = base;
	}
	*along *= region->turned;
	*across *= region->turned;
}

/* CIELAB's cube roots at the centre, and how far they get from there. */
struct roots {
	double x, y, z;
	double dx, dy, dz;
};

static bool find_roots(struct roots *roots, const struct lab *centre, const struct region *region)
{
	const double knee = 6.0 / 29.0;

	roots->y = (centre->l + 16.0) / 116.0;
	roots->x = roots->y + centre->a / 500.0;
	roots->z = roots->y - centre->b / 200.0;
	roots->dy = region->dl / 116.0;
	roots->dx = roots->dy + region->d / 500.0;
	roots->dz = roots->dy + region->d / 200.0;
	return roots->x - roots->dx > knee && roots->y - roots->dy > knee &&
	       roots->z - roots->dz > knee;
}

/* What two roots' second and third terms can part by, of each dE00: `apart` is how far the roots' own differences
 * part, `y_most` how large that of Y is, both of each dE00. */
static double part(double g, double dg, const struct roots *roots, double apart, double y_most)
{
	return apart * (dg + roots->dy) / g + y_most * roots->dy * fabs(1.0 / g - 1.0 / roots->y) +
	       (apart + y_most) * dg * dg / (3.0 * g * g) +
	       y_most * roots->dy * roots->dy / (3.0 * roots->y * roots->y);
}

/* By how much the linear function may be longer than the form of true Lab differences: `row` is on those. */
static double lengthening(double row[3][3], const struct roots *roots, const struct region *region)
{
	double det = row[1][1] * row[2][2] - row[1][2] * row[2][1];
	double a_most = hypot(row[2][2], row[1][2]) / fabs(det);
	double b_most = hypot(row[2][1], row[1][1]) / fabs(det);
	double y_most = region->s_l / 116.0;
	double a_part = part(roots->x, roots->dx, roots, a_most / 500.0, y_most);
	double b_part = part(roots->z, roots->dz, roots, b_most / 200.0, y_most);
	double y_part = y_most * roots->dy / roots->y * (1.0 + roots->dy / (3.0 * roots->y));

	return 1.0 + row[0][0] * 116.0 * y_part + hypot(row[1][1], row[2][1]) * 500.0 * a_part +
	       hypot(row[1][2], row[2][2]) * 200.0 * b_part;
}

bool metric_below(struct metric *out, const struct lab *centre, double reach)
{
	struct region region = {0};
	struct roots roots;
	double along, across, stretch, loss, longer, row[3][3] = {{0}};
	double cosine, sine;

	if (!enclose(&region, centre, reach) || !find_roots(&roots, centre, &region))
		return false;
	weigh_chroma(&along, &across, &region);
	stretch = (region.stretch.least + region.stretch.most) / 2.0;
	loss = 1.0 - sqrt(fmax(along, across) / fmin(along, across)) *
			     (region.stretch.most - region.stretch.least) / 2.0 /
			     region.stretch.least;
	if (loss < 0.2)
		return false;
	cosine = cos(region.hue);
	sine = sin(region.hue);
	row[0][0] = 1.0 / region.s_l;
	row[1][1] = loss * sqrt(along) * stretch * cosine;
	row[1][2] = loss * sqrt(along) * sine;
	row[2][1] = loss * sqrt(across) * -stretch * sine;
	row[2][2] = loss * sqrt(across) * cosine;
	longer = lengthening(row, &roots, &region);
	for (int i = 0; i < 3; i++) {
		double l = 116.0 * row[i][0], a = 500.0 * row[i][1], b = 200.0 * row[i][2];

		out->row[i][0] = a / (3.0 * roots.x * roots.x) / longer;
		out->row[i][1] = (l - a + b) / (3.0 * roots.y * roots.y) / longer;
		out->row[i][2] = -b / (3.0 * roots.z * roots.z) / longer;
	}
	return true;
}
