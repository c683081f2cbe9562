/* Adding files to a reference of the clinic's own, in one commit: few as loose objects, many as one pack, which takes a tenth of the
 * time. Either way under the lock, on top of a snapshot of the reference, all or nothing:
 *
 *	blobs -> tree -> commit, signed with the clinic's key -> (pack ->) compare and swap of the reference
 *
 * Killed before the last step, the reference still names the old commit; the objects that were written are harmless, and a pack that was
 * not finished is removed by the next one. What is added takes its own size in memory until it is packed.
 *
 *	addition_begin(&addition, snapshot, many, &err);
 *	addition_put(hash, addition, path, &bytes, &err);
 *	addition_commit(addition, "why", &key, &err);
 *	addition_free(addition);
 */
#ifndef STORE_ADDITION_H
#define STORE_ADDITION_H

#include "store/repository.h"

struct addition;

/* `snapshot` is borrowed until addition_free(). */
enum status addition_begin(struct addition **out, const struct snapshot *snapshot, bool packed,
			   struct error *err);
void addition_free(
	struct addition *addition); /* accepts NULL; what was not committed was never there */

/* A file that is not there yet; its hash is told. */
enum status addition_put(char hash[REPOSITORY_HASH_SIZE], struct addition *addition,
			 const char *path, const struct text *bytes, struct error *err);

/* A file that was put: its bytes, to be cleared, and its hash. *found is false where it was not. */
enum status addition_read(struct text *bytes, char hash[REPOSITORY_HASH_SIZE], bool *found,
			  const struct addition *addition, const char *path, struct error *err);

/* Whether a file was put. */
bool addition_has(const struct addition *addition, const char *path);

/* What was put is on the disk, or nothing is. */
enum status addition_commit(struct addition *addition, const char *message,
			    const struct clinic_key *key, struct error *err);

#endif
