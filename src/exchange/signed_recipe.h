/* One recipe as one file that another clinic can read and trust: the recipe's own text (formats/recipe_file.h) with the
 * clinic's signature of it at its end, all of it one libconfig file:
 *
 *	…
 *	signature = ( "-----BEGIN SSH SIGNATURE-----", …, "-----END SSH SIGNATURE-----" );
 *
 * What is signed is every byte before the line of "signature"; from there on the file is just as it is written here. The signature is OpenSSH's, in the namespace KEY_FOR_RECIPES.
 */
#ifndef EXCHANGE_SIGNED_RECIPE_H
#define EXCHANGE_SIGNED_RECIPE_H

#include "base/text.h"
#include "match/recipe.h"
#include "store/key.h"

/* The file's text; to be cleared. */
enum status signed_recipe_print(struct text *out, const struct recipe *recipe,
				const struct clinic_key *key, struct error *err);

/* Reads one; sets `signer` to whose it is, and the recipe's hash to that of what was signed. Refused are a signature that does
 * not fit and a recipe that was changed since it was predicted. Whether the signer is trusted is not asked here. `path` of a
 * text is for messages. */
enum status signed_recipe_parse(struct recipe *recipe, struct public_key *signer,
				const struct text *file, const char *path, struct error *err);
enum status signed_recipe_read(struct recipe *recipe, struct public_key *signer, const char *path,
			       struct error *err);

#endif
