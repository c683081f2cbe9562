/* One pass over the bands gives R and XYZ; CIEDE2000 carries its derivatives by L*, a* and b* along; one pass back over the
 * bands gives the gradient, so it costs less than a second objective, whatever the number of pigments. */
#include "peer_model.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whole vectors of bands: those behind the last weigh nothing. */
enum { BANDS = 40, CHANNELS = 3 };

struct peer_model {
	double k[LINE_PIGMENTS_MAX + 1][BANDS], s[LINE_PIGMENTS_MAX + 1][BANDS]; /* last: diluent */
	double weight[SEARCH_LIGHTS_MAX][CHANNELS][BANDS]; /* of white, the sum is 1 */
	struct lab required[SEARCH_LIGHTS_MAX];
	double light_weight[SEARCH_LIGHTS_MAX];
	/* of the linear system: products of all its columns */
	double gram[LINE_PIGMENTS_MAX + 1][LINE_PIGMENTS_MAX + 1];
	double k1, k2;
	int lights, diluent;
} __attribute__((aligned(64)));

/* --- CIEDE2000 with derivatives -------------------------------------------------------------------- */

/* A value and its derivatives by L*, a* and b* of the sample. Where nobody asks for these, the compiler leaves them
 * out, because all of it stands in one function. */
typedef double slopes __attribute__((vector_size(32)));
struct dual {
	double value;
	slopes by;
};
#define INLINE static inline __attribute__((always_inline))

INLINE struct dual constant(double value)
{
	return (struct dual){value, {0}};
}

/* f(x), where f and f' at x are given. */
INLINE struct dual through(struct dual x, double value, double slope)
{
	return (struct dual){value, x.by * slope};
}

INLINE struct dual plus(struct dual x, struct dual y)
{
	return (struct dual){x.value + y.value, x.by + y.by};
}

INLINE struct dual minus(struct dual x, struct dual y)
{
	return (struct dual){x.value - y.value, x.by - y.by};
}

INLINE struct dual scaled(struct dual x, double factor)
{
	return (struct dual){x.value * factor, x.by * factor};
}

INLINE struct dual times(struct dual x, struct dual y)
{
	return (struct dual){x.value * y.value, x.by * y.value + y.by * x.value};
}

INLINE struct dual over(struct dual x, struct dual y)
{
	double inverse = 1.0 / y.value, value = x.value * inverse;

	return (struct dual){value, (x.by - y.by * value) * inverse};
}

/* The root's slope is infinite at 0, and greys and perfect matches are there. */
INLINE struct dual root(struct dual x)
{
	double value = sqrt(x.value + 1e-14);

	return through(x, value, 0.5 / value);
}

/* sqrt(c^7 / (c^7 + 25^7)) */
INLINE struct dual vividness(struct dual c)
{
	double c2 = c.value * c.value, c6 = c2 * c2 * c2, c7 = c6 * c.value + 1e-14,
	       sum = c7 + 6103515625.0;
	double value = sqrt(c7 / sum);

	return through(c, value, 3.5 * c6 * 6103515625.0 / (sum * sum * value));
}

/* T of the mean hue, whose cosine and sine are given; cos and sin of multiples are products. */
INLINE struct dual hue_weight(struct dual hue, double c, double s)
{
	double c2 = c * c - s * s, s2 = 2 * s * c, c3 = c2 * c - s2 * s, s3 = s2 * c + c2 * s;
	double c4 = c2 * c2 - s2 * s2, s4 = 2 * s2 * c2;
	const double c30 = 0.86602540378443865, s30 = 0.5, c6 = 0.99452189536827333,
		     s6 = 0.10452846326765347, c63 = 0.45399049973954675, s63 = 0.89100652418836786;

	return through(hue,
		       1 - 0.17 * (c * c30 + s * s30) + 0.24 * c2 + 0.32 * (c3 * c6 - s3 * s6) -
			       0.20 * (c4 * c63 + s4 * s63),
		       0.17 * (s * c30 - c * s30) - 0.48 * s2 - 0.96 * (s3 * c6 + c3 * s6) +
			       0.80 * (s4 * c63 - c4 * s63));
}

