#include "store/store.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/recipe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };
#define REF "refs/heads/main"

/* An author is needed by git; a person's name must never get in, so it is the program. */
#define AUTHOR "follitone"
#define AUTHOR_MAIL "store@follitone.invalid"

struct store {
	git_repository *repository;
	char folder[PATH_SIZE];
	int lock; /* file descriptor, held open; flock()ed while a writer works */
};

/* libgit2 has been seen to report a full disk as an object that is not there. */
static bool is_disk_full(const char *folder)
{
	const unsigned long long enough = 64 << 10;
	struct statvfs facts;

	return statvfs(folder, &facts) == 0 &&
	       (unsigned long long)facts.f_bavail * facts.f_frsize < enough;
}

static enum status git_refuse(struct error *err, enum status status, const char *what)
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

static enum status lock_store(struct store *store, struct error *err)
{
	while (flock(store->lock, LOCK_EX))
		if (errno != EINTR)
			return error_set(err, STATUS_ENVIRONMENT, "%s: cannot be locked: %s",
					 store->folder, strerror(errno));
	return STATUS_OK;
}

static void unlock_store(struct store *store)
{
	flock(store->lock, LOCK_UN);
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
	git_repository *repository = NULL;
	const int depth = 16;

	snprintf(making, sizeof making, "%s.new", path);
	nftw(making, remove_entry, depth, FTW_DEPTH | FTW_PHYS);
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
	options.initial_head = "main";
	git_error_clear();
	if (git_repository_init_ext(&repository, making, &options))
		return git_refuse(err, STATUS_REFUSED, making);
	git_repository_free(repository);
	if (nftw(making, sync_entry, depth, FTW_DEPTH | FTW_PHYS) || rename(making, path))
		return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	return file_sync_folder(folder, err);
}

/* Only making a repository needs the lock: readers see what the ref names, and that is whole. */
static enum status open_repository(struct store *store, bool create, struct error *err)
{
	char path[PATH_SIZE];
	enum status status = path_in(path, store->folder, "recipes.git", err);

	if (!status && create && access(path, F_OK)) {
		status = lock_store(store, err);
		if (!status && access(path, F_OK))
			status = create_repository(store->folder, path, err);
		unlock_store(store);
	}
	if (!status && access(path, F_OK))
		return error_set(err, STATUS_REFUSED, "%s: there is no recipe store",
				 store->folder);
	git_error_clear();
	if (!status && git_repository_open_bare(&store->repository, path))
		status = git_refuse(err, STATUS_REFUSED, path);
	return status;
}

static enum status open_lock_file(struct store *store, bool create, struct error *err)
{
	char path[PATH_SIZE];

	if (create && file_make_folder(store->folder, err))
		return err->status;
	if (path_in(path, store->folder, "lock", err))
		return err->status;
	store->lock = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0666);
	if (store->lock < 0 &&
	    (errno == EACCES || errno == EROFS)) /* a store on a read-only disk can still be read */
		store->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (store->lock < 0 && errno == ENOENT)
		return error_set(err, STATUS_REFUSED, "%s: there is no recipe store",
				 store->folder);
	if (store->lock < 0)
		return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	return STATUS_OK;
}

enum status store_open(struct store **out, const char *folder, bool create, struct error *err)
{
	struct store *store = calloc(1, sizeof *store);

	*out = NULL;
	if (!store)
		return error_memory(err);
	store->lock = -1;
	if (start_git(err)) {
		free(store);
		return err->status;
	}
	if (strlen(folder) >= sizeof store->folder)
		error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", folder);
	else {
		text_copy(store->folder, sizeof store->folder, folder);
		if (!open_lock_file(store, create, err) && !open_repository(store, create, err)) {
			*out = store;
			return STATUS_OK;
		}
	}
	store_close(store);
	return err->status;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	git_repository_free(store->repository);
	if (store->lock >= 0)
		close(store->lock);
	free(store);
	git_libgit2_shutdown();
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The commit and tree of the ref; both NULL in a store that nothing was saved in. */
static enum status read_head(git_commit **commit, git_tree **tree, struct store *store,
			     struct error *err)
{
	git_oid id;
	int result = git_reference_name_to_id(&id, store->repository, REF);

