/* Requests about colours: lab, read, de. */
#include "app/app.h"

#include "app/steps.h"
#include "base/file.h"
#include "colour/cms.h"
#include "formats/decode.h"
#include "formats/profile.h"
#include "pigment/field.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a colorimeter points into. */
struct eye_and_light {
	struct illuminant illuminant;
	struct observer observer, observer_2;
	struct colorimeter meter;
};

static enum status take_light(struct eye_and_light *seen, const char *illuminant,
			      const char *observer, struct error *err)
{
	if (illuminant_find(&seen->illuminant, illuminant, err) ||
	    observer_find(&seen->observer, observer, err) ||
	    observer_find(&seen->observer_2, "2", err))
		return err->status;
	seen->meter = (struct colorimeter){.illuminant = &seen->illuminant,
					   .observer = &seen->observer,
					   .pcs_observer = &seen->observer_2};
	return STATUS_OK;
}

/* "D65,A,F11": the colours under each, in that order. */
static enum status measure_under_each(struct colours *colours, const struct app_light *light,
				      struct error *err)
{
	struct eye_and_light *seen = calloc(1, sizeof *seen);
	char names[4096], *rest = names, *name;
	enum status status = seen ? STATUS_OK : error_memory(err);

	text_copy(names, sizeof names, light->illuminant);
	while (!status && (name = strsep(&rest, ","))) {
		if (colours->light_count == COLOURS_LIGHTS_MAX)
			status = error_set(err, STATUS_REFUSED, "--illuminant: at most %d lights",
					   COLOURS_LIGHTS_MAX);
		if (!status)
			status = take_light(seen, name, light->observer, err);
		if (!status)
			status = colours_measure(colours, &seen->meter, err);
	}
	free(seen);
	return status;
}

/* As the scene had it: that of the skin's or the target's reading. */
static enum specular predicted_specular(const struct recipe *recipe)
{
	const struct brief *brief = &recipe->brief;
	enum reading_role role = brief_in_skin(brief) ? ROLE_SKIN : ROLE_TARGET;
	enum specular specular =
		brief->given[role] ? conditions_specular(&brief->reading[role].mean.conditions)
				   : SPECULAR_EXCLUDED;

	return specular == SPECULAR_UNKNOWN ? SPECULAR_EXCLUDED : specular;
}

static enum status add_spectrum(struct reading_list *list, const struct recipe *recipe,
				const char *file, const char *what, const struct spectrum *spectrum,
				struct error *err)
{
	struct reading reading = {.reflectance = *spectrum};
	char name[64];

	if (spectrum->grid.count == 0)
		return STATUS_OK;
	text_copy(name, sizeof name, recipe->stamp.name); /* cut at a whole character */
	snprintf(reading.name, sizeof reading.name, "%s%s%s", name, *name ? ": " : "", what);
	text_copy(reading.file, sizeof reading.file, file);
	text_make_printable(reading.file);
	snprintf(reading.conditions.origin, sizeof reading.conditions.origin,
		 "predicted by %s%s%.150s", recipe->program, *recipe->line.notice ? "; " : "",
		 recipe->line.notice);
	reading.conditions.specular = predicted_specular(recipe);
	return reading_list_add(list, &reading, err);
}

/* What a recipe is to look like and what it is predicted to look like. */
static enum status add_recipe(struct reading_list *list, const char *name,
			      const struct app_lab_request *request, struct notes *notes,
			      struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	const struct recipe_look *own;
	char folder[4096];
	enum status status =
		recipe ? app_store_folder(folder, request->store, err) : error_memory(err);

	if (!status)
		status = app_recipe(recipe, NULL, folder, name, request->pigments, notes, err);
	if (!status && *recipe->line.notice)
		notes_addf(notes, "%s: %s", recipe->line.name, recipe->line.notice);
	if (!status)
		status = add_spectrum(list, recipe, name, "required", &recipe->predicted.required,
				      err);
	if (!status) {
		own = &recipe->predicted.look[recipe->predicted.look_count - 1];
		status = add_spectrum(list, recipe, name, own->label, &recipe->predicted.dot, err);
	}
	free(recipe);
	return status;
}

