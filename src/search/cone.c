/* For each D, the n in the cone are the points of a lattice in an ellipsoid: with A = (b, B), B'B = R'R and R upper
 * triangular, the last of n lies in a narrow interval, then the one before it ... (Fincke and Pohst, Math. Comp. 44
 * (1985) 463). The last is the one that is known best whatever the others are, so most D end there; all D are looked
 * at for it at once (forward_hits()). From there on an interval is walked from its middle, up and down. */
#include "search/cone.h"

#include <math.h>

struct walk {
	const struct cone *cone;
	const struct lattice *lattice;
	cone_keeper *keep;
	void *data;
	int drop_step;
	int order[SEARCH_PIGMENTS_MAX]; /* which pigment each row of R is of */
	double r[SEARCH_PIGMENTS_MAX][SEARCH_PIGMENTS_MAX];
	double inverse[SEARCH_PIGMENTS_MAX]; /* of R's diagonal */
	double offset[SEARCH_PIGMENTS_MAX];  /* R^-T B'b */
	double rest;                         /* |b|^2 - |offset|^2 */
	int drops[SEARCH_PIGMENTS_MAX], step;
	double diluent_drops;
	int steps; /* that are left */
};

/* R of the order, and the rest. */
static void factor(struct walk *walk)
{
	const struct cone *cone = walk->cone;
	int n = cone->count;

	walk->rest = cone->gram[0][0];
	for (int i = 0; i < n; i++) {
		const double *row = cone->gram[walk->order[i] + 1];
		double offset = row[0];

		for (int j = i; j < n; j++) {
			double value = row[walk->order[j] + 1];

			for (int k = 0; k < i; k++)
				value -= walk->r[k][i] * walk->r[k][j];
			if (i == j) {
				walk->r[i][i] = sqrt(fmax(value, 1e-10));
				walk->inverse[i] = 1.0 / walk->r[i][i];
			} else {
				walk->r[i][j] = value * walk->inverse[i];
			}
		}
		for (int k = 0; k < i; k++)
			offset -= walk->r[k][i] * walk->offset[k];
		walk->offset[i] = offset * walk->inverse[i];
		walk->rest -= walk->offset[i] * walk->offset[i];
	}
	walk->rest = fmax(walk->rest, 0.0);
}

static void put_last(struct walk *walk, int last)
{
	int n = walk->cone->count;

	for (int i = 0; i < n - 1; i++)
		walk->order[i] = i < last ? i : i + 1;
	walk->order[n - 1] = last;
	factor(walk);
}

/* The pigment of the largest last pivot. */
static void choose_order(struct walk *walk)
{
	int n = walk->cone->count, best = 0;
	double largest = -1.0;

	for (int last = 0; last < n; last++) {
		put_last(walk, last);
		if (walk->r[n - 1][n - 1] > largest) {
			largest = walk->r[n - 1][n - 1];
			best = last;
		}
	}
	if (best < n - 1)
		put_last(walk, best);
}

/* With its own weight, not the most that it could have. */
static void try_point(struct walk *walk)
{
	const struct cone *cone = walk->cone;
	double z[CONE_COLUMNS] = {walk->diluent_drops}, square = 0.0;
	double weight = cone->weight[0] * walk->diluent_drops;

	for (int i = 0; i < cone->count; i++) {
		z[i + 1] = walk->drops[i];
		weight += cone->weight[i + 1] * z[i + 1];
	}
	for (int i = 0; i <= cone->count; i++) {
		double along = cone->gram[i][i] * z[i];

		for (int j = i + 1; j <= cone->count; j++)
			along += 2.0 * cone->gram[i][j] * z[j];
		square += along * z[i];
	}
	if (square <= cone->e * cone->e * weight * weight)
		walk->keep(walk->data, walk->drops, walk->step);
}

static void walk_level(struct walk *walk, int level, double left, int room);

/* With n drops of the level's pigment; false where that is too far from the middle. */
static bool walk_on(struct walk *walk, int level, int n, double middle, double left, int room)
{
	double off = walk->r[level][level] * n - middle, rest = left - off * off;

	if (rest < 0.0 || walk->steps-- <= 0)
		return false;
	walk->drops[walk->order[level]] = n;
	if (level == 0)
		try_point(walk);
	else
		walk_level(walk, level - 1, rest, room - n);
	return true;
}

static void walk_level(struct walk *walk, int level, double left, int room)
{
	int pigment = walk->cone->pigment[walk->order[level]], step = walk->drop_step;
	int least = walk->lattice->least[pigment], most = walk->lattice->most[pigment], near;
	double middle = -walk->offset[level] * walk->diluent_drops, at;

	for (int j = level + 1; j < walk->cone->count; j++)
		middle -= walk->r[level][j] * walk->drops[walk->order[j]];
	if (most > room)
		most = room / step * step;
	if (most < least)
		return;
	at = middle * walk->inverse[level];
	near = at <= least ? least : at >= most ? most : (int)(at / step + 0.5) * step;
	if (!walk_on(walk, level, near, middle, left, room))
		return;
	for (int n = near + step; n <= most; n += step)
		if (!walk_on(walk, level, n, middle, left, room))
			break;
	for (int n = near - step; n >= least; n -= step)
		if (!walk_on(walk, level, n, middle, left, room))
			break;
}

static void find_hits(unsigned char *hit, const struct walk *walk, const struct forward *forward)
{
	const struct cone *cone = walk->cone;
	const struct lattice *lattice = walk->lattice;
	int n = cone->count, last = cone->pigment[walk->order[n - 1]];
	double inverse = walk->inverse[n - 1];
	struct forward_hits hits = {
		.first = (float)lattice_diluent(lattice, cone->first),
		.step = (float)lattice->problem->limits.diluent_step,
		.centre = (float)(-walk->offset[n - 1] * inverse),
		.rest = (float)(walk->rest * inverse * inverse * (1.0 - 1e-6)),
		.radius = (float)(cone->e * inverse * (1.0 + 1e-5)),
		.volume = (float)cone->most,
		.volume_more = (float)cone->more,
		.least = (float)lattice->least[last],
		.most = (float)lattice->most[last],
		.drop_step = (float)walk->drop_step,
	};

	forward_hits(hit, forward, &hits, cone->last - cone->first + 1);
}

void cone_walk(const struct cone *cone, const struct lattice *lattice,
	       const struct forward *forward, cone_keeper *keep, void *data)
{
	const struct search_limits *limits = &lattice->problem->limits;
	struct walk walk = {
		.cone = cone,
		.lattice = lattice,
		.keep = keep,
		.data = data,
		.drop_step = limits->pigment_step,
		.steps = cone->steps,
	};
	unsigned char hit[SEARCH_DILUENT_MAX + 1];

	if (cone->last < cone->first)
		return;
	choose_order(&walk);
	find_hits(hit, &walk, forward);
	for (walk.step = cone->first; walk.step <= cone->last; walk.step++) {
		double radius;

		if (!hit[walk.step - cone->first])
			continue;
		walk.diluent_drops = lattice_diluent(lattice, walk.step);
		radius = cone->e * (cone->most * walk.diluent_drops + cone->more) * (1.0 + 1e-9);
		walk_level(&walk, cone->count - 1,
			   radius * radius - walk.rest * walk.diluent_drops * walk.diluent_drops,
			   limits->drops_max);
	}
}
