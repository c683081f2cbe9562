/* The scene: a brief worked out on one grid of wavelengths.
 *
 * From bare skin, hair (or a field reading) and technique it makes the natural field, the dot
 * plan's coverage, the required dot and the medium in which recipes are tried; from a plain target
 * the required drawdown. Dots go into bare skin, or into a patch that holds dots already. Where the
 * hair may come back, the wanted field is the one between bare and natural that is as far off now as
 * it will be then (weighed by regrowth_share). The grid is the pigment line's, cut to what every reading covers;
 * readings are carried to it and a note says so.
 *
 *	scene_build(&scene, &brief, &line, &lights, &haemoglobin, &notes, &err);   (clips the line)
 *	search_recipes(&result, &scene.problem, &err);
 *
 * `scene.problem` points into the scene and at the line: neither may move while it is used.
 */
#ifndef MATCH_SCENE_H
#define MATCH_SCENE_H

#include "match/brief.h"
#include "pigment/field.h"

/* The lights that a brief names, resolved by the caller. */
struct scene_lights {
	struct illuminant illuminant[SEARCH_LIGHTS_MAX];
	struct observer observer;
	struct observer observer_2; /* for the ICC PCS */
};

struct scene {
	struct grid grid;
	struct search_problem problem; /* limits as search_limits_usual() has them */
	struct weights pcs_weights;    /* main light, 2 degree observer */
	struct medium medium;
	double required[SPECTRUM_SAMPLES_MAX]; /* below 0 where no dot is dark enough */
	double aim[SPECTRUM_SAMPLES_MAX]; /* the nearest that can be: `required`, not below 0 */
	/* in skin only: */
	struct skin skin;
	struct field field;   /* dots of the plan, hairs that are left */
	struct field regrown; /* and with all hairs back */
	bool may_regrow;
	double bare[SPECTRUM_SAMPLES_MAX]; /* the skin reading */
	double ground
		[SPECTRUM_SAMPLES_MAX]; /* between dots: bare, or with earlier sessions' dots */
	/* hair seen through skin; the skin itself without a hair */
	double follicle[SPECTRUM_SAMPLES_MAX];
	double natural[SPECTRUM_SAMPLES_MAX]; /* the field to be copied */
	double wanted[SPECTRUM_SAMPLES_MAX];  /* what the patch is to look like: mostly `natural` */
};

/* Refuses readings that leave out part of 400–700 nm, and a technique without coverage. */
enum status scene_build(struct scene *scene, const struct brief *brief, struct pigment_line *line,
			const struct scene_lights *lights, const struct haemoglobin *haemoglobin,
			struct notes *notes, struct error *err);

/* The patch with dots of this reflectance and the hairs of `field`: scene->field or ->regrown. `out`
 * has scene->grid.count samples. In skin only. */
void scene_field(double *out, const struct scene *scene, const struct field *field,
		 const double *dot);

/* CIEDE2000 under the main light between the natural field and the patch with such dots. */
double scene_field_de00(const struct scene *scene, const struct field *field, const double *dot);

/* The reflectance (scene->grid.count samples) of a dot of a mix (drops of each of the line's pigments, and of the diluent) in any state: what
 * a scene of that state would have. In skin only. A pigment that heals otherwise than the technique's kept share says (kept_factor)
 * counts as what is left of it against that share. */
enum status scene_dot(double *out, const struct scene *scene, const struct brief *brief,
		      const double *amount, double diluent_drops, enum healing_state state,
		      struct error *err);

/* A later reading on the scene's grid: `out` is NaN in bands that it does not cover. */
void scene_carry(double *out, const struct scene *scene, const struct repeats *seen);

/* One spectrum's look: Lab under the main light, and PCS Lab for screens and printers. */
enum status scene_look(struct lab *lab, struct lab *pcs_lab, const struct scene *scene,
		       const double *reflectance, struct error *err);

#endif
