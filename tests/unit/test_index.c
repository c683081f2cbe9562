/* The index: it answers for the repository, whatever becomes of its file. */
#include "support.h"

#include "base/file.h"
#include "formats/recipe_file.h"
#include "match/session.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char store_folder[64], file[128];
static struct recipe recipe, pristine;
static struct clinic_key key;
static struct store *store;
static struct notes notes;
static struct error err;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_of_lab(&pristine);
}

static int set_up(void **state)
{
	if (scratch_make(state) || scratch_key(&key, "clinic.key"))
		return -1;
	snprintf(store_folder, sizeof store_folder, "%s/store", scratch);
	snprintf(file, sizeof file, "%s/index-3.db", store_folder);
	recipe = pristine;
	recipe.stamp.version = 0;
	for (int i = 0; i < recipe.dose_count; i++)
		*recipe.dose[i].bottle.lot = 0;
	*recipe.diluent.bottle.lot = 0;
	return store_open(&store, store_folder, &key.open, true, &err) ? -1 : 0;
}

static int tear_down(void **state)
{
	store_close(store);
	notes_clear(&notes);
	return scratch_remove(state);
}

static void reopen(void)
{
	store_close(store);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
}

/* A recipe of its own, of that name and with that lot of its first bottle. */
static void save(const char *name, const char *lot)
{
	bool saved;

	recipe.stamp.version = 0;
	assert_ok(random_id(recipe.stamp.id, &err), &err);
	text_copy(recipe.stamp.name, sizeof recipe.stamp.name, name);
	text_copy(recipe.dose[0].bottle.lot, sizeof recipe.dose[0].bottle.lot, lot);
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_true(saved);
}

static void assert_listed(const struct index_filter *filter, size_t count, const char *name)
{
	struct recipe_stamp_list list;

	assert_ok(store_list(&list, store, filter, &notes, &err), &err);
	assert_int_equal(list.count, count);
	if (name)
		assert_string_equal(list.item[0].name, name);
	for (size_t i = 0; i < list.count; i++)
		assert_true(list.item[i].verified);
	recipe_stamp_list_clear(&list);
}

static const struct index_filter newest, all = {.all = true};

static void index__reads_on_after_each_save(void **state)
{
	bool saved;

	(void)state;
	assert_listed(&newest, 0, NULL);
	save("one", "");
	assert_listed(&newest, 1, "one");
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_listed(&newest, 1, "one");
	assert_listed(&all, 2, "one");
	assert_int_equal(access(file, F_OK), 0);
}

static void damage(long from, long to)
{
	FILE *open = fopen(file, "r+");

	assert_non_null(open);
	fseek(open, from, SEEK_SET);
	for (long i = from; i < to; i++)
		fputc(0x55, open);
	fclose(open);
}

static void index__is_made_anew_where_it_is_gone_or_damaged(void **state)
{
	static const char junk[] =
		"this is no database, whatever its name says, and long enough to be one";

	(void)state;
	save("one", "");
	save("two", "");
	assert_listed(&newest, 2, NULL);
	assert_int_equal(unlink(file), 0);
	reopen();
	assert_listed(&newest, 2, NULL);
	store_close(store);
	assert_ok(file_write(file, junk, sizeof junk, &err), &err);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	assert_listed(&newest, 2, NULL);
	store_close(store);
	damage(8192, 30000); /* its header is sound: found when it is asked */
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	assert_listed(&all, 2, NULL);
	assert_listed(&(struct index_filter){.text = "two"}, 1, "two");
	store_close(store);
	assert_int_equal(truncate(file, 5000), 0);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	assert_listed(&newest, 2, NULL);
}

static void index__of_another_version_is_made_anew(void **state)
{
	char command[256];

	(void)state;
	save("one", "");
	assert_listed(&newest, 1, NULL);
	store_close(store);
	snprintf(command, sizeof command,
		 "printf '\\0\\0\\0\\77' | dd of=%s bs=1 seek=60 conv=notrunc 2>/dev/null",
		 file); /* user_version: bytes 60 to 63 of the file's header */
	assert_int_equal(system(command), 0);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	assert_listed(&newest, 1, "one");
}

