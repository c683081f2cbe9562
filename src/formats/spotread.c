#include "formats/spotread.h"

#include "base/number.h"
#include "base/process.h"
#include "base/text.h"
#include "formats/decode.h"
#include "formats/table.h"

#include <math.h>
#include <string.h>

/* Noise makes black a little negative on some instruments; percent. */
#define NEGATIVE_MOST 0.5

/* "…: No instrument at port 1", "Got fatal error 'x' (y)": the words behind the colon or quote. */
static void take_why(struct spotread_answer *answer, const char *line)
{
	text_copy(answer->why, sizeof answer->why, line);
	text_make_printable(answer->why);
}

static bool begins(const char *line, const char *words)
{
	return strncmp(line, words, strlen(words)) == 0;
}

/* The number behind the first `before` in a line. */
static bool number_behind(double *value, const char *line, const char *before)
{
	const char *place = strstr(line, before);
	char word[32];

	if (!place)
		return false;
	place += strlen(before);
	place += strspn(place, " ");
	text_copy_bytes(word, sizeof word, place, strcspn(place, " ,"));
	return number_read(value, word);
}

/* "Spectrum from 380.000000 to 730.000000 nm in 36 steps" */
static bool take_grid(struct grid *grid, const char *line)
{
	double first, last, count;

	if (!number_behind(&first, line, "from ") || !number_behind(&last, line, " to ") ||
	    !number_behind(&count, line, " in ") || count < 2.0 || count > SPECTRUM_SAMPLES_MAX ||
	    count != floor(count))
		return false;
	*grid = (struct grid){first, (last - first) / (count - 1.0), (int)count};
	return true;
}

static enum status take_values(struct reading *reading, char *line, int number, struct error *err)
{
	struct spectrum *s = &reading->reflectance;
	char *rest = line, *word;
	int count = 0;

	while ((word = strsep(&rest, ","))) {
		double percent;

		word = text_trim(word);
		if (count == s->grid.count)
			break;
		if (number_read(&percent, word) && percent < 0.0 && percent >= -NEGATIVE_MOST)
			text_copy(word, strlen(word) + 1, "0");
		if (reflectance_read(&s->value[count], word, true, "spotread", number, err))
			return err->status;
		count++;
	}
	if (count != s->grid.count || word)
		return error_set(err, STATUS_REFUSED,
				 "spotread:%d: not the %d reflectances that it announced", number,
				 s->grid.count);
	return STATUS_OK;
}

/* " Result is XYZ: 6.32 5.57 2.07, D50 Lab: 28.30 10.67 17.80" */
static void take_result(struct stated_colour *stated, const char *line)
{
	const char *lab = strstr(line, "D50 Lab:");
	char words[96], *rest = words;
	double value[3];
	int count = 0;

	if (!lab)
		return;
	text_copy(words, sizeof words, lab + strlen("D50 Lab:"));
	for (char *word; count < 3 && (word = strsep(&rest, " "));)
		if (*word && !number_read(&value[count++], word))
			return;
	stated->has_lab = count == 3;
	if (stated->has_lab)
		stated->lab = (struct lab){value[0], value[1], value[2]};
}

static const struct {
	const char *words;
	enum spotread_outcome outcome;
} outcomes[] = {
	{"Calibration complete", SPOTREAD_CALIBRATED},
	{"Spot read needs a calibration", SPOTREAD_NEEDS_CALIBRATION},
	{"Spot read failed because instruments needs calibration", SPOTREAD_NEEDS_CALIBRATION},
	{"Spot read failed", SPOTREAD_AGAIN},
	{"Spot read got abort", SPOTREAD_AGAIN},
	{"Calibration failed", SPOTREAD_AGAIN},
	{"Got fatal error", SPOTREAD_AGAIN},
};

