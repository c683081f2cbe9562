/* The list of a search: the best recipes so far, in an order that nothing but the recipes decides. */
#ifndef SEARCH_BEST_H
#define SEARCH_BEST_H

#include "search/search.h"

struct best {
	struct search_recipe *recipe; /* best first; room for `room` of them, the caller's */
	int count, room;
	enum search_vary vary; /* one of each kind */
};

/* Puts it in its place where it has one and is not there yet. Order: objective, then fewer drops, then the line's. */
void best_insert(struct best *best, const struct search_recipe *recipe);

#endif
