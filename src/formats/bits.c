/* Of all ways to write a spectrum the shortest is taken: with which divisor, of which order the differences are, and which of Rice's
 * codes. The first values of a row, which are large, have their length before them. */
#include "formats/bits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	DECIMALS_MOST = 15, /* 4 bits */
	ORDER_MOST = 2,     /* 2 bits */
	RICE_MOST = 52,     /* 6 bits */
	UNARY_MOST = 24,    /* a longer one is written out */
	ULPS_MOST = 3,
};

/* Whole numbers up to here are doubles. */
#define WHOLE_MOST 9007199254740992.0

void bits_put(struct bits *bits, uint64_t value, int count)
{
	if (bits->at + (size_t)count > bits->most)
		bits->failed = true;
	for (int i = count - 1; i >= 0 && !bits->failed; i--, bits->at++) {
		const unsigned char one = (unsigned char)(0x80u >> bits->at % 8);

		if (value >> i & 1)
			bits->byte[bits->at / 8] |= one;
		else
			bits->byte[bits->at / 8] &= (unsigned char)~one;
	}
}

uint64_t bits_take(struct bits *bits, int count)
{
	uint64_t value = 0;

	if (bits->at + (size_t)count > bits->most)
		bits->failed = true;
	for (int i = 0; i < count && !bits->failed; i++, bits->at++)
		value = value << 1 | (bits->byte[bits->at / 8] >> (7 - bits->at % 8) & 1);
	return value;
}

void bits_put_digits(struct bits *bits, const char *digits, int count)
{
	for (int i = 0; i < count; i++)
		bits_put(bits,
			 (uint64_t)(digits[i] >= 'a' ? digits[i] - 'a' + 10 : digits[i] - '0'), 4);
}

void bits_take_digits(char *slot, struct bits *bits, int count)
{
	for (int i = 0; i < count; i++)
		slot[i] = "0123456789abcdef"[bits_take(bits, 4)];
}

void bits_put_double(struct bits *bits, double value)
{
	uint64_t all;

	memcpy(&all, &value, sizeof all);
	bits_put(bits, all != 0, 1);
	if (all)
		bits_put(bits, all, 64);
}

double bits_take_double(struct bits *bits)
{
	const uint64_t all = bits_take(bits, 1) ? bits_take(bits, 64) : 0;
	double value;

	memcpy(&value, &all, sizeof value);
	if (!(value >= 0.0 && value < WHOLE_MOST)) { /* a stranger's may be no number */
		bits->failed = true;
		value = 0.0;
	}
	return value;
}

/* --- whole numbers ------------------------------------------------------------------------------ */

/* 0, -1, 1, -2 … as 0, 1, 2, 3 … */
static uint64_t fold(int64_t value)
{
	return value < 0 ? 2 * (uint64_t) - (value + 1) + 1 : 2 * (uint64_t)value;
}

static int64_t unfold(uint64_t folded)
{
	return folded & 1 ? -(int64_t)(folded >> 1) - 1 : (int64_t)(folded >> 1);
}

/* Rice's code of order `k`. */
static void put_rice(struct bits *bits, int64_t value, int k)
{
	const uint64_t folded = fold(value), unary = folded >> k;

	if (unary >= UNARY_MOST) {
		bits_put(bits, (1u << UNARY_MOST) - 1, UNARY_MOST);
		bits_put(bits, folded, 64);
		return;
	}
	bits_put(bits, (1u << (unary + 1)) - 2, (int)unary + 1);
	bits_put(bits, folded & ((1ull << k) - 1), k);
}

static int64_t take_rice(struct bits *bits, int k)
{
	uint64_t unary = 0;

	while (unary < UNARY_MOST && bits_take(bits, 1))
		unary++;
	if (unary == UNARY_MOST)
		return unfold(bits_take(bits, 64));
	return unfold(unary << k | bits_take(bits, k));
}

static int rice_length(int64_t value, int k)
{
	const uint64_t unary = fold(value) >> k;

	return unary >= UNARY_MOST ? UNARY_MOST + 64 : (int)unary + 1 + k;
}

static int length_of(uint64_t value)
{
	int length = 0;

	for (; value; value >>= 1)
		length++;
	return length;
}

/* A number by itself: its length before it. */
static void put_single(struct bits *bits, int64_t value)
{
	const int length = length_of(fold(value));

	bits_put(bits, (uint64_t)length, 6);
	bits_put(bits, fold(value), length);
}

static int64_t take_single(struct bits *bits)
{
	return unfold(bits_take(bits, (int)bits_take(bits, 6)));
}

/* --- a spectrum as whole numbers ------------------------------------------------------------------- */

/* value[i] is `number[i]` / `divisor`, off by `ulps[i]` steps of the double. */
struct scaled {
	int count, decimals;
	bool by_repeats;
	int64_t number[SPECTRUM_SAMPLES_MAX];
	int ulps[SPECTRUM_SAMPLES_MAX];
	bool exact; /* no ulps */
	int order, k, length;
};

static double divisor_of(int decimals, bool by_repeats, int repeats)
{
	double divisor = by_repeats ? repeats : 1.0;

	for (int i = 0; i < decimals; i++)
		divisor *= 10.0;
	return divisor;
}

/* The double that is so many steps above a positive one or 0. */
static double step(double value, int64_t steps)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof bits);
	bits += steps;
	memcpy(&value, &bits, sizeof bits);
	return value;
}

static int64_t steps_between(double from, double to)
{
	int64_t a, b;

	memcpy(&a, &from, sizeof a);
	memcpy(&b, &to, sizeof b);
	return b - a;
}

