/* Verbs between clinics: export, import, share, sync, clinic. */
#include "cli/verb.h"

#include "app/exchange.h"
#include "base/file.h"
#include "report/exchange_words.h"
#include "report/json.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

static struct app_trust trust_of(const struct invocation *call)
{
	return (struct app_trust){.fingerprint = call->trust, .ask = ask_trust()};
}

static void say_key(struct said_clinic *said, const struct public_key *key)
{
	key_fingerprint(said->fingerprint, key);
	key_words(said->words, key);
	key_id(said->id, key);
}

/* --- leaving ------------------------------------------------------------------------------------------ */

enum status run_export(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_leaving *leaving = malloc(sizeof *leaving);
	struct app_export_request request = {
		.recipe = call->operand[0], .name = call->name, .with = call->with};
	char folder[APP_PATH_SIZE];
	struct text file = {0};
	enum status status =
		leaving ? app_store_folder(folder, call->store, err) : error_memory(err);

	request.folder = folder;
	if (!status && call->output_count != 1)
		status = error_set(err, STATUS_USAGE, "export: -o FILE is needed, once");
	if (!status)
		status = app_export(&file, leaving, &request, &answer->notes, err);
	if (!status)
		status = file_write(call->output[0], file.data, file.length, err);
	if (!status && call->json) {
		const struct said_leaving said = {&leaving->stamp, &leaving->fields};

		status = json_leaving(&answer->text, &said, 1, -1, call->output[0], &answer->notes,
				      err);
	} else if (!status) {
		words_leaving(&answer->text, &leaving->stamp, &leaving->fields);
		text_addf(&answer->text, "%s\n", call->output[0]);
	}
	text_clear(&file);
	free(leaving);
	return status;
}

static enum status say_leaving(struct answer *answer, const struct invocation *call,
			       const struct app_leaving *leaving, int count, int added,
			       struct error *err)
{
	struct said_leaving *said = calloc((size_t)count, sizeof *said);
	enum status status = said ? STATUS_OK : error_memory(err);

	for (int i = 0; i < count && !status; i++)
		said[i] = (struct said_leaving){&leaving[i].stamp, &leaving[i].fields};
	if (!status && call->json)
		status = json_leaving(&answer->text, said, count, added, NULL, &answer->notes, err);
	for (int i = 0; i < count && !status && !call->json; i++)
		words_leaving(&answer->text, said[i].stamp, said[i].fields);
	free(said);
	return status;
}

/* What would leave is shown first; it is shared where that was agreed to. */
static enum status run_share_add(struct answer *answer, const struct invocation *call,
				 const char *folder, struct error *err)
{
	const struct app_share_request request = {.folder = folder,
						  .with = call->with,
						  .recipe = call->operand + 1,
						  .count = call->operand_count - 1,
						  .agree = call->yes ? NULL : ask_leave};
	struct app_leaving *leaving = NULL;
	int added = 0;
	enum status status = app_share_add(&leaving, &added, &request, &answer->notes, err);

	if (!status)
		status = say_leaving(answer, call, leaving, request.count, added < 0 ? 0 : added,
				     err);
	if (!status && !call->json && added >= 0)
		text_addf(&answer->text, "%d shared, %d shared before\n", added,
			  request.count - added);
	if (!status && added < 0) {
		notes_addf(&answer->notes, "nothing was shared: --yes shares what is shown here");
		answer->verdict = STATUS_REFUSED;
	}
	free(leaving);
	return status;
}

static enum status run_share_list(struct answer *answer, const struct invocation *call,
				  const char *folder, struct error *err)
{
	struct recipe_stamp_list list;
	enum status status = app_share_list(&list, folder, err);

	if (!status && call->json)
		status = json_stamps(&answer->text, list.item, list.count, &answer->notes, err);
	else if (!status)
		words_stamps(&answer->text, list.item, list.count);
	recipe_stamp_list_clear(&list);
	return status;
}

static enum status run_share_out(struct answer *answer, const struct invocation *call,
				 const char *folder, struct error *err)
{
	enum status status;

	if (call->output_count != 1)
		return error_set(err, STATUS_USAGE, "share out: -o FILE is needed, once");
	status = app_share_out(call->output[0], folder, call->filter.since, err);
	if (!status && call->json)
		status = json_files(&answer->text, call->output, 1, &answer->notes, err);
	else if (!status)
		text_addf(&answer->text, "%s\n", call->output[0]);
	return status;
}

/* --- arriving ----------------------------------------------------------------------------------------- */

