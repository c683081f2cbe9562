#include "report/code.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QUIET = 4 }; /* modules, ISO/IEC 18004 §6.3.8 */

enum status code_draw(struct canvas *canvas, double x, double y, double side, const char *payload,
		      struct error *err)
{
	/* level M bears 15 % of it being lost; capitals and digits go in the alphanumeric mode */
	QRcode *code = QRcode_encodeString(payload, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	double module;

	if (!code)
		return error_set(err, STATUS_ENVIRONMENT, "the QR code could not be made: %s",
				 strerror(errno));
	module = side / (code->width + 2 * QUIET);
	x += QUIET * module;
	y += QUIET * module;
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if (code->data[row * code->width + column] & 1)
				cairo_rectangle(canvas->cairo, x + column * module,
						y + row * module, module, module);
	cairo_fill(canvas->cairo);
	QRcode_free(code);
	return STATUS_OK;
}
