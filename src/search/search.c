/* The search in two parts, on one vector model: an answer at once, then its proof.
 *
 * Idea. A recipe is judged by one double-precision function (evaluate.c), some 700 ns a recipe. A grid holds up to 10^13.
 * Nothing is gained by judging faster than by not judging: the continuous problem, shares instead of drops, is small and
 * smooth, so it tells at once where good recipes must be (quick.c); and a bound over a whole box of recipes
 * tells that there are none elsewhere (prove.c). Both only ever propose or exclude; the list is made of what the
 * double-precision function said (run.c), so what is proven is the same to the bit for any vector width and number of
 * threads; the fast answer for any number of threads, and for any width but by the rarest chance.
 *
 * Bound. For an opaque medium: around the required colour CIEDE2000 is nowhere below a quadratic form (colour/metric.h),
 * so the objective is at least a linear function of the reflectance in any direction; reflectance is bounded by
 * parabolas, whose sum over a box has a least value (lane_boxes.h). For films and skin, and where colours are too far or
 * too dark for the form: along the diluent of one vector of drops every band's reflectance lies between its two ends
 * (lane_bound.h). What floating point does is counted in both, and both are tested against millions of recipes
 * (tests/unit/test_forward.c), the list against plain enumeration (tests/unit/test_search.c).
 *
 * Worked example, 12 pigments, up to 4 of 24 drops, diluent 1 to 200: 1,144,730,800 recipes of 793 sets. The fast answer
 * takes 5 ms and tries some thousand recipes. Its tenth has J = 0.24; for four pigments, which cost 0.15, the
 * colour part may be 0.09. A set's root box spans ratios from 0.005 to 24; a box whose bound is above 0.09 is gone, another
 * is cut in two, hundreds of times a set, until it holds two recipes or none. Some ten thousand recipes are
 * tried, and the ten stand proven after 0.06 s.
 *
 * Measured, two cores with AVX-512, opaque, means over seven targets (make bench): fast answer 4, 20, 120 and 640 ms for
 * 12, 30, 60 and 100 pigments; proof 0.06, 2.4 and 30 s (1 to 56) for 12, 30 and 60. In skin the fast answer takes one to four
 * times as long, most of it out of reach, the proof 4 s for 12 pigments in reach, by lines alone.
 *
 * Tried and lost: enumeration along the diluent only (25 times the time of boxes at 12 pigments); boxes in shares of the
 * whole (steep near the pure diluent); further tries stand at the heads of quick.c, lane_boxes.h and lane_bound.h. */
#include "search/search.h"

#include "base/clock.h"
#include "search/infeasible.h"
#include "search/prove.h"
#include "search/quick.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

void search_limits_usual(struct search_limits *limits)
{
	*limits = (struct search_limits){
		.pigments_max = SEARCH_PIGMENTS_USUAL,
		.drops_max = 12,
		.pigment_step = 1,
		.diluent_max = 200,
		.diluent_step = 5,
		.cup_ml = 15.0,
	};
	for (int i = 0; i < LINE_PIGMENTS_MAX; i++)
		limits->most[i] = SEARCH_DROPS_MAX;
}

static enum status finish(struct search_result *result, const struct search_problem *problem,
			  struct error *err)
{
	if (result->count == 0)
		return error_set(err, STATUS_NO_ANSWER, "no recipe was reached within %.3g s",
				 result->proof.seconds);
	if (result->count == problem->top)
		result->proof.bound = result->proof.complete
					      ? result->recipe[result->count - 1].objective
					      : fmin(result->proof.bound,
						     result->recipe[result->count - 1].objective);
	if (!result->proof.complete)
		result->proof.gap = fmax(result->recipe[0].objective - result->proof.bound, 0.0);
	for (int i = 0; i < result->count; i++)
		search_evaluate(&result->recipe[i], problem);
	return STATUS_OK;
}

/* A target that is missed by so much is far out of reach: there nearly equal recipes are without number, and their
 * proof is of no use to anybody after so long. */
#define FAR_OBJECTIVE 2.0
#define FAR_SECONDS 120.0

/* A grid of no more recipes is proven in the time of a fast answer, which it might be too coarse for besides. */
#define SMALL_GRID 1e6

/* Sets of two and more pigments, one alone is proven in the fast answer; and about how many recipes they have, the
 * first set of each size standing for all. */
static double count_sets(struct run *run)
{
	const struct lattice *lattice = &run->lattice;
	double sets = lattice->open_count, recipes = 0.0;

	for (int size = 2; size <= run->problem->limits.pigments_max; size++) {
		sets *= fmax((double)(lattice->open_count - size + 1) / size, 0.0);
		if (sets < 0.5)
			break;
		run->sets += (unsigned long long)(sets + 0.5);
		recipes += sets * (double)lattice_count(lattice, lattice->open, size);
	}
	return recipes;
}

/* The proof, small sets first, so what is open costs its number of pigments at least. */
static bool prove(struct run *run)
{
	int most = run->problem->limits.pigments_max;

	run->proving = true;
	run->sets_done = 0;
	if (run->deadline <= 0.0 && run->best.count > 0 &&
	    run->best.recipe[0].objective > FAR_OBJECTIVE)
		run->deadline = run->start + FAR_SECONDS;
	for (int size = 2; size <= most; size++) {
		run->open_bound = SEARCH_COST_PER_PIGMENT * (size - 1);
		if (!prove_size(run, size))
			return false;
		if (run->stopped)
			return true;
	}
	run->complete = true;
	return true;
}

/* False without memory. */
static bool search(struct run *run)
{
	bool quick = run->problem->quick;

	if (!run->forward || !run->best.recipe)
		return false;
	if (count_sets(run) <= SMALL_GRID) {
		quick = false;
		if (!prove_size(run, 1))
			return false;
	} else if (!quick_answer(run)) {
		return false;
	}
	if (!run->stopped) /* one pigment alone is proven */
		run->open_bound = SEARCH_COST_PER_PIGMENT;
	return quick || run->stopped || prove(run);
}

enum status search_recipes(struct search_result *result, const struct search_problem *problem,
			   struct error *err)
{
	double start = clock_monotonic_seconds();
	struct run run = {
		.problem = problem,
		.best = {.room = problem->top, .vary = problem->vary},
		.limit = INFINITY,
		.start = start,
		.deadline = problem->time_limit_s > 0.0 ? start + problem->time_limit_s : 0.0,
		.next_word = start,
		.threads = problem->threads > 0 ? problem->threads : omp_get_max_threads(),
	};
	bool memory;

	*result = (struct search_result){0};
	if (!limits_leave_something(&problem->limits, problem->line))
		return infeasible_explain(problem, err);
	run.forward = forward_new(problem, 1);
	if (run.threads > RUN_THREADS_MAX)
		run.threads = RUN_THREADS_MAX;
	lattice_build(&run.lattice, problem);
	run.best.recipe = malloc((size_t)problem->top * sizeof *run.best.recipe);
	memory = search(&run);
	forward_free(run.forward);
	*result = (struct search_result){
		.recipe = run.best.recipe,
		.count = run.best.count,
		.proof = {.complete = memory && run.complete,
			  .bound = run.open_bound,
			  .evaluated = run.evaluated,
			  .seconds = clock_monotonic_seconds() - start},
		.work = run.work,
	};
	if (!memory)
		error_memory(err);
	if (!memory || finish(result, problem, err)) {
		search_result_clear(result);
		return err->status;
	}
	return STATUS_OK;
}

void search_result_clear(struct search_result *result)
{
	free(result->recipe);
	*result = (struct search_result){0};
}
