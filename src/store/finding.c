/* Lists, from the index, and single versions, by what people call them. */
#include "store/inside.h"

#include "base/number.h"
#include "store/layout.h"

#include <stdio.h>
#include <string.h>

enum status store_list(struct recipe_stamp_list *list, struct store *store,
		       const struct index_filter *filter, struct notes *notes, struct error *err)
{
	struct vouching work = {.store = store};

	*list = (struct recipe_stamp_list){0};
	if (store_open_index(store, err) || index_list(list, store->index, filter, notes, err))
		return err->status;
	for (size_t i = 0; i < list->count; i++)
		store_vouch(&work, &list->item[i]);
	return STATUS_OK;
}

enum status store_nearest(struct recipe_near **near, int *count, struct store *store,
			  const struct lab *lab, int most, struct error *err)
{
	struct vouching work = {.store = store};

	*near = NULL;
	if (store_open_index(store, err) ||
	    index_nearest(near, count, store->index, lab, most, err))
		return err->status;
	for (int i = 0; i < *count; i++)
		store_vouch(&work, &(*near)[i].stamp);
	return STATUS_OK;
}

enum status store_lots(struct recipe_lot **lots, int *count, struct store *store,
		       const struct lot_filter *filter, struct error *err)
{
	*lots = NULL;
	return store_open_index(store, err) ? err->status
					    : index_lots(lots, count, store->index, filter, err);
}

enum status store_sessions(struct recipe_treated **list, int *count, struct store *store,
			   const char *id, struct error *err)
{
	*list = NULL;
	return store_open_index(store, err) ? err->status
					    : index_sessions(list, count, store->index, id, err);
}

enum status store_prepare(struct store *store, const struct index_watch *watch, struct error *err)
{
	store->watch = *watch;
	return store_open_index(store, err);
}

/* --- one version ------------------------------------------------------------------------------ */

/* A version as it is asked for: "Crown", "Crown@3", "Crown@Aurora", "Crown@Aurora@3". */
struct wanted {
	char name[RECIPE_NAME_SIZE + 16];
	bool has_clinic;
	char clinic[RECIPE_CLINIC_SIZE]; /* its id; empty: one's own */
	char id[RANDOM_ID_SIZE];
	int version; /* 0: the newest */
};

static enum status take_part(struct wanted *wanted, const struct store *store, const char *part,
			     struct error *err)
{
	int version;

	if (!wanted->version && number_read_integer(&version, part)) {
		wanted->version = version;
		if (version >= 1)
			return STATUS_OK;
	} else if (*part && !wanted->has_clinic) {
		wanted->has_clinic = true;
		return store_clinic_id(wanted->clinic, store, part, err);
	}
	return error_set(
		err, STATUS_REFUSED,
		"%s@%.40s: a version such as @2 or a clinic's name is needed behind the name",
		wanted->name, part);
}

static enum status take_wanted(struct wanted *wanted, const struct store *store, const char *words,
			       struct error *err)
{
	char copy[RECIPE_NAME_SIZE + 96], *rest = copy, *part;

	*wanted = (struct wanted){.version = 0};
	text_copy(copy, sizeof copy, words);
	text_copy(wanted->name, sizeof wanted->name, strsep(&rest, "@"));
	while ((part = strsep(&rest, "@")))
		if (take_part(wanted, store, part, err))
			return err->status;
	return STATUS_OK;
}

static enum status refuse_several(const struct wanted *wanted, const struct recipe_stamp_list *list,
				  struct error *err)
{
	struct text ids = {0};

	for (size_t i = 0; i < list->count; i++)
		text_addf(&ids, "%s%s%s%s", i ? ", " : "", list->item[i].id,
			  *list->item[i].clinic ? "@" : "", list->item[i].clinic);
	error_set(err, STATUS_REFUSED, "%s: %zu recipes of that name in the store, give an id: %s",
		  wanted->name, list->count, text_failed(&ids) ? "" : ids.data);
	text_clear(&ids);
	return err->status;
}

