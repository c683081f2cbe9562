/* Terms that other rooms name in English, since files and JSON have them so: how a dot is, what was measured, what a colour is
 * of, the notice of the example line. On a page they are in the user's language.
 */
#ifndef REPORT_TERMS_H
#define REPORT_TERMS_H

/* The term in the user's language, or `english` itself where it is none that the program names. */
const char *term(const char *english);

#endif
