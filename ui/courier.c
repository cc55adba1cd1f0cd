/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/size.h"
#include "store/outbox.h"
#include "ui/act.h"
#include "ui/asking.h"
#include "ui/courier.h"
#include "ui/due.h"
#include "ui/header.h"
#include "ui/keymap.h"
#include "ui/poll.h"
#include "ui/rest.h"
#include "ui/surveyor.h"
#include "ui/syncer.h"
#include "ui/ui.h"
#include "wire/parent.h"

struct trip {
	struct courier *courier;
	char *account;
	bool sends; /* else it fetches */
	bool asked; /* by a person: then also "nothing new" is news */
	char *what; /* its word in the status line */
	struct wire_parent *wire;
	int64_t id;
	guint stored;  /* letters that have come */
	char *notice;  /* is given once: the result must not hide it */
	int wait;      /* seconds that the server wants to be left alone */
	guint refused; /* recipients: the word about them stays on the screen */
	bool again;    /* asked for once more while it was under way */
	bool answered; /* it had a password */
};

/* A request of another kind. */
struct request {
	struct courier *courier;
	struct wire_parent *wire;
	int64_t id;
	courier_answer done;
	void *data;
	GDestroyNotify free;
};

struct courier {
	struct ui *ui;
	GPtrArray *trips;     /* of struct trip */
	GPtrArray *requests;  /* of struct request */
	GHashTable *watched;  /* outbox items */
	GHashTable *occupied; /* accounts: somebody else is at their servers */
	GHashTable *put_off;  /* of these, those to be fetched afterwards → if asked */
	struct poll *poll;
	guint timer;     /* looks who is due */
	struct due *due; /* letters that go by themselves */
};

static void await_turn(struct courier *c);
static void start_all(struct courier *c, const char *account, bool sends, bool asked);

static void trip_free(void *data)
{
	struct trip *t = data;
	wire_parent_free(t->wire);
	g_free(t->account);
	g_free(t->what);
	g_free(t->notice);
	g_free(t);
}

static void request_free(void *data)
{
	struct request *q = data;
	wire_parent_free(q->wire);
	if (q->free)
		q->free(q->data);
	g_free(q);
}

/* Nobody asked. */
static void send_due(const char *account, void *data)
{
	start_all(data, account, true, false);
}

struct courier *courier_new(struct ui *ui)
{
	struct courier *c = g_new0(struct courier, 1);
	c->ui = ui;
	c->poll = poll_new(ui_dotfile(ui), clock_now());
	c->due = due_new(ui, send_due, c);
	c->trips = g_ptr_array_new_with_free_func(trip_free);
	c->requests = g_ptr_array_new_with_free_func(request_free);
	c->watched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	c->occupied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->put_off = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return c;
}

void courier_free(struct courier *c)
{
	if (!c)
		return;
	if (c->timer)
		g_source_remove(c->timer);
	due_free(c->due);
	g_ptr_array_unref(c->trips);
	g_ptr_array_unref(c->requests);
	poll_free(c->poll);
	g_hash_table_unref(c->watched);
	g_hash_table_unref(c->occupied);
	g_hash_table_unref(c->put_off);
	g_free(c);
}

/* --- what the agents say ------------------------------------------------------------ */

static void on_progress(struct trip *t, const struct record *r)
{
	g_autofree char *size = size_text(record_int(r, "octets"));
	g_autofree char *text = NULL;
	int done = record_int(r, "done"), total = record_int(r, "total");
	if (total == 0)
		return;
	if (t->sends)
		text = g_strdup_printf(_("sending %s: %d of %d"), t->account, done, total);
	else
		text = g_strdup_printf(
			_("fetching %s: %d of %d, %s"), t->account, done, total, size);
	ui_progress(t->courier->ui, t->what, text);
}

