/* The mixing card: one page, drawn once for every format and paper.
 *
 * Big figures for reading at arm's length, black on white; colour stands in the swatches only, and each swatch has its figures
 * beside it, so nothing is lost in black and white. Papers of the A series and US letter have the same card, larger or
 * smaller; a label has what is needed at the cup.
 */
#ifndef REPORT_CARD_H
#define REPORT_CARD_H

#include "match/verdict.h"
#include "report/picture_format.h"

/* What a card says beside its recipe. */
struct card {
	const struct recipe *recipe;
	enum card_paper paper;
	double cup_ml;
	const char *client;    /* a code, or NULL */
	int session, sessions; /* 0: not said */
};

struct canvas;

/* Draws a card on the page that a canvas has, from its top left, as large as the card's paper. */
enum status card_draw_page(struct canvas *canvas, const struct card *card, struct error *err);

/* Sets *out to the bytes of the file, a page for each card; PNG and SVG take one. The same cards give the same bytes. To be
 * cleared by the caller. */
enum status cards_draw(struct text *out, const struct card *card, int count,
		       enum picture_format format, struct error *err);

#endif
