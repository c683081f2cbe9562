/* Read line by line. Each ANGL line is one reading, of the sample that was named last. */
#include "formats/mif.h"

#include "base/file.h"
#include "formats/decode.h"
#include "formats/sections.h"

#include <string.h>

bool mif_recognise(const char *text)
{
	text += strspn(text, " \t\r\n");
	return strncmp(text, "[FILE INFO]", 11) == 0 && strstr(text, "[MEASUREMENT]");
}

/* "In 13.8 13.4 …", "Ex …", "45 …": the geometry, then the values. */
static enum status take_angle(struct sections *s, char *value)
{
	struct conditions *conditions = &s->reading.conditions;
	char *geometry = strsep(&value, " \t");

	text_copy(conditions->geometry, sizeof conditions->geometry,
		  strcmp(geometry, "45") == 0 ? "45:0" : "d:8");
	conditions->specular = strcmp(geometry, "In") == 0   ? SPECULAR_INCLUDED
			       : strcmp(geometry, "Ex") == 0 ? SPECULAR_EXCLUDED
							     : SPECULAR_UNKNOWN;
	if (section_values(s, value ? value : geometry + strlen(geometry), " \t"))
		return s->err->status;
	if (s->values != 31)
		return error_set(s->err, STATUS_REFUSED,
				 "%s:%d: %d reflectances, and a MIF file does not say at which "
				 "wavelengths; 31 are understood (400–700 nm by 10)",
				 s->path, s->line, s->values);
	s->reading.reflectance.grid = (struct grid){400.0, 10.0, 31};
	notes_addf(s->notes,
		   "%s: a MIF file does not state its wavelengths; 31 values are taken for "
		   "400–700 nm by 10",
		   file_name(s->path));
	return section_add(s);
}

enum status mif_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err)
{
	struct sections s = {.list = list, .notes = notes, .err = err, .path = path};
	char *cursor = text->data, *line, *key, *value;
	size_t before = list->count;

	section_begin(&s);
	while ((line = text_next_line(&cursor, &s.line))) {
		enum status status = STATUS_OK;

		if (!section_split(text_trim(line), &key, &value))
			continue;
		if (strcmp(key, "NAME") == 0)
			text_copy(s.reading.name, sizeof s.reading.name, value);
		else if (strcmp(key, "INST") == 0)
			text_copy(s.reading.conditions.instrument,
				  sizeof s.reading.conditions.instrument, value);
		else if (strcmp(key, "ANGL") == 0)
			status = take_angle(&s, value);
		if (status)
			return status;
	}
	return list->count > before ? STATUS_OK
				    : error_set(err, STATUS_REFUSED, "%s: no readings in it", path);
}
