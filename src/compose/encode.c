/* SPDX-License-Identifier: MIT */
#include "compose/encode.h"

#include <string.h>

enum {
	LINE_MAX_OCTETS = 998, /* RFC 5322 section 2.1.1 */
	QUOTED_COLUMNS = 76,
};

const char *coding_name(enum coding c)
{
	static const char *const names[] = {"7bit", "8bit", "quoted-printable", "base64"};
	return names[c];
}

/* --- what it is ---------------------------------------------------------------- */

static void begin_character(struct shape *m, guchar c)
{
	m->low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
	m->top = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
	m->need = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
	m->not_utf8 = m->not_utf8 || c < 0xC2 || c > 0xF4;
}

static void feed_high(struct shape *m, guchar c)
{
	m->high++;
	if (m->need == 0) {
		begin_character(m, c);
		return;
	}
	m->not_utf8 = m->not_utf8 || c < m->low || c > m->top;
	m->low = 0x80;
	m->top = 0xBF;
	m->need--;
}

static void feed_octet(struct shape *m, guchar c)
{
	static const char from[] = "From ";
	m->in_from = (m->line == 0 || m->in_from) && m->line < 5 && c == (guchar)from[m->line];
	m->from = m->from || (m->in_from && m->line == 4);
	m->odd = m->odd || c == 0 || (m->cr && c != '\n');
	m->cr = c == '\r';
	m->returns = m->returns || m->cr;
	m->blanks = m->blanks || (m->blank && c == '\n');
	m->blank = c == ' ' || c == '\t';
	if (c >= 0x80)
		feed_high(m, c);
	else
		m->not_utf8 = m->not_utf8 || m->need > 0;
	m->escaped += c >= 0x7F || c == '=' || (c < 0x20 && c != '\n' && c != '\t');
	m->line = c == '\n' ? 0 : m->line + 1;
	m->longest = MAX(m->longest, m->line);
}

void shape_feed(struct shape *m, const void *data, size_t len)
{
	const guchar *octets = data;
	for (size_t i = 0; i < len; i++)
		feed_octet(m, octets[i]);
	m->len += len;
}

void shape_end(struct shape *m)
{
	m->odd = m->odd || m->cr;
	m->blanks = m->blanks || m->blank;
	m->not_utf8 = m->not_utf8 || m->need > 0;
}

enum coding shape_coding(const struct shape *m)
{
	if (m->high == 0 && !m->odd && !m->from && m->longest <= LINE_MAX_OCTETS)
		return CODING_7BIT;
	/* With the line ends of each: 76 of 78 octets carry something. */
	uint64_t quoted = m->len + 2 * m->escaped, base = (m->len + 2) / 3 * 4;
	return quoted <= base ? CODING_QUOTED : CODING_BASE64;
}

/* CR LF in a file is one line end on the way and would come back as another; blanks at
 * line ends are cut by some servers. */
enum coding shape_file_coding(const struct shape *m)
{
	enum coding c = shape_coding(m);
	if (m->odd || m->returns || m->longest > LINE_MAX_OCTETS)
		return CODING_BASE64;
	return c == CODING_7BIT && m->blanks ? CODING_QUOTED : c;
}

/* base64 is not legal for message/rfc822 (RFC 2046 section 5.2.1). */
bool shape_is_letter(const struct shape *m)
{
	return !m->odd && m->longest <= LINE_MAX_OCTETS;
}

/* --- quoted-printable ------------------------------------------------------------ */

static bool must_quote(const char *at, const char *line, const char *end)
{
	guchar c = (guchar)*at;
	bool last = at + 1 == end || at[1] == '\n';
	if (c == ' ' || c == '\t')
		return last;
	if (at == line && c == 'F')
		return end - at >= 5 && memcmp(at, "From ", 5) == 0;
	if (at == line && c == '.')
		return last;
	return c == '=' || c < 0x20 || c > 0x7E;
}

void encode_quoted(GString *out, const char *text, size_t len)
{
	const char *end = text + len, *line = text;
	size_t column = 0;
	for (const char *at = text; at < end; at++) {
		if (*at == '\n') {
			g_string_append_c(out, '\n');
			line = at + 1;
			column = 0;
			continue;
		}
		bool quoted = must_quote(at, line, end);
		size_t width = quoted ? 3 : 1;
		bool last = at + 1 == end || at[1] == '\n';
		if (column + width + !last > QUOTED_COLUMNS) {
			g_string_append(out, "=\n");
			column = 0;
		}
		if (quoted)
			g_string_append_printf(out, "=%02X", (guchar)*at);
		else
			g_string_append_c(out, *at);
		column += width;
	}
}

/* --- base64 ---------------------------------------------------------------------- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *encode_triplets(char *out, const guchar *in, size_t triplets)
{
	for (; triplets > 0; triplets--, in += 3) {
		*out++ = digits[in[0] >> 2];
		*out++ = digits[(in[0] & 3) << 4 | in[1] >> 4];
		*out++ = digits[(in[1] & 15) << 2 | in[2] >> 6];
		*out++ = digits[in[2] & 63];
	}
	return out;
}

static char *encode_line(char *out, const guchar *in, size_t len)
{
	guchar rest[3] = {0};
	size_t odd = len % 3;
	out = encode_triplets(out, in, len / 3);
	if (odd > 0) {
		memcpy(rest, in + len - odd, odd);
		out = encode_triplets(out, rest, 1);
		memset(out - (3 - odd), '=', 3 - odd);
	}
	*out++ = '\n';
	return out;
}

size_t encode_base64(char *out, const void *data, size_t len)
{
	const guchar *in = data;
	char *at = out;
	while (len > 0) {
		size_t line = MIN(len, (size_t)BASE64_LINE);
		at = encode_line(at, in, line);
		in += line;
		len -= line;
	}
	return (size_t)(at - out);
}
