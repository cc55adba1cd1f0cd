/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/filter-private.h"
#include "store/index-private.h"
#include "store/query-private.h"

/* So many letters go through all filters before the next do: what is noted of them
 * goes with the last filter. */
enum { GROUP = 500 };

typedef struct filter_pass filter_pass;

static bool pass_init(struct filter_pass *p, struct store *s, GError **error)
{
	*p->result = (struct filter_result){0};
	p->store = s;
	p->entries = g_array_new(FALSE, FALSE, sizeof(int64_t));
	p->ix = store_index(s, error);
	p->ledger = p->ix ? store_ledger(s, error) : NULL;
	return p->ledger != NULL;
}

static void pass_clear(struct filter_pass *p)
{
	g_clear_pointer(&p->entries, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(filter_pass, pass_clear)

/* --- what matches ---------------------------------------------------------------- */

/* The letters are the newest, mostly: the range keeps a search for words short. */
static char *match_sql(const struct query_parts *parts)
{
	return parts->match
		       ? g_strdup_printf("SELECT m.id FROM words CROSS JOIN message m"
					 " ON m.id = words.rowid WHERE words MATCH ?1"
					 " AND words.rowid BETWEEN ? AND ? AND %s",
				 parts->sql)
		       : g_strdup_printf(
				 "SELECT m.id FROM message m WHERE m.id BETWEEN ? AND ? AND %s",
				 parts->sql);
}

static void bind_match(
	sqlite3_stmt *stmt, const struct query_parts *parts, int64_t low, int64_t high)
{
	int at = 1;
	if (parts->match)
		sqlite3_bind_text(stmt, at++, parts->match, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, at++, low);
	sqlite3_bind_int64(stmt, at++, high);
	query_bind(stmt, at, parts->values);
}

/* Which of the messages from low to high the query finds: a set of int64_t. */
static GHashTable *find_matching(struct filter_pass *p, const struct filter_rule *rule, int64_t low,
	int64_t high, GError **error)
{
	g_auto(query_parts) parts = {0};
	g_autoptr(query) q = query_parse(rule->query, clock_now(), error);
	if (!q)
		return NULL;
	query_parts_init(q, &parts);
	g_autofree char *sql = match_sql(&parts);
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(p->ix), sql, error);
	if (!stmt)
		return NULL;
	bind_match(stmt, &parts, low, high);
	g_autoptr(GArray) ids = db_ids(stmt, error);
	if (!ids)
		return NULL;
	GHashTable *found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < ids->len; i++)
		g_hash_table_add(
			found, g_memdup2(&g_array_index(ids, int64_t, i), sizeof(int64_t)));
	return found;
}

/* What is not here cannot be copied, sent on or read by a program. */
static bool needs_all(const struct filter_rule *rule)
{
	for (guint i = 0; i < rule->count; i++)
		if (rule->actions[i].verb == FILTER_COPY ||
			rule->actions[i].verb == FILTER_FORWARD ||
			rule->actions[i].verb == FILTER_PIPE)
			return true;
	return false;
}

/* Those that were cut off in this filter come first to it, without a look. */
static bool is_in(const struct passing *letter, int k, const struct filter_rule *rule)
{
	return letter->at == k && letter->step < rule->count;
}

static bool is_new_to(const struct passing *letter, int k, const struct filter_rule *rule)
{
	return !letter->over && letter->at < k && !(letter->partial && needs_all(rule));
}

static GPtrArray *choose(struct filter_pass *p, int k, GArray *letters, GError **error)
{
	const struct filter_rule *rule = p->rules->pdata[k];
	int64_t low = G_MAXINT64, high = G_MININT64;
	for (guint i = 0; i < letters->len; i++) {
		const struct passing *letter = &g_array_index(letters, struct passing, i);
		low = is_new_to(letter, k, rule) ? MIN(low, letter->id) : low;
		high = is_new_to(letter, k, rule) ? MAX(high, letter->id) : high;
	}
	g_autoptr(GHashTable) matching = find_matching(p, rule, low, high, error);
	if (!matching)
		return NULL;
	GPtrArray *chosen = g_ptr_array_new();
	for (guint i = 0; i < letters->len; i++) {
		struct passing *letter = &g_array_index(letters, struct passing, i);
		bool matches =
			is_new_to(letter, k, rule) && g_hash_table_contains(matching, &letter->id);
		if (matches) {
			letter->at = k;
			letter->step = 0;
		}
		if (matches || (!letter->over && is_in(letter, k, rule)))
			g_ptr_array_add(chosen, letter);
	}
	return chosen;
}

