#include "formats/export.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/version.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- what several have in common --------------------------------------------------------------- */

struct export
{
	struct text *out;
	const struct colours *colours;
	struct notes *notes;
	struct error *err;
	const char *path;
};

static void add_number(struct text *out, const char *before, double value)
{
	char slot[NUMBER_TEXT_SIZE];

	text_adds(out, before);
	text_adds(out, number_print(slot, value));
}

static bool has_spectrum(const struct reading *reading)
{
	return reading->reflectance.grid.count > 0;
}

/* What can stand in one table: the same wavelengths, taken alike. The date is that of the first. */
static bool belongs(const struct reading *a, const struct reading *b)
{
	const struct conditions *one = &a->conditions, *two = &b->conditions;

	return grid_same(&a->reflectance.grid, &b->reflectance.grid) &&
	       strcmp(one->instrument, two->instrument) == 0 &&
	       strcmp(one->geometry, two->geometry) == 0 && one->specular == two->specular &&
	       strcmp(one->mode, two->mode) == 0 && one->aperture_mm == two->aperture_mm &&
	       strcmp(one->origin, two->origin) == 0;
}

/* A wavelength with all its digits: "400", "376.6667". */
static const char *print_nm(char slot[NUMBER_TEXT_SIZE], double nm)
{
	size_t length;

	number_print(slot, nm);
	length = strlen(slot);
	if (length > 2 && strcmp(slot + length - 2, ".0") == 0)
		slot[length - 2] = 0;
	return slot;
}

/* The index behind the last reading that belongs to the one at `first`. */
static size_t group_end(const struct colours *colours, size_t first)
{
	struct reading head, reading;
	size_t end = first + 1;

	reading_list_get(&head, &colours->readings, first);
	for (; end < colours->readings.count; end++) {
		reading_list_get(&reading, &colours->readings, end);
		if (!belongs(&head, &reading))
			break;
	}
	return end;
}

/* --- CGATS -------------------------------------------------------------------------------------- */

/* A quotation mark is doubled, as ArgyllCMS has it and in CSV. */
static void add_quoted(struct text *out, const char *words)
{
	text_adds(out, "\"");
	for (; *words; words++)
		text_add(out, *words == '"' ? "\"\"" : words, *words == '"' ? 2 : 1);
	text_adds(out, "\"");
}

static void add_keyword(struct text *out, const char *keyword, const char *value, bool declared)
{
	if (!*value)
		return;
	if (declared) /* not one of the standard's own */
		text_addf(out, "KEYWORD \"%s\"\n", keyword);
	text_addf(out, "%s ", keyword);
	add_quoted(out, value);
	text_adds(out, "\n");
}

static void add_conditions(struct text *out, const struct conditions *conditions)
{
	char slot[NUMBER_TEXT_SIZE];

	add_keyword(out, "DESCRIPTOR", conditions->origin, false);
	add_keyword(out, "CREATED", conditions->date, false);
	add_keyword(out, "INSTRUMENTATION", conditions->instrument, false);
	add_keyword(out, "MEASUREMENT_GEOMETRY", conditions->geometry, true);
	if (conditions->specular != SPECULAR_UNKNOWN)
		add_keyword(out, "SPECULAR", specular_text(conditions->specular), true);
	add_keyword(out, "MEASUREMENT_CONDITION", conditions->mode, true);
	if (conditions->aperture_mm > 0.0)
		add_keyword(out, "APERTURE_MM", number_print(slot, conditions->aperture_mm), true);
}

static void add_format(struct text *out, const struct grid *grid, const char *fields, int count,
		       const char *prefix)
{
	char slot[NUMBER_TEXT_SIZE];

	text_addf(out, "NUMBER_OF_FIELDS %d\nBEGIN_DATA_FORMAT\n%s", count + grid->count, fields);
	for (int b = 0; b < grid->count; b++)
		text_addf(out, " %s%s", prefix, print_nm(slot, grid_wavelength_nm(grid, b)));
	text_adds(out, "\nEND_DATA_FORMAT\n");
}

