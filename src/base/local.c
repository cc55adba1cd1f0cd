/* SPDX-License-Identifier: MIT */
#include "base/local.h"

#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { DEEPEST = 4, CONTROL_PICTURES = 0x2400 };

/* A process has one locale, as it has one stderr: the C library keeps it, this is only
 * what was seen of it.  The names of GLib's own would follow $CHARSET too. */
static struct {
	bool legacy; /* not UTF-8 */
	char charset[64];
} seen = {false, "UTF-8"};

static const struct standin {
	gunichar c;
	const char *text;
} standins[] = {
#define STANDIN(c, text) {c, text},
#include "base/standins.def"
#undef STANDIN
};

static void print_out(const char *text)
{
	local_put(stdout, text);
}

static void print_error(const char *text)
{
	local_put(stderr, text);
}

void local_init(void)
{
	char octets[MB_LEN_MAX];
	mbstate_t state = {0};
	g_strlcpy(seen.charset, nl_langinfo(CODESET), sizeof seen.charset);
	seen.legacy = strcmp(seen.charset, "UTF-8") != 0;
	/* The C library opens the converter with the first character. */
	(void)!wcrtomb(octets, L'\xb7', &state);
	g_set_print_handler(print_out);
	g_set_printerr_handler(print_error);
}

bool local_is_utf8(void)
{
	return !seen.legacy;
}

const char *local_charset(void)
{
	return seen.charset;
}

/* --- stand-ins ------------------------------------------------------------------------ */

/* The octets of c; 0: the charset has it not, or not where a terminal may be told it. */
static size_t octets_of(gunichar c, char *octets)
{
	mbstate_t state = {0};
	size_t n = wcrtomb(octets, (wchar_t)c, &state);
	if (n == (size_t)-1)
		return 0;
	bool control = n == 1 && (guchar)*octets >= 0x80 && (guchar)*octets < 0xA0;
	return control && !g_unichar_isalpha(c) ? 0 : n;
}

static bool is_shown(gunichar c)
{
	char octets[MB_LEN_MAX];
	return c < 0x80 || octets_of(c, octets) > 0;
}

static int compare(const void *key, const void *row)
{
	gunichar c = *(const gunichar *)key, other = ((const struct standin *)row)->c;
	return c < other ? -1 : c > other;
}

/* Lines and blocks: too many for a table. */
static const char *drawn(gunichar c)
{
	static const char horizontal[] =
		"\x00\x01\x04\x05\x08\x09\x4c\x4d\x50\x74\x76\x78\x7a\x7c\x7e";
	static const char upright[] =
		"\x02\x03\x06\x07\x0a\x0b\x4e\x4f\x51\x75\x77\x79\x7b\x7d\x7f";
	if (c >= 0x2580 && c <= 0x259F)
		return "#";
	if (c < 0x2500 || c > 0x257F)
		return NULL;
	int n = (int)(c - 0x2500);
	if (memchr(horizontal, n, sizeof horizontal - 1))
		return "-";
	return memchr(upright, n, sizeof upright - 1) ? "|" : "+";
}

static bool append_standin(GString *out, gunichar c, int depth);

static bool append_all(GString *out, const char *text, int depth)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (is_shown(c))
			g_string_append_unichar(out, c);
		else if (!g_unichar_iszerowidth(c) && !append_standin(out, c, depth + 1))
			return false;
	}
	return true;
}

/* "é" without its accent, "ﬁ" as two letters. */
static bool append_parts(GString *out, gunichar c, int depth)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gsize n = g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
	g_autofree char *text = g_ucs4_to_utf8(parts, (glong)n, NULL, NULL, NULL);
	return text && (n > 1 || *parts != c) && append_all(out, text, depth);
}

