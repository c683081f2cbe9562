/* Verbs about colours: lab, read, de. */
#include "cli/verb.h"
#include "report/json.h"
#include "report/words.h"

#include <string.h>

enum { LIGHTS_MAX = 16 };

/* "D65,A,F11": the readings under each, in that order. */
static enum status measure_under_each(struct reading_colour_list *list, int *count,
				      struct answer *answer, const struct invocation *call,
				      struct error *err)
{
	char names[4096], *rest = names, *name;
	struct app_light light = call->match.light;

	text_copy(names, sizeof names, light.illuminant);
	while ((name = strsep(&rest, ","))) {
		if (*count == LIGHTS_MAX)
			return error_set(err, STATUS_USAGE, "lab: at most %d lights", LIGHTS_MAX);
		light.illuminant = name;
		if (app_lab(&list[*count], call->operand, call->operand_count, &light,
			    &answer->notes, err))
			return err->status;
		++*count;
	}
	return STATUS_OK;
}

enum status run_lab(struct answer *answer, struct invocation *call, struct error *err)
{
	struct reading_colour_list list[LIGHTS_MAX];
	int count = 0;
	enum status status = measure_under_each(list, &count, answer, call, err);

	if (!status && call->json)
		status = json_lab(&answer->text, list, count, &answer->notes, err);
	for (int i = 0; i < count; i++) {
		if (!status && !call->json) {
			text_adds(&answer->text, i ? "\n" : "");
			words_lab(&answer->text, &list[i]);
		}
		reading_colour_list_clear(&list[i]);
	}
	return status;
}

enum status run_read(struct answer *answer, struct invocation *call, struct error *err)
{
	struct inspection_list list;
	enum status status = app_read(&list, call->operand, call->operand_count, &call->match.light,
				      call->site, &answer->notes, err);

	if (status)
		return status;
	if (call->json)
		status = json_read(&answer->text, &list, call->site, &answer->notes, err);
	else
		words_read(&answer->text, &list);
	inspection_list_clear(&list);
	return status;
}

enum status run_de(struct answer *answer, struct invocation *call, struct error *err)
{
	struct difference difference;

	if (app_difference(&difference, call->operand[0], call->operand[1], &call->match.light,
			   &answer->notes, err))
		return err->status;
	if (call->json)
		return json_difference(&answer->text, &difference, &answer->notes, err);
	words_difference(&answer->text, &difference);
	return STATUS_OK;
}
