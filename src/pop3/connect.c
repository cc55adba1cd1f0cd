/* SPDX-License-Identifier: MIT
 *
 * From the greeting to the log-in, and QUIT. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "pop3/internal.h"

/* So long the answer to QUIT is waited for where nothing hangs on it. */
#define FAREWELL_SECONDS 1

static const struct listing_limits limits = {200, 64 * 1024};

/* --- Who it is ------------------------------------------------------------------- */

static bool host_is(const char *host, const char *pattern)
{
	size_t len = strlen(host), n = strlen(pattern);
	return len >= n && g_ascii_strcasecmp(host + len - n, pattern) == 0 &&
	       (len == n || host[len - n - 1] == '.');
}

static bool begins(const char *text, const char *pattern)
{
	return g_ascii_strncasecmp(text, pattern, strlen(pattern)) == 0;
}

enum place { HOST, GREETING, IMPLEMENTATION };

static const struct known_server {
	enum place place;
	const char *pattern;
	unsigned quirks;
} known_servers[] = {
#define KNOWN_SERVER(name, place, pattern, quirks) {place, pattern, quirks},
#include "pop3/known-servers.def"
#undef KNOWN_SERVER
};

static unsigned look_up(enum place place, const char *text)
{
	unsigned quirks = 0;
	for (size_t i = 0; text && i < G_N_ELEMENTS(known_servers); i++) {
		const struct known_server *k = &known_servers[i];
		if (k->place == place && (place == HOST ? host_is : begins)(text, k->pattern))
			quirks |= k->quirks;
	}
	return quirks;
}

unsigned pop3_quirks(const struct pop3 *p)
{
	return p->quirks;
}

/* --- The greeting ---------------------------------------------------------------- */

/* No log-in was tried, so nothing is said about passwords (P-01).  And what was
 * said in clear, where TLS is wanted, was said by anybody: it changes nothing
 * for longer than this session (P-36). */
static bool greeted_by_error(const struct pop3 *p, GError **error)
{
	enum pop3_error code = pop3_code_error(p->reply.code);
	if (p->security == SECURITY_STARTTLS)
		return pop3_fail(error, POP3_ERROR_TEMPORARY,
			_("the server '%s' greets, before TLS begins, with \"%s\""), p->host,
			p->words);
	if (code == POP3_ERROR_AUTH || p->reply.code == REPLY_CODE_NONE)
		code = POP3_ERROR_TEMPORARY;
	return pop3_fail(error, code, _("the server '%s' greets with \"%s\""), p->host, p->words);
}

static bool greet(struct pop3 *p, GError **error)
{
	pop3_set_patience(p, p->net.timeout);
	if (!pop3_read_status(p, STATUS_LINE_MAX, true, error))
		return false;
	p->greeting = g_strndup(p->reply.text, p->reply_len);
	p->state = STATE_AUTHORIZATION;
	p->greeted = p->reply.kind == REPLY_OK;
	p->quirks = look_up(HOST, p->host) | look_up(GREETING, p->reply.text);
	if (p->reply.kind == REPLY_OK)
		return true;
	if (p->reply.kind == REPLY_ERR)
		return greeted_by_error(p, error);
	return pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("'%s' port %u does not greet like a POP3 server: \"%s\""), p->host, p->net.port,
		p->words);
}

const char *pop3_greeting(const struct pop3 *p)
{
	return p->greeting;
}

/* --- CAPA -------------------------------------------------------------------------- */

static bool capa_line(const char *line, size_t len, void *data)
{
	struct pop3 *p = data;
	capabilities_add(&p->capa, line);
	return true;
}

/* A server that takes no CAPA after the log-in has not taken back what it said
 * before about our letters: to forget EXPIRE 0 is to lose them. */
static void keep_terms(struct pop3 *p, const struct capabilities *before)
{
	p->capa.expire = before->expire;
	p->capa.expire_now = before->expire_now;
	p->capa.expire_days = before->expire_days;
	p->capa.login_delay = before->login_delay;
}

bool pop3_take_capa(struct pop3 *p, GError **error)
{
	bool ok;
	struct capabilities before = p->capa; /* its strings are gone */
	capabilities_clear(&p->capa);
	if (!pop3_take(p, &ok, error))
		return false;
	p->capa.known = ok;
	if (!ok && p->state == STATE_TRANSACTION)
		keep_terms(p, &before);
	if (ok && !pop3_read_lines(p, limits, capa_line, p, error))
		return false;
	p->quirks |= look_up(IMPLEMENTATION, p->capa.implementation);
	return true;
}

static bool capa(struct pop3 *p, GError **error)
{
	return pop3_command(p, POP3_CAPA, NULL, error) && pop3_take_capa(p, error);
}

