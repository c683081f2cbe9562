/* The request `pigment calibrate`: sheet -> ladders -> surface -> fits -> line. */
#include "app/app.h"

#include "app/steps.h"
#include "base/file.h"
#include "colour/cms.h"
#include "formats/drawdown_file.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench {
	struct drawdown_sheet sheet;
	struct illuminant illuminant;
	struct observer observer;
	struct grid grid;
	bool has_grid, resampled;
	struct notes *notes;
	struct error *err;
};

/* --- readings ----------------------------------------------------------------------------------- */

/* The repeats of one name, their mean on the sheet's grid: that of the first that is asked for. */
static enum status find_reading(double *out, double *spread_de00, struct bench *bench,
				const char *name, int line)
{
	struct reading_list list = {0};
	struct spectrum carried;
	struct repeats repeats;
	struct reading reading;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < bench->sheet.readings.count && !status; i++) {
		reading_list_get(&reading, &bench->sheet.readings, i);
		if (strcmp(reading.name, name) == 0)
			status = reading_list_add(&list, &reading, bench->err);
	}
	if (!status && list.count == 0)
		status = error_set(bench->err, STATUS_REFUSED,
				   "%s:%d: no reading “%s” among the %zu of its files",
				   bench->sheet.path, line, name, bench->sheet.readings.count);
	if (!status)
		status = reading_list_mean(&repeats, &list, &bench->illuminant, &bench->observer,
					   bench->err);
	reading_list_clear(&list);
	if (status)
		return status;
	if (!bench->has_grid)
		bench->grid = repeats.mean.reflectance.grid;
	bench->has_grid = true;
	bench->resampled |= !grid_same(&bench->grid, &repeats.mean.reflectance.grid);
	spectrum_resample(&carried, &repeats.mean.reflectance, &bench->grid);
	for (int b = 0; b < bench->grid.count; b++)
		out[b] = fmax(carried.value[b], REFLECTANCE_FLOOR);
	*spread_de00 = repeats.count > 1 ? repeats.spread_de00 : -1.0;
	return STATUS_OK;
}

/* --- ladders ------------------------------------------------------------------------------------ */

static double share_of(const struct drawdown_sheet *sheet, const struct sheet_step *step)
{
	const struct bottle *bottle = &sheet->pigment[step->pigment].bottle;
	double ml;

	switch (sheet->unit) {
	case DOSE_G_PER_50G_BASE:
		return step->amount / (50.0 + step->amount);
	case DOSE_DROPS:
		ml = step->amount / bottle->drops_per_ml;
		return ml / (ml + sheet->base_drops / sheet->base.drops_per_ml);
	default:
		return step->amount;
	}
}

static enum status fill_step(struct ladder_step *out, struct bench *bench,
			     const struct sheet_step *step)
{
	struct drawdown_sheet *sheet = &bench->sheet;
	double ignored, second = -1.0;

	*out = (struct ladder_step){.amount = step->amount,
				    .share = share_of(sheet, step),
				    .thickness_mm = step->thickness_mm,
				    .views = *step->over_black ? 2 : 1};
	if (find_reading(out->measured[0], &out->spread_de00, bench, step->reading, step->line))
		return bench->err->status;
	if (*step->over_black &&
	    find_reading(out->measured[1], &second, bench, step->over_black, step->line))
		return bench->err->status;
	out->spread_de00 = fmax(out->spread_de00, second);
	if (sheet->opaque)
		return STATUS_OK;
	if (find_reading(out->ground[0], &ignored, bench, sheet->ground_white, step->line))
		return bench->err->status;
	return *step->over_black ? find_reading(out->ground[1], &ignored, bench,
						sheet->ground_black, step->line)
				 : STATUS_OK;
}

static enum status fill_ladders(struct app_calibration *out, struct bench *bench)
{
	struct drawdown_sheet *sheet = &bench->sheet;

	for (int i = 0; i < sheet->pigments; i++)
		text_copy(out->ladder[i].id, PIGMENT_ID_SIZE, sheet->pigment[i].bottle.id);
	for (int i = 0; i < sheet->steps; i++) {
		struct ladder *ladder = &out->ladder[sheet->step[i].pigment];

		if (ladder->count == LADDER_STEPS_MAX)
			return error_set(bench->err, STATUS_REFUSED,
					 "%s:%d: more than %d steps of pigment “%s”", sheet->path,
					 sheet->step[i].line, LADDER_STEPS_MAX, ladder->id);
		if (fill_step(&ladder->step[ladder->count], bench, &sheet->step[i]))
			return bench->err->status;
		ladder->count++;
	}
	for (int i = 0; i < sheet->pigments; i++)
		if (out->ladder[i].count == 0)
			return error_set(bench->err, STATUS_REFUSED,
					 "%s: pigment “%s” is listed and has no step", sheet->path,
					 out->ladder[i].id);
	return STATUS_OK;
}

