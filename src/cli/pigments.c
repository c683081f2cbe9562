/* Verbs about pigments: pigment, predict. */
#include "base/file.h"
#include "cli/verb.h"
#include "report/ink.h"
#include "report/json.h"
#include "report/language.h"
#include "report/pigment_words.h"
#include "report/sheet.h"

#include <string.h>

static enum status write_plot(const char *path, struct colours *colours, const char *title,
			      bool pairs, struct error *err)
{
	enum picture_format format;
	struct text picture;

	if (picture_format_of(&format, path, "a plot", false, err) ||
	    sheet_plot(&picture, colours, title, pairs, format, err))
		return err->status;
	if (file_write(path, picture.data, picture.length, err)) {
		text_clear(&picture);
		return err->status;
	}
	text_clear(&picture);
	return STATUS_OK;
}

/* --- pigment ------------------------------------------------------------------------------------ */

static enum status plot_ladder(const struct invocation *call,
			       const struct app_calibration *calibration, struct error *err)
{
	const char *id = call->match.forced_count ? call->match.forced[0] : NULL;
	struct colours colours;
	enum status status;

	if (app_calibration_curves(&colours, calibration, id, err))
		return err->status;
	status = write_plot(call->plot, &colours, id ? id : calibration->ladder[0].id, true, err);
	colours_clear(&colours);
	return status;
}

static enum status calibrate(struct answer *answer, const struct invocation *call,
			     struct error *err)
{
	struct app_calibration calibration;
	enum status status = STATUS_OK;

	if (call->operand_count != 2 || call->output_count != 1)
		return error_set(err, STATUS_USAGE,
				 "pigment calibrate: SHEET and one -o LINE.cfg are needed");
	if (app_calibrate(&calibration, call->operand[1], &answer->notes, err))
		return err->status;
	if (call->plot)
		status = plot_ladder(call, &calibration, err);
	if (!status)
		status = app_calibration_save(&calibration, call->output[0], err);
	if (!status && call->json)
		status = json_calibration(&answer->text, &calibration.line, calibration.ladder,
					  calibration.fit, &answer->notes, err);
	else if (!status)
		words_calibration(&answer->text, &calibration.line, calibration.ladder,
				  calibration.fit);
	app_calibration_clear(&calibration);
	return status;
}

static enum status list_lines(struct answer *answer, const struct invocation *call,
			      struct error *err)
{
	struct text names;
	enum status status = STATUS_OK;

	if (call->operand_count != 1)
		return error_set(err, STATUS_USAGE, "pigment list: nothing more is allowed");
	if (app_pigment_lines(&names, err))
		return err->status;
	if (call->json)
		status = json_lines(&answer->text, "lines", names.data, &answer->notes, err);
	else
		text_adds(&answer->text, names.data ? names.data : "");
	text_clear(&names);
	return status;
}

static enum status show_line(struct answer *answer, const struct invocation *call,
			     struct error *err)
{
	struct pigment_line line;
	int only = -1;
	enum status status = STATUS_OK;

	if (call->operand_count < 2)
		return error_set(err, STATUS_USAGE, "pigment show: LINE is needed");
	if (app_pigment_line(&line, call->operand[1], err))
		return err->status;
	if (call->operand_count > 2) {
		only = pigment_line_find(&line, call->operand[2]);
		if (only < 0)
			status = error_set(err, STATUS_REFUSED,
					   "the line “%s” holds no pigment “%s”", line.name,
					   call->operand[2]);
	}
	if (!status && call->json)
		status = json_line(&answer->text, &line, only, &answer->notes, err);
	else if (!status)
		words_line(&answer->text, &line, only);
	pigment_line_clear(&line);
	return status;
}

static enum status check_line(struct answer *answer, const struct invocation *call,
			      struct error *err)
{
	struct pigment_line line;
	struct text doubts;
	enum status status;

	if (call->operand_count != 2)
		return error_set(err, STATUS_USAGE, "pigment check: LINE is needed");
	if (app_pigment_line(&line, call->operand[1], err))
		return err->status;
	status = app_pigment_check(&doubts, &line, &call->session.lots, err);
	pigment_line_clear(&line);
	if (status)
		return status;
	if (call->json)
		status = json_lines(&answer->text, "doubts", doubts.data, &answer->notes, err);
	else
		text_adds(&answer->text, doubts.data ? doubts.data : "nothing speaks against it\n");
	text_clear(&doubts);
	return status;
}

static enum status plot_line(struct answer *answer, const struct invocation *call,
			     struct error *err)
{
	const char *id = call->operand_count > 2 ? call->operand[2] : NULL;
	struct pigment_line line;
	struct colours colours;
	enum status status;

