/* The words of pages in the user's language, through gettext: _("Single use.") is looked up in the catalogue of the program, and is
 * the English that stands in the source where there is none. N_() only marks words that are looked up later.
 */
#ifndef REPORT_LANGUAGE_H
#define REPORT_LANGUAGE_H

#include <libintl.h>

#define _(words) dgettext("follitone", words)
#define N_(words) words

#endif
