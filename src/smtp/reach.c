/* SPDX-License-Identifier: MIT
 *
 * The session of a run, and what it means for the server that there is none. */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "net/route.h"
#include "smtp/send-private.h"

/* The end of input says: finish this letter, then exit (DESIGN section 4). */
static bool look(void *data)
{
	struct run *r = data;
	if (interrupt_came(r->job->interrupt)) {
		r->stop = true;
		return false;
	}
	wire_child_poll(r->job->child);
	if (wire_child_fd(r->job->child) < 0) {
		interrupt_unwatch(r->job->interrupt);
		r->stop = true;
		return true;
	}
	r->stop = r->stop || wire_child_cancelled(r->job->child, r->job->id);
	return !r->stop;
}

bool reach_begin(struct run *r, GError **error)
{
	const struct send_job *job = r->job;
	r->dial = (struct dial){.account = job->account,
		.store = job->store,
		.child = job->child,
		.id = job->id,
		.watch = {interrupt_fd(job->interrupt), look, r}};
	return dial_init(&r->dial, error);
}

void reach_end(struct run *r, const GError *why)
{
	dial_close(&r->dial);
	transcript_end(g_steal_pointer(&r->dial.transcript), why);
}

static bool open_session(struct run *r, GError **error)
{
	struct dial *d = &r->dial;
	if (!d->transcript)
		d->transcript = transcript_begin(d->store, d->account, AGENT_SMTP);
	bool ok = dial_open(d, error);
	g_free(r->result->server);
	r->result->server = ok ? NULL : g_strdup(session_server(d->session));
	return ok;
}

/* --- the server's part ------------------------------------------------------------ */

/* Two accounts of one server share its failures. */
static char *server_key(const struct account *account)
{
	g_autofree char *host = g_ascii_strdown(account->smtp->host, -1);
	return g_strdup_printf("%s:%u", host, account->smtp->port);
}

static void add(GString *text, const char *word)
{
	g_string_append(text, word ? word : "");
	g_string_append_c(text, '\n');
}

/* When a file was written last; what is in it is nobody's business here. */
static void add_file(GString *text, const char *path)
{
	struct stat st;
	if (path && stat(path, &st) == 0)
		g_string_append_printf(text, "%" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT "\n",
			(int64_t)st.st_mtim.tv_sec, (long)st.st_mtim.tv_nsec, (int64_t)st.st_ino);
}

/* What a person changes after a failure, as a number so small that nothing can be
 * learned of the password from it; that another mistake has the same number by
 * chance only means that somebody has to say "dewey send". */
static char *settings_of(const struct account *a)
{
	const struct secret_source *p = a->has_smtp_password ? &a->smtp_password : &a->password;
	const char *const files[] = {
		p->kind == SECRET_FILE ? p->value : NULL, a->tls_ca, a->tls_cert, a->tls_key};
	const char *const words[] = {a->smtp->user, p->value, a->tls_ca, a->tls_cert, a->tls_key,
		a->tunnel, a->proxy ? a->proxy->host : NULL, a->helo};
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_printf(text, "%d %d %d %d\n", (int)a->smtp->security, (int)a->smtp_auth,
		(int)p->kind, a->proxy ? a->proxy->port : 0);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		add(text, words[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		add_file(text, files[i]);
	for (char **key = a->tls_pins; key && *key; key++)
		add(text, *key);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
	explicit_bzero(text->str, text->len);
	return g_strndup(sum, 4);
}

/* The way of an account, and what it is made of. */
struct own_relay {
	struct outbox_relay way;
	char *server, *settings;
};

static struct own_relay relay_new(const struct account *account)
{
	struct own_relay relay = {.server = server_key(account), .settings = settings_of(account)};
	relay.way = (struct outbox_relay){account->id, relay.server, relay.settings};
	return relay;
}

static void relay_clear(struct own_relay *relay)
{
	g_free(relay->server);
	g_free(relay->settings);
}
typedef struct own_relay own_relay;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(own_relay, relay_clear)

/* What passes by itself is waited for.  So is a network that answers in the server's
 * place, as in a hotel: nothing secret was said to it. */
static enum outbox_trouble trouble_of(enum wire_code code)
{
	switch (code) {
	case CODE_OFFLINE:
	case CODE_DISK: /* ours */
	case CODE_SYSTEM:
		return OUTBOX_TROUBLE_OFFLINE;
	case CODE_CERTIFICATE:
	case CODE_TLS:
	case CODE_PROTOCOL:
	case CODE_UNCERTAIN: /* of the letter that the session ended with */
		return OUTBOX_TROUBLE_DOWN;
	default:
		return wire_code_retry(code) == RETRY_LATER ? OUTBOX_TROUBLE_DOWN
							    : OUTBOX_TROUBLE_BLOCKED;
	}
}

static bool note(struct run *r, enum wire_code code, const char *why, GError **error)
{
	g_auto(own_relay) relay = relay_new(r->job->account);
	if (code == CODE_CANCELLED)
		return true;
	return outbox_server_failed(r->job->store, &relay.way, trouble_of(code), why, error);
}

bool reach_failed(struct run *r, enum wire_code code, const char *why, GError **error)
{
	r->give_way = true;
	return note(r, code, why, error);
}

/* Nobody's failure: there is no way to any server (S-54). */
static void find_offline(const struct run *r, GError **error)
{
	const struct server_url *url = r->job->account->smtp;
	bool direct = !r->job->account->proxy && !r->job->account->tunnel;
	if (!direct || agent_code(*error) != CODE_NETWORK || route_exists(url->host))
		return;
	g_clear_error(error);
	g_set_error(error, WIRE_ERROR, CODE_OFFLINE,
		_("there is no network; letters go when there is one"));
}

bool reach_server(struct run *r, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (r->dial.session && session_is_open(r->dial.session))
		return true;
	r->delivered = 0;
	if (open_session(r, &why)) {
		g_auto(own_relay) relay = relay_new(r->job->account);
		return outbox_server_well(r->job->store, &relay.way, error);
	}
	find_offline(r, &why);
	g_set_error_literal(error, WIRE_ERROR, (int)agent_code(why), why->message);
	return false;
}

/* --- whether to try ------------------------------------------------------------------ */

static bool left_alone(
	const struct send_job *job, const struct outbox_server *state, GError **error)
{
	g_autofree char *when = clock_long(state->due);
	if (state->blocked)
		/* TRANSLATORS: why the last attempt failed; "dewey send" stays */
		g_set_error(error, WIRE_ERROR, CODE_TEMPORARY,
			_("the server of '%s' is not tried again before somebody says "
			  "'dewey send': %s"),
			job->account->id, state->why ? state->why : "");
	else
		/* TRANSLATORS: account, time, why the last attempt failed */
		g_set_error(error, WIRE_ERROR, CODE_TEMPORARY,
			_("the server of '%s' is not tried before %s: %s"), job->account->id, when,
			state->why ? state->why : "");
	return false;
}

bool reach_may(const struct send_job *job, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct outbox_server state;
	g_auto(own_relay) relay = relay_new(job->account);
	if (job->asked)
		return true;
	if (!outbox_server_get(job->store, job->account->id, &state, error))
		return false;
	bool other = g_strcmp0(state.server, relay.server) != 0 ||
		     g_strcmp0(state.settings, relay.settings) != 0;
	int64_t due = other ? 0 : outbox_next_due(job->store, job->account->id, &why);
	bool closed = !other && (due == 0 || due > clock_now()) &&
		      (state.blocked || state.due > clock_now());
	bool may = !why && (!closed || left_alone(job, &state, error));
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	outbox_server_clear(&state);
	return may;
}