static void add_cgats_row(struct export *export, size_t index, const struct reading *reading)
{
	const struct reading_colour *colour = &export->colours->light[0].item[index];
	const double values[] = {100 * colour->xyz.x, 100 * colour->xyz.y, 100 * colour->xyz.z,
				 colour->lab.l,       colour->lab.a,       colour->lab.b};

	text_addf(export->out, "%zu ", index + 1);
	add_quoted(export->out, reading->name);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		add_number(export->out, " ", values[i]);
	for (int b = 0; b < reading->reflectance.grid.count; b++)
		add_number(export->out, " ", reading->reflectance.value[b]);
	text_adds(export->out, "\n");
}

static enum status print_cgats(struct export *export)
{
	const struct colours *colours = export->colours;
	struct reading reading;
	size_t end;

	for (size_t first = 0; first < colours->readings.count; first = end) {
		end = group_end(colours, first);
		reading_list_get(&reading, &colours->readings, first);
		text_adds(export->out,
			  "CGATS.17\nORIGINATOR \"" FOLLITONE_PROGRAM " " FOLLITONE_VERSION "\"\n");
		add_conditions(export->out, &reading.conditions);
		add_keyword(export->out, "ILLUMINATION_NAME", colours->light[0].illuminant, true);
		add_keyword(export->out, "OBSERVER_ANGLE", colours->light[0].observer, true);
		if (has_spectrum(&reading))
			add_keyword(export->out, "SPECTRAL_NORM", "1", true);
		add_format(export->out, &reading.reflectance.grid,
			   "SAMPLE_ID SAMPLE_NAME XYZ_X XYZ_Y XYZ_Z LAB_L LAB_A LAB_B", 8,
			   "SPECTRAL_NM_");
		text_addf(export->out, "NUMBER_OF_SETS %zu\nBEGIN_DATA\n", end - first);
		for (size_t i = first; i < end; i++) {
			reading_list_get(&reading, &colours->readings, i);
			add_cgats_row(export, i, &reading);
		}
		text_adds(export->out, "END_DATA\n");
	}
	return STATUS_OK;
}

/* ArgyllCMS's programs read the first table alone, and no names but SAMPLE_ID and SAMPLE_LOC. */
static enum status print_ti3(struct export *export)
{
	const struct colours *colours = export->colours;
	const struct grid *grid;
	struct reading reading;

	if (group_end(colours, 0) != colours->readings.count)
		return error_set(
			export->err, STATUS_REFUSED,
			"%s: readings that were not taken alike, or not on one grid; a .ti3 "
			"has one table (.txt has several)",
			export->path);
	reading_list_get(&reading, &colours->readings, 0);
	if (!has_spectrum(&reading))
		return error_set(export->err, STATUS_REFUSED,
				 "%s: a .ti3 for ArgyllCMS needs spectra", export->path);
	grid = &reading.reflectance.grid;
	text_adds(export->out, "CTI3\n\n");
	add_keyword(export->out, "DESCRIPTOR",
		    *reading.conditions.origin ? reading.conditions.origin : "Readings", false);
	text_adds(export->out, "ORIGINATOR \"" FOLLITONE_PROGRAM " " FOLLITONE_VERSION "\"\n");
	add_keyword(export->out, "CREATED", reading.conditions.date, false);
	add_keyword(export->out, "TARGET_INSTRUMENT", reading.conditions.instrument, true);
	text_addf(export->out,
		  "DEVICE_CLASS \"OUTPUT\"\nSPECTRAL_BANDS \"%d\"\nSPECTRAL_START_NM \"%.6f\"\n"
		  "SPECTRAL_END_NM \"%.6f\"\nSPECTRAL_NORM \"100.000000\"\n\n",
		  grid->count, grid->start_nm, grid_end_nm(grid));
	add_format(export->out, grid, "SAMPLE_ID SAMPLE_LOC", 2, "SPEC_");
	text_addf(export->out, "NUMBER_OF_SETS %zu\nBEGIN_DATA\n", colours->readings.count);
	for (size_t i = 0; i < colours->readings.count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		text_addf(export->out, "%zu ", i + 1);
		add_quoted(export->out, reading.name);
		for (int b = 0; b < reading.reflectance.grid.count; b++)
			add_number(export->out, " ", 100.0 * reading.reflectance.value[b]);
		text_adds(export->out, "\n");
	}
	text_adds(export->out, "END_DATA\n");
	return STATUS_OK;
}

