/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-private.h"
#include "store/thread.h"

enum { REFERENCES_MAX = 50 };

int64_t thread_node(const char *message_id)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize len = sizeof digest;
	uint64_t number;
	g_checksum_update(sum, (const guchar *)message_id, -1);
	g_checksum_get_digest(sum, digest, &len);
	memcpy(&number, digest, sizeof number);
	return (int64_t)(GUINT64_FROM_LE(number) >> 1);
}

/* --- heads --------------------------------------------------------------------- */

bool thread_raise_head(struct index *ix, int64_t folder, int64_t thread, struct list_key newest,
	GError **error)
{
	return index_exec(ix, error,
		"INSERT INTO head VALUES(?, ?, ?, ?) ON CONFLICT(folder, thread) DO UPDATE"
		" SET date = excluded.date, id = excluded.id"
		" WHERE (excluded.date, excluded.id) > (head.date, head.id)",
		"iiii", folder, thread, newest.date, newest.id);
}

bool thread_find_head(struct index *ix, int64_t folder, int64_t thread, GError **error)
{
	return index_exec(ix, error, "DELETE FROM head WHERE folder = ? AND thread = ?", "ii",
		       folder, thread) &&
	       index_exec(ix, error,
		       "INSERT INTO head SELECT ?1, ?2, date, id FROM message WHERE thread = ?2"
		       " AND CASE ?1 WHEN 0 THEN folder <> 1 ELSE folder = ?1 END"
		       " ORDER BY date DESC, id DESC LIMIT 1",
		       "ii", folder, thread);
}

/* --- joining ------------------------------------------------------------------- */

/* Counted no further than it matters. */
static bool size_of(struct index *ix, int64_t thread, int64_t *size, GError **error)
{
	return index_number(ix, 0, size, error,
		"SELECT count(*) FROM (SELECT 1 FROM node WHERE thread = ? LIMIT 10000)", "i",
		thread);
}

static bool rewrite(struct index *ix, int64_t from, int64_t to, GError **error)
{
	return index_exec(ix, error, "UPDATE node SET thread = ? WHERE thread = ?", "ii", to,
		       from) &&
	       index_exec(ix, error, "UPDATE message SET thread = ? WHERE thread = ?", "ii", to,
		       from) &&
	       index_exec(ix, error,
		       "INSERT INTO head SELECT folder, ?1, date, id FROM head WHERE thread = ?2"
		       " AND folder IN (SELECT id FROM folder UNION SELECT 0)"
		       " ON CONFLICT(folder, thread) DO UPDATE SET date = excluded.date,"
		       " id = excluded.id WHERE (excluded.date, excluded.id) > (head.date, head.id)",
		       "ii", to, from) &&
	       index_exec(ix, error,
		       "DELETE FROM head WHERE thread = ?"
		       " AND folder IN (SELECT id FROM folder UNION SELECT 0)",
		       "i", from);
}

static bool merge(struct index *ix, int64_t *keep, int64_t other, GError **error)
{
	int64_t kept, others;
	if (*keep == 0 || *keep == other) {
		*keep = other;
		return true;
	}
	if (!size_of(ix, *keep, &kept, error) || !size_of(ix, other, &others, error))
		return false;
	int64_t from = kept < others ? *keep : other, to = kept < others ? other : *keep;
	*keep = to;
	return rewrite(ix, from, to, error);
}

struct link {
	int64_t node, thread, parent; /* thread 0: not in the table yet */
};

/* The chain from the first message of the thread to this one.  Of a very long
 * one the beginning and the nearest are kept. */
static GArray *chain_of(const struct thread_links *links)
{
	GArray *chain = g_array_new(FALSE, TRUE, sizeof(struct link));
	const GPtrArray *ids = links->references;
	if (!ids || ids->len == 0)
		ids = links->in_reply_to;
	for (guint i = 0; ids && i < ids->len; i++) {
		if (i > 0 && ids->len - i > REFERENCES_MAX)
			continue;
		struct link link = {.node = thread_node(ids->pdata[i])};
		if (link.node != links->node)
			g_array_append_val(chain, link);
	}
	struct link self = {.node = links->node};
	g_array_append_val(chain, self);
	return chain;
}

static bool look_up(struct index *ix, GArray *chain, int64_t *thread, GError **error)
{
	for (guint i = 0; i < chain->len; i++) {
		struct link *link = &g_array_index(chain, struct link, i);
		g_autoptr(GError) own = NULL;
		sqlite3_stmt *stmt =
			index_stmt(ix, "SELECT thread, parent FROM node WHERE id = ?", error);
		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 1, link->node);
		if (db_row(stmt, &own)) {
			link->thread = sqlite3_column_int64(stmt, 0);
			link->parent = sqlite3_column_int64(stmt, 1);
		}
		sqlite3_reset(stmt);
		if (own) {
			g_propagate_error(error, g_steal_pointer(&own));
			return false;
		}
		if (link->thread != 0 && !merge(ix, thread, link->thread, error))
			return false;
	}
	return true;
}

/* What the message says of itself counts more than what others referred to;
 * of those the first that spoke is believed. */