/* --- the surface --------------------------------------------------------------------------------- */

/* Grounds are seen through no film when they are read, so their own surface comes off. */
static void remove_ground_surface(struct ladder *to, const struct ladder *from,
				  const struct surface *surface, const struct grid *grid)
{
	if (to != from)
		*to = *from;
	for (int j = 0; j < to->count; j++)
		for (int v = 0; v < to->step[j].views && to->step[j].thickness_mm > 0.0; v++)
			for (int b = 0; b < grid->count; b++)
				to->step[j].ground[v][b] = fmax(
					surface_remove(surface, to->step[j].ground[v][b]), 0.0);
}

static enum status fit_with(struct app_calibration *out, const struct surface *surface,
			    const double *base, const struct bench *bench)
{
	struct ladder *ladder = malloc(sizeof *ladder);
	enum status status = ladder ? STATUS_OK : error_memory(bench->err);

	out->frame.surface = *surface;
	if (!status && base)
		status = ladder_base(&out->frame, base, bench->sheet.base_reading, bench->err);
	for (int i = 0; i < bench->sheet.pigments && !status; i++) {
		remove_ground_surface(ladder, &out->ladder[i], surface, &bench->grid);
		status = ladder_fit(&out->fit[i], ladder, &out->frame, bench->err);
	}
	free(ladder);
	return status;
}

/* Beyond it a step is wrong rather than badly predicted; chosen, three times what is called doubtful. */
#define WORST_COUNTED_DE00 3.0

/* Differences below it are rounding. */
#define RESIDUAL_ZERO_DE00 1e-3

/* How badly steps are predicted by the others or, where no ladder has one to spare, how badly they are met. */
static double prediction_error(bool *checked, const struct app_calibration *calibration, int count)
{
	double predicted = 0.0, met = 0.0;
	int ladders = 0, steps = 0;

	for (int i = 0; i < count; i++) {
		const struct ladder_fit *fit = &calibration->fit[i];

		for (int j = 0; j < calibration->ladder[i].count; j++, steps++)
			met += fmin(fit->step_de00[j], WORST_COUNTED_DE00);
		if (fit->checks == 0)
			continue;
		/* one mislabelled ladder must not decide */
		predicted += fmin(fit->leave_one_out_de00, WORST_COUNTED_DE00);
		ladders++;
	}
	*checked = ladders > 0;
	if (*checked)
		return predicted / ladders;
	met /= steps;
	return met < RESIDUAL_ZERO_DE00 ? 0.0 : met;
}

/* The fit that stays; grounds are kept without their surface from then on. */
static enum status finish_fit(struct app_calibration *out, const struct surface *surface,
			      const double *base, const struct bench *bench)
{
	if (fit_with(out, surface, base, bench))
		return bench->err->status;
	for (int i = 0; i < bench->sheet.pigments; i++)
		remove_ground_surface(&out->ladder[i], &out->ladder[i], surface, &bench->grid);
	return STATUS_OK;
}

/* Saunderson's k2 is 0.4 to 0.6 in theory (n = 1.5) and fits less in practice; k1 is Fresnel's 0.04 where the
 * specular part is included, or less where the instrument loses some of it. Which ones, the ladders
 * themselves say: no mixture is looked at. */
