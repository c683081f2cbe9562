/* Whether a store is as it was saved. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/notes.h"
#include "store/repository.h"

struct store_check {
	unsigned long commits, with, without; /* a signature; those without are the oldest */
	unsigned long versions;
	struct notes faults; /* a line each; to be cleared */
};

/* Looks at every commit and every version that a snapshot stands on. `clinic`: whose signature each commit must have;
 * NULL for anybody's. A fault that is found is no error. */
enum status verify_snapshot(struct store_check *check, const struct snapshot *snapshot,
			    const struct public_key *clinic, struct error *err);

#endif
