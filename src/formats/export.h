/* Colours out, in the forms that other programs read.
 *
 *   .txt   CGATS.17 (ISO 28178), reflectance 0..1 with XYZ and Lab under the first light
 *   .ti3   CGATS as ArgyllCMS writes it, reflectance in percent
 *   .cxf   CxF3 (ISO 17972-1)
 *   .csv   as formats/csv.h reads it
 *   .ase   Adobe Swatch Exchange: ICC PCS Lab
 *   .gpl   GIMP palette: values of 8 bits for a screen; says so in itself
 *
 * Numbers are written so that they read back to the same bits (in .ti3, to their last one). Readings that
 * were not taken alike, or on other wavelengths, stand in tables or under specifications of their own;
 * .csv and .ti3 have no place for that and refuse them. A reading without spectrum leaves with its Lab
 * alone. What a form cannot hold of the conditions is noted.
 */
#ifndef FORMATS_EXPORT_H
#define FORMATS_EXPORT_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/colours.h"

/* True where a path's ending names one of these that holds readings: .txt, .ti3, .cxf or .csv. */
bool export_holds_readings(const char *path);

/* Sets *out to the file's bytes, to be cleared by the caller. For .gpl the colours must be shown by an RGB
 * device (colours_show()), which it names; out of gamut ones are noted. */
enum status export_print(struct text *out, const char *path, const struct colours *colours,
			 struct notes *notes, struct error *err);

#endif
