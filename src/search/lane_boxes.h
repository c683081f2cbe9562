/* What no recipe in a box can be better than, over lanes, of an opaque medium: forward_bound_boxes(). Included by
 * vector.c only.
 *
 * The box is of amounts x_i for one ml of its base, so K(x) and S(x) are linear. With R = F(K/S), F convex and falling
 * (Kubelka and Munk's f, then the surface), and a direction u, one number for each row, the objective's colour
 * part is at least
 *
 *	u.(row R(x) - aim) = sum over bands of omega_b F(q_b(x)) - u.aim,   omega = u row,
 *
 * if |u_0| <= w_0 and |u_1| <= 1; row 1 is the mean of the other lights' rows times their weights, whose length is at
 * most the worst of them. Every band's F is replaced by a line in
 * q: where omega > 0 the tangent at the centre, which F is above, where omega < 0 the chord over the box's range of q,
 * which F is below. A line in q is not linear in x: q - q_c = E(x) / S(x) with E(x) = sum d_i (K_i - q_c S_i), exactly.
 * Mixes differ much in S but little in its shape, so all is multiplied by the mean scattering s(x) > 0: s / S_b is what
 * it is at the centre but for a small rest, and the rest times |E| is taken off. What remains is linear in x, and least
 * at a corner. Beside that, F lies between its values at the ends of q's range.
 *
 * The direction is the residual where the tangents' model is nearest to the aim: there it has no slope along the x that
 * are free, so the corners do not cost. Its two lights are weighed anew by the distances found, which brings u to the
 * bounds of what is allowed. A box is split along the x that accounts for most of what the lines lose.
 *
 * Measured, 12 pigments, opaque: 0.3 to 1.1 million boxes for all sets of four, 0.5 to 0.6 of them excluded, 0.03 leaves.
 * Tried and worse: splitting along the steepest x (twice the boxes); chords for all bands (a tenth more); w = l / (q + l)
 * in the place of q, in which F is nearly straight, for l from 1 to 100 (a tenth to a half more: what F loses in
 * bend, S + K / l gains in shape); more rounds of the direction (no fewer boxes); walking the recipes of small boxes
 * by their linear model (they are not what costs). Without any loss by bend it would be a third of the boxes. */
#ifndef SEARCH_LANE_BOXES_H
#define SEARCH_LANE_BOXES_H

#include "search/lane_descent.h"

enum { NEAREST_SWEEPS = 2, WEIGHINGS = 1 };

/* Rounding: of the sum over bands, in parts of the sum of |omega| F, many times what was seen. */
#define BOX_ROUNDING 1e-5f

struct box {
	lanes centre[SLOPES_MAX], half[SLOPES_MAX];
};

/* Of a band: the ratio q = K / S and 1 / S at the centre, the range of q, F at the centre and at the range's ends, F's
 * slopes there: that of its tangent and that of the chord, and how far the chord is above F at the centre. */
struct box_band {
	lanes q, inverse, q_least, q_most;
	lanes r, r_least, r_most;
	lanes tangent, chord, above;
	lanes narrow; /* 1 / S over the range's width */
	lanes bent;   /* |E| times the rest of s / S, for a slope of 1 */
	lanes e[SLOPES_MAX];
};

typedef const float (*amounts)[2];

struct box_set {
	amounts pigment[SLOPES_MAX], base;
	float scattering[SLOPES_MAX], base_scattering;
};

LANES_INLINE lanes reflectance_of_ratio(const struct forward *forward, lanes q)
{
	lanes beta = lanes_sqrt(lanes_max(q * (q + 2.0f), lanes_of(1e-20f)));

	return surface(forward, (struct lane_fraction){lanes_of(1.0f), 1.0f + q + beta});
}

