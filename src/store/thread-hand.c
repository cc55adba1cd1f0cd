/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/maildir.h"
#include "store/thread-hand.h"
#include "store/thread-private.h"

/* --- one letter ---------------------------------------------------------------- */

/* Of a letter that is not here: it may come. */
static bool need_node(struct index *ix, int64_t node, GError **error)
{
	int64_t thread = 0;
	if (!thread_of_node(ix, node, &thread, error))
		return false;
	return thread != 0 || (thread_new_name(ix, &thread, error) &&
				      index_exec(ix, error, "INSERT INTO node VALUES(?, ?, 0)",
					      "ii", node, thread));
}

/* parent NULL: nothing is said of the letter; "": it begins a thread. */
static bool set_hand(struct index *ix, const char *letter, const char *parent, GError **error)
{
	int64_t node = thread_node(letter), up = parent && *parent ? thread_node(parent) : 0;
	return need_node(ix, node, error) && (up == 0 || need_node(ix, up, error)) &&
	       kin_set(ix, node, KIN_HAND, parent != NULL, up, error) &&
	       thread_relink(ix, node, error);
}

/* --- the ledger ---------------------------------------------------------------- */

static bool keep(struct ledger *l, const char *letter, const char *parent, GError **error)
{
	if (!parent)
		return db_run(ledger_db(l), NULL, error, "DELETE FROM bond WHERE letter = ?", "s",
			letter);
	return db_run(ledger_db(l), NULL, error,
		"INSERT INTO bond VALUES(?1, ?2) ON CONFLICT(letter) DO UPDATE SET parent = ?2",
		"ss", letter, parent);
}

/* NULL: nothing is said, or *error. */
static char *kept(struct ledger *l, const char *letter, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT parent FROM bond WHERE letter = ?", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", letter);
	return db_row(stmt, error) ? db_text(stmt, 0) : NULL;
}

/* As with tags: changes are counted under the letter "". */
static bool ledger_stamp(struct ledger *l, int64_t *stamp, GError **error)
{
	return db_number(ledger_db(l), "SELECT CAST(parent AS INTEGER) FROM bond WHERE letter = ''",
		0, stamp, error);
}

static bool note_change(struct index *ix, struct ledger *l, GError **error)
{
	int64_t stamp = 0;
	return db_run(ledger_db(l), NULL, error,
		       "INSERT INTO bond VALUES('', '1') ON CONFLICT(letter) DO UPDATE"
		       " SET parent = CAST(parent + 1 AS TEXT)",
		       "") &&
	       ledger_stamp(l, &stamp, error) && kin_set(ix, 0, KIN_HAND, true, stamp, error);
}

/* --- bringing the index up ------------------------------------------------------- */

/* Of struct said. */
struct said {
	int64_t node, parent;
};

