/* What is left of a recipe's text, squeezed, is some 2,500 bytes of which most are in the dictionary; a match there costs three. What
 * does not repeat, digits that are random or measured, goes into bits. */
#include "formats/compact.h"

#include "base/embedded.h"
#include "base/number.h"
#include "formats/bits.h"
#include "formats/recipe_file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define STAMP_HEAD COMPACT_HEAD "1:"
#define WHOLE_HEAD COMPACT_HEAD "2:"
#define DICTIONARY "codes/2.cfg"
#define SAME "=" /* a lot or day of expiry that is the line's */

enum {
	HASH_BYTES = COMPACT_HASH_DIGITS / 2,
	LINE_BYTES = COMPACT_LINE_DIGITS / 2,
	TEXT_MOST = 1 << 15,
	ARRAY_LEAST = 16, /* so many numbers are a spectrum */
	SPECTRA_MOST = ROLES + SEARCH_LIGHTS_MAX + RECIPE_SEEN_MAX,
	VERSION_MOST = 1000000,
	VERSION_BITS = 20,
	BASE = 45,
};

/* --- base45 (RFC 9285) ---------------------------------------------------------------------------- */

static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Two bytes are three letters, the least first; one left over is two. */
static void put_base45(struct text *out, const unsigned char *byte, size_t length)
{
	for (size_t i = 0; i < length; i += 2) {
		const bool pair = i + 1 < length;
		unsigned value = pair ? byte[i] * 256u + byte[i + 1] : byte[i];

		for (int j = 0; j < (pair ? 3 : 2); j++, value /= BASE)
			text_add(out, &letters[value % BASE], 1);
	}
}

/* False where it is none, or of more than `most` bytes. */
static bool take_base45(unsigned char *byte, size_t *length, size_t most, const char *text)
{
	size_t left = strlen(text);

	*length = 0;
	while (left > 0) {
		const size_t taken = left >= 3 ? 3 : left;
		unsigned value = 0, power = 1;

		for (size_t i = 0; i < taken; i++, power *= BASE) {
			const char *letter = strchr(letters, text[i]);

			if (!letter)
				return false;
			value += power * (unsigned)(letter - letters);
		}
		if (taken == 1 || value >= (taken == 3 ? 65536u : 256u) ||
		    *length + taken - 1 > most)
			return false;
		if (taken == 3)
			byte[(*length)++] = (unsigned char)(value / 256);
		byte[(*length)++] = (unsigned char)(value % 256);
		text += taken;
		left -= taken;
	}
	return true;
}

/* --- the text ------------------------------------------------------------------------------------- */

/* The end of what begins at `at`: a quoted word, else one character. */
static const char *piece_end(const char *at)
{
	if (*at != '"')
		return at + 1;
	for (at++; *at && *at != '"'; at++)
		at += *at == '\\' && at[1];
	return *at ? at + 1 : at;
}

/* True for an array of a spectrum, of which *end is where it ends. */
static bool is_spectrum(const char **end, const char *at)
{
	int commas = 0;

	if (*at != '[')
		return false;
	for (; *at && *at != ']' && *at != '"'; at++)
		commas += *at == ',';
	if (*at != ']' || commas < ARRAY_LEAST - 1)
		return false;
	*end = at + 1;
	return true;
}

/* Without comments, blanks and the numbers of spectra; words in quotes stay. */
static void squeeze(struct text *out, const char *text)
{
	while (*text) {
		const char *end = piece_end(text);

		if (strncmp(text, "//", 2) == 0)
			end = text + strcspn(text, "\n");
		else if (is_spectrum(&end, text))
			text_adds(out, "[]");
		else if (!isspace((unsigned char)*text))
			text_add(out, text, (size_t)(end - text));
		text = end;
	}
}

static enum status read_dictionary(struct text *out, struct error *err)
{
	const struct embedded_file *file = embedded_find(DICTIONARY);
	struct text text = {0};

	*out = (struct text){0};
	text_add(&text, file->start, (size_t)(file->end - file->start));
	if (!text_failed(&text))
		squeeze(out, text.data);
	text_clear(&text);
	return text_failed(out) || !out->data ? error_memory(err) : STATUS_OK;
}

