/* Between clinics: what leaves is told of first, what comes is asked about. */
#include "app/exchange.h"

#include "app/steps.h"
#include "app/trust.h"
#include "base/file.h"
#include "exchange/shared.h"
#include "exchange/signed_recipe.h"

#include <stdlib.h>
#include <string.h>

/* --- trust -------------------------------------------------------------------------------------------- */

enum status app_clinics(struct clinics *clinics, struct error *err)
{
	char path[APP_PATH_SIZE];

	*clinics = (struct clinics){0};
	return app_data_path(path, CLINICS_FILE, err) ? err->status
						      : clinics_read(clinics, path, err);
}

static enum status keep_clinics(const struct clinics *clinics, struct error *err)
{
	char path[APP_PATH_SIZE];

	return app_data_path(path, CLINICS_FILE, err) || app_data_folder(path, err)
		       ? err->status
		       : clinics_write(clinics, path, err);
}

/* What a key is told by. */
static bool is_named(const struct public_key *key, const char *words)
{
	char fingerprint[KEY_FINGERPRINT_SIZE], said[KEY_WORDS_SIZE], id[KEY_ID_SIZE];

	key_fingerprint(fingerprint, key);
	key_words(said, key);
	key_id(id, key);
	return strcmp(words, fingerprint) == 0 || text_same(words, said) || strcmp(words, id) == 0;
}

/* On first use: somebody has named it, or says so when asked. */
static enum status first_use(enum clinic_trust *answer, struct app_trusting *work,
			     const struct public_key *key, struct error *err)
{
	const struct app_trust *trust = work->trust;
	char name[APP_ANSWER_SIZE] = "", fingerprint[KEY_FINGERPRINT_SIZE];

	*answer = CLINIC_UNKNOWN;
	if (!(trust->fingerprint && is_named(key, trust->fingerprint)) &&
	    !(trust->ask && trust->ask(name, key)))
		return STATUS_OK;
	if (clinics_trust(&work->clinics, key, *name ? name : NULL, err))
		return err->status;
	*answer = CLINIC_TRUSTED;
	work->changed = true;
	key_fingerprint(fingerprint, key);
	notes_addf(work->notes, "the clinic “%s” (%s) is trusted from now on",
		   clinics_of_key(&work->clinics, key)->name, fingerprint);
	return STATUS_OK;
}

enum status app_trust_decide(enum clinic_trust *answer, struct app_trusting *work,
			     const struct public_key *key, struct error *err)
{
	const struct clinic *clinic = clinics_of_key(&work->clinics, key);
	const bool own = memcmp(key, work->own, sizeof *key) == 0;

	if (!own && !clinic)
		return first_use(answer, work, key, err);
	*answer = own ? CLINIC_TRUSTED : clinic->trust;
	return STATUS_OK;
}

enum status app_trust_keep(const struct app_trusting *work, struct error *err)
{
	return work->changed ? keep_clinics(&work->clinics, err) : STATUS_OK;
}

enum status app_trust_arrivals(struct arrival_list *list, void *data, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		struct arrival *arrival = &list->item[i];
		enum clinic_trust answer;

		if (arrival->state != ARRIVAL_NEW)
			continue;
		if (app_trust_decide(&answer, data, &arrival->key, err))
			return err->status;
		if (answer != CLINIC_TRUSTED)
			arrival->state =
				answer == CLINIC_UNKNOWN ? ARRIVAL_UNKNOWN : ARRIVAL_REVOKED;
	}
	return app_trust_keep(data, err);
}

enum status app_trust_begin(struct app_trusting *work, const struct app_trust *trust,
			    const struct public_key *own, struct notes *notes, struct error *err)
{
	*work = (struct app_trusting){.trust = trust, .own = own, .notes = notes};
	return app_clinics(&work->clinics, err);
}

/* --- clinics ------------------------------------------------------------------------------------------- */

static enum status key_of(struct public_key *key, const struct clinics *clinics, const char *words,
			  struct error *err)
{
	const size_t most = 4096;
	const struct clinic *known = clinics_find(clinics, words);
	struct text text;
	enum status status;

	if (known) {
		*key = known->key;
		return STATUS_OK;
	}
	if (strncmp(words, "ssh-", 4) == 0)
		return key_parse(key, words, err);
	if (file_read(&text, words, most, err))
		return error_prefix(err, "no clinic of that name is known, and no file: ");
	status = key_parse(key, text.data, err);
	text_clear(&text);
	return status ? error_prefix(err, "%s: ", words) : STATUS_OK;
}

