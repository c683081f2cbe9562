/* Order of work: skin fit -> follicle -> natural field -> required dot -> medium. */
#include "match/scene.h"

#include "base/text.h"
#include "colour/cms.h"

#include <math.h>

const char *const reading_role_names[ROLES] = {"skin", "hair", "field", "target"};

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

static enum status compute_natural(struct scene *scene, const struct brief *brief,
				   struct notes *notes, struct error *err)
{
	const double *technique = brief->technique.value;
	struct field natural = {
		.hair_share = coverage_share(technique[TECHNIQUE_HAIRS_PER_CM2],
					     technique[TECHNIQUE_HAIR_SHAFT_MM],
					     technique[TECHNIQUE_STUBBLE_MM]),
		.n = technique[TECHNIQUE_YULE_NIELSEN_N],
	};
	double carried[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < scene->grid.count; b++)
		scene->follicle[b] = scene->bare[b];
	if (brief->given[ROLE_HAIR]) {
		carry(carried, scene, brief, ROLE_HAIR, notes);
		compute_follicle(scene, brief, carried, notes);
	}
	if (brief->given[ROLE_FIELD]) {
		carry(scene->natural, scene, brief, ROLE_FIELD, notes);
		return STATUS_OK;
	}
	if (natural.hair_share >= 1.0)
		return error_set(err, STATUS_REFUSED,
				 "technique “%s”: hairs cover %.0f %% of the scalp, less than 100 "
				 "%% is needed",
				 brief->technique.name, 100.0 * natural.hair_share);
	for (int b = 0; b < scene->grid.count; b++)
		scene->natural[b] = field_reflectance(&natural, scene->bare[b], scene->bare[b],
						      scene->follicle[b]);
	return STATUS_OK;
}

static enum status plan_dots(struct scene *scene, const struct brief *brief, struct error *err)
{
	const double *technique = brief->technique.value;
	enum technique_key size =
		brief->state == STATE_HEALED ? TECHNIQUE_DOT_HEALED_MM : TECHNIQUE_DOT_FRESH_MM;

