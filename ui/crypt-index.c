/* SPDX-License-Identifier: MIT */
#include "ui/crypt-index.h"

#include <string.h>

#include "store/again.h"
#include "store/maildir.h"
#include "ui/view-message.h"

struct indexing {
	struct ui *ui;
	char *folder, *base;
	char *subject, *text;
	struct again_inside inside;
	GPtrArray *names;
	int64_t id, now; /* before and after; 0: nothing became of it */
	GError *error;
};

static void indexing_free(void *data)
{
	struct indexing *i = data;
	g_free(i->folder);
	g_free(i->base);
	g_free(i->subject);
	g_free(i->text);
	g_ptr_array_unref(i->names);
	g_clear_error(&i->error);
	g_free(i);
}

static void indexing_run(struct room *room, void *data)
{
	struct indexing *i = data;
	struct index *ix = room_index(room, &i->error);
	g_autoptr(message_row) row = ix ? index_by_base(ix, i->folder, i->base, &i->error) : NULL;
	if (!row || row->decrypted || row->partial)
		return;
	i->id = row->id;
	if (!again_read(room_store(room, NULL), room_mime(room), row, &i->inside, &i->now,
		    &i->error))
		i->now = 0;
}

static void indexing_done(void *data)
{
	struct indexing *i = data;
	struct view *top = ui_top(i->ui);
	if (i->error)
		ui_complain(i->ui, "%s", i->error->message);
	if (i->now == 0 || i->now == i->id)
		return;
	if (message_id_at_hand(i->ui) == i->id) {
		view_message_wish(top, i->base);
		view_message_renumber(top, i->id, i->now, i->base);
	} else {
		letters_renumber(ui_letters(i->ui), i->id, i->now);
	}
	ui_store_changed(i->ui);
}

static const struct job indexing_job = {indexing_run, indexing_done, indexing_free};

/* The files that were inside. */
static GPtrArray *names_of(const struct mime_message *m)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		if (strchr(p->path, '!') && *p->filename)
			g_ptr_array_add(names, g_strdup(p->filename));
	}
	return names;
}

void crypt_index(struct ui *ui, const char *folder, const char *file, const struct letter *letter)
{
	const struct mime_message *m = letter->mime;
	if (!m || !m->text || !dotfile_reading(ui_dotfile(ui))->index_decrypted ||
		!crypt_verdict_has_encrypted(letter->crypt) || crypt_verdict_waiting(letter->crypt))
		return;
	struct indexing *i = g_new0(struct indexing, 1);
	i->ui = ui;
	i->folder = g_strdup(folder);
	i->base = g_strndup(file, maildir_base_length(file));
	i->subject = g_strdup(m->subject);
	i->text = g_strdup(m->text);
	i->names = names_of(m);
	i->inside =
		(struct again_inside){i->subject, i->text, i->names, m->kinds, m->languages};
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &indexing_job, i);
}
