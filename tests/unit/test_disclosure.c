/* What leaves a clinic is what it was told that leaves, and which clinics it knows. */
#include "support.h"

#include "base/file.h"
#include "formats/recipe_file.h"
#include "match/disclosure.h"
#include "match/session.h"
#include "store/clinics.h"

#include <stdio.h>
#include <string.h>

static struct recipe pristine, recipe;
static struct disclosure_list list;
static struct error err;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_in_skin(&pristine);
}

/* --- what leaves -------------------------------------------------------------------------------------- */

static int markers;

/* A word of its own for each field. */
static void mark(char *slot, size_t size)
{
	char word[16];

	snprintf(word, sizeof word, "m%03dm", markers++);
	text_copy(slot, size, word);
}
#define MARK(slot) mark(slot, sizeof(slot))

static void mark_bottle(struct bottle *bottle)
{
	MARK(bottle->name);
	MARK(bottle->maker);
	MARK(bottle->shade);
	MARK(bottle->lot);
}

static void mark_reading(struct repeats *repeats)
{
	struct reading *reading = &repeats->mean;

	MARK(reading->name);
	MARK(reading->file);
	MARK(reading->conditions.instrument);
	MARK(reading->conditions.geometry);
	MARK(reading->conditions.date);
	MARK(reading->conditions.origin);
}

/* Every text of a recipe that a person may have written. */
static void mark_recipe(void)
{
	markers = 0;
	recipe = pristine;
	recipe.stamp.version = 1;
	strcpy(recipe.stamp.id, "0123456789abcdef");
	MARK(recipe.stamp.name);
	MARK(recipe.zone);
	MARK(recipe.line.name);
	MARK(recipe.line.notice);
	mark_bottle(&recipe.diluent.bottle);
	for (int i = 0; i < recipe.dose_count; i++)
		mark_bottle(&recipe.dose[i].bottle);
	recipe.note_count = RECIPE_NOTES_MAX;
	for (int i = 0; i < RECIPE_NOTES_MAX; i++)
		MARK(recipe.note[i]);
	MARK(recipe.brief.technique.name);
	MARK(recipe.brief.technique.needle);
	MARK(recipe.brief.technique.needle_source);
	for (int i = 0; i < TECHNIQUE_KEYS; i++)
		MARK(recipe.brief.technique.source[i]);
	for (int i = 0; i < recipe.brief.light_count; i++)
		MARK(recipe.brief.light[i].name);
	for (int role = 0; role < ROLES; role++)
		if (recipe.brief.given[role])
			mark_reading(&recipe.brief.reading[role]);
	recipe.seen_count = RECIPE_SEEN_MAX;
	for (int i = 0; i < RECIPE_SEEN_MAX; i++) {
		recipe.seen[i].state = i % 2 ? STATE_HEALED : STATE_FRESH;
		recipe.seen[i].reading = recipe.brief.reading[ROLE_SKIN];
		mark_reading(&recipe.seen[i].reading);
	}
}

/* Every text of a session. */
static void mark_sessions(void)
{
	recipe.session_count = RECIPE_SESSIONS_MAX;
	for (int i = 0; i < RECIPE_SESSIONS_MAX; i++) {
		struct recipe_session *session = &recipe.session[i];

		assert_ok(session_begin(session, &recipe, &err), &err);
		strcpy(session->stamp.day, "2026-11-25");
		MARK(session->stamp.operator_code);
		MARK(session->override);
		for (int k = 0; k < session->bottle_count; k++)
			MARK(session->bottle[k].lot);
	}
}

static bool is_listed(const char *word, bool leaves)
{
	for (int i = 0; i < list.count; i++)
		if (list.line[i].leaves == leaves && strstr(list.line[i].value, word))
			return true;
	return false;
}

/* What is told to leave is in the file, what is told to stay is not, and nothing is in the file that was not told of. */
static void disclosure__tells_what_leaves_and_nothing_else_does(void **state)
{
	(void)state;
	for (unsigned with = 0; with < DISCLOSE_ALL + 1; with++) {
		struct text printed;

		mark_recipe();
		mark_sessions();
		disclosure_list(&list, &recipe, with);
		assert_true(list.count < DISCLOSURE_LINES_MAX);
		disclosure_apply(&recipe, with);
		assert_ok(recipe_print(&printed, &recipe, &err), &err);
		for (int i = 0; i < markers; i++) {
			char word[16];
			bool leaves;

			snprintf(word, sizeof word, "m%03dm", i);
			leaves = strstr(printed.data, word);
			if (is_listed(word, !leaves))
				fail_msg("with %u, %s is told to %s, and it is otherwise", with,
					 word, leaves ? "stay" : "leave");
			if (leaves && !is_listed(word, true))
				fail_msg("with %u, %s leaves and nobody is told", with, word);
		}
		text_clear(&printed);
	}
}

