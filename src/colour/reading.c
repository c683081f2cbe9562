#include "colour/reading.h"

#include "base/text.h"
#include "colour/cms.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- the packed list ------------------------------------------------------------------------ */

/* What neighbours in a file have in common. */
struct source {
	char file[READING_FILE_SIZE];
	struct conditions conditions;
	struct grid grid;
};

struct packed {
	size_t name;   /* offset in `names` */
	size_t sample; /* index of the first in `samples` */
	size_t source;
	struct stated_colour stated;
};

struct reading_list_store {
	struct packed *packed;
	struct source *source;
	double *samples;
	struct text names;
	size_t packed_room, sources, source_room, sample_count, sample_room;
};

/* Makes room for `wanted` entries of `size` bytes; doubles, so that adding stays cheap. */
static bool make_room(void *array, size_t *room, size_t wanted, size_t size)
{
	size_t grown_room = *room ? *room : 16;
	void **place = array, *grown;

	if (wanted <= *room)
		return true;
	while (grown_room < wanted)
		grown_room *= 2;
	grown = realloc(*place, grown_room * size);
	if (!grown)
		return false;
	*place = grown;
	*room = grown_room;
	return true;
}

/* The last source where it is the same, else a new one. */
static bool add_source(struct reading_list_store *store, const struct reading *reading)
{
	struct source *last = store->sources ? &store->source[store->sources - 1] : NULL;

	if (last && grid_same(&last->grid, &reading->reflectance.grid) &&
	    strcmp(last->file, reading->file) == 0 &&
	    memcmp(&last->conditions, &reading->conditions, sizeof last->conditions) == 0)
		return true;
	if (!make_room(&store->source, &store->source_room, store->sources + 1, sizeof *last))
		return false;
	last = &store->source[store->sources++];
	text_copy(last->file, sizeof last->file, reading->file);
	last->conditions = reading->conditions;
	last->grid = reading->reflectance.grid;
	return true;
}

enum status reading_list_add(struct reading_list *list, const struct reading *reading,
			     struct error *err)
{
	struct reading_list_store *store = list->store;
	size_t count = (size_t)reading->reflectance.grid.count;
	struct packed *packed;

	if (!store)
		store = list->store = calloc(1, sizeof *store);
	if (!store || !add_source(store, reading) ||
	    !make_room(&store->packed, &store->packed_room, list->count + 1, sizeof *packed) ||
	    !make_room(&store->samples, &store->sample_room, store->sample_count + count,
		       sizeof *store->samples))
		return error_memory(err);
	packed = &store->packed[list->count];
	*packed = (struct packed){store->names.length, store->sample_count, store->sources - 1,
				  reading->stated};
	text_add(&store->names, reading->name, strlen(reading->name) + 1);
	if (text_failed(&store->names))
		return error_memory(err);
	for (size_t i = 0; i < count; i++)
		store->samples[store->sample_count++] = reading->reflectance.value[i];
	list->count++;
	return STATUS_OK;
}

void reading_list_get(struct reading *out, const struct reading_list *list, size_t index)
{
	const struct reading_list_store *store = list->store;
	const struct packed *packed = &store->packed[index];
	const struct source *source = &store->source[packed->source];

	text_copy(out->name, sizeof out->name, store->names.data + packed->name);
	text_copy(out->file, sizeof out->file, source->file);
	out->conditions = source->conditions;
	out->stated = packed->stated;
	out->reflectance.grid = source->grid;
	for (int b = 0; b < source->grid.count; b++)
		out->reflectance.value[b] = store->samples[packed->sample + (size_t)b];
}

void reading_list_cut(struct reading_list *list, size_t count)
{
	if (count >= list->count)
		return;
	list->store->sample_count = list->store->packed[count].sample;
	list->store->names.length = list->store->packed[count].name;
	list->count = count;
}

bool reading_list_complete(struct reading_list *list, size_t first, const struct conditions *stated)
{
	bool taken = false;

	for (size_t i = first < list->count ? list->store->packed[first].source : SIZE_MAX;
	     list->store && i < list->store->sources; i++)
		taken |= conditions_complete(&list->store->source[i].conditions, stated);
	return taken;
}

void reading_list_clear(struct reading_list *list)
{
	if (list->store) {
		free(list->store->packed);
		free(list->store->source);
		free(list->store->samples);
		text_clear(&list->store->names);
	}
	free(list->store);
	*list = (struct reading_list){0};
}

bool reading_has_colour(const struct reading *reading)
{
	return reading->reflectance.grid.count > 0 || reading_is_pcs(reading);
}

bool reading_is_pcs(const struct reading *reading)
{
	const struct conditions *conditions = &reading->conditions;

	return reading->stated.has_lab && text_same(conditions->illuminant, "D50") &&
	       strcmp(conditions->observer, "2") == 0;
}

