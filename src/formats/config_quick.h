/* The plain part of libconfig's language, read ten times as fast: what this program writes, and most of what people write.
 *
 * What is taken here is exactly what libconfig makes of it: the same settings, in the same order, with the same values and
 * lines. Everything else (an error, `:` for `=`, a block comment, an escape other than \" and \\, a hexadecimal number …) is left
 * to libconfig, which also finds the words for what is wrong. So this never decides that a text is wrong.
 */
#ifndef FORMATS_CONFIG_QUICK_H
#define FORMATS_CONFIG_QUICK_H

#include "formats/config.h"

/* Reads `text` into in->root, and returns true, where it is all plain. in->config must be initialised. */
bool config_quick_read(struct config_input *in, const char *text);
void config_quick_free(struct config_input *in);

#endif
