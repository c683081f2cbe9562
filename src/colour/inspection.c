#include "colour/inspection.h"

#include "colour/cms.h"

#include <stdlib.h>

/* Distances of good repeats on skin are around 0.5 to 1.4 (published studies); below 1.0 nothing is
 * worth pointing at. */
#define OUTLIER_LEAST_DE00 1.0
#define OUTLIER_TIMES_MEDIAN 3.0

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static enum status find_outlier(struct inspection *inspection, struct error *err)
{
	size_t count = inspection->readings.count;
	double *sorted = malloc(count * sizeof *sorted);
	double limit;

	if (!sorted)
		return error_memory(err);
	for (size_t i = 0; i < count; i++)
		sorted[i] = inspection->item[i].from_mean_de00;
	qsort(sorted, count, sizeof *sorted, by_size);
	limit = OUTLIER_TIMES_MEDIAN * sorted[(count - 1) / 2];
	if (limit < OUTLIER_LEAST_DE00)
		limit = OUTLIER_LEAST_DE00;
	free(sorted);
	for (size_t i = 0; i < count; i++)
		if (count > 2 && inspection->item[i].from_mean_de00 > limit &&
		    (inspection->outlier < 0 ||
		     inspection->item[i].from_mean_de00 >
			     inspection->item[inspection->outlier].from_mean_de00))
			inspection->outlier = (int)i;
	return STATUS_OK;
}

/* Spectra on different grids, or none, are no repeats. */
static bool are_repeats(const struct inspection *inspection)
{
	struct reading first, reading;

	if (inspection->readings.count < 2)
		return false;
	reading_list_get(&first, &inspection->readings, 0);
	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		if (reading.reflectance.grid.count == 0 ||
		    !grid_same(&reading.reflectance.grid, &first.reflectance.grid))
			return false;
	}
	return true;
}

static enum status measure_spread(struct inspection *inspection, const struct colorimeter *meter,
				  struct error *err)
{
	struct reading_colour mean;
	struct colorimeter again = *meter;
	struct repeats repeats;

	if (!are_repeats(inspection))
		return STATUS_OK;
	if (reading_list_mean(&repeats, &inspection->readings, meter->illuminant, meter->observer,
			      err) ||
	    colorimeter_measure(&mean, &again, &repeats.mean, err))
		return err->status;
	inspection->has_spread = true;
	inspection->spread_de00 = repeats.spread_de00;
	for (size_t i = 0; i < inspection->readings.count; i++)
		inspection->item[i].from_mean_de00 =
			delta_e_2000(&mean.lab, &inspection->item[i].colour.lab);
	return find_outlier(inspection, err);
}

enum status inspection_measure(struct inspection *inspection, struct colorimeter *meter,
			       struct error *err)
{
	struct reading reading;

	inspection->outlier = -1;
	inspection->item = calloc(inspection->readings.count, sizeof *inspection->item);
	if (!inspection->item)
		return error_memory(err);
	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		inspection->item[i].has_colour = reading_has_colour(&reading);
		if (inspection->item[i].has_colour &&
		    colorimeter_measure(&inspection->item[i].colour, meter, &reading, err))
			return err->status;
	}
	return measure_spread(inspection, meter, err);
}

enum status inspection_compare(struct inspection *inspection, size_t index,
			       const struct illuminant *illuminant, const struct observer *observer,
			       struct error *err)
{
	struct inspected_reading *item = &inspection->item[index];
	struct weights weights;
	struct reading reading;
	struct lab ours, stated;

	reading_list_get(&reading, &inspection->readings, index);
	if (weights_build(&weights, &reading.reflectance.grid, illuminant, observer, err))
		return err->status;
	ours = weights_lab(&weights, reading.reflectance.value);
	stated = reading.stated.has_lab ? reading.stated.lab
					: lab_from_xyz(&reading.stated.xyz, &weights.white);
	item->compared = true;
	item->stated_de00 = delta_e_2000(&stated, &ours);
	return STATUS_OK;
}

void inspection_clear(struct inspection *inspection)
{
	reading_list_clear(&inspection->readings);
	free(inspection->item);
	*inspection = (struct inspection){0};
}

void inspection_list_clear(struct inspection_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		inspection_clear(&list->item[i]);
	free(list->item);
	*list = (struct inspection_list){0};
}
