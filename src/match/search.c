/* Branch and bound over the diluent, eight recipes at a time; every set of pigments and every vector of their
 * drops is walked, which the fast answer for large lines is to spare.
 *
 * Idea. Along the diluent a mix goes one way, from strong to weak, and so do its K and S. Between two amounts of
 * diluent R lies between its two ends (forward.h), so L*, a* and b* lie in ranges and the objective is at least
 * some figure. Where that is worse than the last of the list, all recipes between are excluded at once; else
 * the interval is split, down to a few recipes, which are tried.
 *
 * Method. Work is shared among threads by pairs of pigments: each pair, and every set that begins with it, small
 * sets first, because they are few and leave a limit for the others. For each vector of drops the diluent
 * is cut into intervals over which the volume grows by half, put on a stack, and bounded from its
 * end, eight together. What is left goes through the vector model, eight together; what may be among the
 * best there, its error counted in, is computed anew in double, and only that decides. So a list is the same
 * to the bit for any number of threads and any vector width.
 *
 * Worked example. 6 raw umber and 3 ready brown in the example's skin with 0 to 200 drops of water, the list's last at
 * J = 0.2: eight intervals, bounded by 0.58, 0.05, 0.28, 1.2, 2.5, 4.1, 5.9 and 8.2. Only the second, 5 to
 * 12 drops, may hold better; its four parts are bounded by 0.44, 0.25, 0.07 and 0.13, and the last two, four
 * recipes, are tried. Twelve bounds and four recipes for 201.
 *
 * Measured on two cores with AVX2, 8 pigments, in skin, three lights: 585 thousand recipes (up to 3 pigments, 12
 * drops, every fifth drop of diluent) 0.03 s, by plain enumeration 0.55 s; 174 million (up to 4, 24 drops,
 * every drop of diluent) 1.0 s; 1.14 thousand million (12 pigments, as before) 5.8 s, opaque 4.5 s. Per lane a bound takes 0.3 us in skin and 0.2 us opaque, an objective 0.2
 * and 0.15 us.
 *
 * Tried and worse: corners of K and S where R's own ends do in skin (forward.c, is_monotone; a quarter slower), sixteen
 * lanes (gcc takes comparisons of 64 bytes apart where there is no AVX-512: twice to six times the time), one
 * loop over bands for all steps of the model (a quarter slower). */
#include "match/search.h"

#include "base/clock.h"
#include "match/prove.h"
#include "match/quick.h"

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

/* Why nothing fits: the first limit that alone forbids everything. */
static enum status explain_nothing(const struct search_problem *problem, struct error *err)
{
	const struct search_limits *limits = &problem->limits;
	const struct pigment_line *line = problem->line;
	double diluent_ml = limits->diluent_min / line->diluent.bottle.drops_per_ml;
	int forced = 0, open = 0, least = 0;

	for (int i = 0; i < line->count; i++) {
		forced += limits->forced[i];
		open += limits->most[i] > 0;
		least += limits->forced[i] ? (limits->least[i] > 1 ? limits->least[i] : 1) : 0;
		if (limits->forced[i] && limits->most[i] == 0)
			return error_set(err, STATUS_NO_ANSWER,
					 "no recipe: %s is both forced and barred",
					 line->pigment[i].bottle.id);
	}
	if (open == 0)
		return error_set(err, STATUS_NO_ANSWER,
				 "no recipe: every pigment of the line is barred");
	if (forced > limits->pigments_max)
		return error_set(err, STATUS_NO_ANSWER,
				 "no recipe: %d pigments are forced and at most %d allowed", forced,
				 limits->pigments_max);
	if (least > limits->drops_max)
		return error_set(
			err, STATUS_NO_ANSWER,
			"no recipe: the forced pigments need %d drops and at most %d are allowed",
			least, limits->drops_max);
	for (int i = 0; i < line->count; i++)
		if (limits->forced[i] && limits->most[i] < limits->least[i])
			return error_set(
				err, STATUS_NO_ANSWER,
				"no recipe: %s is forced with %d drops, no more than %d allowed "
				"or in stock",
				line->pigment[i].bottle.id, limits->least[i], limits->most[i]);
	if (limits->ratios > 0 || limits->pigment_step > 1)
		return error_set(err, STATUS_NO_ANSWER,
				 "no recipe: %d fixed ratio%s and steps of %d drop%s leave nothing "
				 "of at most %d drops; allow more drops, or drop a ratio",
				 limits->ratios, limits->ratios == 1 ? "" : "s",
				 limits->pigment_step, limits->pigment_step == 1 ? "" : "s",
				 limits->drops_max);
	return error_set(err, STATUS_NO_ANSWER,
			 "no recipe: the least pigment in the least diluent (%d drops, %.2f ml) is "
			 "more than "
			 "the cup (%.2f ml) or the pigment limit (%.2f ml, 0: none) allows",
			 limits->diluent_min, diluent_ml, limits->cup_ml, limits->pigment_ml_max);
}

static enum status finish(struct search_result *result, const struct search_problem *problem,
			  struct error *err)
{
	if (result->count == 0)
		return result->proof.complete ? explain_nothing(problem, err)
					      : error_set(err, STATUS_NO_ANSWER,
							  "no recipe was reached within %g s",
							  problem->time_limit_s);
	if (result->proof.complete)
		result->proof.bound = result->recipe[result->count - 1].objective;
	else
		result->proof.gap = fmax(result->recipe[0].objective - result->proof.bound, 0.0);
	for (int i = 0; i < result->count; i++)
		search_evaluate(&result->recipe[i], problem);
	return STATUS_OK;
}

/* A target that is missed by so much is far out of reach: there nearly equal recipes are without number, and their
 * proof is of no use to anybody after so long. */
#define FAR_OBJECTIVE 2.0
#define FAR_SECONDS 120.0

/* Sets of two and more pigments; one alone is proven in the fast answer. */
static void count_sets(struct run *run)
{
	double sets = run->lattice.open_count;

	for (int size = 2; size <= run->problem->limits.pigments_max; size++) {
		sets *= (double)(run->lattice.open_count - size + 1) / size;
		run->sets += (unsigned long long)fmax(sets + 0.5, 0.0);
	}
}

/* The proof, small sets first, so what is open costs its number of pigments at least. */
static bool prove(struct run *run)
{
	int most = run->problem->limits.pigments_max;

	run->proving = true;
	run->sets_done = 0;
	count_sets(run);
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
	if (!run->forward || !run->best.recipe || !quick_answer(run))
		return false;
	if (run->problem->quick) {
		run->open_bound = SEARCH_COST_PER_PIGMENT;
		return true;
	}
	return run->stopped || prove(run);
}

enum status search_recipes(struct search_result *result, const struct search_problem *problem,
			   struct error *err)
{
	double start = clock_monotonic_seconds();
	struct run run = {
		.problem = problem,
		.forward = forward_new(problem, 1),
		.best = {.room = problem->top, .vary = problem->vary},
		.limit = INFINITY,
		.start = start,
		.deadline = problem->time_limit_s > 0.0 ? start + problem->time_limit_s : 0.0,
		.next_word = start,
		.threads = problem->threads > 0 ? problem->threads : omp_get_max_threads(),
	};
	bool memory;

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