static enum status take_line(struct spotread_answer *answer, char *line, int number,
			     bool *values_next, bool *spectrum, struct error *err)
{
	struct reading *reading = &answer->reading;

	if (*values_next) {
		*values_next = false;
		*spectrum = true;
		return take_values(reading, line, number, err);
	}
	line = text_trim(line);
	if (begins(line, "Spectrum from "))
		*values_next = take_grid(&reading->reflectance.grid, line);
	else if (begins(line, "Result is XYZ:"))
		take_result(&reading->stated, line);
	else if (begins(line, "Instrument Type:")) {
		text_copy(reading->conditions.instrument, sizeof reading->conditions.instrument,
			  text_trim(line + strlen("Instrument Type:")));
		text_make_printable(reading->conditions.instrument);
	}
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (begins(line, outcomes[i].words)) {
			answer->outcome = outcomes[i].outcome;
			take_why(answer, line);
			break;
		}
	return STATUS_OK;
}

/* "spotread: Error - No instrument at port 1" */
static const char *error_line(const char *output)
{
	const char *place = strstr(output, "Error - ");

	return place ? place + strlen("Error - ") : NULL;
}

enum status spotread_parse(struct spotread_answer *answer, char *output, struct error *err)
{
	const char *error = error_line(output);
	bool values_next = false, spectrum = false;
	char *cursor = output, *line;
	int number = 0;

	*answer = (struct spotread_answer){.outcome = SPOTREAD_AGAIN};
	if (error) {
		text_copy_bytes(answer->why, sizeof answer->why, error, strcspn(error, "\r\n"));
		text_make_printable(answer->why);
		return error_set(
			err, STATUS_ENVIRONMENT, "spotread: %s%s", answer->why,
			strstr(answer->why, "No instrument") || strstr(answer->why, "No ports")
				? ": no instrument is found; is it plugged in, and may you "
				  "use it?"
				: "");
	}
	text_copy(answer->why, sizeof answer->why, "spotread gave no reading");
	while ((line = text_next_line(&cursor, &number)))
		if (take_line(answer, line, number, &values_next, &spectrum, err))
			return err->status;
	if (!spectrum)
		return STATUS_OK;
	answer->outcome = SPOTREAD_READING;
	text_copy(answer->reading.file, sizeof answer->reading.file, "spotread");
	text_copy(answer->reading.conditions.illuminant,
		  sizeof answer->reading.conditions.illuminant, "D50");
	text_copy(answer->reading.conditions.observer, sizeof answer->reading.conditions.observer,
		  "2");
	return reading_grid_check(&answer->reading.reflectance.grid, "spotread", number, err);
}

/* M0 to M3 as spotread names its filters. */
static const char *filter_of(const char *mode)
{
	static const char *const filters[] = {"n", "5", "u", "p"};

	return *mode ? filters[mode[1] - '0'] : NULL;
}

/* -O does one calibration or reading and ends; -N keeps it from calibrating on the client's skin. */
enum status spotread_run(struct spotread_answer *answer, bool calibrate, const char *mode,
			 double time_limit_s, struct error *err)
{
	static const char *const environment[] = {"ARGYLL_NOT_INTERACTIVE=1", "LC_ALL=C", NULL};
	const char *argv[9] = {"spotread", "-v", "-s"};
	struct process_result result;
	int count = 3;
	enum status status;

	if (filter_of(mode)) {
		argv[count++] = "-F";
		argv[count++] = filter_of(mode);
	}
	if (!calibrate)
		argv[count++] = "-N";
	argv[count++] = "-O";
	if (process_run(&result, argv, environment, " \n", time_limit_s, err))
		return error_prefix(err, "the instrument is read by ArgyllCMS (Debian package "
					 "argyll): ");
	if (result.timed_out)
		status = error_set(err, STATUS_ENVIRONMENT,
				   "spotread gave no answer within %g s and was stopped: is an "
				   "instrument plugged in?",
				   time_limit_s);
	else
		status = spotread_parse(answer, result.output.data, err);
	process_result_clear(&result);
	if (!status)
		text_copy(answer->reading.conditions.mode, sizeof answer->reading.conditions.mode,
			  mode);
	return status;
}
