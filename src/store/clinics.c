/* Names and trust are looked through from the first: a clinic knows some ten others. Ids and words come from the keys, so the file holds
 * nothing that could contradict them. */
#include "store/clinics.h"

#include "base/file.h"
#include "formats/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_NAME "follitone-clinics"
enum { FORMAT_VERSION = 1, CLINICS_MOST = 10000, FILE_MOST = 8 << 20, LINE_SIZE = 128 };

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
static const char letters[] = LETTERS, allowed[] = LETTERS "0123456789 -_";

void clinics_clear(struct clinics *clinics)
{
	free(clinics->item);
	*clinics = (struct clinics){0};
}

/* --- finding ------------------------------------------------------------------------------------------ */

struct clinic *clinics_of_key(const struct clinics *clinics, const struct public_key *key)
{
	for (size_t i = 0; i < clinics->count; i++)
		if (memcmp(&clinics->item[i].key, key, sizeof *key) == 0)
			return &clinics->item[i];
	return NULL;
}

/* Those whose id begins so: one, or none is meant. */
static struct clinic *find_start(const struct clinics *clinics, const char *start)
{
	struct clinic *found = NULL;

	for (size_t i = 0; i < clinics->count; i++) {
		char id[KEY_ID_SIZE];

		key_id(id, &clinics->item[i].key);
		if (strncmp(id, start, strlen(start)))
			continue;
		if (found)
			return NULL;
		found = &clinics->item[i];
	}
	return found;
}

struct clinic *clinics_of_id(const struct clinics *clinics, const char *id)
{
	return strlen(id) == KEY_ID_SIZE - 1 ? find_start(clinics, id) : NULL;
}

struct clinic *clinics_find(const struct clinics *clinics, const char *words)
{
	const size_t least = 6;

	for (size_t i = 0; i < clinics->count; i++) {
		char fingerprint[KEY_FINGERPRINT_SIZE], said[KEY_WORDS_SIZE];

		key_fingerprint(fingerprint, &clinics->item[i].key);
		key_words(said, &clinics->item[i].key);
		if (text_same(clinics->item[i].name, words) || strcmp(fingerprint, words) == 0 ||
		    text_same(said, words))
			return &clinics->item[i];
	}
	return strlen(words) >= least ? find_start(clinics, words) : NULL;
}

/* --- trusting ----------------------------------------------------------------------------------------- */

static enum status check_name(const struct clinics *clinics, const struct clinic *of,
			      const char *name, struct error *err)
{
	const struct clinic *other = NULL;

	if (!*name || strlen(name) >= RECIPE_CLINIC_SIZE || text_same(name, CLINICS_OWN) ||
	    !strchr(letters, *name) || strspn(name, allowed) < strlen(name))
		return error_set(err, STATUS_REFUSED,
				 "clinic “%.40s”: a name of 1 to %d letters, digits, blanks, '-' "
				 "and '_', a letter first, is needed",
				 name, RECIPE_CLINIC_SIZE - 1);
	for (size_t i = 0; i < clinics->count; i++)
		if (&clinics->item[i] != of && text_same(clinics->item[i].name, name))
			other = &clinics->item[i];
	if (other)
		return error_set(err, STATUS_REFUSED,
				 "clinic “%s”: another one has that name, give another (--name)",
				 name);
	return STATUS_OK;
}

/* The first words of its fingerprint. */
static void name_by_words(char name[RECIPE_CLINIC_SIZE], const struct public_key *key)
{
	char words[KEY_WORDS_SIZE], *blank;

	key_words(words, key);
	blank = strchr(words, ' ');
	*blank = '-';
	*strchr(blank, ' ') = 0;
	text_copy(name, RECIPE_CLINIC_SIZE, words);
}

static struct clinic *add_clinic(struct clinics *clinics, struct error *err)
{
	struct clinic *grown = realloc(clinics->item, (clinics->count + 1) * sizeof *grown);

	if (!grown) {
		error_memory(err);
		return NULL;
	}
	clinics->item = grown;
	grown[clinics->count] = (struct clinic){.trust = CLINIC_UNKNOWN};
	return &grown[clinics->count++];
}

enum status clinics_trust(struct clinics *clinics, const struct public_key *key, const char *name,
			  struct error *err)
{
	struct clinic *clinic = clinics_of_key(clinics, key);
	char usual[RECIPE_CLINIC_SIZE];

