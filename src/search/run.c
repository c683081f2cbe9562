#include "search/run.h"

#include "base/clock.h"

#include <math.h>

#define WORD_SECONDS 0.1

double run_limit(const struct run *run)
{
	double limit;

	__atomic_load(&run->limit, &limit, __ATOMIC_RELAXED);
	return limit;
}

static void tell(struct run *run, double now)
{
	const struct search_problem *problem = run->problem;
	struct search_progress progress = {
		.seconds = now - run->start,
		.proving = run->proving,
		.done_share = run->sets
				      ? (double)__atomic_load_n(&run->sets_done, __ATOMIC_RELAXED) /
						(double)run->sets
				      : 0.0,
		.objective = run->best.count ? run->best.recipe[0].objective : HUGE_VAL,
		.bound = run->open_bound,
	};

	problem->watcher(problem->watcher_data, &progress);
}

static double next_word(const struct run *run)
{
	double when;

	__atomic_load(&run->next_word, &when, __ATOMIC_RELAXED);
	return when;
}

bool run_is_over(struct run *run)
{
	const struct search_problem *problem = run->problem;
	double now;

	if (__atomic_load_n(&run->stopped, __ATOMIC_RELAXED))
		return true;
	if (!problem->watcher && !problem->stop && run->deadline <= 0.0)
		return false;
	now = clock_monotonic_seconds();
	if ((run->deadline > 0.0 && now > run->deadline) || (problem->stop && *problem->stop))
		__atomic_store_n(&run->stopped, true, __ATOMIC_RELAXED);
	if (problem->watcher && now >= next_word(run)) {
#pragma omp critical(run_best)
		if (now >= next_word(run)) {
			double next = now + WORD_SECONDS;

			__atomic_store(&run->next_word, &next, __ATOMIC_RELAXED);
			tell(run, now);
		}
	}
	return __atomic_load_n(&run->stopped, __ATOMIC_RELAXED);
}

void run_count(struct run *run, const struct search_work *work)
{
#pragma omp critical(run_best)
	{
		run->work.objectives += work->objectives;
		run->work.coarse_steps += work->coarse_steps;
		run->work.steps += work->steps;
		run->work.boxes += work->boxes;
	}
}

void trials_begin(struct trials *trials, const int *pigment, int count)
{
	trials->recipe.dose_count = count;
	for (int i = 0; i < count; i++)
		trials->recipe.dose[i].pigment = trials->batch.pigment[i] = pigment[i];
	trials->count = 0;
}

/* In double; keeps it where it is among the best. */
static void try_recipe(struct trials *trials, int lane)
{
	struct run *run = trials->run;
	struct search_recipe recipe = trials->recipe;

	for (int i = 0; i < recipe.dose_count; i++)
		recipe.dose[i].drops = trials->drops[lane][i];
	recipe.diluent_drops = trials->diluent_drops[lane];
	search_compute(&recipe, run->problem);
	if (recipe.objective > run_limit(run))
		return;
#pragma omp critical(run_best)
	{
		best_insert(&run->best, &recipe);
		if (run->best.count == run->best.room) {
			double limit = run->best.recipe[run->best.count - 1].objective;

			__atomic_store(&run->limit, &limit, __ATOMIC_RELAXED);
		}
	}
}

void trials_finish(struct trials *trials)
{
	const struct run *run = trials->run;
	int pigments = trials->recipe.dose_count;
	float objective[LANES] LANE_ARRAY;

	if (trials->count == 0)
		return;
	for (int i = 0; i < pigments; i++) /* lanes that hold nothing repeat the first */
		for (int lane = trials->count; lane < LANES; lane++)
			trials->batch.share[i][lane] = trials->batch.share[i][0];
	forward_objective(objective, run->forward, &trials->batch, pigments);
	trials->objectives += LANES;
	for (int lane = 0; lane < trials->count; lane++)
		if (objective[lane] - forward_margin(run->problem, objective[lane]) +
			    trials->cost[lane] <=
		    run_limit(run))
			try_recipe(trials, lane);
	trials->count = 0;
}

void trials_add(struct trials *trials, const int *drops, int diluent_drops)
{
	const struct lattice *lattice = &trials->run->lattice;
	struct search_recipe *recipe = &trials->recipe;
	int lane = trials->count, count = recipe->dose_count;
	double ml[SEARCH_PIGMENTS_MAX], total = diluent_drops * lattice->diluent_ml;

	for (int i = 0; i < count; i++)
		recipe->dose[i].drops = drops[i];
	recipe->diluent_drops = diluent_drops;
	if (lattice_repeats(lattice, recipe))
		return;
	for (int i = 0; i < count; i++) {
		trials->drops[lane][i] = drops[i];
		ml[i] = drops[i] * lattice->ml[recipe->dose[i].pigment];
		total += ml[i];
	}
	for (int i = 0; i < count; i++)
		trials->batch.share[i][lane] = (float)(ml[i] / total);
	trials->diluent_drops[lane] = diluent_drops;
	trials->cost[lane] = search_cost(recipe, trials->run->problem);
	trials->count++;
	if (trials->count == LANES)
		trials_finish(trials);
}
