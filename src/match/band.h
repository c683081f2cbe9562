/* The error band: how far from its predicted colour a mix may come out.
 *
 * What is not sure is drawn at random, many times, and the mix predicted again each time:
 *
 *	readings	as far as their repeats were apart; of one reading 1 dE00, in the middle of the 0.5
 *			to 1.4 that studies give for skin
 *	drops		half a drop more or less, evenly, of each pigment and of the diluent
 *	pigments	as strong as their calibration left open
 *	technique	each parameter in its stated range, which holds 95 % of practice
 *
 * The band is the dE00 that 95 % of them stay within. The draws are always the same ones, so a band is
 * repeatable to the bit, and recipes of one list are compared on the same draws. 256 draws put the 95 %
 * point within about a tenth of itself.
 */
#ifndef MATCH_BAND_H
#define MATCH_BAND_H

#include "match/scene.h"

struct error_band {
	double de00;       /* of the dot or drawdown */
	double de00_field; /* of the patch against the natural field, in skin only */
};

/* Of a reading of skin that was not repeated, dE00: the middle of the 0.5 to 1.4 that studies with good
 * instruments give. */
#define READING_ERROR_ASSUMED 1.0

/* Standard deviation, in dE00, of the mean of repeats: their spread is the mean distance from the mean, which is
 * 0.8 deviations. */
double repeats_error_de00(const struct repeats *repeats);

/* Of the mix of these amounts (in the line's unit, by pigment; of the diluent in drops), which
 * pigment_line_shares() takes. */
enum status error_band(struct error_band *band, const struct scene *scene,
		       const struct brief *brief, const double *amount, double diluent_drops,
		       struct error *err);

/* Adds what had to be assumed. */
void error_band_note(const struct scene *scene, const struct brief *brief, struct notes *notes);

#endif