static bool append_found(GString *out, gunichar c, int depth)
{
	const struct standin *row =
		bsearch(&c, standins, G_N_ELEMENTS(standins), sizeof *standins, compare);
	const char *text = row ? row->text : drawn(c);
	if (c >= CONTROL_PICTURES && c <= CONTROL_PICTURES + ' ') {
		g_string_append_printf(out, "^%c", (char)(c - CONTROL_PICTURES + '@'));
		return true;
	}
	return text ? append_all(out, text, depth) : append_parts(out, c, depth);
}

/* What cannot be shown as a whole is not shown by halves. */
static bool append_standin(GString *out, gunichar c, int depth)
{
	gsize before = out->len;
	if (depth < DEEPEST && append_found(out, c, depth))
		return out->len > before;
	g_string_truncate(out, before);
	return false;
}

const char *local_standin(gunichar c)
{
	if (!seen.legacy || is_shown(c))
		return NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	return g_intern_string(append_standin(out, c, 0) ? out->str : "?");
}

/* --- text ----------------------------------------------------------------------------- */

/* A base and what combines with it. */
static size_t cluster(const char *text)
{
	const char *p = g_utf8_next_char(text);
	while (*p && g_unichar_iszerowidth(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return (size_t)(p - text);
}

static void fit_cluster(GString *out, const char *text, size_t n)
{
	gsize before = out->len;
	g_autofree char *composed = g_utf8_normalize(text, (gssize)n, G_NORMALIZE_NFC);
	for (const char *p = composed; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		const char *standin = local_standin(c);
		if (!standin)
			g_string_append_unichar(out, c);
		else if (!g_unichar_iszerowidth(c))
			g_string_append(out, standin);
	}
	if (out->len == before && g_unichar_ismark(g_utf8_get_char(text)))
		g_string_append_c(out, '?');
}

char *local_fit(const char *text, gssize len)
{
	g_autofree char *valid = g_utf8_make_valid(text, len);
	if (!seen.legacy)
		return g_steal_pointer(&valid);
	GString *out = g_string_new(NULL);
	for (size_t at = 0, n; valid[at]; at += n) {
		n = cluster(valid + at);
		if (n == 1)
			g_string_append_c(out, valid[at]);
		else
			fit_cluster(out, valid + at, n);
	}
	return g_string_free(out, FALSE);
}

char *local_encode(const char *text, gssize len)
{
	g_autofree char *fit = local_fit(text, len);
	if (!seen.legacy)
		return g_steal_pointer(&fit);
	GString *out = g_string_new(NULL);
	for (const char *p = fit; *p; p = g_utf8_next_char(p)) {
		char octets[MB_LEN_MAX];
		gunichar c = g_utf8_get_char(p);
		if (c < 0x80)
			g_string_append_c(out, (char)c);
		else
			g_string_append_len(out, octets, (gssize)octets_of(c, octets));
	}
	return g_string_free(out, FALSE);
}

char *local_decode(const char *octets, gssize len)
{
	mbstate_t state = {0};
	size_t all = len < 0 ? strlen(octets) : (size_t)len;
	if (!seen.legacy)
		return g_utf8_make_valid(octets, (gssize)all);
	if (strcmp(seen.charset, "ANSI_X3.4-1968") == 0 &&
		g_utf8_validate(octets, (gssize)all, NULL))
		return g_strndup(octets, all);
	GString *out = g_string_new(NULL);
	for (size_t at = 0, n; at < all; at += n) {
		wchar_t c = 0;
		n = mbrtowc(&c, octets + at, all - at, &state);
		bool bad = n == (size_t)-1 || n == (size_t)-2 || n == 0;
		g_string_append_unichar(out, bad ? 0xFFFD : (gunichar)c);
		if (bad)
			state = (mbstate_t){0};
		n = bad ? 1 : n;
	}
	return g_string_free(out, FALSE);
}

/* --- output --------------------------------------------------------------------------- */

void local_put(FILE *out, const char *text)
{
	g_autofree char *octets = seen.legacy ? local_encode(text, -1) : NULL;
	fputs(octets ? octets : text, out);
}

void local_vprint(const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);
	local_put(stdout, text);
}

void local_print(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	local_vprint(format, args);
	va_end(args);
}
