/* One table of options; a verb takes those that stand in its `options`. argp parses. */
#include "cli/verb.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "base/version.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option option_table[] = {
	{"json", OPTION_JSON, NULL, 0, "print one JSON document", 0},
	{"illuminant", OPTION_ILLUMINANT, "NAME|CCT|FILE", 0,
	 "light: D65 (default), A, C, D50, F11, LED-B3, 5300K, a CSV or .sp", 0},
	{"observer", OPTION_OBSERVER, "2|10", 0,
	 "CIE 1931 (2) or 1964 (10, default) standard observer", 0},
	{"site", OPTION_SITE, "skin|hair|field", 0, "what was measured", 0},
	{"plot", OPTION_PLOT, "FILE", 0, "draw the spectra into FILE: .pdf, .png or .svg", 0},
	{"store", OPTION_STORE, "FOLDER", 0,
	 "store of recipes, instead of $FOLLITONE_STORE or the usual place", 0},
	{"output", OPTION_OUTPUT, "FILE", 0, "write to FILE", 0},
	{"name", OPTION_NAME, "TEXT", 0, "name of the recipe", 0},
	{"zone", OPTION_ZONE, "TEXT", 0, "zone of the scalp", 0},
	{"pigments", OPTION_PIGMENTS, "LINE", 0, "pigment line: a name such as example, or a file",
	 0},
	{"skin", OPTION_SKIN, "FILE", 0, "reading of bare skin in the zone", 0},
	{"hair", OPTION_HAIR, "FILE", 0, "reading of a lock of clipped hair", 0},
	{"field", OPTION_FIELD, "FILE", 0,
	 "reading of the shaved zone with its follicles, instead of --hair", 0},
	{"patch", OPTION_PATCH, "FILE", 0,
	 "reading of the patch as earlier sessions left it: dots are added to it", 0},
	{"set", OPTION_SET, "KEY=VALUE", 0,
	 "a parameter of the technique for this client, such as depth_mm=0.3; repeated", 0},
	{"dose", OPTION_DOSE, "ID=AMOUNT", 0,
	 "an amount of a pigment, in the line's unit; repeated", 0},
	{"drawdown", OPTION_DRAWDOWN, NULL, 0,
	 "as a drawdown: opaque, or a film with --thickness-mm", 0},
	{"thickness-mm", OPTION_THICKNESS_MM, "MM", 0, "of a film over --ground", 0},
	{"ground", OPTION_GROUND, "FILE", 0, "reading of what a film lies on", 0},
	{"target", OPTION_TARGET, "FILE|L,a,b", 0, "a colour to match as an opaque drawdown", 0},
	{"batch", OPTION_BATCH, "FILE", 0,
	 "every reading of FILE is a target: a line of its best recipe as each is done", 0},
	{"specular", OPTION_SPECULAR, "included|excluded", 0,
	 "of files with both, take such readings; others are taken as such", 0},
	{"geometry", OPTION_GEOMETRY, "TEXT", 0, "45:0, d:8 …, where a file does not say", 0},
	{"aperture-mm", OPTION_APERTURE_MM, "MM", 0, "of the instrument, where a file does not say",
	 0},
	{"mode", OPTION_MODE, "M0|M1|M2|M3", 0, "of measuring, where a file does not say", 0},
	{"allow-mixed", OPTION_ALLOW_MIXED, NULL, 0,
	 "take readings that were not taken alike (specular, geometry, aperture)", 0},
	{"rgb", OPTION_RGB, "R,G,B", 0,
	 "values of a camera, scanner or screen, 0 to 255; may be repeated", 0},
	{"region", OPTION_REGION, "X,Y,W,H", 0, "part of a picture, in pixels (default: all of it)",
	 0},
	{"icc", OPTION_ICC, "FILE|sRGB", 0,
	 "profile of the device that a picture or an RGB is from, instead of the embedded one", 0},
	{"output-icc", OPTION_OUTPUT_ICC, "FILE|sRGB", 0,
	 "also the values that a display or printer needs", 0},
	{"intent", OPTION_INTENT, "NAME", 0,
	 "perceptual, relative (default), saturation or absolute: how profiles are used", 0},
	{"technique", OPTION_TECHNIQUE, "NAME|FILE", 0, "technique preset (default: standard)", 0},
	{"state", OPTION_STATE, "fresh|day7|healed", 0,
	 "of the dots that must match, or that were read (default: healed)", 0},
	{"lot", OPTION_LOT_OF, "ID=LOT", 0, "the lot of a bottle in hand; may be repeated", 0},
	{"trial", OPTION_TRIAL, "FILE", 0,
	 "reading of what was mixed: a drawdown, or the treated patch", 0},
	{"after", OPTION_AFTER, "FILE", 0, "reading of the treated patch", 0},
	{"lights", OPTION_LIGHTS, "NAME:W,...", 0,
	 "lights and weights, the main one first (default: the illuminant:1,A:0.3,LED-B3:0.3)", 0},
	{"lighter", OPTION_LIGHTER, "W", 0,
	 "weight on a recipe that is darker than wanted (default: 0)", 0},
	{"max-pigments", OPTION_MAX_PIGMENTS, "N", 0, "pigments in a recipe, 1 to 4 (default: 3)",
	 0},
	{"max-drops", OPTION_MAX_DROPS, "N", 0, "pigment drops in all, 1 to 100 (default: 12)", 0},
	{"diluent-drops", OPTION_DILUENT_DROPS, "MIN:MAX[:STEP]", 0, "diluent (default: 0:200:5)",
	 0},
	{"cup-ml", OPTION_CUP_ML, "ML", 0, "volume of the cup (default: 15)", 0},
	{"max-pigment-ml", OPTION_MAX_PIGMENT_ML, "ML", 0, "pigment in a cup (default: no limit)",
	 0},
	{"top", OPTION_TOP, "K", 0, "recipes in the list, 1 to 100 (default: 10)", 0},
	{"force", OPTION_FORCE, "ID", 0, "use this pigment; may be repeated", 0},
	{"bar", OPTION_BAR, "ID", 0, "do not use this pigment; may be repeated", 0},
	{"bound", OPTION_BOUND, "ID=MIN:MAX", 0,
	 "drops of this pigment; MIN above 0 forces it; may be repeated", 0},
	{"stock", OPTION_STOCK, "ID=ML", 0,
	 "no more of this pigment than there is; may be repeated", 0},
	{"ratio", OPTION_RATIO, "ID:ID=N:N", 0,
	 "use these two pigments in this ratio of drops or not at all; may be repeated", 0},
	{"pigment-step", OPTION_PIGMENT_STEP, "N", 0,
	 "drops of each pigment in steps of N (default: 1)", 0},
	{"price-weight", OPTION_PRICE_WEIGHT, "W", 0,
	 "weight on the price of the pigment in the mix (default: 0)", 0},
	{"coarse-weight", OPTION_COARSE_WEIGHT, "W", 0,
	 "weight on half a drop of the smallest dose, as a share of it (default: 0)", 0},
	{"vary", OPTION_VARY, "pigments|darkness|sturdiness", OPTION_ARG_OPTIONAL,
	 "a list that differs: the best of each set of pigments (default), of each step of 1 in L* "
	 "from the required colour, or of each size of the smallest dose",
	 0},
	{"quick", OPTION_QUICK, NULL, 0, "the fast answer, without the proof that it is the best",
	 0},
	{"threads", OPTION_THREADS, "N", 0, "processors to use (default: all)", 0},
	{"time-limit", OPTION_TIME_LIMIT, "S", 0,
	 "stop after S seconds, a search with the best so far (an instrument: 60)", 0},
	{"text", OPTION_TEXT, "WORDS", 0, "with these words in name, zone, notes or pigments", 0},
	{"pigment", OPTION_PIGMENT, "ID|NAME", 0, "with this pigment: its id, or part of its name",
	 0},
	{"lot", OPTION_LOT, "LOT", 0, "with a bottle of this lot", 0},
	{"since", OPTION_SINCE, "DAY", 0, "saved on or after this day, such as 2026-11-25", 0},
	{"until", OPTION_UNTIL, "DAY", 0,
	 "saved (or, of lots, to be used up) on or before this day", 0},
	{"all", OPTION_ALL, NULL, 0, "every version, not the newest of each recipe only", 0},
	{"client", OPTION_CLIENT, "CODE", 0,
	 "a client's code: what is linked, or is to be linked, to it; or that is to stand there",
	 0},
	{"text", OPTION_WORDS, "TEXT", 0, "of the note or the consent; '-': standard input", 0},
	{"note", OPTION_NOTE, "TEXT", 0,
	 "to be sealed in the recipe for --client alone; '-': standard input", 0},
	{"session", OPTION_SESSION, "K", 0, "which session of the course, 1 to 1000", 0},
	{"day", OPTION_DAY, "DAY", 0, "of the session, such as 2026-11-25 (default: today)", 0},
	{"operator", OPTION_OPERATOR, "CODE", 0,
	 "who mixed and treated: a code, never a name or a client's code", 0},
	{"mixed", OPTION_MIXED, "ID=DROPS", 0,
	 "what was really put in of a bottle; may be repeated", 0},
	{"expiry", OPTION_EXPIRY, "ID=DAY", 0, "of a bottle in hand; may be repeated", 0},
	{"opened", OPTION_OPENED, "ID=DAY", 0, "when a bottle was opened; may be repeated", 0},
	{"override-expired", OPTION_OVERRIDE_EXPIRED, "REASON", 0,
	 "why a bottle was used that had expired; is kept", 0},
	{"recipe", OPTION_RECIPE, "RECIPE[@VERSION]", 0, "what was used in sessions of it", 0},
	{"within", OPTION_WITHIN, "DAYS", 0, "what expires from today until so many days from now",
	 0},
	{"rank", OPTION_RANK, "K", 0, "which recipe of the list -o writes (default: 1)", 0},
	{"format", OPTION_FORMAT, "words|man|bash", 0,
	 "help as words, as a man page source (scdoc), as bash completion", 0},
	{"clinic", OPTION_CLINIC, "NAME|own", 0, "shared by this clinic, or one's own", 0},
	{"with", OPTION_WITH, "WORDS", 0,
	 "what else may leave: zone, notes, names (of readings), sessions; with commas between", 0},
	{"trust", OPTION_TRUST, "FINGERPRINT", 0,
	 "trust the clinic of this fingerprint (or of these words) from now on", 0},
	{"yes", OPTION_YES, NULL, 0, "share what is shown without being asked", 0},
	{"printer-profile", OPTION_PRINTER_PROFILE, "FILE.icc", 0,
	 "a proof for this printer: says and marks what it cannot print", 0},
	{"patches", OPTION_PATCHES, NULL, 0,
	 "with a last page of control patches, to measure the printer by `follitone patches`", 0},
	{"paper", OPTION_PAPER, "SIZE", 0,
	 "a4, a5, a6, letter or label (default: letter where the locale has that, else a5, and a4 "
	 "of a chart or a report)",
	 0},
	{"pigment", OPTION_ONLY_PIGMENT, "ID", 0, "this pigment alone (default: a page for each)",
	 0},
	{"copies", OPTION_COPIES, "N", 0, "of each card, 1 to 99 (default: 1)", 0},
	{"print", OPTION_PRINT, "PRINTER", OPTION_ARG_OPTIONAL,
	 "print it, on the usual printer or on this one", 0},
	{"seed", OPTION_SEED, "N", 0,
	 "of the places of dots and follicles: another N, other places (default: 1)", 0},
	{"rematch", OPTION_REMATCH, NULL, 0,
	 "find a recipe for the pigments of --pigments that copies its colour", 0},
	{"qr", OPTION_QR, "PICTURE", 0, "the recipe of the code in a picture of its card", 0},
	{0},
};