/* A folder stands in the file's place: nothing can be written there. */
static void index__is_in_memory_where_it_cannot_be_written(void **state)
{
	(void)state;
	save("one", "");
	assert_int_equal(mkdir(file, 0700), 0);
	reopen();
	assert_listed(&newest, 1, "one");
	save("two", "");
	assert_listed(&newest, 2, NULL);
}

static enum status supply_edited(struct recipe *out, int i, void *data, struct error *error)
{
	(void)data;
	(void)error;
	*out = pristine;
	out->stamp.version = i >= 150;
	snprintf(out->stamp.id, sizeof out->stamp.id, "%016x", 1 + i % 150);
	snprintf(out->stamp.name, sizeof out->stamp.name, "%s %d", i % 2 ? "Crown" : "Temple",
		 i % 150);
	snprintf(out->dose[0].bottle.lot, sizeof out->dose[0].bottle.lot, "L%d", i % 7);
	out->diluent.drops = 1 + i;
	for (int look = 0; look < out->predicted.look_count; look++)
		out->predicted.look[look].lab.l = 20.0 + i % 60 / 2.0;
	return STATUS_OK;
}

/* All that the index answers, as text. */
static void answer_all(struct text *out)
{
	static const struct index_filter filter[] = {{.all = true},
						     {.all = false},
						     {.text = "crown 7"},
						     {.lot = "L3"},
						     {.id = "000000000000001"},
						     {.name = "Temple 12"},
						     {.pigment = "carbon"},
						     {.all = true, .lot = "L3", .text = "temple"}};
	struct recipe_stamp_list list;
	struct recipe_near *near;
	struct recipe_lot *lots;
	int count;

	for (size_t i = 0; i < sizeof filter / sizeof *filter; i++) {
		assert_ok(store_list(&list, store, &filter[i], &notes, &err), &err);
		text_addf(out, "%zu:\n", list.count);
		for (size_t k = 0; k < list.count; k++)
			text_addf(out, "%s %d %s %s %s %s\n", list.item[k].id, list.item[k].version,
				  list.item[k].name, list.item[k].made, list.item[k].hash,
				  list.item[k].parent);
		recipe_stamp_list_clear(&list);
	}
	for (int l = 10; l < 60; l += 7) {
		assert_ok(store_nearest(&near, &count, store, &(struct lab){l, 2, 5}, 12, &err),
			  &err);
		for (int k = 0; k < count; k++)
			text_addf(out, "%s %.9f %.9f %d %d %.9f\n", near[k].stamp.id, near[k].de00,
				  near[k].required.l, near[k].has_skin, near[k].has_healed,
				  near[k].healed_de00);
		free(near);
	}
	assert_ok(store_lots(&lots, &count, store, &(struct lot_filter){.lot = NULL}, &err), &err);
	for (int k = 0; k < count; k++)
		text_addf(out, "%s %d %s %s %s\n", lots[k].stamp.id, lots[k].stamp.version,
			  lots[k].pigment, lots[k].lot, lots[k].expiry);
	free(lots);
	assert_false(text_failed(out));
}

/* Read on one by one, by one thread, and made anew, by all: the same rows. */
static void index__made_anew_says_what_it_said_when_it_read_on(void **state)
{
	static struct store_saved saved[200];
	struct text on = {0}, anew = {0};
	bool one;

	(void)state;
	for (int i = 0; i < 200; i++) {
		supply_edited(&recipe, i, NULL, &err);
		assert_ok(store_save(&one, store, &recipe, &key, &err), &err);
		assert_true(one);
		if (i % 10 == 0)
			assert_listed(&all, (size_t)i + 1, NULL);
	}
	answer_all(&on);
	store_close(store);
	assert_int_equal(unlink(file), 0);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	answer_all(&anew);
	assert_string_equal(anew.data, on.data);
	assert_true(on.length > 20000);
	text_clear(&on);
	text_clear(&anew);
	assert_ok(store_save_all(saved, 200, store, supply_edited, NULL, &key, &err), &err);
	assert_listed(&all, 300, NULL); /* 100 of them say what is there already */
	assert_listed(&newest, 150, NULL);
}

