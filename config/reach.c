/* SPDX-License-Identifier: MIT
 *
 * How a server is reached, and by which key it is known: proxy and tls-pin. */
#include "config/parse.h"

#include <string.h>

#include "base/secret.h"

/* RFC 1929: a length is one octet. */
enum { PROXY_PORT = 1080, LOGIN_MAX = 255, DIGEST = 32 };

#define SCHEME "socks5://"

void proxy_url_free(struct proxy_url *proxy)
{
	if (!proxy)
		return;
	g_free(proxy->user);
	secret_free(proxy->password);
	g_free(proxy->host);
	g_free(proxy);
}

static bool how_to_write(struct complaint *c, char *what)
{
	return complain(c, what,
		g_strdup(_("write socks5://HOST:PORT or "
			   "socks5://USER:PASSWORD@HOST:PORT")));
}

/* The text of a complaint shows nothing of what may be a password. */
static bool read_login(char *login, struct proxy_url *proxy, struct complaint *c)
{
	char *colon = strchr(login, ':');
	if (!colon || colon[1] == '\0')
		return how_to_write(c, g_strdup(_("the proxy has a user and no password")));
	*colon = '\0';
	if (!url_login_parse(login, &proxy->user, c))
		return false;
	proxy->password = g_uri_unescape_string(colon + 1, NULL);
	if (!proxy->password || !g_utf8_validate(proxy->password, -1, NULL))
		return complain(c,
			g_strdup(_("the password of the proxy is not percent-encoded "
				   "UTF-8")),
			g_strdup(_("write '%25' for a '%' of the password, '%40' for a '@'")));
	if (strlen(proxy->user) <= LOGIN_MAX && strlen(proxy->password) <= LOGIN_MAX)
		return true;
	return complain(c,
		g_strdup_printf(_("user or password of the proxy is longer than %d "
				  "octets"),
			LOGIN_MAX),
		g_strdup(_("SOCKS5 cannot carry more; use another login")));
}

static bool read_proxy(char *rest, struct proxy_url *proxy, struct complaint *c)
{
	char *at = strrchr(rest, '@');
	char *slash = strchr(at ? at : rest, '/');
	if (slash && slash[1] == '\0')
		*slash = '\0';
	else if (slash)
		return how_to_write(c, g_strdup_printf(_("'%s' stands behind the host"), slash));
	if (at)
		*at = '\0';
	return (!at || read_login(rest, proxy, c)) &&
	       url_place_parse(at ? at + 1 : rest, &proxy->host, &proxy->port, c);
}

struct proxy_url *proxy_url_parse(const char *text, struct complaint *c)
{
	struct proxy_url *proxy;
	if (g_ascii_strncasecmp(text, SCHEME, strlen(SCHEME)) != 0) {
		how_to_write(c, g_strdup(_("'proxy' is not the URL of a SOCKS5 proxy")));
		return NULL;
	}
	proxy = g_new0(struct proxy_url, 1);
	proxy->port = PROXY_PORT;
	char *rest = g_strdup(text + strlen(SCHEME));
	size_t len = strlen(rest);
	bool ok = read_proxy(rest, proxy, c);
	explicit_bzero(rest, len);
	g_free(rest);
	if (!ok)
		g_clear_pointer(&proxy, proxy_url_free);
	return proxy;
}

/* --- pins --------------------------------------------------------------------- */

/* "AB:CD…" or "abcd…" */
static char *from_hex(const char *text)
{
	GString *hex = g_string_new(NULL);
	for (; g_ascii_isxdigit(*text) || *text == ':'; text++)
		if (*text != ':')
			g_string_append_c(hex, g_ascii_tolower(*text));
	if (*text == '\0' && hex->len == 2 * DIGEST)
		return g_string_free(hex, FALSE);
	g_string_free(hex, TRUE);
	return NULL;
}

/* As curl and HPKP write it. */
static char *from_base64(const char *text)
{
	gsize len;
	g_autofree guchar *raw = strlen(text) == 44 ? g_base64_decode(text, &len) : NULL;
	if (!raw || len != DIGEST)
		return NULL;
	GString *hex = g_string_new(NULL);
	for (gsize i = 0; i < len; i++)
		g_string_append_printf(hex, "%02x", raw[i]);
	return g_string_free(hex, FALSE);
}

static char *read_pin(const char *word)
{
	static const char prefix[] = "sha256:";
	if (g_ascii_strncasecmp(word, prefix, strlen(prefix)) != 0)
		return NULL;
	word += strlen(prefix);
	char *hex = from_hex(word);
	return hex ? hex : from_base64(word);
}

char **tls_pins_parse(const char *text, struct complaint *c)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	g_autoptr(GPtrArray) pins = g_ptr_array_new_with_free_func(g_free);
	for (char **word = words; *word; word++) {
		char *pin = **word != '\0' ? read_pin(*word) : NULL;
		if (pin)
			g_ptr_array_add(pins, pin);
		if (pin || **word == '\0')
			continue;
		complain(c, g_strdup_printf(_("'%s' is not the fingerprint of a key"), *word),
			g_strdup(_("write sha256: and 64 hexadecimal digits (or 44 characters of "
				   "base64), as 'dewey check' shows it")));
		return NULL;
	}
	g_ptr_array_add(pins, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&pins), FALSE);
}
