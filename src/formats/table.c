#include "formats/table.h"

#include "base/file.h"
#include "base/number.h"
#include "formats/decode.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void table_take_text(struct table *table, struct text *text)
{
	table->bytes = *text;
	*text = (struct text){0};
}

static enum status add_offset(struct table *table, size_t offset, int line, struct error *err)
{
	if (table->cells == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 256;
		struct table_cell *grown = realloc(table->cell, capacity * sizeof *grown);

		if (!grown)
			return error_memory(err);
		table->cell = grown;
		table->capacity = capacity;
	}
	table->cell[table->cells++] = (struct table_cell){(uint32_t)offset, (uint32_t)line};
	return STATUS_OK;
}

enum status table_add_place(struct table *table, const char *cell, int line, struct error *err)
{
	return add_offset(table, (size_t)(cell - table->bytes.data), line, err);
}

enum status table_add_cell(struct table *table, const char *content, int line, struct error *err)
{
	size_t offset = table->bytes.length;

	text_add(&table->bytes, content, strlen(content) + 1);
	return text_failed(&table->bytes) ? error_memory(err)
					  : add_offset(table, offset, line, err);
}

void table_cut(struct table *table, size_t rows)
{
	if (rows * table->columns < table->cells)
		table->cells = rows * table->columns;
}

size_t table_rows(const struct table *table)
{
	return table->columns ? table->cells / table->columns : 0;
}

const char *table_cell(const struct table *table, size_t row, size_t column)
{
	return table->bytes.data + table->cell[row * table->columns + column].offset;
}

int table_line(const struct table *table, size_t row, size_t column)
{
	return (int)table->cell[row * table->columns + column].line;
}

void table_clear(struct table *table)
{
	text_clear(&table->bytes);
	free(table->cell);
	*table = (struct table){0};
}

enum status table_transpose(struct table *table, struct error *err)
{
	size_t rows = table_rows(table), columns = table->columns;
	struct table_cell *turned = malloc(table->cells * sizeof *turned);

	if (!turned)
		return error_memory(err);
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < columns; c++)
			turned[c * rows + r] = table->cell[r * columns + c];
	free(table->cell);
	table->cell = turned;
	table->capacity = table->cells;
	table->columns = rows;
	return STATUS_OK;
}

/* --- wavelengths ------------------------------------------------------------------------------ */

bool wavelength_read(double *nm, const char *name)
{
	static const char *const prefixes[] = {"SPECTRAL_NM_", "SPECTRAL_NM", "SPECTRAL_", "SPEC_",
					       "NM_",          "NM",          "R_",        "R"};
	char number[16];
	size_t length;

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (strncasecmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
			name += strlen(prefixes[i]);
			break;
		}
	length = strspn(name, "0123456789.");
	if (length == 0 || length >= sizeof number)
		return false;
	memcpy(number, name, length);
	number[length] = 0;
	name += length;
	name += *name == ' ';
	if (*name && strcasecmp(name, "nm"))
		return false;
	return number_read(nm, number) && *nm >= 200.0 && *nm <= 1100.0;
}

/* `last` is the wavelength before, as it is printed; printed steps may be rounded. */
static enum status check_step(const struct spectral_columns *columns, double last, double nm,
			      const char *cell, const char *path, int line, struct error *err)
{
	const struct grid *grid = &columns->grid;

	if (grid->count == SPECTRUM_SAMPLES_MAX)
		return error_set(err, STATUS_REFUSED, "%s:%d: more than %d wavelengths", path, line,
				 SPECTRUM_SAMPLES_MAX);
	if (nm == last)
		return error_set(err, STATUS_REFUSED, "%s:%d: wavelength “%s” is repeated", path,
				 line, cell);
	if (nm < last)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: wavelength “%s” after %g nm, rising order is needed", path,
				 line, cell, last);
	if (grid->count > 1 && fabs(nm - last - grid->step_nm) > 2e-3)
		return error_set(
			err, STATUS_REFUSED,
			"%s:%d: wavelength “%s” after %g nm, an even step of %g nm is needed", path,
			line, cell, last, grid->step_nm);
	return STATUS_OK;
}