/* The room that is left is `most`; *length is 0 where that is not enough. */
static enum status deflate_text(unsigned char *out, size_t *length, size_t most,
				const struct text *text, const struct text *dictionary,
				struct error *err)
{
	z_stream stream = {.next_in = (Bytef *)text->data,
			   .avail_in = (uInt)text->length,
			   .next_out = out,
			   .avail_out = (uInt)most};
	const bool begun =
		deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK;

	if (!begun || deflateSetDictionary(&stream, (const Bytef *)dictionary->data,
					   (uInt)dictionary->length) != Z_OK) {
		deflateEnd(&stream);
		return error_memory(err);
	}
	*length = deflate(&stream, Z_FINISH) == Z_STREAM_END ? most - stream.avail_out : 0;
	deflateEnd(&stream);
	return STATUS_OK;
}

/* *used is how much of `in` the stream is. At most TEXT_MOST bytes come out. */
static enum status inflate_text(struct text *out, size_t *used, const struct compact *compact,
				const struct text *dictionary, const char *path, struct error *err)
{
	char *text = malloc(TEXT_MOST);
	z_stream stream = {.next_in = (Bytef *)compact->rest,
			   .avail_in = (uInt)compact->length,
			   .next_out = (Bytef *)text,
			   .avail_out = TEXT_MOST};
	bool done;

	if (!text || inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
		free(text);
		return error_memory(err);
	}
	done = inflateSetDictionary(&stream, (const Bytef *)dictionary->data,
				    (uInt)dictionary->length) == Z_OK &&
	       inflate(&stream, Z_FINISH) == Z_STREAM_END;
	*used = compact->length - stream.avail_in;
	*out = (struct text){0};
	if (done)
		text_add(out, text, TEXT_MOST - stream.avail_out);
	inflateEnd(&stream);
	free(text);
	if (!done || !out->data || strlen(out->data) != out->length) {
		text_clear(out);
		return error_set(err, STATUS_REFUSED, "%s: its code is damaged", path);
	}
	return STATUS_OK;
}

/* --- what goes into bits ---------------------------------------------------------------------------- */

struct measured {
	struct spectrum *spectrum;
	double *spread_de00; /* of repeats; NULL: there are none */
	int repeats;
};

static struct measured measured_of(struct repeats *repeats)
{
	return (struct measured){&repeats->mean.reflectance, &repeats->spread_de00, repeats->count};
}

/* Every spectrum that was asked with, or seen. */
static int list_spectra(struct measured list[SPECTRA_MOST], struct recipe *recipe)
{
	struct brief *brief = &recipe->brief;
	int count = 0;

	for (int role = 0; role < ROLES; role++)
		if (brief->given[role])
			list[count++] = measured_of(&brief->reading[role]);
	for (int i = 0; i < brief->light_count; i++)
		if (brief->light[i].own)
			list[count++] = (struct measured){&brief->light[i].power, NULL, 1};
	for (int i = 0; i < recipe->seen_count; i++)
		list[count++] = measured_of(&recipe->seen[i].reading);
	return count;
}

static bool put_measured(struct bits *bits, const struct measured *measured)
{
	if (measured->spread_de00)
		bits_put_double(bits, *measured->spread_de00);
	return bits_put_spectrum(bits, measured->spectrum, measured->repeats);
}

static void take_measured(const struct measured *measured, struct bits *bits)
{
	if (measured->spread_de00)
		*measured->spread_de00 = bits_take_double(bits);
	bits_take_spectrum(measured->spectrum, bits, measured->repeats);
}

/* Where the digits of a time stand: 2026-11-23T04:30:00Z. */
#define TIME_FORM "0000-00-00T00:00:00Z"

static void put_time(struct bits *bits, const char *time)
{
	for (int i = 0; TIME_FORM[i]; i++)
		if (TIME_FORM[i] == '0')
			bits_put_digits(bits, time + i, 1);
}

