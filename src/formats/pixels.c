#include "formats/picture.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

/* The largest cameras; and a flat scan shrinks a thousandfold, hardly more. */
#define PIXELS_MOST 120e6
#define PIXELS_PER_BYTE 1000.0
#define PIXELS_ALWAYS 1e6

/* gdk-pixbuf takes the pixels that a cut PNG or JPEG lacks for black and says nothing. A PNG is a list
 * of chunks, length and name first, that ends with IEND (ISO/IEC 15948 §5); a JPEG's last scan ends with
 * the marker EOI, and inside a scan 0xff is always followed by something else (ITU T.81 §B.1.1). */
static bool is_whole_png(const unsigned char *c, size_t length, bool *srgb)
{
	size_t at = 8;

	while (at + 12 <= length) {
		size_t chunk = (size_t)c[at] << 24 | (size_t)c[at + 1] << 16 |
			       (size_t)c[at + 2] << 8 | c[at + 3];

		if (chunk > length - at - 12)
			return false;
		*srgb |= memcmp(c + at + 4, "sRGB", 4) == 0;
		if (memcmp(c + at + 4, "IEND", 4) == 0)
			return true;
		at += 12 + chunk;
	}
	return false;
}

static bool is_whole_jpeg(const unsigned char *c, size_t length)
{
	bool whole = false;

	for (size_t i = 0; i + 1 < length; i++)
		if (c[i] == 0xff && (c[i + 1] == 0xd9 || c[i + 1] == 0xda))
			whole = c[i + 1] == 0xd9;
	return whole;
}

static bool is_whole(const char *kind, const struct text *bytes, bool *srgb)
{
	const unsigned char *c = (const unsigned char *)bytes->data;

	return *kind == 'p'   ? is_whole_png(c, bytes->length, srgb)
	       : *kind == 'j' ? is_whole_jpeg(c, bytes->length)
			      : true;
}

struct limit {
	double pixels;
	bool exceeded;
};

/* A size of nothing makes gdk-pixbuf give up before it takes memory. */
static void check_size(GdkPixbufLoader *loader, int width, int height, gpointer data)
{
	struct limit *limit = data;

	if ((double)width * height > limit->pixels) {
		limit->exceeded = true;
		gdk_pixbuf_loader_set_size(loader, 0, 0);
	}
}

static GdkPixbuf *decode(const struct text *bytes, bool *srgb, const char *path, struct error *err)
{
	struct limit limit = {PIXELS_PER_BYTE * (double)bytes->length + PIXELS_ALWAYS, false};
	const char *kind = picture_kind(bytes->data, bytes->length);
	GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type(kind, NULL);
	GdkPixbuf *pixbuf = NULL;
	GError *error = NULL;
	bool whole = is_whole(kind, bytes, srgb);

	if (!loader) {
		error_set(err, STATUS_ENVIRONMENT, "gdk-pixbuf cannot read %s here", kind);
		return NULL;
	}
	if (limit.pixels > PIXELS_MOST)
		limit.pixels = PIXELS_MOST;
	g_signal_connect(loader, "size-prepared", G_CALLBACK(check_size), &limit);
	whole = gdk_pixbuf_loader_write(loader, (const guchar *)bytes->data, bytes->length,
					&error) &&
		whole;
	whole = gdk_pixbuf_loader_close(loader, error ? NULL : &error) && whole;
	if (whole && gdk_pixbuf_loader_get_pixbuf(loader))
		pixbuf = g_object_ref(gdk_pixbuf_loader_get_pixbuf(loader));
	else if (limit.exceeded)
		error_set(err, STATUS_REFUSED,
			  "%s: a picture of more than %.0f million pixels, too many for its %zu "
			  "bytes",
			  path, limit.pixels / 1e6, bytes->length);
	else
		error_set(err, STATUS_REFUSED, "%s: a damaged picture (%s)", path,
			  error ? error->message : "cut short");
	g_clear_error(&error);
	g_object_unref(loader);
	return pixbuf;
}

static enum status take_pixels(struct picture *out, const GdkPixbuf *pixbuf,
			       const struct picture_region *region, const char *path,
			       struct error *err)
{
	int channels = gdk_pixbuf_get_n_channels(pixbuf);
	size_t stride = (size_t)gdk_pixbuf_get_rowstride(pixbuf);
	const guint8 *pixels = gdk_pixbuf_read_pixels(pixbuf);

	for (int y = region->y; y < region->y + region->height; y++)
		for (int x = region->x; x < region->x + region->width; x++) {
			const guint8 *pixel =
				pixels + (size_t)y * stride + (size_t)x * (size_t)channels;

			if (channels == 4 && pixel[3] != 255)
				return error_set(err, STATUS_REFUSED,
						 "%s: the pixel at %d,%d is transparent", path, x,
						 y);
			text_add(&out->pixels, (const char *)pixel, 3);
		}
	return text_failed(&out->pixels) ? error_memory(err) : STATUS_OK;
}

static enum status take_profile(struct picture *out, GdkPixbuf *pixbuf, struct error *err)
{
	const char *encoded = gdk_pixbuf_get_option(pixbuf, "icc-profile");
	gsize length = 0;
	guchar *profile = encoded ? g_base64_decode(encoded, &length) : NULL;

	if (profile)
		text_add(&out->profile, (const char *)profile, length);
	g_free(profile);
	return text_failed(&out->profile) ? error_memory(err) : STATUS_OK;
}

enum status picture_read(struct picture *out, const struct text *bytes,
			 const struct picture_region *region, const char *path, struct error *err)
{
	struct picture_region taken = *region;
	GdkPixbuf *stored, *pixbuf;
	enum status status;
	int width, height;

	*out = (struct picture){0};
	stored = decode(bytes, &out->srgb, path, err);
	if (!stored)
		return err->status;
	status = take_profile(out, stored, err); /* what is turned has lost it */
	pixbuf = gdk_pixbuf_apply_embedded_orientation(stored);
	g_object_unref(stored);
	width = gdk_pixbuf_get_width(pixbuf);
	height = gdk_pixbuf_get_height(pixbuf);
	if (taken.width == 0)
		taken = (struct picture_region){0, 0, width, height};
	if (taken.x >= width || taken.width > width - taken.x || taken.y >= height ||
	    taken.height > height - taken.y) {
		status =
			error_set(err, STATUS_REFUSED,
				  "%s: the region %d,%d,%d,%d is not inside the picture of %d by "
				  "%d pixels",
				  path, taken.x, taken.y, taken.width, taken.height, width, height);
	} else {
		out->width = taken.width;
		out->height = taken.height;
		if (!status)
			status = take_pixels(out, pixbuf, &taken, path, err);
	}
	g_object_unref(pixbuf);
	if (status)
		picture_clear(out);
	return status;
}
