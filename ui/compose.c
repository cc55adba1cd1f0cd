/* SPDX-License-Identifier: MIT
 *
 * How a letter begins: new, or as an answer. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/preview.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/header.h"
#include "ui/letters.h"
#include "ui/rest.h"
#include "ui/view-message.h"

static const struct account *account_of(const struct dotfile *d, const GPtrArray *addresses)
{
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const struct mime_address *a = addresses->pdata[i];
		const struct account *found = dotfile_account_by_address(d, a->address);
		if (found)
			return found;
	}
	return NULL;
}

bool compose_identity(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	struct identity *out)
{
	const struct dotfile *d = ui_dotfile(ui);
	const struct account *a = NULL;
	for (int i = 0; written_to && written_to[i] && !a; i++)
		a = account_of(d, written_to[i]);
	if (!a && account && *account)
		a = dotfile_account_by_name(d, account);
	for (guint i = 0; (!a || !a->address) && i < dotfile_account_count(d); i++)
		a = dotfile_account(d, i);
	if (!a || !a->address) {
		ui_complain(ui, _("no account has an 'address' to write from: see deweyrc(5)"));
		return false;
	}
	const struct dotfile_writing *w = dotfile_writing(d);
	*out = (struct identity){
		a->id, a->name ? a->name : "", a->address, w->charsets, w->flowed};
	return true;
}

/* --- a new letter: To, Subject, then the editor ------------------------------------- */

static void draft_drop(void *data)
{
	draft_free(*(struct draft **)data);
	g_free(data);
}

static struct draft **draft_box(struct draft *d)
{
	struct draft **box = g_new(struct draft *, 1);
	*box = d;
	return box;
}

static void subject_typed(struct ui *ui, const char *text, void *data)
{
	struct draft **box = data;
	if (!text)
		return;
	g_free((*box)->subject);
	(*box)->subject = g_strdup(text);
	compose_open(ui, g_steal_pointer(box), true);
}

static void ask_subject(struct ui *ui, struct draft *d)
{
	struct prompt_spec spec = {.label = _("Subject: "),
		.history = "subject",
		.done = subject_typed,
		.data = draft_box(d),
		.free = draft_drop};
	ui_prompt(ui, &spec);
}

static void to_typed(struct ui *ui, const char *text, void *data)
{
	struct draft **box = data;
	if (!text)
		return;
	g_free((*box)->to);
	(*box)->to = g_strdup(text);
	ask_subject(ui, g_steal_pointer(box));
}

void command_mail(struct ui *ui, const char *arg)
{
	struct identity me;
	if (!compose_identity(ui, NULL, NULL, &me))
		return;
	struct draft *d = draft_new_from(&me);
	if (arg) {
		g_free(d->to);
		d->to = g_strdup(arg);
		ask_subject(ui, d);
		return;
	}
	struct prompt_spec spec = {.label = _("To: "),
		.history = "address",
		.done = to_typed,
		.data = draft_box(d),
		.free = draft_drop};
	ui_prompt(ui, &spec);
}

/* --- answers and forwards -------------------------------------------------------------- */

struct answer {
	struct ui *ui;
	struct view *from; /* where the key was pressed */
	struct message_row *row;
	enum reply_kind kind;
};

static void answer_free(void *data)
{
	struct answer *a = data;
	view_unref(a->from);
	message_row_free(a->row);
	g_free(a);
}

static GPtrArray *typed(const GPtrArray *addresses)
{
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)typed_address_free);
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const struct mime_address *a = addresses->pdata[i];
		struct typed_address *t = g_new0(struct typed_address, 1);
		t->name = g_strdup(a->name);
		t->address = g_strdup(a->address);
		g_ptr_array_add(out, t);
	}
	return out;
}

static char **own_addresses(const struct dotfile *d)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (dotfile_account(d, i)->address)
			g_strv_builder_add(builder, dotfile_account(d, i)->address);
	return g_strv_builder_end(builder);
}

static char *file_path(struct ui *ui, const struct message_row *row)
{
	g_autofree char *folder =
		preview_or_folder_path(ui_store(ui), row->folder, row->partial, NULL);
	return folder ? g_build_filename(folder, row->is_new ? "new" : "cur", row->file, NULL)
		      : NULL;
}

/* A letter with attachments is forwarded whole: its text alone would lose them. */
static bool has_attached(const struct mime_message *m)
{
	for (guint i = 0; i < m->parts->len; i++)
		if (part_is_attached(m->parts->pdata[i]))
			return true;
	return false;
}

static struct draft *make_answer(
	const struct answer *a, const struct mime_message *m, const struct identity *me)
{
	g_autoptr(GPtrArray) from = typed(m->from), reply_to = typed(m->reply_to);
	g_autoptr(GPtrArray) to = typed(m->to), cc = typed(m->cc);
	g_autofree char *date = clock_long(m->date ? m->date : a->row->arrived);
	g_autofree char *path = file_path(a->ui, a->row);
	g_auto(GStrv) own = own_addresses(ui_dotfile(a->ui));
	struct reply_source source = {
		.id = a->row->id,
		.from = from,
		.reply_to = reply_to,
		.to = to,
		.cc = cc,
		.subject = m->subject,
		.message_id = m->message_id,
		.references = m->references->len > 0 ? m->references : m->in_reply_to,
		.date_text = date,
		.text = m->text ? m->text : "",
		.path = a->kind == REPLY_FORWARD && has_attached(m) ? path : NULL,
	};
	return reply_new(&source, a->kind, me, (const char *const *)own);
}

static void answer_ready(const struct letter *letter, void *data)
{
	struct answer *a = data;
	struct identity me;
	if (a->from->closed)
		return;
	if (!letter->mime) {
		ui_complain(a->ui, _("this message could not be read: %s"), letter->error);
		return;
	}
	const GPtrArray *const written_to[] = {
		letter->mime->to, letter->mime->cc, letter->mime->bcc, NULL};
	if (!compose_identity(a->ui, written_to, a->row->account, &me))
		return;
	compose_open(a->ui, make_answer(a, letter->mime, &me), true);
}

static void answer_whole(struct ui *ui, const struct message_row *row, void *data)
{
	struct answer *a = data;
	a->row = index_message(ui_index(ui), row->id, NULL);
	if (a->row)
		letters_then(ui_letters(ui), a->row, answer_ready, a, answer_free);
	else
		answer_free(a);
}

/* An answer needs the rest only for what it quotes; what is forwarded, all. */
static void answer(struct ui *ui, enum reply_kind kind)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (!row)
		return;
	struct answer *a = g_new0(struct answer, 1);
	a->ui = ui;
	a->from = view_ref(ui_top(ui));
	a->kind = kind;
	rest_first(
		ui, row, kind != REPLY_FORWARD, &(struct rest_wish){answer_whole, a, answer_free});
}

void command_reply(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_SENDER);
}

void command_reply_all(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_ALL);
}

void command_forward(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_FORWARD);
}