static void take_time(char time[CLOCK_TEXT_SIZE], struct bits *bits)
{
	text_copy(time, CLOCK_TEXT_SIZE, TIME_FORM);
	for (int i = 0; TIME_FORM[i]; i++)
		if (TIME_FORM[i] == '0')
			bits_take_digits(time + i, bits, 1);
	if (!clock_text_valid(time))
		bits->failed = true;
}

/* A slot of digits that may be empty. */
static void put_optional(struct bits *bits, const char *digits, int size)
{
	bits_put(bits, *digits != 0, 1);
	if (*digits)
		bits_put_digits(bits, digits, size - 1);
}

static void take_optional(char *slot, struct bits *bits, int size)
{
	const int count = bits_take(bits, 1) ? size - 1 : 0;

	bits_take_digits(slot, bits, count);
	slot[count] = 0;
}

static bool put_bits(struct bits *bits, struct recipe *recipe)
{
	const struct recipe_source *source = &recipe->source;
	struct measured list[SPECTRA_MOST];
	const int count = list_spectra(list, recipe);

	bits_put_digits(bits, recipe->stamp.id, RANDOM_ID_SIZE - 1);
	put_time(bits, recipe->stamp.made);
	put_optional(bits, recipe->stamp.parent, RECIPE_HASH_SIZE);
	put_optional(bits, source->clinic, RECIPE_CLINIC_SIZE);
	if (*source->clinic) {
		bits_put_digits(bits, source->id, RANDOM_ID_SIZE - 1);
		bits_put(bits, (uint64_t)source->version, VERSION_BITS);
		bits_put_digits(bits, source->hash, RECIPE_HASH_SIZE - 1);
	}
	for (int i = 0; i < count; i++)
		if (!put_measured(bits, &list[i]))
			return false;
	return !bits->failed;
}

static void take_bits(struct recipe *recipe, struct bits *bits)
{
	struct recipe_source *source = &recipe->source;
	struct measured list[SPECTRA_MOST];
	const int count = list_spectra(list, recipe);

	bits_take_digits(recipe->stamp.id, bits, RANDOM_ID_SIZE - 1);
	take_time(recipe->stamp.made, bits);
	take_optional(recipe->stamp.parent, bits, RECIPE_HASH_SIZE);
	take_optional(source->clinic, bits, RECIPE_CLINIC_SIZE);
	if (*source->clinic) {
		bits_take_digits(source->id, bits, RANDOM_ID_SIZE - 1);
		source->version = (int)bits_take(bits, VERSION_BITS);
		bits_take_digits(source->hash, bits, RECIPE_HASH_SIZE - 1);
	}
	for (int i = 0; i < count; i++)
		take_measured(&list[i], bits);
}

/* --- what the line says ----------------------------------------------------------------------------- */

static const struct bottle *line_bottle(const struct pigment_line *line, int index)
{
	return index < 0 ? &line->diluent.bottle : &line->pigment[index].bottle;
}

/* A bottle becomes its number in the line. */
static void forget_bottle(struct recipe_dose *dose, const struct bottle *lines, int number)
{
	struct bottle kept = {.drops_per_ml = USUAL_DROPS_PER_ML};
	const struct bottle *bottle = &dose->bottle;

	snprintf(kept.id, sizeof kept.id, "%d", number);
	text_copy(kept.lot, sizeof kept.lot, strcmp(bottle->lot, lines->lot) ? bottle->lot : SAME);
	text_copy(kept.expiry, sizeof kept.expiry,
		  strcmp(bottle->expiry, lines->expiry) ? bottle->expiry : SAME);
	dose->bottle = kept;
	dose->ml = 0.0;
}

static void recall_bottle(struct recipe_dose *dose, const struct bottle *lines)
{
	struct bottle bottle = *lines;

	if (strcmp(dose->bottle.lot, SAME))
		text_copy(bottle.lot, sizeof bottle.lot, dose->bottle.lot);
	if (strcmp(dose->bottle.expiry, SAME))
		text_copy(bottle.expiry, sizeof bottle.expiry, dose->bottle.expiry);
	dose->bottle = bottle;
}

