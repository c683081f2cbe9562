/* Bare skin: an absorbing epidermis over a scattering, blood-perfused dermis.
 *
 *	R = surface(T_e^2 R_inf(K_d, S_d)),  T_e = exp(-2 mu_epidermis d),  K = 2 mu_a,
 *	S = 3/4 mu_s' - 1/4 mu_a.
 *
 * mu_epidermis: melanosomes 6.6e11 nm^-3.33 /cm times their volume share, plus a base of 0.244 +
 * 85.3 exp(-(nm - 154) / 66.2) /cm. mu_a of the dermis: blood share times haemoglobin (150 g/l,
 * oxygenated and not) plus the same base. mu_s' = scale (2e5 nm^-1.5 + 2e12 nm^-4) /cm. All from
 * S. L. Jacques, "Skin Optics" (Oregon Medical Laser Center, 1998) and "Optical properties of
 * biological tissues: a review", Phys. Med. Biol. 58 (2013) R37; S from K and mu_s' after Star,
 * Marijnissen & van Gemert, Phys. Med. Biol. 33 (1988) 437.
 *
 * Published coefficients differ by orders of magnitude, so they are shapes only: four numbers are
 * fitted to the client's reading, then what is left goes into K_d band by band, so that the model
 * gives back that reading exactly.
 */
#ifndef PIGMENT_SKIN_H
#define PIGMENT_SKIN_H

#include "base/error.h"
#include "base/notes.h"
#include "colour/spectrum.h"
#include "pigment/surface.h"

/* Molar extinction of haemoglobin in 1/cm per mol/l, any grid that covers the reading. */
struct haemoglobin {
	struct spectrum oxygenated, deoxygenated;
};

struct skin {
	struct grid grid;
	struct surface surface;
	double melanin_share;    /* volume of melanosomes in the epidermis, for one 0.06 mm thick */
	double blood_share;      /* volume of blood in the dermis */
	double saturation;       /* share of its haemoglobin that is oxygenated */
	double scattering_scale; /* 1: Jacques' dermis */
	double misfit; /* root mean square of ln(model / reading) before the residual went in */
	double epidermis_transmittance[SPECTRUM_SAMPLES_MAX]; /* T_e, one way */
	double k_per_mm[SPECTRUM_SAMPLES_MAX];                /* K_d */
	double s_per_mm[SPECTRUM_SAMPLES_MAX];                /* S_d */
};

/* Fits `bare`, 0..1. Refuses a reading that no skin can give (at or below the surface reflection or
 * at 1 in some band); adds a note where the fit is poor or at a physiological limit. `label` names
 * the reading in both. */
enum status skin_fit(struct skin *skin, const struct spectrum *bare,
		     const struct haemoglobin *haemoglobin, const struct surface *surface,
		     const char *label, struct notes *notes, struct error *err);

/* The reading that the skin gives, equal to the one it was fitted to. */
double skin_reflectance(const struct skin *skin, int band);

#endif
