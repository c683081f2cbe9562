#include "formats/reading_file.h"

#include "base/file.h"
#include "formats/cgats.h"
#include "formats/csv.h"
#include "formats/cxf.h"
#include "formats/decode.h"
#include "formats/mif.h"
#include "formats/numbers.h"
#include "formats/qtx.h"

#include <string.h>
#include <unistd.h>

static const struct reading_format {
	const char *name;
	bool (*recognise)(const char *text);
	enum status (*read)(struct reading_list *list, struct text *text, const char *path,
			    struct notes *notes, struct error *err);
} formats[] = {
	{"CGATS", cgats_recognise, cgats_readings_read},
	{"CxF3", cxf_recognise, cxf_readings_read},
	{"Datacolor QTX", qtx_recognise, qtx_readings_read},
	{"X-Rite Color Master MIF", mif_recognise, mif_readings_read},
	{"numbers", numbers_recognise, numbers_readings_read},
	{"CSV", csv_recognise, csv_readings_read}, /* last: it takes any table */
};

enum status reading_file_load(struct text *bytes, char file[4096], const char **name,
			      const char *path, struct error *err)
{
	const char *mark = strrchr(path, '#');

	*name = mark && access(path, F_OK) ? mark + 1 : NULL;
	if (*name)
		text_copy_bytes(file, 4096, path, (size_t)(mark - path));
	else
		text_copy(file, 4096, path);
	return file_read(bytes, file, FILE_READ_MOST, err);
}

static enum status parse(struct reading_list *list, const char **name, struct text *text,
			 const char *path, struct notes *notes, struct error *err)
{
	const struct reading_format *format = formats;
	const struct reading_format *end = formats + sizeof formats / sizeof *formats;

	if (text_decode(text, path, err))
		return err->status;
	while (format < end && !format->recognise(text->data))
		format++;
	if (format == end)
		return error_set(err, STATUS_REFUSED,
				 "%s: no reading file that is known (CGATS, CxF3, QTX, MIF, CSV or "
				 "plain numbers)",
				 path);
	if (name)
		*name = format->read == csv_readings_read ? csv_dialect(text->data) : format->name;
	return format->read(list, text, path, notes, err);
}

static enum status add_named(struct reading_list *list, const struct reading_list *all,
			     const char *name, const char *path, struct error *err)
{
	size_t before = list->count;
	struct reading reading;

	for (size_t i = 0; i < all->count; i++) {
		reading_list_get(&reading, all, i);
		if (strcmp(reading.name, name) == 0 && reading_list_add(list, &reading, err))
			return err->status;
	}
	if (list->count == before)
		return error_set(err, STATUS_REFUSED, "%s: no reading “%s” among its %zu", path,
				 name, all->count);
	return STATUS_OK;
}

enum status readings_parse(struct reading_list *list, const char **format, struct text *bytes,
			   const char *name, const char *path, struct notes *notes,
			   struct error *err)
{
	size_t before = list->count;
	struct reading_list all = {0};
	enum status status = parse(name ? &all : list, format, bytes, path, notes, err);

	if (!status && name)
		status = add_named(list, &all, name, path, err);
	reading_list_clear(&all);
	if (status)
		reading_list_cut(list, before);
	return status;
}

enum status readings_read(struct reading_list *list, const char **format, const char *path,
			  struct notes *notes, struct error *err)
{
	const char *name;
	struct text bytes;
	char file[4096];
	enum status status;

	if (reading_file_load(&bytes, file, &name, path, err))
		return err->status;
	status = readings_parse(list, format, &bytes, name, file, notes, err);
	text_clear(&bytes);
	return status;
}
