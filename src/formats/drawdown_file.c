#include "formats/drawdown_file.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/pigment_file.h"
#include "formats/reading_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- readings ----------------------------------------------------------------------------------- */

static enum status read_files(struct drawdown_sheet *sheet, const struct config_input *in,
			      struct notes *notes, struct error *err)
{
	config_setting_t *list;
	char file[4096];
	int count;

	if (config_list(&list, &count, 64, in, config_root(in), "readings", err))
		return err->status;
	for (int i = 0; i < count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);

		if (config_inside(file, in, entry, err) ||
		    readings_read(&sheet->readings, NULL, file, notes, err))
			return err->status;
	}
	return STATUS_OK;
}

/* --- the sheet ---------------------------------------------------------------------------------- */

static enum status take_unit(struct drawdown_sheet *sheet, const struct config_input *in,
			     struct error *err)
{
	config_setting_t *root = config_root(in);
	char unit[32];

	if (config_text(unit, sizeof unit, in, root, "unit", err))
		return err->status;
	if (!dose_unit_read(&sheet->unit, unit))
		return config_refuse(in, config_setting_get_member(root, "unit"), err,
				     "unit “%s”; g_per_50g_base, mass_share, volume_share or drops "
				     "is allowed",
				     unit);
	if (sheet->unit == DOSE_DROPS)
		return config_number(&sheet->base_drops, 1.0, 1e6, in, root, "base_drops", err);
	return STATUS_OK;
}

static enum status take_specular(struct drawdown_sheet *sheet, const struct config_input *in,
				 struct error *err)
{
	config_setting_t *root = config_root(in);
	char word[32];

	if (!config_has(root, "specular"))
		return STATUS_OK;
	if (config_text(word, sizeof word, in, root, "specular", err))
		return err->status;
	for (int i = SPECULAR_INCLUDED; i <= SPECULAR_EXCLUDED; i++)
		if (strcmp(word, specular_text(i)) == 0) {
			sheet->specular = i;
			return STATUS_OK;
		}
	return config_refuse(in, config_setting_get_member(root, "specular"), err,
			     "specular “%s”; included or excluded is allowed", word);
}

/* backing = "opaque", or the readings of the bare cards. */
static enum status take_backing(struct drawdown_sheet *sheet, const struct config_input *in,
				struct error *err)
{
	config_setting_t *root = config_root(in), *group;
	const config_setting_t *backing = config_setting_get_member(root, "backing");
	const char *word = backing ? config_setting_get_string(backing) : "opaque";

	sheet->opaque = word && strcmp(word, "opaque") == 0;
	if (sheet->opaque)
		return STATUS_OK;
	if (word)
		return config_refuse(
			in, backing, err,
			"backing “%s”; \"opaque\" or { over_white = …; over_black = …; "
			"} is allowed",
			word);
	if (config_group(&group, in, root, "backing", err) ||
	    config_known(in, group, "over_white over_black", err) ||
	    config_text(sheet->ground_white, sizeof sheet->ground_white, in, group, "over_white",
			err))
		return err->status;
	return config_has(group, "over_black")
		       ? config_text(sheet->ground_black, sizeof sheet->ground_black, in, group,
				     "over_black", err)
		       : STATUS_OK;
}

static enum status take_base(struct drawdown_sheet *sheet, const struct config_input *in,
			     struct error *err)
{
	config_setting_t *group;

	if (config_group(&group, in, config_root(in), "base", err) ||
	    config_known(in, group, LABEL_KEYS " reading", err))
		return err->status;
	if (label_take(&sheet->base, NULL, in, group, err))
		return err->status;
	if (config_has(group, "reading"))
		return config_text(sheet->base_reading, sizeof sheet->base_reading, in, group,
				   "reading", err);
	if (sheet->opaque)
		return config_refuse(in, group, err,
				     "base: its own reading is needed for opaque drawdowns");
	return STATUS_OK;
}

static int find_label(const struct drawdown_sheet *sheet, const char *id)
{
	for (int i = 0; i < sheet->pigments; i++)
		if (strcmp(sheet->pigment[i].bottle.id, id) == 0)
			return i;
	return -1;
}

static enum status add_label(int *index, struct drawdown_sheet *sheet,
			     const struct pigment_label *label, const struct config_input *in,
			     const config_setting_t *group, struct error *err)
{
	struct pigment_label *grown;

	if (sheet->pigments == LINE_PIGMENTS_MAX)
		return config_refuse(in, group, err, "more than %d pigments", LINE_PIGMENTS_MAX);
	grown = realloc(sheet->pigment, (size_t)(sheet->pigments + 1) * sizeof *grown);
	if (!grown)
		return error_memory(err);
	sheet->pigment = grown;
	grown[sheet->pigments] = *label;
	*index = sheet->pigments++;
	return STATUS_OK;
}

/* What is printed on the bottles; a pigment that is not listed is known by its id. */
static enum status take_labels(struct drawdown_sheet *sheet, const struct config_input *in,
			       struct error *err)
{
	config_setting_t *list;
	int count, index;

