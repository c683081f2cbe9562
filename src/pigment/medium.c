#include "pigment/medium.h"

#include <math.h>

void medium_opaque(struct medium *medium, const struct grid *grid, const struct surface *surface)
{
	*medium = (struct medium){.grid = *grid, .surface = *surface};
}

void medium_film(struct medium *medium, const struct grid *grid, const struct surface *surface,
		 double thickness_mm, const double *ground)
{
	*medium = (struct medium){
		.grid = *grid,
		.surface = *surface,
		.layered = true,
		.layer_mm = thickness_mm,
		.dose_share = 1.0,
	};
	for (int i = 0; i < grid->count; i++) {
		medium->ground[i] = fmax(surface_remove(surface, ground[i]), 0.0);
		medium->above[i] = km_layer(0.0, 0.0, 0.0);
		medium->epidermis_twice[i] = 1.0;
	}
}

void medium_in_skin(struct medium *medium, const struct skin *skin, double depth_mm,
		    double layer_mm, double dose_share)
{
	*medium = (struct medium){
		.grid = skin->grid,
		.surface = skin->surface,
		.layered = true,
		.layer_mm = layer_mm,
		.dose_share = dose_share,
	};
	for (int i = 0; i < skin->grid.count; i++) {
		double k = skin->k_per_mm[i], s = skin->s_per_mm[i];
		double t = skin->epidermis_transmittance[i];

		medium->k_dermis[i] = k;
		medium->s_dermis[i] = s;
		medium->ground[i] = km_reflectance_opaque(k, s);
		medium->above[i] = km_layer(k, s, depth_mm);
		medium->epidermis_twice[i] = t * t;
	}
}

double medium_reflectance(const struct medium *medium, int band, double k_mix, double s_mix)
{
	double pigmented;

	if (!medium->layered)
		return surface_apply(&medium->surface, km_reflectance_opaque(k_mix, s_mix));
	pigmented = km_reflectance_film(medium->k_dermis[band] + medium->dose_share * k_mix,
					medium->s_dermis[band] + medium->dose_share * s_mix,
					medium->layer_mm, medium->ground[band]);
	return surface_apply(&medium->surface,
			     medium->epidermis_twice[band] *
				     km_layer_over(&medium->above[band], pigmented));
}

double skin_over_hair(const struct skin *skin, int band, double depth_mm, double inner)
{
	struct km_layer above = km_layer(skin->k_per_mm[band], skin->s_per_mm[band], depth_mm);
	double t = skin->epidermis_transmittance[band];

	return surface_apply(&skin->surface, t * t * km_layer_over(&above, inner));
}
