#include "formats/profile.h"

#include "base/embedded.h"
#include "base/file.h"
#include "base/number.h"
#include "formats/cgats.h"
#include "formats/csv.h"
#include "formats/decode.h"

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* The user's own folder of profiles; empty where the environment names no home. */
static void user_folder(char folder[PATH_SIZE])
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	*folder = 0;
	if (config && *config)
		snprintf(folder, PATH_SIZE, "%s/follitone/profiles", config);
	else if (home && *home)
		snprintf(folder, PATH_SIZE, "%s/.config/follitone/profiles", home);
}

static bool looks_like_path(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return strchr(name, '/') || (length > tail && strcmp(name + length - tail, suffix) == 0);
}

bool profile_is_name(const char *name)
{
	return *name && !looks_like_path(name, ".csv") && !looks_like_path(name, ".sp") &&
	       !looks_like_path(name, ".cfg");
}

static enum status embedded_read(struct text *out, const struct embedded_file *file,
				 struct error *err)
{
	*out = (struct text){0};
	text_add(out, file->start, (size_t)(file->end - file->start));
	return text_failed(out) ? error_memory(err) : STATUS_OK;
}

enum status profile_read(struct text *out, char path[PATH_SIZE], const char *folder,
			 const char *name, const char *suffix, struct error *err)
{
	const struct embedded_file *file;
	char users[PATH_SIZE];

	if (looks_like_path(name, suffix)) {
		text_copy(path, PATH_SIZE, name);
		return file_read(out, path, FILE_READ_MOST, err);
	}
	user_folder(users);
	if (*users &&
	    snprintf(path, PATH_SIZE, "%s/%s/%s%s", users, folder, name, suffix) < PATH_SIZE &&
	    access(path, F_OK) == 0)
		return file_read(out, path, FILE_READ_MOST, err);
	snprintf(path, PATH_SIZE, "%s/%s%s", folder, name, suffix);
	file = embedded_find(path);
	if (!file)
		return error_set(err, STATUS_REFUSED,
				 "%s: no such file, and no %s/%s%s of this program", name, folder,
				 name, suffix);
	return embedded_read(out, file, err);
}

static void add_name(struct text *names, const char *path, const char *suffix)
{
	const char *name = file_name(path);
	size_t length = strlen(name), tail = strlen(suffix);

	if (length > tail && strcmp(name + length - tail, suffix) == 0) {
		text_add(names, name, length - tail);
		text_adds(names, "\n");
	}
}

enum status profile_list(struct text *names, const char *folder, const char *suffix,
			 struct error *err)
{
	char users[PATH_SIZE], pattern[PATH_SIZE];
	glob_t files;

	user_folder(users);
	if (*users &&
	    snprintf(pattern, sizeof pattern, "%s/%s/*%s", users, folder, suffix) < PATH_SIZE &&
	    glob(pattern, 0, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc; i++)
			add_name(names, files.gl_pathv[i], suffix);
		globfree(&files);
	}
	for (const struct embedded_file *file = embedded_files; file->path; file++)
		if (strncmp(file->path, folder, strlen(folder)) == 0)
			add_name(names, file->path, suffix);
	return text_failed(names) ? error_memory(err) : STATUS_OK;
}

/* The value of a comment line "# key: value" or "// key: value". */
static bool take_comment(char *out, size_t size, const char *line, size_t length, const char *key)
{
	const size_t mark = *line == '#' ? 1 : 2;
	const char *end = line + length, *value;

	for (line += mark; line < end && *line == ' ';)
		line++;
	if ((size_t)(end - line) < strlen(key) + 1 || strncmp(line, key, strlen(key)) ||
	    line[strlen(key)] != ':')
		return false;
	for (value = line + strlen(key) + 1; value < end && *value == ' ';)
		value++;
	text_copy_bytes(out, size, value, (size_t)(end - value));
	return *out && text_printable(out);
}

void profile_source(char *out, size_t size, const struct text *bytes)
{
	const char *line = bytes->data, *end = bytes->data + bytes->length, *next;
	char source[256] = "", licence[128] = "", value[256];

	for (; line && line < end && (*line == '#' || strncmp(line, "//", 2) == 0); line = next) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		next = stop ? stop + 1 : end;
		stop = stop ? stop : end;
		if (take_comment(value, sizeof value, line, (size_t)(stop - line), "source"))
			text_copy(source, sizeof source, value);
		if (take_comment(value, sizeof value, line, (size_t)(stop - line), "licence"))
			text_copy(licence, sizeof licence, value);
	}
	snprintf(out, size, "%s%s%s%s", source, *source && *licence ? "; " : "",
		 *licence ? "licence: " : "", licence);
}

/* --- spectra ---------------------------------------------------------------------------------- */

