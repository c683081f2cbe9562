/* In the order of a recipe's file. A field that is empty is not told of. */
#include "match/disclosure.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	unsigned flag;
} choices[] = {{"zone", DISCLOSE_ZONE},
	       {"notes", DISCLOSE_NOTES},
	       {"names", DISCLOSE_NAMES},
	       {"sessions", DISCLOSE_SESSIONS}};

enum { CHOICES = sizeof choices / sizeof *choices };

enum status disclosure_read(unsigned *with, const char *words, struct error *err)
{
	*with = 0;
	while (words) {
		size_t length = strcspn(words, ",");
		int i = 0;

		while (i < CHOICES && (strlen(choices[i].word) != length ||
				       strncmp(choices[i].word, words, length)))
			i++;
		if (i == CHOICES)
			return error_set(err, STATUS_USAGE,
					 "--with %.40s: zone, notes, names or sessions is allowed",
					 words);
		*with |= choices[i].flag;
		words = words[length] ? words + length + 1 : NULL;
	}
	return STATUS_OK;
}

static void strip_reading(struct repeats *reading, const char *role)
{
	struct reading *mean = &reading->mean;

	text_copy(mean->name, sizeof mean->name, role);
	*mean->file = 0;
	*mean->conditions.date = 0;
	if (strcmp(mean->conditions.origin,
		   READING_COMPUTED)) /* which is no one's, and is asked for */
		*mean->conditions.origin = 0;
}

void disclosure_apply(struct recipe *recipe, unsigned with)
{
	if (!(with & DISCLOSE_ZONE))
		*recipe->zone = 0;
	if (!(with & DISCLOSE_NOTES))
		recipe->note_count = 0;
	if (!(with & DISCLOSE_SESSIONS))
		recipe->session_count = 0;
	recipe->sealed_count = 0;
	if (with & DISCLOSE_NAMES)
		return;
	for (int role = 0; role < ROLES; role++)
		if (recipe->brief.given[role])
			strip_reading(&recipe->brief.reading[role], reading_role_names[role]);
	for (int i = 0; i < recipe->seen_count; i++)
		strip_reading(&recipe->seen[i].reading, healing_state_names[recipe->seen[i].state]);
}

/* --- telling ---------------------------------------------------------------------------------------- */

