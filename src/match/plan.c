#include "match/plan.h"

#include "base/text.h"
#include "colour/difference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HALVINGS = 60 };

/* A session is lighter than the next by so much at least; rather the way is cut short. */
#define RISE_LEAST 0.05

/* L* by which a session's dots stay lighter than the darkest there are: those have a hue of their own. */
#define DARKEST_MARGIN 0.25

/* --- waypoints ---------------------------------------------------------------------------------- */

/* The patch as it is and the wanted field, in the powers in which coverage adds. */
struct way {
	const struct scene *scene;
	double from[SPECTRUM_SAMPLES_MAX], to[SPECTRUM_SAMPLES_MAX];
};

static void find_way(struct way *way, const struct scene *scene)
{
	const struct field *field = &scene->field;

	way->scene = scene;
	for (int b = 0; b < scene->grid.count; b++) {
		double patch = field_reflectance(field, scene->ground[b], scene->ground[b],
						 scene->follicle[b]);

		way->from[b] = pow(patch, 1.0 / field->n);
		way->to[b] = pow(scene->wanted[b], 1.0 / field->n);
	}
}

static void cut_short(struct way *way, double share)
{
	for (int b = 0; b < way->scene->grid.count; b++)
		way->to[b] = (1.0 - share) * way->from[b] + share * way->to[b];
}

static void stand_at(double *out, const struct way *way, double t)
{
	for (int b = 0; b < way->scene->grid.count; b++)
		out[b] = pow((1.0 - t) * way->from[b] + t * way->to[b], way->scene->field.n);
}

static struct lab colour_at(const struct way *way, double t)
{
	double here[SPECTRUM_SAMPLES_MAX];

	stand_at(here, way, t);
	return weights_lab(&way->scene->problem.light[0].weights, here);
}

/* How far along the way one is a step of `de00` after `t`; no farther than 1. */
static double walk(const struct way *way, double t, double de00)
{
	struct lab here = colour_at(way, t), there = colour_at(way, 1.0);
	double low = t, high = 1.0;

	if (ciede2000(&here, &there) <= de00)
		return 1.0;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;

		there = colour_at(way, middle);
		*(ciede2000(&here, &there) < de00 ? &low : &high) = middle;
	}
	return high;
}

/* Equal steps: the smallest with which that many arrive. */
static double find_step(double *at, const struct way *way, int sessions)
{
	struct lab from = colour_at(way, 0.0), to = colour_at(way, 1.0);
	double low = 0.0, high = 2.0 * ciede2000(&from, &to);

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0, t = 0.0;

		for (int k = 0; k < sessions; k++)
			t = walk(way, t, middle);
		*(t < 1.0 ? &low : &high) = middle;
	}
	at[0] = 0.0;
	for (int k = 0; k < sessions; k++)
		at[k + 1] = k + 1 == sessions ? 1.0 : walk(way, at[k], high);
	return high;
}

/* --- dots --------------------------------------------------------------------------------------- */

/* Contrast of session k's dots against that of all dots alike, before it is scaled to the plan. */
static double contrast_of(int k, int sessions, double rise)
{
	return sessions > 1 ? 1.0 - rise + 2.0 * rise * k / (sessions - 1) : 1.0;
}

/* By how much all contrasts are scaled so that the sessions' dots are the plan's. */
static double contrast_scale(const double *at, int sessions, double rise)
{
	double sum = 0.0;

	for (int k = 0; k < sessions; k++)
		sum += (at[k + 1] - at[k]) / contrast_of(k, sessions, rise);
	return sum;
}

/* True where dots of `strength` times the contrast of what is required can be made: no darker than the
 * darkest of the line. */
static bool is_in_reach(const struct scene *scene, double strength, double darkest)
{
	double dot[SPECTRUM_SAMPLES_MAX], root = 1.0 / scene->field.n;

	for (int b = 0; b < scene->grid.count; b++) {
		double ground = pow(scene->ground[b], root);
		double needed = scene->required[b] < 0.0 ? -pow(-scene->required[b], root)
							 : pow(scene->required[b], root);
		double power = ground - strength * (ground - needed);

		if (power < 0.0)
			return false;
		dot[b] = pow(power, scene->field.n);
	}
	return weights_lab(&scene->problem.light[0].weights, dot).l >= darkest;
}