/* --- the run --------------------------------------------------------------------- */

static void tell_would(struct filter_pass *p, const struct filter_rule *rule, GPtrArray *letters)
{
	bool stops = rule->count > 0 && rule->actions[rule->count - 1].verb == FILTER_STOP;
	for (guint i = 0; i < letters->len; i++) {
		struct passing *letter = letters->pdata[i];
		g_autoptr(message_row) row = index_message(p->ix, letter->id, NULL);
		if (row && p->ops->would)
			p->ops->would(rule, row, p->ops->data);
		letter->over = stops;
		letter->hit = true;
	}
}

/* Not those that its program had nothing against, or with which it failed. */
static guint count_hits(const struct filter_rule *rule, GPtrArray *letters)
{
	guint hits = 0;
	for (guint i = 0; i < letters->len; i++) {
		struct passing *letter = letters->pdata[i];
		bool hit = letter->step == rule->count;
		letter->hit = letter->hit || hit;
		hits += hit;
	}
	return hits;
}

static bool run_rule(struct filter_pass *p, int k, GArray *letters, GError **error)
{
	const struct filter_rule *rule = p->rules->pdata[k];
	g_autoptr(GPtrArray) chosen = choose(p, k, letters, error);
	if (!chosen || chosen->len == 0)
		return chosen != NULL;
	if (p->ops->dry_run) {
		tell_would(p, rule, chosen);
		return true;
	}
	/* At the end again: a later crash must not run this one anew. */
	return filter_due_note(p, rule, chosen, 0, error) && filter_do(p, k, chosen, error) &&
	       filter_due_note(p, rule, chosen, count_hits(rule, chosen), error);
}

static bool run_group(struct filter_pass *p, GArray *letters, GError **error)
{
	for (guint k = 0; k < p->rules->len; k++)
		if (!run_rule(p, (int)k, letters, error))
			return false;
	for (guint i = 0; i < letters->len; i++)
		p->result->letters += g_array_index(letters, struct passing, i).hit;
	return true;
}

static bool run_due(struct filter_pass *p, GError **error)
{
	for (;;) {
		g_autoptr(GArray) letters = filter_due_list(p, GROUP, error);
		if (!letters || letters->len == 0)
			return letters != NULL;
		if (!run_group(p, letters, error) || !filter_due_drop(p, letters, error))
			return false;
	}
}

bool filter_run_due(struct store *s, const GPtrArray *rules, const struct filter_ops *ops,
	struct filter_result *result, GError **error)
{
	g_auto(filter_pass) p = {.rules = rules, .ops = ops, .result = result};
	if (!pass_init(&p, s, error))
		return false;
	if (rules->len == 0)
		return db_run(ledger_db(p.ledger), NULL, error, "DELETE FROM filter_due", "");
	g_autoptr(store_lock) lock = store_lock_take(s, "filter", error);
	return lock && run_due(&p, error);
}

static struct passing on_demand(struct filter_pass *p, int64_t id)
{
	g_autoptr(message_row) row = index_message(p->ix, id, NULL);
	return (struct passing){.id = id, .at = -1, .over = !row, .partial = row && row->partial};
}

bool filter_run(struct store *s, const GPtrArray *rules, const GArray *ids,
	const struct filter_ops *ops, struct filter_result *result, GError **error)
{
	g_auto(filter_pass) p = {.rules = rules, .ops = ops, .result = result};
	g_autoptr(store_lock) lock = NULL;
	if (!pass_init(&p, s, error))
		return false;
	if (!ops->dry_run && !(lock = store_lock_take(s, "filter", error)))
		return false;
	for (guint i = 0; i < ids->len;) {
		g_autoptr(GArray) letters = g_array_new(FALSE, FALSE, sizeof(struct passing));
		for (guint end = MIN(ids->len, i + GROUP); i < end; i++) {
			struct passing letter = on_demand(&p, g_array_index(ids, int64_t, i));
			g_array_append_val(letters, letter);
		}
		if (!run_group(&p, letters, error))
			return false;
	}
	return true;
}
