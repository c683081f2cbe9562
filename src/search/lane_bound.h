/* What no recipe along the diluent can be better than, over lanes: forward_bound(). Included by vector.c only. */
#ifndef SEARCH_LANE_BOUND_H
#define SEARCH_LANE_BOUND_H

#include "search/lane_model.h"

/* Rounding of a band's R, and of sums of them, in parts of themselves. */
#define BAND_ROUNDING 4e-6f
#define SUM_ROUNDING 1e-5f

struct lane_range {
	lanes least, most;
};

/* True where R moves one way between two mixes of the same drops, in skin. Along that way K and S grow by dK and dS.
 * The film lies on R_inf of a dermis with ratio q = K/S and is Kubelka and Munk's dR/dz = S (1 - R)^2 - 2 K R.
 * Where dK / dS > q, its R falls with z from the ground's towards its own R_inf, so (1 - R)^2 / 2R stays
 * below dK / dS, so more of the mix makes dR/dz less at every z, and R less; where dK / dS is below q,
 * all of that is the other way round. The diluent's own K and S move q a little, so it must hold for both. */
LANES_INLINE lane_ints is_monotone(const struct forward_band *band, struct lane_mix strong,
				   struct lane_mix weak)
{
	const float clearly = 1.001f; /* not by rounding */
	lanes dk = strong.k - weak.k, ds = strong.s - weak.s;
	lanes below1 = dk * band->s_below, below2 = ds * band->k_below;
	lanes here1 = dk * band->s0, here2 = ds * band->k0;
	lane_ints falls = (below1 > clearly * below2) & (here1 > clearly * here2);
	lane_ints rises = (below2 > clearly * below1) & (here2 > clearly * here1);

	return (dk >= 0.0f) & (ds >= 0.0f) & (falls | rises);
}

/* The mixes with which R is least and most between two mixes of the same drops, in either order. Of an opaque medium
 * only K / S counts, and it moves one way only between the two; in skin mostly R does; else R is least
 * with the most K and the least S. */
LANES_INLINE void spread_mixes(struct lane_mix *strong, struct lane_mix *weak,
			       const struct forward *forward)
{
	for (int b = 0; forward->layered && b < forward->bands; b++) {
		struct lane_mix one = strong[b], two = weak[b];
		lane_ints as_is = is_monotone(&forward->band[b], one, two);

		strong[b].k = lanes_select(as_is, one.k, lanes_max(one.k, two.k));
		strong[b].s = lanes_select(as_is, one.s, lanes_min(one.s, two.s));
		weak[b].k = lanes_select(as_is, two.k, lanes_min(one.k, two.k));
		weak[b].s = lanes_select(as_is, two.s, lanes_max(one.s, two.s));
	}
}

/* Ranges of Y and of the two opponent sums. */
LANES_INLINE void range_sums(struct lane_range sum[3], const struct forward *forward,
			     const struct forward_batch *strong, const struct forward_batch *weak,
			     int pigments, int first)
{
	struct bands dark, light;
	lanes r1[SPECTRUM_SAMPLES_MAX], r2[SPECTRUM_SAMPLES_MAX];

	mix_any(dark.mix, forward, strong, pigments, first);
	mix_any(light.mix, forward, weak, pigments, first);
	spread_mixes(dark.mix, light.mix, forward);
	reflect_bands(r1, &dark, forward);
	reflect_bands(r2, &light, forward);
	for (int b = 0; b < forward->bands; b++) {
		const struct forward_band *band = &forward->band[b];
		lanes least = lanes_min(r1[b], r2[b]) * (1.0f - BAND_ROUNDING);
		lanes most = lanes_max(r1[b], r2[b]) * (1.0f + BAND_ROUNDING);

		for (int i = 0; i < 3; i++) {
			sum[i].least += band->above[i] * least + band->below[i] * most;
			sum[i].most += band->above[i] * most + band->below[i] * least;
		}
	}
	for (int i = 0; i < 3; i++) {
		sum[i].least -= SUM_ROUNDING;
		sum[i].most += SUM_ROUNDING;
	}
}

/* Of response(): 2/9 t^(-5/3) above the knee, nothing below it. */
LANES_INLINE lanes curvature(lanes t)
{
	lanes root = lanes_cbrt(lanes_max(t, lanes_of(0.008856f))), square = root * root;

	return (2.0f / 9.0f) / (square * square * root);
}

