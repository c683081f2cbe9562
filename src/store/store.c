/* What a version is among files: its path, its number, its parent; the repository beneath keeps the files. */
#include "store/store.h"

#include "base/number.h"
#include "formats/recipe_file.h"
#include "match/session.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store {
	struct repository *repository;
	struct index *index; /* NULL until it is needed */
	char *folder;
	bool has_clinic;
	struct public_key clinic;
	char shared[REPOSITORY_REFERENCE_SIZE]; /* the copies that it shares; empty: not known */
	struct clinics others;
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
		char id[KEY_ID_SIZE];

		key_id(id, clinic);
		layout_reference(store->shared, id);
		store->has_clinic = true;
		store->clinic = *clinic;
	}
	*out = store;
	return STATUS_OK;
}

enum status store_know(struct store *store, const char *path, struct error *err)
{
	clinics_clear(&store->others);
	return clinics_read(&store->others, path, err);
}

const struct clinics *store_clinics(const struct store *store)
{
	return &store->others;
}

enum status store_key(struct public_key *key, const struct store *store, struct error *err)
{
	if (!store->has_clinic)
		return error_set(err, STATUS_REFUSED,
				 "this clinic has no key yet: `store init` makes one");
	*key = store->clinic;
	return STATUS_OK;
}

struct repository *store_repository(struct store *store)
{
	return store->repository;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	index_close(store->index);
	repository_close(store->repository);
	clinics_clear(&store->others);
	free(store->folder);
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
	if (!status)
		status = layout_check(&recipe->stamp, id, version, err);
	text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	text_clear(&text);
	if (status)
		error_prefix(err, "store: ");
	return status;
}

/* True where that key vouches for all that is in the snapshot. */
static bool is_vouched(const struct snapshot *snapshot, const struct public_key *key)
{
	struct repository_commit tip;

	return snapshot_tip(&tip, snapshot) && tip.is_signed && tip.fits &&
	       memcmp(&tip.signer, key, sizeof tip.signer) == 0;
}

/* Number of versions of a recipe of the clinic's own; invariant 2 makes the count the newest. */
static int count_versions(const struct snapshot *snapshot, const char *id)
{
	char path[REPOSITORY_PATH_SIZE];

	layout_folder(path, id);
	return snapshot_count(snapshot, path);
}

/* --- whose ------------------------------------------------------------------------------------ */

/* A clinic of which something was said, so that it is looked up once for a whole list. */
struct vouching {
	struct store *store;
	bool any, verified;
	char id[RECIPE_CLINIC_SIZE], name[RECIPE_CLINIC_SIZE];
};

static void look_up(struct vouching *work, const char *id)
{
	const struct clinic *other = clinics_of_id(&work->store->others, id);
	const struct public_key *key = NULL;
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct snapshot *snapshot;
	struct error unsaid;

	if (!*id && work->store->has_clinic)
		key = &work->store->clinic;
	else if (other && other->trust == CLINIC_TRUSTED)
		key = &other->key;
	layout_reference(reference, id);
	work->any = true;
	work->verified = false;
	text_copy(work->id, sizeof work->id, id);
	text_copy(work->name, sizeof work->name, other ? other->name : id);
	if (!key || snapshot_take(&snapshot, work->store->repository, reference, &unsaid))
		return;
	work->verified = is_vouched(snapshot, key);
	snapshot_free(snapshot);
}

/* From the id of its clinic to the name of it, and whether its signature stands for it. */
static void vouch(struct vouching *work, struct recipe_stamp *stamp)
{
	if (!work->any || strcmp(work->id, stamp->clinic))
		look_up(work, stamp->clinic);
	stamp->verified = work->verified;
	text_copy(stamp->clinic, sizeof stamp->clinic, work->name);
}

