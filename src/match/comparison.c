/* Line by line in the order of a card: who, what is mixed, for what it was worked out. Numbers are compared as they are and said
 * as short as they differ. */
#include "match/comparison.h"

#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void add_line(struct comparison *out, const char *what, const char *before,
		     const char *after)
{
	struct comparison_line *line = &out->line[out->line_count];

	if (strcmp(before, after) == 0 || out->line_count == COMPARISON_LINES_MAX)
		return;
	text_copy(line->what, sizeof line->what, what);
	text_copy(line->before, sizeof line->before, before);
	text_copy(line->after, sizeof line->after, after);
	out->line_count++;
}

static void add_number(struct comparison *out, const char *what, double before, double after)
{
	char one[NUMBER_TEXT_SIZE], two[NUMBER_TEXT_SIZE];

	if (before != after)
		add_line(out, what, number_print(one, before), number_print(two, after));
}

/* "2 of 3" */
static void say_planned(char text[COMPARISON_TEXT_SIZE], const struct recipe *recipe)
{
	*text = 0;
	if (recipe->plan.sessions)
		snprintf(text, COMPARISON_TEXT_SIZE, "%d of %d", recipe->plan.session,
			 recipe->plan.sessions);
}

static void add_count(struct comparison *out, const char *what, int before, int after)
{
	char one[NUMBER_TEXT_SIZE], two[NUMBER_TEXT_SIZE];

	snprintf(one, sizeof one, "%d", before);
	snprintf(two, sizeof two, "%d", after);
	add_line(out, what, one, two);
}

/* --- bottles -------------------------------------------------------------------------------------- */

static const struct recipe_dose *find_dose(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->dose_count; i++)
		if (strcmp(recipe->dose[i].bottle.id, id) == 0)
			return &recipe->dose[i];
	return NULL;
}

static void say_drops(char text[COMPARISON_TEXT_SIZE], const struct recipe_dose *dose)
{
	*text = 0;
	if (dose)
		snprintf(text, COMPARISON_TEXT_SIZE, "%d drop%s", dose->drops,
			 dose->drops == 1 ? "" : "s");
}

static void compare_doses(struct comparison *out, const struct recipe_dose *before,
			  const struct recipe_dose *after)
{
	const struct bottle *bottle = before ? &before->bottle : &after->bottle;
	char what[COMPARISON_TEXT_SIZE], one[COMPARISON_TEXT_SIZE], two[COMPARISON_TEXT_SIZE];

	say_drops(one, before);
	say_drops(two, after);
	add_line(out, bottle->id, one, two);
	if (!before || !after)
		return;
	snprintf(what, sizeof what, "%s, lot", bottle->id);
	add_line(out, what, before->bottle.lot, after->bottle.lot);
	snprintf(what, sizeof what, "%s, expiry", bottle->id);
	add_line(out, what, before->bottle.expiry, after->bottle.expiry);
	snprintf(what, sizeof what, "%s, strength", bottle->id);
	add_number(out, what, before->strength, after->strength);
}

static void compare_mixes(struct comparison *out, const struct recipe *before,
			  const struct recipe *after)
{
	compare_doses(out, &before->diluent, &after->diluent);
	for (int i = 0; i < before->dose_count; i++)
		compare_doses(out, &before->dose[i], find_dose(after, before->dose[i].bottle.id));
	for (int i = 0; i < after->dose_count; i++)
		if (!find_dose(before, after->dose[i].bottle.id))
			compare_doses(out, NULL, &after->dose[i]);
}

/* --- sessions ------------------------------------------------------------------------------------- */

static const struct recipe_session *find_session(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->session_count; i++)
		if (strcmp(recipe->session[i].stamp.id, id) == 0)
			return &recipe->session[i];
	return NULL;
}

/* "session 2, by OP-3: water 60, black 2 (L7)" */
static void say_session(char text[COMPARISON_TEXT_SIZE], const struct recipe_session *session)
{
	struct text all = {0};

	if (session->stamp.number)
		text_addf(&all, "session %d", session->stamp.number);
	else
		text_adds(&all, "a session");
	if (*session->stamp.operator_code)
		text_addf(&all, ", by %s", session->stamp.operator_code);
	for (int i = 0; i < session->bottle_count; i++) {
		const struct session_bottle *bottle = &session->bottle[i];

		text_addf(&all, "%s %s %d", i ? "," : ":", bottle->pigment, bottle->drops);
		if (*bottle->lot)
			text_addf(&all, " (%s)", bottle->lot);
	}
	text_copy(text, COMPARISON_TEXT_SIZE, all.data ? all.data : "");
	text_clear(&all);
}

