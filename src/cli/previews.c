/* The verb preview. */
#include "base/file.h"
#include "cli/verb.h"
#include "report/json.h"
#include "report/preview_sheet.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURES_MAX = OUTPUTS_MAX * 32 };

/* Every picture in every form that -o asks for. */
struct pictures {
	struct text text[PICTURES_MAX];
	char path[PICTURES_MAX][ZONE_PATH_SIZE];
	const char *name[PICTURES_MAX];
	int count;
};

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

static enum status draw_one(struct pictures *pictures, const char *output,
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
	char *path = pictures->path[pictures->count];
	const char *ending = strrchr(output, '.'); /* as check_preview() saw */
	enum picture_format format;

	text_copy(path, ZONE_PATH_SIZE, output);
	if (picture_format_of(&format, output, "a preview", false, err) ||
	    (found->of_case && zone_path(path, output, ending, which + 1, picture->name, 0, err)) ||
	    preview_sheet(&pictures->text[pictures->count], &picture->preview, &words, format, err))
		return err->status;
	pictures->name[pictures->count] = path;
	pictures->count++;
	return STATUS_OK;
}

static enum status draw_all(struct pictures *pictures, const struct app_previews *found,
			    const struct invocation *call, struct error *err)
{
	struct file_content content[PICTURES_MAX];

	for (int z = 0; z < found->pictures; z++)
		for (int i = 0; i < call->output_count; i++)
			if (draw_one(pictures, call->output[i], found, z, err))
				return err->status;
	for (int i = 0; i < pictures->count; i++)
		content[i] = (struct file_content){.path = pictures->path[i],
						   .bytes = pictures->text[i].data,
						   .length = pictures->text[i].length};
	return file_write_all(content, pictures->count, err);
}

static enum status say(struct answer *answer, const struct pictures *pictures,
		       const struct invocation *call, struct error *err)
{
	if (call->json)
		return json_files(&answer->text, pictures->name, pictures->count, &answer->notes,
				  err);
	for (int i = 0; i < pictures->count; i++)
		text_addf(&answer->text, "%s\n", pictures->path[i]);
	return STATUS_OK;
}

enum status run_preview(struct answer *answer, struct invocation *call, struct error *err)
{
	struct pictures *pictures = calloc(1, sizeof *pictures);
	char folder[4096];
	struct app_preview_request request = {.subject = call->operand[0],
					      .folder = folder,
					      .seed = call->seed,
					      .match = &call->match};
	struct app_previews found = {.picture = NULL};
	struct watch watch;
	enum status status = pictures ? STATUS_OK : error_memory(err);

	call->match.pigments = call->pigments;
	if (!status)
		status = check_preview(call, app_is_case(call->operand[0]), err);
	if (!status)
		status = app_store_folder(folder, call->store, err);
	if (!status) {
		watch_begin(&watch, &call->match.watch);
		status = app_preview(&found, &request, &answer->notes, err);
		watch_end(&watch);
	}
	if (!status)
		status = draw_all(pictures, &found, call, err);
	if (!status && found.picture[0].synthetic)
		notes_addf(&answer->notes, "%s: %s", found.picture[0].line,
			   found.picture[0].notice);
	if (!status)
		status = say(answer, pictures, call, err);
	for (int i = 0; pictures && i < pictures->count; i++)
		text_clear(&pictures->text[i]);
	free(pictures);
	app_previews_clear(&found);
	return status;
}
