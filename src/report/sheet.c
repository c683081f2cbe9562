#include "report/sheet.h"

#include "report/canvas.h"
#include "report/language.h"

#include "base/clock.h"
#include "match/brief.h"
#include "report/terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN 30.0

struct sheet {
	struct canvas canvas;
	const struct colours *colours;
	double width, height;
	bool pairs;
};

static void open_sheet(struct sheet *sheet, const struct colours *colours, const char *title,
		       enum picture_format format, double width, double height)
{
	char made[CLOCK_TEXT_SIZE];

	clock_text(made);
	*sheet = (struct sheet){.colours = colours, .width = width, .height = height};
	canvas_open(&sheet->canvas, format, width, height, title, made);
	canvas_text(&sheet->canvas, MARGIN, 14, width - 2 * MARGIN, 11, "bold", LEFT, 1, title);
}

/* A framed rectangle in the colour that the device shows for a reading. */
static void draw_swatch(const struct sheet *sheet, size_t index, double x, double y, double width,
			double height)
{
	const struct shown_colour *shown = &sheet->colours->shown.item[index];
	cairo_t *cairo = sheet->canvas.cairo;

	cairo_set_source_rgb(cairo, shown->value[0], shown->value[1], shown->value[2]);
	cairo_rectangle(cairo, x, y, width, height);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	canvas_frame(&sheet->canvas, x, y, width, height, 0.5);
}

/* --- the plot --------------------------------------------------------------------------------- */

#define NAMED_LINE 1.4
enum { CURVES_NAMED = 12 }; /* more are drawn thin and not named one by one */

struct frame {
	double left, right, top, bottom; /* on the page */
	double start_nm, end_nm, most;   /* of the axes */
};

static double frame_x(const struct frame *frame, double nm)
{
	return frame->left + (frame->right - frame->left) * (nm - frame->start_nm) /
				     (frame->end_nm - frame->start_nm);
}

static double frame_y(const struct frame *frame, double reflectance)
{
	return frame->bottom - (frame->bottom - frame->top) * reflectance / frame->most;
}

/* Axes that hold every spectrum: wavelengths to the next 50 nm, reflectance to the next tenth. */
static bool fit_frame(struct frame *frame, const struct colours *colours)
{
	struct reading reading;
	bool any = false;
	double largest = 0.0;

	for (size_t i = 0; i < colours->readings.count; i++) {
		const struct spectrum *s = &reading.reflectance;

		reading_list_get(&reading, &colours->readings, i);
		if (s->grid.count == 0)
			continue;
		frame->start_nm = any ? fmin(frame->start_nm, s->grid.start_nm) : s->grid.start_nm;
		frame->end_nm =
			any ? fmax(frame->end_nm, grid_end_nm(&s->grid)) : grid_end_nm(&s->grid);
		for (int b = 0; b < s->grid.count; b++)
			largest = fmax(largest, s->value[b]);
		any = true;
	}
	frame->start_nm = 50.0 * floor(frame->start_nm / 50.0);
	frame->end_nm = 50.0 * ceil(frame->end_nm / 50.0);
	frame->most = fmax(0.1 * ceil(10.0 * largest - 1e-9), 0.1);
	return any;
}

static void draw_axes(const struct sheet *sheet, const struct frame *frame)
{
	const double step = frame->most > 0.55 ? 0.1 : frame->most > 0.25 ? 0.05 : 0.02;
	cairo_t *cairo = sheet->canvas.cairo;
	char label[16];

	for (int i = 0; i * step <= frame->most + 1e-9; i++) {
		double y = frame_y(frame, i * step);

		cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
		canvas_line(&sheet->canvas, frame->left, y, frame->right, y, 0.4);
		cairo_set_source_rgb(cairo, 0, 0, 0);
		snprintf(label, sizeof label, "%.2f", i * step);
		canvas_text(&sheet->canvas, frame->left - 34, y - 5.5, 30, 8, "", RIGHT, 1, label);
	}
	for (double nm = frame->start_nm; nm <= frame->end_nm + 1e-9; nm += 50.0) {
		double x = frame_x(frame, nm);

		cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
		canvas_line(&sheet->canvas, x, frame->top, x, frame->bottom, 0.4);
		cairo_set_source_rgb(cairo, 0, 0, 0);
		snprintf(label, sizeof label, "%.0f", nm);
		canvas_text(&sheet->canvas, x - 20, frame->bottom + 3, 40, 8, "", CENTRE, 1, label);
	}
	canvas_frame(&sheet->canvas, frame->left, frame->top, frame->right - frame->left,
		     frame->bottom - frame->top, 0.8);
	canvas_text(&sheet->canvas, frame->left, frame->bottom + 14, frame->right - frame->left, 9,
		    "", CENTRE, 1, _("wavelength in nm"));
	canvas_text(&sheet->canvas, frame->left, frame->top - 14, 200, 9, "", LEFT, 1,
		    _("reflectance"));
}

