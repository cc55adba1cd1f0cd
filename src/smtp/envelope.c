/* SPDX-License-Identifier: MIT
 *
 * What is checked before a word is said, and the lines MAIL and RCPT. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/size.h"
#include "compose/address.h"
#include "smtp/downgrade.h"
#include "smtp/letter.h"
#include "smtp/states.h"

enum {
	RECIPIENTS_MAX = 100, /* every server takes so many (S-18) */
	ENVID_MAX = 100,      /* as xtext (RFC 3461 section 4.4) */
};
/* What does not count its octets in 32 bits is rare, and so are such letters. */
#define CHUNK_MAX (INT64_C(1) << 30)

struct session_recipient *transaction_recipient(const struct transaction *t, guint n)
{
	return t->letter->recipients->pdata[n];
}

guint transaction_count(const struct transaction *t, enum policy_recipient verdict)
{
	guint n = 0;
	for (guint i = 0; i < t->letter->recipients->len; i++)
		n += transaction_recipient(t, i)->verdict == verdict;
	return n;
}

bool transaction_asks(const struct transaction *t, guint n)
{
	return transaction_recipient(t, n)->verdict == RCPT_KEEP;
}

void session_recipient_set(
	struct session_recipient *r, enum policy_recipient verdict, const char *reply)
{
	r->verdict = verdict;
	g_free(r->reply);
	r->reply = g_strdup(reply);
}

/* --- addresses -------------------------------------------------------------------------- */

/* S-15 */
static bool need_utf8(
	const struct session *s, struct transaction *t, const char *address, GError **error)
{
	t->utf8 = s->caps.utf8;
	if (!s->caps.utf8)
		g_set_error(error, WIRE_ERROR, CODE_DATA,
			_("the server takes no address like '%s', which is not ASCII before the @ "
			  "(SMTPUTF8)"),
			address);
	return s->caps.utf8;
}

static bool check_address(
	const struct session *s, struct transaction *t, const char *address, GError **error)
{
	if (!address_check(address, true, error))
		return false;
	return !address_needs_utf8(address) || need_utf8(s, t, address, error);
}

struct limits {
	guint asked;
	GHashTable *domains; /* in lower case */
};

static bool is_within(const struct session *s, struct limits *l, const char *address)
{
	guint most = s->caps.recipients_max ? s->caps.recipients_max : RECIPIENTS_MAX;
	g_autofree char *domain = g_ascii_strdown(strrchr(address, '@') + 1, -1);
	guint known = g_hash_table_size(l->domains);
	bool more = s->caps.domains_max == 0 || known < s->caps.domains_max ||
		    g_hash_table_contains(l->domains, domain);
	if (l->asked >= most || !more)
		return false;
	l->asked++;
	g_hash_table_add(l->domains, g_steal_pointer(&domain));
	return true;
}

/* S-66: nothing reaches the socket that our own grammar does not know. */
static void check_recipients(const struct session *s, struct transaction *t)
{
	g_autoptr(GHashTable) domains =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct limits limits = {.domains = domains};
	for (guint i = 0; i < t->letter->recipients->len; i++) {
		struct session_recipient *r = transaction_recipient(t, i);
		g_autoptr(GError) error = NULL;
		if (!check_address(s, t, r->address, &error))
			session_recipient_set(r, RCPT_FAIL, error->message);
		else
			session_recipient_set(r,
				is_within(s, &limits, r->address) ? RCPT_KEEP : RCPT_LATER, NULL);
	}
}

/* --- the letter -------------------------------------------------------------------------- */

static bool refuse(struct transaction *t, enum wire_code code, const char *why)
{
	session_letter_ends(t->letter, ITEM_HOLD, code, why);
	return false;
}

static bool measure(struct transaction *t)
{
	g_autoptr(GError) error = NULL;
	int fd = t->converted >= 0 ? t->converted : t->letter->fd;
	return content_measure_file(&t->shape, fd, &error) || refuse(t, CODE_DISK, error->message);
}

static bool convert(const struct session *s, struct transaction *t)
{
	g_autoptr(GError) error = NULL;
	bool fits = t->shape.longest <= DOWNGRADE_LINE;
	if (fits && (!t->shape.high || s->caps.eightbit))
		return true;
	t->converted = downgrade_file(t->letter->fd, !s->caps.eightbit, &error);
	if (t->converted < 0)
		return refuse(
			t, error->domain == WIRE_ERROR ? CODE_DATA : CODE_DISK, error->message);
	return measure(t);
}

