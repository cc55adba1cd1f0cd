/* SPDX-License-Identifier: MIT
 *
 * Rows as they are read.  A maildrop may keep tens of thousands, which every log-in
 * reads: they and their texts are put into large pieces of memory, one behind the
 * other. */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/uids-private.h"

/* --- memory --------------------------------------------------------------------- */

enum { LEAST = 1024, MOST = 64 * 1024, ALIGN = sizeof(int64_t) };

/* A piece is a GBytes, so that a UID, which is a part of one, keeps it as long as
 * somebody wants that UID. */
struct uid_memory {
	guint users; /* rows, and who reads them */
	GSList *pieces;
	char *begin, *at; /* of the first piece */
	size_t left, next;
	const char *folder; /* that of the last row: most have the same */
};
typedef struct uid_memory uid_memory;

static void add_piece(struct uid_memory *m, size_t at_least)
{
	size_t size = MAX(m->next, at_least);
	m->begin = m->at = g_malloc(size);
	m->left = size;
	m->next = MIN(2 * m->next, MOST);
	m->pieces = g_slist_prepend(m->pieces, g_bytes_new_take(m->begin, size));
}

static void *take(struct uid_memory *m, size_t size)
{
	size_t whole = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (whole > m->left)
		add_piece(m, whole);
	char *at = m->at;
	m->at += whole;
	m->left -= whole;
	return at;
}

static struct uid_memory *memory_new(void)
{
	struct uid_memory *m = g_new0(struct uid_memory, 1);
	m->users = 1;
	m->next = LEAST;
	return m;
}

static void memory_release(struct uid_memory *m)
{
	if (--m->users > 0)
		return;
	g_slist_free_full(m->pieces, (GDestroyNotify)g_bytes_unref);
	g_free(m);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(uid_memory, memory_release)

void uid_row_free(struct uid_row *row)
{
	if (!row)
		return;
	g_clear_pointer(&row->uid, g_bytes_unref);
	if (row->memory) {
		memory_release(row->memory);
		return;
	}
	g_free(row->folder);
	g_free(row->base);
	g_free(row);
}

/* --- columns -------------------------------------------------------------------- */

/* The digits of four octets at once: a nibble in each octet of a word, of which those
 * above nine go on at "a". */
static uint64_t hex_digits(const uint8_t *octets)
{
	uint64_t n = (uint64_t)octets[0] << 48 | (uint64_t)octets[1] << 32 |
		     (uint64_t)octets[2] << 16 | octets[3];
	n = (n & 0x00f000f000f000f0) << 4 | (n & 0x000f000f000f000f);
	uint64_t letters = (n + 0x0606060606060606) >> 4 & 0x0101010101010101;
	return GUINT64_TO_BE(n + 0x3030303030303030 + letters * ('a' - '0' - 10));
}

void uids_hex(const uint8_t *sha256, char out[65])
{
	for (int i = 0; i < 8; i++) {
		uint64_t digits = hex_digits(sha256 + 4 * i);
		memcpy(out + 8 * i, &digits, sizeof digits);
	}
	out[64] = '\0';
}

static GBytes *take_uid(struct uid_memory *m, sqlite3_stmt *stmt, int i)
{
	if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
		return NULL;
	const void *octets = sqlite3_column_blob(stmt, i);
	size_t len = (size_t)sqlite3_column_bytes(stmt, i);
	char *uid = take(m, len);
	if (len > 0)
		memcpy(uid, octets, len);
	return g_bytes_new_from_bytes(m->pieces->data, (gsize)(uid - m->begin), len);
}

static char *take_text(struct uid_memory *m, sqlite3_stmt *stmt, int i)
{
	const unsigned char *text = sqlite3_column_text(stmt, i);
	size_t len = (size_t)sqlite3_column_bytes(stmt, i);
	char *copy = take(m, len + 1);
	if (text)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static char *take_folder(struct uid_memory *m, sqlite3_stmt *stmt, int i)
{
	const char *folder = (const char *)sqlite3_column_text(stmt, i);
	if (!m->folder || g_strcmp0(folder, m->folder) != 0)
		m->folder = take_text(m, stmt, i);
	return (char *)m->folder;
}

#define COLUMNS                                                                                    \
	"uid.id, uid, state, folder, base, stored, seen, gone, size, sha256, whole, likely, "      \
	"returns, sent"

/* In the order of COLUMNS. */
static struct uid_row *read_row(struct uid_memory *m, sqlite3_stmt *stmt)
{
	struct uid_row *row = take(m, sizeof *row);
	m->users++;
	row->memory = m;
	row->id = sqlite3_column_int64(stmt, 0);
	row->uid = take_uid(m, stmt, 1);
	row->state = (enum uid_state)sqlite3_column_int(stmt, 2);
	row->folder = take_folder(m, stmt, 3);
	row->base = take_text(m, stmt, 4);
	row->stored = sqlite3_column_int64(stmt, 5);
	row->seen = sqlite3_column_int64(stmt, 6);
	row->gone = sqlite3_column_int64(stmt, 7);
	row->size = sqlite3_column_int64(stmt, 8);
	row->sha256[0] = '\0';
	if (sqlite3_column_bytes(stmt, 9) == 32)
		uids_hex(sqlite3_column_blob(stmt, 9), row->sha256);
	row->whole = sqlite3_column_int64(stmt, 10);
	row->likely = sqlite3_column_int(stmt, 11) != 0;
	row->returns = sqlite3_column_int(stmt, 12);
	row->sent = sqlite3_column_int64(stmt, 13);
	return row;
}

/* --- which ---------------------------------------------------------------------- */

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct uid_row *x = *(struct uid_row *const *)a, *y = *(struct uid_row *const *)b;
	return x->id < y->id ? -1 : x->id > y->id;
}

void uids_sort(GPtrArray *rows)
{
	g_ptr_array_sort(rows, by_id);
}

/* Sorted here: SQLite, which finds them by another order, would copy each row
 * to do so.  Most servers' UIDs rise, and then nothing is to be done. */
static GPtrArray *read_rows(sqlite3_stmt *stmt, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(uid_memory) memory = memory_new();
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)uid_row_free);
	bool sorted = true;
	for (int64_t last = 0; db_row(stmt, &why);) {
		struct uid_row *row = read_row(memory, stmt);
		sorted = sorted && row->id > last;
		last = row->id;
		g_ptr_array_add(rows, row);
	}
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	if (!sorted)
		uids_sort(rows);
	return g_steal_pointer(&rows);
}

