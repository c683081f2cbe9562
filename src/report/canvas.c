#include "report/canvas.h"

#include "colour/device.h"
#include "report/language.h"
#include "report/pdf.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PNG_DPI (72.0 / CANVAS_PIXEL)
#define FONT "DejaVu Sans"

static cairo_status_t add_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	struct text *out = closure;

	text_add(out, (const char *)bytes, length);
	return text_failed(out) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *create_surface(struct canvas *canvas, double width, double height,
				       const char *title, const char *made)
{
	cairo_surface_t *surface;

	if (canvas->format == PICTURE_PNG)
		return cairo_image_surface_create(CAIRO_FORMAT_RGB24,
						  (int)ceil(width * PNG_DPI / 72),
						  (int)ceil(height * PNG_DPI / 72));
	if (canvas->format == PICTURE_SVG)
		return cairo_svg_surface_create_for_stream(add_bytes, &canvas->bytes, width,
							   height);
	surface = cairo_pdf_surface_create_for_stream(add_bytes, &canvas->bytes, width, height);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
	return surface;
}

void canvas_open(struct canvas *canvas, enum picture_format format, double width, double height,
		 const char *title, const char *made)
{
	*canvas = (struct canvas){.format = format, .width = width, .height = height};
	canvas->surface = create_surface(canvas, width, height, title, made);
	canvas->cairo = cairo_create(canvas->surface);
	if (format == PICTURE_PNG)
		cairo_scale(canvas->cairo, PNG_DPI / 72, PNG_DPI / 72);
	cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
	if (format != PICTURE_PDF) /* its paper is white, and Lab is painted below */
		cairo_paint(canvas->cairo);
	cairo_set_source_rgb(canvas->cairo, 0, 0, 0);
	figures_begin(&canvas->figures);
}

void canvas_tag(struct canvas *canvas, const void *profile, size_t length)
{
	canvas->profile = profile;
	canvas->profile_length = length;
}

static void draw_proof_line(const struct canvas *canvas)
{
	struct text words = {0};

	if (!canvas->printer)
		return;
	text_addf(&words,
		  canvas->format == PICTURE_PDF
			  ? _("Proof for %s: what it cannot print is marked.")
			  : _("Proof: the colours that %s prints; what it cannot is marked."),
		  *device_name(canvas->printer) ? device_name(canvas->printer) : _("this printer"));
	if (!text_failed(&words))
		canvas_text(canvas, 9, canvas->height - 11, canvas->width - 18, 6, "", CENTRE, 1,
			    words.data);
	text_clear(&words);
}

void canvas_next_page(struct canvas *canvas)
{
	draw_proof_line(canvas);
	canvas->page++;
	cairo_show_page(canvas->cairo);
	cairo_set_source_rgb(canvas->cairo, 0, 0, 0);
}

