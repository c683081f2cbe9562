/* The verb `capture`: the dialogue at the terminal. Prompts go to standard error, so that standard output
 * keeps the answer alone. */
#include "base/file.h"
#include "cli/verb.h"
#include "formats/export.h"
#include "report/json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct site {
	const char *name, *place;
	int readings; /* model.md §2: enough for the spread; a field is patchy */
} sites[] = {
	{"skin", "bare skin in the zone, without hair", 3},
	{"hair", "a lock of clipped hair, thick enough to hide what is below", 3},
	{"field", "the shaved zone with its follicles, another spot each time", 5},
};

/* What the user wants: '\n' for Enter, a small letter of `keys` that stands alone on its line, '?' for
 * anything else, 'q' at the end of input. */
static char ask(const char *keys)
{
	char *line = NULL, key = '?';
	size_t room = 0;
	ssize_t length;

	fflush(stderr);
	length = getline(&line, &room, stdin);
	while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		line[--length] = 0;
	if (length < 0)
		key = 'q';
	else if (length == 0)
		key = '\n';
	else if (length == 1 && strchr(keys, tolower((unsigned char)*line)))
		key = (char)tolower((unsigned char)*line);
	free(line);
	return key;
}

/* True when the instrument is calibrated; false where the user gave up. */
static enum status calibrate(bool *done, struct app_capture *capture, struct error *err)
{
	const char *why;

	for (*done = false; !*done;) {
		char key;

		fprintf(stderr,
			"Place the instrument on its own white tile, then press Enter (q ends): ");
		key = ask("q");
		if (key == 'q')
			return STATUS_OK;
		if (key == '?')
			continue;
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
		fprintf(stderr, "%s: L* %.1f  a* %.1f  b* %.1f, %d reading%s, spread dE00 %.2f%s\n",
			site->name, taken.lab.l, taken.lab.a, taken.lab.b, taken.count,
			taken.count == 1 ? "" : "s", taken.spread_de00,
			taken.outlier ? ": one is far from the others" : "");
	return STATUS_OK;
}

/* One reading, kept in the file at once. *taken false where the instrument wants it again. */
static enum status take_reading(bool *taken, bool *quit, struct app_capture *capture,
				const struct site *site, const char *file, struct error *err)
{
	const char *why;
	bool calibrated;

	*taken = false;
	if (app_capture_read(capture, site->name, &why, err)) {
		fprintf(stderr, "\n");
		return err->status;
	}
	if (*why == 0) {
		struct notes said_at_the_end = {0};
		enum status status = app_capture_save(capture, file, &said_at_the_end, err);

		notes_clear(&said_at_the_end);
		*taken = !status;
		return status;
	}
	fprintf(stderr, "%s\n", why);
	if (strstr(why, "needs a calibration") || strstr(why, "needs calibration")) {
		if (calibrate(&calibrated, capture, err))
			return err->status;
		*quit = !calibrated;
	}
	return STATUS_OK;
}

/* *quit where the user gave up. After the last reading the site is shown, and the last may still be taken
 * again. */
static enum status take_site(bool *quit, struct app_capture *capture, const struct site *site,
			     const char *file, struct error *err)
{
	int count = 0;

	fprintf(stderr, "\n%s: place the instrument on %s.\n", site->name, site->place);
	while (!*quit) {
		bool taken, full = count == site->readings;
		char key;

		if (full && show_site(capture, site, err))
			return err->status;
		if (full)
			fprintf(stderr, "Enter goes on, r takes the last again, q ends: ");
		else
			fprintf(stderr, "%s %d of %d: Enter reads%s, s skips, q ends: ", site->name,
				count + 1, site->readings, count ? ", r takes the last again" : "");
		key = ask(full ? "rq" : count ? "rsq" : "sq");
		*quit = key == 'q';
		if (*quit || key == 's' || (full && key == '\n'))
			break;
		if (key == '?')
			continue;
		if (key == 'r') {
			app_capture_undo(capture);
			count--;
		}
		if (take_reading(&taken, quit, capture, site, file, err))
			return err->status;
		count += taken;
	}
	return count == site->readings ? STATUS_OK : show_site(capture, site, err);
}

static enum status take_all(struct app_capture *capture, const char *only, const char *file,
			    struct error *err)
{
	bool calibrated, quit = false;

	if (calibrate(&calibrated, capture, err))
		return err->status;
	for (size_t i = 0; i < sizeof sites / sizeof *sites && calibrated && !quit; i++)
		if ((!only || strcmp(only, sites[i].name) == 0) &&
		    take_site(&quit, capture, &sites[i], file, err))
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
	text_addf(&answer->text, "%s: %d reading%s\n", call->output[0], total,
		  total == 1 ? "" : "s");
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
	if (!export_holds_readings(call->output[0]))
		return error_set(err, STATUS_USAGE,
				 "capture: -o %s: .txt (CGATS), .ti3, .cxf or .csv is needed",
				 call->output[0]);
	if (file_check_new(call->output[0], err))
		return err->status;
	if (app_capture_open(&capture, &request, err))
		return err->status;
	status = take_all(capture, call->site, call->output[0], err);
	if (!status)
		status = keep(answer, capture, call, err);
	else if (!keep(answer, capture, call, &none_to_keep))
		error_prefix(err, "%s holds the readings before this: ", call->output[0]);
	app_capture_close(capture);
	return status;
}
