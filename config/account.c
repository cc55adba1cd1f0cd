/* SPDX-License-Identifier: MIT */
#include "config/dotfile.h"
#include "config/parse.h"

#include <string.h>

#include "base/path.h"

enum { KEEP_DAYS_MAX = 36500, SHARED = 077 };

#define SIZE_LARGEST ((guint64)1 << 62)

G_DEFINE_QUARK(dewey - config - error, config_error)

bool keep_policy_parse(const char *text, struct keep_policy *out, struct complaint *c)
{
	gint64 days = 0;
	char *end;
	*out = (struct keep_policy){.kind = KEEP_ALWAYS};
	if (strcmp(text, "always") == 0)
		return true;
	out->kind = KEEP_NEVER;
	if (strcmp(text, "never") == 0)
		return true;
	out->kind = KEEP_UNTIL_DELETED;
	if (strcmp(text, "until deleted") == 0)
		return true;
	out->kind = KEEP_DAYS;
	if (g_ascii_isdigit(*text)) {
		days = g_ascii_strtoll(text, &end, 10);
		if ((strcmp(end, " days") != 0 && strcmp(end, " day") != 0) || days > KEEP_DAYS_MAX)
			days = 0;
	}
	out->days = (int)days;
	return days > 0 ||
	       complain(c, g_strdup_printf(_("'keep' cannot be '%s'"), text),
		       g_strdup(_("write always, never, until deleted or a number of days, like "
				  "'14 days'")));
}

bool size_parse(const char *text, uint64_t *octets)
{
	static const char units[] = "KMG";
	guint64 n;
	size_t len = strspn(text, "0123456789");
	g_autofree char *digits = g_strndup(text, len);
	const char *unit = text[len] ? strchr(units, g_ascii_toupper(text[len])) : NULL;
	guint shift = unit ? 10 * (guint)(unit - units + 1) : 0;
	if ((text[len] && (!unit || text[len + 1])) ||
		!g_ascii_string_to_unsigned(digits, 10, 0, SIZE_LARGEST >> shift, &n, NULL))
		return false;
	*octets = n << shift;
	return true;
}

bool preview_policy_parse(const char *text, struct preview_policy *out, struct complaint *c)
{
	static const char over[] = "over ";
	*out = (struct preview_policy){.kind = PREVIEW_NEVER};
	if (strcmp(text, "never") == 0)
		return true;
	out->kind = PREVIEW_ALL;
	if (strcmp(text, "all") == 0)
		return true;
	out->kind = PREVIEW_OVER;
	if (g_str_has_prefix(text, over) && size_parse(text + strlen(over), &out->over))
		return true;
	return complain(c, g_strdup_printf(_("'preview' cannot be '%s'"), text),
		g_strdup(_("write never, all or a size, like 'over 512K'")));
}

/* A wrong value was already found fault with: it is not missing as well. */
static bool is_mentioned(const struct section *s, const char *setting)
{
	return g_hash_table_contains(s->values, setting);
}

static struct server_url *read_url(const struct section *s, const char *service)
{
	struct complaint unused = {0};
	const char *text = section_text(s, service);
	if (!text)
		return NULL;
	struct server_url *url = server_url_parse(text, service, &unused);
	url->line = section_line(s, service);
	return url;
}

static void read_secret(const struct section *s, const char *setting, struct secret_source *out)
{
	struct complaint unused = {0};
	const char *text = section_text(s, setting);
	if (text && secret_source_parse(text, out, &unused))
		out->line = section_line(s, setting);
}

static void read_reach(const struct section *s, struct account *a)
{
	struct complaint unused = {0};
	const char *proxy = section_text(s, "proxy"), *pins = section_text(s, "tls-pin");
	if (proxy)
		a->proxy = proxy_url_parse(proxy, &unused);
	if (a->proxy)
		a->proxy->line = section_line(s, "proxy");
	a->tunnel = g_strdup(section_text(s, "tunnel"));
	a->tunnel_line = section_line(s, "tunnel");
	a->tls_pins = pins ? tls_pins_parse(pins, &unused) : NULL;
}

/* A password that others can read is no secret (T-30). */
static void check_mode(bool in_clear, int line, guint mode, struct mistakes *m)
{
	if (!in_clear || (mode & SHARED) == 0)
		return;
	g_autofree char *quoted = g_shell_quote(m->file);
	mistakes_say(m, line, g_strdup(_("a password stands here that others can read")),
		g_strdup_printf(_("say: chmod 600 %s"), quoted));
}