const char usual_illuminant[] = "D65";
const char usual_technique[] = "standard";

const struct argp_option *option_find(enum option_key key)
{
	for (const struct argp_option *option = option_table; option->name; option++)
		if (option->key == (int)key)
			return option;
	return NULL;
}

/* What was typed may hold anything; an error is one line. */
__attribute__((format(printf, 2, 3), noreturn)) static void misuse(struct argp_state *state,
								   const char *format, ...)
{
	va_list arguments;
	char line[512];

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	text_make_printable(line);
	argp_error(state, "%s", line);
	__builtin_unreachable(); /* argp_error ends the program */
}

static double number_of(const char *argument, double least, double most, const char *name,
			struct argp_state *state)
{
	double value;

	if (!number_read(&value, argument) || value < least || value > most)
		misuse(state, "--%s %s: a number from %g to %g is needed", name, argument, least,
		       most);
	return value;
}

static int integer_of(const char *argument, int least, int most, const char *name,
		      struct argp_state *state)
{
	int value;

	if (!number_read_integer(&value, argument) || value < least || value > most)
		misuse(state, "--%s %s: a whole number from %d to %d is needed", name, argument,
		       least, most);
	return value;
}

/* "10:200:5" into three numbers; the step may be left out. */
static void take_diluent(struct app_match_request *match, char *argument, struct argp_state *state)
{
	char *most = strchr(argument, ':'), *step = most ? strchr(most + 1, ':') : NULL;

	if (!most)
		misuse(state, "--diluent-drops %s: MIN:MAX or MIN:MAX:STEP is needed", argument);
	*most++ = 0;
	if (step)
		*step++ = 0;
	match->diluent_min = integer_of(argument, 0, SEARCH_DILUENT_MAX, "diluent-drops", state);
	match->diluent_max =
		integer_of(most, match->diluent_min, SEARCH_DILUENT_MAX, "diluent-drops", state);
	match->diluent_step =
		step ? integer_of(step, 1, SEARCH_DILUENT_MAX, "diluent-drops", state) : 1;
}

