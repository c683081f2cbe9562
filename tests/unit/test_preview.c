/* The scalp preview: places, coverage, light that spreads, the eye, and the whole picture against the predicted field. */
#include "support.h"

#include "app/app.h"
#include "colour/cms.h"
#include "colour/eye.h"
#include "pigment/field.h"
#include "report/preview_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- places ------------------------------------------------------------------------------------- */

/* On the torus, by trying all pairs. */
static double nearest_mm(const struct placement *placement)
{
	double least = HUGE_VAL;

	for (int i = 0; i < placement->count; i++)
		for (int j = 0; j < i; j++) {
			const struct place *a = &placement->place[i], *b = &placement->place[j];
			double x = fabs(a->x_mm - b->x_mm), y = fabs(a->y_mm - b->y_mm);

			x = fmin(x, placement->width_mm - x);
			y = fmin(y, placement->height_mm - y);
			least = fmin(least, hypot(x, y));
		}
	return least;
}

static void placement__no_two_are_nearer_than_the_stated_share_of_their_spacing(void **state)
{
	static const int count[] = {12, 50, 200, 1500};
	struct placement placement;

	(void)state;
	for (size_t i = 0; i < sizeof count / sizeof *count; i++)
		for (unsigned seed = 0; seed < 5; seed++) {
			placement_open(&placement, 9.0, 7.0, seed);
			assert_ok(placement_add(&placement, count[i], &stage.err), &stage.err);
			assert_int_equal(placement.count, count[i]);
			assert_true(nearest_mm(&placement) >=
				    PLACEMENT_SHARE * sqrt(9.0 * 7.0 / count[i]));
			for (int p = 0; p < placement.count; p++)
				assert_true(placement.place[p].x_mm >= 0.0 &&
					    placement.place[p].x_mm < 9.0 &&
					    placement.place[p].y_mm >= 0.0 &&
					    placement.place[p].y_mm < 7.0);
			placement_clear(&placement);
		}
}

/* Dots of a later session go between those that are there, and leave them where they are. */
static void placement__what_is_added_keeps_away_from_what_is_there(void **state)
{
	struct place first[200];
	struct placement placement;

	(void)state;
	placement_open(&placement, 9.0, 7.0, 3);
	assert_ok(placement_add(&placement, 200, &stage.err), &stage.err);
	memcpy(first, placement.place, sizeof first);
	for (int session = 0; session < 3; session++)
		assert_ok(placement_add(&placement, 100, &stage.err), &stage.err);
	assert_int_equal(placement.count, 500);
	assert_memory_equal(first, placement.place, sizeof first);
	assert_true(nearest_mm(&placement) >= PLACEMENT_SHARE * sqrt(9.0 * 7.0 / 500));
	placement_clear(&placement);
}

/* Two halves and four quarters of the piece hold as many each as there is room for: blue noise has no clouds. Of 1600
 * places at random a quarter would be off by 1 / sqrt(400 / (3/4)) = 4.3 % (one standard deviation). */
static void placement__leaves_no_clouds(void **state)
{
	struct placement placement;

	(void)state;
	for (unsigned seed = 0; seed < 8; seed++) {
		int quarter[4] = {0};

		placement_open(&placement, 8.0, 8.0, seed);
		assert_ok(placement_add(&placement, 1600, &stage.err), &stage.err);
		for (int i = 0; i < 1600; i++)
			quarter[2 * (placement.place[i].x_mm >= 4.0) +
				(placement.place[i].y_mm >= 4.0)]++;
		for (int i = 0; i < 4; i++)
			assert_close(quarter[i], 400, 20);
		placement_clear(&placement);
	}
}

static void placement__few_find_a_place_on_a_narrow_piece(void **state)
{
	struct placement placement;

	(void)state;
	for (int count = 0; count < 12; count++) {
		placement_open(&placement, 20.0, 0.1, 1);
		assert_ok(placement_add(&placement, count, &stage.err), &stage.err);
		assert_int_equal(placement.count, count);
		placement_clear(&placement);
	}
}

/* --- the patch ------------------------------------------------------------------------------------ */

