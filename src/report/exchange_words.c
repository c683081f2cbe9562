#include "report/exchange_words.h"

#include "report/jansson.h"

#include <string.h>

enum { WHAT_WIDTH = 26 };

/* --- leaving ------------------------------------------------------------------------------------------ */

static void add_fields(struct text *out, const struct disclosure_list *fields, bool leaves)
{
	const char *head = leaves ? "leaves" : "stays here";

	for (int i = 0; i < fields->count; i++) {
		const struct disclosure_line *line = &fields->line[i];

		if (line->leaves != leaves)
			continue;
		text_addf(out, "  %-11s %-*s %s\n", head, WHAT_WIDTH, line->what, line->value);
		head = "";
	}
}

void words_leaving(struct text *out, const struct recipe_stamp *stamp,
		   const struct disclosure_list *fields)
{
	text_addf(out, "“%s” version %d (%s)\n", stamp->name, stamp->version, stamp->id);
	add_fields(out, fields, true);
	add_fields(out, fields, false);
}

static json_t *of_fields(const struct disclosure_list *fields)
{
	json_t *list = json_array();

	for (int i = 0; i < fields->count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:b}", "field", fields->line[i].what, "value",
					fields->line[i].value, "leaves", fields->line[i].leaves));
	return list;
}

enum status json_leaving(struct text *out, const struct said_leaving *leaving, int count, int added,
			 const char *file, const struct notes *notes, struct error *err)
{
	json_t *recipes = json_array(), *answer;

	for (int i = 0; i < count; i++) {
		json_t *recipe = json_of_stamp(leaving[i].stamp);

		json_object_set_new(recipe, "fields", of_fields(leaving[i].fields));
		json_array_append_new(recipes, recipe);
	}
	answer = json_pack("{s:o}", "recipes", recipes);
	if (added >= 0)
		json_object_set_new(answer, "added", json_integer(added));
	if (file)
		json_object_set_new(answer, "files", json_pack("[s]", file));
	return json_finish(out, answer, notes, err);
}

/* --- arriving ----------------------------------------------------------------------------------------- */

static void add_arrival(struct text *out, const struct said_clinic *clinic)
{
	const char *name = *clinic->name ? clinic->name : clinic->id;

	if (strcmp(clinic->state, "refused") == 0)
		text_addf(out, "%s: REFUSED: %s\n", name, clinic->why);
	else if (strcmp(clinic->state, "old") == 0)
		text_addf(out, "%s: nothing new\n", name);
	else if (strcmp(clinic->state, "new") == 0)
		text_addf(out, "%s: %zu new version%s\n", name, clinic->count,
			  clinic->count == 1 ? "" : "s");
	else if (strcmp(clinic->state, "revoked") == 0)
		text_addf(out, "%s: left aside, it is no longer trusted\n", name);
	else
		text_addf(out,
			  "%s: left aside, it is not known here: %s (“%s”); ask it whether these "
			  "are its words, and then --trust %s\n",
			  name, clinic->fingerprint, clinic->words, clinic->fingerprint);
	for (size_t i = 0; i < clinic->count && strcmp(clinic->state, "new") == 0; i++)
		text_addf(out, "  %s  “%s” version %d\n", clinic->stamp[i].id,
			  clinic->stamp[i].name, clinic->stamp[i].version);
}

void words_arrivals(struct text *out, const struct said_clinic *clinic, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_arrival(out, &clinic[i]);
	if (count == 0)
		text_adds(out, "nothing was shared there yet\n");
}

void words_clinics(struct text *out, const struct said_clinic *clinic, size_t count)
{
	if (count == 0)
		text_adds(out, "no other clinics are known\n");
	for (size_t i = 0; i < count; i++)
		text_addf(out, "%-*s %-8s since %.10s  %s\n%*s “%s”\n", RECIPE_CLINIC_SIZE,
			  clinic[i].name, clinic[i].state, clinic[i].since ? clinic[i].since : "",
			  clinic[i].fingerprint, RECIPE_CLINIC_SIZE + 1, "", clinic[i].words);
}

static json_t *of_clinic(const struct said_clinic *clinic)
{
	json_t *object =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "clinic", clinic->name, "id",
			  clinic->id, "fingerprint", clinic->fingerprint, "words", clinic->words,
			  "state", clinic->state, "new", (json_int_t)clinic->count);

	if (*clinic->why)
		json_object_set_new(object, "why", json_string(clinic->why));
	if (clinic->since)
		json_object_set_new(object, "since", json_string(clinic->since));
	return object;
}

enum status json_clinics(struct text *out, const struct said_clinic *clinic, size_t count,
			 const char *remote, bool sent, const struct notes *notes,
			 struct error *err)
{
	json_t *clinics = json_array(), *recipes = json_array(), *answer;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(clinics, of_clinic(&clinic[i]));
		for (size_t j = 0; j < clinic[i].count && strcmp(clinic[i].state, "new") == 0; j++)
			json_array_append_new(recipes, json_of_stamp(&clinic[i].stamp[j]));
	}
	answer = json_pack("{s:o, s:o}", "recipes", recipes, "clinics", clinics);
	if (remote) {
		json_object_set_new(answer, "remote", json_string(remote));
		json_object_set_new(answer, "sent", json_boolean(sent));
	}
	return json_finish(out, answer, notes, err);
}

/* --- taking over -------------------------------------------------------------------------------------- */

void words_imported(struct text *out, const struct said_import *imported)
{
	const struct recipe *recipe = &imported->recipe[0];

	text_addf(out, "%s “%s” of %s, ",
		  imported->saved ? "took over" : "unchanged:", recipe->stamp.name,
		  imported->clinic);
	if (*recipe->source.clinic)
		text_addf(out, "its version %d, ", recipe->source.version);
	text_addf(out, "as %s version %d of one's own\n", recipe->stamp.id, recipe->stamp.version);
	if (imported->translation_de00 >= 0.0)
		text_addf(out,
			  "solved anew with %s instead of %s: dE00 %.2f to the colour of the "
			  "original, dE00 %.2f to what is required\n",
			  recipe->line.name, imported->line, imported->translation_de00,
			  recipe->predicted.de00);
}

enum status json_imported(struct text *out, const struct said_import *imported,
			  const struct notes *notes, struct error *err)
{
	const struct recipe *recipe = imported->recipe;
	const struct recipe_source *source = &recipe->source;
	json_t *object = json_of_stamp(&recipe->stamp);
	json_t *answer;

	if (*source->clinic)
		json_object_set_new(object, "source",
				    json_pack("{s:s, s:s, s:s, s:i, s:s}", "clinic",
					      imported->clinic, "clinic_id", source->clinic, "id",
					      source->id, "version", source->version, "hash",
					      source->hash));
	answer = json_pack("{s:[o], s:b}", "recipes", object, "saved", imported->saved);
	if (imported->translation_de00 >= 0.0)
		json_object_set_new(answer, "translation",
				    json_pack("{s:s, s:s, s:f, s:f}", "from_line", imported->line,
					      "to_line", recipe->line.name, "de00",
					      imported->translation_de00, "de00_required",
					      recipe->predicted.de00));
	return json_finish(out, answer, notes, err);
}
