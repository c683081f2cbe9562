/* Two sessions are the same where their ids are; two sealed notes where every letter is. */
#include "match/session.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void take_bottle(struct session_bottle *bottle, const struct recipe_dose *dose)
{
	*bottle = (struct session_bottle){.drops = dose->drops, .ml = dose->ml};
	text_copy(bottle->pigment, sizeof bottle->pigment, dose->bottle.id);
	text_copy(bottle->lot, sizeof bottle->lot, dose->bottle.lot);
	text_copy(bottle->expiry, sizeof bottle->expiry, dose->bottle.expiry);
}

enum status session_begin(struct recipe_session *session, const struct recipe *recipe,
			  struct error *err)
{
	*session = (struct recipe_session){.bottle_count = 1 + recipe->dose_count};
	take_bottle(&session->bottle[0], &recipe->diluent);
	for (int i = 0; i < recipe->dose_count; i++)
		take_bottle(&session->bottle[1 + i], &recipe->dose[i]);
	return random_id(session->stamp.id, err);
}

struct session_bottle *session_bottle(struct recipe_session *session, const char *pigment)
{
	for (int i = 0; i < session->bottle_count; i++)
		if (strcmp(session->bottle[i].pigment, pigment) == 0)
			return &session->bottle[i];
	return NULL;
}

/* The recipe's dose from that bottle, its diluent too. */
static const struct recipe_dose *dose_of(const struct recipe *recipe, const char *pigment)
{
	if (strcmp(recipe->diluent.bottle.id, pigment) == 0)
		return &recipe->diluent;
	for (int i = 0; i < recipe->dose_count; i++)
		if (strcmp(recipe->dose[i].bottle.id, pigment) == 0)
			return &recipe->dose[i];
	return NULL;
}

void session_take_drops(struct session_bottle *bottle, const struct recipe *recipe, int drops)
{
	bottle->drops = drops;
	bottle->ml = drops / dose_of(recipe, bottle->pigment)->bottle.drops_per_ml;
}

/* --- what may be kept ------------------------------------------------------------------------- */

/* An unused bottle may be as old as it likes. */
static enum status check_bottle(bool *expired, const struct session_bottle *bottle,
				const struct recipe_session *session, struct error *err)
{
	const char *day = session->stamp.day;

	if (*bottle->expiry && !clock_day_valid(bottle->expiry))
		return error_set(err, STATUS_REFUSED,
				 "%s: expiry “%s” is no day such as 2026-11-25; --expiry says it",
				 bottle->pigment, bottle->expiry);
	if (*bottle->opened && !clock_day_valid(bottle->opened))
		return error_set(err, STATUS_REFUSED,
				 "%s: opened “%s” is no day such as 2026-11-25", bottle->pigment,
				 bottle->opened);
	if (strcmp(bottle->opened, day) > 0)
		return error_set(err, STATUS_REFUSED, "%s: opened on %s, after the session of %s",
				 bottle->pigment, bottle->opened, day);
	if (bottle->drops == 0 || !*bottle->expiry || strcmp(bottle->expiry, day) >= 0)
		return STATUS_OK;
	*expired = true;
	if (!*session->override)
		return error_set(err, STATUS_REFUSED,
				 "%s: lot %s expired on %s, before the session of %s; "
				 "--override-expired REASON records it all the same",
				 bottle->pigment, *bottle->lot ? bottle->lot : "(not stated)",
				 bottle->expiry, day);
	return STATUS_OK;
}

enum status session_check(const struct recipe_session *session, const char *today,
			  struct error *err)
{
	const char *day = session->stamp.day;
	bool expired = false;
	long drops = 0;

	if (!clock_day_valid(day))
		return error_set(err, STATUS_REFUSED, "day “%s”: a day such as %s is needed", day,
				 today);
	if (strcmp(day, today) > 0)
		return error_set(err, STATUS_REFUSED,
				 "day %s: it is after today (%s, UTC); a session is recorded when "
				 "it has been",
				 day, today);
	for (int i = 0; i < session->bottle_count; i++) {
		if (check_bottle(&expired, &session->bottle[i], session, err))
			return err->status;
		drops += session->bottle[i].drops;
	}
	if (drops == 0)
		return error_set(err, STATUS_REFUSED, "nothing was mixed: all drops are 0");
	if (*session->override && !expired)
		return error_set(err, STATUS_REFUSED,
				 "--override-expired: no bottle of this session had expired on %s",
				 day);
	return STATUS_OK;
}

