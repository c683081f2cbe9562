/* Three states, left by their END_ keyword: header lines (KEYWORD value), the data format (field
 * names, over any number of lines), the data (one set a line). '#' begins a comment outside
 * quotes. */
#include "formats/cgats.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct cgats {
	struct table *table;
	const char *path;
	int fields_declared, sets_declared; /* -1 where not */
	bool tabs;
	struct notes *notes;
};

static bool has_line(const char *text, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *hit = strstr(text, wanted); hit; hit = strstr(hit + 1, wanted)) {
		char before = hit == text ? '\n' : hit[-1], after = hit[length];

		if ((before == '\n' || before == '\r') &&
		    (after == 0 || isspace((unsigned char)after)))
			return true;
	}
	return false;
}

bool cgats_recognise(const char *text)
{
	return has_line(text, "BEGIN_DATA_FORMAT") || has_line(text, "BEGIN_DATA");
}

static void cut_comment(char *line)
{
	bool quoted = false;

	for (; *line; line++) {
		quoted ^= *line == '"';
		if (*line == '#' && !quoted) {
			*line = 0;
			return;
		}
	}
}

/* Cuts the next cell off *cursor; NULL behind the last. Quotes are taken off. Between tabs a cell
 * may be empty; otherwise runs of blanks separate. */
static char *next_cell(char **cursor, bool tabs)
{
	char *cell, *end;

	if (!tabs)
		*cursor += strspn(*cursor, " \t");
	if (!**cursor)
		return NULL;
	cell = *cursor;
	if (*cell == '"' && strchr(cell + 1, '"')) {
		end = strchr(++cell, '"');
		*end++ = 0;
		end += strcspn(end, tabs ? "\t" : " \t");
	} else {
		end = cell + strcspn(cell, tabs ? "\t" : " \t");
	}
	*cursor = end + (*end != 0);
	*end = 0;
	return text_trim(cell);
}

static enum status read_count(int *count, const char *keyword, const char *value, const char *path,
			      int line, struct error *err)
{
	if (!number_read_integer(count, value) || *count < 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: %s “%s”, a whole number is needed",
				 path, line, keyword, value);
	return STATUS_OK;
}

static void take_specular(struct conditions *conditions, const char *value)
{
	if (strcasestr(value, "SCI") || strcasestr(value, "included"))
		conditions->specular = SPECULAR_INCLUDED;
	if (strcasestr(value, "SCE") || strcasestr(value, "excluded"))
		conditions->specular = SPECULAR_EXCLUDED;
}

static void take_geometry(struct conditions *conditions, const char *value)
{
	text_copy(conditions->geometry, sizeof conditions->geometry, value);
	take_specular(conditions, value); /* "d:8 SCI" */
}

static enum status take_keyword(struct cgats *cgats, char *line, int number, struct error *err)
{
	struct conditions *conditions = &cgats->table->conditions;
	char *cursor = line, *keyword = next_cell(&cursor, false),
	     *value = next_cell(&cursor, false);
	double norm;

	if (!keyword || !value)
		return STATUS_OK;
	for (char *tab = strchr(value, '\t'); tab;
	     tab = strchr(tab, '\t')) /* MeasureTool writes them */
		*tab = ' ';
	if (!text_printable(value))
		return error_set(err, STATUS_REFUSED, "%s:%d: control characters in the header",
				 cgats->path, number);
	if (strcmp(keyword, "NUMBER_OF_FIELDS") == 0)
		return read_count(&cgats->fields_declared, keyword, value, cgats->path, number,
				  err);
	if (strcmp(keyword, "NUMBER_OF_SETS") == 0)
		return read_count(&cgats->sets_declared, keyword, value, cgats->path, number, err);
	if (strcmp(keyword, "SPECTRAL_NORM") == 0) {
		if (!number_read(&norm, value) || (norm != 1.0 && norm != 100.0))
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: SPECTRAL_NORM “%s”, 1 or 100 is allowed",
					 cgats->path, number, value);
		cgats->table->scale = norm == 100.0 ? SCALE_PERCENT : SCALE_UNIT;
	}
	if (strcmp(keyword, "INSTRUMENTATION") == 0)
		text_copy(conditions->instrument, sizeof conditions->instrument, value);
	if (strcmp(keyword, "CREATED") == 0)
		text_copy(conditions->date, sizeof conditions->date, value);
	if (strcmp(keyword, "ORIGINATOR") == 0)
		text_copy(conditions->origin, sizeof conditions->origin, value);
	if (strcmp(keyword, "SPECULAR") == 0) /* our own, as in our CSV header */
		take_specular(conditions, value);
	if (strcmp(keyword, "MEASUREMENT_GEOMETRY") == 0)
		take_geometry(conditions, value);
	return STATUS_OK;
}

