/* How fast the parts are, each as a line of JSON-free text: seconds are of this machine, now. */
#include "app/app.h"
#include "base/clock.h"
#include "formats/pigment_file.h"
#include "report/card.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct error err;

static void give_up(void)
{
	fprintf(stderr, "bench: %s\n", err.message);
	exit(1);
}

static struct match_answer match(int drops, int diluent_step)
{
	struct app_match_request request = {
		.pigments = "example",
		.technique = "standard",
		.light = {"D65", "10"},
		.top = 10,
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
	struct match_answer answer = match(12, 5);

	printf("match in skin, 8 pigments, usual limits: %llu recipes in %.3f s, %.0f ns each\n",
	       answer.proof.evaluated, answer.proof.seconds,
	       1e9 * answer.proof.seconds / (double)answer.proof.evaluated);
	app_match_clear(&answer);
}

static void bench_card(void)
{
	struct match_answer answer = match(2, 20);
	static const char *const names[] = {"text", "PDF", "PNG", "SVG"};

	for (int format = CARD_TEXT; format <= CARD_SVG; format++) {
		double start = clock_monotonic_seconds();
		enum { TIMES = 5 };

		for (int i = 0; i < TIMES; i++) {
			struct text out;

			if (card_draw(&out, &answer.recipe[0], format, &err))
				give_up();
			text_clear(&out);
		}
		printf("card as %s: %.1f ms\n", names[format],
		       1e3 * (clock_monotonic_seconds() - start) / TIMES);
	}
	app_match_clear(&answer);
}

static void bench_store(const char *folder)
{
	struct match_answer answer = match(2, 20);
	struct recipe *recipe = &answer.recipe[0];
	struct recipe_stamp_list list;
	struct notes notes = {0};
	struct store *store;
	double start;
	bool saved;
	enum { SAVES = 200 };

	strcpy(recipe->stamp.name, "bench");
	if (store_open(&store, folder, true, &err))
		give_up();
	start = clock_monotonic_seconds();
	for (int i = 0; i < SAVES; i++) {
		snprintf(recipe->stamp.id, sizeof recipe->stamp.id, "%016x", i * 2654435761u);
		recipe->stamp.version = 0;
		if (store_save(&saved, store, recipe, &err))
			give_up();
	}
	printf("store: %.1f ms a save (fsynced)\n",
	       1e3 * (clock_monotonic_seconds() - start) / SAVES);
	start = clock_monotonic_seconds();
	if (store_list(&list, store, false, &notes, &err))
		give_up();
	printf("store: %zu recipes listed in %.1f ms\n", list.count,
	       1e3 * (clock_monotonic_seconds() - start));
	recipe_stamp_list_clear(&list);
	store_close(store);
	app_match_clear(&answer);
}

int main(int argc, char **argv)
{
	bench_match();
	bench_card();
	if (argc > 1)
		bench_store(argv[1]);
	return 0;
}
