/* Nonlinear least squares, by Levenberg and Marquardt in cminpack. */
#ifndef BASE_LEAST_SQUARES_H
#define BASE_LEAST_SQUARES_H

#include <stdbool.h>

enum { LEAST_SQUARES_UNKNOWNS_MAX = 8 };

/* Fills `residual` for the unknowns `x`. */
typedef void residuals_function(const void *data, const double *x, double *residual);

/* Moves `x` from where it starts to where the sum of the squares of `count` residuals is smallest nearby;
 * there are at least as many of them as unknowns. `covariance` (unknowns by unknowns, may be NULL) is
 * that of x where each residual has a variance of 1. False without memory, with x as it was. */
bool least_squares(double *x, double *covariance, int unknowns, residuals_function *residuals,
		   const void *data, int count);

#endif
