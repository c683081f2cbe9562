/* What a version is among files: its path, its number, its parent; the repository beneath keeps the files. */
#include "store/inside.h"

#include "formats/recipe_file.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static enum status read_text(struct text *text, char hash[REPOSITORY_HASH_SIZE], bool *found,
			     const struct base *base, const char *path, struct error *err)
{
	if (base->addition && addition_has(base->addition, path))
		return addition_read(text, hash, found, base->addition, path, err);
	return snapshot_read(text, hash, found, base->snapshot, path, err);
}

typedef enum status parse(struct recipe *recipe, struct text *text, const char *path,
			  struct error *err);

static enum status read_as(struct recipe *recipe, struct text *kept, bool *found,
			   const struct base *base, const char *id, int version, parse *how,
			   struct error *err)
{
	char path[REPOSITORY_PATH_SIZE], hash[RECIPE_HASH_SIZE] = "";
	struct text text;
	enum status status;

	layout_path(path, id, version);
	if (kept)
		*kept = (struct text){0};
	status = read_text(&text, hash, found, base, path, err);
	if (status || !*found)
		return status;
	if (kept)
		text_add(kept, text.data, text.length);
	status = how(recipe, &text, path, err);
	if (!status)
		status = layout_check(&recipe->stamp, id, version, err);
	if (status)
		error_prefix(err, "store: ");
	else if (kept && text_failed(kept))
		status = error_memory(err);
	if (status && kept)
		text_clear(kept);
	text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	text_clear(&text);
	return status;
}

enum status store_read_version(struct recipe *recipe, struct text *kept, bool *found,
			       const struct base *base, const char *id, int version,
			       struct error *err)
{
	return read_as(recipe, kept, found, base, id, version, recipe_parse, err);
}

enum status store_read_vouched(struct recipe *recipe, struct text *kept, bool *found,
			       const struct base *base, const char *id, int version,
			       struct error *err)
{
	return read_as(recipe, kept, found, base, id, version, recipe_parse_vouched, err);
}

/* True where that key vouches for all that is in the snapshot. */
static bool is_vouched(const struct snapshot *snapshot, const struct public_key *key)
{
	struct repository_commit tip;

	return snapshot_tip(&tip, snapshot) && tip.is_signed && tip.fits &&
	       memcmp(&tip.signer, key, sizeof tip.signer) == 0;
}

int store_count_versions(const struct base *base, const char *id)
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

/* --- whose ------------------------------------------------------------------------------------ */

/* What a commit's hash names does not change, so it is looked at once. */
static bool is_own(struct store *store, const struct snapshot *snapshot)
{
	const char *commit = snapshot_commit(snapshot);

	if (*commit && strcmp(store->vouched, commit) == 0)
		return true;
	if (!is_vouched(snapshot, &store->clinic))
		return false;
	text_copy(store->vouched, sizeof store->vouched, commit);
	return true;
}

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
	work->verified = *id ? is_vouched(snapshot, key) : is_own(work->store, snapshot);
	snapshot_free(snapshot);
}

void store_vouch(struct vouching *work, struct recipe_stamp *stamp)
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
	has = version <= store_count_versions(&(struct base){snapshot, NULL}, id);
	snapshot_free(snapshot);
	return has;
}

enum status store_open_index(struct store *store, struct error *err)
{
	return store->index ? index_refresh(store->index, err)
			    : index_open(&store->index, store->folder, store->repository,
					 store->shared, &store->watch, err);
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

/* How many of the index's versions are not those of the snapshot. */
static size_t count_other(const struct recipe_stamp_list *list, const struct snapshot *snapshot)
{
	size_t other = 0;

	for (size_t i = 0; i < list->count; i++) {
		char path[REPOSITORY_PATH_SIZE], hash[REPOSITORY_HASH_SIZE] = "";
		struct error unsaid;

		layout_path(path, list->item[i].id, list->item[i].version);
		other += snapshot_hash(hash, snapshot, path, &unsaid) != STATUS_OK ||
			 strcmp(hash, list->item[i].hash) != 0;
	}
	return other;
}

/* That the index has what is in the repository of one's own, each as it is there. A version that is unsound may be missing, or not:
 * the index leaves unread where some faults are. */
static enum status verify_index(const struct verifying *work)
{
	const struct index_filter all = {.all = true, .clinic = ""};
	struct recipe_stamp_list list = {0};
	struct notes left_out = {0};
	struct snapshot *snapshot = NULL;
	enum status status = store_open_index(work->store, work->err);

	if (!status)
		status = index_list(&list, work->store->index, &all, &left_out, work->err);
	if (!status)
		status = snapshot_take(&snapshot, work->store->repository, REPOSITORY_OWN,
				       work->err);
	if (!status && (count_other(&list, snapshot) ||
			list.count + work->check->unsound < work->check->versions))
		notes_addf(
			&work->check->faults,
			"the index (index-*.db) does not agree with the store: delete it, and it "
			"is made anew");
	snapshot_free(snapshot);
	recipe_stamp_list_clear(&list);
	notes_clear(&left_out);
	return status;
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