/* The range of q, and what s / S can do. Where S is nearly nothing somewhere in the box, no bound is `tight`. */
LANES_INLINE void range_bands(struct box_band *at, lane_ints *tight, const struct forward *forward,
			      const struct box_set *set, const struct box *box, lanes mean,
			      int count)
{
	const lane_ints none = {0};

	*tight = ~none;
	for (int b = 0; b < forward->bands; b++) {
		lanes k = lanes_of(set->base[b][0]), s = lanes_of(set->base[b][1]);
		lanes rho = {0}, ds = {0}, dk = {0}, bend = {0}, inverse, q, shape;
		lanes s_least, s_most, k_least;

		for (int i = 0; i < count; i++) {
			k += box->centre[i] * set->pigment[i][b][0];
			s += box->centre[i] * set->pigment[i][b][1];
			dk += box->half[i] * set->pigment[i][b][0];
			ds += box->half[i] * set->pigment[i][b][1];
		}
		inverse = 1.0f / s;
		q = k * inverse;
		shape = mean * inverse;
		for (int i = 0; i < count; i++) {
			lanes e = set->pigment[i][b][0] - q * set->pigment[i][b][1];

			rho += box->half[i] * lanes_abs(e);
			bend += box->half[i] *
				lanes_abs(set->scattering[i] - shape * set->pigment[i][b][1]);
			at[b].e[i] = e;
		}
		/* 1 / S at most; K and S at their least are differences, so what rounding does to them is counted */
		s_least = s - ds - 1e-6f * s;
		*tight &= s_least > 1e-4f * s;
		s_most = 1.0f / lanes_max(s_least, 1e-4f * s);
		rho += 1e-6f * k; /* e is a difference too */
		k_least = lanes_max(k - dk - 1e-6f * k, lanes_of(0.0f));
		at[b].q = q;
		at[b].inverse = inverse;
		at[b].q_most = lanes_min(q * (1.0f + 1e-6f) + rho * s_most, (k + dk) * s_most);
		at[b].q_least = lanes_max(q * (1.0f - 1e-6f) - rho * s_most,
					  k_least * (1.0f - 1e-6f) / (s + ds));
		at[b].bent = rho * bend * s_most;
	}
}

LANES_INLINE void reflect_ranges(struct box_band *at, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++)
		at[b].r_least = reflectance_of_ratio(forward, at[b].q_most);
	for (int b = 0; b < forward->bands; b++)
		at[b].r_most = reflectance_of_ratio(forward, at[b].q_least);
	for (int b = 0; b < forward->bands; b++) { /* F and its slope at the centre */
		lanes q = at[b].q, beta = lanes_sqrt(lanes_max(q * (q + 2.0f), lanes_of(1e-20f)));
		lanes sum = 1.0f + q + beta, rest = sum - forward->k2;
		float through = (1.0f - forward->k1) * (1.0f - forward->k2);

		/* f = 1 / sum, F = k1 + through / (sum - k2), d sum / d q = sum / beta */
		at[b].r = through / rest;
		at[b].tangent = -at[b].r * sum / (rest * lanes_max(beta, lanes_of(1e-10f)));
		at[b].r += forward->k1;
	}
}

/* Lines with the chord's slope; where the range is as good as a point, the tangent's. */
LANES_INLINE void draw_lines(struct box_band *at, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++) {
		lanes left = at[b].q - at[b].q_least, right = at[b].q_most - at[b].q;
		lanes width = left + right;
		lane_ints is_range = width > 1e-5f * at[b].q;
		lanes inverse = 1.0f / lanes_select(is_range, width, lanes_of(1.0f));

		at[b].chord = lanes_select(is_range, (at[b].r_least - at[b].r_most) * inverse,
					   at[b].tangent);
		at[b].above =
			lanes_max(at[b].r_most + at[b].chord * left - at[b].r, lanes_of(0.0f));
		at[b].narrow = at[b].inverse * inverse;
	}
}

/* The point of the box where the weighed length is least, roughly: one coordinate after the other. */
LANES_INLINE void nearest_point(lanes d[SLOPES_MAX], const lanes product[PRODUCTS],
				const struct box *box, int count)
{
	lanes inverse[SLOPES_MAX];

	for (int i = 0; i < count; i++)
		inverse[i] =
			1.0f / lanes_max(product[product_place(i + 1, i + 1)], lanes_of(1e-20f));
	for (int sweep = 0; sweep < NEAREST_SWEEPS; sweep++)
		for (int i = 0; i < count; i++) {
			lanes slope = product[product_place(0, i + 1)];

			for (int j = 0; j < count; j++)
				if (j != i)
					slope +=
						d[j] * product[i < j ? product_place(i + 1, j + 1)
								     : product_place(j + 1, i + 1)];
			d[i] = lanes_max(lanes_min(-slope * inverse[i], box->half[i]),
					 -box->half[i]);
		}
}

