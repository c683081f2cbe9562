/* What a version is among files: its path, its number, its parent; the repository beneath keeps the files. */
#include "store/store.h"

#include "base/number.h"
#include "formats/recipe_file.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store {
	struct repository *repository;
	bool has_clinic;
	struct public_key clinic;
};

enum status store_open(struct store **out, const char *folder, const struct public_key *clinic,
		       bool create, struct error *err)
{
	struct store *store = calloc(1, sizeof *store);

	*out = NULL;
	if (!store)
		return error_memory(err);
	if (repository_open(&store->repository, folder, create, err)) {
		free(store);
		return err->status;
	}
	if (clinic) {
		store->has_clinic = true;
		store->clinic = *clinic;
	}
	*out = store;
	return STATUS_OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	repository_close(store->repository);
	free(store);
}

/* --- reading ---------------------------------------------------------------------------------- */

static enum status read_version(struct recipe *recipe, struct text *kept, bool *found,
				const struct snapshot *snapshot, const char *id, int version,
				struct error *err)
{
	char path[REPOSITORY_PATH_SIZE], hash[RECIPE_HASH_SIZE] = "";
	struct text text;
	enum status status;

	layout_path(path, id, version);
	status = snapshot_read(&text, hash, found, snapshot, path, err);
	if (status || !*found)
		return status;
	if (kept) {
		*kept = (struct text){0};
		text_add(kept, text.data, text.length);
	}
	status = recipe_parse(recipe, &text, path, err);
	text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	text_clear(&text);
	if (status)
		error_prefix(err, "store: ");
	return status;
}

/* True where the clinic's own key vouches for all that is in the snapshot. */
static bool is_vouched(const struct store *store, const struct snapshot *snapshot)
{
	struct repository_commit tip;

	return store->has_clinic && snapshot_tip(&tip, snapshot) && tip.is_signed && tip.fits &&
	       memcmp(&tip.signer, &store->clinic, sizeof tip.signer) == 0;
}

/* Number of versions of a recipe; invariant 2 makes the count the newest. */
static int count_versions(const struct snapshot *snapshot, const char *id)
{
	char path[REPOSITORY_PATH_SIZE];

	layout_folder(path, id);
	return snapshot_count(snapshot, path);
}

/* --- saving ----------------------------------------------------------------------------------- */

/* True where both say the same, leaving aside who and when. */
static enum status same_content(bool *same, const struct recipe *a, const struct recipe *b,
				struct error *err)
{
	struct recipe *copy = malloc(sizeof *copy);
	struct text one = {0}, two = {0};
	enum status status;

	if (!copy)
		return error_memory(err);
	*copy = *b;
	copy->stamp = a->stamp;
	text_copy(copy->stamp.name, sizeof copy->stamp.name, b->stamp.name);
	text_copy(copy->program, sizeof copy->program, a->program);
	status = recipe_print(&one, a, err);
	if (!status)
		status = recipe_print(&two, copy, err);
	*same = !status && one.length == two.length && memcmp(one.data, two.data, one.length) == 0;
	text_clear(&one);
	text_clear(&two);
	free(copy);
	return status;
}

/* A file that was never saved, whose id the store has under another name: a recipe of its own. */
static enum status begin_recipe(struct recipe_stamp *stamp, struct error *err)
{
	stamp->version = 1;
	*stamp->parent = 0;
	return random_id(stamp->id, err);
}

/* Decides id, version and parent against the newest version and the one that the recipe was made
 * from; *same where nothing is to be saved. `read` is room to read one into. */
static enum status compare_versions(bool *same, const struct snapshot *snapshot,
				    struct recipe *recipe, struct recipe *read, int newest,
				    struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int from = stamp->version ? stamp->version : 1;
	bool found;

	if (read_version(read, NULL, &found, snapshot, stamp->id, newest, err))
		return err->status;
	if (stamp->version == 0 && strcmp(read->stamp.name, stamp->name))
		return begin_recipe(stamp, err);
	if (same_content(same, read, recipe, err))
		return err->status;
	if (*same) {
		*stamp = read->stamp;
		return STATUS_OK;
	}
	if (from != newest && read_version(read, NULL, &found, snapshot, stamp->id, from, err))
		return err->status;
	text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	stamp->version = newest + 1;
	return STATUS_OK;
}