enum status store_clinic_id(char id[RECIPE_CLINIC_SIZE], const struct store *store,
			    const char *words, struct error *err)
{
	const struct clinic *other = clinics_find(&store->others, words);
	char found[KEY_ID_SIZE];

	*id = 0;
	if (text_same(words, CLINICS_OWN))
		return STATUS_OK;
	if (!other && !(strlen(words) == KEY_ID_SIZE - 1 &&
			strspn(words, "0123456789abcdef") == KEY_ID_SIZE - 1))
		return error_set(err, STATUS_REFUSED,
				 "%.40s: no clinic of that name is known (`clinic list`)", words);
	if (other)
		key_id(found, &other->key);
	text_copy(id, RECIPE_CLINIC_SIZE, other ? found : words);
	return STATUS_OK;
}

bool store_has(struct store *store, const char *id, int version)
{
	struct snapshot *snapshot;
	struct error unsaid;
	bool has;

	if (snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, &unsaid))
		return false;
	has = version <= count_versions(snapshot, id);
	snapshot_free(snapshot);
	return has;
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
static enum status read_old(struct recipe *read, const struct snapshot *snapshot, const char *id,
			    int version, struct error *err)
{
	bool found;

	if (read_version(read, NULL, &found, snapshot, id, version, err))
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
static enum status compare_versions(bool *same, const struct snapshot *snapshot,
				    struct recipe *recipe, struct recipe *read, int newest,
				    struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int from = stamp->version ? stamp->version : 1;

	if (read_old(read, snapshot, stamp->id, newest, err))
		return err->status;
	if (stamp->version == 0 && strcmp(read->stamp.name, stamp->name))
		return begin_recipe(stamp, err);
	if (recipe_keep(recipe, read, err) || same_content(same, read, recipe, err))
		return err->status;
	if (*same) {
		*stamp = read->stamp;
		return STATUS_OK;
	}
	if (from != newest && read_old(read, snapshot, stamp->id, from, err))
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
	if (*stamp->clinic)
		return error_set(err, STATUS_REFUSED,
				 "“%s” is of the clinic “%s”: take it over first (import %s@%s)",
				 stamp->name, stamp->clinic, stamp->name, stamp->clinic);
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
	if (!tip.is_signed && snapshot_history(snapshot, NULL, find_signed, &any, err))
		return err->status;
	if (tip.is_signed || any)
		return error_set(err, STATUS_REFUSED,
				 "store: not saved: what was saved before has been changed by "
				 "another program (commit %.12s); `store verify` says more",
				 tip.hash);
	return STATUS_OK;
}

/* Decides what a recipe is to be saved as; *same where nothing is to be saved. */
typedef enum status prepare(bool *same, const struct snapshot *snapshot, struct recipe *recipe,
			    struct error *err);

static enum status save_as(bool *saved, struct store *store, struct recipe *recipe,
			   const struct clinic_key *key, prepare *decide, struct error *err)
{
	struct snapshot *snapshot = NULL;
	bool same = true;
	enum status status;

	*saved = false;
	if (repository_lock(store->repository, err))
		return err->status;
	status = snapshot_take(&snapshot, store->repository, REPOSITORY_OWN, err);
	if (!status)
		status = check_base(snapshot, err);
	if (!status)
		status = decide(&same, snapshot, recipe, err);
	if (!status && !same)
		status = add_version(store, snapshot, recipe, key, err);
	*saved = !status && !same;
	snapshot_free(snapshot);
	repository_unlock(store->repository);
	return status;
}

enum status store_save(bool *saved, struct store *store, struct recipe *recipe,
		       const struct clinic_key *key, struct error *err)
{
	return save_as(saved, store, recipe, key, prepare_save, err);
}

/* --- taking over -------------------------------------------------------------------------------- */

/* The next version of the recipe of that id, or the first. */
static enum status prepare_take_over(bool *same, const struct snapshot *snapshot,
				     struct recipe *recipe, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int newest = count_versions(snapshot, stamp->id);
	struct recipe *read;
	enum status status;

	*same = false;
	/* what happened there did not happen here */
	recipe->seen_count = recipe->session_count = recipe->sealed_count = 0;
	*stamp->clinic = *stamp->parent = 0;
	stamp->version = newest + 1;
	if (newest == 0)
		return STATUS_OK;
	read = malloc(sizeof *read);
	if (!read)
		return error_memory(err);
	status = read_old(read, snapshot, stamp->id, newest, err);
	if (!status)
		status = recipe_keep(recipe, read, err);
	if (!status)
		status = same_content(same, read, recipe, err);
	if (!status && *same)
		*stamp = read->stamp;
	else if (!status)
		text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	free(read);
	return status;
}

enum status store_take_over(bool *saved, struct store *store, struct recipe *recipe,
			    const struct clinic_key *key, struct error *err)
{
	return save_as(saved, store, recipe, key, prepare_take_over, err);
}

/* --- listing ---------------------------------------------------------------------------------- */

/* The index, opened when it is first asked for, and up to date. */
static enum status open_index(struct store *store, struct error *err)
{
	return store->index ? index_refresh(store->index, err)
			    : index_open(&store->index, store->folder, store->repository,
					 store->shared, err);
}

enum status store_list(struct recipe_stamp_list *list, struct store *store,
		       const struct index_filter *filter, struct notes *notes, struct error *err)
{
	struct vouching work = {.store = store};

	*list = (struct recipe_stamp_list){0};
	if (open_index(store, err) || index_list(list, store->index, filter, notes, err))
		return err->status;
	for (size_t i = 0; i < list->count; i++)
		vouch(&work, &list->item[i]);
	return STATUS_OK;
}

enum status store_nearest(struct recipe_near **near, int *count, struct store *store,
			  const struct lab *lab, int most, struct error *err)
{
	struct vouching work = {.store = store};

	*near = NULL;
	if (open_index(store, err) || index_nearest(near, count, store->index, lab, most, err))
		return err->status;
	for (int i = 0; i < *count; i++)
		vouch(&work, &(*near)[i].stamp);
	return STATUS_OK;
}

enum status store_lots(struct recipe_lot **lots, int *count, struct store *store,
		       const struct lot_filter *filter, struct error *err)
{
	*lots = NULL;
	return open_index(store, err) ? err->status
				      : index_lots(lots, count, store->index, filter, err);
}

enum status store_sessions(struct recipe_treated **list, int *count, struct store *store,
			   const char *id, struct error *err)
{
	*list = NULL;
	return open_index(store, err) ? err->status
				      : index_sessions(list, count, store->index, id, err);
}

/* --- finding ---------------------------------------------------------------------------------- */

/* A version as it is asked for: "Crown", "Crown@3", "Crown@Aurora", "Crown@Aurora@3". */
struct wanted {
	char name[RECIPE_NAME_SIZE + 16];
	bool has_clinic;
	char clinic[RECIPE_CLINIC_SIZE]; /* its id; empty: one's own */
	char id[RANDOM_ID_SIZE];
	int version; /* 0: the newest */
};

static enum status take_part(struct wanted *wanted, const struct store *store, const char *part,
			     struct error *err)
{
	int version;

	if (!wanted->version && number_read_integer(&version, part)) {
		wanted->version = version;
		if (version >= 1)
			return STATUS_OK;
	} else if (*part && !wanted->has_clinic) {
		wanted->has_clinic = true;
		return store_clinic_id(wanted->clinic, store, part, err);
	}
	return error_set(
		err, STATUS_REFUSED,
		"%s@%.40s: a version such as @2 or a clinic's name is needed behind the name",
		wanted->name, part);
}

static enum status take_wanted(struct wanted *wanted, const struct store *store, const char *words,
			       struct error *err)
{
	char copy[RECIPE_NAME_SIZE + 96], *rest = copy, *part;

	*wanted = (struct wanted){.version = 0};
	text_copy(copy, sizeof copy, words);
	text_copy(wanted->name, sizeof wanted->name, strsep(&rest, "@"));
	while ((part = strsep(&rest, "@")))
		if (take_part(wanted, store, part, err))
			return err->status;
	return STATUS_OK;
}

static enum status refuse_several(const struct wanted *wanted, const struct recipe_stamp_list *list,
				  struct error *err)
{
	struct text ids = {0};

	for (size_t i = 0; i < list->count; i++)
		text_addf(&ids, "%s%s%s%s", i ? ", " : "", list->item[i].id,
			  *list->item[i].clinic ? "@" : "", list->item[i].clinic);
	error_set(err, STATUS_REFUSED, "%s: %zu recipes of that name in the store, give an id: %s",
		  wanted->name, list->count, text_failed(&ids) ? "" : ids.data);
	text_clear(&ids);
	return err->status;
}

/* By name, or else by the beginning of its id; among one's own, or those of the clinic. */
static enum status find_in(struct recipe_stamp_list *list, struct store *store,
			   const struct wanted *wanted, const char *clinic, struct error *err)
{
	const struct index_filter by_name = {.name = wanted->name, .clinic = clinic};
	const struct index_filter by_id = {.id = wanted->name, .clinic = clinic};
	struct notes left_out = {0};
	enum status status = index_list(list, store->index, &by_name, &left_out, err);

	if (!status && !list->count && strlen(wanted->name) >= 4) {
		recipe_stamp_list_clear(list);
		status = index_list(list, store->index, &by_id, &left_out, err);
	}
	notes_clear(&left_out);
	return status;
}

/* The id that the name stands for, among the newest versions: a whole id of one's own, which is taken at its word, a name, or
 * the beginning of an id. Where no clinic is named one's own go first. */
static enum status resolve(struct wanted *wanted, struct store *store, const struct snapshot *own,
			   struct error *err)
{
	struct recipe_stamp_list list = {0};
	enum status status;

	if (!*wanted->clinic && strlen(wanted->name) == RANDOM_ID_SIZE - 1 &&
	    count_versions(own, wanted->name) > 0) {
		text_copy(wanted->id, sizeof wanted->id, wanted->name);
		return STATUS_OK;
	}
	if (open_index(store, err))
		return err->status;
	status = find_in(&list, store, wanted, wanted->clinic, err);
	if (!status && !list.count && !wanted->has_clinic) {
		recipe_stamp_list_clear(&list);
		status = find_in(&list, store, wanted, NULL, err);
	}
	if (!status && list.count == 0)
		status = error_set(err, STATUS_REFUSED,
				   "%s: no recipe of that id or name in the store", wanted->name);
	else if (!status && list.count > 1)
		status = refuse_several(wanted, &list, err);
	else if (!status) {
		text_copy(wanted->id, sizeof wanted->id, list.item[0].id);
		text_copy(wanted->clinic, sizeof wanted->clinic, list.item[0].clinic);
		if (!wanted->version && *wanted->clinic)
			wanted->version = list.item[0].version;
	}
	recipe_stamp_list_clear(&list);
	return status;
}

static enum status read_wanted(struct recipe *recipe, struct text *text, struct store *store,
			       const struct wanted *wanted, const struct snapshot *snapshot,
			       struct error *err)
{
	struct vouching work = {.store = store};
	int newest = count_versions(snapshot, wanted->id);
	int version = wanted->version ? wanted->version : newest;
	bool found = false;
	enum status status = read_version(recipe, text, &found, snapshot, wanted->id, version, err);

	if (!status && !found)
		status = *wanted->clinic ? error_set(err, STATUS_REFUSED,
						     "%s: that clinic did not share version %d",
						     wanted->name, version)
					 : error_set(err, STATUS_REFUSED,
						     "%s: no version %d, the newest is %d",
						     wanted->name, version, newest);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, wanted->clinic);
	if (!status)
		vouch(&work, &recipe->stamp);
	return status;
}

enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct snapshot *own, *other = NULL;
	struct wanted wanted;
	enum status status;

	if (take_wanted(&wanted, store, name, err) ||
	    snapshot_take(&own, store->repository, REPOSITORY_OWN, err))
		return err->status;
	status = resolve(&wanted, store, own, err);
	layout_reference(reference, wanted.clinic);
	if (!status && *wanted.clinic)
		status = snapshot_take(&other, store->repository, reference, err);
	if (!status)
		status = read_wanted(recipe, text, store, &wanted, other ? other : own, err);
	snapshot_free(other);
	snapshot_free(own);
	return status;
}

/* --- verifying -------------------------------------------------------------------------------- */

struct verifying {
	struct store_check *check;
	struct store *store;
	struct error *err;
};

/* A reference, and what each of its commits must be signed with. `clinic` is NULL where that is not known. */
static enum status verify_reference(const struct verifying *work, const char *reference,
				    const char *clinic)
{
	struct store_check found = {0};
	struct snapshot *snapshot;
	enum status status =
		snapshot_take(&snapshot, work->store->repository, reference, work->err);

	if (status)
		return status;
	status = verify_snapshot(&found, snapshot, clinic, strcmp(reference, REPOSITORY_OWN) != 0,
				 work->err);
	snapshot_free(snapshot);
	work->check->commits += found.commits;
	work->check->with += found.with;
	work->check->without += found.without;
	work->check->versions += found.versions;
	work->check->unsound += found.unsound;
	for (size_t i = 0; i < found.faults.count; i++)
		notes_addf(&work->check->faults, "%s%s%s",
			   strcmp(reference, REPOSITORY_OWN) ? reference : "",
			   strcmp(reference, REPOSITORY_OWN) ? ": " : "", found.faults.line[i]);
	notes_clear(&found.faults);
	return status;
}

