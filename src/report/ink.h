/* Swatches on a terminal: a colour as a block beside its figures, as 24-bit colours of sRGB (ISO 8613-6, 48;2;R;G;B).
 *
 * A text that is for such a terminal carries an ink (base/text.h), which its door has put there; into every other text, that of a file, a
 * pipe or JSON, ink_swatch() adds nothing, so whoever writes words need not ask.
 *
 *	struct ink ink = {.screen = NULL};
 *	text.ink = &ink;
 *	…
 *	ink_clear(&ink);
 */
#ifndef REPORT_INK_H
#define REPORT_INK_H

#include "base/text.h"
#include "colour/lab.h"

struct ink {
	struct device *screen; /* sRGB, once there was a swatch */
	bool missed;           /* a colour was marked: sRGB cannot show it */
};

/* Two blanks in that colour, with two before them; "!" behind a colour that sRGB cannot show, of which the nearest is shown. It is
 * PCS Lab (D50, 2 degree); a Lab of which only its own light's is known is shown as it stands, as to an eye that is adapted to that light. */
void ink_swatch(struct text *out, const struct lab *lab);

void ink_clear(struct ink *ink);

#endif
