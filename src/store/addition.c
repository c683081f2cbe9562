/* git_tree_create_updated() makes the tree, in one go over all files, and what it made is looked at before it is believed. Many files go
 * through a second handle of the repository, whose objects stay in memory (libgit2's mempack), and from there into one pack. Not
 * through git_mempack_dump(): it packs all that the commit stands on, which is the whole store, each time. */
#include "store/addition.h"

#include "base/clock.h"
#include "base/file.h"
#include "store/git.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An author is needed by git; a person's name must never get in, so it is the clinic's key. */
#define AUTHOR "follitone"
#define AUTHOR_HOST "clinic.follitone.invalid"

/* Before the backends of a repository's own (loose objects have 1, packs 2). */
enum { MEMORY_PRIORITY = 999 };

struct addition {
	const struct snapshot *snapshot;
	struct repository memory; /* a handle of its own, where it is packed */
	struct snapshot *inside;  /* the snapshot in that handle */
	git_tree_update *update;
	char (*path)[REPOSITORY_PATH_SIZE];
	size_t count, room;
	size_t *place; /* by hash of the path, 1 + where it stands; 2 * room of them */
};

static git_repository *handle(const struct addition *addition)
{
	return addition->inside ? addition->memory.git : addition->snapshot->repository->git;
}

static const struct snapshot *base(const struct addition *addition)
{
	return addition->inside ? addition->inside : addition->snapshot;
}

/* --- files put so far ------------------------------------------------------------------------- */

