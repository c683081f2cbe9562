/* The verb `capture`: the dialogue at the terminal. Prompts go to standard error, so that standard output
 * keeps the answer alone. */
#include "cli/verb.h"
#include "formats/export.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

static const struct site {
	const char *name, *place;
	int readings; /* model.md §2: enough for the spread; a field is patchy */
} sites[] = {
	{"skin", "bare skin in the zone, without hair", 3},
	{"hair", "a lock of clipped hair, thick enough to hide what is below", 3},
	{"field", "the shaved zone with its follicles, another spot each time", 5},
};

/* What the user wants: the first letter of the line, '\n' for Enter, 'q' at the end of input. */
static char ask(void)
{
	char line[64];

	fflush(stderr);
	if (!fgets(line, sizeof line, stdin))
		return 'q';
	for (size_t length = strlen(line); line[length - 1] != '\n';) { /* the rest of a long one */
		char more[64];

		if (!fgets(more, sizeof more, stdin) || strchr(more, '\n'))
			break;
	}
	return line[0];
}

/* True when the instrument is calibrated; false where the user gave up. */
static enum status calibrate(bool *done, struct app_capture *capture, struct error *err)
{
	const char *why;

	for (*done = false; !*done;) {
		fprintf(stderr,
			"Place the instrument on its white tile, then press Enter (q ends): ");
		if (ask() == 'q')
			return STATUS_OK;
		if (app_capture_calibrate(capture, &why, err)) {
			fprintf(stderr, "\n");
			return err->status;
		}
		*done = *why == 0;
		fprintf(stderr, "%s\n", *done ? "Calibrated." : why);
	}
	return STATUS_OK;
}

static enum status show_site(const struct app_capture *capture, const struct site *site,
			     struct error *err)
{
	struct app_site taken;

	if (app_capture_site(&taken, capture, site->name, err))
		return err->status;
	if (taken.count > 0)
		fprintf(stderr, "%s: L* %.1f  a* %.1f  b* %.1f, %d reading%s, spread dE00 %.2f\n",
			site->name, taken.lab.l, taken.lab.a, taken.lab.b, taken.count,
			taken.count == 1 ? "" : "s", taken.spread_de00);
	return STATUS_OK;
}

/* *quit where the user gave up. */
static enum status take_site(bool *quit, struct app_capture *capture, const struct site *site,
			     struct error *err)
{
	fprintf(stderr, "\n%s: place the instrument on %s.\n", site->name, site->place);
	for (int i = 0; i < site->readings;) {
		const char *why = "";
		bool calibrated;
		char key;

		fprintf(stderr,
			"%s %d of %d: Enter reads, r takes the last again, s skips, q ends: ",
			site->name, i + 1, site->readings);
		key = ask();
		*quit = key == 'q';
		if (*quit || key == 's')
			break;
		if (key == 'r' && i > 0) {
			app_capture_undo(capture);
			i--;
		}
		if (app_capture_read(capture, site->name, &why, err)) {
			fprintf(stderr, "\n");
			return err->status;
		}
		if (*why)
			fprintf(stderr, "%s\n", why);
		else
			i++;
		if (strstr(why, "needs a calibration") || strstr(why, "needs calibration")) {
			if (calibrate(&calibrated, capture, err))
				return err->status;
			*quit = !calibrated;
			if (*quit)
				break;
		}
	}
	return show_site(capture, site, err);
}

static enum status take_all(struct app_capture *capture, const char *only, struct error *err)
{
	bool calibrated, quit = false;

	if (calibrate(&calibrated, capture, err))
		return err->status;
	for (size_t i = 0; i < sizeof sites / sizeof *sites && calibrated && !quit; i++)
		if ((!only || strcmp(only, sites[i].name) == 0) &&
		    take_site(&quit, capture, &sites[i], err))
			return err->status;
	return STATUS_OK;
}

/* Says what was taken, and keeps it even where the instrument failed meanwhile. */
static enum status keep(struct answer *answer, const struct app_capture *capture,
			const struct invocation *call, struct error *err)
{
	int total = 0;

	for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
		struct app_site taken;

		if (app_capture_site(&taken, capture, sites[i].name, err))
			return err->status;
		total += taken.count;
		if (taken.count > 0 && taken.count < sites[i].readings)
			notes_addf(&answer->notes, "%s: %d of %d readings", sites[i].name,
				   taken.count, sites[i].readings);
	}
	if (total == 0)
		return error_set(err, STATUS_NO_ANSWER, "no readings were taken");
	if (app_capture_save(capture, call->output[0], &answer->notes, err))
		return err->status;
	if (call->json)
		return json_files(&answer->text, call->output, 1, &answer->notes, err);
	text_addf(&answer->text, "%s: %d readings\n", call->output[0], total);
	return STATUS_OK;
}

enum status run_capture(struct answer *answer, struct invocation *call, struct error *err)
{
	const struct app_capture_request request = {
		.stated = call->match.source.stated,
		.light = call->match.light,
		.time_limit_s = call->match.time_limit_s,
	};
	struct app_capture *capture;
	struct error none_to_keep;
	enum status status;

	if (call->output_count != 1)
		return error_set(err, STATUS_USAGE, "capture: one -o FILE is needed");
	if (!export_knows(call->output[0]))
		return error_set(err, STATUS_USAGE,
				 "capture: -o %s: .txt (CGATS), .ti3, .cxf or .csv is needed",
				 call->output[0]);
	if (app_capture_open(&capture, &request, err))
		return err->status;
	status = take_all(capture, call->site, err);
	if (!status)
		status = keep(answer, capture, call, err);
	else if (!keep(answer, capture, call, &none_to_keep))
		error_prefix(err, "%s holds the readings before this: ", call->output[0]);
	app_capture_close(capture);
	return status;
}
