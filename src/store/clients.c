/* Every table refers to `client`, and a client's row takes all that refers to it along: what a later version of the program
 * adds in that way is forgotten too. */
#include "store/clients.h"

#include "base/text.h"
#include "store/seal.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SCHEMA_NUMBER = 1 };

#define OF_CLIENT "code TEXT NOT NULL REFERENCES client ON DELETE CASCADE, day TEXT NOT NULL, "

static const char schema[] =
	"CREATE TABLE client (code TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TABLE link (" OF_CLIENT
	"recipe TEXT NOT NULL, PRIMARY KEY (code, recipe)) WITHOUT ROWID;"
	"CREATE TABLE note (key INTEGER PRIMARY KEY, " OF_CLIENT
	"zone TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE TABLE consent (key INTEGER PRIMARY KEY, " OF_CLIENT "text TEXT NOT NULL);"
	"CREATE INDEX note_code ON note (code);"
	"CREATE INDEX consent_code ON consent (code);";

/* What came later: a file from before has its table as soon as it is opened, and a program from before leaves it alone, and
 * forgets it with the client. */
#define LATER_TABLE                                                                                \
	"CREATE TABLE IF NOT EXISTS secret (code TEXT PRIMARY KEY REFERENCES client ON DELETE "    \
	"CASCADE, "                                                                                \
	"key TEXT NOT NULL) WITHOUT ROWID"

struct clients {
	struct sql *sql;
	char path[PATH_SIZE];
};

enum status clients_open(struct clients **out, const char *path, bool create, struct error *err)
{
	struct clients *clients = calloc(1, sizeof *clients);
	bool in_memory = !create && access(path, F_OK);

	*out = NULL;
	if (!clients)
		return error_memory(err);
	text_copy(clients->path, sizeof clients->path, path);
	if (sql_open_private(&clients->sql, in_memory ? NULL : path, schema, SCHEMA_NUMBER, err) ||
	    sql_run(clients->sql, err, LATER_TABLE, "")) {
		clients_close(clients);
		return err->status;
	}
	*out = clients;
	return STATUS_OK;
}

void clients_close(struct clients *clients)
{
	if (!clients)
		return;
	sql_close(clients->sql);
	free(clients);
}

/* --- adding ----------------------------------------------------------------------------------- */

/* One statement about a client, who is made where it is the first, as one transaction. `zone` only where it asks for it. */
static enum status add(struct clients *clients, const char *statement, const char *types,
		       const char *code, const char *text, const char *zone, struct error *err)
{
	struct sql *sql = clients->sql;
	char now[CLOCK_TEXT_SIZE], day[CLIENT_DAY_SIZE];
	struct error unsaid;

	clock_text(now);
	text_copy(day, sizeof day, now);
	if (client_code_check(code, err) || sql_run(sql, err, "BEGIN IMMEDIATE", ""))
		return err->status;
	if (sql_run(sql, err, "INSERT OR IGNORE INTO client VALUES (?)", "s", code) ||
	    sql_run(sql, err, statement, types, code, day, text, zone) ||
	    sql_run(sql, err, "COMMIT", "")) {
		sql_run(sql, &unsaid, "ROLLBACK", "");
		return err->status;
	}
	return STATUS_OK;
}

enum status clients_link(struct clients *clients, const char *code, const char *recipe,
			 struct error *err)
{
	return add(clients, "INSERT OR IGNORE INTO link (code, day, recipe) VALUES (?, ?, ?)",
		   "sss", code, recipe, NULL, err);
}

enum status clients_note(struct clients *clients, const char *code, const char *text,
			 const char *zone, struct error *err)
{
	if (text_check_line(text, CLIENT_TEXT_SIZE, "note", err) ||
	    (zone && text_check_line(zone, RECIPE_NAME_SIZE, "zone", err)))
		return err->status;
	return add(clients, "INSERT INTO note (code, day, text, zone) VALUES (?, ?, ?, ?)", "ssss",
		   code, text, zone ? zone : "", err);
}

enum status clients_consent(struct clients *clients, const char *code, const char *text,
			    struct error *err)
{
	if (text_check_line(text, CLIENT_TEXT_SIZE, "consent", err))
		return err->status;
	return add(clients, "INSERT INTO consent (code, day, text) VALUES (?, ?, ?)", "sss", code,
		   text, NULL, err);
}

static enum status take_key(const struct sql_row *row, void *data)
{
	text_copy(data, CLIENT_KEY_SIZE, sql_text(row, 0));
	return STATUS_OK;
}

#define KEY_OF "SELECT key FROM secret WHERE code = ?"

enum status clients_key(char key[CLIENT_KEY_SIZE], struct clients *clients, const char *code,
			struct error *err)
{
	char made[CLIENT_KEY_SIZE];

