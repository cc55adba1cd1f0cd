/* SPDX-License-Identifier: MIT
 *
 * What is to become of letters on a server, and doing it. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "ui/command.h"
#include "ui/server-text.h"
#include "ui/surveyor.h"
#include "ui/syncer.h"
#include "ui/view-server.h"

/* --- the marks ----------------------------------------------------------------- */

struct server_marks {
	GHashTable *table; /* struct key → itself */
	GHashTable *ruled; /* struct key: filters have marked these once */
};

struct key {
	const char *account; /* interned */
	int64_t id;
	enum server_mark mark;
	bool here; /* the letter was fetched before it was marked */
};

static guint key_hash(gconstpointer key)
{
	return g_int64_hash(&((const struct key *)key)->id);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct key *x = a, *y = b;
	return x->id == y->id && x->account == y->account;
}

struct server_marks *server_marks_new(void)
{
	struct server_marks *m = g_new0(struct server_marks, 1);
	m->table = g_hash_table_new_full(key_hash, key_equal, NULL, g_free);
	m->ruled = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
	return m;
}

void server_marks_free(struct server_marks *m)
{
	if (!m)
		return;
	g_hash_table_unref(m->table);
	g_hash_table_unref(m->ruled);
	g_free(m);
}

enum server_mark server_marks_get(const struct server_marks *m, const struct server_row *row)
{
	struct key wanted = {.account = row->account, .id = row->id};
	const struct key *k = g_hash_table_lookup(m->table, &wanted);
	return k ? k->mark : SERVER_LEAVE;
}

void server_marks_set(struct server_marks *m, const struct server_row *row, enum server_mark mark)
{
	struct key k = {row->account, row->id, mark, row->state == DROP_HERE};
	g_hash_table_remove(m->table, &k);
	if (mark == SERVER_LEAVE)
		return;
	struct key *copy = g_memdup2(&k, sizeof k);
	g_hash_table_insert(m->table, copy, copy);
}

void server_marks_apply_rules(struct server_marks *m, const GPtrArray *rows)
{
	static const enum server_mark marks[] = {[FILTER_SKIP] = SERVER_LEAVE,
		[FILTER_DELETE] = SERVER_ERASE,
		[FILTER_FETCH] = SERVER_GET};
	for (guint i = 0; i < rows->len; i++) {
		const struct server_row *row = rows->pdata[i];
		struct key k = {.account = row->account, .id = row->id};
		if (!row->ruled || g_hash_table_contains(m->ruled, &k))
			continue;
		g_hash_table_add(m->ruled, g_memdup2(&k, sizeof k));
		if (server_marks_get(m, row) == SERVER_LEAVE)
			server_marks_set(m, row, marks[row->rule]);
	}
}

void server_marks_clear(struct server_marks *m)
{
	g_hash_table_remove_all(m->table);
}

guint server_marks_count(const struct server_marks *m)
{
	return g_hash_table_size(m->table);
}

static GHashTable *table_of(const GPtrArray *rows)
{
	GHashTable *table = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const struct server_row *row = rows->pdata[i];
		struct key k = {row->account, row->id, SERVER_LEAVE, row->state == DROP_HERE};
		g_hash_table_add(table, g_memdup2(&k, sizeof k));
	}
	return table;
}

void server_marks_prune(struct server_marks *m, const char *account, const GPtrArray *rows)
{
	GHashTableIter iter;
	gpointer value;
	if (g_hash_table_size(m->table) == 0)
		return;
	g_autoptr(GHashTable) there = table_of(rows);
	g_hash_table_iter_init(&iter, m->table);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct key *k = value;
		if ((!account || strcmp(account, k->account) == 0) &&
			!g_hash_table_contains(there, k))
			g_hash_table_iter_remove(&iter);
	}
}

void server_marks_done(struct server_marks *m, const char *account)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, m->table);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (strcmp(((struct key *)value)->account, account) == 0)
			g_hash_table_iter_remove(&iter);
}

