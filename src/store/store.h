/* The store: every version of every recipe that was saved.
 *
 * Layout of the tree that a reference names (repository.h):
 *	recipes/ab/abcdef0123456789/1.cfg, 2.cfg …   (ab: the first two digits of the recipe's id)
 *
 * Invariants
 *  1. A version's file is written once and never changed or removed.
 *  2. Version n of a recipe is in the tree only with versions 1 to n - 1.
 *  3. What a save reported is on the disk, in a commit that the clinic's key has signed.
 *
 * What is asked of more than one version is asked of the index (index.h), which is made from all this and may be deleted.
 *
 * How far it goes (11 kB a version; 100,000 measured by `make bench`, trees of 1,000,000 made of few files by hand): a save and a look-up
 * by id do not grow (a folder of a million has 3,900 entries; 66 ms a save on a disk where it was 68 with 100,000). What breaks first:
 * one store_save_all() of a million, whose bytes, 1.1 GB with 100,000, are in memory. Then what goes over all of it: an index made anew
 * takes 4 s and 75 MB on the disk with 100,000, tidying 1 ms a version, of which nearly all is libgit2's search for deltas, a backup its
 * size in memory (110 MB). All of these grow in proportion, as do `nearest` and a `list` of everything (a fifth of a second).
 *
 *	store_open(&store, folder, &key.open, true, &err);
 *	store_save(&saved, store, &recipe, &key, &err);
 *	store_close(store);
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/error.h"
#include "base/text.h"
#include "match/recipe.h"
#include "store/clinics.h"
#include "store/index.h"
#include "store/repository.h"
#include "store/verify.h"

struct store;

/* Opens the store in `folder`. With `create` a missing one is made; without, it is refused. `clinic` is whose signature makes a
 * version `verified`; NULL: none is. */
enum status store_open(struct store **out, const char *folder, const struct public_key *clinic,
		       bool create, struct error *err);
void store_close(struct store *store); /* accepts NULL */

/* Reads which other clinics there are (clinics.h). What they share is verified where they are trusted, and goes by the names that they
 * have there. */
enum status store_know(struct store *store, const char *path, struct error *err);
const struct clinics *store_clinics(const struct store *store); /* borrowed */

/* The id of a clinic by its name, or by what else clinics_find() takes; empty for "own". One that is not known goes by its whole
 * id. */
enum status store_clinic_id(char id[RECIPE_CLINIC_SIZE], const struct store *store,
			    const char *words, struct error *err);

/* The clinic's own key; refused where it is not known. */
enum status store_key(struct public_key *key, const struct store *store, struct error *err);

/* True where that version is there, of one's own. */
bool store_has(struct store *store, const char *id, int version);

/* What is beneath, for exchange/. Borrowed. */
struct repository *store_repository(struct store *store);

/* Saves `recipe` as the next version of its id, with the version it was made from (recipe->stamp.version; 0 for one that was never
 * saved) as parent; sets id, version, parent, hash and `verified` in it. It keeps the sessions and sealed notes of the newest version
 * (match/session.h). Where the newest version says the same, nothing is written and *saved is false. One that was never saved
 * becomes a recipe of its own, under a new id, where the store has that id under another name. A stated version that the store does
 * not hold is refused, as is a recipe of another clinic, and any where the store was changed by another program. */
enum status store_save(bool *saved, struct store *store, struct recipe *recipe,
		       const struct clinic_key *key, struct error *err);

/* Saves what was another clinic's, with recipe->source telling which, as the clinic's own: the next version of the recipe of that
 * id, or its first. Its sessions, readings of what became of it and sealed notes stay behind. */
enum status store_take_over(bool *saved, struct store *store, struct recipe *recipe,
			    const struct clinic_key *key, struct error *err);

/* Saves `count` recipes in one commit: all, or none where one is refused. Each is judged as store_save() would after those
 * before it, and what it became is in out[i]; where it is refused as it says, its name stands before the error.
 * `supply` is called for each in turn, with the store locked; more than a few are written as one pack, which takes a tenth of the time.
 * The bytes of all are in memory until then. */
struct store_saved {
	struct recipe_stamp stamp;
	bool saved; /* false: the newest version said the same */
};
typedef enum status store_supply(struct recipe *recipe, int i, void *data, struct error *err);
enum status store_save_all(struct store_saved *out, int count, struct store *store,
			   store_supply *supply, void *data, const struct clinic_key *key,
			   struct error *err);

/* Brings the index up to date, which else the first question does; `watch` is told how far that is. */
enum status store_prepare(struct store *store, const struct index_watch *watch, struct error *err);

/* What the filter asks for (index.h), the oldest first. One that cannot be read is left out and noted. */
enum status store_list(struct recipe_stamp_list *list, struct store *store,
		       const struct index_filter *filter, struct notes *notes, struct error *err);

/* As index_nearest(), index_lots() and index_sessions(); to be freed. */
enum status store_nearest(struct recipe_near **near, int *count, struct store *store,
			  const struct lab *lab, int most, struct error *err);
enum status store_lots(struct recipe_lot **lots, int *count, struct store *store,
		       const struct lot_filter *filter, struct error *err);
enum status store_sessions(struct recipe_treated **list, int *count, struct store *store,
			   const char *id, struct error *err);

/* Finds one version. `name` is a recipe's id, the beginning of one (four digits or more) or its name, with @VERSION for another than
 * the newest and @CLINIC for another clinic's; without, one's own go first. Refused where there is none, or several of a name.
 * `text` (may be NULL) is set to its file, byte for byte; to be cleared. */
enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err);

/* Looks at everything that was saved; what is not as it was is in check->faults, which is to be cleared. */
enum status store_verify(struct store_check *check, struct store *store, struct error *err);

/* Repacks the repository: a fiftieth of the disk, and faster to read. */
enum status store_tidy(struct repository_tidy *out, struct store *store, struct error *err);

/* All of it as one git bundle; to be cleared. */
enum status store_backup(struct text *out, struct store *store, struct error *err);

#endif
