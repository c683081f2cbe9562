/* What a clinic holds of one person, under a code: which recipes are theirs, notes, where their consent is. Values only;
 * they are kept by store/clients.h, and never in a recipe.
 */
#ifndef MATCH_CLIENT_H
#define MATCH_CLIENT_H

#include "base/digest.h"
#include "base/text.h"
#include "match/recipe.h"

enum {
	CLIENT_CODE_SIZE = CODE_SIZE,
	CLIENT_DAY_SIZE = CLOCK_DAY_SIZE,
	CLIENT_TEXT_SIZE = 2001,
	CLIENT_KEY_SIZE = 65
};

struct client_link {
	char recipe[RANDOM_ID_SIZE];
	char day[CLIENT_DAY_SIZE]; /* of the linking, such as 2026-11-25 */
};

/* A note, or a pointer to a consent (which has no zone). */
enum client_kind { CLIENT_NOTE, CLIENT_CONSENT };
struct client_entry {
	char text[CLIENT_TEXT_SIZE];
	char zone[RECIPE_NAME_SIZE]; /* empty: of none */
	char day[CLIENT_DAY_SIZE];
};

struct client {
	char code[CLIENT_CODE_SIZE];
	struct client_link *link;            /* by recipe */
	struct client_entry *note, *consent; /* as they came */
	size_t links, notes, consents;
	char key[CLIENT_KEY_SIZE]; /* of what is sealed in recipes (store/seal.h); empty: none yet */
};
void client_clear(struct client *client);

/* Of a recipe's sealed notes those that were opened: by their place; empty where no key of ours opens it. */
struct opened_notes {
	char text[RECIPE_SEALED_MAX][CLIENT_TEXT_SIZE];
};

/* One that was opened for its client. */
struct client_sealed {
	char recipe[RANDOM_ID_SIZE];
	char text[CLIENT_TEXT_SIZE];
};

/* Whose a recipe is. */
struct client_owner {
	char code[CLIENT_CODE_SIZE], key[CLIENT_KEY_SIZE]; /* key: as of a client */
};

/* One line of a list. */
struct client_count {
	char code[CLIENT_CODE_SIZE];
	int links, notes, consents;
};

/* Refuses what is no code: 1 to 32 letters, digits, '-' and '_'. */
enum status client_code_check(const char *code, struct error *err);

/* True where `text` names the code, with no letter or digit before or behind it. */
bool client_is_named(const char *text, const char *code);

/* True where a recipe's words do: name, zone, notes, the names of its readings and of their files, what is said in its sessions. */
bool client_is_in(const struct recipe *recipe, const char *code);

/* True where the client has that recipe. */
bool client_has(const struct client *client, const char *recipe);

#endif
