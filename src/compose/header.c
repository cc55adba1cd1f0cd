/* SPDX-License-Identifier: MIT */
#include "compose/header.h"

#include <string.h>

#include "base/charset.h"
#include "compose/address.h"

enum {
	COLUMNS = 76,     /* of 78: a comma and the line end have room */
	ENCODED_MAX = 75, /* RFC 2047 section 2 */
	ENCODED_MIN = 40, /* less room than this: a new line */
	BLANKS_MAX = 40,
	WORD_MAX = 900, /* a longer word could not stand on a line of 998 */
};

#define ENCODED_TAIL "?="

struct header {
	char *name;
	const char *charsets;
	GString *out;
	size_t column;
	bool empty; /* no address yet */
};

struct header *header_begin(const char *name)
{
	struct header *h = g_new0(struct header, 1);
	h->name = g_strdup(name);
	h->out = g_string_new(NULL);
	h->column = strlen(name) + 1;
	h->empty = true;
	return h;
}

void header_set_charsets(struct header *h, const char *names)
{
	h->charsets = names;
}

char *header_end(struct header *h)
{
	char *value = g_string_free(h->out, FALSE);
	g_free(h->name);
	g_free(h);
	return value;
}

void header_write(struct header *h, GString *out)
{
	g_autofree char *name = g_strdup(h->name);
	g_autofree char *value = header_end(h);
	g_string_append_printf(out, "%s:%s%s\n", name, *value ? "" : " ", value);
}

/* The blanks before a word are where a line may end; the first word of all
 * stays beside its field name if it can. */
static void put(struct header *h, const char *blanks, const char *word, size_t len)
{
	size_t width = strlen(blanks) + len;
	if (h->column + width > COLUMNS) {
		g_string_append_c(h->out, '\n');
		h->column = 0;
	}
	g_string_append(h->out, blanks);
	g_string_append_len(h->out, word, (gssize)len);
	h->column += width;
}

/* --- encoded words ------------------------------------------------------------ */

/* Text in the charset of its words; only UTF-8 has more than an octet a character. */
struct coded {
	const char *charset;
	const char *text, *end;
};

static const char *next_character(const struct coded *c, const char *at)
{
	bool wide = g_str_equal(c->charset, "utf-8");
	return wide ? g_utf8_next_char(at) : at + 1;
}

static bool is_plain(guchar c)
{
	return g_ascii_isalnum(c) || (c && strchr("!*+-/", c));
}

static void append_quoted(GString *word, const struct coded *c, size_t len)
{
	g_string_append_printf(word, "=?%s?Q?", c->charset);
	for (size_t i = 0; i < len; i++) {
		guchar octet = (guchar)c->text[i];
		if (octet == ' ')
			g_string_append_c(word, '_');
		else if (is_plain(octet))
			g_string_append_c(word, (char)octet);
		else
			g_string_append_printf(word, "=%02X", octet);
	}
	g_string_append(word, ENCODED_TAIL);
}

static void append_base64(GString *word, const struct coded *c, size_t len)
{
	g_autofree char *code = g_base64_encode((const guchar *)c->text, len);
	g_string_append_printf(word, "=?%s?B?%s" ENCODED_TAIL, c->charset, code);
}

/* How many octets, whole characters, go into a word of base64 without padding; 0:
 * the characters do not come out even. */
static size_t even_length(const struct coded *c, size_t room)
{
	size_t frame = strlen("=??B?" ENCODED_TAIL) + strlen(c->charset);
	size_t most = (room - frame) / 4 * 3, even = 0;
	if ((size_t)(c->end - c->text) <= most)
		return (size_t)(c->end - c->text);
	for (const char *at = c->text; at <= c->text + most; at = next_character(c, at))
		if ((at - c->text) % 3 == 0)
			even = (size_t)(at - c->text);
	return even;
}

/* Two characters of quoted-printable always fit and need no padding. */
static size_t few_characters(const struct coded *c)
{
	const char *at = c->text;
	for (int i = 0; i < 2 && at < c->end; i++)
		at = next_character(c, at);
	return (size_t)(at - c->text);
}

static size_t append_word(GString *word, const struct coded *c, size_t column)
{
	size_t room = COLUMNS > column + 1 ? COLUMNS - column - 1 : 0;
	size_t limit = room < ENCODED_MIN ? ENCODED_MAX : MIN(room, (size_t)ENCODED_MAX);
	size_t take = even_length(c, limit);
	if (take > 0) {
		append_base64(word, c, take);
		return take;
	}
	take = few_characters(c);
	append_quoted(word, c, take);
	return take;
}

/* The blank before an encoded word that follows another means nothing; the one
 * that is text stands inside. */
static void put_encoded(struct header *h, const char *text, size_t len)
{
	g_autofree char *octets = NULL;
	const char *charset = charset_convert(text, len, h->charsets, &octets);
	struct coded c = {charset ? charset : "utf-8", charset ? octets : text, NULL};
	c.end = c.text + (charset ? strlen(octets) : len);
	while (c.text < c.end) {
		g_autoptr(GString) word = g_string_new(NULL);
		size_t take = append_word(word, &c, h->column);
		put(h, " ", word->str, word->len);
		c.text += take;
	}
}

/* What looks like an encoded word is text too. */
static bool must_encode(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((guchar)word[i] >= 0x80 ||
			(word[i] == '=' && i + 1 < len && word[i + 1] == '?'))
			return true;
	return len > WORD_MAX;
}

