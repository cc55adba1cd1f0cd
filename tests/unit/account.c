/* SPDX-License-Identifier: MIT
 *
 * The settings of an account, as written and as understood. */
#include "base/base.h"

#include <string.h>

#include "config/dotfile.h"
#include "tests/unit/deweyrc.h"

/* One setting of an account: its value as written, and as understood. */
static struct dotfile *account_with(const char *setting, const char *value, char **mistakes)
{
	g_autofree char *text = g_strdup_printf(
		"[account home]\naddress = i@example.org\n%s%s = %s\n",
		strcmp(setting, "pop3") == 0 || strcmp(setting, "smtp") == 0
			? ""
			: "pop3 = pop3s://i@pop.example.org\n",
		setting, value);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	struct dotfile *d = dotfile_parse(text, "rc", 0600, list);
	*mistakes = join(list);
	return d;
}

static const struct {
	const char *service, *url;
	enum security security;
	const char *user, *host;
	int port;
	const char *text, *mistake; /* as shown; or what is wrong */
} url_rows[] = {
	{"pop3", "pop3s://ivan@pop.example.org", SECURITY_TLS, "ivan", "pop.example.org", 995,
		"pop3s://ivan@pop.example.org", NULL},
	{"pop3", "pop3://ivan@pop.example.org/", SECURITY_STARTTLS, "ivan", "pop.example.org", 110,
		"pop3://ivan@pop.example.org", NULL},
	{"pop3", "pop3+insecure://i@127.0.0.1:1110", SECURITY_INSECURE, "i", "127.0.0.1", 1110,
		"pop3+insecure://i@127.0.0.1:1110", NULL},
	/* S-01: 465 and 587; 25 where it is said */
	{"smtp", "smtps://h", SECURITY_TLS, NULL, "h", 465, "smtps://h", NULL},
	{"smtp", "smtp://i@h", SECURITY_STARTTLS, "i", "h", 587, "smtp://i@h", NULL},
	{"smtp", "SMTP+insecure://h", SECURITY_INSECURE, NULL, "h", 25, "smtp+insecure://h", NULL},
	{"smtp", "command:/usr/sbin/sendmail -f '%f'", SECURITY_TLS, NULL, "", 0,
		"command:/usr/sbin/sendmail -f '%f'", NULL},
	{"smtp", "command:", 0, NULL, NULL, 0, NULL, "'' is not a command"},
	{"smtp", "command:a 'b", 0, NULL, NULL, 0, NULL, "'a 'b' is not a command"},
	{"pop3", "command:a", 0, NULL, NULL, 0, NULL, "'command:a' is not the URL of a server"},
	/* P-11 */
	{"pop3", "pop3s://john@example.org@pop.example.org", SECURITY_TLS, "john@example.org",
		"pop.example.org", 995, "pop3s://john@example.org@pop.example.org", NULL},
	{"pop3", "pop3s://j%2Bx%40a%3Ab@h:99", SECURITY_TLS, "j+x@a:b", "h", 99,
		"pop3s://j+x@a:b@h:99", NULL},
	{"pop3", "pop3s://%D0%B8@почта.рф", SECURITY_TLS, "и", "почта.рф", 995,
		"pop3s://и@почта.рф", NULL},
	{"pop3", "pop3s://i@[2001:db8::1]:9", SECURITY_TLS, "i", "2001:db8::1", 9,
		"pop3s://i@[2001:db8::1]:9", NULL},
	/* T-04 */
	{"pop3", "pop3s://i@mail.test.", SECURITY_TLS, "i", "mail.test", 995, "pop3s://i@mail.test",
		NULL},
	{"pop3", "pop3s://", 0, NULL, NULL, 0, NULL, "the URL names no host"},
	{"pop3", "pop3s://i@:995", 0, NULL, NULL, 0, NULL, "the URL names no host"},
	{"pop3", "pop3s://i@.test", 0, NULL, NULL, 0, NULL, "the host '.test' has an empty part"},
	{"pop3", "pop3s://i@.", 0, NULL, NULL, 0, NULL, "the host '.' has an empty part"},
	{"pop3", "pop3s://i@a..b", 0, NULL, NULL, 0, NULL, "the host 'a..b' has an empty part"},
	{"pop3", "pop3s://i@a b", 0, NULL, NULL, 0, NULL, "'a b' is not the name of a host"},
	{"pop3", "pop3s://i@*.b", 0, NULL, NULL, 0, NULL, "'*.b' is not the name of a host"},
	{"pop3", "pop3s://i@::1", 0, NULL, NULL, 0, NULL, "'::1' has more than one ':'"},
	{"pop3", "pop3s://i@[1.2]", 0, NULL, NULL, 0, NULL, "'[1.2]' is not an IPv6 address"},
	{"pop3", "pop3s://i@h:0", 0, NULL, NULL, 0, NULL, "'0' is not a port"},
	{"pop3", "pop3s://i@h:65536", 0, NULL, NULL, 0, NULL, "'65536' is not a port"},
	{"pop3", "pop3s://i@h/INBOX", 0, NULL, NULL, 0, NULL, "'/INBOX' stands behind the host"},
	{"pop3", "pop3s://@h", 0, NULL, NULL, 0, NULL, "nothing stands before '@'"},
	{"pop3", "pop3s://i:geheim@h", 0, NULL, NULL, 0, NULL,
		"a password does not belong into a URL"},
	/* P-04 */
	{"pop3", "pop3s://a%0D%0ADELE@h", 0, NULL, NULL, 0, NULL,
		"the login 'a%0D%0ADELE' holds a control character"},
	{"pop3", "pop3s://a%00@h", 0, NULL, NULL, 0, NULL, "'a%00' is not percent-encoded UTF-8"},
	{"pop3", "pop3s://100%@h", 0, NULL, NULL, 0, NULL, "'100%' is not percent-encoded UTF-8"},
	{"pop3", "smtps://i@h", 0, NULL, NULL, 0, NULL, "'smtps:' does not belong to 'pop3'"},
	{"smtp", "pop3s://i@h", 0, NULL, NULL, 0, NULL, "'pop3s:' does not belong to 'smtp'"},
	{"pop3", "pop://i@h", 0, NULL, NULL, 0, NULL, "unknown scheme 'pop:'"},
	/* P-10 */
	{"pop3", "kpop://i@h", 0, NULL, NULL, 0, NULL,
		"'kpop:' is Kerberos 4, which nobody speaks any more"},
};

