/* Verbs about what became of a recipe: correct, treat, learn. */
#include "base/file.h"
#include "cli/verb.h"
#include "formats/recipe_file.h"
#include "report/case_words.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

/* --- correct ------------------------------------------------------------------------------------ */

static enum status write_corrected(const struct correction *correction,
				   const struct invocation *call, struct error *err)
{
	struct text text;
	enum status status;

	if (call->output_count == 0)
		return STATUS_OK;
	if (recipe_print(&text, &correction->recipe, err))
		return err->status;
	status = file_write(call->output[0], text.data, text.length, err);
	text_clear(&text);
	return status;
}

static enum status say_correction(struct answer *answer, const struct correction *correction,
				  const struct invocation *call, struct error *err)
{
	if (call->json)
		return json_correction(&answer->text, correction, &answer->notes, err);
	words_correction(&answer->text, correction);
	return STATUS_OK;
}

enum status run_correct(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_correct_request request = {
		.recipe = call->operand[0],
		.pigments = call->pigments,
		.trial = call->trial,
		.source = call->match.source,
		.mixed = call->match.mixed,
		.has_state = call->has_state,
		.state = call->match.state,
		.cup_ml = call->match.cup_ml,
		.barred = call->match.barred,
		.barred_count = call->match.barred_count,
	};
	struct correction *correction;
	struct watch watch;
	char folder[4096];
	enum status status;

	if (!call->trial || call->output_count > 1)
		return error_set(
			err, STATUS_USAGE,
			"correct: --trial FILE is needed, and at most one -o FILE allowed");
	if (app_store_folder(folder, call->store, err))
		return err->status;
	request.folder = folder;
	correction = malloc(sizeof *correction);
	if (!correction)
		return error_memory(err);
	watch_begin(&watch, &request.watch);
	status = app_correct(correction, &request, &answer->notes, err);
	watch_end(&watch);
	if (!status)
		status = write_corrected(correction, call, err);
	if (!status)
		status = say_correction(answer, correction, call, err);
	free(correction);
	return status;
}

/* --- treat -------------------------------------------------------------------------------------- */

/* A session is meant where something is said of one, and where no reading is. */
static enum status check_treat(const struct invocation *call, struct error *err)
{
	if (!call->after && call->has_state)
		return error_set(err, STATUS_USAGE, "treat: --state is of the reading, --after");
	return STATUS_OK;
}

enum status run_treat(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_treat_request request = {
		.recipe = call->operand[0],
		.session = call->has_session || !call->after ? &call->session : NULL,
		.after = call->after,
		.state = call->match.state,
		.source = call->match.source,
		.mixed = call->match.mixed,
	};
	struct recipe *recipe;
	char folder[4096];
	enum status status;

	if (check_treat(call, err) || app_store_folder(folder, call->store, err))
		return err->status;
	request.folder = folder;
	recipe = malloc(sizeof *recipe);
	if (!recipe)
		return error_memory(err);
	status = app_treat(recipe, &request, &answer->notes, err);
	if (!status && call->json)
		status = json_saved(&answer->text, &recipe->stamp, true, &answer->notes, err);
	else if (!status)
		words_treated(&answer->text, recipe, request.session != NULL,
			      request.after != NULL);
	free(recipe);
	return status;
}

/* --- learn -------------------------------------------------------------------------------------- */

/* "clinics/mine.cfg" is called "mine". */
static void name_after(char name[TECHNIQUE_NAME_SIZE], const char *path)
{
	char *dot;

	text_copy(name, TECHNIQUE_NAME_SIZE, file_name(path));
	dot = strrchr(name, '.');
	if (dot && dot > name)
		*dot = 0;
}

enum status run_learn(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_learn_request request = {
		.pigments = call->pigments,
		.technique = call->match.technique,
	};
	char folder[4096], name[TECHNIQUE_NAME_SIZE];
	struct learning learning;
	struct text file;
	enum status status;

	if (call->output_count != 1)
		return error_set(err, STATUS_USAGE, "learn: one -o NAME.cfg is needed");
	if (app_store_folder(folder, call->store, err))
		return err->status;
	name_after(name, call->output[0]);
	request.folder = folder;
	request.name = call->name ? call->name : name;
	if (app_learn(&learning, &file, &request, &answer->notes, err))
		return err->status;
	status = file_write(call->output[0], file.data, file.length, err);
	text_clear(&file);
	if (!status && call->json)
		status = json_learning(&answer->text, &learning, &answer->notes, err);
	else if (!status)
		words_learning(&answer->text, &learning);
	return status;
}
