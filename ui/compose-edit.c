/* SPDX-License-Identifier: MIT
 *
 * The compose page and the editor; and how nothing that was typed is lost, whatever
 * becomes of dewey.  The desk has the letter as it was saved last, and while it is
 * in the editor, the text, which counts more; so the one is saved before the other
 * goes, and a letter in the editor never without its text. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "ui/command.h"
#include "ui/editor.h"
#include "ui/view-compose.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

/* --- saving -------------------------------------------------------------------------- */

struct saving {
	struct compose_view *view;
	struct desk *desk;
	GBytes *letter;
	struct draft *who;                    /* and settings: whether it is encrypted */
	const struct seal_settings *settings; /* NULL: there are none */
	bool drop_text;                       /* it is in the letter */
	GError *error;
};

/* What is to be encrypted stands on no disk in clear (M-74). */
static void save_here(struct saving *s, struct crypt_client *c)
{
	gsize len;
	g_autoptr(GBytes) octets = seal_saved(c, s->who, s->settings, s->letter, &s->error);
	const void *data = octets ? g_bytes_get_data(octets, &len) : NULL;
	g_autofree char *text = desk_path(s->desk, DESK_TEXT);
	if (data && desk_save(s->desk, DESK_LETTER, data, len, &s->error) && s->drop_text)
		unlink(text);
}

static void saving_run(struct room *room, void *data)
{
	struct saving *s = data;
	g_autoptr(crypt_client) c = crypt_client_new();
	save_here(s, c);
}

static void start_editor(struct compose_view *c);
static void save_later(struct compose_view *c);

/* It is still to be done; the person is told once. */
static void saving_failed(struct compose_view *c, const GError *error)
{
	if (!c->failed)
		ui_complain(c->view.ui, _("the letter cannot be saved while you write: %s"),
			error->message);
	c->failed = true;
	c->unsaved = true;
	save_later(c);
}

static void saving_done(void *data)
{
	struct saving *s = data;
	struct compose_view *c = s->view;
	c->saving = false;
	if (c->view.closed)
		return;
	if (s->error)
		saving_failed(c, s->error);
	else
		c->failed = false;
	view_changed(&c->view);
	if (c->edit_next)
		start_editor(c);
	else if (c->unsaved && !c->failed)
		compose_changed(c);
}

static void saving_free(void *data)
{
	struct saving *s = data;
	view_unref(&s->view->view);
	desk_unref(s->desk);
	draft_free(s->who);
	g_bytes_unref(s->letter);
	g_clear_error(&s->error);
	g_free(s);
}

static const struct job saving_job = {saving_run, saving_done, saving_free};

static void stop_timer(struct compose_view *c)
{
	if (c->timer)
		g_source_remove(c->timer);
	c->timer = 0;
}

void compose_save(struct compose_view *c)
{
	GBytes *letter = c->desk && !c->saving ? draft_save(c->draft, NULL) : NULL;
	if (!letter)
		return;
	struct saving *s = g_new0(struct saving, 1);
	s->view = c;
	view_ref(&c->view);
	s->desk = desk_ref(c->desk);
	s->letter = letter;
	s->who = compose_who(c->draft);
	s->settings = compose_seal_settings(c->view.ui, c->draft);
	s->drop_text = !c->mistake && !ui_is_away(c->view.ui);
	stop_timer(c);
	c->unsaved = false;
	c->saving = true;
	worker_push(ui_worker(c->view.ui, UI_WORKER_WRITING), &saving_job, s);
}

void compose_save_last(struct compose_view *c)
{
	stop_timer(c);
	g_autoptr(GBytes) letter = c->desk && c->unsaved ? draft_save(c->draft, NULL) : NULL;
	if (!letter)
		return;
	g_autoptr(crypt_client) crypt = crypt_client_new();
	g_autoptr(draft) who = compose_who(c->draft);
	struct saving s = {.desk = c->desk,
		.letter = letter,
		.who = who,
		.settings = compose_seal_settings(c->view.ui, c->draft)};
	save_here(&s, crypt);
	g_clear_error(&s.error);
}

static gboolean timer_ended(void *data)
{
	struct compose_view *c = data;
	c->timer = 0;
	compose_save(c);
	return G_SOURCE_REMOVE;
}

static int patience(const struct compose_view *c)
{
	return dotfile_writing(ui_dotfile(c->view.ui))->autosave;
}

static void save_later(struct compose_view *c)
{
	if (!c->timer && patience(c) > 0)
		c->timer = g_timeout_add_seconds((guint)patience(c), timer_ended, c);
}

void compose_changed(struct compose_view *c)
{
	c->unsaved = true;
	compose_plan(c);
	view_changed(&c->view);
	if (patience(c) > 0 && !c->timer && !c->view.closed)
		compose_save(c);
}

/* --- the editor ---------------------------------------------------------------------- */

static void take_text(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = desk_path(c->desk, DESK_TEXT);
	g_autofree char *text = fdio_read_file(path, TEXT_MAX, NULL, &error);
	g_clear_pointer(&c->mistake, g_free);
	c->width = 0;
	if (text && draft_from_text(c->draft, text, &error)) {
		compose_plan(c);
		compose_save(c);
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

static void start_editor(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = desk_path(c->desk, DESK_TEXT);
	g_autofree char *text = c->mistake ? NULL : draft_to_text(c->draft);
	c->edit_next = false;
	if (text && !fdio_replace_file(path, text, strlen(text), &error)) {
		ui_complain(c->view.ui, "%s", error->message);
		return;
	}
	stop_timer(c);
	view_ref(&c->view);
	editor_run(c->view.ui, path, editor_ended, c);
}

void compose_edit(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	if (!c->desk)
		c->desk = desk_new(ui_store(c->view.ui), &error);
	if (!c->desk) {
		ui_complain(c->view.ui, "%s", error->message);
		return;
	}
	c->edit_next = true;
	if (c->unsaved)
		compose_save(c);
	if (!c->saving)
		start_editor(c);
}

void command_edit_body(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c && !compose_is_fixed(c))
		compose_edit(c);
}
