/* The request `correct`: a trial's reading -> strengths -> a top-up. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a reading of paint may be off by; of skin it is the spread of its own repeats, or, of a single
 * one, as little, so that it is explained, and a note says what that is worth. */
#define TRIAL_ERROR_DE00 0.02

/* What one reading of skin is off by: middle of the published 0.5 to 1.4. */
#define SKIN_ERROR_DE00 1.0

#define CUP_USUAL_ML 15.0

struct work {
	struct recipe recipe;
	struct pigment_line line;
	struct brief brief; /* of the trial: the recipe's, in the trial's state */
	struct scene scene;
	struct repeats trial;
};

static double trial_error(const struct work *work, struct notes *notes)
{
	const struct repeats *trial = &work->trial;
	bool in_skin = brief_in_skin(&work->recipe.brief);

	if (trial->count > 1)
		return fmax(trial->spread_de00 / sqrt(trial->count), TRIAL_ERROR_DE00);
	if (in_skin)
		notes_addf(notes,
			   "one reading of the patch, taken as if it were exact; readings of skin "
			   "repeat to dE00 %g, so take several",
			   SKIN_ERROR_DE00);
	return TRIAL_ERROR_DE00;
}

/* The trial as it was mixed, in its own state. */
static enum status explain_trial(struct correction *out, struct work *work,
				 const struct app_correct_request *request, struct notes *notes,
				 struct error *err)
{
	struct notes ignored = {0}; /* said when the recipe was made */
	double trial[SPECTRUM_SAMPLES_MAX];
	enum status status;

	work->brief = work->recipe.brief;
	if (request->has_state)
		work->brief.state = request->state;
	status = app_scene(&work->scene, &work->brief, &work->line, &ignored, err);
	notes_clear(&ignored);
	if (status || scene_carry(trial, &work->scene, &work->trial, err))
		return err->status;
	return correction_fit(out, &work->recipe, &work->scene, trial, trial_error(work, notes),
			      err);
}

static void note_doubts(const struct correction *correction, const struct work *work,
			struct notes *notes)
{
	for (int i = 0; i < work->recipe.dose_count; i++)
		if (correction->strength[i] > STRENGTH_DOUBTFUL ||
		    correction->strength[i] < 1.0 / STRENGTH_DOUBTFUL)
			notes_addf(
				notes,
				"%s: %.2f times as strong is no bottle's doing: do not top up by "
				"this; look at what was mixed, at the depth, at the reading",
				work->recipe.dose[i].bottle.id, correction->strength[i]);
	if (correction->residual_de00 > fmax(1.0, 0.5 * correction->off_de00))
		notes_addf(notes,
			   "no strengths explain the reading: dE00 %.1f is left of %.1f; do not "
			   "trust the top-up",
			   correction->residual_de00, correction->off_de00);
}

/* Beyond any bottle, and beyond what a recipe may say of one. */
static enum status check_strengths(const struct correction *correction, const struct recipe *recipe,
				   struct error *err)
{
	for (int i = 0; i < recipe->dose_count; i++) {
		double strength = recipe->dose[i].strength * correction->strength[i];

		if (strength < RECIPE_STRENGTH_LEAST || strength > RECIPE_STRENGTH_MOST)
			return error_set(
				err, STATUS_NO_ANSWER,
				"the reading would need %s to be %.3g times as strong as its "
				"line says: it is not of this mix",
				recipe->dose[i].bottle.id, strength);
	}
	return STATUS_OK;
}

/* --- the top-up --------------------------------------------------------------------------------- */

static enum status bar(struct search_limits *limits, const struct pigment_line *line,
		       const struct app_correct_request *request, struct error *err)
{
	for (int i = 0; i < request->barred_count; i++) {
		int index = pigment_line_find(line, request->barred[i]);

		if (index < 0)
			return app_refuse_pigment(line, request->barred[i], err);
		limits->most[index] = 0;
	}
	return STATUS_OK;
}

static double dose_strength(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->dose_count; i++)
		if (strcmp(recipe->dose[i].bottle.id, id) == 0)
			return recipe->dose[i].strength;
	return 1.0;
}

static int dose_drops(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->dose_count; i++)
		if (strcmp(recipe->dose[i].bottle.id, id) == 0)
			return recipe->dose[i].drops;
	return 0;
}

/* Lot and expiry are those of the bottles in hand. */
static void keep_lots(struct recipe *to, const struct recipe *from)
{
	for (int i = 0; i < to->dose_count; i++)
		for (int j = 0; j < from->dose_count; j++)
			if (strcmp(to->dose[i].bottle.id, from->dose[j].bottle.id) == 0)
				to->dose[i].bottle = from->dose[j].bottle;
	to->diluent.bottle = from->diluent.bottle;
}

