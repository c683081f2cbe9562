#include "report/card_words.h"

#include "report/language.h"
#include "report/terms.h"
#include "report/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BETWEEN "  ·  "

/* --- head ------------------------------------------------------------------------------------- */

void card_place(struct text *out, const struct card *card)
{
	const struct recipe *recipe = card->recipe;

	words_version(out, recipe);
	if (*recipe->zone) {
		text_adds(out, BETWEEN);
		text_addf(out, _("Zone %s"), recipe->zone);
	}
	if (recipe->plan.sessions) {
		text_adds(out, BETWEEN);
		text_addf(out, _("Session %d of %d"), recipe->plan.session, recipe->plan.sessions);
	}
	if (card->client) {
		text_adds(out, BETWEEN);
		text_addf(out, _("Client %s"), card->client);
	}
}

/* A day after which a bottle is not to be used; what is no day says nothing. */
static void add_expired(struct text *out, const struct recipe_dose *dose, const char *today)
{
	const struct bottle *bottle = &dose->bottle;

	if (!today || dose->drops == 0 || !clock_day_valid(bottle->expiry) ||
	    strcmp(bottle->expiry, today) >= 0)
		return;
	if (*bottle->lot)
		text_addf(out, _("%s, lot %s: expired on %s. Do not use it."), bottle->name,
			  bottle->lot, bottle->expiry);
	else
		text_addf(out, _("%s: expired on %s. Do not use it."), bottle->name,
			  bottle->expiry);
	text_adds(out, "\n");
}

void card_warnings(struct text *out, const struct card *card)
{
	const struct recipe *recipe = card->recipe;
	size_t before;

	if (*recipe->line.notice)
		text_addf(out, "%s\n", term(recipe->line.notice));
	before = out->length;
	words_miss(out, recipe);
	if (out->length > before)
		text_adds(out, "\n");
	add_expired(out, &recipe->diluent, card->today);
	for (int i = 0; i < recipe->dose_count; i++)
		add_expired(out, &recipe->dose[i], card->today);
	for (int i = 0; i < recipe->session_count; i++)
		if (*recipe->session[i].override) {
			text_addf(out, _("On %s a bottle was used that had expired: %s"),
				  recipe->session[i].stamp.day, recipe->session[i].override);
			text_adds(out, "\n");
		}
}

void card_safety(struct text *out)
{
	text_adds(out, _("Single use. Sterile diluent. Discard the rest after the session."));
}

/* --- how it is put in --------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static void add_fact(struct card_fact *fact, const char *what,
							   const char *format, ...)
{
	va_list arguments;

	fact->what = what;
	va_start(arguments, format);
	vsnprintf(fact->value, sizeof fact->value, format, arguments);
	va_end(arguments);
}

int card_facts(struct card_fact fact[CARD_FACTS], const struct recipe *recipe)
{
	const struct technique *technique = &recipe->brief.technique;
	int count = 0;

	if (!brief_in_skin(&recipe->brief))
		return 0;
	if (*technique->needle)
		add_fact(&fact[count++], _("Needle"), "%s", technique->needle);
	add_fact(&fact[count++], _("Dots"), _("%.2f mm fresh, %.2f mm healed"),
		 technique_dot_mm(technique, STATE_FRESH),
		 technique_dot_mm(technique, STATE_HEALED));
	add_fact(&fact[count++], _("Density"), _("%.0f dots per cm²"),
		 technique->value[TECHNIQUE_DOTS_PER_CM2]);
	add_fact(&fact[count++], _("Depth"), _("%.2f mm of skin above the pigment"),
		 technique->value[TECHNIQUE_DEPTH_MM]);
	return count;
}

/* --- colours ------------------------------------------------------------------------------------ */