	*commit = NULL;
	*tree = NULL;
	if (result == GIT_ENOTFOUND)
		return STATUS_OK;
	if (result || git_commit_lookup(commit, store->repository, &id))
		return git_refuse(err, STATUS_REFUSED, store->folder);
	if (git_commit_tree(tree, *commit)) {
		git_commit_free(*commit);
		*commit = NULL;
		return git_refuse(err, STATUS_REFUSED, store->folder);
	}
	return STATUS_OK;
}

static void version_path(char path[64], const char *id, int version)
{
	snprintf(path, 64, "recipes/%.2s/%s/%d.cfg", id, id, version);
}

/* The blob of a path, as text. *found false where the tree has no such path. */
static enum status read_path(struct text *text, char hash[RECIPE_HASH_SIZE], bool *found,
			     struct store *store, git_tree *tree, const char *path,
			     struct error *err)
{
	git_tree_entry *entry = NULL;
	git_blob *blob = NULL;
	int result = git_tree_entry_bypath(&entry, tree, path);

	*text = (struct text){0};
	*found = result == 0;
	if (result == GIT_ENOTFOUND)
		return STATUS_OK;
	if (result || git_blob_lookup(&blob, store->repository, git_tree_entry_id(entry))) {
		git_tree_entry_free(entry);
		return git_refuse(err, STATUS_REFUSED, path);
	}
	git_oid_tostr(hash, RECIPE_HASH_SIZE, git_tree_entry_id(entry));
	text_add(text, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	git_tree_entry_free(entry);
	return text_failed(text) ? error_memory(err) : STATUS_OK;
}

static enum status read_version(struct recipe *recipe, struct text *kept, bool *found,
				struct store *store, git_tree *tree, const char *id, int version,
				struct error *err)
{
	char path[64], hash[RECIPE_HASH_SIZE] = "";
	struct text text;
	enum status status;

	version_path(path, id, version);
	status = read_path(&text, hash, found, store, tree, path, err);
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

/* Number of versions of a recipe; invariant 4 makes the count the newest. */
static int count_versions(git_tree *tree, struct store *store, const char *id)
{
	char path[64];
	git_tree_entry *entry;
	git_tree *folder;
	int count = 0;

	snprintf(path, sizeof path, "recipes/%.2s/%s", id, id);
	if (!tree || git_tree_entry_bypath(&entry, tree, path))
		return 0;
	if (git_tree_lookup(&folder, store->repository, git_tree_entry_id(entry)) == 0) {
		count = (int)git_tree_entrycount(folder);
		git_tree_free(folder);
	}
	git_tree_entry_free(entry);
	return count;
}

/* --- saving ----------------------------------------------------------------------------------- */

/* Whoever was killed while moving the ref leaves this file, and libgit2 never clears it. We hold
 * the lock, so nobody is at work on it. */
static void remove_stale_ref_lock(const struct store *store)
{
	char path[PATH_SIZE + 64];

	snprintf(path, sizeof path, "%s/recipes.git/" REF ".lock", store->folder);
	unlink(path);
}

/* libgit2 syncs an object and its folder objects/xx, but not objects/, where xx may be new. */
static enum status sync_objects(const struct store *store, struct error *err)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof path, "%s/recipes.git/objects", store->folder);
	return file_sync_folder(path, err);
}

/* The tree of `tree` with one file more. `tree` is NULL for the first save;
 * git_tree_create_updated() needs one to start from, and the empty one does. */
static int add_file(git_tree **out, git_repository *repository, git_tree *tree, const char *path,
		    const git_oid *blob)
{
	git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT,
				  .filemode = GIT_FILEMODE_BLOB,
				  .path = path,
				  .id = *blob};
	git_treebuilder *builder = NULL;
	git_tree *empty = NULL;
	git_oid id;
	int failed = 0;

	if (!tree)
		failed = git_treebuilder_new(&builder, repository, NULL) ||
			 git_treebuilder_write(&id, builder) ||
			 git_tree_lookup(&empty, repository, &id);
	failed = failed ||
		 git_tree_create_updated(&id, repository, tree ? tree : empty, 1, &update) ||
		 git_tree_lookup(out, repository, &id);
	git_treebuilder_free(builder);
	git_tree_free(empty);
	return failed;
}