struct progress {
	size_t done, count;
	int calls;
};

static void note_progress(void *data, size_t done, size_t count, double seconds)
{
	struct progress *progress = data;

	assert_true(done >= progress->done && done < count && seconds >= 0.0);
	*progress = (struct progress){done, count, progress->calls + 1};
}

/* Files that are cut off, have a number too large or a key too much, in the middle of many: git put them there. */
static void index__names_what_is_damaged_among_many_and_says_how_far_it_is(void **state)
{
	static struct store_saved saved[200];
	struct progress progress = {0, 0, 0};
	struct recipe_stamp_list list;
	struct store_check check;
	bool named = false;
	char command[1400];

	(void)state;
	assert_ok(store_save_all(saved, 200, store, supply_edited, NULL, &key, &err), &err);
	snprintf(command, sizeof command,
		 "cd %s/recipes.git && export GIT_DIR=. GIT_INDEX_FILE=i GIT_AUTHOR_NAME=a "
		 "GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a && git read-tree "
		 "main && put() { git update-index --add --cacheinfo 100644,$(git hash-object -w "
		 "--stdin),$1; } && f=recipes/00/00000000000000 && git show main:${f}02/1.cfg | "
		 "head "
		 "-c 3000 | put ${f}02/1.cfg && git show main:${f}03/1.cfg | sed "
		 "'/reflectance/{n;s/0[.][0-9]*/1e99/;}' | put ${f}03/1.cfg && git show "
		 "main:${f}64/1.cfg | sed "
		 "'s/^mix = {/mix = { more = 1;/' | put ${f}64/1.cfg && git show main:${f}65/1.cfg "
		 "| "
		 "sed 's/^version = 2/version = 3/' | put ${f}65/1.cfg && git update-ref "
		 "refs/heads/main $(git commit-tree -m x -p main $(git write-tree))",
		 store_folder);
	assert_int_equal(system(command), 0);
	assert_ok(store_prepare(store, &(struct index_watch){note_progress, &progress}, &err),
		  &err);
	assert_int_equal(progress.count, 200);
	assert_int_equal(progress.calls, 13); /* batches of 16 */
	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	assert_int_equal(list.count, 196);
	recipe_stamp_list_clear(&list);
	assert_int_equal(notes.count, 4);
	assert_non_null(strstr(notes.line[0], "02/1.cfg"));
	assert_non_null(strstr(notes.line[1], "outside 0..1e+09")); /* the brief has its colour */
	assert_non_null(strstr(notes.line[2], "unknown key “more”"));
	assert_non_null(strstr(notes.line[3], "newer than this program"));
	assert_ok(store_verify(&check, store, &err), &err);
	for (size_t i = 0; i < check.faults.count; i++) {
		named = named || strstr(check.faults.line[i], "outside 0..1e+09");
		assert_null(strstr(check.faults.line[i],
				   "does not agree")); /* it was not to find that */
	}
	notes_clear(&check.faults);
	assert_true(named); /* but here */
}

/* What git itself put into the tree: a version in another recipe's place, a file that is none. */
static void index__leaves_out_what_stands_in_a_wrong_place(void **state)
{
	char command[1024];
	struct recipe_stamp_list list;

	(void)state;
	save("one", "");
	snprintf(command, sizeof command,
		 "cd %s/recipes.git && export GIT_DIR=. GIT_INDEX_FILE=i GIT_AUTHOR_NAME=a "
		 "GIT_AUTHOR_EMAIL=a "
		 "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a && git read-tree main && "
		 "blob=$(git rev-parse main:$(git ls-files)) && git update-index --add --cacheinfo "
		 "100644,$blob,recipes/ff/ffffffffffffffff/1.cfg && git update-index --add "
		 "--cacheinfo "
		 "100644,$blob,recipes/01.cfg && git update-ref refs/heads/main $(git commit-tree "
		 "-m x -p main "
		 "$(git write-tree))",
		 store_folder);
	assert_int_equal(system(command), 0);
	assert_ok(store_list(&list, store, &all, &notes, &err), &err);
	assert_int_equal(list.count, 1);
	assert_false(list.item[0].verified); /* the last commit has no signature */
	recipe_stamp_list_clear(&list);
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.line[0], "says that it is version 1 of"));
}

