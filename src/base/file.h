/* Whole files in, whole files out.
 *
 * Reading takes a regular file (or "-", standard input) of at most `most` bytes. It never blocks
 * on a pipe or device that was named by mistake, and refuses a folder or an empty file in one
 * line. Writing replaces a file as a whole: a temporary file beside it is written, flushed,
 * fsynced and renamed over it, then the folder is fsynced. After any failure the old file is
 * there, unchanged, and no temporary one. Something that exists and is not a regular file
 * (/dev/stdout) is written in place; a symbolic link stays and what it points to is replaced.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/text.h"

enum { FILE_READ_MOST = 256 << 20 };

/* Sets *out (to be cleared by the caller) to the bytes of `path`. */
enum status file_read(struct text *out, const char *path, size_t most, struct error *err);

enum status file_write(const char *path, const char *bytes, size_t length, struct error *err);

/* Several files, all or none: every one is complete beside its place before the first is renamed
 * into it. */
struct file_content {
	const char *path;
	const char *bytes;
	size_t length;
	bool secret; /* for its owner alone, whatever the umask says */
	bool fresh;  /* refused where something has that name, whoever was first */
};
enum status file_write_all(const struct file_content *file, int count, struct error *err);

/* Refuses a path where something is already, or where nothing can be written: to be asked before work that
 * cannot be done again. */
enum status file_check_new(const char *path, struct error *err);

/* fsyncs a folder, so that the names in it last. */
enum status file_sync_folder(const char *folder, struct error *err);

/* Makes a folder and those above it that are missing, each on the disk. Errors name the folder. */
enum status file_make_folder(const char *path, struct error *err);

/* The part of a path behind its last slash. Borrowed from `path`. */
const char *file_name(const char *path);

#endif
