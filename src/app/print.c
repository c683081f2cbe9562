/* By the program lp, which takes the file from memory. */
#include "app/app.h"
#include "base/process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A print server that does not answer holds nobody up for longer. */
#define PRINT_SECONDS 60.0

/* The first line of what lp said, without its own name. */
static void first_line(char *line, size_t size, const char *output)
{
	static const char *const before[] = {"lp: ", "Error - "};

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (strncmp(output, before[i], strlen(before[i])) == 0)
			output += strlen(before[i]);
	text_copy_bytes(line, size, output, strcspn(output, "\r\n"));
	text_make_printable(line);
}

static enum status answer_of(const struct process_result *result, struct notes *notes,
			     struct error *err)
{
	char line[256];

	first_line(line, sizeof line, result->output.data);
	if (result->timed_out)
		return error_set(err, STATUS_ENVIRONMENT,
				 "not printed: lp gave no answer within %g s and was stopped",
				 PRINT_SECONDS);
	if (result->exit_code)
		return error_set(err, STATUS_ENVIRONMENT,
				 "not printed: %s (lpstat -e lists the printers)",
				 *line ? line : "lp failed and does not say why");
	notes_addf(notes, "printed: %s", line);
	return STATUS_OK;
}

enum status app_print(const struct text *pdf, const struct app_print_request *request,
		      struct notes *notes, struct error *err)
{
	static const char *const environment[] = {NULL};
	char copies[16], media[64], path[32];
	const char *const named[] = {"lp", "-d", request->printer};
	/* behind the name of the printer, where there is one */
	const char *argv[] = {NULL,
			      NULL,
			      "lp",
			      "-n",
			      copies,
			      "-t",
			      request->title,
			      "-o",
			      media,
			      "-o",
			      "print-scaling=none",
			      "--",
			      path,
			      NULL};
	struct process_result result;
	int fd;
	enum status status = process_file(&fd, pdf->data, pdf->length, err);

	snprintf(copies, sizeof copies, "%d", request->copies);
	snprintf(media, sizeof media, "media=%s", request->media);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	if (request->printer)
		memcpy(argv, named, sizeof named);
	if (!status && process_run(&result, request->printer ? argv : argv + 2, environment, "",
				   PRINT_SECONDS, err)) {
		status = error_prefix(err, "not printed: lp (Debian package cups-client): ");
	} else if (!status) {
		status = answer_of(&result, notes, err);
		process_result_clear(&result);
	}
	if (fd >= 0)
		close(fd);
	return status;
}
