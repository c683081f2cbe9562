/* Reading on: under SQLite's write lock the reference is looked at, and the files that its tree has more than that of the commit
 * which was read last are read; lock first, so the reference can only be ahead. A tree that has less is a store that was put
 * back from a copy: then what is gone is taken out too.
 *
 * Words are found by FTS5, colours by looking at all of them: 100,000 CIEDE2000 take less than a page of text does to print. */
#include "store/index.h"

#include "colour/lab.h"
#include "store/layout.h"
#include "store/sql.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SCHEMA_NUMBER = 2 };

#define TABLES                                                                                     \
	"CREATE TABLE source (reference TEXT PRIMARY KEY, tip TEXT NOT NULL);"                     \
	"CREATE TABLE version (key INTEGER PRIMARY KEY, clinic TEXT NOT NULL, path TEXT NOT "      \
	"NULL, id TEXT, version INTEGER, "                                                         \
	"name TEXT, made TEXT, hash TEXT, parent TEXT, l REAL, a REAL, b REAL, skin_l REAL, "      \
	"skin_a REAL, skin_b REAL, healed_l REAL, healed_a REAL, healed_b REAL, healed_de00 "      \
	"REAL, "                                                                                   \
	"newest INTEGER);"                                                                         \
	"CREATE TABLE dose (version INTEGER, pigment TEXT, title TEXT, lot TEXT, expiry TEXT);"    \
	"CREATE TABLE used (version INTEGER, session TEXT, day TEXT, number INTEGER, operator "    \
	"TEXT, "                                                                                   \
	"drops INTEGER, pigment TEXT, lot TEXT, expiry TEXT);"                                     \
	"CREATE TABLE fault (clinic TEXT NOT NULL, path TEXT NOT NULL, message TEXT, PRIMARY KEY " \
	"(clinic, path));"                                                                         \
	"CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics "    \
	"2');"

/* Made after many rows and not with each: sorted once. */
#define INDEXES                                                                                    \
	INDEX("UNIQUE INDEX version_path ON version (clinic, path)")                               \
	INDEX("INDEX version_id ON version (id, clinic, version)")                                 \
	INDEX("INDEX version_name ON version (name)")                                              \
	INDEX("INDEX version_colour ON version (l, a, b, id) WHERE newest")                        \
	INDEX("INDEX dose_version ON dose (version)")                                              \
	INDEX("INDEX dose_lot ON dose (lot)")                                                      \
	INDEX("INDEX used_version ON used (version)")                                              \
	INDEX("INDEX used_lot ON used (lot)")

#define INDEX(what) "CREATE " what ";"
static const char schema[] = TABLES INDEXES;
#undef INDEX

struct index {
	char *folder;
	struct sql *sql;
	struct repository *repository;
	char aside[REPOSITORY_REFERENCE_SIZE]; /* the reference that is not read */
	struct index_watch watch;
};

/* --- reading recipes -------------------------------------------------------------------------------- */

struct reading_on {
	struct index *index;
	const char *clinic; /* its id; empty: one's own */
	bool anew;          /* there are no rows, and no indexes on them */
	struct intake files;
	struct error *err;
};

static enum status forget(struct index *index, const char *clinic, const char *path,
			  struct error *err)
{
	struct sql *sql = index->sql;

	if (sql_run(sql, err, "DELETE FROM fault WHERE clinic = ? AND path = ?", "ss", clinic,
		    path) ||
	    sql_run(sql, err,
		    "DELETE FROM words WHERE rowid = (SELECT key FROM version WHERE clinic = ? AND "
		    "path = ?)",
		    "ss", clinic, path) ||
	    sql_run(sql, err,
		    "DELETE FROM dose WHERE version = (SELECT key FROM version WHERE clinic = ? "
		    "AND "
		    "path = ?)",
		    "ss", clinic, path) ||
	    sql_run(sql, err,
		    "DELETE FROM used WHERE version = (SELECT key FROM version WHERE clinic = ? "
		    "AND path = ?)",
		    "ss", clinic, path))
		return err->status;
	return sql_run(sql, err, "DELETE FROM version WHERE clinic = ? AND path = ?", "ss", clinic,
		       path);
}

static enum status add_session(struct index *index, int key, const struct recipe_session *session,
			       struct error *err)
{
	const struct session_stamp *stamp = &session->stamp;

