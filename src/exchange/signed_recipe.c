#include "exchange/signed_recipe.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/recipe_file.h"
#include "store/repository.h"

#include <string.h>

#define SIGNATURE "signature"
#define SIGNATURE_START "\n" SIGNATURE " ="

enum { SIGNATURE_LINES_MOST = 64, SIGNATURE_LINE_SIZE = 128 };

/* The armour as it stands at the file's end. */
static void put_signature(struct text *out, const char *armour)
{
	struct config_output tail = {0};

	config_put_list(&tail, SIGNATURE);
	while (*armour) {
		char line[SIGNATURE_LINE_SIZE];
		const size_t length = strcspn(armour, "\n");

		text_copy_bytes(line, sizeof line, armour, length);
		armour += length + (armour[length] == '\n');
		config_put_entry(&tail, line, !*armour);
	}
	config_end_list(&tail);
	if (text_failed(&tail.text))
		out->failed = true;
	else
		text_adds(out, tail.text.data);
	text_clear(&tail.text);
}

enum status signed_recipe_print(struct text *out, const struct recipe *recipe,
				const struct clinic_key *key, struct error *err)
{
	struct text armour = {0};
	enum status status = recipe_print(out, recipe, err);

	if (!status)
		status = key_sign(&armour, key, KEY_FOR_RECIPES, out->data, out->length, err);
	if (!status) {
		put_signature(out, armour.data);
		if (text_failed(out))
			status = error_memory(err);
	}
	text_clear(&armour);
	if (status)
		text_clear(out);
	return status;
}

/* Where the last line begins that does so with "signature"; 0 where there is none. */
static size_t find_signature(const struct text *file)
{
	size_t found = 0;

	for (const char *at = strstr(file->data, SIGNATURE_START); at;
	     at = strstr(at + 1, SIGNATURE_START))
		found = (size_t)(at + 1 - file->data);
	return found;
}

/* `again` is set to the tail as we write it. */
static enum status take_signature(struct text *armour, struct text *again, struct text *tail,
				  const char *path, struct error *err)
{
	struct config_input in;
	config_setting_t *list;
	int count;

	if (config_open(&in, tail, path, err))
		return err->status;
	if (config_known(&in, config_root(&in), SIGNATURE, err) ||
	    config_list(&list, &count, SIGNATURE_LINES_MOST, &in, config_root(&in), SIGNATURE,
			err)) {
		config_close(&in);
		return err->status;
	}
	for (int i = 0; i < count; i++) {
		const char *line =
			config_setting_get_string(config_setting_get_elem(list, (unsigned)i));

		text_adds(armour, line ? line : "");
		text_adds(armour, "\n");
	}
	config_close(&in);
	if (!text_failed(armour))
		put_signature(again, count ? armour->data : "");
	return text_failed(armour) || text_failed(again) ? error_memory(err) : STATUS_OK;
}

/* The signature does not stand for itself: it is to be there as we write it, byte for byte, so that nothing can be hung on it. */
static enum status check_tail(struct text *armour, struct text *tail, const char *path,
			      struct error *err)
{
	struct text given = {0}, again = {0};
	enum status status;

	text_add(&given, tail->data, tail->length);
	status = text_failed(&given) ? error_memory(err)
				     : take_signature(armour, &again, tail, path, err);
	if (!status &&
	    (again.length != given.length || memcmp(again.data, given.data, given.length) != 0))
		status = error_set(err, STATUS_REFUSED,
				   "%s: its signature is not as `export` writes it: the file was "
				   "changed",
				   path);
	text_clear(&given);
	text_clear(&again);
	return status;
}

/* `signed_part` and `tail` are the file, cut in two. */
static enum status take_parts(struct recipe *recipe, struct public_key *signer,
			      struct text *signed_part, struct text *tail, const char *path,
			      struct error *err)
{
	struct text armour = {0};
	enum status status;

	if (text_failed(signed_part) || text_failed(tail))
		return error_memory(err);
	status = check_tail(&armour, tail, path, err);
	if (!status && key_check(signer, &armour, KEY_FOR_RECIPES, signed_part->data,
				 signed_part->length, err))
		status = error_prefix(err, "%s: ", path);
	text_clear(&armour);
	if (!status) {
		char hash[REPOSITORY_HASH_SIZE];

		status = repository_hash(hash, signed_part, err);
		if (!status)
			status = recipe_parse(recipe, signed_part, path, err);
		text_copy(recipe->stamp.hash, sizeof recipe->stamp.hash, hash);
	}
	if (!status && recipe->edited)
		status = error_set(err, STATUS_REFUSED,
				   "%s: the recipe was changed since it was predicted", path);
	return status;
}

enum status signed_recipe_parse(struct recipe *recipe, struct public_key *signer,
				const struct text *file, const char *path, struct error *err)
{
	struct text signed_part = {0}, tail = {0};
	const size_t cut =
		file->length > 0 && strlen(file->data) == file->length ? find_signature(file) : 0;
	enum status status;

	if (cut == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: no clinic has signed it: a file that `export` wrote is "
				 "needed (`save` keeps one's own)",
				 path);
	text_add(&signed_part, file->data, cut);
	text_add(&tail, file->data + cut, file->length - cut);
	status = take_parts(recipe, signer, &signed_part, &tail, path, err);
	text_clear(&signed_part);
	text_clear(&tail);
	return status;
}

enum status signed_recipe_read(struct recipe *recipe, struct public_key *signer, const char *path,
			       struct error *err)
{
	struct text file;
	enum status status = file_read(&file, path, REPOSITORY_FILE_MOST, err);

	if (status)
		return status;
	status = signed_recipe_parse(recipe, signer, &file, path, err);
	text_clear(&file);
	return status;
}
