/* Requests about persons. Two databases are asked, one after the other, and meet here: which recipes are whose, and what is known
 * of these recipes. */
#include "app/app.h"
#include "app/steps.h"
#include "match/session.h"
#include "store/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status app_clients_open(struct clients **clients, bool create, struct error *err)
{
	char path[APP_PATH_SIZE];

	*clients = NULL;
	if (app_data_path(path, "clients.db", err) || (create && app_data_folder(path, err)))
		return err->status;
	return clients_open(clients, path, create, err);
}

void app_client_clear(struct app_client *client)
{
	client_clear(&client->held);
	recipe_stamp_list_clear(&client->recipes);
	if (client->sealed)
		explicit_bzero(client->sealed, client->sealed_count * sizeof *client->sealed);
	free(client->sealed);
	client->sealed = NULL;
}

/* --- asking ----------------------------------------------------------------------------------- */

enum status app_clients(struct client_count **list, size_t *count, struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	if (!status)
		status = clients_list(list, count, clients, err);
	clients_close(clients);
	return status;
}

enum status app_client_recipes(struct client *client, const char *code, struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	if (!status)
		status = clients_recipes(client, clients, code, err);
	clients_close(clients);
	return status;
}

void app_client_keep(struct recipe_stamp_list *list, const struct client *client)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (client_has(client, list->item[i].id))
			list->item[kept++] = list->item[i];
	list->count = kept;
}

static enum status find_recipe(struct recipe *recipe, const char *folder, const char *name,
			       struct error *err)
{
	struct store *store;
	enum status status = app_store_open(&store, folder, err);

	if (!status)
		status = store_find(recipe, NULL, store, name, err);
	store_close(store);
	return status;
}

static void note_missing(const struct app_client *client, struct notes *notes)
{
	for (size_t i = 0; i < client->held.links; i++) {
		const char *id = client->held.link[i].recipe;
		bool found = false;

		for (size_t k = 0; k < client->recipes.count; k++)
			found = found || strcmp(client->recipes.item[k].id, id) == 0;
		if (!found)
			notes_addf(notes, "recipe %s is not in this store, or cannot be read", id);
	}
}

/* A person's data must be at hand, and be erasable, without the store too: what fails here is only noted. */
static void find_stamps(struct app_client *out, const char *folder, bool all, struct notes *notes)
{
	const struct index_filter filter = {.all = all};
	struct notes of_others = {0};
	struct store *store = NULL;
	struct error err;

	if (!out->held.links)
		return;
	if (app_store_open(&store, folder, &err) ||
	    store_list(&out->recipes, store, &filter, &of_others, &err))
		notes_addf(notes, "%s", err.message);
	app_client_keep(&out->recipes, &out->held);
	note_missing(out, notes);
	notes_clear(&of_others);
	store_close(store);
}

static bool has_sealed(const struct app_client *client, const struct client_sealed *note)
{
	for (size_t i = 0; i < client->sealed_count; i++)
		if (strcmp(client->sealed[i].recipe, note->recipe) == 0 &&
		    strcmp(client->sealed[i].text, note->text) == 0)
			return true;
	return false;
}

/* Later versions of a recipe keep its sealed notes: each counts once. */
static enum status open_sealed(struct app_client *client, const struct recipe *recipe,
			       struct notes *notes, struct error *err)
{
	struct client_sealed note, *grown;

	(void)notes;
	text_copy(note.recipe, sizeof note.recipe, recipe->stamp.id);
	for (int i = 0; i < recipe->sealed_count; i++) {
		if (!seal_open(note.text, recipe->sealed[i], client->held.key) ||
		    has_sealed(client, &note))
			continue;
		grown = realloc(client->sealed, (client->sealed_count + 1) * sizeof *grown);
		if (!grown)
			return error_memory(err);
		client->sealed = grown;
		client->sealed[client->sealed_count++] = note;
	}
	return STATUS_OK;
}

/* Hands each version of a client's recipes to `take`; one that cannot be read is only noted. */
typedef enum status take_recipe(struct app_client *client, const struct recipe *recipe,
				struct notes *notes, struct error *err);
static enum status read_recipes(struct app_client *client, const char *folder, take_recipe *take,
				struct notes *notes, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct store *store = NULL;
	enum status status = recipe ? STATUS_OK : error_memory(err);
	struct error unread;

	if (!status && client->recipes.count && app_store_open(&store, folder, &unread))
		notes_addf(notes, "%s", unread.message);
	for (size_t i = 0; !status && store && i < client->recipes.count; i++) {
		const struct recipe_stamp *stamp = &client->recipes.item[i];
		char name[RANDOM_ID_SIZE + 16];

		snprintf(name, sizeof name, "%s@%d", stamp->id, stamp->version);
		if (store_find(recipe, NULL, store, name, &unread))
			notes_addf(notes, "%s", unread.message);
		else
			status = take(client, recipe, notes, err);
	}
	store_close(store);
	free(recipe);
	return status;
}

enum status app_client(struct app_client *out, const char *folder, const char *code, bool all,
		       struct notes *notes, struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	*out = (struct app_client){0};
	if (!status)
		status = clients_find(&out->held, clients, code, err);
	clients_close(clients);
	if (status)
		return status;
	find_stamps(out, folder, all, notes);
	return *out->held.key ? read_recipes(out, folder, open_sealed, notes, err) : STATUS_OK;
}

/* --- adding ----------------------------------------------------------------------------------- */

static void note_named(const struct recipe *recipe, const char *code, struct notes *notes)
{
	if (client_is_in(recipe, code))
		notes_addf(notes,
			   "version %d of recipe %s names %s in its name, zone, notes, readings or "
			   "sessions, "
			   "and the store never erases anything",
			   recipe->stamp.version, recipe->stamp.id, code);
}

