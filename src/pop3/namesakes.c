/* SPDX-License-Identifier: MIT */
#include "pop3/namesakes.h"

#include <string.h>

#define MARK '\1'

/* Digits of a number, and the mark. */
enum { TAIL_MAX = 11 };

struct namesakes {
	GHashTable *rows;   /* struct uid_row by name */
	GHashTable *times;  /* UIDs of several letters, now or before → the last number */
	GHashTable *chosen; /* struct pop3_message → name */
	GHashTable *taken;  /* the names in chosen */
};

/* --- names ----------------------------------------------------------------------- */

static GBytes *name_of(GBytes *uid, guint n)
{
	if (n == 1)
		return g_bytes_ref(uid);
	gsize len;
	const char *text = g_bytes_get_data(uid, &len);
	GByteArray *name = g_byte_array_new();
	g_autofree char *number = g_strdup_printf("%c%u", MARK, n);
	g_byte_array_append(name, (const guint8 *)text, (guint)len);
	g_byte_array_append(name, (const guint8 *)number, (guint)strlen(number));
	return g_byte_array_free_to_bytes(name);
}

/* The UID in a name with a number; NULL: it has none. */
static GBytes *uid_of(GBytes *name)
{
	gsize len;
	const char *text = g_bytes_get_data(name, &len);
	gsize tail = MIN(len, TAIL_MAX);
	const char *mark = tail > 0 ? memchr(text + len - tail, MARK, tail) : NULL;
	return mark ? g_bytes_new_from_bytes(name, 0, (gsize)(mark - text)) : NULL;
}

/* --- sizes ----------------------------------------------------------------------- */

/* Servers of old add lines such as Status: to what was read. */
enum { MARKS = 128 };

/* As listed when the row was written; 0: not known.  A letter that was deleted
 * unseen has no other. */
static uint64_t listed_size(const struct uid_row *row)
{
	bool unseen = row->state != UID_SKIPPED && row->base[0] == '\0';
	return (uint64_t)(unseen ? row->size : row->whole);
}

bool namesakes_is_unlike(const struct pop3_message *m, const struct uid_row *row)
{
	uint64_t whole = listed_size(row);
	return m->size != 0 && whole != 0 && (m->size < whole || m->size - whole > MARKS);
}

/* --- choosing by size ------------------------------------------------------------ */

struct key {
	GBytes *uid;
	uint64_t size;
};

static guint key_hash(gconstpointer key)
{
	const struct key *k = key;
	return g_bytes_hash(k->uid) ^ (guint)(k->size * 2654435761U);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct key *x = a, *y = b;
	return x->size == y->size && g_bytes_equal(x->uid, y->uid);
}

static void key_free(gpointer key)
{
	g_bytes_unref(((struct key *)key)->uid);
	g_free(key);
}

static void add_row(GHashTable *sizes, GBytes *uid, struct uid_row *row)
{
	struct key k = {uid, listed_size(row)};
	GQueue *rows = g_hash_table_lookup(sizes, &k);
	if (!rows) {
		rows = g_queue_new();
		g_bytes_ref(uid);
		g_hash_table_insert(sizes, g_memdup2(&k, sizeof k), rows);
	}
	/* What should be there is looked for first. */
	if (row->gone == 0 && row->state != UID_DEL_DONE)
		g_queue_push_head(rows, row);
	else
		g_queue_push_tail(rows, row);
}

static void note_several(struct namesakes *n, GBytes *uid)
{
	if (!g_hash_table_contains(n->times, uid))
		g_hash_table_insert(n->times, g_bytes_ref(uid), NULL);
}

/* Many servers count: then no UID is there twice. */
static bool all_rise(const struct pop3_drop *drop)
{
	GBytes *last = NULL;
	for (guint i = 0; i < drop->messages->len; i++) {
		GBytes *uid = g_array_index(drop->messages, struct pop3_message, i).uid;
		if (uid && last && g_bytes_compare(uid, last) <= 0)
			return false;
		last = uid ? uid : last;
	}
	return true;
}