static enum status prepare_save(bool *same, const struct snapshot *snapshot, struct recipe *recipe,
				struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	struct recipe *read;
	int newest = count_versions(snapshot, stamp->id);
	enum status status;

	*same = false;
	if (stamp->version > newest)
		return error_set(
			err, STATUS_REFUSED,
			"recipe %s says it is version %d, the store has %d version%s of it",
			stamp->id, stamp->version, newest, newest == 1 ? "" : "s");
	if (newest == 0) {
		stamp->version = 1;
		*stamp->parent = 0;
		return STATUS_OK;
	}
	read = malloc(sizeof *read);
	if (!read)
		return error_memory(err);
	status = compare_versions(same, snapshot, recipe, read, newest, err);
	free(read);
	return status;
}

static enum status add_version(struct store *store, const struct snapshot *snapshot,
			       struct recipe *recipe, const struct clinic_key *key,
			       struct error *err)
{
	struct repository_file file = {.hash = ""};
	char message[256];
	enum status status;

	clock_text(recipe->stamp.made);
	layout_path(file.path, recipe->stamp.id, recipe->stamp.version);
	snprintf(message, sizeof message, "%s version %d: %s\n", recipe->stamp.id,
		 recipe->stamp.version, recipe->stamp.name);
	status = recipe_print(&file.bytes, recipe, err);
	if (!status)
		status = repository_add(store->repository, snapshot, &file, 1, message, key, err);
	if (!status)
		text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, file.hash);
	recipe->stamp.verified = !status;
	text_clear(&file.bytes);
	return status;
}

enum status store_save(bool *saved, struct store *store, struct recipe *recipe,
		       const struct clinic_key *key, struct error *err)
{
	struct snapshot *snapshot = NULL;
	bool same = true;
	enum status status;

	*saved = false;
	if (repository_lock(store->repository, err))
		return err->status;
	status = snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err);
	if (!status)
		status = prepare_save(&same, snapshot, recipe, err);
	if (!status && !same)
		status = add_version(store, snapshot, recipe, key, err);
	*saved = !status && !same;
	snapshot_free(snapshot);
	repository_unlock(store->repository);
	return status;
}

/* --- listing ---------------------------------------------------------------------------------- */

void recipe_stamp_list_clear(struct recipe_stamp_list *list)
{
	free(list->item);
	*list = (struct recipe_stamp_list){0};
}

struct listing {
	struct recipe_stamp_list *list;
	struct recipe *recipe; /* room to parse into */
	const struct snapshot *snapshot;
	struct notes *notes;
	struct error *err;
	bool all;
};

static enum status list_version(struct listing *listing, const char *id, int version)
{
	struct recipe_stamp_list *list = listing->list;
	struct recipe_stamp *grown;
	struct error unread;
	bool found = false;

	if (read_version(listing->recipe, NULL, &found, listing->snapshot, id, version, &unread)) {
		notes_addf(listing->notes, "version %d of %s is left out: %s", version, id,
			   unread.message);
		return STATUS_OK;
	}
	grown = realloc(list->item, (list->count + 1) * sizeof *grown);
	if (!grown)
		return error_memory(listing->err);
	list->item = grown;
	list->item[list->count++] = listing->recipe->stamp;
	return STATUS_OK;
}

static enum status visit(const char *path, const char *hash, void *data)
{
	struct listing *listing = data;
	char id[RANDOM_ID_SIZE];
	int version;

	(void)hash;
	if (!layout_take(id, &version, path))
		return STATUS_OK;
	if (!listing->all && version != count_versions(listing->snapshot, id))
		return STATUS_OK;
	return list_version(listing, id, version);
}

static int by_time(const void *a, const void *b)
{
	const struct recipe_stamp *one = a, *two = b;
	int order = strcmp(one->made, two->made);

	if (!order)
		order = strcmp(one->id, two->id);
	return order ? order : one->version - two->version;
}

static enum status list_snapshot(struct recipe_stamp_list *list, const struct snapshot *snapshot,
				 bool all, struct notes *notes, struct error *err)
{
	struct listing listing = {
		.list = list, .snapshot = snapshot, .notes = notes, .err = err, .all = all};
	enum status status;

	*list = (struct recipe_stamp_list){0};
	listing.recipe = malloc(sizeof *listing.recipe);
	if (!listing.recipe)
		return error_memory(err);
	status = snapshot_walk(snapshot, NULL, visit, &listing, err);
	free(listing.recipe);
	if (status)
		recipe_stamp_list_clear(list);
	else if (list->count)
		qsort(list->item, list->count, sizeof *list->item, by_time);
	return status;
}

