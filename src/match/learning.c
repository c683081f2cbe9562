/* The unknowns are ln phi, ln(rho / (1 - rho)), ln z and ln n, held at the ends of what a technique may
 * say. Residuals are
 * cube roots of R on the scale of L*; the bands of one reading err together and count as a few figures.
 * First all readings are taken to be off by 1, then by what they scatter. */
#include "match/learning.h"

#include "base/least_squares.h"
#include "colour/difference.h"
#include "match/misfit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* In units of L*: no scatter is taken to be less, so that readings without any do not claim more than
 * an instrument can. */
#define SCATTER_LEAST 0.02

/* Of a parameter whose preset states no range. */
#define DOUBT_USUAL 0.3

/* What is not to be learned: it stays. */
#define DOUBT_NONE 1e-6

/* Standard deviations in half of a 95 % interval. */
#define INTERVAL 1.96

/* Depths below this are the surface. */
#define DEPTH_LEAST_MM 0.005

enum { ROUNDS = 3 };

static const enum technique_key learned_keys[LEARNED] = {
	[LEARNED_DOSE] = TECHNIQUE_DOSE_SHARE,
	[LEARNED_KEPT] = TECHNIQUE_KEPT_SHARE,
	[LEARNED_DEPTH] = TECHNIQUE_DEPTH_MM,
	[LEARNED_SPREAD] = TECHNIQUE_YULE_NIELSEN_N,
};

enum status observation_take(struct observation *out, const struct recipe *recipe,
			     const struct scene *scene, const double *measured,
			     enum healing_state state, struct error *err)
{
	const struct pigment_line *line = scene->problem.line;
	double amount[LINE_PIGMENTS_MAX] = {0}, share[LINE_PIGMENTS_MAX], rest;

	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		if (index < 0)
			return error_set(err, STATUS_REFUSED, "the line “%s” holds no pigment “%s”",
					 line->name, recipe->dose[i].bottle.id);
		amount[index] = recipe->dose[i].drops;
	}
	if (pigment_line_shares(share, &rest, line, amount, recipe->diluent.drops, err))
		return err->status;
	*out = (struct observation){
		.state = state,
		.bands = scene->grid.count,
		.skin = scene->skin,
		.field = scene->field,
		.layer_mm = recipe->brief.technique.value[TECHNIQUE_LAYER_MM],
		.weights = scene->problem.light[0].weights,
	};
	pigment_line_mix(out->k, out->s, line, share, rest);
	memcpy(out->ground, scene->ground, sizeof out->ground);
	memcpy(out->follicle, scene->follicle, sizeof out->follicle);
	memcpy(out->measured, measured, (size_t)out->bands * sizeof *measured);
	return STATUS_OK;
}

/* --- unknowns ----------------------------------------------------------------------------------- */

static double unknown_of(int which, double value)
{
	if (which == LEARNED_KEPT)
		return log(fmin(fmax(value, 0.01), 0.99) / (1.0 - fmin(fmax(value, 0.01), 0.99)));
	return log(which == LEARNED_DEPTH ? fmax(value, DEPTH_LEAST_MM) : value);
}

static double value_of(int which, double unknown)
{
	const struct technique_parameter *parameter = &technique_parameters[learned_keys[which]];
	double value = which == LEARNED_KEPT ? 1.0 / (1.0 + exp(-unknown)) : exp(unknown);

	return fmin(fmax(value, parameter->least), parameter->most);
}

struct belief {
	const struct observation *observation;
	int count;
	double scatter;
	double before[LEARNED], doubt[LEARNED]; /* of the unknowns, as standard deviations */
	double faded_day7; /* of what fades until healed, the share that is gone at 7 days */
};

static void predict(double *out, const struct observation *one, const struct belief *belief,
		    const double *x)
{
	double kept = value_of(LEARNED_KEPT, x[LEARNED_KEPT]);
	struct field field = one->field;
	struct medium medium;

	if (one->state != STATE_HEALED)
		kept = one->state == STATE_FRESH ? 1.0 : 1.0 - (1.0 - kept) * belief->faded_day7;
	medium_in_skin(&medium, &one->skin, value_of(LEARNED_DEPTH, x[LEARNED_DEPTH]),
		       one->layer_mm, kept * value_of(LEARNED_DOSE, x[LEARNED_DOSE]));
	field.n = value_of(LEARNED_SPREAD, x[LEARNED_SPREAD]);
	for (int b = 0; b < one->bands; b++)
		out[b] = field_reflectance(&field, one->ground[b],
					   medium_reflectance(&medium, b, one->k[b], one->s[b]),
					   one->follicle[b]);
}