GArray *server_marks_ids(const struct server_marks *m, const char *account, enum server_mark mark)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, m->table);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct key *k = value;
		if (k->mark == mark && strcmp(k->account, account) == 0)
			g_array_append_val(ids, k->id);
	}
	return ids;
}

/* --- words --------------------------------------------------------------------- */

const char *server_mark_word(enum server_mark mark)
{
	static const char *const words[] = {
		[SERVER_LEAVE] = N_("left"),
		[SERVER_GET] = N_("get"),
		[SERVER_TAKE] = N_("take"),
		[SERVER_ERASE] = N_("delete"),
	};
	return _(words[mark]);
}

/* What is here is not fetched again, so taking it is no more than deleting. */
struct figures {
	guint get, take, unseen, here;
};

static struct figures figures_of(const struct server_marks *m)
{
	struct figures f = {0};
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, m->table);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct key *k = value;
		f.get += k->mark == SERVER_GET;
		f.take += k->mark == SERVER_TAKE && !k->here;
		f.unseen += k->mark == SERVER_ERASE && !k->here;
		f.here += k->mark != SERVER_GET && k->here;
	}
	return f;
}

char *server_marks_text(const struct server_marks *m)
{
	GString *out = g_string_new(NULL);
	struct figures f = figures_of(m);
	server_add_part(out, f.get, g_strdup_printf(_("fetch %u"), f.get));
	server_add_part(out, f.take, g_strdup_printf(_("fetch and delete %u"), f.take));
	server_add_part(out, f.unseen, g_strdup_printf(_("delete %u unseen"), f.unseen));
	server_add_part(out, f.here,
		g_strdup_printf(
			P_("delete %u that is here", "delete %u that are here", f.here), f.here));
	return g_string_free(out, FALSE);
}

/* --- marking ------------------------------------------------------------------- */

/* From the page of one letter back to the list, at the next letter. */
static void mark(struct ui *ui, enum server_mark what)
{
	struct server_view *s = server_view_at_hand(ui);
	const struct server_row *row = server_view_current(s);
	if (!row) {
		ui_complain(ui, _("there is no letter here"));
		return;
	}
	/* A letter that was thrown away here since can be had again. */
	if (what == SERVER_GET && row->state == DROP_HERE)
		ui_say(ui, _("this letter is here: it comes again only if it was thrown away"));
	server_marks_set(s->marks, row, what);
	server_view_step(s, 1);
	if (view_head_owner(ui_top(ui)))
		ui_close(ui, ui_top(ui));
}

void command_get(struct ui *ui, const char *arg)
{
	mark(ui, SERVER_GET);
}

void command_take(struct ui *ui, const char *arg)
{
	mark(ui, SERVER_TAKE);
}

void command_erase(struct ui *ui, const char *arg)
{
	mark(ui, SERVER_ERASE);
}

void command_leave(struct ui *ui, const char *arg)
{
	mark(ui, SERVER_LEAVE);
}

void command_server_unmark_all(struct ui *ui, const char *arg)
{
	server_marks_clear(server_view_at_hand(ui)->marks);
}

/* --- marking what a query finds ------------------------------------------------- */

struct matching {
	struct server_view *view;
	char *query;
	enum server_mark mark;
};

static void matching_free(void *data)
{
	struct matching *m = data;
	view_unref(&m->view->view);
	g_free(m->query);
	g_free(m);
}

static void on_found(struct server_rows *found, void *data)
{
	struct matching *m = data;
	struct ui *ui = m->view->view.ui;
	if (found->error)
		ui_complain(ui, "%s", found->error->message);
	if (m->view->view.closed || !found->rows)
		return;
	for (guint i = 0; i < found->rows->len; i++)
		server_marks_set(m->view->marks, found->rows->pdata[i], m->mark);
	ui_say(ui, P_("%u letter marked", "%u letters marked", found->rows->len), found->rows->len);
	view_changed(&m->view->view);
}

