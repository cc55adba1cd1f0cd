/* SPDX-License-Identifier: MIT */
#include "pop3/check.h"

#include <string.h>

#include "agent/agent.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "pop3/check-steps.h"
#include "pop3/internal.h"
#include "pop3/policy.h"

/* What a listing may have, as listing.c has it. */
static const struct listing_limits limits = {500 * 1000, 64 * 1024 * 1024};
static const struct listing_limits capa_limits = {200, 64 * 1024};

struct check {
	const struct fetch_job *job;
	struct visit v;
	struct pop3_drop drop; /* count and octets alone */
	GError *first;         /* of the first step that failed */
};

static struct record *record_of(const struct step *s)
{
	struct record *r = record_set_string(record_new("event", "step"), "step", s->name);
	record_set_bool(r, "ok", !s->failed);
	if (s->warning)
		record_set_bool(r, "warning", true);
	record_set_string(record_set_string(r, "text", s->text), "cure", s->cure);
	if (!s->details)
		return r;
	JsonArray *lines = json_array_new();
	for (guint i = 0; i < s->details->len; i++)
		json_array_add_string_element(lines, s->details->pdata[i]);
	return record_set_array(r, "details", lines);
}

static void tell(struct check *c, struct step *s)
{
	wire_child_event(c->job->child, c->job->id, record_of(s));
	g_free(s->text);
	g_free(s->cure);
	g_clear_pointer(&s->details, g_ptr_array_unref);
}

static bool good(struct check *c, const char *name, char *text)
{
	struct step s = {.name = name, .text = text};
	tell(c, &s);
	return true;
}

static bool warning(struct check *c, const char *name, char *text, const char *cure)
{
	struct step s = {.name = name, .text = text, .cure = g_strdup(cure), .warning = true};
	tell(c, &s);
	return true;
}

/* Takes why.  What was cancelled is no finding. */
static bool bad(struct check *c, struct step *s, GError *why)
{
	s->failed = true;
	if (!s->text)
		s->text = g_strdup(why->message);
	if (policy_code(why) != CODE_CANCELLED)
		tell(c, s);
	if (!c->first)
		c->first = why;
	else
		g_error_free(why);
	return false;
}

static bool bad_plainly(struct check *c, const char *name, GError *why)
{
	struct step s = {.name = name};
	return bad(c, &s, why);
}

/* --- the way -------------------------------------------------------------------------- */

/* The capabilities were read by pop3_connect() already, but not kept as words. */
static bool collect_tag(const char *line, size_t len, void *data)
{
	GString *tags = data;
	g_autofree char *clean = sanitize_line(line, (gssize)len);
	g_string_append_printf(tags, "%s%s", tags->len ? ", " : "", clean);
	return true;
}

static bool check_capa(struct check *c)
{
	struct pop3 *p = c->v.pop3;
	bool ok;
	GError *why = NULL;
	g_autoptr(GString) tags = g_string_new(NULL);
	if (!pop3_command(p, POP3_CAPA, NULL, &why) || !pop3_take(p, &ok, &why))
		return bad_plainly(c, "capa", why);
	if (!ok)
		return warning(c, "capa",
			g_strdup_printf(
				_("the server does not know CAPA: \"%s\""), pop3_server_words(p)),
			_("nothing; dewey does with what RFC 1939 has"));
	if (!pop3_read_lines(p, capa_limits, collect_tag, tags, &why))
		return bad_plainly(c, "capa", why);
	return good(c, "capa", g_strdup(tags->str));
}

/* What came before TLS anybody may have said (P-36). */
static bool check_greeting(struct check *c)
{
	const char *greeting = c->v.pop3->greeting;
	return good(c, "greeting",
		greeting ? sanitize_server_text(greeting, -1)
			 : g_strdup(_("+OK, before TLS, so that its words count for nothing")));
}

static bool tell_way(
	struct check *c, const char *name, void (*look)(const struct visit *v, struct step *s))
{
	struct step s = {.name = name};
	look(&c->v, &s);
	tell(c, &s);
	return true;
}

static bool check_dns(struct check *c)
{
	return tell_way(c, "dns", step_dns);
}

static bool check_tcp(struct check *c)
{
	return tell_way(c, "tcp", step_tcp);
}

static bool check_tls(struct check *c)
{
	return tell_way(c, "tls", step_tls);
}

