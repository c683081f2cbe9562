/* Lengths are points of an A4 page, which is scaled to its paper; what differs between papers is how high the steps' part is. Its rows
 * and the way to bare skin have the same top and bottom: the way is an axis down the page, from the undiluted pigment in the middle of
 * the first row at the right to bare skin in the middle of the last. */
#include "report/chart.h"

#include "report/canvas.h"
#include "report/language.h"
#include "report/terms.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define A4_WIDTH 595.28
#define MARGIN 34.0
#define RIGHT_EDGE (A4_WIDTH - MARGIN)
#define FOOT_HEIGHT 66.0

/* Columns of the even steps, the fan between, and the equal steps. */
#define PARTS_WIDTH 31.0
#define DROPS_X (MARGIN + PARTS_WIDTH + 4)
#define DROPS_WIDTH 46.0
#define WATER_SWATCH_X (DROPS_X + DROPS_WIDTH + 6)
#define WATER_SWATCH_WIDTH 52.0
#define WATER_SWATCH_END (WATER_SWATCH_X + WATER_SWATCH_WIDTH)
#define FAN_LEFT (WATER_SWATCH_END + 24)
#define AXIS_X 268.0
#define EQUAL_X (AXIS_X + 12)
#define EQUAL_DROPS_WIDTH 126.0
#define DOT_X (EQUAL_X + EQUAL_DROPS_WIDTH + 6)
#define DOT_WIDTH 66.0
#define FIELD_X (DOT_X + DOT_WIDTH)
#define FIELD_WIDTH 34.0
#define FIGURES_X (FIELD_X + FIELD_WIDTH + 6)

/* What lies beside the next swatch reaches under it, so that no line of paper shines through between. */
#define OVERLAP 0.5

enum { EQUAL_ROWS = DILUTION_EQUALS + 1, WATER_ROWS = DILUTION_WATERS + 1 };

struct page {
	struct canvas *canvas;
	const struct dilution_chart *chart;
	const struct dilution *dilution;
	double height;      /* of the page */
	double top, bottom; /* of the steps */
	bool stroked;       /* there was a colour that sRGB has not */
};

static void grey(const struct page *page, double value)
{
	cairo_set_source_rgb(page->canvas->cairo, value, value, value);
}

/* One line; of words that are too long for their column the letters are smaller, down to half. */
__attribute__((format(printf, 8, 9))) static double
write_at(const struct page *page, double x, double y, double width, double size, const char *weight,
	 enum alignment alignment, const char *format, ...)
{
	char words[600];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof words, format, arguments);
	va_end(arguments);
	return canvas_text_in(page->canvas, (struct canvas_box){x, y, width, 1.5 * size}, size,
			      size / 2, weight, alignment, 1, words);
}

static void draw_frame(const struct page *page, double x, double y, double width, double height)
{
	canvas_frame(page->canvas, x - 0.25, y - 0.25, width + 0.5, height + 0.5, 0.5);
}

/* A stroke across it where a screen has no such colour; a PDF holds the colour itself. */
static void draw_swatch(struct page *page, double x, double y, double width, double height,
			const struct dilution_look *look)
{
	if (canvas_swatch(page->canvas, x, y, width, height, &look->pcs_lab) ||
	    page->canvas->format == PICTURE_PDF)
		return;
	page->stroked = true;
	canvas_line(page->canvas, x, y + height, x + width, y, 0.6);
}

/* --- head --------------------------------------------------------------------------------------- */

