/* All lengths here are pixels of the PNG. */
#include "report/preview_sheet.h"

#include "report/canvas.h"
#include "report/language.h"
#include "report/terms.h"

#include "colour/eye.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	MARGIN = 40,
	WIDTH = 1600,
	LABEL_WIDTH = 144,
	NEAR_GAP = 20,  /* between the views of one light */
	LIGHT_GAP = 40, /* between lights */
	TOP = 186,      /* of the first row */
	ROW = 252,
	BOTTOM = 58, /* below the last row */
	VIEW = 2 * PREVIEW_SIDE,
	SIDE_WIDTH = 272, /* of words below a light: the difference stands between them */
};

static double points(double pixels)
{
	return pixels * CANVAS_PIXEL;
}

static double write_at(const struct canvas *canvas, double x, double y, double width, double size,
		       const char *weight, enum alignment alignment, int lines, const char *words)
{
	return canvas_text(canvas, points(x), points(y), points(width), points(size), weight,
			   alignment, lines, words) /
	       CANVAS_PIXEL;
}

/* Smaller where that keeps it to its lines: words are as long as a language makes them. */
static double write_fitting(const struct canvas *canvas, double x, double y, double width,
			    double size, const char *weight, enum alignment alignment, int lines,
			    const char *words)
{
	const struct canvas_box box = {points(x), points(y), points(width),
				       points(1.2 * size * (lines + 0.5))};

	return canvas_text_in(canvas, box, points(size), points(0.6 * size), weight, alignment,
			      lines, words) /
	       CANVAS_PIXEL;
}

static void ink(const struct canvas *canvas, double grey)
{
	cairo_set_source_rgb(canvas->cairo, grey, grey, grey);
}

static int left_of(int light, int view)
{
	return MARGIN + LABEL_WIDTH + light * (2 * VIEW + NEAR_GAP + LIGHT_GAP) +
	       view * (VIEW + NEAR_GAP);
}

/* --- above the rows --------------------------------------------------------------------------------- */

/* The round length that is nearest to a third of a side. */
static double bar_mm(double mm_per_pixel)
{
	static const double lengths[] = {1, 2, 5, 10, 20, 50};
	double third = mm_per_pixel * PREVIEW_SIDE / 3.0, best = lengths[0];

	for (size_t i = 1; i < sizeof lengths / sizeof *lengths; i++)
		if (fabs(log(lengths[i] / third)) < fabs(log(best / third)))
			best = lengths[i];
	return best;
}

static void draw_bar(const struct canvas *canvas, double right, double y, double mm,
		     double mm_per_pixel)
{
	double length = mm / mm_per_pixel;
	char words[32];

	cairo_set_line_width(canvas->cairo, points(2));
	cairo_move_to(canvas->cairo, points(right - 1), points(y - 5));
	cairo_line_to(canvas->cairo, points(right - 1), points(y + 5));
	cairo_move_to(canvas->cairo, points(right - length + 1), points(y - 5));
	cairo_line_to(canvas->cairo, points(right - length + 1), points(y + 5));
	cairo_move_to(canvas->cairo, points(right - length), points(y));
	cairo_line_to(canvas->cairo, points(right), points(y));
	cairo_stroke(canvas->cairo);
	snprintf(words, sizeof words, "%g mm", mm);
	write_at(canvas, right - length - 88, y - 11, 80, 17, "", RIGHT, 1, words);
}

static void draw_view_heading(const struct canvas *canvas, const struct preview *preview, int light,
			      int view)
{
	const char *const distance[PREVIEW_VIEWS] = {_("from 30 cm"), _("from 1 m")};
	double x = left_of(light, view), scale = preview->mm_per_pixel[view];

	ink(canvas, 0.0);
	write_at(canvas, x, TOP - 62, VIEW, 20, "bold", LEFT, 1, distance[view]);
	ink(canvas, 0.25);
	draw_bar(canvas, x + VIEW, TOP - 49, bar_mm(scale), scale);
	ink(canvas, 0.35);
	write_fitting(canvas, x, TOP - 28, PREVIEW_SIDE - 4, 17, "", CENTRE, 1, _("natural"));
	write_fitting(canvas, x + PREVIEW_SIDE + 4, TOP - 28, PREVIEW_SIDE - 4, 17, "", CENTRE, 1,
		      _("treated"));
	/* where one ends and the other begins is marked beside the picture, never in it */
	canvas_line(canvas, points(x + PREVIEW_SIDE), points(TOP - 24), points(x + PREVIEW_SIDE),
		    points(TOP - 3), points(1));
}

