/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/maildir.h"
#include "ui/pages.h"
#include "ui/tree.h"

enum { FIRST_HEIGHT = 24, KEEP_SCREENS = 6 };

enum want { WANT_TOP, WANT_END, WANT_DOWN, WANT_UP, WANT_RELOAD };

struct pages {
	struct ui *ui;
	void (*changed)(void *data);
	void *data;
	char *folder, *query;
	struct list_spec spec; /* points to the two above */
	GPtrArray *all;   /* of struct page_line: what is loaded */
	GPtrArray *lines; /* of the same, borrowed: what folding leaves */
	guint cursor, top;
	int height;
	bool at_start, at_end;
	bool touched; /* the user chose where the cursor stands */
	char *wish; /* the base name of what the cursor is to go to; NULL: nothing */
	char *error;
	GHashTable *folded; /* thread ids whose folding differs from fold_all */
	bool fold_all;
	struct request *request; /* under way on the search thread */
};

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
};

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

static void forget_request(struct pages *p)
{
	if (!p->request)
		return;
	p->request->pages = NULL;
	p->request = NULL;
	worker_interrupt(ui_worker(p->ui, UI_WORKER_SEARCH));
}

void pages_free(struct pages *p)
{
	if (!p)
		return;
	if (p->request)
		p->request->pages = NULL;
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

static void build_lines(struct pages *p)
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

static void keep_in_view(struct pages *p)
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

static int64_t id_at(const struct pages *p, guint n)
{
	return n < p->lines->len ? ((struct page_line *)p->lines->pdata[n])->row->id : 0;
}

static bool find_line(const struct pages *p, int64_t id, guint *n)
{
	for (guint i = 0; i < p->lines->len; i++)
		if (id_at(p, i) == id) {
			*n = i;
			return true;
		}
	return false;
}

/* The lines are others now: cursor and top go to the messages they were on. */
static void rebuild(struct pages *p)
{
	int64_t cursor = id_at(p, p->cursor), top = id_at(p, p->top);
	guint offset = p->cursor - MIN(p->top, p->cursor);
	build_lines(p);
	bool found = find_line(p, cursor, &p->cursor);
	if (found && !find_line(p, top, &p->top))
		p->top = p->cursor - MIN(offset, p->cursor);
	keep_in_view(p);
}

/* --- loading ------------------------------------------------------------------ */

static void request_free(void *data)
{
	struct request *r = data;
	g_clear_pointer(&r->rows, g_ptr_array_unref);
	g_clear_pointer(&r->keys, g_ptr_array_unref);
	g_clear_error(&r->error);
	g_free(r->folder);
	g_free(r->query);
	g_free(r);
}

static void read_rows(struct request *r, struct index *ix)
{
	r->rows = index_list(ix, &r->spec, r->key, r->backward, r->count, &r->error);
	r->keys = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; r->rows && i < r->rows->len; i++) {
		struct list_key key = index_row_key(r->rows->pdata[i], r->spec.order, r->rows);
		g_ptr_array_add(r->keys, g_memdup2(&key, sizeof key));
	}
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
	int64_t cursor = id_at(p, p->cursor), top = id_at(p, p->top);
	guint old_cursor = p->cursor, old_top = p->top;
	g_ptr_array_set_size(p->lines, 0);
	g_ptr_array_set_size(p->all, 0);
	g_ptr_array_extend_and_steal(p->all, fresh);
	build_lines(p);
	p->cursor = old_cursor;
	p->top = old_top;
	bool found = find_line(p, cursor, &p->cursor);
	guint offset = old_cursor - MIN(old_top, old_cursor);
	if (!find_line(p, top, &p->top) && found)
		p->top = p->cursor - MIN(offset, p->cursor);
	keep_in_view(p);
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
	int64_t cursor = id_at(p, p->cursor);
	guint offset = p->cursor - MIN(p->top, p->cursor);
	g_ptr_array_set_size(p->lines, 0);
	forget_far(p, down);
	build_lines(p);
	if (find_line(p, cursor, &p->cursor))
		p->top = p->cursor - MIN(offset, p->cursor);
	keep_in_view(p);
}

static void apply_fresh(struct pages *p, const struct request *r, GPtrArray *fresh)
{
	bool short_page = r->rows->len < r->count;
	if (r->want == WANT_TOP)
		p->cursor = p->top = 0;
	p->at_start = r->want == WANT_END ? short_page : r->key.date == G_MAXINT64;
	p->at_end = r->want == WANT_END || short_page;
	if (r->want != WANT_RELOAD)
		g_ptr_array_set_size(p->lines, 0);
	replace_all(p, fresh);
	if (r->want == WANT_END) {
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
		keep_in_view(p);
	}
}

static void chosen(struct pages *p)
{
	p->touched = true;
	g_clear_pointer(&p->wish, g_free);
}

static void grant_wish(struct pages *p)
{
	for (guint i = 0; p->wish && i < p->lines->len; i++) {
		const char *file = ((struct page_line *)p->lines->pdata[i])->row->file;
		if (strlen(p->wish) != maildir_base_length(file) ||
			!g_str_has_prefix(file, p->wish))
			continue;
		p->cursor = i;
		keep_in_view(p);
		return;
	}
}

