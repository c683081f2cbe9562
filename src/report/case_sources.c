/* The end of a case report: where all is from, and what was assumed. */
#include "report/case_pages.h"

#include "report/language.h"
#include "report/terms.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

/* --- provenance ------------------------------------------------------------------------------------- */

static void write_recipes(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {
		{_("Recipe"), 170, LEFT}, {_("Version"), 90, LEFT}, {_("Id and hash"), 240, LEFT}};
	const struct pages_table table = {columns, 3, SMALL_SIZE, 0, false};

	pages_heading(pages, _("Recipes"), 40.0);
	pages_table_head(pages, &table);
	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++) {
			const struct dossier_zone *zone = &dossier->zone[z];
			const struct recipe *recipe = &zone->recipe[k];
			struct text name = {0}, version = {0}, id = {0};

			if (zone->plan)
				text_addf(&name, _("%s, session %d"), zone->name, k + 1);
			else
				text_adds(&name, zone->name);
			if (recipe->stamp.version)
				text_addf(&version, _("version %d, %.10s"), recipe->stamp.version,
					  recipe->stamp.made);
			else
				text_adds(&version, _("not saved"));
			text_addf(&id, "%s\n%s", recipe->stamp.id, recipe->stamp.hash);
			if (!*recipe->stamp.hash && id.length)
				id.data[id.length - 1] = 0;
			pages_row(pages, &table,
				  (const char *const[]){name.data, version.data, id.data});
			text_clear(&name);
			text_clear(&version);
			text_clear(&id);
		}
}

static bool bottle_came_before(const struct dossier *dossier, const struct bottle *bottle)
{
	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++) {
			const struct recipe *recipe = &dossier->zone[z].recipe[k];

			for (int i = -1; i < recipe->dose_count; i++) {
				const struct bottle *other =
					i < 0 ? &recipe->diluent.bottle : &recipe->dose[i].bottle;

				if (other == bottle)
					return false;
				if (strcmp(other->id, bottle->id) == 0 &&
				    strcmp(other->maker, bottle->maker) == 0 &&
				    strcmp(other->lot, bottle->lot) == 0 &&
				    strcmp(other->expiry, bottle->expiry) == 0)
					return true;
			}
		}
	return false;
}

static void bottle_row(struct pages *pages, const struct pages_table *table,
		       const struct bottle *bottle)
{
	const char *none = _("not stated");
	char drops[24];
	struct text maker = {0};

	text_addf(&maker, "%s%s%s", bottle->maker, *bottle->maker && *bottle->shade ? ", " : "",
		  bottle->shade);
	snprintf(drops, sizeof drops, "%g", bottle->drops_per_ml);
	pages_row(pages, table,
		  (const char *const[]){bottle->name, maker.data && *maker.data ? maker.data : none,
					*bottle->lot ? bottle->lot : none,
					*bottle->expiry ? bottle->expiry : none, drops});
	text_clear(&maker);
}

static void write_bottles(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {{_("Bottle"), 130, LEFT},
					       {_("Maker, shade"), 140, LEFT},
					       {_("Lot"), 80, LEFT},
					       {_("Expiry"), 90, LEFT},
					       {_("Drops per ml"), 60, RIGHT}};
	const struct pages_table table = {columns, 5, SMALL_SIZE, 0, false};

	pages_heading(pages, _("Bottles and lots"), 40.0);
	pages_table_head(pages, &table);
	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++) {
			const struct recipe *recipe = &dossier->zone[z].recipe[k];

			for (int i = -1; i < recipe->dose_count; i++) {
				const struct recipe_dose *dose =
					i < 0 ? &recipe->diluent : &recipe->dose[i];

				if (dose->drops > 0 && !bottle_came_before(dossier, &dose->bottle))
					bottle_row(pages, &table, &dose->bottle);
			}
		}
}

