/* SPDX-License-Identifier: MIT
 *
 * A picture on a page of its own.  It is decoded by a worker that does nothing else
 * and ends with it (CHECKLIST M-53), and drawn behind the cells of the page. */
#include "base/base.h"

#include <unistd.h>

#include "ui/parts.h"
#include "ui/picture.h"

enum { MILLISECONDS = 3000 };

struct picture_view {
	struct view view;
	struct letter_at *at;
	char *path, *title;
	struct screen_picture *picture; /* NULL: not decoded yet */
	struct mime_size full;
	char *error;
	int rows, cols; /* it was asked for */
	guint serial;
};

static struct picture_view *as_picture(struct view *v)
{
	return (struct picture_view *)v;
}

struct work {
	struct picture_view *view;
	int rows, cols;
	struct mime_picture picture;
	struct screen_picture *lines;
	GError *error;
};

static void work_run(struct room *room, void *data)
{
	struct work *w = data;
	int fd = letter_at_open(room, w->view->at, &w->error);
	if (fd < 0)
		return;
	g_autoptr(mime_client) mime = mime_client_new();
	mime_client_set_deadline(mime, MILLISECONDS);
	w->picture.size = picture_wanted(w->rows, w->cols);
	if (mime_client_picture(mime, fd, w->view->path, &w->picture, &w->error))
		w->lines = picture_lines(&w->picture, w->rows, w->cols);
	close(fd);
}

static void work_done(void *data)
{
	struct work *w = data;
	struct picture_view *s = w->view;
	if (s->view.closed || w->rows != s->rows || w->cols != s->cols)
		return;
	picture_lines_free(s->picture);
	s->picture = g_steal_pointer(&w->lines);
	s->full = w->picture.full;
	if (s->picture)
		s->picture->serial = ++s->serial;
	g_free(s->error);
	s->error = w->error ? g_strdup(w->error->message) : NULL;
	view_changed(&s->view);
}

static void work_free(void *data)
{
	struct work *w = data;
	view_unref(&w->view->view);
	g_clear_pointer(&w->picture.pixels, g_bytes_unref);
	picture_lines_free(w->lines);
	g_clear_error(&w->error);
	g_free(w);
}

static const struct job work_job = {work_run, work_done, work_free};

static void ask(struct picture_view *s, int rows, int cols)
{
	struct work *w = g_new0(struct work, 1);
	view_ref(&s->view);
	w->view = s;
	w->rows = s->rows = rows;
	w->cols = s->cols = cols;
	worker_push(ui_worker(s->view.ui, UI_WORKER_READER), &work_job, w);
}

static char *picture_title(struct view *v)
{
	struct picture_view *s = as_picture(v);
	return s->full.width
		       ? g_strdup_printf("%s (%d × %d)", s->title, s->full.width, s->full.height)
		       : g_strdup(s->title);
}

static void picture_draw(struct view *v, const struct pane *p)
{
	struct picture_view *s = as_picture(v);
	if (s->rows != p->rows || s->cols != p->cols)
		ask(s, p->rows, p->cols);
	if (s->picture) {
		s->picture->row = p->y;
		s->picture->col = p->x;
	} else {
		pane_put(p, 0, 0, s->error ? s->error : _("reading…"),
			s->error ? THEME_WARNING : THEME_HINT);
	}
}

static const struct screen_picture *picture_picture(struct view *v)
{
	return as_picture(v)->picture;
}

static void picture_free(struct view *v)
{
	struct picture_view *s = as_picture(v);
	picture_lines_free(s->picture);
	letter_at_free(s->at);
	g_free(s->path);
	g_free(s->title);
	g_free(s->error);
}

static const struct view_ops picture_ops = {
	.context = CONTEXT_TEXT,
	.title = picture_title,
	.draw = picture_draw,
	.picture = picture_picture,
	.free = picture_free,
};

void view_picture_open(const struct part_place *p)
{
	struct picture_view *s = g_new0(struct picture_view, 1);
	const struct part_entry *e = p->entry;
	view_init(&s->view, &picture_ops, p->view->ui);
	s->at = letter_at_copy(p->at);
	s->path = g_strdup(e->part.path);
	s->title = g_strdup(*e->part.filename ? e->part.filename : e->real);
	ui_push(p->view->ui, &s->view);
}