	for (int i = 0; i < session->bottle_count; i++) {
		const struct session_bottle *bottle = &session->bottle[i];

		if (sql_run(index->sql, err, "INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			    "issisisss", key, stamp->id, stamp->day, stamp->number,
			    stamp->operator_code, bottle->drops, bottle->pigment, bottle->lot,
			    bottle->expiry))
			return err->status;
	}
	return STATUS_OK;
}

static enum status add_version(struct index *index, const char *clinic,
			       const struct intake_row *row, struct error *err)
{
	const struct recipe_stamp *stamp = &row->stamp;
	enum status status;
	int key;

	status = sql_run(index->sql, err,
			 "INSERT INTO version VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
			 "?, ?, ?, ?, ?, 0)",
			 "sssissssdddddddddd", clinic, row->file->path, stamp->id, stamp->version,
			 stamp->name, stamp->made, row->file->hash, stamp->parent, row->required.l,
			 row->required.a, row->required.b, row->skin.l, row->skin.a, row->skin.b,
			 row->healed.l, row->healed.a, row->healed.b, row->healed_de00);
	key = (int)sql_last_key(index->sql);
	for (int i = 0; i < row->doses && !status; i++)
		status = sql_run(index->sql, err, "INSERT INTO dose VALUES (?, ?, ?, ?, ?)",
				 "issss", key, row->dose[i].pigment, row->dose[i].title,
				 row->dose[i].lot, row->dose[i].expiry);
	for (int i = 0; i < row->sessions && !status; i++)
		status = add_session(index, key, &row->session[i], err);
	return status ? status
		      : sql_run(index->sql, err, "INSERT INTO words (rowid, text) VALUES (?, ?)",
				"is", key, row->words.data);
}

/* Which version of a clinic's recipe is the newest one. */
static enum status mark_newest(struct index *index, const char *clinic, const char *id,
			       struct error *err)
{
	return sql_run(index->sql, err,
		       "UPDATE version SET newest = version = (SELECT max(version) FROM version "
		       "WHERE id = ?1 AND clinic = ?2) WHERE id = ?1 AND clinic = ?2",
		       "ss", id, clinic);
}

static enum status take_row(const struct intake_row *row, void *data)
{
	struct reading_on *work = data;
	struct index *index = work->index;

	if (row->is_fault)
		return sql_run(index->sql, work->err, "INSERT INTO fault VALUES (?, ?, ?)", "sss",
			       work->clinic, row->file->path, row->fault.message);
	if (add_version(index, work->clinic, row, work->err))
		return work->err->status;
	return work->anew ? STATUS_OK : mark_newest(index, work->clinic, row->stamp.id, work->err);
}

/* What is gone is forgotten at once; what is there is read when all of it is known. */
static enum status take_file(const char *path, const char *hash, void *data)
{
	struct reading_on *work = data;
	char id[RANDOM_ID_SIZE];
	bool is_version;
	int version;

	if (!work->anew && forget(work->index, work->clinic, path, work->err))
		return work->err->status;
	if (!hash)
		return layout_take(id, &version, path)
			       ? mark_newest(work->index, work->clinic, id, work->err)
			       : STATUS_OK;
	return intake_add(&is_version, &work->files, path, hash, work->err);
}

/* --- up to date ------------------------------------------------------------------------------------ */

struct tip {
	char hash[REPOSITORY_HASH_SIZE];
};

static enum status take_tip(const struct sql_row *row, void *data)
{
	struct tip *tip = data;

	text_copy(tip->hash, sizeof tip->hash, sql_text(row, 0));
	return STATUS_OK;
}

static enum status read_tip(struct tip *tip, struct index *index, const char *reference,
			    struct error *err)
{
	*tip->hash = 0;
	return sql_each(index->sql, err, take_tip, tip,
			"SELECT tip FROM source WHERE reference = ?", "s", reference);
}

/* Takes out all that was read of a reference. */
static enum status empty(struct index *index, const char *clinic, struct error *err)
{
	struct sql *sql = index->sql;