static void on_refused(struct trip *t, const struct record *r)
{
	t->refused++;
	const char *recipient = record_string(r, "recipient"), *server = record_string(r, "server");
	struct ui *ui = t->courier->ui;
	enum context context = ui_top(ui)->ops->context;
	const char *command = context == CONTEXT_OUTBOX ? ":edit-letter" : ":outbox";
	g_autofree char *key = keymap_short_key(ui_keymap(ui), context, command + 1);
	/* What a server says can be long, and what to do must not be cut off. */
	ui_complain(ui, _("'%s' was refused, press %s to correct it: %s"),
		recipient ? recipient : "", key ? key : command,
		server ? server : _("no reason given"));
	ui_store_changed(t->courier->ui);
}

struct asked {
	struct courier *courier;
	char *account;
	bool sends;
};

static void asked_free(void *data)
{
	struct asked *q = data;
	g_free(q->account);
	g_free(q);
}

static struct trip *find_trip(const struct courier *c, const char *account, bool sends)
{
	for (guint i = 0; i < c->trips->len; i++) {
		struct trip *t = c->trips->pdata[i];
		if (t->sends == sends && strcmp(t->account, account) == 0)
			return t;
	}
	return NULL;
}

static void asked_answered(struct ui *ui, const struct record *ask, const char *text, void *data)
{
	struct asked *q = data;
	struct trip *t = find_trip(q->courier, q->account, q->sends);
	if (!t)
		return;
	t->answered = t->answered || record_is(ask, "what", "password");
	wire_parent_answer(t->wire, ask, text);
}

static void on_ask(struct trip *t, const struct record *r)
{
	struct asked *q = g_new0(struct asked, 1);
	q->courier = t->courier;
	q->account = g_strdup(t->account);
	q->sends = t->sends;
	asking_put(t->courier->ui, r,
		&(struct asking){.account = t->account,
			.sends = t->sends,
			.again = t->answered,
			.unasked = !t->asked,
			.answer = asked_answered,
			.data = q,
			.free = asked_free});
}

/* What was sent of what is watched: the letters answered get their mark. */
static void look_after_watched(struct courier *c)
{
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, c->watched);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		g_autoptr(outbox_item) item = outbox_get(ui_store(c->ui), *(int64_t *)key, NULL);
		bool sent = false;
		for (guint i = 0; item && i < item->recipients->len; i++) {
			const struct outbox_recipient *r = item->recipients->pdata[i];
			sent = sent || r->state == RECIPIENT_SENT;
		}
		if (item && sent && item->answers)
			act_set_flags(c->ui, item->answers, FLAG_REPLIED);
		if (!item || sent || item->state == OUTBOX_DONE)
			g_hash_table_iter_remove(&iter);
	}
}

static void tell_done(struct trip *t, const struct record *r)
{
	struct ui *ui = t->courier->ui;
	int n = record_int(r, t->sends ? "sent" : "new"), large = record_int(r, "large");
	n += record_int(r, "previews");
	if (t->refused > 0)
		return;
	if (large > 0 && t->asked) {
		ui_outcome(ui, t->what, true,
			P_("%s: new messages: %d; %d letter is too large and is left on the "
			   "server; to fetch it raise max-size or preview",
				"%s: new messages: %d; %d letters are too large and are left on "
				"the server; to fetch them raise max-size or preview",
				large),
			t->account, n, large);
		return;
	}
	if (t->sends && n > 0)
		ui_outcome(ui, t->what, false, P_("%s: %d message sent", "%s: %d messages sent", n),
			t->account, n);
	else if (!t->sends && n > 0)
		ui_outcome(ui, t->what, false, P_("%s: %d new message", "%s: %d new messages", n),
			t->account, n);
	else if (!t->sends && t->asked)
		ui_outcome(ui, t->what, false, _("%s: no new messages"), t->account);
}

static void on_notice(struct trip *t, const struct record *r)
{
	g_free(t->notice);
	t->notice = g_strdup(record_string(r, "text"));
}

