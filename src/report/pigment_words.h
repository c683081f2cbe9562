/* Pigments, their calibration and the skin they go into, as text. */
#ifndef REPORT_PIGMENT_WORDS_H
#define REPORT_PIGMENT_WORDS_H

#include "base/text.h"
#include "match/band.h"
#include "match/explanation.h"
#include "pigment/calibration.h"
#include "pigment/skin.h"

/* A ladder step by step: `line` holds `count` pigments, ladders and fits. */
void words_calibration(struct text *out, const struct pigment_line *line,
		       const struct ladder *ladder, const struct ladder_fit *fit);

/* A line, or of `only` >= 0 that pigment. */
void words_line(struct text *out, const struct pigment_line *line, int only);

/* How sure a prediction is. */
void words_band(struct text *out, const struct error_band *band, bool in_skin);

/* A dot's colour layer by layer. */
void words_explanation(struct text *out, const struct explanation *explanation);

/* What was fitted to a reading of bare skin, against what is published. */
void words_skin(struct text *out, const struct skin *skin);

#endif
