/* Both formats are read line by line. A QTX section is one reading, complete when the next section
 * or the end comes. In a MIF each ANGL line is one, of the sample that was named last. */
#include "formats/sections.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"
#include "formats/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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
static bool split(char *line, char **key, char **value)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return false;
	*equals = 0;
	*key = text_trim(line);
	*value = text_trim(equals + 1);
	return true;
}

static void begin_reading(struct sections *s)
{
	s->reading = (struct reading){0};
	text_copy(s->reading.file, sizeof s->reading.file, s->path);
	text_make_printable(s->reading.file);
	s->values = s->points = 0;
}

/* Numbers between any of `delimiters`; empty ones between commas are left out, as trailing commas
 * are usual. */
static enum status take_values(struct sections *s, char *value, const char *delimiters)
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

static enum status add_reading(struct sections *s)
{
	struct grid *grid = &s->reading.reflectance.grid;

	grid->count = s->values;
	text_make_printable(s->reading.name);
	if (reading_grid_check(grid, s->path, s->values_line, s->err))
		return s->err->status;
	reflectance_note_excess(&s->reading, s->notes);
	return reading_list_add(s->list, &s->reading, s->err);
}

/* --- Datacolor QTX -------------------------------------------------------------------------- */

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
	text_copy(conditions->geometry, sizeof conditions->geometry, value);
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
	else if (strcmp(key, "CORD_ILLUM") == 0)
		take_light(conditions, value);
	else if (strcmp(key, "DATETIME") == 0)
		take_date(conditions, value);
	else if (strlen(key) == 1 && strchr("XYZ", *key))
		take_xyz(s, *key, value);
	else if (strcmp(key, "R") == 0)
		return take_values(s, value, ",");
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
	return add_reading(s);
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
			begin_reading(&s);
		} else if (s.in_section && split(line, &key, &value)) {
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

/* --- X-Rite Color Master MIF ---------------------------------------------------------------- */

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
	if (take_values(s, value ? value : geometry + strlen(geometry), " \t"))
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
	return add_reading(s);
}

enum status mif_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err)
{
	struct sections s = {.list = list, .notes = notes, .err = err, .path = path};
	char *cursor = text->data, *line, *key, *value;
	size_t before = list->count;

	begin_reading(&s);
	while ((line = text_next_line(&cursor, &s.line))) {
		enum status status = STATUS_OK;

		if (!split(text_trim(line), &key, &value))
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
