/* The whole job on measured skin and measured hair, every pair: read, match, save, find, draw. */
#include "support.h"

#include "app/app.h"
#include "report/card.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct error err;
static struct notes notes;
static struct recipe found;
static struct clinic_key key;

static struct match_answer match_pair(const char *skin, const char *hair)
{
	struct app_match_request request = {
		.pigments = "example",
		.technique = "standard",
		.light = {"D65", "10"},
		.top = 1,
		.drops_max = 4,
		.diluent_max = 60,
		.diluent_step = 20,
	};
	struct match_answer answer;

	request.reading[ROLE_SKIN] = skin;
	request.reading[ROLE_HAIR] = hair;
	assert_ok(app_match(&answer, &request, &notes, &err), &err);
	assert_true(answer.proof.complete);
	return answer;
}

/* What is read back from the store is what was put in, and its card can be drawn. */
static void keep_and_draw(struct store *store, struct recipe *recipe, const char *name)
{
	struct notes drawn = {0};
	struct text card;
	bool saved;

	text_copy(recipe->stamp.name, sizeof recipe->stamp.name, name);
	assert_ok(store_save(&saved, store, recipe, &key, &err), &err);
	assert_true(saved);
	assert_ok(store_find(&found, NULL, store, recipe->stamp.id, &err), &err);
	assert_false(found.edited);
	assert_string_equal(found.stamp.name, name);
	assert_close(found.predicted.de00, recipe->predicted.de00, 0);
	assert_ok(cards_draw(&card,
			     &(struct card){
				     .recipe = &found, .paper = PAPER_A5, .cup_ml = CUP_USUAL_ML},
			     1, PICTURE_PDF, &drawn, &err),
		  &err);
	assert_int_equal(drawn.count, 0); /* every letter was there */
	assert_memory_equal(card.data, "%PDF", 4);
	text_clear(&card);
}

static void every_pair__from_files_to_card(void **state)
{
	static const char *const hairs[] = {"Hair -- Black 1", "Hair -- Brown 1", "Hair -- Blonde",
					    "Hair -- Gray/Black"};
	struct table skins;
	struct store *store;
	char skin[4200], hair[4200], name[64];
	int pairs = 0;

	(void)state;
	data_table(&skins, "skin/nist_skin_dev67.csv");
	assert_int_equal(scratch_key(&key, "clinic.key"), 0);
	assert_ok(store_open(&store, scratch, &key.open, true, &err), &err);
	for (size_t row = 1; row < table_rows(&skins); row++)
		for (int h = 0; h < 4; h++) {
			struct match_answer answer;

			snprintf(skin, sizeof skin, "%s#%s", data_path("skin/nist_skin_dev67.csv"),
				 table_cell(&skins, row, 0));
			snprintf(hair, sizeof hair, "%s#%s", data_path("hair/vrhel_hair4.csv"),
				 hairs[h]);
			snprintf(name, sizeof name, "subject %s, hair %d",
				 table_cell(&skins, row, 0), h);
			answer = match_pair(skin, hair);
			keep_and_draw(store, &answer.recipe[0], name);
			app_match_clear(&answer);
			notes_clear(&notes);
			pairs++;
		}
	assert_int_equal(pairs, 67 * 4);
	store_close(store);
	table_clear(&skins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_pair__from_files_to_card, scratch_make,
						scratch_remove),
	};

	return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