	if (sql_run(sql, err,
		    "DELETE FROM dose WHERE version IN (SELECT key FROM version WHERE clinic = ?)",
		    "s", clinic) ||
	    sql_run(sql, err,
		    "DELETE FROM words WHERE rowid IN (SELECT key FROM version WHERE clinic = ?)",
		    "s", clinic) ||
	    sql_run(sql, err,
		    "DELETE FROM used WHERE version IN (SELECT key FROM version WHERE clinic = ?)",
		    "s", clinic) ||
	    sql_run(sql, err, "DELETE FROM version WHERE clinic = ?", "s", clinic))
		return err->status;
	return sql_run(sql, err, "DELETE FROM fault WHERE clinic = ?", "s", clinic);
}

/* Rows go in faster where nothing has to be kept in order meanwhile. */
static enum status drop_indexes(struct sql *sql, struct error *err)
{
	static const char *const name[] = {"version_path",   "version_id",   "version_name",
					   "version_colour", "dose_version", "dose_lot",
					   "used_version",   "used_lot"};
	char drop[64];

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		snprintf(drop, sizeof drop, "DROP INDEX %s", name[i]);
		if (sql_once(sql, drop, err))
			return err->status;
	}
	return STATUS_OK;
}

static enum status make_indexes(struct sql *sql, struct error *err)
{
#define INDEX(what) "CREATE " what ";"
	return sql_once(sql, INDEXES, err) ||
			       sql_once(sql,
					"UPDATE version SET newest = 1 WHERE key IN (SELECT key "
					"FROM "
					"(SELECT key, max(version) FROM version GROUP BY clinic, "
					"id))",
					err)
		       ? err->status
		       : STATUS_OK;
#undef INDEX
}

static enum status read_files(struct reading_on *work, const struct snapshot *snapshot,
			      struct error *err)
{
	const struct intake_source source = {work->index->folder, snapshot, work->index->watch};
	struct sql *sql = work->index->sql;
	enum status status;

	if (work->anew && drop_indexes(sql, err))
		return err->status;
	status = intake_read(&work->files, &source, take_row, work, err);
	return !status && work->anew ? make_indexes(sql, err) : status;
}

static enum status count_rows(const struct sql_row *row, void *data)
{
	*(int *)data = sql_int(row, 0);
	return STATUS_OK;
}

static enum status read_on(struct index *index, const struct snapshot *snapshot,
			   const char *reference, const char *tip, struct error *err)
{
	struct reading_on work = {.index = index, .clinic = layout_clinic(reference), .err = err};
	struct error unknown;
	int any = 0;
	enum status status = sql_each(index->sql, err, count_rows, &any,
				      "SELECT EXISTS (SELECT * FROM version)", "");

	if (status)
		return status;
	work.anew = !any;
	status = snapshot_walk(snapshot, tip, take_file, &work, &unknown);
	/* a commit that the repository does not know: another store was put here */
	if (status && *tip) {
		work.files.count = 0;
		status = empty(index, work.clinic, err);
		if (!status)
			status = snapshot_walk(snapshot, NULL, take_file, &work, err);
	}
	if (!status)
		status = read_files(&work, snapshot, err);
	if (!status)
		status = sql_run(index->sql, err, "INSERT OR REPLACE INTO source VALUES (?, ?)",
				 "ss", reference, snapshot_commit(snapshot));
	free(work.files.file);
	return status;
}

/* What a look at all references is for: whether something is new, or to read it. */
struct looking {
	struct index *index;
	bool read; /* reads on; else it is only found out whether there is anything new */
	bool news;
	int count;
	struct error *err;
};

static enum status look_at(const char *reference, void *data)
{
	struct looking *work = data;
	struct snapshot *snapshot;
	struct tip tip;
	enum status status;

	if (strcmp(reference, work->index->aside) == 0)
		return STATUS_OK;
	if (snapshot_take(&snapshot, work->index->repository, reference, work->err))
		return work->err->status;
	status = read_tip(&tip, work->index, reference, work->err);
	if (!status && (!*tip.hash || strcmp(tip.hash, snapshot_commit(snapshot)))) {
		work->news = true;
		if (work->read)
			status = read_on(work->index, snapshot, reference, tip.hash, work->err);
	}
	snapshot_free(snapshot);
	work->count++;
	return status;
}

/* The clinic's own reference and those of the others. */
static enum status look_at_all(struct looking *work)
{
	int known = 0;
	enum status status = look_at(REPOSITORY_OWN, work);

	if (!status)
		status = repository_references(work->index->repository, REPOSITORY_SHARED "*",
					       look_at, work, work->err);
	if (!status)
		status = sql_each(work->index->sql, work->err, count_rows, &known,
				  "SELECT count(*) FROM source", "");
	work->news = work->news || known != work->count;
	return status;
}

