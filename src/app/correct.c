/* The request `correct`: a trial's reading -> strengths -> a top-up. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a reading may be off by at the least; of repeats their spread says more, and what no strengths explain
 * counts as well. */
#define TRIAL_ERROR_DE00 0.02

/* What a top-up must make better by to be worth its drops: less does not show. */
#define CORRECTION_WORTH_DE00 0.1

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
		return fmax(repeats_error_de00(trial), TRIAL_ERROR_DE00);
	if (in_skin)
		notes_addf(notes,
			   "one reading of the patch; readings of skin repeat to dE00 %g, so take "
			   "several",
			   READING_ERROR_ASSUMED);
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
	if (status)
		return status;
	scene_carry(trial, &work->scene, &work->trial);
	return correction_fit(out, &work->recipe, &work->scene, trial, trial_error(work, notes),
			      err);
}

/* Strengths that no bottle has, or that do not explain the reading, are of another mix, depth or place: no
 * top-up is made of them. */
static enum status check_strengths(const struct correction *correction, const struct recipe *recipe,
				   struct error *err)
{
	for (int i = 0; i < recipe->dose_count; i++) {
		double told = correction->strength[i], all = recipe->dose[i].strength * told;

		if (told > STRENGTH_DOUBTFUL || told < 1.0 / STRENGTH_DOUBTFUL ||
		    all < RECIPE_STRENGTH_LEAST || all > RECIPE_STRENGTH_MOST)
			return error_set(
				err, STATUS_NO_ANSWER,
				"the reading would make %s %.2f times as strong as thought, "
				"which is no bottle's doing: look at what was mixed, at the "
				"depth, at the reading",
				recipe->dose[i].bottle.id, told);
	}
	if (correction->residual_de00 > fmax(1.0, 0.5 * correction->off_de00))
		return error_set(
			err, STATUS_NO_ANSWER,
			"no strengths explain the reading: dE00 %.1f is left of %.1f; is it of "
			"this mix?",
			correction->residual_de00, correction->off_de00);
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
	for (int i = 0; i < out->recipe.dose_count; i++)
		if (out->added[i] > 0 || out->added_diluent > 0)
			out->recipe.seen_count = 0; /* that was of the mix before */
	return recipe_predict(&out->recipe, &work->scene, &work->line, err);
}

static struct search_recipe as_it_is(const struct work *work)
{
	struct search_recipe found = {.dose_count = work->recipe.dose_count,
				      .diluent_drops = work->recipe.diluent.drops};

	for (int i = 0; i < found.dose_count; i++)
		found.dose[i] = (struct search_dose){
			pigment_line_find(&work->line, work->recipe.dose[i].bottle.id),
			work->recipe.dose[i].drops};
	return found;
}

/* With the line as strong as the trial told. */
static enum status top_up(struct correction *out, struct work *work,
			  const struct app_correct_request *request, struct notes *notes,
			  struct error *err)
{
	struct search_limits *limits = &work->scene.problem.limits;
	struct search_recipe found;
	struct search_result result;
	struct notes said = {0};
	enum status status = app_scene(&work->scene, &work->recipe.brief, &work->line, &said, err);

	notes_clear(&said);
	if (status || bar(limits, &work->line, request, err) ||
	    recipe_predict(&work->recipe, &work->scene, &work->line, err))
		return err->status;
	out->de00_before = work->recipe.predicted.de00;
	out->de00_field_before = work->recipe.predicted.de00_field;
	if (request->cup_ml > 0.0 && request->cup_ml < recipe_total_ml(&work->recipe))
		notes_addf(notes, "the mix is %.2f ml already, more than the cup of %.2f ml",
			   recipe_total_ml(&work->recipe), request->cup_ml);
	correction_limits(limits, &work->recipe, &work->line,
			  request->cup_ml > 0.0 ? request->cup_ml : CUP_USUAL_ML);
	app_watch_search(&work->scene.problem, &request->watch);
	if (search_recipes(&result, &work->scene.problem, err))
		return err->status;
	found = result.recipe[0];
	app_note_proof("the top-up", &result.proof, notes);
	search_result_clear(&result);
	if (out->de00_before - found.de00 < CORRECTION_WORTH_DE00)
		found = as_it_is(work);
	status = take_found(out, work, &found, err);
	out->de00_after = out->recipe.predicted.de00;
	out->de00_field_after = out->recipe.predicted.de00_field;
	if (!status)
		app_note_miss(out->de00_after, &work->scene.problem.light[0].required,
			      &out->recipe.predicted.look[out->recipe.predicted.look_count - 1].lab,
			      NULL, notes);
	return status;
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
	if (!status && work->recipe.dose_count > SEARCH_PIGMENTS_MAX)
		status = error_set(err, STATUS_REFUSED,
				   "%s: %d pigments; a top-up is searched for of at most %d",
				   request->recipe, work->recipe.dose_count, SEARCH_PIGMENTS_MAX);
	if (!status)
		status = app_recipe_line(&work->line, &work->recipe, request->pigments, err);
	if (!status) {
		status = correct(out, work, request, notes, err);
		pigment_line_clear(&work->line);
	}
	free(work);
	return status;
}
