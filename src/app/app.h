/* One function for each thing a user can ask, called from every door.
 *
 * They know the order of the steps and nothing of argv, HTTP or printing. What was assumed goes
 * into `notes`; what went wrong into `err`. Names of lights, lines and techniques are those of
 * formats/profile.h.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include "base/notes.h"
#include "colour/control_patches.h"
#include "colour/device.h"
#include "colour/difference.h"
#include "colour/inspection.h"
#include "colour/reading.h"
#include "match/comparison.h"
#include "match/correction.h"
#include "match/dilution.h"
#include "match/dossier.h"
#include "match/explanation.h"
#include "match/learning.h"
#include "match/plan.h"
#include "match/preview.h"
#include "pigment/calibration.h"
#include "store/clients.h"
#include "store/store.h"

/* Which light and eye. */
struct app_light {
	const char *illuminant, *observer;
};

enum { APP_PATH_SIZE = 4096, APP_IDS_MAX = 64, APP_RGB_MAX = 64, APP_PROFILE_MOST = 64 << 20 };

/* What the user says of samples: for what files leave open, and for samples that are no spectra. */
struct app_source {
	struct conditions stated; /* of both speculars in a file, take that */
	const char *icc;          /* profile of a picture's or RGB's device: a file, or "sRGB" */
	enum rendering_intent intent; /* of profiles, in and out */
	const char *region;           /* "X,Y,W,H" of pictures; NULL: all of it */
	const char *rgb[APP_RGB_MAX]; /* "R,G,B", each 0 to 255 */
	int rgb_count;
};

struct app_lab_request {
	const char *const *file; /* reading files, pictures, recipe files */
	int file_count;
	const char *store, *pigments; /* of recipes that are named, or edited; see app_recipe() */
	bool recipes;                 /* what is no file may be the name of a recipe */
	struct app_source source;
	struct app_light light; /* illuminants may be a list, "D65,A,F11" */
	const char *output_icc; /* profile of a display or printer: also its values; or NULL */
	enum rendering_intent output_intent;
};

/* Colours of all readings of the files and then of the RGB values, in that order, under each light. Of a
 * recipe the readings are the spectrum that is required and the one that is predicted. To be cleared by
 * the caller. */
enum status app_lab(struct colours *out, const struct app_lab_request *request, struct notes *notes,
		    struct error *err);

/* Opens a device by its profile: a file, or "sRGB". To be closed by the caller. */
enum status app_device(struct device **out, const char *icc, enum device_use use,
		       enum rendering_intent intent, struct error *err);

/* Opens a printer by its profile, for colours as they are measured (absolute colorimetric). To be closed by the caller. */
enum status app_printer(struct device **out, const char *profile, struct error *err);

/* Notes each colour of the recipe that the printer, opened by app_printer(), cannot print; and each control patch. `profile` is for
 * messages. */
void app_proof(struct notes *notes, const struct device *printer, const char *profile,
	       const struct recipe *recipe);
void app_proof_patches(struct notes *notes, const struct device *printer, const char *profile);

struct app_patches_request {
	const char *file;
	struct app_source source;
};

/* How a printer has printed the control patches: a file of their readings, in their order. Of readings without spectra the Lab is taken
 * where it is of D50 and the 2 degree observer, or of what is not said. */
enum status app_patches(struct patch_check *out, const struct app_patches_request *request,
			struct notes *notes, struct error *err);

struct app_read_request {
	const char *const *file;
	int file_count;
	struct app_light light;
	const char *site; /* "skin", "hair", "field" or NULL */
	struct app_source source;
};

/* What is in files of readings: format, conditions, colours, spread, outliers, and how far the file's own
 * colours are from ours (over 0.1 is noted). For a field it is noted whether the readings are enough for
 * their aperture. To be cleared. */
enum status app_read(struct inspection_list *out, const struct app_read_request *request,
		     struct notes *notes, struct error *err);

/* The same readings with their colours under the request's light and as a screen (sRGB) shows them, to be
 * plotted. To be cleared. */
enum status app_read_colours(struct colours *out, const struct inspection_list *list,
			     const struct app_read_request *request, struct error *err);

/* --- readings from an instrument, one at a time: app_capture_open(), then app_capture_calibrate() and
 * app_capture_read() as often as it takes, app_capture_save(), app_capture_close(). */

struct app_capture_request {
	struct conditions stated; /* what the instrument does not say: geometry, aperture, mode */
	struct app_light light;   /* for the colours shown meanwhile */
	double time_limit_s;      /* of one reading; 0: the usual */
};
struct app_capture;

