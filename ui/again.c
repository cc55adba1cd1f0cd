/* SPDX-License-Identifier: MIT
 *
 * A letter that did not reach somebody goes to those again, as it was: the same
 * octets with the same Message-ID, to the addresses that are typed. */
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "compose/address.h"
#include "store/outbox.h"
#include "ui/command.h"
#include "ui/courier.h"
#include "ui/fate.h"
#include "ui/letters.h"
#include "ui/view-message.h"

enum { PIECE = 65536 };

struct again {
	struct ui *ui;
	struct view *from;       /* where the key was pressed */
	struct message_row *row; /* the sent letter */
	char *account, *sender, *typed;
	/* of the job */
	GPtrArray *recipients; /* of char *, NULL at the end */
	int fd;
	int64_t item;
	GError *error;
};

static void again_free(void *data)
{
	struct again *a = data;
	view_unref(a->from);
	message_row_free(a->row);
	g_free(a->account);
	g_free(a->sender);
	g_free(a->typed);
	if (a->recipients)
		g_ptr_array_unref(a->recipients);
	g_clear_error(&a->error);
	g_free(a);
}

/* --- on the actions thread --------------------------------------------------------- */

static bool copy_letter(int to, void *user, GError **error)
{
	const struct again *a = user;
	g_autofree char *piece = g_malloc(PIECE);
	for (;;) {
		ssize_t n = read(a->fd, piece, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || fdio_fail(error, "read", a->row->file);
		if (!fdio_write_all(to, piece, (size_t)n, error))
			return false;
	}
}

static void again_run(struct room *room, void *data)
{
	struct again *a = data;
	struct store *s = room_store(room, &a->error);
	a->fd = s ? letter_open(room, a->row->folder, a->row->file, &a->error) : -1;
	if (a->fd < 0)
		return;
	struct outbox_letter letter = {
		.account = a->account,
		.sender = a->sender,
		.subject = a->row->subject,
		.message_id = a->row->message_id,
		.recipients = (const char *const *)a->recipients->pdata,
		.write = copy_letter,
		.user = a,
		.again = true,
	};
	a->item = outbox_add(s, &letter, &a->error);
	close(a->fd);
}

static void again_done(void *data)
{
	struct again *a = data;
	courier_take_up(ui_courier(a->ui), a->item, a->account, a->error);
}

static const struct job again_job = {again_run, again_done, again_free};

/* --- to whom ----------------------------------------------------------------------- */

/* Takes a. */
static void send_again(struct again *a)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) typed = address_parse_list(a->typed, &error);
	if (!typed || typed->len == 0) {
		ui_complain(a->ui, "%s", error ? error->message : _("there is no recipient"));
		again_free(a);
		return;
	}
	a->recipients = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < typed->len; i++) {
		const struct typed_address *t = typed->pdata[i];
		g_ptr_array_add(a->recipients, g_strdup(t->address));
	}
	g_ptr_array_add(a->recipients, NULL);
	worker_push(ui_worker(a->ui, UI_WORKER_ACTIONS), &again_job, a);
}

static void addresses_typed(struct ui *ui, const char *text, void *data)
{
	struct again **box = data;
	if (!text || !*text)
		return;
	struct again *a = g_steal_pointer(box);
	g_free(a->typed);
	a->typed = g_strdup(text);
	send_again(a);
}

static void box_free(void *data)
{
	struct again **box = data;
	if (*box)
		again_free(*box);
	g_free(box);
}

static char *failed_addresses(const GPtrArray *fates)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < fates->len; i++) {
		const struct fate *f = fates->pdata[i];
		if (f->failed)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", f->address);
	}
	return g_string_free(out, FALSE);
}

/* --- which letter ------------------------------------------------------------------ */

static struct message_row *copy_of_item(struct ui *ui, const struct outbox_item *item)
{
	struct index *ix = ui_index(ui);
	return ix && item->sent_base ? index_by_base(ix, item->sent_folder, item->sent_base, NULL)
				     : NULL;
}

/* The letter as it was sent goes before what else has its id: a copy that came back
 * by a list is another one. */
static struct message_row *sent_copy(const struct again *a, const char *message_id)
{
	struct index *ix = ui_index(a->ui);
	g_autoptr(GPtrArray) items = outbox_find(ui_store(a->ui), message_id, NULL);
	struct message_row *row = NULL;
	for (guint i = 0; items && !row && i < items->len; i++)
		row = copy_of_item(a->ui, items->pdata[i]);
	if (!row && ix && strcmp(a->row->message_id, message_id) == 0)
		row = index_message(ix, a->row->id, NULL);
	return row || !ix ? row : index_by_message_id(ix, message_id, NULL);
}

/* By whom it was sent, if it was one of ours. */
static bool find_sender(struct again *a, const GPtrArray *fates)
{
	const struct account *own = dotfile_account_by_address(ui_dotfile(a->ui), a->row->from);
	for (guint i = 0; !a->account && i < fates->len; i++) {
		const struct fate *f = fates->pdata[i];
		a->account = g_strdup(f->account);
		a->sender = g_strdup(f->sender);
	}
	if (!a->account && own) {
		a->account = g_strdup(own->id);
		a->sender = g_strdup(own->address);
	}
	return a->account != NULL;
}

/* Takes a; message_id NULL: that of a letter nobody knows. */
static void ask(struct again *a, const char *message_id)
{
	struct ui *ui = a->ui;
	g_autoptr(GPtrArray) fates = fates_of(ui_store(ui), message_id ? message_id : "");
	g_autofree char *failed = failed_addresses(fates);
	struct message_row *row = message_id ? sent_copy(a, message_id) : NULL;
	message_row_free(a->row);
	a->row = row;
	if (!a->row || !find_sender(a, fates)) {
		ui_complain(ui, _("the letter that was sent is not here"));
		again_free(a);
		return;
	}
	if (a->typed) {
		send_again(a);
		return;
	}
	if (!*failed) {
		ui_say(ui, _("nobody is known whom this letter did not reach"));
		again_free(a);
		return;
	}
	struct again **box = g_memdup2(&a, sizeof a);
	ui_prompt(ui, &(struct prompt_spec){.label = _("Send again to: "),
			      .text = failed,
			      .history = "address",
			      .done = addresses_typed,
			      .data = box,
			      .free = box_free});
}

static void letter_ready(const struct letter *letter, void *data)
{
	struct again **box = data;
	struct again *a = *box;
	if (a->from->closed)
		return;
	const struct mime_report *report = letter->mime ? letter->mime->report : NULL;
	g_autofree char *id = report ? reports_letter(ui_store(a->ui), report, NULL)
				     : g_strdup(a->row->message_id);
	*box = NULL;
	ask(a, id);
}

void command_resend_failed(struct ui *ui, const char *arg)
{
	struct message_row *row = message_at_hand(ui);
	if (!row)
		return;
	struct again *a = g_new0(struct again, 1);
	a->ui = ui;
	a->from = view_ref(ui_top(ui));
	a->row = row;
	a->fd = -1;
	a->typed = g_strdup(arg);
	letters_then(ui_letters(ui), row, letter_ready, g_memdup2(&a, sizeof a), box_free);
}
