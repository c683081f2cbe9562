/* The parts of a case report, each from where the one before it ended. For this report only. */
#ifndef REPORT_CASE_PAGES_H
#define REPORT_CASE_PAGES_H

#include "match/dossier.h"
#include "report/pages.h"

#define BODY_SIZE 8.5
#define SMALL_SIZE 7.5

/* The first page: what the case comes to, zone by zone. */
void report_summary(struct pages *pages, const struct dossier *dossier);

/* What was read, with its spread; and the skin that was fitted to it. */
void report_readings(struct pages *pages, const struct dossier *dossier);

/* Every zone: its sessions, or its mix. */
void report_zones(struct pages *pages, const struct dossier *dossier);

/* Where it is all from; and what was assumed or noted. */
void report_sources(struct pages *pages, const struct dossier *dossier);
void report_assumptions(struct pages *pages, const struct dossier *dossier);

/* Names of the zones whose bits are set, with commas; nothing where that is all of several. */
void report_zone_names(struct text *out, const struct dossier *dossier, unsigned long zones);

#endif
