/* A recipe as a code holds it: the same recipe back, and nothing of a stranger's that breaks in. */
#include "support.h"

#include "app/exchange.h"
#include "base/digest.h"
#include "base/embedded.h"
#include "base/file.h"
#include "formats/bits.h"
#include "formats/compact.h"
#include "formats/pigment_file.h"
#include "formats/recipe_file.h"
#include "report/card.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define HASH "0123456789abcdef0123456789abcdef01234567"

static struct recipe recipe, again;
static struct pigment_line line;
static struct compact compact;
static struct text payload;
static struct error err;

static int set_up(void **state)
{
	payload = (struct text){0};
	return scratch_make(state) || make_recipe_in_skin(&recipe) ||
	       pigment_line_read(&line, "example", &err);
}

static int tear_down(void **state)
{
	text_clear(&payload);
	pigment_line_clear(&line);
	return scratch_remove(state);
}

/* --- spectra ------------------------------------------------------------------------------------ */

static unsigned char byte[8192];

static void assert_spectrum_returns(const struct spectrum *spectrum, int repeats, size_t bits_most)
{
	struct bits out = {.byte = byte, .most = 8 * sizeof byte}, in;
	struct spectrum back = {.grid = spectrum->grid};

	assert_true(bits_put_spectrum(&out, spectrum, repeats));
	assert_true(out.at <= bits_most);
	in = (struct bits){.byte = byte, .most = out.at};
	bits_take_spectrum(&back, &in, repeats);
	assert_false(in.failed);
	assert_int_equal(in.at, out.at);
	assert_memory_equal(back.value, spectrum->value,
			    (size_t)spectrum->grid.count * sizeof(double));
}

/* Sixteen times 0.5 are 5 of one decimal: 1 + 4 + 1 + 2 + 6 bits say how, 5 folds to 10, of 4 bits, with its length in 6, and fifteen
 * differences of 0 have one bit each: 39. */
static void spectrum__that_is_flat__takes_a_bit_a_value(void **state)
{
	struct spectrum flat = {.grid = {400.0, 10.0, 16}};

	(void)state;
	for (int i = 0; i < 16; i++)
		flat.value[i] = 0.5;
	assert_spectrum_returns(&flat, 1, 39);
}

/* Readings of four decimals, and their means as they are computed, of one to nine. */
static void spectrum__made_up__comes_back_to_the_same_bits(void **state)
{
	unsigned long long seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct spectrum mean = {.grid = {380.0, 10.0, 36}};
		const int repeats = 1 + round % 9;

		for (int i = 0; i < 36; i++) {
			for (int k = 0; k < repeats; k++)
				mean.value[i] += floor(1e4 * random_share(&seed)) / 1e4;
			mean.value[i] /= (double)repeats;
		}
		/* 14 bits for a number, and what the last bit of a mean costs */
		assert_spectrum_returns(&mean, repeats, (size_t)(14 + 36 * 24));
	}
}

static void spectrum__of_all_digits__is_said_not_to_fit(void **state)
{
	struct spectrum odd = {.grid = {400.0, 10.0, 31}};
	struct bits out = {.byte = byte, .most = 8 * sizeof byte};

	(void)state;
	for (int i = 0; i < 31; i++)
		odd.value[i] = sqrt(0.001 * (i + 2)); /* irrational: 17 digits */
	assert_false(bits_put_spectrum(&out, &odd, 1));
}

/* --- codes -------------------------------------------------------------------------------------- */

/* An instrument's spectrum of 31 bands and four decimals in place of what is there, made up. */
static void make_reading(struct repeats *repeats, unsigned long long *seed)
{
	struct spectrum *spectrum = &repeats->mean.reflectance;
	double value = 0.1 + 0.3 * random_share(seed);

	spectrum->grid = (struct grid){400.0, 10.0, 31};
	for (int i = 0; i < 31; i++) {
		value = fmin(fmax(value + 0.02 * (random_share(seed) - 0.4), 0.01), 0.99);
		spectrum->value[i] = floor(1e4 * value + 0.5) / 1e4;
	}
	text_copy(repeats->mean.conditions.origin, sizeof repeats->mean.conditions.origin, "");
	text_copy(repeats->mean.conditions.instrument, sizeof repeats->mean.conditions.instrument,
		  "");
}

