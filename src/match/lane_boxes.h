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
 * q: where omega > 0 the tangent at the centre, which F is above, where omega < 0 the chord over the box's range
 * of q, which F is below. A line in q is not linear in x: q - q_c = E(x) / S(x) with E(x) = sum d_i (K_i - q_c S_i), exactly.
 * Mixes differ much in S but little in its shape, so all is multiplied by the mean scattering s(x) > 0:
 * s / S_b is what it is at the centre but for a small rest, and the rest times |E| is taken off. What remains is
 * linear in x, and least at a corner. Beside that, F lies between its values at the ends of q's range.
 *
 * The direction is the residual where the box's linear model is nearest to the aim: there it has no slope along the
 * x that are free, so the corners do not cost. Its lights are weighed anew twice, by the distances found, until u is on
 * the bounds of what is allowed.
 */
#ifndef MATCH_LANE_BOXES_H
#define MATCH_LANE_BOXES_H

#include "match/lane_descent.h"

enum { NEAREST_SWEEPS = 6, WEIGHINGS = 2 };

/* Rounding: of the sum over bands, in parts of the sum of |omega| F, many times what was seen. */
#define BOX_ROUNDING 1e-5f

struct box {
	lanes centre[SLOPES_MAX], half[SLOPES_MAX];
};

/* Per band at the centre. */
struct box_band {
	lanes r, slope; /* F and its slope along q */
	lanes k, s;
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

/* Residuals of the lights at the centre, and slopes along x. */
LANES_INLINE void centre_of_box(struct box_band *at, struct lane_residual *residual,
				const struct forward *forward, const struct forward_rows *rows,
				const struct box_set *set, const struct box *box, int count)
{
	lanes r[SPECTRUM_SAMPLES_MAX], e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];

	for (int b = 0; b < forward->bands; b++) {
		struct lane_mix mix = {lanes_of(set->base[b][0]), lanes_of(set->base[b][1])};
		struct lane_slope slope;

		for (int i = 0; i < count; i++) {
			mix.k += box->centre[i] * set->pigment[i][b][0];
			mix.s += box->centre[i] * set->pigment[i][b][1];
		}
		slope = slope_opaque(forward, mix);
		at[b] = (struct box_band){slope.r, slope.k * mix.s, mix.k, mix.s};
		r[b] = slope.r;
		for (int i = 0; i < count; i++)
			e[b][i] = slope.k * set->pigment[i][b][0] + slope.s * set->pigment[i][b][1];
	}
	for (int light = 0; light < rows->lights; light++)
		project(&residual[light], rows->row[light], rows->aim[light], r,
			(const lanes(*)[SLOPES_MAX])e, forward->bands, count);
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
	lanes plain;             /* of omega F at the centre, and of chords' heights over it */
	lanes ranged;            /* of omega F at the worse end of each range */
	lanes size;              /* of |omega| F */
	lanes lost;              /* what lines in q lose by not being linear in x */
	lanes along[SLOPES_MAX]; /* slopes, times the mean scattering */
};

