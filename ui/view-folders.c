/* SPDX-License-Identifier: MIT
 *
 * The folders as a page of their own. */
#include "base/base.h"

#include "base/size.h"
#include "base/width.h"
#include "ui/folders.h"
#include "ui/ui.h"

struct folders_view {
	struct view view;
	guint cursor, top;
};

static char *folders_title(struct view *v)
{
	return g_strdup(_("Folders"));
}

/* "2 unread of 10, 1 flagged, 12K", and what a saved view looks for. */
static char *entry_text(const struct folder_entry *e)
{
	const struct index_counts *c = &e->counts;
	GString *out = g_string_new(NULL);
	if (e->counted && c->unread > 0)
		g_string_append_printf(out, _("%d unread of %d"), (int)c->unread, (int)c->total);
	else if (e->counted)
		g_string_append_printf(out, "%d", (int)c->total);
	if (c->flagged > 0)
		g_string_append_printf(
			out, P_(", %d flagged", ", %d flagged", c->flagged), (int)c->flagged);
	if (c->size > 0) {
		g_autofree char *size = size_text(c->size);
		g_string_append_printf(out, ", %s", size);
	}
	if (e->query)
		g_string_append_printf(out, "%s%s", out->len > 0 ? "  " : "", e->query);
	return g_string_free(out, FALSE);
}

static void draw_entry(const struct pane *p, int row, const struct folder_entry *e, bool cursor)
{
	enum theme theme = cursor		? THEME_CURSOR
			   : e->counts.unread	? THEME_UNREAD
						: THEME_NORMAL;
	g_autofree char *counts = entry_text(e);
	int name = CLAMP(p->cols / 2, 8, 32);
	pane_put_cut(p, row, 1, name - 1, e->title, theme);
	pane_put_cut(p, row, name + 1, p->cols - name - 1, counts, theme);
	if (cursor)
		pane_paint(p, row, 0, p->cols, theme);
}

static void folders_draw(struct view *v, const struct pane *p)
{
	struct folders_view *f = (struct folders_view *)v;
	struct folders *all = ui_folders(v->ui);
	guint count = folders_count(all), rows = MAX(p->rows, 1);
	f->cursor = MIN(f->cursor, count > 0 ? count - 1 : 0);
	f->top = MIN(f->top, f->cursor);
	if (f->cursor >= f->top + rows)
		f->top = f->cursor - rows + 1;
	for (int row = 0; row < p->rows && f->top + row < count; row++)
		draw_entry(p, row, folders_entry(all, f->top + row), f->top + row == f->cursor);
}

static void folders_move(struct view *v, enum movement m)
{
	struct folders_view *f = (struct folders_view *)v;
	f->cursor = (guint)view_moved(v, m, f->cursor, folders_count(ui_folders(v->ui)));
}

static void folders_view_open(struct view *v)
{
	guint cursor = ((struct folders_view *)v)->cursor;
	struct ui *ui = v->ui;
	const struct folder_entry *e = folders_entry(ui_folders(ui), cursor);
	bool replaces = e && e->folder;
	if (!replaces)
		ui_close(ui, v);
	folders_open(ui_folders(ui), cursor);
}

static void folders_view_refresh(struct view *v)
{
	view_changed(v);
}

static const struct view_ops folders_ops = {
	.context = CONTEXT_FOLDERS,
	.title = folders_title,
	.draw = folders_draw,
	.move = folders_move,
	.open = folders_view_open,
	.refresh = folders_view_refresh,
};

void view_folders_open(struct ui *ui)
{
	struct folders_view *f = g_new0(struct folders_view, 1);
	view_init(&f->view, &folders_ops, ui);
	f->cursor = folders_current(ui_folders(ui));
	ui_push(ui, &f->view);
}
