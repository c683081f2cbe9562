/* The quadratic form below CIEDE2000, against CIEDE2000. */
#include "support.h"

#include "colour/metric.h"

#include <math.h>

static unsigned long long chance = 5;

static double between(double least, double most)
{
	return least + (most - least) * random_share(&chance);
}

static double root_cubed(double f)
{
	return f * f * f; /* above CIELAB's knee */
}

static struct xyz xyz_of(const struct lab *lab)
{
	double y = (lab->l + 16) / 116;

	return (struct xyz){root_cubed(y + lab->a / 500), root_cubed(y),
			    root_cubed(y - lab->b / 200)};
}

static double length(const struct metric *metric, const struct lab *centre, const struct lab *other)
{
	struct xyz from = xyz_of(centre), to = xyz_of(other);
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = metric->row[i][0] * (to.x - from.x) +
			      metric->row[i][1] * (to.y - from.y) +
			      metric->row[i][2] * (to.z - from.z);

		sum += part * part;
	}
	return sqrt(sum);
}

static struct lab draw_centre(int n)
{
	double c = n % 3 == 0 ? between(0, 3) : between(0, 60), h = between(0, 6.2831853);

	return (struct lab){between(12, 95), c * cos(h), c * sin(h)};
}

static struct lab draw_near(const struct lab *centre, double far)
{
	return (struct lab){centre->l + between(-far, far), centre->a + between(-far, far),
			    centre->b + between(-far, far)};
}

/* Also says how far below: the mean share of CIEDE2000 that is left. */
static double below(double reach, int centres)
{
	double worst = -HUGE_VAL, sum = 0;
	int used = 0, count = 0;

	for (int n = 0; n < centres; n++) {
		struct lab centre = draw_centre(n);
		struct metric metric;

		if (!metric_below(&metric, &centre, reach))
			continue;
		used++;
		for (int i = 0; i < 400; i++) {
			struct lab other = draw_near(&centre, reach * between(0.05, 3));
			double de = ciede2000(&centre, &other);

			if (de > reach || (other.l + 16) / 116 - fabs(other.b) / 200 < 0.21)
				continue;
			worst = fmax(worst, length(&metric, &centre, &other) / de);
			sum += length(&metric, &centre, &other) / de;
			count++;
		}
	}
	print_message("reach %g: %d centres, at most %.4f, mean %.3f of CIEDE2000\n", reach, used,
		      worst, sum / count);
	assert_true(used > centres / 3 && count > 20 * centres);
	assert_true(worst <= 1 + 1e-9);
	return sum / count;
}

static void metric__is_never_above_ciede2000(void **state)
{
	(void)state;
	assert_true(below(0.01, 3000) > 0.98);
	assert_true(below(0.1, 3000) > 0.9);
	assert_true(below(0.3, 3000) > 0.8);
	assert_true(below(1.0, 3000) > 0.5);
	below(3.0, 3000);
}

/* In the limit it is the whole of it: lightness alone, by hand: dE00 = dL / S_L. */
static void metric__is_ciede2000_in_the_limit(void **state)
{
	struct lab centre = {50, 20, 10}, lighter = {50.01, 20, 10};
	struct metric metric;

	(void)state;
	assert_true(metric_below(&metric, &centre, 1e-6));
	assert_close(length(&metric, &centre, &lighter), 0.01, 1e-5); /* S_L = 1 at L* 50 */
}

static void metric__is_refused_where_it_says_nothing(void **state)
{
	struct lab dark = {5, 0, 0}, grey = {50, 0, 0};
	struct metric metric;

	(void)state;
	assert_false(metric_below(&metric, &dark, 0.1));
	assert_false(metric_below(&metric, &grey, 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metric__is_never_above_ciede2000),
		cmocka_unit_test(metric__is_ciede2000_in_the_limit),
		cmocka_unit_test(metric__is_refused_where_it_says_nothing),
	};

	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