static const struct raster near_raster = {160, 200, 0.0436};

/* Stands what a patch holds on a raster; *placement is to be cleared. */
static void stand_on(struct patch *patch, struct placement *placement, const struct raster *raster,
		     unsigned seed)
{
	int count[PATCH_LAYERS_MAX], before = 0;

	placement_open(placement, raster->width * raster->mm_per_pixel,
		       raster->height * raster->mm_per_pixel, seed);
	for (int l = 0; l < patch->layers; l++) {
		count[l] = raster_count(raster, patch->layer[l].per_cm2);
		assert_ok(placement_add(placement, count[l], &stage.err), &stage.err);
	}
	for (int l = 0; l < patch->layers; l++, before += count[l - 1]) {
		patch->layer[l].place = placement->place + before;
		patch->layer[l].count = count[l];
	}
}

/* The patch of the stage's scene with such dots; `darker` is a power of the skin's reflectance: 2 makes a fair one dark. */
static void put_patch(struct patch *patch, double darker, double dots, double diameter,
		      double hairs, double n, const double *dot)
{
	const struct scene *scene = &stage.scene;

	*patch = (struct patch){.grid = scene->grid, .n = n, .layers = 2};
	patch->layer[0] = (struct patch_layer){.per_cm2 = dots, .diameter_mm = diameter};
	patch->layer[1] =
		(struct patch_layer){.per_cm2 = hairs, .diameter_mm = 0.08, .length_mm = 0.15};
	for (int b = 0; b < scene->grid.count; b++) {
		patch->bare[b] = pow(scene->bare[b], darker);
		patch->layer[0].reflectance[b] = dot ? dot[b] : 0.3 * patch->bare[b];
		patch->layer[1].reflectance[b] = pow(scene->follicle[b], darker);
	}
}

static struct xyz mean_xyz(const float *planes, size_t pixels)
{
	double sum[3] = {0};

	for (int c = 0; c < 3; c++)
		for (size_t i = 0; i < pixels; i++) {
			assert_true(isfinite(planes[(size_t)c * pixels + i]));
			sum[c] += (double)planes[(size_t)c * pixels + i];
		}
	return (struct xyz){sum[0] / (double)pixels, sum[1] / (double)pixels,
			    sum[2] / (double)pixels};
}

/* dE00 between the mean of what is rendered and the model's field, at the most of two lights. The field is that of
 * pigment/field.h, computed here anew. */
static double miss(struct patch *patch, const struct raster *raster, unsigned seed,
		   double *adjusted)
{
	size_t pixels = (size_t)raster->width * (size_t)raster->height;
	const struct patch_layer *dot = &patch->layer[0], *hair = &patch->layer[1];
	const struct field field = {
		.dot_share = coverage_share(dot->per_cm2, dot->diameter_mm, 0.0),
		.hair_share = coverage_share(hair->per_cm2, hair->diameter_mm, hair->length_mm),
		.n = patch->n,
	};
	struct weights light[2] = {stage.scene.problem.light[0].weights,
				   stage.scene.problem.light[1].weights};
	float *planes = malloc(6 * pixels * sizeof *planes);
	double expected[SPECTRUM_SAMPLES_MAX], most = 0.0;
	struct placement placement;

	assert_non_null(planes);
	for (int b = 0; b < patch->grid.count; b++)
		expected[b] = field_reflectance(&field, patch->bare[b], dot->reflectance[b],
						hair->reflectance[b]);
	stand_on(patch, &placement, raster, seed);
	assert_ok(patch_render(planes, adjusted, patch, raster, light, 2, &stage.err), &stage.err);
	for (int i = 0; i < 2; i++) {
		struct xyz mean = mean_xyz(planes + (size_t)(3 * i) * pixels, pixels);
		struct lab seen = lab_from_xyz(&mean, &light[i].white);
		struct lab wanted = weights_lab(&light[i], expected);

		most = fmax(most, delta_e_2000(&wanted, &seen));
	}
	placement_clear(&placement);
	free(planes);
	return most;
}