static double draw_head(const struct page *page)
{
	const struct dilution_chart *chart = page->chart;
	const struct bottle *bottle = &page->dilution->pigment;
	const double width = RIGHT_EDGE - MARGIN;
	double size =
		canvas_fitting_size(page->canvas, bottle->name, "bold", width - 120, 40, 30, 13);
	double y = MARGIN;

	write_at(page, RIGHT_EDGE - 112, y + 3, 112, 11, "", RIGHT, "%s", _("Dilution chart"));
	write_at(page, RIGHT_EDGE - 112, y + 17, 112, 9, "", RIGHT, "%.10s", chart->made);
	y += canvas_text(page->canvas, MARGIN, y, width - 120, size, "bold", LEFT, 2,
			 bottle->name) +
	     1;
	y += write_at(page, MARGIN, y, width, 9.5, "", LEFT, _("%s of the line “%s”%s%s%s%s"),
		      bottle->id, chart->line, *bottle->maker ? ", " : "", bottle->maker,
		      *bottle->shade ? ", " : "", bottle->shade);
	y += write_at(page, MARGIN, y + 1, width, 9.5, "", LEFT,
		      _("In the skin “%s” (%s), dots %s, colours under %s, %s° observer"),
		      chart->skin, chart->skin_file, term(healing_state_words[chart->state]),
		      chart->light, chart->observer);
	if (*chart->notice)
		y += write_at(page, MARGIN, y + 4, width, 11, "bold", LEFT, "%s",
			      term(chart->notice)) +
		     3;
	canvas_line(page->canvas, MARGIN, y + 7, RIGHT_EDGE, y + 7, 1.2);
	return y + 13;
}

static double draw_column_heads(const struct page *page, double y)
{
	const struct dilution *dilution = page->dilution;
	double width = FAN_LEFT - MARGIN;

	write_at(page, MARGIN, y, width, 11, "bold", LEFT, "%s", _("Even steps of water"));
	write_at(page, MARGIN, y + 15, width, 8.5, "", LEFT, "%s",
		 _("ml to 1 ml of pigment; drops; dE00"));
	width = RIGHT_EDGE - EQUAL_X;
	write_at(page, EQUAL_X, y, width, 11, "bold", LEFT,
		 _("Steps that look equal: dE00 %.1f each"), dilution->way_de00 / DILUTION_EQUALS);
	write_at(page, EQUAL_X, y + 15, EQUAL_DROPS_WIDTH, 8.5, "", RIGHT, "%s",
		 _("drops of pigment : diluent"));
	write_at(page, DOT_X, y + 15, DOT_WIDTH, 8.5, "", CENTRE, "%s", _("dot"));
	write_at(page, FIELD_X, y + 15, FIELD_WIDTH, 8.5, "", CENTRE, "%s", _("patch"));
	return y + 28;
}

/* --- steps -------------------------------------------------------------------------------------- */

static double axis_y(const struct page *page, double along)
{
	double half = (page->bottom - page->top) / EQUAL_ROWS / 2.0, way = page->dilution->way_de00;

	return page->top + half +
	       (way > 0.0 ? along / way : 0.0) * (page->bottom - page->top - 2.0 * half);
}

static void draw_fan(const struct page *page, double y, double along, bool strong)
{
	grey(page, strong ? 0.0 : 0.5);
	canvas_line(page->canvas, FAN_LEFT, y, AXIS_X, axis_y(page, along), strong ? 0.8 : 0.5);
	grey(page, 0.0);
}

/* One even step; `row` 0 is the undiluted pigment. The change from the row above stands on the line between them. */
static void draw_water(struct page *page, int row, double height)
{
	const struct dilution_step *step = &page->dilution->water[row];
	const double y = page->top + row * height, text = y + 0.5 * (height - 11.5);

	write_at(page, MARGIN, text, PARTS_WIDTH, 9.5, "bold", LEFT, "1:%d", row);
	write_at(page, DROPS_X, text + 0.5, DROPS_WIDTH, 8.5, "", RIGHT, "%d : %d",
		 step->pigment_drops, step->diluent_drops);
	draw_swatch(page, WATER_SWATCH_X, y, WATER_SWATCH_WIDTH,
		    height + (row + 1 < page->dilution->waters ? OVERLAP : 0.0), &step->dot);
	if (row > 0)
		write_at(page, WATER_SWATCH_END + 2, y - 5, 20, 8, "", RIGHT, "%.1f",
			 step->de00_before);
	draw_fan(page, y + height / 2, step->along_de00, row % 5 == 0);
}

