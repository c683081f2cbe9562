/* Bytes: nonce, then tag and cipher as crypto_secretbox_easy() writes them. Filling is ISO/IEC 7816-4 (sodium_pad()). Plain text and
 * keys are wiped from the stack; they never leave this memory but to who asked. */
#include "store/seal.h"

#include <sodium.h>
#include <string.h>

enum {
	NONCE = crypto_secretbox_NONCEBYTES,
	RAW_MOST = SEALED_FRAME + SEALED_PLAIN_MOST,
};

_Static_assert(SEALED_FRAME == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
	       "of recipe.h");
_Static_assert(CLIENT_KEY_SIZE == 2 * crypto_secretbox_KEYBYTES + 1, "of client.h");
_Static_assert(SEALED_PLAIN_MOST - CLIENT_TEXT_SIZE >= 0, "a note and its filling");

enum status seal_make_key(char key[CLIENT_KEY_SIZE], struct error *err)
{
	unsigned char raw[crypto_secretbox_KEYBYTES];

	if (sodium_init() < 0)
		return error_set(err, STATUS_ENVIRONMENT, "the system gives no random numbers");
	crypto_secretbox_keygen(raw);
	sodium_bin2hex(key, CLIENT_KEY_SIZE, raw, sizeof raw);
	sodium_memzero(raw, sizeof raw);
	return STATUS_OK;
}

static bool read_key(unsigned char raw[crypto_secretbox_KEYBYTES], const char *key)
{
	size_t length = 0;

	return strlen(key) == CLIENT_KEY_SIZE - 1 &&
	       sodium_hex2bin(raw, crypto_secretbox_KEYBYTES, key, CLIENT_KEY_SIZE - 1, NULL,
			      &length, NULL) == 0 &&
	       length == crypto_secretbox_KEYBYTES;
}

enum status seal(char sealed[RECIPE_SEALED_SIZE], const char *text, const char *key,
		 struct error *err)
{
	unsigned char raw_key[crypto_secretbox_KEYBYTES], plain[SEALED_PLAIN_MOST], raw[RAW_MOST];
	size_t length = strlen(text), filled;

	if (sodium_init() < 0)
		return error_set(err, STATUS_ENVIRONMENT, "the system gives no random numbers");
	if (length == 0 || length >= CLIENT_TEXT_SIZE || !read_key(raw_key, key))
		return error_set(err, STATUS_REFUSED, "a note and its key are needed");
	memcpy(plain, text, length);
	sodium_pad(&filled, plain, length, SEALED_STEP, sizeof plain);
	randombytes_buf(raw, NONCE);
	crypto_secretbox_easy(raw + NONCE, plain, filled, raw, raw_key);
	sodium_bin2base64(sealed, RECIPE_SEALED_SIZE, raw, SEALED_FRAME + filled,
			  sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(plain, sizeof plain);
	sodium_memzero(raw_key, sizeof raw_key);
	return STATUS_OK;
}

/* Who holds the key could have sealed anything: what comes out is looked at as what comes in. */
static bool take_plain(char text[CLIENT_TEXT_SIZE], const unsigned char *plain, size_t filled)
{
	size_t length;

	if (sodium_unpad(&length, plain, filled, SEALED_STEP) || length == 0 ||
	    length >= CLIENT_TEXT_SIZE || memchr(plain, 0, length))
		return false;
	memcpy(text, plain, length);
	text[length] = 0;
	return text_printable(text);
}

bool seal_open(char text[CLIENT_TEXT_SIZE], const char *sealed, const char *key)
{
	unsigned char raw_key[crypto_secretbox_KEYBYTES], plain[SEALED_PLAIN_MOST], raw[RAW_MOST];
	size_t length = 0;
	bool opened;

	opened =
		sodium_init() >= 0 && read_key(raw_key, key) &&
		sodium_base642bin(raw, sizeof raw, sealed, strlen(sealed), NULL, &length, NULL,
				  sodium_base64_VARIANT_ORIGINAL) == 0 &&
		length > SEALED_FRAME &&
		crypto_secretbox_open_easy(plain, raw + NONCE, length - NONCE, raw, raw_key) == 0 &&
		take_plain(text, plain, length - SEALED_FRAME);
	sodium_memzero(plain, sizeof plain);
	sodium_memzero(raw_key, sizeof raw_key);
	if (!opened)
		*text = 0;
	return opened;
}
