/* What files of [SECTION] lines and KEY=value lines have in common: Datacolor QTX, X-Rite MIF.
 *
 * For this room only. One reading is built at a time and added when it is complete.
 */
#ifndef FORMATS_SECTIONS_H
#define FORMATS_SECTIONS_H

#include "base/notes.h"
#include "colour/reading.h"

struct sections {
	struct reading_list *list;
	struct notes *notes;
	struct error *err;
	const char *path;
	int line;
	struct reading reading;
	int values, values_line; /* samples read so far, and where */
	int points;              /* QTX: REFLPOINTS, 0 where not stated */
	bool in_section;
};

/* Splits `key=value` in place; false where there is no '='. */
bool section_split(char *line, char **key, char **value);

void section_begin(struct sections *s);

/* Reflectances in percent between any of `delimiters`; empty ones between commas are left out, as
 * trailing commas are usual. */
enum status section_values(struct sections *s, char *value, const char *delimiters);

/* Adds the reading, whose grid must be complete but for its count. */
enum status section_add(struct sections *s);

#endif
