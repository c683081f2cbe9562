/* Colours of readings: one under one light, and many under several.
 *
 *	struct colorimeter meter = {.illuminant = …, .observer = …, .pcs_observer = (the 2 degree one)};
 *	colorimeter_measure(&colour, &meter, &reading, &err);
 */
#ifndef COLOUR_COLOURS_H
#define COLOUR_COLOURS_H

#include "base/text.h"
#include "colour/device.h"
#include "colour/reading.h"

/* One reading's colour under one light. */
struct reading_colour {
	struct xyz xyz;
	struct lab lab;
	struct lch lch;
	double ita_degrees;
	struct lab
		pcs_lab; /* D50, 2 degree: the same light seen by the 2 degree observer, adapted */
	bool estimated;  /* not from a spectrum, but adapted from PCS Lab */
};

/* Turns readings into colours under one stated light. Refuses a reading without spectrum, unless it is
 * the PCS Lab of a picture or RGB, which is adapted. Weights are built once per grid and kept
 * while the grid stays the same, so a file of thousands costs one build. */
struct colorimeter {
	const struct illuminant *illuminant;
	const struct observer *observer;
	const struct observer *pcs_observer;
	struct weights weights, pcs_weights; /* of the last grid; grid.count 0 before the first */
};
enum status colorimeter_measure(struct reading_colour *out, struct colorimeter *meter,
				const struct reading *reading, struct error *err);

/* Readings with the colour of each under each of some lights. Zero-initialise. */
enum { COLOURS_LIGHTS_MAX = 16 };
struct colours {
	struct reading_list readings;
	int light_count;
	struct {
		char illuminant[LIGHT_NAME_SIZE], observer[LIGHT_NAME_SIZE];
		struct reading_colour *item; /* one for each reading */
	} light[COLOURS_LIGHTS_MAX];
	struct {
		struct shown_colour *item; /* one for each reading; NULL: no device is asked for */
		char name[96], space[8];
		struct text profile; /* its bytes; length 0 for sRGB */
		int channels;
		enum rendering_intent intent;
	} shown;
};

/* Measures every reading under the meter's light, as the next of the colours' lights. */
enum status colours_measure(struct colours *colours, struct colorimeter *meter, struct error *err);

/* How a device that was opened by `intent` shows them: the PCS Lab under the first light. */
enum status colours_show(struct colours *colours, const struct device *device,
			 enum rendering_intent intent, struct error *err);
void colours_clear(struct colours *colours);

#endif
