/* SPDX-License-Identifier: MIT
 *
 * The parts of a letter: read, save, open, pipe and print them. */
#include "base/base.h"

#include <string.h>

#include "base/path.h"
#include "base/size.h"
#include "ui/command.h"
#include "ui/parts.h"
#include "ui/picture.h"
#include "ui/view-message.h"

static struct parts_view *as_parts(struct view *v)
{
	return (struct parts_view *)v;
}

static void entry_free(void *data)
{
	struct part_entry *e = data;
	char *strings[] = {e->part.path, e->part.type, e->part.charset, e->part.filename,
		e->part.encoding, e->part.content, e->part.note, e->real};
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(strings[i]);
	g_free(e);
}

static char *parts_title(struct view *v)
{
	return g_strdup_printf(_("Parts of: %s"), as_parts(v)->at->title);
}

/* Worst first. */
const char *parts_danger(const struct part_entry *e)
{
	static const struct {
		unsigned danger;
		const char *words;
	} table[] = {
		{MIME_TWO_ENDINGS, N_("a program or page that poses as another file")},
		{MIME_RUNS, N_("a program")},
		{MIME_DISGUISED, N_("something else than it says")},
		{MIME_MACROS, N_("a document with programs in it")},
		{MIME_ACTIVE, N_("a page that may fetch from the network")},
		{MIME_PACKED, N_("an archive, nobody knows of what")},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (e->dangers & table[i].danger)
			return _(table[i].words);
	return NULL;
}

/* Pages and archives are asked about when they are opened. */
static bool is_bad(const struct part_entry *e)
{
	return e->dangers & (MIME_RUNS | MIME_TWO_ENDINGS | MIME_DISGUISED | MIME_MACROS);
}

static char *parts_status(struct view *v)
{
	const struct part_entry *e = parts_current(as_parts(v));
	if (e && *e->part.note)
		return g_strdup(e->part.note);
	if (!e || !is_bad(e))
		return g_strdup("");
	/* TRANSLATORS: such as: this is a program: application/x-msdownload */
	return g_strdup_printf(_("this is %s: %s"), parts_danger(e), e->real);
}

static void draw_entry(const struct pane *p, int row, const struct part_entry *e, bool cursor)
{
	enum theme theme = is_bad(e) ? THEME_WARNING : THEME_NORMAL;
	g_autofree char *size = size_text(e->part.size);
	g_autofree char *number =
		g_strdup_printf("%3d%c ", e->number, theme == THEME_WARNING ? '!' : ' ');
	int name = CLAMP(p->cols / 2, 8, 50), x = pane_put(p, row, 0, number, theme);
	x += MIN(e->part.depth, 6) * 2;
	pane_put_cut(
		p, row, x, name - x, *e->part.filename ? e->part.filename : _("(no name)"), theme);
	x = pane_put_cut(p, row, name + 1, (p->cols - name) / 2, e->part.type, theme);
	struct pane right = pane_sub(p, row, x + 1, 1, p->cols - x - 2);
	pane_put_right(&right, 0, size, theme);
	if (cursor)
		pane_paint(p, row, 0, p->cols, THEME_CURSOR);
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

static bool is_letter(const struct part_entry *e)
{
	return strcmp(e->real, "message/rfc822") == 0 || strcmp(e->real, "message/global") == 0;
}

/* Of a kind that is decoded; by its content. */
static bool is_picture(const struct part_entry *e)
{
	static const char *const types[] = {
		"image/png", "image/jpeg", "image/gif", "image/webp", NULL};
	return g_strv_contains(types, e->part.content);
}

static void open_letter(struct parts_view *s, const struct part_entry *e)
{
	g_autoptr(letter_at) inner = letter_at_part(
		s->at, e->part.path, *e->part.filename ? e->part.filename : s->at->title);
	view_inner_open(s->view.ui, inner);
}

static void parts_open(struct view *v)
{
	struct parts_view *s = as_parts(v);
	const struct part_entry *e = parts_current(s);
	if (!e)
		return;
	if (*e->part.note)
		ui_say(v->ui, "%s", e->part.note);
	else if (e->box)
		ui_say(v->ui, _("what is in it stands below it"));
	else if (is_letter(e))
		open_letter(s, e);
	else if (g_str_has_prefix(e->part.type, "text/") && strcmp(e->part.type, "text/rtf") != 0)
		parts_read(s, e);
	else if (picture_can() && is_picture(e))
		view_picture_open(s, e);
	else
		parts_open_outside(s, e);
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
	if (e)
		parts_open_outside(parts_on_top(ui), e);
}

/* --- opening the page ------------------------------------------------------------------ */

static struct part_entry *entry_new(const struct mime_part *part)
{
	struct part_entry *e = g_new0(struct part_entry, 1);
	e->part = *part;
	e->part.path = g_strdup(part->path);
	e->part.type = g_strdup(part->type);
	e->part.charset = g_strdup(part->charset);
	e->part.filename = g_strdup(part->filename);
	e->part.encoding = g_strdup(part->encoding);
	e->part.content = g_strdup(part->content);
	e->part.note = g_strdup(part->note);
	e->real = g_strdup(mime_part_real_type(part));
	e->dangers = mime_part_dangers(part);
	return e;
}

static bool is_below(const char *path, const char *above)
{
	size_t n = strlen(above);
	return n > 0 && strncmp(path, above, n) == 0 && path[n] == '.';
}

static void add_entries(struct parts_view *s, const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *part = parts->pdata[i];
		const struct mime_part *next = i + 1 < parts->len ? parts->pdata[i + 1] : NULL;
		if (g_str_has_prefix(part->type, "multipart/"))
			continue;
		struct part_entry *e = entry_new(part);
		e->number = (int)s->parts->len + 1;
		e->box = next && is_below(next->path, part->path) && !is_letter(e) &&
			 !g_str_has_prefix(part->type, "text/");
		g_ptr_array_add(s->parts, e);
	}
}

void view_parts_open_at(struct ui *ui, const struct letter_at *at, const GPtrArray *parts)
{
	struct parts_view *s = g_new0(struct parts_view, 1);
	view_init(&s->view, &parts_ops, ui);
	s->at = letter_at_copy(at);
	s->parts = g_ptr_array_new_with_free_func(entry_free);
	add_entries(s, parts);
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