/* Fair and dark skin, sparse and dense, fresh and healed, with hairs left and without, from near and from afar, each n, both
 * lights. */
static void patch__its_average_is_the_predicted_field(void **state)
{
	static const struct raster rasters[] = {{160, 200, 0.0436}, {160, 200, 0.145}};
	static const double darker[] = {0.7, 1.0, 2.5}, dots[] = {40, 250, 900};
	static const double diameter[] = {0.15, 0.2}, hairs[] = {0, 90}, n[] = {1, 1.5, 2};
	struct patch *patch = malloc(sizeof *patch);
	double adjusted;

	(void)state;
	stage_build_example();
	assert_non_null(patch);
	for (int i = 0; i < 216; i++) {
		put_patch(patch, darker[i % 3], dots[i / 3 % 3], diameter[i / 9 % 2],
			  hairs[i / 18 % 2], n[i / 36 % 3], NULL);
		assert_true(miss(patch, &rasters[i / 108], (unsigned)i, &adjusted) < 0.05);
		/* what is hidden in the model, or half a dot of 40 per cm² on 0.6 cm², no more */
		assert_true(adjusted < 0.08);
	}
	free(patch);
}

/* Dots that cover nine tenths must overlap, which the model does not count. */
static void patch__its_average_is_right_where_dots_overlap(void **state)
{
	struct patch *patch = malloc(sizeof *patch);
	double adjusted;

	(void)state;
	stage_build_example();
	assert_non_null(patch);
	put_patch(patch, 1.0, 0.9 / coverage_share(1.0, 0.2, 0.0), 0.2, 0, 2.0, NULL);
	assert_true(miss(patch, &near_raster, 1, &adjusted) < 0.3);
	assert_true(adjusted > 0.02);
	free(patch);
}

/* R = T_skin^n everywhere. */
static void patch__without_dots_it_is_bare_skin(void **state)
{
	const size_t pixels = (size_t)near_raster.width * (size_t)near_raster.height;
	struct patch *patch = malloc(sizeof *patch);
	float *planes = malloc(3 * pixels * sizeof *planes);
	struct placement placement;
	double adjusted;
	struct xyz bare;

	(void)state;
	stage_build_example();
	assert_true(patch && planes);
	put_patch(patch, 1.0, 0, 0.2, 0, 1.7, NULL);
	stand_on(patch, &placement, &near_raster, 1);
	assert_ok(patch_render(planes, &adjusted, patch, &near_raster,
			       &stage.scene.problem.light[0].weights, 1, &stage.err),
		  &stage.err);
	bare = weights_xyz(&stage.scene.problem.light[0].weights, stage.scene.bare);
	for (size_t i = 0; i < pixels; i++) {
		assert_close((double)planes[i], bare.x, 1e-5);
		assert_close((double)planes[pixels + i], bare.y, 1e-5);
		assert_close((double)planes[2 * pixels + i], bare.z, 1e-5);
	}
	assert_close(adjusted, 0, 1e-12);
	placement_clear(&placement);
	free(planes);
	free(patch);
}

/* One shape alone on a piece of `raster`: Y of each pixel, of black on white. */
static void render_one(float *y, double *adjusted, const struct raster *raster, double x_mm,
		       double y_mm, double diameter, double length, double n)
{
	size_t pixels = (size_t)raster->width * (size_t)raster->height;
	double cm2 = 0.01 * (double)pixels * raster->mm_per_pixel * raster->mm_per_pixel;
	const struct place place = {x_mm, y_mm, 0.5};
	struct weights flat = {.grid = {400, 300, 2}, .white = {1, 1, 1}};
	struct patch *patch = calloc(1, sizeof *patch);
	float *planes = malloc(3 * pixels * sizeof *planes);

	assert_true(patch && planes);
	for (int b = 0; b < 2; b++)
		flat.x[b] = flat.y[b] = flat.z[b] = 0.5;
	*patch = (struct patch){.grid = flat.grid, .n = n, .bare = {1, 1}, .layers = 1};
	patch->layer[0] = (struct patch_layer){.per_cm2 = 1.0 / cm2,
					       .diameter_mm = diameter,
					       .length_mm = length,
					       .place = &place,
					       .count = 1};
	assert_ok(patch_render(planes, adjusted, patch, raster, &flat, 1, &stage.err), &stage.err);
	memcpy(y, planes + pixels, pixels * sizeof *y);
	free(planes);
	free(patch);
}

