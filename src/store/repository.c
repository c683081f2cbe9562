/* See repository.h for the life of an addition. libgit2's traps that are met here: its user configuration is cut off, a full
 * disk has to be recognised behind its messages, and what a killed writer leaves is never cleared by it. */
#include "store/git.h"

#include "base/clock.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* An author is needed by git; a person's name must never get in, so it is the clinic's key. */
#define AUTHOR "follitone"
#define AUTHOR_HOST "clinic.follitone.invalid"
#define SIGNATURE_FIELD "gpgsig"

bool git_disk_is_full(const char *folder)
{
	const unsigned long long enough = 64 << 10;
	struct statvfs facts;

	return statvfs(folder, &facts) == 0 &&
	       (unsigned long long)facts.f_bavail * facts.f_frsize < enough;
}

enum status git_refuse(struct error *err, enum status status, const char *what)
{
	const git_error *error = git_error_last();

	return error_set(err, status, "store: %s: %s", what,
			 error && *error->message ? error->message : strerror(errno));
}

/* --- opening ---------------------------------------------------------------------------------- */

static enum status start_git(struct error *err)
{
	static const git_config_level_t levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA,
						    GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
						    GIT_CONFIG_LEVEL_GLOBAL};

	if (git_libgit2_init() < 0)
		return git_refuse(err, STATUS_ENVIRONMENT, "libgit2");
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	return STATUS_OK;
}

static enum status path_in(char path[PATH_SIZE], const char *folder, const char *name,
			   struct error *err)
{
	if (snprintf(path, PATH_SIZE, "%s/%s", folder, name) >= PATH_SIZE)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", folder);
	return STATUS_OK;
}

static enum status take_lock(struct repository *repository, struct error *err)
{
	while (flock(repository->lock, LOCK_EX))
		if (errno != EINTR)
			return error_set(err, STATUS_ENVIRONMENT, "%s: cannot be locked: %s",
					 repository->folder, strerror(errno));
	return STATUS_OK;
}

void repository_unlock(struct repository *repository)
{
	flock(repository->lock, LOCK_UN);
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
	(void)facts;
	(void)kind;
	(void)place;
	return remove(path);
}

static int sync_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), failed;

	(void)facts;
	(void)kind;
	(void)place;
	if (fd < 0)
		return -1;
	failed = fsync(fd) && errno != EINVAL;
	close(fd);
	return failed ? -1 : 0;
}

/* A repository is made beside its place, brought to the disk and renamed into it, so that it is
 * there whole or not at all. Under the lock; what an interrupted creation left is removed first. */
static enum status create_repository(const char *folder, const char *path, struct error *err)
{
	char making[PATH_SIZE + 8];
	git_repository_init_options options;
	git_repository *made = NULL;
	const int depth = 16;

	snprintf(making, sizeof making, "%s.new", path);
	nftw(making, remove_entry, depth, FTW_DEPTH | FTW_PHYS);
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	git_error_clear();
	if (git_repository_init_ext(&made, making, &options))
		return git_refuse(err, STATUS_REFUSED, making);
	git_repository_free(made);
	if (nftw(making, sync_entry, depth, FTW_DEPTH | FTW_PHYS) || rename(making, path))
		return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	return file_sync_folder(folder, err);
}

/* Only making a repository needs the lock: readers see what the ref names, and that is whole. */
static enum status open_git(struct repository *repository, bool create, struct error *err)
{
	char path[PATH_SIZE];
	enum status status = path_in(path, repository->folder, "recipes.git", err);

	if (!status && create && access(path, F_OK)) {
		status = take_lock(repository, err);
		if (!status && access(path, F_OK))
			status = create_repository(repository->folder, path, err);
		repository_unlock(repository);
	}
	if (!status && access(path, F_OK))
		return error_set(err, STATUS_REFUSED, "%s: there is no recipe store",
				 repository->folder);
	git_error_clear();
	if (!status && git_repository_open_bare(&repository->git, path))
		status = git_refuse(err, STATUS_REFUSED, path);
	return status;
}

static enum status open_lock_file(struct repository *repository, bool create, struct error *err)
{
	char path[PATH_SIZE];

