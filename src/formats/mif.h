/* X-Rite Color Master MIF: [STANDARD], [TRIAL] and [MEASUREMENT], a line per geometry, percent. The
 * grid is not in the file: 31 values are taken for 400–700 nm by 10, and a note says so. */
#ifndef FORMATS_MIF_H
#define FORMATS_MIF_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

bool mif_recognise(const char *text);
enum status mif_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

#endif
