/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/asking.h"
#include "ui/courier.h"
#include "ui/surveyor.h"
#include "ui/ui.h"
#include "wire/parent.h"

/* An account, with its agent. */
struct post {
	struct surveyor *surveyor;
	char *account;
	struct wire_parent *wire; /* NULL: none is running */
	bool answered;            /* the errand under way had a password */
	GQueue errands;           /* of struct errand; the first one may be under way */
	int64_t id;               /* of its request; 0: it is not */
	int64_t wait;             /* seconds until the server takes a log-in; 0: not told */
	guint timer;              /* after which the first errand is sent again */
};

struct surveyor {
	struct ui *ui;
	GPtrArray *posts; /* of struct post */
};

static void errand_free(void *data)
{
	struct errand *e = data;
	record_free(e->request);
	if (e->free)
		e->free(e->data);
	g_free(e);
}

static void post_free(void *data)
{
	struct post *p = data;
	g_clear_handle_id(&p->timer, g_source_remove);
	wire_parent_free(p->wire);
	g_queue_clear_full(&p->errands, errand_free);
	g_free(p->account);
	g_free(p);
}

struct surveyor *surveyor_new(struct ui *ui)
{
	struct surveyor *s = g_new0(struct surveyor, 1);
	s->ui = ui;
	s->posts = g_ptr_array_new_with_free_func(post_free);
	return s;
}

void surveyor_free(struct surveyor *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->posts);
	g_free(s);
}

static struct post *find_post(struct surveyor *s, const char *account)
{
	for (guint i = 0; i < s->posts->len; i++) {
		struct post *p = s->posts->pdata[i];
		if (strcmp(p->account, account) == 0)
			return p;
	}
	return NULL;
}

/* --- questions ----------------------------------------------------------------- */

struct asked {
	struct surveyor *surveyor;
	char *account;
};

static void asked_free(void *data)
{
	struct asked *q = data;
	g_free(q->account);
	g_free(q);
}

static void answered(struct ui *ui, const struct record *ask, const char *text, void *data)
{
	struct asked *q = data;
	struct post *p = find_post(q->surveyor, q->account);
	if (!p || !p->wire)
		return;
	p->answered = p->answered || record_is(ask, "what", "password");
	wire_parent_answer(p->wire, ask, text);
}

static void on_ask(struct post *p, const struct record *event)
{
	struct asked *q = g_new0(struct asked, 1);
	q->surveyor = p->surveyor;
	q->account = g_strdup(p->account);
	asking_put(p->surveyor->ui, event,
		&(struct asking){.account = p->account,
			.again = p->answered,
			.answer = answered,
			.data = q,
			.free = asked_free});
}

/* --- errands ------------------------------------------------------------------- */

/* An errand that will never be run ends as well. */
static void fail_first(struct post *p, const char *code, const char *text)
{
	g_autoptr(record) failed = record_new("event", "failed");
	record_set_string(record_set_string(failed, "code", code), "text", text);
	struct errand *e = g_queue_pop_head(&p->errands);
	e->event(failed, true, e->data);
	errand_free(e);
}

static void go_on(struct post *p);

static gboolean try_again(void *data)
{
	struct post *p = data;
	struct errand *e = g_queue_peek_head(&p->errands);
	p->timer = 0;
	e->request = e->again(e->data);
	if (!e->request)
		fail_first(p, "cancelled", _("cancelled"));
	go_on(p);
	return G_SOURCE_REMOVE;
}

/* Whether the errand under way is not over, but waits. */
static bool waits(struct post *p, const struct record *event)
{
	struct errand *e = g_queue_peek_head(&p->errands);
	int64_t seconds = p->wait;
	p->wait = 0;
	if (!e->again || seconds <= 0 || !record_is(event, "code", "busy"))
		return false;
	p->id = 0;
	p->timer = g_timeout_add_seconds((guint)MIN(seconds, 86400), try_again, p);
	courier_vacate(ui_courier(p->surveyor->ui), p->account);
	return true;
}

