/* Recipe files: the same bits back, a person can read it, and what may not stand in one. */
#include "support.h"

#include "base/file.h"
#include "formats/recipe_file.h"
#include "match/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct recipe recipe, again;
static struct text text;
static struct error err;

static int make_recipe(void **state)
{
	(void)state;
	if (make_recipe_in_skin(&recipe))
		return -1;
	text_copy(recipe.stamp.name, sizeof recipe.stamp.name, "Crown \"left\" \\ Größe");
	return 0;
}

static int print(void **state)
{
	(void)state;
	return recipe_print(&text, &recipe, &err);
}

static int clear(void **state)
{
	(void)state;
	text_clear(&text);
	return 0;
}

static void print_anew(const struct recipe *printed)
{
	text_clear(&text);
	assert_ok(recipe_print(&text, printed, &err), &err);
}

static void recipe__reads_back_to_the_same_bits(void **state)
{
	struct text second = {0};

	(void)state;
	assert_ok(recipe_parse(&again, &text, "recipe.cfg", &err), &err);
	assert_string_equal(again.stamp.name, recipe.stamp.name);
	assert_true(grid_same(&again.predicted.dot.grid, &recipe.predicted.dot.grid));
	for (int i = 0; i < recipe.predicted.dot.grid.count; i++) {
		assert_memory_equal(&again.predicted.dot.value[i], &recipe.predicted.dot.value[i],
				    sizeof(double));
		assert_memory_equal(&again.predicted.required.value[i],
				    &recipe.predicted.required.value[i], sizeof(double));
	}
	for (int role = 0; role < ROLES; role++)
		assert_memory_equal(again.brief.reading[role].mean.reflectance.value,
				    recipe.brief.reading[role].mean.reflectance.value,
				    sizeof again.brief.reading[role].mean.reflectance.value);
	assert_memory_equal(again.brief.technique.value, recipe.brief.technique.value,
			    sizeof again.brief.technique.value);
	assert_ok(recipe_print(&second, &again, &err), &err);
	print_anew(&recipe);
	assert_string_equal(second.data, text.data);
	text_clear(&second);
}

static void recipe__holds_no_path_of_a_machine(void **state)
{
	(void)state;
	assert_null(strstr(text.data, "/"
				      "example/skin.csv"));
	assert_non_null(strstr(text.data, "file = \"skin.csv\""));
}

/* Spectra are left unread, but for those that tell how it healed; another hand may set the file out otherwise. */
static void recipe__skimmed_has_the_spectra_of_what_became_of_it(void **state)
{
	static const char *const before[] = {"\n", "\n  ", "\n\t"};
	const struct spectrum *skin = &recipe.brief.reading[ROLE_SKIN].mean.reflectance;

	(void)state;
	assert_ok(recipe_skim(&again, &text, "recipe.cfg", &err), &err);
	assert_close(again.brief.reading[ROLE_SKIN].mean.reflectance.value[0], 0.0, 0.0);
	recipe.seen[0] = (struct recipe_seen){STATE_HEALED, recipe.brief.reading[ROLE_SKIN]};
	recipe.seen_count = 1;
	print_anew(&recipe);
	recipe.seen_count = 0;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		const char *place = strstr(text.data, "\nseen = (");
		struct text moved = {0};

		assert_non_null(place);
		text_add(&moved, text.data, (size_t)(place - text.data));
		text_adds(&moved, before[i]);
		text_adds(&moved, place + 1);
		assert_ok(recipe_skim(&again, &moved, "recipe.cfg", &err), &err);
		assert_memory_equal(again.seen[0].reading.mean.reflectance.value, skin->value,
				    sizeof skin->value);
		text_clear(&moved);
	}
}

/* Puts `to` in place of the first `from` and expects a refusal that says `words`. */
static void assert_change_refused(const char *from, const char *to, const char *words)
{
	char *place = strstr(text.data, from);
	struct text changed = {0};

	assert_non_null(place);
	text_add(&changed, text.data, (size_t)(place - text.data));
	text_adds(&changed, to);
	text_adds(&changed, place + strlen(from));
	if (recipe_parse(&again, &changed, "recipe.cfg", &err) != STATUS_REFUSED)
		fail_msg("“%s” was taken", to);
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
	assert_memory_equal(err.message, "recipe.cfg:", 11);
	text_clear(&changed);
}

