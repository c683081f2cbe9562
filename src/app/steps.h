/* Steps that several requests share. For this room only. */
#ifndef APP_STEPS_H
#define APP_STEPS_H

#include "app/app.h"
#include "base/notes.h"
#include "match/recipe.h"

/* Adds the readings of a file, completed by what the user says of them, with a note of it; of a picture
 * one, the mean colour of its region. `format` (may be NULL) is what was recognised. */
enum status app_readings(struct reading_list *list, const char **format, const char *path,
			 const struct app_source *source, struct notes *notes, struct error *err);

/* Adds the RGB values of the source. */
enum status app_rgb(struct reading_list *list, const struct app_source *source, struct notes *notes,
		    struct error *err);

/* Which readings of a file are meant, and whether readings that were not taken alike may meet. */
struct app_selection {
	const struct app_source *source; /* where it states specular, only such */
	bool mixed;
};

/* The readings of a file as repeats of one spot; refused where they were not taken alike, and a note
 * where they do not look like repeats. `what` names it there. */
enum status app_mean(struct repeats *out, const char *file, const char *what,
		     const struct app_selection *selection, const struct illuminant *illuminant,
		     const struct observer *observer, struct notes *notes, struct error *err);

/* Least and most of those readings in each band; of a file that app_mean() has taken. */
enum status app_range(struct spectrum *least, struct spectrum *most, const char *file,
		      const char *what, const struct app_selection *selection, struct error *err);

/* One sample in any form that a user may name it: "L,a,b", a file of spectra, which are averaged, a file
 * with one stated Lab, or a picture. */
struct app_sample {
	bool spectral;
	struct repeats repeats; /* where spectral */
	struct lab lab;         /* under the given light */
};
enum status app_sample(struct app_sample *out, const char *words, const char *what,
		       const struct app_selection *selection, const struct illuminant *illuminant,
		       const struct observer *observer, struct notes *notes, struct error *err);

/* Colours of the readings that are in `out` already, under one light and as a screen shows them: what a
 * plot needs. Clears them where it fails. */
enum status app_colour_on_screen(struct colours *out, const struct app_light *light,
				 struct error *err);

/* Adds a light, looked up by its name, to those of a brief. */
enum status app_take_light(struct brief *brief, const char *name, double weight, struct error *err);

/* The lights that a brief names, or holds where they are the user's own. */
enum status app_lights(struct scene_lights *lights, const struct brief *brief, struct error *err);

/* The scene of a brief and a line, with what has to be looked up for it. */
enum status app_scene(struct scene *scene, const struct brief *brief, struct pigment_line *line,
		      struct notes *notes, struct error *err);

/* The pigment line that a recipe was made with, `pigments` or by its name; refused where it has changed
 * since. To be cleared with pigment_line_clear(). */
enum status app_recipe_line(struct pigment_line *line, const struct recipe *recipe,
			    const char *pigments, struct error *err);

/* Predicts a recipe with its line, whose pigments become as strong as it says, in the scene of its brief, which is built. */
enum status app_predict_in(struct scene *scene, struct recipe *recipe, struct pigment_line *line,
			   struct notes *notes, struct error *err);

/* Predicts a recipe anew with its line, and says in its own notes what then is to be said of it. */
enum status app_predict_anew(struct recipe *recipe, struct pigment_line *line, struct error *err);

/* A reading of what a recipe gave: refused where it was not taken like the recipe's own readings. */
enum status app_seen(struct repeats *out, const char *file, const struct recipe *recipe,
		     const struct app_source *source, bool mixed, struct notes *notes,
		     struct error *err);

/* The source of what was stated so. */
#define STATED_SOURCE "stated for this client"

/* A preset by name, with what is known of this client. */
enum status app_technique(struct technique *technique, const char *name,
			  const struct app_setting *setting, int count, struct error *err);

/* A line that recipes can be made with; says its notice. To be cleared with pigment_line_clear(). */
enum status app_line(struct pigment_line *line, const char *name, bool in_skin, struct notes *notes,
		     struct error *err);

