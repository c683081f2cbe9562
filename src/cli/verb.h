/* The command line: one table of verbs, one table of options.
 *
 * A verb names its options by key; help, the man page and bash completion are all printed from
 * these tables (help.c), so they cannot disagree. A verb's `run` makes one request of app/ and
 * hands the answer to report/; it returns a status, and only main() turns that into an exit code.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "app/app.h"

#include <argp.h>

enum { OPERANDS_MAX = 4096, OUTPUTS_MAX = 8 };

/* Everything that a command line can say. */
struct invocation {
	const struct verb *verb;
	const char *operand[OPERANDS_MAX];
	int operand_count;
	bool json;
	struct app_match_request match; /* also holds the light of every verb that has one */
	const char *store;
	const char *name, *zone, *pigments, *site, *output_icc, *plot, *trial, *after, *batch;
	const char *client, *words; /* words: of a note or a consent */
	const char *output[OUTPUTS_MAX];
	int output_count;
	int rank;
	bool has_state;
	struct app_lot lot[APP_IDS_MAX];
	int lots;
	struct app_predict_request predict; /* doses, drawdown, thickness and ground */
	struct index_filter filter;         /* of `list` and `lots` */
	const char *format;                 /* of `help` */
};

/* What a verb prints; collected first, so that a refused request prints nothing. */
struct answer {
	struct text text;
	struct notes notes;
	enum status
		verdict; /* what the program ends with, after all is printed: an answer may be bad news */
};

struct verb {
	const char *name;
	const char *group;   /* what it is for: "Colour", "Recipes" … */
	const char *summary; /* one line */
	const char *operands;
	int least, most;     /* operands */
	const char *options; /* keys of option_table, as letters */
	const char *description;
	const char *example;
	enum status (*run)(struct answer *answer, struct invocation *call, struct error *err);
};

/* Around a request that searches: on a terminal a line on standard error of how far a search is, rewritten in
 * place, and Ctrl-C, which keeps the best so far; a second one ends the program as ever.
 *
 *	watch_begin(&watch, &request.watch);
 *	status = app_match(…, &request, …);
 *	watch_end(&watch);
 */
struct watch {
	int width; /* of the line that is shown; 0: none */
	bool began;
	struct sigaction before;
};
void watch_begin(struct watch *watch, struct app_watch *of_request);
void watch_end(struct watch *watch);

/* Takes the line away, before anything else is printed. */
void watch_hide(struct watch *watch);

/* The light and technique where none is named; compared by address to know whether one was. */
extern const char usual_illuminant[];
extern const char usual_technique[];

/* Ends with a NULL name. */
extern const struct verb verbs[];
const struct verb *verb_find(const char *name);

/* The option of a key; NULL where there is none. */
const struct argp_option *option_find(int key);

/* Parses argv[1..] for `call->verb`. Prints usage and exits (2) by itself where the line is wrong,
 * and help and exits (0) where that is asked for. */
void invocation_parse(struct invocation *call, int argc, char **argv);

enum status run_lab(struct answer *answer, struct invocation *call, struct error *err);
enum status run_read(struct answer *answer, struct invocation *call, struct error *err);
enum status run_de(struct answer *answer, struct invocation *call, struct error *err);
enum status run_capture(struct answer *answer, struct invocation *call, struct error *err);
enum status run_convert(struct answer *answer, struct invocation *call, struct error *err);
enum status run_predict(struct answer *answer, struct invocation *call, struct error *err);
enum status run_pigment(struct answer *answer, struct invocation *call, struct error *err);
enum status run_match(struct answer *answer, struct invocation *call, struct error *err);
/* `match` of many targets, and of a case file. */
enum status run_match_batch(struct answer *answer, struct invocation *call, struct error *err);
enum status run_match_case(struct answer *answer, struct invocation *call, struct error *err);
enum status run_plan(struct answer *answer, struct invocation *call, struct error *err);
enum status run_correct(struct answer *answer, struct invocation *call, struct error *err);
enum status run_treat(struct answer *answer, struct invocation *call, struct error *err);
enum status run_learn(struct answer *answer, struct invocation *call, struct error *err);
enum status run_save(struct answer *answer, struct invocation *call, struct error *err);
enum status run_list(struct answer *answer, struct invocation *call, struct error *err);
enum status run_history(struct answer *answer, struct invocation *call, struct error *err);
enum status run_store(struct answer *answer, struct invocation *call, struct error *err);
enum status run_diff(struct answer *answer, struct invocation *call, struct error *err);
enum status run_revert(struct answer *answer, struct invocation *call, struct error *err);
enum status run_nearest(struct answer *answer, struct invocation *call, struct error *err);
enum status run_lots(struct answer *answer, struct invocation *call, struct error *err);
enum status run_client(struct answer *answer, struct invocation *call, struct error *err);
enum status run_show(struct answer *answer, struct invocation *call, struct error *err);
enum status run_card(struct answer *answer, struct invocation *call, struct error *err);
enum status run_help(struct answer *answer, struct invocation *call, struct error *err);

#endif