/* Where a path stands or would stand (FNV-1a). */
static size_t *find_place(const struct addition *addition, const char *path)
{
	size_t hash = 2166136261u, places = 2 * addition->room;

	for (const char *c = path; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u & 0xffffffffu;
	for (size_t i = hash % places;; i = (i + 1) % places)
		if (!addition->place[i] ||
		    strcmp(addition->path[addition->place[i] - 1], path) == 0)
			return &addition->place[i];
}

static bool make_room(struct addition *addition)
{
	size_t room = addition->room ? 2 * addition->room : 16;
	void *update, *path, *place;

	if (addition->count < addition->room)
		return true;
	update = realloc(addition->update, room * sizeof *addition->update);
	if (update)
		addition->update = update;
	path = realloc(addition->path, room * sizeof *addition->path);
	if (path)
		addition->path = path;
	place = calloc(2 * room, sizeof *addition->place);
	if (!update || !path || !place) {
		free(place);
		return false;
	}
	free(addition->place);
	addition->place = place;
	addition->room = room;
	for (size_t i = 0; i < addition->count; i++)
		*find_place(addition, addition->path[i]) = i + 1;
	return true;
}

bool addition_has(const struct addition *addition, const char *path)
{
	return addition->room && *find_place(addition, path);
}

enum status addition_read(struct text *bytes, char hash[REPOSITORY_HASH_SIZE], bool *found,
			  const struct addition *addition, const char *path, struct error *err)
{
	git_blob *blob = NULL;
	size_t place = addition->room ? *find_place(addition, path) : 0;

	*bytes = (struct text){0};
	*found = place > 0;
	if (!place)
		return STATUS_OK;
	if (git_blob_lookup(&blob, handle(addition), &addition->update[place - 1].id))
		return git_refuse(err, STATUS_REFUSED, path);
	git_oid_tostr(hash, REPOSITORY_HASH_SIZE, &addition->update[place - 1].id);
	text_add(bytes, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	return text_failed(bytes) ? error_memory(err) : STATUS_OK;
}

enum status addition_put(char hash[REPOSITORY_HASH_SIZE], struct addition *addition,
			 const char *path, const struct text *bytes, struct error *err)
{
	git_tree_update *update;

	if (!make_room(addition))
		return error_memory(err);
	update = &addition->update[addition->count];
	*update =
		(git_tree_update){.action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_BLOB};
	git_error_clear();
	if (git_blob_create_from_buffer(&update->id, handle(addition), bytes->data,
					bytes->length)) {
		git_refuse(err, STATUS_REFUSED, "not saved");
		return git_blame_disk(err, addition->snapshot->repository, "not saved");
	}
	text_copy(addition->path[addition->count], REPOSITORY_PATH_SIZE, path);
	*find_place(addition, path) = ++addition->count;
	git_oid_tostr(hash, REPOSITORY_HASH_SIZE, &update->id);
	return STATUS_OK;
}

/* --- beginning -------------------------------------------------------------------------------- */

static int open_memory(struct addition *addition)
{
	char path[PATH_SIZE + 16];
	git_odb_backend *memory = NULL;
	git_odb *odb = NULL;
	int failed;

	snprintf(path, sizeof path, "%s/recipes.git", addition->memory.folder);
	failed = git_repository_open_bare(&addition->memory.git, path) ||
		 git_repository_odb(&odb, addition->memory.git) || git_mempack_new(&memory) ||
		 git_odb_add_backend(odb, memory, MEMORY_PRIORITY);
	git_odb_free(odb);
	return failed;
}

enum status addition_begin(struct addition **out, const struct snapshot *snapshot, bool packed,
			   struct error *err)
{
	struct addition *addition = calloc(1, sizeof *addition);
	enum status status = STATUS_OK;

	*out = NULL;
	if (!addition)
		return error_memory(err);
	addition->snapshot = snapshot;
	addition->memory.lock = -1;
	text_copy(addition->memory.folder, sizeof addition->memory.folder,
		  snapshot->repository->folder);
	git_error_clear();
	if (packed && open_memory(addition))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status && packed)
		status = snapshot_take(&addition->inside, &addition->memory, snapshot->reference,
				       err);
	if (!status && packed && strcmp(addition->inside->hash, snapshot->hash))
		status = error_set(err, STATUS_REFUSED,
				   "store: not saved: %s was changed by another program meanwhile",
				   snapshot->repository->folder);
	if (status) {
		addition_free(addition);
		return status;
	}
	*out = addition;
	return STATUS_OK;
}

void addition_free(struct addition *addition)
{
	if (!addition)
		return;
	snapshot_free(addition->inside);
	git_repository_free(addition->memory.git);
	free(addition->update);
	free(addition->path);
	free(addition->place);
	free(addition);
}

/* --- tree and commit -------------------------------------------------------------------------- */

/* libgit2 syncs an object and its folder objects/xx, but not objects/, where xx may be new. */
static enum status sync_objects(const struct repository *repository, struct error *err)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof path, "%s/recipes.git/objects", repository->folder);
	return file_sync_folder(path, err);
}

/* The snapshot's tree with the files. git_tree_create_updated() needs a tree to start from, and the empty one does. */
static int grow_tree(git_tree **out, struct addition *addition)
{
	git_repository *git = handle(addition);
	git_tree *tree = base(addition)->tree, *empty = NULL;
	git_treebuilder *builder = NULL;
	git_oid id;
	int failed = 0;

	for (size_t i = 0; i < addition->count; i++)
		addition->update[i].path = addition->path[i];
	if (!tree)
		failed = git_treebuilder_new(&builder, git, NULL) ||
			 git_treebuilder_write(&id, builder) || git_tree_lookup(&empty, git, &id);
	failed = failed ||
		 git_tree_create_updated(&id, git, tree ? tree : empty, addition->count,
					 addition->update) ||
		 git_tree_lookup(out, git, &id);
	git_treebuilder_free(builder);
	git_tree_free(empty);
	return failed;
}

/* Where an object cannot be read, git_tree_create_updated() has been seen to take its folder for empty and to succeed: what it made
 * is held against what was asked for. */
static enum status check_grown(const struct snapshot *snapshot, git_tree *grown, size_t count,
			       struct error *err)
{
	size_t added;
	bool took_away;

	if (git_compare_trees(&added, &took_away, snapshot->repository->git, snapshot->tree, grown))
		return git_refuse(err, STATUS_REFUSED, "not saved");
	if (took_away || added != count)
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
						  GIT_SIGNATURE_FIELD);
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

