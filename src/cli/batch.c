/* `match --batch FILE`: prints each target's line as it is done, so it does not wait for the last. */
#include "cli/verb.h"
#include "report/json.h"
#include "report/words.h"

#include <stdio.h>

struct printing {
	bool json;
	int refused;
	struct watch watch;
};

static enum status print_one(void *data, const struct app_batch_answer *one, struct error *err)
{
	struct printing *printing = data;
	struct text line = {0};
	enum status status = STATUS_OK;

	watch_hide(&printing->watch);
	printing->refused += *one->refused != 0;
	if (printing->json)
		status = json_batch_line(&line, one->name, one->answer, one->refused, one->notes,
					 err);
	else
		words_batch_line(&line, one->name, one->answer, one->refused);
	if (!status && (text_failed(&line) || fputs(line.data, stdout) < 0 || fflush(stdout)))
		status = error_set(err, STATUS_ENVIRONMENT, "standard output cannot be written to");
	text_clear(&line);
	return status;
}

enum status run_match_batch(struct answer *answer, struct invocation *call, struct error *err)
{
	struct printing printing = {.json = call->json};
	enum status status;

	for (int role = 0; role < ROLES; role++)
		if (call->match.reading[role] && role != ROLE_GROUND)
			return error_set(err, STATUS_USAGE,
					 "match: --batch names the targets, --%s is not for it",
					 reading_role_names[role]);
	if (!call->pigments || call->output_count || call->operand_count)
		return error_set(err, STATUS_USAGE,
				 "match: --batch needs --pigments LINE, and neither CASE nor -o");
	call->match.pigments = call->pigments;
	call->match.thickness_mm = call->predict.thickness_mm;
	call->match.reading[ROLE_GROUND] = call->predict.ground;
	watch_begin(&printing.watch, &call->match.watch);
	status = app_match_batch(call->batch, &call->match, print_one, &printing, &answer->notes,
				 err);
	watch_end(&printing.watch);
	if (status)
		return status;
	return printing.refused ? error_set(err, STATUS_NO_ANSWER, "%d target%s without a recipe",
					    printing.refused, printing.refused == 1 ? "" : "s")
				: STATUS_OK;
}