static void make_up(unsigned long long *seed)
{
	make_reading(&recipe.brief.reading[ROLE_SKIN], seed);
	make_reading(&recipe.brief.reading[ROLE_HAIR], seed);
	recipe.note_count = 0;
	recipe.diluent.drops = (int)(60.0 * random_share(seed));
	for (int i = 0; i < recipe.dose_count; i++)
		recipe.dose[i].drops = 1 + (int)(20.0 * random_share(seed));
	recipe.stamp.version = (int)(9.0 * random_share(seed));
	text_copy(recipe.stamp.parent, sizeof recipe.stamp.parent,
		  recipe.stamp.version > 1 ? HASH : "");
	text_copy(recipe.dose[0].bottle.lot, sizeof recipe.dose[0].bottle.lot,
		  random_share(seed) < 0.5 ? "L-77" : line.pigment[0].bottle.lot);
}

/* What is asked, as text; the ml of a dose follow from its drops when it is predicted. */
static void print_asked(struct text *out, struct recipe *asked)
{
	for (int i = 0; i < asked->dose_count; i++)
		asked->dose[i].ml = 0.0;
	asked->diluent.ml = 0.0;
	assert_ok(recipe_print_unpredicted(out, asked, &err), &err);
}

static enum status take_payload(const char *words)
{
	return compact_read(&compact, words, "code.png", &err) || !compact.whole ||
			       compact_recipe(&again, &compact, &line, "code.png", &err)
		       ? STATUS_REFUSED
		       : STATUS_OK;
}

static void recipe__made_up__is_held_whole(void **state)
{
	unsigned long long seed = 3;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct text before, after;
		bool fits;

		make_up(&seed);
		text_clear(&payload);
		assert_ok(compact_print(&payload, &fits, &recipe, &line, HASH, &err), &err);
		assert_true(fits);
		assert_true(strspn(payload.data, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") ==
			    payload.length);
		assert_true(payload.length <= 366); /* ISO/IEC 18004, version 11, level M */
		assert_ok(take_payload(payload.data), &err);
		assert_true(again.edited);
		assert_true(compact_is_of(&compact, HASH));
		assert_false(compact_is_of(&compact, "f" HASH));
		print_asked(&before, &recipe);
		print_asked(&after, &again);
		assert_string_equal(after.data, before.data);
		text_clear(&before);
		text_clear(&after);
	}
}

/* A recipe that was never kept; that it comes back to the byte app_code() has tried. */
static void recipe__of_a_lab__has_a_code_though_it_is_not_kept(void **state)
{
	(void)state;
	assert_int_equal(make_recipe_of_lab(&recipe), 0);
	assert_ok(app_code(&payload, &recipe, &err), &err);
	assert_non_null(payload.data);
	assert_memory_equal(payload.data, "FOLLITONE:2:", 12);
}

/* One that says what its line does not is not the same when it comes back. */
static void recipe__that_would_come_back_otherwise__goes_by_its_stamp(void **state)
{
	(void)state;
	assert_int_equal(make_recipe_of_lab(&recipe), 0);
	text_copy(recipe.dose[0].bottle.name, sizeof recipe.dose[0].bottle.name, "Another name");
	assert_ok(app_code(&payload, &recipe, &err), &err);
	assert_null(payload.data);
	text_copy(recipe.stamp.id, sizeof recipe.stamp.id, "00ff00ff00ff00ff");
	text_copy(recipe.stamp.hash, sizeof recipe.stamp.hash, HASH);
	recipe.stamp.version = 12;
	assert_ok(app_code(&payload, &recipe, &err), &err);
	assert_string_equal(payload.data, "FOLLITONE:1:00FF00FF00FF00FF:12:"
					  "0123456789ABCDEF0123456789ABCDEF01234567");
	assert_ok(compact_read(&compact, payload.data, "code.png", &err), &err);
	assert_false(compact.whole);
	assert_string_equal(compact.id, recipe.stamp.id);
	assert_string_equal(compact.hash, recipe.stamp.hash);
	assert_int_equal(compact.version, 12);
}

