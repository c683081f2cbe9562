/* The mixing card as a picture: one A5 page, drawn once by cairo and pango for every format.
 *
 * Big figures for reading at arm's length, black on white; colour stands in the swatches only, and
 * each swatch has its figures beside it, so nothing is lost in black and white.
 */
#ifndef REPORT_CARD_H
#define REPORT_CARD_H

#include "base/error.h"
#include "base/text.h"
#include "match/recipe.h"

enum card_format { CARD_TEXT, CARD_PDF, CARD_PNG, CARD_SVG };

/* The format that a path's ending names (.txt .pdf .png .svg). Refuses others. */
enum status card_format_of(enum card_format *format, const char *path, struct error *err);

/* Sets *out to the bytes of the file. The same recipe gives the same bytes. To be cleared by the
 * caller. */
enum status card_draw(struct text *out, const struct recipe *recipe, enum card_format format,
		      struct error *err);

#endif
