/* What goes between clinics, as text for the terminal and as JSON. Every function that returns nothing adds to `out`.
 */
#ifndef REPORT_EXCHANGE_WORDS_H
#define REPORT_EXCHANGE_WORDS_H

#include "base/notes.h"
#include "base/text.h"
#include "match/disclosure.h"

/* A recipe that leaves: its fields, those that leave first. */
void words_leaving(struct text *out, const struct recipe_stamp *stamp,
		   const struct disclosure_list *fields);

struct said_leaving {
	const struct recipe_stamp *stamp;
	const struct disclosure_list *fields;
};

/* `added`: how many were not shared yet; -1 of a file, `file` (else NULL). */
enum status json_leaving(struct text *out, const struct said_leaving *leaving, int count, int added,
			 const char *file, const struct notes *notes, struct error *err);

/* One clinic, and what came of it, if something was asked of it. */
struct said_clinic {
	char name[RECIPE_CLINIC_SIZE], id[RECIPE_CLINIC_SIZE];
	char fingerprint[64], words[128];
	const char *state; /* "new", "old", "unknown", "revoked", "refused"; "trusted" */
	const char *why;   /* of one that is refused; else "" */
	const char *since; /* NULL: is not told */
	const struct recipe_stamp *stamp;
	size_t count; /* of versions that came */
};
void words_arrivals(struct text *out, const struct said_clinic *clinic, size_t count);
void words_clinics(struct text *out, const struct said_clinic *clinic, size_t count);

/* All of them; `remote` (NULL: there was none) is where, `sent` whether something new was brought there. */
enum status json_clinics(struct text *out, const struct said_clinic *clinic, size_t count,
			 const char *remote, bool sent, const struct notes *notes,
			 struct error *err);

/* A recipe that was taken over. `translation_de00` is below 0 where it was not solved anew. */
struct said_import {
	const struct recipe *recipe;
	const char *clinic, *line;
	double translation_de00;
	bool saved;
};
void words_imported(struct text *out, const struct said_import *imported);
enum status json_imported(struct text *out, const struct said_import *imported,
			  const struct notes *notes, struct error *err);

#endif
