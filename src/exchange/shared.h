/* What this clinic shares: copies of versions, without what is not to leave (match/disclosure.h), under a reference of their own.
 * That reference, not the store's, goes out in bundles and to common repositories; it only grows.
 */
#ifndef EXCHANGE_SHARED_H
#define EXCHANGE_SHARED_H

#include "match/recipe.h"
#include "store/index.h"

/* The reference of a clinic's key. */
void shared_reference(char reference[REPOSITORY_REFERENCE_SIZE], const struct public_key *key);

/* Adds recipes of the store, which disclosure_apply() has gone over, as one commit; *added is how many were not there already.
 * Their parents become those that are shared too, or none. One that is there otherwise (with more or less in it) is refused. */
enum status shared_add(int *added, struct repository *repository, const struct recipe *recipe,
		       int count, const struct clinic_key *key, struct error *err);

/* What is shared, in the order of ids; to be cleared. */
enum status shared_list(struct recipe_stamp_list *list, struct repository *repository,
			const struct public_key *key, struct error *err);

/* All that this clinic shares as a git bundle; with `day` (such as 2026-11-25; or NULL) only what was added on that day and later,
 * for those who have what is older. To be cleared. */
enum status shared_bundle(struct text *out, struct repository *repository,
			  const struct public_key *key, const char *day, struct error *err);

#endif
