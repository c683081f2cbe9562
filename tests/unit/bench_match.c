/* The search against its peers, in one run, on the same targets: bench_match FOLDER REPORT.json PIGMENTS...
 *
 * FOLDER is for what the peers in Python read and write. PROOF60 in the environment asks for proofs with 60 pigments
 * too. Ratios hold within a run; seconds are of this machine, now, with whatever else it does. */
#include "base/clock.h"
#include "base/number.h"
#include "bench_report.h"
#include "large.h"
#include "peer_exchange.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The run is to end, whatever the machine is: a fast answer or a proof that takes longer is stopped, and says so. */
#define FAST_LIMIT_S 20.0
#define PROOF_LIMIT_S 60.0

/* How the peers are asked for so many pigments: of all sets, or of a sample. */
static const struct plan {
	int pigments;
	double slsqp_share, cobyla_share;
	struct peer_jobs
		jobs; /* SLSQP and evolution of Python: on the first of SLOW_TARGETS only */
	int slow_targets;
	int proofs; /* on so many targets */
} plans[] = {
	{12, 1.0, 1.0, {1.0, 1.0, -1, true}, 1, LARGE_TARGETS},
	{30, 1.0, 1.0, {1.0, 1.0, 200, true}, 2, LARGE_TARGETS},
	{60, 0.02, 0.0, {0.10, 1.0, 0, true}, 1, 0},
	{100, 0.002, 0.0, {0.01, 0.10, 0, false}, 0, 0},
};
enum { PLANS = sizeof plans / sizeof *plans, THREADS = 2, ISRES_EVALUATIONS = 1000000 };

/* The order in which targets are tried: the hidden recipe and the other line's first, for the slow peers. */
static const int target_order[LARGE_TARGETS] = {0, 5, 1, 2, 3, 4, 6};

static struct error err;

static void give_up(void)
{
	fprintf(stderr, "bench_match: %s\n", err.message);
	exit(1);
}

/* --- ours ------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The fast answer's list (to be cleared) and the median of its seconds. */
static double run_fast(struct search_result *result, int *times, int threads)
{
	enum { TIMES = 5 };
	struct search_problem problem = stage.scene.problem;
	double seconds[TIMES], whole = 0.0;

	problem.quick = true;
	problem.threads = threads;
	problem.time_limit_s = FAST_LIMIT_S;
	*times = 0;
	do {
		double start = clock_monotonic_seconds();

		if (*times > 0)
			search_result_clear(result);
		if (search_recipes(result, &problem, &err))
			give_up();
		seconds[*times] = clock_monotonic_seconds() - start;
		whole += seconds[(*times)++];
	} while (*times < TIMES && whole < 4.0);
	qsort(seconds, (size_t)*times, sizeof *seconds, by_size);
	return seconds[(*times - 1) / 2];
}

static bool is_same(const struct search_recipe *a, const struct search_recipe *b)
{
	bool same = a->dose_count == b->dose_count && a->diluent_drops == b->diluent_drops;

	for (int i = 0; same && i < a->dose_count; i++)
		same = a->dose[i].pigment == b->dose[i].pigment &&
		       a->dose[i].drops == b->dose[i].drops;
	return same;
}

/* How many of the proven list's first ones the fast list begins with. */
static int count_same(const struct search_result *fast, const struct search_result *proven)
{
	int same = 0;

	while (same < fast->count && same < proven->count &&
	       is_same(&fast->recipe[same], &proven->recipe[same]))
		same++;
	return same;
}

struct agreement {
	int proofs, first, list;
};

