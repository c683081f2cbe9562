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

/* The mean hue of the paper's equation 14: half of the sum, on the side where the two are nearer. */
static double mean_hue(double c1, double h1, double c2, double h2)
{
	if (c1 * c2 == 0.0)
		return h1 + h2;
	if (fabs(h1 - h2) <= 180.0)
		return (h1 + h2) / 2;
	return h1 + h2 < 360.0 ? (h1 + h2 + 360.0) / 2 : (h1 + h2 - 360.0) / 2;
}

double ciede2000(const struct lab *reference, const struct lab *sample)
{
	double mean_chroma = (hypot(reference->a, reference->b) + hypot(sample->a, sample->b)) / 2;
	double m2 = mean_chroma * mean_chroma, m7 = m2 * m2 * m2 * mean_chroma;
	double stretch = 1 + 0.5 * (1 - sqrt(m7 / (m7 + 6103515625.0)));
	double a1 = reference->a * stretch, a2 = sample->a * stretch;
	double c1 = hypot(a1, reference->b), c2 = hypot(a2, sample->b), c = (c1 + c2) / 2;
	double h1 = hue_degrees(a1, reference->b), h2 = hue_degrees(a2, sample->b);
	double h = mean_hue(c1, h1, c2, h2), turn = h2 - h1;
	double l50 = (reference->l + sample->l) / 2 - 50.0, from_275 = (h - 275.0) / 25.0;
	double c7 = c * c * c * c * c * c * c;
	double t = 1 - 0.17 * cos((h - 30) * RADIANS) + 0.24 * cos(2 * h * RADIANS) +
		   0.32 * cos((3 * h + 6) * RADIANS) - 0.20 * cos((4 * h - 63) * RADIANS);
	double rotation =
		-2 * sqrt(c7 / (c7 + 6103515625.0)) * sin(60 * exp(-from_275 * from_275) * RADIANS);
	double dl = (sample->l - reference->l) / (1 + 0.015 * l50 * l50 / sqrt(20 + l50 * l50));
	double dc = (c2 - c1) / (1 + 0.045 * c), dh;

	if (turn > 180.0)
		turn -= 360.0;
	if (turn < -180.0)
		turn += 360.0;
	dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * RADIANS) / (1 + 0.015 * c * t);
	return sqrt(fmax(dl * dl + dc * dc + dh * dh + rotation * dc * dh, 0.0));
}
