#include "match/preview.h"

#include "base/text.h"
#include "colour/cms.h"
#include "colour/device.h"
#include "colour/eye.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the hand's mirror, and across a table. */
const double preview_distance_mm[PREVIEW_VIEWS] = {300.0, 1000.0};

/* A layer that had to be changed by more than this to be as much as the model says is told of. */
#define ADJUSTED_MUCH 0.1

/* --- what is seen: both sides --------------------------------------------------------------------- */

static void put_skin(struct patch *patch, const struct scene *scene, const double *bare)
{
	patch->grid = scene->grid;
	patch->n = scene->field.n;
	memcpy(patch->bare, bare, sizeof patch->bare);
	patch->layers = 0;
}

static struct patch_layer *add_layer(struct patch *patch, double per_cm2, double diameter_mm,
				     double length_mm, const double *reflectance)
{
	struct patch_layer *layer = &patch->layer[patch->layers++];

	*layer = (struct patch_layer){
		.per_cm2 = per_cm2, .diameter_mm = diameter_mm, .length_mm = length_mm};
	memcpy(layer->reflectance, reflectance,
	       (size_t)patch->grid.count * sizeof *layer->reflectance);
	return layer;
}

static void add_hairs(struct patch *patch, const struct scene *scene,
		      const struct technique *technique)
{
	add_layer(patch, technique->value[TECHNIQUE_HAIRS_LEFT_CM2],
		  technique->value[TECHNIQUE_HAIR_SHAFT_MM], technique->value[TECHNIQUE_STUBBLE_MM],
		  scene->follicle);
}

/* The least coverage with which something that reflects nothing makes a field so dark. */
static double least_coverage(const struct scene *scene)
{
	double least = 0.0;

	for (int b = 0; b < scene->grid.count; b++)
		least = fmax(least,
			     1.0 - pow(scene->natural[b] / scene->bare[b], 1.0 / scene->field.n));
	return least;
}

/* Follicles that make the natural field, which may have been read rather than computed: of a hair that was read, its
 * follicle itself. Where even black ones would not do, they are drawn as thick as does. */
static void put_natural(struct preview_subject *out, const struct scene *scene,
			const struct technique *technique, struct notes *notes)
{
	double per_cm2 = technique->value[TECHNIQUE_HAIRS_PER_CM2];
	double shaft = technique->value[TECHNIQUE_HAIR_SHAFT_MM];
	double stubble = technique->value[TECHNIQUE_STUBBLE_MM], least = least_coverage(scene);
	struct field field = {.dot_share = coverage_share(per_cm2, shaft, stubble),
			      .n = scene->field.n};
	double follicle[SPECTRUM_SAMPLES_MAX] = {0};

	if (field.dot_share < least) { /* pi d^2 / 4 + d l = area */
		double area = 100.0 * least / per_cm2;

		shaft = 2.0 * (sqrt(stubble * stubble + M_PI * area) - stubble) / M_PI;
		field.dot_share = least;
		notes_addf(notes,
			   "the natural field is darker than black hairs of %g mm could make it: "
			   "follicles are drawn %.2f mm wide",
			   technique->value[TECHNIQUE_HAIR_SHAFT_MM], shaft);
	}
	for (int b = 0; b < scene->grid.count; b++)
		follicle[b] = fmax(field_required_dot(&field, scene->natural[b], scene->bare[b],
						      scene->bare[b]),
				   0.0);
	put_skin(&out->natural, scene, scene->bare);
	add_layer(&out->natural, per_cm2, shaft, stubble, follicle);
}

/* --- lights --------------------------------------------------------------------------------------- */

/* Weights that lead to X, Y and Z under D50: adaptation is linear. */
static enum status adapt(struct weights *weights, struct error *err)
{
	for (int b = 0; b < weights->grid.count; b++) {
		struct xyz one = {weights->x[b], weights->y[b], weights->z[b]};

		if (pcs_xyz_from_xyz(&one, &one, &weights->white, err))
			return err->status;
		weights->x[b] = one.x;
		weights->y[b] = one.y;
		weights->z[b] = one.z;
	}
	return STATUS_OK;
}

