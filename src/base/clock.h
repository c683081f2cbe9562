/* The time a thing was made, as text. SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the
 * clock where it is set, so that the same input gives the same bytes. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <time.h>

enum { CLOCK_TEXT_SIZE = 21, CLOCK_DAY_SIZE = 11 };

/* Seconds since 1970. */
time_t clock_seconds(void);

/* RFC 3339 in UTC: 2026-11-23T04:30:00Z. */
void clock_text(char slot[CLOCK_TEXT_SIZE]);

/* True where `text` has that form and names a time that exists. */
bool clock_text_valid(const char *text);

/* The day (UTC) that is so many days from today: 2026-11-23. */
void clock_day(char slot[CLOCK_DAY_SIZE], int days_from_today);

/* True where `text` has that form and names a day that exists. Such days are in the order of strcmp(). */
bool clock_day_valid(const char *text);

/* Days since 1970 of a text that clock_text_valid(). */
long clock_days(const char *text);

/* Seconds of a clock that never jumps, for durations. */
double clock_monotonic_seconds(void);

#endif
