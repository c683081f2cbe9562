/* Pigment line files (libconfig, format "follitone-pigments", version 1). profiles/README.md shows
 * one. */
#ifndef FORMATS_PIGMENT_FILE_H
#define FORMATS_PIGMENT_FILE_H

#include "base/error.h"
#include "formats/config.h"
#include "pigment/pigment.h"

/* `name` is a built-in or user's line ("example") or a path. To be cleared with
 * pigment_line_clear(). */
enum status pigment_line_read(struct pigment_line *line, const char *name, struct error *err);

/* The same of a text; `path` is for messages. */
enum status pigment_line_parse(struct pigment_line *line, struct text *text, const char *path,
			       struct error *err);

/* Sets *out to the file of a line, to be cleared by the caller; it reads back to the same bits. */
enum status pigment_line_print(struct text *out, const struct pigment_line *line,
			       struct error *err);

/* What is printed on a bottle, as members of a group, in and out: what lines and recipes share.
 * BOTTLE_KEYS are their names, for config_known(). */
#define BOTTLE_KEYS "id name maker shade lot expiry drops_per_ml"
enum status bottle_take(struct bottle *bottle, const struct config_input *in,
			const config_setting_t *group, struct error *err);
void bottle_put(struct config_output *out, const struct bottle *bottle);

/* The same in a sheet of one's own: only the id must be there, the name is the id where it is not stated,
 * and so on. `label` may be NULL; it takes ci and price too. */
#define LABEL_KEYS BOTTLE_KEYS " ci price"
enum status label_take(struct bottle *bottle, struct pigment_label *label,
		       const struct config_input *in, const config_setting_t *group,
		       struct error *err);

#endif
