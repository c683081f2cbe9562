#include "pigment/pigment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int pigment_line_find(const struct pigment_line *line, const char *id)
{
	for (int i = 0; i < line->count; i++)
		if (strcmp(line->pigment[i].bottle.id, id) == 0)
			return i;
	return -1;
}

static void clip_pigment(struct pigment *pigment, int first, int count)
{
	memmove(pigment->k_per_mm, pigment->k_per_mm + first, (size_t)count * sizeof(double));
	memmove(pigment->s_per_mm, pigment->s_per_mm + first, (size_t)count * sizeof(double));
}

void pigment_line_clip(struct pigment_line *line, const struct grid *grid)
{
	int first = (int)lround((grid->start_nm - line->grid.start_nm) / line->grid.step_nm);

	for (int i = 0; i < line->count; i++)
		clip_pigment(&line->pigment[i], first, grid->count);
	clip_pigment(&line->diluent, first, grid->count);
	line->grid = *grid;
}

void pigment_line_clear(struct pigment_line *line)
{
	free(line->pigment);
	*line = (struct pigment_line){0};
}
