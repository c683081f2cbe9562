/* A repository that clinics have in common: a folder, ssh://, git://, https://. Each clinic brings there what it shares, and takes what
 * the others brought. Nothing else of the store goes there, and nothing there is changed but its own reference.
 */
#ifndef EXCHANGE_REMOTE_H
#define EXCHANGE_REMOTE_H

#include "exchange/arrival.h"

enum { REMOTE_ADDRESS_SIZE = 1024 };

struct remote_result {
	struct arrival_list arrived; /* to be cleared */
	bool made; /* the folder was not there, or empty, and is a repository now */
	bool sent; /* what this clinic shares was new there */
};

/* `own` is the clinic's key. An arrival that is refused does not keep the others out. A folder that is not there, or empty, is made a
 * repository where it `may_make` one, and refused else. */
enum status remote_exchange(struct remote_result *out, struct repository *repository,
			    const char *address, bool may_make, const struct public_key *own,
			    arrival_trust *trust, void *data, struct error *err);

/* The address that was used last, of a folder from the root on; empty where there is none. One that holds a password is not remembered. */
enum status remote_remembered(char address[REMOTE_ADDRESS_SIZE], struct repository *repository,
			      struct error *err);
enum status remote_remember(struct repository *repository, const char *address, struct error *err);

#endif
