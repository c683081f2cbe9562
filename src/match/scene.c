/* Order of work: skin fit -> follicle -> natural field -> required dot -> medium. */
#include "match/scene.h"

#include "base/text.h"
#include "colour/cms.h"

#include <math.h>
#include <string.h>

const char *const reading_role_names[ROLES] = {"skin",  "hair",   "field",
					       "patch", "ground", "target"};

/* Where all that is seen of a colour lies between; readings must cover it. */
static const struct grid VISIBLE = {400.0, 300.0, 2};

bool brief_in_skin(const struct brief *brief)
{
	return brief->given[ROLE_SKIN];
}

/* --- grids ------------------------------------------------------------------------------------ */

static enum status choose_grid(struct scene *scene, const struct brief *brief,
			       const struct pigment_line *line, struct error *err)
{
	scene->grid = line->grid;
	for (int role = 0; role < ROLES; role++)
		if (brief->given[role])
			scene->grid = grid_clip(&scene->grid,
						&brief->reading[role].mean.reflectance.grid);
	if (scene->grid.count < 2 || scene->grid.start_nm > VISIBLE.start_nm + 1e-6 ||
	    grid_end_nm(&scene->grid) < grid_end_nm(&VISIBLE) - 1e-6)
		return error_set(err, STATUS_REFUSED,
				 "the readings and the line “%s” share no 400–700 nm", line->name);
	return STATUS_OK;
}

/* A reading on the scene's grid. */
static void carry(double *out, const struct scene *scene, const struct brief *brief,
		  enum reading_role role, struct notes *notes)
{
	const struct spectrum *source = &brief->reading[role].mean.reflectance;
	struct spectrum carried;

	spectrum_resample(&carried, source, &scene->grid);
	for (int b = 0; b < scene->grid.count; b++)
		out[b] = carried.value[b];
	if (source->grid.step_nm != scene->grid.step_nm ||
	    fabs(remainder(source->grid.start_nm - scene->grid.start_nm, scene->grid.step_nm)) >
		    1e-6)
		notes_addf(notes,
			   "%s reading: interpolated from %g–%g nm by %g to the pigment line's "
			   "%g–%g nm by %g",
			   reading_role_names[role], source->grid.start_nm,
			   grid_end_nm(&source->grid), source->grid.step_nm, scene->grid.start_nm,
			   grid_end_nm(&scene->grid), scene->grid.step_nm);
}

static enum specular specular_of(const struct brief *brief, enum reading_role role,
				 struct notes *notes)
{
	enum specular specular = conditions_specular(&brief->reading[role].mean.conditions);

	if (specular == SPECULAR_UNKNOWN)
		notes_addf(notes,
			   "%s reading: the file does not say whether the specular part is "
			   "included; assumed excluded (or 45:0 geometry), --specular says "
			   "otherwise",
			   reading_role_names[role]);
	return specular;
}

/* --- in skin ---------------------------------------------------------------------------------- */

static void compute_follicle(struct scene *scene, const struct brief *brief, const double *hair,
			     struct notes *notes)
{
	const double *technique = brief->technique.value;
	struct surface surface =
		surface_of(SURFACE_INDEX_HAIR, specular_of(brief, ROLE_HAIR, notes),
			   technique[TECHNIQUE_SURFACE_K2]);
	bool below = false;

	for (int b = 0; b < scene->grid.count; b++) {
		double inner = surface_remove(&surface, hair[b]);

		below |= inner < REFLECTANCE_FLOOR;
		inner = fmin(fmax(inner, REFLECTANCE_FLOOR), 1.0);
		scene->follicle[b] =
			skin_over_hair(&scene->skin, b, technique[TECHNIQUE_HAIR_DEPTH_MM], inner);
	}
	if (below)
		notes_addf(notes,
			   "hair reading: darker than its surface reflection in some bands; taken "
			   "as %g there",
			   REFLECTANCE_FLOOR);
}