/* Of each light, its residual there and how long that is. */
LANES_INLINE void residual_at(lanes at[3], lanes *length, const struct lane_residual *residual,
			      const lanes *d, int count)
{
	lanes sum = {0};

	for (int i = 0; i < 3; i++) {
		at[i] = residual->r[i];
		for (int j = 0; j < count; j++)
			at[i] += residual->slope[j][i] * d[j];
		sum += at[i] * at[i];
	}
	*length = lanes_max(lanes_sqrt(sum), lanes_of(1e-6f));
}

/* For certain within what is allowed, and on its bounds. */
LANES_INLINE void keep_allowed(lanes u[FORWARD_ROW_LIGHTS][3], const struct forward_rows *rows)
{
	for (int light = 0; light < rows->lights; light++) {
		lanes size = lanes_sqrt(u[light][0] * u[light][0] + u[light][1] * u[light][1] +
					u[light][2] * u[light][2]);
		lanes scale = 0.999998f * rows->weight[light] / lanes_max(size, lanes_of(1e-9f));

		for (int i = 0; i < 3; i++)
			u[light][i] *= scale;
	}
}

/* The direction u, and what the linear model is at d. */
LANES_INLINE void find_direction(lanes u[FORWARD_ROW_LIGHTS][3], const struct forward_rows *rows,
				 const struct lane_residual *residual, const struct box *box,
				 int count)
{
	lanes weight[FORWARD_ROW_LIGHTS], length[FORWARD_ROW_LIGHTS] = {{0}},
					  at[FORWARD_ROW_LIGHTS][3];
	lanes d[SLOPES_MAX], one[FORWARD_ROW_LIGHTS][PRODUCTS];
	int lights = rows->lights;

	for (int i = 0; i < count; i++)
		d[i] = lanes_of(0.0f);
	for (int i = 0; i < lights; i++)
		weight[i] = lanes_of(rows->weight[i] * rows->weight[i]);
	for (int i = 0; i < lights; i++) {
		for (int j = 0; j < PRODUCTS; j++)
			one[i][j] = lanes_of(0.0f);
		add_products(one[i], &residual[i], 1.0f, count);
	}
	for (int weighing = 0; weighing <= WEIGHINGS; weighing++) {
		lanes product[PRODUCTS] = {0};

		for (int i = 0; i < lights; i++)
			for (int j = 0; j < PRODUCTS; j++)
				product[j] += weight[i] * one[i][j];
		nearest_point(d, product, box, count);
		for (int i = 0; i < lights; i++)
			residual_at(at[i], &length[i], &residual[i], d, count);
		for (int i = 0; i < lights; i++)
			weight[i] = rows->weight[i] / length[i];
	}
	for (int light = 0; light < lights; light++)
		for (int i = 0; i < 3; i++)
			u[light][i] = weight[light] * at[light][i];
	keep_allowed(u, rows);
}

/* What the bands add up to. */
struct box_sums {
	lanes plain;              /* of omega F at the centre, less what the lines lose */
	lanes ranged;             /* of omega F at the worse end of each range */
	lanes size;               /* of |omega| F */
	lanes lost;               /* what lines in q lose by not being linear in x */
	lanes along[SLOPES_MAX];  /* slopes, times the mean scattering */
	lanes spread[SLOPES_MAX]; /* each x's part in what is lost */
};

LANES_INLINE void add_band(struct box_sums *sums, const struct box_band *at, lanes omega,
			   lanes mean, int count)
{
	lane_ints falls = omega < 0.0f;
	lanes size = lanes_abs(omega), off = size * at->above;
	lanes slope = omega * lanes_select(falls, at->chord, at->tangent);
	lanes bent = lanes_abs(slope) * at->bent, shape = mean * at->inverse;
	lanes share = (off * mean + bent) * at->narrow;

	sums->plain += omega * at->r - (lanes)(falls & (lane_ints)off);
	sums->ranged += omega * lanes_select(falls, at->r_most, at->r_least);
	sums->size += size * at->r_most;
	sums->lost += bent;
	slope *= shape;
	for (int i = 0; i < count; i++) {
		sums->along[i] += slope * at->e[i];
		sums->spread[i] += share * lanes_abs(at->e[i]);
	}
}

