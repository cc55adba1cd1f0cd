/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "base/width.h"
#include "store/query-marks.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/folders.h"
#include "ui/header.h"
#include "ui/list-private.h"
#include "ui/view-message.h"
#include "ui/who.h"

static void list_changed(void *data)
{
	struct list_view *l = data;
	const char *error = pages_error(l->pages);
	if (error && !l->told_error)
		ui_complain(l->view.ui, "%s", error);
	l->told_error = error != NULL;
	view_changed(&l->view);
}

char *list_whole_query(const struct list_view *l)
{
	if (l->query && l->limit)
		return g_strdup_printf("(%s) AND (%s)", l->query, l->limit);
	return g_strdup(l->query ? l->query : l->limit);
}

static void count(struct list_view *l)
{
	struct list_spec spec = {.folder = l->folder};
	struct index *ix = l->folder ? ui_index(l->view.ui) : NULL;
	if (!ix || !index_count(ix, &spec, &l->total, &l->unread, NULL))
		l->total = l->unread = -1;
}

void list_show(struct list_view *l, enum list_order order)
{
	g_autofree char *query = list_whole_query(l);
	const struct list_spec spec = {l->folder, query, order, l->ascending};
	count(l);
	pages_set(l->pages, &spec);
	found_set(l->found, &spec);
	list_match_set(l, query);
}

void list_show_next(struct list_view *l, enum list_order order)
{
	g_autofree char *query = list_whole_query(l);
	const struct list_spec spec = {l->folder, query, order, l->ascending};
	pages_change(l->pages, &spec);
	found_set(l->found, &spec);
	list_match_set(l, query);
}

/* --- the frame ------------------------------------------------------------------- */

static char *list_title(struct view *v)
{
	struct list_view *l = (struct list_view *)v;
	GString *out = g_string_new(l->name     ? l->name
				    : l->folder ? folder_title(l->folder)
						: _("All folders"));
	if (l->query && !l->name)
		g_string_append_printf(out, ": %s", l->query);
	if (l->total >= 0)
		g_string_append_printf(out, P_(": %d message", ": %d messages", l->total),
			(int)l->total);
	if (l->unread > 0)
		g_string_append_printf(out, _(", %d unread"), (int)l->unread);
	int64_t found = found_total(l->found);
	if (l->limit && found >= 0)
		g_string_append_printf(out,
			P_(" (limit: %s; %d found)", " (limit: %s; %d found)", found), l->limit,
			(int)found);
	else if (l->limit)
		g_string_append_printf(out, _(" (limit: %s)"), l->limit);
	else if (found >= 0)
		g_string_append_printf(out, P_(": %d found", ": %d found", found), (int)found);
	if (list_is_scored(l))
		g_string_append(out, _(", best first"));
	return g_string_free(out, FALSE);
}

static char *list_status(struct view *v)
{
	struct list_view *l = (struct list_view *)v;
	guint marked = g_hash_table_size(l->marked), len = pages_len(l->pages);
	bool first = pages_at_start(l->pages) && pages_top(l->pages) == 0;
	bool last = pages_at_end(l->pages) && pages_top(l->pages) + v->rows >= len;
	const char *place = pages_loading(l->pages) ? _("searching…")
			    : first && last         ? _("all")
			    : first                 ? _("top")
			    : last                  ? _("end")
						    : "";
	g_autofree char *hint = list_score_hint(l);
	GString *out = g_string_new(hint);
	if (hint)
		g_string_append(out, "  ");
	if (marked > 0)
		g_string_append_printf(
			out, P_("%u marked  %s", "%u marked  %s", marked), marked, place);
	else
		g_string_append(out, place);
	return g_string_free(out, FALSE);
}

/* --- a row ----------------------------------------------------------------------- */

static bool is_marked(const struct list_view *l, int64_t id)
{
	return g_hash_table_contains(l->marked, ID_KEY(id));
}

