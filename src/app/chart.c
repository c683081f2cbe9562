/* The request `chart`: the dilutions of a line's pigments in a client's skin. Seen in a scene like a recipe's, in which nothing is asked
 * for. */
#include "app/app.h"
#include "app/steps.h"
#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct pigment_line line;
	struct brief brief;
	struct scene scene;
};

static void take_names(struct dilution_chart *out, const struct work *work)
{
	const struct reading *skin = &work->brief.reading[ROLE_SKIN].mean;

	text_copy(out->line, sizeof out->line, work->line.name);
	text_copy(out->notice, sizeof out->notice, work->line.notice);
	out->synthetic = work->line.synthetic;
	text_copy(out->skin, sizeof out->skin, skin->name);
	text_copy(out->skin_file, sizeof out->skin_file, file_name(skin->file));
	text_copy(out->light, sizeof out->light, work->brief.light[0].name);
	text_copy(out->observer, sizeof out->observer, work->brief.observer);
	out->technique = work->brief.technique;
	out->state = work->brief.state;
	clock_text(out->made);
}

static enum status compute(struct dilution_chart *out, const struct work *work, const char *pigment,
			   struct notes *notes, struct error *err)
{
	const struct pigment_line *line = &work->line;
	int only = pigment ? pigment_line_find(line, pigment) : -1;

	if (pigment && only < 0)
		return app_refuse_pigment(line, pigment, err);
	out->dilution = calloc(pigment ? 1 : (size_t)line->count, sizeof *out->dilution);
	if (!out->dilution)
		return error_memory(err);
	for (int i = pigment ? only : 0; i < (pigment ? only + 1 : line->count); i++) {
		app_note_distrust(&line->pigment[i], notes);
		if (dilution_compute(&out->dilution[out->count], &work->scene, i, &out->limits,
				     err))
			return err->status;
		out->count++;
	}
	return STATUS_OK;
}

static enum status chart(struct dilution_chart *out, struct work *work,
			 const struct app_chart_request *request, struct notes *notes,
			 struct error *err)
{
	const struct app_match_request *match = request->match;
	struct search_limits usual;

	if (app_brief(&work->brief, match, notes, err))
		return err->status;
	/* nothing is asked for, so nothing is balanced */
	technique_set(&work->brief.technique, TECHNIQUE_REGROWTH_SHARE, 0.0, "not asked for");
	if (app_scene(&work->scene, &work->brief, &work->line, notes, err))
		return err->status;
	search_limits_usual(&usual);
	out->limits = (struct dilution_limits){
		match->cup_ml > 0.0 ? match->cup_ml : usual.cup_ml,
		match->drops_max ? match->drops_max : usual.drops_max,
	};
	take_names(out, work);
	return compute(out, work, request->pigment, notes, err);
}

enum status app_chart(struct dilution_chart *out, const struct app_chart_request *request,
		      struct notes *notes, struct error *err)
{
	struct work *work = calloc(1, sizeof *work);
	enum status status;

	*out = (struct dilution_chart){.count = 0};
	if (!work)
		return error_memory(err);
	status = app_line(&work->line, request->match->pigments, true, notes, err);
	if (!status) {
		status = chart(out, work, request, notes, err);
		pigment_line_clear(&work->line);
	}
	free(work);
	if (status)
		app_chart_clear(out);
	return status;
}

void app_chart_clear(struct dilution_chart *chart)
{
	free(chart->dilution);
	*chart = (struct dilution_chart){.count = 0};
}
