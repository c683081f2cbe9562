/* Pigment line files (libconfig, format "follitone-pigments", version 1). profiles/README.md shows one. */
#ifndef FORMATS_PIGMENT_FILE_H
#define FORMATS_PIGMENT_FILE_H

#include "base/error.h"
#include "pigment/pigment.h"

/* `name` is a built-in or user's line ("example") or a path. To be cleared with pigment_line_clear(). */
enum status pigment_line_read(struct pigment_line *line, const char *name, struct error *err);

#endif
