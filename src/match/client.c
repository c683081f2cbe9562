/* A code counts as named where no letter or digit touches it: "K-17" is in "for K-17, again" and not in "K-170". */
#include "match/client.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void client_clear(struct client *client)
{
	free(client->link);
	free(client->note);
	free(client->consent);
	explicit_bzero(client->key, sizeof client->key);
	*client = (struct client){0};
}

enum status client_code_check(const char *code, struct error *err)
{
	if (!text_is_code(code))
		return error_set(err, STATUS_REFUSED,
				 "client “%.64s”: a code is 1 to %d letters, digits, '-' and '_'",
				 code, CLIENT_CODE_SIZE - 1);
	return STATUS_OK;
}

static bool is_letter(char c)
{
	return c && strchr(LETTERS, c);
}

bool client_is_named(const char *text, const char *code)
{
	const size_t length = strlen(code);

	for (const char *at = strstr(text, code); at; at = strstr(at + 1, code))
		if (!(at > text && is_letter(at[-1])) && !is_letter(at[length]))
			return true;
	return false;
}

static bool is_in_reading(const struct reading *reading, const char *code)
{
	return client_is_named(reading->name, code) || client_is_named(reading->file, code);
}

static bool is_in_session(const struct recipe_session *session, const char *code)
{
	bool is_in = client_is_named(session->stamp.operator_code, code) ||
		     client_is_named(session->override, code);

	for (int i = 0; i < session->bottle_count; i++)
		is_in = is_in || client_is_named(session->bottle[i].lot, code);
	return is_in;
}

bool client_is_in(const struct recipe *recipe, const char *code)
{
	bool is_in =
		client_is_named(recipe->stamp.name, code) || client_is_named(recipe->zone, code);

	for (int i = 0; i < recipe->note_count; i++)
		is_in = is_in || client_is_named(recipe->note[i], code);
	for (int i = 0; i < ROLES; i++)
		is_in = is_in || (recipe->brief.given[i] &&
				  is_in_reading(&recipe->brief.reading[i].mean, code));
	for (int i = 0; i < recipe->seen_count; i++)
		is_in = is_in || is_in_reading(&recipe->seen[i].reading.mean, code);
	for (int i = 0; i < recipe->session_count; i++)
		is_in = is_in || is_in_session(&recipe->session[i], code);
	return is_in;
}

static int compare_recipe(const void *id, const void *link)
{
	return strcmp(id, ((const struct client_link *)link)->recipe);
}

bool client_has(const struct client *client, const char *recipe)
{
	return client->links &&
	       bsearch(recipe, client->link, client->links, sizeof *client->link, compare_recipe);
}
