/* What is known of persons: kept for the clinic alone, and gone when it is to be gone. */
#include "support.h"

#include "base/file.h"
#include "store/clients.h"
#include "store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECIPE_A "00112233445566aa"
#define RECIPE_B "00112233445566bb"

static char path[128];
static struct clients *clients;
static struct error err;

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	snprintf(path, sizeof path, "%s/clients.db", scratch);
	return clients_open(&clients, path, true, &err) ? -1 : 0;
}

static int tear_down(void **state)
{
	clients_close(clients);
	return scratch_remove(state);
}

/* True where a file of the folder holds these bytes; by another hand than ours: grep. */
static bool is_on_disk(const char *words)
{
	char command[256];

	snprintf(command, sizeof command, "grep -raqF -- '%s' %s", words, scratch);
	return system(command) == 0;
}

static void fill(const char *code, const char *mark)
{
	char text[64];

	snprintf(text, sizeof text, "keloid behind the ear, %s", mark);
	assert_ok(clients_link(clients, code, RECIPE_A, &err), &err);
	assert_ok(clients_note(clients, code, text, "Crown", &err), &err);
	snprintf(text, sizeof text, "paper file %s", mark);
	assert_ok(clients_consent(clients, code, text, &err), &err);
}

static void assert_refused(enum status status, const char *words)
{
	assert_int_equal(status, STATUS_REFUSED);
	assert_non_null(strstr(err.message, words));
}

static void assert_unknown(const char *code)
{
	struct client client;

	assert_refused(clients_find(&client, clients, code, &err), "nothing is held");
	assert_refused(clients_recipes(&client, clients, code, &err), "nothing is held");
	assert_refused(clients_forget(&client, clients, code, &err), "nothing is held");
}

static void client__is_all_that_was_said_of_it(void **state)
{
	struct client client;

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1795564800", 1); /* date -u -d @1795564800: 2026-11-25 */
	assert_ok(clients_link(clients, "K-17", RECIPE_B, &err), &err);
	fill("K-17", "7781");
	fill("K-17", "7781"); /* the link is there already */
	unsetenv("SOURCE_DATE_EPOCH");
	fill("K-18", "8892");
	assert_ok(clients_note(clients, "K-17", "no zone", NULL, &err), &err);
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_string_equal(client.code, "K-17");
	assert_int_equal(client.links, 2);
	assert_string_equal(client.link[0].recipe, RECIPE_A);
	assert_string_equal(client.link[1].recipe, RECIPE_B);
	assert_int_equal(client.notes, 3);
	assert_string_equal(client.note[0].text, "keloid behind the ear, 7781");
	assert_string_equal(client.note[0].zone, "Crown");
	assert_string_equal(client.note[0].day, "2026-11-25");
	assert_string_equal(client.note[2].zone, "");
	assert_int_equal(client.consents, 2);
	assert_string_equal(client.consent[1].text, "paper file 7781");
	assert_true(client_has(&client, RECIPE_B));
	assert_false(client_has(&client, "00112233445566cc"));
	client_clear(&client);
}

static void clients__are_listed_by_code(void **state)
{
	struct client_count *list;
	size_t count;

	(void)state;
	fill("b", "1");
	fill("B_2", "2");
	assert_ok(clients_note(clients, "a", "only this", NULL, &err), &err);
	assert_ok(clients_list(&list, &count, clients, &err), &err);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].code, "B_2");
	assert_string_equal(list[1].code, "a");
	assert_int_equal(list[1].links, 0);
	assert_int_equal(list[1].notes, 1);
	assert_int_equal(list[2].links, 1);
	assert_int_equal(list[2].consents, 1);
	free(list);
}

static void code__that_is_none_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "K 17", "K/17", "K'17", "Käte", "K\n", "123456789012345678901234567890123"};
	struct client client;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_refused(clients_link(clients, bad[i], RECIPE_A, &err), "a code is 1 to 32");
		assert_refused(clients_note(clients, bad[i], "x", NULL, &err), "a code is 1 to 32");
		assert_refused(clients_consent(clients, bad[i], "x", &err), "a code is 1 to 32");
		assert_refused(clients_find(&client, clients, bad[i], &err), "a code is 1 to 32");
		assert_refused(clients_forget(&client, clients, bad[i], &err), "a code is 1 to 32");
	}
	assert_unknown("K-17");
	assert_ok(clients_note(clients, "12345678901234567890123456789_-Z", "x", NULL, &err), &err);
}

