/* Layout: per band the diluent's K and S and each pigment's difference from it, so that a mix is the diluent
 * plus its shares of differences; weights of all lights. Each step of the model is a loop over bands, the lanes
 * are recipes: no lane ever needs another's result. */
#include "match/lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct forward_band {
	float k0, s0;                           /* of the diluent; in skin with the dermis */
	float ground, above_r, above_t2, twice; /* layered: what lies below and above */
	float k_below, s_below;                 /* in skin, of the dermis that is the ground */
	float x[SEARCH_LIGHTS_MAX], y[SEARCH_LIGHTS_MAX], z[SEARCH_LIGHTS_MAX];
	/* under the main light, for bounds: weights of Y, of X - kappa_x Y and of Z - kappa_z Y, where they
	 * are above 0 and where they are below */
	float above[3], below[3];
};

struct forward_light {
	float weight, l, a, b, chroma;
};

struct forward {
	int bands, pigments, lights;
	bool layered;
	float thickness, k1, k2, lighter, cost_per_pigment;
	float kappa[2]; /* X / Y and Z / Y of what is required under the main light */
	struct forward_light light[SEARCH_LIGHTS_MAX];
	struct forward_band *band;
	float (*difference)[2]; /* K and S of pigment p in band b: [p * bands + b] */
};

/* --- set-up ------------------------------------------------------------------------------------- */

static void set_bound_weights(struct forward_band *band, const float kappa[2])
{
	const float weight[3] = {band->y[0], band->x[0] - kappa[0] * band->y[0],
				 band->z[0] - kappa[1] * band->y[0]};

	for (int i = 0; i < 3; i++) {
		band->above[i] = fmaxf(weight[i], 0.0f);
		band->below[i] = fminf(weight[i], 0.0f);
	}
}

/* Any figures above 0 are right; these make the opponent sums of what is required vanish. */
static void set_kappa(struct forward *forward, const struct lab *required)
{
	double y = fmax((required->l + 16.0) / 116.0, 0.05);
	double x = fmax(y + required->a / 500.0, 0.05), z = fmax(y - required->b / 200.0, 0.05);

	forward->kappa[0] = (float)(x * x * x / (y * y * y));
	forward->kappa[1] = (float)(z * z * z / (y * y * y));
}

static void set_band(struct forward *forward, const struct search_problem *problem, int b)
{
	const struct pigment_line *line = problem->line;
	const struct medium *medium = problem->medium;
	struct forward_band *band = &forward->band[b];
	double dose = medium->layered ? medium->dose_share : 1.0;
	double k0 = line->diluent.k_per_mm[b], s0 = line->diluent.s_per_mm[b];

	band->k0 = (float)(dose * k0);
	band->s0 = (float)(dose * s0);
	if (medium->layered) {
		double t = medium->above[b].transmittance;

		band->k0 = (float)(dose * k0 + medium->k_dermis[b]);
		band->s0 = (float)(dose * s0 + medium->s_dermis[b]);
		band->ground = (float)medium->ground[b];
		band->k_below = (float)medium->k_dermis[b];
		band->s_below = (float)medium->s_dermis[b];
		band->above_r = (float)medium->above[b].reflectance;
		band->above_t2 = (float)(t * t);
		band->twice = (float)medium->epidermis_twice[b];
	}
	for (int i = 0; i < problem->light_count; i++) {
		const struct weights *weights = &problem->light[i].weights;

		band->x[i] = (float)(weights->x[b] / weights->white.x);
		band->y[i] = (float)(weights->y[b] / weights->white.y);
		band->z[i] = (float)(weights->z[b] / weights->white.z);
	}
	set_bound_weights(band, forward->kappa);
	for (int p = 0; p < line->count; p++) {
		float *difference = forward->difference[p * forward->bands + b];

		difference[0] = (float)(dose * (line->pigment[p].k_per_mm[b] - k0));
		difference[1] = (float)(dose * (line->pigment[p].s_per_mm[b] - s0));
	}
}

static void set_light(struct forward_light *light, const struct search_light *from)
{
	*light = (struct forward_light){
		.weight = (float)from->weight,
		.l = (float)from->required.l,
		.a = (float)from->required.a,
		.b = (float)from->required.b,
		.chroma = (float)hypot(from->required.a, from->required.b),
	};
}

struct forward *forward_new(const struct search_problem *problem)
{
	struct forward *forward = calloc(1, sizeof *forward);
	size_t bands = (size_t)problem->line->grid.count, pigments = (size_t)problem->line->count;

	if (!forward)
		return NULL;
	forward->band = calloc(bands, sizeof *forward->band);
	forward->difference = calloc(bands * pigments, sizeof *forward->difference);
	if (!forward->band || !forward->difference) {
		forward_free(forward);
		return NULL;
	}
	forward->bands = (int)bands;
	forward->pigments = (int)pigments;
	forward->lights = problem->light_count;
	forward->layered = problem->medium->layered;
	forward->thickness = (float)problem->medium->layer_mm;
	forward->k1 = (float)problem->medium->surface.k1;
	forward->k2 = (float)problem->medium->surface.k2;
	forward->lighter = (float)problem->lighter;
	forward->cost_per_pigment = (float)SEARCH_COST_PER_PIGMENT;
	set_kappa(forward, &problem->light[0].required);
	for (int b = 0; b < forward->bands; b++)
		set_band(forward, problem, b);
	for (int i = 0; i < forward->lights; i++)
		set_light(&forward->light[i], &problem->light[i]);
	return forward;
}