static const char *name_of(const struct preview_words *words)
{
	return *words->name ? words->name : _("Recipe");
}

/* What is said of the whole, beside its name. */
static void describe(struct text *out, const struct preview_words *words)
{
	if (words->sessions) {
		text_addf(out,
			  _n("planned in %d session, preset %s",
			     "planned in %d sessions, preset %s", words->sessions),
			  words->sessions, words->technique);
		return;
	}
	if (words->version) {
		text_addf(out, _("version %d"), words->version);
		text_adds(out, ", ");
	}
	if (*words->zone)
		text_addf(out, "%s, ", words->zone);
	text_addf(out, _("technique %s"), words->technique);
}

static void name_light(char *out, size_t size, const char *name, enum preview_light kind)
{
	const char *const sentences[] = {[PREVIEW_MAIN] = _("Under %s, main light"),
					 [PREVIEW_WORST] = _("Under %s, worst of the other lights"),
					 [PREVIEW_OTHER] = _("Under %s, other light"),
					 [PREVIEW_SHOP] = _("Under %s, light of a shop")};

	snprintf(out, size, sentences[kind], name);
}

static void draw_heading(const struct canvas *canvas, const struct preview *preview,
			 const struct preview_words *words)
{
	const char *name = name_of(words);
	char light[LIGHT_NAME_SIZE + 128];
	struct text detail = {0};

	ink(canvas, 0.0);
	canvas_text_in(canvas,
		       (struct canvas_box){points(MARGIN), points(26), points(980), points(44)},
		       points(32), points(16), "bold", LEFT, 1, name);
	ink(canvas, 0.35);
	describe(&detail, words);
	if (!text_failed(&detail))
		write_fitting(canvas, 1040, 36, WIDTH - MARGIN - 1040, 19, "", RIGHT, 1,
			      detail.data);
	text_clear(&detail);
	for (int l = 0; l < PREVIEW_LIGHTS; l++) {
		double x = left_of(l, 0), width = 2 * VIEW + NEAR_GAP;

		name_light(light, sizeof light, preview->light[l].name, preview->light[l].kind);
		ink(canvas, 0.0);
		write_fitting(canvas, x, TOP - 100, width, 22, "bold", LEFT, 1, light);
		ink(canvas, 0.6);
		canvas_line(canvas, points(x), points(TOP - 68.5), points(x + width),
			    points(TOP - 68.5), points(1));
		for (int view = 0; view < PREVIEW_VIEWS; view++)
			draw_view_heading(canvas, preview, l, view);
	}
}

/* --- rows ----------------------------------------------------------------------------------------- */

static void name_lab(char *out, size_t size, const char *label, const struct lab *lab)
{
	snprintf(out, size, "%s%sL* %.1f  a* %.1f  b* %.1f", label, *label ? "  " : "", lab->l,
		 lab->a, lab->b);
}

static void name_row(char *out, size_t size, const struct preview_step *step)
{
	const char *const states[STATES] = {[STATE_FRESH] = _("Fresh"),
					    [STATE_DAY7] = _("7 days"),
					    [STATE_HEALED] = _("Healed")};

	if (step->session)
		snprintf(out, size, _("Session %d"), step->session);
	else
		snprintf(out, size, "%s", states[step->state]);
}

/* In lines, since the column is narrow. */
static void describe_row(struct text *out, const struct preview_step *step)
{
	if (step->session)
		text_addf(out, "%s\n", _("healed"));
	text_addf(out, _("%g dots/cm²\nof %.2f mm"), step->dots_per_cm2, step->dot_mm);
	if (step->hairs_per_cm2 > 0.0) {
		text_adds(out, ",\n");
		text_addf(out, _("%g hairs/cm²\nleft"), step->hairs_per_cm2);
	}
}

static int lines_in(const char *words)
{
	int lines = 1;

	while ((words = strchr(words, '\n'))) {
		words++;
		lines++;
	}
	return lines;
}

