/* A note that memory has no room for is dropped: it must not turn a good answer into a failure. */
#include "base/notes.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_SIZE = 512, NOTES_MAX = 50 };

void notes_addf(struct notes *notes, const char *format, ...)
{
	char line[NOTE_SIZE], **grown;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (notes->count >= NOTES_MAX)
		return;
	if (notes->count == NOTES_MAX - 1)
		text_copy(line, sizeof line, "… and more notes of this kind");
	text_make_printable(line);
	for (size_t i = 0; i < notes->count; i++)
		if (strcmp(notes->line[i], line) == 0)
			return;
	grown = realloc(notes->line, (notes->count + 1) * sizeof *grown);
	if (!grown)
		return;
	notes->line = grown;
	notes->line[notes->count] = strdup(line);
	if (notes->line[notes->count])
		notes->count++;
}

void notes_clear(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->line[i]);
	free(notes->line);
	*notes = (struct notes){0};
}
