/* SPDX-License-Identifier: MIT
 *
 * Parts to other programs: the one that mailcap or the desktop names, a pipe, the
 * printer.  A program is never opened because the desktop would run it: mailcap has to
 * name one that shows it (CHECKLIST M-52). */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "ui/command.h"
#include "ui/outside.h"
#include "ui/parts.h"
#include "ui/view-message.h"
#include "ui/viewer.h"

/* --- opening ---------------------------------------------------------------------------- */

struct opening {
	struct mailcap_command command;
	char *path, *title;
	bool keep; /* the program may read it after it seems to have ended */
};

static void opening_free(void *data)
{
	struct opening *o = data;
	if (!o->keep && o->path)
		unlink(o->path);
	mailcap_command_clear(&o->command);
	g_free(o->path);
	g_free(o->title);
	g_free(o);
}

static void program_ended(struct ui *ui, const struct outside_end *end, void *data)
{
	struct opening *o = data;
	if (*end->output)
		view_text_open(ui, g_strdup(o->title), g_strdup(end->output));
	if (end->error)
		ui_complain(ui, "%s", end->error);
}

static void file_ready(struct ui *ui, int fd, void *data)
{
	struct opening *o = data;
	if (fd < 0) {
		opening_free(o);
		return;
	}
	if (!o->command.input)
		close(fd);
	struct outside what = {o->command.argv, NULL, o->command.input ? fd : -1, OUTSIDE_BESIDE};
	if (o->command.output)
		what.way = OUTSIDE_OUTPUT;
	else if (o->command.terminal)
		what.way = OUTSIDE_TERMINAL;
	o->keep = what.way == OUTSIDE_BESIDE;
	outside_run(ui, &what, program_ended, o, opening_free);
}

/* The desktop's choice, where there is one. */
static bool find_desktop(
	const struct part_entry *e, const char *path, struct mailcap_command *found)
{
	const char *argv[] = {"xdg-open", path, NULL};
	bool display = g_getenv("DISPLAY") || g_getenv("WAYLAND_DISPLAY");
	g_autofree char *program = g_find_program_in_path(argv[0]);
	const unsigned never = MIME_RUNS | MIME_TWO_ENDINGS;
	if (!display || !program || (e->dangers & never))
		return false;
	found->argv = g_strdupv((char **)argv);
	return true;
}