enum status app_client_link(struct recipe_stamp *stamp, const char *folder, const char *code,
			    const char *name, struct notes *notes, struct error *err)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	struct clients *clients = NULL;
	enum status status = recipe ? client_code_check(code, err) : error_memory(err);

	if (!status)
		status = find_recipe(recipe, folder, name, err);
	if (!status)
		status = app_clients_open(&clients, true, err);
	if (!status)
		status = clients_link(clients, code, recipe->stamp.id, err);
	if (!status) {
		*stamp = recipe->stamp;
		note_named(recipe, code, notes);
	}
	clients_close(clients);
	free(recipe);
	return status;
}

enum status app_client_note(const char *code, const char *text, const char *zone, struct error *err)
{
	struct clients *clients;
	enum status status = client_code_check(code, err);

	if (status || app_clients_open(&clients, true, err))
		return err->status;
	status = clients_note(clients, code, text, zone, err);
	clients_close(clients);
	return status;
}

enum status app_client_consent(const char *code, const char *text, struct error *err)
{
	struct clients *clients;
	enum status status = client_code_check(code, err);

	if (status || app_clients_open(&clients, true, err))
		return err->status;
	status = clients_consent(clients, code, text, err);
	clients_close(clients);
	return status;
}

/* --- a recipe and whose it is ------------------------------------------------------------------ */

static enum status find_owners(struct client_owner **owner, size_t *count, const char *recipe,
			       struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	*owner = NULL;
	*count = 0;
	if (!status)
		status = clients_owners(owner, count, clients, recipe, err);
	clients_close(clients);
	return status;
}

static void free_owners(struct client_owner *owner, size_t count)
{
	if (owner)
		explicit_bzero(owner, count * sizeof *owner);
	free(owner);
}

enum status app_refuse_named(const struct recipe *recipe, const struct recipe *before,
			     struct error *err)
{
	struct client_owner *owner;
	size_t count;
	enum status status = find_owners(&owner, &count, recipe->stamp.id, err);

	for (size_t i = 0; i < count && !status; i++)
		if (client_is_in(recipe, owner[i].code) && !client_is_in(before, owner[i].code))
			status = error_set(err, STATUS_REFUSED,
					   "“%s” is a recipe of client %s, and what is said of the "
					   "session or reading names that client; what is saved is "
					   "never erased",
					   recipe->stamp.name, owner[i].code);
	free_owners(owner, count);
	return status;
}

enum status app_seal(struct recipe *recipe, struct clients *clients, const char *code,
		     const char *note, struct error *err)
{
	char key[CLIENT_KEY_SIZE], sealed[RECIPE_SEALED_SIZE];
	enum status status = clients_key(key, clients, code, err);

	if (!status)
		status = seal(sealed, note, key, err);
	if (!status)
		status = recipe_add_sealed(recipe, sealed, err);
	explicit_bzero(key, sizeof key);
	return status;
}

void app_open_notes(struct opened_notes *opened, const struct recipe *recipe, struct notes *notes)
{
	struct client_owner *owner = NULL;
	size_t count = 0;
	struct error err;

	*opened = (struct opened_notes){.text = {""}};
	if (!recipe->sealed_count)
		return;
	if (find_owners(&owner, &count, recipe->stamp.id, &err))
		notes_addf(notes, "%s", err.message);
	for (int i = 0; i < recipe->sealed_count; i++)
		for (size_t k = 0; k < count && !*opened->text[i]; k++)
			seal_open(opened->text[i], recipe->sealed[i], owner[k].key);
	free_owners(owner, count);
}

/* --- erasing one thing ------------------------------------------------------------------------- */

/* An id that is linked is taken at its word: the store may be gone. */
static enum status find_linked(char id[RANDOM_ID_SIZE], const char *folder,
			       const struct client *client, const char *name, struct error *err)
{
	struct recipe *recipe;
	enum status status;

	if (client_has(client, name)) {
		text_copy(id, RANDOM_ID_SIZE, name);
		return STATUS_OK;
	}
	recipe = malloc(sizeof *recipe);
	status = recipe ? find_recipe(recipe, folder, name, err) : error_memory(err);
	if (!status)
		text_copy(id, RANDOM_ID_SIZE, recipe->stamp.id);
	free(recipe);
	return status;
}

enum status app_client_unlink(char id[RANDOM_ID_SIZE], const char *folder, const char *code,
			      const char *recipe, struct error *err)
{
	struct client client = {.link = NULL};
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	if (!status)
		status = clients_recipes(&client, clients, code, err);
	if (!status)
		status = find_linked(id, folder, &client, recipe, err);
	if (!status)
		status = clients_unlink(clients, code, id, err);
	client_clear(&client);
	clients_close(clients);
	return status;
}

enum status app_client_drop(const char *code, enum client_kind kind, int number, struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	if (!status)
		status = clients_drop(clients, kind, code, number, err);
	clients_close(clients);
	return status;
}

/* --- forgetting ------------------------------------------------------------------------------- */

/* What of the client is in the store all the same. */
static enum status look_for_name(struct app_client *client, const struct recipe *recipe,
				 struct notes *notes, struct error *err)
{
	(void)err;
	note_named(recipe, client->held.code, notes);
	return STATUS_OK;
}

enum status app_client_forget(struct app_client *out, const char *folder, const char *code,
			      struct notes *notes, struct error *err)
{
	struct clients *clients;
	enum status status = app_clients_open(&clients, false, err);

	*out = (struct app_client){0};
	if (!status)
		status = clients_forget(&out->held, clients, code, err);
	clients_close(clients);
	if (status)
		return status;
	find_stamps(out, folder, true, notes);
	return read_recipes(out, folder, look_for_name, notes, err);
}
