/* The proof: every recipe of the grid is tried, or excluded by a bound (prove.c). */
#ifndef SEARCH_PROVE_H
#define SEARCH_PROVE_H

#include "search/run.h"

/* All sets of so many pigments. Ends early when the run is over. False without memory. */
bool prove_size(struct run *run, int size);

#endif