static void draw_waters(struct page *page)
{
	const struct dilution *dilution = page->dilution;
	const double height = (page->bottom - page->top) / WATER_ROWS;
	const double y = page->bottom - height;

	for (int row = 0; row < dilution->waters; row++)
		draw_water(page, row, height);
	write_at(page, MARGIN, y + 0.5 * (height - 11.5), WATER_SWATCH_X - MARGIN - 4, 9.5, "bold",
		 LEFT, "%s", _("bare skin"));
	draw_swatch(page, WATER_SWATCH_X, y, WATER_SWATCH_WIDTH, height, &dilution->skin);
	if (dilution->waters > 0)
		write_at(page, WATER_SWATCH_END + 2, y - 5, 20, 8, "", RIGHT, "%.1f",
			 dilution->water[dilution->waters - 1].de00_skin);
	draw_fan(page, y + height / 2, dilution->way_de00, true);
	draw_frame(page, WATER_SWATCH_X, page->top, WATER_SWATCH_WIDTH, dilution->waters * height);
	draw_frame(page, WATER_SWATCH_X, y, WATER_SWATCH_WIDTH, height);
}

/* Without a sign on nothing. */
static double tenths(double value)
{
	return round(10.0 * value) / 10.0 + 0.0;
}

static void draw_figures(const struct page *page, double middle, const struct lab *lab)
{
	const double width = RIGHT_EDGE - FIGURES_X;

	write_at(page, FIGURES_X, middle - 17, width, 9.5, "bold", LEFT, "L* %.1f", lab->l);
	write_at(page, FIGURES_X, middle - 4, width, 8, "", LEFT, "a* %.1f", tenths(lab->a));
	write_at(page, FIGURES_X, middle + 6, width, 8, "", LEFT, "b* %.1f", tenths(lab->b));
}

static void draw_change(const struct page *page, double y, double de00)
{
	write_at(page, DOT_X, y - 5, DOT_WIDTH + FIELD_WIDTH, 7.8, "", CENTRE, _("dE00 %.1f"),
		 de00);
}

static void draw_equal(struct page *page, int row, double height)
{
	const struct dilution_step *step = &page->dilution->equal[row];
	const double y = page->top + row * height, middle = y + height / 2;

	write_at(page, EQUAL_X, middle - 26, EQUAL_DROPS_WIDTH, 29, "bold", RIGHT, "%d : %d",
		 step->pigment_drops, step->diluent_drops);
	write_at(page, EQUAL_X, middle + 9, EQUAL_DROPS_WIDTH, 9, "", RIGHT,
		 _("%.2f : %.2f ml   (1:%.*f)"), step->pigment_ml, step->diluent_ml,
		 step->parts < 10.0    ? 2
		 : step->parts < 100.0 ? 1
				       : 0,
		 step->parts);
	draw_swatch(page, DOT_X, y + 6, DOT_WIDTH + OVERLAP, height - 12, &step->dot);
	draw_swatch(page, FIELD_X, y + 6, FIELD_WIDTH, height - 12, &step->field);
	draw_frame(page, DOT_X, y + 6, DOT_WIDTH + FIELD_WIDTH, height - 12);
	draw_figures(page, middle, &step->dot.lab);
	if (row > 0)
		draw_change(page, y, step->de00_before);
	canvas_line(page->canvas, AXIS_X, axis_y(page, step->along_de00), EQUAL_X - 2, middle, 1.6);
}

