/* SPDX-License-Identifier: MIT
 *
 * What is done with the octets of parts, on the reader thread. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"
#include "ui/parts.h"

struct work {
	struct view *view;
	struct letter_at *at;
	char *path, *title;
	char *to;   /* save it there */
	char *text; /* what was read */
	int fd;     /* written to */
	GError *error;
	part_octets then;
	void *data;
	GDestroyNotify free;
};

static struct work *work_new(struct view *v, const struct letter_at *at, const struct part_entry *e)
{
	struct work *w = g_new0(struct work, 1);
	w->view = view_ref(v);
	w->at = letter_at_copy(at);
	w->fd = -1;
	if (!e)
		return w;
	w->path = g_strdup(e->part.path);
	w->title = g_strdup(*e->part.filename ? e->part.filename : e->part.type);
	return w;
}

static void work_free(void *data)
{
	struct work *w = data;
	if (w->free)
		w->free(w->data);
	if (w->fd >= 0)
		close(w->fd);
	view_unref(w->view);
	letter_at_free(w->at);
	g_clear_error(&w->error);
	g_free(w->path);
	g_free(w->title);
	g_free(w->to);
	g_free(w->text);
	g_free(w);
}

static void push(struct work *w, const struct job *job)
{
	worker_push(ui_worker(w->view->ui, UI_WORKER_READER), job, w);
}

/* --- reading --------------------------------------------------------------------------- */

static void read_run(struct room *room, void *data)
{
	struct work *w = data;
	int fd = letter_at_open(room, w->at, &w->error);
	if (fd < 0)
		return;
	w->text = mime_client_part_text(room_mime(room), fd, w->path, NULL, &w->error);
	close(fd);
}

static void read_done(void *data)
{
	struct work *w = data;
	struct ui *ui = w->view->ui;
	if (w->error)
		ui_complain(ui, "%s", w->error->message);
	else if (!w->view->closed && ui_top(ui) == w->view)
		view_text_open(ui, g_steal_pointer(&w->title), g_steal_pointer(&w->text));
}

static const struct job read_job = {read_run, read_done, work_free};

void part_read(const struct part_place *p)
{
	push(work_new(p->view, p->at, p->entry), &read_job);
}

/* --- saving ---------------------------------------------------------------------------- */

static void save_run(struct room *room, void *data)
{
	struct work *w = data;
	int fd = letter_at_open(room, w->at, &w->error);
	if (fd < 0)
		return;
	struct crypt_reading r = room_reading(room);
	part_save(&r, fd, (const char *[]){w->path, NULL}, w->to, &w->error);
	close(fd);
}

static void save_done(void *data)
{
	struct work *w = data;
	if (w->error)
		ui_complain(w->view->ui, "%s", w->error->message);
	else
		ui_say(w->view->ui, _("saved as '%s'"), w->to);
}

static const struct job save_job = {save_run, save_done, work_free};

void parts_save(struct parts_view *s, const struct part_entry *e, char *to)
{
	struct work *w = work_new(&s->view, s->at, e);
	w->to = to;
	push(w, &save_job);
}

/* The parts are read again: the page may show a letter that lies in another one. */
static void all_run(struct room *room, void *data)
{
	struct work *w = data;
	g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func(g_free);
	int fd = letter_at_open(room, w->at, &w->error);
	if (fd < 0)
		return;
	struct crypt_reading r = room_reading(room);
	g_autoptr(crypt_verdict) verdict = NULL;
	g_autoptr(mime_message) m = crypt_read(&r, fd, &verdict, &w->error);
	if (m)
		part_save_all(&r, fd, m->parts, w->to, saved, &w->error);
	close(fd);
	w->text = g_strdup_printf(P_("%u file saved in '%s'", "%u files saved in '%s'", saved->len),
		saved->len, w->to);
}

static void all_done(void *data)
{
	struct work *w = data;
	if (w->error)
		ui_complain(w->view->ui, "%s", w->error->message);
	else
		ui_say(w->view->ui, "%s", w->text);
}

static const struct job all_job = {all_run, all_done, work_free};

void letter_save_all(struct ui *ui, const struct letter_at *at, const char *to)
{
	struct work *w = work_new(ui_top(ui), at, NULL);
	w->to = g_strdup(to);
	push(w, &all_job);
}

/* --- octets for another program --------------------------------------------------------- */

static void fetch_run(struct room *room, void *data)
{
	struct work *w = data;
	int fd = letter_at_open(room, w->at, &w->error);
	if (fd < 0)
		return;
	struct crypt_reading r = room_reading(room);
	if (w->fd < 0)
		w->fd = memfd_create("part", MFD_CLOEXEC);
	if (w->fd < 0)
		fdio_fail(&w->error, "memfd_create", "part");
	else if (crypt_read_part(&r, fd, w->path, w->fd, &w->error) &&
		lseek(w->fd, 0, SEEK_SET) < 0)
		fdio_fail(&w->error, "seek", w->title);
	close(fd);
}

static void fetch_done(void *data)
{
	struct work *w = data;
	if (w->error) {
		ui_complain(w->view->ui, "%s", w->error->message);
		w->then(w->view->ui, -1, w->data);
		return;
	}
	w->then(w->view->ui, w->fd, w->data);
	w->fd = -1;
}

static const struct job fetch_job = {fetch_run, fetch_done, work_free};

void part_fetch(const struct part_place *p, int to, part_octets then, void *data,
	GDestroyNotify free)
{
	struct work *w = work_new(p->view, p->at, p->entry);
	w->fd = to;
	w->then = then;
	w->data = data;
	w->free = free;
	push(w, &fetch_job);
}
