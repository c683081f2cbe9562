/* What comes from other clinics, taken in or refused. Theirs is a store made through the same functions as ours; what is hostile
 * is made of git's own objects, byte by byte where no program would write it, and signed with their sound key. After each
 * refusal our repository is compared file by file with what it was. */
#include "support.h"

#include "base/file.h"
#include "exchange/remote.h"
#include "exchange/shared.h"
#include "formats/recipe_file.h"
#include "store/layout.h"
#include "store/store.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static struct recipe pristine, recipe;
static struct error err;

/* A clinic: its key, its store, and its name among the others. */
static struct side {
	struct clinic_key key;
	char id[KEY_ID_SIZE], reference[REPOSITORY_REFERENCE_SIZE], store[64];
} ours, theirs, third;

static int make_recipe(void **state)
{
	(void)state;
	return make_recipe_of_lab(&pristine);
}

static int make_side(struct side *side, const char *name)
{
	char file[32];
	struct store *store;

	snprintf(file, sizeof file, "%s.key", name);
	snprintf(side->store, sizeof side->store, "%s/%s", scratch, name);
	if (scratch_key(&side->key, file) ||
	    store_open(&store, side->store, &side->key.open, true, &err))
		return -1;
	store_close(store);
	key_id(side->id, &side->key.open);
	layout_reference(side->reference, side->id);
	return 0;
}

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	recipe = pristine;
	strcpy(recipe.stamp.id, "0123456789abcdef");
	strcpy(recipe.stamp.name, "one");
	return make_side(&ours, "ours") || make_side(&theirs, "theirs") ||
	       make_side(&third, "third");
}

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
	char command[4096];
	int used = snprintf(command, sizeof command, "cd %s && ", scratch);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command + used, sizeof command - (size_t)used, format, arguments);
	va_end(arguments);
	return system(command);
}

/* --- what a clinic does ------------------------------------------------------------------------------- */

static struct store *open_store(const struct side *side)
{
	struct store *store;

	assert_ok(store_open(&store, side->store, &side->key.open, false, &err), &err);
	return store;
}

/* Another version of the recipe, told from the others by its zone. */
static void save_and_share(const struct side *side, const char *zone)
{
	struct store *store = open_store(side);
	bool saved;
	int added;

	text_copy(recipe.zone, sizeof recipe.zone, zone);
	assert_ok(store_save(&saved, store, &recipe, &side->key, &err), &err);
	assert_true(saved);
	assert_ok(shared_add(&added, store_repository(store), &recipe, 1, &side->key, &err), &err);
	assert_int_equal(added, 1);
	store_close(store);
}

static void begin_recipe(void)
{
	recipe.stamp.version = 0;
	*recipe.stamp.parent = 0;
}

/* Stock git's bundle of what the words name, or of one reference. */
static void bundle(struct text *out, const struct side *side, const char *words)
{
	char path[128];

	snprintf(path, sizeof path, "%s/x.bundle", scratch);
	assert_int_equal(shell("rm -f x.bundle && git --git-dir=%s/recipes.git bundle create -q "
			       "%s %s 2>git.log",
			       side->store, path, words),
			 0);
	assert_ok(file_read(out, path, 64 << 20, &err), &err);
}

static enum status trust_all(struct arrival_list *list, void *data, struct error *why)
{
	(void)list;
	(void)data;
	(void)why;
	return STATUS_OK;
}

/* They become what `data` says. */
static enum status trust_none(struct arrival_list *list, void *data, struct error *why)
{
	(void)why;
	for (size_t i = 0; i < list->count; i++)
		list->item[i].state = *(enum arrival_state *)data;
	return STATUS_OK;
}

/* Where an answer cannot be kept. */
static enum status trust_fails(struct arrival_list *list, void *data, struct error *why)
{
	(void)list;
	(void)data;
	return error_set(why, STATUS_REFUSED, "the answer cannot be kept");
}

static enum status take(struct arrival_list *list, const struct text *bytes, bool whole,
			arrival_trust *trust, void *data)
{
	struct store *store = open_store(&ours);
	struct repository *repository = store_repository(store);
	struct incoming *incoming = NULL;
	struct offer_list offers;
	size_t pack;
	enum status status = bundle_take(&offers, &pack, bytes, "x.bundle", repository, &err);

	*list = (struct arrival_list){0};
	if (!status)
		status = incoming_open(&incoming, repository, "x.bundle", &err);
	if (!status)
		status = incoming_add(incoming, bytes->data + pack, bytes->length - pack, &err);
	if (!status)
		status = incoming_unpack(incoming, &err);
	if (!status)
		status = arrivals_take(list, incoming, repository, &offers, whole, trust, data,
				       &err);
	incoming_close(incoming);
	offer_list_clear(&offers);
	store_close(store);
	return status;
}

/* --- what is to be ------------------------------------------------------------------------------------ */

static void remember(void)
{
	assert_int_equal(shell("(cd ours/recipes.git && find . | sort && find . -type f | sort | "
			       "xargs sha1sum) >before"),
			 0);
}

static void assert_as_before(void)
{
	if (shell("(cd ours/recipes.git && find . | sort && find . -type f | sort | xargs sha1sum) "
		  ">after; diff before after"))
		fail_msg("the repository is not as before");
}