static void fill_residuals(const void *data, const double *x, double *residual)
{
	const struct belief *belief = data;
	double predicted[SPECTRUM_SAMPLES_MAX];

	for (int i = 0; i < belief->count; i++) {
		const struct observation *one = &belief->observation[i];
		double weight = misfit_weight(one->bands, belief->scatter);

		predict(predicted, one, belief, x);
		for (int b = 0; b < one->bands; b++)
			*residual++ = weight * misfit_band(predicted[b], one->measured[b]);
	}
	for (int i = 0; i < LEARNED; i++)
		*residual++ = (x[i] - belief->before[i]) / belief->doubt[i];
}

static void believe(struct belief *belief, const struct technique *technique, bool only_healed)
{
	double kept = technique->value[TECHNIQUE_KEPT_SHARE];

	for (int i = 0; i < LEARNED; i++) {
		enum technique_key key = learned_keys[i];
		double low = unknown_of(i, technique->least[key]);
		double high = unknown_of(i, technique->most[key]);

		belief->before[i] = unknown_of(i, technique->value[key]);
		belief->doubt[i] = DOUBT_USUAL;
		if (high > low) /* as wide as the range is to the wider side */
			belief->doubt[i] =
				fmax(high - belief->before[i], belief->before[i] - low) / INTERVAL;
	}
	if (only_healed)
		belief->doubt[LEARNED_DOSE] = DOUBT_NONE;
	belief->faded_day7 =
		kept < 1.0 ? (1.0 - technique_kept_share(technique, STATE_DAY7)) / (1.0 - kept)
			   : 0.5;
}

/* --- the fit ------------------------------------------------------------------------------------ */

static double mean_de00(const struct belief *belief, const double *x)
{
	double predicted[SPECTRUM_SAMPLES_MAX], sum = 0.0;

	for (int i = 0; i < belief->count; i++) {
		const struct observation *one = &belief->observation[i];
		double measured[SPECTRUM_SAMPLES_MAX];
		struct lab seen, said;

		predict(predicted, one, belief, x);
		for (int b = 0; b < one->bands; b++)
			measured[b] = isnan(one->measured[b]) ? predicted[b] : one->measured[b];
		seen = weights_lab(&one->weights, measured);
		said = weights_lab(&one->weights, predicted);
		sum += ciede2000(&seen, &said) / belief->count;
	}
	return sum;
}

/* Of one figure, in units of L*. */
static double scatter_about(const struct belief *belief, const double *x)
{
	double predicted[SPECTRUM_SAMPLES_MAX], sum = 0.0;
	double figures = MISFIT_FIGURES * belief->count;

	for (int i = 0; i < belief->count; i++) {
		const struct observation *one = &belief->observation[i];

		predict(predicted, one, belief, x);
		for (int b = 0; b < one->bands; b++) {
			double d = misfit_weight(one->bands, 1.0) *
				   misfit_band(predicted[b], one->measured[b]);

			sum += d * d;
		}
	}
	return fmax(sqrt(sum / (figures - LEARNED)), SCATTER_LEAST);
}

/* Four figures are more than readings give. */
static double rounded(double value)
{
	double scale = pow(10.0, 3.0 - floor(log10(value)));

	return round(value * scale) / scale;
}

static bool is_told(const struct belief *belief, int which, double deviation)
{
	return deviation < 0.5 * belief->doubt[which] && belief->doubt[which] > DOUBT_NONE;
}

