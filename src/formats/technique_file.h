/* Technique presets (libconfig, format "follitone-technique", version 1): each parameter is a
 * group of `value` and `source`. */
#ifndef FORMATS_TECHNIQUE_FILE_H
#define FORMATS_TECHNIQUE_FILE_H

#include "base/error.h"
#include "formats/config.h"
#include "pigment/technique.h"

/* `name` is a built-in or user's preset ("standard") or a path. */
enum status technique_read(struct technique *technique, const char *name, struct error *err);

/* The parameters as members of a group, in and out: what presets and recipes share. */
enum status technique_take(struct technique *technique, const struct config_input *in,
			   const config_setting_t *group, struct error *err);
void technique_put(struct config_output *out, const struct technique *technique);

#endif
