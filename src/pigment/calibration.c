/* Two unknowns a band, so the search for a starting point can afford a coarse grid of ln K and ln S; from
 * its best point Levenberg–Marquardt needs a dozen steps. Between rounds of fits each step's factor makes
 * one damped Newton step. */
#include "pigment/calibration.h"

#include "base/least_squares.h"

#include "colour/cms.h"
#include "pigment/kubelka_munk.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 12, START_POINTS = 11, UNKNOWNS = 2 };

/* ln of the least and the most K or S that is looked for, 1e-4 to 1e5 per mm or of a base of 1: well beyond what
 * any pigment has. */
#define LN_LEAST -9.2
#define LN_MOST 11.5

/* A step that the others say is this many times more or less, and that much off in colour, is no
 * weighing error: far beyond the one assumed, and plain to see. Chosen. */
#define FACTOR_DOUBTFUL 1.25
#define DE00_DOUBTFUL 1.0

static double share_with(double share, double factor)
{
	return share * factor / (1.0 + share * (factor - 1.0));
}

double ladder_reflectance(const struct ladder_step *step, int view, int band, double k, double s,
			  double factor, const struct ladder_frame *frame)
{
	double share = share_with(step->share, factor);
	double k_mix = share * k + (1.0 - share) * frame->k_base[band];
	double s_mix = share * s + (1.0 - share) * frame->s_base[band];
	double inner = step->thickness_mm > 0.0
			       ? km_reflectance_film(k_mix, s_mix, step->thickness_mm,
						     step->ground[view][band])
			       : km_reflectance_opaque(k_mix, s_mix);

	return surface_apply(&frame->surface, inner);
}

/* --- what S is like ------------------------------------------------------------------------------- */

/* Where a pigment hardly absorbs, a tint of it in white looks like white whatever its S is; left alone S
 * then wanders over decades, and a mix with black comes out wrong by ten dE00. So each band's ln S is
 * expected near that of the bands around it that tell more, with a standard deviation: a reading that tells S is
 * hardly moved, one that does not takes its neighbours'. */
struct expectation {
	double ln_s[SPECTRUM_SAMPLES_MAX];
	double deviation; /* of ln S; 0: nothing is expected */
};

/* Before anything is known, of a pigment in a white whose S is 1: in Kimera's twelve acrylics, by weight and
 * over 400 to 720 nm, the median of S is 0.46 (ln -0.8) and nine in ten are from 0.07 to 2.2 (ln -2.7 to 0.8). */
#define LN_S_FIRST -0.8
#define LN_S_FIRST_DEVIATION 1.1

/* Of ln S about its neighbours', and how far those reach: chosen, as no set of paints with S in every band is
 * free. Tried on ladders made from known K and S with 0.2 % and 1 % of noise: 0.5 to 0.7 and 30 to 60 nm do
 * about as well; with 0.5 one tint of Kimera's was missed by dE00 0.05, with 0.7 none by more than 0.03. */
#define LN_S_DEVIATION 0.7
#define NEIGHBOURS_NM 30.0

/* --- one band ------------------------------------------------------------------------------------ */

struct band {
	const struct ladder *ladder;
	const struct ladder_frame *frame;
	const struct expectation *expected;
	const double *factor;
	int index, left_out; /* step that does not count, or -1 */
};

static double residual(const struct band *band, int step, int view, double k, double s)
{
	const struct ladder_step *one = &band->ladder->step[step];

	return cbrt(ladder_reflectance(one, view, band->index, k, s, band->factor[step],
				       band->frame)) -
	       cbrt(one->measured[view][band->index]);
}

/* Standard deviation of the cube root of what is read in a band, over its steps. */
static double noise_of(const struct band *band)
{
	double sum = 0.0;

	for (int j = 0; j < band->ladder->count; j++)
		sum += cbrt(band->ladder->step[j].measured[0][band->index]) / band->ladder->count;
	return LADDER_NOISE / 3.0 * fmax(sum, 0.1);
}

