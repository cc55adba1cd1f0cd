/* SPDX-License-Identifier: MIT
 *
 * Programs that send through a sendmail write UTF-8, or what a person who has written
 * for long has set: one octet, one character.  All others are for dewey-mime, which an
 * agent does not have. */
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

/* Its name, or NULL: it is none of those that are read here. */
static const char *charset_of(const struct word *w)
{
	static const char *const known[] = {"utf-8", "us-ascii", "koi8-r", "koi8-u", "windows-1251",
		"windows-1252", "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-15"};
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (is_charset(w, known[i]))
			return known[i];
	return NULL;
}

static bool decode(const struct word *w, GString *out)
{
	return w->encoding == 'q'   ? decode_q(w, out)
	       : w->encoding == 'b' ? decode_b(w, out)
				    : false;
}

static bool is_utf8(const char *charset)
{
	return g_str_equal(charset, "utf-8") || g_str_equal(charset, "us-ascii");
}

static bool is_alike(const char *a, const char *b)
{
	return a == b || (is_utf8(a) && is_utf8(b));
}

static bool append_text(GString *out, const GString *octets, const char *charset)
{
	gsize len = octets->len;
	g_autofree char *text = is_utf8(charset) ? g_strndup(octets->str, len)
						 : g_convert(octets->str, (gssize)len, "utf-8",
							   charset, NULL, &len, NULL);
	if (!text || !g_utf8_validate(text, (gssize)len, NULL))
		return false;
	g_string_append_len(out, text, (gssize)len);
	return true;
}

/* The words of one character set that follow each other, which blanks alone part, since
 * a character may stand in two of them; behind the last one, or NULL: they cannot be
 * read. */
static const char *decode_alike(const char *at, GString *out)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	const char *end = NULL, *charset = NULL;
	struct word w;
	for (; read_word(at, &w) && charset_of(&w); at += strspn(at, " \t")) {
		if ((charset && !is_alike(charset, charset_of(&w))) || !decode(&w, octets))
			break;
		charset = charset_of(&w);
		at = end = w.end;
	}
	return end && append_text(out, octets, charset) ? end : NULL;
}

/* And what follows those in another one. */
static const char *decode_row(const char *at, GString *out)
{
	const char *end = NULL, *next;
	while ((next = decode_alike(at, out))) {
		end = next;
		at = next + strspn(next, " \t");
	}
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