static bool ends_in_cfg(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".cfg") == 0;
}

static enum status add_operand(struct reading_list *list, const char *name,
			       const struct app_lab_request *request, struct notes *notes,
			       struct error *err)
{
	const char *mark = strrchr(name, '#');
	char file[4096];

	text_copy_bytes(file, sizeof file, name, mark ? (size_t)(mark - name) : strlen(name));
	if (request->recipes && (ends_in_cfg(name) || (strcmp(name, "-") && !strchr(name, '/') &&
						       access(name, F_OK) && access(file, F_OK))))
		return add_recipe(list, name, request, notes, err);
	return app_readings(list, NULL, name, &request->source, notes, err);
}

static enum status show_on_device(struct colours *colours, const struct app_lab_request *request,
				  struct error *err)
{
	struct device *device;
	enum status status;

	if (!request->output_icc)
		return STATUS_OK;
	if (app_device(&device, request->output_icc, DEVICE_SHOWING, request->source.intent, err))
		return err->status;
	status = colours_show(colours, device, request->source.intent, err);
	device_close(device);
	return status;
}

enum status app_lab(struct colours *out, const struct app_lab_request *request, struct notes *notes,
		    struct error *err)
{
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	for (int i = 0; i < request->file_count && !status; i++)
		status = add_operand(&out->readings, request->file[i], request, notes, err);
	if (!status)
		status = app_rgb(&out->readings, &request->source, notes, err);
	if (!status)
		status = measure_under_each(out, &request->light, err);
	if (!status)
		status = show_on_device(out, request, err);
	if (status)
		colours_clear(out);
	return status;
}

/* --- read ----------------------------------------------------------------------------------- */

/* More than this between the file's own Lab and ours is worth a note. */
#define STATED_DOUBTFUL 0.1

/* A field is sampled well enough where the hairs seen leave this noise, after averaging. */
#define SAMPLING_NOISE_ENOUGH 0.10
#define HAIRS_PER_CM2 223.0 /* mean of published scalp counts */

/* The light of the stated colours, where the file names one that we have. The name is a stranger's, so
 * it is never taken for a path. */
static bool find_stated_light(struct illuminant *illuminant, struct observer *observer,
			      const struct conditions *conditions)
{
	struct error unknown;

	if (!profile_is_name(conditions->illuminant))
		return false;
	return !illuminant_find(illuminant, conditions->illuminant, &unknown) &&
	       !observer_find(observer, conditions->observer, &unknown);
}

static enum status compare_stated(struct inspection *inspection, struct notes *notes,
				  struct error *err)
{
	struct conditions last = {.illuminant = ""};
	struct illuminant illuminant;
	struct observer observer;
	struct reading reading;

	for (size_t i = 0; i < inspection->readings.count; i++) {
		const struct conditions *conditions = &reading.conditions;

		reading_list_get(&reading, &inspection->readings, i);
		if (reading.reflectance.grid.count == 0 ||
		    !(reading.stated.has_lab || reading.stated.has_xyz))
			continue;
		if ((strcmp(last.illuminant, conditions->illuminant) ||
		     strcmp(last.observer, conditions->observer) || !*last.illuminant) &&
		    !find_stated_light(&illuminant, &observer, conditions)) {
			notes_addf(notes,
				   "%s: the Lab or XYZ of “%s” is not compared, as the file does "
				   "not state a light and observer that are known",
				   file_name(inspection->file), reading.name);
			return STATUS_OK;
		}
		last = *conditions;
		if (inspection_compare(inspection, i, &illuminant, &observer, err))
			return err->status;
		if (inspection->item[i].stated_de00 > STATED_DOUBTFUL)
			notes_addf(notes,
				   "%s: “%s” states a colour that is dE00 %.2f from its spectrum's",
				   file_name(inspection->file), reading.name,
				   inspection->item[i].stated_de00);
	}
	return STATUS_OK;
}

