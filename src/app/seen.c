/* What became of recipes: a reading of it, and the request `learn`, which draws on all of them. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/technique_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one reading ---------------------------------------------------------------------------------- */

enum status app_recipe_line(struct pigment_line *line, const struct recipe *recipe,
			    const char *pigments, struct error *err)
{
	const char *name = pigments ? pigments : recipe->line.name;

	if (pigment_line_read(line, name, err))
		return error_prefix(err, "the recipe's pigment line is needed (--pigments): ");
	if (strcmp(line->fingerprint, recipe->line.fingerprint) == 0)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED,
		  "the line “%s” (fingerprint %.12s) is not the one that the recipe was made with "
		  "(%.12s)",
		  name, line->fingerprint, recipe->line.fingerprint);
	pigment_line_clear(line);
	return err->status;
}

enum status app_seen(struct repeats *out, const char *file, const struct recipe *recipe,
		     const struct app_source *source, bool mixed, struct notes *notes,
		     struct error *err)
{
	const struct app_selection selection = {source, mixed};
	const struct brief *brief = &recipe->brief;
	enum reading_role role = brief_in_skin(brief) ? ROLE_SKIN : ROLE_TARGET;
	struct illuminant illuminant = {.power = brief->light[0].power};
	struct observer observer;
	const char *conflict = NULL;

	if ((!brief->light[0].own && illuminant_find(&illuminant, brief->light[0].name, err)) ||
	    observer_find(&observer, brief->observer, err) ||
	    app_mean(out, file, "trial", &selection, &illuminant, &observer, notes, err))
		return err->status;
	if (brief->given[role] && !mixed)
		conflict = conditions_conflict(&out->mean.conditions,
					       &brief->reading[role].mean.conditions);
	if (conflict)
		return error_set(err, STATUS_REFUSED,
				 "%s: it was not taken like the recipe's %s reading (%s); "
				 "--allow-mixed takes it as it is",
				 file, reading_role_names[role], conflict);
	return STATUS_OK;
}

/* --- learn ---------------------------------------------------------------------------------------- */

enum { OBSERVATIONS_MAX = 2000 };

struct work {
	struct recipe recipe, next;
	struct pigment_line line;
	struct scene scene;
	struct observation *observation;
	int count;
	int others, clients, planned; /* left aside: of other techniques, of stated parameters … */
	struct technique technique;
};

/* Of a client whose dose, depth … were stated, readings do not tell those of the technique. */
static bool is_clients_own(const struct technique *technique)
{
	static const enum technique_key learned[LEARNED] = {
		TECHNIQUE_DOSE_SHARE, TECHNIQUE_KEPT_SHARE, TECHNIQUE_DEPTH_MM,
		TECHNIQUE_YULE_NIELSEN_N};

	for (int i = 0; i < LEARNED; i++)
		if (strcmp(technique->source[learned[i]], STATED_SOURCE) == 0)
			return true;
	return false;
}

/* Counts where the readings of a recipe say nothing of the technique; true where they do. */
static bool is_telling(struct work *work)
{
	const struct brief *brief = &work->recipe.brief;
	int seen = work->recipe.seen_count;

	if (strcmp(brief->technique.name, work->technique.name))
		work->others += seen;
	else if (is_clients_own(&brief->technique))
		work->clients += seen;
	else if (brief->given[ROLE_PATCH] &&
		 strcmp(brief->reading[ROLE_PATCH].mean.conditions.origin, READING_COMPUTED) == 0)
		work->planned += seen;
	else
		return true;
	return false;
}

static enum status observe(struct work *work, const struct recipe_seen *seen, struct error *err)
{
	struct brief *brief = &work->recipe.brief;
	enum healing_state recipes = brief->state;
	struct notes ignored = {0}; /* said when the recipe was made */
	struct observation *grown;
	double measured[SPECTRUM_SAMPLES_MAX];
	enum status status;

	if (work->count == OBSERVATIONS_MAX)
		return STATUS_OK;
	grown = realloc(work->observation, (size_t)(work->count + 1) * sizeof *grown);
	if (!grown)
		return error_memory(err);
	work->observation = grown;
	brief->state = seen->state;
	status = app_scene(&work->scene, brief, &work->line, &ignored, err);
	brief->state = recipes;
	notes_clear(&ignored);
	if (!status) {
		scene_carry(measured, &work->scene, &seen->reading);
		status = observation_take(&grown[work->count], &work->recipe, &work->scene,
					  measured, seen->state, err);
	}
	work->count += !status;
	return status;
}

static enum status observe_recipe(struct work *work, const char *pigments, struct notes *notes,
				  struct error *err)
{
	const struct recipe *recipe = &work->recipe;
	enum status status;

