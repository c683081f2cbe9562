/* Lengths are points (1/72 inch). The page is laid out from the top; `y` is where the next part
 * begins, and each part returns where it ended. The parts below the doses have a fixed height and
 * stand at the foot, so that the doses share what is left and the page is the same for one pigment
 * and for three. */
#include "report/card.h"

#include "colour/cms.h"
#include "report/words.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* A5, ISO 216. */
#define PAGE_WIDTH 419.53
#define PAGE_HEIGHT 595.28
#define MARGIN 26.0
#define INNER (PAGE_WIDTH - 2 * MARGIN)
#define PNG_DPI 200.0
#define FONT "DejaVu Sans"

struct page {
	cairo_t *cairo;
	const struct recipe *recipe;
};

/* --- text ------------------------------------------------------------------------------------- */

enum alignment { LEFT, RIGHT, CENTRE };

static PangoLayout *create_layout(const struct page *page, double size, const char *weight,
				  const char *string)
{
	PangoLayout *layout = pango_cairo_create_layout(page->cairo);
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	if (strcmp(weight, "bold") == 0)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, string, -1);
	pango_font_description_free(font);
	return layout;
}

/* Draws `string` in a column, at most `lines` lines, the last one cut with an ellipsis. Returns
 * its height. */
static double draw_text(const struct page *page, double x, double y, double width, double size,
			const char *weight, enum alignment alignment, int lines, const char *string)
{
	PangoLayout *layout = create_layout(page, size, weight, string);
	int height;

	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_height(layout, -lines);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(layout, alignment == RIGHT    ? PANGO_ALIGN_RIGHT
					   : alignment == CENTRE ? PANGO_ALIGN_CENTER
								 : PANGO_ALIGN_LEFT);
	cairo_move_to(page->cairo, x, y);
	pango_cairo_show_layout(page->cairo, layout);
	pango_layout_get_size(layout, NULL, &height);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

static void draw_rule(const struct page *page, double y, double width)
{
	cairo_set_line_width(page->cairo, width);
	cairo_move_to(page->cairo, MARGIN, y);
	cairo_line_to(page->cairo, PAGE_WIDTH - MARGIN, y);
	cairo_stroke(page->cairo);
}

/* --- parts ------------------------------------------------------------------------------------ */

static double draw_heading(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	struct text line = {0};

	y += draw_text(page, MARGIN, y, INNER, 21, "bold", LEFT, 2,
		       *recipe->stamp.name ? recipe->stamp.name : "Recipe (not saved)");
	if (*recipe->zone)
		text_addf(&line, "Zone %s  ·  ", recipe->zone);
	if (recipe->stamp.version)
		text_addf(&line, "Version %d  ·  ", recipe->stamp.version);
	text_addf(&line, "%.10s", recipe->stamp.made);
	y += draw_text(page, MARGIN, y + 2, INNER, 11, "", LEFT, 1, line.data ? line.data : "") + 6;
	text_clear(&line);
	draw_rule(page, y, 1.5);
	return y + 6;
}

static double draw_notice(const struct page *page, double y)
{
	double height;

	if (!*page->recipe->line.notice)
		return y;
	height = draw_text(page, MARGIN + 8, y + 5, INNER - 16, 11, "bold", CENTRE, 6,
			   page->recipe->line.notice);
	cairo_set_line_width(page->cairo, 2);
	cairo_rectangle(page->cairo, MARGIN, y, INNER, height + 10);
	cairo_stroke(page->cairo);
	return y + height + 16;
}

/* Figures are what the card is for: they shrink until they fit, and are never cut. */
static double fitting_size(const struct page *page, const char *figure, double size, double width)
{
	PangoLayout *layout = create_layout(page, size, "bold", figure);
	int natural;

	pango_layout_get_size(layout, &natural, NULL);
	g_object_unref(layout);
	return size * fmin(1.0, width * PANGO_SCALE / natural);
}

static void describe_bottle(struct text *out, const struct bottle *bottle)
{
	if (*bottle->lot)
		text_addf(out, "lot %s  ", bottle->lot);
	if (*bottle->expiry)
		text_addf(out, "exp. %s  ", bottle->expiry);
	text_addf(out, "%s%s%s", bottle->maker, *bottle->maker && *bottle->shade ? ", " : "",
		  bottle->shade);
}

static void draw_dose(const struct page *page, double y, double height, int step,
		      const struct recipe_dose *dose)
{
	const double names = 150, drops = 108, middle = y + height / 2;
	char figure[32];
	struct text small = {0};
	double size, bottom;

	snprintf(figure, sizeof figure, "%d", step);
	draw_text(page, MARGIN, middle - 11, 20, 18, "bold", LEFT, 1, figure);
	bottom = y + 7;
	bottom +=
		draw_text(page, MARGIN + 24, bottom, names, 14, "bold", LEFT, 2, dose->bottle.name);
	describe_bottle(&small, &dose->bottle);
	if (!text_failed(&small))
		draw_text(page, MARGIN + 24, bottom + 1, names, 8, "", LEFT, 2, small.data);
	text_clear(&small);
	snprintf(figure, sizeof figure, "%d", dose->drops);
	size = fitting_size(page, figure, fmin(44.0, 0.72 * height), drops);
	draw_text(page, MARGIN + 24 + names, middle - 0.585 * size, drops + 1, size, "bold", RIGHT,
		  1, figure);
	draw_text(page, MARGIN + 28 + names + drops, middle - 1, 34, 10, "", LEFT, 1,
		  dose->drops == 1 ? "drop" : "drops");
	snprintf(figure, sizeof figure, "%.2f ml", dose->ml);
	size = fitting_size(page, figure, 15, INNER - 60 - names - drops);
	draw_text(page, MARGIN + 60 + names + drops, middle - 10, INNER - 60 - names - drops, size,
		  "", RIGHT, 1, figure);
	draw_rule(page, y + height, 0.4);
}

static void draw_doses(const struct page *page, double y, double bottom)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, page->recipe);
	double height = fmin((bottom - y - 24) / count, 68);
	char line[96];

	for (int i = 0; i < count; i++, y += height)
		draw_dose(page, y, height, i + 1, order[i]);
	snprintf(line, sizeof line, "Stir.   %.2f ml in all.", recipe_total_ml(page->recipe));
	draw_text(page, MARGIN + 24, y + 5, INNER, 13, "bold", LEFT, 1, line);
}

