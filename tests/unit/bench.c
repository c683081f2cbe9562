/* How fast the parts are, each as a line of JSON-free text: seconds are of this machine, now. */
#include "app/app.h"
#include "base/clock.h"
#include "base/file.h"
#include "formats/pigment_file.h"
#include "formats/recipe_file.h"
#include "report/card.h"
#include "report/preview_sheet.h"
#include "store/store.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct error err;

static void give_up(void)
{
	fprintf(stderr, "bench: %s\n", err.message);
	exit(1);
}

static struct match_answer match(int pigments, int drops, int diluent_step)
{
	struct app_match_request request = {
		.pigments = "example",
		.technique = "standard",
		.light = {"D65", "10"},
		.top = 10,
		.pigments_max = pigments,
		.drops_max = drops,
		.diluent_max = 200,
		.diluent_step = diluent_step,
	};
	struct match_answer answer;
	struct notes notes = {0};

	request.reading[ROLE_SKIN] = "recipes/example/skin.csv";
	request.reading[ROLE_HAIR] = "recipes/example/hair.txt";
	if (app_match(&answer, &request, &notes, &err))
		give_up();
	notes_clear(&notes);
	return answer;
}

static void bench_match(void)
{
	static const struct {
		int pigments, drops, diluent_step;
	} grid[] = {{3, 12, 5}, {4, 24, 1}};

	for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
		struct match_answer answer =
			match(grid[i].pigments, grid[i].drops, grid[i].diluent_step);

		printf("match in skin, up to %d of 8 pigments, %d drops, diluent by %d: %llu "
		       "recipes, "
		       "complete, in %.3f s, %.1f ns each\n",
		       grid[i].pigments, grid[i].drops, grid[i].diluent_step,
		       answer.proof.evaluated, answer.proof.seconds,
		       1e9 * answer.proof.seconds / (double)answer.proof.evaluated);
		app_match_clear(&answer);
	}
}

static void bench_card(void)
{
	struct match_answer answer = match(3, 2, 20);
	static const char *const names[] = {"PDF", "PNG", "SVG", "text"};

	for (int format = PICTURE_PDF; format <= PICTURE_TEXT; format++) {
		double start = clock_monotonic_seconds();
		enum { TIMES = 5 };

		for (int i = 0; i < TIMES; i++) {
			struct text out;

			if (cards_draw(&out,
				       &(struct card){.recipe = &answer.recipe[0],
						      .paper = PAPER_A5,
						      .cup_ml = CUP_USUAL_ML},
				       1, format, &err))
				give_up();
			text_clear(&out);
		}
		printf("card as %s: %.1f ms\n", names[format],
		       1e3 * (clock_monotonic_seconds() - start) / TIMES);
	}
	app_match_clear(&answer);
}

/* Whole, and what of it is computing pixels and making a PNG of them. */
static void bench_preview(const char *folder)
{
	struct match_answer answer = match(3, 2, 20);
	const struct app_match_request none = {0};
	struct app_preview_request request = {.folder = folder, .seed = 1, .match = &none};
	double start, computed = 0.0, encoded = 0.0;
	struct text file = {0}, png;
	struct notes notes = {0};
	char path[4200];
	enum { TIMES = 5 };

	snprintf(path, sizeof path, "%s/preview.cfg", folder);
	request.subject = path;
	if (file_make_folder(folder, &err) || recipe_print(&file, &answer.recipe[0], &err) ||
	    file_write(path, file.data, file.length, &err))
		give_up();
	for (int i = 0; i < TIMES; i++) {
		struct app_previews seen;

		start = clock_monotonic_seconds();
		if (app_preview(&seen, &request, &notes, &err))
			give_up();
		computed += clock_monotonic_seconds() - start;
		start = clock_monotonic_seconds();
		if (preview_sheet(&png, &seen.picture[0].preview,
				  &(struct preview_words){.name = "bench",
							  .zone = "",
							  .technique = "",
							  .notice = "",
							  .made = seen.picture[0].made},
				  PICTURE_PNG, &err))
			give_up();
		encoded += clock_monotonic_seconds() - start;
		text_clear(&png);
		app_previews_clear(&seen);
	}
	printf("preview of 1600 by 1000 pixels: %.0f ms, %.0f ms of it ours (scene, dots, light, "
	       "eye, "
	       "screen), %.0f ms cairo and PNG\n",
	       1e3 * (computed + encoded) / TIMES, 1e3 * computed / TIMES, 1e3 * encoded / TIMES);
	text_clear(&file);
	notes_clear(&notes);
	app_match_clear(&answer);
}

