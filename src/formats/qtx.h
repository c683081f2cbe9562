/* Datacolor QTX: [STANDARD_DATA n] and [BATCH_DATA n], reflectance in percent, the grid stated. */
#ifndef FORMATS_QTX_H
#define FORMATS_QTX_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

bool qtx_recognise(const char *text);
enum status qtx_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

#endif
