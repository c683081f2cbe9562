/* Whether commits from elsewhere are such as this program writes where it shares: one parent at most, a tree of recipes/ab/abcdef0123456789/1.cfg that
 * has all that its parent's has, everything in the one form that stock git's fsck takes. Looked at in git's own bytes, and
 * only where something was added, before anything walks such a tree: one that names a subtree a hundred times, level over
 * level, would otherwise have no end.
 */
#ifndef EXCHANGE_SHAPE_H
#define EXCHANGE_SHAPE_H

#include "store/repository.h"

/* Of each commit that `offered` stands on and the commit `since` (may be empty: none) does not. `clinic` is its id, for messages. */
enum status shape_check(const struct snapshot *offered, const char *since, const char *clinic,
			struct error *err);

#endif
