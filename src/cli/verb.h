/* The command line: one table of verbs, one table of options.
 *
 * A verb names its options by key; help, the man page and bash completion are all printed from
 * these tables (help.c), so they cannot disagree. A verb's `run` makes one request of app/ and
 * hands the answer to report/; it returns a status, and only main() turns that into an exit code.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "app/exchange.h"
#include "report/card.h"

#include <argp.h>

enum { OPERANDS_MAX = 4096, OUTPUTS_MAX = 8, CARDS_MAX = 256, COPIES_MOST = 99 };

/* Every option; texts and arguments are in option_table (options.c). */
enum option_key {
	OPTION_NONE,
	OPTION_JSON,
	OPTION_ILLUMINANT,
	OPTION_OBSERVER,
	OPTION_SITE,
	OPTION_PLOT,
	OPTION_STORE,
	OPTION_OUTPUT,
	OPTION_NAME,
	OPTION_ZONE,
	OPTION_PIGMENTS,
	OPTION_SKIN,
	OPTION_HAIR,
	OPTION_FIELD,
	OPTION_PATCH,
	OPTION_SET,
	OPTION_DOSE,
	OPTION_DRAWDOWN,
	OPTION_THICKNESS_MM,
	OPTION_GROUND,
	OPTION_TARGET,
	OPTION_BATCH,
	OPTION_SPECULAR,
	OPTION_GEOMETRY,
	OPTION_APERTURE_MM,
	OPTION_MODE,
	OPTION_ALLOW_MIXED,
	OPTION_RGB,
	OPTION_REGION,
	OPTION_ICC,
	OPTION_OUTPUT_ICC,
	OPTION_INTENT,
	OPTION_TECHNIQUE,
	OPTION_STATE,
	OPTION_LOT_OF,
	OPTION_TRIAL,
	OPTION_AFTER,
	OPTION_LIGHTS,
	OPTION_LIGHTER,
	OPTION_MAX_PIGMENTS,
	OPTION_MAX_DROPS,
	OPTION_DILUENT_DROPS,
	OPTION_CUP_ML,
	OPTION_MAX_PIGMENT_ML,
	OPTION_TOP,
	OPTION_FORCE,
	OPTION_BAR,
	OPTION_BOUND,
	OPTION_STOCK,
	OPTION_RATIO,
	OPTION_PIGMENT_STEP,
	OPTION_PRICE_WEIGHT,
	OPTION_COARSE_WEIGHT,
	OPTION_VARY,
	OPTION_QUICK,
	OPTION_THREADS,
	OPTION_TIME_LIMIT,
	OPTION_TEXT,
	OPTION_PIGMENT,
	OPTION_LOT,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_ALL,
	OPTION_CLIENT,
	OPTION_WORDS,
	OPTION_NOTE,
	OPTION_SESSION,
	OPTION_DAY,
	OPTION_OPERATOR,
	OPTION_MIXED,
	OPTION_EXPIRY,
	OPTION_OPENED,
	OPTION_OVERRIDE_EXPIRED,
	OPTION_RECIPE,
	OPTION_WITHIN,
	OPTION_RANK,
	OPTION_FORMAT,
	OPTION_CLINIC,
	OPTION_WITH,
	OPTION_TRUST,
	OPTION_YES,
	OPTION_REMATCH,
	OPTION_QR,
	OPTION_PAPER,
	OPTION_ONLY_PIGMENT,
	OPTION_COPIES,
	OPTION_PRINT,
	OPTION_SEED,
	OPTION_PRINTER_PROFILE,
	OPTION_PATCHES,
	OPTION_COUNT
};

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
	const char *with, *trust, *qr;
	enum card_paper paper; /* that of a card where none is said */
	bool has_paper;
	const char *printer_profile;
	bool patches;        /* also on `card` */
	const char *pigment; /* of `chart` */
	int copies;          /* of each card; 0: not said */
	bool print;
	const char *printer; /* NULL: the usual one */
	bool yes, rematch;
	const char *recipe; /* of `lots` */
	int within_days;    /* -1: not said */
	const char *output[OUTPUTS_MAX];
	int output_count;
	int rank;
	unsigned seed; /* of `preview` */
	bool has_state;
	struct app_session session; /* its lots also those of `pigment check` */
	bool has_session;
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
	int least, most;                /* operands */
	const enum option_key *options; /* up to OPTION_NONE */
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

/* Before a request of a verb that has a store (--store), but not `store` itself: brings its index up to date, with a line of how far that
 * is where it takes a second and standard error is a terminal; elsewhere the request does it by itself. */
void watch_store(const struct invocation *call);

/* True where standard output is a terminal that says that it shows 24-bit colours (COLORTERM), and nobody has said that none are wanted
 * (NO_COLOR, https://no-color.org). */
bool terminal_shows_colours(void);

/* Takes the line away, before anything else is printed. */
void watch_hide(struct watch *watch);

/* Questions at the terminal (ask.c): about a clinic that is not known, NULL where nobody can be asked; and whether what is
 * shown may leave. */
typedef bool asker(char name[APP_ANSWER_SIZE], const struct public_key *key);
asker *ask_trust(void);
bool ask_leave(const struct app_leaving *leaving, int count);

/* Sets `path` to what belongs to the program: at `built` from its own folder, or at `installed`. */
enum { BESIDE_PATH_SIZE = 8192 };
bool find_beside(char path[BESIDE_PATH_SIZE], const char *built, const char *installed);

/* The paper where none is named: letter where the user's locale (LC_PAPER) has that, else A5. */
enum card_paper usual_paper(void);

/* Of pages rather than cards: what was said, else A4, or letter where that is usual. */
enum card_paper page_paper(const struct invocation *call);

enum { ZONE_PATH_SIZE = 4096 };

/* The light and technique where none is named; compared by address to know whether one was. */
extern const char usual_illuminant[];
extern const char usual_technique[];

/* Ends with a NULL name. */
extern const struct verb verbs[];
const struct verb *verb_find(const char *name);

/* What option_table says of it. */
const struct argp_option *option_find(enum option_key key);

/* Parses argv[1..] for `call->verb`. Prints usage and exits (2) by itself where the line is wrong,
 * and help and exits (0) where that is asked for. */
void invocation_parse(struct invocation *call, int argc, char **argv);

/* The words of an option; of '-' those of standard input, which no list of processes and no history of a shell keeps. To be
 * cleared. */
enum status words_take(struct text *words, const char *said, struct error *err);

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
enum status run_export(struct answer *answer, struct invocation *call, struct error *err);
enum status run_import(struct answer *answer, struct invocation *call, struct error *err);
enum status run_share(struct answer *answer, struct invocation *call, struct error *err);
enum status run_sync(struct answer *answer, struct invocation *call, struct error *err);
enum status run_clinic(struct answer *answer, struct invocation *call, struct error *err);
enum status run_show(struct answer *answer, struct invocation *call, struct error *err);
enum status run_card(struct answer *answer, struct invocation *call, struct error *err);
enum status run_patches(struct answer *answer, struct invocation *call, struct error *err);
enum status run_chart(struct answer *answer, struct invocation *call, struct error *err);
enum status run_report(struct answer *answer, struct invocation *call, struct error *err);
enum status run_preview(struct answer *answer, struct invocation *call, struct error *err);
enum status run_help(struct answer *answer, struct invocation *call, struct error *err);

#endif