static GPtrArray *select_rows(struct ledger *l, const char *sql, int64_t maildrop, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l), sql, error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "i", maildrop);
	return read_rows(stmt, error);
}

/* They are few, and have an index of their own. */
GPtrArray *uids_fetching(struct ledger *l, int64_t maildrop, GError **error)
{
	return select_rows(l, "SELECT " COLUMNS " FROM uid WHERE maildrop = ?1 AND state = 0",
		maildrop, error);
}

/* The rows of the only maildrop are read as they lie.  Those of one among several are
 * found by the index, which costs more for each, and nothing for those of others. */
GPtrArray *uids_load(struct ledger *l, const char *account, GError **error)
{
	int64_t drops, maildrop = uids_maildrop(l, account, error);
	if (!maildrop ||
		!db_number(ledger_db(l), "SELECT count(*) FROM maildrop", 0, &drops, error))
		return NULL;
	const char *sql = drops == 1 ? "SELECT " COLUMNS " FROM uid WHERE +maildrop = ?1"
				     : "SELECT " COLUMNS " FROM uid WHERE maildrop = ?1";
	return select_rows(l, sql, maildrop, error);
}

struct uid_row *uids_by_base(struct ledger *l, const char *base, char **account, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT " COLUMNS
		", (SELECT account FROM maildrop WHERE maildrop.id = uid.maildrop)"
		" FROM uid WHERE base = ?1",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", base);
	if (!db_row(stmt, error))
		return NULL;
	if (account)
		*account = db_text(stmt, sqlite3_column_count(stmt) - 1);
	g_autoptr(uid_memory) memory = memory_new();
	return read_row(memory, stmt);
}

/* --- found again ---------------------------------------------------------------- */

static int64_t id_at(const GPtrArray *rows, guint i)
{
	return ((const struct uid_row *)rows->pdata[i])->id;
}

/* The first one whose id is not less; rows->len: there is none. */
static guint search(const GPtrArray *rows, int64_t id)
{
	guint from = 0, to = rows->len;
	while (from < to) {
		guint middle = from + (to - from) / 2;
		if (id_at(rows, middle) < id)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct uid_row *uids_find(const GPtrArray *rows, int64_t id, guint *near)
{
	guint next = *near + 1;
	guint i = next < rows->len && id_at(rows, next) == id ? next : search(rows, id);
	if (i == rows->len || id_at(rows, i) != id)
		return NULL;
	*near = i;
	return rows->pdata[i];
}

bool *uids_among(const GPtrArray *rows, const GArray *ids)
{
	guint near = 0;
	bool *among = g_new0(bool, rows->len + 1);
	for (guint i = 0; i < ids->len; i++)
		if (uids_find(rows, g_array_index(ids, int64_t, i), &near))
			among[near] = true;
	return among;
}