static enum status take_cells(struct cgats *cgats, char *line, int number, struct error *err)
{
	bool tabs = cgats->tabs;
	char *cell;

	while ((cell = next_cell(&line, tabs)))
		if (table_add_cell(cgats->table, cell, number, err))
			return err->status;
	return STATUS_OK;
}

static enum status close_format(struct cgats *cgats, int number, struct error *err)
{
	cgats->table->columns = cgats->table->cells;
	if (cgats->table->columns == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: the data format names no fields",
				 cgats->path, number);
	if (cgats->fields_declared >= 0 && (size_t)cgats->fields_declared != cgats->table->columns)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: %zu fields are named, NUMBER_OF_FIELDS says %d",
				 cgats->path, number, cgats->table->columns,
				 cgats->fields_declared);
	return STATUS_OK;
}

static enum status take_set(struct cgats *cgats, char *line, int number, struct error *err)
{
	size_t before = cgats->table->cells, found;

	if (take_cells(cgats, line, number, err))
		return err->status;
	found = cgats->table->cells - before;
	if (found != cgats->table->columns)
		return error_set(err, STATUS_REFUSED, "%s:%d: %zu cells, the data format names %zu",
				 cgats->path, number, found, cgats->table->columns);
	return STATUS_OK;
}

static enum status close_data(struct cgats *cgats, const char *rest, int number, struct error *err)
{
	size_t sets;

	if (cgats->table->columns == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: END_DATA without data", cgats->path,
				 number);
	sets = table_rows(cgats->table) - 1;
	if (cgats->sets_declared >= 0 && (size_t)cgats->sets_declared != sets)
		return error_set(err, STATUS_REFUSED, "%s:%d: %zu sets, NUMBER_OF_SETS says %d",
				 cgats->path, number, sets, cgats->sets_declared);
	if (has_line(rest, "BEGIN_DATA"))
		notes_addf(cgats->notes,
			   "%s: the file holds several tables, only the first was read",
			   file_name(cgats->path));
	return STATUS_OK;
}

static enum status parse(struct cgats *cgats, struct text *text, struct error *err)
{
	enum { HEADER, FORMAT, DATA } part = HEADER;
	char *cursor = text->data, *line;
	int number = 0;

	while ((line = text_next_line(&cursor, &number))) {
		enum status status = STATUS_OK;
		char *word;

		cut_comment(line);
		word = text_trim(line);
		if (!*word)
			continue;
		if (strcmp(word, "BEGIN_DATA_FORMAT") == 0)
			part = FORMAT;
		else if (strcmp(word, "END_DATA_FORMAT") == 0) {
			part = HEADER;
			status = close_format(cgats, number, err);
		} else if (strcmp(word, "BEGIN_DATA") == 0) {
			part = DATA;
			if (cgats->table->columns == 0)
				status = error_set(
					err, STATUS_REFUSED,
					"%s:%d: data without a data format that names its fields",
					cgats->path, number);
		} else if (strcmp(word, "END_DATA") == 0)
			return close_data(cgats, cursor, number, err);
		else if (part == HEADER)
			status = take_keyword(cgats, word, number, err);
		else if (part == DATA)
			status = take_set(cgats, word, number, err);
		else {
			cgats->tabs |= strchr(word, '\t') != NULL;
			status = take_cells(cgats, word, number, err);
		}
		if (status)
			return status;
	}
	return error_set(err, STATUS_REFUSED, "%s:%d: the file ends before END_DATA", cgats->path,
			 number);
}

enum status cgats_readings_read(struct reading_list *list, struct text *text, const char *path,
				struct notes *notes, struct error *err)
{
	struct table table = {0};
	struct cgats cgats = {.table = &table,
			      .path = path,
			      .fields_declared = -1,
			      .sets_declared = -1,
			      .notes = notes};
	enum status status = parse(&cgats, text, err);

	if (!status)
		status = readings_from_table(list, &table, path, notes, err);
	table_clear(&table);
	return status;
}
