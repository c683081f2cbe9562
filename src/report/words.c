#include "report/words.h"

#include "report/ink.h"
#include "report/language.h"
#include "report/terms.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* Columns are counted in characters: names hold more bytes than characters. */
static int characters(const char *s)
{
	int count = 0;

	for (; *s; s++)
		count += ((unsigned char)*s & 0xc0) != 0x80;
	return count;
}

static void add_padded(struct text *out, const char *string, int width)
{
	text_adds(out, string);
	for (int i = characters(string); i < width; i++)
		text_adds(out, " ");
}

static int wider(int width, const char *string)
{
	return characters(string) > width ? characters(string) : width;
}

/* --- colours ---------------------------------------------------------------------------------- */

static void add_colour(struct text *out, const struct reading *reading,
		       const struct reading_colour *c, int width)
{
	add_padded(out, reading->name, width);
	text_addf(out,
		  " %6.2f %7.2f %7.2f %7.2f %5.1f %7.1f %7.2f %7.2f %7.2f  %7.2f %7.2f "
		  "%7.2f%s",
		  c->lab.l, c->lab.a, c->lab.b, c->lch.c, c->lch.h, c->ita_degrees, 100 * c->xyz.x,
		  100 * c->xyz.y, 100 * c->xyz.z, c->pcs_lab.l, c->pcs_lab.a, c->pcs_lab.b,
		  c->estimated ? "  lower confidence" : "");
	ink_swatch(out, &c->pcs_lab);
	text_adds(out, "\n");
}

/* RGB and grey as 0 to 255, ink in percent. */
static void add_shown(struct text *out, const struct colours *colours, int width)
{
	double scale = colours->shown.channels == DEVICE_CHANNELS_MAX ? 100.0 : 255.0;
	struct reading reading;

	text_addf(out, "\nShown by %s: %s, %s intent%s\n", colours->shown.name,
		  colours->shown.space, rendering_intent_names[colours->shown.intent],
		  scale == 100.0 ? ", percent of ink" : ", 0 to 255");
	for (size_t i = 0; i < colours->readings.count; i++) {
		const struct shown_colour *shown = &colours->shown.item[i];

		reading_list_get(&reading, &colours->readings, i);
		add_padded(out, reading.name, width);
		for (int c = 0; c < colours->shown.channels; c++)
			text_addf(out, " %6.1f", scale * shown->value[c]);
		if (shown->out_of_gamut)
			text_addf(out, "  out of gamut, off by dE00 %.1f", shown->missed_de00);
		text_adds(out, "\n");
	}
}

void words_lab(struct text *out, const struct colours *colours)
{
	struct reading reading;
	int width = 7;

	for (size_t i = 0; i < colours->readings.count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		width = wider(width, reading.name);
	}
	for (int light = 0; light < colours->light_count; light++) {
		text_addf(out,
			  "%sCIELAB under %s, %s° observer; PCS: ICC Lab (D50, 2°), adapted from "
			  "%s\n",
			  light ? "\n" : "", colours->light[light].illuminant,
			  colours->light[light].observer, colours->light[light].illuminant);
		add_padded(out, "reading", width);
		text_adds(out,
			  "     L*      a*      b*      C*    h°    ITA°       X       Y       Z"
			  "   PCS L*      a*      b*\n");
		for (size_t i = 0; i < colours->readings.count; i++) {
			reading_list_get(&reading, &colours->readings, i);
			add_colour(out, &reading, &colours->light[light].item[i], width);
		}
	}
	if (colours->shown.item)
		add_shown(out, colours, width);
}

/* A spectrum as one line of blocks, from 0 to the next tenth above its largest value. */
static void add_sparkline(struct text *out, const struct spectrum *spectrum)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	enum { WIDTH = 36, BLOCKS = 8 };
	double top = 0.1;

	for (int i = 0; i < spectrum->grid.count; i++)
		while (top < spectrum->value[i])
			top += 0.1;
	for (int i = 0; i < WIDTH; i++) {
		int band = (int)((i + 0.5) * spectrum->grid.count / WIDTH);
		int block = (int)(spectrum->value[band] / top * BLOCKS);

		text_adds(out, blocks[block < BLOCKS ? block : BLOCKS - 1]);
	}
	text_addf(out, " 0..%.1f", top);
}

