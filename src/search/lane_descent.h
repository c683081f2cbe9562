/* Steps of many sets of pigments towards their best shares, over lanes: forward_descend(). Included by vector.c only.
 *
 * Gauss-Newton: the reflectance is linearized at the shares where a lane is, the weighed length of the rows is then a
 * quadratic in the shares, and its least point within their bounds is the next. Where the least point lies beyond
 * a bound, the step goes to the first one it meets, stays there, and goes on along it (active set); a share
 * leaves its bound again in the next step, if the slope says so. Bounds are also how far a step may go: a
 * share grows or shrinks by DESCENT_RATIO at most.
 */
#ifndef SEARCH_LANE_DESCENT_H
#define SEARCH_LANE_DESCENT_H

#include "search/lane_model.h"

#define DESCENT_RATIO 6.0f
#define DESCENT_REACH 0.02f /* by this much a share may grow whatever it is */

enum { SLOPES_MAX = SEARCH_PIGMENTS_MAX };

/* Reflectance per band, and how it changes with the mix's K and S. */
struct lane_slope {
	lanes r, k, s;
};

/* f(K/S) falls with K by 2 f^2 / ((1 - f^2) S) and rises with S by K / S of that; the surface is a fraction of f. */
LANES_INLINE struct lane_slope slope_opaque(const struct forward *forward, struct lane_mix mix)
{
	lanes f = mix.s / (mix.k + mix.s + beta_of(mix)), f2 = f * f;
	lanes through = lanes_of((1.0f - forward->k1) * (1.0f - forward->k2));
	lanes rest = 1.0f - forward->k2 * f;
	lanes inside = mix.s * (1.0f - f2) * rest;
	lanes inverse = 1.0f / lanes_max(inside * rest * mix.s, lanes_of(1e-30f));
	lanes k = -2.0f * f2 * through * inverse * mix.s;

	return (struct lane_slope){forward->k1 + through * f * (inside * inverse * mix.s), k,
				   -k * mix.k * inverse * inside * rest};
}

/* Of q = beta coth(beta X) along beta^2. */
LANES_INLINE lanes slope_coth(lanes q, lanes beta, float mm)
{
	lanes y = beta * mm, y2 = y * y;
	lanes safe = lanes_max(beta, lanes_of(0.05f / mm)), c = q / safe;

	return lanes_select(y < 0.3f,
			    mm * (1.0f / 3.0f - y2 * (2.0f / 45.0f - y2 * (2.0f / 315.0f))),
			    (c - y * (c * c - 1.0f)) / (2.0f * safe));
}

LANES_INLINE struct lane_slope slope_layered(const struct forward *forward,
					     const struct forward_band *band, struct lane_mix mix)
{
	float mm = forward->thickness, g = band->ground;
	lanes beta = beta_of(mix), e = fade_of(beta, mm), y = beta * mm, y2 = y * y;
	lanes q = lanes_select(y < 0.1f, (1.0f + y2 * (1.0f / 3.0f - y2 * (1.0f / 45.0f))) / mm,
			       beta * (1.0f + e) / (1.0f - e));
	lanes dq = slope_coth(q, beta, mm);
	lanes qk = dq * 2.0f * (mix.k + mix.s), qs = dq * 2.0f * mix.k;
	lanes below = 1.0f / (mix.s * (1.0f - g) + mix.k + q);
	lanes r = (mix.s * (1.0f - g) + g * (q - mix.k)) * below;
	lanes rk = (g * (qk - 1.0f) - r * (1.0f + qk)) * below;
	lanes rs = ((1.0f - g) + g * qs - r * ((1.0f - g) + qs)) * below;
	lanes between = 1.0f / (1.0f - band->above_r * r);
	lanes over = band->twice * (band->above_r + band->above_t2 * r * between);
	lanes rest = 1.0f / (1.0f - forward->k2 * over);
	float through = (1.0f - forward->k1) * (1.0f - forward->k2);
	lanes slope = through * rest * rest * band->twice * band->above_t2 * between * between;

	return (struct lane_slope){forward->k1 + through * over * rest, slope * rk, slope * rs};
}

/* Residual of the rows of a light and its slopes along the shares. */
struct lane_residual {
	lanes r[3], slope[SLOPES_MAX][3];
};

