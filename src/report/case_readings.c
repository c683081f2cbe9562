/* The readings of a case report: each with its figures, how it was taken, and its curve with the band of its repeats. */
#include "report/case_pages.h"

#include "base/file.h"

#include "report/language.h"
#include "report/terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLOT_WIDTH 210.0
#define PLOT_HEIGHT 92.0
#define AXIS 11.0 /* below the frame */
#define SWATCH 40.0
#define BLOCK_GAP 16.0

struct frame {
	double x, y, start_nm, end_nm, most;
};

static double at_nm(const struct frame *frame, double nm)
{
	return frame->x + PLOT_WIDTH * (nm - frame->start_nm) / (frame->end_nm - frame->start_nm);
}

static double at_reflectance(const struct frame *frame, double r)
{
	return frame->y + PLOT_HEIGHT * (1.0 - fmin(r, frame->most) / frame->most);
}

static struct frame find_frame(const struct dossier_reading *reading, double x, double y)
{
	const struct spectrum *mean = &reading->repeats.mean.reflectance;
	const struct spectrum *top = reading->has_range ? &reading->most : mean;
	double most = 0.0;

	for (int b = 0; b < top->grid.count; b++)
		most = fmax(most, top->value[b]);
	return (struct frame){x, y, mean->grid.start_nm, grid_end_nm(&mean->grid),
			      fmax(0.1, 0.1 * ceil(10.0 * most))};
}

/* Frame, and marks at every 100 nm. */
static void draw_frame(const struct pages *pages, const struct frame *frame)
{
	cairo_t *cairo = pages->canvas->cairo;
	char words[48];

	cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
	for (double nm = 100.0 * ceil(frame->start_nm / 100.0); nm < frame->end_nm; nm += 100.0) {
		canvas_line(pages->canvas, at_nm(frame, nm), frame->y, at_nm(frame, nm),
			    frame->y + PLOT_HEIGHT, 0.4);
		snprintf(words, sizeof words, nm < frame->start_nm + 100.0 ? "%.0f nm" : "%.0f",
			 nm);
		cairo_set_source_rgb(cairo, 0.35, 0.35, 0.35);
		canvas_text(pages->canvas, at_nm(frame, nm) - 15.0, frame->y + PLOT_HEIGHT + 1.5,
			    30.0, 6.5, "", CENTRE, 1, words);
		cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
	}
	cairo_set_source_rgb(cairo, 0.35, 0.35, 0.35);
	snprintf(words, sizeof words, _("reflectance, to %.1f"), frame->most);
	canvas_text(pages->canvas, frame->x + 4.0, frame->y + 2.0, 120.0, 6.5, "", LEFT, 1, words);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	canvas_frame(pages->canvas, frame->x, frame->y, PLOT_WIDTH, PLOT_HEIGHT, 0.5);
}

/* From what each band was at the least to the most. */
static void fill_range(const struct pages *pages, const struct frame *frame,
		       const struct dossier_reading *reading)
{
	const struct grid *grid = &reading->least.grid;
	cairo_t *cairo = pages->canvas->cairo;

	cairo_new_path(cairo);
	for (int b = 0; b < grid->count; b++)
		cairo_line_to(cairo, at_nm(frame, grid_wavelength_nm(grid, b)),
			      at_reflectance(frame, reading->most.value[b]));
	for (int b = grid->count - 1; b >= 0; b--)
		cairo_line_to(cairo, at_nm(frame, grid_wavelength_nm(grid, b)),
			      at_reflectance(frame, reading->least.value[b]));
	cairo_close_path(cairo);
	cairo_set_source_rgb(cairo, 0.72, 0.72, 0.72);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0, 0, 0);
}

static void draw_plot(const struct pages *pages, const struct dossier_reading *reading, double x,
		      double y)
{
	const struct spectrum *mean = &reading->repeats.mean.reflectance;
	const struct frame frame = find_frame(reading, x, y);
	cairo_t *cairo = pages->canvas->cairo;

	if (mean->grid.count < 2)
		return;
	if (reading->has_range)
		fill_range(pages, &frame, reading);
	draw_frame(pages, &frame);
	cairo_new_path(cairo);
	for (int b = 0; b < mean->grid.count; b++)
		cairo_line_to(cairo, at_nm(&frame, grid_wavelength_nm(&mean->grid, b)),
			      at_reflectance(&frame, mean->value[b]));
	cairo_set_line_width(cairo, 1.1);
	cairo_stroke(cairo);
}

/* --- in words --------------------------------------------------------------------------------------- */

static const char *or_not_stated(const char *words)
{
	return *words ? words : _("not stated");
}

static void add_conditions(struct text *out, const struct conditions *conditions)
{
	text_addf(out, _("Instrument: %s"), or_not_stated(conditions->instrument));
	text_addf(out, _("\nGeometry: %s, specular part: %s, mode: %s"),
		  or_not_stated(conditions->geometry),
		  term(specular_text(conditions_specular(conditions))),
		  or_not_stated(conditions->mode));
	if (conditions->aperture_mm > 0.0)
		text_addf(out, _("\nAperture: %g mm, date: %s"), conditions->aperture_mm,
			  or_not_stated(conditions->date));
	else
		text_addf(out, _("\nAperture: not stated, date: %s"),
			  or_not_stated(conditions->date));
	if (*conditions->origin)
		text_addf(out, _("\nOrigin: %s"), term(conditions->origin));
}