/* Compare and swap: the ref moves only from where it was read. The lock makes this certain; it is
 * the belt. */
static int move_ref(git_repository *repository, const git_oid *commit, const git_commit *parent)
{
	git_reference *reference = NULL;
	git_oid old;
	int failed;

	memset(&old, 0, sizeof old);
	if (parent)
		git_oid_cpy(&old, git_commit_id(parent));
	failed =
		git_reference_create_matching(&reference, repository, REF, commit, 1, &old, "save");
	git_reference_free(reference);
	return failed;
}

static enum status write_commit(struct store *store, const git_commit *parent, git_tree *tree,
				const struct recipe *recipe, const struct text *text, char hash[],
				struct error *err)
{
	git_oid blob, commit;
	git_tree *grown = NULL;
	git_signature *author = NULL;
	const git_commit *parents[] = {parent};
	char path[64], message[256];
	enum status status = STATUS_OK;

	version_path(path, recipe->stamp.id, recipe->stamp.version);
	snprintf(message, sizeof message, "%s version %d: %s\n", recipe->stamp.id,
		 recipe->stamp.version, recipe->stamp.name);
	git_error_clear();
	if (git_blob_create_from_buffer(&blob, store->repository, text->data, text->length) ||
	    add_file(&grown, store->repository, tree, path, &blob) ||
	    git_signature_new(&author, AUTHOR, AUTHOR_MAIL, clock_seconds(), 0) ||
	    git_commit_create(&commit, store->repository, NULL, author, author, NULL, message,
			      grown, parent ? 1 : 0, parents))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status)
		status = sync_objects(store, err);
	if (!status && move_ref(store->repository, &commit, parent))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status)
		git_oid_tostr(hash, RECIPE_HASH_SIZE, &blob);
	else if (is_disk_full(store->folder))
		status =
			error_set(err, STATUS_REFUSED, "store: not saved: No space left on device");
	git_signature_free(author);
	git_tree_free(grown);
	return status;
}

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
static enum status compare_versions(bool *same, struct store *store, git_tree *tree,
				    struct recipe *recipe, struct recipe *read, int newest,
				    struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int from = stamp->version ? stamp->version : 1;
	bool found;

	if (read_version(read, NULL, &found, store, tree, stamp->id, newest, err))
		return err->status;
	if (stamp->version == 0 && strcmp(read->stamp.name, stamp->name))
		return begin_recipe(stamp, err);
	if (same_content(same, read, recipe, err))
		return err->status;
	if (*same) {
		*stamp = read->stamp;
		return STATUS_OK;
	}
	if (from != newest && read_version(read, NULL, &found, store, tree, stamp->id, from, err))
		return err->status;
	text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	stamp->version = newest + 1;
	return STATUS_OK;
}

static enum status prepare_save(bool *same, struct store *store, git_tree *tree,
				struct recipe *recipe, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	struct recipe *read;
	int newest = count_versions(tree, store, stamp->id);
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
	status = compare_versions(same, store, tree, recipe, read, newest, err);
	free(read);
	return status;
}

static enum status save_locked(bool *saved, struct store *store, struct recipe *recipe,
			       struct error *err)
{
	git_commit *commit;
	git_tree *tree;
	struct text text = {0};
	bool same;
	enum status status;

	remove_stale_ref_lock(store);
	if (read_head(&commit, &tree, store, err))
		return err->status;
	status = prepare_save(&same, store, tree, recipe, err);
	*saved = !status && !same;
	if (*saved) {
		clock_text(recipe->stamp.made);
		status = recipe_print(&text, recipe, err);
		if (!status)
			status = write_commit(store, commit, tree, recipe, &text,
					      recipe->stamp.hash, err);
	}
	text_clear(&text);
	git_tree_free(tree);
	git_commit_free(commit);
	return status;
}

enum status store_save(bool *saved, struct store *store, struct recipe *recipe, struct error *err)
{
	enum status status;

