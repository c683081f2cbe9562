#include "formats/sections.h"

#include "formats/decode.h"
#include "formats/table.h"

#include <string.h>

bool section_split(char *line, char **key, char **value)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return false;
	*equals = 0;
	*key = text_trim(line);
	*value = text_trim(equals + 1);
	return true;
}

void section_begin(struct sections *s)
{
	s->reading = (struct reading){0};
	text_copy(s->reading.file, sizeof s->reading.file, s->path);
	text_make_printable(s->reading.file);
	s->values = s->points = 0;
}

enum status section_values(struct sections *s, char *value, const char *delimiters)
{
	char *rest = NULL;

	s->values = 0;
	s->values_line = s->line;
	for (char *word = strtok_r(value, delimiters, &rest); word;
	     word = strtok_r(NULL, delimiters, &rest)) {
		if (s->values == SPECTRUM_SAMPLES_MAX)
			return error_set(s->err, STATUS_REFUSED, "%s:%d: more than %d reflectances",
					 s->path, s->line, SPECTRUM_SAMPLES_MAX);
		if (reflectance_read(&s->reading.reflectance.value[s->values], text_trim(word),
				     true, s->path, s->line, s->err))
			return s->err->status;
		s->values++;
	}
	return STATUS_OK;
}

enum status section_add(struct sections *s)
{
	struct grid *grid = &s->reading.reflectance.grid;

	grid->count = s->values;
	text_make_printable(s->reading.name);
	text_make_printable(s->reading.conditions.instrument);
	if (reading_grid_check(grid, s->path, s->values_line, s->err))
		return s->err->status;
	reflectance_note_excess(&s->reading, s->notes);
	return reading_list_add(s->list, &s->reading, s->err);
}
