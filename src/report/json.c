/* jansson's packing functions return NULL when memory runs out and pass a NULL part on as NULL, so
 * one check at the end, in json_finish(), covers a whole document. Fifteen digits are printed: more
 * than any reading or prediction carries, and short to read. */
#include "report/json.h"

#include "report/jansson.h"

#include "base/number.h"
#include "base/version.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15 };

static json_t *triple(double a, double b, double c)
{
	return json_pack("[fff]", a, b, c);
}

json_t *json_of_lab(const struct lab *lab)
{
	return triple(lab->l, lab->a, lab->b);
}

static json_t *of_numbers(const double *value, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, json_real(value[i]));
	return list;
}

/* A path may hold any bytes; JSON holds characters. */
static json_t *of_path(const char *path)
{
	char printable[4096];

	text_copy(printable, sizeof printable, path);
	text_make_printable(printable);
	return json_string(printable);
}

json_t *json_of_lines(const char *const *line, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, of_path(line[i]));
	return list;
}

/* Takes `answer`, puts the common members in front and prints. */
static enum status finish_as(struct text *out, json_t *answer, const struct notes *notes,
			     size_t layout, struct error *err)
{
	json_t *document = json_pack("{s:s, s:s, s:o}", "program", FOLLITONE_PROGRAM, "version",
				     FOLLITONE_VERSION, "warnings",
				     json_of_lines((const char *const *)notes->line, notes->count));
	char *printed = NULL;

	*out = (struct text){0};
	if (document && answer && !json_object_update(document, answer))
		printed = json_dumps(document, layout | JSON_REAL_PRECISION(DIGITS));
	json_decref(document);
	json_decref(answer);
	if (printed) {
		text_adds(out, printed);
		text_adds(out, "\n");
		free(printed);
	}
	return printed && !text_failed(out) ? STATUS_OK : error_memory(err);
}

enum status json_finish(struct text *out, json_t *answer, const struct notes *notes,
			struct error *err)
{
	return finish_as(out, answer, notes, JSON_INDENT(2), err);
}

/* --- versions ---------------------------------------------------------------------------------- */

json_t *json_of_stamp(const struct recipe_stamp *stamp)
{
	json_t *object = json_pack(
		"{s:s, s:i, s:s, s:s, s:s, s:s, s:b}", "id", stamp->id, "version", stamp->version,
		"name", stamp->name, "made", stamp->made, "hash", stamp->hash, "clinic",
		*stamp->clinic ? stamp->clinic : "own", "verified", stamp->verified);

	if (*stamp->parent)
		json_object_set_new(object, "parent", json_string(stamp->parent));
	return object;
}

json_t *json_of_stamps(const struct recipe_stamp *stamp, size_t count)
{
	json_t *recipes = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(recipes, json_of_stamp(&stamp[i]));
	return recipes;
}

json_t *json_of_session(const struct session_stamp *session)
{
	json_t *object = json_pack("{s:s, s:s}", "id", session->id, "day", session->day);

	if (session->number)
		json_object_set_new(object, "number", json_integer(session->number));
	if (*session->operator_code)
		json_object_set_new(object, "operator", json_string(session->operator_code));
	return object;
}

/* --- colours ---------------------------------------------------------------------------------- */

/* A list of thousands is written as it goes, not by way of jansson's objects, which would take fifty
 * times the memory and five times the time. */
static void add_numbers(struct text *out, const char *name, const double *value, int count)
{
	char slot[NUMBER_TEXT_SIZE];

	text_adds(out, ", \"");
	text_adds(out, name);
	text_adds(out, "\": [");
	for (int i = 0; i < count; i++) {
		if (i)
			text_add(out, ", ", 2);
		text_adds(out, number_print_fixed(slot, value[i]));
	}
	text_add(out, "]", 1);
}

/* Names are printable (text_printable()), so two characters need an escape. */
static void add_string(struct text *out, const char *string)
{
	text_add(out, "\"", 1);
	for (size_t length; *string; string += length) {
		length = strcspn(string, "\"\\");
		if (length == 0) {
			text_add(out, "\\", 1);
			length = 1;
		}
		text_add(out, string, length);
	}
	text_add(out, "\"", 1);
}

