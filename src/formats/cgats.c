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
	bool is_spectrum, is_reflective; /* ArgyllCMS .sp, and MEAS_TYPE says reflectance */
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
	enum specular specular = specular_read(value);

	if (specular != SPECULAR_UNKNOWN)
		conditions->specular = specular;
}

/* The value of "Name=…" in a list such as "Illumination=D65 ObserverAngle=10degree Filter=No". */
static void take_part(char *slot, size_t size, const char *list, const char *name)
{
	const char *part = strstr(list, name);

	if (part) {
		part += strlen(name);
		text_copy_bytes(slot, size, part, strcspn(part, " ,;"));
	}
}

/* "10", "10degree", "10°", "2 degree": "10" or "2". */
static void take_observer(struct conditions *conditions, const char *value)
{
	if (strncmp(value, "10", 2) == 0)
		text_copy(conditions->observer, sizeof conditions->observer, "10");
	else if (*value == '2')
		text_copy(conditions->observer, sizeof conditions->observer, "2");
}

static void take_source(struct conditions *conditions, const char *value)
{
	char part[32] = "";

	take_part(part, sizeof part, value, "Illumination=");
	if (*part && strcmp(part, "Unknown"))
		text_copy(conditions->illuminant, sizeof conditions->illuminant, part);
	*part = 0;
	take_part(part, sizeof part, value, "ObserverAngle=");
	take_observer(conditions, part);
}

/* Barbieri: "Mode=Reflection,Measurement Condition=M1,Aperture=6,…" */
static void take_barbieri(struct conditions *conditions, const char *value)
{
	char aperture[16] = "";
	double mm;

	take_part(conditions->mode, sizeof conditions->mode, value, "Measurement Condition=");
	take_part(aperture, sizeof aperture, value, "Aperture=");
	if (number_read(&mm, aperture) && mm > 0.0 && mm <= 1000.0)
		conditions->aperture_mm = mm;
}

static void take_geometry(struct conditions *conditions, const char *value)
{
	text_copy(conditions->geometry, sizeof conditions->geometry, value);
	take_specular(conditions, value); /* "d:8 SCI" */
}

/* Keywords that say how the readings were taken. */
static const struct {
	const char *keyword;
	void (*take)(struct conditions *conditions, const char *value);
} condition_keywords[] = {
	{"SPECULAR", take_specular}, /* our own, as in our CSV header */
	{"MEASUREMENT_GEOMETRY", take_geometry},
	{"MEASUREMENT_SOURCE", take_source},
	{"OBSERVER", take_observer},
	{"OBSERVER_ANGLE", take_observer},
	{"BARBIERI_INFO_0", take_barbieri},
};

/* Keywords whose whole value is kept. */
static void take_words(struct conditions *c, const char *keyword, const char *value)
{
	const struct {
		const char *keyword;
		char *slot;
		size_t size;
	} words[] = {
		{"INSTRUMENTATION", c->instrument, sizeof c->instrument},
		{"TARGET_INSTRUMENT", c->instrument, sizeof c->instrument},
		{"CREATED", c->date, sizeof c->date},
		{"ORIGINATOR", c->origin, sizeof c->origin},
		{"ILLUMINANT", c->illuminant, sizeof c->illuminant},
		{"ILLUMINATION_NAME", c->illuminant, sizeof c->illuminant},
		{"MEASUREMENT_CONDITION", c->mode, sizeof c->mode},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(keyword, words[i].keyword) == 0)
			text_copy(words[i].slot, words[i].size, value);
}

static enum status take_keyword(struct cgats *cgats, char *line, int number, struct error *err)
{
	struct conditions *conditions = &cgats->table->conditions;
	char *cursor = line, *keyword = next_cell(&cursor, false);
	char *value = next_cell(&cursor, false);
	double norm;

	if (keyword && strcmp(keyword, "SPECT") == 0)
		cgats->is_spectrum = true;