/* What a request says of drops and bottles. */
enum status app_limits(struct search_limits *limits, const struct pigment_line *line,
		       const struct app_match_request *request, struct error *err);

/* The two halves of a match: the brief of a request, and the recipes for a brief (clips the line). */
enum status app_brief(struct brief *brief, const struct app_match_request *request,
		      struct notes *notes, struct error *err);
enum status app_search(struct match_answer *answer, const struct brief *brief,
		       struct pigment_line *line, const struct app_match_request *request,
		       struct notes *notes, struct error *err);

/* Hands a request's watch to the search that is about to begin. */
void app_watch_search(struct search_problem *problem, const struct app_watch *watch);

bool app_stopped(const struct app_watch *watch);

/* A note of a search without its proof, for answers that do not hold one. `what` goes before it. */
void app_note_proof(const char *what, const struct search_proof *proof, struct notes *notes);

/* A note of a pigment whose calibration says that it is not to be trusted. */
void app_note_distrust(const struct pigment *pigment, struct notes *notes);

/* The line for a pigment that is not in it. */
enum status app_refuse_pigment(const struct pigment_line *line, const char *id, struct error *err);

/* What a recipe for skin, or a planned zone, looks like; of the request its pigments and seed count. To be cleared with
 * preview_clear(). */
enum status app_see_recipe(struct app_picture *out, const struct recipe *recipe,
			   const struct app_preview_request *request, struct notes *notes,
			   struct error *err);
enum status app_see_zone(struct app_picture *out, const struct zone_plan *zone,
			 const struct app_preview_request *request, struct notes *notes,
			 struct error *err);

/* A note where a recipe misses its required colour by so much that it is no match; with the search's problem,
 * not NULL, also which limit is in the way, if one is. */
void app_note_miss(double de00, const struct lab *wanted, const struct lab *got,
		   const struct search_problem *problem, struct notes *notes);

/* Where a folder or file of the clinic's data is: below $XDG_DATA_HOME/follitone. */
enum status app_data_path(char path[APP_PATH_SIZE], const char *name, struct error *err);

/* Makes the folder of such a file. */
enum status app_data_folder(const char *path, struct error *err);

/* Opens the file of clients; makes a missing one, and its folder, where it is to be written. */
enum status app_clients_open(struct clients **clients, bool create, struct error *err);

/* Which recipes are a client's; to be cleared. */
enum status app_client_recipes(struct client *client, const char *code, struct error *err);

/* Leaves in a list what is the client's. */
void app_client_keep(struct recipe_stamp_list *list, const struct client *client);

/* True for what names a file, not a recipe: with a slash, ".cfg" at its end, or "-". */
bool app_is_path(const char *name);

/* Refuses a recipe that names a client whose recipe it is, where what it was `before` did not. */
enum status app_refuse_named(const struct recipe *recipe, const struct recipe *before,
			     struct error *err);

/* Adds a note to a recipe, sealed for a client. */
enum status app_seal(struct recipe *recipe, struct clients *clients, const char *code,
		     const char *note, struct error *err);

/* Opens a store for reading; what the clinic's key has signed is verified. */
enum status app_store_open(struct store **store, const char *folder, struct error *err);

/* The same for writing: with the clinic's key, which is to be wiped; makes store and key where they are missing, and notes a
 * new key. */
enum status app_store_open_signing(struct store **store, struct clinic_key *key, const char *folder,
				   struct notes *notes, struct error *err);

/* The file of clinics (store/clinics.h), among the clinic's data. */
#define CLINICS_FILE "clinics.cfg"

/* Saves a recipe, signed with the clinic's key; makes store and key where they are missing, and notes a new key. */
enum status app_store_save(bool *saved, const char *folder, struct recipe *recipe,
			   struct notes *notes, struct error *err);

/* The same for many, as store_save_all(). */
enum status app_store_save_all(struct store_saved *out, int count, const char *folder,
			       store_supply *supply, void *data, struct notes *notes,
			       struct error *err);

#endif
