/* Taking over: of a signed file or of what arrived -> trust -> what its pigments and its colour are here -> (a match for other pigments) -> saved
 * as one's own, with its source named. */
#include "app/exchange.h"

#include "app/steps.h"
#include "app/trust.h"
#include "exchange/signed_recipe.h"
#include "formats/pigment_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two computers may round differently; nobody sees a hundredth. */
#define PREDICTED_ALIKE 0.01

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
	enum clinic_trust trust = CLINIC_UNKNOWN;
	enum status status = app_trust_begin(&trusting, &request->trust, own, notes, err);

	if (!status)
		status = app_trust_decide(&trust, &trusting, signer, err);
	if (!status)
		status = app_trust_keep(&trusting, err);
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

static enum status refuse_own(const char *what, const struct recipe *recipe, struct error *err)
{
	return error_set(err, STATUS_REFUSED, "%s: it is this clinic's own: %s@%d of the store",
			 what, recipe->stamp.id, recipe->stamp.version);
}

/* What arrived was signed by the clinic under whose id it stands; `what` is how it was asked for. */
static enum status accept_arrived(struct app_imported *out, const char *what,
				  const struct store *store, struct error *err)
{
	struct recipe *recipe = &out->recipe;
	char id[RECIPE_CLINIC_SIZE];

	if (!*recipe->stamp.clinic)
		return refuse_own(what, recipe, err);
	if (!recipe->stamp.verified)
		return refuse_revoked(what, recipe->stamp.clinic, err);
	if (store_clinic_id(id, store, recipe->stamp.clinic, err))
		return err->status;
	text_copy(out->clinic, sizeof out->clinic, recipe->stamp.clinic);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, id);
	return STATUS_OK;
}

static enum status take_arrived(struct app_imported *out, const struct app_import_request *request,
				struct store *store, struct error *err)
{
	return store_find(&out->recipe, NULL, store, request->recipe, err)
		       ? err->status
		       : accept_arrived(out, request->recipe, store, err);
}

/* True where the store's own version of that number is this very one. */
static bool is_own(struct store *store, const struct recipe *recipe)
{
	struct recipe *own = malloc(sizeof *own);
	char name[RANDOM_ID_SIZE + 16];
	struct error missing;
	bool same;

	snprintf(name, sizeof name, "%s@%d", recipe->stamp.id, recipe->stamp.version);
	same = own && store_has(store, recipe->stamp.id, recipe->stamp.version) &&
	       !store_find(own, NULL, store, name, &missing) &&
	       strcmp(own->stamp.hash, recipe->stamp.hash) == 0;
	free(own);
	return same;
}

/* Of a code that holds a whole recipe nobody says whose it is. */
static enum status take_code(struct app_imported *out, const struct app_import_request *request,
			     struct store *store, struct notes *notes, struct error *err)
{
	struct recipe *recipe = &out->recipe;
	struct text file;
	bool whole;

	if (app_code_take(recipe, &file, &whole, request, notes, err))
		return err->status;
	text_clear(&file);
	if (!whole)
		return accept_arrived(out, request->qr, store, err);
	if (is_own(store, recipe))
		return refuse_own(request->qr, recipe, err);
	if (!*recipe->stamp.name && !request->name)
		return error_set(err, STATUS_REFUSED, "%s: the recipe has no name yet, give --name",
				 request->qr);
	text_copy(recipe->stamp.clinic, sizeof recipe->stamp.clinic, RECIPE_CLINIC_UNSAID);
	text_copy(out->clinic, sizeof out->clinic, "a scanned code");
	notes_addf(notes,
		   "%s: a code is not signed: it holds the very recipe that it was made of, but "
		   "whose that was, nobody vouches for",
		   request->qr);
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

/* The largest difference between what two predictions say that something looks like; of another kind, it is without bound. */
static double difference(const struct recipe *stated, const struct recipe *found)
{
	double largest = 0.0;

	if (stated->predicted.look_count != found->predicted.look_count)
		return INFINITY;
	for (int i = 0; i < found->predicted.look_count; i++)
		largest = fmax(largest, ciede2000(&stated->predicted.look[i].lab,
						  &found->predicted.look[i].lab));
	return largest;
}

/* A signature says whose a prediction is, not that it is true: it is made anew, and what is kept is what was found here. */
static enum status predict_anew(struct recipe *recipe, struct pigment_line *line,
				struct notes *notes, struct error *err)
{
	struct recipe *stated = malloc(sizeof *stated);
	enum status status;
	double away;

	if (!stated)
		return error_memory(err);
	*stated = *recipe;
	status = app_predict_anew(recipe, line, err);
	away = status ? 0.0 : difference(stated, recipe);
	if (!(away <= PREDICTED_ALIKE))
		notes_addf(
			notes,
			"its predicted colours are NOT what its mix gives with the same line here: "
			"up to "
			"dE00 %.2f away; those that were found here are kept (dE00 %.2f to what is "
			"required, it said %.2f): ask the clinic",
			away, recipe->predicted.de00, stated->predicted.de00);
	free(stated);
	return status;
}

/* What becomes of its pigments here: are they the same? Then its colour is computed anew. */
static enum status check_line(struct recipe *recipe, const char *pigments, struct notes *notes,
			      struct error *err)
{
	struct pigment_line line;
	struct error unread;
	enum status status = STATUS_OK;

	if (pigment_line_read(&line, pigments ? pigments : recipe->line.name, &unread)) {
		notes_addf(
			notes,
			"its pigment line “%s” is not here, so its predicted colour could not be "
			"checked: --rematch --pigments LINE finds a recipe for pigments of "
			"yours",
			recipe->line.name);
		return STATUS_OK;
	}
	if (strcmp(line.fingerprint, recipe->line.fingerprint))
		notes_addf(
			notes,
			"the line “%s” here (fingerprint %.12s) is not the one that it was made "
			"with (%.12s): its colour may be another with your bottles, and could not "
			"be checked; --rematch finds a recipe for them",
			line.name, line.fingerprint, recipe->line.fingerprint);
	else
		status = predict_anew(recipe, &line, notes, err);
	for (int i = 0; i < recipe->dose_count; i++)
		if (pigment_line_find(&line, recipe->dose[i].bottle.id) < 0)
			notes_addf(notes, "the line “%s” here has no %s", line.name,
				   recipe->dose[i].bottle.id);
	pigment_line_clear(&line);
	return status;
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
		match.reading[role] =
			brief->given[role] ? (request->qr ? request->qr : request->recipe) : NULL;
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
	enum status status;

	if (request->qr)
		status = take_code(out, request, store, notes, err);
	else
		status = app_is_path(request->recipe)
				 ? take_file(out, request, store, &key->open, notes, err)
				 : take_arrived(out, request, store, err);
	if (status)
		return status;
	if (recipe->stamp.version > 0)
		name_source(recipe);
	else /* one that was never kept is a recipe like any */
		*recipe->stamp.clinic = 0;
	text_copy(out->line, sizeof out->line, recipe->line.name);
	if (app_name(recipe, request->name, NULL, err))
		return err->status;
	if (request->rematch)
		status = rematch(out, request, notes, err);
	else
		status = check_line(recipe, request->pigments, notes, err);
	if (status)
		return status;
	return *recipe->source.clinic ? store_take_over(&out->saved, store, recipe, key, err)
				      : store_save(&out->saved, store, recipe, key, err);
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
