/* Lengths are points of an A5 page; the page is scaled to its paper. It is laid out from the top; `y` is where the next part begins,
 * and each part returns where it ended. The parts below the doses have a fixed height and stand at the foot, so that the doses
 * share what is left and the page is the same for one pigment and for four. */
#include "report/card.h"

#include "report/canvas.h"

#include "report/code.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define A5_WIDTH 419.53
#define MARGIN 24.0
#define INNER (A5_WIDTH - 2 * MARGIN)
#define POINTS_PER_CM (72.0 / 2.54)

/* ISO 216; ANSI letter; a label of 62 × 100 mm, as label printers have. In points. */
static const struct {
	double width, height;
} papers[PAPERS] = {
	{595.28, 841.89}, {419.53, 595.28}, {297.64, 419.53}, {612.0, 792.0}, {175.75, 283.46}};

struct page {
	struct canvas *canvas;
	const struct card *card;
	const struct recipe *recipe;
	double width, height; /* in the page's own points */
	double scale;         /* of a point on the paper */
};

static void draw_rule(const struct page *page, double y, double width)
{
	cairo_set_line_width(page->canvas->cairo, width);
	cairo_move_to(page->canvas->cairo, MARGIN, y);
	cairo_line_to(page->canvas->cairo, A5_WIDTH - MARGIN, y);
	cairo_stroke(page->canvas->cairo);
}

static void draw_frame(const struct page *page, double x, double y, double width, double height,
		       double line)
{
	cairo_set_line_width(page->canvas->cairo, line);
	cairo_rectangle(page->canvas->cairo, x, y, width, height);
	cairo_stroke(page->canvas->cairo);
}

/* --- head ------------------------------------------------------------------------------------- */

static double draw_heading(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	const struct card *card = page->card;
	const char *name = *recipe->stamp.name ? recipe->stamp.name : "Recipe";
	struct text line = {0};

	y += canvas_text(page->canvas, MARGIN, y, INNER,
			 canvas_fitting_size(page->canvas, name, "bold", INNER, 50, 22, 12), "bold",
			 LEFT, 3, name);
	words_version(&line, recipe);
	if (*recipe->zone)
		text_addf(&line, "  ·  Zone %s", recipe->zone);
	if (card->session)
		text_addf(&line, "  ·  Session %d of %d", card->session, card->sessions);
	if (card->client)
		text_addf(&line, "  ·  Client %s", card->client);
	if (!text_failed(&line))
		y += canvas_text(page->canvas, MARGIN, y + 1, INNER, 11, "", LEFT, 2, line.data) +
		     4;
	text_clear(&line);
	draw_rule(page, y, 1.5);
	return y + 5;
}

/* A framed warning over the whole width; nothing for an empty one. */
static double draw_warning(const struct page *page, double y, const char *warning)
{
	double height;

	if (!warning || !*warning)
		return y;
	height = canvas_text(page->canvas, MARGIN + 8, y + 3, INNER - 16, 10.5, "bold", CENTRE, 4,
			     warning);
	draw_frame(page, MARGIN, y, INNER, height + 6, 2);
	return y + height + 10;
}

static double draw_warnings(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	struct text miss = {0};

	y = draw_warning(page, y, recipe->line.notice);
	words_miss(&miss, recipe);
	if (!text_failed(&miss))
		y = draw_warning(page, y, miss.data);
	text_clear(&miss);
	return y;
}

/* --- doses ------------------------------------------------------------------------------------ */

/* The columns of the doses, as wide as this recipe needs them; the name takes what is left. */
struct columns {
	double right;       /* of the table; beside it stands the cup */
	double height;      /* of a row */
	double size;        /* of the figures: they shrink until they fit, and are never cut */
	double drops, name; /* widths */
};

#define STEP_WIDTH 22.0
#define DROPS_WORD 33.0
#define ML_WIDTH 58.0
#define DROPS_MOST 120.0
#define CUP_WIDTH 84.0
#define STIR_HEIGHT 20.0

static struct columns find_columns(const struct page *page, const struct recipe_dose *const *order,
				   int count, double room)
{
	struct columns columns = {.right = A5_WIDTH - MARGIN - CUP_WIDTH,
				  .height = fmin(room / count, 64)};
	char figure[16];

	columns.size = fmin(42.0, 0.76 * columns.height);
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
	columns.name =
		columns.right - MARGIN - STEP_WIDTH - columns.drops - DROPS_WORD - ML_WIDTH - 8;
	return columns;
}

