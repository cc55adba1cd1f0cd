/* SPDX-License-Identifier: MIT
 *
 * Threads whose links were changed: what still hangs together. */
#include "base/base.h"

#include "store/thread-private.h"

/* --- links --------------------------------------------------------------------- */

bool kin_get(
	struct index *ix, int64_t node, enum kin kind, bool *has, int64_t *parent, GError **error)
{
	int64_t found = -1;
	bool ok = index_number(ix, -1, &found, error,
		"SELECT parent FROM kin WHERE node = ? AND kind = ?", "ii", node, (int64_t)kind);
	*has = found >= 0;
	*parent = *has ? found : 0;
	return ok;
}

bool kin_set(
	struct index *ix, int64_t node, enum kin kind, bool has, int64_t parent, GError **error)
{
	return index_exec(ix, error, "DELETE FROM kin WHERE node = ? AND kind = ?", "ii", node,
		       (int64_t)kind) &&
	       (!has || index_exec(ix, error, "INSERT INTO kin VALUES(?, ?, ?)", "iii", node,
				(int64_t)kind, parent));
}

/* The row of node 0 is the stamp of thread-hand.c. */
bool thread_has_hand(struct index *ix, bool *has, GError **error)
{
	int64_t stamp;
	return kin_get(ix, 0, KIN_HAND, has, &stamp, error);
}

bool thread_of_node(struct index *ix, int64_t node, int64_t *thread, GError **error)
{
	return index_number(
		ix, 0, thread, error, "SELECT thread FROM node WHERE id = ?", "i", node);
}

/* From the same row of numbers as those of messages, so that none comes twice. */
bool thread_new_name(struct index *ix, int64_t *thread, GError **error)
{
	return index_new_id(ix, thread, error) &&
	       index_exec(ix, error,
		       "INSERT INTO sqlite_sequence(name, seq) SELECT 'message', 0 WHERE NOT EXISTS"
		       " (SELECT 1 FROM sqlite_sequence WHERE name = 'message')",
		       "") &&
	       index_exec(ix, error,
		       "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'message'", "i",
		       *thread);
}

/* --- groups -------------------------------------------------------------------- */

struct member {
	int64_t node, parent;
	bool by_hand;
	guint above;  /* the member it is grouped under; itself: the first of its group */
	guint size;   /* of the first: of its group */
	int64_t name; /* likewise: of the thread it becomes */
};

struct group {
	struct index *ix;
	int64_t thread;
	GArray *members;
	GHashTable *at; /* node → place in members */
};

static struct member *member(const struct group *g, guint i)
{
	return &g_array_index(g->members, struct member, i);
}

static guint first_of(const struct group *g, guint i)
{
	while (member(g, i)->above != i) {
		member(g, i)->above = member(g, member(g, i)->above)->above;
		i = member(g, i)->above;
	}
	return i;
}

static void link_to(struct group *g, guint i, int64_t parent)
{
	const gpointer at = g_hash_table_lookup(g->at, &parent);
	if (parent == 0 || !at)
		return;
	guint a = first_of(g, i), b = first_of(g, GPOINTER_TO_UINT(at) - 1);
	if (a == b)
		return;
	guint more = member(g, a)->size >= member(g, b)->size ? a : b, less = a + b - more;
	member(g, less)->above = more;
	member(g, more)->size += member(g, less)->size;
}

static bool end(sqlite3_stmt *stmt, GError *own, GError **error)
{
	sqlite3_reset(stmt);
	if (own)
		g_propagate_error(error, own);
	return !own;
}

