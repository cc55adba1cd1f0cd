/* SPDX-License-Identifier: MIT */
#include "mime/charset-private.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <uchardet/uchardet.h>

static const struct charset table[] = {
#define CHARSET(name, iconv_name, kind, aliases) {name, iconv_name, kind, aliases},
#include "mime/charsets.def"
#undef CHARSET
};

enum {
	FEW_OCTETS = 6, /* beyond ASCII: the detector would only dream */
	DETECT = 65536, /* octets that the detector is shown */
};

/* What the upper octets are, of a charset of one octet a character. */
struct half {
	gunichar high[128];
	struct cyrillic_map letters;
};

struct charsets {
	iconv_t open[G_N_ELEMENTS(table)];
	struct half *halves[G_N_ELEMENTS(table)]; /* NULL: not looked at yet */
	uchardet_t detector;
	GArray *kept; /* of iconv_t: opened for GMime */
	struct choices *choices;
};

struct charsets *charsets_new(void)
{
	struct charsets *c = g_new0(struct charsets, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		c->open[i] = (iconv_t)-1;
	c->detector = uchardet_new();
	c->kept = g_array_new(FALSE, FALSE, sizeof(iconv_t));
	c->choices = choices_new();
	return c;
}

void charsets_free(struct charsets *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (c->open[i] != (iconv_t)-1)
			iconv_close(c->open[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		g_free(c->halves[i]);
	for (guint i = 0; i < c->kept->len; i++)
		iconv_close(g_array_index(c->kept, iconv_t, i));
	g_array_unref(c->kept);
	uchardet_delete(c->detector);
	choices_free(c->choices);
	g_free(c);
}

struct choices *charsets_choices(struct charsets *c)
{
	return c->choices;
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
	for (const char *p = words; n > 0 && (p = strstr(p, word)) != NULL; p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

const struct charset *charset_at(size_t i)
{
	return i < G_N_ELEMENTS(table) ? &table[i] : NULL;
}

const struct charset *charset_labelled(const char *label)
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
	const struct charset *set = charset_labelled(label);
	return set && set->kind != ASKED ? set->name : NULL;
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

/* GMime decodes parameters by itself, and takes the label as it stands: its
 * converters are found again while one of the same kind is open. */
static void keep_open(struct charsets *c, const char *labels)
{
	g_auto(GStrv) words = g_strsplit(labels, " ", -1);
	for (char **word = words; *word; word++) {
		iconv_t cd = **word ? iconv_open("UTF-8", *word) : (iconv_t)-1;
		if (cd != (iconv_t)-1)
			g_array_append_val(c->kept, cd);
	}
}

void charsets_preload(struct charsets *c, guint *n_missing)
{
	guint missing = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		missing += converter(c, &table[i]) == (iconv_t)-1;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		keep_open(c, table[i].name);
		keep_open(c, table[i].aliases);
	}
	if (n_missing)
		*n_missing = missing;
}

/* What iconv leaves of NUL and of UTF-8 that Unicode forbids is replaced. */
static char *finish(GString *out)
{
	char *valid = g_utf8_make_valid(out->str, (gssize)out->len);
	g_string_free(out, TRUE);
	return valid;
}

static char *convert(iconv_t cd, const char *data, size_t len, size_t *bad)
{
	GString *out = g_string_sized_new(len + len / 2 + 16);
	char chunk[8192];
	char *in = (char *)data;
	/* In the last round nothing is given: a letter may wait for its accent. */
	for (bool last = false; len > 0 || !last;) {
		last = len == 0;
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t n = iconv(cd, last ? NULL : &in, last ? NULL : &len, &to, &room);
		int why = errno;
		g_string_append_len(out, chunk, (gssize)(to - chunk));
		if (last || n != (size_t)-1 || why == E2BIG)
			continue;
		g_string_append(out, REPLACEMENT);
		(*bad)++;
		in++;
		len--;
	}
	return finish(out);
}

/* RFC 1843: "~{" begins pairs of seven bits, "~}" ends them; the C library has no
 * converter for it, but one for the same pairs with the eighth bit. */
static GByteArray *hz_octets(const char *data, size_t len)
{
	GByteArray *out = g_byte_array_sized_new((guint)len);
	bool pairs = false;
	for (size_t i = 0; i < len; i++) {
		guint8 octet = (guint8)data[i];
		char next = i + 1 < len ? data[i + 1] : '\0';
		if (octet == '~' && (next == '{' || next == '}')) {
			pairs = next == '{';
			i++;
			continue;
		}
		if (octet == '~' && !pairs && (next == '~' || next == '\n')) {
			i++;
			if (next == '\n')
				continue;
		}
		if (octet == '\n')
			pairs = false;
		octet |= pairs && octet > ' ' && octet < 0x7F ? 0x80 : 0;
		g_byte_array_append(out, &octet, 1);
	}
	return out;
}

/* Which octet comes first, and how many the mark takes that says so.  Told to iconv,
 * whose converters keep the order of the text before.  Without a mark, the octet that
 * ASCII and Cyrillic leave small is the high one; in doubt the high one comes first
 * (RFC 2781, 4.3). */
static const char *order_of(const struct charset *set, const char *data, size_t len, size_t *mark)
{
	bool wide = strcmp(set->name, "utf-32") == 0;
	size_t small[2] = {0};
	*mark = 0;
	if (!wide && strcmp(set->name, "utf-16") != 0)
		return set->iconv_name;
	*mark = wide ? 4 : 2;
	if (len >= *mark && memcmp(data, "\xFF\xFE\0", wide ? 4 : 2) == 0)
		return wide ? "UTF-32LE" : "UTF-16LE";
	if (len >= *mark && memcmp(data, wide ? "\0\0\xFE\xFF" : "\xFE\xFF", *mark) == 0)
		return wide ? "UTF-32BE" : "UTF-16BE";
	*mark = 0;
	for (size_t i = 0; i < MIN(len, 4096); i++)
		small[wide ? i % 4 / 2 : i % 2] += (guchar)data[i] < 8;
	bool little = small[1] > small[0];
	return wide ? (little ? "UTF-32LE" : "UTF-32BE") : little ? "UTF-16LE" : "UTF-16BE";
}

char *charset_read(struct charsets *c, const struct charset *set, const char *data, size_t len,
	size_t *bad)
{
	*bad = 0;
	if (set->kind == UTF8)
		return g_utf8_make_valid(data, (gssize)len);
	if (strcmp(set->name, "hz-gb-2312") == 0) {
		g_autoptr(GByteArray) octets = hz_octets(data, len);
		const char *plain = (const char *)octets->data;
		return charset_read(c, charset_labelled("gb18030"), plain ? plain : "", octets->len, bad);
	}
	size_t mark;
	const char *order = order_of(set, data, len, &mark);
	if (strcmp(order, set->iconv_name) != 0)
		set = charset_labelled(order);
	iconv_t cd = converter(c, set);
	if (cd != (iconv_t)-1)
		return convert(cd, data + mark, len - mark, bad);
	*bad = len;
	return g_utf8_make_valid(data, (gssize)len);
}

static struct half *half_of(struct charsets *c, const struct charset *set)
{
	struct half **half = &c->halves[set - table];
	if (*half)
		return *half;
	*half = g_new0(struct half, 1);
	for (int octet = 0; octet < 128; octet++) {
		char one = (char)(octet + 0x80);
		size_t bad;
		g_autofree char *text = charset_read(c, set, &one, 1, &bad);
		(*half)->high[octet] = g_utf8_get_char(text);
	}
	cyrillic_map_init(&(*half)->letters, (*half)->high);
	return *half;
}

const gunichar *charset_high(struct charsets *c, const struct charset *set)
{
	return half_of(c, set)->high;
}

const struct cyrillic_map *charset_letters(struct charsets *c, const struct charset *set)
{
	return &half_of(c, set)->letters;
}

const struct charset *charset_detected(struct charsets *c, const char *data, size_t len)
{
	size_t high = 0;
	for (size_t i = 0; i < len && high < FEW_OCTETS; i++)
		high += (guchar)data[i] >= 0x80;
	if (high < FEW_OCTETS)
		return NULL;
	uchardet_reset(c->detector);
	uchardet_handle_data(c->detector, data, MIN(len, DETECT));
	uchardet_data_end(c->detector);
	const struct charset *set = charset_labelled(uchardet_get_charset(c->detector));
	/* The detector takes a few accents for anything, and Russian is ours. */
	return set && set->kind != UNICODE && set->kind != CYRILLIC ? set : NULL;
}

static bool is_seven_bit(const char *data, size_t len, bool *escapes)
{
	static const guint64 high = 0x8080808080808080;
	guint64 eight;
	size_t i = 0;
	*escapes = len > 0 && memchr(data, 0x1B, len);
	for (; i + sizeof eight <= len; i += sizeof eight) {
		memcpy(&eight, data + i, sizeof eight);
		if (eight & high)
			return false;
	}
	for (; i < len; i++)
		if ((guchar)data[i] >= 0x80)
			return false;
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

static bool has_mark(const char *data, size_t len)
{
	return len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0);
}

/* UTF-16 that nobody declared: a mark, or every second octet NUL. */
static const struct charset *unmarked_unicode(const char *data, size_t len)
{
	size_t nul[2] = {0};
	if (len >= 4 && memcmp(data, "\xFF\xFE\0\0", 4) == 0)
		return charset_labelled("utf-32");
	if (has_mark(data, len))
		return charset_labelled("utf-16");
	for (size_t i = 0; i < MIN(len, 4096); i++)
		nul[i % 2] += data[i] == '\0';
	size_t half = MIN(len, 4096) / 2;
	if (len >= 8 && nul[0] + nul[1] > half / 2 && MIN(nul[0], nul[1]) * 8 < half)
		return charset_labelled(nul[0] > nul[1] ? "utf-16be" : "utf-16le");
	return NULL;
}

/* Declared as what it cannot be: then nothing is declared.  In UTF-16 and UTF-32 there
 * is a small octet in each Western and Cyrillic character, and in each line end. */
static bool is_impossible(const struct charset *set, const char *data, size_t len, bool ascii)
{
	if (set->kind != UNICODE)
		return set->kind == ESCAPES && !ascii;
	bool small = has_mark(data, len);
	for (size_t i = 0; i < len && !small; i++)
		small = (guchar)data[i] < 8;
	return len > 0 && !small;
}

/* NULL: ASCII, whatever is declared. */
static const struct charset *choose(struct charsets *c, const char *data, size_t len,
	const struct charset *set)
{
	bool escapes, ascii = is_seven_bit(data, len, &escapes);
	if (set && (set->kind == ASKED || is_impossible(set, data, len, ascii)))
		set = NULL;
	if (ascii && escapes && (!set || set->kind != ESCAPES) && is_iso_2022_jp(data, len))
		return charset_labelled("iso-2022-jp");
	if (!set) {
		const struct charset *unicode = unmarked_unicode(data, len);
		return unicode ? unicode : ascii ? NULL : guess(c, data, len);
	}
	if (ascii && set->kind != UNICODE && set->kind != ESCAPES)
		return NULL;
	return guess_against(c, set, data, len);
}

static char *seven_bit(const char *data, size_t len, struct charset_used *used)
{
	used->name = "us-ascii";
	if (!memchr(data, '\0', len))
		return g_strndup(data, len);
	return g_utf8_make_valid(data, (gssize)len);
}

/* What was encoded twice is what it was the first time. */
static char *mended(struct charsets *c, char *text, struct charset_used *used)
{
	const struct charset *meant, *taken;
	char *better = mend(c, text, &meant, &taken);
	if (!better)
		return text;
	used->name = meant->name;
	used->mended = taken->name;
	g_free(text);
	return better;
}

char *charset_judge(struct charsets *c, const char *data, size_t len, const char *declared,
	struct charset_used *used)
{
	const struct charset *set = charset_labelled(declared);
	const struct charset *take = choose(c, data, len, set);
	size_t bad;
	*used = (struct charset_used){
		.name = take ? take->name : NULL, .guessed = take && take != set};
	if (!take)
		return seven_bit(data, len, used);
	char *text = charset_read(c, take, data, len, &bad);
	if (take->kind == MULTI && take == set && bad * 20 > len) {
		/* A twentieth of it is not in the declared charset: it is another one. */
		const struct charset *other = guess(c, data, len);
		used->guessed = other != set;
		used->name = other->name;
		g_free(text);
		text = charset_read(c, other, data, len, &bad);
	}
	return mended(c, text, used);
}

char *charset_decode(struct charsets *c, const char *data, size_t len, const char *declared,
	struct charset_used *used)
{
	const struct charset *wish = choices_for(c->choices, data, len, declared);
	struct charset_used ignored;
	used = used ? used : &ignored;
	if (wish)
		return charset_decode_as(c, data, len, wish->name, used);
	return charset_judge(c, data, len, declared, used);
}

char *charset_decode_as(struct charsets *c, const char *data, size_t len, const char *chosen,
	struct charset_used *used)
{
	const struct charset *set = charset_labelled(chosen);
	struct charset_used ignored;
	size_t bad;
	used = used ? used : &ignored;
	if (!set)
		return charset_decode(c, data, len, NULL, used);
	*used = (struct charset_used){.name = set->name, .chosen = true};
	return charset_read(c, set, data, len, &bad);
}