static void on_last(struct post *p, const struct record *event)
{
	if (waits(p, event))
		return;
	struct errand *e = g_queue_pop_head(&p->errands);
	p->id = 0;
	asking_ended(p->surveyor->ui, event, p->account, false);
	e->event(event, true, e->data);
	errand_free(e);
	courier_vacate(ui_courier(p->surveyor->ui), p->account);
}

static void on_event(const struct record *event, bool last, void *data)
{
	struct post *p = data;
	struct errand *e = g_queue_peek_head(&p->errands);
	if (last)
		on_last(p, event);
	else if (record_is(event, "event", "ask"))
		on_ask(p, event);
	else
		e->event(event, false, e->data);
	if (!last && record_is(event, "event", "wait"))
		p->wait = record_int(event, "seconds");
}

static bool start_agent(struct post *p)
{
	g_autoptr(GError) error = NULL;
	struct ui *ui = p->surveyor->ui;
	const char *argv[] = {"dewey-pop3", "-c", dotfile_path(ui_dotfile(ui)), "--wire", NULL};
	if (p->wire && wire_parent_alive(p->wire))
		return true;
	wire_parent_free(p->wire);
	p->wire = wire_parent_new(argv, true, &error);
	if (!p->wire)
		ui_complain(ui, "%s", error->message);
	return p->wire != NULL;
}

static void go_on(struct post *p)
{
	struct courier *courier = ui_courier(p->surveyor->ui);
	struct errand *e = g_queue_peek_head(&p->errands);
	if (!e || p->id != 0 || p->timer != 0 || !courier_occupy(courier, p->account))
		return;
	if (!start_agent(p)) {
		fail_first(p, "internal", _("failed"));
		courier_vacate(courier, p->account);
		return;
	}
	p->answered = false;
	record_set_string(e->request, "account", p->account);
	p->id = wire_parent_request(p->wire, g_steal_pointer(&e->request), NULL, 0, on_event, p);
}

void surveyor_send(struct surveyor *s, const char *account, const struct errand *errand)
{
	struct post *p = find_post(s, account);
	if (!p) {
		p = g_new0(struct post, 1);
		p->surveyor = s;
		p->account = g_strdup(account);
		g_queue_init(&p->errands);
		g_ptr_array_add(s->posts, p);
	}
	g_queue_push_tail(&p->errands, g_memdup2(errand, sizeof *errand));
	go_on(p);
}

void surveyor_go_on(struct surveyor *s)
{
	for (guint i = 0; s && i < s->posts->len; i++)
		go_on(s->posts->pdata[i]);
}

/* What has not begun ends here; what has, when its agent says so. */
static bool cancel(struct post *p)
{
	struct errand *running = p->id ? g_queue_pop_head(&p->errands) : NULL;
	bool any = running || !g_queue_is_empty(&p->errands);
	g_clear_handle_id(&p->timer, g_source_remove);
	while (!g_queue_is_empty(&p->errands))
		fail_first(p, "cancelled", _("cancelled"));
	if (!running)
		return any;
	g_queue_push_head(&p->errands, running);
	wire_parent_cancel(p->wire, p->id);
	return true;
}

bool surveyor_cancel(struct surveyor *s, const char *account)
{
	bool any = false;
	for (guint i = 0; i < s->posts->len; i++) {
		struct post *p = s->posts->pdata[i];
		if (!account || strcmp(account, p->account) == 0)
			any = cancel(p) || any;
	}
	return any;
}

bool surveyor_busy(const struct surveyor *s)
{
	for (guint i = 0; i < s->posts->len; i++)
		if (!g_queue_is_empty(&((struct post *)s->posts->pdata[i])->errands))
			return true;
	return false;
}

void surveyor_rest(struct surveyor *s)
{
	for (guint i = 0; s && i < s->posts->len; i++) {
		struct post *p = s->posts->pdata[i];
		if (!g_queue_is_empty(&p->errands))
			continue;
		g_clear_pointer(&p->wire, wire_parent_free);
	}
}
