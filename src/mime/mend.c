/* SPDX-License-Identifier: MIT
 *
 * Text that some program read in a wrong charset and encoded again: UTF-8 taken for
 * windows-1251 ("РџСЂРёРІРµС‚"), windows-1251 for Latin-1 ("Ïðèâåò"), KOI8-R for
 * windows-1251 ("рТЙЧЕФ").  Each line that is odd is turned back into the octets it
 * was once, as far as they are a text that reads better. */
#include "base/base.h"

#include <string.h>

#include "mime/charset-private.h"

enum {
	SAMPLE = 8192, /* octets of odd lines that decide */
	LOOKED_AT = 256 * 1024,
	TABLED = 0x500,
	AGAIN = 2, /* how often a text may have gone wrong */
	ODD = -200, /* text that reads so badly is none (struct cyrillic_fit, mean) */
};

/* What a charset's upper half is called in it, for going back. */
struct back {
	const struct charset *set;
	const gunichar *high;
	guint8 of[TABLED]; /* 0: not in it */
};

struct way {
	const struct charset *taken, *meant;
};

static const char *const takers[] = {"windows-1251", "windows-1252", "koi8-r", "cp866",
	"iso-8859-5", "macintosh", "mac-cyrillic"};

static void back_init(struct back *b, struct charsets *c, const struct charset *set)
{
	memset(b, 0, sizeof *b);
	b->set = set;
	b->high = charset_high(c, set);
	for (int i = 0; i < 128; i++)
		if (b->high[i] < TABLED)
			b->of[b->high[i]] = (guint8)(0x80 + i);
	/* What a charset leaves open is passed through by most programs. */
	for (int i = 0x80; i < 0xA0; i++)
		if (!b->of[i])
			b->of[i] = (guint8)i;
}

static guint8 octet_of(const struct back *b, gunichar ch)
{
	if (ch < 0x80)
		return (guint8)ch;
	if (ch < TABLED)
		return b->of[ch];
	for (int i = 0; i < 128; i++)
		if (b->high[i] == ch && ch != 0xFFFD)
			return (guint8)(0x80 + i);
	return 0;
}

/* The octets that were taken for text; false: it cannot have been. */
static bool go_back(const struct back *b, const char *text, size_t len, GByteArray *out)
{
	const char *end = text + len;
	g_byte_array_set_size(out, 0);
	for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
		guint8 octet = octet_of(b, g_utf8_get_char(p));
		if (!octet)
			return false;
		g_byte_array_append(out, &octet, 1);
	}
	return true;
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((guchar)text[i] >= 0x80)
			return false;
	return true;
}

/* Whether a line is to be looked at: something beyond ASCII that is no Russian. */
static bool is_odd(const char *line, size_t len)
{
	return !is_ascii(line, len) && cyrillic_fit_text(line, len).mean < ODD;
}

/* What went wrong has no lonely character: one became several, or it was a word.  A
 * quotation mark or an accent here and there is judged no further. */
static bool has_pair(const char *line, size_t len)
{
	bool before = false;
	for (const char *p = line; p < line + len; p = g_utf8_next_char(p)) {
		bool high = (guchar)*p >= 0x80;
		if (high && before)
			return true;
		before = high;
	}
	return false;
}

static const char *next_line(const char *line, size_t *len)
{
	const char *lf = strchr(line, '\n');
	*len = lf ? (size_t)(lf - line) : strlen(line);
	return lf ? lf + 1 : line + *len;
}

/* Beginnings of the odd lines, as many as decide. */
static GString *sample_of(const char *text)
{
	GString *sample = g_string_new(NULL);
	const char *stop = text + LOOKED_AT;
	size_t len;
	for (const char *at = text, *next; *at && at < stop && sample->len < SAMPLE; at = next) {
		next = next_line(at, &len);
		if (!has_pair(at, len) || !is_odd(at, len))
			continue;
		g_string_append_len(sample, at, (gssize)len);
		g_string_append_c(sample, '\n');
	}
	return sample;
}

/* What people write letters in: octets of other charsets, read as UTF-8, are letters
 * of alphabets that were found in books. */