static const struct recipe *recipe_of_line(const struct dossier *dossier, const char *name)
{
	for (int z = 0; z < dossier->zones; z++)
		for (int k = 0; k < dossier->zone[z].recipes; k++)
			if (strcmp(dossier->zone[z].recipe[k].line.name, name) == 0)
				return &dossier->zone[z].recipe[k];
	return NULL;
}

static void source_row(struct pages *pages, const struct pages_table *table,
		       const struct dossier *dossier, const struct dossier_source *source)
{
	const struct recipe *recipe = strcmp(source->what, "pigment line") == 0
					      ? recipe_of_line(dossier, source->name)
					      : NULL;
	struct text words = {0};

	text_adds(&words, *source->source ? term(source->source) : _("not stated"));
	if (recipe) {
		text_addf(&words, _("\nFingerprint:\n%s"), recipe->line.fingerprint);
		if (*recipe->line.notice)
			text_addf(&words, _("\nNotice: %s"), term(recipe->line.notice));
	}
	pages_row(pages, table,
		  (const char *const[]){term(source->what), source->name, words.data});
	text_clear(&words);
}

static void write_sources(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {
		{_("What"), 76, LEFT}, {_("Name"), 80, LEFT}, {_("Source and licence"), 345, LEFT}};
	const struct pages_table table = {columns, 3, SMALL_SIZE, 0, false};

	pages_heading(pages, _("What the figures rest on"), 40.0);
	pages_table_head(pages, &table);
	for (int i = 0; i < dossier->sources; i++)
		source_row(pages, &table, dossier, &dossier->source[i]);
	pages_row(pages, &table, (const char *const[]){_("program"), dossier->program, NULL});
}

static void write_files(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {{_("File"), 150, LEFT}, {"SHA-256", 350, LEFT}};
	const struct pages_table table = {columns, 2, SMALL_SIZE, 0, false};

	if (dossier->files == 0)
		return;
	pages_heading(pages, _("Files that were read"), 40.0);
	pages_table_head(pages, &table);
	for (int i = 0; i < dossier->files; i++)
		pages_row(pages, &table,
			  (const char *const[]){dossier->file[i].name, dossier->file[i].digest});
}

void report_sources(struct pages *pages, const struct dossier *dossier)
{
	pages_section(pages, _("Where it is from"));
	write_sources(pages, dossier);
	write_bottles(pages, dossier);
	write_recipes(pages, dossier);
	write_files(pages, dossier);
}

/* --- assumptions ------------------------------------------------------------------------------------ */

static bool same_parameter(const struct technique *a, const struct technique *b, int key)
{
	return a->value[key] == b->value[key] && a->least[key] == b->least[key] &&
	       a->most[key] == b->most[key] && strcmp(a->source[key], b->source[key]) == 0;
}

static bool same_needle(const struct technique *a, const struct technique *b)
{
	return strcmp(a->needle, b->needle) == 0 && strcmp(a->needle_source, b->needle_source) == 0;
}

static bool same_technique(const struct technique *a, const struct technique *b)
{
	bool same = strcmp(a->name, b->name) == 0 && same_needle(a, b);

	for (int key = 0; key < TECHNIQUE_KEYS && same; key++)
		same = same_parameter(a, b, key);
	return same;
}

static bool technique_came_before(const struct dossier *dossier, int z)
{
	for (int other = 0; other < z; other++)
		if (brief_in_skin(dossier->zone[other].brief) &&
		    same_technique(&dossier->zone[other].brief->technique,
				   &dossier->zone[z].brief->technique))
			return true;
	return false;
}

/* Where there is a `first` one, what differs from it only. */
static void parameter_row(struct pages *pages, const struct pages_table *table,
			  const struct technique *technique, const struct technique *first, int key)
{
	char value[32], range[64] = "";

	if (first && same_parameter(first, technique, key))
		return;
	if (!*technique->source[key]) { /* an optional one that was left out */
		if (first)
			pages_row(pages, table,
				  (const char *const[]){term(technique_parameters[key].words), "–",
							"", _("not stated")});
		return;
	}
	snprintf(value, sizeof value, "%g", technique->value[key]);
	if (technique->least[key] < technique->most[key])
		snprintf(range, sizeof range, "%g – %g", technique->least[key],
			 technique->most[key]);
	pages_row(pages, table,
		  (const char *const[]){term(technique_parameters[key].words), value, range,
					technique->source[key]});
}

