#include "colour/colours.h"

#include "base/text.h"
#include "colour/cms.h"

#include <assert.h>
#include <stdlib.h>

static enum status build_weights(struct colorimeter *meter, const struct grid *grid,
				 struct error *err)
{
	if (grid_same(&meter->weights.grid, grid))
		return STATUS_OK;
	if (weights_build(&meter->weights, grid, meter->illuminant, meter->observer, err))
		return err->status;
	return weights_build(&meter->pcs_weights, grid, meter->illuminant, meter->pcs_observer,
			     err);
}

static void take_lab(struct reading_colour *out, const struct xyz *white)
{
	out->lab = lab_from_xyz(&out->xyz, white);
	out->lch = lch_from_lab(&out->lab);
	out->ita_degrees = lab_ita_degrees(&out->lab);
}

/* Any grid tells the light's white. */
static enum status estimate(struct reading_colour *out, struct colorimeter *meter,
			    const struct reading *reading, struct error *err)
{
	if (build_weights(meter, &LIGHT_GRID, err))
		return err->status;
	*out = (struct reading_colour){.pcs_lab = reading->stated.lab, .estimated = true};
	if (xyz_from_pcs_lab(&out->xyz, &out->pcs_lab, &meter->weights.white, err))
		return err->status;
	take_lab(out, &meter->weights.white);
	return STATUS_OK;
}

enum status colorimeter_measure(struct reading_colour *out, struct colorimeter *meter,
				const struct reading *reading, struct error *err)
{
	const struct spectrum *s = &reading->reflectance;
	struct xyz seen;

	if (!reading_has_colour(reading))
		return error_set(err, STATUS_REFUSED,
				 "%s: “%s” has no spectrum, only a stated colour", reading->file,
				 reading->name);
	if (s->grid.count == 0)
		return estimate(out, meter, reading, err);
	if (build_weights(meter, &s->grid, err))
		return err->status;
	out->estimated = false;
	out->xyz = weights_xyz(&meter->weights, s->value);
	take_lab(out, &meter->weights.white);
	seen = weights_xyz(&meter->pcs_weights, s->value);
	return pcs_lab_from_xyz(&out->pcs_lab, &seen, &meter->pcs_weights.white, err);
}

enum status colours_measure(struct colours *colours, struct colorimeter *meter, struct error *err)
{
	size_t count = colours->readings.count;
	struct reading_colour *item = calloc(count ? count : 1, sizeof *item);
	int light = colours->light_count;
	struct reading reading;

	assert(light < COLOURS_LIGHTS_MAX);
	if (!item)
		return error_memory(err);
	colours->light[light].item = item;
	colours->light_count++;
	text_copy(colours->light[light].illuminant, LIGHT_NAME_SIZE, meter->illuminant->name);
	text_copy(colours->light[light].observer, LIGHT_NAME_SIZE, meter->observer->name);
	for (size_t i = 0; i < count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		if (colorimeter_measure(&item[i], meter, &reading, err))
			return err->status;
	}
	return STATUS_OK;
}

enum status colours_show(struct colours *colours, const struct device *device,
			 enum rendering_intent intent, struct error *err)
{
	size_t count = colours->readings.count, length;
	const void *profile = device_profile(device, &length);

	if (profile)
		text_add(&colours->shown.profile, profile, length);
	colours->shown.item = calloc(count ? count : 1, sizeof *colours->shown.item);
	if (!colours->shown.item || text_failed(&colours->shown.profile))
		return error_memory(err);
	text_copy(colours->shown.name, sizeof colours->shown.name, device_name(device));
	text_copy(colours->shown.space, sizeof colours->shown.space, device_space(device));
	colours->shown.channels = device_channels(device);
	colours->shown.intent = intent;
	for (size_t i = 0; i < count; i++)
		device_show(&colours->shown.item[i], device, &colours->light[0].item[i].pcs_lab);
	return STATUS_OK;
}

void colours_clear(struct colours *colours)
{
	free(colours->shown.item);
	text_clear(&colours->shown.profile);
	reading_list_clear(&colours->readings);
	for (int i = 0; i < colours->light_count; i++)
		free(colours->light[i].item);
	*colours = (struct colours){0};
}
