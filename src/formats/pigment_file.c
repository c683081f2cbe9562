#include "formats/pigment_file.h"

#include "formats/profile.h"

#include <stdlib.h>
#include <string.h>

/* Above this no pigment reads: carbon black's masstone is near 2,000 per mm. */
#define COEFFICIENT_MOST 1e6

static enum status check_id(const char *id, const struct config_input *in,
			    const config_setting_t *group, struct error *err)
{
	if (pigment_id_valid(id))
		return STATUS_OK;
	return config_refuse(in, group, err,
			     "id “%s”, letters, digits, '-', '_' and '.' are allowed", id);
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
	return check_id(bottle->id, in, group, err);
}

static enum status text_if_there(char *slot, size_t size, const struct config_input *in,
				 const config_setting_t *group, const char *key, struct error *err)
{
	return config_has(group, key) ? config_text(slot, size, in, group, key, err) : STATUS_OK;
}

static enum status number_if_there(double *value, double least, double most,
				   const struct config_input *in, const config_setting_t *group,
				   const char *key, struct error *err)
{
	return config_has(group, key) ? config_number(value, least, most, in, group, key, err)
				      : STATUS_OK;
}

static enum status take_ci_and_price(char ci[PIGMENT_TEXT_SIZE], double *price,
				     const struct config_input *in, const config_setting_t *group,
				     struct error *err)
{
	if (text_if_there(ci, PIGMENT_TEXT_SIZE, in, group, "ci", err))
		return err->status;
	return number_if_there(price, 0.0, 1e6, in, group, "price", err);
}

