/* A stranger's bytes as UTF-8 text.
 *
 * UTF-8 with or without a byte order mark and UTF-16 with one are taken as they are; anything else
 * that holds no zero byte is taken for Latin-1 (Windows instruments write their degree sign that
 * way). What still holds a zero byte is not text and is refused.
 */
#ifndef FORMATS_DECODE_H
#define FORMATS_DECODE_H

#include "base/error.h"
#include "base/text.h"

/* Replaces `text` by its UTF-8 form. `path` is for the error. */
enum status text_decode(struct text *text, const char *path, struct error *err);

/* Walks the lines of decoded text, ended by LF, CR or CRLF. Each call cuts off the next line,
 * zero- terminates it in place and returns it; NULL behind the last. Set *cursor to text.data
 * before the first call and *number to 0; *number is then the number of the line returned, from
 * 1. */
char *text_next_line(char **cursor, int *number);

/* Cuts blanks from both ends, in place. Returns the first byte that is left. */
char *text_trim(char *string);

#endif
