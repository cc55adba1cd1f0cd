/* SPDX-License-Identifier: MIT
 *
 * The connection, commands and their replies.  Replies belong to commands by
 * their order alone (P-27), so a status line that is neither +OK nor -ERR ends
 * the session: from there on nothing could be trusted. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "net/sasl.h"
#include "pop3/body.h"
#include "pop3/internal.h"

G_DEFINE_QUARK(dewey - pop3 - error, pop3_error)

/* In flight: enough to keep the pipe full over the slowest line; reading and
 * writing never wait for each other, so more does no harm (P-55). */
#define WINDOW 1024

#define HURRY_SECONDS 10

#define A (1u << STATE_AUTHORIZATION)
#define T (1u << STATE_TRANSACTION)
static const struct {
	const char *verb;
	unsigned states;
	int seconds;
} commands[POP3_COMMANDS] = {
#define COMMAND(name, verb, states, seconds) [POP3_##name] = {verb, states, seconds},
#include "pop3/commands.def"
#undef COMMAND
};
#undef A
#undef T

const char *pop3_verb(enum pop3_command command)
{
	return commands[command].verb;
}

bool pop3_fail(GError **error, enum pop3_error code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (error)
		*error = g_error_new_valist(POP3_ERROR, code, format, args);
	va_end(args);
	return false;
}

struct pop3 *pop3_new(const struct pop3_params *params)
{
	struct pop3 *p = g_new0(struct pop3, 1);
	p->security = params->security;
	p->user = g_strdup(params->user);
	p->language = g_strdup(params->language);
	p->insist_on_utf8 = params->insist_on_utf8;
	p->host = g_strdup(params->net.host);
	p->auth = params->auth;
	p->file = params->file;
	p->auth_line = params->auth_line;
	p->ca_file = g_strdup(params->net.ca_file);
	p->net = params->net;
	p->net.host = p->host;
	p->net.ca_file = p->ca_file;
	p->net.tls = params->security == SECURITY_TLS;
	p->secret = params->secret;
	p->data = params->data;
	p->sent = g_array_new(FALSE, FALSE, sizeof(enum pop3_command));
	return p;
}

void pop3_free(struct pop3 *p)
{
	if (!p)
		return;
	conn_close(p->conn);
	capabilities_clear(&p->capa);
	g_array_unref(p->sent);
	g_free(p->words);
	g_free(p->user);
	g_free(p->language);
	g_free(p->other_languages);
	g_free(p->host);
	g_free(p->ca_file);
	g_free(p->greeting);
	g_free(p);
}

const char *pop3_server_words(const struct pop3 *p)
{
	return p->words;
}

bool pop3_wants_delay(const struct pop3 *p)
{
	return p->reply.code == REPLY_CODE_LOGIN_DELAY;
}

const struct capabilities *pop3_capabilities(const struct pop3 *p)
{
	return &p->capa;
}

const char *pop3_tls_text(const struct pop3 *p)
{
	return p->conn ? conn_tls_text(p->conn) : NULL;
}

void pop3_hurry(struct pop3 *p)
{
	p->hurry = true;
	if (p->conn)
		conn_set_timeout(p->conn, HURRY_SECONDS);
}

void pop3_set_patience(struct pop3 *p, int seconds)
{
	conn_set_timeout(p->conn, p->hurry ? HURRY_SECONDS : seconds);
}

guint pop3_window(const struct pop3 *p)
{
	/* Where RETR already counts as read, one letter at a time (P-56, P-62). */
	bool consumes = p->capa.expire_now || pop3_quirks(p) & POP3_RETR_CONSUMES;
	return p->capa.pipelining && !consumes ? WINDOW : 1;
}

guint pop3_outstanding(const struct pop3 *p)
{
	return p->sent->len;
}

/* --- Commands ---------------------------------------------------------------- */

