/* The requests about a whole case: `match CASE` and `plan CASE`. A zone is a match like any other; a
 * planned session is one on the patch that the sessions before it leave. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "colour/difference.h"
#include "formats/case_file.h"
#include "match/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a zone as a request ------------------------------------------------------------------------ */

static void zone_request(struct app_match_request *out, const struct app_match_request *request,
			 const struct case_zone *zone)
{
	*out = *request;
	out->technique = zone->preset;
	out->setting_count = 0;
	for (int role = 0; role < ROLES; role++)
		out->reading[role] = *zone->reading[role] ? zone->reading[role] : NULL;
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		if (zone->stated[key])
			out->setting[out->setting_count++] =
				(struct app_setting){key, zone->value[key]};
}

static enum status zone_line(struct pigment_line *line, const struct case_file *file,
			     const struct app_match_request *request, struct notes *notes,
			     struct error *err)
{
	const char *name = request->pigments ? request->pigments : file->pigments;

	if (!*name)
		return error_set(err, STATUS_REFUSED,
				 "the case names no pigments, and --pigments LINE is not given");
	return app_line(line, name, true, notes, err);
}

/* Reads all of every zone before any work is done, so that what is wrong with the last one is said at once. */
static enum status check_zones(const struct case_file *file,
			       const struct app_match_request *request, struct error *err)
{
	struct app_match_request *own = malloc(sizeof *own);
	struct brief *brief = malloc(sizeof *brief);
	struct notes ignored = {0}; /* said when the zone is worked on */
	enum status status = own && brief ? STATUS_OK : error_memory(err);

	for (int z = 0; z < file->zones && !status; z++) {
		zone_request(own, request, &file->zone[z]);
		status = app_brief(brief, own, &ignored, err);
		if (status)
			error_prefix(err, "zone “%s”: ", file->zone[z].name);
	}
	notes_clear(&ignored);
	free(brief);
	free(own);
	return status;
}

/* --- notes ---------------------------------------------------------------------------------------- */

static bool is_noted(const struct notes *notes, const char *line)
{
	for (size_t i = 0; i < notes->count; i++)
		if (strcmp(notes->line[i], line) == 0)
			return true;
	return false;
}

/* What every zone says is said once, the rest with its zone. */
static void gather_notes(struct notes *out, struct notes *of_zone, const struct case_file *file,
			 int zones)
{
	for (int z = 0; z < zones; z++)
		for (size_t i = 0; i < of_zone[z].count; i++) {
			const char *line = of_zone[z].line[i];
			bool common = true;

			for (int other = 0; other < zones; other++)
				common &= is_noted(&of_zone[other], line);
			if (common)
				notes_addf(out, "%s", line);
			else
				notes_addf(out, "%s: %s", file->zone[z].name, line);
		}
	for (int z = 0; z < zones; z++)
		notes_clear(&of_zone[z]);
}

/* --- every zone ----------------------------------------------------------------------------------- */

typedef enum status zone_work(void *data, int z, const struct case_file *file,
			      const struct app_match_request *request, struct notes *notes,
			      struct error *err);

/* Zone after zone until one fails or it is stopped; stopped before the zone in work has anything, those before it
 * are the answer. */
static enum status do_zones(int *done, zone_work *work, void *data, const struct case_file *file,
			    const struct app_match_request *request, struct notes *of_zone,
			    struct notes *notes, struct error *err)
{
	enum status status = STATUS_OK;
	bool stopped = false;

	for (*done = 0; *done < file->zones && !status && !stopped; *done += !status) {
		status = work(data, *done, file, request, &of_zone[*done], err);
		stopped = app_stopped(&request->watch);
	}
	if (stopped && status == STATUS_NO_ANSWER && *done > 0) {
		notes_clear(&of_zone[*done]);
		status = STATUS_OK;
	}
	if (stopped && !status && *done < file->zones)
		notes_addf(notes, "stopped: %d of %d zones done", *done, file->zones);
	return status;
}

/* Reads the case, checks all of it, and does the work for its zones; `done` of them. */
static enum status for_each_zone(int *done, zone_work *work, void *data,
				 char code[RECIPE_NAME_SIZE], const char *file,
				 const struct app_match_request *request, struct notes *notes,
				 struct error *err)
{
	struct notes of_zone[CASE_ZONES_MAX] = {0};
	struct notes stopped = {0};
	struct case_file read;
	enum status status = case_read(&read, file, err);

	*done = 0;
	if (status)
		return status;
	text_copy(code, RECIPE_NAME_SIZE, read.code);
	status = check_zones(&read, request, err);
	if (!status)
		status = do_zones(done, work, data, &read, request, of_zone, &stopped, err);
	gather_notes(notes, of_zone, &read, status ? read.zones : *done);
	for (size_t i = 0; i < stopped.count; i++)
		notes_addf(notes, "%s", stopped.line[i]);
	notes_clear(&stopped);
	case_clear(&read);
	return status;
}

