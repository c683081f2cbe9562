/* With beta = sqrt(K (K + 2S)) = b S and y = beta X, everything is written through
 *	q(y) = beta coth y,   p(y) = beta / sinh y,
 * both of which go to 1/X as y -> 0, whatever K and S do, so S = 0 needs no case of its own:
 *	film over a ground  R = (S (1 - Rg) + Rg (q - K)) / (S (1 - Rg) + K + q)
 *	layer over black    R = S / (K + S + q),  T = p / (K + S + q).
 */
#include "pigment/kubelka_munk.h"

#include <math.h>

double km_reflectance_opaque(double k, double s)
{
	return s > 0.0 ? s / (k + s + sqrt(k * (k + 2.0 * s))) : 0.0;
}

double km_ratio(double reflectance)
{
	return (1.0 - reflectance) * (1.0 - reflectance) / (2.0 * reflectance);
}

/* Below y = 1e-3 the series' next term, y^4/45, is under 1e-13. */
static double beta_coth(double beta, double mm)
{
	double y = beta * mm;

	return y < 1e-3 ? (1.0 + y * y / 3.0) / mm : beta * (1.0 + 2.0 / expm1(2.0 * y));
}

static double beta_csch(double beta, double mm)
{
	double y = beta * mm;

	return y < 1e-3 ? (1.0 - y * y / 6.0) / mm : 2.0 * beta * exp(-y) / -expm1(-2.0 * y);
}

double km_reflectance_film(double k, double s, double mm, double ground)
{
	double q;

	if (mm <= 0.0)
		return ground;
	q = beta_coth(sqrt(k * (k + 2.0 * s)), mm);
	return (s * (1.0 - ground) + ground * (q - k)) / (s * (1.0 - ground) + k + q);
}

struct km_layer km_layer(double k, double s, double mm)
{
	double beta = sqrt(k * (k + 2.0 * s)), sum;

	if (mm <= 0.0)
		return (struct km_layer){0.0, 1.0};
	sum = k + s + beta_coth(beta, mm);
	return (struct km_layer){s / sum, beta_csch(beta, mm) / sum};
}

double km_layer_over(const struct km_layer *layer, double ground)
{
	return layer->reflectance + layer->transmittance * layer->transmittance * ground /
					    (1.0 - layer->reflectance * ground);
}
