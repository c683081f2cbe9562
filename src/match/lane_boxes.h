/* What no recipe in a box can be better than, over lanes, of an opaque medium: forward_bound_boxes(). Included by
 * vector.c only.
 *
 * The box is of amounts x_i for one ml of its base, so K(x) and S(x) are linear. With R = F(K/S), F convex and falling
 * (Kubelka and Munk's f, then the surface), and a direction u, one number for each row, the objective's colour
 * part is at least
 *
 *	u.(row R(x) - aim) = sum over bands of omega_b F(q_b(x)) - u.aim,   omega = u row,
 *
 * if |u_0| <= w_0 and the sum of |u_i| / w_i over the other lights is at most 1. Every band's F is replaced by a line in
 * q with the slope of the chord over the box's range of q: where omega < 0 the chord itself, which F is below, where
 * omega > 0 that much lower that F is above it. A line in q is not linear in x: q - q_c = E(x) / S(x) with E(x) =
 * sum d_i (K_i - q_c S_i), exactly. Mixes differ much in S but little in its shape, so all is multiplied by the mean
 * scattering s(x) > 0: s / S_b is what it is at the centre but for a small rest, and the rest times |E| is taken off.
 * What remains is linear in x, and least at a corner. Beside that, F lies between its values at the ends of q's range.
 *
 * The direction is the residual where the lines' model is nearest to the aim: there it has no slope along the x that
 * are free, so the corners do not cost. Its lights are weighed anew twice, by the distances found, until u is on the
 * bounds of what is allowed. A box is split along the x that accounts for most of what the lines lose.
 *
 * Tried and worse: the tangent where omega > 0 (its slope is not the chord's, so the direction does not fit), splitting
 * along the steepest x (half as many boxes again). */
#ifndef MATCH_LANE_BOXES_H
#define MATCH_LANE_BOXES_H

#include "match/lane_descent.h"

enum { NEAREST_SWEEPS = 6, WEIGHINGS = 2 };

/* Rounding: of the sum over bands, in parts of the sum of |omega| F, many times what was seen. */
#define BOX_ROUNDING 1e-5f

struct box {
	lanes centre[SLOPES_MAX], half[SLOPES_MAX];
};

/* Per band: F at the centre and at the ends of q's range, the line, and what is lost by it. */
struct box_bands {
	lanes tangent[SPECTRUM_SAMPLES_MAX];
	lanes q[SPECTRUM_SAMPLES_MAX],
		inverse[SPECTRUM_SAMPLES_MAX];                      /* K / S, 1 / S at the centre */
	lanes r[SPECTRUM_SAMPLES_MAX], slope[SPECTRUM_SAMPLES_MAX]; /* F, then the line's slope */
	lanes q_least[SPECTRUM_SAMPLES_MAX], q_most[SPECTRUM_SAMPLES_MAX];
	lanes r_least[SPECTRUM_SAMPLES_MAX], r_most[SPECTRUM_SAMPLES_MAX];
	lanes above[SPECTRUM_SAMPLES_MAX],
		below[SPECTRUM_SAMPLES_MAX]; /* of F over and under the line */
	lanes bent[SPECTRUM_SAMPLES_MAX];    /* |E| times the rest of s / S, for a slope of 1 */
	lanes e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];
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

/* The range of q, and what s / S can do. */
LANES_INLINE void range_bands(struct box_bands *at, const struct forward *forward,
			      const struct box_set *set, const struct box *box, lanes mean,
			      int count)
{
	for (int b = 0; b < forward->bands; b++) {
		lanes k = lanes_of(set->base[b][0]), s = lanes_of(set->base[b][1]);
		lanes rho = {0}, ds = {0}, dk = {0}, bend = {0}, inverse, q, shape, s_most;

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
			at->e[b][i] = e;
		}
		s_most = 1.0f / lanes_max(s - ds, s * 1e-3f);
		at->q[b] = q;
		at->inverse[b] = inverse;
		at->q_most[b] = lanes_min(q + rho * s_most, (k + dk) * s_most);
		at->q_least[b] =
			lanes_max(q - rho * s_most, lanes_max(k - dk, lanes_of(0.0f)) / (s + ds));
		at->bent[b] = rho * bend * s_most;
	}
}