struct gone {
	struct index *index;
	struct error *err;
};

/* A reference that was read and is there no more. */
static enum status drop_gone(const struct sql_row *row, void *data)
{
	struct gone *work = data;
	char reference[REPOSITORY_REFERENCE_SIZE];
	struct snapshot *snapshot;
	enum status status;

	text_copy(reference, sizeof reference, sql_text(row, 0));
	if (snapshot_take(&snapshot, work->index->repository, reference, work->err))
		return work->err->status;
	status = STATUS_OK;
	if (strcmp(reference, REPOSITORY_OWN) && !*snapshot_commit(snapshot))
		status = empty(work->index, layout_clinic(reference), work->err);
	if (!status && strcmp(reference, REPOSITORY_OWN) && !*snapshot_commit(snapshot))
		status = sql_run(work->index->sql, work->err,
				 "DELETE FROM source WHERE reference = ?", "s", reference);
	snapshot_free(snapshot);
	return status;
}

static enum status update(struct index *index, struct error *err)
{
	struct looking work = {.index = index, .read = true, .err = err};
	struct gone gone = {index, err};
	struct error unsaid;
	enum status status;

	if (sql_run(index->sql, err, "BEGIN IMMEDIATE", ""))
		return err->status;
	status = sql_each(index->sql, err, drop_gone, &gone, "SELECT reference FROM source", "");
	if (!status)
		status = look_at_all(&work);
	if (!status)
		status = sql_run(index->sql, err, "COMMIT", "");
	if (status)
		sql_run(index->sql, &unsaid, "ROLLBACK", "");
	return status;
}

static bool is_up_to_date(struct index *index)
{
	struct error unsaid;
	struct looking work = {.index = index, .err = &unsaid};

	return look_at_all(&work) == STATUS_OK && !work.news;
}

static enum status try_file(struct index *index, const char *path, struct error *err)
{
	enum status status = sql_open(&index->sql, path, schema, SCHEMA_NUMBER, err);

	if (!status && !is_up_to_date(index))
		status = update(index, err);
	if (status) {
		if (index->sql && sql_is_broken(index->sql))
			status = STATUS_NO_ANSWER;
		sql_close(index->sql);
		index->sql = NULL;
	}
	return status;
}

static bool name_file(char path[PATH_SIZE], const struct index *index)
{
	return snprintf(path, PATH_SIZE, "%s/index-%d.db", index->folder, SCHEMA_NUMBER) <
	       PATH_SIZE;
}

/* The file; the file made anew, where it is none of ours; one in memory. */
static enum status try_all(struct index *index, struct error *err)
{
	char path[PATH_SIZE], journal[PATH_SIZE + 16];
	struct error unsaid;
	enum status status;

	if (name_file(path, index)) {
		status = try_file(index, path, &unsaid);
		if (status == STATUS_NO_ANSWER) {
			snprintf(journal, sizeof journal, "%s-journal", path);
			unlink(journal);
			unlink(path);
			status = try_file(index, path, &unsaid);
		}
		if (!status)
			return STATUS_OK;
	}
	return try_file(index, NULL, err);
}

enum status index_refresh(struct index *index, struct error *err)
{
	if (!index->sql) /* it could not be made anew when it was last asked */
		return try_all(index, err);
	return is_up_to_date(index) ? STATUS_OK : update(index, err);
}

enum status index_open(struct index **out, const char *folder, struct repository *repository,
		       const char *aside, const struct index_watch *watch, struct error *err)
{
	struct index *index = calloc(1, sizeof *index);
	enum status status;

	*out = NULL;
	if (!index)
		return error_memory(err);
	index->repository = repository;
	text_copy(index->aside, sizeof index->aside, aside);
	index->folder = realpath(folder, NULL); /* SQLite is told to follow no link */
	index->watch = watch ? *watch : (struct index_watch){.report = NULL};
	status = index->folder ? try_all(index, err) : error_memory(err);
	if (status) {
		index_close(index);
		return status;
	}
	*out = index;
	return STATUS_OK;
}

void index_close(struct index *index)
{
	if (!index)
		return;
	sql_close(index->sql);
	free(index->folder);
	free(index);
}

