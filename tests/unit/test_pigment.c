/* Optics: round trips and limits over the whole domain. */
#include "support.h"

#include "formats/config.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "pigment/field.h"
#include "pigment/kubelka_munk.h"
#include "pigment/medium.h"
#include "pigment/surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void km__ratio_to_reflectance_and_back(void **state)
{
	(void)state;
	for (int i = 1; i <= 1000; i++) {
		double r = i / 1000.0, ratio = km_ratio(r);

		assert_close(km_reflectance_opaque(ratio, 1.0), r, 1e-9);
	}
	for (double r = 1e-9; r < 1e-3; r *= 3)
		assert_close(km_reflectance_opaque(km_ratio(r), 1.0) / r, 1, 1e-9);
	for (double loss = 1e-12; loss < 1e-2; loss *= 3)
		assert_close(km_reflectance_opaque(km_ratio(1 - loss), 1.0), 1 - loss, 1e-9);
}

/* The other way round: K/S -> R -> K/S, from a black to where R is a white's 1 - 1e-4; nearer to 1 R itself
 * has no more digits of it. */
static void km__reflectance_to_ratio_and_back(void **state)
{
	(void)state;
	for (double ratio = 1e-8; ratio < 1e9; ratio *= 1.7)
		for (double s = 1e-6; s < 1e6; s *= 100)
			assert_close(km_ratio(km_reflectance_opaque(ratio * s, s)) / ratio, 1,
				     ratio < 1e-5 ? 1e-6 : 1e-9);
}

/* Without scattering, without absorption, without both, and as thick as can be: layers still compose. */
static void km__layers_compose_at_the_ends(void **state)
{
	static const double end[] = {0, 1e-300, 1e-12, 1, 1e12};

	(void)state;
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 5; j++)
			for (double x = 1e-9; x < 1e6; x *= 1000)
				for (int g = 0; g <= 4; g++) {
					double k = end[i], s = end[j], ground = g / 4.0;
					struct km_layer whole = km_layer(k, s, x);
					struct km_layer half = km_layer(k, s, x / 2);
					double over = km_layer_over(&half, ground);

					if (whole.reflectance * ground >= 1)
						continue; /* white on white returns all light */
					assert_close(km_layer_over(&whole, ground),
						     km_reflectance_film(k, s, x, ground), 1e-9);
					assert_close(km_layer_over(&half, over),
						     km_reflectance_film(k, s, x, ground), 1e-9);
				}
}

static void km__opaque_ends(void **state)
{
	(void)state;
	assert_close(km_reflectance_opaque(0, 1), 1, 0);
	assert_close(km_reflectance_opaque(1, 0), 0, 0);
	assert_close(km_reflectance_opaque(1e12, 1), 5e-13, 1e-18);
	assert_close(km_reflectance_opaque(1e-16, 1), 1 - sqrt(2e-16), 1e-15);
}

/* A thick film hides its ground, a thin one shows it, one that does not scatter darkens it by
 * Lambert–Beer twice: exp(-2 K X). */
static void km__film_limits(void **state)
{
	(void)state;
	for (double k = 1e-6; k < 1e4; k *= 10)
		for (double s = 1e-6; s < 1e4; s *= 10)
			for (int g = 0; g <= 10; g++) {
				double ground = g / 10.0;

				if (sqrt(k * (k + 2 * s)) > 1e-4)
					assert_close(km_reflectance_film(k, s, 1e6, ground),
						     km_reflectance_opaque(k, s), 1e-9);
				assert_close(km_reflectance_film(k, s, 1e-15, ground), ground,
					     1e-9);
				assert_close(km_reflectance_film(k, s, 0, ground), ground, 0);
			}
	for (double x = 1e-6; x < 10; x *= 3)
		assert_close(km_reflectance_film(2, 0, x, 0.7), 0.7 * exp(-4 * x), 1e-9);
	/* without absorption: R = (Rg + (1 - Rg) S X) / (1 + (1 - Rg) S X) (Kubelka 1948) */
	assert_close(km_reflectance_film(0, 3, 0.5, 0.2), (0.2 + 0.8 * 1.5) / (1 + 0.8 * 1.5),
		     1e-12);
}

/* Two half layers make one; a layer over a ground is the film over it. */
static void km__layers_compose(void **state)
{
	unsigned long long seed = 3;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		double k = pow(10, 8 * random_share(&seed) - 5),
		       s = pow(10, 8 * random_share(&seed) - 5);
		double x = pow(10, 6 * random_share(&seed) - 4), ground = random_share(&seed);
		struct km_layer whole = km_layer(k, s, x), half = km_layer(k, s, x / 2);

		assert_close(km_layer_over(&whole, ground), km_reflectance_film(k, s, x, ground),
			     1e-9);
		assert_close(km_layer_over(&half, km_layer_over(&half, ground)),
			     km_reflectance_film(k, s, x, ground), 1e-9);
		assert_true(whole.reflectance >= 0 && whole.transmittance >= 0);
		assert_true(whole.reflectance + whole.transmittance <= 1 + 1e-12);
	}
}

static void surface__is_undone_by_its_inverse(void **state)
{
	(void)state;
	for (int included = 0; included < 2; included++)
		for (double k2 = 0; k2 < 0.7; k2 += 0.1) {
			struct surface surface = surface_of(
				1.5, included ? SPECULAR_INCLUDED : SPECULAR_EXCLUDED, k2);

			for (int i = 0; i <= 1000; i++)
				assert_close(surface_remove(&surface,
							    surface_apply(&surface, i / 1000.0)),
					     i / 1000.0, 1e-9);
		}
	/* Fresnel at normal incidence for 1.5: (0.5 / 2.5)^2 */
	assert_close(surface_of(1.5, SPECULAR_INCLUDED, 0.5).k1, 0.04, 1e-12);
	assert_close(surface_of(1.5, SPECULAR_EXCLUDED, 0.5).k1, 0, 0);
}