/* Less `aim`. `count` is a constant wherever this is inlined. */
LANES_INLINE void project(struct lane_residual *out, const float row[3][SPECTRUM_SAMPLES_MAX],
			  const float aim[3], const lanes *r, const lanes (*e)[SLOPES_MAX],
			  int bands, int count)
{
	for (int i = 0; i < 3; i++) {
		out->r[i] = lanes_of(-aim[i]);
		for (int j = 0; j < count; j++)
			out->slope[j][i] = lanes_of(0.0f);
	}
	for (int b = 0; b < bands; b++)
		for (int i = 0; i < 3; i++) {
			float weight = row[i][b];

			out->r[i] += weight * r[b];
			for (int j = 0; j < count; j++)
				out->slope[j][i] += weight * e[b][j];
		}
}

/* X, Y and Z to the form of their cube roots. */
LANES_INLINE void take_form(struct lane_residual *residual, const float form[3][3],
			    const float root[3], int count)
{
	lanes off[3], bent[SLOPES_MAX][3];

	for (int i = 0; i < 3; i++) {
		lanes f = response(residual->r[i]), slope = 1.0f / (3.0f * f * f);

		off[i] = f - root[i];
		for (int j = 0; j < count; j++)
			bent[j][i] = slope * residual->slope[j][i];
	}
	for (int i = 0; i < 3; i++) {
		residual->r[i] = form[i][0] * off[0] + form[i][1] * off[1] + form[i][2] * off[2];
		for (int j = 0; j < count; j++)
			residual->slope[j][i] = form[i][0] * bent[j][0] + form[i][1] * bent[j][1] +
						form[i][2] * bent[j][2];
	}
}

/* Products of residual and slopes, all lights: product[0] is the length squared, [1 + j] that with slope j, then
 * the slopes among themselves, row by row. */
enum { PRODUCTS = 15 };

LANES_INLINE int product_place(int i, int j) /* 0 <= i <= j <= 4: 0 the residual */
{
	return i * 5 - i * (i - 1) / 2 + j - i;
}

LANES_INLINE void add_products(lanes product[PRODUCTS], const struct lane_residual *residual,
			       float weight2, int count)
{
	for (int i = 0; i <= count; i++)
		for (int j = i; j <= count; j++) {
			const lanes *one = i ? residual->slope[i - 1] : residual->r;
			const lanes *two = j ? residual->slope[j - 1] : residual->r;

			product[product_place(i, j)] +=
				weight2 * (one[0] * two[0] + one[1] * two[1] + one[2] * two[2]);
		}
}

/* The least point of a quadratic within bounds, and with a sum that has one. */
struct lane_quadratic {
	lanes h[SLOPES_MAX][SLOPES_MAX], g[SLOPES_MAX]; /* g d + d h d / 2 */
	lanes low[SLOPES_MAX], high[SLOPES_MAX];        /* of the step d, which is 0 at first */
	lanes room;                                     /* of the sum of d */
	lane_ints free[SLOPES_MAX], held;               /* held: the sum stays as it is */
};

/* The step p from d to the least point along the free ones: elimination, the others' rows made those of 1. Where the sum
 * is held, less as much of the step z that changes the sum at the least cost. */
LANES_INLINE void solve_free(lanes p[SLOPES_MAX], const struct lane_quadratic *q, const lanes *d,
			     int count)
{
	lanes a[SLOPES_MAX][SLOPES_MAX], z[SLOPES_MAX], sum = {0}, whole = {0}, part;

	for (int i = 0; i < count; i++) {
		lanes rest = q->g[i];

		for (int j = 0; j < count; j++) {
			lane_ints both = q->free[i] & q->free[j];

			rest += q->h[i][j] * d[j];
			a[i][j] = (lanes)(both & (lane_ints)q->h[i][j]);
		}
		a[i][i] = lanes_select(q->free[i], q->h[i][i], lanes_of(1.0f));
		p[i] = (lanes)(q->free[i] & (lane_ints)-rest);
		z[i] = (lanes)(q->free[i] & (lane_ints)lanes_of(1.0f));
	}
	for (int i = 0; i < count; i++) {
		lanes inverse = 1.0f / lanes_max(a[i][i], lanes_of(1e-20f));

		for (int k = i + 1; k < count; k++) {
			lanes factor = a[i][k] * inverse;

			for (int j = k; j < count; j++)
				a[k][j] -= factor * a[i][j];
			p[k] -= factor * p[i];
			z[k] -= factor * z[i];
		}
		p[i] *= inverse;
		z[i] *= inverse;
		for (int k = i + 1; k < count; k++)
			a[i][k] *= inverse;
	}
	for (int i = count - 2; i >= 0; i--)
		for (int k = i + 1; k < count; k++) {
			p[i] -= a[i][k] * p[k];
			z[i] -= a[i][k] * z[k];
		}
	for (int i = 0; i < count; i++) {
		sum += p[i];
		whole += z[i];
	}
	part = (lanes)(q->held & (lane_ints)(sum / lanes_max(whole, lanes_of(1e-20f))));
	for (int i = 0; i < count; i++)
		p[i] -= part * z[i];
}