static void assert_line(const char *line, const char *words)
{
	assert_true(text_printable(line));
	if (!strstr(line, words))
		fail_msg("“%s” does not say “%s”", line, words);
}

/* All of it is refused for what the words say, and nothing of it stays. Clears the bytes. */
static void assert_refused_for(const char *words, struct text *bytes)
{
	struct arrival_list list;

	remember();
	if (take(&list, bytes, true, trust_all, NULL) != STATUS_REFUSED)
		fail_msg("taken, where it was to be refused for “%s”", words);
	assert_line(err.message, words);
	arrival_list_clear(&list);
	assert_as_before();
	/* of a common repository: one that is refused is told of, and keeps nobody else out */
	if (take(&list, bytes, false, trust_all, NULL) == STATUS_OK) {
		assert_int_equal(list.item[0].state, ARRIVAL_REFUSED);
		assert_line(list.item[0].why, words);
	} else
		assert_line(err.message, words);
	arrival_list_clear(&list);
	assert_as_before();
	text_clear(bytes);
}

static void assert_taken(struct text *bytes, enum arrival_state state, size_t versions)
{
	struct arrival_list list;

	assert_ok(take(&list, bytes, true, trust_all, NULL), &err);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.item[0].state, state);
	assert_int_equal(list.item[0].list.count, versions);
	arrival_list_clear(&list);
	text_clear(bytes);
	assert_int_equal(shell("git --git-dir=ours/recipes.git fsck --strict >/dev/null 2>git.log"),
			 0);
	assert_int_equal(shell("! ls ours/recipes.git/objects | grep -q tmp"), 0);
}

static void tip_of(char hash[REPOSITORY_HASH_SIZE], const struct side *at, const char *reference)
{
	struct store *store = open_store(at);
	struct snapshot *snapshot;

	assert_ok(snapshot_take(&snapshot, store_repository(store), reference, &err), &err);
	text_copy(hash, REPOSITORY_HASH_SIZE, snapshot_commit(snapshot));
	snapshot_free(snapshot);
	store_close(store);
}

/* --- objects by hand ---------------------------------------------------------------------------------- */

/* Any bytes as an object of theirs. */
static void write_object(char hash[REPOSITORY_HASH_SIZE], const char *type,
			 const struct text *bytes)
{
	char path[128];
	struct text read;

	snprintf(path, sizeof path, "%s/object", scratch);
	assert_ok(file_write(path, bytes->data ? bytes->data : "", bytes->length, &err), &err);
	assert_int_equal(shell("git --git-dir=theirs/recipes.git hash-object -w --literally "
			       "--no-filters -t %s object >hash",
			       type),
			 0);
	snprintf(path, sizeof path, "%s/hash", scratch);
	assert_ok(file_read(&read, path, 4096, &err), &err);
	text_copy_bytes(hash, REPOSITORY_HASH_SIZE, read.data, REPOSITORY_HASH_SIZE - 1);
	text_clear(&read);
}

/* One more entry of a tree as it is kept: mode, name, zero, twenty bytes. */
static void add_entry(struct text *tree, const char *mode, const char *name, const char *hash)
{
	text_addf(tree, "%s %s", mode, name);
	text_add(tree, "", 1);
	for (int i = 0; i < 20; i++) {
		static const char digits[] = "0123456789abcdef";
		const char byte = (char)((strchr(digits, hash[2 * i]) - digits) << 4 |
					 (strchr(digits, hash[2 * i + 1]) - digits));

		text_add(tree, &byte, 1);
	}
}

static void write_tree(char hash[REPOSITORY_HASH_SIZE], struct text *tree)
{
	write_object(hash, "tree", tree);
	text_clear(tree);
}

/* The root of a tree with that one thing in it; `folders` such as "recipes/01/0123456789abcdef", its last part is the name. */
static void nest(char root[REPOSITORY_HASH_SIZE], const char *path, const char *mode,
		 const char *leaf)
{
	char rest[128], *slash;

	text_copy(rest, sizeof rest, path);
	text_copy(root, REPOSITORY_HASH_SIZE, leaf);
	while (true) {
		struct text tree = {0};

		slash = strrchr(rest, '/');
		add_entry(&tree, mode, slash ? slash + 1 : rest, root);
		write_tree(root, &tree);
		mode = "40000";
		if (!slash)
			break;
		*slash = 0;
	}
}

/* A commit as our program writes it, signed with the key, if one is given; their reference names it then. */
static void write_commit(char hash[REPOSITORY_HASH_SIZE], const char *reference, const char *tree,
			 const char *parents, const char *who, const struct clinic_key *key)
{
	struct text commit = {0}, head = {0}, armour = {0};

	text_addf(&head, "tree %s\n%sauthor %s\ncommitter %s\n", tree, parents, who, who);
	text_addf(&commit, "%s\n1 version shared\n", head.data);
	if (key) {
		char *line, *rest;

		assert_ok(key_sign(&armour, key, KEY_FOR_COMMITS, commit.data, commit.length, &err),
			  &err);
		text_clear(&commit);
		text_adds(&commit, head.data);
		text_adds(&commit, "gpgsig");
		for (rest = armour.data; (line = strsep(&rest, "\n")) && *line;)
			text_addf(&commit, " %s\n", line);
		text_adds(&commit, "\n1 version shared\n");
		text_clear(&armour);
	}
	write_object(hash, "commit", &commit);
	text_clear(&head);
	text_clear(&commit);
	assert_int_equal(
		shell("git --git-dir=theirs/recipes.git update-ref %s %s", reference, hash), 0);
}

