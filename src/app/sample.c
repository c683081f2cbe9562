/* Samples that become readings: files of spectra or stated colours, regions of pictures, and RGB values
 * of a device that its ICC profile describes. */
#include "app/app.h"

#include "app/steps.h"
#include "base/file.h"
#include "base/number.h"
#include "colour/cms.h"
#include "formats/decode.h"
#include "formats/picture.h"
#include "formats/reading_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- ICC profiles --------------------------------------------------------------------------- */

enum status app_device(struct device **out, const char *icc, enum device_use use,
		       enum rendering_intent intent, struct error *err)
{
	struct text profile;
	enum status status;

	if (text_same(icc, "sRGB"))
		return device_open(out, NULL, 0, icc, use, intent, err);
	*out = NULL;
	if (file_read(&profile, icc, APP_PROFILE_MOST, err))
		return err->status;
	status = device_open(out, profile.data, profile.length, icc, use, intent, err);
	text_clear(&profile);
	return status;
}

static void note_confidence(struct notes *notes)
{
	notes_addf(notes, "colours from pictures and RGB values are of lower confidence than "
			  "spectra: they depend on the device's light and profile; for another "
			  "light and observer than D50, 2° they are adapted by the Bradford "
			  "transform");
}

static enum status add_sample(struct reading_list *list, const char *file, const char *name,
			      const struct lab *pcs, struct error *err)
{
	struct reading reading = {.stated = {.has_lab = true, .lab = *pcs}};

	if (!(fabs(pcs->l) + fabs(pcs->a) + fabs(pcs->b) < 1000.0))
		return error_set(err, STATUS_REFUSED, "%s: the profile gives no colour for %s",
				 file, name);
	text_copy(reading.file, sizeof reading.file, file);
	text_make_printable(reading.file);
	text_copy(reading.name, sizeof reading.name, name);
	text_make_printable(reading.name);
	text_copy(reading.conditions.illuminant, sizeof reading.conditions.illuminant, "D50");
	text_copy(reading.conditions.observer, sizeof reading.conditions.observer, "2");
	return reading_list_add(list, &reading, err);
}

/* --- RGB ------------------------------------------------------------------------------------ */

static bool read_rgb(double rgb[3], const char *words)
{
	char copy[128], *rest = copy;

	text_copy(copy, sizeof copy, words);
	for (int i = 0; i < 3; i++) {
		char *part = strsep(&rest, ",");

		if (!part || !number_read(&rgb[i], part) || rgb[i] < 0.0 || rgb[i] > 255.0)
			return false;
		rgb[i] /= 255.0;
	}
	return rest == NULL;
}

enum status app_rgb(struct reading_list *list, const struct app_source *source, struct notes *notes,
		    struct error *err)
{
	struct device *device;
	enum status status = STATUS_OK;

	if (source->rgb_count == 0)
		return STATUS_OK;
	if (!source->icc)
		return error_set(err, STATUS_REFUSED,
				 "--rgb %s: the device's profile is needed (--icc FILE, or sRGB)",
				 source->rgb[0]);
	if (app_device(&device, source->icc, DEVICE_LOOKED_AT, source->intent, err))
		return err->status;
	if (device_channels(device) != 3)
		status = error_set(err, STATUS_REFUSED, "%s: a %s profile, an RGB one is needed",
				   source->icc, device_space(device));
	for (int i = 0; i < source->rgb_count && !status; i++) {
		double rgb[3];
		char name[64];
		struct lab pcs;

		if (!read_rgb(rgb, source->rgb[i])) {
			status = error_set(err, STATUS_REFUSED,
					   "--rgb %s: R,G,B is needed, each 0 to 255",
					   source->rgb[i]);
			break;
		}
		snprintf(name, sizeof name, "RGB %.48s", source->rgb[i]);
		device_look(&pcs, device, rgb);
		status = add_sample(list, source->icc, name, &pcs, err);
	}
	device_close(device);
	if (!status)
		note_confidence(notes);
	return status;
}

/* --- pictures ------------------------------------------------------------------------------- */

enum { PIXELS_ENOUGH = 200000 }; /* of a larger region */

/* The i-th pixel that is looked at: all of a small region; of a large one as many, spread by the golden
 * ratio, which no raster in the picture keeps time with. */
