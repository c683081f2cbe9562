/* The forward model over lanes: mixing, reflectance in every medium, colour, CIEDE2000. Included by vector.c only. */
#ifndef SEARCH_LANE_MODEL_H
#define SEARCH_LANE_MODEL_H

#include "search/forward_model.h"
#include "search/lanes.h"

/* --- reflectance -------------------------------------------------------------------------------- */

struct lane_mix {
	lanes k, s;
};

/* A reflectance as a fraction: layers and surface are fractions of it again, so one division does for all. */
struct lane_fraction {
	lanes above, below;
};

LANES_INLINE lanes surface(const struct forward *forward, struct lane_fraction r)
{
	float through = (1.0f - forward->k1) * (1.0f - forward->k2);

	return forward->k1 + through * r.above / (r.below - forward->k2 * r.above);
}

LANES_INLINE lanes beta_of(struct lane_mix mix)
{
	return lanes_sqrt(lanes_max(mix.k * (mix.k + 2.0f * mix.s), lanes_of(1e-20f)));
}

LANES_INLINE struct lane_fraction opaque(struct lane_mix mix, lanes beta)
{
	return (struct lane_fraction){mix.s, mix.k + mix.s + beta};
}

/* e^(-2 beta X) of a film. */
LANES_INLINE lanes fade_of(lanes beta, float mm)
{
	return lanes_exp(-2.0f * lanes_min(beta * mm, lanes_of(30.0f)));
}

/* As km_reflectance_film(), above and below times (1 - e) with e = exp(-2 beta X), because beta coth(beta X) is
 * beta (1 + e) / (1 - e); where beta X is small times X, by the series of y coth y. */
LANES_INLINE struct lane_fraction film(struct lane_mix mix, lanes beta, lanes e, float mm,
				       float ground)
{
	lanes y = beta * mm, y2 = y * y;
	lane_ints thin = y < 0.1f;
	lanes q = lanes_select(
		thin, 1.0f + y2 * (1.0f / 3.0f - y2 * (1.0f / 45.0f - y2 * (2.0f / 945.0f))),
		beta * (1.0f + e));
	lanes scale = lanes_select(thin, lanes_of(mm), 1.0f - e);
	lanes scattered = mix.s * (1.0f - ground) * scale, absorbed = mix.k * scale;

	return (struct lane_fraction){scattered + ground * (q - absorbed),
				      scattered + absorbed + q};
}

/* Under clean dermis and epidermis, or nothing. */
LANES_INLINE struct lane_fraction layered(const struct forward *forward,
					  const struct forward_band *band, struct lane_mix mix,
					  lanes beta, lanes e)
{
	struct lane_fraction r = film(mix, beta, e, forward->thickness, band->ground);
	float rest = band->above_t2 - band->above_r * band->above_r;

	return (struct lane_fraction){band->twice * (band->above_r * r.below + rest * r.above),
				      r.below - band->above_r * r.above};
}

/* --- colour ------------------------------------------------------------------------------------- */

struct lane_lab {
	lanes l, a, b;
};

LANES_INLINE lanes response(lanes t)
{
	const float knee = 6.0f / 29.0f;

	return lanes_select(t > knee * knee * knee, lanes_cbrt(lanes_max(t, lanes_of(1e-6f))),
			    t * (1.0f / (3.0f * knee * knee)) + 4.0f / 29.0f);
}

LANES_INLINE lanes seventh_share(lanes c)
{
	lanes c2 = c * c, c7 = c2 * c2 * c2 * c;

	return lanes_sqrt(c7 / (c7 + 6103515625.0f));
}

/* Rotation of the blue region: sin(60 exp(-((h - 275) / 25)^2)), h as a unit vector. Beyond 90 degrees from 275
 * the exponential is below 3e-6. */
