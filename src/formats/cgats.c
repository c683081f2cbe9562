/* Three states, left by their END_ keyword: header lines (KEYWORD value), the data format (field
 * names, over any number of lines), the data (one set a line). '#' begins a comment outside
 * quotes. After END_DATA another table may follow; what the header said before holds on, and so does
 * the data format where the next table names none. */
#include "formats/cgats.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct cgats {
	struct table table; /* the one that is being read */
	const char *path;
	struct notes *notes;
	int line;
	int fields_declared, sets_declared; /* -1 where not */
	bool tabs;
	bool is_spectrum, is_reflective; /* ArgyllCMS .sp, and MEAS_TYPE says reflectance */
	int tables;                      /* complete ones */
	const char *why;                 /* the last one was left out, or NULL */
	/* takes each table when it is complete, into one of these */
	enum status (*take)(struct cgats *cgats, struct error *err);
	struct reading_list *readings;
	struct spectrum *spectrum;
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

/* A quoted cell; a doubled quotation mark inside is one. What stands behind the closing one, up to the
 * separator, is not the cell's. */
static char *next_quoted(char **cursor, char *cell, bool tabs)
{
	char *from = cell, *to = cell;

	for (; *from && (*from != '"' || from[1] == '"'); from++) {
		from += *from == '"';
		*to++ = *from;
	}
	from += *from == '"';
	from += strcspn(from, tabs ? "\t" : " \t");
	*cursor = from + (*from != 0);
	*to = 0;
	return text_trim(cell);
}

/* Cuts the next cell off *cursor; NULL behind the last. Quotes are taken off. Between tabs a cell
 * may be empty; otherwise runs of blanks separate. */
static char *next_cell(char **cursor, bool tabs)
{
	char *cell = *cursor, *end;

	while (!tabs && (*cell == ' ' || *cell == '\t'))
		cell++;
	if (!*cell)
		return NULL;
	if (*cell == '"' && strchr(cell + 1, '"'))
		return next_quoted(cursor, cell + 1, tabs);
	for (end = cell; *end && *end != '\t' && (tabs || *end != ' '); end++)
		;
	*cursor = end + (*end != 0);
	*end = 0;
	return isspace((unsigned char)*cell) || (end > cell && isspace((unsigned char)end[-1]))
		       ? text_trim(cell)
		       : cell;
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
	take_part(conditions->mode, sizeof conditions->mode, value, "MeasurementCondition=");
}

static void take_aperture(struct conditions *conditions, const char *value)
{
	double mm;

	if (number_read(&mm, value) && mm > 0.0 && mm <= 1000.0)
		conditions->aperture_mm = mm;
}

/* Barbieri: "Mode=Reflection,Measurement Condition=M1,Aperture=6,…" */
static void take_barbieri(struct conditions *conditions, const char *value)
{
	char aperture[16] = "";

	take_part(conditions->mode, sizeof conditions->mode, value, "Measurement Condition=");
	take_part(aperture, sizeof aperture, value, "Aperture=");
	take_aperture(conditions, aperture);
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
	{"APERTURE_MM", take_aperture},      {"MEASUREMENT_GEOMETRY", take_geometry},
	{"MEASUREMENT_SOURCE", take_source}, {"OBSERVER", take_observer},
	{"OBSERVER_ANGLE", take_observer},   {"BARBIERI_INFO_0", take_barbieri},
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

static enum status take_keyword(struct cgats *cgats, char *line, struct error *err)
{
	struct conditions *conditions = &cgats->table.conditions;
	char *cursor = line, *keyword = next_cell(&cursor, false);
	char *value = next_cell(&cursor, false);
	double norm;

	if (keyword && strcmp(keyword, "SPECT") == 0)
		cgats->is_spectrum = true;
	if (keyword && !value && cgats->tables > 0) { /* "CGATS.17": it begins anew */
		*conditions = (struct conditions){.specular = SPECULAR_UNKNOWN};
		cgats->table.scale = SCALE_UNDECLARED;
	}

	if (!keyword || !value)
		return STATUS_OK;
	for (char *tab = strchr(value, '\t'); tab;
	     tab = strchr(tab, '\t')) /* MeasureTool writes them */
		*tab = ' ';
	if (!text_printable(value))
		return error_set(err, STATUS_REFUSED, "%s:%d: control characters in the header",
				 cgats->path, cgats->line);
	if (strcmp(keyword, "DEVICE_CLASS") == 0 && strcmp(value, "DISPLAY") == 0)
		notes_addf(cgats->notes, "%s: measured of a display: no reflectances",
			   file_name(cgats->path));
	if (strcmp(keyword, "MEAS_TYPE") == 0)
		cgats->is_reflective = strcmp(value, "REFLECTIVE") == 0;
	if (strcmp(keyword, "NUMBER_OF_FIELDS") == 0)
		return read_count(&cgats->fields_declared, keyword, value, cgats->path, cgats->line,
				  err);
	if (strcmp(keyword, "NUMBER_OF_SETS") == 0)
		return read_count(&cgats->sets_declared, keyword, value, cgats->path, cgats->line,
				  err);
	if (strcmp(keyword, "SPECTRAL_NORM") == 0) {
		if (cgats->is_spectrum && !cgats->is_reflective)
			return STATUS_OK; /* a light may have any */
		if (!number_read(&norm, value) || (norm != 1.0 && norm != 100.0))
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: SPECTRAL_NORM “%s”, 1 or 100 is allowed",
					 cgats->path, cgats->line, value);
		cgats->table.scale = norm == 100.0 ? SCALE_PERCENT : SCALE_UNIT;
	}
	take_words(conditions, keyword, value);
	for (size_t i = 0; i < sizeof condition_keywords / sizeof *condition_keywords; i++)
		if (strcmp(keyword, condition_keywords[i].keyword) == 0)
			condition_keywords[i].take(conditions, value);
	return STATUS_OK;
}

