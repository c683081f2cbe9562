/* The mixing card as a picture: one A5 page, drawn once for every format.
 *
 * Big figures for reading at arm's length, black on white; colour stands in the swatches only, and
 * each swatch has its figures beside it, so nothing is lost in black and white.
 */
#ifndef REPORT_CARD_H
#define REPORT_CARD_H

#include "match/recipe.h"
#include "report/canvas.h"

/* Sets *out to the bytes of the file. The same recipe gives the same bytes. To be cleared by the
 * caller. */
enum status card_draw(struct text *out, const struct recipe *recipe, enum picture_format format,
		      struct error *err);

#endif
