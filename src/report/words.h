/* Answers as text for the terminal: tables, a recipe in words, a card without pictures.
 *
 * Every function adds to `out`. Rounding is for people: two decimals of Lab, two of dE00.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/text.h"
#include "colour/difference.h"
#include "colour/inspection.h"
#include "match/client.h"
#include "match/comparison.h"
#include "match/recipe.h"

void words_lab(struct text *out, const struct colours *colours);
void words_read(struct text *out, const struct inspection_list *list);
void words_difference(struct text *out, const struct difference *difference);
void words_match(struct text *out, const struct match_answer *answer);
/* One line: the target's name and its best recipe, or why it has none. */
void words_batch_line(struct text *out, const char *name, const struct match_answer *answer,
		      const char *refused);
void words_comparison(struct text *out, const struct comparison *found);
void words_nearest(struct text *out, const struct recipe_near *near, int count);
void words_lots(struct text *out, const struct recipe_lot *lots, int count);
void words_stamps(struct text *out, const struct recipe_stamp *stamp, size_t count);
void words_recipe(struct text *out, const struct recipe *recipe, const struct opened_notes *opened);
void words_sessions(struct text *out, const struct recipe_treated *session, int count);

/* "session 2 of 2026-11-25 by OP-3" */
void words_session(struct text *out, const struct session_stamp *session);

/* "6 raw-umber + 10 water", and a line of a label and a colour; `pcs_lab` is its swatch's (report/ink.h). */
void words_doses(struct text *out, const struct recipe *recipe);
void words_look(struct text *out, const char *label, const struct lab *lab,
		const struct lab *pcs_lab);
void words_look_and(struct text *out, const char *label, const struct lab *lab,
		    const struct lab *pcs_lab, const char *beside);

/* Parts that the card, the recipe in words and pictures share. Nothing is added where there is nothing
 * to say. */
void words_version(struct text *out, const struct recipe *recipe); /* "Version 1  ·  2026-11-23" */
void words_miss(struct text *out, const struct recipe *recipe);    /* where it is no match */
void words_bottle(struct text *out,
		  const struct bottle *bottle); /* "lot L7  exp. …  maker, shade" */
void words_closeness(struct text *out, const struct recipe *recipe);    /* dE00, state, light */
void words_target(struct text *out, const struct recipe *recipe);       /* of a bare Lab */
void words_light_change(struct text *out, const struct recipe *recipe); /* metamerism */
void words_band_of(struct text *out, const struct recipe *recipe);      /* how sure that is */
void words_regrown(struct text *out, const struct recipe *recipe);  /* where hair may come back */
void words_origin(struct text *out, const struct recipe *recipe);   /* id, hash, line, program */
void words_mixing(struct text *out, const struct recipe *recipe);   /* the doses, a line each */
void words_accuracy(struct text *out, const struct recipe *recipe); /* how near, a line each */

/* The doses in the order of mixing: the diluent, then pigments from most to least. Writes pointers
 * into the recipe and returns how many; a diluent of no drops is left out. */
int mixing_order(const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1],
		 const struct recipe *recipe);

#endif
