/* What is private is deleted in three steps: secure_delete overwrites the cells, a rollback journal is cut to nothing when
 * its transaction ends (in WAL mode old pages stay in the log), and VACUUM, with its scratch in memory, makes every page anew:
 * after secure_delete alone, of 60 clients erased one by one, codes were still found in pages that had been split or joined
 * (SQLite 3.40; tests/unit/test_clients.c).
 *
 * That this worked is not believed but looked at. A search for the deleted words would not do: a code of one letter stands
 * everywhere, and two clients may have the same note. So the file is compared with one that never held them. */
#include "store/sql.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATEMENTS_MOST = 64, WAIT_MS = 10000, PATH_SIZE = 4096 };

/* The file's header (sqlite.org/fileformat2.html, 1.3): counters of changes, no content. */
enum { HEADER_SIZE = 100 };

static const char private_ways[] =
	"PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; PRAGMA temp_store = MEMORY; "
	"PRAGMA foreign_keys = ON";

struct sql {
	sqlite3 *database;
	int code;       /* of the last failure */
	char path[256]; /* for messages: its end, where it is long */
	struct {
		const char *text;
		sqlite3_stmt *prepared;
	} statement[STATEMENTS_MOST];
	int statements;
};

struct sql_row {
	sqlite3_stmt *statement;
};

static enum status refuse(struct sql *sql, struct error *err)
{
	sql->code = sql->database ? sqlite3_errcode(sql->database) : SQLITE_NOMEM;
	return error_set(err, STATUS_REFUSED, "%s: %s", sql->path,
			 sql->database ? sqlite3_errmsg(sql->database) : "out of memory");
}

bool sql_is_broken(const struct sql *sql)
{
	return sql->code == SQLITE_CORRUPT || sql->code == SQLITE_NOTADB;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int take_number(void *data, int columns, char **text, char **names)
{
	int *number = data;

	(void)names;
	for (*number = 0; columns > 0 && *text[0] >= '0' && *text[0] <= '9'; text[0]++)
		*number = *number * 10 + (*text[0] - '0');
	return 0;
}

static int read_number(struct sql *sql, int *number)
{
	return sqlite3_exec(sql->database, "PRAGMA user_version", take_number, number, NULL);
}

/* A file that others could write to runs nothing of its own. */
static void distrust(sqlite3 *database)
{
	sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)NULL);
	sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)NULL);
}

static enum status make_schema(struct sql *sql, const char *schema, int number, struct error *err)
{
	char set[64];
	int found = 0;

	snprintf(set, sizeof set, "PRAGMA user_version = %d; COMMIT", number);
	if (sqlite3_exec(sql->database, "BEGIN IMMEDIATE", NULL, NULL, NULL) ||
	    read_number(sql, &found) || /* another may have been first */
	    (!found && sqlite3_exec(sql->database, schema, NULL, NULL, NULL)) ||
	    sqlite3_exec(sql->database, found ? "COMMIT" : set, NULL, NULL, NULL))
		return refuse(sql, err);
	return STATUS_OK;
}

/* What is up to date is opened without writing to it. */
static enum status check_schema(struct sql *sql, const char *schema, int number, struct error *err)
{
	int found = 0;

	distrust(sql->database);
	if (read_number(sql, &found))
		return refuse(sql, err);
	if (found && found != number)
		return error_set(err, STATUS_NO_ANSWER, "%s: of another version (%d, not %d)",
				 sql->path, found, number);
	return found ? STATUS_OK : make_schema(sql, schema, number, err);
}

static struct sql *new_sql(const char *path)
{
	struct sql *sql = calloc(1, sizeof *sql);
	size_t length = path ? strlen(path) : 0;

	if (sql)
		snprintf(sql->path, sizeof sql->path, "%s",
			 !path                       ? "index in memory"
			 : length < sizeof sql->path ? path
						     : path + length - sizeof sql->path + 1);
	return sql;
}