static void run_proof(struct agreement *agreement, const struct search_result *fast,
		      double time_limit_s)
{
	struct search_problem problem = stage.scene.problem;
	struct search_result proven;
	char note[96];
	int same;

	problem.threads = THREADS;
	problem.time_limit_s = time_limit_s;
	if (search_recipes(&proven, &problem, &err))
		give_up();
	same = count_same(fast, &proven);
	if (proven.proof.complete)
		snprintf(note, sizeof note, "complete; the first %d of %d are the same", same,
			 proven.count);
	else
		snprintf(note, sizeof note, "stopped at %g s, gap %.4f", time_limit_s,
			 proven.proof.gap);
	agreement->proofs += proven.proof.complete;
	agreement->first += proven.proof.complete && same > 0;
	agreement->list += proven.proof.complete && same == proven.count;
	report_row(&(struct bench_row){"ours, with its proof", proven.proof.seconds, 0.0,
				       proven.recipe[0].objective, 1.0, !proven.proof.complete, 1,
				       note});
	search_result_clear(&proven);
}

/* --- the share of the machine's peak --------------------------------------------------------------- */

/* Floating-point operations (a multiply-add counts two) that the fast answer's steps take, by their formulas, for
 * three lights and 36 bands. An objective: per band a mix of four takes 16 for K and S, R about 30 (a root by three of
 * Newton's steps and a division), nine sums 18, so 36 bands take about 2300; three times Lab and CIEDE2000 about 600. A
 * descent's step: per band the same mix, R with its slopes about 50, the four pigments' slopes 12, nine rows of five
 * sums 90, so 36 bands take about 6000; products 300, and the least point within bounds, five rounds of 4 x 4, about 1200.
 * With merged bands a third of the bands' part. Whole drops are looked for in double and not counted. */
#define FLOPS_OBJECTIVE 2900.0
#define FLOPS_STEP 7500.0
#define FLOPS_COARSE_STEP 3500.0

static double flops_of_fast_search(const struct search_result *result)
{
	const struct search_work *work = &result->work;

	return FLOPS_OBJECTIVE * (double)work->objectives + FLOPS_STEP * (double)work->steps +
	       FLOPS_COARSE_STEP * (double)work->coarse_steps;
}

static double peak_before, peak_alone;

/* What else the machine does shows in the load: above the threads of this run times are not worth much. */
static void report_peak(const char *group)
{
	double load;

	peak_alone = peak_flops(1);
	peak_before = peak_flops(THREADS);
	report_figure(group, "single-precision GFLOP/s, one thread", peak_alone / 1e9);
	report_figure(group, "single-precision GFLOP/s, two threads", peak_before / 1e9);
	report_figure(group, "load average of the last minute",
		      getloadavg(&load, 1) == 1 ? load : NAN);
}

/* --- one target -------------------------------------------------------------------------------------- */

/* Sums over a number of pigments' targets. */
struct sums {
	double fast, fast_alone, share_of_peak;
	int targets;
	struct agreement agreement;
};

/* Peers are to minimise what we do. */
static void check_model(const struct peer_model *model)
{
	unsigned long long chance = 99;

	for (int i = 0; i < 1000; i++) {
		struct search_recipe recipe = {.dose_count = 1 + i % 4,
					       .diluent_drops =
						       1 + (int)(200 * random_share(&chance))};
		struct peer_point point = {.count = recipe.dose_count};

		for (int j = 0; j < point.count; j++) {
			recipe.dose[j].pigment = point.pigment[j] = 2 * j + i % 2;
			recipe.dose[j].drops = 1 + (int)(6 * random_share(&chance));
			point.ratio[j] = (double)recipe.dose[j].drops / recipe.diluent_drops;
		}
		search_evaluate(&recipe, &stage.scene.problem);
		if (fabs(peer_objective(NULL, model, &point) - recipe.objective) > 1e-5) {
			error_set(&err, STATUS_ENVIRONMENT, "the peers' model is not ours: %g, %g",
				  peer_objective(NULL, model, &point), recipe.objective);
			give_up();
		}
	}
}

static void report_answer(const char *method, const struct peer_answer *answer, double share,
			  const char *note)
{
	report_row(&(struct bench_row){method, answer->seconds, answer->rounding_seconds,
				       answer->found ? answer->recipe.objective : NAN, share, false,
				       answer->times, note});
}

