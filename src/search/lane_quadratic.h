/* Polynomials of the second degree over the cube of -1 <= d_i <= 1, over lanes. Included by vector.c only. */
#ifndef SEARCH_LANE_QUADRATIC_H
#define SEARCH_LANE_QUADRATIC_H

#include "search/lane_descent.h"

/* Rounding of a polynomial's least value, in parts of the sum of its coefficients' sizes: some sixty roundings of 6e-8; of 600,000
 * random polynomials no bound came near to what it allows. */
#define QUADRATIC_ROUNDING 4e-6f

/* c[product_place(i, j)] times d_i d_j, for i <= j; d_0 is 1. */
struct quadratic {
	lanes c[PRODUCTS];
};

/* Slopes along each d, and how they change along the others: slope_i = first_i + sum of second_ij d_j. */
struct quadratic_slopes {
	lanes value; /* at d = 0 */
	lanes first[SLOPES_MAX], second[SLOPES_MAX][SLOPES_MAX];
};

LANES_INLINE void take_slopes(struct quadratic_slopes *slopes, const struct quadratic *p, int count)
{
	slopes->value = p->c[0];
	for (int i = 0; i < count; i++) {
		slopes->first[i] = p->c[i + 1];
		for (int j = i; j < count; j++) {
			lanes c = p->c[product_place(i + 1, j + 1)];

			slopes->second[i][j] = slopes->second[j][i] = i == j ? 2.0f * c : c;
		}
	}
}

/* Where a slope cannot change its sign in the cube, that d is at its end; what it does there goes to the others. */
LANES_INLINE void settle_ends(struct quadratic_slopes *f, int count)
{
	for (int i = 0; i < count; i++) {
		lanes change = {0}, end;
		lane_ints settled;

		for (int j = 0; j < count; j++)
			change += lanes_abs(f->second[i][j]);
		settled = lanes_abs(f->first[i]) >= change;
		end = lanes_select(f->first[i] > 0.0f, lanes_of(-1.0f), lanes_of(1.0f));
		end = (lanes)(settled & (lane_ints)end);
		f->value += end * (f->first[i] + 0.5f * end * f->second[i][i]);
		f->first[i] = (lanes)(~settled & (lane_ints)f->first[i]);
		for (int j = 0; j < count; j++) {
			if (j != i)
				f->first[j] += end * f->second[i][j];
			f->second[i][j] = (lanes)(~settled & (lane_ints)f->second[i][j]);
			f->second[j][i] = f->second[i][j];
		}
	}
}

/* Makes it convex: Cholesky's elimination, with as much added to the diagonal as keeps each pivot as large as what it
 * divides. A half of that is what the polynomial may now be too high by; it is returned. */
LANES_INLINE lanes make_convex(struct quadratic_slopes *f, lanes least_pivot, int count)
{
	lanes left[SLOPES_MAX][SLOPES_MAX], all = {0};

	memcpy(left, f->second, sizeof left);
	for (int i = 0; i < count; i++) {
		lanes pivot = lanes_max(left[i][i], least_pivot), added, inverse;

		for (int j = i + 1; j < count; j++)
			pivot = lanes_max(pivot, lanes_abs(left[i][j]));
		added = pivot - left[i][i];
		f->second[i][i] += added;
		all += added;
		inverse = 1.0f / pivot;
		for (int j = i + 1; j < count; j++)
			for (int k = j; k < count; k++)
				left[j][k] -= left[i][j] * inverse * left[i][k];
	}
	return 0.5f * all;
}

/* Not above the polynomial anywhere in the cube. It is looked for from d on: the tangent plane where a convex one is
 * about least is nowhere above it. */
LANES_INLINE lanes least_of(const struct quadratic *p, const lanes *from, int count)
{
	lanes d[SLOPES_MAX], size = {0}, least, lost;
	struct quadratic_slopes f;

	for (int i = 0; i <= count; i++)
		for (int j = i; j <= count; j++)
			size += lanes_abs(p->c[product_place(i, j)]);
	take_slopes(&f, p, count);
	settle_ends(&f, count);
	lost = make_convex(&f, 1e-6f * size + 1e-20f, count) + QUADRATIC_ROUNDING * size;
	for (int i = 0; i < count; i++)
		d[i] = from[i];
	for (int i = 0; i < count; i++) {
		lanes slope = f.first[i];

		for (int j = 0; j < count; j++)
			if (j != i)
				slope += f.second[i][j] * d[j];
		d[i] = lanes_max(lanes_min(-slope / f.second[i][i], lanes_of(1.0f)),
				 lanes_of(-1.0f));
	}
	least = f.value - lost;
	for (int i = 0; i < count; i++) {
		lanes slope = f.first[i];

		for (int j = 0; j < count; j++)
			slope += f.second[i][j] * d[j];
		least += 0.5f * d[i] * (f.first[i] + slope) - slope * d[i] - lanes_abs(slope);
	}
	return least;
}

#endif