static void fill_residuals(const void *data, const double *x, double *out)
{
	const struct band *band = data;
	int filled = 0;

	for (int j = 0; j < band->ladder->count; j++)
		for (int v = 0; v < band->ladder->step[j].views && j != band->left_out; v++)
			out[filled++] = residual(band, j, v, exp(x[0]), exp(x[1]));
	/* a gentle hold, so that what no reading tells stays inside the limits */
	for (int i = 0; i < UNKNOWNS; i++)
		out[filled + i] = 1e-2 * (fmax(LN_LEAST - x[i], 0.0) + fmax(x[i] - LN_MOST, 0.0));
	filled += UNKNOWNS;
	if (band->expected->deviation > 0.0)
		out[filled] = noise_of(band) * (x[1] - band->expected->ln_s[band->index]) /
			      band->expected->deviation;
}

static int count_residuals(const struct band *band)
{
	int count = UNKNOWNS + (band->expected->deviation > 0.0);

	for (int j = 0; j < band->ladder->count; j++)
		count += j == band->left_out ? 0 : band->ladder->step[j].views;
	return count;
}

static double sum_of_squares(const double *value, int count)
{
	double sum = 0.0;

	for (int i = 0; i < count; i++)
		sum += value[i] * value[i];
	return sum;
}

enum { RESIDUALS_MAX = LADDER_STEPS_MAX * LADDER_VIEWS_MAX + UNKNOWNS + 1 };

static void find_start(double x[UNKNOWNS], struct band *band, int count)
{
	const double step = (LN_MOST - LN_LEAST) / (START_POINTS - 1);
	double out[RESIDUALS_MAX], least = HUGE_VAL;

	for (int i = 0; i < START_POINTS; i++)
		for (int j = 0; j < START_POINTS; j++) {
			const double point[UNKNOWNS] = {LN_LEAST + i * step, LN_LEAST + j * step};
			double sum;

			fill_residuals(band, point, out);
			sum = sum_of_squares(out, count);
			if (sum < least) {
				least = sum;
				memcpy(x, point, sizeof point);
			}
		}
}

/* k and s hold a starting point where `warm`. */
static void fit_band(double *k, double *s, struct band *band, bool warm)
{
	double x[UNKNOWNS];
	int count = count_residuals(band);

	if (warm) {
		x[0] = log(fmax(*k, 1e-4));
		x[1] = log(fmax(*s, 1e-4));
	} else {
		find_start(x, band, count);
	}
	least_squares(x, NULL, UNKNOWNS, fill_residuals, band, count);
	*k = exp(fmin(fmax(x[0], 3 * LN_LEAST), LN_MOST));
	*s = exp(fmin(fmax(x[1], 3 * LN_LEAST), LN_MOST));
}

static void fit_all_bands(double *k, double *s, const struct ladder *ladder,
			  const struct ladder_frame *frame, const struct expectation *expected,
			  const double *factor, int left_out, bool warm)
{
	for (int b = 0; b < frame->grid.count; b++) {
		struct band band = {ladder, frame, expected, factor, b, left_out};

		fit_band(&k[b], &s[b], &band, warm);
	}
}

/* How much a band's readings tell of its ln S, whatever its K: 1 / variance. */
static double information(const struct band *band, double k, double s)
{
	const double h = 1e-3;
	double kk = 0.0, ks = 0.0, ss = 0.0, noise = noise_of(band);

	for (int j = 0; j < band->ladder->count; j++)
		for (int v = 0; v < band->ladder->step[j].views; v++) {
			double here = residual(band, j, v, k, s);
			double by_k = (residual(band, j, v, k * exp(h), s) - here) / h;
			double by_s = (residual(band, j, v, k, s * exp(h)) - here) / h;

			kk += by_k * by_k;
			ks += by_k * by_s;
			ss += by_s * by_s;
		}
	return fmax(ss - (kk > 0.0 ? ks * ks / kk : 0.0), 0.0) / (noise * noise);
}

