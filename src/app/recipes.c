/* Requests about kept recipes: save, list, history, show and what else needs one. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "formats/pigment_file.h"
#include "formats/recipe_file.h"
#include "match/reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REACH_NOTE "out of reach"

/* What was noted of the reach of the recipe as it was no longer holds; the rest, about its readings,
 * does. */
static void drop_reach_notes(struct recipe *recipe)
{
	int kept = 0;

	for (int i = 0; i < recipe->note_count; i++)
		if (strncmp(recipe->note[i], REACH_NOTE, strlen(REACH_NOTE)))
			memmove(recipe->note[kept++], recipe->note[i], sizeof recipe->note[0]);
	recipe->note_count = kept;
}

/* Says what of a hand's changes the line overrules. */
static void note_overruled(const struct recipe_dose *written, const struct recipe_dose *taken,
			   struct notes *notes)
{
	const struct bottle *a = &written->bottle, *b = &taken->bottle;

	if (strcmp(a->name, b->name) || strcmp(a->maker, b->maker) || strcmp(a->shade, b->shade) ||
	    a->drops_per_ml != b->drops_per_ml)
		notes_addf(
			notes,
			"%s: name, maker, shade and drops_per_ml are the pigment line's; a change "
			"of them is not taken",
			b->id);
	if (written->ml != taken->ml)
		notes_addf(notes, "%s: %d drops are %.2f ml; ml follows from the drops", b->id,
			   taken->drops, taken->ml);
}

enum status app_predict_in(struct scene *scene, struct recipe *recipe, struct pigment_line *line,
			   struct notes *notes, struct error *err)
{
	recipe_strengthen(line, recipe);
	return app_scene(scene, &recipe->brief, line, notes, err)
		       ? err->status
		       : recipe_predict(recipe, scene, line, err);
}

enum status app_predict_anew(struct recipe *recipe, struct pigment_line *line, struct error *err)
{
	struct scene *scene = malloc(sizeof *scene);
	struct notes found = {0};
	enum status status =
		scene ? app_predict_in(scene, recipe, line, &found, err) : error_memory(err);

	if (!status) {
		drop_reach_notes(recipe);
		reach_note(scene, &recipe->brief, &found);
		error_band_note(scene, &recipe->brief, &found);
		app_note_miss(recipe->predicted.de00, &scene->problem.light[0].required,
			      &recipe->predicted.look[recipe->predicted.look_count - 1].lab, NULL,
			      &found);
		recipe_add_notes(recipe, &found);
	}
	notes_clear(&found);
	free(scene);
	return status;
}

static enum status predict_changed(struct recipe *recipe, struct pigment_line *line,
				   struct notes *notes, struct error *err)
{
	const struct recipe_dose diluent = recipe->diluent;
	struct recipe_dose dose[RECIPE_PIGMENTS_MAX];

	memcpy(dose, recipe->dose, sizeof dose);
	if (app_predict_anew(recipe, line, err))
		return err->status;
	note_overruled(&diluent, &recipe->diluent, notes);
	for (int i = 0; i < recipe->dose_count; i++)
		note_overruled(&dose[i], &recipe->dose[i], notes);
	notes_addf(notes,
		   "the predicted colour was computed anew for the changed recipe: dE00 %.2f",
		   recipe->predicted.de00);
	if (recipe->seen_count)
		notes_addf(notes,
			   "readings of what became of the mix before stay with its own version");
	recipe->seen_count = 0;
	return STATUS_OK;
}

/* A recipe that was changed by hand gets a prediction of what it is now, or is refused. */
static enum status refresh(struct recipe *recipe, const char *pigments, struct notes *notes,
			   struct error *err)
{
	struct pigment_line line;
	enum status status;

	if (!recipe->edited)
		return STATUS_OK;
	if (app_recipe_line(&line, recipe, pigments, err))
		return error_prefix(err, "the recipe was changed and must be predicted anew: ");
	status = predict_changed(recipe, &line, notes, err);
	pigment_line_clear(&line);
	return status;
}

bool app_is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') || strcmp(name, "-") == 0 ||
	       (length > 4 && strcmp(name + length - 4, ".cfg") == 0);
}

