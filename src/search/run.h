/* One run of the search: what the fast answer and the proof have in common. The problem as both see it, the list so far
 * and the limit that it sets, recipes that are tried, and the end of the time.
 *
 * Any thread may try recipes. A recipe is computed in single precision, sixteen at a time; what may have a place in the
 * list, with that precision's error counted in, is computed anew in double, and that alone decides.
 *
 *	struct trials trials = {.run = run};
 *	trials_begin(&trials, pigments, count);
 *	trials_add(&trials, drops, diluent_drops); ...
 *	trials_finish(&trials);
 */
#ifndef SEARCH_RUN_H
#define SEARCH_RUN_H

#include "search/best.h"
#include "search/forward.h"
#include "search/lattice.h"

enum { RUN_THREADS_MAX = 256 };

struct run {
	const struct search_problem *problem;
	struct forward *forward;
	struct lattice lattice;
	struct best best; /* common to all threads, changed by trials only */
	double limit; /* a recipe that is worse has no place; infinite while the list is not full */
	double start, deadline; /* 0: none */
	bool stopped;           /* by time or by the user */
	bool complete;          /* every recipe was looked at or excluded */
	/* for whoever watches: */
	bool proving;
	double open_bound; /* no recipe of a set that is not closed is below it */
	double next_word;
	unsigned long long sets, sets_done;
	unsigned long long evaluated; /* or excluded */
	struct search_work work;
	int threads;
};

double run_limit(const struct run *run);

/* True once there is no time left, or the user has stopped. Tells the watcher how far it is. */
bool run_is_over(struct run *run);

/* Adds what a thread did. */
void run_count(struct run *run, const struct search_work *work);

/* Recipes of one set of pigments that wait to be computed together. */
struct trials {
	struct run *run;
	struct search_recipe recipe; /* the set */
	struct forward_batch batch;
	int drops[LANES][SEARCH_PIGMENTS_MAX], diluent_drops[LANES];
	double cost[LANES];
	int count;
	unsigned long long objectives; /* computed so far */
};

void trials_begin(struct trials *trials, const int *pigment, int count);
/* The recipe must be on the lattice. */
void trials_add(struct trials *trials, const int *drops, int diluent_drops);
void trials_finish(struct trials *trials);

#endif