static const char *state_letter(const struct message_row *row)
{
	if (!(row->flags & FLAG_SEEN))
		return "N";
	if (row->flags & FLAG_REPLIED)
		return "r";
	return row->flags & FLAG_PASSED ? "f" : " ";
}

/* own: the colour that the dotfile has for the row; THEME_NORMAL: none. */
static enum theme row_theme(
	const struct list_view *l, const struct message_row *row, bool cursor, enum theme own)
{
	bool unread = !(row->flags & FLAG_SEEN);
	if (cursor)
		return unread ? THEME_CURSOR_UNREAD : THEME_CURSOR;
	if (is_marked(l, row->id))
		return THEME_MARKED;
	if (own != THEME_NORMAL)
		return own;
	if (row->flags & FLAG_FLAGGED)
		return THEME_FLAGGED;
	return unread ? THEME_UNREAD : THEME_NORMAL;
}

/* In the row that p is, from x on. */
static void draw_subject(const struct list_view *l, const struct pane *p, int x,
	const struct page_line *line, enum theme theme)
{
	bool cursor = line == pages_line(l->pages, pages_cursor(l->pages));
	const char *subject = line->same_subject     ? ""
			      : *line->row->subject ? line->row->subject
			      : line->row->unparsed ? _("(could not be read)")
						    : _("(no subject)");
	bool plain = !cursor && !theme_is_tint(theme);
	x = pane_put(p, 0, x, line->tree ? line->tree : "", plain ? THEME_TREE : theme);
	if (line->hidden > 0) {
		g_autofree char *folded = g_strdup_printf("[+%u] ", line->hidden);
		x = pane_put(p, 0, x, folded, theme);
	}
	if (*line->row->tags) {
		g_autofree char *tags = g_strdup_printf("[%s]", line->row->tags);
		x = pane_put_cut(p, 0, x, (p->cols - x) / 2, tags, plain ? THEME_TAG : theme);
		x = pane_put(p, 0, x, " ", theme);
	}
	struct list_text text = {subject, MARK_SUBJECT, x, p->cols - x, theme, cursor};
	list_put_subject(l, p, line->row, &text);
}

/* How much of it is not here stands at the right edge of a preview's row, where
 * the subject leaves or makes room; returns the columns that are left. */
static int draw_size(const struct pane *p, int y, const struct message_row *row, enum theme theme)
{
	if (!row->partial || p->cols < 50)
		return p->cols;
	g_autofree char *size = size_text(row->size);
	pane_put_right(p, y, size, theme);
	return p->cols - width_text(size) - 1;
}

static void draw_row(const struct list_view *l, const struct pane *p, int y, guint n)
{
	const struct page_line *line = pages_line(l->pages, n);
	const struct message_row *row = line->row;
	bool cursor = n == pages_cursor(l->pages), narrow = p->cols < 50;
	enum theme own = l->tints ? tints_get(l->tints, row) : THEME_NORMAL;
	enum theme theme = row_theme(l, row, cursor, own);
	g_autofree char *date = clock_short(row->date ? row->date : row->arrived);
	g_autofree char *name = row_who(row);
	int from = CLAMP(p->cols / 4, 8, 26), x = 4;
	bool plain = !cursor && !theme_is_tint(theme);
	if (!plain)
		pane_paint(p, y, 0, p->cols, theme);
	pane_put(p, y, 0, is_marked(l, row->id) ? "*" : " ", theme);
	pane_put(p, y, 1, state_letter(row), theme);
	pane_put(p, y, 2, row->flags & FLAG_FLAGGED ? "!" : " ", theme);
	pane_put(p, y, 3, row->partial ? "%" : row->has_attachment ? "+" : " ", theme);
	if (!narrow) {
		int width = MIN(width_text(date), 10);
		pane_put_cut(p, y, x + 1 + 10 - width, width, date, plain ? THEME_DATE : theme);
		x += 13;
	}
	struct pane left = pane_sub(p, y, 0, 1, draw_size(p, y, row, theme));
	struct list_text who = {name, MARK_SENDER | MARK_RECIPIENTS, x, from, theme, cursor};
	list_put(l, &left, &who);
	draw_subject(l, &left, x + from + 2, line, theme);
}