LANES_INLINE void add_band(struct box_sums *sums, const struct forward *forward,
			   const struct box_set *set, const struct box *box,
			   const struct box_band *at, lanes omega, lanes mean, int b, int count)
{
	lanes inverse = 1.0f / at->s, q = at->k * inverse, shape = mean * inverse;
	lanes rho = {0}, ds = {0}, dk = {0}, bend = {0}, e[SLOPES_MAX];
	lanes s_least, q_least, q_most, r_least, r_most, width, chord, height, line;
	lane_ints below = omega < 0.0f;

	for (int i = 0; i < count; i++) {
		float k = set->pigment[i][b][0], s = set->pigment[i][b][1];

		e[i] = k - q * s;
		rho += box->half[i] * lanes_abs(e[i]);
		dk += box->half[i] * k;
		ds += box->half[i] * s;
		bend += box->half[i] * lanes_abs(set->scattering[i] - shape * s);
	}
	s_least = 1.0f / lanes_max(at->s - ds, at->s * 1e-3f);
	q_most = lanes_min(q + rho * s_least, (at->k + dk) * s_least);
	q_least =
		lanes_max(q - rho * s_least, lanes_max(at->k - dk, lanes_of(0.0f)) / (at->s + ds));
	r_least = reflectance_of_ratio(forward, q_most);
	r_most = reflectance_of_ratio(forward, q_least);
	width = q_most - q_least;
	chord = lanes_select(width > 1e-5f * q,
			     (r_least - r_most) / lanes_max(width, lanes_of(1e-30f)), at->slope);
	height = lanes_max(r_most + chord * (q - q_least) - at->r, lanes_of(0.0f));
	line = omega * lanes_select(below, chord, at->slope) * shape;
	sums->plain += omega * (at->r + lanes_select(below, height, lanes_of(0.0f)));
	sums->ranged += omega * lanes_select(below, r_most, r_least);
	sums->size += lanes_abs(omega) * r_most;
	sums->lost += lanes_abs(line) * rho * bend * s_least *
		      (1.0f / lanes_max(shape, lanes_of(1e-20f)));
	for (int i = 0; i < count; i++)
		sums->along[i] += line * e[i];
}

LANES_INLINE lanes bound_of_box(const struct forward *forward, const struct forward_rows *rows,
				const struct box_set *set, const struct box *box,
				const struct box_band *at, lanes u[FORWARD_LIGHTS][3], int count,
				float limit)
{
	struct box_sums sums = {0};
	lanes mean = lanes_of(set->base_scattering), spread = {0}, aim = {0}, over, least, rounding;

	for (int i = 0; i < count; i++) {
		mean += box->centre[i] * set->scattering[i];
		spread += box->half[i] * set->scattering[i];
	}
	for (int light = 0; light < rows->lights; light++)
		for (int i = 0; i < 3; i++)
			aim += u[light][i] * rows->aim[light][i];
	for (int b = 0; b < forward->bands; b++) {
		lanes omega = {0};

		for (int light = 0; light < rows->lights; light++)
			for (int i = 0; i < 3; i++)
				omega += u[light][i] * rows->row[light][i][b];
		add_band(&sums, forward, set, box, &at[b], omega, mean, b, count);
	}
	rounding = BOX_ROUNDING * sums.size;
	over = sums.plain - aim - rounding - limit;
	least = mean * over - sums.lost;
	for (int i = 0; i < count; i++)
		least -= box->half[i] * lanes_abs(sums.along[i] + set->scattering[i] * over);
	least = limit + least / lanes_select(least > 0.0f, mean + spread,
					     lanes_max(mean - spread, mean * 1e-3f));
	return lanes_max(least, sums.ranged - aim - rounding);
}

LANES_INLINE void bound_boxes_of(struct forward_boxes *boxes, const struct forward *forward,
				 const struct forward_rows *rows, const struct box_set *set,
				 int count, float limit, int first)
{
	struct box_band at[SPECTRUM_SAMPLES_MAX];
	struct lane_residual residual[FORWARD_LIGHTS];
	struct box box;
	lanes u[FORWARD_LIGHTS][3];

	for (int i = 0; i < count; i++) {
		box.centre[i] = lanes_load(boxes->centre[i], first);
		box.half[i] = lanes_load(boxes->half[i], first);
	}
	centre_of_box(at, residual, forward, rows, set, &box, count);
	find_direction(u, rows, residual, &box, count);
	lanes_store(boxes->bound, first,
		    bound_of_box(forward, rows, set, &box, at, u, count, limit));
	for (int i = 0; i < count; i++) {
		lanes slope = {0};

		for (int light = 0; light < rows->lights; light++)
			for (int j = 0; j < 3; j++)
				slope += rows->weight[light] * rows->weight[light] *
					 residual[light].slope[i][j] * residual[light].slope[i][j];
		lanes_store(boxes->spread[i], first, box.half[i] * lanes_sqrt(slope));
	}
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
