#include "exchange/pack_check.h"

#include "store/repository.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

/* A million versions are some four million objects. */
enum { OBJECTS_MOST = 16 << 20, HASH_BYTES = 20, HEADER_BYTES = 12 };

/* Objects by kind, as a pack numbers them. */
enum { KIND_COMMIT = 1, KIND_TAG = 4, KIND_OFFSET_DELTA = 6, KIND_NAMED_DELTA = 7 };

/* All objects of a store of 100,000 recipes are some hundred times as long as its pack, most of that in folders which differ by
 * a line. */
#define SWELL_MOST 2000ULL
#define SWELL_ALWAYS (256ULL << 20)
#define SWELL_NEVER (32ULL << 30) /* some minutes of work */

/* The pack, and how much of it was taken. */
struct pack_reader {
	const unsigned char *bytes;
	size_t length, at;
	unsigned long long swollen;
	size_t *start; /* where each object begins, so far */
	size_t count, room;
	const char *name;
	struct error *err;
	unsigned char out[1 << 14]; /* where an object is inflated to, and overwritten */
};

static enum status refuse(struct pack_reader *reader, unsigned long object, const char *why)
{
	return error_set(reader->err, STATUS_REFUSED, "%s: object %lu of the pack %s", reader->name,
			 object, why);
}

/* -1 at the end. */
static int take_byte(struct pack_reader *reader)
{
	return reader->at < reader->length ? reader->bytes[reader->at++] : -1;
}

static bool skip(struct pack_reader *reader, size_t bytes)
{
	if (bytes > reader->length - reader->at)
		return false;
	reader->at += bytes;
	return true;
}

/* The kind, and the size in seven bits a byte, the least first; the top bit says that more follow. */
static bool take_object_header(struct pack_reader *reader, int *kind, unsigned long long *size)
{
	int byte = take_byte(reader), shift = 4;

	*kind = byte >> 4 & 7;
	*size = (unsigned long long)(byte & 0x0f);
	while (byte >= 0 && byte & 0x80 && shift < 57) {
		byte = take_byte(reader);
		*size |= (unsigned long long)(byte & 0x7f) << shift;
		shift += 7;
	}
	return byte >= 0 && !(byte & 0x80);
}

/* A distance, seven bits a byte, the most first; each byte that is not the last stands for one more than it says. False where it is
 * not there, or larger than any pack. */
static bool take_distance(struct pack_reader *reader, size_t *distance)
{
	int byte = take_byte(reader);

	*distance = (size_t)(byte & 0x7f);
	while (byte >= 0 && byte & 0x80 && *distance <= reader->length) {
		byte = take_byte(reader);
		*distance = (*distance + 1) << 7 | (size_t)(byte & 0x7f);
	}
	return byte >= 0 && !(byte & 0x80);
}

/* --- where objects begin -------------------------------------------------------------------------------- */

static bool note_start(struct pack_reader *reader)
{
	if (reader->count == reader->room) {
		const size_t room = reader->room ? 2 * reader->room : 1024;
		size_t *grown = realloc(reader->start, room * sizeof *grown);

		if (!grown)
			return false;
		reader->start = grown;
		reader->room = room;
	}
	reader->start[reader->count++] = reader->at;
	return true;
}

