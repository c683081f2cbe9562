/* A file is printed in one order and read key by key, each key known and each value within its limits. What a prediction rests on is
 * digested as it is printed, so that two files that read alike have one digest. */
#include "formats/recipe_file.h"

#include "base/file.h"
#include "formats/config.h"
#include "formats/pigment_file.h"
#include "formats/profile.h"
#include "formats/technique_file.h"
#include "match/session.h"

#include <assert.h>
#include <string.h>

#define FORMAT_NAME "follitone-recipe"
enum { FORMAT_VERSION = 2 };

/* What may stand in a file. 2 has what happened to the recipe too. */
#define KEYS_1 "format version program recipe mix predicted notes brief seen"
#define KEYS_2 KEYS_1 " plan source sessions sealed"

/* A recipe is some 10 KB, 40 with eight lights of one's own; more than this is not one. */
enum { RECIPE_BYTES_MOST = 4 << 20 };

/* Lab of anything that reflects lies well inside. */
#define LAB_MOST 1000.0

/* --- out -------------------------------------------------------------------------------------- */

static void put_lab(struct config_output *out, const char *key, const struct lab *lab)
{
	double value[3] = {lab->l, lab->a, lab->b};

	config_put_numbers(out, key, value, 3);
}

static void put_spectrum(struct config_output *out, const char *key, const char *quantity,
			 const struct spectrum *spectrum)
{
	config_put_group(out, key);
	config_put_number(out, "start_nm", spectrum->grid.start_nm);
	config_put_number(out, "step_nm", spectrum->grid.step_nm);
	config_put_integer(out, "count", spectrum->grid.count);
	config_put_numbers(out, quantity, spectrum->value, spectrum->grid.count);
	config_end_group(out);
}

static void put_dose(struct config_output *out, const struct recipe_dose *dose)
{
	config_put_integer(out, "drops", dose->drops);
	config_put_number(out, "ml", dose->ml);
	if (dose->strength != 1.0)
		config_put_number(out, "strength", dose->strength);
	bottle_put(out, &dose->bottle);
}

static void put_mix(struct config_output *out, const struct recipe *recipe)
{
	config_put_comment(out, "What is mixed: the diluent first, then the pigments, then stir.");
	config_put_group(out, "mix");
	config_put_text(out, "line", recipe->line.name);
	config_put_text(out, "fingerprint", recipe->line.fingerprint);
	config_put_boolean(out, "synthetic", recipe->line.synthetic);
	config_put_text(out, "notice", recipe->line.notice);
	config_put_group(out, "diluent");
	put_dose(out, &recipe->diluent);
	config_end_group(out);
	config_put_list(out, "doses");
	for (int i = 0; i < recipe->dose_count; i++) {
		config_put_group(out, NULL);
		put_dose(out, &recipe->dose[i]);
		config_end_entry(out, i + 1 == recipe->dose_count);
	}
	config_end_list(out);
	config_end_group(out);
}

static void put_looks(struct config_output *out, const struct recipe *recipe)
{
	config_put_list(out, "looks");
	for (int i = 0; i < recipe->predicted.look_count; i++) {
		const struct recipe_look *look = &recipe->predicted.look[i];

		config_put_group(out, NULL);
		config_put_text(out, "label", look->label);
		put_lab(out, "lab", &look->lab);
		put_lab(out, "pcs_lab", &look->pcs_lab);
		config_end_entry(out, i + 1 == recipe->predicted.look_count);
	}
	config_end_list(out);
}

static void put_predicted(struct config_output *out, const struct recipe *recipe, const char *basis)
{
	config_put_comment(out, "What it will look like, as the program predicted it.");
	config_put_group(out, "predicted");
	config_put_comment(
		out, "SHA-256 of mix and brief: where they were changed, this is predicted anew.");
	config_put_text(out, "basis", basis);
	config_put_number(out, "de00", recipe->predicted.de00);
	if (brief_in_skin(&recipe->brief))
		config_put_number(out, "de00_field", recipe->predicted.de00_field);
	if (recipe->predicted.de00_regrown > 0.0)
		config_put_number(out, "de00_regrown", recipe->predicted.de00_regrown);
	if (recipe->predicted.band.de00 > 0.0)
		config_put_number(out, "band_de00", recipe->predicted.band.de00);
	if (recipe->predicted.band.de00_field > 0.0)
		config_put_number(out, "band_de00_field", recipe->predicted.band.de00_field);
	config_put_number(out, "darker", recipe->predicted.darker);
	config_put_number(out, "objective", recipe->predicted.objective);
	config_put_numbers(out, "metamerism", recipe->predicted.metamerism,
			   recipe->brief.light_count);
	put_looks(out, recipe);
	if (recipe->predicted.required.grid.count)
		put_spectrum(out, "required", "reflectance", &recipe->predicted.required);
	put_spectrum(out, "dot", "reflectance", &recipe->predicted.dot);
	if (brief_in_skin(&recipe->brief)) {
		config_put_group(out, "skin");
		config_put_number(out, "melanin_share", recipe->predicted.melanin_share);
		config_put_number(out, "blood_share", recipe->predicted.blood_share);
		config_put_number(out, "saturation", recipe->predicted.saturation);
		config_put_number(out, "scattering_scale", recipe->predicted.scattering_scale);
		config_put_number(out, "misfit", recipe->predicted.skin_misfit);
		config_end_group(out);
	}
	config_end_group(out);
}