static void say_arrival(struct said_clinic *said, const struct arrival *arrival,
			const struct clinics *clinics)
{
	static const char *const state[] = {"new", "old", "unknown", "revoked", "refused"};
	const char *id = strrchr(arrival->move.reference, '/');
	const struct clinic *known;

	*said = (struct said_clinic){.state = state[arrival->state],
				     .why = arrival->why,
				     .stamp = arrival->list.item,
				     .count = arrival->list.count};
	text_copy(said->id, sizeof said->id, id ? id + 1 : "");
	known = clinics_of_id(clinics, said->id);
	if (arrival->own)
		text_copy(said->name, sizeof said->name, CLINICS_OWN);
	else if (known)
		text_copy(said->name, sizeof said->name, known->name);
	if (known || arrival->has_key)
		say_key(said, known ? &known->key : &arrival->key);
}

/* `remote` is NULL of a bundle. */
static enum status say_arrivals(struct answer *answer, const struct invocation *call,
				const struct arrival_list *list, const struct clinics *clinics,
				const char *remote, bool sent, struct error *err)
{
	struct said_clinic *said = calloc(list->count + 1, sizeof *said);
	enum status status = said ? STATUS_OK : error_memory(err);

	for (size_t i = 0; i < list->count && !status; i++) {
		say_arrival(&said[i], &list->item[i], clinics);
		if (list->item[i].state >= (remote ? ARRIVAL_REFUSED : ARRIVAL_UNKNOWN))
			answer->verdict = STATUS_REFUSED;
	}
	if (!status && call->json)
		status = json_clinics(&answer->text, said, list->count, remote, sent,
				      &answer->notes, err);
	else if (!status)
		words_arrivals(&answer->text, said, list->count);
	if (!status && !call->json && remote)
		text_addf(&answer->text, "%s: %s\n", remote,
			  sent ? "what is shared here was brought" : "nothing new was brought");
	free(said);
	return status;
}

static enum status run_share_in(struct answer *answer, const struct invocation *call,
				const char *folder, struct error *err)
{
	const struct app_trust trust = trust_of(call);
	struct arrival_list list;
	struct clinics clinics;
	enum status status = app_share_in(&list, &clinics, call->operand[1], folder, &trust,
					  &answer->notes, err);

	if (!status)
		status = say_arrivals(answer, call, &list, &clinics, NULL, false, err);
	clinics_clear(&clinics);
	arrival_list_clear(&list);
	return status;
}

enum status run_share(struct answer *answer, struct invocation *call, struct error *err)
{
	static const struct {
		const char *name, *operands;
		int least, most;
		enum status (*run)(struct answer *answer, const struct invocation *call,
				   const char *folder, struct error *err);
	} action[] = {{"add", "RECIPE[@VERSION]…", 2, OPERANDS_MAX, run_share_add},
		      {"list", "nothing more", 1, 1, run_share_list},
		      {"out", "nothing more", 1, 1, run_share_out},
		      {"in", "one FILE", 2, 2, run_share_in}};
	char folder[APP_PATH_SIZE];

	for (size_t i = 0; i < sizeof action / sizeof *action; i++) {
		if (strcmp(call->operand[0], action[i].name))
			continue;
		if (call->operand_count < action[i].least || call->operand_count > action[i].most)
			return error_set(err, STATUS_USAGE, "share %s: %s is needed",
					 action[i].name, action[i].operands);
		return app_store_folder(folder, call->store, err)
			       ? err->status
			       : action[i].run(answer, call, folder, err);
	}
	return error_set(err, STATUS_USAGE, "share: “%s”: add, list, out or in is allowed",
			 call->operand[0]);
}

enum status run_sync(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_trust trust = trust_of(call);
	char folder[APP_PATH_SIZE], address[REMOTE_ADDRESS_SIZE] = "";
	struct remote_result result = {.sent = false};
	struct clinics clinics = {0};
	enum status status = app_store_folder(folder, call->store, err);

	if (!status)
		status = app_sync(&result, &clinics, address,
				  call->operand_count ? call->operand[0] : NULL, folder, &trust,
				  &answer->notes, err);
	if (!status && result.made)
		notes_addf(&answer->notes, "%s: a repository was made there", address);
	if (!status)
		status = say_arrivals(answer, call, &result.arrived, &clinics, address, result.sent,
				      err);
	clinics_clear(&clinics);
	arrival_list_clear(&result.arrived);
	return status;
}

/* --- taking over -------------------------------------------------------------------------------------- */

