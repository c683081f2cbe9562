/* Lengths are points (1/72 inch). The page is laid out from the top; `y` is where the next part
 * begins, and each part returns where it ended. The parts below the doses have a fixed height and
 * stand at the foot, so that the doses share what is left and the page is the same for one pigment
 * and for three. */
#include "report/card.h"

#include "colour/device.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>

/* A5, ISO 216. */
#define PAGE_WIDTH 419.53
#define PAGE_HEIGHT 595.28
#define MARGIN 26.0
#define INNER (PAGE_WIDTH - 2 * MARGIN)

struct page {
	struct canvas *canvas;
	const struct recipe *recipe;
};

static void draw_rule(const struct page *page, double y, double width)
{
	cairo_set_line_width(page->canvas->cairo, width);
	cairo_move_to(page->canvas->cairo, MARGIN, y);
	cairo_line_to(page->canvas->cairo, PAGE_WIDTH - MARGIN, y);
	cairo_stroke(page->canvas->cairo);
}

/* --- parts ------------------------------------------------------------------------------------ */

static double draw_heading(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	struct text line = {0};

	y += canvas_text(
		page->canvas, MARGIN, y, INNER,
		canvas_fitting_size(page->canvas, recipe->stamp.name, "bold", INNER, 52, 21, 12),
		"bold", LEFT, 3, *recipe->stamp.name ? recipe->stamp.name : "Recipe");
	words_version(&line, recipe);
	if (*recipe->zone)
		text_addf(&line, "  ·  Zone %s", recipe->zone);
	if (!text_failed(&line))
		y += canvas_text(page->canvas, MARGIN, y + 2, INNER, 11, "", LEFT, 2, line.data) +
		     6;
	text_clear(&line);
	draw_rule(page, y, 1.5);
	return y + 6;
}

/* A framed warning over the whole width; nothing for an empty one. */
static double draw_warning(const struct page *page, double y, const char *warning)
{
	double height;

	if (!*warning)
		return y;
	height = canvas_text(page->canvas, MARGIN + 8, y + 4, INNER - 16, 11, "bold", CENTRE, 6,
			     warning);
	cairo_set_line_width(page->canvas->cairo, 2);
	cairo_rectangle(page->canvas->cairo, MARGIN, y, INNER, height + 8);
	cairo_stroke(page->canvas->cairo);
	return y + height + 13;
}

static double draw_warnings(const struct page *page, double y)
{
	struct text miss = {0};

	y = draw_warning(page, y, page->recipe->line.notice);
	words_miss(&miss, page->recipe);
	if (miss.data && !text_failed(&miss))
		y = draw_warning(page, y, miss.data);
	text_clear(&miss);
	return y;
}

/* The columns of the doses, as wide as this recipe needs them; the name takes what is left. */
struct columns {
	double height;      /* of a row */
	double size;        /* of the figures: they shrink until they fit, and are never cut */
	double drops, name; /* widths */
};

#define STEP_WIDTH 24.0
#define DROPS_WORD 36.0
#define ML_WIDTH 66.0
#define DROPS_MOST 130.0

static struct columns find_columns(const struct page *page, const struct recipe_dose *const *order,
				   int count, double room)
{
	struct columns columns = {.height = fmin(room / count, 68)};
	char figure[16];

	columns.size = fmin(44.0, 0.72 * columns.height);
	for (int i = 0; i < count; i++) {
		snprintf(figure, sizeof figure, "%d", order[i]->drops);
		columns.drops = fmax(columns.drops,
				     canvas_text_width(page->canvas, columns.size, "bold", figure));
	}
	if (columns.drops > DROPS_MOST) {
		columns.size *= DROPS_MOST / columns.drops;
		columns.drops = DROPS_MOST;
	}
	columns.drops += 2; /* rounding must not wrap a figure */
	columns.name = INNER - STEP_WIDTH - columns.drops - DROPS_WORD - ML_WIDTH - 8;
	return columns;
}

/* Name and label of the bottle, inside the row. Two shades may differ in the last word of their names,
 * so a name shrinks before it is cut; the label has what is left. */
static void draw_bottle(const struct page *page, double y, const struct columns *columns,
			const struct bottle *bottle)
{
	const double label_size = 9, line = 1.25 * label_size;
	double end = y + columns->height - 2, names, size;
	struct text label = {0};

	y += 3;
	names = fmax(end - y - line, 0.6 * columns->height);
	size = canvas_fitting_size(page->canvas, bottle->name, "bold", columns->name, names, 14, 8);
	y += canvas_text(page->canvas, MARGIN + STEP_WIDTH, y, columns->name, size, "bold", LEFT,
			 (int)fmax(names / (1.2 * size), 1), bottle->name);
	words_bottle(&label, bottle);
	if (label.data && !text_failed(&label) && end - y >= line)
		canvas_text(page->canvas, MARGIN + STEP_WIDTH, y, columns->name, label_size, "",
			    LEFT, (int)((end - y) / line), label.data);
	text_clear(&label);
}

