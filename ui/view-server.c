/* SPDX-License-Identifier: MIT
 *
 * What lies on the servers, before it is fetched: shown as it was seen last at
 * once, then asked for anew. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "base/width.h"
#include "ui/command.h"
#include "ui/header.h"
#include "ui/surveyor.h"
#include "ui/view-server.h"

static struct server_view *as_server(struct view *v)
{
	return (struct server_view *)v;
}

static const GPtrArray *rows_of(const struct server_view *s)
{
	return s->rows ? s->rows->rows : NULL;
}

static guint count(const struct server_view *s)
{
	return s->rows && s->rows->rows ? s->rows->rows->len : 0;
}

struct server_row *server_view_current(const struct server_view *s)
{
	return s->cursor < count(s) ? s->rows->rows->pdata[s->cursor] : NULL;
}

void server_view_step(struct server_view *s, int by)
{
	gint64 last = (gint64)count(s) - 1;
	s->cursor = (guint)CLAMP((gint64)s->cursor + by, 0, MAX(last, 0));
	view_changed(&s->view);
}

/* --- reading ------------------------------------------------------------------- */

/* The cursor stays on its letter; at the top it stays at the top, where the newest
 * ones come. */
static void keep_cursor(struct server_view *s, const struct server_rows *fresh)
{
	const struct server_row *old = s->cursor > 0 ? server_view_current(s) : NULL;
	for (guint i = 0; old && i < fresh->rows->len; i++) {
		const struct server_row *row = fresh->rows->pdata[i];
		if (row->id != old->id || row->account != old->account)
			continue;
		s->cursor = i;
		return;
	}
}

static void take_rows(struct server_view *s, struct server_rows *read)
{
	struct server_rows *fresh = g_new0(struct server_rows, 1);
	*fresh = *read;
	fresh->error = NULL;
	read->rows = NULL;
	keep_cursor(s, fresh);
	server_rows_free(s->rows);
	s->rows = fresh;
	/* What a limit hides is still marked. */
	if (!s->limit)
		server_marks_prune(s->marks, s->account, fresh->rows);
	server_marks_apply_rules(s->marks, fresh->rows);
	server_view_step(s, 0);
}

static void on_read(struct server_rows *read, void *data)
{
	struct server_view *s = data;
	s->reading = false;
	if (s->view.closed)
		return;
	if (read->error)
		ui_complain(s->view.ui, "%s", read->error->message);
	else
		take_rows(s, read);
	view_changed(&s->view);
	if (s->stale)
		server_view_read(s);
}

static void unref(void *view)
{
	view_unref(view);
}

void server_view_read(struct server_view *s)
{
	struct server_wanted wanted = {s->account, s->limit};
	s->stale = s->reading;
	if (s->reading)
		return;
	s->reading = true;
	server_rows_read(s->view.ui, &wanted, on_read, view_ref(&s->view), unref);
}

/* --- asking the servers -------------------------------------------------------- */

struct inquiry {
	struct server_view *view;
	char *account, *what;
};

static void inquiry_free(void *data)
{
	struct inquiry *l = data;
	ui_progress(l->view->view.ui, l->what, NULL);
	view_unref(&l->view->view);
	g_free(l->account);
	g_free(l->what);
	g_free(l);
}

static void tell_progress(struct inquiry *l, const struct record *event)
{
	int64_t done = record_int(event, "done"), total = record_int(event, "total");
	g_autofree char *text = g_strdup_printf(
		_("looking at %s: %d of %d heads"), l->account, (int)done, (int)total);
	ui_progress(l->view->view.ui, l->what, text);
	if (!l->view->view.closed)
		server_view_read(l->view);
}

/* The title has room for one account. */
static void note_expire(struct inquiry *l, const struct record *event)
{
	struct server_view *s = l->view;
	if (g_strcmp0(s->account, l->account) == 0 && record_is(event, "event", "done"))
		s->expire = record_has(event, "expire") ? record_int(event, "expire") : -1;
}

static void tell_end(struct inquiry *l, const struct record *event)
{
	struct ui *ui = l->view->view.ui;
	const char *text = record_string(event, "text");
	bool cancelled = g_strcmp0(record_string(event, "code"), "cancelled") == 0;
	if (cancelled && !l->view->cut)
		ui_outcome(ui, l->what, false, _("%s: stopped"), l->account);
	else if (cancelled)
		return;
	else if (record_is(event, "event", "failed"))
		ui_outcome(ui, l->what, true, "%s: %s", l->account, text ? text : _("failed"));
	else if (!record_bool(event, "tops") && record_int(event, "listed") > 0)
		ui_outcome(ui, l->what, false,
			_("%s: the server has no TOP, so only sizes are known"), l->account);
}