/* The store as it was before a save is put back: what was saved since is no longer there. */
static void index__follows_a_store_that_was_put_back(void **state)
{
	char command[256];

	(void)state;
	save("one", "");
	assert_listed(&newest, 1, "one");
	snprintf(command, sizeof command, "cp -r %s/recipes.git %s/kept", store_folder, scratch);
	assert_int_equal(system(command), 0);
	save("two", "");
	assert_listed(&newest, 2, NULL);
	store_close(store);
	snprintf(command, sizeof command, "rm -rf %s/recipes.git && mv %s/kept %s/recipes.git",
		 store_folder, scratch, store_folder);
	assert_int_equal(system(command), 0);
	assert_ok(store_open(&store, store_folder, &key.open, false, &err), &err);
	assert_listed(&newest, 1, "one");
}

/* The reference goes back, and the objects stay. */
static void index__follows_a_reference_that_goes_back(void **state)
{
	char command[256];

	(void)state;
	save("one", "");
	save("two", "");
	assert_listed(&newest, 2, NULL);
	snprintf(command, sizeof command,
		 "git --git-dir=%s/recipes.git update-ref refs/heads/main main~1", store_folder);
	assert_int_equal(system(command), 0);
	assert_listed(&newest, 1, "one");
}

/* Only the last part of a path may be no link. */
static void index__is_kept_where_the_store_is_reached_by_a_link(void **state)
{
	char link_path[128];

	(void)state;
	save("one", "");
	snprintf(link_path, sizeof link_path, "%s/link", scratch);
	assert_int_equal(symlink(store_folder, link_path), 0);
	store_close(store);
	assert_ok(store_open(&store, link_path, &key.open, false, &err), &err);
	assert_listed(&newest, 1, "one");
	assert_int_equal(access(file, F_OK), 0);
}

static void list__finds_by_words_pigment_lot_and_day(void **state)
{
	const char *id = pristine.dose[0].bottle.id;

	(void)state;
	save("Crown, señor", "A-1");
	save("Temple", "B-2");
	assert_listed(&(struct index_filter){.text = "crown"}, 1, "Crown, señor");
	assert_listed(&(struct index_filter){.text = "SENOR cro"}, 1, "Crown, señor");
	assert_listed(&(struct index_filter){.text = "crown temple"}, 0, NULL);
	assert_listed(&(struct index_filter){.text = "\"NEAR( OR *"}, 0, NULL);
	assert_listed(&(struct index_filter){.lot = "B-2"}, 1, "Temple");
	assert_listed(&(struct index_filter){.pigment = id}, 2, NULL);
	assert_listed(&(struct index_filter){.pigment = id, .lot = "A-1"}, 1, "Crown, señor");
	assert_listed(&(struct index_filter){.pigment = "no such pigment"}, 0, NULL);
	assert_listed(&(struct index_filter){.since = "2000-01-01", .until = "2999-12-31"}, 2,
		      NULL);
	assert_listed(&(struct index_filter){.until = "2000-01-01"}, 0, NULL);
	assert_listed(&(struct index_filter){.since = "2999-12-31"}, 0, NULL);
	assert_listed(&(struct index_filter){.name = "Temple"}, 1, "Temple");
	assert_listed(&(struct index_filter){.name = "Temp"}, 0, NULL);
}

