#include "report/pigment_words.h"

#include "report/ink.h"

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

/* Volume shares of S. L. Jacques, "Skin Optics" (Oregon Medical Laser Center, 1998). */
static const char *melanin_word(double share)
{
	static const struct {
		double most;
		const char *word;
	} words[] = {{0.013, "less than is published of any skin (1.3 % and more)"},
		     {0.063, "as in light skin (1.3 to 6.3 %)"},
		     {0.11, "between light (to 6.3 %) and medium skin (from 11 %)"},
		     {0.16, "as in medium skin (11 to 16 %)"},
		     {0.18, "between medium (to 16 %) and dark skin (from 18 %)"},
		     {0.43, "as in dark skin (18 to 43 %)"}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (share <= words[i].most)
			return words[i].word;
	return "more than is published of any skin (to 43 %)";
}

static const char *blood_word(double share)
{
	return share < 0.002  ? "less than is published (0.2 to 7 %)"
	       : share > 0.07 ? "more than is published (0.2 to 7 %)"
			      : "as published (0.2 to 7 %)";
}

void words_band(struct text *out, const struct error_band *band, bool in_skin)
{
	text_addf(out, "95 %% within dE00 %.1f of that%s", band->de00,
		  in_skin ? ", healed\n" : "\n");
}

static void add_counter(struct text *out, const char *where, const struct counter *counter)
{
	if (!*counter->id)
		text_addf(out, "  nothing %s counters it\n", where);
	else
		text_addf(out,
			  "  %s most counters it %s: a tenth more pigment, all of it %s, and as "
			  "light "
			  "again, is a* %+.2f b* %+.2f\n",
			  counter->id, where, counter->id, counter->da, counter->db);
}

/* Each within 22.5 degrees of its place on the circle. */
static const char *hue_word(double degrees)
{
	static const char *const words[] = {"red",   "orange",     "yellow", "yellow-green",
					    "green", "blue-green", "blue",   "purple"};

	return words[(int)floor(degrees / 45.0 + 0.5) % 8];
}

void words_explanation(struct text *out, const struct explanation *explanation)
{
	text_adds(out, "Where the healed colour comes from\n");
	for (int i = 0; i < LAYERS; i++) {
		const struct lab *lab = &explanation->layer[i];

		text_addf(out, "  %-27s L* %6.2f  a* %6.2f  b* %6.2f", layer_words[i], lab->l,
			  lab->a, lab->b);
		ink_swatch(out, lab);
		text_adds(out, "\n");
	}
	if (explanation->shift_de00 < 0.005)
		return;
	text_addf(out,
		  "  %.2f mm deep it is off by dE00 %.1f from as light a dot at the top: a* %+.1f "
		  "b* %+.1f, towards hue %.0f° (%s)\n",
		  explanation->depth_mm, explanation->shift_de00, explanation->shift_da,
		  explanation->shift_db, explanation->shift_hue_degrees,
		  hue_word(explanation->shift_hue_degrees));
	add_counter(out, "in this mix", &explanation->in_mix);
	add_counter(out, "in this line", &explanation->in_line);
}

void words_skin(struct text *out, const struct skin *skin)
{
	text_addf(out, "The skin, as fitted to its reading\n");
	text_addf(out, "  melanin      %5.1f %% of the epidermis, %s\n",
		  100.0 * skin->melanin_share, melanin_word(skin->melanin_share));
	text_addf(out, "  blood        %5.1f %% of the dermis, %s\n", 100.0 * skin->blood_share,
		  blood_word(skin->blood_share));
	text_addf(out, "  oxygenation  %5.0f %% of its haemoglobin\n", 100.0 * skin->saturation);
	text_addf(out, "  scattering   %5.2f of the published dermis\n", skin->scattering_scale);
	text_addf(
		out,
		"  fit          misses the reading by %.1f %%; that rest goes into the dermis, so "
		"the reading is met exactly\n",
		100.0 * skin->misfit);
}