static void add_reading(struct text *out, const struct reading *reading,
			const struct reading_colour *colour, const struct shown_colour *shown,
			int channels)
{
	const double xyz[3] = {100 * colour->xyz.x, 100 * colour->xyz.y, 100 * colour->xyz.z};
	char slot[NUMBER_TEXT_SIZE];

	text_adds(out, "{\"name\": ");
	add_string(out, reading->name);
	text_adds(out, ", \"file\": ");
	add_string(out, reading->file);
	add_numbers(out, "xyz", xyz, 3);
	add_numbers(out, "lab", (const double[]){colour->lab.l, colour->lab.a, colour->lab.b}, 3);
	add_numbers(out, "lch", (const double[]){colour->lch.l, colour->lch.c, colour->lch.h}, 3);
	text_adds(out, ", \"ita\": ");
	text_adds(out, number_print_fixed(slot, colour->ita_degrees));
	add_numbers(out, "pcs_lab",
		    (const double[]){colour->pcs_lab.l, colour->pcs_lab.a, colour->pcs_lab.b}, 3);
	if (colour->estimated)
		text_adds(out, ", \"confidence\": \"lower\"");
	if (shown) {
		add_numbers(out, "device", shown->value, channels);
		text_addf(out, ", \"out_of_gamut\": %s, \"missed_de00\": %s",
			  shown->out_of_gamut ? "true" : "false",
			  number_print_fixed(slot, shown->missed_de00));
	}
	text_adds(out, "}");
}

static void add_light(struct text *out, const struct colours *colours, int light)
{
	struct reading reading;

	text_adds(out, "\"illuminant\": ");
	add_string(out, colours->light[light].illuminant);
	text_adds(out, ", \"observer\": ");
	add_string(out, colours->light[light].observer);
	text_adds(out, ", \"readings\": [");
	for (size_t i = 0; i < colours->readings.count; i++) {
		reading_list_get(&reading, &colours->readings, i);
		text_adds(out, i ? ",\n    " : "\n    ");
		add_reading(out, &reading, &colours->light[light].item[i],
			    light == 0 && colours->shown.item ? &colours->shown.item[i] : NULL,
			    colours->shown.channels);
	}
	text_adds(out, "]");
}

enum status json_lab(struct text *out, const struct colours *colours, const struct notes *notes,
		     struct error *err)
{
	json_t *head = colours->shown.item
			       ? json_pack("{s:{s:s, s:s, s:s}}", "device", "name",
					   colours->shown.name, "space", colours->shown.space,
					   "intent", rendering_intent_names[colours->shown.intent])
			       : json_object();

	if (json_finish(out, head, notes, err))
		return err->status;
	out->length -= strlen("\n}\n"); /* more members follow */
	text_adds(out, ",\n  ");
	add_light(out, colours, 0);
	for (int i = 0; i < colours->light_count && colours->light_count > 1; i++) {
		text_adds(out, i ? ",\n    {" : ",\n  \"lights\": [{");
		add_light(out, colours, i);
		text_adds(out, "}");
	}
	text_adds(out, colours->light_count > 1 ? "]\n}\n" : "\n}\n");
	return text_failed(out) ? error_memory(err) : STATUS_OK;
}

