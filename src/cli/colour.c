/* Verbs about colours: lab, read, de. */
#include "cli/verb.h"
#include "report/json.h"
#include "report/words.h"

enum status run_lab(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_lab_request request = {
		.file = call->operand,
		.file_count = call->operand_count,
		.source = call->match.source,
		.light = call->match.light,
		.output_icc = call->output_icc,
	};
	struct colours colours;
	enum status status;

	if (call->operand_count == 0 && call->match.source.rgb_count == 0)
		return error_set(err, STATUS_USAGE, "lab: FILE... or --rgb R,G,B is needed");
	if (app_lab(&colours, &request, &answer->notes, err))
		return err->status;
	status = STATUS_OK;
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
		.source = call->match.source,
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
	const struct app_difference_request request = {
		.reference = call->operand[0],
		.sample = call->operand[1],
		.source = call->match.source,
		.light = call->match.light,
	};
	struct difference difference;

	if (app_difference(&difference, &request, &answer->notes, err))
		return err->status;
	if (call->json)
		return json_difference(&answer->text, &difference, &answer->notes, err);
	words_difference(&answer->text, &difference);
	return STATUS_OK;
}
