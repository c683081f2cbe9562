/* The files of `profiles/` as they were when the program was built, carried inside it so that it
 * runs without its tree. The Makefile writes the table (build/…/embedded.S) from the folder. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *path; /* below profiles/: "illuminants/A.csv" */
	const char *start;
	const char *end;
};

/* Sorted by path; the last entry has a NULL path. */
extern const struct embedded_file embedded_files[];

/* NULL where there is no such file. */
const struct embedded_file *embedded_find(const char *path);

#endif
