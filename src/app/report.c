/* The request `report`: what plan, preview and kept recipes say, and what they rest on. Nothing is computed here that another
 * request does not answer too, but the colours of readings. */
#include "app/exchange.h"
#include "app/steps.h"
#include "base/file.h"
#include "base/version.h"
#include "formats/case_file.h"
#include "formats/profile.h"
#include "formats/reading_file.h"
#include "formats/recipe_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- lists that grow -------------------------------------------------------------------------------- */

static void *grow(void *list, int count, size_t size, struct error *err)
{
	void *grown = realloc(list, (size_t)(count + 1) * size);

	if (!grown)
		error_memory(err);
	return grown;
}

/* --- readings --------------------------------------------------------------------------------------- */

static bool same_repeats(const struct repeats *a, const struct repeats *b)
{
	const struct spectrum *one = &a->mean.reflectance, *two = &b->mean.reflectance;

	return strcmp(a->mean.file, b->mean.file) == 0 && strcmp(a->mean.name, b->mean.name) == 0 &&
	       a->count == b->count && one->grid.count == two->grid.count &&
	       memcmp(one->value, two->value, (size_t)one->grid.count * sizeof *one->value) == 0;
}

static struct dossier_reading *find_reading(struct dossier *dossier, const char *what,
					    const struct repeats *repeats)
{
	for (int i = 0; i < dossier->readings; i++)
		if (strcmp(dossier->reading[i].what, what) == 0 &&
		    same_repeats(&dossier->reading[i].repeats, repeats))
			return &dossier->reading[i];
	return NULL;
}

static enum status measure(struct dossier_reading *reading, const struct brief *brief,
			   struct error *err)
{
	struct scene_lights *lights = malloc(sizeof *lights);
	struct reading_colour colour = {.estimated = false};
	enum status status = lights ? app_lights(lights, brief, err) : error_memory(err);

	if (!status) {
		struct colorimeter meter = {.illuminant = &lights->illuminant[0],
					    .observer = &lights->observer,
					    .pcs_observer = &lights->observer_2};

		status = colorimeter_measure(&colour, &meter, &reading->repeats.mean, err);
	}
	reading->lab = colour.lab;
	reading->pcs_lab = colour.pcs_lab;
	free(lights);
	return status;
}

/* Adds one that zone z is about, once. *added (may be NULL) is it, or NULL where it was there. */
static enum status add_reading(struct dossier_reading **added, struct dossier *dossier,
			       const char *what, const struct repeats *repeats, int z,
			       struct error *err)
{
	struct dossier_reading *reading = find_reading(dossier, what, repeats), *grown;

	if (added)
		*added = NULL;
	if (reading) {
		reading->zones |= 1UL << z;
		return STATUS_OK;
	}
	grown = grow(dossier->reading, dossier->readings, sizeof *grown, err);
	if (!grown)
		return err->status;
	dossier->reading = grown;
	reading = &grown[dossier->readings];
	*reading = (struct dossier_reading){.repeats = *repeats, .zones = 1UL << z};
	text_copy(reading->what, sizeof reading->what, what);
	reading->of_skin = strcmp(what, reading_role_names[ROLE_SKIN]) == 0;
	if (measure(reading, dossier->zone[z].brief, err))
		return err->status;
	dossier->readings++;
	if (added)
		*added = reading;
	return STATUS_OK;
}

/* --- files ------------------------------------------------------------------------------------------ */

static enum status add_file(struct dossier *dossier, const char *path, const struct text *bytes,
			    struct error *err)
{
	struct dossier_file file, *grown;

	text_copy(file.name, sizeof file.name, file_name(path));
	digest_sha256(file.digest, bytes->data, bytes->length);
	for (int i = 0; i < dossier->files; i++)
		if (strcmp(dossier->file[i].name, file.name) == 0 &&
		    strcmp(dossier->file[i].digest, file.digest) == 0)
			return STATUS_OK;
	grown = grow(dossier->file, dossier->files, sizeof *grown, err);
	if (!grown)
		return err->status;
	dossier->file = grown;
	grown[dossier->files++] = file;
	return STATUS_OK;
}

/* `path` may be FILE#NAME. */
static enum status add_reading_file(struct dossier *dossier, const char *path, struct error *err)
{
	struct text bytes;
	char file[4096];
	const char *name;
	enum status status = reading_file_load(&bytes, file, &name, path, err);

	if (status)
		return status;
	status = add_file(dossier, file, &bytes, err);
	text_clear(&bytes);
	return status;
}

/* --- what the figures rest on ----------------------------------------------------------------------- */

