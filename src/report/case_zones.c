/* The first page of a case report, and its zones. */
#include "report/case_pages.h"

#include "match/verdict.h"
#include "report/card_words.h"
#include "report/language.h"
#include "report/terms.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "0.28 ± 5.9" */
static void add_closeness(struct text *out, const struct recipe *recipe)
{
	text_addf(out, "%.2f", recipe->predicted.de00);
	if (recipe->predicted.band.de00 > 0.0)
		text_addf(out, " ± %.1f", recipe->predicted.band.de00);
}

/* What it looks like before, after, and what it is to look like; false where that is not known. */
static bool find_looks(struct pages_look look[3], const struct dossier_zone *zone)
{
	const struct recipe *first = zone->recipe, *last = &zone->recipe[zone->recipes - 1];
	const struct recipe_look *before = recipe_look_find(first, "patch so far"), *after = NULL,
				 *wanted = recipe_look_find(last, "natural field");

	if (!before)
		before = recipe_look_find(first, "bare skin");
	for (int i = 0; i < last->predicted.look_count; i++)
		if (strncmp(last->predicted.look[i].label, "field, ", 7) == 0 && !after)
			after = &last->predicted.look[i];
	if (!before || !after || (!wanted && !zone->preview))
		return false;
	look[0] = (struct pages_look){term(before->label), before->lab, before->pcs_lab};
	look[1] = (struct pages_look){term(after->label), after->lab, after->pcs_lab};
	if (zone->plan && zone->preview)
		look[2] = (struct pages_look){term("natural field"), zone->plan->natural,
					      zone->preview->natural_pcs};
	else if (wanted)
		look[2] = (struct pages_look){term(wanted->label), wanted->lab, wanted->pcs_lab};
	else
		return false;
	return true;
}

/* --- the first page --------------------------------------------------------------------------------- */

#define CHIP_WIDTH 21.0
#define CHIP_HEIGHT 18.0

static void add_mixes(struct text *out, const struct dossier_zone *zone)
{
	for (int k = 0; k < zone->recipes; k++) {
		text_adds(out, k ? "\n" : "");
		if (zone->recipes > 1)
			text_addf(out, "%d:  ", k + 1);
		words_doses(out, &zone->recipe[k]);
	}
}

static void add_distance(struct text *out, const struct dossier_zone *zone)
{
	if (zone->plan)
		text_addf(out, _("now %.2f\nhealed %.2f"), zone->plan->de00_before,
			  zone->plan->de00_after);
	else if (brief_in_skin(zone->brief))
		text_addf(out, _("healed %.2f"), zone->recipe->predicted.de00_field);
	else
		text_adds(out, "–");
}

static void add_zone_name(struct text *out, const struct dossier_zone *zone)
{
	text_adds(out, zone->name);
	if (*zone->zone)
		text_addf(out, "\n%s", zone->zone);
	if (zone->plan)
		text_addf(out, _n("\n%d session", "\n%d sessions", zone->recipes), zone->recipes);
}

static void summarise(struct pages *pages, const struct pages_table *table,
		      const struct dossier_zone *zone)
{
	const struct recipe *worst = dossier_worst(zone);
	struct text cell[5] = {0};
	struct pages_look look[3];
	const char *words[5];
	double y;

	add_zone_name(&cell[0], zone);
	add_mixes(&cell[2], zone);
	add_closeness(&cell[3], worst);
	text_addf(&cell[3], "\n%s", card_grade(recipe_verdict(worst).grade));
	add_distance(&cell[4], zone);
	for (int i = 0; i < 5; i++)
		words[i] = cell[i].data;
	y = pages_row(pages, table, words);
	if (find_looks(look, zone))
		for (int i = 0; i < 3; i++)
			pages_swatch(pages,
				     pages_column_left(pages, table, 1) + i * (CHIP_WIDTH + 2.5),
				     y + 1.5, CHIP_WIDTH, CHIP_HEIGHT, &look[i].pcs_lab);
	for (int i = 0; i < 5; i++)
		text_clear(&cell[i]);
}

