/* The bare git repository beneath a store, through libgit2: files in, files out, one reference that moves. Knows paths and
 * bytes, nothing of recipes.
 *
 *	FOLDER/lock            flock()ed by every writer; never removed
 *	FOLDER/recipes.git/    bare repository; REPOSITORY_OWN is this clinic's own reference
 *
 * Invariants
 *  1. A reference only moves forward, to a commit whose tree holds all that the last one held.
 *  2. What was added is on the disk before the call returns: objects, reference and folders are fsynced.
 *
 * Files are added by addition.h, under the lock. git's index is never used and nothing is ever merged. The user's own git
 * configuration is ignored.
 *
 *	repository_open(&repository, folder, true, &err);
 *	repository_lock(repository, &err);
 *	snapshot_take(&snapshot, repository, REPOSITORY_OWN, &err);
 *	addition_begin(&addition, snapshot, false, &err); …
 *	snapshot_free(snapshot);
 *	repository_unlock(repository);
 *	repository_close(repository);
 */
#ifndef STORE_REPOSITORY_H
#define STORE_REPOSITORY_H

#include "base/error.h"
#include "base/text.h"
#include "store/key.h"

#define REPOSITORY_OWN "refs/heads/main"

/* What a clinic shares with others stands under this and its key's id: this clinic's own, and what came from the others. */
#define REPOSITORY_SHARED "refs/clinics/"

enum {
	REPOSITORY_HASH_SIZE = 41,
	REPOSITORY_PATH_SIZE = 64,
	REPOSITORY_REFERENCE_SIZE = 64,
	REPOSITORY_DEPTH_MOST = 3, /* slashes in recipes/ab/abcdef0123456789/1.cfg */
	REPOSITORY_FILES_MOST = 4000000
};

/* Bytes of a file that is read: the example's recipe takes 11 kB, one with eight readings of what became of it some more. */
enum { REPOSITORY_FILE_MOST = 4 << 20 };

struct repository;

/* Opens the repository of a store in `folder`. With `create` a missing one is made; without, it is refused. */
enum status repository_open(struct repository **out, const char *folder, bool create,
			    struct error *err);
void repository_close(struct repository *repository); /* accepts NULL */

/* Keeps every other writer out, and clears what one that was killed left behind. */
enum status repository_lock(struct repository *repository, struct error *err);
void repository_unlock(struct repository *repository);

/* What a reference names at one moment. */
struct snapshot;
enum status snapshot_take(struct snapshot **out, struct repository *repository,
			  const char *reference, struct error *err);
void snapshot_free(struct snapshot *snapshot); /* accepts NULL */

/* Of one commit (empty: of nothing), as if `reference` named it. */
enum status snapshot_at(struct snapshot **out, struct repository *repository, const char *reference,
			const char *commit, struct error *err);

/* Calls `visit` with the name of each reference that fits the glob, in no order, until it returns something else than STATUS_OK;
 * returns that. */
typedef enum status repository_name(const char *reference, void *data);
enum status repository_references(struct repository *repository, const char *glob,
				  repository_name *visit, void *data, struct error *err);

/* The commit's hash; empty where nothing was added yet. Borrowed. */
const char *snapshot_commit(const struct snapshot *snapshot);

/* A file's bytes, to be cleared, and their hash. *found is false where there is no such path. */
enum status snapshot_read(struct text *bytes, char hash[REPOSITORY_HASH_SIZE], bool *found,
			  const struct snapshot *snapshot, const char *path, struct error *err);

/* The bytes of a file that a walk found, by its hash; through another handle of the same repository where that is not NULL. */
enum status snapshot_read_hash(struct text *bytes, const struct snapshot *snapshot,
			       struct repository *through, const char *path, const char *hash,
			       struct error *err);

/* While `trusting`, what is read is not held against its hash, which takes half of the time of a reading. Of all of the process, so not
 * while another thread reads. For what is disposable alone. */
void repository_trust(bool trusting);

/* Of a file that must be there, its hash alone. */
enum status snapshot_hash(char hash[REPOSITORY_HASH_SIZE], const struct snapshot *snapshot,
			  const char *path, struct error *err);

/* What the hash of a file of these bytes would be. */
enum status repository_hash(char hash[REPOSITORY_HASH_SIZE], const struct text *bytes,
			    struct error *err);

/* How many entries a folder has; 0 where there is none. */
int snapshot_count(const struct snapshot *snapshot, const char *folder);

/* Calls `visit` for each file that is there and was not, or not so, in the commit `since` (NULL or empty: for each file), with a NULL hash for
 * each that is gone since and an empty one for each that is no plain file, in the order of paths, until it returns something else than STATUS_OK; returns that. */
typedef enum status snapshot_visit(const char *path, const char *hash, void *data);
enum status snapshot_walk(const struct snapshot *snapshot, const char *since, snapshot_visit *visit,
			  void *data, struct error *err);

/* One commit, as a walk finds it. */
struct repository_commit {
	char hash[REPOSITORY_HASH_SIZE];
	bool is_signed;
	bool fits;      /* the signature is one of `signer`, of this commit */
	bool took_away; /* its tree lacks a file of its parent's, or has another one in its place */
	struct public_key signer;
};

/* The commit that a snapshot names: its signature vouches for every file, as their hashes are under it. False where nothing
 * was added yet. */
bool snapshot_tip(struct repository_commit *tip, const struct snapshot *snapshot);

/* Calls `visit` for each commit that a snapshot stands on and the commit `since` (NULL or empty: none) does not, the newest first. */
typedef enum status repository_visit(const struct repository_commit *commit, void *data);
enum status snapshot_history(const struct snapshot *snapshot, const char *since,
			     repository_visit *visit, void *data, struct error *err);

/* Puts all objects that the references stand on into one pack, and removes what is in it from where it was; the rest stays. To be
 * called under the lock. */
struct repository_tidy {
	char pack[64];                    /* empty: there was nothing to be packed */
	unsigned long objects;            /* that were files of their own and are no longer */
	unsigned long long before, after; /* bytes on the disk */
};
enum status repository_tidy(struct repository_tidy *out, struct repository *repository,
			    struct error *err);

/* What the references that fit the glob stand on as one git bundle, which stock git verifies and clones; to be cleared. A clone
 * checks out the reference `head`. With the commit `since` (NULL or empty: none) the bundle is for repositories that have it, and
 * leaves out what it stands on. */
enum status repository_bundle(struct text *out, struct repository *repository, const char *glob,
			      const char *head, const char *since, struct error *err);

#endif