static bool load_members(struct group *g, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt =
		index_stmt(g->ix, "SELECT id, parent FROM node WHERE thread = ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, g->thread);
	while (db_row(stmt, &own)) {
		struct member m = {.node = sqlite3_column_int64(stmt, 0),
			.parent = sqlite3_column_int64(stmt, 1),
			.above = g->members->len,
			.size = 1};
		g_array_append_val(g->members, m);
		g_hash_table_insert(g->at, g_memdup2(&m.node, sizeof m.node),
			GUINT_TO_POINTER(g->members->len));
	}
	return end(stmt, own, error);
}

/* Links by hand first: they take the others' place. */
static bool link_kin(struct group *g, bool by_hand, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(g->ix,
		"SELECT k.node, k.parent FROM node n CROSS JOIN kin k ON k.node = n.id"
		" WHERE n.thread = ? AND (k.kind = 2) = ?",
		error);
	if (!stmt)
		return false;
	db_bind(stmt, "ii", g->thread, (int64_t)by_hand);
	while (db_row(stmt, &own)) {
		int64_t node = sqlite3_column_int64(stmt, 0);
		guint i = GPOINTER_TO_UINT(g_hash_table_lookup(g->at, &node)) - 1;
		if (by_hand)
			member(g, i)->by_hand = true;
		if (by_hand || !member(g, i)->by_hand)
			link_to(g, i, sqlite3_column_int64(stmt, 1));
	}
	return end(stmt, own, error);
}

static void link_parents(struct group *g)
{
	for (guint i = 0; i < g->members->len; i++)
		if (!member(g, i)->by_hand)
			link_to(g, i, member(g, i)->parent);
}

/* The largest keeps the name, so that few rows are written. */
static bool name_groups(struct group *g, GError **error)
{
	guint largest = first_of(g, 0);
	for (guint i = 1; i < g->members->len; i++)
		if (member(g, i)->above == i && member(g, i)->size > member(g, largest)->size)
			largest = i;
	for (guint i = 0; i < g->members->len; i++) {
		struct member *m = member(g, i);
		if (i == largest)
			m->name = g->thread;
		else if (m->above == i && !thread_new_name(g->ix, &m->name, error))
			return false;
	}
	return true;
}

static bool write_members(struct group *g, GError **error)
{
	for (guint i = 0; i < g->members->len; i++) {
		const struct member *m = member(g, i);
		int64_t name = member(g, first_of(g, i))->name;
		if (name != g->thread &&
			(!index_exec(g->ix, error, "UPDATE node SET thread = ? WHERE id = ?", "ii",
				 name, m->node) ||
				!index_exec(g->ix, error,
					"UPDATE message SET thread = ? WHERE node = ?", "ii", name,
					m->node)))
			return false;
	}
	return true;
}

static bool forget_heads(struct index *ix, int64_t thread, GError **error)
{
	return index_exec(ix, error,
		"DELETE FROM head WHERE thread = ?"
		" AND folder IN (SELECT id FROM folder UNION SELECT 0)",
		"i", thread);
}

/* In each folder, and in all but Trash. */
static bool find_heads(struct index *ix, int64_t thread, GError **error)
{
	return index_exec(ix, error,
		       "INSERT INTO head SELECT folder, ?1, date, id FROM (SELECT folder, date, id,"
		       " row_number() OVER (PARTITION BY folder ORDER BY date DESC, id DESC) AS nth"
		       " FROM message WHERE thread = ?1) WHERE nth = 1",
		       "i", thread) &&
	       index_exec(ix, error,
		       "INSERT INTO head SELECT 0, ?1, date, id FROM message"
		       " WHERE thread = ?1 AND folder <> 1 ORDER BY date DESC, id DESC LIMIT 1",
		       "i", thread);
}

static bool write_heads(struct group *g, GError **error)
{
	bool ok = forget_heads(g->ix, g->thread, error);
	for (guint i = 0; ok && i < g->members->len; i++)
		if (member(g, i)->above == i)
			ok = find_heads(g->ix, member(g, i)->name, error);
	return ok;
}

/* What hangs together of it. */
static bool regroup(struct index *ix, int64_t thread, GError **error)
{
	g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(struct member));
	g_autoptr(GHashTable) at = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct group g = {ix, thread, members, at};
	if (!load_members(&g, error))
		return false;
	if (members->len == 0)
		return true;
	if (!link_kin(&g, true, error))
		return false;
	link_parents(&g);
	if (!link_kin(&g, false, error))
		return false;
	/* Still one. */
	if (member(&g, first_of(&g, 0))->size == members->len)
		return true;
	return name_groups(&g, error) && write_members(&g, error) && write_heads(&g, error);
}

/* The nodes that one hangs on. */
static GArray *parents_of(struct index *ix, int64_t node, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(ix),
		"SELECT parent FROM kin WHERE node = ?1 AND kind = 2 UNION ALL"
		" SELECT parent FROM (SELECT parent FROM node WHERE id = ?1 UNION ALL"
		" SELECT parent FROM kin WHERE node = ?1 AND kind <> 2)"
		" WHERE NOT EXISTS (SELECT 1 FROM kin WHERE node = ?1 AND kind = 2)",
		error);
	if (!stmt)
		return NULL;
	sqlite3_bind_int64(stmt, 1, node);
	return db_ids(stmt, error);
}

bool thread_relink(struct index *ix, int64_t node, GError **error)
{
	int64_t thread = 0, other = 0;
	if (!thread_of_node(ix, node, &thread, error) || !regroup(ix, thread, error))
		return false;
	g_autoptr(GArray) parents = parents_of(ix, node, error);
	bool ok = parents != NULL;
	for (guint i = 0; ok && i < parents->len; i++)
		ok = thread_of_node(ix, node, &thread, error) &&
		     thread_of_node(ix, g_array_index(parents, int64_t, i), &other, error) &&
		     (other == 0 || thread_merge(ix, &thread, other, error));
	return ok;
}
