#include "report/client_words.h"

#include "report/words.h"

void words_clients(struct text *out, const struct client_count *list, size_t count)
{
	if (count == 0)
		text_adds(out, "no clients\n");
	else
		text_addf(out, "%-*s recipes  notes  consents\n", CLIENT_CODE_SIZE, "code");
	for (size_t i = 0; i < count; i++)
		text_addf(out, "%-*s %7d  %5d  %8d\n", CLIENT_CODE_SIZE, list[i].code,
			  list[i].links, list[i].notes, list[i].consents);
}

static void add_entries(struct text *out, const char *what, const struct client_entry *entry,
			size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_addf(out, "%-8s %2zu  %s  %s%s%s\n", what, i + 1, entry[i].day, entry[i].zone,
			  *entry[i].zone ? ": " : "", entry[i].text);
}

void words_client(struct text *out, const struct client *client, const struct client_sealed *sealed,
		  size_t sealed_count, const struct recipe_stamp *stamp, size_t count)
{
	text_addf(out, "client   %s\n", client->code);
	add_entries(out, "consent", client->consent, client->consents);
	add_entries(out, "note", client->note, client->notes);
	for (size_t i = 0; i < sealed_count; i++)
		text_addf(out, "sealed   %s  %s\n", sealed[i].recipe, sealed[i].text);
	if (count)
		words_stamps(out, stamp, count);
}

static void add_count(struct text *out, size_t count, const char *what, const char *behind)
{
	text_addf(out, "%zu %s%s%s", count, what, count == 1 ? "" : "s", behind);
}

void words_forgotten(struct text *out, const struct client *client)
{
	text_addf(out, "%s is forgotten: ", client->code);
	add_count(out, client->links, "link", ", ");
	add_count(out, client->notes, "note", ", ");
	add_count(out, client->consents, "consent",
		  " erased; nothing of it is left in the file of clients or beside it\n");
	if (*client->key)
		text_adds(out, "what was sealed for it in recipes can no longer be opened\n");
	if (client->links) {
		add_count(out, client->links, "recipe", "");
		text_adds(out, client->links == 1 ? " stays in the store, unlinked\n"
						  : " stay in the store, unlinked\n");
	}
}