static void note_sampling(const struct inspection *inspection, struct notes *notes)
{
	struct reading first;
	double noise;
	int needed;

	reading_list_get(&first, &inspection->readings, 0);
	if (first.conditions.aperture_mm <= 0.0) {
		notes_addf(notes,
			   "%s: the aperture is not stated, so it cannot be said how many field "
			   "readings are enough",
			   file_name(inspection->file));
		return;
	}
	noise = field_sampling_noise(HAIRS_PER_CM2, first.conditions.aperture_mm);
	needed = (int)ceil(noise * noise / (SAMPLING_NOISE_ENOUGH * SAMPLING_NOISE_ENOUGH));
	notes_addf(
		notes,
		"%s: %zu field reading%s through %g mm, each with %.0f %% noise from the count of "
		"hairs: %d %s enough for 10 %%",
		file_name(inspection->file), inspection->readings.count,
		inspection->readings.count == 1 ? "" : "s", first.conditions.aperture_mm,
		100.0 * noise, needed, needed == 1 ? "is" : "are");
}

/* What `match` would have to assume. */
static void note_specular(const struct inspection *inspection, struct notes *notes)
{
	struct reading reading;

	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		if (reading.reflectance.grid.count > 0 &&
		    conditions_specular(&reading.conditions) == SPECULAR_UNKNOWN) {
			notes_addf(notes,
				   "%s: “%s” does not say whether the specular part is included; "
				   "`match` takes it as excluded, --specular says otherwise",
				   file_name(inspection->file), reading.name);
			return;
		}
	}
}

static enum status inspect(struct inspection *inspection, const char *file,
			   struct colorimeter *meter, const struct app_read_request *request,
			   struct notes *notes, struct error *err)
{
	const char *format = "";
	struct reading outlier;

	text_copy(inspection->file, sizeof inspection->file, file);
	text_make_printable(inspection->file);
	if (app_readings(&inspection->readings, &format, file, &request->source, notes, err) ||
	    inspection_measure(inspection, meter, err) || compare_stated(inspection, notes, err))
		return err->status;
	text_copy(inspection->format, sizeof inspection->format, format);
	note_specular(inspection, notes);
	for (int g = 0; g < inspection->groups; g++) {
		const struct inspected_group *group = &inspection->group[g];

		if (group->outlier < 0)
			continue;
		reading_list_get(&outlier, &inspection->readings, (size_t)group->outlier);
		notes_addf(
			notes,
			"%s: “%s” (number %d) is dE00 %.2f from the mean of the others, far from "
			"them",
			file_name(inspection->file), outlier.name, group->outlier + 1,
			group->outlier_de00);
	}
	if (request->site && strcmp(request->site, "field") == 0)
		note_sampling(inspection, notes);
	return STATUS_OK;
}

enum status app_read(struct inspection_list *out, const struct app_read_request *request,
		     struct notes *notes, struct error *err)
{
	size_t count = (size_t)request->file_count;
	struct eye_and_light *seen = calloc(1, sizeof *seen);
	enum status status = seen ? STATUS_OK : error_memory(err);

	*out = (struct inspection_list){calloc(count, sizeof *out->item), 0};
	if (!out->item && !status)
		status = error_memory(err);
	if (!status)
		status = take_light(seen, request->light.illuminant, request->light.observer, err);
	for (; out->count < count && !status; out->count++)
		status = inspect(&out->item[out->count], request->file[out->count], &seen->meter,
				 request, notes, err);
	if (status)
		inspection_list_clear(out);
	free(seen);
	return status;
}

enum status app_colour_on_screen(struct colours *out, const struct app_light *light,
				 struct error *err)
{
	const struct app_lab_request screen = {.source.intent = INTENT_RELATIVE,
					       .output_icc = "sRGB"};
	enum status status = measure_under_each(out, light, err);

	if (!status)
		status = show_on_device(out, &screen, err);
	if (status)
		colours_clear(out);
	return status;
}

