/* A reading: one reflectance spectrum that an instrument took, with what is known about how.
 *
 * Readings of one spot are repeats: they are averaged in reflectance and their spread is kept. The
 * spread is the MCDM, the mean CIEDE2000 colour difference from the mean (Berns, "Billmeyer and
 * Saltzman's Principles of Color Technology").
 */
#ifndef COLOUR_READING_H
#define COLOUR_READING_H

#include "colour/tristimulus.h"

#include <stddef.h>

enum { READING_NAME_SIZE = 96, READING_FILE_SIZE = 256 };

enum specular { SPECULAR_UNKNOWN, SPECULAR_INCLUDED, SPECULAR_EXCLUDED };

/* How a reading was taken; an empty string or 0 where the file does not say. */
struct conditions {
	char instrument[64];
	char geometry[48]; /* "45:0", "d:8" */
	enum specular specular;
	char mode[8];       /* "M0".."M3" */
	double aperture_mm; /* 0: not stated */
	char date[48];
	char origin[256];                 /* what the file says of its own origin */
	char illuminant[LIGHT_NAME_SIZE]; /* of the colours that the file states */
	char observer[8];                 /* "2" or "10" */
};

/* The specular part as stated, or excluded where the geometry says so (45:0 never sees it). */
enum specular conditions_specular(const struct conditions *conditions);

/* Takes from `stated` what `conditions` leave open. Returns whether that was anything. */
bool conditions_complete(struct conditions *conditions, const struct conditions *stated);

/* In what two readings that both say how they were taken were not taken alike: "specular", "geometry",
 * "aperture"; NULL where nothing speaks against comparing them. 5 and 11 mm on skin differ by about
 * 10 % at 700 nm. */
const char *conditions_conflict(const struct conditions *a, const struct conditions *b);

/* Colours that a file states beside its spectra, or in their place. */
struct stated_colour {
	bool has_lab, has_xyz;
	struct lab lab;
	struct xyz xyz; /* Y of the perfect white is 1 */
};

struct reading {
	char name[READING_NAME_SIZE];
	char file[READING_FILE_SIZE];
	struct conditions conditions;
	struct stated_colour stated;
	struct spectrum reflectance; /* 0..1, up to REFLECTANCE_MAX for fluorescent samples */
};

/* True where its colour under any light can be told: of a spectrum, or by adaptation of PCS Lab. */
bool reading_has_colour(const struct reading *reading);

/* True where its stated Lab is under D50 and the 2 degree observer, which is what ICC PCS Lab is: that of
 * a picture, an RGB, or a file without spectra. Less sure than a spectrum. */
bool reading_is_pcs(const struct reading *reading);

/* Readings, packed: a file of thousands takes its samples, its names and one copy of the
 * conditions that they share. Zero-initialise; what is in it is got by reading_list_get(). */
struct reading_list {
	size_t count;
	struct reading_list_store *store;
};

enum status reading_list_add(struct reading_list *list, const struct reading *reading,
			     struct error *err);
void reading_list_get(struct reading *out, const struct reading_list *list, size_t index);

/* conditions_complete() for every reading from `first` on. */
bool reading_list_complete(struct reading_list *list, size_t first,
			   const struct conditions *stated);

/* Forgets the readings from `count` on. */
void reading_list_cut(struct reading_list *list, size_t count);
void reading_list_clear(struct reading_list *list);

/* "included", "excluded" or "not stated". */
const char *specular_text(enum specular specular);

/* The repeats of one spot as one reading, and their MCDM in CIEDE2000 under the given light (0 for
 * a single reading). Refuses an empty list and readings on different grids. */
struct repeats {
	struct reading mean;
	int count;
	double spread_de00;
};
enum status reading_list_mean(struct repeats *out, const struct reading_list *list,
			      const struct illuminant *illuminant, const struct observer *observer,
			      struct error *err);

#endif
