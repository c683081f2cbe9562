#include "formats/decode.h"

#include <ctype.h>
#include <iconv.h>
#include <string.h>

static enum status convert(struct text *text, const char *charset, size_t skip, const char *path,
			   struct error *err)
{
	iconv_t conversion = iconv_open("UTF-8", charset);
	struct text out = {0};
	char *in = text->data + skip, block[4096];
	size_t left = text->length - skip;

	if (conversion == (iconv_t)-1)
		return error_set(err, STATUS_ENVIRONMENT, "the system cannot convert %s", charset);
	while (left > 0) {
		char *to = block;
		size_t room = sizeof block, before = left;

		iconv(conversion, &in, &left, &to, &room);
		text_add(&out, block, sizeof block - room);
		if (left == before && room == sizeof block)
			break; /* an invalid or cut-off character: no progress */
	}
	iconv_close(conversion);
	if (left > 0 || text_failed(&out)) {
		text_clear(&out);
		return error_set(err, STATUS_REFUSED, "%s: damaged %s text", path, charset);
	}
	text_clear(text);
	*text = out;
	return STATUS_OK;
}

enum status text_decode(struct text *text, const char *path, struct error *err)
{
	enum status status = STATUS_OK;

	if (text->length >= 2 && memcmp(text->data, "\xff\xfe", 2) == 0)
		status = convert(text, "UTF-16LE", 2, path, err);
	else if (text->length >= 2 && memcmp(text->data, "\xfe\xff", 2) == 0)
		status = convert(text, "UTF-16BE", 2, path, err);
	else if (text->length >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
		status = convert(text, "UTF-8", 3, path, err);
	if (status)
		return status;
	if (text->length == 0)
		return error_set(err, STATUS_REFUSED, "%s: the file is empty", path);
	if (memchr(text->data, 0, text->length))
		return error_set(err, STATUS_REFUSED, "%s: this is not text (binary data)", path);
	if (!text_is_utf8(text->data, text->length))
		return convert(text, "ISO-8859-1", 0, path, err);
	return STATUS_OK;
}

char *text_next_line(char **cursor, int *number)
{
	char *line = *cursor, *end;

	if (!line || *line == 0)
		return NULL;
	end = line + strcspn(line, "\r\n");
	*cursor = end + (*end ? 1 : 0) + (end[0] == '\r' && end[1] == '\n');
	*end = 0;
	++*number;
	return line;
}

char *text_trim(char *string)
{
	size_t length;

	while (isspace((unsigned char)*string))
		string++;
	length = strlen(string);
	while (length > 0 && isspace((unsigned char)string[length - 1]))
		string[--length] = 0;
	return string;
}