static const char *who(const struct side *side)
{
	static char text[128];

	snprintf(text, sizeof text, "follitone <%s@clinic.follitone.invalid> 1764000000 +0000",
		 side->id);
	return text;
}

/* What they offer is a history of one commit with that tree. */
static void offer_tree(struct text *out, const char *root)
{
	char hash[REPOSITORY_HASH_SIZE];

	write_commit(hash, theirs.reference, root, "", who(&theirs), &theirs.key);
	bundle(out, &theirs, theirs.reference);
}

static void offer_file(struct text *out, const char *path, const char *mode,
		       const struct text *bytes)
{
	char hash[REPOSITORY_HASH_SIZE];

	write_object(hash, "blob", bytes);
	nest(hash, path, mode, hash);
	offer_tree(out, hash);
}

#define PLACE "recipes/01/0123456789abcdef/1.cfg"

static void print_sound(struct text *out)
{
	recipe.stamp.version = 1;
	assert_ok(recipe_print(out, &recipe, &err), &err);
}

/* The sound text with its first `from` replaced. */
static void print_changed(struct text *out, const char *from, const char *to)
{
	struct text sound;
	const char *at;

	print_sound(&sound);
	at = strstr(sound.data, from);
	assert_non_null(at);
	*out = (struct text){0};
	text_add(out, sound.data, (size_t)(at - sound.data));
	text_adds(out, to);
	text_adds(out, at + strlen(from));
	text_clear(&sound);
}

/* --- what is sound ------------------------------------------------------------------------------------- */

/* What is made by hand here is refused for its fault alone: without one it is taken. */
static void arrival__by_hand_is_sound(void **state)
{
	struct text bytes, file;

	(void)state;
	print_sound(&file);
	offer_file(&bytes, PLACE, "100644", &file);
	assert_taken(&bytes, ARRIVAL_NEW, 1);
	text_clear(&file);
}

static void arrival__new_old_and_more(void **state)
{
	struct text first, second;
	char tip[REPOSITORY_HASH_SIZE], now[REPOSITORY_HASH_SIZE];

	(void)state;
	save_and_share(&ours, "ours"); /* the same recipe, here */
	begin_recipe();
	save_and_share(&theirs, "a");
	bundle(&first, &theirs, theirs.reference);
	save_and_share(&theirs, "b");
	bundle(&second, &theirs, theirs.reference);
	assert_taken(&second, ARRIVAL_NEW, 2);
	tip_of(tip, &theirs, theirs.reference);
	tip_of(now, &ours, theirs.reference);
	assert_string_equal(tip, now);
	remember();
	assert_taken(&first, ARRIVAL_OLD, 0); /* an older state, replayed: nothing moves back */
	assert_as_before();
	bundle(&second, &theirs, theirs.reference);
	assert_taken(&second, ARRIVAL_OLD, 0);
	assert_as_before();
}

/* On from what is here, by a bundle without it; where that did not arrive it is refused. */
static void arrival__goes_on_from_what_is_here(void **state)
{
	char first[REPOSITORY_HASH_SIZE], words[256];
	struct text all, more;

	(void)state;
	save_and_share(&theirs, "a");
	bundle(&all, &theirs, theirs.reference);
	tip_of(first, &theirs, theirs.reference);
	save_and_share(&theirs, "b");
	snprintf(words, sizeof words, "%s ^%s", theirs.reference, first);
	bundle(&more, &theirs, words);
	assert_refused_for("which did not arrive here", &more);
	assert_taken(&all, ARRIVAL_NEW, 1);
	bundle(&more, &theirs, words);
	assert_taken(&more, ARRIVAL_NEW, 1);
}

static void share_by_two(void)
{
	save_and_share(&theirs, "a");
	begin_recipe();
	save_and_share(&third, "b");
}

/* What two clinics share. */
static void bundle_of_two(struct text *out)
{
	char words[256];

	assert_int_equal(shell("git --git-dir=theirs/recipes.git fetch -q third/recipes.git "
			       "'refs/clinics/*:refs/clinics/*'"),
			 0);
	snprintf(words, sizeof words, "%s %s", theirs.reference, third.reference);
	bundle(out, &theirs, words);
}

static void arrival__of_several_clinics(void **state)
{
	struct arrival_list list;
	struct text bytes;

	(void)state;
	share_by_two();
	bundle_of_two(&bytes);
	assert_ok(take(&list, &bytes, true, trust_all, NULL), &err);
	assert_int_equal(list.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(list.item[i].state, ARRIVAL_NEW);
		assert_int_equal(list.item[i].list.count, 1);
	}
	arrival_list_clear(&list);
	text_clear(&bytes);
	assert_int_equal(shell("git --git-dir=ours/recipes.git fsck --strict >/dev/null 2>&1"), 0);
}