struct way_step {
	const char *name;
	bool (*check)(struct check *c);
};
enum { WAY_STEPS = 5 };
static const struct way_step tls_first[WAY_STEPS] = {{"dns", check_dns}, {"tcp", check_tcp},
	{"tls", check_tls}, {"greeting", check_greeting}, {"capa", check_capa}};
static const struct way_step tls_later[WAY_STEPS] = {{"dns", check_dns}, {"tcp", check_tcp},
	{"greeting", check_greeting}, {"tls", check_tls}, {"capa", check_capa}};

static bool is_about_capa(const struct pop3 *p)
{
	return p->sent->len > 0 ? g_array_index(p->sent, enum pop3_command, 0) == POP3_CAPA
				: p->answered == POP3_CAPA && p->reply.kind == REPLY_BAD;
}

/* Where the way ended that came to an error. */
static const char *ended_at(const struct check *c, const GError *why)
{
	const struct conn_facts *f = &c->v.way.facts;
	const struct pop3 *p = c->v.pop3;
	if (!p || (!f->connected && !c->job->account->tunnel && f->tried == 0))
		return "dns";
	if (!f->connected || (!f->tls && g_error_matches(why, NET_ERROR, NET_ERROR_CONNECT)))
		return "tcp";
	if (p->security == SECURITY_TLS && !f->tls)
		return "tls";
	if (!p->greeted)
		return "greeting";
	return p->security == SECURITY_STARTTLS && !f->tls && !is_about_capa(p) ? "tls" : "capa";
}

static bool check_way(struct check *c)
{
	GError *why = NULL;
	const char *end = visit_connect(&c->v, false, &why) ? NULL : ended_at(c, why);
	enum security security = c->job->account->pop3->security;
	const struct way_step *steps = security == SECURITY_STARTTLS ? tls_later : tls_first;
	bool go_on = true;
	for (int i = 0; i < WAY_STEPS && go_on; i++) {
		struct step s = {.name = steps[i].name};
		if (!end || strcmp(end, s.name) != 0) {
			go_on = steps[i].check(c);
			continue;
		}
		if (strcmp(end, "tls") == 0)
			step_certificate(&c->v, &s);
		if (!s.cure)
			s.cure = step_way_cure(&c->v, end, why);
		go_on = bad(c, &s, g_steal_pointer(&why));
	}
	g_clear_error(&why);
	return go_on;
}

/* --- the account ---------------------------------------------------------------------------- */

static bool check_log_in(struct check *c)
{
	const struct account *a = c->job->account;
	struct step s = {.name = "log-in"};
	GError *why = NULL;
	if (visit_check_user(&c->v, &why) && pop3_login(c->v.pop3, &why))
		return good(c, "log-in",
			g_strdup_printf(_("as '%s' by %s"), a->pop3->user, c->v.pop3->mechanism));
	if (policy_code(why) == CODE_AUTH)
		s.cure = a->password.line
				 ? g_strdup_printf(_("check user and password in %s:%d"), a->file,
					   a->password.line)
				 : g_strdup_printf(
					   _("check the user in %s:%d, and the password that was "
					     "typed"),
					   a->file, a->pop3->line);
	return bad(c, &s, why);
}

static bool check_stat(struct check *c)
{
	struct pop3 *p = c->v.pop3;
	GError *why = NULL;
	if (!pop3_command(p, POP3_STAT, NULL, &why) || !pop3_demand(p, &why))
		return bad_plainly(c, "stat", why);
	if (!reply_stat(p->reply.text, &c->drop.count, &c->drop.octets))
		pop3_fail(&why, POP3_ERROR_PROTOCOL, _("the server '%s' answers STAT with \"%s\""),
			p->host, p->words);
	if (why)
		return bad_plainly(c, "stat", why);
	g_autofree char *size = size_text((int64_t)MIN(c->drop.octets, G_MAXINT64));
	gulong n = (gulong)MIN(c->drop.count, G_MAXUINT);
	return good(c, "stat",
		g_strdup_printf(P_("%u letter, %s", "%u letters, %s", n), (guint)n, size));
}

static bool count_line(const char *line, size_t len, void *data)
{
	guint *counts = data;
	uint64_t number;
	GBytes *uid = NULL;
	counts[reply_uidl_row(line, len, &number, &uid) && uid ? 0 : 1]++;
	g_clear_pointer(&uid, g_bytes_unref);
	return true;
}