static enum status verify_shared(const char *reference, void *data)
{
	const char *clinic = layout_clinic(reference);

	return verify_reference(data, reference, *clinic ? clinic : NULL);
}

/* That the index has just what is in the repository of one's own, each as it is there. */
static enum status verify_index(const struct verifying *work)
{
	const struct index_filter all = {.all = true, .clinic = ""};
	struct recipe_stamp_list list = {0};
	struct notes left_out = {0};
	struct snapshot *snapshot;
	size_t differ = 0;
	enum status status = open_index(work->store, work->err);

	if (!status)
		status = index_list(&list, work->store->index, &all, &left_out, work->err);
	if (!status)
		status = snapshot_take(&snapshot, work->store->repository, REPOSITORY_OWN,
				       work->err);
	if (status)
		return status;
	for (size_t i = 0; i < list.count; i++) {
		char path[REPOSITORY_PATH_SIZE], hash[REPOSITORY_HASH_SIZE] = "";
		struct error unsaid;

		layout_path(path, list.item[i].id, list.item[i].version);
		differ += snapshot_hash(hash, snapshot, path, &unsaid) != STATUS_OK ||
			  strcmp(hash, list.item[i].hash) != 0;
	}
	snapshot_free(snapshot);
	if (differ || list.count + work->check->unsound != work->check->versions)
		notes_addf(
			&work->check->faults,
			"the index (index-*.db) does not agree with the store: delete it, and it "
			"is made anew");
	recipe_stamp_list_clear(&list);
	notes_clear(&left_out);
	return STATUS_OK;
}

enum status store_verify(struct store_check *check, struct store *store, struct error *err)
{
	struct verifying work = {.store = store, .err = err};
	char own[KEY_ID_SIZE];
	enum status status;

	*check = (struct store_check){0};
	work.check = check;
	key_id(own, &store->clinic);
	status = verify_reference(&work, REPOSITORY_OWN, store->has_clinic ? own : NULL);
	if (!status)
		status = verify_index(&work);
	if (!status)
		status = repository_references(store->repository, REPOSITORY_SHARED "*",
					       verify_shared, &work, err);
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
	return repository_bundle(out, store->repository, "*", REPOSITORY_OWN, NULL, err);
}
