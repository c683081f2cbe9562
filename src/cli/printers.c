/* The verb patches. */
#include "base/file.h"
#include "cli/verb.h"
#include "report/control_page.h"
#include "report/json.h"
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

static enum status draw(struct text *content, const struct invocation *call,
			const struct device *printer, struct error *err)
{
	struct file_content file[OUTPUTS_MAX];

	for (int i = 0; i < call->output_count; i++) {
		enum picture_format format;

		if (picture_format_of(&format, call->output[i], "a page of patches", false, err) ||
		    control_page_draw(&content[i], call->paper, printer, format, err))
			return err->status;
		file[i] = (struct file_content){.path = call->output[i],
						.bytes = content[i].data,
						.length = content[i].length};
	}
	return file_write_all(file, call->output_count, err);
}

static enum status write_page(struct answer *answer, const struct invocation *call,
			      struct error *err)
{
	struct text content[OUTPUTS_MAX] = {0};
	struct device *printer = NULL;
	enum status status = STATUS_OK;

	if (call->printer_profile)
		status = app_printer(&printer, call->printer_profile, err);
	if (!status)
		status = draw(content, call, printer, err);
	if (!status && printer)
		app_proof_patches(&answer->notes, printer, call->printer_profile);
	if (!status && call->json)
		status = json_files(&answer->text, call->output, call->output_count, &answer->notes,
				    err);
	for (int i = 0; i < call->output_count; i++) {
		if (!status && !call->json)
			text_addf(&answer->text, "%s\n", call->output[i]);
		text_clear(&content[i]);
	}
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
