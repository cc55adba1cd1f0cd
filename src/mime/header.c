/* SPDX-License-Identifier: MIT */
#include "mime/header.h"

#include <string.h>

static void field_free(void *data)
{
	struct field *f = data;
	g_free(f->name);
	g_free(f->raw);
	g_free(f);
}

static const char *field_end(const char *at, const char *end)
{
	const char *lf;
	while ((lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at = lf + 1;
		if (at == end || (*at != ' ' && *at != '\t'))
			return at;
	}
	return end;
}

static bool is_wanted(const char *name, size_t len, const char *const *names)
{
	for (size_t i = 0; names && names[i]; i++)
		if (g_ascii_strncasecmp(names[i], name, len) == 0 && !names[i][len])
			return true;
	return !names;
}

GPtrArray *fields_parse_some(const char *block, size_t len, const char *const *names)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(field_free);
	const char *end = block + len;
	for (const char *at = block, *next; at < end; at = next) {
		next = field_end(at, end);
		const char *p = at;
		while (p < next && *p > ' ' && *p < 0x7F && *p != ':')
			p++;
		size_t name = (size_t)(p - at);
		while (p < next && (*p == ' ' || *p == '\t'))
			p++;
		if (name == 0 || p == next || *p != ':' || !is_wanted(at, name, names))
			continue;
		struct field *f = g_new(struct field, 1);
		f->name = g_strndup(at, name);
		f->raw = g_strndup(p + 1, (gsize)(next - p - 1));
		g_ptr_array_add(fields, f);
	}
	return fields;
}

GPtrArray *fields_parse(const char *block, size_t len)
{
	return fields_parse_some(block, len, NULL);
}

const char *fields_get(const GPtrArray *fields, const char *name, guint n)
{
	for (guint i = 0; i < fields->len; i++) {
		const struct field *f = fields->pdata[i];
		if (g_ascii_strcasecmp(f->name, name) == 0 && n-- == 0)
			return f->raw;
	}
	return NULL;
}

/* An encoded word in the text. */
struct word {
	char charset[64];
	char method;       /* 'b' or 'q' */
	bool closed;       /* with "?=" */
	const char *text, *end; /* its content */
	const char *after;
};

enum { WORD_MOST = 16384 /* octets: longer ones are none, so that time is linear */ };

/* What a mailer cut off before "?=" ends with the white space, or with what cannot
 * be in a word. */
static void end_unclosed(struct word *w, const char *stop)
{
	const char *p = w->text;
	while (p < stop && !strchr(" \t\r\n\"<>?", *p))
		p++;
	w->closed = false;
	w->end = p;
	w->after = p < stop && *p == '?' ? p + 1 : p;
}

static const char *find_end(const char *from, const char *stop)
{
	return from < stop ? memmem(from, (size_t)(stop - from), "?=", 2) : NULL;
}

/* A question mark that was left as it is, with "=3F" or the like behind it, ends no word
 * that is closed further on. */
static bool goes_on(const struct word *w, const char *end, const char *stop)
{
	if (w->method != 'q' || stop - end < 4 || !g_ascii_isxdigit(end[2]) || !g_ascii_isxdigit(end[3]))
		return false;
	const char *next = find_end(end + 2, stop);
	return next && strcspn(end, " \t\r\n") > (size_t)(next - end);
}

static void end_word(struct word *w)
{
	const char *stop = w->text + strnlen(w->text, WORD_MOST);
	const char *end = find_end(w->text, stop);
	while (end && goes_on(w, end, stop))
		end = find_end(end + 2, stop);
	if (!end) {
		end_unclosed(w, stop);
		return;
	}
	w->closed = true;
	w->end = end;
	w->after = end + 2;
}

static bool find_word(const char *at, struct word *w)
{
	if (at[0] != '=' || at[1] != '?')
		return false;
	const char *charset = at + 2;
	size_t len = strnlen(charset, sizeof w->charset);
	const char *mark = memchr(charset, '?', len);
	if (!mark || mark == charset)
		return false;
	memcpy(w->charset, charset, (size_t)(mark - charset));
	w->charset[mark - charset] = '\0';
	w->method = g_ascii_tolower(mark[1]);
	if ((w->method != 'b' && w->method != 'q') || mark[2] != '?')
		return false;
	w->charset[strcspn(w->charset, "*")] = '\0';
	w->text = mark + 3;
	end_word(w);
	return w->closed || w->end > w->text;
}