static enum status read_number(double *value, const struct table *table, size_t row, size_t column,
			       const char *path, struct error *err)
{
	if (number_read(value, table_cell(table, row, column)))
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED, "%s:%d: “%s”, a number is needed", path,
			 table_line(table, row, column), table_cell(table, row, column));
}

/* Column `column` over the wavelengths of the first one. */
static enum status read_spectrum(struct spectrum *out, const struct table *table, size_t column,
				 const char *path, struct error *err)
{
	size_t rows = table_rows(table);
	struct grid *grid = &out->grid;

	*out = (struct spectrum){0};
	if (rows > 0 && number_read(&out->value[0], table_cell(table, 0, 0)))
		return error_set(err, STATUS_REFUSED,
				 "%s:%d: a row of names is needed before the numbers", path,
				 table_line(table, 0, 0));
	if (rows < 5 || rows - 1 > SPECTRUM_SAMPLES_MAX)
		return error_set(err, STATUS_REFUSED, "%s: %zu wavelengths, 4 to %d are allowed",
				 path, rows ? rows - 1 : 0, SPECTRUM_SAMPLES_MAX);
	for (size_t r = 1; r < rows; r++) {
		double nm;

		if (read_number(&nm, table, r, 0, path, err) ||
		    read_number(&out->value[r - 1], table, r, column, path, err))
			return err->status;
		if (r == 1)
			grid->start_nm = nm;
		if (r == 2)
			grid->step_nm = nm - grid->start_nm;
		if (!(grid->step_nm > 0.0 || r == 1) ||
		    fabs(nm - grid_wavelength_nm(grid, (int)r - 1)) > 1e-3)
			return error_set(err, STATUS_REFUSED,
					 "%s:%d: wavelength “%s”, even rising steps are needed",
					 path, table_line(table, r, 0), table_cell(table, r, 0));
		grid->count++;
	}
	return STATUS_OK;
}

static enum status parse_table(struct table *table, struct text *text, const char *path,
			       struct error *err)
{
	*table = (struct table){0};
	return text_decode(text, path, err) || csv_table_read(table, text, path, err) ? err->status
										      : STATUS_OK;
}

/* Columns 1.. of a built-in or user's CSV as spectra; `source` (may be NULL) as its header says. */
static enum status read_columns(struct spectrum *out, char source[LIGHT_SOURCE_SIZE], int count,
				const char *folder, const char *name, struct error *err)
{
	char path[PATH_SIZE];
	struct table table = {0};
	struct text text = {0};
	enum status status = profile_read(&text, path, folder, name, ".csv", err);

	if (!status)
		status = parse_table(&table, &text, path, err);
	if (!status && table.columns != (size_t)count + 1)
		status = error_set(err, STATUS_REFUSED, "%s: %zu columns, %d are needed", path,
				   table.columns, count + 1);
	for (int i = 0; i < count && !status; i++)
		status = read_spectrum(&out[i], &table, (size_t)i + 1, path, err);
	if (!status && source)
		text_copy(source, LIGHT_SOURCE_SIZE, table.conditions.origin);
	text_clear(&text);
	table_clear(&table);
	return status;
}

static enum status take_power(struct illuminant *out, const struct spectrum *power,
			      const char *name, const char *path, struct error *err)
{
	for (int i = 0; i < power->grid.count; i++)
		if (power->value[i] < 0.0)
			return error_set(err, STATUS_REFUSED, "%s: a power of %g at %g nm, below 0",
					 path, power->value[i],
					 grid_wavelength_nm(&power->grid, i));
	light_spectrum(&out->power, power);
	text_copy(out->name, sizeof out->name, name);
	text_make_printable(out->name);
	return STATUS_OK;
}

static enum status take_illuminant(struct illuminant *out, const struct table *table, size_t column,
				   const char *name, const char *path, struct error *err)
{
	struct spectrum power;

	if (read_spectrum(&power, table, column, path, err))
		return err->status;
	text_copy(out->source, sizeof out->source, table->conditions.origin);
	return take_power(out, &power, name, path, err);
}

/* Takes the column called `name` out of one file of lights. *found says whether it was there. */
static enum status look_in_table(struct illuminant *out, bool *found, struct text *text,
				 const char *name, const char *path, struct error *err)
{
	struct table table;
	enum status status = parse_table(&table, text, path, err);

	for (size_t c = 1; !status && !*found && c < table.columns; c++)
		if (text_same(table_cell(&table, 0, c), name)) {
			*found = true;
			status = take_illuminant(out, &table, c, table_cell(&table, 0, c), path,
						 err);
		}
	table_clear(&table);
	text_clear(text);
	return status;
}

static enum status look_in_user_folder(struct illuminant *out, bool *found, const char *name,
				       struct error *err)
{
	char pattern[PATH_SIZE];
	enum status status = STATUS_OK;
	glob_t files;

