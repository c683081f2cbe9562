/* Everything that has a colour is a weighted sum of few spectra, so wavelengths are summed before pixels are gone over.
 * With w_m the part of a pixel in which material m is seen (skin is one) and W_m = w_m * h,
 *
 *	T = sum w_m T_m,   T * h = mean (1 + e),   e = sum over layers l of (W_l - its mean) (T_l - T_skin) / mean,
 *	R = sum w_m T_m mean^(n-1) (1 + (n-1) e),
 *
 * and with the weights of a light summed over the wavelengths: XYZ = sum w_m (A_m + sum (W_l - its mean) B_ml). To
 * first order in e, which is exact for n = 1 and n = 2; e is some thousandths where places are blue noise. */
#include "match/patch.h"

#include "pigment/field.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MATERIALS_MAX = PATCH_LAYERS_MAX + 1, CHANNELS_MAX = 3 * PATCH_LIGHTS_MAX };

/* --- shares ------------------------------------------------------------------------------------- */

/* What is seen of each layer, and of the skin behind the last one, where they overlap at random. */
static void visible_shares(double share[MATERIALS_MAX], const struct patch *patch)
{
	double left = 1.0;

	for (int l = patch->layers - 1; l >= 0; l--) {
		const struct patch_layer *layer = &patch->layer[l];
		double covered =
			coverage_share(layer->per_cm2, layer->diameter_mm, layer->length_mm);

		share[l] = left * fmin(covered, 1.0);
		left -= share[l];
	}
	share[patch->layers] = left;
}

/* T of a material in a band: of a layer, or of the skin behind the last one. */
static double power_of(const struct patch *patch, int material, int band)
{
	const double *reflectance =
		material < patch->layers ? patch->layer[material].reflectance : patch->bare;

	return pow(fmax(reflectance[band], 0.0), 1.0 / patch->n);
}

static double mean_power(const struct patch *patch, const double *share, int band)
{
	double mean = 0.0;

	for (int m = 0; m <= patch->layers; m++)
		mean += share[m] * power_of(patch, m, band);
	return mean;
}

void patch_field(double *out, const struct patch *patch)
{
	double share[MATERIALS_MAX];

	visible_shares(share, patch);
	for (int b = 0; b < patch->grid.count; b++)
		out[b] = pow(mean_power(patch, share, b), patch->n);
}

int raster_count(const struct raster *raster, double per_cm2)
{
	double cm = 0.1 * raster->mm_per_pixel;

	return (int)lround(per_cm2 * cm * raster->width * cm * raster->height);
}

/* --- coverage ----------------------------------------------------------------------------------- */

/* A dot or a hair in pixels: all that is within `radius` of a line. */
struct shape {
	double x, y, along_x, along_y, length, radius;
};

/* Hairs of one place lie nearly one way. Assumed: downwards, by so much to either side. */
#define HAIR_LEAN 1.2
#define HAIR_SPREAD 0.6

/* At least so many strips across a shape, and in each row of pixels; their areas are then scaled to the shape's own. */
enum { STRIPS_LEAST = 16 };

static void widen(double *low, double *high, double centre, double across, double radius)
{
	if (fabs(across) < radius) {
		double half = sqrt(radius * radius - across * across);

		*low = fmin(*low, centre - half);
		*high = fmax(*high, centre + half);
	}
}

/* Cuts [low, high] to where least <= at + slope x <= most. */
static void cut(double *low, double *high, double at, double slope, double least, double most)
{
	double one, two;

	if (fabs(slope) < 1e-9) {
		if (at < least || at > most)
			*high = *low - 1.0;
		return;
	}
	one = (least - at) / slope;
	two = (most - at) / slope;
	*low = fmax(*low, fmin(one, two));
	*high = fmin(*high, fmax(one, two));
}

/* Where the shape is cut by the line of height y: false where it is not. It is convex, so its parts (two ends and
 * what is between them) make one span. */
