/* The verb report. */
#include "base/file.h"
#include "cli/verb.h"
#include "report/case_report.h"
#include "report/json.h"

#include <string.h>

static enum status check_report(const struct invocation *call, bool of_case, struct error *err)
{
	const struct app_match_request *match = &call->match;

	if (call->output_count != 1)
		return error_set(err, STATUS_USAGE, "report: one -o FILE is needed");
	if (call->has_paper && call->paper != PAPER_A4 && call->paper != PAPER_LETTER)
		return error_set(err, STATUS_USAGE, "report: --paper %s: a4 or letter is needed",
				 card_paper_names[call->paper]);
	if (!of_case && (match->light_count || match->light.illuminant != usual_illuminant))
		return error_set(err, STATUS_USAGE,
				 "report: recipes have their lights; --lights and --illuminant are "
				 "for a case");
	if (match->light_count && match->light.illuminant != usual_illuminant)
		return error_set(err, STATUS_USAGE,
				 "report: --lights names the main light first; --illuminant is not "
				 "for both");
	return STATUS_OK;
}

static enum status check_output(const char *path, struct error *err)
{
	const char *ending = strrchr(path, '.');

	return ending && text_same(ending, ".pdf")
		       ? STATUS_OK
		       : error_set(err, STATUS_REFUSED, "%s: a report can be written as .pdf",
				   path);
}

static enum status draw(struct answer *answer, const struct app_report *found,
			const struct invocation *call, struct error *err)
{
	struct text pdf;
	enum status status =
		case_report(&pdf, &found->dossier, page_paper(call),
			    call->match.cup_ml > 0.0 ? call->match.cup_ml : CUP_USUAL_ML, err);

	if (!status)
		status = file_write(call->output[0], pdf.data, pdf.length, err);
	text_clear(&pdf);
	if (status)
		return status;
	if (call->json)
		return json_files(&answer->text, call->output, 1, &answer->notes, err);
	text_addf(&answer->text, "%s\n", call->output[0]);
	return STATUS_OK;
}

enum status run_report(struct answer *answer, struct invocation *call, struct error *err)
{
	char folder[4096];
	struct app_report_request request = {.subject = call->operand,
					     .subjects = call->operand_count,
					     .folder = folder,
					     .client = call->client,
					     .seed = call->seed,
					     .match = &call->match};
	struct app_report found;
	struct watch watch;
	enum status status;

	call->match.pigments = call->pigments;
	if (check_report(call, app_is_case(call->operand[0]), err) ||
	    check_output(call->output[0], err) || app_store_folder(folder, call->store, err))
		return err->status;
	watch_begin(&watch, &call->match.watch);
	status = app_report(&found, &request, &answer->notes, err);
	watch_end(&watch);
	if (status)
		return status;
	status = draw(answer, &found, call, err);
	app_report_clear(&found);
	return status;
}