static struct preview_colour colour_under(const struct preview_subject *subject, int row,
					  const struct weights *weights)
{
	double field[SPECTRUM_SAMPLES_MAX];
	struct preview_colour colour;

	patch_field(field, &subject->natural);
	colour.natural = weights_lab(weights, field);
	patch_field(field, &subject->row[row].treated);
	colour.treated = weights_lab(weights, field);
	colour.de00 = delta_e_2000(&colour.natural, &colour.treated);
	return colour;
}

static enum status take_light(struct preview_subject *out, int which, const struct scene *scene,
			      const struct scene_lights *lights, int index, enum preview_light kind,
			      struct error *err)
{
	const struct search_light *light = &scene->problem.light[index];

	text_copy(out->light[which].name, sizeof out->light[which].name, light->name);
	out->light[which].kind = kind;
	out->light[which].weights = light->weights;
	if (weights_build(&out->light[which].pcs, &scene->grid, &lights->illuminant[index],
			  &lights->observer_2, err))
		return err->status;
	return adapt(&out->light[which].pcs, err);
}

/* The main light, and of the others the one under which the last row is farthest off. */
static enum status take_lights(struct preview_subject *out, const struct scene *scene,
			       const struct scene_lights *lights, const struct brief *brief,
			       struct error *err)
{
	int count = scene->problem.light_count, worst = count > 1 ? 1 : 0;
	double most = -1.0;

	for (int i = 1; i < count; i++) {
		double de00 =
			colour_under(out, out->rows - 1, &scene->problem.light[i].weights).de00;

		if (de00 > most) {
			most = de00;
			worst = i;
		}
	}
	text_copy(out->observer, sizeof out->observer, brief->observer);
	if (take_light(out, 0, scene, lights, 0, PREVIEW_MAIN, err))
		return err->status;
	return take_light(out, 1, scene, lights, worst,
			  brief->light[worst].weight > 0.0
				  ? count > 2 ? PREVIEW_WORST : PREVIEW_OTHER
				  : PREVIEW_SHOP,
			  err);
}

/* --- subjects ------------------------------------------------------------------------------------- */

enum status preview_of_recipe(struct preview_subject *out, const struct scene *scene,
			      const struct scene_lights *lights, const struct recipe *recipe,
			      struct notes *notes, struct error *err)
{
	static const enum healing_state order[STATES] = {STATE_FRESH, STATE_DAY7, STATE_HEALED};
	const struct brief *brief = &recipe->brief;
	double amount[LINE_PIGMENTS_MAX], dot[SPECTRUM_SAMPLES_MAX] = {0};

	if (recipe_amounts(amount, recipe, scene->problem.line, err))
		return err->status;
	put_natural(out, scene, &brief->technique, notes);
	if (!*brief->technique.source[TECHNIQUE_DAY7_SHARE])
		notes_addf(notes, "at 7 days: assumed half of what fades until healed is gone");
	for (out->rows = 0; out->rows < STATES; out->rows++) {
		struct preview_row *row = &out->row[out->rows];
		double diameter = technique_dot_mm(&brief->technique, order[out->rows]);

		if (scene_dot(dot, scene, brief, amount, recipe->diluent.drops, order[out->rows],
			      err))
			return err->status;
		row->step = (struct preview_step){
			0, order[out->rows], brief->technique.value[TECHNIQUE_DOTS_PER_CM2],
			diameter, brief->technique.value[TECHNIQUE_HAIRS_LEFT_CM2]};
		put_skin(&row->treated, scene, scene->ground);
		add_layer(&row->treated, brief->technique.value[TECHNIQUE_DOTS_PER_CM2], diameter,
			  0.0, dot);
		add_hairs(&row->treated, scene, &brief->technique);
	}
	return take_lights(out, scene, lights, brief, err);
}

enum status preview_of_zone(struct preview_subject *out, const struct scene *scene,
			    const struct scene_lights *lights, const struct zone_plan *zone,
			    struct notes *notes, struct error *err)
{
	const struct technique *technique = &zone->brief.technique;
	int dots = 0;