static bool specular_differs(const struct inspection *inspection)
{
	struct reading first, reading;

	if (inspection->readings.count == 0)
		return false;
	reading_list_get(&first, &inspection->readings, 0);
	for (size_t i = 1; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		if (conditions_specular(&reading.conditions) !=
		    conditions_specular(&first.conditions))
			return true;
	}
	return false;
}

static void add_condition(struct text *out, const char *label, const char *value)
{
	text_addf(out, "  %-12s %s\n", label, *value ? value : "not stated");
}

static void add_conditions(struct text *out, const struct reading *reading, bool differ)
{
	const struct conditions *conditions = &reading->conditions;
	const struct grid *grid = &reading->reflectance.grid;

	add_condition(out, "instrument", conditions->instrument);
	add_condition(out, "geometry", conditions->geometry);
	add_condition(out, "specular",
		      differ ? "differs, see each"
			     : specular_text(conditions_specular(conditions)));
	add_condition(out, "mode", conditions->mode);
	if (conditions->aperture_mm > 0.0)
		text_addf(out, "  %-12s %g mm\n", "aperture", conditions->aperture_mm);
	else
		add_condition(out, "aperture", "");
	add_condition(out, "date", conditions->date);
	if (*conditions->illuminant || *conditions->observer)
		text_addf(out, "  %-12s %s/%s°\n", "its own Lab", conditions->illuminant,
			  conditions->observer);
	if (grid->count)
		text_addf(out, "  %-12s %g–%g nm by %g\n", "wavelengths", grid->start_nm,
			  grid_end_nm(grid), grid->step_nm);
}

static void add_inspected(struct text *out, const struct inspected_reading *item,
			  const struct reading *reading, int width, bool differ)
{
	const struct reading_colour *c = &item->colour;

	text_adds(out, "  ");
	add_padded(out, reading->name, width);
	if (item->has_colour) {
		text_addf(out, " %6.2f %7.2f %7.2f %7.2f %5.1f %7.1f  ", c->lab.l, c->lab.a,
			  c->lab.b, c->lch.c, c->lch.h, c->ita_degrees);
		if (reading->reflectance.grid.count > 0)
			add_sparkline(out, &reading->reflectance);
		else
			text_adds(out, "no spectrum, lower confidence");
		ink_swatch(out, &c->pcs_lab);
	} else if (reading->stated.has_lab)
		text_addf(out, " %6.2f %7.2f %7.2f  stated, no spectrum", reading->stated.lab.l,
			  reading->stated.lab.a, reading->stated.lab.b);
	else if (reading->stated.has_xyz)
		text_addf(out, " XYZ %.2f %.2f %.2f  stated, no spectrum",
			  100 * reading->stated.xyz.x, 100 * reading->stated.xyz.y,
			  100 * reading->stated.xyz.z);
	else
		text_adds(out, " no spectrum");
	if (differ)
		text_addf(out, "  specular %s",
			  specular_text(conditions_specular(&reading->conditions)));
	if (item->compared)
		text_addf(out, "  its own Lab: dE00 %.3f", item->stated_de00);
	text_adds(out, "\n");
}

static void add_inspection(struct text *out, const struct inspection *inspection)
{
	bool differ = specular_differs(inspection);
	struct reading reading;
	int width = 7;

	reading_list_get(&reading, &inspection->readings, 0);
	text_addf(out, "%s: %s, %zu reading%s\n", inspection->file, inspection->format,
		  inspection->readings.count, inspection->readings.count == 1 ? "" : "s");
	add_conditions(out, &reading, differ);
	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		width = wider(width, reading.name);
	}
	text_adds(out, "  ");
	add_padded(out, "reading", width);
	text_adds(out, "     L*      a*      b*      C*    h°    ITA°\n");
	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		add_inspected(out, &inspection->item[i], &reading, width, differ);
	}
	for (int g = 0; g < inspection->groups; g++) {
		const struct inspected_group *group = &inspection->group[g];

		text_addf(out,
			  "  %s%s%s as repeats of one spot: %d readings, spread (MCDM) dE00 %.2f\n",
			  *group->name ? group->name : "all",
			  differ && group->specular != SPECULAR_UNKNOWN ? ", specular " : "",
			  differ && group->specular != SPECULAR_UNKNOWN
				  ? specular_text(group->specular)
				  : "",
			  group->count, group->spread_de00);
	}
}

void words_read(struct text *out, const struct inspection_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			text_adds(out, "\n");
		add_inspection(out, &list->item[i]);
	}
}

