/* SPDX-License-Identifier: MIT
 *
 * Questions that a person puts to the server: whether there is an address, who is on
 * a list, what it can do.  A 252 is shown as what it is: no answer (S-19). */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/local.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "compose/address.h"
#include "smtp/dial.h"
#include "smtp/program.h"

static const enum session_question questions[] = {
	[MODE_VERIFY] = SESSION_VERIFY,
	[MODE_EXPAND] = SESSION_EXPAND,
	[MODE_SERVER_HELP] = SESSION_HELP,
};

static const struct {
	int status;
	const char *text;
} answers[] = {
#define ANSWER(name, status, text) [ANSWER_##name] = {status, text},
#define RANGE(question, from, to, name)
#include "smtp/answers.def"
#undef ANSWER
#undef RANGE
};

static void show(const struct session_answer *answer, const char *subject)
{
	g_autofree char *shown = subject ? sanitize_line(subject, -1) : g_strdup("HELP");
	g_auto(GStrv) lines = g_strsplit(answer->text, "\n", -1);
	local_print("'%s': %s\n", shown, _(answers[answer->meaning].text));
	for (guint i = 0; lines[i] && *lines[i]; i++)
		local_print("  %d %s\n", answer->code, lines[i]);
}

/* The status is that of the first one who is not simply there. */
static bool ask(struct dial *d, enum mode mode, const char *subject, int *status)
{
	g_autoptr(GError) error = NULL;
	struct session_answer answer = {0};
	if (!session_ask(d->session, questions[mode], subject, &answer, &error)) {
		int failed = agent_fail(d->account, error);
		*status = *status == EX_OK ? failed : *status;
		return session_is_open(d->session);
	}
	show(&answer, subject);
	*status = *status == EX_OK ? answers[answer.meaning].status : *status;
	session_answer_clear(&answer);
	return true;
}

static int ask_all(struct dial *d, const struct options *o)
{
	int status = EX_OK;
	if (!*o->recipients)
		ask(d, o->mode, NULL, &status);
	for (char **subject = o->recipients; *subject; subject++)
		if (!ask(d, o->mode, *subject, &status))
			break;
	return status;
}

/* --- -bv ------------------------------------------------------------------------------- */

/* What has no @ is a name that only the server knows. */
static bool is_well_formed(const char *subject, GError **error)
{
	return !strchr(subject, '@') || address_check(subject, true, error);
}

/* All are looked at, the status is that of the first one that is wrong. */
static int check_forms(const struct options *o)
{
	int status = EX_OK;
	for (char **subject = o->recipients; *subject; subject++) {
		g_autoptr(GError) error = NULL;
		if (is_well_formed(*subject, &error))
			continue;
		report_error("%s", error->message);
		status = EX_DATAERR;
	}
	return status;
}

/* The server cannot be reached: that is said, and what is known without it. */
static int tell_forms(const struct options *o, const GError *error)
{
	for (char **subject = o->recipients; *subject; subject++) {
		g_autofree char *shown = sanitize_line(*subject, -1);
		local_print(_("'%s': it may be an address; the server was not asked\n"), shown);
	}
	report_warning("%s", error->message);
	return EX_OK;
}

static int not_asked(const struct options *o, const struct account *account, const GError *error)
{
	bool later = wire_code_retry(agent_code(error)) == RETRY_LATER;
	return o->verify && later ? tell_forms(o, error) : agent_fail(account, error);
}

/* --- the session ----------------------------------------------------------------------- */

static bool look(void *data)
{
	return !interrupt_came(data);
}

static bool open_session(struct dial *d, const struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (dial_init(d, &why) && dial_open(d, &why))
		return true;
	g_propagate_error(error, agent_explain(a, d->account, why));
	return false;
}

static int ask_server(const struct agent *a, const struct account *account, const struct options *o)
{
	g_autoptr(GError) error = NULL;
	struct dial d = {.account = account,
		.store = a->store,
		.child = a->child,
		.watch = {interrupt_fd(a->interrupt), look, a->interrupt}};
	int status = open_session(&d, a, &error) ? ask_all(&d, o) : not_asked(o, account, error);
	dial_close(&d);
	return status;
}

int program_ask(struct program *p)
{
	g_autoptr(GError) error = NULL;
	const struct options *o = &p->options;
	const struct account *account;
	if (o->mode != MODE_SERVER_HELP && !*o->recipients) {
		g_set_error(&error, WIRE_ERROR, CODE_USAGE,
			_("name what to ask for; see 'dewey-smtp --help'"));
		return agent_fail(NULL, error);
	}
	int bad = o->verify ? check_forms(o) : EX_OK;
	if (bad != EX_OK)
		return bad;
	account = agent_open(&p->agent, &error) ? program_account(p, &error) : NULL;
	if (!account)
		return agent_fail(NULL, error);
	if (account->smtp->command) {
		g_set_error(&error, WIRE_ERROR, CODE_CONFIG,
			_("account '%s' sends through a program; there is no server to ask"),
			account->id);
		return agent_fail(NULL, error);
	}
	return ask_server(&p->agent, account, o);
}
