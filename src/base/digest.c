/* libsodium does both; it is started where random numbers are needed. */
#include "base/digest.h"

#include <sodium.h>

void digest_sha256(char digest[DIGEST_SIZE], const char *bytes, size_t length)
{
	unsigned char raw[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(raw, (const unsigned char *)bytes, length);
	sodium_bin2hex(digest, DIGEST_SIZE, raw, sizeof raw);
}

enum status random_id(char id[RANDOM_ID_SIZE], struct error *err)
{
	unsigned char raw[RANDOM_ID_SIZE / 2];

	if (sodium_init() < 0)
		return error_set(err, STATUS_ENVIRONMENT, "the system gives no random numbers");
	randombytes_buf(raw, sizeof raw);
	sodium_bin2hex(id, RANDOM_ID_SIZE, raw, sizeof raw);
	return STATUS_OK;
}