/* After a failure: true where it was the file's fault and there is a new one, so that the question may be asked again. */
static bool make_anew(struct index *index)
{
	char path[PATH_SIZE];
	struct error unsaid;

	if (!sql_is_broken(index->sql))
		return false;
	sql_close(index->sql);
	index->sql = NULL;
	if (name_file(path, index))
		unlink(path);
	return try_all(index, &unsaid) == STATUS_OK;
}

/* --- lists ----------------------------------------------------------------------------------------- */

void recipe_stamp_list_clear(struct recipe_stamp_list *list)
{
	free(list->item);
	*list = (struct recipe_stamp_list){0};
}

/* For lists that nothing else is added to. */
enum status recipe_stamp_list_add(struct recipe_stamp_list *list, const struct recipe_stamp *stamp,
				  struct error *err)
{
	const size_t step = 64; /* room is made for so many at a time */
	struct recipe_stamp *grown = list->item;

	if (list->count % step == 0) {
		grown = realloc(list->item, (list->count + step) * sizeof *grown);
		if (!grown)
			return error_memory(err);
		list->item = grown;
	}
	grown[list->count++] = *stamp;
	return STATUS_OK;
}

#define STAMP "v.id, v.version, v.name, v.made, v.hash, v.parent, v.clinic"
enum { STAMP_COLUMNS = 7 };

static void take_stamp(struct recipe_stamp *stamp, const struct sql_row *row)
{
	text_copy(stamp->id, sizeof stamp->id, sql_text(row, 0));
	stamp->version = sql_int(row, 1);
	text_copy(stamp->name, sizeof stamp->name, sql_text(row, 2));
	text_copy(stamp->made, sizeof stamp->made, sql_text(row, 3));
	text_copy(stamp->hash, sizeof stamp->hash, sql_text(row, 4));
	text_copy(stamp->parent, sizeof stamp->parent, sql_text(row, 5));
	text_copy(stamp->clinic, sizeof stamp->clinic, sql_text(row, 6));
	/* whoever can write to the folder can write to the index */
	text_make_printable(stamp->name);
	text_make_printable(stamp->id);
	text_make_printable(stamp->made);
	text_make_printable(stamp->clinic);
}

static enum status take_listed(const struct sql_row *row, void *data)
{
	struct recipe_stamp *stamp = sql_list_add(data);

	if (!stamp)
		return STATUS_ENVIRONMENT;
	take_stamp(stamp, row);
	return STATUS_OK;
}

static enum status take_fault(const struct sql_row *row, void *data)
{
	notes_addf(data, "left out: %s", sql_text(row, 0));
	return STATUS_OK;
}

/* What a user types, as FTS5's own language: every word in quotes, as the beginning of one. */
static void quote_words(struct text *out, const char *text)
{
	bool inside = false;

	for (; *text; text++) {
		bool blank = *text == ' ' || *text == '\t';

		if (blank == inside)
			text_adds(out, inside ? "\"* " : "\"");
		inside = !blank;
		if (*text == '"')
			text_adds(out, "\"");
		if (!blank)
			text_add(out, text, 1);
	}
	if (inside)
		text_adds(out, "\"*");
}

/* By which of a filter's parts rows are found; SQLite would look at all of them where each part may be missing. */
#define LIST_BY(what)                                                                              \
	"SELECT " STAMP " FROM version v WHERE " what " AND (?1 OR v.newest) "                     \
	"AND (?2 IS NULL OR substr(v.id, 1, length(?2)) = ?2) AND (?3 IS NULL OR v.name = ?3) "    \
	"AND (?6 IS NULL OR v.key IN (SELECT version FROM dose WHERE pigment = ?6 OR "             \
	"instr(lower(title), lower(?6)))) "                                                        \
	"AND (?7 IS NULL OR v.key IN (SELECT version FROM dose WHERE lot = ?7 UNION ALL SELECT "   \
	"version FROM used WHERE lot = ?7 AND drops > 0)) "                                        \
	"AND (?8 IS NULL OR substr(v.made, 1, 10) >= ?8) "                                         \
	"AND (?9 IS NULL OR substr(v.made, 1, 10) <= ?9) AND (?10 IS NULL OR v.clinic = ?10) "     \
	"ORDER BY v.made, v.clinic, v.id, v.version"

