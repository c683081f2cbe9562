/* A list to compare with, rather than a look-up of whatever comes: a label may stand in a stranger's file, and gettext takes "" for the
 * head of its catalogue. tests/unit/test_language.c holds it against the rooms. */
#include "report/terms.h"

#include "report/language.h"

#include <stddef.h>
#include <string.h>

static const char *const terms[] = {
	/* pigment/technique.c: states of dots */
	N_("healed"), N_("fresh"), N_("at 7 days"),
	/* match/scene.c: what was measured */
	N_("skin"), N_("hair"), N_("field"), N_("patch"), N_("ground"), N_("target"),
	/* colour/reading.c: gloss in a reading */
	N_("included"), N_("excluded"), N_("not stated"),
	/* match/recipe.c: looks */
	N_("bare skin"), N_("wanted now"), N_("natural field"), N_("patch so far"),
	N_("field, healed"), N_("field, fresh"), N_("field, at 7 days"), N_("field, regrown"),
	N_("required dot"), N_("dot, healed"), N_("dot, fresh"), N_("dot, at 7 days"),
	N_("drawdown"),
	/* match/verdict.c: whose measure */
	N_("studies with silicone skin, fair"), N_("studies with silicone skin, dark"),
	/* profiles/pigments: the notice of the line that is not for people */
	N_("synthetic: for demonstration, not for use on people"),
	/* app/report.c: what was read after a session or a trial */
	N_("Patch, healed"), N_("Patch, fresh"), N_("Patch, at 7 days"), N_("Trial, healed"),
	N_("Trial, fresh"), N_("Trial, at 7 days"),
	/* match/plan.c: the origin of a reading that was computed */
	N_("computed"),
	/* app/report.c: what figures rest on */
	N_("pigment line"), N_("main light"), N_("other light"), N_("observer"),
	N_("blood in the skin"), N_("the clinic's own"),
	/* pigment/technique.c: parameters */
	N_("clean skin above the pigment, mm"), N_("thickness of the pigmented layer, mm"),
	N_("ml of mix per ml of dermis in that layer"), N_("share of the pigment left when healed"),
	N_("share of the pigment left at 7 days"), N_("diameter of a healed dot, mm"),
	N_("diameter of a fresh dot, mm"), N_("dots per cm²"), N_("natural hairs per cm²"),
	N_("hairs left in the patch per cm²"), N_("hair diameter, mm"),
	N_("visible stubble after shaving, mm"),
	N_("clean skin through which a follicle is seen, mm"),
	N_("light spread between dots, 1 none to 2 full"),
	N_("inner reflection at the skin surface (Saunderson)"),
	N_("weight of the look when the hair is back, 0 to 0.9")};

const char *term(const char *english)
{
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
		if (strcmp(english, terms[i]) == 0)
			return _(terms[i]);
	return english;
}
