/* The verb client: what is known of persons. */
#include "base/file.h"
#include "base/number.h"
#include "cli/verb.h"
#include "report/client_words.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

static enum status run_all(struct answer *answer, const struct invocation *call, const char *folder,
			   struct error *err)
{
	struct client_count *list = NULL;
	size_t count = 0;
	enum status status = app_clients(&list, &count, err);

	(void)folder;
	if (!status && call->json)
		status = json_clients(&answer->text, list, count, &answer->notes, err);
	else if (!status)
		words_clients(&answer->text, list, count);
	free(list);
	return status;
}

/* --- what is said of one ---------------------------------------------------------------------- */

static enum status run_link(struct answer *answer, const struct invocation *call,
			    const char *folder, struct error *err)
{
	const char *code = call->operand[1];
	struct recipe_stamp stamp;

	if (app_client_link(&stamp, folder, code, call->operand[2], &answer->notes, err))
		return err->status;
	if (call->json)
		return json_client_said(&answer->text, code, &stamp, &answer->notes, err);
	text_addf(&answer->text, "“%s” %s is linked to %s\n", stamp.name, stamp.id, code);
	return STATUS_OK;
}

enum status words_take(struct text *words, const char *said, struct error *err)
{
	*words = (struct text){0};
	if (strcmp(said, "-") == 0) {
		if (file_read(words, "-", CLIENT_TEXT_SIZE, err))
			return err->status;
		if (words->data[words->length - 1] == '\n')
			words->data[words->length - 1] = 0;
		return STATUS_OK;
	}
	text_adds(words, said);
	return text_failed(words) ? error_memory(err) : STATUS_OK;
}

static enum status take_words(struct text *words, const struct invocation *call, struct error *err)
{
	*words = (struct text){0};
	return call->words ? words_take(words, call->words, err)
			   : error_set(err, STATUS_USAGE, "client %s: --text TEXT is needed",
				       call->operand[0]);
}

static enum status say(struct answer *answer, const struct invocation *call, const char *what,
		       struct error *err)
{
	if (call->json)
		return json_client_said(&answer->text, call->operand[1], NULL, &answer->notes, err);
	text_addf(&answer->text, "%s of %s is kept\n", what, call->operand[1]);
	return STATUS_OK;
}

static enum status run_note(struct answer *answer, const struct invocation *call,
			    const char *folder, struct error *err)
{
	struct text words;
	enum status status = take_words(&words, call, err);

	(void)folder;
	if (!status)
		status = app_client_note(call->operand[1], words.data, call->zone, err);
	text_clear(&words);
	return status ? status : say(answer, call, "a note", err);
}

static enum status run_consent(struct answer *answer, const struct invocation *call,
			       const char *folder, struct error *err)
{
	struct text words;
	enum status status = take_words(&words, call, err);

	(void)folder;
	if (!status)
		status = app_client_consent(call->operand[1], words.data, err);
	text_clear(&words);
	return status ? status : say(answer, call, "a consent", err);
}

/* --- what is no longer said ------------------------------------------------------------------- */

static enum status run_unlink(struct answer *answer, const struct invocation *call,
			      const char *folder, struct error *err)
{
	const char *code = call->operand[1];
	char id[RANDOM_ID_SIZE];

	if (app_client_unlink(id, folder, code, call->operand[2], err))
		return err->status;
	if (call->json)
		return json_client_said(&answer->text, code, NULL, &answer->notes, err);
	text_addf(&answer->text, "%s is no longer linked to %s\n", id, code);
	return STATUS_OK;
}

static enum status run_drop(struct answer *answer, const struct invocation *call,
			    const char *folder, struct error *err)
{
	const char *code = call->operand[1], *kind = call->operand[2];
	const bool note = strcmp(kind, "note") == 0;
	int number;

	(void)folder;
	if (!note && strcmp(kind, "consent"))
		return error_set(err, STATUS_USAGE, "client drop: “%s”: note or consent is allowed",
				 kind);
	if (!number_read_integer(&number, call->operand[3]))
		return error_set(err, STATUS_USAGE,
				 "client drop: “%s”: a number, as `client show` says it, is needed",
				 call->operand[3]);
	if (app_client_drop(code, note ? CLIENT_NOTE : CLIENT_CONSENT, number, err))
		return err->status;
	if (call->json)
		return json_client_said(&answer->text, code, NULL, &answer->notes, err);
	text_addf(&answer->text, "%s %d of %s is erased\n", kind, number, code);
	return STATUS_OK;
}

