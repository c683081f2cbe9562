/* Whether a clinic is trusted, asked once for each key; what was answered is kept before anything is done on the strength of it. For this
 * room only.
 *
 *	app_trust_begin(&trusting, &request->trust, &own, notes, &err);
 *	arrivals_take(…, app_trust_arrivals, &trusting, &err);
 *	clinics_clear(&trusting.clinics);
 */
#ifndef APP_TRUST_H
#define APP_TRUST_H

#include "app/exchange.h"

struct app_trusting {
	const struct app_trust *trust;
	const struct public_key *own; /* which needs none */
	struct clinics clinics;       /* to be cleared */
	bool changed;                 /* and are to be kept */
	struct notes *notes;
};

enum status app_trust_begin(struct app_trusting *trusting, const struct app_trust *trust,
			    const struct public_key *own, struct notes *notes, struct error *err);

/* Of one clinic. Refuses a name that it may not have. */
enum status app_trust_decide(enum clinic_trust *answer, struct app_trusting *trusting,
			     const struct public_key *key, struct error *err);

/* Writes the file of clinics where an answer changed it. */
enum status app_trust_keep(const struct app_trusting *trusting, struct error *err);

/* An arrival_trust of both; `data` is the struct app_trusting. */
enum status app_trust_arrivals(struct arrival_list *list, void *data, struct error *err);

#endif
