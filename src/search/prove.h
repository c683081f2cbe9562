/* The proof: every recipe of the grid is tried, or excluded by a bound (prove.c). */
#ifndef MATCH_PROVE_H
#define MATCH_PROVE_H

#include "search/run.h"

/* All sets of so many pigments. Ends early when the run is over. False without memory. */
bool prove_size(struct run *run, int size);

#endif
