/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/pages-private.h"
#include "ui/tree.h"

enum { FIRST_HEIGHT = 24 };

static void line_free(void *data)
{
	struct page_line *l = data;
	message_row_free(l->row);
	g_free(l->tree);
	g_free(l);
}

struct pages *pages_new(struct ui *ui, void (*changed)(void *data), void *data)
{
	struct pages *p = g_new0(struct pages, 1);
	p->ui = ui;
	p->changed = changed;
	p->data = data;
	p->height = FIRST_HEIGHT;
	p->all = g_ptr_array_new_with_free_func(line_free);
	p->lines = g_ptr_array_new();
	p->folded = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	return p;
}

void pages_free(struct pages *p)
{
	if (!p)
		return;
	pages_forget_request(p);
	g_ptr_array_unref(p->lines);
	g_ptr_array_unref(p->all);
	g_hash_table_unref(p->folded);
	g_free(p->folder);
	g_free(p->query);
	g_free(p->error);
	g_free(p->wish);
	g_free(p);
}

/* --- what is seen of what is loaded ------------------------------------------ */

static bool is_folded(const struct pages *p, int64_t thread)
{
	return p->fold_all != g_hash_table_contains(p->folded, &thread);
}

void pages_build_lines(struct pages *p)
{
	struct page_line *head = NULL;
	g_ptr_array_set_size(p->lines, 0);
	for (guint i = 0; i < p->all->len; i++) {
		struct page_line *l = p->all->pdata[i];
		bool same = head && head->row->thread == l->row->thread &&
			    p->spec.order == LIST_BY_THREAD;
		if (!same)
			head = l;
		l->hidden = 0;
		if (same && is_folded(p, l->row->thread))
			head->hidden++;
		else
			g_ptr_array_add(p->lines, l);
	}
	if (p->spec.order == LIST_BY_THREAD)
		tree_build(p->lines);
}

void pages_keep_in_view(struct pages *p)
{
	guint len = p->lines->len, height = p->height;
	if (p->cursor >= len)
		p->cursor = len > 0 ? len - 1 : 0;
	if (p->cursor < p->top)
		p->top = p->cursor;
	if (p->cursor >= p->top + height)
		p->top = p->cursor - height + 1;
	/* No empty rows below the end while there is something above. */
	if (p->at_end && p->top + height > len)
		p->top = len > height ? len - height : 0;
}

int64_t pages_id_at(const struct pages *p, guint n)
{
	return n < p->lines->len ? ((struct page_line *)p->lines->pdata[n])->row->id : 0;
}

bool pages_find_line(const struct pages *p, int64_t id, guint *n)
{
	for (guint i = 0; i < p->lines->len; i++)
		if (pages_id_at(p, i) == id) {
			*n = i;
			return true;
		}
	return false;
}

/* The lines are others now: cursor and top go to the messages they were on. */
static void rebuild(struct pages *p)
{
	int64_t cursor = pages_id_at(p, p->cursor), top = pages_id_at(p, p->top);
	guint offset = p->cursor - MIN(p->top, p->cursor);
	pages_build_lines(p);
	bool found = pages_find_line(p, cursor, &p->cursor);
	if (found && !pages_find_line(p, top, &p->top))
		p->top = p->cursor - MIN(offset, p->cursor);
	pages_keep_in_view(p);
}

/* --- the contract --------------------------------------------------------------- */

static void chosen(struct pages *p)
{
	p->touched = true;
	g_clear_pointer(&p->wish, g_free);
}

static void clear(struct pages *p)
{
	g_ptr_array_set_size(p->lines, 0);
	g_ptr_array_set_size(p->all, 0);
	p->cursor = p->top = 0;
}

void pages_change(struct pages *p, const struct list_spec *spec)
{
	G_GNUC_UNUSED g_autofree char *folder = p->folder, *query = p->query;
	pages_forget_request(p);
	p->folder = g_strdup(spec->folder);
	p->query = g_strdup(spec->query);
	p->spec = *spec;
	p->spec.folder = p->folder;
	p->spec.query = p->query;
	p->touched = false;
	pages_request(p, WANT_TOP);
	p->changed(p->data);
}

void pages_set(struct pages *p, const struct list_spec *spec)
{
	pages_forget_request(p);
	clear(p);
	pages_change(p, spec);
}

const struct list_spec *pages_spec(const struct pages *p)
{
	return &p->spec;
}

void pages_reload(struct pages *p)
{
	int64_t id = pages_id_at(p, p->cursor);
	guint n;
	if (p->request) {
		p->again = true;
		return;
	}
	/* While nobody has moved it, the cursor is on the newest, not on what
	 * happened to come first. */
	if (!p->touched && p->at_start) {
		pages_request(p, WANT_TOP);
		p->changed(p->data);
		return;
	}
	pages_request(p, WANT_RELOAD);
	/* A thread with a new letter went to the top, the cursor's message with it. */
	if (id && !p->request && !p->at_start && !pages_find_line(p, id, &n)) {
		guint cursor = p->cursor, top = p->top;
		pages_request(p, WANT_TOP);
		if (pages_find_line(p, id, &n)) {
			p->cursor = n;
		} else {
			p->cursor = cursor;
			p->top = top;
		}
		pages_keep_in_view(p);
	}
	p->changed(p->data);
}