/* A disc of radius 5 pixels around the middle of pixel (10, 10): all of pixels within, none of those without, and by
 * symmetry the same to all sides. Also of a hundredth of a pixel, and over the edge of the piece. */
static void patch__a_dot_covers_its_area_and_nothing_else(void **state)
{
	const struct raster raster = {24, 30, 0.02};
	float y[24 * 30];
	double adjusted;

	(void)state;
	render_one(y, &adjusted, &raster, 10.5 * 0.02, 10.5 * 0.02, 0.2, 0.0, 1.0);
	assert_close(adjusted, 0, 1e-3);
	for (int row = 0; row < 30; row++)
		for (int column = 0; column < 24; column++) {
			double away = hypot(column - 10, row - 10),
			       here = (double)y[row * 24 + column];

			if (away < 5.0 - M_SQRT1_2)
				assert_close(here, 0, 1e-3);
			else if (away > 5.0 + M_SQRT1_2)
				assert_close(here, 1, 1e-5);
			else
				assert_true(here > -1e-5 && here < 1.0 + 1e-5);
		}
	assert_close((double)y[10 * 24 + 5], (double)y[10 * 24 + 15], 1e-5);
	assert_close((double)y[5 * 24 + 10], (double)y[15 * 24 + 10], 1e-5);
	assert_close((double)y[10 * 24 + 5], (double)y[5 * 24 + 10], 0.01);
	render_one(y, &adjusted, &raster, 3.5 * 0.02, 3.5 * 0.02, 0.002, 0.0, 1.0);
	assert_close(adjusted, 0, 1e-3);
	assert_close((double)y[3 * 24 + 3], 1.0 - M_PI * 0.05 * 0.05, 1e-5);
	render_one(y, &adjusted, &raster, 0.0, 0.0, 0.2, 0.0, 1.0);
	assert_close(adjusted, 0, 1e-3);
	assert_close((double)y[0], 0, 1e-3);
	assert_close((double)y[29 * 24 + 23], 0, 1e-3);
}

/* d^2 pi / 4 + d l in pixels, whatever its direction; pixels partly covered lie at its edge only. */
static void patch__a_hair_covers_its_shaft_and_stubble(void **state)
{
	const struct raster raster = {24, 30, 0.02};
	float y[24 * 30];
	double adjusted, covered = 0.0;

	(void)state;
	render_one(y, &adjusted, &raster, 10.5 * 0.02, 5.5 * 0.02, 0.08, 0.2, 1.0);
	assert_close(adjusted, 0, 1e-3);
	for (int i = 0; i < 24 * 30; i++)
		covered += 1.0 - (double)y[i];
	assert_close(covered, M_PI * 4 * 4 / 4 + 4 * 10, 0.01);
	assert_close((double)y[5 * 24 + 10], 0, 2e-3);
}

/* With n = 2, R = T (T * h), and T is 0 in a black dot, 1 on white skin: beside it R = 1 - area h, far off it is 1. Three
 * running means of k are a quadratic B-spline, (3/4 - (x/k)^2) / k near its middle; 1.5 mm are 30 pixels, k = 61 of
 * them, 3.05 mm. The mean of a dot that covers c is 1 - 2 c + c area h(0), as h is flat over it. */
