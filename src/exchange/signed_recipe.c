#include "exchange/signed_recipe.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/recipe_file.h"
#include "store/repository.h"

#include <string.h>

#define SIGNATURE "signature"
#define SIGNATURE_START "\n" SIGNATURE " ="

enum { SIGNATURE_LINES_MOST = 64 };

enum status signed_recipe_print(struct text *out, const struct recipe *recipe,
				const struct clinic_key *key, struct error *err)
{
	struct config_output tail = {0};
	struct text armour = {0};
	enum status status = recipe_print(out, recipe, err);

	if (!status)
		status = key_sign(&armour, key, KEY_FOR_RECIPES, out->data, out->length, err);
	if (!status) {
		char *rest = armour.data, *line;

		config_put_list(&tail, SIGNATURE);
		while ((line = strsep(&rest, "\n")) && *line)
			config_put_entry(&tail, line, !rest || !*rest);
		config_end_list(&tail);
		text_add(out, tail.text.data, tail.text.length);
		if (text_failed(&tail.text) || text_failed(out))
			status = error_memory(err);
	}
	text_clear(&tail.text);
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

static enum status take_signature(struct text *armour, struct text *tail, const char *path,
				  struct error *err)
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
	return text_failed(armour) ? error_memory(err) : STATUS_OK;
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
	status = take_signature(&armour, tail, path, err);
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

enum status signed_recipe_read(struct recipe *recipe, struct public_key *signer, const char *path,
			       struct error *err)
{
	struct text file, signed_part = {0}, tail = {0};
	size_t cut;
	enum status status = file_read(&file, path, REPOSITORY_FILE_MOST, err);

	if (status)
		return status;
	cut = strlen(file.data) == file.length ? find_signature(&file) : 0;
	if (cut == 0) {
		status = error_set(err, STATUS_REFUSED,
				   "%s: no clinic has signed it: a file that `export` wrote is "
				   "needed (`save` keeps one's own)",
				   path);
	} else {
		text_add(&signed_part, file.data, cut);
		text_add(&tail, file.data + cut, file.length - cut);
		status = take_parts(recipe, signer, &signed_part, &tail, path, err);
	}
	text_clear(&signed_part);
	text_clear(&tail);
	text_clear(&file);
	return status;
}