/* What is left for the text. False where a pigment is not of the line. */
static bool forget(struct recipe *recipe, const struct pigment_line *line)
{
	struct measured list[SPECTRA_MOST];
	const int count = list_spectra(list, recipe);

	for (int i = 0; i < count; i++)
		if (list[i].spread_de00)
			*list[i].spread_de00 = 0.0;
	for (int i = 0; i < recipe->dose_count; i++) {
		const int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		if (index < 0)
			return false;
		forget_bottle(&recipe->dose[i], line_bottle(line, index), index);
	}
	forget_bottle(&recipe->diluent, line_bottle(line, -1), 0);
	memset(&recipe->line, 0, sizeof recipe->line);
	text_copy(recipe->line.name, sizeof recipe->line.name, SAME);
	memset(recipe->stamp.id, '0', RANDOM_ID_SIZE - 1);
	text_copy(recipe->stamp.made, sizeof recipe->stamp.made, "2000-01-01T00:00:00Z");
	*recipe->stamp.parent = *recipe->source.clinic = 0;
	return true;
}

static bool recall(struct recipe *recipe, const struct pigment_line *line)
{
	for (int i = 0; i < recipe->dose_count; i++) {
		int index;

		if (!number_read_integer(&index, recipe->dose[i].bottle.id) || index < 0 ||
		    index >= line->count)
			return false;
		recall_bottle(&recipe->dose[i], line_bottle(line, index));
	}
	recall_bottle(&recipe->diluent, line_bottle(line, -1));
	text_copy(recipe->line.name, sizeof recipe->line.name, line->name);
	text_copy(recipe->line.fingerprint, sizeof recipe->line.fingerprint, line->fingerprint);
	text_copy(recipe->line.notice, sizeof recipe->line.notice, line->notice);
	recipe->line.synthetic = line->synthetic;
	return true;
}

/* --- out -------------------------------------------------------------------------------------------- */

void compact_print_stamp(struct text *payload, const struct recipe_stamp *stamp)
{
	const size_t start = payload->length;

	text_addf(payload, STAMP_HEAD "%s:%d:%s", stamp->id, stamp->version, stamp->hash);
	for (size_t i = start; i < payload->length && !text_failed(payload); i++)
		payload->data[i] = (char)toupper((unsigned char)payload->data[i]);
}

/* The text of what is left, deflated. */
static enum status put_text(unsigned char *byte, size_t *length, size_t most,
			    const struct recipe *left, struct error *err)
{
	struct text text = {0}, squeezed = {0}, dictionary = {0};
	enum status status = recipe_print_unpredicted(&text, left, err);

	if (!status)
		squeeze(&squeezed, text.data);
	if (!status && text_failed(&squeezed))
		status = error_memory(err);
	if (!status)
		status = read_dictionary(&dictionary, err);
	if (!status)
		status = deflate_text(byte, length, most, &squeezed, &dictionary, err);
	text_clear(&dictionary);
	text_clear(&squeezed);
	text_clear(&text);
	return status;
}

/* Hash and line at the head of `byte`. */
static void put_head(unsigned char *byte, const char *hash, const char *fingerprint)
{
	struct bits bits = {.byte = byte, .most = (size_t)8 * (HASH_BYTES + LINE_BYTES)};

	bits_put_digits(&bits, hash, COMPACT_HASH_DIGITS);
	bits_put_digits(&bits, fingerprint, COMPACT_LINE_DIGITS);
}

enum status compact_print(struct text *payload, bool *fits, const struct recipe *recipe,
			  const struct pigment_line *line, const char *hash, struct error *err)
{
	unsigned char byte[COMPACT_MOST] = {0};
	const size_t head = HASH_BYTES + LINE_BYTES;
	struct recipe *left = malloc(sizeof *left);
	struct bits bits;
	size_t text = 0;
	enum status status = left ? STATUS_OK : error_memory(err);

	*fits = false;
	if (!status)
		*left = *recipe;
	if (!status && forget(left, line))
		status = put_text(byte + head, &text, sizeof byte - head, left, err);
	if (!status && text > 0) {
		bits = (struct bits){.byte = byte + head + text,
				     .most = 8 * (sizeof byte - head - text)};
		*left = *recipe;
		*fits = put_bits(&bits, left);
	}
	if (!status && *fits) {
		put_head(byte, hash, line->fingerprint);
		text_adds(payload, WHOLE_HEAD);
		put_base45(payload, byte, head + text + (bits.at + 7) / 8);
	}
	free(left);
	return status;
}

