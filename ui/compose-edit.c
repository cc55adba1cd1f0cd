/* SPDX-License-Identifier: MIT
 *
 * The compose page and the editor. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "ui/command.h"
#include "ui/editor.h"
#include "ui/view-compose.h"

enum { TEXT_MAX = 64 * 1024 * 1024 };

void compose_drop_file(struct compose_view *c)
{
	if (c->editing)
		unlink(c->editing);
	g_clear_pointer(&c->editing, g_free);
	g_clear_pointer(&c->mistake, g_free);
}

static void take_text(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = fdio_read_file(c->editing, TEXT_MAX, NULL, &error);
	g_clear_pointer(&c->mistake, g_free);
	c->width = 0;
	if (text && draft_from_text(c->draft, text, &error)) {
		compose_drop_file(c);
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
		compose_drop_file(c);
	return ok;
}

void compose_edit(struct compose_view *c)
{
	g_autoptr(GError) error = NULL;
	if (!c->editing && !write_text(c, &error)) {
		ui_complain(c->view.ui, "%s", error->message);
		return;
	}
	view_ref(&c->view);
	editor_run(c->view.ui, c->editing, editor_ended, c);
}

void command_edit_body(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c)
		compose_edit(c);
}