/* A session is never changed: one of them has it, or both. */
static void compare_sessions(struct comparison *out, const struct recipe *before,
			     const struct recipe *after)
{
	char what[COMPARISON_TEXT_SIZE], said[COMPARISON_TEXT_SIZE];

	for (int i = 0; i < before->session_count + after->session_count; i++) {
		bool gone = i < before->session_count;
		const struct recipe_session *session =
			gone ? &before->session[i] : &after->session[i - before->session_count];

		if (find_session(gone ? after : before, session->stamp.id))
			continue;
		snprintf(what, sizeof what, "session of %s", session->stamp.day);
		say_session(said, session);
		add_line(out, what, gone ? said : "", gone ? "" : said);
	}
}

/* --- the brief ------------------------------------------------------------------------------------ */

static void say_reading(char text[COMPARISON_TEXT_SIZE], const struct brief *brief,
			enum reading_role role)
{
	const struct repeats *reading = &brief->reading[role];

	*text = 0;
	if (brief->given[role])
		snprintf(text, COMPARISON_TEXT_SIZE, "%.80s#%.80s, %d reading%s",
			 reading->mean.file, reading->mean.name, reading->count,
			 reading->count == 1 ? "" : "s");
}

static void compare_readings(struct comparison *out, const struct brief *before,
			     const struct brief *after)
{
	for (int role = 0; role < ROLES; role++) {
		char one[COMPARISON_TEXT_SIZE], two[COMPARISON_TEXT_SIZE], what[48];

		snprintf(what, sizeof what, "%s reading", reading_role_names[role]);
		say_reading(one, before, role);
		say_reading(two, after, role);
		add_line(out, what, one, two);
	}
}

static void say_lights(char text[COMPARISON_TEXT_SIZE], const struct brief *brief)
{
	struct text all = {0};

	for (int i = 0; i < brief->light_count; i++)
		text_addf(&all, "%s%s:%g", i ? "," : "", brief->light[i].name,
			  brief->light[i].weight);
	text_addf(&all, ", %s° observer", brief->observer);
	text_copy(text, COMPARISON_TEXT_SIZE, all.data ? all.data : "");
	text_clear(&all);
}

static void compare_briefs(struct comparison *out, const struct brief *before,
			   const struct brief *after)
{
	char one[COMPARISON_TEXT_SIZE], two[COMPARISON_TEXT_SIZE];

	compare_readings(out, before, after);
	add_line(out, "state", healing_state_names[before->state],
		 healing_state_names[after->state]);
	add_line(out, "technique", before->technique.name, after->technique.name);
	add_line(out, "needle", before->technique.needle, after->technique.needle);
	for (int key = 0; key < TECHNIQUE_KEYS; key++)
		add_number(out, technique_parameters[key].words, before->technique.value[key],
			   after->technique.value[key]);
	say_lights(one, before);
	say_lights(two, after);
	add_line(out, "lights", one, two);
	out->same_light = strcmp(before->light[0].name, after->light[0].name) == 0 &&
			  strcmp(before->observer, after->observer) == 0;
}

/* --- colours -------------------------------------------------------------------------------------- */

static void compare_looks(struct comparison *out, const struct recipe *before,
			  const struct recipe *after)
{
	for (int i = 0; i < before->predicted.look_count; i++) {
		const struct recipe_look *one = &before->predicted.look[i];
		const struct recipe_look *two = recipe_look_find(after, one->label);
		struct comparison_look *look = &out->look[out->look_count];

		if (!two)
			continue;
		text_copy(look->label, sizeof look->label, one->label);
		look->before = one->lab;
		look->after = two->lab;
		look->de00 = ciede2000(&one->lab, &two->lab);
		out->look_count++;
	}
}

void recipe_compare(struct comparison *out, const struct recipe *before, const struct recipe *after)
{
	char one[COMPARISON_TEXT_SIZE], two[COMPARISON_TEXT_SIZE];

	*out = (struct comparison){.line_count = 0};
	add_line(out, "name", before->stamp.name, after->stamp.name);
	add_line(out, "zone", before->zone, after->zone);
	say_planned(one, before);
	say_planned(two, after);
	add_line(out, "session of its plan", one, two);
	snprintf(one, sizeof one, "%s %.12s", before->line.name, before->line.fingerprint);
	snprintf(two, sizeof two, "%s %.12s", after->line.name, after->line.fingerprint);
	add_line(out, "pigment line", one, two);
	compare_mixes(out, before, after);
	compare_briefs(out, &before->brief, &after->brief);
	add_count(out, "readings of what became of it", before->seen_count, after->seen_count);
	compare_sessions(out, before, after);
	add_count(out, "sealed notes", before->sealed_count, after->sealed_count);
	if (out->same_light)
		compare_looks(out, before, after);
}