static enum status take_cells(struct cgats *cgats, char *line, struct error *err)
{
	bool tabs = cgats->tabs;
	char *cell;

	while ((cell = next_cell(&line, tabs)))
		if (table_add_place(&cgats->table, cell, cgats->line, err))
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

static enum status begin_format(struct cgats *cgats)
{
	table_cut(&cgats->table, 0);
	cgats->table.columns = 0;
	cgats->tabs = false;
	return STATUS_OK;
}

static enum status end_format(struct cgats *cgats, struct error *err)
{
	struct table *table = &cgats->table;

	table->columns = table->cells;
	if (table->columns == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: the data format names no fields",
				 cgats->path, cgats->line);
	if (cgats->fields_declared >= 0 && (size_t)cgats->fields_declared != table->columns &&
	    (size_t)cgats->fields_declared != count_named(table))
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: %zu fields are named, NUMBER_OF_FIELDS says %d",
				 cgats->path, cgats->line, table->columns, cgats->fields_declared);
	return STATUS_OK;
}

static enum status begin_data(struct cgats *cgats, struct error *err)
{
	if (cgats->table.columns == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: data without a data format that names its fields",
				 cgats->path, cgats->line);
	table_cut(&cgats->table, 1);
	return STATUS_OK;
}

static enum status take_set(struct cgats *cgats, char *line, struct error *err)
{
	size_t before = cgats->table.cells, length = strlen(line), found;
	bool open_end = cgats->tabs && length > 0 && line[length - 1] == '\t';

	if (take_cells(cgats, line, err))
		return err->status;
	found = cgats->table.cells - before;
	if (open_end && found + 1 == cgats->table.columns) { /* its last cell is empty */
		if (table_add_place(&cgats->table, line + length, cgats->line, err))
			return err->status;
		found++;
	}
	if (found != cgats->table.columns)
		return error_set(err, STATUS_REFUSED, "%s:%d: %zu cells, the data format names %zu",
				 cgats->path, cgats->line, found, cgats->table.columns);
	return STATUS_OK;
}

static enum status end_data(struct cgats *cgats, struct error *err)
{
	size_t sets = table_rows(&cgats->table) - 1;

	if (cgats->sets_declared >= 0 && (size_t)cgats->sets_declared != sets)
		return error_set(err, STATUS_REFUSED, "%s:%d: %zu sets, NUMBER_OF_SETS says %d",
				 cgats->path, cgats->line, sets, cgats->sets_declared);
	cgats->fields_declared = cgats->sets_declared = -1;
	cgats->tables++;
	return cgats->take(cgats, err);
}

enum part { HEADER, FORMAT, DATA };

/* One line that is not empty, trimmed and without its comment. */
static enum status take_line(struct cgats *cgats, enum part *part, char *line, struct error *err)
{
	static const struct {
		const char *keyword;
		enum part from, to;
	} turns[] = {
		{"BEGIN_DATA_FORMAT", HEADER, FORMAT},
		{"END_DATA_FORMAT", FORMAT, HEADER},
		{"BEGIN_DATA", HEADER, DATA},
		{"END_DATA", DATA, HEADER},
	};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		if (strcmp(line, turns[i].keyword))
			continue;
		if (*part != turns[i].from)
			return error_set(err, STATUS_REFUSED, "%s:%d: %s in the wrong place",
					 cgats->path, cgats->line, line);
		*part = turns[i].to;
		return i == 0   ? begin_format(cgats)
		       : i == 1 ? end_format(cgats, err)
		       : i == 2 ? begin_data(cgats, err)
				: end_data(cgats, err);
	}
	if (*part == HEADER)
		return take_keyword(cgats, line, err);
	if (*part == DATA)
		return take_set(cgats, line, err);
	cgats->tabs |= strchr(line, '\t') != NULL;
	return take_cells(cgats, line, err);
}

