/* Verbs about the clinic's store as a whole: store, nearest, lots. */
#include "cli/verb.h"
#include "report/json.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

static enum status run_init(struct answer *answer, const struct invocation *call,
			    const char *folder, struct error *err)
{
	char fingerprint[KEY_FINGERPRINT_SIZE], words[KEY_WORDS_SIZE];
	struct text line = {0};
	struct app_clinic clinic;
	enum status status = app_store_init(&clinic, folder, &answer->notes, err);

	if (status)
		return status;
	key_fingerprint(fingerprint, &clinic.key);
	key_words(words, &clinic.key);
	key_print(&line, &clinic.key);
	if (text_failed(&line))
		status = error_memory(err);
	else if (call->json)
		status = json_clinic(&answer->text, folder, clinic.path, line.data, fingerprint,
				     words, &answer->notes, err);
	else
		text_addf(&answer->text,
			  "store        %s\nkey          %s\nfingerprint  %s\nin words     %s\n",
			  folder, clinic.path, fingerprint, words);
	text_clear(&line);
	return status;
}

static void print_check(struct text *text, const struct store_check *check)
{
	text_addf(text, "%lu version%s in %lu commit%s, %lu of them signed\n", check->versions,
		  check->versions == 1 ? "" : "s", check->commits, check->commits == 1 ? "" : "s",
		  check->with);
	if (check->without)
		text_addf(text, "the %lu oldest are from before there were signatures\n",
			  check->without);
	for (size_t i = 0; i < check->faults.count; i++)
		text_addf(text, "fault: %s\n", check->faults.line[i]);
	text_adds(text, check->faults.count ? "NOT as it was saved\n" : "all as it was saved\n");
}

static enum status run_verify(struct answer *answer, const struct invocation *call,
			      const char *folder, struct error *err)
{
	struct store_check check;
	enum status status = app_store_verify(&check, folder, err);

	if (status)
		return status;
	if (call->json)
		status = json_check(&answer->text, check.versions, check.commits, check.with,
				    &check.faults, &answer->notes, err);
	else
		print_check(&answer->text, &check);
	if (check.faults.count)
		answer->verdict = STATUS_REFUSED;
	notes_clear(&check.faults);
	return status;
}

static enum status run_tidy(struct answer *answer, const struct invocation *call,
			    const char *folder, struct error *err)
{
	struct repository_tidy tidy;
	enum status status = app_store_tidy(&tidy, folder, err);

	if (status)
		return status;
	if (call->json)
		return json_tidy(&answer->text, tidy.objects, tidy.before, tidy.after,
				 &answer->notes, err);
	text_addf(&answer->text, "%lu files packed, %.1f MB before, %.1f MB after\n", tidy.objects,
		  (double)tidy.before / 1e6, (double)tidy.after / 1e6);
	return STATUS_OK;
}

static enum status run_backup(struct answer *answer, const struct invocation *call,
			      const char *folder, struct error *err)
{
	enum status status;

	if (call->output_count != 1)
		return error_set(err, STATUS_USAGE, "store backup: -o FILE is needed, once");
	status = app_store_backup(call->output[0], folder, err);
	if (status)
		return status;
	notes_addf(&answer->notes,
		   "the clinic's key is not in it: keep a copy of that in another place");
	if (call->json)
		return json_files(&answer->text, call->output, 1, &answer->notes, err);
	text_addf(&answer->text, "%s\n", call->output[0]);
	return STATUS_OK;
}

enum status run_store(struct answer *answer, struct invocation *call, struct error *err)
{
	static const struct {
		const char *name;
		enum status (*run)(struct answer *answer, const struct invocation *call,
				   const char *folder, struct error *err);
	} action[] = {{"init", run_init},
		      {"verify", run_verify},
		      {"tidy", run_tidy},
		      {"backup", run_backup}};
	char folder[APP_PATH_SIZE];

	for (size_t i = 0; i < sizeof action / sizeof *action; i++)
		if (strcmp(call->operand[0], action[i].name) == 0)
			return app_store_folder(folder, call->store, err)
				       ? err->status
				       : action[i].run(answer, call, folder, err);
	return error_set(err, STATUS_USAGE, "store: “%s”: init, verify, tidy or backup is allowed",
			 call->operand[0]);
}

enum status run_nearest(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_nearest_request request = {.words = call->operand[0],
					      .most = call->match.top,
					      .source = call->match.source,
					      .mixed = call->match.mixed,
					      .light = call->match.light};
	char folder[APP_PATH_SIZE];
	struct recipe_near *near = NULL;
	int count = 0;
	enum status status = app_store_folder(folder, call->store, err);

	request.folder = folder;
	if (!status)
		status = app_nearest(&near, &count, &request, &answer->notes, err);
	if (!status && call->json)
		status = json_nearest(&answer->text, near, count, &answer->notes, err);
	else if (!status)
		words_nearest(&answer->text, near, count);
	free(near);
	return status;
}

enum status run_lots(struct answer *answer, struct invocation *call, struct error *err)
{
	char folder[APP_PATH_SIZE];
	const struct app_lots_request request = {.folder = folder,
						 .lot = call->operand_count ? call->operand[0]
									    : NULL,
						 .until = call->filter.until,
						 .recipe = call->recipe,
						 .within_days = call->within_days};
	struct recipe_lot *lots = NULL;
	int count = 0;
	enum status status = app_store_folder(folder, call->store, err);

	if (!status && request.until && request.within_days >= 0)
		status = error_set(err, STATUS_USAGE, "lots: --until or --within, not both");
	if (!status)
		status = app_lots(&lots, &count, &request, err);
	if (!status && call->json)
		status = json_lots(&answer->text, lots, count, &answer->notes, err);
	else if (!status)
		words_lots(&answer->text, lots, count);
	free(lots);
	return status;
}