static double natural_coverage(const struct technique *technique)
{
	return coverage_share(technique->value[TECHNIQUE_HAIRS_PER_CM2],
			      technique->value[TECHNIQUE_HAIR_SHAFT_MM],
			      technique->value[TECHNIQUE_STUBBLE_MM]);
}

static enum status compute_natural(struct scene *scene, const struct brief *brief,
				   struct notes *notes, struct error *err)
{
	const double *technique = brief->technique.value;
	const struct field natural = {
		.hair_share = natural_coverage(&brief->technique),
		.n = technique[TECHNIQUE_YULE_NIELSEN_N],
	};
	double carried[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < scene->grid.count; b++)
		scene->follicle[b] = scene->bare[b];
	if (brief->given[ROLE_HAIR]) {
		carry(carried, scene, brief, ROLE_HAIR, notes);
		compute_follicle(scene, brief, carried, notes);
	}
	if (natural.hair_share >= 1.0)
		return error_set(err, STATUS_REFUSED,
				 "technique “%s”: hairs cover %.0f %% of the scalp, less than 100 "
				 "%% is needed",
				 brief->technique.name, 100.0 * natural.hair_share);
	if (brief->given[ROLE_FIELD]) {
		carry(scene->natural, scene, brief, ROLE_FIELD, notes);
		return STATUS_OK;
	}
	for (int b = 0; b < scene->grid.count; b++)
		scene->natural[b] = field_reflectance(&natural, scene->bare[b], scene->bare[b],
						      scene->follicle[b]);
	return STATUS_OK;
}

static enum status plan_dots(struct scene *scene, const struct brief *brief, struct error *err)
{
	const double *technique = brief->technique.value;
	scene->field = (struct field){
		.dot_share = coverage_share(technique[TECHNIQUE_DOTS_PER_CM2],
					    technique_dot_mm(&brief->technique, brief->state), 0.0),
		.hair_share = coverage_share(technique[TECHNIQUE_HAIRS_LEFT_CM2],
					     technique[TECHNIQUE_HAIR_SHAFT_MM],
					     technique[TECHNIQUE_STUBBLE_MM]),
		.n = technique[TECHNIQUE_YULE_NIELSEN_N],
	};
	if (scene->field.dot_share >= 1.0 || scene->field.hair_share >= 1.0)
		return error_set(err, STATUS_REFUSED,
				 "technique “%s”: dots cover %.0f %% and hairs left %.0f %% of the "
				 "patch, less "
				 "than 100 %% each is needed",
				 brief->technique.name, 100.0 * scene->field.dot_share,
				 100.0 * scene->field.hair_share);
	return STATUS_OK;
}

/* --- hair that may come back ------------------------------------------------------------------- */

/* Dots of `strength` times the contrast, in the powers in which coverage adds, of those that make the
 * natural field. */
static void weaken(double *dot, const struct scene *scene, double strength)
{
	double root = 1.0 / scene->field.n;

	for (int b = 0; b < scene->grid.count; b++) {
		double full = field_required_dot(&scene->field, scene->natural[b], scene->ground[b],
						 scene->follicle[b]);
		double ground = pow(scene->ground[b], root);
		double power = full < 0.0 ? -pow(-full, root) : pow(full, root);
		double weaker = ground - strength * (ground - power);

		dot[b] = weaker > 0.0 ? pow(weaker, scene->field.n) : 0.0;
	}
}

/* Above 0 where the patch is farther off as it is than it will be with its hair back. */
static double imbalance(const struct scene *scene, double share, double strength)
{
	double dot[SPECTRUM_SAMPLES_MAX];

	weaken(dot, scene, strength);
	return (1.0 - share) * scene_field_de00(scene, &scene->field, dot) -
	       share * scene_field_de00(scene, &scene->regrown, dot);
}

static enum status plan_regrowth(struct scene *scene, const struct brief *brief, struct error *err)
{
	double share = brief->technique.value[TECHNIQUE_REGROWTH_SHARE], low = 0.0, high = 1.0;
	double dot[SPECTRUM_SAMPLES_MAX];

