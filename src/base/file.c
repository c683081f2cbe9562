/* The life of a file that is replaced: open O_EXCL beside the target -> write -> fsync -> rename ->
 * fsync the folder. Any failure before the rename unlinks the temporary file; after it the new file is
 * complete. The rename is what a reader sees, so it never sees half a file. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(struct error *err, const char *path)
{
	return error_set(err, STATUS_REFUSED, "%s: %s", path, strerror(errno));
}

static enum status read_all(struct text *out, int fd, const char *path, size_t most,
			    struct error *err)
{
	char block[65536];

	for (;;) {
		ssize_t got = read(fd, block, sizeof block);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return refuse(err, path);
		if (got == 0)
			break;
		if (out->length + (size_t)got > most)
			return error_set(err, STATUS_REFUSED,
					 "%s: more than %zu bytes, the most allowed", path, most);
		text_add(out, block, (size_t)got);
		if (text_failed(out))
			return error_memory(err);
	}
	if (out->length == 0)
		return error_set(err, STATUS_REFUSED, "%s: the file is empty", path);
	return STATUS_OK;
}

enum status file_read(struct text *out, const char *path, size_t most, struct error *err)
{
	struct stat facts;
	enum status status;
	int fd;

	*out = (struct text){0};
	if (strcmp(path, "-") == 0) {
		status = read_all(out, STDIN_FILENO, "standard input", most, err);
		goto done;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return refuse(err, path);
	if (fstat(fd, &facts))
		status = refuse(err, path);
	else if (!S_ISREG(facts.st_mode))
		status = error_set(err, STATUS_REFUSED, "%s: %s, a file is needed", path,
				   S_ISDIR(facts.st_mode) ? "this is a folder"
							  : "this is not a regular file");
	else
		status = read_all(out, fd, path, most, err);
	close(fd);
done:
	if (status)
		text_clear(out);
	return status;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		bytes += put;
		length -= (size_t)put;
	}
	return 0;
}

/* The folder's entry is what makes a rename last; file systems without folder fsync say EINVAL. */
static int sync_folder(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	int fd, result;

	if (!slash)
		text_copy(folder, sizeof folder, ".");
	else
		text_copy_bytes(folder, sizeof folder, path,
				slash == path ? 1 : (size_t)(slash - path));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = fsync(fd);
	if (result && errno == EINVAL)
		result = 0;
	close(fd);
	return result;
}

static enum status write_in_place(const char *path, const char *bytes, size_t length,
				  struct error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	enum status status = STATUS_OK;

	if (fd < 0)
		return refuse(err, path);
	if (write_all(fd, bytes, length))
		status = refuse(err, path);
	if (close(fd) && !status)
		status = refuse(err, path);
	return status;
}

/* mkstemp makes files private (0600); a card is for others to read, so the umask decides. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

enum status file_write(const char *path, const char *bytes, size_t length, struct error *err)
{
	char temporary[4096];
	struct stat facts;
	int fd;

	if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
		return error_set(err, STATUS_REFUSED, "%s: this is a folder, a file is needed",
				 path);
	if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
		return write_in_place(path, bytes, length, err);
	if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return refuse(err, path);
	if (fchmod(fd, usual_mode()) || write_all(fd, bytes, length) || fsync(fd)) {
		refuse(err, path);
		close(fd);
		unlink(temporary);
		return err->status;
	}
	if (close(fd) || rename(temporary, path)) {
		refuse(err, path);
		unlink(temporary);
		return err->status;
	}
	return sync_folder(path) ? refuse(err, path) : STATUS_OK;
}

enum status file_make_folder(const char *path, struct error *err)
{
	char part[4096];
	struct stat facts;

	if (strlen(path) >= sizeof part)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	text_copy(part, sizeof part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(part, 0777) && errno != EEXIST)
			return refuse(err, part);
		*slash = '/';
	}
	if (mkdir(part, 0777) && errno != EEXIST)
		return refuse(err, part);
	if (stat(part, &facts) || !S_ISDIR(facts.st_mode))
		return error_set(err, STATUS_REFUSED, "%s: this is a file, a folder is needed",
				 part);
	return STATUS_OK;
}

const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