static void share_dots(struct plan *plan, const double *at, double dots_per_cm2)
{
	double scale = contrast_scale(at, plan->sessions, plan->rise), placed = 0.0;
	int before = 0;

	for (int k = 0; k < plan->sessions; k++) {
		int so_far;

		placed += (at[k + 1] - at[k]) / contrast_of(k, plan->sessions, plan->rise) / scale;
		so_far = (int)lround(placed * dots_per_cm2);
		plan->step[k].dots_per_cm2 = so_far > before ? so_far - before : 1;
		before = so_far;
	}
}

/* The contrast of the last session's dots. */
static double last_contrast(const double *at, int sessions, double rise)
{
	return contrast_of(sessions - 1, sessions, rise) * contrast_scale(at, sessions, rise);
}

/* How much of the way can be gone at the least rise. */
static double find_share(const struct scene *scene, double contrast, double darkest)
{
	double low = 0.0, high = 1.0;

	if (is_in_reach(scene, contrast, darkest))
		return 1.0;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;

		*(is_in_reach(scene, middle * contrast, darkest) ? &low : &high) = middle;
	}
	return low;
}

void plan_split(struct plan *plan, const struct scene *scene, const struct brief *brief,
		int sessions)
{
	double at[PLAN_SESSIONS_MAX + 1],
		darkest = search_darkest(&scene->problem) + DARKEST_MARGIN;
	struct way way;

	*plan = (struct plan){.sessions = sessions, .rise = PLAN_RISE};
	find_way(&way, scene);
	find_step(at, &way, sessions);
	while (plan->rise > RISE_LEAST &&
	       !is_in_reach(scene, last_contrast(at, sessions, plan->rise), darkest))
		plan->rise = fmax(plan->rise / 2.0, RISE_LEAST);
	plan->share = find_share(scene, last_contrast(at, sessions, plan->rise), darkest);
	cut_short(&way, plan->share);
	plan->step_de00 = find_step(at, &way, sessions);
	share_dots(plan, at, brief->technique.value[TECHNIQUE_DOTS_PER_CM2]);
	for (int k = 0; k < sessions; k++)
		stand_at(plan->step[k].waypoint, &way, at[k + 1]);
}

/* --- one session -------------------------------------------------------------------------------- */

/* A spectrum that was computed, in the place of readings. It was not read, so it has no repeat error:
 * what error the natural field has is in the readings that it is from. */
static void put_computed(struct repeats *out, const double *reflectance, const struct scene *scene,
			 const struct repeats *like, const char *name)
{
	*out = (struct repeats){.count = 2};
	out->mean.conditions = like->mean.conditions;
	text_copy(out->mean.conditions.origin, sizeof out->mean.conditions.origin,
		  READING_COMPUTED);
	text_copy(out->mean.name, sizeof out->mean.name, name);
	out->mean.reflectance.grid = scene->grid;
	memcpy(out->mean.reflectance.value, reflectance,
	       (size_t)scene->grid.count * sizeof *reflectance);
}

void plan_brief(struct brief *out, const struct plan *plan, int k, const struct scene *scene,
		const struct brief *brief, const double *patch)
{
	const struct repeats *skin = &brief->reading[ROLE_SKIN];
	char words[64];

	*out = *brief;
	snprintf(words, sizeof words, "planned: session %d of %d", k + 1, plan->sessions);
	technique_set(&out->technique, TECHNIQUE_DOTS_PER_CM2, plan->step[k].dots_per_cm2, words);
	technique_set(&out->technique, TECHNIQUE_REGROWTH_SHARE, 0.0,
		      "planned: the step counts with it");
	snprintf(words, sizeof words, "step %d of %d to the wanted field", k + 1, plan->sessions);
	put_computed(&out->reading[ROLE_FIELD], plan->step[k].waypoint, scene, skin, words);
	out->given[ROLE_FIELD] = true;
	if (k == 0)
		return; /* as it was read, or bare */
	put_computed(&out->reading[ROLE_PATCH], patch, scene, skin, "after the sessions before");
	out->given[ROLE_PATCH] = true;
}
