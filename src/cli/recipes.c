/* Verbs about recipes: match, save, list, history, show. */
#include "base/file.h"
#include "cli/verb.h"
#include "formats/recipe_file.h"
#include "report/json.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

/* --- match ------------------------------------------------------------------------------------ */

static enum status check_match(const struct invocation *call, struct error *err)
{
	const char *const *reading = call->match.reading;
	bool in_skin = reading[ROLE_SKIN] || reading[ROLE_HAIR] || reading[ROLE_FIELD] ||
		       reading[ROLE_PATCH];

	if (!call->pigments)
		return error_set(err, STATUS_USAGE, "match: --pigments LINE is needed");
	if (reading[ROLE_TARGET] && in_skin)
		return error_set(err, STATUS_USAGE,
				 "match: --target stands alone, or --skin with --hair or --field");
	if (!reading[ROLE_TARGET] &&
	    (!reading[ROLE_SKIN] || !(reading[ROLE_HAIR] || reading[ROLE_FIELD])))
		return error_set(err, STATUS_USAGE,
				 "match: --skin with --hair or --field, or --target is needed");
	if ((call->predict.thickness_mm > 0.0) != (call->predict.ground != NULL) ||
	    (call->predict.ground && !reading[ROLE_TARGET]))
		return error_set(
			err, STATUS_USAGE,
			"match: --thickness-mm and --ground belong together, with --target");
	if (call->match.light_count && call->match.light.illuminant != usual_illuminant)
		return error_set(
			err, STATUS_USAGE,
			"match: --lights names the main light first; --illuminant is not for both");
	if (call->output_count > 1)
		return error_set(err, STATUS_USAGE, "match: one -o FILE is allowed");
	if (call->output_count == 0 && (call->name || call->zone || call->rank != 1))
		return error_set(err, STATUS_USAGE,
				 "match: --name, --zone and --rank are for -o FILE");
	if (call->rank > call->match.top)
		return error_set(err, STATUS_USAGE, "match: --rank %d of a list of %d (--top)",
				 call->rank, call->match.top);
	return STATUS_OK;
}

static enum status write_match(const struct match_answer *found, const struct invocation *call,
			       struct error *err)
{
	struct recipe *recipe = &found->recipe[call->rank - 1];
	struct text text;
	enum status status;

	if (call->output_count == 0)
		return STATUS_OK;
	if (call->rank > found->count)
		return error_set(err, STATUS_REFUSED, "--rank %d: the list has %d recipes",
				 call->rank, found->count);
	if (app_name(recipe, call->name, call->zone, err))
		return err->status;
	status = recipe_print(&text, recipe, err);
	if (!status)
		status = file_write(call->output[0], text.data, text.length, err);
	text_clear(&text);
	return status;
}

enum status run_match(struct answer *answer, struct invocation *call, struct error *err)
{
	struct match_answer found;
	struct watch watch;
	enum status status;

	if (call->batch)
		return run_match_batch(answer, call, err);
	if (call->operand_count)
		return run_match_case(answer, call, err);
	if (check_match(call, err))
		return err->status;
	call->match.pigments = call->pigments;
	call->match.thickness_mm = call->predict.thickness_mm;
	call->match.reading[ROLE_GROUND] = call->predict.ground;
	watch_begin(&watch, &call->match.watch);
	status = app_match(&found, &call->match, &answer->notes, err);
	watch_end(&watch);
	if (status)
		return status;
	if (call->json)
		status = json_match(&answer->text, &found, &answer->notes, err);
	else
		words_match(&answer->text, &found);
	if (!status)
		status = write_match(&found, call, err);
	app_match_clear(&found);
	return status;
}

/* --- the store -------------------------------------------------------------------------------- */

static void print_line(struct text *text, const struct recipe_stamp *stamp, bool saved)
{
	text_addf(text, "%s “%s” %s as version %d (%.12s)\n",
		  saved ? "saved" : "unchanged:", stamp->name, stamp->id, stamp->version,
		  stamp->hash);
}

static enum status print_saved(struct answer *answer, const struct invocation *call,
			       const struct recipe_stamp *stamp, bool saved, struct error *err)
{
	if (call->json)
		return json_saved(&answer->text, stamp, saved, &answer->notes, err);
	print_line(&answer->text, stamp, saved);
	return STATUS_OK;
}

/* A note is for somebody, and standard input is read once. */
static enum status take_note(struct text *note, const struct invocation *call, struct error *err)
{
	*note = (struct text){0};
	if (!call->words)
		return STATUS_OK;
	if (!call->client)
		return error_set(err, STATUS_USAGE,
				 "save: --note is sealed for a client, --client CODE is needed");
	if (strcmp(call->words, "-") == 0 && strcmp(call->operand[0], "-") == 0)
		return error_set(err, STATUS_USAGE,
				 "save: FILE and --note cannot both be standard input");
	return words_take(note, call->words, err);
}

static enum status print_all(struct answer *answer, const struct invocation *call,
			     const struct store_saved *all, struct error *err)
{
	const int count = call->operand_count;
	struct recipe_stamp *stamp;
	enum status status;
	bool *saved;

	for (int i = 0; i < count && !call->json; i++)
		print_line(&answer->text, &all[i].stamp, all[i].saved);
	if (!call->json)
		return STATUS_OK;
	stamp = calloc((size_t)count, sizeof *stamp);
	saved = calloc((size_t)count, sizeof *saved);
	for (int i = 0; stamp && saved && i < count; i++) {
		stamp[i] = all[i].stamp;
		saved[i] = all[i].saved;
	}
	status = stamp && saved
			 ? json_saved_all(&answer->text, stamp, saved, count, &answer->notes, err)
			 : error_memory(err);
	free(stamp);
	free(saved);
	return status;
}