static void how_chosen(struct ui *ui, const char *key, void *data)
{
	static const struct {
		char key;
		enum server_mark mark;
	} keys[] = {
		{'g', SERVER_GET}, {'s', SERVER_TAKE}, {'d', SERVER_ERASE}, {'u', SERVER_LEAVE}};
	struct matching *asked = data;
	struct server_view *s = asked->view;
	for (size_t i = 0; key && i < G_N_ELEMENTS(keys); i++)
		if (*key == keys[i].key)
			asked->mark = keys[i].mark;
	if (!key)
		return;
	struct matching *m = g_memdup2(asked, sizeof *asked);
	view_ref(&s->view);
	m->query = s->limit ? g_strdup_printf("(%s) AND (%s)", s->limit, asked->query)
			    : g_strdup(asked->query);
	struct server_wanted wanted = {s->account, m->query};
	server_rows_read(ui, &wanted, on_found, m, matching_free);
}

static void matching_typed(struct ui *ui, const char *text, void *data)
{
	struct server_view *s = server_view_at_hand(ui);
	if (!text || !*text || !s || !command_query_good(ui, text))
		return;
	struct matching *m = g_new0(struct matching, 1);
	m->view = s;
	view_ref(&s->view);
	m->query = g_strdup(text);
	struct prompt_spec spec = {
		.label = _("g: get, s: get and delete, d: delete unseen, u: leave? "),
		.keys = "gsdu",
		.done = how_chosen,
		.data = m,
		.free = matching_free};
	ui_prompt(ui, &spec);
}

void command_server_mark_matching(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Mark what matches: "),
		.history = "query",
		.complete = prompt_complete_query,
		.done = matching_typed};
	if (arg)
		matching_typed(ui, arg, NULL);
	else
		ui_prompt(ui, &spec);
}

/* --- doing it ------------------------------------------------------------------ */

struct run {
	struct server_view *view;
	char *account, *what;
	GHashTable *agreed; /* struct key: what was said yes to; NULL: not yet */
};

static void run_free(void *data)
{
	struct run *r = data;
	r->view->running--;
	ui_progress(r->view->view.ui, r->what, NULL);
	view_unref(&r->view->view);
	g_clear_pointer(&r->agreed, g_hash_table_unref);
	g_free(r->account);
	g_free(r->what);
	g_free(r);
}

static void tell_wait(struct run *r, const struct record *event)
{
	g_autofree char *when = clock_short(clock_now() + record_int(event, "seconds"));
	g_autofree char *text = g_strdup_printf(
		_("%s: waits for the server until %s; Esc stops it"), r->account, g_strstrip(when));
	ui_progress(r->view->view.ui, r->what, text);
}

static void tell_progress(struct run *r, const struct record *event)
{
	int64_t done = record_int(event, "done"), total = record_int(event, "total");
	g_autofree char *text = NULL;
	if (total == 0)
		return;
	text = g_strdup_printf(_("%s: %d of %d fetched"), r->account, (int)done, (int)total);
	ui_progress(r->view->view.ui, r->what, text);
}

static void tell_end(struct run *r, const struct record *event)
{
	struct ui *ui = r->view->view.ui;
	const char *text = record_string(event, "text");
	if (record_is(event, "event", "done")) {
		g_autofree char *what = server_summary(event);
		ui_outcome(ui, r->what, false, "%s: %s", r->account, what);
	} else if (g_strcmp0(record_string(event, "code"), "cancelled") == 0) {
		ui_outcome(ui, r->what, false, _("%s: stopped"), r->account);
	} else {
		ui_outcome(ui, r->what, true, "%s: %s", r->account, text ? text : _("failed"));
	}
}

/* Marks stay where something is left to be done. */
static void on_run(const struct record *event, bool last, void *data)
{
	struct run *r = data;
	struct ui *ui = r->view->view.ui;
	if (!last && record_is(event, "event", "progress"))
		tell_progress(r, event);
	if (!last && record_is(event, "event", "wait"))
		tell_wait(r, event);
	if (!last)
		return;
	tell_end(r, event);
	if (record_is(event, "event", "done") && record_int(event, "failed") == 0)
		server_marks_done(r->view->marks, r->account);
	syncer_want(ui_syncer(ui), NULL);
	ui_store_changed(ui);
	if (r->view->cut && r->view->running == 1 && !r->view->view.closed) {
		r->view->cut = false;
		server_view_look(r->view);
	}
}

