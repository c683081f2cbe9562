/* libcsv splits cells (RFC 4180, strict: a quote inside an unquoted cell is an error). It has no
 * line numbers, so it is fed line by line. */
#include "formats/csv.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"

#include <csv.h>
#include <ctype.h>
#include <string.h>

static int count_of(const char *line, char wanted)
{
	int count = 0;

	for (; *line && *line != '\n' && *line != '\r'; line++)
		count += *line == wanted;
	return count;
}

/* Excel's "sep=;" line, then the header. */
static const char *skip_comments(const char *text)
{
	if (strncmp(text, "sep=", 4) == 0) {
		text += strcspn(text, "\r\n");
		text += strspn(text, "\r\n");
	}
	while (*text == '#' || *text == '\n' || *text == '\r') {
		text += strcspn(text, "\r\n");
		text += strspn(text, "\r\n");
	}
	return text;
}

static char find_delimiter(const char *first_row)
{
	const char candidates[] = {',', ';', '\t'};
	char best = 0;
	int most = 0;

	for (size_t i = 0; i < sizeof candidates; i++)
		if (count_of(first_row, candidates[i]) > most) {
			most = count_of(first_row, candidates[i]);
			best = candidates[i];
		}
	return best;
}

/* Fewer wavelengths than this in a row of names, and it is no header of readings: 400–700 by 20. */
enum { HEADER_WAVELENGTHS = 16 };

/* A row of names of readings: enough wavelengths, or columns of Lab. */
static bool is_header(const char *line, char delimiter)
{
	int wavelengths = 0;

	while (*line && *line != '\n' && *line != '\r') {
		char end[] = {delimiter, '\n', '\r', 0}, cell[24], *name;
		size_t length = strcspn(line, end);
		double nm;

		text_copy_bytes(cell, sizeof cell, line, length < sizeof cell ? length : 0);
		name = text_trim(cell);
		if (column_is_lab(name))
			return true;
		wavelengths += wavelength_read(&nm, name);
		line += length + (line[length] == delimiter);
	}
	return wavelengths >= HEADER_WAVELENGTHS;
}

/* Where the row of names begins: the first that is one; where there is none, the first row, and
 * wavelengths may stand in the first column. */
static char *find_header(char *text)
{
	char *first = (char *)skip_comments(text), *line = first;

	while (*line) {
		char delimiter = find_delimiter(line);

		if (delimiter && is_header(line, delimiter))
			return line;
		line += strcspn(line, "\r\n");
		line += strspn(line, "\r\n");
	}
	return first;
}

bool csv_recognise(const char *text)
{
	return find_delimiter(find_header((char *)text)) != 0;
}

const char *csv_dialect(const char *text)
{
	if (strstr(text, "Nix Device"))
		return "Nix CSV";
	if (strncmp(text, "IT8.7", 5) == 0)
		return "IT8 table";
	return strstr(text, "Data Name") && strstr(text, "Specular Component")
		       ? "Konica Minolta SpectraMagic CSV"
		       : "CSV";
}

static void take_unit(struct table *table, const char *value)
{
	text_copy(table->quantity, sizeof table->quantity, value);
	if (text_same(value, "reflectance 0..1"))
		table->scale = SCALE_UNIT;
	if (text_same(value, "reflectance percent"))
		table->scale = SCALE_PERCENT;
}

static enum status take_specular(struct conditions *conditions, const char *value, const char *path,
				 int number, struct error *err)
{
	for (int i = SPECULAR_INCLUDED; i <= SPECULAR_EXCLUDED; i++)
		if (text_same(value, specular_text(i))) {
			conditions->specular = i;
			return STATUS_OK;
		}
	return error_set(err, STATUS_REFUSED,
			 "%s:%d: specular “%s”, included or excluded is allowed", path, number,
			 value);
}

static enum status take_aperture(struct conditions *conditions, const char *value, const char *path,
				 int number, struct error *err)
{
	if (number_read(&conditions->aperture_mm, value) && conditions->aperture_mm > 0.0 &&
	    conditions->aperture_mm <= 1000.0)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED,
			 "%s:%d: aperture “%s”, millimetres up to 1000 are needed", path, number,
			 value);
}

