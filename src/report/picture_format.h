/* The forms that a drawing comes in, and the papers that a card has.
 */
#ifndef REPORT_PICTURE_FORMAT_H
#define REPORT_PICTURE_FORMAT_H

#include "base/error.h"
#include "base/text.h"

enum picture_format { PICTURE_PDF, PICTURE_PNG, PICTURE_SVG, PICTURE_TEXT };

/* The format that a path's ending names (.pdf .png .svg .txt). Refuses others; `what` begins the line:
 * "a card". Text only where `text` allows it. */
enum status picture_format_of(enum picture_format *format, const char *path, const char *what,
			      bool text, struct error *err);

enum card_paper { PAPER_A4, PAPER_A5, PAPER_A6, PAPER_LETTER, PAPER_LABEL, PAPERS };
extern const char *const card_paper_names[PAPERS]; /* "a4", "a5" … */
extern const struct paper_size {
	double width, height; /* in points */
} card_paper_sizes[PAPERS];

#endif