void words_difference(struct text *out, const struct difference *difference)
{
	text_addf(out, "dE00 %.4f   dL' %+.4f   dC' %+.4f   dH' %+.4f   dE*ab %.4f\n",
		  difference->de00, difference->parts.dl, difference->parts.dc,
		  difference->parts.dh, difference->de76);
	for (int i = 0; i < difference->light_count; i++)
		text_addf(out, "special metamerism index under %s: dE00 %.2f\n",
			  difference->metamerism[i].name, difference->metamerism[i].index);
}

/* --- recipes ---------------------------------------------------------------------------------- */

int mixing_order(const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1],
		 const struct recipe *recipe)
{
	int count = 0;

	if (recipe->diluent.drops > 0)
		order[count++] = &recipe->diluent;
	for (int i = 0; i < recipe->dose_count; i++) {
		int place = count++;

		for (; place > 0 && order[place - 1] != &recipe->diluent &&
		       order[place - 1]->ml < recipe->dose[i].ml;
		     place--)
			order[place] = order[place - 1];
		order[place] = &recipe->dose[i];
	}
	return count;
}

/* "1 drop ", "12 drops": as wide as the other. */
static void add_drops(struct text *out, int drops)
{
	const char *one = _n("drop", "drops", 1), *many = _n("drop", "drops", 2);

	text_addf(out, "%5d ", drops);
	add_padded(out, _n("drop", "drops", drops), wider(characters(one), many));
}

static void add_condition_of(struct text *out, const struct recipe *recipe)
{
	const struct brief *brief = &recipe->brief;
	const char *light = brief->light[0].name, *observer = brief->observer;

	if (brief_in_skin(brief))
		text_addf(out, _("%s, in this skin, %s/%s°"),
			  term(healing_state_words[brief->state]), light, observer);
	else if (brief->given[ROLE_GROUND])
		text_addf(out, _("film of %g mm, %s/%s°"), brief->thickness_mm, light, observer);
	else
		text_addf(out, _("opaque drawdown, %s/%s°"), light, observer);
}

void words_version(struct text *out, const struct recipe *recipe)
{
	if (recipe->stamp.version)
		text_addf(out, _("Version %d  ·  %.10s"), recipe->stamp.version,
			  recipe->stamp.made);
	else
		text_adds(out, _("Not saved"));
}

void words_miss(struct text *out, const struct recipe *recipe)
{
	if (recipe->predicted.de00 > RECIPE_MISS_DE00)
		text_addf(out, _("no match: misses the required colour by dE00 %.1f"),
			  recipe->predicted.de00);
}

void words_bottle(struct text *out, const struct bottle *bottle)
{
	if (*bottle->lot)
		text_addf(out, _("lot %s  "), bottle->lot);
	if (*bottle->expiry)
		text_addf(out, _("exp. %s  "), bottle->expiry);
	text_addf(out, "%s%s%s", bottle->maker, *bottle->maker && *bottle->shade ? ", " : "",
		  bottle->shade);
}

void words_closeness(struct text *out, const struct recipe *recipe)
{
	struct text condition = {0};

	add_condition_of(&condition, recipe);
	if (text_failed(&condition))
		out->failed = true;
	else if (brief_in_skin(&recipe->brief))
		text_addf(out, _("dE00 %.2f close up, %.2f from arm's length  (%s)"),
			  recipe->predicted.de00, recipe->predicted.de00_field, condition.data);
	else
		text_addf(out, _("dE00 %.2f close up  (%s)"), recipe->predicted.de00,
			  condition.data);
	text_clear(&condition);
}

void words_band_of(struct text *out, const struct recipe *recipe)
{
	const struct error_band *band = &recipe->predicted.band;

	if (band->de00_field > 0.0)
		text_addf(out,
			  _("19 times of 20 within dE00 %.1f of its predicted colour, the patch "
			    "within %.1f"),
			  band->de00, band->de00_field);
	else if (band->de00 > 0.0)
		text_addf(out, _("19 times of 20 within dE00 %.1f of its predicted colour"),
			  band->de00);
}

void words_target(struct text *out, const struct recipe *recipe)
{
	const struct lab *target = &recipe->brief.target_lab;

	if (recipe->brief.has_target_lab)
		text_addf(out, _("Target L* %.1f  a* %.1f  b* %.1f"), target->l, target->a,
			  target->b);
}

