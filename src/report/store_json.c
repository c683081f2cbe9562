/* Answers about what is kept: versions, sessions, lots, the store, clients. */
#include "report/json.h"

#include "report/jansson.h"

#include <stdlib.h>
#include <string.h>

enum status json_stamps(struct text *out, const struct recipe_stamp *stamp, size_t count,
			const struct notes *notes, struct error *err)
{
	return json_finish(out, json_pack("{s:o}", "recipes", json_of_stamps(stamp, count)), notes,
			   err);
}

enum status json_history(struct text *out, const struct recipe_stamp *stamp, size_t count,
			 const struct recipe_treated *session, int sessions,
			 const struct notes *notes, struct error *err)
{
	json_t *recipes = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *object = json_of_stamp(&stamp[i]), *list = json_array();

		for (int k = 0; k < sessions; k++)
			if (session[k].stamp.version == stamp[i].version)
				json_array_append_new(list, json_of_session(&session[k].session));
		json_object_set_new(object, "sessions", list);
		json_array_append_new(recipes, object);
	}
	return json_finish(out, json_pack("{s:o}", "recipes", recipes), notes, err);
}

enum status json_saved(struct text *out, const struct recipe_stamp *stamp, bool saved,
		       const struct notes *notes, struct error *err)
{
	return json_finish(
		out, json_pack("{s:[o], s:b}", "recipes", json_of_stamp(stamp), "saved", saved),
		notes, err);
}

enum status json_saved_all(struct text *out, const struct recipe_stamp *stamp, const bool *saved,
			   int count, const struct notes *notes, struct error *err)
{
	json_t *recipes = json_array();
	bool any = false;

	for (int i = 0; i < count; i++) {
		json_t *recipe = json_of_stamp(&stamp[i]);

		json_object_set_new(recipe, "saved", json_boolean(saved[i]));
		json_array_append_new(recipes, recipe);
		any |= saved[i];
	}
	return json_finish(out, json_pack("{s:o, s:b}", "recipes", recipes, "saved", any), notes,
			   err);
}

enum status json_comparison(struct text *out, const struct comparison *found,
			    const struct notes *notes, struct error *err)
{
	json_t *changes = json_array(), *colours = json_array();

	for (int i = 0; i < found->line_count; i++)
		json_array_append_new(
			changes, json_pack("{s:s, s:s, s:s}", "what", found->line[i].what, "before",
					   found->line[i].before, "after", found->line[i].after));
	for (int i = 0; i < found->look_count; i++)
		json_array_append_new(
			colours,
			json_pack("{s:s, s:o, s:o, s:f}", "what", found->look[i].label, "before",
				  json_of_lab(&found->look[i].before), "after",
				  json_of_lab(&found->look[i].after), "de00", found->look[i].de00));
	return json_finish(
		out,
		json_pack("{s:[], s:o, s:o}", "recipes", "changes", changes, "colours", colours),
		notes, err);
}

enum status json_nearest(struct text *out, const struct recipe_near *near, int count,
			 const struct notes *notes, struct error *err)
{
	json_t *recipes = json_array();

	for (int i = 0; i < count; i++) {
		json_t *object = json_of_stamp(&near[i].stamp);

		json_object_set_new(object, "de00", json_real(near[i].de00));
		json_object_set_new(object, "required", json_of_lab(&near[i].required));
		if (near[i].has_skin)
			json_object_set_new(object, "skin", json_of_lab(&near[i].skin));
		if (near[i].has_healed) {
			json_object_set_new(object, "healed", json_of_lab(&near[i].healed));
			json_object_set_new(object, "healed_de00", json_real(near[i].healed_de00));
		}
		json_array_append_new(recipes, object);
	}
	return json_finish(out, json_pack("{s:o}", "recipes", recipes), notes, err);
}

enum status json_lots(struct text *out, const struct recipe_lot *lots, int count,
		      const struct notes *notes, struct error *err)
{
	json_t *recipes = json_array();

	for (int i = 0; i < count; i++) {
		json_t *object = json_of_stamp(&lots[i].stamp);

		json_object_set_new(object, "pigment", json_string(lots[i].pigment));
		json_object_set_new(object, "lot", json_string(lots[i].lot));
		json_object_set_new(object, "expiry", json_string(lots[i].expiry));
		if (*lots[i].session.day)
			json_object_set_new(object, "session", json_of_session(&lots[i].session));
		json_array_append_new(recipes, object);
	}
	return json_finish(out, json_pack("{s:o}", "recipes", recipes), notes, err);
}

