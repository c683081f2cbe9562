#include "match/explanation.h"

#include "base/text.h"
#include "colour/difference.h"

#include <math.h>
#include <string.h>

const char *const layer_names[LAYERS] = {"mix", "pigmented_dermis", "dermis", "epidermis",
					 "surface"};
const char *const layer_words[LAYERS] = {"the mix by itself", "in the dermis", "under clean dermis",
					 "under the epidermis", "with the surface, as read"};

/* A tenth more pigment. */
#define MORE 0.1

/* Less against the shift than this is nothing. */
#define COUNTERS_LEAST 0.005

/* No more than so many times the dose is tried for a dot of a given lightness. */
#define DOSE_MOST 4.0

enum { HALVINGS = 40 };

struct view {
	const struct scene *scene;
	const struct medium *medium;
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
};

/* What is seen of a band where everything above `layer` is taken off. */
static double reflectance_at(const struct view *view, int layer, int b)
{
	const struct medium *medium = view->medium;
	double r;

	if (layer == LAYER_MIX)
		return km_reflectance_opaque(view->k[b], view->s[b]);
	if (layer == LAYER_SURFACE)
		return medium_reflectance(medium, b, view->k[b], view->s[b]);
	r = km_reflectance_film(medium->k_dermis[b] + medium->dose_share * view->k[b],
				medium->s_dermis[b] + medium->dose_share * view->s[b],
				medium->layer_mm, medium->ground[b]);
	if (layer >= LAYER_DERMIS)
		r = km_layer_over(&medium->above[b], r);
	return layer >= LAYER_EPIDERMIS ? medium->epidermis_twice[b] * r : r;
}

static struct lab look(const struct view *view, int layer)
{
	double seen[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < view->scene->grid.count; b++)
		seen[b] = reflectance_at(view, layer, b);
	return weights_lab(&view->scene->problem.light[0].weights, seen);
}

/* The mix at another depth, as much of it as makes the dot as light as `l`. False where none does. */
static bool look_as_light(struct lab *out, const struct view *dot, const struct brief *brief,
			  double depth_mm, double l)
{
	const struct scene *scene = dot->scene;
	struct medium medium;
	struct view view = *dot;
	double layer_mm = brief->technique.value[TECHNIQUE_LAYER_MM];
	double low = 0.0, high = DOSE_MOST * scene->medium.dose_share, at_low, at_high;

	view.medium = &medium;
	medium_in_skin(&medium, &scene->skin, depth_mm, layer_mm, low);
	at_low = look(&view, LAYER_SURFACE).l;
	medium_in_skin(&medium, &scene->skin, depth_mm, layer_mm, high);
	at_high = look(&view, LAYER_SURFACE).l;
	if ((at_low - l) * (at_high - l) > 0.0)
		return false;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;

		medium_in_skin(&medium, &scene->skin, depth_mm, layer_mm, middle);
		*out = look(&view, LAYER_SURFACE);
		*((out->l - l) * (at_low - l) > 0.0 ? &low : &high) = middle;
	}
	return true;
}

static enum status mix(struct view *view, const double *amount, double diluent_drops,
		       struct error *err)
{
	const struct pigment_line *line = view->scene->problem.line;
	double share[LINE_PIGMENTS_MAX], rest;

	if (pigment_line_shares(share, &rest, line, amount, diluent_drops, err))
		return err->status;
	pigment_line_mix(view->k, view->s, line, share, rest);
	return STATUS_OK;
}

static void keep_better(struct counter *best, const struct counter *counter)
{
	if (counter->against > fmax(best->against, COUNTERS_LEAST))
		*best = *counter;
}

/* Of shares no more than the whole. */
static void add_more(double *more, const struct pigment_line *line, const double *amount, int which,
		     double added)
{
	bool shares = line->unit == DOSE_VOLUME_SHARE || line->unit == DOSE_MASS_SHARE;
	double sum = added;

	for (int i = 0; i < line->count; i++)
		sum += amount[i];
	for (int i = 0; i < line->count; i++)
		more[i] =
			(amount[i] + (i == which ? added : 0.0)) / (shares ? fmax(sum, 1.0) : 1.0);
}

/* Tries each pigment of the line against the shift. */
static enum status find_counters(struct explanation *out, struct view *view,
				 const struct brief *brief, const double *amount,
				 double diluent_drops, struct error *err)
{
	const struct pigment_line *line = view->scene->problem.line;
	double length = hypot(out->shift_da, out->shift_db), all = 0.0;

	for (int i = 0; i < line->count; i++)
		all += amount[i];
	for (int i = 0; length > 0.0 && i < line->count; i++) {
		double more[LINE_PIGMENTS_MAX];
		struct counter counter = {0};
		struct lab dot;

		add_more(more, line, amount, i, MORE * all);
		if (mix(view, more, diluent_drops, err))
			return err->status;
		if (!look_as_light(&dot, view, brief, out->depth_mm, out->layer[LAYER_SURFACE].l))
			continue;
		text_copy(counter.id, sizeof counter.id, line->pigment[i].bottle.id);
		counter.da = dot.a - out->layer[LAYER_SURFACE].a;
		counter.db = dot.b - out->layer[LAYER_SURFACE].b;
		counter.against =
			-(counter.da * out->shift_da + counter.db * out->shift_db) / length;
		keep_better(&out->in_line, &counter);
		if (amount[i] > 0.0)
			keep_better(&out->in_mix, &counter);
	}
	return STATUS_OK;
}

enum status explain_dot(struct explanation *out, const struct scene *scene,
			const struct brief *brief, const double *amount, double diluent_drops,
			struct error *err)
{
	const double *technique = brief->technique.value;
	struct view view = {.scene = scene, .medium = &scene->medium};
	struct lab before;

	*out = (struct explanation){.depth_mm = technique[TECHNIQUE_DEPTH_MM]};
	if (mix(&view, amount, diluent_drops, err))
		return err->status;
	for (int layer = 0; layer < LAYERS; layer++)
		out->layer[layer] = look(&view, layer);
	if (!look_as_light(&before, &view, brief, 0.0, out->layer[LAYER_SURFACE].l))
		return STATUS_OK; /* of a white over skin, say: no dot at the top is as light */
	out->shift_de00 = ciede2000(&before, &out->layer[LAYER_SURFACE]);
	out->shift_da = out->layer[LAYER_SURFACE].a - before.a;
	out->shift_db = out->layer[LAYER_SURFACE].b - before.b;
	out->shift_hue_degrees =
		fmod(atan2(out->shift_db, out->shift_da) * 180.0 / M_PI + 360.0, 360.0);
	return find_counters(out, &view, brief, amount, diluent_drops, err);
}
