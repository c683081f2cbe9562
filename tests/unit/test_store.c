/* The store: what is saved is there, unchanged, in a repository that git itself finds sound. */
#include "support.h"

#include "store/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char store_folder[64];
static struct recipe recipe, found;
static struct clinic_key key;
static const struct index_filter all = {.all = true}, newest;
static struct error err;
static struct notes notes;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_of_lab(&recipe);
}

static int set_up(void **state)
{
	if (scratch_make(state) || scratch_key(&key, "clinic.key"))
		return -1;
	snprintf(store_folder, sizeof store_folder, "%s/store", scratch);
	recipe.stamp.version = 0;
	strcpy(recipe.stamp.name, "one");
	strcpy(recipe.stamp.id, "0123456789abcdef");
	recipe.stamp.parent[0] = 0;
	return 0;
}

static struct store *open_store(void)
{
	struct store *store;

	assert_ok(store_open(&store, store_folder, &key.open, true, &err), &err);
	return store;
}

static int git(const char *words)
{
	char command[256];

	snprintf(command, sizeof command, "git --git-dir=%s/recipes.git %s >/dev/null 2>&1",
		 store_folder, words);
	return system(command);
}

static void store__keeps_every_version(void **state)
{
	struct store *store = open_store();
	struct recipe_stamp_list list;
	struct text kept;
	char first_hash[RECIPE_HASH_SIZE];
	bool saved;

	(void)state;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_true(saved);
	assert_int_equal(recipe.stamp.version, 1);
	assert_string_equal(recipe.stamp.parent, "");
	strcpy(first_hash, recipe.stamp.hash);
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_false(saved); /* the same again changes nothing */
	recipe.diluent.drops += 1;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_true(saved);
	assert_int_equal(recipe.stamp.version, 2);
	assert_string_equal(recipe.stamp.parent, first_hash);
	assert_ok(store_find(&found, &kept, store, "one@1", &err), &err);
	assert_string_equal(found.stamp.hash, first_hash);
	assert_int_equal(found.diluent.drops, recipe.diluent.drops - 1);
	text_clear(&kept);
	assert_ok(store_find(&found, NULL, store, "0123", &err), &err);
	assert_int_equal(found.stamp.version, 2);
	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	assert_int_equal(list.count, 2);
	recipe_stamp_list_clear(&list);
	assert_ok(store_list(&list, store, &newest, &notes, &err), &err);
	assert_int_equal(list.count, 1);
	recipe_stamp_list_clear(&list);
	store_close(store);
	assert_int_equal(git("fsck --strict"), 0);
	assert_int_equal(git("log --oneline main"), 0);
}

/* A version made from an old one names that old one. */
static void store__an_edit_of_an_old_version_names_it_as_parent(void **state)
{
	struct store *store = open_store();
	struct recipe old;
	bool saved;

	(void)state;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	old = recipe;
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	old.diluent.drops += 5;
	assert_ok(store_save(&saved, store, &old, &key, &err), &err);
	assert_int_equal(old.stamp.version, 3);
	assert_ok(store_find(&found, NULL, store, "one@1", &err), &err);
	assert_string_equal(old.stamp.parent, found.stamp.hash);
	store_close(store);
}

static void store__refusals(void **state)
{
	struct store *store;
	bool saved;

	(void)state;
	assert_int_equal(store_open(&store, store_folder, NULL, false, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "there is no recipe store"));
	assert_null(store);
	store = open_store();
	recipe.stamp.version = 3;
	assert_int_equal(store_save(&saved, store, &recipe, &key, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "the store has 0 versions"));
	assert_int_equal(store_find(&found, NULL, store, "one", &err), STATUS_REFUSED);
	recipe.stamp.version = 0;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_int_equal(store_find(&found, NULL, store, "one@2", &err), STATUS_REFUSED);
	assert_int_equal(store_find(&found, NULL, store, "one@x", &err), STATUS_REFUSED);
	recipe.stamp.version = 0;
	strcpy(recipe.stamp.id, "0123456789abcdee");
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_int_equal(store_find(&found, NULL, store, "one", &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "2 recipes of that name"));
	store_close(store);
}

/* A writer that was killed while it moved the ref leaves main.lock behind. */
static void store__clears_a_stale_lock(void **state)
{
	struct store *store = open_store();
	char path[128];
	bool saved;

	(void)state;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	snprintf(path, sizeof path, "%s/recipes.git/refs/heads/main.lock", store_folder);
	fclose(fopen(path, "w"));
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_int_equal(access(path, F_OK), -1);
	store_close(store);
}

