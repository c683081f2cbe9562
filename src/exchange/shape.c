/* A tree is read entry by entry: mode, blank, name, zero, hash. Its names go up, so none is there twice; each must be one that
 * stands at that level, so no folder can stand in two places. What the parent's tree has alike is not looked at again; what it
 * does not have is counted, and there is an end to that. */
#include "exchange/shape.h"

#include "store/git.h"
#include "store/layout.h"

#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 20, FOLDER_DIGITS = 2, ID_DIGITS = RANDOM_ID_SIZE - 1 };

/* Folders by level: the root, recipes, recipes/ab, recipes/ab/abcdef0123456789, which holds the versions. */
enum { LEVEL_ROOT, LEVEL_RECIPES, LEVEL_DIGITS, LEVEL_VERSIONS };

static const char folder_mode[] = "40000", file_mode[] = "100644";

struct examined {
	git_repository *git;
	git_odb *odb;
	const char *clinic;
	char commit[REPOSITORY_HASH_SIZE];
	size_t added;
	struct error *err;
};

/* --- trees ------------------------------------------------------------------------------------------------ */

struct entry {
	const char *mode, *name; /* `mode` ends at a blank */
	git_oid id;
};

static bool take_entry(struct entry *entry, const char **at, const char *end)
{
	const char *blank = memchr(*at, ' ', (size_t)(end - *at));
	const char *zero = blank ? memchr(blank, 0, (size_t)(end - blank)) : NULL;

	if (!zero || end - zero <= HASH_BYTES)
		return false;
	entry->mode = *at;
	entry->name = blank + 1;
	git_oid_fromraw(&entry->id, (const unsigned char *)zero + 1);
	*at = zero + 1 + HASH_BYTES;
	return true;
}

static bool has_mode(const struct entry *entry, const char *mode)
{
	return strncmp(entry->mode, mode, strlen(mode)) == 0 && entry->mode[strlen(mode)] == ' ';
}

static bool is_digits(const char *name, size_t count)
{
	return strlen(name) == count && strspn(name, "0123456789abcdef") == count;
}

/* `path` is that of the entry. */
static bool has_place(const struct entry *entry, int level, const char *path)
{
	char id[RANDOM_ID_SIZE];
	int version;

	switch (level) {
	case LEVEL_ROOT:
		return strcmp(entry->name, "recipes") == 0;
	case LEVEL_RECIPES:
		return is_digits(entry->name, FOLDER_DIGITS);
	case LEVEL_DIGITS:
		return is_digits(entry->name, ID_DIGITS) &&
		       strncmp(entry->name, path + strlen("recipes/"), FOLDER_DIGITS) == 0;
	default:
		return layout_take(id, &version, path);
	}
}

static enum status refuse(const struct examined *work, const char *path, const char *why)
{
	return error_set(work->err, STATUS_REFUSED, "clinic %.12s: commit %.12s: “%s” %s",
			 work->clinic, work->commit, path, why);
}

static enum status refuse_change(const struct examined *work)
{
	return error_set(work->err, STATUS_REFUSED,
			 "clinic %.12s: commit %.12s changes or removes what was shared before",
			 work->clinic, work->commit);
}

static enum status check_folder(struct examined *work, int level, const char *path,
				const git_oid *id, const git_oid *before);

static enum status check_entry(struct examined *work, int level, const char *folder,
			       const struct entry *entry, const git_tree_entry *old)
{
	char path[REPOSITORY_PATH_SIZE];

	snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->name);
	if (!has_place(entry, level, path))
		return refuse(work, path, "is no recipe's file");
	if (!has_mode(entry, level == LEVEL_VERSIONS ? file_mode : folder_mode))
		return refuse(work, path,
			      level == LEVEL_VERSIONS ? "is not a plain file" : "is no folder");
	if (old && git_oid_equal(&entry->id, git_tree_entry_id(old)))
		return STATUS_OK;
	if (old && level == LEVEL_VERSIONS)
		return refuse_change(work);
	if (!old && ++work->added > REPOSITORY_FILES_MOST)
		return refuse(work, path, "is one of more files than a store may have");
	return level == LEVEL_VERSIONS ? STATUS_OK
				       : check_folder(work, level + 1, path, &entry->id,
						      old ? git_tree_entry_id(old) : NULL);
}

/* `bytes` is the folder as git keeps it, `before` what was there before, or NULL. */
static enum status check_entries(struct examined *work, int level, const char *path,
				 const char *bytes, size_t length, const git_tree *before)
{
	const char *at = bytes, *end = bytes + length, *last = "";
	size_t kept = 0;

	while (at < end) {
		const git_tree_entry *old = NULL;
		struct entry entry;

		if (!take_entry(&entry, &at, end) || strcmp(last, entry.name) >= 0)
			return refuse(work, path, "is not as git writes a folder");
		last = entry.name;
		if (before)
			old = git_tree_entry_byname(before, entry.name);
		kept += old != NULL;
		if (check_entry(work, level, path, &entry, old))
			return work->err->status;
	}
	if (length == 0)
		return refuse(work, path, "is an empty folder");
	return before && kept < git_tree_entrycount(before) ? refuse_change(work) : STATUS_OK;
}

