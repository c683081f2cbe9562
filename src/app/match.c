/* The request `match`: brief -> scene -> search -> recipes. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "base/version.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/technique_file.h"
#include "match/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum status app_lights(struct scene_lights *lights, const struct brief *brief, struct error *err)
{
	for (int i = 0; i < brief->light_count; i++) {
		struct illuminant *illuminant = &lights->illuminant[i];

		text_copy(illuminant->name, sizeof illuminant->name, brief->light[i].name);
		*illuminant->source = 0;
		illuminant->power = brief->light[i].power;
		if (!brief->light[i].own && illuminant_find(illuminant, brief->light[i].name, err))
			return err->status;
	}
	if (observer_find(&lights->observer, brief->observer, err))
		return err->status;
	return observer_find(&lights->observer_2, "2", err);
}

enum status app_scene(struct scene *scene, const struct brief *brief, struct pigment_line *line,
		      struct notes *notes, struct error *err)
{
	struct haemoglobin haemoglobin;
	struct scene_lights *lights = malloc(sizeof *lights);
	enum status status;

	if (!lights)
		return error_memory(err);
	status = haemoglobin_find(&haemoglobin, err);
	if (!status)
		status = app_lights(lights, brief, err);
	if (!status)
		status = scene_build(scene, brief, line, lights, &haemoglobin, notes, err);
	free(lights);
	return status;
}

enum status app_take_light(struct brief *brief, const char *name, double weight, struct error *err)
{
	struct brief_light *taken = &brief->light[brief->light_count];
	struct illuminant illuminant;

	if (illuminant_find(&illuminant, name, err))
		return err->status;
	text_copy(taken->name, sizeof taken->name, illuminant.name);
	taken->weight = weight;
	taken->own = illuminant.own;
	if (illuminant.own)
		taken->power = illuminant.power;
	brief->light_count++;
	return STATUS_OK;
}

/* The usual lights are the main one, incandescent and a shop's 4000 K LED. A bare Lab says nothing
 * of other lights. */
static enum status take_lights(struct brief *brief, const struct app_match_request *request,
			       struct notes *notes, struct error *err)
{
	struct app_weighted_light usual[] = {
		{request->light.illuminant, 1.0}, {"A", 0.3}, {"LED-B3", 0.3}};
	const struct app_weighted_light *light = request->light_count ? request->lights : usual;
	int count;

	brief->light_count = request->light_count ? request->light_count : 3;
	if (!request->light_count && text_same(usual[0].name, usual[1].name))
		usual[1] = usual[--brief->light_count];
	if (!request->light_count && text_same(usual[0].name, usual[2].name))
		brief->light_count--;
	if (brief->has_target_lab && brief->light_count > 1) {
		if (request->light_count)
			notes_addf(notes, "the target is a bare Lab: only the main light %s counts",
				   light[0].name);
		brief->light_count = 1;
	}
	if (light[0].weight <= 0.0)
		return error_set(err, STATUS_REFUSED, "the main light %s needs a weight above 0",
				 light[0].name);
	count = brief->light_count;
	brief->light_count = 0;
	for (int i = 0; i < count; i++)
		if (app_take_light(brief, light[i].name, light[i].weight, err))
			return err->status;
	text_copy(brief->observer, sizeof brief->observer, request->light.observer);
	return STATUS_OK;
}

/* What does not say is assumed excluded, which beside a stated included would be a mix of our own making. */
static bool specular_is_guessed(const struct conditions *a, const struct conditions *b)
{
	enum specular one = conditions_specular(a), two = conditions_specular(b);

	return (one == SPECULAR_INCLUDED && two == SPECULAR_UNKNOWN) ||
	       (one == SPECULAR_UNKNOWN && two == SPECULAR_INCLUDED);
}

/* Readings of one case must have been taken alike. */
static enum status check_conditions(const struct brief *brief, struct error *err)
{
	for (int one = 0; one < ROLES; one++)
		for (int two = one + 1; two < ROLES; two++) {
			const char *conflict;

			if (!brief->given[one] || !brief->given[two])
				continue;
			conflict = conditions_conflict(&brief->reading[one].mean.conditions,
						       &brief->reading[two].mean.conditions);
			if (specular_is_guessed(&brief->reading[one].mean.conditions,
						&brief->reading[two].mean.conditions))
				return error_set(err, STATUS_REFUSED,
						 "of the %s and %s readings one includes the "
						 "specular part and "
						 "one does not say; --specular says it",
						 reading_role_names[one], reading_role_names[two]);
			if (conflict)
				return error_set(
					err, STATUS_REFUSED,
					"the %s and %s readings were not taken alike (%s); "
					"--allow-mixed takes them as they are",
					reading_role_names[one], reading_role_names[two], conflict);
		}
	return STATUS_OK;
}

