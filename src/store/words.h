/* Bytes as words that can be read out on the telephone. */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "base/text.h"

/* The longest word and a blank. */
enum { WORD_MOST = 12 };

/* `count` words with blanks between them; `size`, with room for count * WORD_MOST, is that of `text`. */
void words_of_bytes(char text[], size_t size, const unsigned char *bytes, size_t count);

#endif
