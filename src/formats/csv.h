/* CSV: a table with wavelengths in the header row or in the first column.
 *
 * The delimiter is the one of comma, semicolon and tab that the first row has most of; behind
 * semicolons and tabs a decimal comma is understood, where the whole table has it. Lines at
 * the top that begin with '#' are a header of `# key: value`; `unit` (reflectance 0..1,
 * reflectance percent, relative power …), `instrument`, `geometry`, `specular` (included,
 * excluded), `mode` (M0..M3), `aperture_mm`, `date` and `source` are understood, others are for
 * people. profiles/README.md describes the same format for lights and observers.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "formats/table.h"

/* True where the decoded text looks like a table with a delimiter, from its first line on or behind
 * lines about the export (Nix Toolkit: "sep=;" and its owner's mail address, which is not kept; Wolf
 * Faust's IT8 files: keywords). */
bool csv_recognise(const char *text);

/* Whose table it is, of text that csv_recognise()d: "Nix CSV", "Konica Minolta SpectraMagic CSV", "IT8 table"
 * (Wolf Faust), or "CSV". */
const char *csv_dialect(const char *text);

/* One line of the header, "# key: value", into the table's conditions and scale; keys that are not
 * known are for people. */
enum status csv_header_read(struct table *table, char *line, const char *path, int number,
			    struct error *err);

/* Reads decoded `text`, which the table takes over. Each row must have as many cells as the first. */
enum status csv_table_read(struct table *table, struct text *text, const char *path,
			   struct error *err);

/* The same, and then as readings. */
enum status csv_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

#endif
