#include "report/case_words.h"

#include "report/words.h"

/* --- cases -------------------------------------------------------------------------------------- */

static void add_case(struct text *out, const char *code)
{
	if (*code)
		text_addf(out, "Case %s\n", code);
}

void words_case(struct text *out, const char *code, const struct zone_match *zone, int zones)
{
	add_case(out, code);
	for (int z = 0; z < zones; z++) {
		text_addf(out, "%s%s (%s)\n", z || *code ? "\n" : "", zone[z].name, zone[z].preset);
		words_match(out, &zone[z].answer);
	}
}

static void add_session(struct text *out, const struct zone_plan *zone, int k)
{
	const struct planned_session *session = &zone->session[k];

	text_addf(out, "%7d  %8d  ", k + 1, session->dots_per_cm2);
	if (session->dots > 0)
		text_addf(out, "%7d  ", session->dots);
	else
		text_addf(out, "%7s  ", "-");
	text_addf(out, "%6.2f  %7.2f  %6.2f  ", session->step_de00, session->lab_after.l,
		  zone->recipe[k].predicted.de00);
	words_doses(out, &zone->recipe[k]);
	text_adds(out, "\n");
}

void words_plan(struct text *out, const char *code, const struct zone_plan *zone, int zones)
{
	add_case(out, code);
	for (int z = 0; z < zones; z++) {
		const struct zone_plan *one = &zone[z];

		text_addf(out, "%s%s (%s): dE00 %.2f from the natural field, %.2f when healed\n",
			  z || *code ? "\n" : "", one->name, one->preset, one->de00_before,
			  one->de00_after);
		text_addf(out, "%7s  %8s  %7s  %6s  %7s  %6s  %s\n", "session", "dots/cm²", "dots",
			  "step", "L*", "dE00", "drops");
		for (int k = 0; k < one->sessions; k++)
			add_session(out, one, k);
	}
	text_adds(out, "\nstep: dE00 of the healed patch from before; L*: of it; dE00: of the "
		       "session's dots from the required ones\n");
}

/* --- what became of it ------------------------------------------------------------------------ */

void words_correction(struct text *out, const struct correction *correction)
{
	const struct recipe *recipe = &correction->recipe;
	bool in_skin = brief_in_skin(&recipe->brief), adds = correction->added_diluent > 0;

	words_look(out, in_skin ? "patch, predicted" : "drawdown, predicted",
		   &correction->predicted, &correction->predicted);
	words_look(out, in_skin ? "patch, measured" : "drawdown, measured", &correction->measured,
		   &correction->measured);
	text_addf(out, "dE00 %.2f apart; with these strengths %.2f\n", correction->off_de00,
		  correction->residual_de00);
	for (int i = 0; i < recipe->dose_count; i++)
		if (recipe->dose[i].drops > correction->added[i])
			text_addf(out, "  %-20s %.2f times as strong as thought\n",
				  recipe->dose[i].bottle.id, correction->strength[i]);
	text_addf(out, "\nThe mix as it is: dE00 %.2f from the required %s",
		  correction->de00_before, in_skin ? "dot" : "colour");
	if (in_skin)
		text_addf(out, ", the field %.2f", correction->de00_field_before);
	text_adds(out, "\nAdd\n");
	for (int i = 0; i < recipe->dose_count; i++) {
		adds |= correction->added[i] > 0;
		if (correction->added[i] > 0)
			text_addf(out, "  %5d drop%s %s\n", correction->added[i],
				  correction->added[i] == 1 ? " " : "s", recipe->dose[i].bottle.id);
	}
	if (correction->added_diluent > 0)
		text_addf(out, "  %5d drop%s %s\n", correction->added_diluent,
			  correction->added_diluent == 1 ? " " : "s", recipe->diluent.bottle.id);
	if (!adds)
		text_adds(out, "  nothing: no top-up that fits makes a difference that shows\n");
	text_addf(out, "then: dE00 %.2f", correction->de00_after);
	if (in_skin)
		text_addf(out, ", the field %.2f", correction->de00_field_after);
	text_addf(out, ", %.2f ml in the cup\n", recipe_total_ml(recipe));
}

static void add_seen(struct text *out, const struct recipe *recipe)
{
	const struct recipe_seen *seen = &recipe->seen[recipe->seen_count - 1];

	text_addf(out, "%d reading%s %s kept", seen->reading.count,
		  seen->reading.count == 1 ? "" : "s", healing_state_words[seen->state]);
}

void words_treated(struct text *out, const struct recipe *recipe, bool session, bool reading)
{
	text_addf(out, "“%s” %s, version %d: ", recipe->stamp.name, recipe->stamp.id,
		  recipe->stamp.version);
	if (session) {
		words_session(out, &recipe->session[recipe->session_count - 1].stamp);
		text_adds(out, reading ? ", " : " kept");
	}
	if (reading)
		add_seen(out, recipe);
	text_adds(out, "\n");
}

void words_learning(struct text *out, const struct learning *learning)
{
	text_addf(out,
		  "“%s”, from %d readings, %d of them healed; they are met to dE00 %.2f, before "
		  "%.2f\n",
		  learning->technique.name, learning->readings, learning->healed,
		  learning->de00_after, learning->de00_before);
	for (int i = 0; i < LEARNED; i++) {
		const struct learned *learned = &learning->parameter[i];

		text_addf(out, "  %-16s ", technique_parameters[learned->key].name);
		if (learned->told)
			text_addf(out, "%.3g, 95 %% interval %.3g to %.3g (was %.3g)\n",
				  learned->value, learned->least, learned->most, learned->before);
		else
			text_addf(out, "stays %.3g, the readings do not tell\n", learned->before);
	}
}
