/* SPDX-License-Identifier: MIT
 *
 * A letter that lies in another one: a page of its own, with parts of its own. */
#include "base/base.h"

#include <unistd.h>

#include "ui/letter-page.h"
#include "ui/pager.h"
#include "ui/parts.h"

struct inner_view {
	struct view view;
	struct letter_at *at;
	struct mime_message *mime;
	struct pager pager;
	int width; /* it is laid out to */
};

static struct inner_view *as_inner(struct view *v)
{
	return (struct inner_view *)v;
}

static char *inner_title(struct view *v)
{
	const char *subject = as_inner(v)->mime->subject;
	return g_strdup_printf(_("A letter within: %s"), *subject ? subject : _("(no subject)"));
}

static char *inner_status(struct view *v)
{
	return pager_status(&as_inner(v)->pager);
}

static void inner_draw(struct view *v, const struct pane *p)
{
	struct inner_view *s = as_inner(v);
	if (s->width != p->cols) {
		GPtrArray *lines = layout_new();
		letter_page_layout(lines, &(struct letter_page){.mime = s->mime}, p->cols);
		s->pager.links = s->mime->links;
		pager_set(&s->pager, lines, true);
		s->width = p->cols;
	}
	pager_draw(&s->pager, p);
}

static void inner_move(struct view *v, enum movement m)
{
	pager_move(&as_inner(v)->pager, m);
}

static bool inner_find(struct view *v, const char *text, bool forward, bool again)
{
	return pager_find(&as_inner(v)->pager, text, forward, again);
}

static void inner_free(struct view *v)
{
	struct inner_view *s = as_inner(v);
	pager_clear(&s->pager);
	mime_message_free(s->mime);
	letter_at_free(s->at);
}

static const struct view_ops inner_ops = {
	.context = CONTEXT_TEXT,
	.title = inner_title,
	.status = inner_status,
	.draw = inner_draw,
	.move = inner_move,
	.find = inner_find,
	.free = inner_free,
};

const struct letter_at *view_inner_at(const struct view *v)
{
	return v && v->ops == &inner_ops ? ((const struct inner_view *)v)->at : NULL;
}

const struct mime_message *view_inner_mime(const struct view *v)
{
	return v && v->ops == &inner_ops ? ((const struct inner_view *)v)->mime : NULL;
}

const GPtrArray *view_inner_parts(const struct view *v)
{
	const struct mime_message *m = view_inner_mime(v);
	return m ? m->parts : NULL;
}

void view_inner_numbers(struct view *v, bool on)
{
	if (v->ops != &inner_ops)
		return;
	as_inner(v)->pager.numbers = on;
	view_changed(v);
}

/* --- reading it -------------------------------------------------------------------------- */

struct work {
	struct view *from;
	struct letter_at *at;
	struct mime_message *mime;
	GError *error;
};

static void work_run(struct room *room, void *data)
{
	struct work *w = data;
	int fd = letter_at_open(room, w->at, &w->error);
	if (fd < 0)
		return;
	w->mime = mime_client_read(room_mime(room), fd, &mime_reading_text, &w->error);
	close(fd);
}

static void work_done(void *data)
{
	struct work *w = data;
	struct ui *ui = w->from->ui;
	if (w->error)
		ui_complain(ui, "%s", w->error->message);
	if (!w->mime || w->from->closed || ui_top(ui) != w->from)
		return;
	struct inner_view *s = g_new0(struct inner_view, 1);
	view_init(&s->view, &inner_ops, ui);
	s->at = g_steal_pointer(&w->at);
	s->mime = g_steal_pointer(&w->mime);
	g_free(s->at->title);
	s->at->title = g_strdup(s->mime->subject);
	ui_push(ui, &s->view);
}

static void work_free(void *data)
{
	struct work *w = data;
	view_unref(w->from);
	letter_at_free(w->at);
	mime_message_free(w->mime);
	g_clear_error(&w->error);
	g_free(w);
}

static const struct job inner_job = {work_run, work_done, work_free};

void view_inner_open(struct ui *ui, const struct letter_at *at)
{
	struct work *w = g_new0(struct work, 1);
	w->from = view_ref(ui_top(ui));
	w->at = letter_at_copy(at);
	worker_push(ui_worker(ui, UI_WORKER_READER), &inner_job, w);
}