enum status spectral_columns_find(struct spectral_columns *columns, const struct table *table,
				  const char *path, struct error *err)
{
	struct grid *grid = &columns->grid;
	double last_nm = 0.0;

	*columns = (struct spectral_columns){0};
	for (size_t c = 0; c < table->columns; c++) {
		const char *cell = table_cell(table, 0, c);
		double nm;

		if (!wavelength_read(&nm, cell))
			continue;
		if (grid->count == 0)
			grid->start_nm = nm;
		else if (check_step(columns, last_nm, nm, cell, path, table_line(table, 0, c), err))
			return err->status;
		if (grid->count == 1)
			grid->step_nm = nm - grid->start_nm;
		columns->column[grid->count++] = c;
		last_nm = nm;
	}
	if (grid->count < 2)
		grid->count = 0;
	else /* names may be rounded: 376.667, 380, 383.333 */
		grid->step_nm = (last_nm - grid->start_nm) / (grid->count - 1);
	return STATUS_OK;
}

/* --- readings --------------------------------------------------------------------------------- */

enum status reading_grid_check(const struct grid *grid, const char *path, int line,
			       struct error *err)
{
	if (grid->count == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: no spectra: no column is named as a wavelength", path);
	if (grid->step_nm < 1.0 - 1e-9 || grid->step_nm > 20.0 + 1e-9)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: a step of %g nm, 1 to 20 nm is allowed", path, line,
				 grid->step_nm);
	if (grid->start_nm > 400.0 + 1e-3 || grid_end_nm(grid) < 700.0 - 1e-3)
		return error_set(
			err, STATUS_REFUSED,
			"%s:%d: wavelengths from %g to %g nm, at least 400 to 700 is needed", path,
			line, grid->start_nm, grid_end_nm(grid));
	return STATUS_OK;
}

enum { SCALE_ROWS = 256 }; /* as many tell the scale of a file, spread over all of it */

static bool looks_like_percent(const struct table *table, const struct spectral_columns *columns)
{
	size_t above = 0, seen = 0, rows = table_rows(table);
	size_t step = (rows + SCALE_ROWS - 1) / SCALE_ROWS;
	double value;

	for (size_t r = 1; r < rows; r += step, seen++)
		for (int i = 0; i < columns->grid.count; i++)
			above += number_read(&value, table_cell(table, r, columns->column[i])) &&
				 value > REFLECTANCE_MAX;
	return 2 * above >= seen * (size_t)columns->grid.count;
}

enum status reflectance_read(double *value, const char *cell, bool percent, const char *path,
			     int line, struct error *err)
{
	double most = percent ? 100.0 * REFLECTANCE_MAX : REFLECTANCE_MAX;

	if (*cell == '0' && isdigit((unsigned char)cell[1]))
		return error_set(
			err, STATUS_REFUSED,
			"%s:%d: “%s” where a reflectance is expected: the rest of a number "
			"with a decimal comma?",
			path, line, cell);
	if (!number_read(value, cell))
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: “%s” where a reflectance is expected, a number with a "
				 "decimal point "
				 "is needed",
				 path, line, cell);
	if (*value < 0.0 || *value > most)
		return error_set(err, STATUS_REFUSED, "%s:%d: reflectance %s is outside 0..%g%s",
				 path, line, cell, most,
				 percent         ? " (percent)"
				 : *value > most ? " (percent?)"
						 : "");
	if (percent)
		*value /= 100.0;
	return STATUS_OK;
}

void reflectance_note_excess(const struct reading *reading, struct notes *notes)
{
	for (int b = 0; b < reading->reflectance.grid.count; b++)
		if (reading->reflectance.value[b] > 1.0) {
			notes_addf(notes,
				   "%s: “%s” reflects more than 1: fluorescent, or not calibrated?",
				   file_name(reading->file), reading->name);
			return;
		}
}

enum specular specular_read(const char *words)
{
	if (strcasestr(words, "SCI") || strcasestr(words, "included"))
		return SPECULAR_INCLUDED;
	if (strcasestr(words, "SCE") || strcasestr(words, "excluded"))
		return SPECULAR_EXCLUDED;
	return SPECULAR_UNKNOWN;
}

/* --- known columns -------------------------------------------------------------------------- */

enum known_column {
	COLUMN_NAME,
	COLUMN_LAB_L,
	COLUMN_LAB_A,
	COLUMN_LAB_B,
	COLUMN_XYZ_X,
	COLUMN_XYZ_Y,
	COLUMN_XYZ_Z,
	COLUMN_INSTRUMENT,
	COLUMN_GEOMETRY,
	COLUMN_APERTURE,
	COLUMN_MODE,
	COLUMN_DATE,
	COLUMN_ILLUMINANT,
	COLUMN_OBSERVER,
	COLUMNS,
};

/* Names that files give these columns, the better ones first: CGATS, Konica Minolta SpectraMagic, Nix
 * Toolkit, Wolf Faust. */
