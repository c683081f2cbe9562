/* A code of ours in a picture, found by the program zbarimg (package zbar-tools). It is given grey values that were read here (picture.h), so a
 * stranger's picture, and its name, never come to it; small ones enlarged too, as it finds modules of three pixels and
 * blurred edges only so.
 */
#ifndef FORMATS_SCAN_H
#define FORMATS_SCAN_H

#include "base/error.h"
#include "base/text.h"

/* Sets *out to the text of the one code in the picture, PNG, JPEG or TIFF, that begins with `head`; to be cleared. Other codes beside
 * it do not matter. Refused where there is none, or several that differ. */
enum status scan_code(struct text *out, const char *picture, const char *head, struct error *err);

#endif
