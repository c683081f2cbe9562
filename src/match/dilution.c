/* The way is sampled at shares of pigment from all to a ten-thousandth, each the same part of the one before it: colour follows the
 * logarithm of the dose but at its ends. From the last sample a straight piece leads to bare skin. A place on the way is looked up
 * between samples; a mix's own colour is computed. */
#include "match/dilution.h"

#include "colour/cms.h"

#include <math.h>

/* Half a drop more or less of four is an eighth, of one the half: so many are taken where the cup holds what belongs to them. */
#define PIGMENT_DROPS_USUAL 4

/* A mix of few drops is as good as one of many where it lies this near its place: a share of the step. */
#define NEAR_SHARE 0.05

enum { SAMPLES = 512 };
#define SHARE_LEAST 1e-4

struct way {
	const struct scene *scene;
	const struct pigment *pigment, *diluent;
	double along[SAMPLES]; /* at shares SHARE_LEAST^(i / (SAMPLES - 1)) */
	double whole;
};

static void mix(double *dot, const struct way *way, double share)
{
	const struct scene *scene = way->scene;

	for (int b = 0; b < scene->grid.count; b++)
		dot[b] = medium_reflectance(&scene->medium, b,
					    (1.0 - share) * way->diluent->k_per_mm[b] +
						    share * way->pigment->k_per_mm[b],
					    (1.0 - share) * way->diluent->s_per_mm[b] +
						    share * way->pigment->s_per_mm[b]);
}

static void walk(struct way *way)
{
	const struct weights *weights = &way->scene->problem.light[0].weights;
	double dot[SPECTRUM_SAMPLES_MAX];
	struct lab before, seen, skin = weights_lab(weights, way->scene->bare);

	for (int i = 0; i < SAMPLES; i++) {
		mix(dot, way, pow(SHARE_LEAST, i / (SAMPLES - 1.0)));
		seen = weights_lab(weights, dot);
		way->along[i] = i ? way->along[i - 1] + delta_e_2000(&before, &seen) : 0.0;
		before = seen;
	}
	way->whole = way->along[SAMPLES - 1] + delta_e_2000(&before, &skin);
}

/* How far along the way a share of pigment lies. */
static double along_at(const struct way *way, double share)
{
	double place = (SAMPLES - 1) * log(share) / log(SHARE_LEAST);
	int i = (int)place;

	if (share < SHARE_LEAST)
		return way->whole - (way->whole - way->along[SAMPLES - 1]) * share / SHARE_LEAST;
	if (i >= SAMPLES - 1)
		return way->along[SAMPLES - 1];
	return way->along[i] + (place - i) * (way->along[i + 1] - way->along[i]);
}

/* The share of pigment that lies so far along. */
static double share_at(const struct way *way, double along)
{
	int i = 0;

	while (i < SAMPLES - 2 && way->along[i + 1] < along)
		i++;
	if (along > way->along[SAMPLES - 1])
		return SHARE_LEAST * (way->whole - along) / (way->whole - way->along[SAMPLES - 1]);
	if (way->along[i + 1] <= way->along[i])
		return pow(SHARE_LEAST, i / (SAMPLES - 1.0));
	return pow(SHARE_LEAST,
		   (i + (along - way->along[i]) / (way->along[i + 1] - way->along[i])) /
			   (SAMPLES - 1));
}

/* --- whole drops -------------------------------------------------------------------------------- */

static void set_drops(struct dilution_step *step, const struct way *way, int pigment, int diluent)
{
	step->pigment_drops = pigment;
	step->diluent_drops = diluent;
	step->pigment_ml = pigment / way->pigment->bottle.drops_per_ml;
	step->diluent_ml = diluent / way->diluent->bottle.drops_per_ml;
	step->parts = step->diluent_ml / step->pigment_ml;
	step->along_de00 = along_at(way, step->pigment_ml / (step->pigment_ml + step->diluent_ml));
}

/* Whole drops whose mix lies nearest to `share` along the way: of those within `near` the fewest, else the nearest. Returns how far off
 * they are, infinity where the cup holds none. */