enum status app_clinic_trust(struct clinic *out, const char *words, const char *name,
			     struct error *err)
{
	struct clinics clinics;
	struct public_key key;
	enum status status = app_clinics(&clinics, err);

	if (!status)
		status = key_of(&key, &clinics, words, err);
	if (!status)
		status = clinics_trust(&clinics, &key, name, err);
	if (!status)
		status = keep_clinics(&clinics, err);
	if (!status)
		*out = *clinics_of_key(&clinics, &key);
	clinics_clear(&clinics);
	return status;
}

enum status app_clinic_revoke(struct clinic *out, const char *words, struct error *err)
{
	struct clinics clinics;
	struct public_key key;
	struct clinic *clinic;
	enum status status = app_clinics(&clinics, err);

	if (!status)
		status = key_of(&key, &clinics, words, err);
	/* one that was never trusted may be kept out as well */
	if (!status && !clinics_of_key(&clinics, &key))
		status = clinics_trust(&clinics, &key, NULL, err);
	if (!status) {
		clinic = clinics_of_key(&clinics, &key);
		clinic->trust = CLINIC_REVOKED;
		clock_text(clinic->since);
		*out = *clinic;
		status = keep_clinics(&clinics, err);
	}
	clinics_clear(&clinics);
	return status;
}

/* --- going out ------------------------------------------------------------------------------------------ */

/* Of the clinic's own recipes, as it leaves. */
static enum status find_leaving(struct recipe *recipe, struct app_leaving *leaving,
				struct store *store, const char *name, const char *rename,
				unsigned with, struct error *err)
{
	if (store_find(recipe, NULL, store, name, err))
		return err->status;
	if (*recipe->stamp.clinic)
		return error_set(err, STATUS_REFUSED,
				 "“%s” is of the clinic “%s”: only one's own recipes are passed on",
				 recipe->stamp.name, recipe->stamp.clinic);
	if (app_name(recipe, rename, NULL, err))
		return err->status;
	leaving->stamp = recipe->stamp;
	disclosure_list(&leaving->fields, recipe, with);
	disclosure_apply(recipe, with);
	return STATUS_OK;
}

enum status app_export(struct text *out, struct app_leaving *leaving,
		       const struct app_export_request *request, struct notes *notes,
		       struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct clinic_key key;
	struct store *store = NULL;
	unsigned with;
	enum status status =
		recipe ? disclosure_read(&with, request->with, err) : error_memory(err);

	*out = (struct text){0};
	if (!status)
		status = app_store_open_signing(&store, &key, request->folder, notes, err);
	if (!status) {
		status = find_leaving(recipe, leaving, store, request->recipe, request->name, with,
				      err);
		if (!status) {
			/* the hash of what stays here: what is in it could be guessed at */
			*recipe->stamp.parent = 0;
			status = signed_recipe_print(out, recipe, &key, err);
		}
		key_clear(&key);
	}
	store_close(store);
	free(recipe);
	return status;
}

static enum status add_shared(struct app_leaving *leaving, int *added, struct store *store,
			      const struct app_share_request *request, unsigned with,
			      const struct clinic_key *key, struct error *err)
{
	struct recipe *recipe = calloc((size_t)request->count, sizeof *recipe);
	enum status status = recipe ? STATUS_OK : error_memory(err);

	for (int i = 0; i < request->count && !status; i++)
		status = find_leaving(&recipe[i], &leaving[i], store, request->recipe[i], NULL,
				      with, err);
	if (!status && request->agree && !request->agree(leaving, request->count))
		*added = -1;
	else if (!status)
		status = shared_add(added, store_repository(store), recipe, request->count, key,
				    err);
	free(recipe);
	return status;
}

enum status app_share_add(struct app_leaving **leaving, int *added,
			  const struct app_share_request *request, struct notes *notes,
			  struct error *err)
{
	struct clinic_key key;
	struct store *store;
	unsigned with;
	enum status status = disclosure_read(&with, request->with, err);

	*added = 0;
	*leaving = calloc((size_t)request->count, sizeof **leaving);
	if (!status && !*leaving)
		status = error_memory(err);
	if (!status)
		status = app_store_open_signing(&store, &key, request->folder, notes, err);
	if (status)
		return status;
	status = add_shared(*leaving, added, store, request, with, &key, err);
	key_clear(&key);
	store_close(store);
	return status;
}

enum status app_share_list(struct recipe_stamp_list *list, const char *folder, struct error *err)
{
	struct public_key key;
	struct store *store;
	enum status status = app_store_open(&store, folder, err);

	*list = (struct recipe_stamp_list){0};
	if (status)
		return status;
	status = store_key(&key, store, err);
	if (!status)
		status = shared_list(list, store_repository(store), &key, err);
	store_close(store);
	return status;
}