static char *read_path(const struct section *s, const char *setting)
{
	const char *text = section_text(s, setting);
	return text ? path_expand(text) : NULL;
}

static void read_login(const struct section *s, struct account *a)
{
	struct complaint unused = {0};
	a->tls_cert = read_path(s, "tls-cert");
	a->tls_key = read_path(s, "tls-key");
	auth_parse(section_text(s, "pop3-auth"), "pop3", &a->pop3_auth, &unused);
	auth_parse(section_text(s, "smtp-auth"), "smtp", &a->smtp_auth, &unused);
	a->pop3_auth_line = section_line(s, "pop3-auth");
	a->smtp_auth_line = section_line(s, "smtp-auth");
}

/* A certificate without the way to use it, and the other way round. */
static void check_certificate(const struct account *a, const struct section *s, struct mistakes *m)
{
	bool wanted = a->pop3_auth == AUTH_EXTERNAL || a->smtp_auth == AUTH_EXTERNAL;
	if (a->tls_key && !is_mentioned(s, "tls-cert"))
		mistakes_say(m, section_line(s, "tls-key"),
			g_strdup(_("'tls-key' stands here without 'tls-cert'")),
			g_strdup(_("write 'tls-cert = FILE' with the certificate of this key")));
	else if (wanted && !is_mentioned(s, "tls-cert"))
		mistakes_say(m, a->line,
			g_strdup_printf(
				_("account '%s' logs in by certificate but has none"), a->id),
			g_strdup(_("write 'tls-cert = FILE'")));
}

static void check_whole(const struct account *a, const struct section *s, struct mistakes *m)
{
	if (!is_mentioned(s, "pop3") && !is_mentioned(s, "smtp"))
		mistakes_say(m, a->line, g_strdup_printf(_("account '%s' has no server"), a->id),
			g_strdup(_("write 'pop3 = pop3s://USER@HOST', 'smtp = smtps://USER@HOST' "
				   "or both")));
	if (a->smtp && !is_mentioned(s, "address"))
		mistakes_say(m, a->line,
			g_strdup_printf(_("account '%s' sends mail but has no address"), a->id),
			g_strdup(_("write 'address = YOU@EXAMPLE.ORG'")));
	if (a->proxy && a->tunnel)
		mistakes_say(m, section_line(s, "tunnel"),
			g_strdup(_("'proxy' and 'tunnel' are two ways to one server")),
			g_strdup(_("leave one of them")));
}

/* "notify", "return", "require-tls" and "future-release". */
static unsigned read_asks(const struct section *s)
{
	const char *notify = section_text(s, "notify"), *what = section_text(s, "return");
	unsigned asks = 0, bits;
	if (notify && asks_parse_notify(notify, &bits))
		asks |= bits;
	if (what)
		asks |= strcmp(what, "full") == 0 ? ASK_RETURN_FULL : ASK_RETURN_HEADERS;
	if (strcmp(section_text(s, "require-tls"), "yes") == 0)
		asks |= ASK_REQUIRE_TLS;
	if (strcmp(section_text(s, "future-release"), "yes") == 0)
		asks |= ASK_SERVER_HOLDS;
	return asks;
}

