#include "report/pages.h"

#include "report/language.h"

#include <math.h>
#include <stdio.h>

#define SIDE 54.0
#define TOP 66.0
#define FOOT 58.0 /* below what is written on */
#define HEAD_Y 34.0
#define HEAD_SIZE 7.5
#define TABLE_SIZE 8.0
#define CELL_GAP 10.0 /* between columns */
#define ROW_PAD 3.5
#define STRIP_HEIGHT 30.0 /* of swatches side by side */
#define GREY 0.35
#define RULE_GREY 0.7

static void set_grey(const struct pages *pages, double grey)
{
	cairo_set_source_rgb(pages->canvas->cairo, grey, grey, grey);
}

/* A name in a script that runs from right to left stands where others do: behind a mark (U+200E) that its line runs from left to
 * right, which tells nothing of the name itself. Such scripts begin with these bytes. */
static double write_left(const struct pages *pages, double x, double y, double width, double size,
			 const char *weight, enum alignment alignment, const char *words)
{
	const unsigned char first = (unsigned char)*words;
	struct text marked = {0};
	double height;

	if (first >= 0xd6 && first <= 0xdf)
		text_adds(&marked, "\u200e");
	text_adds(&marked, words);
	height = canvas_text(pages->canvas, x, y, width, size, weight, alignment, 200,
			     marked.data && !marked.failed ? marked.data : words);
	text_clear(&marked);
	return height;
}

static void draw_rule(const struct pages *pages, double y, double width, double grey)
{
	set_grey(pages, grey);
	canvas_line(pages->canvas, pages->left, y, pages->right, y, width);
	set_grey(pages, 0.0);
}

void pages_open(struct pages *pages, struct canvas *canvas, const char *running,
		const char *warning, const char *day, int of)
{
	*pages = (struct pages){.canvas = canvas,
				.left = SIDE,
				.right = canvas->width - SIDE,
				.top = TOP,
				.bottom = canvas->height - FOOT,
				.running = running,
				.warning = warning,
				.day = day,
				.of = of,
				.counting = of == 0};
}

double pages_width(const struct pages *pages)
{
	return pages->right - pages->left;
}

/* What warns stands whole; the case's name has what is left. */
static void draw_margins(const struct pages *pages)
{
	const double half = pages_width(pages) / 2.0 - 6.0, foot = pages->bottom + 24.0;
	const double warning =
		1.0 + canvas_text_width(pages->canvas, HEAD_SIZE, "bold", pages->warning);
	char number[64];

	set_grey(pages, GREY);
	canvas_text(pages->canvas, pages->left, HEAD_Y, pages_width(pages) - warning - 12.0,
		    HEAD_SIZE, "", LEFT, 1, pages->running);
	canvas_text(pages->canvas, pages->left, foot, half, HEAD_SIZE, "", LEFT, 1, pages->day);
	snprintf(number, sizeof number, _("Page %d of %d"), pages->page, pages->of);
	canvas_text(pages->canvas, pages->right - half, foot, half, HEAD_SIZE, "", RIGHT, 1,
		    number);
	set_grey(pages, 0.0);
	canvas_text(pages->canvas, pages->right - warning, HEAD_Y, warning, HEAD_SIZE, "bold",
		    RIGHT, 1, pages->warning);
	draw_rule(pages, HEAD_Y + 14.0, 0.5, RULE_GREY);
	draw_rule(pages, foot - 6.0, 0.5, RULE_GREY);
}

void pages_begin(struct pages *pages)
{
	if (pages->page > 0)
		canvas_next_page(pages->canvas);
	pages->page++;
	pages->y = pages->top;
	draw_margins(pages);
}

void pages_need(struct pages *pages, double height)
{
	if (pages->y + height > pages->bottom)
		pages_begin(pages);
}

void pages_section(struct pages *pages, const char *title)
{
	pages_begin(pages);
	pages->section = canvas_outline(pages->canvas, 0, title);
	pages->y += write_left(pages, pages->left, pages->y, pages_width(pages), 16, "bold", LEFT,
			       title) +
		    12.0;
}

void pages_entry(struct pages *pages, const char *title)
{
	canvas_outline(pages->canvas, pages->section, title);
}

void pages_heading(struct pages *pages, const char *words, double follows)
{
	const double size = 11.0, width = pages_width(pages);
	const double height = canvas_text_height(pages->canvas, width, size, "bold", words);

	if (pages->y > pages->top + 40.0) /* below something else */
		pages->y += 12.0;
	pages_need(pages, height + 4.0 + follows);
	write_left(pages, pages->left, pages->y, width, size, "bold", LEFT, words);
	pages->y += height + 4.0;
}

void pages_text(struct pages *pages, double size, const char *weight, enum pages_ink ink,
		const char *words)
{
	const double width = pages_width(pages);
	const double height = canvas_text_height(pages->canvas, width, size, weight, words);

	pages_need(pages, height);
	set_grey(pages, ink == INK_GREY ? GREY : 0.0);
	write_left(pages, pages->left, pages->y, width, size, weight, LEFT, words);
	set_grey(pages, 0.0);
	pages->y += height + 0.4 * size;
}

