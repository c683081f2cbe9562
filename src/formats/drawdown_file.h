/* Drawdown sheets (libconfig, format "follitone-drawdowns", version 1): which reading is which amount of
 * which pigment, in what base and over what ground. profiles/README.md shows one.
 *
 * The sheet names its reading files relative to itself; none outside its folder is opened.
 */
#ifndef FORMATS_DRAWDOWN_FILE_H
#define FORMATS_DRAWDOWN_FILE_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"
#include "pigment/pigment.h"

enum { SHEET_STEPS_MAX = 1024 };

struct sheet_step {
	int pigment;                     /* of sheet.pigment */
	double amount, thickness_mm;     /* thickness 0: opaque */
	char reading[READING_NAME_SIZE]; /* opaque, or over the white ground */
	char over_black[READING_NAME_SIZE];
	int line; /* in the sheet */
};

struct drawdown_sheet {
	char path[READING_FILE_SIZE];
	char line[PIGMENT_TEXT_SIZE];
	enum dose_unit unit;
	double base_drops; /* of unit "drops": of the base that the drops go into */
	enum specular specular;
	bool opaque;
	char ground_white[READING_NAME_SIZE], ground_black[READING_NAME_SIZE];
	struct bottle base;
	char base_reading[READING_NAME_SIZE]; /* empty: a clear base, K = S = 0 */
	struct pigment_label
		*pigment; /* what is known of each pigment; in the order of their steps */
	int pigments;
	struct sheet_step *step;
	int steps;
	struct reading_list readings; /* of all files */
};

/* To be cleared with drawdown_sheet_clear(). */
enum status drawdown_sheet_read(struct drawdown_sheet *sheet, const char *path, struct notes *notes,
				struct error *err);
/* The same of a text; `path` says where it is from, and so where its reading files are. */
enum status drawdown_sheet_parse(struct drawdown_sheet *sheet, struct text *text, const char *path,
				 struct notes *notes, struct error *err);
void drawdown_sheet_clear(struct drawdown_sheet *sheet);

#endif
