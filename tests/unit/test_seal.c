/* Sealed notes: they come back with their key, and with nothing else. */
#include "support.h"

#include "match/session.h"
#include "store/seal.h"

#include <stdio.h>
#include <string.h>

static char key[CLIENT_KEY_SIZE], sealed[RECIPE_SEALED_SIZE], opened[CLIENT_TEXT_SIZE];
static struct error err;

static int set_up(void **state)
{
	(void)state;
	return seal_make_key(key, &err) ? -1 : 0;
}

static void note__comes_back_with_its_key(void **state)
{
	static const char *const notes[] = {"x", "allergic to nickel", "Größe: „groß“, 30 %"};

	(void)state;
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		assert_ok(seal(sealed, notes[i], key, &err), &err);
		assert_true(seal_open(opened, sealed, key));
		assert_string_equal(opened, notes[i]);
	}
}

/* A frame of 24 + 16 bytes, the text and at least one byte filled up to the next 64, three bytes in four letters:
 * 63 -> 64 -> 104 -> 140; 64 -> 128 -> 168 -> 224; 2000 -> 2048 -> 2088 -> 2784. */
static void sealed__tells_of_its_length_only_in_steps(void **state)
{
	static const struct {
		int length;
		size_t letters;
	} steps[] = {{1, 140}, {63, 140}, {64, 224}, {2000, 2784}};
	char text[CLIENT_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		memset(text, 'n', sizeof text);
		text[steps[i].length] = 0;
		assert_ok(seal(sealed, text, key, &err), &err);
		assert_int_equal(strlen(sealed), steps[i].letters);
		assert_true(recipe_sealed_valid(sealed));
		assert_true(seal_open(opened, sealed, key));
		assert_string_equal(opened, text);
	}
}

static void note__that_is_none_is_not_sealed(void **state)
{
	char text[CLIENT_TEXT_SIZE + 1];

	(void)state;
	memset(text, 'n', sizeof text);
	text[CLIENT_TEXT_SIZE] = 0;
	assert_int_equal(seal(sealed, text, key, &err), STATUS_REFUSED);
	assert_int_equal(seal(sealed, "", key, &err), STATUS_REFUSED);
	assert_int_equal(seal(sealed, "x", "", &err), STATUS_REFUSED);
	assert_int_equal(seal(sealed, "x", "zz", &err), STATUS_REFUSED);
}

static void sealed__is_another_each_time(void **state)
{
	char again[RECIPE_SEALED_SIZE];

	(void)state;
	assert_ok(seal(sealed, "allergic to nickel", key, &err), &err);
	assert_ok(seal(again, "allergic to nickel", key, &err), &err);
	assert_string_not_equal(sealed, again);
}

static void sealed__opens_with_no_other_key(void **state)
{
	char other[CLIENT_KEY_SIZE];

	(void)state;
	assert_ok(seal(sealed, "allergic to nickel", key, &err), &err);
	assert_ok(seal_make_key(other, &err), &err);
	assert_string_not_equal(other, key);
	assert_false(seal_open(opened, sealed, other));
	assert_string_equal(opened, "");
	assert_false(seal_open(opened, sealed, ""));
	other[1] = 'z';
	assert_false(seal_open(opened, sealed, other));
}

static void sealed__with_any_letter_changed_does_not_open(void **state)
{
	(void)state;
	assert_ok(seal(sealed, "allergic to nickel", key, &err), &err);
	for (size_t i = 0; sealed[i]; i++) {
		char kept = sealed[i];

		sealed[i] = kept == 'A' ? 'B' : 'A';
		if (seal_open(opened, sealed, key))
			fail_msg("letter %zu can be changed", i);
		sealed[i] = kept;
	}
	sealed[strlen(sealed) - 4] = 0;
	assert_false(seal_open(opened, sealed, key));
}

static void form__of_what_is_no_sealed_note_is_refused(void **state)
{
	char form[3000];

	(void)state;
	assert_ok(seal(sealed, "x", key, &err), &err); /* 104 bytes: 139 letters and one '=' */
	assert_int_equal(sealed[139], '=');
	assert_true(recipe_sealed_valid(sealed));
	assert_false(recipe_sealed_valid(""));
	assert_false(recipe_sealed_valid("===="));
	snprintf(form, sizeof form, "%s====", sealed);
	assert_false(recipe_sealed_valid(form));
	snprintf(form, sizeof form, "%.139s", sealed);
	assert_false(recipe_sealed_valid(form));
	snprintf(form, sizeof form, "%.136s", sealed); /* 102 bytes */
	assert_false(recipe_sealed_valid(form));
	snprintf(form, sizeof form, "%s", sealed);
	form[7] = '-';
	assert_false(recipe_sealed_valid(form));
	memset(form, 'A',
	       sizeof form); /* 2870 letters and two '=': 2152 bytes, a step more than the longest */
	strcpy(form + 2870, "==");
	assert_false(recipe_sealed_valid(form));
	strcpy(form + 2784, ""); /* 2088 bytes: the longest */
	assert_true(recipe_sealed_valid(form));
	form[56] = 0; /* 42 bytes: 2 beyond the frame */
	assert_false(recipe_sealed_valid(form));
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(note__comes_back_with_its_key),
		CASE(sealed__tells_of_its_length_only_in_steps),
		CASE(note__that_is_none_is_not_sealed),
		CASE(sealed__is_another_each_time),
		CASE(sealed__opens_with_no_other_key),
		CASE(sealed__with_any_letter_changed_does_not_open),
		CASE(form__of_what_is_no_sealed_note_is_refused),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
