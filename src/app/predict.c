/* The request `predict`: the colour of a given mix, as a drawdown or as a dot in a client's skin. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "colour/cms.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/technique_file.h"
#include "pigment/medium.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const app_predicted_state_names[PREDICTED_STATES] = {"fresh", "day7", "healed"};
const char *const app_predicted_state_words[PREDICTED_STATES] = {"fresh", "at 7 days", "healed"};

struct work {
	struct pigment_line line;
	struct technique technique;
	struct illuminant illuminant;
	struct observer observer, observer_2;
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX]; /* of the mix */
	struct repeats reading;                                  /* of skin or ground */
};

/* --- the mix ------------------------------------------------------------------------------------ */

static enum status find_amounts(double *amount, double *diluent, const struct work *work,
				const struct app_predict_request *request, struct error *err)
{
	for (int i = 0; i < request->dose_count; i++) {
		const struct app_dose *dose = &request->dose[i];
		int index = pigment_line_find(&work->line, dose->id);

		if (index >= 0)
			amount[index] += dose->amount;
		else if (strcmp(dose->id, work->line.diluent.bottle.id) == 0 &&
			 work->line.unit == DOSE_DROPS)
			*diluent += dose->amount;
		else
			return app_refuse_pigment(&work->line, dose->id, err);
	}
	return STATUS_OK;
}

static enum status mix(struct work *work, const struct app_predict_request *request,
		       struct error *err)
{
	double amount[LINE_PIGMENTS_MAX] = {0}, share[LINE_PIGMENTS_MAX], diluent = 0.0, rest;
	const struct pigment_line *line = &work->line;

	if (find_amounts(amount, &diluent, work, request, err) ||
	    pigment_line_shares(share, &rest, line, amount, diluent, err))
		return err->status;
	for (int b = 0; b < line->grid.count; b++) {
		work->k[b] = rest * line->diluent.k_per_mm[b];
		work->s[b] = rest * line->diluent.s_per_mm[b];
		for (int i = 0; i < line->count; i++) {
			work->k[b] += share[i] * line->pigment[i].k_per_mm[b];
			work->s[b] += share[i] * line->pigment[i].s_per_mm[b];
		}
	}
	return STATUS_OK;
}

/* --- where it is seen ----------------------------------------------------------------------------- */

static enum status read_carried(double *out, struct work *work, const char *file, const char *what,
				const struct app_predict_request *request, struct notes *notes,
				struct error *err)
{
	const struct app_selection selection = {&request->source, false};
	struct spectrum carried;
	struct grid covered;

	if (app_mean(&work->reading, file, what, &selection, &work->illuminant, &work->observer,
		     notes, err))
		return err->status;
	covered = grid_clip(&work->line.grid, &work->reading.mean.reflectance.grid);
	pigment_line_clip(&work->line, &covered);
	spectrum_resample(&carried, &work->reading.mean.reflectance, &covered);
	memcpy(out, carried.value, (size_t)covered.count * sizeof *out);
	return STATUS_OK;
}

static enum status look(struct app_predicted_colour *colour, const struct work *work,
			struct error *err)
{
	struct weights weights, pcs;
	struct xyz xyz;

	colour->reflectance.grid = work->line.grid;
	if (weights_build(&weights, &work->line.grid, &work->illuminant, &work->observer, err) ||
	    weights_build(&pcs, &work->line.grid, &work->illuminant, &work->observer_2, err))
		return err->status;
	colour->lab = weights_lab(&weights, colour->reflectance.value);
	xyz = weights_xyz(&pcs, colour->reflectance.value);
	return pcs_lab_from_xyz(&colour->pcs_lab, &xyz, &pcs.white, err);
}

/* The line's own surface, or that of a drawdown read without its gloss. */
static struct surface drawdown_surface(const struct work *work, struct notes *notes)
{
	double k2 = work->technique.value[TECHNIQUE_SURFACE_K2];

	if (work->line.has_surface)
		return work->line.surface;
	notes_addf(
		notes,
		"the line “%s” states no surface: assumed k1 0 (specular part excluded) and k2 %g",
		work->line.name, k2);
	return surface_of(SURFACE_INDEX_PAINT, SPECULAR_EXCLUDED, k2);
}

static enum status predict_drawdown(struct app_prediction *out, struct work *work,
				    const struct app_predict_request *request, struct notes *notes,
				    struct error *err)
{
	struct surface surface = drawdown_surface(work, notes);
	double ground[SPECTRUM_SAMPLES_MAX];
	bool film = request->thickness_mm > 0.0;

	if (film && work->line.relative)
		return error_set(
			err, STATUS_REFUSED,
			"the line “%s” was calibrated from opaque drawdowns: its K and S are "
			"relative, and a film of a thickness needs them per mm",
			work->line.name);
	if (film && read_carried(ground, work, request->ground, "ground", request, notes, err))
		return err->status;
	if (mix(work, request, err))
		return err->status;
	for (int b = 0; b < work->line.grid.count; b++) {
		double inner =
			film ? km_reflectance_film(work->k[b], work->s[b], request->thickness_mm,
						   fmax(surface_remove(&surface, ground[b]), 0.0))
			     : km_reflectance_opaque(work->k[b], work->s[b]);

		out->colour.reflectance.value[b] = surface_apply(&surface, inner);
	}
	return look(&out->colour, work, err);
}