	if (!keyword || !value)
		return STATUS_OK;
	for (char *tab = strchr(value, '\t'); tab;
	     tab = strchr(tab, '\t')) /* MeasureTool writes them */
		*tab = ' ';
	if (!text_printable(value))
		return error_set(err, STATUS_REFUSED, "%s:%d: control characters in the header",
				 cgats->path, number);
	if (strcmp(keyword, "MEAS_TYPE") == 0)
		cgats->is_reflective = strcmp(value, "REFLECTIVE") == 0;
	if (strcmp(keyword, "NUMBER_OF_FIELDS") == 0)
		return read_count(&cgats->fields_declared, keyword, value, cgats->path, number,
				  err);
	if (strcmp(keyword, "NUMBER_OF_SETS") == 0)
		return read_count(&cgats->sets_declared, keyword, value, cgats->path, number, err);
	if (strcmp(keyword, "SPECTRAL_NORM") == 0) {
		if (cgats->is_spectrum && !cgats->is_reflective)
			return STATUS_OK; /* a light may have any */
		if (!number_read(&norm, value) || (norm != 1.0 && norm != 100.0))
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: SPECTRAL_NORM “%s”, 1 or 100 is allowed",
					 cgats->path, number, value);
		cgats->table->scale = norm == 100.0 ? SCALE_PERCENT : SCALE_UNIT;
	}
	take_words(conditions, keyword, value);
	for (size_t i = 0; i < sizeof condition_keywords / sizeof *condition_keywords; i++)
		if (strcmp(keyword, condition_keywords[i].keyword) == 0)
			condition_keywords[i].take(conditions, value);
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

/* Barbieri separates some fields by two tabs: a column without a name, which it does not count. */
static size_t count_named(const struct table *table)
{
	size_t named = 0;

	for (size_t c = 0; c < table->columns; c++)
		named += *table_cell(table, 0, c) != 0;
	return named;
}

static enum status close_format(struct cgats *cgats, int number, struct error *err)
{
	cgats->table->columns = cgats->table->cells;
	if (cgats->table->columns == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: the data format names no fields",
				 cgats->path, number);
	if (cgats->fields_declared >= 0 &&
	    (size_t)cgats->fields_declared != cgats->table->columns &&
	    (size_t)cgats->fields_declared != count_named(cgats->table))
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

static struct cgats begin(struct table *table, const char *path, struct notes *notes)
{
	return (struct cgats){.table = table,
			      .path = path,
			      .fields_declared = -1,
			      .sets_declared = -1,
			      .notes = notes};
}

enum status cgats_readings_read(struct reading_list *list, struct text *text, const char *path,
				struct notes *notes, struct error *err)
{
	struct table table = {0};
	struct cgats cgats = begin(&table, path, notes);
	enum status status = parse(&cgats, text, err);

	if (!status && cgats.is_spectrum && !cgats.is_reflective)
		status =
			error_set(err, STATUS_REFUSED,
				  "%s: a spectrum that does not say it is a reflectance (MEAS_TYPE "
				  "REFLECTIVE); perhaps a light",
				  path);
	if (!status)
		status = readings_from_table(list, &table, path, notes, err);
	table_clear(&table);
	return status;
}

enum status cgats_spectrum_read(struct spectrum *out, struct text *text, const char *path,
				struct notes *notes, struct error *err)
{
	struct spectral_columns columns = {.grid = {0, 0, 0}};
	struct table table = {0};
	struct cgats cgats = begin(&table, path, notes);
	enum status status = parse(&cgats, text, err);

	if (!status)
		status = spectral_columns_find(&columns, &table, path, err);
	if (!status && (columns.grid.count < 4 || table_rows(&table) != 2))
		status = error_set(
			err, STATUS_REFUSED,
			"%s: %d wavelengths and %zu spectra, at least 4 and one are needed", path,
			columns.grid.count, table_rows(&table) - 1);
	if (!status)
		out->grid = columns.grid;
	for (int i = 0; !status && i < columns.grid.count; i++) {
		const char *cell = table_cell(&table, 1, columns.column[i]);

		if (!number_read(&out->value[i], cell))
			status = error_set(err, STATUS_REFUSED, "%s:%d: “%s”, a number is needed",
					   path, table_line(&table, 1, columns.column[i]), cell);
	}
	table_clear(&table);
	return status;
}
