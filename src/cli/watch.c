/* What is seen of a search that takes long: a line of how far it is, on a terminal, and Ctrl-C, which keeps
 * the best so far. */
#include "cli/verb.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A search of less than this says nothing. */
#define QUIET_SECONDS 0.5

/* Nor does reading a store, where at this time it is not to last another second. */
#define STORE_SECONDS 0.3

enum { USUAL_COLUMNS = 80 };

/* A signal's handler reaches nothing else. */
static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* Not before a search begins, so that Ctrl-C ends what is only read or typed. Once: the second one ends the
 * program. Where Ctrl-C is ignored, as in the background, it stays so. */
static void begin(void *data)
{
	struct watch *watch = data;
	struct sigaction keep = {.sa_handler = note_interrupt,
				 .sa_flags = SA_RESETHAND | SA_RESTART};

	if (watch->began || sigaction(SIGINT, NULL, &watch->before))
		return;
	watch->began = true;
	if (watch->before.sa_handler != SIG_IGN)
		sigaction(SIGINT, &keep, NULL);
}

static int columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
									       : USUAL_COLUMNS;
}

/* In full sentences, or short, where the terminal is narrow. */
static void describe(struct text *line, const struct search_progress *progress, bool in_full)
{
	if (!progress->proving)
		text_adds(line, in_full ? "looking for a good recipe" : "searching");
	else
		text_addf(line,
			  in_full ? "proving: %.0f %% of the sets of pigments closed"
				  : "proving %.0f %%",
			  floor(100.0 * progress->done_share));
	if (isfinite(progress->objective))
		text_addf(line, in_full ? ", best so far %.2f" : ", best %.2f",
			  progress->objective);
	else
		text_adds(line, ", nothing found yet");
	if (progress->bound > 0.0)
		text_addf(line, in_full ? ", nothing can be below %.2f" : ", least %.2f",
			  progress->bound);
	if (interrupted)
		text_adds(line, " (stopping)");
	else if (isfinite(progress->objective))
		text_adds(line,
			  in_full ? " (Ctrl-C keeps the best so far)" : " (Ctrl-C keeps the best)");
	else
		text_adds(line, " (Ctrl-C ends it)");
}

/* What fits of `count` characters. */
static int fitting(int count)
{
	int most = columns() - 1;

	return count < most ? count : most;
}

/* Over the line that is there; what a terminal shows of Ctrl-C by itself is two more. */
static void show(struct watch *watch, const char *line)
{
	int width = fitting((int)strlen(line)), old = fitting(watch->width + 2);

	fprintf(stderr, "\r%-*.*s", old > width ? old : width, width, line);
	watch->width = width;
}

void watch_hide(struct watch *watch)
{
	if (watch->width)
		fprintf(stderr, "\r%*s\r", fitting(watch->width + 2), "");
	watch->width = 0;
}

static void report(void *data, const struct search_progress *progress)
{
	struct text line = {0};

	if (progress->seconds < QUIET_SECONDS)
		return;
	describe(&line, progress, true);
	if (line.length >= (size_t)columns()) {
		text_clear(&line);
		describe(&line, progress, false);
	}
	if (!text_failed(&line))
		show(data, line.data);
	text_clear(&line);
}

void watch_begin(struct watch *watch, struct app_watch *of_request)
{
	*watch = (struct watch){.width = 0};
	interrupted = 0;
	*of_request = (struct app_watch){begin, isatty(STDERR_FILENO) ? report : NULL, watch,
					 &interrupted};
}

void watch_end(struct watch *watch)
{
	watch_hide(watch);
	if (watch->began)
		sigaction(SIGINT, &watch->before, NULL);
}

/* --- reading a store -------------------------------------------------------------------------- */

struct store_watch {
	struct watch watch;
	size_t percent; /* shown */
};

static void report_store(void *data, size_t done, size_t count, double seconds)
{
	struct store_watch *shown = data;
	size_t percent = 100 * done / count;
	char line[96];

	if (percent == shown->percent || seconds < STORE_SECONDS ||
	    (!shown->watch.width && seconds * (double)(count - done) < (double)done))
		return;
	snprintf(line, sizeof line, "reading the store: %zu %% of %zu versions", percent, count);
	show(&shown->watch, line);
	shown->percent = percent;
}

/* `store verify` compares the index as it is. */
static bool asks_store(const struct verb *verb)
{
	const enum option_key *option = verb->options;

	if (!option || verb->run == run_store)
		return false;
	while (*option != OPTION_NONE && *option != OPTION_STORE)
		option++;
	return *option == OPTION_STORE;
}

void watch_store(const struct invocation *call)
{
	struct store_watch shown = {.percent = 0};
	char folder[APP_PATH_SIZE];
	struct error unsaid;

	if (!isatty(STDERR_FILENO) || !asks_store(call->verb) ||
	    app_store_folder(folder, call->store, &unsaid))
		return;
	app_store_prepare(folder, &(struct index_watch){report_store, &shown});
	watch_hide(&shown.watch);
}
