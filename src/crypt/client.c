/* SPDX-License-Identifier: MIT */
#include "crypt/client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "base/secret.h"
#include "crypt/result.h"
#include "wire/child.h"
#include "wire/stream.h"

/* Longer than a key on a card takes, and long enough for a passphrase that the
 * agent of GnuPG asks for in a window of its own. */
enum { DEADLINE = 180000 /* milliseconds */ };

struct crypt_client {
	GPid pid; /* 0: not started */
	int fd;
	struct wire_stream *stream;
	int64_t id;
	crypt_ask ask;
	void *data;
};

struct crypt_client *crypt_client_new(void)
{
	struct crypt_client *c = g_new0(struct crypt_client, 1);
	c->fd = -1;
	return c;
}

void crypt_client_set_ask(struct crypt_client *c, crypt_ask ask, void *data)
{
	c->ask = ask;
	c->data = data;
}

/* Its programs end by themselves, when their pipes do. */
static void stop(struct crypt_client *c)
{
	if (c->pid == 0)
		return;
	g_clear_pointer(&c->stream, wire_stream_free);
	close(c->fd);
	c->fd = -1;
	kill(c->pid, SIGTERM);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	g_spawn_close_pid(c->pid);
	c->pid = 0;
}

void crypt_client_free(struct crypt_client *c)
{
	if (!c)
		return;
	stop(c);
	g_free(c);
}

static bool start_error(GError **error, const char *why)
{
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_START,
		_("cannot start 'dewey-crypt': %s; is dewey installed whole?"), why);
	return false;
}

static bool spawn(struct crypt_client *c, int theirs, GError **error)
{
	g_autofree char *program = path_program("dewey-crypt");
	const char *argv[] = {program, "--wire", NULL};
	g_autoptr(GError) why = NULL;
	if (g_spawn_async_with_pipes_and_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
		    NULL, theirs, theirs, -1, NULL, NULL, 0, &c->pid, NULL, NULL, NULL, &why))
		return true;
	c->pid = 0;
	return start_error(error, why->message);
}

static bool start(struct crypt_client *c, GError **error)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return start_error(error, g_strerror(errno));
	bool started = spawn(c, pair[1], error);
	close(pair[1]);
	if (!started) {
		close(pair[0]);
		return false;
	}
	c->fd = pair[0];
	c->stream = wire_stream_new(c->fd, c->fd);
	g_autoptr(record) hello = record_new("do", "hello");
	record_set_int(hello, "version", WIRE_VERSION);
	/* One that is gone already is found out by the first request. */
	wire_stream_send(c->stream, hello, NULL, 0, NULL);
	return true;
}

static bool is_dead(struct crypt_client *c)
{
	struct pollfd p = {.fd = c->fd, .events = 0};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static bool ensure(struct crypt_client *c, GError **error)
{
#ifndef HAVE_GPGME
	return start_error(error, _("this dewey was built without GPGME"));
#endif
	if (c->pid != 0 && is_dead(c))
		stop(c);
	return c->pid != 0 || start(c, error);
}

static void refused(const struct record *r, GError **error)
{
	const char *text = record_string(r, "text");
	g_autofree char *clean = sanitize_server_text(text ? text : "", -1);
	g_set_error(
		error, CRYPT_ERROR, (int)crypt_error_named(record_string(r, "crypt")), "%s", clean);
}

static void answer(struct crypt_client *c, const struct record *ask)
{
	const char *text = record_string(ask, "text");
	g_autofree char *clean = sanitize_line(text ? text : "", -1);
	char *secret = c->ask ? c->ask(clean, record_bool(ask, "again"), c->data) : NULL;
	g_autoptr(record) r = record_new("do", "answer");
	record_set_int(r, "id", c->id);
	record_set_int(r, "ask", record_int(ask, "ask"));
	record_set_string(r, "secret", secret);
	wire_stream_send(c->stream, r, NULL, 0, NULL);
	secret_free(secret);
}

/* True: the request is over, with *done or an error. */
static bool take(struct crypt_client *c, struct record **done, bool *asked, GError **error)
{
	for (;;) {
		g_autoptr(record) r = wire_stream_take(c->stream, NULL);
		if (!r)
			return false;
		bool ours = record_int(r, "id") == c->id;
		if (ours && record_is(r, "event", "done")) {
			*done = g_steal_pointer(&r);
			return true;
		}
		if (record_is(r, "event", "failed") && (ours || !record_has(r, "id"))) {
			refused(r, error);
			return true;
		}
		if (ours && record_is(r, "event", "ask")) {
			answer(c, r);
			*asked = true;
		}
	}
}

static struct record *ended(struct crypt_client *c, const char *why, GError **error)
{
	stop(c);
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_START, "%s", why);
	return NULL;
}

