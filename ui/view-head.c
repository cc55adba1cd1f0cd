/* SPDX-License-Identifier: MIT
 *
 * The first lines of a letter that lies on a server. */
#include "base/base.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fdio.h"
#include "ui/letter-page.h"
#include "ui/pager.h"
#include "ui/surveyor.h"
#include "ui/view-server.h"

/* So many lines of the body at least, and as many screens. */
enum { LINES_LEAST = 60, SCREENS = 3 };

struct head_view {
	struct view view;
	struct server_view *owner;
	char *account, *title;
	struct mime_message *mime; /* NULL: not here yet, or not to be had */
	char *error;
	struct pager pager;
	int width; /* it is laid out to; 0: it is not */
};

static struct head_view *as_head(struct view *v)
{
	return (struct head_view *)v;
}

static void lay_out(struct head_view *h, int width)
{
	GPtrArray *lines = layout_new();
	if (h->mime) {
		letter_page_layout(lines, &(struct letter_page){.mime = h->mime}, width);
		layout_text(lines, "", width, THEME_NORMAL);
		layout_text(lines, _("These are the first lines; the letter lies on the server."),
			width, THEME_HINT);
	} else {
		layout_text(lines, h->error ? h->error : _("asking the server…"), width,
			h->error ? THEME_WARNING : THEME_HINT);
	}
	pager_set(&h->pager, lines, h->width != 0 && h->mime);
	h->width = width;
}

static void head_draw(struct view *v, const struct pane *p)
{
	struct head_view *h = as_head(v);
	if (h->width != p->cols)
		lay_out(h, p->cols);
	pager_draw(&h->pager, p);
}

static char *head_title(struct view *v)
{
	return g_strdup(as_head(v)->title);
}

static char *head_status(struct view *v)
{
	return pager_status(&as_head(v)->pager);
}

static void head_move(struct view *v, enum movement m)
{
	pager_move(&as_head(v)->pager, m);
}

static bool head_find(struct view *v, const char *text, bool forward, bool again)
{
	return pager_find_told(&as_head(v)->pager, v->ui, text, again);
}

static void head_free(struct view *v)
{
	struct head_view *h = as_head(v);
	pager_clear(&h->pager);
	mime_message_free(h->mime);
	g_free(h->account);
	g_free(h->title);
	g_free(h->error);
	view_unref(&h->owner->view);
}

static const struct view_ops head_ops = {
	.context = CONTEXT_SERVER,
	.title = head_title,
	.status = head_status,
	.draw = head_draw,
	.move = head_move,
	.find = head_find,
	.free = head_free,
};

struct server_view *view_head_owner(const struct view *v)
{
	return v->ops == &head_ops ? ((struct head_view *)v)->owner : NULL;
}

static void show(struct head_view *h)
{
	h->width = 0;
	view_changed(&h->view);
}

/* --- reading what TOP gave ------------------------------------------------------ */

struct reading {
	struct head_view *view;
	char *path;
	struct mime_message *mime;
	GError *error;
};

static void reading_run(struct room *room, void *data)
{
	struct reading *r = data;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		fdio_fail(&r->error, "open", r->path);
		return;
	}
	unlink(r->path);
	r->mime = mime_client_read(room_mime(room), fd, &mime_reading_text, &r->error);
	close(fd);
}

static void reading_done(void *data)
{
	struct reading *r = data;
	r->view->mime = g_steal_pointer(&r->mime);
	if (r->error)
		r->view->error = g_strdup(r->error->message);
	show(r->view);
}

static void reading_free(void *data)
{
	struct reading *r = data;
	mime_message_free(r->mime);
	g_clear_error(&r->error);
	view_unref(&r->view->view);
	g_free(r->path);
	g_free(r);
}

static const struct job reading_job = {reading_run, reading_done, reading_free};

/* --- asking for it --------------------------------------------------------------- */

static void on_top(const struct record *event, bool last, void *data)
{
	struct head_view *h = data;
	const char *path = record_string(event, "path"), *text = record_string(event, "text");
	if (!last)
		return;
	if (record_is(event, "event", "failed") || !path) {
		h->error = g_strdup(text ? text : _("failed"));
		show(h);
		return;
	}
	struct reading *r = g_new0(struct reading, 1);
	r->view = h;
	view_ref(&h->view);
	r->path = g_strdup(path);
	worker_push(ui_worker(h->view.ui, UI_WORKER_READER), &reading_job, r);
}

static void unref(void *view)
{
	view_unref(view);
}

void view_head_open(struct server_view *s)
{
	const struct server_row *row = server_view_current(s);
	struct ui *ui = s->view.ui;
	struct head_view *h = g_new0(struct head_view, 1);
	view_init(&h->view, &head_ops, ui);
	h->owner = s;
	view_ref(&s->view);
	h->title = g_strdup_printf(_("On the server: %s"),
		row->subject && *row->subject ? row->subject : _("(no subject)"));
	ui_push(ui, &h->view);
	struct record *request = record_new("do", "top");
	record_set_int(request, "letter", row->id);
	record_set_int(request, "lines", MAX(LINES_LEAST, s->view.rows * SCREENS));
	struct errand e = {request, on_top, NULL, view_ref(&h->view), unref};
	surveyor_send(ui_surveyor(ui), row->account, &e);
}
