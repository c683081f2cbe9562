/* Files of [SECTION] lines and KEY=value lines: Datacolor QTX and X-Rite Color Master MIF. */
#ifndef FORMATS_SECTIONS_H
#define FORMATS_SECTIONS_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

/* Datacolor QTX: [STANDARD_DATA n] and [BATCH_DATA n], reflectance in percent, the grid stated. */
bool qtx_recognise(const char *text);
enum status qtx_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

/* X-Rite Color Master MIF: [STANDARD], [TRIAL] and [MEASUREMENT], a line per geometry, percent. The
 * grid is not in the file: 31 values are taken for 400–700 nm by 10, and a note says so. */
bool mif_recognise(const char *text);
enum status mif_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

#endif
