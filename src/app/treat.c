/* The request `treat`: what was mixed and used, and what became of it, kept with the recipe as a new version. */
#include "app/app.h"
#include "app/steps.h"
#include "match/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Dots and hairs take a tenth of the light of a patch; half of it or twice is something else. */
#define PATCH_UNLIKELY 1.5

/* --- the reading ------------------------------------------------------------------------------ */

/* A patch lies between bare skin and what dots can do; one that is far from what was predicted may be another's. */
static void note_unlikely(const struct recipe *recipe, const struct recipe_seen *seen,
			  struct notes *notes)
{
	static const struct grid middle = {450.0, 50.0, 5};
	struct spectrum read, skin;
	double sum = 0.0, times;

	if (!brief_in_skin(&recipe->brief))
		return;
	spectrum_resample(&read, &seen->reading.mean.reflectance, &middle);
	spectrum_resample(&skin, &recipe->brief.reading[ROLE_SKIN].mean.reflectance, &middle);
	for (int i = 0; i < middle.count; i++)
		sum += log(fmax(read.value[i], REFLECTANCE_FLOOR) / skin.value[i]);
	times = exp(sum / middle.count);
	if (times > PATCH_UNLIKELY || times < 1.0 / PATCH_UNLIKELY)
		notes_addf(
			notes,
			"%s: it reads %.2f times as light as the bare skin; is it of this patch?",
			seen->reading.mean.name, times);
}

static enum status add_seen(struct recipe *recipe, const struct app_treat_request *request,
			    struct notes *notes, struct error *err)
{
	struct recipe_seen *seen = &recipe->seen[recipe->seen_count];

	if (recipe->seen_count == RECIPE_SEEN_MAX)
		return error_set(err, STATUS_REFUSED,
				 "“%s” holds %d readings of what became of it, no more are kept",
				 recipe->stamp.name, RECIPE_SEEN_MAX);
	if (app_seen(&seen->reading, request->after, recipe, &request->source, request->mixed,
		     notes, err))
		return err->status;
	seen->state = request->state;
	recipe->seen_count++;
	note_unlikely(recipe, seen, notes);
	return STATUS_OK;
}

/* --- the session ------------------------------------------------------------------------------ */

static enum status find_bottle(struct session_bottle **bottle, struct recipe_session *session,
			       const char *id, const struct recipe *recipe, struct error *err)
{
	*bottle = session_bottle(session, id);
	return *bottle ? STATUS_OK
		       : error_set(err, STATUS_REFUSED, "no bottle of “%s” is called “%s”",
				   recipe->stamp.name, id);
}

static enum status take_words(char *slot, size_t size, const char *words, const char *what,
			      struct error *err)
{
	if (text_check_line(words, size, what, err))
		return err->status;
	text_copy(slot, size, words);
	return STATUS_OK;
}

static enum status take_drops(struct recipe_session *session, const struct app_session *said,
			      const struct recipe *recipe, struct error *err)
{
	struct session_bottle *bottle;

	for (int i = 0; i < said->mixed_count; i++) {
		if (find_bottle(&bottle, session, said->mixed[i].id, recipe, err))
			return err->status;
		session_take_drops(bottle, recipe, (int)said->mixed[i].amount);
	}
	return STATUS_OK;
}

static enum status take_labels(struct recipe_session *session, const struct app_session *said,
			       const struct recipe *recipe, struct error *err)
{
	struct session_bottle *bottle;
	const struct app_stated *one;

	for (int i = 0; i < said->lots.count; i++) {
		one = &said->lots.item[i];
		if (find_bottle(&bottle, session, one->id, recipe, err) ||
		    take_words(bottle->lot, sizeof bottle->lot, one->value, "lot", err))
			return err->status;
	}
	for (int i = 0; i < said->expiries.count; i++) {
		one = &said->expiries.item[i];
		if (find_bottle(&bottle, session, one->id, recipe, err) ||
		    take_words(bottle->expiry, sizeof bottle->expiry, one->value, "expiry", err))
			return err->status;
	}
	for (int i = 0; i < said->openings.count; i++) {
		one = &said->openings.item[i];
		if (find_bottle(&bottle, session, one->id, recipe, err) ||
		    take_words(bottle->opened, sizeof bottle->opened, one->value, "opened", err))
			return err->status;
	}
	return STATUS_OK;
}

/* Who, when and why. */
static enum status take_circumstances(struct recipe_session *session,
				      const struct app_session *said, const char *today,
				      struct error *err)
{
	struct session_stamp *stamp = &session->stamp;
	const char *operator_code = said->operator_code;