static void on_look(const struct record *event, bool last, void *data)
{
	struct inquiry *l = data;
	struct server_view *s = l->view;
	/* Nobody looks at it any more, and a fetch may be waiting. */
	if (!last && s->view.closed && s->running == 0)
		surveyor_cancel(ui_surveyor(s->view.ui), l->account);
	if (!last) {
		tell_progress(l, event);
		return;
	}
	g_hash_table_remove(s->looking, l->account);
	if (s->view.closed)
		return;
	note_expire(l, event);
	tell_end(l, event);
	server_view_read(s);
}

static void look_at(struct server_view *s, const char *account)
{
	struct ui *ui = s->view.ui;
	if (!g_hash_table_add(s->looking, g_strdup(account)))
		return;
	struct inquiry *l = g_new0(struct inquiry, 1);
	l->view = s;
	view_ref(&s->view);
	l->account = g_strdup(account);
	l->what = g_strconcat("look ", account, NULL);
	g_autofree char *text = g_strdup_printf(_("looking at %s"), account);
	ui_progress(ui, l->what, text);
	struct errand e = {record_new("do", "survey"), on_look, NULL, l, inquiry_free};
	surveyor_send(ui_surveyor(ui), account, &e);
}

static bool is_shown(const struct server_view *s, const struct account *a)
{
	return a->pop3 && (!s->account || strcmp(s->account, a->id) == 0);
}

static bool is_looking(const struct server_view *s)
{
	return g_hash_table_size(s->looking) > 0;
}

void server_view_look(struct server_view *s)
{
	const struct dotfile *d = ui_dotfile(s->view.ui);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (is_shown(s, dotfile_account(d, i)))
			look_at(s, dotfile_account(d, i)->id);
}

/* --- the frame ----------------------------------------------------------------- */

static guint count_new(const struct server_view *s)
{
	guint n = 0;
	for (guint i = 0; i < count(s); i++)
		n += ((struct server_row *)rows_of(s)->pdata[i])->state == DROP_NEW;
	return n;
}

static char *server_title(struct view *v)
{
	struct server_view *s = as_server(v);
	guint n = count(s), new = count_new(s);
	GString *out = g_string_new(NULL);
	g_string_append_printf(
		out, _("On the server: %s"), s->account ? s->account : _("all accounts"));
	if (s->rows)
		g_string_append_printf(out, P_(": %u letter", ": %u letters", n), n);
	if (new > 0)
		g_string_append_printf(out, P_(", %u new", ", %u new", new), new);
	if (s->limit)
		g_string_append_printf(out, _(" (limit: %s)"), s->limit);
	if (s->rows && s->rows->looked > 0) {
		g_autofree char *when = clock_short(s->rows->looked);
		g_string_append_printf(out, _(", as of %s"), g_strstrip(when));
	}
	if (s->expire > 0)
		g_string_append_printf(out,
			P_(", kept there for %u day", ", kept there for %u days", (guint)s->expire),
			(guint)s->expire);
	else if (s->expire == 0)
		g_string_append(out, _(", not kept there"));
	return g_string_free(out, FALSE);
}

static char *server_status(struct view *v)
{
	struct server_view *s = as_server(v);
	if (server_marks_count(s->marks) > 0)
		return server_marks_text(s->marks);
	bool all = count(s) <= (guint)MAX(v->rows, 0);
	return g_strdup(all ? _("all") : s->top == 0 ? _("top") : "");
}

/* --- rows ---------------------------------------------------------------------- */

/* "3d": at most four columns. */
static char *age_text(int64_t date)
{
	int64_t seconds = MAX(clock_now() - date, 0);
	if (seconds < 3600)
		return g_strdup_printf(_("%dm"), (int)(seconds / 60));
	if (seconds < 2 * 86400)
		return g_strdup_printf(_("%dh"), (int)(seconds / 3600));
	if (seconds < 100 * 86400)
		return g_strdup_printf(_("%dd"), (int)(seconds / 86400));
	if (seconds < INT64_C(730) * 86400)
		return g_strdup_printf(_("%dw"), (int)(seconds / (7 * 86400)));
	return g_strdup_printf(_("%dy"), (int)(seconds / (365 * 86400)));
}

static const char *state_word(enum drop_state state)
{
	static const char *const words[] = {
		/* TRANSLATORS: these and the words of marks have at most 8 columns */
		[DROP_NEW] = N_("new"),
		[DROP_HERE] = N_("here"),
		[DROP_LEFT] = N_("left"),
		[DROP_OWED] = N_("to go"),
	};
	return _(words[state]);
}

static enum theme row_theme(const struct server_row *row, enum server_mark mark, bool cursor)
{
	bool new = row->state == DROP_NEW;
	if (cursor)
		return new ? THEME_CURSOR_UNREAD : THEME_CURSOR;
	if (mark != SERVER_LEAVE)
		return THEME_MARKED;
	return new ? THEME_UNREAD : THEME_NORMAL;
}

