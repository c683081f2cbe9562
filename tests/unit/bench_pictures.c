/* What the pictures cost, and whose work that is.
 *
 * A timer of processor time stops the program every few milliseconds; who is at work then, is the innermost caller that stands in
 * neither libc, libm nor the loader: what copies or takes a root for somebody is his work. This program holds all of our own code, so the
 * shared object of that caller says whose it is. */
#include "support.h"

#include "app/app.h"
#include "base/clock.h"
#include "base/file.h"
#include "formats/recipe_file.h"
#include "report/card.h"
#include "report/case_report.h"
#include "report/preview_sheet.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static struct error err;

static void give_up(void)
{
	fprintf(stderr, "bench_pictures: %s\n", err.message);
	exit(1);
}

/* --- whose work it is --------------------------------------------------------------------------- */

enum { SAMPLES_MOST = 60000, DEPTH = 24, EVERY_US = 1000, OWNERS_MOST = 40 };
static void *callers[SAMPLES_MOST][DEPTH];
static int depth[SAMPLES_MOST];
static volatile sig_atomic_t samples;

static void sample(int signal_number)
{
	(void)signal_number;
	if (samples < SAMPLES_MOST) {
		depth[samples] = backtrace(callers[samples], DEPTH);
		samples++;
	}
}

static void set_timer(long microseconds)
{
	const struct timeval time = {0, microseconds};

	setitimer(ITIMER_PROF, &(struct itimerval){time, time}, NULL);
}

/* The shared object's name up to its first dot or dash: "libcairo"; of this program "ours". */
static void owner_of(char name[64], void *address)
{
	static Dl_info self;
	Dl_info info;

	if (!self.dli_fname)
		dladdr(&err, &self);
	if (!dladdr(address, &info) || !info.dli_fname)
		snprintf(name, 64, "unknown");
	else if (strcmp(info.dli_fname, self.dli_fname) == 0)
		snprintf(name, 64, "ours");
	else
		snprintf(name, 64, "%.60s", file_name(info.dli_fname));
	name[strcspn(name, ".-")] = 0;
}

/* The first two frames are sample() and the kernel's way back from it. */
static void worker_of(char name[64], int which)
{
	snprintf(name, 64, "unknown");
	for (int i = 2; i < depth[which]; i++) {
		owner_of(name, callers[which][i]);
		if (strcmp(name, "libc") && strcmp(name, "libm") && strcmp(name, "ld"))
			return;
	}
}

struct owner {
	char name[64];
	int samples;
};

static int most_first(const void *a, const void *b)
{
	return ((const struct owner *)b)->samples - ((const struct owner *)a)->samples;
}

/* "ours 9 %, libcairo 31 %, …": all with 2 % and more, ours first. */
static void print_shares(void)
{
	struct owner owner[OWNERS_MOST] = {{.name = "ours"}};
	int owners = 1, rest = 0;

	for (int i = 0; i < samples; i++) {
		char name[64];
		int at = 0;

		worker_of(name, i);
		while (at < owners && strcmp(owner[at].name, name))
			at++;
		if (at == OWNERS_MOST)
			continue;
		if (at == owners)
			snprintf(owner[owners++].name, sizeof owner->name, "%s", name);
		owner[at].samples++;
	}
	qsort(owner + 1, (size_t)(owners - 1), sizeof *owner, most_first);
	for (int i = 0; i < owners; i++) {
		double percent = 100.0 * owner[i].samples / (samples > 0 ? samples : 1);

		if (i == 0 || percent >= 2.0)
			printf("%s%s %.0f %%", i ? ", " : "", owner[i].name, percent);
		else
			rest += owner[i].samples;
	}
	printf(", others %.0f %% (%d samples)\n", 100.0 * rest / (samples > 0 ? samples : 1),
	       (int)samples);
}

/* --- pictures ----------------------------------------------------------------------------------- */

/* One picture, drawn so often that there are samples enough; `draw` sets *out to its bytes. */
struct picture_work {
	const char *name;
	enum picture_format format;
	int cards, times;
	const struct recipe *recipe;
	const char *path; /* of that recipe, for the preview; of a case */
	const struct app_report *report;
};

static void draw_cards(struct text *out, const struct picture_work *work)
{
	enum { ZONES_MOST = 12 };
	struct card card[ZONES_MOST];
	struct notes notes = {0};

	for (int i = 0; i < work->cards; i++)
		card[i] = (struct card){
			.recipe = work->recipe, .paper = PAPER_A5, .cup_ml = CUP_USUAL_ML};
	if (cards_draw(out, card, work->cards, work->format, &notes, &err))
		give_up();
	notes_clear(&notes);
}

/* As `follitone preview` does it: the scene and its pixels, the sheet, the file. */
static void draw_preview(struct text *out, const struct picture_work *work)
{
	const struct app_match_request none = {0};
	const struct app_preview_request request = {
		.subject = work->path, .folder = ".", .seed = 1, .match = &none};
	struct notes notes = {0};
	struct app_previews seen;

	if (app_preview(&seen, &request, &notes, &err) ||
	    preview_sheet(out, &seen.picture[0].preview,
			  &(struct preview_words){.name = "bench",
						  .zone = "",
						  .technique = "",
						  .notice = "",
						  .made = seen.picture[0].made},
			  work->format, &err))
		give_up();
	app_previews_clear(&seen);
	notes_clear(&notes);
}

