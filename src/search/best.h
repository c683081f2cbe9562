/* The list of a search: the best recipes so far, in an order that nothing but the recipes decides. */
#ifndef MATCH_BEST_H
#define MATCH_BEST_H

#include "search/search.h"

struct best {
	struct search_recipe *recipe; /* best first; room for `room` of them, the caller's */
	int count, room;
	enum search_vary vary; /* one of each kind */
};

/* True where the list is full and such an objective is worse than its last. */
bool best_has_no_place(const struct best *best, double objective);

/* Puts it in its place where it has one and is not there yet. Order: objective, then fewer drops, then the line's. */
void best_insert(struct best *best, const struct search_recipe *recipe);

#endif