/* Cells between tabs may be empty at both ends of a row, so the tabs stay; a line of nothing else is
 * empty. */
static char *trim_blanks(char *line)
{
	size_t length;

	if (line[strspn(line, " \t")] == 0 ||
	    strncmp(line + strspn(line, " \t"), "END_DATA", 8) == 0)
		return text_trim(line);
	while (*line == ' ')
		line++;
	length = strlen(line);
	while (length > 0 && line[length - 1] == ' ')
		line[--length] = 0;
	return line;
}

static enum status parse(struct cgats *cgats, struct text *text, struct error *err)
{
	char *cursor = text->data, *line;
	enum part part = HEADER;

	table_take_text(&cgats->table, text);
	cgats->fields_declared = cgats->sets_declared = -1;
	while ((line = text_next_line(&cursor, &cgats->line))) {
		cut_comment(line);
		line = part == DATA && cgats->tabs ? trim_blanks(line) : text_trim(line);
		if (*line && take_line(cgats, &part, line, err))
			return err->status;
	}
	if (part != HEADER || cgats->tables == 0)
		return error_set(err, STATUS_REFUSED, "%s:%d: the file ends before END_DATA",
				 cgats->path, cgats->line);
	return STATUS_OK;
}

/* --- readings ------------------------------------------------------------------------------- */

static enum status take_readings(struct cgats *cgats, struct error *err)
{
	if (cgats->is_spectrum && !cgats->is_reflective)
		return error_set(err, STATUS_REFUSED,
				 "%s: a spectrum that does not say it is a reflectance (MEAS_TYPE "
				 "REFLECTIVE); perhaps a light",
				 cgats->path);
	cgats->why = table_rows(&cgats->table) < 2 ? "no readings"
		     : !table_has_wavelengths(&cgats->table) && !table_states_colours(&cgats->table)
			     ? "no spectra: no column is named as a wavelength, and none as Lab or "
			       "XYZ"
			     : NULL;
	if (cgats->why) {
		notes_addf(cgats->notes, "%s: the table that ends on line %d was left out: %s",
			   file_name(cgats->path), cgats->line, cgats->why);
		return STATUS_OK;
	}
	return readings_from_table(cgats->readings, &cgats->table, cgats->path, cgats->notes, err);
}

enum status cgats_readings_read(struct reading_list *list, struct text *text, const char *path,
				struct notes *notes, struct error *err)
{
	struct cgats cgats = {
		.path = path, .notes = notes, .take = take_readings, .readings = list};
	size_t before = list->count;
	enum status status = parse(&cgats, text, err);

	if (!status && list->count == before)
		status = error_set(err, STATUS_REFUSED, "%s: %s", path, cgats.why);
	table_clear(&cgats.table);
	return status;
}

/* --- a light -------------------------------------------------------------------------------- */

static enum status take_spectrum(struct cgats *cgats, struct error *err)
{
	const struct table *table = &cgats->table;
	struct spectral_columns columns;
	struct spectrum *out = cgats->spectrum;

	if (spectral_columns_find(&columns, table, cgats->path, err))
		return err->status;
	if (columns.grid.count < 4 || table_rows(table) != 2 || cgats->tables > 1)
		return error_set(
			err, STATUS_REFUSED,
			"%s: %d wavelengths and %zu spectra, at least 4 and one are needed",
			cgats->path, columns.grid.count, table_rows(table) - 1);
	out->grid = columns.grid;
	for (int i = 0; i < columns.grid.count; i++) {
		const char *cell = table_cell(table, 1, columns.column[i]);

		if (!number_read(&out->value[i], cell))
			return error_set(err, STATUS_REFUSED, "%s:%d: “%s”, a number is needed",
					 cgats->path, table_line(table, 1, columns.column[i]),
					 cell);
	}
	return STATUS_OK;
}

enum status cgats_spectrum_read(struct spectrum *out, struct text *text, const char *path,
				struct notes *notes, struct error *err)
{
	struct cgats cgats = {.path = path, .notes = notes, .take = take_spectrum, .spectrum = out};
	enum status status = parse(&cgats, text, err);

	table_clear(&cgats.table);
	return status;
}
