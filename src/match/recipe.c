/* A prediction is the scene's forward model at the recipe's own doses, and with it all that is said of them: the line's words, the looks, the
 * error band. */
#include "match/recipe.h"

#include "base/text.h"
#include "colour/metric.h"

#include <stdio.h>
#include <string.h>

void recipe_take_doses(struct recipe *recipe, const struct search_recipe *found,
		       const struct pigment_line *line)
{
	recipe->diluent =
		(struct recipe_dose){line->diluent.bottle, found->diluent_drops, 0.0, 1.0};
	recipe->dose_count = found->dose_count;
	for (int i = 0; i < found->dose_count; i++)
		recipe->dose[i] = (struct recipe_dose){line->pigment[found->dose[i].pigment].bottle,
						       found->dose[i].drops, 0.0, 1.0};
}

/* What is printed on the bottle is the line's to say, but for lot and expiry: those are of the bottle in
 * hand. */
static void take_bottle(struct bottle *ours, const struct bottle *lines)
{
	struct bottle taken = *lines;

	text_copy(taken.lot, sizeof taken.lot, ours->lot);
	text_copy(taken.expiry, sizeof taken.expiry, ours->expiry);
	*ours = taken;
}

/* All of them are in the line. */
static void find_doses(struct search_recipe *found, struct recipe *recipe,
		       const struct pigment_line *line)
{
	*found = (struct search_recipe){.dose_count = recipe->dose_count,
					.diluent_drops = recipe->diluent.drops};
	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		found->dose[i] = (struct search_dose){index, recipe->dose[i].drops};
		take_bottle(&recipe->dose[i].bottle, &line->pigment[index].bottle);
		recipe->dose[i].ml = recipe->dose[i].drops / recipe->dose[i].bottle.drops_per_ml;
	}
	take_bottle(&recipe->diluent.bottle, &line->diluent.bottle);
	recipe->diluent.ml = recipe->diluent.drops / recipe->diluent.bottle.drops_per_ml;
}

static enum status add_look(struct recipe *recipe, const struct scene *scene, const char *label,
			    const double *reflectance, struct error *err)
{
	struct recipe_look *look = &recipe->predicted.look[recipe->predicted.look_count++];

	text_copy(look->label, sizeof look->label, label);
	return scene_look(&look->lab, &look->pcs_lab, scene, reflectance, err);
}

/* True for a session of a plan: its field is a step on the way to the natural one. */
static bool is_planned(const struct brief *brief)
{
	return brief->given[ROLE_FIELD] &&
	       strcmp(brief->reading[ROLE_FIELD].mean.conditions.origin, READING_COMPUTED) == 0;
}

