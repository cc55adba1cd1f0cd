/* SPDX-License-Identifier: MIT
 *
 * Reading the pages of a list: what is asked for, and what becomes of it. */
#include "base/base.h"

#include <string.h>

#include "store/maildir.h"
#include "ui/pages-private.h"

enum { KEEP_SCREENS = 6 };

struct request {
	struct pages *pages; /* NULL: nobody wants it any more */
	enum want want;
	char *folder, *query;
	struct list_spec spec;
	struct list_key key;
	bool backward;
	guint count;
	GPtrArray *rows;
	GPtrArray *keys; /* of struct list_key, for rows */
	GError *error;
	/* of WANT_UNREAD */
	struct pages_then then;
	bool found, at_start, at_end;
};

void pages_forget_request(struct pages *p)
{
	if (!p->request)
		return;
	worker_cancel(ui_worker(p->ui, UI_WORKER_SEARCH), p->request);
	p->request->pages = NULL;
	p->request = NULL;
	p->again = false;
}

static void request_free(void *data)
{
	struct request *r = data;
	if (r->pages)
		r->pages->request = NULL;
	g_clear_pointer(&r->rows, g_ptr_array_unref);
	g_clear_pointer(&r->keys, g_ptr_array_unref);
	g_clear_error(&r->error);
	if (r->then.free)
		r->then.free(r->then.data);
	g_free(r->folder);
	g_free(r->query);
	g_free(r);
}

static struct request *request_new(struct pages *p, enum want want)
{
	struct request *r = g_new0(struct request, 1);
	r->want = want;
	r->folder = g_strdup(p->folder);
	r->query = g_strdup(p->query);
	r->spec = p->spec;
	r->spec.folder = r->folder;
	r->spec.query = r->query;
	return r;
}

static void read_keys(struct request *r)
{
	r->keys = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; r->rows && i < r->rows->len; i++) {
		struct list_key key = index_row_key(r->rows->pdata[i], r->spec.order, r->rows);
		g_ptr_array_add(r->keys, g_memdup2(&key, sizeof key));
	}
}

static void read_rows(struct request *r, struct index *ix)
{
	r->rows = index_list(ix, &r->spec, r->key, r->backward, r->count, &r->error);
	read_keys(r);
}

/* Below the cursor, or else from the top. */
static bool find_unread(struct request *r, struct index *ix)
{
	if (!index_next_unread(ix, &r->spec, &r->key, &r->found, &r->error))
		return false;
	if (r->found)
		return true;
	r->key = LIST_TOP;
	return index_next_unread(ix, &r->spec, &r->key, &r->found, &r->error) && r->found;
}

/* It, and what stands around it. */
static void read_unread(struct request *r, struct index *ix)
{
	if (!find_unread(r, ix))
		return;
	struct list_key before = index_key_before(r->key, &r->spec);
	g_autoptr(GPtrArray) above =
		index_list(ix, &r->spec, before, true, r->count, &r->error);
	g_autoptr(GPtrArray) below =
		above ? index_list(ix, &r->spec, before, false, r->count, &r->error) : NULL;
	if (!below)
		return;
	r->at_start = above->len < r->count;
	r->at_end = below->len < r->count;
	r->rows = g_steal_pointer(&above);
	g_ptr_array_extend_and_steal(r->rows, g_steal_pointer(&below));
	read_keys(r);
}

static GPtrArray *take_lines(struct pages *p, struct request *r)
{
	GPtrArray *fresh = g_ptr_array_new();
	for (guint i = 0; i < r->rows->len; i++) {
		struct message_row *row = r->rows->pdata[i];
		if (ui_is_leaving(p->ui, row->id)) {
			message_row_free(row);
			continue;
		}
		struct page_line *l = g_new0(struct page_line, 1);
		l->row = row;
		l->key = *(struct list_key *)r->keys->pdata[i];
		g_ptr_array_add(fresh, l);
	}
	g_ptr_array_set_free_func(r->rows, NULL);
	return fresh;
}