/* n = 1: the average of the areas (Murray–Davies). Coverage 0 and 1: the ends. */
static void field__ends_and_murray_davies(void **state)
{
	struct field plain = {.dot_share = 0.3, .n = 1};
	struct field none = {.dot_share = 0, .n = 2}, full = {.dot_share = 1, .n = 2};

	(void)state;
	assert_close(field_reflectance(&plain, 0.5, 0.1, 0), 0.7 * 0.5 + 0.3 * 0.1, 1e-12);
	assert_close(field_reflectance(&none, 0.5, 0.1, 0), 0.5, 1e-12);
	assert_close(field_reflectance(&full, 0.5, 0.1, 0), 0.1, 1e-12);
}

/* Two populations at random: bare, dots only, hairs only, hairs over dots (Demichel). */
static void field__two_populations_overlap_at_random(void **state)
{
	struct field field = {.dot_share = 0.3, .hair_share = 0.2, .n = 1};

	(void)state;
	assert_close(field_reflectance(&field, 0.5, 0.1, 0.05),
		     0.7 * 0.8 * 0.5 + 0.3 * 0.8 * 0.1 + (0.7 * 0.2 + 0.3 * 0.2) * 0.05, 1e-12);
}

static void field__required_dot_inverts_it(void **state)
{
	unsigned long long seed = 5;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct field field = {.dot_share = 0.01 + 0.9 * random_share(&seed),
				      .hair_share = 0.9 * random_share(&seed),
				      .n = 1 + 3 * random_share(&seed)};
		double skin = random_share(&seed), dot = random_share(&seed),
		       hair = random_share(&seed);
		double seen = field_reflectance(&field, skin, dot, hair);

		assert_close(field_required_dot(&field, seen, skin, hair), dot, 1e-9);
	}
}

/* 223 hairs per cm2 of 0.08 mm without stubble: 2.23 x pi 0.0016 = 1.12 % */
static void coverage__by_hand(void **state)
{
	(void)state;
	assert_close(coverage_share(223, 0.08, 0), 0.0112092, 1e-6);
	assert_close(coverage_share(100, 0.1, 0.5), 0.01 * 100 * (0.00785398 + 0.05), 1e-7);
}

/* --- the example line ------------------------------------------------------------------------- */

static double number_in(const config_setting_t *group, const char *key)
{
	double value = NAN;

	assert_true(config_setting_lookup_float(group, key, &value));
	return value;
}

/* The file states its formulas; its figures are rounded to six digits. */
static void check_formula(const config_setting_t *pigment)
{
	const config_setting_t *formula = config_setting_get_member(pigment, "formula");
	const config_setting_t *k = config_setting_get_member(pigment, "K_per_mm");
	const config_setting_t *s = config_setting_get_member(pigment, "S_per_mm");

	assert_non_null(formula);
	for (int i = 0; i < 36; i++) {
		double nm = 380 + 10 * i;
		double edge = number_in(formula, "k_edge") /
			      (1 + exp((nm - number_in(formula, "edge_nm")) /
				       number_in(formula, "width_nm")));
		double flat =
			number_in(formula, "k_flat") * pow(550 / nm, number_in(formula, "k_power"));
		double scatter =
			number_in(formula, "s_550") * pow(550 / nm, number_in(formula, "s_power"));

		assert_close(config_setting_get_float_elem(k, i) / (flat + edge), 1, 6e-6);
		assert_close(config_setting_get_float_elem(s, i) / scatter, 1, 6e-6);
	}
}

static void example_line__is_what_its_formulas_say(void **state)
{
	struct config_input in;
	struct text text;
	struct error err;
	char path[4096];
	const config_setting_t *pigments;

	(void)state;
	assert_ok(profile_read(&text, path, "pigments", "example", ".cfg", &err), &err);
	assert_ok(config_open(&in, &text, path, &err), &err);
	pigments = config_setting_get_member(config_root(&in), "pigments");
	assert_int_equal(config_setting_length(pigments), 8);
	for (unsigned i = 0; i < 8; i++)
		check_formula(config_setting_get_elem(pigments, i));
	check_formula(config_setting_get_member(config_root(&in), "diluent"));
	config_close(&in);
	text_clear(&text);
}

static void example_line__is_marked_synthetic(void **state)
{
	struct pigment_line line;
	struct error err;

	(void)state;
	assert_ok(pigment_line_read(&line, "example", &err), &err);
	assert_true(line.synthetic);
	assert_non_null(strstr(line.notice, "not for use on people"));
	assert_int_equal(pigment_line_find(&line, "white"), 6);
	assert_int_equal(pigment_line_find(&line, "pink"), -1);
	pigment_line_clear(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(km__ratio_to_reflectance_and_back),
		cmocka_unit_test(km__reflectance_to_ratio_and_back),
		cmocka_unit_test(km__layers_compose_at_the_ends),
		cmocka_unit_test(km__opaque_ends),
		cmocka_unit_test(km__film_limits),
		cmocka_unit_test(km__layers_compose),
		cmocka_unit_test(surface__is_undone_by_its_inverse),
		cmocka_unit_test(field__ends_and_murray_davies),
		cmocka_unit_test(field__two_populations_overlap_at_random),
		cmocka_unit_test(field__required_dot_inverts_it),
		cmocka_unit_test(coverage__by_hand),
		cmocka_unit_test(example_line__is_what_its_formulas_say),
		cmocka_unit_test(example_line__is_marked_synthetic),
	};

	return cmocka_run_group_tests_name("pigment", tests, NULL, NULL);
}
