/* What tests/unit/bench_match.c found out, as a table on standard output and as JSON. */
#ifndef TESTS_UNIT_BENCH_REPORT_H
#define TESTS_UNIT_BENCH_REPORT_H

#include "base/error.h"

#include <stdbool.h>

/* One method on one target. */
struct bench_row {
	const char *method;
	double seconds;
	double rounding_seconds; /* not in `seconds` */
	double objective;        /* NAN: there is none */
	double share;            /* of the work that was timed; below 1 `seconds` are scaled up */
	bool without_time;       /* not to be compared by it */
	int times;               /* median of so many runs */
	const char *note;
};

/* The rows that follow are of this target; those of the fast answer are what they are compared with. */
void report_target(int pigments, const char *target, double seconds, double objective);
void report_row(const struct bench_row *row);

/* Means over targets of every method, after a number of pigments. */
void report_summary(int pigments);

/* A figure that stands alone, below `group`. NAN: was not measured. */
void report_figure(const char *group, const char *name, double value);

/* Writes everything. */
enum status report_write(const char *path, struct error *err);

#endif