	scene->field = (struct field){
		.dot_share =
			coverage_share(technique[TECHNIQUE_DOTS_PER_CM2], technique[size], 0.0),
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

static enum status build_in_skin(struct scene *scene, const struct brief *brief,
				 const struct haemoglobin *haemoglobin, struct notes *notes,
				 struct error *err)
{
	const double *technique = brief->technique.value;
	struct surface surface =
		surface_of(SURFACE_INDEX_SKIN, specular_of(brief, ROLE_SKIN, notes),
			   technique[TECHNIQUE_SURFACE_K2]);
	struct spectrum bare = {.grid = scene->grid};
	double kept = brief->state == STATE_HEALED ? technique[TECHNIQUE_KEPT_SHARE] : 1.0;

	carry(scene->bare, scene, brief, ROLE_SKIN, notes);
	for (int b = 0; b < scene->grid.count; b++)
		bare.value[b] = scene->bare[b];
	if (skin_fit(&scene->skin, &bare, haemoglobin, &surface, "skin reading", notes, err) ||
	    compute_natural(scene, brief, notes, err) || plan_dots(scene, brief, err))
		return err->status;
	for (int b = 0; b < scene->grid.count; b++)
		scene->required[b] = field_required_dot(&scene->field, scene->natural[b],
							scene->bare[b], scene->follicle[b]);
	medium_in_skin(&scene->medium, &scene->skin, technique[TECHNIQUE_DEPTH_MM],
		       technique[TECHNIQUE_LAYER_MM], kept * technique[TECHNIQUE_DOSE_SHARE]);
	return STATUS_OK;
}

/* --- both ------------------------------------------------------------------------------------- */

static void build_drawdown(struct scene *scene, const struct brief *brief, struct notes *notes)
{
	enum specular specular = SPECULAR_EXCLUDED;
	struct surface surface;

	if (brief->given[ROLE_TARGET]) {
		carry(scene->required, scene, brief, ROLE_TARGET, notes);
		specular = specular_of(brief, ROLE_TARGET, notes);
	}
	surface = surface_of(SURFACE_INDEX_PAINT, specular,
			     brief->technique.value[TECHNIQUE_SURFACE_K2]);
	medium_opaque(&scene->medium, &scene->grid, &surface);
}

static enum status build_lights(struct scene *scene, const struct brief *brief,
				const struct scene_lights *lights, struct error *err)
{
	struct search_problem *problem = &scene->problem;

	for (int b = 0; b < scene->grid.count; b++)
		scene->aim[b] = fmax(scene->required[b], 0.0);
	problem->light_count = brief->light_count;
	for (int i = 0; i < brief->light_count; i++) {
		struct search_light *light = &problem->light[i];

		text_copy(light->name, sizeof light->name, brief->light[i].name);
		light->weight = brief->light[i].weight;
		if (weights_build(&light->weights, &scene->grid, &lights->illuminant[i],
				  &lights->observer, err))
			return err->status;
		light->required = brief->has_target_lab ? brief->target_lab
							: weights_lab(&light->weights, scene->aim);
	}
	return weights_build(&scene->pcs_weights, &scene->grid, &lights->illuminant[0],
			     &lights->observer_2, err);
}

enum status scene_build(struct scene *scene, const struct brief *brief, struct pigment_line *line,
			const struct scene_lights *lights, const struct haemoglobin *haemoglobin,
			struct notes *notes, struct error *err)
{
	*scene = (struct scene){0};
	if (choose_grid(scene, brief, line, err))
		return err->status;
	pigment_line_clip(line, &scene->grid);
	if (!brief_in_skin(brief))
		build_drawdown(scene, brief, notes);
	else if (build_in_skin(scene, brief, haemoglobin, notes, err))
		return err->status;
	scene->problem.line = line;
	scene->problem.medium = &scene->medium;
	scene->problem.required = brief->has_target_lab ? NULL : scene->aim;
	scene->problem.lighter = brief->lighter;
	scene->problem.top = 1;
	search_limits_usual(&scene->problem.limits);
	return build_lights(scene, brief, lights, err);
}

void scene_field(double *out, const struct scene *scene, const double *dot)
{
	for (int b = 0; b < scene->grid.count; b++)
		out[b] = field_reflectance(&scene->field, scene->bare[b], dot[b],
					   scene->follicle[b]);
}

double scene_field_de00(const struct scene *scene, const double *dot)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	double patch[SPECTRUM_SAMPLES_MAX];
	struct lab natural = weights_lab(weights, scene->natural), planned;

	scene_field(patch, scene, dot);
	planned = weights_lab(weights, patch);
	return delta_e_2000(&natural, &planned);
}

enum status scene_look(struct lab *lab, struct lab *pcs_lab, const struct scene *scene,
		       const double *reflectance, struct error *err)
{
	struct xyz seen = weights_xyz(&scene->pcs_weights, reflectance);

	*lab = weights_lab(&scene->problem.light[0].weights, reflectance);
	return pcs_lab_from_xyz(pcs_lab, &seen, &scene->pcs_weights.white, err);
}

/* --- reach ------------------------------------------------------------------------------------ */

/* True where dots of coverage `share` would do with a dot no darker than `darkest`. More coverage
 * asks for lighter dots, so this is monotone in `share`. */
static bool within_reach(const struct scene *scene, double share, double darkest)
{
	struct field field = scene->field;
	double dot[SPECTRUM_SAMPLES_MAX];

	field.dot_share = share;
	for (int b = 0; b < scene->grid.count; b++) {
		dot[b] = field_required_dot(&field, scene->natural[b], scene->bare[b],
					    scene->follicle[b]);
		if (dot[b] < 0.0)
			return false;
	}
	return weights_lab(&scene->problem.light[0].weights, dot).l >= darkest;
}

void scene_note_reach(const struct scene *scene, const struct brief *brief, struct notes *notes)
{
	const double *technique = brief->technique.value;
	double low = scene->field.dot_share, high = 1.0, darkest;

	if (!brief_in_skin(brief))
		return;
	darkest = search_darkest(&scene->problem);
	if (scene->problem.light[0].required.l >
	    weights_lab(&scene->problem.light[0].weights, scene->bare).l)
		notes_addf(notes, "the natural field is lighter than the bare skin: only a white "
				  "pigment lightens");
	if (within_reach(scene, low, darkest))
		return;
	if (!within_reach(scene, high, darkest)) {
		notes_addf(notes,
			   "out of reach: no density of dots at %g mm is as dark as this field; "
			   "the darkest dot "
			   "of this line there has L* %.1f",
			   technique[TECHNIQUE_DEPTH_MM], darkest);
		return;
	}
	for (int i = 0; i < 60; i++) {
		double middle = (low + high) / 2;

		*(within_reach(scene, middle, darkest) ? &high : &low) = middle;
	}
	notes_addf(
		notes,
		"out of reach: the required dot (L* %.1f) is darker than this line makes at %g mm "
		"(L* %.1f); coverage of %.1f %% instead of %.1f %% would bring it in reach: %.0f "
		"dots per "
		"cm² instead of %.0f, or larger ones",
		scene->problem.light[0].required.l, technique[TECHNIQUE_DEPTH_MM], darkest,
		100.0 * high, 100.0 * scene->field.dot_share,
		ceil(technique[TECHNIQUE_DOTS_PER_CM2] * high / scene->field.dot_share),
		technique[TECHNIQUE_DOTS_PER_CM2]);
}
