/* The clinic's store as a whole: where it is, whose key signs it, whether all in it is as it was saved. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "formats/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status app_data_path(char path[APP_PATH_SIZE], const char *name, struct error *err)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int length;

	if (data && *data)
		length = snprintf(path, APP_PATH_SIZE, "%s/follitone/%s", data, name);
	else if (home && *home)
		length = snprintf(path, APP_PATH_SIZE, "%s/.local/share/follitone/%s", home, name);
	else
		return error_set(err, STATUS_ENVIRONMENT,
				 "no place for the clinic's data: set HOME or XDG_DATA_HOME");
	if (length >= APP_PATH_SIZE)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	return STATUS_OK;
}

enum status app_data_folder(const char *path, struct error *err)
{
	char folder[APP_PATH_SIZE];

	text_copy(folder, sizeof folder, path);
	*strrchr(folder, '/') = 0;
	return file_make_folder(folder, err);
}

enum status app_store_folder(char folder[APP_PATH_SIZE], const char *option, struct error *err)
{
	const char *chosen = option && *option ? option : getenv("FOLLITONE_STORE");

	if (!chosen || !*chosen)
		return app_data_path(folder, "store", err);
	if (strlen(chosen) >= APP_PATH_SIZE)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", chosen);
	text_copy(folder, APP_PATH_SIZE, chosen);
	return STATUS_OK;
}

/* --- the key ---------------------------------------------------------------------------------- */

static enum status make_key(const char *path, struct error *err)
{
	return app_data_folder(path, err) ? err->status : key_make(path, err);
}

/* The public half, where it is not there (any more). */
static enum status write_public(const struct clinic_key *key, const char *path, struct error *err)
{
	char open_path[APP_PATH_SIZE + 8];
	struct text line = {0};
	enum status status;

	snprintf(open_path, sizeof open_path, "%s.pub", path);
	if (access(open_path, F_OK) == 0)
		return STATUS_OK;
	key_print(&line, &key->open);
	text_adds(&line, "\n");
	status = text_failed(&line) ? error_memory(err)
				    : file_write(open_path, line.data, line.length, err);
	text_clear(&line);
	return status;
}

static void note_key(const struct clinic_key *key, const char *path, struct notes *notes)
{
	char fingerprint[KEY_FINGERPRINT_SIZE], words[KEY_WORDS_SIZE];

	key_fingerprint(fingerprint, &key->open);
	key_words(words, &key->open);
	notes_addf(
		notes,
		"a key was made for this clinic, which signs all that is saved: %s (“%s”); keep a "
		"copy of %s in a safe place",
		fingerprint, words, path);
}

static enum status app_key(struct clinic_key *key, char path[APP_PATH_SIZE], struct notes *notes,
			   struct error *err)
{
	struct error unsaid;
	bool made = false;

	if (app_data_path(path, "clinic.key", err))
		return err->status;
	if (access(path, F_OK)) {
		made = make_key(path, err) == STATUS_OK;
		if (!made && access(path, F_OK)) /* else another was first */
			return err->status;
	}
	if (key_read(key, path, made ? &unsaid : err))
		return made ? error_set(err, STATUS_ENVIRONMENT, "%s", unsaid.message)
			    : err->status;
	if (made)
		note_key(key, path, notes);
	return write_public(key, path, err);
}

static enum status app_public_key(struct public_key *key, bool *known, struct error *err)
{
	char path[APP_PATH_SIZE], open_path[APP_PATH_SIZE + 8];
	struct text line;
	enum status status;

	*known = false;
	if (app_data_path(path, "clinic.key", err))
		return err->status;
	snprintf(open_path, sizeof open_path, "%s.pub", path);
	if (access(open_path, F_OK))
		return STATUS_OK;
	if (file_read(&line, open_path, APP_PATH_SIZE, err))
		return err->status;
	status = key_parse(key, line.data, err);
	text_clear(&line);
	if (status)
		return error_prefix(err, "%s: ", open_path);
	*known = true;
	return STATUS_OK;
}

/* --- the store -------------------------------------------------------------------------------- */

enum status app_store_open(struct store **store, const char *folder, struct error *err)
{
	struct public_key key;
	bool known;

	char path[APP_PATH_SIZE];

	*store = NULL;
	if (app_public_key(&key, &known, err) || app_data_path(path, CLINICS_FILE, err) ||
	    store_open(store, folder, known ? &key : NULL, false, err))
		return err->status;
	if (store_know(*store, path, err)) {
		store_close(*store);
		*store = NULL;
	}
	return *store ? STATUS_OK : err->status;
}

enum status app_store_open_signing(struct store **store, struct clinic_key *key, const char *folder,
				   struct notes *notes, struct error *err)
{
	char path[APP_PATH_SIZE], clinics[APP_PATH_SIZE];
	enum status status;

	*store = NULL;
	if (app_data_path(clinics, CLINICS_FILE, err) || app_key(key, path, notes, err))
		return err->status;
	status = store_open(store, folder, &key->open, true, err);
	if (!status)
		status = store_know(*store, clinics, err);
	if (status) {
		store_close(*store);
		*store = NULL;
		key_clear(key);
	}
	return status;
}

enum status app_store_save(bool *saved, const char *folder, struct recipe *recipe,
			   struct notes *notes, struct error *err)
{
	struct clinic_key key;
	struct store *store;
	enum status status;

	*saved = false;
	if (app_store_open_signing(&store, &key, folder, notes, err))
		return err->status;
	status = store_save(saved, store, recipe, &key, err);
	store_close(store);
	key_clear(&key);
	return status;
}