/* What kind of light the standards' names are of; NULL of others, which say it themselves. */
static const char *kind_of_light(const struct brief_light *light)
{
	const char *name = light->name;

	if (light->own)
		return NULL;
	if (strncmp(name, "LED-", 4) == 0)
		return _("shop LED");
	if (strcmp(name, "A") == 0)
		return _("warm lamp");
	if (*name == 'F' && (name[1] == 'L' || isdigit((unsigned char)name[1])))
		return _("shop tube");
	return *name == 'D' && isdigit((unsigned char)name[1]) ? _("daylight") : NULL;
}

void words_light_change(struct text *out, const struct recipe *recipe)
{
	const struct brief *brief = &recipe->brief;

	if (!recipe->predicted.required.grid.count)
		return; /* of a bare Lab nobody knows */
	for (int i = 1; i < brief->light_count; i++) {
		const char *name = brief->light[i].name, *kind = kind_of_light(&brief->light[i]);

		text_adds(out, i > 1 ? ", " : _("Change of the match with the light, dE00: "));
		if (kind)
			text_addf(out, _("under %s (%s): %.1f"), kind, name,
				  recipe->predicted.metamerism[i]);
		else
			text_addf(out, _("under %s: %.1f"), name, recipe->predicted.metamerism[i]);
	}
}

void words_regrown(struct text *out, const struct recipe *recipe)
{
	if (recipe->predicted.de00_regrown > 0.0)
		text_addf(out, _("dE00 %.2f from arm's length when the hair is back"),
			  recipe->predicted.de00_regrown);
}

void words_origin(struct text *out, const struct recipe *recipe)
{
	text_addf(out, _("Recipe %s"), recipe->stamp.id);
	if (*recipe->stamp.hash) {
		text_adds(out, "  ·  ");
		text_addf(out, _("hash %.12s"), recipe->stamp.hash);
	}
	text_adds(out, "  ·  ");
	text_addf(out, _("line %s %.12s"), recipe->line.name, recipe->line.fingerprint);
	text_addf(out, "  ·  %s", recipe->program);
}

void words_doses(struct text *out, const struct recipe *recipe)
{
	for (int i = 0; i < recipe->dose_count; i++)
		text_addf(out, "%d %s + ", recipe->dose[i].drops, recipe->dose[i].bottle.id);
	text_addf(out, "%d %s", recipe->diluent.drops, recipe->diluent.bottle.id);
}

void words_look(struct text *out, const char *label, const struct lab *lab,
		const struct lab *pcs_lab)
{
	words_look_and(out, term(label), lab, pcs_lab, "");
}

void words_look_and(struct text *out, const char *label, const struct lab *lab,
		    const struct lab *pcs_lab, const char *beside)
{
	add_padded(out, label, 24);
	text_addf(out, "L* %6.2f  a* %6.2f  b* %6.2f", lab->l, lab->a, lab->b);
	ink_swatch(out, pcs_lab);
	text_addf(out, "%s%s\n", *beside ? "  " : "", beside);
}

static void add_reading(struct text *out, const struct recipe *recipe, enum reading_role role)
{
	const struct repeats *repeats = &recipe->brief.reading[role];

	if (!recipe->brief.given[role])
		return;
	text_adds(out, "  ");
	add_padded(out, term(reading_role_names[role]), 7);
	text_addf(out, " %s (%s), ", repeats->mean.name, repeats->mean.file);
	text_addf(out, _n("%d reading", "%d readings", repeats->count), repeats->count);
	if (repeats->count > 1)
		text_addf(out, _(", spread dE00 %.2f"), repeats->spread_de00);
	text_addf(out, _(", specular %s"), term(specular_text(repeats->mean.conditions.specular)));
	text_adds(out, "\n");
}

static bool holds(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->dose_count; i++)
		if (strcmp(recipe->dose[i].bottle.id, id) == 0)
			return true;
	return false;
}

/* "with white, without red" */
static void add_other_pigments(struct text *out, const struct recipe *recipe,
			       const struct recipe *first)
{
	const char *const with[] = {_("with %s"), _("without %s")};
	const char *separator = "  (";

	for (int side = 0; side < 2; side++) {
		const struct recipe *has = side ? first : recipe, *lacks = side ? recipe : first;

		for (int i = 0; i < has->dose_count; i++) {
			if (holds(lacks, has->dose[i].bottle.id))
				continue;
			text_adds(out, separator);
			text_addf(out, with[side], has->dose[i].bottle.id);
			separator = ", ";
		}
	}
	text_adds(out, *separator == ',' ? ")" : "");
}