static bool mechanism_line(const char *line, size_t len, void *data)
{
	GString *names = data;
	g_string_append_printf(names, "%s%s", names->len ? " " : "", line);
	return true;
}

/* One that begins a log-in instead of listing is told that none was meant. */
static bool lone_auth(struct pop3 *p, bool *listed, GError **error)
{
	if (!pop3_command(p, POP3_AUTH, NULL, error) || !pop3_read_reply(p, true, error))
		return false;
	*listed = p->reply.kind == REPLY_OK;
	if (p->reply.kind != REPLY_CONTINUE)
		return true;
	conn_printf(p->conn, "*\r\n");
	return pop3_read_reply(p, false, error);
}

/* A server without CAPA may still tell its mechanisms, to AUTH without an
 * argument (P-05).  Nothing else is learnt from that. */
static bool ask_mechanisms(struct pop3 *p, GError **error)
{
	bool listed;
	if (!lone_auth(p, &listed, error))
		return false;
	if (!listed)
		return true;
	GString *names = g_string_new(NULL);
	bool done = pop3_read_lines(p, limits, mechanism_line, names, error);
	g_free(p->capa.mechanisms);
	p->capa.mechanisms = g_string_free(names, !done || names->len == 0);
	return done;
}

/* --- UTF8 and LANG (RFC 6856) ---------------------------------------------------- */

static bool utf8(struct pop3 *p, GError **error)
{
	if (!pop3_command(p, POP3_UTF8, NULL, error) || !pop3_take(p, &p->utf8, error))
		return false;
	return p->utf8 || !p->insist_on_utf8 || pop3_refused(p, error);
}

static bool language_line(const char *line, size_t len, void *data)
{
	GString *tags = data;
	size_t n = strcspn(line, " ");
	g_string_append_printf(tags, "%s%.*s", tags->len ? ", " : "", (int)n, line);
	return true;
}

/* Without an argument LANG lists what there is. */
static bool ask_languages(struct pop3 *p, GError **error)
{
	bool ok;
	g_autoptr(GString) tags = g_string_new(NULL);
	if (!pop3_command(p, POP3_LANG, NULL, error) || !pop3_take(p, &ok, error))
		return false;
	if (ok && !pop3_read_lines(p, limits, language_line, tags, error))
		return false;
	p->other_languages = sanitize_line(tags->str, (gssize)tags->len);
	return true;
}

static bool language(struct pop3 *p, GError **error)
{
	bool ok;
	if (!pop3_command(p, POP3_LANG, p->language, error) || !pop3_take(p, &ok, error))
		return false;
	return ok || ask_languages(p, error);
}

const char *pop3_other_languages(const struct pop3 *p)
{
	return p->other_languages;
}

/* --- From beginning to end --------------------------------------------------------- */

/* What follows is said inside TLS, and before the log-in. */
static bool prepare(struct pop3 *p, GError **error)
{
	if (!p->capa.known && !ask_mechanisms(p, error))
		return false;
	if ((p->capa.utf8 || p->insist_on_utf8) && !utf8(p, error))
		return false;
	return !p->language || !p->capa.lang || language(p, error);
}

bool pop3_connect(struct pop3 *p, GError **error)
{
	p->conn = conn_open(&p->net, error);
	if (!p->conn || !greet(p, error) || !capa(p, error))
		return false;
	if (p->security == SECURITY_STARTTLS && !(pop3_stls(p, error) && capa(p, error)))
		return false;
	return prepare(p, error);
}

bool pop3_quit(struct pop3 *p, GError **error)
{
	g_assert(p->sent->len == 0);
	if (!pop3_command(p, POP3_QUIT, NULL, error))
		return false;
	p->state = STATE_UPDATE;
	return pop3_demand(p, error);
}

/* After an answer that makes no sense, or a wrong proof, the next octets could be
 * anybody's. */
static bool ended_in_order(const struct pop3 *p, const GError *why)
{
	static const enum pop3_error refusals[] = {
		POP3_ERROR_AUTH, POP3_ERROR_BUSY, POP3_ERROR_TEMPORARY, POP3_ERROR_REFUSED};
	bool refused = false;
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
		refused = refused || g_error_matches(why, POP3_ERROR, (int)refusals[i]);
	return refused && p->state == STATE_AUTHORIZATION && p->sent->len == 0 &&
	       p->reply.kind == REPLY_ERR;
}

void pop3_leave(struct pop3 *p, const GError *why)
{
	size_t len;
	if (!ended_in_order(p, why) || !pop3_command(p, POP3_QUIT, NULL, NULL))
		return;
	p->state = STATE_CLOSED;
	/* Not by pop3_take(): the words that a person is shown, and the response
	 * code, are those of the refusal. */
	conn_set_timeout(p->conn, FAREWELL_SECONDS);
	conn_read_line(p->conn, STATUS_LINE_MAX, &len, NULL, NULL);
}
