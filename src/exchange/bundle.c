#include "exchange/bundle.h"

#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 512, HASH_DIGITS = REPOSITORY_HASH_SIZE - 1 };

void offer_list_clear(struct offer_list *list)
{
	free(list->item);
	*list = (struct offer_list){0};
}

static bool is_hexadecimal(const char *text, size_t length)
{
	return strspn(text, "0123456789abcdef") >= length;
}

enum status offer_list_add(struct offer_list *list, const char *reference, const char *commit,
			   struct error *err)
{
	struct offer *grown;

	if (!*layout_clinic(reference))
		return STATUS_OK;
	if (list->count == BUNDLE_REFERENCES_MOST)
		return error_set(err, STATUS_REFUSED, "more than %d clinics are not taken in",
				 BUNDLE_REFERENCES_MOST);
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->item[i].reference, reference) == 0)
			return error_set(err, STATUS_REFUSED, "%s is offered twice", reference);
	grown = realloc(list->item, (list->count + 1) * sizeof *grown);
	if (!grown)
		return error_memory(err);
	list->item = grown;
	text_copy(grown[list->count].reference, sizeof grown->reference, reference);
	text_copy(grown[list->count].commit, sizeof grown->commit, commit);
	list->count++;
	return STATUS_OK;
}

/* One line without its end; false where there is none, or a longer one than a bundle has. */
static bool take_line(char line[LINE_SIZE], size_t *at, const struct text *bundle)
{
	const char *start = bundle->data + *at;
	const char *end = memchr(start, '\n', bundle->length - *at);

	if (!end || end - start >= LINE_SIZE || memchr(start, 0, (size_t)(end - start)))
		return false;
	text_copy_bytes(line, LINE_SIZE, start, (size_t)(end - start));
	*at += (size_t)(end - start) + 1;
	return true;
}

static enum status check_needed(const char *line, const char *name, struct repository *repository,
				struct error *err)
{
	char commit[REPOSITORY_HASH_SIZE];
	struct snapshot *snapshot;
	struct error unsaid;

	text_copy_bytes(commit, sizeof commit, line + 1, HASH_DIGITS);
	if (!is_hexadecimal(commit, HASH_DIGITS))
		return error_set(err, STATUS_REFUSED, "%s: this is no git bundle", name);
	if (!repository || snapshot_at(&snapshot, repository, "", commit, &unsaid))
		return error_set(
			err, STATUS_REFUSED,
			"%s: it goes on from commit %.12s, which did not arrive here: ask "
			"for one of an earlier day, or for all (share out without --since)",
			name, commit);
	snapshot_free(snapshot);
	return STATUS_OK;
}

static enum status take_reference(struct offer_list *list, const char *line, const char *name,
				  struct error *err)
{
	char commit[REPOSITORY_HASH_SIZE];

	text_copy_bytes(commit, sizeof commit, line, HASH_DIGITS);
	if (!is_hexadecimal(commit, HASH_DIGITS) || line[HASH_DIGITS] != ' ')
		return error_set(err, STATUS_REFUSED, "%s: this is no git bundle", name);
	if (offer_list_add(list, line + HASH_DIGITS + 1, commit, err))
		return error_prefix(err, "%s: ", name);
	return STATUS_OK;
}

enum status bundle_take(struct offer_list *list, size_t *pack, const struct text *bundle,
			const char *name, struct repository *repository, struct error *err)
{
	char line[LINE_SIZE] = "";
	size_t at = 0;
	enum status status = STATUS_OK;

	*list = (struct offer_list){0};
	if (!take_line(line, &at, bundle) ||
	    (strcmp(line, "# v2 git bundle") && strcmp(line, "# v3 git bundle")))
		return error_set(err, STATUS_REFUSED, "%s: this is no git bundle", name);
	while (!status) {
		if (!take_line(line, &at, bundle))
			status = error_set(err, STATUS_REFUSED, "%s: this is no git bundle", name);
		else if (!*line)
			break;
		else if (*line == '@' && strcmp(line, "@object-format=sha1"))
			status = error_set(err, STATUS_REFUSED,
					   "%s: a bundle with “%.40s” is not read", name, line + 1);
		else if (*line == '-')
			status = check_needed(line, name, repository, err);
		else if (*line != '@')
			status = take_reference(list, line, name, err);
	}
	if (!status && list->count == 0)
		status = error_set(err, STATUS_REFUSED,
				   "%s: nothing in it was shared by a clinic (refs/clinics/…)",
				   name);
	if (status)
		offer_list_clear(list);
	*pack = at;
	return status;
}