static void nearest__is_in_the_order_of_distance(void **state)
{
	const struct lab lab = recipe_required_lab(&pristine);
	struct recipe_near *near;
	int count;

	(void)state;
	save("far", "");
	assert_ok(store_nearest(&near, &count, store, &lab, 10, &err), &err);
	assert_int_equal(count, 1);
	assert_close(near[0].de00, 0.0, 1e-9);
	assert_false(near[0].has_healed);
	free(near);
	assert_ok(store_nearest(&near, &count, store, &(struct lab){lab.l + 10.0, lab.a, lab.b}, 10,
				&err),
		  &err);
	assert_close(near[0].de00,
		     ciede2000(&(struct lab){lab.l + 10.0, lab.a, lab.b}, &near[0].required),
		     1e-12);
	assert_true(near[0].de00 > 5.0);
	free(near);
	save("two", "");
	save("three", "");
	assert_ok(store_nearest(&near, &count, store, &lab, 2, &err), &err);
	assert_int_equal(count, 2);
	assert_true(near[0].de00 <= near[1].de00);
	free(near);
}

static void lots__lead_to_recipes_and_are_in_the_order_of_expiry(void **state)
{
	struct recipe_lot *lots;
	int count;

	(void)state;
	strcpy(recipe.dose[0].bottle.expiry, "2027-06-30");
	save("late", "A-1");
	strcpy(recipe.dose[0].bottle.expiry, "2026-12-31");
	save("soon", "B-2");
	*recipe.dose[0].bottle.expiry = 0;
	save("none", "C-3");
	assert_ok(store_lots(&lots, &count, store, &(struct lot_filter){.lot = NULL}, &err), &err);
	assert_int_equal(count, 3);
	assert_string_equal(lots[0].stamp.name, "soon");
	assert_string_equal(lots[1].stamp.name, "late");
	assert_string_equal(lots[2].stamp.name, "none");
	free(lots);
	assert_ok(
		store_lots(&lots, &count, store, &(struct lot_filter){.until = "2026-12-31"}, &err),
		&err);
	assert_int_equal(count, 1);
	assert_string_equal(lots[0].lot, "B-2");
	free(lots);
	assert_ok(store_lots(&lots, &count, store, &(struct lot_filter){.lot = "A-1"}, &err), &err);
	assert_int_equal(count, 1);
	assert_string_equal(lots[0].stamp.name, "late");
	assert_string_equal(lots[0].pigment, pristine.dose[0].bottle.id);
	free(lots);
}

/* A session with the recipe's bottles, the first of them of another lot, as a new version. */
static void save_session(const char *day, const char *lot, const char *expiry)
{
	struct recipe_session session;
	bool saved;

	assert_ok(session_begin(&session, &recipe, &err), &err);
	strcpy(session.stamp.day, day);
	strcpy(session.stamp.operator_code, "OP-3");
	session.stamp.number = 1 + recipe.session_count;
	strcpy(session.bottle[1].lot, lot); /* the diluent is the first */
	strcpy(session.bottle[1].expiry, expiry);
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_true(saved);
}

static void assert_lots(const struct lot_filter *filter, int count, struct recipe_lot *first)
{
	struct recipe_lot *lots;
	int found;

	assert_ok(store_lots(&lots, &found, store, filter, &err), &err);
	assert_int_equal(found, count);
	if (first && found)
		*first = lots[0];
	free(lots);
}

static void begin_course(void)
{
	*recipe.dose[0].bottle.expiry = 0;
	recipe.session_count = 0;
	save("Crown", "A-1");                            /* version 1 */
	save_session("2026-11-01", "S-1", "2027-03-31"); /* version 2 */
	save_session("2026-11-20", "S-2", "2027-01-31"); /* version 3 has both */
}

static void lots__of_a_session_are_listed_once_with_the_first_version_that_has_it(void **state)
{
	struct recipe_lot first;

	(void)state;
	begin_course();
	assert_lots(&(struct lot_filter){.lot = "A-1"}, 1, &first); /* of three versions */
	assert_int_equal(first.stamp.version, 1);
	assert_string_equal(first.session.day, "");
	assert_lots(&(struct lot_filter){.lot = "S-1"}, 1, &first);
	assert_int_equal(first.stamp.version, 2);
	assert_string_equal(first.session.day, "2026-11-01");
	assert_int_equal(first.session.number, 1);
	assert_string_equal(first.session.operator_code, "OP-3");
	assert_string_equal(first.pigment, pristine.dose[0].bottle.id);
	assert_lots(&(struct lot_filter){.lot = NULL}, 3, &first);
	assert_string_equal(first.lot, "S-2"); /* expires first */
	assert_int_equal(first.stamp.version, 3);
	assert_listed(&(struct index_filter){.lot = "S-2"}, 1, "Crown");
}