/* --- in --------------------------------------------------------------------------------------------- */

static enum status refuse_payload(const char *path, struct error *err)
{
	return error_set(err, STATUS_REFUSED,
			 "%s: its code is damaged, or is not one that this version of the program "
			 "knows",
			 path);
}

/* `count` hexadecimal capitals and then `end`; returns what is behind them, NULL where it is otherwise. */
static const char *take_digits(char *slot, const char *text, size_t count, char end)
{
	if (strspn(text, "0123456789ABCDEF") != count || text[count] != end)
		return NULL;
	for (size_t i = 0; i < count; i++)
		slot[i] = (char)tolower((unsigned char)text[i]);
	slot[count] = 0;
	return text + count + (end != 0);
}

static bool read_stamp(struct compact *compact, const char *text)
{
	char version[8];
	const char *rest = take_digits(compact->id, text, RANDOM_ID_SIZE - 1, ':');
	size_t length = rest ? strspn(rest, "0123456789") : 0;

	if (length == 0 || length >= sizeof version || rest[length] != ':')
		return false;
	text_copy_bytes(version, sizeof version, rest, length);
	return number_read_integer(&compact->version, version) && compact->version > 0 &&
	       compact->version <= VERSION_MOST &&
	       take_digits(compact->hash, rest + length + 1, RECIPE_HASH_SIZE - 1, 0);
}

static bool read_whole(struct compact *compact, const char *text)
{
	unsigned char byte[COMPACT_MOST];
	struct bits bits = {.byte = byte};
	const size_t head = HASH_BYTES + LINE_BYTES;
	size_t length;

	if (!take_base45(byte, &length, sizeof byte, text) || length <= head)
		return false;
	bits.most = 8 * head;
	bits_take_digits(compact->hash, &bits, COMPACT_HASH_DIGITS);
	bits_take_digits(compact->line, &bits, COMPACT_LINE_DIGITS);
	compact->whole = true;
	compact->length = length - head;
	memcpy(compact->rest, byte + head, compact->length);
	return true;
}

enum status compact_read(struct compact *compact, const char *payload, const char *path,
			 struct error *err)
{
	const size_t head = strlen(STAMP_HEAD);

	*compact = (struct compact){.whole = false};
	if (strncmp(payload, STAMP_HEAD, head) == 0 && read_stamp(compact, payload + head))
		return STATUS_OK;
	if (strncmp(payload, WHOLE_HEAD, head) == 0 && read_whole(compact, payload + head))
		return STATUS_OK;
	return refuse_payload(path, err);
}

enum status compact_recipe(struct recipe *recipe, const struct compact *compact,
			   const struct pigment_line *line, const char *path, struct error *err)
{
	struct text dictionary, text = {0};
	size_t used = 0;
	struct bits bits;
	enum status status = read_dictionary(&dictionary, err);

	if (!status)
		status = inflate_text(&text, &used, compact, &dictionary, path, err);
	text_clear(&dictionary);
	if (!status)
		status = recipe_parse_unpredicted(recipe, &text, path, err);
	text_clear(&text);
	if (status)
		return status;
	bits = (struct bits){.byte = (unsigned char *)compact->rest + used,
			     .most = 8 * (compact->length - used)};
	take_bits(recipe, &bits);
	return bits.failed || bits.most - bits.at >= 8 ||
			       bits_take(&bits, (int)(bits.most - bits.at)) || !recall(recipe, line)
		       ? refuse_payload(path, err)
		       : STATUS_OK;
}

bool compact_is_of(const struct compact *compact, const char *hash)
{
	return strncmp(compact->hash, hash, strlen(compact->hash)) == 0;
}
