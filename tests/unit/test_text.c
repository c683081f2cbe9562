#include "support.h"

#include "base/clock.h"
#include "base/notes.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void text_addf__grows_past_its_first_room(void **state)
{
	struct text text = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		text_addf(&text, "%04d", i);
	assert_int_equal(text.length, 4000);
	assert_memory_equal(text.data + 3996, "0999", 5);
	text_clear(&text);
	assert_null(text.data);
}

static void text_copy__cuts_at_a_whole_character(void **state)
{
	char slot[4];

	(void)state;
	text_copy(slot, sizeof slot, "aä€"); /* 1 + 2 + 3 bytes: the last does not fit */
	assert_string_equal(slot, "aä");
}

static void text_printable__refuses_controls_and_broken_utf8(void **state)
{
	(void)state;
	assert_true(text_printable("Größe 漢字 😀"));
	assert_false(text_printable("a\x1b[2J"));
	assert_false(text_printable("a\nb"));
	assert_false(text_printable("\xc2\x9b"));     /* U+009B, a control sequence introducer */
	assert_false(text_printable("\xc0\xaf"));     /* overlong '/' */
	assert_false(text_printable("\xed\xa0\x80")); /* a surrogate */
	assert_false(text_printable("\xff"));
	assert_false(text_printable("\xe2\x82"));     /* cut off */
	assert_true(text_printable("\xe2\x80\x8f"));  /* U+200F, a mark that turns nothing else */
	assert_false(text_printable("\xe2\x80\xae")); /* U+202E turns what follows */
	assert_false(text_printable("\xe2\x81\xa6")); /* U+2066 */
	assert_true(text_printable("\xe2\x81\xaa"));
}

static void error_set__keeps_one_line_and_no_escapes(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(error_set(&err, STATUS_REFUSED, "a%sb", "\n\x1b["), STATUS_REFUSED);
	assert_string_equal(err.message, "a??[b");
}

static void notes_addf__says_a_thing_once(void **state)
{
	struct notes notes = {0};

	(void)state;
	notes_addf(&notes, "assumed %d", 1);
	notes_addf(&notes, "assumed %d", 1);
	notes_addf(&notes, "assumed %d", 2);
	assert_int_equal(notes.count, 2);
	notes_clear(&notes);
}

static void clock_text__follows_source_date_epoch(void **state)
{
	char text[CLOCK_TEXT_SIZE];

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "86400", 1);
	clock_text(text);
	unsetenv("SOURCE_DATE_EPOCH");
	assert_string_equal(text, "1970-01-02T00:00:00Z");
}

static void clock_text_valid__knows_the_calendar(void **state)
{
	(void)state;
	assert_true(clock_text_valid("2028-02-29T23:59:59Z"));
	assert_false(clock_text_valid("2027-02-29T23:59:59Z"));
	assert_false(clock_text_valid("2026-11-23"));
	assert_false(clock_text_valid("2026-11-23T04:30:00Z "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_addf__grows_past_its_first_room),
		cmocka_unit_test(text_copy__cuts_at_a_whole_character),
		cmocka_unit_test(text_printable__refuses_controls_and_broken_utf8),
		cmocka_unit_test(error_set__keeps_one_line_and_no_escapes),
		cmocka_unit_test(notes_addf__says_a_thing_once),
		cmocka_unit_test(clock_text__follows_source_date_epoch),
		cmocka_unit_test(clock_text_valid__knows_the_calendar),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
