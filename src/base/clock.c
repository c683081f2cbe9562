/* Texts are checked by reading them, normalising what was read and writing it again: a day that does not exist comes out as another. */
#include "base/clock.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

#define CLOCK_FORMAT "%Y-%m-%dT%H:%M:%SZ"

time_t clock_seconds(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	double seconds;

	if (fixed && number_read(&seconds, fixed) && seconds >= 0 && seconds < 253402300800.0)
		return (time_t)seconds;
	return time(NULL);
}

void clock_text(char slot[CLOCK_TEXT_SIZE])
{
	time_t now = clock_seconds();
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(slot, CLOCK_TEXT_SIZE, CLOCK_FORMAT, &utc);
}

bool clock_text_valid(const char *text)
{
	char again[CLOCK_TEXT_SIZE];
	struct tm utc = {0};
	const char *end = strptime(text, CLOCK_FORMAT, &utc);

	if (!end || *end)
		return false;
	timegm(&utc); /* normalises 30 February to 2 March */
	return strftime(again, sizeof again, CLOCK_FORMAT, &utc) && strcmp(again, text) == 0;
}

void clock_day(char slot[CLOCK_DAY_SIZE], int days_from_today)
{
	time_t then = clock_seconds() + (time_t)days_from_today * 86400;
	struct tm utc;

	gmtime_r(&then, &utc);
	if (!strftime(slot, CLOCK_DAY_SIZE, "%Y-%m-%d", &utc))
		*slot = 0;
}

bool clock_day_valid(const char *text)
{
	char midnight[CLOCK_TEXT_SIZE];

	if (strlen(text) != CLOCK_DAY_SIZE - 1)
		return false;
	memcpy(midnight, text, CLOCK_DAY_SIZE - 1);
	memcpy(midnight + CLOCK_DAY_SIZE - 1, "T00:00:00Z", sizeof midnight - CLOCK_DAY_SIZE + 1);
	return clock_text_valid(midnight);
}

long clock_days(const char *text)
{
	struct tm utc = {0};

	strptime(text, CLOCK_FORMAT, &utc);
	return (long)(timegm(&utc) / 86400);
}

double clock_monotonic_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
