/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/size.h"
#include "store/preview.h"
#include "store/sync.h"
#include "ui/asking.h"
#include "ui/command.h"
#include "ui/courier.h"
#include "ui/header.h"
#include "ui/rest.h"
#include "ui/syncer.h"
#include "ui/view-message.h"
#include "wire/parent.h"

/* --- can it be had? ---------------------------------------------------------------- */

void rest_place_clear(struct rest_place *place)
{
	g_free(place->account);
	g_free(place->where);
}

static char *base_of(const struct message_row *row)
{
	return g_strndup(row->file, maildir_base_length(row->file));
}

static enum rest_state state_of(const struct uid_row *row, const struct account *a)
{
	if (row->state != UID_PREVIEW || row->gone != 0)
		return REST_GONE;
	if (!a || !a->pop3)
		return REST_NO_ACCOUNT;
	return a->max_size != 0 && (uint64_t)row->whole > a->max_size ? REST_TOO_LARGE : REST_THERE;
}

struct rest_place rest_look(struct store *s, const struct dotfile *d, const struct message_row *row)
{
	struct rest_place place = {.state = REST_GONE};
	g_autofree char *base = base_of(row);
	struct ledger *l = store_ledger(s, NULL);
	struct uid_row *known = l ? uids_by_base(l, base, &place.account, NULL) : NULL;
	if (!known)
		return place;
	/* The key of an account is "word|host|port|login". */
	place.account[strcspn(place.account, "|")] = '\0';
	place.row = known->id;
	const struct account *a = dotfile_account_by_name(d, place.account);
	place.state = state_of(known, a);
	if (place.state == REST_TOO_LARGE)
		place.where = g_strdup_printf("%s:%d", a->file, a->max_size_line);
	uid_row_free(known);
	return place;
}

static char *reason(const struct rest_place *place)
{
	switch (place->state) {
	case REST_GONE:
		return g_strdup(_("the rest is no longer on the server"));
	case REST_TOO_LARGE:
		return g_strdup_printf(_("the rest is over the max-size of '%s'; raise it in %s, and "
					 "start dewey again"),
			place->account, place->where);
	case REST_NO_ACCOUNT:
		return g_strdup_printf(
			_("there is no account '%s' to fetch the rest"), place->account);
	case REST_THERE:
		break;
	}
	return NULL;
}

char *rest_text(
	struct store *s, const struct dotfile *d, const struct message_row *row, const char *key)
{
	g_auto(rest_place) place = rest_look(s, d, row);
	g_autofree char *size = size_text(row->size);
	/* TRANSLATORS: there are always more than one line; the size of the whole letter */
	g_autofree char *what =
		g_strdup_printf(_("partial: the first %d lines of %s"), PREVIEW_LINES, size);
	g_autofree char *why = reason(&place);
	if (why)
		return g_strdup_printf("%s; %s", what, why);
	if (!key)
		return g_steal_pointer(&what);
	/* TRANSLATORS: "partial: the first 20 lines of 12.3 MB", and a key */
	return g_strdup_printf(_("%s; press %s to fetch the rest"), what, key);
}

/* --- fetching it ------------------------------------------------------------------- */

struct rest {
	char *account, *base, *folder, *subject;
	int64_t row, octets;
	struct view *from; /* where it was asked for */
	struct rest_wish wish;
};

/* One child for an account. */
struct errand {
	struct rests *rests;
	char *account, *what;
	struct wire_parent *wire;
	int64_t id;
	GPtrArray *list; /* of struct rest */
	int64_t octets;  /* of all that were asked for, as the server says */
	bool answered;   /* it had a password */
};

struct rests {
	struct ui *ui;
	GPtrArray *waiting; /* of struct rest */
	GPtrArray *errands; /* of struct errand */
};

static void drop_wish(struct rest *r)
{
	if (r->wish.free)
		r->wish.free(r->wish.data);
	r->wish = (struct rest_wish){0};
}

static void rest_free(void *data)
{
	struct rest *r = data;
	drop_wish(r);
	view_unref(r->from);
	g_free(r->account);
	g_free(r->base);
	g_free(r->folder);
	g_free(r->subject);
	g_free(r);
}

static void errand_free(void *data)
{
	struct errand *e = data;
	wire_parent_free(e->wire);
	g_ptr_array_unref(e->list);
	g_free(e->account);
	g_free(e->what);
	g_free(e);
}

