/* Powers of 1/n of a negative number do not exist; a required dot below zero is reported as the
 * negative of the power of its magnitude, so that "how far below" keeps its order. */
#include "pigment/field.h"

#include <math.h>

double coverage_share(double per_cm2, double diameter_mm, double stubble_mm)
{
	return 0.01 * per_cm2 * (M_PI * diameter_mm * diameter_mm / 4.0 + diameter_mm * stubble_mm);
}

double field_sampling_noise(double hairs_per_cm2, double aperture_mm)
{
	return 1.0 / sqrt(0.01 * hairs_per_cm2 * M_PI * aperture_mm * aperture_mm / 4.0);
}

double field_reflectance(const struct field *field, double skin, double dot, double hair)
{
	double root = 1.0 / field->n;
	double ground =
		(1.0 - field->dot_share) * pow(skin, root) + field->dot_share * pow(dot, root);

	return pow((1.0 - field->hair_share) * ground + field->hair_share * pow(hair, root),
		   field->n);
}

double field_required_dot(const struct field *field, double wanted, double skin, double hair)
{
	double root = 1.0 / field->n;
	double ground = (pow(wanted, root) - field->hair_share * pow(hair, root)) /
			(1.0 - field->hair_share);
	double dot = (ground - (1.0 - field->dot_share) * pow(skin, root)) / field->dot_share;

	return dot < 0.0 ? -pow(-dot, field->n) : pow(dot, field->n);
}
