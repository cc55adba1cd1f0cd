/* SPDX-License-Identifier: MIT */
#include "mime/parameter.h"

#include <string.h>

#include "mime/header.h"

enum { MOST_PIECES = 200, NAME_MOST = 60 /* octets: longer ones are made to harm (M-02) */ };

/* name*2*=value: RFC 2231. */
struct piece {
	guint number;
	bool encoded; /* %XX, and in the first one charset'language' */
	char *value;  /* without its quotes */
};

struct pieces {
	GPtrArray *numbered; /* of struct piece, as they stand */
	struct piece *whole, *plain; /* name*=…, name=…: the first of each; or NULL */
};

static void piece_free(void *data)
{
	struct piece *p = data;
	if (!p)
		return;
	g_free(p->value);
	g_free(p);
}

static const char *skip_white(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* A backslash is only what RFC 2822 makes of it before a quote and itself: the paths
 * of one system are full of them. */
static const char *read_quoted(const char *p, GString *out)
{
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		if (*p != '\r' && *p != '\n')
			g_string_append_c(out, *p);
	}
	return *p ? p + 1 : p;
}

/* name= or name*0*= of another parameter. */
static bool is_parameter(const char *p)
{
	const char *start = p;
	while (g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '*')
		p++;
	return p > start && *skip_white(p) == '=';
}

/* To the next semicolon: names with blanks stand here without their quotes, and an
 * encoded word may have a semicolon of its own. */
static const char *read_bare(const char *p, GString *out)
{
	const char *word = g_str_has_prefix(p, "=?") ? header_skip_word(p, NULL) : NULL;
	for (; word; word = g_str_has_prefix(p, "=?") ? header_skip_word(p, NULL) : NULL) {
		g_string_append_len(out, p, (gssize)(word - p));
		p = skip_white(word);
		if (p > word && g_str_has_prefix(p, "=?"))
			g_string_append_c(out, ' ');
	}
	while (*p && *p != ';') {
		const char *next = strchr(" \t\r\n", *p) ? skip_white(p) : p;
		if (next > p && (!*next || *next == ';' || is_parameter(next)))
			return next;
		if (next > p)
			g_string_append_c(out, ' ');
		else
			g_string_append_c(out, *next++);
		p = next;
	}
	return p;
}

static const char *read_value(const char *p, char **value)
{
	GString *out = g_string_new(NULL);
	p = skip_white(p);
	p = *p == '"' ? read_quoted(p, out) : read_bare(p, out);
	*value = g_string_free(out, FALSE);
	return p;
}

/* A name at p, with its stars; false: it is another parameter. */
static bool read_name(const char *p, size_t len, const char *name, struct piece *piece, bool *numbered)
{
	size_t n = strlen(name);
	*piece = (struct piece){0};
	*numbered = false;
	if (len < n || len > NAME_MOST || g_ascii_strncasecmp(p, name, n) != 0)
		return false;
	p += n;
	len -= n;
	if (len > 1 && p[0] == '*' && g_ascii_isdigit(p[1])) {
		*numbered = true;
		for (p++, len--; len > 0 && g_ascii_isdigit(*p); p++, len--)
			piece->number = MIN(piece->number * 10 + (guint)(*p - '0'), MOST_PIECES);
	}
	piece->encoded = len == 1 && *p == '*';
	return len == 0 || piece->encoded;
}

static void take(struct pieces *to, const struct piece *found, bool numbered, char *value)
{
	struct piece *piece = g_memdup2(found, sizeof *found);
	struct piece **one = found->encoded ? &to->whole : &to->plain;
	piece->value = value;
	if (numbered && to->numbered->len < MOST_PIECES)
		g_ptr_array_add(to->numbered, piece);
	else if (!numbered && !*one)
		*one = piece;
	else
		piece_free(piece);
}

/* What stands between two parameters. */
static const char *next_parameter(const char *p)
{
	while (*p && *p != ';') {
		if (*p == '"') {
			for (p++; *p && *p != '"'; p++)
				p += *p == '\\' && p[1];
			p += *p != '\0';
		} else {
			p++;
		}
	}
	while (*p == ';' || (*p && strchr(" \t\r\n", *p)))
		p++;
	return p;
}

static void gather(struct pieces *to, const char *raw, const char *name)
{
	for (const char *p = next_parameter(raw); *p;) {
		size_t len = strcspn(p, "=; \t\r\n");
		const char *equals = skip_white(p + len);
		struct piece found;
		bool numbered;
		if (*equals != '=') {
			p = next_parameter(p);
			continue;
		}
		bool ours = read_name(p, len, name, &found, &numbered);
		char *value;
		p = read_value(equals + 1, &value);
		if (ours)
			take(to, &found, numbered, value);
		else
			g_free(value);
		p += strspn(p, "; \t\r\n");
	}
}

static int by_number(const void *a, const void *b)
{
	const struct piece *one = *(struct piece *const *)a, *other = *(struct piece *const *)b;
	return (one->number > other->number) - (one->number < other->number);
}

static void put_octets(GString *out, const char *text, bool encoded)
{
	for (const char *p = text; *p; p++) {
		int high = encoded && *p == '%' ? g_ascii_xdigit_value(p[1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(p[2]) : -1;
		g_string_append_c(out, low >= 0 ? (char)(high << 4 | low) : *p);
		p += low >= 0 ? 2 : 0;
	}
}

/* charset'language'rest; the charset is taken out of it. */
static const char *split_charset(const char *value, char **charset)
{
	const char *first = strchr(value, '\'');
	const char *second = first ? strchr(first + 1, '\'') : NULL;
	if (!second)
		return value;
	*charset = g_strndup(value, (gsize)(first - value));
	return second + 1;
}

/* Pieces one after the other, up to a gap: what comes behind it was lost. */
static char *joined(struct charsets *c, const GPtrArray *pieces, const char *hint)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	g_autofree char *charset = NULL;
	bool encoded = false;
	guint next = 0;
	for (guint i = 0; i < pieces->len; i++) {
		const struct piece *p = pieces->pdata[i];
		const char *value = p->value;
		if (p->number < next)
			continue;
		if (p->number > next)
			break;
		if (p->encoded && next == 0)
			value = split_charset(value, &charset);
		put_octets(octets, value, p->encoded);
		encoded = encoded || p->encoded;
		next++;
	}
	if (!encoded)
		return header_decode(c, octets->str, hint);
	return charset_decode(c, octets->str, octets->len, charset ? charset : hint, NULL);
}

static char *best_of(struct charsets *c, struct pieces *p, const char *hint)
{
	if (p->whole) {
		g_autoptr(GPtrArray) one = g_ptr_array_new();
		g_ptr_array_add(one, p->whole);
		return joined(c, one, hint);
	}
	g_ptr_array_sort(p->numbered, by_number);
	const struct piece *first = p->numbered->len > 0 ? p->numbered->pdata[0] : NULL;
	if (first && first->number == 0)
		return joined(c, p->numbered, hint);
	return p->plain ? header_decode(c, p->plain->value, hint) : NULL;
}

char *parameter_get(struct charsets *c, const char *raw, const char *name, const char *hint)
{
	struct pieces found = {g_ptr_array_new_with_free_func(piece_free), NULL, NULL};
	gather(&found, raw, name);
	char *value = best_of(c, &found, hint);
	g_ptr_array_unref(found.numbered);
	piece_free(found.whole);
	piece_free(found.plain);
	return value;
}