int canvas_outline(struct canvas *canvas, int below, const char *words)
{
	char place[48];

	if (canvas->format != PICTURE_PDF)
		return 0;
	snprintf(place, sizeof place, "page=%d pos=[0 0]", canvas->page + 1);
	return cairo_pdf_surface_add_outline(canvas->surface, below, words, place,
					     CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

/* --- colours ---------------------------------------------------------------------------------- */

/* sRGB is what the page's own values are of. */
static bool open_screen(struct canvas *canvas)
{
	if (!canvas->screen && !canvas->trouble.status)
		device_open(&canvas->screen, NULL, 0, "sRGB", DEVICE_SHOWING, INTENT_RELATIVE,
			    &canvas->trouble);
	return canvas->screen;
}

static void keep_swatch(struct canvas *canvas, const struct pdf_swatch *swatch)
{
	struct pdf_swatch *grown =
		realloc(canvas->swatch, (size_t)(canvas->swatches + 1) * sizeof *grown);

	if (!grown) {
		error_memory(&canvas->trouble);
		return;
	}
	canvas->swatch = grown;
	grown[canvas->swatches++] = *swatch;
}

void canvas_proof(struct canvas *canvas, const struct device *printer)
{
	canvas->printer = printer;
}

/* As it stands on the page, whatever the drawing is scaled by. */
static void fill_in_lab(struct canvas *canvas, double x, double y, double width, double height,
			const struct lab *pcs_lab)
{
	cairo_user_to_device(canvas->cairo, &x, &y);
	cairo_user_to_device_distance(canvas->cairo, &width, &height);
	keep_swatch(canvas, &(struct pdf_swatch){canvas->page, x, y, width, height, *pcs_lab});
}

static void fill_as_shown(const struct canvas *canvas, double x, double y, double width,
			  double height, const struct shown_colour *shown)
{
	cairo_set_source_rgb(canvas->cairo, shown->value[0], shown->value[1], shown->value[2]);
	cairo_rectangle(canvas->cairo, x, y, width, height);
	cairo_fill(canvas->cairo);
	cairo_set_source_rgb(canvas->cairo, 0, 0, 0);
}

/* Black on white in the swatch's foot: seen in black and white as well. */
static void mark_missed(const struct canvas *canvas, double x, double y, double width,
			double height, double missed_de00)
{
	const double foot = 0.45 * height;
	char words[96];

	snprintf(words, sizeof words, _("not printable: dE00 %.1f off"), missed_de00);
	cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
	cairo_rectangle(canvas->cairo, x, y + height - foot, width, foot);
	cairo_fill(canvas->cairo);
	cairo_set_source_rgb(canvas->cairo, 0, 0, 0);
	canvas_text_in(canvas, (struct canvas_box){x + 2, y + height - foot, width - 4, foot}, 7.5,
		       2, "bold", CENTRE, 4, words);
}

bool canvas_swatch(struct canvas *canvas, double x, double y, double width, double height,
		   const struct lab *pcs_lab)
{
	struct shown_colour shown, printed = {.nearest = *pcs_lab};

	if (!open_screen(canvas))
		return false;
	if (canvas->printer)
		device_show(&printed, canvas->printer, pcs_lab);
	device_show(&shown, canvas->screen, &printed.nearest);
	if (canvas->format == PICTURE_PDF)
		fill_in_lab(canvas, x, y, width, height, pcs_lab);
	else
		fill_as_shown(canvas, x, y, width, height, &shown);
	if (printed.out_of_gamut)
		mark_missed(canvas, x, y, width, height, printed.missed_de00);
	return !shown.out_of_gamut;
}

/* --- what a PNG's values are of ---------------------------------------------------------------- */

enum { PNG_HEADER_BYTES = 33 }; /* signature and IHDR, ISO/IEC 15948 §5 */

static void add_big_endian(struct text *out, unsigned long value)
{
	for (int i = 3; i >= 0; i--)
		text_add(out, (const char[]){(char)(value >> (8 * i))}, 1);
}

static void add_chunk(struct text *out, const char *name, const void *content, size_t length)
{
	uLong sum = crc32(crc32(0, NULL, 0), (const Bytef *)name, 4);

	add_big_endian(out, length);
	text_add(out, name, 4);
	text_add(out, content, length);
	add_big_endian(out, crc32(sum, content, (uInt)length));
}

/* cairo writes none of this, and an untagged picture is shown as anybody likes. */
static void tag_png(struct canvas *canvas)
{
	static const char name[] = "profile\0"; /* its end, and method 0: deflate */
	uLongf room = compressBound((uLong)canvas->profile_length);
	struct text tagged = {0}, packed = {0};
	Bytef *deflated = malloc(room);

	if (!deflated || canvas->bytes.length < PNG_HEADER_BYTES) {
		canvas->bytes.failed = true;
		free(deflated);
		return;
	}
	text_add(&tagged, canvas->bytes.data, PNG_HEADER_BYTES);
	if (canvas->profile &&
	    compress(deflated, &room, canvas->profile, (uLong)canvas->profile_length) == Z_OK) {
		text_add(&packed, name, sizeof name);
		text_add(&packed, (const char *)deflated, room);
		add_chunk(&tagged, "iCCP", packed.data, packed.length);
	} else {
		add_chunk(&tagged, "sRGB", "\1", 1); /* relative colorimetric */
	}
	text_add(&tagged, canvas->bytes.data + PNG_HEADER_BYTES,
		 canvas->bytes.length - PNG_HEADER_BYTES);
	tagged.failed |= packed.failed;
	text_clear(&packed);
	text_clear(&canvas->bytes);
	canvas->bytes = tagged;
	free(deflated);
}

/* SVG's own values are sRGB (SVG 1.1 §12.3); the profile is named in it for those who look. */
static void tag_svg(struct canvas *canvas)
{
	gchar *digits = g_base64_encode(canvas->profile, canvas->profile_length);
	char *start = canvas->bytes.data ? strstr(canvas->bytes.data, "<svg") : NULL;
	char *end = start ? strchr(start, '>') : NULL;
	struct text tagged = {0};

	if (end && canvas->profile) {
		text_add(&tagged, canvas->bytes.data, (size_t)(end + 1 - canvas->bytes.data));
		text_addf(&tagged,
			  "\n<color-profile name=\"sRGB\" xlink:href=\""
			  "data:application/vnd.iccprofile;base64,%s\"/>",
			  digits);
		text_adds(&tagged, end + 1);
		text_clear(&canvas->bytes);
		canvas->bytes = tagged;
	}
	g_free(digits);
}

enum status canvas_close(struct canvas *canvas, struct text *out, struct error *err)
{
	enum status status = STATUS_OK;

	draw_proof_line(canvas);
	figures_end(&canvas->figures);
	cairo_show_page(canvas->cairo);
	cairo_destroy(canvas->cairo);
	if (canvas->format == PICTURE_PNG)
		cairo_surface_write_to_png_stream(canvas->surface, add_bytes, &canvas->bytes);
	cairo_surface_finish(canvas->surface);
	if (cairo_surface_status(canvas->surface) || canvas->bytes.length == 0)
		status = error_set(err, STATUS_ENVIRONMENT, "the picture could not be drawn: %s",
				   cairo_status_to_string(cairo_surface_status(canvas->surface)));
	if (!status && canvas->trouble.status)
		status = error_set(err, canvas->trouble.status, "%s", canvas->trouble.message);
	if (!status && !canvas->profile && open_screen(canvas))
		canvas->profile = device_picture_profile(canvas->screen, &canvas->profile_length);
	if (!status && canvas->format == PICTURE_PNG)
		tag_png(canvas);
	if (!status && canvas->format == PICTURE_SVG)
		tag_svg(canvas);
	if (!status && canvas->format == PICTURE_PDF)
		status = pdf_finish(&canvas->bytes, canvas->swatch, canvas->swatches,
				    canvas->height, canvas->profile, canvas->profile_length, err);
	if (!status && text_failed(&canvas->bytes))
		status = error_memory(err);
	cairo_surface_destroy(canvas->surface);
	free(canvas->swatch);
	device_close(canvas->screen);
	if (status)
		text_clear(&canvas->bytes);
	*out = canvas->bytes;
	return status;
}

void canvas_drop(struct canvas *canvas)
{
	figures_end(&canvas->figures);
	cairo_destroy(canvas->cairo);
	cairo_surface_finish(canvas->surface);
	cairo_surface_destroy(canvas->surface);
	free(canvas->swatch);
	device_close(canvas->screen);
	text_clear(&canvas->bytes);
}

/* --- lines ------------------------------------------------------------------------------------ */

void canvas_line(const struct canvas *canvas, double x1, double y1, double x2, double y2,
		 double line)
{
	cairo_set_line_width(canvas->cairo, line);
	cairo_move_to(canvas->cairo, x1, y1);
	cairo_line_to(canvas->cairo, x2, y2);
	cairo_stroke(canvas->cairo);
}

void canvas_frame(const struct canvas *canvas, double x, double y, double width, double height,
		  double line)
{
	cairo_set_line_width(canvas->cairo, line);
	cairo_rectangle(canvas->cairo, x, y, width, height);
	cairo_stroke(canvas->cairo);
}

/* --- pictures --------------------------------------------------------------------------------- */

void canvas_picture(const struct canvas *canvas, double x, double y, const unsigned char *rgb,
		    int width, int height)
{
	cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	unsigned char *to = cairo_image_surface_get_data(picture);
	int stride = cairo_image_surface_get_stride(picture);

	for (int row = 0; to && row < height; row++)
		for (int column = 0; column < width; column++, rgb += 3) {
			uint32_t pixel = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];

			memcpy(to + (ptrdiff_t)row * stride + 4 * (ptrdiff_t)column, &pixel,
			       sizeof pixel);
		}
	cairo_surface_mark_dirty(picture);
	cairo_save(canvas->cairo);
	cairo_translate(canvas->cairo, x, y);
	cairo_scale(canvas->cairo, CANVAS_PIXEL, CANVAS_PIXEL);
	cairo_set_source_surface(canvas->cairo, picture, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(canvas->cairo), CAIRO_FILTER_NEAREST);
	cairo_rectangle(canvas->cairo, 0, 0, width, height);
	cairo_fill(canvas->cairo);
	cairo_restore(canvas->cairo);
	cairo_surface_destroy(picture);
}

/* --- text ------------------------------------------------------------------------------------- */

static PangoLayout *create_layout(const struct canvas *canvas, double size, const char *weight,
				  const char *string)
{
	PangoLayout *layout = pango_cairo_create_layout(canvas->cairo);
	PangoFontDescription *font = pango_font_description_from_string(FONT);

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	if (strcmp(weight, "bold") == 0)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, string, -1);
	pango_font_description_free(font);
	return layout;
}