/* The longest texts do not hide one another. */
static void disclosure__tells_of_long_texts(void **state)
{
	struct bottle *bottle = &recipe.dose[0].bottle;

	(void)state;
	mark_recipe();
	memset(bottle->name, 'n', sizeof bottle->name - 1);
	memset(bottle->maker, 'n', sizeof bottle->maker - 1);
	memset(bottle->shade, 'n', sizeof bottle->shade - 1);
	memset(bottle->lot, 'n', sizeof bottle->lot - 1);
	memcpy(bottle->lot, "here", 4);
	disclosure_list(&list, &recipe, 0);
	assert_true(is_listed("here", true));
}

/* Spectra and what is computed are what a recipe is: they leave as they were. */
static void disclosure__leaves_the_recipe_as_it_was(void **state)
{
	struct recipe before;
	struct text printed;

	(void)state;
	recipe = pristine;
	recipe.stamp.version = 1;
	strcpy(recipe.stamp.name, "one");
	before = recipe;
	disclosure_apply(&recipe, 0);
	assert_memory_equal(&recipe.predicted, &before.predicted, sizeof before.predicted);
	assert_memory_equal(recipe.dose, before.dose, sizeof before.dose);
	for (int role = 0; role < ROLES; role++)
		assert_memory_equal(&recipe.brief.reading[role].mean.reflectance,
				    &before.brief.reading[role].mean.reflectance,
				    sizeof before.brief.reading[role].mean.reflectance);
	assert_ok(recipe_print(&printed, &recipe, &err), &err);
	assert_ok(recipe_parse(&recipe, &printed, "x", &err), &err);
	assert_false(recipe.edited);
	text_clear(&printed);
}

static void disclosure__words(void **state)
{
	static const char *const bad[] = {"client", "zone,",     ",",    "zone,,notes",
					  "Zone",   "zonenotes", " zone"};
	unsigned with;

	(void)state;
	assert_ok(disclosure_read(&with, NULL, &err), &err);
	assert_int_equal(with, 0);
	assert_ok(disclosure_read(&with, "names,zone,notes", &err), &err);
	assert_int_equal(with, DISCLOSE_ZONE | DISCLOSE_NOTES | DISCLOSE_NAMES);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (disclosure_read(&with, bad[i], &err) != STATUS_USAGE)
			fail_msg("“%s” was taken", bad[i]);
}

/* --- clinics ------------------------------------------------------------------------------------------ */

static char path[64];

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	snprintf(path, sizeof path, "%s/clinics.cfg", scratch);
	return 0;
}

static struct public_key key_of(int number)
{
	struct public_key key = {{(unsigned char)number, (unsigned char)(number >> 8), 7}};

	return key;
}

static void clinics__are_read_as_they_were_written(void **state)
{
	struct clinics clinics, again;

	(void)state;
	assert_ok(clinics_read(&clinics, path, &err), &err);
	assert_int_equal(clinics.count, 0);
	assert_ok(clinics_write(&clinics, path, &err), &err);
	for (int i = 0; i < 300; i++) {
		struct public_key key = key_of(i);

		assert_ok(clinics_trust(&clinics, &key, NULL, &err), &err);
		if (i % 3 == 0)
			clinics.item[i].trust = CLINIC_REVOKED;
	}
	assert_ok(clinics_write(&clinics, path, &err), &err);
	assert_ok(clinics_read(&again, path, &err), &err);
	assert_int_equal(again.count, 300);
	for (int i = 0; i < 300; i++) {
		assert_memory_equal(&again.item[i].key, &clinics.item[i].key,
				    sizeof(struct public_key));
		assert_string_equal(again.item[i].name, clinics.item[i].name);
		assert_string_equal(again.item[i].since, clinics.item[i].since);
		assert_int_equal(again.item[i].trust, i % 3 ? CLINIC_TRUSTED : CLINIC_REVOKED);
	}
	clinics_clear(&clinics);
	clinics_clear(&again);
}