LANES_INLINE void reflect_ranges(struct box_bands *at, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++)
		at->r_least[b] = reflectance_of_ratio(forward, at->q_most[b]);
	for (int b = 0; b < forward->bands; b++)
		at->r_most[b] = reflectance_of_ratio(forward, at->q_least[b]);
	for (int b = 0; b < forward->bands; b++) { /* F and its slope at the centre */
		lanes q = at->q[b], beta = lanes_sqrt(lanes_max(q * (q + 2.0f), lanes_of(1e-20f)));
		lanes sum = 1.0f + q + beta, rest = sum - forward->k2;
		float through = (1.0f - forward->k1) * (1.0f - forward->k2);

		/* f = 1 / sum, F = k1 + through / (sum - k2), d sum / d q = sum / beta */
		at->r[b] = through / rest;
		at->slope[b] = -at->r[b] * sum / (rest * lanes_max(beta, lanes_of(1e-10f)));
		at->r[b] += forward->k1;
	}
}

/* Lines with the chord's slope; where the range is as good as a point, the tangent's. */
LANES_INLINE void draw_lines(struct box_bands *at, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++) {
		lanes left = at->q[b] - at->q_least[b], right = at->q_most[b] - at->q[b];
		lanes width = left + right;
		lanes chord = lanes_select(width > 1e-5f * at->q[b],
					   (at->r_least[b] - at->r_most[b]) /
						   lanes_max(width, lanes_of(1e-30f)),
					   at->slope[b]);
		lanes turn = at->slope[b] - chord;

		at->above[b] = lanes_max(at->r_most[b] + chord * left - at->r[b], lanes_of(0.0f));
		/* F is over its tangent at the centre, and that over the line but for its turn */
		at->below[b] = lanes_max(turn * left, -turn * right);
		at->tangent[b] = at->slope[b];
		at->slope[b] = chord;
		at->below[b] = lanes_of(0.0f);
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

/* The direction u, and what the linear model is at d. */
LANES_INLINE void find_direction(lanes u[FORWARD_LIGHTS][3], const struct forward_rows *rows,
				 const struct lane_residual *residual, const struct box *box,
				 int count)
{
	lanes weight[FORWARD_LIGHTS], length[FORWARD_LIGHTS], at[FORWARD_LIGHTS][3];
	lanes d[SLOPES_MAX], sum, norm;
	int lights = rows->lights;

	for (int i = 0; i < count; i++)
		d[i] = lanes_of(0.0f);
	for (int i = 0; i < lights; i++)
		weight[i] = lanes_of(rows->weight[i] * rows->weight[i] /
				     (i && lights > 2 ? (float)(lights - 1) : 1.0f));
	for (int weighing = 0; weighing <= WEIGHINGS; weighing++) {
		lanes product[PRODUCTS] = {0};

		for (int light = 0; light < lights; light++) {
			lanes one[PRODUCTS] = {0};

			add_products(one, &residual[light], 1.0f, count);
			for (int i = 0; i < PRODUCTS; i++)
				product[i] += weight[light] * one[i];
		}
		nearest_point(d, product, box, count);
		for (int i = 0; i < lights; i++)
			residual_at(at[i], &length[i], &residual[i], d, count);
		/* the other lights share theirs by how far they are off, the farthest most */
		sum = lanes_of(1e-20f);
		for (int i = 1; i < lights; i++) {
			lanes far = rows->weight[i] * length[i];

			weight[i] = far * far * far * far;
			sum += weight[i];
		}
		for (int i = 1; i < lights; i++)
			weight[i] = weight[i] / sum * rows->weight[i] / length[i];
		weight[0] = rows->weight[0] / length[0];
	}
	for (int light = 0; light < lights; light++)
		for (int i = 0; i < 3; i++)
			u[light][i] = weight[light] * at[light][i];
	/* for certain within what is allowed */
	norm = lanes_of(1.0f);
	sum = lanes_of(0.0f);
	for (int light = 0; light < lights; light++) {
		lanes size = lanes_sqrt(u[light][0] * u[light][0] + u[light][1] * u[light][1] +
					u[light][2] * u[light][2]) *
			     (1.0f / rows->weight[light]);

		if (light == 0)
			norm = size;
		else
			sum += size;
	}
	norm = 0.999998f / lanes_max(lanes_max(norm, sum), lanes_of(1e-6f));
	for (int light = 0; light < lights; light++)
		for (int i = 0; i < 3; i++)
			u[light][i] *= norm;
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

LANES_INLINE void add_band(struct box_sums *sums, const struct box_bands *at, lanes omega,
			   lanes mean, int b, int count)
{
	lane_ints falls = omega < 0.0f;
	lanes size = lanes_abs(omega),
	      slope = omega * lanes_select(falls, at->slope[b], at->tangent[b]);
	lanes off = lanes_select(falls, at->above[b], at->below[b]) * size;
	lanes bent = lanes_abs(slope) * at->bent[b];
	lanes shape = mean * at->inverse[b];
	lanes share = (size * at->above[b] * mean + bent) /
		      lanes_max(at->q_most[b] - at->q_least[b], 1e-6f * at->q[b]);

	sums->plain += omega * at->r[b] - off;
	sums->ranged += omega * lanes_select(falls, at->r_most[b], at->r_least[b]);
	sums->size += size * at->r_most[b];
	sums->lost += bent;
	slope *= shape;
	share *= at->inverse[b];
	for (int i = 0; i < count; i++) {
		sums->along[i] += slope * at->e[b][i];
		sums->spread[i] += share * lanes_abs(at->e[b][i]);
	}
}

LANES_INLINE lanes bound_of_box(struct box_sums *sums, const struct forward *forward,
				const struct forward_rows *rows, const struct box_set *set,
				const struct box *box, const struct box_bands *at,
				lanes u[FORWARD_LIGHTS][3], lanes mean, int count, float limit)
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
		add_band(sums, at, omega, mean, b, count);
	}
	rounding = BOX_ROUNDING * sums->size;
	over = sums->plain - aim - rounding - limit;
	least = mean * over - sums->lost;
	for (int i = 0; i < count; i++) {
		least -= box->half[i] * lanes_abs(sums->along[i] + set->scattering[i] * over);
		spread += box->half[i] * set->scattering[i];
	}
	least = limit + least / lanes_select(least > 0.0f, mean + spread,
					     lanes_max(mean - spread, mean * 1e-3f));
	return lanes_max(least, sums->ranged - aim - rounding);
}