static void take_lights(struct app_match_request *match, char *argument, struct argp_state *state)
{
	char *rest = argument, *entry;

	match->light_count = 0;
	while ((entry = strsep(&rest, ","))) {
		struct app_weighted_light *light;
		char *colon = strrchr(entry, ':');

		if (match->light_count == SEARCH_LIGHTS_MAX)
			misuse(state, "--lights: at most %d lights", SEARCH_LIGHTS_MAX);
		if (!colon || colon == entry)
			misuse(state, "--lights %s: NAME:WEIGHT,NAME:WEIGHT… is needed", entry);
		*colon = 0;
		light = &match->lights[match->light_count];
		light->name = entry;
		light->weight = number_of(colon + 1, 0.0, 1000.0, "lights", state);
		match->light_count++;
	}
}

/* "black:umber=1:3" */
static void take_ratio(struct app_match_request *match, char *argument, struct argp_state *state)
{
	struct app_ratio *ratio = &match->ratio[match->ratio_count];
	char *equals = strchr(argument, '='), *second = strchr(argument, ':');
	char *parts = equals ? strchr(equals, ':') : NULL;

	if (match->ratio_count == SEARCH_RATIOS_MAX || !parts || !second || second > equals ||
	    second - argument >= PIGMENT_ID_SIZE || equals - second > PIGMENT_ID_SIZE)
		misuse(state, "--ratio %s: ID:ID=N:N is needed, at most %d times", argument,
		       SEARCH_RATIOS_MAX);
	*second++ = 0;
	*equals++ = 0;
	*parts++ = 0;
	text_copy(ratio->id[0], sizeof ratio->id[0], argument);
	text_copy(ratio->id[1], sizeof ratio->id[1], second);
	ratio->parts[0] = integer_of(equals, 1, SEARCH_DROPS_MAX, "ratio", state);
	ratio->parts[1] = integer_of(parts, 1, SEARCH_DROPS_MAX, "ratio", state);
	match->ratio_count++;
}