	memcpy(scene->wanted, scene->natural, sizeof scene->wanted);
	scene->may_regrow = share > 0.0;
	if (!scene->may_regrow)
		return STATUS_OK;
	if (!brief->given[ROLE_HAIR])
		return error_set(
			err, STATUS_REFUSED,
			"technique “%s”: hair may come back, and a hair reading is needed to "
			"see it then",
			brief->technique.name);
	scene->regrown = scene->field;
	scene->regrown.hair_share = natural_coverage(&brief->technique);
	for (int i = 0; i < 50; i++) {
		double middle = (low + high) / 2.0;

		*(imbalance(scene, share, middle) > 0.0 ? &low : &high) = middle;
	}
	weaken(dot, scene, high);
	scene_field(scene->wanted, scene, &scene->field, dot);
	return STATUS_OK;
}

/* --- where dots go ----------------------------------------------------------------------------- */

/* What lies between the hairs of a patch that was read with them. */
static void compute_ground(struct scene *scene, const struct brief *brief, struct notes *notes)
{
	const double n = scene->field.n, share = scene->field.hair_share;
	double patch[SPECTRUM_SAMPLES_MAX];

	memcpy(scene->ground, scene->bare, sizeof scene->ground);
	if (!brief->given[ROLE_PATCH])
		return;
	carry(patch, scene, brief, ROLE_PATCH, notes);
	for (int b = 0; b < scene->grid.count; b++) {
		double power = (pow(patch[b], 1.0 / n) - share * pow(scene->follicle[b], 1.0 / n)) /
			       (1.0 - share);

		scene->ground[b] = power > 0.0 ? pow(power, n) : 0.0;
	}
}

/* What is left of a pigment against what the technique says; in no state more than was put in. */
static double kept_against(const struct pigment *pigment, const struct technique *technique,
			   enum healing_state state)
{
	double healed = technique_kept_share(technique, STATE_HEALED);
	double all = technique_kept_share(technique, state);
	double own = fmin(healed * pigment->kept_factor, 1.0);

	if (pigment->kept_factor <= 0.0)
		return 1.0;
	if (healed >= 1.0)
		return state == STATE_FRESH ? 1.0 : own;
	/* at 7 days it has gone as much of its way to `own` as the others to `healed` */
	return (1.0 - (1.0 - own) * (1.0 - all) / (1.0 - healed)) / all;
}

static void set_faded(struct pigment_line *line, int index, double faded)
{
	struct pigment *pigment = &line->pigment[index];

	if (pigment->faded > 0.0)
		pigment_strengthen(pigment, &line->grid, 1.0 / pigment->faded);
	if (faded != 1.0)
		pigment_strengthen(pigment, &line->grid, faded);
	pigment->faded = faded != 1.0 ? faded : 0.0;
}

static void medium_in_state(struct medium *medium, const struct scene *scene,
			    const struct technique *technique, enum healing_state state)
{
	medium_in_skin(medium, &scene->skin, technique->value[TECHNIQUE_DEPTH_MM],
		       technique->value[TECHNIQUE_LAYER_MM],
		       technique_kept_share(technique, state) *
			       technique->value[TECHNIQUE_DOSE_SHARE]);
}

/* Makes medium and line those of dots in the brief's state. */
static void take_state(struct scene *scene, const struct brief *brief, struct pigment_line *line)
{
	medium_in_state(&scene->medium, scene, &brief->technique, brief->state);
	for (int i = 0; i < line->count; i++)
		set_faded(line, i,
			  kept_against(&line->pigment[i], &brief->technique, brief->state));
}

enum status scene_dot(double *out, const struct scene *scene, const struct brief *brief,
		      const double *amount, double diluent_drops, enum healing_state state,
		      struct error *err)
{
	const struct pigment_line *line = scene->problem.line;
	double share[LINE_PIGMENTS_MAX], rest, k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	struct medium medium;