static void recipe__refusals(void **state)
{
	(void)state;
	assert_change_refused("version = 2;", "version = 3;", "newer than this program reads (2)");
	assert_change_refused("format = \"follitone-recipe\"", "format = \"other\"",
			      "“follitone-recipe” is needed");
	assert_change_refused(
		"format =", "@include \"/etc/passwd\"\nformat =", ":2: @include is not allowed");
	assert_change_refused("darker = ", "darker = 1e999; // ", "darker: inf is outside");
	assert_change_refused("lighter = ", "lihgter = ", "unknown key “lihgter”");
	assert_change_refused("weight = 1.0", "weight = \"1\"", "weight: a number is needed");
	assert_change_refused("weight = 1.0;", "weight = 1.0; weight = 2.0;", "duplicate");
	assert_change_refused("zone = \"\"", "zone = \"\x1b[2J\"", "control characters");
	assert_change_refused("made = \"2", "made = \"x", "a time such as");
	assert_change_refused("drops = ", "drops = -1; // ", "-1 is outside");
	assert_change_refused("drops = ", "drops = 0.5; // ", "a whole number is needed");
	assert_change_refused("drops = ", "drops = 4294967298; // ", "at most nine digits");
	assert_change_refused("drops = ", "drops = 0x19; // ", "at most nine digits");
	assert_change_refused("drops = ", "drops = 5L; // ", "at most nine digits");
	assert_change_refused("line = \"example\"", "line = \"../x\"",
			      "a name is needed, not a file");
	assert_change_refused("name = \"D65\"", "name = \"/tmp/x.csv\"",
			      "a name is needed, not a file");
	assert_change_refused("brief = {", "brief = 3; x = {", "unknown key “x”");
}

static void recipe__reads_back_which_session_of_its_plan_it_is_for(void **state)
{
	(void)state;
	assert_null(strstr(text.data, "plan = {"));
	recipe.plan.session = 2;
	recipe.plan.sessions = 3;
	print_anew(&recipe);
	recipe.plan.session = recipe.plan.sessions = 0;
	assert_ok(recipe_parse(&again, &text, "recipe.cfg", &err), &err);
	assert_int_equal(again.plan.session, 2);
	assert_int_equal(again.plan.sessions, 3);
	assert_false(again.edited);
	print_anew(&again);
	assert_change_refused("session = 2;", "session = 4;", "session: 4 is outside 1..3");
	assert_change_refused("session = 2;", "session = 0;", "session: 0 is outside 1..3");
	assert_change_refused("session = 2;", "", "“session” is missing");
	assert_change_refused("sessions = 3;", "sessions = 9;", "sessions: 9 is outside 1..8");
	assert_change_refused("sessions = 3;", "of = 3;", "unknown key “of”");
	assert_change_refused("version = 2;", "version = 1;", "unknown key “plan”");
}

/* A needle is of the brief: changing it changes what the prediction is vouched for; without one nothing is written. */
static void recipe__reads_back_its_needle(void **state)
{
	const struct technique technique = recipe.brief.technique;

	(void)state;
	assert_ok(recipe_parse(&again, &text, "recipe.cfg", &err), &err);
	assert_string_equal(again.brief.technique.needle, "0.18 to 0.30 mm, 1 or 3 points");
	assert_string_equal(again.brief.technique.needle_source, "trainers' notes");
	print_anew(&recipe);
	assert_change_refused("words = \"0.18 to 0.30 mm, 1 or 3 points\"", "words = \"\"",
			      "words and a source");
	assert_change_refused("words = \"0.18", "tip = \"0.18", "unknown key “tip”");
	*recipe.brief.technique.needle = 0;
	print_anew(&recipe);
	assert_null(strstr(text.data, "needle = {"));
	recipe.brief.technique = technique;
}