static enum status add_source(struct dossier *dossier, const char *what, const char *name,
			      const char *words, struct error *err)
{
	struct dossier_source source, *grown;

	text_copy(source.what, sizeof source.what, what);
	text_copy(source.name, sizeof source.name, name);
	text_copy(source.source, sizeof source.source, words);
	for (int i = 0; i < dossier->sources; i++)
		if (strcmp(dossier->source[i].what, source.what) == 0 &&
		    strcmp(dossier->source[i].name, source.name) == 0)
			return STATUS_OK;
	grown = grow(dossier->source, dossier->sources, sizeof *grown, err);
	if (!grown)
		return err->status;
	dossier->source = grown;
	grown[dossier->sources++] = source;
	return STATUS_OK;
}

/* The line's own file says where its figures are from; only of the very file that the recipe was made with. */
static enum status add_line(struct dossier *dossier, const struct recipe *recipe,
			    const char *pigments, struct error *err)
{
	char path[APP_PATH_SIZE], words[DOSSIER_SOURCE_SIZE] = "", digest[DIGEST_SIZE];
	const char *name = pigments ? pigments : recipe->line.name;
	struct text bytes;
	struct error ignored;

	if ((pigments || profile_is_name(name)) &&
	    !profile_read(&bytes, path, "pigments", name, ".cfg", &ignored)) {
		digest_sha256(digest, bytes.data, bytes.length);
		if (strcmp(digest, recipe->line.fingerprint) == 0)
			profile_source(words, sizeof words, &bytes);
		text_clear(&bytes);
	}
	return add_source(dossier, "pigment line", recipe->line.name, words, err);
}

static enum status add_profile(struct dossier *dossier, const char *what, const char *words,
			       const char *folder, const char *name, struct error *err)
{
	char path[APP_PATH_SIZE], source[DOSSIER_SOURCE_SIZE];
	struct text bytes;

	if (profile_read(&bytes, path, folder, name, ".csv", err))
		return err->status;
	profile_source(source, sizeof source, &bytes);
	text_clear(&bytes);
	return add_source(dossier, what, words, source, err);
}

static enum status add_lights(struct dossier *dossier, const struct brief *brief, struct error *err)
{
	struct scene_lights *lights = malloc(sizeof *lights);
	enum status status = lights ? app_lights(lights, brief, err) : error_memory(err);

	for (int i = 0; i < brief->light_count && !status; i++)
		status = add_source(dossier, i ? "other light" : "main light", brief->light[i].name,
				    brief->light[i].own ? "the clinic's own"
							: lights->illuminant[i].source,
				    err);
	if (!status)
		status = add_source(dossier, "observer",
				    strcmp(brief->observer, "2") ? "CIE 1964, 10°" : "CIE 1931, 2°",
				    lights->observer.source, err);
	free(lights);
	return status;
}

static enum status add_sources(struct dossier *dossier, const struct app_report_request *request,
			       struct error *err)
{
	bool in_skin = false;

	for (int z = 0; z < dossier->zones; z++) {
		const struct dossier_zone *zone = &dossier->zone[z];

		for (int i = 0; i < zone->recipes; i++)
			if (add_line(dossier, &zone->recipe[i], request->match->pigments, err))
				return err->status;
		if (add_lights(dossier, zone->brief, err))
			return err->status;
		in_skin |= brief_in_skin(zone->brief);
	}
	return in_skin ? add_profile(dossier, "blood in the skin", "haemoglobin", "skin",
				     "haemoglobin", err)
		       : STATUS_OK;
}

/* --- a case ----------------------------------------------------------------------------------------- */

/* What is planned is not saved: it has an id that follows from what it is, so that the same case gives the same report. */
static enum status name_planned(struct recipe *recipe, const char *zone, struct error *err)
{
	char digest[DIGEST_SIZE];
	struct text text;
	enum status status;

	text_copy(recipe->stamp.name, sizeof recipe->stamp.name, zone);
	memset(recipe->stamp.id, '0', RANDOM_ID_SIZE - 1);
	status = recipe_print(&text, recipe, err);
	if (!status)
		digest_sha256(digest, text.data, text.length);
	if (!status)
		text_copy_bytes(recipe->stamp.id, sizeof recipe->stamp.id, digest,
				RANDOM_ID_SIZE - 1);
	text_clear(&text);
	return status;
}

static enum status take_zone_readings(struct dossier *dossier, int z, const struct case_zone *zone,
				      const struct app_match_request *match, struct error *err)
{
	const struct brief *brief = dossier->zone[z].brief;
	const struct app_selection selection = {&match->source, match->mixed};

	for (int role = 0; role < ROLES; role++) {
		struct dossier_reading *added;

		if (!brief->given[role])
			continue;
		if (add_reading(&added, dossier, reading_role_names[role], &brief->reading[role], z,
				err) ||
		    add_reading_file(dossier, zone->reading[role], err))
			return err->status;
		if (!added || added->repeats.count < 2)
			continue;
		if (app_range(&added->least, &added->most, zone->reading[role],
			      reading_role_names[role], &selection, err))
			return err->status;
		added->has_range = true;
	}
	return STATUS_OK;
}