enum status app_capture_open(struct app_capture **out, const struct app_capture_request *request,
			     struct error *err);
void app_capture_close(struct app_capture *capture);

/* On the white tile. *why is empty where it is calibrated, else the instrument's words; borrowed. */
enum status app_capture_calibrate(struct app_capture *capture, const char **why, struct error *err);

/* One reading of a site ("skin", "hair", "field"), which becomes its name. *why as above; it begins with
 * "Spot read needs a calibration" where the tile is needed first. */
enum status app_capture_read(struct app_capture *capture, const char *site, const char **why,
			     struct error *err);

/* Forgets the last reading. */
void app_capture_undo(struct app_capture *capture);

/* The readings of a site so far: how many, and where there are any, their mean colour and their spread. */
struct app_site {
	int count;
	struct lab lab;
	double spread_de00;
	bool outlier; /* one is far from the others */
};
enum status app_capture_site(struct app_site *out, const struct app_capture *capture,
			     const char *site, struct error *err);

/* Writes all readings in the form that the file's ending names (formats/export.h). */
enum status app_capture_save(const struct app_capture *capture, const char *file,
			     struct notes *notes, struct error *err);

struct app_difference_request {
	const char *reference, *sample; /* each "L,a,b", a reading file or a picture */
	struct app_source source;
	bool mixed;             /* repeats that were not taken alike may be averaged */
	struct app_light light; /* "D65,A,F11": the others are those of the metamerism index */
};

/* Difference of two samples; readings of a file are averaged. */
enum status app_difference(struct difference *out, const struct app_difference_request *request,
			   struct notes *notes, struct error *err);

/* --- pigments --------------------------------------------------------------------------------- */

/* A line made from its ladders, with each step of each. `line.count` ladders and fits. */
struct app_calibration {
	struct pigment_line line;
	struct ladder_frame frame;
	struct ladder *ladder;
	struct ladder_fit *fit;
};

/* From a drawdown sheet. The surface correction is the one with which steps are best predicted by the other
 * steps of their ladders. To be cleared. */
enum status app_calibrate(struct app_calibration *out, const char *sheet, struct notes *notes,
			  struct error *err);
void app_calibration_clear(struct app_calibration *calibration);

/* Writes its line. */
enum status app_calibration_save(const struct app_calibration *calibration, const char *file,
				 struct error *err);

/* Measured and modelled curves of each step of one pigment (`id`, or NULL for the first), in pairs, to be
 * plotted. To be cleared. */
enum status app_calibration_curves(struct colours *out, const struct app_calibration *calibration,
				   const char *id, struct error *err);

/* A line by name or path. To be cleared with pigment_line_clear(). */
enum status app_pigment_line(struct pigment_line *line, const char *name, struct error *err);

/* Names of the lines that are there: built in, and in the user's own folder. To be cleared. */
enum status app_pigment_lines(struct text *names, struct error *err);

/* What is said of bottles in hand, pigment by pigment: of which lot, until when … */
struct app_stated {
	const char *id, *value;
};
struct app_stated_list {
	struct app_stated item[APP_IDS_MAX];
	int count;
};

/* Doubts about a line and the lots in hand, one a line of text: old, expired, of another lot than those in hand, gaps in a
 * ladder, not trusted. To be cleared. */
enum status app_pigment_check(struct text *doubts, const struct pigment_line *line,
			      const struct app_stated_list *lots, struct error *err);

/* What a line's pigments look like, to be plotted: of one (`id`) several dilutions or tints, of the whole
 * line (NULL) one of each. To be cleared. */
enum status app_pigment_curves(struct colours *out, const struct pigment_line *line, const char *id,
			       struct notes *notes, struct error *err);

/* A parameter of the technique that is known of this client. */
struct app_setting {
	enum technique_key key;
	double value;
};

struct app_dose {
	const char *id;
	double amount; /* in the line's unit */
};

struct app_predict_request {
	const char *pigments;
	struct app_dose dose[APP_IDS_MAX];
	int dose_count;
	bool drawdown;       /* else in skin */
	double thickness_mm; /* of a drawdown over `ground`; 0: opaque */
	const char *ground, *skin, *technique;
	const struct app_setting *setting;
	int setting_count;
	struct app_source source;
	struct app_light light;
};

/* The colour of a recipe; `state` and what follows in skin only, `colour` is then that of the healed
 * dot, and so are band and explanation. */
