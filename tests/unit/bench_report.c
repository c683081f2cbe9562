/* A star after seconds: a sample was timed and scaled up. */
#include "bench_report.h"

#include "base/file.h"
#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One method over the targets that it was tried on. */
struct tally {
	char method[64];
	double seconds, rounding, ours; /* sums, on the same targets */
	double excess, most_excess;
	int targets, compared, equal;
	bool sampled, without_time;
};

enum { TALLIES_MAX = 16 };

static struct {
	json_t *rows, *figures, *summary;
	struct tally tally[TALLIES_MAX];
	int tallies;
	char target[32];
	int pigments;
	double seconds, objective; /* of ours */
} report;

/* Two objectives are the same recipe's, or as good. */
#define OBJECTIVE_EQUAL 1e-9

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

void report_target(int pigments, const char *target, double seconds, double objective)
{
	text_copy(report.target, sizeof report.target, target);
	report.pigments = pigments;
	report.seconds = seconds;
	report.objective = objective;
	printf("\n%d pigments, %s\n  %-30s %12s %9s %9s %9s %10s %10s\n", pigments, target,
	       "method", "seconds", "rounding", "objective", "behind", "times ours", "rounded");
}

static struct tally *find_tally(const char *method)
{
	for (int i = 0; i < report.tallies; i++)
		if (strcmp(report.tally[i].method, method) == 0)
			return &report.tally[i];
	if (report.tallies == TALLIES_MAX)
		return NULL;
	text_copy(report.tally[report.tallies].method, sizeof report.tally[0].method, method);
	return &report.tally[report.tallies++];
}

static void count_row(const struct bench_row *row)
{
	struct tally *tally = find_tally(row->method);
	double excess = row->objective - report.objective;

	if (!tally)
		return;
	tally->seconds += row->seconds;
	tally->rounding += row->rounding_seconds;
	tally->ours += report.seconds;
	tally->targets++;
	tally->sampled |= row->share < 1.0;
	tally->without_time |= row->without_time;
	if (isnan(row->objective))
		return;
	tally->compared++;
	tally->excess += excess;
	tally->most_excess = tally->compared == 1 ? excess : fmax(tally->most_excess, excess);
	tally->equal += excess < OBJECTIVE_EQUAL;
}

/* How often ours fits into that; NAN where that is not to be compared. */
static double times_ours(const struct bench_row *row, double seconds)
{
	return row->without_time ? NAN : seconds / report.seconds;
}

static void keep_row(const struct bench_row *row)
{
	double whole = row->seconds + row->rounding_seconds;

	if (!report.rows)
		report.rows = json_array();
	json_array_append_new(
		report.rows,
		json_pack("{si ss ss so so so so so so sb si ss}", "pigments", report.pigments,
			  "target", report.target, "method", row->method, "seconds",
			  real_or_null(row->seconds), "rounding_seconds",
			  real_or_null(row->rounding_seconds), "objective",
			  real_or_null(row->objective), "objective_behind_ours",
			  real_or_null(row->objective - report.objective), "times_ours",
			  real_or_null(times_ours(row, row->seconds)), "times_ours_rounded",
			  real_or_null(times_ours(row, whole)), "extrapolated", row->share < 1.0,
			  "runs", row->times, "note", row->note ? row->note : ""));
}

static const char *number_or_dash(char slot[16], const char *format, double value)
{
	if (isfinite(value))
		snprintf(slot, 16, format, value);
	else
		strcpy(slot, "-");
	return slot;
}

void report_row(const struct bench_row *row)
{
	double whole = row->seconds + row->rounding_seconds;
	char objective[16], behind[16], ratio[16], ratio_rounded[16];

	printf("  %-30s %11.4f%c %9.4f %9s %9s %10s %10s  %s\n", row->method, row->seconds,
	       row->share < 1.0 ? '*' : ' ', row->rounding_seconds,
	       number_or_dash(objective, "%.4f", row->objective),
	       number_or_dash(behind, "%+.4f", row->objective - report.objective),
	       number_or_dash(ratio, "%.3g", times_ours(row, row->seconds)),
	       number_or_dash(ratio_rounded, "%.3g", times_ours(row, whole)),
	       row->note ? row->note : "");
	fflush(stdout);
	keep_row(row);
	count_row(row);
}

/* What a tally comes to. */
struct means {
	double seconds, ratio, ratio_rounded, excess, most_excess;
};

static struct means means_of(const struct tally *tally)
{
	struct means means = {tally->seconds / tally->targets, tally->seconds / tally->ours,
			      (tally->seconds + tally->rounding) / tally->ours,
			      tally->excess / tally->compared, tally->most_excess};

	if (tally->without_time)
		means.ratio = means.ratio_rounded = NAN;
	if (tally->compared == 0)
		means.excess = means.most_excess = NAN;
	return means;
}

static void keep_summary(const struct tally *tally, const struct means *means, int pigments)
{
	if (!report.summary)
		report.summary = json_array();
	json_array_append_new(
		report.summary,
		json_pack("{si ss si so so so so so si si sb}", "pigments", pigments, "method",
			  tally->method, "targets", tally->targets, "mean_seconds",
			  real_or_null(means->seconds), "times_ours", real_or_null(means->ratio),
			  "times_ours_rounded", real_or_null(means->ratio_rounded), "mean_behind",
			  real_or_null(means->excess), "most_behind",
			  real_or_null(means->most_excess), "as_good", tally->equal, "compared",
			  tally->compared, "extrapolated", tally->sampled));
}

static void summarise(const struct tally *tally, int pigments)
{
	struct means means = means_of(tally);
	char mean[16], most[16], ratio[16], ratio_rounded[16];

	printf("  %-30s %11.4f%c %10s %10s %9s %9s   %d of %d\n", tally->method, means.seconds,
	       tally->sampled ? '*' : ' ', number_or_dash(ratio, "%.3g", means.ratio),
	       number_or_dash(ratio_rounded, "%.3g", means.ratio_rounded),
	       number_or_dash(mean, "%+.4f", means.excess),
	       number_or_dash(most, "%+.4f", means.most_excess), tally->equal, tally->compared);
	keep_summary(tally, &means, pigments);
}

void report_summary(int pigments)
{
	printf("\n%d pigments, means over targets (* a sample, scaled up; rounded: rounding "
	       "counted)\n"
	       "  %-30s %12s %10s %10s %9s %9s   %s\n",
	       pigments, "method", "seconds", "times ours", "rounded", "behind", "at most",
	       "as good as ours");
	for (int i = 0; i < report.tallies; i++)
		summarise(&report.tally[i], pigments);
	memset(report.tally, 0, sizeof report.tally);
	report.tallies = 0;
	fflush(stdout);
}

/* --- single figures and the file -------------------------------------------------------------------- */

void report_figure(const char *group, const char *name, double value)
{
	json_t *in;

	if (!report.figures)
		report.figures = json_object();
	in = json_object_get(report.figures, group);
	if (!in) {
		in = json_object();
		json_object_set_new(report.figures, group, in);
	}
	json_object_set_new(in, name, real_or_null(value));
	if (isfinite(value))
		printf("%s, %s: %.4g\n", group, name, value);
	else
		printf("%s, %s: not measured\n", group, name);
	fflush(stdout);
}

enum status report_write(const char *path, struct error *err)
{
	json_t *root = json_pack("{so* so* so*}", "rows", report.rows, "summary", report.summary,
				 "figures", report.figures);
	char *text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(10)) : NULL;
	enum status status = text ? file_write(path, text, strlen(text), err) : error_memory(err);

	free(text);
	json_decref(root);
	return status;
}
