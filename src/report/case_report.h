/* The case report: a case or recipes as one PDF for the client's file. First what it comes to, then readings, plan or mix, cards,
 * previews, and at the end where all is from and what was assumed.
 */
#ifndef REPORT_CASE_REPORT_H
#define REPORT_CASE_REPORT_H

#include "base/text.h"
#include "match/dossier.h"
#include "report/picture_format.h"

/* Sets *out to the bytes of the PDF; `paper` is A4 or letter, `cup_ml` that of the cards. The same dossier gives the same bytes. To be cleared. */
enum status case_report(struct text *out, const struct dossier *dossier, enum card_paper paper,
			double cup_ml, struct error *err);

#endif