static void add_darkness(struct text *out, const struct recipe *recipe)
{
	double steps = floor(recipe->predicted.darker / VARY_DARKNESS_STEP + 0.5);

	text_adds(out, "  ");
	if (steps == 0.0)
		text_adds(out, _("(as dark as required)"));
	else
		text_addf(out, steps > 0.0 ? _("(L* about %g darker)") : _("(L* about %g lighter)"),
			  fabs(steps) * VARY_DARKNESS_STEP);
}

static void add_sturdiness(struct text *out, const struct recipe *recipe)
{
	int smallest = recipe->dose[0].drops;

	for (int i = 1; i < recipe->dose_count; i++)
		if (recipe->dose[i].drops < smallest)
			smallest = recipe->dose[i].drops;
	text_adds(out, "  ");
	text_addf(out, _n("(smallest dose %d drop)", "(smallest dose %d drops)", smallest),
		  smallest);
}

/* By what one of a varied list differs. */
static void add_kind(struct text *out, const struct match_answer *answer, int which)
{
	const struct recipe *recipe = &answer->recipe[which];

	if (answer->vary == VARY_PIGMENTS)
		add_other_pigments(out, recipe, &answer->recipe[0]);
	else if (answer->vary == VARY_DARKNESS)
		add_darkness(out, recipe);
	else if (answer->vary == VARY_STURDINESS)
		add_sturdiness(out, recipe);
}

static void add_list(struct text *out, const struct match_answer *answer)
{
	const char *const kinds[VARIES] = {
		[VARY_PIGMENTS] = _("The best of each set of pigments, against the first"),
		[VARY_DARKNESS] = _("The best of each step of 1 in L* from the required colour"),
		[VARY_STURDINESS] = _("The best of each size of the smallest dose: the more drops, "
				      "the less one of them changes"),
	};

	if (answer->vary)
		text_addf(out, "\n%s", kinds[answer->vary]);
	/* xgettext:no-c-format */
	text_addf(out, "\n%s\n", _("rank    dE00    95 %   field  darker  object.  drops"));
	for (int i = 0; i < answer->count; i++) {
		const struct recipe *recipe = &answer->recipe[i];

		text_addf(out, "%4d  %6.2f  ±%5.1f  ", i + 1, recipe->predicted.de00,
			  recipe->predicted.band.de00);
		if (brief_in_skin(&recipe->brief))
			text_addf(out, "%6.2f  ", recipe->predicted.de00_field);
		else
			text_addf(out, "%6s  ", "-");
		text_addf(out, "%+6.2f  %6.3f  ", recipe->predicted.darker,
			  recipe->predicted.objective);
		words_doses(out, recipe);
		add_kind(out, answer, i);
		text_adds(out, "\n");
	}
	text_addf(out, "\n%s\n",
		  _("95 %: that near its predicted colour a recipe comes out, 19 times of 20"));
}

/* How much better another may be, of a search that did not prove its list. */
static void add_gap(struct text *out, const struct search_proof *proof)
{
	if (proof->bound > 0.0)
		text_addf(out, _("nothing can be better than the first by more than %.2f"),
			  ceil(100.0 * proof->gap) / 100.0);
	else
		text_adds(out, _("better ones may exist"));
}

static void add_proof(struct text *out, const struct match_answer *answer)
{
	const struct search_proof *proof = &answer->proof;

	if (proof->evaluated > 0)
		text_addf(out, _("%llu recipes evaluated or excluded; "), proof->evaluated);
	if (proof->complete)
		text_addf(out,
			  _("every one on this grid in %.2f s, so nothing better exists on it."),
			  proof->seconds);
	else {
		text_addf(out,
			  answer->quick ? _("the fast answer without its proof (%.2f s): ")
					: _("stopped after %.1f s: "),
			  proof->seconds);
		add_gap(out, proof);
		text_adds(out, ".");
	}
	text_adds(out, "\n");
}