static void draw_dose(const struct page *page, double y, const struct columns *columns, int step,
		      const struct recipe_dose *dose)
{
	double middle = y + columns->height / 2, x = MARGIN + STEP_WIDTH + columns->name + 4;
	char figure[32];

	snprintf(figure, sizeof figure, "%d", step);
	canvas_text(page->canvas, MARGIN, middle - 11, 20, 18, "bold", LEFT, 1, figure);
	draw_bottle(page, y, columns, &dose->bottle);
	snprintf(figure, sizeof figure, "%d", dose->drops);
	canvas_text(page->canvas, x, middle - 0.585 * columns->size, columns->drops, columns->size,
		    "bold", RIGHT, 1, figure);
	x += columns->drops + 4;
	canvas_text(page->canvas, x, middle - 1, DROPS_WORD, 10, "", LEFT, 1,
		    dose->drops == 1 ? "drop" : "drops");
	snprintf(figure, sizeof figure, "%.2f ml", dose->ml);
	canvas_text(page->canvas, PAGE_WIDTH - MARGIN - ML_WIDTH, middle - 9, ML_WIDTH, 13, "",
		    RIGHT, 1, figure);
	draw_rule(page, y + columns->height, 0.4);
}

static void draw_doses(const struct page *page, double y, double bottom)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, page->recipe);
	struct columns columns = find_columns(page, order, count, bottom - y - 22);
	char line[96];

	for (int i = 0; i < count; i++, y += columns.height)
		draw_dose(page, y, &columns, i + 1, order[i]);
	snprintf(line, sizeof line, "Stir.   %.2f ml in all.", recipe_total_ml(page->recipe));
	canvas_text(page->canvas, MARGIN + STEP_WIDTH, y + 4, INNER, 13, "bold", LEFT, 1, line);
}

static void draw_swatch(const struct page *page, double x, double y, double width,
			const struct recipe_look *look)
{
	char figures[80];
	bool shown = canvas_swatch(page->canvas, x, y, width, 44, &look->pcs_lab);

	cairo_set_line_width(page->canvas->cairo, 0.5);
	cairo_rectangle(page->canvas->cairo, x - 0.25, y - 0.25, width + 0.5, 44.5);
	cairo_stroke(page->canvas->cairo);
	canvas_text(page->canvas, x, y + 46, width, 8, "bold", LEFT, 2, look->label);
	snprintf(figures, sizeof figures, "L* %.1f\na* %.1f\nb* %.1f%s", look->lab.l, look->lab.a,
		 look->lab.b, shown ? "" : "\n(not shown true)");
	canvas_text(page->canvas, x, y + 67, width, 8.5, "", LEFT, 4, figures);
}

static void draw_swatches(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	int count = recipe->predicted.look_count;
	double gap = 6, width = fmin((INNER - gap * (count - 1)) / count, 110);

	for (int i = 0; i < count; i++)
		draw_swatch(page, MARGIN + i * (width + gap), y, width,
			    &recipe->predicted.look[i]);
}

/* Each line in its own place, so that a long one is cut and never runs into what is below. */
static void draw_accuracy(const struct page *page, double y)
{
	static void (*const parts[])(struct text *, const struct recipe *) = {
		words_closeness, words_target, words_light_change, words_dots};
	const double size = 9.5, step = 13;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct text line = {0};

		parts[i](&line, page->recipe);
		if (line.data && !text_failed(&line)) {
			canvas_text(page->canvas, MARGIN, y, INNER, size, "", LEFT, 1, line.data);
			y += step;
		}
		text_clear(&line);
	}
}

static void draw_box(const struct page *page, double x, double y, double width, double height,
		     const char *label)
{
	cairo_set_line_width(page->canvas->cairo, 0.8);
	cairo_rectangle(page->canvas->cairo, x, y, width, height);
	cairo_stroke(page->canvas->cairo);
	canvas_text(page->canvas, x + 4, y + 3, width - 8, 8, "", LEFT, 1, label);
}

static void draw_foot(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	struct text line = {0};

	draw_box(page, MARGIN, y, INNER - 160, 42, "Really mixed");
	draw_box(page, MARGIN + INNER - 152, y, 72, 42, "Date");
	draw_box(page, MARGIN + INNER - 72, y, 72, 42, "Initials");
	text_addf(&line, "Recipe %s", recipe->stamp.id);
	if (*recipe->stamp.hash)
		text_addf(&line, " hash %.12s", recipe->stamp.hash);
	text_addf(&line, "  ·  line %s %.12s  ·  %s", recipe->line.name, recipe->line.fingerprint,
		  recipe->program);
	if (!text_failed(&line))
		canvas_text(page->canvas, MARGIN, y + 47, INNER, 7, "", LEFT, 1, line.data);
	text_clear(&line);
}

static void draw_page(const struct page *page)
{
	const double foot = PAGE_HEIGHT - MARGIN - 56, accuracy = foot - 46,
		     swatches = accuracy - 112;
	double y;

	y = draw_heading(page, MARGIN - 6);
	y = draw_warnings(page, y);
	draw_doses(page, y, swatches - 8);
	draw_swatches(page, swatches);
	draw_accuracy(page, accuracy);
	draw_foot(page, foot);
}

enum status card_draw(struct text *out, const struct recipe *recipe, enum picture_format format,
		      struct error *err)
{
	const char *name = *recipe->stamp.name ? recipe->stamp.name : "Recipe";
	struct canvas canvas;
	struct page page = {&canvas, recipe};

	*out = (struct text){0};
	if (format == PICTURE_TEXT) {
		words_card(out, recipe);
		return text_failed(out) ? error_memory(err) : STATUS_OK;
	}
	canvas_open(&canvas, format, PAGE_WIDTH, PAGE_HEIGHT, name, recipe->stamp.made);
	draw_page(&page);
	return canvas_close(&canvas, out, err);
}