static const unsigned char *pixel_at(const struct picture *picture, size_t i)
{
	size_t count = picture->pixels.length / 3;

	if (count > PIXELS_ENOUGH)
		i = (size_t)(fmod((double)i * 0.6180339887498949, 1.0) * (double)count);
	return (const unsigned char *)picture->pixels.data + 3 * i;
}

/* The mean colour, by light: the mean of XYZ, as an instrument would see the whole region. */
static struct lab mean_colour(const struct picture *picture, const struct device *device,
			      double *spread_de00, double *clipped_share)
{
	size_t count = picture->pixels.length / 3, clipped = 0;
	struct xyz sum = {0, 0, 0}, xyz;
	struct lab mean = {0, 0, 0}, lab;

	if (count > PIXELS_ENOUGH)
		count = PIXELS_ENOUGH;
	*spread_de00 = 0.0;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < count; i++) {
			const unsigned char *pixel = pixel_at(picture, i);
			const double rgb[3] = {pixel[0] / 255.0, pixel[1] / 255.0,
					       pixel[2] / 255.0};

			device_look(&lab, device, rgb);
			if (pass == 1) {
				*spread_de00 += delta_e_2000(&mean, &lab) / (double)count;
				continue;
			}
			xyz = pcs_xyz_from_lab(&lab);
			sum = (struct xyz){sum.x + xyz.x, sum.y + xyz.y, sum.z + xyz.z};
			for (int c = 0, out = 0; c < 3 && !out; c++)
				clipped += out = pixel[c] == 0 || pixel[c] == 255;
		}
		if (pass == 0) {
			sum = (struct xyz){sum.x / (double)count, sum.y / (double)count,
					   sum.z / (double)count};
			mean = pcs_lab_from_pcs_xyz(&sum);
		}
	}
	*clipped_share = (double)clipped / (double)count;
	return mean;
}

static bool is_grey(const struct picture *picture)
{
	const char *c = picture->pixels.data;

	for (size_t i = 0; i + 2 < picture->pixels.length; i += 3)
		if (c[i] != c[i + 1] || c[i] != c[i + 2])
			return false;
	return true;
}

static enum status open_device(struct device **device, const struct picture *picture,
			       const char *file, const struct app_source *source,
			       struct notes *notes, struct error *err)
{
	const struct text *profile = &picture->profile;
	char name[READING_FILE_SIZE];

	if (!source->icc && profile->length == 0 && picture->srgb)
		return device_open(device, NULL, 0, file, DEVICE_LOOKED_AT, source->intent, err);
	if (!source->icc && profile->length == 0)
		return error_set(
			err, STATUS_REFUSED,
			"%s: no profile is embedded in the picture; its device's is needed "
			"(--icc FILE, or sRGB)",
			file);
	if (source->icc && profile->length > 0)
		notes_addf(notes, "%s: read by --icc %s, not by the profile in the picture",
			   file_name(file), file_name(source->icc));
	if (source->icc) {
		if (app_device(device, source->icc, DEVICE_LOOKED_AT, source->intent, err))
			return err->status;
	} else {
		snprintf(name, sizeof name, "%.200s (embedded profile)", file);
		if (device_open(device, profile->data, profile->length, name, DEVICE_LOOKED_AT,
				source->intent, err))
			return err->status;
	}
	if (device_channels(*device) == 3 || (device_channels(*device) == 1 && is_grey(picture)))
		return STATUS_OK;
	if (device_channels(*device) == 1) {
		error_set(err, STATUS_REFUSED, "%s: a grey profile, and the picture is in colour",
			  file);
		device_close(*device);
		return err->status;
	}
	error_set(err, STATUS_REFUSED,
		  "%s: a %s profile; an RGB or grey one is needed for a picture", file,
		  device_space(*device));
	device_close(*device);
	return err->status;
}

static enum status add_picture(struct reading_list *list, const struct text *bytes,
			       const char *file, const struct app_source *source,
			       struct notes *notes, struct error *err)
{
	struct picture_region region = {0, 0, 0, 0};
	struct picture picture;
	struct device *device;
	double spread, clipped;
	struct lab mean;
	char name[READING_NAME_SIZE];
	enum status status;

