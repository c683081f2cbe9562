/* CGATS.17 / ISO 28178 text, read strictly.
 *
 * LittleCMS's own reader loads 0,5 as 0 and shifts cells where one is missing (and follows
 * .INCLUDE), so strangers' files do not go there; it is the independent check in tests. Here a set
 * is one line, cells stay text, and declared counts must be true. A file whose BEGIN_DATA_FORMAT
 * line has tabs separates cells by tabs only, so names may hold blanks.
 */
#ifndef FORMATS_CGATS_H
#define FORMATS_CGATS_H

#include "formats/table.h"

bool cgats_recognise(const char *text);

/* Readings of every table of decoded `text` (which it may change). A table that holds no colours, such
 * as ArgyllCMS's calibration curves, is left out with a note. */
enum status cgats_readings_read(struct reading_list *list, struct text *text, const char *path,
				struct notes *notes, struct error *err);

/* One spectrum of any quantity, such as a light in an ArgyllCMS .sp file: the only row of its table. */
enum status cgats_spectrum_read(struct spectrum *out, struct text *text, const char *path,
				struct notes *notes, struct error *err);

#endif
