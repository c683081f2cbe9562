/* Lengths are points of the card's own page, as wide as A5 or, of A6, as SMALL_WIDTH, which is scaled to its paper. It is laid out from the top; `y` is
 * where the next part begins, and each part returns where it ended. The parts below the doses have a fixed height and stand at the
 * foot, so that the doses share what is left and are as large as they can be. A small card, and one of many pigments, leaves out the curves and the
 * figures of colours, so that what stays can be read. */
#include "report/card.h"

#include "report/canvas.h"
#include "report/card_words.h"
#include "report/code.h"
#include "report/control_page.h"
#include "report/language.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define A5_WIDTH 419.53
#define SMALL_WIDTH 352.0 /* of an A6 card's own page: its letters are 0.85 of those on A5 */
#define MARGIN 24.0
#define POINTS_PER_CM (72.0 / 2.54)
enum { ROOMY_PIGMENTS = 4 }; /* more need the room of curves and figures */

struct page {
	struct canvas *canvas;
	const struct card *card;
	const struct recipe *recipe;
	double width, height; /* in the page's own points */
	double inner;         /* between the margins */
	double scale;         /* of a point on the paper */
	bool small;           /* A6 */
	bool terse;           /* without the curves and the figures of colours */
	struct {
		double swatches, quality, facts, foot;
	} part; /* their heights, with what is free below them */
};

static void draw_rule(const struct page *page, double y, double right, double width)
{
	canvas_line(page->canvas, MARGIN, y, right, y, width);
}

/* --- head ------------------------------------------------------------------------------------- */

static const char *name_of(const struct recipe *recipe)
{
	return *recipe->stamp.name ? recipe->stamp.name : _("Recipe");
}

/* Wrapped, and smaller where it is long: never cut. Returns its height. */
static double draw_name(const struct page *page, double x, double y, double width, double height,
			double most, double least)
{
	return canvas_text_in(page->canvas, (struct canvas_box){x, y, width, height}, most, least,
			      "bold", LEFT, 100, name_of(page->recipe));
}

static double draw_heading(const struct page *page, double y)
{
	struct text line = {0};

	y += draw_name(page, MARGIN, y, page->inner, page->small ? 38 : 50, page->small ? 19 : 24,
		       8);
	card_place(&line, page->card);
	if (!text_failed(&line))
		y += canvas_text_in(page->canvas,
				    (struct canvas_box){MARGIN, y + 1, page->inner, 14}, 11, 8.5,
				    "", LEFT, 100, line.data) +
		     4;
	text_clear(&line);
	draw_rule(page, y, page->width - MARGIN, 1.5);
	return y + 6;
}