bool pop3_expect(struct pop3 *p, enum pop3_command command, GError **error)
{
	g_assert(commands[command].states & (1u << p->state));
	/* Octets that nobody asked for (P-26): whoever sends them could answer
	 * the next command in the server's place. */
	if (p->sent->len == 0 && conn_has_input(p->conn))
		return pop3_fail(error, POP3_ERROR_PROTOCOL,
			_("the server '%s' sends without being asked"), p->host);
	g_array_append_val(p->sent, command);
	p->said_at = clock_monotonic();
	return true;
}

bool pop3_command(struct pop3 *p, enum pop3_command command, const char *arguments, GError **error)
{
	if (!pop3_expect(p, command, error))
		return false;
	if (arguments)
		conn_printf(p->conn, "%s %s\r\n", pop3_verb(command), arguments);
	else
		conn_printf(p->conn, "%s\r\n", pop3_verb(command));
	return true;
}

bool pop3_send(struct pop3 *p, enum pop3_command command, uint64_t number, GError **error)
{
	char arguments[32];
	g_snprintf(arguments, sizeof arguments, "%" G_GUINT64_FORMAT, number);
	return pop3_command(p, command, number ? arguments : NULL, error);
}

bool pop3_send_top(struct pop3 *p, uint64_t number, uint64_t lines, GError **error)
{
	char arguments[64];
	g_snprintf(arguments, sizeof arguments, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, number,
		lines);
	return pop3_command(p, POP3_TOP, arguments, error);
}

void pop3_push(struct pop3 *p)
{
	conn_push(p->conn);
}

bool pop3_noop(struct pop3 *p, int seconds, GError **error)
{
	bool ok;
	g_assert(p->sent->len == 0);
	if (clock_monotonic() - p->said_at < (int64_t)seconds * 1000)
		return true;
	return pop3_command(p, POP3_NOOP, NULL, error) && pop3_take(p, &ok, error);
}

/* --- Replies ----------------------------------------------------------------- */

static bool check_line_end(const struct pop3 *p, bool crlf, GError **error)
{
	if (crlf != p->lf_mode)
		return true;
	return pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("the server '%s' mixes line ends, so its replies cannot be told from mail"),
		p->host);
}

static void keep_words(struct pop3 *p, const char *line, size_t len)
{
	g_free(p->words);
	p->words = sanitize_server_text(line, (gssize)len);
}

/* The greeting decides about the line ends of the session. */
bool pop3_read_status(struct pop3 *p, size_t limit, bool greeting, GError **error)
{
	bool crlf;
	size_t len;
	const char *line = conn_read_line(p->conn, limit, &len, &crlf, error);
	if (!line)
		return false;
	keep_words(p, line, len);
	if (greeting)
		p->lf_mode = !crlf;
	if (!check_line_end(p, crlf, error))
		return false;
	p->reply = reply_parse(line, len);
	p->reply_len = len - (size_t)(p->reply.text - line);
	return true;
}

bool pop3_read_reply(struct pop3 *p, bool may_continue, GError **error)
{
	g_assert(p->sent->len > 0);
	p->answered = g_array_index(p->sent, enum pop3_command, 0);
	pop3_set_patience(p, commands[p->answered].seconds);
	if (!pop3_read_status(p, may_continue ? SASL_LINE_MAX : STATUS_LINE_MAX, false, error))
		return false;
	if (p->reply.kind == REPLY_CONTINUE && may_continue)
		return true;
	g_array_remove_index(p->sent, 0);
	if (p->reply.kind == REPLY_OK || p->reply.kind == REPLY_ERR)
		return true;
	return pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("the server '%s' answers %s with something that is neither +OK nor -ERR: \"%s\""),
		p->host, pop3_verb(p->answered), p->words);
}

static bool wants_utf8(const struct pop3 *p)
{
	return p->reply.kind == REPLY_ERR && p->reply.code == REPLY_CODE_UTF8 && !p->utf8 &&
	       p->state == STATE_TRANSACTION;
}

bool pop3_take(struct pop3 *p, bool *ok, GError **error)
{
	if (!pop3_read_reply(p, false, error))
		return false;
	*ok = p->reply.kind == REPLY_OK;
	if (!wants_utf8(p))
		return true;
	return pop3_fail(error, POP3_ERROR_UTF8, _("the server '%s' says \"%s\" to %s"), p->host,
		p->words, pop3_verb(p->answered));
}