enum status json_clinic(struct text *out, const char *folder, const char *path, const char *key,
			const char *fingerprint, const char *words, const struct notes *notes,
			struct error *err)
{
	return json_finish(out,
			   json_pack("{s:[], s:s, s:s, s:s, s:s, s:s}", "recipes", "store", folder,
				     "key_file", path, "public_key", key, "fingerprint",
				     fingerprint, "words", words),
			   notes, err);
}

enum status json_tidy(struct text *out, unsigned long objects, unsigned long long before,
		      unsigned long long after, const struct notes *notes, struct error *err)
{
	return json_finish(out,
			   json_pack("{s:[], s:I, s:I, s:I}", "recipes", "objects_packed",
				     (json_int_t)objects, "bytes_before", (json_int_t)before,
				     "bytes_after", (json_int_t)after),
			   notes, err);
}

enum status json_check(struct text *out, unsigned long versions, unsigned long commits,
		       unsigned long with, const struct notes *faults, const struct notes *notes,
		       struct error *err)
{
	return json_finish(
		out,
		json_pack("{s:[], s:b, s:I, s:I, s:I, s:o}", "recipes", "verified",
			  faults->count == 0, "versions", (json_int_t)versions, "commits",
			  (json_int_t)commits, "signed", (json_int_t)with, "faults",
			  json_of_lines((const char *const *)faults->line, faults->count)),
		notes, err);
}

/* --- clients ---------------------------------------------------------------------------------- */

enum status json_clients(struct text *out, const struct client_count *list, size_t count,
			 const struct notes *notes, struct error *err)
{
	json_t *clients = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(clients,
				      json_pack("{s:s, s:i, s:i, s:i}", "code", list[i].code,
						"recipes", list[i].links, "notes", list[i].notes,
						"consents", list[i].consents));
	return json_finish(out, json_pack("{s:[], s:o}", "recipes", "clients", clients), notes,
			   err);
}

static json_t *of_links(const struct client *client)
{
	json_t *links = json_array();

	for (size_t i = 0; i < client->links; i++)
		json_array_append_new(links,
				      json_pack("{s:s, s:s}", "recipe", client->link[i].recipe,
						"day", client->link[i].day));
	return links;
}

static json_t *of_entries(const struct client_entry *entry, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *object = json_pack("{s:I, s:s, s:s}", "number", (json_int_t)(i + 1), "day",
					   entry[i].day, "text", entry[i].text);

		if (*entry[i].zone)
			json_object_set_new(object, "zone", json_string(entry[i].zone));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *of_client_sealed(const struct client_sealed *sealed, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "recipe", sealed[i].recipe,
						      "text", sealed[i].text));
	return list;
}

enum status json_client(struct text *out, const struct client *client,
			const struct client_sealed *sealed, size_t sealed_count,
			const struct recipe_stamp *stamp, size_t count, const struct notes *notes,
			struct error *err)
{
	return json_finish(out,
			   json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "recipes",
				     json_of_stamps(stamp, count), "client", client->code, "links",
				     of_links(client), "notes",
				     of_entries(client->note, client->notes), "consents",
				     of_entries(client->consent, client->consents), "sealed_notes",
				     of_client_sealed(sealed, sealed_count)),
			   notes, err);
}

enum status json_client_said(struct text *out, const char *code, const struct recipe_stamp *stamp,
			     const struct notes *notes, struct error *err)
{
	return json_finish(out,
			   json_pack("{s:o, s:s}", "recipes", json_of_stamps(stamp, stamp ? 1 : 0),
				     "client", code),
			   notes, err);
}

enum status json_forgotten(struct text *out, const struct client *client,
			   const struct recipe_stamp *stamp, size_t count,
			   const struct notes *notes, struct error *err)
{
	return json_finish(out,
			   json_pack("{s:o, s:s, s:{s:I, s:I, s:I}, s:b}", "recipes",
				     json_of_stamps(stamp, count), "client", client->code, "erased",
				     "links", (json_int_t)client->links, "notes",
				     (json_int_t)client->notes, "consents",
				     (json_int_t)client->consents, "proved", 1),
			   notes, err);
}
