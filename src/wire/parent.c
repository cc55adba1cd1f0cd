/* SPDX-License-Identifier: MIT */
#include "wire/parent.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/launch.h"
#include "base/path.h"
#include "base/report.h"
#include "wire/child.h"
#include "wire/stream.h"

struct pending {
	wire_handler handler;
	void *data;
};

struct wire_parent {
	char *program;
	int fd; /* our end of the socket pair */
	struct wire_stream *stream;
	GSource *source;
	GHashTable *pending; /* id → struct pending */
	int64_t last_id;
	bool ended;
	bool *freed; /* set when a handler freed us in the middle of a turn */
};

static void send_record(struct wire_parent *p, const struct record *r, const int *fds, size_t n_fds)
{
	g_autoptr(GError) error = NULL;
	/* A child that is gone is noticed by the reader, which fails what is open. */
	if (!wire_stream_send(p->stream, r, fds, n_fds, &error))
		report_debug("%s: %s", p->program, error->message);
}

static void finish(struct wire_parent *p, int64_t id, const struct record *r)
{
	g_autofree struct pending *req = NULL;
	gpointer key = NULL;
	if (!g_hash_table_steal_extended(p->pending, &id, &key, (gpointer *)&req))
		return;
	g_free(key);
	req->handler(r, true, req->data);
}

static bool is_last(const struct record *r)
{
	return record_is(r, "event", "done") || record_is(r, "event", "failed");
}

static void fail_open(struct wire_parent *p, const char *why, bool *freed)
{
	while (!*freed && g_hash_table_size(p->pending) > 0) {
		GHashTableIter iter;
		gpointer key;
		g_hash_table_iter_init(&iter, p->pending);
		g_hash_table_iter_next(&iter, &key, NULL);
		int64_t id = *(int64_t *)key;
		g_autoptr(record) r = record_set_int(record_new("event", "failed"), "id", id);
		record_set_string(r, "code", wire_code_name(CODE_INTERNAL));
		record_set_string(r, "retry", wire_retry_name(RETRY_NEVER));
		record_set_string(r, "text", why);
		finish(p, id, r);
	}
}

static void dispatch(struct wire_parent *p, const struct record *r)
{
	int64_t id = record_int(r, "id");
	struct pending *req = g_hash_table_lookup(p->pending, &id);
	if (record_is(r, "event", "hello") && record_int(r, "version") != WIRE_VERSION)
		report_error(_("%s speaks version %d, dewey version %d: "
			       "programs of two installations of dewey are mixed"),
			p->program, (int)record_int(r, "version"), WIRE_VERSION);
	else if (req && is_last(r))
		finish(p, id, r);
	else if (req)
		req->handler(r, false, req->data);
}

