/* Each lever is monotone (more coverage asks for lighter dots, a shallower dot is darker), so each is
 * found by halving. */
#include "match/reach.h"

#include "base/text.h"

#include <math.h>

enum { HALVINGS = 50 };

/* True where dots of coverage `share` would do with a dot no darker than `darkest`. */
static bool does(const struct scene *scene, double share, double darkest)
{
	struct field field = scene->field;
	double dot[SPECTRUM_SAMPLES_MAX];

	field.dot_share = share;
	for (int b = 0; b < scene->grid.count; b++) {
		dot[b] = field_required_dot(&field, scene->wanted[b], scene->ground[b],
					    scene->follicle[b]);
		if (dot[b] < 0.0)
			return false;
	}
	return weights_lab(&scene->problem.light[0].weights, dot).l >= darkest;
}

static double darkest_at(const struct scene *scene, const struct brief *brief, double depth_mm)
{
	struct search_problem problem = scene->problem;
	struct medium medium;

	medium_in_skin(&medium, &scene->skin, depth_mm, brief->technique.value[TECHNIQUE_LAYER_MM],
		       scene->medium.dose_share);
	problem.medium = &medium;
	return search_darkest(&problem);
}

/* L* of a dot that lets nothing back. */
static double perfect_black(const struct scene *scene)
{
	double dot[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < scene->grid.count; b++)
		dot[b] = surface_apply(&scene->medium.surface,
				       scene->medium.epidermis_twice[b] *
					       km_layer_over(&scene->medium.above[b], 0.0));
	return weights_lab(&scene->problem.light[0].weights, dot).l;
}

static void find_coverage(struct reach *reach, const struct scene *scene, const struct brief *brief)
{
	double low = scene->field.dot_share, high = 1.0;

	if (!does(scene, high, reach->darkest_l))
		return;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;

		*(does(scene, middle, reach->darkest_l) ? &high : &low) = middle;
	}
	reach->coverage_share = high;
	reach->dots_per_cm2 =
		brief->technique.value[TECHNIQUE_DOTS_PER_CM2] * high / scene->field.dot_share;
	reach->dot_mm = technique_dot_mm(&brief->technique, brief->state) *
			sqrt(high / scene->field.dot_share);
}

static void find_depth(struct reach *reach, const struct scene *scene, const struct brief *brief)
{
	double low = 0.0, high = brief->technique.value[TECHNIQUE_DEPTH_MM];

	if (!does(scene, scene->field.dot_share, darkest_at(scene, brief, low)))
		return;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;
		bool good = does(scene, scene->field.dot_share, darkest_at(scene, brief, middle));

		*(good ? &low : &high) = middle;
	}
	reach->shallower = true;
	reach->depth_mm = low;
}

void reach_compute(struct reach *reach, const struct scene *scene, const struct brief *brief)
{
	*reach = (struct reach){
		.required_l = scene->problem.light[0].required.l,
		.darkest_l = search_darkest(&scene->problem),
	};
	for (int b = scene->grid.count - 1; b >= 0; b--)
		if (scene->required[b] < 0.0)
			reach->no_light_nm = grid_wavelength_nm(&scene->grid, b);
	reach->within = does(scene, scene->field.dot_share, reach->darkest_l);
	if (reach->within)
		return;
	find_coverage(reach, scene, brief);
	find_depth(reach, scene, brief);
	reach->black_l = perfect_black(scene);
	reach->blacker = does(scene, scene->field.dot_share, reach->black_l);
}

static void add_levers(struct text *line, const struct reach *reach, const struct scene *scene,
		       const struct brief *brief)
{
	const double *technique = brief->technique.value;

	if (reach->coverage_share > 0.0)
		text_addf(line,
			  "; coverage of %.1f %% instead of %.1f %% would bring it in reach: %.0f "
			  "dots per cm² instead of %.0f, or dots of %.2f mm instead of %.2f",
			  100.0 * reach->coverage_share, 100.0 * scene->field.dot_share,
			  ceil(reach->dots_per_cm2), technique[TECHNIQUE_DOTS_PER_CM2],
			  reach->dot_mm, technique_dot_mm(&brief->technique, brief->state));
	else
		text_adds(line, "; no density or size of dots would do");
	if (reach->shallower)
		text_addf(line, "; %.2f mm deep instead of %.2f would do", reach->depth_mm,
			  technique[TECHNIQUE_DEPTH_MM]);
	else
		text_adds(line, "; no depth would do");
	text_addf(line,
		  reach->blacker ? "; a line with a stronger black would do (to L* %.1f)"
				 : "; no pigment is dark enough there (a perfect black has L* "
				   "%.1f)",
		  reach->black_l);
}

void reach_note(const struct scene *scene, const struct brief *brief, struct notes *notes)
{
	struct text line = {0};
	struct reach reach;

	if (!brief_in_skin(brief))
		return;
	if (scene->problem.light[0].required.l >
	    weights_lab(&scene->problem.light[0].weights, scene->ground).l)
		notes_addf(notes, "the wanted field is lighter than the patch is now: only a white "
				  "pigment lightens");
	reach_compute(&reach, scene, brief);
	if (reach.within)
		return;
	if (reach.required_l < reach.darkest_l)
		text_addf(&line,
			  "out of reach: the required dot (L* %.1f) is darker than this line makes "
			  "at %g mm (L* %.1f)",
			  reach.required_l, brief->technique.value[TECHNIQUE_DEPTH_MM],
			  reach.darkest_l);
	else
		text_addf(&line,
			  "out of reach: the required dot sends back less than no light at %g nm",
			  reach.no_light_nm);
	add_levers(&line, &reach, scene, brief);
	if (!text_failed(&line))
		notes_addf(notes, "%s", line.data);
	text_clear(&line);
}