/* All in one frame over the whole width. */
static double draw_warnings(const struct page *page, double y)
{
	struct text warnings = {0};
	double height;

	card_warnings(&warnings, page->card);
	if (warnings.length && !text_failed(&warnings)) {
		warnings.data[warnings.length - 1] = 0; /* no empty last line */
		height = canvas_text(page->canvas, MARGIN + 8, y + 3, page->inner - 16,
				     page->small || strchr(warnings.data, '\n') ? 9 : 10.5, "bold",
				     CENTRE, 100, warnings.data);
		canvas_frame(page->canvas, MARGIN, y, page->inner, height + 6, 2);
		y += height + 10;
	}
	text_clear(&warnings);
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

static double cup_width(const struct page *page)
{
	return page->small ? 52 : 84;
}

static double ml_width(const struct page *page)
{
	return page->small ? 50 : 58;
}

static const char *drop_word(int drops)
{
	return _n("drop", "drops", drops);
}

#define STEP_WIDTH 22.0
#define DROPS_SIZE 9.5
#define DROPS_MOST 120.0
#define STIR_HEIGHT 20.0

/* As wide as the language has it; drop and drops are narrower. */
static double drops_width(const struct page *page)
{
	const double least = 33.0;

	return fmax(least, 2 + fmax(canvas_text_width(page->canvas, DROPS_SIZE, "", drop_word(1)),
				    canvas_text_width(page->canvas, DROPS_SIZE, "", drop_word(2))));
}

static struct columns find_columns(const struct page *page, const struct recipe_dose *const *order,
				   int count, double room)
{
	struct columns columns = {.right = page->width - MARGIN - cup_width(page),
				  .height = fmin(room / count, 78)};
	char figure[16];

	columns.size = fmin(56.0, 0.8 * columns.height);
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
	columns.name = columns.right - MARGIN - STEP_WIDTH - columns.drops - drops_width(page) -
		       ml_width(page) - 8;
	return columns;
}

/* Name and label of the bottle, inside the row. Two shades may differ in the last word of their names, so a name shrinks and is never
 * cut; the label has what is left. */
static void draw_bottle(const struct page *page, double y, const struct columns *columns,
			const struct bottle *bottle)
{
	const double x = MARGIN + STEP_WIDTH, width = columns->name;
	double end = y + columns->height - 2, room, size;
	struct text label = {0};

	y += 3;
	room = fmax(end - y - 19, 9.4);
	y += canvas_text_in(page->canvas, (struct canvas_box){x, y, width, room}, 13, 5, "bold",
			    LEFT, 100, bottle->name);
	words_bottle(&label, bottle);
	if (label.length && !text_failed(&label) && end - y > 7) {
		size = canvas_fitting_size(page->canvas, label.data, "", width, end - y, 8, 5.5);
		canvas_text(page->canvas, x, y, width, size, "", LEFT,
			    (int)((end - y) / (1.17 * size)), label.data);
	}
	text_clear(&label);
}

static void draw_dose(const struct page *page, double y, const struct columns *columns, int step,
		      const struct recipe_dose *dose)
{
	double middle = y + columns->height / 2, x = MARGIN + STEP_WIDTH + columns->name + 4;
	const double number = fmin(16, 0.68 * columns->height);
	char figure[32];

	snprintf(figure, sizeof figure, "%d", step);
	canvas_text(page->canvas, MARGIN, middle - 0.63 * number, 20, number, "bold", LEFT, 1,
		    figure);
	draw_bottle(page, y, columns, &dose->bottle);
	snprintf(figure, sizeof figure, "%d", dose->drops);
	canvas_text(page->canvas, x, middle - 0.585 * columns->size, columns->drops, columns->size,
		    "bold", RIGHT, 1, figure);
	x += columns->drops + 4;
	canvas_text(page->canvas, x, fmin(middle - 1, y + columns->height - 1.4 * DROPS_SIZE),
		    drops_width(page), DROPS_SIZE, "", LEFT, 1, drop_word(dose->drops));
	snprintf(figure, sizeof figure, _("%.2f ml"), dose->ml);
	canvas_text(page->canvas, columns->right - ml_width(page), middle - 8, ml_width(page), 12,
		    "", RIGHT, 1, figure);
	draw_rule(page, y + columns->height, columns->right, 0.4);
}

/* The cup and how full it is, as large as it is: a cylinder as wide as it is high. A card that is smaller than its cup has it smaller,
 * and says so. */
static void draw_cup(const struct page *page, double y, double room)
{
	const double cm = cbrt(4.0 * page->card->cup_ml / M_PI),
		     total = recipe_total_ml(page->recipe);
	const double real = cm * POINTS_PER_CM / page->scale;
	const double side = fmin(real, fmin(cup_width(page) - 12, room - 34));
	const double x = page->width - MARGIN - cup_width(page) / 2 - side / 2 + 6;
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
	snprintf(line, sizeof line,
		 side < real - 0.5 ? _("fill to %.2f ml\ncup of %g ml\n(smaller here)")
				   : _("fill to %.2f ml\ncup of %g ml\n(true size)"),
		 total, page->card->cup_ml);
	canvas_text_in(page->canvas,
		       (struct canvas_box){page->width - MARGIN - cup_width(page) + 4, y + side + 3,
					   cup_width(page) - 2, 28},
		       7.5, 5, "", CENTRE, 6, line);
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
	snprintf(line, sizeof line, _("Stir. %.2f ml in all."), recipe_total_ml(page->recipe));
	canvas_text(page->canvas, MARGIN + STEP_WIDTH, y + 3, columns.right - MARGIN - STEP_WIDTH,
		    12.5, "bold", LEFT, 1, line);
}

/* --- colours ---------------------------------------------------------------------------------- */

/* The swatch, then its name in up to two lines, its figures, and how far it is from the target. */
static void draw_swatch(const struct page *page, double x, double y, double width,
			const struct card_look *look)
{
	const double height = page->small ? 22.0 : 36.0, size = 7.6;
	const struct lab *lab = &look->look->lab;
	struct text distance = {0};
	bool shown = canvas_swatch(page->canvas, x, y, width, height, &look->look->pcs_lab);
	char figures[80];

	canvas_frame(page->canvas, x - 0.25, y - 0.25, width + 0.5, height + 0.5,
		     look->own ? 1.5 : 0.5);
	y += height + 2;
	y += canvas_text_in(page->canvas, (struct canvas_box){x, y, width, 19}, size, 5, "bold",
			    LEFT, 3, look->label);
	snprintf(figures, sizeof figures, "L* %.1f\na* %.1f\nb* %.1f", lab->l, lab->a, lab->b);
	if (!page->terse)
		y += canvas_text(page->canvas, x, y, width, size, "", LEFT, 3, figures);
	card_look_distance(&distance, page->recipe, look);
	if (distance.length && !text_failed(&distance))
		y += canvas_text_in(page->canvas, (struct canvas_box){x, y, width + 4, 10}, size, 5,
				    "bold", LEFT, 1, distance.data);
	text_clear(&distance);
	if (!shown && !page->terse)
		canvas_text(page->canvas, x, y, width, 7, "", LEFT, 1, _("(not shown true)"));
}

static void draw_swatches(const struct page *page, double y)
{
	struct card_look look[RECIPE_LOOKS_MAX];
	int count = card_looks(look, page->recipe);
	double gap = 6, width = fmin((page->inner - gap * (count - 1)) / fmax(count, 1), 110);

	for (int i = 0; i < count; i++)
		draw_swatch(page, MARGIN + i * (width + gap), y, width, &look[i]);
}

/* --- how good that is ------------------------------------------------------------------------- */

#define PLOT_WIDTH 124.0
#define VERDICT_WIDTH 70.0

static void draw_verdict(const struct page *page, double x, double y, double width)
{
	struct text measure = {0};
	const char *word = card_verdict(&measure, page->recipe);
	bool pass = recipe_verdict(page->recipe).grade == VERDICT_PASS;
	double size;

	canvas_frame(page->canvas, x, y, VERDICT_WIDTH, 19, pass ? 1 : 2.5);
	size = canvas_fitting_size(page->canvas, word, "bold", VERDICT_WIDTH - 6, 16, 11.5, 6);
	canvas_text(page->canvas, x + 3, y + 2.5 + 0.6 * (11.5 - size), VERDICT_WIDTH - 6, size,
		    "bold", CENTRE, 1, word);
	if (!text_failed(&measure))
		canvas_text_in(page->canvas,
			       (struct canvas_box){x + VERDICT_WIDTH + 6, y,
						   width - VERDICT_WIDTH - 6, 20},
			       7.6, 5.5, "", LEFT, 3, measure.data);
	text_clear(&measure);
}

static void draw_accuracy(const struct page *page, double x, double y, double width)
{
	struct text lines = {0};

	if (page->terse)
		words_closeness(&lines, page->recipe);
	else
		words_accuracy(&lines, page->recipe);
	if (lines.length && !text_failed(&lines))
		canvas_text_in(page->canvas,
			       (struct canvas_box){x, y, width, page->part.quality - 23}, 8, 6, "",
			       LEFT, 100, lines.data);
	text_clear(&lines);
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
	const double height = page->part.quality - 26;
	double most = fmax(0.1, 0.1 * ceil(10.0 * fmax(largest(dot), largest(required))));
	char line[64];

	if (dot->grid.count < 2)
		return;
	canvas_frame(page->canvas, x, y, PLOT_WIDTH, height, 0.5);
	draw_curve(page, x, y, PLOT_WIDTH, height, dot, most, false);
	if (required->grid.count > 1)
		draw_curve(page, x, y, PLOT_WIDTH, height, required, most, true);
	snprintf(line, sizeof line, _("%.0f nm"), dot->grid.start_nm);
	canvas_text(page->canvas, x, y + height + 1, 50, 7, "", LEFT, 1, line);
	snprintf(line, sizeof line, _("%.0f nm"), grid_end_nm(&dot->grid));
	canvas_text(page->canvas, x + PLOT_WIDTH - 50, y + height + 1, 50, 7, "", RIGHT, 1, line);
	snprintf(line, sizeof line, _("R to %.1f"), most);
	canvas_text(page->canvas, x + 3, y + 1, 50, 7, "", LEFT, 1, line);
	canvas_text(page->canvas, x, y + height + 10, PLOT_WIDTH, 7, "", CENTRE, 1,
		    required->grid.count > 1 ? _("line: predicted   dashes: target")
					     : _("predicted"));
}

static void draw_quality(const struct page *page, double y)
{
	double width = page->terse ? page->inner : page->inner - PLOT_WIDTH - 14;

	draw_verdict(page, MARGIN, y, width);
	draw_accuracy(page, MARGIN, y + 23, width);
	if (!page->terse)
		draw_plot(page, page->width - MARGIN - PLOT_WIDTH, y);
}

/* --- how it is put in ------------------------------------------------------------------------- */

/* Side by side, each under its own word. */
static void draw_facts(const struct page *page, double y)
{
	struct card_fact fact[CARD_FACTS];
	int count = card_facts(fact, page->recipe);
	double gap = 8, width = (page->inner - gap * (CARD_FACTS - 1)) / CARD_FACTS;

	if (count)
		draw_rule(page, y, page->width - MARGIN, 0.4);
	for (int i = 0; i < count; i++) {
		double x = MARGIN + i * (width + gap);

		canvas_text(page->canvas, x, y + 3, width, 7.2, "", LEFT, 1, fact[i].what);
		canvas_text_in(page->canvas, (struct canvas_box){x, y + 12, width, 21}, 8.4, 6,
			       "bold", LEFT, 3, fact[i].value);
	}
}

/* --- foot ------------------------------------------------------------------------------------- */

static void draw_box(const struct page *page, double x, double y, double width, double height,
		     const char *label)
{
	canvas_frame(page->canvas, x, y, width, height, 0.8);
	canvas_text_in(page->canvas, (struct canvas_box){x + 4, y + 2, width - 8, 10}, 7.6, 5.5, "",
		       LEFT, 1, label);
}

static enum status draw_code(const struct page *page, double x, double y, double side,
			     struct error *err)
{
	return page->card->code ? code_draw(page->canvas, x, y, side, page->card->code, err)
				: STATUS_OK;
}

static enum status draw_foot(const struct page *page, double y, struct error *err)
{
	const double side = page->part.foot, width = page->inner - side - 10, box = side - 40,
		     date = page->small ? 60 : 72;
	struct text line = {0}, safety = {0};

	draw_rule(page, y - 4, page->width - MARGIN, 0.4);
	card_safety(&safety);
	if (!text_failed(&safety))
		canvas_text_in(page->canvas, (struct canvas_box){MARGIN, y, width, 19}, 8.6, 6.5,
			       "bold", LEFT, 3, safety.data);
	y += 22;
	draw_box(page, MARGIN, y, width - 2 * date - 12, box, _("Really mixed"));
	draw_box(page, MARGIN + width - 2 * date - 6, y, date, box, _("Date"));
	draw_box(page, MARGIN + width - date, y, date, box, _("Initials"));
	words_origin(&line, page->recipe);
	if (!text_failed(&line))
		canvas_text(page->canvas, MARGIN, y + box + 3, width, 6.6, "", LEFT, 2, line.data);
	text_clear(&line);
	text_clear(&safety);
	return draw_code(page, page->width - MARGIN - side, y - 22, side, err);
}

static enum status draw_card(const struct page *page, struct error *err)
{
	const double foot = page->height - MARGIN + 8 - page->part.foot,
		     facts = foot - page->part.facts, quality = facts - page->part.quality,
		     swatches = quality - page->part.swatches;
	double y;

	y = draw_heading(page, MARGIN - 8);
	y = draw_warnings(page, y);
	draw_doses(page, y, swatches - 6);
	draw_swatches(page, swatches);
	draw_quality(page, quality);
	draw_facts(page, facts);
	return draw_foot(page, foot, err);
}

/* --- label ------------------------------------------------------------------------------------ */

#define LABEL_MARGIN 9.0
#define LABEL_CODE 64.0

static double draw_label_head(const struct page *page, double y)
{
	struct text line = {0};

	y += draw_name(page, LABEL_MARGIN, y, page->inner, 34, 15, 6);
	card_place(&line, page->card);
	if (!text_failed(&line))
		y += canvas_text(page->canvas, LABEL_MARGIN, y, page->inner, 7, "", LEFT, 100,
				 line.data);
	text_clear(&line);
	card_warnings(&line, page->card);
	if (line.length && !text_failed(&line)) {
		line.data[line.length - 1] = 0;
		y += canvas_text(page->canvas, LABEL_MARGIN, y, page->inner, 7, "bold", LEFT, 100,
				 line.data);
	}
	text_clear(&line);
	return y + 3;
}

static void draw_label_doses(const struct page *page, double y)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, page->recipe);
	double row = fmin((page->height - LABEL_MARGIN - LABEL_CODE - 8 - y) / (count + 0.6), 34);
	char figure[96];

	for (int i = 0; i < count; i++, y += row) {
		const char *bottle = order[i]->bottle.name;
		double width = page->inner - 50, height = row - 2;

		snprintf(figure, sizeof figure, "%d", order[i]->drops);
		canvas_text(page->canvas, LABEL_MARGIN, y, 44, fmin(0.72 * row, 24), "bold", RIGHT,
			    1, figure);
		canvas_text_in(page->canvas,
			       (struct canvas_box){LABEL_MARGIN + 50, y + 0.1 * row, width, height},
			       9, 5, "bold", LEFT, 100, bottle);
	}
	snprintf(figure, sizeof figure, _("Stir. %.2f ml in all."), recipe_total_ml(page->recipe));
	canvas_text(page->canvas, LABEL_MARGIN, y + 1, page->inner, 8, "bold", LEFT, 1, figure);
}

