/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-private.h"
#include "store/thread-private.h"

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

/* The same in an index that is made anew. */
char *thread_own_name(const char *base)
{
	return g_strdup_printf("none %s", base);
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

bool thread_merge(struct index *ix, int64_t *keep, int64_t other, GError **error)
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
	bool apart;                   /* by hand: what the header says does not count */
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

static bool look_up(struct index *ix, struct link *link, int64_t *thread, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix, "SELECT thread, parent FROM node WHERE id = ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, link->node);
	if (db_row(stmt, &own)) {
		link->thread = sqlite3_column_int64(stmt, 0);
		link->parent = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_reset(stmt);
	if (!own)
		return link->thread == 0 || thread_merge(ix, thread, link->thread, error);
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* What is not believed still holds the thread together. */
static bool tie(struct index *ix, int64_t node, int64_t parent, GError **error)
{
	return index_exec(ix, error, "INSERT OR IGNORE INTO kin VALUES(?, 0, ?)", "ii", node,
		parent);
}

/* What the message says of itself counts more than what others referred to;
 * of those the first that spoke is believed. */
static bool write_link(struct index *ix, const struct link *link, int64_t parent, bool self,
	GError **error)
{
	if (parent == 0 || parent == link->parent)
		return true;
	if (!self && link->parent != 0)
		return tie(ix, link->node, parent, error);
	return index_exec(ix, error, "UPDATE node SET parent = ? WHERE id = ?", "ii", parent,
		       link->node) &&
	       (link->parent == 0 || tie(ix, link->node, link->parent, error));
}

static bool write_links(struct index *ix, GArray *chain, guint from, guint to, int64_t thread,
	GError **error)
{
	for (guint i = from; i < to; i++) {
		struct link *link = &g_array_index(chain, struct link, i);
		int64_t parent = i > 0 ? link[-1].node : 0;
		bool ok = link->thread == 0
				  ? index_exec(ix, error,
					    "INSERT OR IGNORE INTO node VALUES(?, ?, ?)", "iii",
					    link->node, thread, parent)
				  : write_link(ix, link, parent, i + 1 == chain->len, error);
		if (!ok)
			return false;
	}
	return true;
}

/* Links by hand are few, if there are any. */
static bool find_apart(struct index *ix, GArray *chain, GError **error)
{
	bool any = false, ok = thread_has_hand(ix, &any, error);
	for (guint i = 1; ok && any && i < chain->len; i++) {
		struct link *link = &g_array_index(chain, struct link, i);
		int64_t parent;
		ok = kin_get(ix, link->node, KIN_HAND, &link->apart, &parent, error);
	}
	return ok;
}

/* The part of the chain from one link on that hangs together; *to: behind it. */
static bool join_part(struct index *ix, GArray *chain, guint from, guint *to, int64_t *thread,
	GError **error)
{
	guint i = from;
	do
		if (!look_up(ix, &g_array_index(chain, struct link, i), thread, error))
			return false;
	while (++i < chain->len && !g_array_index(chain, struct link, i).apart);
	*to = i;
	return true;
}

bool thread_join(struct index *ix, const struct thread_links *links, int64_t *thread,
	GError **error)
{
	g_autoptr(GArray) chain = chain_of(links);
	guint to = 0;
	if (!find_apart(ix, chain, error))
		return false;
	for (guint from = 0; from < chain->len; from = to) {
		*thread = 0;
		if (!join_part(ix, chain, from, &to, thread, error))
			return false;
		if (*thread == 0 && to == chain->len)
			*thread = links->id;
		if (*thread == 0 && !thread_new_name(ix, thread, error))
			return false;
		if (!write_links(ix, chain, from, to, *thread, error))
			return false;
	}
	return true;
}

/* --- tree order ---------------------------------------------------------------- */

struct branch {
	struct message_row *row;
	struct branch *parent, *child, *last_child, *next;
	struct branch *same; /* further copies of the message */
	bool guessed;        /* its parent is */
	enum { UNSEEN, ON_PATH, CHECKED } state;
};

struct above {
	int64_t parent;
	bool guessed;
};

/* By hand, by the headers, by subject. */
static struct above read_above(sqlite3_stmt *stmt)
{
	bool by_hand = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
	struct above above = {sqlite3_column_int64(stmt, by_hand ? 2 : 1), false};
	if (by_hand || above.parent != 0)
		return above;
	return (struct above){sqlite3_column_int64(stmt, 3), true};
}

static GHashTable *load_parents(struct index *ix, int64_t thread, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT id, parent, (SELECT parent FROM kin WHERE node = n.id AND kind = 2),"
		" (SELECT parent FROM kin WHERE node = n.id AND kind = 1)"
		" FROM node n WHERE thread = ?",
		error);
	if (!stmt)
		return NULL;
	GHashTable *parents = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	sqlite3_bind_int64(stmt, 1, thread);
	while (db_row(stmt, &own)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		struct above above = read_above(stmt);
		g_hash_table_insert(
			parents, g_memdup2(&id, sizeof id), g_memdup2(&above, sizeof above));
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
static struct branch *branch_above(
	GHashTable *parents, GHashTable *branches, int64_t node, bool *guessed)
{
	for (guint steps = g_hash_table_size(parents); steps > 0; steps--) {
		const struct above *up = g_hash_table_lookup(parents, &node);
		if (!up || up->parent == 0)
			return NULL;
		*guessed = *guessed || up->guessed;
		struct branch *found = g_hash_table_lookup(branches, &up->parent);
		if (found)
			return found;
		node = up->parent;
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
			s->row->guessed = depth > 0 && b->guessed;
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
			branches[i].parent = branch_above(
				parents, at, branches[i].row->node, &branches[i].guessed);
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