/* A session of the recipe and a sealed note (104 bytes of nothing: 138 letters and 2 of them without a third). */
static void add_what_happened(void)
{
	struct recipe_session session;
	char sealed[141];

	assert_ok(session_begin(&session, &recipe, &err), &err);
	strcpy(session.stamp.day, "2026-11-25");
	strcpy(session.stamp.operator_code, "OP-3");
	session.stamp.number = 2;
	strcpy(session.bottle[0].opened, "2026-11-01");
	strcpy(session.bottle[1].expiry, "2026-10-31");
	strcpy(session.override, "no \"other\" was there");
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	memset(sealed, 'A', sizeof sealed);
	strcpy(sealed + 139, "=");
	assert_ok(recipe_add_sealed(&recipe, sealed, &err), &err);
	print_anew(&recipe);
	recipe.session_count = recipe.sealed_count = 0;
}

static void recipe__reads_back_what_happened_to_it(void **state)
{
	const struct recipe_session *session = &again.session[0];
	struct text second = {0};

	(void)state;
	add_what_happened();
	text_adds(&second, text.data);
	assert_ok(recipe_parse(&again, &second, "recipe.cfg", &err), &err);
	text_clear(&second);
	assert_false(again.edited);
	assert_int_equal(again.session_count, 1);
	assert_string_equal(session->stamp.day, "2026-11-25");
	assert_int_equal(session->stamp.number, 2);
	assert_string_equal(session->stamp.operator_code, "OP-3");
	assert_int_equal(session->bottle_count, 1 + recipe.dose_count);
	assert_string_equal(session->bottle[0].pigment, recipe.diluent.bottle.id);
	assert_string_equal(session->bottle[0].opened, "2026-11-01");
	assert_int_equal(session->bottle[1].drops, recipe.dose[0].drops);
	assert_memory_equal(&session->bottle[1].ml, &recipe.dose[0].ml, sizeof(double));
	assert_string_equal(session->bottle[1].expiry, "2026-10-31");
	assert_string_equal(session->override, "no \"other\" was there");
	assert_int_equal(again.sealed_count, 1);
	assert_ok(recipe_print(&second, &again, &err), &err);
	assert_string_equal(second.data, text.data);
	text_clear(&second);
}

static void recipe__refusals_of_sessions_and_sealed_notes(void **state)
{
	(void)state;
	add_what_happened();
	assert_change_refused("day = \"2026-11-25\"", "day = \"2026-02-30\"", "a day such as");
	assert_change_refused("day = \"2026-11-25\"", "day = \"\"", "a day such as");
	assert_change_refused("opened = \"2026-11-01\"", "opened = \"soon\"", "a day such as");
	assert_change_refused("expiry = \"2026-10-31\"", "expiry = \"2026\"", "a day such as");
	assert_change_refused("operator = \"OP-3\"", "operator = \"Jane Doe\"", "a code is 1 to");
	assert_change_refused("number = 2", "number = 0", "number: 0 is outside 1..1000");
	assert_change_refused("override_expired = \"no", "override_expired = \"\x1b[2J",
			      "control characters");
	assert_change_refused("override_expired", "overridden", "unknown key “overridden”");
	assert_change_refused("    bottles = (", "    bottles = (); x = (", "unknown key “x”");
	assert_change_refused("pigment = \"water\"", "pigment = \"Water!\"", "an id is needed");
	assert_change_refused("pigment = \"water\"", "pigment = \"carbon-black\"",
			      "each once in a session");
	assert_change_refused("sealed = (\n  \"AAA", "sealed = (\n  \"A-A", "base64 of a sealed");
	assert_change_refused("sealed = (\n  \"AAA", "sealed = (\n  \"", "base64 of a sealed");
	assert_change_refused("version = 2;", "version = 1;", "unknown key “sessions”");
}

