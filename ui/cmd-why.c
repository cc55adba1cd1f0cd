/* SPDX-License-Identifier: MIT
 *
 * "Why is this here": how a letter came, and what was done to it. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "store/why.h"
#include "ui/command.h"
#include "ui/layout.h"
#include "ui/letters.h"
#include "ui/view-message.h"

enum { INDENT = 22 };

struct asking {
	struct view *view; /* from where it was asked for */
	struct message_row *row;
	char *text;
	GError *error;
};

/* --- the text: a heading a line, or a name, a tab and what is known ------------------ */

static void put(GString *out, const char *name, const char *value)
{
	g_autofree char *clean = sanitize_line(value, -1);
	g_string_append_printf(out, "%s\t%s\n", name, clean);
}

static void put_time(GString *out, const char *name, int64_t when)
{
	g_autofree char *text = when > 0 ? clock_long(when) : NULL;
	if (text)
		put(out, name, text);
}

static const char *state_text(const struct uid_row *u)
{
	switch (u->state) {
	case UID_DEL_SENT:
	case UID_DEL_UNKNOWN:
		return _("it was to be deleted there; the server has not said that it did");
	case UID_DEL_DONE:
		return _("dewey deleted it there");
	case UID_PREVIEW:
		return _("it lies there; only its first lines are here");
	default:
		return u->gone ? _("it is not there any more") : _("it lies there as well");
	}
}

/* Of "id|host|port|login" what a person knows. */
static char *place_text(const char *maildrop, const char *account)
{
	g_auto(GStrv) keys = g_strsplit(maildrop, "|", 4);
	return g_strv_length(keys) < 4 ? g_strdup(account)
				       : g_strdup_printf("%s (%s, %s)",
						 *account ? account : keys[0], keys[3], keys[1]);
}

static void put_arrival(GString *out, const struct why *w, const struct message_row *row)
{
	g_string_append_printf(out, "%s\n", _("How it came"));
	if (!w->uid) {
		put(out, _("Account:"),
			_("none: it was written here, imported, or put here by "
			  "another program"));
		put_time(out, _("Here since:"), row->arrived);
		return;
	}
	gsize len = 0;
	const char *uid = w->uid->uid ? g_bytes_get_data(w->uid->uid, &len) : NULL;
	g_autofree char *clean = uid ? sanitize_line(uid, (gssize)len) : NULL;
	g_autofree char *place = place_text(w->maildrop ? w->maildrop : "", row->account);
	put(out, _("Account:"), place);
	put_time(out, _("Fetched:"), w->uid->stored);
	put(out, _("UID on the server:"), clean ? clean : _("the server has none"));
	put(out, _("On the server:"), state_text(w->uid));
}

static void put_place(GString *out, const struct why *w, const struct message_row *row)
{
	g_autofree char *size = size_text(w->size);
	unsigned long n = (unsigned long)w->size;
	g_autofree char *octets =
		g_strdup_printf(P_("%s (%lu octet)", "%s (%lu octets)", n), size, n);
	g_string_append_printf(out, "\n%s\n", _("Where it is"));
	put(out, _("File:"), w->path ? w->path : row->file);
	put(out, _("Size:"), octets);
	put(out, "SHA-256:", w->sha256);
	if (w->uid && *w->uid->sha256 && !row->partial)
		put(out, "",
			strcmp(w->uid->sha256, w->sha256) == 0
				? _("the same octets as when it came")
				: _("not the octets that came: somebody has changed the file"));
	put_time(out, _("In Trash since:"), w->trashed);
	if (w->taught)
		put(out, _("Taught as:"), w->taught);
	if (*row->tags)
		put(out, _("Tags:"), row->tags);
}

/* What a filter, or a lesson, did to this letter is a change of its own kind. */
static char *change_text(struct journal_entry *e)
{
	const struct journal_item *item = e->items->pdata[0];
	g_autofree char *filter = e->kind == JOURNAL_FILTER ? g_strdup_printf(_("filter '%s': "),
								      e->about ? e->about : "")
							    : g_strdup("");
	if (item->kind)
		e->kind = item->kind;
	g_autofree char *text = journal_text(e);
	return g_strconcat(filter, text, NULL);
}

static void put_changes(GString *out, const struct why *w)
{
	g_string_append_printf(out, "\n%s\n", _("What was done to it and can be undone"));
	if (w->changes->len == 0)
		put(out, "", _("nothing"));
	for (guint i = 0; i < w->changes->len; i++) {
		struct journal_entry *e = w->changes->pdata[i];
		g_autofree char *when = clock_short(e->made);
		g_autofree char *text = change_text(e);
		put(out, when, text);
	}
}

static void put_others(GString *out, const struct why *w)
{
	if (w->others->len == 0)
		return;
	g_string_append_printf(out, "\n%s\n", _("Others with its Message-ID"));
	for (guint i = 0; i < w->others->len; i++) {
		const struct why_other *o = w->others->pdata[i];
		g_autofree char *text = g_strdup_printf(
			"%s: %s", o->same ? _("the same letter") : _("with another body"), o->file);
		put(out, folder_title(o->folder), text);
	}
}

static char *text_of(const struct why *w, const struct message_row *row)
{
	GString *out = g_string_new(NULL);
	put_arrival(out, w, row);
	put_place(out, w, row);
	put_changes(out, w);
	put_others(out, w);
	return g_string_free(out, FALSE);
}

static void lay(GPtrArray *lines, const char *text, int width)
{
	g_auto(GStrv) each = g_strsplit(text, "\n", -1);
	for (guint i = 0; each[i] && (each[i + 1] || *each[i]); i++) {
		char *tab = strchr(each[i], '\t');
		if (tab)
			*tab = '\0';
		struct hanging h = {each[i], MIN(INDENT, width / 2)};
		if (tab)
			layout_hanging(lines, &h, tab + 1, width, THEME_NORMAL);
		else
			layout_text(lines, each[i], width, THEME_HEADING);
	}
}

/* --- the command ---------------------------------------------------------------------- */

static void asking_run(struct room *room, void *data)
{
	struct asking *a = data;
	struct store *s = room_store(room, &a->error);
	g_autoptr(why) w = s ? why_of(s, a->row, &a->error) : NULL;
	if (w)
		a->text = text_of(w, a->row);
}

static void asking_done(void *data)
{
	struct asking *a = data;
	struct ui *ui = a->view->ui;
	if (a->error)
		ui_complain(ui, "%s", a->error->message);
	else if (!a->view->closed && ui_top(ui) == a->view)
		view_text_open_laid(
			ui, g_strdup(_("Why is this here")), g_steal_pointer(&a->text), lay);
}

static void asking_free(void *data)
{
	struct asking *a = data;
	view_unref(a->view);
	message_row_free(a->row);
	g_clear_error(&a->error);
	g_free(a->text);
	g_free(a);
}

static const struct job asking_job = {asking_run, asking_done, asking_free};

void command_why(struct ui *ui, const char *arg)
{
	struct message_row *row = message_at_hand(ui);
	if (!row)
		return;
	struct asking *a = g_new0(struct asking, 1);
	a->view = view_ref(ui_top(ui));
	a->row = row;
	worker_push(ui_worker(ui, UI_WORKER_READER), &asking_job, a);
}
