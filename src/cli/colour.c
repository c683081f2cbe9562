/* Verbs about colours: lab, read, convert, de. */
#include "base/file.h"
#include "cli/outputs.h"
#include "formats/export.h"
#include "report/json.h"
#include "report/language.h"
#include "report/sheet.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

static struct app_lab_request lab_request(const struct invocation *call)
{
	return (struct app_lab_request){
		.file = call->operand,
		.file_count = call->operand_count,
		.store = call->store,
		.pigments = call->pigments,
		.source = call->match.source,
		.light = call->match.light,
		.output_icc = call->output_icc,
	};
}

enum status run_lab(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_lab_request request = lab_request(call);
	struct colours colours;
	enum status status = STATUS_OK;

	if (call->operand_count == 0 && call->match.source.rgb_count == 0)
		return error_set(err, STATUS_USAGE, "lab: FILE... or --rgb R,G,B is needed");
	if (app_lab(&colours, &request, &answer->notes, err))
		return err->status;
	if (call->json)
		status = json_lab(&answer->text, &colours, &answer->notes, err);
	else
		words_lab(&answer->text, &colours);
	colours_clear(&colours);
	return status;
}

/* --- read and its plot ---------------------------------------------------------------------- */

/* "skin.csv", "skin.csv and 2 more". */
static void title_of(char title[256], const struct invocation *call)
{
	const char *first = call->operand_count ? call->operand[0] : call->match.source.rgb[0];
	int others = call->operand_count + call->match.source.rgb_count - 1;

	if (others > 0)
		snprintf(title, 256, _n("%.200s and %d more", "%.200s and %d more", others),
			 file_name(first), others);
	else
		snprintf(title, 256, "%.200s", file_name(first));
	text_make_printable(title);
}

static enum status write_plot(const struct invocation *call, const struct inspection_list *list,
			      const struct app_read_request *request, struct error *err)
{
	enum picture_format format;
	struct text picture;
	struct colours colours;
	char title[256];
	enum status status;

	title_of(title, call);
	if (picture_format_of(&format, call->plot, "a plot", false, err) ||
	    app_read_colours(&colours, list, request, err))
		return err->status;
	status = sheet_plot(&picture, &colours, title, false, format, err);
	if (!status) {
		status = file_write(call->plot, picture.data, picture.length, err);
		text_clear(&picture);
	}
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
	if (call->plot)
		status = write_plot(call, &list, &request, err);
	if (!status && call->json)
		status = json_read(&answer->text, &list, call->site, &answer->notes, err);
	else if (!status)
		words_read(&answer->text, &list);
	inspection_list_clear(&list);
	return status;
}

/* --- convert -------------------------------------------------------------------------------- */

static enum status draw_or_print(struct text *content, const char *path,
				 const struct colours *colours, const struct invocation *call,
				 struct notes *notes, struct error *err)
{
	enum picture_format format;
	struct error no_picture;
	char title[256];

	title_of(title, call);
	if (picture_format_of(&format, path, "", false, &no_picture))
		return export_print(content, path, colours, notes, err);
	return sheet_swatches(content, colours, title, format, err);
}

enum status run_convert(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_lab_request request = lab_request(call);
	struct outputs files = {0};
	struct colours colours;
	enum status status = STATUS_OK;

	if (call->output_count == 0)
		return error_set(err, STATUS_USAGE, "convert: -o FILE is needed");
	if (call->operand_count == 0 && call->match.source.rgb_count == 0)
		return error_set(err, STATUS_USAGE,
				 "convert: FILE|RECIPE... or --rgb R,G,B is needed");
	if (strchr(call->match.light.illuminant, ','))
		return error_set(err, STATUS_USAGE, "convert: one --illuminant is allowed");
	for (int i = 0; i < call->operand_count; i++)
		for (int j = 0; j < call->output_count; j++)
			if (strcmp(call->operand[i], call->output[j]) == 0)
				return error_set(err, STATUS_USAGE,
						 "convert: -o %s would take the place of what is "
						 "read; another name is needed",
						 call->output[j]);
	request.recipes = true;
	if (!request.output_icc)
		request.output_icc = "sRGB";
	if (app_lab(&colours, &request, &answer->notes, err))
		return err->status;
	for (int i = 0; i < call->output_count && !status; i++) {
		struct text *bytes = outputs_add(&files, call->output[i], err);

		status = bytes ? draw_or_print(bytes, call->output[i], &colours, call,
					       &answer->notes, err)
			       : err->status;
	}
	if (!status)
		status = outputs_write(&files, err);
	if (!status)
		status = outputs_say(answer, &files, call->json, err);
	outputs_clear(&files);
	colours_clear(&colours);
	return status;
}

enum status run_de(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_difference_request request = {
		.reference = call->operand[0],
		.sample = call->operand[1],
		.source = call->match.source,
		.mixed = call->match.mixed,
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