	if (source->region && !picture_region_read(&region, source->region))
		return error_set(err, STATUS_REFUSED, "--region %s: X,Y,W,H in pixels is needed",
				 source->region);
	if (picture_read(&picture, bytes, &region, file, err))
		return err->status;
	status = open_device(&device, &picture, file, source, notes, err);
	if (!status) {
		mean = mean_colour(&picture, device, &spread, &clipped);
		snprintf(name, sizeof name, "%.60s %s", file_name(file),
			 source->region ? source->region : "whole");
		status = add_sample(list, file, name, &mean, err);
		notes_addf(notes,
			   "%s: mean of %d by %d pixels%s, which differ from it by dE00 %.1f",
			   file_name(file), picture.width, picture.height,
			   picture.pixels.length / 3 > PIXELS_ENOUGH ? " (200,000 of them)" : "",
			   spread);
		if (clipped > 0.001)
			notes_addf(notes,
				   "%s: %.1f %% of them are at the end of the scale: under- "
				   "or overexposed?",
				   file_name(file), 100.0 * clipped);
		note_confidence(notes);
		device_close(device);
	}
	picture_clear(&picture);
	return status;
}

/* --- what the user says ------------------------------------------------------------------------ */

/* In what a file overrules the user, or NULL. */
static const char *overruled(const struct conditions *file, const struct conditions *stated)
{
	if (stated->specular != SPECULAR_UNKNOWN && conditions_specular(file) != stated->specular)
		return "--specular";
	if (*stated->geometry && strcmp(file->geometry, stated->geometry))
		return "--geometry";
	if (*stated->mode && strcmp(file->mode, stated->mode))
		return "--mode";
	return stated->aperture_mm > 0.0 && file->aperture_mm != stated->aperture_mm
		       ? "--aperture-mm"
		       : NULL;
}

/* Of a file with both specular components the readings from `first` on that agree. */
static enum status keep_specular(struct reading_list *list, size_t first, enum specular specular,
				 struct error *err)
{
	struct reading_list kept = {0};
	struct reading reading;
	size_t agreeing = 0;
	enum status status = STATUS_OK;

	for (size_t i = first; i < list->count; i++) {
		reading_list_get(&reading, list, i);
		agreeing += conditions_specular(&reading.conditions) == specular;
	}
	if (specular == SPECULAR_UNKNOWN || agreeing == 0 || agreeing == list->count - first)
		return STATUS_OK;
	for (size_t i = first; i < list->count && !status; i++) {
		reading_list_get(&reading, list, i);
		if (conditions_specular(&reading.conditions) == specular)
			status = reading_list_add(&kept, &reading, err);
	}
	reading_list_cut(list, first);
	for (size_t i = 0; i < kept.count && !status; i++) {
		reading_list_get(&reading, &kept, i);
		status = reading_list_add(list, &reading, err);
	}
	reading_list_clear(&kept);
	return status;
}

static enum status apply_stated(struct reading_list *list, size_t first, const char *file,
				const struct conditions *stated, struct notes *notes,
				struct error *err)
{
	struct reading reading;

	if (reading_list_complete(list, first, stated))
		notes_addf(notes, "%s: what it does not say of its conditions is taken as you say",
			   file_name(file));
	if (keep_specular(list, first, stated->specular, err))
		return err->status;
	for (size_t i = first; i < list->count; i++) {
		const char *option;

		reading_list_get(&reading, list, i);
		option = overruled(&reading.conditions, stated);
		if (option) {
			notes_addf(notes, "%s: “%s” says otherwise than %s; what it says is taken",
				   file_name(file), reading.name, option);
			break;
		}
	}
	return STATUS_OK;
}

/* --- all ------------------------------------------------------------------------------------ */

enum status app_readings(struct reading_list *list, const char **format, const char *path,
			 const struct app_source *source, struct notes *notes, struct error *err)
{
	size_t before = list->count;
	const char *name;
	struct text bytes;
	char file[4096];
	enum status status;

	if (reading_file_load(&bytes, file, &name, path, err))
		return err->status;
	if (picture_recognise(bytes.data, bytes.length) && name) {
		status = error_set(err, STATUS_REFUSED,
				   "%s: a picture has no readings of a name; --region takes a part",
				   path);
	} else if (picture_recognise(bytes.data, bytes.length)) {
		status = add_picture(list, &bytes, file, source, notes, err);
		if (format)
			*format = "picture";
	} else {
		status = readings_parse(list, format, &bytes, name, file, notes, err);
		if (!status && (source->region || (source->icc && source->rgb_count == 0)))
			notes_addf(notes, "%s: no picture, so --region and --icc say nothing of it",
				   file_name(file));
		if (!status)
			status = apply_stated(list, before, file, &source->stated, notes, err);
	}
	text_clear(&bytes);
	return status;
}

