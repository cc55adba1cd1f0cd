/* SPDX-License-Identifier: MIT
 *
 * --find ADDRESS: the servers that the domain of an address names in DNS (RFC 6186, RFC
 * 8314 section 5.1), as lines for the dotfile.  They are shown and nothing more: DNS can
 * be forged, so a person has to look before a password goes there (CHECKLIST S-01). */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/local.h"
#include "compose/address.h"
#include "net/srv.h"
#include "smtp/program.h"

/* Those with TLS from the start come first, and the first one that is there counts. */
static const struct service {
	const char *name, *setting, *scheme;
	uint16_t port; /* which need not be said */
} services[] = {
	{"pop3s", "pop3", "pop3s", 995},
	{"pop3", "pop3", "pop3", 110},
	{"submissions", "smtp", "smtps", 465},
	{"submission", "smtp", "smtp", 587},
};

static bool is_within(const char *host, const char *domain)
{
	size_t n = strlen(host), len = strlen(domain);
	return n >= len && g_ascii_strcasecmp(host + n - len, domain) == 0 &&
	       (n == len || host[n - len - 1] == '.');
}

static void show(const struct service *s, const struct srv *srv, const char *address)
{
	const char *domain = strrchr(address, '@') + 1;
	g_autofree char *user = g_uri_escape_string(address, NULL, true);
	g_autofree char *port =
		srv->port == s->port ? g_strdup("") : g_strdup_printf(":%u", srv->port);
	/* TRANSLATORS: host name, domain */
	if (!is_within(srv->host, domain))
		local_print(_("# '%s' is not in '%s': ask whoever runs your mail whether it is right\n"),
			srv->host, domain);
	local_print("%s = %s://%s@%s%s\n", s->setting, s->scheme, user, srv->host, port);
}

/* What is found for one setting ends the search for it. */
static bool find_all(const char *address, guint *found, GError **error)
{
	const char *known = "";
	for (size_t i = 0; i < G_N_ELEMENTS(services); i++) {
		const struct service *s = &services[i];
		if (g_str_equal(known, s->setting))
			continue;
		GError *why = NULL;
		struct srv *srv = srv_find(s->name, strrchr(address, '@') + 1, &why);
		if (why) {
			g_propagate_error(error, why);
			return false;
		}
		if (srv) {
			show(s, srv, address);
			known = s->setting;
			++*found;
		}
		srv_free(srv);
	}
	return true;
}

static int find(const char *address)
{
	g_autoptr(GError) error = NULL;
	guint found = 0;
	if (!find_all(address, &found, &error))
		return agent_fail(NULL, error);
	if (found > 0)
		return EX_OK;
	g_set_error(&error, WIRE_ERROR, CODE_REFUSED,
		_("the domain of '%s' names no servers in DNS; ask whoever runs your mail"),
		address);
	return agent_fail(NULL, error);
}

int program_find(struct program *p)
{
	char **words = p->options.recipients;
	g_autoptr(GError) error = NULL, why = NULL;
	if (!words[0] || words[1]) {
		g_set_error(
			&error, WIRE_ERROR, CODE_USAGE, _("--find takes one address, your own"));
		return agent_fail(NULL, error);
	}
	g_autofree char *ascii = address_check(words[0], true, &why)
					 ? address_to_ascii_domain(words[0], &why)
					 : NULL;
	if (ascii)
		return find(ascii);
	g_set_error_literal(&error, WIRE_ERROR, CODE_DATA, why->message);
	return agent_fail(NULL, error);
}
