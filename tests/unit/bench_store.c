/* The store with many versions, against what libgit2, SQLite and git need for the least of it, in one run: ratios hold, seconds are of
 * this machine, now. Versions are made from the example's recipe: other names, doses, lots and colours; a quarter of them are
 * later versions of the others. Bulk and size are of a fifth of them, where not `all` is said: libgit2's search for deltas, which is
 * nearly all of the time of both sides, takes a millisecond a version. */
#include "app/app.h"
#include "base/clock.h"
#include "base/number.h"
#include "formats/recipe_file.h"
#include "store/store.h"

#include <git2.h>
#include <git2/sys/mempack.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_ROOM = 512, SAVES = 40, ASKED = 400, COMMITS = 3000, RUNS = 60, PART = 5 };

static struct error err;
static struct recipe pattern;
static struct clinic_key key;
static char scratch[200], folder[PATH_ROOM], copy[PATH_ROOM];
static int count;

static void give_up(const char *what)
{
	const git_error *error = git_error_last();

	fprintf(stderr, "bench_store: %s: %s; %s\n", what, err.message,
		error ? error->message : "");
	exit(1);
}

static double now(void)
{
	return clock_monotonic_seconds();
}

static int by_value(const void *a, const void *b)
{
	const double *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

static double median(double *value, int values)
{
	qsort(value, (size_t)values, sizeof *value, by_value);
	return value[values / 2];
}

static void say(const char *what, double ours, double theirs, const char *peer, double limit)
{
	printf("%s: %.3f ms, %s %.3f ms: %.2f x (at most %.2f)%s\n", what, 1e3 * ours, peer,
	       1e3 * theirs, ours / theirs, limit, ours / theirs > limit ? "  MISSED" : "");
	fflush(stdout);
}

static void say_within(const char *what, double ms, double limit)
{
	printf("%s: %.2f ms (at most %.0f)%s\n", what, ms, limit, ms > limit ? "  MISSED" : "");
	fflush(stdout);
}

static void shell(const char *format, const char *path)
{
	char command[3 * PATH_ROOM];

	snprintf(command, sizeof command, format, path, path);
	if (system(command))
		give_up(command);
}

/* --- versions --------------------------------------------------------------------------------- */

static unsigned long long mix(unsigned long long x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void make_id(char id[RANDOM_ID_SIZE], int i)
{
	snprintf(id, RANDOM_ID_SIZE, "%016llx", mix((unsigned long long)i));
}

static int firsts(void)
{
	return count - count / 4;
}

static void make_pattern(void)
{
	struct app_match_request request = {.pigments = "example",
					    .technique = "standard",
					    .light = {"D65", "10"},
					    .top = 1,
					    .quick = true};
	struct match_answer answer;
	struct notes notes = {0};

	request.reading[ROLE_SKIN] = "recipes/example/skin.csv";
	request.reading[ROLE_HAIR] = "recipes/example/hair.txt";
	if (app_match(&answer, &request, &notes, &err))
		give_up("match");
	pattern = answer.recipe[0];
	pattern.edited = false;
	app_match_clear(&answer);
	notes_clear(&notes);
}

/* Version `i` of all. */
static enum status make_recipe(struct recipe *recipe, int i, void *data, struct error *unused)
{
	static const char *const place[] = {"Crown", "Hairline", "Temple", "Scar", "Parting"};
	static const char *const word[] = {"Ash",  "Bronze", "Cedar", "Dune", "Ebony", "Flint",
					   "Grey", "Hazel",  "Ivory", "Jet",  "Khaki", "Loam"};
	const int own = i < firsts() ? i : (int)(mix(i) % (unsigned)firsts());
	const unsigned long long r = mix((unsigned long long)i + 1000000007u);

	(void)data;
	(void)unused;
	*recipe = pattern;
	make_id(recipe->stamp.id, own);
	recipe->stamp.version = own == i ? 0 : 1;
	snprintf(recipe->stamp.name, sizeof recipe->stamp.name, "%s %s %d", place[own % 5],
		 word[own / 5 % 12], own);
	for (int d = 0; d < recipe->dose_count; d++) {
		struct recipe_dose *dose = &recipe->dose[d];

		dose->drops = 1 + (int)(r >> (8 * d) & 15);
		dose->ml = dose->drops / 20.0;
		snprintf(dose->bottle.lot, sizeof dose->bottle.lot, "L%llu", (r >> 20) % 997);
	}
	recipe->diluent.drops = 1 + (int)(r >> 40 & 63);
	for (int l = 0; l < recipe->predicted.look_count; l++) {
		recipe->predicted.look[l].lab.l = 15.0 + (double)(r % 50000) / 1000.0;
		recipe->predicted.look[l].lab.a = (double)((r >> 16) % 14000) / 1000.0;
		recipe->predicted.look[l].lab.b = (double)((r >> 32) % 22000) / 1000.0;
	}
	for (int b = 0; b < recipe->predicted.dot.grid.count; b++)
		recipe->predicted.dot.value[b] *=
			0.9 + (double)(mix(r + (unsigned)b) % 1000) * 1e-4;
	for (int b = 0; b < recipe->predicted.required.grid.count; b++)
		recipe->predicted.required.value[b] *=
			0.9 + (double)(mix(r + 99u + (unsigned)b) % 1000) * 1e-4;
	return STATUS_OK;
}

/* --- bulk ------------------------------------------------------------------------------------- */

static struct store *open_store(const char *path)
{
	struct store *store;

	if (store_open(&store, path, &key.open, true, &err))
		give_up("open");
	return store;
}

static double save_all(void)
{
	struct store_saved *saved = calloc((size_t)count, sizeof *saved);
	struct store *store = open_store(folder);
	const double start = now();

	if (!saved || store_save_all(saved, count, store, make_recipe, NULL, &key, &err))
		give_up("save");
	store_close(store);
	free(saved);
	return now() - start;
}

static git_repository *open_git(const char *path)
{
	char name[PATH_ROOM + 16];
	git_repository *git;

	snprintf(name, sizeof name, "%s/recipes.git", path);
	if (git_repository_open_bare(&git, name))
		give_up(name);
	return git;
}

/* The same files as they are in the store. */
struct files {
	char (*path)[64];
	git_blob **blob;
	int files;
	git_tree *tree;
};

static int take_entry(const char *root, const git_tree_entry *entry, void *data)
{
	struct files *files = data;

	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	snprintf(files->path[files->files], 64, "%s%s", root, git_tree_entry_name(entry));
	files->files++;
	return git_blob_lookup(&files->blob[files->files - 1], git_tree_owner(files->tree),
			       git_tree_entry_id(entry));
}

static int fsync_indexer(git_odb *odb, const char *path, const git_buf *pack)
{
	git_indexer *indexer = NULL;
	git_indexer_progress progress = {0};
	int failed = git_indexer_new(&indexer, path, 0, odb, NULL) ||
		     git_indexer_append(indexer, pack->ptr, pack->size, &progress) ||
		     git_indexer_commit(indexer, &progress);

	git_indexer_free(indexer);
	return failed;
}

/* Blobs, trees, commit in memory, dumped and indexed: nothing of recipes. */
static double write_bare(const struct files *files)
{
	char path[PATH_ROOM], packs[PATH_ROOM + 32];
	git_tree_update *update = calloc((size_t)files->files, sizeof *update);
	git_odb_backend *memory;
	git_treebuilder *builder;
	git_repository *git;
	git_signature *author;
	git_buf pack = {0};
	git_commit *made;
	git_tree *tree, *empty;
	git_odb *odb;
	git_oid id;
	double start;

	snprintf(path, sizeof path, "%s/bare", scratch);
	snprintf(packs, sizeof packs, "%s/objects/pack", path);
	if (git_repository_init(&git, path, 1) || git_repository_odb(&odb, git))
		give_up("bare");
	start = now();
	if (git_mempack_new(&memory) || git_odb_add_backend(odb, memory, 999))
		give_up("bare");
	for (int i = 0; i < files->files; i++) {
		update[i] = (git_tree_update){.action = GIT_TREE_UPDATE_UPSERT,
					      .filemode = GIT_FILEMODE_BLOB,
					      .path = files->path[i]};
		if (git_blob_create_from_buffer(&update[i].id, git,
						git_blob_rawcontent(files->blob[i]),
						(size_t)git_blob_rawsize(files->blob[i])))
			give_up("bare blob");
	}
	if (git_treebuilder_new(&builder, git, NULL) || git_treebuilder_write(&id, builder) ||
	    git_tree_lookup(&empty, git, &id) ||
	    git_tree_create_updated(&id, git, empty, (size_t)files->files, update) ||
	    git_tree_lookup(&tree, git, &id) ||
	    git_signature_new(&author, "bare", "bare@example.invalid", 1, 0) ||
	    git_commit_create(&id, git, NULL, author, author, NULL, "bare", tree, 0, NULL) ||
	    git_mempack_dump(&pack, git, memory) || fsync_indexer(odb, packs, &pack) ||
	    git_mempack_reset(memory) || git_odb_refresh(odb) ||
	    git_commit_lookup(&made, git, &id) ||
	    git_reference_create(&(git_reference *){NULL}, git, "refs/heads/main", &id, 1, NULL))
		give_up("bare commit");
	start = now() - start;
	git_buf_dispose(&pack);
	git_repository_free(git);
	free(update);
	shell("rm -rf %s", path);
	return start;
}

static void bench_bulk(void)
{
	struct files all = {0};
	double ours = save_all(), theirs;
	git_repository *git = open_git(folder);
	git_commit *commit;
	git_oid id;

	all.path = calloc((size_t)count, sizeof *all.path);
	all.blob = calloc((size_t)count, sizeof(git_blob *));
	if (git_reference_name_to_id(&id, git, REPOSITORY_OWN) ||
	    git_commit_lookup(&commit, git, &id) || git_commit_tree(&all.tree, commit) ||
	    git_tree_walk(all.tree, GIT_TREEWALK_PRE, take_entry, &all))
		give_up("collect");
	theirs = write_bare(&all);
	printf("bulk save of %d versions: %.1f s, ", count, ours);
	printf("bare mempack write of the same %.1f s: %.2f x (at most 2)%s\n", theirs,
	       ours / theirs, ours > 2 * theirs ? "  MISSED" : "");
	fflush(stdout);
	for (int i = 0; i < all.files; i++)
		git_blob_free(all.blob[i]);
	free(all.blob);
	free(all.path);
	git_tree_free(all.tree);
	git_commit_free(commit);
	git_repository_free(git);
}

/* --- index ------------------------------------------------------------------------------------ */

static double rebuild(void)
{
	struct store *store = open_store(folder);
	double start;

	shell("rm -f %s/index-*", folder);
	start = now();
	if (store_prepare(store, &(struct index_watch){.report = NULL}, &err))
		give_up("index");
	start = now() - start;
	store_close(store);
	return start;
}

static int read_entry(const char *root, const git_tree_entry *entry, void *data)
{
	git_blob *blob;

	(void)root;
	if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
		return 0;
	if (git_blob_lookup(&blob, data, git_tree_entry_id(entry)))
		return -1;
	git_blob_free(blob);
	return 0;
}

/* What libgit2 takes on one core to read the files, and nothing else. */
static double read_files(void)
{
	git_repository *git = open_git(folder);
	double start = now();
	git_commit *commit;
	git_tree *tree;
	git_oid id;

	if (git_reference_name_to_id(&id, git, REPOSITORY_OWN) ||
	    git_commit_lookup(&commit, git, &id) || git_commit_tree(&tree, commit) ||
	    git_tree_walk(tree, GIT_TREEWALK_PRE, read_entry, git))
		give_up("read");
	git_tree_free(tree);
	git_commit_free(commit);
	git_repository_free(git);
	return now() - start;
}

static void bench_rebuild(void)
{
	double once = rebuild(), again = rebuild(), least = once < again ? once : again;

	printf("index made anew: %.2f s, %.0f versions a second (at least 20000)%s; libgit2 takes "
	       "%.2f s to read the files alone\n",
	       least, count / least, count / least < 20000 ? "  MISSED" : "", read_files());
	fflush(stdout);
}

/* --- saves ------------------------------------------------------------------------------------ */

/* The least that a save is: blob, trees, commit, reference, each on the disk. */
static void save_bare(git_repository *git, int i)
{
	struct recipe *recipe = malloc(sizeof *recipe);
	char path[64], id[RANDOM_ID_SIZE];
	struct text bytes;
	git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT, .filemode = GIT_FILEMODE_BLOB};
	git_signature *author;
	git_reference *moved = NULL;
	git_commit *parent;
	const git_commit *parents[1];
	git_tree *tree, *grown;
	git_oid head, commit;

	make_id(id, -1 - i);
	snprintf(path, sizeof path, "recipes/%.2s/%s/1.cfg", id, id);
	update.path = path;
	make_recipe(recipe, count + i, NULL, &err);
	text_copy(recipe->stamp.id, sizeof recipe->stamp.id, id);
	recipe->stamp.version = 1;
	if (recipe_print(&bytes, recipe, &err))
		give_up("print");
	if (git_reference_name_to_id(&head, git, "refs/heads/bare") ||
	    git_commit_lookup(&parent, git, &head) || git_commit_tree(&tree, parent) ||
	    git_blob_create_from_buffer(&update.id, git, bytes.data, bytes.length) ||
	    git_tree_create_updated(&commit, git, tree, 1, &update) ||
	    git_tree_lookup(&grown, git, &commit) ||
	    git_signature_new(&author, "bare", "bare@example.invalid", 1, 0))
		give_up("bare save");
	parents[0] = parent;
	if (git_commit_create(&commit, git, NULL, author, author, NULL, "bare", grown, 1,
			      parents) ||
	    git_reference_create_matching(&moved, git, "refs/heads/bare", &commit, 1, &head, NULL))
		give_up("bare save");
	git_reference_free(moved);
	git_signature_free(author);
	git_tree_free(grown);
	git_tree_free(tree);
	git_commit_free(parent);
	text_clear(&bytes);
	free(recipe);
}

static void bench_saves(void)
{
	double ours[SAVES], theirs[SAVES], update[SAVES];
	struct recipe *recipe = malloc(sizeof *recipe);
	struct store *store = open_store(folder);
	git_repository *git = open_git(folder);
	git_reference *reference;
	git_oid head;

	if (git_reference_name_to_id(&head, git, REPOSITORY_OWN) ||
	    git_reference_create(&reference, git, "refs/heads/bare", &head, 1, NULL))
		give_up("bare");
	git_reference_free(reference);
	for (int i = 0; i < SAVES; i++) {
		struct recipe_stamp_list list;
		struct notes notes = {0};
		bool saved;

		make_recipe(recipe, count + i, NULL, &err);
		if (i % 2)
			recipe->stamp.version = 0;
		ours[i] = now();
		if (store_save(&saved, store, recipe, &key, &err))
			give_up("save");
		update[i] = now();
		ours[i] = update[i] - ours[i];
		if (store_list(&list, store,
			       &(struct index_filter){.all = true, .id = recipe->stamp.id}, &notes,
			       &err))
			give_up("list");
		update[i] = now() - update[i];
		recipe_stamp_list_clear(&list);
		theirs[i] = now();
		save_bare(git, i);
		theirs[i] = now() - theirs[i];
	}
	git_reference_remove(git, "refs/heads/bare");
	say("save", median(ours, SAVES), median(theirs, SAVES), "bare blob, tree and commit", 2);
	printf("index after a save, and the history of that recipe: %.2f ms\n",
	       1e3 * median(update, SAVES));
	fflush(stdout);
	git_repository_free(git);
	store_close(store);
	free(recipe);
}

/* --- questions -------------------------------------------------------------------------------- */

static void bench_show(void)
{
	static double ours[ASKED], theirs[ASKED];
	struct recipe *recipe = malloc(sizeof *recipe);
	struct store *store = open_store(folder);
	git_repository *git = open_git(folder);
	char path[PATH_ROOM + 16], id[RANDOM_ID_SIZE];
	sqlite3_stmt *find;
	sqlite3 *database;

	snprintf(path, sizeof path, "%s/index-3.db", folder);
	if (sqlite3_open(path, &database) ||
	    sqlite3_prepare_v2(database, "SELECT hash FROM version WHERE id = ? AND newest", -1,
			       &find, NULL))
		give_up("sqlite");
	for (int i = 0; i < ASKED; i++) {
		struct text text = {0};
		git_blob *blob;
		git_oid blob_id;

		make_id(id, (int)(mix(i) % (unsigned)firsts()));
		theirs[i] = now();
		sqlite3_bind_text(find, 1, id, -1, SQLITE_STATIC);
		if (sqlite3_step(find) != SQLITE_ROW ||
		    git_oid_fromstr(&blob_id, (const char *)sqlite3_column_text(find, 0)) ||
		    git_blob_lookup(&blob, git, &blob_id))
			give_up("look-up");
		sqlite3_reset(find);
		git_blob_free(blob);
		theirs[i] = now() - theirs[i];
		make_id(id, (int)(mix(i + 5000) % (unsigned)firsts()));
		ours[i] = now();
		if (store_find(recipe, &text, store, id, &err))
			give_up("find");
		ours[i] = now() - ours[i];
		text_clear(&text);
	}
	say("show by id", median(ours, ASKED), median(theirs, ASKED),
	    "one SQLite look-up and one object read", 3);
	sqlite3_finalize(find);
	sqlite3_close(database);
	git_repository_free(git);
	store_close(store);
	free(recipe);
}

static double ask_list(struct store *store, const struct index_filter *filter, size_t *found)
{
	struct recipe_stamp_list list;
	struct notes notes = {0};
	double start = now();

	if (store_list(&list, store, filter, &notes, &err))
		give_up("list");
	start = now() - start;
	*found = list.count;
	recipe_stamp_list_clear(&list);
	return start;
}

static void bench_questions(void)
{
	double text[RUNS], near[RUNS], whole;
	struct store *store = open_store(folder);
	size_t found, all;

	whole = ask_list(store, &(struct index_filter){.all = false}, &all);
	for (int i = 0; i < RUNS; i++) {
		struct lab lab = {20.0 + i, 3.0, 6.0};
		struct recipe_near *nearest;
		char words[32];
		int nears;

		snprintf(words, sizeof words, "crown %d", (int)(mix(i) % (unsigned)firsts()) / 100);
		text[i] = ask_list(store, &(struct index_filter){.text = words}, &found);
		near[i] = now();
		if (store_nearest(&nearest, &nears, store, &lab, 10, &err))
			give_up("nearest");
		near[i] = now() - near[i];
		free(nearest);
	}
	say_within("text search", 1e3 * median(text, RUNS), 20);
	say_within("nearest of all", 1e3 * median(near, RUNS), 60);
	printf("list of all newest, %zu: %.0f ms\n", all, 1e3 * whole);
	fflush(stdout);
	store_close(store);
}

/* --- other programs --------------------------------------------------------------------------- */

static double run(const char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	double start = now();
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, (char *const *)argv, environ) ||
	    waitpid(pid, &status, 0) < 0 || status)
		give_up(argv[0]);
	posix_spawn_file_actions_destroy(&quiet);
	return now() - start;
}

