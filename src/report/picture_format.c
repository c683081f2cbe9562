#include "report/picture_format.h"

#include <string.h>

const char *const card_paper_names[PAPERS] = {"a4", "a5", "a6", "letter", "label"};

/* ISO 216; ANSI letter; a label of 62 × 100 mm, as label printers have. */
const struct paper_size card_paper_sizes[PAPERS] = {
	{595.28, 841.89}, {419.53, 595.28}, {297.64, 419.53}, {612.0, 792.0}, {175.75, 283.46}};

enum status picture_format_of(enum picture_format *format, const char *path, const char *what,
			      bool text, struct error *err)
{
	static const struct {
		const char *ending;
		enum picture_format format;
	} known[] = {{".pdf", PICTURE_PDF},
		     {".png", PICTURE_PNG},
		     {".svg", PICTURE_SVG},
		     {".txt", PICTURE_TEXT}};
	size_t count = sizeof known / sizeof *known - !text;
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < count; i++)
		if (text_same(dot, known[i].ending)) {
			*format = known[i].format;
			return STATUS_OK;
		}
	return error_set(err, STATUS_REFUSED, "%s: %s can be written as .pdf, .png%s .svg%s", path,
			 what, text ? "," : " or", text ? " or .txt" : "");
}
