/* SSH's way of writing: a string is its length in four bytes, most significant first, then its bytes (RFC 4251). Everything
 * is read with the lengths checked and to its last byte, so that one key or signature has one form only. */
#include "store/key.h"

#include "base/digest.h"
#include "base/file.h"
#include "store/words.h"

#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#define KEY_TYPE "ssh-ed25519"
#define HASH "sha512"
#define SIGNATURE_MAGIC "SSHSIG"
#define KEY_MAGIC "openssh-key-v1" /* with its terminator */

enum { FILE_MOST = 4096, LINE_KEY = 70, LINE_SIGNATURE = 76, PADDED_TO = 8 };

_Static_assert(KEY_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(KEY_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "Ed25519");

/* --- writing ------------------------------------------------------------------------------------ */

static void add_number(struct text *text, unsigned long number)
{
	const char bytes[4] = {(char)(number >> 24), (char)(number >> 16), (char)(number >> 8),
			       (char)number};

	text_add(text, bytes, sizeof bytes);
}

static void add_bytes(struct text *text, const void *bytes, size_t length)
{
	add_number(text, length);
	text_add(text, bytes, length);
}

static void add_string(struct text *text, const char *string)
{
	add_bytes(text, string, strlen(string));
}

static void add_text(struct text *text, const struct text *part)
{
	if (text_failed(part))
		text->failed = true;
	else
		add_bytes(text, part->data, part->length);
}

static void wipe(struct text *text)
{
	if (text->data)
		sodium_memzero(text->data, text->length);
	text_clear(text);
}

static void add_public(struct text *blob, const struct public_key *key)
{
	add_string(blob, KEY_TYPE);
	add_bytes(blob, key->bytes, sizeof key->bytes);
}

static void add_base64(struct text *text, const char *bytes, size_t length)
{
	char digits[FILE_MOST * 2];

	if (sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL) > sizeof digits) {
		text->failed = true;
		return;
	}
	sodium_bin2base64(digits, sizeof digits, (const unsigned char *)bytes, length,
			  sodium_base64_VARIANT_ORIGINAL);
	text_adds(text, digits);
	sodium_memzero(digits, sizeof digits);
}

/* In lines between "-----BEGIN KIND-----" and "-----END KIND-----". */
static void add_armour(struct text *text, const char *kind, const struct text *blob, size_t line)
{
	struct text digits = {0};

	if (text_failed(blob)) {
		text->failed = true;
		return;
	}
	add_base64(&digits, blob->data, blob->length);
	text_addf(text, "-----BEGIN %s-----\n", kind);
	for (size_t at = 0; at < digits.length; at += line) {
		size_t left = digits.length - at;

		text_add(text, digits.data + at, left < line ? left : line);
		text_adds(text, "\n");
	}
	text_addf(text, "-----END %s-----\n", kind);
	text->failed = text->failed || text_failed(&digits);
	wipe(&digits);
}

/* --- reading ------------------------------------------------------------------------------------ */

/* What is left of some bytes; all of it is gone once something was not there. */
struct reader {
	const unsigned char *at;
	size_t left;
	bool failed;
};

static const unsigned char *take(struct reader *reader, size_t length)
{
	const unsigned char *at = reader->at;

	if (reader->failed || length > reader->left) {
		*reader = (struct reader){.failed = true};
		return NULL;
	}
	reader->at += length;
	reader->left -= length;
	return at;
}

static size_t take_number(struct reader *reader)
{
	const unsigned char *at = take(reader, 4);

	return at ? (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3] : 0;
}

static struct reader take_string(struct reader *reader)
{
	size_t length = take_number(reader);
	const unsigned char *at = take(reader, length);

	return (struct reader){at, at ? length : 0, !at};
}

static bool is_string(const struct reader *reader, const char *string)
{
	return !reader->failed && reader->left == strlen(string) &&
	       memcmp(reader->at, string, reader->left) == 0;
}

static bool take_this(struct reader *reader, const char *string)
{
	struct reader part = take_string(reader);

	return is_string(&part, string);
}

