/* Requests about pigment lines as they are: list, show, check. */
#include "app/app.h"

#include "app/steps.h"
#include "base/text.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"

#include <stdio.h>
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

static enum status check_lots(struct text *doubts, const struct pigment_line *line,
			      const struct app_stated_list *lots, struct error *err)
{
	for (int i = 0; i < lots->count; i++) {
		const char *id = lots->item[i].id, *lot = lots->item[i].value;
		int index = pigment_line_find(line, id);
		bool diluent = strcmp(line->diluent.bottle.id, id) == 0;
		const struct bottle *bottle =
			index < 0 ? &line->diluent.bottle : &line->pigment[index].bottle;

		if (index < 0 && !diluent)
			return app_refuse_pigment(line, id, err);
		if (!*bottle->lot)
			text_addf(doubts, "%s: the line does not say which lot was calibrated\n",
				  bottle->id);
		else if (strcmp(bottle->lot, lot))
			text_addf(
				doubts,
				"%s: lot %s is in hand, lot %s was calibrated: calibrate again, or "
				"correct by a trial\n",
				bottle->id, lot, bottle->lot);
	}
	return STATUS_OK;
}

enum status app_pigment_check(struct text *doubts, const struct pigment_line *line,
			      const struct app_stated_list *lots, struct error *err)
{
	*doubts = (struct text){0};
	if (check_lots(doubts, line, lots, err)) {
		text_clear(doubts);
		return err->status;
	}
	if (*line->notice)
		text_addf(doubts, "%s\n", line->notice);
	check_dates(doubts, line);
	for (int i = 0; i < line->count; i++)
		check_pigment(doubts, &line->pigment[i]);
	return text_failed(doubts) ? error_memory(err) : STATUS_OK;
}

/* --- curves ------------------------------------------------------------------------------------- */

/* A film as thin as dots are dark by, over a white card: what a line with K and S per mm is shown as. */
#define SHOWN_MM 0.1
#define SHOWN_CARD 0.9

static enum status add_curve(struct colours *out, const struct pigment_line *line, int index,
			     double share, const char *name, struct error *err)
{
	struct reading reading = {.reflectance.grid = line->grid};
	double shares[LINE_PIGMENTS_MAX] = {0}, card[SPECTRUM_SAMPLES_MAX];
	double k[SPECTRUM_SAMPLES_MAX], s[SPECTRUM_SAMPLES_MAX];
	const struct surface none = {0.0, 0.0},
			     *surface = line->has_surface ? &line->surface : &none;
	struct medium medium;

	for (int b = 0; b < line->grid.count; b++)
		card[b] = SHOWN_CARD;
	if (line->relative)
		medium_opaque(&medium, &line->grid, surface);
	else
		medium_film(&medium, &line->grid, surface, SHOWN_MM, card);
	shares[index] = share;
	pigment_line_mix(k, s, line, shares, 1.0 - share);
	text_copy(reading.name, sizeof reading.name, name);
	for (int b = 0; b < line->grid.count; b++)
		reading.reflectance.value[b] = medium_reflectance(&medium, b, k[b], s[b]);
	return reading_list_add(&out->readings, &reading, err);
}

/* One part of pigment in so many parts of diluent or base. */
static enum status add_dilutions(struct colours *out, const struct pigment_line *line, int index,
				 struct error *err)
{
	static const int parts[] = {0, 3, 10, 30, 100};
	char name[32];

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		snprintf(name, sizeof name, "1:%d", parts[i]);
		if (add_curve(out, line, index, 1.0 / (1.0 + parts[i]), name, err))
			return err->status;
	}
	return STATUS_OK;
}

enum status app_pigment_curves(struct colours *out, const struct pigment_line *line, const char *id,
			       struct notes *notes, struct error *err)
{
	static const struct app_light light = {"D65", "10"};
	int index = id ? pigment_line_find(line, id) : -1;
	enum status status = STATUS_OK;

	*out = (struct colours){0};
	if (id && index < 0)
		return app_refuse_pigment(line, id, err);
	if (id)
		status = add_dilutions(out, line, index, err);
	for (int i = 0; !id && i < line->count && !status; i++)
		status = add_curve(out, line, i, 1.0 / 11.0, line->pigment[i].bottle.id, err);
	if (status) {
		colours_clear(out);
		return status;
	}
	notes_addf(notes, "%s%s", id ? "one part in so many of " : "each 1:10 in ",
		   line->diluent.bottle.id);
	if (!line->relative)
		notes_addf(notes, "films of %g mm over a white card (R %g)", SHOWN_MM, SHOWN_CARD);
	return app_colour_on_screen(out, &light, err);
}
