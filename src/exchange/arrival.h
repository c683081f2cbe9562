/* What other clinics shared, on its way into this store.
 *
 * Each clinic has one reference, named after its key, and writes no other. What it offers is taken in where it goes on from
 * what is here already, every commit since then is signed with that key and takes nothing away, every file is a recipe in
 * its place, and the clinic is trusted. Nothing is merged: what is here stays, what came stands beside it.
 */
#ifndef EXCHANGE_ARRIVAL_H
#define EXCHANGE_ARRIVAL_H

#include "exchange/bundle.h"
#include "exchange/incoming.h"
#include "store/clinics.h"
#include "store/index.h"

enum arrival_state {
	ARRIVAL_NEW,     /* taken in, or to be */
	ARRIVAL_OLD,     /* it was here already */
	ARRIVAL_UNKNOWN, /* sound, of a clinic that is not trusted: left aside */
	ARRIVAL_REVOKED, /* of one that no longer is */
	ARRIVAL_REFUSED, /* not as it should be */
};

struct arrival {
	enum arrival_state state;
	char why[512]; /* of one that is refused */
	bool own;      /* what this clinic itself shared, from elsewhere; left to the caller */
	bool has_key;
	struct public_key key;
	struct incoming_move move;
	struct recipe_stamp_list list; /* the versions that are new; `clinic` is the id */
};
struct arrival_list {
	struct arrival *item;
	size_t count;
};
void arrival_list_clear(struct arrival_list *list);

/* Whether the clinics of the arrivals that are new, all of which have a key, are trusted: those of others become ARRIVAL_UNKNOWN or
 * ARRIVAL_REVOKED. May ask a person. An error refuses all. */
typedef enum status arrival_trust(struct arrival_list *list, void *data, struct error *err);

/* Looks at each offer in what came, asks, and takes in those that are new then: all of them, or none and an error. With `whole` one that
 * is not as it should be refuses all, else that one alone. */
enum status arrivals_take(struct arrival_list *list, struct incoming *incoming,
			  struct repository *repository, const struct offer_list *offers,
			  bool whole, arrival_trust *trust, void *data, struct error *err);

#endif