static bool take_key_bytes(unsigned char *bytes, size_t size, struct reader *reader)
{
	struct reader part = take_string(reader);

	if (part.failed || part.left != size)
		return false;
	memcpy(bytes, part.at, size);
	return true;
}

static bool take_public(struct public_key *key, struct reader *reader)
{
	struct reader blob = take_string(reader);

	return take_this(&blob, KEY_TYPE) && take_key_bytes(key->bytes, sizeof key->bytes, &blob) &&
	       blob.left == 0;
}

/* Between the lines of an armour of that kind, and nothing around it. False where it is not that. */
static bool take_armour(unsigned char blob[FILE_MOST], size_t *length, const char *kind,
			const struct text *text)
{
	char begin[64], end[64];
	size_t begin_size, end_size;

	snprintf(begin, sizeof begin, "-----BEGIN %s-----\n", kind);
	snprintf(end, sizeof end, "\n-----END %s-----", kind);
	begin_size = strlen(begin);
	end_size = strlen(end);
	*length = text->length;
	while (*length > 0 && text->data[*length - 1] == '\n')
		--*length;
	if (*length < begin_size + end_size || memcmp(text->data, begin, begin_size) ||
	    memcmp(text->data + *length - end_size, end, end_size))
		return false;
	return sodium_base642bin(blob, FILE_MOST, text->data + begin_size,
				 *length - begin_size - end_size, "\n", length, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* --- keys --------------------------------------------------------------------------------------- */

static enum status start(struct error *err)
{
	return sodium_init() < 0
		       ? error_set(err, STATUS_ENVIRONMENT, "the system gives no random numbers")
		       : STATUS_OK;
}

static void print_secret(struct text *text, const struct clinic_key *key)
{
	struct text blob = {0}, open = {0}, secret = {0};
	unsigned long check = randombytes_random();

	add_public(&open, &key->open);
	add_number(&secret, check);
	add_number(&secret, check);
	text_add(&secret, open.data, open.length);
	add_bytes(&secret, key->secret, sizeof key->secret);
	add_string(&secret, "follitone");
	for (char pad = 1; secret.length % PADDED_TO && !text_failed(&secret); pad++)
		text_add(&secret, &pad, 1);
	text_add(&blob, KEY_MAGIC, sizeof KEY_MAGIC);
	add_string(&blob, "none"); /* cipher, key derivation and its options: no passphrase */
	add_string(&blob, "none");
	add_string(&blob, "");
	add_number(&blob, 1);
	add_text(&blob, &open);
	add_text(&blob, &secret);
	add_armour(text, "OPENSSH PRIVATE KEY", &blob, LINE_KEY);
	text_clear(&open);
	wipe(&secret);
	wipe(&blob);
}

enum status key_make(const char *path, struct error *err)
{
	char open_path[FILE_MOST];
	struct clinic_key key;
	struct text secret = {0}, open = {0};
	enum status status;

	if (start(err))
		return err->status;
	if ((size_t)snprintf(open_path, sizeof open_path, "%s.pub", path) >= sizeof open_path)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	if (file_check_new(path, err) || file_check_new(open_path, err))
		return err->status;
	crypto_sign_keypair(key.open.bytes, key.secret);
	print_secret(&secret, &key);
	key_print(&open, &key.open);
	text_adds(&open, " follitone\n");
	if (text_failed(&secret) || text_failed(&open))
		status = error_memory(err);
	else
		status = file_write_all(
			(struct file_content[]){
				{path, secret.data, secret.length, .secret = true, .fresh = true},
				{open_path, open.data, open.length, .fresh = true}},
			2, err);
	wipe(&secret);
	text_clear(&open);
	key_clear(&key);
	return status;
}

/* One key, no passphrase; both copies of the public key must be the secret's own. */
static bool take_secret(struct clinic_key *key, struct reader *file)
{
	const unsigned char *magic = take(file, sizeof KEY_MAGIC);
	struct public_key stated, derived;
	struct reader secret;

	if (!magic || memcmp(magic, KEY_MAGIC, sizeof KEY_MAGIC) || !take_this(file, "none") ||
	    !take_this(file, "none") || !take_this(file, "") || take_number(file) != 1 ||
	    !take_public(&key->open, file))
		return false;
	secret = take_string(file);
	if (secret.failed || file->left || take_number(&secret) != take_number(&secret) ||
	    !take_this(&secret, KEY_TYPE) ||
	    !take_key_bytes(stated.bytes, sizeof stated.bytes, &secret) ||
	    !take_key_bytes(key->secret, sizeof key->secret, &secret))
		return false;
	crypto_sign_ed25519_sk_to_pk(derived.bytes, key->secret);
	return memcmp(&stated, &key->open, sizeof stated) == 0 &&
	       memcmp(&derived, &key->open, sizeof derived) == 0;
}

enum status key_read(struct clinic_key *key, const char *path, struct error *err)
{
	unsigned char blob[FILE_MOST];
	struct stat facts;
	struct text text;
	size_t length;
	enum status status = STATUS_OK;

	*key = (struct clinic_key){0};
	if (start(err) || file_read(&text, path, FILE_MOST, err))
		return err->status;
	if (stat(path, &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)))
		status = error_set(err, STATUS_REFUSED,
				   "%s: others may read this key; chmod 600 it", path);
	else if (!take_armour(blob, &length, "OPENSSH PRIVATE KEY", &text) ||
		 !take_secret(key, &(struct reader){blob, length, false}))
		status = error_set(err, STATUS_REFUSED,
				   "%s: this is not an Ed25519 key without a passphrase", path);
	wipe(&text);
	sodium_memzero(blob, sizeof blob);
	if (status)
		key_clear(key);
	return status;
}

void key_clear(struct clinic_key *key)
{
	sodium_memzero(key, sizeof *key);
}

/* --- public keys -------------------------------------------------------------------------------- */

/* Of the blob that add_public() writes, without memory that could run out: by it a clinic is known. */
static void digest_public(unsigned char digest[crypto_hash_sha256_BYTES],
			  const struct public_key *key)
{
	static const unsigned char head[] = {0, 0, 0, sizeof KEY_TYPE - 1},
				   size[] = {0, 0, 0, KEY_PUBLIC_SIZE};
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, head, sizeof head);
	crypto_hash_sha256_update(&state, (const unsigned char *)KEY_TYPE, sizeof KEY_TYPE - 1);
	crypto_hash_sha256_update(&state, size, sizeof size);
	crypto_hash_sha256_update(&state, key->bytes, sizeof key->bytes);
	crypto_hash_sha256_final(&state, digest);
}