/* It is news even to who does not look at the outbox: the letter went to nobody. */
static void on_given_up(struct trip *t, const struct record *r)
{
	const char *subject = record_string(r, "subject"), *text = record_string(r, "text");
	g_free(t->notice);
	/* TRANSLATORS: the subject of a letter, why it could not be sent */
	t->notice = g_strdup_printf(_("'%s' was not sent, see Drafts and the outbox: %s"),
		subject ? subject : "", text ? text : "");
	syncer_want(ui_syncer(t->courier->ui), FOLDER_DRAFTS);
}

static void on_wait(struct trip *t, const struct record *r)
{
	t->wait = (int)record_int(r, "seconds");
}

/* Whether to tell: a person who asked is answered, others are told what they can
 * do something about, and what does not pass by itself. */
static bool plan_next(struct trip *t, enum wire_code code, bool *stopped)
{
	struct courier *c = t->courier;
	*stopped = false;
	/* Letters that go by themselves say nothing while the network is away (S-54), or
	 * another agent is at them. */
	if (t->sends)
		return t->asked || (code != CODE_OFFLINE && code != CODE_BUSY);
	struct poll_failure why = {code, t->stored > 0, t->wait};
	struct retry next = poll_failed(c->poll, t->account, &why, clock_now());
	await_turn(c);
	*stopped = next.kind == RETRY_STOP && !t->asked;
	return next.tell || t->asked;
}

/* A typed password was refused, and is forgotten: what asks for it again.  NULL: it was
 * none. */
static char *way_to_be_asked(const struct trip *t, enum wire_code code)
{
	struct ui *ui = t->courier->ui;
	const struct keymap *keys = ui_keymap(ui);
	enum context context = ui_top(ui)->ops->context;
	if (code != CODE_AUTH || !t->answered)
		return NULL;
	bool direct = !t->sends || context == CONTEXT_OUTBOX;
	const char *command = !t->sends ? ":fetch" : direct ? ":release" : ":outbox";
	g_autofree char *key = keymap_short_key(keys, context, command + 1);
	g_autofree char *then = keymap_short_key(keys, CONTEXT_OUTBOX, "release");
	if (direct)
		return g_strdup_printf(_("press %s to be asked for it again"), key ? key : command);
	return g_strdup_printf(_("press %s, then %s to be asked for it again"),
		key ? key : command, then ? then : ":release");
}

static void tell_failed(struct trip *t, const struct record *r)
{
	const char *code = record_string(r, "code"), *text = record_string(r, "text");
	struct ui *ui = t->courier->ui;
	enum wire_code known = wire_code_from_name(code ? code : "");
	bool stopped;
	if (!plan_next(t, known, &stopped))
		return;
	g_autofree char *way = way_to_be_asked(t, known);
	g_autofree char *whole =
		g_strconcat(text ? text : wire_code_text(known), way ? "; " : NULL, way, NULL);
	text = whole;
	if (known == CODE_CANCELLED)
		ui_outcome(ui, t->what, false, _("%s: stopped"), t->account);
	/* A refused recipient was told by its own event, with more to say. */
	else if (stopped)
		ui_outcome(ui, t->what, true, _("%s is not fetched by itself any more: %s"),
			t->account, text);
	else if (known != CODE_RECIPIENT)
		ui_outcome(ui, t->what, true, "%s: %s", t->account, text);
}

static void on_last(struct trip *t, const struct record *r)
{
	struct courier *c = t->courier;
	g_autofree char *account = g_strdup(t->account);
	bool sends = t->sends, again = t->again;
	ui_progress(c->ui, t->what, NULL);
	asking_ended(c->ui, r, account, sends);
	bool failed = record_is(r, "event", "failed");
	if (failed)
		tell_failed(t, r);
	else
		tell_done(t, r);
	/* A letter is given up when its server cannot be reached, most of the time. */
	if (t->notice && (sends || !failed))
		ui_outcome(c->ui, t->what, true, "%s", t->notice);
	if (!failed) {
		if (!sends)
			poll_done(c->poll, account, clock_now());
	}
	if (sends)
		look_after_watched(c);
	g_ptr_array_remove(c->trips, t);
	if (!sends)
		surveyor_go_on(ui_surveyor(c->ui));
	syncer_want(ui_syncer(c->ui), NULL);
	ui_store_changed(c->ui);
	if (sends)
		due_ended(c->due, account, failed && record_is(r, "code", "cancelled"));
	if (again && sends)
		courier_send(c, account);
	if (!sends)
		rests_go_on(ui_rests(c->ui));
}

