/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "compose/answer.h"
#include "store/actions.h"
#include "store/answered.h"
#include "store/outbox.h"
#include "store/when.h"
#include "ui/act.h"
#include "ui/courier.h"
#include "ui/letters.h"
#include "ui/outgoing.h"
#include "ui/passphrase.h"
#include "ui/seal.h"
#include "ui/unsend.h"
#include "ui/view-compose.h"

struct outgoing {
	struct ui *ui;
	struct outgoing_letter letter;
	void (*done)(const char *error, void *data);
	void *data;
	char *account;
	int64_t item, undo_until;
	struct crypt_client *crypt;
	struct passphrase passphrase;
	bool ended; /* the front end knows of it */
	GError *error;
};

static bool write_built(int fd, void *user, GError **error)
{
	return built_letter_write(user, fd, error);
}

/* The bits are the same; a letter goes also where reports cannot be asked for. */
static unsigned options_of(const struct outgoing_letter *letter)
{
	unsigned asks = letter->asks & (letter->send_at ? ~0U : ~(unsigned)ASK_SERVER_HOLDS);
	return asks & (ASK_NOTIFY | ASK_RETURN) ? asks | OUTBOX_WITHOUT_DSN : asks;
}

/* Whoever finds the desk after a crash sees that the letter is in the outbox. */
static bool note_sent(struct outgoing *o, const struct built_letter *built)
{
	const char *id = built->message_id;
	return !o->letter.desk ||
	       desk_save(o->letter.desk, DESK_SENDS, id, strlen(id), &o->error);
}

static bool is_alone(const struct draft *d)
{
	return d->parts->len == 0 && !d->letter && !d->resends;
}

static const struct seal_settings *seal_settings(const struct outgoing *o)
{
	return compose_seal_settings(o->ui, o->letter.draft);
}

/* The files go with the desk; but they are in the letter, and it is taken apart again
 * where it is called back.  A signed one could not be, nor one that is encrypted. */
static GBytes *draft_beside(struct outgoing *o, const struct seal_plan *plan)
{
	const struct draft *d = o->letter.draft;
	bool changed = plan->sign || plan->encrypt;
	if (!is_alone(d) && !changed)
		return NULL;
	g_autoptr(GBytes) saved = is_alone(d) ? draft_save(d, NULL) : seal_pack(d, NULL);
	return saved ? seal_saved(o->crypt, d, seal_settings(o), saved, NULL) : NULL;
}

static struct built_letter *build(struct outgoing *o, const struct seal_plan *plan)
{
	struct draft d = *o->letter.draft;
	const struct seal_settings *settings = seal_settings(o);
	g_autofree char *autocrypt = seal_autocrypt_value(o->crypt, &d, settings);
	d.autocrypt = autocrypt;
	return seal_letter(o->crypt, plan, &d, settings, &o->error);
}

/* A card that is opened again tells it; without that, nothing is lost but a word. */
static void note_answer(struct store *s, const char *calendar)
{
	g_autofree char *uid = answer_value(calendar, "UID");
	g_autofree char *recurrence = answer_value(calendar, "RECURRENCE-ID");
	g_autofree char *sequence = answer_value(calendar, "SEQUENCE");
	g_autofree char *state = answer_value(calendar, "PARTSTAT");
	g_autofree char *key = uid ? g_strdup_printf("%s%s%s", uid, recurrence ? " " : "",
					     recurrence ? recurrence : "") : NULL;
	struct ledger *l = store_ledger(s, NULL);
	if (l && key && state)
		answered_note(l, ANSWERED_INVITATION, key, state,
			sequence ? g_ascii_strtoll(sequence, NULL, 10) : 0, NULL);
}

static void queue(struct outgoing *o, struct store *s)
{
	const struct draft *d = o->letter.draft;
	const struct seal_source from = {o->crypt, store_ledger(s, NULL)};
	g_autoptr(seal_plan) plan = seal_plan_new(&from, d, seal_settings(o), &o->error);
	g_autoptr(built_letter) built = plan ? build(o, plan) : NULL;
	if (!built)
		return;
	g_autoptr(GBytes) text = draft_beside(o, plan);
	gsize draft_len = 0;
	const void *draft_data = text ? g_bytes_get_data(text, &draft_len) : NULL;
	int undo = dotfile_writing(ui_dotfile(o->ui))->undo;
	o->undo_until = undo > 0 ? clock_now() + undo : 0;
	g_ptr_array_add(built->recipients, NULL);
	struct outbox_letter letter = {
		.account = d->account,
		.sender = built->sender,
		.subject = built->subject,
		.message_id = built->message_id,
		.recipients = (const char *const *)built->recipients->pdata,
		.write = write_built,
		.user = built,
		.undo_until = o->undo_until,
		.send_at = o->letter.send_at,
		.draft = draft_data,
		.draft_len = draft_len,
		.options = options_of(&o->letter),
		.envid = built->envid,
		.answers = d->forwards ? 0 : d->answers,
	};
	if (note_sent(o, built))
		o->item = outbox_add(s, &letter, &o->error);
	if (o->item && d->calendar)
		note_answer(s, d->calendar);
	g_ptr_array_set_size(built->recipients, (gint)built->recipients->len - 1);
}

/* The files of parts go with the desk, an enclosed letter may move in its folder: so
 * both are in the draft.  It can be large, and is in no memory. */
