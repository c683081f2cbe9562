/* A note that travels with a recipe and can be erased all the same: in the recipe, which is never erased, stands what a key alone
 * makes readable, and the key is in the file of clients (clients.h), which forgets. XSalsa20-Poly1305 (crypto_secretbox of
 * libsodium) under a random nonce; the text is filled up to a multiple of SEALED_STEP, so its length tells little.
 *
 *	seal_make_key(key, &err);
 *	seal(sealed, "allergic to nickel", key, &err);
 *	if (seal_open(text, sealed, key)) …
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "match/client.h"

/* A random key, as text. */
enum status seal_make_key(char key[CLIENT_KEY_SIZE], struct error *err);

/* Refuses a text that is empty or longer than a note, and a key that is none. */
enum status seal(char sealed[RECIPE_SEALED_SIZE], const char *text, const char *key,
		 struct error *err);

/* False where the key does not open it, or what was sealed is no note. */
bool seal_open(char text[CLIENT_TEXT_SIZE], const char *sealed, const char *key);

#endif
