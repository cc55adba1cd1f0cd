/* SPDX-License-Identifier: MIT */
#include "pop3/check-steps.h"

#include <string.h>

#include "base/clock.h"

enum { DAY = 86400, SOON = 14 };

void step_detail(struct step *s, char *text)
{
	if (!s->details)
		s->details = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(s->details, text);
}

static char *join(const GPtrArray *texts)
{
	GString *all = g_string_new(NULL);
	for (guint i = 0; texts && i < texts->len; i++)
		g_string_append_printf(all, "%s%s", i ? ", " : "", (char *)texts->pdata[i]);
	return g_string_free(all, FALSE);
}

void step_dns(const struct visit *v, struct step *s)
{
	const struct account *a = v->job->account;
	g_autofree char *addresses = join(v->way.facts.addresses);
	if (a->tunnel)
		s->text = g_strdup(_("left to the tunnel's command"));
	else if (a->proxy)
		s->text = g_strdup_printf(
			_("left to the proxy '%s', which is %s"), a->proxy->host, addresses);
	else
		s->text = g_strdup_printf(_("'%s' is %s"), a->pop3->host, addresses);
}

void step_tcp(const struct visit *v, struct step *s)
{
	const struct account *a = v->job->account;
	const struct conn_facts *f = &v->way.facts;
	if (a->tunnel)
		s->text = g_strdup(_("through the tunnel's command"));
	else if (a->proxy)
		s->text = g_strdup_printf(_("through the proxy at %s, which answered in %d ms"),
			f->address, f->connect_ms);
	else
		s->text = g_strdup_printf(_("%s port %u answered in %d ms"), f->address,
			a->pop3->port, f->connect_ms);
	for (guint i = 0; f->addresses && i < f->tried; i++)
		if (strcmp(f->addresses->pdata[i], f->address) != 0)
			step_detail(s, g_strdup_printf(_("%s was tried first"),
					       (char *)f->addresses->pdata[i]));
}

static char *day_text(int64_t when)
{
	g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(when);
	return day ? g_date_time_format(day, "%Y-%m-%d") : g_strdup("?");
}

/* Its chain, from the server's certificate to the root, names and key. */
static void add_details(const struct conn_facts *f, struct step *s)
{
	if (f->names && *f->names)
		step_detail(s, g_strdup_printf(_("names: %s"), f->names));
	for (guint i = 0; f->chain && i < f->chain->len; i++) {
		const struct conn_certificate *one = f->chain->pdata[i];
		g_autofree char *until = day_text(one->until);
		step_detail(s, g_strdup_printf(_("%u: %s; issued by %s; valid until %s"), i + 1,
				       one->subject, one->issuer, until));
	}
	if (f->key)
		step_detail(s, g_strdup_printf(_("key: sha256:%s"), f->key));
}

/* The days until the first one of the chain expires. */
static int64_t days_left(const struct conn_facts *f)
{
	int64_t until = G_MAXINT64;
	for (guint i = 0; i < f->chain->len; i++)
		until = MIN(until, ((struct conn_certificate *)f->chain->pdata[i])->until);
	return (until - clock_now()) / DAY;
}

void step_tls(const struct visit *v, struct step *s)
{
	const struct conn_facts *f = &v->way.facts;
	s->warning = true;
	if (!f->tls) {
		s->text = g_strdup(_("not used: everybody on the way can read password and mail"));
		s->cure = g_strdup(_("write pop3s:// or pop3:// in place of pop3+insecure://"));
		return;
	}
	int days = (int)days_left(f);
	add_details(f, s);
	if (f->pinned) {
		s->text = g_strdup_printf(_("%s in %d ms; the certificate would not do (%s), but "
					    "the key is the known one"),
			f->tls, f->tls_ms, f->fault);
		return;
	}
	s->text = g_strdup_printf(P_("%s in %d ms; the certificate is good for %d day",
					  "%s in %d ms; the certificate is good for %d days", days),
		f->tls, f->tls_ms, days);
	s->warning = days < SOON;
	if (s->warning)
		s->cure = g_strdup(_("its keeper has to renew it before it expires"));
}

/* Shorter than the error, whose cure stands apart here. */
void step_certificate(const struct visit *v, struct step *s)
{
	const struct conn_facts *f = &v->way.facts;
	const struct account *a = v->job->account;
	add_details(f, s);
	if (!f->may_accept)
		return;
	s->text = g_strdup_printf(_("the certificate of '%s' cannot be trusted: %s"), a->pop3->host,
		f->fault);
	s->cure = g_strdup_printf(
		_("if you know by other means that the key is the server's, 'dewey fetch %s' lets "
		  "you accept it, or write tls-pin = sha256:%s; the file of a CA that you trust "
		  "goes into tls-ca"),
		a->id, f->key);
}

/* --- what to do -------------------------------------------------------------------- */

char *step_way_cure(const struct visit *v, const char *name, const GError *why)
{
	const struct account *a = v->job->account;
	bool certificate = g_error_matches(why, NET_ERROR, NET_ERROR_CERTIFICATE);
	if (strcmp(name, "dns") == 0)
		return g_strdup_printf(_("check the host in %s:%d, and whether this machine is "
					 "connected to a network"),
			a->file, a->pop3->line);
	/* Of what the proxy says the error itself says what to do. */
	if (strcmp(name, "tcp") == 0 && a->proxy &&
		g_error_matches(why, NET_ERROR, NET_ERROR_CONNECT))
		return g_strdup_printf(_("this is the proxy: check 'proxy' in %s:%d"), a->file,
			a->proxy->line);
	if (strcmp(name, "tcp") == 0 && a->tunnel)
		return g_strdup_printf(_("check 'tunnel' in %s:%d"), a->file, a->tunnel_line);
	if (strcmp(name, "tcp") == 0 && !a->proxy)
		return g_strdup_printf(_("check host and port in %s:%d (pop3s: 995, pop3: 110), "
					 "and whether a firewall is in between"),
			a->file, a->pop3->line);
	bool config = g_error_matches(why, NET_ERROR, NET_ERROR_CONFIG);
	/* A server that begins with TLS waits for us, as we do for its greeting. */
	bool silent = strcmp(name, "greeting") == 0 && a->pop3->security != SECURITY_TLS &&
		      g_error_matches(why, NET_ERROR, NET_ERROR_TIMEOUT);
	if ((strcmp(name, "tls") == 0 && !certificate && !config) || silent)
		return g_strdup_printf(_("check scheme and port in %s:%d: pop3s:// begins with TLS "
					 "(port 995), pop3:// begins without (port 110)"),
			a->file, a->pop3->line);
	return NULL;
}
