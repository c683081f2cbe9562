/* What the clinic knows of persons: a local SQLite file, for its owner alone, beside the store and never part of it. A recipe
 * knows no client; this file knows which recipes, by id, are whose. Nothing here is ever shared, and all of a person can be
 * erased, which a git repository cannot do.
 *
 * A client comes about with what is first said of them. What is erased is gone from the file and from those beside it; what
 * the disk below or a copy elsewhere still holds is not in this program's hands.
 *
 *	clients_open(&clients, path, true, &err);
 *	clients_link(clients, "K-17", recipe.stamp.id, &err);
 *	clients_forget(&erased, clients, "K-17", &err);
 *	client_clear(&erased);
 *	clients_close(clients);
 */
#ifndef STORE_CLIENTS_H
#define STORE_CLIENTS_H

#include "match/client.h"

struct clients;

/* Opens the file. With `create` a missing one is made; without, it is one with no client in it, and nothing is written. */
enum status clients_open(struct clients **out, const char *path, bool create, struct error *err);
void clients_close(struct clients *clients); /* accepts NULL */

/* Each is kept with the day of today. A recipe that is linked already stays so; a note's `zone` may be NULL. Texts are one line of
 * at most CLIENT_TEXT_SIZE - 1 bytes without control characters. */
enum status clients_link(struct clients *clients, const char *code, const char *recipe,
			 struct error *err);
enum status clients_note(struct clients *clients, const char *code, const char *text,
			 const char *zone, struct error *err);
enum status clients_consent(struct clients *clients, const char *code, const char *text,
			    struct error *err);

/* The key of what is sealed for a client; made when it is first asked for, the client too. */
enum status clients_key(char key[CLIENT_KEY_SIZE], struct clients *clients, const char *code,
			struct error *err);

/* How much there is of each client, by code; to be freed. */
enum status clients_list(struct client_count **list, size_t *count, struct clients *clients,
			 struct error *err);

/* The recipes of one client; to be cleared. A code that is not there is refused, here and below. */
enum status clients_recipes(struct client *client, struct clients *clients, const char *code,
			    struct error *err);

/* All that is held of one client; to be cleared. */
enum status clients_find(struct client *client, struct clients *clients, const char *code,
			 struct error *err);

/* Whose a recipe is; to be freed. */
enum status clients_owners(struct client_owner **list, size_t *count, struct clients *clients,
			   const char *recipe, struct error *err);

/* Erases one thing, and proves it as clients_forget(): a link, a note or consent by its number from 1, in the order of clients_find().
 * What is not there is refused. */
enum status clients_unlink(struct clients *clients, const char *code, const char *recipe,
			   struct error *err);
enum status clients_drop(struct clients *clients, enum client_kind kind, const char *code,
			 int number, struct error *err);

/* Erases all of one client and proves it (sql_prove()). Refused, after it was done, where what is held of another client names
 * the code. `erased` is what there was, to be cleared. */
enum status clients_forget(struct client *erased, struct clients *clients, const char *code,
			   struct error *err);

#endif