static void patch__light_spreads_between_dots(void **state)
{
	const struct raster raster = {160, 160, 0.05};
	const double covered = 0.45 / 64.0, middle = 0.75 / 3.05;
	const double beside = (0.75 - 0.6 * 0.6 / (3.05 * 3.05)) / 3.05;
	static float y[160 * 160];
	double adjusted, sum = 0.0;

	(void)state;
	render_one(y, &adjusted, &raster, 4.025, 4.025, sqrt(0.45 * 4.0 / M_PI), 0.0, 2.0);
	for (int i = 0; i < 160 * 160; i++)
		sum += (double)y[i];
	assert_close((double)y[80 * 160 + 80], 0.0, 1e-3);
	assert_close((double)y[80 * 160 + 92], 1.0 - 0.45 * middle * beside, 0.0005);
	assert_close((double)y[92 * 160 + 80], (double)y[80 * 160 + 92], 1e-5);
	assert_close((double)y[0], 1.0, 0.001);
	assert_close(sum / (160 * 160), 1.0 - 2.0 * covered + covered * 0.45 * middle * middle,
		     1e-5);
}

static void patch__nothing_is_no_number(void **state)
{
	static const double n[] = {1, 1.3, 2, 10}, dots[] = {0.2, 3, 5000};
	struct patch *patch = malloc(sizeof *patch);
	double black[SPECTRUM_SAMPLES_MAX] = {0}, adjusted;

	(void)state;
	stage_build_example();
	assert_non_null(patch);
	for (int i = 0; i < 12; i++) {
		put_patch(patch, 1.0, dots[i / 4], 0.015, 400, n[i % 4], black);
		assert_true(isfinite(miss(patch, &near_raster, 1, &adjusted)));
		memcpy(patch->bare, black, sizeof black);
		memcpy(patch->layer[1].reflectance, black, sizeof black);
		assert_true(isfinite(miss(patch, &near_raster, 1, &adjusted)));
	}
	free(patch);
}

/* --- the eye -------------------------------------------------------------------------------------- */

/* Barten: 0.5 and 0.08 per mm of pupil, 3 mm: sqrt(0.25 + 0.0576) minutes. One minute at 1 m is pi / 10800 m. */
static void eye__spreads_a_point_by_bartens_width(void **state)
{
	enum { SIZE = 41, SIGMA_PIXELS = 4 };
	int margin = eye_margin(SIGMA_PIXELS), across = SIZE + 2 * margin;
	float *in = calloc((size_t)(across * across), sizeof *in);
	float *spare = calloc((size_t)(across * across), sizeof *spare), out[SIZE * SIZE];
	double sum = 0.0, moment = 0.0;

	(void)state;
	assert_close(eye_spread_arcmin(), 0.5546, 1e-4);
	assert_close(eye_arcmin_mm(1.0, 1000.0), 0.29089, 1e-5);
	assert_true(in && spare);
	in[(margin + 20) * across + margin + 20] = 1.0f;
	eye_blur(out, in, spare, SIZE, SIZE, SIGMA_PIXELS);
	for (int i = 0; i < SIZE * SIZE; i++) {
		sum += (double)out[i];
		moment += (double)out[i] * (i % SIZE - 20) * (i % SIZE - 20);
	}
	assert_close(sum, 1, 1e-5);
	assert_close(moment, SIGMA_PIXELS * SIGMA_PIXELS, 0.02 * SIGMA_PIXELS * SIGMA_PIXELS);
	assert_close((double)out[20 * SIZE + 23], (double)out[23 * SIZE + 20], 1e-7);
	free(in);
	free(spare);
}

/* --- the screen ----------------------------------------------------------------------------------- */

