/* Objects in packs. A repository of many small files takes fifty times the disk of one pack of them: an object is deflated by itself
 * and rounded up to a block. Nothing is removed unless the new pack's index, read back from the disk, has it. */
#include "store/git.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKS "recipes.git/objects/pack"

enum { CHUNK_SIZE = 4 << 20 };

/* All that the references stand on which fit the glob, but not what the commit `since` (NULL or empty: none) stands on. */
static int collect(git_packbuilder **out, git_repository *git, const char *glob, const char *since,
		   bool *empty)
{
	git_revwalk *walk = NULL;
	git_oid old;
	int failed;

	*out = NULL;
	failed = git_packbuilder_new(out, git) || git_revwalk_new(&walk, git) ||
		 (strchr(glob, '*') ? git_revwalk_push_glob(walk, glob)
				    : git_revwalk_push_ref(walk, glob)) ||
		 (since && *since &&
		  (git_oid_fromstr(&old, since) || git_revwalk_hide(walk, &old))) ||
		 git_packbuilder_insert_walk(*out, walk);
	git_revwalk_free(walk);
	if (!failed)
		git_packbuilder_set_threads(*out, 0); /* all there are */
	*empty = !failed && git_packbuilder_object_count(*out) == 0;
	return failed;
}

/* --- tidying ---------------------------------------------------------------------------------------- */

struct tidying {
	struct repository *repository;
	git_odb *pack; /* the new pack alone */
	struct repository_tidy *out;
};

static int open_pack(git_odb **odb, const char *index_file)
{
	git_odb_backend *backend = NULL;

	*odb = NULL;
	return git_odb_new(odb) || git_odb_backend_one_pack(&backend, index_file) ||
	       git_odb_add_backend(*odb, backend, 1);
}

static unsigned long long size_of(const char *path)
{
	struct stat facts;

	return stat(path, &facts) ? 0 : (unsigned long long)facts.st_blocks * 512;
}

bool git_each_entry(const char *folder,
		    void (*take)(const char *folder, const char *name, void *data), void *data)
{
	DIR *open = opendir(folder);
	struct dirent *entry;

	if (!open)
		return false;
	while ((entry = readdir(open)))
		if (*entry->d_name != '.')
			take(folder, entry->d_name, data);
	closedir(open);
	return true;
}

/* objects/ab/<38 digits> */
static void remove_loose(const char *folder, const char *name, void *data)
{
	struct tidying *work = data;
	char path[PATH_SIZE + 512], hash[REPOSITORY_HASH_SIZE];
	size_t length = strlen(folder);
	git_oid id;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	snprintf(hash, sizeof hash, "%.2s%.38s", folder + length - 2, name);
	work->out->before += size_of(path);
	if (strlen(name) == REPOSITORY_HASH_SIZE - 3 && git_oid_fromstr(&id, hash) == 0 &&
	    git_odb_exists(work->pack, &id) && unlink(path) == 0)
		work->out->objects++;
	else
		work->out->after += size_of(path);
}

static void visit_objects(const char *folder, const char *name, void *data)
{
	char path[PATH_SIZE + 256];

	if (strlen(name) != 2)
		return;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	git_each_entry(path, remove_loose, data);
	rmdir(path); /* where nothing is left in it */
}

static int is_missing(const git_oid *id, void *data)
{
	const struct tidying *work = data;

	return !git_odb_exists(work->pack, id);
}

/* An older pack goes where the new one holds all that is in it. */
static void remove_pack(const char *folder, const char *name, void *data)
{
	struct tidying *work = data;
	const char *end = strrchr(name, '.');
	char path[PATH_SIZE + 512], index[PATH_SIZE + 512], keep[PATH_SIZE + 512];
	git_odb *old = NULL;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	if (!end || strcmp(end, ".pack"))
		return;
	snprintf(index, sizeof index, "%.*sidx", (int)(strlen(path) - strlen("pack")), path);
	snprintf(keep, sizeof keep, "%.*skeep", (int)(strlen(path) - strlen("pack")), path);
	work->out->before += size_of(path) + size_of(index);
	if (access(keep, F_OK) && strncmp(name, work->out->pack, strlen(work->out->pack)) &&
	    open_pack(&old, index) == 0 && git_odb_foreach(old, is_missing, work) == 0)
		unlink(index), unlink(path);
	else
		work->out->after += size_of(path) + size_of(index);
	git_odb_free(old);
}

void git_pack_folder(char path[PATH_SIZE + 64], const struct repository *repository)
{
	snprintf(path, PATH_SIZE + 64, "%s/" PACKS, repository->folder);
}

struct indexing {
	git_indexer *indexer;
	git_indexer_progress progress;
	struct text chunk;
};

static int flush_chunk(struct indexing *work)
{
	int failed = text_failed(&work->chunk) ||
		     git_indexer_append(work->indexer, work->chunk.data, work->chunk.length,
					&work->progress);

	work->chunk.length = 0;
	return failed;
}

static int index_chunk(void *bytes, size_t length, void *data)
{
	struct indexing *work = data;

	text_add(&work->chunk, bytes, length);
	return work->chunk.length >= CHUNK_SIZE || text_failed(&work->chunk) ? flush_chunk(work)
									     : 0;
}

/* As git_packbuilder_write() does, which takes twice the time: it hands each object over by itself, and libgit2 maps and unmaps the
 * file for each. */