/* How a dot looks fresh and healed, whichever of them it was made for: one sees it fresh, and it is judged healed. */
static enum status add_other_states(struct recipe *recipe, const struct scene *scene,
				    const double *amount, struct error *err)
{
	static const enum healing_state shown[] = {STATE_FRESH, STATE_HEALED};
	double dot[SPECTRUM_SAMPLES_MAX];
	char label[32];

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		if (shown[i] == recipe->brief.state)
			continue;
		if (scene_dot(dot, scene, &recipe->brief, amount, recipe->diluent.drops, shown[i],
			      err))
			return err->status;
		snprintf(label, sizeof label, "dot, %s", healing_state_words[shown[i]]);
		if (add_look(recipe, scene, label, dot, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status look_in_skin(struct recipe *recipe, const struct scene *scene,
				const double *amount, const double *dot, struct error *err)
{
	double patch[SPECTRUM_SAMPLES_MAX];
	char field[32], dot_label[32];
	bool patched = recipe->brief.given[ROLE_PATCH];

	snprintf(field, sizeof field, "field, %s", healing_state_words[recipe->brief.state]);
	snprintf(dot_label, sizeof dot_label, "dot, %s", healing_state_words[recipe->brief.state]);
	scene_field(patch, scene, &scene->field, dot);
	if (add_look(recipe, scene, "bare skin", scene->bare, err) ||
	    add_look(recipe, scene, is_planned(&recipe->brief) ? "wanted now" : "natural field",
		     scene->natural, err) ||
	    (patched && add_look(recipe, scene, "patch so far", scene->ground, err)) ||
	    add_look(recipe, scene, field, patch, err))
		return err->status;
	scene_field(patch, scene, &scene->regrown, dot);
	if ((scene->may_regrow && add_look(recipe, scene, "field, regrown", patch, err)) ||
	    add_look(recipe, scene, "required dot", scene->aim, err) ||
	    add_other_states(recipe, scene, amount, err) ||
	    add_look(recipe, scene, dot_label, dot, err))
		return err->status;
	recipe->predicted.de00_field = scene_field_de00(scene, &scene->field, dot);
	if (scene->may_regrow)
		recipe->predicted.de00_regrown = scene_field_de00(scene, &scene->regrown, dot);
	recipe->predicted.melanin_share = scene->skin.melanin_share;
	recipe->predicted.blood_share = scene->skin.blood_share;
	recipe->predicted.saturation = scene->skin.saturation;
	recipe->predicted.scattering_scale = scene->skin.scattering_scale;
	recipe->predicted.skin_misfit = scene->skin.misfit;
	return STATUS_OK;
}

static void take_line(struct recipe *recipe, const struct pigment_line *line)
{
	text_copy(recipe->line.name, sizeof recipe->line.name, line->name);
	text_copy(recipe->line.fingerprint, sizeof recipe->line.fingerprint, line->fingerprint);
	text_copy(recipe->line.notice, sizeof recipe->line.notice, line->notice);
	recipe->line.synthetic = line->synthetic;
}

enum status recipe_amounts(double amount[LINE_PIGMENTS_MAX], const struct recipe *recipe,
			   const struct pigment_line *line, struct error *err)
{
	memset(amount, 0, LINE_PIGMENTS_MAX * sizeof *amount);
	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		if (index < 0)
			return error_set(err, STATUS_REFUSED, "the line “%s” holds no pigment “%s”",
					 line->name, recipe->dose[i].bottle.id);
		amount[index] = recipe->dose[i].drops;
	}
	return STATUS_OK;
}

void recipe_strengthen(struct pigment_line *line, const struct recipe *recipe)
{
	for (int i = 0; i < recipe->dose_count; i++) {
		int index = pigment_line_find(line, recipe->dose[i].bottle.id);

		if (index >= 0)
			pigment_strengthen(&line->pigment[index], &line->grid,
					   recipe->dose[i].strength);
	}
}

enum status recipe_predict(struct recipe *recipe, const struct scene *scene,
			   const struct pigment_line *line, struct error *err)
{
	struct search_recipe found;
	size_t samples = (size_t)scene->grid.count * sizeof(double);
	double amount[LINE_PIGMENTS_MAX];

	if (recipe_amounts(amount, recipe, line, err))
		return err->status;
	find_doses(&found, recipe, line);
	take_line(recipe, line);
	recipe->edited = false;
	search_evaluate(&found, &scene->problem);
	memset(&recipe->predicted, 0, sizeof recipe->predicted);
	recipe->predicted.objective = found.objective;
	recipe->predicted.de00 = found.de00;
	recipe->predicted.darker = found.darker;
	memcpy(recipe->predicted.metamerism, found.metamerism, sizeof found.metamerism);
	recipe->predicted.dot.grid = scene->grid;
	memcpy(recipe->predicted.dot.value, found.reflectance, samples);
	if (scene->problem.required) {
		recipe->predicted.required.grid = scene->grid;
		memcpy(recipe->predicted.required.value, scene->aim, samples);
	}
	if (error_band(&recipe->predicted.band, scene, &recipe->brief, amount,
		       recipe->diluent.drops, err))
		return err->status;
	if (brief_in_skin(&recipe->brief))
		return look_in_skin(recipe, scene, amount, found.reflectance, err);
	if (scene->problem.required && add_look(recipe, scene, "target", scene->aim, err))
		return err->status;
	return add_look(recipe, scene, "drawdown", found.reflectance, err);
}

void recipe_add_notes(struct recipe *recipe, const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		bool there = false;

		for (int j = 0; j < recipe->note_count; j++)
			there |= strcmp(recipe->note[j], notes->line[i]) == 0;
		if (!there && recipe->note_count < RECIPE_NOTES_MAX)
			text_copy(recipe->note[recipe->note_count++], sizeof recipe->note[0],
				  notes->line[i]);
	}
}

const struct recipe_look *recipe_look_find(const struct recipe *recipe, const char *label)
{
	for (int i = 0; i < recipe->predicted.look_count; i++)
		if (strcmp(recipe->predicted.look[i].label, label) == 0)
			return &recipe->predicted.look[i];
	return NULL;
}

double recipe_total_ml(const struct recipe *recipe)
{
	double ml = recipe->diluent.ml;

	for (int i = 0; i < recipe->dose_count; i++)
		ml += recipe->dose[i].ml;
	return ml;
}

const struct recipe_look *recipe_required_look(const struct recipe *recipe)
{
	const struct recipe_look *look = recipe_look_find(recipe, "required dot");

	return look ? look : recipe_look_find(recipe, "target");
}

struct lab recipe_required_lab(const struct recipe *recipe)
{
	const struct recipe_look *look = recipe_required_look(recipe);

	return look ? look->lab : recipe->brief.target_lab;
}

double recipe_look_de00(const struct recipe *recipe, const struct recipe_look *look)
{
	struct lab required = recipe_required_lab(recipe);

	return ciede2000(&required, &look->lab);
}