static void draw_row(const struct canvas *canvas, const struct preview *preview, int row)
{
	const struct preview_look *look = &preview->row[row];
	double y = TOP + (double)row * ROW, below = y + PREVIEW_HEIGHT + 7;
	struct text detail = {0};
	char figures[160];

	name_row(figures, sizeof figures, &look->step);
	ink(canvas, 0.0);
	y += write_fitting(canvas, MARGIN, y + 2, LABEL_WIDTH - 14, 22, "bold", LEFT, 1, figures);
	ink(canvas, 0.35);
	describe_row(&detail, &look->step);
	if (!text_failed(&detail))
		write_fitting(canvas, MARGIN, y + 8, LABEL_WIDTH - 10, 17, "", LEFT,
			      lines_in(detail.data), detail.data);
	text_clear(&detail);
	for (int light = 0; light < PREVIEW_LIGHTS; light++) {
		const struct preview_colour *colour = &look->colour[light];
		double x = left_of(light, 0), width = 2 * VIEW + NEAR_GAP;

		for (int view = 0; view < PREVIEW_VIEWS; view++)
			canvas_picture(canvas, points(left_of(light, view)),
				       points(TOP + row * ROW), look->pixels[light][view], VIEW,
				       PREVIEW_HEIGHT);
		ink(canvas, 0.2);
		name_lab(figures, sizeof figures, _("natural"), &colour->natural);
		write_fitting(canvas, x, below, SIDE_WIDTH, 15, "", LEFT, 1, figures);
		name_lab(figures, sizeof figures, _("treated"), &colour->treated);
		write_fitting(canvas, x + width - SIDE_WIDTH, below, SIDE_WIDTH, 15, "", RIGHT, 1,
			      figures);
		ink(canvas, 0.0);
		snprintf(figures, sizeof figures, "dE00 %.1f", colour->de00);
		write_at(canvas, x, below - 1.5, width, 17, "bold", CENTRE, 1, figures);
	}
}

static void draw_foot(const struct canvas *canvas, const struct preview *preview,
		      const struct preview_words *words)
{
	double y = TOP + (double)preview->rows * ROW + 2;
	/* the whole picture's width is so many minutes of arc; from that far it looks as large as the skin does */
	double widths = 1.0 / (2.0 * tan(WIDTH * PREVIEW_PIXEL_ARCMIN / 60.0 * M_PI / 360.0));
	char line[1000];

	ink(canvas, 0.35);
	snprintf(line, sizeof line,
		 preview->clipped_share > 0.0
			 ? _("Natural and treated skin lie side by side. Seen from %.1f times its "
			     "width, the picture is as large to the eye as the skin is from there. "
			     "Colours of whole fields, %s° observer, in sRGB, where it could be. "
			     "Blurred as an eye does (Barten 1999); how far light spreads in skin "
			     "is assumed. Seed %u.")
			 : _("Natural and treated skin lie side by side. Seen from %.1f times its "
			     "width, the picture is as large to the eye as the skin is from there. "
			     "Colours of whole fields, %s° observer, in sRGB. "
			     "Blurred as an eye does (Barten 1999); how far light spreads in skin "
			     "is assumed. Seed %u."),
		 widths, preview->observer, preview->seed);
	write_fitting(canvas, MARGIN, y, WIDTH - 2 * MARGIN - (*words->notice ? 530 : 0), 13, "",
		      LEFT, 3, line);
	if (*words->notice) {
		ink(canvas, 0.0);
		write_fitting(canvas, WIDTH - MARGIN - 510, y, 510, 15, "bold", RIGHT, 2,
			      term(words->notice));
	}
}

double preview_sheet_width(void)
{
	return points(WIDTH);
}

double preview_sheet_height(const struct preview *preview)
{
	return points(TOP + (double)preview->rows * ROW + BOTTOM);
}

void preview_draw_sheet(struct canvas *canvas, const struct preview *preview,
			const struct preview_words *words)
{
	draw_heading(canvas, preview, words);
	for (int row = 0; row < preview->rows; row++)
		draw_row(canvas, preview, row);
	draw_foot(canvas, preview, words);
}

enum status preview_sheet(struct text *out, const struct preview *preview,
			  const struct preview_words *words, enum picture_format format,
			  struct error *err)
{
	struct canvas canvas;

	canvas_open(&canvas, format, preview_sheet_width(), preview_sheet_height(preview),
		    name_of(words), words->made);
	preview_draw_sheet(&canvas, preview, words);
	return canvas_close(&canvas, out, err);
}