static void explain_summary(struct pages *pages, const struct dossier *dossier)
{
	const struct recipe *recipe = dossier->zone[0].recipe;
	const struct verdict verdict = recipe_verdict(recipe);
	char line[600];

	pages->y += 4.0;
	snprintf(
		line, sizeof line,
		dossier->zone[0].plan
			? _("Dots: how far the mix of the session that is farthest off is from the "
			    "required colour, dE00 (CIEDE2000) close up under %s, %s° observer; ± "
			    "is how near its prediction it comes out 19 times of 20. %s to dE00 "
			    "%.1f, %s to %.1f: %s.")
			: _("Dots: how far the mix is from the required colour, dE00 (CIEDE2000) "
			    "close up under %s, %s° observer; ± is how near its prediction it "
			    "comes out 19 times of 20. %s to dE00 %.1f, %s to %.1f: %s."),
		recipe->brief.light[0].name, recipe->brief.observer, card_grade(VERDICT_PASS),
		verdict.pass, card_grade(VERDICT_CAUTION), verdict.caution, term(verdict.source));
	pages_text(pages, SMALL_SIZE, "", INK_GREY, line);
	if (brief_in_skin(dossier->zone[0].brief))
		pages_text(
			pages, SMALL_SIZE, "", INK_GREY,
			_("Field: how far the treated patch is from the natural field around it, "
			  "dE00 from arm's length. The swatches are the patch now, healed, and "
			  "the natural field. All colours are predictions; what was read "
			  "follows."));
}

/* Each line's notice once, and each recipe that is no match. */
static void warn(struct pages *pages, const struct dossier *dossier)
{
	const char *said = "";

	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++) {
			const struct recipe *recipe = &dossier->zone[z].recipe[k];
			struct text miss = {0}, line = {0};

			if (strcmp(recipe->line.notice, said))
				pages_warning(pages, term(recipe->line.notice));
			said = recipe->line.notice;
			words_miss(&miss, recipe);
			if (miss.data)
				text_addf(&line, _("%s: %s"), dossier->zone[z].name, miss.data);
			pages_warning(pages, line.data);
			text_clear(&miss);
			text_clear(&line);
		}
}

static void write_title(struct pages *pages, const struct dossier *dossier)
{
	const double width = pages_width(pages);
	double size = canvas_fitting_size(pages->canvas, dossier->title, "bold", width, 70, 26, 12);
	struct text line = {0};

	pages_text(pages, 10.0, "", INK_GREY, _("Case report"));
	pages_text(pages, size, "bold", INK_FULL, dossier->title);
	text_addf(&line, "%.10s", dossier->made);
	if (*dossier->code)
		text_addf(&line, _("  ·  client %s"), dossier->code);
	if (dossier->zone[0].plan)
		text_addf(&line, _n("  ·  %d zone", "  ·  %d zones", dossier->zones),
			  dossier->zones);
	else
		text_addf(&line, _n("  ·  %d recipe", "  ·  %d recipes", dossier->zones),
			  dossier->zones);
	if (line.data)
		pages_text(pages, 10.0, "", INK_FULL, line.data);
	text_clear(&line);
	pages->y += 10.0;
}

void report_summary(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {
		{dossier->zone[0].plan ? _("Zone") : _("Recipe"), 90, LEFT},
		{_("Now, healed, natural"), 84, LEFT},
		{dossier->zone[0].plan ? _("Mix of each session, drops") : _("Mix, drops"), 218,
		 LEFT},
		{_("Dots, dE00"), 64, LEFT},
		{_("Field, dE00"), 82, LEFT}};
	const struct pages_table table = {columns, 5, SMALL_SIZE, CHIP_HEIGHT + 2.0, false};

	pages_begin(pages);
	canvas_outline(pages->canvas, 0, _("Summary"));
	write_title(pages, dossier);
	warn(pages, dossier);
	explain_summary(pages, dossier);
	pages->y += 8.0;
	pages_table_head(pages, &table);
	for (int z = 0; z < dossier->zones; z++)
		summarise(pages, &table, &dossier->zone[z]);
}

/* --- a zone in sessions ----------------------------------------------------------------------------- */

static void add_mix(struct text *out, const struct recipe *recipe)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, recipe);

	for (int i = 0; i < count; i++) {
		text_addf(out, _n("%d drop (%.2f ml) ", "%d drops (%.2f ml) ", order[i]->drops),
			  order[i]->drops, order[i]->ml);
		text_addf(out, "%s\n", order[i]->bottle.name);
	}
	text_addf(out, _("%.2f ml in all"), recipe_total_ml(recipe));
}

static void session_row(struct pages *pages, const struct pages_table *table,
			const struct dossier_zone *zone, int k)
{
	const struct planned_session *session = &zone->plan->session[k];
	const struct recipe *recipe = &zone->recipe[k];
	struct text cell[6] = {0};
	const char *words[6];

	text_addf(&cell[0], "%d", k + 1);
	add_mix(&cell[1], recipe);
	text_addf(&cell[2], _("%d per cm²"), session->dots_per_cm2);
	if (session->dots > 0)
		text_addf(&cell[2], _("\n%d in the zone"), session->dots);
	text_addf(&cell[3], "L* %.1f\na* %.1f\nb* %.1f", session->lab_after.l, session->lab_after.a,
		  session->lab_after.b);
	text_addf(&cell[4], "%.2f", session->step_de00);
	add_closeness(&cell[5], recipe);
	text_addf(&cell[5], "\n%s", card_grade(recipe_verdict(recipe).grade));
	for (int i = 0; i < 6; i++)
		words[i] = cell[i].data;
	pages_row(pages, table, words);
	for (int i = 0; i < 6; i++)
		text_clear(&cell[i]);
}