static bool check_size(const struct session *s, struct transaction *t)
{
	int64_t limit = s->caps.size_limit;
	if (limit == 0 || t->shape.octets <= limit)
		return true;
	g_autofree char *ours = size_text((int64_t)t->shape.octets);
	g_autofree char *theirs = size_text((int64_t)limit);
	g_autofree char *why = g_strdup_printf(
		_("the letter is too large: it has %s, the server takes %s"), ours, theirs);
	return refuse(t, CODE_LIMIT, why);
}

/* Nobody can be answered at such an address that stands in the header alone, so that
 * the letter is one of RFC 6532.  Those of the envelope are refused by themselves where
 * there is no SMTPUTF8, and the others get the letter. */
static bool check_header(const struct session *s, struct transaction *t, GError **error)
{
	if (!t->shape.head_high)
		return true;
	g_autoptr(GPtrArray) named = g_ptr_array_new();
	for (guint i = 0; i < t->letter->recipients->len; i++)
		g_ptr_array_add(named, (char *)transaction_recipient(t, i)->address);
	g_autoptr(GString) header = letter_header_of(t->letter->fd);
	const struct letter l = {.header = header};
	g_autofree char *address = letter_utf8_address(&l, named);
	return !address || need_utf8(s, t, address, error);
}

static bool check_letter(const struct session *s, struct transaction *t)
{
	g_autoptr(GError) error = NULL;
	const char *sender = t->letter->sender;
	if (!measure(t))
		return false;
	if (t->shape.nul)
		return refuse(t, CODE_DATA, _("there is a NUL octet in the letter"));
	if (*sender && !check_address(s, t, sender, &error))
		return refuse(t, CODE_DATA, error->message);
	if (!check_header(s, t, &error))
		return refuse(t, CODE_DATA, error->message);
	return convert(s, t) && check_size(s, t);
}

/* --- what is asked of the server ------------------------------------------------------------ */

static bool wants_reports(const struct transaction *t)
{
	const struct session_options *o = &t->letter->options;
	return o->notify != 0 || o->ret_full || o->ret_headers;
}

static bool check_reports(const struct session *s, struct transaction *t)
{
	t->letter->without_dsn = wants_reports(t) && !s->caps.dsn;
	if (!t->letter->without_dsn || t->letter->options.without_dsn)
		return true;
	return refuse(t, CODE_REFUSED,
		_("the server does not offer delivery reports (DSN); send the letter without "
		  "them, or by another account"));
}

/* S-17: an offer from outside TLS is nobody's. */
static bool check_tls(const struct session *s, struct transaction *t)
{
	bool offered = s->caps.require_tls && conn_is_secure(s->conn);
	if (!t->letter->options.require_tls || offered)
		return true;
	return refuse(t, CODE_TLS,
		_("the server cannot promise TLS on the whole way (REQUIRETLS, 5.7.30); send the "
		  "letter without that, or by another account"));
}

static bool is_held_there(const struct session *s, int64_t at)
{
	return s->caps.future_release && at <= s->caps.hold_until &&
	       at - clock_now() <= s->caps.hold_interval;
}

static bool check_release(const struct session *s, struct transaction *t)
{
	int64_t at = t->letter->options.release_at;
	t->letter->waits_here = at > clock_now() && !is_held_there(s, at);
	if (t->letter->waits_here)
		session_letter_ends(t->letter, ITEM_DEFER, CODE_REFUSED,
			_("the server does not hold letters so long; this computer must run "
			  "then"));
	return !t->letter->waits_here;
}

bool transaction_prepare(struct session *s, struct transaction *t, struct session_letter *next)
{
	transaction_clear(t);
	t->letter = next;
	g_clear_pointer(&next->why, g_free);
	next->item = ITEM_KEEP;
	check_recipients(s, t);
	t->fit = check_letter(s, t) && check_reports(s, t) && check_tls(s, t) &&
		 check_release(s, t) && transaction_count(t, RCPT_KEEP) > 0;
	t->chunk = s->caps.chunking && t->shape.octets > 0 && t->shape.octets <= CHUNK_MAX;
	return t->fit;
}

void transaction_clear(struct transaction *t)
{
	if (t->converted >= 0)
		close(t->converted);
	*t = (struct transaction){.converted = -1};
}

/* --- MAIL and RCPT ------------------------------------------------------------------------ */

/* RFC 3461 section 4. */
static void append_xtext(GString *out, const char *text)
{
	for (; *text; text++)
		if (*text > ' ' && *text < 0x7F && *text != '+' && *text != '=')
			g_string_append_c(out, *text);
		else
			g_string_append_printf(out, "+%02X", (guchar)*text);
}

