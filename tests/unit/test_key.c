/* Keys and signatures. That stock ssh-keygen and git take them is tested in tests/cli/store.bats. */
#include "support.h"

#include "store/key.h"
#include "store/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];
static struct clinic_key key;
static struct error err;

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	snprintf(path, sizeof path, "%s/clinic.key", scratch);
	return scratch_key(&key, "clinic.key");
}

/* The example that is printed with the list: E58294F2 is "topmost Istanbul Pluto vagabond". */
static void words__are_those_of_the_published_example(void **state)
{
	static const unsigned char bytes[] = {0xE5, 0x82, 0x94, 0xF2};
	char words[64];

	(void)state;
	words_of_bytes(words, sizeof words, bytes, sizeof bytes);
	assert_string_equal(words, "topmost Istanbul Pluto vagabond");
}

static void words__are_512_different_ones_that_fit(void **state)
{
	char all[512][WORD_MOST * 2];

	(void)state;
	for (int i = 0; i < 512; i++) {
		unsigned char bytes[2] = {0, (unsigned char)(i / 2)};

		if (i % 2)
			bytes[0] = bytes[1];
		words_of_bytes(all[i], sizeof all[i], bytes, i % 2 ? 1 : 2);
		assert_true(strlen(strrchr(all[i], ' ') ? strrchr(all[i], ' ') + 1 : all[i]) <
			    WORD_MOST);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(all[i], all[j]);
	}
}

static void key__is_its_owners_alone_and_not_made_twice(void **state)
{
	struct clinic_key other;
	struct stat facts;

	(void)state;
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 0777, 0600);
	assert_int_equal(key_make(path, &err), STATUS_REFUSED);
	assert_ok(key_read(&other, path, &err), &err);
	assert_memory_equal(&other, &key, sizeof key);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(key_read(&other, path, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "others may read"));
}

static void key__is_read_back_from_its_line(void **state)
{
	struct public_key read;
	struct text line = {0};

	(void)state;
	key_print(&line, &key.open);
	assert_ok(key_parse(&read, line.data, &err), &err);
	assert_memory_equal(&read, &key.open, sizeof read);
	line.data[line.length - 1] = 0;
	assert_int_equal(key_parse(&read, line.data, &err), STATUS_REFUSED);
	assert_int_equal(key_parse(&read, "ssh-rsa AAAA", &err), STATUS_REFUSED);
	text_clear(&line);
}

/* Every byte of the file counts, but for the comment and the check numbers, which say nothing. */
static void key__is_refused_where_its_file_is_damaged(void **state)
{
	struct clinic_key other;
	char bytes[1024];
	FILE *file = fopen(path, "r");
	size_t length = fread(bytes, 1, sizeof bytes, file);
	int refused = 0, same = 0;

	(void)state;
	fclose(file);
	for (size_t i = 0; i < length; i++) {
		char kept = bytes[i];

		bytes[i] = kept == 'A' ? 'B' : 'A';
		file = fopen(path, "w");
		fwrite(bytes, 1, length, file);
		fclose(file);
		if (key_read(&other, path, &err))
			refused++;
		else
			same += memcmp(&other.open, &key.open, sizeof other.open) == 0;
		bytes[i] = kept;
	}
	assert_true(refused > 300);
	assert_int_equal(refused + same, length);
}

static void signature__fits_its_bytes_alone(void **state)
{
	static const char bytes[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
	struct public_key signer;
	struct text signature = {0};
	char changed[sizeof bytes];

	(void)state;
	assert_ok(key_sign(&signature, &key, KEY_FOR_COMMITS, bytes, sizeof bytes, &err), &err);
	assert_ok(key_check(&signer, &signature, KEY_FOR_COMMITS, bytes, sizeof bytes, &err), &err);
	assert_memory_equal(&signer, &key.open, sizeof signer);
	memcpy(changed, bytes, sizeof bytes);
	changed[7] ^= 1;
	assert_int_equal(
		key_check(&signer, &signature, KEY_FOR_COMMITS, changed, sizeof bytes, &err),
		STATUS_REFUSED);
	assert_int_equal(
		key_check(&signer, &signature, KEY_FOR_COMMITS, bytes, sizeof bytes - 1, &err),
		STATUS_REFUSED);
	text_clear(&signature);
}

/* No byte of a signature may be changed, and none be left out or added. */
static void signature__is_refused_where_it_is_damaged(void **state)
{
	static const char bytes[] = "what was signed";
	struct public_key signer;
	struct text signature = {0}, shorter;
	int taken = 0;

	(void)state;
	assert_ok(key_sign(&signature, &key, KEY_FOR_COMMITS, bytes, sizeof bytes, &err), &err);
	for (size_t i = 0; i < signature.length; i++) {
		char kept = signature.data[i];

		signature.data[i] = kept == 'A' ? 'B' : 'A';
		taken += key_check(&signer, &signature, KEY_FOR_COMMITS, bytes, sizeof bytes,
				   &err) == STATUS_OK &&
			 memcmp(&signer, &key.open, sizeof signer) == 0;
		signature.data[i] = kept;
		shorter = signature;
		shorter.length = i;
		if (i + 1 < signature.length)
			assert_int_equal(key_check(&signer, &shorter, KEY_FOR_COMMITS, bytes,
						   sizeof bytes, &err),
					 STATUS_REFUSED);
	}
	assert_int_equal(taken, 0);
	text_clear(&signature);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words__are_those_of_the_published_example),
		cmocka_unit_test(words__are_512_different_ones_that_fit),
		CASE(key__is_its_owners_alone_and_not_made_twice),
		CASE(key__is_read_back_from_its_line),
		CASE(key__is_refused_where_its_file_is_damaged),
		CASE(signature__fits_its_bytes_alone),
		CASE(signature__is_refused_where_it_is_damaged),
	};

	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
