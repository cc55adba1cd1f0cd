/* SPDX-License-Identifier: MIT
 *
 * The page of a letter being written: its fields, attachments and text. */
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "ui/act.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/courier.h"
#include "ui/editor.h"
#include "ui/header.h"
#include "ui/outgoing.h"
#include "ui/pager.h"
#include "ui/width.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

struct compose_view {
	struct view view;
	struct draft *draft;
	int64_t recalled; /* message of Drafts that goes when this one is kept or sent; 0 */
	char *editing;    /* the file in the editor, or left there because of a mistake */
	char *mistake;    /* of that file; it is edited again first */
	struct pager body;
	int width;   /* the body is laid out to; 0: to be done */
	guint cursor; /* among the attachments */
	bool busy;   /* being sent or kept: nothing can be changed */
};

static struct compose_view *as_compose(struct view *v)
{
	return (struct compose_view *)v;
}

/* --- drawing ----------------------------------------------------------------------- */

static char *compose_title(struct view *v)
{
	const char *subject = as_compose(v)->draft->subject;
	g_autofree char *clean = sanitize_line(subject ? subject : "", -1);
	return *clean ? g_strdup_printf(_("Write: %s"), clean) : g_strdup(_("Write"));
}

static char *compose_status(struct view *v)
{
	struct compose_view *c = as_compose(v);
	if (c->busy)
		return g_strdup(_("one moment…"));
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

/* "~/note.txt" */
static char *home_name(const char *path)
{
	const char *home = g_get_home_dir();
	g_autofree char *name = g_filename_display_name(path);
	bool below = g_str_has_prefix(name, home) && name[strlen(home)] == '/';
	return below ? g_strconcat("~", name + strlen(home), NULL) : g_steal_pointer(&name);
}

static char *file_size(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? size_text(st.st_size) : g_strdup(_("gone"));
}

static int draw_attachments(struct compose_view *c, const struct pane *p, int row)
{
	const GPtrArray *paths = c->draft->attachments;
	for (guint i = 0; paths && i < paths->len; i++) {
		g_autofree char *name = home_name(paths->pdata[i]);
		g_autofree char *clean = sanitize_line(name, -1);
		g_autofree char *label = g_strdup_printf("%3u  ", i + 1);
		enum theme theme = i == c->cursor ? THEME_CURSOR : THEME_ATTACHMENT;
		g_autofree char *size = file_size(paths->pdata[i]);
		int x = pane_put(p, row, 0, label, theme);
		x = pane_put_cut(p, row, x, p->cols - x - width_text(size) - 2, clean, theme);
		struct pane right = pane_sub(p, row, x + 1, 1, p->cols - x - 2);
		pane_put_right(&right, 0, size, theme);
		if (i == c->cursor)
			pane_paint(p, row, 0, p->cols, theme);
		row++;
	}
	if (c->draft->letter)
		row = draw_field(p, row, _("Encloses:"), _("the whole letter"));
	return row;
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
	const GPtrArray *paths = c->draft->attachments;
	guint count = paths ? paths->len : 0;
	if (m == MOVE_NEXT && c->cursor + 1 < count)
		c->cursor++;
	else if (m == MOVE_PREVIOUS && count > 0 && c->cursor > 0)
		c->cursor--;
	else
		pager_move(&c->body, m);
}

/* --- leaving ------------------------------------------------------------------------ */

static void drop_file(struct compose_view *c)
{
	if (c->editing)
		unlink(c->editing);
	g_clear_pointer(&c->editing, g_free);
	g_clear_pointer(&c->mistake, g_free);
}

static void compose_free(struct view *v)
{
	struct compose_view *c = as_compose(v);
	drop_file(c);
	pager_clear(&c->body);
	draft_free(c->draft);
}

static void postpone(struct compose_view *c);

static void leave_yes(struct ui *ui, void *data)
{
	struct compose_view *c = data;
	if (!c->view.closed)
		postpone(c);
}

static void leave_no(struct ui *ui, void *data)
{
	ui_close(ui, data);
}

static void unref_view(void *data)
{
	view_unref(data);
}

static bool compose_close(struct view *v)
{
	prompt_ask(v->ui, &(struct question){.text = _("Keep the letter in Drafts?"),
				  .yes = leave_yes, .no = leave_no, .data = view_ref(v),
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

/* The compose page on top, if it can be changed now. */
static struct compose_view *top_compose(struct ui *ui)
{
	struct view *v = ui_top(ui);
	return v->ops == &compose_ops && !as_compose(v)->busy ? as_compose(v) : NULL;
}

/* --- the editor ---------------------------------------------------------------------- */

static void take_text(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = fdio_read_file(c->editing, TEXT_MAX, NULL, &error);
	g_clear_pointer(&c->mistake, g_free);
	c->width = 0;
	if (text && draft_from_text(c->draft, text, &error)) {
		drop_file(c);
		return;
	}
	/* What was typed is kept: the next edit goes on with it. */
	c->mistake = g_strdup(error->message);
	ui_complain(c->view.ui, _("%s; the text is kept, edit it again"), error->message);
}

static void editor_ended(const char *error, void *data)
{
	struct compose_view *c = data;
	if (!c->view.closed) {
		take_text(c);
		if (error && !c->mistake)
			ui_complain(c->view.ui, "%s", error);
	}
	view_unref(&c->view);
}

static bool write_text(struct compose_view *c, GError **error)
{
	g_autofree char *text = draft_to_text(c->draft);
	int fd = store_temp_file(ui_store(c->view.ui), &c->editing, error);
	bool ok = fd >= 0 && fdio_write_all(fd, text, strlen(text), error);
	if (fd >= 0)
		close(fd);
	if (!ok)
		drop_file(c);
	return ok;
}

static void edit(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	if (!c->editing && !write_text(c, &error)) {
		ui_complain(c->view.ui, "%s", error->message);
		return;
	}
	view_ref(&c->view);
	editor_run(c->view.ui, c->editing, editor_ended, c);
}

void compose_open(struct ui *ui, struct draft *d, const struct message_row *recalled, bool edit_now)
{
	struct compose_view *c = g_new0(struct compose_view, 1);
	view_init(&c->view, &compose_ops, ui);
	c->draft = d;
	c->recalled = recalled ? recalled->id : 0;
	ui_push(ui, &c->view);
	if (edit_now)
		edit(c);
}

void command_edit_body(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		edit(c);
}

/* --- fields ---------------------------------------------------------------------------- */

struct field {
	struct view *view;
	char **value;
};

static void field_free(void *data)
{
	struct field *f = data;
	view_unref(f->view);
	g_free(f);
}

static void field_typed(struct ui *ui, const char *text, void *data)
{
	struct field *f = data;
	if (!text || f->view->closed)
		return;
	g_free(*f->value);
	*f->value = g_strdup(text);
}

static void edit_field(struct ui *ui, char **value, const char *label, const char *history,
	const char *arg)
{
	struct field *f = g_new0(struct field, 1);
	f->view = view_ref(ui_top(ui));
	f->value = value;
	struct prompt_spec spec = {.label = label, .text = *value, .history = history,
		.done = field_typed, .data = f, .free = field_free};
	if (!arg) {
		ui_prompt(ui, &spec);
		return;
	}
	field_typed(ui, arg, f);
	field_free(f);
}

void command_edit_to(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		edit_field(ui, &c->draft->to, _("To: "), "address", arg);
}

void command_edit_cc(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		edit_field(ui, &c->draft->cc, _("Cc: "), "address", arg);
}

void command_edit_bcc(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		edit_field(ui, &c->draft->bcc, _("Bcc: "), "address", arg);
}

void command_edit_subject(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		edit_field(ui, &c->draft->subject, _("Subject: "), "subject", arg);
}

void command_edit_from(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	const struct dotfile *d = ui_dotfile(ui);
	guint count = dotfile_account_count(d), at = 0;
	if (!c || count == 0)
		return;
	for (guint i = 0; i < count; i++)
		if (g_strcmp0(dotfile_account(d, i)->id, c->draft->account) == 0)
			at = i;
	for (guint i = 1; i <= count; i++) {
		const struct account *a = dotfile_account(d, (at + i) % count);
		if (!a->address)
			continue;
		g_free(c->draft->account);
		g_free(c->draft->from);
		c->draft->account = g_strdup(a->id);
		c->draft->from = address_format(a->name ? a->name : "", a->address);
		return;
	}
}

static void attach_typed(struct ui *ui, const char *text, void *data)
{
	struct compose_view *c = top_compose(ui);
	if (!text || !*text || !c)
		return;
	g_autofree char *path = path_expand(text);
	g_autofree char *full = g_canonicalize_filename(path, NULL);
	if (access(full, R_OK) != 0) {
		ui_complain(ui, _("cannot attach '%s': %s"), text, g_strerror(errno));
		return;
	}
	if (!g_file_test(full, G_FILE_TEST_IS_REGULAR)) {
		ui_complain(ui, _("'%s' is not a file that can be attached"), text);
		return;
	}
	if (!c->draft->attachments)
		c->draft->attachments = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(c->draft->attachments, g_steal_pointer(&full));
}

void command_attach(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Attach file: "), .history = "file",
		.complete = prompt_complete_path, .done = attach_typed};
	if (arg)
		attach_typed(ui, arg, NULL);
	else if (top_compose(ui))
		ui_prompt(ui, &spec);
}

void command_detach(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	GPtrArray *paths = c ? c->draft->attachments : NULL;
	if (!paths || c->cursor >= paths->len) {
		ui_complain(ui, _("nothing is attached"));
		return;
	}
	g_ptr_array_remove_index(paths, c->cursor);
	if (c->cursor > 0 && c->cursor >= paths->len)
		c->cursor--;
}

/* --- away with it ------------------------------------------------------------------------- */

static void outgoing_done(const char *error, void *data)
{
	struct compose_view *c = data;
	struct ui *ui = c->view.ui;
	c->busy = false;
	if (error) {
		ui_complain(ui, "%s", error);
	} else {
		if (c->recalled)
			act_drop(ui, c->recalled);
		ui_close(ui, &c->view);
	}
	view_unref(&c->view);
}

static void put_away(struct compose_view *c, enum outgoing_kind kind)
{
	if (c->mistake) {
		ui_complain(c->view.ui, _("%s; edit the text again first"), c->mistake);
		return;
	}
	c->busy = true;
	view_ref(&c->view);
	outgoing_start(c->view.ui, kind, c->draft, outgoing_done, c);
}

static void postpone(struct compose_view *c)
{
	if (!c->busy)
		put_away(c, OUTGOING_POSTPONE);
}

void command_postpone(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		postpone(c);
}

void command_send(struct ui *ui, const char *arg)
{
	struct compose_view *c = top_compose(ui);
	if (c)
		put_away(c, OUTGOING_SEND);
}