/* Colours of lines that colour-blind eyes tell apart (Okabe & Ito 2008), and dashes. */
static void set_line(const struct sheet *sheet, size_t curve, bool named)
{
	size_t line = sheet->pairs ? curve / 2 : curve;
	static const double colours[][3] = {{0, 0, 0},           {0, 0.447, 0.698},
					    {0.835, 0.369, 0},   {0, 0.62, 0.451},
					    {0.8, 0.475, 0.655}, {0.337, 0.706, 0.914}};
	static const double dashes[][2] = {{0, 0}, {6, 2}, {2, 2}};
	const size_t count = sizeof colours / sizeof *colours;
	const double *colour = colours[line % count];
	const double *dash = dashes[sheet->pairs ? curve % 2 : line / count % 3];

	cairo_set_line_width(sheet->canvas.cairo, named ? NAMED_LINE : 0.5);
	if (!named) {
		cairo_set_source_rgb(sheet->canvas.cairo, 0.3, 0.3, 0.3);
		return;
	}
	cairo_set_source_rgb(sheet->canvas.cairo, colour[0], colour[1], colour[2]);
	cairo_set_dash(sheet->canvas.cairo, dash, *dash > 0.0 ? 2 : 0, 0);
}

static void draw_curve(const struct sheet *sheet, const struct frame *frame,
		       const struct spectrum *s, size_t curve, bool named)
{
	cairo_t *cairo = sheet->canvas.cairo;

	set_line(sheet, curve, named);
	cairo_new_path(cairo); /* a text leaves its place behind */
	for (int b = 0; b < s->grid.count; b++)
		cairo_line_to(cairo, frame_x(frame, grid_wavelength_nm(&s->grid, b)),
			      frame_y(frame, s->value[b]));
	cairo_stroke(cairo);
	cairo_set_dash(cairo, NULL, 0, 0);
	cairo_set_source_rgb(cairo, 0, 0, 0);
}

/* What the program made up is called in the user's language, a reading as its file has it. */
static const char *name_of(const struct reading *reading)
{
	return strcmp(reading->conditions.origin, READING_COMPUTED) ? reading->name
								    : term(reading->name);
}

static void draw_entry(const struct sheet *sheet, size_t index, double x, double y, size_t curve)
{
	const struct lab *lab = &sheet->colours->light[0].item[index].lab;
	struct reading reading;
	char figures[64];

	reading_list_get(&reading, &sheet->colours->readings, index);
	set_line(sheet, curve, true);
	canvas_line(&sheet->canvas, x, y + 9, x + 26, y + 9, NAMED_LINE);
	cairo_set_dash(sheet->canvas.cairo, NULL, 0, 0);
	draw_swatch(sheet, index, x + 31, y + 2, 15, 15);
	canvas_text(&sheet->canvas, x + 51, y - 1, 105, 8, "bold", LEFT, 1, name_of(&reading));
	snprintf(figures, sizeof figures, "L* %.1f  a* %.1f  b* %.1f", lab->l, lab->a, lab->b);
	canvas_text(&sheet->canvas, x + 51, y + 9, 105, 7.5, "", LEFT, 1, figures);
}

static void draw_caption(const struct sheet *sheet, const char *words)
{
	char light[128], line[384];

	snprintf(light, sizeof light, _("CIELAB under %s, %s° observer"),
		 sheet->colours->light[0].illuminant, sheet->colours->light[0].observer);
	snprintf(line, sizeof line, "%s%s%s", light, *words ? "; " : "", words);
	canvas_text(&sheet->canvas, MARGIN, sheet->height - 22, sheet->width - 2 * MARGIN, 7.5, "",
		    LEFT, 1, line);
}

enum status sheet_plot(struct text *out, const struct colours *colours, const char *title,
		       bool pairs, enum picture_format format, struct error *err)
{
	const double width = 595.28, height = 419.53; /* A5, ISO 216, lying */
	bool named = colours->readings.count <= CURVES_NAMED;
	struct frame frame = {.left = MARGIN + 36,
			      .right = width - MARGIN - (named ? 165 : 0),
			      .top = 50,
			      .bottom = height - 66};
	struct reading reading;
	struct sheet sheet;
	size_t curve = 0;
	char words[64] = "";

	if (!fit_frame(&frame, colours))
		return error_set(err, STATUS_REFUSED, "no spectra to plot");
	open_sheet(&sheet, colours, title, format, width, height);
	sheet.pairs = pairs;
	draw_axes(&sheet, &frame);
	for (size_t i = 0; i < colours->readings.count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		if (reading.reflectance.grid.count == 0)
			continue;
		draw_curve(&sheet, &frame, &reading.reflectance, curve, named);
		if (named)
			draw_entry(&sheet, i, frame.right + 10, frame.top + 26.0 * (double)curve,
				   curve);
		curve++;
	}
	if (!named)
		snprintf(words, sizeof words, _n("%zu spectrum", "%zu spectra", curve), curve);
	draw_caption(&sheet, words);
	return canvas_close(&sheet.canvas, out, err);
}