/* --- match CASE --------------------------------------------------------------------------------- */

static enum status match_zone(struct zone_match *out, const struct case_zone *zone,
			      const struct case_file *file, const struct app_match_request *request,
			      struct notes *notes, struct error *err)
{
	struct app_match_request *own = malloc(sizeof *own);
	struct brief *brief = malloc(sizeof *brief);
	struct pigment_line line;
	enum status status = own && brief ? STATUS_OK : error_memory(err);

	if (!status)
		status = zone_line(&line, file, request, notes, err);
	if (!status) {
		zone_request(own, request, zone);
		status = app_brief(brief, own, notes, err);
		if (!status)
			status = app_search(&out->answer, brief, &line, own, notes, err);
		text_copy(out->name, sizeof out->name, zone->name);
		text_copy(out->preset, sizeof out->preset, brief->technique.name);
		pigment_line_clear(&line);
	}
	for (int i = 0; !status && i < out->answer.count; i++)
		text_copy(out->answer.recipe[i].zone, sizeof out->answer.recipe[i].zone,
			  zone->name);
	free(brief);
	free(own);
	return status ? error_prefix(err, "zone “%s”: ", zone->name) : STATUS_OK;
}

static enum status match_zone_at(void *data, int z, const struct case_file *file,
				 const struct app_match_request *request, struct notes *notes,
				 struct error *err)
{
	struct app_case *out = data;

	return match_zone(&out->zone[z], &file->zone[z], file, request, notes, err);
}

enum status app_match_case(struct app_case *out, const char *file,
			   const struct app_match_request *request, struct notes *notes,
			   struct error *err)
{
	*out = (struct app_case){.zone = calloc(CASE_ZONES_MAX, sizeof *out->zone)};
	if (!out->zone)
		return error_memory(err);
	if (for_each_zone(&out->zones, match_zone_at, out, out->code, file, request, notes, err)) {
		app_case_clear(out);
		return err->status;
	}
	return STATUS_OK;
}

void app_case_clear(struct app_case *out)
{
	for (int z = 0; z < out->zones; z++)
		app_match_clear(&out->zone[z].answer);
	free(out->zone);
	*out = (struct app_case){0};
}

/* --- plan CASE ---------------------------------------------------------------------------------- */

/* What a zone's sessions have in common, and the patch as they leave it. */
struct planning {
	struct brief brief, session;
	struct scene scene; /* of the whole, then of one session */
	struct plan plan;
	struct weights weights;
	double natural[SPECTRUM_SAMPLES_MAX], patch[SPECTRUM_SAMPLES_MAX];
	struct app_match_request request;
};

static double look_after(struct lab *lab, const struct planning *work, const struct lab *before)
{
	*lab = weights_lab(&work->weights, work->patch);
	return ciede2000(before, lab);
}

static enum status plan_session(struct zone_plan *out, int k, struct planning *work,
				struct pigment_line *line, double area_cm2, struct notes *notes,
				struct error *err)
{
	struct planned_session *session = &out->session[k];
	const struct lab *before = k ? &out->session[k - 1].lab_after : &out->before;
	struct match_answer answer = {0};
	struct notes ignored = {0},
		     said = {0}; /* said of the whole zone already; and of this one */
	char which[32];
	enum status status;

	plan_brief(&work->session, &work->plan, k, &work->scene, &work->brief, work->patch);
	status = app_search(&answer, &work->session, line, &work->request, &said, err);
	for (size_t i = 0; i < said.count; i++)
		if (!is_noted(notes, said.line[i]))
			notes_addf(notes, "session %d: %s", k + 1, said.line[i]);
	notes_clear(&said);
	if (status)
		return status;
	snprintf(which, sizeof which, "session %d", k + 1);
	app_note_proof(which, &answer.proof, notes);
	out->recipe[k] = answer.recipe[0];
	text_copy(out->recipe[k].zone, sizeof out->recipe[k].zone, out->name);
	out->recipe[k].plan.session = k + 1;
	out->recipe[k].plan.sessions = work->plan.sessions;
	app_match_clear(&answer);
	status = app_scene(&work->scene, &work->session, line, &ignored, err);
	notes_clear(&ignored);
	if (status)
		return status;
	scene_field(work->patch, &work->scene, &work->scene.field,
		    out->recipe[k].predicted.dot.value);
	session->dots_per_cm2 = work->plan.step[k].dots_per_cm2;
	session->dots = (int)(session->dots_per_cm2 * area_cm2 + 0.5);
	session->step_de00 = look_after(&session->lab_after, work, before);
	return STATUS_OK;
}

/* The whole zone: where it starts, where it is to end, and how to get there. */
static enum status plan_start(struct zone_plan *out, struct planning *work,
			      struct pigment_line *line, int sessions, struct notes *notes,
			      struct error *err)
{
	struct scene *scene = &work->scene;

