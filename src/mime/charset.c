/* SPDX-License-Identifier: MIT */
#include "mime/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <uchardet/uchardet.h>

#define REPLACEMENT "\xEF\xBF\xBD"

enum kind { UTF8, UNICODE, ESCAPES, CYRILLIC, LATIN, OTHER, MULTI };

struct charset {
	const char *name, *iconv_name;
	enum kind kind;
	const char *aliases;
};

static const struct charset table[] = {
#define CHARSET(name, iconv_name, kind, aliases) {name, iconv_name, kind, aliases},
#include "mime/charsets.def"
#undef CHARSET
};

enum {
	GOOD = -11,       /* reads as Russian */
	VERY_GOOD = -7,   /* … against another declaration */
	BETTER_BY = 12,   /* than the declared one, to be taken instead */
	FEW_LETTERS = 3,
	FEW_OCTETS = 6,   /* beyond ASCII: the detector would only dream */
	DETECT = 65536,   /* octets that the detector is shown */
};

struct charsets {
	iconv_t open[G_N_ELEMENTS(table)];
	gunichar high[G_N_ELEMENTS(table)][128]; /* of the Cyrillic ones */
	bool ready[G_N_ELEMENTS(table)];
	uchardet_t detector;
};

struct charsets *charsets_new(void)
{
	struct charsets *c = g_new0(struct charsets, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		c->open[i] = (iconv_t)-1;
	c->detector = uchardet_new();
	return c;
}

void charsets_free(struct charsets *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (c->open[i] != (iconv_t)-1)
			iconv_close(c->open[i]);
	uchardet_delete(c->detector);
	g_free(c);
}

static char *normal_label(const char *label)
{
	GString *s = g_string_new(NULL);
	for (const char *p = label; *p && s->len < 64; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(s, g_ascii_tolower(*p));
		else if (strchr("-_ .:", *p) && s->len > 0 && s->str[s->len - 1] != '-')
			g_string_append_c(s, '-');
		else if (*p == ';' || *p == '*')
			break;
	}
	while (s->len > 0 && s->str[s->len - 1] == '-')
		g_string_truncate(s, s->len - 1);
	if (g_str_has_prefix(s->str, "x-"))
		g_string_erase(s, 0, 2);
	return g_string_free(s, FALSE);
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static const struct charset *find(const char *label)
{
	if (!label || !*label)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (g_ascii_strcasecmp(table[i].name, label) == 0)
			return &table[i];
	g_autofree char *wanted = normal_label(label);
	const char *plain = g_str_has_prefix(wanted, "cs") ? wanted + 2 : wanted;
	for (size_t i = 0; *wanted && i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].name, wanted) == 0 || has_word(table[i].aliases, wanted) ||
			has_word(table[i].aliases, plain))
			return &table[i];
	return NULL;
}

const char *charset_known(const char *label)
{
	const struct charset *set = find(label);
	return set ? set->name : NULL;
}

static iconv_t converter(struct charsets *c, const struct charset *set)
{
	iconv_t *cd = &c->open[set - table];
	if (*cd == (iconv_t)-1)
		*cd = iconv_open("UTF-8", set->iconv_name);
	else
		iconv(*cd, NULL, NULL, NULL, NULL);
	return *cd;
}

/* What iconv leaves of NUL and of UTF-8 that Unicode forbids is replaced. */
static char *finish(GString *out)
{
	char *valid = g_utf8_make_valid(out->str, (gssize)out->len);
	g_string_free(out, TRUE);
	return valid;
}

static char *convert(struct charsets *c, const struct charset *set, const char *data, size_t len,
	size_t *bad)
{
	iconv_t cd = converter(c, set);
	GString *out = g_string_sized_new(len + len / 2 + 16);
	char chunk[8192];
	*bad = 0;
	if (cd == (iconv_t)-1) {
		*bad = len;
		g_string_append_len(out, data, (gssize)len);
		return finish(out);
	}
	char *in = (char *)data;
	while (len > 0) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t n = iconv(cd, &in, &len, &to, &room);
		int why = errno;
		g_string_append_len(out, chunk, (gssize)(to - chunk));
		if (n != (size_t)-1 || why == E2BIG)
			continue;
		g_string_append(out, REPLACEMENT);
		(*bad)++;
		in++;
		len--;
	}
	return finish(out);
}