struct app_predicted_colour {
	struct lab lab, pcs_lab;
	struct spectrum reflectance;
};
struct app_prediction {
	struct app_predicted_colour colour;
	struct error_band band;
	bool in_skin;
	struct skin skin;
	struct app_predicted_colour state[STATES];
	struct explanation explanation;
	char illuminant[LIGHT_NAME_SIZE], observer[LIGHT_NAME_SIZE];
};
/* Its spectra, to be plotted. To be cleared. */
enum status app_prediction_curves(struct colours *out, const struct app_prediction *prediction,
				  const struct app_light *light, struct error *err);
enum status app_predict(struct app_prediction *out, const struct app_predict_request *request,
			struct notes *notes, struct error *err);

struct app_weighted_light {
	const char *name;
	double weight;
};

/* A bound of one pigment's drops; least above 0 with most 0 is never asked. */
struct app_bound {
	char id[PIGMENT_ID_SIZE];
	int least, most;
};

/* Who watches the searches of a request, and may stop them. All may be NULL. */
struct app_watch {
	void (*begin)(void *data); /* before each search: from here on *stop is heeded */
	search_watcher *progress;
	void *data;
	/* not 0: the best so far is the answer, and nothing else is begun */
	const volatile sig_atomic_t *stop;
};

struct app_match_request {
	const char *pigments;       /* line */
	const char *reading[ROLES]; /* files, NULL where not given; target may be "L,a,b" */
	struct app_source source;
	bool mixed;            /* readings that were not taken alike may meet */
	const char *technique; /* preset */
	struct app_setting setting[TECHNIQUE_KEYS];
	int setting_count;
	double thickness_mm;    /* of a film over reading[ROLE_GROUND] */
	struct app_light light; /* main light */
	struct app_weighted_light lights[SEARCH_LIGHTS_MAX]; /* all; none: the usual ones */
	int light_count;
	enum healing_state state;
	double lighter, price_weight, coarse_weight;
	int pigment_step;                           /* 0: 1 */
	int pigments_max, drops_max;                /* 0: the usual */
	int diluent_min, diluent_max, diluent_step; /* step 0: the usual */
	double cup_ml, pigment_ml_max;              /* 0: the usual */
	int top, threads;
	double time_limit_s;
	const char *forced[APP_IDS_MAX], *barred[APP_IDS_MAX];
	int forced_count, barred_count;
	struct app_bound bound[APP_IDS_MAX];
	int bound_count;
	struct app_dose stock[APP_IDS_MAX]; /* ml on hand */
	int stock_count;
	struct app_ratio {
		char id[2][PIGMENT_ID_SIZE];
		int parts[2];
	} ratio[SEARCH_RATIOS_MAX];
	int ratio_count;
	enum search_vary vary; /* of each kind the best only */
	bool quick;            /* the fast answer, without its proof */
	bool one_of_many; /* of a miss it is not looked for which limit is in the way: takes time */
	struct app_watch watch;
};

/* Recipes, best first, each complete and predicted. Stopped before there is any: STATUS_NO_ANSWER. To be cleared
 * with app_match_clear(). */
enum status app_match(struct match_answer *answer, const struct app_match_request *request,
		      struct notes *notes, struct error *err);
void app_match_clear(struct match_answer *answer);

/* One target of a batch: its recipes, or why it has none (`refused` is not empty then). Valid during the
 * call only. */
struct app_batch_answer {
	const char *name;
	const struct match_answer *answer;
	const struct notes *notes;
	const char *refused;
};
typedef enum status app_batch_sink(void *data, const struct app_batch_answer *one,
				   struct error *err);

/* Every reading of a file as a target by itself, in order; `sink` gets each as it is done, and ends it by
 * a status that is not STATUS_OK. No more than one answer is held at a time. Stopped, the target in work is the
 * last, and a note of it and of the whole says so. */
enum status app_match_batch(const char *file, const struct app_match_request *request,
			    app_batch_sink *sink, void *data, struct notes *notes,
			    struct error *err);

/* --- a case of zones ---------------------------------------------------------------------------- */

/* Every zone of a case file matched by what the request says of light, limits and lists; its readings,
 * pigments and techniques are the case's, but request->pigments goes first where it is not NULL. Stopped, the
 * zones so far are the answer, and a note says so. To be cleared. */
