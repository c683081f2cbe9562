/* Answers as one JSON document, by jansson. The names are the contract's: they may grow, never
 * change.
 *
 * Every function sets *out to the document, to be cleared by the caller. Y of the perfect white is
 * 100 here. Every document holds `program`, `version` and `warnings`.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/difference.h"
#include "colour/inspection.h"
#include "match/recipe.h"

/* The readings under the first light, and where there are several, under each as `lights`. */
enum status json_lab(struct text *out, const struct colours *colours, const struct notes *notes,
		     struct error *err);
enum status json_read(struct text *out, const struct inspection_list *list, const char *site,
		      const struct notes *notes, struct error *err);
enum status json_difference(struct text *out, const struct difference *difference,
			    const struct notes *notes, struct error *err);
enum status json_match(struct text *out, const struct match_answer *answer,
		       const struct notes *notes, struct error *err);

/* `recipes`: one stamp per entry. */
enum status json_stamps(struct text *out, const struct recipe_stamp *stamp, size_t count,
			const struct notes *notes, struct error *err);

/* One stamp, and whether this save wrote something. */
enum status json_saved(struct text *out, const struct recipe_stamp *stamp, bool saved,
		       const struct notes *notes, struct error *err);

/* One stamp and what the recipe says: zone, doses, prediction. */
enum status json_recipe(struct text *out, const struct recipe *recipe, const struct notes *notes,
			struct error *err);

/* `files`: paths that were written. */
enum status json_files(struct text *out, const char *const *file, int count,
		       const struct notes *notes, struct error *err);

#endif
