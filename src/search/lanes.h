/* As many numbers at a time as the machine's registers hold, in gcc's vector types: what the search's model is
 * written in.
 *
 * vector.c is compiled once for each width: VECTOR_LANES is 16 with AVX-512, 8 with AVX2, else 4. Results may differ
 * in the last bit between them; the search decides nothing by that (forward.h).
 */
#ifndef SEARCH_LANES_H
#define SEARCH_LANES_H

#include "search/forward.h"

#include <string.h>

#ifndef VECTOR_LANES
#define VECTOR_LANES 4
#endif

typedef float lanes __attribute__((vector_size(VECTOR_LANES * sizeof(float))));
typedef int lane_ints __attribute__((vector_size(VECTOR_LANES * sizeof(int))));

#define LANES_INLINE static inline __attribute__((always_inline))

/* Those of an array of LANES that begin at `first`. */
LANES_INLINE lanes lanes_load(const float array[LANES], int first)
{
	lanes x;

	memcpy(&x, __builtin_assume_aligned(array + first, sizeof x), sizeof x);
	return x;
}

LANES_INLINE void lanes_store(float array[LANES], int first, lanes x)
{
	memcpy(__builtin_assume_aligned(array + first, sizeof x), &x, sizeof x);
}

LANES_INLINE lanes lanes_of(float x)
{
	return x - (lanes){0};
}

/* `yes` where the mask is set (all bits), else `no`. */
LANES_INLINE lanes lanes_select(lane_ints mask, lanes yes, lanes no)
{
	return (lanes)((mask & (lane_ints)yes) | (~mask & (lane_ints)no));
}

LANES_INLINE lanes lanes_abs(lanes x)
{
	return (lanes)((lane_ints)x & 0x7fffffff);
}

LANES_INLINE lanes lanes_max(lanes a, lanes b)
{
	return lanes_select(a > b, a, b);
}

LANES_INLINE lanes lanes_min(lanes a, lanes b)
{
	return lanes_select(a < b, a, b);
}

/* For x >= 0, to 2e-7 of itself: 1 / sqrt x from half of its exponent bits and three of Newton's steps, because
 * gcc has no square root of its vector types. */
LANES_INLINE lanes lanes_sqrt(lanes x)
{
	lanes half = 0.5f * x, y = (lanes)(0x5f375a86 - ((lane_ints)x >> 1));

	y *= 1.5f - half * y * y;
	y *= 1.5f - half * y * y;
	y *= 1.5f - half * y * y;
	return x * y;
}

/* e^x for -80 <= x <= 80, to 2e-7 of itself: 2^n by its exponent bits, the rest by a polynomial. */
LANES_INLINE lanes lanes_exp(lanes x)
{
	lanes scaled = x * 1.442695041f;
	lane_ints n = __builtin_convertvector(
		scaled + lanes_select(scaled < 0.0f, lanes_of(-0.5f), lanes_of(0.5f)), lane_ints);
	lanes whole = __builtin_convertvector(n, lanes);
	lanes r = x - whole * 0.693359375f + whole * 2.12194440e-4f; /* ln 2 in two parts */
	lanes p = ((((1.9875691e-4f * r + 1.3981999e-3f) * r + 8.3334519e-3f) * r + 4.1665795e-2f) *
			   r +
		   1.6666665e-1f) *
			  r +
		  5.0000001e-1f;

	return (p * r * r + r + 1.0f) * (lanes)((n + 127) << 23);
}

/* For x > 0: a third of the exponent bits is a start within 5 %, each of Halley's steps cubes that. */
LANES_INLINE lanes lanes_cbrt(lanes x)
{
	lanes bits = __builtin_convertvector((lane_ints)x, lanes);
	lanes y = (lanes)(__builtin_convertvector(bits * 0.333333333f, lane_ints) + 709921077);
	lanes cube = y * y * y;

	y *= (cube + 2.0f * x) / (2.0f * cube + x);
	cube = y * y * y;
	return y * ((cube + 2.0f * x) / (2.0f * cube + x));
}

/* arctan x for |x| <= 1, to 1e-6: A&S 4.4.49. */
LANES_INLINE lanes lanes_atan(lanes x)
{
	lanes s = x * x;

	return x * ((((((((0.0028662257f * s - 0.0161657367f) * s + 0.0429096138f) * s -
			 0.0752896400f) *
				s +
			0.1065626393f) *
			       s -
		       0.1420889944f) *
			      s +
		      0.1999355085f) *
			     s -
		     0.3333314528f) *
			    s +
		    1.0f);
}

#endif
