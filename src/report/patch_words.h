/* How a printer prints its control patches, as text and as JSON.
 */
#ifndef REPORT_PATCH_WORDS_H
#define REPORT_PATCH_WORDS_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/control_patches.h"

extern const char *const control_patch_names[CONTROL_PATCHES]; /* English, to be looked up */

void words_patches(struct text *out, const struct patch_check *check);
enum status json_patches(struct text *out, const struct patch_check *check,
			 const struct notes *notes, struct error *err);

#endif