/* "white=2.5" */
static void take_stock(struct app_match_request *match, char *argument, struct argp_state *state)
{
	char *ml = strchr(argument, '=');

	if (!ml || ml == argument || match->stock_count == APP_IDS_MAX)
		misuse(state, "--stock %s: ID=ML is needed, at most %d times", argument,
		       APP_IDS_MAX);
	*ml++ = 0;
	match->stock[match->stock_count].id = argument;
	match->stock[match->stock_count].amount = number_of(ml, 0.0, 1e6, "stock", state);
	match->stock_count++;
}

static void take_bound(struct app_match_request *match, char *argument, struct argp_state *state)
{
	struct app_bound *bound = &match->bound[match->bound_count];
	char *least = strchr(argument, '='), *most = least ? strchr(least, ':') : NULL;

	if (!most || least - argument >= PIGMENT_ID_SIZE || match->bound_count == APP_IDS_MAX)
		misuse(state, "--bound %s: ID=MIN:MAX is needed, at most %d times", argument,
		       APP_IDS_MAX);
	*least++ = 0;
	*most++ = 0;
	text_copy(bound->id, sizeof bound->id, argument);
	bound->least = integer_of(least, 0, SEARCH_DROPS_MAX, "bound", state);
	bound->most = integer_of(most, bound->least, SEARCH_DROPS_MAX, "bound", state);
	match->bound_count++;
}

/* "07H=0.40" */
static void take_dose(struct app_predict_request *predict, char *argument, struct argp_state *state)
{
	char *amount = strchr(argument, '=');

	if (!amount || amount == argument)
		misuse(state, "--dose %s: ID=AMOUNT is needed", argument);
	if (predict->dose_count == APP_IDS_MAX)
		misuse(state, "--dose: at most %d times", APP_IDS_MAX);
	*amount++ = 0;
	predict->dose[predict->dose_count].id = argument;
	predict->dose[predict->dose_count].amount = number_of(amount, 0.0, 1e6, "dose", state);
	predict->dose_count++;
}

/* "carbon-black=L7" into its two halves. */
static const char *split_stated(char *argument, const char *option, const char *what,
				struct argp_state *state)
{
	char *value = strchr(argument, '=');

