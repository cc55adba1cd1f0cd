/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/sanitize.h"
#include "base/width.h"
#include "store/outbox.h"
#include "ui/command.h"
#include "ui/folders.h"
#include "ui/tallies.h"
#include "ui/ui.h"

struct folders {
	struct ui *ui;
	GPtrArray *entries;   /* of struct folder_entry */
	char *folder, *query; /* what is open */
	guint cursor, top;
	struct tallies *tallies; /* NULL: nobody asked for them yet */
};

static void entry_free(void *data)
{
	struct folder_entry *e = data;
	g_free(e->title);
	g_free(e->folder);
	g_free(e->query);
	g_free(e);
}

struct folders *folders_new(struct ui *ui)
{
	struct folders *f = g_new0(struct folders, 1);
	f->ui = ui;
	f->entries = g_ptr_array_new_with_free_func(entry_free);
	folders_refresh(f);
	return f;
}

void folders_free(struct folders *f)
{
	if (!f)
		return;
	tallies_free(f->tallies);
	g_ptr_array_unref(f->entries);
	g_free(f->folder);
	g_free(f->query);
	g_free(f);
}

static struct folder_entry *add_entry(struct folders *f, const char *title)
{
	struct folder_entry *e = g_new0(struct folder_entry, 1);
	e->title = sanitize_line(title, -1);
	g_ptr_array_add(f->entries, e);
	return e;
}

static void add_folders(struct folders *f)
{
	g_autoptr(GError) error = NULL;
	struct index *ix = ui_index(f->ui);
	g_autoptr(GPtrArray) rows = ix ? index_folders(ix, &error) : NULL;
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct folder_row *row = rows->pdata[i];
		struct folder_entry *e = add_entry(f, folder_title(row->name));
		e->folder = g_strdup(row->name);
		e->counted = true;
		e->counts = (struct index_counts){row->total, row->unread, row->flagged, row->size};
	}
}

static void add_views(struct folders *f)
{
	const GPtrArray *views = dotfile_views(ui_dotfile(f->ui));
	for (guint i = 0; views && i < views->len; i++) {
		const struct dotfile_view *v = views->pdata[i];
		struct folder_entry *e = add_entry(f, v->name);
		e->query = g_strdup(v->query);
		e->view = v;
		const struct index_counts *counts = f->tallies ? tallies_of(f->tallies, i) : NULL;
		e->counted = counts != NULL;
		if (counts)
			e->counts = *counts;
	}
}

static void add_outbox(struct folders *f)
{
	g_autoptr(GPtrArray) items = outbox_list(ui_store(f->ui), false, NULL);
	if (!items || items->len == 0)
		return;
	struct folder_entry *e = add_entry(f, _("Outbox"));
	e->counted = true;
	e->counts.total = items->len;
}

static void add_server(struct folders *f)
{
	const struct dotfile *d = ui_dotfile(f->ui);
	bool any = false;
	for (guint i = 0; i < dotfile_account_count(d); i++)
		any = any || dotfile_account(d, i)->pop3;
	if (any)
		add_entry(f, _("On the server"))->server = true;
}

static void fill(struct folders *f)
{
	g_ptr_array_set_size(f->entries, 0);
	add_folders(f);
	add_views(f);
	add_outbox(f);
	add_server(f);
	if (f->cursor >= f->entries->len)
		f->cursor = f->entries->len > 0 ? f->entries->len - 1 : 0;
}

void folders_refresh(struct folders *f)
{
	fill(f);
	if (f->tallies)
		tallies_again(f->tallies);
}

static void counted(void *data)
{
	struct folders *f = data;
	fill(f);
	ui_changed(f->ui);
}

void folders_count_views(struct folders *f)
{
	if (!f->tallies)
		f->tallies = tallies_new(f->ui, counted, f);
	tallies_again(f->tallies);
}

guint folders_count(const struct folders *f)
{
	return f->entries->len;
}

const struct folder_entry *folders_entry(const struct folders *f, guint n)
{
	return n < f->entries->len ? f->entries->pdata[n] : NULL;
}

void folders_open(struct folders *f, guint n)
{
	const struct folder_entry *e = folders_entry(f, n);
	if (e && e->view)
		view_list_open_saved(f->ui, e->view);
	else if (e && e->folder)
		view_list_open(f->ui, e->folder, e->query);
	else if (e && e->server)
		command_server(f->ui, NULL);
	else if (e)
		view_outbox_open(f->ui);
}

static bool is_current(const struct folders *f, const struct folder_entry *e)
{
	return (e->folder || e->query) && g_strcmp0(e->folder, f->folder) == 0 &&
	       (e->folder || g_strcmp0(e->query, f->query) == 0);
}

void folders_set_current(struct folders *f, const char *folder, const char *query)
{
	G_GNUC_UNUSED g_autofree char *old_folder = f->folder, *old_query = f->query;
	f->folder = g_strdup(folder);
	f->query = g_strdup(query);
	for (guint i = 0; i < f->entries->len; i++)
		if (is_current(f, f->entries->pdata[i]))
			f->cursor = i;
}

guint folders_current(const struct folders *f)
{
	for (guint i = 0; i < f->entries->len; i++)
		if (is_current(f, f->entries->pdata[i]))
			return i;
	return 0;
}

void folders_bar_move(struct folders *f, int by)
{
	if (f->entries->len > 0)
		f->cursor = CLAMP((int)f->cursor + by, 0, (int)f->entries->len - 1);
	ui_changed(f->ui);
}

void folders_bar_open(struct folders *f)
{
	folders_open(f, f->cursor);
}

enum { BAR_WIDE = 24 };

/* "2", where there is room "2/1000", of what is unread; where nothing is unread a saved view
 * tells how much it finds, a folder only where there is room. */
static char *bar_count(const struct folder_entry *e, int columns)
{
	const struct index_counts *c = &e->counts;
	bool whole = columns >= BAR_WIDE || !e->folder;
	if (!e->counted || c->total == 0)
		return g_strdup("");
	if (c->unread > 0 && columns >= BAR_WIDE)
		return g_strdup_printf(
			"%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, c->unread, c->total);
	if (c->unread > 0 || whole)
		return g_strdup_printf("%" G_GINT64_FORMAT, c->unread > 0 ? c->unread : c->total);
	return g_strdup("");
}

static void draw_entry(const struct folders *f, const struct pane *p, int row, guint n)
{
	const struct folder_entry *e = f->entries->pdata[n];
	g_autofree char *count = bar_count(e, p->cols);
	bool current = is_current(f, e);
	enum theme theme = n == f->cursor && !current ? THEME_CURSOR
			   : current                  ? THEME_BAR_CURRENT
			   : e->counts.unread         ? THEME_UNREAD
						      : THEME_BAR;
	int room = p->cols - 3 - width_text(count);
	pane_put(p, row, 0, current ? "▸" : " ", theme);
	pane_put_cut(p, row, 1, room, e->title, theme);
	pane_put(p, row, p->cols - 2 - width_text(count), count, theme);
	pane_paint(p, row, 0, p->cols - 1, theme);
}

void folders_draw_bar(struct folders *f, const struct pane *p)
{
	guint rows = MAX(p->rows, 1);
	if (f->cursor < f->top)
		f->top = f->cursor;
	if (f->cursor >= f->top + rows)
		f->top = f->cursor - rows + 1;
	for (int row = 0; row < p->rows; row++) {
		if (f->top + row < f->entries->len)
			draw_entry(f, p, row, f->top + row);
		pane_put(p, row, p->cols - 1, "│", THEME_BORDER);
	}
}