struct app_case {
	char code[RECIPE_NAME_SIZE];
	int zones;
	struct zone_match *zone;
};
enum status app_match_case(struct app_case *out, const char *file,
			   const struct app_match_request *request, struct notes *notes,
			   struct error *err);
void app_case_clear(struct app_case *out);

/* Every zone of a case file in sessions. Stopped, the sessions so far are the answer, and a note says so. To be
 * cleared. */
struct app_plan {
	char code[RECIPE_NAME_SIZE];
	int zones;
	struct zone_plan *zone;
};
enum status app_plan(struct app_plan *out, const char *file,
		     const struct app_match_request *request, struct notes *notes,
		     struct error *err);
void app_plan_clear(struct app_plan *out);

/* --- what a client will look like ------------------------------------------------------------------ */

struct app_preview_request {
	const char *subject, *folder; /* a case file, or a recipe as of app_recipe() */
	unsigned seed;                /* of the places of dots and follicles */
	/* of a case as app_plan() takes it; of a recipe its pigments only */
	const struct app_match_request *match;
};

/* One picture: of the recipe, or of a zone. */
struct app_picture {
	char name[RECIPE_NAME_SIZE];                                 /* may be empty */
	char zone[RECIPE_NAME_SIZE], technique[TECHNIQUE_NAME_SIZE]; /* or the preset of a zone */
	int version;                                                 /* of a recipe; 0: not saved */
	int sessions; /* planned of a zone; 0: a recipe */
	char line[PIGMENT_TEXT_SIZE], notice[256], made[CLOCK_TEXT_SIZE];
	bool synthetic;
	struct preview preview;
};
struct app_previews {
	bool of_case;
	int pictures;
	struct app_picture *picture;
};

/* Natural follicles beside treated skin: a recipe fresh, at 7 days and healed; every zone of a case healed after each
 * of its planned sessions. To be cleared. */
enum status app_preview(struct app_previews *out, const struct app_preview_request *request,
			struct notes *notes, struct error *err);
void app_previews_clear(struct app_previews *previews);

/* --- dilutions of pigments in a client's skin ------------------------------------------------------ */

struct app_chart_request {
	const char *pigment; /* id; NULL: every pigment of the line */
	/* line, reading of skin, technique, state, light, cup and drops of pigment */
	const struct app_match_request *match;
};

/* To be cleared. */
enum status app_chart(struct dilution_chart *out, const struct app_chart_request *request,
		      struct notes *notes, struct error *err);
void app_chart_clear(struct dilution_chart *chart);

/* --- the report ------------------------------------------------------------------------------------ */

struct app_report_request {
	const char *const *subject; /* one case file, or recipes as of app_recipe() */
	int subjects;
	const char *folder;
	const char *client; /* code to be stated; NULL: as the case says */
	unsigned seed;      /* as of a preview */
	/* of a case as app_plan() takes it; of recipes their pigments only */
	const struct app_match_request *match;
};

/* What goes on file about a case or about recipes, with what its values point to. */
struct app_report {
	struct dossier dossier;
	struct app_plan plan;
	struct recipe *recipe;
	struct text *code; /* of each recipe's card (app_code()) */
	struct app_previews previews;
};

/* Plans the case, or takes the recipes; sees each; and gathers what they rest on. A recipe of which there can be no preview is noted.
 * The same case gives the same report. To be cleared. */
enum status app_report(struct app_report *out, const struct app_report_request *request,
		       struct notes *notes, struct error *err);
void app_report_clear(struct app_report *report);

/* True for a path of a file that says that it is a case. */
bool app_is_case(const char *path);

/* Where recipes are kept: `option` if not NULL, else $FOLLITONE_STORE, else
 * $XDG_DATA_HOME/follitone/store (~/.local/share/follitone/store). */
enum status app_store_folder(char folder[APP_PATH_SIZE], const char *option, struct error *err);

/* What a store is known by to others. */
struct app_clinic {
	struct public_key key;
	char path[APP_PATH_SIZE]; /* of the secret key, which stays there */
};

/* Makes the clinic's key and the store, each where it is missing. The key is $XDG_DATA_HOME/follitone/clinic.key, for its owner
 * alone; its public half stands beside it in clinic.key.pub. */
enum status app_store_init(struct app_clinic *clinic, const char *folder, struct notes *notes,
			   struct error *err);

/* Looks at every signature and every version; check->faults is to be cleared. */
enum status app_store_verify(struct store_check *check, const char *folder, struct error *err);

/* Repacks the store. */
enum status app_store_tidy(struct repository_tidy *out, const char *folder, struct error *err);