double canvas_text(const struct canvas *canvas, double x, double y, double width, double size,
		   const char *weight, enum alignment alignment, int lines, const char *string)
{
	PangoLayout *layout = create_layout(canvas, size, weight, string);
	int height;

	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_height(layout, -lines);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(layout, alignment == RIGHT    ? PANGO_ALIGN_RIGHT
					   : alignment == CENTRE ? PANGO_ALIGN_CENTER
								 : PANGO_ALIGN_LEFT);
	if (canvas->unknown)
		*canvas->unknown += pango_layout_get_unknown_glyphs_count(layout);
	cairo_move_to(canvas->cairo, x, y);
	pango_cairo_show_layout(canvas->cairo, layout);
	pango_layout_get_size(layout, NULL, &height);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

static bool fits(const struct canvas *canvas, const char *string, const char *weight, double size,
		 double width, double height, PangoWrapMode wrap)
{
	PangoLayout *layout = create_layout(canvas, size, weight, string);
	PangoRectangle extent;

	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, wrap);
	pango_layout_get_extents(layout, NULL, &extent);
	g_object_unref(layout);
	return (double)extent.width / PANGO_SCALE <= width &&
	       (double)extent.height / PANGO_SCALE <= height;
}

double canvas_fitting_size(const struct canvas *canvas, const char *string, const char *weight,
			   double width, double height, double most, double least)
{
	double size = most;

	while (size > least && !fits(canvas, string, weight, size, width, height, PANGO_WRAP_WORD))
		size -= 0.5;
	if (size > least)
		return size;
	for (size = most; /* then a word must be broken */
	     size > least &&
	     !fits(canvas, string, weight, size, width, height, PANGO_WRAP_WORD_CHAR);)
		size -= 0.5;
	return size;
}

double canvas_text_in(const struct canvas *canvas, struct canvas_box box, double most, double least,
		      const char *weight, enum alignment alignment, int lines, const char *string)
{
	const double size =
		canvas_fitting_size(canvas, string, weight, box.width, box.height, most, least);

	return canvas_text(canvas, box.x, box.y, box.width, size, weight, alignment, lines, string);
}

double canvas_text_height(const struct canvas *canvas, double width, double size,
			  const char *weight, const char *string)
{
	PangoLayout *layout = create_layout(canvas, size, weight, string);
	int height;

	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_get_size(layout, NULL, &height);
	g_object_unref(layout);
	return (double)height / PANGO_SCALE;
}

double canvas_text_width(const struct canvas *canvas, double size, const char *weight,
			 const char *string)
{
	PangoLayout *layout = create_layout(canvas, size, weight, string);
	int width;

	pango_layout_get_size(layout, &width, NULL);
	g_object_unref(layout);
	return (double)width / PANGO_SCALE;
}