static void check_url(size_t i, const struct dotfile *d)
{
	const struct account *a = dotfile_account(d, 0);
	bool pop3 = strcmp(url_rows[i].service, "pop3") == 0;
	const struct server_url *url = pop3 ? a->pop3 : a->smtp;
	g_autofree char *text = server_url_text(url_rows[i].service, url);
	g_assert_cmpint(url->security, ==, url_rows[i].security);
	g_assert_cmpstr(url->user, ==, url_rows[i].user);
	g_assert_cmpstr(url->host, ==, url_rows[i].host);
	g_assert_cmpint(url->port, ==, url_rows[i].port);
	g_assert_cmpint(url->line, ==, 3);
	g_assert_cmpstr(text, ==, url_rows[i].text);
}

static void test_urls(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(url_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("url '%s'", url_rows[i].url);
		g_autoptr(dotfile) d =
			account_with(url_rows[i].service, url_rows[i].url, &mistakes);
		if (!url_rows[i].mistake) {
			g_assert_cmpstr(mistakes, ==, "");
			check_url(i, d);
			continue;
		}
		g_autofree char *start = g_strdup_printf("rc:3: %s; ", url_rows[i].mistake);
		g_assert_null(d);
		g_assert_cmpstr(mistakes, !=, "");
		g_assert_true(g_str_has_prefix(mistakes, start));
		g_assert_null(strstr(mistakes, "geheim"));
	}
}

static const struct {
	const char *text;
	bool ok;
	enum keep_kind kind;
	int days;
} keep_rows[] = {
	{"always", true, KEEP_ALWAYS, 0}, {"never", true, KEEP_NEVER, 0},
	{"14 days", true, KEEP_DAYS, 14}, {"1 day", true, KEEP_DAYS, 1},
	{"until deleted", true, KEEP_UNTIL_DELETED, 0}, {"until", false, 0, 0},
	{"0 days", false, 0, 0}, {"-1 days", false, 0, 0}, {"14", false, 0, 0},
	{"14days", false, 0, 0}, {"99999999999999999999 days", false, 0, 0},
	{"Always", false, 0, 0}, {"2 weeks", false, 0, 0},
};