static void arrival__unknown_and_revoked_are_left_aside(void **state)
{
	enum arrival_state answer[] = {ARRIVAL_UNKNOWN, ARRIVAL_REVOKED};
	struct text bytes;

	(void)state;
	save_and_share(&theirs, "a");
	bundle(&bytes, &theirs, theirs.reference);
	remember();
	for (int i = 0; i < 2; i++) {
		struct arrival_list list;

		assert_ok(take(&list, &bytes, true, trust_none, &answer[i]), &err);
		assert_int_equal(list.item[0].state, answer[i]);
		assert_true(list.item[0].has_key);
		assert_memory_equal(&list.item[0].key, &theirs.key.open, sizeof theirs.key.open);
		arrival_list_clear(&list);
		assert_as_before();
	}
	text_clear(&bytes);
}

/* All or none: also where one of them is known and the other's answer cannot be kept. */
static void arrival__nothing_without_an_answer_that_is_kept(void **state)
{
	struct arrival_list list;
	struct text bytes;

	(void)state;
	share_by_two();
	bundle_of_two(&bytes);
	remember();
	for (int whole = 0; whole < 2; whole++) {
		assert_int_equal(take(&list, &bytes, whole, trust_fails, NULL), STATUS_REFUSED);
		assert_string_equal(err.message, "the answer cannot be kept");
		arrival_list_clear(&list);
		assert_as_before();
	}
	text_clear(&bytes);
}

/* --- whose it is --------------------------------------------------------------------------------------- */

static void sound_tree(char root[REPOSITORY_HASH_SIZE])
{
	struct text file;

	print_sound(&file);
	write_object(root, "blob", &file);
	nest(root, PLACE, "100644", root);
	text_clear(&file);
}

static void refuse__a_forged_signature(void **state)
{
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE];
	struct text bytes;

	(void)state;
	sound_tree(root);
	write_commit(hash, theirs.reference, root, "", who(&theirs), &third.key);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("is not signed with its key", &bytes);
	write_commit(hash, theirs.reference, root, "", who(&theirs), NULL);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("is not signed with its key", &bytes);
	/* signed, and then changed */
	write_commit(hash, theirs.reference, root, "", who(&theirs), &theirs.key);
	assert_int_equal(shell("git --git-dir=theirs/recipes.git cat-file commit %s | sed 's/1 "
			       "version/2 version/' >commit",
			       hash),
			 0);
	assert_int_equal(shell("git --git-dir=theirs/recipes.git update-ref %s $(git "
			       "--git-dir=theirs/recipes.git hash-object -w -t commit commit)",
			       theirs.reference),
			 0);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("is not signed with its key", &bytes);
}

/* Our own reference, from somebody else; and another clinic's. */
static void refuse__what_stands_under_another_name(void **state)
{
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE];
	struct text bytes;

	(void)state;
	sound_tree(root);
	write_commit(hash, ours.reference, root, "", who(&ours), &theirs.key);
	bundle(&bytes, &theirs, ours.reference);
	assert_refused_for("is not signed with its key", &bytes);
	begin_recipe();
	save_and_share(&ours, "mine");
	bundle(&bytes, &theirs, ours.reference);
	assert_refused_for("does not go on from what it shared before", &bytes);
	write_commit(hash, third.reference, root, "", who(&third), &theirs.key);
	bundle(&bytes, &theirs, third.reference);
	assert_refused_for("is not signed with its key", &bytes);
}

/* Their store itself, which they signed and never shared: from a backup, say. */
static void refuse__what_was_saved_and_not_shared(void **state)
{
	struct text bytes;

	(void)state;
	save_and_share(&theirs, "private");
	assert_int_equal(shell("git --git-dir=theirs/recipes.git update-ref %s refs/heads/main",
			       theirs.reference),
			 0);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("is not one of sharing", &bytes);
}

static void refuse__an_unsigned_commit_under_a_signed_one(void **state)
{
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE], parent[64];
	struct text bytes;

	(void)state;
	sound_tree(root);
	write_commit(hash, theirs.reference, root, "", who(&theirs), NULL);
	snprintf(parent, sizeof parent, "parent %s\n", hash);
	write_commit(hash, theirs.reference, root, parent, who(&theirs), &theirs.key);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("is not signed with its key", &bytes);
}

/* --- where it stands ----------------------------------------------------------------------------------- */

static void refuse__a_merge(void **state)
{
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE], one[64], parents[160];
	struct text bytes;

	(void)state;
	sound_tree(root);
	write_commit(hash, theirs.reference, root, "", who(&theirs), &theirs.key);
	snprintf(one, sizeof one, "parent %s\n", hash);
	write_commit(hash, theirs.reference, root, one, who(&theirs), &theirs.key);
	snprintf(parents, sizeof parents, "%sparent %s\n", one, hash);
	write_commit(hash, theirs.reference, root, parents, who(&theirs), &theirs.key);
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("changes or removes", &bytes);
}

static void refuse__what_removes_or_changes(void **state)
{
	char tip[REPOSITORY_HASH_SIZE], root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE];
	char parent[64];
	struct text bytes, file;

	(void)state;
	save_and_share(&theirs, "a");
	bundle(&bytes, &theirs, theirs.reference);
	assert_taken(&bytes, ARRIVAL_NEW, 1);
	tip_of(tip, &theirs, theirs.reference);
	snprintf(parent, sizeof parent, "parent %s\n", tip);
	for (int i = 0; i < 2; i++) { /* the same version otherwise; another in its place */
		text_copy(recipe.zone, sizeof recipe.zone, "otherwise");
		print_sound(&file);
		write_object(hash, "blob", &file);
		text_clear(&file);
		nest(root, i ? "recipes/01/0123456789abcdef/2.cfg" : PLACE, "100644", hash);
		write_commit(hash, theirs.reference, root, parent, who(&theirs), &theirs.key);
		bundle(&bytes, &theirs, theirs.reference);
		assert_refused_for("changes or removes what was shared before", &bytes);
	}
}

