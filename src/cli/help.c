/* Help, the man page and bash completion, all from the tables of verbs and options. */
#include "cli/verb.h"

#include "base/version.h"

#include <string.h>

static void add_verbs(struct text *out)
{
	const char *group = "";

	text_adds(out, "Follitone matches and mixes pigment for scalp micropigmentation.\n\n"
		       "Usage: " FOLLITONE_PROGRAM " VERB [OPTION...] [FILE...]\n");
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (strcmp(group, verb->group))
			text_addf(out, "\n%s\n", verb->group);
		group = verb->group;
		text_addf(out, "  %-9s %s\n", verb->name, verb->summary);
	}
	text_adds(out,
		  "\n`" FOLLITONE_PROGRAM " VERB --help` explains a verb and gives an example.\n");
}

/* scdoc takes underscores, asterisks and backslashes for mark-up. */
static void add_escaped(struct text *out, const char *words)
{
	for (; *words; words++) {
		if (strchr("_*\\", *words))
			text_adds(out, "\\");
		text_add(out, words, 1);
	}
}

static void add_man_option(struct text *out, const struct argp_option *option)
{
	text_adds(out, option->key == OPTION_OUTPUT ? "*-o*, *--" : "*--");
	add_escaped(out, option->name);
	text_adds(out, "*");
	if (option->arg) {
		bool optional = option->flags & OPTION_ARG_OPTIONAL;

		text_adds(out, optional ? "[=_" : " _");
		add_escaped(out, option->arg);
		text_adds(out, optional ? "_]" : "_");
	}
	text_adds(out, "\n\t");
	add_escaped(out, option->doc);
	text_adds(out, "\n\n");
}

static void add_man_verb(struct text *out, const struct verb *verb)
{
	text_addf(out, "## %s", verb->name);
	if (*verb->operands) {
		text_adds(out, " ");
		add_escaped(out, verb->operands);
	}
	text_adds(out, "\n\n");
	add_escaped(out, verb->summary);
	text_adds(out, ".\n\n");
	add_escaped(out, verb->description);
	text_adds(out, "\n\n");
	for (const enum option_key *key = verb->options; *key; key++)
		add_man_option(out, option_find(*key));
	text_addf(out, "Example:\n\n```\n%s\n```\n\n", verb->example);
}

static void add_man(struct text *out)
{
	text_adds(out, "follitone(1)\n\n# NAME\n\n"
		       "follitone - match and mix pigment for scalp micropigmentation\n\n"
		       "# SYNOPSIS\n\n*follitone* _VERB_ [_OPTION_...] [_FILE_...]\n\n"
		       "# DESCRIPTION\n\n"
		       "Reads spectrometer readings of skin and hair, finds the recipe of pigments "
		       "in whole "
		       "drops that copies the natural follicle shade in this client's skin when "
		       "healed, keeps "
		       "every version of it, and prints the mixing card.\n\n# VERBS\n\n");
	for (const struct verb *verb = verbs; verb->name; verb++)
		add_man_verb(out, verb);
	text_adds(out,
		  "# EXIT STATUS\n\n*0* good, *1* input refused or no answer, *2* wrong command "
		  "line, *3* the "
		  "environment failed (memory, a library, a lock).\n\n"
		  "# ENVIRONMENT\n\n*FOLLITONE\\_STORE*\n\tfolder of the recipe store; "
		  "*$XDG\\_DATA\\_HOME/follitone/store* otherwise\n\n"
		  "*XDG\\_CONFIG\\_HOME*\n\t*follitone/profiles* in it may hold pigment lines, "
		  "techniques, "
		  "lights and observers, which go before the built-in ones of the same name\n\n"
		  "*COLORTERM*\n\twhere it is *truecolor* or *24bit*, a swatch stands beside each "
		  "Lab on a terminal; *NO\\_COLOR* leaves it out\n\n"
		  "*LC\\_ALL*, *LC\\_MESSAGES*, *LANGUAGE*, *LANG*\n\tlanguage of pages and of "
		  "what is said of "
		  "recipes: English, Spanish, Italian, German, Portuguese, French\n\n"
		  "*LC\\_NUMERIC*, *LC\\_PAPER*\n\tdecimal sign on pages and on the card, and "
		  "their paper; files and "
		  "what is typed have a point always\n\n"
		  "*SOURCE\\_DATE\\_EPOCH*\n\tstands in for the clock\n");
}

static void add_bash_verb(struct text *out, const struct verb *verb)
{
	text_addf(out, "\t%s) words=\"", verb->name);
	for (const enum option_key *key = verb->options; *key; key++)
		text_addf(out, "--%s ", option_find(*key)->name);
	text_adds(out, "--help\" ;;\n");
}

static void add_bash(struct text *out)
{
	text_adds(out,
		  "# bash completion for follitone, printed by `follitone help --format bash`\n"
		  "_follitone()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
		  "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"");
	for (const struct verb *verb = verbs; verb->name; verb++)
		text_addf(out, "%s ", verb->name);
	text_adds(out, "--help --version\"\n\telse\n\tcase ${COMP_WORDS[1]} in\n");
	for (const struct verb *verb = verbs; verb->name; verb++)
		add_bash_verb(out, verb);
	text_adds(out, "\tesac\n\tfi\n\tif [ \"$COMP_CWORD\" -eq 1 ] || [[ $word == -* ]]; then\n"
		       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		       "\telse\n\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n\tfi\n}\n"
		       "complete -o filenames -F _follitone follitone\n");
}

enum status run_help(struct answer *answer, struct invocation *call, struct error *err)
{
	const char *format = call->format ? call->format : "words";
	const struct verb *verb = call->operand_count ? verb_find(call->operand[0]) : NULL;

	if (call->operand_count && !verb)
		return error_set(err, STATUS_USAGE,
				 "help: no verb “%s”; `follitone help` lists them",
				 call->operand[0]);
	if (verb) {
		struct invocation asked = {.verb = verb};
		char help[] = "--help", *argv[] = {NULL, help, NULL};

		invocation_parse(&asked, 2, argv); /* prints and exits */
	}
	if (strcmp(format, "words") == 0)
		add_verbs(&answer->text);
	else if (strcmp(format, "man") == 0)
		add_man(&answer->text);
	else if (strcmp(format, "bash") == 0)
		add_bash(&answer->text);
	else
		return error_set(err, STATUS_USAGE,
				 "help: format “%s”, words, man or bash is allowed", format);
	return STATUS_OK;
}