static const struct {
	enum known_column column;
	const char *name;
} column_names[] = {
	{COLUMN_NAME, "SAMPLE_NAME"},
	{COLUMN_NAME, "SampleName"},
	{COLUMN_NAME, "Data Name"},
	{COLUMN_NAME, "User Color Name"},
	{COLUMN_NAME, "Name"},
	{COLUMN_NAME, "SAMPLE_LOC"},
	{COLUMN_NAME, "SAMPLE_ID"},
	{COLUMN_NAME, "SampleID"},
	{COLUMN_NAME, "sample"},
	{COLUMN_LAB_L, "LAB_L"},
	{COLUMN_LAB_A, "LAB_A"},
	{COLUMN_LAB_B, "LAB_B"},
	{COLUMN_LAB_L, "L*"},
	{COLUMN_LAB_A, "a*"},
	{COLUMN_LAB_B, "b*"},
	{COLUMN_LAB_L, "L"},
	{COLUMN_LAB_A, "a"},
	{COLUMN_LAB_B, "b"},
	{COLUMN_XYZ_X, "XYZ_X"},
	{COLUMN_XYZ_Y, "XYZ_Y"},
	{COLUMN_XYZ_Z, "XYZ_Z"},
	{COLUMN_XYZ_X, "X"},
	{COLUMN_XYZ_Y, "Y"},
	{COLUMN_XYZ_Z, "Z"},
	{COLUMN_INSTRUMENT, "Instrument Name"},
	{COLUMN_INSTRUMENT, "Nix Device"},
	{COLUMN_GEOMETRY, "Geometry"},
	{COLUMN_APERTURE, "Measurement Area"},
	{COLUMN_MODE, "Measurement Mode"},
	{COLUMN_DATE, "Timestamp"},
	{COLUMN_DATE, "Date Saved"},
	{COLUMN_ILLUMINANT, "Illuminant"},
	{COLUMN_OBSERVER, "Observer"},
};

/* Where the known columns stand; table->columns where they do not. */
struct column_map {
	size_t at[COLUMNS];
	char light
		[LIGHT_NAME_SIZE]; /* of "L*(10/D65)": what is between the brackets; may be empty */
};

/* Whether a column is called `name`, alone or with a light behind it as SpectraMagic has it: "L*(D65)",
 * "L*(10°/D65)". All columns with a light must have the same, that of the first. */
static bool is_called(struct column_map *map, const char *cell, const char *name, bool with_light)
{
	size_t length = strlen(name), light;

	if (strncmp(cell, name, length))
		return false;
	cell += length;
	if (*cell == 0)
		return true;
	light = strlen(cell);
	if (!with_light || *cell != '(' || cell[light - 1] != ')' || light - 2 >= sizeof map->light)
		return false;
	if (!*map->light)
		text_copy_bytes(map->light, sizeof map->light, cell + 1, light - 2);
	return strncmp(map->light, cell + 1, light - 2) == 0 && map->light[light - 2] == 0;
}

static void find_columns(struct column_map *map, const struct table *table)
{
	*map = (struct column_map){.light = ""};
	for (int known = 0; known < COLUMNS; known++)
		map->at[known] = table->columns;
	for (size_t i = 0; i < sizeof column_names / sizeof *column_names; i++)
		for (size_t c = 0; c < table->columns; c++)
			if (map->at[column_names[i].column] == table->columns &&
			    is_called(map, table_cell(table, 0, c), column_names[i].name,
				      column_names[i].column >= COLUMN_LAB_L &&
					      column_names[i].column <= COLUMN_XYZ_Z))
				map->at[column_names[i].column] = c;
}

bool column_is_lab(const char *name)
{
	struct column_map map = {.light = ""};

	return is_called(&map, name, "L", true) || is_called(&map, name, "L*", true) ||
	       is_called(&map, name, "LAB_L", true);
}

/* "D65", "10°/D65", "D65/2": SpectraMagic's observer is 10 unless said. */
static void take_light(struct conditions *conditions, const char *light)
{
	char words[LIGHT_NAME_SIZE], *rest = words, *word;

	text_copy(words, sizeof words, light);
	text_copy(conditions->observer, sizeof conditions->observer, "10");
	while ((word = strsep(&rest, "/,; "))) {
		if (strcmp(word, "2") == 0 || strcmp(word, "2°") == 0)
			text_copy(conditions->observer, sizeof conditions->observer, "2");
		else if (*word && strcmp(word, "10") && strcmp(word, "10°")) {
			text_copy(conditions->illuminant, sizeof conditions->illuminant, word);
			text_make_printable(conditions->illuminant);
		}
	}
}