static GBytes *pack(struct outgoing *o, struct store *s)
{
	g_autofree char *path = NULL;
	g_autoptr(GMappedFile) map = NULL;
	g_autoptr(built_letter) built = draft_pack(o->letter.draft, &o->error);
	int fd = built ? store_temp_file(s, &path, &o->error) : -1;
	if (fd < 0)
		return NULL;
	if (built_letter_write(built, fd, &o->error))
		map = g_mapped_file_new_from_fd(fd, FALSE, &o->error);
	close(fd);
	unlink(path);
	return map ? g_mapped_file_get_bytes(map) : NULL;
}

/* Encrypted where the letter would be: then it is packed in memory. */
static GBytes *kept_bytes(struct outgoing *o, struct store *s)
{
	const struct draft *d = o->letter.draft;
	const struct seal_settings *settings = seal_settings(o);
	bool whole = d->parts->len > 0 || (d->letter && *d->letter) || d->resends;
	bool plain = !(seal_wish(d, settings) & (SEAL_ENCRYPT | SEAL_AUTO));
	if (whole && plain)
		return pack(o, s);
	g_autoptr(GBytes) saved = whole ? seal_pack(d, &o->error) : draft_save(d, &o->error);
	return saved ? seal_saved(o->crypt, d, settings, saved, &o->error) : NULL;
}

static void keep(struct outgoing *o, struct store *s)
{
	g_autoptr(GBytes) bytes = kept_bytes(o, s);
	gsize len;
	const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
	if (data && store_make_folder(s, FOLDER_DRAFTS, &o->error))
		action_add(s, FOLDER_DRAFTS, data, len, FLAG_DRAFT | FLAG_SEEN, &o->error);
}

/* From here on it is in two places for a moment, never in none. */
static void replace(struct outgoing *o, struct store *s)
{
	if (o->letter.desk)
		desk_remove(o->letter.desk);
	if (o->letter.item)
		outbox_drop(s, o->letter.item, NULL);
}

static void outgoing_run(struct room *room, void *data)
{
	struct outgoing *o = data;
	struct store *s = room_store(room, &o->error);
	o->crypt = crypt_client_new();
	crypt_client_set_ask(o->crypt, passphrase_answer, &o->passphrase);
	if (s && o->letter.kind == OUTGOING_SEND)
		queue(o, s);
	else if (s)
		keep(o, s);
	if (s && !o->error)
		replace(o, s);
	g_clear_pointer(&o->crypt, crypt_client_free);
}

/* A letter of a later time need not be waited for on the screen. */
static void let_go(struct outgoing *o, const char *account)
{
	bool leaves = !o->letter.send_at || (o->letter.asks & ASK_SERVER_HOLDS);
	courier_watch(ui_courier(o->ui), o->item);
	if (o->letter.send_at) {
		g_autofree char *when = when_text(o->letter.send_at);
		/* S-16 */
		ui_say(o->ui,
			leaves ? _("goes to the server to wait there until %s, and cannot be "
				   "called back from it")
			       : _("in the outbox until %s"),
			when);
	}
	if (o->undo_until)
		unsend_watch(ui_unsend(o->ui),
			&(struct unsend_item){o->item, o->undo_until, account, !leaves});
	else
		courier_send(ui_courier(o->ui), account);
}

static void outgoing_free(void *data);
static const struct job outgoing_job;

static void passphrase_given(struct ui *ui, bool given, void *data)
{
	struct outgoing *o = data;
	if (given) {
		g_clear_error(&o->error);
		worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &outgoing_job, o);
		return;
	}
	o->done(o->error->message, o->data);
	outgoing_free(o);
}

static void outgoing_end(void *data)
{
	struct outgoing *o = data;
	if (passphrase_is_wanted(&o->passphrase, o->error)) {
		struct outgoing *next = g_memdup2(o, sizeof *o);
		*o = (struct outgoing){.ended = true};
		passphrase_prompt(
			next->ui, &next->passphrase, passphrase_given, next, outgoing_free);
		return;
	}
	const struct draft *d = o->letter.draft;
	int64_t forwarded = d->forwards ? d->answers : 0;
	o->ended = true;
	o->done(o->error ? o->error->message : NULL, o->data);
	ui_store_changed(o->ui);
	if (o->error)
		return;
	if (o->letter.recalled)
		act_drop(o->ui, o->letter.recalled);
	if (o->letter.kind == OUTGOING_POSTPONE) {
		ui_say(o->ui, _("kept in Drafts"));
		return;
	}
	if (d->calendar)
		letters_forget(ui_letters(o->ui));
	if (forwarded)
		act_set_flags(o->ui, forwarded, FLAG_PASSED);
	let_go(o, o->account);
}

static void outgoing_free(void *data)
{
	struct outgoing *o = data;
	/* Who sent it has quit meanwhile. */
	if (o->item && !o->ended)
		unsend_leave(o->ui, o->item, o->account);
	g_free(o->account);
	passphrase_clear(&o->passphrase);
	if (o->letter.desk)
		desk_unref(o->letter.desk);
	g_clear_error(&o->error);
	g_free(o);
}

static const struct job outgoing_job = {outgoing_run, outgoing_end, outgoing_free};

void outgoing_start(struct ui *ui, const struct outgoing_letter *letter,
	void (*done)(const char *error, void *data), void *data)
{
	struct outgoing *o = g_new0(struct outgoing, 1);
	o->ui = ui;
	o->letter = *letter;
	o->account = g_strdup(letter->draft->account);
	o->done = done;
	o->data = data;
	if (letter->desk)
		desk_ref(letter->desk);
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &outgoing_job, o);
}