enum status app_store_save_all(struct store_saved *out, int count, const char *folder,
			       store_supply *supply, void *data, struct notes *notes,
			       struct error *err)
{
	struct clinic_key key;
	struct store *store;
	enum status status;

	if (app_store_open_signing(&store, &key, folder, notes, err))
		return err->status;
	status = store_save_all(out, count, store, supply, data, &key, err);
	store_close(store);
	key_clear(&key);
	return status;
}

enum status app_store_prepare(const char *folder, const struct index_watch *watch)
{
	struct store *store;
	struct error unsaid;
	enum status status = app_store_open(&store, folder, &unsaid);

	if (!status)
		status = store_prepare(store, watch, &unsaid);
	store_close(store);
	return status;
}

enum status app_store_init(struct app_clinic *clinic, const char *folder, struct notes *notes,
			   struct error *err)
{
	struct clinic_key key;
	struct store *store;
	enum status status;

	if (app_key(&key, clinic->path, notes, err))
		return err->status;
	clinic->key = key.open;
	key_clear(&key);
	status = store_open(&store, folder, &clinic->key, true, err);
	store_close(store);
	return status;
}

enum status app_store_verify(struct store_check *check, const char *folder, struct error *err)
{
	struct store *store;
	enum status status;

	if (app_store_open(&store, folder, err))
		return err->status;
	status = store_verify(check, store, err);
	store_close(store);
	return status;
}

enum status app_store_tidy(struct repository_tidy *out, const char *folder, struct error *err)
{
	struct store *store;
	enum status status;

	if (app_store_open(&store, folder, err))
		return err->status;
	status = store_tidy(out, store, err);
	store_close(store);
	return status;
}

enum status app_store_backup(const char *path, const char *folder, struct error *err)
{
	struct store *store;
	struct text bundle;
	enum status status;

	if (app_store_open(&store, folder, err))
		return err->status;
	status = store_backup(&bundle, store, err);
	store_close(store);
	if (!status)
		status = file_write(path, bundle.data, bundle.length, err);
	text_clear(&bundle);
	return status;
}

/* --- what is asked of all of it --------------------------------------------------------------- */

static enum status find_required(struct lab *lab, struct store *store, const char *name,
				 struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status;

	if (!recipe)
		return error_memory(err);
	status = store_find(recipe, NULL, store, name, err);
	if (!status)
		*lab = recipe_required_lab(recipe);
	free(recipe);
	return status;
}

/* The colour that is meant: of a sample, or required by a recipe of the store. */
static enum status find_colour(struct lab *lab, struct store *store,
			       const struct app_nearest_request *request, struct notes *notes,
			       struct error *err)
{
	const struct app_selection all = {&request->source, request->mixed};
	struct illuminant illuminant;
	struct observer observer;
	struct app_sample sample;
	struct weights weights;

	if (strspn(request->words, "0123456789+-.,eE ") < strlen(request->words) &&
	    access(request->words, F_OK))
		return find_required(lab, store, request->words, err);
	if (illuminant_find(&illuminant, request->light.illuminant, err) ||
	    observer_find(&observer, request->light.observer, err) ||
	    app_sample(&sample, request->words, "colour", &all, &illuminant, &observer, notes, err))
		return err->status;
	*lab = sample.lab;
	if (!sample.spectral)
		return STATUS_OK;
	if (weights_build(&weights, &sample.repeats.mean.reflectance.grid, &illuminant, &observer,
			  err))
		return err->status;
	*lab = weights_lab(&weights, sample.repeats.mean.reflectance.value);
	return STATUS_OK;
}

enum status app_nearest(struct recipe_near **near, int *count,
			const struct app_nearest_request *request, struct notes *notes,
			struct error *err)
{
	struct store *store;
	struct lab lab;
	enum status status;

	*near = NULL;
	*count = 0;
	if (app_store_open(&store, request->folder, err))
		return err->status;
	status = find_colour(&lab, store, request, notes, err);
	if (!status)
		status = store_nearest(near, count, store, &lab, request->most, err);
	store_close(store);
	return status;
}

/* Which recipe, and up to which version. `id` is room for it. */
static enum status find_lots_recipe(struct lot_filter *filter, char id[RANDOM_ID_SIZE],
				    struct store *store, const char *name, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status = recipe ? STATUS_OK : error_memory(err);

	if (!status)
		status = store_find(recipe, NULL, store, name, err);
	if (!status) {
		text_copy(id, RANDOM_ID_SIZE, recipe->stamp.id);
		filter->recipe = id;
		filter->version = strchr(name, '@') ? recipe->stamp.version : 0;
	}
	free(recipe);
	return status;
}

enum status app_lots(struct recipe_lot **lots, int *count, const struct app_lots_request *request,
		     struct error *err)
{
	struct lot_filter filter = {.lot = request->lot, .until = request->until};
	char id[RANDOM_ID_SIZE], since[CLOCK_DAY_SIZE], until[CLOCK_DAY_SIZE];
	struct store *store;
	enum status status = STATUS_OK;

	*lots = NULL;
	*count = 0;
	if (request->within_days >= 0) {
		clock_day(since, 0);
		clock_day(until, request->within_days);
		filter.since = since;
		filter.until = until;
	}
	if (app_store_open(&store, request->folder, err))
		return err->status;
	if (request->recipe)
		status = find_lots_recipe(&filter, id, store, request->recipe, err);
	if (!status)
		status = store_lots(lots, count, store, &filter, err);
	store_close(store);
	return status;
}
