/* Whether a store is as it was saved. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/notes.h"
#include "store/repository.h"

struct store_check {
	unsigned long commits, with, without; /* a signature; those without are the oldest */
	unsigned long versions, unsound; /* those that are not the recipes that they should be */
	struct notes faults;             /* a line each; to be cleared */
};

/* Looks at every commit and every version that a snapshot stands on, and adds to the check. `clinic`: the id of whose signature each
 * commit must have; NULL for anybody's. Of what a clinic shares, `copies`, versions may be missing. A fault that is found is
 * no error. */
enum status verify_snapshot(struct store_check *check, const struct snapshot *snapshot,
			    const char *clinic, bool copies, struct error *err);

#endif
