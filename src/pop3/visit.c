/* SPDX-License-Identifier: MIT */
#include "pop3/visit.h"

#include <string.h>

#include "agent/transcript.h"
#include "base/report.h"
#include "base/secret.h"
#include "net/sasl.h"
#include "store/maildrop.h"

static bool is_cancelled(const struct visit *v)
{
	const struct fetch_job *job = v->job;
	return interrupt_came(job->interrupt) ||
	       (wire_child_fd(job->child) >= 0 && wire_child_cancelled(job->child, job->id));
}

/* The parent closed the pipe: the letter that is half here is finished, if the
 * server keeps on sending it (DESIGN section 4). */
static void parent_is_gone(struct visit *v)
{
	if (v->ending)
		return;
	v->ending = true;
	interrupt_unwatch(v->job->interrupt);
	if (v->pop3)
		pop3_hurry(v->pop3);
}

static void poll_wire(struct visit *v)
{
	wire_child_poll(v->job->child);
	if (v->listens && wire_child_fd(v->job->child) < 0)
		parent_is_gone(v);
}

static bool ready(void *data)
{
	struct visit *v = data;
	poll_wire(v);
	return !is_cancelled(v) && (!v->ending || v->in_letter);
}

bool visit_stopped(struct visit *v)
{
	poll_wire(v);
	return is_cancelled(v) || v->ending;
}

static char *ask(const char *text, void *data)
{
	struct visit *v = data;
	return agent_ask(v->job->child, v->job->id, text);
}

static char *secret(void *data, GError **error)
{
	struct visit *v = data;
	g_autoptr(GError) why = NULL;
	char *text = account_secret(v->job->account, "pop3", ask, v, &why);
	bool stopped = visit_stopped(v);
	if (text && !stopped)
		return text;
	/* A signal may have cut the typing short: half a password is not sent. */
	secret_free(text);
	if (stopped)
		g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, _("cancelled"));
	else
		g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

/* The key holds what the user typed; the name of a file must not. */
char *visit_lock_name(const char *key)
{
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
	return g_strdup_printf("account-%.16s", hash);
}

static struct pop3 *make_session(struct visit *v)
{
	const struct account *a = v->job->account;
	struct pop3_params params = {
		.net = {.watch = {interrupt_fd(v->job->interrupt), ready, v},
			.trace = transcript_line,
			.trace_data = v->transcript},
		.security = a->pop3->security,
		.auth = a->pop3_auth,
		.file = a->file,
		.auth_line = a->pop3_auth_line,
		.user = a->pop3->user,
		.language = a->pop3_language,
		.insist_on_utf8 = v->job->insist_on_utf8,
		.secret = secret,
		.data = v,
	};
	agent_way_params(&v->way, &params.net);
	return pop3_new(&params);
}

static bool cancelled(GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, _("cancelled"));
	return false;
}

bool visit_connect(struct visit *v, bool may_ask, GError **error)
{
	g_autoptr(GError) why = NULL;
	/* A cancel that came in one piece with the request wakes nobody any more. */
	if (visit_stopped(v))
		return cancelled(error);
	v->transcript = transcript_begin(v->job->store, v->job->account, AGENT_POP3);
	v->pop3 = make_session(v);
	if (pop3_connect(v->pop3, &why))
		return true;
	/* Once more where a person vouches for the server's key. */
	if (may_ask && agent_way_accept(&v->way, v->job->child, v->job->id, &why)) {
		pop3_free(v->pop3);
		v->pop3 = make_session(v);
		return pop3_connect(v->pop3, error);
	}
	if (is_cancelled(v))
		return cancelled(error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

bool visit_begin(struct visit *v, const struct fetch_job *job, GError **error)
{
	*v = (struct visit){.job = job, .key = account_state_key(job->account)};
	v->listens = wire_child_fd(job->child) >= 0;
	g_autofree char *name = visit_lock_name(v->key);
	v->lock = store_lock_take(job->store, name, error);
	return v->lock && agent_way_init(&v->way, job->store, job->account, AGENT_POP3, error);
}

bool visit_check_user(const struct visit *v, GError **error)
{
	const struct account *a = v->job->account;
	if (a->pop3->user)
		return true;
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
		_("'pop3' in %s:%d names no user; write pop3s://USER@%s"), a->file, a->pop3->line,
		a->pop3->host);
	return false;
}

static void say_how(const struct visit *v)
{
	const char *tls = pop3_tls_text(v->pop3), *id = v->job->account->id;
	const char *software = pop3_capabilities(v->pop3)->implementation;
	if (!tls)
		report_warning(_("%s: the connection is not encrypted; everybody on the way can "
				 "read the password"),
			id);
	else if (v->job->verbose)
		report_info(_("%s: connected to '%s', %s"), id, v->job->account->pop3->host, tls);
	if (v->job->verbose && software)
		report_info(_("%s: the server is \"%s\""), id, software);
	if (pop3_other_languages(v->pop3))
		report_warning(_("%s: the server does not speak '%s'; it has: %s"), id,
			v->job->account->pop3_language, pop3_other_languages(v->pop3));
}

/* A timestamp that comes twice lets an answer be used twice: by somebody who has
 * heard it (T-60). */
static bool check_greeting(const struct visit *v, GError **error)
{
	bool same;
	const struct account *a = v->job->account;
	const char *greeting = pop3_greeting(v->pop3);
	g_autofree char *proof = greeting ? sasl_apop(greeting, "") : NULL;
	if (a->pop3_auth != AUTH_APOP || !proof)
		return true;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !maildrop_greeted(l, v->key, greeting, &same, error))
		return false;
	if (same)
		report_warning(
			_("%s: the server greets with the same timestamp as the last time, so "
			  "APOP protects the password from nobody; take out 'pop3-auth = "
			  "apop'"),
			a->id);
	return true;
}

static bool log_in(struct visit *v, GError **error)
{
	GError *why = NULL;
	if (pop3_login(v->pop3, &why))
		return true;
	pop3_leave(v->pop3, why);
	g_propagate_error(error, why);
	return false;
}

bool visit_log_in(struct visit *v, GError **error)
{
	if (!visit_check_user(v, error) || !visit_connect(v, true, error))
		return false;
	say_how(v);
	return check_greeting(v, error) && log_in(v, error);
}

void visit_end(struct visit *v, struct fetch_result *result, GError **error)
{
	if (v->pop3) {
		g_free(result->server);
		result->server = g_strdup(pop3_server_words(v->pop3));
	}
	result->wait = v->wait;
	g_clear_pointer(&v->pop3, pop3_free);
	transcript_end(g_steal_pointer(&v->transcript), error ? *error : NULL);
	agent_way_clear(&v->way);
	g_clear_pointer(&v->lock, store_lock_free);
	g_clear_pointer(&v->key, g_free);
}

bool visit_insisting(const struct fetch_job *job, visit_whole visit, void *data, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct fetch_job again = *job;
	if (visit(job, data, &why))
		return true;
	again.insist_on_utf8 = true;
	if (g_error_matches(why, POP3_ERROR, POP3_ERROR_UTF8))
		return visit(&again, data, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}