static const char *known_cell(const struct table *table, const struct column_map *map, size_t row,
			      enum known_column known)
{
	return map->at[known] < table->columns ? table_cell(table, row, map->at[known]) : "";
}

/* Three columns of numbers; false where one is not there, holds no number ("------") or one that no
 * colour has. */
static bool take_triple(double value[3], const struct table *table, const struct column_map *map,
			size_t row, enum known_column first)
{
	for (int i = 0; i < 3; i++)
		if (!number_read(&value[i],
				 known_cell(table, map, row, first + (enum known_column)i)) ||
		    fabs(value[i]) > STATED_MOST)
			return false;
	return true;
}

static void take_stated(struct stated_colour *stated, const struct table *table,
			const struct column_map *map, size_t row)
{
	double white = table->xyz_white > 0.0 ? table->xyz_white : 100.0, v[3];

	*stated = (struct stated_colour){0};
	stated->has_lab = take_triple(v, table, map, row, COLUMN_LAB_L);
	if (stated->has_lab)
		stated->lab = (struct lab){v[0], v[1], v[2]};
	stated->has_xyz = take_triple(v, table, map, row, COLUMN_XYZ_X);
	if (stated->has_xyz)
		stated->xyz = (struct xyz){v[0] / white, v[1] / white, v[2] / white};
}

/* "SAV(3mm)", "8 mm", "3" */
static double aperture_read(const char *words)
{
	char number[16] = "";
	const char *unit;
	size_t digits;
	double mm = 0.0;

	words += strcspn(words, "0123456789");
	digits = strspn(words, "0123456789.");
	unit = words + digits + (words[digits] == ' ');
	if (digits > 0 && digits < sizeof number && strncasecmp(unit, "mm", 2) == 0)
		text_copy_bytes(number, sizeof number, words, digits);
	return number_read(&mm, number) && mm <= 1000.0 ? mm : 0.0;
}

static void take_word(char *slot, size_t size, const char *cell)
{
	if (*cell && strcmp(cell, "-") && strcmp(cell, "------") && strcmp(cell, "(None)")) {
		text_copy(slot, size, cell);
		text_make_printable(slot);
	}
}

/* SpectraMagic writes two rows for a reading and SCI or SCE in one of their cells, not always in the
 * same column. */
static enum specular find_specular(const struct table *table, size_t row)
{
	for (size_t c = 0; c < table->columns; c++) {
		const char *cell = table_cell(table, row, c);

		if (*cell == 'S' && (strcmp(cell, "SCI") == 0 || strcmp(cell, "SCE") == 0))
			return specular_read(cell);
	}
	return SPECULAR_UNKNOWN;
}

static void take_conditions(struct conditions *conditions, const struct table *table,
			    const struct column_map *map, size_t row)
{
	enum specular specular = find_specular(table, row);
	double aperture = aperture_read(known_cell(table, map, row, COLUMN_APERTURE));

	*conditions = table->conditions;
	if (*map->light)
		take_light(conditions, map->light);
	take_word(conditions->instrument, sizeof conditions->instrument,
		  known_cell(table, map, row, COLUMN_INSTRUMENT));
	take_word(conditions->geometry, sizeof conditions->geometry,
		  known_cell(table, map, row, COLUMN_GEOMETRY));
	take_word(conditions->mode, sizeof conditions->mode,
		  known_cell(table, map, row, COLUMN_MODE));
	take_word(conditions->date, sizeof conditions->date,
		  known_cell(table, map, row, COLUMN_DATE));
	conditions->date[strcspn(conditions->date, "(")] = 0; /* Nix: the zone in words */
	text_trim(conditions->date);
	take_word(conditions->illuminant, sizeof conditions->illuminant,
		  known_cell(table, map, row, COLUMN_ILLUMINANT));
	take_word(conditions->observer, sizeof conditions->observer,
		  known_cell(table, map, row, COLUMN_OBSERVER));
	if (specular != SPECULAR_UNKNOWN)
		conditions->specular = specular;
	if (aperture > 0.0)
		conditions->aperture_mm = aperture;
}

/* --- rows ----------------------------------------------------------------------------------- */

static enum status take_name(struct reading *reading, const struct table *table,
			     const struct column_map *map, size_t row, const char *path,
			     struct error *err)
{
	const char *name = known_cell(table, map, row, COLUMN_NAME);

