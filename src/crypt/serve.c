/* SPDX-License-Identifier: MIT */
#include "crypt/serve.h"

#include <unistd.h>

#include "crypt/confine.h"
#include "crypt/engine.h"

enum { MISTYPED_MOST = 3 };

struct verb {
	const char *name;
	guint n_fds;
	bool secret; /* the agent of GnuPG may be needed, also of OpenPGP */
	bool (*run)(struct request *q, struct crypt_result *result, GError **error);
};

static const struct verb verbs[] = {
	{"verify", 2, false, do_verify},
	{"open", 2, false, do_open},
	{"decrypt", 2, true, do_decrypt},
	{"sign", 2, true, do_sign},
	{"encrypt", 2, true, do_encrypt},
	{"keys", 0, true, do_keys},
	{"look", 1, false, do_look},
	{"import", 1, true, do_import},
	{"export", 1, false, do_export},
};

static const struct verb *verb_of(const struct record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (record_is(r, "do", verbs[i].name))
			return &verbs[i];
	return NULL;
}

static struct record *run_once(struct request *q, const struct verb *verb, GError **error)
{
	g_autoptr(crypt_result) result = crypt_result_new();
	q->asked = q->unanswered = false;
	if (!verb->run(q, result, error))
		return NULL;
	struct record *done = record_new("event", "done");
	crypt_encode(result, done);
	return done;
}

/* A passphrase that was typed wrong costs no more than to type it again. */
static struct record *run(struct request *q, const struct verb *verb, GError **error)
{
	for (;;) {
		g_autoptr(GError) why = NULL;
		struct record *done = run_once(q, verb, &why);
		if (done)
			return done;
		bool mistyped = g_error_matches(why, CRYPT_ERROR, CRYPT_ERROR_PASSPHRASE) &&
				q->asked && !q->unanswered;
		if (!mistyped || ++q->mistyped >= MISTYPED_MOST) {
			g_propagate_error(error, g_steal_pointer(&why));
			return NULL;
		}
	}
}

/* gpgsm asks the agent which roots are trusted. */
static struct record *prepared(struct request *q, const struct verb *verb, GError **error)
{
	if (verb->secret || q->protocol == CRYPT_CMS)
		crypt_ensure_agent(q->starter);
	return run(q, verb, error);
}

static struct record *answer(struct request *q, GError **error)
{
	const struct verb *verb = verb_of(q->record);
	const char *name = record_string(q->record, "do");
	const char *protocol = record_string(q->record, "protocol");
	if (!verb)
		g_set_error(error, WIRE_ERROR, CODE_UNKNOWN_REQUEST, _("unknown request '%s'"),
			name ? name : "");
	else if (q->n_fds < verb->n_fds)
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("'%s' came without its descriptor"),
			verb->name);
	else if (verb->n_fds > 0 && !crypt_protocol_named(protocol, &q->protocol))
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("unknown protocol '%s'"),
			protocol ? protocol : "");
	else
		return prepared(q, verb, error);
	return NULL;
}

struct record *serve_one(
	const struct record *request, const int *fds, guint n_fds, int starter, GError **error)
{
	struct request q = {.record = request, .fds = fds, .n_fds = n_fds, .starter = starter};
	return answer(&q, error);
}

static void fail(struct wire_child *child, int64_t id, const GError *error)
{
	if (error->domain != CRYPT_ERROR) {
		wire_child_failed(child, id, error, NULL);
		return;
	}
	struct record *r = record_new("event", "failed");
	enum wire_code code = error->code == CRYPT_ERROR_CANCELLED ? CODE_CANCELLED
			      : error->code == CRYPT_ERROR_MISSING ? CODE_MISSING
								   : CODE_DATA;
	record_set_string(r, "code", wire_code_name(code));
	record_set_string(r, "retry", wire_retry_name(wire_code_retry(code)));
	record_set_string(r, "crypt", crypt_error_word(error->code));
	record_set_string(r, "text", error->message);
	wire_child_event(child, id, r);
}

static void serve(struct wire_child *child, const struct record *r, const GArray *fds, int starter)
{
	g_autoptr(GError) error = NULL;
	struct request q = {.child = child,
		.id = record_int(r, "id"),
		.record = r,
		.fds = (const int *)(const void *)fds->data,
		.n_fds = fds->len,
		.starter = starter};
	struct record *done = answer(&q, &error);
	if (done)
		wire_child_done(child, q.id, done);
	else
		fail(child, q.id, error);
}

int serve_run(int in, int out, int starter)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(wire_child) child = wire_child_new(in, out, "dewey-crypt", &error);
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
	while (child && !error) {
		g_autoptr(record) r = wire_child_next(child, fds, &error);
		if (!r)
			break;
		serve(child, r, fds, starter);
		for (guint i = 0; i < fds->len; i++)
			close(g_array_index(fds, int, i));
		g_array_set_size(fds, 0);
	}
	return error ? wire_code_exit_status(wire_error_code(error)) : 0;
}