static void session_strip(struct pages *pages, const struct dossier_zone *zone)
{
	char label[PLAN_SESSIONS_MAX][48];
	struct pages_look strip[PLAN_SESSIONS_MAX + 2], ends[3];
	int count = 0;

	if (!find_looks(ends, zone))
		return;
	strip[count++] = ends[0];
	for (int k = 0; k < zone->recipes; k++) {
		const struct recipe_look *look =
			recipe_look_find(&zone->recipe[k], "field, healed");

		if (!look)
			continue;
		snprintf(label[k], sizeof label[k], _("after session %d"), k + 1);
		strip[count++] = (struct pages_look){label[k], look->lab, look->pcs_lab};
	}
	strip[count++] = ends[2];
	pages->y += 6.0;
	pages_strip(pages, strip, count);
}

static void write_plan(struct pages *pages, const struct dossier_zone *zone)
{
	const struct pages_column columns[] = {
		{_("Session"), 46, LEFT},    {_("Mix, in this order"), 190, LEFT},
		{_("Dots"), 82, LEFT},       {_("Patch, healed"), 64, LEFT},
		{_("Step, dE00"), 54, LEFT}, {_("Dots, dE00"), 68, LEFT}};
	const struct pages_table table = {columns, 6, 0, 0, false};
	char line[400];

	snprintf(
		line, sizeof line,
		_("Preset %s. The patch is dE00 %.2f from the natural field now, and %.2f when the "
		  "last session has healed."),
		zone->plan->preset, zone->plan->de00_before, zone->plan->de00_after);
	pages_text(pages, BODY_SIZE, "", INK_FULL, line);
	pages->y += 2.0;
	pages_table_head(pages, &table);
	for (int k = 0; k < zone->recipes; k++)
		session_row(pages, &table, zone, k);
	session_strip(pages, zone);
}

/* --- a recipe by itself ----------------------------------------------------------------------------- */

static void dose_row(struct pages *pages, const struct pages_table *table,
		     const struct recipe_dose *dose, int step)
{
	struct text cell[4] = {0};
	const char *words[4];

	text_addf(&cell[0], "%d", step);
	text_addf(&cell[1], "%s\n", dose->bottle.name);
	words_bottle(&cell[1], &dose->bottle);
	if (dose->strength != 1.0)
		text_addf(&cell[1], _("\n%.2f times as strong as its line says"), dose->strength);
	text_addf(&cell[2], "%d", dose->drops);
	text_addf(&cell[3], "%.2f", dose->ml);
	for (int i = 0; i < 4; i++)
		words[i] = cell[i].data;
	pages_row(pages, table, words);
	for (int i = 0; i < 4; i++)
		text_clear(&cell[i]);
}

static void recipe_strip(struct pages *pages, const struct recipe *recipe)
{
	struct pages_look strip[RECIPE_LOOKS_MAX];
	int count = recipe->predicted.look_count;

	for (int i = 0; i < count; i++)
		strip[i] = (struct pages_look){term(recipe->predicted.look[i].label),
					       recipe->predicted.look[i].lab,
					       recipe->predicted.look[i].pcs_lab};
	pages->y += 6.0;
	pages_strip(pages, strip, count);
}

static void used_row(struct pages *pages, const struct pages_table *table,
		     const struct session_bottle *bottle)
{
	char drops[16], ml[16];
	const char *words[6] = {bottle->pigment, drops,          ml,
				bottle->lot,     bottle->expiry, bottle->opened};

	snprintf(drops, sizeof drops, "%d", bottle->drops);
	snprintf(ml, sizeof ml, "%.2f", bottle->ml);
	pages_row(pages, table, words);
}

