/* The dilution chart: a page for each pigment, to hang on the wall.
 *
 * At the right the steps that look equal, from the undiluted pigment down to bare skin, with their drops in figures for arm's length; at
 * the left the trade's even steps of water. Lines lead from each of these to where it lies on the way to bare skin: where they
 * crowd, the water makes no difference that is seen. Colour stands in swatches only, each with its figures, so nothing is lost in black
 * and white.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "match/dilution.h"
#include "report/picture_format.h"

/* Sets *out to the bytes of the file, a page for each of `count` dilutions from `first` on; PNG and SVG take one. The same chart gives the
 * same bytes. Papers are A4, A5 and letter. To be cleared by the caller. */
enum status chart_draw(struct text *out, const struct dilution_chart *chart, int first, int count,
		       enum card_paper paper, enum picture_format format, struct error *err);

#endif
