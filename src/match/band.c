/* The skin is not fitted again for each draw: a reading that is a little lighter or darker moves K_d, as
 * the residual of the fit does. */
#include "match/band.h"

#include "colour/difference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 256 };
static const unsigned short SEED[3] = {0x5eed, 0x0f0e, 0x2026};

/* dE00 that a ladder whose calibration says nothing of itself is taken to be off by. */
#define CALIBRATION_ASSUMED 0.5

/* A tint of L* 50 has R 0.18 and K/S 1.87; dR / d ln(K/S) is -2 R^2 / (1 - R^2) K/S = -0.125, and dL* / dR
 * is 116/3 R^(-2/3) = 121, so its L* moves by 15 for each unit of ln strength: dE00 1 is 6.6 %. */
#define STRENGTH_PER_DE00 0.066

/* Half of a 95 % range, in standard deviations. */
#define RANGE_DEVIATIONS 1.96

/* --- chance ------------------------------------------------------------------------------------ */

struct chance {
	unsigned short state[3];
};

/* Standard normal, by Box and Muller. */
static double normal(struct chance *chance)
{
	double radius = sqrt(-2.0 * log(1.0 - erand48(chance->state)));

	return radius * cos(2.0 * M_PI * erand48(chance->state));
}

/* Below the value as wide as the range is below it, above it as above. */
static double draw_parameter(const struct technique *technique, enum technique_key key,
			     struct chance *chance)
{
	const struct technique_parameter *parameter = &technique_parameters[key];
	double n = normal(chance), value = technique->value[key];
	double width = n < 0.0 ? value - technique->least[key] : technique->most[key] - value;

	value += n * width / RANGE_DEVIATIONS;
	return fmin(fmax(value, parameter->least), parameter->most);
}

/* --- one draw ---------------------------------------------------------------------------------- */

struct draw {
	struct medium medium;
	double amount[LINE_PIGMENTS_MAX], strength[LINE_PIGMENTS_MAX], diluent_drops;
	/* in skin only: */
	struct skin skin;
	struct field field;
	double ground[SPECTRUM_SAMPLES_MAX];
	/* what the outcome is compared with, in skin the natural field: */
	double wanted[SPECTRUM_SAMPLES_MAX];
};

/* How much R changes, in parts of itself, for a dE00 of 1. */
static double change_per_de00(const double *reflectance, const struct weights *weights)
{
	const double step = 0.01;
	double lighter[SPECTRUM_SAMPLES_MAX];
	struct lab a = weights_lab(weights, reflectance), b;

	for (int i = 0; i < weights->grid.count; i++)
		lighter[i] = (1.0 + step) * reflectance[i];
	b = weights_lab(weights, lighter);
	return step / fmax(ciede2000(&a, &b), 1e-6);
}

double repeats_error_de00(const struct repeats *repeats)
{
	double spread = repeats->count < 2 ? READING_ERROR_ASSUMED : repeats->spread_de00;

	return spread / 0.8 / sqrt(repeats->count);
}

/* Relative error of the mean of a role's readings. */
static double reading_error(const struct brief *brief, enum reading_role role,
			    const double *reflectance, const struct weights *weights,
			    struct chance *chance)
{
	double n = normal(chance);

	if (!brief->given[role])
		return 0.0;
	return n * repeats_error_de00(&brief->reading[role]) *
	       change_per_de00(reflectance, weights);
}

static void lighten(double *out, const double *reflectance, double error, int bands)
{
	for (int b = 0; b < bands; b++)
		out[b] = (1.0 + error) * reflectance[b];
}

static void perturb_skin(struct draw *draw, const struct scene *scene, double k2, double error)
{
	struct skin *skin = &draw->skin;

	*skin = scene->skin;
	skin->surface.k2 = k2;
	for (int b = 0; b < scene->grid.count; b++) {
		double t = skin->epidermis_transmittance[b];
		double inner = surface_remove(&skin->surface, (1.0 + error) * scene->bare[b]);
		double opaque = fmin(fmax(inner / (t * t), REFLECTANCE_FLOOR), 1.0 - 1e-6);

		skin->k_per_mm[b] = skin->s_per_mm[b] * km_ratio(opaque);
	}
}

