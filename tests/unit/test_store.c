/* The store: what is saved is there, unchanged, in a repository that git itself finds sound. */
#include "support.h"

#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/follitone-store-XXXXXX";
static char store_folder[64];
static struct recipe recipe, found;
static struct error err;
static struct notes notes;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_of_lab(&recipe);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store_folder, sizeof store_folder, "%s/store", folder);
	recipe.stamp.version = 0;
	strcpy(recipe.stamp.name, "one");
	strcpy(recipe.stamp.id, "0123456789abcdef");
	recipe.stamp.parent[0] = 0;
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static struct store *open_store(void)
{
	struct store *store;

	assert_ok(store_open(&store, store_folder, true, &err), &err);
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
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	assert_true(saved);
	assert_int_equal(recipe.stamp.version, 1);
	assert_string_equal(recipe.stamp.parent, "");
	strcpy(first_hash, recipe.stamp.hash);
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	assert_false(saved); /* the same again changes nothing */
	recipe.diluent.drops += 1;
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	assert_true(saved);
	assert_int_equal(recipe.stamp.version, 2);
	assert_string_equal(recipe.stamp.parent, first_hash);
	assert_ok(store_find(&found, &kept, store, "one@1", &err), &err);
	assert_string_equal(found.stamp.hash, first_hash);
	assert_int_equal(found.diluent.drops, recipe.diluent.drops - 1);
	text_clear(&kept);
	assert_ok(store_find(&found, NULL, store, "0123", &err), &err);
	assert_int_equal(found.stamp.version, 2);
	assert_ok(store_list(&list, store, true, &notes, &err), &err);
	assert_int_equal(list.count, 2);
	recipe_stamp_list_clear(&list);
	assert_ok(store_list(&list, store, false, &notes, &err), &err);
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
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	old = recipe;
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	old.diluent.drops += 5;
	assert_ok(store_save(&saved, store, &old, &err), &err);
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
	assert_int_equal(store_open(&store, store_folder, false, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "there is no recipe store"));
	assert_null(store);
	store = open_store();
	recipe.stamp.version = 3;
	assert_int_equal(store_save(&saved, store, &recipe, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "the store has 0 versions"));
	assert_int_equal(store_find(&found, NULL, store, "one", &err), STATUS_REFUSED);
	recipe.stamp.version = 0;
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	assert_int_equal(store_find(&found, NULL, store, "one@2", &err), STATUS_REFUSED);
	assert_int_equal(store_find(&found, NULL, store, "one@x", &err), STATUS_REFUSED);
	recipe.stamp.version = 0;
	strcpy(recipe.stamp.id, "0123456789abcdee");
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
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
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	snprintf(path, sizeof path, "%s/recipes.git/refs/heads/main.lock", store_folder);
	fclose(fopen(path, "w"));
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	assert_int_equal(access(path, F_OK), -1);
	store_close(store);
}

static void save_many(int writer)
{
	struct store *store;
	bool saved;

	if (store_open(&store, store_folder, true, &err))
		_exit(1);
	for (int i = 0; i < 10; i++) {
		snprintf(recipe.stamp.id, sizeof recipe.stamp.id, "%015d%x", i, writer);
		recipe.stamp.version = 0;
		if (store_save(&saved, store, &recipe, &err) || !saved)
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
	assert_ok(store_list(&list, store, true, &notes, &err), &err);
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
	snprintf(path, sizeof path, "%s/.gitconfig", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("[core]\n\tcompression = broken\n[init]\n\tdefaultBranch = other\n[user]\n\tname = "
	      "Nobody\n",
	      file);
	fclose(file);
	setenv("HOME", folder, 1);
	store = open_store();
	assert_ok(store_save(&saved, store, &recipe, &err), &err);
	store_close(store);
	setenv("HOME", "/nowhere", 1);
	assert_int_equal(git("rev-parse refs/heads/main"), 0);
	assert_int_not_equal(git("log --format=%an main | grep Nobody"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(store__keeps_every_version),
		CASE(store__an_edit_of_an_old_version_names_it_as_parent),
		CASE(store__refusals),
		CASE(store__clears_a_stale_lock),
		CASE(store__four_writers_lose_nothing),
		CASE(store__ignores_the_users_git_configuration),
	};

	return cmocka_run_group_tests_name("store", tests, make_recipe, NULL);
}
