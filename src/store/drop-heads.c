/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/drop-private.h"
#include "store/query.h"

/* --- heads --------------------------------------------------------------------- */

static void headless_clear(void *data)
{
	struct drop_headless *h = data;
	g_clear_pointer(&h->uid, g_bytes_unref);
}

static GBytes *column_bytes(sqlite3_stmt *stmt, int at)
{
	return g_bytes_new(sqlite3_column_blob(stmt, at), (gsize)sqlite3_column_bytes(stmt, at));
}

GArray *drop_headless(struct drop *d, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(d->ix,
		"SELECT id, uid, number FROM letter WHERE head != 1 ORDER BY number DESC", error);
	if (!stmt)
		return NULL;
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct drop_headless));
	g_array_set_clear_func(found, headless_clear);
	while (db_row(stmt, &own)) {
		struct drop_headless h = {sqlite3_column_int64(stmt, 0), column_bytes(stmt, 1),
			(uint64_t)sqlite3_column_int64(stmt, 2)};
		g_array_append_val(found, h);
	}
	sqlite3_reset(stmt);
	if (!own)
		return g_steal_pointer(&found);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

/* The letter of a UID, as far as its head is concerned. */
struct want {
	int64_t id, size, seen; /* id 0: it needs no head */
	enum drop_state state;
	bool sized; /* a message is there for its size */
};

static bool find_want(struct drop *d, GBytes *uid, struct want *w, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(d->ix,
		"SELECT id, size, seen, state, head FROM letter WHERE uid = ? AND head != 1",
		error);
	*w = (struct want){0};
	if (!stmt)
		return false;
	db_bind(stmt, "b", uid);
	if (db_row(stmt, &own))
		*w = (struct want){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
			sqlite3_column_int64(stmt, 2), (enum drop_state)sqlite3_column_int(stmt, 3),
			sqlite3_column_int(stmt, 4) != 0};
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

struct head {
	const struct mime_message *mime; /* NULL: it could not be read */
	int64_t date;
	guint lines;
	bool none; /* it is not to be had */
};

static bool add(struct drop *d, const struct want *w, const struct head *h, GError **error)
{
	g_autofree char *file = drop_file_name(w->id, w->state);
	struct index_letter letter = {.folder = d->folder,
		.file = file,
		.is_new = !strchr(file, ':'),
		.size = w->size,
		.arrived = w->seen,
		.account = d->id,
		.mime = h->mime};
	int64_t id = 0;
	if (w->sized && !index_remove(d->ix, w->id, error))
		return false;
	index_give_id(d->ix, w->id);
	if (!index_add(d->ix, &letter, &id, error))
		return false;
	g_assert(id == w->id);
	return index_exec(d->ix, error,
		"UPDATE letter SET head = ?, lines = ?, date = ? WHERE id = ?", "iiii",
		(int64_t)(h->none ? 2 : 1), (int64_t)h->lines, h->date, id);
}

/* NULL without an error: the letter cannot be read, by dewey-mime. */
static struct mime_message *read_head(struct drop *d, int fd, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (!d->mime)
		d->mime = mime_client_new();
	struct mime_message *m = mime_client_read(d->mime, fd, &mime_reading_words, &why);
	if (!m && g_error_matches(why, MIME_ERROR, MIME_ERROR_START))
		g_propagate_error(error, g_steal_pointer(&why));
	return m;
}

bool drop_add_head(struct drop *d, GBytes *uid, int fd, guint lines, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct want w;
	if (!find_want(d, uid, &w, error))
		return false;
	if (w.id == 0)
		return true;
	g_autoptr(mime_message) m = read_head(d, fd, &why);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	struct head h = {m, m ? m->date : -1, lines, false};
	return add(d, &w, &h, error);
}

static void address_free(gpointer data)
{
	struct mime_address *a = data;
	g_free(a->name);
	g_free(a->address);
	g_free(a->group);
	g_free(a);
}

static GPtrArray *address(const char *name, const char *text)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(address_free);
	struct mime_address a = {g_strdup(name), g_strdup(text), g_strdup("")};
	if (name[0] || text[0])
		g_ptr_array_add(list, g_memdup2(&a, sizeof a));
	else
		address_free(g_memdup2(&a, sizeof a));
	return list;
}

/* What was read once, when the letter came, need not be read again.  Lists of
 * addresses are text in the row, and become text in the other. */
bool drop_add_known(struct drop *d, GBytes *uid, const struct message_row *row, GError **error)
{
	struct want w;
	if (!find_want(d, uid, &w, error))
		return false;
	if (w.id == 0)
		return true;
	g_autoptr(GPtrArray) from = address(row->from_name, row->from);
	g_autoptr(GPtrArray) to = address("", row->to);
	g_autoptr(GPtrArray) cc = address("", row->cc);
	struct mime_message m = {.from = from,
		.to = to,
		.cc = cc,
		.subject = row->subject,
		.message_id = row->message_id,
		.date = row->date,
		.words = row->snippet};
	struct head h = {row->unparsed ? NULL : &m, -1, 0, false};
	return add(d, &w, &h, error);
}

bool drop_add_unknown(struct drop *d, GBytes *uid, GError **error)
{
	static const struct head none = {NULL, -1, 0, true};
	struct want w;
	if (!find_want(d, uid, &w, error))
		return false;
	return w.id == 0 || w.sized || add(d, &w, &none, error);
}

/* --- comparing ----------------------------------------------------------------- */