/* --- swatches --------------------------------------------------------------------------------- */

enum { COLUMNS = 5, PAGE_ROWS = 6 };
#define A4_HEIGHT 841.89
#define SWATCH_WIDTH 98.0
#define SWATCH_HEIGHT 60.0
#define CELL_HEIGHT 112.0

static void draw_cell(const struct sheet *sheet, size_t index, double x, double y)
{
	const struct lab *lab = &sheet->colours->light[0].item[index].lab;
	const struct shown_colour *shown = &sheet->colours->shown.item[index];
	struct reading reading;
	char figures[96];

	reading_list_get(&reading, &sheet->colours->readings, index);
	draw_swatch(sheet, index, x, y, SWATCH_WIDTH, SWATCH_HEIGHT);
	canvas_text(&sheet->canvas, x, y + SWATCH_HEIGHT + 3, SWATCH_WIDTH, 8.5, "bold", LEFT, 2,
		    reading.name);
	snprintf(figures, sizeof figures, "L* %.1f  a* %.1f  b* %.1f", lab->l, lab->a, lab->b);
	canvas_text(&sheet->canvas, x, y + SWATCH_HEIGHT + 26, SWATCH_WIDTH + 6, 7.5, "", LEFT, 1,
		    figures);
	if (sheet->colours->light[0].item[index].estimated)
		canvas_text(&sheet->canvas, x, y + SWATCH_HEIGHT + 14, SWATCH_WIDTH + 6, 7, "",
			    LEFT, 1, _("lower confidence"));
	if (!shown->out_of_gamut)
		return;
	canvas_line(&sheet->canvas, x, y + SWATCH_HEIGHT, x + SWATCH_WIDTH, y, 0.5);
	snprintf(figures, sizeof figures, _("out of gamut: dE00 %.1f"), shown->missed_de00);
	canvas_text(&sheet->canvas, x, y + SWATCH_HEIGHT + 36, SWATCH_WIDTH + 6, 7, "", LEFT, 1,
		    figures);
}

enum status sheet_swatches(struct text *out, const struct colours *colours, const char *title,
			   enum picture_format format, struct error *err)
{
	size_t count = colours->readings.count, rows = (count + COLUMNS - 1) / COLUMNS;
	bool pages = format == PICTURE_PDF, own = colours->shown.profile.length > 0;
	size_t on_page = pages ? (size_t)COLUMNS * PAGE_ROWS : count;
	struct sheet sheet;
	char words[240];

	if (count > SWATCHES_MAX && !pages)
		return error_set(err, STATUS_REFUSED,
				 "%zu swatches in one picture, %d are allowed; a .pdf has pages",
				 count, SWATCHES_MAX);
	if (colours->shown.channels != 3)
		return error_set(
			err, STATUS_REFUSED,
			"a %s profile: pictures are drawn in RGB; `lab --output-icc` prints "
			"the values",
			colours->shown.space);
	if (own && format != PICTURE_PNG)
		return error_set(
			err, STATUS_REFUSED,
			"swatches in values of %s: a .png carries its profile, a .pdf or .svg "
			"does not",
			colours->shown.name);
	snprintf(words, sizeof words, _("swatches in values of %s, %s intent"), colours->shown.name,
		 rendering_intent_names[colours->shown.intent]);
	open_sheet(&sheet, colours, title, format, 595.28,
		   pages ? A4_HEIGHT : 74.0 + CELL_HEIGHT * (double)rows);
	if (own)
		canvas_tag(&sheet.canvas, colours->shown.profile.data,
			   colours->shown.profile.length);
	for (size_t i = 0; i < count; i++) {
		size_t place = i % on_page;

		if (i > 0 && place == 0) {
			draw_caption(&sheet, words);
			canvas_next_page(&sheet.canvas);
		}
		draw_cell(&sheet, i, MARGIN + (SWATCH_WIDTH + 11.0) * (double)(place % COLUMNS),
			  42.0 + CELL_HEIGHT * (double)(place / COLUMNS));
	}
	draw_caption(&sheet, words);
	return canvas_close(&sheet.canvas, out, err);
}
