/* A page of control patches, each at least 8 mm wide with its Lab beside it, for measuring a printer; the order is that of
 * colour/control_patches.h.
 */
#ifndef REPORT_CONTROL_PAGE_H
#define REPORT_CONTROL_PAGE_H

#include "base/error.h"
#include "base/text.h"
#include "report/picture_format.h"

struct canvas;
struct device;

/* Sets *out to the bytes of a file of that page, to be cleared by the caller. `printer` is that of a proof (report/canvas.h), or NULL. */
enum status control_page_draw(struct text *out, enum card_paper paper, const struct device *printer,
			      enum picture_format format, struct error *err);

/* Draws it on the canvas's page, which is empty. */
void control_patches_page(struct canvas *canvas);

#endif
