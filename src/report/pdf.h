/* What cairo cannot put into a PDF: colours that are CIE Lab, what the page's RGB values are of, and all that the file says of itself. By
 * qpdf.
 *
 * cairo draws in RGB alone. Here its file gets, for each swatch, a fill in CIE Lab (D50), which a viewer or printer takes to its own
 * profile itself: absolute colorimetric, so that the print of a swatch measures as it is said, whatever the paper's white (a screen's
 * white is its own; there the intent changes nothing). Its RGB values become those of a profile (DefaultRGB and output intents). The
 * same input gives the same bytes.
 */
#ifndef REPORT_PDF_H
#define REPORT_PDF_H

#include "base/error.h"
#include "base/text.h"
#include "colour/lab.h"

/* A rectangle in points from the page's top left; painted below what cairo drew there. */
struct pdf_swatch {
	int page; /* from 0 */
	double x, y, width, height;
	struct lab pcs_lab; /* D50, 2 degree */
};

/* `pdf` is cairo's file and becomes the finished one. All pages are `page_height` points high; `profile` is what its RGB values are of. */
enum status pdf_finish(struct text *pdf, const struct pdf_swatch *swatch, int count,
		       double page_height, const void *profile, size_t profile_length,
		       struct error *err);

#endif
