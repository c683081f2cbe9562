/* The verb chart. */
#include "base/file.h"
#include "cli/verb.h"
#include "report/chart.h"
#include "report/chart_words.h"

#include <stdlib.h>
#include <string.h>

/* One file, and which dilutions stand in it. */
struct chart_file {
	char path[ZONE_PATH_SIZE];
	struct text bytes;
};

struct chart_files {
	int count;
	struct chart_file *file;
	const char **name;
	struct file_content *content;
};

static enum status check_chart(const struct invocation *call, struct error *err)
{
	enum picture_format format;

	if (!call->match.reading[ROLE_SKIN])
		return error_set(err, STATUS_USAGE, "chart: --skin FILE is needed");
	if (call->operand_count && call->pigments)
		return error_set(err, STATUS_USAGE,
				 "chart: the line is named twice, as LINE and by --pigments");
	if (!call->operand_count && !call->pigments)
		return error_set(err, STATUS_USAGE, "chart: LINE is needed");
	if (call->has_paper && call->paper != PAPER_A4 && call->paper != PAPER_A5 &&
	    call->paper != PAPER_LETTER)
		return error_set(err, STATUS_USAGE, "chart: --paper a4, a5 or letter is needed");
	for (int i = 0; i < call->output_count; i++)
		if (picture_format_of(&format, call->output[i], "a chart", false, err))
			return err->status;
	return STATUS_OK;
}

/* Pages of a PDF; of a line each pigment's picture has a file of its own, CHART-2-raw-umber.png. */
static enum status draw_output(struct chart_files *files, const char *output,
			       const struct dilution_chart *chart, enum card_paper paper,
			       struct error *err)
{
	const char *ending = strrchr(output, '.'); /* as check_chart() saw */
	enum picture_format format;

	if (picture_format_of(&format, output, "a chart", false, err))
		return err->status;
	for (int i = 0; i < (format == PICTURE_PDF ? 1 : chart->count); i++) {
		struct chart_file *file = &files->file[files->count];

		text_copy(file->path, sizeof file->path, output);
		if ((format != PICTURE_PDF && chart->count > 1 &&
		     zone_path(file->path, output, ending, i + 1, chart->dilution[i].pigment.id, 0,
			       err)) ||
		    chart_draw(&file->bytes, chart, i, format == PICTURE_PDF ? chart->count : 1,
			       paper, format, err))
			return err->status;
		files->name[files->count] = file->path;
		files->content[files->count++] =
			(struct file_content){.path = file->path,
					      .bytes = file->bytes.data,
					      .length = file->bytes.length};
	}
	return STATUS_OK;
}

static enum status write_outputs(struct chart_files *files, const struct dilution_chart *chart,
				 const struct invocation *call, struct error *err)
{
	size_t most = (size_t)call->output_count * (size_t)chart->count;

	if (call->output_count == 0)
		return STATUS_OK;
	files->file = calloc(most, sizeof *files->file);
	files->name = calloc(most, sizeof *files->name);
	files->content = calloc(most, sizeof *files->content);
	if (!files->file || !files->name || !files->content)
		return error_memory(err);
	for (int i = 0; i < call->output_count; i++)
		if (draw_output(files, call->output[i], chart, page_paper(call), err))
			return err->status;
	return file_write_all(files->content, files->count, err);
}

static void clear_files(struct chart_files *files)
{
	for (int i = 0; i < files->count; i++)
		text_clear(&files->file[i].bytes);
	free(files->file);
	free(files->name);
	free(files->content);
}

enum status run_chart(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_chart_request request = {.pigment = call->pigment, .match = &call->match};
	struct chart_files files = {.count = 0};
	struct dilution_chart chart;
	enum status status;

	if (check_chart(call, err))
		return err->status;
	call->match.pigments = call->operand_count ? call->operand[0] : call->pigments;
	if (app_chart(&chart, &request, &answer->notes, err))
		return err->status;
	status = write_outputs(&files, &chart, call, err);
	if (!status && call->json)
		status = json_chart(&answer->text, &chart, files.name, files.count, &answer->notes,
				    err);
	else if (!status && files.count == 0)
		words_chart(&answer->text, &chart);
	for (int i = 0; !status && !call->json && i < files.count; i++)
		text_addf(&answer->text, "%s\n", files.name[i]);
	clear_files(&files);
	app_chart_clear(&chart);
	return status;
}