static void list_draw(struct view *v, const struct pane *p)
{
	struct list_view *l = (struct list_view *)v;
	pages_set_height(l->pages, p->rows);
	guint top = pages_top(l->pages), len = pages_len(l->pages);
	for (int y = 0; y < p->rows && top + y < len; y++)
		draw_row(l, p, y, top + y);
	tints_look(l->tints);
	if (len > 0 || pages_loading(l->pages))
		return;
	const char *why = pages_error(l->pages) ? pages_error(l->pages)
			  : l->query || l->limit ? _("nothing is found")
						 : _("no messages here");
	pane_put_cut(p, p->rows / 2, 2, p->cols - 4, why, THEME_HINT);
}

/* --- what views do --------------------------------------------------------------- */

static void list_move(struct view *v, enum movement m)
{
	struct list_view *l = (struct list_view *)v;
	if (!pages_move(l->pages, m) && !pages_loading(l->pages) && pages_len(l->pages) > 0) {
		bool down = m == MOVE_NEXT || m == MOVE_PAGE_DOWN || m == MOVE_HALF_DOWN;
		if (down)
			ui_say(v->ui, _("this is the last message"));
		else if (m != MOVE_FIRST && m != MOVE_LAST)
			ui_say(v->ui, _("this is the first message"));
	}
}

static void list_open(struct view *v)
{
	const struct message_row *row = view_list_current(v);
	pages_touch(((struct list_view *)v)->pages);
	if (!row)
		ui_complain(v->ui, _("there is no message here"));
	else if (strcmp(row->folder, FOLDER_DRAFTS) == 0)
		compose_recall(v->ui, row);
	else
		view_message_open(v->ui, v);
}

GArray *view_list_marked(struct view *v)
{
	struct list_view *l = (struct list_view *)v;
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, l->marked);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		int64_t id = (int64_t)GPOINTER_TO_SIZE(key);
		g_array_append_val(ids, id);
	}
	return ids;
}

static GArray *list_targets(struct view *v)
{
	const struct message_row *row = view_list_current(v);
	if (ui_is_to_marked(v->ui))
		return view_list_marked(v);
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	if (row)
		g_array_append_val(ids, row->id);
	return ids;
}

static void list_acted(struct view *v, const GArray *ids, bool gone)
{
	struct list_view *l = (struct list_view *)v;
	pages_touch(l->pages);
	if (!gone)
		return;
	for (guint i = 0; i < ids->len; i++)
		g_hash_table_remove(l->marked, ID_KEY(g_array_index(ids, int64_t, i)));
	pages_drop_leaving(l->pages);
	view_changed(v);
}

static void list_refresh(struct view *v)
{
	struct list_view *l = (struct list_view *)v;
	count(l);
	tints_again(l->tints);
	l->kept.stale = true;
	pages_reload(l->pages);
	found_again(l->found);
}

static void list_free(struct view *v)
{
	struct list_view *l = (struct list_view *)v;
	list_forget_kept(l);
	pages_free(l->pages);
	found_free(l->found);
	tints_free(l->tints);
	list_match_set(l, NULL);
	g_hash_table_unref(l->marked);
	g_free(l->folder);
	g_free(l->query);
	g_free(l->name);
	g_free(l->limit);
}

static const struct view_ops list_ops = {
	.context = CONTEXT_LIST,
	.bar = true,
	.title = list_title,
	.status = list_status,
	.draw = list_draw,
	.move = list_move,
	.open = list_open,
	.targets = list_targets,
	.acted = list_acted,
	.refresh = list_refresh,
	.free = list_free,
};

struct pages *list_new_pages(struct list_view *l)
{
	return pages_new(l->view.ui, list_changed, l);
}

static void found_changed(void *data)
{
	view_changed(&((struct list_view *)data)->view);
}