	if (!value || value == argument || !value[1])
		misuse(state, "--%s %s: ID=%s is needed", option, argument, what);
	*value++ = 0;
	return value;
}

static void take_stated(struct app_stated_list *list, char *argument, const char *option,
			const char *what, struct argp_state *state)
{
	const char *value = split_stated(argument, option, what, state);

	if (list->count == APP_IDS_MAX)
		misuse(state, "--%s: at most %d times", option, APP_IDS_MAX);
	if (!text_printable(value))
		misuse(state, "--%s %s: what has no control characters is needed", option,
		       argument);
	for (int i = 0; i < list->count; i++)
		if (strcmp(list->item[i].id, argument) == 0)
			misuse(state, "--%s %s: it is said twice", option, argument);
	list->item[list->count++] = (struct app_stated){argument, value};
}

/* "carbon-black=4" */
static void take_mixed(struct app_session *session, char *argument, struct argp_state *state)
{
	const char *drops = split_stated(argument, "mixed", "DROPS", state);

	if (session->mixed_count == APP_IDS_MAX)
		misuse(state, "--mixed: at most %d times", APP_IDS_MAX);
	for (int i = 0; i < session->mixed_count; i++)
		if (strcmp(session->mixed[i].id, argument) == 0)
			misuse(state, "--mixed %s: it is said twice", argument);
	session->mixed[session->mixed_count++] = (struct app_dose){
		argument, integer_of(drops, 0, RECIPE_DROPS_MOST, "mixed", state)};
}

/* "depth_mm=0.3" */
static void take_setting(struct app_match_request *match, char *argument, struct argp_state *state)
{
	char *value = strchr(argument, '='), name[64];
	int key = 0;

	if (!value || value == argument)
		misuse(state, "--set %s: KEY=VALUE is needed", argument);
	*value++ = 0;
	while (key < TECHNIQUE_KEYS && strcmp(argument, technique_parameters[key].name))
		key++;
	if (key == TECHNIQUE_KEYS)
		misuse(state, "--set %s: no parameter of a technique is called so", argument);
	for (int i = 0; i < match->setting_count; i++)
		if (match->setting[i].key == (enum technique_key)key)
			misuse(state, "--set %s: it is set twice", argument);
	snprintf(name, sizeof name, "set %s =", argument);
	match->setting[match->setting_count++] =
		(struct app_setting){key, number_of(value, technique_parameters[key].least,
						    technique_parameters[key].most, name, state)};
}

static enum search_vary vary_of(const char *argument, struct argp_state *state)
{
	for (int i = VARY_PIGMENTS; argument && i < VARIES; i++)
		if (strcmp(argument, search_vary_names[i]) == 0)
			return i;
	if (argument)
		misuse(state, "--vary=%s: pigments, darkness or sturdiness is needed", argument);
	return VARY_PIGMENTS;
}

enum card_paper usual_paper(void)
{
	const int letter_mm = 216; /* glibc's en_US has 216 by 279 */
	union {
		const char *as_text;
		int mm;
	} width = {nl_langinfo(_NL_PAPER_WIDTH)};

	return width.mm == letter_mm ? PAPER_LETTER : PAPER_A5;
}

enum card_paper page_paper(const struct invocation *call)
{
	return call->has_paper || call->paper == PAPER_LETTER ? call->paper : PAPER_A4;
}

static enum card_paper paper_of(const char *argument, struct argp_state *state)
{
	for (int i = 0; i < PAPERS; i++)
		if (text_same(argument, card_paper_names[i]))
			return i;
	misuse(state, "--paper %s: a4, a5, a6, letter or label is needed", argument);
	return PAPER_A5;
}

static enum rendering_intent intent_of(const char *argument, struct argp_state *state)
{
	for (int i = 0; i < INTENTS; i++)
		if (strcmp(argument, rendering_intent_names[i]) == 0)
			return i;
	misuse(state, "--intent %s: perceptual, relative, saturation or absolute is needed",
	       argument);
	return INTENT_RELATIVE;
}