/* What is needed at the cup: name, doses, the whole, and the code. In the label's own points. */
static enum status draw_label(const struct page *page, struct error *err)
{
	const double foot = page->height - LABEL_MARGIN - LABEL_CODE;
	struct text line = {0};

	draw_label_doses(page, draw_label_head(page, LABEL_MARGIN));
	text_addf(&line, _("Drops, in this order\nSingle use.\n%s\n%.12s"), page->recipe->stamp.id,
		  page->recipe->stamp.hash);
	if (!text_failed(&line))
		canvas_text(page->canvas, LABEL_MARGIN, foot, page->inner - LABEL_CODE - 6, 7, "",
			    LEFT, 6, line.data);
	text_clear(&line);
	return draw_code(page, page->width - LABEL_MARGIN - LABEL_CODE, foot, LABEL_CODE, err);
}

/* --- pages ------------------------------------------------------------------------------------ */

enum status card_page(struct canvas *canvas, const struct card *card, struct error *err)
{
	const double width = card_paper_sizes[card->paper].width,
		     height = card_paper_sizes[card->paper].height;
	struct page page = {.canvas = canvas,
			    .card = card,
			    .recipe = card->recipe,
			    .width = width,
			    .height = height,
			    .inner = width - 2 * LABEL_MARGIN,
			    .scale = 1.0,
			    .small = card->paper == PAPER_A6};
	enum status status;