/* Writes the whole store to `path` as one git bundle. The clinic's key is not in it. */
enum status app_store_backup(const char *path, const char *folder, struct error *err);

/* Gives a recipe a name and zone (each left alone where NULL). Names may not look like a path, an
 * option, an id or a version, or they could not be asked for again. */
enum status app_name(struct recipe *recipe, const char *name, const char *zone, struct error *err);

struct app_save_request {
	const char *file, *folder;
	const char *name, *zone; /* NULL: as the file says */
	const char *pigments;    /* line; else the recipe's own, by name */
	const char *client;      /* code of the client whose recipe it becomes, or NULL */
	const char *note;        /* to be sealed for that client, or NULL */
};

/* Saves the recipe of a file, named by app_name(), as a new version; of a file that `match` wrote,
 * under another name than the store has for it, as a new recipe. One that was changed by hand is
 * predicted anew with its pigment line and refused where that is not at hand, so an edited dose
 * never keeps an old colour. *saved false: the newest version is just this already. One that is
 * linked to a client must not name that client: what is saved is never erased. A note is sealed with the client's key, which is made
 * where there is none. */
enum status app_save(struct recipe *recipe, bool *saved, const struct app_save_request *request,
		     struct notes *notes, struct error *err);

/* The same of several files, in one commit: all are saved, or none where one is refused. `request->file` and `name` are not
 * asked for; out[i] is what became of file[i]. */
enum status app_save_all(struct store_saved *out, const char *const *file, int count,
			 const struct app_save_request *request, struct notes *notes,
			 struct error *err);

/* Brings what is asked of all of a store up to date, which else the first question does; `watch` is told how far it is. What goes
 * wrong is for the question to say. */
enum status app_store_prepare(const char *folder, const struct index_watch *watch);

/* What the filter asks for, the oldest first; where `client` is not NULL, of what is linked to that code. */
enum status app_list(struct recipe_stamp_list *list, const char *folder,
		     const struct index_filter *filter, const char *client, struct notes *notes,
		     struct error *err);

struct app_nearest_request {
	const char *folder;
	const char *words; /* "L,a,b", a file of readings or a picture, or a recipe of the store */
	struct app_source source;
	bool mixed;
	struct app_light light;
	int most;
};

/* Kept recipes whose required colour is nearest to that, the nearest first; to be freed. */
enum status app_nearest(struct recipe_near **near, int *count,
			const struct app_nearest_request *request, struct notes *notes,
			struct error *err);

struct app_lots_request {
	const char *folder;
	const char *lot, *until; /* NULL: any; until: what expires on or before that day */
	const char *recipe;      /* what was used in its sessions only, up to @VERSION */
	int within_days;         /* what expires from today until so many days from now; -1: any */
};

/* Bottles in kept recipes and their sessions, by expiry (index.h: index_lots()); to be freed. */
enum status app_lots(struct recipe_lot **lots, int *count, const struct app_lots_request *request,
		     struct error *err);

/* All versions of one recipe, and all its sessions, oldest first; both to be cleared. */
struct app_history {
	struct recipe_stamp_list versions;
	struct recipe_treated *session;
	int sessions;
};
enum status app_history(struct app_history *out, const char *folder, const char *name,
			struct notes *notes, struct error *err);
void app_history_clear(struct app_history *history);

/* A recipe by name, id or ID@VERSION in the store, or from a recipe file (a path with a slash or
 * ending in .cfg), which is predicted anew where it was changed by hand, as in app_save(). `text`
 * (may be NULL) is its file, byte for byte. */
enum status app_recipe(struct recipe *recipe, struct text *text, const char *folder,
		       const char *name, const char *pigments, struct notes *notes,
		       struct error *err);

/* Opens a recipe's sealed notes with the keys of the clients whose recipe it is; a file of clients that cannot be read is noted. */
void app_open_notes(struct opened_notes *opened, const struct recipe *recipe, struct notes *notes);

/* What two of them differ in; each as of app_recipe(). */
enum status app_diff(struct comparison *out, const char *folder, const char *before,
		     const char *after, struct notes *notes, struct error *err);

/* Makes an old version (NAME@VERSION) the newest one again, as a new version whose parent it is. *saved false: the newest says the
 * same. */
enum status app_revert(struct recipe *recipe, bool *saved, const char *folder, const char *name,
		       struct notes *notes, struct error *err);