/* -2 sqrt(...) sin(60 deg exp(-((h - 275 deg) / 25 deg)^2)) */
INLINE struct dual hue_rotation(struct dual hue, struct dual c)
{
	const double degree = 0.017453292519943295;
	double h = hue.value < 0.0 ? hue.value + 360.0 * degree : hue.value;
	double far = (h - 275.0 * degree) / (25.0 * degree),
	       angle = 60.0 * degree * exp(-far * far);
	struct dual turned =
		through(hue, sin(angle), cos(angle) * angle * -2.0 * far / (25.0 * degree));

	return scaled(times(turned, vividness(c)), -2.0);
}

INLINE struct dual lightness_part(struct dual l, double required)
{
	double l50 = (l.value + required) / 2 - 50.0, below = 20.0 + l50 * l50, scale = sqrt(below);
	struct dual weight = through(l, 1 + 0.015 * l50 * l50 / scale,
				     0.5 * 0.015 * l50 * (2.0 - l50 * l50 / below) / scale);

	return over(minus(l, constant(required)), weight);
}

INLINE struct dual de00_with_slopes(const struct lab *required, const struct lab *lab)
{
	struct dual l = {lab->l, {1, 0, 0}}, a = {lab->a, {0, 1, 0}}, b2 = {lab->b, {0, 0, 1}};
	struct dual chroma = root(plus(times(a, a), times(b2, b2)));
	double required_chroma = sqrt(required->a * required->a + required->b * required->b);
	struct dual mean = scaled(plus(chroma, constant(required_chroma)), 0.5);
	struct dual stretch = minus(constant(1.5), scaled(vividness(mean), 0.5));
	struct dual a1 = scaled(stretch, required->a), a2 = times(stretch, a),
		    b1 = constant(required->b);
	struct dual c1 = root(plus(times(a1, a1), times(b1, b1)));
	struct dual c2 = root(plus(times(a2, a2), times(b2, b2)));
	struct dual c = scaled(plus(c1, c2), 0.5), cross = minus(times(a1, b2), times(a2, b1));
	struct dual scalar = plus(times(a1, a2), times(b1, b2));
	struct dual along = root(scaled(plus(times(c1, c2), scalar), 0.5));
	/* the mean hue is the direction of the sum of both unit vectors */
	struct dual x = plus(over(a1, c1), over(a2, c2)), y = plus(over(b1, c1), over(b2, c2));
	double length2 = x.value * x.value + y.value * y.value + 1e-14, length = sqrt(length2);
	struct dual hue = {atan2(y.value, x.value), (y.by * x.value - x.by * y.value) / length2};
	struct dual t = hue_weight(hue, x.value / length, y.value / length);
	struct dual dl = lightness_part(l, required->l);
	struct dual dc = over(minus(c2, c1), plus(constant(1.0), scaled(c, 0.045)));
	struct dual dh = over(over(cross, along), plus(constant(1.0), scaled(times(c, t), 0.015)));

	return root(plus(plus(times(dl, dl), times(dc, dc)),
			 plus(times(dh, dh), times(hue_rotation(hue, c), times(dc, dh)))));
}

/* --- the model -------------------------------------------------------------------------------------- */

/* Of one mix, per band: what comes out, and dR/d(x_i) = slope (K_i - ratio S_i). */
struct seen {
	double reflectance[BANDS], slope[BANDS], ratio[BANDS];
} __attribute__((aligned(64)));

