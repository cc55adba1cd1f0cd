/* SPDX-License-Identifier: MIT
 *
 * The page of a letter being written: its fields, attachments and text. */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "base/size.h"
#include "base/width.h"
#include "store/outbox.h"
#include "ui/command.h"
#include "ui/view-compose.h"

static struct compose_view *as_compose(struct view *v)
{
	return (struct compose_view *)v;
}

/* --- drawing ----------------------------------------------------------------------- */

static char *compose_title(struct view *v)
{
	const char *subject = as_compose(v)->draft->subject;
	g_autofree char *clean = sanitize_line(subject ? subject : "", -1);
	if (as_compose(v)->draft->resends)
		return g_strdup_printf(_("Send on: %s"), clean);
	return *clean ? g_strdup_printf(_("Write: %s"), clean) : g_strdup(_("Write"));
}

static char *compose_status(struct view *v)
{
	struct compose_view *c = as_compose(v);
	if (c->busy)
		return g_strdup(_("one moment…"));
	if (c->failed)
		return g_strdup(_("not saved"));
	return c->mistake ? g_strdup(_("the text has a mistake")) : pager_status(&c->body);
}

static int draw_field(const struct pane *p, int row, const char *name, const char *value)
{
	int indent = MIN(12, p->cols / 3);
	g_autofree char *clean = sanitize_line(value ? value : "", -1);
	g_autofree char *label = width_cut(name, indent - 1);
	pane_put(p, row, 0, label, THEME_HEADER);
	pane_put_cut(p, row, indent, p->cols - indent, clean, THEME_NORMAL);
	return row + 1;
}

/* "~/note.txt"; a part came with the letter, and has only a name. */
static char *file_name(const struct compose_view *c, guint i)
{
	const char *own, *home = g_get_home_dir(), *path = compose_file(c, i, &own);
	if (own)
		return g_strdup(own);
	g_autofree char *name = g_filename_display_name(path);
	bool below = g_str_has_prefix(name, home) && name[strlen(home)] == '/';
	return below ? g_strconcat("~", name + strlen(home), NULL) : g_steal_pointer(&name);
}

/* What is sent is the file as it is then (S-76): that it is another one is shown. */
static char *file_state(const struct compose_view *c, const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return g_strdup(_("gone"));
	g_autofree char *size = size_text(st.st_size);
	const struct stat *before = g_hash_table_lookup(c->seen, path);
	if (!before)
		g_hash_table_insert(c->seen, g_strdup(path), g_memdup2(&st, sizeof st));
	bool same = !before || (before->st_size == st.st_size && before->st_ino == st.st_ino &&
				       before->st_mtim.tv_sec == st.st_mtim.tv_sec &&
				       before->st_mtim.tv_nsec == st.st_mtim.tv_nsec);
	/* TRANSLATORS: the size of an attached file that is another than before */
	return same ? g_steal_pointer(&size) : g_strdup_printf(_("changed, %s"), size);
}

static int draw_attachments(struct compose_view *c, const struct pane *p, int row)
{
	for (guint i = 0; i < compose_file_count(c); i++) {
		g_autofree char *name = file_name(c, i);
		g_autofree char *clean = sanitize_line(name, -1);
		g_autofree char *label = g_strdup_printf("%3u  ", i + 1);
		enum theme theme = i == c->cursor ? THEME_CURSOR : THEME_ATTACHMENT;
		g_autofree char *size = file_state(c, compose_file(c, i, NULL));
		int x = pane_put(p, row, 0, label, theme);
		x = pane_put_cut(p, row, x, p->cols - x - width_text(size) - 2, clean, theme);
		struct pane right = pane_sub(p, row, x + 1, 1, p->cols - x - 2);
		pane_put_right(&right, 0, size, theme);
		if (i == c->cursor)
			pane_paint(p, row, 0, p->cols, theme);
		row++;
	}
	if (c->draft->resends)
		row = draw_field(p, row, _("Sends on:"), _("the letter as it is"));
	if (c->draft->letter)
		row = draw_field(p, row, _("Encloses:"), _("the whole letter"));
	return row;
}

