/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <arpa/inet.h>
#include <string.h>

enum { HOST_MAX = 253 };

static const struct scheme {
	const char *name, *service;
	enum security security;
	uint16_t port;
} schemes[] = {
	{"pop3s", "pop3", SECURITY_TLS, 995},
	{"pop3", "pop3", SECURITY_STARTTLS, 110},
	{"pop3+insecure", "pop3", SECURITY_INSECURE, 110},
	{"smtps", "smtp", SECURITY_TLS, 465},
	{"smtp", "smtp", SECURITY_STARTTLS, 587},
	{"smtp+insecure", "smtp", SECURITY_INSECURE, 25},
};

static const struct scheme *scheme_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strcasecmp(schemes[i].name, name) == 0)
			return &schemes[i];
	return NULL;
}

static const char *scheme_name(const char *service, enum security security)
{
	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (schemes[i].security == security && strcmp(schemes[i].service, service) == 0)
			return schemes[i].name;
	g_assert_not_reached();
}

static char *how_to_write(const char *service)
{
	return g_strdup_printf(_("write %ss://USER@HOST"), service);
}

/* TLS from the first octet comes first in the list: it is what to take. */
static const struct scheme *read_scheme(const char *text, const char *service, struct complaint *c)
{
	const char *colon = strstr(text, "://");
	if (!colon) {
		complain(c, g_strdup_printf(_("'%s' is not the URL of a server"), text),
			how_to_write(service));
		return NULL;
	}
	g_autofree char *name = g_strndup(text, (gsize)(colon - text));
	const struct scheme *found = scheme_find(name);
	if (found && strcmp(found->service, service) == 0)
		return found;
	if (found)
		complain(c, g_strdup_printf(_("'%s:' does not belong to '%s'"), name, service),
			how_to_write(service));
	else if (g_ascii_strcasecmp(name, "kpop") == 0) /* P-10 */
		complain(c, g_strdup(_("'kpop:' is Kerberos 4, which nobody speaks any more")),
			g_strdup(_("write pop3s://USER@HOST and 'pop3-auth = gssapi'")));
	else
		complain(c, g_strdup_printf(_("unknown scheme '%s:'"), name),
			g_strdup_printf(_("write %ss: (TLS), %s: (STARTTLS required) or "
					  "%s+insecure: (no TLS)"),
				service, service, service));
	return NULL;
}

/* "ivan%2Btag" → "ivan+tag".  What an agent would send in a line of the
 * protocol holds no line end (P-04). */
bool url_login_parse(const char *raw, char **out, struct complaint *c)
{
	g_autofree char *user = g_uri_unescape_string(raw, NULL);
	if (!user || !g_utf8_validate(user, -1, NULL))
		return complain(c, g_strdup_printf(_("'%s' is not percent-encoded UTF-8"), raw),
			g_strdup(_("write '%25' for a '%' of the login")));
	for (const char *p = user; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_iscntrl(g_utf8_get_char(p)))
			return complain(c, g_strdup_printf(_("the login '%s' holds a control "
							     "character"), raw),
				g_strdup(_("take it out")));
	if (*user == '\0')
		return complain(c, g_strdup(_("nothing stands before '@'")),
			g_strdup(_("write the login there, or take out '@'")));
	*out = g_steal_pointer(&user);
	return true;
}

static bool read_user(const char *text, size_t len, char **out, struct complaint *c)
{
	g_autofree char *raw = g_strndup(text, len);
	if (strchr(raw, ':'))
		return complain(c, g_strdup(_("a password does not belong into a URL")),
			g_strdup(_("take out ':' and what follows, up to '@', and write "
				   "'password = command:…'; a ':' in a login is written %3A")));
	return url_login_parse(raw, out, c);
}

static bool host_chars_ok(const char *host)
{
	for (const char *p = host; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar u = g_utf8_get_char(p);
		if (u < 0x80 && !g_ascii_isalnum((char)u) && !strchr("-._", (int)u))
			return false;
		if (u >= 0x80 && !g_unichar_isalnum(u) && !g_unichar_ismark(u))
			return false;
	}
	return true;
}

/* T-04: OpenSSL takes an empty name for "check nothing" and ".test" for every
 * host below it. */
static bool check_host(char *host, struct complaint *c)
{
	size_t len = strlen(host);
	if (len > 1 && host[len - 1] == '.')
		host[--len] = '\0';
	if (len == 0)
		return complain(c, g_strdup(_("the URL names no host")),
			g_strdup(_("write the name of the server behind '@'")));
	if (host[0] == '.' || strstr(host, ".."))
		return complain(c, g_strdup_printf(_("the host '%s' has an empty part"), host),
			g_strdup(_("take out the '.' that is too many")));
	if (len > HOST_MAX || !host_chars_ok(host))
		return complain(c, g_strdup_printf(_("'%s' is not the name of a host"), host),
			g_strdup(_("letters, digits, '-' and '.' can stand in it")));
	return true;
}

