/* A case as it goes on file: what was read, planned, predicted and assumed, and where it is all from. Values only; app/
 * gathers them, report/ draws them. What it points to belongs to whoever gathered it.
 */
#ifndef MATCH_DOSSIER_H
#define MATCH_DOSSIER_H

#include "base/notes.h"
#include "match/plan.h"
#include "match/preview.h"

enum { DOSSIER_ZONES_MAX = 32, DOSSIER_TITLE_SIZE = 256, DOSSIER_SOURCE_SIZE = 512 };

/* A set of readings, and of its zones which are about them: bit z is zone z. */
struct dossier_reading {
	char what[32]; /* "skin", "hair", "Patch, healed" … */
	bool of_skin;
	struct repeats repeats;
	struct lab lab, pcs_lab;     /* of the mean; lab under the main light of its first zone */
	bool has_range;              /* each repeat is at hand */
	struct spectrum least, most; /* of the repeats, in each band */
	unsigned long zones;
};

/* A zone in sessions, or one recipe. */
struct dossier_zone {
	const char *name;
	const char *zone;             /* of the scalp, where the name does not say; or "" */
	const struct brief *brief;    /* of the whole */
	const struct zone_plan *plan; /* NULL: a recipe by itself */
	const struct recipe *recipe;  /* one a session */
	const char *code;             /* payload of the code of a recipe by itself, or NULL */
	int recipes;
	const struct preview *preview; /* NULL: there is none */
	const char *technique;         /* or preset, of which the preview is; NULL without one */
};

/* Something that the figures rest on. */
struct dossier_source {
	char what[64], name[128];
	char source[DOSSIER_SOURCE_SIZE]; /* and licence, where stated */
};

struct dossier_file {
	char name[READING_FILE_SIZE]; /* without its folder */
	char digest[DIGEST_SIZE];     /* of its bytes */
};

struct dossier {
	char title[DOSSIER_TITLE_SIZE];
	char code[RECIPE_NAME_SIZE]; /* of the client; empty where nobody stated one */
	char made[CLOCK_TEXT_SIZE];
	char program[48];
	struct dossier_zone *zone;
	int zones;
	struct dossier_reading *reading;
	int readings;
	struct dossier_source *source;
	int sources;
	struct dossier_file *file;
	int files;
	struct notes notes; /* of the whole, and of each recipe */
};

/* Of all its recipes the one whose dots are farthest from the required ones. */
const struct recipe *dossier_worst(const struct dossier_zone *zone);

#endif
