/* Steps that several requests share. For this room only. */
#ifndef APP_STEPS_H
#define APP_STEPS_H

#include "base/notes.h"
#include "match/recipe.h"

/* "L,a,b". */
bool app_lab_read(struct lab *lab, const char *text);

/* Adds the readings of a file, completed by what the user says of them, with a note of it. `format` (may
 * be NULL) is what was recognised. */
enum status app_readings(struct reading_list *list, const char **format, const char *file,
			 const struct conditions *stated, struct notes *notes, struct error *err);

/* Which readings of a file are meant, and whether readings that were not taken alike may meet. */
struct app_selection {
	const struct conditions *stated; /* where it says specular, only such */
	bool mixed;
};

/* The readings of a file as repeats of one spot; refused where they were not taken alike, and a note
 * where they do not look like repeats. `what` names it there. One without spectrum is taken where it
 * is the only one: its stated Lab may be a target. */
enum status app_mean(struct repeats *out, const char *file, const char *what,
		     const struct app_selection *selection, const struct illuminant *illuminant,
		     const struct observer *observer, struct notes *notes, struct error *err);

/* The scene of a brief and a line, with what has to be looked up for it. */
enum status app_scene(struct scene *scene, const struct brief *brief, struct pigment_line *line,
		      struct notes *notes, struct error *err);

/* A note where a recipe misses its required colour by so much that it is no match. */
void app_note_miss(double de00, struct notes *notes);

#endif
