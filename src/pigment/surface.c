#include "pigment/surface.h"

struct surface surface_of(double refractive_index, enum specular specular, double k2)
{
	double r = (refractive_index - 1.0) / (refractive_index + 1.0);

	return (struct surface){specular == SPECULAR_INCLUDED ? r * r : 0.0, k2};
}

double surface_apply(const struct surface *surface, double reflectance)
{
	return surface->k1 + (1.0 - surface->k1) * (1.0 - surface->k2) * reflectance /
				     (1.0 - surface->k2 * reflectance);
}

double surface_remove(const struct surface *surface, double measured)
{
	double d = measured - surface->k1;

	return d / ((1.0 - surface->k1) * (1.0 - surface->k2) + surface->k2 * d);
}