static void bench_start(const char *program)
{
	const char *const ours[] = {program, "help", "save", NULL};
	const char *const asking[] = {program, "show", "--store", folder, "", NULL};
	const char *const theirs[] = {"git", "--version", NULL};
	double one[RUNS], two[RUNS], three[RUNS];
	char id[RANDOM_ID_SIZE];
	const char *show[6];

	memcpy(show, asking, sizeof show);
	make_id(id, 1);
	show[4] = id;
	for (int i = 0; i < RUNS; i++) {
		one[i] = run(ours);
		two[i] = run(theirs);
		three[i] = run(show);
	}
	say("start-up (help save)", median(one, RUNS), median(two, RUNS), "git --version", 3);
	say("start-up and show by id", median(three, RUNS), two[RUNS / 2], "git --version", 3);
}

static void bench_tidy(void)
{
	struct repository_tidy tidy;
	struct store *store = open_store(folder);
	double start, ours, theirs;
	FILE *size;
	char line[64], command[3 * PATH_ROOM];
	double kb[2];

	shell("cp -r %s %s-gc", folder);
	start = now();
	if (store_tidy(&tidy, store, &err))
		give_up("tidy");
	ours = now() - start;
	store_close(store);
	start = now();
	shell("git -c gc.auto=0 -c core.fsync=none --git-dir=%s-gc/recipes.git gc --quiet", folder);
	theirs = now() - start;
	snprintf(command, sizeof command,
		 "du -sk %s/recipes.git %s-gc/recipes.git | cut -f1 | tr '\\n' ' '", folder,
		 folder);
	size = popen(command, "r");
	if (!size || !fgets(line, sizeof line, size))
		give_up("du");
	pclose(size);
	*strchr(line, ' ') = 0;
	line[strcspn(line + strlen(line) + 1, " ") + strlen(line) + 1] = 0;
	if (!number_read(&kb[0], line) || !number_read(&kb[1], line + strlen(line) + 1))
		give_up("du");
	printf("size after tidy of %d versions: %.1f MB (%.0f s), of a copy after git gc %.1f MB "
	       "(%.0f s): %.2f x "
	       "(at most 1.30)%s\n",
	       count, kb[0] / 1e3, ours, kb[1] / 1e3, theirs, kb[0] / kb[1],
	       kb[0] > 1.3 * kb[1] ? "  MISSED" : "");
	fflush(stdout);
	shell("rm -rf %s-gc", folder);
}

