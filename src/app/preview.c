/* The request `preview`: a recipe or a case, seen. */
#include "app/app.h"
#include "app/steps.h"
#include "base/text.h"
#include "formats/case_file.h"
#include "formats/pigment_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	struct recipe recipe;  /* of one of the two */
	struct zone_plan zone; /* its recipes are the plan's */
	struct pigment_line line;
	struct scene_lights lights;
	struct scene scene;
	struct preview_subject subject;
};

/* Where only the main light is named, a shop's beside it: one that most shops have (LED-B3), or incandescent light. */
static enum status complete_lights(struct brief *brief, struct error *err)
{
	if (brief->light_count > 1)
		return STATUS_OK;
	return app_take_light(brief, text_same(brief->light[0].name, "LED-B3") ? "A" : "LED-B3",
			      0.0, err);
}

/* A session's field is a step on the way: what the client compares with is the hair around. */
static void take_whole_way(struct brief *brief, struct notes *notes)
{
	const char *origin = brief->reading[ROLE_FIELD].mean.conditions.origin;

	if (!brief->given[ROLE_FIELD] || strcmp(origin, READING_COMPUTED))
		return;
	if (brief->given[ROLE_HAIR])
		brief->given[ROLE_FIELD] = false;
	else
		notes_addf(notes,
			   "the recipe holds neither hair nor a reading of the natural field: what "
			   "is called natural is what its session is to lead to");
}

static void take_names(struct app_picture *out, const char *name, const struct recipe *recipe)
{
	text_copy(out->name, sizeof out->name, name);
	text_copy(out->line, sizeof out->line, recipe->line.name);
	text_copy(out->notice, sizeof out->notice, recipe->line.notice);
	text_copy(out->made, sizeof out->made, recipe->stamp.made);
	out->synthetic = recipe->line.synthetic;
}

/* --- a recipe ------------------------------------------------------------------------------------- */

static enum status subject_of_recipe(struct work *work, struct notes *notes, struct error *err)
{
	struct recipe *recipe = &work->recipe;
	struct notes ignored = {0}; /* the recipe holds them */
	enum status status;

	recipe_strengthen(&work->line, recipe);
	status = complete_lights(&recipe->brief, err);
	if (!status)
		status = app_lights(&work->lights, &recipe->brief, err);
	if (!status)
		status = app_scene(&work->scene, &recipe->brief, &work->line, &ignored, err);
	notes_clear(&ignored);
	return status ? status
		      : preview_of_recipe(&work->subject, &work->scene, &work->lights, recipe,
					  notes, err);
}

static enum status see_recipe(struct app_picture *out, struct work *work,
			      const struct app_preview_request *request, struct notes *notes,
			      struct error *err)
{
	struct recipe *recipe = &work->recipe;
	enum status status;

	if (app_recipe_line(&work->line, recipe, request->match->pigments, err))
		return err->status;
	take_names(out, recipe->stamp.name, recipe);
	out->version = recipe->stamp.version;
	text_copy(out->zone, sizeof out->zone, recipe->zone);
	text_copy(out->technique, sizeof out->technique, recipe->brief.technique.name);
	take_whole_way(&recipe->brief, notes);
	if (recipe->brief.given[ROLE_PATCH])
		notes_addf(notes,
			   "earlier sessions' dots are in the colour of the patch, not drawn one "
			   "by one");
	status = subject_of_recipe(work, notes, err);
	pigment_line_clear(&work->line);
	return status ? status
		      : preview_draw(&out->preview, &work->subject, request->seed, notes, err);
}

enum status app_see_recipe(struct app_picture *out, const struct recipe *recipe,
			   const struct app_preview_request *request, struct notes *notes,
			   struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status = work ? STATUS_OK : error_memory(err);

	if (!status) {
		work->recipe = *recipe;
		status = see_recipe(out, work, request, notes, err);
	}
	free(work);
	return status;
}

static enum status preview_recipe(struct app_previews *out,
				  const struct app_preview_request *request, struct notes *notes,
				  struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status = recipe ? app_recipe(recipe, NULL, request->folder, request->subject,
						 request->match->pigments, notes, err)
				    : error_memory(err);

	if (!status && !brief_in_skin(&recipe->brief))
		status = error_set(err, STATUS_REFUSED,
				   "%s: a recipe of a drawdown; a preview needs one for skin",
				   request->subject);
	if (!status)
		status = app_see_recipe(out->picture, recipe, request, notes, err);
	out->pictures = !status;
	free(recipe);
	return status;
}

/* --- a case --------------------------------------------------------------------------------------- */

static enum status subject_of_zone(struct work *work, struct notes *notes, struct error *err)
{
	struct notes ignored = {0}; /* the plan said them */
	enum status status = complete_lights(&work->zone.brief, err);

	if (!status)
		status = app_lights(&work->lights, &work->zone.brief, err);
	if (!status)
		status = app_scene(&work->scene, &work->zone.brief, &work->line, &ignored, err);
	notes_clear(&ignored);
	return status ? status
		      : preview_of_zone(&work->subject, &work->scene, &work->lights, &work->zone,
					notes, err);
}

static enum status see_zone(struct app_picture *out, struct work *work,
			    const struct app_preview_request *request, struct notes *notes,
			    struct error *err)
{
	const struct zone_plan *zone = &work->zone;
	const char *line =
		request->match->pigments ? request->match->pigments : zone->recipe[0].line.name;
	enum status status = app_recipe_line(&work->line, &zone->recipe[0], line, err);

	if (status)
		return status;
	take_names(out, zone->name, &zone->recipe[0]);
	out->sessions = zone->sessions;
	text_copy(out->technique, sizeof out->technique, zone->preset);
	status = subject_of_zone(work, notes, err);
	if (!status)
		status = preview_draw(&out->preview, &work->subject, request->seed, notes, err);
	pigment_line_clear(&work->line);
	return status ? error_prefix(err, "zone “%s”: ", zone->name) : STATUS_OK;
}

enum status app_see_zone(struct app_picture *out, const struct zone_plan *zone,
			 const struct app_preview_request *request, struct notes *notes,
			 struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status = work ? STATUS_OK : error_memory(err);

	if (!status) {
		work->zone = *zone;
		status = see_zone(out, work, request, notes, err);
	}
	free(work);
	return status;
}

static enum status preview_case(struct app_previews *out, const struct app_preview_request *request,
				struct notes *notes, struct error *err)
{
	struct app_plan plan;
	enum status status = app_plan(&plan, request->subject, request->match, notes, err);

	if (status)
		return status;
	for (int z = 0; z < plan.zones && !status; z++) {
		status = app_see_zone(&out->picture[z], &plan.zone[z], request, notes, err);
		out->pictures += !status;
	}
	app_plan_clear(&plan);
	return status;
}

bool app_is_case(const char *path)
{
	return strcmp(path, "-") && app_is_path(path) && case_is(path);
}

enum status app_preview(struct app_previews *out, const struct app_preview_request *request,
			struct notes *notes, struct error *err)
{
	bool of_case = app_is_case(request->subject);
	enum status status;

	*out = (struct app_previews){.of_case = of_case};
	out->picture = calloc(of_case ? CASE_ZONES_MAX : 1, sizeof *out->picture);
	if (!out->picture)
		return error_memory(err);
	status = (of_case ? preview_case : preview_recipe)(out, request, notes, err);
	if (status)
		app_previews_clear(out);
	return status;
}

void app_previews_clear(struct app_previews *previews)
{
	for (int i = 0; i < previews->pictures; i++)
		preview_clear(&previews->picture[i].preview);
	free(previews->picture);
	*previews = (struct app_previews){.picture = NULL};
}
