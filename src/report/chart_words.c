#include "report/chart_words.h"

#include "report/ink.h"
#include "report/jansson.h"

/* --- text --------------------------------------------------------------------------------------- */

static void add_heading(struct text *out)
{
	text_adds(
		out,
		"  drops         ml                1:n       L*      a*      b*  to before  to skin"
		"\n");
}

static void add_step(struct text *out, const struct dilution_step *step, bool first)
{
	const struct lab *lab = &step->dot.lab;

	text_addf(out, "  %2d : %-4d  %5.2f : %-6.2f  1:%-6.4g  %6.2f %7.2f %7.2f",
		  step->pigment_drops, step->diluent_drops, step->pigment_ml, step->diluent_ml,
		  step->parts, lab->l, lab->a, lab->b);
	if (first)
		text_addf(out, "          -");
	else
		text_addf(out, "  %9.2f", step->de00_before);
	text_addf(out, "  %7.2f", step->de00_skin);
	ink_swatch(out, &step->dot.pcs_lab);
	text_adds(out, "\n");
}

static void add_dilution(struct text *out, const struct dilution *dilution, double cup_ml)
{
	const struct lab *skin = &dilution->skin.lab;

	text_addf(out, "\n%s  (%s, drops of it : of %s)\n", dilution->pigment.name,
		  dilution->pigment.id, dilution->diluent.name);
	text_addf(out, "Steps that look equal: dE00 %.2f each, of %.1f in all\n",
		  dilution->way_de00 / DILUTION_EQUALS, dilution->way_de00);
	add_heading(out);
	for (int i = 0; i < dilution->equals; i++)
		add_step(out, &dilution->equal[i], i == 0);
	text_addf(out, "  %-36s %6.2f %7.2f %7.2f", "bare skin", skin->l, skin->a, skin->b);
	ink_swatch(out, &dilution->skin.pcs_lab);
	text_adds(out, "\n");
	if (dilution->equals < DILUTION_EQUALS)
		text_addf(out, "  a cup of %g ml holds no weaker mix\n", cup_ml);
	text_adds(out, "Even steps of water, as the trade has them\n");
	add_heading(out);
	for (int i = 0; i < dilution->waters; i++)
		add_step(out, &dilution->water[i], i == 0);
}

void words_chart(struct text *out, const struct dilution_chart *chart)
{
	text_addf(
		out,
		"Line “%s” in the skin “%s”, dots %s, technique %s, %s/%s°, dE00 from dot to dot\n",
		chart->line, chart->skin, healing_state_words[chart->state], chart->technique.name,
		chart->light, chart->observer);
	for (int i = 0; i < chart->count; i++)
		add_dilution(out, &chart->dilution[i], chart->limits.cup_ml);
}

/* --- JSON --------------------------------------------------------------------------------------- */

static json_t *of_steps(const struct dilution_step *step, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++, step++) {
		json_t *object = json_pack(
			"{s:i, s:i, s:f, s:f, s:f, s:o, s:o, s:f}", "drops", step->pigment_drops,
			"diluent_drops", step->diluent_drops, "ml", step->pigment_ml, "diluent_ml",
			step->diluent_ml, "parts", step->parts, "lab", json_of_lab(&step->dot.lab),
			"field_lab", json_of_lab(&step->field.lab), "de00_skin", step->de00_skin);

		if (i > 0)
			json_object_set_new(object, "de00_before", json_real(step->de00_before));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *of_dilution(const struct dilution *dilution)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:f, s:f, s:o, s:o}", "id", dilution->pigment.id,
			 "name", dilution->pigment.name, "diluent", dilution->diluent.id,
			 "skin_lab", json_of_lab(&dilution->skin.lab), "way_de00",
			 dilution->way_de00, "step_de00", dilution->way_de00 / DILUTION_EQUALS,
			 "equal", of_steps(dilution->equal, dilution->equals), "water",
			 of_steps(dilution->water, dilution->waters));
}

enum status json_chart(struct text *out, const struct dilution_chart *chart,
		       const char *const *file, int count, const struct notes *notes,
		       struct error *err)
{
	json_t *pigments = json_array();

	for (int i = 0; i < chart->count; i++)
		json_array_append_new(pigments, of_dilution(&chart->dilution[i]));
	return json_finish(out,
			   json_pack("{s:o, s:s, s:s, s:s, s:s, s:s, s:o}", "files",
				     json_of_lines(file, (size_t)count), "line", chart->line,
				     "technique", chart->technique.name, "state",
				     healing_state_names[chart->state], "illuminant", chart->light,
				     "observer", chart->observer, "pigments", pigments),
			   notes, err);
}
