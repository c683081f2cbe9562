/* Strangers' bytes before anything is unpacked or believed: packs, heads of bundles, signed files. The packs are made by hand,
 * byte by byte as git's pack format has them, or by git itself. */
#include "support.h"

#include "base/file.h"
#include "exchange/bundle.h"
#include "exchange/pack_check.h"
#include "exchange/signed_recipe.h"
#include "formats/recipe_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char path[64];
static struct repository *repository;
static struct recipe recipe, found;
static struct clinic_key key;
static struct error err;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_of_lab(&recipe);
}

static int set_up(void **state)
{
	if (scratch_make(state) || scratch_key(&key, "clinic.key") ||
	    repository_open(&repository, scratch, true, &err))
		return -1;
	snprintf(path, sizeof path, "%s/file.cfg", scratch);
	return 0;
}

static int tear_down(void **state)
{
	repository_close(repository);
	return scratch_remove(state);
}

/* One line, and nothing in it that moves a cursor. */
static void assert_refused(enum status status, const char *words)
{
	assert_int_equal(status, STATUS_REFUSED);
	assert_true(text_printable(err.message));
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
}

/* --- packs -------------------------------------------------------------------------------------------- */

enum { COMMIT = 1, BLOB = 3, OFFSET_DELTA = 6, NAMED_DELTA = 7, MOST = REPOSITORY_FILE_MOST };

static void put_number(struct text *pack, unsigned long value)
{
	const char bytes[] = {(char)(value >> 24), (char)(value >> 16), (char)(value >> 8),
			      (char)value};

	text_add(pack, bytes, sizeof bytes);
}

static void begin_pack(struct text *pack, unsigned long version, unsigned long count)
{
	*pack = (struct text){0};
	text_adds(pack, "PACK");
	put_number(pack, version);
	put_number(pack, count);
}

/* Seven bits a byte, the least first. */
static void put_varied(struct text *out, unsigned long long value)
{
	do {
		const char byte = (char)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));

		text_add(out, &byte, 1);
	} while (value >>= 7);
}

static void put_object_header(struct text *pack, int kind, unsigned long long size)
{
	const char first = (char)(kind << 4 | (int)(size & 0x0f) | (size > 0x0f ? 0x80 : 0));

	text_add(pack, &first, 1);
	if (size > 0x0f)
		put_varied(pack, size >> 4);
}

static void put_deflated(struct text *pack, const char *bytes, size_t length)
{
	uLongf size = compressBound((uLong)length);
	unsigned char *out = malloc(size);

	assert_non_null(out);
	assert_int_equal(compress2(out, &size, (const unsigned char *)bytes, (uLong)length, 9),
			 Z_OK);
	text_add(pack, (const char *)out, size);
	free(out);
}

static void put_zeros(struct text *pack, size_t count)
{
	char *zeros = calloc(1, count);

	assert_non_null(zeros);
	put_deflated(pack, zeros, count);
	free(zeros);
}

static void put_blob(struct text *pack, const char *bytes)
{
	put_object_header(pack, BLOB, strlen(bytes));
	put_deflated(pack, bytes, strlen(bytes));
}

/* A distance, seven bits a byte, the most first; each byte that is not the last stands for one more than it says. */
static void put_distance(struct text *pack, size_t distance)
{
	char bytes[10];
	int at = sizeof bytes;

	bytes[--at] = (char)(distance & 0x7f);
	while (distance >>= 7)
		bytes[--at] = (char)(0x80 | (--distance & 0x7f));
	text_add(pack, bytes + at, sizeof bytes - (size_t)at);
}

/* Of what stands at `base` in the pack (of one that is not in it, where it is named), with a result of that many bytes: "copy" or
 * nothing follows, nobody looks. */