/* RFC 6533 section 3: the form for a session that may say UTF-8. */
static void append_unitext(GString *out, const char *text)
{
	for (; *text; text++)
		if (strchr("\\+=", *text))
			g_string_append_printf(out, "\\x{%02X}", (guchar)*text);
		else
			g_string_append_c(out, *text);
}

static void append_envid(const struct transaction *t, GString *line)
{
	g_autoptr(GString) id = g_string_new(NULL);
	if (!t->letter->options.envid)
		return;
	append_xtext(id, t->letter->options.envid);
	if (id->len > 0 && id->len <= ENVID_MAX)
		g_string_append_printf(line, " ENVID=%s", id->str);
}

bool transaction_has_optional(const struct session *s, const struct transaction *t)
{
	const struct session_options *o = &t->letter->options;
	return s->caps.size || (s->caps.dsn && (o->ret_full || o->ret_headers || o->envid));
}

static void append_optional(const struct session *s, const struct transaction *t, GString *line)
{
	const struct session_options *o = &t->letter->options;
	if (s->caps.size)
		g_string_append_printf(line, " SIZE=%" G_GINT64_FORMAT, t->shape.octets);
	if (!s->caps.dsn)
		return;
	if (o->ret_full || o->ret_headers)
		g_string_append(line, o->ret_full ? " RET=FULL" : " RET=HDRS");
	append_envid(t, line);
}

static void append_needed(const struct transaction *t, GString *line)
{
	const struct session_options *o = &t->letter->options;
	if (t->shape.high)
		g_string_append(line, " BODY=8BITMIME");
	if (t->utf8)
		g_string_append(line, " SMTPUTF8");
	if (o->require_tls)
		g_string_append(line, " REQUIRETLS");
	if (o->release_at > clock_now()) {
		g_autofree char *at = clock_iso(o->release_at);
		g_string_append_printf(line, " HOLDUNTIL=%s", at);
	}
}

static void write_mail(struct session *s, struct transaction *t)
{
	const char *sender = t->letter->sender;
	g_autofree char *ascii = *sender ? address_to_ascii_domain(sender, NULL) : g_strdup("");
	g_autoptr(GString) line = g_string_new(NULL);
	g_string_printf(line, "MAIL FROM:<%s>", ascii);
	if (!t->bare)
		append_optional(s, t, line);
	append_needed(t, line);
	conn_printf(s->conn, "%s\r\n", line->str);
	s->mails++;
}

static const struct {
	unsigned bit;
	const char *word;
} notify_words[] = {
	{ASK_NOTIFY_NEVER, "NEVER"},
	{ASK_NOTIFY_SUCCESS, "SUCCESS"},
	{ASK_NOTIFY_FAILURE, "FAILURE"},
	{ASK_NOTIFY_DELAY, "DELAY"},
};

static void append_notify(const struct transaction *t, GString *line)
{
	const char *before = " NOTIFY=";
	for (size_t i = 0; i < G_N_ELEMENTS(notify_words); i++)
		if (t->letter->options.notify & notify_words[i].bit) {
			g_string_append_printf(line, "%s%s", before, notify_words[i].word);
			before = ",";
		}
}

/* The address as it was given to us: reports name it (RFC 3461 section 4.2). */
static void append_original(GString *line, const char *address, bool utf8)
{
	g_string_append(line, utf8 ? " ORCPT=utf-8;" : " ORCPT=rfc822;");
	(utf8 ? append_unitext : append_xtext)(line, address);
}

void transaction_write_rcpt(struct session *s, struct transaction *t, guint n)
{
	const char *address = transaction_recipient(t, n)->address;
	g_autofree char *ascii = address_to_ascii_domain(address, NULL);
	g_autoptr(GString) line = g_string_new(NULL);
	g_string_printf(line, "RCPT TO:<%s>", ascii);
	if (s->caps.dsn && wants_reports(t)) {
		append_notify(t, line);
		append_original(line, ascii, address_needs_utf8(address));
	}
	conn_printf(s->conn, "%s\r\n", line->str);
	t->asked = n + 1;
}

void transaction_begin(struct session *s, struct transaction *t)
{
	t->asked = t->answered = 0;
	write_mail(s, t);
	for (guint i = 0; s->caps.pipelining && i < t->letter->recipients->len; i++)
		if (transaction_asks(t, i)) {
			transaction_write_rcpt(s, t, i);
			t->owed++;
		}
	t->owed++;
}