static void run_minimiser(enum peer_method method, double share, const struct peer_model *model,
			  const struct search_result *ours)
{
	struct peer_sets sets;
	struct peer_answer answer;
	char note[96] = "";

	if (share <= 0.0)
		return;
	sets = peer_sets_draw(&stage.scene.problem, share);
	if (!sets.point) {
		error_memory(&err);
		give_up();
	}
	if (share < 1.0) {
		peer_sets_add(&sets, ours);
		snprintf(note, sizeof note, "%g %% of the sets, and ours", 100 * share);
	}
	peer_minimise(&answer, &sets, method, model, &stage.scene.problem, THREADS);
	report_answer(peer_method_names[method], &answer, share, note);
	peer_sets_clear(&sets);
}

static void run_python(const struct plan *plan, bool slow_too, const char *folder,
		       const struct peer_model *model, const struct search_result *ours)
{
	struct peer_reply reply[PEER_REPLIES_MAX];
	struct peer_jobs jobs = plan->jobs;
	int replies;

	if (!slow_too) {
		jobs.slsqp_sets = 0;
		jobs.evolution = false;
	}
	if (peer_ask(reply, &replies, &jobs, ours, model, &stage.scene.problem, folder, THREADS,
		     &err))
		give_up();
	for (int i = 0; i < replies; i++) {
		char note[96];

		snprintf(note, sizeof note, "%g %% of the sets, and ours", 100 * reply[i].share);
		report_answer(reply[i].method, &reply[i].answer, reply[i].share,
			      reply[i].share < 1.0 ? note : reply[i].note);
	}
}

static void run_peers(const struct plan *plan, int nth, const char *folder,
		      const struct search_result *ours)
{
	struct peer_model *model = peer_model_new(&stage.scene.problem);
	struct peer_answer answer;

	if (!model) {
		error_memory(&err);
		give_up();
	}
	check_model(model);
	run_minimiser(PEER_SLSQP_PLAIN, plan->slsqp_share, model, ours);
	run_minimiser(PEER_SLSQP, plan->slsqp_share, model, ours);
	run_minimiser(PEER_COBYLA, plan->cobyla_share, model, ours);
	peer_evolve(&answer, model, &stage.scene.problem, ISRES_EVALUATIONS);
	report_answer("NLopt ISRES, 1e6 evaluations", &answer, 1.0, "one thread");
	run_python(plan, nth < plan->slow_targets, folder, model, ours);
	report_row(
		&(struct bench_row){"one by one, two threads",
				    peer_enumeration_seconds(model, &stage.scene.problem, THREADS),
				    0.0, NAN, 1e-9, false, 1, "a sample of 2e5 recipes"});
	peer_model_free(model);
}

static void run_target(struct sums *sums, const struct plan *plan, int nth, const char *folder)
{
	const char *name = large_target(target_order[nth]);
	struct search_result fast, alone;
	int times;
	double seconds = run_fast(&fast, &times, THREADS), seconds_alone;

	report_target(plan->pigments, name, seconds, fast.recipe[0].objective);
	report_row(&(struct bench_row){"ours, fast", seconds, 0.0, fast.recipe[0].objective, 1.0,
				       false, times,
				       seconds < FAST_LIMIT_S ? "" : "stopped: too slow"});
	sums->fast += seconds;
	sums->share_of_peak += flops_of_fast_search(&fast) / seconds / peak_before;
	seconds_alone = run_fast(&alone, &times, 1);
	report_row(&(struct bench_row){
		"ours, fast, one thread", seconds_alone, 0.0, alone.recipe[0].objective, 1.0, false,
		times,
		count_same(&fast, &alone) == fast.count ? "" : "another list than with two"});
	sums->fast_alone += seconds_alone;
	sums->targets++;
	if (nth < plan->proofs)
		run_proof(&sums->agreement, &fast, PROOF_LIMIT_S);
	else if (plan->pigments == 60 && getenv("PROOF60") && *getenv("PROOF60"))
		run_proof(&sums->agreement, &fast, 0.0);
	run_peers(plan, nth, folder, &fast);
	search_result_clear(&fast);
	search_result_clear(&alone);
}

/* --- a number of pigments -------------------------------------------------------------------------- */