static json_t *of_conditions(const struct conditions *conditions)
{
	json_t *object = json_object();
	const struct {
		const char *name, *value;
	} words[] = {
		{"instrument", conditions->instrument},
		{"geometry", conditions->geometry},
		{"mode", conditions->mode},
		{"date", conditions->date},
		{"origin", conditions->origin},
		{"illuminant", conditions->illuminant},
		{"observer", conditions->observer},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (*words[i].value)
			json_object_set_new(object, words[i].name, of_path(words[i].value));
	if (conditions->specular != SPECULAR_UNKNOWN)
		json_object_set_new(object, "specular",
				    json_string(specular_text(conditions->specular)));
	if (conditions->aperture_mm > 0.0)
		json_object_set_new(object, "aperture_mm", json_real(conditions->aperture_mm));
	return object;
}

static json_t *of_grid(const struct grid *grid)
{
	return json_pack("{s:f, s:f, s:i}", "start", grid->start_nm, "step", grid->step_nm, "count",
			 grid->count);
}

static json_t *of_inspected(const struct inspected_reading *item, const struct reading *reading,
			    const char *site)
{
	const struct spectrum *s = &reading->reflectance;
	json_t *object = json_pack("{s:o}", "name", of_path(reading->name));

	if (site)
		json_object_set_new(object, "site", json_string(site));
	if (conditions_specular(&reading->conditions) != SPECULAR_UNKNOWN)
		json_object_set_new(
			object, "specular",
			json_string(specular_text(conditions_specular(&reading->conditions))));
	json_object_set_new(object, "lab",
			    item->has_colour ? json_of_lab(&item->colour.lab) : json_null());
	if (item->has_colour) {
		json_object_set_new(
			object, "lch",
			triple(item->colour.lch.l, item->colour.lch.c, item->colour.lch.h));
		if (!site || strcmp(site, "skin") == 0)
			json_object_set_new(object, "ita", json_real(item->colour.ita_degrees));
	}
	if (s->grid.count > 0) {
		json_object_set_new(object, "wavelengths_nm", of_grid(&s->grid));
		json_object_set_new(object, "reflectance", of_numbers(s->value, s->grid.count));
	}
	if (reading->stated.has_lab)
		json_object_set_new(object, "stated_lab", json_of_lab(&reading->stated.lab));
	if (reading->stated.has_xyz)
		json_object_set_new(object, "stated_xyz",
				    triple(100 * reading->stated.xyz.x, 100 * reading->stated.xyz.y,
					   100 * reading->stated.xyz.z));
	if (item->compared)
		json_object_set_new(object, "stated_de00", json_real(item->stated_de00));
	return object;
}

static json_t *of_group(const struct inspected_group *group)
{
	json_t *object = json_pack("{s:o, s:i, s:f}", "name",
				   *group->name ? of_path(group->name) : json_null(), "count",
				   group->count, "spread_de00", group->spread_de00);

	if (group->outlier >= 0)
		json_object_set_new(object, "outlier", json_integer(group->outlier));
	return object;
}

static json_t *of_inspection(const struct inspection *inspection, const char *site)
{
	json_t *readings = json_array(), *groups = json_array(), *object;
	struct reading reading;

	for (size_t i = 0; i < inspection->readings.count; i++) {
		reading_list_get(&reading, &inspection->readings, i);
		json_array_append_new(readings, of_inspected(&inspection->item[i], &reading, site));
	}
	reading_list_get(&reading, &inspection->readings, 0);
	object = json_pack("{s:o, s:s, s:o, s:o}", "file", of_path(inspection->file), "format",
			   inspection->format, "conditions", of_conditions(&reading.conditions),
			   "readings", readings);
	if (inspection->groups == 1)
		json_object_set_new(object, "spread_de00",
				    json_real(inspection->group[0].spread_de00));
	for (int g = 0; g < inspection->groups; g++)
		json_array_append_new(groups, of_group(&inspection->group[g]));
	json_object_set_new(object, "groups", groups);
	return object;
}

enum status json_read(struct text *out, const struct inspection_list *list, const char *site,
		      const struct notes *notes, struct error *err)
{
	json_t *files = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(files, of_inspection(&list->item[i], site));
	return json_finish(out, json_pack("{s:o}", "files", files), notes, err);
}

enum status json_difference(struct text *out, const struct difference *difference,
			    const struct notes *notes, struct error *err)
{
	json_t *metamerism = json_object();

	for (int i = 0; i < difference->light_count; i++)
		json_object_set_new(metamerism, difference->metamerism[i].name,
				    json_real(difference->metamerism[i].index));
	return json_finish(out,
			   json_pack("{s:f, s:f, s:f, s:f, s:f, s:o}", "de00", difference->de00,
				     "dl", difference->parts.dl, "dc", difference->parts.dc, "dh",
				     difference->parts.dh, "de76", difference->de76, "metamerism",
				     metamerism),
			   notes, err);
}

/* --- pigments ----------------------------------------------------------------------------------- */

static json_t *of_steps(const struct ladder *ladder, const struct ladder_fit *fit)
{
	json_t *list = json_array();

	for (int j = 0; j < ladder->count; j++)
		json_array_append_new(
			list, json_pack("{s:f, s:f, s:f}", "amount", ladder->step[j].amount, "de00",
					fit->step_de00[j], "weighing_factor", fit->step_factor[j]));
	return list;
}

static json_t *of_reasons(const struct ladder_fit *fit)
{
	json_t *list = json_array();

	for (int i = 0; i < fit->reasons; i++)
		json_array_append_new(list, json_string(fit->reason[i]));
	return list;
}

static json_t *of_number_or_null(double value)
{
	return value < 0.0 ? json_null() : json_real(value);
}

enum status json_calibration(struct text *out, const struct pigment_line *line,
			     const struct ladder *ladder, const struct ladder_fit *fit,
			     const struct notes *notes, struct error *err)
{
	json_t *pigments = json_array();

	for (int i = 0; i < line->count; i++) {
		const struct pigment_origin *origin = &line->pigment[i].origin;

		json_array_append_new(
			pigments,
			json_pack("{s:s, s:o, s:o, s:o, s:f, s:s, s:b, s:o}", "id", ladder[i].id,
				  "steps", of_steps(&ladder[i], &fit[i]), "leave_one_out_de00",
				  of_number_or_null(origin->leave_one_out_de00),
				  "repeatability_de00",
				  of_number_or_null(origin->repeatability_de00), "residual_de00",
				  origin->residual_de00, "hue_bias", origin->hue_bias, "trusted",
				  fit[i].trusted, "reasons", of_reasons(&fit[i])));
	}
	return json_finish(out,
			   json_pack("{s:s, s:s, s:{s:f, s:f}, s:o}", "line", line->name, "unit",
				     dose_unit_names[line->unit], "surface", "k1", line->surface.k1,
				     "k2", line->surface.k2, "pigments", pigments),
			   notes, err);
}

static json_t *of_pigment(const struct pigment *pigment, const struct grid *grid)
{
	const struct pigment_origin *origin = &pigment->origin;
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:o, s:o}", "id",
				   pigment->bottle.id, "name", pigment->bottle.name, "maker",
				   pigment->bottle.maker, "shade", pigment->bottle.shade, "lot",
				   pigment->bottle.lot, "expiry", pigment->bottle.expiry, "ci",
				   pigment->ci, "drops_per_ml", pigment->bottle.drops_per_ml, "k",
				   of_numbers(pigment->k_per_mm, grid->count), "s",
				   of_numbers(pigment->s_per_mm, grid->count));

	if (origin->steps)
		json_object_set_new(object, "calibration",
				    json_pack("{s:i, s:f, s:f, s:f, s:o, s:s, s:b, s:s}", "steps",
					      origin->steps, "least", origin->least, "most",
					      origin->most, "residual_de00", origin->residual_de00,
					      "leave_one_out_de00",
					      of_number_or_null(origin->leave_one_out_de00),
					      "hue_bias", origin->hue_bias, "trusted",
					      origin->trusted, "reasons", origin->reasons));
	return object;
}

