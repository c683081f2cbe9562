/* Numbers that were typed by hand or pasted: no names, no delimiters to speak of.
 *
 * What is understood, blanks, semicolons, tabs, line ends or commas between the numbers:
 *   wavelengths in the first line, then a line a reading;
 *   a wavelength and its reflectances on each line;
 *   reflectances alone, a line a reading or one reading over many lines, where their count is one that
 *   instruments have: 31 are 400–700 nm by 10, and a note says so.
 * A decimal comma, a % behind each number, "nm" and "# key: value" lines as in our CSV are understood.
 */
#ifndef FORMATS_NUMBERS_H
#define FORMATS_NUMBERS_H

#include "base/notes.h"
#include "base/text.h"
#include "colour/reading.h"

bool numbers_recognise(const char *text);
enum status numbers_readings_read(struct reading_list *list, struct text *text, const char *path,
				  struct notes *notes, struct error *err);

#endif
