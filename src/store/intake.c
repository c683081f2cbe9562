/* Batches are read by whoever is free and handed over in their order, so that one core writes rows while the others parse. libgit2's
 * handles are not for two threads at once: each has its own. */
#include "store/intake.h"

#include "base/clock.h"
#include "colour/lab.h"
#include "formats/profile.h"
#include "formats/recipe_file.h"
#include "store/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fewer files than one batch are read by one thread. */
enum { BATCH = 64, READERS_MOST = 16 };

enum status intake_add(bool *is_version, struct intake *list, const char *path, const char *hash,
		       struct error *err)
{
	struct intake_file file = {.version = 0};

	*is_version = layout_take(file.id, &file.version, path);
	if (!*is_version)
		return STATUS_OK;
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		struct intake_file *grown = realloc(list->file, room * sizeof *grown);

		if (!grown)
			return error_memory(err);
		list->file = grown;
		list->room = room;
	}
	text_copy(file.path, sizeof file.path, path);
	text_copy(file.hash, sizeof file.hash, hash);
	list->file[list->count++] = file;
	return STATUS_OK;
}

/* --- one row ---------------------------------------------------------------------------------- */

static void describe(struct text *words, const struct recipe *recipe)
{
	text_addf(words, "%s %s %s", recipe->stamp.name, recipe->zone, recipe->line.name);
	for (int i = 0; i < recipe->note_count; i++)
		text_addf(words, " %s", recipe->note[i]);
	for (int i = 0; i < recipe->dose_count; i++) {
		const struct bottle *bottle = &recipe->dose[i].bottle;

		text_addf(words, " %s %s %s %s", bottle->id, bottle->name, bottle->maker,
			  bottle->shade);
	}
}

static void add_dose(struct intake_row *row, const struct bottle *bottle)
{
	struct intake_dose *dose = &row->dose[row->doses++];

	snprintf(dose->title, sizeof dose->title, "%s %s %s", bottle->name, bottle->maker,
		 bottle->shade);
	text_copy(dose->pigment, sizeof dose->pigment, bottle->id);
	text_copy(dose->lot, sizeof dose->lot, bottle->lot);
	text_copy(dose->expiry, sizeof dose->expiry, bottle->expiry);
}

static struct lab lab_of(const struct recipe_look *look)
{
	return look ? look->lab : (struct lab){NAN, NAN, NAN};
}

/* What a treated patch is to look like: the field with its hair; of a drawdown the target. */
static struct lab wanted_lab(const struct recipe *recipe)
{
	const struct recipe_look *look = recipe_look_find(recipe, "natural field");

	if (!look)
		look = recipe_look_find(recipe, "wanted now");
	return look ? look->lab : recipe_required_lab(recipe);
}

/* Of the last reading of the healed patch, under the main light. */
static struct lab healed_lab(const struct recipe *recipe)
{
	const struct brief *brief = &recipe->brief;
	struct illuminant illuminant = {.power = brief->light[0].power};
	const struct reading *reading = NULL;
	struct observer observer;
	struct weights weights;
	struct error unsaid;

	for (int i = 0; i < recipe->seen_count; i++)
		if (recipe->seen[i].state == STATE_HEALED)
			reading = &recipe->seen[i].reading.mean;
	if (!reading ||
	    (!brief->light[0].own && illuminant_find(&illuminant, brief->light[0].name, &unsaid)) ||
	    observer_find(&observer, brief->observer, &unsaid) ||
	    weights_build(&weights, &reading->reflectance.grid, &illuminant, &observer, &unsaid))
		return lab_of(NULL);
	return weights_lab(&weights, reading->reflectance.value);
}

static void fill_row(struct intake_row *row, const struct recipe *recipe)
{
	const struct lab wanted = wanted_lab(recipe);

	row->stamp = recipe->stamp;
	row->required = recipe_required_lab(recipe);
	row->skin = lab_of(recipe_look_find(recipe, "bare skin"));
	row->healed = healed_lab(recipe);
	row->healed_de00 = isnan(row->healed.l) ? (double)NAN : ciede2000(&wanted, &row->healed);
	row->doses = 0;
	add_dose(row, &recipe->diluent.bottle);
	for (int i = 0; i < recipe->dose_count; i++)
		add_dose(row, &recipe->dose[i].bottle);
	row->sessions = recipe->session_count;
	memcpy(row->session, recipe->session, (size_t)row->sessions * sizeof *row->session);
	row->words.length = 0;
	describe(&row->words, recipe);
}

