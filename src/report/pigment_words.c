#include "report/pigment_words.h"

#include <math.h>
#include <string.h>

static void add_ladder(struct text *out, const struct pigment *pigment, const struct ladder *ladder,
		       const struct ladder_fit *fit)
{
	text_addf(out, "%s  (%s%s)\n", pigment->bottle.id, pigment->origin.hue_bias,
		  fit->trusted ? "" : ", do not trust");
	for (int j = 0; j < ladder->count; j++) {
		text_addf(out, "  %10g  dE00 %.2f", ladder->step[j].amount, fit->step_de00[j]);
		if (fit->checks > 0)
			text_addf(out, "  weighed %+.1f %%",
				  round(1000.0 * (fit->step_factor[j] - 1.0)) / 10.0 + 0.0);
		if (ladder->step[j].spread_de00 >= 0.0)
			text_addf(out, "  repeats %.2f", ladder->step[j].spread_de00);
		text_adds(out, "\n");
	}
	if (fit->checks > 0)
		text_addf(out, "  %10s  dE00 %.2f  each step predicted by the others\n", "mean",
			  fit->leave_one_out_de00);
	for (int i = 0; i < fit->reasons; i++)
		text_addf(out, "  !! %s\n", fit->reason[i]);
}

void words_calibration(struct text *out, const struct pigment_line *line,
		       const struct ladder *ladder, const struct ladder_fit *fit)
{
	text_addf(out, "Line “%s”: %d pigment%s in %s, amounts in %s, %g–%g nm by %g\n", line->name,
		  line->count, line->count == 1 ? "" : "s", line->diluent.bottle.id,
		  dose_unit_names[line->unit], line->grid.start_nm, grid_end_nm(&line->grid),
		  line->grid.step_nm);
	for (int i = 0; i < line->count; i++)
		add_ladder(out, &line->pigment[i], &ladder[i], &fit[i]);
}

static void add_pair(struct text *out, const char *label, const char *value)
{
	if (*value)
		text_addf(out, "  %-12s %s\n", label, value);
}

static void add_pigment(struct text *out, const struct pigment *pigment, const struct grid *grid,
			bool whole)
{
	const struct pigment_origin *origin = &pigment->origin;

	text_addf(out, "%s  %s\n", pigment->bottle.id, pigment->bottle.name);
	if (origin->steps)
		text_addf(out, "  %-12s %d steps, %g to %g, met to dE00 %.2f, %s%s\n",
			  "calibration", origin->steps, origin->least, origin->most,
			  origin->residual_de00, origin->hue_bias,
			  origin->trusted ? "" : ", do not trust");
	if (origin->steps && origin->leave_one_out_de00 >= 0.0)
		text_addf(out, "  %-12s dE00 %.2f\n", "left out", origin->leave_one_out_de00);
	if (!whole)
		return;
	add_pair(out, "maker", pigment->bottle.maker);
	add_pair(out, "shade", pigment->bottle.shade);
	add_pair(out, "lot", pigment->bottle.lot);
	add_pair(out, "expiry", pigment->bottle.expiry);
	add_pair(out, "CI", pigment->ci);
	text_addf(out, "  %-12s %g per ml\n", "drops", pigment->bottle.drops_per_ml);
	if (pigment->price > 0.0)
		text_addf(out, "  %-12s %g per ml\n", "price", pigment->price);
	add_pair(out, "notes", origin->reasons);
	text_addf(out, "  %6s %12s %12s\n", "nm", "K", "S");
	for (int b = 0; b < grid->count; b++)
		text_addf(out, "  %6g %12.5g %12.5g\n", grid_wavelength_nm(grid, b),
			  pigment->k_per_mm[b], pigment->s_per_mm[b]);
}

void words_line(struct text *out, const struct pigment_line *line, int only)
{
	text_addf(out, "Line “%s”, in %s, dosed in %s, K and S %s, %g–%g nm by %g\n", line->name,
		  line->diluent.bottle.id, dose_unit_names[line->unit],
		  line->relative ? "relative to the base" : "per mm", line->grid.start_nm,
		  grid_end_nm(&line->grid), line->grid.step_nm);
	if (*line->made)
		text_addf(out, "calibrated %.10s\n", line->made);
	if (*line->notice)
		text_addf(out, "!! %s\n", line->notice);
	for (int i = 0; i < line->count; i++)
		if (only < 0 || only == i)
			add_pigment(out, &line->pigment[i], &line->grid, only >= 0);
}
