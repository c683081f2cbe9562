/* What a mixing card says, in words: the same on a page and as text.
 *
 * Every function adds to `out`, and nothing where there is nothing to say.
 */
#ifndef REPORT_CARD_WORDS_H
#define REPORT_CARD_WORDS_H

#include "report/card.h"

/* "Version 1  ·  2026-11-23  ·  Zone Crown  ·  Session 2 of 3  ·  Client K-17" */
void card_place(struct text *out, const struct card *card);

/* What must be seen before anything is mixed, a line each: the line's own notice, a recipe that is no match, a bottle that has
 * expired by card->today, sessions in which one was used that had, and why. */
void card_warnings(struct text *out, const struct card *card);

/* What holds for every cup. */
void card_safety(struct text *out);

/* How it is put in: needle, dots, density, depth. Returns how many, CARD_FACTS or fewer. */
enum { CARD_FACTS = 4, CARD_FACT_SIZE = 96 };
struct card_fact {
	const char *what;
	char value[CARD_FACT_SIZE];
};
int card_facts(struct card_fact fact[CARD_FACTS], const struct recipe *recipe);

/* The looks that stand side by side: bare skin, the field to be copied, the patch so far, the target, and what is predicted fresh and
 * healed. Of a recipe that was predicted before there were such looks, those that it has. */
struct card_look {
	const char *label;
	const struct recipe_look *look;
	bool predicted, own; /* own: what the recipe was made for, and its error band holds for */
};
int card_looks(struct card_look look[RECIPE_LOOKS_MAX], const struct recipe *recipe);

/* "dE00 0.1 ±6.3": of a predicted look to the target. */
void card_look_distance(struct text *out, const struct recipe *recipe,
			const struct card_look *look);

/* "PASS" … */
const char *card_grade(enum verdict_grade grade);

/* "pass to dE00 1.0, caution to 2.0: studies with …", and the word for it. */
const char *card_verdict(struct text *out, const struct recipe *recipe);

/* The whole card as text. */
void card_text(struct text *out, const struct card *card);

#endif