/* --- CxF3 --------------------------------------------------------------------------------------- */

static void add_escaped(struct text *out, const char *words)
{
	for (; *words; words++)
		switch (*words) {
		case '&':
			text_adds(out, "&amp;");
			break;
		case '<':
			text_adds(out, "&lt;");
			break;
		case '>':
			text_adds(out, "&gt;");
			break;
		case '"':
			text_adds(out, "&quot;");
			break;
		default:
			text_add(out, words, 1);
		}
}

static void add_element(struct text *out, const char *name, const char *words)
{
	if (!*words)
		return;
	text_addf(out, "<cc:%s>", name);
	add_escaped(out, words);
	text_addf(out, "</cc:%s>", name);
}

static void add_three(struct text *out, const char *element, size_t specification,
		      const char *const name[3], const double value[3])
{
	text_addf(out, "<cc:%s ColorSpecification=\"s%zu\">", element, specification);
	for (int i = 0; i < 3; i++) {
		text_addf(out, "<cc:%s>", name[i]);
		add_number(out, "", value[i]);
		text_addf(out, "</cc:%s>", name[i]);
	}
	text_addf(out, "</cc:%s>", element);
}

static void add_object(struct export *export, size_t index, size_t specification, const char *made)
{
	const struct reading_colour *colour = &export->colours->light[0].item[index];
	const double lab[] = {colour->lab.l, colour->lab.a, colour->lab.b};
	struct text *out = export->out;
	char slot[NUMBER_TEXT_SIZE];
	struct reading reading;

	reading_list_get(&reading, &export->colours->readings, index);
	if (clock_text_valid(reading.conditions.date))
		made = reading.conditions.date;
	text_adds(out, "<cc:Object ObjectType=\"Standard\" Name=\"");
	add_escaped(out, reading.name);
	text_addf(out, "\" Id=\"o%zu\"><cc:CreationDate>%s</cc:CreationDate><cc:ColorValues>\n",
		  index + 1, made);
	if (has_spectrum(&reading)) {
		text_addf(out,
			  "<cc:ReflectanceSpectrum ColorSpecification=\"s%zu\" StartWL=\"%s\">",
			  specification, print_nm(slot, reading.reflectance.grid.start_nm));
		for (int b = 0; b < reading.reflectance.grid.count; b++)
			add_number(out, b ? " " : "", reading.reflectance.value[b]);
		text_adds(out, "</cc:ReflectanceSpectrum>\n");
	}
	add_three(out, "ColorCIELab", specification, (const char *const[]){"L", "A", "B"}, lab);
	text_adds(out, "\n</cc:ColorValues></cc:Object>\n");
}