static const enum pop3_error code_errors[] = {
	[REPLY_CODE_NONE] = POP3_ERROR_REFUSED,
	[REPLY_CODE_AUTH] = POP3_ERROR_AUTH,
	[REPLY_CODE_IN_USE] = POP3_ERROR_BUSY,
	[REPLY_CODE_LOGIN_DELAY] = POP3_ERROR_BUSY,
	[REPLY_CODE_SYS_PERM] = POP3_ERROR_REFUSED,
	[REPLY_CODE_SYS_TEMP] = POP3_ERROR_TEMPORARY,
	[REPLY_CODE_UTF8] = POP3_ERROR_REFUSED,
	[REPLY_CODE_OTHER] = POP3_ERROR_REFUSED,
};

enum pop3_error pop3_code_error(enum reply_code code)
{
	return code_errors[code];
}

bool pop3_refused(const struct pop3 *p, GError **error)
{
	enum pop3_error code = code_errors[p->reply.code];
	/* [AUTH] is about a log-in and means nothing elsewhere. */
	if (code == POP3_ERROR_AUTH && p->state != STATE_AUTHORIZATION)
		code = POP3_ERROR_REFUSED;
	return pop3_fail(error, code, _("the server '%s' says \"%s\" to %s"), p->host, p->words,
		pop3_verb(p->answered));
}

bool pop3_demand(struct pop3 *p, GError **error)
{
	bool ok;
	if (!pop3_take(p, &ok, error))
		return false;
	return ok || pop3_refused(p, error);
}

/* --- Multi-line replies ------------------------------------------------------ */

/* The transcript shows so many lines of a listing, and how many more there were:
 * to write down each of 10,000 costs more than to read them. */
enum { SHOWN_LINES = 100 };

static void show_rest(struct pop3 *p, guint rows)
{
	guint more = rows > SHOWN_LINES ? rows - SHOWN_LINES : 0;
	conn_set_quiet(p->conn, false);
	if (more == 0)
		return;
	g_autofree char *note =
		g_strdup_printf(P_("… %u more line", "… %u more lines", more), more);
	conn_trace_note(p->conn, note);
}

static bool read_lines(struct pop3 *p, struct listing_limits limits, pop3_line take, void *data,
	guint *count, GError **error)
{
	size_t octets = 0;
	for (guint rows = 0; rows <= limits.rows && octets <= limits.octets; rows++) {
		bool crlf;
		size_t len;
		*count = rows;
		conn_set_quiet(p->conn, rows >= SHOWN_LINES);
		const char *line = conn_read_line(p->conn, STATUS_LINE_MAX, &len, &crlf, error);
		if (!line || !check_line_end(p, crlf, error))
			return false;
		if (len == 1 && *line == '.')
			return true;
		octets += len;
		if (*line == '.') {
			line++;
			len--;
		}
		take(line, len, data);
	}
	return pop3_fail(error, POP3_ERROR_PROTOCOL,
		_("the server '%s' does not end its answer to %s: %u lines or %zu octets are the "
		  "limit"),
		p->host, pop3_verb(p->answered), limits.rows, limits.octets);
}

bool pop3_read_lines(
	struct pop3 *p, struct listing_limits limits, pop3_line take, void *data, GError **error)
{
	guint rows = 0;
	bool ok = read_lines(p, limits, take, data, &rows, error);
	show_rest(p, rows);
	return ok;
}

bool pop3_read_body(struct pop3 *p, pop3_sink sink, void *user, GError **error)
{
	struct body body;
	char in[16 * 1024], out[sizeof in + 1];
	body_init(&body, p->lf_mode);
	while (body.state != BODY_END) {
		size_t len, n = conn_read_some(p->conn, in, sizeof in, error);
		if (n == 0)
			return false;
		size_t used = body_feed(&body, in, n, out, &len);
		conn_unread(p->conn, in + used, n - used);
		if (len > 0 && !sink(out, len, user))
			return false;
	}
	return true;
}