static void note__that_is_no_line_is_refused_and_makes_no_client(void **state)
{
	static char large[CLIENT_TEXT_SIZE + 1];

	(void)state;
	memset(large, 'x', CLIENT_TEXT_SIZE);
	assert_refused(clients_note(clients, "K-17", "", NULL, &err), "note: 0 bytes, 1 to 2000");
	assert_refused(clients_note(clients, "K-17", "a\nb", NULL, &err), "control characters");
	assert_refused(clients_note(clients, "K-17", large, NULL, &err),
		       "note: 2001 bytes, 1 to 2000");
	assert_refused(clients_note(clients, "K-17", "x", "\033", &err), "zone: a line of UTF-8");
	assert_refused(clients_consent(clients, "K-17", "", &err), "consent: 0 bytes, 1 to 2000");
	assert_unknown("K-17");
	large[CLIENT_TEXT_SIZE - 1] = 0;
	assert_ok(clients_note(clients, "K-17", large, NULL, &err), &err);
}

static void file__is_for_its_owner_alone_whatever_the_umask_was(void **state)
{
	struct stat facts;
	mode_t before = umask(0);

	(void)state;
	clients_close(clients);
	assert_int_equal(unlink(path), 0);
	assert_ok(clients_open(&clients, path, true, &err), &err);
	umask(before);
	fill("K-17", "7781");
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
	clients_close(clients);
	assert_int_equal(chmod(path, 0644), 0);
	assert_ok(clients_open(&clients, path, false, &err), &err);
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
}

static void file__that_is_missing_is_one_without_clients(void **state)
{
	struct client_count *list;
	size_t count;

	(void)state;
	clients_close(clients);
	assert_int_equal(unlink(path), 0);
	assert_ok(clients_open(&clients, path, false, &err), &err);
	assert_ok(clients_list(&list, &count, clients, &err), &err);
	assert_int_equal(count, 0);
	free(list);
	assert_unknown("K-17");
	assert_int_not_equal(access(path, F_OK), 0);
}

static void change__leaves_nothing_beside_the_file(void **state)
{
	struct stat facts;
	char journal[160];

	(void)state;
	fill("K-17", "7781");
	assert_true(is_on_disk("7781")); /* else this test, and those below, would see nothing */
	snprintf(journal, sizeof journal, "%s-journal", path);
	if (stat(journal, &facts) == 0)
		assert_int_equal(facts.st_size, 0);
	snprintf(journal, sizeof journal, "%s-wal", path);
	assert_int_not_equal(stat(journal, &facts), 0);
}

static void forget__leaves_nothing_on_the_disk(void **state)
{
	struct client erased;

	(void)state;
	fill("K-17", "7781");
	assert_true(is_on_disk("K-17"));
	assert_true(is_on_disk(RECIPE_A));
	assert_ok(clients_forget(&erased, clients, "K-17", &err), &err);
	assert_int_equal(erased.links, 1);
	assert_int_equal(erased.notes, 1);
	assert_int_equal(erased.consents, 1);
	client_clear(&erased);
	assert_false(is_on_disk("K-17"));
	assert_false(is_on_disk("7781"));
	assert_false(is_on_disk("keloid"));
	assert_false(is_on_disk("Crown"));
	assert_false(is_on_disk(RECIPE_A));
	assert_unknown("K-17");
	fill("K-17", "9903"); /* the file is as good as before */
}