static bool equal_heads(const struct message_row *row, int64_t date, const struct mime_message *m)
{
	const struct mime_address *from = m->from && m->from->len > 0 ? m->from->pdata[0] : NULL;
	const char *name = from && from->name ? from->name : "";
	const char *address = from && from->address ? from->address : "";
	return strcmp(row->from_name, name) == 0 && strcmp(row->from, address) == 0 &&
	       g_strcmp0(row->subject, m->subject ? m->subject : "") == 0 &&
	       g_strcmp0(row->message_id, m->message_id ? m->message_id : "") == 0 &&
	       (date < 0 || date == m->date);
}

/* No date of a letter. */
#define NOT_SEEN G_MININT64

/* NULL without an error: there is no head. */
static struct message_row *old_head(struct drop *d, int64_t id, int64_t *date, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(message_row) row = index_message(d->ix, id, &why);
	if (!row && !g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING))
		g_propagate_error(error, g_steal_pointer(&why));
	if (!row || !index_number(d->ix, NOT_SEEN, date, error,
			    "SELECT date FROM letter WHERE id = ? AND head = 1", "i", id))
		return NULL;
	return *date == NOT_SEEN ? NULL : g_steal_pointer(&row);
}

bool drop_is_same(struct drop *d, int64_t id, int fd, bool *same, GError **error)
{
	g_autoptr(GError) why = NULL;
	int64_t date = -1;
	g_autoptr(message_row) row = old_head(d, id, &date, &why);
	g_autoptr(mime_message) m = row ? read_head(d, fd, &why) : NULL;
	*same = true;
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	if (row)
		*same = m ? !row->unparsed && equal_heads(row, date, m) : row->unparsed;
	return true;
}

/* --- rows ---------------------------------------------------------------------- */

void drop_row_free(struct drop_row *row)
{
	if (!row)
		return;
	g_clear_pointer(&row->uid, g_bytes_unref);
	message_row_free(row->head);
	g_free(row);
}

#define LETTER_COLUMNS ", l.id, l.uid, l.number, l.size, l.state, l.row, l.seen, l.head"
enum { LETTER_FIRST = ROW_END };

static struct drop_row *read_row(sqlite3_stmt *stmt)
{
	struct drop_row *row = g_new0(struct drop_row, 1);
	int at = LETTER_FIRST;
	row->id = sqlite3_column_int64(stmt, at++);
	row->uid = column_bytes(stmt, at++);
	row->number = (uint64_t)sqlite3_column_int64(stmt, at++);
	row->size = (uint64_t)sqlite3_column_int64(stmt, at++);
	row->state = (enum drop_state)sqlite3_column_int(stmt, at++);
	row->row = sqlite3_column_int64(stmt, at++);
	row->seen = sqlite3_column_int64(stmt, at++);
	if (sqlite3_column_int(stmt, at) == 1)
		row->head = index_read_row(stmt);
	return row;
}

/* The tail of a statement over letters and their heads, with its values. */
static char *condition(const char *text, GPtrArray *values, GError **error)
{
	g_autoptr(query) q = text && text[0] ? query_parse(text, clock_now(), error) : NULL;
	if (text && text[0] && !q)
		return NULL;
	g_autofree char *sql = q ? query_sql(q, values) : g_strdup("1");
	return g_strdup_printf(" FROM letter l LEFT JOIN message m ON m.id = l.id"
			       " LEFT JOIN folder f ON f.id = m.folder WHERE%s (%s)"
			       " ORDER BY l.number DESC",
		q ? " m.id IS NOT NULL AND" : "", sql);
}

/* Calls take for each row of "SELECT columns" over what the query finds. */
static bool select_letters(struct drop *d, const char *columns, const char *text,
	void (*take)(sqlite3_stmt *stmt, void *data), void *data, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(GPtrArray) values =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
	g_autofree char *tail = condition(text, values, error);
	if (!tail || !drop_note_ledger(d, error))
		return false;
	g_autofree char *sql = g_strconcat("SELECT ", columns, tail, NULL);
	sqlite3_stmt *stmt = index_stmt(d->ix, sql, error);
	if (!stmt)
		return false;
	query_bind(stmt, 1, values);
	while (db_row(stmt, &own))
		take(stmt, data);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

static void take_row(sqlite3_stmt *stmt, void *data)
{
	g_ptr_array_add(data, read_row(stmt));
}

static void take_id(sqlite3_stmt *stmt, void *data)
{
	int64_t id = sqlite3_column_int64(stmt, 0);
	g_array_append_val((GArray *)data, id);
}

GPtrArray *drop_rows(struct drop *d, const char *text, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)drop_row_free);
	if (!select_letters(d, ROW_COLUMNS LETTER_COLUMNS, text, take_row, rows, error))
		return NULL;
	return g_steal_pointer(&rows);
}

GArray *drop_match(struct drop *d, const char *text, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (!select_letters(d, "l.id", text, take_id, ids, error))
		return NULL;
	return g_steal_pointer(&ids);
}

struct drop_row *drop_find(struct drop *d, int64_t id, GError **error)
{
	g_autoptr(GError) own = NULL;
	struct drop_row *row = NULL;
	sqlite3_stmt *stmt = index_stmt(d->ix,
		"SELECT " ROW_COLUMNS LETTER_COLUMNS " FROM letter l"
		" LEFT JOIN message m ON m.id = l.id LEFT JOIN folder f ON f.id = m.folder"
		" WHERE l.id = ?",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "i", id);
	if (db_row(stmt, &own))
		row = read_row(stmt);
	sqlite3_reset(stmt);
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	else if (!row)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("there is no such letter on the server any more"));
	return row;
}