/* What the letter is to become, where that is not plain text. */
static int draw_formats(struct compose_view *c, const struct pane *p, int row)
{
	const struct draft *d = c->draft;
	const struct {
		bool on;
		const char *text;
	} formats[] = {
		{d->markdown && !d->resends, _("Markdown, with HTML")},
		{d->flowed && !d->resends, _("flowed lines")},
		{d->ask_receipt && !d->resends, _("asks for a receipt")},
		{d->tls_optional && !d->resends, _("goes without TLS too")},
	};
	g_autoptr(GString) all = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i].on)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", formats[i].text);
	g_autofree char *asks = compose_asks_text(compose_asks(c));
	row = all->len ? draw_field(p, row, _("Format:"), all->str) : row;
	return *asks ? draw_field(p, row, _("Asks for:"), asks) : row;
}

/* What will happen to it, and what stands in the way. */
static int draw_plan(struct compose_view *c, const struct pane *p, int row)
{
	if (!c->plan)
		return c->planning ? draw_field(p, row, _("Keys:"), _("one moment…")) : row;
	g_autofree char *signs = seal_plan_signs(c->plan);
	g_autofree char *encrypts = seal_plan_encrypts(c->plan);
	g_autofree char *warning = seal_plan_warning(c->plan);
	row = signs ? draw_field(p, row, _("Signed:"), signs) : row;
	row = encrypts ? draw_field(p, row, _("Encrypted:"), encrypts) : row;
	if (!warning)
		return row;
	g_autofree char *clean = sanitize_line(warning, -1);
	pane_put_cut(p, row, 0, p->cols, clean, THEME_WARNING);
	return row + 1;
}

static int draw_note(struct compose_view *c, const struct pane *p, int row)
{
	g_autofree char *clean = sanitize_line(c->draft->notice, -1);
	pane_put_cut(p, row, 0, p->cols, clean, c->draft->warns ? THEME_WARNING : THEME_HINT);
	return row + 1;
}

static void lay_out(struct compose_view *c, int width)
{
	GPtrArray *lines = layout_new();
	g_autofree char *clean = sanitize_body(c->draft->body ? c->draft->body : "", -1);
	layout_body(lines, clean, width);
	pager_set(&c->body, lines, c->width != 0);
	c->width = width;
}

static void compose_draw(struct view *v, const struct pane *p)
{
	struct compose_view *c = as_compose(v);
	const struct draft *d = c->draft;
	int row = draw_field(p, 0, _("From:"), d->from);
	row = draw_field(p, row, _("To:"), d->to);
	row = draw_field(p, row, _("Cc:"), d->cc);
	row = draw_field(p, row, _("Bcc:"), d->bcc);
	row = draw_field(p, row, _("Subject:"), d->subject);
	row = draw_formats(c, p, row);
	row = draw_plan(c, p, row);
	if (d->notice && *d->notice)
		row = draw_note(c, p, row);
	row = draw_attachments(c, p, row);
	for (int x = 0; x < p->cols; x++)
		pane_put(p, row, x, "─", THEME_BORDER);
	struct pane below = pane_sub(p, row + 1, 0, p->rows - row - 1, p->cols);
	if (c->width != p->cols)
		lay_out(c, p->cols);
	pager_draw(&c->body, &below);
}

static void compose_move(struct view *v, enum movement m)
{
	struct compose_view *c = as_compose(v);
	guint count = compose_file_count(c);
	if (m == MOVE_NEXT && c->cursor + 1 < count)
		c->cursor++;
	else if (m == MOVE_PREVIOUS && count > 0 && c->cursor > 0)
		c->cursor--;
	else
		pager_move(&c->body, m);
}

/* --- leaving ------------------------------------------------------------------------ */

