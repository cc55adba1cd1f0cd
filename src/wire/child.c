/* SPDX-License-Identifier: MIT */
#include "wire/child.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "base/secret.h"
#include "wire/stream.h"

G_STATIC_ASSERT(sizeof(enum wire_code) <= sizeof(int));

struct wire_child {
	struct wire_stream *stream; /* NULL: silent */
	int in;                     /* -1: nobody to listen to */
	bool ended;
	GQueue requests;   /* of struct record: read while waiting for something else */
	GHashTable *cancelled; /* ids */
	int64_t asks;      /* number of the last question */
	int64_t answered;  /* number of the last answer */
	char *answer;
};

static struct wire_child *child_new(int in, int out)
{
	struct wire_child *c = g_new0(struct wire_child, 1);
	c->in = in;
	c->stream = out >= 0 ? wire_stream_new(in, out) : NULL;
	c->cancelled = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_queue_init(&c->requests);
	return c;
}

void wire_child_free(struct wire_child *c)
{
	if (!c)
		return;
	g_queue_clear_full(&c->requests, (GDestroyNotify)record_free);
	g_hash_table_unref(c->cancelled);
	wire_stream_free(c->stream);
	secret_free(c->answer);
	g_free(c);
}

static struct record *hello(const char *program)
{
	return record_set_string(
		record_set_int(record_new("event", "hello"), "version", WIRE_VERSION), "program",
		program);
}

static bool check_hello(const struct record *r, GError **error)
{
	int64_t theirs = record_int(r, "version");
	if (!record_is(r, "do", "hello")) {
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL,
			_("the first record is not 'hello': see dewey-wire(7)"));
		return false;
	}
	if (theirs == WIRE_VERSION)
		return true;
	g_set_error(error, WIRE_ERROR, CODE_VERSION,
		_("the parent speaks version %d, this program version %d: "
		  "programs of two installations of dewey are mixed"),
		(int)theirs, WIRE_VERSION);
	return false;
}

struct wire_child *wire_child_new(int in, int out, const char *program, GError **error)
{
	g_autoptr(wire_child) c = child_new(in, out);
	wire_child_event(c, 0, hello(program));
	g_autoptr(record) first = wire_child_next(c, NULL, error);
	if (!first && error && !*error)
		return g_steal_pointer(&c); /* input ended at once: nothing to do */
	if (!first)
		return NULL;
	g_autoptr(GError) why = NULL;
	if (!check_hello(first, &why)) {
		wire_child_failed(c, record_int(first, "id"), why, NULL);
		g_propagate_error(error, g_steal_pointer(&why));
		return NULL;
	}
	return g_steal_pointer(&c);
}

struct wire_child *wire_child_new_events(int out, const char *program)
{
	struct wire_child *c = child_new(-1, out);
	wire_child_event(c, 0, hello(program));
	return c;
}

struct wire_child *wire_child_new_silent(void)
{
	return child_new(-1, -1);
}

int wire_child_fd(const struct wire_child *c)
{
	return c->ended ? -1 : c->in;
}

bool wire_child_speaks(const struct wire_child *c)
{
	return c->stream != NULL;
}

static void take_answer(struct wire_child *c, const struct record *r)
{
	g_clear_pointer(&c->answer, secret_free);
	c->answered = record_int(r, "ask");
	c->answer = g_strdup(record_string(r, "secret"));
}

/* Sorts one record: cancel and answer act at once, others wait their turn. */
static void sort(struct wire_child *c, struct record *r)
{
	if (record_is(r, "do", "cancel")) {
		int64_t *id = g_new(int64_t, 1);
		*id = record_int(r, "id");
		g_hash_table_add(c->cancelled, id);
	} else if (record_is(r, "do", "answer")) {
		take_answer(c, r);
	} else {
		g_queue_push_tail(&c->requests, r);
		return;
	}
	record_free(r);
}

