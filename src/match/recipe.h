/* A recipe: one version of what is to be mixed, for whom it was worked out and what it will look
 * like.
 *
 * It carries its brief, so it can be read, predicted and understood without anything else but the
 * pigment line that it names by fingerprint. Versions are never changed: an edit is a new version
 * that names its parent by content hash.
 */
#ifndef MATCH_RECIPE_H
#define MATCH_RECIPE_H

#include "base/clock.h"
#include "base/text.h"
#include "match/band.h"
#include "match/scene.h"

/* The id of a clinic that is not said: of a recipe that came by a code, which nobody signs. */
#define RECIPE_CLINIC_UNSAID "00000000000000000000000000000000"

enum {
	PLAN_SESSIONS_MAX = 8,
	RECIPE_HASH_SIZE = 41,
	RECIPE_NAME_SIZE = 96,
	RECIPE_LOOKS_MAX = 9,
	RECIPE_NOTES_MAX = 32,
	RECIPE_CLINIC_SIZE = 33,
	RECIPE_SEEN_MAX = 8,
	RECIPE_SESSIONS_MAX = 8,
	RECIPE_SESSION_NUMBER_MOST = 1000,
	RECIPE_REASON_SIZE = 256,
	RECIPE_DROPS_MOST = 10000, /* of one bottle: half a litre */
	RECIPE_SEALED_MAX = 4,
};

/* A sealed note (store/seal.h) is base64 of a frame (nonce and tag) and its text, filled up to a multiple of a step: its length
 * tells little. */
enum {
	SEALED_FRAME = 24 + 16,
	SEALED_STEP = 64,
	SEALED_PLAIN_MOST = 2048,
	RECIPE_SEALED_SIZE = 4 * ((SEALED_FRAME + SEALED_PLAIN_MOST + 2) / 3) + 1,
};

/* Who a version is. `hash` is the git object id of its file: not in the file itself. */
struct recipe_stamp {
	char id[RANDOM_ID_SIZE]; /* the same for every version of a recipe */
	int version;             /* 1, 2, …; 0 before the first save */
	char name[RECIPE_NAME_SIZE];
	char made[CLOCK_TEXT_SIZE];
	char hash[RECIPE_HASH_SIZE];
	char parent[RECIPE_HASH_SIZE]; /* empty for a first version */
	/* whose it is, which is not in the file either: empty for the clinic's own, else the name under which it knows the other
	 * one, or that one's id */
	char clinic[RECIPE_CLINIC_SIZE];
	bool verified; /* it comes from a store, and the clinic's signature stands for it; not in the file */
};

struct recipe_dose {
	struct bottle bottle;
	int drops;
	double ml;
	double strength; /* of this bottle against its line, as trials told; mostly 1 */
};

/* Which session it is. */
struct session_stamp {
	char id[RANDOM_ID_SIZE];       /* the same in every version that has it */
	char day[CLOCK_DAY_SIZE];      /* 2026-11-25 */
	int number;                    /* of the course, from 1; 0: not said */
	char operator_code[CODE_SIZE]; /* who mixed and treated; may be empty */
};

/* What was really put in from one bottle. */
struct session_bottle {
	char pigment[PIGMENT_ID_SIZE];
	int drops;
	double ml;
	char lot[PIGMENT_TEXT_SIZE]; /* may be empty, as the days */
	char expiry[PIGMENT_TEXT_SIZE], opened[CLOCK_DAY_SIZE];
};

/* One time that it was mixed and used (match/session.h). */
struct recipe_session {
	struct session_stamp stamp;
	struct session_bottle bottle[RECIPE_PIGMENTS_MAX + 1]; /* the diluent first */
	int bottle_count;
	char override
		[RECIPE_REASON_SIZE]; /* why a bottle that had expired was used; mostly empty */
};

/* What one part of the scene looks like. */
struct recipe_look {
	char label
		[32]; /* "bare skin", "required dot", "dot, fresh" …; the recipe's own is the last */
	struct lab lab;     /* under the main light */
	struct lab pcs_lab; /* D50, 2 degree */
};