static gboolean on_readable(int fd, GIOCondition condition, void *data)
{
	struct wire_parent *p = data;
	bool freed = false;
	g_autoptr(GError) error = NULL;
	p->freed = &freed;
	bool more = wire_stream_fill(p->stream, &error);
	for (;;) {
		g_autoptr(GError) bad = NULL;
		g_autoptr(record) r = wire_stream_take(p->stream, &bad);
		if (!r && !bad)
			break;
		if (bad)
			report_warning("%s: %s", p->program, bad->message);
		else
			dispatch(p, r);
		if (freed)
			return G_SOURCE_REMOVE;
	}
	if (!more) {
		p->ended = true;
		g_autofree char *why =
			g_strdup_printf(_("'%s' ended before it had answered"), p->program);
		fail_open(p, why, &freed);
	}
	if (!freed)
		p->freed = NULL;
	return more && !freed ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void cannot_start(const char *program, const char *why, enum wire_code code, GError **error)
{
	g_set_error(error, WIRE_ERROR, (int)code, _("cannot start '%s': %s"), program, why);
}

static void explain_spawn(const char *program, const GError *why, GError **error)
{
	if (why->domain != G_SPAWN_ERROR || why->code == G_SPAWN_ERROR_FORK ||
		why->code == G_SPAWN_ERROR_NOMEM)
		cannot_start(program, why->message, CODE_SYSTEM, error);
	else
		g_set_error(error, WIRE_ERROR, CODE_MISSING,
			_("cannot start '%s': %s; is dewey installed whole?"), program,
			why->message);
}

static void ended(GPid pid, int status, void *data)
{
	g_spawn_close_pid(pid);
}

static bool spawn(const char *const *argv, int child_end, bool quiet, GError **error)
{
	g_autoptr(GStrvBuilder) args = g_strv_builder_new();
	g_autofree char *program = path_program(argv[0]);
	g_strv_builder_add(args, program);
	for (size_t i = 1; argv[i]; i++)
		g_strv_builder_add(args, argv[i]);
	g_auto(GStrv) full = g_strv_builder_end(args);
	bool silent = quiet && report_level() < REPORT_DEBUG;
	const struct launch what = {.argv = (const char *const *)full,
		.in = child_end,
		.out = child_end,
		.err = silent ? LAUNCH_NULL : LAUNCH_OURS};
	g_autoptr(GError) own = NULL;
	GPid pid;
	if (!launch(&what, &pid, &own)) {
		explain_spawn(argv[0], own, error);
		return false;
	}
	g_child_watch_add(pid, ended, NULL);
	return true;
}

struct wire_parent *wire_parent_new(const char *const *argv, bool quiet, GError **error)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		cannot_start(argv[0], g_strerror(errno), CODE_SYSTEM, error);
		return NULL;
	}
	bool started = spawn(argv, pair[1], quiet, error);
	close(pair[1]);
	if (!started) {
		close(pair[0]);
		return NULL;
	}
	struct wire_parent *p = g_new0(struct wire_parent, 1);
	p->program = g_strdup(argv[0]);
	p->fd = pair[0];
	g_unix_set_fd_nonblocking(p->fd, TRUE, NULL);
	p->stream = wire_stream_new(p->fd, p->fd);
	p->pending = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	p->source = g_unix_fd_source_new(p->fd, G_IO_IN | G_IO_HUP);
	g_source_set_callback(p->source, G_SOURCE_FUNC(on_readable), p, NULL);
	g_source_attach(p->source, g_main_context_get_thread_default());
	g_autoptr(record) hello =
		record_set_int(record_new("do", "hello"), "version", WIRE_VERSION);
	send_record(p, hello, NULL, 0);
	return p;
}

void wire_parent_free(struct wire_parent *p)
{
	if (!p)
		return;
	if (p->freed)
		*p->freed = true;
	g_source_destroy(p->source);
	g_source_unref(p->source);
	wire_stream_free(p->stream);
	close(p->fd);
	g_hash_table_unref(p->pending);
	g_free(p->program);
	g_free(p);
}

static gboolean fail_late(void *data)
{
	struct wire_parent *p = data;
	bool freed = false;
	p->freed = &freed;
	fail_open(p, _("the program has ended"), &freed);
	if (!freed)
		p->freed = NULL;
	return G_SOURCE_REMOVE;
}

/* A request to a child that is gone fails as any other: by its handler, later. */
static void schedule_failure(struct wire_parent *p)
{
	g_source_destroy(p->source);
	g_source_unref(p->source);
	p->source = g_idle_source_new();
	g_source_set_callback(p->source, fail_late, p, NULL);
	g_source_attach(p->source, g_main_context_get_thread_default());
}

int64_t wire_parent_request(struct wire_parent *p, struct record *request, const int *fds,
	size_t n_fds, wire_handler handler, void *data)
{
	g_autoptr(record) r = request;
	int64_t *id = g_new(int64_t, 1);
	struct pending *req = g_new(struct pending, 1);
	*id = ++p->last_id;
	*req = (struct pending){handler, data};
	g_hash_table_insert(p->pending, id, req);
	send_record(p, record_set_int(r, "id", *id), fds, n_fds);
	if (p->ended)
		schedule_failure(p);
	return *id;
}

void wire_parent_cancel(struct wire_parent *p, int64_t id)
{
	g_autoptr(record) r = record_set_int(record_new("do", "cancel"), "id", id);
	send_record(p, r, NULL, 0);
}

void wire_parent_answer(struct wire_parent *p, const struct record *ask, const char *secret)
{
	g_autoptr(record) r = record_new("do", "answer");
	record_set_int(
		record_set_int(r, "id", record_int(ask, "id")), "ask", record_int(ask, "ask"));
	record_set_string(r, "secret", secret);
	send_record(p, r, NULL, 0);
}

bool wire_parent_alive(const struct wire_parent *p)
{
	return !p->ended;
}
