#include "colour/inspection.h"

#include "base/text.h"
#include "colour/cms.h"

#include <stdlib.h>
#include <string.h>

/* Groups that a reading is compared with, the last ones, and groups that are worth a line each. */
enum { GROUPS_LOOKED_AT = 64, GROUPS_MEASURED = 256 };

/* Distances of good repeats on skin are around 0.5 to 1.4 (published studies); below 1.0 nothing is
 * worth pointing at. */
#define OUTLIER_LEAST_DE00 1.0
#define OUTLIER_TIMES_SPREAD 4.0

/* --- groups -------------------------------------------------------------------------------------- */

/* Whether two readings can be repeats of one spot. */
static bool are_alike(const struct reading *a, const struct reading *b, bool by_name)
{
	return a->reflectance.grid.count > 0 &&
	       grid_same(&a->reflectance.grid, &b->reflectance.grid) &&
	       !conditions_conflict(&a->conditions, &b->conditions) &&
	       (!by_name || strcmp(a->name, b->name) == 0);
}

/* Neighbours first: a name that comes again far down a file of thousands is looked for among the groups
 * that there are, not among all readings. */
static int find_group(const struct inspection *inspection, const struct reading *reading,
		      const size_t *first, int groups, bool by_name)
{
	struct reading head;

	for (int g = groups - 1; g >= 0 && g >= groups - GROUPS_LOOKED_AT; g--) {
		reading_list_get(&head, &inspection->readings, first[g]);
		if (are_alike(&head, reading, by_name))
			return g;
	}
	return -1;
}

/* Numbers the readings by group; returns how many groups there are, 0 where memory ran out. */
static int sort_into_groups(struct inspection *inspection, size_t *first, bool by_name)
{
	struct reading reading;
	int groups = 0;

	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		inspection->item[i].group = -1;
		if (reading.reflectance.grid.count == 0)
			continue;
		inspection->item[i].group =
			find_group(inspection, &reading, first, groups, by_name);
		if (inspection->item[i].group < 0) {
			first[groups] = i;
			inspection->item[i].group = groups++;
		}
	}
	return groups;
}

/* --- spread and outliers ---------------------------------------------------------------------- */

static struct lab mean_lab(const double *sum, double count, const struct weights *weights)
{
	double mean[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < weights->grid.count; b++)
		mean[b] = sum[b] / count;
	return weights_lab(weights, mean);
}

static void add_to(double *sum, const struct reading *reading, double sign)
{
	for (int b = 0; b < reading->reflectance.grid.count; b++)
		sum[b] += sign * reading->reflectance.value[b];
}

/* The farthest one, judged by the others: their mean without it, and their spread about that. */
static void find_outlier(struct inspected_group *group, const struct inspection *inspection,
			 int number, double *sum, const struct weights *weights)
{
	double farthest = 0.0, spread = 0.0, distance;
	struct reading reading;
	struct lab others;
	int worst = -1;

	for (size_t i = 0; i < inspection->readings.count; i++)
		if (inspection->item[i].group == number &&
		    inspection->item[i].from_mean_de00 > farthest) {
			farthest = inspection->item[i].from_mean_de00;
			worst = (int)i;
		}
	if (group->count < 3 || worst < 0)
		return;
	reading_list_get(&reading, &inspection->readings, (size_t)worst);
	add_to(sum, &reading, -1.0);
	others = mean_lab(sum, group->count - 1, weights);
	for (size_t i = 0; i < inspection->readings.count; i++)
		if (inspection->item[i].group == number && (int)i != worst)
			spread += delta_e_2000(&others, &inspection->item[i].colour.lab) /
				  (group->count - 1);
	distance = delta_e_2000(&others, &inspection->item[worst].colour.lab);
	if (distance > OUTLIER_LEAST_DE00 && distance > OUTLIER_TIMES_SPREAD * spread) {
		group->outlier = worst;
		group->outlier_de00 = distance;
	}
}

static enum status measure_group(struct inspection *inspection, int number, bool by_name,
				 const struct colorimeter *meter, struct error *err)
{
	struct inspected_group group = {.outlier = -1};
	double sum[SPECTRUM_SAMPLES_MAX] = {0};
	struct weights weights;
	struct reading reading;
	struct lab mean;

	for (size_t i = 0; i < inspection->readings.count; i++) {
		if (inspection->item[i].group != number)
			continue;
		reading_list_get(&reading, &inspection->readings, i);
		add_to(sum, &reading, 1.0);
		group.count++;
	}
	if (group.count < 2)
		return STATUS_OK;
	if (by_name)
		text_copy(group.name, sizeof group.name, reading.name);
	group.specular = conditions_specular(&reading.conditions);
	if (weights_build(&weights, &reading.reflectance.grid, meter->illuminant, meter->observer,
			  err))
		return err->status;
	mean = mean_lab(sum, group.count, &weights);
	for (size_t i = 0; i < inspection->readings.count; i++) {
		struct inspected_reading *item = &inspection->item[i];

		if (item->group != number)
			continue;
		item->from_mean_de00 = delta_e_2000(&mean, &item->colour.lab);
		group.spread_de00 += item->from_mean_de00 / group.count;
	}
	find_outlier(&group, inspection, number, sum, &weights);
	inspection->group[inspection->groups++] = group;
	return STATUS_OK;
}

/* By name where a name comes twice, else all together where they were taken alike; a chart of many
 * colours is no repeat of one spot. */
static enum status measure_groups(struct inspection *inspection, const struct colorimeter *meter,
				  struct error *err)
{
	size_t count = inspection->readings.count;
	size_t *first = malloc((count ? count : 1) * sizeof *first);
	int groups, readings = 0;
	bool by_name = true;
	enum status status = STATUS_OK;

	if (!first)
		return error_memory(err);
	groups = sort_into_groups(inspection, first, true);
	for (size_t i = 0; i < count; i++)
		readings += inspection->item[i].group >= 0;
	if (groups == readings) {
		by_name = false;
		groups = sort_into_groups(inspection, first, false);
	}
	inspection->group = calloc(groups ? (size_t)groups : 1, sizeof *inspection->group);
	if (!inspection->group)
		status = error_memory(err);
	if (groups <= GROUPS_MEASURED)
		for (int g = 0; g < groups && !status; g++)
			status = measure_group(inspection, g, by_name, meter, err);
	free(first);
	return status;
}

enum status inspection_measure(struct inspection *inspection, struct colorimeter *meter,
			       struct error *err)
{
	struct reading reading;

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
	return measure_groups(inspection, meter, err);
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
	free(inspection->group);
	*inspection = (struct inspection){0};
}

void inspection_list_clear(struct inspection_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		inspection_clear(&list->item[i]);
	free(list->item);
	*list = (struct inspection_list){0};
}