static enum status choose_surface(struct app_calibration *out, const double *base,
				  const struct bench *bench, enum specular specular)
{
	static const double inner[] = {0.5, 0.6, 0.4, 0.55, 0.45, 0.3, 0.2, 0.1, 0.0};
	static const double outer[] = {1.0, 0.75, 0.5, 0.25, 0.0}; /* of Fresnel's */
	struct surface full = surface_of(SURFACE_INDEX_PAINT, specular, 0.0),
		       best = {full.k1, inner[0]};
	size_t outers = full.k1 > 0.0 ? sizeof outer / sizeof *outer : 1;
	double least = HUGE_VAL;
	bool checked = false;

	for (size_t o = 0; o < outers; o++)
		for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
			struct surface surface = {outer[o] * full.k1, inner[i]};
			double error;

			if (fit_with(out, &surface, base, bench))
				return bench->err->status;
			error = prediction_error(&checked, out, bench->sheet.pigments);
			if (error < least) {
				least = error;
				best = surface;
			}
		}
	if (checked)
		notes_addf(
			bench->notes,
			"surface: k1 %.3f, k2 %g; with it steps are predicted best by the others "
			"(mean dE00 %.2f)",
			best.k1, best.k2, least);
	else
		notes_addf(
			bench->notes,
			"surface: assumed k1 %.3f and k2 %g, which meet the steps to a mean dE00 "
			"of %.2f; no ladder has a step to spare to check them",
			best.k1, best.k2, least);
	return finish_fit(out, &best, base, bench);
}

/* --- the line ------------------------------------------------------------------------------------ */

static void take_origin(struct pigment_origin *origin, const struct ladder *ladder,
			const struct ladder_fit *fit, const struct ladder_frame *frame)
{
	struct text reasons = {0};
	double spread = 0.0;
	int repeated = 0;

	*origin = (struct pigment_origin){.steps = ladder->count,
					  .least = HUGE_VAL,
					  .trusted = fit->trusted,
					  .leave_one_out_de00 =
						  fit->checks ? fit->leave_one_out_de00 : -1.0};
	for (int j = 0; j < ladder->count; j++) {
		const struct ladder_step *step = &ladder->step[j];

		origin->least = fmin(origin->least, step->amount);
		origin->most = fmax(origin->most, step->amount);
		origin->residual_de00 += fit->step_de00[j] / ladder->count;
		if (step->spread_de00 >= 0.0) {
			spread += step->spread_de00;
			repeated++;
		}
	}
	origin->repeatability_de00 = repeated ? spread / repeated : -1.0;
	text_copy(origin->hue_bias, sizeof origin->hue_bias, hue_bias(fit, frame));
	for (int i = 0; i < fit->reasons; i++)
		text_addf(&reasons, "%s%s", i ? "; " : "", fit->reason[i]);
	text_copy(origin->reasons, sizeof origin->reasons, reasons.data ? reasons.data : "");
	text_clear(&reasons);
}

static enum status make_line(struct app_calibration *out, const struct bench *bench)
{
	const struct drawdown_sheet *sheet = &bench->sheet;
	struct pigment_line *line = &out->line;
	size_t samples = (size_t)bench->grid.count * sizeof(double);

	line->pigment = calloc((size_t)sheet->pigments, sizeof *line->pigment);
	if (!line->pigment)
		return error_memory(bench->err);
	text_copy(line->name, sizeof line->name, sheet->line);
	clock_text(line->made);
	line->unit = sheet->unit;
	line->relative = sheet->opaque;
	line->has_surface = true;
	line->surface = out->frame.surface;
	line->grid = bench->grid;
	line->diluent.bottle = sheet->base;
	memcpy(line->diluent.k_per_mm, out->frame.k_base, samples);
	memcpy(line->diluent.s_per_mm, out->frame.s_base, samples);
	for (; line->count < sheet->pigments; line->count++) {
		struct pigment *pigment = &line->pigment[line->count];
		const struct pigment_label *label = &sheet->pigment[line->count];
		const struct ladder_fit *fit = &out->fit[line->count];

		pigment->bottle = label->bottle;
		text_copy(pigment->ci, sizeof pigment->ci, label->ci);
		pigment->price = label->price;
		memcpy(pigment->k_per_mm, fit->k, samples);
		memcpy(pigment->s_per_mm, fit->s, samples);
		take_origin(&pigment->origin, &out->ladder[line->count], fit, &out->frame);
		for (int i = 0; i < fit->reasons; i++)
			notes_addf(bench->notes, "%s: %s", pigment->bottle.id, fit->reason[i]);
	}
	return STATUS_OK;
}

static enum specular specular_of(const struct bench *bench)
{
	struct reading first;

	if (bench->sheet.specular != SPECULAR_UNKNOWN)
		return bench->sheet.specular;
	reading_list_get(&first, &bench->sheet.readings, 0);
	if (conditions_specular(&first.conditions) == SPECULAR_UNKNOWN)
		notes_addf(bench->notes, "neither the sheet nor its readings say whether the "
					 "specular part is included; assumed excluded");
	return conditions_specular(&first.conditions);
}