/* RFC 9285, 4.3: "AB" is "BB8". Eleven of them are 16 bytes of hash, 4 of line and 2 more. */
static void code__is_base45(void **state)
{
	(void)state;
	assert_ok(compact_read(&compact, "FOLLITONE:2:BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8",
			       "code.png", &err),
		  &err);
	assert_string_equal(compact.hash, "41424142414241424142414241424142");
	assert_string_equal(compact.line, "41424142");
	assert_int_equal(compact.length, 2);
}

/* --- strangers' --------------------------------------------------------------------------------- */

static void code__of_another_kind__is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"FOLLITONE:",
		"FOLLITONE:2:",
		"FOLLITONE:3:BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8",
		"FOLLITONE:2:bb8BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8",
		"FOLLITONE:2:BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8BB8B",
		"FOLLITONE:2:::::::::::::::::::::::::::::::::::::::",
		"FOLLITONE:1:00FF00FF00FF00FF:0:0123456789ABCDEF0123456789ABCDEF01234567",
		"FOLLITONE:1:00FF00FF00FF00FF:1000001:0123456789ABCDEF0123456789ABCDEF01234567",
		"FOLLITONE:1:00FF00FF00FF00FF:-1:0123456789ABCDEF0123456789ABCDEF01234567",
		"FOLLITONE:1:00FF00FF00FF00F:1:0123456789ABCDEF0123456789ABCDEF01234567",
		"FOLLITONE:1:00FF00FF00FF00FF:1:0123456789ABCDEF0123456789ABCDEF012345678",
		"FOLLITONE:1:00FF00FF00FF00FF:1:0123456789ABCDEF0123456789ABCDEF0123456\033",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(compact_read(&compact, wrong[i], "code.png", &err),
				 STATUS_REFUSED);
		assert_non_null(strstr(err.message, "code.png: its code is damaged"));
		assert_null(strchr(err.message, '\033'));
	}
}

static void code__of_too_many_bytes__is_refused(void **state)
{
	(void)state;
	text_adds(&payload, "FOLLITONE:2:");
	for (int i = 0; i < 4000; i++)
		text_adds(&payload, "BB8");
	assert_int_equal(compact_read(&compact, payload.data, "code.png", &err), STATUS_REFUSED);
}

/* As long as it was or shorter, each letter another: it is refused, or is said to be of something else. */
static void code__that_is_damaged__is_never_the_recipe(void **state)
{
	unsigned long long seed = 5;
	struct text whole, found;
	bool fits;
	int refused = 0, other = 0, same = 0;

	(void)state;
	make_up(&seed);
	assert_ok(compact_print(&payload, &fits, &recipe, &line, HASH, &err), &err);
	assert_true(fits);
	print_asked(&whole, &recipe);
	for (size_t i = 0; i < 2 * payload.length; i++) {
		const size_t at = i / 2;
		const char kept = payload.data[at];

		payload.data[at] = i % 2 ? 0 : kept == '7' ? '3' : '7';
		if (take_payload(payload.data)) {
			refused++;
		} else {
			print_asked(&found, &again);
			if (strcmp(found.data, whole.data) == 0 && compact_is_of(&compact, HASH) &&
			    strncmp(compact.line, line.fingerprint, COMPACT_LINE_DIGITS) == 0)
				same++;
			else
				other++;
			text_clear(&found);
		}
		payload.data[at] = kept;
	}
	/* a deflate stream ends within a byte, and what fills that means nothing */
	assert_true(refused > 0 && other > 0 && same <= 1);
	text_clear(&whole);
}