static void screen__a_picture_is_shown_as_single_colours_are(void **state)
{
	enum { SIDE = 64 };
	static float xyz[3 * SIDE * SIDE];
	static unsigned char rgb[3 * SIDE * SIDE];
	struct device *screen;

	(void)state;
	assert_ok(
		device_open(&screen, NULL, 0, "sRGB", DEVICE_SHOWING, INTENT_RELATIVE, &stage.err),
		&stage.err);
	for (int k = 0; k < 20; k++) {
		struct lab lab = {30.0 + 2.5 * k, 1.0 * k, 20.0 - 0.5 * k};
		struct xyz one = pcs_xyz_from_lab(&lab);
		struct shown_colour shown;
		double sum[3] = {0};

		device_show(&shown, screen, &lab);
		assert_false(shown.out_of_gamut);
		for (int i = 0; i < SIDE * SIDE; i++) {
			xyz[3 * i] = (float)one.x;
			xyz[3 * i + 1] = (float)one.y;
			xyz[3 * i + 2] = (float)one.z;
		}
		assert_int_equal(device_show_picture(rgb, screen, xyz, SIDE, SIDE), 0);
		for (int i = 0; i < 3 * SIDE * SIDE; i++)
			sum[i % 3] += rgb[i];
		for (int c = 0; c < 3; c++) /* between two steps the average is right */
			assert_close(sum[c] / (SIDE * SIDE), 255.0 * shown.value[c], 0.05);
	}
	for (int i = 0; i < SIDE * SIDE; i++) { /* the green of the spectrum at 520 nm */
		xyz[3 * i] = 0.02f;
		xyz[3 * i + 1] = 0.3f;
		xyz[3 * i + 2] = 0.02f;
	}
	assert_int_equal(device_show_picture(rgb, screen, xyz, SIDE, SIDE), SIDE * SIDE);
	device_close(screen);
}

/* --- the whole picture ---------------------------------------------------------------------------- */

static struct recipe *recipe;
static struct preview_subject *subject;

static int make_recipe(void **state)
{
	recipe = malloc(sizeof *recipe);
	subject = malloc(sizeof *subject);
	return !recipe || !subject || stage_find_profiles(state) || make_recipe_in_skin(recipe);
}

static int free_recipe(void **state)
{
	(void)state;
	free(recipe);
	free(subject);
	return 0;
}

static void see_recipe(void)
{
	stage.brief = recipe->brief;
	stage_build();
	assert_ok(preview_of_recipe(subject, &stage.scene, &stage.lights, recipe, &stage.notes,
				    &stage.err),
		  &stage.err);
}

/* PCS Lab of the average of one side of a picture, away from the border, which winds between dots, and from what the eye's
 * blur brings over it. */
static struct lab side_average(const unsigned char *pixels, int side, const struct device *screen)
{
	const int edge = 14, width = 2 * PREVIEW_SIDE;
	struct xyz sum = {0, 0, 0};
	int count = 0;

	for (int y = 0; y < PREVIEW_HEIGHT; y++)
		for (int x = side * PREVIEW_SIDE + side * edge;
		     x < (side + 1) * PREVIEW_SIDE - !side * edge; x++, count++) {
			const unsigned char *pixel = &pixels[3 * (y * width + x)];
			double value[3] = {pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0};
			struct xyz one;
			struct lab lab;

			device_look(&lab, screen, value);
			one = pcs_xyz_from_lab(&lab);
			sum = (struct xyz){sum.x + one.x, sum.y + one.y, sum.z + one.z};
		}
	sum = (struct xyz){sum.x / count, sum.y / count, sum.z / count};
	return pcs_lab_from_pcs_xyz(&sum);
}

static struct lab pcs_of(const double *reflectance, const struct illuminant *illuminant)
{
	struct weights weights;
	struct xyz xyz;
	struct lab lab;

	assert_ok(weights_build(&weights, &stage.scene.grid, illuminant, &stage.lights.observer_2,
				&stage.err),
		  &stage.err);
	xyz = weights_xyz(&weights, reflectance);
	assert_ok(pcs_lab_from_xyz(&lab, &xyz, &weights.white, &stage.err), &stage.err);
	return lab;
}