void words_match(struct text *out, const struct match_answer *answer)
{
	const struct recipe *best = &answer->recipe[0];

	add_condition_of(out, best);
	text_adds(out, "\n");
	for (int role = 0; role < ROLES; role++)
		add_reading(out, best, role);
	if (best->brief.has_target_lab)
		words_look(out, "target", &best->brief.target_lab, &best->brief.target_lab);
	for (int i = 0; i + 1 < best->predicted.look_count; i++)
		if (strncmp(best->predicted.look[i].label, "field", 5) &&
		    strncmp(best->predicted.look[i].label, "dot", 3))
			words_look(out, best->predicted.look[i].label, &best->predicted.look[i].lab,
				   &best->predicted.look[i].pcs_lab);
	add_list(out, answer);
	add_proof(out, answer);
}

void words_batch_line(struct text *out, const char *name, const struct match_answer *answer,
		      const char *refused)
{
	add_padded(out, name, 24);
	if (*refused) {
		text_addf(out, "  %s\n", refused);
		return;
	}
	text_addf(out, "  dE00 %5.2f  ", answer->recipe[0].predicted.de00);
	words_doses(out, &answer->recipe[0]);
	if (!answer->proof.complete) {
		text_addf(out, "  (%s: ", answer->quick ? _("not proven") : _("stopped"));
		add_gap(out, &answer->proof);
		text_adds(out, ")");
	}
	text_adds(out, "\n");
}

void words_stamps(struct text *out, const struct recipe_stamp *stamp, size_t count)
{
	int width = 4, clinic = 0;

	for (size_t i = 0; i < count; i++) {
		width = wider(width, stamp[i].name);
		clinic = wider(clinic, stamp[i].clinic);
	}
	if (count == 0) {
		text_adds(out, "no recipes\n");
		return;
	}
	add_padded(out, "id", RANDOM_ID_SIZE + 1);
	add_padded(out, "name", width + 2);
	if (clinic)
		add_padded(out, "clinic", clinic + 2);
	text_adds(out, "version  made                  hash\n");
	for (size_t i = 0; i < count; i++) {
		add_padded(out, stamp[i].id, RANDOM_ID_SIZE + 1);
		add_padded(out, stamp[i].name, width + 2);
		if (clinic)
			add_padded(out, *stamp[i].clinic ? stamp[i].clinic : "own", clinic + 2);
		text_addf(out, "%7d  %s  %.12s\n", stamp[i].version, stamp[i].made, stamp[i].hash);
	}
}

void words_comparison(struct text *out, const struct comparison *found)
{
	int width = 0;

	for (int i = 0; i < found->line_count; i++)
		width = wider(width, found->line[i].what);
	for (int i = 0; i < found->line_count; i++) {
		const struct comparison_line *line = &found->line[i];

		add_padded(out, line->what, width + 2);
		text_addf(out, "%s -> %s\n", *line->before ? line->before : "(none)",
			  *line->after ? line->after : "(none)");
	}
	if (!found->line_count)
		text_adds(out, "no difference\n");
	else if (!found->same_light)
		text_adds(out, "colours are under different lights and are not compared\n");
	for (int i = 0; i < found->look_count && found->line_count; i++) {
		const struct comparison_look *look = &found->look[i];

		text_adds(out, i ? "" : "\n");
		add_padded(out, look->label, 24);
		text_addf(out, "L* %6.2f -> %6.2f  a* %6.2f -> %6.2f  b* %6.2f -> %6.2f  dE00 %.2f",
			  look->before.l, look->after.l, look->before.a, look->after.a,
			  look->before.b, look->after.b, look->de00);
		ink_swatch(out, &look->before);
		ink_swatch(out, &look->after);
		text_adds(out, "\n");
	}
}

void words_nearest(struct text *out, const struct recipe_near *near, int count)
{
	if (count == 0)
		text_adds(out, "no recipes\n");
	else
		text_adds(
			out,
			"dE00   required L* a* b*       skin L* a* b*           healed  recipe\n");
	for (int i = 0; i < count; i++) {
		const struct recipe_near *one = &near[i];

		text_addf(out, "%5.2f  %5.1f %5.1f %5.1f", one->de00, one->required.l,
			  one->required.a, one->required.b);
		if (one->has_skin)
			text_addf(out, "  %5.1f %5.1f %5.1f", one->skin.l, one->skin.a,
				  one->skin.b);
		else
			add_padded(out, "  -", 19);
		if (one->has_healed)
			text_addf(out, "  dE00 %5.2f", one->healed_de00);
		else
			add_padded(out, "  -", 12);
		text_addf(out, "  %s@%d  %s", one->stamp.name, one->stamp.version, one->stamp.id);
		ink_swatch(out, &one->required);
		if (one->has_skin)
			ink_swatch(out, &one->skin);
		text_adds(out, "\n");
	}
}