__attribute__((format(printf, 4, 5))) static void
add_line(struct disclosure_list *list, bool leaves, const char *what, const char *format, ...)
{
	struct disclosure_line *line;
	char value[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(value, sizeof value, format, arguments);
	va_end(arguments);
	if (!*value)
		return;
	assert(list->count < DISCLOSURE_LINES_MAX); /* what leaves is told of, all of it */
	line = &list->line[list->count];
	text_copy(line->what, sizeof line->what, what);
	text_copy(line->value, sizeof line->value, value);
	line->leaves = leaves;
	list->count++;
}

static void list_bottle(struct disclosure_list *list, const struct recipe_dose *dose)
{
	const struct bottle *bottle = &dose->bottle;
	const struct {
		const char *before, *text;
	} part[] = {{", ", bottle->name},
		    {", maker ", bottle->maker},
		    {", shade ", bottle->shade},
		    {", lot ", bottle->lot},
		    {", expiry ", bottle->expiry}};
	char value[DISCLOSURE_TEXT_SIZE];
	int length = snprintf(value, sizeof value, "%d drops", dose->drops);

	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		if (*part[i].text && length < (int)sizeof value)
			length += snprintf(value + length, sizeof value - (size_t)length, "%s%s",
					   part[i].before, part[i].text);
	add_line(list, true, bottle->id, "%s", value);
}

static void list_reading(struct disclosure_list *list, const char *role,
			 const struct repeats *reading, unsigned with)
{
	const struct conditions *conditions = &reading->mean.conditions;
	const bool named = with & DISCLOSE_NAMES;
	char what[48];

	snprintf(what, sizeof what, "%s reading", role);
	add_line(list, true, what, "spectrum of %d values, %s %s %s",
		 reading->mean.reflectance.grid.count, conditions->instrument, conditions->geometry,
		 conditions->mode);
	snprintf(what, sizeof what, "%s reading's name", role);
	add_line(list, named, what, "%s", reading->mean.name);
	snprintf(what, sizeof what, "%s reading's file", role);
	add_line(list, named, what, "%s", reading->mean.file);
	snprintf(what, sizeof what, "%s reading's date", role);
	add_line(list, named, what, "%s", conditions->date);
	snprintf(what, sizeof what, "%s reading's origin", role);
	add_line(list, named || strcmp(conditions->origin, READING_COMPUTED) == 0, what, "%s",
		 conditions->origin);
}

static void list_stamp(struct disclosure_list *list, const struct recipe *recipe, unsigned with)
{
	const struct recipe_stamp *stamp = &recipe->stamp;

	add_line(list, true, "name", "%s", stamp->name);
	add_line(list, true, "id", "%s, version %d", stamp->id, stamp->version);
	add_line(list, true, "made", "%s", stamp->made);
	if (*recipe->source.clinic)
		add_line(list, true, "taken over from", "clinic %s, %s version %d",
			 recipe->source.clinic, recipe->source.id, recipe->source.version);
	add_line(list, with & DISCLOSE_ZONE, "zone", "%s", recipe->zone);
	if (recipe->plan.sessions)
		add_line(list, true, "session of its plan", "%d of %d", recipe->plan.session,
			 recipe->plan.sessions);
	add_line(list, true, "pigment line", "%s (%.12s)", recipe->line.name,
		 recipe->line.fingerprint);
	add_line(list, true, "pigment line's notice", "%s", recipe->line.notice);
}

/* Where each of its values is from stands in words, and those may be the clinic's own. */
static void list_technique(struct disclosure_list *list, const struct technique *technique)
{
	char what[48];

	add_line(list, true, "technique", "%s and its parameters", technique->name);
	add_line(list, true, "needle", "%s", technique->needle);
	add_line(list, true, "source of needle", "%s", technique->needle_source);
	for (int key = 0; key < TECHNIQUE_KEYS; key++) {
		snprintf(what, sizeof what, "source of %s", technique_parameters[key].name);
		add_line(list, true, what, "%s", technique->source[key]);
	}
}

static void list_session(struct disclosure_list *list, const struct recipe_session *session,
			 bool leaves)
{
	char what[48];

	add_line(list, leaves, "session", "%s, operator %s%s%s", session->stamp.day,
		 *session->stamp.operator_code ? session->stamp.operator_code : "not said",
		 *session->override ? ", expired: " : "", session->override);
	for (int i = 0; i < session->bottle_count; i++) {
		const struct session_bottle *bottle = &session->bottle[i];

		snprintf(what, sizeof what, "session's %.24s", bottle->pigment);
		add_line(list, leaves, what, "%d drops%s%s%s%s%s%s", bottle->drops,
			 *bottle->lot ? ", lot " : "", bottle->lot,
			 *bottle->expiry ? ", expiry " : "", bottle->expiry,
			 *bottle->opened ? ", opened " : "", bottle->opened);
	}
}

static void list_sessions(struct disclosure_list *list, const struct recipe *recipe, unsigned with)
{
	for (int i = 0; i < recipe->session_count; i++)
		list_session(list, &recipe->session[i], with & DISCLOSE_SESSIONS);
	if (recipe->sealed_count)
		add_line(list, false, "sealed notes", "%d", recipe->sealed_count);
}

void disclosure_list(struct disclosure_list *list, const struct recipe *recipe, unsigned with)
{
	const struct brief *brief = &recipe->brief;

	list->count = 0;
	list_stamp(list, recipe, with);
	list_bottle(list, &recipe->diluent);
	for (int i = 0; i < recipe->dose_count; i++)
		list_bottle(list, &recipe->dose[i]);
	add_line(list, true, "prediction", "dE00 %.2f, spectra and Lab", recipe->predicted.de00);
	for (int i = 0; i < recipe->note_count; i++)
		add_line(list, with & DISCLOSE_NOTES, "note", "%s", recipe->note[i]);
	for (int i = 0; i < brief->light_count; i++)
		add_line(list, true, "light", "%s", brief->light[i].name);
	list_technique(list, &brief->technique);
	for (int role = 0; role < ROLES; role++)
		if (brief->given[role])
			list_reading(list, reading_role_names[role], &brief->reading[role], with);
	for (int i = 0; i < recipe->seen_count; i++)
		list_reading(list, healing_state_names[recipe->seen[i].state],
			     &recipe->seen[i].reading, with);
	list_sessions(list, recipe, with);
}