INLINE void mix(struct seen *seen, const struct peer_model *model, const struct peer_point *point)
{
	double k[BANDS] __attribute__((aligned(64))), s[BANDS] __attribute__((aligned(64)));
	double k1 = model->k1, k2 = model->k2;

	memcpy(k, model->k[model->diluent], sizeof k);
	memcpy(s, model->s[model->diluent], sizeof s);
	for (int i = 0; i < point->count; i++) {
		const double *ki = model->k[point->pigment[i]], *si = model->s[point->pigment[i]];
		double x = point->ratio[i];

		for (int b = 0; b < BANDS; b++) {
			k[b] += x * ki[b];
			s[b] += x * si[b];
		}
	}
	for (int b = 0; b < BANDS; b++) {
		double r = s[b] / (k[b] + s[b] + sqrt(k[b] * (k[b] + 2.0 * s[b])));
		double open = 1.0 / (1.0 - k2 * r),
		       through_surface = (1.0 - k1) * (1.0 - k2) * open;

		seen->ratio[b] = k[b] / s[b];
		seen->reflectance[b] = k1 + through_surface * r;
		seen->slope[b] = through_surface * open * -2.0 * r * r / ((1.0 - r * r) * s[b]);
	}
}

INLINE double response(double *slope, double t)
{
	const double knee = 6.0 / 29.0;
	double f = cbrt(t);

	if (t <= knee * knee * knee) {
		*slope = 1.0 / (3.0 * knee * knee);
		return t * *slope + 4.0 / 29.0;
	}
	*slope = f / (3.0 * t);
	return f;
}

/* CIEDE2000 under a light; `by_xyz`: its derivatives by X, Y and Z of white 1. */
INLINE double de00_under(double by_xyz[CHANNELS], const struct peer_model *model, int light,
			 const struct seen *seen)
{
	const double(*weight)[BANDS] = model->weight[light];
	double x = 0.0, y = 0.0, z = 0.0, fx, fy, fz, slope[CHANNELS];
	struct dual de;

	for (int b = 0; b < BANDS; b++) {
		x += weight[0][b] * seen->reflectance[b];
		y += weight[1][b] * seen->reflectance[b];
		z += weight[2][b] * seen->reflectance[b];
	}
	fx = response(&slope[0], x);
	fy = response(&slope[1], y);
	fz = response(&slope[2], z);
	de = de00_with_slopes(
		&model->required[light],
		&(struct lab){116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)});
	by_xyz[0] = 500.0 * de.by[1] * slope[0];
	by_xyz[1] = (116.0 * de.by[0] - 500.0 * de.by[1] + 200.0 * de.by[2]) * slope[1];
	by_xyz[2] = -200.0 * de.by[2] * slope[2];
	return de.value;
}

INLINE void add_back(double back[BANDS], const struct peer_model *model, int light,
		     const double by_xyz[CHANNELS])
{
	const double(*weight)[BANDS] = model->weight[light];
	double x = model->light_weight[light] * by_xyz[0],
	       y = model->light_weight[light] * by_xyz[1],
	       z = model->light_weight[light] * by_xyz[2];

	for (int b = 0; b < BANDS; b++)
		back[b] += x * weight[0][b] + y * weight[1][b] + z * weight[2][b];
}

INLINE void pass_back(double *gradient, const struct peer_model *model,
		      const struct peer_point *point, const struct seen *seen, int worst,
		      double by_xyz[][CHANNELS])
{
	double back[BANDS] __attribute__((aligned(64))) = {0};

	add_back(back, model, 0, by_xyz[0]);
	if (worst > 0)
		add_back(back, model, worst, by_xyz[worst]);
	for (int b = 0; b < BANDS; b++)
		back[b] *= seen->slope[b];
	for (int i = 0; i < point->count; i++) {
		const double *k = model->k[point->pigment[i]], *s = model->s[point->pigment[i]];
		double sum = 0.0;

		for (int b = 0; b < BANDS; b++)
			sum += back[b] * (k[b] - seen->ratio[b] * s[b]);
		gradient[i] = sum;
	}
}