/* --- repeats --------------------------------------------------------------------------------- */

/* Repeats of one spot that differ by more than this are two spots: on skin, good instruments
 * repeat within dE 0.5 to 1.4 in published studies. */
#define SPREAD_DOUBTFUL 3.0

/* Names that `capture` gives. */
static bool is_site(const char *name)
{
	return strcmp(name, "skin") == 0 || strcmp(name, "hair") == 0 || strcmp(name, "field") == 0;
}

static bool has_named(const struct reading_list *list, const char *name)
{
	struct reading reading;

	for (size_t i = 0; i < list->count; i++) {
		reading_list_get(&reading, list, i);
		if (strcmp(reading.name, name) == 0)
			return true;
	}
	return false;
}

/* Adds those that are meant: of a file with sites those of this one; refuses two sites, and two readings
 * that were not taken alike. */
static enum status select_readings(struct reading_list *out, const struct reading_list *all,
				   const char *what, const struct app_selection *selection,
				   struct error *err)
{
	bool by_site = is_site(what) && has_named(all, what);
	struct reading first, reading;

	for (size_t i = 0; i < all->count; i++) {
		const char *conflict;

		reading_list_get(&reading, all, i);
		if (by_site && strcmp(reading.name, what))
			continue;
		if (out->count == 0)
			first = reading;
		if (strcmp(first.name, reading.name) &&
		    (is_site(first.name) || is_site(reading.name)))
			return error_set(
				err, STATUS_REFUSED,
				"%s: “%s” and “%s” are two sites, no repeats of one; choose "
				"one (FILE#%s)",
				reading.file, first.name, reading.name, first.name);
		conflict = conditions_conflict(&first.conditions, &reading.conditions);
		if (conflict && !selection->mixed)
			return error_set(
				err, STATUS_REFUSED,
				"%s: “%s” and “%s” were not taken alike (%s), so they are no "
				"repeats; choose one (FILE#NAME%s) or --allow-mixed",
				reading.file, first.name, reading.name, conflict,
				strcmp(conflict, "specular") ? "" : ", --specular");
		if (reading_list_add(out, &reading, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status average(struct repeats *out, const struct reading_list *all, const char *what,
			   const struct app_selection *selection,
			   const struct illuminant *illuminant, const struct observer *observer,
			   struct notes *notes, struct error *err)
{
	struct reading_list list = {0};
	enum status status = select_readings(&list, all, what, selection, err);

	if (!status)
		status = reading_list_mean(out, &list, illuminant, observer, err);
	if (!status && out->spread_de00 > SPREAD_DOUBTFUL)
		notes_addf(notes,
			   "%s reading: the %d readings of %s differ by dE00 %.1f from their mean: "
			   "are they repeats of one spot?",
			   what, out->count, file_name(out->mean.file), out->spread_de00);
	reading_list_clear(&list);
	return status;
}

enum status app_mean(struct repeats *out, const char *file, const char *what,
		     const struct app_selection *selection, const struct illuminant *illuminant,
		     const struct observer *observer, struct notes *notes, struct error *err)
{
	struct reading_list all = {0};
	enum status status = app_readings(&all, NULL, file, selection->source, notes, err);

	if (!status)
		status = average(out, &all, what, selection, illuminant, observer, notes, err);
	reading_list_clear(&all);
	return status;
}

enum status app_range(struct spectrum *least, struct spectrum *most, const char *file,
		      const char *what, const struct app_selection *selection, struct error *err)
{
	struct reading_list all = {0}, list = {0};
	struct notes ignored = {0}; /* they were said when the mean was taken */
	struct reading reading;
	enum status status = app_readings(&all, NULL, file, selection->source, &ignored, err);

	if (!status)
		status = select_readings(&list, &all, what, selection, err);
	for (size_t i = 0; i < list.count && !status; i++) {
		reading_list_get(&reading, &list, i);
		if (i == 0)
			*least = *most = reading.reflectance;
		for (int b = 0; b < reading.reflectance.grid.count; b++) {
			least->value[b] = fmin(least->value[b], reading.reflectance.value[b]);
			most->value[b] = fmax(most->value[b], reading.reflectance.value[b]);
		}
	}
	notes_clear(&ignored);
	reading_list_clear(&list);
	reading_list_clear(&all);
	return status;
}

/* --- one sample ----------------------------------------------------------------------------- */

/* Any colour that reflects lies well inside. */
#define LAB_MOST 1000.0

static bool read_lab(struct lab *lab, const char *text)
{
	char copy[128], *rest = copy;
	double *const value[3] = {&lab->l, &lab->a, &lab->b};

	text_copy(copy, sizeof copy, text);
	for (char *c = copy; strchr(text, ';') && *c; c++) /* "62,9;7,9;19,6" */
		*c = *c == ',' ? '.' : *c == ';' ? ',' : *c;
	for (int i = 0; i < 3; i++) {
		char *part = strsep(&rest, ",");

		if (!part || !number_read(value[i], text_trim(part)) || fabs(*value[i]) > LAB_MOST)
			return false;
	}
	return rest == NULL;
}

/* Colours without spectra: one, and of a picture adapted to the light. */
static enum status take_colour(struct app_sample *out, const struct reading_list *list,
			       const struct reading *first, const char *what,
			       const struct illuminant *illuminant, const struct observer *observer,
			       struct notes *notes, struct error *err)
{
	struct colorimeter *meter;
	struct reading_colour colour;
	enum status status;

	if (list->count > 1)
		return error_set(err, STATUS_REFUSED,
				 "%s: %zu colours without spectra, choose one (FILE#NAME)",
				 first->file, list->count);
	if (!reading_is_pcs(first) && *first->conditions.illuminant &&
	    (!text_same(first->conditions.illuminant, illuminant->name) ||
	     (*first->conditions.observer && strcmp(first->conditions.observer, observer->name))))
		return error_set(err, STATUS_REFUSED,
				 "%s: its Lab is under %s, %s°; use --illuminant %s --observer %s",
				 first->file, first->conditions.illuminant,
				 *first->conditions.observer ? first->conditions.observer : "10",
				 first->conditions.illuminant,
				 *first->conditions.observer ? first->conditions.observer : "10");
	if (!reading_is_pcs(first) || text_same(illuminant->name, "D50")) {
		notes_addf(notes, "%s: the Lab that the file states, %s", what,
			   *first->conditions.illuminant
				   ? "under its own light"
				   : "taken as under the main light and observer");
		out->lab = first->stated.lab;
		if (!reading_is_pcs(first) || strcmp(observer->name, "2") == 0)
			return STATUS_OK;
	}
	notes_addf(notes, "%s: a Lab under D50, 2°, adapted to %s, %s° by the Bradford transform",
		   what, illuminant->name, observer->name);
	meter = calloc(1, sizeof *meter);
	if (!meter)
		return error_memory(err);
	*meter = (struct colorimeter){
		.illuminant = illuminant, .observer = observer, .pcs_observer = observer};
	status = colorimeter_measure(&colour, meter, first, err);
	out->lab = colour.lab;
	free(meter);
	return status;
}

enum status app_sample(struct app_sample *out, const char *words, const char *what,
		       const struct app_selection *selection, const struct illuminant *illuminant,
		       const struct observer *observer, struct notes *notes, struct error *err)
{
	struct reading_list list = {0};
	struct weights weights;
	struct reading first;
	enum status status;

	*out = (struct app_sample){.spectral = false};
	if (read_lab(&out->lab, words))
		return STATUS_OK;
	if (app_readings(&list, NULL, words, selection->source, notes, err))
		return err->status;
	reading_list_get(&first, &list, 0);
	out->spectral = first.reflectance.grid.count > 0 || !first.stated.has_lab;
	if (!out->spectral) {
		status = take_colour(out, &list, &first, what, illuminant, observer, notes, err);
	} else {
		const struct spectrum *mean = &out->repeats.mean.reflectance;

		status = average(&out->repeats, &list, what, selection, illuminant, observer, notes,
				 err);
		if (!status)
			status = weights_build(&weights, &mean->grid, illuminant, observer, err);
		if (!status)
			out->lab = weights_lab(&weights, mean->value);
	}
	reading_list_clear(&list);
	return status;
}
