#include "large.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* K = flat (550 / nm)^power + edge / (1 + exp((nm - edge_nm) / width)) + band exp(-((nm - band_nm) / band_width)^2),
 * S = s (550 / nm)^s_power; 1/mm. */
struct kind {
	const char *name;
	double flat, power, edge, edge_nm, width, band, band_nm, band_width, s, s_power;
};
static const struct kind kinds[] = {
	{"white", 0.2, 3.0, 30, 390, 6, 0, 550, 1, 160, 0.3},
	{"carbon-black", 1200, 0.9, 0, 550, 1, 0, 550, 1, 25, 1.0},
	{"iron-black", 700, 0.2, 100, 560, 60, 0, 550, 1, 60, 0.5},
	{"raw-umber", 180, 0.6, 420, 530, 45, 0, 550, 1, 60, 0.6},
	{"burnt-umber", 160, 0.4, 520, 575, 40, 0, 550, 1, 55, 0.5},
	{"yellow-oxide", 6, 1.0, 420, 500, 18, 25, 880, 120, 90, 0.4},
	{"red-oxide", 12, 1.0, 650, 578, 14, 20, 860, 110, 80, 0.3},
	{"organic-yellow", 1, 1.0, 380, 492, 10, 0, 550, 1, 20, 1.5},
	{"organic-red", 2, 1.0, 250, 595, 9, 180, 540, 45, 15, 1.2},
	{"phthalo-blue", 8, 0.5, 60, 400, 15, 600, 640, 70, 10, 1.8},
	{"phthalo-green", 8, 0.5, 220, 440, 18, 500, 670, 60, 12, 1.6},
	{"violet", 5, 0.8, 60, 420, 20, 420, 565, 55, 12, 1.5},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static double around(double value, double spread, unsigned long long *chance)
{
	return value * exp(spread * (2.0 * random_share(chance) - 1.0));
}

static void draw_pigment(struct pigment *pigment, int number, const struct grid *grid,
			 unsigned long long *chance)
{
	struct kind kind = kinds[number % KINDS];
	double strength = around(1.0, number < KINDS ? 0.2 : 0.8, chance);
	double shift = (number < KINDS ? 4.0 : 18.0) * (2.0 * random_share(chance) - 1.0);
	double s = around(kind.s, 0.4, chance), width = around(kind.width, 0.3, chance);
	double flat = around(kind.flat, 0.5, chance), tint = around(1.0, 0.5, chance);

	*pigment =
		(struct pigment){.bottle = {.drops_per_ml = 20.0}, .origin.leave_one_out_de00 = -1};
	snprintf(pigment->bottle.id, sizeof pigment->bottle.id, "%s-%d", kind.name, number / KINDS);
	strcpy(pigment->bottle.name, pigment->bottle.id);
	for (int b = 0; b < grid->count; b++) {
		double nm = grid_wavelength_nm(grid, b),
		       far = (nm - kind.band_nm - shift) / kind.band_width;

		pigment->k_per_mm[b] =
			strength * (flat * pow(550.0 / nm, kind.power) +
				    kind.edge / (1.0 + exp((nm - kind.edge_nm - shift) / width)) +
				    tint * kind.band * exp(-far * far));
		pigment->s_per_mm[b] = s * pow(550.0 / nm, kind.s_power);
	}
}

static void draw_line(struct pigment_line *line, int pigments, bool in_base,
		      unsigned long long seed)
{
	struct grid grid = {380.0, 10.0, 36};

	pigment_line_clear(line);
	*line = (struct pigment_line){.grid = grid, .count = pigments};
	snprintf(line->name, sizeof line->name, "made up, %d pigments", pigments);
	line->pigment = calloc((size_t)pigments, sizeof *line->pigment);
	for (int i = 0; i < pigments; i++)
		draw_pigment(&line->pigment[i], i, &grid, &seed);
	line->diluent.bottle = (struct bottle){.id = "base", .name = "Base", .drops_per_ml = 20.0};
	for (int b = 0; b < grid.count; b++) {
		double nm = grid_wavelength_nm(&grid, b);

		line->diluent.k_per_mm[b] = in_base ? 0.05 * pow(550.0 / nm, 3.0) : 0.001;
		line->diluent.s_per_mm[b] = in_base ? 20.0 * pow(550.0 / nm, 0.3) : 0.001;
	}
}

static void set_limits(struct search_limits *limits)
{
	search_limits_usual(limits);
	limits->pigments_max = 4;
	limits->drops_max = 24;
	limits->diluent_min = 1;
	limits->diluent_max = 200;
	limits->diluent_step = 1;
	limits->cup_ml = 0.0;
}

void large_stage(int pigments, bool in_skin)
{
	draw_line(&stage.line, pigments, !in_skin, 4711);
	stage.brief.given[ROLE_SKIN] = stage.brief.given[ROLE_HAIR] = false;
	stage.brief.given[ROLE_TARGET] = stage.brief.given[ROLE_GROUND] = false;
	if (in_skin) {
		stage_build_example();
	} else {
		stage_read(ROLE_TARGET, "recipes/example/hair.txt");
		stage_build();
		stage.scene.medium.surface.k1 = 0.0; /* as if read without gloss: L* down to 10 */
	}
	set_limits(&stage.scene.problem.limits);
	stage.scene.problem.top = 10;
}

static void require(const double *reflectance)
{
	struct scene *scene = &stage.scene;

	for (int b = 0; b < scene->grid.count; b++)
		scene->aim[b] = scene->required[b] = reflectance[b];
	for (int i = 0; i < scene->problem.light_count; i++)
		scene->problem.light[i].required =
			weights_lab(&scene->problem.light[i].weights, scene->aim);
}

/* Shares of four pigments of `line`, in the stage's medium; true where it is as dark as asked. */
static bool try_hidden(double *reflectance, const struct pigment_line *line, double least_l,
		       unsigned long long *chance)
{
	double share[LINE_PIGMENTS_MAX] = {0}, left = 1.0, k[SPECTRUM_SAMPLES_MAX],
	       s[SPECTRUM_SAMPLES_MAX];
	double whole = exp(-4.5 + 4.3 * random_share(chance));
	struct lab lab;

	for (int i = 0; i < 4; i++) {
		int p = (int)(line->count * random_share(chance));
		double part = whole * (0.1 + random_share(chance)) / 4;

		share[p] += part;
		left -= part;
	}
	pigment_line_mix(k, s, line, share, left);
	for (int b = 0; b < line->grid.count; b++)
		reflectance[b] = medium_reflectance(&stage.scene.medium, b, k[b], s[b]);
	lab = weights_lab(&stage.scene.problem.light[0].weights, reflectance);
	return lab.l > least_l && lab.l < least_l + 10.0 && fabs(lab.a) < 20.0 && lab.b > -10.0 &&
	       lab.b < 25.0;
}

static void require_hidden(const struct pigment_line *line, double least_l, unsigned long long seed)
{
	double reflectance[SPECTRUM_SAMPLES_MAX];

	while (!try_hidden(reflectance, line, least_l, &seed))
		;
	require(reflectance);
}

/* Hair rises steadily towards the red; the darker it is the flatter. */
static void require_hair(double at_400, double at_700, double bend)
{
	double reflectance[SPECTRUM_SAMPLES_MAX];

	for (int b = 0; b < stage.scene.grid.count; b++) {
		double x = fmax((grid_wavelength_nm(&stage.scene.grid, b) - 400.0) / 300.0, 0.0);

		reflectance[b] = at_400 + (at_700 - at_400) * pow(x, bend);
	}
	require(reflectance);
}

/* The red that the strongest red oxide and a drop of black give, a tenth further from grey. */
static void require_edge(void)
{
	double share[LINE_PIGMENTS_MAX] = {0}, k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX],
	       r[SPECTRUM_SAMPLES_MAX];

	share[6] = 0.6;
	share[1] = 0.01;
	pigment_line_mix(k, s, &stage.line, share, 0.39);
	for (int b = 0; b < stage.line.grid.count; b++)
		r[b] = medium_reflectance(&stage.scene.medium, b, k[b], s[b]) *
		       (grid_wavelength_nm(&stage.line.grid, b) > 590.0 ? 1.1 : 0.95);
	require(r);
}