/* Files from before there were sessions; what is saved of them says version 2. */
static void recipe__of_format_version_1_is_read_and_written_as_2(void **state)
{
	static const char *const old[] = {"tests/fuzz/corpus/recipe/lab.cfg",
					  "tests/fuzz/corpus/recipe/planned.cfg",
					  "tests/fuzz/corpus/recipe/seen_and_corrected.cfg"};
	struct text one = {0}, two = {0};

	(void)state;
	for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
		assert_ok(recipe_read(&again, &one, old[i], &err), &err);
		assert_non_null(strstr(one.data, "\nversion = 1;\n"));
		assert_false(again.edited);
		assert_ok(recipe_print(&two, &again, &err), &err);
		assert_non_null(strstr(two.data, "\nversion = 2;\n"));
		/* that line apart, it is the same file */
		*(strstr(two.data, "\nversion = 2;\n") + 11) = '1';
		assert_string_equal(two.data, one.data);
		text_clear(&one);
		text_clear(&two);
	}
}

/* Any change of mix or brief is noticed; of name, zone or notes it need not be. */
static void recipe__knows_when_it_was_edited(void **state)
{
	static const struct {
		const char *from, *to;
		bool edited;
	} changes[] = {
		{"drops = ", "drops = 1", true},
		{"lot = \"SYNTHETIC\"", "lot = \"X\"", true},
		{"synthetic = true", "synthetic = false", true},
		{"weight = 0.3", "weight = 0.31", true},
		{"observer = \"10\"", "observer = \"2\"", true},
		{"zone = \"\"", "zone = \"crown\"", false},
		{"version = 0;", "version = 1;", false},
		{"  ", "\t", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char *place = strstr(text.data, changes[i].from);
		struct text changed = {0};

		assert_non_null(place);
		text_add(&changed, text.data, (size_t)(place - text.data));
		text_adds(&changed, changes[i].to);
		text_adds(&changed, place + strlen(changes[i].from));
		assert_ok(recipe_parse(&again, &changed, "recipe.cfg", &err), &err);
		if (again.edited != changes[i].edited)
			fail_msg("“%s” for “%s”: edited is %d", changes[i].to, changes[i].from,
				 again.edited);
		text_clear(&changed);
	}
}

static void recipe__cut_short_anywhere_is_refused(void **state)
{
	(void)state;
	for (size_t length = 1; length + 3 < text.length; length += 37) {
		struct text part = {0};

		text_add(&part, text.data, length);
		if (recipe_parse(&again, &part, "recipe.cfg", &err) != STATUS_REFUSED)
			fail_msg("%zu of %zu bytes were taken", length, text.length);
		text_clear(&part);
	}
}

/* Any byte changed for any other must be refused or read, never crash. Under asan this is the
 * point. */
static void recipe__survives_damaged_bytes(void **state)
{
	unsigned long long seed = 11;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct text part = {0};
		size_t place = (size_t)(random_share(&seed) * (double)text.length);

		text_add(&part, text.data, text.length);
		part.data[place] = (char)(1 + 254 * random_share(&seed));
		recipe_parse(&again, &part, "recipe.cfg", &err);
		text_clear(&part);
	}
}

static void recipe__nested_without_end_is_refused(void **state)
{
	struct text deep = {0};

	(void)state;
	for (int i = 0; i < 9000; i++)
		text_adds(&deep, "a = { ");
	assert_int_equal(recipe_parse(&again, &deep, "recipe.cfg", &err), STATUS_REFUSED);
	text_clear(&deep);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, print, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(recipe__reads_back_to_the_same_bits),
		CASE(recipe__skimmed_has_the_spectra_of_what_became_of_it),
		CASE(recipe__holds_no_path_of_a_machine),
		CASE(recipe__refusals),
		CASE(recipe__reads_back_which_session_of_its_plan_it_is_for),
		CASE(recipe__reads_back_its_needle),
		CASE(recipe__reads_back_what_happened_to_it),
		CASE(recipe__refusals_of_sessions_and_sealed_notes),
		CASE(recipe__of_format_version_1_is_read_and_written_as_2),
		CASE(recipe__knows_when_it_was_edited),
		CASE(recipe__cut_short_anywhere_is_refused),
		CASE(recipe__survives_damaged_bytes),
		CASE(recipe__nested_without_end_is_refused),
	};

	return cmocka_run_group_tests_name("recipe", tests, make_recipe, NULL);
}