static int compare_starts(const void *a, const void *b)
{
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* What a difference is from: an object before it, or one by its name, which libgit2 looks for among objects alone. The middle of an
 * object was not looked at, and may say anything of its size. */
static enum status check_base(struct pack_reader *reader, unsigned long object, int kind)
{
	const size_t here = reader->start[reader->count - 1];
	size_t distance, base;

	if (kind == KIND_NAMED_DELTA)
		return skip(reader, HASH_BYTES) ? STATUS_OK : refuse(reader, object, "is damaged");
	if (kind != KIND_OFFSET_DELTA)
		return STATUS_OK;
	if (!take_distance(reader, &distance))
		return refuse(reader, object, "is damaged");
	base = here - distance;
	if (distance > here ||
	    !bsearch(&base, reader->start, reader->count - 1, sizeof base, compare_starts))
		return refuse(reader, object, "is from none before it");
	return STATUS_OK;
}

/* --- what is deflated ----------------------------------------------------------------------------------- */

/* The first bytes of a difference: the length of what it is from and that of its result. False where these are not there. */
static bool result_of(unsigned long long *result, const unsigned char *bytes, size_t count)
{
	size_t at = 0;

	for (int part = 0; part < 2; part++) {
		int shift = 0;

		*result = 0;
		do {
			if (at == count || shift > 56)
				return false;
			*result |= (unsigned long long)(bytes[at] & 0x7f) << shift;
			shift += 7;
		} while (bytes[at++] & 0x80);
	}
	return true;
}

enum { START_BYTES = 20 }; /* of two lengths of ten bytes each */

/* Inflates one object; keeps its first bytes and how long it is, and stops where that is more than was said. */
static int inflate_object(z_stream *stream, struct pack_reader *reader, unsigned long long size,
			  unsigned char start[START_BYTES], unsigned long long *length)
{
	int result = Z_OK;

	*length = 0;
	while (result == Z_OK && *length <= size) {
		size_t left = reader->length - reader->at, got;

		stream->next_in = reader->bytes + reader->at;
		stream->avail_in = left < UINT_MAX ? (unsigned)left : UINT_MAX;
		stream->next_out = reader->out;
		stream->avail_out = sizeof reader->out;
		result = inflate(stream, Z_NO_FLUSH);
		reader->at = (size_t)(stream->next_in - reader->bytes);
		got = sizeof reader->out - stream->avail_out;
		if (*length < START_BYTES)
			memcpy(start + *length, reader->out,
			       got < START_BYTES - *length ? got : START_BYTES - *length);
		*length += got;
	}
	return result;
}

static enum status check_object(z_stream *stream, struct pack_reader *reader, unsigned long object)
{
	unsigned char start[START_BYTES] = {0};
	unsigned long long size, length, result;
	int kind;

	if (!note_start(reader))
		return error_memory(reader->err);
	if (!take_object_header(reader, &kind, &size) || kind < KIND_COMMIT ||
	    (kind > KIND_TAG && kind < KIND_OFFSET_DELTA))
		return refuse(reader, object, "is damaged");
	if (check_base(reader, object, kind))
		return reader->err->status;
	if (size > REPOSITORY_FILE_MOST)
		return refuse(reader, object, "says that it is larger than a recipe may be");
	inflateReset(stream);
	if (inflate_object(stream, reader, size, start, &length) != Z_STREAM_END || length != size)
		return refuse(reader, object, "is not as long as it says");
	result = size;
	if (kind >= KIND_OFFSET_DELTA &&
	    !result_of(&result, start, (size_t)(length < START_BYTES ? length : START_BYTES)))
		return refuse(reader, object, "is damaged");
	if (result > REPOSITORY_FILE_MOST)
		return refuse(reader, object, "becomes larger than a recipe may be");
	reader->swollen += result;
	if (reader->swollen > SWELL_ALWAYS + SWELL_MOST * reader->at ||
	    reader->swollen > SWELL_NEVER)
		return refuse(reader, object, "and those before it swell more than recipes do");
	return STATUS_OK;
}

static unsigned long number_at(const unsigned char *bytes)
{
	return (unsigned long)bytes[0] << 24 | (unsigned long)bytes[1] << 16 |
	       (unsigned long)bytes[2] << 8 | bytes[3];
}

static enum status check_all(struct pack_reader *reader)
{
	const unsigned char *header = reader->bytes;
	z_stream stream = {0};
	unsigned long count;
	enum status status = STATUS_OK;

	if (!skip(reader, HEADER_BYTES) || memcmp(header, "PACK", 4) || number_at(header + 4) < 2 ||
	    number_at(header + 4) > 3)
		return error_set(reader->err, STATUS_REFUSED, "%s: this is no pack of git's",
				 reader->name);
	count = number_at(header + 8);
	if (count > OBJECTS_MOST)
		return error_set(
			reader->err, STATUS_REFUSED,
			"%s: the pack says that it has %lu objects, at most %d are allowed",
			reader->name, count, OBJECTS_MOST);
	if (inflateInit(&stream) != Z_OK)
		return error_memory(reader->err);
	for (unsigned long i = 1; i <= count && !status; i++)
		status = check_object(&stream, reader, i);
	inflateEnd(&stream);
	if (!status && (!skip(reader, HASH_BYTES) || reader->at < reader->length))
		status = error_set(reader->err, STATUS_REFUSED,
				   "%s: the pack does not end where it should", reader->name);
	return status;
}

enum status pack_check(const char *bytes, size_t length, const char *name, struct error *err)
{
	struct pack_reader reader = {
		.bytes = (const unsigned char *)bytes, .length = length, .name = name, .err = err};
	const enum status status = check_all(&reader);

	free(reader.start);
	return status;
}
