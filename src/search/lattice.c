#include "search/lattice.h"

#include <math.h>
#include <string.h>

/* Volumes are compared with this much room, for what rounding does to sums of drops. */
#define ML_ROUNDING 1e-9

static void bound_pigment(struct lattice *lattice, int p)
{
	const struct search_limits *limits = &lattice->problem->limits;
	int step = limits->pigment_step, least = limits->least[p] > 1 ? limits->least[p] : 1;
	int most = limits->most[p] < limits->drops_max ? limits->most[p] : limits->drops_max;

	lattice->ml[p] = 1.0 / lattice->problem->line->pigment[p].bottle.drops_per_ml;
	lattice->least[p] = (least + step - 1) / step * step;
	lattice->most[p] = most / step * step;
	if (lattice->most[p] < lattice->least[p])
		lattice->most[p] = 0;
	else
		lattice->open[lattice->open_count++] = p;
}

void lattice_build(struct lattice *lattice, const struct search_problem *problem)
{
	const struct search_limits *limits = &problem->limits;

	lattice->problem = problem;
	lattice->open_count = 0;
	for (int p = 0; p < problem->line->count; p++)
		bound_pigment(lattice, p);
	lattice->diluent_ml = 1.0 / problem->line->diluent.bottle.drops_per_ml;
	lattice->diluent_steps =
		(limits->diluent_max - limits->diluent_min) / limits->diluent_step + 1;
}

bool lattice_allows(const struct lattice *lattice, const int *pigment, int count)
{
	for (int p = 0; p < lattice->problem->line->count; p++) {
		bool held = !lattice->problem->limits.forced[p];

		for (int i = 0; i < count; i++)
			held |= pigment[i] == p;
		if (!held)
			return false;
	}
	return true;
}

int lattice_diluent(const struct lattice *lattice, int step)
{
	return lattice->problem->limits.diluent_min + step * lattice->problem->limits.diluent_step;
}

int lattice_last_step(const struct lattice *lattice, double pigment_ml)
{
	const struct search_limits *limits = &lattice->problem->limits;
	int last = lattice->diluent_steps - 1;
	double drops, room;

	if (limits->cup_ml <= 0.0)
		return last;
	/* a step too many, then exactly */
	drops = (limits->cup_ml - pigment_ml) / lattice->diluent_ml - limits->diluent_min;
	room = drops / limits->diluent_step + 1.0;
	if (room < last)
		last = room < 0.0 ? 0 : (int)room;
	while (last >= 0 && pigment_ml + lattice_diluent(lattice, last) * lattice->diluent_ml >
				    limits->cup_ml + ML_ROUNDING)
		last--;
	return last;
}

/* True where pairs with a fixed ratio have it, or neither is there. */
static bool keeps_ratios(const struct search_recipe *recipe, const struct search_limits *limits)
{
	for (int r = 0; r < limits->ratios; r++) {
		const struct search_ratio *ratio = &limits->ratio[r];
		int drops[2] = {0, 0};

		for (int i = 0; i < recipe->dose_count; i++)
			for (int side = 0; side < 2; side++)
				if (recipe->dose[i].pigment == ratio->pigment[side])
					drops[side] = recipe->dose[i].drops;
		if (drops[0] * ratio->parts[1] != drops[1] * ratio->parts[0])
			return false;
	}
	return true;
}

double lattice_pigment_ml(const struct lattice *lattice, const struct search_recipe *recipe)
{
	const struct search_limits *limits = &lattice->problem->limits;
	double ml = 0.0;
	int drops = 0;

	for (int i = 0; i < recipe->dose_count; i++) {
		int p = recipe->dose[i].pigment, n = recipe->dose[i].drops;

		if (n < lattice->least[p] || n > lattice->most[p] || n % limits->pigment_step)
			return -1.0;
		drops += n;
		ml += n * lattice->ml[p];
	}
	if (drops > limits->drops_max ||
	    (limits->pigment_ml_max > 0.0 && ml > limits->pigment_ml_max + ML_ROUNDING) ||
	    !keeps_ratios(recipe, limits))
		return -1.0;
	return ml;
}

int common_divisor(int a, int b)
{
	return b ? common_divisor(b, a % b) : a;
}

/* True where the recipe times `times` / `common` stands on the grid: it has fewer drops, so only lower limits
 * and steps count. */
