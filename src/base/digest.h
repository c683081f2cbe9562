/* Fingerprints and random names, through libsodium. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/error.h"

#include <stddef.h>

enum { DIGEST_SIZE = 65, RANDOM_ID_SIZE = 17 };

/* SHA-256 (FIPS 180-4) of the bytes, as 64 lower-case hexadecimal digits. */
void digest_sha256(char digest[DIGEST_SIZE], const char *bytes, size_t length);

/* Sixteen random hexadecimal digits (64 bits) from the system's generator: two recipes of one
 * clinic in a million years of treatments. */
enum status random_id(char id[RANDOM_ID_SIZE], struct error *err);

#endif
