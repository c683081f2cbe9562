/* Verbs about a whole case: plan, and match where it is given one. */
#include "cli/outputs.h"
#include "formats/recipe_file.h"
#include "report/case_words.h"
#include "report/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- recipes into files of their own ------------------------------------------------------------ */

static enum status add_file(struct outputs *files, struct recipe *recipe,
			    const struct invocation *call, int zone, int session, struct error *err)
{
	char name[2 * RECIPE_NAME_SIZE], path[ZONE_PATH_SIZE];
	struct text *text;

	snprintf(name, sizeof name, "%s%s%s", call->name ? call->name : "", call->name ? ", " : "",
		 recipe->zone);
	if (session)
		snprintf(name + strlen(name), sizeof name - strlen(name), ", session %d", session);
	if (app_name(recipe, name, NULL, err) ||
	    zone_path(path, call->output[0], ".cfg", zone, recipe->zone, session, err))
		return err->status;
	text = outputs_add(files, path, err);
	return text ? recipe_print(text, recipe, err) : err->status;
}

/* Adds the recipes of what was found. */
typedef enum status files_adder(struct outputs *files, void *found, const struct invocation *call,
				struct error *err);

/* Writes the recipes to files where -o asks for it, and says which. */
static enum status write_recipes(struct answer *answer, files_adder *add, void *found,
				 const struct invocation *call, struct error *err)
{
	struct outputs files = {0};
	enum status status;

	if (call->output_count == 0)
		return STATUS_OK;
	status = add(&files, found, call, err);
	if (!status)
		status = outputs_write(&files, err);
	for (int i = 0; !status && i < files.count; i++)
		notes_addf(&answer->notes, "written: %s", files.path[i]);
	outputs_clear(&files);
	return status;
}

static enum status check_case(const struct invocation *call, const char *verb, struct error *err)
{
	for (int role = 0; role < ROLES; role++)
		if (call->match.reading[role])
			return error_set(err, STATUS_USAGE,
					 "%s: the case names its readings, --%s is not for it",
					 verb, reading_role_names[role]);
	if (call->match.setting_count || call->match.technique != usual_technique)
		return error_set(
			err, STATUS_USAGE,
			"%s: the zones have their own presets and parameters; --technique and "
			"--set are not for a case",
			verb);
	if (call->output_count && strcmp(call->output[0], "-") == 0)
		return error_set(err, STATUS_USAGE, "%s: -o needs the name of files, not -", verb);
	if (call->zone || call->rank != 1)
		return error_set(err, STATUS_USAGE,
				 "%s: a case has its own zones; --zone and --rank are not for it",
				 verb);
	if (call->output_count > 1 || (call->output_count == 0 && call->name))
		return error_set(err, STATUS_USAGE, "%s: one -o FILE is allowed, --name is for it",
				 verb);
	if (call->match.light_count && call->match.light.illuminant != usual_illuminant)
		return error_set(
			err, STATUS_USAGE,
			"%s: --lights names the main light first; --illuminant is not for both",
			verb);
	return STATUS_OK;
}

/* --- match CASE --------------------------------------------------------------------------------- */

static enum status add_case(struct outputs *files, void *data, const struct invocation *call,
			    struct error *err)
{
	const struct app_case *found = data;

	for (int z = 0; z < found->zones; z++)
		if (add_file(files, &found->zone[z].answer.recipe[0], call, z + 1, 0, err))
			return err->status;
	return STATUS_OK;
}

enum status run_match_case(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_case found;
	struct watch watch;
	enum status status;

	if (check_case(call, "match", err))
		return err->status;
	call->match.pigments = call->pigments;
	watch_begin(&watch, &call->match.watch);
	status = app_match_case(&found, call->operand[0], &call->match, &answer->notes, err);
	watch_end(&watch);
	if (status)
		return status;
	status = write_recipes(answer, add_case, &found, call, err);
	if (!status && call->json)
		status = json_case(&answer->text, found.code, found.zone, found.zones,
				   &answer->notes, err);
	else if (!status)
		words_case(&answer->text, found.code, found.zone, found.zones);
	app_case_clear(&found);
	return status;
}

/* --- plan --------------------------------------------------------------------------------------- */

static enum status add_plan(struct outputs *files, void *data, const struct invocation *call,
			    struct error *err)
{
	const struct app_plan *found = data;

	for (int z = 0; z < found->zones; z++)
		for (int k = 0; k < found->zone[z].sessions; k++)
			if (add_file(files, &found->zone[z].recipe[k], call, z + 1, k + 1, err))
				return err->status;
	return STATUS_OK;
}

enum status run_plan(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_plan found;
	struct watch watch;
	enum status status;

	if (check_case(call, "plan", err))
		return err->status;
	call->match.pigments = call->pigments;
	watch_begin(&watch, &call->match.watch);
	status = app_plan(&found, call->operand[0], &call->match, &answer->notes, err);
	watch_end(&watch);
	if (status)
		return status;
	status = write_recipes(answer, add_plan, &found, call, err);
	if (!status && call->json)
		status = json_plan(&answer->text, found.code, found.zone, found.zones,
				   &answer->notes, err);
	else if (!status)
		words_plan(&answer->text, found.code, found.zone, found.zones);
	app_plan_clear(&found);
	return status;
}