/* Well-formed sequences of several octets, and octets that are none; one cut
 * off by the end is neither. */
static void count_utf8(const char *data, size_t len, size_t *good, size_t *bad)
{
	const char *end = data + len;
	*good = *bad = 0;
	while (data < end) {
		if ((guchar)*data < 0x80) {
			data++;
			continue;
		}
		gunichar ch = g_utf8_get_char_validated(data, end - data);
		bool valid = ch != (gunichar)-1 && ch != (gunichar)-2;
		if (ch == (gunichar)-2)
			return;
		*good += valid;
		*bad += !valid;
		data += valid ? g_utf8_skip[(guchar)*data] : 1;
	}
}

static const gunichar *high_half(struct charsets *c, const struct charset *set)
{
	size_t i = (size_t)(set - table);
	for (int octet = 0; !c->ready[i] && octet < 128; octet++) {
		char one = (char)(octet + 0x80);
		size_t bad;
		g_autofree char *text = convert(c, set, &one, 1, &bad);
		c->high[i][octet] = g_utf8_get_char(text);
	}
	c->ready[i] = true;
	return c->high[i];
}

/* MacCyrillic has the small letters where windows-1251 has them. */
static int rarity(const struct charset *set)
{
	return strcmp(set->name, "mac-cyrillic") == 0 ? 4 : strcmp(set->name, "koi8-u") == 0 ? 1 : 0;
}

static const struct charset *best_cyrillic(struct charsets *c, const char *data, size_t len,
	int *score)
{
	const struct charset *best = NULL;
	*score = CYRILLIC_NONE;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		size_t letters;
		if (table[i].kind != CYRILLIC)
			continue;
		int s = cyrillic_score(data, len, high_half(c, &table[i]), &letters) -
			rarity(&table[i]);
		if (letters >= FEW_LETTERS && s > *score) {
			*score = s;
			best = &table[i];
		}
	}
	return best;
}

static const struct charset *detect(struct charsets *c, const char *data, size_t len)
{
	size_t high = 0;
	for (size_t i = 0; i < len && high < FEW_OCTETS; i++)
		high += (guchar)data[i] >= 0x80;
	if (high < FEW_OCTETS)
		return find("windows-1252");
	uchardet_reset(c->detector);
	uchardet_handle_data(c->detector, data, MIN(len, DETECT));
	uchardet_data_end(c->detector);
	const struct charset *set = find(uchardet_get_charset(c->detector));
	/* The detector takes a few accents for anything, and Russian is ours. */
	return set && set->kind != UNICODE && set->kind != CYRILLIC ? set : find("windows-1252");
}

static const struct charset *guess(struct charsets *c, const char *data, size_t len)
{
	size_t good, bad;
	int score;
	count_utf8(data, len, &good, &bad);
	if (good > 0 && bad * 4 <= good)
		return find("utf-8");
	const struct charset *cyrillic = best_cyrillic(c, data, len, &score);
	if (cyrillic && score >= GOOD)
		return cyrillic;
	return detect(c, data, len);
}

static bool is_seven_bit(const char *data, size_t len, bool *escapes)
{
	*escapes = false;
	for (size_t i = 0; i < len; i++) {
		if ((guchar)data[i] >= 0x80)
			return false;
		*escapes = *escapes || data[i] == 0x1B;
	}
	return true;
}

/* ISO-2022-JP that nobody declared: its escape sequences, and nothing else. */
static bool is_iso_2022_jp(const char *data, size_t len)
{
	bool shifted = false;
	for (const char *p = memchr(data, 0x1B, len); p;) {
		size_t left = len - (size_t)(p - data);
		if (left < 3 || (p[1] != '$' && p[1] != '('))
			return false;
		if (p[1] == '$' ? !strchr("@B(", p[2]) : !strchr("BJI", p[2]))
			return false;
		shifted = shifted || p[1] == '$';
		p = memchr(p + 1, 0x1B, left - 1);
	}
	return shifted;
}