/* What is said of samples; true where `key` was one of these. */
static bool take_source_option(struct app_source *source, int key, char *argument,
			       struct argp_state *state)
{
	switch (key) {
	case OPTION_SPECULAR:
		if (strcmp(argument, "included") && strcmp(argument, "excluded"))
			misuse(state, "--specular %s: included or excluded is needed", argument);
		source->stated.specular = *argument == 'i' ? SPECULAR_INCLUDED : SPECULAR_EXCLUDED;
		return true;
	case OPTION_GEOMETRY:
		if (!text_printable(argument) || strlen(argument) >= sizeof source->stated.geometry)
			misuse(state, "--geometry %s: such as 45:0 or d:8 is needed", argument);
		text_copy(source->stated.geometry, sizeof source->stated.geometry, argument);
		return true;
	case OPTION_APERTURE_MM:
		source->stated.aperture_mm = number_of(argument, 0.1, 1000.0, "aperture-mm", state);
		return true;
	case OPTION_MODE:
		if (*argument != 'M' || !strchr("0123", argument[1]) || strlen(argument) != 2)
			misuse(state, "--mode %s: M0, M1, M2 or M3 is needed", argument);
		text_copy(source->stated.mode, sizeof source->stated.mode, argument);
		return true;
	case OPTION_RGB:
		if (source->rgb_count == APP_RGB_MAX)
			misuse(state, "--rgb: at most %d times", APP_RGB_MAX);
		source->rgb[source->rgb_count++] = argument;
		return true;
	case OPTION_REGION:
		source->region = argument;
		return true;
	case OPTION_ICC:
		source->icc = argument;
		return true;
	case OPTION_INTENT:
		source->intent = intent_of(argument, state);
		return true;
	default:
		return false;
	}
}

static void take_id(const char **list, int *count, const char *id, struct argp_state *state)
{
	if (*count == APP_IDS_MAX)
		misuse(state, "at most %d pigments can be named", APP_IDS_MAX);
	list[(*count)++] = id;
}

static bool take_match_option(struct app_match_request *match, int key, char *argument,
			      struct argp_state *state)
{
	switch (key) {
	case OPTION_SET:
		take_setting(match, argument, state);
		return true;
	case OPTION_STATE:
		if (!healing_state_read(&match->state, argument))
			misuse(state, "--state %s: fresh, day7 or healed is needed", argument);
		return true;
	case OPTION_LIGHTS:
		take_lights(match, argument, state);
		return true;
	case OPTION_DILUENT_DROPS:
		take_diluent(match, argument, state);
		return true;
	case OPTION_FORCE:
		take_id(match->forced, &match->forced_count, argument, state);
		return true;
	case OPTION_BAR:
		take_id(match->barred, &match->barred_count, argument, state);
		return true;
	case OPTION_BOUND:
		take_bound(match, argument, state);
		return true;
	case OPTION_STOCK:
		take_stock(match, argument, state);
		return true;
	case OPTION_RATIO:
		take_ratio(match, argument, state);
		return true;
	case OPTION_VARY:
		match->vary = vary_of(argument, state);
		return true;
	default:
		return false;
	}
}

static const char *day_of(const char *argument, const char *option, struct argp_state *state)
{
	if (!clock_day_valid(argument))
		misuse(state, "--%s %s: a day such as 2026-11-25 is needed", option, argument);
	return argument;
}

/* What is said of a session; true where `key` was one of these. */
static bool take_session_option(struct app_session *session, int key, char *argument,
				struct argp_state *state)
{
	switch (key) {
	case OPTION_SESSION:
		session->number =
			integer_of(argument, 1, RECIPE_SESSION_NUMBER_MOST, "session", state);
		return true;
	case OPTION_DAY:
		session->day = day_of(argument, "day", state);
		return true;
	case OPTION_OPERATOR:
		session->operator_code = argument;
		return true;
	case OPTION_MIXED:
		take_mixed(session, argument, state);
		return true;
	case OPTION_LOT_OF:
		take_stated(&session->lots, argument, "lot", "LOT", state);
		return true;
	case OPTION_EXPIRY:
		take_stated(&session->expiries, argument, "expiry", "DAY", state);
		return true;
	case OPTION_OPENED:
		take_stated(&session->openings, argument, "opened", "DAY", state);
		return true;
	case OPTION_OVERRIDE_EXPIRED:
		session->override_expired = argument;
		return true;
	default:
		return false;
	}
}

/* --- options whose argument is kept as it is, or is a number within limits ------------------------------- */