static void draw_swatch(const struct page *page, double x, double y, double width,
			const struct recipe_look *look, const struct srgb *srgb)
{
	char figures[80];

	cairo_set_source_rgb(page->cairo, srgb->r, srgb->g, srgb->b);
	cairo_rectangle(page->cairo, x, y, width, 44);
	cairo_fill(page->cairo);
	cairo_set_source_rgb(page->cairo, 0, 0, 0);
	cairo_set_line_width(page->cairo, 0.5);
	cairo_rectangle(page->cairo, x, y, width, 44);
	cairo_stroke(page->cairo);
	draw_text(page, x, y + 46, width, 8, "bold", LEFT, 2, look->label);
	snprintf(figures, sizeof figures, "L* %.1f\na* %.1f\nb* %.1f%s", look->lab.l, look->lab.a,
		 look->lab.b, srgb->clipped ? "\n(not shown true)" : "");
	draw_text(page, x, y + 67, width, 8.5, "", LEFT, 4, figures);
}

static enum status draw_swatches(const struct page *page, double y, struct error *err)
{
	const struct recipe *recipe = page->recipe;
	int count = recipe->predicted.look_count;
	struct lab pcs[RECIPE_LOOKS_MAX] = {{0}};
	struct srgb srgb[RECIPE_LOOKS_MAX];
	double gap = 6, width;

	if (count == 0)
		return STATUS_OK;
	width = fmin((INNER - gap * (count - 1)) / count, 110);
	for (int i = 0; i < count; i++)
		pcs[i] = recipe->predicted.look[i].pcs_lab;
	if (srgb_from_pcs_lab(srgb, pcs, count, err))
		return err->status;
	for (int i = 0; i < count; i++)
		draw_swatch(page, MARGIN + i * (width + gap), y, width, &recipe->predicted.look[i],
			    &srgb[i]);
	return STATUS_OK;
}

static void draw_accuracy(const struct page *page, double y)
{
	const struct recipe *recipe = page->recipe;
	const double *technique = recipe->brief.technique.value;
	struct text line = {0};

	text_addf(&line, "ΔE00 %.2f close up", recipe->predicted.de00);
	if (brief_in_skin(&recipe->brief))
		text_addf(&line, ", %.2f from arm's length", recipe->predicted.de00_field);
	text_adds(&line, "  (");
	words_condition(&line, recipe);
	text_adds(&line, ")");
	if (recipe->brief.light_count > 1) {
		text_adds(&line, "\nChange with the light: ");
		words_metamerism(&line, recipe);
	}
	if (brief_in_skin(&recipe->brief))
		text_addf(&line, "\nDots %.2f mm healed, %.0f per cm², %.2f mm deep",
			  technique[TECHNIQUE_DOT_HEALED_MM], technique[TECHNIQUE_DOTS_PER_CM2],
			  technique[TECHNIQUE_DEPTH_MM]);
	if (!text_failed(&line))
		draw_text(page, MARGIN, y, INNER, 9.5, "", LEFT, 4, line.data);
	text_clear(&line);
}