	put_natural(out, scene, technique, notes);
	for (out->rows = 0; out->rows < zone->sessions; out->rows++) {
		struct preview_row *row = &out->row[out->rows];

		put_skin(&row->treated, scene, scene->ground);
		for (int k = 0; k <= out->rows; k++)
			add_layer(&row->treated, zone->session[k].dots_per_cm2,
				  technique_dot_mm(technique, STATE_HEALED), 0.0,
				  zone->recipe[k].predicted.dot.value);
		add_hairs(&row->treated, scene, technique);
		dots += zone->session[out->rows].dots_per_cm2;
		row->step = (struct preview_step){out->rows + 1, STATE_HEALED, dots,
						  technique_dot_mm(technique, STATE_HEALED),
						  technique->value[TECHNIQUE_HAIRS_LEFT_CM2]};
	}
	return take_lights(out, scene, lights, &zone->brief, err);
}

/* --- the picture ---------------------------------------------------------------------------------- */

enum { SIDES = 2, CHANNELS = 3 * PREVIEW_LIGHTS, SIDE_PIXELS = PREVIEW_SIDE * PREVIEW_HEIGHT };

struct drawing {
	const struct preview_subject *subject;
	struct device *screen;
	struct weights light[PREVIEW_LIGHTS];
	struct raster raster;
	int view, margin;
	double sigma_pixels;
	struct placement placement[SIDES];
	struct patch patch; /* with its places */
	float *side[SIDES]; /* CHANNELS planes each */
	float *wide, *spare, *plane[3], *pixels;
	int border[PREVIEW_HEIGHT]; /* where in each row the right side begins */
	size_t clipped;
	double adjusted;
};

/* Natural follicles, and on the other side the hairs that are left, then the dots of each session between what is there. */
static enum status place_all(struct drawing *work, unsigned seed, struct error *err)
{
	const struct preview_subject *subject = work->subject;
	const struct patch *all = &subject->row[subject->rows - 1].treated;
	double width = work->raster.width * work->raster.mm_per_pixel, so_far;
	double height = work->raster.height * work->raster.mm_per_pixel;

	for (int side = 0; side < SIDES; side++)
		placement_open(&work->placement[side], width, height,
			       ((unsigned long long)seed << 8) + (unsigned)(2 * work->view + side));
	if (placement_add(&work->placement[0],
			  raster_count(&work->raster, subject->natural.layer[0].per_cm2), err))
		return err->status;
	so_far = all->layer[all->layers - 1].per_cm2;
	if (placement_add(&work->placement[1], raster_count(&work->raster, so_far), err))
		return err->status;
	for (int l = 0; l < all->layers - 1; l++) {
		int before = raster_count(&work->raster, so_far);

		so_far += all->layer[l].per_cm2;
		if (placement_add(&work->placement[1], raster_count(&work->raster, so_far) - before,
				  err))
			return err->status;
	}
	return STATUS_OK;
}

/* The patch with the places of its layers: hairs, which are the last layer, were placed first. */
static void stand(struct drawing *work, const struct patch *patch,
		  const struct placement *placement)
{
	int hairs = patch->layers - 1;
	double so_far = patch->layer[hairs].per_cm2;
	int before = raster_count(&work->raster, so_far);

	work->patch = *patch;
	work->patch.layer[hairs].place = placement->place;
	work->patch.layer[hairs].count = before;
	for (int l = 0; l < hairs; l++) {
		so_far += patch->layer[l].per_cm2;
		work->patch.layer[l].place = placement->place + before;
		work->patch.layer[l].count = raster_count(&work->raster, so_far) - before;
		before += work->patch.layer[l].count;
	}
}

static enum status render(struct drawing *work, int side, const struct patch *patch,
			  struct error *err)
{
	double adjusted;

	stand(work, patch, &work->placement[side]);
	if (patch_render(work->side[side], &adjusted, &work->patch, &work->raster, work->light,
			 PREVIEW_LIGHTS, err))
		return err->status;
	work->adjusted = fmax(work->adjusted, adjusted);
	return STATUS_OK;
}

/* The border between the sides may go so many pixels astray, a pixel from row to row. */
enum { ASTRAY = 8, BORDERS = 2 * ASTRAY + 1 };

/* How dark both sides are on either side of a border: what it would cut through. */
static float cut_through(const struct drawing *work, int row, int border)
{
	float sum = 0.0f;

	for (int side = 0; side < SIDES; side++)
		for (int column = border - 1; column <= border; column++)
			sum -= work->side[side][SIDE_PIXELS + (row * PREVIEW_SIDE) +
						(column + PREVIEW_SIDE) % PREVIEW_SIDE];
	return sum;
}