static void set_up(int pigments, bool in_skin)
{
	if (stage_set_up(NULL)) {
		err = stage.err;
		give_up();
	}
	large_stage(pigments, in_skin);
}

/* Mean seconds of the fast answer for dots in skin. */
static double run_skin(int pigments)
{
	double sum = 0.0;

	set_up(pigments, true);
	for (int target = 0; target < LARGE_TARGETS; target++) {
		struct search_result fast;
		int times;

		large_target(target);
		sum += run_fast(&fast, &times, THREADS);
		search_result_clear(&fast);
	}
	stage_tear_down(NULL);
	return sum / LARGE_TARGETS;
}

static void report_sums(const struct sums *sums, const struct plan *plan)
{
	const struct agreement *agreement = &sums->agreement;
	char group[32];
	double fast = sums->fast / sums->targets;

	snprintf(group, sizeof group, "%d pigments", plan->pigments);
	report_figure(group, "fast answer, mean seconds", fast);
	report_figure(group, "one thread against two", sums->fast_alone / sums->fast);
	report_figure(group, "share of the peak", sums->share_of_peak / sums->targets);
	report_figure(group, "complete proofs", agreement->proofs);
	report_figure(group, "fast answers with the proven first", agreement->first);
	report_figure(group, "fast answers with the whole proven list", agreement->list);
	if (plan->pigments <= 60) {
		double in_skin = run_skin(plan->pigments);

		report_figure(group, "fast answer in skin, mean seconds", in_skin);
		report_figure(group, "in skin against opaque", in_skin / fast);
	}
}

static void run_plan(const struct plan *plan, const char *folder)
{
	struct sums sums = {0};
	char group[40];

	set_up(plan->pigments, false);
	for (int nth = 0; nth < LARGE_TARGETS; nth++)
		run_target(&sums, plan, nth, folder);
	stage_tear_down(NULL);
	report_summary(plan->pigments);
	report_sums(&sums, plan);
	snprintf(group, sizeof group, "machine, after %d pigments", plan->pigments);
	report_peak(group);
}

/* --- memory ---------------------------------------------------------------------------------------- */

static double resident_most_mb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024.0;
}

static void measure_memory(int to, int pigments)
{
	double megabytes[2];
	struct search_result fast;
	int times;

	set_up(pigments, false);
	large_target(0);
	megabytes[0] = resident_most_mb();
	run_fast(&fast, &times, THREADS);
	megabytes[1] = resident_most_mb();
	_exit(write(to, megabytes, sizeof megabytes) == sizeof megabytes ? 0 : 1);
}

/* In a process of its own, before this one has grown. */
static void report_memory(int pigments)
{
	double megabytes[2] = {NAN, NAN};
	int pipe_ends[2], status;
	pid_t child;

	if (pipe(pipe_ends) || (child = fork()) < 0)
		return;
	if (child == 0)
		measure_memory(pipe_ends[1], pigments);
	if (waitpid(child, &status, 0) == child && status == 0 &&
	    read(pipe_ends[0], megabytes, sizeof megabytes) != sizeof megabytes)
		megabytes[0] = megabytes[1] = NAN;
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	report_figure("memory", "pigments", pigments);
	report_figure("memory", "MB before the fast answer", megabytes[0]);
	report_figure("memory", "MB at most", megabytes[1]);
}

int main(int argc, char **argv)
{
	double most = 0.0;

	if (argc < 4)
		return 2;
	if (stage_find_profiles(NULL)) {
		err = stage.err;
		give_up();
	}
	for (int i = 3; i < argc; i++) {
		double pigments;

		if (number_read(&pigments, argv[i]))
			most = fmax(most, pigments);
	}
	report_memory((int)most);
	report_peak("machine, at first");
	for (int i = 0; i < PLANS; i++)
		for (int j = 3; j < argc; j++) {
			double pigments;

			if (number_read(&pigments, argv[j]) && (int)pigments == plans[i].pigments)
				run_plan(&plans[i], argv[1]);
		}
	if (report_write(argv[2], &err))
		give_up();
	return 0;
}
