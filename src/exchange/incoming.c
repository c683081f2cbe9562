#include "exchange/incoming.h"

#include "exchange/pack_check.h"
#include "store/git.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2/indexer.h>
#include <git2/odb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* As git names such folders, which it leaves alone. */
#define FOLDER_START "tmp_objdir-incoming-"
#define OBJECTS "recipes.git/objects"

#define FAILED "nothing was taken in"

struct incoming {
	struct repository *repository;
	struct repository *view;
	const char *name;
	struct text pack;
	char folder[PATH_SIZE + 64]; /* empty: none was made */
	int lock;                    /* of the folder, which tells that somebody is at work in it */
};

/* --- the folder --------------------------------------------------------------------------------------- */

/* Whoever was killed left a folder, and no longer holds its lock. */
static void remove_stale(const char *objects)
{
	DIR *open_folder = opendir(objects);
	struct dirent *entry;
	char path[PATH_SIZE + 512];

	if (!open_folder)
		return;
	while ((entry = readdir(open_folder))) {
		int fd;

		if (strncmp(entry->d_name, FOLDER_START, strlen(FOLDER_START)))
			continue;
		snprintf(path, sizeof path, "%s/%s", objects, entry->d_name);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			git_remove_folder(path);
		close(fd);
	}
	closedir(open_folder);
}

/* Under the lock, so that nobody takes a folder for stale that has just been made. */
static enum status make_locked(struct incoming *incoming, struct error *err)
{
	char objects[PATH_SIZE + 32], pack[PATH_SIZE + 80];

	snprintf(objects, sizeof objects, "%s/" OBJECTS, incoming->repository->folder);
	remove_stale(objects);
	snprintf(incoming->folder, sizeof incoming->folder, "%s/" FOLDER_START "XXXXXX", objects);
	if (!mkdtemp(incoming->folder)) {
		*incoming->folder = 0;
		return error_set(err, STATUS_REFUSED, "%s: %s", objects, strerror(errno));
	}
	incoming->lock = open(incoming->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(pack, sizeof pack, "%s/pack", incoming->folder);
	if (incoming->lock < 0 || flock(incoming->lock, LOCK_EX | LOCK_NB) || mkdir(pack, 0777))
		return error_set(err, STATUS_REFUSED, "%s: %s", incoming->folder, strerror(errno));
	return STATUS_OK;
}

static enum status make_folder(struct incoming *incoming, struct error *err)
{
	enum status status = repository_lock(incoming->repository, err);

	if (status)
		return status;
	status = make_locked(incoming, err);
	repository_unlock(incoming->repository);
	return status;
}

enum status incoming_open(struct incoming **out, struct repository *repository, const char *name,
			  struct error *err)
{
	struct incoming *incoming = calloc(1, sizeof *incoming);