INLINE double objective_of(double *gradient, const struct peer_model *model,
			   const struct peer_point *point)
{
	struct seen seen;
	double by_xyz[SEARCH_LIGHTS_MAX][CHANNELS], worst_part = 0.0, main_part;
	int worst = 0;

	mix(&seen, model, point);
	main_part = model->light_weight[0] * de00_under(by_xyz[0], model, 0, &seen);
	for (int light = 1; light < model->lights; light++) {
		double part =
			model->light_weight[light] * de00_under(by_xyz[light], model, light, &seen);

		if (part > worst_part) {
			worst_part = part;
			worst = light;
		}
	}
	if (gradient)
		pass_back(gradient, model, point, &seen, worst, by_xyz);
	return main_part + worst_part + SEARCH_COST_PER_PIGMENT * (point->count - 1);
}

double peer_objective(double *gradient, const struct peer_model *model,
		      const struct peer_point *point)
{
	return gradient ? objective_of(gradient, model, point) : objective_of(NULL, model, point);
}

/* --- the linear start ------------------------------------------------------------------------------- */

/* Solves the normal equations of the pigments in `used` (bits); false where they hardly have a solution. */
static bool solve_some(double *x, const struct peer_model *model, const struct peer_point *point,
		       unsigned used)
{
	double a[SEARCH_PIGMENTS_MAX][SEARCH_PIGMENTS_MAX + 1];
	int at[SEARCH_PIGMENTS_MAX], count = 0;

	for (int i = 0; i < point->count; i++)
		if (used >> i & 1)
			at[count++] = i;
	for (int i = 0; i < count; i++) {
		const double *row = model->gram[point->pigment[at[i]]];

		for (int j = 0; j < count; j++)
			a[i][j] = row[point->pigment[at[j]]];
		a[i][count] = -row[model->diluent];
	}
	for (int i = 0; i < count; i++) {
		if (a[i][i] < 1e-12 * model->gram[point->pigment[at[i]]][point->pigment[at[i]]])
			return false;
		for (int j = i + 1; j < count; j++)
			for (int l = count; l >= i; l--)
				a[j][l] -= a[j][i] / a[i][i] * a[i][l];
	}
	memset(x, 0, (size_t)point->count * sizeof *x);
	for (int i = count - 1; i >= 0; i--) {
		double sum = a[i][count];

		for (int j = i + 1; j < count; j++)
			sum -= a[i][j] * x[at[j]];
		x[at[i]] = sum / a[i][i];
	}
	return true;
}

/* Of the residual, less what does not depend on x: x'b at the minimum over its support. */
static double residual_of(const double *x, const struct peer_model *model,
			  const struct peer_point *point)
{
	double sum = 0.0;

	for (int i = 0; i < point->count; i++) {
		if (x[i] < 0.0)
			return INFINITY;
		sum += x[i] * model->gram[point->pigment[i]][model->diluent];
	}
	return sum;
}

void peer_start(struct peer_point *point, const struct peer_model *model, double least, double most)
{
	double best = 0.0, x[SEARCH_PIGMENTS_MAX];

	for (int i = 0; i < point->count; i++)
		point->ratio[i] = 0.0;
	for (unsigned used = (1u << point->count) - 1; used > 0; used--) {
		double residual =
			solve_some(x, model, point, used) ? residual_of(x, model, point) : INFINITY;

		if (residual < best) {
			best = residual;
			memcpy(point->ratio, x, (size_t)point->count * sizeof *x);
		}
		/* all at once is the minimum over any x, so nothing is below it */
		if (used == (1u << point->count) - 1 && residual < INFINITY)
			break;
	}
	for (int i = 0; i < point->count; i++)
		point->ratio[i] = fmin(fmax(point->ratio[i], least), most);
}

/* --- set-up ----------------------------------------------------------------------------------------- */

