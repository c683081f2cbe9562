#include "formats/scan.h"

#include "base/file.h"
#include "base/process.h"
#include "formats/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIME_LIMIT_S 30.0

enum {
	PICTURE_BYTES_MOST = 64 << 20,
	ENLARGED_MOST = 32 << 20, /* pixels */
	NOTHING_FOUND = 4,        /* what zbarimg(1) exits with where there is no code */
};

/* As it is, and enlarged. */
static const int factors[] = {1, 3, 2};

/* --- the picture, grey -------------------------------------------------------------------------------- */

struct grey {
	int width, height;
	unsigned char *value;
};

static enum status read_grey(struct grey *grey, const char *path, struct error *err)
{
	struct picture picture = {.width = 0};
	struct text bytes;
	size_t count;
	enum status status = file_read(&bytes, path, PICTURE_BYTES_MOST, err);

	if (status)
		return status;
	if (picture_recognise(bytes.data, bytes.length))
		status = picture_read(&picture, &bytes, &(struct picture_region){0}, path, err);
	else
		status = error_set(err, STATUS_REFUSED,
				   "%s: a picture is needed: PNG, JPEG or TIFF", path);
	text_clear(&bytes);
	if (status)
		return status;
	count = (size_t)picture.width * (size_t)picture.height;
	*grey = (struct grey){picture.width, picture.height, malloc(count + 1)};
	for (size_t i = 0; grey->value && i < count; i++) {
		const unsigned char *rgb = (const unsigned char *)picture.pixels.data + 3 * i;

		grey->value[i] = (unsigned char)((rgb[0] + 2 * rgb[1] + rgb[2]) / 4);
	}
	picture_clear(&picture);
	return grey->value ? STATUS_OK : error_memory(err);
}

/* Between the four pixels around it; `x` and `y` in pixels of the enlarged picture. */
static unsigned char value_between(const struct grey *grey, int x, int y, int factor)
{
	const int left = x / factor, top = y / factor, dx = x % factor, dy = y % factor,
		  right = left + 1 < grey->width ? 1 : 0,
		  below = top + 1 < grey->height ? grey->width : 0;
	const unsigned char *at = grey->value + (size_t)top * (size_t)grey->width + left;
	const int upper = at[0] * (factor - dx) + at[right] * dx,
		  lower = at[below] * (factor - dx) + at[below + right] * dx;

	return (unsigned char)((upper * (factor - dy) + lower * dy) / (factor * factor));
}

static void add_pgm(struct text *out, const struct grey *grey, int factor)
{
	const int width = grey->width * factor, height = grey->height * factor;

	text_addf(out, "P5\n%d %d\n255\n", width, height);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const char value = (char)value_between(grey, x, y, factor);

			text_add(out, &value, 1);
		}
}

/* --- what is in it ------------------------------------------------------------------------------------ */

static enum status run(struct process_result *result, int fd, struct error *err)
{
	static const char *const environment[] = {"LC_ALL=C", NULL};
	char path[64];
	const char *const argv[] = {"zbarimg",         "-q", "--raw", "-Sdisable",
				    "-Sqrcode.enable", path, NULL};

	snprintf(path, sizeof path, "pgm:fd:%d", fd);
	return process_run(result, argv, environment, "", TIME_LIMIT_S, err)
		       ? error_prefix(err, "codes are read by zbarimg (package zbar-tools): ")
		       : STATUS_OK;
}

/* The lines that begin so, which must all be one; what else it prints is not looked at. */
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

/* `*any`: there is a code, if not ours. */
static enum status look(struct text *out, bool *any, const struct grey *grey, int factor,
			const char *picture, const char *head, struct error *err)
{
	struct process_result result = {.exit_code = -1};
	struct text pgm = {0};
	int fd = -1;
	enum status status;

	add_pgm(&pgm, grey, factor);
	status = text_failed(&pgm) ? error_memory(err)
				   : process_file(&fd, pgm.data, pgm.length, err);
	text_clear(&pgm);
	if (!status)
		status = run(&result, fd, err);
	if (fd >= 0)
		close(fd);
	if (status)
		return status;
	if (result.timed_out)
		status = error_set(err, STATUS_REFUSED, "%s: no code was found in %g s", picture,
				   TIME_LIMIT_S);
	else if (result.exit_code && result.exit_code != NOTHING_FOUND)
		status = error_set(err, STATUS_ENVIRONMENT,
				   "%s: zbarimg ended with %d, not as one that is installed whole",
				   picture, result.exit_code);
	else
		status = take(out, result.output.data, picture, head, err);
	*any = *any || result.exit_code == 0;
	process_result_clear(&result);
	return status;
}

enum status scan_code(struct text *out, const char *picture, const char *head, struct error *err)
{
	struct grey grey = {.value = NULL};
	bool any = false;
	enum status status = read_grey(&grey, picture, err);

	*out = (struct text){0};
	for (size_t i = 0; !status && !out->data && i < sizeof factors / sizeof *factors; i++)
		if (i == 0 ||
		    (double)grey.width * grey.height * factors[i] * factors[i] <= ENLARGED_MOST)
			status = look(out, &any, &grey, factors[i], picture, head, err);
	if (!status && !out->data)
		status = error_set(err, STATUS_REFUSED, "%s: %s", picture,
				   any ? "the code in it is not of a recipe"
				       : "no QR code is to be seen in it; is it sharp, whole and "
					 "large?");
	free(grey.value);
	if (status)
		text_clear(out);
	return status;
}
