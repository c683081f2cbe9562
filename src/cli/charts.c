/* The verb chart. */
#include "cli/outputs.h"
#include "report/chart.h"
#include "report/chart_words.h"

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
static enum status draw_output(struct outputs *files, const char *output,
			       const struct dilution_chart *chart, enum card_paper paper,
			       struct error *err)
{
	enum picture_format format;

	if (picture_format_of(&format, output, "a chart", false, err))
		return err->status;
	for (int i = 0; i < (format == PICTURE_PDF ? 1 : chart->count); i++) {
		const char *id = chart->dilution[i].pigment.id;
		struct text *bytes = format != PICTURE_PDF && chart->count > 1
					     ? outputs_add_zone(files, output, i + 1, id, 0, err)
					     : outputs_add(files, output, err);

		if (!bytes || chart_draw(bytes, chart, i, format == PICTURE_PDF ? chart->count : 1,
					 paper, format, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status write_outputs(struct outputs *files, const struct dilution_chart *chart,
				 const struct invocation *call, struct error *err)
{
	for (int i = 0; i < call->output_count; i++)
		if (draw_output(files, call->output[i], chart, page_paper(call), err))
			return err->status;
	return outputs_write(files, err);
}

enum status run_chart(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_chart_request request = {.pigment = call->pigment, .match = &call->match};
	struct outputs files = {0};
	struct dilution_chart chart;
	enum status status;

	if (check_chart(call, err))
		return err->status;
	call->match.pigments = call->operand_count ? call->operand[0] : call->pigments;
	if (app_chart(&chart, &request, &answer->notes, err))
		return err->status;
	status = write_outputs(&files, &chart, call, err);
	if (!status && call->json)
		status = json_chart(&answer->text, &chart, files.path, files.count, &answer->notes,
				    err);
	else if (!status && files.count == 0)
		words_chart(&answer->text, &chart);
	else if (!status)
		status = outputs_say(answer, &files, false, err);
	outputs_clear(&files);
	app_chart_clear(&chart);
	return status;
}
