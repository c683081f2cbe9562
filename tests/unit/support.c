#include "support.h"

#include "app/app.h"
#include "base/file.h"
#include "base/number.h"
#include "formats/csv.h"
#include "formats/decode.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/reading_file.h"
#include "formats/technique_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void assert_close_at(double a, double b, double within, const char *what, const char *file,
		     int line)
{
	if (fabs(a - b) <= within)
		return;
	print_error("%s is %.12g, expected %.12g within %g\n", what, a, b, within);
	_fail(file, line);
}

void assert_ok_at(enum status status, const struct error *err, const char *file, int line)
{
	if (status == STATUS_OK)
		return;
	print_error("status %d: %s\n", status, err->message);
	_fail(file, line);
}

const char *data_path(const char *name)
{
	static char path[4096];
	const char *folder = getenv("FOLLITONE_DATA");

	if (!folder || !*folder) {
		if (getenv("FOLLITONE_DATA_REQUIRED"))
			fail_msg("FOLLITONE_DATA is not set");
		print_message("measured data is needed, FOLLITONE_DATA names no folder:\n");
		skip();
	}
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

void data_table(struct table *table, const char *name)
{
	const char *path = data_path(name);
	struct text text;
	struct error err;

	*table = (struct table){0};
	assert_ok(file_read(&text, path, FILE_READ_MOST, &err), &err);
	assert_ok(text_decode(&text, path, &err), &err);
	assert_ok(csv_table_read(table, &text, path, &err), &err);
	text_clear(&text);
}

double cell_number(const struct table *table, size_t row, size_t column)
{
	double value = NAN;

	if (!number_read(&value, table_cell(table, row, column)))
		fail_msg("“%s” is no number", table_cell(table, row, column));
	return value;
}

const struct reading *reading_at(const struct reading_list *list, size_t index)
{
	static struct reading reading;

	assert_true(index < list->count);
	reading_list_get(&reading, list, index);
	return &reading;
}

static int make_recipe(struct recipe *recipe, struct app_match_request *request)
{
	struct match_answer answer;
	struct notes notes = {0};
	struct error err;

	request->pigments = "example";
	request->technique = "standard";
	request->light = (struct app_light){"D65", "10"};
	request->top = 1;
	request->drops_max = 4;
	request->diluent_max = 60;
	request->diluent_step = 20;
	if (app_match(&answer, request, &notes, &err)) {
		print_error("%s\n", err.message);
		return -1;
	}
	*recipe = answer.recipe[0];
	app_match_clear(&answer);
	notes_clear(&notes);
	return 0;
}

int make_recipe_in_skin(struct recipe *recipe)
{
	struct app_match_request request = {0};

	request.reading[ROLE_SKIN] = "recipes/example/skin.csv";
	request.reading[ROLE_HAIR] = "recipes/example/hair.txt";
	return make_recipe(recipe, &request);
}

int make_recipe_of_lab(struct recipe *recipe)
{
	struct app_match_request request = {0};

	request.reading[ROLE_TARGET] = "30,2,5";
	return make_recipe(recipe, &request);
}

/* --- scratch ------------------------------------------------------------------------------------ */

char scratch[32];

int scratch_make(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/follitone-XXXXXX");
	return mkdtemp(scratch) ? 0 : -1;
}

int scratch_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "chmod -R u+w %s && rm -rf %s", scratch, scratch);
	return system(command);
}

int scratch_key(struct clinic_key *key, const char *name)
{
	char path[128];
	struct error err;

	snprintf(path, sizeof path, "%s/%s", scratch, name);
	if (key_make(path, &err) || key_read(key, path, &err)) {
		print_error("%s\n", err.message);
		return -1;
	}
	return 0;
}

double random_share(unsigned long long *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (double)((*state * 2685821657736338717ULL) >> 11) / 9007199254740992.0;
}

/* --- the stage ---------------------------------------------------------------------------------- */

struct stage stage;

int stage_find_profiles(void **state)
{
	struct scene_lights *lights = &stage.lights;
	struct error *err = &stage.err;

	(void)state;
	return haemoglobin_find(&stage.haemoglobin, err) ||
	       illuminant_find(&lights->illuminant[0], "D65", err) ||
	       illuminant_find(&lights->illuminant[1], "A", err) ||
	       illuminant_find(&lights->illuminant[2], "LED-B3", err) ||
	       observer_find(&lights->observer, "10", err) ||
	       observer_find(&lights->observer_2, "2", err);
}

int stage_set_up(void **state)
{
	(void)state;
	stage.brief = (struct brief){.observer = "10",
				     .light = {{"D65", 1}, {"A", 0.3}, {"LED-B3", 0.3}},
				     .light_count = 3};
	return technique_read(&stage.brief.technique, "standard", &stage.err) ||
	       pigment_line_read(&stage.line, "example", &stage.err);
}

int stage_tear_down(void **state)
{
	(void)state;
	pigment_line_clear(&stage.line);
	notes_clear(&stage.notes);
	return 0;
}

void stage_read(enum reading_role role, const char *path)
{
	struct reading_list list = {0};

	assert_ok(readings_read(&list, NULL, path, &stage.notes, &stage.err), &stage.err);
	stage.brief.reading[role] = (struct repeats){.mean = *reading_at(&list, 0), .count = 1};
	stage.brief.given[role] = true;
	reading_list_clear(&list);
}

void stage_build(void)
{
	assert_ok(scene_build(&stage.scene, &stage.brief, &stage.line, &stage.lights,
			      &stage.haemoglobin, &stage.notes, &stage.err),
		  &stage.err);
}

void stage_build_example(void)
{
	stage_read(ROLE_SKIN, "recipes/example/skin.csv");
	stage_read(ROLE_HAIR, "recipes/example/hair.txt");
	stage_build();
}