static const char *choose_list(const struct index_filter *filter, const char *text)
{
	if (text)
		return LIST_BY(
			"?4 = ?4 AND v.key IN (SELECT rowid FROM words WHERE words MATCH ?5)");
	if (filter->lot)
		return LIST_BY("v.key IN (SELECT version FROM dose WHERE lot = ?7 UNION ALL SELECT "
			       "version FROM used WHERE lot = ?7 AND drops > 0)");
	if (filter->id)
		return LIST_BY("v.id >= ?2 AND v.id < ?2 || 'g'");
	if (filter->name)
		return LIST_BY("v.name = ?3");
	return LIST_BY("1");
}

static enum status ask_list(struct recipe_stamp_list *list, struct index *index,
			    const struct index_filter *filter, struct notes *notes,
			    struct error *err)
{
	struct sql_list grown = {.size = sizeof *list->item, .err = err};
	const char *text = filter->text && strspn(filter->text, " \t") < strlen(filter->text)
				   ? filter->text
				   : NULL;
	struct text match = {0};
	enum status status;

	*list = (struct recipe_stamp_list){0};
	if (text)
		quote_words(&match, text);
	if (text_failed(&match))
		return error_memory(err);
	status = sql_each(index->sql, err, take_listed, &grown, choose_list(filter, text),
			  "isssssssss", (int)filter->all, filter->id, filter->name, text,
			  match.data, filter->pigment, filter->lot, filter->since, filter->until,
			  filter->clinic);
	text_clear(&match);
	if (!status)
		status = sql_each(index->sql, err, take_fault, notes,
				  "SELECT message FROM fault ORDER BY path", "");
	if (status) {
		free(grown.item);
		return status;
	}
	*list = (struct recipe_stamp_list){(struct recipe_stamp *)(void *)grown.item, grown.count};
	return STATUS_OK;
}

enum status index_list(struct recipe_stamp_list *list, struct index *index,
		       const struct index_filter *filter, struct notes *notes, struct error *err)
{
	enum status status = ask_list(list, index, filter, notes, err);

	return status && make_anew(index) ? ask_list(list, index, filter, notes, err) : status;
}

/* --- nearest --------------------------------------------------------------------------------------- */

/* The best so far, as a heap with the worst of them on top. */
struct candidate {
	double de00;
	char id[RANDOM_ID_SIZE];
	int key;
};
struct nearing {
	struct candidate *best;
	int count, most, room;
	const struct lab *lab;
	struct error *err;
};

static struct lab take_lab(const struct sql_row *row, int column)
{
	return (struct lab){sql_real(row, column), sql_real(row, column + 1),
			    sql_real(row, column + 2)};
}

/* CIEDE2000 is at least its lightness term, as the form of chroma and hue is never below 0 (|R_T| < 2), and S_L is at most
 * 1 + 0.015 |L - 50| for the L that is farther from 50. */
static double least_de00(const struct lab *a, double l)
{
	return fabs(a->l - l) / (1.0 + 0.015 * fmax(fabs(a->l - 50.0), fabs(l - 50.0)));
}

/* Where two are as near, their ids decide: the same ones whatever the order of the rows. */
static bool is_worse(const struct candidate *a, const struct candidate *b)
{
	return a->de00 != b->de00 ? a->de00 > b->de00 : strcmp(a->id, b->id) > 0;
}

static void sink(struct candidate *heap, int count)
{
	for (int i = 0, child; (child = 2 * i + 1) < count; i = child) {
		struct candidate moved = heap[i];

		child += child + 1 < count && is_worse(&heap[child + 1], &heap[child]);
		if (!is_worse(&heap[child], &moved))
			return;
		heap[i] = heap[child];
		heap[child] = moved;
	}
}

static void rise(struct candidate *heap, int i)
{
	for (int up; i > 0 && is_worse(&heap[i], &heap[up = (i - 1) / 2]); i = up) {
		struct candidate moved = heap[up];

		heap[up] = heap[i];
		heap[i] = moved;
	}
}

static enum status make_room(struct nearing *work)
{
	int room = work->room ? 2 * work->room : 64;
	struct candidate *grown;

	if (work->count < work->room)
		return STATUS_OK;
	grown = realloc(work->best, (size_t)room * sizeof *grown);
	if (!grown)
		return error_memory(work->err);
	work->best = grown;
	work->room = room;
	return STATUS_OK;
}

static enum status take_candidate(const struct sql_row *row, void *data)
{
	struct nearing *work = data;
	struct candidate found = {.key = sql_int(row, 0)};
	struct lab lab;

