#include "colour/eye.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* From here on a Gaussian has 5e-4 of its weight. */
#define REACH 3.5
enum { TAPS_MAX = 128 };

double eye_spread_arcmin(void)
{
	return hypot(0.5, 0.08 * EYE_PUPIL_MM);
}

double eye_arcmin_mm(double arcmin, double distance_mm)
{
	return distance_mm * tan(arcmin / 60.0 * M_PI / 180.0);
}

int eye_margin(double sigma_pixels)
{
	return (int)fmin(ceil(REACH * sigma_pixels), (TAPS_MAX - 1) / 2);
}

static void fill_taps(float *tap, int margin, double sigma)
{
	double weight[TAPS_MAX] = {0}, sum = 0.0;

	for (int i = -margin; i <= margin; i++)
		sum += weight[i + margin] = exp(-0.5 * i * i / (sigma * sigma));
	for (int i = 0; i <= 2 * margin; i++)
		tap[i] = (float)(weight[i] / sum);
}

void eye_blur(float *out, const float *in, float *spare, int width, int height, double sigma_pixels)
{
	int margin = eye_margin(sigma_pixels);
	size_t across = (size_t)width + 2 * (size_t)margin;
	float tap[TAPS_MAX];

	fill_taps(tap, margin, fmax(sigma_pixels, 1e-3));
	memset(spare, 0, (size_t)height * across * sizeof *spare);
	for (int y = 0; y < height; y++)
		for (int i = 0; i <= 2 * margin; i++) {
			const float *from = in + (size_t)(y + i) * across;
			float *to = spare + (size_t)y * across;

			for (size_t x = 0; x < across; x++)
				to[x] += tap[i] * from[x];
		}
	memset(out, 0, (size_t)height * (size_t)width * sizeof *out);
	for (int y = 0; y < height; y++)
		for (int i = 0; i <= 2 * margin; i++) {
			const float *from = spare + (size_t)y * across + i;
			float *to = out + (size_t)y * (size_t)width;

			for (int x = 0; x < width; x++)
				to[x] += tap[i] * from[x];
		}
}