/* Pages split, join and move between; each client's words are one of a kind. */
static void forget_half(int longest)
{
	const size_t notes = longest ? 8 : 4;
	struct client erased, other;
	char code[16], mark[16], text[CLIENT_TEXT_SIZE];

	for (int round = 0; round < 4; round++)
		for (int i = 0; i < 60; i++) {
			snprintf(code, sizeof code, "Q%03dQ", i);
			snprintf(mark, sizeof mark, "<%03d>", i);
			fill(code, mark);
			if (longest == 0)
				continue;
			snprintf(text, sizeof text, "%*s", 1 + (i * 997 + round * 31) % longest,
				 mark);
			assert_ok(clients_note(clients, code, text, NULL, &err), &err);
		}
	for (int i = 0; i < 60; i += 2) {
		snprintf(code, sizeof code, "Q%03dQ", (i * 7) % 60);
		snprintf(mark, sizeof mark, "<%03d>", (i * 7) % 60);
		assert_ok(clients_forget(&erased, clients, code, &err), &err);
		assert_int_equal(erased.notes, notes);
		client_clear(&erased);
		assert_false(is_on_disk(code));
		assert_false(is_on_disk(mark));
	}
	for (int i = 1; i < 60; i += 2) {
		snprintf(code, sizeof code, "Q%03dQ", i);
		assert_ok(clients_find(&other, clients, code, &err), &err);
		assert_int_equal(other.links, 1);
		assert_int_equal(other.notes, notes);
		assert_int_equal(other.consents, 4);
		client_clear(&other);
	}
}

static void forget__of_many_leaves_the_others_whole(void **state)
{
	(void)state;
	forget_half(0);
}

static void forget__of_many_with_long_notes_leaves_the_others_whole(void **state)
{
	(void)state;
	forget_half(2000);
}

/* What a search for words could not tell apart. */
static void forget__is_proved_for_codes_and_notes_that_others_have_too(void **state)
{
	struct client erased, other;

	(void)state;
	fill("e", "7781");
	fill("ee", "7781");
	assert_ok(clients_forget(&erased, clients, "e", &err), &err);
	client_clear(&erased);
	assert_ok(clients_find(&other, clients, "ee", &err), &err);
	assert_string_equal(other.note[0].text, "keloid behind the ear, 7781");
	client_clear(&other);
}

static void forget__says_where_another_clients_note_names_the_code(void **state)
{
	struct client erased;

	(void)state;
	fill("K-17", "7781");
	assert_ok(clients_note(clients, "K-18", "brother of K-170", NULL, &err), &err);
	assert_ok(clients_note(clients, "K-19", "brother of K-17, same skin", NULL, &err), &err);
	assert_refused(clients_forget(&erased, clients, "K-17", &err),
		       "erased, but a note or consent of K-19 names that code");
	assert_unknown("K-17");
	assert_false(is_on_disk("7781"));
}

