/* What a recipe is saved as: its number, its parent, whether there is anything new in it. Under the lock, all or nothing. */
#include "store/inside.h"

#include "formats/recipe_file.h"
#include "match/session.h"
#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Saved at once: more than these go into a pack. A pack takes 20 ms by itself, a loose version 4 (measured). */
enum { FEW = 8, MESSAGE_LINES_MOST = 100 };

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

/* A version that must be there. */
static enum status read_old(struct recipe *read, const struct base *base, const char *id,
			    int version, struct error *err)
{
	bool found;

	if (store_read_version(read, NULL, &found, base, id, version, err))
		return err->status;
	return found ? STATUS_OK
		     : error_set(err, STATUS_REFUSED,
				 "store: version %d of %s is missing; `store verify` says more",
				 version, id);
}

/* A file that was never saved, whose id the store has under another name: a recipe of its own. */
static enum status begin_recipe(struct recipe_stamp *stamp, struct error *err)
{
	stamp->version = 1;
	*stamp->parent = 0;
	return random_id(stamp->id, err);
}

/* Decides id, version and parent against the newest version and the one that the recipe was made
 * from. */
static enum status compare_versions(bool *same, const struct base *base, struct recipe *recipe,
				    struct recipe *read, int newest, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int from = stamp->version ? stamp->version : 1;

	if (read_old(read, base, stamp->id, newest, err))
		return err->status;
	if (stamp->version == 0 && strcmp(read->stamp.name, stamp->name))
		return begin_recipe(stamp, err);
	if (recipe_keep(recipe, read, err) || same_content(same, read, recipe, err))
		return err->status;
	if (*same) {
		*stamp = read->stamp;
		return STATUS_OK;
	}
	if (from != newest && read_old(read, base, stamp->id, from, err))
		return err->status;
	text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	stamp->version = newest + 1;
	return STATUS_OK;
}

static enum status prepare_save(bool *same, const struct base *base, struct recipe *recipe,
				struct recipe *read, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int newest = store_count_versions(base, stamp->id);

	*same = false;
	if (*stamp->clinic)
		return error_set(err, STATUS_REFUSED,
				 "“%s” is of the clinic “%s”: take it over first (import %s@%s)",
				 stamp->name, stamp->clinic, stamp->name, stamp->clinic);
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
	return compare_versions(same, base, recipe, read, newest, err);
}

/* The next version of the recipe of that id, or the first. */
static enum status prepare_take_over(bool *same, const struct base *base, struct recipe *recipe,
				     struct recipe *read, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	int newest = store_count_versions(base, stamp->id);

	*same = false;
	/* what happened there did not happen here */
	recipe->seen_count = recipe->session_count = recipe->sealed_count = 0;
	*stamp->clinic = *stamp->parent = 0;
	stamp->version = newest + 1;
	if (newest == 0)
		return STATUS_OK;
	if (read_old(read, base, stamp->id, newest, err) || recipe_keep(recipe, read, err) ||
	    same_content(same, read, recipe, err))
		return err->status;
	if (*same)
		*stamp = read->stamp;
	else
		text_copy(stamp->parent, sizeof stamp->parent, read->stamp.hash);
	return STATUS_OK;
}

/* Decides what a recipe is to be saved as; *same where nothing is to be saved. `read` is room to read one into. */
typedef enum status prepare(bool *same, const struct base *base, struct recipe *recipe,
			    struct recipe *read, struct error *err);

static enum status put_version(struct addition *addition, struct recipe *recipe, struct error *err)
{
	char path[REPOSITORY_PATH_SIZE];
	struct text text = {0};
	enum status status;

	clock_text(recipe->stamp.made);
	layout_path(path, recipe->stamp.id, recipe->stamp.version);
	status = recipe_print(&text, recipe, err);
	if (!status)
		status = addition_put(recipe->stamp.hash, addition, path, &text, err);
	text_clear(&text);
	return status;
}

static enum status find_signed(const struct repository_commit *commit, void *data)
{
	bool *any = data;

	*any = *any || commit->is_signed;
	return STATUS_OK;
}

/* A signature stands for all that is beneath it, so nothing is put on top of what has lost its own. A store from before there were
 * signatures has none at all. */
static enum status check_base(const struct snapshot *snapshot, struct error *err)
{
	struct repository_commit tip;
	bool any = false;

	if (!snapshot_tip(&tip, snapshot) || (tip.is_signed && tip.fits))
		return STATUS_OK;
	if (!tip.is_signed && snapshot_history(snapshot, NULL, find_signed, &any, err))
		return err->status;
	if (tip.is_signed || any)
		return error_set(err, STATUS_REFUSED,
				 "store: not saved: what was saved before has been changed by "
				 "another program (commit %.12s); `store verify` says more",
				 tip.hash);
	return STATUS_OK;
}