struct rests *rests_new(struct ui *ui)
{
	struct rests *r = g_new0(struct rests, 1);
	r->ui = ui;
	r->waiting = g_ptr_array_new_with_free_func(rest_free);
	r->errands = g_ptr_array_new_with_free_func(errand_free);
	return r;
}

void rests_free(struct rests *r)
{
	if (!r)
		return;
	g_ptr_array_unref(r->errands);
	g_ptr_array_unref(r->waiting);
	g_free(r);
}

/* --- it has come ------------------------------------------------------------------- */

/* The index follows, then the letter stands in place of its preview. */
struct arrival {
	struct ui *ui;
	struct rest *rest;
	struct message_row *row;
	GError *error;
};

static void arrival_run(struct room *room, void *data)
{
	struct arrival *a = data;
	struct store *s = room_store(room, &a->error);
	struct index *ix = s ? store_index(s, &a->error) : NULL;
	if (ix && sync_run(s, a->rest->folder, NULL, NULL, &a->error))
		a->row = index_by_base(ix, a->rest->folder, a->rest->base, &a->error);
}

static void go_on(struct arrival *a)
{
	struct rest *r = a->rest;
	struct view *top = ui_top(a->ui);
	if (!r->wish.then)
		return;
	if (r->from->closed || top != r->from || ui_prompting(a->ui)) {
		ui_say(a->ui, _("'%s' has come whole"), r->subject);
		return;
	}
	struct rest_wish wish = r->wish;
	r->wish = (struct rest_wish){0};
	wish.then(a->ui, a->row, wish.data);
}

static void arrival_done(void *data)
{
	struct arrival *a = data;
	if (a->error)
		ui_complain(a->ui, "%s", a->error->message);
	ui_store_changed(a->ui);
	if (a->row && !a->row->partial)
		go_on(a);
}

static void arrival_free(void *data)
{
	struct arrival *a = data;
	rest_free(a->rest);
	message_row_free(a->row);
	g_clear_error(&a->error);
	g_free(a);
}

static const struct job arrival_job = {arrival_run, arrival_done, arrival_free};

/* The agent says under which name it is here: that of its preview. */
static void on_stored(struct errand *e, const struct record *event)
{
	const char *name = record_string(event, "name"), *folder = record_string(event, "folder");
	for (guint i = 0; name && folder && i < e->list->len; i++) {
		struct rest *r = e->list->pdata[i];
		if (strcmp(r->base, name) != 0)
			continue;
		struct arrival *a = g_new0(struct arrival, 1);
		a->ui = e->rests->ui;
		/* It will have another number; the cursor stays on it. */
		view_message_wish(r->from, name);
		a->rest = g_ptr_array_steal_index(e->list, i);
		g_free(a->rest->folder);
		a->rest->folder = g_strdup(folder);
		worker_push(ui_worker(a->ui, UI_WORKER_SYNC), &arrival_job, a);
		return;
	}
}

/* --- the agent ------------------------------------------------------------------------ */

static struct errand *find_errand(const struct rests *r, const char *account)
{
	for (guint i = 0; i < r->errands->len; i++) {
		struct errand *e = r->errands->pdata[i];
		if (strcmp(e->account, account) == 0)
			return e;
	}
	return NULL;
}

struct question_for {
	struct rests *rests;
	char *account;
};

static void question_for_free(void *data)
{
	struct question_for *q = data;
	g_free(q->account);
	g_free(q);
}

static void answered(struct ui *ui, const struct record *ask, const char *text, void *data)
{
	struct question_for *q = data;
	struct errand *e = find_errand(q->rests, q->account);
	if (!e)
		return;
	e->answered = e->answered || record_is(ask, "what", "password");
	wire_parent_answer(e->wire, ask, text);
}

static void on_ask(struct errand *e, const struct record *event)
{
	struct question_for *q = g_new0(struct question_for, 1);
	q->rests = e->rests;
	q->account = g_strdup(e->account);
	asking_put(e->rests->ui, event,
		&(struct asking){.account = e->account,
			.again = e->answered,
			.answer = answered,
			.data = q,
			.free = question_for_free});
}