static void save_many(int writer)
{
	struct store *store;
	bool saved;

	if (store_open(&store, store_folder, &key.open, true, &err))
		_exit(1);
	for (int i = 0; i < 10; i++) {
		snprintf(recipe.stamp.id, sizeof recipe.stamp.id, "%015d%x", i, writer);
		recipe.stamp.version = 0;
		if (store_save(&saved, store, &recipe, &key, &err) || !saved)
			_exit(1);
	}
	store_close(store);
	_exit(0);
}

static void store__four_writers_lose_nothing(void **state)
{
	struct recipe_stamp_list list;
	struct store *store;

	(void)state;
	for (int writer = 0; writer < 4; writer++)
		if (fork() == 0)
			save_many(writer);
	for (int writer = 0; writer < 4; writer++) {
		int status;

		wait(&status);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	store = open_store();
	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	assert_int_equal(list.count, 40);
	recipe_stamp_list_clear(&list);
	store_close(store);
	assert_int_equal(git("fsck --strict"), 0);
}

/* The user's own git configuration must not reach the store: this one would sign and rename. */
static void store__ignores_the_users_git_configuration(void **state)
{
	char path[128];
	struct store *store;
	FILE *file;
	bool saved;

	(void)state;
	snprintf(path, sizeof path, "%s/.gitconfig", scratch);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("[core]\n\tcompression = broken\n[init]\n\tdefaultBranch = other\n[user]\n\tname = "
	      "Nobody\n",
	      file);
	fclose(file);
	setenv("HOME", scratch, 1);
	store = open_store();
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	store_close(store);
	setenv("HOME", "/nowhere", 1);
	assert_int_equal(git("rev-parse refs/heads/main"), 0);
	assert_int_not_equal(git("log --format=%an main | grep Nobody"), 0);
}

/* --- many at once ---------------------------------------------------------------------------------- */

enum { MANY = 40 };

/* Recipe i of many; the last is a later version of the first. `data`: an int, which of them is to be refused. */
static enum status supply(struct recipe *out, int i, void *data, struct error *error)
{
	const int *refused = data;

	*out = recipe;
	snprintf(out->stamp.id, sizeof out->stamp.id, "%016x", i == MANY - 1 ? 1 : i + 1);
	snprintf(out->stamp.name, sizeof out->stamp.name, "recipe %d", i == MANY - 1 ? 0 : i);
	out->stamp.version = i == MANY - 1;
	out->diluent.drops += i;
	if (refused && *refused == i)
		out->stamp.version = 7;
	(void)error;
	return STATUS_OK;
}

static int count_versions(struct store *store)
{
	struct recipe_stamp_list list;
	int count;

	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	count = (int)list.count;
	recipe_stamp_list_clear(&list);
	return count;
}

static void save_all__is_one_commit_and_one_pack_that_git_finds_sound(void **state)
{
	struct store_saved saved[MANY];
	struct store *store = open_store();
	struct store_check check;

	(void)state;
	assert_ok(store_save_all(saved, MANY, store, supply, NULL, &key, &err), &err);
	for (int i = 0; i < MANY; i++)
		assert_true(saved[i].saved && saved[i].stamp.verified);
	assert_int_equal(saved[MANY - 1].stamp.version, 2);
	assert_string_equal(saved[MANY - 1].stamp.parent, saved[0].stamp.hash);
	assert_int_equal(count_versions(store), MANY);
	assert_int_equal(git("fsck --strict"), 0);
	assert_int_equal(git("log --oneline main | wc -l | grep -qx 1"), 0);
	assert_int_equal(git("count-objects -v | grep -qx 'packs: 1'"), 0);
	assert_int_equal(git("count-objects -v | grep -qx 'count: 0'"), 0);
	assert_ok(store_verify(&check, store, &err), &err);
	assert_int_equal(check.faults.count, 0);
	assert_int_equal(check.with, 1);
	/* the same again changes nothing, and makes no commit */
	assert_ok(store_save_all(saved, MANY - 1, store, supply, NULL, &key, &err), &err);
	assert_true(saved[0].saved); /* its newest version is another one by now */
	for (int i = 1; i < MANY - 1; i++)
		assert_false(saved[i].saved);
	store_close(store);
}

static void save_all__saves_none_where_one_is_refused(void **state)
{
	struct store_saved saved[MANY];
	struct store *store = open_store();
	int refused[] = {0, 20, MANY - 1};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		for (int count = refused[i] < 5 ? 5 : MANY; count <= MANY; count += MANY - 5) {
			assert_int_equal(store_save_all(saved, count, store, supply, &refused[i],
							&key, &err),
					 STATUS_REFUSED);
			assert_non_null(strstr(err.message, "“recipe "));
			for (int k = 0; k < count; k++)
				assert_false(saved[k].saved);
			assert_int_equal(count_versions(store), 0);
			assert_int_not_equal(git("rev-parse -q --verify main"), 0);
			assert_int_equal(git("count-objects -v | grep -qx 'packs: 0'"), 0);
		}
	store_close(store);
}

/* Apart from commits and the second at which each was made. */
static void save_all__comes_to_the_same_as_saving_one_by_one(void **state)
{
	static struct store_saved together[MANY];
	struct store *store = open_store();
	bool saved;

	(void)state;
	assert_ok(store_save_all(together, MANY, store, supply, NULL, &key, &err), &err);
	store_close(store);
	strcpy(store_folder + strlen(store_folder), "-2");
	store = open_store();
	for (int i = 0; i < MANY; i++) {
		supply(&found, i, NULL, &err);
		assert_ok(store_save(&saved, store, &found, &key, &err), &err);
		assert_true(saved);
		assert_int_equal(found.stamp.version, together[i].stamp.version);
		assert_string_equal(found.stamp.id, together[i].stamp.id);
		assert_string_equal(found.stamp.name, together[i].stamp.name);
		assert_int_equal(!*found.stamp.parent, !*together[i].stamp.parent);
	}
	assert_int_equal(count_versions(store), MANY);
	store_close(store);
}

static pid_t begin_importer(int report, int round)
{
	static struct store_saved saved[MANY];
	pid_t writer = fork();
	struct store *store;
	const char done = 'x';

	if (writer)
		return writer;
	if (store_open(&store, store_folder, &key.open, true, &err))
		_exit(1);
	for (int i = 0;; i++) {
		recipe.diluent.drops = 1 + round * 97 % 5000 + i; /* another version of each */
		if (store_save_all(saved, MANY, store, supply, NULL, &key, &err) ||
		    write(report, &done, 1) != 1)
			_exit(1);
	}
}

/* Each save of many that was reported is there; of the one that was killed all or nothing. */
static void save_all__is_there_whole_or_not_at_all_when_killed(void **state)
{
	struct store *store = open_store();
	static struct store_saved saved[MANY];
	unsigned long long chance = 3;
	double start = clock_monotonic_seconds(), within;
	struct store_check check;
	int report[2], reported = 0, commits;
	char command[256], done;

	(void)state;
	assert_ok(store_save_all(saved, MANY, store, supply, NULL, &key, &err), &err);
	store_close(store);
	within = 10 * (clock_monotonic_seconds() -
		       start); /* of what the first takes here, now; later ones read more */
	assert_int_equal(pipe(report), 0);
	for (int i = 0; i < 30; i++) {
		pid_t writer = begin_importer(report[1], i);
		int status;

		usleep((useconds_t)(1e6 * within * random_share(&chance)));
		kill(writer, SIGKILL);
		waitpid(writer, &status, 0);
		assert_true(WIFSIGNALED(status));
	}
	close(report[1]);
	while (read(report[0], &done, 1) == 1)
		reported++;
	close(report[0]);
	store = open_store();
	assert_ok(store_verify(&check, store, &err), &err);
	assert_int_equal(check.faults.count, 0);
	commits = (int)check.commits;
	print_message("30 kills; %d saves of many were reported, %d commits are there\n", reported,
		      commits);
	assert_true(reported > 0 && commits >= reported);
	assert_int_equal(git("fsck --strict"), 0);
	recipe.diluent.drops = 6000;
	assert_ok(store_save_all((struct store_saved[MANY]){{.saved = false}}, MANY, store, supply,
				 NULL, &key, &err),
		  &err);
	store_close(store);
	snprintf(command, sizeof command, "! ls %s/recipes.git/objects/pack | grep -v '^pack-'",
		 store_folder);
	assert_int_equal(system(command), 0); /* what was not finished is gone */
	recipe.diluent.drops = 10;
}

/* --- killed in the middle -------------------------------------------------------------------------- */

enum { WRITERS = 4, KILLS = 200, ID = RANDOM_ID_SIZE - 1 };

/* Saves until it is killed, and reports each id once its save has returned. */
static pid_t begin_writer(int report)
{
	pid_t writer = fork();
	struct store *store;
	bool saved;

	if (writer)
		return writer;
	if (store_open(&store, store_folder, &key.open, true, &err))
		_exit(1);
	for (;;) {
		recipe.stamp.version = 0;
		if (random_id(recipe.stamp.id, &err) ||
		    store_save(&saved, store, &recipe, &key, &err) ||
		    write(report, recipe.stamp.id, ID) != ID)
			_exit(1);
	}
}

/* Killed at random within so long, most have a save behind them and one before them, on a busy machine too: as long as all of them need for
 * two. */
static double kill_within_seconds(void)
{
	const double start = clock_monotonic_seconds();
	enum { TRIES = 4 };
	bool saved;

	for (int i = 0; i < TRIES; i++) {
		struct store *store = open_store();

		recipe.stamp.version = 0;
		assert_ok(random_id(recipe.stamp.id, &err), &err);
		assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
		store_close(store);
	}
	return 2 * WRITERS * (clock_monotonic_seconds() - start) / TRIES;
}

static int kill_writers(int report)
{
	const double within = kill_within_seconds();
	unsigned long long chance = 1;
	pid_t writer[WRITERS];
	int ended_badly = 0;

	for (int i = 0; i < WRITERS; i++)
		writer[i] = begin_writer(report);
	for (int i = 0; i < KILLS + WRITERS; i++) {
		int which = i % WRITERS, status;

		usleep((useconds_t)(1e6 * within * random_share(&chance)));
		kill(writer[which], SIGKILL);
		waitpid(writer[which], &status, 0);
		ended_badly += !WIFSIGNALED(status);
		if (i < KILLS)
			writer[which] = begin_writer(report);
	}
	return ended_badly;
}

static bool is_listed(const struct recipe_stamp_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (memcmp(list->item[i].id, id, ID) == 0)
			return true;
	return false;
}

static void store__loses_nothing_to_kills(void **state)
{
	struct store *store = open_store(); /* the repository is there before the first kill */
	struct recipe_stamp_list list;
	struct store_check check;
	char id[ID], command[128];
	int report[2], reported = 0;
	bool saved;

	(void)state;
	store_close(store);
	assert_int_equal(pipe(report), 0);
	assert_int_equal(fcntl(report[1], F_SETPIPE_SZ, 1 << 20) > 0, 1);
	assert_int_equal(kill_writers(report[1]), 0);
	close(report[1]);
	store = open_store();
	recipe.stamp.version = 0;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err); /* no lock stays */
	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	for (; read(report[0], id, ID) == ID; reported++)
		assert_true(is_listed(&list, id));
	close(report[0]);
	print_message("%d kills; %d saves were reported, %zu versions are there\n", KILLS, reported,
		      list.count);
	assert_true(reported > KILLS / 10);
	recipe_stamp_list_clear(&list);
	assert_ok(store_verify(&check, store, &err), &err);
	assert_int_equal(check.faults.count, 0);
	store_close(store);
	assert_int_equal(git("fsck --strict"), 0);
	snprintf(command, sizeof command, "! find %s/recipes.git/refs -name '*.lock' | grep -q .",
		 store_folder);
	assert_int_equal(system(command), 0);
}

