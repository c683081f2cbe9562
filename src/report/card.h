/* The mixing card: one page, drawn once for every format and paper.
 *
 * Big figures for reading at arm's length, black on white; colour stands in the swatches only, and each swatch has its figures
 * beside it, so nothing is lost in black and white. Papers of the A series and US letter have the same card, larger or
 * smaller; a label has what is needed at the cup.
 */
#ifndef REPORT_CARD_H
#define REPORT_CARD_H

#include "base/notes.h"
#include "match/verdict.h"
#include "report/picture_format.h"

/* What a card says beside its recipe. */
struct card {
	const struct recipe *recipe;
	enum card_paper paper;
	double cup_ml;
	const char *code;   /* payload of its code (app_code()), or NULL */
	const char *client; /* a code, or NULL */
	const char *today;  /* 2026-11-26: what had expired before it is said; NULL: nothing is */
	const struct device *printer; /* of a proof (canvas_proof()); or NULL */
	bool patches;                 /* a last page of control patches; of a PDF */
};

struct canvas;

/* Draws one card on the page that the canvas is at, which is as large as the card's paper; who opened the canvas, and what is on its
 * other pages, is all the same to it. */
enum status card_page(struct canvas *canvas, const struct card *card, struct error *err);

/* Sets *out to the bytes of the file, a page for each card; PNG and SVG take one. The same cards give the same bytes. Notes where no
 * font has a letter. To be cleared by the caller. */
enum status cards_draw(struct text *out, const struct card *card, int count,
		       enum picture_format format, struct notes *notes, struct error *err);

#endif