enum status store_list(struct recipe_stamp_list *list, struct store *store, bool all,
		       struct notes *notes, struct error *err)
{
	struct snapshot *snapshot;
	enum status status = snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err);

	*list = (struct recipe_stamp_list){0};
	if (!status)
		status = list_snapshot(list, snapshot, all, notes, err);
	for (size_t i = 0; !status && list->count && i < list->count; i++)
		list->item[i].verified = i ? list->item[0].verified : is_vouched(store, snapshot);
	snapshot_free(snapshot);
	return status;
}

/* --- finding ---------------------------------------------------------------------------------- */

/* Cuts "@3" off `name`; version 0 stands for the newest. */
static enum status split_version(char *name, int *version, struct error *err)
{
	char *mark = strrchr(name, '@');

	*version = 0;
	if (!mark)
		return STATUS_OK;
	if (!number_read_integer(version, mark + 1) || *version < 1)
		return error_set(err, STATUS_REFUSED,
				 "%s: a version such as @2 is needed behind the name", name);
	*mark = 0;
	return STATUS_OK;
}

static bool is_meant(const struct recipe_stamp *stamp, const char *name)
{
	size_t length = strlen(name);

	if (length >= 4 && strncmp(stamp->id, name, length) == 0)
		return true;
	return strcmp(stamp->name, name) == 0;
}

/* The id that `name` stands for, among the newest versions. A whole id is taken at its word, so
 * that one damaged recipe does not hide the others. */
static enum status resolve(char id[RANDOM_ID_SIZE], const struct snapshot *snapshot,
			   const char *name, struct error *err)
{
	struct recipe_stamp_list list;
	struct notes left_out = {0};
	struct text ids = {0};
	size_t hits = 0;

	if (strlen(name) == RANDOM_ID_SIZE - 1 && count_versions(snapshot, name) > 0) {
		text_copy(id, RANDOM_ID_SIZE, name);
		return STATUS_OK;
	}
	if (list_snapshot(&list, snapshot, false, &left_out, err))
		return err->status;
	notes_clear(&left_out);
	for (size_t i = 0; i < list.count; i++)
		if (is_meant(&list.item[i], name)) {
			text_addf(&ids, "%s%s", hits++ ? ", " : "", list.item[i].id);
			text_copy(id, RANDOM_ID_SIZE, list.item[i].id);
		}
	recipe_stamp_list_clear(&list);
	if (hits == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: no recipe of that id or name in the store", name);
	if (hits > 1)
		error_set(err, STATUS_REFUSED,
			  "%s: %zu recipes of that name in the store, give an id: %s", name, hits,
			  ids.data ? ids.data : "");
	text_clear(&ids);
	return hits > 1 ? err->status : STATUS_OK;
}

enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err)
{
	char wanted[RECIPE_NAME_SIZE + 16], id[RANDOM_ID_SIZE];
	struct snapshot *snapshot;
	int version;
	bool found = false;
	enum status status;

	text_copy(wanted, sizeof wanted, name);
	if (split_version(wanted, &version, err) ||
	    snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err))
		return err->status;
	status = resolve(id, snapshot, wanted, err);
	if (!status && version == 0)
		version = count_versions(snapshot, id);
	if (!status)
		status = read_version(recipe, text, &found, snapshot, id, version, err);
	if (!status && !found)
		status = error_set(err, STATUS_REFUSED, "%s: no version %d, the newest is %d",
				   wanted, version, count_versions(snapshot, id));
	if (!status)
		recipe->stamp.verified = is_vouched(store, snapshot);
	snapshot_free(snapshot);
	return status;
}

/* --- verifying -------------------------------------------------------------------------------- */

enum status store_verify(struct store_check *check, struct store *store, struct error *err)
{
	struct snapshot *snapshot;
	enum status status = snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err);

	*check = (struct store_check){0};
	if (!status)
		status = verify_snapshot(check, snapshot, store->has_clinic ? &store->clinic : NULL,
					 err);
	snapshot_free(snapshot);
	return status;
}
