/* Notes: what was recognised, assumed or found odd while a request was answered.
 *
 * Every room may add one; nobody below the doors prints one. They go to standard error and into the
 * `warnings` of a JSON answer. A line that is there already is not added again, and after
 * fifty the last one says that there were more.
 */
#ifndef BASE_NOTES_H
#define BASE_NOTES_H

#include <stddef.h>

struct notes {
	char **line;
	size_t count;
};

void notes_addf(struct notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));
void notes_clear(struct notes *notes);

#endif