int card_looks(struct card_look look[RECIPE_LOOKS_MAX], const struct recipe *recipe)
{
	static const struct {
		const char *label, *shown;
		bool predicted;
	} order[] = {
		{"bare skin", N_("bare skin"), false},
		{"natural field", N_("natural field"), false},
		{"wanted now", N_("wanted now"), false},
		{"patch so far", N_("patch so far"), false},
		{"required dot", N_("target dot"), false},
		{"target", N_("target"), false},
		{"dot, fresh", N_("dot, fresh"), true},
		{"dot, at 7 days", N_("dot, at 7 days"), true},
		{"dot, healed", N_("dot, healed"), true},
		{"drawdown", N_("predicted"), true},
	};
	const struct recipe_look *last = &recipe->predicted.look[recipe->predicted.look_count - 1];
	int count = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const struct recipe_look *found = recipe_look_find(recipe, order[i].label);

		if (found)
			look[count++] = (struct card_look){_(order[i].shown), found,
							   order[i].predicted, found == last};
	}
	return count;
}

void card_look_distance(struct text *out, const struct recipe *recipe, const struct card_look *look)
{
	bool aimed = recipe->predicted.required.grid.count || recipe->brief.has_target_lab;

	if (!look->predicted || !aimed)
		return;
	text_addf(out, "dE00 %.1f", recipe_look_de00(recipe, look->look));
	if (look->own && recipe->predicted.band.de00 > 0.0)
		text_addf(out, " ±%.1f", recipe->predicted.band.de00);
}

const char *card_grade(enum verdict_grade grade)
{
	static const char *const words[] = {N_("PASS"), N_("CAUTION"), N_("FAIL")};

	return _(words[grade]);
}

const char *card_verdict(struct text *out, const struct recipe *recipe)
{
	const struct verdict verdict = recipe_verdict(recipe);

	text_addf(out, _("pass to dE00 %.1f, caution to %.1f: %s"), verdict.pass, verdict.caution,
		  term(verdict.source));
	return card_grade(verdict.grade);
}

/* --- as text ------------------------------------------------------------------------------------- */

static void add_mixing(struct text *out, const struct card *card)
{
	words_mixing(out, card->recipe);
	text_addf(out, "  ");
	text_addf(out, _("Fill the cup of %g ml to %.2f ml."), card->cup_ml,
		  recipe_total_ml(card->recipe));
	text_adds(out, "\n\n");
}

static void add_colours(struct text *out, const struct recipe *recipe)
{
	struct card_look look[RECIPE_LOOKS_MAX];
	int count = card_looks(look, recipe);

	for (int i = 0; i < count; i++) {
		struct text distance = {0};

		card_look_distance(&distance, recipe, &look[i]);
		text_adds(out, "  ");
		words_look_and(out, look[i].label, &look[i].look->lab, &look[i].look->pcs_lab,
			       distance.data ? distance.data : "");
		text_clear(&distance);
	}
}

static void add_quality(struct text *out, const struct recipe *recipe)
{
	struct card_fact fact[CARD_FACTS];
	int facts = card_facts(fact, recipe);
	struct text measure = {0};
	const char *word = card_verdict(&measure, recipe);

	text_addf(out, "%s  (%s)\n", word, measure.data ? measure.data : "");
	text_clear(&measure);
	words_accuracy(out, recipe);
	for (int i = 0; i < facts; i++) {
		text_addf(out, _("%s: %s"), fact[i].what, fact[i].value);
		text_adds(out, "\n");
	}
}

/* Each with what shows that it is one. */
static void add_warnings(struct text *out, const struct card *card)
{
	struct text warnings = {0};
	char *rest, *line;

	card_warnings(&warnings, card);
	rest = warnings.data;
	while (rest && (line = strsep(&rest, "\n")))
		if (*line)
			text_addf(out, "!! %s\n", line);
	text_clear(&warnings);
}

void card_text(struct text *out, const struct card *card)
{
	const struct recipe *recipe = card->recipe;
	struct figures figures;

	figures_begin(&figures);
	text_addf(out, _("MIXING CARD   %s"),
		  *recipe->stamp.name ? recipe->stamp.name : _("Recipe"));
	text_adds(out, "\n");
	card_place(out, card);
	text_adds(out, "\n");
	add_warnings(out, card);
	text_adds(out, "\n");
	add_mixing(out, card);
	add_colours(out, recipe);
	add_quality(out, recipe);
	card_safety(out);
	text_addf(out, "\n%s: ______________________   %s: ____________   %s: ______\n",
		  _("Really mixed"), _("Date"), _("Initials"));
	words_origin(out, recipe);
	text_adds(out, "\n");
	figures_end(&figures);
}