struct recipe {
	struct recipe_stamp stamp;
	struct recipe_source { /* the version of another clinic that it was taken over from */
		char clinic[RECIPE_CLINIC_SIZE]; /* its id; empty where it is the clinic's own */
		char id[RANDOM_ID_SIZE];
		int version;
		char hash[RECIPE_HASH_SIZE];
	} source;
	char zone[RECIPE_NAME_SIZE];
	struct {
		int session, sessions; /* of a plan: which one of how many; 0: it is of none */
	} plan;
	char program[48];
	struct {
		char name[PIGMENT_TEXT_SIZE];
		char fingerprint[DIGEST_SIZE];
		char notice[256];
		bool synthetic;
	} line;
	struct recipe_dose diluent;
	struct recipe_dose dose[RECIPE_PIGMENTS_MAX];
	int dose_count;
	struct brief brief;
	struct recipe_seen { /* what became of it: readings of the treated patch or the trial */
		enum healing_state state;
		struct repeats reading;
	} seen[RECIPE_SEEN_MAX];
	int seen_count;
	struct recipe_session session[RECIPE_SESSIONS_MAX]; /* as they were recorded */
	int session_count;
	char sealed[RECIPE_SEALED_MAX][RECIPE_SEALED_SIZE];
	int sealed_count;
	bool edited; /* line, mix or brief were changed by hand since `predicted` was computed */
	struct {     /* computed from all above by recipe_predict() */
		double objective, de00, de00_field, darker;
		double de00_regrown;    /* of the field, with its hair back; where it may come */
		struct error_band band; /* all 0 where it was predicted before there were bands */
		double metamerism[SEARCH_LIGHTS_MAX];
		struct spectrum required, dot; /* required: the scene's aim */
		struct recipe_look look[RECIPE_LOOKS_MAX];
		int look_count;
		/* of the fitted skin: */
		double melanin_share, blood_share, saturation, scattering_scale, skin_misfit;
	} predicted;
	char note[RECIPE_NOTES_MAX][512];
	int note_count;
};

/* Volume of a cup where none is stated. */
#define CUP_USUAL_ML 15.0

/* What may be said of a bottle's strength. */
#define RECIPE_STRENGTH_LEAST 0.05
#define RECIPE_STRENGTH_MOST 20.0

/* A recipe that misses the required colour by more than this is no match: the tolerance for caution on
 * dark skin in studies with silicone skin (2.0 on fair skin). */
#define RECIPE_MISS_DE00 2.5

/* A kept recipe near a colour. */
struct recipe_near {
	struct recipe_stamp stamp;
	struct lab required, skin, healed; /* under the recipe's main light */
	bool has_skin, has_healed; /* healed: as the patch was read, not as it was predicted */
	double healed_de00;        /* of the healed patch to the field that it was to look like */
	double de00;               /* of `required` to what was asked */
};

/* A session of a kept recipe, and the first version that tells of it. */
struct recipe_treated {
	struct recipe_stamp stamp;
	struct session_stamp session;
};

/* One bottle in a kept recipe or in a session of it; the first version that has it. */
struct recipe_lot {
	struct recipe_stamp stamp;
	struct session_stamp session; /* its day is empty where it is the recipe's own bottle */
	char pigment[PIGMENT_ID_SIZE], lot[PIGMENT_TEXT_SIZE], expiry[PIGMENT_TEXT_SIZE];
};

/* What a match answers: recipes, best first, and how sure that is. `recipe` is to be freed. */
struct match_answer {
	struct recipe *recipe;
	int count;
	struct search_proof proof;
	enum search_vary vary;
	bool quick; /* asked for without the proof */
};

/* Fills in doses and diluent from one answer of the search. */
void recipe_take_doses(struct recipe *recipe, const struct search_recipe *found,
		       const struct pigment_line *line);

/* Computes `predicted` for the recipe's doses in the scene, and takes from the line what is its to
 * say: its name and notice, what is printed on the bottles (but for lot and expiry), the doses'
 * ml. Refuses a pigment that the line does not hold. */
enum status recipe_predict(struct recipe *recipe, const struct scene *scene,
			   const struct pigment_line *line, struct error *err);

/* Makes the line's pigments as strong as the recipe says that its bottles are. Before the scene is
 * built with that line. */
void recipe_strengthen(struct pigment_line *line, const struct recipe *recipe);

/* Adds to the recipe's own notes, each once. */
void recipe_add_notes(struct recipe *recipe, const struct notes *notes);

/* Drops of each of the line's pigments. Refuses a pigment that the line does not hold. */
enum status recipe_amounts(double amount[LINE_PIGMENTS_MAX], const struct recipe *recipe,
			   const struct pigment_line *line, struct error *err);

/* NULL where the recipe has no look of that label. */
const struct recipe_look *recipe_look_find(const struct recipe *recipe, const char *label);

/* The look of what is required; NULL where that was stated as Lab. */
const struct recipe_look *recipe_required_look(const struct recipe *recipe);

/* CIEDE2000 of a look to the required colour. */
double recipe_look_de00(const struct recipe *recipe, const struct recipe_look *look);

/* The colour that is required, under the main light. */
struct lab recipe_required_lab(const struct recipe *recipe);

/* Volume of the whole mix. */
double recipe_total_ml(const struct recipe *recipe);

#endif