/* A straight border would cut dots in two, and be seen by that. This one goes between them: from all ways down the one
 * that cuts through least, by dynamic programming. (The second plane is Y under the main light.) */
static void find_border(struct drawing *work)
{
	float least[PREVIEW_HEIGHT][BORDERS];
	int best = 0;

	for (int row = 0; row < PREVIEW_HEIGHT; row++)
		for (int i = 0; i < BORDERS; i++) {
			float before = row ? least[row - 1][i] : 0.0f;

			if (row && i > 0)
				before = fminf(before, least[row - 1][i - 1]);
			if (row && i + 1 < BORDERS)
				before = fminf(before, least[row - 1][i + 1]);
			least[row][i] = before + cut_through(work, row, PREVIEW_SIDE - ASTRAY + i);
		}
	for (int i = 0; i < BORDERS; i++)
		if (least[PREVIEW_HEIGHT - 1][i] < least[PREVIEW_HEIGHT - 1][best])
			best = i;
	for (int row = PREVIEW_HEIGHT - 1; row >= 0; row--) {
		work->border[row] = PREVIEW_SIDE - ASTRAY + best;
		if (row && best > 0 && least[row - 1][best - 1] < least[row - 1][best])
			best--;
		else if (row && best + 1 < BORDERS &&
			 least[row - 1][best + 1] < least[row - 1][best])
			best++;
	}
}

/* Both sides beside each other, each going on beyond its edges. */
static void lay_out(struct drawing *work, int channel)
{
	int across = 2 * PREVIEW_SIDE + 2 * work->margin;

	for (int y = 0; y < PREVIEW_HEIGHT + 2 * work->margin; y++) {
		int row = (y - work->margin + PREVIEW_HEIGHT) % PREVIEW_HEIGHT;
		float *to = work->wide + (size_t)y * (size_t)across;

		for (int x = 0; x < across; x++) {
			int column = x - work->margin;
			int side = column >= work->border[row];

			column = (column + PREVIEW_SIDE) % PREVIEW_SIDE;
			to[x] = work->side[side][(size_t)channel * SIDE_PIXELS +
						 (size_t)(row * PREVIEW_SIDE + column)];
		}
	}
}

static enum status look_at(unsigned char **out, struct drawing *work, int light, struct error *err)
{
	const size_t count = SIDES * SIDE_PIXELS;

	*out = malloc(3 * count);
	if (!*out)
		return error_memory(err);
	for (int c = 0; c < 3; c++) {
		lay_out(work, 3 * light + c);
		eye_blur(work->plane[c], work->wide, work->spare, 2 * PREVIEW_SIDE, PREVIEW_HEIGHT,
			 work->sigma_pixels);
	}
	for (size_t i = 0; i < count; i++)
		for (int c = 0; c < 3; c++)
			work->pixels[3 * i + (size_t)c] = work->plane[c][i];
	work->clipped += device_show_picture(*out, work->screen, work->pixels, 2 * PREVIEW_SIDE,
					     PREVIEW_HEIGHT);
	return STATUS_OK;
}

static enum status draw_view(struct preview *out, struct drawing *work, unsigned seed,
			     struct error *err)
{
	const struct preview_subject *subject = work->subject;

	out->mm_per_pixel[work->view] =
		eye_arcmin_mm(PREVIEW_PIXEL_ARCMIN, preview_distance_mm[work->view]);
	work->raster = (struct raster){PREVIEW_SIDE, PREVIEW_HEIGHT, out->mm_per_pixel[work->view]};
	if (place_all(work, seed, err) || render(work, 0, &subject->natural, err))
		return err->status;
	for (int row = 0; row < subject->rows; row++) {
		if (render(work, 1, &subject->row[row].treated, err))
			return err->status;
		find_border(work);
		for (int light = 0; light < PREVIEW_LIGHTS; light++)
			if (look_at(&out->row[row].pixels[light][work->view], work, light, err))
				return err->status;
	}
	return STATUS_OK;
}