enum status app_name(struct recipe *recipe, const char *name, const char *zone, struct error *err)
{
	if (name && (app_is_path(name) || *name == '-' || strchr(name, '@')))
		return error_set(
			err, STATUS_REFUSED,
			"name “%s”: a name may not hold '/' or '@', begin with '-' or end in .cfg",
			name);
	if ((name && text_check_line(name, sizeof recipe->stamp.name, "name", err)) ||
	    (zone && text_check_line(zone, sizeof recipe->zone, "zone", err)))
		return err->status;
	if (name)
		text_copy(recipe->stamp.name, sizeof recipe->stamp.name, name);
	if (zone)
		text_copy(recipe->zone, sizeof recipe->zone, zone);
	return STATUS_OK;
}

/* The recipe of the request's file, as it is to be saved. */
static enum status read_to_save(struct recipe *recipe, const struct app_save_request *request,
				struct notes *notes, struct error *err)
{
	const char *file = request->file;

	if (recipe_read(recipe, NULL, file, err) ||
	    app_name(recipe, request->name, request->zone, err))
		return err->status;
	if (!*recipe->stamp.name)
		return error_set(err, STATUS_REFUSED, "%s: the recipe has no name yet, give --name",
				 file);
	if (app_name(recipe, recipe->stamp.name, NULL, err) ||
	    refresh(recipe, request->pigments, notes, err))
		return error_prefix(err, "%s: ", file);
	if (request->client && client_is_in(recipe, request->client))
		return error_set(
			err, STATUS_REFUSED,
			"%s: name, zone, notes, readings or sessions name the client %s, and what "
			"is saved is never erased",
			file, request->client);
	return STATUS_OK;
}

enum status app_save(struct recipe *recipe, bool *saved, const struct app_save_request *request,
		     struct notes *notes, struct error *err)
{
	struct clients *clients = NULL;
	enum status status = STATUS_OK;

	*saved = false;
	if (request->client)
		status = client_code_check(request->client, err);
	if (!status && request->note)
		status = text_check_line(request->note, CLIENT_TEXT_SIZE, "note", err);
	if (!status)
		status = read_to_save(recipe, request, notes, err);
	if (!status && request->client)
		status = app_clients_open(&clients, true, err);
	if (!status && request->note)
		status = app_seal(recipe, clients, request->client, request->note, err);
	if (!status)
		status = app_store_save(saved, request->folder, recipe, notes, err);
	if (!status && request->client &&
	    clients_link(clients, request->client, recipe->stamp.id, err))
		status = error_prefix(err, "saved as %s, but not linked: ", recipe->stamp.id);
	clients_close(clients);
	return status;
}

/* The recipes of several files as they are to be saved. Texts, as a recipe takes a hundred times the memory. */
struct batch {
	const char *const *file;
	struct text *text;
	int count;
	const struct app_save_request *request;
};

static enum status read_batch(struct batch *batch, struct recipe *recipe, struct notes *notes,
			      struct error *err)
{
	enum status status = STATUS_OK;

	for (int i = 0; i < batch->count && !status; i++) {
		struct app_save_request request = *batch->request;
		struct notes found = {0};

		request.file = batch->file[i];
		status = read_to_save(recipe, &request, &found, err);
		if (!status)
			status = recipe_print(&batch->text[i], recipe, err);
		for (size_t n = 0; n < found.count; n++)
			notes_addf(notes, "%s: %s", batch->file[i], found.line[n]);
		notes_clear(&found);
	}
	return status;
}

static enum status supply_recipe(struct recipe *recipe, int i, void *data, struct error *err)
{
	const struct batch *batch = data;

	return recipe_parse(recipe, &batch->text[i], batch->file[i], err);
}

static enum status link_all(struct clients *clients, const struct store_saved *saved,
			    const struct batch *batch, struct error *err)
{
	for (int i = 0; i < batch->count; i++)
		if (clients_link(clients, batch->request->client, saved[i].stamp.id, err))
			return error_prefix(err,
					    "saved as %s, but not linked: ", saved[i].stamp.id);
	return STATUS_OK;
}

enum status app_save_all(struct store_saved *out, const char *const *file, int count,
			 const struct app_save_request *request, struct notes *notes,
			 struct error *err)
{
	struct batch batch = {file, calloc((size_t)count, sizeof *batch.text), count, request};
	struct recipe *recipe = malloc(sizeof *recipe);
	struct clients *clients = NULL;
	enum status status = recipe && batch.text ? STATUS_OK : error_memory(err);

