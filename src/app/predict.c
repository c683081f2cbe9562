/* The request `predict`: the colour of a given mix, as a drawdown or as a dot in a client's skin. It is
 * seen in a scene like a recipe's, in which nothing is asked for. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct pigment_line line;
	struct brief brief;
	struct scene scene;
	double amount[LINE_PIGMENTS_MAX], diluent_drops;
};

/* --- the mix ------------------------------------------------------------------------------------ */

static enum status find_amounts(struct work *work, const struct app_predict_request *request,
				struct error *err)
{
	for (int i = 0; i < request->dose_count; i++) {
		const struct app_dose *dose = &request->dose[i];
		int index = pigment_line_find(&work->line, dose->id);

		if (index >= 0)
			work->amount[index] += dose->amount;
		else if (strcmp(dose->id, work->line.diluent.bottle.id) == 0 &&
			 work->line.unit == DOSE_DROPS)
			work->diluent_drops += dose->amount;
		else
			return app_refuse_pigment(&work->line, dose->id, err);
	}
	return STATUS_OK;
}

void app_note_distrust(const struct pigment *pigment, struct notes *notes)
{
	if (pigment->origin.steps && !pigment->origin.trusted)
		notes_addf(notes, "%s: do not trust: %s", pigment->bottle.id,
			   pigment->origin.reasons);
}

/* --- where it is seen ----------------------------------------------------------------------------- */

static enum status read_role(struct brief *brief, enum reading_role role, const char *file,
			     const struct app_predict_request *request, struct notes *notes,
			     struct error *err)
{
	const struct app_selection selection = {&request->source, false};
	struct illuminant illuminant;
	struct observer observer;

	if (!file)
		return STATUS_OK;
	brief->given[role] = true;
	if (illuminant_find(&illuminant, request->light.illuminant, err) ||
	    observer_find(&observer, request->light.observer, err))
		return err->status;
	return app_mean(&brief->reading[role], file, reading_role_names[role], &selection,
			&illuminant, &observer, notes, err);
}

static enum status take_brief(struct brief *brief, const struct app_predict_request *request,
			      struct notes *notes, struct error *err)
{
	brief->thickness_mm = request->thickness_mm;
	if (app_technique(&brief->technique, request->technique, request->setting,
			  request->setting_count, err) ||
	    app_take_light(brief, request->light.illuminant, 1.0, err) ||
	    read_role(brief, ROLE_SKIN, request->skin, request, notes, err))
		return err->status;
	text_copy(brief->observer, sizeof brief->observer, request->light.observer);
	/* nothing is asked for, so nothing is balanced */
	technique_set(&brief->technique, TECHNIQUE_REGROWTH_SHARE, 0.0, "not asked for");
	return read_role(brief, ROLE_GROUND, request->ground, request, notes, err);
}

static enum status look(struct app_predicted_colour *colour, const struct work *work,
			struct error *err)
{
	colour->reflectance.grid = work->line.grid;
	return scene_look(&colour->lab, &colour->pcs_lab, &work->scene, colour->reflectance.value,
			  err);
}

static enum status predict_drawdown(struct app_prediction *out, const struct work *work,
				    struct error *err)
{
	const struct pigment_line *line = &work->line;
	double share[LINE_PIGMENTS_MAX], rest, k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];

	if (pigment_line_shares(share, &rest, line, work->amount, work->diluent_drops, err))
		return err->status;
	pigment_line_mix(k, s, line, share, rest);
	for (int b = 0; b < line->grid.count; b++)
		out->colour.reflectance.value[b] =
			medium_reflectance(&work->scene.medium, b, k[b], s[b]);
	return look(&out->colour, work, err);
}

static enum status predict_in_skin(struct app_prediction *out, const struct work *work,
				   struct notes *notes, struct error *err)
{
	const struct technique *technique = &work->brief.technique;

	out->in_skin = true;
	out->skin = work->scene.skin;
	for (int state = 0; state < STATES; state++)
		if (scene_dot(out->state[state].reflectance.value, &work->scene, &work->brief,
			      work->amount, work->diluent_drops, state, err) ||
		    look(&out->state[state], work, err))
			return err->status;
	if (!*technique->source[TECHNIQUE_DAY7_SHARE])
		notes_addf(notes, "at 7 days: assumed half of what fades until healed is gone");
	out->colour = out->state[STATE_HEALED];
	return explain_dot(&out->explanation, &work->scene, &work->brief, work->amount,
			   work->diluent_drops, err);
}

static enum status predict(struct app_prediction *out, struct work *work,
			   const struct app_predict_request *request, struct notes *notes,
			   struct error *err)
{
	if (*work->line.notice)
		notes_addf(notes, "%s: %s", work->line.name, work->line.notice);
	if (find_amounts(work, request, err) || take_brief(&work->brief, request, notes, err) ||
	    app_scene(&work->scene, &work->brief, &work->line, notes, err))
		return err->status;
	for (int i = 0; i < work->line.count; i++)
		if (work->amount[i] > 0.0)
			app_note_distrust(&work->line.pigment[i], notes);
	text_copy(out->illuminant, sizeof out->illuminant, work->brief.light[0].name);
	text_copy(out->observer, sizeof out->observer, work->brief.observer);
	if (request->drawdown ? predict_drawdown(out, work, err)
			      : predict_in_skin(out, work, notes, err))
		return err->status;
	error_band_note(&work->scene, &work->brief, notes);
	return error_band(&out->band, &work->scene, &work->brief, work->amount, work->diluent_drops,
			  err);
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
	text_copy(reading.conditions.origin, sizeof reading.conditions.origin, READING_COMPUTED);
	return reading_list_add(&out->readings, &reading, err);
}

enum status app_prediction_curves(struct colours *out, const struct app_prediction *prediction,
				  const struct app_light *light, struct error *err)
{
	static const enum healing_state order[STATES] = {STATE_FRESH, STATE_DAY7, STATE_HEALED};
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	if (!prediction->in_skin)
		status = add_curve(out, "drawdown", &prediction->colour, err);
	for (int i = 0; prediction->in_skin && i < STATES && !status; i++)
		status = add_curve(out, healing_state_words[order[i]], &prediction->state[order[i]],
				   err);
	if (status) {
		colours_clear(out);
		return status;
	}
	return app_colour_on_screen(out, light, err);
}
