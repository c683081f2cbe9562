#include "search/best.h"

#include <math.h>
#include <string.h>

const char *const search_vary_names[VARIES] = {"nothing", "pigments", "darkness", "sturdiness"};

static int total_drops(const struct search_recipe *recipe)
{
	int drops = 0;

	for (int i = 0; i < recipe->dose_count; i++)
		drops += recipe->dose[i].drops;
	return drops;
}

/* Below 0 where `a` comes first. */
static int compare(const struct search_recipe *a, const struct search_recipe *b)
{
	if (a->objective != b->objective)
		return a->objective < b->objective ? -1 : 1;
	if (total_drops(a) != total_drops(b))
		return total_drops(a) - total_drops(b);
	if (a->diluent_drops != b->diluent_drops)
		return a->diluent_drops - b->diluent_drops;
	if (a->dose_count != b->dose_count)
		return a->dose_count - b->dose_count;
	for (int i = 0; i < a->dose_count; i++) {
		if (a->dose[i].pigment != b->dose[i].pigment)
			return a->dose[i].pigment - b->dose[i].pigment;
		if (a->dose[i].drops != b->dose[i].drops)
			return a->dose[i].drops - b->dose[i].drops;
	}
	return 0;
}

static bool is_same_set(const struct search_recipe *a, const struct search_recipe *b)
{
	bool same = a->dose_count == b->dose_count;

	for (int i = 0; same && i < a->dose_count; i++)
		same = a->dose[i].pigment == b->dose[i].pigment;
	return same;
}

static double darkness_step(const struct search_recipe *recipe)
{
	return floor(recipe->darker / VARY_DARKNESS_STEP + 0.5);
}

static int smallest_dose(const struct search_recipe *recipe)
{
	int smallest = recipe->dose[0].drops;

	for (int i = 1; i < recipe->dose_count; i++)
		smallest = recipe->dose[i].drops < smallest ? recipe->dose[i].drops : smallest;
	return smallest;
}

static bool is_same_kind(const struct search_recipe *a, const struct search_recipe *b,
			 enum search_vary vary)
{
	switch (vary) {
	case VARY_PIGMENTS:
		return is_same_set(a, b);
	case VARY_DARKNESS:
		return darkness_step(a) == darkness_step(b);
	case VARY_STURDINESS:
		return smallest_dose(a) == smallest_dose(b);
	default:
		return false;
	}
}

static void best_remove(struct best *best, int place)
{
	best->count--;
	memmove(best->recipe + place, best->recipe + place + 1,
		(size_t)(best->count - place) * sizeof *best->recipe);
}

void best_insert(struct best *best, const struct search_recipe *recipe)
{
	int place;

	for (int i = 0; best->vary && i < best->count; i++) {
		if (!is_same_kind(recipe, &best->recipe[i], best->vary))
			continue;
		if (compare(recipe, &best->recipe[i]) >= 0)
			return;
		best_remove(best, i);
	}
	if (best->count == best->room && compare(recipe, &best->recipe[best->count - 1]) >= 0)
		return;
	place = best->count;
	while (place > 0 && compare(recipe, &best->recipe[place - 1]) < 0)
		place--;
	if (place > 0 && compare(recipe, &best->recipe[place - 1]) == 0)
		return; /* it is there */
	if (best->count < best->room)
		best->count++;
	memmove(best->recipe + place + 1, best->recipe + place,
		(size_t)(best->count - 1 - place) * sizeof *recipe);
	best->recipe[place] = *recipe;
}