static bool span_at(double *low, double *high, const struct shape *shape, double y)
{
	double from = -1e9, to = 1e9, down = y - shape->y;

	*low = 1e9;
	*high = -1e9;
	widen(low, high, shape->x, down, shape->radius);
	if (shape->length > 0.0) {
		widen(low, high, shape->x + shape->length * shape->along_x,
		      down - shape->length * shape->along_y, shape->radius);
		cut(&from, &to, down * shape->along_y, shape->along_x, 0.0, shape->length);
		cut(&from, &to, down * shape->along_x, -shape->along_y, -shape->radius,
		    shape->radius);
		if (from < to) {
			*low = fmin(*low, shape->x + from);
			*high = fmax(*high, shape->x + to);
		}
	}
	return *low < *high;
}

static void add_span(float *row, int width, double low, double high, double scale)
{
	for (int x = (int)floor(low); x < high; x++) {
		int column = (x % width + width) % width;

		row[column] += (float)(scale * (fmin(high, x + 1.0) - fmax(low, x)));
	}
}

/* Strips of one height, so many in a row of pixels that none lies in two. */
struct strips {
	double top, bottom, per_pixel;
	int first, end;
};

static struct strips cut_into_strips(const struct shape *shape)
{
	double end = shape->length * shape->along_y;
	struct strips strips = {
		.top = shape->y + fmin(end, 0.0) - shape->radius,
		.bottom = shape->y + fmax(end, 0.0) + shape->radius,
		.per_pixel = ceil(STRIPS_LEAST / fmin(2.0 * shape->radius, 1.0)),
	};

	strips.first = (int)floor(strips.top * strips.per_pixel);
	strips.end = (int)ceil(strips.bottom * strips.per_pixel);
	return strips;
}

/* The part of a strip that the shape reaches: its height, and where its middle is cut. */
static double strip_span(double *low, double *high, const struct shape *shape,
			 const struct strips *strips, int i)
{
	double from = fmax(i / strips->per_pixel, strips->top);
	double to = fmin((i + 1) / strips->per_pixel, strips->bottom);

	return to > from && span_at(low, high, shape, (from + to) / 2.0) ? to - from : 0.0;
}

static void add_shape(float *plane, const struct raster *raster, const struct shape *shape)
{
	const struct strips strips = cut_into_strips(shape);
	double exact = shape->radius * (M_PI * shape->radius + 2.0 * shape->length);
	double area = 0.0, low, high;

	for (int i = strips.first; i < strips.end; i++) {
		double height = strip_span(&low, &high, shape, &strips, i);

		area += height > 0.0 ? height * (high - low) : 0.0;
	}
	for (int i = strips.first; i < strips.end; i++) {
		double height = strip_span(&low, &high, shape, &strips, i);
		int row = (int)floor((i + 0.5) / strips.per_pixel);

		row = (row % raster->height + raster->height) % raster->height;
		if (height > 0.0)
			add_span(plane + (size_t)row * (size_t)raster->width, raster->width, low,
				 high, height * exact / area);
	}
}

static void cover(float *plane, const struct raster *raster, const struct patch_layer *layer)
{
	size_t pixels = (size_t)raster->width * (size_t)raster->height;

	memset(plane, 0, pixels * sizeof *plane);
	for (int i = 0; i < layer->count; i++) {
		const struct place *place = &layer->place[i];
		double angle = HAIR_LEAN + HAIR_SPREAD * (2.0 * place->turn - 1.0);
		struct shape shape = {
			.x = place->x_mm / raster->mm_per_pixel,
			.y = place->y_mm / raster->mm_per_pixel,
			.along_x = cos(angle),
			.along_y = sin(angle),
			.length = layer->length_mm / raster->mm_per_pixel,
			.radius = 0.5 * layer->diameter_mm / raster->mm_per_pixel,
		};

		add_shape(plane, raster, &shape);
	}
	for (size_t i = 0; i < pixels; i++)
		plane[i] = plane[i] < 1.0f ? plane[i] : 1.0f;
}