/* While a run waits for the server marks may go, but none comes in without a
 * question. */
static bool is_agreed(const struct run *r, int64_t id, enum server_mark mark)
{
	struct key wanted = {.account = g_intern_string(r->account), .id = id};
	const struct key *k = g_hash_table_lookup(r->agreed, &wanted);
	return k && k->mark == mark;
}

static void agree(struct run *r, int64_t id, enum server_mark mark)
{
	struct key k = {.account = g_intern_string(r->account), .id = id, .mark = mark};
	g_hash_table_add(r->agreed, g_memdup2(&k, sizeof k));
}

static bool add_ids(
	struct record *request, const char *key, struct run *r, enum server_mark mark, bool first)
{
	g_autoptr(GArray) ids = server_marks_ids(r->view->marks, r->account, mark);
	JsonArray *array = json_array_new();
	for (guint i = 0; i < ids->len; i++) {
		int64_t id = g_array_index(ids, int64_t, i);
		if (first)
			agree(r, id, mark);
		if (is_agreed(r, id, mark))
			json_array_add_int_element(array, id);
	}
	bool any = json_array_get_length(array) > 0;
	record_set_array(request, key, array);
	return any;
}

/* NULL: there is nothing to do. */
static struct record *make_request(struct run *r, bool first)
{
	g_autoptr(record) request = record_new("do", "run");
	bool any = add_ids(request, "get", r, SERVER_GET, first);
	any = add_ids(request, "get-delete", r, SERVER_TAKE, first) || any;
	any = add_ids(request, "delete", r, SERVER_ERASE, first) || any;
	return any ? g_steal_pointer(&request) : NULL;
}

static struct record *run_again(void *data)
{
	return make_request(data, false);
}

static void start_run(struct server_view *s, const char *account)
{
	struct run *r = g_new0(struct run, 1);
	r->view = s;
	view_ref(&s->view);
	s->running++;
	r->account = g_strdup(account);
	r->what = g_strconcat("run ", account, NULL);
	r->agreed = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
	struct record *request = make_request(r, true);
	if (!request) {
		run_free(r);
		return;
	}
	/* Who has seen enough of a long list need not wait for the rest of it. */
	if (g_hash_table_contains(s->looking, account)) {
		s->cut = true;
		surveyor_cancel(ui_surveyor(s->view.ui), account);
	}
	g_autofree char *text = g_strdup_printf(_("at the server of %s"), account);
	ui_progress(s->view.ui, r->what, text);
	struct errand e = {request, on_run, run_again, r, run_free};
	surveyor_send(ui_surveyor(s->view.ui), account, &e);
}

static void run_now(struct ui *ui, void *view)
{
	const struct dotfile *d = ui_dotfile(ui);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (dotfile_account(d, i)->pop3)
			start_run(view, dotfile_account(d, i)->id);
}

static void unref(void *view)
{
	view_unref(view);
}

void command_run_marks(struct ui *ui, const char *arg)
{
	struct server_view *s = server_view_at_hand(ui);
	if (server_marks_count(s->marks) == 0) {
		ui_complain(ui, _("no letter is marked"));
		return;
	}
	g_autofree char *what = server_marks_text(s->marks);
	g_autofree char *first = g_utf8_strup(what, g_utf8_next_char(what) - what);
	/* TRANSLATORS: "Fetch 3, delete 5 unseen on the server?" */
	g_autofree char *text =
		g_strdup_printf(_("%s%s on the server?"), first, g_utf8_next_char(what));
	prompt_ask(ui,
		&(struct question){
			.text = text, .yes = run_now, .data = view_ref(&s->view), .free = unref});
}
