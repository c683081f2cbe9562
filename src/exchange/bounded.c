/* libgit2 takes the size of an object from its head and asks for all of it in one piece, so a bound on one piece is one on objects,
 * wherever they are: loose, packed, or what a difference is from. The functions stand for those of the C library, which free what they
 * gave. */
#include "exchange/bounded.h"

#include <git2.h>
#include <git2/sys/alloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libgit2 leaves it to the allocator to say what was wrong. */
static bool fits(size_t count, size_t size)
{
	if (size == 0 || count <= BOUNDED_BYTES_MOST / size)
		return true;
	git_error_set_str(GIT_ERROR_NOMEMORY, "something there is larger than is taken in");
	return false;
}

static void *take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fits(1, size) ? malloc(size) : NULL;
}

static void *take_zeros(size_t count, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fits(count, size) ? calloc(count, size) : NULL;
}

static void *take_array(size_t count, size_t size, const char *file, int line)
{
	return fits(count, size) ? take(count * size, file, line) : NULL;
}

static void *retake(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fits(1, size) ? realloc(old, size) : NULL;
}

static void *retake_array(void *old, size_t count, size_t size, const char *file, int line)
{
	return fits(count, size) ? retake(old, count * size, file, line) : NULL;
}

static char *copy_bytes(const char *bytes, size_t length, const char *file, int line)
{
	char *copy = length < SIZE_MAX ? take(length + 1, file, line) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, bytes, length);
	copy[length] = 0;
	return copy;
}

static char *copy(const char *string, const char *file, int line)
{
	return copy_bytes(string, strlen(string), file, line);
}

static char *copy_start(const char *string, size_t most, const char *file, int line)
{
	return copy_bytes(string, strnlen(string, most), file, line);
}

void bounded_begin(void)
{
	git_allocator bounded = {.gmalloc = take,
				 .gcalloc = take_zeros,
				 .gmallocarray = take_array,
				 .grealloc = retake,
				 .greallocarray = retake_array,
				 .gstrdup = copy,
				 .gstrndup = copy_start,
				 .gsubstrdup = copy_bytes,
				 .gfree = free};

	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &bounded);
}

void bounded_end(void)
{
	git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, NULL);
}