	if (operator_code && !text_is_code(operator_code))
		return error_set(err, STATUS_REFUSED,
				 "operator “%.64s”: a code, not a name, is 1 to %d letters, "
				 "digits, '-' and '_'",
				 operator_code, CODE_SIZE - 1);
	stamp->number = said->number;
	text_copy(stamp->day, sizeof stamp->day, said->day ? said->day : today);
	text_copy(stamp->operator_code, sizeof stamp->operator_code,
		  operator_code ? operator_code : "");
	return said->override_expired ? take_words(session->override, sizeof session->override,
						   said->override_expired, "override-expired", err)
				      : STATUS_OK;
}

/* A number that is there already may be a session that was recorded twice, which stays. */
static void note_number(const struct recipe_session *session, const struct recipe *recipe,
			struct notes *notes)
{
	for (int i = 0; i < recipe->session_count; i++)
		if (session->stamp.number &&
		    recipe->session[i].stamp.number == session->stamp.number)
			notes_addf(notes, "“%s” has a session %d already, of %s; both are kept",
				   recipe->stamp.name, session->stamp.number,
				   recipe->session[i].stamp.day);
}

/* A reading is of the recipe's mix, or what is learned from it would be wrong. */
static enum status check_mix(const struct recipe_session *session, const struct recipe *recipe,
			     const struct app_treat_request *request, struct notes *notes,
			     struct error *err)
{
	if (session_is_of_mix(session, recipe))
		return STATUS_OK;
	if (request->after)
		return error_set(err, STATUS_REFUSED,
				 "%s: the reading would be of another mix than the recipe's; save "
				 "that mix as a recipe first, or record the session without "
				 "--after",
				 request->after);
	notes_addf(notes, "what was mixed is another mix than the recipe's: its colour is not what "
			  "the recipe says");
	return STATUS_OK;
}

static enum status add_session(struct recipe *recipe, const struct app_treat_request *request,
			       struct notes *notes, struct error *err)
{
	const struct app_session *said = request->session;
	struct recipe_session session;
	char today[CLOCK_DAY_SIZE];

	clock_day(today, 0);
	if (session_begin(&session, recipe, err) || take_drops(&session, said, recipe, err) ||
	    take_labels(&session, said, recipe, err) ||
	    take_circumstances(&session, said, today, err) || session_check(&session, today, err) ||
	    check_mix(&session, recipe, request, notes, err))
		return err->status;
	note_number(&session, recipe, notes);
	return recipe_add_session(recipe, &session, err);
}

/* --- both ------------------------------------------------------------------------------------- */

/* The newest version of what is named; refused where an older one is. */
static enum status find_newest(struct recipe *recipe, struct store *store, const char *name,
			       struct error *err)
{
	char id[RANDOM_ID_SIZE];
	int asked;

	if (store_find(recipe, NULL, store, name, err))
		return err->status;
	asked = recipe->stamp.version;
	text_copy(id, sizeof id, recipe->stamp.id);
	if (!strchr(name, '@'))
		return STATUS_OK;
	if (store_find(recipe, NULL, store, id, err))
		return err->status;
	if (recipe->stamp.version != asked)
		return error_set(err, STATUS_REFUSED,
				 "%s: a session or a reading is kept with the newest version, %d; "
				 "where its mix is another, save that of version %d again first",
				 name, recipe->stamp.version, asked);
	return STATUS_OK;
}

static enum status add_what_was(struct recipe *recipe, const struct app_treat_request *request,
				struct notes *notes, struct error *err)
{
	if (request->session && add_session(recipe, request, notes, err))
		return err->status;
	return request->after ? add_seen(recipe, request, notes, err) : STATUS_OK;
}

enum status app_treat(struct recipe *recipe, const struct app_treat_request *request,
		      struct notes *notes, struct error *err)
{
	struct recipe *before = malloc(sizeof *before);
	struct store *store;
	bool saved;
	enum status status;

	if (!before)
		return error_memory(err);
	status = app_store_open(&store, request->folder, err);
	if (!status)
		status = find_newest(recipe, store, request->recipe, err);
	store_close(store);
	if (!status) {
		*before = *recipe;
		status = add_what_was(recipe, request, notes, err);
	}
	if (!status)
		status = app_refuse_named(recipe, before, err);
	free(before);
	return status ? status : app_store_save(&saved, request->folder, recipe, notes, err);
}