	*saved = false;
	if (lock_store(store, err))
		return err->status;
	status = save_locked(saved, store, recipe, err);
	unlock_store(store);
	if (status)
		*saved = false;
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
	struct store *store;
	git_tree *tree;
	struct notes *notes;
	struct error *err;
	enum status status;
	bool all;
};

static void add_version(struct listing *listing, const char *id, int version)
{
	struct recipe_stamp_list *list = listing->list;
	struct recipe_stamp *grown;
	struct error unread;
	bool found = false;

	if (read_version(listing->recipe, NULL, &found, listing->store, listing->tree, id, version,
			 &unread)) {
		notes_addf(listing->notes, "version %d of %s is left out: %s", version, id,
			   unread.message);
		return;
	}
	if (!found) {
		notes_addf(listing->notes, "version %d of %s is missing", version, id);
		return;
	}
	grown = realloc(list->item, (list->count + 1) * sizeof *grown);
	if (!grown) {
		listing->status = error_memory(listing->err);
		return;
	}
	list->item = grown;
	list->item[list->count++] = listing->recipe->stamp;
}

/* Called for each entry; recipes are the trees at depth two, "recipes/ab/". */
static int visit(const char *root, const git_tree_entry *entry, void *data)
{
	struct listing *listing = data;
	const char *id = git_tree_entry_name(entry);
	int newest;

	if (git_tree_entry_type(entry) != GIT_OBJECT_TREE || strlen(root) != strlen("recipes/ab/"))
		return 0;
	newest = count_versions(listing->tree, listing->store, id);
	for (int v = listing->all ? 1 : newest; v <= newest && !listing->status; v++)
		add_version(listing, id, v);
	return listing->status ? -1 : 1; /* 1: do not go into this tree */
}

static int by_time(const void *a, const void *b)
{
	const struct recipe_stamp *one = a, *two = b;
	int order = strcmp(one->made, two->made);

	if (!order)
		order = strcmp(one->id, two->id);
	return order ? order : one->version - two->version;
}

enum status store_list(struct recipe_stamp_list *list, struct store *store, bool all,
		       struct notes *notes, struct error *err)
{
	struct listing listing = {
		.list = list, .store = store, .notes = notes, .err = err, .all = all};
	git_commit *commit;

	*list = (struct recipe_stamp_list){0};
	if (read_head(&commit, &listing.tree, store, err))
		return err->status;
	if (!listing.tree)
		return STATUS_OK;
	listing.recipe = malloc(sizeof *listing.recipe);
	if (!listing.recipe)
		listing.status = error_memory(err);
	else if (git_tree_walk(listing.tree, GIT_TREEWALK_PRE, visit, &listing) && !listing.status)
		listing.status = git_refuse(err, STATUS_REFUSED, store->folder);
	free(listing.recipe);
	git_tree_free(listing.tree);
	git_commit_free(commit);
	if (listing.status)
		recipe_stamp_list_clear(list);
	else if (list->count)
		qsort(list->item, list->count, sizeof *list->item, by_time);
	return listing.status;
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
static enum status resolve(char id[RANDOM_ID_SIZE], struct store *store, git_tree *tree,
			   const char *name, struct error *err)
{
	struct recipe_stamp_list list;
	struct notes left_out = {0};
	struct text ids = {0};
	size_t hits = 0;

	if (strlen(name) == RANDOM_ID_SIZE - 1 && count_versions(tree, store, name) > 0) {
		text_copy(id, RANDOM_ID_SIZE, name);
		return STATUS_OK;
	}
	if (store_list(&list, store, false, &left_out, err))
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
	git_commit *commit;
	git_tree *tree;
	int version;
	bool found = false;
	enum status status;

	text_copy(wanted, sizeof wanted, name);
	if (split_version(wanted, &version, err) || read_head(&commit, &tree, store, err))
		return err->status;
	status = resolve(id, store, tree, wanted, err);
	if (!status && version == 0)
		version = count_versions(tree, store, id);
	if (!status)
		status = read_version(recipe, text, &found, store, tree, id, version, err);
	if (!status && !found)
		status = error_set(err, STATUS_REFUSED, "%s: no version %d, the newest is %d",
				   wanted, version, count_versions(tree, store, id));
	git_tree_free(tree);
	git_commit_free(commit);
	return status;
}