static enum status check_import(const struct invocation *call, struct error *err)
{
	if ((call->qr != NULL) == (call->operand_count > 0))
		return error_set(err, STATUS_USAGE,
				 "import: a FILE, RECIPE@CLINIC or --qr PICTURE is needed, one of "
				 "them");
	if (call->output_count > 0 &&
	    (!call->qr || call->output_count > 1 || call->rematch || call->name))
		return error_set(err, STATUS_USAGE,
				 "import: -o FILE, once, is for --qr PICTURE, as it is: without "
				 "--rematch and --name");
	if (call->rematch && !call->pigments)
		return error_set(err, STATUS_USAGE,
				 "import: --rematch needs --pigments LINE, the line of yours");
	return STATUS_OK;
}

/* The recipe of a code as a file, not kept. */
static enum status write_code(struct answer *answer, const struct invocation *call,
			      const struct app_import_request *request, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct text file = {0};
	bool whole;
	enum status status = recipe ? STATUS_OK : error_memory(err);

	if (!status)
		status = app_code_take(recipe, &file, &whole, request, &answer->notes, err);
	if (!status)
		status = file_write(call->output[0], file.data, file.length, err);
	if (!status && call->json)
		status = json_stamps(&answer->text, &recipe->stamp, 1, &answer->notes, err);
	else if (!status)
		text_addf(&answer->text, "%s\n", call->output[0]);
	text_clear(&file);
	free(recipe);
	return status;
}

enum status run_import(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_imported *imported = malloc(sizeof *imported);
	struct app_import_request request = {.recipe = call->operand[0],
					     .qr = call->qr,
					     .name = call->name,
					     .rematch = call->rematch,
					     .pigments = call->pigments,
					     .trust = trust_of(call)};
	char folder[APP_PATH_SIZE];
	struct watch watch;
	enum status status = imported ? check_import(call, err) : error_memory(err);

	if (!status)
		status = app_store_folder(folder, call->store, err);
	request.folder = folder;
	if (!status && call->output_count) {
		free(imported);
		return write_code(answer, call, &request, err);
	}
	if (!status) {
		watch_begin(&watch, &request.watch);
		status = app_import(imported, &request, &answer->notes, err);
		watch_end(&watch);
	}
	if (!status) {
		const struct said_import said = {
			&imported->recipe, imported->clinic, imported->line,
			imported->rematched ? imported->translation_de00 : -1.0, imported->saved};

		if (call->json)
			status = json_imported(&answer->text, &said, &answer->notes, err);
		else
			words_imported(&answer->text, &said);
	}
	free(imported);
	return status;
}

/* --- clinics ------------------------------------------------------------------------------------------ */

static void say_clinic(struct said_clinic *said, const struct clinic *clinic)
{
	*said = (struct said_clinic){.state = clinic->trust == CLINIC_TRUSTED ? "trusted"
									      : "revoked",
				     .why = "",
				     .since = clinic->since};
	text_copy(said->name, sizeof said->name, clinic->name);
	say_key(said, &clinic->key);
}

static enum status say_clinics(struct answer *answer, const struct invocation *call,
			       const struct clinic *clinic, size_t count, struct error *err)
{
	struct said_clinic *said = calloc(count + 1, sizeof *said);
	enum status status = said ? STATUS_OK : error_memory(err);

	for (size_t i = 0; i < count && !status; i++)
		say_clinic(&said[i], &clinic[i]);
	if (!status && call->json)
		status = json_clinics(&answer->text, said, count, NULL, false, &answer->notes, err);
	else if (!status)
		words_clinics(&answer->text, said, count);
	free(said);
	return status;
}

enum status run_clinic(struct answer *answer, struct invocation *call, struct error *err)
{
	const char *action = call->operand_count ? call->operand[0] : "list";
	const bool list = strcmp(action, "list") == 0, trust = strcmp(action, "trust") == 0;
	struct clinics clinics = {0};
	struct clinic clinic;
	enum status status;

	if (!list && !trust && strcmp(action, "revoke"))
		return error_set(err, STATUS_USAGE,
				 "clinic: “%s”: list, trust or revoke is allowed", action);
	if (call->operand_count != (list ? 1 : 2) && call->operand_count)
		return error_set(err, STATUS_USAGE, "clinic %s: %s", action,
				 list ? "nothing more is allowed"
				      : "a KEY, a FILE of one, or a CLINIC is needed");
	if (list)
		status = app_clinics(&clinics, err);
	else
		status = trust ? app_clinic_trust(&clinic, call->operand[1], call->name, err)
			       : app_clinic_revoke(&clinic, call->operand[1], err);
	if (!status)
		status = say_clinics(answer, call, list ? clinics.item : &clinic,
				     list ? clinics.count : 1, err);
	clinics_clear(&clinics);
	return status;
}
