/* The world is mocked at the linker (--wrap): rename, fsync and write can be told to fail. */
#include "support.h"

#include "base/file.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool rename_fails, fsync_fails, write_fails;

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_write(int fd, const void *bytes, size_t length);
ssize_t __wrap_write(int fd, const void *bytes, size_t length);

int __wrap_rename(const char *from, const char *to)
{
	errno = EIO;
	return rename_fails ? -1 : __real_rename(from, to);
}

int __wrap_fsync(int fd)
{
	errno = EIO;
	return fsync_fails ? -1 : __real_fsync(fd);
}

/* Fails as a full disk does: half of the bytes go, then nothing. */
ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
	static bool half_gone;

	if (!write_fails || fd < 3)
		return __real_write(fd, bytes, length);
	half_gone = !half_gone;
	if (half_gone)
		return __real_write(fd, bytes, length / 2);
	errno = ENOSPC;
	return -1;
}

static char path[64];

static int set_up(void **state)
{
	if (scratch_make(state))
		return -1;
	snprintf(path, sizeof path, "%s/file", scratch);
	return 0;
}

static int tear_down(void **state)
{
	rename_fails = fsync_fails = write_fails = false;
	return scratch_remove(state);
}

static int files_in_folder(void)
{
	char pattern[80];
	glob_t found;
	int count;

	snprintf(pattern, sizeof pattern, "%s/*", scratch);
	count = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
	if (count)
		globfree(&found);
	return count;
}

static void assert_content(const char *wanted)
{
	struct text text;
	struct error err;

	assert_ok(file_read(&text, path, 1000, &err), &err);
	assert_string_equal(text.data, wanted);
	text_clear(&text);
}

static void file_write__replaces_the_whole_file(void **state)
{
	struct error err;

	(void)state;
	assert_ok(file_write(path, "old and long", 12, &err), &err);
	assert_ok(file_write(path, "new", 3, &err), &err);
	assert_content("new");
	assert_int_equal(files_in_folder(), 1);
}

static void assert_old_file_survives(void)
{
	struct error err;

	rename_fails = fsync_fails = write_fails = false;
	assert_content("old");
	assert_int_equal(files_in_folder(), 1);
	assert_ok(file_write(path, "new", 3, &err), &err);
}

static void file_write__leaves_the_old_file_when_the_disk_is_full(void **state)
{
	struct error err;

	(void)state;
	assert_ok(file_write(path, "old", 3, &err), &err);
	write_fails = true;
	assert_int_equal(file_write(path, "new and longer", 14, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "No space left"));
	assert_old_file_survives();
}

static void file_write__leaves_the_old_file_when_fsync_fails(void **state)
{
	struct error err;

	(void)state;
	assert_ok(file_write(path, "old", 3, &err), &err);
	fsync_fails = true;
	assert_int_equal(file_write(path, "new", 3, &err), STATUS_REFUSED);
	assert_old_file_survives();
}

static void file_write__leaves_the_old_file_when_rename_fails(void **state)
{
	struct error err;

	(void)state;
	assert_ok(file_write(path, "old", 3, &err), &err);
	rename_fails = true;
	assert_int_equal(file_write(path, "new", 3, &err), STATUS_REFUSED);
	assert_old_file_survives();
}

static void file_write__writes_a_device_in_place(void **state)
{
	struct error err;
	struct stat facts;

	(void)state;
	assert_int_equal(file_write("/dev/full", "new", 3, &err), STATUS_REFUSED);
	assert_string_equal(err.message, "/dev/full: No space left on device");
	assert_int_equal(stat("/dev/full", &facts), 0);
	assert_true(S_ISCHR(facts.st_mode));
}

static void file_read__refuses_what_is_not_a_file(void **state)
{
	struct text text;
	struct error err;

	(void)state;
	assert_int_equal(file_read(&text, scratch, 1000, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "this is a folder"));
	assert_int_equal(file_read(&text, path, 1000, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "No such file"));
	assert_int_equal(mkfifo(path, 0600), 0); /* must not block */
	assert_int_equal(file_read(&text, path, 1000, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "not a regular file"));
}

static void file_read__refuses_empty_and_too_large(void **state)
{
	struct text text;
	struct error err;
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	assert_int_equal(file_read(&text, path, 1000, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "empty"));
	fputs("0123456789", file);
	fclose(file);
	assert_int_equal(file_read(&text, path, 9, &err), STATUS_REFUSED);
	assert_ok(file_read(&text, path, 10, &err), &err);
	text_clear(&text);
}

/* What was made is to last, so that what is saved in it does. */
static void file_make_folder__brings_each_to_the_disk(void **state)
{
	struct error err;
	char deep[96];

	(void)state;
	snprintf(deep, sizeof deep, "%s/a/b", scratch);
	fsync_fails = true;
	assert_int_equal(file_make_folder(deep, &err), STATUS_REFUSED);
	assert_non_null(strstr(err.message, "Input/output error"));
	fsync_fails = false;
	assert_ok(file_make_folder(deep, &err), &err);
	fsync_fails = true;
	assert_ok(file_make_folder(deep, &err), &err); /* it is there: nothing is to be brought */
}

static void file_make_folder__makes_those_above(void **state)
{
	struct error err;
	char deep[96];

	(void)state;
	snprintf(deep, sizeof deep, "%s/a/b/c", scratch);
	assert_ok(file_make_folder(deep, &err), &err);
	assert_ok(file_make_folder(deep, &err), &err);
	assert_int_equal(access(deep, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(file_write__replaces_the_whole_file, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			file_write__leaves_the_old_file_when_the_disk_is_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_write__leaves_the_old_file_when_fsync_fails,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_write__leaves_the_old_file_when_rename_fails,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_write__writes_a_device_in_place, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(file_read__refuses_what_is_not_a_file, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(file_read__refuses_empty_and_too_large, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(file_make_folder__brings_each_to_the_disk, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(file_make_folder__makes_those_above, set_up,
						tear_down),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