static void compose_free(struct view *v)
{
	struct compose_view *c = as_compose(v);
	compose_save_last(c);
	desk_unref(c->desk);
	g_free(c->mistake);
	g_hash_table_unref(c->seen);
	pager_clear(&c->body);
	seal_plan_free(c->plan);
	g_free(c->plan_name);
	draft_free(c->draft);
}

static void leave_yes(struct ui *ui, void *data)
{
	struct compose_view *c = data;
	if (!c->view.closed)
		compose_postpone(c);
}

/* What was written there goes, on the thread that writes it, and what was called back
 * from the outbox. */
struct discard {
	struct ui *ui;
	struct desk *desk;
	int64_t item;
};

static void discard_run(struct room *room, void *data)
{
	struct discard *d = data;
	struct store *s = d->item ? room_store(room, NULL) : NULL;
	if (s)
		outbox_drop(s, d->item, NULL);
	if (d->desk)
		desk_remove(d->desk);
}

static void discard_done(void *data)
{
	ui_store_changed(((struct discard *)data)->ui);
}

static void discard_free(void *data)
{
	struct discard *d = data;
	desk_unref(d->desk);
	g_free(d);
}

static const struct job discard_job = {discard_run, discard_done, discard_free};

static void leave_no(struct ui *ui, void *data)
{
	struct compose_view *c = data;
	if (c->view.closed)
		return;
	c->unsaved = false;
	struct discard *d = g_new0(struct discard, 1);
	d->ui = ui;
	d->desk = c->desk ? desk_ref(c->desk) : NULL;
	d->item = c->item;
	worker_push(ui_worker(ui, UI_WORKER_WRITING), &discard_job, d);
	ui_close(ui, &c->view);
}

static void unref_view(void *data)
{
	view_unref(data);
}

static bool compose_close(struct view *v)
{
	prompt_ask(v->ui, &(struct question){.text = _("Keep the letter in Drafts?"),
				  .yes = leave_yes,
				  .no = leave_no,
				  .data = view_ref(v),
				  .free = unref_view});
	return false;
}

static const struct view_ops compose_ops = {
	.context = CONTEXT_COMPOSE,
	.title = compose_title,
	.status = compose_status,
	.draw = compose_draw,
	.move = compose_move,
	.close = compose_close,
	.free = compose_free,
};

struct compose_view *compose_top(struct ui *ui)
{
	struct view *v = ui_top(ui);
	return v->ops == &compose_ops && !as_compose(v)->busy ? as_compose(v) : NULL;
}

/* Its name in a Maildir changes with its flags. */
static void take_to_desk(struct compose_view *c, char **path)
{
	if (!c->desk || !*path || !**path || desk_holds(c->desk, *path))
		return;
	g_autofree char *link_path = desk_file(c->desk, "letter.eml", NULL);
	if (!link_path || link(*path, link_path) != 0)
		return;
	g_free(*path);
	*path = g_steal_pointer(&link_path);
}

void compose_start(struct ui *ui, const struct compose_start *start)
{
	g_autoptr(GError) error = NULL;
	struct compose_view *c = g_new0(struct compose_view, 1);
	view_init(&c->view, &compose_ops, ui);
	c->draft = start->draft;
	c->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	c->desk = start->desk ? start->desk : desk_new(ui_store(ui), &error);
	c->mistake = start->mistake;
	compose_adopt(ui, c->draft);
	take_to_desk(c, &c->draft->letter);
	take_to_desk(c, &c->draft->resends);
	c->recalled = start->recalled;
	c->item = start->item;
	ui_push(ui, &c->view);
	if (error)
		ui_complain(
			ui, _("the letter cannot be saved while you write: %s"), error->message);
	c->unsaved = true;
	compose_plan(c);
	if (start->edit && !start->ask_to)
		compose_edit(c);
	else
		compose_save(c);
	if (start->ask_to && start->edit)
		compose_ask_to(c);
	else if (start->ask_to)
		command_edit_to(ui, NULL);
}

void compose_open(struct ui *ui, struct draft *d, bool edit)
{
	compose_start(ui, &(struct compose_start){.draft = d, .edit = edit});
}