static const struct plain_option {
	enum option_key key;
	enum { PLAIN_TEXT, PLAIN_FLAG, PLAIN_INTEGER, PLAIN_NUMBER } kind;
	size_t place; /* in an invocation */
	double least, most;
} plain_options[] = {
#define TEXT(key, field)                                                                           \
	{                                                                                          \
		OPTION_##key, PLAIN_TEXT, offsetof(struct invocation, field), 0, 0                 \
	}
#define FLAG(key, field)                                                                           \
	{                                                                                          \
		OPTION_##key, PLAIN_FLAG, offsetof(struct invocation, field), 0, 0                 \
	}
#define INTEGER(key, field, least, most)                                                           \
	{                                                                                          \
		OPTION_##key, PLAIN_INTEGER, offsetof(struct invocation, field), least, most       \
	}
#define NUMBER(key, field, least, most)                                                            \
	{                                                                                          \
		OPTION_##key, PLAIN_NUMBER, offsetof(struct invocation, field), least, most        \
	}
	TEXT(ILLUMINANT, match.light.illuminant),
	TEXT(SKIN, match.reading[ROLE_SKIN]),
	TEXT(HAIR, match.reading[ROLE_HAIR]),
	TEXT(FIELD, match.reading[ROLE_FIELD]),
	TEXT(PATCH, match.reading[ROLE_PATCH]),
	TEXT(TARGET, match.reading[ROLE_TARGET]),
	TEXT(TECHNIQUE, match.technique),
	TEXT(STORE, store),
	TEXT(PLOT, plot),
	TEXT(TEXT, filter.text),
	TEXT(PIGMENT, filter.pigment),
	TEXT(LOT, filter.lot),
	TEXT(CLINIC, filter.clinic),
	TEXT(CLIENT, client),
	TEXT(WORDS, words),
	TEXT(NOTE, words),
	TEXT(WITH, with),
	TEXT(TRUST, trust),
	TEXT(ONLY_PIGMENT, pigment),
	TEXT(QR, qr),
	TEXT(PRINTER_PROFILE, printer_profile),
	TEXT(RECIPE, recipe),
	TEXT(BATCH, batch),
	TEXT(TRIAL, trial),
	TEXT(AFTER, after),
	TEXT(GROUND, predict.ground),
	TEXT(OUTPUT_ICC, output_icc),
	TEXT(NAME, name),
	TEXT(ZONE, zone),
	TEXT(PIGMENTS, pigments),
	TEXT(FORMAT, format),
	FLAG(JSON, json),
	FLAG(ALLOW_MIXED, match.mixed),
	FLAG(QUICK, match.quick),
	FLAG(ALL, filter.all),
	FLAG(YES, yes),
	FLAG(PATCHES, patches),
	FLAG(REMATCH, rematch),
	FLAG(DRAWDOWN, predict.drawdown),
	INTEGER(MAX_PIGMENTS, match.pigments_max, 1, SEARCH_PIGMENTS_MAX),
	INTEGER(MAX_DROPS, match.drops_max, 1, SEARCH_DROPS_MAX),
	INTEGER(TOP, match.top, 1, SEARCH_TOP_MAX),
	INTEGER(PIGMENT_STEP, match.pigment_step, 1, SEARCH_DROPS_MAX),
	INTEGER(THREADS, match.threads, 1, 256),
	INTEGER(COPIES, copies, 1, COPIES_MOST),
	INTEGER(WITHIN, within_days, 0, 36525),
	INTEGER(RANK, rank, 1, SEARCH_TOP_MAX),
	NUMBER(LIGHTER, match.lighter, 0.0, 1000.0),
	NUMBER(CUP_ML, match.cup_ml, 0.01, 1000.0),
	NUMBER(MAX_PIGMENT_ML, match.pigment_ml_max, 0.01, 1000.0),
	NUMBER(PRICE_WEIGHT, match.price_weight, 0.0, 1000.0),
	NUMBER(COARSE_WEIGHT, match.coarse_weight, 0.0, 1000.0),
	NUMBER(TIME_LIMIT, match.time_limit_s, 0.001, 1e6),
	NUMBER(THICKNESS_MM, predict.thickness_mm, 1e-4, 100.0),
#undef TEXT
#undef FLAG
#undef INTEGER
#undef NUMBER
};

static void keep_plain(struct invocation *call, const struct plain_option *option,
		       const char *argument, struct argp_state *state)
{
	const char *name = option_find(option->key)->name;
	void *place = (char *)call + option->place;

	switch (option->kind) {
	case PLAIN_TEXT:
		*(const char **)place = argument;
		break;
	case PLAIN_FLAG:
		*(bool *)place = true;
		break;
	case PLAIN_INTEGER:
		*(int *)place =
			integer_of(argument, (int)option->least, (int)option->most, name, state);
		break;
	case PLAIN_NUMBER:
		*(double *)place = number_of(argument, option->least, option->most, name, state);
		break;
	}
}

static bool take_plain_option(struct invocation *call, int key, const char *argument,
			      struct argp_state *state)
{
	for (size_t i = 0; i < sizeof plain_options / sizeof *plain_options; i++)
		if ((int)plain_options[i].key == key) {
			keep_plain(call, &plain_options[i], argument, state);
			return true;
		}
	return false;
}

