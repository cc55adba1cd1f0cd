/* SPDX-License-Identifier: MIT
 *
 * The parts of a letter: read one, save one. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/size.h"
#include "ui/command.h"
#include "ui/header.h"
#include "ui/view-message.h"

struct part_entry {
	char *path, *type, *filename;
	int64_t size;
	int depth, number;
};

struct parts_view {
	struct view view;
	char *folder, *file, *subject;
	bool partial; /* of a preview */
	GPtrArray *parts; /* of struct part_entry */
	guint cursor, top;
};

static struct parts_view *as_parts(struct view *v)
{
	return (struct parts_view *)v;
}

static void entry_free(void *data)
{
	struct part_entry *e = data;
	g_free(e->path);
	g_free(e->type);
	g_free(e->filename);
	g_free(e);
}

static char *parts_title(struct view *v)
{
	return g_strdup_printf(_("Parts of: %s"), as_parts(v)->subject);
}

static void draw_entry(const struct pane *p, int row, const struct part_entry *e, bool cursor)
{
	enum theme theme = cursor ? THEME_CURSOR : THEME_NORMAL;
	g_autofree char *size = size_text(e->size);
	g_autofree char *number = g_strdup_printf("%3d  ", e->number);
	int name = CLAMP(p->cols / 2, 8, 50), x = pane_put(p, row, 0, number, theme);
	x += MIN(e->depth, 6) * 2;
	pane_put_cut(p, row, x, name - x, *e->filename ? e->filename : _("(no name)"), theme);
	x = pane_put_cut(p, row, name + 1, (p->cols - name) / 2, e->type, theme);
	struct pane right = pane_sub(p, row, x + 1, 1, p->cols - x - 2);
	pane_put_right(&right, 0, size, theme);
	if (cursor)
		pane_paint(p, row, 0, p->cols, theme);
}

static void parts_draw(struct view *v, const struct pane *p)
{
	struct parts_view *s = as_parts(v);
	guint rows = MAX(p->rows, 1);
	s->top = MIN(s->top, s->cursor);
	if (s->cursor >= s->top + rows)
		s->top = s->cursor - rows + 1;
	for (int row = 0; row < p->rows && s->top + row < s->parts->len; row++)
		draw_entry(p, row, s->parts->pdata[s->top + row], s->top + row == s->cursor);
}

static void parts_move(struct view *v, enum movement m)
{
	struct parts_view *s = as_parts(v);
	gint64 last = (gint64)s->parts->len - 1, by = 0;
	if (m == MOVE_FIRST || m == MOVE_LAST)
		by = m == MOVE_FIRST ? -(gint64)s->cursor : last;
	else
		by = (m == MOVE_NEXT || m == MOVE_PAGE_DOWN || m == MOVE_HALF_DOWN ? 1 : -1) *
		     (m == MOVE_NEXT || m == MOVE_PREVIOUS ? 1 : v->rows);
	s->cursor = CLAMP(s->cursor + by, 0, MAX(last, 0));
}

static void parts_free(struct view *v)
{
	struct parts_view *s = as_parts(v);
	g_ptr_array_unref(s->parts);
	g_free(s->folder);
	g_free(s->file);
	g_free(s->subject);
}

/* --- reading and saving, on the reader thread --------------------------------------- */

struct part_work {
	struct view *view;
	char *folder, *file, *path;
	char *to;   /* save there; NULL: read */
	char *title, *text;
	GError *error;
};

/* Never over something that is there, never through a link (CHECKLIST M-50). */
static bool save_to(struct room *room, struct part_work *w, int fd)
{
	int out = open(w->to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0) {
		const char *why = errno == EEXIST ? _("it is there already; choose another name")
						  : g_strerror(errno);
		g_set_error(&w->error, G_FILE_ERROR, g_file_error_from_errno(errno),
			_("cannot save to '%s': %s"), w->to, why);
		return false;
	}
	bool ok = mime_client_part(room_mime(room), fd, w->path, out, &w->error);
	if (close(out) != 0 && ok) {
		g_set_error(&w->error, G_FILE_ERROR, g_file_error_from_errno(errno),
			_("cannot save to '%s': %s"), w->to, g_strerror(errno));
		ok = false;
	}
	if (!ok)
		unlink(w->to);
	return ok;
}

static void part_run(struct room *room, void *data)
{
	struct part_work *w = data;
	int fd = letter_open(room, w->folder, w->file, &w->error);
	if (fd < 0)
		return;
	if (w->to)
		save_to(room, w, fd);
	else
		w->text = mime_client_part_text(room_mime(room), fd, w->path, NULL, &w->error);
	close(fd);
}

static void part_done(void *data)
{
	struct part_work *w = data;
	struct ui *ui = w->view->ui;
	if (w->error)
		ui_complain(ui, "%s", w->error->message);
	else if (w->to)
		ui_say(ui, _("saved as '%s'"), w->to);
	else if (!w->view->closed && ui_top(ui) == w->view)
		view_text_open(ui, g_steal_pointer(&w->title), g_steal_pointer(&w->text));
}