LANES_INLINE lanes bound_of_box(struct box_sums *sums, const struct forward *forward,
				const struct forward_rows *rows, const struct box_set *set,
				const struct box *box, const struct box_band *at,
				lanes u[FORWARD_ROW_LIGHTS][3], lanes mean, int count, float limit)
{
	lanes spread = {0}, aim = {0}, over, least, rounding;

	for (int light = 0; light < rows->lights; light++)
		for (int i = 0; i < 3; i++)
			aim += u[light][i] * rows->aim[light][i];
	for (int b = 0; b < forward->bands; b++) {
		lanes omega = {0};

		for (int light = 0; light < rows->lights; light++)
			for (int i = 0; i < 3; i++)
				omega += u[light][i] * rows->row[light][i][b];
		add_band(sums, &at[b], omega, mean, count);
	}
	rounding = BOX_ROUNDING * sums->size;
	over = sums->plain - aim - rounding - limit;
	least = mean * over - sums->lost;
	for (int i = 0; i < count; i++) {
		least -= box->half[i] * lanes_abs(sums->along[i] + set->scattering[i] * over);
		spread += box->half[i] * set->scattering[i];
	}
	least = limit + least / lanes_select(least > 0.0f, mean + spread,
					     lanes_max(mean - spread, mean * 5e-5f));
	return lanes_max(least, sums->ranged - aim - rounding);
}

LANES_INLINE void bound_boxes_of(struct forward_boxes *boxes, const struct forward *forward,
				 const struct forward_rows *rows, const struct box_set *set,
				 int count, float limit, int first)
{
	struct box_band at[SPECTRUM_SAMPLES_MAX];
	struct lane_residual residual[FORWARD_ROW_LIGHTS];
	struct box_sums sums = {0};
	struct box box;
	lanes u[FORWARD_ROW_LIGHTS][3], mean = lanes_of(set->base_scattering), bound;
	lane_ints tight;
	lanes r[SPECTRUM_SAMPLES_MAX], e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];

	for (int i = 0; i < count; i++) {
		box.centre[i] = lanes_load(boxes->centre[i], first);
		box.half[i] = lanes_load(boxes->half[i], first);
		mean += box.centre[i] * set->scattering[i];
	}
	range_bands(at, &tight, forward, set, &box, mean, count);
	reflect_ranges(at, forward);
	draw_lines(at, forward);
	for (int b = 0; b < forward->bands; b++) {
		r[b] = at[b].r;
		for (int i = 0; i < count; i++)
			e[b][i] = at[b].tangent * at[b].inverse * at[b].e[i];
	}
	for (int light = 0; light < rows->lights; light++)
		project(&residual[light], rows->row[light], rows->aim[light], r,
			(const lanes(*)[SLOPES_MAX])e, forward->bands, count);
	find_direction(u, rows, residual, &box, count);
	bound = bound_of_box(&sums, forward, rows, set, &box, at, u, mean, count, limit);
	lanes_store(boxes->bound, first, (lanes)(tight & (lane_ints)bound));
	for (int i = 0; i < count; i++)
		lanes_store(boxes->spread[i], first, box.half[i] * sums.spread[i]);
}

static void bound_boxes(struct forward_boxes *boxes, const struct forward *forward,
			const struct forward_rows *rows, const int *pigment, int pigments,
			float limit)
{
	int base = forward->pigments; /* the diluent's place in the tables */
	struct box_set set = {.base = (amounts)(forward->amount + base * forward->bands),
			      .base_scattering = forward->scattering[base]};

	for (int i = 0; i < pigments; i++) {
		set.pigment[i] = (amounts)(forward->amount + pigment[i] * forward->bands);
		set.scattering[i] = forward->scattering[pigment[i]];
	}
	for (int first = 0; first < LANES; first += VECTOR_LANES)
		switch (pigments) {
		case 1:
			bound_boxes_of(boxes, forward, rows, &set, 1, limit, first);
			break;
		case 2:
			bound_boxes_of(boxes, forward, rows, &set, 2, limit, first);
			break;
		case 3:
			bound_boxes_of(boxes, forward, rows, &set, 3, limit, first);
			break;
		default:
			bound_boxes_of(boxes, forward, rows, &set, RECIPE_PIGMENTS_MAX, limit,
				       first);
		}
}

#endif
