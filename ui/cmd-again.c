/* SPDX-License-Identifier: MIT
 *
 * A letter over which the parser ended is read once more; the index follows if it is read
 * this time. */
#include "base/base.h"

#include <unistd.h>

#include "store/again.h"
#include "store/maildir.h"
#include "store/unreadable.h"
#include "ui/command.h"
#include "ui/letters.h"
#include "ui/view-message.h"

struct trying {
	struct view *view; /* from where it was asked for */
	struct message_row *row;
	int64_t now; /* its id afterwards; 0: the same */
	GError *error;
};

static bool try_to_read(struct room *room, const struct message_row *row, GError **error)
{
	int fd = letter_open(room, row->folder, row->file, error);
	if (fd < 0)
		return false;
	g_autoptr(mime_message) m =
		mime_client_read(room_mime(room), fd, &mime_reading_words, error);
	close(fd);
	return m != NULL;
}

/* As often as it takes, for it is known to be no chance. */
static void trying_run(struct room *room, void *data)
{
	struct trying *t = data;
	struct store *s = room_store(room, &t->error);
	if (!s)
		return;
	if (try_to_read(room, t->row, &t->error)) {
		unreadable_forget(s, t->row->file);
		if (t->row->unparsed)
			again_read(s, room_mime(room), t->row, NULL, &t->now, &t->error);
		return;
	}
	for (int i = 0; i < UNREADABLE_TIMES; i++)
		unreadable_note(s, t->row->file, t->error);
}

static void trying_done(void *data)
{
	struct trying *t = data;
	struct ui *ui = t->view->ui;
	if (t->now && t->now != t->row->id) {
		g_autofree char *base = g_strndup(t->row->file, maildir_base_length(t->row->file));
		view_message_renumber(t->view, t->row->id, t->now, base);
		t->row->id = t->now;
	}
	if (t->error)
		ui_complain(ui, "%s", t->error->message);
	else
		ui_say(ui, _("this message was read"));
	letters_again(ui_letters(ui), t->row, NULL, false);
	ui_store_changed(ui);
}

static void trying_free(void *data)
{
	struct trying *t = data;
	view_unref(t->view);
	message_row_free(t->row);
	g_clear_error(&t->error);
	g_free(t);
}

static const struct job trying_job = {trying_run, trying_done, trying_free};

void command_try_again(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	const struct letter *letter = row ? letters_get(ui_letters(ui), row) : NULL;
	if (!letter)
		return;
	if (!letter->ready || letter->mime) {
		ui_say(ui, letter->ready ? _("this message was read already") : _("reading…"));
		return;
	}
	struct trying *t = g_new0(struct trying, 1);
	t->view = view_ref(ui_top(ui));
	t->row = g_steal_pointer(&row);
	ui_say(ui, _("reading…"));
	worker_push(ui_worker(ui, UI_WORKER_TALLY), &trying_job, t);
}
