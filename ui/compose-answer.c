/* SPDX-License-Identifier: MIT
 *
 * Letters that begin with another one: answers, forwards, and what is sent on as it
 * is. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/preview.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/header.h"
#include "ui/letters.h"
#include "ui/part-save.h"
#include "ui/rest.h"
#include "ui/seal.h"
#include "ui/view-message.h"

struct answer {
	struct ui *ui;
	struct view *from; /* where the key was pressed */
	struct message_row *row;
	enum reply_kind kind;
	bool resends;
};

static void answer_free(void *data)
{
	struct answer *a = data;
	view_unref(a->from);
	message_row_free(a->row);
	g_free(a);
}

static GPtrArray *typed_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)typed_address_free);
}

static GPtrArray *typed(const GPtrArray *addresses)
{
	GPtrArray *out = typed_new();
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const struct mime_address *a = addresses->pdata[i];
		struct typed_address *t = g_new0(struct typed_address, 1);
		t->name = g_strdup(a->name);
		t->address = g_strdup(a->address);
		g_ptr_array_add(out, t);
	}
	return out;
}

static const char *header_value(const struct mime_message *m, const char *name)
{
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		if (g_ascii_strcasecmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}

/* --- who writes -------------------------------------------------------------------------- */

static void mime_address_free(void *data)
{
	g_free(((struct mime_address *)data)->address);
	g_free(data);
}

/* Letters of a list are written to nobody here; whom they were delivered to is said by
 * the servers on the way. */
static GPtrArray *delivered_to(const struct mime_message *m)
{
	static const char *const names[] = {"Delivered-To", "X-Original-To", "Envelope-To"};
	GPtrArray *out = g_ptr_array_new_with_free_func(mime_address_free);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = header_value(m, names[i]);
		struct mime_address *a = g_new0(struct mime_address, 1);
		a->address = g_strstrip(g_strdup(value ? value : ""));
		g_ptr_array_add(out, a);
	}
	return out;
}

static void add_own(GStrvBuilder *to, const struct dotfile *d, const GPtrArray *addresses)
{
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const char *address = ((const struct mime_address *)addresses->pdata[i])->address;
		if (dotfile_account_by_address(d, address))
			g_strv_builder_add(to, address);
	}
}

/* Also those of this letter that "*@example.org" stands for. */
static char **own_addresses(const struct dotfile *d, const struct mime_message *m)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		if (a->address)
			g_strv_builder_add(builder, a->address);
		g_strv_builder_addv(builder, (const char **)a->addresses);
	}
	add_own(builder, d, m->from);
	add_own(builder, d, m->to);
	add_own(builder, d, m->cc);
	return g_strv_builder_end(builder);
}

/* --- whom it goes to (S-64) ---------------------------------------------------------------- */

static bool same_domain(const char *a, const char *b)
{
	const char *x = strrchr(a, '@'), *y = strrchr(b, '@');
	return x && y && g_ascii_strcasecmp(x, y) == 0;
}

static bool known_domain(const GPtrArray *list, const char *address)
{
	for (guint i = 0; list && i < list->len; i++)
		if (same_domain(((const struct typed_address *)list->pdata[i])->address, address))
			return true;
	return false;
}

/* The first of list that is in no domain of those that wrote or were written to. */
static const char *stranger(const GPtrArray *list, const struct reply_source *s, bool all)
{
	for (guint i = 0; list && i < list->len; i++) {
		const char *address = ((const struct typed_address *)list->pdata[i])->address;
		bool known =
			known_domain(s->from, address) ||
			(all && (known_domain(s->to, address) || known_domain(s->cc, address)));
		if (!known)
			return address;
	}
	return NULL;
}