	if (pigment_line_shares(share, &rest, line, amount, diluent_drops, err))
		return err->status;
	for (int i = 0; i < line->count; i++) { /* K and S are those of the scene's own state */
		const struct pigment *pigment = &line->pigment[i];

		share[i] *= kept_against(pigment, &brief->technique, state) /
			    (pigment->faded > 0.0 ? pigment->faded : 1.0);
	}
	pigment_line_mix(k, s, line, share, rest);
	medium_in_state(&medium, scene, &brief->technique, state);
	for (int b = 0; b < scene->grid.count; b++)
		out[b] = medium_reflectance(&medium, b, k[b], s[b]);
	return STATUS_OK;
}

static enum status build_in_skin(struct scene *scene, const struct brief *brief,
				 struct pigment_line *line, const struct haemoglobin *haemoglobin,
				 struct notes *notes, struct error *err)
{
	const double *technique = brief->technique.value;
	struct surface surface =
		surface_of(SURFACE_INDEX_SKIN, specular_of(brief, ROLE_SKIN, notes),
			   technique[TECHNIQUE_SURFACE_K2]);
	struct spectrum bare = {.grid = scene->grid};

	if (line->relative)
		return error_set(
			err, STATUS_REFUSED,
			"the line “%s” was calibrated from opaque drawdowns: its K and S are "
			"relative, and a dose in skin needs them per mm (films of a known "
			"thickness over white and black)",
			line->name);
	carry(scene->bare, scene, brief, ROLE_SKIN, notes);
	for (int b = 0; b < scene->grid.count; b++)
		bare.value[b] = scene->bare[b];
	if (skin_fit(&scene->skin, &bare, haemoglobin, &surface, "skin reading", notes, err) ||
	    compute_natural(scene, brief, notes, err) || plan_dots(scene, brief, err))
		return err->status;
	compute_ground(scene, brief, notes);
	if (plan_regrowth(scene, brief, err))
		return err->status;
	for (int b = 0; b < scene->grid.count; b++)
		scene->required[b] = field_required_dot(&scene->field, scene->wanted[b],
							scene->ground[b], scene->follicle[b]);
	take_state(scene, brief, line);
	return STATUS_OK;
}

/* --- both ------------------------------------------------------------------------------------- */

/* The line's own, but without its gloss where a target was read without; else that of a paint. */
static struct surface drawdown_surface(const struct brief *brief, const struct pigment_line *line,
				       struct notes *notes)
{
	enum specular specular = SPECULAR_EXCLUDED;
	double k2 = brief->technique.value[TECHNIQUE_SURFACE_K2];

	if (brief->given[ROLE_TARGET])
		specular = specular_of(brief, ROLE_TARGET, notes);
	if (line->has_surface)
		return brief->given[ROLE_TARGET] && specular != SPECULAR_INCLUDED
			       ? (struct surface){0.0, line->surface.k2}
			       : line->surface;
	if (!brief->given[ROLE_TARGET] && !brief->has_target_lab)
		notes_addf(notes,
			   "the line “%s” states no surface: assumed k1 0 (specular part excluded) "
			   "and k2 %g",
			   line->name, k2);
	return surface_of(SURFACE_INDEX_PAINT, specular, k2);
}

static enum status build_drawdown(struct scene *scene, const struct brief *brief,
				  const struct pigment_line *line, struct notes *notes,
				  struct error *err)
{
	struct surface surface = drawdown_surface(brief, line, notes);
	double ground[SPECTRUM_SAMPLES_MAX];

	if (brief->given[ROLE_TARGET])
		carry(scene->required, scene, brief, ROLE_TARGET, notes);
	if (!brief->given[ROLE_GROUND]) {
		medium_opaque(&scene->medium, &scene->grid, &surface);
		return STATUS_OK;
	}
	if (line->relative)
		return error_set(
			err, STATUS_REFUSED,
			"the line “%s” was calibrated from opaque drawdowns: its K and S are "
			"relative, and a film of a thickness needs them per mm",
			line->name);
	carry(ground, scene, brief, ROLE_GROUND, notes);
	medium_film(&scene->medium, &scene->grid, &surface, brief->thickness_mm, ground);
	return STATUS_OK;
}