static enum status open_as(struct sql **out, const char *path, int flags, const char *ways,
			   const char *schema, int number, struct error *err)
{
	struct sql *sql = new_sql(path);
	enum status status;

	*out = NULL;
	if (!sql)
		return error_memory(err);
	flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path ? path : ":memory:", &sql->database, flags, NULL) ||
	    sqlite3_busy_timeout(sql->database, WAIT_MS) ||
	    sqlite3_exec(sql->database, ways, NULL, NULL, NULL))
		status = refuse(sql, err);
	else
		status = check_schema(sql, schema, number, err);
	if (status) {
		if (sql_is_broken(sql))
			status = err->status = STATUS_NO_ANSWER;
		sql_close(sql);
		return status;
	}
	*out = sql;
	return STATUS_OK;
}

enum status sql_open(struct sql **out, const char *path, const char *schema, int number,
		     struct error *err)
{
	return open_as(out, path, SQLITE_OPEN_NOFOLLOW, "", schema, number, err);
}

/* Before SQLite makes it, as the umask would have it; journals get the mode of their database. */
static enum status make_private(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	enum status status = STATUS_OK;

	if (fd < 0 || fchmod(fd, 0600))
		status = error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return status;
}

enum status sql_open_private(struct sql **out, const char *path, const char *schema, int number,
			     struct error *err)
{
	*out = NULL;
	if (path && make_private(path, err))
		return err->status;
	return open_as(out, path, 0, private_ways, schema, number, err);
}

void sql_close(struct sql *sql)
{
	if (!sql)
		return;
	for (int i = 0; i < sql->statements; i++)
		sqlite3_finalize(sql->statement[i].prepared);
	sqlite3_close(sql->database);
	free(sql);
}

/* --- proof ------------------------------------------------------------------------------------ */

static enum status refuse_remains(const char *path, struct error *err)
{
	return error_set(err, STATUS_REFUSED, "%s: this still holds something that was erased",
			 path);
}

static enum status check_beside(const char *path, struct error *err)
{
	static const char *const ending[] = {"-journal", "-wal", "-shm"};
	char beside[PATH_SIZE + 16];
	struct stat facts;

	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		snprintf(beside, sizeof beside, "%.*s%s", PATH_SIZE, path, ending[i]);
		if (stat(beside, &facts) ? errno != ENOENT : facts.st_size > 0)
			return refuse_remains(beside, err);
	}
	return STATUS_OK;
}

/* The file's pages in memory, made anew from its rows. */
static int rebuild(sqlite3 *memory, const struct text *bytes)
{
	const sqlite3_int64 length = (sqlite3_int64)bytes->length;
	unsigned char *copy = sqlite3_malloc64(bytes->length);

	if (!copy)
		return SQLITE_NOMEM;
	memcpy(copy, bytes->data, bytes->length);
	if (sqlite3_deserialize(memory, "main", copy, length, length,
				SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE))
		return SQLITE_ERROR;
	return sqlite3_exec(memory, private_ways, NULL, NULL, NULL) ||
	       sqlite3_exec(memory, "VACUUM", NULL, NULL, NULL);
}

static enum status compare(const char *path, const struct text *bytes, struct error *err)
{
	unsigned char *anew = NULL;
	sqlite3 *memory = NULL;
	sqlite3_int64 length = 0;
	enum status status = STATUS_OK;

	if (sqlite3_open(":memory:", &memory) || rebuild(memory, bytes) ||
	    !(anew = sqlite3_serialize(memory, "main", &length, 0)))
		status = error_set(err, STATUS_REFUSED, "%s: not to be proved: %s", path,
				   memory ? sqlite3_errmsg(memory) : "out of memory");
	else if ((size_t)length != bytes->length || length < HEADER_SIZE ||
		 memcmp(anew + HEADER_SIZE, bytes->data + HEADER_SIZE,
			(size_t)length - HEADER_SIZE))
		status = refuse_remains(path, err);
	sqlite3_free(anew);
	sqlite3_close(memory);
	return status;
}