	*out = NULL;
	if (!incoming)
		return error_memory(err);
	incoming->repository = repository;
	incoming->name = name;
	incoming->lock = -1;
	if (repository_open(&incoming->view, repository->folder, false, err)) {
		incoming_close(incoming);
		return err->status;
	}
	*out = incoming;
	return STATUS_OK;
}

void incoming_close(struct incoming *incoming)
{
	if (!incoming)
		return;
	repository_close(incoming->view);
	if (*incoming->folder)
		git_remove_folder(incoming->folder);
	if (incoming->lock >= 0)
		close(incoming->lock);
	text_clear(&incoming->pack);
	free(incoming);
}

struct repository *incoming_view(struct incoming *incoming)
{
	return incoming->view;
}

/* --- unpacking ---------------------------------------------------------------------------------------- */

enum status incoming_add(struct incoming *incoming, const char *bytes, size_t length,
			 struct error *err)
{
	if (length > INCOMING_BYTES_MOST - incoming->pack.length)
		return error_set(err, STATUS_REFUSED,
				 "%s: more than %d MB are not taken in at once", incoming->name,
				 INCOMING_BYTES_MOST >> 20);
	text_add(&incoming->pack, bytes, length);
	return text_failed(&incoming->pack) ? error_memory(err) : STATUS_OK;
}

/* libgit2 checks each object's hash, and completes a pack that leaves out what we have. */
static int index_pack(struct incoming *incoming)
{
	char folder[PATH_SIZE + 80];
	git_indexer_progress progress = {0};
	git_indexer *indexer = NULL;
	git_odb *odb = NULL;
	int failed;

	snprintf(folder, sizeof folder, "%s/pack", incoming->folder);
	failed = git_repository_odb(&odb, incoming->view->git) ||
		 git_indexer_new(&indexer, folder, 0, odb, NULL) ||
		 git_indexer_append(indexer, incoming->pack.data, incoming->pack.length,
				    &progress) ||
		 git_indexer_commit(indexer, &progress) ||
		 git_odb_add_disk_alternate(odb, incoming->folder);
	git_indexer_free(indexer);
	git_odb_free(odb);
	return failed;
}

enum status incoming_unpack(struct incoming *incoming, struct error *err)
{
	if (incoming->pack.length == 0)
		return STATUS_OK;
	if (pack_check(incoming->pack.data, incoming->pack.length, incoming->name, err) ||
	    make_folder(incoming, err))
		return err->status;
	git_error_clear();
	if (index_pack(incoming)) {
		git_refuse(err, STATUS_REFUSED, incoming->name);
		return git_blame_disk(err, incoming->repository, FAILED);
	}
	text_clear(&incoming->pack);
	return STATUS_OK;
}

/* --- accepting ---------------------------------------------------------------------------------------- */

/* One pack of what the commits stand on and no reference does yet. *builder is to be freed. */
static int collect(git_packbuilder **builder, git_repository *git, const struct incoming_move *move,
		   int count)
{
	git_revwalk *walk = NULL;
	git_oid id;
	int failed = git_revwalk_new(&walk, git) || git_packbuilder_new(builder, git);

	for (int i = 0; i < count && !failed; i++)
		failed = git_oid_fromstr(&id, move[i].to) || git_revwalk_push(walk, &id);
	failed = failed || git_revwalk_hide_glob(walk, "*") ||
		 git_packbuilder_insert_walk(*builder, walk);
	if (!failed)
		git_packbuilder_set_threads(*builder, 0); /* all there are */
	git_revwalk_free(walk);
	return failed;
}

/* Brings it in, and names it; empty where there is nothing in it. */
static enum status write_pack(char name[64], struct incoming *incoming,
			      const struct incoming_move *move, int count, struct error *err)
{
	struct repository *repository = incoming->repository;
	git_packbuilder *builder = NULL;
	git_odb *odb = NULL;
	enum status status = STATUS_OK;

	git_error_clear();
	if (collect(&builder, incoming->view->git, move, count))
		status = git_refuse(err, STATUS_REFUSED, FAILED);
	else if (git_packbuilder_object_count(builder) > 0)
		status = git_write_pack(name, builder, repository, FAILED, err);
	if (!status && (git_repository_odb(&odb, repository->git) || git_odb_refresh(odb)))
		status = git_refuse(err, STATUS_REFUSED, FAILED);
	git_odb_free(odb);
	git_packbuilder_free(builder);
	return status;
}

static enum status move_one(struct repository *repository, const struct incoming_move *move,
			    struct error *err)
{
	struct snapshot *snapshot;
	enum status status = snapshot_take(&snapshot, repository, move->reference, err);
	git_oid to;

	if (status)
		return status;
	if (strcmp(snapshot_commit(snapshot), move->from))
		status = error_set(err, STATUS_REFUSED,
				   "store: " FAILED ": another program did so meanwhile");
	else if (git_oid_fromstr(&to, move->to) || git_move_reference(snapshot, &to)) {
		status = git_refuse(err, STATUS_REFUSED, FAILED);
		git_take_back(snapshot, &to);
	}
	snapshot_free(snapshot);
	return status;
}

/* A move that was made, back again where `made`; true where the reference does not name what came. */
static bool take_back(struct repository *repository, const struct incoming_move *move, bool made)
{
	struct snapshot *before;
	struct error unsaid;
	git_oid to;
	bool is_back;

	if (git_oid_fromstr(&to, move->to) ||
	    snapshot_at(&before, repository, move->reference, move->from, &unsaid))
		return false;
	if (made)
		git_take_back(before, &to);
	is_back = !git_is_at(before, &to);
	snapshot_free(before);
	return is_back;
}

enum status incoming_accept(struct incoming *incoming, const struct incoming_move *move, int count,
			    struct error *err)
{
	struct repository *repository = incoming->repository;
	enum status status;
	char pack[64] = "";
	bool is_back = true;
	int made = 0;

	status = write_pack(pack, incoming, move, count, err);
	while (!status && made < count && !(status = move_one(repository, &move[made], err)))
		made++;
	if (!status)
		return STATUS_OK;
	for (int i = 0; i < count; i++)
		is_back = take_back(repository, &move[i], i < made) && is_back;
	if (*pack && is_back)
		git_remove_pack(pack, repository);
	return git_blame_disk(err, repository, FAILED);
}
