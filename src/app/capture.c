/* Readings from an instrument. */
#include "app/app.h"

#include "base/file.h"
#include "base/text.h"
#include "colour/cms.h"
#include "colour/inspection.h"
#include "formats/export.h"
#include "formats/profile.h"
#include "formats/spotread.h"

#include <stdlib.h>
#include <string.h>

/* A calibration lasts up to half a minute on some instruments. */
#define USUAL_TIME_LIMIT_S 60.0

#define USUAL_GEOMETRY "45:0"

/* The Lab that spotread prints is computed from a spectrum of more digits, by other interpolation. */
#define AGREEMENT_DE00 1.0

struct app_capture {
	struct app_capture_request request;
	struct illuminant illuminant, d50;
	struct observer observer, observer_2;
	struct reading_list readings;
	bool geometry_assumed;
	char why[256];
};

enum status app_capture_open(struct app_capture **out, const struct app_capture_request *request,
			     struct error *err)
{
	struct app_capture *capture = calloc(1, sizeof *capture);
	enum status status = capture ? STATUS_OK : error_memory(err);

	*out = NULL;
	if (!status)
		status = illuminant_find(&capture->illuminant, request->light.illuminant, err);
	if (!status)
		status = observer_find(&capture->observer, request->light.observer, err);
	if (!status)
		status = illuminant_find(&capture->d50, "D50", err);
	if (!status)
		status = observer_find(&capture->observer_2, "2", err);
	if (status) {
		free(capture);
		return status;
	}
	capture->request = *request;
	capture->geometry_assumed = !*request->stated.geometry;
	if (capture->geometry_assumed) /* so are all that spotread reads reflectances with */
		text_copy(capture->request.stated.geometry, sizeof capture->request.stated.geometry,
			  USUAL_GEOMETRY);
	if (request->time_limit_s <= 0.0)
		capture->request.time_limit_s = USUAL_TIME_LIMIT_S;
	*out = capture;
	return STATUS_OK;
}

void app_capture_close(struct app_capture *capture)
{
	if (capture)
		reading_list_clear(&capture->readings);
	free(capture);
}

enum status app_capture_calibrate(struct app_capture *capture, const char **why, struct error *err)
{
	struct spotread_answer answer;

	capture->why[0] = 0;
	*why = capture->why;
	if (spotread_run(&answer, true, capture->request.stated.mode, capture->request.time_limit_s,
			 err))
		return err->status;
	if (answer.outcome != SPOTREAD_CALIBRATED && answer.outcome != SPOTREAD_READING)
		text_copy(capture->why, sizeof capture->why, answer.why);
	return STATUS_OK;
}

/* Spectrum and printed colour are one reading: they must agree. */
static enum status check_agreement(const struct app_capture *capture, const struct reading *reading,
				   struct error *err)
{
	struct weights weights;
	struct lab lab;
	double de00;

	if (!reading->stated.has_lab)
		return STATUS_OK;
	if (weights_build(&weights, &reading->reflectance.grid, &capture->d50, &capture->observer_2,
			  err))
		return err->status;
	lab = weights_lab(&weights, reading->reflectance.value);
	de00 = delta_e_2000(&lab, &reading->stated.lab);
	if (de00 <= AGREEMENT_DE00)
		return STATUS_OK;
	return error_set(err, STATUS_REFUSED,
			 "spotread prints a Lab that is dE00 %.1f from that of its spectrum: not a "
			 "reflectance reading?",
			 de00);
}

enum status app_capture_read(struct app_capture *capture, const char *site, const char **why,
			     struct error *err)
{
	struct spotread_answer answer;

	capture->why[0] = 0;
	*why = capture->why;
	if (spotread_run(&answer, false, capture->request.stated.mode,
			 capture->request.time_limit_s, err))
		return err->status;
	if (answer.outcome != SPOTREAD_READING) {
		text_copy(capture->why, sizeof capture->why, answer.why);
		return STATUS_OK;
	}
	if (check_agreement(capture, &answer.reading, err))
		return err->status;
	text_copy(answer.reading.name, sizeof answer.reading.name, site);
	conditions_complete(&answer.reading.conditions, &capture->request.stated);
	clock_text(answer.reading.conditions.date);
	if (capture->readings.count > 0) { /* one session, one date: one table in the file */
		struct reading first;

		reading_list_get(&first, &capture->readings, 0);
		text_copy(answer.reading.conditions.date, sizeof answer.reading.conditions.date,
			  first.conditions.date);
	}
	return reading_list_add(&capture->readings, &answer.reading, err);
}

void app_capture_undo(struct app_capture *capture)
{
	if (capture->readings.count > 0)
		reading_list_cut(&capture->readings, capture->readings.count - 1);
}

enum status app_capture_site(struct app_site *out, const struct app_capture *capture,
			     const char *site, struct error *err)
{
	struct inspection inspection = {.groups = 0};
	struct colorimeter *meter = calloc(1, sizeof *meter);
	struct repeats repeats;
	struct weights weights;
	struct reading reading;
	enum status status = meter ? STATUS_OK : error_memory(err);

	*out = (struct app_site){.count = 0};
	for (size_t i = 0; i < capture->readings.count && !status; i++) {
		reading_list_get(&reading, &capture->readings, i);
		if (strcmp(reading.name, site) == 0)
			status = reading_list_add(&inspection.readings, &reading, err);
	}
	if (!status && inspection.readings.count > 0) {
		*meter = (struct colorimeter){.illuminant = &capture->illuminant,
					      .observer = &capture->observer,
					      .pcs_observer = &capture->observer_2};
		status = inspection_measure(&inspection, meter, err);
		if (!status)
			status = reading_list_mean(&repeats, &inspection.readings,
						   &capture->illuminant, &capture->observer, err);
		if (!status)
			status = weights_build(&weights, &repeats.mean.reflectance.grid,
					       &capture->illuminant, &capture->observer, err);
		if (!status)
			*out = (struct app_site){
				repeats.count,
				weights_lab(&weights, repeats.mean.reflectance.value),
				repeats.spread_de00,
				inspection.groups > 0 && inspection.group[0].outlier >= 0};
	}
	inspection_clear(&inspection);
	free(meter);
	return status;
}

enum status app_capture_save(const struct app_capture *capture, const char *file,
			     struct notes *notes, struct error *err)
{
	struct colours colours = {.readings = capture->readings};
	struct colorimeter *meter = calloc(1, sizeof *meter);
	struct text content = {0};
	enum status status = meter ? STATUS_OK : error_memory(err);

	if (capture->geometry_assumed)
		notes_addf(notes, "geometry " USUAL_GEOMETRY ", as every instrument has it that "
				  "spotread reads reflectances with; --geometry says otherwise");
	if (capture->request.stated.aperture_mm <= 0.0)
		notes_addf(notes, "the aperture is not known: --aperture-mm states it");
	if (!status) {
		*meter = (struct colorimeter){.illuminant = &capture->illuminant,
					      .observer = &capture->observer,
					      .pcs_observer = &capture->observer_2};
		status = colours_measure(&colours, meter, err);
	}
	if (!status)
		status = export_print(&content, file, &colours, notes, err);
	if (!status)
		status = file_write(file, content.data, content.length, err);
	text_clear(&content);
	colours.readings = (struct reading_list){0}; /* they are the capture's */
	colours_clear(&colours);
	free(meter);
	return status;
}
