/* What no recipe in a box can be better than, over lanes, of an opaque medium: forward_bound_boxes(). Included by
 * vector.c only.
 *
 * The box is of amounts x_i for one ml of its base, so K(x) and S(x) are linear; d_i is x_i's step from the centre, in
 * halves of the box. With R = F(K / S), F falling and convex (Kubelka and Munk's f, then the surface), and a direction u, one
 * number for each row, the objective's colour part is at least
 *
 *	u.(row R(x) - aim) = sum over bands of omega_b F(q_b(x)) - u.aim,   omega = u row,
 *
 * if |u_0| <= w_0 and |u_1| <= 1; row 1 is the mean of the other lights' rows times their weights, whose length is at
 * most the worst of them.
 *
 * Each band's F becomes a parabola in t = q - q_c: F_c + F' t + c t^2. F is completely monotone (f(q) is the Laplace
 * transform of e^-v I_1(v) / v, and F a sum of its powers), so (F - F_c - F' t) / t^2 falls with t: its value at the range's left
 * end, c_high, makes a parabola that F is below, that at the right end, c_low, one that it is above; omega's sign says
 * which is needed. Curves of bands with the one sign cancel those of the other. Where the range is lopsided, the chord, or
 * the tangent, does better.
 *
 * t is not linear in d: t = e.d / (1 + g.d), g the growth of the band's S in parts of itself. So all is multiplied by the
 * square of tau = 1 + step.d, the mean scattering's growth: mixes differ much in S but little in its shape, so
 * h = step - g is small and
 *
 *	tau^2 F' t = F' (tau e.d + e.d h.d) and a third order,   tau^2 t^2 = (e.d)^2 (1 + h.d / (1 + g.d))^2,
 *
 * whose last factor is between (1 - z)^2 and (1 + z)^2. What remains is a polynomial of the second degree in d, the
 * limit taken off with it, and that is bounded from below (lane_quadratic.h).
 *
 * The direction is the residual where the tangents' model is nearest to the aim: there it has no slope along the d that
 * are free. Its two lights are weighed anew by the distances found, which brings u to the bounds of what is allowed. A box
 * is split along the x that bends F most.
 *
 * Measured, 12 pigments, opaque: 0.25 to 0.7 million boxes for all sets of four. With tangents and chords alone it was 1.6 times
 * as many and as long. Tried and worse: splitting along the steepest x (twice the boxes); w = l / (q + l) in the place of q, in
 * which F is nearly straight, for l from 1 to 100 (a tenth to a half more: what F loses in bend, S + K / l gains in
 * shape); more rounds of the direction, with or without the bend (no fewer boxes). Cutting a box down to where three
 * directions of the main light allow a recipe (a fifth fewer boxes, each a fifth dearer: few boxes are small enough for
 * that before the last). Parabolas of all six rows at once, with what is left of them in the length of the rows (as many boxes as
 * with chords: in a direction that tells two lights apart the rows nearly cancel, their lengths do not). What the distance
 * grows by across u (nothing, for the same reason). */
#ifndef SEARCH_LANE_BOXES_H
#define SEARCH_LANE_BOXES_H

#include "search/lane_quadratic.h"

enum { NEAREST_SWEEPS = 2, WEIGHINGS = 1 };

/* Rounding: of the sums over bands, in parts of the sum of their parts, many times what was seen. */
#define BOX_ROUNDING 1e-5f

/* F is a parabola where one side of the range of q is less than this times the other: of 1.2 to 2 what left the fewest boxes
 * (12 pigments; 5 % between best and worst). */
#define LOPSIDED 1.6f

struct box {
	lanes centre[SLOPES_MAX], half[SLOPES_MAX];
	lanes step[SLOPES_MAX]; /* growth of the mean scattering along d, in parts of itself */
};

/* Of a band: q at the centre, how far its range reaches to both sides, F at the centre and at the ends, the slope and the
 * two parabolas; e and h, with the most that e.d, z and the third order for a slope of 1 can be. */
