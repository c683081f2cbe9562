/* The program lp takes the file from memory: nothing of it is left in a folder, whatever becomes of us. */
#include "app/app.h"
#include "base/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A print server that does not answer holds nobody up for longer. */
#define PRINT_SECONDS 60.0

static enum status keep_in_memory(int *fd, const struct text *bytes, struct error *err)
{
	size_t done = 0;

	*fd = memfd_create("card", 0); /* which lp inherits */
	while (*fd >= 0 && done < bytes->length) {
		ssize_t wrote = write(*fd, bytes->data + done, bytes->length - done);

		if (wrote < 0 && errno != EINTR)
			return error_set(err, STATUS_ENVIRONMENT, "printing: %s", strerror(errno));
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return *fd >= 0 ? STATUS_OK
			: error_set(err, STATUS_ENVIRONMENT, "printing: %s", strerror(errno));
}

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
	const char *argv[16] = {"lp"};
	char copies[16], media[64], path[32];
	struct process_result result;
	int count = 1, fd = -1;
	enum status status = keep_in_memory(&fd, pdf, err);

	snprintf(copies, sizeof copies, "%d", request->copies);
	snprintf(media, sizeof media, "media=%s", request->media);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	if (request->printer) {
		argv[count++] = "-d";
		argv[count++] = request->printer;
	}
	for (size_t i = 0; i < 8; i++)
		argv[count++] = (const char *[]){"-n", copies, "-t", request->title,
						 "-o", media,  "-o", "print-scaling=none"}[i];
	argv[count++] = "--";
	argv[count++] = path;
	if (!status && process_run(&result, argv, environment, "", PRINT_SECONDS, err)) {
		status = error_prefix(err, "not printed: lp (Debian package cups-client): ");
	} else if (!status) {
		status = answer_of(&result, notes, err);
		process_result_clear(&result);
	}
	if (fd >= 0)
		close(fd);
	return status;
}