static double choose_drops(struct dilution_step *out, const struct way *way,
			   const struct dilution_limits *limits, double share, double near)
{
	const double along = along_at(way, share), dropped = way->diluent->bottle.drops_per_ml;
	const double fits = limits->cup_ml * share * way->pigment->bottle.drops_per_ml + 1e-9;
	const int most = (int)fmax(fmin(fits, limits->pigment_drops_max), 1.0);
	double best = INFINITY;

	for (int p = most < PIGMENT_DROPS_USUAL ? most : PIGMENT_DROPS_USUAL; p <= most; p++) {
		double ml = p / way->pigment->bottle.drops_per_ml;
		double wanted = ml * (1.0 / share - 1.0) * dropped + 1e-9;
		double room = floor((limits->cup_ml - ml) * dropped + 1e-9);

		for (double d = fmin(floor(wanted), room);
		     d >= 0.0 && d <= fmin(wanted + 1.0, room); d++) {
			struct dilution_step step;
			double off;

			set_drops(&step, way, p, (int)d);
			off = fabs(step.along_de00 - along);
			if (off < best) {
				best = off;
				*out = step;
			}
		}
		if (best <= near)
			return best;
	}
	return best;
}

/* --- what a mix looks like ---------------------------------------------------------------------- */

static enum status look(struct dilution_look *out, const struct scene *scene,
			const double *reflectance, struct error *err)
{
	return scene_look(&out->lab, &out->pcs_lab, scene, reflectance, err);
}

static enum status see(struct dilution_step *step, const struct dilution_step *before,
		       const struct way *way, const struct dilution_look *skin, struct error *err)
{
	double dot[SPECTRUM_SAMPLES_MAX], patch[SPECTRUM_SAMPLES_MAX];

	mix(dot, way, step->pigment_ml / (step->pigment_ml + step->diluent_ml));
	scene_field(patch, way->scene, &way->scene->field, dot);
	if (look(&step->dot, way->scene, dot, err) || look(&step->field, way->scene, patch, err))
		return err->status;
	step->de00_before = before ? delta_e_2000(&before->dot.lab, &step->dot.lab) : 0.0;
	step->de00_skin = delta_e_2000(&step->dot.lab, &skin->lab);
	return STATUS_OK;
}

/* n ml of diluent to one of pigment, n = 0, 1, 2 …: as near to that as drops of different sizes allow. */
static enum status add_waters(struct dilution *out, const struct way *way,
			      const struct dilution_limits *limits, struct error *err)
{
	for (int n = 0; n < DILUTION_WATERS; n++) {
		struct dilution_step *step = &out->water[n];
		double share = 1.0 / (1.0 + n), off;

		off = choose_drops(step, way, limits, share, 1e-9 * way->whole);
		/* nearer to the next one: the cup does not hold this one */
		if (off == INFINITY || fabs(step->parts - n) >= 0.5)
			break;
		if (see(step, n ? step - 1 : NULL, way, &out->skin, err))
			return err->status;
		out->waters++;
	}
	return STATUS_OK;
}

static enum status add_equals(struct dilution *out, const struct way *way,
			      const struct dilution_limits *limits, struct error *err)
{
	const double part = way->whole / DILUTION_EQUALS;

	for (int i = 0; i < DILUTION_EQUALS; i++) {
		struct dilution_step *step = &out->equal[i];
		double off = choose_drops(step, way, limits, i ? share_at(way, i * part) : 1.0,
					  NEAR_SHARE * part);

		if (off == INFINITY || (i && off >= 0.5 * part))
			break;
		if (see(step, i ? step - 1 : NULL, way, &out->skin, err))
			return err->status;
		out->equals++;
	}
	return STATUS_OK;
}

enum status dilution_compute(struct dilution *out, const struct scene *scene, int pigment,
			     const struct dilution_limits *limits, struct error *err)
{
	const struct pigment_line *line = scene->problem.line;
	struct way way = {
		.scene = scene, .pigment = &line->pigment[pigment], .diluent = &line->diluent};

	*out = (struct dilution){.pigment = way.pigment->bottle, .diluent = way.diluent->bottle};
	if (1.0 / way.pigment->bottle.drops_per_ml + 1.0 / way.diluent->bottle.drops_per_ml >
	    limits->cup_ml + 1e-9)
		return error_set(err, STATUS_REFUSED,
				 "a cup of %g ml does not hold a drop of %s and one of %s",
				 limits->cup_ml, way.pigment->bottle.id, way.diluent->bottle.id);
	if (look(&out->skin, scene, scene->bare, err))
		return err->status;
	walk(&way);
	out->way_de00 = way.whole;
	return add_waters(out, &way, limits, err) || add_equals(out, &way, limits, err)
		       ? err->status
		       : STATUS_OK;
}