/* What stands in the file, 8 bits and blurred, against scene_field() of the recipe's own predicted dot. */
static void preview__its_pixels_average_to_the_predicted_fields(void **state)
{
	double patch[SPECTRUM_SAMPLES_MAX];
	struct preview preview;
	struct device *screen;
	size_t told;

	(void)state;
	see_recipe();
	told = stage.notes.count;
	scene_field(patch, &stage.scene, &stage.scene.field, recipe->predicted.dot.value);
	assert_ok(preview_draw(&preview, subject, 7, &stage.notes, &stage.err), &stage.err);
	/* so many dots and follicles stand there that nothing had to be made right, and no colour was clipped */
	assert_int_equal(stage.notes.count, told);
	assert_ok(device_open(&screen, NULL, 0, "sRGB", DEVICE_LOOKED_AT, INTENT_RELATIVE,
			      &stage.err),
		  &stage.err);
	assert_int_equal(preview.row[2].step.state, STATE_HEALED);
	for (int light = 0; light < PREVIEW_LIGHTS; light++) {
		int index = 0;

		for (int i = 0; i < 3; i++)
			if (strcmp(preview.light[light].name, stage.brief.light[i].name) == 0)
				index = i;
		for (int view = 0; view < PREVIEW_VIEWS; view++) {
			const unsigned char *pixels = preview.row[2].pixels[light][view];
			struct lab natural =
				pcs_of(stage.scene.natural, &stage.lights.illuminant[index]);
			struct lab treated = pcs_of(patch, &stage.lights.illuminant[index]);
			struct lab left = side_average(pixels, 0, screen);
			struct lab right = side_average(pixels, 1, screen);

			assert_true(delta_e_2000(&natural, &left) < 0.1);
			assert_true(delta_e_2000(&treated, &right) < 0.1);
		}
	}
	assert_close(preview.row[2].colour[0].de00, recipe->predicted.de00_field, 1e-9);
	device_close(screen);
	preview_clear(&preview);
}

/* Of the lights beside the main one the one under which the fields are farther apart. */
static void preview__the_second_light_is_the_worst_of_the_others(void **state)
{
	double patch[SPECTRUM_SAMPLES_MAX], de00[3];

	(void)state;
	see_recipe();
	scene_field(patch, &stage.scene, &stage.scene.field, recipe->predicted.dot.value);
	for (int i = 0; i < 3; i++) {
		const struct weights *weights = &stage.scene.problem.light[i].weights;
		struct lab a = weights_lab(weights, stage.scene.natural),
			   b = weights_lab(weights, patch);

		de00[i] = delta_e_2000(&a, &b);
	}
	assert_string_equal(subject->light[0].name, "D65");
	assert_string_equal(subject->light[1].name, de00[1] > de00[2] ? "A" : "LED-B3");
}

static void preview__a_field_darker_than_hair_has_thicker_follicles(void **state)
{
	struct patch *natural = &subject->natural;
	double field[SPECTRUM_SAMPLES_MAX];

	(void)state;
	stage.brief = recipe->brief;
	stage_build();
	for (int b = 0; b < stage.scene.grid.count; b++)
		stage.scene.natural[b] = 0.6 * stage.scene.bare[b];
	assert_ok(preview_of_recipe(subject, &stage.scene, &stage.lights, recipe, &stage.notes,
				    &stage.err),
		  &stage.err);
	assert_non_null(strstr(stage.notes.line[stage.notes.count - 1], "mm wide"));
	/* n = 2: black follicles must cover 1 - sqrt(0.6) of the skin */
	assert_close(coverage_share(natural->layer[0].per_cm2, natural->layer[0].diameter_mm,
				    natural->layer[0].length_mm),
		     1.0 - sqrt(0.6), 1e-9);
	patch_field(field, natural);
	for (int b = 0; b < stage.scene.grid.count; b++)
		assert_close(field[b], stage.scene.natural[b], 1e-9);
}

static void draw_sheet(struct text *out, const struct preview *preview)
{
	const struct preview_words words = {.name = "Crown",
					    .zone = "",
					    .technique = "standard",
					    .notice = "not for use on people",
					    .made = "2026-11-23T08:00:00Z"};

	assert_ok(preview_sheet(out, preview, &words, PICTURE_PNG, &stage.err), &stage.err);
}