static void on_stored(struct trip *t, const struct record *r)
{
	const char *folder = record_string(r, "folder");
	t->stored++;
	syncer_want(ui_syncer(t->courier->ui), folder);
}

static void on_event(const struct record *r, bool last, void *data)
{
	static const struct {
		const char *name;
		void (*take)(struct trip *t, const struct record *r);
	} events[] = {
		{"progress", on_progress},
		{"stored", on_stored},
		{"refused", on_refused},
		{"ask", on_ask},
		{"notice", on_notice},
		{"wait", on_wait},
		{"given-up", on_given_up},
	};
	struct trip *t = data;
	if (last) {
		on_last(t, r);
		return;
	}
	/* Other events are of newer agents: the store tells what they did. */
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		if (record_is(r, "event", events[i].name))
			events[i].take(t, r);
}

/* --- sending them out ----------------------------------------------------------------- */

static struct trip *start_trip(struct courier *c, const struct account *a, bool sends)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {sends ? "dewey-smtp" : "dewey-pop3", "-c",
		dotfile_path(ui_dotfile(c->ui)), "--wire", NULL};
	struct trip *t = find_trip(c, a->id, sends);
	if (t) {
		t->again = true;
		return t;
	}
	struct wire_parent *wire = wire_parent_new(argv, true, &error);
	if (!wire) {
		ui_complain(c->ui, "%s", error->message);
		return NULL;
	}
	t = g_new0(struct trip, 1);
	t->courier = c;
	t->account = g_strdup(a->id);
	t->sends = sends;
	t->what = g_strconcat(sends ? "send " : "fetch ", a->id, NULL);
	t->wire = wire;
	g_ptr_array_add(c->trips, t);
	if (sends)
		due_begins(c->due, a->id);
	g_autofree char *text = g_strdup_printf(sends ? _("sending %s") : _("fetching %s"), a->id);
	ui_progress(c->ui, t->what, text);
	struct record *request = record_new("do", sends ? "send" : "fetch");
	record_set_string(request, "account", a->id);
	/* Somebody is here to be asked about a refused recipient (S-40). */
	if (sends && dotfile_partial(ui_dotfile(c->ui)) == PARTIAL_HOLD)
		record_set_string(request, "partial", "hold");
	t->id = wire_parent_request(wire, request, NULL, 0, on_event, t);
	return t;
}

static void start_all(struct courier *c, const char *account, bool sends, bool asked)
{
	const struct dotfile *d = ui_dotfile(c->ui);
	guint started = 0;
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		if (!(sends ? a->smtp : a->pop3) || (account && strcmp(account, a->id) != 0))
			continue;
		if (!sends && g_hash_table_contains(c->occupied, a->id)) {
			g_hash_table_insert(c->put_off, g_strdup(a->id), GINT_TO_POINTER(asked));
			started++;
			continue;
		}
		struct trip *t = start_trip(c, a, sends);
		if (t && asked)
			t->asked = true;
		started++;
	}
	if (started > 0)
		return;
	if (account)
		ui_complain(c->ui,
			sends ? _("the account '%s' has no 'smtp'")
			      : _("the account '%s' has no 'pop3'"),
			account);
	else
		ui_complain(c->ui, _("no account is configured: see deweyrc(5)"));
}

void courier_fetch(struct courier *c, const char *account)
{
	start_all(c, account, false, true);
}

void courier_send(struct courier *c, const char *account)
{
	start_all(c, account, true, true);
}