	if (!config_has(config_root(in), "pigments"))
		return STATUS_OK;
	if (config_list(&list, &count, LINE_PIGMENTS_MAX, in, config_root(in), "pigments", err))
		return err->status;
	for (int i = 0; i < count; i++) {
		const config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
		struct pigment_label label = {.price = 0.0};

		if (!config_setting_is_group(group))
			return config_refuse(in, group, err, "a pigment is a group { … }");
		if (config_known(in, group, LABEL_KEYS, err) ||
		    label_take(&label.bottle, &label, in, group, err))
			return err->status;
		if (find_label(sheet, label.bottle.id) >= 0)
			return config_refuse(in, group, err, "id “%s” is used twice",
					     label.bottle.id);
		if (add_label(&index, sheet, &label, in, group, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status take_views(struct drawdown_sheet *sheet, struct sheet_step *step,
			      const struct config_input *in, const config_setting_t *group,
			      struct error *err)
{
	config_setting_t *thick =
		config_has(group, "thickness_mm") ? (config_setting_t *)group : config_root(in);

	if (sheet->opaque)
		return config_text(step->reading, sizeof step->reading, in, group, "reading", err);
	if (config_number(&step->thickness_mm, 1e-4, 100.0, in, thick, "thickness_mm", err) ||
	    config_text(step->reading, sizeof step->reading, in, group, "over_white", err))
		return err->status;
	if (!config_has(group, "over_black"))
		return STATUS_OK;
	if (!*sheet->ground_black)
		return config_refuse(in, group, err,
				     "over_black: the reading of the bare black card is needed in "
				     "backing");
	return config_text(step->over_black, sizeof step->over_black, in, group, "over_black", err);
}

static enum status take_step(struct drawdown_sheet *sheet, const struct config_input *in,
			     const config_setting_t *group, struct error *err)
{
	struct sheet_step *step = &sheet->step[sheet->steps];
	struct pigment_label label = {.price = 0.0};
	double most =
		sheet->unit == DOSE_MASS_SHARE || sheet->unit == DOSE_VOLUME_SHARE ? 1.0 : 1e6;

	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a step is a group { … }");
	if (config_known(in, group, "pigment amount reading over_white over_black thickness_mm",
			 err) ||
	    config_text(label.bottle.id, sizeof label.bottle.id, in, group, "pigment", err) ||
	    config_number(&step->amount, 1e-9, most, in, group, "amount", err) ||
	    take_views(sheet, step, in, group, err))
		return err->status;
	if (!pigment_id_valid(label.bottle.id) || strcmp(label.bottle.id, sheet->base.id) == 0)
		return config_refuse(in, group, err,
				     "pigment “%s”: an id of letters, digits, '-', '_' and '.', "
				     "other than the base's, is needed",
				     label.bottle.id);
	text_copy(label.bottle.name, sizeof label.bottle.name, label.bottle.id);
	label.bottle.drops_per_ml = USUAL_DROPS_PER_ML;
	step->pigment = find_label(sheet, label.bottle.id);
	if (step->pigment < 0 && add_label(&step->pigment, sheet, &label, in, group, err))
		return err->status;
	step->line = (int)config_setting_source_line(group);
	sheet->steps++;
	return STATUS_OK;
}

static enum status take_steps(struct drawdown_sheet *sheet, const struct config_input *in,
			      struct error *err)
{
	config_setting_t *list;
	int count;

	if (config_list(&list, &count, SHEET_STEPS_MAX, in, config_root(in), "steps", err))
		return err->status;
	if (count == 0)
		return config_refuse(in, list, err, "steps: there are none");
	sheet->step = calloc((size_t)count, sizeof *sheet->step);
	if (!sheet->step)
		return error_memory(err);
	for (int i = 0; i < count; i++)
		if (take_step(sheet, in, config_setting_get_elem(list, (unsigned)i), err))
			return err->status;
	return STATUS_OK;
}

static enum status read_sheet(struct drawdown_sheet *sheet, const struct config_input *in,
			      struct notes *notes, struct error *err)
{
	if (config_format(in, "follitone-drawdowns", 1, err) ||
	    config_known(in, config_root(in),
			 "format version line readings unit base_drops specular backing "
			 "thickness_mm base pigments steps",
			 err) ||
	    config_text(sheet->line, sizeof sheet->line, in, config_root(in), "line", err) ||
	    take_unit(sheet, in, err) || take_specular(sheet, in, err) ||
	    take_backing(sheet, in, err) || take_base(sheet, in, err) ||
	    take_labels(sheet, in, err) || take_steps(sheet, in, err))
		return err->status;
	return read_files(sheet, in, notes, err);
}

enum status drawdown_sheet_parse(struct drawdown_sheet *sheet, struct text *text, const char *path,
				 struct notes *notes, struct error *err)
{
	struct config_input in;
	enum status status = config_open(&in, text, path, err);

	*sheet = (struct drawdown_sheet){.opaque = true};
	text_copy(sheet->path, sizeof sheet->path, path);
	if (status)
		return status;
	status = read_sheet(sheet, &in, notes, err);
	config_close(&in);
	if (status)
		drawdown_sheet_clear(sheet);
	return status;
}

enum status drawdown_sheet_read(struct drawdown_sheet *sheet, const char *path, struct notes *notes,
				struct error *err)
{
	struct text text;
	enum status status = file_read(&text, path, FILE_READ_MOST, err);

	*sheet = (struct drawdown_sheet){.opaque = true};
	if (status)
		return status;
	status = drawdown_sheet_parse(sheet, &text, path, notes, err);
	text_clear(&text);
	return status;
}

void drawdown_sheet_clear(struct drawdown_sheet *sheet)
{
	free(sheet->pigment);
	free(sheet->step);
	reading_list_clear(&sheet->readings);
	*sheet = (struct drawdown_sheet){.opaque = true};
}
