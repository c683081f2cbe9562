/* The forward model as the search's peers get it: double precision, opaque, objective and its gradient.
 *
 * It is the same model as search_evaluate()'s (tests/unit/bench_match.c compares them before it times anything), laid
 * out so that a compiler can make vectors of it, and built for the machine that it runs on: a peer is not to be
 * slow for want of a good objective.
 *
 *	struct peer_model *model = peer_model_new(&problem);
 *	j = peer_objective(gradient, model, &point);
 *	peer_model_free(model);
 */
#ifndef TESTS_UNIT_PEER_MODEL_H
#define TESTS_UNIT_PEER_MODEL_H

#include "search/search.h"

/* A set of pigments and how much of each there is to one part of diluent, by drops. */
struct peer_point {
	int count;
	int pigment[RECIPE_PIGMENTS_MAX];
	double ratio[RECIPE_PIGMENTS_MAX];
	double objective;
};

struct peer_model;

/* Of an opaque medium, drops of one size, and an objective of lights and pigments only. NULL without memory. */
struct peer_model *peer_model_new(const struct search_problem *problem);
void peer_model_free(struct peer_model *model);

/* The whole objective. `gradient`, by ratio, may be NULL. */
double peer_objective(double *gradient, const struct peer_model *model,
		      const struct peer_point *point);

/* Sets the ratios to the non-negative least squares solution of sum x_i (K_i - q S_i) = q S_0 - K_0 over the bands,
 * q being the required K/S; bands weigh as their reflectance and the eye do. Then within [least, most]. */
void peer_start(struct peer_point *point, const struct peer_model *model, double least,
		double most);

/* Single-precision multiply-adds a second that this machine reaches, counted as two, on so many threads. */
double peak_flops(int threads);

#endif