struct box_band {
	lanes q, left, right;
	lanes r, r_least, r_most, slope, c_high, c_low;
	lanes e[SLOPES_MAX], h[SLOPES_MAX];
	lanes rho, z, third;
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

/* The range of q, and what is not linear in it. Where S is nearly nothing somewhere in the box, no bound is `tight`. */
LANES_INLINE void range_bands(struct box_band *at, lane_ints *tight, const struct forward *forward,
			      const struct box_set *set, const struct box *box, int count)
{
	const lane_ints none = {0};

	*tight = ~none;
	for (int b = 0; b < forward->bands; b++) {
		lanes k = lanes_of(set->base[b][0]), s = lanes_of(set->base[b][1]);
		lanes rho = {0}, more_k = {0}, more_s = {0}, bend = {0}, inverse, q, most, reach;

		for (int i = 0; i < count; i++) {
			k += box->centre[i] * set->pigment[i][b][0];
			s += box->centre[i] * set->pigment[i][b][1];
		}
		inverse = 1.0f / s;
		q = k * inverse;
		for (int i = 0; i < count; i++) {
			lanes half = box->half[i] * inverse;
			lanes dk = half * set->pigment[i][b][0];
			lanes ds = half * set->pigment[i][b][1];

			more_k += dk;
			more_s += ds;
			at[b].e[i] = dk - q * ds;
			at[b].h[i] = box->step[i] - ds;
			rho += lanes_abs(at[b].e[i]);
			bend += lanes_abs(at[b].h[i]);
		}
		rho += 1e-6f * q; /* differences, so what rounding does to them is counted */
		more_s += 1e-6f;
		*tight &= more_s < 0.9999f;
		most = 1.0f / lanes_max(1.0f - more_s, lanes_of(1e-4f));
		at[b].q = q;
		at[b].rho = rho;
		at[b].z = bend * most;
		at[b].third = rho * bend * at[b].z;
		/* not so narrow that the parabolas would be rounding */
		reach = lanes_max(rho * most, 1e-3f * q);
		at[b].right = lanes_min(reach, (q + more_k) * most - q);
		at[b].left = lanes_min(reach,
				       q - lanes_max(q * (1.0f - 1e-6f) - more_k, lanes_of(0.0f)) /
						       (1.0f + more_s));
		at[b].right = lanes_max(at[b].right, 1e-3f * q);
		at[b].left = lanes_max(at[b].left, 1e-3f * q);
	}
}

LANES_INLINE void reflect_ranges(struct box_band *at, const struct forward *forward)
{
	for (int b = 0; b < forward->bands; b++)
		at[b].r_least = reflectance_of_ratio(forward, at[b].q + at[b].right);
	for (int b = 0; b < forward->bands; b++)
		at[b].r_most = reflectance_of_ratio(forward, at[b].q - at[b].left);
	for (int b = 0; b < forward->bands; b++) { /* F and its slope at the centre */
		lanes q = at[b].q, beta = lanes_sqrt(lanes_max(q * (q + 2.0f), lanes_of(1e-20f)));
		lanes sum = 1.0f + q + beta, rest = sum - forward->k2;
		float through = (1.0f - forward->k1) * (1.0f - forward->k2);

		/* f = 1 / sum, F = k1 + through / (sum - k2), d sum / d q = sum / beta */
		at[b].r = through / rest;
		at[b].slope = -at[b].r * sum / (rest * lanes_max(beta, lanes_of(1e-10f)));
		at[b].r += forward->k1;
	}
	for (int b = 0; b < forward->bands; b++) {
		lanes left = at[b].left, right = at[b].right, zero = lanes_of(0.0f);
		lanes high = at[b].r_most - at[b].r + at[b].slope * left;
		lanes low = at[b].r_least - at[b].r - at[b].slope * right;

		at[b].c_high = lanes_max(high, zero) / lanes_max(left * left, lanes_of(1e-30f));
		at[b].c_low = lanes_max(low, zero) / lanes_max(right * right, lanes_of(1e-30f));
	}
}

/* The point of the box where the weighed length is least, roughly: one coordinate after the other. */
LANES_INLINE void nearest_point(lanes d[SLOPES_MAX], const lanes product[PRODUCTS], int count)
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
			d[i] = lanes_max(lanes_min(-slope * inverse[i], lanes_of(1.0f)),
					 lanes_of(-1.0f));
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

/* The direction u, and d, where the tangents' model is nearest. */
LANES_INLINE void find_direction(lanes u[FORWARD_ROW_LIGHTS][3], lanes d[SLOPES_MAX],
				 const struct forward_rows *rows,
				 const struct lane_residual *residual, int count)
{
	lanes weight[FORWARD_ROW_LIGHTS], length[FORWARD_ROW_LIGHTS] = {{0}},
					  at[FORWARD_ROW_LIGHTS][3];
	lanes one[FORWARD_ROW_LIGHTS][PRODUCTS];
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
		nearest_point(d, product, count);
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
	lanes plain;              /* of omega F at the centre */
	lanes size;               /* of |omega| F, and of the parts of what follows */
	lanes third;              /* what is of the third order */
	lanes along[SLOPES_MAX];  /* slopes */
	struct quadratic bend;    /* its second order only */
	lanes spread[SLOPES_MAX]; /* how much F bends along each d */
};

LANES_INLINE void add_band(struct box_sums *sums, const struct box_band *at, lanes omega, int count)
{
	lane_ints falls = omega < 0.0f;
	lanes size = lanes_abs(omega), zero = lanes_of(0.0f), share = size * at->c_high * at->rho;
	lanes from = lanes_select(falls, at->left, at->right);
	lanes other = lanes_select(falls, at->right, at->left);
	lane_ints curved = other < LOPSIDED * from, chord = falls & ~curved;
	lanes chords =
		(at->r_least - at->r_most) / lanes_max(at->left + at->right, lanes_of(1e-20f));
	lanes slope = lanes_select(chord, chords, at->slope);
	lanes above = lanes_max(at->r_most + chords * at->left - at->r, zero);
	lanes shape = lanes_max(1.0f + lanes_select(falls, at->z, -at->z), zero);
	lanes bend = lanes_select(falls, at->c_high, at->c_low) * shape * shape, v[SLOPES_MAX];

	slope *= omega;
	bend = omega * lanes_select(curved, bend, zero);
	sums->plain += omega * at->r - size * lanes_select(chord, above, zero);
	sums->size += size * at->r_most + (lanes_abs(slope) + lanes_abs(bend) * at->rho) * at->rho;
	sums->third += lanes_abs(slope) * at->third;
	for (int i = 0; i < count; i++) {
		v[i] = bend * at->e[i] + slope * at->h[i];
		sums->along[i] += slope * at->e[i];
		sums->spread[i] += share * lanes_abs(at->e[i]);
	}
	for (int i = 0; i < count; i++) {
		sums->bend.c[product_place(i + 1, i + 1)] += at->e[i] * v[i];
		for (int j = i + 1; j < count; j++)
			sums->bend.c[product_place(i + 1, j + 1)] +=
				at->e[i] * v[j] + at->e[j] * v[i];
	}
}

/* All of it, less the limit, times tau^2: over tau^2 + tau along.d + bend(d). */
LANES_INLINE void take_polynomial(struct quadratic *p, const struct box_sums *sums, lanes over,
				  const struct box *box, int count)
{
	const lanes *step = box->step, *along = sums->along;

	p->c[0] = over - sums->third - BOX_ROUNDING * sums->size;
	for (int i = 0; i < count; i++) {
		int square = product_place(i + 1, i + 1);

		p->c[i + 1] = along[i] + 2.0f * over * step[i];
		p->c[square] = sums->bend.c[square] + step[i] * (along[i] + over * step[i]);
		for (int j = i + 1; j < count; j++) {
			int place = product_place(i + 1, j + 1);

			p->c[place] = sums->bend.c[place] + step[i] * along[j] +
				      step[j] * (along[i] + 2.0f * over * step[i]);
		}
	}
}

/* `d`: where it may be least. */
LANES_INLINE lanes bound_of_box(struct box_sums *sums, const struct forward *forward,
				const struct forward_rows *rows, const struct box *box,
				const struct box_band *at, lanes u[FORWARD_ROW_LIGHTS][3],
				const lanes *d, int count, float limit)
{
	lanes aim = {0}, spread = {0}, least, tau;
	struct quadratic p;

	for (int light = 0; light < rows->lights; light++)
		for (int i = 0; i < 3; i++)
			aim += u[light][i] * rows->aim[light][i];
	for (int b = 0; b < forward->bands; b++) {
		lanes omega = {0};

		for (int light = 0; light < rows->lights; light++)
			for (int i = 0; i < 3; i++)
				omega += u[light][i] * rows->row[light][i][b];
		add_band(sums, &at[b], omega, count);
	}
	take_polynomial(&p, sums, sums->plain - aim - limit, box, count);
	least = least_of(&p, d, count);
	for (int i = 0; i < count; i++)
		spread += box->step[i];
	tau = lanes_select(least > 0.0f, 1.0f + spread, lanes_max(1.0f - spread, lanes_of(5e-5f)));
	return limit + least / (tau * tau);
}

LANES_INLINE void bound_boxes_of(struct forward_boxes *boxes, const struct forward *forward,
				 const struct forward_rows *rows, const struct box_set *set,
				 int count, float limit, int first)
{
	struct box_band at[SPECTRUM_SAMPLES_MAX];
	struct lane_residual residual[FORWARD_ROW_LIGHTS];
	struct box_sums sums = {0};
	struct box box;
	lanes u[FORWARD_ROW_LIGHTS][3], d[SLOPES_MAX], mean = lanes_of(set->base_scattering), bound;
	lane_ints tight;
	lanes r[SPECTRUM_SAMPLES_MAX], e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];