static void test_interval(void)
{
	static const struct {
		const char *text;
		int seconds; /* -1: wrong */
	} rows[] = {{"0", 0}, {"300", 300}, {"5 minutes", 300}, {"1 minute", 60}, {"24 hours", 86400},
		{"90 seconds", 90}, {"86400", 86400}, {"86401", -1}, {"25 hours", -1},
		{"5minutes", -1}, {"five", -1}, {"-1", -1}, {"minutes", -1},
		{"99999999999999999999", -1}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("interval '%s'", rows[i].text);
		g_autoptr(dotfile) d = account_with("interval", rows[i].text, &mistakes);
		g_assert_true((d != NULL) == (rows[i].seconds >= 0));
		if (d)
			g_assert_cmpint(dotfile_account_interval(d, dotfile_account(d, 0)), ==,
				rows[i].seconds);
	}
	g_autofree char *mistakes = NULL;
	g_autoptr(dotfile) d = account_with("keep", "always", &mistakes);
	g_assert_cmpint(dotfile_account_interval(d, dotfile_account(d, 0)), ==, 0);
}

static void test_keep(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keep_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("keep '%s'", keep_rows[i].text);
		g_autoptr(dotfile) d = account_with("keep", keep_rows[i].text, &mistakes);
		g_assert_true((d != NULL) == keep_rows[i].ok);
		if (!d)
			continue;
		g_assert_cmpint(dotfile_account(d, 0)->keep.kind, ==, keep_rows[i].kind);
		g_assert_cmpint(dotfile_account(d, 0)->keep.days, ==, keep_rows[i].days);
	}
}

/* Each word of auth.def, and the way to one's own certificate. */
static void test_auth(void)
{
	static const struct {
		const char *word;
		enum auth auth;
	} rows[] = {
#define AUTH(name, word, pop3, smtp) {word, AUTH_##name},
#include "config/auth.def"
#undef AUTH
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mistakes = NULL;
		g_autofree char *lines = g_strdup_printf("%s\ntls-cert = ~/c.pem", rows[i].word);
		g_test_message("row '%s'", rows[i].word);
		g_autoptr(dotfile) d = account_with("pop3-auth", lines, &mistakes);
		g_assert_cmpstr(mistakes, ==, "");
		const struct account *a = dotfile_account(d, 0);
		g_assert_cmpint(a->pop3_auth, ==, rows[i].auth);
		g_assert_cmpint(a->smtp_auth, ==, AUTH_AUTO);
		g_assert_cmpstr(auth_word(a->pop3_auth), ==, rows[i].word);
		g_assert_true(g_str_has_suffix(a->tls_cert, "/c.pem"));
		g_assert_true(g_path_is_absolute(a->tls_cert));
		g_assert_null(a->tls_key);
	}
}

static const struct {
	const char *text;
	bool ok;
	uint64_t octets;
} size_rows[] = {
	{"0", true, 0}, {"1000", true, 1000}, {"512K", true, 512 * 1024},
	{"20m", true, 20 * 1024 * 1024}, {"2G", true, (uint64_t)2 << 30},
	{"4611686018427387904", true, (uint64_t)1 << 62}, {"4294967296G", true, (uint64_t)1 << 62},
	{"4611686018427387905", false, 0}, {"4294967297G", false, 0},
	{"99999999999999999999", false, 0}, {"K", false, 0}, {"-1", false, 0}, {"+1K", false, 0},
	{"1.5M", false, 0}, {"1KB", false, 0}, {"1 M", false, 0}, {"1T", false, 0},
};

static const struct {
	const char *setting, *value;
	unsigned asks;
} ask_rows[] = {
	{"notify", "never", ASK_NOTIFY_NEVER},
	{"notify", "Success,failure , delay",
		ASK_NOTIFY_SUCCESS | ASK_NOTIFY_FAILURE | ASK_NOTIFY_DELAY},
	{"return", "full", ASK_RETURN_FULL},
	{"return", "headers", ASK_RETURN_HEADERS},
	{"require-tls", "yes", ASK_REQUIRE_TLS},
	{"require-tls", "no", 0},
	{"future-release", "yes", ASK_SERVER_HOLDS},
	{"timeout", "9", 0},
};

static void test_asks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ask_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("%s '%s'", ask_rows[i].setting, ask_rows[i].value);
		g_autoptr(dotfile) d =
			account_with(ask_rows[i].setting, ask_rows[i].value, &mistakes);
		g_assert_cmpstr(mistakes, ==, "");
		g_assert_cmpuint(dotfile_account(d, 0)->asks, ==, ask_rows[i].asks);
	}
}