static enum status take_target(struct brief *brief, const struct app_match_request *request,
			       const struct app_selection *selection,
			       const struct illuminant *illuminant, const struct observer *observer,
			       struct notes *notes, struct error *err)
{
	struct app_sample *sample;
	enum status status;

	if (!request->reading[ROLE_TARGET])
		return STATUS_OK;
	sample = malloc(sizeof *sample);
	if (!sample)
		return error_memory(err);
	status = app_sample(sample, request->reading[ROLE_TARGET], reading_role_names[ROLE_TARGET],
			    selection, illuminant, observer, notes, err);
	brief->given[ROLE_TARGET] = !status && sample->spectral;
	brief->has_target_lab = !status && !sample->spectral;
	brief->reading[ROLE_TARGET] = sample->repeats;
	brief->target_lab = sample->lab;
	free(sample);
	return status;
}

static enum status take_readings(struct brief *brief, const struct app_match_request *request,
				 struct notes *notes, struct error *err)
{
	const struct app_selection selection = {&request->source, request->mixed};
	struct illuminant illuminant;
	struct observer observer;

	if (illuminant_find(&illuminant,
			    request->light_count ? request->lights[0].name
						 : request->light.illuminant,
			    err) ||
	    observer_find(&observer, request->light.observer, err) ||
	    take_target(brief, request, &selection, &illuminant, &observer, notes, err))
		return err->status;
	brief->thickness_mm = request->thickness_mm;
	for (int role = 0; role < ROLE_TARGET; role++) {
		if (!request->reading[role])
			continue;
		if (app_mean(&brief->reading[role], request->reading[role],
			     reading_role_names[role], &selection, &illuminant, &observer, notes,
			     err))
			return err->status;
		brief->given[role] = true;
	}
	return request->mixed ? STATUS_OK : check_conditions(brief, err);
}

enum status app_technique(struct technique *technique, const char *name,
			  const struct app_setting *setting, int count, struct error *err)
{
	if (technique_read(technique, name, err))
		return err->status;
	for (int i = 0; i < count; i++)
		technique_set(technique, setting[i].key, setting[i].value, STATED_SOURCE);
	return STATUS_OK;
}

enum status app_brief(struct brief *brief, const struct app_match_request *request,
		      struct notes *notes, struct error *err)
{
	*brief = (struct brief){.state = request->state,
				.lighter = request->lighter,
				.price_weight = request->price_weight,
				.coarse_weight = request->coarse_weight};
	if (app_technique(&brief->technique, request->technique, request->setting,
			  request->setting_count, err) ||
	    take_readings(brief, request, notes, err))
		return err->status;
	return take_lights(brief, request, notes, err);
}

enum status app_refuse_pigment(const struct pigment_line *line, const char *id, struct error *err)
{
	struct text held = {0};

	for (int i = 0; i < line->count; i++)
		text_addf(&held, "%s%s", i ? ", " : "", line->pigment[i].bottle.id);
	error_set(err, STATUS_REFUSED, "the line “%s” holds no pigment “%s”, it holds %s",
		  line->name, id, held.data ? held.data : "none");
	text_clear(&held);
	return err->status;
}

static enum status find_pigment(int *index, const struct pigment_line *line, const char *id,
				struct error *err)
{
	*index = pigment_line_find(line, id);
	return *index >= 0 ? STATUS_OK : app_refuse_pigment(line, id, err);
}

/* No more drops than there are. */
static enum status take_stock(struct search_limits *limits, const struct pigment_line *line,
			      const struct app_match_request *request, struct error *err)
{
	int index;

	for (int i = 0; i < request->stock_count; i++) {
		int drops;

		if (find_pigment(&index, line, request->stock[i].id, err))
			return err->status;
		drops = (int)fmin(
			request->stock[i].amount * line->pigment[index].bottle.drops_per_ml + 1e-9,
			SEARCH_DROPS_MAX);
		if (drops < limits->most[index])
			limits->most[index] = drops;
	}
	return STATUS_OK;
}

static enum status take_ratios(struct search_limits *limits, const struct pigment_line *line,
			       const struct app_match_request *request, struct error *err)
{
	for (limits->ratios = 0; limits->ratios < request->ratio_count; limits->ratios++) {
		const struct app_ratio *asked = &request->ratio[limits->ratios];
		struct search_ratio *ratio = &limits->ratio[limits->ratios];

		for (int side = 0; side < 2; side++) {
			if (find_pigment(&ratio->pigment[side], line, asked->id[side], err))
				return err->status;
			ratio->parts[side] = asked->parts[side];
		}
	}
	return STATUS_OK;
}

