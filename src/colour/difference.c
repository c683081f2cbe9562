#include "colour/difference.h"

#include "colour/cms.h"

/* A channel that reads nothing under the reference light has nothing to correct by. */
static double corrected(double test, double reference, double sample)
{
	return sample > 0.0 ? test * reference / sample : test;
}

double metamerism_index(const struct weights *reference_light, const struct weights *test_light,
			const double *reference, const double *sample)
{
	struct xyz r0 = weights_xyz(reference_light, reference);
	struct xyz s0 = weights_xyz(reference_light, sample);
	struct xyz r1 = weights_xyz(test_light, reference);
	struct xyz s1 = weights_xyz(test_light, sample);
	struct xyz s = {corrected(s1.x, r0.x, s0.x), corrected(s1.y, r0.y, s0.y),
			corrected(s1.z, r0.z, s0.z)};
	struct lab a = lab_from_xyz(&r1, &test_light->white);
	struct lab b = lab_from_xyz(&s, &test_light->white);

	return delta_e_2000(&a, &b);
}

struct difference difference_of_labs(const struct lab *reference, const struct lab *sample)
{
	return (struct difference){.de00 = delta_e_2000(reference, sample),
				   .de76 = delta_e_76(reference, sample),
				   .parts = delta_lch_2000(reference, sample)};
}
