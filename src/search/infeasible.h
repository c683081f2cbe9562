/* Why no recipe fits the limits, and what would do.
 *
 * Only counts and volumes decide that, no colour, so it is exact and takes no walk of the grid. A limit is
 * to blame where lifting it alone leaves something; where none does that, those that must be lifted together
 * are named.
 *
 *	if (!limits_leave_something(&problem->limits, problem->line))
 *		return infeasible_explain(problem, err);
 */
#ifndef SEARCH_INFEASIBLE_H
#define SEARCH_INFEASIBLE_H

#include "search/search.h"

/* A limit as somebody sets it. */
enum limit {
	LIMIT_PIGMENTS,
	LIMIT_DROPS,
	LIMIT_PIGMENT_ML,
	LIMIT_CUP,
	LIMIT_DILUENT, /* its least */
	LIMIT_STEP,
	LIMIT_MOST,  /* of one pigment: barred, bounded or out of stock */
	LIMIT_LEAST, /* of one pigment */
	LIMIT_RATIO,
	LIMIT_FORCED,
	LIMITS,
};

/* One change that makes room. */
struct remedy {
	enum limit limit;
	int which; /* pigment, or ratio */
	double value; /* the nearest one that does, within what can be asked for; of a ratio or a forced one unused */
};

enum { REMEDIES_MAX = 3 * LINE_PIGMENTS_MAX + SEARCH_RATIOS_MAX + LIMITS };

struct infeasible {
	struct remedy remedy[REMEDIES_MAX];
	int remedies;
	bool together; /* it takes all of them; else each does by itself */
};

/* True where some recipe fits. */
bool limits_leave_something(const struct search_limits *limits, const struct pigment_line *line);

/* What would do, of limits that leave nothing. None where more would have to go than is over its limit. */
void infeasible_find(struct infeasible *out, const struct search_limits *limits,
		     const struct pigment_line *line);

void remedy_apply(struct search_limits *limits, const struct remedy *remedy);

/* STATUS_NO_ANSWER with the limit that is in the way and what would do, in one line. Of limits that leave
 * nothing. */
enum status infeasible_explain(const struct search_problem *problem, struct error *err);

#endif