enum status app_limits(struct search_limits *limits, const struct pigment_line *line,
		       const struct app_match_request *request, struct error *err)
{
	int index;

	if (request->pigments_max)
		limits->pigments_max = request->pigments_max;
	if (request->drops_max)
		limits->drops_max = request->drops_max;
	if (request->pigment_step)
		limits->pigment_step = request->pigment_step;
	/* an opaque drawdown looks the same however much water was in it */
	if (!request->reading[ROLE_SKIN] && !request->reading[ROLE_GROUND])
		limits->diluent_max = 0;
	if (request->diluent_step) {
		limits->diluent_min = request->diluent_min;
		limits->diluent_max = request->diluent_max;
		limits->diluent_step = request->diluent_step;
	}
	if (request->cup_ml > 0.0)
		limits->cup_ml = request->cup_ml;
	limits->pigment_ml_max = request->pigment_ml_max;
	for (int i = 0; i < request->bound_count; i++) {
		if (find_pigment(&index, line, request->bound[i].id, err))
			return err->status;
		limits->least[index] = request->bound[i].least;
		limits->most[index] = request->bound[i].most;
		limits->forced[index] = request->bound[i].least > 0;
	}
	for (int i = 0; i < request->forced_count; i++) {
		if (find_pigment(&index, line, request->forced[i], err))
			return err->status;
		limits->forced[index] = true;
	}
	for (int i = 0; i < request->barred_count; i++) {
		if (find_pigment(&index, line, request->barred[i], err))
			return err->status;
		limits->most[index] = 0;
	}
	return take_stock(limits, line, request, err) || take_ratios(limits, line, request, err)
		       ? err->status
		       : STATUS_OK;
}

static enum status make_recipes(struct match_answer *answer, const struct search_result *result,
				const struct scene *scene, const struct brief *brief,
				const struct notes *notes, struct error *err)
{
	answer->recipe = calloc((size_t)result->count, sizeof *answer->recipe);
	if (!answer->recipe)
		return error_memory(err);
	answer->count = 0;
	for (int i = 0; i < result->count; i++) {
		struct recipe *recipe = &answer->recipe[i];

		recipe->brief = *brief;
		text_copy(recipe->program, sizeof recipe->program,
			  FOLLITONE_PROGRAM " " FOLLITONE_VERSION);
		clock_text(recipe->stamp.made);
		recipe_take_doses(recipe, &result->recipe[i], scene->problem.line);
		recipe_add_notes(recipe, notes);
		if (random_id(recipe->stamp.id, err) ||
		    recipe_predict(recipe, scene, scene->problem.line, err))
			return err->status;
		answer->count++;
	}
	answer->proof = result->proof;
	answer->vary = scene->problem.vary;
	answer->quick = scene->problem.quick;
	return STATUS_OK;
}

void app_watch_search(struct search_problem *problem, const struct app_watch *watch)
{
	problem->watcher = watch->progress;
	problem->watcher_data = watch->data;
	problem->stop = watch->stop;
	if (watch->begin)
		watch->begin(watch->data);
}

bool app_stopped(const struct app_watch *watch)
{
	return watch->stop && *watch->stop;
}

void app_note_proof(const char *what, const struct search_proof *proof, struct notes *notes)
{
	if (!proof->complete && proof->bound > 0.0)
		notes_addf(notes,
			   "%s: without its proof after %.1f s; nothing can be better by more than "
			   "%.2f",
			   what, proof->seconds, proof->gap);
	else if (!proof->complete)
		notes_addf(notes, "%s: without its proof after %.1f s; better ones may exist", what,
			   proof->seconds);
}

enum status app_search(struct match_answer *answer, const struct brief *brief,
		       struct pigment_line *line, const struct app_match_request *request,
		       struct notes *notes, struct error *err)
{
	struct search_result result;
	struct scene *scene = malloc(sizeof *scene);
	enum status status;

	if (!scene)
		return error_memory(err);
	status = app_scene(scene, brief, line, notes, err);
	if (!status)
		status = app_limits(&scene->problem.limits, line, request, err);
	if (!status) {
		scene->problem.top = request->top;
		scene->problem.vary = request->vary;
		scene->problem.quick = request->quick;
		scene->problem.threads = request->threads;
		scene->problem.time_limit_s = request->time_limit_s;
		reach_note(scene, brief, notes);
		error_band_note(scene, brief, notes);
		app_watch_search(&scene->problem, &request->watch);
		status = search_recipes(&result, &scene->problem, err);
	}
	if (!status)
		app_note_miss(result.recipe[0].de00, &scene->problem.light[0].required,
			      &result.recipe[0].lab,
			      request->one_of_many || app_stopped(&request->watch)
				      ? NULL
				      : &scene->problem,
			      notes);
	if (!status) {
		status = make_recipes(answer, &result, scene, brief, notes, err);
		search_result_clear(&result);
		if (status)
			app_match_clear(answer);
	}
	free(scene);
	return status;
}

