/* The forward model for as many recipes at a time as a register holds; compiled once for each width (Makefile). */
#include "search/lane_bound.h"
#include "search/lane_boxes.h"
#include "search/lane_descent.h"
#include "search/lane_model.h"

/* --- objectives --------------------------------------------------------------------------------- */

LANES_INLINE lanes objective_of(const struct forward *forward, const lanes *r, int pigments)
{
	const struct forward_light *light = forward->light;
	struct lane_lab lab = look(forward, r, 0);
	lanes worst = {0};
	lanes sum = light[0].weight * de00(&light[0], &lab) +
		    forward->lighter * lanes_max(light[0].l - lab.l, lanes_of(0.0f)) +
		    forward->cost_per_pigment * (float)(pigments - 1);

	for (int i = 1; i < forward->lights; i++) {
		lab = look(forward, r, i);
		worst = lanes_max(worst, light[i].weight * de00(&light[i], &lab));
	}
	return sum + worst;
}

static void objective(float out[LANES], const struct forward *forward,
		      const struct forward_batch *batch, int pigments)
{
	lanes r[SPECTRUM_SAMPLES_MAX];

	for (int first = 0; first < LANES; first += VECTOR_LANES) {
		reflect(r, forward, batch, pigments, first);
		lanes_store(out, first, objective_of(forward, r, pigments));
	}
}

static void each_de00(float out[][LANES], const struct forward *forward,
		      const struct forward_batch *batch, int pigments)
{
	lanes r[SPECTRUM_SAMPLES_MAX];

	for (int first = 0; first < LANES; first += VECTOR_LANES) {
		reflect(r, forward, batch, pigments, first);
		for (int i = 0; i < forward->lights; i++) {
			struct lane_lab lab = look(forward, r, i);

			lanes_store(out[i], first, de00(&forward->light[i], &lab));
		}
	}
}

/* --- hits: the compiler makes vectors of this loop ------------------------------------------------ */

static void hits(unsigned char *hit, const struct forward_hits *of, int count)
{
	const struct forward_hits h = *of;

	for (int i = 0; i < count; i++) {
		float d = h.first + (float)i * h.step, centre = h.centre * d;
		float radius = h.radius * (h.volume * d + h.volume_more);
		float n = centre < h.least ? h.least : centre, off;

		n = n > h.most ? h.most : n;
		n = (float)(int)(n / h.drop_step + 0.5f) * h.drop_step;
		off = n - centre;
		hit[i] = off * off <= radius * radius - h.rest * d * d;
	}
}

static void ranges(unsigned char *hit, const struct forward_ranges *of, int count)
{
	const struct forward_ranges h = *of;

	for (int i = 0; i < count; i++)
		hit[i] = 1;
	for (int p = 0; p < h.count; p++)
		for (int i = 0; i < count; i++) {
			float d = h.first + (float)i * h.step;
			float more = 1e-3f + 1e-6f * h.high[p] * d; /* for rounding */
			float low = h.low[p] * d - more, high = h.high[p] * d + more;

			hit[i] &= (float)(int)high >= low;
		}
}

#define CODE_OF(lanes) forward_code_##lanes
#define CODE(lanes) CODE_OF(lanes)

const struct forward_code CODE(VECTOR_LANES) = {
	.objective = objective,
	.de00 = each_de00,
	.bound = line_bound,
	.descend = descend,
	.hits = hits,
	.ranges = ranges,
	.boxes = bound_boxes,
};