/* A line that is no record: the parent is told, and the next line read. */
static void sort_all(struct wire_child *c)
{
	for (;;) {
		g_autoptr(GError) bad = NULL;
		struct record *r = wire_stream_take(c->stream, &bad);
		if (r)
			sort(c, r);
		else if (bad)
			wire_child_failed(c, 0, bad, NULL);
		else
			return;
	}
}

void wire_child_poll(struct wire_child *c)
{
	g_autoptr(GError) error = NULL;
	struct pollfd p = {.fd = wire_child_fd(c), .events = POLLIN};
	if (p.fd < 0 || poll(&p, 1, 0) <= 0)
		return;
	if (!wire_stream_fill(c->stream, &error)) {
		c->ended = true;
		if (error)
			report_error("%s", error->message);
	}
	sort_all(c);
}

struct record *wire_child_next(struct wire_child *c, GArray *fds, GError **error)
{
	sort_all(c);
	while (g_queue_is_empty(&c->requests) && wire_child_fd(c) >= 0) {
		if (!wire_stream_fill(c->stream, error))
			c->ended = true;
		sort_all(c);
	}
	if (fds)
		wire_stream_take_fds(c->stream, fds);
	return g_queue_pop_head(&c->requests);
}

bool wire_child_cancelled(const struct wire_child *c, int64_t id)
{
	return c->ended || g_hash_table_contains(c->cancelled, &id);
}

char *wire_child_ask_with(struct wire_child *c, int64_t id, struct record *ask)
{
	if (wire_child_fd(c) < 0) {
		record_free(ask);
		return NULL;
	}
	wire_child_event(c, id, record_set_int(ask, "ask", ++c->asks));
	while (c->answered != c->asks && !wire_child_cancelled(c, id)) {
		struct pollfd p = {.fd = wire_child_fd(c), .events = POLLIN};
		poll(&p, 1, -1);
		wire_child_poll(c);
	}
	return c->answered == c->asks ? g_steal_pointer(&c->answer) : NULL;
}

char *wire_child_ask(struct wire_child *c, int64_t id, const char *what, const char *text)
{
	struct record *ask = record_set_string(record_new("event", "ask"), "what", what);
	return wire_child_ask_with(c, id, record_set_string(ask, "text", text));
}

/* A parent that is gone needs no events; the store tells the truth. */
static void check_sent(struct wire_child *c, bool sent, const GError *error)
{
	if (sent)
		return;
	report_debug("%s", error->message);
	c->ended = true;
}

void wire_child_event(struct wire_child *c, int64_t id, struct record *event)
{
	g_autoptr(record) r = event;
	g_autoptr(GError) error = NULL;
	if (!c->stream)
		return;
	if (id != 0)
		record_set_int(r, "id", id);
	bool sent = wire_stream_send(c->stream, r, NULL, 0, &error);
	check_sent(c, sent, error);
}

void wire_child_hold(struct wire_child *c, bool hold)
{
	g_autoptr(GError) error = NULL;
	if (!c->stream)
		return;
	bool sent = wire_stream_hold(c->stream, hold, &error);
	check_sent(c, sent, error);
}

void wire_child_done(struct wire_child *c, int64_t id, struct record *done)
{
	wire_child_event(c, id, done ? done : record_new("event", "done"));
	g_hash_table_remove(c->cancelled, &id);
}

enum wire_code wire_error_code(const GError *error)
{
	if (error->domain == WIRE_ERROR)
		return (enum wire_code)error->code;
	if (error->domain != G_FILE_ERROR)
		return CODE_INTERNAL;
	return fdio_error_is_shortage(error) ? CODE_SYSTEM : CODE_DISK;
}

void wire_child_failed(struct wire_child *c, int64_t id, const GError *error, const char *server)
{
	enum wire_code code = wire_error_code(error);
	struct record *r = record_set_string(record_new("event", "failed"), "code",
		wire_code_name(code));
	record_set_string(r, "retry", wire_retry_name(wire_code_retry(code)));
	record_set_string(record_set_string(r, "server", server), "text", error->message);
	wire_child_event(c, id, r);
	g_hash_table_remove(c->cancelled, &id);
}
