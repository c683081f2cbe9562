/* A camera, scanner, display or printer, known by its ICC profile: what its values look like, and with
 * which of its values a colour is shown.
 *
 * NULL bytes are sRGB. Colours are ICC PCS Lab (D50, 2 degree). Values are 0..1: red, green and blue, or a grey, or shares of
 * ink in the order of the profile. Transforms are LittleCMS's.
 *
 *	device_open(&device, bytes, length, "camera.icc", DEVICE_LOOKED_AT, INTENT_RELATIVE, &err);
 *	device_look(&lab, device, value);  or  device_show(&shown, device, &lab);
 *	device_close(device);
 */
#ifndef COLOUR_DEVICE_H
#define COLOUR_DEVICE_H

#include "base/error.h"
#include "colour/lab.h"

#include <stdbool.h>
#include <stddef.h>

/* ICC.1 §6.2, in the order of its codes. */
enum rendering_intent {
	INTENT_PERCEPTUAL,
	INTENT_RELATIVE,
	INTENT_SATURATION,
	INTENT_ABSOLUTE,
	INTENTS
};
extern const char *const rendering_intent_names[INTENTS]; /* "perceptual", "relative" … */

/* DEVICE_PRINTING shows too, and is a printer for sure: other profiles are refused. */
enum device_use { DEVICE_LOOKED_AT, DEVICE_SHOWING, DEVICE_PRINTING };
enum { DEVICE_CHANNELS_MAX = 4 };

struct device;

/* Opens a profile for one use. `path` is for messages. Refuses what is no ICC profile or a damaged one,
 * links, named and abstract colours, other spaces than RGB, grey and CMYK, and a profile that does not
 * work in that direction. */
enum status device_open(struct device **out, const void *profile, size_t length, const char *path,
			enum device_use use, enum rendering_intent intent, struct error *err);
void device_close(struct device *device);

/* The profile's own bytes; *length 0 for the built-in sRGB. Borrowed. */
const void *device_profile(const struct device *device, size_t *length);

/* The same, to stand in a picture: of the built-in sRGB its bytes too, always the same ones. */
const void *device_picture_profile(const struct device *device, size_t *length);

/* "RGB", "grey" or "CMYK", and how many values that is. */
const char *device_space(const struct device *device);
int device_channels(const struct device *device);

/* What the profile calls itself; printable, may be empty. */
const char *device_name(const struct device *device);

/* What `value` looks like. For DEVICE_LOOKED_AT. */
void device_look(struct lab *pcs, const struct device *device, const double *value);

/* How a colour is shown. It counts as out of gamut where the nearest that the device has by its
 * colorimetric tables (relative to its white, or absolute where the intent is absolute) is more than DEVICE_MISS_MATRIX from it, or DEVICE_MISS_TABLE where the profile holds
 * tables, which by themselves are off by about 1. */
#define DEVICE_MISS_MATRIX 1.0
#define DEVICE_MISS_TABLE 2.0
struct shown_colour {
	double value[DEVICE_CHANNELS_MAX]; /* 0..1, clipped */
	struct lab nearest;                /* what the device has, by its colorimetric tables */
	double missed_de00;                /* from there to what was asked */
	bool out_of_gamut;
};
void device_show(struct shown_colour *out, const struct device *device, const struct lab *pcs);

/* The same for a picture on an RGB device whose profile is a matrix and curves, as sRGB's is; colorimetric. `xyz` under
 * D50 (Y of white 1) three by three, row after row, to red, green and blue of 0 to 255. What lies between two values is
 * shown as some pixels of the one and some of the other, so that areas keep their average and no edge stands where there
 * is none. What is out of gamut is clipped; returns how many pixels were. */
size_t device_show_picture(unsigned char *rgb, const struct device *device, const float *xyz,
			   int width, int height);

#endif
