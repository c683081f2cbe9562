#include "store/sql.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MOST = 32, WAIT_MS = 10000 };

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
	return sql->code == SQLITE_CORRUPT || sql->code == SQLITE_NOTADB ||
	       sql->code == SQLITE_ERROR || sql->code == SQLITE_SCHEMA;
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

static enum status make_schema(struct sql *sql, const char *schema, int number, struct error *err)
{
	char set[64];
	int found = 0;

	sqlite3_busy_timeout(sql->database, WAIT_MS);
	if (sqlite3_exec(sql->database, "BEGIN IMMEDIATE; PRAGMA user_version", take_number, &found,
			 NULL))
		return refuse(sql, err);
	snprintf(set, sizeof set, "PRAGMA user_version = %d; COMMIT", number);
	if (found && found != number) {
		sqlite3_exec(sql->database, "ROLLBACK", NULL, NULL, NULL);
		return error_set(err, STATUS_NO_ANSWER, "%s: of another version (%d, not %d)",
				 sql->path, found, number);
	}
	if ((!found && sqlite3_exec(sql->database, schema, NULL, NULL, NULL)) ||
	    sqlite3_exec(sql->database, set, NULL, NULL, NULL))
		return refuse(sql, err);
	return STATUS_OK;
}

enum status sql_open(struct sql **out, const char *path, const char *schema, int number,
		     struct error *err)
{
	struct sql *sql = calloc(1, sizeof *sql);
	size_t length = path ? strlen(path) : 0;
	enum status status;

	*out = NULL;
	if (!sql)
		return error_memory(err);
	snprintf(sql->path, sizeof sql->path, "%s",
		 !path                       ? "index in memory"
		 : length < sizeof sql->path ? path
					     : path + length - sizeof sql->path + 1);
	if (sqlite3_open_v2(path ? path : ":memory:", &sql->database,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW,
			    NULL))
		status = refuse(sql, err);
	else
		status = make_schema(sql, schema, number, err);
	if (status) {
		sql_close(sql);
		return status;
	}
	*out = sql;
	return STATUS_OK;
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

enum status sql_run(struct sql *sql, struct error *err, const char *statement, const char *types,
		    ...)
{
	sqlite3_stmt *prepared = prepare(sql, statement);
	va_list values;
	int failed;

	if (!prepared)
		return refuse(sql, err);
	va_start(values, types);
	failed = bind(prepared, types, values);
	va_end(values);
	return failed ? refuse(sql, err) : step(sql, prepared, NULL, NULL, err);
}

enum status sql_each(struct sql *sql, struct error *err, sql_take *take, void *data,
		     const char *statement, const char *types, ...)
{
	sqlite3_stmt *prepared = prepare(sql, statement);
	va_list values;
	int failed;

	if (!prepared)
		return refuse(sql, err);
	va_start(values, types);
	failed = bind(prepared, types, values);
	va_end(values);
	return failed ? refuse(sql, err) : step(sql, prepared, take, data, err);
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

long long sql_last_key(const struct sql *sql)
{
	return sqlite3_last_insert_rowid(sql->database);
}
