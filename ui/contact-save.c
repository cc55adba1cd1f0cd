/* SPDX-License-Identifier: MIT
 *
 * The cards of persons that a letter brings, into a file for an address book. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "ui/command.h"
#include "ui/letter-at.h"
#include "ui/part-save.h"
#include "ui/view-message.h"

struct saving {
	struct ui *ui;
	struct letter_at *at;
	char **paths; /* of the parts */
	char *to;
	GError *error;
};

static void saving_free(void *data)
{
	struct saving *s = data;
	letter_at_free(s->at);
	g_strfreev(s->paths);
	g_free(s->to);
	g_clear_error(&s->error);
	g_free(s);
}

static void save_run(struct room *room, void *data)
{
	struct saving *s = data;
	int fd = letter_at_open(room, s->at, &s->error);
	if (fd < 0)
		return;
	struct crypt_reading r = room_reading(room);
	part_save(&r, fd, (const char *const *)s->paths, s->to, &s->error);
	close(fd);
}

static void save_done(void *data)
{
	struct saving *s = data;
	if (s->error)
		ui_complain(s->ui, "%s", s->error->message);
	else
		ui_say(s->ui, _("saved as '%s'"), s->to);
}

static const struct job save_job = {save_run, save_done, saving_free};

static void name_typed(struct ui *ui, const char *text, void *data)
{
	const struct saving *asked = data;
	if (!text || !*text)
		return;
	struct saving *s = g_new0(struct saving, 1);
	*s = (struct saving){.ui = ui, .at = letter_at_copy(asked->at),
		.paths = g_strdupv(asked->paths), .to = path_expand(text)};
	worker_push(ui_worker(ui, UI_WORKER_READER), &save_job, s);
}

/* The parts with cards, each once; NULL: there are none.  The name of the first person
 * is what the file may be called. */
static char **parts_of(const struct mime_message *m, const char **name)
{
	g_autoptr(GStrvBuilder) paths = g_strv_builder_new();
	guint n = 0;
	for (guint i = 0; i < m->blocks->len; i++) {
		const struct mime_block *b = m->blocks->pdata[i];
		if (b->kind != MIME_BLOCK_CONTACT || b->fields->len == 0)
			continue;
		if (n++ == 0)
			*name = ((const struct mime_header *)b->fields->pdata[0])->value;
		g_strv_builder_add(paths, b->path);
	}
	return n > 0 ? g_strv_builder_end(paths) : NULL;
}

void command_save_contact(struct ui *ui, const char *arg)
{
	const struct message_row *row;
	const struct letter *letter = view_message_letter(ui, &row);
	const char *name = "";
	char **paths = letter->mime ? parts_of(letter->mime, &name) : NULL;
	if (!paths || row->partial) {
		ui_say(ui, "%s", paths ? _("only a preview is here: fetch the rest first")
				       : _("there is no card of a person in this message"));
		g_strfreev(paths);
		return;
	}
	struct saving *s = g_new0(struct saving, 1);
	*s = (struct saving){.ui = ui, .at = letter_at_row(row), .paths = paths};
	g_autofree char *ending = g_strconcat(name, ".vcf", NULL);
	g_autofree char *safe = mime_safe_filename(ending, "text/vcard", 1);
	struct prompt_spec spec = {.label = _("Save the card as: "),
		.text = safe,
		.history = "file",
		.complete = prompt_complete_path,
		.done = name_typed,
		.data = s,
		.free = saving_free};
	prompt_unless(ui, arg, &spec);
}