/* From a first fit: each band's neighbours, weighed by what they tell and how near they are, and a
 * little of all bands. */
static void expect(struct expectation *expected, const double *k, const double *s,
		   const struct ladder *ladder, const struct ladder_frame *frame,
		   const double *factor)
{
	static const struct expectation nothing = {.deviation = 0.0};
	double weight[SPECTRUM_SAMPLES_MAX] = {0};

	for (int b = 0; b < frame->grid.count; b++) {
		struct band band = {ladder, frame, &nothing, factor, b, -1};
		double told = information(&band, k[b], s[b]);

		weight[b] = told / (1.0 + told * LN_S_DEVIATION * LN_S_DEVIATION) + 1e-9;
	}
	expected->deviation = LN_S_DEVIATION;
	for (int b = 0; b < frame->grid.count; b++) {
		double sum = 0.0, all = 0.0;

		for (int i = 0; i < frame->grid.count; i++) {
			double far = (i - b) * frame->grid.step_nm / NEIGHBOURS_NM;
			double share = weight[i] * (exp(-0.5 * far * far) + 1e-3);

			sum += share * log(fmax(s[i], exp(LN_LEAST)));
			all += share;
		}
		expected->ln_s[b] = sum / all;
	}
}

/* --- weighing errors ------------------------------------------------------------------------- */

/* One damped Newton step of one factor: residuals count by the reading noise, the factor's distance from 1
 * by the weighing error. */
static double better_factor(const struct ladder *ladder, const struct ladder_frame *frame,
			    const struct ladder_fit *fit, int step)
{
	const double h = 1e-4, prior = 1.0 / (LADDER_WEIGHING_ERROR * LADDER_WEIGHING_ERROR);
	const struct ladder_step *one = &ladder->step[step];
	double factor = fit->step_factor[step];
	double slope = -(factor - 1.0) * prior, curvature = prior;

	for (int b = 0; b < frame->grid.count; b++)
		for (int v = 0; v < one->views; v++) {
			double here = cbrt(
				ladder_reflectance(one, v, b, fit->k[b], fit->s[b], factor, frame));
			double there = cbrt(ladder_reflectance(one, v, b, fit->k[b], fit->s[b],
							       factor + h, frame));
			double measured = cbrt(one->measured[v][b]), change = (there - here) / h;
			double noise = LADDER_NOISE / 3.0 * fmax(measured, 0.1);

			slope -= (here - measured) * change / (noise * noise);
			curvature += change * change / (noise * noise);
		}
	return factor + slope / curvature;
}

/* With two readings a band everything is explained already, and nothing is left to tell an error by. */
static void estimate_factors(struct ladder_fit *fit, const struct ladder *ladder,
			     const struct ladder_frame *frame, const struct expectation *expected)
{
	for (int round = 0; round < ROUNDS && fit->checks > 0; round++) {
		double better[LADDER_STEPS_MAX] = {0};

		for (int j = 0; j < ladder->count; j++)
			better[j] = better_factor(ladder, frame, fit, j);
		memcpy(fit->step_factor, better, sizeof better);
		fit_all_bands(fit->k, fit->s, ladder, frame, expected, fit->step_factor, -1, true);
	}
}

/* --- what it is worth ------------------------------------------------------------------------ */

static double view_de00(const struct ladder_step *step, int view, const double *k, const double *s,
			double factor, const struct ladder_frame *frame)
{
	double modelled[SPECTRUM_SAMPLES_MAX];
	struct lab a, b;

	for (int i = 0; i < frame->grid.count; i++)
		modelled[i] = ladder_reflectance(step, view, i, k[i], s[i], factor, frame);
	a = weights_lab(&frame->weights, step->measured[view]);
	b = weights_lab(&frame->weights, modelled);
	return delta_e_2000(&a, &b);
}

static double step_de00(const struct ladder_step *step, const double *k, const double *s,
			double factor, const struct ladder_frame *frame)
{
	double worst = 0.0;

	for (int v = 0; v < step->views; v++)
		worst = fmax(worst, view_de00(step, v, k, s, factor, frame));
	return worst;
}

