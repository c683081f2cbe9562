/* The forward model for sixteen recipes at once: shares of pigments -> objective, bounds, and steps towards the best.
 *
 * It is the same model as medium_reflectance(), weights_lab() and ciede2000(), in single precision. Below
 * dE00 10 it agrees with them within FORWARD_DE00_ERROR (tests/unit/test_forward.c: 1e6 random recipes),
 * and the search takes that much away before it excludes anything, then computes what is left anew in
 * double. So neither the vector width nor the rounding of single precision can change a list that is proven.
 *
 *	struct forward *forward = forward_new(&problem, 1);
 *	forward_objective(objective, forward, &batch, 3);
 *	forward_free(forward);
 *
 * Arrays of LANES stand on multiples of 64 bytes: in every struct here that is on the stack or from forward_room(); one by
 * itself is to be a LANE_ARRAY.
 */
#ifndef SEARCH_FORWARD_H
#define SEARCH_FORWARD_H

#include "search/search.h"

/* Of one dE00 below 10; and above it, for each 10 of it. */
#define FORWARD_DE00_ERROR 5e-4
#define FORWARD_FAR_ERROR 2e-3

enum {
	LANES = 16,
	FORWARD_LIGHTS = 3, /* that descents see: the main one and the two heaviest of the others */
	FORWARD_ROW_LIGHTS = 2, /* that bounds see: the main one, and the mean of the others */
};

struct forward;

/* For the problem's line, medium and lights as they are now. With `merge` above 1 so many neighbouring bands are taken as
 * one, their weights on the middle one: about as good where shares are far from their best, in less time. NULL
 * without memory. */
struct forward *forward_new(const struct search_problem *problem, int merge);
void forward_free(struct forward *forward); /* accepts NULL */

/* Zeroed memory for structs with arrays of LANES, to be freed by free(). NULL without memory. */
void *forward_room(size_t count, size_t size);

#define LANE_ARRAY __attribute__((aligned(64)))

/* Recipes of the same pigments, which are indices in the line. */
struct forward_batch {
	int pigment[SEARCH_PIGMENTS_MAX];
	/* by volume, of the whole mix; the diluent is the rest */
	float share[SEARCH_PIGMENTS_MAX][LANES] LANE_ARRAY;
};

/* Objectives of a batch of recipes with `pigments` pigments each. */
void forward_objective(float objective[LANES], const struct forward *forward,
		       const struct forward_batch *batch, int pigments);

/* What no recipe between two others can be better than: of the same drops of pigment, with any amount of diluent
 * from what gives the shares of `strong` to what gives those of `weak`. Each band's R lies between what the
 * two ends' K and S allow (R falls with K and rises with S, in every medium), so Y and the two opponent
 * sums lie in ranges, so L*, a* and b* do, and CIEDE2000 is at least the distance of those ranges under its
 * largest weights. Only the main light counts. Rounding is allowed for. */
void forward_bound(float bound[LANES], const struct forward *forward,
		   const struct forward_batch *strong, const struct forward_batch *weak,
		   int pigments);

/* CIEDE2000 under each light, of which there are `lights`; for tests. */
void forward_de00(float de00[][LANES], const struct forward *forward,
		  const struct forward_batch *batch, int pigments);

/* Colour differences that are linear in the reflectance. Under the main light, which is 0, the length of row R - aim is in
 * dE00 nowhere above CIEDE2000 where that is at most `reach` / weight (colour/metric.h). All other lights are one, the mean of
 * their rows times their weights: that is at most the worst of them, and its weight is 1. A light that is too far for a
 * form is left out. */
struct forward_rows {
	int lights;
	float weight[FORWARD_ROW_LIGHTS];
	float aim[FORWARD_ROW_LIGHTS][3];
	float row[FORWARD_ROW_LIGHTS][3][SPECTRUM_SAMPLES_MAX];
};

/* False where there are none of use for that reach under the main light. */
bool forward_rows_build(struct forward_rows *rows, const struct search_problem *problem,
			double reach);

