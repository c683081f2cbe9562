#include "colour/colours.h"

#include "base/text.h"
#include "colour/cms.h"

#include <assert.h>
#include <stdlib.h>

enum status colorimeter_measure(struct reading_colour *out, struct colorimeter *meter,
				const struct reading *reading, struct error *err)
{
	const struct spectrum *s = &reading->reflectance;
	struct xyz seen;

	if (s->grid.count == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: “%s” has no spectrum, only a stated colour", reading->file,
				 reading->name);
	if (!grid_same(&meter->weights.grid, &s->grid)) {
		if (weights_build(&meter->weights, &s->grid, meter->illuminant, meter->observer,
				  err) ||
		    weights_build(&meter->pcs_weights, &s->grid, meter->illuminant,
				  meter->pcs_observer, err))
			return err->status;
	}
	out->xyz = weights_xyz(&meter->weights, s->value);
	out->lab = lab_from_xyz(&out->xyz, &meter->weights.white);
	out->lch = lch_from_lab(&out->lab);
	out->ita_degrees = lab_ita_degrees(&out->lab);
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

void colours_clear(struct colours *colours)
{
	reading_list_clear(&colours->readings);
	for (int i = 0; i < colours->light_count; i++)
		free(colours->light[i].item);
	*colours = (struct colours){0};
}
