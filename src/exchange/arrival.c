/* In this order, so that nothing is believed before it was looked at: where the offer stands to what is here, what form its
 * commits have, whose signature each has, what each file is, and only then whether its clinic is trusted. */
#include "exchange/arrival.h"

#include "exchange/shape.h"
#include "formats/recipe_file.h"
#include "store/git.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void arrival_list_clear(struct arrival_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		recipe_stamp_list_clear(&list->item[i].list);
	free(list->item);
	*list = (struct arrival_list){0};
}

/* What is at work on one offer. */
struct examination {
	struct arrival *arrival;
	const char *id; /* of the clinic, in the reference's name */
	const struct snapshot *offered;
	struct recipe *recipe; /* room to read one into */
	struct error *err;
};

/* --- where it stands ------------------------------------------------------------------------------------ */

/* Behind what is here, or ahead of it. A clinic whose history has come apart in two (a store that was put back from a copy
 * and gone on with, a key that others have) is not followed. */
static enum status check_place(bool *old, const struct examination *work)
{
	git_repository *git = work->offered->repository->git;
	const struct incoming_move *move = &work->arrival->move;
	git_oid from, to;
	int ahead, behind;

	*old = strcmp(move->from, move->to) == 0;
	if (*old || !*move->from)
		return STATUS_OK;
	if (git_oid_fromstr(&from, move->from) || git_oid_fromstr(&to, move->to))
		return error_set(work->err, STATUS_REFUSED, "%s: no commit", work->id);
	ahead = git_graph_descendant_of(git, &to, &from);
	behind = git_graph_descendant_of(git, &from, &to);
	*old = behind == 1;
	if (ahead < 0 || behind < 0)
		return git_refuse(work->err, STATUS_REFUSED, work->id);
	if (ahead || behind)
		return STATUS_OK;
	return error_set(work->err, STATUS_REFUSED,
			 "clinic %.12s: what it shares now does not go on from what it shared "
			 "before (%.12s): ask it whether its store was put back, or its key stolen",
			 work->id, move->from);
}

/* --- whose it is ---------------------------------------------------------------------------------------- */

static enum status check_commit(const struct repository_commit *commit, void *data)
{
	struct examination *work = data;
	struct arrival *arrival = work->arrival;
	char id[KEY_ID_SIZE] = "";

	if (commit->is_signed && commit->fits)
		key_id(id, &commit->signer);
	if (strcmp(id, work->id))
		return error_set(work->err, STATUS_REFUSED,
				 "clinic %.12s: commit %.12s is not signed with its key", work->id,
				 commit->hash);
	if (commit->took_away)
		return error_set(work->err, STATUS_REFUSED,
				 "clinic %.12s: commit %.12s changes or removes what was shared "
				 "before",
				 work->id, commit->hash);
	arrival->has_key = true;
	arrival->key = commit->signer;
	return STATUS_OK;
}

/* --- what it is ------------------------------------------------------------------------------------------ */

static enum status check_recipe(struct examination *work, const char *path, const char *id,
				int version, const char *hash, struct text *text)
{
	struct recipe *recipe = work->recipe;

	if (recipe_parse(recipe, text, path, work->err) ||
	    layout_check(&recipe->stamp, id, version, work->err))
		return work->err->status;
	if (recipe->edited)
		return error_set(work->err, STATUS_REFUSED,
				 "%s: the recipe was changed since it was predicted", path);
	text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, work->id);
	return recipe_stamp_list_add(&work->arrival->list, &recipe->stamp, work->err);
}

static enum status refuse_path(const struct examination *work, const char *path)
{
	char shown[REPOSITORY_PATH_SIZE];

	text_copy(shown, sizeof shown, path);
	text_make_printable(shown);
	return error_set(work->err, STATUS_REFUSED, "“%s” is no recipe's file", shown);
}

static enum status check_file(const char *path, const char *hash, void *data)
{
	struct examination *work = data;
	char read[REPOSITORY_HASH_SIZE], id[RANDOM_ID_SIZE];
	struct text text = {0};
	bool found;
	int version;
	enum status status;

