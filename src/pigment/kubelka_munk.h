/* Two-constant Kubelka–Munk: K absorption and S scattering, 1/mm each, both >= 0.
 *
 * Sources: Kubelka & Munk 1931, Kubelka 1948 (J. Opt. Soc. Am. 38:448) for a layer's reflectance
 * and transmittance and their composition. All forms are written so that they keep their digits at
 * the ends: K -> 0, S -> 0, thickness -> 0 and layers that are optically thick.
 */
#ifndef PIGMENT_KUBELKA_MUNK_H
#define PIGMENT_KUBELKA_MUNK_H

/* Reflectance of an infinitely thick layer: S / (K + S + sqrt(K (K + 2 S))). With K = S = 0 there
 * is no matter to reflect: 0. */
double km_reflectance_opaque(double k, double s);

/* K/S of an opaque layer of reflectance 0 < r <= 1: (1 - r)^2 / 2r. */
double km_ratio(double reflectance);

/* Reflectance of a film of thickness `mm` in optical contact with a ground of reflectance
 * `ground`. */
double km_reflectance_film(double k, double s, double mm, double ground);

/* A layer by itself: what it sends back and what it lets through (over black). */
struct km_layer {
	double reflectance, transmittance;
};
struct km_layer km_layer(double k, double s, double mm);

/* The layer over a ground: R + T^2 Rg / (1 - R Rg). */
double km_layer_over(const struct km_layer *layer, double ground);

#endif
