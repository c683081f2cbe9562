#include "formats/scan.h"

#include "base/process.h"

#include <string.h>
#include <sys/stat.h>

#define TIME_LIMIT_S 30.0

/* What zbarimg(1) exits with where there is no code. */
enum { NOTHING_FOUND = 4 };

/* zbarimg would take "-x.png" for an option and "http:x.png" or "x.png[2]" for more than a file. */
static enum status name_file(struct text *path, const char *picture, struct error *err)
{
	struct stat entry;

	if (stat(picture, &entry) || !S_ISREG(entry.st_mode))
		return error_set(err, STATUS_REFUSED, "%s: no such picture", picture);
	text_addf(path, "%s%s", *picture == '/' ? "" : "./", picture);
	return text_failed(path) ? error_memory(err) : STATUS_OK;
}

static enum status run(struct process_result *result, const char *picture, struct error *err)
{
	static const char *const environment[] = {"LC_ALL=C", NULL};
	struct text path = {0};
	const char *argv[] = {"zbarimg",         "-q", "--raw", "--nodbus", "-Sdisable",
			      "-Sqrcode.enable", NULL, NULL};
	enum status status = name_file(&path, picture, err);

	*result = (struct process_result){.exit_code = -1};
	argv[sizeof argv / sizeof *argv - 2] = path.data;
	if (!status && process_run(result, argv, environment, "", TIME_LIMIT_S, err))
		status = error_prefix(err, "codes are read by zbarimg (package zbar-tools): ");
	text_clear(&path);
	return status;
}

/* The lines that begin so, which must all be one. */
static enum status take(struct text *out, char *lines, const char *picture, const char *head,
			struct error *err)
{
	char *line;

	while ((line = strsep(&lines, "\n"))) {
		if (strncmp(line, head, strlen(head)))
			continue;
		if (out->data && strcmp(out->data, line))
			return error_set(err, STATUS_REFUSED,
					 "%s: several codes are in it; one is allowed", picture);
		if (!out->data)
			text_adds(out, line);
	}
	return text_failed(out) ? error_memory(err) : STATUS_OK;
}

enum status scan_code(struct text *out, const char *picture, const char *head, struct error *err)
{
	struct process_result result;
	enum status status = run(&result, picture, err);

	*out = (struct text){0};
	if (!status && result.timed_out)
		status = error_set(err, STATUS_REFUSED, "%s: no code was found in %g s", picture,
				   TIME_LIMIT_S);
	else if (!status && result.exit_code && result.exit_code != NOTHING_FOUND)
		status = error_set(err, STATUS_REFUSED, "%s: not a picture that zbarimg reads",
				   picture);
	if (!status)
		status = take(out, result.output.data, picture, head, err);
	if (!status && !out->data)
		status = error_set(
			err, STATUS_REFUSED, "%s: %s", picture,
			result.exit_code == NOTHING_FOUND
				? "no QR code is to be seen in it; is it sharp, whole and large?"
				: "the code in it is not of a recipe");
	process_result_clear(&result);
	if (status)
		text_clear(out);
	return status;
}
