#include "match/verdict.h"

#include <math.h>

#define PASS_DE00 1.0
#define CAUTION_FAIR_DE00 2.0
#define CAUTION_DARK_DE00 2.5
#define DARK_ITA 10.0

/* Individual typology angle, degrees. */
static double typology(const struct lab *skin)
{
	return atan2(skin->l - 50.0, skin->b) * 180.0 / M_PI;
}

struct verdict recipe_verdict(const struct recipe *recipe)
{
	const struct recipe_look *skin = recipe_look_find(recipe, "bare skin");
	const bool dark = skin && typology(&skin->lab) < DARK_ITA;
	struct verdict verdict = {.pass = PASS_DE00,
				  .caution = dark ? CAUTION_DARK_DE00 : CAUTION_FAIR_DE00,
				  .source = dark ? "studies with silicone skin, dark"
						 : "studies with silicone skin, fair"};

	verdict.grade = recipe->predicted.de00 <= verdict.pass      ? VERDICT_PASS
			: recipe->predicted.de00 <= verdict.caution ? VERDICT_CAUTION
								    : VERDICT_FAIL;
	return verdict;
}