LANES_INLINE void bound_boxes_of(struct forward_boxes *boxes, const struct forward *forward,
				 const struct forward_rows *rows, const struct box_set *set,
				 int count, float limit, int first)
{
	struct box_bands at;
	struct lane_residual residual[FORWARD_LIGHTS];
	struct box_sums sums = {0};
	struct box box;
	lanes u[FORWARD_LIGHTS][3], mean = lanes_of(set->base_scattering);
	lanes e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];

	for (int i = 0; i < count; i++) {
		box.centre[i] = lanes_load(boxes->centre[i], first);
		box.half[i] = lanes_load(boxes->half[i], first);
		mean += box.centre[i] * set->scattering[i];
	}
	range_bands(&at, forward, set, &box, mean, count);
	reflect_ranges(&at, forward);
	draw_lines(&at, forward);
	for (int b = 0; b < forward->bands; b++)
		for (int i = 0; i < count; i++)
			e[b][i] = at.tangent[b] * at.inverse[b] * at.e[b][i];
	for (int light = 0; light < rows->lights; light++)
		project(&residual[light], rows->row[light], rows->aim[light], at.r,
			(const lanes(*)[SLOPES_MAX])e, forward->bands, count);
	find_direction(u, rows, residual, &box, count);
	lanes_store(boxes->bound, first,
		    bound_of_box(&sums, forward, rows, set, &box, &at, u, mean, count, limit));
	for (int i = 0; i < count; i++)
		lanes_store(boxes->spread[i], first, box.half[i] * sums.spread[i]);
}

static void bound_boxes(struct forward_boxes *boxes, const struct forward *forward,
			const struct forward_rows *rows, const int *pigment, int pigments, int base,
			float limit)
{
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
