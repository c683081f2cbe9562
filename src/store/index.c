/* Reading on: under SQLite's write lock the reference is looked at, and the files that its tree has more than that of the commit
 * which was read last are read; lock first, so the reference can only be ahead. A tree that has less is a store that was put
 * back from a copy: then what is gone is taken out too. */
#include "store/index_inside.h"

#include "store/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SCHEMA_NUMBER = 3 };

/* The words of what is forgotten stay, without their text: no version has that key again. */
#define TABLES                                                                                     \
	"CREATE TABLE source (reference TEXT PRIMARY KEY, tip TEXT NOT NULL);"                     \
	"CREATE TABLE version (key INTEGER PRIMARY KEY AUTOINCREMENT, clinic TEXT NOT NULL, id "   \
	"TEXT, "                                                                                   \
	"version INTEGER, "                                                                        \
	"name TEXT, made TEXT, hash TEXT, parent TEXT, l REAL, a REAL, b REAL, skin_l REAL, "      \
	"skin_a REAL, skin_b REAL, healed_l REAL, healed_a REAL, healed_b REAL, healed_de00 "      \
	"REAL, "                                                                                   \
	"newest INTEGER);"                                                                         \
	"CREATE TABLE dose (version INTEGER, place INTEGER, pigment TEXT, title TEXT, lot TEXT, "  \
	"expiry TEXT, PRIMARY KEY (version, place)) WITHOUT ROWID;"                                \
	"CREATE TABLE used (version INTEGER, session TEXT, day TEXT, number INTEGER, operator "    \
	"TEXT, "                                                                                   \
	"drops INTEGER, pigment TEXT, lot TEXT, expiry TEXT);"                                     \
	"CREATE TABLE fault (clinic TEXT NOT NULL, path TEXT NOT NULL, message TEXT, PRIMARY KEY " \
	"(clinic, path));"                                                                         \
	"CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics "    \
	"2', columnsize = 0, content = '');"                                                       \
	"CREATE UNIQUE INDEX version_id ON version (id, clinic, version);"                         \
	"CREATE INDEX version_colour ON version (id, l, a, b) WHERE newest;"

/* Made after many rows and not with each: sorted once. Those that begin with the id are there from the start: recipes come in the
 * order of their ids. */
#define INDEXES                                                                                    \
	INDEX("version_name", "version (name)")                                                    \
	INDEX("dose_lot", "dose (lot) WHERE lot IS NOT NULL")                                      \
	INDEX("used_version", "used (version)")                                                    \
	INDEX("used_lot", "used (lot)")

/* Rows go in faster where nothing has to be kept in order meanwhile, and words where they are put in order in pieces of 64 MB, not of one. */
#define WORDS_AT_ONCE(bytes) "INSERT INTO words (words, rank) VALUES ('hashsize', " bytes ");"
#define INDEX(name, on) "DROP INDEX " name ";"
static const char begin_many[] = INDEXES WORDS_AT_ONCE("67108864");
#undef INDEX
#define INDEX(name, on) "CREATE INDEX " name " ON " on ";"
static const char end_many[] = INDEXES WORDS_AT_ONCE("1048576");
static const char schema[] = TABLES INDEXES;
#undef INDEX

/* --- reading recipes -------------------------------------------------------------------------------- */

struct reading_on {
	struct index *index;
	const char *clinic; /* its id; empty: one's own */
	bool anew;          /* there are no rows, and no indexes on them */
	int faults;
	struct intake files;
	struct error *err;
};

/* What was read of a file that is there no more, or is another one. */
static enum status forget(struct index *index, const char *clinic, const char *path,
			  struct error *err)
{
#define KEYS "(SELECT key FROM version WHERE id = ? AND clinic = ? AND version = ?)"
	static const char *const forgets[] = {
		"DELETE FROM dose WHERE version IN " KEYS,
		"DELETE FROM used WHERE version IN " KEYS,
		"DELETE FROM version WHERE id = ? AND clinic = ? AND version = ?"};
#undef KEYS
	char id[RANDOM_ID_SIZE];
	int version;
	enum status status =
		sql_run(index->sql, err, "DELETE FROM fault WHERE clinic = ? AND path = ?", "ss",
			clinic, path);

	if (!layout_take(id, &version, path))
		return status;
	for (size_t i = 0; i < sizeof forgets / sizeof *forgets && !status; i++)
		status = sql_run(index->sql, err, forgets[i], "ssi", id, clinic, version);
	return status;
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
			 "?, ?, ?, ?, ?)",
			 "ssissssddddddddddi", clinic, stamp->id, stamp->version, stamp->name,
			 stamp->made, row->file->hash, stamp->parent, row->required.l,
			 row->required.a, row->required.b, row->skin.l, row->skin.a, row->skin.b,
			 row->healed.l, row->healed.a, row->healed.b, row->healed_de00,
			 row->file->newest);
	key = (int)sql_last_key(index->sql);
	for (int i = 0; i < row->doses && !status; i++)
		status = sql_run(index->sql, err,
				 "INSERT INTO dose VALUES (?, ?, ?, ?, NULLIF(?, ''), ?)", "iissss",
				 key, i, row->dose[i].pigment, row->dose[i].title, row->dose[i].lot,
				 row->dose[i].expiry);
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

	work->faults += row->is_fault;
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
		    "DELETE FROM used WHERE version IN (SELECT key FROM version WHERE clinic = ?)",
		    "s", clinic) ||
	    sql_run(sql, err, "DELETE FROM version WHERE clinic = ?", "s", clinic))
		return err->status;
	return sql_run(sql, err, "DELETE FROM fault WHERE clinic = ?", "s", clinic);
}

/* The versions of a recipe stand one after another, in the order of their paths. */
static void find_newest(struct intake *files)
{
	size_t newest = 0;

	for (size_t i = 0; i < files->count; i++) {
		bool other = strcmp(files->file[newest].id, files->file[i].id);

		if (other || files->file[i].version > files->file[newest].version) {
			files->file[newest].newest = other;
			newest = i;
		}
		files->file[i].newest = i == newest;
	}
}

/* Where some were none, it is another one. */
static enum status correct_newest(const struct reading_on *work, struct error *err)
{
	return work->faults == 0
		       ? STATUS_OK
		       : sql_once(work->index->sql,
				  "UPDATE version SET newest = key IN (SELECT key FROM (SELECT "
				  "key, max(version) FROM version GROUP BY clinic, id))",
				  err);
}

static enum status read_files(struct reading_on *work, const struct snapshot *snapshot,
			      struct error *err)
{
	const struct intake_source source = {work->index->folder, snapshot, work->index->watch};
	struct sql *sql = work->index->sql;
	enum status status;

	if (work->anew && sql_once(sql, begin_many, err))
		return err->status;
	if (work->anew)
		find_newest(&work->files);
	status = intake_read(&work->files, &source, take_row, work, err);
	if (!status && work->anew)
		status = correct_newest(work, err);
	return !status && work->anew ? sql_once(sql, end_many, err) : status;
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

	if (!status) /* sorted in memory; 64 MB hold the rows of 100,000 versions */
		status = sql_once(index->sql,
				  "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY", err);
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

bool index_make_anew(struct index *index)
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