/* Colour differences that are linear in the cube roots of X, Y and Z, as CIELAB is: CIEDE2000 in the limit of small
 * ones, near it for larger ones. For colours darker than any form covers, that of the darkest one. */
struct forward_forms {
	int lights;
	float weight[FORWARD_LIGHTS];
	float row[FORWARD_LIGHTS][3][SPECTRUM_SAMPLES_MAX]; /* X, Y and Z relative to the white's */
	float root[FORWARD_LIGHTS][3];                      /* CIELAB's f of what is required */
	float form[FORWARD_LIGHTS][3][3];
};
void forward_forms_build(struct forward_forms *forms, const struct search_problem *problem,
			 int merge);

/* Sets of two to four pigments: some that all lanes share, and some of each lane's own behind them. */
struct forward_set {
	int heads, head[SEARCH_PIGMENTS_MAX];
	int own;
	const float (*value)[LANES]; /* of the own ones, as forward_take() writes them */
	bool undiluted;              /* there is no diluent: shares sum to 1 */
};

/* K and S of own pigment `which` of `own`, less the diluent's, into a lane of value[forward_bands() * 2 * own]. */
void forward_take(float (*value)[LANES], const struct forward *forward, int own, int which,
		  int lane, int pigment);
int forward_bands(const struct forward *forward);

/* One Gauss-Newton step of the shares, heads first, towards the least weighed length of the forms: the root of
 * sum of (weight_i length_i)^2, the other lights' sum divided by their number, so that it is at most the objective's
 * colour part where that is small. Shares stay between `least` and `most` and sum to 1 or less. */
struct forward_descent {
	float share[SEARCH_PIGMENTS_MAX][LANES] LANE_ARRAY; /* in and out */
	float least[SEARCH_PIGMENTS_MAX][LANES], most[SEARCH_PIGMENTS_MAX][LANES];
	float length[LANES];    /* where the step began */
	float predicted[LANES]; /* where it ends, if all were linear */
	/* where it began: products of the residual and of its slopes along the shares, (0,0) (0,1) .. (1,1) .. */
	float product[15][LANES];
};
void forward_descend(struct forward_descent *descent, const struct forward *forward,
		     const struct forward_forms *forms, const struct forward_set *set);

/* For which amounts of diluent D = first + i step, i < count, whole drops n of one pigment come near enough to where they
 * should be: (n - centre D)^2 <= (radius (volume D + volume_more))^2 - rest D^2. */
struct forward_hits {
	float first, step;
	float centre, rest, radius, volume, volume_more;
	float least, most, drop_step; /* of n */
};
void forward_hits(unsigned char *hit, const struct forward *forward, const struct forward_hits *of,
		  int count);

/* For which amounts of diluent D = first + i step, i < count, there are whole numbers between low D and high D of every
 * pigment; a little more than there are, for rounding. */
struct forward_ranges {
	int count;
	float first, step;
	float low[SEARCH_PIGMENTS_MAX], high[SEARCH_PIGMENTS_MAX];
};
void forward_find_ranges(unsigned char *hit, const struct forward *forward,
			 const struct forward_ranges *of, int count);

/* What no recipe of an opaque medium in a box can be better than. Coordinates are ml of each pigment for a ml of the
 * diluent. A bound counts colour alone; it holds below `limit`, which is that of the rows' reach, and says no more than
 * "not below it" above. 0 where there is none. */
struct forward_boxes {
	float centre[SEARCH_PIGMENTS_MAX][LANES] LANE_ARRAY;
	float half[SEARCH_PIGMENTS_MAX][LANES];
	float bound[LANES];
	/* each coordinate's part in what the bound lost: what to split along */
	float spread[SEARCH_PIGMENTS_MAX][LANES];
};
void forward_bound_boxes(struct forward_boxes *boxes, const struct forward *forward,
			 const struct forward_rows *rows, const int *pigment, int pigments,
			 float limit);

/* The most by which the true objective may be below or above a computed one. */
double forward_margin(const struct search_problem *problem, double objective);

#endif
