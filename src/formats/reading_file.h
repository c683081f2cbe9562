/* Reading files of any known format, told apart by content, never by name.
 *
 * The formats stand in one table in reading_file.c; a new one is a file with a `recognise` and a
 * `read` and one row there.
 */
#ifndef FORMATS_READING_FILE_H
#define FORMATS_READING_FILE_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

/* Adds the readings of `path` ("-": standard input) to the list. `FILE#NAME` takes only the readings
 * of that name, where no file is called FILE#NAME itself. *format (may be NULL) is set to the name of
 * the format that was recognised, a constant. On failure the list is as it was. */
enum status readings_read(struct reading_list *list, const char **format, const char *path,
			  struct notes *notes, struct error *err);

/* The two steps of it, for who has to look at the bytes between them: loads the file that a path means
 * (`file` is its name, *name the part behind '#' or NULL), and reads what was loaded. */
enum status reading_file_load(struct text *bytes, char file[4096], const char **name,
			      const char *path, struct error *err);
enum status readings_parse(struct reading_list *list, const char **format, struct text *bytes,
			   const char *name, const char *path, struct notes *notes,
			   struct error *err);

#endif