static void check_operands(const struct invocation *call, struct argp_state *state)
{
	const struct verb *verb = call->verb;

	if (call->operand_count < verb->least)
		misuse(state, "%s is needed", verb->operands);
	if (call->operand_count > verb->most)
		misuse(state, verb->most ? "too much: “%s”" : "nothing is allowed here: “%s”",
		       call->operand[verb->most]);
}

/* One case for each option that is more than kept. */
static error_t take_option(int key, char *argument, struct argp_state *state)
{
	struct invocation *call = state->input;

	switch (key) {
	case OPTION_OBSERVER:
		if (strcmp(argument, "2") && strcmp(argument, "10"))
			misuse(state, "--observer %s: 2 or 10 is needed", argument);
		call->match.light.observer = argument;
		return 0;
	case OPTION_OUTPUT:
		if (call->output_count == OUTPUTS_MAX)
			misuse(state, "--output: at most %d files", OUTPUTS_MAX);
		call->output[call->output_count++] = argument;
		return 0;
	case OPTION_SITE:
		if (strcmp(argument, "skin") && strcmp(argument, "hair") &&
		    strcmp(argument, "field"))
			misuse(state, "--site %s: skin, hair or field is needed", argument);
		call->site = argument;
		return 0;
	case OPTION_SINCE:
		call->filter.since = day_of(argument, "since", state);
		return 0;
	case OPTION_UNTIL:
		call->filter.until = day_of(argument, "until", state);
		return 0;
	case OPTION_PAPER:
		call->paper = paper_of(argument, state);
		call->has_paper = true;
		return 0;
	case OPTION_PRINT:
		call->print = true;
		call->printer = argument;
		if (argument && (!*argument || *argument == '-'))
			misuse(state, "--print=%s: the name of a printer is needed", argument);
		return 0;
	case OPTION_STATE:
		call->has_state = true;
		return take_match_option(&call->match, key, argument, state) ? 0 : ARGP_ERR_UNKNOWN;
	case OPTION_DOSE:
		take_dose(&call->predict, argument, state);
		return 0;
	case OPTION_SEED:
		call->seed = (unsigned)integer_of(argument, 0, INT_MAX, "seed", state);
		return 0;
	case ARGP_KEY_ARG:
		if (call->operand_count == OPERANDS_MAX)
			misuse(state, "at most %d files", OPERANDS_MAX);
		call->operand[call->operand_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		check_operands(call, state);
		return 0;
	default:
		if (take_session_option(&call->session, key, argument, state))
			return call->has_session = true, 0;
		return take_plain_option(call, key, argument, state) ||
				       take_source_option(&call->match.source, key, argument,
							  state) ||
				       take_match_option(&call->match, key, argument, state)
			       ? 0
			       : ARGP_ERR_UNKNOWN;
	}
}

/* argp takes a printable key for a short option; ours are long only, but for -o FILE, so the keys
 * are moved out of that range on the way in and back again here. */
enum { LONG_ONLY = 0x1000, KEY_SHORT_OUTPUT = 'o' };

static error_t take_key(int key, char *argument, struct argp_state *state)
{
	if (key == KEY_SHORT_OUTPUT)
		return take_option(OPTION_OUTPUT, argument, state);
	if (key > LONG_ONLY && key < LONG_ONLY + OPTION_COUNT)
		return take_option(key - LONG_ONLY, argument, state);
	return key == ARGP_KEY_ARG || key == ARGP_KEY_END ? take_option(key, argument, state)
							  : ARGP_ERR_UNKNOWN;
}

void invocation_parse(struct invocation *call, int argc, char **argv)
{
	struct argp_option option[OPTION_COUNT] = {0};
	struct text name = {0}, doc = {0};
	struct argp argp = {option, take_key, call->verb->operands, NULL, NULL, NULL, NULL};
	int count = 0;

	for (const enum option_key *key = call->verb->options; *key; key++) {
		option[count] = *option_find(*key);
		option[count].key = *key == OPTION_OUTPUT ? KEY_SHORT_OUTPUT : LONG_ONLY + *key;
		count++;
	}
	text_addf(&name, FOLLITONE_PROGRAM " %s", call->verb->name);
	text_addf(&doc, "%s.\v%s\n\nExample:\n  %s", call->verb->summary, call->verb->description,
		  call->verb->example);
	argp.doc = doc.data;
	argv[0] = name.data;
	argp_parse(&argp, argc, argv, 0, NULL, call);
	text_clear(&name);
	text_clear(&doc);
}
