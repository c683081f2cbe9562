/* The way to the peers in Python (tests/peers.py) and back: the problem as JSON, what they found as JSON. */
#ifndef TESTS_UNIT_PEER_EXCHANGE_H
#define TESTS_UNIT_PEER_EXCHANGE_H

#include "peers.h"

/* What is asked of tests/peers.py; 0: not that. */
struct peer_jobs {
	double nnls_share;    /* of all sets, a call of scipy.optimize.nnls for each */
	double batched_share; /* of all sets, linear systems in one go */
	int slsqp_sets;       /* best ones of NNLS, each minimised; below 0: all */
	bool evolution;
};

/* One method's best, evaluated by search_evaluate(). */
struct peer_reply {
	char method[64], note[64];
	double share; /* of the sets that time was measured on */
	struct peer_answer answer;
};
enum { PEER_REPLIES_MAX = 8 };

/* Writes the problem into `folder`, runs the script there, rounds what it found. `ours`: recipes whose sets are
 * added to samples. Sets the number of replies. */
enum status peer_ask(struct peer_reply reply[PEER_REPLIES_MAX], int *replies,
		     const struct peer_jobs *jobs, const struct search_result *ours,
		     const struct peer_model *model, const struct search_problem *problem,
		     const char *folder, int threads, struct error *err);

#endif