static enum status calibrate(struct app_calibration *out, struct bench *bench)
{
	const struct drawdown_sheet *sheet = &bench->sheet;
	double base[SPECTRUM_SAMPLES_MAX], ignored;
	bool has_base = *sheet->base_reading;

	if (has_base && find_reading(base, &ignored, bench, sheet->base_reading, 1))
		return bench->err->status;
	if (fill_ladders(out, bench))
		return bench->err->status;
	if (bench->resampled)
		notes_addf(bench->notes,
			   "readings on other wavelengths were carried to %g–%g nm by %g",
			   bench->grid.start_nm, grid_end_nm(&bench->grid), bench->grid.step_nm);
	out->frame.grid = bench->grid;
	if (weights_build(&out->frame.weights, &bench->grid, &bench->illuminant, &bench->observer,
			  bench->err))
		return bench->err->status;
	if (choose_surface(out, has_base ? base : NULL, bench, specular_of(bench)))
		return bench->err->status;
	return make_line(out, bench);
}

enum status app_calibrate(struct app_calibration *out, const char *sheet, struct notes *notes,
			  struct error *err)
{
	struct bench *bench = calloc(1, sizeof *bench);
	enum status status;

	*out = (struct app_calibration){.ladder = NULL};
	if (!bench)
		return error_memory(err);
	bench->notes = notes;
	bench->err = err;
	status = drawdown_sheet_read(&bench->sheet, sheet, notes, err);
	if (!status) {
		out->ladder = calloc((size_t)bench->sheet.pigments, sizeof *out->ladder);
		out->fit = calloc((size_t)bench->sheet.pigments, sizeof *out->fit);
		if (!out->ladder || !out->fit)
			status = error_memory(err);
		if (!status)
			status = illuminant_find(&bench->illuminant, "D65", err);
		if (!status)
			status = observer_find(&bench->observer, "10", err);
		if (!status)
			status = calibrate(out, bench);
		drawdown_sheet_clear(&bench->sheet);
	}
	free(bench);
	if (status)
		app_calibration_clear(out);
	return status;
}

void app_calibration_clear(struct app_calibration *calibration)
{
	pigment_line_clear(&calibration->line);
	free(calibration->ladder);
	free(calibration->fit);
	calibration->ladder = NULL;
	calibration->fit = NULL;
}

enum status app_calibration_save(const struct app_calibration *calibration, const char *file,
				 struct error *err)
{
	struct text content;
	enum status status = pigment_line_print(&content, &calibration->line, err);

	if (!status) {
		status = file_write(file, content.data, content.length, err);
		text_clear(&content);
	}
	return status;
}

static enum status add_curve(struct reading_list *list, const struct app_calibration *calibration,
			     int pigment, int step, int view, bool modelled, struct error *err)
{
	const struct ladder_step *one = &calibration->ladder[pigment].step[step];
	const struct ladder_fit *fit = &calibration->fit[pigment];
	struct reading reading = {.reflectance.grid = calibration->frame.grid};

	snprintf(reading.name, sizeof reading.name, "%s %g%s", modelled ? "model" : "read",
		 one->amount,
		 one->views < 2 ? ""
		 : view         ? " over black"
				: " over white");
	for (int b = 0; b < calibration->frame.grid.count; b++)
		reading.reflectance.value[b] =
			modelled ? ladder_reflectance(one, view, b, fit->k[b], fit->s[b],
						      fit->step_factor[step], &calibration->frame)
				 : one->measured[view][b];
	return reading_list_add(list, &reading, err);
}

enum status app_calibration_curves(struct colours *out, const struct app_calibration *calibration,
				   const char *id, struct error *err)
{
	const struct app_light light = {"D65", "10"};
	int pigment = id ? pigment_line_find(&calibration->line, id) : 0;
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	if (pigment < 0)
		return app_refuse_pigment(&calibration->line, id, err);
	for (int j = 0; j < calibration->ladder[pigment].count; j++)
		for (int v = 0; v < calibration->ladder[pigment].step[j].views; v++)
			for (int m = 0; m < 2 && !status; m++)
				status = add_curve(&out->readings, calibration, pigment, j, v, m,
						   err);
	if (status) {
		colours_clear(out);
		return status;
	}
	return app_colour_on_screen(out, &light, err);
}
