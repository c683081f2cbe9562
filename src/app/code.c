/* A card's code, out and in. Out: all of the recipe where that fits and comes back as the same file, which is tried. In: zbarimg -> the
 * whole form, predicted anew; or the version that the code names, out of the store. */
#include "app/exchange.h"

#include "app/steps.h"
#include "formats/compact.h"
#include "formats/pigment_file.h"
#include "formats/recipe_file.h"
#include "formats/scan.h"

#include <stdlib.h>
#include <string.h>

/* The file of what a whole form holds, predicted with the line (whose pigments become as strong as the recipe says). */
static enum status rebuild(struct recipe *recipe, struct text *file, const struct compact *compact,
			   struct pigment_line *line, const char *path, struct error *err)
{
	struct scene *scene = malloc(sizeof *scene);
	struct notes found = {0};
	char hash[REPOSITORY_HASH_SIZE];
	enum status status = scene ? STATUS_OK : error_memory(err);

	*file = (struct text){0};
	if (!status)
		status = compact_recipe(recipe, compact, line, path, err);
	if (!status)
		status = app_predict_in(scene, recipe, line, &found, err);
	if (!status)
		status = recipe_print(file, recipe, err);
	if (!status)
		status = repository_hash(hash, file, err);
	if (!status && !compact_is_of(compact, hash))
		status = error_set(
			err, STATUS_REFUSED,
			"%s: what comes of its code here is not the file that it was made "
			"of, by %s: the code is damaged, or this machine predicts other "
			"digits; ask for the file (`export`)",
			path, recipe->program);
	if (!status)
		text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	notes_clear(&found);
	free(scene);
	if (status)
		text_clear(file);
	return status;
}

/* --- out ------------------------------------------------------------------------------------------ */

/* True where a whole form comes back as the very same file. */
static bool comes_back(const struct text *payload, struct pigment_line *line)
{
	struct compact *compact = malloc(sizeof *compact);
	struct recipe *recipe = malloc(sizeof *recipe);
	struct text file = {0};
	struct error unread;
	const bool same = compact && recipe &&
			  !compact_read(compact, payload->data, "the code", &unread) &&
			  !rebuild(recipe, &file, compact, line, "the code", &unread);

	text_clear(&file);
	free(recipe);
	free(compact);
	return same;
}

/* The hash of a recipe's file: of a version that is kept its own. */
static enum status hash_of(char hash[REPOSITORY_HASH_SIZE], const struct recipe *recipe,
			   struct error *err)
{
	struct text file;
	enum status status;

	text_copy(hash, REPOSITORY_HASH_SIZE, recipe->stamp.hash);
	if (*hash)
		return STATUS_OK;
	if (recipe_print(&file, recipe, err))
		return err->status;
	status = repository_hash(hash, &file, err);
	text_clear(&file);
	return status;
}

enum status app_code(struct text *payload, const struct recipe *recipe, struct error *err)
{
	struct pigment_line line;
	struct error unread;
	char hash[REPOSITORY_HASH_SIZE];
	bool whole = false;
	enum status status = hash_of(hash, recipe, err);

	*payload = (struct text){0};
	if (!status && !app_recipe_line(&line, recipe, NULL, &unread)) {
		status = compact_print(payload, &whole, recipe, &line, hash, err);
		if (!status && whole && text_failed(payload))
			status = error_memory(err);
		if (!status && whole && !comes_back(payload, &line))
			text_clear(payload);
		pigment_line_clear(&line);
	}
	if (!status && !payload->data && *recipe->stamp.hash)
		compact_print_stamp(payload, &recipe->stamp);
	if (!status && text_failed(payload))
		status = error_memory(err);
	if (status)
		text_clear(payload);
	return status;
}

/* --- in ------------------------------------------------------------------------------------------- */

/* The line with that fingerprint, among those that are known by name. */
static enum status find_line(struct pigment_line *line, const char *digits, const char *path,
			     struct error *err)
{
	struct text names;
	struct error unread;
	char *rest, *name;
	bool found = false;