static void add_repeats(struct text *out, const struct dossier_reading *reading)
{
	const struct repeats *repeats = &reading->repeats;

	if (strcmp(repeats->mean.conditions.origin, READING_COMPUTED) == 0)
		text_adds(out, _("Computed by the plan, not read"));
	else if (repeats->count == 1)
		text_adds(out, _("One reading: its repeat error is assumed"));
	else
		text_addf(out,
			  reading->has_range
				  ? _("%d readings, spread dE00 %.2f; the band is from the least "
				      "to the most of them")
				  : _("%d readings, spread dE00 %.2f"),
			  repeats->count, repeats->spread_de00);
}

static const struct dossier_zone *first_zone(const struct dossier *dossier,
					     const struct dossier_reading *reading)
{
	for (int z = 0; z < dossier->zones; z++)
		if (reading->zones & 1UL << z)
			return &dossier->zone[z];
	return &dossier->zone[0];
}

/* The skin that was fitted to it. */
static void add_skin(struct text *out, const struct recipe *recipe)
{
	text_addf(out,
		  _("\nFitted skin: melanin %.1f %%, blood %.2f %% of which oxygenated %.0f %%, "
		    "scattering %.2f times the usual; the fit misses the reading by %.1f %%, which "
		    "is kept as it was read"),
		  100.0 * recipe->predicted.melanin_share, 100.0 * recipe->predicted.blood_share,
		  100.0 * recipe->predicted.saturation, recipe->predicted.scattering_scale,
		  100.0 * recipe->predicted.skin_misfit);
}

static void add_colour(struct text *out, const struct brief *brief,
		       const struct dossier_reading *reading)
{
	text_addf(out, _("L* %.2f   a* %.2f   b* %.2f\nunder %s, %s° observer"), reading->lab.l,
		  reading->lab.a, reading->lab.b, brief->light[0].name, brief->observer);
	if (reading->of_skin)
		text_addf(out, _("; ITA %.0f°"), lab_ita_degrees(&reading->lab));
}

/* --- a reading -------------------------------------------------------------------------------------- */

/* What the readings of a role are called. */
static const char *title_of(const char *what)
{
	static const char *const titles[ROLES] = {
		[ROLE_SKIN] = N_("Bare skin"),        [ROLE_HAIR] = N_("Hair"),
		[ROLE_FIELD] = N_("Natural field"),   [ROLE_PATCH] = N_("Patch so far"),
		[ROLE_GROUND] = N_("Ground of film"), [ROLE_TARGET] = N_("Target")};

	for (int role = 0; role < ROLES; role++)
		if (strcmp(what, reading_role_names[role]) == 0)
			return _(titles[role]);
	return term(what);
}

static void add_title(struct text *out, const struct dossier_reading *reading,
		      const struct dossier *dossier)
{
	struct text zones = {0};

	report_zone_names(&zones, dossier, reading->zones);
	text_addf(out, _("%s: %s"), title_of(reading->what), zones.data ? zones.data : "");
	text_clear(&zones);
}

static void add_figures(struct text *out, const struct dossier_reading *reading,
			const struct dossier *dossier)
{
	const struct dossier_zone *zone = first_zone(dossier, reading);

	if (*reading->repeats.mean.file)
		text_addf(out, _("“%s” of %s\n"), reading->repeats.mean.name,
			  file_name(reading->repeats.mean.file));
	else
		text_addf(out, "“%s”\n", reading->repeats.mean.name);
	add_repeats(out, reading);
	text_adds(out, "\n");
	add_conditions(out, &reading->repeats.mean.conditions);
	if (reading->of_skin && brief_in_skin(zone->brief))
		add_skin(out, zone->recipe);
}

static void write_reading(struct pages *pages, const struct dossier *dossier,
			  const struct dossier_reading *reading)
{
	const double column = pages_width(pages) - PLOT_WIDTH - 16.0;
	struct text title = {0}, colour = {0}, figures = {0};
	double height, below, y;

	add_title(&title, reading, dossier);
	add_colour(&colour, first_zone(dossier, reading)->brief, reading);
	add_figures(&figures, reading, dossier);
	if (!text_failed(&title) && !text_failed(&colour) && !text_failed(&figures)) {
		below = canvas_text_height(pages->canvas, column, SMALL_SIZE, "", figures.data);
		height = fmax(SWATCH + 6.0 + below, PLOT_HEIGHT + AXIS);
		pages_heading(pages, title.data, height);
		y = pages->y + 2.0;
		pages_swatch(pages, pages->left, y, SWATCH, SWATCH, &reading->pcs_lab);
		canvas_text(pages->canvas, pages->left + SWATCH + 10.0, y + 2.0,
			    column - SWATCH - 10.0, BODY_SIZE, "", LEFT, 4, colour.data);
		canvas_text(pages->canvas, pages->left, y + SWATCH + 6.0, column, SMALL_SIZE, "",
			    LEFT, 100, figures.data);
		draw_plot(pages, reading, pages->right - PLOT_WIDTH, y);
		pages->y = y + height + BLOCK_GAP - 12.0;
	}
	text_clear(&title);
	text_clear(&colour);
	text_clear(&figures);
}

static bool came_before(const struct dossier *dossier, int i)
{
	for (int other = 0; other < i; other++)
		if (strcmp(dossier->reading[other].what, dossier->reading[i].what) == 0)
			return true;
	return false;
}

/* Those of one kind together, as they came. */
void report_readings(struct pages *pages, const struct dossier *dossier)
{
	if (dossier->readings == 0)
		return;
	pages_section(pages, _("Readings"));
	for (int i = 0; i < dossier->readings; i++) {
		const char *what = dossier->reading[i].what;

		if (came_before(dossier, i))
			continue;
		for (int k = i; k < dossier->readings; k++)
			if (strcmp(dossier->reading[k].what, what) == 0)
				write_reading(pages, dossier, &dossier->reading[k]);
	}
}