static void put_delta(struct text *pack, int kind, size_t base, unsigned long long result)
{
	struct text delta = {0};
	const char name[20] = {1};
	const size_t here = pack->length;

	put_varied(&delta, 20);
	put_varied(&delta, result);
	put_object_header(pack, kind, delta.length);
	if (kind == NAMED_DELTA)
		text_add(pack, name, sizeof name);
	else
		put_distance(pack, here - base);
	put_deflated(pack, delta.data, delta.length);
	text_clear(&delta);
}

static void end_pack(struct text *pack)
{
	const char hash[20] = {0}; /* which libgit2 checks, not we */

	text_add(pack, hash, sizeof hash);
}

static void assert_pack_refused(struct text *pack, const char *words)
{
	assert_refused(pack_check(pack->data, pack->length, "x.bundle", &err), words);
	text_clear(pack);
}

static void pack__made_by_hand_is_sound(void **state)
{
	struct text pack;
	size_t hello, delta;

	(void)state;
	begin_pack(&pack, 2, 6);
	put_blob(&pack, "");
	hello = pack.length;
	put_blob(&pack, "hello");
	put_object_header(&pack, BLOB, MOST); /* the most that is allowed */
	put_zeros(&pack, MOST);
	delta = pack.length;
	put_delta(&pack, OFFSET_DELTA, hello, 30);
	put_delta(&pack, OFFSET_DELTA, delta, 30);
	put_delta(&pack, NAMED_DELTA, 0, MOST);
	end_pack(&pack);
	assert_ok(pack_check(pack.data, pack.length, "x", &err), &err);
	/* cut anywhere it is refused, and so are more bytes */
	for (size_t i = 0; i < pack.length; i += i < 200 || i + 100 > pack.length ? 1 : 97)
		assert_refused(pack_check(pack.data, i, "x", &err), "pack");
	text_add(&pack, "x", 1);
	assert_pack_refused(&pack, "does not end where it should");
}

/* Shallow and deep histories, with deltas by offset and by name, as stock git packs them. */
static void pack__made_by_git_is_sound(void **state)
{
	static const char *const words[] = {"--all --stdout", "--all --stdout --delta-base-offset",
					    "--all --stdout --thin --window=50"};
	char command[1024];

	(void)state;
	snprintf(command, sizeof command,
		 "cd %s && export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a "
		 "GIT_COMMITTER_EMAIL=a GIT_CONFIG_GLOBAL=/dev/null && git init -q w && cd w && "
		 "for i in 1 2 3 4 5 6 7 8; do seq $i 3000 >f$i; git add . && git commit -qm $i; "
		 "done && git tag -a -m t t",
		 scratch);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct text pack;
		unsigned deltas = 0;

		snprintf(command, sizeof command,
			 "cd %s/w && git pack-objects -q --revs %s </dev/null >../file.cfg",
			 scratch, words[i]);
		assert_int_equal(system(command), 0);
		assert_ok(file_read(&pack, path, 1 << 24, &err), &err);
		deltas = pack.length < 60000; /* eight files of 14 kB, alike: there are deltas */
		assert_true(deltas);
		assert_ok(pack_check(pack.data, pack.length, "x", &err), &err);
		text_clear(&pack);
	}
}

static void pack__is_refused_for_what_it_is_not(void **state)
{
	struct text pack;

	(void)state;
	begin_pack(&pack, 4, 0);
	end_pack(&pack);
	assert_pack_refused(&pack, "no pack of git's");
	begin_pack(&pack, 2, 0);
	end_pack(&pack);
	*pack.data = 'p';
	assert_pack_refused(&pack, "no pack of git's");
	begin_pack(&pack, 2, 2); /* one is missing */
	put_blob(&pack, "hello");
	end_pack(&pack);
	assert_pack_refused(&pack, "object 2 of the pack");
	begin_pack(&pack, 2, 1); /* one too many */
	put_blob(&pack, "hello");
	put_blob(&pack, "hello");
	end_pack(&pack);
	assert_pack_refused(&pack, "does not end where it should");
	begin_pack(&pack, 2, 0xffffffffUL);
	end_pack(&pack);
	assert_pack_refused(&pack, "4294967295 objects");
	begin_pack(&pack, 2, 1); /* a kind that is none */
	put_object_header(&pack, 5, 5);
	put_deflated(&pack, "hello", 5);
	end_pack(&pack);
	assert_pack_refused(&pack, "is damaged");
	begin_pack(&pack, 2, 1); /* what is deflated is not */
	put_object_header(&pack, BLOB, 5);
	text_adds(&pack, "not deflated at all");
	end_pack(&pack);
	assert_pack_refused(&pack, "not as long as it says");
	assert_refused(pack_check("", 0, "x\033[2J\n", &err), "no pack of git's");
}