static bool check_uidl(struct check *c)
{
	struct pop3 *p = c->v.pop3;
	bool ok;
	guint counts[2] = {0}; /* rows that make sense, and others */
	GError *why = NULL;
	if (!pop3_command(p, POP3_UIDL, NULL, &why) || !pop3_take(p, &ok, &why))
		return bad_plainly(c, "uidl", why);
	if (!ok)
		return warning(c, "uidl",
			g_strdup_printf(_("the server has no UIDL: \"%s\""), pop3_server_words(p)),
			_("letters are told apart by their heads, which takes longer; 'keep = "
			  "never' needs no such thing"));
	if (!pop3_read_lines(p, limits, count_line, counts, &why))
		return bad_plainly(c, "uidl", why);
	char *text = g_strdup_printf(
		P_("%u letter has a UID", "%u letters have a UID", counts[0]), counts[0]);
	if (counts[0] == c->drop.count && counts[1] == 0)
		return good(c, "uidl", text);
	return warning(
		c, "uidl", text, _("STAT counted others; some letters may be fetched twice"));
}

static bool count_octets(const void *data, size_t len, void *user)
{
	*(uint64_t *)user += len;
	return true;
}

static bool check_top(struct check *c)
{
	struct pop3 *p = c->v.pop3;
	bool ok;
	uint64_t octets = 0;
	GError *why = NULL;
	if (c->drop.count == 0)
		return good(c, "top",
			g_strdup(pop3_capabilities(p)->top
					 ? _("offered; there is no letter to try it with")
					 : _("there is no letter to try it with")));
	if (!pop3_send_top(p, 1, 0, &why) || !pop3_take(p, &ok, &why))
		return bad_plainly(c, "top", why);
	if (!ok)
		return warning(c, "top",
			g_strdup_printf(_("the server has no TOP: \"%s\""), pop3_server_words(p)),
			_("letters cannot be looked at before they are fetched"));
	if (!pop3_read_body(p, count_octets, &octets, &why))
		return bad_plainly(c, "top", why);
	g_autofree char *size = size_text((int64_t)octets);
	return good(c, "top", g_strdup_printf(_("the head of letter 1 has %s"), size));
}

static bool check_quit(struct check *c)
{
	GError *why = NULL;
	if (!pop3_quit(c->v.pop3, &why))
		return bad_plainly(c, "quit", why);
	return good(c, "quit", g_strdup(pop3_server_words(c->v.pop3)));
}

/* --- from beginning to end -------------------------------------------------------------------- */

static bool stopped(struct check *c)
{
	if (!visit_stopped(&c->v))
		return false;
	g_clear_error(&c->first);
	g_set_error(&c->first, NET_ERROR, NET_ERROR_CANCELLED, _("cancelled"));
	return true;
}

static void walk(struct check *c)
{
	static bool (*const steps[])(struct check *) = {
		check_log_in, check_stat, check_uidl, check_top};
	bool go_on = check_way(c);
	if (!go_on)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(steps) && go_on; i++) {
		if (stopped(c))
			return;
		go_on = steps[i](c);
	}
	/* After a refusal the session can end as it should, after trouble not. */
	const struct pop3 *p = c->v.pop3;
	if (go_on || (p->sent->len == 0 && p->reply.kind == REPLY_ERR))
		check_quit(c);
}

static bool forget_one(struct check *c, const struct server_url *url, GError **error)
{
	struct ledger *l = store_ledger(c->job->store, error);
	bool had;
	if (!l || !pins_forget(l, url->host, url->port, &had, error))
		return false;
	if (had)
		report_info(_("%s: the key that was accepted for '%s' port %u is forgotten"),
			c->job->account->id, url->host, url->port);
	return true;
}

/* The submission server has no doctor of its own. */
static bool forget(struct check *c, GError **error)
{
	const struct account *a = c->job->account;
	bool more = a->smtp && !a->smtp->command;
	return forget_one(c, a->pop3, error) && (!more || forget_one(c, a->smtp, error));
}

bool check_run(const struct fetch_job *job, bool forget_key, char **server, GError **error)
{
	struct check c = {.job = job};
	struct fetch_result result = {0};
	if (forget_key && !forget(&c, error))
		return false;
	if (visit_begin(&c.v, job, &c.first))
		walk(&c);
	visit_end(&c.v, &result, c.first ? &c.first : NULL);
	*server = g_steal_pointer(&result.server);
	fetch_result_clear(&result);
	if (!c.first)
		return true;
	g_propagate_error(error, c.first);
	return false;
}