static int index_pack(char name[64], git_packbuilder *builder, const char *folder)
{
	struct indexing work = {.indexer = NULL};
	int failed;

	failed = git_indexer_new(&work.indexer, folder, 0, NULL, NULL) ||
		 git_packbuilder_foreach(builder, index_chunk, &work) || flush_chunk(&work) ||
		 git_indexer_commit(work.indexer, &work.progress);
	if (!failed)
		snprintf(name, 64, "pack-%s", git_indexer_name(work.indexer));
	git_indexer_free(work.indexer);
	text_clear(&work.chunk);
	return failed;
}

enum status git_write_pack(char name[64], git_packbuilder *builder,
			   const struct repository *repository, const char *failed,
			   struct error *err)
{
	char folder[PATH_SIZE + 64];

	git_pack_folder(folder, repository);
	git_error_clear();
	if (index_pack(name, builder, folder)) {
		git_refuse(err, STATUS_REFUSED, failed);
		return git_blame_disk(err, repository, failed);
	}
	return file_sync_folder(folder, err);
}

void git_remove_pack(const char *name, const struct repository *repository)
{
	char folder[PATH_SIZE + 64], path[PATH_SIZE + 256];

	git_pack_folder(folder, repository);
	snprintf(path, sizeof path, "%s/%s.idx", folder, name);
	unlink(path);
	snprintf(path, sizeof path, "%s/%s.pack", folder, name);
	unlink(path);
}

/* Writes the pack, and names it. */
static enum status write_pack(struct repository_tidy *out, struct repository *repository,
			      struct error *err)
{
	git_packbuilder *builder;
	enum status status = STATUS_OK;
	bool empty;

	git_error_clear();
	if (collect(&builder, repository->git, "*", NULL, &empty))
		status = git_refuse(err, STATUS_REFUSED, "not tidied");
	else if (!empty)
		status = git_write_pack(out->pack, builder, repository, "not tidied", err);
	git_packbuilder_free(builder);
	return status;
}

enum status repository_tidy(struct repository_tidy *out, struct repository *repository,
			    struct error *err)
{
	struct tidying work = {repository, NULL, out};
	char folder[PATH_SIZE + 64], index[2 * PATH_SIZE];
	enum status status;

	*out = (struct repository_tidy){.objects = 0};
	status = write_pack(out, repository, err);
	if (status || !*out->pack)
		return status;
	snprintf(index, sizeof index, "%s/" PACKS "/%s.idx", repository->folder, out->pack);
	status = open_pack(&work.pack, index) ? git_refuse(err, STATUS_REFUSED, "not tidied")
					      : STATUS_OK;
	if (!status) {
		snprintf(folder, sizeof folder, "%s/recipes.git/objects", repository->folder);
		git_each_entry(folder, visit_objects, &work);
		/* git's index of several packs, which it makes anew */
		snprintf(index, sizeof index, "%s/" PACKS "/multi-pack-index", repository->folder);
		unlink(index);
		snprintf(folder, sizeof folder, "%s/" PACKS, repository->folder);
		git_each_entry(folder, remove_pack, &work);
	}
	git_odb_free(work.pack);
	return status;
}

/* --- bundles ---------------------------------------------------------------------------------------- */

static int add_chunk(void *bytes, size_t length, void *data)
{
	struct text *out = data;

	text_add(out, bytes, length);
	return text_failed(out) ? -1 : 0;
}

/* A line for each reference, and HEAD, so that a clone knows what to check out (git's bundle format, version 2). */
static int add_references(struct text *out, git_repository *git, const char *glob, const char *head,
			  const char *since)
{
	git_reference_iterator *all = NULL;
	git_reference *reference;
	int failed = git_reference_iterator_glob_new(&all, git, glob), result = 0;

	text_adds(out, "# v2 git bundle\n");
	if (since && *since)
		text_addf(out, "-%s \n", since);
	while (!failed && (result = git_reference_next(&reference, all)) == 0) {
		const git_oid *id = git_reference_target(reference);
		char hash[REPOSITORY_HASH_SIZE];

		if (id) {
			git_oid_tostr(hash, sizeof hash, id);
			text_addf(out, "%s %s\n", hash, git_reference_name(reference));
			if (strcmp(git_reference_name(reference), head) == 0)
				text_addf(out, "%s HEAD\n", hash);
		}
		git_reference_free(reference);
	}
	git_reference_iterator_free(all);
	text_adds(out, "\n");
	return failed || result != GIT_ITEROVER;
}

enum status repository_bundle(struct text *out, struct repository *repository, const char *glob,
			      const char *head, const char *since, struct error *err)
{
	git_packbuilder *builder = NULL;
	enum status status = STATUS_OK;
	bool empty = true;

	*out = (struct text){0};
	git_error_clear();
	/* references first: what is saved meanwhile is in the pack and not among them, never the other way round */
	if (add_references(out, repository->git, glob, head, since) ||
	    collect(&builder, repository->git, glob, since, &empty))
		status = git_refuse(err, STATUS_REFUSED, "no copy was made");
	else if (empty)
		status = error_set(err, STATUS_REFUSED, "%s: there is nothing new to be copied",
				   repository->folder);
	else if (git_packbuilder_foreach(builder, add_chunk, out))
		status = text_failed(out) ? error_memory(err)
					  : git_refuse(err, STATUS_REFUSED, "no copy was made");
	git_packbuilder_free(builder);
	if (status)
		text_clear(out);
	return status;
}
