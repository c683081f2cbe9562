/* How far a predicted spectrum is from a reading, band by band, for fits.
 *
 * Bands are compared by their cube roots on the scale of L*, so that a unit is about dE00 1 of a grey.
 * Neighbouring bands of one reading err together, so all bands of a spectrum count as a few figures.
 */
#ifndef MATCH_MISFIT_H
#define MATCH_MISFIT_H

/* Independent figures in a spectrum: light to dark, two of hue, and some of shape. Chosen: natural reflectances
 * take 6 to 8 principal components. */
#define MISFIT_FIGURES 6.0

/* In units of L*; 0 where the band was not read (NaN, scene_carry()). */
double misfit_band(double predicted, double read);

/* The factor on a band's misfit with which the sum of squares over `bands` is that of MISFIT_FIGURES figures,
 * each in units of `error`. */
double misfit_weight(int bands, double error);

#endif
