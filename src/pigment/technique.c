#include "pigment/technique.h"

const struct technique_parameter technique_parameters[TECHNIQUE_KEYS] = {
	[TECHNIQUE_DEPTH_MM] = {"depth_mm", "clean skin above the pigment, mm", 0.0, 3.0},
	[TECHNIQUE_LAYER_MM] = {"layer_mm", "thickness of the pigmented layer, mm", 0.01, 3.0},
	[TECHNIQUE_DOSE_SHARE] = {"dose_share", "ml of mix per ml of dermis in that layer", 1e-4,
				  1.0},
	[TECHNIQUE_KEPT_SHARE] = {"kept_share", "share of the pigment left when healed", 0.01, 1.0},
	[TECHNIQUE_DOT_HEALED_MM] = {"dot_healed_mm", "diameter of a healed dot, mm", 0.01, 1.0},
	[TECHNIQUE_DOT_FRESH_MM] = {"dot_fresh_mm", "diameter of a fresh dot, mm", 0.01, 1.0},
	[TECHNIQUE_DOTS_PER_CM2] = {"dots_per_cm2", "dots per cm²", 1.0, 5000.0},
	[TECHNIQUE_HAIRS_PER_CM2] = {"hairs_per_cm2", "natural hairs per cm²", 1.0, 1000.0},
	[TECHNIQUE_HAIRS_LEFT_CM2] = {"hairs_left_per_cm2", "hairs left in the patch per cm²", 0.0,
				      1000.0},
	[TECHNIQUE_HAIR_SHAFT_MM] = {"hair_shaft_mm", "hair diameter, mm", 0.01, 0.3},
	[TECHNIQUE_STUBBLE_MM] = {"stubble_mm", "visible stubble after shaving, mm", 0.0, 3.0},
	[TECHNIQUE_HAIR_DEPTH_MM] = {"hair_depth_mm",
				     "clean skin through which a follicle is seen, mm", 0.0, 3.0},
	[TECHNIQUE_YULE_NIELSEN_N] = {"yule_nielsen_n",
				      "light spread between dots, 1 none to 2 full", 1.0, 10.0},
	[TECHNIQUE_SURFACE_K2] = {"surface_k2", "inner reflection at the skin surface (Saunderson)",
				  0.0, 0.95},
};
