/* SPDX-License-Identifier: MIT */
#include "base/lookalike.h"

#include <string.h>

enum { DOMAIN_MAX = 1000, LABEL_SIMILAR = 6 /* letters; in shorter names one of them is much */ };

struct look {
	gunichar c;
	const char *as;
};

static const struct look looks[] = {
#define LOOK(c, as) {c, as},
#include "base/lookalike-chars.def"
#undef LOOK
};

/* Two letters that are one at a glance. */
static const struct {
	const char *two, *one;
} pairs[] = {{"rn", "m"}, {"vv", "w"}, {"cl", "d"}, {"nn", "m"}};

/* What no name server would take is compared as it stands. */
static char *fold(const char *domain)
{
	g_autofree char *cut = g_strndup(domain, strnlen(domain, DOMAIN_MAX));
	g_autofree char *valid = NULL, *lower = NULL;
	if (g_str_is_ascii(cut)) {
		lower = g_ascii_strdown(cut, -1);
	} else {
		valid = g_utf8_make_valid(cut, -1);
		lower = g_utf8_strdown(valid, -1);
	}
	size_t n = strlen(lower);
	if (n > 0 && lower[n - 1] == '.')
		lower[n - 1] = '\0';
	return g_steal_pointer(&lower);
}

char *lookalike_ascii(const char *domain)
{
	g_autofree char *lower = fold(domain);
	char *ascii = g_hostname_is_non_ascii(lower) ? g_hostname_to_ascii(lower) : NULL;
	return ascii ? ascii : g_steal_pointer(&lower);
}

char *lookalike_unicode(const char *domain)
{
	g_autofree char *lower = fold(domain);
	char *unicode = g_hostname_is_ascii_encoded(lower) ? g_hostname_to_unicode(lower) : NULL;
	return unicode ? unicode : g_steal_pointer(&lower);
}

bool lookalike_is_idn(const char *domain)
{
	return g_hostname_is_non_ascii(domain) || g_hostname_is_ascii_encoded(domain);
}

/* --- scripts ---------------------------------------------------------------------- */

/* Those that are written together are one: Japanese has four, and Latin with all. */
static GUnicodeScript script_of(gunichar c)
{
	GUnicodeScript s = g_unichar_get_script(c);
	switch (s) {
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_BOPOMOFO:
		return G_UNICODE_SCRIPT_HAN;
	default:
		return s;
	}
}

static const char *look_of(gunichar c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
		if (looks[i].c == c)
			return looks[i].as;
	return NULL;
}

/* A label of one foreign script without a letter that only that script has. */
static bool poses_as_latin(const char *label)
{
	bool foreign = false;
	for (const char *p = label; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c < 0x80)
			continue;
		const char *as = look_of(c);
		if (!as || !g_ascii_isalpha(*as) || !g_unichar_isalpha(c) ||
			g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN)
			return false;
		foreign = true;
	}
	return foreign;
}

static bool label_mixed(const char *label)
{
	bool latin = false;
	GUnicodeScript other = G_UNICODE_SCRIPT_COMMON;
	for (const char *p = label; *p; p = g_utf8_next_char(p)) {
		GUnicodeScript s = script_of(g_utf8_get_char(p));
		if (s == G_UNICODE_SCRIPT_COMMON || s == G_UNICODE_SCRIPT_INHERITED)
			continue;
		if (s == G_UNICODE_SCRIPT_LATIN)
			latin = true;
		else if (other != G_UNICODE_SCRIPT_COMMON && other != s)
			return true;
		else
			other = s;
	}
	return latin && other != G_UNICODE_SCRIPT_COMMON && other != G_UNICODE_SCRIPT_HAN;
}

/* An honest domain of another script has an end of that script, more often than not. */
static bool end_is_ascii(char **labels)
{
	guint n = g_strv_length(labels);
	return n > 0 && g_str_is_ascii(labels[n - 1]);
}