static void find_listed_twice(struct namesakes *n, const struct pop3_drop *drop)
{
	g_autoptr(GHashTable) listed = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < drop->messages->len; i++) {
		GBytes *uid = g_array_index(drop->messages, struct pop3_message, i).uid;
		if (uid && !g_hash_table_add(listed, uid))
			note_several(n, uid);
	}
}

static void find_several(struct namesakes *n, const struct pop3_drop *drop)
{
	GHashTableIter iter;
	gpointer name;
	if (!all_rise(drop))
		find_listed_twice(n, drop);
	g_hash_table_iter_init(&iter, n->rows);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		g_autoptr(GBytes) uid = uid_of(name);
		if (uid)
			note_several(n, uid);
	}
}

/* The rows of UIDs of several letters, by UID and size. */
static GHashTable *rows_by_size(const struct namesakes *n)
{
	GHashTableIter iter;
	gpointer name, row;
	GHashTable *sizes =
		g_hash_table_new_full(key_hash, key_equal, key_free, (GDestroyNotify)g_queue_free);
	g_hash_table_iter_init(&iter, n->rows);
	while (g_hash_table_iter_next(&iter, &name, &row)) {
		g_autoptr(GBytes) uid = uid_of(name);
		if (!uid)
			uid = g_bytes_ref(name);
		if (g_hash_table_contains(n->times, uid))
			add_row(sizes, uid, row);
	}
	return sizes;
}

static void choose(struct namesakes *n, GHashTable *sizes, const struct pop3_message *m)
{
	struct key k = {m->uid, m->size};
	GQueue *rows = m->uid && m->size != 0 ? g_hash_table_lookup(sizes, &k) : NULL;
	struct uid_row *row = rows ? g_queue_pop_head(rows) : NULL;
	if (!row)
		return;
	g_hash_table_insert(n->chosen, (gpointer)m, row->uid);
	g_hash_table_add(n->taken, row->uid);
}

static void choose_all(struct namesakes *n, const struct pop3_drop *drop)
{
	g_autoptr(GHashTable) sizes = rows_by_size(n);
	for (guint i = 0; i < drop->messages->len; i++)
		choose(n, sizes, &g_array_index(drop->messages, struct pop3_message, i));
}

struct namesakes *namesakes_new(const struct pop3_drop *drop, GHashTable *rows)
{
	struct namesakes *n = g_new0(struct namesakes, 1);
	n->rows = rows;
	n->times = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	n->chosen = g_hash_table_new(NULL, NULL);
	n->taken = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	find_several(n, drop);
	if (g_hash_table_size(n->times) > 0)
		choose_all(n, drop);
	return n;
}

void namesakes_free(struct namesakes *n)
{
	if (!n)
		return;
	g_hash_table_unref(n->times);
	g_hash_table_unref(n->chosen);
	g_hash_table_unref(n->taken);
	g_free(n);
}

/* The name of another letter, by its size, is passed over. */
static bool is_free(const struct namesakes *n, GBytes *name, const struct pop3_message *m)
{
	const struct uid_row *row = g_hash_table_lookup(n->rows, name);
	return !g_hash_table_contains(n->taken, name) && !(row && namesakes_is_unlike(m, row));
}

static GBytes *next_name(struct namesakes *n, const struct pop3_message *m, guint at)
{
	for (;;) {
		GBytes *name = name_of(m->uid, ++at);
		if (is_free(n, name, m)) {
			g_hash_table_insert(n->times, g_bytes_ref(m->uid), GUINT_TO_POINTER(at));
			return name;
		}
		g_bytes_unref(name);
	}
}

GBytes *namesakes_name(struct namesakes *n, const struct pop3_message *m)
{
	gpointer at;
	if (!m->uid)
		return NULL;
	if (g_hash_table_size(n->times) == 0)
		return g_bytes_ref(m->uid);
	GBytes *chosen = g_hash_table_lookup(n->chosen, m);
	if (chosen)
		return g_bytes_ref(chosen);
	if (!g_hash_table_lookup_extended(n->times, m->uid, NULL, &at))
		return g_bytes_ref(m->uid);
	return next_name(n, m, GPOINTER_TO_UINT(at));
}