	if (!hash) /* check_commit() has seen to it that nothing is taken away */
		return STATUS_OK;
	status = layout_take(id, &version, path)
			 ? snapshot_read(&text, read, &found, work->offered, path, work->err)
			 : refuse_path(work, path);
	if (!status && !found)
		status = refuse_path(work, path);
	else if (!status)
		status = check_recipe(work, path, id, version, hash, &text);
	text_clear(&text);
	return status ? error_prefix(work->err, "clinic %.12s: ", work->id) : STATUS_OK;
}

/* --- one offer -------------------------------------------------------------------------------------------- */

static enum status check_offered(struct examination *work)
{
	const char *since = work->arrival->move.from;
	bool old;

	if (check_place(&old, work))
		return work->err->status;
	if (old) {
		work->arrival->state = ARRIVAL_OLD;
		return STATUS_OK;
	}
	if (shape_check(work->offered, since, work->id, work->err) ||
	    snapshot_history(work->offered, since, check_commit, work, work->err))
		return work->err->status;
	return snapshot_walk(work->offered, since, check_file, work, work->err);
}

static enum status examine(struct arrival *arrival, struct incoming *incoming,
			   struct repository *repository, const struct offer *offer,
			   struct recipe *recipe, struct error *err)
{
	struct snapshot *here = NULL, *offered = NULL;
	struct examination work = {arrival, layout_clinic(offer->reference), NULL, recipe, err};
	struct incoming_move *move = &arrival->move;
	enum status status = snapshot_take(&here, repository, offer->reference, err);

	text_copy(move->reference, sizeof move->reference, offer->reference);
	text_copy(move->to, sizeof move->to, offer->commit);
	if (!status) {
		text_copy(move->from, sizeof move->from, snapshot_commit(here));
		status = snapshot_at(&offered, incoming_view(incoming), offer->reference,
				     offer->commit, err);
	}
	work.offered = offered;
	if (!status)
		status = check_offered(&work);
	snapshot_free(offered);
	snapshot_free(here);
	return status;
}

/* --- all of them ------------------------------------------------------------------------------------------- */

static enum status examine_all(struct arrival_list *list, struct incoming *incoming,
			       struct repository *repository, const struct offer_list *offers,
			       bool whole, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status = STATUS_OK;

	list->item = calloc(offers->count ? offers->count : 1, sizeof *list->item);
	if (!recipe || !list->item)
		status = error_memory(err);
	for (size_t i = 0; i < offers->count && !status; i++) {
		struct arrival *arrival = &list->item[list->count++];
		struct error why = {.status = STATUS_OK};

		if (examine(arrival, incoming, repository, &offers->item[i], recipe, &why) == 0)
			continue;
		arrival->state = ARRIVAL_REFUSED;
		text_copy(arrival->why, sizeof arrival->why, why.message);
		if (whole || why.status != STATUS_REFUSED)
			status = error_set(err, why.status, "%s", why.message);
	}
	free(recipe);
	return status;
}

static enum status accept(struct arrival_list *list, struct incoming *incoming,
			  struct repository *repository, struct error *err)
{
	struct incoming_move *move = calloc(list->count + 1, sizeof *move);
	enum status status = STATUS_OK;
	int count = 0;

	if (!move)
		return error_memory(err);
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].state == ARRIVAL_NEW)
			move[count++] = list->item[i].move;
	if (count > 0) {
		status = repository_lock(repository, err);
		if (!status) {
			status = incoming_accept(incoming, move, count, err);
			repository_unlock(repository);
		}
	}
	free(move);
	return status;
}

enum status arrivals_take(struct arrival_list *list, struct incoming *incoming,
			  struct repository *repository, const struct offer_list *offers,
			  bool whole, arrival_trust *trust, void *data, struct error *err)
{
	*list = (struct arrival_list){0};
	if (examine_all(list, incoming, repository, offers, whole, err) || trust(list, data, err))
		return err->status;
	return accept(list, incoming, repository, err);
}
