/* Growth doubles, so n additions cost O(n). */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool text_reserve(struct text *text, size_t more)
{
	size_t wanted = text->length + more + 1;
	size_t capacity = text->capacity ? text->capacity : 256;
	char *data;

	if (text->failed || wanted < more)
		return false;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	data = realloc(text->data, capacity);
	if (!data) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->capacity = capacity;
	return true;
}

void text_add(struct text *text, const char *bytes, size_t length)
{
	if (!text_reserve(text, length))
		return;
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = 0;
}

void text_adds(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list arguments, again;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		text->failed = true;
	else if (text_reserve(text, (size_t)length)) {
		vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
		text->length += (size_t)length;
	}
	va_end(again);
}

bool text_failed(const struct text *text)
{
	return text->failed;
}

void text_clear(struct text *text)
{
	free(text->data);
	*text = (struct text){0};
}

void text_copy_bytes(char *slot, size_t size, const char *source, size_t length)
{
	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char)source[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(slot, source, length);
	slot[length] = 0;
}

void text_copy(char *slot, size_t size, const char *source)
{
	text_copy_bytes(slot, size, source, strlen(source));
}

bool text_same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* Length of the UTF-8 character at `s`, 0 where it is not one (RFC 3629: no overlong form, no
 * surrogate, nothing above U+10FFFF). */
static int utf8_length(const unsigned char *s)
{
	int length = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code = length == 1 ? s[0] : (uint32_t)(s[0] & (0x7f >> length));

	if ((s[0] >= 0x80 && s[0] < 0xc2) || s[0] > 0xf4)
		return 0;
	for (int i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

/* U+202A to U+202E and U+2066 to U+2069 turn the order of what is beside them: a name could be shown as another one. */
static bool turns_order(const unsigned char *s)
{
	return s[0] == 0xe2 && ((s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
				(s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/* Length of the printable character at `s`: 0 where there is a control or no character. C1
 * controls, U+0080 to U+009F, count as controls. */
static int printable_length(const unsigned char *s)
{
	int length = utf8_length(s);

	if (*s < 0x20 || *s == 0x7f || (length == 2 && s[0] == 0xc2 && s[1] < 0xa0))
		return 0;
	if (length == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe)
		return 0; /* U+FFFE and U+FFFF are no characters */
	if (length == 3 && turns_order(s))
		return 0;
	return length;
}

/* Eight at a time while they are ASCII, as nearly all are. */
bool text_is_utf8(const char *string, size_t size)
{
	size_t i = 0;

	while (i < size) {
		uint64_t eight;
		int length;

		if (i + sizeof eight <= size) {
			memcpy(&eight, string + i, sizeof eight);
			if ((eight & 0x8080808080808080u) == 0) {
				i += sizeof eight;
				continue;
			}
		}
		length = utf8_length((const unsigned char *)string + i);
		if (length == 0)
			return false;
		i += (size_t)length;
	}
	return true;
}

bool text_printable(const char *string)
{
	const unsigned char *s = (const unsigned char *)string;

	while (*s) {
		int length = *s >= 0x20 && *s < 0x7f ? 1 : printable_length(s);

		if (length == 0)
			return false;
		s += length;
	}
	return true;
}

enum status text_check_line(const char *string, size_t size, const char *what, struct error *err)
{
	if (!*string || strlen(string) >= size)
		return error_set(err, STATUS_REFUSED, "%s: %zu bytes, 1 to %zu are allowed", what,
				 strlen(string), size - 1);
	if (!text_printable(string))
		return error_set(err, STATUS_REFUSED,
				 "%s: a line of UTF-8 without control characters is needed", what);
	return STATUS_OK;
}

bool text_is_word_of(const char *word, const char *words)
{
	size_t length = strlen(word);

	for (const char *hit = strstr(words, word); hit; hit = strstr(hit + 1, word))
		if ((hit == words || hit[-1] == ' ') && (hit[length] == 0 || hit[length] == ' '))
			return true;
	return false;
}

bool text_is_code(const char *string)
{
	size_t length = strlen(string);

	return length > 0 && length < CODE_SIZE &&
	       strspn(string, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
		       length;
}

void text_make_printable(char *string)
{
	unsigned char *s = (unsigned char *)string;

	while (*s) {
		int length = printable_length(s);

		if (length == 0)
			*s = '?';
		s += length ? length : 1;
	}
}
