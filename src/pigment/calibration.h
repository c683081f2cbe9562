/* K and S of a pigment from a ladder of its drawdowns.
 *
 * Each step is a film or an opaque drawdown of `share` of the pigment in a base, seen over one ground or
 * two. All steps are fitted at once, band by band: the K >= 0 and S >= 0 that make
 *
 *	sum over steps and views of (cbrt R(model) - cbrt R(measured))^2
 *
 * least, by Levenberg–Marquardt (cminpack) in ln K and ln S. The cube root is the eye's: equal steps of it
 * are about equal steps of L*, so dark steps count as much as light ones.
 *
 * Weighing errors of the steps are estimated jointly (P. Centore, "Estimating Kubelka–Munk coefficients
 * from measured reflectances with weighing errors", 2020): a factor for each step, drawn towards 1 by
 * its standard deviation, so that it moves only as far as all bands together ask for.
 *
 * What the readings do not tell of S in a band is taken from the bands around it.
 *
 * With opaque steps only the scale of K and S is free in every band: the base's S is 1 there, and K and S
 * are relative to it.
 */
#ifndef PIGMENT_CALIBRATION_H
#define PIGMENT_CALIBRATION_H

#include "base/error.h"
#include "colour/tristimulus.h"
#include "pigment/pigment.h"
#include "pigment/surface.h"

enum {
	LADDER_STEPS_MAX = 32,
	LADDER_VIEWS_MAX = 2,
	LADDER_REASONS_MAX = 8,
	LADDER_REASON_SIZE = 192
};

/* What the estimates rest on, as standard deviations: how far a drawdown is off what the model says of it (the
 * reading, the film and the model itself), and a weighing error; both relative. The first is chosen: with
 * 0.2 % ladders of 1 % noise were followed into their noise, with 1 % those of 0.2 % lost nothing. The second is
 * half a graduation of a balance of 0.01 g on half a gram. */
#define LADDER_NOISE 0.01
#define LADDER_WEIGHING_ERROR 0.01

struct ladder_step {
	double amount;       /* in the sheet's unit, for messages */
	double share;        /* of the pigment in the mix, above 0 to 1 */
	double thickness_mm; /* of the film; 0: opaque */
	int views;           /* 1, or 2 over white and black */
	double spread_de00;  /* of repeated readings; 0 for one */
	double measured[LADDER_VIEWS_MAX][SPECTRUM_SAMPLES_MAX];
	double ground[LADDER_VIEWS_MAX][SPECTRUM_SAMPLES_MAX]; /* of films only; without surface */
};

struct ladder {
	char id[PIGMENT_ID_SIZE];
	int count;
	struct ladder_step step[LADDER_STEPS_MAX];
};

/* What all ladders of a sheet share. */
struct ladder_frame {
	struct grid grid;
	struct surface surface; /* k1 as the readings have it */
	double k_base[SPECTRUM_SAMPLES_MAX], s_base[SPECTRUM_SAMPLES_MAX];
	struct weights weights; /* for differences of colour */
};

struct ladder_fit {
	double k[SPECTRUM_SAMPLES_MAX],
		s[SPECTRUM_SAMPLES_MAX];      /* of the pigment itself, share 1 */
	double step_de00[LADDER_STEPS_MAX];   /* model against reading, the worst view */
	double step_factor[LADDER_STEPS_MAX]; /* estimated amount / stated */
	int checks; /* readings beyond the two that a band needs; 0: nothing was checked */
	double leave_one_out_de00; /* mean; each step predicted by the others. 0 without checks */
	bool trusted;
	int reasons; /* why not, or what to know */
	char reason[LADDER_REASONS_MAX][LADDER_REASON_SIZE];
};

/* Fits one ladder. Refuses one without steps, and where two readings a band are not there. */
enum status ladder_fit(struct ladder_fit *fit, const struct ladder *ladder,
		       const struct ladder_frame *frame, struct error *err);

/* What the model gives for one view of a step, with the surface. */
double ladder_reflectance(const struct ladder_step *step, int view, int band, double k, double s,
			  double factor, const struct ladder_frame *frame);

/* K and S of a base of that opaque reading: S is 1. Refuses a reading below the surface reflection. */
enum status ladder_base(struct ladder_frame *frame, const double *measured, const char *name,
			struct error *err);

/* "warm", "neutral" or "cool": whether a twentieth of the pigment turns the base towards yellow or blue.
 * Of a clear base the white ground's own tint is what is turned. */
const char *hue_bias(const struct ladder_fit *fit, const struct ladder_frame *frame);

#endif
