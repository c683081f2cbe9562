/* The grammar is checked by hand. What has at most 15 digits and a small power of ten is then one exact
 * division or multiplication of two doubles, which rounds once and so rightly (W. D. Clinger, "How to
 * read floating point numbers accurately", PLDI 1990); that is nearly every number of a reading file,
 * at a fifth of strtod's time. The rest goes to strtod: glibc's is correctly rounded, and with a checked
 * grammar only the decimal point could depend on the locale. The program pins LC_NUMERIC to "C" at its
 * start (cli/main.c); number_read checks that strtod ate everything and so refuses, rather than
 * misreads, where that was undone. */
#include "base/number.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT_DIGITS = 15, EXACT_POWER = 22 }; /* 10^15 < 2^53, and 10^22 is a double */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct decimal {
	uint64_t digits; /* without the point; wrong where there are more than EXACT_DIGITS */
	int count, power;
	bool negative;
};

static const char *take_digits(struct decimal *decimal, const char *s)
{
	for (; is_digit(*s); s++) {
		decimal->digits = 10 * decimal->digits + (uint64_t)(*s - '0');
		decimal->count += decimal->digits > 0 && decimal->count <= EXACT_DIGITS;
	}
	return s;
}

/* Where the exponent ends that `s` begins; NULL where it is none. */
static const char *take_exponent(struct decimal *decimal, const char *s)
{
	bool negative = *++s == '-';
	int power = 0;

	s += *s == '+' || *s == '-';
	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s); s++)
		power = power < 10000 ? 10 * power + (*s - '0') : power;
	decimal->power += negative ? -power : power;
	return s;
}

static bool take_decimal(struct decimal *decimal, const char *s)
{
	const char *whole, *end;
	bool point;

	*decimal = (struct decimal){.negative = *s == '-'};
	s += *s == '+' || *s == '-';
	whole = s;
	s = end = take_digits(decimal, s);
	point = *s == '.';
	if (point) {
		s = take_digits(decimal, s + 1);
		decimal->power = (int)(end + 1 - s);
	}
	if (s - whole - point < 1)
		return false;
	if (*s == 'e' || *s == 'E')
		s = take_exponent(decimal, s);
	return s && *s == 0;
}

bool number_read(double *value, const char *string)
{
	static const double ten_to[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	struct decimal decimal;
	char *end;
	double number;

	if (!take_decimal(&decimal, string))
		return false;
	if (decimal.count <= EXACT_DIGITS && abs(decimal.power) <= EXACT_POWER) {
		number = (double)decimal.digits;
		number = decimal.power < 0 ? number / ten_to[-decimal.power]
					   : number * ten_to[decimal.power];
		*value = decimal.negative ? -number : number;
		return true;
	}
	number = strtod(string, &end);
	if (*end || !isfinite(number))
		return false;
	*value = number;
	return true;
}

bool number_read_integer(int *value, const char *string)
{
	double number;

	if (strpbrk(string, ".eE") || !number_read(&number, string))
		return false;
	if (number < INT_MIN || number > INT_MAX)
		return false;
	*value = (int)number;
	return true;
}

const char *number_print(char slot[NUMBER_TEXT_SIZE], double value)
{
	assert(isfinite(value));
	for (int digits = 15; digits <= 17; digits++) { /* %g drops trailing zeros */
		snprintf(slot, NUMBER_TEXT_SIZE, "%.*g", digits, value);
		if (strtod(slot, NULL) == value)
			break;
	}
	if (!strpbrk(slot, ".e"))
		strcat(slot, ".0");
	return slot;
}

/* Whole and fraction are taken apart as integers, at a tenth of printf's time: 10,000 readings are
 * 130,000 numbers. */
const char *number_print_fixed(char slot[NUMBER_TEXT_SIZE], double value)
{
	int at = NUMBER_TEXT_SIZE - 1, decimals = NUMBER_DECIMALS;
	double scaled = nearbyint(fabs(value) * 1e10);
	uint64_t digits;

	assert(isfinite(value));
	if (scaled >= 9e15)
		return number_print(slot, value);
	digits = (uint64_t)scaled;
	slot[at] = 0;
	for (; decimals > 1 && digits % 10 == 0; decimals--)
		digits /= 10;
	for (; decimals > 0; decimals--, digits /= 10)
		slot[--at] = (char)('0' + digits % 10);
	slot[--at] = '.';
	do
		slot[--at] = (char)('0' + digits % 10);
	while (digits /= 10);
	if (value < 0.0 && scaled > 0.0)
		slot[--at] = '-';
	return slot + at;
}
