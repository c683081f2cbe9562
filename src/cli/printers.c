/* The verb patches. */
#include "cli/outputs.h"
#include "report/control_page.h"
#include "report/patch_words.h"

static enum status judge(struct answer *answer, const struct invocation *call, struct error *err)
{
	const struct app_patches_request request = {call->operand[0], call->match.source};
	struct patch_check check;

	if (app_patches(&check, &request, &answer->notes, err))
		return err->status;
	if (call->json)
		return json_patches(&answer->text, &check, &answer->notes, err);
	words_patches(&answer->text, &check);
	return STATUS_OK;
}

static enum status draw(struct outputs *files, const struct invocation *call,
			const struct device *printer, struct error *err)
{
	for (int i = 0; i < call->output_count; i++) {
		struct text *bytes = outputs_add(files, call->output[i], err);
		enum picture_format format;

		if (!bytes ||
		    picture_format_of(&format, call->output[i], "a page of patches", false, err) ||
		    control_page_draw(bytes, call->paper, printer, format, err))
			return err->status;
	}
	return outputs_write(files, err);
}

static enum status write_page(struct answer *answer, const struct invocation *call,
			      struct error *err)
{
	struct outputs files = {0};
	struct device *printer = NULL;
	enum status status = STATUS_OK;

	if (call->printer_profile)
		status = app_printer(&printer, call->printer_profile, err);
	if (!status)
		status = draw(&files, call, printer, err);
	if (!status && printer)
		app_proof_patches(&answer->notes, printer, call->printer_profile);
	if (!status)
		status = outputs_say(answer, &files, call->json, err);
	outputs_clear(&files);
	device_close(printer);
	return status;
}

enum status run_patches(struct answer *answer, struct invocation *call, struct error *err)
{
	if ((call->operand_count > 0) == (call->output_count > 0))
		return error_set(err, STATUS_USAGE,
				 "patches: -o FILE writes the page, MEASURED is read: one of the "
				 "two is needed");
	if (call->operand_count && call->printer_profile)
		return error_set(err, STATUS_USAGE,
				 "patches: --printer-profile is for -o FILE: what was measured "
				 "needs no profile");
	return call->operand_count ? judge(answer, call, err) : write_page(answer, call, err);
}