enum status csv_header_read(struct table *table, char *line, const char *path, int number,
			    struct error *err)
{
	struct conditions *c = &table->conditions;
	const struct {
		const char *key;
		char *slot;
		size_t size;
	} words[] = {
		{"instrument", c->instrument, sizeof c->instrument},
		{"geometry", c->geometry, sizeof c->geometry},
		{"mode", c->mode, sizeof c->mode},
		{"date", c->date, sizeof c->date},
		{"source", c->origin, sizeof c->origin},
	};
	char *colon = strchr(line, ':'), *value;

	if (!colon)
		return STATUS_OK;
	*colon = 0;
	value = text_trim(colon + 1);
	line = text_trim(line + 1);
	if (!text_printable(value))
		return error_set(err, STATUS_REFUSED, "%s:%d: control characters in the header",
				 path, number);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_same(line, words[i].key))
			text_copy(words[i].slot, words[i].size, value);
	if (text_same(line, "unit"))
		take_unit(table, value);
	if (text_same(line, "specular"))
		return take_specular(c, value, path, number, err);
	return text_same(line, "aperture_mm") ? take_aperture(c, value, path, number, err)
					      : STATUS_OK;
}

struct csv_state {
	struct table *table;
	struct error *err;
	enum status status;
	const char *path;
	int line, row_line; /* now, and where the row began */
	size_t row_cells;
	bool in_row;
	char *place; /* for the next cell: in the row itself, whose bytes libcsv has taken by then */
};

static void take_cell(void *content, size_t length, void *data)
{
	struct csv_state *state = data;
	const char *cell = content;

	if (state->status)
		return;
	if (state->row_cells == 0)
		state->row_line = state->line;
	state->row_cells++;
	for (; length > 0 && isspace((unsigned char)*cell); length--)
		cell++;
	while (length > 0 && isspace((unsigned char)cell[length - 1]))
		length--;
	if (length > 0)
		memmove(state->place, cell, length);
	state->place[length] = 0;
	state->status = table_add_place(state->table, state->place, state->row_line, state->err);
	state->place += length + 1;
}

static void take_row(int ending, void *data)
{
	struct csv_state *state = data;
	struct table *table = state->table;

	(void)ending;
	if (state->status)
		return;
	if (table->columns == 0)
		table->columns = state->row_cells;
	if (state->row_cells != table->columns)
		state->status = error_set(state->err, STATUS_REFUSED,
					  "%s:%d: %zu cells, the first row has %zu", state->path,
					  state->row_line, state->row_cells, table->columns);
	state->row_cells = 0;
	state->in_row = false;
}

/* 1: digits with a decimal comma; -1: with a decimal point; 0: neither. */
static int decimal_kind(const char *cell)
{
	size_t whole;

	cell += *cell == '+' || *cell == '-';
	whole = strspn(cell, "0123456789");
	cell += whole;
	if ((*cell != ',' && *cell != '.') || whole + strspn(cell + 1, "0123456789") == 0)
		return 0;
	return cell[1 + strspn(cell + 1, "0123456789eE+-")] ? 0 : *cell == ',' ? 1 : -1;
}

/* Half of Europe writes 0,05 and separates by semicolons or tabs. Where every fraction of the table has
 * a comma it is a decimal one; where some have a point nothing is changed, and the strict reader
 * refuses the others. */
static void take_decimal_commas(struct table *table)
{
	size_t commas = 0;

	for (size_t i = table->columns; i < table->cells; i++) {
		int kind = decimal_kind(table->bytes.data + table->cell[i].offset);

		if (kind < 0)
			return;
		commas += kind > 0;
	}
	for (size_t i = table->columns; commas && i < table->cells; i++) {
		char *cell = table->bytes.data + table->cell[i].offset;

		if (decimal_kind(cell) > 0)
			*strchr(cell, ',') = '.';
	}
}

static enum status parse_rows(struct table *table, char *cursor, int line, const char *path,
			      struct error *err)
{
	struct csv_state state = {.table = table, .err = err, .path = path, .line = line};
	char delimiter = find_delimiter(cursor);
	struct csv_parser parser;