enum status json_line(struct text *out, const struct pigment_line *line, int only,
		      const struct notes *notes, struct error *err)
{
	json_t *pigments = json_array();

	for (int i = 0; i < line->count; i++)
		if (only < 0 || only == i)
			json_array_append_new(pigments, of_pigment(&line->pigment[i], &line->grid));
	return json_finish(out,
			   json_pack("{s:s, s:s, s:s, s:b, s:b, s:o, s:o}", "line", line->name,
				     "unit", dose_unit_names[line->unit], "base",
				     line->diluent.bottle.id, "relative", line->relative,
				     "synthetic", line->synthetic, "wavelengths_nm",
				     of_grid(&line->grid), "pigments", pigments),
			   notes, err);
}

enum status json_lines(struct text *out, const char *name, const char *lines,
		       const struct notes *notes, struct error *err)
{
	json_t *list = json_array();

	while (lines && *lines) {
		size_t length = strcspn(lines, "\n");

		json_array_append_new(list, json_stringn(lines, length));
		lines += length + (lines[length] != 0);
	}
	return json_finish(out, json_pack("{s:o}", name, list), notes, err);
}

static json_t *of_predicted(const struct json_predicted *colour)
{
	return json_pack("{s:o, s:o}", "lab", json_of_lab(colour->lab), "reflectance",
			 of_numbers(colour->reflectance->value, colour->reflectance->grid.count));
}

static json_t *of_counter(const struct counter *counter)
{
	if (!*counter->id)
		return json_null();
	return json_pack("{s:s, s:f, s:f, s:f}", "pigment", counter->id, "da", counter->da, "db",
			 counter->db, "against", counter->against);
}