	if (call->operand_count < 2 || call->output_count != 1)
		return error_set(
			err, STATUS_USAGE,
			"pigment plot: LINE, with or without ID, and one -o FILE are needed");
	if (app_pigment_line(&line, call->operand[1], err))
		return err->status;
	status = app_pigment_curves(&colours, &line, id, &answer->notes, err);
	if (!status) {
		status = write_plot(call->output[0], &colours, id ? id : line.name, false, err);
		colours_clear(&colours);
	}
	pigment_line_clear(&line);
	if (status)
		return status;
	if (call->json)
		return json_files(&answer->text, call->output, call->output_count, &answer->notes,
				  err);
	text_addf(&answer->text, "%s\n", call->output[0]);
	return STATUS_OK;
}

enum status run_pigment(struct answer *answer, struct invocation *call, struct error *err)
{
	static const struct {
		const char *name;
		enum status (*run)(struct answer *, const struct invocation *, struct error *);
	} actions[] = {{"calibrate", calibrate},
		       {"list", list_lines},
		       {"show", show_line},
		       {"check", check_line},
		       {"plot", plot_line}};

	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(call->operand[0], actions[i].name) == 0)
			return actions[i].run(answer, call, err);
	return error_set(err, STATUS_USAGE,
			 "pigment %s: calibrate, list, show, check or plot is needed",
			 call->operand[0]);
}

/* --- predict ------------------------------------------------------------------------------------ */

static enum status check_predict(const struct invocation *call, struct error *err)
{
	const struct app_predict_request *predict = &call->predict;
	bool in_skin = call->match.reading[ROLE_SKIN];

	if (!call->pigments || predict->dose_count == 0)
		return error_set(err, STATUS_USAGE,
				 "predict: --pigments LINE and --dose ID=AMOUNT are needed");
	if (!in_skin && call->match.setting_count)
		return error_set(err, STATUS_USAGE, "predict: --set is for --skin");
	if (predict->drawdown == in_skin)
		return error_set(err, STATUS_USAGE, "predict: --drawdown or --skin is needed");
	if ((predict->thickness_mm > 0.0) != (predict->ground != NULL) ||
	    (predict->ground && in_skin))
		return error_set(err, STATUS_USAGE,
				 "predict: --thickness-mm and --ground belong together, with "
				 "--drawdown");
	return STATUS_OK;
}

static struct json_predicted predicted_of(const char *name,
					  const struct app_predicted_colour *colour)
{
	return (struct json_predicted){name, &colour->lab, &colour->reflectance};
}

static enum status print_prediction(struct answer *answer, const struct invocation *call,
				    const struct app_prediction *prediction, struct error *err)
{
	struct json_predicted colour = predicted_of("", &prediction->colour);
	static const enum healing_state order[STATES] = {STATE_FRESH, STATE_DAY7, STATE_HEALED};
	struct json_predicted state[STATES];
	int states = prediction->in_skin ? STATES : 0;

	for (int i = 0; i < states; i++)
		state[i] =
			predicted_of(healing_state_names[order[i]], &prediction->state[order[i]]);
	if (call->json)
		return json_prediction(&answer->text, &colour, state, states, &prediction->band,
				       prediction->in_skin ? &prediction->skin : NULL,
				       &prediction->explanation, prediction->illuminant,
				       prediction->observer, &answer->notes, err);
	text_addf(&answer->text, "CIELAB under %s, %s° observer\n", prediction->illuminant,
		  prediction->observer);
	for (int i = 0; i < (states ? states : 1); i++) {
		const struct app_predicted_colour *one =
			states ? &prediction->state[order[i]] : &prediction->colour;

		text_addf(&answer->text, "%-10s L* %6.2f  a* %6.2f  b* %6.2f",
			  states ? healing_state_words[order[i]] : "drawdown", one->lab.l,
			  one->lab.a, one->lab.b);
		ink_swatch(&answer->text, &one->pcs_lab);
		text_adds(&answer->text, "\n");
	}
	words_band(&answer->text, &prediction->band, prediction->in_skin);
	if (prediction->in_skin) {
		words_explanation(&answer->text, &prediction->explanation);
		words_skin(&answer->text, &prediction->skin);
	}
	return STATUS_OK;
}

enum status run_predict(struct answer *answer, struct invocation *call, struct error *err)
{
	struct app_prediction prediction;
	struct colours colours;
	enum status status = STATUS_OK;

	if (check_predict(call, err))
		return err->status;
	call->predict.pigments = call->pigments;
	call->predict.skin = call->match.reading[ROLE_SKIN];
	call->predict.technique = call->match.technique;
	call->predict.setting = call->match.setting;
	call->predict.setting_count = call->match.setting_count;
	call->predict.source = call->match.source;
	call->predict.light = call->match.light;
	if (app_predict(&prediction, &call->predict, &answer->notes, err))
		return err->status;
	if (call->plot) {
		status = app_prediction_curves(&colours, &prediction, &call->match.light, err);
		if (!status) {
			status = write_plot(call->plot, &colours, _("predicted"), false, err);
			colours_clear(&colours);
		}
	}
	return status ? status : print_prediction(answer, call, &prediction, err);
}