/* --- what verify finds ----------------------------------------------------------------------------- */

static void assert_fault(const char *words)
{
	struct store *store = open_store();
	struct store_check check;
	bool named = false;

	assert_ok(store_verify(&check, store, &err), &err);
	store_close(store);
	for (size_t i = 0; i < check.faults.count; i++)
		named = named || strstr(check.faults.line[i], words);
	if (!named)
		print_message("no “%s” among %zu faults\n", words, check.faults.count);
	assert_true(named);
	notes_clear(&check.faults);
}

/* A commit by git itself, without a signature, of the tree that the words make of the index. */
static void commit_by_git(const char *words)
{
	char command[1024];

	snprintf(
		command, sizeof command,
		"cd %s/recipes.git && export GIT_DIR=. GIT_INDEX_FILE=i GIT_AUTHOR_NAME=a "
		"GIT_AUTHOR_EMAIL=a "
		"GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a && git read-tree main && file=$(git "
		"ls-files | "
		"head -n 1) && blob=$(echo x | git hash-object -w --stdin) && %s && git update-ref "
		"refs/heads/main $(git commit-tree -m x -p main $(git write-tree))",
		store_folder, words);
	assert_int_equal(system(command), 0);
}

static void save_two(void)
{
	struct store *store = open_store();
	bool saved;

	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_true(recipe.stamp.verified);
	store_close(store);
}

