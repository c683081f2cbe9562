#include "report/control_page.h"

#include "base/clock.h"
#include "colour/control_patches.h"
#include "report/canvas.h"
#include "report/language.h"
#include "report/patch_words.h"

#include <math.h>
#include <stdio.h>

/* In points: of a page as wide as A5; other pages have it in proportion, small ones no less than this share of it. */
#define A5_WIDTH 419.53
#define SIZE_LEAST 0.72
#define SIZE_MOST 1.4

struct row {
	double margin, gap, side; /* of the page, between patches, and of a patch */
	double size;              /* what text is scaled by */
	int columns;
};

/* All in one row where they are then at least 10 mm wide, elsewhere in two: an aperture of 8 mm is to fit with some room. */
static struct row plan_row(double width)
{
	const double mm = 72.0 / 25.4;
	struct row row = {.size = fmin(fmax(width / A5_WIDTH, SIZE_LEAST), SIZE_MOST),
			  .columns = CONTROL_PATCHES};

	row.margin = fmin(24.0 * row.size, 0.06 * width);
	row.gap = 5.0 * row.size;
	for (;; row.columns /= 2) {
		row.side = (width - 2 * row.margin - (row.columns - 1) * row.gap) / row.columns;
		if (row.side >= 10.0 * mm || row.columns <= CONTROL_PATCHES / 2)
			return row;
	}
}

static double draw_heading(struct canvas *canvas, const struct row *row, double y)
{
	const double width = canvas->width - 2 * row->margin;

	y += canvas_text(canvas, row->margin, y, width, 17 * row->size, "bold", LEFT, 2,
			 _("Measure this printer"));
	return y + 6 * row->size +
	       canvas_text(
		       canvas, row->margin, y + 3 * row->size, width, 8.5 * row->size, "", LEFT, 6,
		       _("Print in true size (100 %), on the paper and with the settings of your "
			 "cards. Let it dry. Lay white paper below and measure patches 1 to 8 in "
			 "this order; write the readings to a file."));
}

/* A patch and what is said of it; returns how high that is. */
static double draw_patch(struct canvas *canvas, const struct row *row, int patch, double x,
			 double y)
{
	const struct lab *lab = &control_patches[patch];
	char words[96];
	const double top = y, size = 7.0 * row->size;

	canvas_swatch(canvas, x, y, row->side, row->side, lab);
	canvas_frame(canvas, x, y, row->side, row->side, 0.4);
	y += row->side + 2;
	snprintf(words, sizeof words, "%d  %s", patch + 1, _(control_patch_names[patch]));
	y += fmax(canvas_text(canvas, x, y, row->side, size, "bold", LEFT, 3, words), 2.4 * size);
	snprintf(words, sizeof words, "L* %.0f\na* %.0f\nb* %.0f", lab->l, lab->a, lab->b);
	y += canvas_text(canvas, x, y, row->side, size, "", LEFT, 3, words);
	return y - top;
}

static double draw_patches(struct canvas *canvas, const struct row *row, double y)
{
	double tallest = 0.0;

	for (int i = 0; i < CONTROL_PATCHES; i++) {
		int column = i % row->columns;

		if (i > 0 && column == 0) {
			y += tallest + 6 * row->size;
			tallest = 0.0;
		}
		tallest =
			fmax(tallest, draw_patch(canvas, row, i,
						 row->margin + column * (row->side + row->gap), y));
	}
	return y + tallest;
}

void control_patches_page(struct canvas *canvas)
{
	const struct row row = plan_row(canvas->width);
	const double width = canvas->width - 2 * row.margin;
	double y = draw_heading(canvas, &row, row.margin);

	y = draw_patches(canvas, &row, y + 4 * row.size) + 8 * row.size;
	y += canvas_text(canvas, row.margin, y, width, 8.5 * row.size, "", LEFT, 3,
			 _("Lab under D50, 2° observer. Then ask how far it is off:"));
	canvas_text(canvas, row.margin, y + 2, width, 9.5 * row.size, "bold", LEFT, 2,
		    "follitone patches FILE");
}

enum status control_page_draw(struct text *out, enum card_paper paper, const struct device *printer,
			      enum picture_format format, struct error *err)
{
	const struct paper_size *size = &card_paper_sizes[paper];
	char made[CLOCK_TEXT_SIZE];
	struct canvas canvas;

	clock_text(made);
	canvas_open(&canvas, format, size->width, size->height, _("Measure this printer"), made);
	canvas_proof(&canvas, printer);
	control_patches_page(&canvas);
	return canvas_close(&canvas, out, err);
}