static bool stands_smaller(const struct search_recipe *recipe, int times, int common,
			   const struct search_limits *limits)
{
	int diluent = recipe->diluent_drops / common * times;

	if (diluent < limits->diluent_min ||
	    (diluent - limits->diluent_min) % limits->diluent_step != 0)
		return false;
	for (int i = 0; i < recipe->dose_count; i++) {
		int drops = recipe->dose[i].drops / common * times;

		if (drops < limits->least[recipe->dose[i].pigment] ||
		    drops % limits->pigment_step != 0)
			return false;
	}
	return true;
}

bool lattice_repeats(const struct lattice *lattice, const struct search_recipe *recipe)
{
	int common = recipe->diluent_drops;

	for (int i = 0; i < recipe->dose_count && common != 1; i++)
		common = common_divisor(recipe->dose[i].drops, common);
	for (int times = 1; times < common; times++)
		if (stands_smaller(recipe, times, common, &lattice->problem->limits))
			return true;
	return false;
}

/* One by one, for what is not the same for every pigment. */
static unsigned long long count_each(const struct lattice *lattice, struct search_recipe *recipe,
				     int which, int left)
{
	unsigned long long sum = 0;
	int pigment;

	if (which == recipe->dose_count) {
		double ml = lattice_pigment_ml(lattice, recipe);

		return ml < 0.0 ? 0 : (unsigned)(lattice_last_step(lattice, ml) + 1);
	}
	pigment = recipe->dose[which].pigment;
	for (int n = lattice->least[pigment]; n <= lattice->most[pigment] && n <= left;
	     n += lattice->problem->limits.pigment_step) {
		recipe->dose[which].drops = n;
		sum += count_each(lattice, recipe, which + 1, left - n);
	}
	return sum;
}

/* True where no volume is in the way of any drops that may be. */
static bool has_room(const struct lattice *lattice, double largest_drop_ml)
{
	const struct search_limits *limits = &lattice->problem->limits;
	double pigment_ml = limits->drops_max * largest_drop_ml;

	return (limits->pigment_ml_max <= 0.0 || pigment_ml <= limits->pigment_ml_max) &&
	       lattice_last_step(lattice, pigment_ml) == lattice->diluent_steps - 1;
}

/* Where no ratio is fixed, and drops are of one size or there is room for all, only their sum counts. */
static unsigned long long count_sums(const struct lattice *lattice, const int *pigment, int count)
{
	const struct search_limits *limits = &lattice->problem->limits;
	unsigned long long ways[SEARCH_DROPS_MAX + 1] = {1}, sum = 0;

	for (int i = 0; i < count; i++) {
		unsigned long long next[SEARCH_DROPS_MAX + 1] = {0};

		for (int n = lattice->least[pigment[i]]; n <= lattice->most[pigment[i]];
		     n += limits->pigment_step)
			for (int before = 0; before + n <= limits->drops_max; before++)
				next[before + n] += ways[before];
		memcpy(ways, next, sizeof ways);
	}
	for (int drops = 1; drops <= limits->drops_max; drops++) {
		double ml = drops * lattice->ml[pigment[0]];

		if (ways[drops] == 0 ||
		    (limits->pigment_ml_max > 0.0 && ml > limits->pigment_ml_max + ML_ROUNDING))
			continue;
		sum += ways[drops] * (unsigned)(lattice_last_step(lattice, ml) + 1);
	}
	return sum;
}

unsigned long long lattice_count(const struct lattice *lattice, const int *pigment, int count)
{
	struct search_recipe recipe = {.dose_count = count};
	const struct search_limits *limits = &lattice->problem->limits;
	bool same = true;
	double largest = 0.0;

	for (int i = 0; i < count; i++) {
		recipe.dose[i].pigment = pigment[i];
		same = same && lattice->ml[pigment[i]] == lattice->ml[pigment[0]];
		largest = fmax(largest, lattice->ml[pigment[i]]);
	}
	same = limits->ratios == 0 && limits->drops_max <= SEARCH_DROPS_MAX &&
	       (same || has_room(lattice, largest));
	return same ? count_sums(lattice, pigment, count)
		    : count_each(lattice, &recipe, 0, lattice->problem->limits.drops_max);
}