	if (!status && request->client)
		status = client_code_check(request->client, err);
	if (!status)
		status = read_batch(&batch, recipe, notes, err);
	if (!status && request->client)
		status = app_clients_open(&clients, true, err);
	if (!status)
		status = app_store_save_all(out, count, request->folder, supply_recipe, &batch,
					    notes, err);
	if (!status && request->client)
		status = link_all(clients, out, &batch, err);
	clients_close(clients);
	for (int i = 0; batch.text && i < count; i++)
		text_clear(&batch.text[i]);
	free(batch.text);
	free(recipe);
	return status;
}

enum status app_list(struct recipe_stamp_list *list, const char *folder,
		     const struct index_filter *filter, const char *client, struct notes *notes,
		     struct error *err)
{
	struct client held = {0};
	struct store *store = NULL;
	struct index_filter asked = *filter;
	char id[RECIPE_CLINIC_SIZE] = ""; /* a client has recipes of one's own only */
	enum status status = app_store_open(&store, folder, err);

	if (!status && filter->clinic)
		status = store_clinic_id(id, store, filter->clinic, err);
	if (filter->clinic || client)
		asked.clinic = id;
	if (!status && client)
		status = app_client_recipes(&held, client, err);
	if (!status)
		status = store_list(list, store, &asked, notes, err);
	if (!status && client)
		app_client_keep(list, &held);
	client_clear(&held);
	store_close(store);
	return status;
}

enum status app_history(struct app_history *out, const char *folder, const char *name,
			struct notes *notes, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct store *store = NULL;
	enum status status = recipe ? STATUS_OK : error_memory(err);

	*out = (struct app_history){.session = NULL};
	if (!status)
		status = app_store_open(&store, folder, err);
	if (!status)
		status = store_find(recipe, NULL, store, name, err);
	if (!status)
		status = store_list(&out->versions, store,
				    &(struct index_filter){.all = true, .id = recipe->stamp.id},
				    notes, err);
	if (!status)
		status =
			store_sessions(&out->session, &out->sessions, store, recipe->stamp.id, err);
	store_close(store);
	free(recipe);
	if (status)
		app_history_clear(out);
	return status;
}

void app_history_clear(struct app_history *history)
{
	recipe_stamp_list_clear(&history->versions);
	free(history->session);
	*history = (struct app_history){.session = NULL};
}

/* One that was changed by hand is no longer the version that the file says. */
static enum status read_recipe_file(struct recipe *recipe, struct text *text, const char *path,
				    const char *pigments, struct notes *notes, struct error *err)
{
	bool edited;

	if (recipe_read(recipe, text, path, err))
		return err->status;
	edited = recipe->edited;
	if (refresh(recipe, pigments, notes, err))
		return error_prefix(err, "%s: ", path);
	if (edited)
		recipe->stamp.version = 0;
	return STATUS_OK;
}

enum status app_recipe(struct recipe *recipe, struct text *text, const char *folder,
		       const char *name, const char *pigments, struct notes *notes,
		       struct error *err)
{
	struct store *store;
	enum status status;

	if (text)
		*text = (struct text){0};
	if (app_is_path(name)) {
		status = read_recipe_file(recipe, text, name, pigments, notes, err);
	} else {
		if (app_store_open(&store, folder, err))
			return err->status;
		status = store_find(recipe, text, store, name, err);
		store_close(store);
	}
	if (status && text)
		text_clear(text);
	return status;
}

enum status app_diff(struct comparison *out, const char *folder, const char *before,
		     const char *after, struct notes *notes, struct error *err)
{
	struct recipe *recipe = calloc(2, sizeof *recipe);
	enum status status = recipe ? STATUS_OK : error_memory(err);

	if (!status)
		status = app_recipe(&recipe[0], NULL, folder, before, NULL, notes, err);
	if (!status)
		status = app_recipe(&recipe[1], NULL, folder, after, NULL, notes, err);
	if (!status)
		recipe_compare(out, &recipe[0], &recipe[1]);
	free(recipe);
	return status;
}

enum status app_revert(struct recipe *recipe, bool *saved, const char *folder, const char *name,
		       struct notes *notes, struct error *err)
{
	*saved = false;
	if (app_is_path(name) || !strchr(name, '@'))
		return error_set(err, STATUS_REFUSED,
				 "%s: a version of a kept recipe is needed, such as Crown@1", name);
	if (app_recipe(recipe, NULL, folder, name, NULL, notes, err))
		return err->status;
	return app_store_save(saved, folder, recipe, notes, err);
}