/* "45:0" as two angles; of a sphere only the specular part is told. */
static void add_geometry(struct text *out, const struct conditions *conditions)
{
	const char *geometry = conditions->geometry;
	char in[16];
	size_t length = strspn(geometry, "0123456789.");
	const char *to = geometry + length + strspn(geometry + length, ":/");

	if (length == 0 || length >= sizeof in || to == geometry + length ||
	    to[strspn(to, "0123456789.")]) {
		if (conditions->specular != SPECULAR_UNKNOWN)
			text_addf(out,
				  "<cc:GeometryChoice><cc:SphereGeometry>Specular_%s"
				  "</cc:SphereGeometry></cc:GeometryChoice>",
				  conditions->specular == SPECULAR_INCLUDED ? "Included"
									    : "Excluded");
		return;
	}
	text_copy_bytes(in, sizeof in, geometry, length);
	text_adds(out, "<cc:GeometryChoice><cc:SingleAngle>"
		       "<cc:SingleAngleConfiguration>Annular</cc:SingleAngleConfiguration>");
	add_element(out, "IlluminationAngle", in);
	add_element(out, "MeasurementAngle", to);
	text_adds(out, "</cc:SingleAngle></cc:GeometryChoice>");
}

static const char *device_illumination(const char *mode)
{
	static const char *const known[] = {"M0_Incandescent", "M1_Daylight", "M2_UVExcluded",
					    "M3_Polarized"};

	return *mode == 'M' && mode[1] >= '0' && mode[1] <= '3' ? known[mode[1] - '0'] : mode;
}

static void add_specification(struct export *export, size_t index, size_t specification)
{
	const char *observer = export->colours->light[0].observer;
	char start[NUMBER_TEXT_SIZE], step[NUMBER_TEXT_SIZE];
	struct text *out = export->out;
	struct reading reading;

	reading_list_get(&reading, &export->colours->readings, index);
	text_addf(out, "<cc:ColorSpecification Id=\"s%zu\"><cc:TristimulusSpec>", specification);
	add_element(out, "Illuminant", export->colours->light[0].illuminant);
	text_addf(out, "<cc:Observer>%s_Degree</cc:Observer></cc:TristimulusSpec>", observer);
	text_adds(out, "<cc:MeasurementSpec>"
		       "<cc:MeasurementType>Spectrum_Reflectance</cc:MeasurementType>");
	add_geometry(out, &reading.conditions);
	if (has_spectrum(&reading))
		text_addf(out, "<cc:WavelengthRange StartWL=\"%s\" Increment=\"%s\"/>",
			  print_nm(start, reading.reflectance.grid.start_nm),
			  print_nm(step, reading.reflectance.grid.step_nm));
	text_adds(out, "<cc:Device>");
	add_element(out, "Model", reading.conditions.instrument);
	add_element(out, "DeviceIllumination", device_illumination(reading.conditions.mode));
	text_adds(out, "</cc:Device></cc:MeasurementSpec></cc:ColorSpecification>\n");
}

static void note_losses(struct export *export)
{
	struct reading reading;

	for (size_t i = 0; i < export->colours->readings.count; i++) {
		reading_list_get(&reading, &export->colours->readings, i);
		if (reading.conditions.aperture_mm > 0.0) {
			notes_addf(export->notes, "%s: CxF3 has no place for the aperture",
				   export->path);
			return;
		}
	}
}

static enum status print_cxf(struct export *export)
{
	const struct colours *colours = export->colours;
	char made[CLOCK_TEXT_SIZE];
	size_t group = 0, end;

	clock_text(made);
	note_losses(export);
	text_addf(export->out,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		  "<cc:CxF xmlns:cc=\"http://colorexchangeformat.com/CxF3-core\">\n"
		  "<cc:FileInformation><cc:Creator>" FOLLITONE_PROGRAM " " FOLLITONE_VERSION
		  "</cc:Creator><cc:CreationDate>%s</cc:CreationDate>"
		  "<cc:Description>Readings</cc:Description></cc:FileInformation>\n"
		  "<cc:Resources><cc:ObjectCollection>\n",
		  made);
	for (size_t first = 0; first < colours->readings.count; first = end) {
		end = group_end(colours, first);
		group++;
		for (size_t i = first; i < end; i++)
			add_object(export, i, group, made);
	}
	text_adds(export->out, "</cc:ObjectCollection>\n<cc:ColorSpecificationCollection>\n");
	group = 0;
	for (size_t first = 0; first < colours->readings.count; first = end) {
		end = group_end(colours, first);
		add_specification(export, first, ++group);
	}
	text_adds(export->out, "</cc:ColorSpecificationCollection></cc:Resources></cc:CxF>\n");
	return STATUS_OK;
}

