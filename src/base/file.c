/* The life of a file that is replaced: open O_EXCL beside the target -> write -> fsync -> rename
 * -> fsync the folder. Any failure before the rename unlinks the temporary file; after it the new
 * file is complete. The rename is what a reader sees, so it never sees half a file. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

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

/* File systems without folder fsync say EINVAL. */
enum status file_sync_folder(const char *folder, struct error *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum status status = STATUS_OK;

	if (fd < 0)
		return refuse(err, folder);
	if (fsync(fd) && errno != EINVAL)
		status = refuse(err, folder);
	close(fd);
	return status;
}

static enum status sync_folder_of(const char *path, struct error *err)
{
	char folder[PATH_SIZE];
	const char *slash = strrchr(path, '/');

	if (!slash)
		text_copy(folder, sizeof folder, ".");
	else
		text_copy_bytes(folder, sizeof folder, path,
				slash == path ? 1 : (size_t)(slash - path));
	return file_sync_folder(folder, err);
}

enum status file_check_new(const char *path, struct error *err)
{
	char folder[PATH_SIZE];
	const char *slash = strrchr(path, '/');
	struct stat facts;

	if (lstat(path, &facts) == 0)
		return error_set(err, STATUS_REFUSED,
				 "%s: is there already; another name is needed", path);
	text_copy_bytes(folder, sizeof folder, slash ? path : ".",
			slash == path ? 1
			: slash       ? (size_t)(slash - path)
				      : 1);
	return access(folder, W_OK | X_OK) ? refuse(err, path) : STATUS_OK;
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

/* A file on its way: `temporary` is complete and waits to be renamed to `place`; empty where it
 * was written in place already. */
struct staged {
	char place[PATH_SIZE];
	char temporary[PATH_SIZE + 8];
	bool fresh;
};

static enum status stage(struct staged *staged, const struct file_content *file, struct error *err)
{
	const char *path = file->path;
	struct stat facts;
	int fd;

	*staged->temporary = 0;
	staged->fresh = file->fresh;
	if (strcmp(path, "-") == 0 || !*path)
		return error_set(err, STATUS_REFUSED, "“%s”: the name of a file is needed", path);
	if (strlen(path) >= PATH_SIZE)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
		return error_set(err, STATUS_REFUSED, "%s: this is a folder, a file is needed",
				 path);
	if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
		return write_in_place(path, file->bytes, file->length, err);
	if (!realpath(path, staged->place)) /* a new file, or a link to one: as it is named */
		text_copy(staged->place, sizeof staged->place, path);
	snprintf(staged->temporary, sizeof staged->temporary, "%s.XXXXXX", staged->place);
	fd = mkstemp(staged->temporary);
	if (fd < 0) {
		*staged->temporary = 0;
		return refuse(err, path);
	}
	if (fchmod(fd, file->secret ? 0600 : usual_mode()) ||
	    write_all(fd, file->bytes, file->length) || fsync(fd)) {
		refuse(err, path);
		close(fd);
		return err->status;
	}
	return close(fd) ? refuse(err, path) : STATUS_OK;
}

/* Not every file system knows the one way, or the other. */
static int rename_fresh(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST || link(from, to))
		return -1;
	return unlink(from);
}

static enum status unstage(struct staged *staged, struct error *err)
{
	if (!*staged->temporary)
		return STATUS_OK;
	if (staged->fresh ? rename_fresh(staged->temporary, staged->place)
			  : rename(staged->temporary, staged->place))
		return refuse(err, staged->place);
	*staged->temporary = 0;
	return sync_folder_of(staged->place, err);
}

enum status file_write_all(const struct file_content *file, int count, struct error *err)
{
	struct staged *staged = calloc((size_t)count + 1, sizeof *staged);
	enum status status = staged ? STATUS_OK : error_memory(err);

	for (int i = 0; i < count && !status; i++)
		status = stage(&staged[i], &file[i], err);
	for (int i = 0; i < count && !status; i++)
		status = unstage(&staged[i], err);
	for (int i = 0; i < count && staged; i++)
		if (*staged[i].temporary)
			unlink(staged[i].temporary);
	free(staged);
	return status;
}

enum status file_write(const char *path, const char *bytes, size_t length, struct error *err)
{
	struct file_content file = {.path = path, .bytes = bytes, .length = length};

	return file_write_all(&file, 1, err);
}

static enum status make_one(const char *path, struct error *err)
{
	if (mkdir(path, 0777) == 0)
		return sync_folder_of(path, err);
	return errno == EEXIST ? STATUS_OK : refuse(err, path);
}

enum status file_make_folder(const char *path, struct error *err)
{
	char part[PATH_SIZE];
	struct stat facts;

	if (strlen(path) >= sizeof part)
		return error_set(err, STATUS_REFUSED, "%.80s…: the path is too long", path);
	text_copy(part, sizeof part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (make_one(part, err))
			return err->status;
		*slash = '/';
	}
	if (make_one(part, err))
		return err->status;
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
