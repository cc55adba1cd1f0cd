/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/actions.h"
#include "store/outbox.h"
#include "ui/act.h"
#include "ui/courier.h"
#include "ui/outgoing.h"

struct outgoing {
	struct ui *ui;
	enum outgoing_kind kind;
	const struct draft *draft;
	void (*done)(const char *error, void *data);
	void *data;
	int64_t item;
	GError *error;
};

static bool write_built(int fd, void *user, GError **error)
{
	return built_letter_write(user, fd, error);
}

static void queue(struct outgoing *o, struct store *s)
{
	g_autoptr(built_letter) built = draft_build(o->draft, &o->error);
	if (!built)
		return;
	g_ptr_array_add(built->recipients, NULL);
	struct outbox_letter letter = {
		.account = o->draft->account,
		.sender = built->sender,
		.subject = built->subject,
		.message_id = built->message_id,
		.recipients = (const char *const *)built->recipients->pdata,
		.write = write_built,
		.user = built,
		.answers = o->draft->forwards ? 0 : o->draft->answers,
	};
	o->item = outbox_add(s, &letter, &o->error);
	g_ptr_array_set_size(built->recipients, (gint)built->recipients->len - 1);
}

static void keep(struct outgoing *o, struct store *s)
{
	g_autoptr(GBytes) bytes = draft_save(o->draft, &o->error);
	gsize len;
	const void *data = bytes ? g_bytes_get_data(bytes, &len) : NULL;
	if (data && store_make_folder(s, FOLDER_DRAFTS, &o->error))
		action_add(s, FOLDER_DRAFTS, data, len, FLAG_DRAFT | FLAG_SEEN, &o->error);
}

static void outgoing_run(struct room *room, void *data)
{
	struct outgoing *o = data;
	struct store *s = room_store(room, &o->error);
	if (s && o->kind == OUTGOING_SEND)
		queue(o, s);
	else if (s)
		keep(o, s);
}

static void outgoing_end(void *data)
{
	struct outgoing *o = data;
	g_autofree char *account = g_strdup(o->draft->account);
	bool forwards = o->draft->forwards;
	int64_t answers = o->draft->answers;
	o->done(o->error ? o->error->message : NULL, o->data);
	ui_store_changed(o->ui);
	if (o->error)
		return;
	if (o->kind == OUTGOING_POSTPONE) {
		ui_say(o->ui, _("kept in Drafts"));
		return;
	}
	if (forwards && answers)
		act_set_flags(o->ui, answers, FLAG_PASSED);
	courier_watch(ui_courier(o->ui), o->item);
	courier_send(ui_courier(o->ui), account);
}

static void outgoing_free(void *data)
{
	struct outgoing *o = data;
	g_clear_error(&o->error);
	g_free(o);
}

static const struct job outgoing_job = {outgoing_run, outgoing_end, outgoing_free};

void outgoing_start(struct ui *ui, enum outgoing_kind kind, const struct draft *d,
	void (*done)(const char *error, void *data), void *data)
{
	struct outgoing *o = g_new0(struct outgoing, 1);
	o->ui = ui;
	o->kind = kind;
	o->draft = d;
	o->done = done;
	o->data = data;
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &outgoing_job, o);
}