struct saving {
	struct store *store;
	struct snapshot *snapshot;
	struct base base;
	const struct clinic_key *key;
	struct recipe *read; /* room to read one into */
	int saved;           /* versions put so far */
	struct text message;
};

static enum status begin_saving(struct saving *saving, bool many, struct error *err)
{
	enum status status;

	saving->read = malloc(sizeof *saving->read);
	if (!saving->read)
		return error_memory(err);
	status = snapshot_take(&saving->snapshot, saving->store->repository, REPOSITORY_OWN, err);
	saving->base.snapshot = saving->snapshot;
	if (!status)
		status = check_base(saving->snapshot, err);
	if (!status)
		status = addition_begin(&saving->base.addition, saving->snapshot, many, err);
	return status;
}

/* `bool *saved`: whether there is something to be committed of it. */
static enum status save_one(bool *saved, struct saving *saving, struct recipe *recipe,
			    prepare *decide, struct error *err)
{
	const struct recipe_stamp *stamp = &recipe->stamp;
	bool same = true;
	enum status status = decide(&same, &saving->base, recipe, saving->read, err);

	if (!status && !same)
		status = put_version(saving->base.addition, recipe, err);
	*saved = !status && !same;
	if (*saved && saving->saved < MESSAGE_LINES_MOST)
		text_addf(&saving->message, "%s version %d: %s\n", stamp->id, stamp->version,
			  stamp->name);
	saving->saved += *saved;
	return status;
}

/* A commit's message: of one version its line, of many how many, and the lines of the first. */
static enum status commit_saved(struct saving *saving, struct error *err)
{
	struct text message = {0};
	enum status status;

	if (!saving->saved)
		return STATUS_OK;
	if (saving->saved > 1)
		text_addf(&message, "%d versions\n\n", saving->saved);
	text_add(&message, saving->message.data, saving->message.length);
	if (saving->saved > MESSAGE_LINES_MOST)
		text_adds(&message, "…\n");
	status = text_failed(&message)
			 ? error_memory(err)
			 : addition_commit(saving->base.addition, message.data, saving->key, err);
	text_clear(&message);
	return status;
}

static void end_saving(struct saving *saving)
{
	text_clear(&saving->message);
	free(saving->read);
	addition_free(saving->base.addition);
	snapshot_free(saving->snapshot);
	repository_unlock(saving->store->repository);
}

static enum status save_as(bool *saved, struct store *store, struct recipe *recipe,
			   const struct clinic_key *key, prepare *decide, struct error *err)
{
	struct saving saving = {.store = store, .key = key};
	enum status status;

	*saved = false;
	if (repository_lock(store->repository, err))
		return err->status;
	status = begin_saving(&saving, false, err);
	if (!status)
		status = save_one(saved, &saving, recipe, decide, err);
	if (!status)
		status = commit_saved(&saving, err);
	*saved = *saved && !status;
	recipe->stamp.verified = recipe->stamp.verified || *saved;
	end_saving(&saving);
	return status;
}

enum status store_save(bool *saved, struct store *store, struct recipe *recipe,
		       const struct clinic_key *key, struct error *err)
{
	return save_as(saved, store, recipe, key, prepare_save, err);
}

enum status store_take_over(bool *saved, struct store *store, struct recipe *recipe,
			    const struct clinic_key *key, struct error *err)
{
	return save_as(saved, store, recipe, key, prepare_take_over, err);
}

static enum status save_each(struct store_saved *out, int count, struct saving *saving,
			     store_supply *supply, void *data, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	enum status status = recipe ? STATUS_OK : error_memory(err);

	for (int i = 0; i < count && !status; i++) {
		status = supply(recipe, i, data, err);
		if (!status && save_one(&out[i].saved, saving, recipe, prepare_save, err))
			status = error_prefix(err, "“%s”: ", recipe->stamp.name);
		out[i].stamp = recipe->stamp;
	}
	free(recipe);
	return status;
}

enum status store_save_all(struct store_saved *out, int count, struct store *store,
			   store_supply *supply, void *data, const struct clinic_key *key,
			   struct error *err)
{
	struct saving saving = {.store = store, .key = key};
	enum status status;

	for (int i = 0; i < count; i++) /* which are not reached are not saved */
		out[i] = (struct store_saved){.saved = false};
	if (repository_lock(store->repository, err))
		return err->status;
	status = begin_saving(&saving, count > FEW, err);
	if (!status)
		status = save_each(out, count, &saving, supply, data, err);
	if (!status)
		status = commit_saved(&saving, err);
	for (int i = 0; i < count; i++) {
		out[i].saved = out[i].saved && !status;
		out[i].stamp.verified = out[i].stamp.verified || out[i].saved;
	}
	end_saving(&saving);
	return status;
}