enum status app_read_colours(struct colours *out, const struct inspection_list *list,
			     const struct app_read_request *request, struct error *err)
{
	struct reading reading;
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	for (size_t f = 0; f < list->count && !status; f++)
		for (size_t i = 0; i < list->item[f].readings.count && !status; i++) {
			reading_list_get(&reading, &list->item[f].readings, i);
			status = reading_list_add(&out->readings, &reading, err);
		}
	if (status) {
		colours_clear(out);
		return status;
	}
	return app_colour_on_screen(out, &request->light, err);
}

/* --- differences ---------------------------------------------------------------------------- */

struct sides {
	struct illuminant main_light, test_light[DIFFERENCE_LIGHTS];
	int test_lights;
	struct observer observer;
	struct app_sample reference, sample;
};

/* Metamerism needs spectra on one grid: the coarser one, over what both cover. */
static enum status compare_spectra(struct difference *out, const struct sides *sides,
				   struct notes *notes, struct error *err)
{
	const struct spectrum *a = &sides->reference.repeats.mean.reflectance;
	const struct spectrum *b = &sides->sample.repeats.mean.reflectance;
	struct weights main_light, test_light;
	struct spectrum one, two;
	struct grid grid = a->grid.step_nm >= b->grid.step_nm ? grid_clip(&a->grid, &b->grid)
							      : grid_clip(&b->grid, &a->grid);

	if (weights_build(&main_light, &grid, &sides->main_light, &sides->observer, err))
		return err->status;
	if (!grid_same(&a->grid, &b->grid))
		notes_addf(notes,
			   "metamerism: compared on %g–%g nm by %g, the coarser of the two grids",
			   grid.start_nm, grid_end_nm(&grid), grid.step_nm);
	spectrum_resample(&one, a, &grid);
	spectrum_resample(&two, b, &grid);
	for (int i = 0; i < sides->test_lights; i++) {
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

/* "D65,A,F11": the first is the main light, the others those of the metamerism; without others the usual
 * ones, an incandescent and a shop's LED. */
static enum status take_lights(struct sides *sides, const char *illuminants, struct error *err)
{
	char names[4096], *rest = names, *name;

	text_copy(names, sizeof names, illuminants);
	if (!strchr(names, ','))
		snprintf(names, sizeof names, "%.4000s,A,LED-B3", illuminants);
	if (illuminant_find(&sides->main_light, strsep(&rest, ","), err))
		return err->status;
	while ((name = strsep(&rest, ","))) {
		if (sides->test_lights == DIFFERENCE_LIGHTS)
			return error_set(err, STATUS_REFUSED,
					 "--illuminant: at most %d lights for metamerism",
					 DIFFERENCE_LIGHTS);
		if (illuminant_find(&sides->test_light[sides->test_lights], name, err))
			return err->status;
		sides->test_lights += !text_same(sides->test_light[sides->test_lights].name,
						 sides->main_light.name);
	}
	return STATUS_OK;
}

/* Metamerism is of pairs that look alike under the main light. */
#define NO_MATCH_DE00 5.0

static enum status take_sides(struct sides *sides, const struct app_difference_request *request,
			      struct notes *notes, struct error *err)
{
	const struct app_selection all = {&request->source, request->mixed};

	if (take_lights(sides, request->light.illuminant, err) ||
	    observer_find(&sides->observer, request->light.observer, err))
		return err->status;
	if (app_sample(&sides->reference, request->reference, "first", &all, &sides->main_light,
		       &sides->observer, notes, err))
		return err->status;
	return app_sample(&sides->sample, request->sample, "second", &all, &sides->main_light,
			  &sides->observer, notes, err);
}

enum status app_difference(struct difference *out, const struct app_difference_request *request,
			   struct notes *notes, struct error *err)
{
	struct sides *sides = calloc(1, sizeof *sides);
	enum status status = sides ? take_sides(sides, request, notes, err) : error_memory(err);

	if (!status) {
		*out = difference_of_labs(&sides->reference.lab, &sides->sample.lab);
		if (sides->reference.spectral && sides->sample.spectral)
			status = compare_spectra(out, sides, notes, err);
		if (out->light_count > 0 && out->de00 > NO_MATCH_DE00)
			notes_addf(notes, "the two do not match, so their metamerism means little");
	}
	free(sides);
	return status;
}