bool session_is_of_mix(const struct recipe_session *session, const struct recipe *recipe)
{
	const struct session_bottle *first = &session->bottle[0];
	const struct recipe_dose *firsts = dose_of(recipe, first->pigment);

	/* a recipe has at least one dose; its diluent may be none */
	for (int i = 0; i < session->bottle_count && firsts->drops == 0; i++) {
		first = &session->bottle[i];
		firsts = dose_of(recipe, first->pigment);
	}
	for (int i = 0; i < session->bottle_count; i++) {
		const struct session_bottle *bottle = &session->bottle[i];

		if ((long)bottle->drops * firsts->drops !=
		    (long)first->drops * dose_of(recipe, bottle->pigment)->drops)
			return false;
	}
	return true;
}

/* --- with its recipe -------------------------------------------------------------------------- */

enum status recipe_add_session(struct recipe *recipe, const struct recipe_session *session,
			       struct error *err)
{
	if (recipe->session_count == RECIPE_SESSIONS_MAX)
		return error_set(err, STATUS_REFUSED, "“%s” holds %d sessions, no more are kept",
				 recipe->stamp.name, RECIPE_SESSIONS_MAX);
	recipe->session[recipe->session_count++] = *session;
	return STATUS_OK;
}

enum status recipe_add_sealed(struct recipe *recipe, const char *sealed, struct error *err)
{
	if (recipe->sealed_count == RECIPE_SEALED_MAX)
		return error_set(err, STATUS_REFUSED,
				 "“%s” holds %d sealed notes, no more are kept", recipe->stamp.name,
				 RECIPE_SEALED_MAX);
	text_copy(recipe->sealed[recipe->sealed_count++], sizeof recipe->sealed[0], sealed);
	return STATUS_OK;
}

static bool has_session(const struct recipe *recipe, const char *id)
{
	for (int i = 0; i < recipe->session_count; i++)
		if (strcmp(recipe->session[i].stamp.id, id) == 0)
			return true;
	return false;
}

static bool has_sealed(const struct recipe *recipe, const char *sealed)
{
	for (int i = 0; i < recipe->sealed_count; i++)
		if (strcmp(recipe->sealed[i], sealed) == 0)
			return true;
	return false;
}

/* Adds to what was kept what `own` has beyond it. */
static enum status add_own(struct recipe *kept, const struct recipe *own, struct error *err)
{
	for (int i = 0; i < own->session_count; i++)
		if (!has_session(kept, own->session[i].stamp.id) &&
		    recipe_add_session(kept, &own->session[i], err))
			return err->status;
	for (int i = 0; i < own->sealed_count; i++)
		if (!has_sealed(kept, own->sealed[i]) &&
		    recipe_add_sealed(kept, own->sealed[i], err))
			return err->status;
	return STATUS_OK;
}

enum status recipe_keep(struct recipe *recipe, const struct recipe *earlier, struct error *err)
{
	struct recipe *own = malloc(sizeof *own);
	enum status status;

	if (!own)
		return error_memory(err);
	*own = *recipe;
	memcpy(recipe->session, earlier->session, sizeof recipe->session);
	memcpy(recipe->sealed, earlier->sealed, sizeof recipe->sealed);
	recipe->session_count = earlier->session_count;
	recipe->sealed_count = earlier->sealed_count;
	status = add_own(recipe, own, err);
	if (status)
		*recipe = *own;
	free(own);
	return status;
}

bool recipe_sealed_valid(const char *sealed)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const size_t length = strlen(sealed), spread = strspn(sealed, letters);
	const size_t bytes = 3 * spread / 4;

	return length % 4 == 0 && length - spread <= 2 &&
	       strspn(sealed + spread, "=") == length - spread && bytes > SEALED_FRAME &&
	       bytes <= SEALED_FRAME + SEALED_PLAIN_MOST &&
	       (bytes - SEALED_FRAME) % SEALED_STEP == 0;
}