LANES_INLINE lanes blue_turn(lanes ch, lanes sh)
{
	const float c275 = 0.08715574f, s275 = -0.99619470f;
	lanes sine = sh * c275 - ch * s275, cosine = ch * c275 + sh * s275;
	lanes half = sine / lanes_max(1.0f + cosine, lanes_of(1.0f)); /* tan of half the angle */
	lanes near = lanes_select(cosine > 0.0f, half, lanes_of(1.0f));
	lanes z = lanes_atan(near) * (2.0f * 57.2957795f / 25.0f);
	lanes x = lanes_exp(-z * z) * 1.04719755f, x2 = x * x;

	return x * (1.0f - x2 * (1.0f / 6.0f - x2 * (1.0f / 120.0f - x2 * (1.0f / 5040.0f))));
}

/* 2 sqrt(c1 c2) sin(dh / 2) of two vectors whose lengths multiply to `product`: up to a right angle the cross
 * product over sqrt(c1 c2) cos(dh / 2), beyond it sqrt(2 (c1 c2 - dot product)), each where it keeps its
 * digits. */
LANES_INLINE lanes hue_part(lanes a1, float b1, lanes a2, lanes b2, lanes product)
{
	lanes dot = a1 * a2 + b1 * b2, cross = a1 * b2 - b1 * a2;
	lanes half = lanes_sqrt(lanes_max(0.5f + 0.5f * dot / product, lanes_of(0.25f)));
	lanes wide = lanes_sqrt(lanes_max(2.0f * (product - dot), lanes_of(0.0f)));

	return lanes_select(dot > 0.0f, cross / (lanes_sqrt(product) * half),
			    lanes_select(cross < 0.0f, -wide, wide));
}

/* CIEDE2000 without angles: the mean hue is the direction of the sum of the two unit vectors, and its multiples
 * are products. */
LANES_INLINE lanes de00(const struct forward_light *from, const struct lane_lab *to)
{
	const lanes tiny = lanes_of(1e-9f);
	lanes mean = 0.5f * (from->chroma + lanes_sqrt(to->a * to->a + to->b * to->b));
	lanes stretch = 1.5f - 0.5f * seventh_share(mean);
	lanes a1 = from->a * stretch, a2 = to->a * stretch;
	lanes c1 = lanes_sqrt(a1 * a1 + from->b * from->b),
	      c2 = lanes_sqrt(a2 * a2 + to->b * to->b);
	lanes c = 0.5f * (c1 + c2), product = lanes_max(c1 * c2, tiny);
	lanes i1 = 1.0f / lanes_max(c1, tiny), i2 = 1.0f / lanes_max(c2, tiny);
	lanes x = a1 * i1 + a2 * i2, y = from->b * i1 + to->b * i2;
	lanes norm = 1.0f / lanes_sqrt(lanes_max(x * x + y * y, tiny));
	lanes ch = x * norm, sh = y * norm;
	lanes cos2 = 2.0f * ch * ch - 1.0f, sin2 = 2.0f * sh * ch;
	lanes cos3 = ch * (4.0f * ch * ch - 3.0f), sin3 = sh * (3.0f - 4.0f * sh * sh);
	lanes cos4 = 2.0f * cos2 * cos2 - 1.0f, sin4 = 2.0f * sin2 * cos2;
	lanes t = 1.0f - 0.17f * (ch * 0.86602540f + sh * 0.5f) + 0.24f * cos2 +
		  0.32f * (cos3 * 0.99452190f - sin3 * 0.10452846f) -
		  0.20f * (cos4 * 0.45399050f + sin4 * 0.89100652f);
	lanes l50 = 0.5f * (from->l + to->l) - 50.0f;
	lanes dl = (to->l - from->l) / (1.0f + 0.015f * l50 * l50 / lanes_sqrt(20.0f + l50 * l50));
	lanes dc = (c2 - c1) / (1.0f + 0.045f * c);
	lanes dh = hue_part(a1, from->b, a2, to->b, product) / (1.0f + 0.015f * c * t);
	lanes rotation = -2.0f * seventh_share(c) * blue_turn(ch, sh);

	return lanes_sqrt(
		lanes_max(dl * dl + dc * dc + dh * dh + rotation * dc * dh, lanes_of(0.0f)));
}

