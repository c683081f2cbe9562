#include "exchange/shared.h"

#include "formats/recipe_file.h"
#include "store/addition.h"
#include "store/git.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void shared_reference(char reference[REPOSITORY_REFERENCE_SIZE], const struct public_key *key)
{
	char id[KEY_ID_SIZE];

	key_id(id, key);
	layout_reference(reference, id);
}

/* --- adding ------------------------------------------------------------------------------------------- */

/* Fewer than these are loose files, as in a save. */
enum { FEW = 8 };

/* What is at work under the lock: the clinic's store, and what it shares. */
struct sharing {
	struct snapshot *own, *shared;
	struct addition *addition;
	int count;
	struct error *err;
};

/* The shared copy of the version that has that hash in the store; empty where it is not shared. */
static void translate_parent(char parent[RECIPE_HASH_SIZE], const struct sharing *work,
			     const struct recipe_stamp *stamp)
{
	char path[REPOSITORY_PATH_SIZE], hash[REPOSITORY_HASH_SIZE];
	struct error unsaid;

	*parent = 0;
	for (int version = stamp->version - 1; version > 0 && *stamp->parent; version--) {
		layout_path(path, stamp->id, version);
		if (snapshot_hash(hash, work->own, path, &unsaid) || strcmp(hash, stamp->parent))
			continue;
		if (snapshot_hash(hash, work->shared, path, &unsaid) == STATUS_OK)
			text_copy(parent, RECIPE_HASH_SIZE, hash);
		return;
	}
}

static enum status refuse_other(const struct recipe_stamp *stamp, struct error *err)
{
	return error_set(err, STATUS_REFUSED,
			 "“%s” version %d was shared before with other fields (--with), and what "
			 "was shared stays as it was: save a new version to share it otherwise",
			 stamp->name, stamp->version);
}

static enum status add_recipe(struct sharing *work, struct recipe *copy)
{
	char parent[RECIPE_HASH_SIZE], hash[REPOSITORY_HASH_SIZE], path[REPOSITORY_PATH_SIZE];
	struct text there = {0}, bytes = {0};
	bool found = false;
	enum status status;

	translate_parent(parent, work, &copy->stamp);
	text_copy(copy->stamp.parent, sizeof copy->stamp.parent, parent);
	layout_path(path, copy->stamp.id, copy->stamp.version);
	status = recipe_print(&bytes, copy, work->err);
	if (!status)
		status = snapshot_read(&there, hash, &found, work->shared, path, work->err);
	if (!status && found &&
	    (there.length != bytes.length || memcmp(there.data, bytes.data, there.length)))
		status = refuse_other(&copy->stamp, work->err);
	if (!status && !found && !addition_has(work->addition, path)) {
		status = addition_put(hash, work->addition, path, &bytes, work->err);
		work->count++;
	}
	text_clear(&there);
	text_clear(&bytes);
	return status;
}

static enum status add_all(struct sharing *work, const struct recipe *recipe, int count)
{
	struct recipe *copy = malloc(sizeof *copy);
	enum status status = copy ? STATUS_OK : error_memory(work->err);

	for (int i = 0; i < count && !status; i++) {
		*copy = recipe[i];
		status = add_recipe(work, copy);
	}
	free(copy);
	return status;
}

static enum status add_locked(int *added, struct repository *repository,
			      const struct recipe *recipe, int count, const struct clinic_key *key,
			      struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE], message[64];
	struct sharing work = {.err = err};
	enum status status;

	shared_reference(reference, &key->open);
	status = snapshot_take(&work.own, repository, REPOSITORY_OWN, err);
	if (!status)
		status = snapshot_take(&work.shared, repository, reference, err);
	if (!status)
		status = addition_begin(&work.addition, work.shared, count > FEW, err);
	if (!status)
		status = add_all(&work, recipe, count);
	snprintf(message, sizeof message, "%d version%s shared\n", work.count,
		 work.count == 1 ? "" : "s");
	if (!status && work.count > 0)
		status = addition_commit(work.addition, message, key, err);
	*added = status ? 0 : work.count;
	addition_free(work.addition);
	snapshot_free(work.shared);
	snapshot_free(work.own);
	return status;
}