static void open_now(const struct part_place *p)
{
	struct ui *ui = p->view->ui;
	const struct part_entry *e = p->entry;
	g_autoptr(GError) error = NULL;
	g_autofree char *ending = mime_type_ending(e->real);
	struct place *files = viewer_place(ui_viewer(ui), &error);
	struct opening *o = g_new0(struct opening, 1);
	int fd = files ? place_file(files, ending, &o->path, &error) : -1;
	o->title = g_strdup(*e->part.filename ? e->part.filename : e->real);
	if (fd >= 0 && (mailcap_find(viewer_mailcap(ui_viewer(ui)), e->real, o->path, false,
				&o->command) ||
			       find_desktop(e, o->path, &o->command))) {
		part_fetch(p, fd, file_ready, o, NULL);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (error)
		ui_complain(ui, "%s", error->message);
	else
		ui_complain(ui,
			_("no program is named for '%s': see mailcap in dewey(1); it can be saved"),
			e->real);
	opening_free(o);
}

/* What is asked about: on the page nothing may have changed when it is agreed to. */
struct asked {
	struct view *view;
	struct letter_at *at;
	GPtrArray *entries; /* it alone */
};

static void asked_free(void *data)
{
	struct asked *a = data;
	view_unref(a->view);
	letter_at_free(a->at);
	g_ptr_array_unref(a->entries);
	g_free(a);
}

static void agreed(struct ui *ui, void *data)
{
	const struct asked *a = data;
	if (!a->view->closed && ui_top(ui) == a->view)
		open_now(&(struct part_place){a->view, a->at, a->entries->pdata[0]});
}

static struct asked *asked_new(const struct part_place *p)
{
	struct asked *a = g_new0(struct asked, 1);
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	g_ptr_array_add(parts, (gpointer)&p->entry->part);
	a->view = view_ref(p->view);
	a->at = letter_at_copy(p->at);
	a->entries = part_entries(parts);
	return a;
}

void part_open_outside(const struct part_place *p)
{
	const char *danger = part_danger(p->entry->dangers);
	if (!danger) {
		open_now(p);
		return;
	}
	/* TRANSLATORS: what it is, and its type */
	g_autofree char *text = g_strdup_printf(
		_("This is %s (%s). Open it all the same?"), danger, p->entry->real);
	prompt_ask(p->view->ui,
		&(struct question){text, agreed, NULL, asked_new(p), asked_free});
}

/* --- piping and printing ------------------------------------------------------------------- */

struct piping {
	char **argv;
	char *title;
};

static void piping_free(void *data)
{
	struct piping *p = data;
	g_strfreev(p->argv);
	g_free(p->title);
	g_free(p);
}

static void pipe_ended(struct ui *ui, const struct outside_end *end, void *data)
{
	struct piping *p = data;
	if (*end->output)
		view_text_open(ui, g_strdup(p->title), g_strdup(end->output));
	if (end->error)
		ui_complain(ui, "%s", end->error);
	else if (!*end->output)
		ui_say(ui, _("'%s' has read it, and says nothing"), p->title);
}

static void octets_ready(struct ui *ui, int fd, void *data)
{
	struct piping *p = data;
	if (fd < 0) {
		piping_free(p);
		return;
	}
	struct outside what = {p->argv, NULL, fd, OUTSIDE_OUTPUT};
	outside_run(ui, &what, pipe_ended, p, piping_free);
}

static void pipe_to(struct ui *ui, char **argv, const char *title)
{
	struct parts_view *s = parts_on_top(ui);
	const struct part_entry *e = s ? parts_current(s) : NULL;
	struct piping *p = g_new0(struct piping, 1);
	p->argv = argv;
	p->title = g_strdup(title);
	if (e)
		part_fetch(&(struct part_place){&s->view, s->at, e}, -1, octets_ready, p, NULL);
	else
		piping_free(p);
}

/* What was typed is the user's, so his shell reads it; nothing of the letter is in it. */
static void pipe_typed(struct ui *ui, const char *text, void *data)
{
	const char *argv[] = {"/bin/sh", "-c", text, NULL};
	if (text && *text)
		pipe_to(ui, g_strdupv((char **)argv), text);
}

static bool is_whole(struct ui *ui)
{
	struct parts_view *s = parts_on_top(ui);
	if (!s || !parts_current(s))
		return false;
	if (!s->at->partial)
		return true;
	ui_complain(ui, _("only a preview is here, and the part would not be whole: "
			  "go back and fetch the rest"));
	return false;
}

void command_pipe_part(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {
		.label = _("Pipe to the command: "), .history = "command", .done = pipe_typed};
	if (is_whole(ui))
		prompt_unless(ui, arg, &spec);
}

static void print_agreed(struct ui *ui, void *data)
{
	char **argv = g_strdupv(dotfile_print(ui_dotfile(ui)));
	pipe_to(ui, argv, argv[0]);
}

void command_print_part(struct ui *ui, const char *arg)
{
	if (!is_whole(ui))
		return;
	g_autofree char *program = g_strjoinv(" ", dotfile_print(ui_dotfile(ui)));
	g_autofree char *text = g_strdup_printf(_("Print it with '%s'?"), program);
	prompt_ask(ui, &(struct question){text, print_agreed, NULL, NULL, NULL});
}

/* --- all of them --------------------------------------------------------------------------- */

static void all_typed(struct ui *ui, const char *text, void *data)
{
	g_autofree char *to = text && *text ? path_expand(text) : NULL;
	if (to)
		letter_save_all(ui, data, to);
}

void command_save_attachments(struct ui *ui, const char *arg)
{
	struct parts_view *s = parts_on_top(ui);
	const struct letter_at *inner = view_inner_at(ui_top(ui));
	g_autoptr(message_row) row = s || inner ? NULL : message_at_hand(ui);
	struct letter_at *at = s       ? letter_at_copy(s->at)
			       : inner ? letter_at_copy(inner)
			       : row   ? letter_at_row(row)
				       : NULL;
	struct prompt_spec spec = {.label = _("Save all attachments to the directory: "),
		.text = ".",
		.history = "file",
		.complete = prompt_complete_path,
		.done = all_typed,
		.data = at,
		.free = (GDestroyNotify)letter_at_free};
	if (at && at->partial) {
		ui_complain(ui, _("only a preview is here: fetch the rest first"));
		letter_at_free(at);
	} else if (at) {
		prompt_unless(ui, arg, &spec);
	}
}
