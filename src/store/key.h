/* A clinic's key, and signatures that stock git and ssh-keygen check.
 *
 * The key is Ed25519 (RFC 8032, through libsodium). Its file is an OpenSSH private key without a passphrase, readable by its owner
 * alone, with the public half beside it in PATH.pub; what `ssh-keygen -t ed25519` makes is read as well. Signatures
 * are OpenSSH's (PROTOCOL.sshsig); the namespace keeps one that was made for one use from being taken for another.
 *
 *	key_make("clinic.key", &err);
 *	key_read(&key, "clinic.key", &err);
 *	key_sign(&signature, &key, KEY_FOR_COMMITS, bytes, length, &err);
 *	key_check(&signer, &signature, KEY_FOR_COMMITS, bytes, length, &err);
 *	key_clear(&key);
 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "base/error.h"
#include "base/text.h"

enum {
	KEY_PUBLIC_SIZE = 32,
	KEY_SECRET_SIZE = 64,
	KEY_FINGERPRINT_SIZE = 51, /* "SHA256:" and 43 digits of base64 */
	KEY_WORDS_SIZE = 128,
	KEY_ID_SIZE = 33
};

/* Namespaces: what `git verify-commit` expects, and one of our own (`ssh-keygen -Y verify -n`). */
#define KEY_FOR_COMMITS "git"
#define KEY_FOR_RECIPES "follitone-recipe"

struct public_key {
	unsigned char bytes[KEY_PUBLIC_SIZE];
};

struct clinic_key {
	struct public_key open;
	unsigned char
		secret[KEY_SECRET_SIZE]; /* as libsodium has it: the seed, then the public key */
};

/* A new key in `path` and `path`.pub. Refuses where one of them exists. */
enum status key_make(const char *path, struct error *err);

/* Refuses anything but one Ed25519 key without a passphrase, and a file that others may read. */
enum status key_read(struct clinic_key *key, const char *path, struct error *err);

/* Wipes the secret. */
void key_clear(struct clinic_key *key);

/* As `ssh-keygen -l` shows it: SHA-256 of the public key's blob in base64. */
void key_fingerprint(char text[KEY_FINGERPRINT_SIZE], const struct public_key *key);

/* The fingerprint's first eight bytes as words (words.h): 64 bits to be compared on the telephone. */
void key_words(char text[KEY_WORDS_SIZE], const struct public_key *key);

/* The fingerprint's first 16 bytes in hexadecimal: a clinic's name in references. */
void key_id(char text[KEY_ID_SIZE], const struct public_key *key);

/* "ssh-ed25519 AAAA…", without a comment, and back. */
void key_print(struct text *text, const struct public_key *key);
enum status key_parse(struct public_key *key, const char *line, struct error *err);

/* Appends the armoured signature. */
enum status key_sign(struct text *signature, const struct clinic_key *key, const char *use,
		     const char *bytes, size_t length, struct error *err);

/* Sets `signer` to whose signature it is; refuses one that does not fit the bytes, or is of another kind. Whether the
 * signer is trusted is not asked here. */
enum status key_check(struct public_key *signer, const struct text *signature, const char *use,
		      const char *bytes, size_t length, struct error *err);

#endif