/* A store that was put back and gone on with, or a key that others have: never followed, either way. */
static void refuse__a_history_that_came_apart(void **state)
{
	char before[REPOSITORY_HASH_SIZE], first[REPOSITORY_HASH_SIZE];
	struct text bytes;

	(void)state;
	save_and_share(&theirs, "a");
	tip_of(before, &theirs, theirs.reference);
	save_and_share(&theirs, "b");
	bundle(&bytes, &theirs, theirs.reference);
	assert_taken(&bytes, ARRIVAL_NEW, 2);
	assert_int_equal(shell("git --git-dir=theirs/recipes.git update-ref %s %s",
			       theirs.reference, before),
			 0);
	save_and_share(&theirs, "c");
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("does not go on from what it shared before", &bytes);
	assert_int_equal(
		shell("git --git-dir=theirs/recipes.git update-ref -d %s", theirs.reference), 0);
	tip_of(first, &ours, theirs.reference);
	save_and_share(&theirs, "d");
	bundle(&bytes, &theirs, theirs.reference);
	assert_refused_for("does not go on from what it shared before", &bytes);
	tip_of(before, &ours, theirs.reference);
	assert_string_equal(first, before);
}

/* Of two, one is refused: of a bundle nothing is taken, of a common repository the other one, and nothing of the first is kept. */
static void refuse__one_of_two(void **state)
{
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE], tip[REPOSITORY_HASH_SIZE];
	struct arrival_list list;
	struct text bytes;

	(void)state;
	save_and_share(&third, "a");
	text_copy(recipe.zone, sizeof recipe.zone, "only in what is refused");
	sound_tree(root);
	write_commit(hash, theirs.reference, root, "", who(&theirs), NULL);
	bundle_of_two(&bytes);
	remember();
	assert_int_equal(take(&list, &bytes, true, trust_all, NULL), STATUS_REFUSED);
	arrival_list_clear(&list);
	assert_as_before();
	assert_ok(take(&list, &bytes, false, trust_all, NULL), &err);
	assert_int_equal(list.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(list.item[i].state,
				 strcmp(list.item[i].move.reference, third.reference)
					 ? ARRIVAL_REFUSED
					 : ARRIVAL_NEW);
	arrival_list_clear(&list);
	text_clear(&bytes);
	tip_of(tip, &ours, third.reference);
	assert_int_equal(strlen(tip), 40);
	assert_int_not_equal(
		shell("git --git-dir=ours/recipes.git cat-file -e %s 2>/dev/null", hash), 0);
	assert_int_not_equal(
		shell("git --git-dir=ours/recipes.git cat-file -e %s 2>/dev/null", root), 0);
	assert_int_equal(shell("git --git-dir=ours/recipes.git fsck --strict >/dev/null 2>&1"), 0);
}

/* A folder where the second reference is to be: neither moves, and the pack that was written for them is gone again. */
static void refuse__a_reference_that_cannot_be_moved(void **state)
{
	struct text bytes;
	const char *second;

	(void)state;
	share_by_two();
	bundle_of_two(&bytes);
	second = strstr(bytes.data, third.reference) < strstr(bytes.data, theirs.reference)
			 ? theirs.reference
			 : third.reference;
	assert_int_equal(shell("mkdir -p ours/recipes.git/%s && echo x >ours/recipes.git/%s/x",
			       second, second),
			 0);
	assert_refused_for("nothing was taken in", &bytes);
}

/* --- what it is ---------------------------------------------------------------------------------------- */