static void lots__of_sessions_are_found_by_recipe_version_and_days(void **state)
{
	struct lot_filter of_recipe = {.lot = NULL};
	struct recipe_lot first;
	char id[RANDOM_ID_SIZE];

	(void)state;
	begin_course();
	strcpy(id, recipe.stamp.id);
	recipe.session_count = 0;
	save("Temple", "A-1");
	of_recipe.recipe = id;
	assert_lots(&of_recipe, 2, NULL); /* not what the recipe itself names */
	of_recipe.version = 2;
	assert_lots(&of_recipe, 1, &first);
	assert_string_equal(first.lot, "S-1");
	of_recipe.version = 1;
	assert_lots(&of_recipe, 0, NULL);
	assert_lots(&(struct lot_filter){.since = "2027-01-31", .until = "2027-03-30"}, 1, &first);
	assert_string_equal(first.lot, "S-2");
	assert_lots(&(struct lot_filter){.since = "2027-02-01", .until = "2027-03-31"}, 1, &first);
	assert_string_equal(first.lot, "S-1");
	assert_lots(&(struct lot_filter){.since = "2027-04-01"}, 0, NULL);
}

static void bottle__of_which_nothing_was_used_is_in_no_session(void **state)
{
	struct recipe_session session;
	bool saved;

	(void)state;
	recipe.session_count = 0;
	save("Crown", "A-1");
	assert_ok(session_begin(&session, &recipe, &err), &err);
	strcpy(session.stamp.day, "2026-11-01");
	session.bottle[1].drops = 0;
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_lots(&(struct lot_filter){.recipe = recipe.stamp.id}, 0, NULL);
}

static void sessions__of_a_recipe_stay_whatever_is_saved_later(void **state)
{
	struct recipe_treated *treated;
	int count;
	bool saved;

	(void)state;
	begin_course();
	recipe.session_count = 0; /* a file from before */
	recipe.diluent.drops++;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_int_equal(recipe.stamp.version, 4);
	assert_int_equal(recipe.session_count, 2);
	recipe.session_count = 1;
	assert_ok(store_save(&saved, store, &recipe, &key, &err), &err);
	assert_false(saved); /* nothing but a session less: it stays */
	assert_ok(store_sessions(&treated, &count, store, recipe.stamp.id, &err), &err);
	assert_int_equal(count, 2);
	assert_int_equal(treated[0].stamp.version, 2);
	assert_int_equal(treated[1].stamp.version, 3);
	assert_string_equal(treated[1].session.day, "2026-11-20");
	free(treated);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(index__reads_on_after_each_save),
		CASE(index__is_made_anew_where_it_is_gone_or_damaged),
		CASE(index__of_another_version_is_made_anew),
		CASE(index__is_in_memory_where_it_cannot_be_written),
		CASE(index__leaves_out_what_stands_in_a_wrong_place),
		CASE(index__made_anew_says_what_it_said_when_it_read_on),
		CASE(index__names_what_is_damaged_among_many_and_says_how_far_it_is),
		CASE(index__follows_a_store_that_was_put_back),
		CASE(index__follows_a_reference_that_goes_back),
		CASE(index__is_kept_where_the_store_is_reached_by_a_link),
		CASE(list__finds_by_words_pigment_lot_and_day),
		CASE(nearest__is_in_the_order_of_distance),
		CASE(lots__lead_to_recipes_and_are_in_the_order_of_expiry),
		CASE(lots__of_a_session_are_listed_once_with_the_first_version_that_has_it),
		CASE(lots__of_sessions_are_found_by_recipe_version_and_days),
		CASE(bottle__of_which_nothing_was_used_is_in_no_session),
		CASE(sessions__of_a_recipe_stay_whatever_is_saved_later),
	};

	return cmocka_run_group_tests_name("index", tests, make_recipe, NULL);
}