/* `file` is the case as it was read again: zones come in its order. */
static enum status take_zone(struct app_report *out, int z, const struct case_file *file,
			     const struct app_report_request *request, struct notes *notes,
			     struct error *err)
{
	const struct app_preview_request see = {.seed = request->seed, .match = request->match};
	struct app_picture *picture = &out->previews.picture[z];
	struct zone_plan *plan = &out->plan.zone[z];

	for (int k = 0; k < plan->sessions; k++)
		if (name_planned(&plan->recipe[k], plan->name, err))
			return err->status;
	if (app_see_zone(picture, plan, &see, notes, err))
		return err->status;
	out->previews.pictures++;
	out->dossier.zone[z] = (struct dossier_zone){.name = plan->name,
						     .zone = "",
						     .brief = &plan->brief,
						     .plan = plan,
						     .recipe = plan->recipe,
						     .recipes = plan->sessions,
						     .preview = &picture->preview,
						     .technique = picture->technique};
	out->dossier.zones = z + 1;
	return take_zone_readings(&out->dossier, z, &file->zone[z], request->match, err);
}

static void take_title(struct dossier *dossier, const char *path)
{
	const char *name = file_name(path), *ending = strrchr(name, '.');
	size_t length = ending && ending > name ? (size_t)(ending - name) : strlen(name);

	text_copy_bytes(dossier->title, sizeof dossier->title, name, length);
	text_make_printable(dossier->title);
}

static enum status report_case(struct app_report *out, const struct app_report_request *request,
			       struct notes *notes, struct error *err)
{
	const char *path = request->subject[0];
	struct case_file file;
	struct text bytes = {0};
	enum status status = app_plan(&out->plan, path, request->match, notes, err);

	if (status)
		return status;
	status = case_read(&file, path, err);
	if (!status)
		status = file_read(&bytes, path, FILE_READ_MOST, err);
	if (!status)
		status = add_file(&out->dossier, path, &bytes, err);
	for (int z = 0; z < out->plan.zones && !status; z++)
		status = take_zone(out, z, &file, request, notes, err);
	if (!status) {
		take_title(&out->dossier, path);
		text_copy(out->dossier.code, sizeof out->dossier.code, out->plan.code);
	}
	text_clear(&bytes);
	case_clear(&file);
	return status;
}

/* --- recipes ---------------------------------------------------------------------------------------- */

static enum status take_recipe_readings(struct dossier *dossier, int z, struct error *err)
{
	const struct recipe *recipe = dossier->zone[z].recipe;
	char what[32];

	for (int role = 0; role < ROLES; role++)
		if (recipe->brief.given[role] &&
		    add_reading(NULL, dossier, reading_role_names[role],
				&recipe->brief.reading[role], z, err))
			return err->status;
	for (int i = 0; i < recipe->seen_count; i++) {
		snprintf(what, sizeof what, "%s, %s",
			 brief_in_skin(&recipe->brief) ? "Patch" : "Trial",
			 healing_state_words[recipe->seen[i].state]);
		if (add_reading(NULL, dossier, what, &recipe->seen[i].reading, z, err))
			return err->status;
	}
	return STATUS_OK;
}

/* The rest of the report does without it: a line that is not at hand is no reason to have no report. */
static void see(struct app_report *out, int z, const struct app_report_request *request,
		struct notes *notes)
{
	const struct app_preview_request preview = {.seed = request->seed, .match = request->match};
	struct app_picture *picture = &out->previews.picture[out->previews.pictures];
	struct dossier_zone *zone = &out->dossier.zone[z];
	struct error why;

	if (!brief_in_skin(zone->brief))
		return;
	if (app_see_recipe(picture, zone->recipe, &preview, notes, &why)) {
		notes_addf(notes, "%s: no preview: %s", zone->name, why.message);
		return;
	}
	out->previews.pictures++;
	zone->preview = &picture->preview;
	zone->technique = picture->technique;
}

static enum status take_recipe(struct app_report *out, int z,
			       const struct app_report_request *request, struct notes *notes,
			       struct error *err)
{
	struct recipe *recipe = &out->recipe[z];
	const char *subject = request->subject[z];
	struct text text;
	enum status status = app_recipe(recipe, &text, request->folder, subject,
					request->match->pigments, notes, err);