static enum status build_lights(struct scene *scene, const struct brief *brief,
				const struct scene_lights *lights, struct error *err)
{
	struct search_problem *problem = &scene->problem;

	problem->light_count = brief->light_count;
	for (int i = 0; i < brief->light_count; i++) {
		struct search_light *light = &problem->light[i];

		text_copy(light->name, sizeof light->name, brief->light[i].name);
		light->weight = brief->light[i].weight;
		if (weights_build(&light->weights, &scene->grid, &lights->illuminant[i],
				  &lights->observer, err))
			return err->status;
	}
	return weights_build(&scene->pcs_weights, &scene->grid, &lights->illuminant[0],
			     &lights->observer_2, err);
}

static void require(struct scene *scene, const struct brief *brief)
{
	for (int b = 0; b < scene->grid.count; b++)
		scene->aim[b] = fmin(fmax(scene->required[b], 0.0), REFLECTANCE_MAX);
	for (int i = 0; i < scene->problem.light_count; i++) {
		struct search_light *light = &scene->problem.light[i];

		light->required = brief->has_target_lab ? brief->target_lab
							: weights_lab(&light->weights, scene->aim);
	}
}

enum status scene_build(struct scene *scene, const struct brief *brief, struct pigment_line *line,
			const struct scene_lights *lights, const struct haemoglobin *haemoglobin,
			struct notes *notes, struct error *err)
{
	*scene = (struct scene){0};
	if (choose_grid(scene, brief, line, err))
		return err->status;
	pigment_line_clip(line, &scene->grid);
	for (int i = 0; i < line->count; i++)
		set_faded(line, i, 1.0);
	if (build_lights(scene, brief, lights, err))
		return err->status;
	if (!brief_in_skin(brief) ? build_drawdown(scene, brief, line, notes, err)
				  : build_in_skin(scene, brief, line, haemoglobin, notes, err))
		return err->status;
	scene->problem.line = line;
	scene->problem.medium = &scene->medium;
	scene->problem.required = brief->has_target_lab ? NULL : scene->aim;
	scene->problem.lighter = brief->lighter;
	scene->problem.price_weight = brief->price_weight;
	scene->problem.coarse_weight = brief->coarse_weight;
	scene->problem.top = 1;
	search_limits_usual(&scene->problem.limits);
	require(scene, brief);
	return STATUS_OK;
}

void scene_field(double *out, const struct scene *scene, const struct field *field,
		 const double *dot)
{
	for (int b = 0; b < scene->grid.count; b++)
		out[b] = field_reflectance(field, scene->ground[b], dot[b], scene->follicle[b]);
}

double scene_field_de00(const struct scene *scene, const struct field *field, const double *dot)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	double patch[SPECTRUM_SAMPLES_MAX];
	struct lab natural = weights_lab(weights, scene->natural), planned;

	scene_field(patch, scene, field, dot);
	planned = weights_lab(weights, patch);
	return delta_e_2000(&natural, &planned);
}

void scene_carry(double *out, const struct scene *scene, const struct repeats *seen)
{
	const struct spectrum *source = &seen->mean.reflectance;
	double start = source->grid.start_nm - 1e-6, end = grid_end_nm(&source->grid) + 1e-6;
	struct spectrum carried;

	spectrum_resample(&carried, source, &scene->grid);
	for (int b = 0; b < scene->grid.count; b++) {
		double nm = grid_wavelength_nm(&scene->grid, b);

		out[b] = nm < start || nm > end ? NAN : carried.value[b];
	}
}

enum status scene_look(struct lab *lab, struct lab *pcs_lab, const struct scene *scene,
		       const double *reflectance, struct error *err)
{
	struct xyz seen = weights_xyz(&scene->pcs_weights, reflectance);

	*lab = weights_lab(&scene->problem.light[0].weights, reflectance);
	return pcs_lab_from_xyz(pcs_lab, &seen, &scene->pcs_weights.white, err);
}