/* Half of what fades is taken to be gone after a week: nobody has published a series. */
static double kept_in(const struct technique *technique, int state)
{
	double healed = technique->value[TECHNIQUE_KEPT_SHARE];

	return state == PREDICTED_FRESH  ? 1.0
	       : state == PREDICTED_DAY7 ? (1.0 + healed) / 2.0
					 : healed;
}

static enum status predict_in_skin(struct app_prediction *out, struct work *work,
				   const struct app_predict_request *request, struct notes *notes,
				   struct error *err)
{
	const double *technique = work->technique.value;
	struct haemoglobin haemoglobin;
	struct spectrum bare;
	struct surface surface;
	struct medium medium;

	if (work->line.relative)
		return error_set(
			err, STATUS_REFUSED,
			"the line “%s” was calibrated from opaque drawdowns: its K and S are "
			"relative, and a dose in skin needs them per mm (films of a known "
			"thickness over white and black)",
			work->line.name);
	if (haemoglobin_find(&haemoglobin, err) ||
	    read_carried(bare.value, work, request->skin, "skin", request, notes, err) ||
	    mix(work, request, err))
		return err->status;
	bare.grid = work->line.grid;
	surface =
		surface_of(SURFACE_INDEX_SKIN, conditions_specular(&work->reading.mean.conditions),
			   technique[TECHNIQUE_SURFACE_K2]);
	if (skin_fit(&out->skin, &bare, &haemoglobin, &surface, "skin reading", notes, err))
		return err->status;
	out->in_skin = true;
	for (int state = 0; state < PREDICTED_STATES; state++) {
		medium_in_skin(&medium, &out->skin, technique[TECHNIQUE_DEPTH_MM],
			       technique[TECHNIQUE_LAYER_MM],
			       kept_in(&work->technique, state) * technique[TECHNIQUE_DOSE_SHARE]);
		for (int b = 0; b < bare.grid.count; b++)
			out->state[state].reflectance.value[b] =
				medium_reflectance(&medium, b, work->k[b], work->s[b]);
		if (look(&out->state[state], work, err))
			return err->status;
	}
	notes_addf(notes, "at 7 days: assumed half of what fades until healed is gone");
	out->colour = out->state[PREDICTED_HEALED];
	return STATUS_OK;
}

static enum status predict(struct app_prediction *out, struct work *work,
			   const struct app_predict_request *request, struct notes *notes,
			   struct error *err)
{
	if (*work->line.notice)
		notes_addf(notes, "%s: %s", work->line.name, work->line.notice);
	if (technique_read(&work->technique, request->technique, err) ||
	    illuminant_find(&work->illuminant, request->light.illuminant, err) ||
	    observer_find(&work->observer, request->light.observer, err) ||
	    observer_find(&work->observer_2, "2", err))
		return err->status;
	for (int i = 0; i < request->dose_count; i++) {
		int index = pigment_line_find(&work->line, request->dose[i].id);

		if (index >= 0 && work->line.pigment[index].origin.steps &&
		    !work->line.pigment[index].origin.trusted)
			notes_addf(notes, "%s: do not trust: %s", request->dose[i].id,
				   work->line.pigment[index].origin.reasons);
	}
	text_copy(out->illuminant, sizeof out->illuminant, work->illuminant.name);
	text_copy(out->observer, sizeof out->observer, work->observer.name);
	return request->drawdown ? predict_drawdown(out, work, request, notes, err)
				 : predict_in_skin(out, work, request, notes, err);
}

enum status app_predict(struct app_prediction *out, const struct app_predict_request *request,
			struct notes *notes, struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status;

	memset(out, 0, sizeof *out);
	if (!work)
		return error_memory(err);
	status = pigment_line_read(&work->line, request->pigments, err);
	if (!status) {
		status = predict(out, work, request, notes, err);
		pigment_line_clear(&work->line);
	}
	free(work);
	return status;
}

static enum status add_curve(struct colours *out, const char *name,
			     const struct app_predicted_colour *colour, struct error *err)
{
	struct reading reading = {.reflectance = colour->reflectance};

	text_copy(reading.name, sizeof reading.name, name);
	return reading_list_add(&out->readings, &reading, err);
}

enum status app_prediction_curves(struct colours *out, const struct app_prediction *prediction,
				  const struct app_light *light, struct error *err)
{
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	if (!prediction->in_skin)
		status = add_curve(out, "drawdown", &prediction->colour, err);
	for (int i = 0; prediction->in_skin && i < PREDICTED_STATES && !status; i++)
		status = add_curve(out, app_predicted_state_words[i], &prediction->state[i], err);
	if (status) {
		colours_clear(out);
		return status;
	}
	return app_colour_on_screen(out, light, err);
}