static const struct {
	const char *setting, *value, *mistake;
	bool sign;
	enum encrypt_policy encrypt;
	const char *key;
} seal_rows[] = {
	{"sign", "yes", "", true, ENCRYPT_NO, NULL},
	{"encrypt", "yes", "", false, ENCRYPT_YES, NULL},
	{"encrypt", "auto", "", false, ENCRYPT_AUTO, NULL},
	{"encrypt", "maybe", "rc:4: 'encrypt' cannot be 'maybe'; write yes, no or auto", 0, 0,
		NULL},
	{"key", "0123 4567 89ab cdef 0123  4567 89AB CDEF 0123 4567", "", false, ENCRYPT_NO,
		"0123456789ABCDEF0123456789ABCDEF01234567"},
	{"key", "89ABCDEF",
		"rc:4: '89ABCDEF' is no fingerprint of a key; write its 40 hexadecimal digits, as "
		"'gpg --list-keys' or 'gpgsm --list-keys' shows them",
		0, 0, NULL},
	{"timeout", "9", "", false, ENCRYPT_NO, NULL},
};

/* A short id of a key is no fingerprint: others can have the same. */
static void test_seal(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(seal_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("%s '%s'", seal_rows[i].setting, seal_rows[i].value);
		g_autoptr(dotfile) d =
			account_with(seal_rows[i].setting, seal_rows[i].value, &mistakes);
		g_assert_cmpstr(mistakes, ==, seal_rows[i].mistake);
		if (*seal_rows[i].mistake)
			continue;
		const struct seal_settings *seal = &dotfile_account(d, 0)->seal;
		g_assert_cmpint(seal->sign, ==, seal_rows[i].sign);
		g_assert_cmpint(seal->encrypt, ==, seal_rows[i].encrypt);
		g_assert_cmpstr(seal->key, ==, seal_rows[i].key);
		g_assert_false(seal->show_subject || seal->autocrypt || seal->mutual);
	}
}

/* P-71, P-45: no size overflows. */
static void test_max_size(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(size_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("max-size '%s'", size_rows[i].text);
		g_autoptr(dotfile) d = account_with("max-size", size_rows[i].text, &mistakes);
		g_assert_true((d != NULL) == size_rows[i].ok);
		if (d)
			g_assert_cmpuint(
				dotfile_account(d, 0)->max_size, ==, size_rows[i].octets);
	}
}

static const struct {
	const char *text;
	bool ok;
	enum preview_kind kind;
	uint64_t over;
} preview_rows[] = {
	{"never", true, PREVIEW_NEVER, 0}, {"all", true, PREVIEW_ALL, 0},
	{"over 512K", true, PREVIEW_OVER, 512 * 1024}, {"over 0", true, PREVIEW_OVER, 0},
	{"over", false, 0, 0}, {"over 1T", false, 0, 0}, {"512K", false, 0, 0},
	{"over512K", false, 0, 0}, {"ever", false, 0, 0},
};

static void test_preview(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(preview_rows); i++) {
		g_autofree char *mistakes = NULL;
		g_test_message("preview '%s'", preview_rows[i].text);
		g_autoptr(dotfile) d = account_with("preview", preview_rows[i].text, &mistakes);
		g_assert_true((d != NULL) == preview_rows[i].ok);
		if (!d)
			continue;
		g_assert_cmpint(dotfile_account(d, 0)->preview.kind, ==, preview_rows[i].kind);
		g_assert_cmpuint(dotfile_account(d, 0)->preview.over, ==, preview_rows[i].over);
	}
	g_autofree char *mistakes = NULL;
	g_autoptr(dotfile) d = account_with("keep", "always", &mistakes);
	g_assert_cmpint(dotfile_account(d, 0)->preview.kind, ==, PREVIEW_NEVER);
	g_assert_cmpuint(dotfile_account(d, 0)->max_size, ==, 0);
}

/* P-11: two logins on one server never share their state. */
static void test_state_key(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse("[account a]\npop3 = pop3s://john@x@Pop.Example.org\n"
					     "[account b]\npop3 = pop3s://john+x@pop.example.org\n",
		"rc", 0600, mistakes);
	g_autofree char *one = account_state_key(dotfile_account(d, 0));
	g_autofree char *two = account_state_key(dotfile_account(d, 1));
	g_assert_cmpstr(one, ==, "a|pop.example.org|995|john@x");
	g_assert_cmpstr(two, ==, "b|pop.example.org|995|john+x");
}