/* By name, or else by the beginning of its id; among one's own, or those of the clinic. */
static enum status find_in(struct recipe_stamp_list *list, struct store *store,
			   const struct wanted *wanted, const char *clinic, struct error *err)
{
	const struct index_filter by_name = {.name = wanted->name, .clinic = clinic};
	const struct index_filter by_id = {.id = wanted->name, .clinic = clinic};
	struct notes left_out = {0};
	enum status status = index_list(list, store->index, &by_name, &left_out, err);

	if (!status && !list->count && strlen(wanted->name) >= 4) {
		recipe_stamp_list_clear(list);
		status = index_list(list, store->index, &by_id, &left_out, err);
	}
	notes_clear(&left_out);
	return status;
}

/* The id that the name stands for, among the newest versions: a whole id of one's own, which is taken at its word, a name, or
 * the beginning of an id. Where no clinic is named one's own go first. */
static enum status resolve(struct wanted *wanted, struct store *store, const struct snapshot *own,
			   struct error *err)
{
	struct recipe_stamp_list list = {0};
	enum status status;

	if (!*wanted->clinic && strlen(wanted->name) == RANDOM_ID_SIZE - 1 &&
	    store_count_versions(&(struct base){own, NULL}, wanted->name) > 0) {
		text_copy(wanted->id, sizeof wanted->id, wanted->name);
		return STATUS_OK;
	}
	if (store_open_index(store, err))
		return err->status;
	status = find_in(&list, store, wanted, wanted->clinic, err);
	if (!status && !list.count && !wanted->has_clinic) {
		recipe_stamp_list_clear(&list);
		status = find_in(&list, store, wanted, NULL, err);
	}
	if (!status && list.count == 0)
		status = error_set(
			err, STATUS_REFUSED,
			"%s: no recipe of that id or name in the store; `list` shows what there is",
			wanted->name);
	else if (!status && list.count > 1)
		status = refuse_several(wanted, &list, err);
	else if (!status) {
		text_copy(wanted->id, sizeof wanted->id, list.item[0].id);
		text_copy(wanted->clinic, sizeof wanted->clinic, list.item[0].clinic);
		if (!wanted->version && *wanted->clinic)
			wanted->version = list.item[0].version;
	}
	recipe_stamp_list_clear(&list);
	return status;
}

static enum status read_wanted(struct recipe *recipe, struct text *text, struct store *store,
			       const struct wanted *wanted, const struct snapshot *snapshot,
			       struct error *err)
{
	struct vouching work = {.store = store};
	const struct base base = {snapshot, NULL};
	int newest = store_count_versions(&base, wanted->id);
	int version = wanted->version ? wanted->version : newest;
	struct recipe_stamp stamp = {.version = version};
	bool found = false;
	enum status status;

	text_copy(stamp.clinic, sizeof stamp.clinic, wanted->clinic);
	store_vouch(&work, &stamp);
	status = (stamp.verified ? store_read_vouched : store_read_version)(
		recipe, text, &found, &base, wanted->id, version, err);
	if (!status && !found)
		status = *wanted->clinic ? error_set(err, STATUS_REFUSED,
						     "%s: that clinic did not share version %d",
						     wanted->name, version)
					 : error_set(err, STATUS_REFUSED,
						     "%s: no version %d, the newest is %d",
						     wanted->name, version, newest);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, stamp.clinic);
	recipe->stamp.verified = stamp.verified;
	return status;
}

enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err)
{
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct snapshot *own, *other = NULL;
	struct wanted wanted;
	enum status status;

	if (take_wanted(&wanted, store, name, err) ||
	    snapshot_take(&own, store->repository, REPOSITORY_OWN, err))
		return err->status;
	status = resolve(&wanted, store, own, err);
	layout_reference(reference, wanted.clinic);
	if (!status && *wanted.clinic)
		status = snapshot_take(&other, store->repository, reference, err);
	if (!status)
		status = read_wanted(recipe, text, store, &wanted, other ? other : own, err);
	snapshot_free(other);
	snapshot_free(own);
	return status;
}