static json_t *of_explanation(const struct explanation *explanation)
{
	json_t *layers = json_array();

	for (int i = 0; i < LAYERS; i++)
		json_array_append_new(layers,
				      json_pack("{s:s, s:o}", "layer", layer_names[i], "lab",
						json_of_lab(&explanation->layer[i])));
	return json_pack("{s:o, s:{s:f, s:f, s:f, s:f, s:f}, s:o, s:o}", "layers", layers, "shift",
			 "depth_mm", explanation->depth_mm, "de00", explanation->shift_de00, "da",
			 explanation->shift_da, "db", explanation->shift_db, "hue_degrees",
			 explanation->shift_hue_degrees, "counter_in_mix",
			 of_counter(&explanation->in_mix), "counter_in_line",
			 of_counter(&explanation->in_line));
}

enum status json_prediction(struct text *out, const struct json_predicted *colour,
			    const struct json_predicted *state, int states,
			    const struct error_band *band, const struct skin *skin,
			    const struct explanation *explanation, const char *illuminant,
			    const char *observer, const struct notes *notes, struct error *err)
{
	json_t *object = of_predicted(colour), *by_state = json_object();

	json_object_set_new(object, "wavelengths_nm", of_grid(&colour->reflectance->grid));
	json_object_set_new(object, "illuminant", json_string(illuminant));
	json_object_set_new(object, "observer", json_string(observer));
	for (int i = 0; i < states; i++)
		json_object_set_new(by_state, state[i].name, of_predicted(&state[i]));
	if (states > 0)
		json_object_set(object, "states", by_state);
	json_decref(by_state);
	json_object_set_new(object, "band_de00", json_real(band->de00));
	if (skin)
		json_object_set_new(object, "explanation", of_explanation(explanation));
	if (skin)
		json_object_set_new(object, "skin",
				    json_pack("{s:f, s:f, s:f, s:f, s:f}", "melanin_share",
					      skin->melanin_share, "blood_share", skin->blood_share,
					      "saturation", skin->saturation, "scattering_scale",
					      skin->scattering_scale, "misfit", skin->misfit));
	return json_finish(out, object, notes, err);
}

/* --- recipes ---------------------------------------------------------------------------------- */

static json_t *of_doses(const struct recipe *recipe)
{
	json_t *list = json_array();

	for (int i = 0; i < recipe->dose_count; i++) {
		json_t *dose = json_pack("{s:s, s:i}", "pigment", recipe->dose[i].bottle.id,
					 "drops", recipe->dose[i].drops);

		if (recipe->dose[i].strength != 1.0)
			json_object_set_new(dose, "strength", json_real(recipe->dose[i].strength));
		json_array_append_new(list, dose);
	}
	return list;
}

static json_t *of_metamerism(const struct recipe *recipe)
{
	json_t *object = json_object();

	for (int i = 1; i < recipe->brief.light_count; i++)
		json_object_set_new(object, recipe->brief.light[i].name,
				    json_real(recipe->predicted.metamerism[i]));
	return object;
}

/* The look of the recipe itself, the last of its list. */
static const struct recipe_look *own_look(const struct recipe *recipe)
{
	return &recipe->predicted.look[recipe->predicted.look_count - 1];
}

static void add_prediction(json_t *object, const struct recipe *recipe)
{
	json_object_set_new(object, "doses", of_doses(recipe));
	json_object_set_new(object, "diluent_drops", json_integer(recipe->diluent.drops));
	json_object_set_new(object, "objective", json_real(recipe->predicted.objective));
	json_object_set_new(object, "de00", json_real(recipe->predicted.de00));
	if (brief_in_skin(&recipe->brief))
		json_object_set_new(object, "de00_field", json_real(recipe->predicted.de00_field));
	if (recipe->predicted.de00_regrown > 0.0)
		json_object_set_new(object, "de00_regrown",
				    json_real(recipe->predicted.de00_regrown));
	if (recipe->predicted.band.de00 > 0.0)
		json_object_set_new(object, "band_de00", json_real(recipe->predicted.band.de00));
	if (recipe->predicted.band.de00_field > 0.0)
		json_object_set_new(object, "band_de00_field",
				    json_real(recipe->predicted.band.de00_field));
	json_object_set_new(object, "lab", json_of_lab(&own_look(recipe)->lab));
	json_object_set_new(object, "metamerism", of_metamerism(recipe));
	json_object_set_new(object, "darker", json_real(recipe->predicted.darker));
}

static json_t *of_required(const struct recipe *recipe)
{
	const struct spectrum *required = &recipe->predicted.required;
	const struct lab lab = recipe_required_lab(recipe);
	json_t *object = json_object();

	json_object_set_new(object, "lab", json_of_lab(&lab));
	json_object_set_new(object, "reflectance",
			    of_numbers(required->value, required->grid.count));
	if (required->grid.count)
		json_object_set_new(object, "wavelengths_nm", of_grid(&required->grid));
	return object;
}

