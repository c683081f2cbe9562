/* Verbs about colours: lab, read, de. */
#include "cli/verb.h"
#include "report/json.h"
#include "report/words.h"

enum status run_lab(struct answer *answer, struct invocation *call, struct error *err)
{
	struct colours colours;
	enum status status = app_lab(&colours, call->operand, call->operand_count,
				     &call->match.light, &answer->notes, err);

	if (status)
		return status;
	if (call->json)
		status = json_lab(&answer->text, &colours, &answer->notes, err);
	else
		words_lab(&answer->text, &colours);
	colours_clear(&colours);
	return status;
}

enum status run_read(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_read_request request = {
		.file = call->operand,
		.file_count = call->operand_count,
		.light = call->match.light,
		.site = call->site,
		.stated = call->match.stated,
	};
	struct inspection_list list;
	enum status status = app_read(&list, &request, &answer->notes, err);

	if (status)
		return status;
	if (call->json)
		status = json_read(&answer->text, &list, call->site, &answer->notes, err);
	else
		words_read(&answer->text, &list);
	inspection_list_clear(&list);
	return status;
}

enum status run_de(struct answer *answer, struct invocation *call, struct error *err)
{
	struct difference difference;

	if (app_difference(&difference, call->operand[0], call->operand[1], &call->match.light,
			   &answer->notes, err))
		return err->status;
	if (call->json)
		return json_difference(&answer->text, &difference, &answer->notes, err);
	words_difference(&answer->text, &difference);
	return STATUS_OK;
}
