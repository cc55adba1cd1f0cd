/* SPDX-License-Identifier: MIT
 *
 * The parts of a letter: read, save, open, pipe and print them. */
#include "base/base.h"

#include <string.h>

#include "base/path.h"
#include "base/size.h"
#include "ui/command.h"
#include "ui/parts.h"
#include "ui/view-message.h"

enum { NUMBER_COLUMNS = 16 /* longer ones are cut */ };

static struct parts_view *as_parts(struct view *v)
{
	return (struct parts_view *)v;
}

static char *parts_title(struct view *v)
{
	return g_strdup_printf(_("Parts of: %s"), as_parts(v)->at->title);
}

static char *parts_status(struct view *v)
{
	const struct part_entry *e = parts_current(as_parts(v));
	if (e && *e->part.note)
		return g_strdup(e->part.note);
	char *warning = e ? part_warning(&e->part) : NULL;
	return warning ? warning : g_strdup("");
}

/* Of the numbers: those of letters in letters are long. */
static int number_columns(const struct parts_view *s)
{
	size_t most = 2;
	for (guint i = 0; i < s->parts->len; i++) {
		const struct part_entry *e = s->parts->pdata[i];
		most = MAX(most, strlen(e->part.path));
	}
	return (int)MIN(most, NUMBER_COLUMNS);
}

static void draw_entry(const struct pane *p, int row, const struct part_entry *e, int number)
{
	g_autofree char *warning = part_warning(&e->part);
	g_autofree char *size = size_text(e->part.size);
	enum theme theme = warning ? THEME_WARNING : THEME_NORMAL;
	int x = number + 3, name = x + CLAMP(p->cols / 2 - 5, 8, 45);
	pane_put(p, row, pane_put_cut(p, row, 1, number, e->part.path, theme), warning ? "!" : "",
		theme);
	x += MIN(e->part.depth, 6) * 2;
	pane_put_cut(
		p, row, x, name - x, *e->part.filename ? e->part.filename : _("(no name)"), theme);
	x = pane_put_cut(p, row, name + 1, (p->cols - name) / 2, e->part.type, theme);
	struct pane right = pane_sub(p, row, x + 1, 1, p->cols - x - 2);
	pane_put_right(&right, 0, size, theme);
}

static void parts_draw(struct view *v, const struct pane *p)
{
	struct parts_view *s = as_parts(v);
	guint rows = MAX(p->rows, 1);
	int number = number_columns(s);
	s->top = MIN(s->top, s->cursor);
	if (s->cursor >= s->top + rows)
		s->top = s->cursor - rows + 1;
	for (int row = 0; row < p->rows && s->top + row < s->parts->len; row++)
		draw_entry(p, row, s->parts->pdata[s->top + row], number);
	if (s->parts->len > 0)
		pane_paint(p, (int)(s->cursor - s->top), 0, p->cols, THEME_CURSOR);
}

static void parts_move(struct view *v, enum movement m)
{
	struct parts_view *s = as_parts(v);
	s->cursor = (guint)view_moved(v, m, s->cursor, s->parts->len);
}

static void parts_free(struct view *v)
{
	struct parts_view *s = as_parts(v);
	g_ptr_array_unref(s->parts);
	letter_at_free(s->at);
}

const struct part_entry *parts_current(const struct parts_view *s)
{
	return s->cursor < s->parts->len ? s->parts->pdata[s->cursor] : NULL;
}

static void parts_open(struct view *v)
{
	struct parts_view *s = as_parts(v);
	const struct part_entry *e = parts_current(s);
	if (e)
		part_open(&(struct part_place){v, s->at, e});
}

static const struct view_ops parts_ops = {
	.context = CONTEXT_PARTS,
	.title = parts_title,
	.status = parts_status,
	.draw = parts_draw,
	.move = parts_move,
	.open = parts_open,
	.free = parts_free,
};

struct parts_view *parts_on_top(struct ui *ui)
{
	struct view *v = ui_top(ui);
	return v && v->ops == &parts_ops ? as_parts(v) : NULL;
}

/* --- commands ----------------------------------------------------------------------- */

/* What is cut off must not be taken for all of it. */
static const struct part_entry *whole(struct ui *ui)
{
	struct parts_view *s = parts_on_top(ui);
	const struct part_entry *e = s ? parts_current(s) : NULL;
	if (!e || !s->at->partial)
		return e;
	ui_complain(ui, _("only a preview is here, and the part would not be whole: "
			  "go back and fetch the rest"));
	return NULL;
}

static char *safe_name(const struct part_entry *e)
{
	return mime_safe_filename(e->part.filename, e->real, e->number);
}

static void save_typed(struct ui *ui, const char *text, void *data)
{
	struct parts_view *s = parts_on_top(ui);
	const struct part_entry *e = s ? parts_current(s) : NULL;
	if (!text || !*text || !e)
		return;
	g_autofree char *name = safe_name(e);
	char *to = path_expand(text);
	if (g_file_test(to, G_FILE_TEST_IS_DIR)) {
		char *inside = g_build_filename(to, name, NULL);
		g_free(to);
		to = inside;
	}
	parts_save(s, e, to);
}

void command_save_part(struct ui *ui, const char *arg)
{
	const struct part_entry *e = whole(ui);
	g_autofree char *name = e ? safe_name(e) : NULL;
	struct prompt_spec spec = {.label = _("Save as: "),
		.text = name,
		.history = "file",
		.complete = prompt_complete_path,
		.done = save_typed};
	if (e)
		prompt_unless(ui, arg, &spec);
}

void command_open_part(struct ui *ui, const char *arg)
{
	const struct part_entry *e = whole(ui);
	struct parts_view *s = parts_on_top(ui);
	if (e)
		part_open_outside(&(struct part_place){&s->view, s->at, e});
}

/* --- opening the page ------------------------------------------------------------------ */

void view_parts_open_at(struct ui *ui, const struct letter_at *at, const GPtrArray *parts)
{
	struct parts_view *s = g_new0(struct parts_view, 1);
	view_init(&s->view, &parts_ops, ui);
	s->at = letter_at_copy(at);
	s->parts = part_entries(parts);
	ui_push(ui, &s->view);
}

struct opening {
	struct view *from;
	struct letter_at *at;
};

static void opening_free(void *data)
{
	struct opening *o = data;
	view_unref(o->from);
	letter_at_free(o->at);
	g_free(o);
}

static void letter_ready(const struct letter *letter, void *data)
{
	struct opening *o = data;
	struct ui *ui = o->from->ui;
	if (!letter->mime)
		ui_complain(ui, _("this message could not be read: %s"), letter->error);
	else if (!o->from->closed && ui_top(ui) == o->from)
		view_parts_open_at(ui, o->at, letter->mime->parts);
}

void view_parts_open(struct ui *ui, const struct message_row *row)
{
	struct opening *o = g_new0(struct opening, 1);
	o->from = view_ref(ui_top(ui));
	o->at = letter_at_row(row);
	letters_then(ui_letters(ui), row, letter_ready, o, opening_free);
}