static json_t *of_match(const struct match_answer *answer)
{
	json_t *recipes = json_array(), *object;

	for (int i = 0; i < answer->count; i++) {
		json_t *entry = json_pack("{s:i}", "rank", i + 1);

		add_prediction(entry, &answer->recipe[i]);
		json_array_append_new(recipes, entry);
	}
	object = json_pack("{s:s, s:s, s:o, s:o, s:{s:b, s:f, s:f, s:I, s:f}}", "illuminant",
			   answer->recipe[0].brief.light[0].name, "observer",
			   answer->recipe[0].brief.observer, "required",
			   of_required(&answer->recipe[0]), "recipes", recipes, "proof", "complete",
			   answer->proof.complete, "bound", answer->proof.bound, "gap",
			   answer->proof.gap, "evaluated", (json_int_t)answer->proof.evaluated,
			   "seconds", answer->proof.seconds);
	if (answer->vary)
		json_object_set_new(object, "vary", json_string(search_vary_names[answer->vary]));
	return object;
}

enum status json_match(struct text *out, const struct match_answer *answer,
		       const struct notes *notes, struct error *err)
{
	return json_finish(out, of_match(answer), notes, err);
}

enum status json_batch_line(struct text *out, const char *name, const struct match_answer *answer,
			    const char *refused, const struct notes *notes, struct error *err)
{
	json_t *object =
		*refused ? json_pack("{s:s, s:[]}", "error", refused, "recipes") : of_match(answer);

	json_object_set_new(object, "name", json_string(name));
	return finish_as(out, object, notes, JSON_COMPACT, err);
}

enum status json_case(struct text *out, const char *code, const struct zone_match *zone, int zones,
		      const struct notes *notes, struct error *err)
{
	json_t *list = json_array();

	for (int z = 0; z < zones; z++) {
		json_t *entry = of_match(&zone[z].answer);

		json_object_set_new(entry, "name", json_string(zone[z].name));
		json_object_set_new(entry, "preset", json_string(zone[z].preset));
		json_array_append_new(list, entry);
	}
	return json_finish(out, json_pack("{s:s, s:o}", "code", code, "zones", list), notes, err);
}

static json_t *of_session(const struct zone_plan *zone, int k)
{
	const struct planned_session *session = &zone->session[k];
	const struct recipe *recipe = &zone->recipe[k];
	json_t *object =
		json_pack("{s:i, s:i, s:o, s:f, s:o}", "k", k + 1, "dots_per_cm2",
			  session->dots_per_cm2, "lab_after", json_of_lab(&session->lab_after),
			  "step_de00", session->step_de00, "required", of_required(recipe));

	if (session->dots > 0)
		json_object_set_new(object, "dots", json_integer(session->dots));
	add_prediction(object, recipe);
	return object;
}

enum status json_plan(struct text *out, const char *code, const struct zone_plan *zone, int zones,
		      const struct notes *notes, struct error *err)
{
	json_t *list = json_array();

	for (int z = 0; z < zones; z++) {
		json_t *sessions = json_array();

		for (int k = 0; k < zone[z].sessions; k++)
			json_array_append_new(sessions, of_session(&zone[z], k));
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:o, s:o, s:f, s:f, s:o}", "name",
						zone[z].name, "preset", zone[z].preset,
						"lab_before", json_of_lab(&zone[z].before),
						"lab_natural", json_of_lab(&zone[z].natural),
						"de00_before", zone[z].de00_before, "de00_after",
						zone[z].de00_after, "sessions", sessions));
	}
	return json_finish(out, json_pack("{s:s, s:o}", "code", code, "zones", list), notes, err);
}