	if (work->most < 1)
		return STATUS_OK;
	if (work->count == work->most &&
	    least_de00(work->lab, sql_real(row, 1)) > work->best[0].de00)
		return STATUS_OK;
	lab = take_lab(row, 1);
	found.de00 = ciede2000(work->lab, &lab);
	text_copy(found.id, sizeof found.id, sql_text(row, 4));
	if (work->count < work->most) {
		if (make_room(work))
			return STATUS_ENVIRONMENT;
		work->best[work->count++] = found;
		rise(work->best, work->count - 1);
	} else if (is_worse(&work->best[0], &found)) {
		work->best[0] = found;
		sink(work->best, work->count);
	}
	return STATUS_OK;
}

static enum status take_near(const struct sql_row *row, void *data)
{
	struct recipe_near *near = data;

	take_stamp(&near->stamp, row);
	near->required = take_lab(row, STAMP_COLUMNS);
	near->skin = take_lab(row, STAMP_COLUMNS + 3);
	near->healed = take_lab(row, STAMP_COLUMNS + 6);
	near->has_skin = *sql_text(row, STAMP_COLUMNS + 3);
	near->has_healed = *sql_text(row, STAMP_COLUMNS + 6);
	near->healed_de00 = sql_real(row, STAMP_COLUMNS + 9);
	return STATUS_OK;
}

static int by_distance(const void *a, const void *b)
{
	const struct recipe_near *one = a, *two = b;

	if (one->de00 != two->de00)
		return one->de00 < two->de00 ? -1 : 1;
	return strcmp(one->stamp.id, two->stamp.id);
}

static enum status read_near(struct recipe_near *near, struct index *index,
			     const struct nearing *work, struct error *err)
{
	for (int i = 0; i < work->count; i++) {
		near[i].de00 = work->best[i].de00;
		if (sql_each(index->sql, err, take_near, &near[i],
			     "SELECT " STAMP
			     ", l, a, b, skin_l, skin_a, skin_b, healed_l, healed_a, healed_b, "
			     "healed_de00 FROM version v WHERE v.key = ?",
			     "i", work->best[i].key))
			return err->status;
	}
	return STATUS_OK;
}

/* Colours alone first, from their index, then all of those few that are nearest. */
static enum status ask_nearest(struct recipe_near **near, int *count, struct index *index,
			       const struct lab *lab, int most, struct error *err)
{
	struct nearing work = {.lab = lab, .most = most, .err = err};
	enum status status;

	*near = NULL;
	*count = 0;
	status =
		sql_each(index->sql, err, take_candidate, &work,
			 "SELECT key, l, a, b, id FROM version WHERE newest AND l IS NOT NULL", "");
	if (!status)
		*near = calloc((size_t)work.count + 1, sizeof **near);
	if (!status && !*near)
		status = error_memory(err);
	if (!status)
		status = read_near(*near, index, &work, err);
	if (status) {
		free(*near);
		*near = NULL;
	} else {
		qsort(*near, (size_t)work.count, sizeof **near, by_distance);
		*count = work.count;
	}
	free(work.best);
	return status;
}

enum status index_nearest(struct recipe_near **near, int *count, struct index *index,
			  const struct lab *lab, int most, struct error *err)
{
	enum status status = ask_nearest(near, count, index, lab, most, err);

	return status && make_anew(index) ? ask_nearest(near, count, index, lab, most, err)
					  : status;
}

/* --- lots and sessions ----------------------------------------------------------------------------- */

static void take_text(char *slot, size_t size, const struct sql_row *row, int column)
{
	text_copy(slot, size, sql_text(row, column));
	text_make_printable(slot);
}

#define SESSION_OF(used) used ".session, " used ".day, " used ".number, " used ".operator"
#define NO_SESSION "'' AS session, '' AS day, 0 AS number, '' AS operator"
enum { SESSION_COLUMNS = 4 };

static void take_session(struct session_stamp *session, const struct sql_row *row)
{
	take_text(session->id, sizeof session->id, row, STAMP_COLUMNS);
	take_text(session->day, sizeof session->day, row, STAMP_COLUMNS + 1);
	session->number = sql_int(row, STAMP_COLUMNS + 2);
	take_text(session->operator_code, sizeof session->operator_code, row, STAMP_COLUMNS + 3);
}