static void put_reading(struct config_output *out, const char *key, const struct repeats *repeats)
{
	const struct conditions *conditions = &repeats->mean.conditions;

	config_put_group(out, key);
	config_put_text(out, "name", repeats->mean.name);
	config_put_text(out, "file", file_name(repeats->mean.file));
	config_put_integer(out, "repeats", repeats->count);
	config_put_number(out, "spread_de00", repeats->spread_de00);
	config_put_text(out, "instrument", conditions->instrument);
	config_put_text(out, "geometry", conditions->geometry);
	config_put_text(out, "specular", specular_text(conditions->specular));
	config_put_text(out, "mode", conditions->mode);
	config_put_number(out, "aperture_mm", conditions->aperture_mm);
	config_put_text(out, "date", conditions->date);
	config_put_text(out, "origin", conditions->origin);
	put_spectrum(out, "spectrum", "reflectance", &repeats->mean.reflectance);
	config_end_group(out);
}

static void put_brief(struct config_output *out, const struct brief *brief)
{
	config_put_comment(out, "What was asked: lights, technique and readings.");
	config_put_group(out, "brief");
	config_put_text(out, "state", healing_state_names[brief->state]);
	config_put_text(out, "observer", brief->observer);
	config_put_list(out, "lights");
	for (int i = 0; i < brief->light_count; i++) {
		config_put_group(out, NULL);
		config_put_text(out, "name", brief->light[i].name);
		config_put_number(out, "weight", brief->light[i].weight);
		if (brief->light[i].own)
			put_spectrum(out, "spectrum", "power", &brief->light[i].power);
		config_end_entry(out, i + 1 == brief->light_count);
	}
	config_end_list(out);
	config_put_number(out, "lighter", brief->lighter);
	if (brief->price_weight > 0.0)
		config_put_number(out, "price_weight", brief->price_weight);
	if (brief->coarse_weight > 0.0)
		config_put_number(out, "coarse_weight", brief->coarse_weight);
	if (brief->has_target_lab)
		put_lab(out, "target_lab", &brief->target_lab);
	if (brief->given[ROLE_GROUND])
		config_put_number(out, "thickness_mm", brief->thickness_mm);
	for (int role = 0; role < ROLES; role++)
		if (brief->given[role])
			put_reading(out, reading_role_names[role], &brief->reading[role]);
	config_put_group(out, "technique");
	technique_put(out, &brief->technique);
	config_end_group(out);
	config_end_group(out);
}

static void put_seen(struct config_output *out, const struct recipe *recipe)
{
	if (recipe->seen_count == 0)
		return;
	config_put_comment(out, "What became of it.");
	config_put_list(out, "seen");
	for (int i = 0; i < recipe->seen_count; i++) {
		config_put_group(out, NULL);
		config_put_text(out, "state", healing_state_names[recipe->seen[i].state]);
		put_reading(out, "reading", &recipe->seen[i].reading);
		config_end_entry(out, i + 1 == recipe->seen_count);
	}
	config_end_list(out);
}

static void put_plan(struct config_output *out, const struct recipe *recipe)
{
	if (!recipe->plan.sessions)
		return;
	config_put_comment(out, "Which session of its plan it is for.");
	config_put_group(out, "plan");
	config_put_integer(out, "session", recipe->plan.session);
	config_put_integer(out, "sessions", recipe->plan.sessions);
	config_end_group(out);
}

static void put_source(struct config_output *out, const struct recipe_source *source)
{
	if (!*source->clinic)
		return;
	config_put_comment(out, "Which version of another clinic's it was taken over from.");
	config_put_group(out, "source");
	config_put_text(out, "clinic", source->clinic);
	config_put_text(out, "id", source->id);
	config_put_integer(out, "version", source->version);
	config_put_text(out, "hash", source->hash);
	config_end_group(out);
}

static void put_bottle(struct config_output *out, const struct session_bottle *bottle)
{
	config_put_text(out, "pigment", bottle->pigment);
	config_put_integer(out, "drops", bottle->drops);
	config_put_number(out, "ml", bottle->ml);
	config_put_text(out, "lot", bottle->lot);
	config_put_text(out, "expiry", bottle->expiry);
	config_put_text(out, "opened", bottle->opened);
}

static void put_session(struct config_output *out, const struct recipe_session *session)
{
	config_put_text(out, "id", session->stamp.id);
	config_put_text(out, "day", session->stamp.day);
	if (session->stamp.number)
		config_put_integer(out, "number", session->stamp.number);
	config_put_text(out, "operator", session->stamp.operator_code);
	if (*session->override)
		config_put_text(out, "override_expired", session->override);
	config_put_list(out, "bottles");
	for (int i = 0; i < session->bottle_count; i++) {
		config_put_group(out, NULL);
		put_bottle(out, &session->bottle[i]);
		config_end_entry(out, i + 1 == session->bottle_count);
	}
	config_end_list(out);
}

static void put_sessions(struct config_output *out, const struct recipe *recipe)
{
	if (recipe->session_count == 0)
		return;
	config_put_comment(out, "When it was mixed and used, and what was really put in.");
	config_put_list(out, "sessions");
	for (int i = 0; i < recipe->session_count; i++) {
		config_put_group(out, NULL);
		put_session(out, &recipe->session[i]);
		config_end_entry(out, i + 1 == recipe->session_count);
	}
	config_end_list(out);
}