static enum status take_found(struct correction *out, struct work *work,
			      const struct search_recipe *found, struct error *err)
{
	const struct recipe *old = &work->recipe;

	out->recipe = *old;
	recipe_take_doses(&out->recipe, found, &work->line);
	keep_lots(&out->recipe, old);
	for (int i = 0; i < out->recipe.dose_count; i++) {
		const char *id = out->recipe.dose[i].bottle.id;

		out->recipe.dose[i].strength = dose_strength(old, id);
		out->added[i] = out->recipe.dose[i].drops - dose_drops(old, id);
	}
	out->added_diluent = out->recipe.diluent.drops - old->diluent.drops;
	return recipe_predict(&out->recipe, &work->scene, &work->line, err);
}

/* With the line as strong as the trial told. */
static enum status top_up(struct correction *out, struct work *work,
			  const struct app_correct_request *request, struct notes *notes,
			  struct error *err)
{
	struct search_limits *limits = &work->scene.problem.limits;
	struct search_result result;
	struct notes said = {0};
	enum status status = app_scene(&work->scene, &work->recipe.brief, &work->line, &said, err);

	notes_clear(&said);
	if (status || bar(limits, &work->line, request, err) ||
	    recipe_predict(&work->recipe, &work->scene, &work->line, err))
		return err->status;
	out->de00_before = work->recipe.predicted.de00;
	out->de00_field_before = work->recipe.predicted.de00_field;
	correction_limits(limits, &work->recipe, &work->line,
			  request->cup_ml > 0.0 ? request->cup_ml : CUP_USUAL_ML);
	if (search_recipes(&result, &work->scene.problem, err))
		return err->status;
	status = take_found(out, work, &result.recipe[0], err);
	search_result_clear(&result);
	out->de00_after = out->recipe.predicted.de00;
	out->de00_field_after = out->recipe.predicted.de00_field;
	if (!status)
		app_note_miss(out->de00_after, &work->scene.problem.light[0].required,
			      &out->recipe.predicted.look[out->recipe.predicted.look_count - 1].lab,
			      notes);
	return status;
}

static void keep_trial(struct correction *out, const struct work *work)
{
	struct recipe *recipe = &out->recipe;

	if (recipe->seen_count < RECIPE_SEEN_MAX)
		recipe->seen[recipe->seen_count++] =
			(struct recipe_seen){work->brief.state, work->trial};
}

static enum status correct(struct correction *out, struct work *work,
			   const struct app_correct_request *request, struct notes *notes,
			   struct error *err)
{
	double told[RECIPE_PIGMENTS_MAX];

	recipe_strengthen(&work->line, &work->recipe);
	if (app_seen(&work->trial, request->trial, &work->recipe, &request->source, request->mixed,
		     notes, err) ||
	    explain_trial(out, work, request, notes, err))
		return err->status;
	note_doubts(out, work, notes);
	if (check_strengths(out, &work->recipe, err))
		return err->status;
	memcpy(told, out->strength, sizeof told);
	for (int i = 0; i < work->recipe.dose_count; i++) {
		int index = pigment_line_find(&work->line, work->recipe.dose[i].bottle.id);

		work->recipe.dose[i].strength *= told[i];
		pigment_strengthen(&work->line.pigment[index], &work->line.grid, told[i]);
	}
	if (top_up(out, work, request, notes, err))
		return err->status;
	for (int i = 0; i < out->recipe.dose_count; i++) { /* by the new order of doses */
		out->strength[i] = 1.0;
		for (int j = 0; j < work->recipe.dose_count; j++)
			if (strcmp(out->recipe.dose[i].bottle.id, work->recipe.dose[j].bottle.id) ==
			    0)
				out->strength[i] = told[j];
	}
	keep_trial(out, work);
	return STATUS_OK;
}

enum status app_correct(struct correction *out, const struct app_correct_request *request,
			struct notes *notes, struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status = work ? STATUS_OK : error_memory(err);

	memset(out, 0, sizeof *out);
	if (!status)
		status = app_recipe(&work->recipe, NULL, request->folder, request->recipe,
				    request->pigments, notes, err);
	if (!status)
		status = app_recipe_line(&work->line, &work->recipe, request->pigments, err);
	if (!status) {
		status = correct(out, work, request, notes, err);
		pigment_line_clear(&work->line);
	}
	free(work);
	return status;
}