const char *header_skip_word(const char *text, const char *before)
{
	struct word w, last;
	if (!find_word(text, &w) || !w.closed || (before && !find_word(before, &last)))
		return NULL;
	return before && g_ascii_strcasecmp(w.charset, last.charset) != 0 ? NULL : w.after;
}

static int hex_octet(const char *p, const char *end)
{
	if (end - p < 3 || *p != '=' || !g_ascii_isxdigit(p[1]) || !g_ascii_isxdigit(p[2]))
		return -1;
	return g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]);
}

/* A blank in the middle of a character, where a line was folded. */
static bool is_inside(const GByteArray *out, const char *p, const char *end)
{
	int next = hex_octet(p + 1, end);
	return out->len > 0 && out->data[out->len - 1] >= 0xC2 && next >= 0x80 && next < 0xC0;
}

static void put_q(GByteArray *out, const struct word *w)
{
	bool utf8 = g_ascii_strncasecmp(w->charset, "utf", 3) == 0;
	for (const char *p = w->text; p < w->end; p++) {
		int hex = hex_octet(p, w->end);
		guint8 octet = hex >= 0 ? (guint8)hex : *p == '_' ? ' ' : (guint8)*p;
		if (hex >= 0)
			p += 2;
		else if (*p == '\n' || *p == '\r' || (*p == ' ' && utf8 && is_inside(out, p, w->end)))
			continue;
		g_byte_array_append(out, &octet, 1);
	}
}

static int base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit = c ? strchr(digits, c == '-' ? '+' : c == '_' ? '/' : c) : NULL;
	return digit ? (int)(digit - digits) : -1;
}

/* Text under the name of base64 is shown as it stands, and not thrown away. */
static bool is_base64(const struct word *w)
{
	size_t wrong = 0;
	for (const char *p = w->text; p < w->end; p++)
		wrong += base64_value(*p) < 0 && !strchr("= \t\r\n", *p);
	return wrong * 4 <= (size_t)(w->end - w->text);
}

/* Octet by octet, and on after padding: some mailers glue what they encoded. */
static void put_b(GByteArray *out, const struct word *w)
{
	guint bits = 0;
	int have = 0;
	if (!is_base64(w)) {
		g_byte_array_append(out, (const guint8 *)w->text, (guint)(w->end - w->text));
		return;
	}
	for (const char *p = w->text; p < w->end; p++) {
		int digit = base64_value(*p);
		if (*p == '=')
			have = 0;
		if (digit < 0)
			continue;
		bits = bits << 6 | (guint)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			guint8 octet = (guint8)(bits >> have);
			g_byte_array_append(out, &octet, 1);
		}
	}
}

struct decoder {
	struct charsets *charsets;
	const char *hint;
	bool structured;   /* words are encoded again, and stand only where they may */
	bool nested;       /* what is decoded may have been encoded once more */
	GString *out;
	GByteArray *octets; /* of the words not yet converted */
	char charset[64];   /* theirs */
};

static void put_word(struct decoder *d, const char *text)
{
	if (!d->structured) {
		g_string_append(d->out, text);
		return;
	}
	g_autofree char *b = g_base64_encode((const guchar *)text, strlen(text));
	g_string_append_printf(d->out, "=?utf-8?B?%s?=", b);
}

static void decode(struct decoder *d, const char *text);

static char *decode_again(const struct decoder *d, const char *text)
{
	struct decoder inner = {d->charsets, d->hint, false, true, g_string_new(NULL),
		g_byte_array_new(), ""};
	decode(&inner, text);
	g_byte_array_unref(inner.octets);
	return g_string_free(inner.out, FALSE);
}

static void flush(struct decoder *d)
{
	if (d->octets->len == 0)
		return;
	g_autofree char *text = charset_decode(d->charsets, (const char *)d->octets->data,
		d->octets->len, d->charset, NULL);
	g_byte_array_set_size(d->octets, 0);
	if (d->nested || !strstr(text, "=?")) {
		put_word(d, text);
		return;
	}
	g_autofree char *inner = decode_again(d, text);
	put_word(d, inner);
}

