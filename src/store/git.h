/* What the files that speak to libgit2 share, in this room and in exchange/; nobody else. */
#ifndef STORE_GIT_H
#define STORE_GIT_H

#include "store/repository.h"

#include <git2.h>

enum { PATH_SIZE = 4096 };

struct repository {
	git_repository *git;
	char folder[PATH_SIZE];
	int lock; /* file descriptor, held open; flock()ed while a writer works */
};

struct snapshot {
	struct repository *repository;
	git_commit *commit; /* NULL, as the tree, where nothing was added yet */
	git_tree *tree;
	char hash[REPOSITORY_HASH_SIZE];
	char reference[REPOSITORY_REFERENCE_SIZE];
};

/* The error that libgit2 met, in one line. */
enum status git_refuse(struct error *err, enum status status, const char *what);

/* Moves the reference of a snapshot from where it was read to `commit` (compare and swap; the lock makes this certain, it is the
 * belt). A move that failed at its last fsync has happened all the same: it is to be taken back, so that what is reported as
 * not saved is not there. */
int git_move_reference(const struct snapshot *snapshot, const git_oid *commit);
void git_take_back(const struct snapshot *snapshot, const git_oid *commit);

/* After a failure, where the disk is full: says that instead, as libgit2 has been seen to report it as an object that is not there.
 * `failed` says what was not done ("not saved"). Returns the status. */
enum status git_blame_disk(struct error *err, const struct repository *repository,
			   const char *failed);

/* The field of a commit in which git looks for a signature. */
#define GIT_SIGNATURE_FIELD "gpgsig"

/* Calls `visit` for each file that two trees (NULL: an empty one) do not have alike, until it returns something else than 0; returns
 * that, or less than 0 where a tree cannot be read. `before` or `after` is NULL where only the other has such a file. Within a folder,
 * in the order of names, those that are gone last. */
typedef int git_tree_difference(const char *path, const git_tree_entry *before,
				const git_tree_entry *after, void *data);
int git_each_difference(git_repository *git, const git_tree *before, const git_tree *after,
			git_tree_difference *visit, void *data);

/* How many files a tree has that another did not have; *took_away where one is gone or another in its place. */
int git_compare_trees(size_t *added, bool *took_away, git_repository *git, git_tree *before,
		      git_tree *after);

/* Where packs are. */
void git_pack_folder(char path[PATH_SIZE + 64], const struct repository *repository);

/* Writes the pack of a builder and names it; it is on the disk then. `failed` says what was not done ("not saved"). */
enum status git_write_pack(char name[64], git_packbuilder *builder,
			   const struct repository *repository, const char *failed,
			   struct error *err);

/* Removes such a pack, which nothing stands on. */
void git_remove_pack(const char *name, const struct repository *repository);

/* Whether the reference of a snapshot names `commit` now. */
bool git_is_at(const struct snapshot *snapshot, const git_oid *commit);

/* A folder and what is in it; links are not followed. */
void git_remove_folder(const char *path);

/* Calls `take` for each entry of a folder; false where it cannot be read. */
bool git_each_entry(const char *folder,
		    void (*take)(const char *folder, const char *name, void *data), void *data);

#endif
