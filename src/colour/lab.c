#include "colour/lab.h"

#include <math.h>

static const double RADIANS = 0.017453292519943295; /* pi / 180 */

/* CIE 15's f(t) with the exact constants (6/29)^3 and (29/6)^2 / 3. */
static double lightness_response(double t)
{
	const double knee = 6.0 / 29.0;

	return t > knee * knee * knee ? cbrt(t) : t / (3.0 * knee * knee) + 4.0 / 29.0;
}

struct lab lab_from_xyz(const struct xyz *xyz, const struct xyz *white)
{
	double x = lightness_response(xyz->x / white->x);
	double y = lightness_response(xyz->y / white->y);
	double z = lightness_response(xyz->z / white->z);

	return (struct lab){116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

static double hue_degrees(double a, double b)
{
	double h = a == 0.0 && b == 0.0 ? 0.0 : atan2(b, a) / RADIANS;

	return h < 0.0 ? h + 360.0 : h;
}

struct lch lch_from_lab(const struct lab *lab)
{
	return (struct lch){lab->l, hypot(lab->a, lab->b), hue_degrees(lab->a, lab->b)};
}

double lab_ita_degrees(const struct lab *lab)
{
	return atan2(lab->l - 50.0, lab->b) / RADIANS;
}

double delta_e_76(const struct lab *a, const struct lab *b)
{
	return sqrt((a->l - b->l) * (a->l - b->l) + (a->a - b->a) * (a->a - b->a) +
		    (a->b - b->b) * (a->b - b->b));
}

struct delta_lch delta_lch_2000(const struct lab *reference, const struct lab *sample)
{
	double mean_chroma = (hypot(reference->a, reference->b) + hypot(sample->a, sample->b)) / 2;
	double c7 = pow(mean_chroma, 7), stretch = 1 + 0.5 * (1 - sqrt(c7 / (c7 + 6103515625.0)));
	double a1 = reference->a * stretch, a2 = sample->a * stretch;
	double c1 = hypot(a1, reference->b), c2 = hypot(a2, sample->b);
	double turn = hue_degrees(a2, sample->b) - hue_degrees(a1, reference->b);

	if (turn > 180.0)
		turn -= 360.0;
	if (turn < -180.0)
		turn += 360.0;
	return (struct delta_lch){sample->l - reference->l, c2 - c1,
				  2 * sqrt(c1 * c2) * sin(turn / 2 * RADIANS)};
}
