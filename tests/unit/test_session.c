/* Sessions: what may be recorded, and that it stays. */
#include "support.h"

#include "match/client.h"
#include "match/session.h"

#include <stdio.h>
#include <string.h>

static struct recipe recipe, other;
static struct recipe_session session;
static struct error err;

/* 60 drops of water, 2 of black, 4 of red. */
static int set_up(void **state)
{
	(void)state;
	recipe = (struct recipe){.stamp = {.name = "Crown"}, .dose_count = 2};
	recipe.diluent = (struct recipe_dose){
		{.id = "water", .lot = "W-1", .expiry = "2027-01-31", .drops_per_ml = 20},
		60,
		3,
		1};
	recipe.dose[0] =
		(struct recipe_dose){{.id = "black", .lot = "B-1", .drops_per_ml = 25}, 2, 0.08, 1};
	recipe.dose[1] = (struct recipe_dose){{.id = "red", .drops_per_ml = 20}, 4, 0.2, 1};
	if (session_begin(&session, &recipe, &err))
		return -1;
	strcpy(session.stamp.day, "2026-11-25");
	return 0;
}

static void assert_refused(const char *words)
{
	assert_int_equal(session_check(&session, "2026-11-25", &err), STATUS_REFUSED);
	if (!strstr(err.message, words))
		fail_msg("“%s” does not say “%s”", err.message, words);
}

static void session__is_as_the_recipe_where_nothing_is_said(void **state)
{
	(void)state;
	assert_int_equal(strlen(session.stamp.id), RANDOM_ID_SIZE - 1);
	assert_int_equal(session.bottle_count, 3);
	assert_string_equal(session.bottle[0].pigment, "water");
	assert_int_equal(session.bottle[0].drops, 60);
	assert_string_equal(session.bottle[0].lot, "W-1");
	assert_string_equal(session.bottle[0].expiry, "2027-01-31");
	assert_string_equal(session.bottle[2].pigment, "red");
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
	assert_true(session_is_of_mix(&session, &recipe));
	assert_null(session_bottle(&session, "blue"));
	session_take_drops(session_bottle(&session, "black"), &recipe, 5); /* of 25 to a ml */
	assert_close(session.bottle[1].ml, 0.2, 1e-12);
}

static void session__of_so_many_times_as_much_is_of_the_mix(void **state)
{
	static const struct {
		int water, black, red;
		bool same;
	} mixes[] = {{120, 4, 8, true}, {30, 1, 2, true},  {60, 2, 5, false},
		     {61, 2, 4, false}, {0, 2, 4, false},  {60, 0, 4, false},
		     {15, 1, 1, false}, {60, 4, 2, false}, {90, 3, 6, true}};

	(void)state;
	for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++) {
		session_take_drops(&session.bottle[0], &recipe, mixes[i].water);
		session_take_drops(&session.bottle[1], &recipe, mixes[i].black);
		session_take_drops(&session.bottle[2], &recipe, mixes[i].red);
		if (session_is_of_mix(&session, &recipe) != mixes[i].same)
			fail_msg("mix %zu", i);
	}
}

static void session__of_an_undiluted_recipe_knows_its_mix(void **state)
{
	(void)state;
	recipe.diluent.drops = 0;
	session_take_drops(&session.bottle[0], &recipe, 0);
	session_take_drops(&session.bottle[1], &recipe, 4);
	session_take_drops(&session.bottle[2], &recipe, 8);
	assert_true(session_is_of_mix(&session, &recipe));
	session_take_drops(&session.bottle[2], &recipe, 7);
	assert_false(session_is_of_mix(&session, &recipe));
	session_take_drops(&session.bottle[2], &recipe, 8);
	session_take_drops(&session.bottle[0], &recipe, 1);
	assert_false(session_is_of_mix(&session, &recipe));
}

static void session__of_a_day_that_is_none_or_to_come_is_refused(void **state)
{
	static const char *const days[] = {"", "2026-02-30", "2026-1-5", "25.11.2026",
					   "2026-11-2x"};

	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		strcpy(session.stamp.day, days[i]);
		assert_refused("a day such as");
	}
	strcpy(session.stamp.day, "2026-11-26");
	assert_refused("it is after today");
	strcpy(session.stamp.day, "2025-12-31");
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
}