/* Name and label of the bottle, inside the row. Two shades may differ in the last word of their names, so a name shrinks before it is
 * cut; the label has what is left. */
static void draw_bottle(const struct page *page, double y, const struct columns *columns,
			const struct bottle *bottle)
{
	const double label_size = 8, line = 1.25 * label_size;
	double end = y + columns->height - 2, names, size;
	struct text label = {0};

	y += 3;
	names = fmax(end - y - 2 * line, 0.5 * columns->height);
	size = canvas_fitting_size(page->canvas, bottle->name, "bold", columns->name, names, 13, 8);
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
	canvas_text(page->canvas, MARGIN, middle - 10, 20, 16, "bold", LEFT, 1, figure);
	draw_bottle(page, y, columns, &dose->bottle);
	snprintf(figure, sizeof figure, "%d", dose->drops);
	canvas_text(page->canvas, x, middle - 0.585 * columns->size, columns->drops, columns->size,
		    "bold", RIGHT, 1, figure);
	x += columns->drops + 4;
	canvas_text(page->canvas, x, middle - 1, DROPS_WORD, 9.5, "", LEFT, 1,
		    dose->drops == 1 ? "drop" : "drops");
	snprintf(figure, sizeof figure, "%.2f ml", dose->ml);
	canvas_text(page->canvas, columns->right - ML_WIDTH, middle - 8, ML_WIDTH, 12, "", RIGHT, 1,
		    figure);
	cairo_set_line_width(page->canvas->cairo, 0.4);
	cairo_move_to(page->canvas->cairo, MARGIN, y + columns->height);
	cairo_line_to(page->canvas->cairo, columns->right, y + columns->height);
	cairo_stroke(page->canvas->cairo);
}

/* The cup and how full it is, as large as it is: a cylinder as wide as it is high. A card that is smaller than its cup has it smaller,
 * and says so. */
static void draw_cup(const struct page *page, double y, double room)
{
	const double cm = cbrt(4.0 * page->card->cup_ml / M_PI),
		     total = recipe_total_ml(page->recipe);
	const double real = cm * POINTS_PER_CM / page->scale;
	const double side = fmin(real, fmin(CUP_WIDTH - 12, room - 34));
	const double x = A5_WIDTH - MARGIN - CUP_WIDTH / 2 - side / 2 + 6;
	const double fill = side * fmin(total / page->card->cup_ml, 1.0);
	cairo_t *cairo = page->canvas->cairo;
	char line[96];

	if (side < 8)
		return;
	cairo_set_source_rgb(cairo, 0.75, 0.75, 0.75);
	cairo_rectangle(cairo, x, y + side - fill, side, fill);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	cairo_set_line_width(cairo, 1.4);
	cairo_move_to(cairo, x, y);
	cairo_line_to(cairo, x, y + side);
	cairo_line_to(cairo, x + side, y + side);
	cairo_line_to(cairo, x + side, y);
	cairo_stroke(cairo);
	cairo_set_line_width(cairo, 1.0);
	cairo_move_to(cairo, x - 7, y + side - fill);
	cairo_line_to(cairo, x + side + 4, y + side - fill);
	cairo_stroke(cairo);
	snprintf(line, sizeof line, "fill to %.2f ml\ncup of %g ml\n(%s)", total,
		 page->card->cup_ml, side < real - 0.5 ? "smaller here" : "true size");
	canvas_text(page->canvas, A5_WIDTH - MARGIN - CUP_WIDTH + 6, y + side + 3, CUP_WIDTH - 6,
		    7.5, "", CENTRE, 3, line);
}

static void draw_doses(const struct page *page, double y, double bottom)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, page->recipe);
	struct columns columns = find_columns(page, order, count, bottom - y - STIR_HEIGHT);
	char line[96];

	draw_cup(page, y + 6, bottom - y - 6);
	for (int i = 0; i < count; i++, y += columns.height)
		draw_dose(page, y, &columns, i + 1, order[i]);
	snprintf(line, sizeof line, "Stir.   %.2f ml in all.", recipe_total_ml(page->recipe));
	canvas_text(page->canvas, MARGIN + STEP_WIDTH, y + 3, columns.right - MARGIN - STEP_WIDTH,
		    12.5, "bold", LEFT, 1, line);
}

