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
#include "match/client.h"
#include "match/comparison.h"
#include "match/correction.h"
#include "match/explanation.h"
#include "match/learning.h"
#include "match/plan.h"
#include "pigment/calibration.h"
#include "pigment/skin.h"

/* The readings under the first light, and where there are several, under each as `lights`. */
enum status json_lab(struct text *out, const struct colours *colours, const struct notes *notes,
		     struct error *err);
enum status json_read(struct text *out, const struct inspection_list *list, const char *site,
		      const struct notes *notes, struct error *err);
enum status json_difference(struct text *out, const struct difference *difference,
			    const struct notes *notes, struct error *err);
/* Ladders of a line step by step: `line` holds as many pigments, ladders and fits. `plots`: a file that was
 * drawn, or NULL. */
enum status json_calibration(struct text *out, const struct pigment_line *line,
			     const struct ladder *ladder, const struct ladder_fit *fit,
			     const struct notes *notes, struct error *err);
enum status json_line(struct text *out, const struct pigment_line *line, int only,
		      const struct notes *notes, struct error *err);

/* `name`: lines of text, as a list of that name. */
enum status json_lines(struct text *out, const char *name, const char *lines,
		       const struct notes *notes, struct error *err);

/* A predicted colour; of `states` > 0 also by state, with their names. `skin` is NULL of a drawdown, which
 * has no explanation. */
struct json_predicted {
	const char *name;
	const struct lab *lab;
	const struct spectrum *reflectance;
};
enum status json_prediction(struct text *out, const struct json_predicted *colour,
			    const struct json_predicted *state, int states,
			    const struct error_band *band, const struct skin *skin,
			    const struct explanation *explanation, const char *illuminant,
			    const char *observer, const struct notes *notes, struct error *err);

enum status json_match(struct text *out, const struct match_answer *answer,
		       const struct notes *notes, struct error *err);

/* One target of a batch as one line. `refused` is empty, or why it has no recipes. */
enum status json_batch_line(struct text *out, const char *name, const struct match_answer *answer,
			    const char *refused, const struct notes *notes, struct error *err);

/* A case: `zones`, each with what json_match() says of one. */
enum status json_case(struct text *out, const char *code, const struct zone_match *zone, int zones,
		      const struct notes *notes, struct error *err);

enum status json_plan(struct text *out, const char *code, const struct zone_plan *zone, int zones,
		      const struct notes *notes, struct error *err);

enum status json_correction(struct text *out, const struct correction *correction,
			    const struct notes *notes, struct error *err);
enum status json_learning(struct text *out, const struct learning *learning,
			  const struct notes *notes, struct error *err);

/* `recipes`: one stamp per entry. */
enum status json_stamps(struct text *out, const struct recipe_stamp *stamp, size_t count,
			const struct notes *notes, struct error *err);

/* Stamps of versions, each with the `sessions` that it was the first to tell of. */
enum status json_history(struct text *out, const struct recipe_stamp *stamp, size_t count,
			 const struct recipe_treated *session, int sessions,
			 const struct notes *notes, struct error *err);

/* One stamp, and whether this save wrote something. */
enum status json_saved(struct text *out, const struct recipe_stamp *stamp, bool saved,
		       const struct notes *notes, struct error *err);

/* Several stamps, each with `saved`; whether this save wrote anything. */
enum status json_saved_all(struct text *out, const struct recipe_stamp *stamp, const bool *saved,
			   int count, const struct notes *notes, struct error *err);

/* `changes` and, where their main lights are the same, `colours` with `de00`. */
enum status json_comparison(struct text *out, const struct comparison *found,
			    const struct notes *notes, struct error *err);

/* Stamps, each with `de00`, `required` and, where they are known, `skin`, `healed` and `healed_de00`. */
enum status json_nearest(struct text *out, const struct recipe_near *near, int count,
			 const struct notes *notes, struct error *err);

/* Stamps, each with `pigment`, `lot`, `expiry` and, of a bottle that was used, `session`. */
enum status json_lots(struct text *out, const struct recipe_lot *lots, int count,
		      const struct notes *notes, struct error *err);

/* Of a whole store: where it is and whose, with no `recipes`. */
enum status json_clinic(struct text *out, const char *folder, const char *path, const char *key,
			const char *fingerprint, const char *words, const struct notes *notes,
			struct error *err);

/* What tidying did; bytes. */
enum status json_tidy(struct text *out, unsigned long objects, unsigned long long before,
		      unsigned long long after, const struct notes *notes, struct error *err);

/* Whether a store is as it was saved: how much was looked at, and what is wrong with it. */
enum status json_check(struct text *out, unsigned long versions, unsigned long commits,
		       unsigned long with, const struct notes *faults, const struct notes *notes,
		       struct error *err);

/* Clients, as `clients`: each one's code and how much there is of them; with no `recipes`. */
enum status json_clients(struct text *out, const struct client_count *list, size_t count,
			 const struct notes *notes, struct error *err);

/* The stamps of a client's recipes, `client`, `links`, `notes`, `consents` and, from recipes, `sealed_notes`. */
enum status json_client(struct text *out, const struct client *client,
			const struct client_sealed *sealed, size_t sealed_count,
			const struct recipe_stamp *stamp, size_t count, const struct notes *notes,
			struct error *err);

/* `client` and, where something was said of a recipe, its stamp. */
enum status json_client_said(struct text *out, const char *code, const struct recipe_stamp *stamp,
			     const struct notes *notes, struct error *err);

/* The stamps of the recipes that stay, `client`, and as `erased` how much was. */
enum status json_forgotten(struct text *out, const struct client *client,
			   const struct recipe_stamp *stamp, size_t count,
			   const struct notes *notes, struct error *err);

/* One stamp and what the recipe says: zone, doses, prediction, `sessions`, and `sealed_notes` with the text of those that were
 * opened. */
enum status json_recipe(struct text *out, const struct recipe *recipe,
			const struct opened_notes *opened, const struct notes *notes,
			struct error *err);

/* `files`: paths that were written. */
enum status json_files(struct text *out, const char *const *file, int count,
		       const struct notes *notes, struct error *err);

#endif