	if (create && file_make_folder(repository->folder, err))
		return err->status;
	if (path_in(path, repository->folder, "lock", err))
		return err->status;
	repository->lock = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0666);
	if (repository->lock < 0 &&
	    (errno == EACCES || errno == EROFS)) /* a store on a read-only disk can still be read */
		repository->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (repository->lock < 0 && errno == ENOENT)
		return error_set(err, STATUS_REFUSED, "%s: there is no recipe store",
				 repository->folder);
	if (repository->lock < 0)
		return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	return STATUS_OK;
}

enum status repository_open(struct repository **out, const char *folder, bool create,
			    struct error *err)
{
	struct repository *repository = calloc(1, sizeof *repository);

	*out = NULL;
	if (!repository)
		return error_memory(err);
	repository->lock = -1;
	if (start_git(err)) {
		free(repository);
		return err->status;
	}
	if (strlen(folder) >= sizeof repository->folder)
		error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", folder);
	else {
		text_copy(repository->folder, sizeof repository->folder, folder);
		if (!open_lock_file(repository, create, err) &&
		    !open_git(repository, create, err)) {
			*out = repository;
			return STATUS_OK;
		}
	}
	repository_close(repository);
	return err->status;
}

void repository_close(struct repository *repository)
{
	if (!repository)
		return;
	git_repository_free(repository->git);
	if (repository->lock >= 0)
		close(repository->lock);
	free(repository);
	git_libgit2_shutdown();
}

static int remove_lock(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
	size_t length = strlen(path);

	(void)facts;
	(void)place;
	if (kind == FTW_F && length > 5 && strcmp(path + length - 5, ".lock") == 0)
		unlink(path);
	return 0;
}

/* What libgit2 calls a pack that is not whole yet. */
#define UNFINISHED_PACK "pack_git2_"

static void remove_unfinished_packs(const char *folder)
{
	DIR *open_folder = opendir(folder);
	struct dirent *entry;

	if (!open_folder)
		return;
	while ((entry = readdir(open_folder)))
		if (strncmp(entry->d_name, UNFINISHED_PACK, strlen(UNFINISHED_PACK)) == 0)
			unlinkat(dirfd(open_folder), entry->d_name, 0);
	closedir(open_folder);
}

/* Whoever was killed while moving a reference or writing a pack leaves such a file, and libgit2 never clears it. We hold the
 * lock, so nobody is at work on it. */
enum status repository_lock(struct repository *repository, struct error *err)
{
	char path[PATH_SIZE + 64];
	const int depth = 8;

