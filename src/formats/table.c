#include "formats/table.h"

#include "base/file.h"
#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum status table_add_cell(struct table *table, const char *content, int line, struct error *err)
{
	if (table->cells == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 256;
		struct table_cell *grown = realloc(table->cell, capacity * sizeof *grown);

		if (!grown)
			return error_memory(err);
		table->cell = grown;
		table->capacity = capacity;
	}
	table->cell[table->cells++] =
		(struct table_cell){(uint32_t)table->bytes.length, (uint32_t)line};
	text_add(&table->bytes, content, strlen(content) + 1);
	return text_failed(&table->bytes) ? error_memory(err) : STATUS_OK;
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

static enum status check_step(const struct spectral_columns *columns, double nm, const char *cell,
			      const char *path, int line, struct error *err)
{
	const struct grid *grid = &columns->grid;
	double last = grid_end_nm(grid);

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
	if (grid->count > 1 && fabs(nm - last - grid->step_nm) > 1e-3)
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

	*columns = (struct spectral_columns){0};
	for (size_t c = 0; c < table->columns; c++) {
		const char *cell = table_cell(table, 0, c);
		double nm;

		if (!wavelength_read(&nm, cell))
			continue;
		if (grid->count == 0)
			grid->start_nm = nm;
		else if (check_step(columns, nm, cell, path, table_line(table, 0, c), err))
			return err->status;
		if (grid->count == 1)
			grid->step_nm = nm - grid->start_nm;
		columns->column[grid->count++] = c;
	}
	if (grid->count < 2)
		grid->count = 0;
	return STATUS_OK;
}

/* --- readings --------------------------------------------------------------------------------- */

static enum status check_range(const struct grid *grid, const char *path, int line,
			       struct error *err)
{
	if (grid->count == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: no spectra: no column is named as a wavelength", path);
	if (grid->step_nm < 1.0 - 1e-9 || grid->step_nm > 20.0 + 1e-9)
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: a step of %g nm, 1 to 20 nm is allowed", path, line,
				 grid->step_nm);
	if (grid->start_nm > 400.0 + 1e-6 || grid_end_nm(grid) < 700.0 - 1e-6)
		return error_set(
			err, STATUS_REFUSED,
			"%s:%d: wavelengths from %g to %g nm, at least 400 to 700 is needed", path,
			line, grid->start_nm, grid_end_nm(grid));
	return STATUS_OK;
}

static bool looks_like_percent(const struct table *table, const struct spectral_columns *columns)
{
	size_t above = 0, rows = table_rows(table);
	double value;

	for (size_t r = 1; r < rows; r++)
		for (int i = 0; i < columns->grid.count; i++)
			above += number_read(&value, table_cell(table, r, columns->column[i])) &&
				 value > REFLECTANCE_MAX;
	return 2 * above >= (rows - 1) * (size_t)columns->grid.count;
}

static enum status read_sample(double *value, const char *cell, bool percent, const char *path,
			       int line, struct error *err)
{
	double most = percent ? 100.0 * REFLECTANCE_MAX : REFLECTANCE_MAX;

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

/* The column that names a row: one that says so, else the first that is not a wavelength. */
static size_t find_name_column(const struct table *table, const struct spectral_columns *columns)
{
	static const char *const names[] = {"SAMPLE_NAME", "SampleName", "Name",
					    "SAMPLE_ID",   "SampleID",   "sample"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t c = 0; c < table->columns; c++)
			if (text_same(table_cell(table, 0, c), names[i]))
				return c;
	return columns->column[0] > 0 ? 0 : table->columns;
}

enum status readings_from_table(struct reading_list *list, const struct table *table,
				const char *path, struct notes *notes, struct error *err)
{
	struct spectral_columns columns;
	struct reading reading = {.conditions = table->conditions};
	size_t rows = table_rows(table), name;
	bool percent = table->scale == SCALE_PERCENT;

	if (rows == 0)
		return error_set(err, STATUS_REFUSED, "%s: no table in it", path);
	if (spectral_columns_find(&columns, table, path, err) ||
	    check_range(&columns.grid, path, table_line(table, 0, columns.column[0]), err))
		return err->status;
	if (rows < 2)
		return error_set(err, STATUS_REFUSED, "%s: no readings below the header", path);
	if (table->scale == SCALE_UNDECLARED && looks_like_percent(table, &columns)) {
		percent = true;
		notes_addf(notes, "%s: reflectance taken as percent (most values exceed %g)",
			   file_name(path), REFLECTANCE_MAX);
	}
	name = find_name_column(table, &columns);
	text_copy(reading.file, sizeof reading.file, path);
	text_make_printable(reading.file);
	reading.reflectance.grid = columns.grid;
	for (size_t r = 1; r < rows; r++) {
		text_copy(reading.name, sizeof reading.name,
			  name < table->columns ? table_cell(table, r, name)
						: file_name(reading.file));
		if (!text_printable(reading.name))
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: the reading's name holds control characters", path,
					 table_line(table, r, 0));
		for (int i = 0; i < columns.grid.count; i++) {
			size_t c = columns.column[i];

			if (read_sample(&reading.reflectance.value[i], table_cell(table, r, c),
					percent, path, table_line(table, r, c), err))
				return err->status;
			if (reading.reflectance.value[i] > 1.0)
				notes_addf(notes,
					   "%s: “%s” reflects more than 1: fluorescent, or not "
					   "calibrated?",
					   file_name(path), reading.name);
		}
		if (reading_list_add(list, &reading, err))
			return err->status;
	}
	return STATUS_OK;
}
