/* Requests about kept recipes: save, list, history, show and what else needs one. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "formats/pigment_file.h"
#include "formats/recipe_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two machines agree on a prediction to about 1e-12; a changed drop moves it by far more than this. */
#define PREDICTION_SAME 1e-6

enum status app_store_folder(char folder[4096], const char *option, struct error *err)
{
	const char *chosen = option ? option : getenv("FOLLITONE_STORE");
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int length;

	if (chosen && *chosen)
		length = snprintf(folder, 4096, "%s", chosen);
	else if (data && *data)
		length = snprintf(folder, 4096, "%s/follitone/store", data);
	else if (home && *home)
		length = snprintf(folder, 4096, "%s/.local/share/follitone/store", home);
	else
		return error_set(err, STATUS_ENVIRONMENT,
				 "no place for the store: set HOME or give --store FOLDER");
	if (length >= 4096)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", folder);
	return STATUS_OK;
}

static bool predictions_differ(const struct recipe *a, const struct recipe *b)
{
	if (a->predicted.dot.grid.count != b->predicted.dot.grid.count)
		return true;
	for (int i = 0; i < a->predicted.dot.grid.count; i++)
		if (fabs(a->predicted.dot.value[i] - b->predicted.dot.value[i]) > PREDICTION_SAME)
			return true;
	for (int i = 0; i < a->dose_count; i++)
		if (fabs(a->dose[i].ml - b->dose[i].ml) > PREDICTION_SAME)
			return true;
	return fabs(a->diluent.ml - b->diluent.ml) > PREDICTION_SAME ||
	       fabs(a->predicted.de00 - b->predicted.de00) > PREDICTION_SAME;
}

static enum status predict_with(struct recipe *recipe, struct pigment_line *line,
				struct notes *notes, struct error *err)
{
	struct recipe *again = malloc(sizeof *again);
	struct scene *scene = malloc(sizeof *scene);
	struct notes ignored = {0}; /* said when the recipe was made, and kept in it */
	enum status status = again && scene ? STATUS_OK : error_memory(err);

	if (!status)
		status = app_scene(scene, &recipe->brief, line, &ignored, err);
	if (!status) {
		*again = *recipe;
		status = recipe_predict(again, scene, line, err);
	}
	if (!status && predictions_differ(recipe, again)) {
		*recipe = *again;
		notes_addf(notes, "the predicted colour was computed anew for the changed recipe");
	}
	notes_clear(&ignored);
	free(scene);
	free(again);
	return status;
}

/* A line's file name where it has one of ours; a line is found by name as pigment_line_read() knows it. */
static enum status predict_again(struct recipe *recipe, const char *pigments, struct notes *notes,
				 struct error *err)
{
	struct pigment_line line;
	struct error not_found;
	enum status status;

	if (pigment_line_read(&line, pigments ? pigments : recipe->line.name, &not_found)) {
		if (pigments) {
			*err = not_found;
			return err->status;
		}
		notes_addf(notes,
			   "the pigment line “%s” is not at hand: the prediction was kept as the "
			   "file has it "
			   "(give --pigments to check it)",
			   recipe->line.name);
		return STATUS_OK;
	}
	if (strcmp(line.fingerprint, recipe->line.fingerprint) == 0)
		status = predict_with(recipe, &line, notes, err);
	else if (pigments)
		status = error_set(
			err, STATUS_REFUSED,
			"%s: not the line that the recipe was made with (fingerprint %.12s…, the "
			"recipe's is %.12s…)",
			pigments, line.fingerprint, recipe->line.fingerprint);
	else {
		notes_addf(notes,
			   "the line “%s” has changed since this recipe was made: the prediction "
			   "was kept as "
			   "the file has it",
			   recipe->line.name);
		status = STATUS_OK;
	}
	pigment_line_clear(&line);
	return status;
}

static enum status take_word(char *slot, const char *word, const char *what, struct error *err)
{
	if (!word)
		return STATUS_OK;
	if (strlen(word) >= RECIPE_NAME_SIZE || !text_printable(word) || !*word)
		return error_set(err, STATUS_REFUSED,
				 "%s: 1 to %d bytes without control characters are allowed", what,
				 RECIPE_NAME_SIZE - 1);
	text_copy(slot, RECIPE_NAME_SIZE, word);
	return STATUS_OK;
}

enum status app_save(struct recipe *recipe, bool *saved, const char *folder, const char *file,
		     const char *name, const char *zone, const char *pigments, struct notes *notes,
		     struct error *err)
{
	struct store *store;
	enum status status;

	*saved = false;
	if (recipe_read(recipe, file, err) || take_word(recipe->stamp.name, name, "name", err) ||
	    take_word(recipe->zone, zone, "zone", err))
		return err->status;
	if (!*recipe->stamp.name)
		return error_set(err, STATUS_REFUSED, "%s: the recipe has no name yet, give --name",
				 file);
	if (predict_again(recipe, pigments, notes, err)) {
		if (err->status == STATUS_REFUSED && !pigments)
			error_prefix(err, "%s: ", file);
		return err->status;
	}
	if (store_open(&store, folder, true, err))
		return err->status;
	status = store_save(saved, store, recipe, err);
	store_close(store);
	return status;
}

enum status app_list(struct recipe_stamp_list *list, const char *folder, struct error *err)
{
	struct store *store;
	enum status status;

	if (store_open(&store, folder, false, err))
		return err->status;
	status = store_list(list, store, false, err);
	store_close(store);
	return status;
}

enum status app_history(struct recipe_stamp_list *list, const char *folder, const char *name,
			struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct store *store = NULL;
	size_t kept = 0;
	enum status status = recipe ? STATUS_OK : error_memory(err);

	*list = (struct recipe_stamp_list){0};
	if (!status)
		status = store_open(&store, folder, false, err);
	if (!status)
		status = store_find(recipe, NULL, store, name, err);
	if (!status)
		status = store_list(list, store, true, err);
	for (size_t i = 0; !status && i < list->count; i++)
		if (strcmp(list->item[i].id, recipe->stamp.id) == 0)
			list->item[kept++] = list->item[i];
	list->count = kept;
	store_close(store);
	free(recipe);
	return status;
}

static bool is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') || strcmp(name, "-") == 0 ||
	       (length > 4 && strcmp(name + length - 4, ".cfg") == 0);
}

enum status app_recipe(struct recipe *recipe, struct text *text, const char *folder,
		       const char *name, struct error *err)
{
	struct store *store;
	enum status status;

	if (is_path(name)) {
		struct text read;

		if (file_read(&read, name, FILE_READ_MOST, err))
			return err->status;
		if (text) {
			*text = (struct text){0};
			text_add(text, read.data, read.length);
		}
		status = recipe_parse(recipe, &read, name, err);
		text_clear(&read);
	} else {
		if (store_open(&store, folder, false, err))
			return err->status;
		status = store_find(recipe, text, store, name, err);
		store_close(store);
	}
	if (status && text)
		text_clear(text);
	return status;
}