	if (!delimiter)
		return error_set(
			err, STATUS_REFUSED,
			"%s: no table: commas, semicolons or tabs are needed between cells", path);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI))
		return error_memory(err);
	csv_set_delim(&parser, (unsigned char)delimiter);
	while (!state.status) {
		char *row = text_next_line(&cursor, &state.line);
		size_t length = row ? strlen(row) : 0;

		if (!row)
			break;
		if (!state.in_row)
			state.place = row;
		state.in_row = true;
		if (csv_parse(&parser, row, length, take_cell, take_row, &state) != length ||
		    csv_parse(&parser, "\n", 1, take_cell, take_row, &state) != 1)
			state.status = error_set(
				err, STATUS_REFUSED,
				"%s:%d: a quotation mark inside a cell that is not quoted", path,
				state.line);
	}
	if (!state.status && csv_fini(&parser, take_cell, take_row, &state))
		state.status = error_set(err, STATUS_REFUSED,
					 "%s:%d: a quoted cell is never closed", path, state.line);
	csv_free(&parser);
	if (!state.status && delimiter != ',')
		take_decimal_commas(table);
	return state.status;
}

enum status csv_table_read(struct table *table, struct text *text, const char *path,
			   struct error *err)
{
	char *cursor = text->data;
	int line = 0;

	table_take_text(table, text);
	if (strncmp(cursor, "sep=", 4) == 0)
		text_next_line(&cursor, &line);
	while (*cursor == '#' || *cursor == '\n' || *cursor == '\r') {
		char *comment = text_next_line(&cursor, &line);

		if (*comment == '#' && csv_header_read(table, comment, path, line, err))
			return err->status;
	}
	return parse_rows(table, cursor, line, path, err);
}

/* "… (light D50, viewing angle 2)", as Wolf Faust's files say it. */
static void take_light_of(struct conditions *conditions, const char *line)
{
	const char *light = strstr(line, "light D"), *angle = strstr(line, "viewing angle ");

	if (!light || !angle)
		return;
	text_copy_bytes(conditions->illuminant, sizeof conditions->illuminant, light + 6,
			strcspn(light + 6, " ,;)\""));
	text_copy(conditions->observer, sizeof conditions->observer, angle[14] == '1' ? "10" : "2");
}

/* What stands before the row of names: "# key: value" lines, and what is known of others. */
static enum status read_preamble(struct table *table, const char *from, const char *header,
				 const char *path, struct error *err)
{
	struct text copy = {0};
	char *cursor, *line;
	int number = 0;
	enum status status = STATUS_OK;

	text_add(&copy, from, (size_t)(header - from));
	if (text_failed(&copy))
		return error_memory(err);
	cursor = copy.data;
	while (!status && (line = text_next_line(&cursor, &number))) {
		if (*line == '#')
			status = csv_header_read(table, line, path, number, err);
		else
			take_light_of(&table->conditions, line);
	}
	text_clear(&copy);
	return status;
}

/* Reads the rows from the header on. Lines before it are counted, not kept. */
static enum status read_reading_table(struct table *table, struct text *text, const char *path,
				      struct error *err)
{
	char *header = find_header(text->data);
	int before = 0;

	if (header == skip_comments(text->data))
		return csv_table_read(table, text, path, err);
	if (read_preamble(table, text->data, header, path, err))
		return err->status;
	for (const char *c = text->data; c < header; c++)
		before += *c == '\n' || (*c == '\r' && c[1] != '\n');
	table_take_text(table, text);
	return parse_rows(table, header, before, path, err);
}

static bool has_column(const struct table *table, const char *name)
{
	for (size_t c = 0; c < table->columns; c++)
		if (strcmp(table_cell(table, 0, c), name) == 0)
			return true;
	return false;
}

enum status csv_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err)
{
	struct table table = {0};
	struct spectral_columns columns;
	char first_line[8];
	enum status status;

	text_copy_bytes(first_line, sizeof first_line, text->data, strnlen(text->data, 7));
	status = read_reading_table(&table, text, path, err);

	if (!status && *table.quantity && table.scale == SCALE_UNDECLARED)
		status = error_set(
			err, STATUS_REFUSED,
			"%s: unit “%s”, reflectance 0..1 or reflectance percent is needed", path,
			table.quantity);
	if (!status)
		status = spectral_columns_find(&columns, &table, path, err);
	if (!status && columns.grid.count == 0 && !table_states_colours(&table))
		status = table_transpose(&table, err); /* they may stand in the first column */
	if (!status && strcmp(csv_dialect(first_line), "IT8 table") == 0)
		notes_addf(
			notes,
			"%s: an IT8 target; one of film (IT8.7/1) is read through, its values are "
			"transmittances",
			file_name(path));
	if (!status && has_column(&table, "Nix Device")) {
		table.scale = SCALE_UNIT;
		table.xyz_white = 1.0;
	}
	if (!status)
		status = readings_from_table(list, &table, path, notes, err);
	table_clear(&table);
	return status;
}
