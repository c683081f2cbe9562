/* The differences are means, of sizes and of each coordinate; no patch weighs more than another. */
#include "colour/control_patches.h"

#include "colour/cms.h"

const struct lab control_patches[CONTROL_PATCHES] = {
	{70, 9, 16}, {60, 12, 20}, {48, 13, 18}, {37, 10, 12},
	{55, 2, 8},  {40, 1, 3},   {75, 0, 0},   {28, 0, 0},
};

void patch_check_judge(struct patch_check *check)
{
	check->worst = 0;
	check->mean_de00 = 0.0;
	check->shift = (struct lab){0, 0, 0};
	for (int i = 0; i < CONTROL_PATCHES; i++) {
		const struct lab *stated = &control_patches[i], *got = &check->measured[i];

		check->de00[i] = delta_e_2000(stated, got);
		check->mean_de00 += check->de00[i] / CONTROL_PATCHES;
		check->shift.l += (got->l - stated->l) / CONTROL_PATCHES;
		check->shift.a += (got->a - stated->a) / CONTROL_PATCHES;
		check->shift.b += (got->b - stated->b) / CONTROL_PATCHES;
		if (check->de00[i] > check->de00[check->worst])
			check->worst = i;
	}
	check->worst_de00 = check->de00[check->worst];
}
