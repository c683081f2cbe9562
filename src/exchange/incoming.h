/* Objects from elsewhere, kept apart until they have been looked at.
 *
 * A pack is gathered in memory, bounded (pack_check.h), unpacked into a folder of its own, and can then be looked at beside
 * what the repository has already. What is accepted of it is brought in with the references that name it; the rest never
 * gets into the repository.
 *
 *	incoming_open(&incoming, repository, "friend.bundle", &err);
 *	incoming_add(incoming, bytes, length, &err);         (as often as it takes)
 *	incoming_unpack(incoming, &err);
 *	snapshot_at(&snapshot, incoming_view(incoming), reference, commit, &err);
 *	incoming_accept(incoming, move, count, &err);        (under the lock)
 *	incoming_close(incoming);
 */
#ifndef EXCHANGE_INCOMING_H
#define EXCHANGE_INCOMING_H

#include "store/repository.h"

/* Some 500,000 versions. */
enum { INCOMING_BYTES_MOST = 1 << 30 };

struct incoming;

/* `name` is for messages, and borrowed. */
enum status incoming_open(struct incoming **out, struct repository *repository, const char *name,
			  struct error *err);
void incoming_close(struct incoming *incoming); /* accepts NULL; removes the folder */

enum status incoming_add(struct incoming *incoming, const char *bytes, size_t length,
			 struct error *err);

/* Nothing was added: there is nothing new, and the view is the repository's own. */
enum status incoming_unpack(struct incoming *incoming, struct error *err);

/* The repository with what came beside it; for reading. Borrowed. */
struct repository *incoming_view(struct incoming *incoming);

/* Brings in what these commits stand on, on the disk, and then moves the references, each from where it was (empty: it was
 * not there). All of them or none; to be called under the lock. */
struct incoming_move {
	char reference[REPOSITORY_REFERENCE_SIZE];
	char from[REPOSITORY_HASH_SIZE], to[REPOSITORY_HASH_SIZE];
};
enum status incoming_accept(struct incoming *incoming, const struct incoming_move *move, int count,
			    struct error *err);

#endif