	if (map->at[COLUMN_NAME] == table->columns)
		name = file_name(reading->file);
	text_copy(reading->name, sizeof reading->name, name);
	if (!text_printable(reading->name))
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: the reading's name holds control characters", path,
				 table_line(table, row, 0));
	return STATUS_OK;
}

static enum status take_row(struct reading *reading, const struct table *table,
			    const struct spectral_columns *columns, bool percent, size_t row,
			    const char *path, struct error *err)
{
	for (int i = 0; i < columns->grid.count; i++) {
		size_t c = columns->column[i];

		if (reflectance_read(&reading->reflectance.value[i], table_cell(table, row, c),
				     percent, path, table_line(table, row, c), err))
			return err->status;
	}
	return STATUS_OK;
}

/* Without a name column, the first that is no wavelength and nothing else that is known. */
static void choose_name_column(struct column_map *map, const struct table *table,
			       const struct spectral_columns *columns)
{
	size_t first = 0;

	for (int known = 0; known < COLUMNS; known++)
		first += map->at[known] == 0;
	if (map->at[COLUMN_NAME] == table->columns && first == 0 &&
	    (columns->grid.count == 0 || columns->column[0] > 0))
		map->at[COLUMN_NAME] = 0;
}

/* A column alone may be a reading that is called "a". */
static bool has_triple(const struct column_map *map, const struct table *table,
		       enum known_column first)
{
	for (int i = 0; i < 3; i++)
		if (map->at[(int)first + i] == table->columns)
			return false;
	return true;
}

static bool states_colours(const struct column_map *map, const struct table *table)
{
	return has_triple(map, table, COLUMN_LAB_L) || has_triple(map, table, COLUMN_XYZ_X);
}

bool table_states_colours(const struct table *table)
{
	struct column_map map;

	find_columns(&map, table);
	return states_colours(&map, table);
}

bool table_has_wavelengths(const struct table *table)
{
	double nm;

	for (size_t c = 0; c < table->columns; c++)
		if (wavelength_read(&nm, table_cell(table, 0, c)))
			return true;
	return false;
}

static enum status check_columns(const struct table *table, const struct spectral_columns *columns,
				 const struct column_map *map, const char *path, struct error *err)
{
	if (columns->grid.count == 0 && states_colours(map, table))
		return STATUS_OK;
	return reading_grid_check(&columns->grid, path, table_line(table, 0, columns->column[0]),
				  err);
}

static bool decide_percent(const struct table *table, const struct spectral_columns *columns,
			   const char *path, struct notes *notes)
{
	if (table->scale != SCALE_UNDECLARED || columns->grid.count == 0)
		return table->scale == SCALE_PERCENT;
	if (!looks_like_percent(table, columns)) {
		notes_addf(notes, "%s: the file does not state its unit; reflectance taken as 0..1",
			   file_name(path));
		return false;
	}
	notes_addf(notes, "%s: reflectance taken as percent (most values exceed %g)",
		   file_name(path), REFLECTANCE_MAX);
	return true;
}

enum status readings_from_table(struct reading_list *list, const struct table *table,
				const char *path, struct notes *notes, struct error *err)
{
	struct spectral_columns columns;
	struct column_map map;
	struct reading reading = {0};
	size_t rows = table_rows(table);
	bool percent;

	if (rows == 0)
		return error_set(err, STATUS_REFUSED, "%s: no table in it", path);
	find_columns(&map, table);
	if (spectral_columns_find(&columns, table, path, err) ||
	    check_columns(table, &columns, &map, path, err))
		return err->status;
	if (rows < 2)
		return error_set(err, STATUS_REFUSED, "%s: no readings below the header", path);
	percent = decide_percent(table, &columns, path, notes);
	choose_name_column(&map, table, &columns);
	text_copy(reading.file, sizeof reading.file, path);
	text_make_printable(reading.file);
	reading.reflectance.grid = columns.grid;
	for (size_t r = 1; r < rows; r++) {
		if (take_name(&reading, table, &map, r, path, err) ||
		    take_row(&reading, table, &columns, percent, r, path, err))
			return err->status;
		take_stated(&reading.stated, table, &map, r);
		take_conditions(&reading.conditions, table, &map, r);
		reflectance_note_excess(&reading, notes);
		if (reading_list_add(list, &reading, err))
			return err->status;
	}
	if (columns.grid.count == 0)
		notes_addf(notes, "%s: no spectra, only stated colours", file_name(path));
	return STATUS_OK;
}