/* --- what is seen of each layer ------------------------------------------------------------------- */

struct work {
	const struct patch *patch;
	const struct raster *raster;
	size_t pixels;
	double share[MATERIALS_MAX];
	float *seen[MATERIALS_MAX];      /* w; skin last */
	float *around[PATCH_LAYERS_MAX]; /* W less its mean */
	float *spare, *sum;
};

static double mean_of(const float *plane, size_t pixels)
{
	double sum = 0.0;

	for (size_t i = 0; i < pixels; i++)
		sum += (double)plane[i];
	return sum / (double)pixels;
}

/* From coverage to what is seen of it: the upper layers first. */
static void hide_lower(struct work *work)
{
	float *skin = work->seen[work->patch->layers];

	for (size_t i = 0; i < work->pixels; i++)
		skin[i] = 1.0f;
	for (int l = work->patch->layers - 1; l >= 0; l--)
		for (size_t i = 0; i < work->pixels; i++) {
			float seen = work->seen[l][i] * skin[i];

			work->seen[l][i] = seen;
			skin[i] -= seen;
		}
}

/* What is too much of a layer becomes skin; what is missing is spread over the skin. */
static double balance(struct work *work)
{
	float *skin = work->seen[work->patch->layers];
	double adjusted = 0.0;

	for (int pass = 0; pass < 2; pass++)
		for (int l = 0; l < work->patch->layers; l++) {
			double mean = mean_of(work->seen[l], work->pixels);
			double wanted = work->share[l], bare = mean_of(skin, work->pixels);
			bool too_much = mean > wanted;
			double part = too_much ? (mean - wanted) / mean
					       : fmin((wanted - mean) / fmax(bare, 1e-12), 1.0);
			float *from = too_much ? work->seen[l] : skin;
			float *to = too_much ? skin : work->seen[l];

			if (too_much != (pass == 0) || mean == wanted)
				continue;
			adjusted = fmax(adjusted, fabs(mean - wanted) / fmax(wanted, 1e-12));
			for (size_t i = 0; i < work->pixels; i++) {
				float moved = (float)part * from[i];

				from[i] -= moved;
				to[i] += moved;
			}
		}
	return adjusted;
}

/* --- light that spreads ----------------------------------------------------------------------------- */

/* One running mean of 2 reach + 1 values along a line of `count` that closes on itself. */
static void run_along(float *out, const float *in, int count, int reach)
{
	double sum = 0.0, share = 1.0 / (2 * reach + 1);

	for (int i = -reach; i <= reach; i++)
		sum += (double)in[(i % count + count) % count];
	for (int i = 0; i < count; i++) {
		out[i] = (float)(share * sum);
		sum += (double)in[(i + reach + 1) % count] -
		       (double)in[((i - reach) % count + count) % count];
	}
}

static void turn_over(float *out, const float *in, int width, int height)
{
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			out[(size_t)x * (size_t)height + (size_t)y] =
				in[(size_t)y * (size_t)width + (size_t)x];
}

/* Three running means along each line: nearly a Gaussian (central limit). A mean of k values has the variance
 * (k^2 - 1) / 12. */
static void run_lines(float *plane, float *spare, int width, int height, int reach)
{
	for (int y = 0; y < height; y++) {
		float *line = plane + (size_t)y * (size_t)width;

		run_along(spare, line, width, reach);
		run_along(line, spare, width, reach);
		run_along(spare, line, width, reach);
		memcpy(line, spare, (size_t)width * sizeof *line);
	}
}

static void spread(struct work *work, int layer)
{
	int width = work->raster->width, height = work->raster->height;
	double sigma = PATCH_SPREAD_MM / work->raster->mm_per_pixel;
	int reach = (int)lround((sqrt(4.0 * sigma * sigma + 1.0) - 1.0) / 2.0);
	float *around = work->around[layer], share = (float)work->share[layer];

	memcpy(around, work->seen[layer], work->pixels * sizeof *around);
	run_lines(around, work->sum, width, height, reach);
	turn_over(work->spare, around, width, height);
	run_lines(work->spare, work->sum, height, width, reach);
	turn_over(around, work->spare, height, width);
	for (size_t i = 0; i < work->pixels; i++)
		around[i] -= share;
}

