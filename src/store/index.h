/* What is in a store, ready to be asked: an SQLite file beside the repository, made from it and disposable.
 *
 * It knows up to which commit it has read. Where that is not the reference's, it reads on by the difference of the trees;
 * where it is missing, damaged or of another version of the program, it is made anew; where it cannot be written, it is made in
 * memory. So an answer is always that of the repository at the time it was asked for. What stands where a version stands and
 * is none is a fault, and each list says so; files are read as strictly as ever (intake.h).
 *
 *	index_open(&index, folder, repository, &watch, &err);
 *	index_list(&list, index, &(struct index_filter){.pigment = "carbon-black"}, &notes, &err);
 *	index_close(index);
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "base/notes.h"
#include "match/recipe.h"
#include "store/intake.h"
#include "store/repository.h"

struct index;

/* Opens the index of the store in `folder`, up to date with that repository's own reference. Refuses only what not even an index in
 * memory can be made of. `watch` (may be NULL) is told how far the reading of many versions is. */
enum status index_open(struct index **out, const char *folder, struct repository *repository,
		       const struct index_watch *watch, struct error *err);
void index_close(struct index *index); /* accepts NULL */

/* Reads on, if there is something new. */
enum status index_refresh(struct index *index, struct error *err);

struct recipe_stamp_list {
	struct recipe_stamp *item;
	size_t count;
};
void recipe_stamp_list_clear(struct recipe_stamp_list *list);

/* All that is not NULL must hold. */
struct index_filter {
	bool all;            /* every version, not the newest of each recipe only */
	const char *id;      /* or its beginning */
	const char *name;    /* the whole name */
	const char *text;    /* words, or their beginnings: all in name, zone, notes or pigments */
	const char *pigment; /* id, or part of its name */
	const char *lot;
	const char *since, *until; /* days such as 2026-11-25, both inside */
};

/* Stamps, the oldest first; `verified` is left false. What could not be read is left out and noted. */
enum status index_list(struct recipe_stamp_list *list, struct index *index,
		       const struct index_filter *filter, struct notes *notes, struct error *err);

/* The newest versions whose required colour is nearest to `lab`, at most `most` of them, the nearest first. `near` is to
 * be freed. */
enum status index_nearest(struct recipe_near **near, int *count, struct index *index,
			  const struct lab *lab, int most, struct error *err);

/* Bottles with a stated lot in all versions, by expiry: of one lot, where it is not NULL; else those that expire on or before
 * `until` (NULL: all). To be freed. */
enum status index_lots(struct recipe_lot **lots, int *count, struct index *index, const char *lot,
		       const char *until, struct error *err);

#endif