static void put_plain(struct decoder *d, const char *text, size_t len)
{
	bool ascii = true;
	if (len == 0)
		return;
	flush(d);
	for (size_t i = 0; ascii && i < len; i++)
		ascii = (guchar)text[i] < 0x80 && text[i] != 0x1B;
	if (ascii) {
		g_string_append_len(d->out, text, (gssize)len);
		return;
	}
	g_autofree char *utf8 = charset_decode(d->charsets, text, len, d->hint, NULL);
	g_string_append(d->out, utf8);
}

static void take_word(struct decoder *d, const struct word *w)
{
	if (g_ascii_strcasecmp(d->charset, w->charset) != 0)
		flush(d);
	g_strlcpy(d->charset, w->charset, sizeof d->charset);
	if (w->method == 'q')
		put_q(d->octets, w);
	else
		put_b(d->octets, w);
}

static const char *skip_white(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* In an address a word stands alone, never as a piece of the address itself:
 * what is shown as the address must be what mail is sent to. */
static bool may_stand(const struct decoder *d, const char *start, const char *at,
	const struct word *w)
{
	if (!d->structured)
		return true;
	bool before = at == start || strchr(" \t\r\n\",(:;=", at[-1]) || (at - start > 1 && at[-2] == '?');
	struct word next;
	bool after = strchr(" \t\r\n\"<,;)", *w->after) || find_word(w->after, &next);
	return before && after;
}

static char *unfold(const char *raw)
{
	GString *s = g_string_new(NULL);
	for (const char *p = skip_white(raw); *p;) {
		size_t n = strcspn(p, "\r\n\t");
		g_string_append_len(s, p, (gssize)n);
		p += n;
		if (!*p)
			break;
		bool fold = *p != '\t';
		const char *rest = fold ? skip_white(p) : p + 1;
		if (*rest && !(fold && s->len > 0 && s->str[s->len - 1] == ' '))
			g_string_append_c(s, ' ');
		p = rest;
	}
	while (s->len > 0 && s->str[s->len - 1] == ' ')
		g_string_truncate(s, s->len - 1);
	return g_string_free(s, FALSE);
}

static void decode(struct decoder *d, const char *text)
{
	const char *plain = text; /* not yet put */
	struct word w;
	for (const char *p = strstr(text, "=?"); p; p = strstr(p, "=?")) {
		if (!find_word(p, &w) || !may_stand(d, text, p, &w)) {
			p += 2;
			continue;
		}
		/* White space between two words is no text. */
		bool joined = d->octets->len > 0 && skip_white(plain) == p;
		if (!joined)
			put_plain(d, plain, (size_t)(p - plain));
		take_word(d, &w);
		plain = p = w.after;
	}
	put_plain(d, plain, strlen(plain));
	flush(d);
}

static char *run(struct charsets *c, const char *raw, const char *hint, bool structured)
{
	struct decoder d = {c, hint, structured, false, g_string_new(NULL), g_byte_array_new(),
		""};
	g_autofree char *text = unfold(raw);
	decode(&d, text);
	g_byte_array_unref(d.octets);
	return g_string_free(d.out, FALSE);
}

/* ASCII without encoded words and escapes is what it is. */
static bool is_literal(const char *raw)
{
	for (const char *p = raw; *p; p++)
		if ((guchar)*p >= 0x80 || *p == 0x1A || *p == 0x1B || (*p == '=' && p[1] == '?'))
			return false;
	return true;
}

char *header_decode(struct charsets *c, const char *raw, const char *hint)
{
	if (is_literal(raw))
		return unfold(raw);
	g_autofree char *text = run(c, raw, hint, false);
	/* The source shows NUL as SUB (source.h). */
	char **pieces = g_strsplit(text, "\x1A", -1);
	char *whole = g_strjoinv("\xEF\xBF\xBD", pieces);
	g_strfreev(pieces);
	return whole;
}

char *header_recode(struct charsets *c, const char *raw, const char *hint)
{
	return run(c, raw, hint, true);
}
