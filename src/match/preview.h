/* The preview: what a client will look like, natural follicles beside treated skin, from the spectra of the match.
 *
 * A subject says what is to be seen: the natural skin, and row by row the treated skin, fresh, at 7 days and healed or
 * after each session, under two lights. preview_draw() places dots and follicles, renders both sides (match/patch.h),
 * and blurs them as an eye does (colour/eye.h) from each of two distances. Nothing is drawn between the sides: they
 * are told apart by what is different, and by nothing else.
 *
 *	preview_of_recipe(&subject, &scene, &lights, &recipe, &notes, &err);  or  preview_of_zone(…)
 *	preview_draw(&preview, &subject, seed, &notes, &err);
 *	preview_clear(&preview);
 */
#ifndef MATCH_PREVIEW_H
#define MATCH_PREVIEW_H

#include "base/notes.h"
#include "match/patch.h"

enum {
	PREVIEW_ROWS_MAX = PLAN_SESSIONS_MAX,
	PREVIEW_LIGHTS = 2, /* the main one, and the worst of the others */
	PREVIEW_VIEWS = 2,
	PREVIEW_SEED = 1, /* where none is given */
};

/* Each view is drawn at the same scale to the eye: a pixel is so many minutes of arc at its distance. Half of what an eye
 * tells apart, so that the picture itself adds nothing. */
#define PREVIEW_PIXEL_ARCMIN 0.5

/* In pixels: each side of a view, natural at the left, treated at the right. */
enum { PREVIEW_SIDE = 162, PREVIEW_HEIGHT = 210 };

extern const double preview_distance_mm[PREVIEW_VIEWS];

/* Of what a row is: after a session, or in a state. */
struct preview_step {
	int session; /* of a plan, from 1; 0: of one recipe */
	enum healing_state state;
	double dots_per_cm2, dot_mm;
	double hairs_per_cm2; /* that are left among them */
};

/* Which light it is. */
enum preview_light { PREVIEW_MAIN, PREVIEW_WORST, PREVIEW_OTHER, PREVIEW_SHOP };

struct preview_row {
	struct preview_step step;
	struct patch treated; /* dots of each session, the hairs that are left last */
};

struct preview_subject {
	struct patch natural;                     /* one layer: follicles */
	struct preview_row row[PREVIEW_ROWS_MAX]; /* the last has the layers of all */
	int rows;
	struct {
		char name[LIGHT_NAME_SIZE];
		enum preview_light kind;
		struct weights weights; /* by the brief's observer */
		struct weights pcs;     /* to X, Y and Z under D50, for screens */
	} light[PREVIEW_LIGHTS];
	char observer[LIGHT_NAME_SIZE];
};

/* A recipe for skin, in each state. `scene` is that of its brief with its line, strengthened. */
enum status preview_of_recipe(struct preview_subject *out, const struct scene *scene,
			      const struct scene_lights *lights, const struct recipe *recipe,
			      struct notes *notes, struct error *err);

/* A planned zone, healed after each session. `scene` is that of zone->brief. */
enum status preview_of_zone(struct preview_subject *out, const struct scene *scene,
			    const struct scene_lights *lights, const struct zone_plan *zone,
			    struct notes *notes, struct error *err);

/* What is seen, in values of sRGB. */
struct preview {
	int rows;
	double mm_per_pixel[PREVIEW_VIEWS];
	struct preview_look {
		struct preview_step step;
		struct preview_colour {
			struct lab natural,
				treated; /* of the whole field, by the brief's observer */
			double de00;
		} colour[PREVIEW_LIGHTS];
		/* red, green and blue of 2 * PREVIEW_SIDE by PREVIEW_HEIGHT pixels; owned */
		unsigned char *pixels[PREVIEW_LIGHTS][PREVIEW_VIEWS];
	} row[PREVIEW_ROWS_MAX];
	struct {
		char name[LIGHT_NAME_SIZE];
		enum preview_light kind;
	} light[PREVIEW_LIGHTS];
	char observer[LIGHT_NAME_SIZE];
	struct lab natural_pcs; /* under the main light */
	unsigned seed;
	double clipped_share; /* of the pixels: out of sRGB's gamut */
};

/* To be cleared. */
enum status preview_draw(struct preview *out, const struct preview_subject *subject, unsigned seed,
			 struct notes *notes, struct error *err);
void preview_clear(struct preview *preview);

#endif
