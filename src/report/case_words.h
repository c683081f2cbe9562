/* A case, its plan, and what became of recipes, as text. */
#ifndef REPORT_CASE_WORDS_H
#define REPORT_CASE_WORDS_H

#include "base/text.h"
#include "match/correction.h"
#include "match/learning.h"
#include "match/plan.h"

/* `code` is the client's, or empty. */
void words_case(struct text *out, const char *code, const struct zone_match *zone, int zones);
void words_plan(struct text *out, const char *code, const struct zone_plan *zone, int zones);

void words_correction(struct text *out, const struct correction *correction);

/* What was kept with a recipe just now: its newest session, its newest reading, or both. */
void words_treated(struct text *out, const struct recipe *recipe, bool session, bool reading);
void words_learning(struct text *out, const struct learning *learning);

#endif