/* As far along p as the first bound; what meets it is free no more. */
LANES_INLINE void go_to_bound(lanes d[SLOPES_MAX], struct lane_quadratic *q, const lanes *p,
			      int count)
{
	lanes part = lanes_of(1.0f), limit[SLOPES_MAX], sum = {0}, whole = {0}, left;
	lane_ints fills;

	for (int i = 0; i < count; i++) {
		lanes room = lanes_select(p[i] < 0.0f, q->low[i], q->high[i]) - d[i];
		lane_ints meets = lanes_abs(p[i]) > lanes_abs(room);

		limit[i] = lanes_select(meets, room / lanes_select(meets, p[i], lanes_of(1.0f)),
					lanes_of(2.0f));
		part = lanes_min(part, limit[i]);
		sum += d[i];
		whole += p[i];
	}
	left = lanes_max(q->room - sum, lanes_of(0.0f));
	fills = ~q->held & (part * whole > left) & (whole > 0.0f);
	part = lanes_select(fills, left / lanes_select(fills, whole, lanes_of(1.0f)), part);
	q->held |= fills;
	for (int i = 0; i < count; i++) {
		lane_ints meets = limit[i] <= part;

		d[i] = lanes_select(meets, lanes_select(p[i] < 0.0f, q->low[i], q->high[i]),
				    d[i] + part * p[i]);
		q->free[i] &= ~meets;
	}
}

LANES_INLINE void least_point(lanes d[SLOPES_MAX], struct lane_quadratic *q, int count)
{
	q->held = (lane_ints)lanes_of(0.0f);
	for (int i = 0; i < count; i++) {
		lane_ints stays = ((q->low[i] >= 0.0f) & (q->g[i] >= 0.0f)) |
				  ((q->high[i] <= 0.0f) & (q->g[i] <= 0.0f));

		d[i] = lanes_of(0.0f);
		q->free[i] = ~stays;
	}
	for (int round = 0; round <= count; round++) {
		lanes p[SLOPES_MAX];

		solve_free(p, q, d, count);
		go_to_bound(d, q, p, count);
	}
}

LANES_INLINE lanes value_at(const struct lane_quadratic *q, const lanes *d, int count)
{
	lanes value = {0};

	for (int i = 0; i < count; i++) {
		lanes along = q->g[i];

		for (int j = 0; j < count; j++)
			along += 0.5f * q->h[i][j] * d[j];
		value += along * d[i];
	}
	return value;
}

/* Reflectance and its slopes along each share, band by band. */
LANES_INLINE void slopes_of_set(lanes *r, lanes (*e)[SLOPES_MAX], const struct forward *forward,
				const struct forward_set *set, const lanes *share, int heads,
				int own, int first)
{
	differences head[SLOPES_MAX] = {NULL};

	for (int i = 0; i < heads; i++)
		head[i] = (differences)(forward->difference + set->head[i] * forward->bands);
	for (int b = 0; b < forward->bands; b++) {
		const struct forward_band *band = &forward->band[b];
		lanes k[SLOPES_MAX], s[SLOPES_MAX];
		struct lane_mix mix = {lanes_of(band->k0), lanes_of(band->s0)};
		struct lane_slope slope;

		for (int i = 0; i < heads; i++) {
			k[i] = lanes_of(head[i][b][0]);
			s[i] = lanes_of(head[i][b][1]);
		}
		for (int i = 0; i < own; i++) {
			k[heads + i] = lanes_load(set->value[2 * (b * own + i)], first);
			s[heads + i] = lanes_load(set->value[2 * (b * own + i) + 1], first);
		}
		for (int i = 0; i < heads + own; i++) {
			mix.k += share[i] * k[i];
			mix.s += share[i] * s[i];
		}
		mix.k = lanes_max(mix.k, lanes_of(0.0f));
		mix.s = lanes_max(mix.s, lanes_of(1e-12f));
		slope = forward->layered ? slope_layered(forward, band, mix)
					 : slope_opaque(forward, mix);
		r[b] = slope.r;
		for (int i = 0; i < heads + own; i++)
			e[b][i] = slope.k * k[i] + slope.s * s[i];
	}
}

/* Without a diluent the last one's share is what the others leave: its slope goes into theirs. */
LANES_INLINE void leave_to_last(struct lane_quadratic *q, int count)
{
	int last = count - 1;

	for (int i = 0; i < last; i++)
		q->g[i] -= q->g[last];
	for (int i = 0; i < last; i++)
		for (int j = 0; j < last; j++)
			q->h[i][j] += q->h[last][last] - q->h[i][last] - q->h[last][j];
}

