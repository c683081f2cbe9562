/* Case files (libconfig, format "follitone-case", version 1): one client's zones, each with its own
 * readings, preset and dot plan. profiles/README.md shows one.
 *
 * A case knows a client by a code, never by a name. It names its reading files relative to itself;
 * none outside its folder is opened.
 */
#ifndef FORMATS_CASE_FILE_H
#define FORMATS_CASE_FILE_H

#include "base/error.h"
#include "base/text.h"
#include "match/brief.h"
#include "match/recipe.h"

enum { CASE_ZONES_MAX = 32, CASE_SESSIONS_MAX = 8, CASE_SESSIONS_USUAL = 3, CASE_PATH_SIZE = 4096 };

struct case_zone {
	char name[RECIPE_NAME_SIZE];
	char preset[CASE_PATH_SIZE];         /* a technique's name */
	char reading[ROLES][CASE_PATH_SIZE]; /* files; empty where not given */
	bool stated[TECHNIQUE_KEYS];         /* parameters that differ from the preset */
	double value[TECHNIQUE_KEYS];
	double area_cm2; /* 0: not stated */
	int sessions;
};

struct case_file {
	char code[RECIPE_NAME_SIZE];   /* of the client; may be empty */
	char pigments[CASE_PATH_SIZE]; /* line, by name or in the case's folder; may be empty */
	struct case_zone *zone;
	int zones;
};

/* To be cleared with case_clear(). */
enum status case_read(struct case_file *out, const char *path, struct error *err);
/* The same of a text (which it may change); `path` says where it is from. */
enum status case_parse(struct case_file *out, struct text *text, const char *path,
		       struct error *err);
/* True for a file that says of itself that it is a case, whatever else is wrong with it. */
bool case_is(const char *path);
void case_clear(struct case_file *out);

#endif