/* The natural field of this draw: measured, or made of this draw's skin and the hair. */
static void draw_natural(struct draw *draw, const struct scene *scene, const struct brief *brief,
			 const struct technique *technique, double skin_error,
			 struct chance *chance)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	double error = reading_error(brief, ROLE_FIELD, scene->natural, weights, chance);
	double hair_error = reading_error(brief, ROLE_HAIR, scene->follicle, weights, chance);
	const struct field natural = {
		.hair_share = fmin(coverage_share(technique->value[TECHNIQUE_HAIRS_PER_CM2],
						  technique->value[TECHNIQUE_HAIR_SHAFT_MM],
						  technique->value[TECHNIQUE_STUBBLE_MM]),
				   1.0),
		.n = technique->value[TECHNIQUE_YULE_NIELSEN_N],
	};

	lighten(draw->wanted, scene->natural, error, scene->grid.count);
	for (int b = 0; !brief->given[ROLE_FIELD] && b < scene->grid.count; b++) {
		double bare = (1.0 + skin_error) * scene->bare[b];

		draw->wanted[b] = field_reflectance(&natural, bare, bare,
						    (1.0 + hair_error) * scene->follicle[b]);
	}
}

static void draw_in_skin(struct draw *draw, const struct scene *scene, const struct brief *brief,
			 struct chance *chance)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	struct technique technique = brief->technique;
	double error = reading_error(brief, ROLE_SKIN, scene->bare, weights, chance);
	double patch_error = reading_error(brief, ROLE_PATCH, scene->ground, weights, chance);

	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		technique.value[key] = draw_parameter(&brief->technique, key, chance);
	perturb_skin(draw, scene, technique.value[TECHNIQUE_SURFACE_K2], error);
	medium_in_skin(&draw->medium, &draw->skin, technique.value[TECHNIQUE_DEPTH_MM],
		       technique.value[TECHNIQUE_LAYER_MM],
		       technique_kept_share(&technique, brief->state) *
			       technique.value[TECHNIQUE_DOSE_SHARE]);
	draw->field = scene->field;
	draw->field.n = technique.value[TECHNIQUE_YULE_NIELSEN_N];
	draw->field.dot_share =
		fmin(coverage_share(brief->technique.value[TECHNIQUE_DOTS_PER_CM2],
				    technique_dot_mm(&technique, brief->state), 0.0),
		     1.0);
	lighten(draw->ground, scene->ground, brief->given[ROLE_PATCH] ? patch_error : error,
		scene->grid.count);
	draw_natural(draw, scene, brief, &technique, error, chance);
}

static void draw_drawdown(struct draw *draw, const struct scene *scene, const struct brief *brief,
			  struct chance *chance)
{
	const struct weights *weights = &scene->problem.light[0].weights;

	draw->medium = scene->medium;
	lighten(draw->wanted, scene->aim,
		reading_error(brief, ROLE_TARGET, scene->aim, weights, chance), scene->grid.count);
}

static double calibration_error(const struct pigment *pigment)
{
	const struct pigment_origin *origin = &pigment->origin;

	if (origin->steps == 0)
		return CALIBRATION_ASSUMED;
	return fmax(origin->leave_one_out_de00, origin->residual_de00);
}

/* Half a drop more or less; of less than half a drop not all of it. */
static double draw_amount(double amount, double half, struct chance *chance)
{
	return amount + fmin(half, 0.99 * amount) * (2.0 * erand48(chance->state) - 1.0);
}

/* Drawn for every pigment of the line, used or not, so that all recipes of a list meet the same chances. */
static void draw_mix(struct draw *draw, const struct pigment_line *line, const double *amount,
		     double diluent_drops, struct chance *chance)
{
	double half = line->unit == DOSE_DROPS ? 0.5 : 0.0;

	for (int i = 0; i < line->count; i++) {
		draw->strength[i] = exp(normal(chance) * STRENGTH_PER_DE00 *
					calibration_error(&line->pigment[i]));
		draw->amount[i] = draw_amount(amount[i], half, chance);
	}
	draw->diluent_drops = draw_amount(diluent_drops, half, chance);
}

/* --- what it looks like ------------------------------------------------------------------------ */

static void reflect(double *out, const struct draw *draw, const struct pigment_line *line)
{
	double share[LINE_PIGMENTS_MAX], rest, k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	struct error
		ignored; /* the nominal mix was not refused, and this one is no fuller and no emptier */

	pigment_line_shares(share, &rest, line, draw->amount, draw->diluent_drops, &ignored);
	for (int i = 0; i < line->count; i++)
		share[i] *= draw->strength[i];
	pigment_line_mix(k, s, line, share, rest);
	for (int b = 0; b < line->grid.count; b++)
		out[b] = medium_reflectance(&draw->medium, b, k[b], s[b]);
}

/* Colours of an outcome and of what it is compared with. */
struct outcome {
	struct lab dot, field, wanted;
};