	name_by_words(usual, key);
	if (!name)
		name = clinic ? clinic->name : usual;
	if (check_name(clinics, clinic, name, err))
		return err->status;
	if (!clinic && !(clinic = add_clinic(clinics, err)))
		return err->status;
	if (clinic->trust != CLINIC_TRUSTED)
		clock_text(clinic->since);
	if (clinic->name != name)
		text_copy(clinic->name, sizeof clinic->name, name);
	clinic->key = *key;
	clinic->trust = CLINIC_TRUSTED;
	return STATUS_OK;
}

/* --- the file ----------------------------------------------------------------------------------------- */

enum status clinics_write(const struct clinics *clinics, const char *path, struct error *err)
{
	struct config_output out = {0};
	enum status status;

	config_put_comment(&out, "Other clinics, and whether what they sign is trusted here.");
	config_put_text(&out, "format", FORMAT_NAME);
	config_put_integer(&out, "version", FORMAT_VERSION);
	config_put_list(&out, "clinics");
	for (size_t i = 0; i < clinics->count; i++) {
		const struct clinic *clinic = &clinics->item[i];
		struct text key = {0};

		key_print(&key, &clinic->key);
		config_put_group(&out, NULL);
		config_put_text(&out, "name", clinic->name);
		config_put_text(&out, "key", text_failed(&key) ? "" : key.data);
		config_put_text(&out, "since", clinic->since);
		config_put_boolean(&out, "trusted", clinic->trust == CLINIC_TRUSTED);
		config_end_entry(&out, i + 1 == clinics->count);
		out.text.failed = out.text.failed || text_failed(&key);
		text_clear(&key);
	}
	config_end_list(&out);
	status = text_failed(&out.text) ? error_memory(err)
					: file_write(path, out.text.data, out.text.length, err);
	text_clear(&out.text);
	return status;
}

static enum status take_clinic(struct clinics *clinics, const struct config_input *in,
			       const config_setting_t *entry, struct error *err)
{
	char line[LINE_SIZE], name[RECIPE_CLINIC_SIZE], since[CLOCK_TEXT_SIZE];
	struct public_key key;
	struct clinic *clinic;
	struct error why;
	bool trusted;

	if (!config_setting_is_group(entry))
		return config_refuse(in, entry, err, "a clinic is a group { … }");
	if (config_known(in, entry, "name key since trusted", err) ||
	    config_text(name, sizeof name, in, entry, "name", err) ||
	    config_text(line, sizeof line, in, entry, "key", err) ||
	    config_text(since, sizeof since, in, entry, "since", err) ||
	    config_boolean(&trusted, in, entry, "trusted", err))
		return err->status;
	if (!clock_text_valid(since))
		return config_refuse(in, entry, err, "since “%s”, a time is needed", since);
	if (key_parse(&key, line, &why))
		return config_refuse(in, entry, err, "key: %s", why.message);
	if (clinics_of_key(clinics, &key))
		return config_refuse(in, entry, err, "key: it is there twice");
	if (clinics_trust(clinics, &key, name, &why))
		return config_refuse(in, entry, err, "%s", why.message);
	clinic = &clinics->item[clinics->count - 1];
	text_copy(clinic->since, sizeof clinic->since, since);
	clinic->trust = trusted ? CLINIC_TRUSTED : CLINIC_REVOKED;
	return STATUS_OK;
}

static enum status take_clinics(struct clinics *clinics, const struct config_input *in,
				struct error *err)
{
	config_setting_t *root = config_root(in), *list;
	int count;

	if (config_format(in, FORMAT_NAME, FORMAT_VERSION, err) ||
	    config_known(in, root, "format version clinics", err) ||
	    config_list(&list, &count, CLINICS_MOST, in, root, "clinics", err))
		return err->status;
	for (int i = 0; i < count; i++)
		if (take_clinic(clinics, in, config_setting_get_elem(list, (unsigned)i), err))
			return err->status;
	return STATUS_OK;
}

enum status clinics_read(struct clinics *clinics, const char *path, struct error *err)
{
	struct config_input in;
	struct text text;
	enum status status;

	*clinics = (struct clinics){0};
	if (access(path, F_OK))
		return STATUS_OK;
	if (file_read(&text, path, FILE_MOST, err))
		return err->status;
	status = config_open(&in, &text, path, err);
	text_clear(&text);
	if (status)
		return status;
	status = take_clinics(clinics, &in, err);
	config_close(&in);
	if (status)
		clinics_clear(clinics);
	return status;
}