	if (take_lock(repository, err))
		return err->status;
	snprintf(path, sizeof path, "%s/recipes.git/refs", repository->folder);
	nftw(path, remove_lock, depth, FTW_PHYS);
	snprintf(path, sizeof path, "%s/recipes.git/objects/pack", repository->folder);
	remove_unfinished_packs(path);
	return STATUS_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The snapshot of a commit; NULL for one of nothing. */
static enum status make_snapshot(struct snapshot **out, struct repository *repository,
				 const char *reference, const git_oid *id, struct error *err)
{
	struct snapshot *snapshot = calloc(1, sizeof *snapshot);

	*out = NULL;
	if (!snapshot)
		return error_memory(err);
	snapshot->repository = repository;
	text_copy(snapshot->reference, sizeof snapshot->reference, reference);
	git_error_clear();
	if (id && (git_commit_lookup(&snapshot->commit, repository->git, id) ||
		   git_commit_tree(&snapshot->tree, snapshot->commit))) {
		snapshot_free(snapshot);
		return git_refuse(err, STATUS_REFUSED, repository->folder);
	}
	if (id)
		git_oid_tostr(snapshot->hash, sizeof snapshot->hash, id);
	*out = snapshot;
	return STATUS_OK;
}

enum status snapshot_take(struct snapshot **out, struct repository *repository,
			  const char *reference, struct error *err)
{
	git_oid id;
	int result;

	*out = NULL;
	git_error_clear();
	result = git_reference_name_to_id(&id, repository->git, reference);
	if (result && result != GIT_ENOTFOUND)
		return git_refuse(err, STATUS_REFUSED, repository->folder);
	return make_snapshot(out, repository, reference, result ? NULL : &id, err);
}

enum status snapshot_at(struct snapshot **out, struct repository *repository, const char *reference,
			const char *commit, struct error *err)
{
	git_oid id;

	*out = NULL;
	if (*commit && git_oid_fromstr(&id, commit))
		return error_set(err, STATUS_REFUSED, "store: %.80s is no commit", commit);
	return make_snapshot(out, repository, reference, *commit ? &id : NULL, err);
}

enum status repository_references(struct repository *repository, const char *glob,
				  repository_name *visit, void *data, struct error *err)
{
	git_reference_iterator *all = NULL;
	enum status status = STATUS_OK;
	const char *name;
	int result = 0;

	git_error_clear();
	if (git_reference_iterator_glob_new(&all, repository->git, glob))
		return git_refuse(err, STATUS_REFUSED, repository->folder);
	while (!status && (result = git_reference_next_name(&name, all)) == 0)
		status = visit(name, data);
	if (!status && result != GIT_ITEROVER)
		status = git_refuse(err, STATUS_REFUSED, repository->folder);
	git_reference_iterator_free(all);
	return status;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	git_tree_free(snapshot->tree);
	git_commit_free(snapshot->commit);
	free(snapshot);
}

const char *snapshot_commit(const struct snapshot *snapshot)
{
	return snapshot->hash;
}

/* A plain file of a size that a recipe may have, before memory is taken for it. */
static enum status check_entry(const struct repository *repository, const git_tree_entry *entry,
			       const char *path, struct error *err)
{
	git_odb *odb = NULL;
	git_object_t type;
	size_t size;
	int failed;

	if (git_tree_entry_filemode(entry) != GIT_FILEMODE_BLOB)
		return error_set(err, STATUS_REFUSED, "store: %s: this is not a plain file", path);
	failed = git_repository_odb(&odb, repository->git) ||
		 git_odb_read_header(&size, &type, odb, git_tree_entry_id(entry));
	git_odb_free(odb);
	if (failed)
		return git_refuse(err, STATUS_REFUSED, path);
	if (size > REPOSITORY_FILE_MOST)
		return error_set(err, STATUS_REFUSED,
				 "store: %s: %zu bytes, at most %d are allowed", path, size,
				 REPOSITORY_FILE_MOST);
	return STATUS_OK;
}

enum status snapshot_read(struct text *bytes, char hash[REPOSITORY_HASH_SIZE], bool *found,
			  const struct snapshot *snapshot, const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;
	git_blob *blob = NULL;
	int result = snapshot->tree ? git_tree_entry_bypath(&entry, snapshot->tree, path)
				    : GIT_ENOTFOUND;

	*bytes = (struct text){0};
	*found = result == 0;
	if (result == GIT_ENOTFOUND)
		return STATUS_OK;
	if (result)
		return git_refuse(err, STATUS_REFUSED, path);
	if (check_entry(snapshot->repository, entry, path, err)) {
		git_tree_entry_free(entry);
		return err->status;
	}
	if (git_blob_lookup(&blob, snapshot->repository->git, git_tree_entry_id(entry))) {
		git_tree_entry_free(entry);
		return git_refuse(err, STATUS_REFUSED, path);
	}
	git_oid_tostr(hash, REPOSITORY_HASH_SIZE, git_tree_entry_id(entry));
	text_add(bytes, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	git_tree_entry_free(entry);
	return text_failed(bytes) ? error_memory(err) : STATUS_OK;
}

enum status snapshot_hash(char hash[REPOSITORY_HASH_SIZE], const struct snapshot *snapshot,
			  const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;

	git_error_clear();
	if (!snapshot->tree || git_tree_entry_bypath(&entry, snapshot->tree, path))
		return git_refuse(err, STATUS_REFUSED, path);
	git_oid_tostr(hash, REPOSITORY_HASH_SIZE, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	return STATUS_OK;
}

/* libgit2 that was not started takes its thread's data for that of another library, and overwrites it. */
enum status repository_hash(char hash[REPOSITORY_HASH_SIZE], const struct text *bytes,
			    struct error *err)
{
	enum status status = start_git(err);
	git_oid id;

	if (status)
		return status;
	git_error_clear();
	if (git_odb_hash(&id, bytes->data, bytes->length, GIT_OBJECT_BLOB))
		status = git_refuse(err, STATUS_ENVIRONMENT, "hash");
	else
		git_oid_tostr(hash, REPOSITORY_HASH_SIZE, &id);
	git_libgit2_shutdown();
	return status;
}

int snapshot_count(const struct snapshot *snapshot, const char *folder)
{
	git_tree_entry *entry;
	git_tree *tree;
	int count = 0;

	if (!snapshot->tree || git_tree_entry_bypath(&entry, snapshot->tree, folder))
		return 0;
	if (git_tree_lookup(&tree, snapshot->repository->git, git_tree_entry_id(entry)) == 0) {
		count = (int)git_tree_entrycount(tree);
		git_tree_free(tree);
	}
	git_tree_entry_free(entry);
	return count;
}

/* The tree of a commit by its hash; NULL for none. */
static int tree_of(git_tree **tree, git_repository *git, const char *hash)
{
	git_commit *commit = NULL;
	git_oid id;
	int failed;

	*tree = NULL;
	if (!hash || !*hash)
		return 0;
	failed = git_oid_fromstr(&id, hash) || git_commit_lookup(&commit, git, &id) ||
		 git_commit_tree(tree, commit);
	git_commit_free(commit);
	return failed;
}

/* A stranger's tree may name one folder in many others, level over level, so that its files are without number: no path
 * of ours is deeper than a version's, and there is an end to how many there are. */
static int bound_diff(const git_diff *diff, const git_diff_delta *delta, const char *pathspec,
		      void *data)
{
	const char *path = delta->new_file.path;
	int depth = 0;

	(void)pathspec;
	(void)data;
	for (const char *at = path; *at; at++)
		depth += *at == '/';
	if (depth <= REPOSITORY_DEPTH_MOST && git_diff_num_deltas(diff) < REPOSITORY_FILES_MOST)
		return 0;
	git_error_set_str(GIT_ERROR_TREE,
			  depth > REPOSITORY_DEPTH_MOST
				  ? "folders are nested more deeply than recipes are"
				  : "there are more files than a store may have");
	return -1;
}

static int diff_trees(git_diff **diff, git_repository *git, git_tree *before, git_tree *after)
{
	git_diff_options options;

	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.notify_cb = bound_diff;
	return git_diff_tree_to_tree(diff, git, before, after, &options);
}

enum status snapshot_walk(const struct snapshot *snapshot, const char *since, snapshot_visit *visit,
			  void *data, struct error *err)
{
	git_repository *git = snapshot->repository->git;
	enum status status = STATUS_OK;
	git_tree *before = NULL;
	git_diff *diff = NULL;

	git_error_clear();
	if (tree_of(&before, git, since) || diff_trees(&diff, git, before, snapshot->tree))
		status = git_refuse(err, STATUS_REFUSED, snapshot->repository->folder);
	for (size_t i = 0; !status && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		char hash[REPOSITORY_HASH_SIZE];

		git_oid_tostr(hash, sizeof hash, &delta->new_file.id);
		if (delta->status == GIT_DELTA_DELETED)
			status = visit(delta->old_file.path, NULL, data);
		else
			status = visit(delta->new_file.path, hash, data);
	}
	git_diff_free(diff);
	git_tree_free(before);
	return status;
}

static void check_signature(struct repository_commit *commit, git_repository *git, git_oid *id)
{
	git_buf signature = {0}, content = {0};
	struct text text = {0};
	struct error unread;

	git_oid_tostr(commit->hash, sizeof commit->hash, id);
	commit->is_signed =
		git_commit_extract_signature(&signature, &content, git, id, SIGNATURE_FIELD) == 0;
	if (commit->is_signed) {
		text_add(&text, signature.ptr, signature.size);
		commit->fits = !text_failed(&text) &&
			       key_check(&commit->signer, &text, KEY_FOR_COMMITS, content.ptr,
					 content.size, &unread) == STATUS_OK;
		text_clear(&text);
	}
	git_buf_dispose(&signature);
	git_buf_dispose(&content);
}

bool snapshot_tip(struct repository_commit *tip, const struct snapshot *snapshot)
{
	git_oid id;

	*tip = (struct repository_commit){.is_signed = false};
	if (!snapshot->commit)
		return false;
	git_oid_cpy(&id, git_commit_id(snapshot->commit));
	check_signature(tip, snapshot->repository->git, &id);
	return true;
}

/* How many files a tree has that another did not have; *took_away where one is gone or another in its place. */
static int compare_trees(size_t *added, bool *took_away, git_repository *git, git_tree *before,
			 git_tree *after)
{
	git_diff *diff = NULL;
	int failed = diff_trees(&diff, git, before, after);

	*added = failed ? 0 : git_diff_num_deltas(diff);
	*took_away = false;
	for (size_t i = 0; i < *added; i++)
		*took_away |= git_diff_get_delta(diff, i)->status != GIT_DELTA_ADDED;
	git_diff_free(diff);
	return failed;
}

/* Against the first parent: there are no merges. */
static int check_tree(struct repository_commit *commit, git_repository *git, const git_oid *id)
{
	git_commit *child = NULL, *parent = NULL;
	git_tree *after = NULL, *before = NULL;
	size_t added;
	int failed;

	failed = git_commit_lookup(&child, git, id) || git_commit_tree(&after, child);
	if (!failed && git_commit_parentcount(child) > 0)
		failed = git_commit_parent(&parent, child, 0) || git_commit_tree(&before, parent);
	failed = failed || compare_trees(&added, &commit->took_away, git, before, after);
	commit->took_away |= !failed && git_commit_parentcount(child) > 1;
	git_tree_free(before);
	git_tree_free(after);
	git_commit_free(parent);
	git_commit_free(child);
	return failed;
}

enum status snapshot_history(const struct snapshot *snapshot, const char *since,
			     repository_visit *visit, void *data, struct error *err)
{
	git_repository *git = snapshot->repository->git;
	enum status status = STATUS_OK;
	git_revwalk *walk = NULL;
	git_oid id, old;
	int result = 0;

	if (!snapshot->commit)
		return STATUS_OK;
	git_error_clear();
	if (git_revwalk_new(&walk, git) ||
	    git_revwalk_push(walk, git_commit_id(snapshot->commit)) ||
	    (since && *since && (git_oid_fromstr(&old, since) || git_revwalk_hide(walk, &old))))
		status = git_refuse(err, STATUS_REFUSED, snapshot->repository->folder);
	while (!status && !(result = git_revwalk_next(&id, walk))) {
		struct repository_commit commit = {.is_signed = false};

		check_signature(&commit, git, &id);
		if (check_tree(&commit, git, &id))
			status = git_refuse(err, STATUS_REFUSED, commit.hash);
		else
			status = visit(&commit, data);
	}
	if (!status && result != GIT_ITEROVER)
		status = git_refuse(err, STATUS_REFUSED, snapshot->repository->folder);
	git_revwalk_free(walk);
	return status;
}

/* --- adding ----------------------------------------------------------------------------------- */

/* libgit2 syncs an object and its folder objects/xx, but not objects/, where xx may be new. */
static enum status sync_objects(const struct repository *repository, struct error *err)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof path, "%s/recipes.git/objects", repository->folder);
	return file_sync_folder(path, err);
}

/* The snapshot's tree with the files, whose blobs are written on the way. git_tree_create_updated() needs a tree to start from,
 * and the empty one does. */
static int grow_tree(git_tree **out, git_repository *git, git_tree *tree,
		     struct repository_file *file, int count)
{
	git_tree_update *update = calloc((size_t)count, sizeof *update);
	git_treebuilder *builder = NULL;
	git_tree *empty = NULL;
	git_oid id;
	int failed = !update;

