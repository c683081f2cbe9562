/* What the files of a store share: store.c, saving.c, finding.c; nobody else. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/addition.h"
#include "store/store.h"

struct store {
	struct repository *repository;
	struct index *index; /* NULL until it is needed */
	char *folder;
	bool has_clinic;
	struct public_key clinic;
	char shared[REPOSITORY_REFERENCE_SIZE]; /* the copies that it shares; empty: not known */
	struct clinics others;
	struct index_watch watch;
	char vouched
		[REPOSITORY_HASH_SIZE]; /* the last commit that was found to be signed by the clinic */
};

/* What there is of versions: in the repository, and put but not committed yet. */
struct base {
	const struct snapshot *snapshot;
	struct addition *addition; /* NULL: nothing */
};

/* One version; `kept` (may be NULL) is set to its file's text. */
enum status store_read_version(struct recipe *recipe, struct text *kept, bool *found,
			       const struct base *base, const char *id, int version,
			       struct error *err);

/* The same of what a trusted signature stands for: it is not asked again whether its prediction is of its mix, as nothing else is
 * signed. */
enum status store_read_vouched(struct recipe *recipe, struct text *kept, bool *found,
			       const struct base *base, const char *id, int version,
			       struct error *err);

/* Number of versions of a recipe of the clinic's own; invariant 2 makes the count the newest. */
int store_count_versions(const struct base *base, const char *id);

/* The index, opened when it is first asked for, and up to date. */
enum status store_open_index(struct store *store, struct error *err);

/* A clinic of which something was said, so that it is looked up once for a whole list. */
struct vouching {
	struct store *store;
	bool any, verified;
	char id[RECIPE_CLINIC_SIZE], name[RECIPE_CLINIC_SIZE];
};

/* From the id of its clinic to the name of it, and whether its signature stands for it. */
void store_vouch(struct vouching *work, struct recipe_stamp *stamp);

#endif