enum status shared_add(int *added, struct repository *repository, const struct recipe *recipe,
		       int count, const struct clinic_key *key, struct error *err)
{
	enum status status = repository_lock(repository, err);

	*added = 0;
	if (status)
		return status;
	status = add_locked(added, repository, recipe, count, key, err);
	repository_unlock(repository);
	return status;
}

/* --- telling -------------------------------------------------------------------------------------------- */

struct listing {
	const struct snapshot *shared;
	struct recipe_stamp_list *list;
	struct recipe *recipe; /* room to read one into */
	struct error *err;
};

static enum status list_file(const char *path, const char *hash, void *data)
{
	struct listing *work = data;
	char read[REPOSITORY_HASH_SIZE];
	struct text text = {0};
	bool found;
	enum status status;

	(void)hash;
	status = snapshot_read(&text, read, &found, work->shared, path, work->err);
	if (!status)
		status = recipe_parse(work->recipe, &text, path, work->err);
	text_clear(&text);
	if (status)
		return status;
	text_copy(work->recipe->stamp.hash, sizeof work->recipe->stamp.hash, read);
	return recipe_stamp_list_add(work->list, &work->recipe->stamp, work->err);
}

enum status shared_list(struct recipe_stamp_list *list, struct repository *repository,
			const struct public_key *key, struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct listing work = {NULL, list, malloc(sizeof *work.recipe), err};
	struct repository_commit tip;
	struct snapshot *shared = NULL;
	enum status status = work.recipe ? STATUS_OK : error_memory(err);
	bool verified;

	*list = (struct recipe_stamp_list){0};
	shared_reference(reference, key);
	if (!status)
		status = snapshot_take(&shared, repository, reference, err);
	work.shared = shared;
	if (!status)
		status = snapshot_walk(shared, NULL, list_file, &work, err);
	verified = !status && snapshot_tip(&tip, shared) && tip.is_signed && tip.fits &&
		   memcmp(&tip.signer, key, sizeof *key) == 0;
	for (size_t i = 0; i < list->count; i++)
		list->item[i].verified = verified;
	if (status)
		recipe_stamp_list_clear(list);
	snapshot_free(shared);
	free(work.recipe);
	return status;
}

/* --- going out ------------------------------------------------------------------------------------------ */

/* The newest commit from before that day (UTC), along the only line there is; empty where there is none. */
static int find_before(char commit[REPOSITORY_HASH_SIZE], const struct snapshot *shared,
		       const char *day)
{
	git_commit *at = NULL, *parent = NULL;
	int failed = git_commit_lookup(&at, shared->repository->git, git_commit_id(shared->commit));

	*commit = 0;
	while (!failed && at) {
		time_t seconds = (time_t)git_commit_time(at);
		char made[16];
		struct tm parts;

		strftime(made, sizeof made, "%Y-%m-%d", gmtime_r(&seconds, &parts));
		if (strcmp(made, day) < 0) {
			git_oid_tostr(commit, REPOSITORY_HASH_SIZE, git_commit_id(at));
			break;
		}
		parent = NULL;
		if (git_commit_parentcount(at) > 0)
			failed = git_commit_parent(&parent, at, 0);
		git_commit_free(at);
		at = parent;
	}
	git_commit_free(at);
	return failed;
}

enum status shared_bundle(struct text *out, struct repository *repository,
			  const struct public_key *key, const char *day, struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE], since[REPOSITORY_HASH_SIZE] = "";
	struct snapshot *shared;
	enum status status;

	*out = (struct text){0};
	shared_reference(reference, key);
	status = snapshot_take(&shared, repository, reference, err);
	if (!status && !*snapshot_commit(shared))
		status = error_set(err, STATUS_REFUSED,
				   "nothing is shared yet: `share add RECIPE` first");
	git_error_clear();
	if (!status && day && find_before(since, shared, day))
		status = git_refuse(err, STATUS_REFUSED, repository->folder);
	snapshot_free(shared);
	return status ? status
		      : repository_bundle(out, repository, reference, reference, since, err);
}