static bool write_links(struct index *ix, GArray *chain, int64_t thread, GError **error)
{
	for (guint i = 0; i < chain->len; i++) {
		struct link *link = &g_array_index(chain, struct link, i);
		int64_t parent = i > 0 ? link[-1].node : 0;
		bool self = i + 1 == chain->len, ok = true;
		if (link->thread == 0)
			ok = index_exec(ix, error, "INSERT OR IGNORE INTO node VALUES(?, ?, ?)",
				"iii", link->node, thread, parent);
		else if (parent != 0 && parent != link->parent && (self || link->parent == 0))
			ok = index_exec(ix, error, "UPDATE node SET parent = ? WHERE id = ?", "ii",
				parent, link->node);
		if (!ok)
			return false;
	}
	return true;
}

bool thread_join(struct index *ix, const struct thread_links *links, int64_t *thread,
	GError **error)
{
	g_autoptr(GArray) chain = chain_of(links);
	*thread = 0;
	if (!look_up(ix, chain, thread, error))
		return false;
	if (*thread == 0)
		*thread = links->id;
	return write_links(ix, chain, *thread, error);
}

/* --- tree order ---------------------------------------------------------------- */

struct branch {
	struct message_row *row;
	struct branch *parent, *child, *last_child, *next;
	struct branch *same; /* further copies of the message */
	enum { UNSEEN, ON_PATH, CHECKED } state;
};

static GHashTable *load_parents(struct index *ix, int64_t thread, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix, "SELECT id, parent FROM node WHERE thread = ?", error);
	if (!stmt)
		return NULL;
	GHashTable *parents = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	sqlite3_bind_int64(stmt, 1, thread);
	while (db_row(stmt, &own)) {
		int64_t id = sqlite3_column_int64(stmt, 0), up = sqlite3_column_int64(stmt, 1);
		g_hash_table_insert(parents, g_memdup2(&id, sizeof id), g_memdup2(&up, sizeof up));
	}
	sqlite3_reset(stmt);
	if (own) {
		g_propagate_error(error, g_steal_pointer(&own));
		g_hash_table_unref(parents);
		return NULL;
	}
	return parents;
}

/* The nearest one above that is here. */
static struct branch *branch_above(GHashTable *parents, GHashTable *branches, int64_t node)
{
	for (guint steps = g_hash_table_size(parents); steps > 0; steps--) {
		const int64_t *up = g_hash_table_lookup(parents, &node);
		if (!up || *up == 0)
			return NULL;
		struct branch *found = g_hash_table_lookup(branches, up);
		if (found)
			return found;
		node = *up;
	}
	return NULL;
}

/* Cuts each loop once; every branch is walked over once. */
static void cut_loop(struct branch *from)
{
	struct branch *b = from, *meets, *oldest;
	for (; b && b->state == UNSEEN; b = b->parent)
		b->state = ON_PATH;
	meets = b && b->state == ON_PATH ? b : NULL;
	for (b = from; b && b->state == ON_PATH; b = b->parent)
		b->state = CHECKED;
	if (!meets)
		return;
	oldest = meets;
	for (b = meets->parent; b != meets; b = b->parent)
		if (b->row->date < oldest->row->date)
			oldest = b;
	oldest->parent = NULL;
}

static gint by_date(gconstpointer a, gconstpointer b)
{
	const struct message_row *x = *(struct message_row *const *)a;
	const struct message_row *y = *(struct message_row *const *)b;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void add_child(struct branch *top, struct branch *b)
{
	struct branch *to = b->parent ? b->parent : top;
	if (to->last_child)
		to->last_child->next = b;
	else
		to->child = b;
	to->last_child = b;
}

/* Without recursion: a thread may be a chain of any length. */
static void write_order(struct branch *top, GPtrArray *rows)
{
	struct branch *b = top->child;
	int depth = 0;
	guint n = 0;
	while (b && b != top) {
		for (struct branch *s = b; s; s = s->same) {
			s->row->depth = depth;
			rows->pdata[n++] = s->row;
		}
		if (b->child) {
			b = b->child;
			depth++;
			continue;
		}
		while (b && !b->next) {
			b = b->parent;
			depth--;
		}
		if (b)
			b = b->next;
	}
	g_assert(n == rows->len);
}

static void build(struct branch *branches, GHashTable *parents, GPtrArray *rows)
{
	g_autoptr(GHashTable) at = g_hash_table_new(g_int64_hash, g_int64_equal);
	struct branch top = {0};
	for (guint i = 0; i < rows->len; i++) {
		struct branch *b = &branches[i];
		b->row = rows->pdata[i];
		struct branch *first = g_hash_table_lookup(at, &b->row->node);
		if (!first) {
			g_hash_table_insert(at, &b->row->node, b);
			continue;
		}
		while (first->same)
			first = first->same;
		first->same = b;
	}
	for (guint i = 0; i < rows->len; i++)
		if (g_hash_table_lookup(at, &branches[i].row->node) == &branches[i])
			branches[i].parent = branch_above(parents, at, branches[i].row->node);
	for (guint i = 0; i < rows->len; i++)
		cut_loop(&branches[i]);
	for (guint i = 0; i < rows->len; i++)
		if (g_hash_table_lookup(at, &branches[i].row->node) == &branches[i])
			add_child(&top, &branches[i]);
	write_order(&top, rows);
}

bool thread_sort(struct index *ix, int64_t thread, GPtrArray *rows, GError **error)
{
	if (rows->len < 2)
		return true;
	g_autoptr(GHashTable) parents = load_parents(ix, thread, error);
	if (!parents)
		return false;
	g_ptr_array_sort(rows, by_date);
	g_autofree struct branch *branches = g_new0(struct branch, rows->len);
	build(branches, parents, rows);
	return true;
}
