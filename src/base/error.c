/* A message longer than its slot is cut, never overrun. Control bytes that came from a stranger's
 * file are replaced, so that no error line can move the cursor of the terminal that shows it. */
#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status error_set(struct error *err, enum status status, const char *format, ...)
{
	va_list arguments;

	err->status = status;
	va_start(arguments, format);
	vsnprintf(err->message, sizeof err->message, format, arguments);
	va_end(arguments);
	text_make_printable(err->message);
	return status;
}

enum status error_prefix(struct error *err, const char *format, ...)
{
	char line[sizeof err->message];
	va_list arguments;
	int used;

	va_start(arguments, format);
	used = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (used < 0 || used >= (int)sizeof line)
		return err->status;
	snprintf(line + used, sizeof line - (size_t)used, "%s", err->message);
	text_make_printable(line);
	memcpy(err->message, line, sizeof line);
	return err->status;
}

enum status error_memory(struct error *err)
{
	return error_set(err, STATUS_ENVIRONMENT, "out of memory");
}
