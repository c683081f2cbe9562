/* What the files that speak to jansson share: json.c, store_json.c, exchange_words.c and patch_words.c, nobody else. */
#ifndef REPORT_JANSSON_H
#define REPORT_JANSSON_H

#include "base/notes.h"
#include "base/text.h"
#include "match/recipe.h"

#include <jansson.h>

/* The document of an answer, which is used up; with program, version and warnings. */
enum status json_finish(struct text *out, json_t *answer, const struct notes *notes,
			struct error *err);

/* One recipe, or several, as the contract has them. */
json_t *json_of_stamp(const struct recipe_stamp *stamp);
json_t *json_of_stamps(const struct recipe_stamp *stamp, size_t count);

/* The parts that several answers have. */
json_t *json_of_session(const struct session_stamp *session);
json_t *json_of_lab(const struct lab *lab);
json_t *json_of_lines(const char *const *line, size_t count);

#endif
