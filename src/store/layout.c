/* A path is taken only where it is, letter for letter, the one that would be written: no other spelling of a version is a version. */
#include "store/layout.h"

#include "base/number.h"

#include <stdio.h>
#include <string.h>

void layout_reference(char reference[REPOSITORY_REFERENCE_SIZE], const char *clinic)
{
	snprintf(reference, REPOSITORY_REFERENCE_SIZE, "%s%s",
		 *clinic ? REPOSITORY_SHARED : REPOSITORY_OWN, clinic);
}

const char *layout_clinic(const char *reference)
{
	const size_t start = strlen(REPOSITORY_SHARED), digits = KEY_ID_SIZE - 1;

	return strncmp(reference, REPOSITORY_SHARED, start) == 0 &&
			       strlen(reference) == start + digits &&
			       strspn(reference + start, "0123456789abcdef") == digits
		       ? reference + start
		       : "";
}

void layout_folder(char path[REPOSITORY_PATH_SIZE], const char *id)
{
	snprintf(path, REPOSITORY_PATH_SIZE, "recipes/%.2s/%s", id, id);
}

void layout_path(char path[REPOSITORY_PATH_SIZE], const char *id, int version)
{
	snprintf(path, REPOSITORY_PATH_SIZE, "recipes/%.2s/%s/%d.cfg", id, id, version);
}

bool layout_take(char id[RANDOM_ID_SIZE], int *version, const char *path)
{
	const char *name = path + strlen("recipes/ab/"), *dot;
	char number[16], expected[REPOSITORY_PATH_SIZE];

	if (strlen(path) <= strlen("recipes/ab/") + RANDOM_ID_SIZE)
		return false;
	text_copy_bytes(id, RANDOM_ID_SIZE, name, RANDOM_ID_SIZE - 1);
	if (strspn(id, "0123456789abcdef") != RANDOM_ID_SIZE - 1)
		return false;
	name += RANDOM_ID_SIZE;
	dot = strchr(name, '.');
	if (!dot)
		return false;
	text_copy_bytes(number, sizeof number, name, (size_t)(dot - name));
	if (!number_read_integer(version, number) || *version < 1)
		return false;
	layout_path(expected, id, *version);
	return strcmp(path, expected) == 0;
}

enum status layout_check(const struct recipe_stamp *stamp, const char *id, int version,
			 struct error *err)
{
	char path[REPOSITORY_PATH_SIZE];

	if (strcmp(stamp->id, id) == 0 && stamp->version == version)
		return STATUS_OK;
	layout_path(path, id, version);
	return error_set(err, STATUS_REFUSED, "%s says that it is version %d of %s", path,
			 stamp->version, stamp->id);
}
