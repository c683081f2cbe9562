/* Readings as pictures: their spectra as curves, their colours as swatches. Figures stand beside every
 * colour, and curves differ in dash as well as in colour, so nothing is lost in black and white.
 */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/error.h"
#include "base/text.h"
#include "colour/colours.h"
#include "report/picture_format.h"

enum { SWATCHES_MAX = 500 }; /* a PNG of more would be too tall; a PDF has pages */

/* Both set *out to the bytes of the file, to be cleared by the caller. */

/* Reflectance over wavelength. Refuses where no reading has a spectrum. The colours must be shown by an
 * RGB device, for the swatches of the legend. With `pairs` every second curve is the model of the one
 * before: the same colour, dashed. */
enum status sheet_plot(struct text *out, const struct colours *colours, const char *title,
		       bool pairs, enum picture_format format, struct error *err);

/* Swatches as the device of the colours shows them, which must be an RGB one; what it cannot show is
 * marked, and what is no spectrum's. A PNG carries the device's profile; PDF and SVG are sRGB alone. A PDF
 * has as many A4 pages as it needs; the others hold at most SWATCHES_MAX. */
enum status sheet_swatches(struct text *out, const struct colours *colours, const char *title,
			   enum picture_format format, struct error *err);

#endif