/* A person may take any time to answer: then the clock begins anew. */
static struct record *wait_answer(struct crypt_client *c, GError **error)
{
	int64_t until = clock_monotonic() + DEADLINE;
	for (;;) {
		struct record *done = NULL;
		bool asked = false;
		if (take(c, &done, &asked, error))
			return done;
		if (asked)
			until = clock_monotonic() + DEADLINE;
		int64_t left = until - clock_monotonic();
		struct pollfd p = {.fd = c->fd, .events = POLLIN};
		int n = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			return ended(c, _("GnuPG takes too long"), error);
		if (!wire_stream_fill(c->stream, NULL))
			return ended(c, _("'dewey-crypt' ended in the middle of its work"), error);
	}
}

/* Takes the request. */
static struct record *ask(struct crypt_client *c, struct record *request, const int *fds,
	size_t n_fds, GError **error)
{
	g_autoptr(record) r = request;
	if (!ensure(c, error))
		return NULL;
	record_set_int(r, "id", ++c->id);
	record_set_bool(r, "may-ask", c->ask != NULL);
	if (wire_stream_send(c->stream, r, fds, n_fds, NULL))
		return wait_answer(c, error);
	return ended(c, _("'dewey-crypt' cannot be run"), error);
}

static struct record *request_new(const char *verb, enum crypt_protocol p)
{
	return record_set_string(record_new("do", verb), "protocol", crypt_protocol_word(p));
}

static struct crypt_result *two(
	struct crypt_client *c, struct record *request, int first, int second, GError **error)
{
	int fds[] = {first, second};
	g_autoptr(record) r = ask(c, request, fds, 2, error);
	return r ? crypt_decode(r) : NULL;
}

static GPtrArray *keys_of(struct crypt_client *c, struct record *request, const int *fds,
	size_t n_fds, GError **error)
{
	g_autoptr(record) r = ask(c, request, fds, n_fds, error);
	g_autoptr(crypt_result) result = r ? crypt_decode(r) : NULL;
	return result ? g_ptr_array_ref(result->keys) : NULL;
}

static void set_words(struct record *r, const char *key, const char *const *words)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; words && words[i]; i++)
		json_array_add_string_element(array, words[i]);
	JsonNode *node = json_node_new(JSON_NODE_ARRAY);
	json_node_take_array(node, array);
	record_set_node(r, key, node);
}

struct crypt_result *crypt_verify(
	struct crypt_client *c, enum crypt_protocol p, int text, int signature, GError **error)
{
	return two(c, request_new("verify", p), text, signature, error);
}

struct crypt_result *crypt_open(
	struct crypt_client *c, enum crypt_protocol p, int in, int out, GError **error)
{
	return two(c, request_new("open", p), in, out, error);
}

struct crypt_result *crypt_decrypt(
	struct crypt_client *c, const struct crypt_decrypting *how, int in, int out, GError **error)
{
	struct record *r = request_new("decrypt", how->protocol);
	record_set_bool(r, "unprotected", how->unprotected);
	return two(c, r, in, out, error);
}

struct crypt_result *crypt_sign(
	struct crypt_client *c, const struct crypt_signing *how, int in, int out, GError **error)
{
	static const char *const forms[] = {"detached", "clear", "opaque"};
	struct record *r = request_new("sign", how->protocol);
	record_set_string(r, "form", forms[how->form]);
	record_set_string(r, "sender", how->sender);
	set_words(r, "signers", how->keys);
	return two(c, r, in, out, error);
}

struct crypt_result *crypt_encrypt(
	struct crypt_client *c, const struct crypt_encrypting *how, int in, int out, GError **error)
{
	struct record *r = request_new("encrypt", how->protocol);
	record_set_bool(r, "hidden", how->hidden);
	record_set_bool(r, "any-trust", how->any_trust);
	record_set_string(r, "sender", how->sender);
	set_words(r, "keys", how->keys);
	set_words(r, "signers", how->signers);
	return two(c, r, in, out, error);
}

GPtrArray *crypt_keys(struct crypt_client *c, const char *which, bool secret, GError **error)
{
	struct record *r = record_set_string(record_new("do", "keys"), "which", which);
	return keys_of(c, record_set_bool(r, "secret", secret), NULL, 0, error);
}

GPtrArray *crypt_look(struct crypt_client *c, enum crypt_protocol p, int in, GError **error)
{
	return keys_of(c, request_new("look", p), &in, 1, error);
}

GPtrArray *crypt_import(struct crypt_client *c, enum crypt_protocol p, int in, GError **error)
{
	return keys_of(c, request_new("import", p), &in, 1, error);
}

bool crypt_export(struct crypt_client *c, enum crypt_protocol p, const char *fingerprint, int out,
	GError **error)
{
	struct record *request = request_new("export", p);
	record_set_string(request, "which", fingerprint);
	g_autoptr(record) r = ask(c, request, &out, 1, error);
	return r != NULL;
}
