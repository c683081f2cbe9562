/* Whether a clinic is trusted, asked once for each key. For this room only.
 *
 *	app_trust_begin(&trusting, &request->trust, &own, notes, &err);
 *	arrivals_take(…, app_trust_decide, &trusting, &err);
 *	status = trusting.status;
 *	clinics_clear(&trusting.clinics);
 */
#ifndef APP_TRUST_H
#define APP_TRUST_H

#include "app/exchange.h"

struct app_trusting {
	const struct app_trust *trust;
	const struct public_key *own; /* which needs none */
	struct clinics clinics;       /* to be cleared */
	struct notes *notes;
	struct error *err;
	enum status status; /* of keeping what was decided */
};

enum status app_trust_begin(struct app_trusting *trusting, const struct app_trust *trust,
			    const struct public_key *own, struct notes *notes, struct error *err);

/* An arrival_trust; `data` is the struct app_trusting. */
enum clinic_trust app_trust_decide(const struct public_key *key, void *data);

#endif