	*key = 0;
	if (seal_make_key(made, err) ||
	    add(clients, "INSERT OR IGNORE INTO secret (code, key) VALUES (?1, ?3)", "sss", code,
		made, NULL, err))
		return err->status;
	return sql_each(clients->sql, err, take_key, key, KEY_OF, "s", code);
}

/* --- asking ----------------------------------------------------------------------------------- */

static enum status take_count(const struct sql_row *row, void *data)
{
	struct client_count *count = sql_list_add(data);

	if (!count)
		return STATUS_ENVIRONMENT;
	text_copy(count->code, sizeof count->code, sql_text(row, 0));
	count->links = sql_int(row, 1);
	count->notes = sql_int(row, 2);
	count->consents = sql_int(row, 3);
	return STATUS_OK;
}

static enum status take_link(const struct sql_row *row, void *data)
{
	struct client_link *link = sql_list_add(data);

	if (!link)
		return STATUS_ENVIRONMENT;
	text_copy(link->day, sizeof link->day, sql_text(row, 0));
	text_copy(link->recipe, sizeof link->recipe, sql_text(row, 1));
	return STATUS_OK;
}

static enum status take_entry(const struct sql_row *row, void *data)
{
	struct client_entry *entry = sql_list_add(data);

	if (!entry)
		return STATUS_ENVIRONMENT;
	text_copy(entry->day, sizeof entry->day, sql_text(row, 0));
	text_copy(entry->text, sizeof entry->text, sql_text(row, 1));
	text_copy(entry->zone, sizeof entry->zone, sql_text(row, 2));
	return STATUS_OK;
}

/* All rows of a statement, about one client where `code` is not NULL. */
static enum status gather(struct sql_list *list, struct clients *clients, sql_take *take,
			  const char *statement, const char *code, struct error *err)
{
	list->err = err;
	if (sql_each(clients->sql, err, take, list, statement, code ? "s" : "", code)) {
		free(list->item);
		return err->status;
	}
	return STATUS_OK;
}

enum status clients_list(struct client_count **list, size_t *count, struct clients *clients,
			 struct error *err)
{
	struct sql_list found = {.size = sizeof **list};

	*list = NULL;
	*count = 0;
	if (gather(&found, clients, take_count,
		   "SELECT code, (SELECT count(*) FROM link l WHERE l.code = c.code), "
		   "(SELECT count(*) FROM note n WHERE n.code = c.code), "
		   "(SELECT count(*) FROM consent p WHERE p.code = c.code) "
		   "FROM client c ORDER BY code",
		   NULL, err))
		return err->status;
	*list = (struct client_count *)(void *)found.item;
	*count = found.count;
	return STATUS_OK;
}

static enum status take_code(const struct sql_row *row, void *data)
{
	text_copy(data, CLIENT_CODE_SIZE, sql_text(row, 0));
	return STATUS_OK;
}

enum status clients_recipes(struct client *client, struct clients *clients, const char *code,
			    struct error *err)
{
	struct sql_list links = {.size = sizeof *client->link};

	*client = (struct client){0};
	if (client_code_check(code, err) ||
	    sql_each(clients->sql, err, take_code, client->code,
		     "SELECT code FROM client WHERE code = ?", "s", code))
		return err->status;
	if (!*client->code)
		return error_set(err, STATUS_REFUSED, "client %s: nothing is held under that code",
				 code);
	if (gather(&links, clients, take_link,
		   "SELECT day, recipe FROM link WHERE code = ? ORDER BY recipe", code, err))
		return err->status;
	client->link = (struct client_link *)(void *)links.item;
	client->links = links.count;
	return STATUS_OK;
}

static enum status find_entries(struct client_entry **entry, size_t *count, struct clients *clients,
				const char *statement, const char *code, struct error *err)
{
	struct sql_list found = {.size = sizeof **entry};

	if (gather(&found, clients, take_entry, statement, code, err))
		return err->status;
	*entry = (struct client_entry *)(void *)found.item;
	*count = found.count;
	return STATUS_OK;
}

enum status clients_find(struct client *client, struct clients *clients, const char *code,
			 struct error *err)
{
	if (clients_recipes(client, clients, code, err))
		return err->status;
	if (find_entries(&client->note, &client->notes, clients,
			 "SELECT day, text, zone FROM note WHERE code = ? ORDER BY key", code,
			 err) ||
	    find_entries(&client->consent, &client->consents, clients,
			 "SELECT day, text, '' FROM consent WHERE code = ? ORDER BY key", code,
			 err) ||
	    sql_each(clients->sql, err, take_key, client->key, KEY_OF, "s", code)) {
		client_clear(client);
		return err->status;
	}
	return STATUS_OK;
}