static void take_parameter(struct learning *out, int which, const struct belief *belief, double x,
			   double deviation)
{
	enum technique_key key = learned_keys[which];
	struct learned *learned = &out->parameter[which];
	struct technique *technique = &out->technique;
	double practice = deviation * sqrt(out->readings);

	learned->key = key;
	learned->before = technique->value[key];
	learned->value = rounded(value_of(which, x));
	learned->least = rounded(value_of(which, x - INTERVAL * deviation));
	learned->most = rounded(value_of(which, x + INTERVAL * deviation));
	learned->told = belief->doubt[which] > DOUBT_NONE;
	if (!learned->told)
		return;
	technique->value[key] = learned->value;
	/* the interval is of the mean; single patches scatter wider, but not wider than was believed */
	practice = fmin(practice, fmax(belief->doubt[which], deviation));
	technique->least[key] =
		fmin(rounded(value_of(which, x - INTERVAL * practice)), learned->value);
	technique->most[key] =
		fmax(rounded(value_of(which, x + INTERVAL * practice)), learned->value);
	snprintf(technique->source[key], sizeof technique->source[key],
		 "learned from %d readings, %d of them healed: 95 %% interval %.3g to %.3g",
		 out->readings, out->healed, learned->least, learned->most);
}

/* What is left at 7 days follows what is left when healed, as it did in the fit. */
static void follow_day7(struct learning *out, const struct belief *belief)
{
	struct technique *technique = &out->technique;

	if (out->parameter[LEARNED_KEPT].told && *technique->source[TECHNIQUE_DAY7_SHARE])
		technique_set(technique, TECHNIQUE_DAY7_SHARE,
			      rounded(1.0 - (1.0 - technique->value[TECHNIQUE_KEPT_SHARE]) *
						    belief->faded_day7),
			      "follows the learned kept_share as the preset before had it");
}

static enum status check_told(const struct learning *out, struct error *err)
{
	for (int i = 0; i < LEARNED; i++)
		if (out->parameter[i].told)
			return STATUS_OK;
	return error_set(
		err, STATUS_NO_ANSWER,
		"the %d readings do not tell: of none of dose, kept share, depth and light "
		"spread they leave less than half of the doubt; more, or repeated, readings "
		"would",
		out->readings);
}

static bool fit(double *x, double *covariance, struct belief *belief, int residuals)
{
	for (int round = 0; round < ROUNDS; round++) {
		memcpy(x, belief->before, sizeof belief->before);
		if (!least_squares(x, covariance, LEARNED, fill_residuals, belief, residuals))
			return false;
		if (round + 1 < ROUNDS)
			belief->scatter = scatter_about(belief, x);
	}
	return true;
}

enum status learning_fit(struct learning *out, const struct technique *technique,
			 const struct observation *observation, int count, struct error *err)
{
	struct belief belief = {.observation = observation, .count = count, .scatter = 1.0};
	double x[LEARNED], covariance[LEARNED * LEARNED];
	int residuals = LEARNED;

	*out = (struct learning){.readings = count, .technique = *technique};
	for (int i = 0; i < count; i++) {
		out->healed += observation[i].state == STATE_HEALED;
		residuals += observation[i].bands;
	}
	if (out->healed < LEARNING_READINGS_LEAST)
		return error_set(err, STATUS_NO_ANSWER,
				 "%d healed reading%s of patches treated by “%s”, at least %d are "
				 "needed",
				 out->healed, out->healed == 1 ? "" : "s", technique->name,
				 LEARNING_READINGS_LEAST);
	believe(&belief, technique, out->healed == count);
	memcpy(x, belief.before, sizeof x);
	out->de00_before = mean_de00(&belief, x);
	if (!fit(x, covariance, &belief, residuals))
		return error_memory(err);
	for (int i = 0; i < LEARNED; i++)
		if (!is_told(&belief, i, sqrt(covariance[i * LEARNED + i])))
			belief.doubt[i] = DOUBT_NONE;
	if (!fit(x, covariance, &belief, residuals)) /* with the others where they stay */
		return error_memory(err);
	out->de00_after = mean_de00(&belief, x);
	for (int i = 0; i < LEARNED; i++)
		take_parameter(out, i, &belief, x[i], sqrt(covariance[i * LEARNED + i]));
	if (out->de00_after > out->de00_before)
		return error_set(
			err, STATUS_NO_ANSWER,
			"the %d readings contradict each other: they are met to dE00 %.2f, and by "
			"the preset as it is to %.2f",
			count, out->de00_after, out->de00_before);
	follow_day7(out, &belief);
	return check_told(out, err);
}