	for (int i = 0; i < count && !failed; i++) {
		update[i] = (git_tree_update){.action = GIT_TREE_UPDATE_UPSERT,
					      .filemode = GIT_FILEMODE_BLOB,
					      .path = file[i].path};
		failed = git_blob_create_from_buffer(&update[i].id, git, file[i].bytes.data,
						     file[i].bytes.length);
		git_oid_tostr(file[i].hash, sizeof file[i].hash, &update[i].id);
	}
	if (!tree)
		failed = failed || git_treebuilder_new(&builder, git, NULL) ||
			 git_treebuilder_write(&id, builder) || git_tree_lookup(&empty, git, &id);
	failed = failed ||
		 git_tree_create_updated(&id, git, tree ? tree : empty, (size_t)count, update) ||
		 git_tree_lookup(out, git, &id);
	git_treebuilder_free(builder);
	git_tree_free(empty);
	free(update);
	return failed;
}

/* Where an object cannot be read, git_tree_create_updated() has been seen to take its folder for empty and to succeed: what it made
 * is held against what was asked for. */
static enum status check_grown(const struct snapshot *snapshot, git_tree *grown, int count,
			       struct error *err)
{
	size_t added;
	bool took_away;

	if (compare_trees(&added, &took_away, snapshot->repository->git, snapshot->tree, grown))
		return git_refuse(err, STATUS_REFUSED, "not saved");
	if (took_away || added != (size_t)count)
		return error_set(err, STATUS_REFUSED,
				 "store: not saved: an object of %s could not be read",
				 snapshot->repository->folder);
	return STATUS_OK;
}

static int name_author(git_signature **author, const struct clinic_key *key)
{
	char id[KEY_ID_SIZE], mail[KEY_ID_SIZE + sizeof AUTHOR_HOST + 1];

	key_id(id, &key->open);
	snprintf(mail, sizeof mail, "%s@" AUTHOR_HOST, id);
	return git_signature_new(author, AUTHOR, mail, clock_seconds(), 0);
}

/* The commit as git would write it, signed and written. */
static int write_commit(git_oid *commit, const struct snapshot *snapshot, git_tree *tree,
			const char *message, const struct clinic_key *key)
{
	git_repository *git = snapshot->repository->git;
	const git_commit *parents[] = {snapshot->commit};
	git_signature *author = NULL;
	git_buf content = {0};
	struct text signature = {0};
	struct error unsaid;
	int failed;

	failed = name_author(&author, key) ||
		 git_commit_create_buffer(&content, git, author, author, NULL, message, tree,
					  snapshot->commit ? 1 : 0, parents) ||
		 key_sign(&signature, key, KEY_FOR_COMMITS, content.ptr, content.size, &unsaid) ||
		 git_commit_create_with_signature(commit, git, content.ptr, signature.data,
						  SIGNATURE_FIELD);
	text_clear(&signature);
	git_buf_dispose(&content);
	git_signature_free(author);
	return failed;
}

int git_move_reference(const struct snapshot *snapshot, const git_oid *commit)
{
	git_reference *reference = NULL;
	git_oid old;
	int failed;

	memset(&old, 0, sizeof old);
	if (snapshot->commit)
		git_oid_cpy(&old, git_commit_id(snapshot->commit));
	failed = git_reference_create_matching(&reference, snapshot->repository->git,
					       snapshot->reference, commit, 1, &old, "save");
	git_reference_free(reference);
	return failed;
}

void git_take_back(const struct snapshot *snapshot, const git_oid *commit)
{
	git_repository *git = snapshot->repository->git;
	git_reference *reference = NULL;
	git_oid now;

	if (git_reference_name_to_id(&now, git, snapshot->reference) ||
	    !git_oid_equal(&now, commit))
		return;
	if (snapshot->commit)
		git_reference_create(&reference, git, snapshot->reference,
				     git_commit_id(snapshot->commit), 1, "not saved");
	else
		git_reference_remove(git, snapshot->reference);
	git_reference_free(reference);
}

enum status repository_add(struct repository *repository, const struct snapshot *snapshot,
			   struct repository_file *file, int count, const char *message,
			   const struct clinic_key *key, struct error *err)
{
	enum status status = STATUS_OK;
	git_tree *grown = NULL;
	git_oid commit;

	git_error_clear();
	if (grow_tree(&grown, repository->git, snapshot->tree, file, count))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status)
		status = check_grown(snapshot, grown, count, err);
	if (!status && write_commit(&commit, snapshot, grown, message, key))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status)
		status = sync_objects(repository, err);
	if (!status && git_move_reference(snapshot, &commit)) {
		status = git_refuse(err, STATUS_REFUSED, "not saved");
		git_take_back(snapshot, &commit);
	}
	if (status && git_disk_is_full(repository->folder))
		status =
			error_set(err, STATUS_REFUSED, "store: not saved: No space left on device");
	git_tree_free(grown);
	return status;
}