static struct list_view *list_new(struct ui *ui, const char *folder, const char *query)
{
	struct list_view *l = g_new0(struct list_view, 1);
	view_init(&l->view, &list_ops, ui);
	l->folder = g_strdup(folder);
	l->query = g_strdup(query);
	l->marked = g_hash_table_new(NULL, NULL);
	l->pages = list_new_pages(l);
	l->found = found_new(ui, found_changed, l);
	l->tints = tints_new(ui, found_changed, l);
	l->unscored = (struct list_sort){.order = LIST_BY_DATE};
	return l;
}

struct list_view *list_push_found(struct ui *ui, const char *query, enum list_order order)
{
	struct list_view *l = list_new(ui, NULL, query);
	ui_push(ui, &l->view);
	list_show(l, order);
	return l;
}

void view_list_open(struct ui *ui, const char *folder, const char *query)
{
	struct list_view *l = list_new(ui, folder, query);
	folders_set_current(ui_folders(ui), folder, query);
	/* What was found lies over the list it was asked from; a folder replaces it. */
	if (query && !folder)
		ui_push(ui, &l->view);
	else
		ui_replace(ui, &l->view);
	struct list_sort sort = list_sort_of(ui, query ? NULL : folder);
	l->ascending = sort.ascending;
	list_show(l, sort.order);
}

void view_list_open_saved(struct ui *ui, const struct dotfile_view *saved)
{
	struct list_sort sort;
	if (!saved->sort || !sort_read(saved->sort, &sort, NULL))
		sort = list_sort_of(ui, NULL);
	struct list_view *l = list_new(ui, NULL, saved->query);
	l->name = sanitize_line(saved->name, -1);
	folders_set_current(ui_folders(ui), NULL, saved->query);
	ui_push(ui, &l->view);
	l->ascending = sort.ascending;
	list_show(l, sort.order);
}

/* --- for the message view ---------------------------------------------------------- */

bool view_is_list(const struct view *v)
{
	return v->ops == &list_ops;
}

const struct message_row *view_list_current(struct view *v)
{
	return pages_current(((struct list_view *)v)->pages);
}

bool view_list_step(struct view *v, bool down)
{
	return pages_move(((struct list_view *)v)->pages, down ? MOVE_NEXT : MOVE_PREVIOUS);
}

struct query_marks *view_list_marks(const struct view *v)
{
	return ((const struct list_view *)v)->marks;
}

void view_list_wish(struct view *v, const char *base)
{
	pages_wish(((struct list_view *)v)->pages, base);
}

const struct message_row *view_list_neighbour(struct view *v, bool down)
{
	struct pages *p = ((struct list_view *)v)->pages;
	guint n = pages_cursor(p);
	const struct page_line *line =
		down ? pages_line(p, n + 1) : n > 0 ? pages_line(p, n - 1) : NULL;
	return line ? line->row : NULL;
}

void view_list_next_unread(struct view *v, const struct pages_then *then)
{
	struct list_view *l = (struct list_view *)v;
	if (l->unread != 0) {
		pages_next_unread(l->pages, then);
		return;
	}
	then->call(false, then->data);
	then->free(then->data);
}

void view_list_acted(struct view *v, const GArray *ids, bool gone)
{
	list_acted(v, ids, gone);
}

/* --- commands of the list ------------------------------------------------------------ */

struct list_view *list_top(struct ui *ui)
{
	return (struct list_view *)ui_top(ui);
}

void command_fold(struct ui *ui, const char *arg)
{
	pages_fold(list_top(ui)->pages);
}

void command_fold_all(struct ui *ui, const char *arg)
{
	pages_fold_all(list_top(ui)->pages);
}

void command_recall(struct ui *ui, const char *arg)
{
	const struct message_row *row = view_list_current(ui_top(ui));
	if (row && strcmp(row->folder, FOLDER_DRAFTS) == 0)
		compose_recall(ui, row);
	else
		view_list_open(ui, FOLDER_DRAFTS, NULL);
}
