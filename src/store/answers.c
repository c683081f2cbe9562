/* What is asked of the index. Words are found by FTS5, colours by looking at all of them: 100,000 CIEDE2000 take less than a page of text
 * does to print. */
#include "store/index_inside.h"

#include "colour/lab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

	return status && index_make_anew(index) ? ask_list(list, index, filter, notes, err)
						: status;
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

	return status && index_make_anew(index) ? ask_nearest(near, count, index, lab, most, err)
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

	return status && index_make_anew(index) ? ask_lots(lots, count, index, filter, err)
						: status;
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

	return status && index_make_anew(index) ? ask_sessions(list, count, index, id, err)
						: status;
}
