/* Text that grows, and bounded copies into fixed slots.
 *
 * `struct text` is always zero-terminated and may hold zero bytes. A failed growth is remembered:
 * add as often as you like, then ask text_failed() once before the text is used.
 *
 *	struct text t = {0};
 *	text_addf(&t, "%d drops", n);
 *	if (text_failed(&t)) …
 *	text_clear(&t);
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct ink;

struct text {
	char *data; /* NULL while nothing was added */
	size_t length;
	size_t capacity;
	bool failed;
	struct ink *
		ink; /* with which colours are shown where it is for a terminal (report/ink.h), or NULL */
};

void text_add(struct text *text, const char *bytes, size_t length);
void text_adds(struct text *text, const char *string);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool text_failed(const struct text *text);
void text_clear(struct text *text);

/* Copies `source` into a slot of `size` bytes, cut at a whole UTF-8 character where it is too
 * long. */
void text_copy(char *slot, size_t size, const char *source);

/* The same with `length` bytes of a source that has no terminator. */
void text_copy_bytes(char *slot, size_t size, const char *source, size_t length);

/* Equal without regard to ASCII case. */
bool text_same(const char *a, const char *b);

/* True where the `size` bytes, after which a NUL stands, are valid UTF-8, control characters and all. */
bool text_is_utf8(const char *string, size_t size);

/* True where `word` is among the words of `words`, separated by blanks. */
bool text_is_word_of(const char *word, const char *words);

/* True for valid UTF-8 without control characters: what may stand in a name. */
bool text_printable(const char *string);

/* Refuses what is no line of 1 to `size` - 1 bytes that is printable; `what` names it. */
enum status text_check_line(const char *string, size_t size, const char *what, struct error *err);

/* True for what may stand for a person, client or operator, and can be no name with a blank in it: 1 to CODE_SIZE - 1 letters
 * (ASCII), digits, '-' and '_'. */
enum { CODE_SIZE = 33 };
bool text_is_code(const char *string);

/* Replaces, in place, what text_printable() would refuse by '?'. */
void text_make_printable(char *string);

#endif
