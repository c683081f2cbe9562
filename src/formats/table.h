/* A table of text cells, each with the line it came from: what CGATS data and CSV have in common.
 *
 * Row 0 is the header. Cells stay text until somebody asks for a number, and then the number is
 * read strictly and an error can name file and line. A table takes the file's text over and its cells
 * stand in it, so that a file of thousands of rows takes little more than its own size.
 *
 *	struct table table = {0};
 *	csv_table_read(&table, &text, path, &err);
 *	…table_cell(&table, row, column)…
 *	table_clear(&table);
 */
#ifndef FORMATS_TABLE_H
#define FORMATS_TABLE_H

#include "base/error.h"
#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

#include <stdint.h>

/* Lab and XYZ (white 100) of anything that reflects lie well inside. */
#define STATED_MOST 1000.0

struct table_cell {
	uint32_t offset; /* in bytes.data; a file has at most FILE_READ_MOST bytes */
	uint32_t line;
};

/* What the file says its reflectances are. */
enum table_scale { SCALE_UNDECLARED, SCALE_UNIT, SCALE_PERCENT };

struct table {
	struct text bytes; /* where the cells stand, each ended by a zero */
	struct table_cell *cell;
	size_t cells, capacity, columns;
	struct conditions conditions;
	enum table_scale scale;
	double xyz_white; /* Y of the perfect white in columns of XYZ: 100, or 1; 0 is taken as 100 */
	char quantity[64]; /* "relative power", … as the file's header says; may be empty */
};

/* Takes the bytes of `text` over, which is empty then. */
void table_take_text(struct table *table, struct text *text);

/* A cell that stands in the table's text already, and one that is added to it (which may move the text). */
enum status table_add_place(struct table *table, const char *cell, int line, struct error *err);
enum status table_add_cell(struct table *table, const char *content, int line, struct error *err);
/* Forgets the rows from `rows` on. */
void table_cut(struct table *table, size_t rows);
size_t table_rows(const struct table *table);
const char *table_cell(const struct table *table, size_t row, size_t column);
int table_line(const struct table *table, size_t row, size_t column);
void table_clear(struct table *table);

/* Rows become columns. */
enum status table_transpose(struct table *table, struct error *err);

/* A wavelength in a column's name: 400, 400nm, nm400, R400, SPECTRAL_NM_400, SPEC_400 … with 200
 * to 1100. False where the name is something else. */
bool wavelength_read(double *nm, const char *name);

/* True for a name that columns of L* have. */
bool column_is_lab(const char *name);

/* The columns whose names are wavelengths: their grid, and for each of its samples the column.
 * Refuses wavelengths out of order, repeated or unevenly spaced. `count` 0 where there are none. */
struct spectral_columns {
	struct grid grid;
	size_t column[SPECTRUM_SAMPLES_MAX];
};
enum status spectral_columns_find(struct spectral_columns *columns, const struct table *table,
				  const char *path, struct error *err);

/* Refuses a grid that no reading may have: none, steps outside 1 to 20 nm, or one that leaves out
 * part of 400–700 nm. */
enum status reading_grid_check(const struct grid *grid, const char *path, int line,
			       struct error *err);

/* One reflectance, strictly: a number from 0 to REFLECTANCE_MAX, or to 100 times that where
 * `percent`. */
enum status reflectance_read(double *value, const char *cell, bool percent, const char *path,
			     int line, struct error *err);

/* Notes the first value above 1 of each reading. */
void reflectance_note_excess(const struct reading *reading, struct notes *notes);

/* "SCI", "Ex", "specular included" …: SPECULAR_UNKNOWN where it says nothing of it. */
enum specular specular_read(const char *words);

/* True where a column is named as a wavelength, and where columns of Lab or XYZ are there. */
bool table_has_wavelengths(const struct table *table);
bool table_states_colours(const struct table *table);

/* Adds one reading per row. Reflectance is taken as declared; undeclared it is percent where at
 * least half of the values exceed 1.5 (in 256 rows spread over the table; a note says so), else 0..1. Refuses anything that is not a
 * number from 0 to REFLECTANCE_MAX then, and grids that leave out part of 400–700 nm. */
enum status readings_from_table(struct reading_list *list, const struct table *table,
				const char *path, struct notes *notes, struct error *err);

#endif
