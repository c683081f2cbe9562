/* What is held of clients as text for the terminal. Every function adds to `out`. */
#ifndef REPORT_CLIENT_WORDS_H
#define REPORT_CLIENT_WORDS_H

#include "base/text.h"
#include "match/client.h"

void words_clients(struct text *out, const struct client_count *list, size_t count);

/* One client, notes and consents with their numbers; `sealed` are notes in recipes, `stamp` the recipes that are in the store. */
void words_client(struct text *out, const struct client *client, const struct client_sealed *sealed,
		  size_t sealed_count, const struct recipe_stamp *stamp, size_t count);

/* What was erased, and what stays. */
void words_forgotten(struct text *out, const struct client *client);

#endif