struct account *account_new(
	const struct section *s, const char *file, guint mode, struct mistakes *m)
{
	struct complaint unused = {0};
	struct account *a = g_new0(struct account, 1);
	a->id = g_strdup(s->name);
	a->file = g_strdup(file);
	a->line = s->line;
	a->name = g_strdup(section_text(s, "name"));
	a->address = g_strdup(section_text(s, "address"));
	a->addresses = writing_words(section_text(s, "addresses"));
	a->signature = read_path(s, "signature");
	a->pop3 = read_url(s, "pop3");
	a->smtp = read_url(s, "smtp");
	read_secret(s, "password", &a->password);
	read_secret(s, "smtp-password", &a->smtp_password);
	a->has_smtp_password = is_mentioned(s, "smtp-password");
	keep_policy_parse(section_text(s, "keep"), &a->keep, &unused);
	size_parse(section_text(s, "max-size"), &a->max_size);
	a->max_size_line = section_line(s, "max-size");
	preview_policy_parse(section_text(s, "preview"), &a->preview, &unused);
	a->inbox = g_strdup(section_text(s, "inbox"));
	a->sent = g_strdup(section_text(s, "sent"));
	read_reach(s, a);
	a->asks = read_asks(s);
	seal_settings_read(s, &a->seal);
	a->sdps = strcmp(section_text(s, "sdps"), "yes") == 0;
	a->pop3_language = g_strdup(section_text(s, "pop3-language"));
	a->tls_ca = read_path(s, "tls-ca");
	read_login(s, a);
	a->auth_results = g_strdup(section_text(s, "auth-results"));
	a->helo = g_strdup(section_text(s, "helo"));
	a->repeat_uncertain = strcmp(section_text(s, "uncertain"), "retry") == 0;
	days_parse(section_text(s, "give-up"), &a->give_up);
	a->interval = -1;
	if (section_text(s, "interval"))
		interval_parse(section_text(s, "interval"), &a->interval);
	a->timeout = (int)g_ascii_strtoll(section_text(s, "timeout"), NULL, 10);
	bool said = g_hash_table_contains(s->values, "timeout");
	a->smtp_greeting = said ? a->timeout : 300;
	check_mode(a->password.kind == SECRET_CLEAR, a->password.line, mode, m);
	check_mode(a->smtp_password.kind == SECRET_CLEAR, a->smtp_password.line, mode, m);
	check_mode(a->proxy && a->proxy->password, a->proxy ? a->proxy->line : 0, mode, m);
	check_whole(a, s, m);
	check_certificate(a, s, m);
	return a;
}

static void forget(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
}

void account_forget_secrets(struct account *a)
{
	if (a->password.kind == SECRET_CLEAR)
		forget(a->password.value);
	if (a->smtp_password.kind == SECRET_CLEAR)
		forget(a->smtp_password.value);
	if (a->proxy)
		forget(a->proxy->password);
}

void account_free(struct account *a)
{
	if (!a)
		return;
	g_free(a->id);
	g_strfreev(a->addresses);
	g_free(a->signature);
	g_free(a->file);
	g_free(a->name);
	g_free(a->address);
	server_url_free(a->pop3);
	server_url_free(a->smtp);
	secret_source_clear(&a->password);
	secret_source_clear(&a->smtp_password);
	g_free(a->inbox);
	g_free(a->sent);
	g_free(a->tls_ca);
	g_strfreev(a->tls_pins);
	proxy_url_free(a->proxy);
	g_free(a->tunnel);
	g_free(a->pop3_language);
	g_free(a->tls_cert);
	g_free(a->tls_key);
	g_free(a->auth_results);
	g_free(a->helo);
	seal_settings_clear(&a->seal);
	g_free(a);
}

/* The login comes last: it is the only part that can hold '|'. */
char *account_state_key(const struct account *a)
{
	const struct server_url *url = a->pop3 ? a->pop3 : a->smtp;
	g_autofree char *host = g_ascii_strdown(url->host, -1);
	return g_strdup_printf("%s|%s|%d|%s", a->id, host, url->port, url->user ? url->user : "");
}

const struct account *dotfile_account_by_address(const struct dotfile *d, const char *address)
{
	g_autofree char *wanted = g_utf8_casefold(address, -1);
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		g_autofree char *own = a->address ? g_utf8_casefold(a->address, -1) : NULL;
		if (g_strcmp0(own, wanted) == 0)
			return a;
	}
	/* "*@example.org" of one is not before the address of another. */
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (account_has_address(dotfile_account(d, i), address))
			return dotfile_account(d, i);
	return NULL;
}

const struct account *dotfile_account_by_name(const struct dotfile *d, const char *name)
{
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (strcmp(dotfile_account(d, i)->id, name) == 0)
			return dotfile_account(d, i);
	return NULL;
}

char *dotfile_account_names(const struct dotfile *d)
{
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "", dotfile_account(d, i)->id);
	return g_string_free(g_steal_pointer(&names), FALSE);
}

char *dotfile_no_account(const struct dotfile *d, const char *name)
{
	g_autofree char *names = dotfile_account_names(d);
	return g_strdup_printf(_("no account '%s' in '%s'; accounts: %s"), name, dotfile_path(d),
		*names ? names : _("none"));
}