/* --- colour ------------------------------------------------------------------------------------- */

struct projection {
	double own[MATERIALS_MAX][CHANNELS_MAX];                      /* A */
	double around[MATERIALS_MAX][PATCH_LAYERS_MAX][CHANNELS_MAX]; /* B */
};

static void project(struct projection *out, const struct work *work, const struct weights *weights,
		    int lights)
{
	const struct patch *patch = work->patch;
	int skin = patch->layers;

	*out = (struct projection){0};
	for (int b = 0; b < patch->grid.count; b++) {
		double mean = mean_power(patch, work->share, b);
		double rest = mean > 0.0 ? pow(mean, patch->n - 1.0) : 0.0;
		double power[MATERIALS_MAX];

		for (int m = 0; m <= skin; m++)
			power[m] = power_of(patch, m, b);
		for (int c = 0; c < 3 * lights; c++) {
			const struct weights *light = &weights[c / 3];
			double weight = (c % 3 == 0   ? light->x
					 : c % 3 == 1 ? light->y
						      : light->z)[b];

			for (int m = 0; m <= skin; m++)
				out->own[m][c] += weight * rest * power[m];
			for (int m = 0; m <= skin && mean > 0.0; m++)
				for (int l = 0; l < patch->layers; l++)
					out->around[m][l][c] += weight * rest * power[m] *
								(patch->n - 1.0) *
								(power[l] - power[skin]) / mean;
		}
	}
}

static void paint(float *out, const struct work *work, const struct projection *projection,
		  int channel)
{
	memset(out, 0, work->pixels * sizeof *out);
	for (int m = 0; m <= work->patch->layers; m++) {
		float own = (float)projection->own[m][channel];

		for (size_t i = 0; i < work->pixels; i++)
			work->sum[i] = own;
		for (int l = 0; l < work->patch->layers; l++) {
			float factor = (float)projection->around[m][l][channel];
			const float *around = work->around[l];

			for (size_t i = 0; i < work->pixels; i++)
				work->sum[i] += factor * around[i];
		}
		for (size_t i = 0; i < work->pixels; i++)
			out[i] += work->seen[m][i] * work->sum[i];
	}
}

static enum status take_planes(struct work *work, float **memory, struct error *err)
{
	int layers = work->patch->layers;
	float *plane = malloc((size_t)(2 * layers + 3) * work->pixels * sizeof *plane);

	*memory = plane;
	if (!plane)
		return error_memory(err);
	for (int m = 0; m <= layers; m++, plane += work->pixels)
		work->seen[m] = plane;
	for (int l = 0; l < layers; l++, plane += work->pixels)
		work->around[l] = plane;
	work->spare = plane;
	work->sum = plane + work->pixels;
	return STATUS_OK;
}

enum status patch_render(float *out, double *adjusted, const struct patch *patch,
			 const struct raster *raster, const struct weights *weights, int lights,
			 struct error *err)
{
	struct work work = {.patch = patch,
			    .raster = raster,
			    .pixels = (size_t)raster->width * (size_t)raster->height};
	struct projection projection;
	float *memory;

	if (take_planes(&work, &memory, err))
		return err->status;
	visible_shares(work.share, patch);
	for (int l = 0; l < patch->layers; l++)
		cover(work.seen[l], raster, &patch->layer[l]);
	hide_lower(&work);
	*adjusted = balance(&work);
	for (int l = 0; l < patch->layers; l++)
		spread(&work, l);
	project(&projection, &work, weights, lights);
	for (int c = 0; c < 3 * lights; c++)
		paint(out + (size_t)c * work.pixels, &work, &projection, c);
	free(memory);
	return STATUS_OK;
}
