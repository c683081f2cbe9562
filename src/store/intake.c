/* Batches are read by whoever is free and handed over in their order by whoever comes when the next one is there, so that one core writes
 * rows while the others parse, and none waits for its turn. libgit2's handles are not for two threads at once: each has its own. */
#include "store/intake.h"

#include "base/clock.h"
#include "colour/lab.h"
#include "formats/profile.h"
#include "formats/recipe_file.h"
#include "store/layout.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* FEW files are read by one thread. */
enum { BATCH = 16, BATCHES_AHEAD = 8, READERS_MOST = 16, FEW = 64 };

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

/* A batch on its way: read by one thread, handed over by any. */
struct batch {
	struct intake_row row[BATCH];
	bool read;
};

/* All batches, in a ring; those from `handed` up to `begun` are on their way. */
struct conveyor {
	const struct intake *list;
	const struct intake_source *source;
	intake_take *take;
	void *data;
	struct error *err;
	double start;

	pthread_mutex_t lock; /* of all below but the batches' rows */
	pthread_cond_t moved;
	struct batch *ring;
	size_t ring_size, count, begun, handed;
	bool handing; /* somebody is at it */
	enum status status;
};

struct reader {
	struct repository *repository; /* NULL: the snapshot's */
	struct recipe *recipe;         /* room to read one into */
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

static size_t batch_size(const struct conveyor *work, size_t number)
{
	size_t left = work->list->count - number * BATCH;

	return left < BATCH ? left : BATCH;
}

static void read_batch(struct batch *batch, struct reader *reader, const struct conveyor *work,
		       size_t number)
{
	for (size_t i = 0; i < batch_size(work, number); i++) {
		batch->row[i].file = &work->list->file[number * BATCH + i];
		read_row(&batch->row[i], reader, work->source);
	}
}

static enum status hand_over(const struct batch *batch, struct conveyor *work, size_t number)
{
	const struct index_watch *watch = &work->source->watch;

	for (size_t i = 0; i < batch_size(work, number); i++) {
		enum status status = text_failed(&batch->row[i].words)
					     ? error_memory(work->err)
					     : work->take(&batch->row[i], work->data);

		if (status)
			return status;
	}
	if (watch->report)
		watch->report(watch->data, number * BATCH, work->list->count,
			      clock_monotonic_seconds() - work->start);
	return STATUS_OK;
}

/* With the lock held, as it is when this returns. */
static void hand_over_next(struct conveyor *work)
{
	struct batch *batch = &work->ring[work->handed % work->ring_size];
	enum status status;

	work->handing = true;
	pthread_mutex_unlock(&work->lock);
	status = hand_over(batch, work, work->handed);
	pthread_mutex_lock(&work->lock);
	work->status = status;
	work->handing = false;
	batch->read = false;
	work->handed++;
}

static void read_next(struct conveyor *work, struct reader *reader)
{
	size_t number = work->begun++;
	struct batch *batch = &work->ring[number % work->ring_size];

	pthread_mutex_unlock(&work->lock);
	read_batch(batch, reader, work, number);
	pthread_mutex_lock(&work->lock);
	batch->read = true;
}

/* What is read is handed over first, so that the ring is never full of it; nobody waits while there is something to read. */
static void run_reader(struct conveyor *work, struct reader *reader)
{
	pthread_mutex_lock(&work->lock);
	while (!work->status && work->handed < work->count) {
		if (!work->handing && work->ring[work->handed % work->ring_size].read)
			hand_over_next(work);
		else if (work->begun < work->count && work->begun - work->handed < work->ring_size)
			read_next(work, reader);
		else {
			pthread_cond_wait(&work->moved, &work->lock);
			continue;
		}
		pthread_cond_broadcast(&work->moved);
	}
	pthread_mutex_unlock(&work->lock);
}

/* The caller's own handle serves where there is one reader. */
static enum status open_readers(struct reader *reader, int count, const char *folder,
				struct error *err)
{
	for (int i = 0; i < count; i++) {
		reader[i].recipe = malloc(sizeof *reader[i].recipe);
		if (!reader[i].recipe)
			return error_memory(err);
		if (count > 1 && repository_open(&reader[i].repository, folder, false, err))
			return err->status;
	}
	return STATUS_OK;
}

static void close_readers(struct reader *reader, int count)
{
	for (int i = 0; i < count; i++) {
		repository_close(reader[i].repository);
		free(reader[i].recipe);
	}
}

static int count_readers(const struct intake *list)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (list->count <= FEW || cores < 1)
		return 1;
	return cores < READERS_MOST ? (int)cores : READERS_MOST;
}

static enum status run_conveyor(struct conveyor *work, struct reader *reader, int readers)
{
	int next = 0;

	work->ring_size = (size_t)readers * BATCHES_AHEAD;
	work->ring = calloc(work->ring_size, sizeof *work->ring);
	if (!work->ring)
		return error_memory(work->err);
#pragma omp parallel num_threads(readers)
	{
		int number;

#pragma omp atomic capture
		number = next++;
		run_reader(work, &reader[number]);
	}
	for (size_t i = 0; i < work->ring_size; i++)
		for (int row = 0; row < BATCH; row++)
			text_clear(&work->ring[i].row[row].words);
	free(work->ring);
	return work->status;
}

enum status intake_read(const struct intake *list, const struct intake_source *source,
			intake_take *take, void *data, struct error *err)
{
	struct conveyor work = {.list = list,
				.source = source,
				.take = take,
				.data = data,
				.err = err,
				.start = clock_monotonic_seconds(),
				.lock = PTHREAD_MUTEX_INITIALIZER,
				.moved = PTHREAD_COND_INITIALIZER,
				.count = (list->count + BATCH - 1) / BATCH};
	struct reader reader[READERS_MOST] = {{0}};
	int readers = count_readers(list);
	enum status status = open_readers(reader, readers, source->folder, err);

	repository_trust(true);
	if (!status)
		status = run_conveyor(&work, reader, readers);
	repository_trust(false);
	close_readers(reader, readers);
	return status;
}