/* A declared charset that the text contradicts. */
static const struct charset *judge(struct charsets *c, const struct charset *set, const char *data,
	size_t len)
{
	size_t good, bad, letters;
	int score;
	if (set->kind == MULTI || set->kind == ESCAPES || set->kind == UNICODE)
		return set;
	count_utf8(data, len, &good, &bad);
	if (good > 1 && bad == 0)
		return find("utf-8");
	if (set->kind == UTF8)
		return bad == 0 || good >= 4 * bad ? set : guess(c, data, len);
	int now = set->kind == CYRILLIC ? cyrillic_score(data, len, high_half(c, set), &letters)
					: CYRILLIC_NONE;
	/* Text that reads so well is not better in another charset: not looked for. */
	if (set->kind == OTHER || now >= VERY_GOOD)
		return set;
	const struct charset *best = best_cyrillic(c, data, len, &score);
	if (!best || best == set)
		return set;
	if (set->kind == LATIN)
		return score >= VERY_GOOD ? best : set;
	return score >= GOOD && score > now + BETTER_BY ? best : set;
}

static char *seven_bit(const char *data, size_t len, struct charset_used *used)
{
	used->name = "us-ascii";
	used->guessed = false;
	if (!memchr(data, '\0', len))
		return g_strndup(data, len);
	return g_utf8_make_valid(data, (gssize)len);
}

static char *with(struct charsets *c, const struct charset *set, const char *data, size_t len,
	struct charset_used *used)
{
	size_t bad;
	used->name = set->name;
	if (set->kind == UTF8)
		return g_utf8_make_valid(data, (gssize)len);
	char *text = convert(c, set, data, len, &bad);
	if (set->kind != MULTI || bad * 20 <= len || used->guessed)
		return text;
	/* A twentieth of it is not in the declared charset: it is another one. */
	g_free(text);
	const struct charset *other = guess(c, data, len);
	used->guessed = other != set;
	used->name = other->name;
	return other->kind == UTF8 ? g_utf8_make_valid(data, (gssize)len)
				   : convert(c, other, data, len, &bad);
}

static const struct charset *by_mark(const char *data, size_t len)
{
	if (len >= 2 && memcmp(data, "\xFF\xFE", 2) == 0)
		return find("utf-16");
	if (len >= 2 && memcmp(data, "\xFE\xFF", 2) == 0)
		return find("utf-16");
	return NULL;
}

char *charset_decode(struct charsets *c, const char *data, size_t len, const char *declared,
	struct charset_used *used)
{
	struct charset_used ignored;
	bool escapes;
	const struct charset *set = find(declared);
	used = used ? used : &ignored;
	used->guessed = false;
	bool ascii = is_seven_bit(data, len, &escapes);
	if (ascii && escapes && (!set || set->kind != ESCAPES) && is_iso_2022_jp(data, len)) {
		used->guessed = true;
		return with(c, find("iso-2022-jp"), data, len, used);
	}
	if (ascii && (!set || (set->kind != UNICODE && set->kind != ESCAPES)))
		return seven_bit(data, len, used);
	const struct charset *take = set ? judge(c, set, data, len) : by_mark(data, len);
	if (!take)
		take = guess(c, data, len);
	used->guessed = take != set;
	return with(c, take, data, len, used);
}

char *charset_decode_as(struct charsets *c, const char *data, size_t len, const char *chosen,
	struct charset_used *used)
{
	const struct charset *set = find(chosen);
	struct charset_used ignored;
	size_t bad;
	used = used ? used : &ignored;
	if (!set)
		return charset_decode(c, data, len, NULL, used);
	used->name = set->name;
	used->guessed = false;
	if (set->kind == UTF8)
		return g_utf8_make_valid(data, (gssize)len);
	return convert(c, set, data, len, &bad);
}
