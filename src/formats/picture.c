#include "formats/picture.h"

#include "base/number.h"

#include <string.h>

static const struct kind {
	const char *name, *begins;
	size_t length;
} kinds[] = {
	{"png", "\x89PNG\r\n\x1a\n", 8},
	{"jpeg", "\xff\xd8\xff", 3},
	{"tiff", "II*\0", 4},
	{"tiff", "MM\0*", 4},
};

static const struct kind *find_kind(const char *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (length > kinds[i].length &&
		    memcmp(bytes, kinds[i].begins, kinds[i].length) == 0)
			return &kinds[i];
	return NULL;
}

bool picture_recognise(const char *bytes, size_t length)
{
	return find_kind(bytes, length) != NULL;
}

const char *picture_kind(const char *bytes, size_t length)
{
	const struct kind *kind = find_kind(bytes, length);

	return kind ? kind->name : "";
}

bool picture_region_read(struct picture_region *region, const char *words)
{
	int *const value[4] = {&region->x, &region->y, &region->width, &region->height};
	char copy[64], *rest = copy;

	text_copy(copy, sizeof copy, words);
	for (int i = 0; i < 4; i++) {
		char *part = strsep(&rest, ",");

		if (!part || !number_read_integer(value[i], part) || *value[i] < (i > 1))
			return false;
	}
	return rest == NULL;
}

void picture_clear(struct picture *picture)
{
	text_clear(&picture->pixels);
	text_clear(&picture->profile);
	*picture = (struct picture){0};
}
