/* Taking over: of a signed file or of what arrived -> trust -> what its pigments are here -> (a match for other pigments) -> saved
 * as one's own, with its source named. */
#include "app/exchange.h"

#include "app/steps.h"
#include "app/trust.h"
#include "exchange/signed_recipe.h"
#include "formats/pigment_file.h"

#include <stdlib.h>
#include <string.h>

/* The last look is that of the dot, healed, or of the drawdown. */
static const struct lab *final_lab(const struct recipe *recipe)
{
	return &recipe->predicted.look[recipe->predicted.look_count - 1].lab;
}

/* --- whose --------------------------------------------------------------------------------------------- */

static enum status refuse_revoked(const char *what, const char *clinic, struct error *err)
{
	return error_set(err, STATUS_REFUSED,
			 "%s: the clinic “%s” is no longer trusted (`clinic trust` changes that)",
			 what, clinic);
}

static enum status refuse_unknown(const char *what, const struct public_key *signer,
				  struct error *err)
{
	char fingerprint[KEY_FINGERPRINT_SIZE], words[KEY_WORDS_SIZE];

	key_fingerprint(fingerprint, signer);
	key_words(words, signer);
	return error_set(err, STATUS_REFUSED,
			 "%s: signed by a clinic that is not known here: %s (“%s”); ask it whether "
			 "these are its words, and then --trust %s",
			 what, fingerprint, words, fingerprint);
}

static enum status check_trust(struct app_imported *out, const char *what,
			       const struct public_key *signer,
			       const struct app_import_request *request,
			       const struct public_key *own, struct notes *notes, struct error *err)
{
	struct app_trusting trusting;
	const struct clinic *clinic;
	enum clinic_trust trust;
	enum status status = app_trust_begin(&trusting, &request->trust, own, notes, err);

	if (status)
		return status;
	trust = app_trust_decide(signer, &trusting);
	status = trusting.status;
	clinic = clinics_of_key(&trusting.clinics, signer);
	text_copy(out->clinic, sizeof out->clinic, clinic ? clinic->name : CLINICS_OWN);
	clinics_clear(&trusting.clinics);
	if (status || trust == CLINIC_TRUSTED)
		return status;
	return trust == CLINIC_REVOKED ? refuse_revoked(what, out->clinic, err)
				       : refuse_unknown(what, signer, err);
}

/* A file says who signed it. */
static enum status take_file(struct app_imported *out, const struct app_import_request *request,
			     struct store *store, const struct public_key *own, struct notes *notes,
			     struct error *err)
{
	struct recipe *recipe = &out->recipe;
	struct public_key signer;
	char id[KEY_ID_SIZE];

	if (signed_recipe_read(recipe, &signer, request->recipe, err) ||
	    check_trust(out, request->recipe, &signer, request, own, notes, err))
		return err->status;
	key_id(id, &signer);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, id);
	if (memcmp(&signer, own, sizeof signer) == 0 &&
	    store_has(store, recipe->stamp.id, recipe->stamp.version))
		return error_set(err, STATUS_REFUSED,
				 "%s: this clinic signed it itself: it is %s@%d of the store",
				 request->recipe, recipe->stamp.id, recipe->stamp.version);
	return STATUS_OK;
}

/* What arrived was signed by the clinic under whose id it stands. */
static enum status take_arrived(struct app_imported *out, const struct app_import_request *request,
				struct store *store, struct error *err)
{
	struct recipe *recipe = &out->recipe;
	char id[RECIPE_CLINIC_SIZE];

	if (store_find(recipe, NULL, store, request->recipe, err))
		return err->status;
	if (!*recipe->stamp.clinic)
		return error_set(
			err, STATUS_REFUSED,
			"%s: it is this clinic's own; NAME@CLINIC, or a file that `export` "
			"wrote, is needed",
			request->recipe);
	if (!recipe->stamp.verified)
		return refuse_revoked(request->recipe, recipe->stamp.clinic, err);
	if (store_clinic_id(id, store, recipe->stamp.clinic, err))
		return err->status;
	text_copy(out->clinic, sizeof out->clinic, recipe->stamp.clinic);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, id);
	return STATUS_OK;
}