/* --- both --------------------------------------------------------------------------------------- */

typedef const float (*differences)[2];

/* Those of the batch's pigments. */
LANES_INLINE void find_differences(differences difference[SEARCH_PIGMENTS_MAX],
				   const struct forward *forward, const struct forward_batch *batch,
				   int pigments)
{
	for (int i = 0; i < pigments; i++)
		difference[i] =
			(differences)(forward->difference + batch->pigment[i] * forward->bands);
}

/* `pigments` is a constant wherever this is inlined. */
LANES_INLINE struct lane_mix mix(const struct forward_band *band, const differences *difference,
				 const lanes *share, int pigments, int b)
{
	struct lane_mix mixed = {lanes_of(band->k0), lanes_of(band->s0)};

	for (int i = 0; i < pigments; i++) {
		mixed.k += share[i] * difference[i][b][0];
		mixed.s += share[i] * difference[i][b][1];
	}
	return mixed;
}

/* All bands of a step before the next step: one band's steps wait for each other, and a processor looks ahead a few
 * dozen instructions only. */
struct bands {
	struct lane_mix mix[SPECTRUM_SAMPLES_MAX];
	lanes beta[SPECTRUM_SAMPLES_MAX], fade[SPECTRUM_SAMPLES_MAX];
};

LANES_INLINE void reflect_bands(lanes *r, struct bands *bands, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++)
		bands->beta[b] = beta_of(bands->mix[b]);
	for (int b = 0; forward->layered && b < forward->bands; b++)
		bands->fade[b] = fade_of(bands->beta[b], forward->thickness);
	if (forward->layered)
		for (int b = 0; b < forward->bands; b++)
			r[b] = surface(forward, layered(forward, &forward->band[b], bands->mix[b],
							bands->beta[b], bands->fade[b]));
	else
		for (int b = 0; b < forward->bands; b++)
			r[b] = surface(forward, opaque(bands->mix[b], bands->beta[b]));
}

LANES_INLINE void mix_bands(struct lane_mix *mixed, const struct forward *forward,
			    const struct forward_batch *batch, int pigments, int first)
{
	lanes share[SEARCH_PIGMENTS_MAX];
	differences difference[SEARCH_PIGMENTS_MAX];

	for (int i = 0; i < pigments; i++)
		share[i] = lanes_load(batch->share[i], first);
	find_differences(difference, forward, batch, pigments);
	for (int b = 0; b < forward->bands; b++)
		mixed[b] = mix(&forward->band[b], difference, share, pigments, b);
}

LANES_INLINE void mix_any(struct lane_mix *mixed, const struct forward *forward,
			  const struct forward_batch *batch, int pigments, int first)
{
	switch (pigments) {
	case 1:
		mix_bands(mixed, forward, batch, 1, first);
		break;
	case 2:
		mix_bands(mixed, forward, batch, 2, first);
		break;
	case 3:
		mix_bands(mixed, forward, batch, 3, first);
		break;
	default:
		mix_bands(mixed, forward, batch, SEARCH_PIGMENTS_MAX, first);
	}
}

LANES_INLINE void reflect(lanes *r, const struct forward *forward,
			  const struct forward_batch *batch, int pigments, int first)
{
	struct bands bands;

	mix_any(bands.mix, forward, batch, pigments, first);
	reflect_bands(r, &bands, forward);
}

LANES_INLINE struct lane_lab look(const struct forward *forward, const lanes *r, int light)
{
	lanes x = {0}, y = {0}, z = {0};

	for (int b = 0; b < forward->bands; b++) {
		x += forward->band[b].x[light] * r[b];
		y += forward->band[b].y[light] * r[b];
		z += forward->band[b].z[light] * r[b];
	}
	x = response(x);
	y = response(y);
	z = response(z);
	return (struct lane_lab){116.0f * y - 16.0f, 500.0f * (x - y), 200.0f * (y - z)};
}

#endif
