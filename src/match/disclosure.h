/* What of a recipe may leave the clinic.
 *
 * A recipe that is shared carries what makes it a recipe: doses, readings as spectra, technique, prediction. What may
 * say whose it is, or by whom it was written, stays, unless it is chosen.
 *
 *	disclosure_read(&with, "zone,notes", &err);
 *	disclosure_apply(&recipe, with);
 *	disclosure_list(&list, &before, with);
 */
#ifndef MATCH_DISCLOSURE_H
#define MATCH_DISCLOSURE_H

#include "match/recipe.h"

/* What leaves only where it is chosen: a set of these. Sealed notes never do, as nobody else has their key. */
enum disclosure {
	DISCLOSE_ZONE = 1 << 0,
	DISCLOSE_NOTES = 1 << 1,
	DISCLOSE_NAMES = 1 << 2,    /* names, files, origins and dates of readings */
	DISCLOSE_SESSIONS = 1 << 3, /* days, operators, lots of what was mixed */
	DISCLOSE_ALL = (1 << 4) - 1,
};

/* Words of a list such as "zone,notes"; NULL: none. */
enum status disclosure_read(unsigned *with, const char *words, struct error *err);

/* Takes out what is not to leave. */
void disclosure_apply(struct recipe *recipe, unsigned with);

/* A bottle with all its words is the longest of them, a recipe with all that it can hold has the most. */
enum { DISCLOSURE_LINES_MAX = 256, DISCLOSURE_TEXT_SIZE = 640 };

/* One field or group of fields, as people call it, and what stands in it. */
struct disclosure_line {
	char what[48], value[DISCLOSURE_TEXT_SIZE];
	bool leaves;
};
struct disclosure_list {
	struct disclosure_line line[DISCLOSURE_LINES_MAX];
	int count;
};

/* Everything that is in the recipe, and whether it leaves. */
void disclosure_list(struct disclosure_list *list, const struct recipe *recipe, unsigned with);

#endif