static void refuse__files_that_are_no_recipes(void **state)
{
	static const struct {
		const char *path, *mode, *words;
	} cases[] = {
		{"../x", "100644", "is no recipe's file"},
		{"..", "100644", "is no recipe's file"},
		{".git/config", "100644", "is no recipe's file"},
		{"recipes/01/../1.cfg", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/../1.cfg", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/0.cfg", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/01.cfg", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/-1.cfg", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/1.cfg.sh", "100644", "is no recipe's file"},
		{"recipes/01/0123456789ABCDEF/1.cfg", "100644", "is no recipe's file"},
		{"recipes/02/0123456789abcdef/1.cfg", "100644", "is no recipe's file"},
		{"\033[2J\007", "100644", "is no recipe's file"},
		{"recipes/01/0123456789abcdef/2.cfg", "100644", "says that it is version 1"},
		{"recipes/ff/ff23456789abcdef/1.cfg", "100644",
		 "says that it is version 1 of 0123456789abcdef"},
		{PLACE, "120000", "not a plain file"},
		{PLACE, "100755", "not a plain file"},
		{PLACE, "160000", "not a plain file"},
		{PLACE, "100664", "not a plain file"},
		{PLACE, "0100644", "not a plain file"},
		{PLACE "/x", "100644", "not a plain file"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text bytes, file;

		print_sound(&file);
		/* "../x" in one entry is no path of git's, but a tree can be made so */
		offer_file(&bytes, cases[i].path, cases[i].mode, &file);
		assert_refused_for(cases[i].words, &bytes);
		text_clear(&file);
	}
}

/* Names with a slash in them, doubles, and another order than git's: no checkout, but a tree can be made so. */
static void refuse__trees_that_git_would_not_write(void **state)
{
	/* a name with a slash, one twice, one twice for two files, the wrong order, an empty folder */
	static const char *const words[] = {"is no recipe's file", "not as git writes a folder",
					    "not as git writes a folder",
					    "not as git writes a folder", "is no recipe's file"};
	char blob[REPOSITORY_HASH_SIZE], other[REPOSITORY_HASH_SIZE], root[REPOSITORY_HASH_SIZE];
	char empty[REPOSITORY_HASH_SIZE];
	struct text file, none = {0};

	(void)state;
	print_sound(&file);
	write_object(blob, "blob", &file);
	text_clear(&file);
	print_changed(&file, "version = 1;\n  parent", "version = 2;\n  parent");
	write_object(other, "blob", &file);
	text_clear(&file);
	write_tree(empty, &none);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct text tree = {0}, bytes;

		if (i == 3)
			add_entry(&tree, "100644", "2.cfg", other);
		add_entry(&tree, "100644", i == 0 ? "../x" : "1.cfg", blob);
		if (i == 1 || i == 2)
			add_entry(&tree, "100644", "1.cfg", i == 1 ? blob : other);
		if (i == 4)
			add_entry(&tree, "40000", "x", empty);
		write_tree(root, &tree);
		nest(root, "recipes/01/0123456789abcdef", "40000", root);
		offer_tree(&bytes, root);
		assert_refused_for(words[i], &bytes);
	}
}

/* A folder that names another one 256 times, over and over: of files, and of none, so that nobody who counts files would ever come to
 * an end. Refused where it begins, at the root or at the first folder that stands in two places. */
static void refuse__a_tree_bomb(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		const bool empty = kind & 1, inside = kind & 2;
		char hash[REPOSITORY_HASH_SIZE];
		struct text leaf = {0}, bytes;

		if (!empty)
			print_sound(&leaf);
		write_object(hash, empty ? "tree" : "blob", &leaf);
		text_clear(&leaf);
		for (int level = 0; level < 8; level++) {
			struct text tree = {0};

			for (int i = 0; i < 256; i++) {
				char name[16];

				snprintf(name, sizeof name, "%02x", i);
				add_entry(&tree, level || empty ? "40000" : "100644", name, hash);
			}
			write_tree(hash, &tree);
		}
		if (inside)
			nest(hash, "recipes", "40000", hash);
		offer_tree(&bytes, hash);
		assert_refused_for(inside ? "“recipes/00/00” is no recipe's file"
					  : "“00” is no recipe's file",
				   &bytes);
	}
}

static void refuse__recipes_that_are_none(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} cases[] = {
		{"\nmix = ", "\n@include \"/etc/passwd\"\nmix = ", "@include"},
		{"\nmix = ", "\n\t @include \"1.cfg\"\nmix = ", "@include"},
		{"de00 = ", "de00 = NaN; //", ""},
		{"de00 = ", "de00 = 1e999; //", "is outside"},
		{"de00 = ", "de00 = -1e999; //", "is outside"},
		{"name = \"one\";", "name = \"one\"; name = \"two\";", ""},
		{"name = \"one\"", "name = \"\033[2J\033]0;x\007\"", "control characters"},
		{"name = \"one\"", "name = \"\\x1b[2J\"", "control characters"},
		{"name = \"one\"", "name = \"\302\233[2J\"", "control characters"},
		{"name = \"one\"", "name = \"\\n\"", "control characters"},
		{"format = ", "\033[2J = 1;\nformat = ", ""},
		{"format = \"", "format = \"\\x1b[2J", "control characters"},
		{"drops = ", "drops = 1", "was changed since it was predicted"},
		{"drops = ", "drops = 0x", ""},
		{"drops = ", "drops = 99999999999; //", "whole number"},
		{"line = \"example\"", "line = \"gone\"", "was changed since it was predicted"},
		{"line = \"example\"", "line = \"../../etc/passwd\"", ""},
		{"\nversion = 2", "\nversion = 3", "newer than this program reads"},
		{"\nversion = 2", "\nversion = 2;\nx = 1", "unknown key"},
		{"made = \"", "made = \"x", ""},
		{"parent = \"\"", "parent = \"\033\"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text bytes, file;

		print_changed(&file, cases[i].from, cases[i].to);
		offer_file(&bytes, PLACE, "100644", &file);
		assert_refused_for(cases[i].words, &bytes);
		text_clear(&file);
	}
}

