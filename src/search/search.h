/* The search: which whole-drop recipe comes nearest to a required colour.
 *
 * A recipe is a set of at most `pigments_max` pigments in whole drops, plus whole drops of
 * diluent. The objective, to be as small as possible, is
 *
 *	w_0 dE00(main light) + max over the other lights of w_i dE00(light i)
 *	+ lighter max(0, L*_required - L*_recipe) + 0.05 (pigments - 1)
 *	+ price_weight (price of the pigment in the mix) + coarse_weight max (0.5 / drops of a pigment)
 *
 * with CIEDE2000 between the recipe and the required colour, L* under the main light.
 *
 * search_recipes() looks for the fast answer first, then evaluates or excludes every recipe of the grid, so that its list is
 * the best there is; two recipes of one and the same ratio count once, as the one with fewer drops. Where it is stopped,
 * by time, by the user or because the fast answer was all that was asked for, the proof says so and states the gap. The
 * order is total (objective, then fewer drops, then the line's order), so neither thread count nor vector width nor
 * timing can change a list that is complete, nor the fast answer.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "base/error.h"
#include "colour/tristimulus.h"
#include "pigment/medium.h"
#include "pigment/pigment.h"

#include <signal.h>

enum {
	RECIPE_PIGMENTS_MAX = 6, /* that people mix: such a recipe is computed … */
	SEARCH_PIGMENTS_MAX = 4, /* … and of so many it is searched for */
	SEARCH_PIGMENTS_USUAL = 3,
	SEARCH_LIGHTS_MAX = 8,
	SEARCH_TOP_MAX = 100,
	SEARCH_DROPS_MAX = 100,
	SEARCH_DILUENT_MAX = 2000,
	SEARCH_RATIOS_MAX = 8,
};

/* The cost of each further pigment, in dE00: a bottle more to open, to measure and to go wrong. */
#define SEARCH_COST_PER_PIGMENT 0.05

/* Two pigments that are used together or not at all, in this ratio of drops. */
struct search_ratio {
	int pigment[2];
	int parts[2];
};

struct search_limits {
	int pigments_max;
	int drops_max;    /* of pigment, all together */
	int pigment_step; /* drops of each pigment are multiples of it: steps of a syringe */
	int diluent_min, diluent_max, diluent_step;
	double cup_ml, pigment_ml_max; /* 0: no limit */
	int least[LINE_PIGMENTS_MAX];  /* fewest drops where the pigment is used */
	int most[LINE_PIGMENTS_MAX];   /* 0: barred */
	bool forced[LINE_PIGMENTS_MAX];
	struct search_ratio ratio[SEARCH_RATIOS_MAX];
	int ratios;
};

struct search_light {
	char name[LIGHT_NAME_SIZE];
	double weight;
	struct weights weights;
	struct lab required;
};

/* What a list holds: the best recipes, or, so that it differs usefully, the best one of each kind. */
enum search_vary {
	VARY_NOTHING,
	VARY_PIGMENTS, /* a kind is a set of pigments */
	VARY_DARKNESS, /* a whole number of VARY_DARKNESS_STEP in L* lighter or darker than required */
	VARY_STURDINESS, /* the drops of the smallest dose: the more, the less one drop changes */
	VARIES,
};
#define VARY_DARKNESS_STEP 1.0
extern const char *const search_vary_names[VARIES]; /* "nothing", "pigments" … */

/* How far a search is, about ten times a second, from any thread, one at a time. */
struct search_progress {
	double seconds;
	bool proving;      /* false: the fast answer is being looked for */
	double done_share; /* of the proof: sets of pigments that are closed, 0..1 */
	double objective;  /* of the best recipe so far; infinite where there is none */
	double bound;      /* nothing can be below it; 0 while that is not known */
};
typedef void search_watcher(void *data, const struct search_progress *progress);

struct search_problem {
	const struct pigment_line *line; /* on the medium's grid */
	const struct medium *medium;
	struct search_light light[SEARCH_LIGHTS_MAX]; /* [0] is the main light */
	int light_count;
	const double *required; /* reflectance per band, NULL where only a Lab is wanted */
	struct search_limits limits;
	double lighter, price_weight, coarse_weight;
	int top;
	enum search_vary vary;
	bool quick;              /* the fast answer only, without its proof */
	int threads;             /* 0: as many as the machine has */
	int lanes;               /* of the vector code, 4, 8 or 16; 0: as many as the machine has */
	double time_limit_s;     /* 0: none */
	search_watcher *watcher; /* may be NULL */
	void *watcher_data;
	const volatile sig_atomic_t
		*stop; /* once it is not 0 the best so far is the answer; may be NULL */
};

struct search_dose {
	int pigment; /* index in the line */
	int drops;
};

struct search_recipe {
	int dose_count;
	struct search_dose dose[RECIPE_PIGMENTS_MAX]; /* in the line's order */
	int diluent_drops;
	double objective;
	double de00; /* under the main light */
	struct lab lab;
	double darker; /* L*_required - L*_recipe: above 0 where the recipe is the darker one */
	double metamerism[SEARCH_LIGHTS_MAX]; /* special index per further light; [0] unused */
	double reflectance[SPECTRUM_SAMPLES_MAX];
};

/* How sure it is that nothing better exists on the grid. */
struct search_proof {
	bool complete; /* every recipe of the grid was evaluated or excluded */
	double bound;  /* nothing outside the list has a smaller objective */
	double gap; /* nothing outside the list is better than its first by more than this; 0 where complete */
	unsigned long long evaluated; /* or excluded */
	double seconds;
};

/* What the vector code did, counted in recipes or sets of pigments, of which each call takes sixteen; for benchmarks. */
struct search_work {
	unsigned long long objectives;   /* of recipes that were tried */
	unsigned long long coarse_steps; /* of descents, with merged bands … */
	unsigned long long steps;        /* … and with all */
	unsigned long long boxes;        /* that were bounded */
};

struct search_result {
	struct search_recipe *recipe; /* best first, to be freed by search_result_clear() */
	int count;
	struct search_proof proof;
	struct search_work work;
};

/* Fills `problem->limits` with what a practitioner's bench allows: all pigments, 3 at once, 12
 * drops, diluent 0 to 200 drops by 5 (a quarter of a millilitre), a 15 ml cup. */
void search_limits_usual(struct search_limits *limits);

/* STATUS_NO_ANSWER, with the limit that is in the way, where no recipe fits the limits. */
enum status search_recipes(struct search_result *result, const struct search_problem *problem,
			   struct error *err);
void search_result_clear(struct search_result *result);

/* What a recipe costs beside its colour and its number of pigments: price and coarse doses. */
double search_cost(const struct search_recipe *recipe, const struct search_problem *problem);

/* Objective, colour and spectrum of one given recipe (its doses and diluent) under the problem; search_evaluate() its
 * metamerism too. */
void search_compute(struct search_recipe *recipe, const struct search_problem *problem);
void search_evaluate(struct search_recipe *recipe, const struct search_problem *problem);

/* L* under the main light of the darkest dot that one pigment gives in this medium, undiluted; barred ones
 * left out. */
double search_darkest(const struct search_problem *problem);

#endif
