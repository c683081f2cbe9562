#include "pigment/technique.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

const char *const healing_state_names[STATES] = {"healed", "fresh", "day7"};
const char *const healing_state_words[STATES] = {"healed", "fresh", "at 7 days"};

const struct technique_parameter technique_parameters[TECHNIQUE_KEYS] = {
	[TECHNIQUE_DEPTH_MM] = {"depth_mm", "clean skin above the pigment, mm", 0.0, 3.0, false},
	[TECHNIQUE_LAYER_MM] = {"layer_mm", "thickness of the pigmented layer, mm", 0.01, 3.0,
				false},
	[TECHNIQUE_DOSE_SHARE] = {"dose_share", "ml of mix per ml of dermis in that layer", 1e-4,
				  1.0, false},
	[TECHNIQUE_KEPT_SHARE] = {"kept_share", "share of the pigment left when healed", 0.01, 1.0,
				  false},
	[TECHNIQUE_DAY7_SHARE] = {"kept_day7_share", "share of the pigment left at 7 days", 0.01,
				  1.0, true},
	[TECHNIQUE_DOT_HEALED_MM] = {"dot_healed_mm", "diameter of a healed dot, mm", 0.01, 1.0,
				     false},
	[TECHNIQUE_DOT_FRESH_MM] = {"dot_fresh_mm", "diameter of a fresh dot, mm", 0.01, 1.0,
				    false},
	[TECHNIQUE_DOTS_PER_CM2] = {"dots_per_cm2", "dots per cm²", 1.0, 5000.0, false},
	[TECHNIQUE_HAIRS_PER_CM2] = {"hairs_per_cm2", "natural hairs per cm²", 1.0, 1000.0, false},
	[TECHNIQUE_HAIRS_LEFT_CM2] = {"hairs_left_per_cm2", "hairs left in the patch per cm²", 0.0,
				      1000.0, false},
	[TECHNIQUE_HAIR_SHAFT_MM] = {"hair_shaft_mm", "hair diameter, mm", 0.01, 0.3, false},
	[TECHNIQUE_STUBBLE_MM] = {"stubble_mm", "visible stubble after shaving, mm", 0.0, 3.0,
				  false},
	[TECHNIQUE_HAIR_DEPTH_MM] = {"hair_depth_mm",
				     "clean skin through which a follicle is seen, mm", 0.0, 3.0,
				     false},
	[TECHNIQUE_YULE_NIELSEN_N] = {"yule_nielsen_n",
				      "light spread between dots, 1 none to 2 full", 1.0, 10.0,
				      false},
	[TECHNIQUE_SURFACE_K2] = {"surface_k2", "inner reflection at the skin surface (Saunderson)",
				  0.0, 0.95, false},
	[TECHNIQUE_REGROWTH_SHARE] = {"regrowth_share",
				      "weight of the look when the hair is back, 0 to 0.9", 0.0,
				      0.9, true},
};

bool healing_state_read(enum healing_state *state, const char *name)
{
	for (int i = 0; i < STATES; i++)
		if (strcmp(name, healing_state_names[i]) == 0) {
			*state = i;
			return true;
		}
	return false;
}

void technique_set(struct technique *technique, enum technique_key key, double value,
		   const char *source)
{
	technique->value[key] = technique->least[key] = technique->most[key] = value;
	text_copy(technique->source[key], sizeof technique->source[key], source);
}

double technique_kept_share(const struct technique *technique, enum healing_state state)
{
	double healed = technique->value[TECHNIQUE_KEPT_SHARE];

	if (state == STATE_FRESH)
		return 1.0;
	if (state == STATE_HEALED)
		return healed;
	if (!*technique->source[TECHNIQUE_DAY7_SHARE])
		return (1.0 + healed) / 2.0;
	return fmax(technique->value[TECHNIQUE_DAY7_SHARE], healed);
}

double technique_dot_mm(const struct technique *technique, enum healing_state state)
{
	return technique
		->value[state == STATE_HEALED ? TECHNIQUE_DOT_HEALED_MM : TECHNIQUE_DOT_FRESH_MM];
}
