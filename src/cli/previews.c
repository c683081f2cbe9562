/* The verb preview. */
#include "cli/outputs.h"
#include "report/preview_sheet.h"

static enum status check_preview(const struct invocation *call, bool of_case, struct error *err)
{
	enum picture_format format;

	if (call->output_count == 0)
		return error_set(err, STATUS_USAGE, "preview: -o FILE is needed");
	if (!of_case &&
	    (call->match.light_count || call->match.light.illuminant != usual_illuminant))
		return error_set(err, STATUS_USAGE,
				 "preview: a recipe has its lights; --lights and --illuminant are "
				 "for a case");
	if (call->match.light_count && call->match.light.illuminant != usual_illuminant)
		return error_set(err, STATUS_USAGE,
				 "preview: --lights names the main light first; --illuminant is "
				 "not for both");
	for (int i = 0; i < call->output_count; i++)
		if (picture_format_of(&format, call->output[i], "a preview", false, err))
			return err->status;
	return STATUS_OK;
}

static enum status draw_one(struct outputs *pictures, const char *output,
			    const struct app_previews *found, int which, struct error *err)
{
	const struct app_picture *picture = &found->picture[which];
	const struct preview_words words = {.name = picture->name,
					    .zone = picture->zone,
					    .technique = picture->technique,
					    .version = picture->version,
					    .sessions = picture->sessions,
					    .notice = picture->synthetic ? picture->notice : "",
					    .made = picture->made};
	enum picture_format format;
	struct text *bytes;

	if (picture_format_of(&format, output, "a preview", false, err))
		return err->status;
	bytes = found->of_case
			? outputs_add_zone(pictures, output, which + 1, picture->name, 0, err)
			: outputs_add(pictures, output, err);
	return bytes ? preview_sheet(bytes, &picture->preview, &words, format, err) : err->status;
}

/* Every picture in every form that -o asks for. */
static enum status draw_all(struct outputs *pictures, const struct app_previews *found,
			    const struct invocation *call, struct error *err)
{
	for (int z = 0; z < found->pictures; z++)
		for (int i = 0; i < call->output_count; i++)
			if (draw_one(pictures, call->output[i], found, z, err))
				return err->status;
	return outputs_write(pictures, err);
}

enum status run_preview(struct answer *answer, struct invocation *call, struct error *err)
{
	struct outputs pictures = {0};
	char folder[4096];
	struct app_preview_request request = {.subject = call->operand[0],
					      .folder = folder,
					      .seed = call->seed,
					      .match = &call->match};
	struct app_previews found = {.picture = NULL};
	struct watch watch;
	enum status status = check_preview(call, app_is_case(call->operand[0]), err);

	call->match.pigments = call->pigments;
	if (!status)
		status = app_store_folder(folder, call->store, err);
	if (!status) {
		watch_begin(&watch, &call->match.watch);
		status = app_preview(&found, &request, &answer->notes, err);
		watch_end(&watch);
	}
	if (!status)
		status = draw_all(&pictures, &found, call, err);
	if (!status && found.picture[0].synthetic)
		notes_addf(&answer->notes, "%s: %s", found.picture[0].line,
			   found.picture[0].notice);
	if (!status)
		status = outputs_say(answer, &pictures, call->json, err);
	outputs_clear(&pictures);
	app_previews_clear(&found);
	return status;
}
