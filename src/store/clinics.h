/* Other clinics, as this one knows them: by key, under a name that it gave them, trusted or no longer. A libconfig file
 * (format "follitone-clinics"), replaced as a whole.
 *
 *	clinics_read(&clinics, path, &err);
 *	clinics_trust(&clinics, &key, "Aurora", &err);
 *	clinics_write(&clinics, path, &err);
 *	clinics_clear(&clinics);
 */
#ifndef STORE_CLINICS_H
#define STORE_CLINICS_H

#include "base/clock.h"
#include "match/recipe.h"
#include "store/key.h"

/* The word for one's own; so no other may be called so. */
#define CLINICS_OWN "own"

enum clinic_trust { CLINIC_UNKNOWN, CLINIC_TRUSTED, CLINIC_REVOKED };

struct clinic {
	struct public_key key;
	char name[RECIPE_CLINIC_SIZE];
	char since[CLOCK_TEXT_SIZE]; /* when it was first trusted, or revoked */
	enum clinic_trust trust;
};
struct clinics {
	struct clinic *item;
	size_t count;
};
void clinics_clear(struct clinics *clinics);

/* A file that is not there is a list of none. */
enum status clinics_read(struct clinics *clinics, const char *path, struct error *err);
enum status clinics_write(const struct clinics *clinics, const char *path, struct error *err);

/* By key; by name, fingerprint, its words or (the beginning of, six digits or more) id; by id. NULL where there is none. */
struct clinic *clinics_of_key(const struct clinics *clinics, const struct public_key *key);
struct clinic *clinics_find(const struct clinics *clinics, const char *words);
struct clinic *clinics_of_id(const struct clinics *clinics, const char *id);

/* Adds a clinic, or gives a known one its trust (back), and a name (NULL: the one it has, else its words). Refuses a name that
 * another one has, or that may not be one: 1 to 32 letters, digits, blanks, '-' and '_', not a number. */
enum status clinics_trust(struct clinics *clinics, const struct public_key *key, const char *name,
			  struct error *err);

#endif
