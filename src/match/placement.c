/* Darts are thrown; one that hits too near to another does not count. What is near is looked for in the nine cells
 * around it, cells being as wide as two places must be apart. */
#include "match/placement.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* So many darts in a row miss only where nothing is free any more (some percent are, at the end): then a little
 * less distance does. */
enum { DARTS_MOST = 4000 };
#define LESS 0.97

struct cells {
	int columns, rows;
	int *first; /* of each cell; -1: none */
	int *next;  /* of each place */
};

/* splitmix64: Steele, Lea & Flood, OOPSLA 2014. */
static double random_of(struct placement *placement)
{
	unsigned long long z = placement->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static int cell_of(const struct cells *cells, const struct placement *placement,
		   const struct place *place)
{
	int column = (int)(place->x_mm / placement->width_mm * cells->columns);
	int row = (int)(place->y_mm / placement->height_mm * cells->rows);

	return row * cells->columns + column;
}

static void put(struct cells *cells, const struct placement *placement, int index)
{
	int *first = &cells->first[cell_of(cells, placement, &placement->place[index])];

	cells->next[index] = *first;
	*first = index;
}

static double distance_squared(const struct placement *placement, const struct place *a,
			       const struct place *b)
{
	double x = remainder(a->x_mm - b->x_mm, placement->width_mm);
	double y = remainder(a->y_mm - b->y_mm, placement->height_mm);

	return x * x + y * y;
}

static bool is_free(const struct cells *cells, const struct placement *placement,
		    const struct place *place, double apart_mm)
{
	int cell = cell_of(cells, placement, place);
	int column = cell % cells->columns, row = cell / cells->columns;

	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++) {
			int other = (row + i + cells->rows) % cells->rows * cells->columns +
				    (column + j + cells->columns) % cells->columns;

			for (int p = cells->first[other]; p >= 0; p = cells->next[p])
				if (distance_squared(placement, place, &placement->place[p]) <
				    apart_mm * apart_mm)
					return false;
		}
	return true;
}

static void throw_darts(struct placement *placement, struct cells *cells, int count,
			double apart_mm)
{
	int missed = 0;

	while (placement->count < count) {
		struct place *place = &placement->place[placement->count];

		*place = (struct place){.x_mm = random_of(placement) * placement->width_mm};
		place->y_mm = random_of(placement) * placement->height_mm;
		place->turn = random_of(placement);
		if (is_free(cells, placement, place, apart_mm)) {
			put(cells, placement, placement->count++);
			missed = 0;
		} else if (++missed == DARTS_MOST) {
			apart_mm *= LESS;
			missed = 0;
		}
	}
}

/* As many as stand in a length, each at least as wide as two places must be apart. */
static int cells_along(double length_mm, double apart_mm)
{
	return (int)fmax(floor(length_mm / apart_mm), 1.0);
}

void placement_open(struct placement *placement, double width_mm, double height_mm,
		    unsigned long long seed)
{
	*placement =
		(struct placement){.width_mm = width_mm, .height_mm = height_mm, .state = seed};
}

enum status placement_add(struct placement *placement, int count, struct error *err)
{
	int all = placement->count + count;
	double apart_mm = PLACEMENT_SHARE *
			  sqrt(placement->width_mm * placement->height_mm / (all ? all : 1));
	struct cells cells = {.columns = cells_along(placement->width_mm, apart_mm),
			      .rows = cells_along(placement->height_mm, apart_mm)};
	size_t cell_count = (size_t)cells.columns * (size_t)cells.rows;
	struct place *place;
	enum status status = STATUS_OK;

	if (count <= 0)
		return STATUS_OK;
	place = realloc(placement->place, (size_t)all * sizeof *place);
	if (!place)
		return error_memory(err);
	placement->place = place;
	cells.first = malloc(cell_count * sizeof *cells.first);
	cells.next = malloc((size_t)all * sizeof *cells.next);
	if (cells.first && cells.next) {
		for (size_t i = 0; i < cell_count; i++)
			cells.first[i] = -1;
		for (int i = 0; i < placement->count; i++)
			put(&cells, placement, i);
		throw_darts(placement, &cells, all, apart_mm);
	} else {
		status = error_memory(err);
	}
	free(cells.first);
	free(cells.next);
	return status;
}

void placement_clear(struct placement *placement)
{
	free(placement->place);
	placement->place = NULL;
	placement->count = 0;
}