__attribute__((format(printf, 2, 3))) static void add_reason(struct ladder_fit *fit,
							     const char *format, ...)
{
	va_list arguments;

	if (fit->reasons == LADDER_REASONS_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(fit->reason[fit->reasons++], LADDER_REASON_SIZE, format, arguments);
	va_end(arguments);
}

/* How far a step is from the base, in cube roots: more pigment is farther. */
static double contrast(const struct ladder_step *step, const struct ladder_frame *frame)
{
	struct ladder_step empty = *step;
	double sum = 0.0;

	empty.share = 0.0;
	for (int b = 0; b < frame->grid.count; b++)
		sum += fabs(cbrt(step->measured[0][b]) -
			    cbrt(ladder_reflectance(&empty, 0, b, 0.0, 0.0, 1.0, frame)));
	return sum;
}

/* A step that holds more and shows less is in the wrong place, or the other is. */
static bool check_order(struct ladder_fit *fit, const struct ladder *ladder,
			const struct ladder_frame *frame)
{
	bool rising = true;

	for (int i = 0; i < ladder->count; i++)
		for (int j = 0; j < ladder->count; j++) {
			const struct ladder_step *less = &ladder->step[i], *more = &ladder->step[j];
			double weaker = contrast(less, frame), stronger = contrast(more, frame);

			if (less->share >= more->share || stronger > 0.98 * weaker)
				continue;
			rising = false;
			add_reason(
				fit,
				"steps %g and %g are in the wrong order: %g shows %.0f %% of what "
				"%g shows; swapped or mislabelled? do not trust",
				less->amount, more->amount, more->amount, 100.0 * stronger / weaker,
				less->amount);
		}
	return rising;
}

/* The factor on its amount with which a step is nearest to what the others say. */
static double explain_step(const struct ladder_step *step, const double *k, const double *s,
			   const struct ladder_frame *frame)
{
	double best = 1.0, least = HUGE_VAL;

	for (int i = -60; i <= 60; i++) { /* 1/16 to 16 */
		double factor = exp(i * log(16.0) / 60.0);
		double de00 = step_de00(step, k, s, factor, frame);

		if (de00 < least) {
			least = de00;
			best = factor;
		}
	}
	return best;
}

static void leave_each_out(struct ladder_fit *fit, const struct ladder *ladder,
			   const struct ladder_frame *frame, const struct expectation *expected,
			   bool rising)
{
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX], worst = 0.0, factor = 1.0;
	int worst_step = -1;

	for (int j = 0; j < ladder->count; j++) {
		double de00;

		memcpy(k, fit->k, sizeof k);
		memcpy(s, fit->s, sizeof s);
		fit_all_bands(k, s, ladder, frame, expected, fit->step_factor, j, true);
		de00 = step_de00(&ladder->step[j], k, s, 1.0, frame);
		fit->leave_one_out_de00 += de00 / ladder->count;
		if (de00 > worst) {
			worst = de00;
			worst_step = j;
			factor = explain_step(&ladder->step[j], k, s, frame);
		}
	}
	if (!rising || worst <= DE00_DOUBTFUL ||
	    (factor < FACTOR_DOUBTFUL && factor > 1.0 / FACTOR_DOUBTFUL))
		return;
	fit->trusted = false;
	add_reason(fit,
		   "step %g reads like %.3g by what the others say, dE00 %.1f off; mislabelled? do "
		   "not trust",
		   ladder->step[worst_step].amount, factor * ladder->step[worst_step].amount,
		   worst);
}

/* A step that no K and S explain: a black below the surface reflection, say. */
static void check_residuals(struct ladder_fit *fit, const struct ladder *ladder)
{
	for (int j = 0; j < ladder->count; j++)
		if (fit->step_de00[j] > DE00_DOUBTFUL) {
			fit->trusted = false;
			add_reason(fit, "step %g is met to dE00 %.1f only; do not trust",
				   ladder->step[j].amount, fit->step_de00[j]);
		}
}

