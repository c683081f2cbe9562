/* What else one would use for the search: general optimisers of NLopt, each on the same objective (peer_model.h).
 *
 * A continuous peer minimises over the ratios of every set of pigments, or of a sample of the sets. What it finds is
 * then rounded to whole drops, generously: the best PEER_ROUNDED of its sets, each with every amount of diluent, then
 * every step of a drop up or down of all amounts at once, as long as it helps. Seconds are those of the minimising only.
 */
#ifndef TESTS_UNIT_PEERS_H
#define TESTS_UNIT_PEERS_H

#include "peer_model.h"

enum { PEER_ROUNDED = 200 };

/* SLSQP plain is as one writes it at first: the search's own scalar objective, its gradient by differences, from the
 * middle of the bounds. The others are tuned: a faster objective with its exact gradient, from the least squares. */
enum peer_method { PEER_SLSQP_PLAIN, PEER_SLSQP, PEER_COBYLA, PEER_METHODS };
extern const char *const peer_method_names[PEER_METHODS];

/* Sets of pigments, each with as many as the problem allows. */
struct peer_sets {
	struct peer_point *point;
	int count, drawn; /* the first `drawn` were drawn at random: time is theirs */
	double all;       /* as many there are in all */
};

/* All sets, or those that chance draws, each with probability `share`. NULL `point` without memory. */
struct peer_sets peer_sets_draw(const struct search_problem *problem, double share);

/* Adds the sets of these recipes, which a sample would miss. */
void peer_sets_add(struct peer_sets *sets, const struct search_result *result);
void peer_sets_clear(struct peer_sets *sets);

struct peer_answer {
	bool found;
	struct search_recipe recipe; /* as search_evaluate() has it */
	double seconds;              /* of the minimising, for all sets */
	double rounding_seconds;
	int times; /* median of so many runs */
};

/* On so many threads. */
void peer_minimise(struct peer_answer *answer, struct peer_sets *sets, enum peer_method method,
		   const struct peer_model *model, const struct search_problem *problem,
		   int threads);

/* Whole drops for points that were found elsewhere; the best is added to what `answer` has. */
void peer_round(struct peer_answer *answer, struct peer_point *point, int count,
		const struct peer_model *model, const struct search_problem *problem, int threads);

/* NLopt's ISRES over pigments' numbers, drops and diluent as they are, rounded within the objective. One thread. */
void peer_evolve(struct peer_answer *answer, const struct peer_model *model,
		 const struct search_problem *problem, int evaluations);

/* Seconds that the objective of every recipe of the grid takes, one by one, from a sample of them. */
double peer_enumeration_seconds(const struct peer_model *model,
				const struct search_problem *problem, int threads);

/* Recipes on the grid, multiples of another counted too. */
double peer_grid_size(const struct search_problem *problem);

#endif