static void refuse__what_is_no_text_or_nested_or_large(void **state)
{
	struct text bytes, file = {0};

	(void)state;
	text_adds(&file, "x\n");
	offer_file(&bytes, PLACE, "100644", &file);
	assert_refused_for("", &bytes);
	text_clear(&file);
	offer_file(&bytes, PLACE, "100644", &file); /* empty */
	assert_refused_for("", &bytes);
	text_add(&file, "\0\377\376\033[2J", 7);
	offer_file(&bytes, PLACE, "100644", &file);
	assert_refused_for("", &bytes);
	text_clear(&file);
	for (int kind = 0; kind < 2; kind++) { /* groups, lists */
		for (int i = 0; i < 9000; i++)
			text_adds(&file, kind ? "(" : "a = { ");
		if (kind) {
			struct text list = {0};

			text_addf(&list, "a = %s", file.data);
			text_clear(&file);
			file = list;
		}
		for (int i = 0; i < 9000; i++)
			text_adds(&file, kind ? ")" : "};");
		offer_file(&bytes, PLACE, "100644", &file);
		assert_refused_for("", &bytes);
		text_clear(&file);
	}
	for (int i = 0; i < REPOSITORY_FILE_MOST / 16 + 1; i++)
		text_adds(&file, "// sixteen bytes\n");
	offer_file(&bytes, PLACE, "100644", &file);
	assert_refused_for("larger than a recipe may be", &bytes);
	text_clear(&file);
}

/* Stock git finds fault with such commits: what is taken in is to pass its fsck. */
static void refuse__commits_that_git_would_not_write(void **state)
{
	static const char *const by[] = {"x", "a <b> 1 +0000 \n", "a <b> x +0000", "a <b> 01 +0000",
					 "\033[2J <b> 1764000000 +0000"};
	char root[REPOSITORY_HASH_SIZE], hash[REPOSITORY_HASH_SIZE];

	(void)state;
	sound_tree(root);
	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		struct text bytes;

		write_commit(hash, theirs.reference, root, "", by[i], &theirs.key);
		bundle(&bytes, &theirs, theirs.reference);
		assert_refused_for("", &bytes);
	}
}

/* Where a commit, a tree or a file is named and not there. */
static void refuse__what_is_not_whole(void **state)
{
	char root[REPOSITORY_HASH_SIZE], commit[REPOSITORY_HASH_SIZE], words[512];

	(void)state;
	sound_tree(root);
	write_commit(commit, theirs.reference, root, "", who(&theirs), &theirs.key);
	for (int left_out = 0; left_out < 3; left_out++) {
		static const char *const all[] = {"$(git rev-parse $c)",
						  "$(git rev-parse $c^{tree})",
						  "$(git rev-parse $c:" PLACE ")"};
		struct text bytes;
		char path[128];

		*words = 0;
		for (int i = 0, used = 0; i < 3; i++)
			if (i != left_out)
				used += snprintf(words + used, sizeof words - (size_t)used, " %s",
						 all[i]);
		assert_int_equal(
			shell("c=%s && export GIT_DIR=theirs/recipes.git && { printf '# v2 git "
			      "bundle\\n%%s %s\\n\\n' $c; for i in%s; do echo $i; done | git "
			      "pack-objects -q --stdout; } >y.bundle",
			      commit, theirs.reference, words),
			0);
		snprintf(path, sizeof path, "%s/y.bundle", scratch);
		assert_ok(file_read(&bytes, path, 1 << 20, &err), &err);
		assert_refused_for("", &bytes);
	}
}

/* A sound bundle with any byte changed: refused, or (where nobody looks at it) the same is taken in. */
static void refuse__a_damaged_bundle(void **state)
{
	unsigned long long chance = 11;
	struct text bytes;
	size_t head;
	int refused = 0;

	(void)state;
	save_and_share(&theirs, "a");
	bundle(&bytes, &theirs, theirs.reference);
	head = (size_t)(strstr(bytes.data, "\n\n") - bytes.data) + 2;
	remember();
	for (int i = 0; i < 150; i++) {
		struct arrival_list list;
		const size_t at =
			head + (size_t)((double)(bytes.length - head) * random_share(&chance));
		const char was = bytes.data[at];

		bytes.data[at] = (char)(was ^ (1 << (int)(8 * random_share(&chance))));
		refused += take(&list, &bytes, true, trust_all, NULL) == STATUS_REFUSED;
		assert_true(text_printable(err.message));
		arrival_list_clear(&list);
		bytes.data[at] = was;
	}
	assert_int_equal(refused, 150); /* the pack ends with its own hash */
	assert_as_before();
	assert_taken(&bytes, ARRIVAL_NEW, 1);
}

/* --- a common folder ------------------------------------------------------------------------------------ */

/* As a loose file: zeros that become a gibibyte, of a mebibyte. */
static void write_bomb(const char *path)
{
	enum { ROUNDS = 1 << 16, PIECE = 1 << 14 };
	static const char head[] = "blob 1073741824", zeros[PIECE];
	unsigned char out[1 << 16];
	z_stream stream = {0};
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(deflateInit(&stream, 1), Z_OK);
	for (int round = -1; round < ROUNDS; round++) {
		stream.next_in = (Bytef *)(round < 0 ? head : zeros);
		stream.avail_in = round < 0 ? sizeof head : PIECE;
		do {
			stream.next_out = out;
			stream.avail_out = sizeof out;
			deflate(&stream, round + 1 < ROUNDS ? Z_NO_FLUSH : Z_FINISH);
			fwrite(out, 1, sizeof out - stream.avail_out, file);
		} while (stream.avail_out == 0);
	}
	deflateEnd(&stream);
	assert_int_equal(fclose(file), 0);
}

