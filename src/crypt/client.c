/* SPDX-License-Identifier: MIT */
#include "crypt/client.h"

#include <signal.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "base/secret.h"
#include "crypt/result.h"
#include "wire/blocking.h"

/* Longer than a key on a card takes, and long enough for a passphrase that the
 * agent of GnuPG asks for in a window of its own. */
enum { DEADLINE = 180000 /* milliseconds */ };

struct crypt_client {
	struct wire_blocking *program;
	crypt_ask ask;
	void *data;
};

struct crypt_client *crypt_client_new(void)
{
	struct crypt_client *c = g_new0(struct crypt_client, 1);
	/* What it started ends by itself, when its pipes do. */
	c->program = wire_blocking_new("dewey-crypt", SIGTERM);
	return c;
}

void crypt_client_set_ask(struct crypt_client *c, crypt_ask ask, void *data)
{
	c->ask = ask;
	c->data = data;
}

void crypt_client_free(struct crypt_client *c)
{
	if (!c)
		return;
	wire_blocking_free(c->program);
	g_free(c);
}

static bool start_error(GError **error, const char *why)
{
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_START,
		_("cannot start 'dewey-crypt': %s; is dewey installed whole?"), why);
	return false;
}

static bool ensure(struct crypt_client *c, GError **error)
{
#ifdef HAVE_GPGME
	g_autoptr(GError) why = NULL;
	return wire_blocking_start(c->program, NULL, &why) || start_error(error, why->message);
#else
	g_set_error_literal(error, CRYPT_ERROR, CRYPT_ERROR_START,
		_("this dewey was built without GPGME: it checks no signatures and decrypts nothing"));
	return false;
#endif
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
	record_set_int(r, "ask", record_int(ask, "ask"));
	record_set_string(r, "secret", secret);
	wire_blocking_answer(c->program, r);
	secret_free(secret);
}

static struct record *ended(struct crypt_client *c, const char *why, GError **error)
{
	int status = wire_blocking_stop(c->program);
	g_autofree char *unconfined = wire_blocking_unconfined(c->program, status, SANDBOX_RUNNER);
	g_set_error_literal(error, CRYPT_ERROR, CRYPT_ERROR_START, unconfined ? unconfined : why);
	return NULL;
}

/* A person may take any time to answer: then the clock begins anew. */
static struct record *wait_answer(struct crypt_client *c, GError **error)
{
	int64_t until = clock_monotonic() + DEADLINE;
	for (;;) {
		g_autoptr(record) r = NULL;
		switch (wire_blocking_wait(c->program, until, &r)) {
		case WIRE_WAIT_DONE:
			if (record_is(r, "event", "done"))
				return g_steal_pointer(&r);
			refused(r, error);
			return NULL;
		case WIRE_WAIT_EVENT:
			if (!record_is(r, "event", "ask"))
				break;
			answer(c, r);
			until = clock_monotonic() + DEADLINE;
			break;
		case WIRE_WAIT_STOPPED: /* nobody stops it */
		case WIRE_WAIT_TIMEOUT:
			return ended(c, _("GnuPG takes too long"), error);
		case WIRE_WAIT_ENDED:
			return ended(c, _("'dewey-crypt' ended in the middle of its work"), error);
		}
	}
}

/* Takes the request. */
static struct record *ask(struct crypt_client *c, struct record *request, const int *fds,
	size_t n_fds, GError **error)
{
	g_autoptr(record) r = request;
	if (!ensure(c, error))
		return NULL;
	record_set_bool(r, "may-ask", c->ask != NULL);
	if (wire_blocking_send(c->program, r, fds, n_fds))
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
	record_set_array(r, key, array);
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