static void bench_store(const char *folder)
{
	struct match_answer answer = match(3, 2, 20);
	struct recipe *recipe = &answer.recipe[0];
	struct recipe_stamp_list list;
	struct notes notes = {0};
	struct store *store;
	double start;
	bool saved;
	enum { SAVES = 200 };
	static const struct index_filter newest;
	struct clinic_key key;
	char key_path[4200];

	strcpy(recipe->stamp.name, "bench");
	snprintf(key_path, sizeof key_path, "%s/clinic.key", folder);
	if (file_make_folder(folder, &err) || key_make(key_path, &err) ||
	    key_read(&key, key_path, &err) || store_open(&store, folder, &key.open, true, &err))
		give_up();
	start = clock_monotonic_seconds();
	for (int i = 0; i < SAVES; i++) {
		snprintf(recipe->stamp.id, sizeof recipe->stamp.id, "%016x", i * 2654435761u);
		recipe->stamp.version = 0;
		if (store_save(&saved, store, recipe, &key, &err))
			give_up();
	}
	printf("store: %.1f ms a save (signed, fsynced)\n",
	       1e3 * (clock_monotonic_seconds() - start) / SAVES);
	start = clock_monotonic_seconds();
	if (store_list(&list, store, &newest, &notes, &err)) /* makes the index */
		give_up();
	printf("store: an index of %zu recipes made in %.1f ms\n", list.count,
	       1e3 * (clock_monotonic_seconds() - start));
	recipe_stamp_list_clear(&list);
	start = clock_monotonic_seconds();
	if (store_list(&list, store, &newest, &notes, &err))
		give_up();
	printf("store: %zu recipes listed in %.1f ms\n", list.count,
	       1e3 * (clock_monotonic_seconds() - start));
	recipe_stamp_list_clear(&list);
	store_close(store);
	app_match_clear(&answer);
}

/* --- lab against spec2cie ------------------------------------------------------------------- */

enum { READINGS = 10000, PAIRS = 5 };

struct run {
	double seconds;
	double kilobytes; /* at most, resident */
};

static struct run run(const char *const *argv, const char *output)
{
	double start = clock_monotonic_seconds();
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (posix_spawnp(&child, argv[0], &actions, NULL, (char **)argv, environ) ||
	    wait4(child, &status, 0, &usage) < 0 || status) {
		error_set(&err, STATUS_ENVIRONMENT, "%s did not run well", argv[0]);
		give_up();
	}
	posix_spawn_file_actions_destroy(&actions);
	return (struct run){clock_monotonic_seconds() - start, (double)usage.ru_maxrss};
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Pairs of runs one after the other, so that what else the machine does hits both. `folder` holds the
 * files of tests/bench. Comes first: a child's largest memory counts what its parent had. */
static void bench_lab(const char *folder, const char *program)
{
	char few[4096], many[4096], one[4096], json[4096], cie[4096];
	const char *const lab[] = {program, "lab", few, "--json", NULL};
	const char *const lab_many[] = {program, "lab", many, "--json", NULL};
	const char *const lab_one[] = {program, "lab", one, "--json", NULL};
	const char *const spec2cie[] = {"spec2cie", few, cie, NULL};
	double ours[PAIRS], ratio[PAIRS];
	struct run base, first = {0, 0}, other = {0, 0}, big;

	snprintf(few, sizeof few, "%s/few.ti3", folder);
	snprintf(many, sizeof many, "%s/many.ti3", folder);
	snprintf(one, sizeof one, "%s/one.ti3", folder);
	snprintf(json, sizeof json, "%s/json", folder);
	snprintf(cie, sizeof cie, "%s/cie.ti3", folder);
	for (int i = 0; i < PAIRS; i++) {
		first = run(lab, json);
		other = run(spec2cie, json);
		ours[i] = first.seconds;
		ratio[i] = other.seconds / first.seconds;
	}
	base = run(lab_one, json);
	big = run(lab_many, json);
	qsort(ours, PAIRS, sizeof *ours, by_size);
	qsort(ratio, PAIRS, sizeof *ratio, by_size);
	printf("lab: %d readings of 31 bands to JSON in %.0f ms, %.1f times as fast as spec2cie "
	       "(medians of %d pairs)\n",
	       READINGS, 1e3 * ours[PAIRS / 2], ratio[PAIRS / 2], PAIRS);
	printf("lab: %.2f kB of memory a reading at %d readings, %.2f kB at %d (spec2cie at %d: "
	       "%.2f "
	       "kB); %.0f MB before the first\n",
	       (first.kilobytes - base.kilobytes) / READINGS, READINGS,
	       (big.kilobytes - base.kilobytes) / (10 * READINGS), 10 * READINGS, READINGS,
	       other.kilobytes / READINGS, base.kilobytes / 1024);
}

int main(int argc, char **argv)
{
	char store[4096];

	if (argc < 3)
		return 2;
	bench_lab(argv[1], argv[2]);
	bench_match();
	bench_card();
	bench_preview(argv[1]);
	snprintf(store, sizeof store, "%s/store", argv[1]);
	bench_store(store);
	return 0;
}