static void set_up_linear(struct peer_model *model, const double *required,
			  const struct surface *surface, int bands)
{
	static double column[LINE_PIGMENTS_MAX + 1][BANDS];

	for (int b = 0; b < bands; b++) {
		double r = fmax(surface_remove(surface, required[b]), 1e-4);
		double q = (1.0 - r) * (1.0 - r) / (2.0 * r), seen = 0.0;

		for (int c = 0; c < CHANNELS; c++)
			seen += model->weight[0][c][b];
		/* what an error of q does to R, and R's cube root to the eye */
		seen = sqrt(fmax(seen, 1e-6)) * pow(r, -2.0 / 3.0) * 2.0 * r * r / (1.0 - r * r);
		for (int i = 0; i <= model->diluent; i++)
			column[i][b] = seen * (model->k[i][b] - q * model->s[i][b]);
	}
	for (int i = 0; i <= model->diluent; i++)
		for (int j = 0; j <= model->diluent; j++)
			for (int b = 0; b < bands; b++)
				model->gram[i][j] += column[i][b] * column[j][b];
}

static void set_up_light(struct peer_model *model, int at, const struct search_light *light,
			 int bands)
{
	model->light_weight[at] = light->weight;
	model->required[at] = light->required;
	for (int b = 0; b < bands; b++) {
		model->weight[at][0][b] = light->weights.x[b] / light->weights.white.x;
		model->weight[at][1][b] = light->weights.y[b] / light->weights.white.y;
		model->weight[at][2][b] = light->weights.z[b] / light->weights.white.z;
	}
}

struct peer_model *peer_model_new(const struct search_problem *problem)
{
	const struct pigment_line *line = problem->line;
	struct peer_model *model = aligned_alloc(64, sizeof *model);

	if (!model)
		return NULL;
	memset(model, 0, sizeof *model);
	model->k1 = problem->medium->surface.k1;
	model->k2 = problem->medium->surface.k2;
	model->lights = problem->light_count;
	model->diluent = line->count;
	for (int i = 0; i <= line->count; i++) {
		const struct pigment *pigment =
			i < line->count ? &line->pigment[i] : &line->diluent;

		for (int b = 0; b < BANDS; b++) {
			model->k[i][b] = b < line->grid.count ? pigment->k_per_mm[b] : 1.0;
			model->s[i][b] = b < line->grid.count ? pigment->s_per_mm[b] : 1.0;
		}
	}
	for (int light = 0; light < problem->light_count; light++)
		set_up_light(model, light, &problem->light[light], line->grid.count);
	set_up_linear(model, problem->required, &problem->medium->surface, line->grid.count);
	return model;
}

void peer_model_free(struct peer_model *model)
{
	free(model);
}

/* --- the machine's peak ----------------------------------------------------------------------------- */

/* As wide as the machine has it: the compiler takes it apart where that is less. */
enum { WIDE = 16, CHAINS = 12, ROUNDS = 4000000 };
typedef float wide __attribute__((vector_size(4 * WIDE)));

/* More chains than a multiply-add takes cycles times what can be begun in one: they never wait. */
static float run_chains(float seed)
{
	wide chain[CHAINS], factor = (wide){0} + 0.999f, term = (wide){0} + seed, sum = {0};
	float all = 0.0f;

	for (int i = 0; i < CHAINS; i++)
		chain[i] = (wide){0} + seed * (float)i;
	for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 12
		for (int i = 0; i < CHAINS; i++)
			chain[i] = chain[i] * factor + term;
	}
	for (int i = 0; i < CHAINS; i++)
		sum += chain[i];
	for (int i = 0; i < WIDE; i++)
		all += sum[i];
	return all;
}

double peak_flops(int threads)
{
	double best = 0.0;

	for (int times = 0; times < 5; times++) {
		double start = clock_monotonic_seconds(), seconds;
		volatile float kept;
		float sum = 0.0f;

#pragma omp parallel for num_threads(threads) reduction(+ : sum) schedule(static, 1)
		for (int i = 0; i < threads; i++)
			sum += run_chains(1e-3f * (float)(i + 1));
		kept = sum;
		(void)kept;
		seconds = clock_monotonic_seconds() - start;
		best = fmax(best, 2.0 * WIDE * CHAINS * (double)ROUNDS * threads / seconds);
	}
	return best;
}
