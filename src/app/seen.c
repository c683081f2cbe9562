/* Requests about what became of recipes: `treat` keeps a reading, `learn` draws on all of them. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/technique_file.h"

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

/* --- treat ---------------------------------------------------------------------------------------- */

static enum status add_seen(struct recipe *recipe, const struct app_treat_request *request,
			    struct notes *notes, struct error *err)
{
	struct recipe_seen *seen = &recipe->seen[recipe->seen_count];

	if (recipe->seen_count == RECIPE_SEEN_MAX)
		return error_set(err, STATUS_REFUSED,
				 "“%s” holds %d readings of what became of it, no more are kept",
				 recipe->stamp.name, RECIPE_SEEN_MAX);
	if (app_seen(&seen->reading, request->after, recipe, &request->source, request->mixed,
		     notes, err))
		return err->status;
	seen->state = request->state;
	recipe->seen_count++;
	return STATUS_OK;
}

enum status app_treat(struct recipe *recipe, const struct app_treat_request *request,
		      struct notes *notes, struct error *err)
{
	struct store *store;
	bool saved;
	enum status status;

	if (store_open(&store, request->folder, false, err))
		return err->status;
	status = store_find(recipe, NULL, store, request->recipe, err);
	if (!status)
		status = add_seen(recipe, request, notes, err);
	if (!status)
		status = store_save(&saved, store, recipe, err);
	store_close(store);
	return status;
}

/* --- learn ---------------------------------------------------------------------------------------- */

enum { OBSERVATIONS_MAX = 2000 };

struct work {
	struct recipe recipe;
	struct pigment_line line;
	struct scene scene;
	struct observation *observation;
	int count, left_aside;
	struct technique technique;
};

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
	if (!status)
		status = scene_carry(measured, &work->scene, &seen->reading, err);
	if (!status)
		status = observation_take(&grown[work->count], &work->recipe, &work->scene,
					  measured, seen->state, err);
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
	if (strcmp(recipe->brief.technique.name, work->technique.name)) {
		work->left_aside += recipe->seen_count;
		return STATUS_OK;
	}
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

static enum status observe_store(struct work *work, const struct app_learn_request *request,
				 struct notes *notes, struct error *err)
{
	struct recipe_stamp_list list = {0};
	struct store *store;
	enum status status;

	if (store_open(&store, request->folder, false, err))
		return err->status;
	status = store_list(&list, store, false, notes, err);
	for (size_t i = 0; i < list.count && !status; i++) {
		status = store_find(&work->recipe, NULL, store, list.item[i].id, err);
		if (!status)
			status = observe_recipe(work, request->pigments, notes, err);
	}
	recipe_stamp_list_clear(&list);
	store_close(store);
	if (work->left_aside)
		notes_addf(notes,
			   "%d readings of patches that were treated by other techniques are left "
			   "aside (--technique)",
			   work->left_aside);
	return status;
}

enum status app_learn(struct learning *out, struct text *file,
		      const struct app_learn_request *request, struct notes *notes,
		      struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status;

	*file = (struct text){0};
	if (!work)
		return error_memory(err);
	status = technique_read(&work->technique, request->technique, err);
	if (!status)
		status = observe_store(work, request, notes, err);
	if (!status)
		status = learning_fit(out, &work->technique, work->observation, work->count, err);
	if (!status) {
		text_copy(out->technique.name, sizeof out->technique.name, request->name);
		status = technique_print(file, &out->technique, err);
	}
	free(work->observation);
	free(work);
	return status;
}
