/* Dilutions of pigments in a client's skin, as text and as JSON. */
#ifndef REPORT_CHART_WORDS_H
#define REPORT_CHART_WORDS_H

#include "base/notes.h"
#include "base/text.h"
#include "match/dilution.h"

void words_chart(struct text *out, const struct dilution_chart *chart);

/* `files`: paths that were written, `count` of them; and `pigments`, each with its steps. Sets *out to the document, to be cleared by the
 * caller. */
enum status json_chart(struct text *out, const struct dilution_chart *chart,
		       const char *const *file, int count, const struct notes *notes,
		       struct error *err);

#endif