void pages_warning(struct pages *pages, const char *words)
{
	const double size = 10.0, inner = pages_width(pages) - 24.0;
	double height;

	if (!words || !*words)
		return;
	height = canvas_text_height(pages->canvas, inner, size, "bold", words);
	pages_need(pages, height + 16.0);
	canvas_text(pages->canvas, pages->left + 12.0, pages->y + 7.0, inner, size, "bold", CENTRE,
		    20, words);
	canvas_frame(pages->canvas, pages->left, pages->y, pages_width(pages), height + 14.0, 1.6);
	pages->y += height + 22.0;
}

/* --- tables --------------------------------------------------------------------------------------- */

static double size_of(const struct pages_table *table)
{
	return table->size > 0.0 ? table->size : TABLE_SIZE;
}

double pages_column_left(const struct pages *pages, const struct pages_table *table, int column)
{
	double before = 0.0, all = 0.0;

	for (int i = 0; i < table->columns; i++) {
		before += i < column ? table->column[i].share : 0.0;
		all += table->column[i].share;
	}
	return pages->left + before / all * (pages_width(pages) + CELL_GAP);
}

double pages_column_width(const struct pages *pages, const struct pages_table *table, int column)
{
	return pages_column_left(pages, table, column + 1) -
	       pages_column_left(pages, table, column) - CELL_GAP;
}

static double row_height(const struct pages *pages, const struct pages_table *table,
			 const char *const *cell, const char *weight, double size)
{
	double height = 0.0;

	for (int i = 0; i < table->columns; i++)
		if (cell[i])
			height =
				fmax(height, canvas_text_height(pages->canvas,
								pages_column_width(pages, table, i),
								size, weight, cell[i]));
	return height;
}

static void draw_cells(const struct pages *pages, const struct pages_table *table,
		       const char *const *cell, const char *weight, double size)
{
	for (int i = 0; i < table->columns; i++)
		if (cell[i])
			write_left(pages, pages_column_left(pages, table, i), pages->y,
				   pages_column_width(pages, table, i), size, weight,
				   table->column[i].alignment, cell[i]);
}

void pages_table_head(struct pages *pages, const struct pages_table *table)
{
	const char *head[PAGES_COLUMNS_MAX];
	const double size = 0.92 * size_of(table);
	double height;

	if (table->headless) {
		draw_rule(pages, pages->y, 0.8, 0.0);
		pages->y += ROW_PAD;
		return;
	}
	for (int i = 0; i < table->columns; i++)
		head[i] = table->column[i].head;
	height = row_height(pages, table, head, "", size);
	pages_need(pages, height + 40.0); /* and a row */
	set_grey(pages, GREY);
	draw_cells(pages, table, head, "", size);
	set_grey(pages, 0.0);
	pages->y += height + 2.5;
	draw_rule(pages, pages->y, 0.8, 0.0);
	pages->y += ROW_PAD;
}

double pages_row(struct pages *pages, const struct pages_table *table, const char *const *cell)
{
	const double size = size_of(table);
	const double height = fmax(row_height(pages, table, cell, "", size), table->height);
	const int page = pages->page;
	double y;

	pages_need(pages, height + ROW_PAD);
	if (pages->page != page)
		pages_table_head(pages, table);
	y = pages->y;
	draw_cells(pages, table, cell, "", size);
	pages->y += height + ROW_PAD;
	draw_rule(pages, pages->y, 0.35, RULE_GREY);
	pages->y += ROW_PAD;
	return y;
}

/* --- swatches ------------------------------------------------------------------------------------- */

bool pages_swatch(struct pages *pages, double x, double y, double width, double height,
		  const struct lab *pcs_lab)
{
	bool shown = canvas_swatch(pages->canvas, x, y, width, height, pcs_lab);

	set_grey(pages, 0.0);
	canvas_frame(pages->canvas, x - 0.5, y - 0.5, width + 1.0, height + 1.0, 0.7);
	return shown;
}

/* Returns where it ended. */
static double draw_look(struct pages *pages, const struct pages_look *look, double x, double width)
{
	double y = pages->y;
	char figures[120];
	bool shown = pages_swatch(pages, x, y, width, STRIP_HEIGHT, &look->pcs_lab);

	y += STRIP_HEIGHT + 3.5;
	y += canvas_text(pages->canvas, x, y, width, 7.5, "bold", LEFT, 2, look->label);
	snprintf(figures, sizeof figures, "L* %.1f\na* %.1f  b* %.1f%s", look->lab.l, look->lab.a,
		 look->lab.b, shown ? "" : _("\n(not shown true)"));
	set_grey(pages, GREY);
	y += canvas_text(pages->canvas, x, y, width, 7.0, "", LEFT, 4, figures);
	set_grey(pages, 0.0);
	return y;
}

void pages_strip(struct pages *pages, const struct pages_look *look, int count)
{
	const double gap = 6.0;
	const double width = fmin((pages_width(pages) - gap * (count - 1)) / fmax(count, 1), 92.0);
	double end;

	pages_need(pages, STRIP_HEIGHT + 50.0);
	end = pages->y;
	for (int i = 0; i < count; i++)
		end = fmax(end, draw_look(pages, &look[i], pages->left + i * (width + gap), width));
	pages->y = end + 4.0;
}