static enum status check_folder(struct examined *work, int level, const char *path,
				const git_oid *id, const git_oid *before)
{
	git_odb_object *object = NULL;
	git_tree *old = NULL;
	enum status status;

	if (git_odb_read(&object, work->odb, id) ||
	    (before && git_tree_lookup(&old, work->git, before)))
		status = git_refuse(work->err, STATUS_REFUSED, work->clinic);
	else if (git_odb_object_type(object) != GIT_OBJECT_TREE)
		status = refuse(work, path, "is no folder");
	else
		status = check_entries(work, level, path, git_odb_object_data(object),
				       git_odb_object_size(object), old);
	git_tree_free(old);
	git_odb_object_free(object);
	return status;
}

/* --- commits ---------------------------------------------------------------------------------------------- */

static bool lines_are_printable(const git_buf *bytes)
{
	struct text lines = {0};
	bool printable;

	text_add(&lines, bytes->ptr, bytes->size);
	if (text_failed(&lines))
		return false;
	for (size_t i = 0; i < lines.length; i++)
		if (lines.data[i] == '\n')
			lines.data[i] = ' ';
	printable = strlen(lines.data) == lines.length && text_printable(lines.data);
	text_clear(&lines);
	return printable;
}

/* As shared_add() words it. A commit of the clinic's own store is signed with the same key, but says something else: what somebody got
 * hold of, such as a backup, cannot be passed off as shared. */
static bool says_shared(const git_commit *commit)
{
	const char *message = git_commit_message_raw(commit);
	const char *rest = message + strspn(message, "0123456789");

	return rest > message &&
	       (strcmp(rest, " version shared\n") == 0 || strcmp(rest, " versions shared\n") == 0);
}

/* What is signed, against the same commit written anew. */
static enum status check_form(const struct examined *work, const git_commit *commit,
			      const git_commit *parent, const git_tree *tree)
{
	git_buf signature = {0}, content = {0}, again = {0};
	git_oid id;
	enum status status = STATUS_OK;

	git_oid_cpy(&id, git_commit_id(commit));
	if (git_commit_extract_signature(&signature, &content, work->git, &id, NULL))
		status = error_set(work->err, STATUS_REFUSED,
				   "clinic %.12s: commit %.12s is not signed with its key",
				   work->clinic, work->commit);
	else if (git_commit_create_buffer(
			 &again, work->git, git_commit_author(commit), git_commit_committer(commit),
			 NULL, git_commit_message_raw(commit), tree, parent ? 1 : 0, &parent) ||
		 again.size != content.size || memcmp(again.ptr, content.ptr, again.size) != 0 ||
		 !lines_are_printable(&content))
		status = error_set(work->err, STATUS_REFUSED,
				   "clinic %.12s: commit %.12s is not as git writes one",
				   work->clinic, work->commit);
	git_buf_dispose(&signature);
	git_buf_dispose(&content);
	git_buf_dispose(&again);
	return status;
}

static enum status check_commit(struct examined *work, const git_oid *id)
{
	git_commit *commit = NULL, *parent = NULL;
	git_tree *tree = NULL;
	enum status status;

	git_oid_tostr(work->commit, sizeof work->commit, id);
	if (git_commit_lookup(&commit, work->git, id) || git_commit_tree(&tree, commit) ||
	    (git_commit_parentcount(commit) > 0 && git_commit_parent(&parent, commit, 0)))
		status = git_refuse(work->err, STATUS_REFUSED, work->clinic);
	else if (git_commit_parentcount(commit) > 1)
		status = refuse_change(work);
	else if (!says_shared(commit))
		status = error_set(work->err, STATUS_REFUSED,
				   "clinic %.12s: commit %.12s is not one of sharing", work->clinic,
				   work->commit);
	else
		status = check_form(work, commit, parent, tree);
	if (!status)
		status = check_folder(work, LEVEL_ROOT, "", git_tree_id(tree),
				      parent ? git_commit_tree_id(parent) : NULL);
	git_tree_free(tree);
	git_commit_free(parent);
	git_commit_free(commit);
	return status;
}

enum status shape_check(const struct snapshot *offered, const char *since, const char *clinic,
			struct error *err)
{
	struct examined work = {.git = offered->repository->git, .clinic = clinic, .err = err};
	enum status status = STATUS_OK;
	git_revwalk *walk = NULL;
	git_oid id, old;
	int result = 0;

	git_error_clear();
	if (git_repository_odb(&work.odb, work.git) || git_revwalk_new(&walk, work.git) ||
	    git_revwalk_push(walk, git_commit_id(offered->commit)) ||
	    (*since && (git_oid_fromstr(&old, since) || git_revwalk_hide(walk, &old))))
		status = git_refuse(err, STATUS_REFUSED, clinic);
	while (!status && !(result = git_revwalk_next(&id, walk)))
		status = check_commit(&work, &id);
	if (!status && result != GIT_ITEROVER)
		status = git_refuse(err, STATUS_REFUSED, clinic);
	git_revwalk_free(walk);
	git_odb_free(work.odb);
	return status;
}