static void name_source(struct recipe *recipe)
{
	struct recipe_source *source = &recipe->source;

	text_copy(source->clinic, sizeof source->clinic, recipe->stamp.clinic);
	text_copy(source->id, sizeof source->id, recipe->stamp.id);
	text_copy(source->hash, sizeof source->hash, recipe->stamp.hash);
	source->version = recipe->stamp.version;
}

/* --- with which pigments --------------------------------------------------------------------------------- */

/* What becomes of its pigments here: are they the same? */
static void note_line(const struct recipe *recipe, const char *pigments, struct notes *notes)
{
	struct pigment_line line;
	struct error unread;

	if (pigment_line_read(&line, pigments ? pigments : recipe->line.name, &unread)) {
		notes_addf(notes,
			   "its pigment line “%s” is not here: --rematch --pigments LINE finds a "
			   "recipe for pigments of yours",
			   recipe->line.name);
		return;
	}
	if (strcmp(line.fingerprint, recipe->line.fingerprint))
		notes_addf(notes,
			   "the line “%s” here (fingerprint %.12s) is not the one that it was made "
			   "with (%.12s): its colour may be another with your bottles; --rematch "
			   "finds a recipe for them",
			   line.name, line.fingerprint, recipe->line.fingerprint);
	for (int i = 0; i < recipe->dose_count; i++)
		if (pigment_line_find(&line, recipe->dose[i].bottle.id) < 0)
			notes_addf(notes, "the line “%s” here has no %s", line.name,
				   recipe->dose[i].bottle.id);
	pigment_line_clear(&line);
}

/* What was found for the pigments of the line is the recipe now, with the name and the place of the old one. */
static void take_translation(struct app_imported *out, const struct recipe *found)
{
	struct recipe *recipe = &out->recipe, old = *recipe;

	out->translation_de00 = ciede2000(final_lab(&old), final_lab(found));
	*recipe = *found;
	recipe->stamp = old.stamp;
	recipe->source = old.source;
	text_copy(recipe->zone, sizeof recipe->zone, old.zone);
	recipe->plan = old.plan;
	out->rematched = true;
}

static enum status rematch(struct app_imported *out, const struct app_import_request *request,
			   struct notes *notes, struct error *err)
{
	const struct brief *brief = &out->recipe.brief;
	struct app_match_request match = {.top = 1, .watch = request->watch};
	struct match_answer answer = {0};
	struct pigment_line line;
	enum status status;

	for (int role = 0; role < ROLES; role++) /* their readings are in the brief */
		match.reading[role] = brief->given[role] ? request->recipe : NULL;
	status = app_line(&line, request->pigments, brief_in_skin(brief), notes, err);
	if (status)
		return status;
	status = app_search(&answer, brief, &line, &match, notes, err);
	pigment_line_clear(&line);
	if (status)
		return status;
	if (!answer.proof.complete)
		app_note_proof("the translation", &answer.proof, notes);
	take_translation(out, &answer.recipe[0]);
	app_match_clear(&answer);
	return STATUS_OK;
}

/* --- the request ----------------------------------------------------------------------------------------- */

static enum status take_in(struct app_imported *out, const struct app_import_request *request,
			   struct store *store, const struct clinic_key *key, struct notes *notes,
			   struct error *err)
{
	struct recipe *recipe = &out->recipe;
	enum status status = app_is_path(request->recipe)
				     ? take_file(out, request, store, &key->open, notes, err)
				     : take_arrived(out, request, store, err);

	if (status)
		return status;
	name_source(recipe);
	text_copy(out->line, sizeof out->line, recipe->line.name);
	if (app_name(recipe, request->name, NULL, err))
		return err->status;
	if (request->rematch)
		status = rematch(out, request, notes, err);
	else
		note_line(recipe, request->pigments, notes);
	return status ? status : store_take_over(&out->saved, store, recipe, key, err);
}

enum status app_import(struct app_imported *out, const struct app_import_request *request,
		       struct notes *notes, struct error *err)
{
	struct clinic_key key;
	struct store *store;
	enum status status;

	memset(out, 0, sizeof *out);
	if (app_store_open_signing(&store, &key, request->folder, notes, err))
		return err->status;
	status = take_in(out, request, store, &key, notes, err);
	key_clear(&key);
	store_close(store);
	return status;
}