	if (status)
		return status;
	out->dossier.zone[z] = (struct dossier_zone){
		.name = *recipe->stamp.name ? recipe->stamp.name : "Recipe",
		.zone = strcmp(recipe->zone, recipe->stamp.name) ? recipe->zone : "",
		.brief = &recipe->brief,
		.recipe = recipe,
		.recipes = 1};
	out->dossier.zones = z + 1;
	if (app_is_path(subject))
		status = add_file(&out->dossier, subject, &text, err);
	text_clear(&text);
	if (!status)
		status = app_code(&out->code[z], recipe, err);
	out->dossier.zone[z].code = out->code[z].data;
	if (!status)
		see(out, z, request, notes);
	if (*recipe->line.notice)
		notes_addf(notes, "%s: %s", recipe->line.name, recipe->line.notice);
	return status ? status : take_recipe_readings(&out->dossier, z, err);
}

static void name_recipes(struct dossier *dossier)
{
	struct text title = {0};

	for (int z = 0; z < dossier->zones; z++)
		text_addf(&title, "%s%s", z ? ", " : "", dossier->zone[z].name);
	text_copy(dossier->title, sizeof dossier->title, title.data ? title.data : "");
	text_clear(&title);
}

static bool all_have(const struct dossier *dossier, const char *note)
{
	for (int z = 0; z < dossier->zones; z++) {
		const struct recipe *recipe = dossier->zone[z].recipe;
		bool has = false;

		for (int i = 0; i < recipe->note_count; i++)
			has |= strcmp(recipe->note[i], note) == 0;
		if (!has)
			return false;
	}
	return true;
}

/* What every recipe says is said once. */
static void gather_recipe_notes(struct dossier *dossier)
{
	for (int z = 0; z < dossier->zones; z++)
		for (int i = 0; i < dossier->zone[z].recipe->note_count; i++) {
			const char *note = dossier->zone[z].recipe->note[i];

			if (all_have(dossier, note))
				notes_addf(&dossier->notes, "%s", note);
			else
				notes_addf(&dossier->notes, "%s: %s", dossier->zone[z].name, note);
		}
}

static enum status report_recipes(struct app_report *out, const struct app_report_request *request,
				  struct notes *notes, struct error *err)
{
	for (int z = 0; z < request->subjects; z++) {
		if (app_is_case(request->subject[z]))
			return error_set(err, STATUS_REFUSED,
					 "%s: a case has a report of its own: name it alone",
					 request->subject[z]);
		if (take_recipe(out, z, request, notes, err))
			return err->status;
	}
	name_recipes(&out->dossier);
	gather_recipe_notes(&out->dossier);
	return STATUS_OK;
}

/* --- the whole -------------------------------------------------------------------------------------- */

enum status app_report(struct app_report *out, const struct app_report_request *request,
		       struct notes *notes, struct error *err)
{
	bool of_case = request->subjects == 1 && app_is_case(request->subject[0]);
	struct dossier *dossier = &out->dossier;
	enum status status = STATUS_OK;

	*out = (struct app_report){.recipe = NULL};
	if (request->subjects > DOSSIER_ZONES_MAX)
		return error_set(err, STATUS_REFUSED, "%d recipes, a report has at most %d",
				 request->subjects, DOSSIER_ZONES_MAX);
	if (request->client && client_code_check(request->client, err))
		return err->status;
	out->recipe = calloc(of_case ? 1 : (size_t)request->subjects, sizeof *out->recipe);
	out->code = calloc(DOSSIER_ZONES_MAX, sizeof *out->code);
	dossier->zone = calloc(DOSSIER_ZONES_MAX, sizeof *dossier->zone);
	out->previews.picture = calloc(DOSSIER_ZONES_MAX, sizeof *out->previews.picture);
	if (!out->recipe || !out->code || !dossier->zone || !out->previews.picture)
		status = error_memory(err);
	clock_text(dossier->made);
	text_copy(dossier->program, sizeof dossier->program,
		  FOLLITONE_PROGRAM " " FOLLITONE_VERSION);
	if (!status)
		status = (of_case ? report_case : report_recipes)(out, request, notes, err);
	if (!status)
		status = add_sources(dossier, request, err);
	if (!status && request->client)
		text_copy(dossier->code, sizeof dossier->code, request->client);
	for (size_t i = 0; i < notes->count && !status; i++)
		notes_addf(&dossier->notes, "%s", notes->line[i]);
	if (status)
		app_report_clear(out);
	return status;
}

void app_report_clear(struct app_report *report)
{
	app_plan_clear(&report->plan);
	app_previews_clear(&report->previews);
	free(report->recipe);
	for (int z = 0; report->code && z < DOSSIER_ZONES_MAX; z++)
		text_clear(&report->code[z]);
	free(report->code);
	free(report->dossier.zone);
	free(report->dossier.reading);
	free(report->dossier.source);
	free(report->dossier.file);
	notes_clear(&report->dossier.notes);
	*report = (struct app_report){.recipe = NULL};
}