/* --- text ----------------------------------------------------------------------- */

static size_t word_length(const char *at)
{
	return strcspn(at, " \t");
}

static size_t blank_length(const char *at)
{
	return strspn(at, " \t");
}

/* From the first word that must be encoded to the end of the last one.  Blanks that
 * would not fit a line are inside of it. */
static void find_encoded(const char *text, const char **first, const char **end)
{
	*first = *end = NULL;
	for (const char *at = text; *at; at += blank_length(at)) {
		size_t len = word_length(at);
		if (must_encode(at, len) || blank_length(at + len) > BLANKS_MAX) {
			*first = *first ? *first : at;
			*end = at + len;
			if (blank_length(*end) > BLANKS_MAX)
				*end += blank_length(*end) + word_length(*end + blank_length(*end));
		}
		at += len;
	}
}

static void put_plain(struct header *h, const char *text, const char *end)
{
	while (text < end) {
		size_t blanks = MIN(blank_length(text), (size_t)(end - text));
		g_autofree char *before = blanks ? g_strndup(text, blanks) : g_strdup(" ");
		size_t len = MIN(word_length(text + blanks), (size_t)(end - text) - blanks);
		if (len > 0)
			put(h, before, text + blanks, len);
		text += blanks + len;
	}
}

void header_put_text(struct header *h, const char *text)
{
	g_autofree char *stripped = g_strstrip(g_strdup(text));
	const char *first, *last, *end = stripped + strlen(stripped);
	find_encoded(stripped, &first, &last);
	put_plain(h, stripped, first ? first : end);
	if (!first)
		return;
	put_encoded(h, first, (size_t)(last - first));
	put_plain(h, last, end);
}

void header_put_words(struct header *h, const char *words)
{
	put_plain(h, words, words + strlen(words));
}

/* --- addresses -------------------------------------------------------------------- */

static void put_name(struct header *h, const char *name)
{
	if (must_encode(name, strlen(name))) {
		put_encoded(h, name, strlen(name));
		return;
	}
	/* address_format() knows when a name must stand in quotes. */
	g_autofree char *both = address_format(name, "");
	char *angle = strrchr(both, '<');
	put_plain(h, both, angle - 1);
}

void header_put_address(struct header *h, const char *name, const char *address)
{
	g_autofree char *angle = g_strdup_printf("<%s>", address);
	if (!h->empty) {
		g_string_append_c(h->out, ',');
		h->column++;
	}
	h->empty = false;
	if (!*name) {
		put(h, " ", address, strlen(address));
		return;
	}
	put_name(h, name);
	put(h, " ", angle, strlen(angle));
}

/* --- parameters ------------------------------------------------------------------- */

/* RFC 2231 section 7: what needs no %XX. */
static bool is_attribute_char(guchar c)
{
	return g_ascii_isgraph(c) && !strchr("*'%()<>@,;:\\\"/[]?=", c);
}

static bool is_simple(const char *value)
{
	size_t len = strlen(value);
	for (const char *c = value; *c; c++)
		if (!g_ascii_isprint(*c) || *c == '"' || *c == '\\')
			return false;
	return len < ENCODED_MIN + 10;
}

static bool is_token(const char *value)
{
	for (const char *c = value; *c; c++)
		if (!g_ascii_isgraph(*c) || strchr("()<>@,;:\\\"/[]?=", *c))
			return false;
	return *value != '\0';
}

/* As many whole characters as are at most room columns with %XX. */
static size_t append_percent(GString *out, const char *value, size_t room)
{
	const char *at = value;
	while (*at) {
		const char *next = g_utf8_next_char(at);
		size_t width = 0;
		for (const char *c = at; c < next; c++)
			width += is_attribute_char((guchar)*c) ? 1 : 3;
		if (width > room)
			break;
		room -= width;
		for (; at < next; at++) {
			if (is_attribute_char((guchar)*at))
				g_string_append_c(out, *at);
			else
				g_string_append_printf(out, "%%%02X", (guchar)*at);
		}
	}
	return (size_t)(at - value);
}

static void put_extended(struct header *h, const char *name, const char *value)
{
	for (int i = 0; *value; i++) {
		g_autoptr(GString) piece = g_string_new(NULL);
		g_string_printf(piece, "%s*%d*=%s", name, i, i ? "" : "utf-8''");
		value += append_percent(piece, value, COLUMNS - 2 - piece->len);
		/* One that is not continued has no number. */
		if (i == 0 && !*value)
			g_string_erase(piece, (gssize)strlen(name), 2);
		g_string_append_c(h->out, ';');
		h->column++;
		put(h, " ", piece->str, piece->len);
	}
}

void header_put_parameter(struct header *h, const char *name, const char *value)
{
	if (!is_simple(value)) {
		put_extended(h, name, value);
		return;
	}
	const char *quote = is_token(value) ? "" : "\"";
	g_autofree char *both = g_strconcat(name, "=", quote, value, quote, NULL);
	g_string_append_c(h->out, ';');
	h->column++;
	put(h, " ", both, strlen(both));
}

void header_put_type(GString *out, const char *type, ...)
{
	struct header *h = header_begin("Content-Type");
	const char *name;
	va_list list;
	header_put_words(h, type);
	va_start(list, type);
	while ((name = va_arg(list, const char *))) {
		const char *value = va_arg(list, const char *);
		if (value)
			header_put_parameter(h, name, value);
	}
	va_end(list);
	header_write(h, out);
}
