/* A QR code (ISO/IEC 18004) on a page, through libqrencode. */
#ifndef REPORT_CODE_H
#define REPORT_CODE_H

#include "report/canvas.h"

/* Black on white, with the four modules of quiet around it that the standard asks for, in a square. */
enum status code_draw(struct canvas *canvas, double x, double y, double side, const char *payload,
		      struct error *err);

#endif
