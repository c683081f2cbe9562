/* The preview as a picture: rows of states or sessions, two lights side by side, each from near and from afar. For
 * three rows it is 1600 by 1000 pixels; it grows with the rows. */
#ifndef REPORT_PREVIEW_SHEET_H
#define REPORT_PREVIEW_SHEET_H

#include "match/preview.h"
#include "report/picture_format.h"

struct preview_words {
	const char *name;      /* of the recipe or zone; may be empty */
	const char *zone;      /* of a recipe; may be empty */
	const char *technique; /* or the preset of a zone */
	int version;           /* 0: not saved */
	int sessions;          /* planned of a zone; 0: a recipe */
	const char *notice;    /* of a line that is not for use on people; may be empty */
	const char *made;      /* ISO 8601 */
};

struct canvas;

/* In points. */
double preview_sheet_width(void);
double preview_sheet_height(const struct preview *preview);

/* Draws the sheet on a canvas, from the top left of its coordinates. */
void preview_draw_sheet(struct canvas *canvas, const struct preview *preview,
			const struct preview_words *words);

/* Sets *out to the bytes of the file; the same preview gives the same bytes. To be cleared. */
enum status preview_sheet(struct text *out, const struct preview *preview,
			  const struct preview_words *words, enum picture_format format,
			  struct error *err);

#endif
