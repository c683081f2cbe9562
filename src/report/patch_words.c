#include "report/patch_words.h"

#include "report/jansson.h"
#include "report/language.h"

const char *const control_patch_names[CONTROL_PATCHES] = {
	N_("light skin"),   N_("tan skin"), N_("brown skin"), N_("dark skin"),
	N_("shaved field"), N_("dot"),      N_("light grey"), N_("dark grey"),
};

void words_patches(struct text *out, const struct patch_check *check)
{
	text_addf(out, "%-17s %-20s %-20s %s\n", "patch", "stated L* a* b*", "measured L* a* b*",
		  "dE00");
	for (int i = 0; i < CONTROL_PATCHES; i++) {
		const struct lab *stated = &control_patches[i], *got = &check->measured[i];

		text_addf(out, "%d  %-13s %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f\n", i + 1,
			  control_patch_names[i], stated->l, stated->a, stated->b, got->l, got->a,
			  got->b, check->de00[i]);
	}
	text_addf(out,
		  "This printer is off by dE00 %.1f on average and %.1f at most (patch %d, %s).\n"
		  "On average it prints L* %+.1f, a* %+.1f, b* %+.1f beside what is stated.\n"
		  "Its swatches show a difference of two colours no finer than that.\n",
		  check->mean_de00, check->worst_de00, check->worst + 1,
		  control_patch_names[check->worst], check->shift.l, check->shift.a,
		  check->shift.b);
}

enum status json_patches(struct text *out, const struct patch_check *check,
			 const struct notes *notes, struct error *err)
{
	json_t *patches = json_array();

	for (int i = 0; i < CONTROL_PATCHES; i++)
		json_array_append_new(
			patches,
			json_pack("{s:s, s:o, s:o, s:f}", "name", control_patch_names[i], "stated",
				  json_of_lab(&control_patches[i]), "measured",
				  json_of_lab(&check->measured[i]), "de00", check->de00[i]));
	return json_finish(out,
			   json_pack("{s:o, s:f, s:f, s:o}", "patches", patches, "mean_de00",
				     check->mean_de00, "worst_de00", check->worst_de00, "shift",
				     json_of_lab(&check->shift)),
			   notes, err);
}
