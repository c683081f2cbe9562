/* A reading from an instrument, by ArgyllCMS's program `spotread` (Debian package argyll), which runs once
 * for each reading (-O) and whose printed words are read here.
 *
 * The spectrum is taken as printed, in percent to three decimals, finer than any instrument repeats. The
 * Lab that spotread prints is kept as the reading's stated colour, and a spectrum that does not have that
 * colour is refused.
 */
#ifndef FORMATS_SPOTREAD_H
#define FORMATS_SPOTREAD_H

#include "base/notes.h"
#include "colour/reading.h"

enum spotread_outcome {
	SPOTREAD_READING,
	SPOTREAD_CALIBRATED, /* it calibrated itself instead of reading */
	SPOTREAD_NEEDS_CALIBRATION,
	SPOTREAD_AGAIN, /* misread, wrong position, communication: `why` says it */
};

struct spotread_answer {
	enum spotread_outcome outcome;
	struct reading reading; /* conditions: instrument, mode, light of the stated colour */
	char why[256];
};

/* Runs spotread once: to calibrate on the white tile, or to read a spot. `mode` is "M0".."M3" or "". One
 * line where there is no program (STATUS_ENVIRONMENT), no instrument, or no answer within the limit. */
enum status spotread_run(struct spotread_answer *answer, bool calibrate, const char *mode,
			 double time_limit_s, struct error *err);

/* What it printed, for tests. */
enum status spotread_parse(struct spotread_answer *answer, char *output, struct error *err);

#endif