static void note_recipients(struct draft *d, const struct reply_source *s, enum reply_kind kind)
{
	bool followed = kind == REPLY_ALL && s->followup_to;
	bool replies = kind == REPLY_SENDER || kind == REPLY_ALL;
	const GPtrArray *wish = followed ? s->followup_to : s->reply_to;
	const char *away = replies ? stranger(wish, s, followed) : NULL;
	if (away)
		/* TRANSLATORS: a field of the letter, an address */
		d->notice = g_strdup_printf(_("%s leads to another domain: %s"),
			followed ? "Mail-Followup-To" : "Reply-To", away);
	else if (followed)
		d->notice = g_strdup(_("to those that Mail-Followup-To names"));
	d->warns = away != NULL;
}

/* --- the draft ------------------------------------------------------------------------------- */

static char *file_path(struct ui *ui, const struct message_row *row)
{
	g_autofree char *folder =
		preview_or_folder_path(ui_store(ui), row->folder, row->partial, NULL);
	return folder ? g_build_filename(folder, row->is_new ? "new" : "cur", row->file, NULL)
		      : NULL;
}

static bool has_attached(const struct mime_message *m)
{
	for (guint i = 0; i < m->parts->len; i++)
		if (part_is_attached(m->parts->pdata[i]))
			return true;
	return false;
}

/* --- what may be quoted (M-74) -------------------------------------------------------------- */

static bool came_encrypted(const struct letter *l)
{
	return seal_is_encrypted(l->mime) || (l->crypt && crypt_verdict_has_encrypted(l->crypt));
}

/* Whoever wrote it may have put somebody else's encrypted letter into his own, to get it
 * back in clear from who can read it. */
static bool is_covert(const struct letter *l, const struct mime_block *b)
{
	for (guint i = 0; l->crypt && i < l->crypt->finds->len; i++) {
		const struct crypt_find *f = l->crypt->finds->pdata[i];
		if (f->decrypted && !f->whole && crypt_find_covers(f, b->path))
			return true;
	}
	return false;
}

/* The text that is shown, without what was encrypted in a part of the letter. */
static char *quotable_text(const struct letter *l, bool *left_out)
{
	const struct mime_message *m = l->mime;
	GString *out = g_string_new(m->text ? m->text : "");
	for (guint i = m->blocks->len; i > 0; i--) {
		const struct mime_block *b = m->blocks->pdata[i - 1];
		if (!is_covert(l, b) || b->start + b->length > out->len)
			continue;
		g_string_erase(out, b->start, b->length);
		*left_out = true;
	}
	return g_string_free(out, FALSE);
}

/* A warning about where it goes counts more. */
static void note_left_out(struct draft *d, bool left_out)
{
	if (!left_out || d->warns)
		return;
	g_free(d->notice);
	d->notice = g_strdup(_("what came encrypted in a part of the letter is not quoted"));
	d->warns = true;
}

/* Lists of addresses of the letter, for as long as the draft is made. */
struct lists {
	GPtrArray *from, *reply_to, *to, *cc, *followup;
};

static void lists_clear(struct lists *l)
{
	g_ptr_array_unref(l->from);
	g_ptr_array_unref(l->reply_to);
	g_ptr_array_unref(l->to);
	g_ptr_array_unref(l->cc);
	if (l->followup)
		g_ptr_array_unref(l->followup);
}

static void lists_init(struct lists *l, const struct mime_message *m)
{
	const char *followup = header_value(m, "Mail-Followup-To");
	*l = (struct lists){typed(m->from), typed(m->reply_to), typed(m->to), typed(m->cc), NULL};
	l->followup = followup ? address_parse_list(followup, NULL) : NULL;
	if (l->followup && l->followup->len == 0)
		g_clear_pointer(&l->followup, g_ptr_array_unref);
}

static struct draft *make_draft(
	const struct answer *a, const struct reply_source *source, const struct mime_message *m)
{
	struct identity me;
	g_autoptr(GPtrArray) delivered = delivered_to(m);
	const GPtrArray *const written_to[] = {m->to, m->cc, m->bcc, delivered, m->from, NULL};
	if (!compose_identity(a->ui, written_to, a->row->account, &me))
		return NULL;
	g_auto(GStrv) own = own_addresses(ui_dotfile(a->ui), m);
	return a->resends ? resend_new(source, &me)
			  : reply_new(source, a->kind, &me, (const char *const *)own);
}