static void part_free(void *data)
{
	struct part_work *w = data;
	view_unref(w->view);
	g_clear_error(&w->error);
	g_free(w->folder);
	g_free(w->file);
	g_free(w->path);
	g_free(w->to);
	g_free(w->title);
	g_free(w->text);
	g_free(w);
}

static const struct job part_job = {part_run, part_done, part_free};

static void start_work(struct parts_view *s, const struct part_entry *e, char *to)
{
	struct part_work *w = g_new0(struct part_work, 1);
	w->view = view_ref(&s->view);
	w->folder = g_strdup(s->folder);
	w->file = g_strdup(s->file);
	w->path = g_strdup(e->path);
	w->title = g_strdup(*e->filename ? e->filename : e->type);
	w->to = to;
	worker_push(ui_worker(s->view.ui, UI_WORKER_READER), &part_job, w);
}

static const struct part_entry *current(const struct parts_view *s)
{
	return s->cursor < s->parts->len ? s->parts->pdata[s->cursor] : NULL;
}

static void parts_open(struct view *v)
{
	struct parts_view *s = as_parts(v);
	const struct part_entry *e = current(s);
	if (e && g_str_has_prefix(e->type, "text/"))
		start_work(s, e, NULL);
	else if (e)
		ui_say(v->ui, _("this part is not text; it can be saved"));
}

static const struct view_ops parts_ops = {
	.context = CONTEXT_PARTS,
	.title = parts_title,
	.draw = parts_draw,
	.move = parts_move,
	.open = parts_open,
	.free = parts_free,
};

static char *safe_name(const struct part_entry *e)
{
	return mime_safe_filename(e->filename, e->type, e->number);
}

static void save_typed(struct ui *ui, const char *text, void *data)
{
	struct parts_view *s = as_parts(ui_top(ui));
	const struct part_entry *e = s->view.ops == &parts_ops ? current(s) : NULL;
	if (!text || !*text || !e)
		return;
	g_autofree char *name = safe_name(e);
	char *to = path_expand(text);
	if (g_file_test(to, G_FILE_TEST_IS_DIR)) {
		char *inside = g_build_filename(to, name, NULL);
		g_free(to);
		to = inside;
	}
	start_work(s, e, to);
}

void command_save_part(struct ui *ui, const char *arg)
{
	const struct part_entry *e = current(as_parts(ui_top(ui)));
	if (as_parts(ui_top(ui))->partial) {
		ui_complain(ui, _("only a preview is here, and the part would not be whole: "
				  "go back and fetch the rest"));
		return;
	}
	g_autofree char *name = e ? safe_name(e) : NULL;
	struct prompt_spec spec = {.label = _("Save as: "), .text = name, .history = "file",
		.complete = prompt_complete_path, .done = save_typed};
	if (e && arg)
		save_typed(ui, arg, NULL);
	else if (e)
		ui_prompt(ui, &spec);
}

/* --- opening -------------------------------------------------------------------------- */

struct opening {
	struct view *from;
	char *folder, *file, *subject;
	bool partial;
};

static void opening_free(void *data)
{
	struct opening *o = data;
	view_unref(o->from);
	g_free(o->folder);
	g_free(o->file);
	g_free(o->subject);
	g_free(o);
}

static void add_entries(struct parts_view *s, const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *part = parts->pdata[i];
		if (g_str_has_prefix(part->type, "multipart/"))
			continue;
		struct part_entry *e = g_new0(struct part_entry, 1);
		e->path = g_strdup(part->path);
		e->type = g_strdup(part->type);
		e->filename = g_strdup(part->filename);
		e->size = part->size;
		e->depth = part->depth;
		e->number = (int)s->parts->len + 1;
		g_ptr_array_add(s->parts, e);
	}
}

static void letter_ready(const struct letter *letter, void *data)
{
	struct opening *o = data;
	struct ui *ui = o->from->ui;
	if (!letter->mime) {
		ui_complain(ui, _("this message could not be read: %s"), letter->error);
		return;
	}
	if (o->from->closed || ui_top(ui) != o->from)
		return;
	struct parts_view *s = g_new0(struct parts_view, 1);
	view_init(&s->view, &parts_ops, ui);
	s->folder = g_strdup(o->folder);
	s->file = g_strdup(o->file);
	s->subject = g_strdup(o->subject);
	s->partial = o->partial;
	s->parts = g_ptr_array_new_with_free_func(entry_free);
	add_entries(s, letter->mime->parts);
	ui_push(ui, &s->view);
}

void view_parts_open(struct ui *ui, const struct message_row *row)
{
	struct opening *o = g_new0(struct opening, 1);
	o->from = view_ref(ui_top(ui));
	o->folder = g_strdup(row->folder);
	o->file = g_strdup(row->file);
	o->subject = g_strdup(row->subject);
	o->partial = row->partial;
	letters_then(ui_letters(ui), row, letter_ready, o, opening_free);
}
