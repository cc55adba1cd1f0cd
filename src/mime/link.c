/* SPDX-License-Identifier: MIT */
#include "mime/link.h"

#include <string.h>

#include "base/lookalike.h"

enum { URL_MAX = 8192 };

static bool has_scheme(const char *url, const char *scheme)
{
	return g_ascii_strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/* An octet that no address has, however it is written: programs end their texts there. */
static bool has_nul(const char *url)
{
	return strstr(url, "%00") != NULL;
}

char *link_clean(const char *href)
{
	GString *url = g_string_new(NULL);
	for (const char *p = href; *p && url->len < URL_MAX; p++) {
		size_t n = 0;
		while ((guchar)p[n] > ' ' && p[n] != 0x7F)
			n++;
		g_string_append_len(url, p, (gssize)MIN(n, URL_MAX - url->len));
		p += n;
		if (!*p)
			break;
	}
	if (g_str_has_prefix(url->str, "//"))
		g_string_prepend(url, "https:");
	bool good = has_scheme(url->str, "http://") || has_scheme(url->str, "https://") ||
		    has_scheme(url->str, "mailto:");
	good = good && !has_nul(url->str) && url->str[strcspn(url->str, ":") + 1] != '\0';
	return g_string_free(url, !good);
}

/* What stands between the scheme and the path. */
static char *authority(const char *url)
{
	const char *at = strstr(url, "://");
	at = at && at < url + strcspn(url, "/?#") + 2 ? at + 3
	     : g_str_has_prefix(url, "//")            ? url + 2
	     : has_scheme(url, "mailto:")             ? url + strlen("mailto:")
						      : url;
	return g_strndup(at, strcspn(at, "/?#\\"));
}

char *link_host(const char *url)
{
	g_autofree char *all = authority(url);
	const char *user = strrchr(all, '@');
	g_autofree char *host = g_strdup(user ? user + 1 : all);
	char *colon = *host == '[' ? NULL : strchr(host, ':');
	if (colon)
		*colon = '\0';
	return lookalike_ascii(host);
}

/* The same for comparing. */
static char *host_of(const char *url)
{
	char *host = link_host(url);
	if (g_str_has_prefix(host, "www."))
		memmove(host, host + 4, strlen(host + 4) + 1);
	return host;
}

static bool looks_like_host(const char *host)
{
	const char *dot = strrchr(host, '.');
	if (!dot || dot == host || strlen(dot + 1) < 2 || strstr(host, ".."))
		return false;
	for (const char *p = host; *p; p++)
		if (!g_ascii_isalnum(*p) && *p != '.' && *p != '-' && (guchar)*p < 0x80)
			return false;
	for (const char *p = dot + 1; *p; p++)
		if (!g_ascii_isalpha(*p) && (guchar)*p < 0x80)
			return false;
	return true;
}

static bool is_within(const char *host, const char *domain)
{
	size_t a = strlen(host), b = strlen(domain);
	return a >= b && strcmp(host + a - b, domain) == 0 && (a == b || host[a - b - 1] == '.');
}

/* File names look like hosts too ("notes.txt"): without a scheme or "www." the
 * text has to end like a place on the net that people know. */
static bool names_a_place(const char *text, const char *host)
{
	static const char *const ends[] = {"com", "org", "net", "ru", "de", "uk", "eu", "info",
		"biz", "edu", "gov", "io", "fr", "pl", "cz", "ua", "by", "it", "es", "nl", "cn",
		"jp", "br", "ch", "at", "se", "us", "рф"};
	if (strstr(text, "://") || has_scheme(text, "www.") || strchr(text, '@'))
		return true;
	const char *dot = strrchr(host, '.');
	for (size_t i = 0; dot && i < G_N_ELEMENTS(ends); i++)
		if (strcmp(dot + 1, ends[i]) == 0)
			return true;
	return false;
}

/* "https://bank.example@evil.example/" goes to the second. */
static bool has_false_front(const char *url)
{
	g_autofree char *all = authority(url);
	char *user = has_scheme(url, "mailto:") ? NULL : strrchr(all, '@');
	if (!user)
		return false;
	*user = '\0';
	return strchr(all, '.') != NULL;
}

bool link_is_suspicious(const char *text, const char *url)
{
	g_autofree char *host = link_host(url);
	if (lookalike_mixed(host) || has_false_front(url))
		return true;
	if (!*text || strpbrk(text, " \t\n"))
		return false;
	g_autofree char *shown = host_of(text);
	if (!looks_like_host(shown) || !names_a_place(text, shown))
		return false;
	g_autofree char *real = host_of(url);
	return !is_within(real, shown) && !is_within(shown, real);
}