/* The parts come along with an inline forward; a whole letter brings its own. */
static void open_page(
	const struct answer *a, const struct mime_message *m, struct compose_start *start)
{
	bool parts = a->kind == REPLY_FORWARD && !a->resends && has_attached(m);
	if (!a->resends)
		compose_prepare(a->ui, start->draft);
	if (parts)
		compose_start_with_parts(a->ui, a->row, start);
	else
		compose_start(a->ui, start);
}

static void answer_ready(const struct letter *letter, void *data)
{
	struct answer *a = data;
	const struct mime_message *m = letter->mime;
	const struct dotfile_writing *w = dotfile_writing(ui_dotfile(a->ui));
	struct lists lists;
	if (a->from->closed)
		return;
	if (!m) {
		ui_complain(a->ui, _("this message could not be read: %s"), letter->error);
		return;
	}
	lists_init(&lists, m);
	g_autofree char *date = clock_long(m->date ? m->date : a->row->arrived);
	g_autofree char *path = file_path(a->ui, a->row);
	bool leaves_out = false;
	g_autofree char *text = quotable_text(letter, &leaves_out);
	const struct reply_source source = {
		.id = a->row->id,
		.from = lists.from,
		.reply_to = lists.reply_to,
		.to = lists.to,
		.cc = lists.cc,
		.followup_to = lists.followup,
		.list_post = header_value(m, "List-Post"),
		.lists = (const char *const *)w->lists,
		.subject = m->subject,
		.message_id = m->message_id,
		.references = m->references->len > 0 ? m->references : m->in_reply_to,
		.date_text = date,
		.text = text,
		.path = a->kind == REPLY_ATTACH || a->resends ? path : NULL,
		.reply_template = w->reply_line,
		.forward_template = w->forward_line,
	};
	g_autofree char *list = a->kind == REPLY_LIST ? reply_list_address(&source) : NULL;
	if (a->kind == REPLY_LIST && !list) {
		ui_complain(a->ui, _("no mailing list is known that this message came by"));
	} else {
		bool answers = a->kind != REPLY_FORWARD && a->kind != REPLY_ATTACH;
		struct compose_start start = {.draft = make_draft(a, &source, m),
			.edit = !a->resends,
			.ask_to = !answers};
		if (start.draft && !a->resends) {
			note_recipients(start.draft, &source, a->kind);
			start.draft->answers_sealed = came_encrypted(letter);
			start.draft->answers_smime =
				start.draft->answers_sealed && seal_is_smime(letter->mime);
			note_left_out(start.draft, leaves_out);
		}
		if (start.draft)
			open_page(a, m, &start);
	}
	lists_clear(&lists);
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

/* An answer needs the rest only for what it quotes; what is sent on, all. */
static void answer(struct ui *ui, enum reply_kind kind, bool resends)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (!row)
		return;
	bool on = kind == REPLY_FORWARD || kind == REPLY_ATTACH || resends;
	struct answer *a = g_new0(struct answer, 1);
	a->ui = ui;
	a->from = view_ref(ui_top(ui));
	a->kind = kind;
	a->resends = resends;
	rest_first(ui, row, !on, &(struct rest_wish){answer_whole, a, answer_free});
}

void command_reply(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_SENDER, false);
}

void command_reply_all(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_ALL, false);
}

void command_reply_list(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_LIST, false);
}

static bool attaches(struct ui *ui)
{
	return dotfile_writing(ui_dotfile(ui))->forward_attached;
}

void command_forward(struct ui *ui, const char *arg)
{
	answer(ui, attaches(ui) ? REPLY_ATTACH : REPLY_FORWARD, false);
}

void command_forward_other(struct ui *ui, const char *arg)
{
	answer(ui, attaches(ui) ? REPLY_FORWARD : REPLY_ATTACH, false);
}

void command_resend(struct ui *ui, const char *arg)
{
	answer(ui, REPLY_FORWARD, true);
}
