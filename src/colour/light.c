/* Daylight by CIE 15:2004 §3.1: chromaticity (xD, yD) from the temperature, then S = S0 + M1 S1 +
 * M2 S2. The components are tabulated at 5 nm; they are combined there and the sum is carried to 1
 * nm, in the order in which the published tables of D50, D55 and D75 were made. */
#include "colour/light.h"

#include <math.h>
#include <stdio.h>

const struct grid LIGHT_GRID = {360.0, 1.0, LIGHT_SAMPLES};

void light_spectrum(struct spectrum *out, const struct spectrum *table)
{
	spectrum_resample(out, table, &LIGHT_GRID);
	for (int i = 0; i < LIGHT_GRID.count; i++) {
		double nm = grid_wavelength_nm(&LIGHT_GRID, i);

		if (nm < table->grid.start_nm - 1e-6 || nm > grid_end_nm(&table->grid) + 1e-6)
			out->value[i] = 0.0;
	}
}

static double daylight_x(double t)
{
	if (t <= 7000.0)
		return -4.6070e9 / (t * t * t) + 2.9678e6 / (t * t) + 0.09911e3 / t + 0.244063;
	return -2.0064e9 / (t * t * t) + 1.9018e6 / (t * t) + 0.24748e3 / t + 0.237040;
}

enum status illuminant_daylight(struct illuminant *out,
				const struct daylight_components *components, double cct_kelvin,
				struct error *err)
{
	struct spectrum table = {.grid = components->s0.grid};
	double x, y, m, m1, m2;

	if (!(cct_kelvin >= 4000.0 && cct_kelvin <= 25000.0))
		return error_set(err, STATUS_REFUSED,
				 "%gK: daylight is defined from 4000K to 25000K (CIE 15)",
				 cct_kelvin);
	x = daylight_x(cct_kelvin);
	y = -3.0 * x * x + 2.870 * x - 0.275;
	m = 0.0241 + 0.2562 * x - 0.7341 * y;
	m1 = round(1000.0 * (-1.3515 - 1.7703 * x + 5.9114 * y) / m) / 1000.0;
	m2 = round(1000.0 * (0.0300 - 31.4424 * x + 30.0717 * y) / m) / 1000.0;
	for (int i = 0; i < table.grid.count; i++)
		table.value[i] = components->s0.value[i] + m1 * components->s1.value[i] +
				 m2 * components->s2.value[i];
	light_spectrum(&out->power, &table);
	snprintf(out->name, sizeof out->name, "%gK", cct_kelvin);
	return STATUS_OK;
}