static void draw_equals(struct page *page)
{
	const struct dilution *dilution = page->dilution;
	const double height = (page->bottom - page->top) / EQUAL_ROWS;
	const double y = page->bottom - height, middle = y + height / 2;

	canvas_line(page->canvas, AXIS_X, axis_y(page, 0.0), AXIS_X,
		    axis_y(page, dilution->way_de00), 1.6);
	for (int row = 0; row < dilution->equals; row++)
		draw_equal(page, row, height);
	if (dilution->equals < DILUTION_EQUALS) {
		char words[160];

		snprintf(words, sizeof words, _("A cup of %g ml holds no weaker mix."),
			 page->chart->limits.cup_ml);
		canvas_text(page->canvas, EQUAL_X + 6,
			    page->top + (dilution->equals + 0.35) * height,
			    RIGHT_EDGE - EQUAL_X - 6, 10, "", LEFT, 2, words);
	}
	write_at(page, EQUAL_X, middle - 9, EQUAL_DROPS_WIDTH, 14, "bold", RIGHT, "%s",
		 _("bare skin"));
	draw_swatch(page, DOT_X, y + 6, DOT_WIDTH + FIELD_WIDTH, height - 12, &dilution->skin);
	draw_frame(page, DOT_X, y + 6, DOT_WIDTH + FIELD_WIDTH, height - 12);
	draw_figures(page, middle, &dilution->skin.lab);
	if (dilution->equals == DILUTION_EQUALS)
		draw_change(page, y, dilution->equal[dilution->equals - 1].de00_skin);
	canvas_line(page->canvas, AXIS_X, middle, EQUAL_X - 2, middle, 1.6);
}

/* --- foot --------------------------------------------------------------------------------------- */

static int assumed_values(const struct technique *technique)
{
	int count = 0;

	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		count += strncmp(technique->source[key], "assumed", strlen("assumed")) == 0;
	return count;
}

static void draw_foot(const struct page *page)
{
	const struct dilution_chart *chart = page->chart;
	const struct technique *technique = &chart->technique;
	const double width = RIGHT_EDGE - MARGIN;
	double y = page->bottom + 9;
	char words[600];

	canvas_line(page->canvas, MARGIN, y, RIGHT_EDGE, y, 0.6);
	y += write_at(page, MARGIN, y + 4, width, 10.5, "bold", LEFT,
		      _("%s first, then the pigment, then stir."), page->dilution->diluent.name) +
	     6;
	snprintf(words, sizeof words,
		 _("Lines lead from each even step to where it lies on the way from the undiluted "
		   "pigment to bare skin: where they crowd, more water is hardly seen. "
		   "Technique “%s”: dots %.2f mm %s, %.0f per cm², %.2f mm deep; %d of its values "
		   "are "
		   "assumed.%s%s"),
		 technique->name, technique_dot_mm(technique, chart->state),
		 term(healing_state_words[chart->state]), technique->value[TECHNIQUE_DOTS_PER_CM2],
		 technique->value[TECHNIQUE_DEPTH_MM], assumed_values(technique),
		 page->stroked ? " " : "",
		 page->stroked ? _("A stroke across a swatch: sRGB has no such colour.") : "");
	canvas_text(page->canvas, MARGIN, y, width, 8.5, "", LEFT, 3, words);
}

static void draw_page(struct canvas *canvas, const struct dilution_chart *chart, int which)
{
	double scale = canvas->width / A4_WIDTH;
	struct page page = {.canvas = canvas,
			    .chart = chart,
			    .dilution = &chart->dilution[which],
			    .height = canvas->height / scale};

	cairo_save(canvas->cairo);
	cairo_scale(canvas->cairo, scale, scale);
	page.top = draw_column_heads(&page, draw_head(&page));
	page.bottom = page.height - MARGIN - FOOT_HEIGHT + 14;
	draw_waters(&page);
	draw_equals(&page);
	draw_foot(&page);
	cairo_restore(canvas->cairo);
}

enum status chart_draw(struct text *out, const struct dilution_chart *chart, int first, int count,
		       enum card_paper paper, enum picture_format format, struct error *err)
{
	struct canvas canvas;
	char title[2 * PIGMENT_TEXT_SIZE];

	snprintf(title, sizeof title, "%s, %s",
		 count == 1 ? chart->dilution[first].pigment.name : chart->line,
		 _("Dilution chart"));
	canvas_open(&canvas, format, card_paper_sizes[paper].width, card_paper_sizes[paper].height,
		    title, chart->made);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			canvas_next_page(&canvas);
		draw_page(&canvas, chart, first + i);
	}
	return canvas_close(&canvas, out, err);
}
