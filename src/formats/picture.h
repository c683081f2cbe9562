/* A region of a photograph or scan: PNG, JPEG or TIFF, by gdk-pixbuf, 8 bits a channel, turned as its
 * orientation tag says, so that coordinates are those that a viewer shows.
 */
#ifndef FORMATS_PICTURE_H
#define FORMATS_PICTURE_H

#include "base/error.h"
#include "base/text.h"

struct picture_region {
	int x, y, width, height; /* pixels from the top left; width 0: all of it */
};

struct picture {
	int width, height;   /* of the region */
	struct text pixels;  /* red, green, blue of each, row by row */
	struct text profile; /* the embedded ICC profile; empty where there is none */
	bool srgb;           /* a PNG that says it is sRGB, without a profile */
};

/* "X,Y,W,H". */
bool picture_region_read(struct picture_region *region, const char *words);

/* True where a file's first bytes are those of a PNG, JPEG or TIFF; and which: "png", "jpeg", "tiff" or "". */
bool picture_recognise(const char *bytes, size_t length);
const char *picture_kind(const char *bytes, size_t length);

/* In pixels.c. Refuses a region outside the picture, transparent pixels in it, and pictures that are far larger than
 * the bytes they come in. To be cleared. */
enum status picture_read(struct picture *out, const struct text *bytes,
			 const struct picture_region *region, const char *path, struct error *err);
void picture_clear(struct picture *picture);

#endif
