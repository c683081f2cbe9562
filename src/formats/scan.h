/* A code of ours in a picture, found by the program zbarimg (package zbar-tools). */
#ifndef FORMATS_SCAN_H
#define FORMATS_SCAN_H

#include "base/error.h"
#include "base/text.h"

/* Sets *out to the text of the one code in the picture that begins with `head`; to be cleared. Other codes beside it do not
 * matter. Refused where there is none, or several that differ. What zbarimg says is a stranger's too: only what begins so is taken. */
enum status scan_code(struct text *out, const char *picture, const char *head, struct error *err);

#endif