	if (app_pigment_lines(&names, err))
		return err->status;
	rest = names.data;
	while (!found && (name = strsep(&rest, "\n"))) {
		if (!*name || pigment_line_read(line, name, &unread))
			continue;
		found = strncmp(line->fingerprint, digits, strlen(digits)) == 0;
		if (!found)
			pigment_line_clear(line);
	}
	text_clear(&names);
	return found ? STATUS_OK
		     : error_set(
			       err, STATUS_REFUSED,
			       "%s: its recipe is of a pigment line that is not here (fingerprint "
			       "%s…); --pigments LINE names it",
			       path, digits);
}

static enum status take_line(struct pigment_line *line, const char *digits, const char *pigments,
			     const char *path, struct error *err)
{
	if (!pigments)
		return find_line(line, digits, path, err);
	if (pigment_line_read(line, pigments, err))
		return err->status;
	if (strncmp(line->fingerprint, digits, strlen(digits)) == 0)
		return STATUS_OK;
	error_set(err, STATUS_REFUSED,
		  "%s: the line “%s” (fingerprint %.8s) is not the one that its recipe was made "
		  "with (%s)",
		  path, pigments, line->fingerprint, digits);
	pigment_line_clear(line);
	return err->status;
}

static enum status take_whole(struct recipe *recipe, struct text *file,
			      const struct compact *compact, const char *pigments, const char *path,
			      struct error *err)
{
	struct pigment_line line;
	enum status status = take_line(&line, compact->line, pigments, path, err);

	if (status)
		return status;
	status = rebuild(recipe, file, compact, &line, path, err);
	pigment_line_clear(&line);
	return status;
}

/* Whose version of those is the one that the code means; NULL where there is none. */
static const struct recipe_stamp *find_version(const struct recipe_stamp_list *list,
					       const struct compact *compact)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].version == compact->version &&
		    compact_is_of(compact, list->item[i].hash))
			return &list->item[i];
	return NULL;
}

static enum status refuse_missing(const struct recipe_stamp_list *list,
				  const struct compact *compact, const char *path,
				  struct error *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].version == compact->version)
			return error_set(
				err, STATUS_REFUSED,
				"%s: its recipe %s@%d is here, but not as the code has it (hash "
				"%.12s, here %.12s): it was shared without all that is in it",
				path, compact->id, compact->version, compact->hash,
				list->item[i].hash);
	return error_set(err, STATUS_REFUSED,
			 "%s: its recipe %s, version %d (hash %.12s), is not here: have its clinic "
			 "share it, and take it in by `share in` or `sync`",
			 path, compact->id, compact->version, compact->hash);
}

static enum status take_kept(struct recipe *recipe, struct text *file, const char *folder,
			     const struct compact *compact, const char *path, struct notes *notes,
			     struct error *err)
{
	const struct index_filter filter = {.all = true, .id = compact->id};
	struct recipe_stamp_list list = {0};
	const struct recipe_stamp *stamp;
	struct text name = {0};
	struct store *store;
	enum status status = app_store_open(&store, folder, err);

	if (!status)
		status = store_list(&list, store, &filter, notes, err);
	stamp = status ? NULL : find_version(&list, compact);
	if (!status && !stamp)
		status = refuse_missing(&list, compact, path, err);
	if (!status) {
		text_addf(&name, "%s@%d%s%s", stamp->id, stamp->version, *stamp->clinic ? "@" : "",
			  stamp->clinic);
		status = text_failed(&name) ? error_memory(err)
					    : store_find(recipe, file, store, name.data, err);
	}
	text_clear(&name);
	recipe_stamp_list_clear(&list);
	store_close(store);
	return status;
}

enum status app_code_take(struct recipe *recipe, struct text *file, bool *whole,
			  const struct app_import_request *request, struct notes *notes,
			  struct error *err)
{
	const char *picture = request->qr;
	struct compact *compact = malloc(sizeof *compact);
	struct text payload = {0};
	enum status status = compact ? STATUS_OK : error_memory(err);

	*file = (struct text){0};
	if (!status)
		status = scan_code(&payload, picture, COMPACT_HEAD, err);
	if (!status)
		status = compact_read(compact, payload.data, picture, err);
	if (!status) {
		*whole = compact->whole;
		status = compact->whole ? take_whole(recipe, file, compact, request->pigments,
						     picture, err)
					: take_kept(recipe, file, request->folder, compact, picture,
						    notes, err);
	}
	text_clear(&payload);
	free(compact);
	return status;
}
