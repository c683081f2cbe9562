/* Where a recipe's versions stand among the files of a store, recipes/ab/abcdef0123456789/3.cfg, and under which reference. */
#ifndef STORE_LAYOUT_H
#define STORE_LAYOUT_H

#include "base/digest.h"
#include "match/recipe.h"
#include "store/repository.h"

/* The reference of a clinic by its id (store/key.h); empty: REPOSITORY_OWN. */
void layout_reference(char reference[REPOSITORY_REFERENCE_SIZE], const char *clinic);

/* The other way; empty for any other than REPOSITORY_SHARED and an id. Borrowed. */
const char *layout_clinic(const char *reference);

/* The file of one version. */
void layout_path(char path[REPOSITORY_PATH_SIZE], const char *id, int version);

/* The folder of all its versions. */
void layout_folder(char path[REPOSITORY_PATH_SIZE], const char *id);

/* The other way; false for any other path. */
bool layout_take(char id[RANDOM_ID_SIZE], int *version, const char *path);

/* Refuses a recipe that says it is another one, or another version, than its place is for. */
enum status layout_check(const struct recipe_stamp *stamp, const char *id, int version,
			 struct error *err);

#endif