static void clinics__are_found(void **state)
{
	struct public_key one = key_of(1), two = key_of(2), none = key_of(3);
	char id[KEY_ID_SIZE], fingerprint[KEY_FINGERPRINT_SIZE], words[KEY_WORDS_SIZE];
	struct clinics clinics = {0};

	(void)state;
	assert_ok(clinics_trust(&clinics, &one, "Aurora", &err), &err);
	assert_ok(clinics_trust(&clinics, &two, "Boreas", &err), &err);
	key_id(id, &two);
	key_fingerprint(fingerprint, &two);
	assert_string_equal(clinics_find(&clinics, "boreas")->name, "Boreas");
	assert_string_equal(clinics_find(&clinics, fingerprint)->name, "Boreas");
	key_words(words, &two);
	assert_string_equal(clinics_find(&clinics, words)->name, "Boreas");
	assert_string_equal(clinics_find(&clinics, id)->name, "Boreas");
	assert_string_equal(clinics_of_id(&clinics, id)->name, "Boreas");
	id[6] = 0;
	assert_string_equal(clinics_find(&clinics, id)->name, "Boreas");
	assert_null(clinics_of_id(&clinics, id));
	id[5] = 0;
	assert_null(clinics_find(&clinics, id));
	assert_null(clinics_find(&clinics, ""));
	assert_null(clinics_of_key(&clinics, &none));
	/* another name for one, not that of the other */
	assert_int_equal(clinics_trust(&clinics, &two, "AURORA", &err), STATUS_REFUSED);
	assert_string_equal(clinics_of_key(&clinics, &two)->name, "Boreas");
	assert_ok(clinics_trust(&clinics, &two, "Notus", &err), &err);
	assert_null(clinics_find(&clinics, "Boreas"));
	assert_int_equal(clinics.count, 2);
	clinics_clear(&clinics);
}

static void clinics__names_that_may_not_be(void **state)
{
	static const char *const names[] = {"",
					    "own",
					    "OWN",
					    "1a",
					    "-a",
					    " a",
					    "a/b",
					    "a@b",
					    "a\n",
					    "a\033[2J",
					    "caf\303\251",
					    "a.b",
					    "abcdefghijklmnopqrstuvwxyz1234567"};
	struct public_key key = key_of(1);
	struct clinics clinics = {0};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(clinics_trust(&clinics, &key, names[i], &err), STATUS_REFUSED);
		assert_true(text_printable(err.message));
		assert_int_equal(clinics.count, 0);
	}
	assert_ok(clinics_trust(&clinics, &key, "abcdefghijklmnopqrstuvwxyz123456", &err), &err);
	clinics_clear(&clinics);
}

static void clinics__a_file_that_is_not_right_is_refused(void **state)
{
#define HEAD "format = \"follitone-clinics\";\nversion = 1;\n"
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
#define SINCE "since = \"2026-11-25T10:00:00Z\"; trusted = true;"
	static const struct {
		const char *text, *words;
	} cases[] = {
		{"", "empty"},
		{"\033[2J", ""},
		{HEAD, "missing"},
		{HEAD "clinics = 1;", "a list is needed"},
		{HEAD "clinics = ( 1 );", "a group"},
		{"format = \"follitone-clinics\";\nversion = 2;\nclinics = ();", "newer"},
		{"format = \"follitone-recipe\";\nversion = 1;\nclinics = ();", "is needed"},
		{HEAD "clinics = ( { name = \"A\"; key = \"" KEY
		      "\"; since = \"now\"; trusted = true; } );",
		 "a time is needed"},
		{HEAD "clinics = ( { name = \"A\"; key = \"ssh-rsa AAAA\"; " SINCE " } );", "key"},
		{HEAD "clinics = ( { name = \"A\"; key = \"\"; " SINCE " } );", "key"},
		{HEAD "clinics = ( { name = \"own\"; key = \"" KEY "\"; " SINCE " } );",
		 "a name of"},
		{HEAD "clinics = ( { name = \"\\x1b\"; key = \"" KEY "\"; " SINCE " } );",
		 "control characters"},
		{HEAD "clinics = ( { name = \"A\"; key = \"" KEY "\"; " SINCE
		      " }, { name = \"B\"; key = \"" KEY "\"; " SINCE " } );",
		 "twice"},
		{HEAD "clinics = ( { name = \"A\"; key = \"" KEY "\"; " SINCE " more = 1; } );",
		 "unknown key"},
		{HEAD "@include \"/etc/passwd\"\nclinics = ();", "@include"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct clinics clinics;

		assert_ok(file_write(path, cases[i].text, strlen(cases[i].text), &err), &err);
		assert_int_equal(clinics_read(&clinics, path, &err), STATUS_REFUSED);
		assert_true(text_printable(err.message));
		if (!strstr(err.message, cases[i].words))
			fail_msg("%zu: “%s” does not say “%s”", i, err.message, cases[i].words);
		assert_int_equal(clinics.count, 0);
		assert_null(clinics.item);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disclosure__tells_what_leaves_and_nothing_else_does),
		cmocka_unit_test(disclosure__tells_of_long_texts),
		cmocka_unit_test(disclosure__leaves_the_recipe_as_it_was),
		cmocka_unit_test(disclosure__words),
		CASE(clinics__are_read_as_they_were_written),
		CASE(clinics__are_found),
		CASE(clinics__names_that_may_not_be),
		CASE(clinics__a_file_that_is_not_right_is_refused),
	};

	return cmocka_run_group_tests_name("disclosure", tests, make_recipe, NULL);
}
