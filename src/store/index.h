/* What is in a store, ready to be asked: an SQLite file beside the repository, made from it and disposable.
 *
 * It knows up to which commit it has read. Where that is not the reference's, it reads on by the difference of the trees;
 * where it is missing, damaged or of another version of the program, it is made anew; where it cannot be written, it is made in
 * memory. So an answer is always that of the repository at the time it was asked for. What stands where a version stands and
 * is none is a fault, and each list says so; what is read of a file is read strictly (intake.h).
 *
 *	index_open(&index, folder, repository, "", &watch, &err);
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

/* Opens the index of the store in `folder`, up to date with that repository's own reference and those of other clinics; but the
 * reference `aside` (may be empty), the copies that this clinic shares, is not read. Refuses only what not even an index in memory
 * can be made of. `watch` (may be NULL) is told how far the reading of many versions is. */
enum status index_open(struct index **out, const char *folder, struct repository *repository,
		       const char *aside, const struct index_watch *watch, struct error *err);
void index_close(struct index *index); /* accepts NULL */

/* Reads on, if there is something new. */
enum status index_refresh(struct index *index, struct error *err);

struct recipe_stamp_list {
	struct recipe_stamp *item;
	size_t count;
};
void recipe_stamp_list_clear(struct recipe_stamp_list *list);
enum status recipe_stamp_list_add(struct recipe_stamp_list *list, const struct recipe_stamp *stamp,
				  struct error *err);

/* All that is not NULL must hold. */
struct index_filter {
	bool all;            /* every version, not the newest of each recipe only */
	const char *id;      /* or its beginning */
	const char *name;    /* the whole name */
	const char *text;    /* words, or their beginnings: all in name, zone, notes or pigments */
	const char *pigment; /* id, or part of its name */
	const char *lot;     /* of a bottle, or of one that a session used */
	const char *since, *until; /* days such as 2026-11-25, both inside */
	const char *clinic;        /* id of one, empty: one's own; NULL: of all */
};

/* Stamps, the oldest first; `verified` is left false, `clinic` is the id. What could not be read is left out and noted. */
enum status index_list(struct recipe_stamp_list *list, struct index *index,
		       const struct index_filter *filter, struct notes *notes, struct error *err);

/* The newest versions whose required colour is nearest to `lab`, at most `most` of them, the nearest first. `near` is to
 * be freed. */
enum status index_nearest(struct recipe_near **near, int *count, struct index *index,
			  const struct lab *lab, int most, struct error *err);

/* All that is not NULL, or 0, must hold. */
struct lot_filter {
	const char *lot;
	const char *since, *until; /* expiry; both inside */
	const char *recipe;        /* id: of its sessions only … */
	int version;               /* … in the versions up to this */
};

/* Bottles with a stated lot of one's own recipes, by expiry: those that recipes name, and those that were used in sessions. What stands in several
 * versions of a recipe is there once, with the first of them. To be freed. */
enum status index_lots(struct recipe_lot **lots, int *count, struct index *index,
		       const struct lot_filter *filter, struct error *err);

/* Every session of a recipe of one's own, by the first version that has it; to be freed. */
enum status index_sessions(struct recipe_treated **list, int *count, struct index *index,
			   const char *id, struct error *err);

#endif
