#include "formats/pigment_file.h"

#include "formats/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Above this no pigment reads: carbon black's masstone is near 2,000 per mm. */
#define COEFFICIENT_MOST 1e6

static bool is_id(const char *id)
{
	if (!islower((unsigned char)*id) && !isdigit((unsigned char)*id))
		return false;
	return id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == 0;
}

enum status bottle_take(struct bottle *bottle, const struct config_input *in,
			const config_setting_t *group, struct error *err)
{
	if (config_text(bottle->id, sizeof bottle->id, in, group, "id", err) ||
	    config_text(bottle->name, sizeof bottle->name, in, group, "name", err) ||
	    config_text(bottle->maker, sizeof bottle->maker, in, group, "maker", err) ||
	    config_text(bottle->shade, sizeof bottle->shade, in, group, "shade", err) ||
	    config_text(bottle->lot, sizeof bottle->lot, in, group, "lot", err) ||
	    config_text(bottle->expiry, sizeof bottle->expiry, in, group, "expiry", err) ||
	    config_number(&bottle->drops_per_ml, 1.0, 200.0, in, group, "drops_per_ml", err))
		return err->status;
	if (!is_id(bottle->id))
		return config_refuse(
			in, group, err,
			"id “%s”, lower-case letters, digits, '-', '_' and '.' are allowed",
			bottle->id);
	return STATUS_OK;
}

void bottle_put(struct config_output *out, const struct bottle *bottle)
{
	config_put_text(out, "id", bottle->id);
	config_put_text(out, "name", bottle->name);
	config_put_text(out, "maker", bottle->maker);
	config_put_text(out, "shade", bottle->shade);
	config_put_text(out, "lot", bottle->lot);
	config_put_text(out, "expiry", bottle->expiry);
	config_put_number(out, "drops_per_ml", bottle->drops_per_ml);
}

static enum status read_pigment(struct pigment *pigment, const struct grid *grid,
				const struct config_input *in, const config_setting_t *group,
				struct error *err)
{
	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a pigment is a group { … }");
	if (config_known(in, group, BOTTLE_KEYS " formula K_per_mm S_per_mm", err) ||
	    bottle_take(&pigment->bottle, in, group, err) ||
	    config_numbers(pigment->k_per_mm, grid->count, 0.0, COEFFICIENT_MOST, in, group,
			   "K_per_mm", err))
		return err->status;
	return config_numbers(pigment->s_per_mm, grid->count, 0.0, COEFFICIENT_MOST, in, group,
			      "S_per_mm", err);
}

static enum status read_grid(struct grid *grid, const struct config_input *in,
			     const config_setting_t *root, struct error *err)
{
	config_setting_t *group;

	if (config_group(&group, in, root, "wavelengths_nm", err) ||
	    config_known(in, group, "start step count", err) ||
	    config_number(&grid->start_nm, 300.0, 400.0, in, group, "start", err) ||
	    config_number(&grid->step_nm, 1.0, 20.0, in, group, "step", err) ||
	    config_integer(&grid->count, 16, SPECTRUM_SAMPLES_MAX, in, group, "count", err))
		return err->status;
	if (grid_end_nm(grid) < 700.0 - 1e-6)
		return config_refuse(in, group, err,
				     "wavelengths end at %g nm, at least 400 to 700 is needed",
				     grid_end_nm(grid));
	return STATUS_OK;
}

static enum status read_pigments(struct pigment_line *line, const struct config_input *in,
				 const config_setting_t *root, struct error *err)
{
	config_setting_t *list;
	int count;

	if (config_list(&list, &count, LINE_PIGMENTS_MAX, in, root, "pigments", err))
		return err->status;
	if (count == 0)
		return config_refuse(in, list, err, "pigments: the line is empty");
	line->pigment = calloc((size_t)count, sizeof *line->pigment);
	if (!line->pigment)
		return error_memory(err);
	for (; line->count < count; line->count++) {
		struct pigment *pigment = &line->pigment[line->count];
		const config_setting_t *group =
			config_setting_get_elem(list, (unsigned)line->count);

		if (read_pigment(pigment, &line->grid, in, group, err))
			return err->status;
		if (pigment_line_find(line, pigment->bottle.id) >= 0)
			return config_refuse(in, group, err, "id “%s” is used twice",
					     pigment->bottle.id);
	}
	return STATUS_OK;
}

static enum status read_line(struct pigment_line *line, const struct config_input *in,
			     struct error *err)
{
	config_setting_t *root = config_root(in), *diluent;

	if (config_format(in, "follitone-pigments", 1, err) ||
	    config_known(in, root,
			 "format version line synthetic notice wavelengths_nm diluent pigments",
			 err) ||
	    config_text(line->name, sizeof line->name, in, root, "line", err) ||
	    config_boolean(&line->synthetic, in, root, "synthetic", err) ||
	    config_text(line->notice, sizeof line->notice, in, root, "notice", err) ||
	    read_grid(&line->grid, in, root, err) ||
	    config_group(&diluent, in, root, "diluent", err) ||
	    read_pigment(&line->diluent, &line->grid, in, diluent, err))
		return err->status;
	if (!profile_is_name(line->name))
		return config_refuse(in, config_setting_get_member(root, "line"), err,
				     "line “%s”: a name without '/' or a file's ending is needed",
				     line->name);
	if (line->synthetic && !*line->notice)
		return config_refuse(in, config_setting_get_member(root, "notice"), err,
				     "a synthetic line needs a notice that says so");
	return read_pigments(line, in, root, err);
}

enum status pigment_line_read(struct pigment_line *line, const char *name, struct error *err)
{
	struct config_input in;
	struct text text = {0};
	char path[4096];
	enum status status = profile_read(&text, path, "pigments", name, ".cfg", err);

	*line = (struct pigment_line){0};
	if (!status) {
		digest_sha256(line->fingerprint, text.data, text.length);
		status = config_open(&in, &text, path, err);
		if (!status) {
			status = read_line(line, &in, err);
			config_close(&in);
		}
	}
	text_clear(&text);
	if (status)
		pigment_line_clear(line);
	return status;
}
