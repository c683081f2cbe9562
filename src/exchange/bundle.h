/* The head of a git bundle, versions 2 and 3 (git's bundle-format): which commits it needs, which references it brings. The
 * pack is what follows it.
 */
#ifndef EXCHANGE_BUNDLE_H
#define EXCHANGE_BUNDLE_H

#include "base/text.h"
#include "store/repository.h"

enum { BUNDLE_REFERENCES_MOST = 4096 };

/* A reference as it is offered. */
struct offer {
	char reference[REPOSITORY_REFERENCE_SIZE], commit[REPOSITORY_HASH_SIZE];
};
struct offer_list {
	struct offer *item;
	size_t count;
};
void offer_list_clear(struct offer_list *list);

/* Adds one where it is of a clinic; others, HEAD among them, are nobody's business. */
enum status offer_list_add(struct offer_list *list, const char *reference, const char *commit,
			   struct error *err);

/* *pack is where the pack begins. Refuses a bundle that needs a commit which the repository (NULL: one with
 * nothing in it) does not have. */
enum status bundle_take(struct offer_list *list, size_t *pack, const struct text *bundle,
			const char *name, struct repository *repository, struct error *err);

#endif
