/* A session: that a recipe was mixed and used on a day, by whom, and what was really put in, bottle by bottle. It stays with the
 * recipe in every later version, whatever becomes of the mix, so it holds its own amounts. Nothing of the client is in it.
 *
 *	session_begin(&session, &recipe, &err);          every bottle as the recipe says
 *	bottle = session_bottle(&session, "black");      and what was otherwise
 *	session_check(&session, "2026-11-25", &err);
 *	recipe_add_session(&recipe, &session, &err);
 */
#ifndef MATCH_SESSION_H
#define MATCH_SESSION_H

#include "match/recipe.h"

/* The recipe's bottles and amounts, under a new id; day, number and operator are left open. */
enum status session_begin(struct recipe_session *session, const struct recipe *recipe,
			  struct error *err);

/* NULL where no bottle of the session has that id. */
struct session_bottle *session_bottle(struct recipe_session *session, const char *pigment);

/* Puts other drops in, with the ml that they are in the recipe's bottle. */
void session_take_drops(struct session_bottle *bottle, const struct recipe *recipe, int drops);

/* Refuses a day after `today` or none, a bottle that was opened later, one that had expired where no reason is given, a reason where
 * none had, and a mix of nothing. */
enum status session_check(const struct recipe_session *session, const char *today,
			  struct error *err);

/* True where it is the recipe's mix: the same amounts, or all of them so many times as much. */
bool session_is_of_mix(const struct recipe_session *session, const struct recipe *recipe);

/* Refused where the recipe holds as many as are kept. */
enum status recipe_add_session(struct recipe *recipe, const struct recipe_session *session,
			       struct error *err);

/* A sealed note (store/seal.h), likewise. */
enum status recipe_add_sealed(struct recipe *recipe, const char *sealed, struct error *err);

/* What has happened stays: takes from an earlier version the sessions and sealed notes that `recipe` does not have, in front of its
 * own. Refused where that is more than are kept. */
enum status recipe_keep(struct recipe *recipe, const struct recipe *earlier, struct error *err);

/* True where a text has the form of a sealed note (store/seal.h): base64 of as many bytes as one has. */
bool recipe_sealed_valid(const char *sealed);

#endif