static void draw_box(const struct page *page, double x, double y, double width, double height,
		     const char *label)
{
	cairo_set_line_width(page->cairo, 0.8);
	cairo_rectangle(page->cairo, x, y, width, height);
	cairo_stroke(page->cairo);
	draw_text(page, x + 4, y + 3, width - 8, 8, "", LEFT, 1, label);
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
		draw_text(page, MARGIN, y + 47, INNER, 7, "", LEFT, 1, line.data);
	text_clear(&line);
}

static enum status draw_page(const struct page *page, struct error *err)
{
	const double foot = PAGE_HEIGHT - MARGIN - 56, accuracy = foot - 46,
		     swatches = accuracy - 112;
	double y;

	cairo_set_source_rgb(page->cairo, 1, 1, 1);
	cairo_paint(page->cairo);
	cairo_set_source_rgb(page->cairo, 0, 0, 0);
	y = draw_heading(page, MARGIN - 6);
	y = draw_notice(page, y);
	draw_doses(page, y, swatches - 8);
	if (draw_swatches(page, swatches, err))
		return err->status;
	draw_accuracy(page, accuracy);
	draw_foot(page, foot);
	cairo_show_page(page->cairo);
	return STATUS_OK;
}

/* --- formats ---------------------------------------------------------------------------------- */

enum status card_format_of(enum card_format *format, const char *path, struct error *err)
{
	static const struct {
		const char *ending;
		enum card_format format;
	} known[] = {
		{".txt", CARD_TEXT}, {".pdf", CARD_PDF}, {".png", CARD_PNG}, {".svg", CARD_SVG}};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof known / sizeof *known; i++)
		if (text_same(dot, known[i].ending)) {
			*format = known[i].format;
			return STATUS_OK;
		}
	return error_set(err, STATUS_REFUSED,
			 "%s: a card can be written as .pdf, .png, .svg or .txt", path);
}

static cairo_status_t add_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	struct text *out = closure;

	text_add(out, (const char *)bytes, length);
	return text_failed(out) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *create_surface(struct text *out, const struct recipe *recipe,
				       enum card_format format)
{
	cairo_surface_t *surface;

	if (format == CARD_PNG)
		return cairo_image_surface_create(CAIRO_FORMAT_RGB24,
						  (int)ceil(PAGE_WIDTH * PNG_DPI / 72),
						  (int)ceil(PAGE_HEIGHT * PNG_DPI / 72));
	if (format == CARD_SVG)
		return cairo_svg_surface_create_for_stream(add_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
	surface = cairo_pdf_surface_create_for_stream(add_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
				       *recipe->stamp.name ? recipe->stamp.name : "Recipe");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, recipe->stamp.made);
	return surface;
}

static enum status draw_picture(struct text *out, const struct recipe *recipe,
				enum card_format format, struct error *err)
{
	cairo_surface_t *surface = create_surface(out, recipe, format);
	struct page page = {cairo_create(surface), recipe};
	enum status status;

	if (format == CARD_PNG)
		cairo_scale(page.cairo, PNG_DPI / 72, PNG_DPI / 72);
	status = draw_page(&page, err);
	cairo_destroy(page.cairo);
	if (!status && format == CARD_PNG)
		cairo_surface_write_to_png_stream(surface, add_bytes, out);
	cairo_surface_finish(surface);
	if (!status && (cairo_surface_status(surface) || out->length == 0))
		status = error_set(err, STATUS_ENVIRONMENT, "the card could not be drawn: %s",
				   cairo_status_to_string(cairo_surface_status(surface)));
	cairo_surface_destroy(surface);
	return status;
}

enum status card_draw(struct text *out, const struct recipe *recipe, enum card_format format,
		      struct error *err)
{
	enum status status = STATUS_OK;

	*out = (struct text){0};
	if (format == CARD_TEXT)
		words_card(out, recipe);
	else
		status = draw_picture(out, recipe, format, err);
	if (!status && text_failed(out))
		status = error_memory(err);
	if (status)
		text_clear(out);
	return status;
}
