#include "support.h"

#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void number_read__takes_plain_decimals(void **state)
{
	const struct {
		const char *text;
		double value;
	} good[] = {{"0", 0},    {"0.75", 0.75}, {"-1.5", -1.5}, {"+2", 2},
		    {".5", 0.5}, {"5.", 5},      {"1e3", 1000},  {"1.25E-2", 0.0125}};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		double value = -99;

		assert_true(number_read(&value, good[i].text));
		assert_close(value, good[i].value, 0);
	}
}

static void number_read__refuses_everything_else_and_leaves_the_value(void **state)
{
	const char *const bad[] = {"",     " ",     "0,5", "nan", "inf",   "NaN", "-inf",
				   "0x10", "1e400", "--5", "1 2", "1.2.3", "e5",  ".",
				   "-",    "1e",    "1e+", " 1",  "1 ",    "1f"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		double value = 7;

		if (number_read(&value, bad[i]))
			fail_msg("“%s” was read as %g", bad[i], value);
		assert_close(value, 7, 0);
	}
}

static void number_read_integer__refuses_fractions_and_overflow(void **state)
{
	int value = 7;

	(void)state;
	assert_true(number_read_integer(&value, "42"));
	assert_int_equal(value, 42);
	assert_false(number_read_integer(&value, "4.0"));
	assert_false(number_read_integer(&value, "3000000000"));
	assert_false(number_read_integer(&value, "1e3"));
	assert_int_equal(value, 42);
}

static void number_print__reads_back_to_the_same_bits(void **state)
{
	unsigned long long seed = 1;
	char slot[NUMBER_TEXT_SIZE];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		double value = (random_share(&seed) - 0.5) * (i % 3 ? 1.0 : 1e200), again;

		assert_true(number_read(&again, number_print(slot, value)));
		assert_memory_equal(&again, &value, sizeof value);
	}
}

static void number_print__is_short_and_always_a_float(void **state)
{
	char slot[NUMBER_TEXT_SIZE];

	(void)state;
	assert_string_equal(number_print(slot, 0.1), "0.1");
	assert_string_equal(number_print(slot, 20), "20.0");
	assert_string_equal(number_print(slot, 0), "0.0");
}

/* glibc's strtod is the oracle, over what is read by one exact operation and what is not. */
static void number_read__rounds_as_strtod_does(void **state)
{
	unsigned long long seed = 2;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		double digits = (random_share(&seed) - 0.5) * pow(10, i % 18), value, expected;
		char text[64];

		snprintf(text, sizeof text, i % 2 ? "%.*fe%d" : "%.*f", i % 7, digits, i % 61 - 30);
		expected = strtod(text, NULL);
		assert_true(number_read(&value, text));
		if (memcmp(&value, &expected, sizeof value))
			fail_msg("%s was read as %.17g, not %.17g", text, value, expected);
	}
}

static void number_print_fixed__has_ten_decimals_at_most(void **state)
{
	const struct {
		double value;
		const char *text;
	} known[] = {{0, "0.0"},
		     {-0.0, "0.0"},
		     {1, "1.0"},
		     {-20.5, "-20.5"},
		     {0.05, "0.05"},
		     {1e-11, "0.0"},
		     {-1e-11, "0.0"},
		     {1e-10, "0.0000000001"},
		     {99.99999999996, "100.0"},
		     {100.25, "100.25"},
		     {1e6, "1000000.0"},
		     {12345.0000000001, "12345.0000000001"}};
	unsigned long long seed = 3;
	char slot[NUMBER_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_string_equal(number_print_fixed(slot, known[i].value), known[i].text);
	for (int i = 0; i < 100000; i++) {
		double value = (random_share(&seed) - 0.5) * 1e3, again;

		assert_true(number_read(&again, number_print_fixed(slot, value)));
		assert_close(again, value, 0.6e-10);
	}
}

/* The shortest of 15, 16 and 17 digits that read back, as %g writes them. */
static void number_print__is_what_g_prints(void **state)
{
	unsigned long long seed = 11;
	char slot[NUMBER_TEXT_SIZE], other[NUMBER_TEXT_SIZE];

	(void)state;
	for (int i = 0; i < 300000; i++) {
		static const double size[] = {1.0, 1e-3, 100.0, -1.0, 1e9, 1e-9, 1e15};
		double value = random_share(&seed) * size[i % 7];

		if (i % 3 == 0) /* a few digits only */
			value = (double)(int)(value * 1e4) / 1e4;
		for (int digits = 15; digits <= 17; digits++) {
			snprintf(other, sizeof other, "%.*g", digits, value);
			if (strtod(other, NULL) == value)
				break;
		}
		if (!strpbrk(other, ".e"))
			strcpy(other + strlen(other), ".0");
		assert_string_equal(number_print(slot, value), other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_read__takes_plain_decimals),
		cmocka_unit_test(number_read__refuses_everything_else_and_leaves_the_value),
		cmocka_unit_test(number_read_integer__refuses_fractions_and_overflow),
		cmocka_unit_test(number_print__reads_back_to_the_same_bits),
		cmocka_unit_test(number_print__is_short_and_always_a_float),
		cmocka_unit_test(number_read__rounds_as_strtod_does),
		cmocka_unit_test(number_print__is_what_g_prints),
		cmocka_unit_test(number_print_fixed__has_ten_decimals_at_most),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
