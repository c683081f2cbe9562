/* CxF3 (ISO 17972-1): XML with spectra and colours as objects, and how they were measured as
 * specifications that objects refer to. Read by expat; a DOCTYPE is refused, so no entity can grow
 * and no other file is opened.
 */
#ifndef FORMATS_CXF_H
#define FORMATS_CXF_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

bool cxf_recognise(const char *text);

/* Objects with a ReflectanceSpectrum on a regular grid, or a ColorCIELab or ColorCIEXYZ. Objects that
 * hold neither are left out and counted in a note; uneven CustomSpectrum is refused. */
enum status cxf_readings_read(struct reading_list *list, struct text *text, const char *path,
			      struct notes *notes, struct error *err);

#endif