static void put_sealed(struct config_output *out, const struct recipe *recipe)
{
	if (recipe->sealed_count == 0)
		return;
	config_put_comment(out, "Notes that only the clinic's own file of clients can open.");
	config_put_list(out, "sealed");
	for (int i = 0; i < recipe->sealed_count; i++)
		config_put_entry(out, recipe->sealed[i], i + 1 == recipe->sealed_count);
	config_end_list(out);
}

/* What a prediction rests on: mix and brief as they are printed. */
static enum status compute_basis(char digest[DIGEST_SIZE], const struct recipe *recipe,
				 struct error *err)
{
	struct config_output basis = {0};
	bool failed;

	put_mix(&basis, recipe);
	put_brief(&basis, &recipe->brief);
	failed = text_failed(&basis.text);
	if (!failed)
		digest_sha256(digest, basis.text.data, basis.text.length);
	text_clear(&basis.text);
	return failed ? error_memory(err) : STATUS_OK;
}

/* `basis` NULL: without what is predicted. */
static enum status print(struct text *out, const struct recipe *recipe, const char *basis,
			 struct error *err)
{
	struct config_output to = {0};

	config_put_comment(
		&to, "A Follitone recipe. To change it: edit the drops, then `follitone save` "
		     "it as a new version.");
	config_put_text(&to, "format", FORMAT_NAME);
	config_put_integer(&to, "version", FORMAT_VERSION);
	config_put_text(&to, "program", recipe->program);
	config_put_group(&to, "recipe");
	config_put_text(&to, "id", recipe->stamp.id);
	config_put_integer(&to, "version", recipe->stamp.version);
	config_put_text(&to, "parent", recipe->stamp.parent);
	config_put_text(&to, "name", recipe->stamp.name);
	config_put_text(&to, "zone", recipe->zone);
	config_put_text(&to, "made", recipe->stamp.made);
	config_end_group(&to);
	put_plan(&to, recipe);
	put_source(&to, &recipe->source);
	put_mix(&to, recipe);
	if (basis)
		put_predicted(&to, recipe, basis);
	config_put_comment(&to, "What was assumed or found odd.");
	config_put_list(&to, "notes");
	for (int i = 0; i < recipe->note_count; i++)
		config_put_entry(&to, recipe->note[i], i + 1 == recipe->note_count);
	config_end_list(&to);
	put_brief(&to, &recipe->brief);
	put_seen(&to, recipe);
	put_sessions(&to, recipe);
	put_sealed(&to, recipe);
	*out = to.text;
	if (!text_failed(out))
		return STATUS_OK;
	text_clear(out);
	return error_memory(err);
}

enum status recipe_print(struct text *out, const struct recipe *recipe, struct error *err)
{
	char basis[DIGEST_SIZE];

	assert(!recipe->edited); /* a prediction never stands beside what it was not made for */
	return compute_basis(basis, recipe, err) ? err->status : print(out, recipe, basis, err);
}

enum status recipe_print_unpredicted(struct text *out, const struct recipe *recipe,
				     struct error *err)
{
	return print(out, recipe, NULL, err);
}

/* --- in --------------------------------------------------------------------------------------- */

static enum status take_lab(struct lab *lab, const struct config_input *in,
			    const config_setting_t *group, const char *key, struct error *err)
{
	double value[3];

	if (config_numbers(value, 3, -LAB_MOST, LAB_MOST, in, group, key, err))
		return err->status;
	*lab = (struct lab){value[0], value[1], value[2]};
	return STATUS_OK;
}

/* Figures that older recipes do not have stay 0. */
static enum status take_optional(double *de00, const struct config_input *in,
				 const config_setting_t *group, const char *key, struct error *err)
{
	return config_has(group, key) ? config_number(de00, 0.0, LAB_MOST, in, group, key, err)
				      : STATUS_OK;
}

/* `quantity` names the numbers: "reflectance" or "power". */
static enum status take_spectrum(struct spectrum *spectrum, const char *quantity,
				 const struct config_input *in, const config_setting_t *parent,
				 const char *key, struct error *err)
{
	struct grid *grid = &spectrum->grid;
	config_setting_t *group;

	if (config_group(&group, in, parent, key, err) ||
	    config_known(in, group, "start_nm step_nm count reflectance power", err) ||
	    config_number(&grid->start_nm, 200.0, 400.0, in, group, "start_nm", err) ||
	    config_number(&grid->step_nm, 1.0, 20.0, in, group, "step_nm", err) ||
	    config_integer(&grid->count, 16, SPECTRUM_SAMPLES_MAX, in, group, "count", err))
		return err->status;
	if (config_left_out(in, group, quantity))
		return STATUS_OK;
	return config_numbers(spectrum->value, grid->count, 0.0, 1e9, in, group, quantity, err);
}

static enum status take_dose(struct recipe_dose *dose, int least, const struct config_input *in,
			     const config_setting_t *group, struct error *err)
{
	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a dose is a group { … }");
	if (config_known(in, group, BOTTLE_KEYS " drops ml strength", err) ||
	    config_integer(&dose->drops, least, RECIPE_DROPS_MOST, in, group, "drops", err) ||
	    config_number(&dose->ml, 0.0, 10000.0, in, group, "ml", err))
		return err->status;
	dose->strength = 1.0;
	if (config_has(group, "strength") &&
	    config_number(&dose->strength, RECIPE_STRENGTH_LEAST, RECIPE_STRENGTH_MOST, in, group,
			  "strength", err))
		return err->status;
	return bottle_take(&dose->bottle, in, group, err);
}

