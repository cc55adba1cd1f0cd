/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/lookalike.h"
#include "ui/trust-private.h"

/* The topmost field of that name is the one that it wrote last, or wrote at all: what
 * stands below may have come with the letter. */
static int topmost(const struct mime_trace *t, const char *server)
{
	for (guint i = 0; i < t->auth->len; i++) {
		const struct mime_auth *a = t->auth->pdata[i];
		if (g_ascii_strcasecmp(a->server, server) == 0)
			return a->field;
	}
	return -1;
}

/* What its results come to, for the address in From. */
struct verdict {
	bool genuine;    /* DMARC passed, or a signature of the domain */
	bool path;       /* the server it came from may send for the domain */
	bool failed;     /* something that had to hold did not */
	char *signer;    /* another domain that signed it; NULL */
	GString *passed, *others; /* "dkim, dmarc"; "spf softfail" */
};

/* Whether who answers for domain answers for the sender: not the other way round,
 * "evil.host.example" says nothing of "host.example". */
static bool covers(const char *domain, const char *sender)
{
	g_autofree char *a = lookalike_ascii(sender), *b = lookalike_ascii(domain);
	size_t m = strlen(a), n = strlen(b);
	return n > 0 && m >= n && strcmp(a + m - n, b) == 0 && (m == n || a[m - n - 1] == '.');
}

static void take_pass(struct verdict *v, const struct mime_auth *a, const char *sender)
{
	bool own = covers(a->domain, sender);
	if (strcmp(a->method, "dkim") == 0 && !own && *a->domain && !v->signer)
		v->signer = trust_shorten(a->domain);
	if (strcmp(a->method, "dmarc") == 0 && !*a->domain)
		own = true;
	if (!own)
		return;
	if (strcmp(a->method, "spf") == 0)
		v->path = true;
	else
		v->genuine = true;
	g_string_append_printf(v->passed, "%s%s", v->passed->len ? ", " : "", a->method);
}

static void take_result(struct verdict *v, const struct mime_auth *a, const char *sender)
{
	static const char *const methods[] = {"dkim", "spf", "dmarc", NULL};
	if (!g_strv_contains(methods, a->method))
		return;
	if (strcmp(a->result, "pass") == 0) {
		take_pass(v, a, sender);
		return;
	}
	bool bad = strcmp(a->result, "fail") == 0 || strcmp(a->result, "permerror") == 0;
	v->failed = v->failed || (bad && (strcmp(a->method, "dmarc") == 0 || *a->domain == '\0' ||
					  covers(a->domain, sender)));
	if (strcmp(a->result, "none") == 0)
		return;
	g_autofree char *result = trust_shorten(a->result);
	g_string_append_printf(v->others, "%s%s %s", v->others->len ? ", " : "", a->method, result);
}

static bool dmarc_failed(const struct mime_trace *t, int field)
{
	for (guint i = 0; i < t->auth->len; i++) {
		const struct mime_auth *a = t->auth->pdata[i];
		if (a->field == field && strcmp(a->method, "dmarc") == 0 &&
			strcmp(a->result, "fail") == 0)
			return true;
	}
	return false;
}

static void say_failed(struct judging *j, const struct verdict *v, const char *server)
{
	/* Lists change letters, and so break what their senders signed. */
	enum trust_level level = j->mime->trace->automatic ? TRUST_NOTE : TRUST_WARNING;
	trust_add(j->trust, level, g_strdup_printf(_("sender not genuine: %s"), v->others->str),
		g_strdup_printf(_("The server %s could not verify that the letter comes from the "
				  "domain of its sender."), server));
}

static void say(struct judging *j, const struct verdict *v, const char *server)
{
	if (v->genuine)
		trust_add(j->trust, TRUST_GOOD,
			g_strdup_printf(_("sender's domain verified: %s"), v->passed->str),
			g_strdup_printf(_("The server %s says that the letter comes from the "
					  "domain of its sender. Of the person it says "
					  "nothing."), server));
	else if (v->failed)
		say_failed(j, v, server);
	else if (v->signer)
		trust_add(j->trust, TRUST_NOTE,
			g_strdup_printf(_("signed by the domain %s alone"), v->signer),
			g_strdup(_("The letter is signed by another domain than that of its "
				   "sender, as services for bulk mail do.")));
	else if (v->path)
		trust_add(j->trust, TRUST_CALM, g_strdup(_("came from the sender's servers: spf")),
			g_strdup_printf(_("The server %s says so; the letter is not signed by "
					  "the domain."), server));
	else
		trust_add(j->trust, TRUST_NOTE,
			v->others->len > 0
				? g_strdup_printf(_("sender not verified: %s"), v->others->str)
				: g_strdup(_("sender not verified")),
			g_strdup_printf(_("The server %s had nothing to verify it by."), server));
}

/* Of a letter of unknown ways the only account there is.  Its recipients say nothing:
 * through one account a letter can come that poses as one of another. */
const struct account *trust_account(const struct dotfile *d, const char *word)
{
	if (*word)
		return dotfile_account_by_name(d, word);
	return dotfile_account_count(d) == 1 ? dotfile_account(d, 0) : NULL;
}

static bool passed(const struct mime_trace *t, int field, const char *domain)
{
	bool pass = false;
	for (guint i = 0; i < t->auth->len; i++) {
		const struct mime_auth *a = t->auth->pdata[i];
		if (a->field != field || strcmp(a->method, "dkim") != 0 ||
			g_ascii_strcasecmp(a->domain, domain) != 0)
			continue;
		if (strcmp(a->result, "pass") != 0)
			return false;
		pass = true;
	}
	return pass;
}

const char *trust_leave_signer(const struct mime_trace *t, const struct account *a)
{
	int field = a && a->auth_results ? topmost(t, a->auth_results) : -1;
	for (guint i = 0; field >= 0 && i < t->leave_signers->len; i++)
		if (passed(t, field, t->leave_signers->pdata[i]))
			return t->leave_signers->pdata[i];
	return NULL;
}

void trust_judge_auth(struct judging *j)
{
	const struct account *a = trust_account(j->dotfile, j->account);
	const char *server = a ? a->auth_results : NULL;
	const struct mime_trace *t = j->mime->trace;
	const char *at = strrchr(j->from->address, '@');
	/* What says who wrote it says nothing where there are several. */
	if (!server || !t || !at || j->mime->from->len != 1)
		return;
	int field = topmost(t, server);
	if (field < 0) {
		trust_add(j->trust, TRUST_NOTE, g_strdup(_("sender not verified")),
			g_strdup_printf(_("The server %s says nothing about it."), server));
		return;
	}
	struct verdict v = {.passed = g_string_new(NULL), .others = g_string_new(NULL)};
	for (guint i = 0; i < t->auth->len; i++) {
		const struct mime_auth *r = t->auth->pdata[i];
		if (r->field == field)
			take_result(&v, r, at + 1);
	}
	/* DMARC is the domain's own wish, and has the last word. */
	if (dmarc_failed(t, field))
		v.genuine = false;
	say(j, &v, server);
	g_free(v.signer);
	g_string_free(v.passed, TRUE);
	g_string_free(v.others, TRUE);
}