bool pages_loading(const struct pages *p)
{
	return p->request != NULL;
}

const char *pages_error(const struct pages *p)
{
	return p->error;
}

static void keep_margin(struct pages *p)
{
	if (!p->at_end && p->cursor + p->height >= p->lines->len)
		pages_request(p, WANT_DOWN);
	if (!p->at_start && p->cursor < (guint)p->height)
		pages_request(p, WANT_UP);
}

void pages_set_height(struct pages *p, int rows)
{
	if (rows == p->height)
		return;
	p->height = MAX(rows, 1);
	pages_keep_in_view(p);
	keep_margin(p);
}

guint pages_len(const struct pages *p)
{
	return p->lines->len;
}

const struct page_line *pages_line(const struct pages *p, guint n)
{
	return n < p->lines->len ? p->lines->pdata[n] : NULL;
}

guint pages_cursor(const struct pages *p)
{
	return p->cursor;
}

const struct message_row *pages_current(const struct pages *p)
{
	const struct page_line *l = pages_line(p, p->cursor);
	return l ? l->row : NULL;
}

guint pages_top(const struct pages *p)
{
	return p->top;
}

bool pages_at_start(const struct pages *p)
{
	return p->at_start;
}

bool pages_at_end(const struct pages *p)
{
	return p->at_end;
}

static void move_page(struct pages *p, int by)
{
	gint64 last = p->lines->len > 0 ? p->lines->len - 1 : 0;
	gint64 cursor = CLAMP((gint64)p->cursor + by, 0, last);
	gint64 top = (gint64)p->top + (cursor - p->cursor);
	p->cursor = cursor;
	p->top = MAX(top, 0);
	pages_keep_in_view(p);
}

void pages_touch(struct pages *p)
{
	chosen(p);
}

bool pages_move(struct pages *p, enum movement m)
{
	chosen(p);
	int64_t before = pages_id_at(p, p->cursor);
	keep_margin(p);
	int page = MAX(p->height - 1, 1), half = MAX(p->height / 2, 1);
	switch (m) {
	case MOVE_NEXT:
		p->cursor += p->cursor + 1 < p->lines->len;
		break;
	case MOVE_PREVIOUS:
		p->cursor -= p->cursor > 0;
		break;
	case MOVE_PAGE_DOWN:
		move_page(p, page);
		break;
	case MOVE_PAGE_UP:
		move_page(p, -page);
		break;
	case MOVE_HALF_DOWN:
		move_page(p, half);
		break;
	case MOVE_HALF_UP:
		move_page(p, -half);
		break;
	case MOVE_FIRST:
		if (!p->at_start)
			pages_request(p, WANT_TOP);
		p->cursor = p->top = 0;
		break;
	case MOVE_LAST:
		if (!p->at_end)
			pages_request(p, WANT_END);
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
		break;
	}
	pages_keep_in_view(p);
	keep_margin(p);
	return pages_id_at(p, p->cursor) != before;
}

bool pages_go_to(struct pages *p, int64_t id)
{
	bool found = pages_find_line(p, id, &p->cursor);
	chosen(p);
	pages_keep_in_view(p);
	if (found)
		keep_margin(p);
	return found;
}

void pages_wish(struct pages *p, const char *base)
{
	g_free(p->wish);
	p->wish = g_strdup(base);
}

void pages_drop_leaving(struct pages *p)
{
	chosen(p);
	/* The cursor goes to what comes behind: the first that stays. */
	guint at = p->cursor;
	while (at < p->lines->len && ui_is_leaving(p->ui, pages_id_at(p, at)))
		at++;
	int64_t stays = pages_id_at(p, at);
	g_ptr_array_set_size(p->lines, 0);
	for (guint i = p->all->len; i-- > 0;)
		if (ui_is_leaving(p->ui, ((struct page_line *)p->all->pdata[i])->row->id))
			g_ptr_array_remove_index(p->all, i);
	pages_build_lines(p);
	if (!stays || !pages_find_line(p, stays, &p->cursor))
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
	pages_keep_in_view(p);
	keep_margin(p);
}

void pages_fold(struct pages *p)
{
	const struct message_row *row = pages_current(p);
	if (!row || p->spec.order != LIST_BY_THREAD)
		return;
	chosen(p);
	int64_t thread = row->thread;
	guint head = p->cursor;
	while (head > 0 && pages_line(p, head - 1)->row->thread == thread)
		head--;
	p->cursor = head;
	if (!g_hash_table_remove(p->folded, &thread))
		g_hash_table_add(p->folded, g_memdup2(&thread, sizeof thread));
	rebuild(p);
	keep_margin(p);
}

void pages_fold_all(struct pages *p)
{
	guint head = p->cursor;
	while (head > 0 && p->lines->len > 0 &&
		pages_line(p, head - 1)->row->thread == pages_line(p, head)->row->thread)
		head--;
	p->cursor = head;
	g_hash_table_remove_all(p->folded);
	p->fold_all = !p->fold_all;
	rebuild(p);
	keep_margin(p);
}
