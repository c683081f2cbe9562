/* What the index has of many versions: their files are read and parsed on all cores, and handed over one by one, in their
 * order, to whoever writes the rows.
 *
 * A file that is no recipe as formats/recipe_file.h reads it, or another one than its path says, comes as a fault. What is left
 * out, as no list tells of it: the brief, what was predicted but for its looks (recipe_skim()), whether the bytes have the hash that they are kept
 * under (half of the time of a reading; whoever can change them can change the index), signatures and parents. `store verify` looks at
 * hashes, signatures, parents and all of every file; `show` at hash, signature and all of what it shows.
 *
 *	intake_add(&is_version, &list, path, hash, &err);
 *	intake_read(&list, &source, take, data, &err);
 *	free(list.file);
 */
#ifndef STORE_INTAKE_H
#define STORE_INTAKE_H

#include "match/recipe.h"
#include "store/repository.h"

struct intake_file {
	char path[REPOSITORY_PATH_SIZE], hash[REPOSITORY_HASH_SIZE];
	char id[RANDOM_ID_SIZE];
	int version;
	bool newest; /* as far as is known of it */
};

/* `file` is to be freed. */
struct intake {
	struct intake_file *file;
	size_t count, room;
};

/* Adds a file that stands where a version stands; says whether it does. */
enum status intake_add(bool *is_version, struct intake *list, const char *path, const char *hash,
		       struct error *err);

struct intake_dose {
	char pigment[PIGMENT_ID_SIZE], title[3 * PIGMENT_TEXT_SIZE];
	char lot[PIGMENT_TEXT_SIZE], expiry[PIGMENT_TEXT_SIZE];
};

struct intake_row {
	const struct intake_file *file;
	bool is_fault;
	struct error fault; /* why it is none of a recipe */
	struct recipe_stamp stamp;
	struct lab required, skin, healed; /* NaN where there is none; healed: as it was read */
	double healed_de00;                /* to what it was to look like; NaN */
	struct intake_dose dose[RECIPE_PIGMENTS_MAX + 1]; /* the diluent first */
	int doses;
	struct recipe_session session[RECIPE_SESSIONS_MAX];
	int sessions;
	struct text words; /* to be found by */
};

/* Who is told how far long work is. `report` may be NULL. */
struct index_watch {
	void (*report)(void *data, size_t done, size_t count, double seconds);
	void *data;
};

struct intake_source {
	const char *folder; /* of the store: each core opens it for itself */
	const struct snapshot *snapshot;
	struct index_watch watch;
};

/* Calls `take`, never twice at once, until it returns something else than STATUS_OK; returns that. */
typedef enum status intake_take(const struct intake_row *row, void *data);
enum status intake_read(const struct intake *list, const struct intake_source *source,
			intake_take *take, void *data, struct error *err);

#endif
