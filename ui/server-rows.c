/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "ui/server-rows.h"
#include "ui/server-rules.h"

static void row_free(void *data)
{
	struct server_row *r = data;
	g_free(r->from);
	g_free(r->subject);
	g_free(r);
}

void server_rows_free(struct server_rows *r)
{
	if (!r)
		return;
	g_clear_pointer(&r->rows, g_ptr_array_unref);
	g_clear_error(&r->error);
	g_free(r);
}

/* --- one account --------------------------------------------------------------- */

/* A name that poses as an address is not shown instead of the address. */
static char *sender(struct message_row *head)
{
	bool named = *head->from_name && !strchr(head->from_name, '@');
	return named ? g_steal_pointer(&head->from_name) : g_steal_pointer(&head->from);
}

/* Where the head is not known, the letter is about as old as the one behind
 * which it came. */
static struct server_row *make_row(const char *account, struct drop_row *from, int64_t *date)
{
	struct server_row *row = g_new0(struct server_row, 1);
	row->account = account;
	row->id = from->id;
	row->size = (int64_t)from->size;
	row->state = from->state;
	row->has_head = from->head != NULL;
	if (from->head) {
		row->from = sender(from->head);
		row->subject = g_steal_pointer(&from->head->subject);
		*date = from->head->date;
	}
	row->date = *date;
	return row;
}

struct account_key {
	const char *id; /* interned */
	char *key;
	GArray *rules; /* server_rules_new() */
};

static void account_key_clear(void *data)
{
	struct account_key *k = data;
	g_free(k->key);
	g_array_unref(k->rules);
}

static void decide(void *data, enum filter_do what)
{
	struct server_row *row = data;
	row->ruled = true;
	row->rule = what;
	if (what == FILTER_SKIP)
		row->state = DROP_LEFT;
}

/* rows: from this one on. */
static bool apply_rules(
	struct drop *d, const GArray *rules, const GPtrArray *rows, guint from, GError **error)
{
	g_autoptr(GHashTable) undecided = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = from; rules->len > 0 && i < rows->len; i++) {
		struct server_row *row = rows->pdata[i];
		if (row->state == DROP_NEW && row->has_head)
			g_hash_table_insert(undecided, &row->id, row);
	}
	return server_rules_apply(rules, d, undecided, decide, error);
}

static bool read_account(struct store *s, const struct account_key *a, const char *query,
	struct server_rows *out, GError **error)
{
	struct drop_look look;
	g_autoptr(drop) d = drop_open(s, a->key, a->id, error);
	g_autoptr(GPtrArray) rows = d ? drop_rows(d, query, error) : NULL;
	int64_t date = clock_now();
	if (!rows || !drop_last_look(d, &look, error))
		return false;
	out->looked = MIN(out->looked, look.at);
	out->without_tops += !look.tops;
	guint from = out->rows->len;
	for (guint i = 0; i < rows->len; i++)
		g_ptr_array_add(out->rows, make_row(a->id, rows->pdata[i], &date));
	return apply_rules(d, a->rules, out->rows, from, error);
}

/* --- the job ------------------------------------------------------------------- */

struct reading {
	GArray *accounts; /* of struct account_key */
	char *query;
	struct server_rows *rows;
	void (*done)(struct server_rows *rows, void *data);
	void *data;
	GDestroyNotify free;
};

/* Several maildrops become one list; one alone stays in the server's order, which
 * is that of arrival.  The order of equals is kept. */
static gint newest_first(gconstpointer a, gconstpointer b)
{
	const struct server_row *x = *(struct server_row *const *)a;
	const struct server_row *y = *(struct server_row *const *)b;
	return (x->date < y->date) - (x->date > y->date);
}

static void reading_run(struct room *room, void *data)
{
	struct reading *r = data;
	struct server_rows *out = r->rows;
	struct store *s = room_store(room, &out->error);
	bool ok = s != NULL;
	out->rows = g_ptr_array_new_with_free_func(row_free);
	for (guint i = 0; ok && i < r->accounts->len; i++)
		ok = read_account(s, &g_array_index(r->accounts, struct account_key, i), r->query,
			out, &out->error);
	if (!ok)
		g_clear_pointer(&out->rows, g_ptr_array_unref);
	else if (r->accounts->len > 1)
		g_ptr_array_sort(out->rows, newest_first);
}

static void reading_done(void *data)
{
	struct reading *r = data;
	r->done(r->rows, r->data);
}

static void reading_free(void *data)
{
	struct reading *r = data;
	if (r->free)
		r->free(r->data);
	server_rows_free(r->rows);
	g_array_unref(r->accounts);
	g_free(r->query);
	g_free(r);
}

static const struct job reading_job = {reading_run, reading_done, reading_free};

static GArray *accounts_of(struct ui *ui, const char *wanted)
{
	GArray *accounts = g_array_new(FALSE, FALSE, sizeof(struct account_key));
	g_array_set_clear_func(accounts, account_key_clear);
	for (guint i = 0; i < dotfile_account_count(ui_dotfile(ui)); i++) {
		const struct account *a = dotfile_account(ui_dotfile(ui), i);
		if (!a->pop3 || (wanted && strcmp(wanted, a->id) != 0))
			continue;
		struct account_key k = {g_intern_string(a->id), account_state_key(a),
			server_rules_new(ui_dotfile(ui), a->id)};
		g_array_append_val(accounts, k);
	}
	return accounts;
}

void server_rows_read(struct ui *ui, const struct server_wanted *wanted,
	void (*done)(struct server_rows *rows, void *data), void *data, GDestroyNotify free)
{
	struct reading *r = g_new0(struct reading, 1);
	r->accounts = accounts_of(ui, wanted->account);
	r->query = g_strdup(wanted->query);
	r->rows = g_new0(struct server_rows, 1);
	r->rows->looked = r->accounts->len > 0 ? G_MAXINT64 : 0;
	r->done = done;
	r->data = data;
	r->free = free;
	worker_push(ui_worker(ui, UI_WORKER_SEARCH), &reading_job, r);
}
