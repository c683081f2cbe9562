/* What two recipes, or two versions of one, differ in: as lines for people, and as colour differences. */
#ifndef MATCH_COMPARISON_H
#define MATCH_COMPARISON_H

#include "match/recipe.h"

enum { COMPARISON_LINES_MAX = 64, COMPARISON_TEXT_SIZE = 192 };

/* One thing that is not the same; empty where one of them does not have it. */
struct comparison_line {
	char what[COMPARISON_TEXT_SIZE];
	char before[COMPARISON_TEXT_SIZE], after[COMPARISON_TEXT_SIZE];
};

/* One look that both have, with the same main light and observer. */
struct comparison_look {
	char label[32];
	struct lab before, after;
	double de00;
};

struct comparison {
	struct comparison_line line[COMPARISON_LINES_MAX];
	int line_count;
	struct comparison_look look[RECIPE_LOOKS_MAX];
	int look_count;
	bool same_light; /* false: colours were not compared */
};

void recipe_compare(struct comparison *out, const struct recipe *before,
		    const struct recipe *after);

#endif
