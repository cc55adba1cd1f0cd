/* SPDX-License-Identifier: MIT
 *
 * The journal: what was done to messages, the last change first; the entry under
 * the cursor and all that came after it can be taken back. */
#include "base/base.h"

#include "base/clock.h"
#include "store/journal.h"
#include "ui/act.h"
#include "ui/prompt.h"
#include "ui/ui.h"

enum { WHEN_WIDTH = 8, SHOWN = 1000 };

struct journal_view {
	struct view view;
	GPtrArray *entries;
	guint cursor, top;
};

static struct journal_view *as_journal(struct view *v)
{
	return (struct journal_view *)v;
}

static void load(struct journal_view *j)
{
	g_autoptr(GError) error = NULL;
	struct store *s = ui_store(j->view.ui);
	struct ledger *l = s ? store_ledger(s, &error) : NULL;
	g_clear_pointer(&j->entries, g_ptr_array_unref);
	j->entries = l ? journal_list(l, SHOWN, &error) : NULL;
	if (error)
		ui_complain(j->view.ui, "%s", error->message);
	guint count = j->entries ? j->entries->len : 0;
	j->cursor = MIN(j->cursor, count > 0 ? count - 1 : 0);
}

static char *journal_title(struct view *v)
{
	const GPtrArray *entries = as_journal(v)->entries;
	guint n = entries ? entries->len : 0;
	return g_strdup_printf(P_("Journal: %u change", "Journal: %u changes", n), n);
}

static void draw_entry(const struct pane *p, int row, const struct journal_entry *e, bool cursor)
{
	g_autofree char *when = clock_short(e->made);
	g_autofree char *text = journal_text(e);
	pane_put_cut(p, row, 1, WHEN_WIDTH, when, THEME_DATE);
	pane_put_cut(p, row, WHEN_WIDTH + 2, p->cols - WHEN_WIDTH - 3, text, THEME_NORMAL);
	if (cursor)
		pane_paint(p, row, 0, p->cols, THEME_CURSOR);
}

static void journal_draw(struct view *v, const struct pane *p)
{
	struct journal_view *j = as_journal(v);
	guint rows = MAX(p->rows, 1), count = j->entries ? j->entries->len : 0;
	j->top = MIN(j->top, j->cursor);
	if (j->cursor >= j->top + rows)
		j->top = j->cursor - rows + 1;
	if (count == 0)
		pane_put_cut(
			p, p->rows / 2, 2, p->cols - 4, _("nothing was changed yet"), THEME_HINT);
	for (int y = 0; y < p->rows && j->top + y < count; y++)
		draw_entry(p, y, j->entries->pdata[j->top + y], j->top + y == j->cursor);
}

static void journal_move(struct view *v, enum movement m)
{
	struct journal_view *j = as_journal(v);
	j->cursor = (guint)view_moved(v, m, j->cursor, j->entries ? j->entries->len : 0);
}

/* --- taking back ----------------------------------------------------------------------- */

static void take_back(struct ui *ui, void *data)
{
	act_run(ui, &(struct act){.kind = ACT_UNDO, .entry = *(int64_t *)data});
}

static void journal_open(struct view *v)
{
	struct journal_view *j = as_journal(v);
	if (!j->entries || j->cursor >= j->entries->len)
		return;
	const struct journal_entry *e = j->entries->pdata[j->cursor];
	guint n = j->cursor + 1;
	g_autofree char *text = g_strdup_printf(
		P_("Take the last change back?", "Take the last %u changes back?", n),
		n);
	const struct question q = {.text = text,
		.yes = take_back,
		.data = g_memdup2(&e->id, sizeof e->id),
		.free = g_free};
	prompt_ask(v->ui, &q);
}

static void journal_refresh(struct view *v)
{
	load(as_journal(v));
	view_changed(v);
}

static void journal_free(struct view *v)
{
	g_clear_pointer(&as_journal(v)->entries, g_ptr_array_unref);
}

static const struct view_ops journal_ops = {
	.context = CONTEXT_JOURNAL,
	.bar = true,
	.title = journal_title,
	.draw = journal_draw,
	.move = journal_move,
	.open = journal_open,
	.refresh = journal_refresh,
	.free = journal_free,
};

void view_journal_open(struct ui *ui)
{
	struct journal_view *j;
	if (ui_top(ui)->ops == &journal_ops)
		return;
	j = g_new0(struct journal_view, 1);
	view_init(&j->view, &journal_ops, ui);
	load(j);
	ui_push(ui, &j->view);
}