/* --- colours ---------------------------------------------------------------------------------- */

#define SWATCH_HEIGHT 40.0
#define SWATCHES_HEIGHT 92.0

static void draw_swatch(const struct page *page, double x, double y, double width,
			const struct recipe_look *look)
{
	char figures[80];
	bool shown = canvas_swatch(page->canvas, x, y, width, SWATCH_HEIGHT, &look->pcs_lab);

	draw_frame(page, x - 0.25, y - 0.25, width + 0.5, SWATCH_HEIGHT + 0.5, 0.5);
	y += SWATCH_HEIGHT + 2;
	y += canvas_text(page->canvas, x, y, width, 7.5, "bold", LEFT, 2, look->label);
	snprintf(figures, sizeof figures, "L* %.1f\na* %.1f\nb* %.1f%s", look->lab.l, look->lab.a,
		 look->lab.b, shown ? "" : "\n(not shown true)");
	canvas_text(page->canvas, x, y, width, 7.5, "", LEFT, 4, figures);
}

static void draw_swatches(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	int count = recipe->predicted.look_count;
	double gap = 5, width = fmin((INNER - gap * (count - 1)) / fmax(count, 1), 110);

	for (int i = 0; i < count; i++)
		draw_swatch(page, MARGIN + i * (width + gap), y, width, &recipe->predicted.look[i]);
}

/* --- how good that is ------------------------------------------------------------------------- */

#define QUALITY_HEIGHT 104.0
#define PLOT_WIDTH 132.0

static void draw_verdict(const struct page *page, double x, double y)
{
	const struct verdict verdict = recipe_verdict(page->recipe);
	static const char *const words[] = {"PASS", "CAUTION", "FAIL"};
	char line[160];

	draw_frame(page, x, y, 70, 20, verdict.grade == VERDICT_PASS ? 1 : 2.5);
	canvas_text(page->canvas, x, y + 3, 70, 11.5, "bold", CENTRE, 1, words[verdict.grade]);
	snprintf(line, sizeof line, "pass to dE00 %.1f, caution to %.1f: %s", verdict.pass,
		 verdict.caution, verdict.source);
	canvas_text(page->canvas, x + 76, y, INNER - PLOT_WIDTH - 76 - 12, 7.5, "", LEFT, 2, line);
}

/* Each line in its own place, so that a long one is cut and never runs into what is below. */
static void draw_accuracy(const struct page *page, double x, double y, double width)
{
	static void (*const parts[])(struct text *, const struct recipe *) = {
		words_closeness, words_band_of, words_light_change, words_target, words_dots};
	const double size = 7.9;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct text line = {0};

		parts[i](&line, page->recipe);
		if (line.data && !text_failed(&line))
			y += canvas_text(page->canvas, x, y, width, size, "", LEFT, 2, line.data) +
			     1;
		text_clear(&line);
	}
}

/* A curve in a frame: wavelengths from left to right, reflectance from 0 to `most` upwards. */
static void draw_curve(const struct page *page, double x, double y, double width, double height,
		       const struct spectrum *s, double most, bool dashed)
{
	const double dash[] = {3, 2};
	const double start = s->grid.start_nm, span = grid_end_nm(&s->grid) - start;
	cairo_t *cairo = page->canvas->cairo;

	for (int i = 0; i < s->grid.count; i++) {
		double at = x + width * i * s->grid.step_nm / span;
		double up = y + height - height * fmin(s->value[i], most) / most;

		if (i == 0)
			cairo_move_to(cairo, at, up);
		else
			cairo_line_to(cairo, at, up);
	}
	cairo_set_line_width(cairo, dashed ? 1.6 : 0.9);
	cairo_set_dash(cairo, dash, dashed ? 2 : 0, 0);
	cairo_stroke(cairo);
	cairo_set_dash(cairo, dash, 0, 0);
}

static double largest(const struct spectrum *s)
{
	double most = 0.0;

	for (int i = 0; i < s->grid.count; i++)
		most = fmax(most, s->value[i]);
	return most;
}