static bool read_literal(const char *at, char **host, const char **rest, struct complaint *c)
{
	struct in6_addr address;
	const char *close = strchr(at, ']');
	g_autofree char *inside = g_strndup(at + 1, close ? (gsize)(close - at - 1) : 0);
	if (!close || inet_pton(AF_INET6, inside, &address) != 1)
		return complain(c, g_strdup_printf(_("'%s' is not an IPv6 address"), at),
			g_strdup(_("write it like [2001:db8::1]")));
	*host = g_steal_pointer(&inside);
	*rest = close + 1;
	return true;
}

static bool read_port(const char *at, uint16_t *port, struct complaint *c)
{
	guint64 n;
	if (!g_ascii_string_to_unsigned(at, 10, 1, 65535, &n, NULL))
		return complain(c, g_strdup_printf(_("'%s' is not a port"), at),
			g_strdup(_("write a number from 1 to 65535")));
	*port = (uint16_t)n;
	return true;
}

bool url_place_parse(const char *at, char **host, uint16_t *port, struct complaint *c)
{
	g_autofree char *found = NULL;
	const char *rest = at + strcspn(at, ":");
	if (*at == '[') {
		if (!read_literal(at, &found, &rest, c))
			return false;
	} else {
		if (strchr(rest + (*rest == ':'), ':'))
			return complain(c, g_strdup_printf(_("'%s' has more than one ':'"), at),
				g_strdup(_("write an IPv6 address like [2001:db8::1]")));
		found = g_strndup(at, (gsize)(rest - at));
		if (!check_host(found, c))
			return false;
	}
	if (*rest != '\0' && *rest != ':')
		return complain(c, g_strdup_printf(_("'%s' stands behind the host"), rest),
			g_strdup(_("take it out")));
	if (*rest == ':' && !read_port(rest + 1, port, c))
		return false;
	*host = g_steal_pointer(&found);
	return true;
}

static bool read_rest(const char *text, struct server_url *url, struct complaint *c)
{
	g_autofree char *rest = g_strdup(text);
	char *at = strrchr(rest, '@'); /* a login may hold '@' itself */
	char *slash = strchr(at ? at : rest, '/');
	if (slash && slash[1] == '\0')
		*slash = '\0';
	else if (slash)
		return complain(c, g_strdup_printf(_("'%s' stands behind the host"), slash),
			g_strdup(_("take it out")));
	if (at && !read_user(rest, (size_t)(at - rest), &url->user, c))
		return false;
	return url_place_parse(at ? at + 1 : rest, &url->host, &url->port, c);
}

#define COMMAND "command:"

static struct server_url *read_command(const char *command, struct complaint *c)
{
	g_auto(GStrv) words = NULL;
	if (!g_shell_parse_argv(command, NULL, &words, NULL) || !*words[0]) {
		complain(c, g_strdup_printf(_("'%s' is not a command"), command),
			g_strdup(_("write command:PROGRAM and its arguments; a quotation mark that "
				   "opens must close")));
		return NULL;
	}
	struct server_url *url = g_new0(struct server_url, 1);
	url->command = g_strdup(command);
	url->host = g_strdup("");
	return url;
}

struct server_url *server_url_parse(const char *text, const char *service, struct complaint *c)
{
	if (strcmp(service, "smtp") == 0 && g_str_has_prefix(text, COMMAND))
		return read_command(text + strlen(COMMAND), c);
	const struct scheme *scheme = read_scheme(text, service, c);
	if (!scheme)
		return NULL;
	struct server_url *url = g_new0(struct server_url, 1);
	url->security = scheme->security;
	url->port = scheme->port;
	if (!read_rest(strstr(text, "://") + 3, url, c))
		g_clear_pointer(&url, server_url_free);
	return url;
}

void server_url_free(struct server_url *url)
{
	if (!url)
		return;
	g_free(url->user);
	g_free(url->host);
	g_free(url->command);
	g_free(url);
}

char *server_url_text(const char *service, const struct server_url *url)
{
	if (url->command)
		return g_strconcat(COMMAND, url->command, NULL);
	const char *name = scheme_name(service, url->security);
	const char *open = strchr(url->host, ':') ? "[" : "", *close = *open ? "]" : "";
	g_autofree char *port = url->port == scheme_find(name)->port
					? g_strdup("")
					: g_strdup_printf(":%d", url->port);
	return g_strconcat(name, "://", url->user ? url->user : "", url->user ? "@" : "", open,
		url->host, close, port, NULL);
}
