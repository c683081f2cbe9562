/* The grammar is checked by hand. What has at most 15 digits and a small power of ten is then one exact
 * division or multiplication of two doubles, which rounds once and so rightly (W. D. Clinger, "How to
 * read floating point numbers accurately", PLDI 1990); that is nearly every number of a reading file,
 * at a fifth of strtod's time. What this program prints has up to 17 digits; where a long double holds 64 bits, the same is
 * done in it, and only a result in the very middle between two doubles is left open. The rest goes to strtod: glibc's is correctly rounded, and with a checked
 * grammar only the decimal point could depend on the locale. The program pins LC_NUMERIC to "C" at its
 * start (cli/main.c); number_read checks that strtod ate everything and so refuses, rather than
 * misreads, where that was undone. */
#include "base/number.h"

#include <assert.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if LDBL_MANT_DIG == 64
/* 10^19 < 2^64, and 10^27 = 5^27 2^27 with 5^27 < 2^63 */
enum { EXACT_DIGITS = 19, EXACT_POWER = 27, LEFT_OUT = 0x7ff, MIDDLE = 0x400 };
typedef long double wide;
#else
enum { EXACT_DIGITS = 15, EXACT_POWER = 22 }; /* 10^15 < 2^53, and 10^22 is a double */
typedef double wide;
#endif

static const wide ten_to[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
			      1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
			      1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};

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

/* digits * 10^power, where it is sure to be rounded rightly. */
static bool round_once(double *value, uint64_t digits, int power)
{
	wide number = (wide)digits;

	if (abs(power) > EXACT_POWER)
		return false;
	number = power < 0 ? number / ten_to[-power] : number * ten_to[power];
#if LDBL_MANT_DIG == 64
	uint64_t mantissa;

	memcpy(&mantissa, &number, sizeof mantissa);
	if ((mantissa & LEFT_OUT) == MIDDLE)
		return false;
#endif
	*value = (double)number;
	return true;
}

bool number_read(double *value, const char *string)
{
	struct decimal decimal;
	char *end;
	double number;

	if (!take_decimal(&decimal, string))
		return false;
	if (decimal.count <= EXACT_DIGITS && round_once(&number, decimal.digits, decimal.power)) {
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

static const char *print_slowly(char slot[NUMBER_TEXT_SIZE], double value)
{
	for (int digits = 15; digits <= 17; digits++) { /* %g drops trailing zeros */
		snprintf(slot, NUMBER_TEXT_SIZE, "%.*g", digits, value);
		if (strtod(slot, NULL) == value)
			break;
	}
	if (!strpbrk(slot, ".e"))
		strcat(slot, ".0");
	return slot;
}

#if LDBL_MANT_DIG == 64
/* `digits` of which the first stands for 10^exponent, as %g sets them, with a point in any case. */
static void place_digits(char *slot, uint64_t digits, int count, int exponent)
{
	int end;

	for (; digits % 10 == 0 && count > exponent + 2 && count > 1; count--)
		digits /= 10;
	end = exponent < 0 ? count + 1 - exponent : count + 1;
	slot[end] = 0;
	for (int place = count - 1 - exponent; end > 0;
	     place--) { /* place: digits right of the point still to come */
		if (place == 0)
			slot[--end] = '.';
		if (end > 0) {
			slot[--end] = (char)('0' + digits % 10);
			digits /= 10;
		}
	}
}

/* Digits by one multiplication, which is off by less than a hundredth of the 17th: where that leaves open how they are rounded, or
 * %g would write a power, false. The same text as print_slowly()'s. */
static bool print_quickly(char *slot, double value)
{
	const double size = fabs(value);
	int exponent = -4;

	if (!(size >= 1e-4 && size < 1e9))
		return false;
	while (exponent < 0 ? size * (double)ten_to[-exponent] >= 10.0
			    : size >= (double)ten_to[exponent + 1])
		exponent++;
	for (int count = 15; count <= 17; count++) {
		wide scaled = (wide)size * ten_to[count - 1 - exponent];
		uint64_t digits = (uint64_t)scaled;
		wide rest = scaled - (wide)digits;
		double back;

		if ((rest > 0.49L && rest < 0.51L) || scaled < ten_to[count - 1])
			return false;
		digits += rest > 0.5L;
		if ((wide)digits >= ten_to[count] ||
		    !round_once(&back, digits, exponent + 1 - count))
			return false;
		if (back != size)
			continue;
		if (value < 0.0)
			*slot++ = '-';
		place_digits(slot, digits, count, exponent);
		return true;
	}
	return false;
}
#endif

const char *number_print(char slot[NUMBER_TEXT_SIZE], double value)
{
	assert(isfinite(value));
#if LDBL_MANT_DIG == 64
	if (print_quickly(slot, value))
		return slot;
#endif
	return print_slowly(slot, value);
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