static enum status take_owner(const struct sql_row *row, void *data)
{
	struct client_owner *owner = sql_list_add(data);

	if (!owner)
		return STATUS_ENVIRONMENT;
	text_copy(owner->code, sizeof owner->code, sql_text(row, 0));
	text_copy(owner->key, sizeof owner->key, sql_text(row, 1));
	return STATUS_OK;
}

enum status clients_owners(struct client_owner **list, size_t *count, struct clients *clients,
			   const char *recipe, struct error *err)
{
	struct sql_list found = {.size = sizeof **list};

	*list = NULL;
	*count = 0;
	if (gather(&found, clients, take_owner,
		   "SELECT code, key FROM link LEFT JOIN secret USING (code) WHERE recipe = ? "
		   "ORDER BY code",
		   recipe, err))
		return err->status;
	*list = (struct client_owner *)(void *)found.item;
	*count = found.count;
	return STATUS_OK;
}

/* --- forgetting ------------------------------------------------------------------------------- */

struct naming {
	const char *code;
	struct error *err;
};

static enum status take_naming(const struct sql_row *row, void *data)
{
	struct naming *work = data;

	if (client_is_named(sql_text(row, 1), work->code) ||
	    client_is_named(sql_text(row, 2), work->code))
		return error_set(work->err, STATUS_REFUSED,
				 "client %s: erased, but a note or consent of %s names that code",
				 work->code, sql_text(row, 0));
	return STATUS_OK;
}

static enum status check_unnamed(struct clients *clients, const char *code, struct error *err)
{
	struct naming work = {code, err};

	return sql_each(clients->sql, err, take_naming, &work,
			"SELECT code, text, zone FROM note UNION ALL "
			"SELECT code, text, '' FROM consent",
			"");
}

/* One deletion, of what a client's code and a value name. No other process may write between what is done and what is looked at: the
 * locks stay until the proof has read the file. */
static enum status erase_locked(struct clients *clients, const char *statement, const char *types,
				const char *code, const char *value, struct error *err)
{
	struct sql *sql = clients->sql;

	if (sql_run(sql, err, "PRAGMA locking_mode = EXCLUSIVE", "") ||
	    sql_run(sql, err, statement, types, code, value) || sql_run(sql, err, "VACUUM", ""))
		return err->status;
	return sql_prove(clients->path, err);
}

static enum status erase(struct clients *clients, const char *statement, const char *types,
			 const char *code, const char *value, struct error *err)
{
	enum status status = erase_locked(clients, statement, types, code, value, err);
	struct error unsaid;

	sql_run(clients->sql, &unsaid, "PRAGMA locking_mode = NORMAL", "");
	sql_run(clients->sql, &unsaid, "SELECT code FROM client", ""); /* lets go of the lock */
	return status;
}

enum status clients_forget(struct client *erased, struct clients *clients, const char *code,
			   struct error *err)
{
	if (clients_find(erased, clients, code, err))
		return err->status;
	if (erase(clients, "DELETE FROM client WHERE code = ?", "s", code, NULL, err) ||
	    check_unnamed(clients, code, err)) {
		client_clear(erased);
		return err->status;
	}
	return STATUS_OK;
}

enum status clients_unlink(struct clients *clients, const char *code, const char *recipe,
			   struct error *err)
{
	struct client client;
	bool linked;

	if (clients_recipes(&client, clients, code, err))
		return err->status;
	linked = client_has(&client, recipe);
	client_clear(&client);
	if (!linked)
		return error_set(err, STATUS_REFUSED, "client %s: recipe %s is not linked to it",
				 code, recipe);
	return erase(clients, "DELETE FROM link WHERE code = ? AND recipe = ?", "ss", code, recipe,
		     err);
}

#define DROP_FROM(table)                                                                           \
	"DELETE FROM " table " WHERE key = (SELECT key FROM " table                                \
	" WHERE code = ? ORDER BY key LIMIT 1 OFFSET CAST(? AS INTEGER))"

enum status clients_drop(struct clients *clients, enum client_kind kind, const char *code,
			 int number, struct error *err)
{
	const bool is_note = kind == CLIENT_NOTE;
	struct client client;
	char offset[16];
	size_t count;

	if (clients_find(&client, clients, code, err))
		return err->status;
	count = is_note ? client.notes : client.consents;
	client_clear(&client);
	if (number < 1 || (size_t)number > count)
		return error_set(
			err, STATUS_REFUSED,
			"client %s: there is no %s %d among its %zu; `client show` numbers them",
			code, is_note ? "note" : "consent", number, count);
	snprintf(offset, sizeof offset, "%d", number - 1);
	return erase(clients, is_note ? DROP_FROM("note") : DROP_FROM("consent"), "ss", code,
		     offset, err);
}