static void tell_failed(struct errand *e, const struct record *event)
{
	const char *code = record_string(event, "code"), *text = record_string(event, "text");
	enum wire_code known = wire_code_from_name(code ? code : "");
	if (known == CODE_CANCELLED)
		ui_outcome(e->rests->ui, e->what, false, _("%s: stopped"), e->account);
	else
		ui_outcome(e->rests->ui, e->what, true, "%s: %s", e->account,
			text ? text : wire_code_text(known));
}

/* What is still in the list did not come. */
static void tell_missing(struct errand *e, const struct record *event)
{
	struct ui *ui = e->rests->ui;
	guint n = e->list->len;
	if (n == 0)
		return;
	if (record_int(event, "large") > 0)
		ui_outcome(ui, e->what, true,
			_("%s: the letter is over max-size, and stays on the server; raise "
			  "max-size to fetch it"),
			e->account);
	else
		ui_outcome(ui, e->what, true,
			P_("%s: the letter is no longer on the server",
				"%s: %u letters are no longer on the server", n),
			e->account, n);
}

static void end(struct errand *e, const struct record *event)
{
	struct rests *r = e->rests;
	g_autofree char *account = g_strdup(e->account);
	ui_progress(r->ui, e->what, NULL);
	asking_ended(r->ui, event, account, false);
	if (record_is(event, "event", "done"))
		tell_missing(e, event);
	else
		tell_failed(e, event);
	g_ptr_array_remove(r->errands, e);
	ui_store_changed(r->ui);
	courier_vacate(ui_courier(r->ui), account);
}

/* Sizes are hints: more may come than was said (P-44). */
static void on_progress(struct errand *e, const struct record *event)
{
	int64_t octets = MIN(record_int(event, "octets"), e->octets);
	g_autofree char *come = size_text(octets), *all = size_text(e->octets);
	g_autofree char *text = g_strdup_printf(
		_("fetching the rest from %s: %s of %s"), e->account, come, all);
	if (octets > 0)
		ui_progress(e->rests->ui, e->what, text);
}

static void on_event(const struct record *event, bool last, void *data)
{
	struct errand *e = data;
	if (last)
		end(e, event);
	else if (record_is(event, "event", "progress"))
		on_progress(e, event);
	else if (record_is(event, "event", "stored"))
		on_stored(e, event);
	else if (record_is(event, "event", "ask"))
		on_ask(e, event);
}

/* All that waits for this account goes in one session. */
static void take_waiting(struct rests *r, struct errand *e, JsonArray *ids)
{
	for (guint i = 0; i < r->waiting->len;) {
		struct rest *rest = r->waiting->pdata[i];
		if (strcmp(rest->account, e->account) != 0) {
			i++;
			continue;
		}
		json_array_add_int_element(ids, rest->row);
		e->octets += rest->octets;
		g_ptr_array_add(e->list, g_ptr_array_steal_index(r->waiting, i));
	}
}

static void forget_waiting(struct rests *r, const char *account)
{
	for (guint i = r->waiting->len; i > 0; i--)
		if (strcmp(((struct rest *)r->waiting->pdata[i - 1])->account, account) == 0)
			g_ptr_array_remove_index(r->waiting, i - 1);
}

static void request(struct errand *e)
{
	JsonArray *ids = json_array_new();
	take_waiting(e->rests, e, ids);
	struct record *r = record_set_string(record_new("do", "fetch"), "account", e->account);
	record_set_array(r, "only", ids);
	g_autofree char *text = g_strdup_printf(_("fetching the rest from %s"), e->account);
	ui_progress(e->rests->ui, e->what, text);
	e->id = wire_parent_request(e->wire, r, NULL, 0, on_event, e);
}

/* False: it waits until the account is free. */
static bool start(struct rests *r, const char *account)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {"dewey-pop3", "-c", dotfile_path(ui_dotfile(r->ui)), "--wire", NULL};
	if (find_errand(r, account) || !courier_occupy(ui_courier(r->ui), account))
		return false;
	struct wire_parent *wire = wire_parent_new(argv, true, &error);
	if (!wire) {
		ui_complain(r->ui, "%s", error->message);
		g_autofree char *copy = g_strdup(account);
		forget_waiting(r, copy);
		courier_vacate(ui_courier(r->ui), copy);
		return true;
	}
	struct errand *e = g_new0(struct errand, 1);
	e->rests = r;
	e->account = g_strdup(account);
	e->what = g_strconcat("rest ", account, NULL);
	e->wire = wire;
	e->list = g_ptr_array_new_with_free_func(rest_free);
	g_ptr_array_add(r->errands, e);
	request(e);
	return true;
}

