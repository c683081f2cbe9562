/* Requests between clinics: one recipe as a signed file, many as a bundle, a common repository; and which clinics are trusted.
 */
#ifndef APP_EXCHANGE_H
#define APP_EXCHANGE_H

#include "app/app.h"
#include "exchange/remote.h"
#include "match/disclosure.h"

/* What is done about a clinic whose key is not known: trusted where the user named its fingerprint, else asked about where there is
 * somebody to be asked, else left aside. */
enum { APP_ANSWER_SIZE = 128 };
struct app_trust {
	const char *fingerprint; /* or its words, or its id; NULL: none was named */
	/* true: trusted, under that name (empty: the usual one). NULL: there is nobody. */
	bool (*ask)(char name[APP_ANSWER_SIZE], const struct public_key *key);
};

/* --- going out ---------------------------------------------------------------------------------------- */

/* One recipe, and what of it leaves. */
struct app_leaving {
	struct recipe_stamp stamp;
	struct disclosure_list fields;
};

/* A recipe of the clinic's own as the text of a signed file, under another name if one is given. To be cleared. */
struct app_export_request {
	const char *folder, *recipe, *name;
	const char *with; /* as of disclosure_read() */
};
enum status app_export(struct text *out, struct app_leaving *leaving,
		       const struct app_export_request *request, struct notes *notes,
		       struct error *err);

/* Shares recipes of the clinic's own, after what would leave was agreed to: they leave with the next bundle or the next visit to a common
 * repository. `leaving` has request->count items and is to be freed; *added is how many were not shared yet, -1 where it was not
 * agreed to. */
struct app_share_request {
	const char *folder, *with;
	const char *const *recipe;
	int count;
	bool (*agree)(const struct app_leaving *leaving, int count); /* NULL: it was already */
};
enum status app_share_add(struct app_leaving **leaving, int *added,
			  const struct app_share_request *request, struct notes *notes,
			  struct error *err);

/* What is shared; to be cleared. */
enum status app_share_list(struct recipe_stamp_list *list, const char *folder, struct error *err);

/* Writes all that is shared to `path` as a git bundle; with `day` what was shared on that day and later. */
enum status app_share_out(const char *path, const char *folder, const char *day, struct error *err);

/* --- coming in ---------------------------------------------------------------------------------------- */

/* Takes in what is in a bundle; to be cleared. All of it or nothing, but for clinics that are not trusted, which are left aside. `clinics`,
 * to be cleared, are those that are known by then: nothing has to be read again to name them. */
enum status app_share_in(struct arrival_list *list, struct clinics *clinics, const char *path,
			 const char *folder, const struct app_trust *trust, struct notes *notes,
			 struct error *err);

/* Meets the others at `asked` (NULL: where it was last), and tells where that is; `clinics` as above. */
enum status app_sync(struct remote_result *out, struct clinics *clinics,
		     char address[REMOTE_ADDRESS_SIZE], const char *asked, const char *folder,
		     const struct app_trust *trust, struct notes *notes, struct error *err);

/* What a card's code says of a recipe (formats/compact.h): all of it where that fits and comes back as the same file, byte for byte, which is
 * tried with its pigment line; else which version it is. Empty where it is neither. To be cleared. */
enum status app_code(struct text *payload, const struct recipe *recipe, struct error *err);

/* Takes over a recipe of another clinic's as the clinic's own: of a signed file, of what arrived (NAME@CLINIC), or of a card's code. With
 * `rematch` it is solved anew for the pigments of `pigments`, which for a code that holds all of a recipe is else the line that it was
 * made with. */
struct app_import_request {
	const char *folder, *recipe, *name;
	const char *qr; /* picture of a code; NULL: `recipe` says what */
	bool rematch;
	const char *pigments;
	struct app_trust trust;
	struct app_watch watch;
};
struct app_imported {
	struct recipe recipe;
	char clinic[RECIPE_CLINIC_SIZE]; /* whose it was */
	bool saved;                      /* false: it was there already */
	bool rematched;
	char line[PIGMENT_TEXT_SIZE]; /* that it was made with */
	double translation_de00; /* between its colour and that of the translation, healed, under the main light */
};
enum status app_import(struct app_imported *out, const struct app_import_request *request,
		       struct notes *notes, struct error *err);

/* What a picture's code is of, and its file, byte for byte, which is to be cleared; nothing is saved. `whole`: all of it was in the code, else
 * it is of the store, the clinic's own or shared by another. */
enum status app_code_take(struct recipe *recipe, struct text *file, bool *whole,
			  const struct app_import_request *request, struct notes *notes,
			  struct error *err);

/* --- clinics ------------------------------------------------------------------------------------------- */

/* All that are known; to be cleared. */
enum status app_clinics(struct clinics *clinics, struct error *err);

/* Trusts one: `words` is a public key ("ssh-ed25519 AAAA…"), a file of one, or what clinics_find() takes. */
enum status app_clinic_trust(struct clinic *out, const char *words, const char *name,
			     struct error *err);

/* Nothing more is taken in from it, and what came from it is no longer verified. */
enum status app_clinic_revoke(struct clinic *out, const char *words, struct error *err);

#endif