static void forget_far(struct pages *p, bool upper)
{
	guint keep = (guint)p->height * KEEP_SCREENS, drop = 0;
	if (p->all->len <= keep)
		return;
	guint spare = p->all->len - keep;
	/* Only whole threads go: a tree is drawn from its root. */
	for (guint i = 1; i <= spare; i++) {
		guint here = upper ? i : p->all->len - i;
		const struct page_line *a = p->all->pdata[here - 1], *b = p->all->pdata[here];
		if (p->spec.order != LIST_BY_THREAD || a->row->thread != b->row->thread)
			drop = i;
	}
	if (drop == 0)
		return;
	g_ptr_array_remove_range(p->all, upper ? 0 : p->all->len - drop, drop);
	if (upper)
		p->at_start = false;
	else
		p->at_end = false;
}

static void replace_all(struct pages *p, GPtrArray *fresh)
{
	int64_t cursor = pages_id_at(p, p->cursor), top = pages_id_at(p, p->top);
	guint old_cursor = p->cursor, old_top = p->top;
	g_ptr_array_set_size(p->lines, 0);
	g_ptr_array_set_size(p->all, 0);
	g_ptr_array_extend_and_steal(p->all, fresh);
	pages_build_lines(p);
	p->cursor = old_cursor;
	p->top = old_top;
	bool found = pages_find_line(p, cursor, &p->cursor);
	guint offset = old_cursor - MIN(old_top, old_cursor);
	if (!pages_find_line(p, top, &p->top) && found)
		p->top = p->cursor - MIN(offset, p->cursor);
	pages_keep_in_view(p);
}

static void apply_more(struct pages *p, const struct request *r, GPtrArray *fresh)
{
	bool down = r->want == WANT_DOWN;
	if (down) {
		g_ptr_array_extend_and_steal(p->all, fresh);
		p->at_end = r->rows->len < r->count;
	} else {
		for (guint i = 0; i < fresh->len; i++)
			g_ptr_array_insert(p->all, i, fresh->pdata[i]);
		g_ptr_array_unref(fresh);
		p->at_start = r->rows->len < r->count;
	}
	int64_t cursor = pages_id_at(p, p->cursor);
	guint offset = p->cursor - MIN(p->top, p->cursor);
	g_ptr_array_set_size(p->lines, 0);
	forget_far(p, down);
	pages_build_lines(p);
	if (pages_find_line(p, cursor, &p->cursor))
		p->top = p->cursor - MIN(offset, p->cursor);
	pages_keep_in_view(p);
}

static void apply_fresh(struct pages *p, const struct request *r, GPtrArray *fresh)
{
	bool short_page = r->rows->len < r->count;
	if (r->want == WANT_TOP)
		p->cursor = p->top = 0;
	p->at_start = r->want == WANT_END ? short_page : r->key.id == G_MAXINT64;
	p->at_end = r->want == WANT_END || short_page;
	if (r->want != WANT_RELOAD)
		g_ptr_array_set_size(p->lines, 0);
	replace_all(p, fresh);
	if (r->want == WANT_END) {
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
		pages_keep_in_view(p);
	}
}

static void grant_wish(struct pages *p)
{
	for (guint i = 0; p->wish && i < p->lines->len; i++) {
		const char *file = ((struct page_line *)p->lines->pdata[i])->row->file;
		if (strlen(p->wish) != maildir_base_length(file) ||
			!g_str_has_prefix(file, p->wish))
			continue;
		p->cursor = i;
		pages_keep_in_view(p);
		return;
	}
}

/* The first unread line of the place that was found. */
static void apply_unread(struct pages *p, struct request *r)
{
	if (!r->rows)
		return;
	GPtrArray *fresh = take_lines(p, r);
	g_ptr_array_set_size(p->lines, 0);
	replace_all(p, fresh);
	p->at_start = r->at_start;
	p->at_end = r->at_end;
	guint at = 0;
	bool unread = false;
	for (guint i = 0; i < p->lines->len && !unread; i++) {
		const struct page_line *l = p->lines->pdata[i];
		if (l->key.id != r->key.id)
			continue;
		unread = !(l->row->flags & FLAG_SEEN);
		at = at == 0 || unread ? i : at;
	}
	pages_put_cursor(p, at);
}