void key_fingerprint(char text[KEY_FINGERPRINT_SIZE], const struct public_key *key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	const size_t head = strlen("SHA256:");

	digest_public(digest, key);
	text_copy(text, KEY_FINGERPRINT_SIZE, "SHA256:");
	sodium_bin2base64(text + head, KEY_FINGERPRINT_SIZE - head, digest, sizeof digest,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

void key_words(char text[KEY_WORDS_SIZE], const struct public_key *key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	digest_public(digest, key);
	words_of_bytes(text, KEY_WORDS_SIZE, digest, 8);
}

void key_id(char text[KEY_ID_SIZE], const struct public_key *key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	digest_public(digest, key);
	sodium_bin2hex(text, KEY_ID_SIZE, digest, KEY_ID_SIZE / 2);
}

void key_print(struct text *text, const struct public_key *key)
{
	struct text blob = {0};

	add_public(&blob, key);
	text_adds(text, KEY_TYPE " ");
	if (text_failed(&blob))
		text->failed = true;
	else
		add_base64(text, blob.data, blob.length);
	text_clear(&blob);
}

enum status key_parse(struct public_key *key, const char *line, struct error *err)
{
	unsigned char blob[FILE_MOST];
	struct reader reader = {blob, 0, false};
	const size_t head = strlen(KEY_TYPE " ");
	const char *end = NULL;

	if (start(err))
		return err->status;
	if (strncmp(line, KEY_TYPE " ", head) ||
	    sodium_base642bin(blob, sizeof blob, line + head, strcspn(line + head, " \n"), NULL,
			      &reader.left, &end, sodium_base64_VARIANT_ORIGINAL) ||
	    !take_this(&reader, KEY_TYPE) ||
	    !take_key_bytes(key->bytes, sizeof key->bytes, &reader) || reader.left)
		return error_set(err, STATUS_REFUSED,
				 "“%.40s”: a public key such as \"" KEY_TYPE " AAAA…\" is needed",
				 line);
	return STATUS_OK;
}

/* --- signatures --------------------------------------------------------------------------------- */

/* What is signed: the namespace and the digest of the bytes. */
static void add_signed(struct text *text, const char *use, const char *bytes, size_t length)
{
	unsigned char digest[crypto_hash_sha512_BYTES];

	crypto_hash_sha512(digest, (const unsigned char *)bytes, length);
	text_adds(text, SIGNATURE_MAGIC);
	add_string(text, use);
	add_string(text, "");
	add_string(text, HASH);
	add_bytes(text, digest, sizeof digest);
}

enum status key_sign(struct text *signature, const struct clinic_key *key, const char *use,
		     const char *bytes, size_t length, struct error *err)
{
	unsigned char raw[crypto_sign_BYTES];
	struct text message = {0}, blob = {0}, open = {0}, inner = {0};
	bool failed;

	add_signed(&message, use, bytes, length);
	if (text_failed(&message)) {
		text_clear(&message);
		return error_memory(err);
	}
	crypto_sign_detached(raw, NULL, (const unsigned char *)message.data, message.length,
			     key->secret);
	add_string(&inner, KEY_TYPE);
	add_bytes(&inner, raw, sizeof raw);
	add_public(&open, &key->open);
	text_adds(&blob, SIGNATURE_MAGIC);
	add_number(&blob, 1);
	add_text(&blob, &open);
	add_string(&blob, use);
	add_string(&blob, "");
	add_string(&blob, HASH);
	add_text(&blob, &inner);
	add_armour(signature, "SSH SIGNATURE", &blob, LINE_SIGNATURE);
	failed = text_failed(&blob) || text_failed(signature);
	text_clear(&message);
	text_clear(&open);
	text_clear(&inner);
	text_clear(&blob);
	return failed ? error_memory(err) : STATUS_OK;
}

static bool take_signature(struct public_key *signer, unsigned char raw[crypto_sign_BYTES],
			   const char *use, struct reader *blob)
{
	const unsigned char *magic = take(blob, strlen(SIGNATURE_MAGIC));
	struct reader inner;

	if (!magic || memcmp(magic, SIGNATURE_MAGIC, strlen(SIGNATURE_MAGIC)) ||
	    take_number(blob) != 1 || !take_public(signer, blob) || !take_this(blob, use) ||
	    !take_this(blob, "") || !take_this(blob, HASH))
		return false;
	inner = take_string(blob);
	return !blob->left && take_this(&inner, KEY_TYPE) &&
	       take_key_bytes(raw, crypto_sign_BYTES, &inner) && !inner.left;
}

enum status key_check(struct public_key *signer, const struct text *signature, const char *use,
		      const char *bytes, size_t length, struct error *err)
{
	unsigned char blob[FILE_MOST], raw[crypto_sign_BYTES];
	struct reader reader = {blob, 0, false};
	struct text message = {0};
	enum status status = STATUS_OK;

	if (start(err))
		return err->status;
	if (!take_armour(blob, &reader.left, "SSH SIGNATURE", signature) ||
	    !take_signature(signer, raw, use, &reader))
		return error_set(err, STATUS_REFUSED,
				 "the signature is not one of an Ed25519 key for this use (%s)",
				 use);
	add_signed(&message, use, bytes, length);
	if (text_failed(&message))
		status = error_memory(err);
	else if (crypto_sign_verify_detached(raw, (const unsigned char *)message.data,
					     message.length, signer->bytes))
		status = error_set(err, STATUS_REFUSED,
				   "the signature does not fit: what was signed has been changed");
	text_clear(&message);
	return status;
}
