/* A page that is drawn once and comes out as PDF, PNG or SVG, and text on it. cairo and pango.
 *
 * Lengths are points (1/72 inch) from the top left. The same drawing gives the same bytes. While a page is open numbers are printed as
 * the user has them (report/language.h): what is drawn on it is for people.
 *
 *	canvas_open(&canvas, PICTURE_PDF, width, height, title, "2026-11-23T08:00:00Z");
 *	… cairo calls on canvas.cairo, canvas_text() …
 *	canvas_close(&canvas, &out, &err);
 */
#ifndef REPORT_CANVAS_H
#define REPORT_CANVAS_H

#include "base/error.h"
#include "base/text.h"
#include "colour/lab.h"
#include "report/language.h"
#include "report/picture_format.h"

#include <cairo.h>

struct pdf_swatch;

struct canvas {
	cairo_t *cairo;
	cairo_surface_t *surface;
	enum picture_format format;
	double width, height;
	struct text bytes;
	const void *profile;
	size_t profile_length;
	struct device *screen; /* sRGB, once there was a swatch */
	const struct device *printer;
	struct pdf_swatch *swatch;
	int swatches, page;
	int *unknown; /* counts the letters that no font has; NULL until the caller puts one here */
	struct error trouble; /* of a swatch; told by canvas_close() */
	struct figures figures;
};

/* A white page, black ink. `made` is the date of a PDF, ISO 8601. */
void canvas_open(struct canvas *canvas, enum picture_format format, double width, double height,
		 const char *title, const char *made);

/* The ICC profile that a PNG's values are of, to stand in it; without, a PNG says that it is sRGB. Borrowed
 * until canvas_close(). */
void canvas_tag(struct canvas *canvas, const void *profile, size_t length);

/* Begins another page of a PDF; other pictures have one. */
void canvas_next_page(struct canvas *canvas);

/* Makes it a proof of what a device, opened as DEVICE_PRINTING, prints: PNG and SVG show that, while a PDF keeps the colours themselves. A
 * swatch that it cannot print says so on itself, and each page has a line at its foot. Borrowed until canvas_close(). NULL: none. */
void canvas_proof(struct canvas *canvas, const struct device *printer);

/* Adds the page that is drawn on to a PDF's outline, below an entry (0: none) that was added before; returns its own entry. */
int canvas_outline(struct canvas *canvas, int below, const char *words);

/* A colour as it is (D50, 2 degree): in a PDF as CIE Lab, so that the printer's own profile does the last step, else as sRGB shows it.
 * Returns false where sRGB cannot: then a screen shows the nearest that it has. What is drawn over it afterwards is seen on it. */
bool canvas_swatch(struct canvas *canvas, double x, double y, double width, double height,
		   const struct lab *pcs_lab);

/* Ends the drawing; sets *out to the file's bytes, to be cleared by the caller. */
enum status canvas_close(struct canvas *canvas, struct text *out, struct error *err);

/* Gives a drawing up. */
void canvas_drop(struct canvas *canvas);

/* Points for each pixel of a PNG. */
#define CANVAS_PIXEL (72.0 / 200.0)

/* Puts a picture of sRGB values (red, green, blue, 0 to 255) at a place: in a PNG pixel by pixel, where the place is a
 * whole number of CANVAS_PIXELs; elsewhere as large as there. */
void canvas_picture(const struct canvas *canvas, double x, double y, const unsigned char *rgb,
		    int width, int height);

/* In the colour that is set; `line` is how wide the line is. */
void canvas_line(const struct canvas *canvas, double x1, double y1, double x2, double y2,
		 double line);
void canvas_frame(const struct canvas *canvas, double x, double y, double width, double height,
		  double line);

enum alignment { LEFT, RIGHT, CENTRE };

/* Draws `string` in a column, at most `lines` lines, the last one cut with an ellipsis. `weight` is ""
 * or "bold". Returns its height. */
double canvas_text(const struct canvas *canvas, double x, double y, double width, double size,
		   const char *weight, enum alignment alignment, int lines, const char *string);

/* What canvas_text() would return for as many lines as it takes. */
double canvas_text_height(const struct canvas *canvas, double width, double size,
			  const char *weight, const char *string);

double canvas_text_width(const struct canvas *canvas, double size, const char *weight,
			 const char *string);

/* The same in letters as large as the whole string, wrapped, has room in the box with, from `most` down to `least`. Returns its
 * height. */
struct canvas_box {
	double x, y, width, height;
};
double canvas_text_in(const struct canvas *canvas, struct canvas_box box, double most, double least,
		      const char *weight, enum alignment alignment, int lines, const char *string);

/* The largest size from `most` down to `least` at which the whole string stands in a box, wrapped. */
double canvas_fitting_size(const struct canvas *canvas, const char *string, const char *weight,
			   double width, double height, double most, double least);

#endif