/* In a process of its own, whose memory can be told. */
static long memory_of_exchange(const char *common)
{
	struct rusage usage;
	int status;
	pid_t other = fork();

	if (other == 0) {
		struct store *store = open_store(&ours);
		struct remote_result result;
		enum status met = remote_exchange(&result, store_repository(store), common, false,
						  &ours.key.open, trust_all, NULL, &err);

		_exit(met != STATUS_REFUSED || !strstr(err.message, "larger than is taken in"));
	}
	assert_true(wait4(other, &status, 0, &usage) == other);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return usage.ru_maxrss / 1024;
}

/* libgit2 reads a common folder by itself, before anybody can look at what is in it. */
static void refuse__a_loose_bomb_in_a_common_folder(void **state)
{
	char common[128], path[256], hash[REPOSITORY_HASH_SIZE], root[REPOSITORY_HASH_SIZE];
	struct text file;

	(void)state;
	print_sound(&file);
	write_object(hash, "blob", &file);
	text_clear(&file);
	nest(root, PLACE, "100644", hash);
	write_commit(root, theirs.reference, root, "", who(&theirs), &theirs.key);
	assert_int_equal(shell("cp -r theirs/recipes.git common"), 0);
	snprintf(common, sizeof common, "%s/common", scratch);
	snprintf(path, sizeof path, "%s/objects/%.2s/%s", common, hash, hash + 2);
	assert_int_equal(remove(path), 0);
	write_bomb(path);
	remember();
	assert_true(memory_of_exchange(common) < 768); /* MiB */
	assert_as_before();
}

/* --- killed -------------------------------------------------------------------------------------------- */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* How long it takes where nobody kills it. */
static double time_of(const struct text *bytes)
{
	struct arrival_list list;
	double begin;

	assert_int_equal(shell("cp -r ours spare"), 0);
	begin = seconds();
	assert_ok(take(&list, bytes, true, trust_all, NULL), &err);
	begin = seconds() - begin;
	arrival_list_clear(&list);
	assert_int_equal(shell("rm -rf ours && mv spare ours"), 0);
	return begin;
}

static void kill_taker(const struct text *bytes, double after)
{
	struct arrival_list list;
	int status;
	pid_t taker = fork();

	if (taker == 0)
		_exit(take(&list, bytes, true, trust_all, NULL));
	usleep((useconds_t)(1e6 * after));
	kill(taker, SIGKILL);
	waitpid(taker, &status, 0);
}

/* At random moments: none of it or all of it, and nothing is left lying about after the next one. */
static void arrival__killed_takes_none_of_it_or_all(void **state)
{
	unsigned long long chance = 3;
	struct text bytes;
	double usual;
	int whole = 0;

	(void)state;
	for (int i = 0; i < 10; i++) {
		char zone[16];

		snprintf(zone, sizeof zone, "%d", i);
		save_and_share(&theirs, zone);
	}
	bundle(&bytes, &theirs, theirs.reference);
	usual = time_of(&bytes);
	for (int round = 0; round < 40; round++) {
		char tip[REPOSITORY_HASH_SIZE];

		/* in a process of its own it takes up to twice as long */
		kill_taker(&bytes, 3.0 * usual * random_share(&chance));
		tip_of(tip, &ours, theirs.reference);
		whole += *tip != 0;
		if (*tip || round % 8 == 0)
			assert_int_equal(shell("git --git-dir=ours/recipes.git fsck --strict "
					       ">/dev/null 2>git.log"),
					 0);
		/* and again as if nothing was taken, but for what the killed one left lying about */
		assert_int_equal(shell("rm -f ours/recipes.git/refs/clinics/%s && cd "
				       "ours/recipes.git/objects/pack && rm -f *.pack *.idx",
				       theirs.id),
				 0);
	}
	print_message("killed 40 times: %d with all of it\n", whole);
	assert_true(whole < 40);
	assert_taken(&bytes, ARRIVAL_NEW, 10);
	if (shell("! find ours/recipes.git -name '*.lock' -o -name '*tmp*' -o -name 'pack_*' | "
		  "grep ."))
		fail_msg("something is left lying about");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(arrival__by_hand_is_sound),
		CASE(arrival__new_old_and_more),
		CASE(arrival__goes_on_from_what_is_here),
		CASE(arrival__of_several_clinics),
		CASE(arrival__unknown_and_revoked_are_left_aside),
		CASE(arrival__nothing_without_an_answer_that_is_kept),
		CASE(refuse__a_forged_signature),
		CASE(refuse__what_stands_under_another_name),
		CASE(refuse__what_was_saved_and_not_shared),
		CASE(refuse__an_unsigned_commit_under_a_signed_one),
		CASE(refuse__a_merge),
		CASE(refuse__what_removes_or_changes),
		CASE(refuse__a_history_that_came_apart),
		CASE(refuse__one_of_two),
		CASE(refuse__a_reference_that_cannot_be_moved),
		CASE(refuse__files_that_are_no_recipes),
		CASE(refuse__trees_that_git_would_not_write),
		CASE(refuse__a_tree_bomb),
		CASE(refuse__recipes_that_are_none),
		CASE(refuse__what_is_no_text_or_nested_or_large),
		CASE(refuse__commits_that_git_would_not_write),
		CASE(refuse__what_is_not_whole),
		CASE(refuse__a_damaged_bundle),
		CASE(refuse__a_loose_bomb_in_a_common_folder),
		CASE(arrival__killed_takes_none_of_it_or_all),
	};

	return cmocka_run_group_tests_name("exchange", tests, make_recipe, NULL);
}
