/* Technique presets (libconfig, format "follitone-technique", version 1): each parameter is a
 * group of `value`, `source` and, where it is not sure, the `range` that holds 95 % of practice.
 * A preset may be `based_on` another, by name, and then state only what differs. */
#ifndef FORMATS_TECHNIQUE_FILE_H
#define FORMATS_TECHNIQUE_FILE_H

#include "base/error.h"
#include "formats/config.h"
#include "pigment/technique.h"

/* `name` is a built-in or user's preset ("standard") or a path. */
enum status technique_read(struct technique *technique, const char *name, struct error *err);

/* The text of a preset. To be cleared by the caller. */
enum status technique_print(struct text *out, const struct technique *technique, struct error *err);

/* The parameters as members of a group, in and out: what presets and recipes share. */
enum status technique_take(struct technique *technique, const struct config_input *in,
			   const config_setting_t *group, struct error *err);
void technique_put(struct config_output *out, const struct technique *technique);

#endif