/* --- conditions ----------------------------------------------------------------------------- */

/* "45/0", "45:0", "45°:0°" are one geometry. */
static void put_geometry(char slot[48], const char *words)
{
	size_t length = 0;

	for (; *words && length < 47; words++)
		if (*words != ' ' && !((unsigned char)*words & 0x80))
			slot[length++] = *words == '/' ? ':' : *words;
	slot[length] = 0;
}

/* Light and eye may change places (Helmholtz). */
static bool is_45_0(const char *geometry)
{
	return strncmp(geometry, "45", 2) == 0 || strncmp(geometry, "0:45", 4) == 0;
}

static bool same_geometry(const char *a, const char *b)
{
	char one[48], two[48];

	put_geometry(one, a);
	put_geometry(two, b);
	return text_same(one, two) || (is_45_0(one) && is_45_0(two));
}

enum specular conditions_specular(const struct conditions *conditions)
{
	char geometry[48];

	put_geometry(geometry, conditions->geometry);
	if (conditions->specular == SPECULAR_UNKNOWN && is_45_0(geometry))
		return SPECULAR_EXCLUDED;
	return conditions->specular;
}

const char *conditions_conflict(const struct conditions *a, const struct conditions *b)
{
	enum specular one = conditions_specular(a), two = conditions_specular(b);

	if (one != SPECULAR_UNKNOWN && two != SPECULAR_UNKNOWN && one != two)
		return "specular";
	if (*a->geometry && *b->geometry && !same_geometry(a->geometry, b->geometry))
		return "geometry";
	if (a->aperture_mm > 0.0 && b->aperture_mm > 0.0 && a->aperture_mm != b->aperture_mm)
		return "aperture";
	return NULL;
}

static bool complete_words(char *slot, size_t size, const char *stated)
{
	if (*slot || !*stated)
		return false;
	text_copy(slot, size, stated);
	return true;
}

bool conditions_complete(struct conditions *conditions, const struct conditions *stated)
{
	bool taken =
		complete_words(conditions->geometry, sizeof conditions->geometry, stated->geometry);

	taken |= complete_words(conditions->mode, sizeof conditions->mode, stated->mode);
	if (conditions->aperture_mm <= 0.0 && stated->aperture_mm > 0.0) {
		conditions->aperture_mm = stated->aperture_mm;
		taken = true;
	}
	if (conditions_specular(conditions) == SPECULAR_UNKNOWN &&
	    stated->specular != SPECULAR_UNKNOWN) {
		conditions->specular = stated->specular;
		taken = true;
	}
	return taken;
}

const char *specular_text(enum specular specular)
{
	return specular == SPECULAR_INCLUDED   ? "included"
	       : specular == SPECULAR_EXCLUDED ? "excluded"
					       : "not stated";
}

/* --- repeats -------------------------------------------------------------------------------- */

static enum status add_repeat(struct spectrum *sum, const struct reading *reading,
			      const char *first, struct error *err)
{
	if (!grid_same(&reading->reflectance.grid, &sum->grid))
		return error_set(err, STATUS_REFUSED,
				 "%s: “%s” and “%s” are on different wavelengths, repeats of one "
				 "spot are needed",
				 reading->file, first, reading->name);
	for (int b = 0; b < sum->grid.count; b++)
		sum->value[b] += reading->reflectance.value[b];
	return STATUS_OK;
}

enum status reading_list_mean(struct repeats *out, const struct reading_list *list,
			      const struct illuminant *illuminant, const struct observer *observer,
			      struct error *err)
{
	struct spectrum *mean = &out->mean.reflectance;
	struct weights weights;
	struct reading reading;
	struct lab mean_lab;

	if (list->count == 0)
		return error_set(err, STATUS_REFUSED, "no readings to average");
	*out = (struct repeats){.count = (int)list->count};
	reading_list_get(&out->mean, list, 0);
	if (mean->grid.count == 0)
		return error_set(err, STATUS_REFUSED, "%s: “%s” has no spectrum", out->mean.file,
				 out->mean.name);
	for (size_t i = 1; i < list->count; i++) {
		reading_list_get(&reading, list, i);
		if (add_repeat(mean, &reading, out->mean.name, err))
			return err->status;
	}
	for (int b = 0; b < mean->grid.count; b++)
		mean->value[b] /= (double)list->count;
	if (weights_build(&weights, &mean->grid, illuminant, observer, err))
		return err->status;
	mean_lab = weights_lab(&weights, mean->value);
	for (size_t i = 0; i < list->count && list->count > 1; i++) {
		struct lab lab;

		reading_list_get(&reading, list, i);
		lab = weights_lab(&weights, reading.reflectance.value);
		out->spread_de00 += delta_e_2000(&mean_lab, &lab) / (double)list->count;
	}
	return STATUS_OK;
}