/* T-31: what is forgotten is wiped, and what is no secret stays. */
static void test_forget(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(
		OK_ACCOUNT "password = geheim\nsmtp-password = file:/x\nproxy = "
			   "socks5://u:geheim@h\n",
		"rc", 0600, mistakes);
	const struct account *a = dotfile_account(d, 0);
	dotfile_forget_secrets(d);
	g_assert_cmpstr(a->password.value, ==, "");
	g_assert_cmpint(a->password.kind, ==, SECRET_CLEAR);
	g_assert_cmpstr(a->smtp_password.value, ==, "/x");
	g_assert_cmpstr(a->proxy->password, ==, "");
	g_assert_cmpstr(a->proxy->user, ==, "u");
}

static void test_proxy(void)
{
	static const struct {
		const char *text, *user, *password, *host;
		uint16_t port;
	} rows[] = {
		{"socks5://localhost", NULL, NULL, "localhost", 1080},
		{"SOCKS5://127.0.0.1:9050/", NULL, NULL, "127.0.0.1", 9050},
		{"socks5://[::1]:1", NULL, NULL, "::1", 1},
		{"socks5://i%40x:a%3Ab:c%25@h.test:1080", "i@x", "a:b:c%", "h.test", 1080},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mistakes = NULL;
		g_autoptr(dotfile) d = account_with("proxy", rows[i].text, &mistakes);
		g_assert_cmpstr(mistakes, ==, "");
		const struct proxy_url *proxy = dotfile_account(d, 0)->proxy;
		g_assert_cmpstr(proxy->user, ==, rows[i].user);
		g_assert_cmpstr(proxy->password, ==, rows[i].password);
		g_assert_cmpstr(proxy->host, ==, rows[i].host);
		g_assert_cmpint(proxy->port, ==, rows[i].port);
		g_assert_cmpint(proxy->line, ==, 4);
	}
}

/* T-02: digits of any case, with colons or not, or base64; several. */
static void test_pins(void)
{
	g_autofree char *mistakes = NULL;
	g_autoptr(dotfile) d = account_with("tls-pin",
		"sha256:" PIN_HEX "  SHA256:47:DE:A7:8F58FD1C3F2F41A1F22E6EA0B40A5BA8A6EF3BD85B1C1B"
		"1BF9D9C2B1FF sha256:R96nj1j9HD8vQaHyLm6gtApbqKbvO9hbHBsb+dnCsf8=",
		&mistakes);
	g_assert_cmpstr(mistakes, ==, "");
	char **pins = dotfile_account(d, 0)->tls_pins;
	g_assert_cmpuint(g_strv_length(pins), ==, 3);
	for (guint i = 0; i < 3; i++)
		g_assert_cmpstr(pins[i], ==, PIN_HEX);
}

static void test_smtp_password(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(
		OK_ACCOUNT "password = geheim\nsmtp-password = pass#word;x\n", "rc", 0600, mistakes);
	const struct account *a = dotfile_account(d, 0);
	g_autofree char *pop3 = account_secret(a, "pop3", NULL, NULL, NULL);
	g_autofree char *smtp = account_secret(a, "smtp", NULL, NULL, NULL);
	g_assert_cmpstr(pop3, ==, "geheim");
	g_assert_cmpstr(smtp, ==, "pass#word;x");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/account/urls/T-04,P-04,P-10", test_urls);
	g_test_add_func("/account/proxy", test_proxy);
	g_test_add_func("/account/forget/T-31", test_forget);
	g_test_add_func("/account/pins/T-02", test_pins);
	g_test_add_func("/account/keep", test_keep);
	g_test_add_func("/account/interval", test_interval);
	g_test_add_func("/account/auth/T-40", test_auth);
	g_test_add_func("/account/asks S-14 S-17", test_asks);
	g_test_add_func("/account/keys for signing and encrypting", test_seal);
	g_test_add_func("/account/max-size P-71", test_max_size);
	g_test_add_func("/account/preview", test_preview);
	g_test_add_func("/account/state-key/P-11", test_state_key);
	g_test_add_func("/account/smtp-password", test_smtp_password);
	return g_test_run();
}