static bool is_common(gunichar c)
{
	static const gunichar ranges[][2] = {{0xA0, 0x24F}, {0x370, 0x45F}, {0x490, 0x491},
		{0x590, 0x6FF}, {0xE00, 0xE7F}, {0x2010, 0x2044}, {0x20AC, 0x20AC},
		{0x2116, 0x2122}, {0x2600, 0x27BF}, {0x3000, 0x30FF}, {0x4E00, 0x9FFF},
		{0xAC00, 0xD7A3}, {0xFE0F, 0xFE0F}, {0xFF00, 0xFFEF}, {0x1F300, 0x1FAFF}};
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

/* How many characters of several octets; 0: it is no UTF-8, or not of a letter.  C1
 * controls are what Latin-1 makes of octets: that text went wrong once more. */
static size_t sequences(const char *octets, size_t len)
{
	size_t n = 0, controls = 0, others = 0;
	if (!g_utf8_validate(octets, (gssize)len, NULL))
		return 0;
	for (const char *p = octets; p < octets + len; p = g_utf8_next_char(p)) {
		gunichar ch = g_utf8_get_char(p);
		bool control = ch >= 0x80 && ch < 0xA0;
		if (ch >= 0x80 && !control && !is_common(ch))
			return 0;
		n += ch >= 0x80;
		controls += control;
		others += ch > 0xFF;
	}
	return controls > 0 && others > 0 ? 0 : n;
}

/* One accent alone may be what it seems to be: then it has to stand in a word. */
static bool is_word_inside(const char *octets, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if ((guchar)octets[i] == 0xC3)
			return g_ascii_islower(octets[i - 1]);
	return false;
}

static bool was_utf8(const char *octets, size_t len)
{
	size_t n = sequences(octets, len);
	return n > 1 || (n == 1 && is_word_inside(octets, len));
}

/* The sample may end within a line that is all right, so most lines must agree. */
static bool most_were_utf8(const struct back *b, const char *sample, GByteArray *octets)
{
	size_t good = 0, all = 0, len;
	for (const char *at = sample, *next; *at; at = next) {
		next = next_line(at, &len);
		all += len;
		if (go_back(b, at, len, octets) && was_utf8((const char *)octets->data, octets->len))
			good += len;
	}
	return good * 2 > all;
}

static const struct charset *was_cyrillic(struct charsets *c, const struct back *b,
	const char *sample, GByteArray *octets)
{
	struct cyrillic_fit fit, now = cyrillic_fit_text(sample, strlen(sample));
	enum { SURE = 8 };
	if ((b->set->kind != CYRILLIC && b->set->kind != LATIN) ||
		!go_back(b, sample, strlen(sample), octets))
		return NULL;
	const struct charset *set =
		guess_cyrillic(c, (const char *)octets->data, octets->len, &fit);
	if (!set || set == b->set || fit.letters < SURE || fit.mean < FIT_GOOD)
		return NULL;
	int much = FIT_BETTER_BY + SURE * (int)fit.letters;
	return now.mean == CYRILLIC_NONE || fit.sum > now.sum + much ? set : NULL;
}

static bool find_way(struct charsets *c, const char *sample, struct way *way)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	struct back b;
	for (size_t i = 0; i < G_N_ELEMENTS(takers); i++) {
		way->taken = charset_labelled(takers[i]);
		back_init(&b, c, way->taken);
		way->meant = most_were_utf8(&b, sample, octets) ? charset_labelled("utf-8") : NULL;
		if (way->meant)
			return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(takers); i++) {
		way->taken = charset_labelled(takers[i]);
		back_init(&b, c, way->taken);
		way->meant = was_cyrillic(c, &b, sample, octets);
		if (way->meant)
			return true;
	}
	return false;
}

/* A line as it was meant, or as it is. */
static void put_line(struct charsets *c, const struct way *way, const struct back *b,
	GString *out, const char *line, size_t len)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	size_t bad;
	bool mends = is_odd(line, len) && go_back(b, line, len, octets);
	const char *data = (const char *)octets->data;
	if (mends && way->meant->kind == UTF8)
		mends = sequences(data, octets->len) > 0;
	if (!mends) {
		g_string_append_len(out, line, (gssize)len);
		return;
	}
	g_autofree char *text = charset_read(c, way->meant, data, octets->len, &bad);
	g_string_append(out, text);
}

static char *go(struct charsets *c, const char *text, const struct way *way)
{
	GString *out = g_string_sized_new(strlen(text));
	struct back b;
	size_t len;
	back_init(&b, c, way->taken);
	for (const char *at = text, *next; *at; at = next) {
		next = next_line(at, &len);
		put_line(c, way, &b, out, at, len);
		if (at[len] == '\n')
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

char *mend(struct charsets *c, const char *text, const struct charset **meant,
	const struct charset **taken)
{
	g_autofree char *now = NULL;
	for (int i = 0; i < AGAIN; i++) {
		const char *from = now ? now : text;
		struct way way;
		g_autoptr(GString) sample = sample_of(from);
		if (sample->len == 0 || !find_way(c, sample->str, &way))
			break;
		char *better = go(c, from, &way);
		g_free(now);
		now = better;
		*meant = way.meant;
		*taken = way.taken;
	}
	return g_steal_pointer(&now);
}
