/* SPDX-License-Identifier: MIT */
#include "mime/inline.h"

#include <string.h>

enum { LINE_MOST = 61 + 1 /* a checksum that some add */, NAME_MOST = 255 };

static const char *line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));
	return lf ? lf + 1 : end;
}

/* Without its line end. */
static size_t line_length(const char *at, const char *next)
{
	size_t n = (size_t)(next - at);
	while (n > 0 && (at[n - 1] == '\n' || at[n - 1] == '\r'))
		n--;
	return n;
}

static bool starts(const char *line, size_t len, const char *with)
{
	size_t n = strlen(with);
	return len >= n && memcmp(line, with, n) == 0;
}

static size_t worth(char c)
{
	return (size_t)((c - ' ') & 63);
}

/* A line of octets: its count, and as many characters, of which blanks at the end
 * may be lost. */
static bool is_data(const char *line, size_t len)
{
	if (len < 2 || line[0] <= ' ' || line[0] > 'M')
		return false;
	size_t n = (worth(line[0]) + 2) / 3 * 4;
	if (len > n + 2 || len > LINE_MOST)
		return false;
	for (size_t i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '`')
			return false;
	return len > 1 + n / 2;
}

static bool is_empty_line(const char *line, size_t len)
{
	return len == 0 || (len == 1 && (line[0] == '`' || line[0] == ' '));
}

static const char *begin_name(const char *line, size_t len)
{
	size_t at = strlen("begin "), digits = 0;
	if (!starts(line, len, "begin "))
		return NULL;
	while (at + digits < len && line[at + digits] >= '0' && line[at + digits] <= '7')
		digits++;
	at += digits;
	bool good = digits >= 3 && digits <= 4 && at + 1 < len && line[at] == ' ' &&
		    len - at - 1 <= NAME_MOST;
	return good ? line + at + 1 : NULL;
}

/* At least one line of octets, so that a sentence is not taken for a file. */
static bool take_uuencode(
	const char *text, const char *end, const char *line, struct inline_file *f)
{
	const char *next = line_end(line, end), *at = next;
	size_t len = line_length(line, next);
	const char *name = begin_name(line, len);
	if (!name)
		return false;
	for (at = next; at < end; at = next) {
		next = line_end(at, end);
		if (!is_data(at, line_length(at, next)))
			break;
	}
	if (at == line_end(line, end))
		return false;
	f->kind = INLINE_UUENCODE;
	f->name = g_strndup(name, len - (size_t)(name - line));
	f->start = (size_t)(line - text);
	while (at < end && is_empty_line(at, line_length(at, line_end(at, end))))
		at = line_end(at, end);
	next = at < end ? line_end(at, end) : end;
	f->cut = !(at < end && line_length(at, next) == 3 && starts(at, 3, "end"));
	f->end = (size_t)((f->cut ? at : next) - text);
	return true;
}

/* Up to and with the line that ends it; all of the rest if there is none. */
static size_t find_last(const char *text, const char *end, const char *at, const char *last)
{
	for (const char *next; at < end; at = next) {
		next = line_end(at, end);
		if (starts(at, line_length(at, next), last))
			return (size_t)(next - text);
	}
	return (size_t)(end - text);
}

static bool take_yenc(const char *text, const char *end, const char *line, struct inline_file *f)
{
	const char *next = line_end(line, end);
	size_t len = line_length(line, next);
	const char *name =
		starts(line, len, "=ybegin ") ? g_strstr_len(line, (gssize)len, " name=") : NULL;
	if (!name)
		return false;
	name += strlen(" name=");
	f->kind = INLINE_YENC;
	f->name = g_strndup(name, MIN(len - (size_t)(name - line), NAME_MOST));
	f->start = (size_t)(line - text);
	f->end = find_last(text, end, next, "=yend ");
	return true;
}

/* RFC 1741: a sentence, then ':' … ':'. */
static bool take_binhex(const char *text, const char *end, const char *line, struct inline_file *f)
{
	const char *next = line_end(line, end);
	if (!starts(line, line_length(line, next), "(This file must be converted with BinHex"))
		return false;
	const char *at = next;
	while (at < end && is_empty_line(at, line_length(at, line_end(at, end))))
		at = line_end(at, end);
	if (at >= end || *at != ':')
		return false;
	for (; at < end; at = next) {
		next = line_end(at, end);
		size_t len = line_length(at, next);
		if (len == 0 || (len > 1 && at[len - 1] == ':'))
			break;
	}
	f->kind = INLINE_BINHEX;
	f->name = g_strdup("");
	f->start = (size_t)(line - text);
	f->end = (size_t)((at < end ? next : end) - text);
	return true;
}

void inline_file_clear(struct inline_file *f)
{
	g_clear_pointer(&f->name, g_free);
}

bool inline_next(const char *text, size_t len, size_t from, struct inline_file *f)
{
	const char *end = text + len;
	*f = (struct inline_file){0};
	for (const char *at = text + from; at < end; at = line_end(at, end)) {
		if (*at != 'b' && *at != '=' && *at != '(')
			continue;
		if (take_uuencode(text, end, at, f) || take_yenc(text, end, at, f) ||
			take_binhex(text, end, at, f))
			return true;
	}
	return false;
}

static void decode_line(GByteArray *out, const char *line, size_t len)
{
	size_t count = worth(line[0]);
	for (size_t i = 1; count > 0; i += 4) {
		guint8 three[3];
		size_t c[4];
		for (size_t k = 0; k < 4; k++)
			c[k] = i + k < len ? worth(line[i + k]) : 0;
		three[0] = (guint8)(c[0] << 2 | c[1] >> 4);
		three[1] = (guint8)(c[1] << 4 | c[2] >> 2);
		three[2] = (guint8)(c[2] << 6 | c[3]);
		size_t n = MIN(count, 3);
		g_byte_array_append(out, three, (guint)n);
		count -= n;
	}
}

GByteArray *inline_decode(const char *text, const struct inline_file *f, size_t max)
{
	GByteArray *out = g_byte_array_new();
	const char *end = text + f->end;
	for (const char *at = line_end(text + f->start, end), *next; at < end; at = next) {
		next = line_end(at, end);
		size_t len = line_length(at, next);
		if (!is_data(at, len) || out->len + 45 > max)
			break;
		decode_line(out, at, len);
	}
	return out;
}

char *inline_named(const char *text)
{
	g_autoptr(GString) out = NULL;
	size_t len = strlen(text), from = 0;
	for (;;) {
		g_auto(inline_file) f = {0};
		if (!inline_next(text, len, from, &f))
			break;
		out = out ? out : g_string_new(NULL);
		g_string_append_len(out, text + from, (gssize)(f.start - from));
		if (f.kind == INLINE_UUENCODE)
			g_string_append_printf(out,
				f.cut ? _("[attached file, cut off: %s]\n")
				      : _("[attached file: %s]\n"),
				f.name);
		else
			g_string_append_printf(out, _("[a file in %s, which is not decoded: %s]\n"),
				f.kind == INLINE_YENC ? "yEnc" : "BinHex", f.name);
		from = f.end;
	}
	if (!out)
		return NULL;
	g_string_append(out, text + from);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