/* --- many ------------------------------------------------------------------------------------- */

struct reader {
	struct repository *repository; /* NULL: the snapshot's */
	struct recipe *recipe;         /* room to read one into */
	struct intake_row *row;        /* of a batch */
};

static void read_row(struct intake_row *row, struct reader *reader,
		     const struct intake_source *source)
{
	const struct intake_file *file = row->file;
	struct text text = {0};

	row->is_fault = snapshot_read_hash(&text, source->snapshot, reader->repository, file->path,
					   file->hash, &row->fault) ||
			recipe_skim(reader->recipe, &text, file->path, &row->fault) ||
			layout_check(&reader->recipe->stamp, file->id, file->version, &row->fault);
	text_clear(&text);
	if (!row->is_fault)
		fill_row(row, reader->recipe);
}

static int batch_size(const struct intake *list, size_t first)
{
	return list->count - first < BATCH ? (int)(list->count - first) : BATCH;
}

static void read_batch(struct reader *reader, const struct intake *list, size_t first,
		       const struct intake_source *source)
{
	for (int i = 0; i < batch_size(list, first); i++) {
		reader->row[i].file = &list->file[first + (size_t)i];
		read_row(&reader->row[i], reader, source);
	}
}

static enum status hand_over(const struct reader *reader, const struct intake *list, size_t first,
			     intake_take *take, void *data, struct error *err)
{
	for (int i = 0; i < batch_size(list, first); i++) {
		enum status status = text_failed(&reader->row[i].words)
					     ? error_memory(err)
					     : take(&reader->row[i], data);

		if (status)
			return status;
	}
	return STATUS_OK;
}

/* The caller's own handle serves where there is one reader. */
static enum status open_readers(struct reader *reader, int count, const char *folder,
				struct error *err)
{
	for (int i = 0; i < count; i++) {
		reader[i].recipe = malloc(sizeof *reader[i].recipe);
		reader[i].row = calloc(BATCH, sizeof *reader[i].row);
		if (!reader[i].recipe || !reader[i].row)
			return error_memory(err);
		if (count > 1 && repository_open(&reader[i].repository, folder, false, err))
			return err->status;
	}
	return STATUS_OK;
}

static void close_readers(struct reader *reader, int count)
{
	for (int i = 0; i < count; i++) {
		for (int row = 0; reader[i].row && row < BATCH; row++)
			text_clear(&reader[i].row[row].words);
		repository_close(reader[i].repository);
		free(reader[i].recipe);
		free(reader[i].row);
	}
}

static int count_readers(const struct intake *list)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (list->count <= BATCH || cores < 1)
		return 1;
	return cores < READERS_MOST ? (int)cores : READERS_MOST;
}

static enum status read_all(struct reader *reader, int readers, const struct intake *list,
			    const struct intake_source *source, intake_take *take, void *data,
			    struct error *err)
{
	const double start = clock_monotonic_seconds();
	enum status status = STATUS_OK;
	int next = 0;

#pragma omp parallel num_threads(readers)
	{
		struct reader *mine;
		int number;

#pragma omp atomic capture
		number = next++;
		mine = &reader[number];
#pragma omp for ordered schedule(dynamic, 1)
		for (size_t first = 0; first < list->count; first += BATCH) {
			enum status now;

#pragma omp atomic read
			now = status;
			if (!now)
				read_batch(mine, list, first, source);
#pragma omp ordered
			if (!now && !status) {
				now = hand_over(mine, list, first, take, data, err);
#pragma omp atomic write
				status = now;
				if (source->watch.report)
					source->watch.report(source->watch.data, first, list->count,
							     clock_monotonic_seconds() - start);
			}
		}
	}
	return status;
}

enum status intake_read(const struct intake *list, const struct intake_source *source,
			intake_take *take, void *data, struct error *err)
{
	struct reader reader[READERS_MOST] = {{0}};
	int readers = count_readers(list);
	enum status status = open_readers(reader, readers, source->folder, err);

	repository_trust(true);
	if (!status)
		status = read_all(reader, readers, list, source, take, data, err);
	repository_trust(false);
	close_readers(reader, readers);
	return status;
}