/* --- clients: what is known of persons, in $XDG_DATA_HOME/follitone/clients.db (store/clients.h) ------- */

/* What is held of one client, with the stamps of the recipes that are in the store. */
struct app_client {
	struct client held;
	struct recipe_stamp_list recipes;
	struct client_sealed *sealed; /* the notes in these that the client's key opens */
	size_t sealed_count;
};
void app_client_clear(struct app_client *client);

/* All clients, by code; to be freed. */
enum status app_clients(struct client_count **list, size_t *count, struct error *err);

/* One client, with the newest version of each recipe, or all versions. A store that cannot be read is noted. To be
 * cleared. */
enum status app_client(struct app_client *out, const char *folder, const char *code, bool all,
		       struct notes *notes, struct error *err);

/* Links a recipe of the store, by name or id, to a client; notes where the recipe's words name the client. */
enum status app_client_link(struct recipe_stamp *stamp, const char *folder, const char *code,
			    const char *recipe, struct notes *notes, struct error *err);

/* `zone` may be NULL. */
enum status app_client_note(const char *code, const char *text, const char *zone,
			    struct error *err);
enum status app_client_consent(const char *code, const char *text, struct error *err);

/* Erase one thing for good: the link to a recipe, by name or id, or a note or consent by its number in the client's list. A recipe
 * that the store does not hold any more is named by its whole id. */
enum status app_client_unlink(char id[RANDOM_ID_SIZE], const char *folder, const char *code,
			      const char *recipe, struct error *err);
enum status app_client_drop(const char *code, enum client_kind kind, int number, struct error *err);

/* Erases all that is held of a client and proves it; `out` is what there was, with the versions of recipes, which stay. Notes
 * which of these name the client. To be cleared. */
enum status app_client_forget(struct app_client *out, const char *folder, const char *code,
			      struct notes *notes, struct error *err);

/* --- printing ------------------------------------------------------------------------------------- */

struct app_print_request {
	const char *printer;       /* NULL: the usual one */
	const char *title, *media; /* of the paper, as CUPS names it: "A5" */
	int copies;
};

/* Gives a PDF to the program lp; what that answers is noted. STATUS_ENVIRONMENT where there is no such program, no printer or no print
 * server, and why. */
enum status app_print(const struct text *pdf, const struct app_print_request *request,
		      struct notes *notes, struct error *err);

/* --- what became of it -------------------------------------------------------------------------- */

struct app_correct_request {
	const char *recipe, *folder, *pigments; /* as of app_recipe() */
	const char *trial;                      /* reading of the drawdown or the treated patch */
	struct app_source source;
	bool mixed; /* a trial that was not read like the recipe's readings may count */
	bool has_state;
	enum healing_state state; /* of the trial; else the recipe's */
	double cup_ml;            /* 0: the usual */
	const char *const *barred;
	int barred_count;
	struct app_watch watch;
};

/* Strengths that explain a trial, and the best top-up with them. */
enum status app_correct(struct correction *out, const struct app_correct_request *request,
			struct notes *notes, struct error *err);

/* What was mixed and used; what is not said is as the recipe says. */
struct app_session {
	int number;                         /* of the course; 0: not said */
	const char *day;                    /* NULL: today */
	const char *operator_code;          /* may be NULL */
	struct app_dose mixed[APP_IDS_MAX]; /* whole drops */
	int mixed_count;
	struct app_stated_list lots, expiries, openings;
	const char *override_expired; /* a reason, or NULL */
};

struct app_treat_request {
	const char *recipe, *folder;
	const struct app_session *session; /* NULL: none */
	const char *after;                 /* reading of the patch (or the drawdown); NULL: none */
	enum healing_state state;
	struct app_source source;
	bool mixed;
};

/* Keeps a session, a reading of what became of it, or both with a recipe, as a new version of the newest one; an older version
 * (RECIPE@VERSION) is refused, as is a session that names a client whose recipe it is. */
enum status app_treat(struct recipe *recipe, const struct app_treat_request *request,
		      struct notes *notes, struct error *err);

struct app_learn_request {
	const char *folder, *pigments; /* line; else each recipe's own, by name */
	const char *technique;         /* the preset that the patches were treated by */
	const char *name;              /* of the new preset */
};

/* The clinic's own preset from all that was seen of the store's recipes that were made with `technique`;
 * `file` is the text of it, to be cleared. */
enum status app_learn(struct learning *out, struct text *file,
		      const struct app_learn_request *request, struct notes *notes,
		      struct error *err);

#endif