enum status app_share_out(const char *path, const char *folder, const char *day, struct error *err)
{
	struct store *store;
	struct text bundle = {0};
	struct public_key key;
	enum status status = app_store_open(&store, folder, err);

	if (status)
		return status;
	status = store_key(&key, store, err);
	if (!status)
		status = shared_bundle(&bundle, store_repository(store), &key, day, err);
	store_close(store);
	if (!status)
		status = file_write(path, bundle.data, bundle.length, err);
	text_clear(&bundle);
	return status;
}

/* --- coming in ------------------------------------------------------------------------------------------ */

static void mark_own(struct arrival_list *list, const struct public_key *own)
{
	char reference[REPOSITORY_REFERENCE_SIZE];

	shared_reference(reference, own);
	for (size_t i = 0; i < list->count; i++)
		list->item[i].own = strcmp(list->item[i].move.reference, reference) == 0;
}

static enum status take_bundle(struct arrival_list *list, struct store *store,
			       const struct text *bundle, const char *path,
			       struct app_trusting *trusting, struct error *err)
{
	struct repository *repository = store_repository(store);
	struct incoming *incoming;
	struct offer_list offers;
	size_t pack;
	enum status status;

	if (bundle_take(&offers, &pack, bundle, path, repository, err))
		return err->status;
	status = incoming_open(&incoming, repository, path, err);
	if (!status)
		status = incoming_add(incoming, bundle->data + pack, bundle->length - pack, err);
	if (!status)
		status = incoming_unpack(incoming, err);
	if (!status && arrivals_take(list, incoming, repository, &offers, true, app_trust_arrivals,
				     trusting, err))
		status = error_prefix(err, "%s: ", path);
	mark_own(list, trusting->own);
	incoming_close(incoming);
	offer_list_clear(&offers);
	return status;
}

enum status app_share_in(struct arrival_list *list, struct clinics *clinics, const char *path,
			 const char *folder, const struct app_trust *trust, struct notes *notes,
			 struct error *err)
{
	struct app_trusting trusting;
	struct clinic_key key;
	struct store *store;
	struct text bundle;
	enum status status;

	*list = (struct arrival_list){0};
	*clinics = (struct clinics){0};
	if (file_read(&bundle, path, INCOMING_BYTES_MOST, err))
		return err->status;
	status = app_store_open_signing(&store, &key, folder, notes, err);
	if (!status) {
		status = app_trust_begin(&trusting, trust, &key.open, notes, err);
		if (!status)
			status = take_bundle(list, store, &bundle, path, &trusting, err);
		*clinics = trusting.clinics;
		key_clear(&key);
		store_close(store);
	}
	text_clear(&bundle);
	return status;
}

static enum status exchange_at(struct remote_result *out, struct clinics *clinics,
			       const char *address, bool may_make, struct store *store,
			       const struct public_key *own, const struct app_trust *trust,
			       struct notes *notes, struct error *err)
{
	struct app_trusting trusting;
	enum status status = app_trust_begin(&trusting, trust, own, notes, err);

	if (!status)
		status = remote_exchange(out, store_repository(store), address, may_make, own,
					 app_trust_arrivals, &trusting, err);
	mark_own(&out->arrived, own);
	*clinics = trusting.clinics;
	return status;
}

enum status app_sync(struct remote_result *out, struct clinics *clinics,
		     char address[REMOTE_ADDRESS_SIZE], const char *asked, const char *folder,
		     const struct app_trust *trust, struct notes *notes, struct error *err)
{
	struct clinic_key key;
	struct store *store;
	enum status status;

	*out = (struct remote_result){0};
	*clinics = (struct clinics){0};
	if (app_store_open_signing(&store, &key, folder, notes, err))
		return err->status;
	status = STATUS_OK;
	if (asked && strlen(asked) >= REMOTE_ADDRESS_SIZE)
		status = error_set(err, STATUS_REFUSED, "%.80s…: the address is too long", asked);
	else if (asked)
		text_copy(address, REMOTE_ADDRESS_SIZE, asked);
	else
		status = remote_remembered(address, store_repository(store), err);
	if (!status && !*address)
		status = error_set(err, STATUS_REFUSED,
				   "sync: where? a folder or an address is needed the first time");
	if (!status)
		status = exchange_at(out, clinics, address, asked != NULL, store, &key.open, trust,
				     notes, err);
	if (!status && asked)
		status = remote_remember(store_repository(store), address, err);
	key_clear(&key);
	store_close(store);
	return status;
}