bool git_is_at(const struct snapshot *snapshot, const git_oid *commit)
{
	git_oid now;

	return git_reference_name_to_id(&now, snapshot->repository->git, snapshot->reference) ==
		       0 &&
	       git_oid_equal(&now, commit);
}

void git_take_back(const struct snapshot *snapshot, const git_oid *commit)
{
	git_repository *git = snapshot->repository->git;
	git_reference *reference = NULL;

	if (!git_is_at(snapshot, commit))
		return;
	if (snapshot->commit)
		git_reference_create(&reference, git, snapshot->reference,
				     git_commit_id(snapshot->commit), 1, "not saved");
	else
		git_reference_remove(git, snapshot->reference);
	git_reference_free(reference);
}

/* --- pack ------------------------------------------------------------------------------------- */

/* What a tree has and another has not, and the tree itself. */
static int insert_new(git_packbuilder *builder, git_repository *git, const git_tree *before,
		      const git_tree *after)
{
	int failed = git_packbuilder_insert(builder, git_tree_id(after), NULL);

	for (size_t i = 0; i < git_tree_entrycount(after) && !failed; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(after, i);
		const char *name = git_tree_entry_name(entry);
		const git_tree_entry *old = before ? git_tree_entry_byname(before, name) : NULL;
		git_tree *old_tree = NULL, *tree = NULL;

		if (old && git_oid_equal(git_tree_entry_id(old), git_tree_entry_id(entry)))
			continue;
		if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
			failed = git_packbuilder_insert(builder, git_tree_entry_id(entry), name);
			continue;
		}
		failed = git_tree_lookup(&tree, git, git_tree_entry_id(entry)) ||
			 (old && git_tree_entry_type(old) == GIT_OBJECT_TREE &&
			  git_tree_lookup(&old_tree, git, git_tree_entry_id(old))) ||
			 insert_new(builder, git, old_tree, tree);
		git_tree_free(tree);
		git_tree_free(old_tree);
	}
	return failed;
}

static enum status write_pack(char name[64], const struct addition *addition, const git_tree *grown,
			      const git_oid *commit, struct error *err)
{
	struct repository *repository = addition->snapshot->repository;
	git_packbuilder *builder = NULL;
	enum status status;

	if (git_packbuilder_new(&builder, handle(addition)) ||
	    git_packbuilder_insert(builder, commit, NULL) ||
	    insert_new(builder, handle(addition), base(addition)->tree, grown)) {
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	} else {
		git_packbuilder_set_threads(builder, 0); /* all there are */
		status = git_write_pack(name, builder, repository, "not saved", err);
	}
	git_packbuilder_free(builder);
	return status;
}

/* --- all of it -------------------------------------------------------------------------------- */

enum status addition_commit(struct addition *addition, const char *message,
			    const struct clinic_key *key, struct error *err)
{
	const struct snapshot *snapshot = addition->snapshot;
	char pack[64] = "";
	enum status status = STATUS_OK;
	git_tree *grown = NULL;
	git_oid commit;

	git_error_clear();
	if (grow_tree(&grown, addition))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status)
		status = check_grown(base(addition), grown, addition->count, err);
	if (!status && write_commit(&commit, base(addition), grown, message, key))
		status = git_refuse(err, STATUS_REFUSED, "not saved");
	if (!status && addition->inside)
		status = write_pack(pack, addition, grown, &commit, err);
	if (!status)
		status = sync_objects(snapshot->repository, err);
	if (!status && git_move_reference(snapshot, &commit)) {
		status = git_refuse(err, STATUS_REFUSED, "not saved");
		git_take_back(snapshot, &commit);
	}
	if (status && *pack && !git_is_at(snapshot, &commit))
		git_remove_pack(pack, snapshot->repository);
	if (status)
		git_blame_disk(err, snapshot->repository, "not saved");
	git_tree_free(grown);
	return status;
}
