/* What the unit tests share: a comparison of doubles that can fail, and measured data where it is.
 *
 * cmocka 1.1.5's assert_float_equal compares as float and lets NaN pass, so it is not used
 * (tests/lint).
 */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include "base/error.h"
#include "colour/light.h"
#include "formats/table.h"
#include "match/recipe.h"
#include "store/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Fails, with both values, unless |a - b| <= within. NaN fails. */
#define assert_close(a, b, within) assert_close_at((a), (b), (within), #a, __FILE__, __LINE__)
void assert_close_at(double a, double b, double within, const char *what, const char *file,
		     int line);

/* Fails with the error's line unless `status` is STATUS_OK. */
#define assert_ok(status, err) assert_ok_at((status), (err), __FILE__, __LINE__)
void assert_ok_at(enum status status, const struct error *err, const char *file, int line);

/* Path of a file of measured data below $FOLLITONE_DATA; where that is not set, says so and skips
 * the test (or fails, where $FOLLITONE_DATA_REQUIRED is set, as in CI). Borrowed until the next
 * call. */
const char *data_path(const char *name);

/* The lines of a measured CSV as a table of text cells; row 0 is the header. To be cleared. */
void data_table(struct table *table, const char *name);

/* A cell as a number; fails where it is none. */
double cell_number(const struct table *table, size_t row, size_t column);

/* One reading of a list. Borrowed until the next call. */
const struct reading *reading_at(const struct reading_list *list, size_t index);

/* The best of a small search for the example line, once: dots in the example's skin, or a drawdown
 * of a Lab. 0 where it worked; for group set-ups. */
int make_recipe_in_skin(struct recipe *recipe);
int make_recipe_of_lab(struct recipe *recipe);

/* A scene to try things in: profiles are found once, brief and line are fresh for each test, readings and
 * scene are what the test asks for. */
extern struct stage {
	struct haemoglobin haemoglobin;
	struct scene_lights lights;
	struct pigment_line line;
	struct scene scene;
	struct brief brief;
	struct notes notes;
	struct error err;
} stage;
int stage_find_profiles(void **state); /* for the group's set-up */
int stage_set_up(void **state);        /* for each test's */
int stage_tear_down(void **state);
void stage_read(enum reading_role role, const char *path);
void stage_build(void);
void stage_build_example(void); /* the example's skin and hair */

/* A folder for what a test writes. Made and removed, with all that is in it, as set-up and tear-down or from these. */
extern char scratch[32];
int scratch_make(void **state);
int scratch_remove(void **state);

/* A clinic's key in a file of that folder, made and read. 0 where it worked. */
int scratch_key(struct clinic_key *key, const char *name);

/* Numbers from 0 to 1 that are the same in every run (xorshift64*). */
double random_share(unsigned long long *state);

#endif