enum status sql_prove(const char *path, struct error *err)
{
	struct text bytes;
	enum status status;

	if (check_beside(path, err) || file_read(&bytes, path, FILE_READ_MOST, err))
		return err->status;
	status = compare(path, &bytes, err);
	text_clear(&bytes);
	return status;
}

/* --- statements ------------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(struct sql *sql, const char *text)
{
	sqlite3_stmt *prepared = NULL;

	for (int i = 0; i < sql->statements; i++)
		if (sql->statement[i].text == text)
			return sql->statement[i].prepared;
	if (sql->statements == STATEMENTS_MOST ||
	    sqlite3_prepare_v3(sql->database, text, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL))
		return NULL;
	sql->statement[sql->statements].text = text;
	sql->statement[sql->statements++].prepared = prepared;
	return prepared;
}

static int bind(sqlite3_stmt *prepared, const char *types, va_list values)
{
	int failed = 0;

	for (int i = 0; types[i] && !failed; i++)
		switch (types[i]) {
		case 's':
			failed = sqlite3_bind_text(prepared, i + 1, va_arg(values, const char *),
						   -1, SQLITE_STATIC);
			break;
		case 'i':
			failed = sqlite3_bind_int64(prepared, i + 1, va_arg(values, int));
			break;
		default:
			failed = sqlite3_bind_double(prepared, i + 1, va_arg(values, double));
		}
	return failed;
}

static enum status step(struct sql *sql, sqlite3_stmt *prepared, sql_take *take, void *data,
			struct error *err)
{
	const struct sql_row row = {prepared};
	enum status status = STATUS_OK;
	int result = SQLITE_ROW;

	while (!status && (result = sqlite3_step(prepared)) == SQLITE_ROW)
		status = take ? take(&row, data) : STATUS_OK;
	if (!status && result != SQLITE_DONE)
		status = refuse(sql, err);
	sqlite3_reset(prepared);
	sqlite3_clear_bindings(prepared);
	return status;
}

static enum status execute(struct sql *sql, struct error *err, sql_take *take, void *data,
			   const char *statement, const char *types, va_list values)
{
	sqlite3_stmt *prepared = prepare(sql, statement);

	if (!prepared || bind(prepared, types, values))
		return refuse(sql, err);
	return step(sql, prepared, take, data, err);
}

enum status sql_once(struct sql *sql, const char *statements, struct error *err)
{
	return sqlite3_exec(sql->database, statements, NULL, NULL, NULL) ? refuse(sql, err)
									 : STATUS_OK;
}

enum status sql_run(struct sql *sql, struct error *err, const char *statement, const char *types,
		    ...)
{
	enum status status;
	va_list values;

	va_start(values, types);
	status = execute(sql, err, NULL, NULL, statement, types, values);
	va_end(values);
	return status;
}

enum status sql_each(struct sql *sql, struct error *err, sql_take *take, void *data,
		     const char *statement, const char *types, ...)
{
	enum status status;
	va_list values;

	va_start(values, types);
	status = execute(sql, err, take, data, statement, types, values);
	va_end(values);
	return status;
}

/* --- rows ------------------------------------------------------------------------------------- */

const char *sql_text(const struct sql_row *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row->statement, column);

	return text ? (const char *)text : "";
}

int sql_int(const struct sql_row *row, int column)
{
	return sqlite3_column_int(row->statement, column);
}

double sql_real(const struct sql_row *row, int column)
{
	return sqlite3_column_double(row->statement, column);
}

void *sql_list_add(struct sql_list *list)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		char *item = realloc(list->item, room * list->size);

		if (!item) {
			error_memory(list->err);
			return NULL;
		}
		list->item = item;
		list->room = room;
	}
	return memset(list->item + list->count++ * list->size, 0, list->size);
}

long long sql_last_key(const struct sql *sql)
{
	return sqlite3_last_insert_rowid(sql->database);
}
