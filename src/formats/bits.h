/* Bits in a few bytes, and a spectrum in as few of them as its digits need.
 *
 * An instrument writes four or five decimals, so a spectrum is whole numbers over a power of ten; it is smooth, so their differences, or
 * the differences of these, are small: they are written in Rice's code (Rice 1979), which has a short word for a small number. A mean of n
 * readings is such numbers over n, but for the last bit, by which sums in floating point are off.
 */
#ifndef FORMATS_BITS_H
#define FORMATS_BITS_H

#include "colour/spectrum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bits {
	unsigned char *byte;
	size_t most; /* bits that there are, or room for them */
	size_t at;   /* the next one */
	bool failed; /* beyond the end, or what no writer writes; then 0 is read */
};

void bits_put(struct bits *bits, uint64_t value, int count);
uint64_t bits_take(struct bits *bits, int count);

/* Hexadecimal digits (decimal ones too), four bits each: `count` of them. */
void bits_put_digits(struct bits *bits, const char *digits, int count);
void bits_take_digits(char *slot, struct bits *bits, int count);

/* All bits of a number; one for 0. */
void bits_put_double(struct bits *bits, double value);
double bits_take_double(struct bits *bits);

/* The values of a spectrum, whose grid is known; `repeats`: of how many readings it is the mean. They read back to the same doubles;
 * false where they have more digits than that can be. */
bool bits_put_spectrum(struct bits *bits, const struct spectrum *spectrum, int repeats);
void bits_take_spectrum(struct spectrum *spectrum, struct bits *bits, int repeats);

#endif