static void judge(struct ladder_fit *fit, const struct ladder *ladder,
		  const struct ladder_frame *frame, const struct expectation *expected)
{
	int views_least = ladder->step[0].views;

	fit->trusted = check_order(fit, ladder, frame);
	for (int j = 0; j < ladder->count; j++) {
		fit->step_de00[j] =
			step_de00(&ladder->step[j], fit->k, fit->s, fit->step_factor[j], frame);
		if (ladder->step[j].views < views_least)
			views_least = ladder->step[j].views;
	}
	if (fit->trusted)
		check_residuals(fit, ladder);
	if (fit->checks == 0) {
		add_reason(fit, "two readings, nothing left to check them with");
		return;
	}
	if (fit->checks >= views_least)
		leave_each_out(fit, ladder, frame, expected, fit->trusted);
}

enum status ladder_fit(struct ladder_fit *fit, const struct ladder *ladder,
		       const struct ladder_frame *frame, struct error *err)
{
	struct expectation expected = {.deviation = 0.0};
	int readings = 0;

	*fit = (struct ladder_fit){.trusted = true};
	for (int j = 0; j < ladder->count; j++) {
		readings += ladder->step[j].views;
		fit->step_factor[j] = 1.0;
	}
	if (readings < UNKNOWNS)
		return error_set(
			err, STATUS_REFUSED,
			"pigment “%s”: %d reading, two are needed (two amounts, or one over "
			"white and black)",
			ladder->id, readings);
	fit->checks = readings - UNKNOWNS;
	/* of films S is per mm and may be anything; the black card tells it */
	if (ladder->step[0].thickness_mm == 0.0)
		expected.deviation = LN_S_FIRST_DEVIATION;
	for (int b = 0; b < frame->grid.count; b++)
		expected.ln_s[b] = LN_S_FIRST;
	fit_all_bands(fit->k, fit->s, ladder, frame, &expected, fit->step_factor, -1, false);
	expect(&expected, fit->k, fit->s, ladder, frame, fit->step_factor);
	fit_all_bands(fit->k, fit->s, ladder, frame, &expected, fit->step_factor, -1, true);
	estimate_factors(fit, ladder, frame, &expected);
	judge(fit, ladder, frame, &expected);
	return STATUS_OK;
}

enum status ladder_base(struct ladder_frame *frame, const double *measured, const char *name,
			struct error *err)
{
	for (int b = 0; b < frame->grid.count; b++) {
		double inner = surface_remove(&frame->surface, measured[b]);

		if (!(inner > 0.0 && inner <= 1.0))
			return error_set(
				err, STATUS_REFUSED,
				"base “%s”: reflectance %g at %g nm, between %.3f and 1 is "
				"possible below its surface",
				name, measured[b], grid_wavelength_nm(&frame->grid, b),
				frame->surface.k1);
		frame->k_base[b] = km_ratio(inner);
		frame->s_base[b] = 1.0;
	}
	return STATUS_OK;
}

const char *hue_bias(const struct ladder_fit *fit, const struct ladder_frame *frame)
{
	double base[SPECTRUM_SAMPLES_MAX], tint[SPECTRUM_SAMPLES_MAX];
	const double share = 0.05;
	struct lab before, after;

	for (int b = 0; b < frame->grid.count; b++) {
		double s_base = frame->s_base[b] > 0.0 ? frame->s_base[b] : 1.0;

		base[b] = km_reflectance_opaque(frame->k_base[b], s_base);
		tint[b] =
			km_reflectance_opaque(share * fit->k[b] + (1.0 - share) * frame->k_base[b],
					      share * fit->s[b] + (1.0 - share) * s_base);
	}
	before = weights_lab(&frame->weights, base);
	after = weights_lab(&frame->weights, tint);
	return after.b - before.b > 2.0 ? "warm" : after.b - before.b < -2.0 ? "cool" : "neutral";
}