static void forget__lets_another_process_in_afterwards(void **state)
{
	struct client erased;
	struct clients *second;

	(void)state;
	fill("K-17", "7781");
	fill("K-18", "8892");
	assert_ok(clients_open(&second, path, true, &err), &err);
	assert_ok(clients_forget(&erased, clients, "K-17", &err), &err);
	client_clear(&erased);
	assert_ok(clients_note(second, "K-18", "later", NULL, &err), &err);
	assert_ok(clients_forget(&erased, second, "K-18", &err), &err);
	client_clear(&erased);
	assert_unknown("K-18");
	clients_close(second);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void key__is_made_once_and_goes_with_its_client(void **state)
{
	char key[CLIENT_KEY_SIZE], again[CLIENT_KEY_SIZE], other[CLIENT_KEY_SIZE];
	struct client client;

	(void)state;
	fill("K-17", "7781");
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_string_equal(client.key, "");
	client_clear(&client);
	assert_ok(clients_key(key, clients, "K-17", &err), &err);
	assert_int_equal(strlen(key), 64); /* 32 bytes */
	assert_ok(clients_key(again, clients, "K-17", &err), &err);
	assert_string_equal(again, key);
	assert_ok(clients_key(other, clients, "K-18", &err), &err);
	assert_string_not_equal(other, key);
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_string_equal(client.key, key);
	client_clear(&client);
	assert_true(is_on_disk(key));
	assert_ok(clients_forget(&client, clients, "K-17", &err), &err);
	client_clear(&client);
	assert_false(is_on_disk(key));
	assert_true(is_on_disk(other));
	assert_ok(clients_key(again, clients, "K-17", &err), &err);
	assert_string_not_equal(again, key);
}

static void owners__of_a_recipe_come_with_their_keys(void **state)
{
	char key[CLIENT_KEY_SIZE];
	struct client_owner *owner;
	size_t count;

	(void)state;
	assert_ok(clients_link(clients, "K-18", RECIPE_A, &err), &err);
	assert_ok(clients_link(clients, "K-17", RECIPE_A, &err), &err);
	assert_ok(clients_link(clients, "K-19", RECIPE_B, &err), &err);
	assert_ok(clients_key(key, clients, "K-17", &err), &err);
	assert_ok(clients_owners(&owner, &count, clients, RECIPE_A, &err), &err);
	assert_int_equal(count, 2);
	assert_string_equal(owner[0].code, "K-17");
	assert_string_equal(owner[0].key, key);
	assert_string_equal(owner[1].code, "K-18");
	assert_string_equal(owner[1].key, "");
	free(owner);
	assert_ok(clients_owners(&owner, &count, clients, "00112233445566cc", &err), &err);
	assert_int_equal(count, 0);
	free(owner);
}

/* Such as the program made it before there were keys. */
static void file__from_before_there_were_keys_gets_them(void **state)
{
	char key[CLIENT_KEY_SIZE];
	struct client client;
	struct sql *sql;

	(void)state;
	fill("K-17", "7781");
	clients_close(clients);
	assert_ok(sql_open_private(&sql, path, "", 1, &err), &err);
	assert_ok(sql_run(sql, &err, "DROP TABLE secret", ""), &err);
	sql_close(sql);
	assert_ok(clients_open(&clients, path, true, &err), &err);
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_int_equal(client.notes, 1);
	client_clear(&client);
	assert_ok(clients_key(key, clients, "K-17", &err), &err);
	assert_ok(clients_forget(&client, clients, "K-17", &err), &err);
	client_clear(&client);
	assert_false(is_on_disk(key));
}

/* --- erasing one thing ------------------------------------------------------------------------ */

static void unlink__leaves_nothing_of_the_link_on_the_disk(void **state)
{
	struct client client;

	(void)state;
	fill("K-17", "7781");
	assert_ok(clients_link(clients, "K-17", RECIPE_B, &err), &err);
	assert_true(is_on_disk(RECIPE_A));
	assert_ok(clients_unlink(clients, "K-17", RECIPE_A, &err), &err);
	assert_false(is_on_disk(RECIPE_A));
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_int_equal(client.links, 1);
	assert_string_equal(client.link[0].recipe, RECIPE_B);
	assert_int_equal(client.notes, 1);
	client_clear(&client);
	assert_refused(clients_unlink(clients, "K-17", RECIPE_A, &err), "is not linked to it");
	assert_refused(clients_unlink(clients, "K-18", RECIPE_A, &err), "nothing is held");
}

static void drop__erases_the_entry_of_that_number_and_no_other(void **state)
{
	struct client client;

	(void)state;
	fill("K-18", "8892");
	fill("K-17", "7781");
	assert_ok(clients_note(clients, "K-17", "second note", NULL, &err), &err);
	assert_ok(clients_note(clients, "K-17", "third note", NULL, &err), &err);
	assert_ok(clients_consent(clients, "K-17", "second paper", &err), &err);
	assert_refused(clients_drop(clients, CLIENT_NOTE, "K-17", 4, &err), "there is no note 4");
	assert_refused(clients_drop(clients, CLIENT_NOTE, "K-17", 0, &err), "there is no note 0");
	assert_refused(clients_drop(clients, CLIENT_CONSENT, "K-17", 3, &err),
		       "there is no consent 3");
	assert_refused(clients_drop(clients, CLIENT_NOTE, "K-19", 1, &err), "nothing is held");
	assert_ok(clients_drop(clients, CLIENT_NOTE, "K-17", 2, &err), &err);
	assert_false(is_on_disk("second note"));
	assert_ok(clients_drop(clients, CLIENT_CONSENT, "K-17", 1, &err), &err);
	assert_false(is_on_disk("paper file 7781"));
	assert_ok(clients_find(&client, clients, "K-17", &err), &err);
	assert_int_equal(client.notes, 2);
	assert_string_equal(client.note[0].text, "keloid behind the ear, 7781");
	assert_string_equal(client.note[1].text, "third note");
	assert_int_equal(client.consents, 1);
	assert_string_equal(client.consent[0].text, "second paper");
	client_clear(&client);
	assert_true(is_on_disk("paper file 8892"));
}

static void drop__lets_another_process_in_afterwards(void **state)
{
	struct clients *second;

	(void)state;
	fill("K-17", "7781");
	assert_ok(clients_open(&second, path, true, &err), &err);
	assert_ok(clients_drop(clients, CLIENT_NOTE, "K-17", 1, &err), &err);
	assert_ok(clients_note(second, "K-17", "later", NULL, &err), &err);
	clients_close(second);
}

/* --- the proof itself ------------------------------------------------------------------------- */

static void write_at(const char *name, long at, const char *words)
{
	FILE *file = fopen(name, at < 0 ? "w" : "r+");

	assert_non_null(file);
	if (at > 0)
		fseek(file, at, SEEK_SET);
	fwrite(words, 1, strlen(words), file);
	fclose(file);
}

/* Words in the unused middle of a page, where SQLite never looks: what a deletion without overwriting leaves. */
static void proof__finds_remains_in_the_file_and_forget_clears_them(void **state)
{
	struct client erased;

	(void)state;
	fill("K-17", "7781");
	fill("K-18", "8892");
	assert_ok(clients_forget(&erased, clients, "K-18", &err), &err); /* makes pages anew */
	client_clear(&erased);
	assert_ok(sql_prove(path, &err), &err);
	clients_close(clients);
	write_at(path, 4096 + 2000, "K-18 was here");
	assert_true(is_on_disk("K-18 was here"));
	assert_refused(sql_prove(path, &err), "still holds something that was erased");
	assert_ok(clients_open(&clients, path, true, &err), &err);
	assert_ok(clients_forget(&erased, clients, "K-17", &err), &err);
	client_clear(&erased);
	assert_false(is_on_disk("K-18 was here"));
}

static void proof__finds_remains_beside_the_file(void **state)
{
	static const char *const ending[] = {"-journal", "-wal", "-shm"};
	char beside[160];

	(void)state;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		snprintf(beside, sizeof beside, "%s%s", path, ending[i]);
		write_at(beside, -1, "K-17");
		assert_refused(sql_prove(path, &err), ending[i]);
		assert_int_equal(unlink(beside), 0);
	}
	fill("K-17", "7781");
	write_at(path, -1, "no database at all, whatever its name says, and long enough to be one");
	assert_refused(sql_prove(path, &err), "not to be proved");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(client__is_all_that_was_said_of_it),
		CASE(clients__are_listed_by_code),
		CASE(code__that_is_none_is_refused),
		CASE(note__that_is_no_line_is_refused_and_makes_no_client),
		CASE(file__is_for_its_owner_alone_whatever_the_umask_was),
		CASE(file__that_is_missing_is_one_without_clients),
		CASE(change__leaves_nothing_beside_the_file),
		CASE(forget__leaves_nothing_on_the_disk),
		CASE(forget__of_many_leaves_the_others_whole),
		CASE(forget__of_many_with_long_notes_leaves_the_others_whole),
		CASE(forget__is_proved_for_codes_and_notes_that_others_have_too),
		CASE(forget__says_where_another_clients_note_names_the_code),
		CASE(forget__lets_another_process_in_afterwards),
		CASE(key__is_made_once_and_goes_with_its_client),
		CASE(owners__of_a_recipe_come_with_their_keys),
		CASE(file__from_before_there_were_keys_gets_them),
		CASE(unlink__leaves_nothing_of_the_link_on_the_disk),
		CASE(drop__erases_the_entry_of_that_number_and_no_other),
		CASE(drop__lets_another_process_in_afterwards),
		CASE(proof__finds_remains_in_the_file_and_forget_clears_them),
		CASE(proof__finds_remains_beside_the_file),
	};

	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