/* --- CSV ---------------------------------------------------------------------------------------- */

static void add_header_line(struct text *out, const char *key, const char *value)
{
	if (*value)
		text_addf(out, "# %s: %s\n", key, value);
}

static enum status print_csv(struct export *export)
{
	const struct colours *colours = export->colours;
	struct text *out = export->out;
	struct reading reading;
	char slot[NUMBER_TEXT_SIZE];

	reading_list_get(&reading, &colours->readings, 0);
	if (group_end(colours, 0) != colours->readings.count || !has_spectrum(&reading))
		return error_set(
			export->err, STATUS_REFUSED,
			"%s: readings that were not taken alike, not on one grid or without "
			"spectra; a .csv has one table of spectra (.txt has several)",
			export->path);
	text_adds(out, "# unit: reflectance 0..1\n");
	add_header_line(out, "source", reading.conditions.origin);
	add_header_line(out, "instrument", reading.conditions.instrument);
	add_header_line(out, "geometry", reading.conditions.geometry);
	if (reading.conditions.specular != SPECULAR_UNKNOWN)
		add_header_line(out, "specular", specular_text(reading.conditions.specular));
	add_header_line(out, "mode", reading.conditions.mode);
	if (reading.conditions.aperture_mm > 0.0)
		add_header_line(out, "aperture_mm",
				number_print(slot, reading.conditions.aperture_mm));
	add_header_line(out, "date", reading.conditions.date);
	text_adds(out, "name");
	for (int b = 0; b < reading.reflectance.grid.count; b++)
		text_addf(out, ",%s",
			  print_nm(slot, grid_wavelength_nm(&reading.reflectance.grid, b)));
	text_adds(out, "\n");
	for (size_t i = 0; i < colours->readings.count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		add_quoted(out, reading.name);
		for (int b = 0; b < reading.reflectance.grid.count; b++)
			add_number(out, ",", reading.reflectance.value[b]);
		text_adds(out, "\n");
	}
	return STATUS_OK;
}

/* --- palettes ----------------------------------------------------------------------------------- */

static void add_big_endian(struct text *out, unsigned value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		text_add(out, (const char[]){(char)(value >> (8 * i))}, 1);
}

static void add_float(struct text *out, double value)
{
	float single = (float)value;
	unsigned bits;

	memcpy(&bits, &single, sizeof bits);
	add_big_endian(out, bits, 4);
}

/* UTF-8 as UTF-16, a zero at the end; *units counts both. Names are valid UTF-8. */
static void add_utf16(struct text *out, unsigned *units, const char *words)
{
	const unsigned char *c = (const unsigned char *)words;

	while (*c) {
		int more = *c >= 0xf0 ? 3 : *c >= 0xe0 ? 2 : *c >= 0xc0 ? 1 : 0;
		unsigned point = more ? *c & (0x3fu >> more) : *c;

		for (c++; more > 0 && *c; more--)
			point = point << 6 | (*c++ & 0x3fu);
		if (point >= 0x10000) {
			add_big_endian(out, 0xd800 + ((point - 0x10000) >> 10), 2);
			add_big_endian(out, 0xdc00 + ((point - 0x10000) & 0x3ff), 2);
			*units += 2;
		} else {
			add_big_endian(out, point, 2);
			++*units;
		}
	}
	add_big_endian(out, 0, 2);
	++*units;
}

/* Blocks of a colour: type 1, its length, the name with its count of units, "LAB ", L as 0..1, a, b, and
 * the kind "normal" (2). */
static enum status print_ase(struct export *export)
{
	size_t count = export->colours->readings.count;

