/* Whether standard output shows colours. */
#include "cli/verb.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is(const char *name, const char *value)
{
	const char *said = getenv(name);

	return said && strcmp(said, value) == 0;
}

bool terminal_shows_colours(void)
{
	const char *unwanted = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) &&
	       (is("COLORTERM", "truecolor") || is("COLORTERM", "24bit")) &&
	       !(unwanted && *unwanted) && term && *term && !is("TERM", "dumb");
}
