/* Whether a recipe is close enough, and by whose measure.
 */
#ifndef MATCH_VERDICT_H
#define MATCH_VERDICT_H

#include "match/recipe.h"

enum verdict_grade { VERDICT_PASS, VERDICT_CAUTION, VERDICT_FAIL };

struct verdict {
	enum verdict_grade grade;
	double pass, caution; /* dE00 up to which it is one or the other */
	const char *source;
};

/* Of the recipe's dE00 close up. Studies with silicone skin found that people accept dE00 2.0 on fair skin and 2.5 on dark skin,
 * and hardly see 1.0; skin counts as dark below an individual typology angle of 10° (Chardon's brown and dark). */
struct verdict recipe_verdict(const struct recipe *recipe);

#endif