static enum status take_doses(struct recipe *recipe, const struct config_input *in,
			      const config_setting_t *mix, struct error *err)
{
	config_setting_t *list;
	int count;

	if (config_list(&list, &count, RECIPE_PIGMENTS_MAX, in, mix, "doses", err))
		return err->status;
	if (count == 0)
		return config_refuse(in, list, err, "doses: a recipe needs at least one pigment");
	for (recipe->dose_count = 0; recipe->dose_count < count; recipe->dose_count++) {
		const config_setting_t *entry =
			config_setting_get_elem(list, (unsigned)recipe->dose_count);
		struct recipe_dose *dose = &recipe->dose[recipe->dose_count];

		if (take_dose(dose, 1, in, entry, err))
			return err->status;
		for (int i = 0; i < recipe->dose_count; i++)
			if (strcmp(recipe->dose[i].bottle.id, dose->bottle.id) == 0)
				return config_refuse(in, entry, err, "pigment “%s” is dosed twice",
						     dose->bottle.id);
	}
	return STATUS_OK;
}

static enum status take_mix(struct recipe *recipe, const struct config_input *in,
			    const config_setting_t *root, struct error *err)
{
	config_setting_t *mix, *diluent;

	if (config_group(&mix, in, root, "mix", err) ||
	    config_known(in, mix, "line fingerprint synthetic notice diluent doses", err) ||
	    config_text(recipe->line.name, sizeof recipe->line.name, in, mix, "line", err) ||
	    config_text(recipe->line.fingerprint, sizeof recipe->line.fingerprint, in, mix,
			"fingerprint", err) ||
	    config_boolean(&recipe->line.synthetic, in, mix, "synthetic", err) ||
	    config_text(recipe->line.notice, sizeof recipe->line.notice, in, mix, "notice", err) ||
	    config_group(&diluent, in, mix, "diluent", err) ||
	    take_dose(&recipe->diluent, 0, in, diluent, err))
		return err->status;
	if (recipe->diluent.strength != 1.0)
		return config_refuse(in, diluent, err, "strength: a diluent has none");
	if (!profile_is_name(recipe->line.name))
		return config_refuse(in, mix, err, "line “%s”: a name is needed, not a file",
				     recipe->line.name);
	return take_doses(recipe, in, mix, err);
}