void forward_free(struct forward *forward)
{
	if (!forward)
		return;
	free(forward->band);
	free(forward->difference);
	free(forward);
}

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
LANES_INLINE void find_differences(differences difference[RECIPE_PIGMENTS_MAX],
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
			    const struct forward_batch *batch, int pigments)
{
	lanes share[RECIPE_PIGMENTS_MAX];
	differences difference[RECIPE_PIGMENTS_MAX];

	memcpy(share, batch->share, (size_t)pigments * sizeof share[0]);
	find_differences(difference, forward, batch, pigments);
	for (int b = 0; b < forward->bands; b++)
		mixed[b] = mix(&forward->band[b], difference, share, pigments, b);
}

LANES_INLINE void mix_any(struct lane_mix *mixed, const struct forward *forward,
			  const struct forward_batch *batch, int pigments)
{
	switch (pigments) {
	case 1:
		mix_bands(mixed, forward, batch, 1);
		break;
	case 2:
		mix_bands(mixed, forward, batch, 2);
		break;
	case 3:
		mix_bands(mixed, forward, batch, 3);
		break;
	default:
		mix_bands(mixed, forward, batch, RECIPE_PIGMENTS_MAX);
	}
}

LANES_INLINE void reflect(lanes *r, const struct forward *forward,
			  const struct forward_batch *batch, int pigments)
{
	struct bands bands;

	mix_any(bands.mix, forward, batch, pigments);
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

LANES_CLONES
void forward_objective(float objective[LANES], const struct forward *forward,
		       const struct forward_batch *batch, int pigments)
{
	const struct forward_light *light = forward->light;
	lanes r[SPECTRUM_SAMPLES_MAX], worst = {0}, sum;
	struct lane_lab lab;

	reflect(r, forward, batch, pigments);
	lab = look(forward, r, 0);
	sum = light[0].weight * de00(&light[0], &lab) +
	      forward->lighter * lanes_max(light[0].l - lab.l, lanes_of(0.0f)) +
	      forward->cost_per_pigment * (float)(pigments - 1);
	for (int i = 1; i < forward->lights; i++) {
		lab = look(forward, r, i);
		worst = lanes_max(worst, light[i].weight * de00(&light[i], &lab));
	}
	sum += worst;
	memcpy(objective, &sum, sizeof sum);
}

LANES_CLONES
void forward_de00(float out[][LANES], const struct forward *forward,
		  const struct forward_batch *batch, int pigments)
{
	lanes r[SPECTRUM_SAMPLES_MAX];

	reflect(r, forward, batch, pigments);
	for (int i = 0; i < forward->lights; i++) {
		struct lane_lab lab = look(forward, r, i);
		lanes one = de00(&forward->light[i], &lab);

		memcpy(out[i], &one, sizeof one);
	}
}

/* --- bounds --------------------------------------------------------------------------------------- */

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
			     int pigments)
{
	struct bands dark, light;
	lanes r1[SPECTRUM_SAMPLES_MAX], r2[SPECTRUM_SAMPLES_MAX];

	mix_any(dark.mix, forward, strong, pigments);
	mix_any(light.mix, forward, weak, pigments);
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

LANES_CLONES
void forward_bound(float bound[LANES], const struct forward *forward,
		   const struct forward_batch *strong, const struct forward_batch *weak,
		   int pigments)
{
	const struct forward_light *light = &forward->light[0];
	struct lane_range sum[3] = {0}, l, a, b;
	lanes least;

	range_sums(sum, forward, strong, weak, pigments);
	l = (struct lane_range){116.0f * response(sum[0].least) - 16.001f,
				116.0f * response(sum[0].most) - 15.999f};
	a = opponent(&sum[0], &sum[1], forward->kappa[0]);
	b = opponent(&sum[0], &sum[2], forward->kappa[1]);
	a = (struct lane_range){500.0f * a.least, 500.0f * a.most};
	b = (struct lane_range){-200.0f * b.most, -200.0f * b.least};
	least = light->weight * de00_least(light, &l, &a, &b) * (1.0f - 1e-5f) +
		forward->lighter * lanes_max(light->l - l.most, lanes_of(0.0f)) +
		forward->cost_per_pigment * (float)(pigments - 1);
	memcpy(bound, &least, sizeof least);
}

double forward_margin(const struct search_problem *problem, double objective)
{
	double weight = problem->light[0].weight + problem->lighter, others = 0.0;

	for (int i = 1; i < problem->light_count; i++)
		others = fmax(others, problem->light[i].weight);
	/* two weighted dE00, each no more than the objective */
	return FORWARD_DE00_ERROR * (weight + others) + FORWARD_FAR_ERROR * 2.0 * objective / 10.0;
}