/* What was recorded of a session. */
static void write_session(struct pages *pages, const struct recipe_session *session)
{
	const struct pages_column columns[] = {
		{_("Really mixed"), 150, LEFT}, {_("Drops"), 50, RIGHT}, {_("ml"), 50, RIGHT},
		{_("Lot"), 90, LEFT},           {_("Expiry"), 75, LEFT}, {_("Opened"), 75, LEFT}};
	const struct pages_table table = {columns, 6, 0, 0, false};
	struct text line = {0};

	words_session(&line, &session->stamp);
	pages_need(pages, 70.0);
	if (line.data)
		pages_text(pages, BODY_SIZE, "bold", INK_FULL, line.data);
	text_clear(&line);
	pages_table_head(pages, &table);
	for (int i = 0; i < session->bottle_count; i++)
		used_row(pages, &table, &session->bottle[i]);
	if (*session->override) {
		text_addf(&line, _("A bottle had expired, and was used: %s"), session->override);
		if (line.data)
			pages_text(pages, BODY_SIZE, "bold", INK_FULL, line.data);
		text_clear(&line);
	}
	pages->y += 6.0;
}

static void write_facts(struct pages *pages, const struct recipe *recipe)
{
	struct card_fact fact[CARD_FACTS];
	int count = card_facts(fact, recipe);

	for (int i = 0; i < count; i++) {
		char line[2 * CARD_FACT_SIZE];

		snprintf(line, sizeof line, _("%s: %s"), fact[i].what, fact[i].value);
		pages_text(pages, BODY_SIZE, "", INK_FULL, line);
	}
}

static void write_recipe(struct pages *pages, const struct recipe *recipe)
{
	static void (*const parts[])(struct text *, const struct recipe *) = {
		words_version, words_closeness, words_band_of, words_light_change, words_target};
	const struct pages_column columns[] = {{_("Order"), 40, LEFT},
					       {_("Pigment"), 330, LEFT},
					       {_("Drops"), 60, RIGHT},
					       {_("ml"), 60, RIGHT}};
	const struct pages_table table = {columns, 4, 0, 0, false};
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, recipe);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct text line = {0};

		parts[i](&line, recipe);
		if (line.data)
			pages_text(pages, BODY_SIZE, "", INK_FULL, line.data);
		text_clear(&line);
	}
	write_facts(pages, recipe);
	pages->y += 2.0;
	pages_table_head(pages, &table);
	for (int i = 0; i < count; i++)
		dose_row(pages, &table, order[i], i + 1);
	recipe_strip(pages, recipe);
	for (int i = 0; i < recipe->session_count; i++)
		write_session(pages, &recipe->session[i]);
}

/* What a zone takes, about, so that it is not parted where a page holds it; an upper bound for a recipe is not needed. */
static double height_of(const struct dossier_zone *zone)
{
	const double line = 9.5;
	double height = 8.0 * line; /* words, head and swatches */

	for (int k = 0; k < zone->recipes; k++)
		height += line * fmax(zone->recipe[k].dose_count + 2, 3) + 8.0;
	return height + 60.0;
}

void report_zone_names(struct text *out, const struct dossier *dossier, unsigned long zones)
{
	unsigned long all =
		dossier->zones < DOSSIER_ZONES_MAX ? (1UL << dossier->zones) - 1 : 0xffffffffUL;
	bool any = false;

	for (int z = 0; z < dossier->zones; z++)
		if ((zones & 1UL << z) && (zones != all || dossier->zones == 1)) {
			text_addf(out, "%s%s", any ? ", " : "", dossier->zone[z].name);
			any = true;
		}
	if (!any)
		text_adds(out, dossier->zone[0].plan ? _("all zones") : _("all recipes"));
}

/* --- every zone ------------------------------------------------------------------------------------- */

void report_zones(struct pages *pages, const struct dossier *dossier)
{
	pages_section(pages, dossier->zone[0].plan ? _("Plan by session") : _("Mix"));
	if (dossier->zone[0].plan)
		pages_text(
			pages, BODY_SIZE, "", INK_FULL,
			_("Each session is matched on the patch that the one before it leaves; the "
			  "first dots are the lightest. Trainers and a study leave at least 7 days "
			  "between sessions; colours called healed are those after 28 days to 6 "
			  "months. Read the patch before the next session and plan anew what is "
			  "left. Step: dE00 of the healed patch from what it was before."));
	for (int z = 0; z < dossier->zones; z++) {
		const struct dossier_zone *zone = &dossier->zone[z];
		struct text title = {0};

		text_adds(&title, zone->name);
		if (*zone->zone)
			text_addf(&title, _(" (zone %s)"), zone->zone);
		pages_heading(pages, title.data ? title.data : zone->name,
			      fmin(height_of(zone), 0.6 * (pages->bottom - pages->top)));
		text_clear(&title);
		pages_entry(pages, zone->name);
		if (zone->plan)
			write_plan(pages, zone);
		else
			write_recipe(pages, zone->recipe);
	}
}