/* --- what is held of one ---------------------------------------------------------------------- */

static enum status json_of(struct text *out, const struct app_client *client,
			   const struct notes *notes, struct error *err)
{
	return json_client(out, &client->held, client->sealed, client->sealed_count,
			   client->recipes.item, client->recipes.count, notes, err);
}

static enum status run_one(struct answer *answer, const struct invocation *call, const char *folder,
			   struct error *err)
{
	struct app_client client;
	enum status status =
		app_client(&client, folder, call->operand[1], false, &answer->notes, err);

	if (!status && call->json)
		status = json_of(&answer->text, &client, &answer->notes, err);
	else if (!status)
		words_client(&answer->text, &client.held, client.sealed, client.sealed_count,
			     client.recipes.item, client.recipes.count);
	app_client_clear(&client);
	return status;
}

/* Into a file for its owner alone, or the answer itself. */
static enum status write_export(struct answer *answer, const struct invocation *call,
				struct text *document, struct error *err)
{
	const struct file_content file = {.path = call->output[0],
					  .bytes = document->data,
					  .length = document->length,
					  .secret = true};

	if (!call->output_count) {
		text_add(&answer->text, document->data, document->length);
		return STATUS_OK;
	}
	if (file_write_all(&file, 1, err))
		return err->status;
	if (call->json)
		return json_files(&answer->text, call->output, 1, &answer->notes, err);
	text_addf(&answer->text, "%s\n", call->output[0]);
	return STATUS_OK;
}

static enum status run_export_one(struct answer *answer, const struct invocation *call,
				  const char *folder, struct error *err)
{
	struct text document = {0};
	struct app_client client;
	enum status status =
		app_client(&client, folder, call->operand[1], true, &answer->notes, err);

	if (!status)
		status = json_of(&document, &client, &answer->notes, err);
	if (!status)
		status = write_export(answer, call, &document, err);
	text_clear(&document);
	app_client_clear(&client);
	return status;
}

static enum status run_forget(struct answer *answer, const struct invocation *call,
			      const char *folder, struct error *err)
{
	struct app_client client;
	enum status status =
		app_client_forget(&client, folder, call->operand[1], &answer->notes, err);

	if (!status && call->json)
		status = json_forgotten(&answer->text, &client.held, client.recipes.item,
					client.recipes.count, &answer->notes, err);
	else if (!status)
		words_forgotten(&answer->text, &client.held);
	app_client_clear(&client);
	return status;
}

/* --- the verb --------------------------------------------------------------------------------- */

struct action {
	const char *name;
	int operands; /* with the action itself */
	enum status (*run)(struct answer *answer, const struct invocation *call, const char *folder,
			   struct error *err);
};

static const struct action actions[] = {
	{"list", 1, run_all},        {"link", 3, run_link},     {"note", 2, run_note},
	{"consent", 2, run_consent}, {"show", 2, run_one},      {"export", 2, run_export_one},
	{"forget", 2, run_forget},   {"unlink", 3, run_unlink}, {"drop", 4, run_drop},
};

static enum status check_options(const struct action *action, const struct invocation *call,
				 struct error *err)
{
	const bool says = action->run == run_note || action->run == run_consent;

	if (call->operand_count != action->operands)
		return error_set(err, STATUS_USAGE, "client %s: %s", action->name,
				 action->operands == 1   ? "nothing more is allowed"
				 : action->operands == 2 ? "CODE is needed, and nothing more"
				 : action->operands == 3 ? "CODE RECIPE is needed"
							 : "CODE note|consent N is needed");
	if ((call->words && !says) || (call->zone && action->run != run_note))
		return error_set(err, STATUS_USAGE,
				 "client %s: --text is for note and consent, --zone for note",
				 action->name);
	if (call->output_count > (action->run == run_export_one))
		return error_set(err, STATUS_USAGE, "client: one -o FILE is allowed, of export");
	return STATUS_OK;
}

enum status run_client(struct answer *answer, struct invocation *call, struct error *err)
{
	char folder[APP_PATH_SIZE];

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(call->operand[0], actions[i].name) == 0)
			return check_options(&actions[i], call, err) ||
					       app_store_folder(folder, call->store, err)
				       ? err->status
				       : actions[i].run(answer, call, folder, err);
	return error_set(
		err, STATUS_USAGE,
		"client: “%s”: list, link, note, consent, show, export, unlink, drop or forget is "
		"allowed",
		call->operand[0]);
}