	cairo_save(canvas->cairo);
	if (card->paper == PAPER_LABEL) {
		status = draw_label(&page, err);
	} else {
		page.width = page.small ? SMALL_WIDTH : A5_WIDTH;
		page.scale = width / page.width;
		page.height = height / page.scale;
		page.inner = page.width - 2 * MARGIN;
		page.terse = page.small || card->recipe->dose_count > ROOMY_PIGMENTS;
		page.part.swatches = page.small ? 56 : page.terse ? 68 : 92;
		page.part.quality = page.terse ? 36 : 90;
		page.part.facts = 42;
		page.part.foot = page.small ? 84 : 88;
		cairo_scale(canvas->cairo, page.scale, page.scale);
		status = draw_card(&page, err);
	}
	cairo_restore(canvas->cairo);
	return status;
}

enum status cards_draw(struct text *out, const struct card *card, int count,
		       enum picture_format format, struct notes *notes, struct error *err)
{
	const struct recipe *first = card->recipe;
	struct canvas canvas;
	int unknown = 0;
	enum status status = STATUS_OK;

	*out = (struct text){0};
	canvas_open(&canvas, format, card_paper_sizes[card->paper].width,
		    card_paper_sizes[card->paper].height, name_of(first), first->stamp.made);
	canvas_proof(&canvas, card->printer);
	canvas.unknown = &unknown;
	for (int i = 0; i < count && !status; i++) {
		if (i > 0)
			canvas_next_page(&canvas);
		status = card_page(&canvas, &card[i], err);
	}
	if (!status && card->patches && format == PICTURE_PDF) {
		canvas_next_page(&canvas);
		control_patches_page(&canvas);
	}
	if (status) {
		canvas_drop(&canvas);
		return status;
	}
	if (unknown)
		notes_addf(
			notes,
			"the card has letters that no font on this machine has; they are drawn as "
			"boxes (Debian: fonts-noto-cjk has Chinese, Japanese and Korean)");
	return canvas_close(&canvas, out, err);
}
