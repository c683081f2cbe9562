/* libgit2's traps that are met here: the user's configuration is cut off, a full disk has to be recognised behind its messages, and
 * what a killed writer leaves is never cleared by it. */
#include "store/git.h"

#include "base/file.h"

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

enum { TREE_CACHED_MOST = 256 << 10, FOLDER_DEPTH = 16 };

enum status git_refuse(struct error *err, enum status status, const char *what)
{
	const git_error *error = git_error_last();

	return error_set(err, status, "store: %s: %s", what,
			 error && *error->message ? error->message : strerror(errno));
}

enum status git_blame_disk(struct error *err, const struct repository *repository,
			   const char *failed)
{
	const unsigned long long enough = 64 << 10;
	struct statvfs facts;

	if (statvfs(repository->folder, &facts) == 0 &&
	    (unsigned long long)facts.f_bavail * facts.f_frsize < enough)
		error_set(err, err->status, "store: %s: No space left on device", failed);
	return err->status;
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
	/* a common folder is mostly another's; that is asked because of hooks and commands in its configuration, which libgit2 runs none of */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	/* a folder of a hundred thousand recipes' is 16 kB, and asked for with each of them */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, TREE_CACHED_MOST);
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

void git_remove_folder(const char *path)
{
	nftw(path, remove_entry, FOLDER_DEPTH, FTW_DEPTH | FTW_PHYS);
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

	snprintf(making, sizeof making, "%s.new", path);
	git_remove_folder(making);
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	git_error_clear();
	if (git_repository_init_ext(&made, making, &options))
		return git_refuse(err, STATUS_REFUSED, making);
	git_repository_free(made);
	if (nftw(making, sync_entry, FOLDER_DEPTH, FTW_DEPTH | FTW_PHYS) || rename(making, path))
		return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	return file_sync_folder(folder, err);
}

static enum status refuse_missing(const struct repository *repository, struct error *err)
{
	return error_set(err, STATUS_REFUSED,
			 "%s: there is no recipe store; the first `save` makes one",
			 repository->folder);
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
		return refuse_missing(repository, err);
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
		return refuse_missing(repository, err);
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

static void remove_unfinished_pack(const char *folder, const char *name, void *data)
{
	char path[PATH_SIZE + 512];

	(void)data;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (strncmp(name, UNFINISHED_PACK, strlen(UNFINISHED_PACK)) == 0)
		unlink(path);
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
	git_pack_folder(path, repository);
	git_each_entry(path, remove_unfinished_pack, NULL);
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

static enum status refuse_kind(const char *path, struct error *err)
{
	return error_set(err, STATUS_REFUSED, "store: %s: this is not a plain file", path);
}

/* A file's bytes, of a size that a recipe may have, before memory is taken for them. */
static enum status read_blob(struct text *bytes, const struct repository *repository,
			     const git_oid *id, const char *path, struct error *err)
{
	git_odb *odb = NULL;
	git_odb_object *object = NULL;
	enum status status = STATUS_OK;
	git_object_t type;
	size_t size;
	int failed;

	git_error_clear();
	failed = git_repository_odb(&odb, repository->git) ||
		 git_odb_read_header(&size, &type, odb, id);
	if (failed)
		status = git_refuse(err, STATUS_REFUSED, path);
	else if (type != GIT_OBJECT_BLOB)
		status = refuse_kind(path, err);
	else if (size > REPOSITORY_FILE_MOST)
		status = error_set(err, STATUS_REFUSED,
				   "store: %s: %zu bytes, at most %d are allowed", path, size,
				   REPOSITORY_FILE_MOST);
	else if (git_odb_read(&object, odb, id))
		status = git_refuse(err, STATUS_REFUSED, path);
	else
		text_add(bytes, git_odb_object_data(object), git_odb_object_size(object));
	git_odb_object_free(object);
	git_odb_free(odb);
	return status || !text_failed(bytes) ? status : error_memory(err);
}

enum status snapshot_read(struct text *bytes, char hash[REPOSITORY_HASH_SIZE], bool *found,
			  const struct snapshot *snapshot, const char *path, struct error *err)
{
	git_tree_entry *entry = NULL;
	enum status status;
	int result;

	*bytes = (struct text){0};
	git_error_clear();
	result = snapshot->tree ? git_tree_entry_bypath(&entry, snapshot->tree, path)
				: GIT_ENOTFOUND;
	*found = result == 0;
	if (result == GIT_ENOTFOUND)
		return STATUS_OK;
	if (result)
		return git_refuse(err, STATUS_REFUSED, path);
	git_oid_tostr(hash, REPOSITORY_HASH_SIZE, git_tree_entry_id(entry));
	status = git_tree_entry_filemode(entry) != GIT_FILEMODE_BLOB
			 ? refuse_kind(path, err)
			 : read_blob(bytes, snapshot->repository, git_tree_entry_id(entry), path,
				     err);
	git_tree_entry_free(entry);
	return status;
}

enum status snapshot_read_hash(struct text *bytes, const struct snapshot *snapshot,
			       struct repository *through, const char *path, const char *hash,
			       struct error *err)
{
	git_oid id;

	*bytes = (struct text){0};
	if (git_oid_fromstr(&id, hash))
		return refuse_kind(path, err);
	return read_blob(bytes, through ? through : snapshot->repository, &id, path, err);
}

void repository_trust(bool trusting)
{
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, !trusting);
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

struct walking {
	snapshot_visit *visit;
	void *data;
	enum status status; /* of `visit` */
};

static int visit_difference(const char *path, const git_tree_entry *before,
			    const git_tree_entry *after, void *data)
{
	struct walking *work = data;
	char hash[REPOSITORY_HASH_SIZE] = "";

	(void)before;
	if (after && git_tree_entry_filemode(after) == GIT_FILEMODE_BLOB)
		git_oid_tostr(hash, sizeof hash, git_tree_entry_id(after));
	work->status = work->visit(path, after ? hash : NULL, work->data);
	return work->status ? 1 : 0;
}

enum status snapshot_walk(const struct snapshot *snapshot, const char *since, snapshot_visit *visit,
			  void *data, struct error *err)
{
	git_repository *git = snapshot->repository->git;
	struct walking work = {visit, data, STATUS_OK};
	enum status status = STATUS_OK;
	git_tree *before = NULL;

	git_error_clear();
	if ((tree_of(&before, git, since) ||
	     git_each_difference(git, before, snapshot->tree, visit_difference, &work)) &&
	    !work.status)
		status = git_refuse(err, STATUS_REFUSED, snapshot->repository->folder);
	git_tree_free(before);
	return status ? status : work.status;
}

static void check_signature(struct repository_commit *commit, git_repository *git, git_oid *id)
{
	git_buf signature = {0}, content = {0};
	struct text text = {0};
	struct error unread;

	git_oid_tostr(commit->hash, sizeof commit->hash, id);
	commit->is_signed = git_commit_extract_signature(&signature, &content, git, id,
							 GIT_SIGNATURE_FIELD) == 0;
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
	failed = failed || git_compare_trees(&added, &commit->took_away, git, before, after);
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
