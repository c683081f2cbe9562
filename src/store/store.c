/* What a version is among files: its path, its number, its parent; the repository beneath keeps the files. */
#include "store/store.h"

#include "base/number.h"
#include "formats/recipe_file.h"
#include "store/addition.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Saved at once: more than these go into a pack. A pack takes 20 ms by itself, a loose version 4 (measured). */
enum { FEW = 8, MESSAGE_LINES_MOST = 100 };

struct store {
	struct repository *repository;
	struct index *index; /* NULL until it is needed */
	char *folder;
	bool has_clinic;
	struct public_key clinic;
	struct index_watch watch;
	char vouched
		[REPOSITORY_HASH_SIZE]; /* the last commit that was found to be signed by the clinic */
};

enum status store_open(struct store **out, const char *folder, const struct public_key *clinic,
		       bool create, struct error *err)
{
	struct store *store = calloc(1, sizeof *store);

	*out = NULL;
	if (!store)
		return error_memory(err);
	store->folder = strdup(folder);
	if (!store->folder)
		error_memory(err);
	if (!store->folder || repository_open(&store->repository, folder, create, err)) {
		store_close(store);
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
	index_close(store->index);
	repository_close(store->repository);
	free(store->folder);
	free(store);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* What there is of versions: in the repository, and put but not committed yet. */
struct base {
	const struct snapshot *snapshot;
	struct addition *addition; /* NULL: nothing */
};

static enum status read_text(struct text *text, char hash[REPOSITORY_HASH_SIZE], bool *found,
			     const struct base *base, const char *path, struct error *err)
{
	if (base->addition && addition_has(base->addition, path))
		return addition_read(text, hash, found, base->addition, path, err);
	return snapshot_read(text, hash, found, base->snapshot, path, err);
}

static enum status read_version(struct recipe *recipe, struct text *kept, bool *found,
				const struct base *base, const char *id, int version,
				struct error *err)
{
	char path[REPOSITORY_PATH_SIZE], hash[RECIPE_HASH_SIZE] = "";
	struct text text;
	enum status status;

	layout_path(path, id, version);
	status = read_text(&text, hash, found, base, path, err);
	if (status || !*found)
		return status;
	if (kept) {
		*kept = (struct text){0};
		text_add(kept, text.data, text.length);
	}
	status = recipe_parse(recipe, &text, path, err);
	if (!status)
		status = layout_check(&recipe->stamp, id, version, err);
	text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	text_clear(&text);
	if (status)
		error_prefix(err, "store: ");
	return status;
}

/* True where the clinic's own key vouches for all that is in the snapshot. What a commit's hash names does not change, so it is
 * looked at once. */
static bool is_vouched(struct store *store, const struct snapshot *snapshot)
{
	struct repository_commit tip;

	if (!*snapshot_commit(snapshot) || strcmp(store->vouched, snapshot_commit(snapshot)) == 0)
		return *snapshot_commit(snapshot);
	if (!store->has_clinic || !snapshot_tip(&tip, snapshot) || !tip.is_signed || !tip.fits ||
	    memcmp(&tip.signer, &store->clinic, sizeof tip.signer))
		return false;
	text_copy(store->vouched, sizeof store->vouched, snapshot_commit(snapshot));
	return true;
}

/* Number of versions of a recipe; invariant 2 makes the count the newest. */
static int count_versions(const struct base *base, const char *id)
{
	char path[REPOSITORY_PATH_SIZE];
	int count;

	layout_folder(path, id);
	count = snapshot_count(base->snapshot, path);
	for (bool more = base->addition; more; count += more) {
		layout_path(path, id, count + 1);
		more = addition_has(base->addition, path);
	}
	return count;
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

/* A version that must be there. */
static enum status read_old(struct recipe *read, const struct base *base, const char *id,
			    int version, struct error *err)
{
	bool found;

	if (read_version(read, NULL, &found, base, id, version, err))
		return err->status;
	return found ? STATUS_OK
		     : error_set(err, STATUS_REFUSED,
				 "store: version %d of %s is missing; `store verify` says more",
				 version, id);
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
static enum status compare_versions(bool *same, const struct base *base, struct recipe *recipe,
				    struct recipe *read, int newest, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int from = stamp->version ? stamp->version : 1;

	if (read_old(read, base, stamp->id, newest, err))
		return err->status;
	if (stamp->version == 0 && strcmp(read->stamp.name, stamp->name))
		return begin_recipe(stamp, err);
	if (same_content(same, read, recipe, err))
		return err->status;
	if (*same) {
		*stamp = read->stamp;
		return STATUS_OK;
	}
	if (from != newest && read_old(read, base, stamp->id, from, err))
		return err->status;
	text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	stamp->version = newest + 1;
	return STATUS_OK;
}

static enum status prepare_save(bool *same, const struct base *base, struct recipe *recipe,
				struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	struct recipe *read;
	int newest = count_versions(base, stamp->id);
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
	status = compare_versions(same, base, recipe, read, newest, err);
	free(read);
	return status;
}

static enum status put_version(struct addition *addition, struct recipe *recipe, struct error *err)
{
	char path[REPOSITORY_PATH_SIZE];
	struct text text = {0};
	enum status status;

	clock_text(recipe->stamp.made);
	layout_path(path, recipe->stamp.id, recipe->stamp.version);
	status = recipe_print(&text, recipe, err);
	if (!status)
		status = addition_put(recipe->stamp.hash, addition, path, &text, err);
	text_clear(&text);
	return status;
}

static enum status find_signed(const struct repository_commit *commit, void *data)
{
	bool *any = data;

	*any = *any || commit->is_signed;
	return STATUS_OK;
}

/* A signature stands for all that is beneath it, so nothing is put on top of what has lost its own. A store from before there were
 * signatures has none at all. */
static enum status check_base(const struct snapshot *snapshot, struct error *err)
{
	struct repository_commit tip;
	bool any = false;

	if (!snapshot_tip(&tip, snapshot) || (tip.is_signed && tip.fits))
		return STATUS_OK;
	if (!tip.is_signed && snapshot_history(snapshot, find_signed, &any, err))
		return err->status;
	if (tip.is_signed || any)
		return error_set(err, STATUS_REFUSED,
				 "store: not saved: what was saved before has been changed by "
				 "another program (commit %.12s); `store verify` says more",
				 tip.hash);
	return STATUS_OK;
}

struct saving {
	struct store *store;
	struct snapshot *snapshot;
	struct base base;
	const struct clinic_key *key;
	int saved; /* versions put so far */
	struct text message;
};

static enum status begin_saving(struct saving *saving, bool many, struct error *err)
{
	enum status status =
		snapshot_take(&saving->snapshot, saving->store->repository, REPOSITORY_OWN, err);

	saving->base.snapshot = saving->snapshot;
	if (!status)
		status = check_base(saving->snapshot, err);
	if (!status)
		status = addition_begin(&saving->base.addition, saving->snapshot, many, err);
	return status;
}

/* `bool *saved`: whether there is something to be committed of it. */
static enum status save_one(bool *saved, struct saving *saving, struct recipe *recipe,
			    struct error *err)
{
	const struct recipe_stamp *stamp = &recipe->stamp;
	bool same = true;
	enum status status = prepare_save(&same, &saving->base, recipe, err);

	if (!status && !same)
		status = put_version(saving->base.addition, recipe, err);
	*saved = !status && !same;
	if (*saved && saving->saved < MESSAGE_LINES_MOST)
		text_addf(&saving->message, "%s version %d: %s\n", stamp->id, stamp->version,
			  stamp->name);
	saving->saved += *saved;
	return status;
}

/* A commit's message: of one version its line, of many how many, and the lines of the first. */
static enum status commit_saved(struct saving *saving, struct error *err)
{
	struct text message = {0};
	enum status status;

	if (!saving->saved)
		return STATUS_OK;
	if (saving->saved > 1)
		text_addf(&message, "%d versions\n\n", saving->saved);
	text_add(&message, saving->message.data, saving->message.length);
	if (saving->saved > MESSAGE_LINES_MOST)
		text_adds(&message, "…\n");
	status = text_failed(&message)
			 ? error_memory(err)
			 : addition_commit(saving->base.addition, message.data, saving->key, err);
	text_clear(&message);
	return status;
}

static void end_saving(struct saving *saving)
{
	text_clear(&saving->message);
	addition_free(saving->base.addition);
	snapshot_free(saving->snapshot);
	repository_unlock(saving->store->repository);
}

enum status store_save(bool *saved, struct store *store, struct recipe *recipe,
		       const struct clinic_key *key, struct error *err)
{
	struct saving saving = {.store = store, .key = key};
	enum status status;

	*saved = false;
	if (repository_lock(store->repository, err))
		return err->status;
	status = begin_saving(&saving, false, err);
	if (!status)
		status = save_one(saved, &saving, recipe, err);
	if (!status)
		status = commit_saved(&saving, err);
	*saved = *saved && !status;
	recipe->stamp.verified = recipe->stamp.verified || *saved;
	end_saving(&saving);
	return status;
}

static enum status save_each(struct store_saved *out, int count, struct saving *saving,
			     store_supply *supply, void *data, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status = recipe ? STATUS_OK : error_memory(err);

	for (int i = 0; i < count && !status; i++) {
		status = supply(recipe, i, data, err);
		if (!status && save_one(&out[i].saved, saving, recipe, err))
			status = error_prefix(err, "“%s”: ", recipe->stamp.name);
		out[i].stamp = recipe->stamp;
	}
	free(recipe);
	return status;
}

enum status store_save_all(struct store_saved *out, int count, struct store *store,
			   store_supply *supply, void *data, const struct clinic_key *key,
			   struct error *err)
{
	struct saving saving = {.store = store, .key = key};
	enum status status;

	if (repository_lock(store->repository, err))
		return err->status;
	status = begin_saving(&saving, count > FEW, err);
	if (!status)
		status = save_each(out, count, &saving, supply, data, err);
	if (!status)
		status = commit_saved(&saving, err);
	for (int i = 0; i < count; i++) {
		out[i].saved = out[i].saved && !status;
		out[i].stamp.verified = out[i].stamp.verified || out[i].saved;
	}
	end_saving(&saving);
	return status;
}

/* --- listing ---------------------------------------------------------------------------------- */

/* The index, opened when it is first asked for, and up to date. */
static enum status open_index(struct store *store, struct error *err)
{
	return store->index ? index_refresh(store->index, err)
			    : index_open(&store->index, store->folder, store->repository,
					 &store->watch, err);
}

/* What the clinic's signature stands for now. */
static enum status check_tip(bool *verified, struct store *store, struct error *err)
{
	struct snapshot *snapshot;
	enum status status = snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err);

	*verified = !status && is_vouched(store, snapshot);
	snapshot_free(snapshot);
	return status;
}

enum status store_prepare(struct store *store, const struct index_watch *watch, struct error *err)
{
	store->watch = *watch;
	return open_index(store, err);
}

enum status store_list(struct recipe_stamp_list *list, struct store *store,
		       const struct index_filter *filter, struct notes *notes, struct error *err)
{
	bool verified;

	*list = (struct recipe_stamp_list){0};
	if (open_index(store, err) || index_list(list, store->index, filter, notes, err) ||
	    check_tip(&verified, store, err))
		return err->status;
	for (size_t i = 0; i < list->count; i++)
		list->item[i].verified = verified;
	return STATUS_OK;
}

enum status store_nearest(struct recipe_near **near, int *count, struct store *store,
			  const struct lab *lab, int most, struct error *err)
{
	bool verified;

	*near = NULL;
	if (open_index(store, err) || index_nearest(near, count, store->index, lab, most, err) ||
	    check_tip(&verified, store, err))
		return err->status;
	for (int i = 0; i < *count; i++)
		(*near)[i].stamp.verified = verified;
	return STATUS_OK;
}

enum status store_lots(struct recipe_lot **lots, int *count, struct store *store, const char *lot,
		       const char *until, struct error *err)
{
	*lots = NULL;
	return open_index(store, err) ? err->status
				      : index_lots(lots, count, store->index, lot, until, err);
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

/* The id that `name` stands for, among the newest versions: a whole id, which is taken at its word, a name, or the beginning of
 * an id. */
static enum status resolve(char id[RANDOM_ID_SIZE], struct store *store,
			   const struct snapshot *snapshot, const char *name, struct error *err)
{
	const struct index_filter by_name = {.name = name}, by_id = {.id = name};
	struct recipe_stamp_list list = {0};
	struct notes left_out = {0};
	struct text ids = {0};
	enum status status = STATUS_OK;

	if (strlen(name) == RANDOM_ID_SIZE - 1 &&
	    count_versions(&(struct base){snapshot, NULL}, name) > 0) {
		text_copy(id, RANDOM_ID_SIZE, name);
		return STATUS_OK;
	}
	if (open_index(store, err))
		return err->status;
	status = index_list(&list, store->index, &by_name, &left_out, err);
	if (!status && !list.count && strlen(name) >= 4) {
		recipe_stamp_list_clear(&list);
		status = index_list(&list, store->index, &by_id, &left_out, err);
	}
	notes_clear(&left_out);
	for (size_t i = 0; i < list.count; i++)
		text_addf(&ids, "%s%s", i ? ", " : "", list.item[i].id);
	if (!status && list.count == 0)
		status = error_set(err, STATUS_REFUSED,
				   "%s: no recipe of that id or name in the store", name);
	else if (!status && list.count > 1)
		status = error_set(err, STATUS_REFUSED,
				   "%s: %zu recipes of that name in the store, give an id: %s",
				   name, list.count, ids.data ? ids.data : "");
	else if (!status)
		text_copy(id, RANDOM_ID_SIZE, list.item[0].id);
	recipe_stamp_list_clear(&list);
	text_clear(&ids);
	return status;
}

enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err)
{
	char wanted[RECIPE_NAME_SIZE + 16], id[RANDOM_ID_SIZE];
	struct base base = {NULL, NULL};
	struct snapshot *snapshot;
	int version;
	bool found = false;
	enum status status;

	text_copy(wanted, sizeof wanted, name);
	if (split_version(wanted, &version, err) ||
	    snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err))
		return err->status;
	base.snapshot = snapshot;
	status = resolve(id, store, snapshot, wanted, err);
	if (!status && version == 0)
		version = count_versions(&base, id);
	if (!status)
		status = read_version(recipe, text, &found, &base, id, version, err);
	if (!status && !found)
		status = error_set(err, STATUS_REFUSED, "%s: no version %d, the newest is %d",
				   wanted, version, count_versions(&base, id));
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

/* --- keeping it ------------------------------------------------------------------------------- */

enum status store_tidy(struct repository_tidy *out, struct store *store, struct error *err)
{
	enum status status = repository_lock(store->repository, err);

	if (status)
		return status;
	status = repository_tidy(out, store->repository, err);
	repository_unlock(store->repository);
	return status;
}

enum status store_backup(struct text *out, struct store *store, struct error *err)
{
	return repository_bundle(out, store->repository, err);
}
