/* Pages of running text, tables and swatches, as many as it takes: each with its head, foot and number. On a canvas.
 *
 * Lengths are points. `y` is where the next part stands; a part that does not fit on what is left begins a page. To know how many
 * pages there are, all is drawn twice, the first time on a canvas that is dropped: `counting` is true then, and what takes a page
 * of its own and long to draw may be left out.
 *
 *	pages_open(&pages, &canvas, running, warning, day, of);   (of: 0 while counting)
 *	pages_begin(&pages);
 *	pages_heading(&pages, …); pages_text(&pages, …); pages_row(&pages, …);
 *	… pages.page is how many there are
 */
#ifndef REPORT_PAGES_H
#define REPORT_PAGES_H

#include "report/canvas.h"

struct pages {
	struct canvas *canvas;
	double left, right, top, bottom; /* what may be written on */
	double y;
	const char *running, *warning, *day; /* at the head left and right, and the foot */
	int page, of;
	bool counting;
	int section; /* its entry in the outline */
};

void pages_open(struct pages *pages, struct canvas *canvas, const char *running,
		const char *warning, const char *day, int of);

double pages_width(const struct pages *pages);

/* Begins a page, the first as well. */
void pages_begin(struct pages *pages);

/* Begins a page where less than `height` is left. */
void pages_need(struct pages *pages, double height);

/* A page with a title, which is in the outline; and an entry below the last of these for the page that is drawn on. */
void pages_section(struct pages *pages, const char *title);
void pages_entry(struct pages *pages, const char *title);

/* A heading; `follows` is the height of what must not be parted from it. */
void pages_heading(struct pages *pages, const char *words, double follows);

enum pages_ink { INK_FULL, INK_GREY };
void pages_text(struct pages *pages, double size, const char *weight, enum pages_ink ink,
		const char *words);

/* A framed warning; nothing for an empty one. */
void pages_warning(struct pages *pages, const char *words);

/* --- tables: a head that comes again on each page, and rows whose cells are wrapped, never cut. */

enum { PAGES_COLUMNS_MAX = 8 };
struct pages_column {
	const char *head;
	double share; /* of the width, as against the others */
	enum alignment alignment;
};
struct pages_table {
	const struct pages_column *column;
	int columns;
	double size;   /* of the text; 0: the usual */
	double height; /* least, of a row */
	bool headless;
};

void pages_table_head(struct pages *pages, const struct pages_table *table);

/* Returns where the row began; `cell` has one for each column, NULL for none. */
double pages_row(struct pages *pages, const struct pages_table *table, const char *const *cell);

/* Where a column begins, and how wide it is without the gap to the next. */
double pages_column_left(const struct pages *pages, const struct pages_table *table, int column);
double pages_column_width(const struct pages *pages, const struct pages_table *table, int column);

/* --- swatches */

/* A framed swatch. False where a screen cannot show it. */
bool pages_swatch(struct pages *pages, double x, double y, double width, double height,
		  const struct lab *pcs_lab);

struct pages_look {
	const char *label;
	struct lab lab, pcs_lab;
};
/* Side by side, each with its figures. */
void pages_strip(struct pages *pages, const struct pages_look *look, int count);

#endif