const char *large_target(int number)
{
	static const char *const names[LARGE_TARGETS] = {"hidden 1",  "hidden 2",   "hidden 3",
							 "hair dark", "hair brown", "other line",
							 "edge"};
	bool in_skin = stage.scene.medium.layered;
	struct pigment_line other = {0};

	switch (number) {
	case 3:
		require_hair(in_skin ? 0.10 : 0.022, in_skin ? 0.16 : 0.055, 1.5);
		break;
	case 4:
		require_hair(in_skin ? 0.11 : 0.035, in_skin ? 0.28 : 0.17, 1.8);
		break;
	case 5:
		draw_line(&other, 24, !in_skin, 12345);
		require_hidden(&other, in_skin ? 45.0 : 20.0, 77);
		pigment_line_clear(&other);
		break;
	case 6:
		require_edge();
		break;
	default:
		require_hidden(&stage.line, (in_skin ? 40.0 : 12.0) + 10.0 * number,
			       1000 + 17 * (unsigned)number);
	}
	return names[number];
}

void large_shuffle(unsigned long long seed)
{
	for (int i = stage.line.count; i > 1; i--) {
		int other = (int)(i * random_share(&seed));
		struct pigment swapped = stage.line.pigment[i - 1];

		stage.line.pigment[i - 1] = stage.line.pigment[other];
		stage.line.pigment[other] = swapped;
	}
}
