/* Another program, run once: what it prints is taken, and it never outlives its time limit or us.
 *
 * It runs in a process group of its own, so that what it starts goes with it: at the limit the group
 * gets SIGTERM, a second later SIGKILL. If we die first, it is killed.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/error.h"
#include "base/text.h"

enum { PROCESS_OUTPUT_MOST = 1 << 20 };

struct process_result {
	struct text output; /* standard output and error together, as they came; never NULL data */
	int exit_code;      /* -1 where a signal ended it */
	bool timed_out;
};

/* Runs argv[0], found on PATH, with the variables of `environment` ("NAME=value", NULL at the end) set
 * and `input` (may be "") on its standard input. Refuses (STATUS_ENVIRONMENT) where it cannot be
 * started. `result` is to be cleared. */
enum status process_run(struct process_result *result, const char *const *argv,
			const char *const *environment, const char *input, double time_limit_s,
			struct error *err);
void process_result_clear(struct process_result *result);

/* Sets *fd to a file in memory that holds the bytes and that a program which is run finds as /dev/fd/N, so that nothing of it is left in
 * a folder, whatever becomes of us. To be closed; -1 after an error. */
enum status process_file(int *fd, const char *bytes, size_t length, struct error *err);

#endif