/* A whole form of another hash, drawn on a card and scanned. */
static void code__of_another_hash__is_refused(void **state)
{
	char picture[64];
	struct card card = {.recipe = &recipe, .paper = PAPER_A5, .cup_ml = CUP_USUAL_ML};
	struct text png, file;
	struct notes notes = {0};
	bool whole;

	(void)state;
	snprintf(picture, sizeof picture, "%s/code.png", scratch);
	assert_int_equal(make_recipe_of_lab(&recipe), 0);
	assert_ok(app_code(&payload, &recipe, &err), &err);
	for (int wrong = 0; wrong < 2; wrong++) {
		struct app_import_request request = {.qr = picture};

		if (wrong) /* in the first 24 letters, 16 bytes */
			payload.data[13] = payload.data[13] == '7' ? '3' : '7';
		card.code = payload.data;
		assert_ok(cards_draw(&png, &card, 1, PICTURE_PNG, &notes, &err), &err);
		assert_ok(file_write(picture, png.data, png.length, &err), &err);
		text_clear(&png);
		if (!wrong) {
			assert_ok(app_code_take(&again, &file, &whole, &request, &notes, &err),
				  &err);
			assert_true(whole);
			text_clear(&file);
			continue;
		}
		assert_int_equal(app_code_take(&again, &file, &whole, &request, &notes, &err),
				 STATUS_REFUSED);
		assert_non_null(strstr(err.message, "is not the file that it was made of"));
		assert_null(file.data);
	}
	notes_clear(&notes);
}

/* RFC 9285, written a second time. */
static void add_base45(struct text *out, const unsigned char *bytes, size_t length)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

	for (size_t i = 0; i + 1 < length; i += 2) {
		const unsigned n = 256u * bytes[i] + bytes[i + 1];

		text_addf(out, "%c%c%c", alphabet[n % 45], alphabet[n / 45 % 45],
			  alphabet[n / 2025]);
	}
}

/* 180,000 bytes that deflate to some 200. */
static void code__that_inflates_without_end__is_refused(void **state)
{
	const size_t size = 180000;
	unsigned char *blanks = malloc(size), small[COMPACT_MOST] = {0};
	z_stream stream = {.next_in = blanks,
			   .avail_in = (uInt)size,
			   .next_out = small + 20,
			   .avail_out = sizeof small - 20};

	(void)state;
	memset(blanks, ' ', size);
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	text_adds(&payload, "FOLLITONE:2:");
	add_base45(&payload, small, (20 + stream.total_out + 1) / 2 * 2);
	deflateEnd(&stream);
	free(blanks);
	assert_ok(compact_read(&compact, payload.data, "code.png", &err), &err);
	assert_int_equal(compact_recipe(&again, &compact, &line, "code.png", &err), STATUS_REFUSED);
	assert_string_equal(err.message, "code.png: its code is damaged");
}

/* Cards that were printed with it are to be read in years: sha256sum profiles/codes/2.cfg. */
static void dictionary__is_never_changed(void **state)
{
	const struct embedded_file *file = embedded_find("codes/2.cfg");
	char digest[DIGEST_SIZE];

	(void)state;
	assert_non_null(file);
	digest_sha256(digest, file->start, (size_t)(file->end - file->start));
	assert_string_equal(digest,
			    "3a79a74d14d19f0b5ac29b4f7d46375ad39d1fee894e6d1563353cbd5e1f7823");
}

#define test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(spectrum__that_is_flat__takes_a_bit_a_value),
		test(spectrum__made_up__comes_back_to_the_same_bits),
		test(spectrum__of_all_digits__is_said_not_to_fit),
		test(recipe__made_up__is_held_whole),
		test(recipe__of_a_lab__has_a_code_though_it_is_not_kept),
		test(recipe__that_would_come_back_otherwise__goes_by_its_stamp),
		test(code__is_base45),
		test(code__of_another_kind__is_refused),
		test(code__of_too_many_bytes__is_refused),
		test(code__that_is_damaged__is_never_the_recipe),
		test(code__of_another_hash__is_refused),
		test(code__that_inflates_without_end__is_refused),
		test(dictionary__is_never_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
