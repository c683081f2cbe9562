#include "match/misfit.h"

#include <math.h>

static double lightness(double reflectance)
{
	return 116.0 * cbrt(fmax(reflectance, 0.0));
}

double misfit_band(double predicted, double read)
{
	return isnan(read) ? 0.0 : lightness(predicted) - lightness(read);
}

double misfit_weight(int bands, double error)
{
	return sqrt(MISFIT_FIGURES / bands) / error;
}
