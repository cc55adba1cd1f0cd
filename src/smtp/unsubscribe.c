/* SPDX-License-Identifier: MIT
 *
 * Leaving a list by one request (RFC 8058): a POST to an address that came in a letter, so
 * to a stranger.  It gets nothing but the request, goes to hosts of the net at large and to
 * the port of https alone, and where it sends us on we do not go (CHECKLIST M-64). */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "net/conn.h"
#include "smtp/program.h"

enum { HTTPS = 443, SECONDS = 20, LINE = 8192, LINES = 200, WORDS = 200 };

#define FORM "List-Unsubscribe=One-Click"

/* --- where to ------------------------------------------------------------------------- */

static bool wrong(GError **error, const char *url, const char *why)
{
	g_autofree char *shown = sanitize_line(url, -1);
	g_set_error(error, WIRE_ERROR, CODE_DATA, _("the address '%s' is not asked: %s"), shown, why);
	return false;
}

/* Names only: an address has no certificate that says whose it is, and "127.1" is one
 * too.  A name of one label is one of the neighbourhood. */
static bool is_public_name(const char *host)
{
	const char *dot = host ? strrchr(host, '.') : NULL;
	if (!dot || !g_ascii_isalpha(dot[1]) || g_ascii_strcasecmp(dot, ".local") == 0 ||
		g_ascii_strcasecmp(dot, ".localhost") == 0 ||
		g_ascii_strcasecmp(dot, ".internal") == 0)
		return false;
	for (; *host; host++)
		if (!g_ascii_isalnum(*host) && *host != '-' && *host != '.')
			return false;
	return true;
}

static GUri *parse(const char *url, GError **error)
{
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p >= 0x7F)
			return wrong(error, url, _("it holds characters that no address has")), NULL;
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
	if (!uri || g_ascii_strcasecmp(g_uri_get_scheme(uri), "https") != 0)
		return wrong(error, url, _("it is none of https")), NULL;
	if (g_uri_get_userinfo(uri) || !is_public_name(g_uri_get_host(uri)))
		return wrong(error, url, _("it has no name of a host on the net")), NULL;
	if (g_uri_get_port(uri) != -1 && g_uri_get_port(uri) != HTTPS)
		return wrong(error, url, _("its port is not that of https")), NULL;
	return g_steal_pointer(&uri);
}

/* --- the request ---------------------------------------------------------------------- */

/* What stands behind the host, octet by octet as the list wrote it. */
static char *target_of(const char *url)
{
	const char *at = strstr(url, "://") + 3;
	at += strcspn(at, "/?#");
	g_autofree char *rest = g_strndup(at, strcspn(at, "#"));
	return g_strconcat(*rest == '/' ? "" : "/", rest, NULL);
}

static void ask(struct conn *c, const char *host, const char *url)
{
	g_autofree char *target = target_of(url);
	conn_set_timeout(c, SECONDS);
	conn_printf(c,
		"POST %s HTTP/1.1\r\n"
		"Host: %s\r\n"
		"User-Agent: dewey\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: %zu\r\n"
		"Connection: close\r\n"
		"\r\n" FORM,
		target, host, strlen(FORM));
}

static bool skip_header(struct conn *c, GError **error)
{
	for (int i = 0; i < LINES; i++) {
		size_t len;
		const char *line = conn_read_line(c, LINE, &len, NULL, error);
		if (!line || len == 0)
			return line != NULL;
	}
	g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL, _("the header of its answer has no end"));
	return false;
}

/* The first line of the answer, those of 1xx left out; NULL: error. */
static char *status_line(struct conn *c, GError **error)
{
	for (int i = 0; i < LINES; i++) {
		size_t len;
		const char *line = conn_read_line(c, LINE, &len, NULL, error);
		if (!line)
			return NULL;
		bool http = len >= 12 && g_ascii_strncasecmp(line, "HTTP/1.", 7) == 0 && line[8] == ' ';
		if (!http || line[9] < '1' || line[9] > '5') {
			g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL, _("its answer is not one of http"));
			return NULL;
		}
		if (line[9] != '1')
			return g_strndup(line, len);
		if (!skip_header(c, error))
			return NULL;
	}
	g_set_error(error, NET_ERROR, NET_ERROR_PROTOCOL, _("it gives no answer"));
	return NULL;
}

static bool judge(const char *host, const char *line, GError **error)
{
	g_autofree char *cut = g_strndup(line + 9, WORDS), *words = sanitize_line(cut, -1);
	if (line[9] == '2')
		return true;
	if (line[9] == '3')
		g_set_error(error, WIRE_ERROR, CODE_REFUSED,
			_("'%s' sends on to another address, where dewey does not follow: %s"), host,
			words);
	else
		g_set_error(error, WIRE_ERROR, line[9] == '5' ? CODE_TEMPORARY : CODE_REFUSED,
			_("'%s' does not take the request: the server says: %s"), host, words);
	return false;
}

static bool post(const char *url, const struct conn_params *params, bool *asked, GError **error)
{
	g_autoptr(conn) c = conn_open(params, error);
	if (!c)
		return false;
	ask(c, params->host, url);
	*asked = true;
	g_autofree char *line = status_line(c, error);
	return line && judge(params->host, line, error);
}

/* --- for the parent ------------------------------------------------------------------- */

struct watching {
	struct agent *agent;
	int64_t id;
};

/* The parent may go: what was begun is finished, and takes seconds. */
static bool look(void *data)
{
	struct watching *w = data;
	struct agent *a = w->agent;
	if (interrupt_came(a->interrupt))
		return false;
	wire_child_poll(a->child);
	if (wire_child_fd(a->child) < 0)
		interrupt_unwatch(a->interrupt);
	return !wire_child_cancelled(a->child, w->id);
}

/* What went wrong is about that host, and no line of the dotfile mends it. */
static GError *explained(const GError *why, const char *host, bool asked)
{
	enum wire_code code = agent_code(why);
	if (why->domain == WIRE_ERROR || code == CODE_CANCELLED)
		return g_error_copy(why);
	return g_error_new(WIRE_ERROR, (int)(code == CODE_CONFIG ? CODE_DATA : code),
		asked ? _("'%s' was asked to take you off the list, but whether it will is not "
			  "known: %s")
		      : _("'%s' was not asked to take you off the list: %s"),
		host, why->message);
}

struct record *program_unsubscribe(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	const struct account *account = call->account;
	const char *url = record_string(call->record, "url");
	g_autoptr(GUri) uri = parse(url ? url : "", error);
	g_autoptr(GError) why = NULL;
	bool asked = false;
	if (!uri)
		return NULL;
	if (account->tunnel) {
		wrong(error, url, _("the account goes through a tunnel, which leads to its server"));
		return NULL;
	}
	struct watching w = {a, call->id};
	const struct proxy_url *p = account->proxy;
	struct conn_proxy proxy = {0};
	struct conn_params params = {.host = g_uri_get_host(uri), .port = HTTPS, .tls = true,
		.outside_only = true, .timeout = SECONDS, .proxy = p ? &proxy : NULL,
		.watch = {interrupt_fd(a->interrupt), look, &w}};
	if (p)
		proxy = (struct conn_proxy){p->host, p->user, p->password, p->port};
	if (!post(url, &params, &asked, &why)) {
		g_propagate_error(error, explained(why, params.host, asked));
		return NULL;
	}
	return record_set_string(record_new("event", "done"), "host", g_uri_get_host(uri));
}