static enum status take_lot(const struct sql_row *row, void *data)
{
	const int column = STAMP_COLUMNS + SESSION_COLUMNS;
	struct recipe_lot *lot = sql_list_add(data);

	if (!lot)
		return STATUS_ENVIRONMENT;
	take_stamp(&lot->stamp, row);
	take_session(&lot->session, row);
	take_text(lot->pigment, sizeof lot->pigment, row, column);
	take_text(lot->lot, sizeof lot->lot, row, column + 1);
	take_text(lot->expiry, sizeof lot->expiry, row, column + 2);
	return STATUS_OK;
}

/* Of a group the row of its first version: SQLite takes columns that are not grouped from where min() is
 * (sqlite.org/lang_select.html#bareagg). */
static enum status ask_lots(struct recipe_lot **lots, int *count, struct index *index,
			    const struct lot_filter *filter, struct error *err)
{
	struct sql_list grown = {.size = sizeof **lots, .err = err};
	enum status status;

	status = sql_each(
		index->sql, err, take_lot, &grown,
		"SELECT * FROM (SELECT " STAMP ", " NO_SESSION
		", d.pigment, d.lot AS lot, d.expiry AS expiry, min(v.version) "
		"FROM dose d JOIN version v ON v.key = d.version "
		"WHERE v.clinic = '' AND d.lot <> '' AND (?1 IS NULL OR d.lot = ?1) AND ?2 IS NULL "
		"GROUP BY v.id, d.pigment, d.lot, d.expiry UNION ALL "
		"SELECT " STAMP ", " SESSION_OF(
			"u") ", u.pigment, u.lot, u.expiry, min(v.version) "
			     "FROM used u JOIN version v ON v.key = u.version "
			     "WHERE v.clinic = '' AND u.lot <> '' AND u.drops > 0 AND (?1 IS NULL "
			     "OR u.lot = ?1) AND "
			     "(?2 IS NULL "
			     "OR v.id = ?2) AND (?3 = 0 OR v.version <= ?3) "
			     "GROUP BY v.id, u.session, u.pigment, u.lot, u.expiry) "
			     "WHERE (?4 IS NULL OR (expiry <> '' AND expiry >= ?4)) AND (?5 IS "
			     "NULL OR (expiry "
			     "<> '' AND expiry <= ?5)) "
			     "ORDER BY expiry = '', expiry, lot, made, id, version, day, session",
		"ssiss", filter->lot, filter->recipe, filter->version, filter->since,
		filter->until);
	*lots = (struct recipe_lot *)(void *)grown.item;
	*count = status ? 0 : (int)grown.count;
	if (status) {
		free(grown.item);
		*lots = NULL;
	}
	return status;
}

enum status index_lots(struct recipe_lot **lots, int *count, struct index *index,
		       const struct lot_filter *filter, struct error *err)
{
	enum status status = ask_lots(lots, count, index, filter, err);

	return status && make_anew(index) ? ask_lots(lots, count, index, filter, err) : status;
}

static enum status take_treated(const struct sql_row *row, void *data)
{
	struct recipe_treated *treated = sql_list_add(data);

	if (!treated)
		return STATUS_ENVIRONMENT;
	take_stamp(&treated->stamp, row);
	take_session(&treated->session, row);
	return STATUS_OK;
}

static enum status ask_sessions(struct recipe_treated **list, int *count, struct index *index,
				const char *id, struct error *err)
{
	struct sql_list grown = {.size = sizeof **list, .err = err};
	enum status status;

	status = sql_each(
		index->sql, err, take_treated, &grown,
		"SELECT " STAMP ", " SESSION_OF(
			"u") ", min(v.version) FROM used u "
			     "JOIN version v ON v.key = u.version WHERE v.clinic = '' AND v.id = ? "
			     "GROUP BY u.session ORDER BY v.version, u.day",
		"s", id);
	*list = (struct recipe_treated *)(void *)grown.item;
	*count = status ? 0 : (int)grown.count;
	if (status) {
		free(grown.item);
		*list = NULL;
	}
	return status;
}

enum status index_sessions(struct recipe_treated **list, int *count, struct index *index,
			   const char *id, struct error *err)
{
	enum status status = ask_sessions(list, count, index, id, err);

	return status && make_anew(index) ? ask_sessions(list, count, index, id, err) : status;
}
