/* Made-up large problems for tests and benchmarks of the search: a line of many pigments, and targets of known kinds.
 *
 * Pigments are drawn around twelve kinds (white, blacks, oxides, umbers, organics, phthalos) by the formulas of
 * profiles/pigments/example.cfg and a Gaussian band; no pigment was measured. Seeds are fixed, so every run
 * and every peer gets the same problems. The stage (support.h) is set up and holds them.
 */
#ifndef TESTS_UNIT_LARGE_H
#define TESTS_UNIT_LARGE_H

#include "support.h"

enum { LARGE_TARGETS = 7 };

/* As opaque drawdowns in a white base, or as dots in the example's skin, with water. After stage_set_up(). Limits
 * are those of a large problem: up to 4 pigments, 24 drops, diluent 1 to 200 by 1, no cup. */
void large_stage(int pigments, bool in_skin);

/* Target 0..2: hidden recipes of the line's own; 3, 4: hair; 5: a mixture of other pigments; 6: at the gamut's edge. Sets
 * what the stage's scene requires; returns its name. */
const char *large_target(int number);

/* How pigments are numbered changes, nothing else: pigment i becomes order[i]. */
void large_shuffle(unsigned long long seed);

#endif
