/* What other rooms name in English is known to report/terms.c, or it would stand untranslated on a page. */
#include "support.h"

#include "base/text.h"
#include "match/verdict.h"
#include "report/terms.h"

#include <stdio.h>

/* What is known comes from the list, not from the caller. */
static bool known(const char *english)
{
	char copy[256];

	text_copy(copy, sizeof copy, english);
	if (term(copy) != copy)
		return true;
	print_error("no term: “%s”\n", english);
	return false;
}

static void term__every_state_role_and_gloss_is_one(void **state)
{
	char look[64];

	(void)state;
	for (int i = 0; i < STATES; i++) {
		assert_true(known(healing_state_words[i]));
		snprintf(look, sizeof look, "dot, %s", healing_state_words[i]);
		assert_true(known(look));
		snprintf(look, sizeof look, "field, %s", healing_state_words[i]);
		assert_true(known(look));
		snprintf(look, sizeof look, "Patch, %s", healing_state_words[i]);
		assert_true(known(look));
		snprintf(look, sizeof look, "Trial, %s", healing_state_words[i]);
		assert_true(known(look));
	}
	for (int role = 0; role < ROLES; role++)
		assert_true(known(reading_role_names[role]));
	assert_true(known(specular_text(SPECULAR_INCLUDED)));
	assert_true(known(specular_text(SPECULAR_EXCLUDED)));
	assert_true(known(specular_text(SPECULAR_UNKNOWN)));
}

static void term__every_parameter_of_a_technique_is_one(void **state)
{
	(void)state;
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		assert_true(known(technique_parameters[key].words));
}

static void check_recipe(const struct recipe *recipe)
{
	assert_true(recipe->predicted.look_count > 0);
	for (int i = 0; i < recipe->predicted.look_count; i++)
		assert_true(known(recipe->predicted.look[i].label));
	assert_true(known(recipe_verdict(recipe).source));
	assert_true(known(recipe->line.notice));
}

static void term__every_look_verdict_and_notice_of_a_recipe_is_one(void **state)
{
	static struct recipe recipe;

	(void)state;
	assert_int_equal(make_recipe_in_skin(&recipe), 0);
	check_recipe(&recipe);
	assert_int_equal(make_recipe_of_lab(&recipe), 0);
	check_recipe(&recipe);
}

static void term__a_strangers_label_stays_as_it_is(void **state)
{
	(void)state;
	assert_string_equal(term("my own label"), "my own label");
	assert_string_equal(term(""), ""); /* gettext would answer with the head of its catalogue */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(term__every_state_role_and_gloss_is_one),
		cmocka_unit_test(term__every_parameter_of_a_technique_is_one),
		cmocka_unit_test(term__every_look_verdict_and_notice_of_a_recipe_is_one),
		cmocka_unit_test(term__a_strangers_label_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
