/* Everything that a store promises, looked at again: each commit's signature and that it took nothing away, each version's file,
 * its number and its parent. git checks the hashes itself as it reads. */
#include "store/verify.h"

#include "formats/recipe_file.h"
#include "store/layout.h"

#include <stdlib.h>
#include <string.h>

struct verification {
	struct store_check *check;
	const struct snapshot *snapshot;
	const char *clinic; /* its id; NULL: any */
	bool copies;
	struct recipe *recipe;
};

/* --- commits ---------------------------------------------------------------------------------- */

/* They come the newest first, so one without a signature is sound only where all older ones are such. */
static enum status check_commit(const struct repository_commit *commit, void *data)
{
	const struct verification *work = data;
	struct store_check *check = work->check;
	char fingerprint[KEY_FINGERPRINT_SIZE], signer[KEY_ID_SIZE];

	check->commits++;
	if (commit->took_away)
		notes_addf(&check->faults, "commit %.12s changes or removes what was saved before",
			   commit->hash);
	if (!commit->is_signed) {
		if (check->commits == 1 && work->clinic)
			notes_addf(&check->faults, "the newest commit, %.12s, has no signature",
				   commit->hash);
		check->without++;
		return STATUS_OK;
	}
	if (check->without) {
		notes_addf(&check->faults, "%lu commits above %.12s have no signature",
			   check->without, commit->hash);
		check->without = 0;
	}
	check->with++;
	key_id(signer, &commit->signer);
	if (!commit->fits) {
		notes_addf(&check->faults, "commit %.12s is not as it was signed", commit->hash);
	} else if (work->clinic && strcmp(signer, work->clinic)) {
		key_fingerprint(fingerprint, &commit->signer);
		notes_addf(&check->faults,
			   "commit %.12s is signed with another key than its clinic's: %s",
			   commit->hash, fingerprint);
	}
	return STATUS_OK;
}

/* --- versions --------------------------------------------------------------------------------- */

static bool has_parent(const struct verification *work, const char *id, int version)
{
	const char *parent = work->recipe->stamp.parent;
	bool found = version == 1 && !*parent;

	for (int before = 1; before < version && !found; before++) {
		char path[REPOSITORY_PATH_SIZE], hash[REPOSITORY_HASH_SIZE] = "";
		struct error unsaid;

		layout_path(path, id, before);
		found = snapshot_hash(hash, work->snapshot, path, &unsaid) == STATUS_OK &&
			strcmp(hash, parent) == 0;
	}
	return found;
}

static void check_file(const struct verification *work, const char *id, int version,
		       const char *path)
{
	struct notes *faults = &work->check->faults;
	const struct recipe_stamp *stamp = &work->recipe->stamp;
	char hash[REPOSITORY_HASH_SIZE], folder[REPOSITORY_PATH_SIZE];
	struct error unread;
	struct text text;
	bool found;

	if (snapshot_read(&text, hash, &found, work->snapshot, path, &unread) ||
	    recipe_parse(work->recipe, &text, path, &unread)) {
		notes_addf(faults, "%s", unread.message);
		work->check->unsound++;
		text_clear(&text);
		return;
	}
	text_clear(&text);
	if (layout_check(stamp, id, version, &unread)) {
		notes_addf(faults, "%s", unread.message);
		work->check->unsound++;
	}
	if (work->copies && !*stamp->parent) /* its parent is not shared */
		return;
	if (!has_parent(work, id, version))
		notes_addf(faults, "%s: its parent %.12s is no older version of it", path,
			   *stamp->parent ? stamp->parent : "(none)");
	layout_folder(folder, id);
	if (!work->copies && version > snapshot_count(work->snapshot, folder))
		notes_addf(faults, "%s: an older version is missing", path);
}

static enum status check_version(const char *path, const char *hash, void *data)
{
	const struct verification *work = data;
	char id[RANDOM_ID_SIZE];
	int version;

	(void)hash;
	if (layout_take(id, &version, path)) {
		work->check->versions++;
		check_file(work, id, version, path);
	} else {
		notes_addf(&work->check->faults, "%s is not a recipe's file", path);
	}
	return STATUS_OK;
}

enum status verify_snapshot(struct store_check *check, const struct snapshot *snapshot,
			    const char *clinic, bool copies, struct error *err)
{
	struct verification work = {
		.check = check, .snapshot = snapshot, .clinic = clinic, .copies = copies};
	enum status status;

	work.recipe = malloc(sizeof *work.recipe);
	if (!work.recipe)
		return error_memory(err);
	status = snapshot_history(snapshot, NULL, check_commit, &work, err);
	if (!status)
		status = snapshot_walk(snapshot, NULL, check_version, &work, err);
	free(work.recipe);
	return status;
}