static enum status save_many(struct answer *answer, const struct invocation *call,
			     const struct app_save_request *request, struct error *err)
{
	struct store_saved *saved = calloc((size_t)call->operand_count, sizeof *saved);
	enum status status = STATUS_OK;

	if (!saved)
		return error_memory(err);
	if (call->name)
		status = error_set(err, STATUS_USAGE, "save: --name is for one file");
	if (!status && call->words)
		status = error_set(err, STATUS_USAGE, "save: --note is for one file");
	if (!status)
		status = app_save_all(saved, call->operand, call->operand_count, request,
				      &answer->notes, err);
	if (!status)
		status = print_all(answer, call, saved, err);
	free(saved);
	return status;
}

static enum status save_single(struct answer *answer, const struct invocation *call,
			       struct app_save_request request, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct text note = {0};
	bool saved = false;
	enum status status = recipe ? take_note(&note, call, err) : error_memory(err);

	request.note = note.data;
	if (!status)
		status = app_save(recipe, &saved, &request, &answer->notes, err);
	text_clear(&note);
	if (!status)
		status = print_saved(answer, call, &recipe->stamp, saved, err);
	free(recipe);
	return status;
}

enum status run_save(struct answer *answer, struct invocation *call, struct error *err)
{
	char folder[4096];
	const struct app_save_request request = {.file = call->operand[0],
						 .folder = folder,
						 .name = call->name,
						 .zone = call->zone,
						 .pigments = call->pigments,
						 .client = call->client};

	if (app_store_folder(folder, call->store, err))
		return err->status;
	return call->operand_count > 1 ? save_many(answer, call, &request, err)
				       : save_single(answer, call, request, err);
}

enum status run_revert(struct answer *answer, struct invocation *call, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	char folder[4096];
	bool saved = false;
	enum status status =
		recipe ? app_store_folder(folder, call->store, err) : error_memory(err);

	if (!status)
		status = app_revert(recipe, &saved, folder, call->operand[0], &answer->notes, err);
	if (!status)
		status = print_saved(answer, call, &recipe->stamp, saved, err);
	free(recipe);
	return status;
}

enum status run_diff(struct answer *answer, struct invocation *call, struct error *err)
{
	struct comparison *found = malloc(sizeof *found);
	char folder[4096];
	enum status status = found ? app_store_folder(folder, call->store, err) : error_memory(err);

	if (!status)
		status = app_diff(found, folder, call->operand[0], call->operand[1], &answer->notes,
				  err);
	if (!status && call->json)
		status = json_comparison(&answer->text, found, &answer->notes, err);
	else if (!status)
		words_comparison(&answer->text, found);
	free(found);
	return status;
}

static enum status print_stamps(struct answer *answer, const struct invocation *call,
				struct recipe_stamp_list *list, struct error *err)
{
	enum status status = STATUS_OK;

	if (call->json)
		status = json_stamps(&answer->text, list->item, list->count, &answer->notes, err);
	else
		words_stamps(&answer->text, list->item, list->count);
	recipe_stamp_list_clear(list);
	return status;
}

enum status run_list(struct answer *answer, struct invocation *call, struct error *err)
{
	struct recipe_stamp_list list;
	char folder[4096];

	if (app_store_folder(folder, call->store, err) ||
	    app_list(&list, folder, &call->filter, call->client, &answer->notes, err))
		return err->status;
	return print_stamps(answer, call, &list, err);
}

enum status run_history(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_history history;
	char folder[4096];
	enum status status = STATUS_OK;

	if (app_store_folder(folder, call->store, err) ||
	    app_history(&history, folder, call->operand[0], &answer->notes, err))
		return err->status;
	if (call->json) {
		status = json_history(&answer->text, history.versions.item, history.versions.count,
				      history.session, history.sessions, &answer->notes, err);
	} else {
		words_stamps(&answer->text, history.versions.item, history.versions.count);
		words_sessions(&answer->text, history.session, history.sessions);
	}
	app_history_clear(&history);
	return status;
}

/* --- one recipe ------------------------------------------------------------------------------- */

static enum status find_recipe(struct recipe **recipe, struct text *text, struct answer *answer,
			       const struct invocation *call, struct error *err)
{
	char folder[4096];

	*recipe = malloc(sizeof **recipe);
	if (!*recipe)
		return error_memory(err);
	if (app_store_folder(folder, call->store, err))
		return err->status;
	return app_recipe(*recipe, text, folder, call->operand[0], call->pigments, &answer->notes,
			  err);
}

static enum status say_recipe(struct answer *answer, const struct recipe *recipe,
			      const struct invocation *call, struct error *err)
{
	struct opened_notes opened;
	enum status status = STATUS_OK;

	app_open_notes(&opened, recipe, &answer->notes);
	if (call->json)
		status = json_recipe(&answer->text, recipe, &opened, &answer->notes, err);
	else
		words_recipe(&answer->text, recipe, &opened);
	explicit_bzero(&opened, sizeof opened);
	return status;
}

enum status run_show(struct answer *answer, struct invocation *call, struct error *err)
{
	struct text text = {0};
	struct recipe *recipe;
	enum status status = find_recipe(&recipe, &text, answer, call, err);

	if (!status && call->output_count > 1)
		status = error_set(err, STATUS_USAGE, "show: one -o FILE is allowed");
	if (!status && call->output_count)
		status = file_write(call->output[0], text.data, text.length, err);
	if (!status && call->output_count && !call->json)
		text_addf(&answer->text, "%s\n", call->output[0]);
	else if (!status)
		status = say_recipe(answer, recipe, call, err);
	text_clear(&text);
	free(recipe);
	return status;
}