static enum status take_memory(struct drawing *work, float **memory, struct error *err)
{
	size_t margin = (size_t)work->margin, shown = (size_t)SIDES * SIDE_PIXELS;
	size_t wide = (2 * PREVIEW_SIDE + 2 * margin) * (PREVIEW_HEIGHT + 2 * margin);
	float *next = malloc((SIDES * CHANNELS * (size_t)SIDE_PIXELS + 2 * wide + 6 * shown) *
			     sizeof *next);

	*memory = next;
	if (!next)
		return error_memory(err);
	for (int side = 0; side < SIDES; side++, next += CHANNELS * SIDE_PIXELS)
		work->side[side] = next;
	work->wide = next;
	work->spare = next + wide;
	next += 2 * wide;
	for (int c = 0; c < 3; c++, next += shown)
		work->plane[c] = next;
	work->pixels = next;
	return STATUS_OK;
}

static void describe(struct preview *out, const struct preview_subject *subject, unsigned seed)
{
	double natural[SPECTRUM_SAMPLES_MAX];
	struct xyz pcs;

	*out = (struct preview){.rows = subject->rows, .seed = seed};
	patch_field(natural, &subject->natural);
	pcs = weights_xyz(&subject->light[0].pcs, natural);
	out->natural_pcs = pcs_lab_from_pcs_xyz(&pcs);
	text_copy(out->observer, sizeof out->observer, subject->observer);
	for (int light = 0; light < PREVIEW_LIGHTS; light++) {
		memcpy(out->light[light].name, subject->light[light].name,
		       sizeof out->light[light].name);
		out->light[light].kind = subject->light[light].kind;
	}
	for (int row = 0; row < subject->rows; row++) {
		struct preview_look *look = &out->row[row];

		look->step = subject->row[row].step;
		for (int light = 0; light < PREVIEW_LIGHTS; light++)
			look->colour[light] =
				colour_under(subject, row, &subject->light[light].weights);
	}
}

static void tell(const struct preview *preview, double adjusted, struct notes *notes)
{
	if (preview->clipped_share > 0.0)
		notes_addf(notes,
			   "%.2g %% of the picture is out of sRGB's gamut and shown as the "
			   "nearest that is in it",
			   100.0 * preview->clipped_share);
	if (adjusted > ADJUSTED_MUCH)
		notes_addf(
			notes,
			"dots or hairs overlap otherwise than the model counts, or are few: what "
			"is seen of them was changed by up to %.0f %%, so that the average is "
			"right",
			100.0 * adjusted);
}

enum status preview_draw(struct preview *out, const struct preview_subject *subject, unsigned seed,
			 struct notes *notes, struct error *err)
{
	struct drawing *work = calloc(1, sizeof *work);
	float *memory = NULL;
	enum status status = work ? STATUS_OK : error_memory(err);

	describe(out, subject, seed);
	if (!status) {
		work->subject = subject;
		work->sigma_pixels = eye_spread_arcmin() / PREVIEW_PIXEL_ARCMIN;
		work->margin = eye_margin(work->sigma_pixels);
		for (int light = 0; light < PREVIEW_LIGHTS; light++)
			work->light[light] = subject->light[light].pcs;
		status = take_memory(work, &memory, err);
	}
	if (!status)
		status = device_open(&work->screen, NULL, 0, "sRGB", DEVICE_SHOWING,
				     INTENT_RELATIVE, err);
	for (int view = 0; view < PREVIEW_VIEWS && !status; view++) {
		work->view = view;
		status = draw_view(out, work, seed, err);
		placement_clear(&work->placement[0]);
		placement_clear(&work->placement[1]);
	}
	if (!status) {
		out->clipped_share =
			(double)work->clipped / ((double)SIDES * SIDE_PIXELS * PREVIEW_VIEWS *
						 PREVIEW_LIGHTS * subject->rows);
		tell(out, work->adjusted, notes);
	} else {
		preview_clear(out);
	}
	if (work)
		device_close(work->screen);
	free(memory);
	free(work);
	return status;
}

void preview_clear(struct preview *preview)
{
	for (int row = 0; row < PREVIEW_ROWS_MAX; row++)
		for (int light = 0; light < PREVIEW_LIGHTS; light++)
			for (int view = 0; view < PREVIEW_VIEWS; view++) {
				free(preview->row[row].pixels[light][view]);
				preview->row[row].pixels[light][view] = NULL;
			}
	preview->rows = 0;
}
