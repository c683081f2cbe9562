/* Requests about a printer: what it cannot print, and how it has printed. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "base/text.h"

#include <stdio.h>

enum status app_printer(struct device **out, const char *profile, struct error *err)
{
	return app_device(out, profile, DEVICE_PRINTING, INTENT_ABSOLUTE, err);
}

static void note_missed(struct notes *notes, const struct device *printer, const char *profile,
			const char *name, const struct lab *pcs_lab)
{
	struct shown_colour printed;

	device_show(&printed, printer, pcs_lab);
	if (printed.out_of_gamut)
		notes_addf(notes,
			   "%s: “%s” cannot be printed: the nearest, L* %.1f a* %.1f b* %.1f, is "
			   "dE00 %.1f off",
			   file_name(profile), name, printed.nearest.l, printed.nearest.a,
			   printed.nearest.b, printed.missed_de00);
}

void app_proof(struct notes *notes, const struct device *printer, const char *profile,
	       const struct recipe *recipe)
{
	for (int i = 0; i < recipe->predicted.look_count; i++) {
		const struct recipe_look *look = &recipe->predicted.look[i];

		note_missed(notes, printer, profile, look->label, &look->pcs_lab);
	}
}

void app_proof_patches(struct notes *notes, const struct device *printer, const char *profile)
{
	for (int i = 0; i < CONTROL_PATCHES; i++) {
		char name[32];

		snprintf(name, sizeof name, "patch %d", i + 1);
		note_missed(notes, printer, profile, name, &control_patches[i]);
	}
}

/* The readings of a file; a Lab whose light and observer are not said is of print's usual ones. */
static enum status read_patches(struct reading_list *out, const struct app_patches_request *request,
				struct notes *notes, struct error *err)
{
	struct reading_list read = {0};
	enum status status = app_readings(&read, NULL, request->file, &request->source, notes, err);
	bool assumed = false;

	for (size_t i = 0; i < read.count && !status; i++) {
		struct reading reading;
		struct conditions *conditions = &reading.conditions;

		reading_list_get(&reading, &read, i);
		if (!reading_has_colour(&reading) && reading.stated.has_lab &&
		    !*conditions->illuminant && !*conditions->observer) {
			text_copy(conditions->illuminant, sizeof conditions->illuminant, "D50");
			text_copy(conditions->observer, sizeof conditions->observer, "2");
			assumed = true;
		}
		status = reading_list_add(out, &reading, err);
	}
	if (!status && assumed)
		notes_addf(notes,
			   "%s: does not say the light and observer of its Lab: taken as D50, 2°, "
			   "as usual for print",
			   file_name(request->file));
	reading_list_clear(&read);
	return status;
}

enum status app_patches(struct patch_check *out, const struct app_patches_request *request,
			struct notes *notes, struct error *err)
{
	const struct app_light light = {.illuminant = "D50", .observer = "2"};
	struct colours colours = {0};
	enum status status = read_patches(&colours.readings, request, notes, err);

	if (!status && colours.readings.count != CONTROL_PATCHES)
		status = error_set(err, STATUS_REFUSED,
				   "%s: %zu %s; one of each of the %d patches is needed, in their "
				   "order",
				   request->file, colours.readings.count,
				   colours.readings.count == 1 ? "reading" : "readings",
				   CONTROL_PATCHES);
	if (status) {
		colours_clear(&colours);
		return status;
	}
	if (app_colour_on_screen(&colours, &light, err)) /* clears them */
		return err->status;
	for (int i = 0; i < CONTROL_PATCHES; i++)
		out->measured[i] = colours.light[0].item[i].pcs_lab;
	colours_clear(&colours);
	patch_check_judge(out);
	return STATUS_OK;
}