void rests_go_on(struct rests *r)
{
	if (!r)
		return;
	for (guint i = 0; i < r->waiting->len;) {
		const struct rest *rest = r->waiting->pdata[i];
		if (start(r, rest->account))
			i = 0;
		else
			i++;
	}
}

void rests_want(struct rests *r, const struct message_row *row, const struct rest_wish *wish)
{
	g_auto(rest_place) place = rest_look(ui_store(r->ui), ui_dotfile(r->ui), row);
	g_autofree char *why = reason(&place);
	if (why) {
		ui_complain(r->ui, "%s", why);
		if (wish && wish->free)
			wish->free(wish->data);
		return;
	}
	struct rest *rest = g_new0(struct rest, 1);
	rest->account = g_strdup(place.account);
	rest->row = place.row;
	rest->octets = row->size;
	rest->base = base_of(row);
	rest->subject = g_strdup(row->subject);
	rest->from = view_ref(ui_top(r->ui));
	if (wish)
		rest->wish = *wish;
	g_ptr_array_add(r->waiting, rest);
	if (!start(r, place.account))
		ui_say(r->ui, _("the rest comes when %s is free"), place.account);
}

bool rests_cancel(struct rests *r)
{
	bool any = rests_busy(r);
	g_ptr_array_set_size(r->waiting, 0);
	for (guint i = 0; i < r->errands->len; i++) {
		struct errand *e = r->errands->pdata[i];
		wire_parent_cancel(e->wire, e->id);
	}
	return any;
}

bool rests_busy(const struct rests *r)
{
	return r->errands->len + r->waiting->len > 0;
}

/* --- before it is used ------------------------------------------------------------ */

struct doubt {
	struct message_row *row;
	bool optional;
	struct rest_wish wish;
};

static void doubt_free(void *data)
{
	struct doubt *d = data;
	if (d->wish.free)
		d->wish.free(d->wish.data);
	message_row_free(d->row);
	g_free(d);
}

static void fetch_it(struct ui *ui, void *data)
{
	struct doubt *d = data;
	struct rest_wish wish = d->wish;
	d->wish = (struct rest_wish){0};
	rests_want(ui_rests(ui), d->row, &wish);
}

static void use_preview(struct ui *ui, void *data)
{
	struct doubt *d = data;
	struct rest_wish wish = d->wish;
	d->wish = (struct rest_wish){0};
	wish.then(ui, d->row, wish.data);
}

void rest_first(
	struct ui *ui, const struct message_row *row, bool optional, const struct rest_wish *wish)
{
	if (!row->partial) {
		wish->then(ui, row, wish->data);
		return;
	}
	g_auto(rest_place) place = rest_look(ui_store(ui), ui_dotfile(ui), row);
	g_autofree char *why = reason(&place), *text = NULL;
	struct doubt *d = g_new0(struct doubt, 1);
	struct question q = {.yes = fetch_it, .data = d, .free = doubt_free};
	d->row = index_message(ui_index(ui), row->id, NULL);
	d->wish = *wish;
	if (!d->row) {
		doubt_free(d);
		return;
	}
	if (why) {
		text = g_strdup_printf(_("Only a preview is here: %s. Go on with it?"), why);
		q.yes = use_preview;
	} else {
		text = g_strdup(_("Only a preview is here. Fetch the rest first?"));
		q.no = optional ? use_preview : NULL;
	}
	q.text = text;
	prompt_ask(ui, &q);
}

/* --- the command -------------------------------------------------------------------- */

void command_fetch_rest(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	g_autoptr(GArray) ids = v->ops->targets ? v->ops->targets(v) : NULL;
	struct index *ix = ids ? ui_index(ui) : NULL;
	guint previews = 0;
	for (guint i = 0; ix && i < ids->len; i++) {
		g_autoptr(message_row) row =
			index_message(ix, g_array_index(ids, int64_t, i), NULL);
		if (!row || !row->partial)
			continue;
		rests_want(ui_rests(ui), row, NULL);
		previews++;
	}
	if (previews == 0)
		ui_say(ui, _("this message is here whole"));
}
