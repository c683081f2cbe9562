/* The words of pages in the user's language, through gettext: _("Single use.") is looked up in the catalogue of the program, and is
 * the English that stands in the source where there is none. _n() picks a form by a number, N_() only marks words that are looked up
 * later (report/terms.h). The catalogues are languages/XX.po; `make words` brings them up to date with the source.
 *
 * Numbers have the user's decimal sign on pages and on the card, and nowhere else: whatever is read back, by this program or another,
 * has a point.
 *
 *	figures_begin(&figures);
 *	… text_addf(out, _("%.2f ml"), ml) …		3,20 ml
 *	figures_end(&figures);
 */
#ifndef REPORT_LANGUAGE_H
#define REPORT_LANGUAGE_H

#include <libintl.h>

#define _(words) dgettext("follitone", words)
#define _n(one, many, count) dngettext("follitone", one, many, (unsigned long)(count))
#define N_(words) words

/* Where the catalogues are: XX/LC_MESSAGES/follitone.mo below `folder`. None is opened before words are looked up. */
void language_open(const char *folder);

/* Between these two the calling thread prints numbers as LC_ALL, LC_NUMERIC or LANG has them; words are as before. Where there is no
 * such locale a point stays. They nest. Nothing that ends in a file to be read back may be printed in between. */
struct figures {
	void *user, *before;
};
void figures_begin(struct figures *figures);
void figures_end(struct figures *figures);

#endif