static void look(struct outcome *outcome, const struct draw *draw, const struct scene *scene,
		 bool in_skin)
{
	const struct weights *weights = &scene->problem.light[0].weights;
	double dot[SPECTRUM_SAMPLES_MAX], patch[SPECTRUM_SAMPLES_MAX];

	reflect(dot, draw, scene->problem.line);
	outcome->dot = weights_lab(weights, dot);
	outcome->wanted = weights_lab(weights, draw->wanted);
	for (int b = 0; in_skin && b < scene->grid.count; b++)
		patch[b] = field_reflectance(&draw->field, draw->ground[b], dot[b],
					     scene->follicle[b]);
	if (in_skin)
		outcome->field = weights_lab(weights, patch);
}

/* How far the outcome moved, less how far what is wanted moved with it. */
static double distance(const struct lab *from, const struct lab *to, const struct lab *wanted_from,
		       const struct lab *wanted_to)
{
	struct lab moved = {to->l - (wanted_to->l - wanted_from->l),
			    to->a - (wanted_to->a - wanted_from->a),
			    to->b - (wanted_to->b - wanted_from->b)};

	return ciede2000(from, &moved);
}

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double point_95(double de00[DRAWS])
{
	qsort(de00, DRAWS, sizeof de00[0], compare_numbers);
	return de00[(DRAWS * 95 + 99) / 100 - 1];
}

/* The draw in which nothing is off. */
static void draw_nominal(struct draw *draw, const struct scene *scene, bool in_skin,
			 const double *amount, double diluent_drops)
{
	int bands = scene->grid.count;

	draw->medium = scene->medium;
	draw->field = scene->field;
	draw->diluent_drops = diluent_drops;
	memcpy(draw->ground, scene->ground, sizeof draw->ground);
	memcpy(draw->wanted, in_skin ? scene->natural : scene->aim,
	       (size_t)bands * sizeof draw->wanted[0]);
	for (int i = 0; i < scene->problem.line->count; i++) {
		draw->amount[i] = amount[i];
		draw->strength[i] = 1.0;
	}
}

static double worst_calibration(const struct pigment_line *line, const double *amount)
{
	double worst = 0.0;

	for (int i = 0; i < line->count; i++)
		if (amount[i] > 0.0)
			worst = fmax(worst, calibration_error(&line->pigment[i]));
	return worst;
}

enum status error_band(struct error_band *band, const struct scene *scene,
		       const struct brief *brief, const double *amount, double diluent_drops,
		       struct error *err)
{
	bool in_skin = brief_in_skin(brief);
	struct chance chance = {{SEED[0], SEED[1], SEED[2]}};
	struct draw *draw = calloc(1, sizeof *draw);
	struct outcome nominal, drawn;
	double dot[DRAWS], field[DRAWS];

	*band = (struct error_band){0};
	if (!draw)
		return error_memory(err);
	draw_nominal(draw, scene, in_skin, amount, diluent_drops);
	look(&nominal, draw, scene, in_skin);
	for (int i = 0; i < DRAWS; i++) {
		if (in_skin)
			draw_in_skin(draw, scene, brief, &chance);
		else
			draw_drawdown(draw, scene, brief, &chance);
		draw_mix(draw, scene->problem.line, amount, diluent_drops, &chance);
		look(&drawn, draw, scene, in_skin);
		dot[i] = in_skin ? ciede2000(&nominal.dot, &drawn.dot)
				 : distance(&nominal.dot, &drawn.dot, &nominal.wanted,
					    &drawn.wanted);
		field[i] = in_skin ? distance(&nominal.field, &drawn.field, &nominal.wanted,
					      &drawn.wanted)
				   : 0.0;
	}
	free(draw);
	band->de00 = point_95(dot);
	if (!in_skin) /* a calibration's error is one of drawdowns' colour, whatever strength does to it */
		band->de00 = fmax(band->de00, worst_calibration(scene->problem.line, amount));
	band->de00_field = point_95(field);
	return STATUS_OK;
}

void error_band_note(const struct scene *scene, const struct brief *brief, struct notes *notes)
{
	static const enum reading_role drawn[] = {ROLE_SKIN, ROLE_HAIR, ROLE_FIELD, ROLE_PATCH,
						  ROLE_TARGET};
	const struct pigment_line *line = scene->problem.line;
	bool stated = false;

	for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++)
		if (brief->given[drawn[i]] && brief->reading[drawn[i]].count < 2)
			notes_addf(
				notes,
				"%s reading: only one, its repeat error is assumed to be dE00 %g",
				reading_role_names[drawn[i]], READING_ERROR_ASSUMED);
	for (int i = 0; i < line->count; i++)
		stated |= line->pigment[i].origin.steps > 0;
	if (!stated)
		notes_addf(
			notes,
			"the line “%s” does not say how well it was calibrated: its pigments are "
			"assumed to be off by dE00 %g",
			line->name, CALIBRATION_ASSUMED);
}