	user_folder(pattern);
	if (!*pattern || strlen(pattern) + sizeof "/illuminants/*.csv" > sizeof pattern)
		return STATUS_OK;
	strcat(pattern, "/illuminants/*.csv");
	if (glob(pattern, 0, NULL, &files))
		return STATUS_OK;
	for (size_t i = 0; i < files.gl_pathc && !status && !*found; i++) {
		struct text text;

		status = file_read(&text, files.gl_pathv[i], FILE_READ_MOST, err);
		if (!status)
			status = look_in_table(out, found, &text, name, files.gl_pathv[i], err);
	}
	globfree(&files);
	return status;
}

static enum status look_in_program(struct illuminant *out, bool *found, const char *name,
				   struct error *err)
{
	for (const struct embedded_file *file = embedded_files; file->path && !*found; file++) {
		struct text text;

		if (strncmp(file->path, "illuminants/", 12))
			continue;
		if (embedded_read(&text, file, err) ||
		    look_in_table(out, found, &text, name, file->path, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status read_daylight(struct illuminant *out, double cct_kelvin, struct error *err)
{
	struct spectrum column[3];
	struct daylight_components components;

	out->own = false;
	if (read_columns(column, out->source, 3, "daylight", "components", err))
		return err->status;
	components = (struct daylight_components){column[0], column[1], column[2]};
	return illuminant_daylight(out, &components, cct_kelvin, err);
}

static bool read_temperature(double *kelvin, const char *name)
{
	char number[16];
	size_t length = strlen(name);

	if (length > 0 && (name[length - 1] | 0x20) == 'k')
		length--;
	if (length == 0 || length >= sizeof number)
		return false;
	text_copy_bytes(number, sizeof number, name, length);
	return number_read(kelvin, number);
}

static enum status read_illuminant_table(struct illuminant *out, struct text *text,
					 const char *path, struct error *err)
{
	struct table table;
	enum status status = parse_table(&table, text, path, err);

	if (!status && table.columns != 2)
		status = error_set(err, STATUS_REFUSED,
				   "%s: %zu columns, a light has 2: wavelength and power", path,
				   table.columns);
	if (!status)
		status = take_illuminant(out, &table, 1, file_name(path), path, err);
	table_clear(&table);
	return status;
}

static enum status read_illuminant_file(struct illuminant *out, const char *path, struct error *err)
{
	struct notes ignored = {0};
	struct spectrum power = {.grid = {0, 0, 0}};
	struct text text;
	enum status status = file_read(&text, path, FILE_READ_MOST, err);

	if (!status)
		status = text_decode(&text, path, err);
	if (!status && cgats_recognise(text.data)) {
		status = cgats_spectrum_read(&power, &text, path, &ignored, err);
		if (!status)
			status = take_power(out, &power, file_name(path), path, err);
	} else if (!status) {
		status = read_illuminant_table(out, &text, path, err);
	}
	notes_clear(&ignored);
	text_clear(&text);
	return status;
}

enum status illuminant_find(struct illuminant *out, const char *name, struct error *err)
{
	bool found = false;
	double kelvin;

	out->own = true;
	*out->source = 0;
	if (read_temperature(&kelvin, name))
		return read_daylight(out, kelvin, err);
	if (looks_like_path(name, ".csv") || looks_like_path(name, ".sp"))
		return read_illuminant_file(out, name, err);
	if (look_in_user_folder(out, &found, name, err))
		return err->status;
	if (found)
		return STATUS_OK;
	out->own = false;
	if (look_in_program(out, &found, name, err))
		return err->status;
	if (found)
		return STATUS_OK;
	return error_set(
		err, STATUS_REFUSED,
		"no illuminant “%s”; a name (A, C, D50, D55, D65, D75, F1..F12, FL3.1..FL3.15, "
		"LED-B1..LED-B5, LED-BH1, LED-RGB1, LED-V1, LED-V2), a daylight such as 5300K or a "
		"CSV or .sp file is allowed",
		name);
}

enum status observer_find(struct observer *out, const char *name, struct error *err)
{
	const char *file = strcmp(name, "2") == 0    ? "cie_1931_2"
			   : strcmp(name, "10") == 0 ? "cie_1964_10"
						     : NULL;
	struct spectrum column[3];

	if (!file)
		return error_set(err, STATUS_REFUSED, "observer “%s”, 2 or 10 is allowed", name);
	if (read_columns(column, out->source, 3, "observers", file, err))
		return err->status;
	light_spectrum(&out->x, &column[0]);
	light_spectrum(&out->y, &column[1]);
	light_spectrum(&out->z, &column[2]);
	text_copy(out->name, sizeof out->name, name);
	return STATUS_OK;
}

enum status haemoglobin_find(struct haemoglobin *out, struct error *err)
{
	struct spectrum column[2];

	if (read_columns(column, NULL, 2, "skin", "haemoglobin", err))
		return err->status;
	*out = (struct haemoglobin){column[0], column[1]};
	return STATUS_OK;
}
