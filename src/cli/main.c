/* The command line's door: locale, verb, request, print, exit code. Nothing else in the program
 * prints or sets a locale. */
#include "base/version.h"
#include "cli/verb.h"
#include "report/ink.h"
#include "report/language.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Words follow the user's locale; numbers do not, or half of Europe would read 0.75 as 0
 * (LittleCMS, libconfig and strtod all obey LC_NUMERIC). report/language.h says where they do. */
static void set_locale(void)
{
	char path[BESIDE_PATH_SIZE];

	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	setlocale(LC_PAPER, "");
	if (find_beside(path, "locale", "../share/locale"))
		language_open(path);
}

/* A file opened later must not become a standard stream that the caller has closed. What is put there instead fails
 * as a closed one does: it is open the wrong way round. */
static void occupy_standard_streams(void)
{
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
		if (fcntl(stream, F_GETFD) < 0 &&
		    open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			abort();
}

static int exit_code(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return 0;
	case STATUS_REFUSED:
	case STATUS_NO_ANSWER:
		return 1;
	case STATUS_USAGE:
		return 2;
	case STATUS_ENVIRONMENT:
		return 3;
	}
	return 3;
}

static enum status print(const struct answer *answer, bool json, struct error *err)
{
	for (size_t i = 0; i < answer->notes.count && !json; i++)
		fprintf(stderr, "note: %s\n", answer->notes.line[i]);
	if (text_failed(&answer->text))
		return error_memory(err);
	if (answer->text.length &&
	    (fwrite(answer->text.data, 1, answer->text.length, stdout) != answer->text.length ||
	     fflush(stdout)))
		return error_set(err, STATUS_REFUSED, "standard output: %s", strerror(errno));
	return STATUS_OK;
}

/* Who types a reading is told how to end it. */
static void invite(const struct invocation *call)
{
	for (int i = 0; i < call->operand_count; i++)
		if (strcmp(call->operand[i], "-") == 0 && isatty(STDIN_FILENO))
			fprintf(stderr, "Type or paste a reading, such as “400 0.05” on each line; "
					"Ctrl-D on a new line ends it.\n");
}

static int run(struct invocation *call)
{
	struct answer answer = {.verdict = STATUS_OK};
	struct ink ink = {.screen = NULL};
	struct error err;
	enum status status;

	if (!call->json && terminal_shows_colours())
		answer.text.ink = &ink;
	invite(call);
	watch_store(call);
	status = call->verb->run(&answer, call, &err);
	if (ink.missed)
		notes_addf(&answer.notes,
			   "! beside a swatch: sRGB has no such colour, the nearest is shown");
	if (!status)
		status = print(&answer, call->json, &err);
	if (status)
		fprintf(stderr, FOLLITONE_PROGRAM ": %s\n", err.message);
	else
		status = answer.verdict;
	text_clear(&answer.text);
	notes_clear(&answer.notes);
	ink_clear(&ink);
	return exit_code(status);
}

/* `follitone --help` and `--version` as well as the verbs. */
static const struct verb *choose_verb(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts(FOLLITONE_PROGRAM " " FOLLITONE_VERSION);
		exit(0);
	}
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return verb_find("help");
	return argc > 1 ? verb_find(argv[1]) : NULL;
}

/* argp prints help and leaves by itself; a full disk must not look like success then either. */
static void close_output(void)
{
	if (fflush(stdout) || ferror(stdout))
		_exit(1);
}

int main(int argc, char **argv)
{
	static struct invocation call;

	occupy_standard_streams();
	set_locale();
	atexit(close_output);
	argp_err_exit_status = 2;
	call.verb = choose_verb(argc, argv);
	if (!call.verb) {
		fprintf(stderr, FOLLITONE_PROGRAM ": %s%s%s; `follitone help` lists the verbs\n",
			argc > 1 ? "no verb “" : "a verb is needed", argc > 1 ? argv[1] : "",
			argc > 1 ? "”" : "");
		return 2;
	}
	call.match.light = (struct app_light){usual_illuminant, "10"};
	call.match.technique = usual_technique;
	call.match.source.intent = INTENT_RELATIVE;
	call.match.top = 10;
	call.rank = 1;
	call.paper = usual_paper();
	call.seed = PREVIEW_SEED;
	call.within_days = -1;
	if (strcmp(argv[1], "--help"))
		invocation_parse(&call, argc - 1, argv + 1);
	return run(&call);
}