static void draw_plot(const struct page *page, double x, double y)
{
	const struct spectrum *dot = &page->recipe->predicted.dot,
			      *required = &page->recipe->predicted.required;
	const double height = QUALITY_HEIGHT - 32;
	double most = fmax(0.1, 0.1 * ceil(10.0 * fmax(largest(dot), largest(required))));
	char line[64];

	if (dot->grid.count < 2)
		return;
	draw_frame(page, x, y, PLOT_WIDTH, height, 0.5);
	draw_curve(page, x, y, PLOT_WIDTH, height, dot, most, false);
	if (required->grid.count > 1)
		draw_curve(page, x, y, PLOT_WIDTH, height, required, most, true);
	snprintf(line, sizeof line, "%.0f nm", dot->grid.start_nm);
	canvas_text(page->canvas, x, y + height + 1, 50, 7, "", LEFT, 1, line);
	snprintf(line, sizeof line, "%.0f nm", grid_end_nm(&dot->grid));
	canvas_text(page->canvas, x + PLOT_WIDTH - 50, y + height + 1, 50, 7, "", RIGHT, 1, line);
	snprintf(line, sizeof line, "R to %.1f", most);
	canvas_text(page->canvas, x + 3, y + 1, 50, 7, "", LEFT, 1, line);
	canvas_text(page->canvas, x, y + height + 10, PLOT_WIDTH, 7, "", CENTRE, 1,
		    required->grid.count > 1 ? "line: predicted   dashes: required" : "predicted");
}

static void draw_quality(const struct page *page, double y)
{
	draw_verdict(page, MARGIN, y);
	draw_accuracy(page, MARGIN, y + 24, INNER - PLOT_WIDTH - 12);
	draw_plot(page, A5_WIDTH - MARGIN - PLOT_WIDTH, y);
}

/* --- foot ------------------------------------------------------------------------------------- */

#define FOOT_HEIGHT 92.0
#define CODE_SIDE 76.0

static void draw_box(const struct page *page, double x, double y, double width, double height,
		     const char *label)
{
	draw_frame(page, x, y, width, height, 0.8);
	canvas_text(page->canvas, x + 4, y + 2, width - 8, 7.5, "", LEFT, 1, label);
}

/* Of a version that is kept: one that is not can be asked for nowhere. */
static enum status draw_code(const struct page *page, double x, double y, double side,
			     struct error *err)
{
	struct text payload = {0};
	enum status status = STATUS_OK;

	if (*page->recipe->stamp.hash) {
		code_payload(&payload, page->recipe);
		status = code_draw(page->canvas, x, y, side, payload.data, err);
	}
	text_clear(&payload);
	return status;
}

static enum status draw_foot(const struct page *page, double y, struct error *err)
{
	const struct recipe *recipe = page->recipe;
	const double width = INNER - CODE_SIDE - 10;
	struct text line = {0}, safety = {0};

	text_adds(&safety, "Single use. Sterile diluent. Discard the rest after the session.");
	canvas_text(page->canvas, MARGIN, y, width, 8.2, "bold", LEFT, 2, safety.data);
	draw_box(page, MARGIN, y + 22, width - 156, 42, "Really mixed");
	draw_box(page, MARGIN + width - 150, y + 22, 72, 42, "Date");
	draw_box(page, MARGIN + width - 72, y + 22, 72, 42, "Initials");
	text_addf(&line, "Recipe %s", recipe->stamp.id);
	if (*recipe->stamp.hash)
		text_addf(&line, "  hash %.12s", recipe->stamp.hash);
	text_addf(&line, "  ·  line %s %.12s  ·  %s", recipe->line.name, recipe->line.fingerprint,
		  recipe->program);
	if (!text_failed(&line))
		canvas_text(page->canvas, MARGIN, y + 67, width, 6.5, "", LEFT, 2, line.data);
	text_clear(&line);
	text_clear(&safety);
	text_clear(&line);
	return draw_code(page, A5_WIDTH - MARGIN - CODE_SIDE, y, CODE_SIDE, err);
}

static enum status draw_card(const struct page *page, struct error *err)
{
	const double foot = page->height - MARGIN + 6 - FOOT_HEIGHT,
		     quality = foot - QUALITY_HEIGHT, swatches = quality - SWATCHES_HEIGHT;
	double y;

