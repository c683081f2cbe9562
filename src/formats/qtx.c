/* Read line by line. A section is one reading, complete when the next section or the end comes. */
#include "formats/qtx.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"
#include "formats/sections.h"
#include "formats/table.h"

#include <math.h>
#include <string.h>
#include <time.h>

bool qtx_recognise(const char *text)
{
	text += strspn(text, " \t\r\n");
	return (strncmp(text, "[STANDARD", 9) == 0 || strncmp(text, "[BATCH", 6) == 0) &&
	       strstr(text, "REFLPOINTS=");
}

/* A number that may have a comma behind it. */
static bool number_before_comma(double *number, const char *value)
{
	char copy[32];

	text_copy_bytes(copy, sizeof copy, value, strcspn(value, ","));
	return number_read(number, copy);
}

/* "%R LAV SCI UV Inc": specular; the area names (LAV, MAV, SAV, USAV) are no millimetres. */
static void take_viewing(struct conditions *conditions, const char *value)
{
	conditions->specular = specular_read(value);
	text_copy_bytes(conditions->geometry, sizeof conditions->geometry, value,
			strcspn(value, ","));
	text_make_printable(conditions->geometry);
}

/* "D65/10 deg"; NONE and nothing say nothing. */
static void take_light(struct conditions *conditions, const char *value)
{
	size_t name = strcspn(value, "/");

	if (value[name] != '/')
		return;
	text_copy_bytes(conditions->illuminant, sizeof conditions->illuminant, value, name);
	text_copy(conditions->observer, sizeof conditions->observer,
		  value[name + 1] == '1' ? "10" : "2");
}

static void take_date(struct conditions *conditions, const char *value)
{
	double seconds;
	struct tm utc;
	time_t moment;

	if (!number_before_comma(&seconds, value) || seconds <= 0.0 || seconds > 4e9)
		return;
	moment = (time_t)seconds;
	gmtime_r(&moment, &utc);
	strftime(conditions->date, sizeof conditions->date, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void take_xyz(struct sections *s, char axis, const char *value)
{
	struct stated_colour *stated = &s->reading.stated;
	double number;

	if (!number_before_comma(&number, value) || fabs(number) > STATED_MOST)
		return;
	*(axis == 'X'   ? &stated->xyz.x
	  : axis == 'Y' ? &stated->xyz.y
			: &stated->xyz.z) = number / 100.0;
	stated->has_xyz |= axis == 'Z';
}

static enum status take_grid_number(struct sections *s, const char *key, const char *value)
{
	struct grid *grid = &s->reading.reflectance.grid;
	double number;

	if (!number_before_comma(&number, value) || number < 1.0 || number > 2000.0)
		return error_set(s->err, STATUS_REFUSED, "%s:%d: %s “%s”, a number is needed",
				 s->path, s->line, key, value);
	if (strcmp(key, "REFLLOW") == 0)
		grid->start_nm = number;
	else if (strcmp(key, "REFLINTERVAL") == 0)
		grid->step_nm = number;
	else
		s->points = (int)number;
	return STATUS_OK;
}

/* Keys come as STD_… and BAT_…; a batch repeats its standard's name, then gives its own. */
static enum status take_qtx_line(struct sections *s, char *key, char *value)
{
	struct conditions *conditions = &s->reading.conditions;

	if (strncmp(key, "STD_", 4) && strncmp(key, "BAT_", 4))
		return STATUS_OK;
	key += 4;
	if (strcmp(key, "NAME") == 0)
		text_copy(s->reading.name, sizeof s->reading.name, value);
	else if (strcmp(key, "VIEWING") == 0)
		take_viewing(conditions, value);
	else if (strcmp(key, "INST_TYPE") == 0)
		text_copy_bytes(conditions->instrument, sizeof conditions->instrument, value,
				strcspn(value, ","));
	else if (strcmp(key, "CORD_ILLUM") == 0)
		take_light(conditions, value);
	else if (strcmp(key, "DATETIME") == 0)
		take_date(conditions, value);
	else if (strlen(key) == 1 && strchr("XYZ", *key))
		take_xyz(s, *key, value);
	else if (strcmp(key, "R") == 0)
		return section_values(s, value, ",");
	else if (strcmp(key, "REFLLOW") == 0 || strcmp(key, "REFLINTERVAL") == 0 ||
		 strcmp(key, "REFLPOINTS") == 0)
		return take_grid_number(s, key, value);
	return STATUS_OK;
}

static enum status end_qtx_section(struct sections *s)
{
	if (!s->in_section)
		return STATUS_OK;
	if (s->values == 0) {
		notes_addf(s->notes, "%s: “%s” has no reflectance and is left out",
			   file_name(s->path), s->reading.name);
		return STATUS_OK;
	}
	if (s->values != s->points)
		return error_set(s->err, STATUS_REFUSED,
				 "%s:%d: %d reflectances, REFLPOINTS says %d", s->path,
				 s->values_line, s->values, s->points);
	return section_add(s);
}

enum status qtx_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err)
{
	struct sections s = {.list = list, .notes = notes, .err = err, .path = path};
	char *cursor = text->data, *line, *key, *value;
	size_t before = list->count;

	while ((line = text_next_line(&cursor, &s.line))) {
		enum status status = STATUS_OK;

		line = text_trim(line);
		if (*line == '[') {
			status = end_qtx_section(&s);
			s.in_section = strncmp(line, "[STANDARD", 9) == 0 ||
				       strncmp(line, "[BATCH", 6) == 0;
			section_begin(&s);
		} else if (s.in_section && section_split(line, &key, &value)) {
			status = take_qtx_line(&s, key, value);
		}
		if (status)
			return status;
	}
	if (end_qtx_section(&s))
		return err->status;
	return list->count > before ? STATUS_OK
				    : error_set(err, STATUS_REFUSED, "%s: no readings in it", path);
}
