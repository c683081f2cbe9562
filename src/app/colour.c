/* Requests about colours: lab, de. */
#include "app/app.h"

#include "app/steps.h"
#include "base/file.h"
#include "base/number.h"
#include "colour/cms.h"
#include "formats/decode.h"
#include "formats/profile.h"
#include "formats/reading_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status app_lab(struct reading_colour_list *out, const char *const *file, int count,
		    const struct app_light *light, struct notes *notes, struct error *err)
{
	struct illuminant illuminant;
	struct observer observer, observer_2;
	struct reading_list list = {0};
	struct reading reading;
	struct colorimeter meter = {
		.illuminant = &illuminant, .observer = &observer, .pcs_observer = &observer_2};
	enum status status;

	*out = (struct reading_colour_list){0};
	if (illuminant_find(&illuminant, light->illuminant, err) ||
	    observer_find(&observer, light->observer, err) || observer_find(&observer_2, "2", err))
		return err->status;
	text_copy(out->illuminant, sizeof out->illuminant, illuminant.name);
	text_copy(out->observer, sizeof out->observer, observer.name);
	status = STATUS_OK;
	for (int i = 0; i < count && !status; i++)
		status = readings_read(&list, file[i], notes, err);
	if (!status) {
		out->item = calloc(list.count, sizeof *out->item);
		if (!out->item)
			status = error_memory(err);
	}
	for (; !status && out->count < list.count; out->count++) {
		reading_list_get(&reading, &list, out->count);
		status = colorimeter_measure(&out->item[out->count], &meter, &reading, err);
	}
	reading_list_clear(&list);
	if (status)
		reading_colour_list_clear(out);
	return status;
}

/* Any colour that reflects lies well inside. */
#define LAB_MOST 1000.0

bool app_lab_read(struct lab *lab, const char *text)
{
	char copy[128], *rest = copy;
	double *const value[3] = {&lab->l, &lab->a, &lab->b};

	text_copy(copy, sizeof copy, text);
	for (int i = 0; i < 3; i++) {
		char *part = strsep(&rest, ",");

		if (!part || !number_read(value[i], text_trim(part)) || fabs(*value[i]) > LAB_MOST)
			return false;
	}
	return rest == NULL;
}

struct sides {
	struct illuminant main_light, test_light[DIFFERENCE_LIGHTS];
	struct observer observer;
	struct repeats reference, sample;
};

/* Metamerism needs spectra on one grid: the coarser one, over what both cover. */
static enum status compare_spectra(struct difference *out, const struct sides *sides,
				   struct notes *notes, struct error *err)
{
	const struct spectrum *a = &sides->reference.mean.reflectance;
	const struct spectrum *b = &sides->sample.mean.reflectance;
	struct weights on_a, on_b, main_light, test_light;
	struct spectrum one, two;
	struct grid grid = a->grid.step_nm >= b->grid.step_nm ? grid_clip(&a->grid, &b->grid)
							      : grid_clip(&b->grid, &a->grid);
	struct lab lab_a, lab_b;

	if (weights_build(&on_a, &a->grid, &sides->main_light, &sides->observer, err) ||
	    weights_build(&on_b, &b->grid, &sides->main_light, &sides->observer, err) ||
	    weights_build(&main_light, &grid, &sides->main_light, &sides->observer, err))
		return err->status;
	lab_a = weights_lab(&on_a, a->value);
	lab_b = weights_lab(&on_b, b->value);
	*out = difference_of_labs(&lab_a, &lab_b);
	if (!grid_same(&a->grid, &b->grid))
		notes_addf(notes,
			   "metamerism: compared on %g–%g nm by %g, the coarser of the two grids",
			   grid.start_nm, grid_end_nm(&grid), grid.step_nm);
	spectrum_resample(&one, a, &grid);
	spectrum_resample(&two, b, &grid);
	for (int i = 0; i < DIFFERENCE_LIGHTS; i++) {
		const struct illuminant *test = &sides->test_light[i];

		if (weights_build(&test_light, &grid, test, &sides->observer, err))
			return err->status;
		text_copy(out->metamerism[i].name, sizeof out->metamerism[i].name, test->name);
		out->metamerism[i].index =
			metamerism_index(&main_light, &test_light, one.value, two.value);
		out->light_count++;
	}
	return STATUS_OK;
}

/* Repeats of one spot that differ by more than this are two spots: on skin, good instruments
 * repeat within dE 0.5 to 1.4 in published studies. */
#define SPREAD_DOUBTFUL 3.0

enum status app_mean(struct repeats *out, const char *file, const char *what,
		     const struct illuminant *illuminant, const struct observer *observer,
		     struct notes *notes, struct error *err)
{
	struct reading_list list = {0};
	enum status status = readings_read(&list, file, notes, err);

	if (!status)
		status = reading_list_mean(out, &list, illuminant, observer, err);
	if (!status && out->spread_de00 > SPREAD_DOUBTFUL)
		notes_addf(notes,
			   "%s reading: the %d readings of %s differ by dE00 %.1f from their mean: "
			   "are they "
			   "repeats of one spot?",
			   what, out->count, file_name(out->mean.file), out->spread_de00);
	reading_list_clear(&list);
	return status;
}

enum status app_difference(struct difference *out, const char *reference, const char *sample,
			   const struct app_light *light, struct notes *notes, struct error *err)
{
	static const char *const tests[DIFFERENCE_LIGHTS] = {"A", "LED-B3"};
	struct lab a, b;
	bool lab_a = app_lab_read(&a, reference), lab_b = app_lab_read(&b, sample);
	struct sides *sides;
	enum status status;

	if (lab_a && lab_b) {
		*out = difference_of_labs(&a, &b);
		return STATUS_OK;
	}
	sides = calloc(1, sizeof *sides);
	if (!sides)
		return error_memory(err);
	status = illuminant_find(&sides->main_light, light->illuminant, err);
	if (!status)
		status = observer_find(&sides->observer, light->observer, err);
	for (int i = 0; i < DIFFERENCE_LIGHTS && !status; i++)
		status = illuminant_find(&sides->test_light[i], tests[i], err);
	if (!status && !lab_a)
		status = app_mean(&sides->reference, reference, "first", &sides->main_light,
				  &sides->observer, notes, err);
	if (!status && !lab_b)
		status = app_mean(&sides->sample, sample, "second", &sides->main_light,
				  &sides->observer, notes, err);
	if (!status && !lab_a && !lab_b)
		status = compare_spectra(out, sides, notes, err);
	else if (!status) {
		const struct spectrum *s = lab_a ? &sides->sample.mean.reflectance
						 : &sides->reference.mean.reflectance;
		struct weights weights;

		status = weights_build(&weights, &s->grid, &sides->main_light, &sides->observer,
				       err);
		if (!status) {
			*(lab_a ? &b : &a) = weights_lab(&weights, s->value);
			*out = difference_of_labs(&a, &b);
		}
	}
	free(sides);
	return status;
}