/* A copy with COMMITS more commits, of a version each, as a clinic's years make them; packed by git. */
static void bench_history(void)
{
	char file[64], id[RANDOM_ID_SIZE], git_dir[PATH_ROOM + 32];
	const char *const log[] = {"git",  "--git-dir", git_dir, "log", "--format=%H",
				   "main", "--",        file,    NULL};
	double ours[RUNS], plain, graph;
	git_repository *git;
	struct store *store;
	size_t found;

	snprintf(copy, sizeof copy, "%s/copy", scratch);
	snprintf(git_dir, sizeof git_dir, "%s/recipes.git", copy);
	shell("cp -r %s/store %s/copy", scratch);
	shell("git --git-dir=%s/recipes.git update-ref refs/heads/bare refs/heads/main", copy);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0);
	git = open_git(copy);
	for (int i = 0; i < COMMITS; i++)
		save_bare(git, i);
	git_repository_free(git);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	shell("git --git-dir=%s/recipes.git update-ref refs/heads/main refs/heads/bare", copy);
	shell("git -c core.fsync=none --git-dir=%s/recipes.git repack -d -q", copy);
	make_id(id, -1 - COMMITS / 2);
	snprintf(file, sizeof file, "recipes/%.2s/%s/1.cfg", id, id);
	plain = run(log);
	plain = run(log);
	shell("git --git-dir=%s/recipes.git commit-graph write --reachable --changed-paths "
	      "--no-progress",
	      copy);
	graph = run(log);
	graph = run(log);
	store = open_store(copy);
	make_id(id, firsts() / 2);
	for (int i = 0; i < RUNS; i++)
		ours[i] = ask_list(store, &(struct index_filter){.all = true, .id = id}, &found);
	store_close(store);
	printf("history of one recipe among %d commits: %.3f ms; git log -- FILE %.0f ms: %.0f x "
	       "as "
	       "fast (at least 50)%s; with commit-graph and changed paths %.0f ms: %.0f x\n",
	       COMMITS, 1e3 * median(ours, RUNS), 1e3 * plain, plain / ours[RUNS / 2],
	       plain / ours[RUNS / 2] < 50 ? "  MISSED" : "", 1e3 * graph, graph / ours[RUNS / 2]);
	fflush(stdout);
	shell("rm -rf %s", copy);
}

static void say_memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("most memory of all this: %ld MB\n", usage.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
	char path[PATH_ROOM];
	int whole;

	if (argc < 4 || !number_read_integer(&count, argv[3]) || count < 1000) {
		fprintf(stderr, "bench_store SCRATCH PROGRAM COUNT [all]\n");
		return 2;
	}
	text_copy(scratch, sizeof scratch, argv[1]);
	snprintf(folder, sizeof folder, "%s/store", scratch);
	snprintf(path, sizeof path, "%s/data/follitone/clinic.key", scratch);
	setenv("XDG_DATA_HOME", scratch, 1);
	snprintf(path, sizeof path, "%s/clinic.key", scratch);
	if (key_make(path, &err) || key_read(&key, path, &err))
		give_up("key");
	git_libgit2_init();
	make_pattern();
	whole = count;
	count = argc > 4 ? whole : whole / PART;
	bench_bulk();
	bench_tidy();
	if (count < whole) {
		shell("rm -rf %s", folder);
		count = whole;
		save_all();
	}
	bench_rebuild();
	bench_saves();
	bench_show();
	bench_questions();
	bench_start(argv[2]);
	bench_history();
	say_memory();
	return 0;
}