enum status json_correction(struct text *out, const struct correction *correction,
			    const struct notes *notes, struct error *err)
{
	const struct recipe *recipe = &correction->recipe;
	json_t *strengths = json_object(), *add = json_array(), *object;

	for (int i = 0; i < recipe->dose_count; i++) {
		const char *id = recipe->dose[i].bottle.id;

		if (recipe->dose[i].drops > correction->added[i])
			json_object_set_new(strengths, id, json_real(correction->strength[i]));
		if (correction->added[i] > 0)
			json_array_append_new(add, json_pack("{s:s, s:i}", "pigment", id, "drops",
							     correction->added[i]));
	}
	object = json_pack("{s:o, s:f, s:o, s:i, s:f, s:f, s:f, s:o, s:o}", "strengths", strengths,
			   "residual_de00", correction->residual_de00, "add", add,
			   "add_diluent_drops", correction->added_diluent, "de00_before",
			   correction->de00_before, "de00_after", correction->de00_after,
			   "trial_off_de00", correction->off_de00, "trial_lab",
			   json_of_lab(&correction->measured), "trial_predicted_lab",
			   json_of_lab(&correction->predicted));
	if (brief_in_skin(&recipe->brief)) {
		json_object_set_new(object, "de00_field_before",
				    json_real(correction->de00_field_before));
		json_object_set_new(object, "de00_field_after",
				    json_real(correction->de00_field_after));
	}
	return json_finish(out, object, notes, err);
}

enum status json_learning(struct text *out, const struct learning *learning,
			  const struct notes *notes, struct error *err)
{
	json_t *parameters = json_array();

	for (int i = 0; i < LEARNED; i++) {
		const struct learned *learned = &learning->parameter[i];

		json_array_append_new(parameters,
				      json_pack("{s:s, s:b, s:f, s:f, s:[f, f]}", "name",
						technique_parameters[learned->key].name, "told",
						learned->told, "before", learned->before, "value",
						learned->value, "interval", learned->least,
						learned->most));
	}
	return json_finish(out,
			   json_pack("{s:s, s:i, s:i, s:f, s:f, s:o}", "technique",
				     learning->technique.name, "readings", learning->readings,
				     "healed", learning->healed, "de00_before",
				     learning->de00_before, "de00_after", learning->de00_after,
				     "parameters", parameters),
			   notes, err);
}

static json_t *of_used(const struct session_bottle *bottle)
{
	return json_pack("{s:s, s:i, s:f, s:s, s:s, s:s}", "pigment", bottle->pigment, "drops",
			 bottle->drops, "ml", bottle->ml, "lot", bottle->lot, "expiry",
			 bottle->expiry, "opened", bottle->opened);
}

static json_t *of_sessions(const struct recipe *recipe)
{
	json_t *list = json_array();

	for (int i = 0; i < recipe->session_count; i++) {
		const struct recipe_session *session = &recipe->session[i];
		json_t *object = json_of_session(&session->stamp), *bottles = json_array();

		for (int k = 0; k < session->bottle_count; k++)
			json_array_append_new(bottles, of_used(&session->bottle[k]));
		json_object_set_new(object, "bottles", bottles);
		if (*session->override)
			json_object_set_new(object, "override_expired",
					    json_string(session->override));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *of_sealed(const struct recipe *recipe, const struct opened_notes *opened)
{
	json_t *list = json_array();

	for (int i = 0; i < recipe->sealed_count; i++) {
		const char *text = opened->text[i];
		json_t *object = json_pack("{s:b}", "opened", *text != 0);

		if (*text)
			json_object_set_new(object, "text", json_string(text));
		json_array_append_new(list, object);
	}
	return list;
}

enum status json_recipe(struct text *out, const struct recipe *recipe,
			const struct opened_notes *opened, const struct notes *notes,
			struct error *err)
{
	json_t *object = json_of_stamp(&recipe->stamp);

	json_object_set_new(object, "zone", json_string(recipe->zone));
	if (recipe->plan.sessions)
		json_object_set_new(object, "plan",
				    json_pack("{s:i, s:i}", "session", recipe->plan.session,
					      "sessions", recipe->plan.sessions));
	json_object_set_new(object, "line", json_string(recipe->line.name));
	json_object_set_new(object, "line_fingerprint", json_string(recipe->line.fingerprint));
	json_object_set_new(object, "synthetic", json_boolean(recipe->line.synthetic));
	json_object_set_new(object, "required", of_required(recipe));
	add_prediction(object, recipe);
	json_object_set_new(object, "sessions", of_sessions(recipe));
	json_object_set_new(object, "sealed_notes", of_sealed(recipe, opened));
	return json_finish(out, json_pack("{s:[o]}", "recipes", object), notes, err);
}

enum status json_files(struct text *out, const char *const *file, int count,
		       const struct notes *notes, struct error *err)
{
	return json_finish(out, json_pack("{s:o}", "files", json_of_lines(file, (size_t)count)),
			   notes, err);
}