static void bottle__that_had_expired_needs_a_reason_and_a_reason_a_bottle(void **state)
{
	(void)state;
	strcpy(session.bottle[1].expiry, "2026-11-25"); /* good until its day */
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
	strcpy(session.override, "no other was there");
	assert_refused("no bottle of this session had expired on 2026-11-25");
	strcpy(session.bottle[1].expiry, "2026-11-24");
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
	*session.override = 0;
	assert_refused("black: lot B-1 expired on 2026-11-24");
	session.bottle[1].drops = 0; /* it was not used */
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
	strcpy(session.bottle[2].expiry, "summer");
	assert_refused("red: expiry “summer” is no day");
}

static void bottle__that_was_opened_after_the_session_is_refused(void **state)
{
	(void)state;
	strcpy(session.bottle[0].opened, "2026-11-25");
	assert_ok(session_check(&session, "2026-11-25", &err), &err);
	strcpy(session.stamp.day, "2026-11-24");
	assert_refused("water: opened on 2026-11-25, after the session");
	strcpy(session.bottle[0].opened, "2026-13-01");
	assert_refused("opened “2026-13-01” is no day");
}

static void session__of_nothing_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < session.bottle_count; i++)
		session.bottle[i].drops = 0;
	assert_refused("nothing was mixed");
}

static void client__that_a_session_names_is_found(void **state)
{
	(void)state;
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	assert_false(client_is_in(&recipe, "K-17"));
	strcpy(recipe.session[0].override, "K-17 insisted");
	assert_true(client_is_in(&recipe, "K-17"));
	*recipe.session[0].override = 0;
	strcpy(recipe.session[0].stamp.operator_code, "K-17");
	assert_true(client_is_in(&recipe, "K-17"));
	*recipe.session[0].stamp.operator_code = 0;
	strcpy(recipe.session[0].bottle[2].lot, "of K-17");
	assert_true(client_is_in(&recipe, "K-17"));
}

static void what_happened__is_kept_once_and_in_its_order(void **state)
{
	(void)state;
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	assert_ok(recipe_add_sealed(&recipe, "one", &err), &err);
	other = recipe; /* an earlier version, and one made of it */
	strcpy(session.stamp.id, "00000000000000aa");
	assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	strcpy(session.stamp.id, "00000000000000bb");
	assert_ok(recipe_add_session(&other, &session, &err), &err);
	assert_ok(recipe_add_sealed(&other, "two", &err), &err);
	assert_ok(recipe_keep(&recipe, &other, &err), &err);
	assert_int_equal(recipe.session_count, 3);
	assert_string_equal(recipe.session[0].stamp.id, other.session[0].stamp.id);
	assert_string_equal(recipe.session[1].stamp.id, "00000000000000bb");
	assert_string_equal(recipe.session[2].stamp.id, "00000000000000aa");
	assert_int_equal(recipe.sealed_count, 2);
	assert_string_equal(recipe.sealed[1], "two");
}

static void what_happened__beyond_the_room_is_refused_and_nothing_changed(void **state)
{
	(void)state;
	other = recipe;
	for (int i = 0; i < RECIPE_SESSIONS_MAX; i++) {
		snprintf(session.stamp.id, sizeof session.stamp.id, "%016d", i);
		assert_ok(recipe_add_session(&recipe, &session, &err), &err);
	}
	assert_int_equal(recipe_add_session(&recipe, &session, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "“Crown” holds 8 sessions"));
	strcpy(session.stamp.id, "00000000000000bb");
	assert_ok(recipe_add_session(&other, &session, &err), &err);
	assert_int_equal(recipe_keep(&other, &recipe, &err), STATUS_REFUSED);
	assert_int_equal(other.session_count, 1);
	for (int i = 0; i < RECIPE_SEALED_MAX; i++)
		assert_ok(recipe_add_sealed(&recipe, "x", &err), &err);
	assert_int_equal(recipe_add_sealed(&recipe, "x", &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "holds 4 sealed notes"));
}

#define CASE(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(session__is_as_the_recipe_where_nothing_is_said),
		CASE(session__of_so_many_times_as_much_is_of_the_mix),
		CASE(session__of_an_undiluted_recipe_knows_its_mix),
		CASE(session__of_a_day_that_is_none_or_to_come_is_refused),
		CASE(bottle__that_had_expired_needs_a_reason_and_a_reason_a_bottle),
		CASE(bottle__that_was_opened_after_the_session_is_refused),
		CASE(session__of_nothing_is_refused),
		CASE(client__that_a_session_names_is_found),
		CASE(what_happened__is_kept_once_and_in_its_order),
		CASE(what_happened__beyond_the_room_is_refused_and_nothing_changed),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
