/* A QR code (ISO/IEC 18004) on a page, through libqrencode, and what it says.
 */
#ifndef REPORT_CODE_H
#define REPORT_CODE_H

#include "match/recipe.h"
#include "report/canvas.h"

/* "FOLLITONE:1:ID:VERSION:HASH", in letters that a code holds densely. A recipe with its readings is ten thousand bytes and no code
 * holds it; its hash stands for every one of them, and whoever has that version has the same one, bit for bit. */
void code_payload(struct text *out, const struct recipe *recipe);

/* Black on white, with the four modules of quiet around it that the standard asks for, in a square. */
enum status code_draw(struct canvas *canvas, double x, double y, double side, const char *payload,
		      struct error *err);

#endif