	for (int i = 0; i < count; i++) {
		box.centre[i] = lanes_load(boxes->centre[i], first);
		box.half[i] = lanes_load(boxes->half[i], first);
		mean += box.centre[i] * set->scattering[i];
	}
	for (int i = 0; i < count; i++)
		box.step[i] = box.half[i] * set->scattering[i] / mean;
	range_bands(at, &tight, forward, set, &box, count);
	reflect_ranges(at, forward);
	for (int b = 0; b < forward->bands; b++) {
		r[b] = at[b].r;
		for (int i = 0; i < count; i++)
			e[b][i] = at[b].slope * at[b].e[i];
	}
	for (int light = 0; light < rows->lights; light++)
		project(&residual[light], rows->row[light], rows->aim[light], r,
			(const lanes(*)[SLOPES_MAX])e, forward->bands, count);
	find_direction(u, d, rows, residual, count);
	bound = bound_of_box(&sums, forward, rows, &box, at, u, d, count, limit);
	lanes_store(boxes->bound, first, (lanes)(tight & (lane_ints)bound));
	for (int i = 0; i < count; i++)
		lanes_store(boxes->spread[i], first, sums.spread[i]);
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
			bound_boxes_of(boxes, forward, rows, &set, SEARCH_PIGMENTS_MAX, limit,
				       first);
		}
}

#endif