enum status label_take(struct bottle *bottle, struct pigment_label *label,
		       const struct config_input *in, const config_setting_t *group,
		       struct error *err)
{
	*bottle = (struct bottle){.drops_per_ml = USUAL_DROPS_PER_ML};
	if (config_text(bottle->id, sizeof bottle->id, in, group, "id", err) ||
	    check_id(bottle->id, in, group, err))
		return err->status;
	text_copy(bottle->name, sizeof bottle->name, bottle->id);
	if (text_if_there(bottle->name, sizeof bottle->name, in, group, "name", err) ||
	    text_if_there(bottle->maker, sizeof bottle->maker, in, group, "maker", err) ||
	    text_if_there(bottle->shade, sizeof bottle->shade, in, group, "shade", err) ||
	    text_if_there(bottle->lot, sizeof bottle->lot, in, group, "lot", err) ||
	    text_if_there(bottle->expiry, sizeof bottle->expiry, in, group, "expiry", err) ||
	    number_if_there(&bottle->drops_per_ml, 1.0, 200.0, in, group, "drops_per_ml", err))
		return err->status;
	return label ? take_ci_and_price(label->ci, &label->price, in, group, err) : STATUS_OK;
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

/* --- how K and S came about ---------------------------------------------------------------- */

static const char origin_keys[] = "steps least most residual_de00 leave_one_out_de00 "
				  "repeatability_de00 hue_bias trusted reasons";

static enum status take_origin(struct pigment_origin *origin, const struct config_input *in,
			       const config_setting_t *pigment, struct error *err)
{
	config_setting_t *group;

	if (!config_has(pigment, "calibration"))
		return STATUS_OK;
	if (config_group(&group, in, pigment, "calibration", err) ||
	    config_known(in, group, origin_keys, err) ||
	    config_integer(&origin->steps, 1, 1000, in, group, "steps", err) ||
	    config_number(&origin->least, 0.0, 1e6, in, group, "least", err) ||
	    config_number(&origin->most, 0.0, 1e6, in, group, "most", err) ||
	    config_number(&origin->residual_de00, 0.0, 1e3, in, group, "residual_de00", err) ||
	    config_number(&origin->leave_one_out_de00, -1.0, 1e3, in, group, "leave_one_out_de00",
			  err) ||
	    config_number(&origin->repeatability_de00, -1.0, 1e3, in, group, "repeatability_de00",
			  err) ||
	    config_text(origin->hue_bias, sizeof origin->hue_bias, in, group, "hue_bias", err) ||
	    config_boolean(&origin->trusted, in, group, "trusted", err))
		return err->status;
	return config_text(origin->reasons, sizeof origin->reasons, in, group, "reasons", err);
}

static void put_origin(struct config_output *out, const struct pigment_origin *origin)
{
	if (origin->steps == 0)
		return;
	config_put_group(out, "calibration");
	config_put_integer(out, "steps", origin->steps);
	config_put_number(out, "least", origin->least);
	config_put_number(out, "most", origin->most);
	config_put_number(out, "residual_de00", origin->residual_de00);
	config_put_number(out, "leave_one_out_de00", origin->leave_one_out_de00);
	config_put_number(out, "repeatability_de00", origin->repeatability_de00);
	config_put_text(out, "hue_bias", origin->hue_bias);
	config_put_boolean(out, "trusted", origin->trusted);
	config_put_text(out, "reasons", origin->reasons);
	config_end_group(out);
}

static enum status read_pigment(struct pigment *pigment, const struct grid *grid,
				const struct config_input *in, const config_setting_t *group,
				struct error *err)
{
	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a pigment is a group { … }");
	if (config_known(in, group, LABEL_KEYS " formula kept_factor calibration K_per_mm S_per_mm",
			 err) ||
	    bottle_take(&pigment->bottle, in, group, err) ||
	    take_ci_and_price(pigment->ci, &pigment->price, in, group, err) ||
	    number_if_there(&pigment->kept_factor, 0.01, 100.0, in, group, "kept_factor", err) ||
	    take_origin(&pigment->origin, in, group, err) ||
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

/* unit, scale, surface and made may be left out: drops, per mm, the medium's own. */
static enum status take_scale(struct pigment_line *line, const struct config_input *in,
			      struct error *err)
{
	config_setting_t *root = config_root(in), *group;
	char unit[32] = "drops", scale[32] = "per_mm";

	if (text_if_there(unit, sizeof unit, in, root, "unit", err) ||
	    text_if_there(scale, sizeof scale, in, root, "scale", err) ||
	    text_if_there(line->made, sizeof line->made, in, root, "made", err))
		return err->status;
	if (!dose_unit_read(&line->unit, unit))
		return config_refuse(in, config_setting_get_member(root, "unit"), err,
				     "unit “%s”; drops, volume_share, mass_share or g_per_50g_base "
				     "is allowed",
				     unit);
	line->relative = strcmp(scale, "relative") == 0;
	if (!line->relative && strcmp(scale, "per_mm"))
		return config_refuse(in, config_setting_get_member(root, "scale"), err,
				     "scale “%s”; per_mm or relative is allowed", scale);
	line->has_surface = config_has(root, "surface");
	if (!line->has_surface)
		return STATUS_OK;
	if (config_group(&group, in, root, "surface", err) ||
	    config_known(in, group, "k1 k2", err) ||
	    config_number(&line->surface.k1, 0.0, 0.2, in, group, "k1", err))
		return err->status;
	return config_number(&line->surface.k2, 0.0, 0.9, in, group, "k2", err);
}

static enum status read_line(struct pigment_line *line, const struct config_input *in,
			     struct error *err)
{
	config_setting_t *root = config_root(in), *diluent;

	if (config_format(in, "follitone-pigments", 1, err) ||
	    config_known(in, root,
			 "format version line made unit scale surface synthetic notice "
			 "wavelengths_nm diluent pigments",
			 err) ||
	    take_scale(line, in, err) ||
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

enum status pigment_line_parse(struct pigment_line *line, struct text *text, const char *path,
			       struct error *err)
{
	struct config_input in;
	enum status status;

	*line = (struct pigment_line){0};
	digest_sha256(line->fingerprint, text->data, text->length);
	status = config_open(&in, text, path, err);
	if (status)
		return status;
	status = read_line(line, &in, err);
	config_close(&in);
	if (status)
		pigment_line_clear(line);
	return status;
}

enum status pigment_line_read(struct pigment_line *line, const char *name, struct error *err)
{
	struct text text = {0};
	char path[4096];
	enum status status = profile_read(&text, path, "pigments", name, ".cfg", err);

	*line = (struct pigment_line){0};
	if (!status)
		status = pigment_line_parse(line, &text, path, err);
	text_clear(&text);
	return status;
}

/* --- out -------------------------------------------------------------------------------------- */

static void put_pigment(struct config_output *out, const struct pigment *pigment,
			const struct grid *grid)
{
	bottle_put(out, &pigment->bottle);
	if (*pigment->ci)
		config_put_text(out, "ci", pigment->ci);
	if (pigment->price > 0.0)
		config_put_number(out, "price", pigment->price);
	if (pigment->kept_factor > 0.0)
		config_put_number(out, "kept_factor", pigment->kept_factor);
	put_origin(out, &pigment->origin);
	config_put_numbers(out, "K_per_mm", pigment->k_per_mm, grid->count);
	config_put_numbers(out, "S_per_mm", pigment->s_per_mm, grid->count);
}

static void put_head(struct config_output *out, const struct pigment_line *line)
{
	config_put_text(out, "format", "follitone-pigments");
	config_put_integer(out, "version", 1);
	config_put_text(out, "line", line->name);
	if (*line->made)
		config_put_text(out, "made", line->made);
	config_put_boolean(out, "synthetic", line->synthetic);
	config_put_text(out, "notice", line->notice);
	config_put_text(out, "unit", dose_unit_names[line->unit]);
	if (line->relative)
		config_put_comment(out,
				   "K and S relative to the base, whose S is 1 in every band.");
	config_put_text(out, "scale", line->relative ? "relative" : "per_mm");
	if (line->has_surface) {
		config_put_group(out, "surface");
		config_put_number(out, "k1", line->surface.k1);
		config_put_number(out, "k2", line->surface.k2);
		config_end_group(out);
	}
	config_put_group(out, "wavelengths_nm");
	config_put_number(out, "start", line->grid.start_nm);
	config_put_number(out, "step", line->grid.step_nm);
	config_put_integer(out, "count", line->grid.count);
	config_end_group(out);
}

enum status pigment_line_print(struct text *out, const struct pigment_line *line, struct error *err)
{
	struct config_output printed = {{0}, 0};

	put_head(&printed, line);
	config_put_group(&printed, "diluent");
	put_pigment(&printed, &line->diluent, &line->grid);
	config_end_group(&printed);
	config_put_list(&printed, "pigments");
	for (int i = 0; i < line->count; i++) {
		config_put_group(&printed, NULL);
		put_pigment(&printed, &line->pigment[i], &line->grid);
		config_end_entry(&printed, i + 1 == line->count);
	}
	config_end_list(&printed);
	*out = printed.text;
	if (!text_failed(out))
		return STATUS_OK;
	text_clear(out);
	return error_memory(err);
}
