/* A recipe that misses its colour: by how much, and which limit is in the way, if one is.
 *
 * Each limit is lifted by itself and the fast answer is looked for again. It is no proof: what it finds is
 * there, what it does not find may be. */
#include "app/steps.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

/* Of each limit. The fast answer takes less; a search that is not that fast must not keep anybody waiting. */
#define LOOK_SECONDS 0.3

/* By this share less of a miss is worth saying. */
#define MISS_LESS 0.2

/* Each lifts one limit, as far as can be asked for; `words` says so. False where it is not there. */
typedef bool limit_lifter(struct search_limits *limits, char words[64],
			  const struct search_problem *problem);

static bool lift_pigments(struct search_limits *limits, char words[64],
			  const struct search_problem *problem)
{
	(void)problem;
	if (limits->pigments_max == SEARCH_PIGMENTS_MAX)
		return false;
	limits->pigments_max = SEARCH_PIGMENTS_MAX;
	snprintf(words, 64, "up to %d pigments", SEARCH_PIGMENTS_MAX);
	return true;
}

static bool lift_drops(struct search_limits *limits, char words[64],
		       const struct search_problem *problem)
{
	int more = 2 * limits->drops_max;

	(void)problem;
	if (more > SEARCH_DROPS_MAX)
		return false;
	limits->drops_max = more;
	snprintf(words, 64, "up to %d drops of pigment", more);
	return true;
}

static bool lift_diluent(struct search_limits *limits, char words[64],
			 const struct search_problem *problem)
{
	if (!problem->medium->layered || /* an opaque one looks the same */
	    (limits->diluent_min == 0 && limits->diluent_max == SEARCH_DILUENT_MAX &&
	     limits->cup_ml == 0.0))
		return false;
	limits->diluent_min = 0;
	limits->diluent_max = SEARCH_DILUENT_MAX;
	limits->cup_ml = 0.0;
	snprintf(words, 64, "0 to %d drops of diluent in a cup that holds it", SEARCH_DILUENT_MAX);
	return true;
}

/* What is barred, forced, bounded, out of stock or in a ratio. */
static bool lift_choice(struct search_limits *limits, char words[64],
			const struct search_problem *problem)
{
	bool any = limits->ratios > 0;

	for (int p = 0; p < problem->line->count; p++) {
		any |= limits->forced[p] || limits->most[p] < limits->drops_max;
		limits->forced[p] = false;
		limits->least[p] = 0;
		limits->most[p] = SEARCH_DROPS_MAX;
	}
	limits->ratios = 0;
	snprintf(words, 64, "freeing what is barred, forced, bounded or in a ratio");
	return any;
}

/* dE00 of the best with these limits, as far as it is found at once; infinite where nothing is. */
static double look(const struct search_problem *problem, const struct search_limits *limits)
{
	struct search_problem lifted = *problem;
	struct search_result result;
	struct error ignored;
	double de00;

	lifted.limits = *limits;
	lifted.top = 1;
	lifted.vary = VARY_NOTHING;
	lifted.quick = true;
	lifted.time_limit_s = LOOK_SECONDS;
	lifted.watcher = NULL;
	if (search_recipes(&result, &lifted, &ignored))
		return INFINITY;
	de00 = result.recipe[0].de00;
	search_result_clear(&result);
	return de00;
}

/* The limit that is in the way the most, if one is. */
static void say_limit(struct text *line, const struct search_problem *problem, double missed_de00)
{
	static limit_lifter *const lifters[] = {lift_choice, lift_pigments, lift_drops,
						lift_diluent};
	double nearest = (1.0 - MISS_LESS) * missed_de00;
	char best[64] = "", words[64];

	for (size_t i = 0; i < sizeof lifters / sizeof lifters[0]; i++) {
		struct search_limits limits = problem->limits;
		double de00 =
			lifters[i](&limits, words, problem) ? look(problem, &limits) : INFINITY;

		if (de00 < nearest) {
			nearest = de00;
			text_copy(best, sizeof best, words);
		}
	}
	if (!*best)
		text_adds(line, "; no limit by itself is in the way: these pigments do not reach "
				"it here");
	else
		text_addf(line, "; %s would %s (dE00 %.1f)", best,
			  nearest <= RECIPE_MISS_DE00 ? "do" : "bring it nearer", nearest);
}

void app_note_miss(double de00, const struct lab *wanted, const struct lab *got,
		   const struct search_problem *problem, struct notes *notes)
{
	struct text line = {0};

	if (de00 <= RECIPE_MISS_DE00)
		return;
	text_addf(
		&line,
		"out of reach: the recipe misses the required colour by dE00 %.1f: it comes to L* "
		"%.1f, a* %.1f, b* %.1f, and what is missing is L* %+.1f, a* %+.1f, b* %+.1f",
		de00, got->l, got->a, got->b, wanted->l - got->l, wanted->a - got->a,
		wanted->b - got->b);
	if (problem)
		say_limit(&line, problem, de00);
	if (!text_failed(&line))
		notes_addf(notes, "%s", line.data);
	text_clear(&line);
}