static void verify__finds_a_version_that_was_changed(void **state)
{
	(void)state;
	save_two();
	commit_by_git("git update-index --cacheinfo 100644,$blob,$file");
	assert_fault("changes or removes");
	assert_fault("no signature");
}

/* A signature would stand for what was changed too. */
static void save__puts_nothing_on_top_of_what_was_changed(void **state)
{
	struct store *store;
	bool saved;

	(void)state;
	save_two();
	commit_by_git("git update-index --cacheinfo 100644,$blob,$file");
	store = open_store();
	recipe.stamp.version = 0;
	strcpy(recipe.stamp.id, "0123456789abcdee");
	assert_int_equal(store_save(&saved, store, &recipe, &key, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "changed by another program"));
	store_close(store);
}

/* In a store without signatures, where nothing else would refuse: a stray file makes two versions of one. */
static void save__refuses_where_a_version_is_missing(void **state)
{
	struct store *store = open_store();
	bool saved;

	(void)state;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	store_close(store);
	commit_by_git(
		"git update-index --add --cacheinfo 100644,$(git rev-parse main:$file),$(dirname "
		"$file)/01.cfg && git update-ref refs/heads/main $(git commit-tree -m x $(git "
		"write-tree))");
	store = open_store();
	recipe.diluent.drops++;
	assert_int_equal(store_save(&saved, store, &recipe, &key, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "version 2 of 0123456789abcdef is missing"));
	store_close(store);
}