	y = draw_heading(page, MARGIN - 8);
	y = draw_warnings(page, y);
	draw_doses(page, y, swatches - 6);
	draw_swatches(page, swatches);
	draw_quality(page, quality);
	return draw_foot(page, foot, err);
}

/* --- label ------------------------------------------------------------------------------------ */

/* What is needed at the cup: name, doses, the whole, and the code. In the label's own points. */
static enum status draw_label(const struct page *page, struct error *err)
{
	const struct recipe *recipe = page->recipe;
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	const double margin = 9, inner = page->width - 2 * margin, code = 64;
	int count = mixing_order(order, recipe);
	const char *name = *recipe->stamp.name ? recipe->stamp.name : "Recipe";
	double y = margin, row;
	struct text line = {0};
	char figure[64];
	enum status status;

	y += canvas_text(page->canvas, margin, y, inner,
			 canvas_fitting_size(page->canvas, name, "bold", inner, 34, 15, 8), "bold",
			 LEFT, 3, name);
	words_version(&line, recipe);
	y += canvas_text(page->canvas, margin, y, inner, 7, "", LEFT, 2, line.data);
	text_clear(&line);
	if (*recipe->line.notice)
		y += canvas_text(page->canvas, margin, y, inner, 7.5, "bold", LEFT, 3,
				 recipe->line.notice);
	y += 3;
	row = fmin((page->height - margin - code - 8 - y) / (count + 0.6), 34);
	for (int i = 0; i < count; i++, y += row) {
		snprintf(figure, sizeof figure, "%d", order[i]->drops);
		canvas_text(page->canvas, margin, y, 44, 0.72 * row, "bold", RIGHT, 1, figure);
		canvas_text(page->canvas, margin + 50, y + 0.14 * row, inner - 50,
			    fmin(9, 0.4 * row), "bold", LEFT, row > 22 ? 2 : 1,
			    order[i]->bottle.name);
	}
	snprintf(figure, sizeof figure, "Stir. %.2f ml in all.", recipe_total_ml(recipe));
	canvas_text(page->canvas, margin, y + 1, inner, 8, "bold", LEFT, 1, figure);
	status = draw_code(page, page->width - margin - code, page->height - margin - code, code,
			   err);
	text_addf(&line, "drops, in this order\n%s\n%.12s\nSingle use.", recipe->stamp.id,
		  recipe->stamp.hash);
	canvas_text(page->canvas, margin, page->height - margin - code, inner - code - 6, 7, "",
		    LEFT, 6, line.data);
	text_clear(&line);
	return status;
}

/* --- pages ------------------------------------------------------------------------------------ */

enum status card_draw_page(struct canvas *canvas, const struct card *card, struct error *err)
{
	struct page page = {.canvas = canvas,
			    .card = card,
			    .recipe = card->recipe,
			    .width = papers[card->paper].width,
			    .height = papers[card->paper].height,
			    .scale = 1.0};
	enum status status;

	cairo_save(canvas->cairo);
	if (card->paper == PAPER_LABEL) {
		status = draw_label(&page, err);
	} else {
		page.scale = page.width / A5_WIDTH;
		page.height /= page.scale;
		page.width = A5_WIDTH;
		cairo_scale(canvas->cairo, page.scale, page.scale);
		status = draw_card(&page, err);
	}
	cairo_restore(canvas->cairo);
	return status;
}

enum status cards_draw(struct text *out, const struct card *card, int count,
		       enum picture_format format, struct error *err)
{
	const struct recipe *first = card->recipe;
	const char *name = *first->stamp.name ? first->stamp.name : "Recipe";
	struct canvas canvas;
	enum status status = STATUS_OK;

	*out = (struct text){0};
	canvas_open(&canvas, format, papers[card->paper].width, papers[card->paper].height, name,
		    first->stamp.made);
	for (int i = 0; i < count && !status; i++) {
		if (i > 0)
			canvas_next_page(&canvas);
		status = card_draw_page(&canvas, &card[i], err);
	}
	if (status) {
		canvas_drop(&canvas);
		return status;
	}
	return canvas_close(&canvas, out, err);
}
