/* The correction: what a measured trial tells of the bottles, and what to add to the mix.
 *
 * Each pigment's strength is changed by as little as explains the reading (ridge regression in ln
 * strength); with those strengths the best mix is searched that holds at least what is in the cup.
 *
 *	correction_fit(strength, &recipe, &scene, trial, weight, &err);   (scene of the trial's state)
 *	… strengthen the line, build the recipe's scene with it …
 *	correction_limits(&scene.problem.limits, &recipe, &line, cup_ml, in_skin);
 *	search_recipes(&result, &scene.problem, &err);
 */
#ifndef MATCH_CORRECTION_H
#define MATCH_CORRECTION_H

#include "match/recipe.h"

/* Standard deviation of ln strength from bottle to bottle: a quarter more or less is nothing rare. */
#define STRENGTH_DEVIATION 0.25

/* More than this is not a bottle's doing. */
#define STRENGTH_DOUBTFUL 1.8

/* One trial of a recipe and what comes of it. `recipe` is the topped-up one. */
struct correction {
	struct recipe recipe;
	double strength
		[RECIPE_PIGMENTS_MAX]; /* by recipe.dose, what this trial told: 1 is as it was */
	int added[RECIPE_PIGMENTS_MAX];
	int added_diluent;
	struct lab predicted, measured; /* of the trial: drawdown, or patch */
	double off_de00;                /* between these two, before strengths were changed */
	double residual_de00;           /* after */
	double de00_before,
		de00_after; /* of dot or drawdown from the required one, by the new strengths */
	double de00_field_before, de00_field_after; /* in skin only */
};

/* Strengths, by recipe->dose, that explain a trial's reading: of a drawdown, or in skin of the treated
 * patch. `trial` is as scene_carry() gives it. `error_de00` is how far the reading
 * itself may be off at least; what no strengths explain counts as its error too. Fills in
 * the colours and distances of the trial. */
enum status correction_fit(struct correction *out, const struct recipe *recipe,
			   const struct scene *scene, const double *trial, double error_de00,
			   struct error *err);

/* Limits of a top-up: nothing is taken out, the cup is not overfilled, at most one further bottle is
 * opened. A cup that holds less than is in it already gets nothing more. */
void correction_limits(struct search_limits *limits, const struct recipe *recipe,
		       const struct pigment_line *line, double cup_ml);

#endif