/* Right-aligned in so many columns. */
static void put_number(
	const struct pane *p, int y, int x, int columns, const char *text, enum theme theme)
{
	int width = MIN(width_text(text), columns);
	pane_put_cut(p, y, x + columns - width, width, text, theme);
}

static int put_sender(const struct server_view *s, const struct pane *p, int y, int x,
	const struct server_row *row, enum theme theme)
{
	int wide = CLAMP(p->cols / 5, 8, 28);
	if (!s->account && p->cols >= 60) {
		int account = CLAMP(p->cols / 10, 6, 14);
		pane_put_cut(p, y, x, account, row->account, theme);
		x += account + 1;
	}
	pane_put_cut(p, y, x, wide, row->from ? row->from : "", theme);
	return x + wide + 1;
}

static void put_subject(const struct server_view *s, const struct pane *p, int y, int x,
	const struct server_row *row, enum theme theme)
{
	const char *none = is_looking(s) ? "…" : _("(only its size is known)");
	const char *text = row->subject && *row->subject ? row->subject
			   : row->has_head               ? _("(no subject)")
							 : none;
	pane_put_cut(p, y, x, p->cols - x, text, theme);
}

static void draw_row(const struct server_view *s, const struct pane *p, int y, guint n)
{
	const struct server_row *row = s->rows->rows->pdata[n];
	enum server_mark mark = server_marks_get(s->marks, row);
	bool cursor = n == s->cursor;
	enum theme theme = row_theme(row, mark, cursor);
	g_autofree char *size = size_text(row->size);
	g_autofree char *age = row->has_head ? age_text(row->date) : g_strdup("");
	pane_put(p, y, 0, mark != SERVER_LEAVE ? "*" : " ", theme);
	pane_put_cut(p, y, 2, 8, mark ? server_mark_word(mark) : state_word(row->state), theme);
	put_number(p, y, 10, 8, size, theme);
	put_number(p, y, 18, 5, age, cursor ? theme : THEME_DATE);
	int x = put_sender(s, p, y, 25, row, theme);
	put_subject(s, p, y, x, row, theme);
	if (cursor)
		pane_paint(p, y, 0, p->cols, theme);
}

static const char *why_empty(const struct server_view *s)
{
	if (!s->rows || is_looking(s))
		return _("asking the server…");
	if (s->limit)
		return _("nothing is found");
	return s->rows->looked == 0 ? _("this server was never looked at")
				    : _("nothing lies there");
}

static void server_draw(struct view *v, const struct pane *p)
{
	struct server_view *s = as_server(v);
	guint rows = (guint)MAX(p->rows, 1), n = count(s);
	v->rows = p->rows;
	s->top = MIN(s->top, s->cursor);
	if (s->cursor >= s->top + rows)
		s->top = s->cursor - rows + 1;
	if (s->top + rows > n)
		s->top = n > rows ? n - rows : 0;
	for (int y = 0; y < p->rows && s->top + (guint)y < n; y++)
		draw_row(s, p, y, s->top + (guint)y);
	if (n == 0)
		pane_put_cut(p, p->rows / 2, 2, p->cols - 4, why_empty(s), THEME_HINT);
}

/* --- what views do ------------------------------------------------------------- */

static void server_move(struct view *v, enum movement m)
{
	struct server_view *s = as_server(v);
	s->cursor = (guint)view_moved(v, m, s->cursor, count(s));
	view_changed(v);
}

static void server_open(struct view *v)
{
	struct server_view *s = as_server(v);
	if (server_view_current(s))
		view_head_open(s);
	else
		ui_complain(v->ui, _("there is no letter here"));
}

static void server_refresh(struct view *v)
{
	server_view_read(as_server(v));
}

static void leave_marks(struct ui *ui, void *view)
{
	ui_close(ui, view);
}

static bool server_close(struct view *v)
{
	struct server_view *s = as_server(v);
	if (server_marks_count(s->marks) == 0 || s->running > 0)
		return true;
	prompt_ask(v->ui, &(struct question){.text = _("Leave without doing what is marked?"),
				  .yes = leave_marks,
				  .data = view_ref(v),
				  .free = unref});
	return false;
}

static void server_free(struct view *v)
{
	struct server_view *s = as_server(v);
	surveyor_rest(ui_surveyor(v->ui));
	server_rows_free(s->rows);
	server_marks_free(s->marks);
	g_hash_table_unref(s->looking);
	g_free(s->account);
	g_free(s->limit);
	g_free(s->needle);
}

static bool holds(const char *text, const char *needle)
{
	g_autofree char *folded = g_utf8_casefold(text ? text : "", -1);
	return strstr(folded, needle) != NULL;
}

