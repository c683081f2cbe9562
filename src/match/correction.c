/* A strength multiplies K and S of its pigment. The unknowns are their logarithms; residuals are cube
 * roots of R on the scale of L*, as many as there are bands but counting as a few, because neighbouring
 * bands err together, and the logarithms themselves against STRENGTH_DEVIATION. */
#include "match/correction.h"

#include "base/least_squares.h"
#include "colour/difference.h"
#include "match/misfit.h"

#include <math.h>
#include <string.h>

/* Of fits, each with the error that the one before it left. */
enum { ROUNDS = 6 };

/* Drops that may be added: of pigment fewer in skin, where each is tried with all of the diluent. */
enum { ADDED_DROPS_DRAWDOWN = 24, ADDED_DROPS_SKIN = 12, ADDED_DILUENT_MOST = 200 };

/* --- the trial ---------------------------------------------------------------------------------- */

struct trial {
	const struct recipe *recipe;
	const struct scene *scene;
	const double *measured;
	int index[RECIPE_PIGMENTS_MAX]; /* in the line */
	double share[LINE_PIGMENTS_MAX], diluent_share;
	double error_de00;
};

static void predict(double *out, const struct trial *trial, const double *ln_strength)
{
	const struct scene *scene = trial->scene;
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX], share[LINE_PIGMENTS_MAX];

	memcpy(share, trial->share, sizeof share);
	for (int i = 0; i < trial->recipe->dose_count; i++)
		share[trial->index[i]] *= exp(ln_strength[i]);
	pigment_line_mix(k, s, scene->problem.line, share, trial->diluent_share);
	for (int b = 0; b < scene->grid.count; b++)
		out[b] = medium_reflectance(&scene->medium, b, k[b], s[b]);
	if (brief_in_skin(&trial->recipe->brief))
		scene_field(out, scene, &scene->field, out);
}

static void fill_residuals(const void *data, const double *x, double *residual)
{
	const struct trial *trial = data;
	int bands = trial->scene->grid.count;
	double weight = misfit_weight(bands, trial->error_de00);
	double predicted[SPECTRUM_SAMPLES_MAX];

	predict(predicted, trial, x);
	for (int b = 0; b < bands; b++)
		residual[b] = weight * misfit_band(predicted[b], trial->measured[b]);
	for (int i = 0; i < trial->recipe->dose_count; i++)
		residual[bands + i] = x[i] / STRENGTH_DEVIATION;
}

static enum status find_shares(struct trial *trial, struct error *err)
{
	const struct pigment_line *line = trial->scene->problem.line;
	const struct recipe *recipe = trial->recipe;
	double amount[LINE_PIGMENTS_MAX] = {0};

	for (int i = 0; i < recipe->dose_count; i++) {
		trial->index[i] = pigment_line_find(line, recipe->dose[i].bottle.id);
		if (trial->index[i] < 0)
			return error_set(err, STATUS_REFUSED, "the line “%s” holds no pigment “%s”",
					 line->name, recipe->dose[i].bottle.id);
		amount[trial->index[i]] = recipe->dose[i].drops;
	}
	return pigment_line_shares(trial->share, &trial->diluent_share, line, amount,
				   recipe->diluent.drops, err);
}

/* How far the reading is from what these strengths give, as the error of one figure: what strengths do not
 * explain is the reading's or the model's, and is believed no more than that. */
static double scatter_about(const struct trial *trial, const double *x)
{
	double predicted[SPECTRUM_SAMPLES_MAX], sum = 0.0;
	int bands = trial->scene->grid.count;

	predict(predicted, trial, x);
	for (int b = 0; b < bands; b++) {
		double d =
			misfit_weight(bands, 1.0) * misfit_band(predicted[b], trial->measured[b]);

		sum += d * d;
	}
	return sqrt(sum / (MISFIT_FIGURES - trial->recipe->dose_count));
}

enum status correction_fit(struct correction *out, const struct recipe *recipe,
			   const struct scene *scene, const double *trial, double error_de00,
			   struct error *err)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	struct trial work = {
		.recipe = recipe, .scene = scene, .measured = trial, .error_de00 = error_de00};
	double x[RECIPE_PIGMENTS_MAX] = {0}, predicted[SPECTRUM_SAMPLES_MAX];
	double measured[SPECTRUM_SAMPLES_MAX];
	struct lab explained;

	if (find_shares(&work, err))
		return err->status;
	predict(predicted, &work, x);
	out->predicted = weights_lab(weights, predicted);
	for (int b = 0; b < scene->grid.count; b++) /* what was not read is as predicted */
		measured[b] = isnan(trial[b]) ? predicted[b] : trial[b];
	out->measured = weights_lab(weights, measured);
	out->off_de00 = ciede2000(&out->predicted, &out->measured);
	for (int round = 0; round < ROUNDS; round++) {
		if (!least_squares(x, NULL, recipe->dose_count, fill_residuals, &work,
				   scene->grid.count + recipe->dose_count))
			return error_memory(err);
		work.error_de00 = fmax(error_de00, scatter_about(&work, x));
	}
	predict(predicted, &work, x);
	explained = weights_lab(weights, predicted);
	out->residual_de00 = ciede2000(&explained, &out->measured);
	for (int i = 0; i < recipe->dose_count; i++)
		out->strength[i] = exp(x[i]);
	return STATUS_OK;
}

/* --- the top-up --------------------------------------------------------------------------------- */

static double ml_of(const struct recipe *recipe, const struct pigment_line *line)
{
	double ml = recipe->diluent.drops / line->diluent.bottle.drops_per_ml;

	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		ml += recipe->dose[i].drops / line->pigment[index].bottle.drops_per_ml;
	}
	return ml;
}

void correction_limits(struct search_limits *limits, const struct recipe *recipe,
		       const struct pigment_line *line, double cup_ml)
{
	bool in_skin = brief_in_skin(&recipe->brief);
	int drops = 0, room = recipe->dose_count < SEARCH_PIGMENTS_MAX;
	bool barred[LINE_PIGMENTS_MAX] = {false};
	int more = in_skin ? ADDED_DROPS_SKIN : ADDED_DROPS_DRAWDOWN;

	for (int i = 0; i < line->count; i++) {
		barred[i] = limits->most[i] == 0;
		limits->most[i] = room && !barred[i] ? more : 0;
	}
	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		drops += recipe->dose[i].drops;
		limits->forced[index] = true;
		limits->least[index] = recipe->dose[i].drops;
		limits->most[index] = recipe->dose[i].drops + (barred[index] ? 0 : more);
	}
	limits->pigments_max = recipe->dose_count + room;
	limits->drops_max = drops + more;
	limits->diluent_min = recipe->diluent.drops;
	limits->diluent_max = recipe->diluent.drops;
	if (in_skin) /* a drawdown looks the same however much there was */
		limits->diluent_max += ADDED_DILUENT_MOST;
	limits->diluent_step = 1;
	limits->cup_ml = fmax(cup_ml, ml_of(recipe, line));
}