	if (app_scene(scene, &work->brief, line, notes, err))
		return err->status;
	if (work->brief.technique.value[TECHNIQUE_DOTS_PER_CM2] < sessions)
		return error_set(err, STATUS_REFUSED,
				 "%g dots per cm² in %d sessions, at least one a session is needed",
				 work->brief.technique.value[TECHNIQUE_DOTS_PER_CM2], sessions);
	if (app_limits(&scene->problem.limits, line, &work->request, err))
		return err->status;
	out->brief = work->brief;
	plan_split(&work->plan, scene, &work->brief, sessions);
	if (work->plan.rise < PLAN_RISE && sessions > 1)
		notes_addf(notes,
			   "the sessions' dots get darker by %.0f %% of their contrast only, not "
			   "%.0f: the last would be out of reach",
			   200.0 * work->plan.rise, 200.0 * PLAN_RISE);
	if (work->plan.share < 0.995) {
		notes_addf(notes,
			   "planned for %.0f %% of the way only, as far as these dots can go",
			   100.0 * work->plan.share);
		reach_note(scene, &work->brief, notes);
	}
	error_band_note(scene, &work->brief, notes);
	work->weights = scene->problem.light[0].weights;
	memcpy(work->natural, scene->natural, sizeof work->natural);
	for (int b = 0; b < scene->grid.count; b++)
		work->patch[b] = field_reflectance(&scene->field, scene->ground[b],
						   scene->ground[b], scene->follicle[b]);
	out->before = weights_lab(&work->weights, work->patch);
	out->natural = weights_lab(&work->weights, work->natural);
	out->de00_before = ciede2000(&out->natural, &out->before);
	return STATUS_OK;
}

/* Session after session, all or those until it is stopped. */
static enum status plan_each(struct zone_plan *out, struct planning *work,
			     struct pigment_line *line, const struct case_zone *zone,
			     struct notes *notes, struct error *err)
{
	enum status status = STATUS_OK;
	bool stopped = false;
	int k;

	for (k = 0; k < zone->sessions && !status && !stopped; k += !status) {
		status = plan_session(out, k, work, line, zone->area_cm2, notes, err);
		stopped = app_stopped(&work->request.watch);
	}
	if (stopped && status == STATUS_NO_ANSWER && k > 0)
		status = STATUS_OK;
	if (status)
		return status;
	if (k < zone->sessions)
		notes_addf(notes, "stopped: %d of %d sessions planned", k, zone->sessions);
	out->sessions = k;
	out->de00_after = ciede2000(&out->natural, &out->session[k - 1].lab_after);
	return STATUS_OK;
}

static enum status plan_sessions(struct zone_plan *out, struct planning *work,
				 const struct case_zone *zone, const struct case_file *file,
				 const struct app_match_request *request, struct notes *notes,
				 struct error *err)
{
	struct pigment_line line;
	enum status status = zone_line(&line, file, request, notes, err);

	if (status)
		return status;
	zone_request(&work->request, request, zone);
	work->request.top = 1;
	work->request.one_of_many = true;
	work->request.state = STATE_HEALED;
	status = app_brief(&work->brief, &work->request, notes, err);
	if (!status)
		status = plan_start(out, work, &line, zone->sessions, notes, err);
	if (!status)
		status = plan_each(out, work, &line, zone, notes, err);
	text_copy(out->preset, sizeof out->preset, work->brief.technique.name);
	pigment_line_clear(&line);
	return status;
}

static enum status plan_zone(struct zone_plan *out, const struct case_zone *zone,
			     const struct case_file *file, const struct app_match_request *request,
			     struct notes *notes, struct error *err)
{
	struct planning *work = malloc(sizeof *work);
	enum status status;

	text_copy(out->name, sizeof out->name, zone->name);
	out->recipe = calloc((size_t)zone->sessions, sizeof *out->recipe);
	status = work && out->recipe ? plan_sessions(out, work, zone, file, request, notes, err)
				     : error_memory(err);
	free(work);
	if (!status)
		return STATUS_OK;
	free(out->recipe);
	out->recipe = NULL;
	return error_prefix(err, "zone “%s”: ", zone->name);
}

static enum status plan_zone_at(void *data, int z, const struct case_file *file,
				const struct app_match_request *request, struct notes *notes,
				struct error *err)
{
	struct app_plan *out = data;

	return plan_zone(&out->zone[z], &file->zone[z], file, request, notes, err);
}

enum status app_plan(struct app_plan *out, const char *file,
		     const struct app_match_request *request, struct notes *notes,
		     struct error *err)
{
	*out = (struct app_plan){.zone = calloc(CASE_ZONES_MAX, sizeof *out->zone)};
	if (!out->zone)
		return error_memory(err);
	if (for_each_zone(&out->zones, plan_zone_at, out, out->code, file, request, notes, err)) {
		app_plan_clear(out);
		return err->status;
	}
	return STATUS_OK;
}

void app_plan_clear(struct app_plan *out)
{
	for (int z = 0; z < out->zones; z++)
		free(out->zone[z].recipe);
	free(out->zone);
	*out = (struct app_plan){0};
}
