/* SPDX-License-Identifier: MIT
 *
 * Programs that send through a sendmail write UTF-8; other character sets are for
 * dewey-mime, which an agent does not have. */
#include "smtp/subject.h"

#include <string.h>

/* "=?charset*language?encoding?text?=", its parts borrowed. */
struct word {
	const char *charset, *text, *end;
	size_t charset_len, text_len;
	char encoding; /* 'q' or 'b' */
};

static const char *part(const char *at, size_t *len)
{
	*len = strcspn(at, "? \t");
	return at[*len] == '?' ? at + *len + 1 : NULL;
}

static bool read_word(const char *at, struct word *w)
{
	size_t encoding_len;
	if (strncmp(at, "=?", 2) != 0)
		return false;
	w->charset = at + 2;
	const char *encoding = part(w->charset, &w->charset_len);
	w->text = encoding ? part(encoding, &encoding_len) : NULL;
	w->end = w->text ? part(w->text, &w->text_len) : NULL;
	if (!w->end || *w->end != '=' || encoding_len != 1)
		return false;
	w->encoding = g_ascii_tolower(*encoding);
	w->charset_len = MIN(w->charset_len, strcspn(w->charset, "*"));
	w->end++;
	return true;
}

static bool is_charset(const struct word *w, const char *name)
{
	return strlen(name) == w->charset_len &&
	       g_ascii_strncasecmp(w->charset, name, w->charset_len) == 0;
}

static bool decode_q(const struct word *w, GString *out)
{
	for (size_t i = 0; i < w->text_len; i++) {
		char c = w->text[i];
		if (c == '_') {
			c = ' ';
		} else if (c == '=') {
			if (i + 2 >= w->text_len || !g_ascii_isxdigit(w->text[i + 1]) ||
				!g_ascii_isxdigit(w->text[i + 2]))
				return false;
			c = (char)(g_ascii_xdigit_value(w->text[i + 1]) << 4 |
				   g_ascii_xdigit_value(w->text[i + 2]));
			i += 2;
		}
		g_string_append_c(out, c);
	}
	return true;
}

static bool decode_b(const struct word *w, GString *out)
{
	g_autofree char *text = g_strndup(w->text, w->text_len);
	gsize len;
	g_autofree guchar *octets = g_base64_decode(text, &len);
	g_string_append_len(out, (const char *)octets, (gssize)len);
	return true;
}

static bool decode(const struct word *w, GString *out)
{
	if (!is_charset(w, "utf-8") && !is_charset(w, "us-ascii"))
		return false;
	return w->encoding == 'q'   ? decode_q(w, out)
	       : w->encoding == 'b' ? decode_b(w, out)
				    : false;
}

/* All words of a row, which blanks alone part, since a character may stand in two of
 * them; behind the last one, or NULL: they cannot be read. */
static const char *decode_row(const char *at, GString *out)
{
	g_autoptr(GString) row = g_string_new(NULL);
	const char *end = NULL;
	struct word w;
	for (; read_word(at, &w) && decode(&w, row); at += strspn(at, " \t"))
		at = end = w.end;
	if (!end || !g_utf8_validate(row->str, (gssize)row->len, NULL))
		return NULL;
	g_string_append_len(out, row->str, (gssize)row->len);
	return end;
}

char *subject_text(const char *field)
{
	GString *out = g_string_new(NULL);
	for (const char *at = field; *at;) {
		bool begins = at == field || at[-1] == ' ' || at[-1] == '\t';
		const char *end = begins ? decode_row(at, out) : NULL;
		if (!end)
			g_string_append_c(out, *at++);
		else
			at = end;
	}
	return g_string_free(out, FALSE);
}