/* In what is to be seen of the letters, from the cursor on and round. */
static bool server_find(struct view *v, const char *text, bool forward, bool again)
{
	struct server_view *s = as_server(v);
	guint n = count(s);
	if (text) {
		g_free(s->needle);
		s->needle = g_utf8_casefold(text, -1);
	}
	for (guint i = again; s->needle && i < n; i++) {
		guint at = (s->cursor + i) % n;
		const struct server_row *row = rows_of(s)->pdata[at];
		if (!holds(row->subject, s->needle) && !holds(row->from, s->needle))
			continue;
		s->cursor = at;
		return true;
	}
	return false;
}

static const struct view_ops server_ops = {
	.context = CONTEXT_SERVER,
	.bar = true,
	.title = server_title,
	.status = server_status,
	.draw = server_draw,
	.move = server_move,
	.open = server_open,
	.find = server_find,
	.refresh = server_refresh,
	.close = server_close,
	.free = server_free,
};

bool view_is_server(const struct view *v)
{
	return v->ops == &server_ops;
}

struct server_view *server_view_at_hand(struct ui *ui)
{
	struct view *v = ui_top(ui);
	return view_is_server(v) ? as_server(v) : view_head_owner(v);
}

/* --- commands ------------------------------------------------------------------ */

static void show_account(struct server_view *s, const char *account)
{
	g_free(s->account);
	s->account = g_strdup(account);
	s->expire = -1;
	s->cursor = s->top = 0;
	g_clear_pointer(&s->rows, server_rows_free);
	server_view_read(s);
	server_view_look(s);
}

static guint count_accounts(const struct dotfile *d, const char **only)
{
	guint n = 0;
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		if (!a->pop3)
			continue;
		*only = a->id;
		n++;
	}
	return n;
}

/* The account that is meant; *all: several are. */
static const char *choose(struct ui *ui, const char *arg, bool *all)
{
	const struct dotfile *d = ui_dotfile(ui);
	const struct account *a = arg ? dotfile_account_by_name(d, arg) : NULL;
	const char *only = NULL;
	guint n = count_accounts(d, &only);
	*all = !arg && n > 1;
	if (arg && !a) {
		g_autofree char *text = dotfile_no_account(d, arg);
		ui_complain(ui, "%s", text);
		return NULL;
	}
	if (arg && !a->pop3) {
		ui_complain(ui, _("the account '%s' has no 'pop3'"), arg);
		return NULL;
	}
	if (n == 0)
		ui_complain(ui, _("no account is configured: see deweyrc(5)"));
	return arg ? a->id : n == 1 ? only : NULL;
}

void command_server(struct ui *ui, const char *arg)
{
	bool all;
	const char *account = choose(ui, arg, &all);
	if (!account && !all)
		return;
	struct server_view *s = server_view_at_hand(ui);
	if (s) {
		show_account(s, account);
		return;
	}
	s = g_new0(struct server_view, 1);
	s->expire = -1;
	view_init(&s->view, &server_ops, ui);
	s->marks = server_marks_new();
	s->looking = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ui_push(ui, &s->view);
	show_account(s, account);
}

void command_look_again(struct ui *ui, const char *arg)
{
	server_view_look(server_view_at_hand(ui));
}

/* All, then each one, then all again. */
void command_next_account(struct ui *ui, const char *arg)
{
	struct server_view *s = server_view_at_hand(ui);
	const struct dotfile *d = ui_dotfile(ui);
	const char *next = NULL, *only = NULL;
	bool behind = !s->account;
	if (count_accounts(d, &only) < 2) {
		ui_say(ui, _("there is one account"));
		return;
	}
	for (guint i = 0; i < dotfile_account_count(d) && !next; i++) {
		const struct account *a = dotfile_account(d, i);
		if (behind && a->pop3)
			next = a->id;
		behind = behind || strcmp(a->id, s->account) == 0;
	}
	show_account(s, next);
}

static void limit_typed(struct ui *ui, const char *text, void *data)
{
	struct server_view *s = server_view_at_hand(ui);
	if (!text || !s)
		return;
	bool everything = !*text || strcmp(text, "all") == 0 || strcmp(text, ".") == 0;
	if (!everything && !command_query_good(ui, text))
		return;
	g_free(s->limit);
	s->limit = everything ? NULL : g_strdup(text);
	s->cursor = s->top = 0;
	server_view_read(s);
}

void command_server_limit(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Limit to: "),
		.text = server_view_at_hand(ui)->limit,
		.history = "query",
		.complete = prompt_complete_query,
		.done = limit_typed};
	if (arg)
		limit_typed(ui, arg, NULL);
	else
		ui_prompt(ui, &spec);
}
