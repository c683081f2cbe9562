/* How sharp an eye sees: a picture as it is on the retina, at the distance from which it is looked at.
 *
 * The spread of a point of light is taken as a Gaussian of standard deviation sqrt(0.5^2 + (0.08 d)^2) minutes of arc,
 * d the pupil in mm, optics and retina together: Barten, "Contrast Sensitivity of the Human Eye and Its Effects
 * on Image Quality" (SPIE Press 1999), and Proc. SPIE 5294 (2003) 231. d = 3.0 mm by his formula, 5 - 3 tanh(0.4 lg L),
 * for a wide field of L = 100 cd/m², skin in a well lit room. That is a width at half height of 1.3 minutes, for good
 * eyes.
 */
#ifndef COLOUR_EYE_H
#define COLOUR_EYE_H

#define EYE_PUPIL_MM 3.0

/* Standard deviation, in minutes of arc. */
double eye_spread_arcmin(void);

/* What `arcmin` minutes of arc are at a distance, in mm. */
double eye_arcmin_mm(double arcmin, double distance_mm);

/* How many pixels around a picture reach into it. */
int eye_margin(double sigma_pixels);

/* Blurs one plane of linear light by a Gaussian that sums to 1. `in` is larger than `out` by the margin on each side;
 * `spare` has room for `in`. width and height are of `out`. */
void eye_blur(float *out, const float *in, float *spare, int width, int height,
	      double sigma_pixels);

#endif