static void pack__claims_are_bounded(void **state)
{
	const unsigned long long four_gib = 4ULL << 30;
	struct text pack;

	(void)state;
	begin_pack(&pack, 2, 1);
	put_object_header(&pack, BLOB, four_gib);
	put_deflated(&pack, "hello", 5);
	end_pack(&pack);
	assert_pack_refused(&pack, "larger than a recipe may be");
	begin_pack(&pack, 2, 1);
	put_object_header(&pack, COMMIT, MOST + 1ULL);
	put_zeros(&pack, MOST + 1);
	end_pack(&pack);
	assert_pack_refused(&pack, "larger than a recipe may be");
	for (int kind = OFFSET_DELTA; kind <= NAMED_DELTA; kind++) {
		begin_pack(&pack, 2, 2);
		put_blob(&pack, "hello");
		put_delta(&pack, kind, 12, four_gib); /* behind the head of 12 bytes */
		end_pack(&pack);
		assert_pack_refused(&pack, "becomes larger than a recipe may be");
	}
	begin_pack(&pack, 2, 1); /* 64 bits and more */
	text_add(&pack, "\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 13);
	end_pack(&pack);
	assert_pack_refused(&pack, "is damaged");
	begin_pack(&pack, 2, 1); /* a delta without a result */
	put_object_header(&pack, NAMED_DELTA, 1);
	text_add(&pack, "abcdefghijklmnopqrst", 20);
	put_deflated(&pack, "\x05", 1);
	end_pack(&pack);
	assert_pack_refused(&pack, "is damaged");
}

/* 256 MiB of zeros deflate to a quarter of a MiB; none of it is ever held. */
static void pack__bombs_are_refused(void **state)
{
	struct text pack;

	(void)state;
	begin_pack(&pack, 2, 1);
	put_object_header(&pack, BLOB, 100);
	put_zeros(&pack, 256 << 20);
	end_pack(&pack);
	assert_true(pack.length < 1 << 20);
	assert_pack_refused(&pack, "not as long as it says");
	begin_pack(&pack, 2, 1); /* one byte more than it says */
	put_object_header(&pack, BLOB, 4);
	put_deflated(&pack, "hello", 5);
	end_pack(&pack);
	assert_pack_refused(&pack, "not as long as it says");
	begin_pack(&pack, 2, 1); /* one less */
	put_object_header(&pack, BLOB, 6);
	put_deflated(&pack, "hello", 5);
	end_pack(&pack);
	assert_pack_refused(&pack, "not as long as it says");
	/* a thousand deltas of 30 bytes, each of which becomes 4 MiB: 4 GiB of 30 kB */
	begin_pack(&pack, 2, 1000);
	for (int i = 0; i < 1000; i++)
		put_delta(&pack, NAMED_DELTA, 0, MOST);
	end_pack(&pack);
	assert_true(pack.length < 1 << 16);
	assert_pack_refused(&pack, "swell more than recipes do");
}

/* What a difference is from is an object that came before it, from its first byte on: what stands in the middle of one was not
 * looked at, and libgit2 would take what it says of its size for true. */
static void pack__differences_are_of_objects(void **state)
{
	struct text pack;
	size_t hidden;

	(void)state;
	begin_pack(&pack, 2, 2);
	put_object_header(&pack, BLOB, 6);
	/* a zlib head, and a block as it is: the header of an object of 4 GiB, as the bytes of a sound one */
	text_add(&pack, "\x78\x01\x01\x06\x00\xf9\xff", 7);
	hidden = pack.length;
	put_object_header(&pack, BLOB, 4ULL << 30);
	assert_int_equal(pack.length - hidden, 6);
	put_number(&pack, (unsigned long)adler32(1, (const Bytef *)pack.data + hidden, 6));
	put_delta(&pack, OFFSET_DELTA, hidden, 30);
	end_pack(&pack);
	assert_pack_refused(&pack, "object 2 of the pack is from none before it");
	for (int i = 0; i < 3; i++) { /* of itself, of the pack's head, of far before the pack */
		begin_pack(&pack, 2, 2);
		put_blob(&pack, "hello");
		put_delta(&pack, OFFSET_DELTA,
			  i == 0   ? pack.length
			  : i == 1 ? 0
				   : (size_t)-1000,
			  30);
		end_pack(&pack);
		assert_pack_refused(&pack, "object 2 of the pack is from none before it");
	}
}

/* --- heads of bundles --------------------------------------------------------------------------------- */

#define ID "0123456789abcdef0123456789abcdef"
#define HASH "0123456789abcdef0123456789abcdef01234567"
#define REFERENCE HASH " refs/clinics/" ID "\n"

static enum status take_head(struct offer_list *list, size_t *pack, struct text *head)
{
	enum status status = bundle_take(list, pack, head, "x.bundle", repository, &err);

	text_clear(head);
	return status;
}

static void assert_head_refused(const char *head, const char *words)
{
	struct text text = {0};
	struct offer_list list;
	size_t pack;

	text_adds(&text, head);
	assert_refused(take_head(&list, &pack, &text), words);
	assert_int_equal(list.count, 0);
	assert_null(list.item);
}

static void bundle__head_is_taken(void **state)
{
	static const char *const heads[] = {
		"# v2 git bundle\n" REFERENCE "\nPACK",
		"# v2 git bundle\n" REFERENCE HASH " HEAD\n" HASH " refs/heads/main\n\nPACK",
		"# v3 git bundle\n@object-format=sha1\n" REFERENCE "\nPACK"};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct text text = {0};
		struct offer_list list;
		size_t pack;

		text_adds(&text, heads[i]);
		assert_ok(bundle_take(&list, &pack, &text, "x", repository, &err), &err);
		assert_int_equal(list.count, 1);
		assert_string_equal(list.item[0].commit, HASH);
		assert_string_equal(list.item[0].reference, "refs/clinics/" ID);
		assert_string_equal(text.data + pack, "PACK");
		offer_list_clear(&list);
		text_clear(&text);
	}
}

