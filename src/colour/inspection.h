/* What is in a file of readings: each one's colour, how far repeats are apart, and whether the colours
 * that the file states are ours.
 *
 *	struct inspection inspection = {.readings = …};   (takes the list over)
 *	inspection_measure(&inspection, &meter, &err);
 *	inspection_clear(&inspection);
 */
#ifndef COLOUR_INSPECTION_H
#define COLOUR_INSPECTION_H

#include "colour/colours.h"

struct inspected_reading {
	struct reading_colour colour; /* where has_colour */
	bool has_colour;              /* a spectrum, or a picture's PCS Lab */
	bool compared;                /* with the Lab or XYZ that the file states */
	double stated_de00;           /* CIEDE2000 between that and ours under its light */
	double from_mean_de00;        /* distance from the mean of its group */
	int group;                    /* number among all groups, also those of one, or -1 */
};

/* Repeats of one spot: readings of one name that were taken alike; where no name comes twice, all
 * readings of the file, which the user may mean so. */
struct inspected_group {
	char name[READING_NAME_SIZE]; /* empty: all */
	enum specular specular;
	int count;
	double spread_de00;  /* MCDM */
	int outlier;         /* index of a reading that is far from the others, or -1 */
	double outlier_de00; /* its distance from the mean of the others */
};

struct inspection {
	char file[READING_FILE_SIZE];
	char format[32]; /* as it was recognised: "CGATS", "CxF3" … */
	struct reading_list readings;
	struct inspected_reading *item; /* one for each */
	struct inspected_group *group;  /* of two or more spectra on one grid each */
	int groups;
};

/* Measures every reading under the meter's light; spread and outlier where there are repeats. The reading
 * farthest from the mean of the others is an outlier where that is more than four times their own spread
 * and than 1.0: it is pointed at, never dropped. */
enum status inspection_measure(struct inspection *inspection, struct colorimeter *meter,
			       struct error *err);

/* Compares reading `index` with its stated colour under the stated light and eye. */
enum status inspection_compare(struct inspection *inspection, size_t index,
			       const struct illuminant *illuminant, const struct observer *observer,
			       struct error *err);

void inspection_clear(struct inspection *inspection);

struct inspection_list {
	struct inspection *item;
	size_t count;
};
void inspection_list_clear(struct inspection_list *list);

#endif
