/* The scalar model: the objective of one recipe in double precision, which decides, and by which all else is tested. */
#include "search/search.h"

#include "colour/difference.h"

#include <math.h>

/* Pigment part of a mix: sums over its doses of volume times K, S, and the volume itself. */
struct pigment_sum {
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	double ml;
};

static void sum_pigments(struct pigment_sum *sum, const struct search_recipe *recipe,
			 const struct pigment_line *line)
{
	sum->ml = 0.0;
	for (int b = 0; b < line->grid.count; b++)
		sum->k[b] = sum->s[b] = 0.0;
	for (int i = 0; i < recipe->dose_count; i++) {
		const struct pigment *pigment = &line->pigment[recipe->dose[i].pigment];
		double ml = recipe->dose[i].drops / pigment->bottle.drops_per_ml;

		sum->ml += ml;
		for (int b = 0; b < line->grid.count; b++) {
			sum->k[b] += ml * pigment->k_per_mm[b];
			sum->s[b] += ml * pigment->s_per_mm[b];
		}
	}
}

static void compute_reflectance(struct search_recipe *recipe, const struct pigment_sum *sum,
				const struct search_problem *problem)
{
	const struct pigment *diluent = &problem->line->diluent;
	double ml = recipe->diluent_drops / diluent->bottle.drops_per_ml, total = sum->ml + ml;

	for (int b = 0; b < problem->line->grid.count; b++) {
		double k = (sum->k[b] + ml * diluent->k_per_mm[b]) / total;
		double s = (sum->s[b] + ml * diluent->s_per_mm[b]) / total;

		recipe->reflectance[b] = medium_reflectance(problem->medium, b, k, s);
	}
}

/* What a recipe costs beside its colour and its number of pigments: the same for any amount of diluent. */
double search_cost(const struct search_recipe *recipe, const struct search_problem *problem)
{
	double price = 0.0, coarsest = 0.0;

	for (int i = 0; i < recipe->dose_count; i++) {
		const struct pigment *pigment = &problem->line->pigment[recipe->dose[i].pigment];
		int drops = recipe->dose[i].drops;

		price += pigment->price * drops / pigment->bottle.drops_per_ml;
		coarsest = fmax(coarsest, 0.5 / drops);
	}
	return problem->price_weight * price + problem->coarse_weight * coarsest;
}

/* Everything but the other lights' part of the objective. */
static void compute_main_light(struct search_recipe *recipe, const struct search_problem *problem)
{
	const struct search_light *main_light = &problem->light[0];

	recipe->lab = weights_lab(&main_light->weights, recipe->reflectance);
	recipe->de00 = ciede2000(&main_light->required, &recipe->lab);
	recipe->darker = main_light->required.l - recipe->lab.l;
	recipe->objective =
		main_light->weight * recipe->de00 + problem->lighter * fmax(0.0, recipe->darker) +
		SEARCH_COST_PER_PIGMENT * (recipe->dose_count - 1) + search_cost(recipe, problem);
}

static void add_worst_light(struct search_recipe *recipe, const struct search_problem *problem)
{
	double worst = 0.0;

	for (int i = 1; i < problem->light_count; i++) {
		struct lab lab = weights_lab(&problem->light[i].weights, recipe->reflectance);
		double de = ciede2000(&problem->light[i].required, &lab);

		worst = fmax(worst, problem->light[i].weight * de);
	}
	recipe->objective += worst;
}

static void add_metamerism(struct search_recipe *recipe, const struct search_problem *problem)
{
	for (int i = 1; i < problem->light_count; i++)
		recipe->metamerism[i] =
			metamerism_index(&problem->light[0].weights, &problem->light[i].weights,
					 problem->required, recipe->reflectance);
}

void search_compute(struct search_recipe *recipe, const struct search_problem *problem)
{
	struct pigment_sum sum;

	sum_pigments(&sum, recipe, problem->line);
	compute_reflectance(recipe, &sum, problem);
	compute_main_light(recipe, problem);
	add_worst_light(recipe, problem);
}

void search_evaluate(struct search_recipe *recipe, const struct search_problem *problem)
{
	search_compute(recipe, problem);
	if (problem->required)
		add_metamerism(recipe, problem);
}

double search_darkest(const struct search_problem *problem)
{
	double darkest = INFINITY;

	for (int i = 0; i < problem->line->count; i++) {
		struct search_recipe recipe = {.dose_count = 1, .dose = {{i, 1}}};

		if (problem->limits.most[i] == 0)
			continue;
		search_evaluate(&recipe, problem);
		darkest = fmin(darkest, recipe.lab.l);
	}
	return darkest;
}