bool lookalike_mixed(const char *domain)
{
	if (!lookalike_is_idn(domain))
		return false;
	g_autofree char *shown = lookalike_unicode(domain);
	g_auto(GStrv) labels = g_strsplit(shown, ".", -1);
	for (char **label = labels; *label; label++)
		if (label_mixed(*label) || (end_is_ascii(labels) && poses_as_latin(*label)))
			return true;
	return false;
}

/* --- skeletons -------------------------------------------------------------------- */

static void join_pairs(GString *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		g_string_replace(text, pairs[i].two, pairs[i].one, 0);
}

char *lookalike_skeleton(const char *domain)
{
	g_autofree char *shown = lookalike_unicode(domain);
	g_autofree char *apart = g_utf8_normalize(shown, -1, G_NORMALIZE_ALL);
	GString *out = g_string_new(NULL);
	for (const char *p = apart ? apart : shown; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		const char *as = look_of(c);
		if (as)
			g_string_append(out, as);
		else if (!g_unichar_ismark(c))
			g_string_append_unichar(out, c);
	}
	join_pairs(out);
	return g_string_free(out, FALSE);
}

/* How many there are of each letter that neither looks like another one nor is a part
 * of pairs, four bits for each. */
bool lookalike_sum(const char *text, guint64 *sum)
{
	static const char own[] = "abefghjkpqstuxyz";
	*sum = 0;
	if (!g_str_is_ascii(text) || strlen(text) > DOMAIN_MAX || g_hostname_is_ascii_encoded(text))
		return false;
	for (const char *p = text; *p; p++) {
		const char *at = strchr(own, g_ascii_tolower(*p));
		if (at)
			*sum += (guint64)1 << (4 * (at - own));
	}
	return true;
}

/* --- comparing -------------------------------------------------------------------- */

static bool is_within(const char *host, const char *domain)
{
	size_t a = strlen(host), b = strlen(domain);
	return b > 0 && a >= b && strcmp(host + a - b, domain) == 0 &&
	       (a == b || host[a - b - 1] == '.');
}

bool lookalike_related(const char *a, const char *b)
{
	g_autofree char *x = lookalike_ascii(a), *y = lookalike_ascii(b);
	return is_within(x, y) || is_within(y, x);
}

/* Whether one step leads from a to b: a letter put in, taken out, changed, or two
 * neighbours swapped. */
static bool one_step(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b), same = 0;
	while (a[same] && a[same] == b[same])
		same++;
	const char *x = a + same, *y = b + same;
	if (m == n)
		return strcmp(x + (*x != '\0'), y + (*y != '\0')) == 0 ||
		       (x[0] && x[1] && x[0] == y[1] && x[1] == y[0] && strcmp(x + 2, y + 2) == 0);
	return m + 1 == n ? strcmp(x, y + 1) == 0 : n + 1 == m && strcmp(x + 1, y) == 0;
}

/* Names of one end that differ by a letter; digits tell siblings apart ("mx1", "mx2"). */
static bool nearly(const char *a, const char *b)
{
	const char *x = strrchr(a, '.'), *y = strrchr(b, '.');
	if (!x || !y || strcmp(x, y) != 0 || x - a < LABEL_SIMILAR || y - b < LABEL_SIMILAR)
		return false;
	if (strpbrk(a, "0123456789") || strpbrk(b, "0123456789"))
		return false;
	return one_step(a, b);
}

static bool stands_in_front(const char *domain, const char *known)
{
	return strchr(known, '.') && g_str_has_prefix(domain, known) &&
	       (domain[strlen(known)] == '.' || domain[strlen(known)] == '-');
}

bool lookalike_like(const char *domain, const char *known)
{
	g_autofree char *a = lookalike_ascii(domain), *b = lookalike_ascii(known);
	if (is_within(a, b) || is_within(b, a))
		return false;
	if (nearly(a, b) || stands_in_front(a, b))
		return true;
	g_autofree char *x = lookalike_skeleton(a), *y = lookalike_skeleton(b);
	return strcmp(x, y) == 0;
}