static void needle_row(struct pages *pages, const struct pages_table *table,
		       const struct technique *technique, const struct technique *first)
{
	struct text words = {0};

	if (!*technique->needle || (first && same_needle(first, technique)))
		return;
	text_addf(&words, _("%s: %s"), technique->needle, technique->needle_source);
	pages_row(pages, table, (const char *const[]){_("Needle"), "", "", words.data});
	text_clear(&words);
}

/* The first whole, the others by what differs from it. */
static void write_technique(struct pages *pages, const struct dossier *dossier, int z,
			    const struct technique *first)
{
	const struct pages_column columns[] = {{_("Parameter"), 165, LEFT},
					       {_("Value"), 36, RIGHT},
					       {_("95 % range"), 64, RIGHT},
					       {_("Source"), 225, LEFT}};
	const struct pages_table table = {columns, 4, SMALL_SIZE, 0, false};
	const struct technique *technique = &dossier->zone[z].brief->technique;
	unsigned long zones = 0;
	struct text title = {0}, names = {0};
	bool differ = false;

	for (int other = z; other < dossier->zones; other++)
		if (brief_in_skin(dossier->zone[other].brief) &&
		    same_technique(&dossier->zone[other].brief->technique, technique))
			zones |= 1UL << other;
	report_zone_names(&names, dossier, zones);
	text_addf(&title, _("Technique “%s”: %s"), technique->name, names.data ? names.data : "");
	text_clear(&names);
	pages_heading(pages, title.data ? title.data : technique->name, 60.0);
	text_clear(&title);
	for (int key = 0; key < TECHNIQUE_KEYS && first; key++)
		differ |= !same_parameter(first, technique, key);
	differ |= first && !same_needle(first, technique);
	if (first) {
		text_addf(&title, differ ? _("As “%s” above, but for:") : _("As “%s” above."),
			  first->name);
		pages_text(pages, BODY_SIZE, "", INK_FULL, title.data ? title.data : first->name);
		text_clear(&title);
	}
	if (first && !differ)
		return;
	pages_table_head(pages, &table);
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		parameter_row(pages, &table, technique, first, key);
	needle_row(pages, &table, technique, first);
}

static void write_notes(struct pages *pages, const struct dossier *dossier)
{
	const struct pages_column columns[] = {{"", 1, LEFT}};
	const struct pages_table table = {columns, 1, BODY_SIZE, 0, true};

	if (dossier->notes.count == 0)
		return;
	pages_heading(pages, _("Notes"), 30.0);
	pages_table_head(pages, &table);
	for (size_t i = 0; i < dossier->notes.count; i++)
		pages_row(pages, &table, (const char *const[]){dossier->notes.line[i]});
}

void report_assumptions(struct pages *pages, const struct dossier *dossier)
{
	const struct technique *first = NULL;

	pages_section(pages, _("What was assumed"));
	pages_text(
		pages, BODY_SIZE, "", INK_FULL,
		_("The skin model reproduces the reading of bare skin. How deep pigment sits, how "
		  "much of it stays and how light spreads between dots are parameters of the "
		  "technique; each has its source below, or the word “assumed”. Until "
		  "the clinic's own healed readings take their place, every prediction here is a "
		  "well-reasoned first try, not a promise."));
	write_notes(pages, dossier);
	for (int z = 0; z < dossier->zones; z++) {
		const struct brief *brief = dossier->zone[z].brief;

		if (!brief_in_skin(brief) || technique_came_before(dossier, z))
			continue;
		write_technique(pages, dossier, z, first);
		first = first ? first : &brief->technique;
	}
}