bool courier_occupy(struct courier *c, const char *account)
{
	if (find_trip(c, account, false) || g_hash_table_contains(c->occupied, account))
		return false;
	g_hash_table_add(c->occupied, g_strdup(account));
	return true;
}

void courier_vacate(struct courier *c, const char *account)
{
	gpointer asked;
	g_hash_table_remove(c->occupied, account);
	if (g_hash_table_lookup_extended(c->put_off, account, NULL, &asked)) {
		g_hash_table_remove(c->put_off, account);
		start_all(c, account, false, GPOINTER_TO_INT(asked));
	}
	rests_go_on(ui_rests(c->ui));
	surveyor_go_on(ui_surveyor(c->ui));
}

void courier_watch(struct courier *c, int64_t item)
{
	g_hash_table_add(c->watched, g_memdup2(&item, sizeof item));
}

void courier_take_up(struct courier *c, int64_t item, const char *account, const GError *error)
{
	ui_store_changed(c->ui);
	if (error) {
		ui_complain(c->ui, "%s", error->message);
		return;
	}
	courier_watch(c, item);
	if (account)
		courier_send(c, account);
}

static gboolean on_timer(void *data)
{
	struct courier *c = data;
	const char *account;
	while ((account = poll_next(c->poll, clock_now())))
		start_all(c, account, false, false);
	return G_SOURCE_CONTINUE;
}

static void await_turn(struct courier *c)
{
	int step = poll_step(c->poll);
	if (step > 0 && !c->timer)
		c->timer = g_timeout_add_seconds((guint)step, on_timer, c);
}

/* Letters that waited when the front end was left. */
static void send_waiting(struct courier *c)
{
	g_autoptr(GPtrArray) items = outbox_list(ui_store(c->ui), false, NULL);
	bool waiting = false;
	for (guint i = 0; items && i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		courier_watch(c, item->id);
		/* What an agent that died had is put where it belongs by the next one. */
		waiting = waiting || item->state == OUTBOX_QUEUED ||
			  item->state == OUTBOX_SENDING || item->state == OUTBOX_DOT_PENDING ||
			  due_of(c->due, item) != 0;
	}
	if (waiting)
		start_all(c, NULL, true, false);
	due_look(c->due);
}

void courier_start(struct courier *c, bool fetch)
{
	if (dotfile_account_count(ui_dotfile(c->ui)) == 0)
		return;
	await_turn(c);
	send_waiting(c);
	if (fetch)
		courier_fetch(c, NULL);
	else
		on_timer(c);
}

static void on_answer(const struct record *event, bool last, void *data)
{
	struct request *q = data;
	if (!last)
		return;
	q->done(q->courier->ui, event, q->data);
	g_ptr_array_remove(q->courier->requests, q);
}

void courier_ask(struct courier *c, const char *account, struct record *request,
	courier_answer done, void *data, GDestroyNotify free)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {"dewey-smtp", "-c", dotfile_path(ui_dotfile(c->ui)), "--wire", NULL};
	struct request *q = g_new0(struct request, 1);
	*q = (struct request){c, wire_parent_new(argv, true, &error), 0, done, data, free};
	record_set_string(request, "account", account);
	if (!q->wire) {
		ui_complain(c->ui, "%s", error->message);
		record_free(request);
		request_free(q);
		return;
	}
	g_ptr_array_add(c->requests, q);
	q->id = wire_parent_request(q->wire, request, NULL, 0, on_answer, q);
}

bool courier_cancel(struct courier *c)
{
	for (guint i = 0; i < c->requests->len; i++) {
		struct request *q = c->requests->pdata[i];
		wire_parent_cancel(q->wire, q->id);
	}
	for (guint i = 0; i < c->trips->len; i++) {
		struct trip *t = c->trips->pdata[i];
		wire_parent_cancel(t->wire, t->id);
	}
	return c->trips->len + c->requests->len > 0;
}

bool courier_busy(const struct courier *c)
{
	return c->trips->len + c->requests->len > 0;
}