	text_adds(export->out, "ASEF");
	add_big_endian(export->out, 0x00010000, 4);
	add_big_endian(export->out, (unsigned)count, 4);
	for (size_t i = 0; i < count; i++) {
		const struct lab *pcs = &export->colours->light[0].item[i].pcs_lab;
		struct text name = {0};
		struct reading reading;
		unsigned units = 0;

		reading_list_get(&reading, &export->colours->readings, i);
		if (export->colours->light[0].item[i].estimated)
			snprintf(reading.name + strlen(reading.name),
				 sizeof reading.name - strlen(reading.name), "%s",
				 strlen(reading.name) + 20 < sizeof reading.name
					 ? " (lower confidence)"
					 : "");
		add_utf16(&name, &units, reading.name);
		add_big_endian(export->out, 0x0001, 2);
		add_big_endian(export->out, 2 + (unsigned)name.length + 4 + 12 + 2, 4);
		add_big_endian(export->out, units, 2);
		text_add(export->out, name.data ? name.data : "", name.length);
		text_adds(export->out, "LAB ");
		add_float(export->out, pcs->l / 100.0);
		add_float(export->out, pcs->a);
		add_float(export->out, pcs->b);
		add_big_endian(export->out, 2, 2);
		export->out->failed |= name.failed;
		text_clear(&name);
	}
	return STATUS_OK;
}

static enum status print_gpl(struct export *export)
{
	const struct colours *colours = export->colours;
	char name[READING_FILE_SIZE];

	if (!colours->shown.item || colours->shown.channels != 3)
		return error_set(export->err, STATUS_REFUSED,
				 "%s: a GIMP palette is in RGB; the profile is %s", export->path,
				 colours->shown.item ? colours->shown.space : "not known");
	text_copy(name, sizeof name, file_name(export->path));
	text_make_printable(name);
	text_addf(export->out,
		  "GIMP Palette\nName: %s\nColumns: 0\n"
		  "# 8 bits of %s, for a screen: not a measurement\n",
		  name, colours->shown.name);
	for (size_t i = 0; i < colours->readings.count; i++) {
		const struct shown_colour *shown = &colours->shown.item[i];
		struct reading reading;

		reading_list_get(&reading, &colours->readings, i);
		text_addf(export->out, "%3.0f %3.0f %3.0f\t%s%s\n", 255 * shown->value[0],
			  255 * shown->value[1], 255 * shown->value[2], reading.name,
			  colours->light[0].item[i].estimated ? " (lower confidence)" : "");
		if (shown->out_of_gamut)
			notes_addf(export->notes,
				   "“%s” is out of the gamut of %s, off by dE00 %.1f", reading.name,
				   colours->shown.name, shown->missed_de00);
	}
	return STATUS_OK;
}

/* --- the table of formats --------------------------------------------------------------------- */

static const struct export_format {
	const char *ending;
	enum status (*print)(struct export *export);
} formats[] = {
	{".txt", print_cgats}, {".ti3", print_ti3}, {".cxf", print_cxf},
	{".csv", print_csv},   {".ase", print_ase}, {".gpl", print_gpl},
};

static const struct export_format *find_format(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
		if (text_same(dot, formats[i].ending))
			return &formats[i];
	return NULL;
}

bool export_holds_readings(const char *path)
{
	const struct export_format *format = find_format(path);

	return format && format->print != print_ase && format->print != print_gpl;
}

enum status export_print(struct text *out, const char *path, const struct colours *colours,
			 struct notes *notes, struct error *err)
{
	struct export export = {out, colours, notes, err, path};
	const struct export_format *format = find_format(path);
	enum status status;

	*out = (struct text){0};
	if (!format)
		return error_set(err, STATUS_REFUSED,
				 "%s: .txt, .ti3, .cxf, .csv, .ase, .gpl, .pdf, .png or .svg is "
				 "needed as its ending",
				 path);
	status = format->print(&export);
	if (!status && text_failed(out))
		status = error_memory(err);
	if (status)
		text_clear(out);
	return status;
}
