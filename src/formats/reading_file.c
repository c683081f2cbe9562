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

static enum status read_file(struct reading_list *list, const char **name, const char *path,
			     struct notes *notes, struct error *err)
{
	struct text text;
	enum status status;

	if (file_read(&text, path, FILE_READ_MOST, err))
		return err->status;
	status = text_decode(&text, path, err);
	if (!status) {
		const struct reading_format *format = formats;
		const struct reading_format *end = formats + sizeof formats / sizeof *formats;

		while (format < end && !format->recognise(text.data))
			format++;
		if (format < end && name)
			*name = format->name;
		status = format < end ? format->read(list, &text, path, notes, err)
				      : error_set(err, STATUS_REFUSED,
						  "%s: no reading file that is known (CGATS, CxF3, "
						  "QTX, MIF, CSV or plain numbers)",
						  path);
	}
	text_clear(&text);
	return status;
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

enum status readings_read(struct reading_list *list, const char **format, const char *path,
			  struct notes *notes, struct error *err)
{
	size_t before = list->count;
	const char *mark = strrchr(path, '#');
	struct reading_list all = {0};
	char file[4096];
	enum status status;

	if (!mark || access(path, F_OK) == 0) {
		status = read_file(list, format, path, notes, err);
	} else {
		text_copy_bytes(file, sizeof file, path, (size_t)(mark - path));
		status = read_file(&all, format, file, notes, err);
		if (!status)
			status = add_named(list, &all, mark + 1, file, err);
		reading_list_clear(&all);
	}
	if (status)
		reading_list_cut(list, before);
	return status;
}
