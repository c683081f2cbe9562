/* What a card's QR code says of a recipe, in capitals and digits that a code holds densely:
 *
 *	FOLLITONE:1:ID:VERSION:HASH	which version it is
 *	FOLLITONE:2:…			all of it
 *
 * The whole form is base45 (RFC 9285) of
 *	the first 16 bytes of the recipe's hash (the git object id of its file), the first 4 of its line's fingerprint,
 *	its text without what can be found again, as a raw deflate stream (RFC 1951) with a preset dictionary,
 *	then bits: id, time, parent, source, and each spectrum as differences of whole numbers.
 * Found again is what the line says of its bottles, what is predicted, blanks and comments. So the same file comes out of it, byte for
 * byte, where the line is the same and the prediction is computed anew; the hash says whether it did. The dictionary is
 * profiles/codes/2.cfg: with another one, or another order of the bits, it would be FOLLITONE:3.
 *
 *	compact_print(&payload, &fits, &recipe, &line, hash, &err)
 *	compact_read(&compact, payload, path, &err)         a stranger's: bounded and checked
 *	compact_recipe(&recipe, &compact, &line, path, &err)
 *	… recipe_predict(), recipe_print(), and its hash compared by compact_is_of()
 */
#ifndef FORMATS_COMPACT_H
#define FORMATS_COMPACT_H

#include "base/error.h"
#include "base/text.h"
#include "match/recipe.h"

enum {
	/* bytes, before base45: no more go into a code of version 11 at level M (366 letters) */
	COMPACT_MOST = 236,
	COMPACT_HASH_DIGITS = 32,
	COMPACT_LINE_DIGITS = 8,
};
#define COMPACT_HEAD "FOLLITONE:"

struct compact {
	bool whole;
	/* of the one form */
	char id[RANDOM_ID_SIZE];
	int version;
	/* of both, in lower case; of the whole form only the first COMPACT_HASH_DIGITS */
	char hash[RECIPE_HASH_SIZE];
	/* of the whole form */
	char line[COMPACT_LINE_DIGITS + 1]; /* the line's fingerprint begins so */
	unsigned char rest[COMPACT_MOST];   /* stream and bits */
	size_t length;
};

/* Adds the form that says which version it is: the recipe's stamp. */
void compact_print_stamp(struct text *payload, const struct recipe_stamp *stamp);

/* Adds the form that holds all of it, where that fits; else *fits is false. That it reads back is for the caller to find out: what a
 * line does not say of a recipe that it was made with is not there. */
enum status compact_print(struct text *payload, bool *fits, const struct recipe *recipe,
			  const struct pigment_line *line, const char *hash, struct error *err);

/* `path` is for messages. */
enum status compact_read(struct compact *compact, const char *payload, const char *path,
			 struct error *err);

/* The recipe of a whole form, of which nothing is predicted yet (`edited` is true), with that line, whose fingerprint begins as it must. */
enum status compact_recipe(struct recipe *recipe, const struct compact *compact,
			   const struct pigment_line *line, const char *path, struct error *err);

/* True where a file of that hash is what the code was made of. */
bool compact_is_of(const struct compact *compact, const char *hash);

#endif