static void verify__finds_a_version_that_was_removed(void **state)
{
	(void)state;
	save_two();
	commit_by_git("echo 0 $(printf %040d 0) $file | sed 's/ \\([^ ]*\\)$/\\t\\1/' | git "
		      "update-index --index-info");
	assert_fault("changes or removes");
	assert_fault("an older version is missing");
	assert_fault("is no older version of it");
}

static void verify__finds_a_file_that_is_no_recipe(void **state)
{
	(void)state;
	save_two();
	commit_by_git("git update-index --add --cacheinfo 100644,$blob,recipes/x.cfg");
	assert_fault("x.cfg is not a recipe's file");
}

static void verify__finds_a_file_in_another_ones_place(void **state)
{
	(void)state;
	save_two();
	commit_by_git("git update-index --add --cacheinfo 100644,$(git rev-parse main:$file),"
		      "recipes/ff/ffffffffffffffff/1.cfg");
	assert_fault("says that it is version 1 of 0123456789abcdef");
}

static void verify__finds_another_key(void **state)
{
	struct clinic_key own = key;
	struct recipe_stamp_list list;
	struct store *store;

	(void)state;
	assert_int_equal(scratch_key(&key, "other.key"), 0);
	save_two();
	key = own;
	assert_fault("signed with another key");
	store = open_store();
	assert_ok(store_list(&list, store, &newest, &notes, &err), &err);
	assert_false(list.item[0].verified);
	recipe_stamp_list_clear(&list);
	store_close(store);
}

/* Versions from before there were signatures are the oldest; those on top of them are signed. */
static void verify__takes_old_commits_without_a_signature(void **state)
{
	struct store *store;
	struct store_check check;
	bool saved;

	(void)state;
	save_two();
	commit_by_git(
		"true && git update-ref refs/heads/main $(git commit-tree -m x $(git write-tree))");
	store = open_store();
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_ok(store_verify(&check, store, &err), &err);
	assert_int_equal(check.faults.count, 0);
	assert_int_equal(check.without, 2);
	assert_int_equal(check.with, 1);
	store_close(store);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(store__keeps_every_version),
		CASE(store__an_edit_of_an_old_version_names_it_as_parent),
		CASE(store__refusals),
		CASE(store__clears_a_stale_lock),
		CASE(store__four_writers_lose_nothing),
		CASE(store__loses_nothing_to_kills),
		CASE(save_all__is_one_commit_and_one_pack_that_git_finds_sound),
		CASE(save_all__saves_none_where_one_is_refused),
		CASE(save_all__comes_to_the_same_as_saving_one_by_one),
		CASE(save_all__is_there_whole_or_not_at_all_when_killed),
		CASE(verify__finds_a_version_that_was_changed),
		CASE(save__puts_nothing_on_top_of_what_was_changed),
		CASE(save__refuses_where_a_version_is_missing),
		CASE(verify__finds_a_version_that_was_removed),
		CASE(verify__finds_a_file_that_is_no_recipe),
		CASE(verify__finds_a_file_in_another_ones_place),
		CASE(verify__finds_another_key),
		CASE(verify__takes_old_commits_without_a_signature),
		CASE(store__ignores_the_users_git_configuration),
	};

	return cmocka_run_group_tests_name("store", tests, make_recipe, NULL);
}
