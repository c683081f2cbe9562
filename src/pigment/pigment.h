/* Matter that is dosed: pigments, their diluent, and the line they belong to.
 *
 * K and S are per mm of the undiluted pigment, on the line's grid, >= 0. A mix of volume shares
 * c_i has K = sum c_i K_i and S = sum c_i S_i, the diluent being one of the i.
 */
#ifndef PIGMENT_PIGMENT_H
#define PIGMENT_PIGMENT_H

#include "base/digest.h"
#include "colour/spectrum.h"

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

struct pigment {
	struct bottle bottle;
	double k_per_mm[SPECTRUM_SAMPLES_MAX];
	double s_per_mm[SPECTRUM_SAMPLES_MAX];
};

struct pigment_line {
	char name[PIGMENT_TEXT_SIZE];
	char fingerprint[DIGEST_SIZE]; /* SHA-256 of the file it was read from */
	char notice[256];              /* repeated wherever the line is used; empty for most */
	bool synthetic;                /* not for use on people */
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

void pigment_line_clear(struct pigment_line *line);

#endif