static void gather_report(struct app_report *report, const char *path)
{
	const struct app_match_request usual = {.light = {"D65", "10"}};
	const struct app_report_request request = {
		.subject = &path, .subjects = 1, .folder = ".", .seed = 1, .match = &usual};
	struct notes notes = {0};

	if (app_report(report, &request, &notes, &err))
		give_up();
	notes_clear(&notes);
}

/* What was planned and seen, onto its pages. */
static void draw_report(struct text *out, const struct picture_work *work)
{
	if (case_report(out, &work->report->dossier, PAPER_A4, CUP_USUAL_ML, &err))
		give_up();
}

/* As `follitone report` does it: the search for each session and the pixels of each preview as well. */
static void make_report(struct text *out, const struct picture_work *work)
{
	struct app_report report;

	gather_report(&report, work->path);
	if (case_report(out, &report.dossier, PAPER_A4, CUP_USUAL_ML, &err))
		give_up();
	app_report_clear(&report);
}

/* Of as many zones, with the example's readings, which a case needs beside it. */
static void write_case(const char *path, const char *folder, int zones)
{
	static const char *const readings[] = {"skin.csv", "hair.txt"};
	struct text text = {0};

	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		char from[64], to[4200];
		struct text read;

		snprintf(from, sizeof from, "recipes/example/%s", readings[i]);
		snprintf(to, sizeof to, "%s/%s", folder, readings[i]);
		if (file_read(&read, from, FILE_READ_MOST, &err) ||
		    file_write(to, read.data, read.length, &err))
			give_up();
		text_clear(&read);
	}
	text_adds(&text, "format = \"follitone-case\";\nversion = 1;\ncode = \"K-0417\";\n"
			 "pigments = \"example\";\nzones = (\n");
	for (int i = 0; i < zones; i++)
		text_addf(&text,
			  "{ name = \"zone %d\"; preset = \"male-pattern\"; skin = \"skin.csv\"; "
			  "hair = \"hair.txt\"; dots_per_cm2 = %d; }%s\n",
			  i + 1, 150 + 10 * i, i + 1 < zones ? "," : "");
	text_adds(&text, ");\n");
	if (file_write(path, text.data, text.length, &err))
		give_up();
	text_clear(&text);
}

static void time_work(const struct picture_work *work,
		      void (*draw)(struct text *, const struct picture_work *))
{
	double first, start = clock_monotonic_seconds();
	struct text out;

	draw(&out, work);
	text_clear(&out);
	first = clock_monotonic_seconds() - start;
	samples = 0;
	set_timer(EVERY_US);
	start = clock_monotonic_seconds();
	for (int i = 0; i < work->times; i++) {
		draw(&out, work);
		text_clear(&out);
	}
	set_timer(0);
	printf("%s: %.1f ms (the first one %.0f ms): ", work->name,
	       1e3 * (clock_monotonic_seconds() - start) / work->times, 1e3 * first);
	print_shares();
}

static void bench_pictures(const struct recipe *recipe, const char *path, const char *case_path)
{
	const struct picture_work cards[] = {
		{"card as PDF", PICTURE_PDF, 1, 60, recipe, path, NULL},
		{"card as PNG", PICTURE_PNG, 1, 20, recipe, path, NULL},
		{"card as SVG", PICTURE_SVG, 1, 60, recipe, path, NULL},
		{"cards of 12 zones as PDF", PICTURE_PDF, 12, 8, recipe, path, NULL},
	};
	struct app_report gathered;
	const struct picture_work drawn = {
		"report of 12 zones as PDF", PICTURE_PDF, 0, 3, NULL, case_path, &gathered};
	const struct picture_work whole = {"the same with its search and its previews' pixels",
					   PICTURE_PDF,
					   0,
					   1,
					   NULL,
					   case_path,
					   NULL};
	const struct picture_work preview = {
		"preview of 1600 by 1000 pixels as PNG", PICTURE_PNG, 1, 8, recipe, path, NULL};

	for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
		time_work(&cards[i], draw_cards);
	time_work(&preview, draw_preview);
	gather_report(&gathered, case_path);
	time_work(&drawn, draw_report);
	app_report_clear(&gathered);
	time_work(&whole, make_report);
}

int main(int argc, char **argv)
{
	static struct recipe recipe;
	struct text file = {0};
	char path[4200], case_path[4200];
	void *warm[2];

	if (argc < 2)
		return 2;
	backtrace(warm, 2); /* loads what it needs, which a handler must not */
	signal(SIGPROF, sample);
	if (make_recipe_in_skin(&recipe))
		return 1;
	snprintf(path, sizeof path, "%s/preview.cfg", argv[1]);
	if (recipe_print(&file, &recipe, &err) || file_write(path, file.data, file.length, &err))
		give_up();
	snprintf(case_path, sizeof case_path, "%s/case.cfg", argv[1]);
	write_case(case_path, argv[1], 12);
	bench_pictures(&recipe, path, case_path);
	text_clear(&file);
	return 0;
}
