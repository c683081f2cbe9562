#include "colour/reading.h"

#include "base/text.h"
#include "colour/cms.h"

#include <stdlib.h>

enum status reading_list_add(struct reading_list *list, const struct reading *reading,
			     struct error *err)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 4;
		struct reading *grown = realloc(list->item, capacity * sizeof *grown);

		if (!grown)
			return error_memory(err);
		list->item = grown;
		list->capacity = capacity;
	}
	list->item[list->count++] = *reading;
	return STATUS_OK;
}

void reading_list_clear(struct reading_list *list)
{
	free(list->item);
	*list = (struct reading_list){0};
}

void reading_colour_list_clear(struct reading_colour_list *list)
{
	free(list->item);
	*list = (struct reading_colour_list){0};
}

const char *specular_text(enum specular specular)
{
	return specular == SPECULAR_INCLUDED   ? "included"
	       : specular == SPECULAR_EXCLUDED ? "excluded"
					       : "not stated";
}

enum status reading_list_mean(struct repeats *out, const struct reading_list *list,
			      const struct illuminant *illuminant, const struct observer *observer,
			      struct error *err)
{
	struct spectrum *mean = &out->mean.reflectance;
	struct weights weights;
	struct lab mean_lab;

	if (list->count == 0)
		return error_set(err, STATUS_REFUSED, "no readings to average");
	*out = (struct repeats){.mean = list->item[0], .count = (int)list->count};
	if (list->count == 1)
		return STATUS_OK;
	for (size_t i = 1; i < list->count; i++) {
		if (!grid_same(&list->item[i].reflectance.grid, &mean->grid))
			return error_set(
				err, STATUS_REFUSED,
				"%s: “%s” and “%s” are on different wavelengths, repeats of one "
				"spot are needed",
				list->item[i].file, list->item[0].name, list->item[i].name);
		for (int k = 0; k < mean->grid.count; k++)
			mean->value[k] += list->item[i].reflectance.value[k];
	}
	for (int k = 0; k < mean->grid.count; k++)
		mean->value[k] /= (double)list->count;
	if (weights_build(&weights, &mean->grid, illuminant, observer, err))
		return err->status;
	mean_lab = weights_lab(&weights, mean->value);
	for (size_t i = 0; i < list->count; i++) {
		struct lab lab = weights_lab(&weights, list->item[i].reflectance.value);

		out->spread_de00 += delta_e_2000(&mean_lab, &lab) / (double)list->count;
	}
	return STATUS_OK;
}

enum status colorimeter_measure(struct reading_colour *out, struct colorimeter *meter,
				const struct reading *reading, struct error *err)
{
	const struct spectrum *s = &reading->reflectance;
	struct xyz seen;

	if (!grid_same(&meter->weights.grid, &s->grid)) {
		if (weights_build(&meter->weights, &s->grid, meter->illuminant, meter->observer,
				  err) ||
		    weights_build(&meter->pcs_weights, &s->grid, meter->illuminant,
				  meter->pcs_observer, err))
			return err->status;
	}
	*out = (struct reading_colour){0};
	text_copy(out->name, sizeof out->name, reading->name);
	text_copy(out->file, sizeof out->file, reading->file);
	out->xyz = weights_xyz(&meter->weights, s->value);
	out->lab = lab_from_xyz(&out->xyz, &meter->weights.white);
	out->lch = lch_from_lab(&out->lab);
	out->ita_degrees = lab_ita_degrees(&out->lab);
	seen = weights_xyz(&meter->pcs_weights, s->value);
	return pcs_lab_from_xyz(&out->pcs_lab, &seen, &meter->pcs_weights.white, err);
}
