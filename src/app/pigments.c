/* Requests about pigment lines as they are: list, show, check. */
#include "app/app.h"

#include "base/text.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"

#include <string.h>

/* A line is asked for again after a year: pigments settle, lots change. */
enum { LINE_OLD_DAYS = 365 };

/* Steps of a ladder that are farther apart than this leave a gap between them. */
#define LADDER_GAP 30.0

/* Above this a ladder does not predict its own steps well enough to mix by. */
#define LEAVE_ONE_OUT_DOUBTFUL 1.0

enum status app_pigment_line(struct pigment_line *line, const char *name, struct error *err)
{
	return pigment_line_read(line, name, err);
}

enum status app_pigment_lines(struct text *names, struct error *err)
{
	*names = (struct text){0};
	return profile_list(names, "pigments", ".cfg", err);
}

static void check_dates(struct text *doubts, const struct pigment_line *line)
{
	char now[CLOCK_TEXT_SIZE];

	clock_text(now);
	if (*line->made && clock_text_valid(line->made) &&
	    clock_days(now) - clock_days(line->made) > LINE_OLD_DAYS)
		text_addf(doubts, "calibrated on %.10s, %ld days ago: calibrate again\n",
			  line->made, clock_days(now) - clock_days(line->made));
	for (int i = 0; i < line->count; i++) {
		const struct bottle *bottle = &line->pigment[i].bottle;

		if (*bottle->expiry && strncmp(bottle->expiry, now, 10) < 0)
			text_addf(doubts, "%s: lot %s expired on %s\n", bottle->id, bottle->lot,
				  bottle->expiry);
	}
}

static void check_pigment(struct text *doubts, const struct pigment *pigment)
{
	const struct pigment_origin *origin = &pigment->origin;
	const char *id = pigment->bottle.id;

	if (origin->steps == 0)
		return;
	if (!origin->trusted)
		text_addf(doubts, "%s: do not trust: %s\n", id, origin->reasons);
	else if (*origin->reasons)
		text_addf(doubts, "%s: %s\n", id, origin->reasons);
	if (origin->leave_one_out_de00 > LEAVE_ONE_OUT_DOUBTFUL)
		text_addf(doubts, "%s: steps are predicted by the others to dE00 %.1f only\n", id,
			  origin->leave_one_out_de00);
	if (origin->steps < 3)
		text_addf(doubts, "%s: %d step%s; three or more can be checked\n", id,
			  origin->steps, origin->steps == 1 ? "" : "s");
	else if (origin->most > LADDER_GAP * origin->least * (origin->steps - 1))
		text_addf(doubts, "%s: %d steps from %g to %g leave gaps\n", id, origin->steps,
			  origin->least, origin->most);
}

enum status app_pigment_check(struct text *doubts, const struct pigment_line *line,
			      struct error *err)
{
	*doubts = (struct text){0};
	if (*line->notice)
		text_addf(doubts, "%s\n", line->notice);
	check_dates(doubts, line);
	for (int i = 0; i < line->count; i++)
		check_pigment(doubts, &line->pigment[i]);
	return text_failed(doubts) ? error_memory(err) : STATUS_OK;
}