static enum status take_looks(struct recipe *recipe, const struct config_input *in,
			      const config_setting_t *predicted, struct error *err)
{
	config_setting_t *list;

	if (config_list(&list, &recipe->predicted.look_count, RECIPE_LOOKS_MAX, in, predicted,
			"looks", err))
		return err->status;
	if (recipe->predicted.look_count == 0)
		return config_refuse(in, list, err, "looks: at least one is needed");
	for (int i = 0; i < recipe->predicted.look_count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);
		struct recipe_look *look = &recipe->predicted.look[i];

		if (!config_setting_is_group(entry))
			return config_refuse(in, entry, err, "a look is a group { … }");
		if (config_known(in, entry, "label lab pcs_lab", err) ||
		    config_text(look->label, sizeof look->label, in, entry, "label", err) ||
		    take_lab(&look->lab, in, entry, "lab", err) ||
		    take_lab(&look->pcs_lab, in, entry, "pcs_lab", err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status take_skin(struct recipe *recipe, const struct config_input *in,
			     const config_setting_t *predicted, struct error *err)
{
	config_setting_t *skin;

	if (config_group(&skin, in, predicted, "skin", err) ||
	    config_known(in, skin, "melanin_share blood_share saturation scattering_scale misfit",
			 err) ||
	    config_number(&recipe->predicted.de00_field, 0.0, LAB_MOST, in, predicted, "de00_field",
			  err) ||
	    config_number(&recipe->predicted.melanin_share, 0.0, 1.0, in, skin, "melanin_share",
			  err) ||
	    config_number(&recipe->predicted.blood_share, 0.0, 1.0, in, skin, "blood_share", err) ||
	    config_number(&recipe->predicted.saturation, 0.0, 1.0, in, skin, "saturation", err) ||
	    config_number(&recipe->predicted.scattering_scale, 0.0, 100.0, in, skin,
			  "scattering_scale", err))
		return err->status;
	return config_number(&recipe->predicted.skin_misfit, 0.0, 100.0, in, skin, "misfit", err);
}

static enum status take_predicted(struct recipe *recipe, char basis[DIGEST_SIZE],
				  const struct config_input *in, const config_setting_t *root,
				  struct error *err)
{
	config_setting_t *group;

	if (config_group(&group, in, root, "predicted", err) ||
	    config_known(in, group,
			 "basis de00 de00_field de00_regrown band_de00 band_de00_field darker "
			 "objective metamerism looks required dot skin",
			 err) ||
	    config_text(basis, DIGEST_SIZE, in, group, "basis", err) ||
	    config_number(&recipe->predicted.de00, 0.0, LAB_MOST, in, group, "de00", err) ||
	    config_number(&recipe->predicted.darker, -LAB_MOST, LAB_MOST, in, group, "darker",
			  err) ||
	    config_number(&recipe->predicted.objective, 0.0, 1e6, in, group, "objective", err) ||
	    config_numbers(recipe->predicted.metamerism, recipe->brief.light_count, 0.0, LAB_MOST,
			   in, group, "metamerism", err) ||
	    take_looks(recipe, in, group, err) ||
	    take_spectrum(&recipe->predicted.dot, "reflectance", in, group, "dot", err))
		return err->status;
	if (take_optional(&recipe->predicted.de00_regrown, in, group, "de00_regrown", err) ||
	    take_optional(&recipe->predicted.band.de00, in, group, "band_de00", err) ||
	    take_optional(&recipe->predicted.band.de00_field, in, group, "band_de00_field", err))
		return err->status;
	if (config_has(group, "required") &&
	    take_spectrum(&recipe->predicted.required, "reflectance", in, group, "required", err))
		return err->status;
	return brief_in_skin(&recipe->brief) ? take_skin(recipe, in, group, err) : STATUS_OK;
}

static enum status take_specular(enum specular *specular, const struct config_input *in,
				 const config_setting_t *group, struct error *err)
{
	char word[16];

	if (config_text(word, sizeof word, in, group, "specular", err))
		return err->status;
	for (*specular = SPECULAR_UNKNOWN; *specular <= SPECULAR_EXCLUDED; ++*specular)
		if (strcmp(word, specular_text(*specular)) == 0)
			return STATUS_OK;
	return config_refuse(in, config_setting_get_member(group, "specular"), err,
			     "specular “%s”, included, excluded or not stated is allowed", word);
}

static enum status take_reading(struct repeats *repeats, const struct config_input *in,
				const config_setting_t *parent, const char *key, struct error *err)
{
	struct reading *mean = &repeats->mean;
	struct conditions *conditions = &mean->conditions;
	config_setting_t *group;

	if (config_group(&group, in, parent, key, err) ||
	    config_known(
		    in, group,
		    "name file repeats spread_de00 instrument geometry specular mode aperture_mm "
		    "date origin spectrum",
		    err) ||
	    config_text(mean->name, sizeof mean->name, in, group, "name", err) ||
	    config_text(mean->file, sizeof mean->file, in, group, "file", err) ||
	    config_integer(&repeats->count, 1, 1000000, in, group, "repeats", err) ||
	    config_number(&repeats->spread_de00, 0.0, LAB_MOST, in, group, "spread_de00", err) ||
	    config_text(conditions->instrument, sizeof conditions->instrument, in, group,
			"instrument", err) ||
	    config_text(conditions->geometry, sizeof conditions->geometry, in, group, "geometry",
			err) ||
	    take_specular(&conditions->specular, in, group, err) ||
	    config_text(conditions->mode, sizeof conditions->mode, in, group, "mode", err) ||
	    config_number(&conditions->aperture_mm, 0.0, 1000.0, in, group, "aperture_mm", err) ||
	    config_text(conditions->date, sizeof conditions->date, in, group, "date", err) ||
	    config_text(conditions->origin, sizeof conditions->origin, in, group, "origin", err))
		return err->status;
	return take_spectrum(&mean->reflectance, "reflectance", in, group, "spectrum", err);
}

static enum status take_lights(struct brief *brief, const struct config_input *in,
			       const config_setting_t *group, struct error *err)
{
	config_setting_t *list;

	if (config_list(&list, &brief->light_count, SEARCH_LIGHTS_MAX, in, group, "lights", err))
		return err->status;
	if (brief->light_count == 0)
		return config_refuse(in, list, err, "lights: at least one is needed");
	for (int i = 0; i < brief->light_count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);
		struct brief_light *light = &brief->light[i];

		if (!config_setting_is_group(entry))
			return config_refuse(in, entry, err, "a light is a group { … }");
		if (config_known(in, entry, "name weight spectrum", err) ||
		    config_text(light->name, sizeof light->name, in, entry, "name", err) ||
		    config_number(&light->weight, 0.0, 1000.0, in, entry, "weight", err))
			return err->status;
		light->own = config_has(entry, "spectrum");
		if (!light->own && !profile_is_name(light->name))
			return config_refuse(in, entry, err,
					     "light “%s”: a name is needed, not a file",
					     light->name);
		if (light->own && take_spectrum(&light->power, "power", in, entry, "spectrum", err))
			return err->status;
		if (light->own && !grid_same(&light->power.grid, &LIGHT_GRID))
			return config_refuse(in, entry, err,
					     "a light's spectrum is on 360–830 nm by 1");
	}
	return STATUS_OK;
}

static enum status take_state(enum healing_state *state, const struct config_input *in,
			      const config_setting_t *group, struct error *err)
{
	char word[16];

	if (config_text(word, sizeof word, in, group, "state", err))
		return err->status;
	if (!healing_state_read(state, word))
		return config_refuse(in, config_setting_get_member(group, "state"), err,
				     "state “%s”, healed, fresh or day7 is allowed", word);
	return STATUS_OK;
}

static enum status take_brief(struct brief *brief, const struct config_input *in,
			      const config_setting_t *root, struct error *err)
{
	config_setting_t *group, *technique;

	if (config_group(&group, in, root, "brief", err) ||
	    config_known(
		    in, group,
		    "state observer lights lighter target_lab skin hair field patch ground target "
		    "thickness_mm price_weight coarse_weight technique",
		    err) ||
	    take_state(&brief->state, in, group, err) ||
	    config_text(brief->observer, sizeof brief->observer, in, group, "observer", err) ||
	    take_lights(brief, in, group, err) ||
	    config_number(&brief->lighter, 0.0, 1000.0, in, group, "lighter", err) ||
	    take_optional(&brief->price_weight, in, group, "price_weight", err) ||
	    take_optional(&brief->coarse_weight, in, group, "coarse_weight", err) ||
	    config_group(&technique, in, group, "technique", err) ||
	    technique_take(&brief->technique, in, technique, err))
		return err->status;
	for (int role = 0; role < ROLES; role++) {
		brief->given[role] = config_has(group, reading_role_names[role]);
		if (brief->given[role] &&
		    take_reading(&brief->reading[role], in, group, reading_role_names[role], err))
			return err->status;
	}
	if (brief->given[ROLE_GROUND] &&
	    config_number(&brief->thickness_mm, 1e-4, 100.0, in, group, "thickness_mm", err))
		return err->status;
	brief->has_target_lab = config_has(group, "target_lab");
	if (brief->has_target_lab && take_lab(&brief->target_lab, in, group, "target_lab", err))
		return err->status;
	if (!brief->given[ROLE_SKIN] && !brief->given[ROLE_TARGET] && !brief->has_target_lab)
		return config_refuse(in, group, err, "brief: skin, target or target_lab is needed");
	return STATUS_OK;
}

static bool is_hexadecimal(const char *text, size_t length)
{
	return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

static enum status take_stamp(struct recipe *recipe, const struct config_input *in,
			      const config_setting_t *root, struct error *err)
{
	struct recipe_stamp *stamp = &recipe->stamp;
	config_setting_t *group;

	if (config_group(&group, in, root, "recipe", err) ||
	    config_known(in, group, "id version parent name zone made", err) ||
	    config_text(stamp->id, sizeof stamp->id, in, group, "id", err) ||
	    config_integer(&stamp->version, 0, 1000000, in, group, "version", err) ||
	    config_text(stamp->parent, sizeof stamp->parent, in, group, "parent", err) ||
	    config_text(stamp->name, sizeof stamp->name, in, group, "name", err) ||
	    config_text(recipe->zone, sizeof recipe->zone, in, group, "zone", err) ||
	    config_text(stamp->made, sizeof stamp->made, in, group, "made", err))
		return err->status;
	if (!is_hexadecimal(stamp->id, RANDOM_ID_SIZE - 1))
		return config_refuse(in, group, err, "id “%s”, %d hexadecimal digits are needed",
				     stamp->id, RANDOM_ID_SIZE - 1);
	if (*stamp->parent && !is_hexadecimal(stamp->parent, RECIPE_HASH_SIZE - 1))
		return config_refuse(in, group, err,
				     "parent “%s”, %d hexadecimal digits are needed", stamp->parent,
				     RECIPE_HASH_SIZE - 1);
	if (!clock_text_valid(stamp->made))
		return config_refuse(in, group, err,
				     "made “%s”, a time such as 2026-11-23T04:30:00Z is needed",
				     stamp->made);
	return STATUS_OK;
}

static enum status take_plan(struct recipe *recipe, const struct config_input *in,
			     const config_setting_t *root, struct error *err)
{
	config_setting_t *group;

	if (!config_has(root, "plan"))
		return STATUS_OK;
	if (config_group(&group, in, root, "plan", err) ||
	    config_known(in, group, "session sessions", err) ||
	    config_integer(&recipe->plan.sessions, 1, PLAN_SESSIONS_MAX, in, group, "sessions",
			   err))
		return err->status;
	return config_integer(&recipe->plan.session, 1, recipe->plan.sessions, in, group, "session",
			      err);
}

static enum status take_source(struct recipe_source *source, const struct config_input *in,
			       const config_setting_t *root, struct error *err)
{
	config_setting_t *group;

	if (!config_has(root, "source"))
		return STATUS_OK;
	if (config_group(&group, in, root, "source", err) ||
	    config_known(in, group, "clinic id version hash", err) ||
	    config_text(source->clinic, sizeof source->clinic, in, group, "clinic", err) ||
	    config_text(source->id, sizeof source->id, in, group, "id", err) ||
	    config_integer(&source->version, 1, 1000000, in, group, "version", err) ||
	    config_text(source->hash, sizeof source->hash, in, group, "hash", err))
		return err->status;
	if (!is_hexadecimal(source->clinic, RECIPE_CLINIC_SIZE - 1) ||
	    !is_hexadecimal(source->id, RANDOM_ID_SIZE - 1) ||
	    !is_hexadecimal(source->hash, RECIPE_HASH_SIZE - 1))
		return config_refuse(in, group, err,
				     "source: clinic, id and hash of %d, %d and %d hexadecimal "
				     "digits are needed",
				     RECIPE_CLINIC_SIZE - 1, RANDOM_ID_SIZE - 1,
				     RECIPE_HASH_SIZE - 1);
	return STATUS_OK;
}

static enum status take_notes(struct recipe *recipe, const struct config_input *in,
			      const config_setting_t *root, struct error *err)
{
	config_setting_t *list;

	if (config_list(&list, &recipe->note_count, RECIPE_NOTES_MAX, in, root, "notes", err))
		return err->status;
	for (int i = 0; i < recipe->note_count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);
		const char *line = config_setting_get_string(entry);

		if (!line || strlen(line) >= sizeof recipe->note[i] || !text_printable(line))
			return config_refuse(in, entry, err, "notes: a line of text is needed");
		text_copy(recipe->note[i], sizeof recipe->note[i], line);
	}
	return STATUS_OK;
}

static enum status take_seen(struct recipe *recipe, const struct config_input *in,
			     const config_setting_t *root, struct error *err)
{
	config_setting_t *list;

	if (!config_has(root, "seen"))
		return STATUS_OK;
	if (config_list(&list, &recipe->seen_count, RECIPE_SEEN_MAX, in, root, "seen", err))
		return err->status;
	for (int i = 0; i < recipe->seen_count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);
		struct recipe_seen *seen = &recipe->seen[i];

		if (!config_setting_is_group(entry))
			return config_refuse(in, entry, err, "what was seen is a group { … }");
		if (config_known(in, entry, "state reading", err) ||
		    take_state(&seen->state, in, entry, err) ||
		    take_reading(&seen->reading, in, entry, "reading", err))
			return err->status;
	}
	return STATUS_OK;
}

/* A day, or nothing where that is allowed. */
static enum status take_day(char *slot, size_t size, bool needed, const struct config_input *in,
			    const config_setting_t *group, const char *key, struct error *err)
{
	if (config_text(slot, size, in, group, key, err))
		return err->status;
	if ((*slot || needed) && !clock_day_valid(slot))
		return config_refuse(in, config_setting_get_member(group, key), err,
				     "%s “%s”, a day such as 2026-11-25 is needed", key, slot);
	return STATUS_OK;
}

static enum status take_bottle(struct recipe_session *session, const struct config_input *in,
			       const config_setting_t *group, struct error *err)
{
	struct session_bottle *bottle = &session->bottle[session->bottle_count];

	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a bottle is a group { … }");
	if (config_known(in, group, "pigment drops ml lot expiry opened", err) ||
	    config_text(bottle->pigment, sizeof bottle->pigment, in, group, "pigment", err) ||
	    config_integer(&bottle->drops, 0, RECIPE_DROPS_MOST, in, group, "drops", err) ||
	    config_number(&bottle->ml, 0.0, 10000.0, in, group, "ml", err) ||
	    config_text(bottle->lot, sizeof bottle->lot, in, group, "lot", err) ||
	    take_day(bottle->expiry, sizeof bottle->expiry, false, in, group, "expiry", err) ||
	    take_day(bottle->opened, sizeof bottle->opened, false, in, group, "opened", err))
		return err->status;
	if (!pigment_id_valid(bottle->pigment) || session_bottle(session, bottle->pigment))
		return config_refuse(in, group, err,
				     "pigment “%s”: an id is needed, each once in a session",
				     bottle->pigment);
	session->bottle_count++;
	return STATUS_OK;
}

static enum status take_bottles(struct recipe_session *session, const struct config_input *in,
				const config_setting_t *group, struct error *err)
{
	config_setting_t *list;
	int count;

	if (config_list(&list, &count, RECIPE_PIGMENTS_MAX + 1, in, group, "bottles", err))
		return err->status;
	if (count == 0)
		return config_refuse(in, list, err, "bottles: at least one is needed");
	for (int i = 0; i < count; i++)
		if (take_bottle(session, in, config_setting_get_elem(list, (unsigned)i), err))
			return err->status;
	return STATUS_OK;
}

static enum status take_session(struct recipe *recipe, const struct config_input *in,
				const config_setting_t *group, struct error *err)
{
	struct recipe_session *session = &recipe->session[recipe->session_count];
	struct session_stamp *stamp = &session->stamp;

	if (!config_setting_is_group(group))
		return config_refuse(in, group, err, "a session is a group { … }");
	if (config_known(in, group, "id day number operator override_expired bottles", err) ||
	    config_text(stamp->id, sizeof stamp->id, in, group, "id", err) ||
	    take_day(stamp->day, sizeof stamp->day, true, in, group, "day", err) ||
	    (config_has(group, "number") &&
	     config_integer(&stamp->number, 1, RECIPE_SESSION_NUMBER_MOST, in, group, "number",
			    err)) ||
	    config_text(stamp->operator_code, sizeof stamp->operator_code, in, group, "operator",
			err) ||
	    (config_has(group, "override_expired") &&
	     config_text(session->override, sizeof session->override, in, group, "override_expired",
			 err)))
		return err->status;
	if (!is_hexadecimal(stamp->id, RANDOM_ID_SIZE - 1))
		return config_refuse(in, group, err, "id “%s”, %d hexadecimal digits are needed",
				     stamp->id, RANDOM_ID_SIZE - 1);
	if (*stamp->operator_code && !text_is_code(stamp->operator_code))
		return config_refuse(in, group, err,
				     "operator “%s”: a code is 1 to %d letters, digits, '-' and "
				     "'_'",
				     stamp->operator_code, CODE_SIZE - 1);
	for (int i = 0; i < recipe->session_count; i++)
		if (strcmp(recipe->session[i].stamp.id, stamp->id) == 0)
			return config_refuse(in, group, err, "session %s is there twice",
					     stamp->id);
	recipe->session_count++;
	return take_bottles(session, in, group, err);
}

static enum status take_sessions(struct recipe *recipe, const struct config_input *in,
				 const config_setting_t *root, struct error *err)
{
	config_setting_t *list;
	int count;

	if (!config_has(root, "sessions"))
		return STATUS_OK;
	if (config_list(&list, &count, RECIPE_SESSIONS_MAX, in, root, "sessions", err))
		return err->status;
	for (int i = 0; i < count; i++)
		if (take_session(recipe, in, config_setting_get_elem(list, (unsigned)i), err))
			return err->status;
	return STATUS_OK;
}

static enum status take_sealed(struct recipe *recipe, const struct config_input *in,
			       const config_setting_t *root, struct error *err)
{
	config_setting_t *list;
	int count;

	if (!config_has(root, "sealed"))
		return STATUS_OK;
	if (config_list(&list, &count, RECIPE_SEALED_MAX, in, root, "sealed", err))
		return err->status;
	for (int i = 0; i < count; i++) {
		const config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);
		const char *sealed = config_setting_get_string(entry);

		if (!sealed || !recipe_sealed_valid(sealed))
			return config_refuse(in, entry, err,
					     "sealed: base64 of a sealed note is needed");
		if (recipe_add_sealed(recipe, sealed, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status check_keys(const struct config_input *in, struct error *err)
{
	const config_setting_t *root = config_root(in);
	int version;

	if (config_format(in, FORMAT_NAME, FORMAT_VERSION, err) ||
	    config_integer(&version, 1, FORMAT_VERSION, in, root, "version", err))
		return err->status;
	return config_known(in, root, version == 1 ? KEYS_1 : KEYS_2, err);
}

/* `basis` NULL: what is predicted is not there. */
static enum status take_recipe(struct recipe *recipe, char *basis, const struct config_input *in,
			       struct error *err)
{
	const config_setting_t *root = config_root(in);

	if (check_keys(in, err) ||
	    config_text(recipe->program, sizeof recipe->program, in, root, "program", err) ||
	    take_stamp(recipe, in, root, err) || take_plan(recipe, in, root, err) ||
	    take_source(&recipe->source, in, root, err) || take_mix(recipe, in, root, err) ||
	    take_brief(&recipe->brief, in, root, err) ||
	    (basis && take_predicted(recipe, basis, in, root, err)) ||
	    take_notes(recipe, in, root, err) || take_seen(recipe, in, root, err) ||
	    take_sessions(recipe, in, root, err) || take_sealed(recipe, in, root, err))
		return err->status;
	return STATUS_OK;
}

/* `check`: finds out whether it was edited. */
static enum status parse(struct recipe *recipe, struct text *text, const char *path, bool check,
			 struct error *err)
{
	struct config_input in;
	char basis[DIGEST_SIZE], found[DIGEST_SIZE];
	enum status status;

	*recipe = (struct recipe){0};
	if (config_open(&in, text, path, err))
		return err->status;
	status = take_recipe(recipe, basis, &in, err);
	config_close(&in);
	if (status || !check)
		return status;
	if (compute_basis(found, recipe, err))
		return err->status;
	recipe->edited = strcmp(basis, found) != 0;
	return STATUS_OK;
}

enum status recipe_parse(struct recipe *recipe, struct text *text, const char *path,
			 struct error *err)
{
	return parse(recipe, text, path, true, err);
}

enum status recipe_parse_vouched(struct recipe *recipe, struct text *text, const char *path,
				 struct error *err)
{
	return parse(recipe, text, path, false, err);
}

static enum status skim(struct recipe *recipe, bool *enough, const struct config_input *in,
			struct error *err)
{
	const config_setting_t *root = config_root(in);
	config_setting_t *predicted;

	if (check_keys(in, err) ||
	    config_text(recipe->program, sizeof recipe->program, in, root, "program", err) ||
	    take_stamp(recipe, in, root, err) || take_source(&recipe->source, in, root, err) ||
	    take_mix(recipe, in, root, err) ||
	    config_group(&predicted, in, root, "predicted", err) ||
	    take_looks(recipe, in, predicted, err) || take_notes(recipe, in, root, err) ||
	    take_sessions(recipe, in, root, err) || take_sealed(recipe, in, root, err))
		return err->status;
	*enough = !config_has(root, "seen") && recipe_required_look(recipe);
	return STATUS_OK;
}

/* A target that was stated is in the brief, and how it healed in the spectra of what was seen. */
enum status recipe_skim(struct recipe *recipe, struct text *text, const char *path,
			struct error *err)
{
	struct config_input in;
	bool enough = false;
	enum status status;

	*recipe = (struct recipe){0};
	if (config_open_skimming(&in, text, path, "brief required dot skin", err))
		return err->status;
	status = skim(recipe, &enough, &in, err);
	config_close(&in);
	return status || enough ? status : recipe_parse_vouched(recipe, text, path, err);
}

enum status recipe_parse_unpredicted(struct recipe *recipe, struct text *text, const char *path,
				     struct error *err)
{
	struct config_input in;
	enum status status;

	*recipe = (struct recipe){.edited = true};
	if (config_open_skimming(&in, text, path, "", err))
		return err->status;
	status = config_has(config_root(&in), "predicted")
			 ? error_set(err, STATUS_REFUSED, "%s: predicted stands in it", path)
			 : take_recipe(recipe, NULL, &in, err);
	config_close(&in);
	return status;
}

enum status recipe_read(struct recipe *recipe, struct text *text, const char *path,
			struct error *err)
{
	struct text read;
	enum status status = file_read(&read, path, RECIPE_BYTES_MOST, err);

	if (status)
		return status;
	if (text) {
		*text = (struct text){0};
		text_add(text, read.data, read.length);
	}
	status = recipe_parse(recipe, &read, path, err);
	text_clear(&read);
	if (status && text)
		text_clear(text);
	return status;
}
