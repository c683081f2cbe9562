#include "pigment/pigment.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int pigment_line_find(const struct pigment_line *line, const char *id)
{
	for (int i = 0; i < line->count; i++)
		if (strcmp(line->pigment[i].bottle.id, id) == 0)
			return i;
	return -1;
}

static void clip_pigment(struct pigment *pigment, int first, int count)
{
	memmove(pigment->k_per_mm, pigment->k_per_mm + first, (size_t)count * sizeof(double));
	memmove(pigment->s_per_mm, pigment->s_per_mm + first, (size_t)count * sizeof(double));
}

void pigment_line_clip(struct pigment_line *line, const struct grid *grid)
{
	int first = (int)lround((grid->start_nm - line->grid.start_nm) / line->grid.step_nm);

	for (int i = 0; i < line->count; i++)
		clip_pigment(&line->pigment[i], first, grid->count);
	clip_pigment(&line->diluent, first, grid->count);
	line->grid = *grid;
}

const char *const dose_unit_names[DOSE_UNITS] = {"drops", "volume_share", "mass_share",
						 "g_per_50g_base"};

bool dose_unit_read(enum dose_unit *unit, const char *name)
{
	for (int i = 0; i < DOSE_UNITS; i++)
		if (strcmp(name, dose_unit_names[i]) == 0) {
			*unit = i;
			return true;
		}
	return false;
}

bool pigment_id_valid(const char *id)
{
	return isalnum((unsigned char)*id) &&
	       id[strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			     "0123456789-_.")] == 0;
}

/* Amounts as volumes or masses that may be added up. */
static double quantity(const struct pigment_line *line, const struct bottle *bottle, double amount)
{
	return line->unit == DOSE_DROPS ? amount / bottle->drops_per_ml : amount;
}

enum status pigment_line_shares(double *share, double *diluent_share,
				const struct pigment_line *line, const double *amount,
				double diluent_drops, struct error *err)
{
	double sum = 0.0, whole = 1.0;

	for (int i = 0; i < line->count; i++)
		sum += quantity(line, &line->pigment[i].bottle, amount[i]);
	if (line->unit == DOSE_G_PER_50G_BASE)
		whole = 50.0 + sum;
	if (line->unit == DOSE_DROPS)
		whole = sum + quantity(line, &line->diluent.bottle, diluent_drops);
	if (sum > whole + 1e-9 || whole <= 0.0)
		return error_set(err, STATUS_REFUSED,
				 "shares of %g in all, more than 0 and at most 1 is allowed", sum);
	for (int i = 0; i < line->count; i++)
		share[i] = quantity(line, &line->pigment[i].bottle, amount[i]) / whole;
	*diluent_share = 1.0 - sum / whole;
	return STATUS_OK;
}

void pigment_line_mix(double *k, double *s, const struct pigment_line *line, const double *share,
		      double diluent_share)
{
	for (int b = 0; b < line->grid.count; b++) {
		k[b] = diluent_share * line->diluent.k_per_mm[b];
		s[b] = diluent_share * line->diluent.s_per_mm[b];
	}
	for (int i = 0; i < line->count; i++)
		for (int b = 0; share[i] > 0.0 && b < line->grid.count; b++) {
			k[b] += share[i] * line->pigment[i].k_per_mm[b];
			s[b] += share[i] * line->pigment[i].s_per_mm[b];
		}
}

void pigment_strengthen(struct pigment *pigment, const struct grid *grid, double strength)
{
	for (int b = 0; b < grid->count; b++) {
		pigment->k_per_mm[b] *= strength;
		pigment->s_per_mm[b] *= strength;
	}
}

void pigment_line_clear(struct pigment_line *line)
{
	free(line->pigment);
	*line = (struct pigment_line){0};
}
