/* A thread's own locale (POSIX.1-2008) rather than setlocale(): other threads, which may be reading or writing a file, keep the point. */
#include "report/language.h"

#include <locale.h>

void language_open(const char *folder)
{
	bindtextdomain("follitone", folder);
	bind_textdomain_codeset("follitone", "UTF-8");
}

void figures_begin(struct figures *figures)
{
	locale_t now = duplocale(LC_GLOBAL_LOCALE);
	locale_t user = now ? newlocale(LC_NUMERIC_MASK, "", now) : (locale_t)0;

	if (now && !user)
		freelocale(now);
	*figures = (struct figures){user, NULL};
	if (user)
		figures->before = uselocale(user);
}

void figures_end(struct figures *figures)
{
	if (!figures->user)
		return;
	uselocale(figures->before);
	freelocale(figures->user);
	*figures = (struct figures){0};
}