static void preview__the_same_seed_gives_the_same_bytes_and_another_the_same_average(void **state)
{
	const size_t bytes = 3 * (size_t)(2 * PREVIEW_SIDE * PREVIEW_HEIGHT);
	struct preview one, again, other;
	struct text file, same;
	struct device *screen;

	(void)state;
	see_recipe();
	assert_ok(preview_draw(&one, subject, 7, &stage.notes, &stage.err), &stage.err);
	assert_ok(preview_draw(&again, subject, 7, &stage.notes, &stage.err), &stage.err);
	assert_ok(preview_draw(&other, subject, 8, &stage.notes, &stage.err), &stage.err);
	draw_sheet(&file, &one);
	draw_sheet(&same, &again);
	assert_int_equal(file.length, same.length);
	assert_memory_equal(file.data, same.data, file.length);
	assert_memory_not_equal(one.row[0].pixels[0][0], other.row[0].pixels[0][0], bytes);
	assert_ok(device_open(&screen, NULL, 0, "sRGB", DEVICE_LOOKED_AT, INTENT_RELATIVE,
			      &stage.err),
		  &stage.err);
	for (int side = 0; side < 2; side++) {
		struct lab a = side_average(one.row[0].pixels[1][0], side, screen);
		struct lab b = side_average(other.row[0].pixels[1][0], side, screen);

		assert_true(delta_e_2000(&a, &b) < 0.1);
	}
	device_close(screen);
	text_clear(&file);
	text_clear(&same);
	preview_clear(&one);
	preview_clear(&again);
	preview_clear(&other);
}

/* Dots of all sessions, layer upon layer, come to the patch that the plan worked out session by session. */
static void preview__sessions_add_up_to_the_plan(void **state)
{
	const char *file = "recipes/example/case.cfg";
	const struct app_match_request match = {
		.light = {"D65", "10"}, .top = 1, .quick = true, .drops_max = 4, .pigments_max = 2};
	const struct app_preview_request request = {
		.subject = file, .folder = "", .seed = 1, .match = &match};
	struct app_previews seen;
	struct app_plan plan;

	(void)state;
	assert_ok(app_plan(&plan, file, &match, &stage.notes, &stage.err), &stage.err);
	assert_ok(app_preview(&seen, &request, &stage.notes, &stage.err), &stage.err);
	assert_true(seen.of_case && seen.pictures == plan.zones);
	for (int z = 0; z < plan.zones; z++)
		for (int k = 0; k < plan.zone[z].sessions; k++) {
			const struct preview_colour *colour =
				&seen.picture[z].preview.row[k].colour[0];

			assert_true(delta_e_2000(&colour->treated,
						 &plan.zone[z].session[k].lab_after) < 0.01);
			assert_true(delta_e_2000(&colour->natural, &plan.zone[z].natural) < 0.01);
		}
	app_previews_clear(&seen);
	app_plan_clear(&plan);
}

int main(void)
{
	const struct CMUnitTest placement[] = {
		cmocka_unit_test(
			placement__no_two_are_nearer_than_the_stated_share_of_their_spacing),
		cmocka_unit_test(placement__what_is_added_keeps_away_from_what_is_there),
		cmocka_unit_test(placement__leaves_no_clouds),
		cmocka_unit_test(placement__few_find_a_place_on_a_narrow_piece),
		cmocka_unit_test(eye__spreads_a_point_by_bartens_width),
		cmocka_unit_test(screen__a_picture_is_shown_as_single_colours_are),
		cmocka_unit_test(patch__a_dot_covers_its_area_and_nothing_else),
		cmocka_unit_test(patch__a_hair_covers_its_shaft_and_stubble),
		cmocka_unit_test(patch__light_spreads_between_dots),
	};
#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)
	const struct CMUnitTest preview[] = {
		ON_STAGE(patch__its_average_is_the_predicted_field),
		ON_STAGE(patch__its_average_is_right_where_dots_overlap),
		ON_STAGE(patch__without_dots_it_is_bare_skin),
		ON_STAGE(patch__nothing_is_no_number),
		ON_STAGE(preview__its_pixels_average_to_the_predicted_fields),
		ON_STAGE(preview__the_second_light_is_the_worst_of_the_others),
		ON_STAGE(preview__a_field_darker_than_hair_has_thicker_follicles),
		ON_STAGE(preview__the_same_seed_gives_the_same_bytes_and_another_the_same_average),
		ON_STAGE(preview__sessions_add_up_to_the_plan),
	};

	return cmocka_run_group_tests(placement, NULL, NULL) +
	       cmocka_run_group_tests(preview, make_recipe, free_recipe);
}
