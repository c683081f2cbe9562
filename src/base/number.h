/* Numbers as text, strictly, whatever the locale says.
 *
 * Reading accepts the whole of a string or nothing: an optional sign, digits with at most one
 * point, an optional exponent. A decimal comma, nan, inf, hexadecimal, blanks and values beyond
 * the range of a double are refused. Printing gives the fewest digits that read back to the same
 * double.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>

enum { NUMBER_TEXT_SIZE = 32 };

bool number_read(double *value, const char *string);
bool number_read_integer(int *value, const char *string);

/* Shortest text that round-trips; always with a point or an exponent, so that libconfig takes it
 * for a float. Returns `slot`. `value` is finite. */
const char *number_print(char slot[NUMBER_TEXT_SIZE], double value);

/* To NUMBER_DECIMALS decimals, without zeros at the end but the first decimal: "0.05", "20.0". Faster,
 * for long lists of colours; from 900,000 on as number_print(). Returns where it begins in `slot`. */
enum { NUMBER_DECIMALS = 10 };
const char *number_print_fixed(char slot[NUMBER_TEXT_SIZE], double value);

#endif
