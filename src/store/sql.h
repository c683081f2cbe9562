/* SQLite, for what is not the truth: the index, which is made anew from git at any time, and what must be erasable.
 *
 * Statements are string literals: each is prepared once for a database and kept by its address. Values are bound in order,
 * one letter of `types` each: s a string (NULL is NULL), i an int, d a double.
 *
 *	sql_open(&sql, path, schema, 3, &err);
 *	sql_run(sql, &err, "INSERT INTO pot VALUES (?, ?)", "si", name, count);
 *	sql_each(sql, &err, take_row, &sum, "SELECT count FROM pot WHERE name = ?", "s", name);
 *	sql_close(sql);
 *
 * A function that fails says in `err` what SQLite said. sql_is_broken() tells whether the file is to be blamed.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct sql;
struct sql_row;

/* Opens or makes a database (NULL: one in memory) whose schema has that number; one of another number is refused
 * with STATUS_NO_ANSWER. */
enum status sql_open(struct sql **out, const char *path, const char *schema, int number,
		     struct error *err);

/* The same for what is personal, in a file for its owner alone (0600): what is deleted is overwritten, and neither a journal
 * nor a temporary file is left with anything in it. */
enum status sql_open_private(struct sql **out, const char *path, const char *schema, int number,
			     struct error *err);
void sql_close(struct sql *sql); /* accepts NULL */

/* Proves that a file holds nothing but what its rows say: it is, byte for byte, what SQLite makes of these rows anew, and
 * the files beside it are empty or not there. Refused where it is not so. To be asked after VACUUM. It opens and closes the
 * file, which ends the locks of this process on it (POSIX). */
enum status sql_prove(const char *path, struct error *err);

/* True where the last failure was that the file is no sound database. */
bool sql_is_broken(const struct sql *sql);

/* One statement without rows. */
enum status sql_run(struct sql *sql, struct error *err, const char *statement, const char *types,
		    ...);

/* One or more statements that are not kept prepared. */
enum status sql_once(struct sql *sql, const char *statements, struct error *err);

/* Calls `take` for each row, until it returns something else than STATUS_OK; returns that. */
typedef enum status sql_take(const struct sql_row *row, void *data);
enum status sql_each(struct sql *sql, struct error *err, sql_take *take, void *data,
		     const char *statement, const char *types, ...);

/* A row's columns, from 0. Borrowed text, never NULL, gone with the row. */
const char *sql_text(const struct sql_row *row, int column);
int sql_int(const struct sql_row *row, int column);
double sql_real(const struct sql_row *row, int column);

/* Rows that are gathered, as `count` items of `size` bytes each. `item` is to be freed. */
struct sql_list {
	char *item;
	size_t size, count, room;
	struct error *err;
};

/* Room for one more, all zero; NULL, with `err` set, where memory ran out. */
void *sql_list_add(struct sql_list *list);

/* The key of the row that was inserted last. */
long long sql_last_key(const struct sql *sql);

#endif
