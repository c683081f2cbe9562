/* Matter that is dosed: pigments, their diluent or base, and the line they belong to.
 *
 * K and S are per mm of the undiluted pigment, on the line's grid, >= 0; of a line that was calibrated
 * from opaque drawdowns they are relative to the base, whose S is 1 in every band. A mix of shares c_i
 * has K = sum c_i K_i and S = sum c_i S_i, the diluent being one of the i. Shares are of volume where a
 * line is dosed in drops or volumes, of mass where it is weighed.
 */
#ifndef PIGMENT_PIGMENT_H
#define PIGMENT_PIGMENT_H

#include "base/clock.h"
#include "base/digest.h"
#include "pigment/surface.h"

enum {
	PIGMENT_ID_SIZE = 32,
	PIGMENT_TEXT_SIZE = 96,
	LINE_PIGMENTS_MAX = 128, /* the largest lines on sale hold about 60 */
};

/* What is printed on the bottle. */
struct bottle {
	char id[PIGMENT_ID_SIZE]; /* lower-case letters, digits and '-': names it in commands and recipes */
	char name[PIGMENT_TEXT_SIZE];
	char maker[PIGMENT_TEXT_SIZE];
	char shade[PIGMENT_TEXT_SIZE];
	char lot[PIGMENT_TEXT_SIZE];
	char expiry[PIGMENT_TEXT_SIZE]; /* 2027-06-30, or empty */
	double drops_per_ml;
};

#define USUAL_DROPS_PER_ML 20.0

/* In what the amounts of a line are given. */
enum dose_unit {
	DOSE_DROPS,
	DOSE_VOLUME_SHARE,
	DOSE_MASS_SHARE,
	DOSE_G_PER_50G_BASE,
	DOSE_UNITS,
};
extern const char *const dose_unit_names[DOSE_UNITS]; /* as in files: "drops", "volume_share" … */
bool dose_unit_read(enum dose_unit *unit, const char *name);

/* Letters, digits, '-', '_' and '.', not empty. */
bool pigment_id_valid(const char *id);

/* What a line's file may say of a pigment besides its bottle. */
struct pigment_label {
	struct bottle bottle;
	char ci[PIGMENT_TEXT_SIZE]; /* colour index numbers of what is in it; may be empty */
	double price;               /* of a millilitre, in the clinic's money; 0: not stated */
};

/* How K and S came about; `steps` 0 where the file does not say. */
struct pigment_origin {
	int steps;
	double least, most;        /* amounts of the ladder, in the line's unit */
	double residual_de00;      /* mean of the steps */
	double leave_one_out_de00; /* mean; below 0: nothing was left to check with */
	double repeatability_de00; /* spread of repeated readings, mean; below 0: no repeats */
	char hue_bias[8];          /* "warm", "neutral", "cool" */
	bool trusted;
	char reasons[512]; /* "; " between them; empty for none */
};

struct pigment {
	struct bottle bottle;
	char ci[PIGMENT_TEXT_SIZE];
	double price;
	double kept_factor; /* of the technique's kept share, what is left of this one; 0: all of it */
	double faded;       /* by what K and S are multiplied at present (scene.h); 0: not at all */
	struct pigment_origin origin;
	double k_per_mm[SPECTRUM_SAMPLES_MAX];
	double s_per_mm[SPECTRUM_SAMPLES_MAX];
};

struct pigment_line {
	char name[PIGMENT_TEXT_SIZE];
	char fingerprint[DIGEST_SIZE]; /* SHA-256 of the file it was read from */
	char notice[256];              /* repeated wherever the line is used; empty for most */
	bool synthetic;                /* not for use on people */
	char made[CLOCK_TEXT_SIZE];    /* when it was calibrated; may be empty */
	enum dose_unit unit;
	bool relative;    /* K and S are relative to the base, not per mm */
	bool has_surface; /* of its drawdowns; else that of the medium */
	struct surface surface;
	struct grid grid;
	struct pigment diluent;
	int count;
	struct pigment *pigment; /* `count` of them */
};

/* Index of the pigment of that id, -1 where the line does not hold it. */
int pigment_line_find(const struct pigment_line *line, const char *id);

/* Takes the samples at `grid`'s wavelengths, which must be among the line's own: grid_clip() makes
 * such a grid. */
void pigment_line_clip(struct pigment_line *line, const struct grid *grid);

/* Shares of each pigment in a mix of these amounts (line->unit; in drops those of the diluent too), and
 * the share of the diluent or base, which is the rest. Refuses shares of more than 1 in all. */
enum status pigment_line_shares(double *share, double *diluent_share,
				const struct pigment_line *line, const double *amount,
				double diluent_drops, struct error *err);

/* K and S of the mix of those shares, per band of the line. */
void pigment_line_mix(double *k, double *s, const struct pigment_line *line, const double *share,
		      double diluent_share);

/* Makes one pigment `strength` times as strong: its K and S. What a trial told of this bottle. */
void pigment_strengthen(struct pigment *pigment, const struct grid *grid, double strength);

void pigment_line_clear(struct pigment_line *line);

#endif