void words_session(struct text *out, const struct session_stamp *session)
{
	if (session->number)
		text_addf(out, _("session %d of %s"), session->number, session->day);
	else
		text_addf(out, _("session of %s"), session->day);
	if (*session->operator_code)
		text_addf(out, _(" by %s"), session->operator_code);
}

void words_sessions(struct text *out, const struct recipe_treated *session, int count)
{
	for (int i = 0; i < count; i++) {
		words_session(out, &session[i].session);
		text_addf(out, _(", in version %d"), session[i].stamp.version);
		text_adds(out, "\n");
	}
}

void words_lots(struct text *out, const struct recipe_lot *lots, int count)
{
	if (count == 0)
		text_addf(out, "%s\n", _("no lots"));
	for (int i = 0; i < count; i++) {
		const struct recipe_lot *lot = &lots[i];

		add_padded(out, *lot->expiry ? lot->expiry : _("no expiry"), 12);
		add_padded(out, lot->lot, 16);
		add_padded(out, lot->pigment, 20);
		text_addf(out, "%s@%d  %s  %.10s", lot->stamp.name, lot->stamp.version,
			  lot->stamp.id, lot->stamp.made);
		if (*lot->session.day) {
			text_adds(out, "  ");
			words_session(out, &lot->session);
		}
		text_adds(out, "\n");
	}
}

static void add_title(struct text *out, const struct recipe *recipe)
{
	text_adds(out, *recipe->stamp.name ? recipe->stamp.name : _("(no name yet)"));
	text_adds(out, "  ·  ");
	words_version(out, recipe);
	if (*recipe->zone) {
		text_adds(out, "  ·  ");
		text_addf(out, _("zone %s"), recipe->zone);
	}
	if (recipe->plan.sessions) {
		text_adds(out, "  ·  ");
		text_addf(out, _("session %d of %d"), recipe->plan.session, recipe->plan.sessions);
	}
	text_adds(out, "\n");
}

static void add_warning(struct text *out, const struct recipe *recipe)
{
	struct text miss = {0};

	if (*recipe->line.notice)
		text_addf(out, "!! %s\n", term(recipe->line.notice));
	words_miss(&miss, recipe);
	if (miss.data)
		text_addf(out, "!! %s\n", miss.data);
	text_clear(&miss);
}

void words_mixing(struct text *out, const struct recipe *recipe)
{
	const struct recipe_dose *order[RECIPE_PIGMENTS_MAX + 1];
	int count = mixing_order(order, recipe), width = 0;

	for (int i = 0; i < count; i++)
		width = wider(width, order[i]->bottle.name);
	for (int i = 0; i < count; i++) {
		const struct bottle *bottle = &order[i]->bottle;

		text_addf(out, "  %d.  ", i + 1);
		add_padded(out, bottle->name, width);
		text_adds(out, " ");
		add_drops(out, order[i]->drops);
		text_addf(out, "  %6.2f ml   ", order[i]->ml);
		words_bottle(out, bottle);
		if (order[i]->strength != 1.0) {
			text_adds(out, "  ");
			text_addf(out, _("(%.2f times as strong as its line says)"),
				  order[i]->strength);
		}
		text_adds(out, "\n");
	}
	text_adds(out, "  ");
	text_addf(out, _("Stir. %.2f ml in all."), recipe_total_ml(recipe));
	text_adds(out, "\n");
}

static void add_line(struct text *out, void (*words)(struct text *, const struct recipe *),
		     const struct recipe *recipe)
{
	size_t before = out->length;

	words(out, recipe);
	if (out->length > before)
		text_adds(out, "\n");
}

void words_accuracy(struct text *out, const struct recipe *recipe)
{
	add_line(out, words_closeness, recipe);
	add_line(out, words_band_of, recipe);
	add_line(out, words_target, recipe);
	add_line(out, words_light_change, recipe);
	add_line(out, words_regrown, recipe);
}