LANES_INLINE void take_step(struct forward_descent *descent, struct lane_quadratic *q,
			    const lanes *product, lanes *share, bool undiluted, int count,
			    int first)
{
	int moved = undiluted ? count - 1 : count;
	lanes d[SLOPES_MAX], sum = {0}, scale;

	for (int i = 0; i < count; i++) {
		lanes least = lanes_load(descent->least[i], first);
		lanes most = lanes_load(descent->most[i], first);

		q->low[i] =
			lanes_min(lanes_max(least, share[i] * (1.0f / DESCENT_RATIO)) - share[i],
				  lanes_of(0.0f));
		q->high[i] = lanes_max(lanes_min(share[i] * DESCENT_RATIO + DESCENT_REACH, most),
				       share[i]) -
			     share[i];
		q->g[i] = product[product_place(0, i + 1)];
		for (int j = 0; j < count; j++)
			q->h[i][j] = product[i <= j ? product_place(i + 1, j + 1)
						    : product_place(j + 1, i + 1)];
	}
	if (undiluted)
		leave_to_last(q, count);
	q->room = lanes_of(undiluted ? 2.0f : 0.9999f);
	for (int i = 0; i < count && !undiluted; i++)
		q->room -= share[i];
	for (int i = 0; i < moved; i++)
		q->h[i][i] = q->h[i][i] * 1.0001f + 1e-12f;
	least_point(d, q, moved);
	lanes_store(
		descent->predicted, first,
		lanes_sqrt(lanes_max(product[0] + 2.0f * value_at(q, d, moved), lanes_of(0.0f))));
	for (int i = 0; i < moved; i++) {
		share[i] += d[i];
		sum += share[i];
	}
	if (undiluted) { /* the last keeps at least a thousandth */
		scale = lanes_min(lanes_of(1.0f), 0.999f / sum);
		share[moved] = lanes_max(1.0f - sum, lanes_of(0.001f));
	} else {
		scale = 1.0f / lanes_max(sum, lanes_of(1.0f));
	}
	for (int i = 0; i < count; i++)
		lanes_store(descent->share[i], first, i < moved ? share[i] * scale : share[i]);
}

LANES_INLINE void descend_set(struct forward_descent *descent, const struct forward *forward,
			      const struct forward_forms *forms, const struct forward_set *set,
			      int heads, int own, int first)
{
	lanes r[SPECTRUM_SAMPLES_MAX], e[SPECTRUM_SAMPLES_MAX][SLOPES_MAX];
	lanes share[SLOPES_MAX], product[PRODUCTS] = {0};
	struct lane_quadratic q;

	for (int i = 0; i < heads + own; i++)
		share[i] = lanes_load(descent->share[i], first);
	slopes_of_set(r, e, forward, set, share, heads, own, first);
	for (int light = 0; light < forms->lights; light++) {
		const float none[3] = {0.0f, 0.0f, 0.0f};
		struct lane_residual residual;
		float weight = forms->weight[light];

		project(&residual, forms->row[light], none, r, (const lanes(*)[SLOPES_MAX])e,
			forward->bands, heads + own);
		take_form(&residual, forms->form[light], forms->root[light], heads + own);
		add_products(product, &residual,
			     light ? weight * weight / (float)(forms->lights - 1) : weight * weight,
			     heads + own);
	}
	lanes_store(descent->length, first, lanes_sqrt(product[0]));
	for (int i = 0; i < PRODUCTS; i++)
		lanes_store(descent->product[i], first, product[i]);
	take_step(descent, &q, product, share, set->undiluted, heads + own, first);
}

static void descend(struct forward_descent *descent, const struct forward *forward,
		    const struct forward_forms *forms, const struct forward_set *set)
{
	for (int first = 0; first < LANES; first += VECTOR_LANES)
		switch (10 * set->heads + set->own) {
		case 2:
			descend_set(descent, forward, forms, set, 0, 2, first);
			break;
		case 3:
			descend_set(descent, forward, forms, set, 0, 3, first);
			break;
		case 4:
			descend_set(descent, forward, forms, set, 0, 4, first);
			break;
		case 12:
			descend_set(descent, forward, forms, set, 1, 2, first);
			break;
		case 22:
			descend_set(descent, forward, forms, set, 2, 2, first);
			break;
		case 20:
			descend_set(descent, forward, forms, set, 2, 0, first);
			break;
		case 30:
			descend_set(descent, forward, forms, set, 3, 0, first);
			break;
		default:
			descend_set(descent, forward, forms, set, SLOPES_MAX, 0, first);
		}
}

#endif