static void apply(struct pages *p, struct request *r)
{
	g_clear_pointer(&p->error, g_free);
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
		read_rows(r, ix);
}

static void request_done(void *data)
{
	struct request *r = data;
	struct pages *p = r->pages;
	if (!p)
		return;
	p->request = NULL;
	apply(p, r);
	p->changed(p->data);
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
		r->key = (struct list_key){first->key.date, first->key.id + 1};
	r->backward = r->want == WANT_UP || r->want == WANT_END;
	r->count = (guint)p->height * 2;
	if (r->want == WANT_RELOAD)
		r->count = MAX(r->count, p->all->len);
}

static void request(struct pages *p, enum want want)
{
	if (p->request && (want == WANT_DOWN || want == WANT_UP || want == p->request->want))
		return;
	forget_request(p);
	struct request *r = g_new0(struct request, 1);
	r->want = want;
	r->folder = g_strdup(p->folder);
	r->query = g_strdup(p->query);
	r->spec = (struct list_spec){r->folder, r->query, p->spec.order};
	aim(p, r);
	if (p->query) {
		r->pages = p;
		p->request = r;
		worker_push(ui_worker(p->ui, UI_WORKER_SEARCH), &request_job, r);
		return;
	}
	struct index *ix = ui_index(p->ui);
	if (ix) {
		read_rows(r, ix);
		apply(p, r);
	}
	request_free(r);
}

/* --- the contract --------------------------------------------------------------- */

void pages_set(struct pages *p, const struct list_spec *spec)
{
	G_GNUC_UNUSED g_autofree char *folder = p->folder, *query = p->query;
	forget_request(p);
	p->folder = g_strdup(spec->folder);
	p->query = g_strdup(spec->query);
	p->spec = (struct list_spec){p->folder, p->query, spec->order};
	g_ptr_array_set_size(p->lines, 0);
	g_ptr_array_set_size(p->all, 0);
	p->cursor = p->top = 0;
	p->touched = false;
	request(p, WANT_TOP);
	p->changed(p->data);
}

const struct list_spec *pages_spec(const struct pages *p)
{
	return &p->spec;
}

void pages_reload(struct pages *p)
{
	int64_t id = id_at(p, p->cursor);
	guint n;
	/* While nobody has moved it, the cursor is on the newest, not on what
	 * happened to come first. */
	if (!p->touched && p->at_start) {
		request(p, WANT_TOP);
		p->changed(p->data);
		return;
	}
	request(p, WANT_RELOAD);
	/* A thread with a new letter went to the top, the cursor's message with it. */
	if (id && !p->request && !p->at_start && !find_line(p, id, &n)) {
		guint cursor = p->cursor, top = p->top;
		request(p, WANT_TOP);
		if (find_line(p, id, &n)) {
			p->cursor = n;
		} else {
			p->cursor = cursor;
			p->top = top;
		}
		keep_in_view(p);
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
		request(p, WANT_DOWN);
	if (!p->at_start && p->cursor < (guint)p->height)
		request(p, WANT_UP);
}

void pages_set_height(struct pages *p, int rows)
{
	if (rows == p->height)
		return;
	p->height = MAX(rows, 1);
	keep_in_view(p);
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

void pages_set_cursor(struct pages *p, guint n)
{
	p->cursor = n;
	keep_in_view(p);
	keep_margin(p);
}

static void move_page(struct pages *p, int by)
{
	gint64 last = p->lines->len > 0 ? p->lines->len - 1 : 0;
	gint64 cursor = CLAMP((gint64)p->cursor + by, 0, last);
	gint64 top = (gint64)p->top + (cursor - p->cursor);
	p->cursor = cursor;
	p->top = MAX(top, 0);
	keep_in_view(p);
}

void pages_touch(struct pages *p)
{
	chosen(p);
}

bool pages_move(struct pages *p, enum movement m)
{
	chosen(p);
	int64_t before = id_at(p, p->cursor);
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
			request(p, WANT_TOP);
		p->cursor = p->top = 0;
		break;
	case MOVE_LAST:
		if (!p->at_end)
			request(p, WANT_END);
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
		break;
	}
	keep_in_view(p);
	keep_margin(p);
	return id_at(p, p->cursor) != before;
}

bool pages_go_to(struct pages *p, int64_t id)
{
	bool found = find_line(p, id, &p->cursor);
	chosen(p);
	keep_in_view(p);
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
	while (at < p->lines->len && ui_is_leaving(p->ui, id_at(p, at)))
		at++;
	int64_t stays = id_at(p, at);
	g_ptr_array_set_size(p->lines, 0);
	for (guint i = p->all->len; i-- > 0;)
		if (ui_is_leaving(p->ui, ((struct page_line *)p->all->pdata[i])->row->id))
			g_ptr_array_remove_index(p->all, i);
	build_lines(p);
	if (!stays || !find_line(p, stays, &p->cursor))
		p->cursor = p->lines->len > 0 ? p->lines->len - 1 : 0;
	keep_in_view(p);
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
