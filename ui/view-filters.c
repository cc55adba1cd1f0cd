/* SPDX-License-Identifier: MIT
 *
 * The filters of the dotfile in their order, with what they did so far; any of them can
 * be tried, or run, over mail that is here. */
#include "base/base.h"

#include "base/clock.h"
#include "store/ledger.h"
#include "ui/command.h"
#include "ui/filters.h"
#include "ui/prompt.h"
#include "ui/sorter.h"
#include "ui/ui.h"

enum { LINES = 3, NAME_WIDTH = 20, INDENT = 4 };

struct entry {
	const struct dotfile_filter *filter;
	struct filter_past past;
};

struct filters_view {
	struct view view;
	GArray *entries;
	guint cursor, top;
};

static struct filters_view *as_filters(struct view *v)
{
	return (struct filters_view *)v;
}

static void entry_clear(gpointer data)
{
	filter_past_clear(&((struct entry *)data)->past);
}

static void load(struct filters_view *f)
{
	g_autoptr(GError) error = NULL;
	struct ui *ui = f->view.ui;
	const GPtrArray *sorters = dotfile_sorters(ui_dotfile(ui));
	g_array_set_size(f->entries, 0);
	for (guint i = 0; i < sorters->len && ui_store(ui) && !error; i++) {
		struct entry e = {.filter = sorters->pdata[i]};
		filter_past_get(ui_store(ui), e.filter->name, &e.past, &error);
		g_array_append_val(f->entries, e);
	}
	if (error)
		ui_complain(ui, "%s", error->message);
}

static struct entry *current(struct filters_view *f)
{
	return f->cursor < f->entries->len ? &g_array_index(f->entries, struct entry, f->cursor)
					   : NULL;
}

/* --- drawing --------------------------------------------------------------------- */

static char *filters_title(struct view *v)
{
	guint n = as_filters(v)->entries->len;
	return g_strdup_printf(P_("Filters: %u", "Filters: %u", n), n);
}

static char *hits_text(const struct filter_past *past)
{
	int n = (int)past->hits;
	g_autofree char *hits = g_strdup_printf(P_("%d letter", "%d letters", n), n);
	g_autofree char *when = past->last ? clock_short(past->last) : NULL;
	return when ? g_strdup_printf(_("%s, last %s"), hits, when) : g_steal_pointer(&hits);
}

static char *failures_text(const struct filter_past *past)
{
	int n = (int)past->failures;
	return n ? g_strdup_printf(P_("failed %d time: %s", "failed %d times: %s", n), n, past->why)
		 : g_strdup("");
}

static void draw_entry(const struct pane *p, int row, const struct entry *e, guint number)
{
	g_autofree char *name = g_strdup_printf("%2u  %s", number, e->filter->name);
	g_autofree char *hits = hits_text(&e->past);
	g_autofree char *failures = failures_text(&e->past);
	g_autofree char *match = g_strdup_printf("match = %s", e->filter->query);
	g_autofree char *act = g_strdup_printf("do = %s", e->filter->words);
	int used = MIN(NAME_WIDTH + INDENT + 1, p->cols / 2), width = p->cols - used - 2;
	pane_put_cut(p, row, 1, used - 1, name, THEME_HEADER);
	pane_put_cut(p, row, used + 1, width, *failures ? failures : hits,
		*failures ? THEME_ERROR : THEME_NORMAL);
	pane_put_cut(p, row + 1, INDENT + 1, p->cols - INDENT - 2, match, THEME_NORMAL);
	pane_put_cut(p, row + 2, INDENT + 1, p->cols - INDENT - 2, act, THEME_NORMAL);
}

static void filters_draw(struct view *v, const struct pane *p)
{
	struct filters_view *f = as_filters(v);
	guint rows = MAX((guint)MAX(p->rows, 0) / LINES, 1);
	f->top = MIN(f->top, f->cursor);
	if (f->cursor >= f->top + rows)
		f->top = f->cursor - rows + 1;
	if (f->entries->len == 0)
		pane_put_cut(p, p->rows / 2, 2, p->cols - 4,
			_("there is no [filter …] in the dotfile; deweyrc(5) shows how to write one"),
			THEME_HINT);
	for (guint i = f->top; i < f->entries->len; i++) {
		int row = (int)(i - f->top) * LINES;
		if (row >= p->rows)
			return;
		draw_entry(p, row, &g_array_index(f->entries, struct entry, i), i + 1);
		if (i == f->cursor)
			pane_paint(p, row, 0, p->cols, THEME_CURSOR);
	}
}

static void filters_move(struct view *v, enum movement m)
{
	struct filters_view *f = as_filters(v);
	f->cursor = (guint)view_moved(v, m, f->cursor, f->entries->len);
}

/* --- running --------------------------------------------------------------------- */

struct wish {
	char *name;
	bool dry;
};

static void wish_free(void *data)
{
	struct wish *w = data;
	g_free(w->name);
	g_free(w);
}

static void query_typed(struct ui *ui, const char *text, void *data)
{
	const struct wish *w = data;
	if (text && *text)
		sorter_run(ui_sorter(ui), w->name, text, w->dry);
}

static void ask(struct view *v, bool dry, const char *arg)
{
	const struct entry *e = current(as_filters(v));
	if (!e)
		return;
	struct wish *w = g_new0(struct wish, 1);
	w->name = g_strdup(e->filter->name);
	w->dry = dry;
	const struct prompt_spec spec = {
		.label = dry ? _("Try on what a query finds: ") : _("Filter what a query finds: "),
		.text = "in:Inbox",
		.history = "query",
		.complete = prompt_complete_query,
		.done = query_typed,
		.data = w,
		.free = wish_free};
	prompt_unless(v->ui, arg, &spec);
}

static void filters_open(struct view *v)
{
	ask(v, true, NULL);
}

void command_try_filter(struct ui *ui, const char *arg)
{
	ask(ui_top(ui), true, arg);
}

void command_run_filter(struct ui *ui, const char *arg)
{
	ask(ui_top(ui), false, arg);
}

static void filters_refresh(struct view *v)
{
	load(as_filters(v));
	view_changed(v);
}

static void filters_free(struct view *v)
{
	g_array_unref(as_filters(v)->entries);
}

static const struct view_ops filters_ops = {
	.context = CONTEXT_FILTERS,
	.bar = true,
	.title = filters_title,
	.draw = filters_draw,
	.move = filters_move,
	.open = filters_open,
	.refresh = filters_refresh,
	.free = filters_free,
};

void view_filters_open(struct ui *ui)
{
	if (ui_top(ui)->ops == &filters_ops)
		return;
	struct filters_view *f = g_new0(struct filters_view, 1);
	view_init(&f->view, &filters_ops, ui);
	f->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	g_array_set_clear_func(f->entries, entry_clear);
	load(f);
	ui_push(ui, &f->view);
}
