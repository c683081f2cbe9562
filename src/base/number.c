/* The grammar is checked by hand, then strtod converts: glibc's is correctly rounded, and with a
 * checked grammar only the decimal point could depend on the locale. The program pins LC_NUMERIC
 * to "C" at its start (cli/main.c); number_read checks that strtod ate everything and so refuses,
 * rather than misreads, where that was undone. */
#include "base/number.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_digits(const char *s)
{
	while (isdigit((unsigned char)*s))
		s++;
	return s;
}

static bool is_decimal(const char *s)
{
	const char *whole, *fraction;

	s += *s == '+' || *s == '-';
	whole = s;
	s = skip_digits(s);
	fraction = s;
	if (*s == '.')
		s = skip_digits(s + 1);
	if (s - whole - (*fraction == '.') < 1)
		return false;
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		if (!isdigit((unsigned char)*s))
			return false;
		s = skip_digits(s);
	}
	return *s == 0;
}

bool number_read(double *value, const char *string)
{
	char *end;
	double number;

	if (!is_decimal(string))
		return false;
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