static void apply(struct pages *p, struct request *r)
{
	g_clear_pointer(&p->error, g_free);
	if (r->want == WANT_UNREAD && !r->error) {
		apply_unread(p, r);
		return;
	}
	if (!r->rows) {
		p->error = g_strdup(r->error->message);
		return;
	}
	GPtrArray *fresh = take_lines(p, r);
	if (r->want == WANT_DOWN || r->want == WANT_UP)
		apply_more(p, r, fresh);
	else
		apply_fresh(p, r, fresh);
	if (r->want == WANT_RELOAD)
		grant_wish(p);
}

static void run_request(struct room *room, void *data)
{
	struct request *r = data;
	struct index *ix = room_index(room, &r->error);
	if (ix)
		(r->want == WANT_UNREAD ? read_unread : read_rows)(r, ix);
}

static void request_done(void *data)
{
	struct request *r = data;
	struct pages *p = r->pages;
	if (!p)
		return;
	r->pages = NULL;
	int64_t place = p->place;
	bool again = p->again;
	p->request = NULL;
	p->place = 0;
	p->again = false;
	apply(p, r);
	if (place)
		pages_go_to_place(p, place);
	p->changed(p->data);
	if (r->then.call && !r->error)
		r->then.call(r->found, r->then.data);
	if (again)
		pages_reload(p);
}

static const struct job request_job = {run_request, request_done, request_free};

static void aim(struct pages *p, struct request *r)
{
	const struct page_line *first = p->all->len > 0 ? p->all->pdata[0] : NULL;
	const struct page_line *last = first ? p->all->pdata[p->all->len - 1] : NULL;
	r->key = LIST_TOP;
	if (r->want == WANT_DOWN && last)
		r->key = last->key;
	if (r->want == WANT_UP && first)
		r->key = first->key;
	if (r->want == WANT_END)
		r->key = LIST_END;
	/* In front of the first row, so that it comes again itself. */
	if (r->want == WANT_RELOAD && first && !p->at_start)
		r->key = index_key_before(first->key, &p->spec);
	r->backward = r->want == WANT_UP || r->want == WANT_END;
	r->count = (guint)p->height * 2;
	if (r->want == WANT_RELOAD)
		r->count = MAX(r->count, p->all->len);
}

void pages_request(struct pages *p, enum want want)
{
	if (p->request && (want == WANT_DOWN || want == WANT_UP || want == p->request->want))
		return;
	pages_forget_request(p);
	struct request *r = request_new(p, want);
	aim(p, r);
	struct index *ix = ui_index(p->ui);
	if (p->query || (ix && !index_has_order(ix, p->spec.order))) {
		r->pages = p;
		p->request = r;
		worker_push(ui_worker(p->ui, UI_WORKER_SEARCH), &request_job, r);
		return;
	}
	if (ix) {
		read_rows(r, ix);
		apply(p, r);
	}
	request_free(r);
}

void pages_request_unread(struct pages *p, const struct pages_then *then)
{
	const struct page_line *here = pages_line(p, p->cursor);
	pages_forget_request(p);
	struct request *r = request_new(p, WANT_UNREAD);
	r->then = *then;
	r->key = here ? here->key : LIST_TOP;
	r->count = (guint)p->height * 2;
	r->pages = p;
	p->request = r;
	worker_push(ui_worker(p->ui, UI_WORKER_SEARCH), &request_job, r);
}

/* Appends a page on one side of key; false: an error.  *whole: there is no more. */
static bool append_side(struct pages *p, struct list_key key, bool backward, bool *whole)
{
	struct index *ix = ui_index(p->ui);
	struct request *r = request_new(p, backward ? WANT_UP : WANT_DOWN);
	r->key = key;
	r->backward = backward;
	r->count = (guint)p->height * 2;
	if (ix)
		read_rows(r, ix);
	bool ok = r->rows != NULL;
	if (ok) {
		*whole = r->rows->len < r->count;
		g_ptr_array_extend_and_steal(p->all, take_lines(p, r));
	}
	request_free(r);
	return ok;
}

void pages_show_at(struct pages *p, struct list_key key)
{
	struct list_key before = index_key_before(key, &p->spec);
	pages_forget_request(p);
	g_ptr_array_set_size(p->lines, 0);
	g_ptr_array_set_size(p->all, 0);
	if (!append_side(p, before, true, &p->at_start) ||
		!append_side(p, before, false, &p->at_end))
		pages_request(p, WANT_TOP);
	pages_build_lines(p);
	pages_keep_in_view(p);
}