static bool scale_with(struct scaled *out, const struct spectrum *spectrum, double divisor,
		       int ulps_most)
{
	if (divisor > WHOLE_MOST)
		return false;
	out->exact = true;
	for (int i = 0; i < spectrum->grid.count; i++) {
		const double value = spectrum->value[i], whole = nearbyint(value * divisor);
		int64_t off;

		if (!(whole >= 0.0 && whole < WHOLE_MOST) || (whole == 0.0 && value != 0.0))
			return false;
		off = steps_between(whole / divisor, value);
		if (off < -ulps_most || off > ulps_most)
			return false;
		out->number[i] = (int64_t)whole;
		out->ulps[i] = (int)off;
		out->exact = out->exact && off == 0;
	}
	return true;
}

/* With the fewest decimals that do. */
static bool scale(struct scaled *out, const struct spectrum *spectrum, bool by_repeats, int repeats)
{
	out->count = spectrum->grid.count;
	out->by_repeats = by_repeats;
	for (out->decimals = 0; out->decimals <= DECIMALS_MOST; out->decimals++)
		if (scale_with(out, spectrum, divisor_of(out->decimals, by_repeats, repeats),
			       by_repeats ? ULPS_MOST : 0))
			return true;
	return false;
}

/* Replaces numbers by their differences, from `first` on. */
static void difference(int64_t *number, int first, int count)
{
	for (int i = count - 1; i >= first; i--)
		number[i] -= number[i - 1];
}

static void sum_up(int64_t *number, int first, int count)
{
	for (int i = first; i < count; i++) /* a stranger's may run over: as unsigned they may */
		number[i] = (int64_t)((uint64_t)number[i] + (uint64_t)number[i - 1]);
}

/* The best order and code. */
static void choose(struct scaled *scaled)
{
	int64_t number[SPECTRUM_SAMPLES_MAX];

	memcpy(number, scaled->number, sizeof number);
	scaled->length = -1;
	for (int order = 0; order <= ORDER_MOST && order < scaled->count; order++) {
		int singles = 0;

		if (order > 0)
			difference(number, order, scaled->count);
		for (int i = 0; i < order; i++)
			singles += 6 + length_of(fold(number[i]));
		for (int k = 0; k <= RICE_MOST; k++) {
			int length = singles;

			for (int i = order; i < scaled->count; i++)
				length += rice_length(number[i], k);
			if (scaled->length < 0 || length < scaled->length) {
				scaled->order = order;
				scaled->k = k;
				scaled->length = length;
			}
		}
	}
	for (int i = 0; i < scaled->count && !scaled->exact; i++)
		scaled->length += rice_length(scaled->ulps[i], 0);
}

static void put_scaled(struct bits *bits, struct scaled *scaled)
{
	bits_put(bits, scaled->by_repeats, 1);
	bits_put(bits, (uint64_t)scaled->decimals, 4);
	bits_put(bits, scaled->exact, 1);
	bits_put(bits, (uint64_t)scaled->order, 2);
	bits_put(bits, (uint64_t)scaled->k, 6);
	for (int order = 1; order <= scaled->order; order++)
		difference(scaled->number, order, scaled->count);
	for (int i = 0; i < scaled->count; i++) {
		if (i < scaled->order)
			put_single(bits, scaled->number[i]);
		else
			put_rice(bits, scaled->number[i], scaled->k);
		if (!scaled->exact)
			put_rice(bits, scaled->ulps[i], 0);
	}
}

bool bits_put_spectrum(struct bits *bits, const struct spectrum *spectrum, int repeats)
{
	struct scaled *way = malloc(2 * sizeof *way), *best = NULL;

	for (int i = 0; way && i < (repeats > 1 ? 2 : 1); i++) {
		if (!scale(&way[i], spectrum, i == 1, repeats))
			continue;
		choose(&way[i]);
		if (!best || way[i].length < best->length)
			best = &way[i];
	}
	if (best)
		put_scaled(bits, best);
	free(way);
	return best && !bits->failed;
}

void bits_take_spectrum(struct spectrum *spectrum, struct bits *bits, int repeats)
{
	const int count = spectrum->grid.count;
	const bool by_repeats = bits_take(bits, 1);
	const double divisor = divisor_of((int)bits_take(bits, 4), by_repeats, repeats);
	const bool exact = bits_take(bits, 1);
	const int order = (int)bits_take(bits, 2), k = (int)bits_take(bits, 6);
	int64_t number[SPECTRUM_SAMPLES_MAX], ulps[SPECTRUM_SAMPLES_MAX] = {0};

	if (order > ORDER_MOST || k > RICE_MOST || divisor > WHOLE_MOST)
		bits->failed = true;
	for (int i = 0; i < count && !bits->failed; i++) {
		number[i] = i < order ? take_single(bits) : take_rice(bits, k);
		if (!exact)
			ulps[i] = take_rice(bits, 0);
		if (ulps[i] < -ULPS_MOST || ulps[i] > ULPS_MOST)
			bits->failed = true;
	}
	for (int i = order; i >= 1 && !bits->failed; i--)
		sum_up(number, i, count);
	for (int i = 0; i < count && !bits->failed; i++) {
		if (number[i] < 0 || (double)number[i] >= WHOLE_MOST || (number[i] == 0 && ulps[i]))
			bits->failed = true;
		else
			spectrum->value[i] = step((double)number[i] / divisor, ulps[i]);
	}
}