static GHashTable *said_new(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

static void add_said(GHashTable *to, int64_t node, int64_t parent)
{
	g_hash_table_insert(to, g_memdup2(&node, sizeof node), g_memdup2(&parent, sizeof parent));
}

/* What the index has: node → parent. */
static GHashTable *said_in_index(struct index *ix, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(GHashTable) found = said_new();
	sqlite3_stmt *stmt =
		index_stmt(ix, "SELECT node, parent FROM kin WHERE kind = 2 AND node <> 0", error);
	if (!stmt)
		return NULL;
	while (db_row(stmt, &own))
		add_said(found, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
	sqlite3_reset(stmt);
	if (!own)
		return g_steal_pointer(&found);
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

typedef bool (*said_call)(const char *letter, const char *parent, void *data, GError **error);

static bool for_each_kept(struct ledger *l, said_call call, void *data, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		ledger_db(l), "SELECT letter, parent FROM bond WHERE letter <> ''", error);
	if (!stmt)
		return false;
	while (db_row(stmt, &own))
		if (!call((const char *)sqlite3_column_text(stmt, 0),
			    (const char *)sqlite3_column_text(stmt, 1), data, error))
			return false;
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

struct bringing {
	struct index *ix;
	GHashTable *had; /* in the index; what the ledger has too is taken out */
	bool only_look;
	int64_t wrong;
};

static bool bring_one(const char *letter, const char *parent, void *data, GError **error)
{
	struct bringing *b = data;
	int64_t node = thread_node(letter), up = *parent ? thread_node(parent) : 0;
	const int64_t *has = g_hash_table_lookup(b->had, &node);
	bool same = has && *has == up;
	g_hash_table_remove(b->had, &node);
	b->wrong += !same;
	return same || b->only_look || set_hand(b->ix, letter, parent, error);
}

/* What the ledger does not have any more. */
static bool let_go(struct bringing *b, GError **error)
{
	GHashTableIter i;
	gpointer node;
	g_hash_table_iter_init(&i, b->had);
	while (g_hash_table_iter_next(&i, &node, NULL)) {
		b->wrong++;
		if (!b->only_look &&
			(!kin_set(b->ix, *(int64_t *)node, KIN_HAND, false, 0, error) ||
				!thread_relink(b->ix, *(int64_t *)node, error)))
			return false;
	}
	return true;
}

static bool bring(
	struct index *ix, struct ledger *l, bool only_look, int64_t *wrong, GError **error)
{
	g_autoptr(GHashTable) had = said_in_index(ix, error);
	struct bringing b = {.ix = ix, .had = had, .only_look = only_look};
	bool ok = had && for_each_kept(l, bring_one, &b, error) && let_go(&b, error);
	if (wrong)
		*wrong = b.wrong;
	return ok;
}

bool index_check_hand(struct index *ix, struct ledger *l, int64_t *wrong, GError **error)
{
	return bring(ix, l, true, wrong, error);
}

static bool bring_up(struct index *ix, struct ledger *l, GError **error)
{
	int64_t stamp = 0;
	if (!index_begin(ix, error))
		return false;
	if (ledger_stamp(l, &stamp, error) && bring(ix, l, false, NULL, error) &&
		kin_set(ix, 0, KIN_HAND, true, stamp, error))
		return index_commit(ix, error);
	index_rollback(ix);
	return false;
}

/* The ledger is held meanwhile, so that nobody changes what is read. */
bool index_renew_hand(struct index *ix, struct ledger *l, GError **error)
{
	if (!ledger_begin(l, error))
		return false;
	bool ok = bring_up(ix, l, error);
	ledger_rollback(l);
	return ok;
}

bool index_sync_hand(struct index *ix, struct ledger *l, GError **error)
{
	bool has;
	int64_t known = 0, stamp = 0;
	if (!ledger_stamp(l, &stamp, error) || !kin_get(ix, 0, KIN_HAND, &has, &known, error))
		return false;
	return known == stamp || index_renew_hand(ix, l, error);
}

/* --- changes ------------------------------------------------------------------- */

struct change {
	struct index *ix;
	struct ledger *ledger;
	struct journal_entry entry;
	GPtrArray *letters, *parents; /* beside entry.items; parent NULL: nothing is said */
	struct action_result *result;
};

static void change_clear(struct change *c)
{
	journal_entry_clear(&c->entry);
	g_clear_pointer(&c->letters, g_ptr_array_unref);
	g_clear_pointer(&c->parents, g_ptr_array_unref);
}
typedef struct change change;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(change, change_clear)

static bool change_init(struct change *c, struct store *s, enum journal_kind kind,
	struct action_result *result, GError **error)
{
	*result = (struct action_result){0};
	c->result = result;
	c->entry.kind = kind;
	c->entry.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	c->letters = g_ptr_array_new_with_free_func(g_free);
	c->parents = g_ptr_array_new_with_free_func(g_free);
	c->ix = store_index(s, error);
	c->ledger = c->ix ? store_ledger(s, error) : NULL;
	return c->ledger != NULL;
}

static char *name_of(const struct message_row *row)
{
	g_autofree char *base = maildir_base(row->file);
	return *row->message_id ? g_strdup(row->message_id) : thread_own_name(base);
}

/* What was said before: "MESSAGE-ID", or with "\nPARENT" behind it. */
static char *data_of(const char *letter, const char *before)
{
	return before ? g_strdup_printf("%s\n%s", letter, before) : g_strdup(letter);
}

static bool add_letter(
	struct change *c, const struct message_row *row, const char *parent, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autofree char *letter = name_of(row);
	g_autofree char *before = kept(c->ledger, letter, &own);
	if (own) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	/* Copies of one letter are one. */
	if (g_strcmp0(before, parent) == 0 ||
		g_ptr_array_find_with_equal_func(c->letters, letter, g_str_equal, NULL))
		return true;
	g_autofree char *base = maildir_base(row->file);
	struct journal_item *item = journal_item_new(row->folder, base);
	item->flags = row->flags;
	item->data = data_of(letter, before);
	g_ptr_array_add(c->entry.items, item);
	g_ptr_array_add(c->letters, g_steal_pointer(&letter));
	g_ptr_array_add(c->parents, g_strdup(parent));
	return true;
}

typedef bool (*journal_step)(struct ledger *l, struct journal_entry *e, GError **error);

static bool erase(struct ledger *l, struct journal_entry *e, GError **error)
{
	return journal_erase(l, e->id, error);
}

static bool write_all(struct change *c, journal_step journal, GError **error)
{
	for (guint i = 0; i < c->letters->len; i++)
		if (!keep(c->ledger, c->letters->pdata[i], c->parents->pdata[i], error) ||
			!set_hand(c->ix, c->letters->pdata[i], c->parents->pdata[i], error))
			return false;
	c->result->done = c->letters->len;
	return journal(c->ledger, &c->entry, error) && note_change(c->ix, c->ledger, error);
}

/* The journal, and what it tells of, in one commit; the index follows, or is brought
 * up by index_sync_hand(). */
static bool carry_out(struct change *c, journal_step journal, GError **error)
{
	if (!ledger_begin(c->ledger, error))
		return false;
	if (!index_begin(c->ix, error)) {
		ledger_rollback(c->ledger);
		return false;
	}
	if (!write_all(c, journal, error)) {
		index_rollback(c->ix);
		ledger_rollback(c->ledger);
		return false;
	}
	if (ledger_commit(c->ledger, error))
		return index_commit(c->ix, error);
	index_rollback(c->ix);
	return false;
}

static bool run(struct change *c, GError **error)
{
	if (c->letters->len > 0 && !carry_out(c, journal_write, error))
		return false;
	c->result->entry = c->entry.id;
	return true;
}

/* --- splitting and joining ------------------------------------------------------- */

/* 0: it hangs below nothing that is here or was spoken of. */
static bool parent_of(struct index *ix, int64_t node, int64_t *parent, GError **error)
{
	bool has;
	if (!kin_get(ix, node, KIN_HAND, &has, parent, error) || has)
		return has;
	if (!index_number(ix, 0, parent, error, "SELECT parent FROM node WHERE id = ?", "i", node))
		return false;
	return *parent != 0 || kin_get(ix, node, KIN_SUBJECT, &has, parent, error);
}

static struct message_row *message(struct change *c, int64_t id, bool *ok, GError **error)
{
	g_autoptr(GError) own = NULL;
	struct message_row *row = index_message(c->ix, id, &own);
	*ok = row || g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING);
	c->result->missing += *ok && !row;
	if (!*ok)
		g_propagate_error(error, g_steal_pointer(&own));
	return row;
}

static bool split_one(struct change *c, const struct message_row *row, GError **error)
{
	int64_t parent = 0;
	return parent_of(c->ix, row->node, &parent, error) &&
	       (parent == 0 || add_letter(c, row, "", error));
}

bool action_split(struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	g_auto(change) c = {0};
	bool ok = change_init(&c, s, JOURNAL_SPLIT, result, error);
	for (guint i = 0; ok && i < ids->len; i++) {
		g_autoptr(message_row) row =
			message(&c, g_array_index(ids, int64_t, i), &ok, error);
		ok = ok && (!row || split_one(&c, row, error));
	}
	if (!ok || !run(&c, error))
		return false;
	result->text = result->done == 0
			       ? g_strdup(_("nothing to split: it begins its thread already"))
			       : g_strdup_printf(P_("%d message begins a thread of its own",
							 "%d messages begin threads of their own",
							 result->done),
					 (int)result->done);
	return true;
}

/* Whether from hangs below the node, or is it. */
static bool is_below(struct index *ix, int64_t from, int64_t node, bool *is, GError **error)
{
	enum { STEPS = 100000 }; /* more than any chain; a loop ends there too */
	*is = from == node;
	for (int i = 0; i < STEPS && from != 0 && !*is; i++) {
		if (!parent_of(ix, from, &from, error))
			return false;
		*is = from == node;
	}
	return true;
}

static bool join_one(struct change *c, const struct message_row *row,
	const struct message_row *parent, GError **error)
{
	bool below;
	g_autofree char *name = name_of(parent);
	if (row->node == parent->node)
		return true;
	if (!is_below(c->ix, parent->node, row->node, &below, error))
		return false;
	if (!below)
		return add_letter(c, row, name, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
		_("'%s' hangs below '%s' already; split that one from its thread first"),
		parent->subject, row->subject);
	return false;
}

bool action_join(struct store *s, const GArray *ids, int64_t parent, struct action_result *result,
	GError **error)
{
	g_auto(change) c = {0};
	bool ok = change_init(&c, s, JOURNAL_JOIN, result, error);
	g_autoptr(message_row) up = ok ? index_message(c.ix, parent, error) : NULL;
	ok = up != NULL;
	for (guint i = 0; ok && i < ids->len; i++) {
		g_autoptr(message_row) row =
			message(&c, g_array_index(ids, int64_t, i), &ok, error);
		ok = ok && (!row || join_one(&c, row, up, error));
	}
	if (!ok || !run(&c, error))
		return false;
	result->text =
		result->done == 0
			? g_strdup(_("nothing to join: it hangs there already"))
			: g_strdup_printf(P_("%d message joined to '%s'",
						  "%d messages joined to '%s'", result->done),
				  (int)result->done, up->subject);
	return true;
}

bool action_unthread(struct store *s, const struct journal_entry *e, struct action_result *result,
	GError **error)
{
	g_auto(change) c = {0};
	if (!change_init(&c, s, e->kind, result, error))
		return false;
	c.entry.id = e->id;
	for (guint i = 0; i < e->items->len; i++) {
		const struct journal_item *item = e->items->pdata[i];
		g_auto(GStrv) parts = g_strsplit(item->data ? item->data : "", "\n", 2);
		if (!parts[0] || !*parts[0])
			continue;
		g_ptr_array_add(c.letters, g_strdup(parts[0]));
		g_ptr_array_add(c.parents, g_strdup(parts[1]));
	}
	return carry_out(&c, erase, error);
}
