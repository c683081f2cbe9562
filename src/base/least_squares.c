#include "base/least_squares.h"

#include <cminpack.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MOST = 200 }; /* of unknowns + 1 evaluations */

struct problem {
	residuals_function *residuals;
	const void *data;
};

static int fill(void *data, int count, int unknowns, const double *x, double *residual, int flag)
{
	const struct problem *problem = data;

	(void)count;
	(void)unknowns;
	(void)flag;
	problem->residuals(problem->data, x, residual);
	return 0;
}

/* Blocks of one allocation: residuals, Jacobian, and cminpack's own work. */
struct work {
	double *residual, *jacobian, *work;
	double scale[LEAST_SQUARES_UNKNOWNS_MAX], qtf[LEAST_SQUARES_UNKNOWNS_MAX],
		own[3][LEAST_SQUARES_UNKNOWNS_MAX];
	int pivot[LEAST_SQUARES_UNKNOWNS_MAX];
};

bool least_squares(double *x, double *covariance, int unknowns, residuals_function *residuals,
		   const void *data, int count)
{
	struct problem problem = {residuals, data};
	size_t rows = (size_t)count;
	double *block = malloc(rows * (size_t)(unknowns + 2) * sizeof *block);
	struct work w = {.residual = block};
	int evaluated;

	if (!block)
		return false;
	w.jacobian = block + rows;
	w.work = block + rows * (size_t)(unknowns + 1);
	lmdif(fill, &problem, count, unknowns, x, w.residual, 1e-12, 1e-12, 0.0,
	      ROUNDS_MOST * (unknowns + 1), 0.0, w.scale, 1, 100.0, 0, &evaluated, w.jacobian,
	      count, w.pivot, w.qtf, w.own[0], w.own[1], w.own[2], w.work);
	if (covariance) {
		covar(unknowns, w.jacobian, count, w.pivot, 1e-14, w.own[0]);
		for (int i = 0; i < unknowns; i++)
			for (int j = 0; j < unknowns; j++)
				covariance[i * unknowns + j] = w.jacobian[j * count + i];
	}
	free(block);
	return true;
}
