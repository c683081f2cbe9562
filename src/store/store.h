/* The recipe store: every version that was saved, in a bare git repository.
 *
 * Layout of a store folder:
 *	lock            flock()ed by every writer; never removed
 *	recipes.git/    bare repository; refs/heads/main is this clinic's own ref
 *	  recipes/ab/abcdef0123456789/1.cfg, 2.cfg …   (ab: the first two digits of the recipe's id)
 *
 * Invariants
 *  1. A version's file is written once and never changed or removed.
 *  2. refs/heads/main only moves forward, to a commit whose tree holds all that the last one held.
 *  3. What a save reported is on the disk: objects, ref and folders are fsynced before it returns.
 *  4. Version n of a recipe is in the tree only with versions 1 to n - 1.
 *
 * A save: take the lock -> remove a stale main.lock -> blob -> tree -> commit -> compare and swap
 * of the ref. Killed before the last step, the ref still names the old commit; the loose objects
 * are harmless. git's index is never used and nothing is ever merged. The user's own git
 * configuration is ignored.
 *
 * 1,000,000 versions: list and find read the whole tree and parse each file, which breaks first
 * (it is linear: about a second at 10,000); the SQLite index of the store issue takes that over.
 *
 *	store_open(&store, folder, true, &err);
 *	store_save(&stamp, store, &recipe, &err);
 *	store_close(store);
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/error.h"
#include "base/text.h"
#include "match/recipe.h"

struct store;

/* Opens the store in `folder`. With `create` a missing one is made; without, it is refused. */
enum status store_open(struct store **out, const char *folder, bool create, struct error *err);
void store_close(struct store *store); /* accepts NULL */

/* Saves `recipe` as the next version of its id, with the version it was made from
 * (recipe->stamp.version; 0 for one that was never saved) as parent; sets id, version, parent and
 * hash in it. Where the newest version says the same, nothing is written and *saved is false. One
 * that was never saved becomes a recipe of its own, under a new id, where the store has that id
 * under another name. A stated version that the store does not hold is refused. */
enum status store_save(bool *saved, struct store *store, struct recipe *recipe, struct error *err);

struct recipe_stamp_list {
	struct recipe_stamp *item;
	size_t count;
};
void recipe_stamp_list_clear(struct recipe_stamp_list *list);

/* The newest version of every recipe, oldest recipe first; all versions where `all`. One that
 * cannot be read is left out and noted. */
enum status store_list(struct recipe_stamp_list *list, struct store *store, bool all,
		       struct notes *notes, struct error *err);

/* Finds one version. `name` is a recipe's id, the beginning of one (four digits or more) or its
 * name, with @VERSION for another than the newest. `text` (may be NULL) is set to its file, byte
 * for byte. */
enum status store_find(struct recipe *recipe, struct text *text, struct store *store,
		       const char *name, struct error *err);

#endif
