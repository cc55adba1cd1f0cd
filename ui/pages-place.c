/* SPDX-License-Identifier: MIT
 *
 * Far jumps in a list: to the next unread line, to a message.  What lies between is
 * not read. */
#include "base/base.h"

#include "ui/pages-private.h"

void pages_put_cursor(struct pages *p, guint n)
{
	p->cursor = n;
	if (n < p->top || n >= p->top + (guint)p->height)
		p->top = n - MIN(n, (guint)p->height / 2);
	pages_keep_in_view(p);
}

static bool is_unread(const struct pages *p, guint n)
{
	return !(pages_line(p, n)->row->flags & FLAG_SEEN);
}

/* The first line of this place, of a thread the first unread one. */
static bool find_place(const struct pages *p, struct list_key key, guint *n)
{
	bool found = false;
	for (guint i = 0; i < pages_len(p); i++) {
		if (pages_line(p, i)->key.id != key.id || (found && !is_unread(p, i)))
			continue;
		*n = i;
		found = true;
		if (is_unread(p, i))
			break;
	}
	return found;
}

static bool go_to_key(struct pages *p, struct list_key key)
{
	guint n;
	if (!find_place(p, key, &n)) {
		pages_show_at(p, key);
		if (!find_place(p, key, &n))
			return false;
	}
	pages_put_cursor(p, n);
	return true;
}

bool pages_go_to_place(struct pages *p, int64_t id)
{
	struct index *ix = ui_index(p->ui);
	struct list_key key;
	guint n;
	if (pages_find_line(p, id, &n))
		return pages_go_to(p, id);
	if (p->request)
		p->place = id;
	if (p->query || p->request || !ix || !index_find_key(ix, &p->spec, id, &key) ||
		!go_to_key(p, key))
		return false;
	pages_touch(p);
	if (pages_find_line(p, id, &n))
		pages_put_cursor(p, n);
	return true;
}

/* --- the next unread ----------------------------------------------------------- */

/* Below the cursor in its own thread, all of which is loaded. */
static bool next_in_thread(struct pages *p)
{
	const struct page_line *here = pages_line(p, p->cursor), *line;
	if (!here || p->spec.order != LIST_BY_THREAD)
		return false;
	for (guint i = p->cursor + 1; (line = pages_line(p, i)); i++) {
		if (line->row->thread != here->row->thread)
			return false;
		if (is_unread(p, i)) {
			pages_put_cursor(p, i);
			return true;
		}
	}
	return false;
}

static bool next_in_folder(struct pages *p)
{
	struct index *ix = ui_index(p->ui);
	const struct page_line *here = pages_line(p, p->cursor);
	struct list_key key = here ? here->key : LIST_TOP;
	bool found = false;
	if (!ix || p->request || !index_next_unread(ix, &p->spec, &key, &found, NULL))
		return false;
	if (!found) {
		key = LIST_TOP;
		if (!index_next_unread(ix, &p->spec, &key, &found, NULL) || !found)
			return false;
	}
	return go_to_key(p, key);
}

void pages_next_unread(struct pages *p, const struct pages_then *then)
{
	pages_touch(p);
	bool near = next_in_thread(p);
	if (!near && p->query) {
		pages_request_unread(p, then);
		return;
	}
	then->call(near || next_in_folder(p), then->data);
	then->free(then->data);
}