/* response(kappa Y + g) - response(Y) for Y and g in their ranges. It rises with g; along Y it is as at an end, but
 * for what its curvature can add between them. */
LANES_INLINE struct lane_range opponent(const struct lane_range *y, const struct lane_range *g,
					float kappa)
{
	lanes zero = lanes_of(0.0f), y_least = response(y->least), y_most = response(y->most);
	lanes width = y->most - y->least;
	lanes slack =
		0.125f * width * width *
		(kappa * kappa * curvature(kappa * y->least + g->least) + curvature(y->least));
	lanes low1 = response(lanes_max(kappa * y->least + g->least, zero)) - y_least;
	lanes low2 = response(lanes_max(kappa * y->most + g->least, zero)) - y_most;
	lanes high1 = response(lanes_max(kappa * y->least + g->most, zero)) - y_least;
	lanes high2 = response(lanes_max(kappa * y->most + g->most, zero)) - y_most;

	return (struct lane_range){lanes_min(low1, low2) - slack - SUM_ROUNDING,
				   lanes_max(high1, high2) + slack + SUM_ROUNDING};
}

LANES_INLINE lanes distance_of(const struct lane_range *range, float from)
{
	return lanes_max(lanes_max(range->least - from, from - range->most), lanes_of(0.0f));
}

LANES_INLINE lanes larger_of(const struct lane_range *range)
{
	return lanes_max(lanes_max(range->most, -range->least), lanes_of(0.0f));
}

/* CIEDE2000 from its parts' distances: the largest S_L of the range, S_C for chroma and hue alike (it is the larger
 * one), G as small and the rotation as large as they can be. */
LANES_INLINE lanes de00_least(const struct forward_light *from, const struct lane_range *l,
			      const struct lane_range *a, const struct lane_range *b)
{
	lanes far_a = larger_of(a), far_b = larger_of(b);
	lanes mean = 0.5f * (from->chroma + lanes_sqrt(far_a * far_a + far_b * far_b));
	lanes grow = 1.5f - 0.5f * seventh_share(mean);
	lanes q1 = 0.5f * (from->l + l->least) - 50.0f, q2 = 0.5f * (from->l + l->most) - 50.0f;
	lanes q = lanes_max(q1 * q1, q2 * q2);
	lanes dl = distance_of(l, from->l) / (1.0f + 0.015f * q / lanes_sqrt(20.0f + q));
	lanes da = grow * distance_of(a, from->a), db = distance_of(b, from->b);
	lanes c = 1.5f * mean, dc = 1.0f / (1.0f + 0.045f * c); /* a' is at most 1.5 a */
	lanes turned = 1.0f - 0.8660255f * seventh_share(c);

	return lanes_sqrt(dl * dl + turned * dc * dc * (da * da + db * db));
}

LANES_INLINE lanes bound_of(const struct forward *forward, const struct forward_batch *strong,
			    const struct forward_batch *weak, int pigments, int first)
{
	const struct forward_light *light = &forward->light[0];
	struct lane_range sum[3] = {0}, l, a, b;

	range_sums(sum, forward, strong, weak, pigments, first);
	l = (struct lane_range){116.0f * response(sum[0].least) - 16.001f,
				116.0f * response(sum[0].most) - 15.999f};
	a = opponent(&sum[0], &sum[1], forward->kappa[0]);
	b = opponent(&sum[0], &sum[2], forward->kappa[1]);
	a = (struct lane_range){500.0f * a.least, 500.0f * a.most};
	b = (struct lane_range){-200.0f * b.most, -200.0f * b.least};
	return light->weight * de00_least(light, &l, &a, &b) * (1.0f - 1e-5f) +
	       forward->lighter * lanes_max(light->l - l.most, lanes_of(0.0f)) +
	       forward->cost_per_pigment * (float)(pigments - 1);
}

static void line_bound(float bound[LANES], const struct forward *forward,
		       const struct forward_batch *strong, const struct forward_batch *weak,
		       int pigments)
{
	for (int first = 0; first < LANES; first += VECTOR_LANES)
		lanes_store(bound, first, bound_of(forward, strong, weak, pigments, first));
}

#endif