enum status app_line(struct pigment_line *line, const char *name, bool in_skin, struct notes *notes,
		     struct error *err)
{
	if (pigment_line_read(line, name, err))
		return err->status;
	if (*line->notice)
		notes_addf(notes, "%s: %s", line->name, line->notice);
	if (line->unit == DOSE_DROPS && !(line->relative && in_skin))
		return STATUS_OK;
	error_set(err, STATUS_REFUSED,
		  "the line “%s” is %s; recipes need one that is dosed in drops%s", line->name,
		  line->relative ? "relative to its base" : dose_unit_names[line->unit],
		  line->relative ? ", in skin with K and S per mm" : "");
	pigment_line_clear(line);
	return err->status;
}

enum status app_match(struct match_answer *answer, const struct app_match_request *request,
		      struct notes *notes, struct error *err)
{
	struct pigment_line line;
	struct brief *brief = malloc(sizeof *brief);
	enum status status;

	*answer = (struct match_answer){0};
	if (!brief)
		return error_memory(err);
	status = app_line(&line, request->pigments, request->reading[ROLE_SKIN], notes, err);
	if (!status) {
		status = app_brief(brief, request, notes, err);
		if (!status)
			status = app_search(answer, brief, &line, request, notes, err);
		pigment_line_clear(&line);
	}
	free(brief);
	if (status)
		app_match_clear(answer);
	return status;
}

/* --- many targets ------------------------------------------------------------------------------- */

/* What all targets of a batch have in common. */
struct batch {
	struct app_match_request request;
	struct pigment_line line;
	struct brief common, brief;
};

static enum status match_one(struct match_answer *answer, struct batch *batch,
			     const struct reading *target, struct notes *notes, struct error *err)
{
	batch->brief = batch->common;
	batch->brief.given[ROLE_TARGET] = true;
	batch->brief.reading[ROLE_TARGET] = (struct repeats){.mean = *target, .count = 1};
	return app_search(answer, &batch->brief, &batch->line, &batch->request, notes, err);
}

static void note_stopped(struct notes *notes, size_t done, size_t count)
{
	notes_addf(notes, "stopped: %zu of %zu targets done", done, count);
}

static enum status match_all(struct batch *batch, const struct reading_list *targets,
			     app_batch_sink *sink, void *data, struct notes *of_all,
			     struct error *err)
{
	enum status status = STATUS_OK;
	bool stopped = false;

	for (size_t i = 0; i < targets->count && !status && !stopped; i++) {
		struct match_answer answer = {0};
		struct notes notes = {0};
		struct reading target;
		struct error why = {.message = ""};
		bool refused;

		reading_list_get(&target, targets, i);
		refused = match_one(&answer, batch, &target, &notes, &why) != STATUS_OK;
		stopped = app_stopped(&batch->request.watch) && i + 1 < targets->count;
		if (stopped) {
			note_stopped(&notes, i + 1, targets->count);
			note_stopped(of_all, i + 1, targets->count);
		}
		status = sink(data,
			      &(struct app_batch_answer){target.name, &answer, &notes,
							 refused ? why.message : ""},
			      err);
		app_match_clear(&answer);
		notes_clear(&notes);
	}
	return status;
}

/* The line and technique once, and every target's spectrum as it is read. */
enum status app_match_batch(const char *file, const struct app_match_request *request,
			    app_batch_sink *sink, void *data, struct notes *notes,
			    struct error *err)
{
	struct batch *batch = calloc(1, sizeof *batch);
	struct reading_list targets = {0};
	enum status status;

	if (!batch)
		return error_memory(err);
	batch->request = *request;
	batch->request.one_of_many = true;
	status = app_line(&batch->line, request->pigments, false, notes, err);
	if (!status) {
		status = app_brief(&batch->common, request, notes, err);
		if (!status)
			status = app_readings(&targets, NULL, file, &request->source, notes, err);
		if (!status)
			status = match_all(batch, &targets, sink, data, notes, err);
		pigment_line_clear(&batch->line);
	}
	reading_list_clear(&targets);
	free(batch);
	return status;
}

void app_match_clear(struct match_answer *answer)
{
	free(answer->recipe);
	*answer = (struct match_answer){0};
}