static void bundle__head_is_refused(void **state)
{
	static const struct {
		const char *head, *words;
	} cases[] = {
		{"", "no git bundle"},
		{"# v2 git bundle", "no git bundle"},
		{"# v1 git bundle\n" REFERENCE "\n", "no git bundle"},
		{"# v4 git bundle\n" REFERENCE "\n", "no git bundle"},
		{"PACK", "no git bundle"},
		{"# v2 git bundle\n" REFERENCE, "no git bundle"}, /* no empty line */
		{"# v2 git bundle\n" REFERENCE REFERENCE "\n", "offered twice"},
		{"# v2 git bundle\n-" HASH " x\n" REFERENCE "\n",
		 "it goes on from commit 0123456789ab, which did not arrive here"},
		{"# v2 git bundle\n-0123\n" REFERENCE "\n", "no git bundle"},
		{"# v2 git bundle\n0123 refs/clinics/" ID "\n\n", "no git bundle"},
		{"# v2 git bundle\n" HASH "\n\n", "no git bundle"},
		{"# v2 git bundle\n" HASH "\trefs/clinics/" ID "\n\n", "no git bundle"},
		{"# v3 git bundle\n@filter=blob:none\n" REFERENCE "\n", "“filter=blob:none”"},
		{"# v3 git bundle\n@object-format=sha256\n" REFERENCE "\n", "is not read"},
		{"# v3 git bundle\n@\033[2J\n" REFERENCE "\n", "is not read"},
		{"# v2 git bundle\n" HASH " refs/heads/main\n\n", "nothing in it was shared"},
		{"# v2 git bundle\n" HASH " refs/clinics/../heads/main\n\n",
		 "nothing in it was shared"},
		{"# v2 git bundle\n" HASH " refs/clinics/" ID "0\n\n", "nothing in it was shared"},
		{"# v2 git bundle\n" HASH " refs/clinics/\033]0;x\007\n\n",
		 "nothing in it was shared"},
		{"# v2 git bundle\n\n", "nothing in it was shared"},
		{"# v2 git bundle\r\n" REFERENCE "\n", "no git bundle"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_head_refused(cases[i].head, cases[i].words);
}

static void bundle__lines_and_references_are_bounded(void **state)
{
	struct text text = {0};
	struct offer_list list;
	size_t pack;

	(void)state;
	text_adds(&text, "# v2 git bundle\n" HASH " refs/heads/");
	for (int i = 0; i < 100000; i++)
		text_adds(&text, "x");
	text_adds(&text, "\n\n");
	assert_refused(take_head(&list, &pack, &text), "no git bundle");
	text_adds(&text, "# v2 git bundle\n" HASH " refs/heads/x");
	text_add(&text, "\0y\n\n", 4);
	assert_refused(take_head(&list, &pack, &text), "no git bundle");
	text_adds(&text, "# v2 git bundle\n");
	for (int i = 0; i < 5000; i++)
		text_addf(&text, HASH " refs/clinics/%032x\n", (unsigned)i);
	text_adds(&text, "\n");
	assert_refused(take_head(&list, &pack, &text), "more than 4096 clinics");
	assert_null(list.item);
}

/* --- signed files ------------------------------------------------------------------------------------- */

static void sign_recipe(struct text *file)
{
	recipe.stamp.version = 1;
	strcpy(recipe.stamp.name, "one");
	strcpy(recipe.stamp.id, "0123456789abcdef");
	assert_ok(signed_recipe_print(file, &recipe, &key, &err), &err);
}

/* Signs what is there as `export` does, for that use. */
static void add_signature(struct text *file, const char *use)
{
	struct text armour = {0};
	char *line, *rest;

	assert_ok(key_sign(&armour, &key, use, file->data, file->length, &err), &err);
	text_adds(file, "signature = (\n");
	for (rest = armour.data; (line = strsep(&rest, "\n")) && *line;)
		text_addf(file, "  \"%s\"%s\n", line, rest && *rest ? "," : "");
	text_adds(file, ");\n");
	text_clear(&armour);
}

static enum status read_signed(const struct text *file)
{
	struct public_key signer;

	return signed_recipe_parse(&found, &signer, file, "x.cfg", &err);
}

static void signed_recipe__reads_back(void **state)
{
	struct text file, once, again, signed_part = {0};
	struct public_key signer;
	char hash[REPOSITORY_HASH_SIZE];

	(void)state;
	sign_recipe(&file);
	assert_ok(file_write(path, file.data, file.length, &err), &err);
	assert_ok(signed_recipe_read(&found, &signer, path, &err), &err);
	assert_memory_equal(&signer, &key.open, sizeof signer);
	assert_ok(recipe_print(&once, &recipe, &err), &err);
	text_add(&signed_part, file.data, once.length);
	assert_string_equal(signed_part.data, once.data);
	assert_ok(repository_hash(hash, &once, &err), &err);
	assert_string_equal(found.stamp.hash, hash);
	assert_ok(recipe_print(&again, &found, &err), &err);
	assert_string_equal(again.data, once.data);
	text_clear(&file);
	text_clear(&once);
	text_clear(&again);
	text_clear(&signed_part);
}

/* Wherever it is, in the signature and around it too: a file is what the clinic wrote, or nothing. */
static void signed_recipe__any_other_byte_is_refused(void **state)
{
	struct text file;
	unsigned long long chance = 7;

	(void)state;
	sign_recipe(&file);
	assert_ok(read_signed(&file), &err);
	for (size_t i = 0; i < file.length; i += i + 600 < file.length ? 37 : 1) {
		const char was = file.data[i];

		file.data[i] = (char)(was ^ (1 << (int)(8 * random_share(&chance))));
		if (read_signed(&file) != STATUS_REFUSED)
			fail_msg("byte %zu of %zu, '%c' to '%c', was taken", i, file.length, was,
				 file.data[i]);
		assert_true(text_printable(err.message));
		file.data[i] = was;
	}
	for (size_t i = 0; i < file.length; i += i + 600 < file.length ? 371 : 1) {
		struct text cut = {0};

		text_add(&cut, file.data, i);
		if (i == 0)
			text_adds(&cut, "");
		if (read_signed(&cut) != STATUS_REFUSED)
			fail_msg("cut at %zu of %zu it was taken", i, file.length);
		text_clear(&cut);
	}
	text_adds(&file, "\n");
	assert_int_equal(read_signed(&file), STATUS_REFUSED);
	text_clear(&file);
}

static void signed_recipe__other_signatures_are_refused(void **state)
{
	struct text file, twice = {0};
	const char *tail;

	(void)state;
	sign_recipe(&file);
	tail = strstr(file.data, "\nsignature =") + 1;
	text_add(&twice, file.data, file.length); /* two of them */
	text_adds(&twice, tail);
	assert_refused(read_signed(&twice), "");
	text_clear(&twice);
	text_add(&twice, file.data, (size_t)(tail - file.data)); /* none */
	assert_refused(read_signed(&twice), "no clinic has signed it");
	/* of a commit: made for another use */
	add_signature(&twice, KEY_FOR_COMMITS);
	assert_refused(read_signed(&twice), "for this use (follitone-recipe)");
	text_clear(&file);
	text_clear(&twice);
}

/* A sound signature of an unsound recipe: the clinic itself is not believed either. */
static void signed_recipe__is_read_as_strictly_as_any(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} cases[] = {{"name = \"one\"", "name = \"\033[2J\"", "control characters"},
		     {"name = \"one\"", "name = \"\\x1b[2J\"", "control characters"},
		     {"\nmix = ", "\n@include \"/etc/passwd\"\nmix = ", "@include"},
		     {"drops = ", "drops = 1", "changed since it was predicted"},
		     {"\nversion = 2", "\nversion = 3", "newer than this program reads"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text sound, bad = {0};
		const char *at;

		recipe.stamp.version = 1;
		strcpy(recipe.stamp.name, "one");
		assert_ok(recipe_print(&sound, &recipe, &err), &err);
		at = strstr(sound.data, cases[i].from);
		assert_non_null(at);
		text_add(&bad, sound.data, (size_t)(at - sound.data));
		text_adds(&bad, cases[i].to);
		text_adds(&bad, at + strlen(cases[i].from));
		add_signature(&bad, KEY_FOR_RECIPES);
		assert_refused(read_signed(&bad), cases[i].words);
		text_clear(&sound);
		text_clear(&bad);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pack__made_by_hand_is_sound),
		CASE(pack__made_by_git_is_sound),
		CASE(pack__is_refused_for_what_it_is_not),
		CASE(pack__claims_are_bounded),
		CASE(pack__bombs_are_refused),
		CASE(pack__differences_are_of_objects),
		CASE(bundle__head_is_taken),
		CASE(bundle__head_is_refused),
		CASE(bundle__lines_and_references_are_bounded),
		CASE(signed_recipe__reads_back),
		CASE(signed_recipe__any_other_byte_is_refused),
		CASE(signed_recipe__other_signatures_are_refused),
		CASE(signed_recipe__is_read_as_strictly_as_any),
	};

	return cmocka_run_group_tests_name("bundle", tests, make_recipe, NULL);
}