/* Doses, accuracy and looks. */
static void add_mix(struct text *out, const struct recipe *recipe)
{
	add_warning(out, recipe);
	text_adds(out, "\n");
	words_mixing(out, recipe);
	text_adds(out, "\n");
	words_accuracy(out, recipe);
	for (int i = 0; i < recipe->predicted.look_count; i++) {
		text_adds(out, "  ");
		words_look(out, recipe->predicted.look[i].label, &recipe->predicted.look[i].lab,
			   &recipe->predicted.look[i].pcs_lab);
	}
}

static void add_technique(struct text *out, const struct technique *technique)
{
	int width = 52;

	text_adds(out, "\n");
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		width = wider(width, term(technique_parameters[key].words));
	text_addf(out, _("Technique “%s”"), technique->name);
	text_adds(out, "\n");
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		text_adds(out, "  ");
		add_padded(out, term(technique_parameters[key].words), width);
		text_addf(out, "%8g  (%s)\n", technique->value[key], technique->source[key]);
	}
}

static void add_used(struct text *out, const struct session_bottle *bottle)
{
	text_adds(out, "    ");
	add_padded(out, bottle->pigment, 20);
	text_adds(out, " ");
	add_drops(out, bottle->drops);
	text_addf(out, "  %6.2f ml", bottle->ml);
	if (*bottle->lot) {
		text_adds(out, "  ");
		text_addf(out, _("lot %s"), bottle->lot);
	}
	if (*bottle->expiry) {
		text_adds(out, "  ");
		text_addf(out, _("exp. %s"), bottle->expiry);
	}
	if (*bottle->opened) {
		text_adds(out, "  ");
		text_addf(out, _("opened %s"), bottle->opened);
	}
	text_adds(out, "\n");
}

static void add_sessions(struct text *out, const struct recipe *recipe)
{
	if (recipe->session_count)
		text_addf(out, "\n%s\n", _("Sessions"));
	for (int i = 0; i < recipe->session_count; i++) {
		const struct recipe_session *session = &recipe->session[i];

		text_adds(out, "  ");
		words_session(out, &session->stamp);
		text_adds(out, "\n");
		for (int k = 0; k < session->bottle_count; k++)
			add_used(out, &session->bottle[k]);
		if (*session->override) {
			text_adds(out, "    !! ");
			text_addf(out, _("a bottle had expired: %s"), session->override);
			text_adds(out, "\n");
		}
	}
}

static void add_sealed(struct text *out, const struct recipe *recipe,
		       const struct opened_notes *opened)
{
	if (recipe->sealed_count)
		text_addf(out, "\n%s\n", _("Sealed notes"));
	for (int i = 0; i < recipe->sealed_count; i++)
		text_addf(out, "  %s\n",
			  *opened->text[i] ? opened->text[i]
					   : _("(a sealed note whose key is not here)"));
}

void words_recipe(struct text *out, const struct recipe *recipe, const struct opened_notes *opened)
{
	add_title(out, recipe);
	text_addf(out, _("id %s"), recipe->stamp.id);
	if (*recipe->stamp.hash)
		text_addf(out, _(", hash %s"), recipe->stamp.hash);
	if (*recipe->stamp.parent) {
		text_adds(out, "\n");
		text_addf(out, _("parent %s"), recipe->stamp.parent);
	}
	text_adds(out, "\n");
	text_addf(out, _("pigment line %s, fingerprint %.12s"), recipe->line.name,
		  recipe->line.fingerprint);
	text_adds(out, "\n");
	add_mix(out, recipe);
	if (brief_in_skin(&recipe->brief)) {
		text_adds(out, "  ");
		text_addf(out,
			  _("skin fit: melanin %.1f %%, blood %.2f %%, oxygenation %.0f %%, "
			    "scattering %.2f times usual, missed by %.1f %%"),
			  100 * recipe->predicted.melanin_share,
			  100 * recipe->predicted.blood_share, 100 * recipe->predicted.saturation,
			  recipe->predicted.scattering_scale, 100 * recipe->predicted.skin_misfit);
		text_adds(out, "\n");
	}
	text_addf(out, "\n%s\n", _("Readings"));
	for (int role = 0; role < ROLES; role++)
		add_reading(out, recipe, role);
	if (brief_in_skin(&recipe->brief))
		add_technique(out, &recipe->brief.technique);
	if (recipe->note_count)
		text_addf(out, "\n%s\n", _("Notes"));
	for (int i = 0; i < recipe->note_count; i++)
		text_addf(out, "  %s\n", recipe->note[i]);
	add_sessions(out, recipe);
	add_sealed(out, recipe, opened);
}
