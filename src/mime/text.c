/* SPDX-License-Identifier: MIT */
#include "mime/text.h"

#include <string.h>

struct line {
	const char *text;
	size_t len;
	guint quotes;
	bool signature; /* "-- " */
};

/* ">>", "> >" and "> > " are the same to a reader; a space behind the last
 * mark belongs to it. */
static struct line split_quotes(const char *text, size_t len, bool flowed)
{
	struct line l = {text, len, 0, false};
	for (;;) {
		size_t at = !flowed && l.quotes > 0 && l.len > 1 && l.text[0] == ' ' && l.text[1] == '>';
		if (l.len <= at || l.text[at] != '>')
			break;
		l.quotes++;
		l.text += at + 1;
		l.len -= at + 1;
	}
	if (l.len > 0 && l.text[0] == ' ' && (flowed || l.quotes > 0)) {
		l.text++;
		l.len--;
	}
	l.signature = l.len == 3 && memcmp(l.text, "-- ", 3) == 0;
	return l;
}

static void put_quotes(GString *out, guint quotes)
{
	for (guint i = 0; i < quotes; i++)
		g_string_append(out, "> ");
}

struct flow {
	GString *out;
	bool flowed, delsp;
	bool open;    /* the last line goes on */
	guint quotes; /* its level */
};

static void put_line(struct flow *f, const char *text, size_t len)
{
	struct line l = split_quotes(text, len, f->flowed);
	bool soft = f->flowed && !l.signature && l.len > 0 && l.text[l.len - 1] == ' ';
	if (f->open && (l.quotes != f->quotes || l.signature)) {
		g_string_append_c(f->out, '\n');
		f->open = false;
	}
	if (!f->open)
		put_quotes(f->out, l.quotes);
	if (l.len == 0 && l.quotes > 0 && !f->open)
		g_string_truncate(f->out, f->out->len - 1); /* an empty line ends with its mark */
	g_string_append_len(f->out, l.text, (gssize)(l.len - (soft && f->delsp)));
	if (!soft)
		g_string_append_c(f->out, '\n');
	f->open = soft;
	f->quotes = l.quotes;
}

char *text_plain(const char *text, bool flowed, bool delsp)
{
	struct flow f = {g_string_sized_new(strlen(text) + 64), flowed, delsp, false, 0};
	/* CRLF, LF and, from old programs, CR alone end a line. */
	while (*text) {
		size_t len = strcspn(text, "\r\n");
		put_line(&f, text, len);
		text += len;
		text += text[0] == '\r' && text[1] == '\n' ? 2 : *text != '\0';
	}
	if (f.open)
		g_string_append_c(f.out, '\n');
	return g_string_free(f.out, FALSE);
}

size_t text_append(GString *to, const char *text, bool *truncated)
{
	size_t len = strlen(text);
	if (to->len > 0 && len > 0 && to->str[to->len - 1] != '\n')
		g_string_append_c(to, '\n');
	if (to->len > 0 && len > 0)
		g_string_append_c(to, '\n');
	if (to->len + len > LIMIT_TEXT) {
		len = to->len < LIMIT_TEXT ? LIMIT_TEXT - to->len : 0;
		while (len > 0 && ((guchar)text[len] & 0xC0) == 0x80)
			len--;
		*truncated = true;
	}
	g_string_append_len(to, text, (gssize)len);
	return to->len - len;
}