	if (!brief_in_skin(&recipe->brief) || recipe->seen_count == 0)
		return STATUS_OK;
	if (!is_telling(work))
		return STATUS_OK;
	status = app_recipe_line(&work->line, recipe, pigments, err);
	if (status) { /* another recipe's line may be at hand */
		notes_addf(notes, "“%s” is left aside: %s", recipe->stamp.name, err->message);
		return STATUS_OK;
	}
	recipe_strengthen(&work->line, recipe);
	for (int i = 0; i < recipe->seen_count && !status; i++)
		status = observe(work, &recipe->seen[i], err);
	pigment_line_clear(&work->line);
	return status ? error_prefix(err, "“%s”: ", recipe->stamp.name) : STATUS_OK;
}

/* Readings stay with a recipe from version to version until its mix is changed: those of each mix count
 * once, at its last version. */
static enum status observe_versions(struct work *work, struct store *store,
				    const struct recipe_stamp_list *list,
				    const struct app_learn_request *request, struct notes *notes,
				    struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct recipe_stamp *stamp = &list->item[i];
		bool newest = i + 1 == list->count || strcmp(stamp->id, list->item[i + 1].id);
		char name[RANDOM_ID_SIZE + 16];

		snprintf(name, sizeof name, "%s@%d", stamp->id, stamp->version);
		if (store_find(&work->recipe, NULL, store, name, err))
			return err->status;
		snprintf(name, sizeof name, "%s@%d", stamp->id, stamp->version + 1);
		if (!newest && store_find(&work->next, NULL, store, name, err))
			return err->status;
		if (!newest && work->next.seen_count >= work->recipe.seen_count)
			continue;
		if (observe_recipe(work, request->pigments, notes, err))
			return err->status;
	}
	return STATUS_OK;
}

/* Versions of one recipe beside each other, the oldest first. */
static int by_recipe(const void *a, const void *b)
{
	const struct recipe_stamp *one = a, *two = b;
	int order = strcmp(one->id, two->id);

	return order ? order : one->version - two->version;
}

static void note_aside(const struct work *work, struct notes *notes)
{
	const struct {
		int count;
		const char *why;
	} aside[] = {{work->others, "of other techniques (--technique)"},
		     {work->clients, "of clients with parameters of their own (--set)"},
		     {work->planned, "of patches that were planned, not read, before"}};

	for (size_t i = 0; i < sizeof aside / sizeof *aside; i++)
		if (aside[i].count)
			notes_addf(notes, "left aside: %d reading%s %s", aside[i].count,
				   aside[i].count == 1 ? "" : "s", aside[i].why);
}

static enum status observe_store(struct work *work, const struct app_learn_request *request,
				 struct notes *notes, struct error *err)
{
	struct recipe_stamp_list list = {0};
	struct store *store;
	enum status status;

	if (app_store_open(&store, request->folder, err))
		return err->status;
	status = store_list(&list, store, &(struct index_filter){.all = true, .clinic = ""}, notes,
			    err);
	if (!status && list.count)
		qsort(list.item, list.count, sizeof *list.item, by_recipe);
	if (!status)
		status = observe_versions(work, store, &list, request, notes, err);
	recipe_stamp_list_clear(&list);
	store_close(store);
	note_aside(work, notes);
	return status;
}

static enum status check_name(const char *name, struct error *err)
{
	if (text_check_line(name, TECHNIQUE_NAME_SIZE, "name of the technique", err))
		return err->status;
	if (strchr(name, '/') || !profile_is_name(name))
		return error_set(err, STATUS_REFUSED,
				 "name of the technique “%s”: it may not hold '/' or end in .cfg, "
				 ".csv or .sp",
				 name);
	return STATUS_OK;
}

/* Where there are too few, it helps to know which were not counted. */
static enum status fit(struct learning *out, const struct work *work, struct error *err)
{
	enum status status =
		learning_fit(out, &work->technique, work->observation, work->count, err);

	if (status && work->others + work->clients + work->planned > 0)
		error_prefix(err,
			     "left aside: %d readings of other techniques, %d of clients with "
			     "parameters of their own (--set), %d of patches that were planned; ",
			     work->others, work->clients, work->planned);
	return status;
}

enum status app_learn(struct learning *out, struct text *file,
		      const struct app_learn_request *request, struct notes *notes,
		      struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status;

	*file = (struct text){0};
	memset(out, 0, sizeof *out);
	if (!work)
		return error_memory(err);
	status = check_name(request->name, err);
	if (!status)
		status = technique_read(&work->technique, request->technique, err);
	if (!status)
		status = observe_store(work, request, notes, err);
	if (!status)
		status = fit(out, work, err);
	if (!status) {
		text_copy(out->technique.name, sizeof out->technique.name, request->name);
		status = technique_print(file, &out->technique, err);
	}
	free(work->observation);
	free(work);
	return status;
}
